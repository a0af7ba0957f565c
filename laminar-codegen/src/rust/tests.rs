//! The shape of generated code. What it computes is tested by running it (the corpus and the doors' own tests).

use super::*;
use crate::catalog::{Catalog, Relation};
use crate::compile::compile;
use crate::ir::SourceColumn;
use crate::parse::parse_query;
use laminar_runtime::schema::{Column, Ty};

/// Each token is parsed, resolved, typed and stored by the user's compiler.
const TOKENS_MAX: usize = 2500;

struct Trades;

impl Catalog for Trades {
    fn relation(&self, _: &[(String, bool)]) -> Option<Relation> {
        let column =
            |name, ty, nullable| SourceColumn { column: Column::fixed(name, ty, nullable), unsigned: false };
        Some(Relation {
            name: "Trade".into(),
            columns: vec![
                column("symbol", Ty::Bigint, false),
                column("price", Ty::Double, false),
                column("volume", Ty::Bigint, false),
                column("ts", Ty::Timestamp, false),
                column("note", Ty::Varchar, true),
            ],
            time: Some((3, 0)),
            changelog: false,
            finite: false,
            declared: Vec::new(),
        })
    }
    fn names(&self) -> Vec<String> {
        vec!["Trade".into()]
    }
}

fn generated(sql: &str) -> String {
    let (query, text) = parse_query(sql).unwrap();
    let (pipeline, diagnostics) = compile(&query, &text, &Trades, "out");
    let pipeline = pipeline.unwrap_or_else(|| panic!("{diagnostics:?}"));
    let input = InputTy {
        ty: quote!(Trade),
        fields: ["symbol", "price", "volume", "ts", "note"].map(|f| format_ident!("{f}")).to_vec(),
        handle: format_ident!("trade"),
        identity: 0,
        changelog: false,
    };
    let column = |(column, c): (usize, &Column)| OutputField {
        ident: format_ident!("{}", c.name.as_ref()),
        ty: quote!(i64),
        column,
    };
    let output = OutputTy {
        ident: format_ident!("Out"),
        vis: syn::parse_quote!(pub),
        fields: pipeline.plan.columns.iter().enumerate().map(column).collect(),
    };
    emit(&pipeline, &[input], &output, 0, &Krate::default()).to_string()
}

#[test]
fn equal_queries_give_equal_tokens() {
    let sql = "SELECT symbol, window_start, SUM(price * volume) AS x FROM Trade GROUP BY symbol, TUMBLE(ts, INTERVAL '1' MINUTE)";
    assert_eq!(generated(sql), generated(sql));
}

#[test]
fn the_filter_decides_the_loop() {
    // What follows the filter is cheap: written, and overwritten by the next row.
    let cheap = generated(
        "SELECT price * 2.0 AS v FROM Trade WHERE price > 1.0 UNION ALL SELECT price AS v FROM Trade",
    );
    assert!(cheap.contains("m += v"), "{cheap}");
    // A division may fail: rows that the filter drops must not reach it.
    let fails = generated(
        "SELECT 1 / volume AS v FROM Trade WHERE price > 1.0 UNION ALL SELECT volume AS v FROM Trade",
    );
    assert!(fails.contains("break 'row") && fails.contains("continue 'rows"), "{fails}");
}

#[test]
fn without_state_rows_go_past_the_engine() {
    let filter = generated("SELECT symbol, price FROM Trade WHERE volume > 3");
    assert!(filter.contains("stateless :: begin"), "{filter}");
    for sql in [
        "SELECT symbol, COUNT(*) AS n FROM Trade GROUP BY symbol",
        "SELECT symbol FROM Trade UNION ALL SELECT volume AS symbol FROM Trade",
        "SELECT UPPER(note) AS u FROM Trade",
    ] {
        assert!(!generated(sql).contains("stateless"), "{sql}");
    }
}

#[test]
fn a_field_that_is_passed_on_is_not_loaded() {
    let pass = generated("SELECT note FROM Trade");
    let looped = pass.split("fn input0").nth(1).unwrap().split("unsafe impl").next().unwrap();
    assert!(looped.contains("copy_of") && !looped.contains("let v0 : rt :: TextRef"), "{looped}");
}

#[test]
fn nothing_is_allocated_or_called_through_a_pointer_in_a_loop() {
    let code = generated(
        "SELECT symbol, window_start, SUM(price * volume) / SUM(volume) AS vwap, MAX(volume) AS top FROM Trade \
         WHERE price > 0.0 GROUP BY symbol, TUMBLE(ts, INTERVAL '1' MINUTE)",
    );
    for forbidden in ["Box ", "vec !", "Vec ", ". clone", " dyn ", "| |", "format !", ". collect"] {
        assert!(!code.contains(forbidden), "{forbidden} in {code}");
    }
}

#[test]
fn handles_are_methods_in_snake_case() {
    let cases = [
        ("Trade", "trade"),
        ("OrderBook", "order_book"),
        ("events.Trade", "trade"),
        ("HTTP2Log", "http2_log"),
        ("type", "r#type"),
        ("Push", "push_"),
        ("self", "self_"),
    ];
    for (name, expected) in cases {
        assert_eq!(handle_ident(name).to_string(), expected, "{name}");
    }
}

/// Tokens, each delimiter as one.
fn tokens(stream: TokenStream) -> usize {
    let count = |tree| match tree {
        proc_macro2::TokenTree::Group(group) => 2 + tokens(group.stream()),
        _ => 1,
    };
    stream.into_iter().map(count).sum()
}

#[test]
fn a_windowed_pipeline_stays_short() {
    let code = generated(
        "SELECT symbol, window_start, SUM(price * volume) / SUM(volume) AS vwap, COUNT(*) AS n, MIN(price) AS low, \
         MAX(price) AS high FROM Trade WHERE price > 1 AND volume > 0 GROUP BY symbol, TUMBLE(ts, INTERVAL '1' SECOND)",
    );
    let found = tokens(code.parse().unwrap());
    assert!(found <= TOKENS_MAX, "{found} tokens");
}
