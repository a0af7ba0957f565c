//! Each case ahead of time, by the JIT, by the interpreter and by SQLite: four equal answers.

mod dynamic;
mod sqlite;

use laminar_corpus::cases::{self, Case};
use laminar_corpus::run::{self, Run, Step};
use laminar_corpus::value::{Emitted, fold, row_text};
use std::path::Path;

fn all_cases() -> Vec<Case> {
    cases::load(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/cases")))
}

fn run_all(run: &mut dyn Run, steps: &[Step]) -> Vec<Emitted> {
    for s in steps {
        run.take(s.source, s.rows.clone());
    }
    run.finish();
    run.drain()
}

#[test]
fn interp() {
    let catalog = dynamic::Sources::load();
    let db = sqlite::Database::open();
    let mut bad = 0;
    let only = std::env::var("CASE").ok();
    for case in all_cases() {
        if only.as_ref().is_some_and(|o| *o != case.name) { continue; }
        let pipeline = match dynamic::compile(&case, &catalog) {
            Ok(p) => p,
            Err(e) => { println!("==== {} does not compile:\n{e}", case.name); bad += 1; continue; }
        };
        let names: Vec<String> = pipeline.sources.iter().map(|s| s.relation.clone()).collect();
        let inputs = run::inputs(&names);
        let steps = run::steps(&inputs.iter().map(Vec::len).collect::<Vec<_>>());
        let mut r = dynamic::Dynamic::new(&pipeline, laminar_codegen::exec::Executor::Interp);
        let emitted = run_all(&mut r, &steps);
        let ours = fold(&emitted, dynamic::upsert_keys(&pipeline.plan).as_deref());
        let theirs = match db.answer(&case, &pipeline.plan.columns) {
            Ok(rows) => rows,
            Err(e) => { println!("==== {}: SQLite: {e}", case.name); bad += 1; continue; }
        };
        let same = ours.len() == theirs.len() && ours.iter().zip(&theirs).all(|(a, b)| a.iter().zip(b).all(|(a, b)| a.same(b)));
        if !same {
            bad += 1;
            println!("==== {}: {} rows, SQLite {}", case.name, ours.len(), theirs.len());
            let mut shown = 0;
            for k in 0..ours.len().max(theirs.len()) {
                let (a, b) = (ours.get(k), theirs.get(k));
                let eq = a.zip(b).is_some_and(|(a, b)| a.iter().zip(b).all(|(a, b)| a.same(b)));
                if !eq && shown < 3 {
                    shown += 1;
                    println!("  ours   {}\n  sqlite {}", a.map_or("-".into(), |r| row_text(r)), b.map_or("-".into(), |r| row_text(r)));
                }
            }
        }
        if ours.is_empty() { println!("---- {} is empty", case.name); }
    }
    println!("{bad} bad");
    assert_eq!(bad, 0);
}
