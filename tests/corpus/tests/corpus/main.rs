//! Each case ahead of time, by the JIT, by the interpreter and by SQLite: four equal answers.
//!
//! `CASE=name cargo test -p laminar-corpus` runs one case.

mod differences;
mod dynamic;
#[path = "../../src/sources.rs"]
mod sources;
mod sqlite;

use differences::DIFFERENCES;
use dynamic::Compiled;
use laminar_codegen::exec::Executor;
use laminar_codegen::ir::Pipeline;
use laminar_corpus::aot;
use laminar_corpus::cases::{self, Case};
use laminar_corpus::run::{self, Run, Step};
use laminar_corpus::value::{Emitted, Value, fold, row_text};
use laminar_runtime::plan::OutputKind;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

/// Starts a run of a case.
type Start<'a> = &'a dyn Fn() -> Box<dyn Run>;

fn all_cases() -> Vec<Case> {
    cases::load(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/cases")))
}

#[test]
fn all_answers_are_equal() {
    let sources = sources::Sources::load();
    let database = sqlite::Database::open();
    let only = std::env::var("CASE").ok();
    let cases: Vec<Case> =
        all_cases().into_iter().filter(|c| only.as_ref().is_none_or(|only| *only == c.name)).collect();
    let mut failed = Vec::new();
    for case in &cases {
        let checked = catch_unwind(AssertUnwindSafe(|| {
            let pipeline = sources.compile(&case.name, &case.sql).unwrap_or_else(|e| panic!("{e}"));
            let ours = check_executors(case, &pipeline);
            check_answer(case, &pipeline, &ours, &database);
        }));
        if checked.is_err() {
            eprintln!("case {} failed:\n{}\n", case.name, case.sql);
            failed.push(&case.name);
        }
    }
    println!("{} cases, each ahead of time, by JIT, by interpreter and by SQLite", cases.len());
    println!("{} of them with an answer of our own instead of SQLite's", DIFFERENCES.len());
    assert!(failed.is_empty(), "{} cases failed: {failed:?}", failed.len());
    assert!(only.is_some() || cases.len() >= 100, "only {} cases", cases.len());
}

#[test]
fn differences_are_of_cases() {
    let cases = all_cases();
    for d in DIFFERENCES {
        assert!(cases.iter().any(|c| c.name == d.case), "there is no case {}", d.case);
        assert!(!d.why.is_empty());
    }
}

/// All executors emit the same rows in the same order, have the same state half-way, and go on from one another's snapshots.
/// Returns what remains of the rows.
fn check_executors(case: &Case, pipeline: &Pipeline) -> Vec<Vec<Value>> {
    let lengths: Vec<usize> = inputs(pipeline).iter().map(Vec::len).collect();
    let steps = run::steps(&lengths);
    let (first, rest) = steps.split_at(steps.len() / 2);

    let (jit, interp) = (Compiled::new(pipeline, Executor::Jit), Compiled::new(pipeline, Executor::Interp));
    let ahead = || aot::case(&case.name).unwrap_or_else(|| panic!("{} is not compiled", case.name));
    let executors: [(&str, Start<'_>); 3] =
        [("interpreter", &|| interp.start()), ("JIT", &|| jit.start()), ("ahead of time", &ahead)];

    let half_way: Vec<_> = executors
        .iter()
        .map(|(_, start)| {
            let mut run = start();
            let head = go(run.as_mut(), first);
            let (snapshot, digest) = (run.snapshot(), run.digest());
            let mut tail = go(run.as_mut(), rest);
            run.finish();
            tail.extend(run.drain());
            (head, snapshot, digest, tail)
        })
        .collect();
    let (head, snapshot, digest, tail) = &half_way[0];
    for ((name, start), (head1, snapshot1, digest1, tail1)) in executors.iter().zip(&half_way) {
        assert_sequence(name, head, head1);
        assert_sequence(name, tail, tail1);
        assert_eq!(digest, digest1, "digest of {name}");
        assert_eq!(snapshot, snapshot1, "snapshot of {name}");
        // The snapshots are equal, so that going on from one is going on from all.
        let mut run = start();
        run.restore(snapshot);
        assert_eq!(*digest, run.digest(), "digest of {name} after a restore");
        let mut again = go(run.as_mut(), rest);
        run.finish();
        again.extend(run.drain());
        assert_sequence(&format!("{name} after a restore"), tail, &again);
    }

    let whole: Vec<Emitted> = head.iter().chain(tail).cloned().collect();
    let keys = dynamic::upsert_keys(&pipeline.plan);
    let remains = fold(&whole, keys.as_deref());
    if let [length] = lengths[..] {
        // The same rows in one step.
        let mut run = ahead();
        let mut at_once = go(run.as_mut(), &[Step { source: 0, rows: 0..length }]);
        run.finish();
        at_once.extend(run.drain());
        if pipeline.plan.output == OutputKind::Append {
            assert_sequence("one step", &whole, &at_once);
        }
        assert_eq!(texts(&remains), texts(&fold(&at_once, keys.as_deref())), "in one step");
    }
    remains
}

fn inputs(pipeline: &Pipeline) -> Vec<Vec<laminar_corpus::rows::Row>> {
    let names: Vec<String> = pipeline.sources.iter().map(|s| s.relation.clone()).collect();
    run::inputs(&names)
}

fn go(run: &mut dyn Run, steps: &[Step]) -> Vec<Emitted> {
    for s in steps {
        run.take(s.source, s.rows.clone());
    }
    run.drain()
}

fn texts(rows: &[Vec<Value>]) -> Vec<String> {
    rows.iter().map(|r| row_text(r)).collect()
}

fn assert_sequence(who: &str, expected: &[Emitted], found: &[Emitted]) {
    let text =
        |e: Option<&Emitted>| e.map_or("nothing".into(), |e| format!("{:+} {}", e.weight, row_text(&e.row)));
    for i in 0..expected.len().max(found.len()) {
        let (a, b) = (expected.get(i), found.get(i));
        assert!(a == b, "{who}: row {i}\n  is        {}\n  should be {}", text(b), text(a));
    }
}

/// The answer is SQLite's, or where its dialect differs the one that the table has.
fn check_answer(case: &Case, pipeline: &Pipeline, ours: &[Vec<Value>], database: &sqlite::Database) {
    let theirs = database.answer(case, &pipeline.plan.columns).unwrap_or_else(|e| panic!("SQLite: {e}"));
    let same = |a: &[Value], b: &[Value]| a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.same(b));
    let first = (0..ours.len().max(theirs.len()))
        .find(|&i| !ours.get(i).zip(theirs.get(i)).is_some_and(|(a, b)| same(a, b)));
    if let Some(difference) = DIFFERENCES.iter().find(|d| d.case == case.name) {
        assert!(first.is_some(), "SQLite agrees: this is no difference any more");
        let mut ours = texts(ours);
        ours.sort();
        assert_eq!(ours, difference.rows, "{}", difference.why);
    } else if let Some(i) = first {
        let text = |rows: &[Vec<Value>]| rows.get(i).map_or("nothing".into(), |r| row_text(r));
        panic!(
            "row {i} of {}, SQLite has {}\n  ours   {}\n  SQLite {}",
            ours.len(),
            theirs.len(),
            text(ours),
            text(&theirs)
        );
    }
}
