//! Rows by a fused loop, as far as it goes.
//!
//! The loop takes rows of one window only, and only while that window is the one used last. So none of them is late: W follows
//! event times inside the window, from behind, and cannot reach its end.

use super::{Emitter, Engine, Input};
use crate::group::{FusedCtx, FusedFn};
use crate::stage::{ExprCode, SourceCode};

/// Rows that are worth entering the loop.
pub(super) const ROWS_MIN: usize = 16;
/// The loop ended behind a long run, at the end of a window: so few rows take the ordinary way before the loop is tried again.
const ROWS_BETWEEN: usize = 64;

impl Engine {
    /// The fused loop of a source that has one, and its node. `code` stands in for the source's own.
    pub(super) fn fused(&self, s: usize, code: Option<&SourceCode<'_>>) -> Option<(FusedFn, usize)> {
        let lane = self.lanes[s].as_ref()?;
        let fused = match (code, &self.code.edges[lane.edge]) {
            (Some(code), _) => code.fused,
            (None, &ExprCode::Fused { fused, .. }) => Some(fused),
            _ => None,
        };
        fused.map(|fused| (fused, lane.node))
    }

    /// Takes rows from `lo` on. The first row not taken, and how many to take the ordinary way at most.
    ///
    /// # Safety
    /// As for `process`; `fused` and `g` are those of the source.
    pub(super) unsafe fn run_fused(
        &mut self,
        (fused, g): (FusedFn, usize),
        input: &Input<'_>,
        lo: usize,
        out: &mut dyn Emitter,
    ) -> (usize, usize) {
        let batch = crate::group::BATCH_ROWS;
        let node = &mut self.nodes[g];
        let Some(pane) = node.current_pane() else { return (lo, batch) };
        let table = &mut node.tables[pane.table as usize];
        if table.is_large() {
            return (lo, batch);
        }
        let source = &mut self.sources[input.source];
        let mut ctx = FusedCtx {
            base: input.base,
            lo,
            hi: input.rows,
            done: lo,
            time_max: source.time_max,
            window_start: pane.start,
            now: self.now,
            arena: &self.arena,
            groups: table.groups(),
            wanted: 0,
            key: 0,
            table,
            shape: &node.shape,
        };
        // SAFETY: the loop reads the rows that the caller promises; table and shape are the node's.
        unsafe {
            fused(&mut ctx);
            while ctx.make_wanted() {
                fused(&mut ctx);
            }
        }
        source.time_max = ctx.time_max;
        let taken = ctx.done - lo;
        source.counters.ingested += taken as u64;
        source.counters.accepted += taken as u64;
        if !self.is_quiet(input.source) {
            self.close_windows(out);
        }
        (ctx.done, if taken >= 4 * ROWS_BETWEEN { ROWS_BETWEEN } else { batch })
    }
}
