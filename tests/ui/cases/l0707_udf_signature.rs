use laminar::prelude::*;
use std::collections::HashMap;

#[udf]
fn generic<T: Into<f64>>(x: T) -> f64 {
    x.into()
}

#[udf]
async fn waits(x: f64) -> f64 {
    x
}

#[udf]
unsafe fn trusts(x: f64) -> f64 {
    x
}

#[udf]
fn collects(words: HashMap<String, i64>, length: usize) -> Vec<String> {
    let _ = length;
    words.into_keys().collect()
}

#[udf]
fn silent(x: f64) {
    let _ = x;
}

type Timestamp = f64;

#[udf]
fn alias(at: Timestamp) -> f64 {
    at
}

#[udf(volatile)]
fn volatile(x: f64) -> f64 {
    x
}

#[udf]
struct NoFunction;

struct Scale(f64);

impl Scale {
    #[udf]
    fn scaled(&self, x: f64) -> f64 {
        self.0 * x
    }
}

#[derive(Event, Clone)]
struct Trade {
    price: f64,
}

// Silent: the mistakes of the functions are told already.
#[pipeline("SELECT generic(price) AS a, silent(price) AS b FROM Trade", functions(generic, silent))]
struct Out {
    a: f64,
    b: f64,
}

fn main() {
    Out::pipeline();
    let _ = (NoFunction, Scale(1.0).scaled(1.0), volatile(1.0), alias(1.0));
}
