//! Several inputs: handles, and methods where the row type decides.

use super::{Trade, seconds, trade};
use laminar::prelude::*;

#[derive(Event, Clone, Debug, PartialEq)]
#[event(time = at, delay = "1 second")]
pub struct Quote {
    pub symbol: Sym,
    pub bid: f64,
    pub at: Timestamp,
}

#[pipeline("SELECT symbol, price FROM Trade UNION ALL SELECT symbol, bid FROM Quote WHERE bid > 1.0")]
#[derive(Clone, Debug, PartialEq)]
pub struct Prices {
    pub symbol: Sym,
    pub price: f64,
}

#[test]
fn the_row_type_decides_or_the_handle() {
    let quote = Quote { symbol: Sym::new("Q"), bid: 2.0, at: seconds(1) };
    let mut prices = Prices::pipeline();
    let mut out = Vec::new();
    prices.push(&trade("T", 1.0, 1, 1), &mut out).unwrap();
    prices.push(&quote, &mut out).unwrap();
    prices.quote().process(&[quote.clone(), Quote { bid: 0.5, ..quote.clone() }], &mut out).unwrap();
    prices.trade().push(&trade("T", 3.0, 1, 1), &mut out).unwrap();
    prices.process(&[quote], &mut out).unwrap();
    let got: Vec<f64> = out.iter().map(|p| p.price).collect();
    assert_eq!(got, [1.0, 2.0, 2.0, 3.0, 2.0]);
    assert_eq!((prices.counters().ingested, prices.quote().counters().ingested), (6, 4));
    prices.trade().finish(&mut out).unwrap();
    assert!(prices.trade().push(&trade("T", 3.0, 1, 1), &mut out).is_err());
    prices.finish(&mut out).unwrap();
}

#[pipeline("
    SELECT window_start, COUNT(*) AS n FROM (
        SELECT ts FROM buys UNION ALL SELECT ts FROM sells
    ) AS both GROUP BY TUMBLE(ts, INTERVAL '1' MINUTE) EMIT ON WINDOW CLOSE
    ", from(crate::Trade as buys, Trade as Sells))]
#[derive(Clone, Debug, PartialEq)]
pub struct Both {
    pub window_start: Timestamp,
    pub n: i64,
}

#[test]
fn one_struct_may_be_two_inputs() {
    let mut both = Both::pipeline();
    let mut out = Vec::new();
    both.buys().push(&trade("A", 1.0, 1, 100), &mut out).unwrap();
    both.sells().push(&trade("A", 1.0, 1, 10), &mut out).unwrap();
    both.sells().watermark(seconds(59), &mut out).unwrap();
    assert_eq!(out, []);
    both.sells().watermark(seconds(60), &mut out).unwrap();
    assert_eq!(out, [Both { window_start: seconds(0), n: 1 }]);
    // The type alone decides for the first of them.
    both.push(&trade("A", 1.0, 1, 100), &mut out).unwrap();
    assert_eq!((both.buys().counters().ingested, both.sells().counters().ingested), (2, 1));
}
