//! Group nodes: tables that find the row of a key, and the panes that hold one table a window.
//!
//! A node without window has one pane for ever. Not here: lateness and when panes close (`engine`), what an
//! accumulator does (`aggregate`).
//!
//! Invariant: panes are ascending by start, every pane has a table of its own, and every other table is
//! free and empty.

mod fused;
mod hash;
mod keys;
mod shape;
mod slots;
mod step;
mod table;
#[cfg(test)]
mod tests;

pub use fused::{FusedCtx, FusedFn, Groups, HASH_FACTOR, KeyWord};
pub(crate) use shape::Shape;
pub(crate) use slots::BATCH_ROWS;
pub(crate) use table::GroupTable;

use crate::plan::{Emit, GroupPlan, WatermarkOf, Window};

/// An open window, or all time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Pane {
    /// Its start, in ns; `i64::MIN` without window.
    pub start: i64,
    /// Its table.
    pub table: u32,
}

/// A grouped aggregation and its state.
pub(crate) struct GroupNode {
    /// Layout and keys.
    pub shape: Shape,
    /// Window over column 0.
    pub window: Option<Window>,
    /// When results leave.
    pub emit: Emit,
    /// Rows can be taken back; accumulator 0 counts them.
    pub retracts: bool,
    /// Rows only come, and results only leave when windows close or input ends.
    pub is_plain: bool,
    /// W of the node is the minimum over these.
    pub watermark: Box<[WatermarkOf]>,
    /// Where results go.
    pub edge: usize,
    /// Windows close when the step ends, as rows may still come from a node upstream that answers then.
    pub closes_late: bool,
    /// W from which on a window must be closed.
    pub close_next: i64,
    /// Panes may have come since `close_next` was last looked at.
    pub moved: bool,
    /// The row of an aggregate without keys has been shown to the output.
    pub announced: bool,
    /// Open panes, ascending.
    pub panes: Vec<Pane>,
    /// Tables of panes, and free ones.
    pub tables: Vec<GroupTable>,
    /// Tables that the step left traces in.
    pub listed: Vec<u32>,
    free: Vec<u32>,
    /// The pane used last; rows mostly go there again.
    pub current: Pane,
    /// Groups to make room for in a new table.
    capacity: usize,
}

/// The `current` of a node that has none: no time is in it.
const NO_PANE: Pane = Pane { start: i64::MAX, table: u32::MAX };

impl GroupNode {
    pub fn new(plan: &GroupPlan, closes_late: bool, capacity: usize) -> GroupNode {
        let mut node = GroupNode {
            shape: Shape::of(plan),
            window: plan.window,
            emit: plan.emit,
            retracts: plan.retracts,
            is_plain: !plan.retracts && plan.emit != Emit::Changes,
            watermark: plan.watermark[..].into(),
            edge: plan.edge as usize,
            closes_late,
            close_next: i64::MAX,
            moved: false,
            announced: false,
            panes: Vec::new(),
            tables: Vec::new(),
            listed: Vec::new(),
            free: Vec::new(),
            current: NO_PANE,
            capacity,
        };
        if node.window.is_none() {
            node.open(i64::MIN);
            if node.is_global() {
                node.tables[0].push_row(&node.shape);
            }
        } else if capacity > 0 {
            node.tables.push(GroupTable::with_capacity(&node.shape, capacity));
            node.free.push(0);
        }
        node
    }

    /// One group that always exists: no keys, no window.
    pub fn is_global(&self) -> bool {
        self.window.is_none() && self.shape.keys.is_empty()
    }

    /// Start of the window that `time` is in; `i64::MIN` without window.
    #[inline(always)]
    pub fn start_of(&self, time: i64) -> i64 {
        match self.window {
            None => i64::MIN,
            Some(w) => {
                let into = time.rem_euclid(w.size_ns) - w.offset_ns;
                time.saturating_sub(if into < 0 { into + w.size_ns } else { into })
            }
        }
    }

    /// End of the window that starts at `start`; `i64::MAX` without window.
    #[inline(always)]
    pub fn end_of(&self, start: i64) -> i64 {
        self.window.map_or(i64::MAX, |w| start.saturating_add(w.size_ns))
    }

    /// W at which the window that starts at `start` closes; `i64::MAX` (the end of input) where only that closes it.
    #[inline(always)]
    pub fn close_at(&self, start: i64) -> i64 {
        match self.window {
            Some(w) if self.emit != Emit::Final => self.end_of(start).saturating_add(w.lateness_ns),
            _ => i64::MAX,
        }
    }

    /// The pane used last, unless it is closed or at the end of time.
    pub fn current_pane(&self) -> Option<Pane> {
        let size = self.window?.size_ns;
        Some(self.current).filter(|p| p.table != NO_PANE.table && p.start <= i64::MAX - size)
    }

    /// Whether the times are all in the pane used last.
    #[inline(always)]
    pub fn all_current(&self, times: &[i64]) -> bool {
        let Some(window) = self.window else { return true };
        let Pane { start, table } = self.current;
        if table == NO_PANE.table || start > i64::MAX - window.size_ns {
            return false;
        }
        // Both distances of a time inside, from the start and from the last moment, are not negative; of a time outside, one is
        // (they may wrap, but never both). Signs are cheaper to collect than comparisons.
        let last = window.size_ns - 1;
        let signs = times.iter().fold(0, |signs, t| {
            let into = t.wrapping_sub(start);
            signs | into | last.wrapping_sub(into)
        });
        signs >= 0
    }

    /// Makes the open pane that the first time is in the one used last. Whether there is one, and all times are in it.
    #[inline(never)]
    pub fn turn_to(&mut self, times: &[i64]) -> bool {
        let Some(&time) = times.first() else { return self.current.table != NO_PANE.table };
        let at = self.panes.partition_point(|p| p.start <= time);
        if at == 0 {
            return false;
        }
        self.current = self.panes[at - 1];
        self.all_current(times)
    }

    /// The table of the window that starts at `start`; opens it if need be.
    #[inline]
    pub fn pane(&mut self, start: i64) -> u32 {
        if start == self.current.start && self.current.table != NO_PANE.table {
            return self.current.table;
        }
        match self.panes.binary_search_by_key(&start, |p| p.start) {
            Ok(at) => {
                self.current = self.panes[at];
                self.current.table
            }
            Err(_) => self.open(start),
        }
    }

    /// Opens the pane that starts at `start`, which is not open.
    #[inline(never)]
    pub fn open(&mut self, start: i64) -> u32 {
        let table = self.free.pop().unwrap_or_else(|| {
            self.tables.push(GroupTable::with_capacity(&self.shape, self.capacity));
            self.tables.len() as u32 - 1
        });
        self.tables[table as usize].start = start;
        let at = self.panes.partition_point(|p| p.start < start);
        self.current = Pane { start, table };
        self.panes.insert(at, self.current);
        self.close_next = self.close_next.min(self.close_at(start));
        table
    }

    /// Takes the first `n` panes away; their tables are empty and free then.
    pub fn drop_panes(&mut self, n: usize) {
        for i in 0..n {
            let table = self.panes[i].table;
            self.tables[table as usize].clear(&self.shape);
            self.free.push(table);
        }
        self.panes.drain(..n);
        self.current = NO_PANE;
        self.close_next = self.panes.first().map_or(i64::MAX, |p| self.close_at(p.start));
    }

    /// Notes that the step left a trace in a table.
    #[inline(always)]
    pub fn list(&mut self, table: u32) {
        let step = &mut self.tables[table as usize].step;
        if !step.listed {
            step.listed = true;
            self.listed.push(table);
        }
    }

    /// Ends the step in all its tables.
    pub fn end_step(&mut self) {
        for table in self.listed.drain(..) {
            self.tables[table as usize].end_step(&self.shape);
        }
    }
}

impl Drop for GroupNode {
    fn drop(&mut self) {
        // Rows own memory beside their words; a table alone does not know where it is.
        for table in &mut self.tables {
            table.clear(&self.shape);
        }
    }
}
