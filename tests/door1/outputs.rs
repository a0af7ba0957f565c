//! What a sink gets: rows, changes, upserts; and rows that feed another pipeline.

use super::windows::Vwap;
use super::{Trade, seconds, trade};
use laminar::prelude::*;

#[pipeline("SELECT symbol, SUM(volume) AS total, MAX(price) AS high FROM Trade GROUP BY symbol EMIT CHANGES")]
#[derive(Clone, Debug, PartialEq)]
pub struct Totals {
    pub symbol: Sym,
    pub total: i64,
    pub high: Option<f64>,
}

#[test]
fn changes_come_with_weights() {
    let mut totals = Totals::pipeline();
    let mut out = Vec::new();
    let mut sink = |change: Change<Totals>| out.push((change.row.total, change.row.high, change.weight));
    totals.push(&trade("A", 1.0, 5, 1), &mut sink).unwrap();
    totals.process(&[trade("A", 2.0, 1, 2), trade("A", 0.5, 1, 3)], &mut sink).unwrap();
    assert_eq!(out, [(5, Some(1.0), 1), (5, Some(1.0), -1), (7, Some(2.0), 1)]);
}

#[pipeline("SELECT COUNT(*) AS n, SUM(volume) AS total FROM Trade EMIT FINAL")]
#[derive(Clone, Debug, PartialEq)]
pub struct All {
    pub n: i64,
    pub total: Option<i64>,
}

#[test]
fn a_final_result_comes_once() {
    let mut out = Vec::new();
    let mut all = All::pipeline();
    all.process(&[trade("A", 1.0, 5, 1), trade("B", 1.0, 6, 1)], &mut out).unwrap();
    assert_eq!(out, []);
    all.finish(&mut out).unwrap();
    assert_eq!(out, [All { n: 2, total: Some(11) }]);
}

#[pipeline(
    "
    SELECT window_start, SUM(n) AS trades FROM Vwap
    GROUP BY TUMBLE(window_start, INTERVAL '1' HOUR) EMIT ON WINDOW CLOSE
"
)]
#[derive(Clone, Debug, PartialEq)]
pub struct Hourly {
    pub window_start: Timestamp,
    pub trades: i64,
}

#[test]
fn pipelines_build_on_pipelines() {
    let (mut vwap, mut hourly) = (Vwap::pipeline(), Hourly::pipeline());
    let mut out = Vec::new();
    let mut sink = laminar::then(&mut hourly, &mut out);
    for minute in 0..130 {
        vwap.push(&trade("A", 1.0, 1, minute * 60), &mut sink).unwrap();
    }
    vwap.finish(&mut sink).unwrap();
    sink.result().unwrap();
    assert_eq!(
        out,
        [(0, 60), (3600, 60), (7200, 10)].map(|(s, trades)| Hourly { window_start: seconds(s), trades })
    );
}

#[test]
fn rows_of_a_pipeline_are_events() {
    assert_eq!((Vwap::NAME, Vwap::FIELDS.len()), ("Vwap", 4));
    let time = Vwap::TIME.unwrap();
    assert_eq!((Vwap::FIELDS[time.field].column.name.as_ref(), time.delay_ns), ("window_start", 0));
    assert_eq!(All::TIME, None);
    assert_eq!(Trade::TIME.unwrap().delay_ns, 5_000_000_000);
}

fn is_send<T: Send + 'static>(_: &T) {}

#[test]
fn pipelines_can_move_to_other_threads() {
    is_send(&Vwap::pipeline());
}

#[pipeline(file = "volumes.sql", from(Trade as trades), with(capacity = 8))]
#[derive(Clone, Debug, PartialEq)]
pub struct Volumes {
    pub symbol: Str,
    pub volume: Option<i64>,
}

#[test]
fn a_query_may_be_in_a_file() {
    let mut out = Vec::new();
    let mut volumes = Volumes::pipeline();
    volumes
        .process(&[trade("B", 1.0, 5, 1), trade("A", 1.0, 6, 1), trade("B", 1.0, 7, 1)], &mut out)
        .unwrap();
    volumes.finish(&mut out).unwrap();
    let totals: Vec<_> = out.iter().map(|v| (v.symbol.as_str(), v.volume)).collect();
    assert_eq!(totals, [("A", Some(6)), ("B", Some(12))]);
    assert!(volumes.sql().starts_with("-- A query in a file of its own"));
}
