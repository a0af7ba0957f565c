//! Tables of texts: tails, statements, mistakes, spans, limits.

use super::*;
use crate::diagnostic::{Origin, render};
use sqlparser::ast::{SelectItem, SetExpr};

mod damaged;
mod limits;
mod spans;

const SECOND: i64 = 1_000_000_000;

fn query(sql: &str) -> (Query, SqlText) {
    parse_query(sql).unwrap_or_else(|d| panic!("{sql}\n{}", shown(sql, &d)))
}

fn statements(sql: &str) -> Vec<Statement> {
    let (script, diagnostics) = parse_script(sql);
    assert!(diagnostics.is_empty(), "{sql}\n{}", shown(sql, &diagnostics));
    script.statements
}

fn shown(sql: &str, diagnostics: &[Diagnostic]) -> String {
    diagnostics.iter().map(|d| render(d, &Origin::Query, sql) + "\n").collect()
}

/// Code, text under the caret and message of each diagnostic.
fn mistakes(sql: &str) -> Vec<(&'static str, String, String)> {
    let (_, diagnostics) = parse_script(sql);
    diagnostics
        .iter()
        .map(|d| (d.code.0, sql.get(d.span.start..d.span.end).unwrap_or("").to_string(), d.message.clone()))
        .collect()
}

#[test]
fn tails() {
    use EmitKind::*;
    type Case = (&'static str, Option<EmitKind>, Option<i64>, Option<&'static str>, Option<StateKind>);
    let cases: [Case; 12] = [
        ("", None, None, None, None),
        ("EMIT ON WINDOW CLOSE", Some(WindowClose), None, None, None),
        ("emit changes", Some(Changes), None, None, None),
        ("EMIT ON UPDATE", Some(OnUpdate), None, None, None),
        ("EMIT FINAL", Some(Final), None, None, None),
        ("EMIT EVERY INTERVAL '10' SECOND", Some(Every(10 * SECOND)), None, None, None),
        ("ALLOW LATENESS INTERVAL '1 minute 30 seconds'", None, Some(90 * SECOND), None, None),
        ("LATE DATA TO late_trades", None, None, Some("late_trades"), None),
        ("STATE TTL INTERVAL '1 day'", None, None, None, Some(StateKind::Ttl(86_400 * SECOND))),
        ("ALLOW UNBOUNDED STATE", None, None, None, Some(StateKind::Unbounded)),
        (
            "STATE TTL INTERVAL '2' HOURS LATE DATA TO x ALLOW LATENESS INTERVAL '0' SECOND EMIT CHANGES",
            Some(Changes),
            Some(0),
            Some("x"),
            Some(StateKind::Ttl(7200 * SECOND)),
        ),
        (
            "EMIT FINAL ALLOW UNBOUNDED STATE ALLOW LATENESS INTERVAL '1' SECOND",
            Some(Final),
            Some(SECOND),
            None,
            Some(StateKind::Unbounded),
        ),
    ];
    let heads = [
        "SELECT a FROM t",
        "SELECT state, t.emit, allow AS late FROM state AS emit",
        "SELECT a FROM t WHERE a > 1 GROUP BY a HAVING a > 1 ORDER BY a",
        "SELECT a FROM t LIMIT 5",
        "SELECT a FROM t JOIN u ON t.a = u.a",
        "SELECT a FROM t JOIN u USING (a)",
        "SELECT 1",
        "SELECT a FROM (SELECT a FROM t) x UNION ALL (SELECT 2)",
        "SELECT a FROM TUMBLE(TABLE t, DESCRIPTOR(ts), INTERVAL '5' SECOND)",
        "WITH w AS (SELECT 1) SELECT INTERVAL '5' SECOND",
        "VALUES (1)",
    ];
    for head in heads {
        for (tail, emit, lateness, late_to, state) in &cases {
            let sql = format!(" {head} {tail} ");
            let (q, text) = query(&sql);
            assert_eq!(q.emit.map(|e| e.kind), *emit, "{sql}");
            assert_eq!(q.lateness_ns.map(|l| l.0), *lateness, "{sql}");
            assert_eq!(q.late_to.as_ref().map(|l| l.0.as_str()), *late_to, "{sql}");
            assert_eq!(q.state.map(|s| s.kind), *state, "{sql}");
            assert_eq!(text.text(q.span), sql.trim(), "{sql}");
            assert!(!q.body.to_string().to_uppercase().contains("EMIT CHANGES"), "{sql}");
            let clauses: usize = [
                q.emit.map(|e| e.span),
                q.lateness_ns.map(|l| l.1),
                q.late_to.as_ref().map(|l| l.1),
                q.state.map(|s| s.span),
            ]
            .into_iter()
            .flatten()
            .map(|span| text.text(span).len() + 1)
            .sum();
            assert_eq!(clauses, if tail.is_empty() { 0 } else { tail.len() + 1 }, "{sql}");
        }
    }
}

#[test]
fn tail_mistakes() {
    let cases = [
        ("EMIT CHANGES EMIT FINAL", "L0105", "EMIT FINAL", "EMIT is given twice"),
        ("LATE DATA TO x LATE DATA TO y", "L0105", "LATE DATA TO y", "LATE DATA TO is given twice"),
        (
            "ALLOW UNBOUNDED STATE STATE TTL INTERVAL '1' DAY",
            "L0105",
            "STATE TTL INTERVAL '1' DAY",
            "STATE TTL and ALLOW UNBOUNDED STATE exclude each other",
        ),
        ("EMIT SOMETIMES", "L0105", "SOMETIMES", ""),
        ("EMIT ON CLOSE", "L0105", "CLOSE", ""),
        ("EMIT EVERY '5 seconds'", "L0105", "'5 seconds'", "expected `INTERVAL '…'`, found `'5 seconds'`"),
        (
            "EMIT EVERY INTERVAL '0' SECOND",
            "L0105",
            "INTERVAL '0' SECOND",
            "the interval of EMIT EVERY must be above zero",
        ),
        (
            "ALLOW LATENESS INTERVAL '-1' SECOND",
            "L0105",
            "INTERVAL '-1' SECOND",
            "the allowed lateness cannot be negative",
        ),
        (
            "STATE TTL INTERVAL '1' MONTH",
            "L0608",
            "INTERVAL '1' MONTH",
            "STATE TTL cannot have months or years",
        ),
        (
            "STATE TTL INTERVAL '300000' DAY",
            "L0304",
            "INTERVAL '300000' DAY",
            "STATE TTL is more than 292 years",
        ),
        (
            "EMIT EVERY INTERVAL 5 SECOND",
            "L0304",
            "INTERVAL 5 SECOND",
            "the value of an interval is written in quotes",
        ),
        ("EMIT EVERY INTERVAL 'soon'", "L0304", "INTERVAL 'soon'", "`soon` is not an interval"),
        ("EMIT EVERY INTERVAL 'x' HOUR TO MINUTE", "L0304", "INTERVAL 'x' HOUR TO MINUTE", ""),
        ("EMIT EVERY INTERVAL '1.5' SECOND(3)", "L0401", "INTERVAL '1.5' SECOND(3)", ""),
        ("ALLOW ME", "L0101", "ME", "expected `LATENESS` or `UNBOUNDED STATE` after ALLOW, found `ME`"),
        ("EMIT CHANGES x", "L0110", "x", "expected the end of the statement, found `x`"),
    ];
    for (tail, code, at, message) in cases {
        let found = mistakes(&format!("SELECT a FROM t {tail}"));
        let [(found_code, found_at, found_message)] = &found[..] else { panic!("{tail}: {found:?}") };
        assert_eq!((*found_code, found_at.as_str()), (code, at), "{tail}: {found_message}");
        assert!(message.is_empty() || found_message == message, "{tail}: {found_message}");
    }
    let inside = mistakes("SELECT * FROM (SELECT a FROM t EMIT CHANGES) x");
    assert_eq!(inside[0].0, "L0105");
    assert_eq!(inside[0].1, "EMIT CHANGES");
}

#[test]
fn syntax_mistakes() {
    let cases = [
        ("L0109", "SELECT a, FROM t", "FROM", "expected an expression or a name, found `FROM`", "remove `,`"),
        ("L0101", "SELECT FROM t", "FROM", "expected an expression, found `FROM`", ""),
        ("L0101", "SELECT * FROM WHERE x", "WHERE", "expected a relation, found `WHERE`", ""),
        ("L0101", "SELECT a FROM t WHERE a = = b", "= b", "expected an expression, found `=`", ""),
        (
            "L0110",
            "SELECT a b c FROM t",
            "c FROM",
            "expected the end of the statement, found `c`",
            "comma or an operator",
        ),
        ("L0113", "SELECT a FROM t WERE x > 1", "WERE x", "`WERE` is not a keyword", "did you mean `WHERE`?"),
        (
            "L0118",
            "SELECT a FROM t GROUP a",
            "GROUP",
            "expected the end of the statement, found `GROUP`",
            "write `GROUP BY`",
        ),
        ("L0113", "SELEC a FROM t", "SELEC", "expected a statement, found `SELEC`", "did you mean `SELECT`?"),
        ("L0108", "SELECT (a + b FROM t", "FROM", "expected `)`, found `FROM`", "`(` at 1:8 is not closed"),
        ("L0108", "SELECT f(a FROM t", "FROM", "expected `)`, found `FROM`", "`(` at 1:9 is not closed"),
        (
            "L0108",
            "SELECT a) FROM t",
            ") FROM",
            "expected the end of the statement, found `)`",
            "closes nothing",
        ),
        ("L0107", "SELECT 'abc FROM t", "'abc", "unterminated string", "string begins here"),
        ("L0107", "SELECT a FROM \"t", "\"t", "unterminated quoted name", "close it with `\"`"),
        ("L0107", "SELECT 1 /* x", "/* x", "unterminated comment", "close it with `*/`"),
        ("L0115", "SELECT a FROM events::Trade", "::Trade", "", "write `events.Trade`"),
        ("L0115", "SELECT a FROM a::b::Trade t", "::b", "", "write `a.b.Trade`"),
        ("L0114", "SELECT `a` FROM t", "`a`", "expected an expression, found ```", "double quotes"),
        ("L0117", "SELECT 1abc", "1abc", "trailing junk after the number in `1abc`", ""),
        (
            "L0116",
            "SELECT a WHERE x > SELECT 1",
            "SELECT 1",
            "expected an expression, found `SELECT`",
            "in parentheses",
        ),
        ("L0101", "SELECT CASE WHEN a THEN 1 FROM t", "FROM", "expected `END`, found `FROM`", ""),
        (
            "L0101",
            "SELECT * FROM (SELECT a FROM (SELECT 1 + FROM u) v) w",
            "FROM u",
            "expected an expression, found `FROM`",
            "",
        ),
        ("L0119", "SELECT * FROM (SELECT a FROM t WHERE) x", ") x", "expected an expression, found `)`", ""),
        ("L0119", "SELECT a FROM t AS", "", "expected an identifier after AS, found the end of the text", ""),
        ("L0119", "SELECT a FROM", "", "expected a name, found the end of the text", ""),
        ("L0113", "CREATE STREM x AS SELECT 1", "STREM", "", "did you mean `STREAM`?"),
        (
            "L0110",
            "CREATE SOURCE t (a INT b INT)",
            "b INT",
            "expected `,` or `)`, found `b`",
            "is a comma missing",
        ),
        ("L0101", "CREATE SOURCE t (a, b INT)", ", b", "expected the type of column `a`, found `,`", ""),
        (
            "L0112",
            "CREATE TABLE select (a INT)",
            "select",
            "expected a name, found `select`",
            "this word is reserved",
        ),
        ("L0108", "INSERT INTO t VALUES (1, 2", "", "expected `)`, found the end of the text", "`(` at 1:22"),
    ];
    for (code, sql, at, message, help) in cases {
        let (_, diagnostics) = parse_script(sql);
        let [d] = &diagnostics[..] else { panic!("{sql}\n{}", shown(sql, &diagnostics)) };
        assert_eq!(d.code.0, code, "{sql}");
        assert!(sql[d.span.start..].starts_with(at), "{sql}: {d:?}");
        assert!(message.is_empty() || d.message == message, "{sql}: {}", d.message);
        assert!(shown(sql, &diagnostics).contains(help), "{sql}\n{}", shown(sql, &diagnostics));
    }
}

#[test]
fn a_bad_statement_does_not_hide_the_next() {
    let sql = "SELECT a FROM t; SELECT b c d; SELECT ` ; CREATE VIEW v AS SELECT 1; SELECT e FROM ; ; SELECT 'x;y'; -- ;\nSELECT \"z";
    let (script, diagnostics) = parse_script(sql);
    let parsed: Vec<&str> = script.statements.iter().map(|s| script.text.text(s.span())).collect();
    assert_eq!(parsed, ["SELECT a FROM t", "CREATE VIEW v AS SELECT 1", "SELECT 'x;y'"]);
    let places: Vec<&str> = diagnostics.iter().map(|d| &sql[d.span.start..d.span.end]).collect();
    assert_eq!(places, ["d", "`", ";", "\""]);
}

#[test]
fn one_query_is_expected() {
    let code_of =
        |sql: &str| parse_query(sql).map_or_else(|d| d.iter().map(|d| d.code.0).collect(), |_| Vec::new());
    assert_eq!(code_of("SELECT 1;"), Vec::<&str>::new());
    assert_eq!(code_of("SELECT 1; SELECT 2"), ["L0103"]);
    assert_eq!(code_of("DROP VIEW x"), ["L0102"]);
    assert_eq!(code_of("UPDATE t SET a = 1"), ["L0102"]);
    assert_eq!(code_of(""), ["L0119"]);
    assert_eq!(code_of(" -- nothing\n ; "), ["L0119"]);
    assert_eq!(code_of("SELECT a b c; SELECT 2"), ["L0110", "L0103"]);
}

#[test]
fn relations() {
    let sql = "CREATE SOURCE IF NOT EXISTS Trades (
        symbol VARCHAR NOT NULL, price DOUBLE PRECISION, \"Size\" DECIMAL(10, 2) NULL, n INT8, flag BOOL, i INTERVAL,
        ts TIMESTAMP WITH TIME ZONE NOT NULL, WATERMARK FOR ts AS ts - INTERVAL '5' SECOND, PRIMARY KEY (symbol, N)
    ) WITH (connector = 'file', Rate = -5, a.b = TRUE, mode = fast)";
    let statements = statements(sql);
    let [Statement::CreateSource(r)] = &statements[..] else { panic!("{statements:?}") };
    assert_eq!((r.name.to_string(), r.if_not_exists), ("Trades".to_string(), true));
    let columns: Vec<String> = r
        .columns
        .iter()
        .map(|c| format!("{} {} {} {} {}", c.name.value, c.name.quoted, c.ty, c.nullable, c.primary_key))
        .collect();
    assert_eq!(
        columns,
        [
            "symbol false VARCHAR false true",
            "price false DOUBLE true false",
            "Size true DECIMAL(10, 2) true false",
            "n false BIGINT false true",
            "flag false BOOLEAN true false",
            "i false INTERVAL true false",
            "ts false TIMESTAMP false false",
        ]
    );
    assert_eq!(&sql[r.columns[2].span.start..r.columns[2].span.end], "\"Size\" DECIMAL(10, 2) NULL");
    let w = r.watermark.as_ref().expect("a watermark");
    assert_eq!((w.column.value.as_str(), w.delay_ns), ("ts", 5 * SECOND));
    assert_eq!(&sql[w.span.start..w.span.end], "WATERMARK FOR ts AS ts - INTERVAL '5' SECOND");
    let options: Vec<(&str, &str)> = r.options.iter().map(|o| (o.key.as_str(), o.value.as_text())).collect();
    assert_eq!(options, [("connector", "file"), ("rate", "-5"), ("a.b", "true"), ("mode", "fast")]);
    assert_eq!(&sql[r.span.start..r.span.end], sql);
}

#[test]
fn relation_mistakes() {
    let cases: [(&str, &[(&str, &str)]); 9] = [
        (
            "(d DECIMAL, n INTEGR, v VARCHAR(10))",
            &[("L0312", "DECIMAL"), ("L0312", "INTEGR"), ("L0312", "VARCHAR(10)")],
        ),
        (
            "(d DECIMAL(39, 2), e DECIMAL(5, 6), f TIME(3), g JSONB, h INTEGER[][])",
            &[
                ("L0312", "DECIMAL(39, 2)"),
                ("L0312", "DECIMAL(5, 6)"),
                ("L0312", "TIME(3)"),
                ("L0312", "JSONB"),
                ("L0312", "INTEGER[][]"),
            ],
        ),
        ("(a INT, A TEXT)", &[("L0205", "A")]),
        ("(a INT, WATERMARK FOR ts AS ts)", &[("L0203", "ts")]),
        ("(a INT, WATERMARK FOR a AS a)", &[("L0301", "a")]),
        (
            "(ts TIMESTAMP, WATERMARK FOR ts AS ts + INTERVAL '5' SECOND)",
            &[("L0101", "ts + INTERVAL '5' SECOND")],
        ),
        ("(ts TIMESTAMP, WATERMARK FOR ts AS ts - INTERVAL '1' YEAR)", &[("L0608", "INTERVAL '1' YEAR")]),
        ("(a INT DEFAULT 5)", &[("L0401", "DEFAULT")]),
        ("(a INT) WITH (x = 1, X = 2)", &[("L0106", "X = 2")]),
    ];
    for (rest, expected) in cases {
        let found = mistakes(&format!("CREATE SOURCE t {rest}"));
        let found: Vec<(&str, &str)> = found.iter().map(|(code, at, _)| (*code, at.as_str())).collect();
        assert_eq!(found, expected, "{rest}");
    }
}

#[test]
fn other_statements() {
    let sql = "CREATE STREAM s WITH (a = 1) AS SELECT 1 EMIT CHANGES; CREATE MATERIALIZED VIEW a.v AS SELECT 1;
        CREATE VIEW v AS SELECT 1; CREATE SINK k FROM s WITH (path = 'x'); CREATE SINK k AS SELECT a FROM t EMIT CHANGES WITH (b = 2);
        INSERT INTO t (a, b) VALUES (1, 'x'), (2, -3); INSERT INTO t (SELECT 1); INSERT INTO t SELECT 1;
        EXPLAIN SELECT 1; EXPLAIN rust SELECT 1; EXPLAIN CLIF SELECT 1; DROP MATERIALIZED VIEW IF EXISTS a.b; DROP TABLE t";
    let found: Vec<String> = statements(sql)
        .iter()
        .map(|s| match s {
            Statement::CreateView(v) => {
                let text = &sql[v.query.span.start..v.query.span.end];
                format!(
                    "{:?} {} {:?} {} {text}",
                    v.kind,
                    v.name,
                    v.query.emit.map(|e| e.kind),
                    v.options.len()
                )
            }
            Statement::CreateSink(k) => match &k.from {
                SinkInput::Relation(name) => format!("sink {} from {name} {}", k.name, k.options[0].key),
                SinkInput::Query(q) => format!("sink {} as {} {}", k.name, q.body, k.options[0].key),
            },
            Statement::Insert(i) => match &i.rows {
                InsertRows::Values(rows) => format!("insert {} {} {}", i.table, i.columns.len(), rows.len()),
                InsertRows::Query(q) => format!("insert {} {} {}", i.table, i.columns.len(), q.body),
            },
            Statement::Explain(e) => format!("explain {:?} {}", e.mode, e.query.body),
            Statement::Drop(d) => format!("drop {:?} {} {}", d.kind, d.name, d.if_exists),
            other => format!("{other:?}"),
        })
        .collect();
    assert_eq!(
        found,
        [
            "Stream s Some(Changes) 1 SELECT 1 EMIT CHANGES",
            "MaterializedView a.v None 0 SELECT 1",
            "View v None 0 SELECT 1",
            "sink k from s path",
            "sink k as SELECT a FROM t b",
            "insert t 2 2",
            "insert t 0 (SELECT 1)",
            "insert t 0 SELECT 1",
            "explain Text SELECT 1",
            "explain Rust SELECT 1",
            "explain Clif SELECT 1",
            "drop MaterializedView a.b true",
            "drop Table t false",
        ]
    );
}

#[test]
fn arguments_of_table_functions() {
    use sqlparser::ast::TableFactor;
    for (table, relation) in [
        ("TUMBLE(TABLE a.trades, DESCRIPTOR(ts), INTERVAL '1' MINUTE) AS w", Some("a.trades")),
        ("TUMBLE(trades, ts, INTERVAL '1' MINUTE)", Some("trades")),
        ("TUMBLE((SELECT * FROM trades), ts, INTERVAL '1' MINUTE) w", None),
    ] {
        let (q, text) = query(&format!("SELECT * FROM {table}"));
        let SetExpr::Select(select) = &*q.body.body else { panic!("{table}") };
        let TableFactor::Table { args: Some(args), .. } = &select.from[0].relation else { panic!("{table}") };
        let args: Vec<&Expr> = args
            .args
            .iter()
            .map(|a| match a {
                FunctionArg::Unnamed(FunctionArgExpr::Expr(e)) => e,
                other => panic!("{other}"),
            })
            .collect();
        assert_eq!(table_argument(&text, args[0]).map(|n| n.to_string()).as_deref(), relation, "{table}");
        assert_eq!(column_argument(args[1]).map(|e| e.to_string()).as_deref(), Some("ts"), "{table}");
        let minute =
            interval_of(&text, args[2]).and_then(Result::ok).map(|i| length_ns(i, Span::default(), "").ok());
        assert_eq!(minute, Some(Some(60 * SECOND)), "{table}");
        if table.contains("TABLE a") {
            assert_eq!(text.text(text.expr_span(args[0])), "TABLE a.trades");
        }
    }
    let (q, _) = query("SELECT * FROM TABLE(TUMBLE(TABLE trades, DESCRIPTOR(ts), INTERVAL '1' MINUTE))");
    let SetExpr::Select(select) = &*q.body.body else { panic!("{q:?}") };
    assert!(matches!(&select.from[0].relation, TableFactor::TableFunction { expr: Expr::Function(_), .. }));
}
