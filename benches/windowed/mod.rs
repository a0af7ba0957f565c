//! A crate of windowed pipelines with six results and a sink each: what a pipeline costs a build is measured with it.

use std::fmt::Write;

/// The crate's source, with `n` pipelines.
pub fn source(n: usize) -> String {
    let mut text = "use laminar::prelude::*;\n\n\
         #[derive(Event, Clone, Debug)]\n#[event(time = ts, delay = \"5 seconds\")]\n\
         pub struct Trade { pub symbol: i64, pub price: f64, pub volume: i64, pub ts: Timestamp }\n\n"
        .to_string();
    for i in 0..n {
        let _ = write!(
            text,
            "#[pipeline(\"SELECT symbol, window_start, SUM(price * volume) / SUM(volume) AS vwap, COUNT(*) AS n,
                MIN(price) AS low, MAX(price) AS high
         FROM Trade WHERE price > {i} AND volume > 0 GROUP BY symbol, TUMBLE(ts, INTERVAL '{}' SECOND)\")]
pub struct Out{i} {{ pub symbol: i64, pub window_start: Timestamp, pub vwap: f64, pub n: i64, pub low: f64, pub high: f64 }}

pub fn run{i}(rows: &[Trade], out: &mut Vec<Out{i}>) -> Result<(), laminar::Error> {{
    let mut pipeline = Out{i}::pipeline();
    pipeline.process(rows, out)?;
    pipeline.finish(out)
}}

",
            i + 1
        );
    }
    text
}
