//! Results of group nodes that leave once: closed windows and final results.

use super::apply::Apply;
use super::edge::RunInput;
use super::same::same_row;
use super::{Emitter, Engine, OutBatch, Scratch};
use crate::error::Error;
use crate::group::BATCH_ROWS;
use crate::plan::{Emit, OnError, Plan, Port};
use crate::stage::ColumnRef;

/// The columns of the output among those of its rows.
pub(super) fn shown<'a>(plan: &Plan, columns: &'a [ColumnRef]) -> &'a [ColumnRef] {
    let hidden = plan.order.as_ref().map_or(0, |o| o.hidden as usize);
    &columns[..columns.len() - hidden]
}

impl Engine {
    /// Closes the windows that W has passed, upstream nodes first. Nodes that answer at the end of a step only wait for it.
    #[cold]
    #[inline(never)]
    pub(super) fn close_windows(&mut self, out: &mut dyn Emitter) {
        if self.merges {
            self.close_in_turn(out);
        }
        for g in 0..self.nodes.len() {
            let node = &self.nodes[g];
            if !node.closes_late && self.node_watermark(g) >= node.close_next {
                self.close_node(g, out);
            }
        }
        self.find_quiet();
    }

    /// Where several nodes give windows to the output: closes them one by one, the earliest end first.
    #[cold]
    fn close_in_turn(&mut self, out: &mut dyn Emitter) {
        let closes = |engine: &Engine, g: &usize| {
            let node = &engine.nodes[*g];
            !node.closes_late
                && !node.panes.is_empty()
                && (node.emit != Emit::Final || engine.finished)
                && engine.node_watermark(*g) >= node.close_next
        };
        let end = |engine: &Engine, g: usize| engine.nodes[g].end_of(engine.nodes[g].panes[0].start);
        while let Some(g) = (0..self.nodes.len()).filter(|g| closes(self, g)).min_by_key(|&g| end(self, g)) {
            self.close_panes(g, 1, out);
        }
    }

    /// Finds for each source how far its event time can come before a window must be closed.
    ///
    /// All of a node's sources must pass that time before it closes one, so no window has to be looked at before any has.
    pub(super) fn find_quiet(&mut self) {
        for (s, source) in self.sources.iter_mut().enumerate() {
            source.quiet_until = i64::MAX;
            for node in self.nodes.iter().filter(|n| n.window.is_some()) {
                let offset =
                    (node.watermark.iter().filter(|t| t.source as usize == s)).map(|t| t.offset_ns).max();
                if let Some(offset) = offset {
                    let time = source.time_of(node.close_next.saturating_add(offset)).saturating_sub(1);
                    source.quiet_until = source.quiet_until.min(time);
                }
            }
        }
        for node in &mut self.nodes {
            node.moved = false;
        }
    }

    /// Closes the windows of one node that W has passed.
    pub(super) fn close_node(&mut self, g: usize, out: &mut dyn Emitter) {
        self.close_panes(g, usize::MAX, out);
    }

    /// Closes the first windows of one node that W has passed, so many at most.
    fn close_panes(&mut self, g: usize, panes_max: usize, out: &mut dyn Emitter) {
        let w = self.node_watermark(g);
        let node = &self.nodes[g];
        if node.window.is_none() || (node.emit == Emit::Final && !self.finished) {
            return;
        }
        let closing = node.panes.iter().take(panes_max).take_while(|p| node.close_at(p.start) <= w).count();
        for i in 0..closing {
            let node = &mut self.nodes[g];
            let pane = node.panes[i];
            if node.emit != Emit::Changes {
                node.tables[pane.table as usize].bury(&node.shape, false);
                self.emit_pane(g, i, out);
            }
        }
        self.nodes[g].drop_panes(closing);
    }

    /// Sends the results of a whole pane onward, in SQL order.
    pub(super) fn emit_pane(&mut self, g: usize, pane: usize, out: &mut dyn Emitter) {
        let node = &mut self.nodes[g];
        let (pane, e) = (node.panes[pane], node.edge);
        let table = &mut node.tables[pane.table as usize];
        table.refresh(&node.shape, 0, table.len());
        let (rows, base) = (table.len(), table.rows().cast::<u8>());
        let window = (pane.start, node.end_of(pane.start));
        let Engine { plan, edges, code, arena, out_rejects, scratch, .. } = self;
        let edge = &mut edges[e];
        edge.reserve(rows);
        let mut n = 0;
        for lo in (0..rows).step_by(BATCH_ROWS) {
            let hi = rows.min(lo + BATCH_ROWS);
            let input = RunInput { base, lo, hi, rows_out: n, time_max: i64::MIN, window, now: self.now };
            // SAFETY: the edge's program reads rows of this node; `reserve` made room for all.
            (n, _) = unsafe { edge.run(&code.edges[e], None, &input, arena, out_rejects) };
        }
        scratch.order.clear();
        scratch.order.extend(0..n as u32);
        let keys = match &plan.order {
            Some(order) if edge.to == Port::Output => &order.keys[..],
            _ => &[],
        };
        // SAFETY: the program wrote `n` rows.
        unsafe { scratch.sorter.sort_by(keys, &edge.out.types, edge.out.readers(), &mut scratch.order) };
        scratch.weights.clear();
        self.count_output_rejects();
        self.send(e, out);
    }

    /// Sends the rows named by `scratch.order` onward, with `scratch.weights` if there are any.
    pub(super) fn send(&mut self, e: usize, out: &mut dyn Emitter) {
        if self.edges[e].times {
            self.repeat(e);
        }
        if self.scratch.order.is_empty() {
            return;
        }
        match self.edges[e].to {
            Port::Output if self.held.is_some() => {
                // SAFETY: the edge's columns have these rows.
                unsafe { self.hold(self.edges[e].out.readers().as_ptr()) };
            }
            Port::Output => {
                let weights = &self.scratch.weights[..];
                out.rows(&OutBatch {
                    columns: shown(&self.plan, self.edges[e].row()),
                    len: self.scratch.order.len(),
                    order: Some(&self.scratch.order),
                    weights: (!weights.is_empty()).then_some(weights),
                });
                self.output.emitted += self.scratch.order.len() as u64;
            }
            Port::Group(to) => self.send_to_node(e, to as usize),
            Port::Source(_) => {}
        }
    }

    /// Lets each of those rows be there as often as its last column says.
    #[cold]
    fn repeat(&mut self, e: usize) {
        let edge = &self.edges[e];
        let Some(times) = edge.out.readers().last() else { return };
        let Scratch { order, leads, weights, .. } = &mut self.scratch;
        // SAFETY: the edge's program wrote a number, never NULL, for every row that `order` names.
        let times = |row: u32| unsafe { *times.data.cast::<i64>().add(row as usize) };
        std::mem::swap(order, leads);
        order.clear();
        if weights.is_empty() {
            for &row in &*leads {
                order.extend(std::iter::repeat_n(row, usize::try_from(times(row)).unwrap_or(0)));
            }
            return;
        }
        let mut i = 0;
        while i < leads.len() {
            let (row, weight) = (leads[i], weights[i].saturating_mul(times(leads[i])));
            i += 1;
            // Of an old and a new row that differ in number only, the difference is all that changes.
            let at = |row: u32| (edge.row(), row as usize);
            // SAFETY: as above.
            let same = |before: u32| unsafe { same_row(&edge.out.types, at(before), at(row), |bits| bits) };
            match order.last().filter(|&&before| weights[order.len() - 1] < 0 && weight > 0 && same(before)) {
                Some(_) => {
                    weights[order.len() - 1] += weight;
                    if weights[order.len() - 1] == 0 {
                        order.pop();
                    }
                }
                None => {
                    weights[order.len()] = weight;
                    order.push(row);
                }
            }
        }
        weights.truncate(order.len());
    }

    /// Folds those rows into the node downstream, in their order.
    fn send_to_node(&mut self, e: usize, to: usize) {
        let order = std::mem::take(&mut self.scratch.order);
        let weights = std::mem::take(&mut self.scratch.weights);
        for (chunk, rows) in order.chunks(BATCH_ROWS).enumerate() {
            let edge = &mut self.edges[e];
            // SAFETY: `order` names rows of `out`, which has the same columns.
            unsafe { edge.ordered.gather(edge.out.readers().as_ptr(), rows) };
            let weights = weights
                .get(chunk * BATCH_ROWS..)
                .filter(|w| !w.is_empty())
                .map_or(std::ptr::null(), <[i64]>::as_ptr);
            let mut apply = Apply {
                node: &mut self.nodes[to],
                update: self.code.updates[to],
                scratch: &mut self.scratch.batch,
                split: &mut edge.split,
                step: self.step,
            };
            // SAFETY: the rows just gathered; no batch ends in between, so their texts live.
            if unsafe { apply.rows(edge.ordered.readers(), rows.len(), weights, None) }.is_err() {
                self.output_error.get_or_insert(Error::AbsentRow);
            }
        }
        (self.scratch.order, self.scratch.weights) = (order, weights);
    }

    /// Counts results that failed; under `on_error = fail` the call will return that of the first site, as queries are compiled: which group
    /// is first in the table is up to the executor.
    pub(super) fn count_output_rejects(&mut self) {
        let Some(site) = self.out_rejects.rows.iter().map(|(_, site)| *site).min() else { return };
        self.output.rejected += self.out_rejects.rows.len() as u64;
        self.out_rejects.rows.clear();
        if self.plan.on_error == OnError::Fail && self.output_error.is_none() {
            self.output_error = Some(Error::OutputRejected(self.reason(site)));
        }
    }
}
