//! After one pass over like input, no pipeline allocates: the pipelines of the benches and of the examples, over more than a
//! million events and a hundred window closes each.

#[macro_use]
#[path = "../benches/bids/mod.rs"]
mod bids;

use bids::{Bid, Check, PerAuction, PerKey, Q0, Q1, Q2, bids};
use laminar::alloc::{Counting, CountingAllocator};
use laminar::prelude::*;

#[global_allocator]
static ALLOCATOR: CountingAllocator = CountingAllocator;

const ROWS: usize = 400_000;
const PASSES: i64 = 4;

#[test]
fn the_allocator_counts() {
    let counting = Counting::start();
    let boxed = std::hint::black_box(Box::new([0u8; 100]));
    assert_eq!(counting.allocations_since(), 1);
    assert!(counting.bytes_since() >= 100);
    drop(boxed);
}

/// Passes over `rows`, each `span_ns` later than the one before; the allocations of all but the first.
macro_rules! allocations {
    ($output:ty, $rows:expr, $span_ns:expr, $time:ident, $step:expr) => {{
        let mut rows = $rows.clone();
        let (mut results, mut allocated, mut events) = (0u64, 0, 0);
        let mut pipeline = <$output>::pipeline();
        let mut out = |_: $output| results += 1;
        // Two to warm up: the second sees how one pass follows another.
        for pass in 0..PASSES + 2 {
            let counting = Counting::start();
            for step in rows.chunks($step) {
                pipeline.process(step, &mut out).expect("no row fails");
            }
            if pass >= 2 {
                allocated += counting.allocations_since();
                events += rows.len();
            }
            rows.iter_mut().for_each(|r| r.$time.0 += $span_ns);
        }
        assert!(events >= 1_000_000, "{events} events");
        (allocated, results)
    }};
}

const SECOND_NS: i64 = 1_000_000_000;

#[test]
fn stateless_pipelines() {
    let rows = bids(ROWS, 1000);
    for step in [1, 64, 1024, 8192] {
        assert_eq!(allocations!(Q0, rows, 100 * SECOND_NS, ts, step).0, 0, "q0, steps of {step}");
        assert_eq!(allocations!(Q1, rows, 100 * SECOND_NS, ts, step).0, 0, "q1, steps of {step}");
        assert_eq!(allocations!(Q2, rows, 100 * SECOND_NS, ts, step).0, 0, "q2, steps of {step}");
    }
}

#[test]
fn windows() {
    let rows = bids(ROWS, 1000);
    for step in [1, 64, 1024, 8192] {
        // Each pass covers 43 seconds: 43 windows of a second each.
        let (allocated, results) = allocations!(PerAuction, rows, 44 * SECOND_NS, ts, step);
        assert_eq!(allocated, 0, "by auction, steps of {step}");
        assert!(results > 1000, "{results} results");
        let (allocated, results) = allocations!(PerKey, rows, 50 * SECOND_NS, ts, step);
        assert_eq!(allocated, 0, "by key, steps of {step}");
        assert!(results > 1000, "{results} results");
    }
}

#[pipeline(
    "SELECT auction, window_start, STDDEV(price) AS spread, CORR(price, pick) AS corr, BOOL_OR(price > 5000) AS dear,
            ARG_MAX(bidder, price) AS winner, FIRST_VALUE(price) AS first, LAST_VALUE(price) AS last
     FROM Bid GROUP BY auction, TUMBLE(ts, INTERVAL '1' SECOND)"
)]
pub struct Spread {
    pub auction: i64,
    pub window_start: Timestamp,
    pub spread: Option<f64>,
    pub corr: Option<f64>,
    pub dear: bool,
    pub winner: i64,
    pub first: i64,
    pub last: i64,
}

#[test]
fn states_of_fixed_size() {
    let rows = bids(ROWS, 1000);
    for step in [1, 1024] {
        let (allocated, results) = allocations!(Spread, rows, 44 * SECOND_NS, ts, step);
        assert_eq!(allocated, 0, "steps of {step}");
        assert!(results > 1000, "{results} results");
    }
}

#[pipeline(
    "SELECT window_end, auction, COUNT(*) AS n FROM Bid GROUP BY auction, TUMBLE(ts, INTERVAL '1' SECOND)
     ORDER BY window_end, n DESC, MAX(price)"
)]
pub struct Busiest {
    pub window_end: Timestamp,
    pub auction: i64,
    pub n: i64,
}

#[test]
fn windows_in_an_order() {
    let rows = bids(ROWS, 1000);
    for step in [1, 1024] {
        let (allocated, results) = allocations!(Busiest, rows, 44 * SECOND_NS, ts, step);
        assert_eq!(allocated, 0, "steps of {step}");
        assert!(results > 1000, "{results} results");
    }
}

#[udf]
fn fee(price: i64, pick: i32) -> Result<i64, String> {
    if pick < 0 { Err(format!("no pick is {pick}")) } else { Ok(price / 100 + i64::from(pick)) }
}

#[udf]
fn big(price: Option<i64>) -> Option<bool> {
    price.map(|p| p > 500)
}

#[pipeline("SELECT auction, fee(price, pick) AS fee FROM Bid WHERE big(price)", functions(fee, big))]
pub struct Fees {
    pub auction: i64,
    pub fee: i64,
}

#[pipeline(
    "SELECT auction, window_start, SUM(fee(price, pick)) AS fee FROM Bid WHERE big(price)
     GROUP BY auction, TUMBLE(ts, INTERVAL '1' SECOND)",
    functions(fee, big)
)]
pub struct FeesPerAuction {
    pub auction: i64,
    pub window_start: Timestamp,
    pub fee: i64,
}

#[test]
fn functions_of_numbers() {
    let rows = bids(ROWS, 1000);
    for step in [1, 1024] {
        let (allocated, results) = allocations!(Fees, rows, 100 * SECOND_NS, ts, step);
        assert_eq!(allocated, 0, "fees, steps of {step}");
        assert!(results > 1000, "{results} results");
        let (allocated, results) = allocations!(FeesPerAuction, rows, 44 * SECOND_NS, ts, step);
        assert_eq!(allocated, 0, "fees by auction, steps of {step}");
        assert!(results > 1000, "{results} results");
    }
}

#[derive(Event, Clone, Debug)]
#[event(time = ts, delay = "5 seconds")]
pub struct Reading {
    pub values: List<i64>,
    pub tags: List<Option<Str>>,
    pub ts: Timestamp,
}

#[pipeline(
    "SELECT values[2] AS second, tags[1] AS tag, values || 7 AS more FROM Reading
     WHERE 3 = ANY (values) OR values > ARRAY[5] OR tags @> ARRAY['urgent']"
)]
pub struct Part {
    pub second: Option<i64>,
    pub tag: Option<Str>,
    pub more: List<i64>,
}

#[pipeline(
    "SELECT tags, COUNT(*) AS n, MAX(cardinality(values)) AS most FROM Reading GROUP BY tags, TUMBLE(ts, INTERVAL '1' SECOND)"
)]
pub struct PerTags {
    pub tags: List<Option<Str>>,
    pub n: i64,
    pub most: i64,
}

#[test]
fn arrays_in_rows_and_keys() {
    let tags: Vec<List<Option<Str>>> = (0..20)
        .map(|i| {
            [Some(Str::new("urgent")), None, Some(Str::from(format!("a tag too long to be inline, {i}")))]
                .into()
        })
        .collect();
    let rows: Vec<Reading> = (0..ROWS as i64)
        .map(|i| Reading {
            values: [i % 5, i % 7, 3].into_iter().take(1 + i as usize % 3).collect(),
            tags: tags[i as usize % 20].clone(),
            ts: Timestamp(i * 100_000),
        })
        .collect();
    for step in [1, 1024] {
        assert_eq!(allocations!(Part, rows, 44 * SECOND_NS, ts, step).0, 0, "in rows, steps of {step}");
        let (allocated, results) = allocations!(PerTags, rows, 44 * SECOND_NS, ts, step);
        assert_eq!(allocated, 0, "in keys, steps of {step}");
        assert!(results > 1000, "{results} results");
    }
}

/// The query of the quickstart.
#[derive(Event, Clone, Debug)]
#[event(time = ts, delay = "5 seconds")]
pub struct Trade {
    pub symbol: Sym,
    pub note: Str,
    pub price: f64,
    pub volume: i64,
    pub ts: Timestamp,
}

#[pipeline(
    "SELECT symbol, window_start, SUM(price * volume) / SUM(volume) AS vwap, COUNT(*) AS n,
            MIN(note) AS first_note, MAX(price) AS top
     FROM Trade GROUP BY symbol, TUMBLE(ts, INTERVAL '1' MINUTE)"
)]
pub struct Vwap {
    pub symbol: Sym,
    pub window_start: Timestamp,
    pub vwap: f64,
    pub n: i64,
    pub first_note: Str,
    pub top: f64,
}

#[pipeline("SELECT note, price, ts FROM Trade ORDER BY price DESC, note LIMIT 100 OFFSET 10 EMIT FINAL")]
pub struct Dearest {
    pub note: Str,
    pub price: f64,
    pub ts: Timestamp,
}

#[pipeline(
    "SELECT lower(symbol) || '/' || note AS label, COUNT(*) AS n FROM Trade GROUP BY lower(symbol) || '/' || note"
)]
pub struct PerLabel {
    pub label: Str,
    pub n: i64,
}

#[test]
fn texts_in_keys_and_minima() {
    let symbols: Vec<Sym> = (0..50).map(|i| Sym::new(&format!("SYMBOL-{i}"))).collect();
    let notes: Vec<Str> = (0..20)
        .map(|i| Str::from(format!("a note that is too long to be held inline, number {i}")))
        .collect();
    let rows: Vec<Trade> = bids(ROWS, 50)
        .into_iter()
        .map(|b| Trade {
            symbol: symbols[b.key as usize],
            note: notes[b.pick as usize % 20].clone(),
            price: b.price as f64 / 100.0,
            volume: 1 + i64::from(b.pick),
            ts: Timestamp((b.ts.0 - 1_600_000_000 * SECOND_NS) * 60),
        })
        .collect();
    let (allocated, results) = allocations!(Vwap, rows, 45 * 60 * SECOND_NS, ts, 1024);
    assert_eq!(allocated, 0, "vwap");
    assert!(results > 5000, "{results} results");

    // The first rows, of which only so many are kept.
    let (allocated, results) = allocations!(Dearest, rows, 45 * 60 * SECOND_NS, ts, 1024);
    assert_eq!((allocated, results), (0, 0), "first rows");

    // A changelog: 1000 labels, each step updates them.
    let mut pipeline = PerLabel::pipeline();
    let mut changes = 0u64;
    let mut out = |_: Change<PerLabel>| changes += 1;
    for pass in 0..4 {
        let counting = Counting::start();
        for step in rows.chunks(1024) {
            pipeline.process(step, &mut out).expect("no row fails");
        }
        assert!(
            pass == 0 || counting.allocations_since() == 0,
            "labels, pass {pass}: {}",
            counting.allocations_since()
        );
    }
    assert!(changes > 100_000, "{changes} changes");
}

#[test]
fn columns() {
    let rows: Vec<Bid> = bids(1_000_000, 1000);
    let auction: Vec<i64> = rows.iter().map(|b| b.auction).collect();
    let price: Vec<i64> = rows.iter().map(|b| b.price).collect();
    let ts: Vec<Timestamp> = rows.iter().map(|b| b.ts).collect();
    let pick: Vec<i32> = rows.iter().map(|b| b.pick).collect();
    let channel: Vec<u32> = rows.iter().map(|b| b.channel).collect();
    let all = bids::BidColumns {
        auction: &auction,
        bidder: &auction,
        price: &price,
        ts: &ts,
        pick: &pick,
        channel: &channel,
        key: &auction,
    };
    let mut check = Check::default();
    let mut pipeline = Q2::pipeline();
    let counting = Counting::start();
    pipeline.process_columns(&all, &mut |r: Q2| check.add(r.auction, r.price, 0)).expect("no row fails");
    assert_eq!(counting.allocations_since(), 0);
    assert!(check.rows > 1000);
}

#[derive(Event, Clone, Copy, Debug)]
#[event(time = ts)]
struct Named {
    id: i64,
    name: &'static str,
    ts: Timestamp,
}

#[pipeline("SELECT length(upper(name) || name) AS n FROM Named")]
#[derive(Debug)]
struct Loud {
    n: i64,
}

#[pipeline(
    "
    SELECT id, MAX(length(upper(name) || name)) AS n FROM Named GROUP BY id, TUMBLE(ts, INTERVAL '1' HOUR)
"
)]
#[derive(Debug)]
struct Loudest {
    id: i64,
    n: i64,
}

#[pipeline("
    SELECT length(upper(name)) AS n FROM Named WHERE id > 1 UNION ALL SELECT length(lower(name)) FROM Named WHERE id <= 1
")]
#[derive(Debug)]
struct LoudOrNot {
    n: i64,
}

/// Texts that a query makes on the way of a row live as long as its batch, not as long as its step.
#[test]
fn a_long_step_keeps_no_texts() {
    const BYTES_MAX: u64 = 8 << 20;
    let name = "a name of exactly sixty-four bytes, to be made loud by queries..";
    let rows: Vec<Named> =
        (0..ROWS as i64).map(|i| Named { id: i % 3, name, ts: Timestamp(i * 1000) }).collect();
    macro_rules! check {
        ($output:ty) => {{
            let (mut n, mut results) = (0, 0);
            let mut out = |row: $output| (n, results) = (row.n, results + 1);
            let mut pipeline = <$output>::pipeline();
            let counting = Counting::start();
            pipeline.process(&rows, &mut out).expect("no row fails");
            let bytes = counting.bytes_since();
            assert!(bytes < BYTES_MAX, "{}: {bytes} bytes", stringify!($output));
            pipeline.finish(&mut out).expect("it ends once");
            (n, results)
        }};
    }
    assert_eq!(check!(Loud), (128, ROWS));
    assert_eq!(check!(Loudest), (128, 3));
    assert_eq!(check!(LoudOrNot), (64, ROWS));
}

#[pipeline("SELECT length(repeat(name, 20000)) AS n FROM Named")]
#[derive(Debug)]
struct Huge {
    n: i64,
}

#[pipeline(
    "
    SELECT id, MAX(length(repeat(name, 20000))) AS n FROM Named GROUP BY id, TUMBLE(ts, INTERVAL '1' HOUR)
"
)]
#[derive(Debug)]
struct Hugest {
    id: i64,
    n: i64,
}

/// A batch of long texts has few rows.
#[test]
fn long_texts_do_not_add_up() {
    const ROWS: usize = 512;
    const BYTES_MAX: u64 = 160 << 20;
    let name = "sixty-four bytes that a query repeats, as often as to fill a MiB";
    let rows: Vec<Named> =
        (0..ROWS as i64).map(|i| Named { id: i % 3, name, ts: Timestamp(i * 1000) }).collect();
    macro_rules! check {
        ($output:ty, $step:expr) => {{
            let (mut n, mut results) = (0, 0);
            let mut out = |row: $output| (n, results) = (row.n, results + 1);
            let mut pipeline = <$output>::pipeline();
            let counting = Counting::start();
            for step in rows.chunks($step) {
                pipeline.process(step, &mut out).expect("no row fails");
            }
            let bytes = counting.bytes_since();
            assert!(bytes < BYTES_MAX, "{}, steps of {}: {bytes} bytes", stringify!($output), $step);
            pipeline.finish(&mut out).expect("it ends once");
            (n, results)
        }};
    }
    for step in [64, ROWS] {
        assert_eq!(check!(Huge, step), (1_280_000, ROWS));
        assert_eq!(check!(Hugest, step), (1_280_000, 3));
    }
}
