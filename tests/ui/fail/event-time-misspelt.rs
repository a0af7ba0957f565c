use laminar::prelude::*;

#[derive(Event)]
#[event(time = tss, delay = "5 seconds")]
pub struct Sale {
    pub id: i64,
    pub ts: Timestamp,
}

fn main() {}
