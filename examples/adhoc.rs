//! SQL that arrives at run time: a table, a view kept up to date by every insert, and typed rows pushed from Rust.
//!
//! `cargo run --example adhoc --features jit` compiles the queries with Cranelift; `--features adhoc` interprets them.

use laminar::adhoc::Session;
use laminar::prelude::*;
use std::error::Error;

#[derive(Event, Clone, Debug)]
#[event(time = ts, delay = "0 seconds")]
pub struct Trade {
    pub symbol: Sym,
    pub price: f64,
    pub volume: i64,
    pub ts: Timestamp,
}

#[derive(Event, Clone, Debug)]
pub struct Turnover {
    pub symbol: Sym,
    pub total: f64,
    pub n: i64,
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut session = Session::new();

    // Tables and views.
    session.execute(
        "CREATE TABLE limits (symbol VARCHAR NOT NULL, volume BIGINT NOT NULL);
         CREATE MATERIALIZED VIEW totals AS SELECT symbol, SUM(volume) AS volume, COUNT(*) AS n FROM limits GROUP BY symbol;
         INSERT INTO limits VALUES ('ACME', 100), ('INIT', 250), ('ACME', 50);",
    )?;
    println!("{}", session.query("SELECT * FROM totals WHERE volume > 100")?);

    // Rows from Rust, results to Rust.
    session.register::<Trade>()?;
    session.execute(
        "CREATE MATERIALIZED VIEW turnover AS
         SELECT symbol, SUM(price * volume) AS total, COUNT(*) AS n FROM Trade GROUP BY symbol",
    )?;
    for (symbol, price, volume) in [("ACME", 10.0, 3), ("INIT", 2.5, 4), ("ACME", 11.0, 1)] {
        session.push(&[Trade { symbol: Sym::new(symbol), price, volume, ts: Timestamp(0) }])?;
    }
    for row in session.view_as::<Turnover>("turnover")? {
        println!("{}: {} in {} trades", row.symbol, row.total, row.n);
    }
    Ok(())
}
