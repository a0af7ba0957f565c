//! A comparison with any or all of a list that is written out: `text LIKE ANY ('a%', 'b%')`, `x = ANY (ARRAY[1, 2])`.
//!
//! As in PostgreSQL `NOT` belongs to the comparison: `NOT LIKE ANY` holds where some pattern does not match. The patterns stand in
//! parentheses or in `ARRAY[…]`. Not here: `IN (list)` (`expr`), the elements of an array (`array`), subqueries.

use super::Binder;
use super::expr::{Env, logic, not};
use crate::diagnostic::{Diagnostic, Span, code};
use crate::functions;
use crate::plan::expr::{Expr, Kind, Literal};
use crate::sir::CmpOp;
use laminar_runtime::schema::Ty;
use sqlparser::ast::{self, BinaryOperator, FunctionArguments};

/// Whether one comparison is enough.
#[derive(Clone, Copy, PartialEq)]
enum Quantifier {
    Any,
    All,
}

impl Binder<'_> {
    /// `text [NOT] LIKE [ANY | ALL] pattern [ESCAPE 'c']`, or ILIKE.
    pub(super) fn like(
        &mut self,
        name: &str,
        like: Like<'_>,
        negated: bool,
        span: Span,
        env: &mut Env<'_>,
    ) -> Expr {
        let escape = match like.escape.map(|e| (e, text_literal(e))) {
            None => None,
            Some((at, Some(text))) => Some(Expr::literal(Literal::Text(text), Ty::Varchar, self.at(at))),
            Some((_, None)) => return self.unsupported(span, "an ESCAPE that is no text literal"),
        };
        let test = |binder: &mut Self, text: Expr, pattern: Expr, span: Span| {
            let args = [text, pattern].into_iter().chain(escape.clone()).collect();
            let like = binder.call(functions::by_name(name), &name.to_ascii_uppercase(), args, span);
            if negated { not(like, span) } else { like }
        };
        let quantifier = match like.pattern {
            _ if like.any => Some((Quantifier::Any, like.pattern)),
            // The grammar takes ALL for the name of a function.
            ast::Expr::Function(f) => named_quantifier(f).map(|q| (q, like.pattern)),
            _ => None,
        };
        let text = self.expr(like.text, env);
        match quantifier {
            Some((quantifier, list)) => self.quantified(quantifier, text, list, span, env, test),
            None => {
                let pattern = self.expr(like.pattern, env);
                test(self, text, pattern, span)
            }
        }
    }

    /// `x op ANY (list)`, or ALL; the list is written out, or an array.
    pub(super) fn compare_any(
        &mut self,
        all: bool,
        [x, list]: [&ast::Expr; 2],
        op: &BinaryOperator,
        span: Span,
        env: &mut Env<'_>,
    ) -> Expr {
        let Some(op) = comparison(op) else {
            return self.unsupported(span, &format!("operator `{op}` before ANY and ALL"));
        };
        let quantifier = if all { Quantifier::All } else { Quantifier::Any };
        let x = self.expr(x, env);
        if !is_written_out(list) {
            let array = self.expr(list, env);
            return self.compare_elements(all, op, x, array, span);
        }
        self.quantified(quantifier, x, list, span, env, |binder, x, item, span| {
            binder.compare(op, x, item, span)
        })
    }

    fn quantified(
        &mut self,
        quantifier: Quantifier,
        x: Expr,
        list: &ast::Expr,
        span: Span,
        env: &mut Env<'_>,
        test: impl Fn(&mut Self, Expr, Expr, Span) -> Expr,
    ) -> Expr {
        let Some(items) = self.listed(list, span) else { return Expr::error(span) };
        let items: Vec<Expr> = items.into_iter().map(|item| self.expr(item, env)).collect();
        let tests = items.into_iter().map(|item| {
            let (at, x) = (item.span, self.copy(&x));
            test(self, x, item, at)
        });
        let tests = tests.collect();
        match quantifier {
            Quantifier::Any => balanced(Kind::Or, tests, false, span),
            Quantifier::All => balanced(Kind::And, tests, true, span),
        }
    }

    /// Refuses a text that PostgreSQL reads as an array: as one pattern it would match something else.
    fn is_in_braces(&mut self, e: &ast::Expr) -> bool {
        let is = text_literal(e).is_some_and(|text| text.starts_with('{') && text.ends_with('}'));
        if is {
            let at = self.at(e);
            let d =
                Diagnostic::error(code::NOT_SUPPORTED, at, "ANY and ALL do not read an array out of a text");
            self.fail(d.help("ANY (ARRAY['a', 'b']); as a single pattern it needs no ANY"));
        }
        is
    }

    /// The values of a list.
    fn listed<'e>(&mut self, list: &'e ast::Expr, span: Span) -> Option<Vec<&'e ast::Expr>> {
        match list {
            ast::Expr::Tuple(items) => Some(items.iter().collect()),
            ast::Expr::Array(array) => Some(array.elem.iter().collect()),
            ast::Expr::Nested(inner) if matches!(**inner, ast::Expr::Array(_)) => self.listed(inner, span),
            ast::Expr::Nested(one) if self.is_in_braces(one) => None,
            ast::Expr::Nested(one) => Some(vec![one]),
            ast::Expr::Function(f) => match self.plain_args(f, span)?.as_slice() {
                [array @ ast::Expr::Array(_)] => self.listed(array, span),
                [one] if self.is_in_braces(one) => None,
                args => Some(args.to_vec()),
            },
            ast::Expr::Subquery(_) => {
                self.refuse(code::SUBQUERY_EXPRESSION, span, "a subquery in an expression");
                None
            }
            _ => {
                let at = self.at(list);
                self.fail(
                    Diagnostic::error(code::NOT_SUPPORTED, at, "ANY and ALL take a list of values")
                        .label("this is one value")
                        .help("ANY ('a', 'b') or ANY (ARRAY['a', 'b'])"),
                );
                None
            }
        }
    }
}

/// Whether the values of a list stand there one by one, or it is a subquery.
fn is_written_out(list: &ast::Expr) -> bool {
    match list {
        ast::Expr::Nested(inner) => is_written_out(inner),
        _ => matches!(list, ast::Expr::Tuple(_) | ast::Expr::Array(_) | ast::Expr::Subquery(_)),
    }
}

/// LIKE as it is written.
pub(super) struct Like<'a> {
    pub text: &'a ast::Expr,
    /// The pattern or, after ANY, the list.
    pub pattern: &'a ast::Expr,
    pub any: bool,
    pub escape: Option<&'a ast::Expr>,
}

fn text_literal(e: &ast::Expr) -> Option<String> {
    match e {
        ast::Expr::Value(v) => v.value.clone().into_string(),
        _ => None,
    }
}

fn named_quantifier(f: &ast::Function) -> Option<Quantifier> {
    match (&f.args, f.name.to_string().to_ascii_lowercase().as_str()) {
        (FunctionArguments::None, _) => None,
        (_, "all") => Some(Quantifier::All),
        (_, "some" | "any") => Some(Quantifier::Any),
        _ => None,
    }
}

/// A comparison that the grammar has for two values.
pub(super) fn comparison(op: &BinaryOperator) -> Option<CmpOp> {
    Some(match op {
        BinaryOperator::Eq => CmpOp::Eq,
        BinaryOperator::NotEq => CmpOp::Ne,
        BinaryOperator::Lt => CmpOp::Lt,
        BinaryOperator::LtEq => CmpOp::Le,
        BinaryOperator::Gt => CmpOp::Gt,
        BinaryOperator::GtEq => CmpOp::Ge,
        _ => return None,
    })
}

/// AND or OR of all, as a balanced tree so that long lists stay shallow; `none` is that of none.
pub(super) fn balanced(
    make: fn(Box<Expr>, Box<Expr>) -> Kind,
    mut tests: Vec<Expr>,
    none: bool,
    span: Span,
) -> Expr {
    while tests.len() > 1 {
        let mut next = Vec::with_capacity(tests.len().div_ceil(2));
        let mut rest = tests.into_iter();
        while let Some(a) = rest.next() {
            next.push(match rest.next() {
                Some(b) => logic(make, a, b, span),
                None => a,
            });
        }
        tests = next;
    }
    tests.pop().unwrap_or_else(|| Expr::literal(Literal::Bool(none), Ty::Boolean, span))
}
