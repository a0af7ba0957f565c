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

#[derive(Event)]
#[event(time = ts, delay = "5 seconds")]
pub struct Quote {
    pub symbol: Sym,
    pub bid: f64,
    pub ts: Timestamp,
}

#[pipeline("
    SELECT t.symbol, bid
    FROM Trade t
    JOIN Quote q ON t.symbol = q.symbol
")]
pub struct Bid {
    pub symbol: Sym,
    pub bid: f64,
}

fn main() {}
