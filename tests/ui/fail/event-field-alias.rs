use laminar::prelude::*;

/// Looks like one column type and is another.
type Sym = i64;

#[derive(Event)]
pub struct Sale {
    pub symbol: Sym,
}

fn main() {}
