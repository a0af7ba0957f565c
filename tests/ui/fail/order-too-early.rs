use laminar::prelude::*;

#[derive(Event)]
#[event(time = ts, delay = "5 seconds")]
pub struct Trade {
    pub symbol: Sym,
    pub price: f64,
    pub ts: Timestamp,
}

#[pipeline("
    SELECT symbol, COUNT(*) AS n
    FROM Trade
    GROUP BY symbol
    ORDER BY n DESC LIMIT 3
")]
pub struct Busiest {
    pub symbol: Sym,
    pub n: i64,
}

#[pipeline("
    SELECT symbol, COUNT(*) AS n
    FROM Trade
    GROUP BY symbol, TUMBLE(ts, INTERVAL '1' MINUTE)
    ORDER BY n DESC
")]
pub struct Minutes {
    pub symbol: Sym,
    pub n: i64,
}

#[pipeline("SELECT symbol, price FROM Trade ORDER BY price EMIT FINAL")]
pub struct Sorted {
    pub symbol: Sym,
    pub price: f64,
}

fn main() {}
