//! Binds `VALUES (…), (…)`, and SELECT without FROM: rows that the query itself brings.
//!
//! They are a source like others, whose rows are known when the query is compiled; the engine takes them in its first step. So
//! none of them is late, and their watermark is +inf before that of any other source has moved.

use super::expr::Env;
use super::scope::Scope;
use super::{Binder, coerce};
use crate::catalog::Relation;
use crate::diagnostic::{Diagnostic, Span, code};
use crate::ir::SourceColumn;
use crate::plan::expr::Expr;
use crate::plan::properties::union_watermarks;
use crate::plan::{ColumnProps, Node, PlanColumn, Props, Rel};
use laminar_runtime::schema::{Column, Ty};
use sqlparser::ast::{Expr as Written, Parens};

/// A bit for each tells whether it is NULL.
const COLUMNS_MAX: usize = 64;

/// Rows that a query brings.
#[derive(Clone, Debug)]
pub struct Values {
    /// Index of the source that they are.
    pub source: usize,
    /// Constant expressions of the source's columns.
    pub rows: Vec<Vec<Expr>>,
}

impl Binder<'_> {
    /// `VALUES (…), (…)`
    pub(super) fn values(&mut self, written: &[Parens<Vec<Written>>], span: Span) -> Option<Rel> {
        let width = written.first().map_or(0, |row| row.content.len());
        if width > COLUMNS_MAX {
            let what = format!("VALUES has more than {COLUMNS_MAX} columns");
            self.fail(
                Diagnostic::error(code::NOT_SUPPORTED, span, what).help("push these rows into an input"),
            );
            return None;
        }
        let nothing = Scope { columns: Vec::new(), label: "VALUES".into() };
        let mut rows = Vec::new();
        for row in written.iter().map(|row| &row.content) {
            if row.len() != width {
                let at = row.iter().map(|e| self.at(e)).reduce(Span::join).unwrap_or(span);
                let what = "rows of VALUES differ in the number of values";
                let label = format!("{} here, {width} in the first row", row.len());
                self.fail(Diagnostic::error(code::UNION_SIDES, at, what).label(label));
                return None;
            }
            let env = || Env { scope: &nothing, grouping: None, clause: "VALUES" };
            rows.push(row.iter().map(|e| self.expr(e, &mut env())).collect::<Vec<Expr>>());
        }
        if rows.iter().flatten().any(Expr::is_error) {
            return None;
        }
        let mut columns = Vec::new();
        for c in 0..width {
            let ty = self.common_type(&rows, c)?;
            for row in &mut rows {
                row[c] = self.coerced(row[c].clone(), ty);
            }
            columns.push(PlanColumn {
                name: format!("column{}", c + 1),
                ty: Some(ty),
                nullable: rows.iter().any(|row| row[c].nullable),
                props: ColumnProps::default(),
            });
        }
        Some(self.source_of(rows, columns))
    }

    /// The input of a SELECT without FROM: one row without columns.
    pub(super) fn one_row(&mut self) -> Rel {
        self.source_of(vec![Vec::new()], Vec::new())
    }

    fn common_type(&mut self, rows: &[Vec<Expr>], column: usize) -> Option<Ty> {
        let mut common: Option<Ty> = None;
        for e in rows.iter().map(|row| &row[column]) {
            // A text in quotes becomes what the others are.
            let Some(ty) = e.ty.filter(|_| !coerce::is_unknown(e)) else { continue };
            common = match common.map_or(Some(ty), |before| coerce::common(before, ty)) {
                Some(ty) => Some(ty),
                None => {
                    let before = common.map_or_else(String::new, |t| t.to_string());
                    let what = format!("VALUES types {before} and {ty} cannot be matched");
                    self.fail(
                        Diagnostic::error(code::UNION_SIDES, e.span, what).label(format!("this is {ty}")),
                    );
                    return None;
                }
            };
        }
        Some(common.unwrap_or(Ty::Varchar))
    }

    fn source_of(&mut self, rows: Vec<Vec<Expr>>, columns: Vec<PlanColumn>) -> Rel {
        let source = self.sources.len();
        let declared = |c: &PlanColumn| SourceColumn {
            column: Column {
                name: c.name.clone().into(),
                ty: c.ty.unwrap_or(Ty::Varchar),
                nullable: c.nullable,
            },
            unsigned: false,
        };
        self.sources.push(Relation {
            name: format!("VALUES {}", self.values.len() + 1),
            columns: columns.iter().map(declared).collect(),
            time: None,
            changelog: false,
            finite: true,
            declared: Vec::new(),
        });
        let keys = if rows.len() == 1 { vec![Vec::new()] } else { Vec::new() };
        self.values.push(Values { source, rows });
        let columns = columns.into_iter().map(|c| {
            let watermark = if c.ty == Some(Ty::Timestamp) { vec![(source, 0)] } else { Vec::new() };
            PlanColumn { props: ColumnProps { watermark, window: None }, ..c }
        });
        let columns = columns.collect();
        let props = Props { changelog: false, finite: true, keys, state: None };
        Rel { node: Node::Source(source), columns, props }
    }

    /// The watermark of a column whose rows come from two places. Constant rows hold it back nowhere.
    pub(super) fn watermark_of_both(&self, a: &[(usize, i64)], b: &[(usize, i64)]) -> Vec<(usize, i64)> {
        let constant = |w: &[(usize, i64)]| !w.is_empty() && w.iter().all(|(s, _)| self.is_values(*s));
        match (constant(a), constant(b)) {
            (true, false) => b.to_vec(),
            (false, true) => a.to_vec(),
            _ => union_watermarks(a, b),
        }
    }

    /// Whether a source is one of these.
    pub(super) fn is_values(&self, source: usize) -> bool {
        self.values.iter().any(|v| v.source == source)
    }
}
