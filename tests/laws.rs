//! The laws of SEMANTICS through the first door: how the input is cut into steps, and where snapshots and restores fall, does not
//! matter; counters balance; results are those of a model that takes one row at a time.

use laminar::prelude::*;
use proptest::prelude::*;
use std::collections::BTreeMap;

#[derive(Event, Clone, Copy, Debug)]
#[event(time = ts, delay = "5 seconds")]
pub struct Reading {
    pub sensor: i64,
    pub value: Option<i64>,
    pub level: f64,
    pub ts: Timestamp,
}

#[pipeline(
    "SELECT window_start, sensor, COUNT(*) AS n, SUM(value) AS total, MIN(level) AS low, MAX(level) AS high,
            SUM(level) AS sum, COUNT(*) FILTER (WHERE value > 5) AS above
     FROM Reading GROUP BY sensor, TUMBLE(ts, INTERVAL '10' SECOND)"
)]
#[derive(Clone, Debug, PartialEq)]
pub struct Windowed {
    pub window_start: Timestamp,
    pub sensor: i64,
    pub n: i64,
    pub total: Option<i64>,
    pub low: f64,
    pub high: f64,
    pub sum: f64,
    pub above: i64,
}

#[pipeline(
    "SELECT sensor, window_start, COUNT(*) AS n FROM Reading WHERE sensor <> 2 AND level < 90
     GROUP BY sensor, TUMBLE(ts, INTERVAL '10' SECOND) HAVING COUNT(*) > 1 ALLOW LATENESS INTERVAL '3' SECOND"
)]
#[derive(Clone, Debug, PartialEq)]
pub struct Filtered {
    pub sensor: i64,
    pub window_start: Timestamp,
    pub n: i64,
}

#[pipeline(
    "WITH m AS (SELECT sensor, window_start, COUNT(*) AS n FROM Reading GROUP BY sensor, TUMBLE(ts, INTERVAL '10' SECOND))
     SELECT window_start, MAX(n) AS top, COUNT(*) AS sensors FROM m GROUP BY window_start"
)]
#[derive(Clone, Debug, PartialEq)]
pub struct Cascade {
    pub window_start: Timestamp,
    pub top: i64,
    pub sensors: i64,
}

#[pipeline(
    "SELECT sensor, COUNT(*) AS n, SUM(level) AS sum FROM
        (SELECT sensor, level FROM Reading WHERE level < 50
         UNION ALL SELECT -sensor AS sensor, level FROM Reading) u
     GROUP BY sensor"
)]
#[derive(Clone, Debug, PartialEq)]
pub struct Totals {
    pub sensor: i64,
    pub n: i64,
    pub sum: f64,
}

#[pipeline(
    "SELECT window_end, 10 AS size, COUNT(*) AS n FROM Reading GROUP BY TUMBLE(ts, INTERVAL '10' SECOND)
     UNION ALL
     SELECT window_end, 4 AS size, COUNT(*) AS n FROM Reading GROUP BY TUMBLE(ts, INTERVAL '4' SECOND)"
)]
#[derive(Clone, Debug, PartialEq)]
pub struct TwoSizes {
    pub window_end: Timestamp,
    pub size: i32,
    pub n: i64,
}

#[pipeline(
    "SELECT window_start, sensor, STDDEV(level) AS spread, VAR_POP(value) AS var, BOOL_AND(value > 2) AS all_above,
            BIT_AND(value) AS common, BIT_OR(value) AS bits, BIT_XOR(value) AS odd,
            COUNT(DISTINCT value) AS kinds, FIRST_VALUE(value) AS first, LAST_VALUE(level) AS last,
            ARG_MAX(value, level) AS top, CORR(level, value) AS corr, MEDIAN(level) AS middle
     FROM Reading GROUP BY TUMBLE(ts, INTERVAL '10' SECOND), ROLLUP (sensor)"
)]
#[derive(Clone, Debug, PartialEq)]
pub struct Spreads {
    pub window_start: Timestamp,
    pub sensor: Option<i64>,
    pub spread: Option<f64>,
    pub var: Option<f64>,
    pub all_above: Option<bool>,
    pub common: Option<i64>,
    pub bits: Option<i64>,
    pub odd: Option<i64>,
    pub kinds: i64,
    pub first: Option<i64>,
    pub last: f64,
    pub top: Option<i64>,
    pub corr: Option<f64>,
    pub middle: f64,
}

#[pipeline(
    "SELECT sensor, value, level, ts FROM Reading WHERE sensor <> 4
     ORDER BY value DESC NULLS LAST, level LIMIT 5 OFFSET 2 EMIT FINAL"
)]
#[derive(Clone, Debug, PartialEq)]
pub struct First {
    pub sensor: i64,
    pub value: Option<i64>,
    pub level: f64,
    pub ts: Timestamp,
}

#[pipeline(
    "SELECT sensor, COUNT(*) AS n FROM Reading GROUP BY sensor ORDER BY MAX(level) DESC, n LIMIT 3 EMIT FINAL"
)]
#[derive(Clone, Debug, PartialEq)]
pub struct FirstGroups {
    pub sensor: i64,
    pub n: i64,
}

#[pipeline(
    "SELECT window_start, sensor, SUM(value) AS total FROM Reading GROUP BY sensor, TUMBLE(ts, INTERVAL '10' SECOND)
     ORDER BY window_start, total DESC NULLS LAST, COUNT(*)"
)]
#[derive(Clone, Debug, PartialEq)]
pub struct OrderedWindows {
    pub window_start: Timestamp,
    pub sensor: i64,
    pub total: Option<i64>,
}

#[pipeline(
    "SELECT window_start, COUNT(*) AS n, SUM(value) AS total FROM (
        SELECT ts, value FROM Reading
        UNION ALL VALUES (TIMESTAMP '1969-12-31 23:59:55', 1), (TIMESTAMP '1970-01-01 00:00:03', 1000), (TIMESTAMP '2100-01-01', 5)
     ) u GROUP BY TUMBLE(ts, INTERVAL '10' SECOND)"
)]
#[derive(Clone, Debug, PartialEq)]
pub struct WithConstants {
    pub window_start: Timestamp,
    pub n: i64,
    pub total: Option<i64>,
}

const SECOND_NS: i64 = 1_000_000_000;

fn readings() -> impl Strategy<Value = Vec<Reading>> {
    // Time goes forward, with rows that lag up to twice the delay.
    let row = (0..6i64, proptest::option::of(0..10i64), 0..100i32, 0..12i64, 0..3i64);
    proptest::collection::vec(row, 1..300).prop_map(|rows| {
        let mut now = 0;
        rows.into_iter()
            .map(|(sensor, value, level, lag, step)| {
                now += step;
                let ts = Timestamp((now - lag) * SECOND_NS);
                Reading { sensor, value, level: f64::from(level) / 3.0 * 2.9, ts }
            })
            .collect()
    })
}

/// Where the input is cut, and whether the pipeline is written down and made anew there.
fn cuts() -> impl Strategy<Value = Vec<(usize, bool)>> {
    proptest::collection::vec((1..60usize, proptest::bool::weighted(0.3)), 1..40)
}

macro_rules! run {
    ($output:ty, $sink:ty, $rows:expr, $cuts:expr) => {{
        let mut out: Vec<$sink> = Vec::new();
        let mut pipeline = <$output>::pipeline();
        let mut rest: &[Reading] = $rows;
        let all: &[(usize, bool)] = &$cuts;
        let mut cuts = all.iter().cycle();
        while !rest.is_empty() {
            let (n, restore) = cuts.next().copied().unwrap_or((rest.len(), false));
            let (step, later) = rest.split_at(n.min(rest.len()));
            rest = later;
            pipeline.process(step, &mut out).expect("no row fails");
            if restore {
                let mut bytes = Vec::new();
                pipeline.snapshot(&mut bytes).expect("memory takes a snapshot");
                pipeline = <$output>::pipeline();
                pipeline.restore(&mut bytes.as_slice()).expect("the snapshot is its own");
            }
        }
        let digest = pipeline.digest();
        let counters = pipeline.counters();
        pipeline.finish(&mut out).expect("no result fails");
        (out, counters, digest)
    }};
}

/// The accumulated rows of a changelog, each with how often it is there.
fn fold(changes: &[Change<Totals>]) -> Vec<Totals> {
    let mut rows: BTreeMap<String, (i64, Totals)> = BTreeMap::new();
    for c in changes {
        let entry = rows.entry(format!("{:?}", c.row)).or_insert((0, c.row.clone()));
        entry.0 += c.weight;
        assert!((0..=1).contains(&entry.0), "{:?} is there {} times", c.row, entry.0);
    }
    rows.into_values().filter(|(weight, _)| *weight == 1).map(|(_, row)| row).collect()
}

/// The windows of a model that takes one row at a time, and how many rows were late.
fn model(rows: &[Reading]) -> (Vec<Windowed>, u64) {
    let mut groups: BTreeMap<(i64, i64), Windowed> = BTreeMap::new();
    let (mut w, mut late) = (i64::MIN, 0);
    for r in rows {
        let start = r.ts.0.div_euclid(10 * SECOND_NS) * 10 * SECOND_NS;
        if start + 10 * SECOND_NS <= w {
            late += 1;
        } else {
            let g = groups.entry((start, r.sensor)).or_insert(Windowed {
                window_start: Timestamp(start),
                sensor: r.sensor,
                n: 0,
                total: None,
                low: f64::INFINITY,
                high: f64::NEG_INFINITY,
                sum: 0.0,
                above: 0,
            });
            g.n += 1;
            g.total = r.value.map(|v| v + g.total.unwrap_or(0)).or(g.total);
            g.low = g.low.min(r.level);
            g.high = g.high.max(r.level);
            g.sum += r.level;
            g.above += i64::from(r.value.is_some_and(|v| v > 5));
        }
        w = w.max(r.ts.0 - 5 * SECOND_NS);
    }
    (groups.into_values().collect(), late)
}

/// Rows 3 to 7 in the order of `First`.
fn first(rows: &[Reading]) -> Vec<First> {
    let mut rows: Vec<&Reading> = rows.iter().filter(|r| r.sensor != 4).collect();
    rows.sort_by(|a, b| {
        let by_value = (a.value.is_none(), b.value).cmp(&(b.value.is_none(), a.value));
        by_value.then(a.level.total_cmp(&b.level)).then((a.sensor, a.ts).cmp(&(b.sensor, b.ts)))
    });
    let row = |r: &Reading| First { sensor: r.sensor, value: r.value, level: r.level, ts: r.ts };
    rows.into_iter().skip(2).take(5).map(row).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn windows_are_those_of_the_model_however_the_input_is_cut(rows in readings(), cuts in cuts()) {
        let (expected, late) = model(&rows);
        let (whole, counters, digest) = run!(Windowed, Windowed, &rows, [(rows.len(), false)]);
        prop_assert_eq!(&whole, &expected);
        prop_assert_eq!(counters.late, late);
        prop_assert_eq!(counters.ingested, rows.len() as u64);
        prop_assert_eq!(counters.ingested, counters.accepted + counters.late + counters.rejected);
        let (cut, cut_counters, cut_digest) = run!(Windowed, Windowed, &rows, cuts);
        prop_assert_eq!(&cut, &expected);
        prop_assert_eq!(cut_counters, counters);
        prop_assert_eq!(cut_digest, digest);
    }

    #[test]
    fn filters_lateness_and_cascades_do_not_see_the_cuts(rows in readings(), cuts in cuts()) {
        let (whole, counters, digest) = run!(Filtered, Filtered, &rows, [(rows.len(), false)]);
        let (cut, cut_counters, cut_digest) = run!(Filtered, Filtered, &rows, cuts);
        prop_assert_eq!(cut, whole);
        prop_assert_eq!((cut_counters, cut_digest), (counters, digest));
        let (whole, _, digest) = run!(Cascade, Cascade, &rows, [(rows.len(), false)]);
        let (cut, _, cut_digest) = run!(Cascade, Cascade, &rows, cuts);
        prop_assert_eq!(cut, whole);
        prop_assert_eq!(cut_digest, digest);
    }

    #[test]
    fn windows_of_two_nodes_come_out_by_their_end(rows in readings(), cuts in cuts()) {
        let (whole, _, digest) = run!(TwoSizes, TwoSizes, &rows, [(rows.len(), false)]);
        prop_assert!(whole.is_sorted_by_key(|r| r.window_end), "{:?}", whole);
        let (cut, _, cut_digest) = run!(TwoSizes, TwoSizes, &rows, cuts);
        prop_assert_eq!(cut, whole);
        prop_assert_eq!(cut_digest, digest);
    }

    #[test]
    fn every_kind_of_state_is_cut_and_restored(rows in readings(), cuts in cuts()) {
        let (whole, counters, digest) = run!(Spreads, Spreads, &rows, [(rows.len(), false)]);
        let (cut, cut_counters, cut_digest) = run!(Spreads, Spreads, &rows, cuts);
        prop_assert_eq!(&cut, &whole);
        prop_assert_eq!((cut_counters, cut_digest), (counters, digest));
        let (windows, _) = model(&rows);
        let single: Vec<&Spreads> = whole.iter().filter(|r| r.sensor.is_some()).collect();
        prop_assert_eq!(single.len(), windows.len());
        for (r, w) in single.into_iter().zip(&windows) {
            prop_assert_eq!((r.window_start, r.sensor), (w.window_start, Some(w.sensor)));
            prop_assert_eq!(r.spread.is_some(), w.n > 1);
            prop_assert_eq!(r.var.is_some(), w.total.is_some());
            prop_assert!(w.low <= r.middle && r.middle <= w.high);
        }
    }

    #[test]
    fn first_rows_are_those_of_a_sort(rows in readings(), cuts in cuts()) {
        let (whole, counters, digest) = run!(First, First, &rows, [(rows.len(), false)]);
        let (cut, cut_counters, cut_digest) = run!(First, First, &rows, cuts);
        prop_assert_eq!(&cut, &whole);
        prop_assert_eq!((cut_counters, cut_digest), (counters, digest));
        prop_assert_eq!(whole, first(&rows));

        let (whole, _, digest) = run!(FirstGroups, FirstGroups, &rows, [(rows.len(), false)]);
        let (cut, _, cut_digest) = run!(FirstGroups, FirstGroups, &rows, cuts);
        prop_assert_eq!((&cut, cut_digest), (&whole, digest));
        let mut groups: BTreeMap<i64, (f64, i64)> = BTreeMap::new();
        for r in &rows {
            let (high, n) = groups.entry(r.sensor).or_insert((f64::NEG_INFINITY, 0));
            (*high, *n) = (high.max(r.level), *n + 1);
        }
        let mut expected: Vec<(i64, (f64, i64))> = groups.into_iter().collect();
        expected.sort_by(|(a, (x, n)), (b, (y, m))| y.total_cmp(x).then(n.cmp(m)).then(a.cmp(b)));
        expected.truncate(3);
        prop_assert_eq!(whole.len(), expected.len());
        for (row, (sensor, (_, n))) in whole.iter().zip(expected) {
            prop_assert_eq!((row.sensor, row.n), (sensor, n));
        }
    }

    #[test]
    fn constant_rows_are_there_from_the_start(rows in readings(), cuts in cuts()) {
        let (whole, counters, digest) = run!(WithConstants, WithConstants, &rows, [(rows.len(), false)]);
        let (cut, cut_counters, cut_digest) = run!(WithConstants, WithConstants, &rows, cuts);
        prop_assert_eq!(&cut, &whole);
        prop_assert_eq!((cut_counters, cut_digest), (counters, digest));
        let mut windows: BTreeMap<i64, (i64, Option<i64>)> = BTreeMap::new();
        for w in model(&rows).0 {
            let (n, total) = windows.entry(w.window_start.0).or_default();
            *n += w.n;
            *total = w.total.map(|t| t + total.unwrap_or(0)).or(*total);
        }
        for (second, value) in [(-10, 1), (0, 1000), (4_102_444_800, 5)] {
            let (n, total) = windows.entry(second * SECOND_NS).or_default();
            (*n, *total) = (*n + 1, Some(total.unwrap_or(0) + value));
        }
        let found: Vec<_> = whole.iter().map(|w| (w.window_start.0, (w.n, w.total))).collect();
        prop_assert_eq!(found, windows.into_iter().collect::<Vec<_>>());
        prop_assert_eq!(counters.ingested, rows.len() as u64 + 3);
        prop_assert_eq!(counters.ingested, counters.accepted + counters.late + counters.rejected);
    }

    #[test]
    fn rows_of_a_window_have_their_order(rows in readings(), cuts in cuts()) {
        let (whole, counters, digest) = run!(OrderedWindows, OrderedWindows, &rows, [(rows.len(), false)]);
        let (cut, cut_counters, cut_digest) = run!(OrderedWindows, OrderedWindows, &rows, cuts);
        prop_assert_eq!(&cut, &whole);
        prop_assert_eq!((cut_counters, cut_digest), (counters, digest));
        let (mut expected, _) = model(&rows);
        expected.sort_by_key(|w| {
            let descending = (w.total.is_none(), -w.total.unwrap_or(0));
            (w.window_start, descending, w.n, w.sensor)
        });
        prop_assert_eq!(whole.len(), expected.len());
        for (row, w) in whole.iter().zip(&expected) {
            prop_assert_eq!((row.window_start, row.sensor, row.total), (w.window_start, w.sensor, w.total));
        }
    }

    #[test]
    fn changes_fold_to_the_batch_answer(rows in readings(), cuts in cuts()) {
        let (whole, _, digest) = run!(Totals, Change<Totals>, &rows, [(rows.len(), false)]);
        let (cut, _, cut_digest) = run!(Totals, Change<Totals>, &rows, cuts);
        prop_assert_eq!(cut_digest, digest);
        prop_assert_eq!(fold(&cut), fold(&whole));
        let mut expected: BTreeMap<i64, (i64, f64)> = BTreeMap::new();
        for r in &rows {
            for sensor in [r.sensor].into_iter().filter(|_| r.level < 50.0).chain([-r.sensor]) {
                let e = expected.entry(sensor).or_default();
                *e = (e.0 + 1, e.1 + r.level);
            }
        }
        let folded = fold(&whole);
        prop_assert_eq!(folded.len(), expected.len());
        for row in folded {
            prop_assert_eq!(Some(&(row.n, row.sum)), expected.get(&row.sensor));
        }
    }
}

/// So many rows that most of them are forgotten.
#[test]
fn first_rows_of_many() {
    let rows: Vec<Reading> = (0..20_000i64)
        .map(|i| Reading {
            sensor: i * i % 7,
            value: (i % 5 != 0).then_some(i * 7919 % 4001),
            level: (i * 31 % 97) as f64,
            ts: Timestamp(i * SECOND_NS),
        })
        .collect();
    let expected = first(&rows);
    let mut digests = Vec::new();
    for (step, restore) in [(1, false), (100, true), (1024, false), (7000, true), (20_000, false)] {
        let (out, counters, digest) = run!(First, First, &rows, [(step, restore)]);
        assert_eq!(out, expected, "steps of {step}");
        assert_eq!((counters.accepted, counters.late), (20_000, 0));
        digests.push(digest);
    }
    assert!(digests.windows(2).all(|d| d[0] == d[1]), "{digests:?}");
}

/// Long runs of one window, so that rows go by the loop that takes whole runs, with rows of other windows between.
#[test]
fn long_runs_with_stragglers() {
    let rows: Vec<Reading> = (0..20_000i64)
        .map(|i| {
            let straggler = i % 997 == 0 || i % 1013 < 3;
            let ts = i * SECOND_NS / 200 - if straggler { 9 * SECOND_NS } else { 0 };
            Reading {
                sensor: i * i % 37,
                value: (i % 7 != 0).then_some(i % 11),
                level: (i % 90) as f64 / 7.0,
                ts: Timestamp(ts),
            }
        })
        .collect();
    let (expected, late) = model(&rows);
    assert!(late > 10);
    for step in [1, 15, 16, 100, 1024, 5000, 20_000] {
        let (out, counters, _) = run!(Windowed, Windowed, &rows, [(step, false)]);
        assert_eq!(out, expected, "steps of {step}");
        assert_eq!(counters.late, late, "steps of {step}");
    }
}
