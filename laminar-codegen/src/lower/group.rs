//! Lowers an aggregation: keys and arguments become columns of the edges into a group node, calls become
//! accumulators, and results are computed from accumulators where they are read.

use super::{Feed, Lowering, watermarks};
use crate::plan::expr::{Expr, Kind, Literal};
use crate::plan::{AggregateCall, AggregateFn, AggregateWindow};
use laminar_runtime::plan::{AccOp, Accumulator, CellColumn, Emit, GroupPlan, Port, Window};
use laminar_runtime::schema::Ty;

/// A group node being built, and how its results are read.
pub(super) struct GroupBuild {
    pub plan: GroupPlan,
    /// Whether columns 0 and 1 of the output are the window's bounds.
    pub windowed: bool,
    /// One for each aggregate call.
    pub results: Vec<ResultOf>,
}

/// How the result of a call comes from accumulators (by index).
#[derive(Clone, Debug)]
pub(super) struct ResultOf {
    pub function: AggregateFn,
    /// Type of the argument.
    pub arg: Ty,
    pub ty: Ty,
    pub nullable: bool,
    /// The sum, minimum or maximum.
    pub value: Option<usize>,
    /// Number of values.
    pub count: Option<usize>,
    pub span: crate::diagnostic::Span,
}

impl Lowering<'_> {
    /// Adds a group node and the edges into it; returns its index.
    pub(super) fn group(
        &mut self,
        feeds: Vec<Feed>,
        window: Option<&AggregateWindow>,
        keys: &[Expr],
        calls: &[AggregateCall],
        emit: Emit,
    ) -> u32 {
        let retracts = feeds.iter().any(|f| self.weighted(f.port));
        let mut columns: Vec<Expr> = window.iter().map(|w| w.time.clone()).collect();
        columns.extend(keys.iter().cloned());
        let first_arg = columns.len();
        let mut accumulators = Vec::new();
        if retracts {
            accumulators.push(Accumulator { op: AccOp::Count, arg: None, nullable: false });
        }
        let results = calls
            .iter()
            .map(|call| {
                let arg = counted(call);
                let mut add = |op: AccOp, of: Option<&Expr>| {
                    let arg = of.map(|e| match columns[first_arg..].iter().position(|c| c == e) {
                        Some(i) => (first_arg + i) as u32,
                        None => {
                            columns.push(e.clone());
                            (columns.len() - 1) as u32
                        }
                    });
                    let new = Accumulator { op, arg, nullable: of.is_some_and(|e| e.nullable) };
                    accumulators.iter().position(|a| *a == new).unwrap_or_else(|| {
                        accumulators.push(new);
                        accumulators.len() - 1
                    })
                };
                // A count of values that are never NULL is the count of rows.
                let arg_nullable = arg.as_ref().filter(|a| a.nullable);
                let ty = call.arg.as_ref().and_then(|a| a.ty).unwrap_or(Ty::Bigint);
                let value = value_op(call.function, ty, retracts).map(|op| add(op, arg.as_ref()));
                let count = match call.function {
                    AggregateFn::Count | AggregateFn::Avg => Some(add(AccOp::Count, arg_nullable)),
                    AggregateFn::Sum if call.nullable => Some(add(AccOp::Count, arg_nullable)),
                    _ => None,
                };
                ResultOf {
                    function: call.function,
                    arg: ty,
                    ty: call.ty,
                    nullable: call.nullable,
                    value,
                    count,
                    span: call.span,
                }
            })
            .collect();
        let plan = GroupPlan {
            keys: keys
                .iter()
                .map(|k| CellColumn { ty: k.ty.unwrap_or(Ty::Varchar), nullable: k.nullable })
                .collect::<Vec<_>>()
                .into(),
            accumulators: accumulators.into(),
            window: window.map(|w| Window {
                size_ns: w.size_ns,
                offset_ns: w.offset_ns,
                lateness_ns: w.lateness_ns,
            }),
            watermark: window.map_or_else(Vec::new, |w| watermarks(&w.watermark)).into(),
            emit,
            retracts,
            edge: u32::MAX,
        };
        let g = self.groups.len() as u32;
        self.groups.push(GroupBuild { plan, windowed: window.is_some(), results });
        for feed in feeds {
            let outs = columns
                .iter()
                .enumerate()
                .map(|(i, e)| {
                    let merged = self.merged(e, &feed.exprs);
                    let is_bound = i == 0 && window.is_some_and(|w| w.is_bound);
                    let merged = if is_bound { self.window_time(merged, feed.port) } else { merged };
                    (merged, e.nullable)
                })
                .collect();
            self.edge(&feed, Port::Group(g), outs, window.is_some());
        }
        g
    }

    fn weighted(&self, port: Port) -> bool {
        match port {
            Port::Source(s) => self.sources[s as usize].changelog,
            Port::Group(g) => self.groups[g as usize].plan.emit == Emit::Changes,
            Port::Output => false,
        }
    }

    /// Where a bound names the window, any instant inside it does: the timestamp itself instead of a bound computed
    /// from it, and the start of a window instead of its end.
    fn window_time(&self, e: Expr, port: Port) -> Expr {
        match e.kind {
            Kind::WindowBound { time, .. } => *time,
            Kind::Column(1) if matches!(port, Port::Group(g) if self.groups[g as usize].windowed) => {
                Expr { kind: Kind::Column(0), ..e }
            }
            _ => e,
        }
    }
}

/// The argument that is counted and summed: NULL where FILTER does not hold.
fn counted(call: &AggregateCall) -> Option<Expr> {
    let Some(filter) = &call.filter else { return call.arg.clone() };
    let value =
        call.arg.clone().unwrap_or_else(|| Expr::literal(Literal::Bool(true), Ty::Boolean, filter.span));
    let (ty, span) = (value.ty, value.span);
    Some(Expr { kind: Kind::Case(vec![(filter.clone(), value)], None), ty, nullable: true, span })
}

fn value_op(function: AggregateFn, ty: Ty, retracts: bool) -> Option<AccOp> {
    Some(match (function, ty) {
        (AggregateFn::Count, _) => return None,
        (AggregateFn::Sum | AggregateFn::Avg, Ty::Double) if retracts => AccOp::SumFloatExact,
        (AggregateFn::Sum | AggregateFn::Avg, Ty::Double) => AccOp::SumFloat,
        (AggregateFn::Sum | AggregateFn::Avg, _) => AccOp::SumInt,
        (AggregateFn::Min, Ty::Double) => AccOp::MinFloat,
        (AggregateFn::Min, Ty::Varchar) => AccOp::MinText,
        (AggregateFn::Min, _) => AccOp::MinInt,
        (AggregateFn::Max, Ty::Double) => AccOp::MaxFloat,
        (AggregateFn::Max, Ty::Varchar) => AccOp::MaxText,
        (AggregateFn::Max, _) => AccOp::MaxInt,
    })
}
