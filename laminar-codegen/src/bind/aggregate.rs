//! GROUP BY: keys, the window, aggregate calls, and what SELECT and HAVING see after them.

use super::Binder;
use super::expr::Env;
use super::scope::{Scope, means};
use crate::diagnostic::{Diagnostic, Span, code};
use crate::plan::expr::{Expr, Kind};
use crate::plan::{AggregateCall, AggregateFn, OrderKey};
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
    /// The column of the input that is the event time of its rows.
    pub event_time: Option<Expr>,
    /// Rows are so many that all of them may be kept, or the query allows it.
    pub bounded: bool,
    /// Keys of each grouping set, by index; empty where there is only one.
    pub sets: Vec<Vec<usize>>,
}

impl Grouping {
    pub fn first_key(&self) -> usize {
        if self.windowed { 2 } else { 0 }
    }

    /// Whether there is a set without keys, which has its row even where no row comes.
    fn has_totals(&self) -> bool {
        self.keys.is_empty() || self.sets.iter().any(Vec::is_empty)
    }

    /// The output column behind the keys that numbers grouping sets, if there are several.
    pub fn set_column(&self) -> Option<usize> {
        (!self.sets.is_empty()).then(|| self.first_key() + self.keys.len())
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
            // A key that is not in all grouping sets may be NULL, whatever its column.
            return Ok(Expr::column(self.first_key() + k, column.ty, self.keys[k].1.nullable, span));
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
        let first = self.first_key() + self.keys.len() + self.set_column().is_some() as usize;
        Expr::column(first + i, Some(ty), nullable, span)
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
        if f.null_treatment.is_some() {
            return self.unsupported(span, "IGNORE NULLS and RESPECT NULLS");
        }
        if function.is_ordered_set() == f.within_group.is_empty() {
            let d = Diagnostic::error(
                code::FUNCTION_ARGUMENTS,
                span,
                match f.within_group.is_empty() {
                    true => format!("{} needs WITHIN GROUP (ORDER BY …)", function.name()),
                    false => format!("{} takes no WITHIN GROUP", function.name()),
                },
            );
            return self.fail(match f.within_group.is_empty() {
                true => d.help(format!("{}(…) WITHIN GROUP (ORDER BY x)", function.name())),
                false => d,
            });
        }
        let mut inner = Env { scope, grouping: None, clause: INSIDE };
        let (written, distinct) = match self.aggregate_args(function, f, span) {
            Err(()) => return Expr::error(span),
            Ok(args) => args,
        };
        let mut args: Vec<Expr> = written.iter().map(|e| self.expr(e, &mut inner)).collect();
        let Some(mut order) = self.order_of_rows(function, f, scope, span) else { return Expr::error(span) };
        let mut constant = 0;
        if function.is_ordered_set() {
            match (args.pop().map(|f| self.fraction(f)), order.first()) {
                (Some(None), _) | (_, None) => return Expr::error(span),
                (fraction, Some(key)) => {
                    constant = fraction.flatten().map_or(0, f64::to_bits);
                    args = vec![key.expr.clone()];
                }
            }
        }
        let filter = f.filter.as_ref().map(|e| {
            let mut env = Env { scope, grouping: None, clause: "FILTER" };
            self.condition(e, &mut env)
        });
        if args.iter().chain(&filter).any(Expr::is_error) {
            return Expr::error(span);
        }
        let Some((ty, args)) = self.aggregate_type(function, args, span) else { return Expr::error(span) };
        let always = (!grouping.windowed && grouping.has_totals()) || filter.is_some();
        let nullable = match function {
            AggregateFn::Count | AggregateFn::CountIf | AggregateFn::RegrCount => false,
            AggregateFn::VarSamp | AggregateFn::StddevSamp | AggregateFn::CovarSamp => true,
            AggregateFn::Corr | AggregateFn::RegrSlope | AggregateFn::RegrIntercept | AggregateFn::RegrR2 => {
                true
            }
            AggregateFn::ArrayAgg => always,
            _ => always || args.iter().any(|a| a.nullable),
        };
        let distinct = distinct && !function.ignores_duplicates();
        let (mut args, mut filter, mut function) = (args, filter, function);
        match function {
            AggregateFn::Median => {
                constant = 0.5_f64.to_bits();
                order = vec![OrderKey { expr: args[0].clone(), descending: false, nulls_first: false }];
            }
            AggregateFn::PercentileCont | AggregateFn::PercentileDisc | AggregateFn::Mode => {
                order.truncate(1);
                order.iter_mut().for_each(|key| key.expr = args[0].clone());
            }
            AggregateFn::StringAgg | AggregateFn::ArrayAgg if distinct => {
                if let Some(key) = order.iter().find(|k| !args.contains(&k.expr)) {
                    return self.fail(
                        Diagnostic::error(
                            code::FUNCTION_ARGUMENTS,
                            key.expr.span,
                            "with DISTINCT, ORDER BY takes only the arguments of the function",
                        )
                        .help("order by the value, or leave DISTINCT out"),
                    );
                }
            }
            AggregateFn::StringAgg | AggregateFn::ArrayAgg => {
                let time = grouping.event_time.clone();
                order.extend(time.map(|expr| OrderKey { expr, descending: false, nulls_first: false }));
            }
            // COUNT_IF(c) is COUNT(*) FILTER (WHERE c).
            AggregateFn::CountIf if !distinct => {
                let condition = args.remove(0);
                function = AggregateFn::Count;
                filter = Some(match filter {
                    Some(f) => both(f, condition),
                    None => condition,
                });
            }
            AggregateFn::FirstValue | AggregateFn::LastValue => {
                let descending = function == AggregateFn::LastValue;
                // The last row in an order is the first one in the opposite order.
                for key in order.iter_mut().filter(|_| descending) {
                    (key.descending, key.nulls_first) = (!key.descending, !key.nulls_first);
                }
                let time = grouping.event_time.clone();
                order.extend(time.map(|expr| OrderKey { expr, descending, nulls_first: false }));
            }
            AggregateFn::ArgMin | AggregateFn::ArgMax => {
                let descending = function == AggregateFn::ArgMax;
                order.push(OrderKey { expr: args.remove(1), descending, nulls_first: false });
            }
            _ => {}
        }
        if function.keeps_rows() && !(grouping.windowed || grouping.bounded) {
            let (texts, text) = match function {
                AggregateFn::StringAgg => ("texts", "text"),
                _ => ("values", "value"),
            };
            return self.fail(
                Diagnostic::error(
                    code::UNBOUNDED_STATE,
                    span,
                    format!("{} would keep the {texts} of all rows that ever come", function.name()),
                )
                .label(format!("one {text} for each row"))
                .help("group by a window that closes, such as TUMBLE(ts, INTERVAL '1' MINUTE)")
                .help("or end the query with ALLOW UNBOUNDED STATE"),
            );
        }
        if distinct && (function.picks() || function.is_ordered_set() || args.is_empty()) {
            return self.fail(
                Diagnostic::error(
                    code::FUNCTION_ARGUMENTS,
                    span,
                    format!("{} takes no DISTINCT", function.name()),
                )
                .help("leave DISTINCT out"),
            );
        }
        if let (AggregateFn::ArrayAgg, Some(Ty::Array(element))) = (function, Some(ty)) {
            args = vec![super::array::array_of(args, element, span)];
        }
        if distinct && !args.iter().all(|a| self.is_key(a.ty, "DISTINCT", a.span)) {
            return Expr::error(span);
        }
        grouping.call(AggregateCall { function, distinct, args, order, constant, filter, ty, nullable, span })
    }

    /// The arguments as written, and whether DISTINCT stands before them.
    fn aggregate_args<'e>(
        &mut self,
        function: AggregateFn,
        f: &'e ast::Function,
        span: Span,
    ) -> Result<(Vec<&'e ast::Expr>, bool), ()> {
        let def = function.def();
        let wrong = |what: String| Diagnostic::error(code::FUNCTION_ARGUMENTS, span, what);
        let takes = || match def.args.len() {
            0 => format!("{} takes no argument", function.name()),
            1 => format!("{} takes one argument", function.name()),
            n => format!("{} takes {n} arguments: {}", function.name(), def.args.join(", ")),
        };
        let FunctionArguments::List(list) = &f.args else {
            self.fail(wrong(takes()));
            return Err(());
        };
        let distinct = list.duplicate_treatment == Some(DuplicateTreatment::Distinct);
        let mut args = Vec::new();
        for arg in &list.args {
            match arg {
                FunctionArg::Unnamed(FunctionArgExpr::Expr(e)) => args.push(e),
                FunctionArg::Unnamed(FunctionArgExpr::Wildcard)
                    if function == AggregateFn::Count && list.args.len() == 1 && !distinct =>
                {
                    return Ok((args, false));
                }
                FunctionArg::Unnamed(_) => {
                    self.fail(
                        wrong(match (function, distinct) {
                            (AggregateFn::Count, true) => "COUNT(DISTINCT *) does not exist".into(),
                            _ => format!("{}(*) does not exist", function.name()),
                        })
                        .help("only COUNT takes `*`, and without DISTINCT"),
                    );
                    return Err(());
                }
                _ => {
                    self.fail(wrong(takes()));
                    return Err(());
                }
            }
        }
        let any_number = function == AggregateFn::Count && distinct && !args.is_empty();
        if args.len() != def.args.len() && !any_number {
            self.fail(wrong(takes()));
            return Err(());
        }
        Ok((args, distinct))
    }
}

/// `a AND b`.
fn both(a: Expr, b: Expr) -> Expr {
    let (nullable, span) = (a.nullable || b.nullable, b.span);
    Expr { kind: Kind::And(Box::new(a), Box::new(b)), ty: Some(Ty::Boolean), nullable, span }
}

/// The clause name inside an aggregate's parentheses.
pub(super) const INSIDE: &str = "an aggregate function";
