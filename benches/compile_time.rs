//! What a pipeline costs the user's build: rustc's time and the size of the library, from crates with 0 and 100 windowed
//! pipelines, each driven by a sink of its own; and the compiler's own work, in process.
//!
//! Crates are made below `target/compile_time`; the time of a crate is the best of three builds of it alone.

#![allow(missing_docs, reason = "criterion's macros make public items")]

use criterion::{Criterion, criterion_group};
use laminar_codegen::catalog::{Catalog, Relation};
use laminar_codegen::ir::SourceColumn;
use laminar_runtime::schema::{Column, Ty};
use std::path::Path;
use std::process::Command;
use std::time::Instant;

mod windowed;

const PIPELINES: usize = 100;

/// Best time in ms of a build of the crate alone, and the size of its library in bytes.
fn build(n: usize, release: bool) -> (f64, u64) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = root.join(format!("target/compile_time/p{n}"));
    std::fs::create_dir_all(folder.join("src")).expect("target can be written");
    let manifest = format!(
        "[package]\nname = \"p{n}\"\nversion = \"0.0.0\"\nedition = \"2024\"\n[workspace]\n\
         [dependencies]\nlaminar-stream = {{ path = \"{}\" }}\n",
        root.display()
    );
    std::fs::write(folder.join("Cargo.toml"), manifest).expect("target can be written");
    std::fs::copy(root.join("Cargo.lock"), folder.join("Cargo.lock")).expect("the lock file is there");
    let file = folder.join("src/lib.rs");
    let mut best = f64::INFINITY;
    for attempt in 0..4 {
        std::fs::write(&file, format!("{}// {attempt}\n", windowed::source(n)))
            .expect("target can be written");
        let mut cargo = Command::new(env!("CARGO"));
        cargo
            .current_dir(&folder)
            .arg("build")
            .env("CARGO_TARGET_DIR", root.join("target/compile_time/target"));
        if release {
            cargo.arg("--release");
        }
        let start = Instant::now();
        let out = cargo.output().expect("cargo runs");
        assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
        // The first build makes the dependencies.
        if attempt > 0 {
            best = best.min(start.elapsed().as_secs_f64() * 1e3);
        }
    }
    let profile = if release { "release" } else { "debug" };
    let library = root.join(format!("target/compile_time/target/{profile}/libp{n}.rlib"));
    (best, std::fs::metadata(library).map_or(0, |m| m.len()))
}

fn rustc() {
    println!("rustc, a windowed pipeline with six results (({PIPELINES} - 0) / {PIPELINES}):");
    for release in [false, true] {
        let (none_ms, none_bytes) = build(0, release);
        let (all_ms, all_bytes) = build(PIPELINES, release);
        println!(
            "  {:8} {:6.1} ms, {:5.1} kB of rlib",
            if release { "-O3" } else { "debug" },
            (all_ms - none_ms) / PIPELINES as f64,
            all_bytes.saturating_sub(none_bytes) as f64 / PIPELINES as f64 / 1e3
        );
    }
}

struct Trades;

impl Catalog for Trades {
    fn relation(&self, _: &[(String, bool)]) -> Option<Relation> {
        let column = |name, ty| SourceColumn { column: Column::fixed(name, ty, false), unsigned: false };
        let columns = vec![
            column("symbol", Ty::Bigint),
            column("price", Ty::Double),
            column("volume", Ty::Bigint),
            column("ts", Ty::Timestamp),
        ];
        let time = Some((3, 5_000_000_000));
        Some(Relation {
            name: "trade".into(),
            columns,
            time,
            changelog: false,
            finite: false,
            declared: vec![],
        })
    }
    fn names(&self) -> Vec<String> {
        vec!["trade".into()]
    }
}

fn compiler(c: &mut Criterion) {
    let sql = "SELECT symbol, window_start, SUM(price * volume) / SUM(volume) AS vwap, COUNT(*) AS n
               FROM trade WHERE price > 1 GROUP BY symbol, TUMBLE(ts, INTERVAL '1' MINUTE)";
    c.bench_function("compiler/parse, bind, lower", |b| {
        b.iter(|| {
            let (query, text) = laminar_codegen::parse::parse_query(sql).expect("the query parses");
            laminar_codegen::compile::compile(&query, &text, &Trades, "bench").0.expect("the query compiles")
        })
    });
}

criterion_group!(benches, compiler);

fn main() {
    rustc();
    benches();
    Criterion::default().configure_from_args().final_summary();
}
