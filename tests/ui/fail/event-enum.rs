use laminar::prelude::*;

#[derive(Event)]
pub enum Side {
    Buy,
    Sell,
}

fn main() {}
