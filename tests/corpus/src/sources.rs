//! The catalog that cases are compiled with: the sources of the folder `cases`.
//!
//! Compiled into the build script and the test, which have the compiler; the library has not.

use laminar_codegen::catalog::{Catalog, Relation};
use laminar_codegen::compile;
use laminar_codegen::diagnostic::{Diagnostic, Origin, render};
use laminar_codegen::ir::{Pipeline, SourceColumn};
use laminar_codegen::parse::{Statement, parse_query, parse_script};
use laminar_runtime::schema::Column;

/// The sources of all cases.
pub struct Sources(pub Vec<Relation>);

impl Sources {
    /// Those of `00_sources.sql`.
    pub fn load() -> Sources {
        let (script, diagnostics) = parse_script(include_str!("../cases/00_sources.sql"));
        assert_eq!(diagnostics, []);
        let relation = |s: &Statement| {
            let Statement::CreateSource(s) = s else { panic!("the file has only CREATE SOURCE") };
            let column = |name: &str, ty, nullable| SourceColumn {
                column: Column { name: name.to_string().into(), ty, nullable },
                unsigned: false,
            };
            let time = s.watermark.as_ref().map(|w| {
                let at = s.columns.iter().position(|c| c.name.value == w.column.value);
                (at.expect("the watermark names a column"), w.delay_ns)
            });
            Relation {
                name: s.name.parts[0].value.clone(),
                columns: s.columns.iter().map(|c| column(&c.name.value, c.ty, c.nullable)).collect(),
                time,
                changelog: false,
                finite: false,
                declared: Vec::new(),
            }
        };
        Sources(script.statements.iter().map(relation).collect())
    }

    /// Compiles a query.
    ///
    /// # Errors
    /// Its diagnostics as text.
    pub fn compile(&self, name: &str, sql: &str) -> Result<Pipeline, String> {
        let text = |all: Vec<Diagnostic>| {
            all.iter().map(|d| render(d, &Origin::Query, sql)).collect::<Vec<_>>().join("\n")
        };
        let (query, parsed) = parse_query(sql).map_err(text)?;
        let (pipeline, diagnostics) = compile::compile(&query, &parsed, self, name);
        pipeline.ok_or_else(|| text(diagnostics))
    }
}

impl Catalog for Sources {
    fn relation(&self, parts: &[(String, bool)]) -> Option<Relation> {
        let [(name, _)] = parts else { return None };
        self.0.iter().find(|r| r.name.eq_ignore_ascii_case(name)).cloned()
    }
    fn names(&self) -> Vec<String> {
        self.0.iter().map(|r| r.name.clone()).collect()
    }
}
