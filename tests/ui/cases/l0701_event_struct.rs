use laminar::prelude::*;

#[derive(Event)]
struct Generic<T> {
    x: T,
}

#[derive(Event)]
struct Tuple(i64);

#[derive(Event)]
enum Enum {
    A,
}

#[derive(Event)]
struct Unit;

fn main() {}
