//! GROUP BY: keys, the window, aggregate calls, and what SELECT and HAVING see after them.

use super::Binder;
use super::coerce::{decimal, is_unknown, scale};
use super::expr::Env;
use super::scope::{Scope, means};
use crate::diagnostic::{Diagnostic, Span, code};
use crate::plan::expr::{Expr, Kind};
use crate::plan::{AggregateCall, AggregateFn};
use laminar_runtime::schema::Ty;
use sqlparser::ast::{self, DuplicateTreatment, FunctionArg, FunctionArgExpr, FunctionArguments};

/// What GROUP BY has made so far.
pub(super) struct Grouping {
    /// There is a window: columns 0 and 1 of the output are its bounds.
    pub windowed: bool,
    /// Columns of the input that are bounds of the window: index, and whether it is the end.
    pub window_columns: Vec<(usize, bool)>,
    /// Keys as written and as bound over the input.
    pub keys: Vec<(ast::Expr, Expr)>,
    /// Aggregate calls so far.
    pub calls: Vec<AggregateCall>,
    /// The input is a changelog.
    pub retracts: bool,
}

impl Grouping {
    fn first_key(&self) -> usize {
        if self.windowed { 2 } else { 0 }
    }

    /// The output column of the key that is written like `e`. Names go through [`Grouping::column`].
    pub fn key(&self, e: &ast::Expr, span: Span) -> Option<Expr> {
        if matches!(e, ast::Expr::Identifier(_) | ast::Expr::CompoundIdentifier(_) | ast::Expr::Value(_)) {
            return None;
        }
        let k = self.keys.iter().position(|(written, _)| written == e)?;
        let key = &self.keys[k].1;
        Some(Expr::column(self.first_key() + k, key.ty, key.nullable, span))
    }

    /// The output column that a name means.
    pub fn column(&self, parts: &[ast::Ident], scope: &Scope, span: Span) -> Result<Expr, Box<Diagnostic>> {
        let bound = |is_end: bool| Expr::column(is_end as usize, Some(Ty::Timestamp), false, span);
        if let [name] = parts
            && self.windowed
        {
            if means(name, "window_start") {
                return Ok(bound(false));
            }
            if means(name, "window_end") {
                return Ok(bound(true));
            }
        }
        let (index, column) = scope.resolve(parts, span)?;
        if let Some((_, is_end)) = self.window_columns.iter().find(|(c, _)| *c == index) {
            return Ok(bound(*is_end));
        }
        if let Some(k) = self.keys.iter().position(|(_, e)| e.kind == Kind::Column(index)) {
            return Ok(Expr::column(self.first_key() + k, column.ty, column.nullable, span));
        }
        let alone = self.keys.is_empty() && !self.windowed;
        Err(Box::new(
            Diagnostic::error(
                if alone { code::NO_GROUP_BY } else { code::NOT_GROUPED },
                span,
                format!(
                    "column `{}` must appear in GROUP BY or be used in an aggregate function",
                    column.name
                ),
            )
            .label("neither grouped nor aggregated")
            .help(format!("add `{}` to GROUP BY, or take MIN({})", column.name, column.name)),
        ))
    }

    fn call(&mut self, call: AggregateCall) -> Expr {
        let (ty, nullable, span) = (call.ty, call.nullable, call.span);
        let i = self.calls.iter().position(|c| *c == call).unwrap_or_else(|| {
            self.calls.push(call);
            self.calls.len() - 1
        });
        Expr::column(self.first_key() + self.keys.len() + i, Some(ty), nullable, span)
    }
}

impl Binder<'_> {
    /// Binds `COUNT(*)`, `SUM(x) FILTER (WHERE …)` and the like.
    pub(super) fn aggregate_call(
        &mut self,
        function: AggregateFn,
        f: &ast::Function,
        span: Span,
        env: &mut Env<'_>,
    ) -> Expr {
        if f.over.is_some() {
            return self.refuse(code::OVER_NOT_SUPPORTED, span, "OVER");
        }
        let scope = env.scope;
        let Some(grouping) = env.grouping.as_deref_mut() else {
            return self.fail(if env.clause == INSIDE {
                Diagnostic::error(code::NESTED_AGGREGATE, span, "aggregate function calls cannot be nested")
                    .help("compute the inner one in a subquery in FROM")
            } else {
                let message = format!("aggregate functions are not allowed in {}", env.clause);
                match env.clause {
                    "WHERE" => Diagnostic::error(code::AGGREGATE_IN_WHERE, span, message)
                        .help("conditions on aggregates go into HAVING"),
                    _ => Diagnostic::error(code::AGGREGATE_MISPLACED, span, message),
                }
            });
        };
        if !f.within_group.is_empty() || f.null_treatment.is_some() {
            return self.unsupported(span, "WITHIN GROUP and NULLS clauses");
        }
        let mut inner = Env { scope, grouping: None, clause: INSIDE };
        let arg = match self.aggregate_arg(function, f, span) {
            Err(()) => return Expr::error(span),
            Ok(arg) => arg.map(|e| self.expr(e, &mut inner)),
        };
        let filter = f.filter.as_ref().map(|e| {
            let mut env = Env { scope, grouping: None, clause: "FILTER" };
            self.condition(e, &mut env)
        });
        if arg.as_ref().is_some_and(Expr::is_error) || filter.as_ref().is_some_and(Expr::is_error) {
            return Expr::error(span);
        }
        let Some((ty, arg)) = self.aggregate_type(function, arg, span) else { return Expr::error(span) };
        if grouping.retracts && matches!(function, AggregateFn::Min | AggregateFn::Max) {
            return self.fail(
                Diagnostic::error(
                    code::NO_RETRACTION,
                    span,
                    format!("{} over an input whose rows can be retracted is not supported", function.name()),
                )
                .label("the input is a changelog")
                .help("aggregate over windows that close, or add EMIT FINAL, so that the input only grows"),
            );
        }
        let global = grouping.keys.is_empty() && !grouping.windowed;
        let nullable = function != AggregateFn::Count
            && (global || filter.is_some() || arg.as_ref().is_some_and(|a| a.nullable));
        grouping.call(AggregateCall { function, arg, filter, ty, nullable, span })
    }

    fn aggregate_arg<'e>(
        &mut self,
        function: AggregateFn,
        f: &'e ast::Function,
        span: Span,
    ) -> Result<Option<&'e ast::Expr>, ()> {
        let wrong = |what: String| Diagnostic::error(code::FUNCTION_ARGUMENTS, span, what);
        let FunctionArguments::List(list) = &f.args else {
            self.fail(wrong(format!("{} takes one argument", function.name())));
            return Err(());
        };
        if list.duplicate_treatment == Some(DuplicateTreatment::Distinct) {
            self.unsupported(span, "DISTINCT in an aggregate");
            return Err(());
        }
        if !list.clauses.is_empty() {
            self.unsupported(span, "clauses inside an aggregate's parentheses");
            return Err(());
        }
        match list.args.as_slice() {
            [FunctionArg::Unnamed(FunctionArgExpr::Wildcard)] if function == AggregateFn::Count => Ok(None),
            [FunctionArg::Unnamed(FunctionArgExpr::Expr(e))] => Ok(Some(e)),
            [FunctionArg::Unnamed(_)] => {
                self.fail(
                    wrong(format!("{}(*) does not exist", function.name())).help("only COUNT takes `*`"),
                );
                Err(())
            }
            _ => {
                self.fail(wrong(format!("{} takes one argument", function.name())));
                Err(())
            }
        }
    }

    /// Result type, and the argument brought to a type that the function takes.
    fn aggregate_type(
        &mut self,
        function: AggregateFn,
        arg: Option<Expr>,
        span: Span,
    ) -> Option<(Ty, Option<Expr>)> {
        let Some(arg) = arg else { return Some((Ty::Bigint, None)) };
        if function == AggregateFn::Count {
            return Some((
                Ty::Bigint,
                Some(if arg.ty.is_none() { self.coerced(arg, Ty::Boolean) } else { arg }),
            ));
        }
        let minmax = matches!(function, AggregateFn::Min | AggregateFn::Max);
        let arg = match arg.ty {
            None => self.coerced(arg, Ty::Bigint),
            Some(_) if is_unknown(&arg) && !minmax => self.coerced(arg, Ty::Double),
            Some(_) => arg,
        };
        let have = arg.ty?;
        let ty = match (function, have) {
            (AggregateFn::Sum, Ty::Integer | Ty::Bigint) => Ty::Bigint,
            (AggregateFn::Sum, Ty::Decimal { scale, .. }) => decimal(scale),
            (AggregateFn::Sum | AggregateFn::Avg, Ty::Double) => Ty::Double,
            (AggregateFn::Avg, Ty::Integer | Ty::Bigint) => Ty::Double,
            (AggregateFn::Avg, Ty::Decimal { .. }) => decimal(scale(have).max(6)),
            (AggregateFn::Min | AggregateFn::Max, Ty::Boolean | Ty::Interval) | (_, _)
                if !minmax || matches!(have, Ty::Boolean | Ty::Interval) =>
            {
                self.fail(
                    Diagnostic::error(
                        code::FUNCTION_ARGUMENTS,
                        span,
                        format!("function {}({have}) does not exist", function.name()),
                    )
                    .label(format!("the argument is {have}")),
                );
                return None;
            }
            _ => have,
        };
        Some((ty, Some(arg)))
    }
}

/// The clause name inside an aggregate's parentheses.
const INSIDE: &str = "an aggregate function";
