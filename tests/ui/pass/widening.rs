//! A field may be wider than its column: nullable, or a longer integer. A table may be a keyword in double quotes.

use laminar::prelude::*;

#[derive(Event)]
struct Order {
    id: i32,
    price: Option<f64>,
}

#[pipeline("SELECT id, price FROM \"Order\"")]
#[derive(Debug, PartialEq)]
struct Wide {
    id: Option<i64>,
    price: Option<f64>,
}

#[pipeline("SELECT id, COALESCE(price, 0) AS price FROM \"Order\"")]
#[derive(Debug, PartialEq)]
struct Filled {
    id: i64,
    price: f64,
}

fn main() {
    let order = Order { id: 7, price: None };
    let mut wide: Vec<Wide> = Vec::new();
    Wide::pipeline().push(&order, &mut wide).unwrap();
    assert_eq!(wide, [Wide { id: Some(7), price: None }]);
    let mut filled: Vec<Filled> = Vec::new();
    Filled::pipeline().push(&order, &mut filled).unwrap();
    assert_eq!(filled, [Filled { id: 7, price: 0.0 }]);
}
