use laminar::prelude::*;

#[derive(Event)]
#[event(tme = ts, delay = "5 seconds")]
struct Unknown {
    ts: Timestamp,
}

#[derive(Event)]
struct Misplaced {
    #[event(time = ts)]
    ts: Timestamp,
}

#[derive(Event)]
#[event(time = ts, time = ts)]
struct Twice {
    ts: Timestamp,
}

fn main() {}
