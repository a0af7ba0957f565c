//! The order of rows inside an aggregate: ORDER BY among its arguments, WITHIN GROUP, and the fraction of a percentile.

use super::Binder;
use super::aggregate::INSIDE;
use super::expr::Env;
use super::scope::Scope;
use crate::diagnostic::{Diagnostic, Span, code};
use crate::plan::expr::{Expr, Kind, Literal};
use crate::plan::{AggregateFn, OrderKey};
use laminar_runtime::schema::Ty;
use sqlparser::ast::{self, FunctionArgumentClause, FunctionArguments, OrderBySort};

impl Binder<'_> {
    /// The order that a call states.
    pub(super) fn order_of_rows(
        &mut self,
        function: AggregateFn,
        f: &ast::Function,
        scope: &Scope,
        span: Span,
    ) -> Option<Vec<OrderKey>> {
        use AggregateFn::*;
        let mut written: Vec<&ast::OrderByExpr> = f.within_group.iter().collect();
        if let FunctionArguments::List(list) = &f.args {
            for clause in &list.clauses {
                match clause {
                    FunctionArgumentClause::OrderBy(keys)
                        if matches!(function, StringAgg | ArrayAgg | FirstValue | LastValue) =>
                    {
                        written.extend(keys);
                    }
                    FunctionArgumentClause::OrderBy(_) => {
                        let what = format!("the order of rows means nothing to {}", function.name());
                        self.fail(
                            Diagnostic::error(code::FUNCTION_ARGUMENTS, span, what)
                                .help("leave ORDER BY out"),
                        );
                        return None;
                    }
                    _ => {
                        self.unsupported(span, "this clause inside an aggregate's parentheses");
                        return None;
                    }
                }
            }
        }
        if function.is_ordered_set() && written.len() != 1 {
            let what = format!("WITHIN GROUP of {} takes one expression", function.name());
            self.fail(Diagnostic::error(code::FUNCTION_ARGUMENTS, span, what));
            return None;
        }
        written.into_iter().map(|key| self.order_key(key, scope)).collect()
    }

    fn order_key(&mut self, key: &ast::OrderByExpr, scope: &Scope) -> Option<OrderKey> {
        let mut env = Env { scope, grouping: None, clause: INSIDE };
        let expr = self.expr(&key.expr, &mut env);
        if expr.is_error() {
            return None;
        }
        let expr = if expr.ty.is_none() { self.coerced(expr, Ty::Varchar) } else { expr };
        if !expr.ty.is_none_or(|ty| self.is_ordered(ty, "ORDER BY", expr.span)) {
            return None;
        }
        let descending = match &key.options.sort {
            None | Some(OrderBySort::Asc) => false,
            Some(OrderBySort::Desc) => true,
            Some(OrderBySort::Using(_)) => {
                self.unsupported(expr.span, "ORDER BY … USING");
                return None;
            }
        };
        if key.with_fill.is_some() {
            self.unsupported(expr.span, "WITH FILL");
            return None;
        }
        // NULL is greater than all values.
        let nulls_first = key.options.nulls_first.unwrap_or(descending);
        Some(OrderKey { expr, descending, nulls_first })
    }

    /// The fraction of a percentile: a constant from 0 to 1.
    pub(super) fn fraction(&mut self, e: Expr) -> Option<f64> {
        if e.is_error() {
            return None;
        }
        let span = e.span;
        let e = self.coerced(e, Ty::Double);
        match e.kind {
            Kind::Literal(Literal::Float(f)) if (0.0..=1.0).contains(&f) => Some(f),
            Kind::Error => None,
            _ => {
                self.fail(
                    Diagnostic::error(
                        code::FUNCTION_ARGUMENTS,
                        span,
                        "the fraction of a percentile is a constant from 0 to 1",
                    )
                    .help("0.5 is the median"),
                );
                None
            }
        }
    }
}
