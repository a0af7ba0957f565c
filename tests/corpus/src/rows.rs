//! The rows of all cases: fixed seeds, the same on every machine.
//!
//! `t` and `u` have moderate numbers, so that arithmetic does not overflow, and times in order within their delay, so that
//! no row is late. `e` has extremes. `v` has rows that come too late.

use laminar::__rt::{Cell, FieldValue, TextRef};
use laminar::{Decimal, Interval, Timestamp};
use std::sync::LazyLock;

const SECOND: i64 = 1_000_000_000;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;

/// A row of any of the sources, whose columns are all alike.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Unique over all sources.
    pub id: i64,
    /// BOOLEAN
    pub b: bool,
    /// INTEGER
    pub i: i32,
    /// BIGINT
    pub n: i64,
    /// DOUBLE
    pub x: f64,
    /// DECIMAL(10, 2), in hundredths
    pub d: i64,
    /// VARCHAR
    pub s: &'static str,
    /// TIMESTAMP, in ns
    pub ts: i64,
    /// INTERVAL
    pub p: Interval,
    /// BOOLEAN or NULL
    pub b0: Option<bool>,
    /// INTEGER or NULL
    pub i0: Option<i32>,
    /// BIGINT or NULL
    pub n0: Option<i64>,
    /// DOUBLE or NULL
    pub x0: Option<f64>,
    /// DECIMAL(10, 2) or NULL
    pub d0: Option<i64>,
    /// VARCHAR or NULL
    pub s0: Option<&'static str>,
    /// TIMESTAMP or NULL
    pub ts0: Option<i64>,
    /// INTERVAL or NULL
    pub p0: Option<Interval>,
}

impl Row {
    /// Its columns in order, as cells with their validity.
    pub fn cells(&self) -> Vec<(Cell, bool)> {
        fn cell<T: FieldValue>(value: &T) -> (Cell, bool) {
            (value.to_cell(), value.valid())
        }
        let money = |d| Decimal::<10, 2>::from_mantissa(d).expect("amounts have 10 digits");
        let text = |s| (TextRef::new(s).to_cell(), true);
        vec![
            cell(&self.id),
            cell(&self.b),
            cell(&self.i),
            cell(&self.n),
            cell(&self.x),
            cell(&money(self.d)),
            text(self.s),
            cell(&Timestamp(self.ts)),
            cell(&self.p),
            cell(&self.b0),
            cell(&self.i0),
            cell(&self.n0),
            cell(&self.x0),
            cell(&self.d0.map(money)),
            self.s0.map_or(([0, 0], false), text),
            cell(&self.ts0.map(Timestamp)),
            cell(&self.p0),
        ]
    }
}

/// The rows of a source.
///
/// # Panics
/// If there is no such source.
pub fn of(source: &str) -> &'static [Row] {
    static ROWS: LazyLock<[Vec<Row>; 4]> =
        LazyLock::new(|| [moderate(1, 90), moderate(1001, 60), extremes(), late()]);
    let number = SOURCES.iter().position(|s| *s == source);
    &ROWS[number.unwrap_or_else(|| panic!("there is no source `{source}`"))]
}

/// Names of the sources.
pub const SOURCES: [&str; 4] = ["t", "u", "e", "v"];

/// SplitMix64.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number in `lo..=hi`.
    fn range(&mut self, lo: i64, hi: i64) -> i64 {
        lo + (self.next() % (hi - lo + 1) as u64) as i64
    }

    fn pick<T: Copy>(&mut self, of: &[T]) -> T {
        of[(self.next() % of.len() as u64) as usize]
    }

    /// The value, or NULL one time in four.
    fn maybe<T>(&mut self, value: T) -> Option<T> {
        (!self.next().is_multiple_of(4)).then_some(value)
    }
}

const WORDS: [&str; 32] = [
    "",
    "a",
    "b",
    "apple",
    "apple",
    "apple pie",
    "pepper",
    "Apple",
    "APPLE",
    "Äpfel",
    "äpfel",
    "straße",
    "naïve café",
    "É",
    "日本語",
    "日",
    "😀 wide",
    "a,b,,c",
    "a.b.c.",
    ",",
    "100%",
    "under_score",
    "back\\slash",
    "  padded  ",
    "x_",
    "42",
    " -7 ",
    "99999999999",
    "12.5",
    "1e3",
    "true",
    "a text longer than fits into twelve bytes of any row",
];

/// Texts that some cast takes.
const VALUES: [&str; 6] = ["1969-12-31 23:00:00", "2 days", "T", "off", "42", "apple"];

fn moderate(first: i64, rows: i64) -> Vec<Row> {
    let mut r = Random(first as u64);
    let mut row = |k: i64| {
        let fraction = r.pick(&[0, 0, 500_000_000, 123_456_789, 1, 999_999_999, 120_000_000]);
        let span = |r: &mut Random| Interval {
            months: r.range(-14, 14) as i32,
            days: r.range(-40, 40) as i32,
            ns: r.range(-100_000, 100_000) * r.pick(&[1, 1000, SECOND]),
        };
        let word = |r: &mut Random| if r.next().is_multiple_of(6) { r.pick(&VALUES) } else { r.pick(&WORDS) };
        Row {
            id: first + k,
            b: r.next().is_multiple_of(2),
            i: r.range(-9, 9) as i32,
            n: r.range(-60, 60) * if r.next().is_multiple_of(5) { 1_000_000 } else { 1 },
            x: r.range(-200, 200) as f64 / 8.0,
            d: if r.next().is_multiple_of(5) { r.range(-9, 9) * 50 } else { r.range(-99_999, 99_999) },
            s: word(&mut r),
            // From 40 hours before 1970 on, half an hour a row, at most 55 minutes out of order.
            ts: -40 * HOUR + k * 31 * MINUTE + r.range(0, 54) * MINUTE + fraction,
            p: span(&mut r),
            b0: {
                let v = r.next().is_multiple_of(2);
                r.maybe(v)
            },
            i0: {
                let v = r.range(-3, 5) as i32;
                r.maybe(v)
            },
            n0: {
                let v = r.range(-5, 20);
                r.maybe(v)
            },
            x0: {
                let v = r.range(0, 500) as f64 / 10.0;
                r.maybe(v)
            },
            d0: {
                let v = r.range(-20, 20) * 125;
                r.maybe(v)
            },
            s0: {
                let v = word(&mut r);
                r.maybe(v)
            },
            ts0: {
                let v = r.range(-2_000_000_000, 4_000_000_000) * SECOND + fraction;
                r.maybe(v)
            },
            p0: {
                let v = span(&mut r);
                r.maybe(v)
            },
        }
    };
    let mut all: Vec<Row> = (0..rows).map(&mut row).collect();
    // Twins that are equal, and a time on the epoch.
    for row in all.iter_mut().step_by(7) {
        (row.b0, row.i0, row.n0) = (Some(row.b), Some(row.i), Some(row.n));
        (row.x0, row.d0, row.s0) = (Some(row.x), Some(row.d), Some(row.s));
        (row.ts0, row.p0) = (Some(row.ts), Some(row.p));
    }
    all[40].ts0 = Some(0);
    all[41].ts0 = Some(-1);
    all
}

fn extremes() -> Vec<Row> {
    const FAR: i64 = 9_223_372_036 * SECOND;
    let i = [i32::MIN, i32::MIN + 1, -1, 0, 1, i32::MAX - 1, i32::MAX];
    let n = [
        i64::MIN,
        i64::MIN + 1,
        i64::from(i32::MIN),
        i64::from(i32::MIN) - 1,
        -1,
        0,
        1,
        i64::from(i32::MAX),
        i64::from(i32::MAX) + 1,
        (1 << 53) - 1,
        1 << 53,
        (1 << 53) + 1,
        (1 << 53) + 2,
        i64::MAX - 1,
        i64::MAX,
    ];
    let x = [
        f64::NEG_INFINITY,
        f64::MIN,
        f64::INFINITY,
        -1e300,
        -1.5,
        -f64::MIN_POSITIVE,
        -5e-324,
        -0.0,
        0.0,
        5e-324,
        0.1,
        1.0,
        1e15,
        1e16,
        1e300,
        f64::MAX,
    ];
    let d = [-9_999_999_999, -9_999_999_998, -1, 0, 1, 99, 100, 9_999_999_998, 9_999_999_999];
    let long: &'static str = "läng ".repeat(60).leak();
    let s = [
        "",
        " ",
        "a",
        "aaa",
        "\u{1F600}",
        "e\u{301}",
        "é",
        "%",
        "_",
        "\\",
        "'",
        "\"",
        "\n",
        "\u{7f}",
        "\u{10FFFF}",
        "zzz",
        "ZZZ",
        long,
    ];
    let ts = [
        -8_000_000_000 * SECOND,
        -FAR + 700 * HOUR,
        -1,
        0,
        1,
        -SECOND,
        SECOND - 1,
        951_782_400 * SECOND,
        8_000_000_000 * SECOND + 5,
        FAR - 700 * HOUR,
    ];
    let ts0 =
        [i64::MIN, i64::MIN + 1, -1, 0, 1, 68_169_599_999_999_999, -86_400 * SECOND, i64::MAX - 1, i64::MAX];
    let spans = [
        Interval { months: i32::MIN + 1, days: i32::MAX, ns: i64::MIN + 1 },
        Interval { months: 0, days: 0, ns: 0 },
        Interval { months: 1, days: -30, ns: 1 },
        Interval { months: i32::MAX, days: i32::MIN + 1, ns: i64::MAX },
    ];
    let at = |k: usize, every: usize| !k.is_multiple_of(every);
    (0..48)
        .map(|k| Row {
            id: 2001 + k as i64,
            b: k % 3 == 0,
            i: i[k % i.len()],
            n: n[k % n.len()],
            x: x[k % x.len()],
            d: d[k % d.len()],
            s: s[k % s.len()],
            ts: ts[k % ts.len()],
            p: spans[k % spans.len()],
            b0: at(k, 5).then_some(k % 2 == 0),
            i0: at(k, 4).then_some(i[k * 3 % i.len()]),
            n0: at(k, 6).then_some(n[k * 4 % n.len()]),
            x0: at(k, 7).then_some(x[k * 5 % x.len()]),
            d0: at(k, 3).then_some(d[k * 2 % d.len()]),
            s0: at(k, 5).then_some(s[k * 7 % s.len()]),
            ts0: at(k, 8).then_some(ts0[k * 2 % ts0.len()]),
            p0: at(k, 3).then_some(spans[k % spans.len()]),
        })
        .collect()
}

/// Times that jump back by up to a minute: some rows find their window closed.
fn late() -> Vec<Row> {
    let mut r = Random(7);
    let mut rows = moderate(3001, 50);
    for (k, row) in rows.iter_mut().enumerate() {
        row.ts = -3 * MINUTE + k as i64 * 7 * SECOND - r.range(0, 9) * r.range(0, 9) * SECOND;
    }
    rows
}
