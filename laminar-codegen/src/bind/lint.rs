//! Warnings: SQL that compiles and hardly means what it says.
//!
//! Each looks at one expression as written, whatever its types. A warning never changes what a query means.

use super::Binder;
use crate::diagnostic::{Diagnostic, Span, code};
use sqlparser::ast::{BinaryOperator, CaseWhen, Expr, Value};
use std::collections::HashSet;

/// Warnings of a query.
const WARNINGS_MAX: usize = 50;

impl Binder<'_> {
    /// Notes what is odd about an expression itself; its operands have their own turn.
    pub(super) fn lint(&mut self, e: &Expr, span: Span) {
        match e {
            Expr::BinaryOp { left, op, right } => self.compared_with_null(left, op, right, span),
            Expr::Case { operand, conditions, .. } => self.unreachable_branch(operand.is_some(), conditions),
            Expr::Like { expr, negated, any: false, pattern, escape_char: None } => {
                self.like_without_wildcard(expr, *negated, pattern, span)
            }
            Expr::InList { list, negated: true, .. } => {
                if let Some(null) = list.iter().find(|item| is_null(item)) {
                    let message = "NOT IN a list with NULL is never true";
                    let d = Diagnostic::warning(code::NOT_IN_WITH_NULL, self.at(null), message)
                        .label("every comparison with this is NULL")
                        .help("leave NULL out; a row where the operand is NULL does not pass either way");
                    self.warn(d);
                }
            }
            Expr::Between { low, high, negated, .. } => {
                if let (Some(l), Some(h)) = (number(low), number(high))
                    && l > h
                {
                    let message = match negated {
                        false => "BETWEEN with its bounds the wrong way round holds for no value",
                        true => "NOT BETWEEN with its bounds the wrong way round holds for every value",
                    };
                    let bounds = Span::join(self.at(low), self.at(high));
                    let (low, high) = (self.text.text(self.at(low)), self.text.text(self.at(high)));
                    let edit = format!("{high} AND {low}");
                    self.warn(
                        Diagnostic::warning(code::EMPTY_RANGE, bounds, message)
                            .label("the lower bound stands first")
                            .suggest(bounds, edit),
                    );
                }
            }
            _ => {}
        }
    }

    /// Notes a warning, once; a query has had enough of them at some point.
    fn warn(&mut self, d: Diagnostic) {
        let warnings = self.diagnostics.iter().filter(|d| !d.is_error());
        if warnings.clone().count() < WARNINGS_MAX && !warnings.into_iter().any(|w| *w == d) {
            self.diagnostics.push(d);
        }
    }

    /// `x = NULL`, `x <> NULL`
    fn compared_with_null(&mut self, left: &Expr, op: &BinaryOperator, right: &Expr, span: Span) {
        let is = match op {
            BinaryOperator::Eq => "IS NULL",
            BinaryOperator::NotEq => "IS NOT NULL",
            _ => return,
        };
        let other = match (is_null(left), is_null(right)) {
            (false, true) => left,
            (true, false) => right,
            _ => return,
        };
        let edit = format!("{} {is}", self.text.text(self.at(other)));
        let message = format!("`{op} NULL` is NULL for every value: it is never true");
        self.warn(
            Diagnostic::warning(code::COMPARED_WITH_NULL, span, message)
                .label(format!("`{edit}` tells whether there is a value"))
                .suggest(span, edit),
        );
    }

    /// A branch behind one that always holds, or with the condition of an earlier one.
    fn unreachable_branch(&mut self, simple: bool, whens: &[CaseWhen]) {
        let mut earlier = HashSet::new();
        let mut always = false;
        for when in whens {
            let at = self.at(&when.condition);
            let warning = |what: &str| {
                Diagnostic::warning(code::UNREACHABLE_BRANCH, at, "this branch of CASE can never be reached")
                    .label(what.to_string())
                    .help("CASE takes the first branch that holds: remove this one, or move it up")
            };
            let is_new = earlier.insert(&when.condition);
            if simple && is_null(&when.condition) {
                self.warn(warning("nothing equals NULL").help("write CASE WHEN x IS NULL THEN …"));
            } else if always {
                self.warn(warning("a branch before it always holds"));
            } else if !is_new {
                self.warn(warning("a branch before it has the same condition"));
            }
            always |= !simple && is_true(&when.condition);
        }
    }

    /// `x LIKE 'text'`
    fn like_without_wildcard(&mut self, e: &Expr, negated: bool, pattern: &Expr, span: Span) {
        let Expr::Value(v) = pattern else { return };
        let Value::SingleQuotedString(text) = &v.value else { return };
        if text.contains(['%', '_', '\\']) {
            return;
        }
        let op = if negated { "<>" } else { "=" };
        let edit = format!("{} {op} {}", self.text.text(self.at(e)), self.text.text(self.at(pattern)));
        self.warn(
            Diagnostic::warning(
                code::LIKE_WITHOUT_WILDCARD,
                span,
                "LIKE without `%` or `_` compares the whole text",
            )
            .label(format!("the same as `{edit}`"))
            .help(format!("for texts that contain it, write `LIKE '%{}%'`", text.replace('\'', "''")))
            .suggest(span, edit),
        );
    }
}

fn is_null(e: &Expr) -> bool {
    match e {
        Expr::Value(v) => v.value == Value::Null,
        Expr::Nested(inner) => is_null(inner),
        _ => false,
    }
}

fn is_true(e: &Expr) -> bool {
    match e {
        Expr::Value(v) => v.value == Value::Boolean(true),
        Expr::Nested(inner) => is_true(inner),
        _ => false,
    }
}

/// A number as written, with its sign.
fn number(e: &Expr) -> Option<f64> {
    match e {
        Expr::Value(v) => match &v.value {
            Value::Number(n, _) => n.parse().ok(),
            _ => None,
        },
        Expr::UnaryOp { op: sqlparser::ast::UnaryOperator::Minus, expr } => number(expr).map(|n| -n),
        Expr::Nested(inner) => number(inner),
        _ => None,
    }
}
