use laminar::prelude::*;

#[derive(Event)]
pub struct Order {
    pub id: i64,
}

#[pipeline("SELECT id FROM Order")]
pub struct Id {
    pub id: i64,
}

fn main() {}
