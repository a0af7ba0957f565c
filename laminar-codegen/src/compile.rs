//! From a parsed query to pipeline IR: bind, check, lower. What every door calls.

use crate::bind;
use crate::bind::coerce;
use crate::bind::modify::{Change, Modification, bind_delete, bind_update};
use crate::catalog::{Catalog, Relation};
use crate::diagnostic::{Diagnostic, Span, code};
use crate::functions::RustFn;
use crate::ir::Pipeline;
use crate::parse::{Delete, Query, SqlText, Update, WrittenExpr, on_deep_stack};
use crate::plan::Graph;
use crate::plan::expr::{Expr, Kind, Literal};
use laminar_runtime::plan::OnError;
use laminar_runtime::schema::Ty;
use std::sync::Arc;

/// Compiles a query to pipeline IR, with all diagnostics; no pipeline if one of them is an error.
pub fn compile(
    query: &Query,
    text: &SqlText,
    catalog: &dyn Catalog,
    name: &str,
) -> (Option<Pipeline>, Vec<Diagnostic>) {
    compile_with(query, text, catalog, name, OnError::Fail)
}

/// [`compile`] with a policy for rows that fail.
pub fn compile_with(
    query: &Query,
    text: &SqlText,
    catalog: &dyn Catalog,
    name: &str,
    on_error: OnError,
) -> (Option<Pipeline>, Vec<Diagnostic>) {
    // Binding and lowering walk trees as deep as the parser's.
    on_deep_stack(|| {
        let (bound, mut diagnostics) = bind::bind(query, text, catalog);
        let Some(bound) = bound else { return (None, diagnostics) };
        match crate::lower::lower(&bound, text, name, on_error) {
            Ok(pipeline) => (Some(pipeline), diagnostics),
            Err(d) => {
                diagnostics.push(*d);
                (None, diagnostics)
            }
        }
    })
}

/// The plan of a query as a graph.
pub fn graph(query: &Query, text: &SqlText, catalog: &dyn Catalog) -> Result<Graph, Vec<Diagnostic>> {
    on_deep_stack(|| match bind::bind(query, text, catalog) {
        (Some(bound), _) => Ok(Graph::of(&bound.root, &bound.sources)),
        (None, diagnostics) => Err(diagnostics),
    })
}

/// The value of a constant expression as a value of type `ty` (INSERT … VALUES); `None` is NULL.
pub fn constant(
    e: &WrittenExpr,
    text: &SqlText,
    ty: Ty,
    functions: &[Arc<RustFn>],
) -> Result<Option<Literal>, Vec<Diagnostic>> {
    on_deep_stack(|| {
        let bound = bind::bind_constant(e, text, ty, functions)?;
        let span = bound.span;
        crate::lower::evaluate(&bound, text).map_err(|what| {
            vec![Diagnostic::error(code::BAD_LITERAL, span_or(span, text), what).label("this value")]
        })
    })
}

/// A value of one type as one of another, as an assignment has it; an exact number is its mantissa.
///
/// # Errors
/// Says why where it does not fit.
pub fn assigned(value: Literal, from: Ty, to: Ty, text: &SqlText) -> Result<Literal, String> {
    let value = match value {
        Literal::Int(v) => coerce::exact(v.into(), from),
        Literal::Wide(v) => coerce::exact(v, from),
        other => other,
    };
    let (ty, span) = (Some(from), Span::default());
    let literal = Expr { kind: Kind::Literal(value), ty, nullable: false, span };
    let cast = Expr { kind: Kind::Cast(Box::new(literal), false), ty: Some(to), nullable: false, span };
    match crate::lower::evaluate(&cast, text)? {
        Some(value) => Ok(value),
        None => Err(format!("no value of type {to}")),
    }
}

/// An UPDATE or DELETE, compiled: a pipeline over the table's rows that says of each whether the statement means it (column
/// 0, TRUE) and what its new values are; and which columns take them.
pub type Modify = (Pipeline, Vec<Change>);

/// Compiles an UPDATE of `table`.
pub fn compile_update(
    update: &Update,
    text: &SqlText,
    table: Relation,
    functions: &[Arc<RustFn>],
) -> Result<Modify, Vec<Diagnostic>> {
    on_deep_stack(|| lowered(bind_update(update, text, table, functions)?, text))
}

/// Compiles a DELETE from `table`.
pub fn compile_delete(
    delete: &Delete,
    text: &SqlText,
    table: Relation,
    functions: &[Arc<RustFn>],
) -> Result<Modify, Vec<Diagnostic>> {
    on_deep_stack(|| lowered(bind_delete(delete, text, table, functions)?, text))
}

fn lowered(modification: Modification, text: &SqlText) -> Result<Modify, Vec<Diagnostic>> {
    let Modification { query, changes } = modification;
    let name = query.sources.first().map_or_else(String::new, |s| s.name.clone());
    let pipeline = crate::lower::lower(&query, text, &name, OnError::Fail).map_err(|d| vec![*d])?;
    Ok((pipeline, changes))
}

fn span_or(span: Span, text: &SqlText) -> Span {
    if span.is_empty() { Span::new(0, text.sql().len()) } else { span }
}
