//! One query through the struct door and the run-time door, ahead of time, interpreted and compiled by Cranelift: equal rows, equal
//! snapshots, and a snapshot of one goes on under another; Rust functions included. (The corpus does the same for the folder of SQL files.)

use laminar::prelude::*;
use laminar_codegen::catalog::{Catalog, Relation};
use laminar_codegen::compile::compile;
use laminar_codegen::exec::{DynPipeline, Executor};
use laminar_codegen::functions::RustFn;
use laminar_codegen::ir::{Pipeline, SourceColumn};
use laminar_codegen::parse::parse_query;
use laminar_runtime::function::Registered;
use laminar_runtime::stage::Cell;
use std::sync::{Arc, LazyLock};

#[derive(Event, Clone, Debug)]
#[event(time = ts, delay = "2 seconds")]
pub struct Trade {
    pub symbol: Str,
    pub price: f64,
    pub volume: Option<i64>,
    pub fee: Decimal<10, 2>,
    pub ts: Timestamp,
}

const SQL: &str =
    "SELECT window_start, symbol, COUNT(*) AS n, SUM(volume) AS volume, AVG(price) AS mean, MIN(fee) AS fee,
     MAX(loud(symbol)) AS loud, SUM(weighted(price, volume)) AS weighted
     FROM Trade WHERE at_least(price, 2) GROUP BY symbol, TUMBLE(ts, INTERVAL '10' SECOND) HAVING COUNT(*) > 1";

#[pipeline(
    "SELECT window_start, symbol, COUNT(*) AS n, SUM(volume) AS volume, AVG(price) AS mean, MIN(fee) AS fee,
     MAX(loud(symbol)) AS loud, SUM(weighted(price, volume)) AS weighted
     FROM Trade WHERE at_least(price, 2) GROUP BY symbol, TUMBLE(ts, INTERVAL '10' SECOND) HAVING COUNT(*) > 1",
    functions(loud, weighted, at_least)
)]
#[derive(Debug)]
pub struct Summary {
    pub window_start: Timestamp,
    pub symbol: Str,
    pub n: i64,
    pub volume: Option<i64>,
    pub mean: f64,
    pub fee: Decimal<10, 2>,
    pub loud: Str,
    pub weighted: f64,
}

#[udf]
fn loud(text: &str) -> String {
    format!("{text}!")
}

#[udf]
fn weighted(price: f64, volume: Option<i64>) -> f64 {
    price * volume.map_or(0.5, |v| v as f64)
}

#[udf]
fn at_least(price: f64, least: f64) -> Option<bool> {
    (price != least).then_some(price > least)
}

static FUNCTIONS: LazyLock<Vec<Arc<RustFn>>> = LazyLock::new(|| {
    let functions = [
        RustFn::registered("loud", Registered::new(loud)),
        RustFn::registered("weighted", Registered::new(weighted)),
        RustFn::registered("at_least", Registered::new(at_least)),
    ];
    functions.map(Arc::new).to_vec()
});

struct Trades;

impl Catalog for Trades {
    fn relation(&self, _: &[(String, bool)]) -> Option<Relation> {
        let columns = Trade::FIELDS
            .iter()
            .map(|f| SourceColumn { column: f.column.clone(), unsigned: false })
            .collect();
        let time = Trade::TIME.map(|t| (t.field, t.delay_ns));
        Some(Relation {
            name: "Trade".into(),
            columns,
            time,
            changelog: false,
            finite: false,
            declared: vec![],
        })
    }
    fn names(&self) -> Vec<String> {
        vec!["Trade".into()]
    }
    fn functions(&self) -> &[Arc<RustFn>] {
        &FUNCTIONS
    }
}

fn compiled() -> Arc<Pipeline> {
    let (query, text) = parse_query(SQL).expect("the query parses");
    let (pipeline, diagnostics) = compile(&query, &text, &Trades, "Summary");
    Arc::new(pipeline.unwrap_or_else(|| panic!("{diagnostics:#?}")))
}

fn rows() -> Vec<Trade> {
    (0..3000i64)
        .map(|i| Trade {
            symbol: Str::from(format!(
                "symbol {}{}",
                i * i % 13,
                if i % 3 == 0 { ", a long one" } else { "" }
            )),
            price: (i * 7 % 50) as f64 / 3.0,
            volume: (i % 5 != 0).then_some(i),
            fee: Decimal::from_mantissa(i % 1000 - 500).expect("the fee has few digits"),
            ts: Timestamp((i / 10 - (i % 17) / 4) * 1_000_000_000),
        })
        .collect()
}

/// A row of results as text, each float by its bits.
fn text(row: &[(Cell, bool)]) -> String {
    let cells: Vec<(Cell, bool)> = row.to_vec();
    let row = Summary::from_cells(&cells).expect("the columns fit the struct");
    format!("{row:?} {:x}", row.mean.to_bits())
}

struct Run {
    rows: Vec<String>,
    halfway: Vec<u8>,
    digest: u64,
    late: u64,
}

/// All rows ahead of time; halfway a snapshot is taken, or `from` is restored.
fn ahead_of_time(rows: &[Trade], from: Option<&[u8]>) -> Run {
    let (first, second) = rows.split_at(rows.len() / 2);
    let mut out = Vec::new();
    let mut sink = |r: Summary| out.push(format!("{r:?} {:x}", r.mean.to_bits()));
    let mut pipeline = Summary::pipeline();
    let mut halfway = Vec::new();
    match from {
        None => pipeline.process(first, &mut sink).expect("no row fails"),
        Some(bytes) => pipeline.restore(&mut &bytes[..]).expect("the snapshot fits"),
    }
    pipeline.snapshot(&mut halfway).expect("memory takes a snapshot");
    let digest = pipeline.digest();
    pipeline.process(second, &mut sink).expect("no row fails");
    let late = pipeline.counters().late;
    pipeline.finish(&mut sink).expect("no result fails");
    Run { rows: out, halfway, digest, late }
}

/// The same at run time.
fn at_run_time(rows: &[Trade], executor: Executor, from: Option<&[u8]>) -> Run {
    let (first, second) = rows.split_at(rows.len() / 2);
    let mut out = Vec::new();
    let mut sink = |row: &[(Cell, bool)], weight: i64| {
        assert_eq!(weight, 1);
        out.push(text(row));
    };
    let mut pipeline = DynPipeline::new(compiled(), executor).expect("every stage is native");
    let mut halfway = Vec::new();
    match from {
        None => pipeline.process_rows(0, first, &mut sink).expect("no row fails"),
        Some(bytes) => pipeline.restore(&mut &bytes[..]).expect("the snapshot fits"),
    }
    pipeline.snapshot(&mut halfway).expect("memory takes a snapshot");
    let digest = pipeline.digest();
    pipeline.process_rows(0, second, &mut sink).expect("no row fails");
    let late = pipeline.counters(0).late;
    pipeline.finish(&mut sink).expect("no result fails");
    Run { rows: out, halfway, digest, late }
}

#[test]
fn doors_and_executors_agree_and_take_over_from_each_other() {
    let rows = rows();
    let run = |who: usize, from: Option<&[u8]>| match who {
        0 => ahead_of_time(&rows, from),
        1 => at_run_time(&rows, Executor::Interp, from),
        _ => at_run_time(&rows, Executor::Jit, from),
    };
    let first = run(0, None);
    assert!(first.rows.len() > 100 && first.late > 10, "{} rows, {} late", first.rows.len(), first.late);
    for who in 1..3 {
        let other = run(who, None);
        assert_eq!(other.rows, first.rows, "executor {who}");
        assert_eq!(other.halfway, first.halfway, "executor {who}");
        assert_eq!((other.digest, other.late), (first.digest, first.late), "executor {who}");
    }
    for from in 0..3 {
        let snapshot = run(from, None).halfway;
        for to in 0..3 {
            let rest = run(to, Some(&snapshot));
            assert!(first.rows.ends_with(&rest.rows), "from {from} to {to}");
            assert_eq!(rest.halfway, snapshot, "from {from} to {to}");
        }
    }
}

#[test]
fn a_snapshot_of_another_query_is_refused() {
    let snapshot = ahead_of_time(&rows(), None).halfway;
    let (query, text) =
        parse_query("SELECT symbol, COUNT(*) AS n FROM Trade GROUP BY symbol").expect("the query parses");
    let other = compile(&query, &text, &Trades, "other").0.expect("the query compiles");
    let mut other =
        DynPipeline::new(Arc::new(other), Executor::Interp).expect("the interpreter runs everything");
    assert!(other.restore(&mut &snapshot[..]).is_err());
    let mut damaged = snapshot.clone();
    let middle = damaged.len() / 2;
    damaged[middle] ^= 1;
    assert!(Summary::pipeline().restore(&mut &damaged[..]).is_err());
    assert!(Summary::pipeline().restore(&mut &snapshot[..snapshot.len() - 1]).is_err());
}

/// The same query over a function of other types.
struct OtherTypes(Vec<Arc<RustFn>>);

impl Catalog for OtherTypes {
    fn relation(&self, parts: &[(String, bool)]) -> Option<Relation> {
        Trades.relation(parts)
    }
    fn names(&self) -> Vec<String> {
        Trades.names()
    }
    fn functions(&self) -> &[Arc<RustFn>] {
        &self.0
    }
}

#[test]
fn a_snapshot_of_functions_of_other_types_is_refused() {
    let snapshot = ahead_of_time(&rows(), None).halfway;
    let (query, text) = parse_query(SQL).expect("the query parses");
    let restored = |functions: Vec<Arc<RustFn>>| {
        let pipeline =
            compile(&query, &text, &OtherTypes(functions), "Summary").0.expect("the query compiles");
        let mut running = DynPipeline::new(Arc::new(pipeline), Executor::Interp).expect("it runs");
        running.restore(&mut &snapshot[..]).is_ok()
    };
    assert!(restored(FUNCTIONS.clone()));
    let mut others = FUNCTIONS.clone();
    let takes_null = Registered::new(|price: Option<f64>, least: f64| price.map(|p| p > least));
    others[2] = Arc::new(RustFn::registered("at_least", takes_null));
    assert!(!restored(others));
}
