//! Rows of a source on their way to the first node: batches, errors, counters.
//!
//! A source with one edge runs in batches. One with several runs row by row, all its programs before any state: a row
//! that fails in one branch of a union must not have arrived in another.

use super::apply::{Absent, Apply, Arrival};
use super::edge::RunInput;
use super::{Emitter, Engine, OutBatch};
use crate::error::Error;
use crate::group::BATCH_ROWS;
use crate::plan::{OnError, Port};
use crate::stage::{ColumnMut, ColumnRef, SourceCode};

/// Rows of a batch that goes straight to the output: so few that they are in the first cache when the sink takes them.
pub const OUTPUT_ROWS: usize = 128;

/// The rows of one call.
#[derive(Clone, Copy)]
pub(super) struct Input<'a> {
    pub source: usize,
    pub base: *const u8,
    pub rows: usize,
    /// Rows of the call before these.
    pub before: usize,
    pub weights: Option<&'a [i64]>,
    /// Code in place of the engine's.
    pub code: Option<&'a SourceCode<'a>>,
}

/// The call has stopped at a row; the engine has the error.
pub(super) struct Stopped;

/// What became of a batch or row.
#[derive(Clone, Copy, Default)]
struct Fate {
    ingested: u64,
    late: u64,
    rejected: u64,
}

impl Engine {
    /// All rows from `lo` on in batches, through the only edge.
    ///
    /// # Safety
    /// As for `process`.
    #[inline(always)]
    pub(super) unsafe fn ingest_batches(
        &mut self,
        input: &Input<'_>,
        e: usize,
        mut lo: usize,
        out: &mut dyn Emitter,
    ) -> Result<(), Stopped> {
        let fused = self.fused(input.source, input.code).filter(|_| input.weights.is_none());
        let to_output = self.edges[e].to == Port::Output;
        if lo > 0 && !self.is_quiet(input.source) {
            self.close_windows(out);
        }
        while lo < input.rows {
            let mut batch = if to_output { OUTPUT_ROWS } else { BATCH_ROWS };
            if let Some(fused) = fused {
                // SAFETY: as the caller promises.
                (lo, batch) = unsafe { self.run_fused(fused, input, lo, out) };
                if lo == input.rows {
                    break;
                }
            }
            let hi = input.rows.min(lo + batch.min(self.batch_rows));
            let time_before = self.sources[input.source].time_max;
            // SAFETY: as the caller promises; the program has written `n` rows.
            unsafe {
                let n = self.run_source_edge(input, e, 0, lo, hi);
                self.apply_batch(input, e, n, lo, hi, time_before, out)?;
            }
            self.end_batch();
            lo = hi;
        }
        Ok(())
    }

    /// Hands a batch of which the program has written `n` rows to where it goes, and closes windows.
    ///
    /// # Safety
    /// As for `process`.
    #[inline(never)]
    #[allow(clippy::too_many_arguments)]
    pub(super) unsafe fn apply_batch(
        &mut self,
        input: &Input<'_>,
        e: usize,
        n: usize,
        lo: usize,
        hi: usize,
        time_before: i64,
        out: &mut dyn Emitter,
    ) -> Result<(), Stopped> {
        let s = input.source;
        let clean = self.rejects.rows.is_empty();
        let weights = match input.weights {
            None => std::ptr::null(),
            Some(w) if clean && !self.edges[e].tracks => w[lo..].as_ptr(),
            Some(w) => self.gather_weights(e, lo, n, w),
        };
        // SAFETY: the program wrote `n` rows.
        let applied = unsafe { self.apply_source_edge(input, e, n, weights, time_before, out) };
        let result = if clean && applied.is_ok() && self.scratch.batch.late.is_empty() {
            self.count(s, Fate { ingested: (hi - lo) as u64, ..Fate::default() });
            Ok(())
        } else {
            let absent = applied.err().map(|Absent(j)| self.edges[e].input_row(j, lo, 0, &self.rejects));
            // SAFETY: as the caller promises.
            unsafe { self.account_batch(input, e, lo, hi, absent, time_before, out) }
        };
        if !self.is_quiet(s) {
            self.close_windows(out);
        }
        result
    }

    /// Counts and reports what was late or refused in a batch.
    #[cold]
    #[inline(never)]
    #[allow(clippy::too_many_arguments)]
    unsafe fn account_batch(
        &mut self,
        input: &Input<'_>,
        e: usize,
        lo: usize,
        hi: usize,
        absent: Option<usize>,
        time_before: i64,
        out: &mut dyn Emitter,
    ) -> Result<(), Stopped> {
        let s = input.source;
        let fails = self.plan.on_error == OnError::Fail;
        let mut fate = Fate { ingested: (hi - lo) as u64, ..Fate::default() };
        let mut result = Ok(());
        if fails && let Some(&(row, site)) = self.rejects.rows.first() {
            fate.ingested = (row - lo + 1) as u64;
            result = Err(self.stop(self.rejected(s, input.before + row, site)));
        }
        let mut end = hi;
        if let Some(row) = absent {
            end = row;
            fate.ingested = (row - lo + 1) as u64;
            fate.rejected += 1;
            result = Err(self.stop(Error::AbsentRow));
        }
        for &(row, site) in self.rejects.rows.iter().filter(|r| r.0 < end) {
            fate.rejected += 1;
            if self.plan.on_error == OnError::DeadLetter {
                out.rejected(s as u32, input.before + row, site);
            }
        }
        for &j in &self.scratch.batch.late {
            let row = self.edges[e].input_row(j as usize, lo, 0, &self.rejects);
            if row < end {
                fate.late += 1;
                out.late(s as u32, input.before + row);
            }
        }
        self.scratch.batch.late.clear();
        self.rejects.rows.clear();
        if let Some(row) = absent {
            // The rows behind the absent one have not arrived: neither has their time.
            self.sources[s].time_max = time_before;
            // SAFETY: as the caller promises; all that is wanted is `time_max`.
            unsafe { self.run_source_edge(input, e, 0, lo, row) };
            self.rejects.rows.clear();
        }
        self.count(s, fate);
        result
    }

    /// All rows one by one, through all edges.
    ///
    /// # Safety
    /// As for `process`.
    pub(super) unsafe fn ingest_rows(
        &mut self,
        input: &Input<'_>,
        out: &mut dyn Emitter,
    ) -> Result<(), Stopped> {
        let s = input.source;
        for row in 0..input.rows {
            self.arena.reset();
            let time_before = self.sources[s].time_max;
            let mut time_max = time_before;
            self.scratch.branches.clear();
            for k in 0..self.source_edges[s].len() {
                let e = self.source_edges[s][k];
                self.sources[s].time_max = time_before;
                // SAFETY: as the caller promises.
                let n = unsafe { self.run_source_edge(input, e, k, row, row + 1) };
                time_max = time_max.max(self.sources[s].time_max);
                self.scratch.branches.push(n);
            }
            if let Some(&(_, site)) = self.rejects.rows.first() {
                self.sources[s].time_max = time_before;
                self.rejects.rows.clear();
                self.count(s, Fate { ingested: 1, rejected: 1, late: 0 });
                match self.plan.on_error {
                    OnError::Fail => return Err(self.stop(self.rejected(s, input.before + row, site))),
                    OnError::DeadLetter => out.rejected(s as u32, input.before + row, site),
                    OnError::Skip => {}
                }
                continue;
            }
            self.sources[s].time_max = time_max;
            // SAFETY: the programs have just written the row.
            unsafe { self.apply_branches(input, row, time_before, out)? };
            if !self.is_quiet(s) {
                self.close_windows(out);
            }
        }
        Ok(())
    }

    /// Hands one row to all nodes that it goes to.
    unsafe fn apply_branches(
        &mut self,
        input: &Input<'_>,
        row: usize,
        time_before: i64,
        out: &mut dyn Emitter,
    ) -> Result<(), Stopped> {
        let s = input.source;
        let goes = input.weights.map(|w| w[row].saturating_neg()).filter(|times| *times > 0);
        // SAFETY: the programs wrote one row each.
        let mut absent = goes.is_some_and(|times| !unsafe { self.all_hold(s, times, time_before) });
        let (mut arrived, mut late) = (false, false);
        let weights = input.weights.map_or(std::ptr::null(), |w| w[row..].as_ptr());
        for k in 0..self.source_edges[s].len() {
            if absent || self.scratch.branches[k] == 0 {
                continue;
            }
            let e = self.source_edges[s][k];
            // SAFETY: the program wrote one row.
            absent |= unsafe { self.apply_source_edge(input, e, 1, weights, time_before, out) }.is_err();
            if absent {
                break;
            }
            let was_late = !self.scratch.batch.late.is_empty();
            self.scratch.batch.late.clear();
            late |= was_late;
            arrived |= !was_late;
        }
        let late = late && !arrived && !absent;
        self.count(s, Fate { ingested: 1, late: late as u64, rejected: absent as u64 });
        if absent {
            self.sources[s].time_max = time_before;
            return Err(self.stop(Error::AbsentRow));
        }
        if late {
            out.late(s as u32, input.before + row);
        }
        Ok(())
    }

    /// Runs the program of a source's edge, its `k`th; how many rows it wrote. Refused rows are in `rejects`.
    #[inline(always)]
    unsafe fn run_source_edge(
        &mut self,
        input: &Input<'_>,
        e: usize,
        k: usize,
        lo: usize,
        hi: usize,
    ) -> usize {
        let source = &mut self.sources[input.source];
        let run = RunInput {
            base: input.base,
            lo,
            hi,
            rows_out: 0,
            time_max: source.time_max,
            window: (0, 0),
            now: self.now,
        };
        let instead = input.code.map(|code| (code.stages[k], code.out));
        // SAFETY: the caller's rows are what the code reads; a source's edge has room for a batch.
        let (n, time_max) =
            unsafe { self.edges[e].run(&self.code.edges[e], instead, &run, &self.arena, &mut self.rejects) };
        source.time_max = time_max;
        n
    }

    /// Hands the rows that a source's edge has written to where they go.
    #[inline(always)]
    unsafe fn apply_source_edge(
        &mut self,
        input: &Input<'_>,
        e: usize,
        n: usize,
        weights: *const i64,
        time_before: i64,
        out: &mut dyn Emitter,
    ) -> Result<(), Absent> {
        let s = input.source;
        if n == 0 {
            return Ok(());
        }
        match self.edges[e].to {
            Port::Group(g) => {
                let g = g as usize;
                let edge = &self.edges[e];
                let time_max = if edge.tracks { edge.wm.as_ptr() } else { std::ptr::null() };
                let quiet = self.is_quiet(s);
                let edge = &mut self.edges[e];
                let arrival = Arrival { sources: &self.sources, source: s, time_before, quiet, time_max };
                let mut apply = Apply {
                    node: &mut self.nodes[g],
                    update: self.code.updates[g],
                    scratch: &mut self.scratch.batch,
                    split: &mut edge.split,
                    step: self.step,
                };
                // SAFETY: the edge's columns have `n` rows.
                let applied = unsafe { apply.rows(edge.out.readers(), n, weights, Some(&arrival)) };
                if self.nodes[g].moved {
                    self.find_quiet();
                }
                applied
            }
            _ if self.held.is_some() => {
                self.scratch.order.clear();
                self.scratch.order.extend(0..n as u32);
                // SAFETY: the edge's columns have `n` rows.
                unsafe { self.hold(self.edges[e].out.readers().as_ptr()) };
                Ok(())
            }
            _ => {
                // SAFETY: `n` weights, where there are any.
                let weights = (!weights.is_null()).then(|| unsafe { std::slice::from_raw_parts(weights, n) });
                let columns = match input.code.and_then(|code| code.out) {
                    Some(written) => readers(written),
                    None => self.edges[e].out.readers(),
                };
                out.rows(&OutBatch { columns, len: n, order: None, weights });
                self.output.emitted += n as u64;
                Ok(())
            }
        }
    }

    /// No window has to close yet, as far as this source is concerned.
    #[inline(always)]
    pub(super) fn is_quiet(&self, s: usize) -> bool {
        self.sources[s].time_max <= self.sources[s].quiet_until
    }

    /// The weights of the rows that the program has written.
    #[cold]
    fn gather_weights(&mut self, e: usize, lo: usize, n: usize, weights: &[i64]) -> *const i64 {
        let edge = &self.edges[e];
        self.scratch.weights.clear();
        if edge.tracks {
            self.scratch.weights.extend(edge.sel[..n].iter().map(|&row| weights[row as usize]));
        } else {
            let mut refused = self.rejects.rows.iter().map(|r| r.0).peekable();
            let kept = (lo..weights.len()).filter(|row| refused.next_if_eq(row).is_none());
            self.scratch.weights.extend(kept.take(n).map(|row| weights[row]));
        }
        self.scratch.weights.as_ptr()
    }

    fn count(&mut self, source: usize, fate: Fate) {
        let counters = &mut self.sources[source].counters;
        counters.ingested += fate.ingested;
        counters.late += fate.late;
        counters.rejected += fate.rejected;
        counters.accepted += fate.ingested - fate.late - fate.rejected;
    }

    /// Keeps the error of this call.
    #[cold]
    fn stop(&mut self, error: Error) -> Stopped {
        self.input_error = Some(error);
        Stopped
    }

    #[cold]
    fn rejected(&self, source: usize, row: usize, site: u16) -> Error {
        Error::Rejected { input: self.plan.sources[source].name.clone(), row, reason: self.reason(site) }
    }
}

/// Columns that have been written, to be read.
pub(super) fn readers(columns: &[ColumnMut]) -> &[ColumnRef] {
    // SAFETY: both are two addresses in the same order (`repr(C)`), and whoever may write may read.
    unsafe { std::slice::from_raw_parts(columns.as_ptr().cast(), columns.len()) }
}
