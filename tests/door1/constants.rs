//! Rows that the query brings: VALUES, and SELECT without FROM.

use super::{Trade, trade};
use laminar::prelude::*;

#[pipeline("SELECT symbol, limit_price FROM (VALUES ('A', 1.5), ('B', NULL)) AS v (symbol, limit_price)")]
#[derive(Clone, Debug, PartialEq)]
pub struct Limit {
    pub symbol: Str,
    pub limit_price: Option<Decimal<2, 1>>,
}

fn limits() -> [Limit; 2] {
    let limit = |symbol: &str, limit_price| Limit { symbol: Str::new(symbol), limit_price };
    [limit("A", Decimal::from_mantissa(15)), limit("B", None)]
}

#[test]
fn a_query_without_inputs_gives_its_rows_in_its_first_step() {
    let mut out = Vec::new();
    let mut ticked = Limit::pipeline();
    ticked.tick(Timestamp(1), &mut out).unwrap();
    assert_eq!(out, limits());
    ticked.tick(Timestamp(2), &mut out).unwrap();
    ticked.finish(&mut out).unwrap();
    assert_eq!(out, limits());
    assert_eq!((ticked.counters().ingested, ticked.counters().accepted), (2, 2));

    let mut finished = Vec::new();
    Limit::pipeline().finish(&mut finished).unwrap();
    assert_eq!(finished, limits());
    let mut told = Vec::new();
    Limit::pipeline().watermark(Timestamp(5), &mut told).unwrap();
    assert_eq!(told, limits());
}

#[test]
fn a_snapshot_knows_whether_they_have_come() {
    let mut before = Vec::new();
    Limit::pipeline().snapshot(&mut before).unwrap();
    let mut out = Vec::new();
    let mut fresh = Limit::pipeline();
    fresh.tick(Timestamp(0), &mut out).unwrap();
    let mut after = Vec::new();
    fresh.snapshot(&mut after).unwrap();

    for (snapshot, expected) in [(&before, &limits()[..]), (&after, &[])] {
        let mut restored = Limit::pipeline();
        restored.restore(&mut snapshot.as_slice()).unwrap();
        let mut out = Vec::new();
        restored.finish(&mut out).unwrap();
        assert_eq!(out, expected);
    }
}

#[pipeline("SELECT symbol, volume FROM Trade WHERE volume > 1 UNION ALL SELECT 'none', 0")]
#[derive(Clone, Debug, PartialEq)]
pub struct Volume {
    pub symbol: Str,
    pub volume: i64,
}

#[test]
fn they_come_before_the_first_row() {
    let rows = [trade("A", 1.0, 5, 1), trade("B", 1.0, 1, 2), trade("C", 1.0, 7, 3)];
    let expected = ["none", "A", "C"];
    for step in 1..=3 {
        let mut out = Vec::new();
        let mut volumes = Volume::pipeline();
        for rows in rows.chunks(step) {
            volumes.process(rows, &mut out).unwrap();
        }
        volumes.finish(&mut out).unwrap();
        let symbols: Vec<&str> = out.iter().map(|v| v.symbol.as_str()).collect();
        assert_eq!(symbols, expected, "steps of {step}");
        assert_eq!((volumes.counters().ingested, volumes.counters().accepted), (4, 4));
    }
}

#[pipeline("SELECT a / b AS ratio FROM (VALUES (8, 2), (1, 0), (9, 3)) AS v (a, b)")]
#[derive(Clone, Debug, PartialEq)]
pub struct Ratio {
    pub ratio: i32,
}

#[pipeline("SELECT a / b AS ratio FROM (VALUES (8, 2), (1, 0), (9, 3)) AS v (a, b)", with(on_error = "skip"))]
#[derive(Clone, Debug, PartialEq)]
pub struct Skipped {
    pub ratio: i32,
}

#[test]
fn one_that_fails_ends_the_call_and_the_next_goes_on() {
    let mut out = Vec::new();
    let mut ratios = Ratio::pipeline();
    let error = ratios.tick(Timestamp(0), &mut out).unwrap_err().to_string();
    assert!(error.contains("division by zero") && error.contains("row 1"), "{error}");
    assert_eq!(out, [Ratio { ratio: 4 }]);
    // Written down and made anew in between.
    let mut bytes = Vec::new();
    ratios.snapshot(&mut bytes).unwrap();
    let mut ratios = Ratio::pipeline();
    ratios.restore(&mut bytes.as_slice()).unwrap();
    ratios.finish(&mut out).unwrap();
    assert_eq!(out, [Ratio { ratio: 4 }, Ratio { ratio: 3 }]);
    let counters = ratios.counters();
    assert_eq!((counters.ingested, counters.accepted, counters.rejected), (3, 2, 1));

    let mut out = Vec::new();
    let mut skipped = Skipped::pipeline();
    skipped.finish(&mut out).unwrap();
    assert_eq!(out, [Skipped { ratio: 4 }, Skipped { ratio: 3 }]);
    assert_eq!((skipped.counters().accepted, skipped.counters().rejected), (2, 1));
}
