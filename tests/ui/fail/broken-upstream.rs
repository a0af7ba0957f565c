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

#[pipeline("SELECT symbol, prise AS price FROM Trade")]
pub struct Price {
    pub symbol: Sym,
    pub price: f64,
}

// Only the query above is wrong.
#[pipeline("SELECT symbol FROM Price WHERE price > 10")]
pub struct High {
    pub symbol: Sym,
}

fn main() {}
