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

#[pipeline("SELECT symbol, SOUNDEX(price) AS price FROM Trade")]
pub struct Price {
    pub symbol: Sym,
    pub price: f64,
}

fn main() {}
