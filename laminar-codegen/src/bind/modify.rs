//! Binds UPDATE and DELETE: a query that gives one row for each row of the table.
//!
//! Column 0 says whether the statement means the row; the others are the new values of the assigned columns, computed
//! only where it does. A row of the table and its answer have the same number, so that equal rows need no key.

use super::coerce;
use super::expr::Env;
use super::scope::{Scope, means};
use super::{Binder, Bound};
use crate::catalog::{Catalog, Relation};
use crate::diagnostic::{Diagnostic, Span, closest, code};
use crate::functions::RustFn;
use crate::parse::{Assignment, Delete, Given, Ident, SqlText, Update};
use crate::plan::expr::{Expr, Kind, Literal};
use crate::plan::{ColumnProps, Node, PlanColumn, Props, Rel};
use laminar_runtime::schema::Ty;
use sqlparser::ast;
use std::sync::Arc;

/// Functions, and no relations.
pub(super) struct Functions<'a>(pub &'a [Arc<RustFn>]);

impl Catalog for Functions<'_> {
    fn relation(&self, _: &[(String, bool)]) -> Option<Relation> {
        None
    }
    fn names(&self) -> Vec<String> {
        Vec::new()
    }
    fn functions(&self) -> &[Arc<RustFn>] {
        self.0
    }
}

/// What a statement does to a row.
#[derive(Debug)]
pub struct Change {
    /// Column of the table.
    pub column: usize,
    /// Column of the query that has the new value; none: the one that the column declares.
    pub value: Option<usize>,
    /// Where the value stands.
    pub span: Span,
}

/// A bound UPDATE or DELETE.
#[derive(Debug)]
pub struct Modification {
    /// Whether the row is meant, and new values.
    pub query: Bound,
    /// The assigned columns; none for DELETE.
    pub changes: Vec<Change>,
}

/// Binds an UPDATE of `table`.
pub fn bind_update(
    update: &Update,
    text: &SqlText,
    table: Relation,
    functions: &[Arc<RustFn>],
) -> Result<Modification, Vec<Diagnostic>> {
    let alias = update.alias.as_ref();
    bind_modification(update.condition.as_ref(), &update.set, alias, update.span, text, (table, functions))
}

/// Binds a DELETE from `table`.
pub fn bind_delete(
    delete: &Delete,
    text: &SqlText,
    table: Relation,
    functions: &[Arc<RustFn>],
) -> Result<Modification, Vec<Diagnostic>> {
    bind_modification(
        delete.condition.as_ref(),
        &[],
        delete.alias.as_ref(),
        delete.span,
        text,
        (table, functions),
    )
}

fn bind_modification(
    condition: Option<&ast::Expr>,
    set: &[Assignment],
    alias: Option<&Ident>,
    span: Span,
    text: &SqlText,
    (table, functions): (Relation, &[Arc<RustFn>]),
) -> Result<Modification, Vec<Diagnostic>> {
    let catalog = Functions(functions);
    let mut binder = Binder::new(text, &catalog);
    let name = alias.map_or_else(|| table.name.clone(), |a| a.value.clone());
    // The time of a row in a table is a value like others: nothing is late, and NULL can be mended.
    let columns: Vec<PlanColumn> = table
        .columns
        .iter()
        .map(|c| PlanColumn {
            name: c.column.name.to_string(),
            ty: Some(c.column.ty),
            nullable: c.column.nullable,
            props: ColumnProps::default(),
        })
        .collect();
    let scope =
        Scope { columns: columns.iter().map(|c| (Some(name.clone()), c.clone())).collect(), label: name };
    let hit = match condition {
        Some(e) => binder.condition(e, &mut Env { scope: &scope, grouping: None, clause: "WHERE" }),
        None => Expr::literal(Literal::Bool(true), Ty::Boolean, span),
    };
    let mut exprs = vec![hit.clone()];
    let mut changes: Vec<Change> = Vec::new();
    for assignment in set {
        let Some(column) = binder.assigned_column(&assignment.column, &columns, &scope.label) else {
            continue;
        };
        if changes.iter().any(|c| c.column == column) {
            let what = format!("column `{}` is set twice", assignment.column.value);
            binder.fail(Diagnostic::error(code::SET_COLUMN, assignment.column.span, what));
            continue;
        }
        let (value, span) = match &assignment.value {
            Given::Default(span) => (None, *span),
            Given::Expr(e) => {
                let mut env = Env { scope: &scope, grouping: None, clause: "SET" };
                let value = binder.expr(e, &mut env);
                let value = binder.assigned(value, &columns[column]);
                let (ty, span) = (value.ty, value.span);
                let kind = Kind::Case(vec![(hit.clone(), value)], None);
                exprs.push(Expr { kind, ty, nullable: true, span });
                (Some(exprs.len() - 1), span)
            }
        };
        changes.push(Change { column, value, span });
    }
    // A warning is no mistake.
    if binder.diagnostics.iter().any(Diagnostic::is_error) {
        return Err(binder.diagnostics);
    }
    let outputs = exprs
        .iter()
        .enumerate()
        .map(|(i, e)| PlanColumn {
            name: if i == 0 { "hit".into() } else { format!("value{i}") },
            ty: e.ty,
            nullable: e.nullable,
            props: ColumnProps::default(),
        })
        .collect();
    let props = Props { finite: true, ..Props::default() };
    let input = Rel { node: Node::Source(0), columns, props: props.clone() };
    let root = Rel { node: Node::Project { input: Box::new(input), exprs }, columns: outputs, props };
    let table = Relation { time: None, changelog: false, ..table };
    let query =
        Bound { root, sources: vec![table], emit: None, late_to: None, values: Vec::new(), order: None };
    Ok(Modification { query, changes })
}

impl Binder<'_> {
    fn assigned_column(&mut self, ident: &Ident, columns: &[PlanColumn], table: &str) -> Option<usize> {
        let name = ast::Ident { quote_style: ident.quoted.then_some('"'), ..ast::Ident::new(&*ident.value) };
        let found = columns.iter().position(|c| means(&name, &c.name));
        if found.is_none() {
            let what = format!("column `{}` does not exist in `{table}`", ident.value);
            let mut d = Diagnostic::error(code::UNKNOWN_COLUMN, ident.span, what);
            let known: Vec<&str> = columns.iter().map(|c| c.name.as_str()).collect();
            match closest(&ident.value, known.iter().copied()) {
                Some(near) => {
                    d = d
                        .label(format!("did you mean `{near}`?"))
                        .suggest(ident.span, crate::parse::written(near))
                }
                None => d = d.note(format!("columns of `{table}`: {}", known.join(", "))),
            }
            self.fail(d);
        }
        found
    }

    /// A value for a column: numbers narrow where the value fits, as in PostgreSQL.
    pub(super) fn assigned(&mut self, value: Expr, to: &PlanColumn) -> Expr {
        let (Some(ty), span) = (to.ty, value.span) else { return value };
        if !to.nullable && value.kind == Kind::Null {
            let what = format!("NULL in column `{}`, which is NOT NULL", to.name);
            return self.fail(Diagnostic::error(code::NULL_VALUE, span, what));
        }
        match value.ty {
            _ if value.is_error() => value,
            Some(have) if coerce::is_unknown(&value) || coerce::common(have, ty) == Some(ty) => {
                self.coerced(value, ty)
            }
            Some(have) if coerce::assignable(have, ty) => self.cast(value, ty, false, span),
            Some(have) => {
                let what = match to.name.as_str() {
                    "" => format!("column is of type {ty}, value of type {have}"),
                    name => format!("column `{name}` is of type {ty}, value of type {have}"),
                };
                self.fail(Diagnostic::error(code::FIELD_TYPE, span, what))
            }
            None => self.coerced(value, ty),
        }
    }
}
