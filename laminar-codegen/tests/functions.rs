//! The examples of the function table are true, on the interpreter and in machine code.
#![cfg(all(feature = "exec", feature = "jit"))]

use laminar_codegen::casts;
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
    are_true(&examples);
}

/// Values of every type, as texts.
const VALUES: &[(Ty, &[&str])] = &[
    (Ty::Boolean, &["true", "false"]),
    (Ty::Smallint, &["0", "-32768", "7"]),
    (Ty::Integer, &["0", "2147483647", "-40000"]),
    (Ty::Bigint, &["0", "-9223372036854775808", "12"]),
    (Ty::Real, &["0.1", "-2.5", "1e30", "NaN"]),
    (Ty::Double, &["0.1", "2.5", "-1e300", "Infinity"]),
    (Ty::Decimal { precision: 10, scale: 2 }, &["0.05", "-12345.55", "127"]),
    (Ty::Decimal { precision: 38, scale: 3 }, &["0.005", "-99999999999999999999.5", "40000"]),
    (Ty::Varchar, &["true", "12", "1.5", "2013-01-01", "10:00", "1 day", "\\\\x0a", "[1]", "a\"b,{} "]),
    (Ty::Timestamp, &["2013-01-01 10:00:00.5", "1700-01-01"]),
    (Ty::Date, &["2013-01-01", "4000-01-01"]),
    (Ty::Time, &["10:00:00.25", "24:00:00"]),
    (Ty::Interval, &["1 month 2 days -03:00:00"]),
    (Ty::Uuid, &["a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"]),
    (Ty::Bytea, &["\\x00ff"]),
    (Ty::Json, &["{\"a\": [1]}"]),
];

#[test]
fn arrays_are_cast_as_their_elements() {
    let mut claims = Vec::new();
    for (from, texts) in VALUES {
        for (to, _) in VALUES {
            if from != to && !casts::exists(*from, *to) {
                continue;
            }
            claims.extend(texts.iter().map(|text| {
                let value = format!("CAST('{}' AS {from})", text.replace('\'', "''"));
                // JSON and INTERVAL are not compared.
                format!(
                    "CAST((TRY_CAST(ARRAY[{value}] AS {to}[]))[1] AS VARCHAR) IS NOT DISTINCT FROM CAST(TRY_CAST({value} AS {to}) AS VARCHAR)"
                )
            }));
            let all = texts.iter().map(|text| format!("CAST('{}' AS {from})", text.replace('\'', "''")));
            let array = format!("ARRAY[{}, NULL]", all.collect::<Vec<_>>().join(", "));
            claims.push(format!(
                "CAST(CAST(CAST({array} AS VARCHAR) AS {from}[]) AS VARCHAR) = CAST({array} AS VARCHAR)"
            ));
        }
    }
    assert!(claims.len() > 200, "{}", claims.len());
    claims.chunks(100).for_each(are_true);
}

/// Each is true of both executors.
fn are_true(examples: &[String]) {
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
    check("ARRAY[]", "L0305", "ARRAY[]::BIGINT[]");
    check("ARRAY[1, true]", "L0305", "INTEGER and BOOLEAN");
    check("ARRAY[ARRAY[1]]", "L0312", "one dimension");
    check("id[1]", "L0301", "BIGINT has no subscripts");
    check("JSON '[1]'[1]", "L0301", "`->`");
    check("(ARRAY[1])[1.5]", "L0301", "a subscript must be an integer");
    check("1 = ANY (id)", "L0301", "an array is needed, not BIGINT");
    check("1 = ANY (string_to_array('a', ','))", "L0301", "VARCHAR and INTEGER");
    check("1 = ANY (SELECT 1)", "L0403", "subquery");
    check("array_append(1, 2)", "L0301", "an array is needed, not INTEGER");
    check("array_append(ARRAY[1])", "L0302", "array_append(ARRAY, element)");
    check("ARRAY[JSON '1'] = ARRAY[JSON '1']", "L0301", "JSON[] cannot be compared");
    check("array_remove(ARRAY[JSON '1'], JSON '1')", "L0401", "JSON[]");
    check("(ARRAY[1])[1:2:3]", "L0401", "the step of a slice");
    check("[1]", "L0401", "ARRAY");
    check("sqrt(lower('a'))", "L0302", "sqrt(VARCHAR)");
}
