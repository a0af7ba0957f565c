//! What a query of a session can be made of beside tables: VALUES, no FROM at all, DISTINCT and set operations; and the
//! order of its result.
#![cfg(feature = "adhoc")]

use laminar::adhoc::{Executor, Outcome, Session, Value};

fn sessions() -> Vec<Session> {
    let executors =
        if cfg!(feature = "jit") { vec![Executor::Interp, Executor::Jit] } else { vec![Executor::Interp] };
    executors.into_iter().map(|e| Session::new().executor(e)).collect()
}

fn run(session: &mut Session, sql: &str) -> Vec<Outcome> {
    session.execute(sql).unwrap_or_else(|e| panic!("{sql}\n{e}"))
}

/// Each query gives these rows, as `a|b`, in this order.
fn check(setup: &str, cases: &[(&str, &[&str])]) {
    for mut session in sessions() {
        run(&mut session, setup);
        for (sql, expected) in cases {
            let rows = session.query(sql).unwrap_or_else(|e| panic!("{sql}\n{e}"));
            let rows: Vec<String> =
                rows.iter().map(|r| r.iter().map(Value::to_string).collect::<Vec<_>>().join("|")).collect();
            assert_eq!(rows, *expected, "{sql}");
        }
    }
}

/// Each statement is refused with a message that has these parts.
fn refused(setup: &str, cases: &[(&str, &[&str])]) {
    let mut session = Session::new().executor(Executor::Interp);
    run(&mut session, setup);
    for (sql, expected) in cases {
        let error = session.execute(sql).expect_err(sql).to_string();
        for part in *expected {
            assert!(error.contains(part), "{sql}\n{error}\nlacks {part}");
        }
    }
}

const T: &str = "
    CREATE TABLE t (a BIGINT, b VARCHAR, c DOUBLE);
    INSERT INTO t VALUES (3, 'x', 0.5), (1, 'y', NULL), (2, 'x', -1), (NULL, 'z', 2), (1, 'x', 9);";

#[test]
fn values_and_no_from() {
    check(
        "CREATE TABLE \"VALUES 1\" (n BIGINT); INSERT INTO \"VALUES 1\" VALUES (7);",
        &[
            ("VALUES (1, 'a'), (2, NULL)", &["1|a", "2|NULL"]),
            ("VALUES (1 + 1)", &["2"]),
            ("SELECT 1 AS one, 'x' || 'y' AS xy, NULL AS nothing", &["1|xy|NULL"]),
            ("SELECT 1 WHERE FALSE", &[]),
            ("SELECT COUNT(*) AS n", &["1"]),
            ("SELECT COUNT(*) AS n WHERE FALSE", &["0"]),
            ("SELECT b, a FROM (VALUES (1, 'a'), (2, 'b')) AS v (a, b) WHERE a > 1", &["b|2"]),
            ("SELECT column1, column2 FROM (VALUES (1, 2.5), (2, 3)) AS v", &["1|2.5", "2|3.0"]),
            ("SELECT x FROM (VALUES (NULL), (1.5), (2)) AS v (x)", &["1.5", "2.0", "NULL"]),
            (
                "SELECT t + INTERVAL '1' DAY AS t FROM (VALUES (TIMESTAMP '2024-01-01'), ('2024-02-01')) AS v (t)",
                &["2024-01-02 00:00:00", "2024-02-02 00:00:00"],
            ),
            ("WITH v (n) AS (VALUES (1), (2)) SELECT SUM(n) AS s FROM v", &["3"]),
            ("SELECT n FROM \"VALUES 1\" UNION ALL VALUES (8), (9)", &["7", "8", "9"]),
            ("VALUES (1) UNION ALL VALUES (2) UNION ALL SELECT 3", &["1", "2", "3"]),
        ],
    );
    refused(
        T,
        &[
            ("VALUES (1, 2), (3)", &["L0311", "1 here, 2 in the first row"]),
            ("VALUES (1), (TRUE)", &["L0311", "INTEGER", "BOOLEAN"]),
            ("VALUES (1 / 0)", &["L0304", "division by zero"]),
            ("VALUES (a)", &["L0203", "<sql>:1:9"]),
            ("SELECT a", &["L0203", "column `a` does not exist"]),
            ("SELECT 1 / 0", &["division by zero", "<sql>:1:8"]),
        ],
    );
}

#[test]
fn a_view_of_values_is_there_at_once() {
    for mut session in sessions() {
        run(
            &mut session,
            "CREATE TABLE t (a BIGINT);
            CREATE MATERIALIZED VIEW v AS SELECT a FROM t UNION ALL VALUES (10), (20);
            CREATE MATERIALIZED VIEW one AS SELECT 1 AS n;
            CREATE VIEW plain AS VALUES (5);
            CREATE MATERIALIZED VIEW sums AS SELECT SUM(a) AS s FROM v;
            INSERT INTO t SELECT column1 FROM plain; INSERT INTO t SELECT 6;",
        );
        let rows = |session: &Session, view: &str| {
            let rows = session.view(view).unwrap();
            rows.iter().map(|r| r[0].to_string()).collect::<Vec<_>>()
        };
        assert_eq!(rows(&session, "v"), ["5", "6", "10", "20"]);
        assert_eq!(rows(&session, "one"), ["1"]);
        assert_eq!(rows(&session, "sums"), ["41"]);
        run(&mut session, "DELETE FROM t WHERE a = 6");
        assert_eq!(rows(&session, "sums"), ["35"]);
    }
}

#[test]
fn distinct_and_set_operations() {
    check(
        T,
        &[
            ("SELECT DISTINCT b FROM t", &["x", "y", "z"]),
            ("SELECT DISTINCT a, 1 AS one FROM t", &["1|1", "2|1", "3|1", "NULL|1"]),
            ("SELECT DISTINCT COUNT(*) AS n FROM t GROUP BY b", &["1", "3"]),
            ("SELECT a FROM t UNION SELECT a + 1 FROM t", &["1", "2", "3", "4", "NULL"]),
            ("SELECT a FROM t EXCEPT VALUES (1), (NULL)", &["2", "3"]),
            ("SELECT a FROM t INTERSECT VALUES (1), (NULL), (9)", &["1", "NULL"]),
            ("SELECT b FROM t EXCEPT SELECT b FROM t WHERE a IS NULL ORDER BY b DESC", &["y", "x"]),
            ("SELECT b FROM t EXCEPT ALL VALUES ('x'), ('z'), ('z'), ('q')", &["x", "x", "y"]),
            ("SELECT b FROM t INTERSECT ALL VALUES ('x'), ('z'), ('z'), ('x')", &["x", "x", "z"]),
            (
                "VALUES (1), (1), (NULL), (NULL) EXCEPT ALL VALUES (NULL), (1) EXCEPT ALL VALUES (1)",
                &["NULL"],
            ),
            ("SELECT b FROM t EXCEPT ALL SELECT 'y' ORDER BY b DESC LIMIT 3 EMIT FINAL", &["z", "x", "x"]),
            ("SELECT COUNT(*) AS n FROM (SELECT b FROM t EXCEPT ALL SELECT 'x') AS q", &["4"]),
        ],
    );
    refused(
        T,
        &[
            ("SELECT DISTINCT ON (a) a, b FROM t", &["L0401", "DISTINCT ON"]),
            ("SELECT a FROM t UNION BY NAME SELECT a FROM t", &["L0405", "in the same order"]),
            ("SELECT a FROM t INTERSECT SELECT a, b FROM t", &["L0311", "1 on the left, 2 on the right"]),
            ("SELECT a FROM t UNION SELECT b FROM t", &["L0311", "UNION types BIGINT and VARCHAR"]),
            ("SELECT DISTINCT INTERVAL '1' DAY AS i FROM t", &["L0401", "INTERVAL"]),
        ],
    );
}

#[test]
fn copies_follow_the_rows_of_both_sides() {
    for mut session in sessions() {
        let setup = "
            CREATE TABLE l (a BIGINT); CREATE TABLE r (a BIGINT);
            CREATE MATERIALIZED VIEW lacking AS SELECT a FROM l EXCEPT ALL SELECT a FROM r;
            CREATE MATERIALIZED VIEW common AS SELECT a FROM l INTERSECT ALL SELECT a FROM r;
            CREATE MATERIALIZED VIEW n AS SELECT COUNT(*) AS n FROM lacking;";
        run(&mut session, setup);
        let mut check = |sql: &str, lacking: &[i64], common: &[i64]| {
            run(&mut session, sql);
            let held = |view: &str| -> Vec<i64> {
                session.view(view).unwrap().iter().map(|row| row[0].as_i64().unwrap()).collect()
            };
            assert_eq!((held("lacking"), held("common")), (lacking.to_vec(), common.to_vec()), "{sql}");
            assert_eq!(held("n"), [lacking.len() as i64], "{sql}");
        };
        check("INSERT INTO l VALUES (1), (1), (1), (2)", &[1, 1, 1, 2], &[]);
        check("INSERT INTO r VALUES (1), (3), (3)", &[1, 1, 2], &[1]);
        check("INSERT INTO r VALUES (1), (1), (1)", &[2], &[1, 1, 1]);
        check("INSERT INTO l VALUES (1), (1), (3)", &[1, 2], &[1, 1, 1, 1, 3]);
        check("DELETE FROM l WHERE a = 1", &[2], &[3]);
        check("DELETE FROM r", &[2, 3], &[]);
    }
}

#[test]
fn results_have_the_order_that_is_asked_for() {
    check(
        T,
        &[
            ("SELECT a, b FROM t ORDER BY a", &["1|x", "1|y", "2|x", "3|x", "NULL|z"]),
            ("SELECT a, b FROM t ORDER BY a DESC, b DESC", &["NULL|z", "3|x", "2|x", "1|y", "1|x"]),
            ("SELECT a, b FROM t ORDER BY a DESC NULLS LAST LIMIT 2", &["3|x", "2|x"]),
            ("SELECT a, b FROM t ORDER BY a NULLS FIRST LIMIT 1 OFFSET 0", &["NULL|z"]),
            ("SELECT a, b FROM t ORDER BY 2, 1 DESC", &["3|x", "2|x", "1|x", "1|y", "NULL|z"]),
            // The alias goes before the column of the input.
            ("SELECT -a AS a FROM t WHERE a > 0 ORDER BY a", &["-3", "-2", "-1", "-1"]),
            // In an expression the input's column is meant.
            ("SELECT -a AS a FROM t WHERE a > 0 ORDER BY a + 0", &["-1", "-1", "-2", "-3"]),
            ("SELECT b FROM t ORDER BY c, a", &["x", "x", "z", "x", "y"]),
            ("SELECT b FROM t ORDER BY c NULLS FIRST LIMIT 1", &["y"]),
            ("SELECT * FROM t ORDER BY c DESC NULLS LAST LIMIT 1", &["1|x|9"]),
            ("SELECT t.b FROM t ORDER BY t.a NULLS FIRST, length(b) LIMIT 1", &["z"]),
            ("SELECT b, COUNT(*) AS n FROM t GROUP BY b ORDER BY n DESC, b", &["x|3", "y|1", "z|1"]),
            ("SELECT b FROM t GROUP BY b ORDER BY SUM(a) DESC NULLS LAST, b", &["x", "y", "z"]),
            ("SELECT DISTINCT b FROM t ORDER BY b DESC", &["z", "y", "x"]),
            ("SELECT a FROM t UNION ALL SELECT 10 ORDER BY a DESC LIMIT 2", &["NULL", "10"]),
            ("VALUES (2), (1), (3) ORDER BY 1 DESC", &["3", "2", "1"]),
            ("VALUES (2), (1), (3) ORDER BY column1 LIMIT 1 + 1", &["1", "2"]),
            ("SELECT a FROM t LIMIT 2", &["1", "1"]),
            ("SELECT a FROM t LIMIT ALL OFFSET 3", &["3", "NULL"]),
            ("SELECT a FROM t LIMIT 0", &[]),
            ("SELECT a FROM t ORDER BY a OFFSET 1 ROW FETCH FIRST 2 ROWS ONLY", &["1", "2"]),
            ("SELECT a FROM t ORDER BY a FETCH FIRST ROW ONLY", &["1"]),
            ("WITH q AS (SELECT a FROM t) SELECT a FROM q ORDER BY a DESC NULLS LAST LIMIT 1", &["3"]),
        ],
    );
}

#[test]
fn an_insert_takes_the_first_rows() {
    check(
        &format!(
            "{T} CREATE TABLE top (a BIGINT); INSERT INTO top SELECT a FROM t ORDER BY c DESC NULLS LAST LIMIT 2;"
        ),
        &[("SELECT * FROM top", &["1", "NULL"])],
    );
}

#[test]
fn mistakes_in_an_order() {
    refused(
        T,
        &[
            ("SELECT a FROM t ORDER BY d", &["L0203", "<sql>:1:26"]),
            ("SELECT a FROM t ORDER BY 2", &["L0507", "there are 1 columns"]),
            ("SELECT a FROM t ORDER BY 'a'", &["L0507", "orders nothing"]),
            ("SELECT a, b AS a FROM t ORDER BY a", &["L0204", "ambiguous"]),
            ("SELECT DISTINCT a FROM t ORDER BY b", &["L0507", "selected columns only"]),
            ("SELECT a FROM t UNION SELECT a FROM t ORDER BY a + 1", &["L0507", "output columns only"]),
            ("SELECT a FROM t UNION SELECT a FROM t ORDER BY b", &["L0203", "output columns: a"]),
            ("SELECT a FROM t LIMIT -1", &["L0507", "must not be negative"]),
            ("SELECT a FROM t LIMIT 1.5", &["L0507", "whole number"]),
            ("SELECT a FROM t LIMIT a", &["L0203", "<sql>:1:23"]),
            ("SELECT a FROM t LIMIT 1 OFFSET -2", &["L0507", "OFFSET must not be negative"]),
            ("SELECT a FROM t FETCH FIRST 1 ROW WITH TIES", &["L0401", "WITH TIES", "<sql>:1:17"]),
            ("SELECT a FROM t LIMIT 1 FETCH FIRST ROW ONLY", &["L0101", "given twice", "<sql>:1:25"]),
            ("SELECT a FROM t FETCH FIRST ROW ONLY EMIT CHANGES", &["L0611", "FETCH needs", "<sql>:1:38"]),
            ("SELECT a FROM (SELECT a FROM t FETCH FIRST ROW ONLY) AS q", &["L0401", "<sql>:1:32"]),
            ("SELECT a FROM (SELECT a FROM t OFFSET 1) AS q", &["L0401", "OFFSET is not supported here"]),
            ("SELECT a FROM (SELECT a FROM t LIMIT 1) AS q", &["L0401", "at the end of the whole statement"]),
            (
                "SELECT b, COUNT(*) AS n FROM t GROUP BY b ORDER BY n EMIT CHANGES",
                &["L0611", "EMIT FINAL gives them once"],
            ),
        ],
    );
}

/// What is kept up to date has no complete result; and what a session never forgets has an order all the same.
#[test]
fn an_order_needs_complete_results() {
    let setup = "
        CREATE TABLE t (a BIGINT, ts TIMESTAMP NOT NULL, WATERMARK FOR ts AS ts);
        CREATE SOURCE s (auction BIGINT) WITH (connector = 'nexmark', table = 'bid', events = 50);";
    let cases: [(&str, &[&str]); 13] = [
        ("SELECT a FROM t ORDER BY a", &["L0611", "ORDER BY needs", "those of this query change"]),
        ("SELECT a, COUNT(*) AS n FROM t GROUP BY a LIMIT 3", &["L0611", "LIMIT needs", "EMIT FINAL gives"]),
        ("SELECT auction FROM s ORDER BY auction", &["L0611", "leave as they come"]),
        ("SELECT auction FROM s LIMIT 1", &["L0611", "leave as they come", "with LIMIT, as many"]),
        ("SELECT auction FROM s EMIT FINAL", &["L0601", "leave EMIT FINAL out"]),
        ("{W} ORDER BY n, window_end", &["L0611", "must begin with the window"]),
        ("{W} ORDER BY a, n", &["L0611", "must begin with the window"]),
        ("{W} ORDER BY window_end DESC", &["L0611", "in the order of time", "leave DESC out"]),
        ("{W} ORDER BY window_end LIMIT 3", &["L0611", "window by window"]),
        ("{W} OFFSET 3", &["L0611", "window by window"]),
        ("{W} ORDER BY n EMIT CHANGES", &["L0611", "gives them in steps"]),
        ("{W} UNION ALL {W} ORDER BY window_end", &["L0611", "leave as they come"]),
        ("SELECT a FROM t UNION ALL SELECT COUNT(*) AS n FROM t ORDER BY 1 EMIT FINAL", &["L0611", "change"]),
    ];
    let w = "SELECT a, window_end, COUNT(*) AS n FROM t GROUP BY a, TUMBLE(ts, INTERVAL '1' MINUTE)";
    let statements: Vec<String> =
        cases.iter().map(|(sql, _)| format!("CREATE STREAM v AS {}", sql.replace("{W}", w))).collect();
    let cases: Vec<(&str, &[&str])> =
        statements.iter().zip(cases).map(|(sql, (_, expected))| (sql.as_str(), expected)).collect();
    refused(setup, &cases);
}

#[test]
fn a_view_has_the_order_of_its_end() {
    check(
        &format!(
            "{T} CREATE VIEW most AS SELECT b, COUNT(*) AS n FROM t GROUP BY b ORDER BY n DESC, b DESC LIMIT 2 EMIT FINAL;"
        ),
        &[
            ("SELECT b, n FROM most", &["x|3", "z|1"]),
            ("SELECT SUM(n) AS n FROM most", &["4"]),
            ("SELECT b FROM t GROUP BY b ORDER BY COUNT(*), b LIMIT 2 EMIT FINAL", &["y", "z"]),
            ("SELECT a FROM t ORDER BY a DESC LIMIT 2 EMIT FINAL", &["NULL", "3"]),
        ],
    );
}

#[test]
fn explain_shows_the_order() {
    let mut session = Session::new().executor(Executor::Interp);
    run(&mut session, T);
    let outcomes =
        run(&mut session, "EXPLAIN SELECT a FROM t ORDER BY a DESC, b NULLS FIRST LIMIT 3 OFFSET 1");
    let Some(Outcome::Explained(text)) = outcomes.last() else { panic!("{outcomes:?}") };
    assert!(text.contains("Order by a DESC, b NULLS FIRST; Limit 3; Offset 1"), "{text}");
}
