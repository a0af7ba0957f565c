//! Queries to plans and programs: what compiles, what is refused, and with which code.

use laminar_codegen::catalog::{Catalog, Relation};
use laminar_codegen::compile::compile;
use laminar_codegen::diagnostic::Diagnostic;
use laminar_codegen::ir::{Pipeline, SourceColumn};
use laminar_codegen::parse::parse_query;
use laminar_codegen::sir::Op;
use laminar_runtime::plan::{AccOp, Emit, OutputKind};
use laminar_runtime::schema::{Column, Repr, Ty};

struct Market;

impl Catalog for Market {
    fn relation(&self, parts: &[(String, bool)]) -> Option<Relation> {
        let column = |name: &'static str, ty, nullable| SourceColumn {
            column: Column::fixed(name, ty, nullable),
            unsigned: false,
        };
        let name = parts.last()?.0.to_ascii_lowercase();
        let columns = vec![
            column("symbol", Ty::Varchar, false),
            column("price", Ty::Double, false),
            column("volume", Ty::Bigint, false),
            column("fee", Ty::Decimal { precision: 10, scale: 2 }, true),
            column("side", Ty::Varchar, true),
            column("ts", Ty::Timestamp, false),
        ];
        let (time, finite) = match name.as_str() {
            "trades" => (Some((5, 5_000_000_000)), false),
            "untimed" => (None, false),
            "stored" => (None, true),
            _ => return None,
        };
        Some(Relation { name, columns, time, changelog: false, finite, declared: vec![] })
    }
    fn names(&self) -> Vec<String> {
        ["trades", "untimed", "stored"].map(String::from).to_vec()
    }
}

fn run(sql: &str) -> (Option<Pipeline>, Vec<Diagnostic>) {
    match parse_query(sql) {
        Ok((query, text)) => compile(&query, &text, &Market, "q"),
        Err(diagnostics) => (None, diagnostics),
    }
}

fn compiled(sql: &str) -> Pipeline {
    let (pipeline, diagnostics) = run(sql);
    pipeline.unwrap_or_else(|| panic!("{sql}\n{diagnostics:#?}"))
}

#[test]
fn a_windowed_aggregation_is_one_node_between_two_edges() {
    let p = compiled(
        "SELECT symbol, window_start, SUM(price * volume) / SUM(volume) AS vwap, COUNT(*) AS n
         FROM trades GROUP BY symbol, TUMBLE(ts, INTERVAL '1' MINUTE) EMIT ON WINDOW CLOSE",
    );
    let group = &p.plan.groups[0];
    let ops: Vec<AccOp> = group.accumulators.iter().map(|a| a.op).collect();
    assert_eq!(ops, [AccOp::SumFloat, AccOp::SumInt, AccOp::Count]);
    assert_eq!((group.window.map(|w| w.size_ns), group.emit), (Some(60_000_000_000), Emit::Close));
    assert_eq!((p.plan.edges.len(), &p.plan.output), (2, &OutputKind::Append));
    assert_eq!(p.time_column, Some((1, 60_000_000_000)));
    assert!(p.explain.contains("TUMBLE(ts, 00:01:00) by symbol"), "{}", p.explain);
}

#[test]
fn both_spellings_of_a_window_are_one_plan() {
    let a = compiled("SELECT window_end, COUNT(*) AS n FROM trades GROUP BY TUMBLE(ts, INTERVAL '1' HOUR)");
    let b = compiled(
        "SELECT window_end, COUNT(*) AS n FROM TUMBLE(TABLE trades, DESCRIPTOR(ts), INTERVAL '1' HOUR)
         GROUP BY window_start, window_end",
    );
    let c = compiled(
        "SELECT window_end, COUNT(*) AS n FROM TUMBLE(trades, ts, INTERVAL '60' MINUTE) GROUP BY window_end",
    );
    assert_eq!(format!("{:?}", a.programs), format!("{:?}", b.programs));
    assert_eq!(format!("{:?}", a.programs), format!("{:?}", c.programs));
    assert_eq!(format!("{:?}", a.plan.groups), format!("{:?}", c.plan.groups));
}

#[test]
fn windows_cascade() {
    let p = compiled(
        "WITH m AS (SELECT symbol, window_start, window_end, COUNT(*) AS n
                    FROM trades GROUP BY symbol, TUMBLE(ts, INTERVAL '1' MINUTE))
         SELECT window_start, MAX(n) AS top FROM m GROUP BY window_start",
    );
    assert_eq!(p.plan.groups.len(), 2);
    assert!(p.plan.groups.iter().all(|g| g.emit == Emit::Close && g.window.is_some()));
    assert_eq!(p.plan.groups[1].watermark[0].offset_ns, 0);
}

#[test]
fn outputs_follow_the_clause() {
    let kind = |sql: &str| compiled(sql).plan.output;
    assert_eq!(kind("SELECT symbol FROM trades"), OutputKind::Append);
    assert_eq!(kind("SELECT symbol, COUNT(*) AS n FROM trades GROUP BY symbol"), OutputKind::Changes);
    assert_eq!(
        kind("SELECT symbol, COUNT(*) AS n FROM trades GROUP BY symbol EMIT FINAL"),
        OutputKind::Append
    );
    assert_eq!(
        kind("SELECT COUNT(*) AS n, symbol FROM trades GROUP BY symbol EMIT ON UPDATE"),
        OutputKind::Upsert { keys: vec![1].into() }
    );
}

#[test]
fn every_mistake_has_its_code() {
    let check = |sql: &str, expected: &[&str]| {
        let (pipeline, diagnostics) = run(sql);
        let codes: Vec<&str> = diagnostics.iter().map(|d| d.code.0).collect();
        assert_eq!(codes, expected, "{sql}\n{diagnostics:#?}");
        assert_eq!(pipeline.is_none(), !expected.is_empty(), "{sql}");
    };
    check("SELECT prise FROM trades", &["L0203"]);
    check("SELECT prise, pice, price FROM trades", &["L0203", "L0203"]);
    check("SELECT price FROM tradez", &["L0201"]);
    check("SELECT lowr(symbol) FROM trades", &["L0202"]);
    check("SELECT price + symbol FROM trades", &["L0301"]);
    check("SELECT substr(price, 1) FROM trades", &["L0302"]);
    check("SELECT CAST(ts AS BIGINT) FROM trades", &["L0303"]);
    check("SELECT symbol FROM trades WHERE ts > '2013-13-01'", &["L0304"]);
    check("SELECT CASE WHEN price > 1 THEN 1 ELSE symbol END FROM trades", &["L0305"]);
    check("SELECT symbol FROM trades WHERE volume", &["L0306"]);
    check("SELECT symbol FROM trades UNION ALL SELECT symbol, price FROM trades", &["L0311"]);
    check("SELECT a.symbol FROM trades a JOIN trades b ON a.symbol = b.symbol", &["L0402"]);
    check("SELECT symbol, price, COUNT(*) FROM trades GROUP BY symbol", &["L0501"]);
    check("SELECT symbol FROM trades WHERE COUNT(*) > 1", &["L0505"]);
    check("SELECT TUMBLE(ts, INTERVAL '1' MINUTE) FROM trades", &["L0503"]);
    check("SELECT SUM(COUNT(*)) FROM trades", &["L0504"]);
    check("SELECT COUNT(*) FROM untimed GROUP BY TUMBLE(ts, INTERVAL '1' MINUTE)", &["L0602"]);
    check("SELECT COUNT(*) AS n FROM stored GROUP BY TUMBLE(ts, INTERVAL '1' MINUTE)", &[]);
    check("SELECT symbol, COUNT(*) FROM trades GROUP BY symbol EMIT ON WINDOW CLOSE", &["L0603"]);
    check("SELECT COUNT(*) AS n FROM trades GROUP BY symbol EMIT ON UPDATE", &["L0604"]);
    check("SELECT MAX(n) FROM (SELECT symbol, COUNT(*) AS n FROM trades GROUP BY symbol) x", &[]);
    check("SELECT BOOL_AND(price) FROM trades", &["L0302"]);
    check("SELECT ARG_MAX(symbol) FROM trades", &["L0302"]);
    check("SELECT COUNT(DISTINCT *) FROM trades", &["L0302"]);
    check("SELECT FIRST_VALUE(DISTINCT symbol) FROM trades", &["L0302"]);
    check("SELECT STDDEV(symbol) FROM trades", &["L0302"]);
    check("SELECT CORR(price, symbol) FROM trades", &["L0302"]);
    check("SELECT STRING_AGG(symbol, ',') FROM trades", &["L0601"]);
    check("SELECT STRING_AGG(symbol, ',') FROM trades ALLOW UNBOUNDED STATE", &[]);
    check("SELECT STRING_AGG(symbol, ',') FROM trades GROUP BY TUMBLE(ts, INTERVAL '1' MINUTE)", &[]);
    check(
        "SELECT STRING_AGG(DISTINCT symbol, ',' ORDER BY price) FROM trades ALLOW UNBOUNDED STATE",
        &["L0302"],
    );
    check("SELECT PERCENTILE_CONT(1.5) WITHIN GROUP (ORDER BY price) FROM trades", &["L0302"]);
    check("SELECT PERCENTILE_CONT(price) WITHIN GROUP (ORDER BY price) FROM trades", &["L0302"]);
    check("SELECT PERCENTILE_CONT(0.5) FROM trades", &["L0302"]);
    check("SELECT MODE() WITHIN GROUP (ORDER BY price, volume) FROM trades", &["L0302"]);
    check("SELECT MAX(price) WITHIN GROUP (ORDER BY price) FROM trades", &["L0302"]);
    check("SELECT MAX(price ORDER BY volume) FROM trades", &["L0302"]);
    check("SELECT GROUPING(symbol) FROM trades", &["L0502"]);
    check("SELECT GROUPING(price), symbol FROM trades GROUP BY symbol", &["L0501"]);
    check(
        "SELECT symbol FROM trades GROUP BY CUBE (symbol, price, volume, 1, ts, price + 1, volume + 1)",
        &["L0104"],
    );
    check(
        "SELECT symbol FROM trades GROUP BY GROUPING SETS ((TUMBLE(ts, INTERVAL '1' MINUTE)), (symbol))",
        &["L0503"],
    );
    check("SELECT symbol FROM trades ALLOW LATENESS INTERVAL '1' MINUTE", &["L0606"]);
    check("SELECT COUNT(*) FROM trades GROUP BY TUMBLE(ts, INTERVAL '1' MONTH)", &["L0608"]);
    check("SELECT symbol FROM trades EMIT FINAL", &["L0601"]);
    check("SELECT 123456789012345678901234567890123456789 FROM trades", &["L0304"]);
}

#[test]
fn top_is_a_name() {
    let p = compiled(
        "SELECT top, top.volume FROM (SELECT price AS top, volume FROM trades) AS top WHERE top > 1",
    );
    assert_eq!(p.plan.columns[0].name, "top");
}

#[test]
fn float_keys_have_one_form() {
    let normal = |sql: &str| compiled(sql).programs[0].to_string().matches("norm_float").count();
    assert_eq!(normal("SELECT price, COUNT(*) AS n FROM trades GROUP BY price"), 1);
    assert_eq!(
        normal("SELECT price, COUNT(*) AS n FROM trades GROUP BY price, TUMBLE(ts, INTERVAL '1' HOUR)"),
        1
    );
    // Arguments stay as they are: the sign of a zero shows in 1 / x.
    assert_eq!(normal("SELECT symbol, MIN(price) AS low FROM trades GROUP BY symbol"), 0);
    assert_eq!(normal("SELECT price FROM trades"), 0);
}

#[test]
fn two_windows_of_one_size_are_still_two() {
    let twice = |second: &str| {
        format!(
            "WITH a AS (SELECT symbol, ts, window_start AS w1, window_end AS e1 FROM TUMBLE(stored, ts, INTERVAL '1' MINUTE)),
                  b AS (SELECT symbol, w1, e1, window_start AS w2 FROM TUMBLE(a, ts, INTERVAL '1' MINUTE))
             SELECT COUNT(*) AS n FROM b GROUP BY w1, {second}"
        )
    };
    let (pipeline, diagnostics) = run(&twice("w2"));
    assert!(pipeline.is_none());
    assert_eq!(diagnostics.iter().map(|d| d.code.0).collect::<Vec<_>>(), ["L0503"], "{diagnostics:#?}");
    assert_eq!(compiled(&twice("e1")).plan.groups.len(), 1);
}

#[test]
fn both_sides_of_a_union_keep_their_window() {
    let p = compiled(
        "SELECT window_start, COUNT(*) AS n FROM (
             SELECT window_start, window_end FROM TUMBLE(trades, ts, INTERVAL '1' MINUTE)
             UNION ALL SELECT window_start, window_end FROM TUMBLE(trades, ts, INTERVAL '1' MINUTE)) u
         GROUP BY window_start, window_end",
    );
    assert!(p.plan.groups[0].window.is_some());
}

#[test]
fn nested_copies_of_operands_end_in_an_error() {
    for (open, close) in [
        ("(", " BETWEEN 1 AND 2)::int"),
        ("COALESCE(", ", 1)"),
        ("(", " IN (1, 2))::int"),
        ("CASE ", " WHEN 1 THEN 2 WHEN 3 THEN 4 END"),
    ] {
        let nested =
            |n: usize| format!("SELECT {}volume{} AS x FROM trades", open.repeat(n), close.repeat(n));
        assert!(run(&nested(3)).0.is_some(), "{:?}", run(&nested(3)).1);
        let (_, diagnostics) = run(&nested(40));
        let codes: Vec<&str> = diagnostics.iter().filter(|d| d.is_error()).map(|d| d.code.0).collect();
        assert_eq!(codes, ["L0104"], "{open}");
    }
}

#[test]
fn long_lists_end_soon() {
    let keys = ["symbol"; 20_000].join(", ");
    let codes = |sql: &str| -> Vec<&str> { run(sql).1.iter().map(|d| d.code.0).collect() };
    let rolled = format!("SELECT COUNT(*) AS n FROM trades GROUP BY ROLLUP({keys})");
    assert_eq!(codes(&rolled), ["L0104"]);
    let branches = "WHEN volume = 1 THEN 2 ".repeat(2_000);
    let warned = codes(&format!("SELECT CASE {branches} END AS x FROM trades"));
    assert!((1..100).contains(&warned.len()) && warned.iter().all(|c| *c == "L0902"), "{}", warned.len());
}

#[test]
fn bounds_the_wrong_way_round_are_told_as_what_they_mean() {
    let told = |between: &str| {
        let (_, diagnostics) = run(&format!("SELECT symbol FROM trades WHERE volume {between} 5 AND 1"));
        let [d] = &diagnostics[..] else { panic!("{diagnostics:?}") };
        (d.code.0, d.message.clone())
    };
    let (code, message) = told("BETWEEN");
    assert!(code == "L0905" && message.ends_with("holds for no value"), "{message}");
    let (code, message) = told("NOT BETWEEN");
    assert!(code == "L0905" && message.ends_with("holds for every value"), "{message}");
}

/// Machine code for values that wait for long costs registers, and the square of their number to compile.
#[test]
fn few_parts_of_a_long_array_wait_at_a_time() {
    let elements: Vec<String> = (0..1000).map(|i| format!("volume + {i}")).collect();
    let pipeline = compiled(&format!("SELECT ARRAY[{}] AS a FROM trades", elements.join(", ")));
    let insts = &pipeline.programs[0].insts;
    let mut last_use: Vec<usize> = (0..insts.len()).collect();
    for (i, inst) in insts.iter().enumerate() {
        inst.args.iter().for_each(|a| last_use[a.0 as usize] = i);
    }
    let arrays = |at: usize| {
        (0..at)
            .filter(|&i| {
                insts[i].repr == Repr::Bytes && !matches!(insts[i].op, Op::Const(_)) && last_use[i] > at
            })
            .count()
    };
    let most = (0..insts.len()).map(arrays).max();
    assert!(most.is_some_and(|most| (2..=12).contains(&most)), "{most:?}");
}
