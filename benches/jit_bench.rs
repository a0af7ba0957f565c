//! Cranelift beside the ahead-of-time pipelines over the same rows, read in place, and the time from text to machine code.

#![allow(missing_docs, reason = "criterion's macros make public items")]

#[macro_use]
#[path = "bids/mod.rs"]
mod bids;

use bids::{Bid, Check, PerAuction, Q0, Q1, Q2, bids};
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use laminar::Event;
use laminar_codegen::catalog::{Catalog, Relation};
use laminar_codegen::compile::compile;
use laminar_codegen::exec::{Executor, cell_layouts, code, rows_layout};
use laminar_codegen::ir::{Pipeline, SourceColumn};
use laminar_codegen::parse::parse_query;
use laminar_runtime::engine::{Emitter, Engine, OutBatch};
use laminar_runtime::plan::Port;
use laminar_runtime::stage::Code;
use laminar_runtime::types::Timestamp;

const Q0_SQL: &str = "SELECT auction, bidder, price FROM bid";
const Q1_SQL: &str = "SELECT auction, bidder, price * 908 / 1000 AS price FROM bid";
const Q2_SQL: &str = "SELECT auction, price, 0 AS none FROM bid WHERE auction % 123 = 0";
const TUMBLE_SQL: &str = "SELECT auction, COUNT(*) AS n, SUM(price) AS total
                          FROM bid GROUP BY auction, TUMBLE(ts, INTERVAL '1' SECOND)";

struct Bids;

impl Catalog for Bids {
    fn relation(&self, _: &[(String, bool)]) -> Option<Relation> {
        let columns =
            Bid::FIELDS.iter().map(|f| SourceColumn { column: f.column.clone(), unsigned: false }).collect();
        let time = Bid::TIME.map(|t| (t.field, t.delay_ns));
        Some(Relation {
            name: "bid".into(),
            columns,
            time,
            changelog: false,
            finite: false,
            declared: vec![],
        })
    }
    fn names(&self) -> Vec<String> {
        vec!["bid".into()]
    }
}

fn pipeline(sql: &str) -> Pipeline {
    let (query, text) = parse_query(sql).expect("the query parses");
    compile(&query, &text, &Bids, "bench").0.expect("the query compiles")
}

/// Machine code that reads bids in place.
fn machine_code(pipeline: &Pipeline) -> Code {
    let mut layouts = cell_layouts(pipeline);
    for (e, edge) in pipeline.plan.edges.iter().enumerate() {
        if let Port::Source(s) = edge.from {
            layouts[e] = rows_layout::<Bid>(&pipeline.programs[e], &pipeline.sources[s as usize].columns)
                .expect("a bid has plain fields only");
        }
    }
    code(pipeline, &layouts, Executor::Jit).expect("every stage is native")
}

/// Adds up three integer columns.
#[derive(Default)]
struct Sum(Check);

impl Emitter for Sum {
    fn rows(&mut self, batch: &OutBatch<'_>) {
        // SAFETY: the queries here give three integer columns.
        let column = |c: usize, row: usize| unsafe { *batch.columns[c].data.cast::<i64>().add(row) };
        for j in 0..batch.len {
            let row = batch.order.map_or(j, |order| order[j] as usize);
            self.0.add(column(0, row), column(1, row), column(2, row));
        }
    }
    fn late(&mut self, _: u32, _: usize) {}
    fn rejected(&mut self, _: u32, _: usize, _: u16) {}
    fn watermark(&mut self, _: Timestamp) {}
}

fn run(pipeline: &Pipeline, code: &Code, rows: &[Bid], step: usize) -> Check {
    let mut engine = Engine::new(pipeline.plan.clone(), code.clone());
    let mut out = Sum::default();
    for rows in rows.chunks(step) {
        // SAFETY: the code reads bids.
        unsafe { engine.process(0, rows.as_ptr().cast(), rows.len(), None, None, &mut out) }
            .expect("no row fails");
    }
    engine.finish(&mut out).expect("no result fails");
    out.0
}

fn throughput(c: &mut Criterion) {
    let rows = bids(bids::BIDS, 10_000);
    for step in [64, 1024, 8192] {
        let mut group = c.benchmark_group(format!("jit beside ahead of time/steps of {step}"));
        group.throughput(Throughput::Elements(rows.len() as u64)).sample_size(10);
        macro_rules! pair {
            ($name:literal, $sql:expr, $output:ty, |$r:ident, $check:ident| $add:expr) => {
                let jit = pipeline($sql);
                let native = machine_code(&jit);
                assert_eq!(
                    run(&jit, &native, &rows, step),
                    drive!($output, rows, step, |$r, $check| $add),
                    $name
                );
                group.bench_function(BenchmarkId::new($name, "jit"), |b| {
                    b.iter(|| run(&jit, &native, &rows, step))
                });
                group.bench_function(BenchmarkId::new($name, "ahead of time"), |b| {
                    b.iter(|| drive!($output, rows, step, |$r, $check| $add))
                });
            };
        }
        pair!("q0", Q0_SQL, Q0, |r, check| check.add(r.auction, r.bidder, r.price));
        pair!("q1", Q1_SQL, Q1, |r, check| check.add(r.auction, r.bidder, r.price));
        pair!("q2", Q2_SQL, Q2, |r, check| check.add(r.auction, r.price, 0));
        pair!("tumble", TUMBLE_SQL, PerAuction, |r, check| check.add(r.auction, r.n, r.total));
        group.finish();
    }
}

fn compilation(c: &mut Criterion) {
    let mut group = c.benchmark_group("from text to machine code");
    for (name, sql) in [("q0", Q0_SQL), ("q1", Q1_SQL), ("q2", Q2_SQL), ("tumble", TUMBLE_SQL)] {
        group.bench_function(BenchmarkId::new("parse", name), |b| b.iter(|| parse_query(sql)));
        let (query, text) = parse_query(sql).expect("the query parses");
        group.bench_function(BenchmarkId::new("plan", name), |b| {
            b.iter(|| compile(&query, &text, &Bids, "bench"))
        });
        let plan = pipeline(sql);
        group.bench_function(BenchmarkId::new("machine code", name), |b| b.iter(|| machine_code(&plan)));
    }
    group.finish();
}

criterion_group!(benches, compilation, throughput);
criterion_main!(benches);
