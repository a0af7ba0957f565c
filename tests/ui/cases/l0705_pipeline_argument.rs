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

#[pipeline]
struct NoQuery {
    symbol: Sym,
}

#[pipeline("SELECT symbol FROM Trade", wth(capacity = 1))]
struct Argument {
    symbol: Sym,
}

#[pipeline("SELECT symbol FROM Trade", with(on_eror = "skip"))]
struct Unknown {
    symbol: Sym,
}

#[pipeline("SELECT symbol FROM Trade", with(on_error = "skp"))]
struct Policy {
    symbol: Sym,
}

#[pipeline("SELECT symbol FROM Trade", with(capacity = "many"))]
struct Capacity {
    symbol: Sym,
}

#[pipeline("SELECT symbol FROM Trade")]
#[derive(Event)]
struct Derives {
    symbol: Sym,
}

fn main() {}
