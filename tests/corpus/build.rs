//! Compiles all cases ahead of time, by door 2, and writes the table by which the test finds them.

#[path = "src/cases.rs"]
mod cases;
#[path = "src/sources.rs"]
mod sources;

use laminar_runtime::plan::OutputKind;
use std::fmt::Write;
use std::path::Path;

/// Of so many cases one is listed.
const LISTED: usize = 16;

fn main() {
    laminar_codegen::build("cases").emit();

    let sources = sources::Sources::load();
    let mut table = String::from("table! {\n");
    for case in cases::load(Path::new("cases")) {
        // Door 2 tells what is wrong with it.
        let Ok(pipeline) = sources.compile(&case.name, &case.sql) else { continue };
        let kind = match pipeline.plan.output {
            OutputKind::Append => "rows",
            OutputKind::Changes | OutputKind::Upsert { .. } => "changes",
        };
        let inputs: Vec<String> =
            pipeline.sources.iter().enumerate().map(|(i, s)| format!("{i} {}", s.relation)).collect();
        let row = camel(&case.name);
        writeln!(table, "    {} {row} {row}Pipeline {kind} [{}];", case.name, inputs.join(", "))
            .expect("texts grow");
    }
    table.push_str("}\n");
    let out = std::env::var("OUT_DIR").expect("cargo sets OUT_DIR");
    std::fs::write(Path::new(&out).join("table.rs"), table).expect("OUT_DIR can be written");
    std::fs::write(Path::new(&out).join("listings.rs"), listings(&sources)).expect("OUT_DIR can be written");
}

/// What `EXPLAIN RUST` shows of some cases, each as a module.
fn listings(sources: &sources::Sources) -> String {
    let (mut modules, mut table) = (String::new(), String::new());
    for case in cases::load(Path::new("cases")).iter().step_by(LISTED) {
        let Ok(pipeline) = sources.compile(&case.name, &case.sql) else { continue };
        let text = laminar_codegen::rust::listing(&pipeline).expect("what is generated is Rust");
        writeln!(modules, "mod {} {{\n{text}}}", case.name).expect("texts grow");
        writeln!(table, "(\"{0}\", {0}::Row::pipeline().sql()),", case.name).expect("texts grow");
    }
    format!("{modules}pub fn listed() -> Vec<(&'static str, &'static str)> {{\nvec![{table}]\n}}\n")
}

/// The struct of a view: `order_book` is `OrderBook`.
fn camel(name: &str) -> String {
    let word = |w: &str| {
        let (first, rest) = w.split_at(w.len().min(1));
        first.to_uppercase() + rest
    };
    name.split('_').map(word).collect()
}
