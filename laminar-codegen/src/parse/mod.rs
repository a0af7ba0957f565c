//! SQL text to statements: sqlparser's expressions and queries inside statements of our own.
//!
//! Not here: what names mean (`bind`). Only this module and `bind` name sqlparser's types, because its tree changes with
//! every release.
//!
//! **Invariant:** no text panics or overflows the stack; every mistake becomes a [`Diagnostic`] with a place, and a bad
//! statement does not hide the ones after its `;`.
//!
//! # What arrives in which shape
//!
//! | SQL | tree |
//! |---|---|
//! | `FROM Trade AS t`, `FROM events.Trade` | `TableFactor::Table { name, alias, args: None, .. }` |
//! | `FROM TUMBLE(trades, ts, INTERVAL '1' MINUTE) AS w` | `TableFactor::Table { name: TUMBLE, args: Some(_), alias }`; each argument `FunctionArg::Unnamed(FunctionArgExpr::Expr(e))`, `e` an `Identifier`, `Interval`, … |
//! | `ARRAY[]` | `Expr::Prefixed { prefix: ARRAY, value: Array }`, for its place |
//! | `FROM TUMBLE(TABLE trades, DESCRIPTOR(ts), …)` | the same; the arguments are `Expr::Prefixed { prefix: TABLE, value: Identifier or CompoundIdentifier }` and `Expr::Function` named `DESCRIPTOR`: read them with [`table_argument`] and [`column_argument`] |
//! | `FROM TUMBLE((SELECT …), ts, …)` | the same; the first argument is `Expr::Subquery` |
//! | `FROM TABLE(TUMBLE(…))` | `TableFactor::TableFunction { expr: Expr::Function(TUMBLE), alias }`; its arguments as above |
//! | `GROUP BY TUMBLE(ts, …)` | `GroupByExpr::Expressions` with `Expr::Function` |
//! | `JOIN r FOR SYSTEM_TIME AS OF l.ts AS x` | `TableFactor::Table { version: Some(ForSystemTimeAsOf(e)), alias }` |
//! | `ASOF JOIN r MATCH_CONDITION (…) ON …` | `JoinOperator::AsOf` |
//! | `INTERVAL '5' SECOND` | `Expr::Interval`: [`interval_of`] |
//! | `TIMESTAMP '2024-01-01'` | `Expr::TypedString` |
//! | `x::BIGINT`, `CAST(x AS BIGINT)`, `TRY_CAST(…)` | `Expr::Cast { kind, data_type, .. }`: [`sql_type`] |

mod ast;
mod cursor;
mod depth;
mod dialect;
mod function;
mod interval;
mod modify;
mod outputs;
mod relation;
mod span;
mod stack;
mod statement;
mod syntax;
mod tail;
mod text;
mod tokens;
mod types;
mod written;

pub use ast::{
    Assignment, ColumnDef, CreateFunction, CreateRelation, CreateSink, CreateView, Delete, Drop, DropKind,
    EmitClause, EmitKind, Explain, ExplainMode, Given, Ident, Insert, InsertRows, Name, OptionValue, Query,
    Script, SinkInput, SqlOption, StateClause, StateKind, Statement, Truncate, Update, ViewKind, Watermark,
};
pub use depth::{CHAIN_MAX, NESTING_MAX, TEXT_BYTES_MAX};
pub use interval::{interval_of, length_ns};
pub use stack::on_deep_stack;
pub use text::SqlText;
pub use types::sql_type;
pub use written::written;

/// An expression as written.
pub use sqlparser::ast::Expr as WrittenExpr;

use sqlparser::ast::{Expr, FunctionArg, FunctionArgExpr, FunctionArguments};
use sqlparser::tokenizer::Token;

use crate::diagnostic::{Diagnostic, Span, code};
use statement::StatementParser;
use syntax::Extent;

/// What sqlparser may recurse, at up to 125 KiB each in a debug build; [`NESTING_MAX`] is reached first in most texts.
const RECURSION_MAX: usize = 400;

/// All statements of a text, and all mistakes in it.
pub fn parse_script(sql: &str) -> (Script, Vec<Diagnostic>) {
    on_deep_stack(|| parse(sql))
}

fn parse(sql: &str) -> (Script, Vec<Diagnostic>) {
    let (text, mut diagnostics, poisoned) = tokens::tokenize(sql);
    let mut statements = Vec::new();
    for extent in extents(&text) {
        if poisoned.iter().any(|bad| overlap(&text, extent, *bad)) {
            continue;
        }
        if let Err(d) = depth::check(&text, extent) {
            diagnostics.push(*d);
            continue;
        }
        let mut parser = StatementParser::new(&text, extent);
        match parser.statement() {
            Ok(statement) => statements.push(statement),
            Err(d) => parser.diagnostics.push(*d),
        }
        diagnostics.append(&mut parser.diagnostics);
    }
    diagnostics.sort_by_key(|d| d.span.start);
    (Script { statements, text }, diagnostics)
}

/// The one query of a text.
pub fn parse_query(sql: &str) -> Result<(Query, SqlText), Vec<Diagnostic>> {
    let (script, mut diagnostics) = parse_script(sql);
    let Script { statements, text } = script;
    let extents = extents(&text);
    if let Some(second) = extents.get(1) {
        let span = Span::join(text.token_span(second.first), text.token_span(second.end - 1));
        diagnostics.push(
            Diagnostic::error(code::SEVERAL_STATEMENTS, span, "expected one query, found several statements")
                .label("the second statement"),
        );
    }
    if extents.is_empty() && diagnostics.is_empty() {
        let end = Span::new(sql.len(), sql.len());
        diagnostics.push(Diagnostic::error(
            code::UNEXPECTED_END,
            end,
            "expected a query, found the end of the text",
        ));
    }
    let mut query = None;
    for statement in statements {
        match statement {
            Statement::Query(q) => query = query.or(Some(q)),
            other => diagnostics.push(
                Diagnostic::error(code::STATEMENT_NOT_SUPPORTED, other.span(), "expected a query here")
                    .label("not a SELECT"),
            ),
        }
    }
    match query {
        Some(query) if diagnostics.is_empty() => Ok((query, text)),
        _ => Err(diagnostics),
    }
}

/// The relation that an argument of a table function names: `trades` or `TABLE trades`.
pub fn table_argument(text: &SqlText, expr: &Expr) -> Option<Name> {
    match expr {
        Expr::Prefixed { prefix, value } if prefix.value.eq_ignore_ascii_case("TABLE") => {
            table_argument(text, value)
        }
        Expr::Identifier(ident) => Name::of(vec![text.ident(ident)]),
        Expr::CompoundIdentifier(parts) => Name::of(parts.iter().map(|part| text.ident(part)).collect()),
        _ => None,
    }
}

/// The column that an argument of a table function names: `ts`, `t.ts` or `DESCRIPTOR(ts)`.
pub fn column_argument(expr: &Expr) -> Option<&Expr> {
    match expr {
        Expr::Identifier(_) | Expr::CompoundIdentifier(_) => Some(expr),
        Expr::Function(f) if f.name.to_string().eq_ignore_ascii_case("DESCRIPTOR") => match &f.args {
            FunctionArguments::List(list) => match list.args.as_slice() {
                [FunctionArg::Unnamed(FunctionArgExpr::Expr(column))] => column_argument(column),
                _ => None,
            },
            _ => None,
        },
        _ => None,
    }
}

/// The tokens of each statement: those between two `;`.
fn extents(text: &SqlText) -> Vec<Extent> {
    let mut extents = Vec::new();
    let mut first = 0;
    for (i, token) in text.tokens().iter().enumerate() {
        if token.token == Token::SemiColon {
            extents.push(Extent { first, end: i });
            first = i + 1;
        }
    }
    extents.push(Extent { first, end: text.tokens().len() });
    extents.retain(|e| e.first < e.end);
    extents
}

/// Whether a statement, up to its `;`, has `bad` in it.
fn overlap(text: &SqlText, extent: Extent, bad: Span) -> bool {
    text.token_span(extent.first).start < bad.end && bad.start <= text.token_span(extent.end).start
}

#[cfg(test)]
mod tests;
