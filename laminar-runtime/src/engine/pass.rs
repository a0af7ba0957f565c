//! Rows that meet no state on their way from machine code to the sink, as far as none fails.
//!
//! The context is set up once a call. Machine code cannot ask memory for rows ahead, so it is done here, piece by piece of a batch: as many
//! lines as can be on their way at once, while the rows before them are worked on. The sink gets a whole batch.
//!
//! A batch with a row that fails is left as it was: it goes the ordinary way, which knows what to do.

use super::ingest::{Input, readers};
use super::{Emitter, Engine, OUTPUT_ROWS, OutBatch};
use crate::prefetch::prefetch;
use crate::stage::{ColumnMut, ExprCtx, SourceCode};

/// Bytes of a cache line.
const LINE: usize = 64;
/// Bytes of input that are asked for at once.
const PIECE_BYTES: usize = 12 * LINE;
/// Pieces from one that is worked on to one that is asked for.
const AHEAD: usize = 6;
/// Rows that a piece has at least.
const PIECE_ROWS_MIN: usize = 8;

impl Engine {
    /// Takes rows from `lo` on, whose only stage writes to `written`; the first row not taken.
    ///
    /// # Safety
    /// As for `process`; the stage has room for `OUTPUT_ROWS` rows there, and is that of an edge from the input's source to the
    /// output.
    pub(super) unsafe fn pass(
        &mut self,
        input: &Input<'_>,
        mut lo: usize,
        code: &SourceCode<'_>,
        written: &[ColumnMut],
        out: &mut dyn Emitter,
    ) -> usize {
        let &Input { source: s, base, rows, .. } = input;
        let (first, mut time_max, mut emitted) = (lo, self.sources[s].time_max, 0);
        let mut ctx = ExprCtx {
            base,
            lo,
            hi: lo,
            out: written.as_ptr(),
            // Only edges to nodes track.
            sel: std::ptr::null_mut(),
            wm: std::ptr::null_mut(),
            rows_out: 0,
            time_max,
            window_start: 0,
            window_end: 0,
            now: self.now,
            arena: &self.arena,
            rejects: &mut self.rejects,
        };
        let piece = (PIECE_BYTES / code.row_bytes.max(1)).clamp(PIECE_ROWS_MIN, OUTPUT_ROWS);
        while lo < rows {
            let hi = rows.min(lo + OUTPUT_ROWS.min(self.batch_rows));
            let asks = hi + (AHEAD + 1) * piece <= rows;
            let mut next = lo;
            ctx.rows_out = 0;
            while next < hi {
                (ctx.lo, ctx.hi) = (next, hi);
                if asks {
                    let from = base.wrapping_add((next + AHEAD * piece) * code.row_bytes);
                    (0..piece * code.row_bytes).step_by(LINE).for_each(|at| prefetch(from.wrapping_add(at)));
                    ctx.hi = hi.min(next + piece);
                }
                next = ctx.hi;
                // SAFETY: as the caller promises.
                unsafe { (code.stages[0])(&mut ctx) };
            }
            // SAFETY: nobody else has the rejects while no stage runs.
            let refused = unsafe { &mut (*ctx.rejects).rows };
            if !refused.is_empty() {
                refused.clear();
                break;
            }
            if ctx.rows_out > 0 {
                let columns = readers(written);
                out.rows(&OutBatch { columns, len: ctx.rows_out, order: None, weights: None });
            }
            self.end_batch();
            ctx.arena = &self.arena;
            (lo, time_max, emitted) = (hi, ctx.time_max, emitted + ctx.rows_out as u64);
        }
        self.output.emitted += emitted;
        let source = &mut self.sources[s];
        source.time_max = time_max;
        source.counters.ingested += (lo - first) as u64;
        source.counters.accepted += (lo - first) as u64;
        lo
    }
}
