use laminar::prelude::*;

#[derive(Event)]
pub struct Sale(i64, f64);

fn main() {}
