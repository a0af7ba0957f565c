//! Random queries in the SQL that Laminar and SQLite share: both executors give what SQLite gives.
//!
//! Each query is asked over full tables, and is a materialized view over tables that fill statement by statement, so
//! that what a view holds after each of them is compared as well. 300 queries a run from a fixed seed; 20 000 new ones where
//! `LAMINAR_NIGHTLY` is set.

mod answer;
mod expression;
mod query;
#[path = "../../../mutated/random.rs"]
mod random;
mod tables;

use laminar::adhoc::{Executor, Session};
use random::Random;
use rusqlite::Connection;
use tables::{INSERTS, insert};

fn queries() -> (u64, usize) {
    match std::env::var_os("LAMINAR_NIGHTLY") {
        Some(_) => (std::time::UNIX_EPOCH.elapsed().map_or(1, |d| d.as_nanos() as u64), 20_000),
        None => (1, 300),
    }
}

#[test]
fn sqlite_agrees() {
    let (seed, count) = queries();
    println!("seed {seed}");
    let mut random = Random::new(seed);
    let (mut rows, mut with_rows) = (0, 0);
    for number in 0..count {
        let sql = query::random(&mut random);
        let inserts: Vec<String> = (0..INSERTS).map(|_| insert(&mut random)).collect();
        let place = format!("query {number} of seed {seed}:\n{sql}");
        let database = Connection::open_in_memory().expect("a database in memory");
        database.pragma_update(None, "case_sensitive_like", true).expect("LIKE can tell case");
        database.execute_batch(tables::CREATE).expect("tables");
        let mut sessions: Vec<Session> = [Executor::Interp, Executor::Jit]
            .into_iter()
            .map(|executor| {
                let mut session = Session::new().executor(executor);
                session.execute(tables::CREATE).expect("tables");
                session
                    .execute(&format!("CREATE MATERIALIZED VIEW v AS {sql}"))
                    .unwrap_or_else(|e| panic!("{place}\n{e}"));
                session
            })
            .collect();
        for statement in &inserts {
            database.execute_batch(statement).unwrap_or_else(|e| panic!("{statement}\n{e}"));
            let expected = answer::of_sqlite(&database, &sql).unwrap_or_else(|e| panic!("{place}\n{e}"));
            for session in &mut sessions {
                session.execute(statement).unwrap_or_else(|e| panic!("{place}\n{statement}\n{e}"));
                let held = session.view("v").unwrap_or_else(|e| panic!("{place}\n{e}"));
                answer::check(&expected, &held, &format!("{place}\nas a view, after {inserts:#?}"));
            }
            rows += expected.len();
        }
        let expected = answer::of_sqlite(&database, &sql).unwrap_or_else(|e| panic!("{place}\n{e}"));
        with_rows += !expected.is_empty() as usize;
        for session in &mut sessions {
            let given = session.query(&sql).unwrap_or_else(|e| panic!("{place}\n{e}"));
            answer::check(&expected, &given, &format!("{place}\nafter {inserts:#?}"));
        }
    }
    println!("{count} queries, {with_rows} with rows, {rows} rows compared on each executor");
    // Queries that give nothing compare nothing.
    assert!(with_rows * 2 > count);
}
