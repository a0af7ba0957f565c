//! A comparison with any or all of a list that is written out: `text LIKE ANY ('a%', 'b%')`, `x = ANY (ARRAY[1, 2])`.
//!
//! As in PostgreSQL `NOT` belongs to the comparison: `NOT LIKE ANY` holds where some pattern does not match. The patterns stand in
//! parentheses, in `ARRAY[…]` or in any other array: `text LIKE ANY (patterns)`. Not here: `IN (list)` (`expr`), comparisons with the
//! elements of an array (`array`), subqueries.

use super::Binder;
use super::array::one_of;
use super::expr::{Env, logic, not};
use crate::diagnostic::{Diagnostic, Span, code};
use crate::functions;
use crate::plan::expr::{Expr, Form, Kind, Literal};
use crate::sir::CmpOp;
use laminar_runtime::schema::{Element, Ty};
use sqlparser::ast::{self, BinaryOperator, FunctionArg, FunctionArgExpr, FunctionArguments};

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
        let Some((quantifier, list)) = quantifier else {
            let pattern = self.expr(like.pattern, env);
            return test(self, text, pattern, span);
        };
        let Some(listed) = self.listed(list, span) else { return Expr::error(span) };
        let mut patterns: Vec<Expr> = listed.iter().map(|e| self.expr(e, env)).collect();
        if let ([written], [one]) = (&listed[..], &patterns[..])
            && (is_bare(list) && is_in_braces(written) || matches!(one.ty, Some(Ty::Array(_))))
        {
            let array = patterns.remove(0);
            let array = match array.ty {
                Some(Ty::Array(_)) => array,
                _ => self.coerced(array, Ty::Array(Element::Varchar)),
            };
            let all = quantifier == Quantifier::All;
            let each = self.like_each(name, text, array, escape, all == negated, span);
            let yes = Expr::literal(Literal::Bool(!negated), Ty::Boolean, span);
            return self.compare_elements(all, CmpOp::Eq, yes, each, span);
        }
        self.quantified(quantifier, text, patterns, span, test)
    }

    /// For each pattern of an array whether the text is LIKE it, up to the first where that is `last`.
    fn like_each(
        &mut self,
        name: &str,
        text: Expr,
        patterns: Expr,
        escape: Option<Expr>,
        last: bool,
        span: Span,
    ) -> Expr {
        if text.is_error() || patterns.is_error() {
            return Expr::error(span);
        }
        let patterns_ty = Ty::Array(Element::Varchar);
        match (text.ty.unwrap_or(Ty::Varchar), patterns.ty) {
            (Ty::Varchar, Some(ty)) if ty == patterns_ty => {}
            (ty, other) => {
                let (name, other) = (name.to_ascii_uppercase(), other.unwrap_or(patterns_ty));
                let what = format!("{name} of {ty} and {other} does not exist");
                let d = Diagnostic::error(code::FUNCTION_ARGUMENTS, patterns.span, what);
                return self.fail(d.help("it takes a text and texts: CAST(… AS VARCHAR), or AS VARCHAR[]"));
            }
        }
        let text = self.coerced(text, Ty::Varchar);
        let escape = escape.unwrap_or_else(|| Expr::literal(Literal::Text("\\".into()), Ty::Varchar, span));
        let last = Expr::literal(Literal::Bool(last), Ty::Boolean, span);
        let nullable = patterns.nullable;
        let args = vec![one_of(text, Element::Varchar, span), patterns, escape, last];
        let kind = Kind::Form(Form::LikeEach(name == "ilike"), args);
        Expr { kind, ty: Some(Ty::Array(Element::Boolean)), nullable, span }
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
        let Some(listed) = self.listed(list, span) else { return Expr::error(span) };
        let items = listed.into_iter().map(|item| self.expr(item, env)).collect();
        self.quantified(quantifier, x, items, span, |binder, x, item, span| binder.compare(op, x, item, span))
    }

    fn quantified(
        &mut self,
        quantifier: Quantifier,
        x: Expr,
        items: Vec<Expr>,
        span: Span,
        test: impl Fn(&mut Self, Expr, Expr, Span) -> Expr,
    ) -> Expr {
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

    /// The values of a list.
    fn listed<'e>(&mut self, list: &'e ast::Expr, span: Span) -> Option<Vec<&'e ast::Expr>> {
        match list {
            ast::Expr::Tuple(items) => Some(items.iter().collect()),
            // That it has no type is told where it is bound.
            ast::Expr::Prefixed { .. } => Some(vec![list]),
            ast::Expr::Array(array) => Some(array.elem.iter().collect()),
            ast::Expr::Nested(inner) if matches!(**inner, ast::Expr::Array(_)) => self.listed(inner, span),
            ast::Expr::Nested(one) => Some(vec![one]),
            ast::Expr::Function(f) => match self.plain_args(f, span)?.as_slice() {
                [array @ ast::Expr::Array(_)] => self.listed(array, span),
                [] => {
                    let d = Diagnostic::error(code::SYNTAX, self.at(list), "ALL takes at least one value");
                    self.fail(d.help("or an array, which may be empty"));
                    None
                }
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

/// Whether what is in the parentheses are the values themselves, not the elements of `ARRAY[…]`.
fn is_bare(list: &ast::Expr) -> bool {
    match list {
        ast::Expr::Array(_) => false,
        ast::Expr::Nested(inner) => is_bare(inner),
        ast::Expr::Function(f) => match &f.args {
            FunctionArguments::List(args) => !args
                .args
                .iter()
                .any(|arg| matches!(arg, FunctionArg::Unnamed(FunctionArgExpr::Expr(e)) if !is_bare(e))),
            _ => true,
        },
        _ => true,
    }
}

/// Whether it is a text that PostgreSQL reads as an array: as one pattern it would match something else.
fn is_in_braces(e: &ast::Expr) -> bool {
    text_literal(e).is_some_and(|text| text.starts_with('{') && text.ends_with('}'))
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
