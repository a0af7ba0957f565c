//! `laminar run` and `laminar explain` on files of SQL.

use crate::folder::{EXECUTORS, Folder};
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::Stdio;

/// Real departures; `delay` is that of the watermark.
fn flights(delay: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/data/flights-2013-01.csv");
    format!(
        "CREATE SOURCE flights (
            carrier VARCHAR NOT NULL, origin VARCHAR NOT NULL, tailnum VARCHAR, dep_delay BIGINT, arr_delay BIGINT,
            time_hour TIMESTAMP NOT NULL, WATERMARK FOR time_hour AS time_hour - INTERVAL '{delay}' HOUR
        ) WITH (connector = 'file', path = '{}', null = 'NA');",
        path.display()
    )
}

// The expected answers on the flights were computed with Python's csv module.

#[test]
fn flights_by_airport() {
    let sql = flights("24")
        + "SELECT origin, COUNT(*) AS n, COUNT(dep_delay) AS flown, SUM(dep_delay) AS s, MAX(arr_delay) AS worst, AVG(dep_delay) AS mean
           FROM flights GROUP BY origin;";
    let folder = Folder::new("airports");
    folder.write("q.sql", sql);
    for executor in EXECUTORS {
        let out = folder.stdout(&["run", "q.sql", "--final", "--format", "csv", "--executor", executor]);
        let expected = "origin,n,flown,s,worst,mean
EWR,9893,9655,143915,1109,14.90574831693423
JFK,9161,9061,78068,1272,8.61582606776294
LGA,7950,7767,43818,486,5.64156044804944
";
        assert_eq!(out, expected);
        // The changelog leads there, too.
        let log = folder.stdout(&["run", "q.sql", "--format", "csv", "--executor", executor]);
        let mut lines = log.lines();
        assert_eq!(lines.next(), Some("op,origin,n,flown,s,worst,mean"));
        let mut now = std::collections::BTreeSet::new();
        for line in lines {
            let (op, row) = line.split_once(',').unwrap();
            assert!(if op == "+" { now.insert(row) } else { now.remove(row) }, "{line}");
        }
        assert!(now.into_iter().eq(expected.lines().skip(1)));
    }
}

#[test]
fn flights_by_carrier_through_a_view() {
    let sql = flights("24")
        + "CREATE MATERIALIZED VIEW carriers AS
             SELECT carrier, COUNT(*) AS n, SUM(CASE WHEN arr_delay IS NULL THEN 1 ELSE 0 END) AS lost, SUM(arr_delay) AS s
             FROM flights GROUP BY carrier;
           SELECT carrier, n, lost, s FROM carriers WHERE lost > 0 OR s < 0;
           SELECT COUNT(*) AS unknown FROM flights WHERE tailnum IS NULL;";
    let folder = Folder::new("carriers");
    folder.write("q.sql", sql);
    for executor in EXECUTORS {
        let out = folder.stdout(&["run", "q.sql", "--format", "csv", "--executor", executor, "--final"]);
        assert_eq!(
            out,
            "carrier,n,lost,s
9E,1573,93,15107
AA,2794,70,2676
B6,4427,14,20817
DL,3690,35,-16099
EV,4171,207,99735
FL,328,4,1075
MQ,2271,68,17368
UA,4637,47,14576
US,1602,48,2224
VX,316,2,-4798
WN,996,11,5798
YV,46,7,537
unknown
155
"
        );
    }
}

#[test]
fn flights_by_week_in_order_of_closing() {
    let sql = flights("24")
        + "SELECT window_start, origin, COUNT(*) AS n FROM flights GROUP BY origin, TUMBLE(time_hour, INTERVAL '7' DAY);";
    let folder = Folder::new("weeks");
    folder.write("q.sql", sql);
    let expected = "\
window_start         origin     n
─────────────────────────────────
2012-12-27 00:00:00  EWR      606
2012-12-27 00:00:00  JFK      555
2012-12-27 00:00:00  LGA      478
2013-01-03 00:00:00  EWR     2230
2013-01-03 00:00:00  JFK     2138
2013-01-03 00:00:00  LGA     1757
2013-01-10 00:00:00  EWR     2233
2013-01-10 00:00:00  JFK     2059
2013-01-10 00:00:00  LGA     1814
2013-01-17 00:00:00  EWR     2215
2013-01-17 00:00:00  JFK     2028
2013-01-17 00:00:00  LGA     1768
2013-01-24 00:00:00  EWR     2220
2013-01-24 00:00:00  JFK     2030
2013-01-24 00:00:00  LGA     1813
2013-01-31 00:00:00  EWR      389
2013-01-31 00:00:00  JFK      351
2013-01-31 00:00:00  LGA      320
";
    for executor in EXECUTORS {
        assert_eq!(folder.stdout(&["run", "q.sql", "--executor", executor]), expected);
    }
}

#[test]
fn late_rows_are_counted_exactly() {
    let folder = Folder::new("late");
    for (delay, size, late, accepted) in
        [("1", "1' HOUR", 17_768, 9_236), ("5", "6' HOUR", 8_037, 18_967), ("1", "1' DAY", 15_007, 11_997)]
    {
        let sql = flights(delay)
            + &format!(
                "CREATE MATERIALIZED VIEW w AS SELECT origin, COUNT(*) AS n FROM flights
                 GROUP BY origin, TUMBLE(time_hour, INTERVAL '{size});
                 SELECT SUM(n) AS n FROM w;"
            );
        folder.write("q.sql", sql);
        for executor in EXECUTORS {
            let output = folder.run(&["run", "q.sql", "--final", "--format", "json", "--executor", executor]);
            assert!(output.status.success());
            assert_eq!(String::from_utf8_lossy(&output.stdout), format!("{{\"n\":{accepted}}}\n"));
            let told = String::from_utf8_lossy(&output.stderr).into_owned();
            assert_eq!(told, format!("note: flights: {late} rows were late\n"));
        }
    }
}

const TABLE: &str = "CREATE SOURCE t (a BIGINT NOT NULL, b VARCHAR, c DOUBLE) WITH (connector = 'file', path = 'data.csv', null = 'NA');
SELECT a, b, c FROM t;";

#[test]
fn csv_values() {
    let folder = Folder::new("values");
    folder.write("q.sql", TABLE);
    folder.write(
        "data.csv",
        "\u{feff}c,b,a,other\r\n1.5,\"x, \"\"y\"\"\r\nz\",1,?\r\n,\"\",2,?\r\nNA,\"NA\",3,\r\n\r\nNaN,NA,4,?",
    );
    let expected = "a,b,c\n1,\"x, \"\"y\"\"\r\nz\",1.5\n2,\"\",\n3,NA,\n4,,NaN\n";
    assert_eq!(folder.stdout(&["run", "q.sql", "--format", "csv"]), expected);
    assert_eq!(
        folder.stdout(&["run", "q.sql", "--format", "json"]),
        "{\"a\":1,\"b\":\"x, \\\"y\\\"\\r\\nz\",\"c\":1.5}\n{\"a\":2,\"b\":\"\",\"c\":null}\n{\"a\":3,\"b\":\"NA\",\"c\":null}\n{\"a\":4,\"b\":null,\"c\":\"NaN\"}\n"
    );
    // By position, other delimiter.
    folder.write("data.csv", "1;x;0.5\n2;;-1e3\n");
    folder.write("q.sql", TABLE.replace("null = 'NA'", "header = false, delimiter = ';'"));
    assert_eq!(folder.stdout(&["run", "q.sql", "--format", "csv"]), "a,b,c\n1,x,0.5\n2,,-1000\n");
}

#[test]
fn jsonl_values() {
    let folder = Folder::new("jsonl");
    folder.write(
        "q.sql",
        "CREATE SOURCE t (a BIGINT NOT NULL, b VARCHAR, d DECIMAL(10, 2), ok BOOLEAN, at TIMESTAMP) WITH (connector = 'file', path = 'data.jsonl');
         SELECT * FROM t;",
    );
    let lines = [
        r#"{"a": 9007199254740993, "b": "tab\tend \u00e4", "d": 0.105, "ok": true, "at": "2013-01-01T10:00:00.5Z", "more": [1]}"#,
        "",
        r#"{"A": "2", "d": "7", "ok": null}"#,
    ];
    folder.write("data.jsonl", lines.join("\n"));
    assert_eq!(
        folder.stdout(&["run", "q.sql", "--format", "csv"]),
        "a,b,d,ok,at\n9007199254740993,tab\tend ä,0.11,true,2013-01-01 10:00:00.5\n2,,7.00,,\n"
    );
    for (line, expected) in [
        ("{\"a\": 1.5}", "data.jsonl:1: column \"a\": expected BIGINT, found \"1.5\""),
        ("{\"a\": true}", "data.jsonl:1: column \"a\": expected BIGINT, found true"),
        ("{\"a\": [1]}", "column \"a\": expected BIGINT, found an array"),
        ("{\"b\": \"x\"}", "column \"a\": NULL in a column that is NOT NULL"),
        ("\n\n{\"a\": 1", "data.jsonl:3: not a JSON object at column 7: EOF"),
        ("[1]", "data.jsonl:1: not a JSON object"),
        ("{\"a\": 1, \"b\": 2}", "column \"b\": expected VARCHAR, found 2"),
    ] {
        folder.write("data.jsonl", line);
        let message = folder.fails(&["run", "q.sql"]);
        assert!(message.contains(expected), "{line}: {message}");
    }
}

#[test]
fn arrays_in_files() {
    let folder = Folder::new("arrays");
    let declared = "(a INTEGER[] NOT NULL, t VARCHAR[], d DECIMAL(10, 2)[], j JSON[])";
    folder.write(
        "q.sql",
        format!(
            "CREATE SOURCE t {declared} WITH (connector = 'file', path = 'data.jsonl'); SELECT * FROM t;
             SELECT ARRAY_AGG(a[1]) AS first FROM t EMIT FINAL;"
        ),
    );
    let lines = [
        r#"{"a": [1, null, -3], "t": ["x", "tab\t \u00e4", null, ""], "d": [0.105, "7"], "j": [{"k": [1]}, null, "s"]}"#,
        r#"{"a": [], "d": null}"#,
        r#"{"a": "{4,5}", "t": []}"#,
    ];
    folder.write("data.jsonl", lines.join("\n"));
    assert_eq!(
        folder.stdout(&["run", "q.sql", "--format", "json"]),
        "{\"a\":[1,null,-3],\"t\":[\"x\",\"tab\\t ä\",null,\"\"],\"d\":[0.11,7.00],\"j\":[{\"k\": [1]},null,\"s\"]}\n\
         {\"a\":[],\"t\":null,\"d\":null,\"j\":null}\n\
         {\"a\":[4,5],\"t\":[],\"d\":null,\"j\":null}\n\
         {\"first\":[1,4,null]}\n"
    );
    for (line, expected) in [
        (r#"{"a": [1, "x"]}"#, "column \"a\": expected INTEGER, found \"x\""),
        (r#"{"a": [[1]]}"#, "column \"a\": expected INTEGER, found an array"),
        (r#"{"a": 1}"#, "column \"a\": expected INTEGER[], found 1"),
        (r#"{"a": {"b": 1}}"#, "column \"a\": expected INTEGER[], found an object"),
        (r#"{"a": [3000000000]}"#, "column \"a\": expected INTEGER, found \"3000000000\""),
    ] {
        folder.write("data.jsonl", line);
        let message = folder.fails(&["run", "q.sql"]);
        assert!(message.contains(expected), "{line}: {message}");
    }
    // A CSV field holds the text form; what comes out as CSV goes in again.
    folder.write(
        "q.sql",
        format!("CREATE SOURCE t {declared} WITH (connector = 'file', path = 'data.csv'); SELECT * FROM t;"),
    );
    let data = "a,t,d,j\n\"{1,NULL}\",\"{\"\"a,b\"\",c}\",{2.50},\"{\"\"[1]\"\"}\"\n{},,,\n";
    folder.write("data.csv", data);
    let out = folder.stdout(&["run", "q.sql", "--format", "csv"]);
    assert_eq!(out, data.replace("\"{\"\"[1]\"\"}\"", "{[1]}"));
    folder.write("data.csv", "a,t,d,j\n{1,,,\n");
    let message = folder.fails(&["run", "q.sql"]);
    assert!(message.contains("column \"a\": expected INTEGER[], found \"{1\""), "{message}");
}

#[test]
fn damaged_files() {
    let folder = Folder::new("damaged");
    folder.write("q.sql", TABLE);
    let long = format!("a,b,c\n1,{},2\n", "x".repeat(10 << 20));
    let open = format!("a,b,c\n1,\"{},2\n", "x\n".repeat(5 << 20));
    for (data, expected) in [
        (&b""[..], "data.csv:1: the file is empty, expected a header"),
        (b"a,b\n", "data.csv:1: column \"c\": not in the header (the header has: a, b)"),
        (b"a,b,cc\n", "did you mean \"cc\"?"),
        (b"a,b,c,A,a\n", "data.csv:1: column \"a\": two fields have this name"),
        (b"a,b,c\n1,x,2\n2,y\n", "data.csv:3: expected 3 fields, found 2"),
        (b"a,b,c\n1,x,2,3\n", "data.csv:2: expected 3 fields, found 4"),
        (b"a,b,c\nx,x,2\n", "data.csv:2: column \"a\": expected BIGINT, found \"x\""),
        (
            b"a,b,c\n99999999999999999999,x,2\n",
            "column \"a\": expected BIGINT, found \"99999999999999999999\"",
        ),
        (b"a,b,c\n1,x,two\n", "column \"c\": expected DOUBLE, found \"two\""),
        (b"a,b,c\nNA,x,2\n", "data.csv:2: column \"a\": NULL in a column that is NOT NULL"),
        (b"a,b,c\n1,\xff\xfe,2\n", "data.csv:2: column \"b\": the text is not UTF-8"),
        (b"a,b,c\n1,\"x\n2,y,3\n", "data.csv:2: the file ends within a quoted field"),
        (b"a,b,c\n1,\"x\"y,2\n", "data.csv:2: text after the closing quote"),
        (long.as_bytes(), "data.csv:2: longer than the limit of 1048576 bytes for one line"),
        (open.as_bytes(), "is a quote left open?"),
    ] {
        folder.write("data.csv", data);
        let message = folder.fails(&["run", "q.sql"]);
        assert!(message.contains(expected), "{message}\nlacks {expected}");
    }
    // Cut anywhere, a file is an error or shorter, never a panic.
    let whole = "a,b,c\n1,\"x\"\"y\",2\n2,\"é\n\",3\n";
    for end in 0..whole.len() {
        folder.write("data.csv", &whole.as_bytes()[..end]);
        let output = folder.run(&["run", "q.sql"]);
        assert!(matches!(output.status.code(), Some(0 | 1)), "{end}");
    }
    std::fs::remove_file(folder.0.join("data.csv")).unwrap();
    assert!(folder.fails(&["run", "q.sql"]).contains("data.csv: no such file or directory"));
    std::fs::create_dir(folder.0.join("data.csv")).unwrap();
    assert!(folder.fails(&["run", "q.sql"]).contains("data.csv: is a directory"));
}

#[test]
fn a_failing_row_is_counted_from_the_start_of_the_file() {
    let folder = Folder::new("counted");
    folder.write("q.sql", TABLE.replace("SELECT a, b, c", "SELECT 10 / a AS q"));
    let rows: String = (0..3000).map(|i| format!("{},x,1\n", i - 2500)).collect();
    folder.write("data.csv", format!("a,b,c\n{rows}"));
    let message = folder.fails(&["run", "q.sql", "--format", "csv"]);
    assert!(message.contains("row 2500 of input `t` rejected: division by zero"), "{message}");
    assert!(message.contains("q.sql:2:8"), "{message}");
}

#[test]
fn bad_rows_can_be_skipped() {
    let folder = Folder::new("skip");
    folder.write("q.sql", TABLE.replace("null = 'NA'", "on_error = 'skip'"));
    folder.write("data.csv", b"a,b,c\n1,x,2\nx,x,2\n,x,2\n2,\xff,1\n3\n4,y,\n");
    let output = folder.run(&["run", "q.sql", "--format", "csv"]);
    assert_eq!(String::from_utf8(output.stdout).unwrap(), "a,b,c\n1,x,2\n4,y,\n");
    assert_eq!(String::from_utf8(output.stderr).unwrap(), "note: t: 4 rows were rejected\n");
}

#[test]
fn rows_before_an_error_are_printed() {
    let folder = Folder::new("before");
    folder.write(
        "q.sql",
        "CREATE TABLE t (a BIGINT); INSERT INTO t VALUES (5), (0), (2);\nSELECT 10 / a AS q FROM t;",
    );
    for format in ["table", "csv"] {
        let output = folder.run(&["run", "q.sql", "--format", format]);
        assert_eq!(output.status.code(), Some(1));
        let (out, errors) =
            (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap());
        assert!(out.ends_with("2\n"), "{out}");
        assert!(errors.contains("division by zero"), "{errors}");
        assert!(errors.contains("--> q.sql:2:") && errors.contains("^"), "{errors}");
    }
}

#[test]
fn mistakes_in_sql() {
    let folder = Folder::new("mistakes");
    let deep = format!("SELECT {}1{} FROM t;", "(".repeat(10_000), ")".repeat(10_000));
    for (sql, expected) in [
        (&b"SELECT a FROM t;\nSELECT"[..], "error: L0119"),
        (b"SELECT a\n  FROM tt;", "q.sql:2:8"),
        (b"CREATE TABLE t (a BIGINT);\nSELECT b FROM t;", "q.sql:2:8"),
        (b"SELECT '\xff' FROM t;", "q.sql:1: the file is not UTF-8"),
        (deep.as_bytes(), "L0104"),
    ] {
        folder.write("q.sql", sql);
        let message = folder.fails(&["run", "q.sql"]);
        assert!(message.contains(expected), "{message}\nlacks {expected}");
        folder.fails(&["explain", "q.sql"]);
    }
    assert!(folder.fails(&["run", "none.sql"]).contains("none.sql: no such file or directory"));
    assert_eq!(folder.run(&["walk", "q.sql"]).status.code(), Some(2));
    // Nothing to do is no mistake.
    folder.write("q.sql", "-- nothing\n");
    assert_eq!(folder.stdout(&["run", "q.sql"]), "");
}

#[test]
fn executors_that_are_not_there() {
    let folder = Folder::new("executor");
    folder.write("q.sql", "CREATE TABLE t (a BIGINT); SELECT a FROM t;");
    if cfg!(feature = "jit") {
        folder.stdout(&["run", "q.sql", "--executor", "jit"]);
    } else {
        assert!(folder.fails(&["run", "q.sql", "--executor", "jit"]).contains("feature `jit`"));
    }
}

#[test]
fn explain_prints_every_query() {
    let folder = Folder::new("explain");
    // The file is not there: nothing is read.
    folder.write(
        "q.sql",
        TABLE.to_owned()
            + "CREATE MATERIALIZED VIEW v AS SELECT b, COUNT(*) AS n FROM t GROUP BY b;
               INSERT INTO nothing VALUES (1); SELECT MAX(n) AS m FROM v;",
    );
    let text = folder.stdout(&["explain", "q.sql"]);
    for part in ["Source t", "Aggregate by b: COUNT(*)", "MAX(n)", "Source v"] {
        assert!(text.contains(part), "{text}\nlacks {part}");
    }
    let rust = folder.stdout(&["explain", "q.sql", "--format", "rust"]);
    assert!(rust.contains("RowPipeline") && rust.contains("pub a: i64"), "{rust}");
    assert!(rust.contains("SELECT a, b, c FROM t") && !rust.contains("CREATE SOURCE"), "{rust}");
    if cfg!(feature = "jit") {
        assert!(folder.stdout(&["explain", "q.sql", "--format", "clif"]).contains("function %edge0"));
    } else {
        assert!(folder.fails(&["explain", "q.sql", "--format", "clif"]).contains("feature `jit`"));
    }
}

#[test]
fn who_stops_reading_is_no_error() {
    let folder = Folder::new("pipe");
    folder.write(
        "q.sql",
        "CREATE SOURCE bid (price BIGINT NOT NULL, url VARCHAR) WITH (connector = 'nexmark', table = 'bid', events = 1000000000);
         SELECT price, url FROM bid;",
    );
    for format in ["csv", "table"] {
        let mut command = folder.command(&["run", "q.sql", "--format", format]);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        assert!(lines.next().unwrap().unwrap().trim_start().starts_with("price"));
        drop(lines);
        let output = child.wait_with_output().unwrap();
        assert_eq!(
            (output.status.code(), String::from_utf8(output.stderr).unwrap()),
            (Some(0), String::new())
        );
    }
}

#[test]
fn sources_take_turns_by_watermark() {
    let folder = Folder::new("turns");
    let source = |name: &str| {
        format!(
            "CREATE SOURCE {name} (ts TIMESTAMP NOT NULL, WATERMARK FOR ts AS ts) WITH (connector = 'file', path = '{name}.csv');\n"
        )
    };
    folder.write(
        "q.sql",
        source("a")
            + &source("b")
            + "SELECT window_start, COUNT(*) AS n FROM (SELECT ts FROM a UNION ALL SELECT ts FROM b) AS u
               GROUP BY TUMBLE(ts, INTERVAL '1' HOUR);",
    );
    // Both files cover the same ten hours, one with ten times the rows.
    for (name, rows) in [("a.csv", 20_000u32), ("b.csv", 2_000)] {
        let mut file = std::fs::File::create(folder.0.join(name)).unwrap();
        let mut text = String::from("ts\n");
        for i in 0..rows {
            let second = i * (36_000 / rows) + i % 2;
            text += &format!("2024-01-01 {:02}:{:02}:{:02}\n", second / 3600, second / 60 % 60, second % 60);
        }
        file.write_all(text.as_bytes()).unwrap();
    }
    let out = folder.stdout(&["run", "q.sql", "--format", "csv"]);
    let counts: Vec<u32> =
        out.lines().skip(1).map(|l| l.split_once(',').unwrap().1.parse().unwrap()).collect();
    assert_eq!(counts.iter().sum::<u32>(), 22_000, "nothing was late: {out}");
}

#[test]
fn nothing_is_late_behind_a_final_result() {
    let folder = Folder::new("final");
    folder.write(
        "r.csv",
        "at\n1970-01-01 00:00:01\n1970-01-01 00:00:11\n1970-01-01 00:00:19\n1970-01-01 00:00:40\n",
    );
    folder.write(
        "q.sql",
        "CREATE SOURCE r (at TIMESTAMP NOT NULL, WATERMARK FOR at AS at) WITH (connector = 'file', path = 'r.csv');
         CREATE STREAM counts AS
           SELECT window_start, COUNT(*) AS n FROM r GROUP BY TUMBLE(at, INTERVAL '10' SECOND) EMIT FINAL;
         SELECT window_end, SUM(n) AS n FROM counts GROUP BY TUMBLE(window_start, INTERVAL '20' SECOND);",
    );
    // The source's watermark is at 40 s before the first result comes.
    let expected = "window_end,n\n1970-01-01 00:00:20,3\n1970-01-01 00:01:00,1\n";
    for executor in EXECUTORS {
        assert_eq!(folder.stdout(&["run", "q.sql", "--format", "csv", "--executor", executor]), expected);
    }
}

#[test]
fn a_row_without_event_time_has_no_place_in_the_query() {
    let folder = Folder::new("untimed");
    folder.write("r.csv", "x,at\n1,1970-01-01 00:00:01\n2,\n").write(
        "q.sql",
        "CREATE SOURCE r (x BIGINT, at TIMESTAMP, WATERMARK FOR at AS at) WITH (connector = 'file', path = 'r.csv');
         SELECT x FROM r;",
    );
    assert_eq!(
        folder.fails(&["run", "q.sql"]),
        "error: row 1 of input `r` rejected: event time is NULL in `at`\n"
    );
}

#[test]
fn an_unknown_option_shows_each_known_one_once() {
    let folder = Folder::new("options");
    folder
        .write("q.sql", "CREATE SOURCE r (x BIGINT) WITH (connector = 'file', path = 'r.csv', zzzzzz = 1);");
    let errors = folder.fails(&["run", "q.sql"]);
    assert!(
        errors.contains("its options are connector, path, format, on_error, header, delimiter, null"),
        "{errors}"
    );
}
