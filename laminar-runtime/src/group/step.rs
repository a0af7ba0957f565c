//! What a step did to a table: which groups it touched, how they were before, which of them have lost their last row.
//!
//! Invariant: between steps everything here is empty, but for the stamps, which are of past steps.

use super::shape::Shape;
use super::table::GroupTable;

/// A group that the step touched.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Touched {
    /// Its row.
    pub slot: u32,
    /// Its row among the old ones; none: it did not exist.
    pub before: Option<u32>,
}

/// A step's traces.
#[derive(Default)]
pub(crate) struct Step {
    /// Number of the last step that touched a row, row by row.
    stamps: Vec<u64>,
    /// Groups touched, in order of the first touch.
    pub touched: Vec<Touched>,
    /// Copies of rows as they were at the first touch; they own what they hold.
    pub before: Vec<u64>,
    /// Groups that have lost their last row, some of them come back since, some named twice.
    pub dead: Vec<u32>,
    /// Rows below this number existed when the step began.
    existed: usize,
    /// The table is in its node's list of tables to look at when the step ends.
    pub listed: bool,
}

impl Step {
    /// Forgets the traces; no row is known to exist.
    pub fn clear(&mut self, shape: &Shape) {
        self.forget_touched(shape);
        self.dead.clear();
        self.existed = 0;
        self.listed = false;
    }

    fn forget_touched(&mut self, shape: &Shape) {
        if !shape.owners.is_empty() {
            for row in self.before.chunks_exact_mut(shape.stride) {
                // SAFETY: a copy of a row, which owns what it holds.
                unsafe { shape.each_owner(row.as_mut_ptr(), |of, p| of.def().free(of, p)) };
            }
        }
        self.touched.clear();
        self.before.clear();
    }
}

impl GroupTable {
    /// Notes that the group is about to change in step number `step`.
    #[inline]
    pub fn touch(&mut self, shape: &Shape, step: u64, slot: u32) {
        let row = slot as usize;
        if row >= self.step.stamps.len() {
            self.grow_stamps(row);
        }
        if self.step.stamps[row] == step {
            return;
        }
        self.step.stamps[row] = step;
        let before = (row < self.step.existed).then(|| {
            self.refresh(shape, row, row + 1);
            let at = self.step.before.len();
            let from = row * shape.stride;
            // Not `extend_from_slice(self.row(…))`: that would borrow the whole table.
            let words = self.rows();
            // SAFETY: the row exists.
            self.step
                .before
                .extend_from_slice(unsafe { std::slice::from_raw_parts(words.add(from), shape.stride) });
            // SAFETY: a fresh copy of a living row.
            unsafe {
                let copy = self.step.before.as_mut_ptr().add(at);
                shape.each_owner(copy, |of, p| of.def().copied(of, p));
            }
            (at / shape.stride) as u32
        });
        self.step.touched.push(Touched { slot, before });
    }

    #[cold]
    fn grow_stamps(&mut self, row: usize) {
        let stamps = (row + 1).next_power_of_two().max(64);
        self.step.stamps.resize(stamps, 0);
    }

    /// Brings what programs read of the groups touched up to date.
    pub fn refresh_touched(&mut self, shape: &Shape) {
        if shape.owners.is_empty() {
            return;
        }
        for t in 0..self.step.touched.len() {
            let row = self.step.touched[t].slot as usize;
            self.refresh(shape, row, row + 1);
        }
    }

    /// Removes the groups that have no row left.
    pub fn bury(&mut self, shape: &Shape, keep_single: bool) {
        if self.step.dead.is_empty() {
            return;
        }
        let mut dead = std::mem::take(&mut self.step.dead);
        if !keep_single {
            // From the last on: what moves into a gap is then never itself dead.
            dead.sort_unstable_by(|a, b| b.cmp(a));
            dead.dedup();
            for &row in &dead {
                if self.row(shape, row as usize)[shape.key_words] == 0 {
                    self.remove(shape, row as usize);
                }
            }
            self.tidy(shape);
        }
        dead.clear();
        self.step.dead = dead;
    }

    /// Ends the step: what there is now is what existed for the next one.
    pub fn end_step(&mut self, shape: &Shape) {
        self.step.forget_touched(shape);
        self.step.dead.clear();
        self.step.existed = self.len();
        self.step.listed = false;
    }
}
