//! Damaged SQL through a whole session: parser, binder, optimiser and executors neither panic nor hang, memory stays bounded, and
//! where a statement runs, the interpreter and compiled code give the same rows.
//!
//! The seeds are the corpus of cases and the `.slt` suite. 1 500 mutants a run from a fixed seed; where `LAMINAR_NIGHTLY` is set, new ones for
//! so many minutes as it says (30 if it says no number).
#![cfg(feature = "adhoc")]

mod mutate;
mod random;
mod seeds;
mod watch;

use laminar::adhoc::{Error, Executor, Outcome, Session, Value};
use mutate::Mutator;
use random::Random;
use seeds::Setup;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};
use watch::Watch;

const MUTANTS: u64 = 1_500;

/// When to end.
enum Until {
    Mutants(u64),
    Time(Instant),
}

fn until() -> (Until, u64) {
    match std::env::var("LAMINAR_NIGHTLY") {
        Ok(text) => {
            let minutes = text.parse().unwrap_or(30);
            let seed = std::time::UNIX_EPOCH.elapsed().map_or(1, |d| d.as_nanos() as u64);
            (Until::Time(Instant::now() + Duration::from_secs(60 * minutes)), seed)
        }
        Err(_) => (Until::Mutants(MUTANTS), 1),
    }
}

/// What came of a text: what each statement gave, or the error's text.
fn outcome(executor: Executor, setup: &Setup, sql: &str) -> Result<Vec<String>, String> {
    let mut session = Session::new().executor(executor);
    // What begins with relations of its own may call them as ours are called.
    if !sql.trim_start().to_ascii_lowercase().starts_with("create") {
        session.execute(&setup.sql).expect("the sources exist");
    }
    match session.execute(sql) {
        Ok(outcomes) => Ok(outcomes.iter().map(text).collect()),
        Err(e) => {
            let message = e.to_string();
            assert!(!message.trim().is_empty(), "an error says something");
            if let Error::Sql(refused) = &e {
                assert!(refused.diagnostics.iter().any(|d| d.is_error()), "{message}");
                for d in &refused.diagnostics {
                    assert!(
                        d.span.start <= d.span.end && d.span.end <= refused.sql.len(),
                        "{message}: {:?}",
                        d.span
                    );
                }
            }
            Err(message)
        }
    }
}

fn text(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Rows(rows) => {
            let row = |row: &[Value]| row.iter().map(Value::to_string).collect::<Vec<_>>().join("|");
            rows.iter().map(row).collect::<Vec<_>>().join("\n")
        }
        // A plan may be shown with its code, which is the executor's own.
        Outcome::Explained(_) => "explained".into(),
        other => format!("{other:?}"),
    }
}

#[test]
fn nothing_panics_hangs_or_differs() {
    let (until, seed) = until();
    println!("seed {seed}");
    let setup = Setup::new();
    let seeds = seeds::queries();
    let mutator = Mutator::new(&seeds);
    let watch = Watch::start();
    let mut random = Random::new(seed);
    let (mut mutants, mut ran) = (0, 0);
    loop {
        match until {
            Until::Mutants(n) if mutants == n => break,
            Until::Time(end) if Instant::now() >= end => break,
            _ => {}
        }
        let sql = mutator.mutant(&mut random);
        watch.begin(&sql);
        let run = |executor| catch_unwind(AssertUnwindSafe(|| outcome(executor, &setup, &sql)));
        let interp = run(Executor::Interp)
            .unwrap_or_else(|_| panic!("mutant {mutants} of seed {seed} panics:\n{sql}"));
        if cfg!(feature = "jit") {
            let jit = run(Executor::Jit)
                .unwrap_or_else(|_| panic!("mutant {mutants} of seed {seed} panics, compiled:\n{sql}"));
            assert_eq!(interp, jit, "mutant {mutants} of seed {seed}: executors differ:\n{sql}");
        }
        watch.end();
        mutants += 1;
        ran += interp.is_ok() as u64;
    }
    println!("{mutants} mutants, {ran} ran; at most {} MiB resident", watch::resident_mib_max());
    // A mutator whose mutants are all refused would reach no executor.
    assert!(ran * 20 > mutants, "only {ran} of {mutants} mutants ran");
}

#[test]
fn the_seeds_run() {
    let setup = Setup::new();
    let seeds = seeds::queries();
    let good = seeds.iter().filter(|sql| outcome(Executor::Interp, &setup, sql).is_ok()).count();
    assert!(good * 10 > seeds.len() * 8, "{good} of {} seeds run", seeds.len());
}
