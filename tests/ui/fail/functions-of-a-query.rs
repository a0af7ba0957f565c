use laminar::prelude::*;

#[derive(Event, Clone)]
struct Trade {
    symbol: Str,
    price: f64,
    volume: i64,
}

mod math {
    use laminar::prelude::*;

    #[udf]
    pub fn mid(bid: f64, ask: f64) -> f64 {
        (bid + ask) / 2.0
    }
}

#[pipeline(
    "SELECT mid(price) AS a, mid(symbol, price) AS b, mid(volume, 1) AS c, lenght(symbol) AS d
     FROM Trade",
    functions(math::mid)
)]
struct Calls {
    a: f64,
}

#[pipeline("SELECT mid(price, price) AS a FROM Trade")]
struct NotListed {
    a: f64,
}

#[pipeline("SELECT mid(price, price) AS a FROM Trade", functions(math::middle as mid))]
struct Misspelt {
    a: f64,
}

#[pipeline("SELECT price FROM Trade", functions(Trade))]
struct NotAFunction {
    price: f64,
}

#[pipeline("SELECT round(price) AS price FROM Trade", functions(math::mid as round))]
struct OfSql {
    price: f64,
}

#[pipeline("SELECT mid(price, price) AS price FROM Trade", functions(math::mid, math::mid as MID))]
struct Twice {
    price: f64,
}

#[pipeline("SELECT price FROM math.mid")]
struct NoTable {
    price: f64,
}

fn main() {}
