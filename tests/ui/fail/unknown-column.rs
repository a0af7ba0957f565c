use laminar::prelude::*;

#[derive(Event)]
#[event(time = ts, delay = "5 seconds")]
pub struct Trade {
    pub symbol: Sym,
    pub price: f64,
    pub volume: i64,
    pub note: Option<Str>,
    pub ts: Timestamp,
}

#[pipeline("SELECT symbol, prise * volume AS value FROM Trade")]
pub struct Value {
    pub symbol: Sym,
    pub value: f64,
}

fn main() {
    let mut value = Value::pipeline();
    let mut rows: Vec<Value> = Vec::new();
    value.finish(&mut rows).unwrap();
    println!("{}", rows[0].value);
}
