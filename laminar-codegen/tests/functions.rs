//! The examples of the function table are true, on the interpreter and in machine code.
#![cfg(all(feature = "exec", feature = "jit"))]

use laminar_codegen::catalog::{Catalog, Relation};
use laminar_codegen::compile::compile;
use laminar_codegen::diagnostic::{Origin, render};
use laminar_codegen::exec::{DynPipeline, Executor};
use laminar_codegen::functions::listing;
use laminar_codegen::ir::SourceColumn;
use laminar_codegen::parse::parse_query;
use laminar_runtime::schema::{Column, Ty};
use std::sync::Arc;

/// A relation `one` with a column `id`.
struct One;

impl Catalog for One {
    fn relation(&self, parts: &[(String, bool)]) -> Option<Relation> {
        let id = Column { name: "id".into(), ty: Ty::Bigint, nullable: false };
        (parts[0].0 == "one").then(|| Relation {
            name: "one".into(),
            columns: vec![SourceColumn { column: id, unsigned: false }],
            time: None,
            changelog: false,
            finite: false,
            declared: Vec::new(),
        })
    }

    fn names(&self) -> Vec<String> {
        vec!["one".into()]
    }
}

#[test]
fn examples_are_true() {
    let examples: Vec<String> = listing().into_iter().map(|line| line.example.to_string()).collect();
    let columns: Vec<String> = examples.iter().enumerate().map(|(i, e)| format!("{e} AS c{i}")).collect();
    let sql = format!("SELECT {} FROM one", columns.join(", "));
    let (query, parsed) = parse_query(&sql).unwrap_or_else(|all| panic!("{all:#?}"));
    let (pipeline, diagnostics) = compile(&query, &parsed, &One, "examples");
    let text: Vec<String> = diagnostics.iter().map(|d| render(d, &Origin::Query, &sql)).collect();
    let pipeline = Arc::new(pipeline.unwrap_or_else(|| panic!("{}", text.join("\n"))));
    for executor in [Executor::Interp, Executor::Jit] {
        let mut run = DynPipeline::new(pipeline.clone(), executor).unwrap_or_else(|e| panic!("{e}"));
        let mut batch = run.batch(0);
        // SAFETY: one cell of a BIGINT, as the relation has it.
        unsafe { batch.push_row(&[([1, 0], true)]) };
        let mut wrong = Vec::new();
        let mut rows = 0;
        let out = &mut |row: &[([u64; 2], bool)], _| {
            rows += 1;
            wrong.extend((0..row.len()).filter(|&i| row[i] != ([1, 0], true)).map(|i| &examples[i]));
        };
        run.process_cells(0, &batch, out).unwrap_or_else(|e| panic!("{e}"));
        assert_eq!(rows, 1);
        assert!(wrong.is_empty(), "not true: {wrong:#?}");
    }
}

#[test]
fn what_cannot_be_called_says_why() {
    let check = |e: &str, code: &str, expected: &str| {
        let sql = format!("SELECT {e} AS c FROM one");
        let (query, parsed) = parse_query(&sql).unwrap_or_else(|all| panic!("{e}: {all:#?}"));
        let (pipeline, diagnostics) = compile(&query, &parsed, &One, "mistake");
        assert!(pipeline.is_none() && diagnostics.len() == 1, "{e}: {diagnostics:#?}");
        let text = render(&diagnostics[0], &Origin::Query, &sql);
        assert!(text.contains(code) && text.contains(expected), "{e}:\n{text}");
    };
    check("'a' ~ '('", "L0304", "unclosed group");
    check("regexp_replace('a', 'a', 'b', 'q')", "L0304", "`q` is no option");
    check("regexp_extract('a', '(?=a)')", "L0304", "looking around");
    check("regexp_extract('a', id)", "L0302", "VARCHAR expected");
    check("TIMESTAMP '2013-01-01' AT TIME ZONE 'Europe/Berln'", "L0304", "did you mean 'Europe/Berlin'?");
    check(
        "to_utc_timestamp(TIMESTAMP '2013-01-01', 'new_york')",
        "L0304",
        "did you mean 'America/New_York'?",
    );
    check("TIMESTAMP '2013-01-01' AT TIME ZONE '+02'", "L0304", "INTERVAL '2 hours'");
    check("TIMESTAMP '2013-01-01' AT TIME ZONE 2", "L0301", "INTEGER is no time zone");
    check("to_timestamp('2013 27', 'IYYY IW')", "L0304", "cannot read the field IYYY");
    check("id AT TIME ZONE 'UTC'", "L0301", "BIGINT has no time zone");
    check("round(1e0, 2)", "L0302", "CAST(x AS DECIMAL(18, 6))");
    check("ceil(1.5, 1)", "L0302", "one number");
    check("nullif(1)", "L0302", "two values");
    check("nullif(1, true)", "L0301", "INTEGER = BOOLEAN");
    check("greatest(1, lower('a'))", "L0305", "greatest");
    check("true & 1", "L0301", "BOOLEAN & INTEGER");
    check("~ 1.5", "L0301", "~ DECIMAL");
    check("5.0e0 % 2", "L0301", "%");
    check("id LIKE ANY ('a')", "L0302", "LIKE(BIGINT, VARCHAR)");
    check("'a' LIKE ANY 'a'", "L0401", "a list of values");
    check("1 = ANY ('{1}')", "L0401", "a list of values");
    check("sqrt(lower('a'))", "L0302", "sqrt(VARCHAR)");
}
