//! Loops of pipelines without state over many rows: in rows, in columns and one by one they do the same, as plain Rust says it.

use laminar::prelude::*;

#[derive(Event, Clone, Copy, Debug, PartialEq)]
#[event(time = ts)]
pub struct Reading {
    pub sensor: i64,
    pub value: i64,
    pub small: i32,
    pub seen: u64,
    pub gap: Option<i64>,
    pub ts: Timestamp,
}

/// Rows with every kind of number: small and extreme ones, of both signs.
fn readings(n: u64) -> Vec<Reading> {
    let extremes =
        [0, 1, -1, i64::MAX, i64::MIN, i64::MAX / 908, i64::MAX / 908 + 1, i64::MIN / 908, 123, -246];
    let mut state = 7u64;
    let mut next = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        state >> 20
    };
    let mut number = || match next() % 8 {
        0 => extremes[(next() % 10) as usize],
        1 => -((next() % 100_000) as i64),
        _ => (next() % 100_000) as i64,
    };
    (0..n)
        .map(|i| Reading {
            sensor: number(),
            value: number(),
            small: number() as i32,
            seen: if i % 97 == 5 { u64::MAX } else { i },
            gap: (i % 3 > 0).then(&mut number),
            // Disordered, and the greatest at a row that some queries refuse.
            ts: Timestamp(if i % 97 == 5 { 1_000_000 + i as i64 } else { (i * 7 % 1000) as i64 }),
        })
        .collect()
}

/// What a run shows: rows, W as the sink learns it, rejected rows and results.
#[derive(Debug, PartialEq)]
struct Seen<T> {
    rows: Vec<T>,
    watermark: i64,
    rejected: (u64, u64),
}

impl<T> Sink<T> for Seen<T> {
    fn emit(&mut self, row: T) {
        self.rows.push(row);
    }
    fn watermark(&mut self, w: Timestamp) {
        self.watermark = w.0;
    }
}

/// Runs a query in rows, in columns and one by one, in steps; all three are equal and give the expected rows and W.
macro_rules! check {
    ($output:ident, $expected:expr) => {{
        let rows = readings(5000);
        let (mut expected, mut accepted): (Vec<$output>, Vec<i64>) = (Vec::new(), Vec::new());
        for row in &rows {
            // None: refused. An empty list: dropped.
            let made: Option<Vec<$output>> = $expected(row);
            if let Some(made) = made {
                accepted.push(row.ts.0);
                expected.extend(made);
            }
        }
        let watermark = accepted.iter().copied().max().unwrap_or(i64::MIN);
        for step in [1, 20, 100, 5000] {
            let mut by_row = Seen { rows: Vec::new(), watermark: i64::MIN, rejected: (0, 0) };
            let mut by_column = Seen { rows: Vec::new(), watermark: i64::MIN, rejected: (0, 0) };
            let (mut in_rows, mut in_columns) = ($output::pipeline(), $output::pipeline());
            for rows in rows.chunks(step) {
                // A result that does not fit is told, and the rows behind it are taken all the same.
                let told = in_rows.process(rows, &mut by_row).map_err(|e| e.to_string());
                let column = |field: fn(&Reading) -> i64| rows.iter().map(field).collect::<Vec<i64>>();
                let columns = ReadingColumns {
                    sensor: &column(|r| r.sensor),
                    value: &column(|r| r.value),
                    small: &rows.iter().map(|r| r.small).collect::<Vec<_>>(),
                    seen: &rows.iter().map(|r| r.seen).collect::<Vec<_>>(),
                    gap: &rows.iter().map(|r| r.gap).collect::<Vec<_>>(),
                    ts: &rows.iter().map(|r| r.ts).collect::<Vec<_>>(),
                };
                let told_columns =
                    in_columns.process_columns(&columns, &mut by_column).map_err(|e| e.to_string());
                assert_eq!(told, told_columns);
            }
            by_row.rejected = (in_rows.counters().rejected, in_rows.output_counters().rejected);
            by_column.rejected = (in_columns.counters().rejected, in_columns.output_counters().rejected);
            assert_eq!(by_row, by_column, "steps of {step}");
            assert_eq!(in_rows.digest(), in_columns.digest(), "steps of {step}");
            assert!(by_row.rows == expected, "steps of {step}");
            assert_eq!(by_row.watermark, watermark, "steps of {step}");
            assert_eq!(by_row.rejected.0, (rows.len() - accepted.len()) as u64);
        }
        expected.len()
    }};
}

#[pipeline("SELECT sensor, value * 908 / 1000 AS cut, ts FROM Reading", with(on_error = "skip"))]
#[derive(Debug, PartialEq)]
pub struct Cut {
    pub sensor: i64,
    pub cut: i64,
    pub ts: Timestamp,
}

#[pipeline(
    "SELECT (small + 7) * 3 % 11 AS a, (value % 1000 + 5) * 7 AS b, gap * 908 / 1000 AS c, ts FROM Reading",
    with(on_error = "skip")
)]
#[derive(Debug, PartialEq)]
pub struct Chains {
    pub a: i64,
    pub b: i64,
    pub c: Option<i64>,
    pub ts: Timestamp,
}

#[test]
fn chains_of_operations_are_exact() {
    let cut = |v: i64| Some(v.checked_mul(908)? / 1000);
    let expected = |r: &Reading| Some(vec![Cut { sensor: r.sensor, cut: cut(r.value)?, ts: r.ts }]);
    assert!((4000..5000).contains(&check!(Cut, expected)));
    let expected = |r: &Reading| {
        let a = i64::from(r.small.checked_add(7)?.checked_mul(3)? % 11);
        let c = match r.gap {
            Some(gap) => Some(cut(gap)?),
            None => None,
        };
        Some(vec![Chains { a, b: (r.value % 1000 + 5) * 7, c, ts: r.ts }])
    };
    assert!((3000..5000).contains(&check!(Chains, expected)));
}

macro_rules! filters {
    ($($name:ident $sql:literal)*) => {$(
        #[pipeline($sql)]
        #[derive(Debug, PartialEq)]
        pub struct $name {
            pub sensor: i64,
            pub value: i64,
            pub ts: Timestamp,
        }
    )*};
}
filters! {
    Multiples "SELECT sensor, value, ts FROM Reading WHERE sensor % 123 = 0"
    Others "SELECT sensor, value, ts FROM Reading WHERE sensor % -6 <> 0 AND value > -5"
    Nulls "SELECT sensor, value, ts FROM Reading WHERE gap % 5 = 0"
    All "SELECT sensor, value, ts FROM Reading WHERE small = small"
}

#[test]
fn filters_keep_the_same_rows() {
    fn keep<T>(pass: bool, row: T) -> Option<Vec<T>> {
        Some(if pass { vec![row] } else { vec![] })
    }
    macro_rules! filter {
        ($name:ident, $pass:expr) => {
            check!($name, |r: &Reading| {
                let pass: fn(&Reading) -> bool = $pass;
                keep(pass(r), $name { sensor: r.sensor, value: r.value, ts: r.ts })
            })
        };
    }
    assert!((60..1000).contains(&filter!(Multiples, |r| r.sensor.wrapping_rem(123) == 0)));
    filter!(Others, |r| r.sensor.wrapping_rem(6) != 0 && r.value > -5);
    filter!(Nulls, |r| r.gap.is_some_and(|g| g.wrapping_rem(5) == 0));
    assert_eq!(filter!(All, |_| true), 5000);
}

#[pipeline("SELECT seen, value, ts FROM Reading WHERE value > 0", with(on_error = "skip"))]
#[derive(Debug, PartialEq)]
pub struct Unsigned {
    pub seen: u64,
    pub value: i64,
    pub ts: Timestamp,
}

#[test]
fn the_time_of_a_refused_row_does_not_count() {
    check!(Unsigned, |r: &Reading| {
        let passes = r.value > 0;
        // What a filter drops is not looked at further.
        if passes && r.seen > i64::MAX as u64 {
            return None;
        }
        Some(if passes { vec![Unsigned { seen: r.seen, value: r.value, ts: r.ts }] } else { vec![] })
    });
}

#[pipeline("SELECT value AS byte, ts FROM Reading WHERE value >= -3")]
#[derive(Debug, PartialEq)]
pub struct Bytes {
    pub byte: u64,
    pub ts: Timestamp,
}

#[test]
fn a_result_that_does_not_fit_is_left_out_alone() {
    check!(Bytes, |r: &Reading| {
        let byte = if r.value >= -3 { u64::try_from(r.value).ok() } else { None };
        Some(byte.map(|byte| Bytes { byte, ts: r.ts }).into_iter().collect())
    });
}
