//! Procedural macros of Laminar: thin shims over `laminar-codegen`, which does the work and is tested there.
//!
//! Invariant: no panic escapes a macro; a fault of the compiler becomes one error that asks for a report.

#![deny(missing_docs)]

use proc_macro::TokenStream;

/// Makes a struct an event: its fields are columns, its name a table of SQL.
///
/// ```text
/// #[derive(Event, Clone, Debug)]
/// #[event(time = ts, delay = "5 seconds")]
/// pub struct Trade { pub symbol: Sym, pub price: f64, pub volume: i64, pub ts: Timestamp }
/// ```
///
/// | attribute | meaning |
/// |---|---|
/// | `time = field` | event time; a `Timestamp` |
/// | `delay = "5 seconds"` | how far the watermark stays behind the greatest time seen; none: 0 |
/// | `sql = "BIGINT"` on a field | SQL type of an alias |
/// | `crate = path` | where Laminar is, if not at `::laminar` |
///
/// It also makes `TradeColumns`, the struct of arrays that `process_columns` takes.
#[proc_macro_derive(Event, attributes(event))]
pub fn derive_event(input: TokenStream) -> TokenStream {
    guarded(|| laminar_codegen::event::derive(input.into()))
}

/// Makes a struct the output row of a query, and gives it a pipeline.
///
/// ```text
/// #[pipeline("
///     SELECT symbol, window_start, SUM(price * volume) / SUM(volume) AS vwap, COUNT(*) AS n
///     FROM Trade
///     GROUP BY symbol, TUMBLE(ts, INTERVAL '1' MINUTE)
///     EMIT ON WINDOW CLOSE
/// ")]
/// #[derive(Debug)]
/// pub struct Vwap { pub symbol: Sym, pub window_start: Timestamp, pub vwap: f64, pub n: i64 }
///
/// let mut vwap = Vwap::pipeline();
/// ```
///
/// Tables are structs in scope that derive `Event`, or rows of other pipelines; `events.Trade` is `events::Trade`. The fields
/// bind to the output columns by name. The struct becomes an event itself.
///
/// | argument | meaning |
/// |---|---|
/// | a string, or `sql = "…"` | the query |
/// | `file = "vwap.sql"` | a file with the query, beside the Rust file or in the package |
/// | `from(path::To::Trade as trades)` | name of a struct in the query |
/// | `functions(path::to::mid, other as name)` | functions with `#[udf]` that the query calls |
/// | `with(on_error = "fail")` | `"fail"`: stop at a row that fails; `"skip"`: count it; `"dead_letter"`: give it to the sink as `Rejected` |
/// | `with(capacity = 1000)` | room for this many groups |
/// | `crate = path` | where Laminar is, if not at `::laminar` |
#[proc_macro_attribute]
pub fn pipeline(attribute: TokenStream, item: TokenStream) -> TokenStream {
    guarded(|| laminar_codegen::pipeline_macro::begin(attribute.into(), item.into()))
}

/// Makes a Rust function one that the SQL of pipelines may call.
///
/// ```text
/// #[udf]
/// fn mid(bid: f64, ask: f64) -> f64 { (bid + ask) / 2.0 }
///
/// #[pipeline("SELECT symbol, mid(bid, ask) AS mid FROM Quote", functions(mid))]
/// pub struct Mid { pub symbol: Sym, pub mid: f64 }
/// ```
///
/// It takes up to eight arguments of the types that a field can have, and `&str` and `&[u8]`. With an argument that is no `Option` it
/// is strict: where the value is NULL, so is the result, and it is not called. A result that is an `Option` may be NULL; an
/// `Err` of a `Result`, or a panic, rejects the row. Its result should depend on its arguments alone.
///
/// | argument | meaning |
/// |---|---|
/// | `crate = path` | where Laminar is, if not at `::laminar` |
#[proc_macro_attribute]
pub fn udf(attribute: TokenStream, item: TokenStream) -> TokenStream {
    guarded(|| laminar_codegen::udf::expand(attribute.into(), item.into()))
}

/// The end of a chain that `#[pipeline]` begins: all tables of the query are known.
#[doc(hidden)]
#[proc_macro]
pub fn compile_pipeline(input: TokenStream) -> TokenStream {
    guarded(|| laminar_codegen::pipeline_macro::compile(input.into()))
}

/// Runs a macro; a panic becomes an error of the program that is compiled.
fn guarded(expand: impl FnOnce() -> proc_macro2::TokenStream) -> TokenStream {
    match std::panic::catch_unwind(std::panic::AssertUnwindSafe(expand)) {
        Ok(tokens) => tokens.into(),
        Err(panic) => laminar_codegen::event::internal_error(&*panic).into(),
    }
}
