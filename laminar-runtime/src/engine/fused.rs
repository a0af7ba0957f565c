//! Rows by a fused loop, as far as it goes.
//!
//! The loop takes rows of one window only, and only while that window is the one used last. So none of them is late: W follows
//! event times inside the window, from behind, and cannot reach its end.

use super::{Emitter, Engine, Input, SourceState};
use crate::group::{BATCH_ROWS, FusedCtx, FusedFn};
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

/// A loop that goes on where it stopped: nothing else has happened since. Whatever else the engine is asked to do drops it.
pub(super) struct Armed {
    source: u32,
    /// The loop of the code in place of the engine's.
    given: Option<FusedFn>,
    fused: FusedFn,
    ctx: FusedCtx,
}

impl Armed {
    /// Whether it is the loop for these rows.
    #[inline(always)]
    fn takes(&self, source: u32, code: Option<&SourceCode<'_>>) -> bool {
        self.source == source
            && match (code, self.given) {
                (None, None) => true,
                (Some(code), Some(given)) => code.fused.is_some_and(|f| std::ptr::fn_addr_eq(f, given)),
                _ => false,
            }
    }
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
        if rows > self.batch_rows {
            return Entered::From(0);
        }
        if !self.armed.as_ref().is_some_and(|armed| armed.takes(source, code)) && !self.arm(source, code) {
            return Entered::From(0);
        }
        self.drop_texts();
        let Some(Armed { fused, ctx, .. }) = &mut self.armed else { return Entered::From(0) };
        ctx.arena = &self.arena;
        // SAFETY: only a source that there is has been armed for.
        let source = unsafe { self.sources.get_unchecked_mut(source as usize) };
        let time_before = ctx.time_max;
        // SAFETY: as the caller promises; the context is the loop's, and its node as it was.
        let grown = unsafe { take(*fused, ctx, source, base, 0, rows) };
        let (done, time_max) = (ctx.done, ctx.time_max);
        let is_quiet = time_max <= source.quiet_until;
        if grown {
            self.disarm_large();
        }
        if done < rows || !is_quiet {
            return Entered::From(done);
        }
        match time_max > time_before {
            true => self.output_watermark().map_or(Entered::Quiet, Entered::Moved),
            false => Entered::Quiet,
        }
    }

    /// Makes the loop of a source ready; whether it has one, which can go on now.
    #[cold]
    #[inline(never)]
    fn arm(&mut self, source: u32, code: Option<&SourceCode<'_>>) -> bool {
        let s = source as usize;
        self.armed = None;
        if self.sources[s].finished || self.starts {
            return false;
        }
        let Some((fused, node)) = self.fused(s, code) else { return false };
        let given = code.and_then(|code| code.fused);
        self.armed = self.fused_ctx(node, s).map(|ctx| Armed { source, given, fused, ctx });
        self.armed.is_some()
    }

    /// The table of the armed loop has got groups; it may be too large for the cache now.
    #[cold]
    fn disarm_large(&mut self) {
        // SAFETY: the table is that of the loop's node, as it was when it was armed.
        self.armed.take_if(|armed| unsafe { (*armed.ctx.table).is_large() });
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
        (fused, g): (FusedFn, usize),
        input: &Input<'_>,
        lo: usize,
        out: &mut dyn Emitter,
    ) -> (usize, usize) {
        let Some(mut ctx) = self.fused_ctx(g, input.source) else { return (lo, BATCH_ROWS) };
        let mut from = lo;
        loop {
            let to = input.rows.min(from + self.batch_rows);
            // SAFETY: as the caller promises; nothing but texts has gone since the context was made.
            unsafe { take(fused, &mut ctx, &mut self.sources[input.source], input.base, from, to) };
            self.end_batch();
            if ctx.done < to || to == input.rows {
                break;
            }
            from = to;
            ctx.arena = &self.arena;
        }
        if !self.is_quiet(input.source) {
            self.close_windows(out);
        }
        (ctx.done, if ctx.done - lo >= 4 * ROWS_BETWEEN { ROWS_BETWEEN } else { BATCH_ROWS })
    }

    /// What the loop of source `s` into node `g` works on, without rows; none where the node has no window in use, or one that does
    /// not fit the cache.
    fn fused_ctx(&mut self, g: usize, s: usize) -> Option<FusedCtx> {
        let node = &mut self.nodes[g];
        let pane = node.current_pane()?;
        let table = &mut node.tables[pane.table as usize];
        if table.is_large() {
            return None;
        }
        Some(FusedCtx {
            base: std::ptr::null(),
            lo: 0,
            hi: 0,
            done: 0,
            time_max: self.sources[s].time_max,
            window_start: pane.start,
            now: self.now,
            arena: &self.arena,
            groups: table.groups(),
            wanted: 0,
            key: 0,
            table,
            shape: &node.shape,
        })
    }
}

/// Runs a loop over rows `lo..hi`, and counts them; whether it has made groups. The first row not taken is in the context.
///
/// # Safety
/// The rows are what the loop reads, the source theirs; what the context names has not changed since it was made.
#[inline(always)]
unsafe fn take(
    fused: FusedFn,
    ctx: &mut FusedCtx,
    source: &mut SourceState,
    base: *const u8,
    lo: usize,
    hi: usize,
) -> bool {
    (ctx.base, ctx.lo, ctx.hi, ctx.done) = (base, lo, hi, lo);
    let mut grown = false;
    // SAFETY: as the caller promises.
    unsafe {
        fused(ctx);
        while ctx.make_wanted() {
            grown = true;
            fused(ctx);
        }
    }
    source.time_max = ctx.time_max;
    // Not two equal additions side by side: they become one of a vector, whose load has to wait until what the loop has stored
    // in parts is in the cache.
    let counters = &mut source.counters;
    counters.ingested += (ctx.done - lo) as u64;
    counters.accepted = counters.ingested - counters.late - counters.rejected;
    grown
}
