//! Lowers an aggregation: keys and arguments become columns of the edges into a group node, calls become
//! accumulators, and results are computed from accumulators where they are read.

use super::aggregate::{Accumulators, ResultOf};
use super::{Feed, Lowering, watermarks};
use crate::plan::expr::{Expr, Kind, Literal};
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

/// What rows are grouped by.
pub(super) struct Keys<'a> {
    /// Over the input's columns; with grouping sets the last one is the number of the set.
    pub exprs: &'a [Expr],
    /// The keys of each grouping set; empty where there is only one.
    pub sets: &'a [Vec<usize>],
}

impl Keys<'_> {
    /// Key `k` in the rows of a grouping set.
    fn in_set(&self, set: usize, k: usize) -> Option<Expr> {
        let keys = self.sets.get(set)?;
        let key = &self.exprs[k];
        if k + 1 == self.exprs.len() {
            return Some(Expr { kind: Kind::Literal(Literal::Int(set as i64)), ..key.clone() });
        }
        (!keys.contains(&k)).then(|| Expr { kind: Kind::Null, ..key.clone() })
    }
}

impl Lowering<'_> {
    /// Adds a group node and the edges into it; returns its index. `feeds` are those of each grouping set, `row` the columns of
    /// the input.
    pub(super) fn group(
        &mut self,
        feeds: Vec<Vec<Feed>>,
        window: Option<&AggregateWindow>,
        by: &Keys<'_>,
        calls: &[AggregateCall],
        row: &[Expr],
        emit: Emit,
    ) -> u32 {
        let keys = by.exprs;
        let retracts = feeds.iter().flatten().any(|f| self.weighted(f.port));
        let mut columns: Vec<Expr> = window.iter().map(|w| w.time.clone()).collect();
        columns.extend(keys.iter().cloned());
        let mut all = Accumulators {
            first_arg: columns.len(),
            columns,
            accumulators: Vec::new(),
            retracts,
            in_arrival_order: feeds.iter().all(|f| matches!(f[..], [Feed { port: Port::Source(_), .. }])),
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
        let key_columns = window.is_some() as usize..window.is_some() as usize + keys.len();
        let feeds = feeds.into_iter().enumerate();
        for (set, feed) in feeds.flat_map(|(set, feeds)| feeds.into_iter().map(move |feed| (set, feed))) {
            let outs = columns
                .iter()
                .enumerate()
                .map(|(i, e)| {
                    let key = key_columns.contains(&i).then(|| i - key_columns.start);
                    if let Some(of_set) = key.and_then(|k| by.in_set(set, k)) {
                        return (of_set, e.nullable);
                    }
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
