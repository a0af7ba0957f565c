//! Rows by a fused loop, as far as it goes.
//!
//! The loop takes rows of one window only, and only while that window is the one used last. So none of them is late: W follows
//! event times inside the window, from behind, and cannot reach its end.

use super::{Emitter, Engine, Input};
use crate::group::{FusedCtx, FusedFn};
use crate::stage::SourceCode;
use crate::types::Timestamp;

/// The loop ended behind a long run, at the end of a window: so few rows take the ordinary way before the loop is tried again.
const ROWS_BETWEEN: usize = 64;

/// What became of a step that was tried without all that the engine can do around a loop.
pub(crate) enum Entered {
    /// It is over.
    Quiet,
    /// It is over, and the sink is to learn W.
    Moved(Timestamp),
    /// It goes on with the row of this number.
    From(usize),
}

impl Engine {
    /// Takes the rows of a step as far as a fused loop goes. Steps of one row are common: all of their way is here, and nothing else.
    ///
    /// # Safety
    /// As for [`Engine::process`].
    #[inline(never)]
    pub(crate) unsafe fn enter(
        &mut self,
        source: u32,
        base: *const u8,
        rows: usize,
        code: Option<&SourceCode<'_>>,
    ) -> Entered {
        let s = source as usize;
        let Some(fused) = self.fused(s, code).filter(|_| rows <= crate::group::BATCH_ROWS) else {
            return Entered::From(0);
        };
        if self.sources[s].finished || self.starts {
            return Entered::From(0);
        }
        self.arena.reset();
        let time_before = self.sources[s].time_max;
        // SAFETY: as the caller promises; the loop is the source's, which there is.
        let done = unsafe { self.enter_fused(fused, s, base, 0, rows) };
        if done < rows || !self.is_quiet(s) {
            return Entered::From(done);
        }
        match self.sources[s].time_max > time_before {
            true => self.output_watermark().map_or(Entered::Quiet, Entered::Moved),
            false => Entered::Quiet,
        }
    }

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
        let done = unsafe { self.enter_fused(fused, input.source, input.base, lo, input.rows) };
        if !self.is_quiet(input.source) {
            self.close_windows(out);
        }
        (done, if done - lo >= 4 * ROWS_BETWEEN { ROWS_BETWEEN } else { crate::group::BATCH_ROWS })
    }

    /// Takes rows from `lo` to `hi`, and closes no window; the first row not taken.
    ///
    /// # Safety
    /// As for `process`; `fused` is that of source `s`, which there is.
    #[inline(always)]
    pub(super) unsafe fn enter_fused(
        &mut self,
        (fused, g): (FusedFn, usize),
        s: usize,
        base: *const u8,
        lo: usize,
        hi: usize,
    ) -> usize {
        // SAFETY: a lane names a node of this engine, and an open pane a table of its node; there is the source.
        let (node, source) = unsafe { (self.nodes.get_unchecked_mut(g), self.sources.get_unchecked_mut(s)) };
        let Some(pane) = node.current_pane() else { return lo };
        // SAFETY: as above.
        let table = unsafe { node.tables.get_unchecked_mut(pane.table as usize) };
        if table.is_large() {
            return lo;
        }
        let mut ctx = FusedCtx {
            base,
            lo,
            hi,
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
        // Not two equal additions side by side: they become one of a vector, whose load has to wait until what the loop has stored
        // in parts is in the cache.
        let counters = &mut source.counters;
        counters.ingested += (ctx.done - lo) as u64;
        counters.accepted = counters.ingested - counters.late - counters.rejected;
        ctx.done
    }
}
