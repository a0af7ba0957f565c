use laminar::prelude::*;

#[derive(Event)]
pub struct Sale {
    pub id: i64,
    pub lines: std::collections::HashMap<i64, i64>,
}

#[pipeline("SELECT id FROM Sale")]
pub struct Id {
    pub id: i64,
}

fn main() {}
