//! Lowers an aggregation: keys and arguments become columns of the edges into a group node, calls become
//! accumulators, and results are computed from accumulators where they are read.

use super::aggregate::{Accumulators, ResultOf};
use super::{Feed, Lowering, watermarks};
use crate::plan::expr::{Expr, Kind};
use crate::plan::{AggregateCall, AggregateWindow};
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

impl Lowering<'_> {
    /// Adds a group node and the edges into it; returns its index. `row` are the columns of the input.
    pub(super) fn group(
        &mut self,
        feeds: Vec<Feed>,
        window: Option<&AggregateWindow>,
        keys: &[Expr],
        calls: &[AggregateCall],
        row: &[Expr],
        emit: Emit,
    ) -> u32 {
        let retracts = feeds.iter().any(|f| self.weighted(f.port));
        let mut columns: Vec<Expr> = window.iter().map(|w| w.time.clone()).collect();
        columns.extend(keys.iter().cloned());
        let mut all = Accumulators {
            first_arg: columns.len(),
            columns,
            accumulators: Vec::new(),
            retracts,
            in_arrival_order: matches!(feeds[..], [Feed { port: Port::Source(_), .. }]),
            row,
        };
        if retracts {
            all.accumulators.push(Accumulator::new(AccOp::Count, None, false));
        }
        let results = calls.iter().map(|call| all.of(call)).collect();
        let Accumulators { columns, accumulators, .. } = all;
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
