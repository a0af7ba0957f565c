//! Rust functions in the SQL of a session, under both executors.
#![cfg(feature = "adhoc")]

use laminar::adhoc::{Error, Executor, Rows, Session};
use laminar::{Date, Decimal, Interval, Json, Str, Sym, Time, Timestamp};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// The executors of this build.
fn executors() -> Vec<Executor> {
    match cfg!(feature = "jit") {
        true => vec![Executor::Interp, Executor::Jit],
        false => vec![Executor::Interp],
    }
}

/// Rows as text, NULL as `NULL`.
fn text(rows: &Rows) -> Vec<String> {
    let row = |row: &[laminar::adhoc::Value]| row.iter().map(|v| v.to_string()).collect::<Vec<_>>().join("|");
    rows.iter().map(row).collect()
}

fn mid(bid: f64, ask: f64) -> f64 {
    (bid + ask) / 2.0
}

fn head(text: &str) -> &str {
    text.split(' ').next().unwrap_or_default()
}

fn session(executor: Executor) -> Session {
    let mut session = Session::new().executor(executor);
    session.register_fn("mid", mid).unwrap();
    session.register_fn("head", head).unwrap();
    session.register_fn("or_zero", |v: Option<i64>| v.unwrap_or(0)).unwrap();
    session.register_fn("positive", |v: i64| (v > 0).then_some(v)).unwrap();
    session.register_fn("root", |v: f64| if v < 0.0 { Err("no root") } else { Ok(v.sqrt()) }).unwrap();
    session.register_fn("filled", |n: i64| "x".repeat(n as usize)).unwrap();
    session.register_fn("answer", || 42i64).unwrap();
    session
        .execute(
            "CREATE TABLE t (id BIGINT NOT NULL, a DOUBLE, b DOUBLE NOT NULL, n BIGINT, s VARCHAR);
             INSERT INTO t VALUES (1, 1, 4, 5, 'the head'), (2, NULL, 3, NULL, NULL), (3, -9, 2, 0, ''), (4, 16, 0, -3, 'x y z')",
        )
        .unwrap();
    session
}

fn check(sql: &str, expected: &[&str]) {
    for executor in executors() {
        let rows = session(executor).query(sql).unwrap_or_else(|e| panic!("{executor:?} {sql}\n{e}"));
        assert_eq!(text(&rows), expected, "{executor:?} {sql}");
    }
}

fn fails(sql: &str, expected: &str) {
    for executor in executors() {
        let error = session(executor).query(sql).expect_err(sql).to_string();
        assert_eq!(error.trim_end(), expected, "{executor:?} {sql}");
    }
}

#[test]
fn anywhere_in_a_query() {
    check("SELECT id, mid(a, b) FROM t ORDER BY id", &["1|2.5", "2|NULL", "3|-3.5", "4|8"]);
    check("SELECT id FROM t WHERE mid(a, b) > 0 ORDER BY id", &["1", "4"]);
    check("SELECT or_zero(n) AS z, COUNT(*) FROM t GROUP BY or_zero(n) ORDER BY z", &["-3|1", "0|2", "5|1"]);
    check("SELECT SUM(mid(a, b)), MIN(or_zero(n)) FROM t", &["7|-3"]);
    check("SELECT s, SUM(n) FROM t GROUP BY s HAVING mid(SUM(n), 1) > 2 ORDER BY s", &["the head|5"]);
    check("SELECT id FROM t ORDER BY mid(b, b)", &["4", "3", "2", "1"]);
    check("SELECT answer()", &["42"]);
    check("SELECT MID(1, 2), \"mid\"(1, 2.0)", &["1.5|1.5"]);
}

#[test]
fn null_in_and_out() {
    check(
        "SELECT id, positive(n), or_zero(n) FROM t ORDER BY id",
        &["1|5|5", "2|NULL|0", "3|NULL|0", "4|NULL|-3"],
    );
    check("SELECT mid(NULL, 1), or_zero(NULL)", &["NULL|0"]);
    check("SELECT COALESCE(positive(n), 7) FROM t ORDER BY id", &["5", "7", "7", "7"]);
}

#[test]
fn texts_in_and_out() {
    check("SELECT head(s) FROM t ORDER BY id", &["the", "NULL", "", "x"]);
    check(
        "SELECT head(head(s) || ' ' || s) || '!' FROM t WHERE s IS NOT NULL ORDER BY id",
        &["the!", "!", "x!"],
    );
}

#[test]
fn an_error_rejects_the_row() {
    fails(
        "SELECT id, root(a) FROM t",
        "error: row 2 of input `t` rejected: root failed in `root(a)` at 1:12
 --> <sql>:1:12
  |
1 | SELECT id, root(a) FROM t
  |            ^^^^^^^",
    );
    // A result that is too long is one that does not fit.
    check("SELECT length(filled(16777216))", &["16777216"]);
    fails(
        "SELECT length(filled(16777217))",
        "error: row 0 of input `VALUES 1` rejected: filled failed in `filled(16777217)` at 1:15
 --> <sql>:1:15
  |
1 | SELECT length(filled(16777217))
  |               ^^^^^^^^^^^^^^^^",
    );
    // Not called where CASE and AND keep it out.
    check("SELECT CASE WHEN a >= 0 THEN root(a) ELSE a END FROM t ORDER BY id", &["1", "NULL", "-9", "4"]);
    check("SELECT id FROM t WHERE a >= 0 AND root(a) > 1", &["4"]);
    check("SELECT id FROM t WHERE a < 0 OR root(a) > 1 ORDER BY id", &["3", "4"]);
}

#[test]
fn a_row_that_fails_is_skipped_or_ends_the_step() {
    for executor in executors() {
        let mut session = session(executor);
        session
            .execute(
                "CREATE MATERIALIZED VIEW kept WITH (on_error = 'skip') AS SELECT id, root(a) AS r FROM t",
            )
            .unwrap();
        assert_eq!(text(&session.view("kept").unwrap()).len(), 3, "{executor:?}");
        // Rows that go are computed again, and skipped again.
        session.execute("DELETE FROM t WHERE root(b) = 2").unwrap();
        assert_eq!(text(&session.query("SELECT id, r FROM kept ORDER BY id").unwrap()), ["2|NULL", "4|4"]);
        let error = session.execute("UPDATE t SET a = root(a)").unwrap_err().to_string();
        assert!(error.contains("root failed in `root(a)` at 1:18"), "{executor:?} {error}");
        session.execute("UPDATE t SET b = mid(b, 10) WHERE mid(b, b) < 3").unwrap();
        let rows = session.query("SELECT id, b FROM t ORDER BY id").unwrap();
        assert_eq!(text(&rows), ["2|3", "3|6", "4|5"], "{executor:?}");
    }
}

#[test]
fn a_panic_rejects_the_row() {
    for executor in executors() {
        let mut session = session(executor);
        let values = [10, 20, 30];
        session.register_fn("nth", move |i: i64| values[i as usize]).unwrap();
        assert_eq!(text(&session.query("SELECT nth(2)").unwrap()), ["30"]);
        let error = session.query("SELECT id, nth(id) FROM t").unwrap_err().to_string();
        assert!(error.contains("row 2 of input `t` rejected: nth failed in `nth(id)` at 1:12"), "{error}");
        assert_eq!(text(&session.query("SELECT nth(0)").unwrap()), ["10"], "{executor:?}: it goes on");
    }
}

/// Once for equal calls of a row, and never for a row that has failed or that WHERE drops.
#[test]
fn how_often_a_function_is_called() {
    for executor in executors() {
        let calls = Arc::new(AtomicUsize::new(0));
        let count = |sql: &str| {
            let mut session = session(executor);
            let counted = calls.clone();
            let f = move |v: i64| {
                counted.fetch_add(1, Ordering::Relaxed);
                v
            };
            session.register_fn("counted", f).unwrap();
            calls.store(0, Ordering::Relaxed);
            let _ = session.query(sql);
            calls.load(Ordering::Relaxed)
        };
        let check = |sql, expected| assert_eq!(count(sql), expected, "{executor:?} {sql}");
        check("SELECT counted(id) FROM t", 4);
        check("SELECT counted(id), counted(id) + 1, counted(id) FROM t", 4);
        check("SELECT counted(id) FROM t WHERE id > 2", 2);
        check("SELECT counted(n) FROM t", 3);
        check("SELECT CASE WHEN id = 1 THEN counted(id) ELSE 0 END FROM t", 1);
        check("SELECT id FROM t WHERE id = 1 AND counted(id) = 1", 1);
        check("SELECT counted(id / (id - 2)) FROM t", 1);
        check("SELECT id FROM (SELECT id, counted(id) AS unread FROM t) AS s", 0);
        // Not before there is a row.
        check("SELECT counted(1) FROM t WHERE id > 10", 0);
        check("EXPLAIN SELECT counted(1) FROM t", 0);
    }
}

#[test]
fn every_type_goes_in_and_out() {
    for executor in executors() {
        let mut s = Session::new().executor(executor);
        macro_rules! same {
            ($($name:literal $rust:ty, $sql:literal, $expected:literal;)*) => {$(
                s.register_fn($name, |v: $rust| v).unwrap();
                s.register_fn(concat!($name, "_or_null"), |v: Option<$rust>| v).unwrap();
                let sql = concat!("SELECT ", $name, "(v), ", $name, "_or_null(v), ", $name, "_or_null(NULL) FROM (VALUES (", $sql, ")) AS t (v)");
                let rows = s.query(sql).unwrap_or_else(|e| panic!("{sql}\n{e}"));
                assert_eq!(text(&rows), [concat!($expected, "|", $expected, "|NULL")], "{executor:?} {sql}");
            )*};
        }
        same! {
            "f_bool" bool, "TRUE", "true";
            "f_i8" i8, "CAST(-128 AS SMALLINT)", "-128";
            "f_i16" i16, "CAST(-32768 AS SMALLINT)", "-32768";
            "f_i32" i32, "-2147483648", "-2147483648";
            "f_i64" i64, "-9223372036854775808", "-9223372036854775808";
            "f_u8" u8, "255", "255";
            "f_u16" u16, "65535", "65535";
            "f_u32" u32, "4294967295", "4294967295";
            "f_u64" u64, "9223372036854775807", "9223372036854775807";
            "f_f32" f32, "CAST(0.1 AS REAL)", "0.1";
            "f_f64" f64, "CAST('-inf' AS DOUBLE)", "-Infinity";
            "f_decimal" Decimal<10, 2>, "CAST(-99999999.99 AS DECIMAL(10, 2))", "-99999999.99";
            "f_wide" Decimal<38, 1>, "CAST('9999999999999999999999999999999999999.9' AS DECIMAL(38, 1))", "9999999999999999999999999999999999999.9";
            "f_str" Str, "'a text that is too long to be inline'", "a text that is too long to be inline";
            "f_sym" Sym, "'symbol'", "symbol";
            "f_string" String, "'träne'", "träne";
            "f_ts" Timestamp, "TIMESTAMP '2013-01-01 10:00:00.123456789'", "2013-01-01 10:00:00.123456789";
            "f_date" Date, "DATE '1969-12-31'", "1969-12-31";
            "f_time" Time, "TIME '23:59:59'", "23:59:59";
            "f_interval" Interval, "INTERVAL '1 month -2 days'", "1 mon -2 days";
            "f_uuid" [u8; 16], "CAST('00112233-4455-6677-8899-aabbccddeeff' AS UUID)", "00112233-4455-6677-8899-aabbccddeeff";
            "f_bytes" Vec<u8>, "CAST('\\x00ff' AS BYTEA)", "\\x00ff";
            "f_json" Json, "CAST('{\"a\": 1}' AS JSON)", "{\"a\": 1}";
        }
        s.register_fn("reversed", |v: &[u8]| v.iter().rev().copied().collect::<Vec<u8>>()).unwrap();
        assert_eq!(text(&s.query("SELECT reversed('\\x0001ff')").unwrap()), ["\\xff0100"]);
        s.register_fn("tail", |v: Option<&str>| v.map(|t| t.chars().skip(1).collect::<String>())).unwrap();
        assert_eq!(text(&s.query("SELECT tail('abc'), tail(NULL)").unwrap()), ["bc|NULL"]);
        // A value that the Rust type has not is an error of the row, as is one that SQL has not.
        s.register_fn("huge", || u64::MAX).unwrap();
        for sql in ["SELECT f_u8(256)", "SELECT f_u64(-1)", "SELECT huge()"] {
            let error = s.query(sql).unwrap_err().to_string();
            assert!(error.contains("failed in"), "{executor:?} {sql}: {error}");
        }
    }
}

#[test]
fn calls_that_do_not_fit() {
    let check = |sql: &str, expected: &str| {
        let error = session(Executor::Interp).query(sql).expect_err(sql).to_string();
        assert_eq!(error, expected, "{sql}");
    };
    check(
        "SELECT mid(a) FROM t",
        "error: L0302: function mid(DOUBLE) does not exist
 --> <sql>:1:8
  |
1 | SELECT mid(a) FROM t
  |        ^^^^^^ mid takes 2 arguments
  |
  = note: in Rust: mid(DOUBLE, DOUBLE) → DOUBLE",
    );
    check(
        "SELECT mid(a, s), or_zero(a) FROM t",
        "error: L0302: function mid(DOUBLE, VARCHAR) does not exist
 --> <sql>:1:15
  |
1 | SELECT mid(a, s), or_zero(a) FROM t
  |               ^ this is VARCHAR, DOUBLE expected
  |
  = note: in Rust: mid(DOUBLE, DOUBLE) → DOUBLE

error: L0302: function or_zero(DOUBLE) does not exist
 --> <sql>:1:27
  |
1 | SELECT mid(a, s), or_zero(a) FROM t
  |                           ^ this is DOUBLE, BIGINT expected
  |
  = note: in Rust: or_zero(BIGINT NULL) → BIGINT",
    );
    check(
        "SELECT midd(a, b) FROM t",
        "error: L0202: function `midd` does not exist
 --> <sql>:1:8
  |
1 | SELECT midd(a, b) FROM t
  |        ^^^^ did you mean `mid`?",
    );
    check(
        "SELECT lenght(s) FROM t",
        "error: L0202: function `lenght` does not exist
 --> <sql>:1:8
  |
1 | SELECT lenght(s) FROM t
  |        ^^^^^^ did you mean `length`?",
    );
    let mut session = session(Executor::Interp);
    let error = session.execute("INSERT INTO t VALUES (5, mid(1, 2), 1, 1, '')").unwrap_err().to_string();
    assert!(error.contains("mid is a Rust function: it is called for rows, not for a constant"), "{error}");
    session.execute("INSERT INTO t (id, b) SELECT answer(), mid(1, 2)").unwrap();
}

#[test]
fn names_that_are_taken() {
    let mut session = Session::new();
    let check = |session: &mut Session, name: &str, expected: &str| {
        let error = session.register_fn(name, mid).unwrap_err();
        assert!(matches!(error, Error::Typed(_)));
        assert_eq!(error.to_string(), expected);
    };
    for name in ["round", "SUM", "coalesce", "tumble", "Substr", "grouping"] {
        check(&mut session, name, &format!("error: `{name}` is a function of SQL: choose another name"));
    }
    session.register_fn("mid", mid).unwrap();
    check(&mut session, "MID", "error: function `MID` exists already");
    check(&mut session, "", "error: `` cannot be the name of a function");
}

#[test]
fn explain_names_the_function_and_its_types() {
    let mut session = session(Executor::best());
    let laminar::adhoc::Outcome::Explained(text) =
        session.execute("EXPLAIN SELECT mid(a, b) AS m FROM t").unwrap().remove(0)
    else {
        panic!("EXPLAIN explains")
    };
    assert!(text.contains("Project mid(a, b) AS m"), "{text}");
    assert!(text.contains("Rust mid(DOUBLE, DOUBLE) → DOUBLE\n"), "{text}");
    assert!(text.contains("call_rust mid"), "{text}");
}

/// What a build script reads runs in a session that has registered the functions.
#[test]
fn create_function_takes_what_is_registered() {
    let mut session = session(Executor::best());
    let sql = "CREATE FUNCTION mid(bid DOUBLE, ask DOUBLE NOT NULL) RETURNS DOUBLE LANGUAGE rust AS 'crate::mid'; SELECT mid(1, 2)";
    let outcomes = session.execute(sql).unwrap();
    assert!(matches!(&outcomes[0], laminar::adhoc::Outcome::Existed(name) if name == "mid"));
    let mut check = |sql: &str, expected: &str| {
        let error = session.execute(sql).unwrap_err().to_string();
        assert!(error.contains(expected), "{error}");
    };
    check(
        "CREATE FUNCTION mid(bid DOUBLE) RETURNS DOUBLE AS 'crate::mid'",
        "L0207: function `mid` exists already, with other types: mid(DOUBLE, DOUBLE) → DOUBLE",
    );
    check(
        "CREATE FUNCTION vwap(p DOUBLE) RETURNS DOUBLE AS 'crate::vwap'",
        "register it first: session.register_fn(\"vwap\", crate::vwap)",
    );
    check(
        "CREATE FUNCTION sum(p DOUBLE) RETURNS DOUBLE AS 'crate::vwap'",
        "L0207: `sum` is a function of SQL",
    );
    for name in ["trim", "position", "exists", "now"] {
        let create = format!("CREATE FUNCTION {name}(p DOUBLE) RETURNS DOUBLE AS 'crate::vwap'");
        check(&create, &format!("L0207: `{name}` is a function of SQL"));
    }
    let replace = "CREATE OR REPLACE FUNCTION mid(bid DOUBLE) RETURNS DOUBLE AS 'crate::mid'";
    check(replace, "change the one that is there, for none can be dropped");
    check("CREATE OR REPLACE VIEW v AS SELECT 1", "DROP it first");
    let comma = "CREATE FUNCTION two(a DOUBLE, b DOUBLE,) RETURNS DOUBLE AS 'crate::two'";
    check(comma, "expected an argument: its name and type, found `)`");
    check(comma, "<sql>:1:40");
    // EXPLAIN of a file needs no function, only its types.
    let sql = "CREATE FUNCTION vwap(p DOUBLE) RETURNS DOUBLE NULL AS 'crate::vwap'; CREATE VIEW v AS SELECT vwap(a) AS v FROM t";
    let explained =
        session.explain(sql, laminar::adhoc::Origin::Query, laminar::adhoc::ExplainMode::Text).unwrap();
    assert!(explained[0].contains("Rust vwap(DOUBLE) → DOUBLE NULL"), "{}", explained[0]);
    let mut explain =
        |sql| session.explain(sql, laminar::adhoc::Origin::Query, laminar::adhoc::ExplainMode::Text);
    let other = "CREATE FUNCTION vwap(p DOUBLE) RETURNS DOUBLE NULL AS 'crate::other'";
    let error = explain(other).unwrap_err().to_string();
    assert!(error.contains("L0207: function `vwap` exists already, as `crate::vwap`"), "{error}");
    let none = "CREATE FUNCTION one() RETURNS DOUBLE AS 'crate::one'; SELECT one() AS x";
    assert!(explain(none).unwrap()[0].contains("one()"));
}
