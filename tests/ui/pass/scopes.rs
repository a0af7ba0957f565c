//! Structs are found as Rust finds types: by glob import, by path, under another name.

mod market {
    use laminar::prelude::*;

    #[derive(Event, Clone, Debug)]
    #[event(time = ts, delay = "5 seconds")]
    pub struct Trade {
        pub symbol: Sym,
        pub price: f64,
        pub ts: Timestamp,
    }
}

mod by_glob {
    use super::market::*;
    use laminar::prelude::*;

    #[pipeline("SELECT symbol, price FROM Trade WHERE price > 1")]
    #[derive(Debug, PartialEq)]
    pub struct Price {
        pub symbol: Sym,
        pub price: f64,
    }
}

mod by_path {
    use super::market;
    use laminar::prelude::*;

    #[pipeline("SELECT price FROM market.Trade")]
    #[derive(Debug, PartialEq)]
    pub struct Price {
        pub price: f64,
    }
}

mod by_name {
    use laminar::prelude::*;

    #[pipeline("SELECT t.price FROM trades AS t", from(super::market::Trade as trades))]
    #[derive(Debug, PartialEq)]
    pub struct Price {
        pub price: f64,
    }
}

use laminar::prelude::*;

fn main() {
    let trade = market::Trade { symbol: Sym::new("A"), price: 2.5, ts: Timestamp(0) };
    let mut glob: Vec<by_glob::Price> = Vec::new();
    by_glob::Price::pipeline().push(&trade, &mut glob).unwrap();
    assert_eq!(glob, [by_glob::Price { symbol: Sym::new("A"), price: 2.5 }]);
    let mut path: Vec<by_path::Price> = Vec::new();
    by_path::Price::pipeline().push(&trade, &mut path).unwrap();
    assert_eq!(path, [by_path::Price { price: 2.5 }]);
    let mut name: Vec<by_name::Price> = Vec::new();
    by_name::Price::pipeline().push(&trade, &mut name).unwrap();
    assert_eq!(name, [by_name::Price { price: 2.5 }]);
}
