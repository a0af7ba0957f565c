//! Pipelines whose input is the changelog of another: rows come and go, and so do their results.

use super::{Trade, trade};
use laminar::prelude::*;
use std::collections::BTreeMap;

#[pipeline("SELECT symbol, COUNT(*) AS n, SUM(volume) AS volume FROM Trade GROUP BY symbol")]
#[derive(Clone, Debug, PartialEq)]
pub struct Totals {
    pub symbol: Sym,
    pub n: i64,
    pub volume: i64,
}

#[pipeline("SELECT n, COUNT(*) AS symbols, MAX(volume) AS largest FROM Totals GROUP BY n")]
#[derive(Clone, Debug, PartialEq)]
pub struct Sizes {
    pub n: i64,
    pub symbols: i64,
    pub largest: i64,
}

#[pipeline("SELECT symbol, volume FROM Totals WHERE volume > 10")]
#[derive(Clone, Debug, PartialEq)]
pub struct Large {
    pub symbol: Sym,
    pub volume: i64,
}

#[pipeline("SELECT symbol, n AS size FROM Totals WHERE n > 0 UNION ALL SELECT symbol, volume FROM Totals")]
#[derive(Clone, Debug, PartialEq)]
pub struct Both {
    pub symbol: Sym,
    pub size: i64,
}

#[pipeline(
    "SELECT size, COUNT(*) AS n FROM (SELECT n AS size FROM Totals UNION ALL SELECT volume FROM Totals) AS q GROUP BY size"
)]
#[derive(Clone, Debug, PartialEq)]
pub struct Twice {
    pub size: i64,
    pub n: i64,
}

/// What is left of changes, each row as `Debug` shows it.
fn folded<R: std::fmt::Debug>(changes: &[Change<R>]) -> Vec<String> {
    let mut counts: BTreeMap<String, i64> = BTreeMap::new();
    for Change { row, weight } in changes {
        let count = counts.entry(format!("{row:?}")).or_default();
        *count += weight;
        assert!(*count >= 0, "{row:?} goes before it comes");
    }
    counts.into_iter().filter(|(_, n)| *n > 0).map(|(row, n)| format!("{n} {row}")).collect()
}

fn trades() -> Vec<Trade> {
    (0..200)
        .map(|i| trade(["A", "B", "C", "a symbol of many letters"][i as usize * 7 % 4], 1.0, i % 13, i))
        .collect()
}

#[test]
fn changes_flow_from_pipeline_to_pipeline() {
    let (mut totals, mut sizes, mut large) = (Totals::pipeline(), Sizes::pipeline(), Large::pipeline());
    let (mut of_sizes, mut of_large) = (Vec::new(), Vec::new());
    for step in trades().chunks(9) {
        let mut changes: Vec<Change<Totals>> = Vec::new();
        totals.process(step, &mut changes).unwrap();
        // In one step …
        let weights: Vec<i64> = changes.iter().map(|c| c.weight).collect();
        let rows: Vec<Totals> = changes.iter().map(|c| c.row.clone()).collect();
        sizes.process_changes(&rows, &weights, &mut of_sizes).unwrap();
        // … or change by change.
        changes.iter().for_each(|c| large.push_change(c, &mut of_large).unwrap());
    }
    let mut expected: BTreeMap<Sym, (i64, i64)> = BTreeMap::new();
    for t in trades() {
        let entry = expected.entry(t.symbol).or_default();
        *entry = (entry.0 + 1, entry.1 + t.volume);
    }
    let largest = expected.values().map(|(_, volume)| *volume).max().unwrap();
    assert!(expected.values().all(|(n, _)| *n == 50));
    assert_eq!(folded(&of_sizes), [format!("1 {:?}", Sizes { n: 50, symbols: 4, largest })]);
    let mut rows: Vec<String> =
        expected.iter().map(|(s, (_, v))| format!("1 {:?}", Large { symbol: *s, volume: *v })).collect();
    rows.sort();
    assert_eq!(folded(&of_large), rows);
}

#[test]
fn a_pipeline_is_a_sink_for_changes() {
    let (mut totals, mut sizes) = (Totals::pipeline(), Sizes::pipeline());
    let mut out = Vec::new();
    let mut chain = laminar::then(&mut sizes, &mut out);
    trades().chunks(50).for_each(|step| totals.process(step, &mut chain).unwrap());
    chain.result().unwrap();
    assert_eq!(folded(&out).len(), 1);
    assert_eq!(sizes.counters().rejected, 0);
}

#[test]
fn an_absent_row_cannot_go() {
    let row = |n: i64, volume: i64| Totals { symbol: Sym::new("A"), n, volume };
    let mut sizes = Sizes::pipeline();
    let mut out = Vec::new();
    sizes.process_changes(&[row(1, 5)], &[1], &mut out).unwrap();
    assert!(matches!(sizes.process_changes(&[row(2, 5)], &[-1], &mut out), Err(laminar::Error::AbsentRow)));
    sizes.push_change(&Change { row: row(1, 5), weight: -1 }, &mut out).unwrap();
    assert!(sizes.push_change(&Change { row: row(1, 5), weight: -1 }, &mut out).is_err());
    assert!(folded(&out).is_empty());
    assert!(matches!(sizes.process_changes(&[row(1, 5)], &[], &mut out), Err(laminar::Error::Ragged { .. })));
}

#[test]
fn both_ways_of_a_row_take_it_or_neither() {
    let row = |n: i64, volume: i64| Totals { symbol: Sym::new("A"), n, volume };
    let mut both = Both::pipeline();
    let mut out = Vec::new();
    both.process_changes(&[row(1, 5), row(2, 7), row(1, 5)], &[1, 1, -1], &mut out).unwrap();
    assert_eq!(folded(&out).len(), 2);

    let mut twice = Twice::pipeline();
    let mut out = Vec::new();
    twice.process_changes(&[row(1, 5), row(3, 3)], &[1, 1], &mut out).unwrap();
    let before = (twice.digest(), folded(&out));
    // One side is there, the other is not; and both want the only row of a group.
    for absent in [row(1, 6), row(6, 5), row(1, 1), row(5, 5)] {
        let step = twice.process_changes(std::slice::from_ref(&absent), &[-1], &mut out);
        assert!(matches!(step, Err(laminar::Error::AbsentRow)), "{absent:?}");
        assert_eq!(folded(&out), before.1, "{absent:?}");
    }
    twice.process_changes(&[row(3, 3), row(1, 5)], &[-1, -1], &mut out).unwrap();
    assert!(folded(&out).is_empty());
}
