//! The short way of a step: one batch of machine code into a node that only windows and the end of input bring to answer.
//!
//! Steps of one row are common, and what the engine does around the query's own code is most of their cost. So what never
//! changes is looked up once, and everything that asks for a second look (a refused row, a window to be opened or closed) leaves for the
//! ordinary way (`ingest`), which goes on behind the program that has already run.

use super::edge::Edge;
use super::{Emitter, Engine};
use crate::error::Error;
use crate::group::{FusedFn, GroupNode};
use crate::plan::{Plan, Port};
use crate::stage::{Code, ExprCode, ExprCtx, ExprFn, SourceCode, UpdateCode, UpdateCtx, UpdateFn};

/// What the short way needs of a source.
#[derive(Clone, Copy)]
pub(super) struct Lane {
    pub(super) edge: usize,
    pub(super) node: usize,
    code: ExprFn,
    update: UpdateFn,
    pub(super) fused: Option<FusedFn>,
}

impl Lane {
    /// The short way of source `s`, if it has one.
    pub fn of(plan: &Plan, code: &Code, edges: &[Edge], nodes: &[GroupNode], s: usize) -> Option<Lane> {
        let [edge] = plan.sources[s].edges[..] else { return None };
        let edge = edge as usize;
        let Port::Group(node) = edges[edge].to else { return None };
        let node = node as usize;
        let update = code.updates[node];
        let (code, fused) = match code.edges[edge] {
            ExprCode::Native(code) => (code, None),
            ExprCode::Fused { stage, fused } => (stage, Some(fused)),
            _ => return None,
        };
        match update {
            UpdateCode::Native(update) if nodes[node].is_plain => {
                Some(Lane { edge, node, code, update, fused })
            }
            _ => None,
        }
    }
}

impl Engine {
    /// Takes one batch of at most `BATCH_ROWS` rows.
    ///
    /// # Safety
    /// As for `process`; `lane` is that of source `s`.
    #[inline(always)]
    pub(super) unsafe fn process_short(
        &mut self,
        lane: Lane,
        s: usize,
        base: *const u8,
        rows: usize,
        code: Option<&SourceCode<'_>>,
        out: &mut dyn Emitter,
    ) -> Result<(), Error> {
        let time_before = self.sources[s].time_max;
        // SAFETY: a lane names an edge and a node of this engine; `begin` has seen the source. The context is what the stage
        // expects, and its columns have `n` rows.
        unsafe {
            let source = self.sources.get_unchecked_mut(s);
            let edge = self.edges.get_unchecked_mut(lane.edge);
            let node = self.nodes.get_unchecked_mut(lane.node);
            let stage = code.and_then(|c| c.stages.first()).copied().unwrap_or(lane.code);
            let mut ctx = ExprCtx {
                base,
                lo: 0,
                hi: rows,
                out: edge.out.writers(),
                sel: edge.sel.as_mut_ptr(),
                wm: edge.wm.as_mut_ptr(),
                rows_out: 0,
                time_max: time_before,
                window_start: 0,
                window_end: 0,
                now: self.now,
                arena: &self.arena,
                rejects: &mut self.rejects,
            };
            stage(&mut ctx);
            let n = ctx.rows_out;
            source.time_max = ctx.time_max;
            let columns = edge.out.readers().as_ptr();
            let times = || std::slice::from_raw_parts((*columns).data.cast::<i64>(), n);
            if !self.rejects.rows.is_empty()
                || ctx.time_max > source.quiet_until
                || (node.window.is_some() && !node.all_current(times()) && !node.turn_to(times()))
            {
                return self.leave(lane, s, base, rows, n, code, time_before, out);
            }
            let scratch = &mut *self.scratch.batch;
            let table = node.tables.get_unchecked_mut(node.current.table as usize);
            let slots = scratch.slots.as_mut_ptr();
            table.slots(&node.shape, columns, 0, n, scratch.nulls.as_mut_ptr(), slots);
            let rows_mut = table.rows_mut().cast();
            let weights = std::ptr::null();
            (lane.update)(&mut UpdateCtx { rows: rows_mut, slots, args: columns, lo: 0, n, weights });
            source.counters.ingested += rows as u64;
            source.counters.accepted += rows as u64;
        }
        if self.sources[s].time_max > time_before
            && let Some(w) = self.output_watermark()
        {
            out.watermark(w);
        }
        Ok(())
    }

    /// Goes on the ordinary way; the program has written `n` rows.
    #[cold]
    #[inline(never)]
    #[allow(clippy::too_many_arguments)]
    unsafe fn leave(
        &mut self,
        lane: Lane,
        s: usize,
        base: *const u8,
        rows: usize,
        n: usize,
        code: Option<&SourceCode<'_>>,
        time_before: i64,
        out: &mut dyn Emitter,
    ) -> Result<(), Error> {
        let input = super::Input { source: s, base, rows, before: 0, weights: None, code };
        // SAFETY: as the caller promises.
        let applied = unsafe { self.apply_batch(&input, lane.edge, n, 0, rows, time_before, out) };
        self.end_input(applied.is_err(), out)
    }
}
