//! Annotated structs: from struct and SQL to rows, one file a subject.

#![allow(missing_docs)]

mod arrays;
mod changes;
mod constants;
mod functions;
mod inputs;
mod limits;
mod loops;
mod outputs;
mod scopes;
mod stateless;
mod windows;

use laminar::prelude::*;

#[derive(Event, Clone, Debug, PartialEq)]
#[event(time = ts, delay = "5 seconds")]
pub struct Trade {
    pub symbol: Sym,
    pub price: f64,
    pub volume: i64,
    pub ts: Timestamp,
}

fn trade(symbol: &str, price: f64, volume: i64, second: i64) -> Trade {
    Trade { symbol: Sym::new(symbol), price, volume, ts: seconds(second) }
}

fn seconds(s: i64) -> Timestamp {
    Timestamp(s * 1_000_000_000)
}
