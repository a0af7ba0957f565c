use laminar::prelude::*;

type Price = i64;

#[derive(Event)]
struct Fields {
    price: isize,
    count: usize,
    alias: Price,
    nested: Option<Option<i64>>,
    wide: Decimal<39, 2>,
    text: &'static [u8],
    #[event(sql = "BIGIT")]
    declared: Price,
}

#[derive(Event)]
struct Lies {
    #[event(sql = "DOUBLE")]
    alias: Price,
}

fn main() {}
