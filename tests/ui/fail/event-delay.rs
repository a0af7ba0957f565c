use laminar::prelude::*;

#[derive(Event)]
#[event(time = ts, delay = "5 secnods")]
pub struct Sale {
    pub id: i64,
    pub ts: Timestamp,
}

#[pipeline("SELECT id FROM Sale")]
pub struct Id {
    pub id: i64,
}

fn main() {}
