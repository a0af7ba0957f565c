//! Rows by a fused loop, as far as it goes.
//!
//! The loop takes rows of one window only, and only while that window is the one used last. So none of them is late: W follows
//! event times inside the window, from behind, and cannot reach its end.

use super::{Emitter, Engine, Input};
use crate::group::{FusedCtx, FusedFn};
use crate::stage::SourceCode;

/// The loop ended behind a long run, at the end of a window: so few rows take the ordinary way before the loop is tried again.
const ROWS_BETWEEN: usize = 64;

impl Engine {
    /// The fused loop of a source that has one, and its node. `code` stands in for the source's own.
    #[inline(always)]
    pub(super) fn fused(&self, s: usize, code: Option<&SourceCode<'_>>) -> Option<(FusedFn, usize)> {
        let lane = self.lanes[s].as_ref()?;
        let fused = code.map_or(lane.fused, |code| code.fused);
        fused.map(|fused| (fused, lane.node))
    }

    /// Takes rows from `lo` on. The first row not taken, and how many to take the ordinary way at most.
    ///
    /// # Safety
    /// As for `process`; `fused` is that of the source.
    pub(super) unsafe fn run_fused(
        &mut self,
        fused: (FusedFn, usize),
        input: &Input<'_>,
        lo: usize,
        out: &mut dyn Emitter,
    ) -> (usize, usize) {
        // SAFETY: as the caller promises.
        let done = unsafe { self.enter_fused(fused, input, lo) };
        if !self.is_quiet(input.source) {
            self.close_windows(out);
        }
        (done, if done - lo >= 4 * ROWS_BETWEEN { ROWS_BETWEEN } else { crate::group::BATCH_ROWS })
    }

    /// Takes rows from `lo` on, and closes no window; the first row not taken.
    ///
    /// # Safety
    /// As for `process`; `fused` is that of the source.
    #[inline(always)]
    pub(super) unsafe fn enter_fused(
        &mut self,
        (fused, g): (FusedFn, usize),
        input: &Input<'_>,
        lo: usize,
    ) -> usize {
        let node = &mut self.nodes[g];
        let Some(pane) = node.current_pane() else { return lo };
        let table = &mut node.tables[pane.table as usize];
        if table.is_large() {
            return lo;
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
        let taken = (ctx.done - lo) as u64;
        source.counters.ingested += taken;
        source.counters.accepted += taken;
        ctx.done
    }
}
