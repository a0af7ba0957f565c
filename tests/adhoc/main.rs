//! Sessions: what SQL at run time means, on every executor.
#![cfg(feature = "adhoc")]

mod pushed;

use laminar::adhoc::{
    Batch, Column, Error, Executor, Losses, Origin, Outcome, OutputKind, Receiver, Session, Value,
};

/// A session on each executor of this build.
fn sessions() -> Vec<Session> {
    let executors =
        if cfg!(feature = "jit") { vec![Executor::Interp, Executor::Jit] } else { vec![Executor::Interp] };
    executors.into_iter().map(|e| Session::new().executor(e)).collect()
}

/// The rows of a query as `a|b`.
fn rows(session: &mut Session, sql: &str) -> Vec<String> {
    let rows = session.query(sql).unwrap_or_else(|e| panic!("{sql}\n{e}"));
    rows.iter().map(|r| r.iter().map(Value::to_string).collect::<Vec<_>>().join("|")).collect()
}

fn run(session: &mut Session, sql: &str) -> Vec<Outcome> {
    session.execute(sql).unwrap_or_else(|e| panic!("{sql}\n{e}"))
}

/// The message of the error that `sql` gives after `setup`.
fn error(setup: &str, sql: &str) -> String {
    let mut session = Session::new().executor(Executor::Interp);
    run(&mut session, setup);
    session.execute(sql).expect_err(sql).to_string()
}

const TRADES: &str = "
    CREATE TABLE trades (symbol VARCHAR NOT NULL, price BIGINT, ts TIMESTAMP);
    INSERT INTO trades VALUES ('A', 3, '2024-01-01 00:00:00'), ('B', 7, '2024-01-01 00:00:30'), ('A', NULL, NULL);
    INSERT INTO trades (price, symbol) VALUES (1 + 2 * 3, 'C');";

#[test]
fn tables_and_queries() {
    for mut session in sessions() {
        run(&mut session, TRADES);
        assert_eq!(
            rows(&mut session, "SELECT * FROM trades"),
            ["A|3|2024-01-01 00:00:00", "A|NULL|NULL", "B|7|2024-01-01 00:00:30", "C|7|NULL"]
        );
        assert_eq!(
            rows(&mut session, "SELECT symbol, COUNT(*) AS n, SUM(price) AS s FROM trades GROUP BY symbol"),
            ["A|2|3", "B|1|7", "C|1|7"]
        );
        // A global aggregate has its row even over nothing.
        assert_eq!(
            rows(&mut session, "SELECT COUNT(*) AS n, MAX(price) AS m FROM trades WHERE price > 99"),
            ["0|NULL"]
        );
        let outcomes = run(&mut session, "SELECT symbol FROM trades WHERE price = 7; DROP TABLE trades;");
        assert!(matches!(&outcomes[0], Outcome::Rows(r) if r.len() == 2));
        assert!(matches!(&outcomes[1], Outcome::Dropped(name) if name == "trades"));
    }
}

#[test]
fn views_follow_inserts() {
    for mut session in sessions() {
        run(
            &mut session,
            "CREATE TABLE t (k VARCHAR NOT NULL, v BIGINT NOT NULL);
             INSERT INTO t VALUES ('a', 1);
             CREATE MATERIALIZED VIEW sums AS SELECT k, SUM(v) AS s FROM t GROUP BY k;
             CREATE MATERIALIZED VIEW big AS SELECT s, COUNT(*) AS n FROM sums WHERE s >= 10 GROUP BY s;
             CREATE MATERIALIZED VIEW both AS SELECT k, s FROM sums UNION ALL SELECT k, v AS s FROM t;",
        );
        assert_eq!(rows(&mut session, "SELECT * FROM sums"), ["a|1"]);
        assert!(rows(&mut session, "SELECT * FROM big").is_empty());
        run(&mut session, "INSERT INTO t VALUES ('a', 9), ('b', 10), ('b', 0)");
        assert_eq!(rows(&mut session, "SELECT * FROM sums"), ["a|10", "b|10"]);
        assert_eq!(rows(&mut session, "SELECT * FROM big"), ["10|2"]);
        assert_eq!(rows(&mut session, "SELECT * FROM both"), ["a|1", "a|9", "a|10", "b|0", "b|10", "b|10"]);
        run(&mut session, "INSERT INTO t VALUES ('b', 1)");
        assert_eq!(rows(&mut session, "SELECT s, n FROM big"), ["10|1", "11|1"]);
        // Queries over views are plain queries over what they hold.
        assert_eq!(rows(&mut session, "SELECT SUM(n) AS n FROM big"), ["2"]);
        // A view that comes later sees all that was there.
        run(&mut session, "CREATE MATERIALIZED VIEW late AS SELECT COUNT(*) AS n, SUM(s) AS s FROM sums");
        assert_eq!(rows(&mut session, "SELECT * FROM late"), ["2|21"]);
        run(&mut session, "INSERT INTO t VALUES ('c', 100)");
        assert_eq!(rows(&mut session, "SELECT * FROM late"), ["3|121"]);
        assert_eq!(session.view("LATE").unwrap().row(0)[1], Value::Integer(121));
    }
}

#[test]
fn incremental_is_the_same_as_all_at_once() {
    let views = "
        CREATE VIEW odd AS SELECT k, v FROM t WHERE v % 2 = 1;
        CREATE MATERIALIZED VIEW one AS SELECT k, COUNT(*) AS n, MIN(v) AS lo, MAX(v) AS hi, AVG(v) AS mean FROM t GROUP BY k;
        CREATE MATERIALIZED VIEW two AS SELECT n, COUNT(*) AS c, SUM(hi) AS s FROM one GROUP BY n EMIT ON UPDATE;
        CREATE MATERIALIZED VIEW three AS SELECT c, n FROM two WHERE s > 50 UNION ALL SELECT v AS c, k AS n FROM odd;
        CREATE MATERIALIZED VIEW four AS SELECT COUNT(*) AS n, SUM(c) AS c FROM three;";
    let insert =
        |i: i64| format!("INSERT INTO t VALUES ({}, {}), ({}, {});", i % 7, i * 37 % 101, i % 3, i * 53 % 89);
    let all: String = (0..40).map(insert).collect();
    for (mut step_by_step, mut at_once) in sessions().into_iter().zip(sessions()) {
        run(
            &mut step_by_step,
            &format!("CREATE TABLE t (k BIGINT NOT NULL, v BIGINT NOT NULL); {views} {all}"),
        );
        run(&mut at_once, &format!("CREATE TABLE t (k BIGINT NOT NULL, v BIGINT NOT NULL); {all} {views}"));
        for view in ["one", "two", "three", "four"] {
            let sql = format!("SELECT * FROM {view}");
            let expected = rows(&mut at_once, &sql);
            assert!(!expected.is_empty());
            assert_eq!(rows(&mut step_by_step, &sql), expected, "{view}");
        }
    }
}

#[test]
fn streams_and_views_are_queries_with_names() {
    for mut session in sessions() {
        run(
            &mut session,
            "CREATE TABLE t (k VARCHAR, ts TIMESTAMP NOT NULL, WATERMARK FOR ts AS ts - INTERVAL '1' MINUTE);
             CREATE STREAM minutes AS SELECT window_end, COUNT(*) AS n FROM t GROUP BY TUMBLE(ts, INTERVAL '1' MINUTE);
             CREATE VIEW hours AS SELECT window_start, SUM(n) AS n FROM minutes GROUP BY TUMBLE(window_end, INTERVAL '1' HOUR);
             CREATE MATERIALIZED VIEW closed AS SELECT * FROM minutes;
             INSERT INTO t VALUES ('a', '2024-01-01 10:00:10'), ('b', '2024-01-01 10:00:50'), ('c', '2024-01-01 10:59:59');
             INSERT INTO t VALUES ('d', '2024-01-01 11:00:00');",
        );
        // The watermark is at 10:59: one window is closed.
        assert_eq!(rows(&mut session, "SELECT * FROM closed"), ["2024-01-01 10:01:00|2"]);
        // A query runs to the end: all windows close. The window that ends at 11:00 belongs to the hour from 11:00.
        assert_eq!(
            rows(&mut session, "SELECT * FROM minutes"),
            ["2024-01-01 10:01:00|2", "2024-01-01 11:00:00|1", "2024-01-01 11:01:00|1"]
        );
        assert_eq!(
            rows(&mut session, "SELECT * FROM hours"),
            ["2024-01-01 10:00:00|2", "2024-01-01 11:00:00|2"]
        );
    }
}

#[test]
fn inserts_are_all_or_nothing() {
    for mut session in sessions() {
        run(
            &mut session,
            "CREATE TABLE t (k BIGINT PRIMARY KEY, v BIGINT NOT NULL);
             CREATE MATERIALIZED VIEW total AS SELECT SUM(v) AS v FROM t;
             CREATE MATERIALIZED VIEW inverse AS SELECT k, 100 / v AS q FROM t;
             CREATE MATERIALIZED VIEW kept WITH (on_error = 'skip') AS SELECT k, 100 / v AS q FROM t;
             INSERT INTO t VALUES (1, 10);",
        );
        let error = session.execute("INSERT INTO t VALUES (2, 20), (3, 0)").unwrap_err();
        assert!(error.to_string().contains("division by zero"), "{error}");
        // The key is free again, and no view has seen the rows.
        for (sql, expected) in [
            ("SELECT * FROM t", vec!["1|10"]),
            ("SELECT * FROM total", vec!["10"]),
            ("SELECT * FROM inverse", vec!["1|10"]),
            ("SELECT * FROM kept", vec!["1|10"]),
        ] {
            assert_eq!(rows(&mut session, sql), expected, "{sql}");
        }
        run(&mut session, "INSERT INTO t VALUES (2, 20), (3, 50)");
        assert_eq!(rows(&mut session, "SELECT * FROM inverse"), ["1|10", "2|5", "3|2"]);
        assert_eq!(rows(&mut session, "SELECT * FROM total"), ["80"]);
        let error = session.execute("INSERT INTO t VALUES (4, 1), (3, 1)").unwrap_err();
        assert!(error.to_string().contains("key (3) exists already"), "{error}");
        assert_eq!(rows(&mut session, "SELECT COUNT(*) AS n FROM t"), ["3"]);
        run(&mut session, "DROP MATERIALIZED VIEW inverse; INSERT INTO t VALUES (4, 0);");
        assert_eq!(rows(&mut session, "SELECT COUNT(*) AS n FROM kept"), ["3"]);
    }
}

#[test]
fn insert_from_a_query() {
    let mut session = Session::new();
    run(&mut session, TRADES);
    run(
        &mut session,
        "CREATE TABLE best (s VARCHAR, p BIGINT); INSERT INTO best (p, s) SELECT MAX(price) AS m, symbol FROM trades GROUP BY symbol;",
    );
    assert_eq!(rows(&mut session, "SELECT * FROM best"), ["A|3", "B|7", "C|7"]);
}

#[test]
fn mistakes_have_places() {
    let t = "CREATE TABLE t (a BIGINT NOT NULL, b VARCHAR); CREATE VIEW v AS SELECT a FROM t;
        CREATE TABLE w (ts TIMESTAMP, WATERMARK FOR ts AS ts);";
    for (sql, expected) in [
        ("SELECT\n  prise FROM t", ["L0203", "<sql>:2:3"]),
        ("SELECT a FROM tt", ["L0201", "did you mean `t`?"]),
        ("INSERT INTO u VALUES (1)", ["L0201", "relation `u` does not exist"]),
        ("INSERT INTO v VALUES (1)", ["L0803", "rows can be inserted into tables only"]),
        ("INSERT INTO t VALUES (1)", ["L0801", "1 values for 2 columns"]),
        ("INSERT INTO t VALUES (NULL, 'x')", ["L0808", "NULL in column `a`"]),
        ("INSERT INTO t (b) VALUES ('x')", ["L0801", "column `a` is NOT NULL and gets no value"]),
        ("INSERT INTO t (a, a) VALUES (1, 2)", ["L0801", "given twice"]),
        ("INSERT INTO t (a, c) VALUES (1, 2)", ["L0203", "column `c` does not exist in `t`"]),
        ("INSERT INTO t VALUES ('x', 'x')", ["<sql>:1:23", "'x'"]),
        ("INSERT INTO t VALUES (1 / 0, 'x')", ["division by zero", "<sql>:1:23"]),
        ("INSERT INTO t SELECT b, b FROM t", ["L0309", "the query gives VARCHAR"]),
        ("CREATE TABLE T (x BIGINT)", ["L0206", "table `t` exists already"]),
        ("DROP TABLE t", ["L0802", "view `v` reads it"]),
        ("DROP VIEW t", ["L0803", "DROP TABLE t"]),
        ("DROP VIEW missing", ["L0201", "relations: t, v, w"]),
        ("CREATE SINK s FROM t", ["L0805", "CREATE SINK"]),
        ("CREATE TABLE a.b (x BIGINT)", ["L0401", "one word"]),
        ("CREATE TABLE u (x BIGINT) WITH (path = 'x')", ["L0106", "no option `path`"]),
        ("CREATE SOURCE u (x BIGINT)", ["L0106", "needs the option `connector`"]),
        ("CREATE SOURCE u (x BIGINT) WITH (connector = 'fil')", ["did you mean 'file'?", "<sql>:1:34"]),
        ("CREATE SOURCE u (x BIGINT) WITH (connector = 'file')", ["needs the option `path`", "<sql>:1:15"]),
        (
            "CREATE SOURCE u (x BIGINT) WITH (connector = 'file', path = 'x')",
            ["needs the option `format`", "L0106"],
        ),
        (
            "CREATE SOURCE u (x BIGINT) WITH (connector = 'file', path = 'x.csv', heder = true)",
            ["did you mean `header`?", "L0106"],
        ),
        (
            "CREATE SOURCE u (x BIGINT) WITH (connector = 'file', path = 'x.csv', header = 3)",
            ["must be TRUE or FALSE", "L0106"],
        ),
        (
            "CREATE SOURCE u (x BIGINT) WITH (connector = 'file', path = 'x.csv', delimiter = 'ab')",
            ["one ASCII character", "L0106"],
        ),
        (
            "CREATE SOURCE u (x BIGINT) WITH (connector = 'nexmark', table = 'bid', events = 5)",
            ["L0203", "its columns are auction"],
        ),
        (
            "CREATE SOURCE u (price VARCHAR) WITH (connector = 'nexmark', table = 'bid', events = 5)",
            ["is BIGINT, not VARCHAR", "<sql>:1:18"],
        ),
        (
            "CREATE SOURCE u (price BIGINT) WITH (connector = 'nexmark', events = -5)",
            ["needs the option `table`", "whole number from 0"],
        ),
        (
            "CREATE VIEW x WITH (on_error = 'ignore') AS SELECT a FROM t",
            ["must be 'fail' or 'skip'", "L0106"],
        ),
        (
            "CREATE STREAM s AS SELECT COUNT(*) AS n FROM w GROUP BY TUMBLE(ts, INTERVAL '1' MINUTE) LATE DATA TO l",
            ["L0805", "runs anew for each reader"],
        ),
        ("SELEC 1", ["L0113", "did you mean `SELECT`?"]),
    ] {
        let message = error(t, sql);
        for part in expected {
            assert!(message.contains(part), "{sql}\n{message}\nlacks {part}");
        }
    }
    let deep = format!("SELECT {}a{} FROM t", "(".repeat(10_000), ")".repeat(10_000));
    assert!(error(t, &deep).contains("L0104"));
    // A syntax error anywhere keeps everything from running.
    let mut session = Session::new();
    assert!(session.execute("CREATE TABLE x (a BIGINT); SELEC 1;").is_err());
    assert!(session.execute("SELECT a FROM x").is_err());
}

#[test]
fn if_exists() {
    let mut session = Session::new();
    let outcomes = run(
        &mut session,
        "CREATE TABLE t (a BIGINT); CREATE TABLE IF NOT EXISTS T (a BIGINT); DROP TABLE IF EXISTS u; DROP TABLE IF EXISTS t;",
    );
    assert!(matches!(&outcomes[1], Outcome::Existed(n) if n == "t"));
    assert!(matches!(&outcomes[2], Outcome::Absent(n) if n == "u"));
    assert!(matches!(&outcomes[3], Outcome::Dropped(_)));
}

#[test]
fn nexmark_as_a_source() {
    for mut session in sessions() {
        run(
            &mut session,
            "CREATE SOURCE bid (auction BIGINT NOT NULL, date_time TIMESTAMP NOT NULL, price BIGINT NOT NULL,
                WATERMARK FOR date_time AS date_time - INTERVAL '4' SECOND)
                WITH (connector = 'nexmark', table = 'bid', events = 10_000, rate = 1000, seed = 7);
             CREATE SOURCE person (state VARCHAR) WITH (connector = 'nexmark', table = 'person', events = 10_000, seed = 7);",
        );
        let stream = laminar::connector::nexmark::Nexmark::new(7).events(10_000).rate(1000);
        let sum: i64 = stream.bids().map(|b| b.price).sum();
        assert_eq!(
            rows(&mut session, "SELECT COUNT(*) AS n, SUM(price) AS s FROM bid"),
            [format!("9200|{sum}")]
        );
        let windows = rows(
            &mut session,
            "SELECT window_start, COUNT(*) AS n FROM bid GROUP BY TUMBLE(date_time, INTERVAL '2' SECOND)",
        );
        assert_eq!(windows.len(), 5);
        assert!(windows.iter().all(|w| w.ends_with("|1840")), "{windows:?}");
        let oregon = stream.persons().filter(|p| p.state.as_str() == "OR").count();
        assert_eq!(
            rows(&mut session, "SELECT COUNT(*) AS n FROM person WHERE state = 'OR'"),
            [oregon.to_string()]
        );
    }
}

#[derive(Default)]
struct Changelog {
    rows: Vec<String>,
    kind: Option<OutputKind>,
    losses: Vec<Losses>,
    stop_after: Option<usize>,
}

impl Receiver for Changelog {
    fn begin(&mut self, _: &[Column], kind: &OutputKind) -> Result<(), Error> {
        self.kind = Some(kind.clone());
        Ok(())
    }
    fn rows(&mut self, rows: &Batch) -> Result<(), Error> {
        for at in 0..rows.len() {
            let values: Vec<String> = rows.row(at).iter().map(Value::to_string).collect();
            self.rows.push(format!("{:+} {}", rows.weight(at), values.join("|")));
        }
        if self.stop_after == Some(self.rows.len()) { Err(Error::Stopped) } else { Ok(()) }
    }
    fn end(&mut self, losses: &[Losses]) -> Result<(), Error> {
        self.losses = losses.to_vec();
        Ok(())
    }
}

#[test]
fn rows_as_they_come() {
    for mut session in sessions() {
        run(
            &mut session,
            "CREATE TABLE a (k BIGINT NOT NULL); CREATE TABLE b (k BIGINT NOT NULL);
             INSERT INTO a VALUES (1), (2); INSERT INTO b VALUES (1), (1);",
        );
        let sql = "SELECT k, COUNT(*) AS n FROM (SELECT k FROM a UNION ALL SELECT k FROM b) AS u GROUP BY k";
        let mut log = Changelog::default();
        session.execute_into(sql, Origin::Query, &mut log).unwrap();
        assert_eq!(log.kind, Some(OutputKind::Changes));
        assert_eq!(log.rows, ["+1 1|1", "+1 2|1", "-1 1|1", "+1 1|3"]);
        let mut log = Changelog { stop_after: Some(2), ..Changelog::default() };
        assert!(matches!(session.execute_into(sql, Origin::Query, &mut log), Err(Error::Stopped)));
        assert_eq!(log.rows.len(), 2);
    }
}

#[test]
fn late_rows_are_told() {
    for mut session in sessions() {
        run(
            &mut session,
            "CREATE TABLE t (ts TIMESTAMP NOT NULL, WATERMARK FOR ts AS ts);
             INSERT INTO t VALUES ('2024-01-01 00:10:00'), ('2024-01-01 00:00:00'), ('2024-01-01 00:10:30');",
        );
        let sql = "SELECT window_start, COUNT(*) AS n FROM t GROUP BY TUMBLE(ts, INTERVAL '1' MINUTE)";
        let mut log = Changelog::default();
        session.execute_into(sql, Origin::Query, &mut log).unwrap();
        assert_eq!(log.rows, ["+1 2024-01-01 00:10:00|2"]);
        assert_eq!(log.losses, [Losses { input: "t".into(), late: 1, rejected: 0 }]);
    }
}

#[test]
fn explain_shows_the_plan() {
    let mut session = Session::new();
    run(&mut session, TRADES);
    let outcomes = run(&mut session, "EXPLAIN SELECT symbol, COUNT(*) AS n FROM trades GROUP BY symbol");
    let [Outcome::Explained(text)] = &outcomes[..] else { panic!("{outcomes:?}") };
    assert!(text.contains("Aggregate by symbol"), "{text}");
    assert!(text.contains("changelog; key (symbol)"), "{text}");
}

/// Event times 1, 4, 9, 11, 19 and 40 s, in order; W follows them at once.
const TIMES: &str = "CREATE TABLE raw (v BIGINT NOT NULL, ts TIMESTAMP NOT NULL, WATERMARK FOR ts AS ts - INTERVAL '0' SECOND);
    INSERT INTO raw VALUES (1, '1970-01-01 00:00:01'), (2, '1970-01-01 00:00:04'), (3, '1970-01-01 00:00:09'),
        (4, '1970-01-01 00:00:11'), (5, '1970-01-01 00:00:19'), (6, '1970-01-01 00:00:40');";

#[test]
fn windows_over_the_bounds_of_windows() {
    let over = |time: &str, size: u32| {
        format!(
            "SELECT CAST(EXTRACT(SECOND FROM window_start) AS BIGINT) AS w, SUM(n) AS n FROM
               (SELECT window_start, window_end, COUNT(*) AS n FROM raw GROUP BY TUMBLE(ts, INTERVAL '10' SECOND))
             GROUP BY TUMBLE({time}, INTERVAL '{size}' SECOND)"
        )
    };
    let of_rows = |time: &str, size: u32| {
        format!(
            "SELECT CAST(EXTRACT(SECOND FROM window_start) AS BIGINT) AS w, COUNT(*) AS n FROM
               (SELECT window_start, window_end FROM TUMBLE(raw, ts, INTERVAL '10' SECOND))
             GROUP BY TUMBLE({time}, INTERVAL '{size}' SECOND)"
        )
    };
    for mut session in sessions() {
        run(&mut session, TIMES);
        for query in [&over as &dyn Fn(&str, u32) -> String, &of_rows] {
            // The windows have 3, 2 and 1 rows. A bound is a time like any other: an end lies in the next window.
            let mut check = |time, size, expected: &[&str]| {
                assert_eq!(rows(&mut session, &query(time, size)), expected, "{time} {size}");
            };
            check("window_start", 5, &["0|3", "10|2", "40|1"]);
            check("window_start", 10, &["0|3", "10|2", "40|1"]);
            check("window_start", 20, &["0|5", "40|1"]);
            check("window_end", 5, &["10|3", "20|2", "50|1"]);
            check("window_end", 10, &["10|3", "20|2", "50|1"]);
            check("window_end", 20, &["0|3", "20|2", "40|1"]);
        }
        // But grouped by themselves, both bounds name the window they bound.
        let sql = "SELECT CAST(EXTRACT(SECOND FROM window_start) AS BIGINT) AS a, CAST(EXTRACT(SECOND FROM window_end) AS BIGINT) AS b, COUNT(*) AS n
             FROM TUMBLE(raw, ts, INTERVAL '10' SECOND) GROUP BY window_end";
        assert_eq!(rows(&mut session, sql), ["0|10|3", "10|20|2", "40|50|1"]);
    }
}

#[test]
fn what_would_be_ignored_is_refused() {
    let check = |sql: &str, expected: &str| {
        let found = error(TIMES, sql);
        assert!(found.contains(expected), "{sql}\n{found}");
        assert_eq!(found.matches("error: ").count(), 1, "one mistake is one diagnostic: {found}");
    };
    let windows = |keys: &str, tail: &str| {
        format!("SELECT window_start AS w, COUNT(*) AS n FROM raw GROUP BY {keys} {tail}")
    };
    let tumble = "TUMBLE(ts, INTERVAL '1' SECOND)";
    check(&windows(tumble, "EMIT FINAL ALLOW LATENESS INTERVAL '1' SECOND"), "L0606: ALLOW LATENESS");
    check(
        &windows(&format!("{tumble}, TUMBLE(ts + INTERVAL '1' SECOND, INTERVAL '1' SECOND)"), ""),
        "L0503: GROUP BY has two different windows",
    );
    check(&windows("TUMBLE(ts, INTERVAL '0' SECOND)", ""), "L0610: size of a window must be positive");
    check(&windows("HOP(ts, INTERVAL '1' SECOND, INTERVAL '2' SECOND)", ""), "L0406: HOP");
    check(
        "WITH a AS (SELECT v FROM raw), A AS (SELECT ts FROM raw) SELECT * FROM a",
        "L0206: WITH names `A` twice",
    );
}

#[test]
fn zeros_of_different_signs_are_different_constants() {
    for mut session in sessions() {
        run(&mut session, "CREATE TABLE t (x DOUBLE NOT NULL); INSERT INTO t VALUES (1), (2);");
        let sql = "SELECT SUM(x / 0e0) AS a, SUM(x / -0e0) AS b FROM t";
        assert_eq!(rows(&mut session, sql), ["Infinity|-Infinity"]);
        assert_eq!(
            rows(&mut session, "SELECT x / 0e0 AS a, x / -0e0 AS b FROM t WHERE x < 2"),
            ["Infinity|-Infinity"]
        );
    }
}

#[test]
fn a_view_of_a_global_aggregate_has_its_row_from_the_start() {
    for mut session in sessions() {
        run(
            &mut session,
            "CREATE TABLE t (n BIGINT); CREATE TABLE u (n BIGINT);
             CREATE MATERIALIZED VIEW one AS SELECT COUNT(*) AS n, SUM(n) AS s FROM t;
             CREATE MATERIALIZED VIEW two AS SELECT COUNT(*) AS rows FROM (SELECT COUNT(*) AS n FROM t) AS q WHERE n = 0;",
        );
        assert_eq!(rows(&mut session, "SELECT * FROM one"), ["0|NULL"]);
        assert_eq!(rows(&mut session, "SELECT * FROM two"), ["1"]);
        run(&mut session, "INSERT INTO u VALUES (1); INSERT INTO t VALUES (5);");
        assert_eq!(rows(&mut session, "SELECT * FROM one"), ["1|5"]);
        assert_eq!(rows(&mut session, "SELECT * FROM two"), ["0"]);
    }
}

#[test]
fn another_thread_stops_what_reads_its_sources() {
    const LONG: [&str; 3] = [
        "SELECT COUNT(*) AS n FROM bids",
        "CREATE MATERIALIZED VIEW v AS SELECT COUNT(*) AS n FROM bids",
        "INSERT INTO t SELECT COUNT(*) AS n FROM bids",
    ];
    for mut session in sessions() {
        run(
            &mut session,
            "CREATE SOURCE bids (price BIGINT NOT NULL) WITH (connector = 'nexmark', table = 'bid', events = 4000000000);
             CREATE TABLE t (n BIGINT)",
        );
        for sql in LONG {
            let stop = session.stop();
            let (done, wait) = std::sync::mpsc::channel::<()>();
            // What is asked before the statement begins is forgotten, so it is asked again.
            let thread = std::thread::spawn(move || {
                let pause = std::time::Duration::from_millis(20);
                while wait.recv_timeout(pause).is_err_and(|e| e == std::sync::mpsc::RecvTimeoutError::Timeout)
                {
                    stop.ask();
                }
            });
            let result = session.execute(sql);
            drop(done);
            thread.join().unwrap();
            assert!(matches!(result, Err(Error::Stopped)), "{sql}: {result:?}");
        }
        // As if they had never been.
        assert_eq!(rows(&mut session, "SELECT COUNT(*) AS n FROM t"), ["0"]);
        assert!(session.view("v").is_err());
    }
}

#[test]
fn warnings_are_kept_for_who_asks() {
    let mut session = Session::new();
    let told =
        |session: &Session| session.warnings().iter().map(|w| w.to_string()).collect::<Vec<_>>().join("\n");
    run(
        &mut session,
        "CREATE TABLE t (a BIGINT); CREATE VIEW v AS SELECT a FROM t WHERE a = NULL; SELECT a FROM t",
    );
    assert!(told(&session).contains("L0901"), "{}", told(&session));
    run(&mut session, "SELECT a FROM t");
    assert_eq!(told(&session), "");
    session.query("SELECT a FROM t WHERE a NOT IN (1, NULL)").unwrap();
    assert!(told(&session).contains("L0904"), "{}", told(&session));
    session
        .explain("SELECT a FROM t WHERE a = NULL", Origin::Query, laminar::adhoc::ExplainMode::Text)
        .unwrap();
    assert!(told(&session).contains("L0901"), "{}", told(&session));
}
