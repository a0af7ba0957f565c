//! Cranelift beside the ahead-of-time pipelines over the same rows, structs in and structs out: whole queries in turn, so that
//! both see the same machine, with equal answers. And the way from text to the first answer, over and over.
//!
//! `cargo bench --bench jit_bench --features jit [-- ratios | answers | compile]`

#![allow(missing_docs, reason = "criterion's macros make public items")]

#[macro_use]
#[path = "bids/mod.rs"]
mod bids;

use bids::{Bid, Check, PerAuction, PerKey, Q0, Q1, Q2, Run, bids, medians};
use criterion::{BenchmarkId, Criterion, criterion_group};
use laminar::Event;
use laminar_codegen::catalog::{Catalog, Relation};
use laminar_codegen::compile::compile;
use laminar_codegen::exec::{Executor, StructPipeline};
use laminar_codegen::ir::{Pipeline, SourceColumn};
use laminar_codegen::parse::parse_query;
use std::sync::Arc;
use std::time::Instant;

const Q0_SQL: &str = "SELECT auction, bidder, price FROM bid";
const Q1_SQL: &str = "SELECT auction, bidder, price * 908 / 1000 AS price FROM bid";
const Q2_SQL: &str = "SELECT auction, price FROM bid WHERE auction % 123 = 0";
const TUMBLE_SQL: &str = "SELECT window_start, auction, COUNT(*) AS n, SUM(price) AS total
                          FROM bid GROUP BY auction, TUMBLE(ts, INTERVAL '1' SECOND)";
const PER_KEY_SQL: &str = "SELECT window_start, key, COUNT(*) AS n, SUM(price) AS total
                           FROM bid GROUP BY key, TUMBLE(ts, INTERVAL '10' SECOND)";

/// Queries compiled, answered and dropped, to see what is left of them.
const CYCLES: usize = 10_000;

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

fn pipeline(sql: &str) -> Arc<Pipeline> {
    let (query, text) = parse_query(sql).expect("the query parses");
    Arc::new(compile(&query, &text, &Bids, "bench").0.expect("the query compiles"))
}

/// Machine code that has been made, for rows of bids as well.
fn prepared<R: Event>(pipeline: &Arc<Pipeline>) -> StructPipeline<R> {
    let mut running = StructPipeline::new(pipeline.clone(), Executor::Jit).expect("every stage is native");
    running.process(0, &[] as &[Bid], &mut |_: R| {}).expect("no row fails");
    running
}

/// Machine code over rows in steps, to the end.
fn run<R: Event>(
    mut running: StructPipeline<R>,
    rows: &[Bid],
    step: usize,
    add: impl Fn(&mut Check, R),
) -> Check {
    let mut check = Check::default();
    let mut out = |row: R| add(&mut check, row);
    for rows in rows.chunks(step) {
        running.process(0, rows, &mut out).expect("no row fails");
    }
    running.finish(&mut out).expect("no result fails");
    check
}

fn ratios() {
    let rows: &'static [Bid] = bids(bids::BIDS / 2, 10_000).leak();
    println!("whole queries, ns a row (machine code / ahead of time = ratio):");
    macro_rules! pair {
        ($name:literal, $sql:expr, $output:ty, |$r:ident, $check:ident| $add:expr) => {
            print!("  {:12}", $name);
            let jit = pipeline($sql);
            for step in [8192, 1024, 64] {
                let machine_code = &mut || -> Run {
                    let made = prepared(&jit);
                    Box::new(move || run(made, rows, step, |$check: &mut Check, $r: $output| $add))
                };
                let ahead_of_time =
                    &mut || -> Run { Box::new(move || drive!($output, rows, step, |$r, $check| $add)) };
                let [jit, aot] = medians(rows.len(), [machine_code, ahead_of_time]);
                print!("  {step:5}: {jit:6.2} / {aot:6.2} = {:4.2}", jit / aot);
            }
            println!();
        };
    }
    pair!("q0", Q0_SQL, Q0, |r, check| check.add(r.auction, r.bidder, r.price));
    pair!("q1", Q1_SQL, Q1, |r, check| check.add(r.auction, r.bidder, r.price));
    pair!("q2", Q2_SQL, Q2, |r, check| check.add(r.auction, r.price, 0));
    pair!("tumble", TUMBLE_SQL, PerAuction, |r, check| check.add(r.auction, r.n, r.total));
    pair!("10 000 keys", PER_KEY_SQL, PerKey, |r, check| check.add(r.key, r.n, r.total));
}

#[cfg(target_os = "linux")]
fn resident_kib() -> u64 {
    let statm = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
    statm.split(' ').nth(1).and_then(|pages| pages.parse::<u64>().ok()).unwrap_or(0) * 4
}

#[cfg(not(target_os = "linux"))]
fn resident_kib() -> u64 {
    0
}

/// A query with four functions and a window, another one each time.
fn query(i: usize) -> String {
    format!(
        "SELECT window_start, key, COUNT(*) AS n, SUM(price + {i}) AS total FROM bid
         WHERE price * 3 > {i} AND (pick < 90 OR lower(CAST(channel AS VARCHAR)) LIKE '%{}%')
         GROUP BY key, TUMBLE(ts, INTERVAL '1' SECOND)",
        i % 10
    )
}

/// From text to the first result, in ms: the parse, and what follows it.
fn first_answer(i: usize, rows: &[Bid]) -> [f64; 2] {
    let sql = query(i);
    let start = Instant::now();
    let (query, text) = parse_query(&sql).expect("the query parses");
    let parsed = Instant::now();
    let pipeline = compile(&query, &text, &Bids, "bench").0.expect("the query compiles");
    let mut running: StructPipeline<PerKey> =
        StructPipeline::new(Arc::new(pipeline), Executor::Jit).expect("every stage is native");
    let mut found = 0;
    let mut out = |_: PerKey| found += 1;
    running.process(0, rows, &mut out).expect("no row fails");
    running.finish(&mut out).expect("no result fails");
    assert!(found > 0);
    [(parsed - start).as_secs_f64() * 1e3, parsed.elapsed().as_secs_f64() * 1e3]
}

fn first_answers() {
    let rows = bids(1024, 10_000);
    let first = first_answer(0, &rows);
    println!("first answer of the process: parsed in {:.2} ms, answered {:.2} ms later", first[0], first[1]);
    // Warm up: what the allocator keeps.
    for i in 1..200 {
        first_answer(i, &rows);
    }
    let before = resident_kib();
    let mut later: Vec<f64> = (0..CYCLES).map(|i| first_answer(i, &rows)[1]).collect();
    let grown = resident_kib() as i64 - before as i64;
    later.sort_unstable_by(f64::total_cmp);
    println!(
        "{CYCLES} queries compiled, answered and dropped: {:.2} ms each after parse (median), {:.2} ms (1 in 100), \
         {:.2} ms (worst); {grown} KiB more resident memory",
        later[CYCLES / 2],
        later[CYCLES - CYCLES / 100],
        later[CYCLES - 1]
    );
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
        group.bench_function(BenchmarkId::new("machine code", name), |b| {
            b.iter(|| laminar_codegen::exec::Running::new(plan.clone(), Executor::Jit, 0))
        });
    }
    group.finish();
}

criterion_group!(benches, compilation);

fn main() {
    let only = std::env::args().skip(1).find(|a| !a.starts_with('-'));
    let wanted = |name: &str| only.as_ref().is_none_or(|only| name.contains(only.as_str()));
    if wanted("ratios") {
        ratios();
    }
    if wanted("answers") {
        first_answers();
    }
    if wanted("compile") {
        benches();
        Criterion::default().final_summary();
    }
}
