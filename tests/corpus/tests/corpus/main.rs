//! Each case ahead of time, by the JIT, by the interpreter and by SQLite: four equal answers.
//!
//! `CASE=name cargo test -p laminar-corpus` runs one case.

mod differences;
mod dynamic;
mod listings;
#[path = "../../src/sources.rs"]
mod sources;
mod sqlite;

use differences::DIFFERENCES;
use dynamic::Dynamic;
use laminar_codegen::exec::Executor;
use laminar_codegen::ir::Pipeline;
use laminar_codegen::sir::Op;
use laminar_corpus::aot;
use laminar_corpus::cases::{self, Case};
use laminar_corpus::rows;
use laminar_corpus::run::{self, Run, Step};
use laminar_corpus::value::{Emitted, Value, fold, row_text, sort};
use laminar_runtime::plan::OutputKind;
use laminar_runtime::scalar;
use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Arc;

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
            let pipeline = Arc::new(sources.compile(&case.name, &case.sql).unwrap_or_else(|e| panic!("{e}")));
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

/// No instruction, function or accumulator is left out.
#[test]
fn cases_use_everything() {
    let sources = sources::Sources::load();
    let mut used = BTreeSet::new();
    for case in all_cases() {
        let pipeline =
            sources.compile(&case.name, &case.sql).unwrap_or_else(|e| panic!("{}: {e}", case.name));
        for inst in pipeline.programs.iter().flat_map(|p| &p.insts) {
            used.insert(match &inst.op {
                Op::Call(id) => id.def().name.to_string(),
                op => format!("{op:?}"),
            });
        }
        let accumulators = pipeline.plan.groups.iter().flat_map(|g| g.accumulators.iter());
        used.extend(accumulators.map(|a| format!("{:?}", a.op)));
    }
    let mut missing: Vec<&str> = Vec::new();
    let uses = |what: &str| used.iter().any(|u| u == what || u.starts_with(&format!("{what}(")));
    // What instructions call, not programs; what no query leads to; and a constant, which is folded.
    let inner = [
        "text_cmp",
        "text_eq",
        "bytes_cmp",
        "bytes_eq",
        "float_cmp",
        "interval_cmp",
        "norm_float",
        "wide_to_float",
        "pi",
    ];
    missing.extend(scalar::FUNCTIONS.iter().map(|f| f.name).filter(|f| !inner.contains(f) && !uses(f)));
    // Without `Now` and `NonNegative`: no case reads the clock or an unsigned field.
    let operations = [
        "Input",
        "Const",
        "Null",
        "WindowStart",
        "WindowEnd",
        "Add(I16)",
        "Sub(I16)",
        "Mul(I16)",
        "Neg(I16)",
        "Div(I16)",
        "Fit(I16)",
        "RoundReal",
        "Widen",
        "MulWide",
        "SumWide",
        "MinWide",
        "MaxWide",
        "Add(I32)",
        "Add(I64)",
        "Sub(I32)",
        "Sub(I64)",
        "Mul(I32)",
        "Mul(I64)",
        "Mul(Dec18)",
        "Neg(I32)",
        "Neg(I64)",
        "Div(I32)",
        "Div(I64)",
        "Rem",
        "NonZero",
        "Fit(I32)",
        "Fit(Dec18)",
        "FAdd",
        "FSub",
        "FMul",
        "FDiv",
        "FNeg",
        "Cmp(Eq)",
        "Cmp(Ne)",
        "Cmp(Lt)",
        "Cmp(Le)",
        "Cmp(Gt)",
        "Cmp(Ge)",
        "And",
        "Or",
        "Not",
        "IsNull",
        "Select",
        "NullUnless",
        "Unwrap",
        "IntToFloat",
        "BoolToInt",
        "NormFloat",
        "Count",
        "SumInt",
        "SumFloat",
        "SumFloatExact",
        "MinInt",
        "MaxInt",
        "MinFloat",
        "MaxFloat",
        "MinText",
        "MaxText",
        "BitOr",
        "BitXor",
        "BitCounts",
        "SumSquares",
        "Moments",
        "CoMoments",
        "PickFirst",
        "PickLast",
        "Least",
        "PercentileCont",
        "PercentileDisc",
        "Mode",
        "Concat",
        "Collect",
        "Distinct",
    ];
    missing.extend(operations.into_iter().filter(|o| !uses(o)));
    assert!(missing.is_empty(), "no case uses {missing:?}");
}

#[test]
fn rows_are_what_the_cases_need() {
    const SECOND: i64 = 1_000_000_000;
    let late = |source: &str, delay: i64, size: i64| {
        let mut max = i64::MIN;
        let is_late = |r: &&rows::Row| {
            max = max.max(r.ts);
            max - delay >= r.ts.div_euclid(size) * size + size
        };
        rows::of(source).iter().filter(is_late).count()
    };
    assert_eq!((late("t", 3600 * SECOND, 1), late("u", 3600 * SECOND, 1)), (0, 0));
    let found = late("v", 10 * SECOND, 30 * SECOND);
    assert!((5..25).contains(&found), "{found} late rows");
    let t = rows::of("t");
    assert!(t.first().is_some_and(|r| r.ts < 0) && t.last().is_some_and(|r| r.ts > 0));
    for nulls in [t.iter().filter(|r| r.s0.is_none()).count(), t.iter().filter(|r| r.i0.is_none()).count()] {
        assert!((10..40).contains(&nulls), "{nulls} NULLs");
    }
    let mut ids: Vec<i64> = rows::SOURCES.iter().flat_map(|s| rows::of(s)).map(|r| r.id).collect();
    ids.dedup();
    assert_eq!(ids.len(), 90 + 60 + 48 + 50);
}

/// All executors emit the same rows in the same order, have the same state half-way, and go on from one another's snapshots.
/// Returns what remains of the rows, sorted where the query gives no order.
fn check_executors(case: &Case, pipeline: &Arc<Pipeline>) -> Vec<Vec<Value>> {
    let lengths: Vec<usize> = pipeline.sources.iter().map(|s| rows::of(&s.relation).len()).collect();
    let steps = run::steps(&lengths);
    let (first, rest) = steps.split_at(steps.len() / 2);
    let mut digests = Vec::new();

    let dynamic = |executor, form| Dynamic::start(pipeline, executor, form);
    let ahead = |form| aot::case(&case.name, form).unwrap_or_else(|| panic!("{} is not compiled", case.name));
    let mut runs: [(&str, Box<dyn Run>); 5] = [
        ("interpreter", dynamic(Executor::Interp, dynamic::Form::Cells)),
        ("JIT", dynamic(Executor::Jit, dynamic::Form::Cells)),
        ("JIT over structs", dynamic(Executor::Jit, dynamic::Form::Structs)),
        ("ahead of time", ahead(aot::Form::Structs)),
        ("ahead of time over columns", ahead(aot::Form::Columns)),
    ];

    let mut seen: Vec<(Vec<Emitted>, Vec<u8>, Vec<Emitted>)> = Vec::new();
    for (name, run) in &mut runs {
        let head = go(run.as_mut(), first);
        let (snapshot, digest) = (run.snapshot(), run.digest());
        let tail = go_to_the_end(run.as_mut(), rest);
        if let Some((head0, snapshot0, tail0)) = seen.first() {
            assert_sequence(name, head0, &head);
            assert_sequence(name, tail0, &tail);
            assert_eq!(*snapshot0, snapshot, "snapshot of {name}");
        }
        seen.push((head, snapshot, tail));
        digests.push(digest);
    }
    assert!(digests.iter().all(|d| *d == digests[0]), "digests {digests:?}");

    let (head, snapshot, tail) = &seen[0];
    let mut fresh = ("a new one ahead of time", ahead(aot::Form::Structs));
    // All snapshots are equal, so that going on from one is going on from each.
    for (name, run) in runs.iter_mut().chain([&mut fresh]) {
        run.restore(snapshot);
        assert_eq!(digests[0], run.digest(), "digest of {name} after a restore");
        let again = go_to_the_end(run.as_mut(), rest);
        assert_sequence(&format!("{name} after a restore"), tail, &again);
    }

    let whole: Vec<Emitted> = head.iter().chain(tail).cloned().collect();
    let keys = dynamic::upsert_keys(&pipeline.plan);
    let remains = match &pipeline.plan.order {
        Some(_) => whole.iter().map(|e| e.row.clone()).collect(),
        None => fold(&whole, keys.as_deref()),
    };
    if let [length] = lengths[..] {
        // The same rows in one step.
        let at_once =
            go_to_the_end(ahead(aot::Form::Structs).as_mut(), &[Step { source: 0, rows: 0..length }]);
        match pipeline.plan.output {
            OutputKind::Append => assert_sequence("one step", &whole, &at_once),
            _ => assert_eq!(texts(&remains), texts(&fold(&at_once, keys.as_deref())), "in one step"),
        }
    }
    remains
}

fn go(run: &mut dyn Run, steps: &[Step]) -> Vec<Emitted> {
    for s in steps {
        run.take(s.source, s.rows.clone());
    }
    run.drain()
}

fn go_to_the_end(run: &mut dyn Run, steps: &[Step]) -> Vec<Emitted> {
    let mut emitted = go(run, steps);
    run.finish();
    emitted.extend(run.drain());
    emitted
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
    let mut theirs = database.answer(case, &pipeline.plan.columns).unwrap_or_else(|e| panic!("SQLite: {e}"));
    if pipeline.plan.order.is_none() {
        sort(&mut theirs);
    }
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
