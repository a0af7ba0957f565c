//! Annotated structs: one query of each kind from struct to rows.

#![allow(missing_docs)]
use laminar::prelude::*;

#[derive(Event, Clone, Debug, PartialEq)]
#[event(time = ts, delay = "5 seconds")]
pub struct Trade {
    pub symbol: Sym,
    pub price: f64,
    pub volume: i64,
    pub ts: Timestamp,
}

#[pipeline("
    SELECT symbol, window_start, SUM(price * volume) / SUM(volume) AS vwap, COUNT(*) AS n
    FROM Trade
    GROUP BY symbol, TUMBLE(ts, INTERVAL '1' MINUTE)
    EMIT ON WINDOW CLOSE
")]
#[derive(Clone, Debug, PartialEq)]
pub struct Vwap {
    pub symbol: Sym,
    pub window_start: Timestamp,
    pub vwap: f64,
    pub n: i64,
}

fn trade(symbol: &str, price: f64, volume: i64, second: i64) -> Trade {
    Trade { symbol: Sym::new(symbol), price, volume, ts: Timestamp(second * 1_000_000_000) }
}

#[test]
fn windows_close_and_finish() {
    let mut vwap = Vwap::pipeline();
    let mut out: Vec<Vwap> = Vec::new();
    vwap.push(&trade("A", 10.0, 1, 1), &mut out).unwrap();
    vwap.process(&[trade("B", 5.0, 2, 2), trade("A", 20.0, 3, 59)], &mut out).unwrap();
    assert_eq!(out, []);
    vwap.push(&trade("A", 1.0, 1, 65), &mut out).unwrap();
    let minute = |symbol: &str, minute: i64, vwap, n| Vwap {
        symbol: Sym::new(symbol),
        window_start: Timestamp(minute * 60_000_000_000),
        vwap,
        n,
    };
    assert_eq!(out, [minute("A", 0, 17.5, 2), minute("B", 0, 5.0, 1)]);
    vwap.push(&trade("A", 1.0, 1, 3), &mut out).unwrap();
    assert_eq!(vwap.counters().late, 1);
    vwap.finish(&mut out).unwrap();
    assert_eq!(out[2..], [minute("A", 1, 1.0, 1)]);
    assert!(vwap.push(&trade("A", 1.0, 1, 3), &mut out).is_err());
}
