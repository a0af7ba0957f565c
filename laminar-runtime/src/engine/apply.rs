//! Folds a batch of rows into a group node: finds windows, judges lateness, finds groups, updates them.
//!
//! Lateness is judged row by row against W at the row's arrival, but a batch that lies in one window still open after it
//! needs no look at single rows: W never goes back, so none of them can have been late.

use super::SourceState;
use super::columns::ColumnSet;
use super::watermark::{Running, minimum};
use crate::aggregate;
use crate::group::{BATCH_ROWS, GroupNode};
use crate::plan::Emit;
use crate::stage::{ColumnRef, UpdateCode, UpdateCtx};

/// A row takes back what is not there; its index in the batch.
pub(super) struct Absent(pub usize);

/// Arrival of rows from a source: what lateness depends on.
pub(super) struct Arrival<'a> {
    /// All sources; the rows' own has `time_max` as after the batch.
    pub sources: &'a [SourceState],
    /// Where the rows come from.
    pub source: usize,
    /// `time_max` before the batch.
    pub time_before: i64,
    /// No window has closed by the end of the batch.
    pub quiet: bool,
    /// `time_max` at each row; null where the time column is the event time itself.
    pub time_max: *const i64,
}

/// Memory for one batch.
pub(super) struct BatchScratch {
    /// Group rows of the batch's rows.
    pub slots: [u32; BATCH_ROWS],
    /// Null words of their keys.
    pub nulls: [u64; BATCH_ROWS],
    kept: [u32; BATCH_ROWS],
    sorted: [u32; BATCH_ROWS],
    starts: [i64; BATCH_ROWS],
    weights: [i64; BATCH_ROWS],
    /// Indices of the late rows of the last batch.
    pub late: Vec<u32>,
}

impl Default for BatchScratch {
    fn default() -> BatchScratch {
        BatchScratch {
            slots: [0; BATCH_ROWS],
            nulls: [0; BATCH_ROWS],
            kept: [0; BATCH_ROWS],
            sorted: [0; BATCH_ROWS],
            starts: [0; BATCH_ROWS],
            weights: [0; BATCH_ROWS],
            late: Vec::new(),
        }
    }
}

/// Windows side by side that a batch is sorted into; beyond that it is taken run by run.
const WINDOWS_MAX: usize = 64;

/// A batch of so few runs of one window each is not sorted.
const RUNS_MAX: usize = 8;

/// Folding into one node.
pub(super) struct Apply<'a> {
    pub node: &'a mut GroupNode,
    pub update: UpdateCode,
    pub scratch: &'a mut BatchScratch,
    /// Where rows of one window are brought together.
    pub split: &'a mut ColumnSet,
    /// Number of the step.
    pub step: u64,
}

impl Apply<'_> {
    /// Folds rows `0..n` of `columns`, with a weight each unless `weights` is null. Without `arrival` no row is late.
    ///
    /// # Errors
    /// A retraction of an absent row; rows before it are applied.
    ///
    /// # Safety
    /// `columns` are those of an edge into the node, with `n ≤ BATCH_ROWS` rows whose texts live.
    #[inline]
    pub unsafe fn rows(
        &mut self,
        columns: &[ColumnRef],
        n: usize,
        weights: *const i64,
        arrival: Option<&Arrival<'_>>,
    ) -> Result<(), Absent> {
        // SAFETY: as the caller promises, throughout; a windowed node's column 0 is its time, which is never NULL.
        unsafe {
            if self.node.window.is_none() {
                return self.fold(0, columns.as_ptr(), 0, n, weights);
            }
            let times = std::slice::from_raw_parts(columns[0].data.cast::<i64>(), n);
            if self.node.all_current(times) {
                let pane = self.node.current;
                // Without arrival nothing closes: who sends rows from node to node closes windows afterwards.
                if arrival.is_none_or(|a| {
                    a.quiet || self.node.close_at(pane.start) > minimum(a.sources, &self.node.watermark)
                }) {
                    return self.fold(pane.table, columns.as_ptr(), 0, n, weights);
                }
            }
            self.by_window(columns.as_ptr(), times, weights, arrival)
        }
    }

    /// Leaves late rows out and folds the others window by window.
    #[inline(never)]
    unsafe fn by_window(
        &mut self,
        columns: *const ColumnRef,
        times: &[i64],
        weights: *const i64,
        arrival: Option<&Arrival<'_>>,
    ) -> Result<(), Absent> {
        self.node.moved = true;
        let (kept, runs) = self.keep(times, arrival);
        let starts = &self.scratch.starts[..kept];
        let (min, max) = if runs > RUNS_MAX {
            starts.iter().fold((i64::MAX, i64::MIN), |(a, b), &s| (a.min(s), b.max(s)))
        } else {
            (0, 0)
        };
        let size = self.node.window.map_or(1, |w| w.size_ns) as u64;
        let last = max.wrapping_sub(min) as u64 / size;
        // A changelog must be applied in order, and saturated starts are not a multiple of the size apart.
        if runs <= RUNS_MAX || self.node.retracts || last >= WINDOWS_MAX as u64 || min == i64::MIN {
            let mut from = 0;
            while from < kept {
                let start = self.scratch.starts[from];
                let to = from + self.scratch.starts[from..kept].iter().take_while(|&&s| s == start).count();
                // SAFETY: as for `rows`.
                unsafe { self.segment(start, columns, from, to, weights)? };
                from = to;
            }
            return Ok(());
        }
        let counts = self.sort_by_window(kept, min, size);
        let mut from = 0;
        for (w, &count) in counts[..=last as usize].iter().enumerate().filter(|(_, count)| **count > 0) {
            let to = from + count as usize;
            let start = min.wrapping_add((w as u64 * size) as i64);
            // SAFETY: as for `rows`.
            unsafe { self.segment(start, columns, from, to, weights)? };
            from = to;
        }
        Ok(())
    }

    /// Writes rows that are not late to `scratch.kept`, the starts of their windows beside them; how many they are, and
    /// in how many runs of one window.
    fn keep(&mut self, times: &[i64], arrival: Option<&Arrival<'_>>) -> (usize, usize) {
        let node = &*self.node;
        let arrival = arrival.filter(|_| node.emit != Emit::Final);
        let running = arrival.map(|a| Running::new(a.sources, a.source, &node.watermark));
        let seen = match arrival {
            // SAFETY: where it tracks, the edge has `time_max` for each row.
            Some(a) if !a.time_max.is_null() => unsafe {
                std::slice::from_raw_parts(a.time_max, times.len())
            },
            _ => times,
        };
        let mut time_max = arrival.map_or(i64::MIN, |a| a.time_before);
        let BatchScratch { kept: rows, starts, late, .. } = &mut *self.scratch;
        // The first row finds its window.
        let (mut start, mut end, mut late_after) = (i64::MAX, i64::MIN, i64::MAX);
        let (mut kept, mut runs) = (0, 0);
        for (j, (&time, &seen)) in times.iter().zip(seen).enumerate() {
            if time < start || time >= end {
                start = node.start_of(time);
                end = node.end_of(start);
                late_after = running.as_ref().map_or(i64::MAX, |r| r.below(node.close_at(start)));
                runs += 1;
            }
            time_max = time_max.max(seen);
            if time_max > late_after {
                late.push(j as u32);
                continue;
            }
            rows[kept] = j as u32;
            starts[kept] = start;
            kept += 1;
        }
        (kept, runs)
    }

    /// Orders `scratch.kept` by window, rows of one window in order of arrival; how many rows each window has.
    fn sort_by_window(&mut self, kept: usize, min: i64, size: u64) -> [u32; WINDOWS_MAX] {
        let BatchScratch { kept: rows, sorted, starts, slots, .. } = &mut *self.scratch;
        let mut counts = [0; WINDOWS_MAX];
        let (mut start, mut window) = (min, 0);
        for j in 0..kept {
            if starts[j] != start {
                start = starts[j];
                window = (start.wrapping_sub(min) as u64 / size) as usize;
            }
            slots[j] = window as u32;
            counts[window] += 1;
        }
        let mut at = [0; WINDOWS_MAX];
        let mut sum = 0;
        for (at, count) in at.iter_mut().zip(counts) {
            (*at, sum) = (sum, sum + count);
        }
        for j in 0..kept {
            let at = &mut at[slots[j] as usize];
            sorted[*at as usize] = rows[j];
            *at += 1;
        }
        rows[..kept].copy_from_slice(&sorted[..kept]);
        counts
    }

    /// Folds the rows `scratch.kept[from..to]`, which are of one window.
    unsafe fn segment(
        &mut self,
        start: i64,
        columns: *const ColumnRef,
        from: usize,
        to: usize,
        weights: *const i64,
    ) -> Result<(), Absent> {
        let table = self.node.pane(start);
        let rows = &self.scratch.kept[from..to];
        let (first, n) = (rows[0] as usize, to - from);
        // SAFETY: as for `rows`.
        unsafe {
            if rows[n - 1] as usize - first + 1 == n {
                return self.fold(table, columns, first, n, weights);
            }
            self.split.gather(columns, rows);
            let mut gathered = weights;
            if !weights.is_null() {
                for (to, &row) in self.scratch.weights.iter_mut().zip(rows) {
                    *to = *weights.add(row as usize);
                }
                gathered = self.scratch.weights.as_ptr();
            }
            let columns = self.split.readers().as_ptr();
            let result = self.fold(table, columns, 0, n, gathered);
            result.map_err(|Absent(j)| Absent(self.scratch.kept[from + j] as usize))
        }
    }

    /// Folds rows `lo..lo + n` into a table.
    #[inline(always)]
    unsafe fn fold(
        &mut self,
        table: u32,
        columns: *const ColumnRef,
        lo: usize,
        n: usize,
        weights: *const i64,
    ) -> Result<(), Absent> {
        // SAFETY: as for `rows`.
        unsafe {
            if self.node.retracts {
                return self.fold_changelog(table, columns, lo, n, weights);
            }
            let slots = self.scratch.slots.as_mut_ptr();
            let node = &mut *self.node;
            let into = &mut node.tables[table as usize];
            into.slots(&node.shape, columns, lo, n, self.scratch.nulls.as_mut_ptr(), slots);
            if node.emit == Emit::Changes {
                for &slot in &self.scratch.slots[..n] {
                    into.touch(&node.shape, self.step, slot);
                }
                node.list(table);
            }
            update_groups(node, self.update, table, self.scratch, columns, lo, n, std::ptr::null());
            Ok(())
        }
    }

    /// Folds rows with weights one by one: each may end its group or make it anew.
    #[inline(never)]
    unsafe fn fold_changelog(
        &mut self,
        table: u32,
        columns: *const ColumnRef,
        lo: usize,
        n: usize,
        weights: *const i64,
    ) -> Result<(), Absent> {
        self.node.list(table);
        for i in lo..lo + n {
            let node = &mut *self.node;
            let into = &mut node.tables[table as usize];
            // SAFETY: as for `rows`; accumulator 0 is a count, the first word after the key.
            unsafe {
                let weight = if weights.is_null() { 1 } else { *weights.add(i) };
                if weight == 0 {
                    continue;
                }
                let (slots, nulls) = (self.scratch.slots.as_mut_ptr(), self.scratch.nulls.as_mut_ptr());
                if weight > 0 {
                    into.slots(&node.shape, columns, i, 1, nulls, slots);
                } else {
                    *slots = into.find(&node.shape, columns, i).ok_or(Absent(i))?;
                }
                let slot = *slots;
                let held = into.row(&node.shape, slot as usize)[node.shape.key_words] as i64;
                let left = held.saturating_add(weight);
                if left < 0 {
                    return Err(Absent(i));
                }
                if node.emit == Emit::Changes {
                    into.touch(&node.shape, self.step, slot);
                }
                update_groups(self.node, self.update, table, self.scratch, columns, i, 1, weights);
                if left == 0 {
                    let into = &mut self.node.tables[table as usize];
                    into.zero(&self.node.shape, slot as usize);
                    into.step.dead.push(slot);
                }
            }
        }
        Ok(())
    }
}

/// Updates the rows named by `scratch.slots`.
#[inline(always)]
#[allow(clippy::too_many_arguments)]
unsafe fn update_groups(
    node: &mut GroupNode,
    update: UpdateCode,
    table: u32,
    scratch: &BatchScratch,
    columns: *const ColumnRef,
    lo: usize,
    n: usize,
    weights: *const i64,
) {
    let mut ctx = UpdateCtx {
        rows: node.tables[table as usize].rows_mut().cast(),
        slots: scratch.slots.as_ptr(),
        args: columns,
        lo,
        n,
        weights,
    };
    // SAFETY: slots are rows of the table; arguments are as for `rows`. Native code knows no weights.
    unsafe {
        match update {
            UpdateCode::Native(update) if weights.is_null() && !node.retracts => update(&mut ctx),
            _ => aggregate::update(&node.accumulators, &node.shape.layout, &ctx),
        }
    }
}
