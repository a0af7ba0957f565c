//! A volume-weighted average price a minute, from three trades.

use laminar::prelude::*;

#[derive(Event, Clone, Debug)]
#[event(time = ts, delay = "5 seconds")]
pub struct Trade {
    pub symbol: Sym,
    pub price: f64,
    pub volume: i64,
    pub ts: Timestamp,
}

#[pipeline(
    "SELECT symbol, window_start, SUM(price * volume) / SUM(volume) AS vwap, COUNT(*) AS n
     FROM Trade
     GROUP BY symbol, TUMBLE(ts, INTERVAL '1' MINUTE)
     EMIT ON WINDOW CLOSE"
)]
#[derive(Debug)]
pub struct Vwap {
    pub symbol: Sym,
    pub window_start: Timestamp,
    pub vwap: f64,
    pub n: i64,
}

fn main() -> Result<(), laminar::Error> {
    let mut out =
        |row: Vwap| println!("{} {}  {:.3}  {} trades", row.window_start, row.symbol, row.vwap, row.n);
    let mut vwap = Vwap::pipeline();
    for (second, price, volume) in [(1, 100.0, 10), (30, 101.0, 30), (75, 99.0, 5)] {
        let ts = Timestamp(1_700_000_040_000_000_000 + second * 1_000_000_000);
        vwap.push(&Trade { symbol: Sym::new("ACME"), price, volume, ts }, &mut out)?;
    }
    vwap.finish(&mut out)
}
