//! What the macros make passes in a crate that forbids unsafe code and undocumented items, and denies every warning.

#![forbid(unsafe_code)]
#![deny(missing_docs, missing_debug_implementations, warnings)]

use laminar::prelude::*;

/// A trade.
#[derive(Event, Clone, Debug)]
#[event(time = ts, delay = "5 seconds")]
pub struct Trade {
    /// What.
    pub symbol: Sym,
    /// How many.
    pub volume: i64,
    /// When.
    pub ts: Timestamp,
}

/// Trades of a minute.
#[pipeline(
    "SELECT symbol, window_start, COUNT(*) AS n FROM Trade GROUP BY symbol, TUMBLE(ts, INTERVAL '1' MINUTE) LATE DATA TO late"
)]
#[derive(Debug)]
pub struct PerMinute {
    /// What.
    pub symbol: Sym,
    /// From when.
    pub window_start: Timestamp,
    /// How often.
    pub n: i64,
}

/// Half of each volume.
#[pipeline("SELECT symbol, 100 / volume AS share FROM Trade", with(on_error = "dead_letter"))]
#[derive(Debug)]
pub struct Share {
    /// What.
    pub symbol: Sym,
    /// A share.
    pub share: i64,
}

/// Symbols from both.
#[pipeline("SELECT symbol FROM Trade UNION ALL SELECT symbol FROM Share")]
#[derive(Debug)]
pub struct Both {
    /// What.
    pub symbol: Sym,
}

#[test]
fn it_runs_as_well() {
    let trade = Trade { symbol: Sym::new("A"), volume: 3, ts: Timestamp(1) };
    let (mut minutes, mut late): (Vec<PerMinute>, Vec<Late<Trade>>) = Default::default();
    let mut per_minute = PerMinute::pipeline();
    per_minute.push(&trade, &mut minutes.with_late(&mut late)).unwrap();
    per_minute.finish(&mut minutes).unwrap();
    let (mut shares, mut rejected): (Vec<Share>, Vec<Rejected<Trade>>) = Default::default();
    Share::pipeline().push(&trade, &mut shares.with_rejected(&mut rejected)).unwrap();
    let mut symbols: Vec<Both> = Vec::new();
    let mut both = Both::pipeline();
    both.share().process(&shares, &mut symbols).unwrap();
    both.trade().push(&trade, &mut symbols).unwrap();
    assert_eq!((minutes[0].n, shares[0].share, symbols.len()), (1, 33, 2));
}
