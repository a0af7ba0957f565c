use laminar::prelude::*;

#[derive(Event)]
pub struct Sale<T> {
    pub id: i64,
    pub value: T,
}

fn main() {}
