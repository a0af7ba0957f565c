//! Tables whose rows change: keys, UPDATE, DELETE, TRUNCATE, and the views over them.
#![cfg(feature = "adhoc")]

use laminar::adhoc::{Executor, Outcome, Session, Value};

fn sessions() -> Vec<Session> {
    let executors =
        if cfg!(feature = "jit") { vec![Executor::Interp, Executor::Jit] } else { vec![Executor::Interp] };
    executors.into_iter().map(|e| Session::new().executor(e)).collect()
}

fn rows(session: &mut Session, sql: &str) -> Vec<String> {
    let rows = session.query(sql).unwrap_or_else(|e| panic!("{sql}\n{e}"));
    rows.iter().map(|r| r.iter().map(Value::to_string).collect::<Vec<_>>().join("|")).collect()
}

fn run(session: &mut Session, sql: &str) -> Vec<Outcome> {
    session.execute(sql).unwrap_or_else(|e| panic!("{sql}\n{e}"))
}

/// How many rows the last statement changed.
fn changed(session: &mut Session, sql: &str) -> u64 {
    match run(session, sql).pop() {
        Some(Outcome::Inserted(n) | Outcome::Updated(n) | Outcome::Deleted(n)) => n,
        other => panic!("{sql}: {other:?}"),
    }
}

const STOCK: &str = "
    CREATE TABLE stock (shop VARCHAR, item VARCHAR, n BIGINT NOT NULL DEFAULT 1, price DECIMAL(8, 2),
                        PRIMARY KEY (shop, item));
    INSERT INTO stock VALUES ('A', 'pen', 5, 1.50), ('A', 'ink', 2, 7), ('B', 'pen', 0, NULL);
    CREATE MATERIALIZED VIEW shops AS SELECT shop, COUNT(*) AS items, SUM(n) AS n FROM stock GROUP BY shop;
    CREATE MATERIALIZED VIEW sizes AS SELECT items, COUNT(*) AS shops, SUM(n) AS n FROM shops GROUP BY items;
    CREATE MATERIALIZED VIEW empty AS SELECT shop, item FROM stock WHERE n = 0;";

#[test]
fn views_follow_every_change() {
    for mut session in sessions() {
        let s = &mut session;
        run(s, STOCK);
        assert_eq!(changed(s, "UPDATE stock SET n = n + 10, price = price * 2 WHERE shop = 'A'"), 2);
        assert_eq!(rows(s, "SELECT * FROM stock"), ["A|ink|12|14.00", "A|pen|15|3.00", "B|pen|0|NULL"]);
        assert_eq!(rows(s, "SELECT * FROM shops"), ["A|2|27", "B|1|0"]);
        assert_eq!(rows(s, "SELECT * FROM sizes"), ["1|1|0", "2|1|27"]);
        assert_eq!(changed(s, "DELETE FROM stock AS x WHERE x.item = 'ink'"), 1);
        assert_eq!(rows(s, "SELECT * FROM sizes"), ["1|2|15"]);
        // A key moves; the row that is empty now is in the view at once.
        assert_eq!(changed(s, "UPDATE stock SET shop = 'C', n = DEFAULT, item = item || 's' WHERE n > 0"), 1);
        assert_eq!(changed(s, "UPDATE stock SET n = 0 WHERE shop = 'C'"), 1);
        assert_eq!(rows(s, "SELECT * FROM empty"), ["B|pen", "C|pens"]);
        // No row is meant, or none changes: nothing moves.
        assert_eq!(changed(s, "UPDATE stock SET n = 5 WHERE price IS NULL AND n > 7"), 0);
        assert_eq!(changed(s, "UPDATE stock SET n = n"), 2);
        assert_eq!(changed(s, "TRUNCATE TABLE stock"), 2);
        for view in ["stock", "shops", "sizes", "empty"] {
            assert!(rows(s, &format!("SELECT * FROM {view}")).is_empty(), "{view}");
        }
        assert_eq!(changed(s, "DELETE FROM stock"), 0);
        // Its keys are free again.
        assert_eq!(changed(s, "INSERT INTO stock (item, shop) VALUES ('pen', 'A')"), 1);
        assert_eq!(rows(s, "SELECT * FROM sizes"), ["1|1|1"]);
    }
}

#[test]
fn a_value_sees_the_row_as_it_was() {
    for mut session in sessions() {
        run(
            &mut session,
            "CREATE TABLE t (a BIGINT, b BIGINT); INSERT INTO t VALUES (1, 2), (1, 2), (3, NULL);
             UPDATE t SET a = b, b = a;",
        );
        assert_eq!(rows(&mut session, "SELECT * FROM t"), ["2|1", "2|1", "NULL|3"]);
        // Equal rows are rows of their own.
        assert_eq!(changed(&mut session, "DELETE FROM t WHERE a = 2"), 2);
        assert_eq!(rows(&mut session, "SELECT * FROM t"), ["NULL|3"]);
    }
}

#[test]
fn zero_and_its_negative_are_equal_and_not_the_same() {
    for mut session in sessions() {
        run(
            &mut session,
            "CREATE TABLE t (x DOUBLE NOT NULL, k BIGINT NOT NULL); INSERT INTO t VALUES (0, 1), (-0e0, 1);
             CREATE MATERIALIZED VIEW sums AS SELECT k, SUM(1 / x) AS s, COUNT(*) AS n FROM t GROUP BY k;
             DELETE FROM t WHERE 1 / x > 0;",
        );
        assert_eq!(rows(&mut session, "SELECT 1 / x AS y FROM t"), ["-Infinity"]);
        assert_eq!(rows(&mut session, "SELECT * FROM sums"), ["1|-Infinity|1"]);
        assert_eq!(changed(&mut session, "UPDATE t SET x = 0"), 1);
        run(
            &mut session,
            "CREATE TABLE r (x REAL NOT NULL); INSERT INTO r VALUES (-0e0); UPDATE r SET x = 0;",
        );
        let sign = session.query("SELECT 1 / CAST(x AS DOUBLE) AS y FROM r").unwrap();
        assert_eq!(sign.row(0)[0], Value::Double(f64::INFINITY));
        assert_eq!(rows(&mut session, "SELECT * FROM sums"), ["1|Infinity|1"]);
    }
}

#[test]
fn keys_are_unique_when_the_statement_ends() {
    for mut session in sessions() {
        let s = &mut session;
        run(
            s,
            "CREATE TABLE t (k BIGINT PRIMARY KEY, v BIGINT); INSERT INTO t VALUES (1, 10), (2, 20), (3, 30);
                CREATE MATERIALIZED VIEW sums AS SELECT SUM(k * v) AS s FROM t;",
        );
        // Each takes the key of the next one.
        assert_eq!(changed(s, "UPDATE t SET k = k + 1"), 3);
        assert_eq!(rows(s, "SELECT * FROM t"), ["2|10", "3|20", "4|30"]);
        let error = s.execute("UPDATE t SET k = 4 WHERE v = 10").unwrap_err().to_string();
        assert!(error.contains("L0807: row with key (4) exists already in table `t`"), "{error}");
        let error = s.execute("UPDATE t SET k = 9").unwrap_err().to_string();
        assert!(error.contains("L0807: row with key (9)"), "{error}");
        let error = s.execute("INSERT INTO t VALUES\n (7, 0),\n (4, 0)").unwrap_err().to_string();
        assert!(error.contains("L0807") && error.contains("<sql>:3:3"), "{error}");
        assert_eq!(rows(s, "SELECT * FROM t"), ["2|10", "3|20", "4|30"]);
        assert_eq!(rows(s, "SELECT * FROM sums"), ["200"]);
    }
}

#[test]
fn a_statement_takes_effect_whole_or_not_at_all() {
    for mut session in sessions() {
        let s = &mut session;
        run(
            s,
            "CREATE TABLE t (k BIGINT PRIMARY KEY, v BIGINT, w INTEGER NOT NULL);
             INSERT INTO t VALUES (1, 1, 1), (2, 0, 2), (3, NULL, 3);
             CREATE MATERIALIZED VIEW total AS SELECT SUM(v) AS v FROM t;
             CREATE MATERIALIZED VIEW tenth AS SELECT k, 10 / (k - 9) AS q FROM t;",
        );
        for (sql, expected) in [
            ("UPDATE t SET v = 100 / v", "division by zero"),
            ("DELETE FROM t WHERE 1 / v > 0", "division by zero"),
            ("UPDATE t SET w = v", "L0808: NULL in column `w`"),
            ("UPDATE t SET w = k * 1000000000 WHERE k = 3", "out of range"),
            // The table could take it, a view cannot.
            ("UPDATE t SET k = 9 WHERE k = 3", "division by zero"),
        ] {
            let error = s.execute(sql).expect_err(sql).to_string();
            assert!(error.contains(expected), "{sql}\n{error}");
            assert!(error.contains("--> <sql>:"), "{error}");
            assert_eq!(rows(s, "SELECT * FROM t"), ["1|1|1", "2|0|2", "3|NULL|3"], "{sql}");
            assert_eq!(rows(s, "SELECT * FROM total"), ["1"], "{sql}");
            assert_eq!(rows(s, "SELECT * FROM tenth"), ["1|-1", "2|-1", "3|-1"], "{sql}");
        }
        // Rows that are not meant do not fail.
        assert_eq!(changed(s, "UPDATE t SET v = 100 / v WHERE v <> 0"), 1);
        assert_eq!(rows(s, "SELECT * FROM total"), ["100"]);
    }
}

#[test]
fn mistakes_have_codes_and_places() {
    let mut session = Session::new().executor(Executor::Interp);
    run(
        &mut session,
        "CREATE TABLE t (a BIGINT NOT NULL, b VARCHAR); INSERT INTO t VALUES (1, 'x');
         CREATE MATERIALIZED VIEW v AS SELECT a FROM t;
         CREATE SOURCE s (a BIGINT) WITH (connector = 'file', path = 'none.csv', format = 'csv');",
    );
    for (sql, expected) in [
        ("UPDATE u SET a = 1", ["L0201", "<sql>:1:8"]),
        ("UPDATE v SET a = 1", ["L0803", "its rows follow from t"]),
        ("UPDATE s SET a = 1", ["L0803", "rows can be updated in tables only"]),
        ("DELETE FROM s", ["L0803", "rows can be deleted from tables only"]),
        ("TRUNCATE v", ["L0803", "rows can be deleted from tables only"]),
        ("UPDATE t SET c = 1", ["L0203", "column `c` does not exist in `t`"]),
        ("UPDATE t SET bb = 'x'", ["L0203", "did you mean `b`?"]),
        ("UPDATE t SET a = 1, A = 2", ["L0809", "column `A` is set twice"]),
        ("UPDATE t SET a = NULL", ["L0808", "<sql>:1:18"]),
        ("UPDATE t SET a = DEFAULT", ["L0808", "<sql>:1:18"]),
        ("UPDATE t SET a = b", ["L0309", "column `a` is of type BIGINT, value of type VARCHAR"]),
        ("UPDATE t SET a = c + 1 WHERE d", ["L0203", "column `d` does not exist in `t`"]),
        ("UPDATE t SET a = SUM(a)", ["L0502", "not allowed in SET"]),
        ("DELETE FROM t WHERE COUNT(*) > 1", ["L0505", "not allowed in WHERE"]),
        ("DELETE FROM t WHERE a", ["L0306", "<sql>:1:21"]),
        ("DELETE FROM t AS x WHERE t.a = 1", ["L0201", "the table here is `x`"]),
        ("UPDATE t SET (a, b) = (1, 'x')", ["L0401", "SET a = …, b = …"]),
        ("UPDATE t SET a = 1 FROM s", ["L0401", "FROM in this statement"]),
        ("DELETE FROM t USING s WHERE true", ["L0401", "USING in this statement"]),
        ("DELETE FROM t RETURNING a", ["L0401", "RETURNING"]),
        ("INSERT INTO t VALUES (1, 'x') ON CONFLICT DO NOTHING", ["L0401", "ON CONFLICT"]),
        ("DELETE t WHERE a = 1", ["L0101", "expected `FROM`"]),
        ("UPDATE t a = 1", ["L0101", "expected `SET`"]),
        ("UPDATE t SET a 1", ["L0101", "expected `=`"]),
        ("TRUNCATE t, v", ["L0401", "several tables"]),
        ("UPDAET t SET a = 1", ["L0113", "did you mean `UPDATE`?"]),
        ("CREATE TABLE w (a BIGINT PRIMARY KEY, b BIGINT PRIMARY KEY)", ["L0806", "two primary keys"]),
        ("CREATE TABLE w (a BIGINT PRIMARY KEY, PRIMARY KEY (a))", ["L0806", "PRIMARY KEY (a, b)"]),
        ("CREATE TABLE w (a BIGINT, PRIMARY KEY (a, a))", ["L0806", "twice in the primary key"]),
        ("CREATE TABLE w (a BIGINT, PRIMARY KEY (b))", ["L0203", "column `b` does not exist in `w`"]),
        ("CREATE TABLE w (a BIGINT DEFAULT 'x')", ["L0304", "<sql>:1:34"]),
        ("CREATE TABLE w (a BIGINT DEFAULT a)", ["L0203", "<sql>:1:34"]),
        ("CREATE TABLE w (a BIGINT DEFAULT 1 DEFAULT 2)", ["L0101", "given twice"]),
        ("CREATE TABLE w (a BIGINT UNIQUE)", ["L0401", "PRIMARY KEY and DEFAULT"]),
    ] {
        let error = session.execute(sql).expect_err(sql).to_string();
        for part in expected {
            assert!(error.contains(part), "{sql}\n{error}\nlacks {part}");
        }
    }
    // Several mistakes in one statement are told at once.
    let error = session.execute("UPDATE t SET x = 1, a = y WHERE z = 1").unwrap_err().to_string();
    assert_eq!(error.matches("L0203").count(), 3, "{error}");
}

#[test]
fn defaults_stand_in_for_what_is_not_given() {
    for mut session in sessions() {
        let s = &mut session;
        run(
            s,
            "CREATE TABLE t (a BIGINT PRIMARY KEY, b VARCHAR DEFAULT 'x' NOT NULL, c DOUBLE NOT NULL DEFAULT 1 + 0.5, d BIGINT);
             INSERT INTO t (a) VALUES (1);
             INSERT INTO t VALUES (2, DEFAULT, 2, DEFAULT), (3, 'y', DEFAULT, 4);
             INSERT INTO t (d, a) SELECT a, a + 10 FROM t WHERE a < 3;",
        );
        assert_eq!(
            rows(s, "SELECT * FROM t"),
            ["1|x|1.5|NULL", "2|x|2.0|NULL", "3|y|1.5|4", "11|x|1.5|1", "12|x|1.5|2"]
                .map(|r| r.replace(".0|", "|"))
        );
        let error = s.execute("INSERT INTO t VALUES (DEFAULT, 'z', 1, 1)").unwrap_err().to_string();
        assert!(error.contains("L0808") && error.contains("<sql>:1:23"), "{error}");
        let error =
            s.execute("INSERT INTO t (a, b) SELECT a + 20, NULL AS b FROM t").unwrap_err().to_string();
        assert!(error.contains("L0808") && error.contains("<sql>:1:37"), "{error}");
    }
}

#[test]
fn windows_over_a_table_take_changes_back() {
    for mut session in sessions() {
        let s = &mut session;
        run(
            s,
            "CREATE TABLE t (k VARCHAR NOT NULL, ts TIMESTAMP NOT NULL, WATERMARK FOR ts AS ts - INTERVAL '1' MINUTE);
             CREATE MATERIALIZED VIEW minutes AS SELECT window_start, COUNT(*) AS n FROM t GROUP BY TUMBLE(ts, INTERVAL '1' MINUTE);
             CREATE MATERIALIZED VIEW live AS SELECT window_start, COUNT(*) AS n FROM t
                 GROUP BY TUMBLE(ts, INTERVAL '1' MINUTE) EMIT CHANGES;
             INSERT INTO t VALUES ('a', '2024-01-01 10:00:10'), ('b', '2024-01-01 10:00:50'), ('c', '2024-01-01 10:01:05');
             DELETE FROM t WHERE k = 'a';",
        );
        assert!(rows(s, "SELECT * FROM minutes").is_empty());
        assert_eq!(rows(s, "SELECT * FROM live"), ["2024-01-01 10:00:00|1", "2024-01-01 10:01:00|1"]);
        run(s, "INSERT INTO t VALUES ('d', '2024-01-01 10:02:00')");
        assert_eq!(rows(s, "SELECT * FROM minutes"), ["2024-01-01 10:00:00|1"]);
        // That window is closed: its result is final, whatever becomes of its rows.
        run(s, "DELETE FROM t WHERE k = 'b'");
        assert_eq!(rows(s, "SELECT * FROM minutes"), ["2024-01-01 10:00:00|1"]);
        assert_eq!(rows(s, "SELECT COUNT(*) AS n FROM t"), ["2"]);
    }
}
