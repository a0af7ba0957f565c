use laminar::prelude::*;

#[derive(Event, Clone)]
#[event(time = ts, delay = "5 seconds")]
pub struct Trade {
    pub symbol: Sym,
    pub price: f64,
    pub volume: i64,
    pub ts: Timestamp,
    pub note: Option<Str>,
}

#[pipeline("SELECT symbol, COUNT(*) AS n FROM Trade GROUP BY symbol EMIT ON UPDATE")]
struct Counts {
    symbol: Sym,
    n: i64,
}

#[pipeline("SELECT symbol FROM Counts")]
struct Out {
    symbol: Sym,
}

fn main() {}
