//! Results of group nodes that change: at the end of a step, −old and +new for every group it touched.
//!
//! Old and new results come from the same program, over copies of the rows as they were and over the rows as they are.

use super::edge::{Edge, RunInput};
use super::same::same_row;
use super::{Emitter, Engine};
use crate::group::{BATCH_ROWS, GroupTable, Shape};
use crate::plan::{OutputKind, Port};
use crate::stage::{ExprCode, Rejects};
use crate::types::Arena;

/// Memory for one table's changes.
#[derive(Default)]
pub(super) struct ChangeScratch {
    /// Touched rows as they are, side by side.
    after: Vec<u64>,
    /// Output row of each old row.
    old: Vec<u32>,
    /// Output row of each touched row that still exists.
    new: Vec<u32>,
    /// New output row of a group, by its old output row.
    partner: Vec<u32>,
}

/// No output row: the filter dropped it, it failed, or the group does not exist.
const NONE: u32 = u32::MAX;

impl Engine {
    /// Sends onward what the step changed in a node, window by window.
    #[inline(never)]
    pub(super) fn emit_changes(&mut self, g: usize, out: &mut dyn Emitter) {
        let node = &mut self.nodes[g];
        if node.is_global() && !node.announced {
            node.announced = true;
            node.tables[0].touch(&node.shape, self.step, 0);
            node.list(0);
        }
        if node.listed.len() > 1 {
            let node = &mut *node;
            let tables = &node.tables;
            node.listed.sort_unstable_by_key(|&t| tables[t as usize].start);
        }
        for i in 0..self.nodes[g].listed.len() {
            let table = self.nodes[g].listed[i] as usize;
            let node = &mut self.nodes[g];
            node.tables[table].refresh_touched(&node.shape);
            if !self.nodes[g].tables[table].step.touched.is_empty() {
                self.pair_changes(g, table);
                let e = self.nodes[g].edge;
                self.send(e, out);
            }
        }
    }

    /// Writes the changes of one table to `scratch.order` and `scratch.weights`.
    fn pair_changes(&mut self, g: usize, table: usize) {
        let Engine { nodes, edges, code, arena, out_rejects, scratch, now, .. } = self;
        let node = &nodes[g];
        let (shape, table) = (&node.shape, &node.tables[table]);
        let edge = &mut edges[node.edge];
        let counted = node.retracts && !node.is_global();
        let changes = &mut scratch.changes;
        let run = Run {
            code: &code.edges[node.edge],
            arena,
            window: (table.start, node.end_of(table.start)),
            now: *now,
            stride: shape.stride,
        };

        let olds = table.step.before.len() / shape.stride;
        edge.reserve(olds + table.step.touched.len());
        let split = run.over(edge, table.step.before.as_ptr(), olds, 0, out_rejects, &mut changes.old);
        // What failed as a new result failed already when it was new.
        out_rejects.rows.clear();
        let (after, news) = touched_rows(shape, table, counted, &mut changes.after);
        run.over(edge, after, news, split, out_rejects, &mut changes.new);

        let upsert = edge.to == Port::Output && matches!(self.plan.output, OutputKind::Upsert { .. });
        scratch.order.clear();
        changes.partner.clear();
        changes.partner.resize(split, NONE);
        let mut new = changes.new.iter();
        for touched in &table.step.touched {
            let old = touched.before.map_or(NONE, |b| changes.old[b as usize]);
            let alive = !counted || is_alive(shape, table, touched.slot);
            let new = if alive { new.next().copied().unwrap_or(NONE) } else { NONE };
            if old == NONE {
                scratch.order.extend((new != NONE).then_some(new));
                continue;
            }
            // SAFETY: both are rows that the program wrote.
            let same = new != NONE
                && unsafe {
                    let rows = edge.out.readers();
                    same_row(&edge.out.types, (rows, old as usize), (rows, new as usize), |bits| bits)
                };
            if !same {
                changes.partner[old as usize] = new;
                scratch.order.push(old);
            }
        }
        // SAFETY: `order` names rows that the program wrote.
        unsafe { scratch.sorter.sort(&edge.out.types, edge.out.readers(), &mut scratch.order) };
        scratch.leads.clear();
        scratch.leads.extend_from_slice(&scratch.order);
        scratch.order.clear();
        scratch.weights.clear();
        for &lead in &scratch.leads {
            let partner = changes.partner.get(lead as usize).copied();
            let is_old = partner.is_some();
            let new = partner.unwrap_or(lead);
            if is_old && !(upsert && new != NONE) {
                scratch.order.push(lead);
                scratch.weights.push(-1);
            }
            if new != NONE {
                scratch.order.push(new);
                scratch.weights.push(1);
            }
        }
        self.count_output_rejects();
    }
}

/// Whether the group has rows.
fn is_alive(shape: &Shape, table: &GroupTable, slot: u32) -> bool {
    table.row(shape, slot as usize)[shape.key_words] != 0
}

/// The touched rows that exist, in order of touch: their address and number.
fn touched_rows(
    shape: &Shape,
    table: &GroupTable,
    counted: bool,
    copies: &mut Vec<u64>,
) -> (*const u64, usize) {
    if let [one] = table.step.touched[..] {
        let alive = !counted || is_alive(shape, table, one.slot);
        return (table.row(shape, one.slot as usize).as_ptr(), alive as usize);
    }
    copies.clear();
    for touched in table.step.touched.iter().filter(|t| !counted || is_alive(shape, table, t.slot)) {
        // The copy is only read, and only until the step ends: its texts stay the row's.
        copies.extend_from_slice(table.row(shape, touched.slot as usize));
    }
    (copies.as_ptr(), copies.len() / shape.stride)
}

/// How a program is run over group rows.
struct Run<'a> {
    code: &'a ExprCode,
    arena: &'a Arena,
    window: (i64, i64),
    now: i64,
    stride: usize,
}

impl Run<'_> {
    /// Runs over `rows` rows at `base`, writing from output row `first` on; notes in `places` where each went.
    /// One past the last output row.
    fn over(
        &self,
        edge: &mut Edge,
        base: *const u64,
        rows: usize,
        first: usize,
        rejects: &mut Rejects,
        places: &mut Vec<u32>,
    ) -> usize {
        places.clear();
        places.resize(rows, NONE);
        let mut n = first;
        for lo in (0..rows).step_by(BATCH_ROWS) {
            let hi = rows.min(lo + BATCH_ROWS);
            let refused = rejects.rows.len();
            let base = base.cast::<u8>();
            let input = RunInput {
                base,
                lo,
                hi,
                rows_out: n,
                time_max: i64::MIN,
                window: self.window,
                now: self.now,
            };
            debug_assert!(self.stride > 0);
            // SAFETY: the edge's program reads rows of the node's layout, of which there are `rows` at `base`; the caller
            // reserved room.
            let (end, _) = unsafe { edge.run(self.code, None, &input, self.arena, rejects) };
            let mut row = lo;
            let mut refused = rejects.rows[refused..].iter().map(|r| r.0).peekable();
            for j in n..end {
                if edge.tracks {
                    row = edge.sel[j] as usize;
                } else {
                    while refused.next_if_eq(&row).is_some() {
                        row += 1;
                    }
                }
                places[row] = j as u32;
                row += 1;
            }
            n = end;
        }
        n
    }
}
