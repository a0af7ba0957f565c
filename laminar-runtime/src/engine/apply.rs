//! Folds a batch of rows into a group node: finds windows, judges lateness, finds groups, updates them.
//!
//! Lateness is judged row by row against W at the row's arrival, but a batch that lies in one window still open after it
//! needs no look at single rows: W never goes back, so none of them can have been late.

use super::SourceState;
use super::columns::ColumnSet;
use super::spread::{Lateness, Span, WINDOWS_MAX};
use super::watermark::minimum;
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
    /// Rows that are not late, window by window or in order of arrival.
    pub kept: [u32; BATCH_ROWS],
    /// Window of each row, counted from the first.
    pub windows: [u8; BATCH_ROWS],
    /// Starts of the kept rows' windows, where they are taken in order of arrival.
    pub starts: [i64; BATCH_ROWS],
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
            windows: [0; BATCH_ROWS],
            starts: [0; BATCH_ROWS],
            weights: [0; BATCH_ROWS],
            late: Vec::with_capacity(BATCH_ROWS),
        }
    }
}

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
        // Without late rows nothing depends on their times; under `EMIT FINAL` nothing is late.
        let arrival = arrival.filter(|_| self.node.emit != Emit::Final);
        let late = Lateness::new(self.node, times, arrival);
        let Some(span) = Span::of(self.node, times).filter(|_| !self.node.retracts) else {
            let kept = late.keep(self.scratch);
            let mut from = 0;
            while from < kept {
                let start = self.scratch.starts[from];
                let to = from + self.scratch.starts[from..kept].iter().take_while(|&&s| s == start).count();
                // SAFETY: as for `rows`.
                unsafe { self.segment(start, columns, from, to, weights)? };
                from = to;
            }
            return Ok(());
        };
        let counts = late.sort(&span, self.scratch);
        let mut from = 0;
        for (w, &count) in counts[..WINDOWS_MAX].iter().enumerate().filter(|(_, count)| **count > 0) {
            let to = from + count as usize;
            // SAFETY: as for `rows`.
            unsafe { self.segment(span.start(w), columns, from, to, weights)? };
            from = to;
        }
        Ok(())
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
                if left < 0 || (weight < 0 && !into.holds(&node.shape, slot, columns, i, -weight)) {
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
            _ => aggregate::update(&node.shape.accumulators, &node.shape.layout, &ctx),
        }
    }
}
