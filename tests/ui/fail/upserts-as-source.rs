use laminar::prelude::*;

#[derive(Event)]
#[event(time = ts, delay = "5 seconds")]
pub struct Trade {
    pub symbol: Sym,
    pub price: f64,
    pub volume: i64,
    pub note: Option<Str>,
    pub ts: Timestamp,
}

#[pipeline("SELECT symbol, COUNT(*) AS n FROM Trade GROUP BY symbol EMIT ON UPDATE")]
pub struct Count {
    pub symbol: Sym,
    pub n: i64,
}

#[pipeline("SELECT symbol FROM Count WHERE n > 10")]
pub struct Busy {
    pub symbol: Sym,
}

fn main() {}
