//! Whether a row can be taken back on all its ways before it is taken back on any.
//!
//! Only for sources with several edges: with one, the node that the row goes to finds out by itself. Cold: rows go seldom
//! where several queries read them.

use super::Engine;
use super::apply::Arrival;
use super::same::same_row;
use super::spread::Lateness;
use crate::plan::{Emit, Port};
use crate::scalar::norm_float;

/// A row of a group node that an edge's row would be taken from.
#[derive(Clone, Copy)]
pub(super) struct Meant {
    node: usize,
    table: u32,
    slot: u32,
    edge: usize,
}

impl Engine {
    /// Whether every node holds the row that the edges of source `s` have just written, at least `times` times.
    ///
    /// # Safety
    /// Each edge with a branch has written one row, whose texts live.
    #[cold]
    pub(super) unsafe fn all_hold(&mut self, s: usize, times: i64, time_before: i64) -> bool {
        self.scratch.meant.clear();
        for k in 0..self.source_edges[s].len() {
            let edge = self.source_edges[s][k];
            let Port::Group(node) = self.edges[edge].to else { continue };
            let node = node as usize;
            if self.scratch.branches[k] == 0 || !self.nodes[node].retracts {
                continue;
            }
            // SAFETY: the edge has written a row.
            let Some(table) = (unsafe { self.table_of(s, edge, node, time_before) }) else { continue };
            // SAFETY: as above; a slot that is found is a row of its table.
            let held = table.is_some_and(|table| unsafe { self.holds(edge, node, table, times) });
            if !held {
                return false;
            }
        }
        true
    }

    /// The table that an edge's row belongs to: none where no row of its window is there, nothing at all where the row
    /// is late, so that it takes nothing back.
    unsafe fn table_of(
        &mut self,
        s: usize,
        edge: usize,
        node: usize,
        time_before: i64,
    ) -> Option<Option<u32>> {
        let (edge, node) = (&self.edges[edge], &self.nodes[node]);
        if node.window.is_none() {
            return Some(Some(0));
        }
        // SAFETY: column 0 is the time of the row that the edge has written.
        let times = unsafe { std::slice::from_raw_parts(edge.out.readers()[0].data.cast::<i64>(), 1) };
        let time_max = if edge.tracks { edge.wm.as_ptr() } else { std::ptr::null() };
        let arrival = Arrival { sources: &self.sources, source: s, time_before, quiet: false, time_max };
        let arrival = Some(&arrival).filter(|_| node.emit != Emit::Final);
        let kept = Lateness::new(node, times, arrival).keep(&mut self.scratch.batch);
        self.scratch.batch.late.clear();
        let start = self.scratch.batch.starts[0];
        (kept > 0).then(|| {
            let at = node.panes.binary_search_by_key(&start, |p| p.start).ok();
            at.map(|at| node.panes[at].table)
        })
    }

    /// Whether a table holds an edge's row, beside what the edges before take from it.
    unsafe fn holds(&mut self, edge: usize, node: usize, table: u32, times: i64) -> bool {
        let columns = self.edges[edge].out.readers();
        let GroupParts { shape, into } = GroupParts::of(&mut self.nodes[node], table);
        // SAFETY: the edge has written a row for this node.
        let Some(slot) = (unsafe { into.find(shape, columns.as_ptr(), 0) }) else { return false };
        let (mut of_group, mut of_row) = (times, times);
        for before in &self.scratch.meant {
            if (before.node, before.table, before.slot) == (node, table, slot) {
                of_group = of_group.saturating_add(times);
                let types = &self.plan.edges[edge].columns;
                let other = self.edges[before.edge].out.readers();
                // As the groups compare them.
                let float = |bits| norm_float(f64::from_bits(bits)).to_bits();
                // SAFETY: both edges go to one node, and have written a row each.
                if unsafe { same_row(types, (columns, 0), (other, 0), float) } {
                    of_row = of_row.saturating_add(times);
                }
            }
        }
        self.scratch.meant.push(Meant { node, table, slot, edge });
        let held = into.row(shape, slot as usize)[shape.key_words] as i64;
        // SAFETY: as above.
        held >= of_group && unsafe { into.holds(shape, slot, columns.as_ptr(), 0, of_row) }
    }
}

/// A node's shape and one of its tables.
struct GroupParts<'a> {
    shape: &'a crate::group::Shape,
    into: &'a mut crate::group::GroupTable,
}

impl GroupParts<'_> {
    fn of(node: &mut crate::group::GroupNode, table: u32) -> GroupParts<'_> {
        GroupParts { shape: &node.shape, into: &mut node.tables[table as usize] }
    }
}
