//! Long and deep queries compile or are refused; none overflows the stack.

use laminar_codegen::catalog::{Catalog, Relation};
use laminar_codegen::compile::compile;
use laminar_codegen::ir::SourceColumn;
use laminar_codegen::parse::parse_query;
use laminar_runtime::schema::{Column, Ty};

struct One;

impl Catalog for One {
    fn relation(&self, _: &[(String, bool)]) -> Option<Relation> {
        let column = |name, ty| SourceColumn { column: Column::fixed(name, ty, true), unsigned: false };
        let columns = vec![column("a", Ty::Bigint), column("b", Ty::Boolean)];
        Some(Relation {
            name: "t".into(),
            columns,
            time: None,
            changelog: false,
            finite: true,
            declared: vec![],
        })
    }
    fn names(&self) -> Vec<String> {
        vec!["t".into()]
    }
}

fn codes(sql: &str) -> Vec<&'static str> {
    match parse_query(sql) {
        Ok((query, text)) => compile(&query, &text, &One, "q").1,
        Err(diagnostics) => diagnostics,
    }
    .iter()
    .map(|d| d.code.0)
    .collect()
}

#[test]
fn chains_up_to_the_limit_compile() {
    for (op, item, n) in
        [(" OR ", "b", 900), (" AND ", "a > 1", 450), (" + ", "a", 900), (" || ", "'x'", 900)]
    {
        let chain = vec![item; n].join(op);
        assert_eq!(codes(&format!("SELECT {chain} AS x FROM t")), [""; 0], "{op}");
    }
    let list = (0..5_000).map(|i| i.to_string()).collect::<Vec<_>>().join(", ");
    assert_eq!(codes(&format!("SELECT a FROM t WHERE a IN ({list})")), [""; 0]);
}

#[test]
fn nesting_up_to_the_limit_compiles_and_beyond_is_refused() {
    let nested = |n: usize| format!("SELECT {}a{} AS x FROM t", "(".repeat(n), ")".repeat(n));
    assert_eq!(codes(&nested(100)), [""; 0]);
    assert_eq!(codes(&nested(10_000)), ["L0104"]);
    let not = |n: usize| format!("SELECT {} b AS x FROM t", "NOT ".repeat(n));
    assert_eq!(codes(&not(100)), [""; 0]);
    assert_eq!(codes(&not(20_000)), ["L0104"]);
}

#[test]
fn subqueries_that_double_are_refused() {
    let sql = (0..40)
        .fold("SELECT a FROM t".to_string(), |inner, i| format!("SELECT a + a AS a FROM ({inner}) x{i}"));
    assert_eq!(codes(&sql), ["L0104"]);
}
