use laminar::prelude::*;

#[derive(Event)]
#[event(time = tss)]
struct NoField {
    ts: Timestamp,
}

#[derive(Event)]
#[event(time = x)]
struct NoTimestamp {
    x: i64,
}

#[derive(Event)]
#[event(time = ts, delay = "5")]
struct NoUnit {
    ts: Timestamp,
}

#[derive(Event)]
#[event(time = ts, delay = "1 month")]
struct NoLength {
    ts: Timestamp,
}

#[derive(Event)]
#[event(delay = "5 seconds")]
struct NoTime {
    ts: Timestamp,
}

fn main() {}
