//! Several pipelines in one scope, in any order, one over the output of another.

use laminar::prelude::*;

#[pipeline("SELECT symbol FROM Count WHERE n > 1")]
#[derive(Debug, PartialEq)]
struct Busy {
    symbol: Sym,
}

#[pipeline("
    SELECT symbol, window_end, COUNT(*) AS n
    FROM Trade
    GROUP BY symbol, TUMBLE(ts, INTERVAL '1' MINUTE)
")]
#[derive(Debug, PartialEq)]
struct Count {
    symbol: Sym,
    window_end: Timestamp,
    n: i64,
}

#[derive(Event)]
#[event(time = ts, delay = "5 seconds")]
struct Trade {
    symbol: Sym,
    ts: Timestamp,
}

fn main() {
    let mut count = Count::pipeline();
    let mut counts: Vec<Count> = Vec::new();
    for symbol in ["A", "B", "A"] {
        count.push(&Trade { symbol: Sym::new(symbol), ts: Timestamp(0) }, &mut counts).unwrap();
    }
    count.finish(&mut counts).unwrap();
    let mut busy: Vec<Busy> = Vec::new();
    Busy::pipeline().process(&counts, &mut busy).unwrap();
    assert_eq!(busy, [Busy { symbol: Sym::new("A") }]);
}
