//! Folders to modules: what is generated, and what is told about mistakes.

use super::{Generated, build};
use std::path::PathBuf;

/// A folder of its own for each test.
struct Temporary(PathBuf);

impl Temporary {
    fn new(test: &str, files: &[(&str, &str)]) -> Temporary {
        let root = std::env::temp_dir().join(format!("laminar-build-{}-{test}", std::process::id()));
        let folder = root.join("market");
        std::fs::create_dir_all(&folder).unwrap();
        for (name, sql) in files {
            std::fs::write(folder.join(name), sql).unwrap();
        }
        Temporary(root)
    }

    fn generate(&self) -> Generated {
        build(self.0.join("market")).generate()
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

const TRADES: &str = "CREATE SOURCE trades (symbol VARCHAR NOT NULL, price DOUBLE NOT NULL, volume BIGINT NOT NULL, \
                      ts TIMESTAMP NOT NULL, WATERMARK FOR ts AS ts - INTERVAL '5' SECOND);\n";

fn told(test: &str, files: &[(&str, &str)]) -> Vec<String> {
    let temporary = Temporary::new(test, files);
    let path = temporary.0.join("market").display().to_string();
    let generated = temporary.generate();
    generated.errors.iter().map(|e| e.replace(&format!("{path}/"), "")).collect()
}

#[test]
fn functions_are_declared_and_checked() {
    let functions = "CREATE FUNCTION notional(price DOUBLE, volume BIGINT NULL) RETURNS DOUBLE NULL AS 'crate::math::notional';\n\
                     CREATE FUNCTION \"Mid\"() RETURNS DECIMAL(10, 2) NOT NULL LANGUAGE rust AS '::other::mid';\n\
                     CREATE STREAM s AS SELECT notional(price, volume) AS n FROM trades;\n";
    let generated = Temporary::new("functions", &[("a.sql", functions), ("b.sql", TRADES)]).generate();
    assert_eq!((generated.errors, generated.warnings), (vec![], vec![]));
    for part in [
        "::laminar::__rt::function::declared(",
        "&crate::math::notional",
        "::other::mid",
        "pub n: ::core::option::Option<f64>",
    ] {
        assert!(generated.code.contains(part), "no `{part}` in\n{}", generated.code);
    }
    let says = "L0707: `::other::mid` is not what ";
    assert!(
        generated.code.contains(says)
            && generated.code.contains("a.sql:2 declares: Mid() → DECIMAL(10, 2)\"")
    );
    let check = |test: &str, sql: &str, expected: &[&str]| {
        assert_eq!(told(test, &[("a.sql", sql), ("b.sql", TRADES)]), expected, "{sql}");
    };
    check(
        "functions-names",
        "CREATE FUNCTION round(x DOUBLE) RETURNS DOUBLE AS 'crate::round';
         CREATE FUNCTION f(x DOUBLE) RETURNS DOUBLE AS 'crate::f';
         CREATE FUNCTION F() RETURNS DOUBLE AS 'crate::f';
         CREATE FUNCTION g() RETURNS DOUBLE AS 'crate g';",
        &[
            "a.sql:1:17: L0207: `round` is a function of SQL; choose another name: that in Rust need not be the same",
            "a.sql:3:26: L0207: function `F` exists already; choose another name: that in Rust need not be the same",
            "a.sql:4:48: L0101: `crate g` is not the path of a Rust function; write it as seen from the crate's root: 'crate::math::mid'",
        ],
    );
    check(
        "functions-calls",
        "CREATE FUNCTION f(x DOUBLE) RETURNS DOUBLE AS 'crate::f';
         CREATE STREAM s AS SELECT f(symbol) AS a, vwap(price) AS b FROM trades;",
        &[
            "a.sql:2:38: L0302: function f(VARCHAR) does not exist; this is VARCHAR, DOUBLE expected",
            "a.sql:2:52: L0202: function `vwap` does not exist; a Rust function is declared: CREATE FUNCTION f(x DOUBLE) RETURNS DOUBLE AS 'crate::f'",
        ],
    );
    check(
        "functions-syntax",
        "CREATE FUNCTION f(x DOUBLE) AS 'crate::f';
         CREATE FUNCTION f(x) RETURNS DOUBLE AS 'crate::f';
         CREATE FUNCTION f(x DOUBLE) RETURNS DOUBLE AS 5;
         CREATE FUNCTION f(x DOUBLE) RETURNS DOUBLE LANGUAGE sql AS 'x';",
        &[
            "a.sql:1:29: L0101: expected `RETURNS`, found `AS`",
            "a.sql:2:29: L0101: expected a data type name, found `)`",
            "a.sql:3:56: L0101: expected the path of the Rust function in quotes, 'crate::path', found `5`",
            "a.sql:4:62: L0401: functions are written in Rust only; LANGUAGE rust",
        ],
    );
}

#[test]
fn a_folder_becomes_a_module() {
    let views = "CREATE MATERIALIZED VIEW hourly AS SELECT window_start, SUM(n) AS n FROM vwap \
                 GROUP BY TUMBLE(window_start, INTERVAL '1' HOUR) EMIT ON WINDOW CLOSE;\n\
                 CREATE STREAM vwap WITH (capacity = 100) AS SELECT symbol, window_start, COUNT(*) AS n FROM trades \
                 GROUP BY symbol, TUMBLE(ts, INTERVAL '1' MINUTE) EMIT ON WINDOW CLOSE;\n\
                 CREATE SINK alerts FROM vwap;\n";
    let temporary =
        Temporary::new("module", &[("a_views.sql", views), ("b_source.sql", TRADES), ("note.txt", "no SQL")]);
    let generated = temporary.generate();
    assert_eq!((generated.errors, generated.warnings), (vec![], vec![]));
    assert_eq!(generated.files.len(), 2);
    for part in [
        "pub mod market {",
        "pub struct Trades {",
        "pub type VwapPipeline = ::laminar::__rt::Runner<Vwap>;",
        "pub struct Graph {",
        "pub fn trades(&mut self) -> TradesInput<'_>",
        "fn alerts(&mut self, row: Vwap)",
        "fn hourly(&mut self, row: Hourly)",
        "capacity: 100,",
    ] {
        assert!(generated.code.contains(part), "{part} is not in\n{}", generated.code);
    }
}

#[test]
fn all_errors_are_told_at_once() {
    let bad = "CREATE VIEW a AS SELECT prise FROM trades;\nCREATE VIEW b AS SELECT x FROM a;\nSELECT 1;\n\
               CREATE VIEW c AS SELECT price FROM trade;\nCREATE VIEW d WITH (capcity = 1) AS SELECT price FROM trades;";
    assert_eq!(
        told("errors", &[("bad.sql", bad), ("source.sql", TRADES)]),
        [
            "bad.sql:3:1: L0102: only declarations are possible in a build script; keep CREATE statements here; run the others in a session",
            "bad.sql:5:21: L0106: unknown option `capcity`; did you mean `capacity`?",
            "bad.sql:1:25: L0203: column `prise` does not exist in `trades`; did you mean `price`?",
            "bad.sql:4:36: L0201: relation `trade` does not exist; did you mean `trades`?",
        ]
    );
}

#[test]
fn views_that_read_each_other_are_refused() {
    let views = "CREATE VIEW a AS SELECT x FROM b;\nCREATE VIEW b AS SELECT x FROM a;";
    let errors = told("circle", &[("v.sql", views)]);
    assert_eq!(errors.len(), 2, "{errors:?}");
    assert!(errors[0].contains("view `a` reads itself"), "{errors:?}");
}

#[test]
fn names_that_rust_cannot_have_are_refused() {
    let sql = "CREATE SOURCE graph (x BIGINT);\nCREATE SOURCE s (\"my x\" BIGINT);\nCREATE SOURCE S (y BIGINT);\n\
               CREATE VIEW v AS SELECT y + 1 FROM \"S\"";
    let errors = told("names", &[("n.sql", sql)]);
    assert!(
        errors[0].starts_with("n.sql:1:15: L0401: `graph` cannot be the name of a Rust struct"),
        "{errors:?}"
    );
    assert!(
        errors[1].starts_with("n.sql:2:18: L0401: `my x` cannot be the name of a Rust field"),
        "{errors:?}"
    );
    assert!(errors[2].starts_with("n.sql:3:15: L0206: relation `S` exists already"), "{errors:?}");
}

#[test]
fn an_empty_or_missing_folder_is_an_error() {
    let temporary = Temporary::new("empty", &[]);
    assert!(temporary.generate().errors[0].starts_with("no `.sql` file in the folder"));
    let missing = build(temporary.0.join("nowhere")).generate();
    assert!(missing.errors[0].starts_with("cannot read the folder"));
    assert!(syn::parse_file(&missing.code).is_ok());
}

#[test]
fn options_of_connectors_are_warned_about() {
    let sql =
        "CREATE SOURCE s (x BIGINT NOT NULL) WITH (connector = 'file');\nCREATE VIEW v AS SELECT x FROM s;";
    let generated = Temporary::new("warn", &[("s.sql", sql)]).generate();
    assert_eq!((generated.errors.len(), generated.warnings.len()), (0, 1));
    assert!(generated.warnings[0].contains("option `connector` has no effect in a build script"));
}

/// The constant that holds a pipeline, printed.
fn pipeline_of(code: &str, name: &str) -> String {
    fn find(items: &[syn::Item], name: &str) -> Option<String> {
        items.iter().find_map(|item| match item {
            syn::Item::Mod(module) => find(&module.content.as_ref()?.1, name),
            syn::Item::Const(constant) => {
                let text = quote::quote!(#constant).to_string();
                text.contains(&format!("Query for {name} ")).then_some(text)
            }
            _ => None,
        })
    }
    find(&syn::parse_file(code).unwrap().items, name)
        .unwrap_or_else(|| panic!("no pipeline {name} in\n{code}"))
}

#[test]
fn both_doors_give_the_same_pipeline() {
    let query = "SELECT symbol, window_start, SUM(price * volume) / SUM(volume) AS vwap, COUNT(*) AS n\nFROM trades\n\
                 WHERE volume / 2 > 0 GROUP BY symbol, TUMBLE(ts, INTERVAL '1' MINUTE) EMIT ON WINDOW CLOSE";
    let sql = format!("{TRADES}CREATE STREAM \"Vwap\" AS\n{query};\n");
    let folder = Temporary::new("doors", &[("a.sql", &sql)]).generate();
    assert_eq!(folder.errors, [""; 0]);

    // What the chain of hidden macros gives to the compiler, and the query in the line that it has in the file.
    let literal = proc_macro2::Literal::string(&format!("\n\n{query}"));
    let expanded = crate::pipeline_macro::compile(quote::quote! {
        "event 7 3:5000000000 Trades src/lib.rs\n1:1 symbol VARCHAR NOT NULL\n1:1 price DOUBLE NOT NULL\n\
         1:1 volume BIGINT NOT NULL\n1:1 ts TIMESTAMP NOT NULL"
        (finish) [] [] {
            ["trades" Trades,] { #literal, from(Trades as trades) }
            { pub struct Vwap { pub symbol: Str, pub window_start: Timestamp, pub vwap: f64, pub n: i64 } }
        }
    });
    let printed = prettyplease::unparse(&syn::parse2(expanded).unwrap());
    assert_eq!(pipeline_of(&printed, "Vwap"), pipeline_of(&folder.code, "Vwap"));
}
