//! One edge at run time: its scratch columns, and how its program is run.

use super::columns::ColumnSet;
use crate::group::BATCH_ROWS;
use crate::plan::{EdgePlan, Plan, Port};
use crate::stage::{ColumnMut, ColumnRef, ExprCode, ExprCtx, ExprFn, Rejects};
use crate::types::Arena;

/// An edge and the memory it keeps.
pub(super) struct Edge {
    /// Where rows go.
    pub to: Port,
    /// The program fills `sel` and `wm`.
    pub tracks: bool,
    /// The last column says how often each row is there.
    pub times: bool,
    /// What the program writes.
    pub out: ColumnSet,
    /// Row numbers of output rows, where the program tracks.
    pub sel: Vec<u32>,
    /// `time_max` at output rows, where the program tracks.
    pub wm: Vec<i64>,
    /// Rows on their way to a node, in order; for edges from node to node.
    pub ordered: ColumnSet,
    /// Rows of one window, brought together; for edges into windows.
    pub split: ColumnSet,
}

/// What a run of a program reads besides its rows.
pub(super) struct RunInput {
    /// `ExprCtx::base`.
    pub base: *const u8,
    /// First row.
    pub lo: usize,
    /// One past the last row.
    pub hi: usize,
    /// Rows written before.
    pub rows_out: usize,
    /// Greatest event time before.
    pub time_max: i64,
    /// Start and end of the window that is read.
    pub window: (i64, i64),
    /// The pipeline's clock.
    pub now: i64,
}

impl Edge {
    pub fn new(plan: &Plan, edge: &EdgePlan) -> Edge {
        let windowed = match edge.to {
            Port::Group(g) => plan.groups[g as usize].window.is_some(),
            _ => false,
        };
        let from_source = matches!(edge.from, Port::Source(_));
        let between = matches!(edge.from, Port::Group(_)) && matches!(edge.to, Port::Group(_));
        let room = if from_source { BATCH_ROWS } else { 0 };
        let tracked = if edge.tracks { room } else { 0 };
        Edge {
            to: edge.to,
            tracks: edge.tracks,
            times: edge.times,
            out: ColumnSet::new(&edge.columns, room),
            sel: vec![0; tracked],
            wm: vec![0; tracked],
            ordered: ColumnSet::new(&edge.columns, if between { BATCH_ROWS } else { 0 }),
            split: ColumnSet::new(&edge.columns, if windowed { BATCH_ROWS } else { 0 }),
        }
    }

    /// The columns of a row.
    pub fn row(&self) -> &[ColumnRef] {
        let columns = self.out.readers();
        &columns[..columns.len() - self.times as usize]
    }

    /// Makes room for `rows` output rows.
    pub fn reserve(&mut self, rows: usize) {
        self.out.reserve(rows);
        if self.tracks && rows > self.sel.len() {
            self.sel.resize(rows.next_power_of_two(), 0);
            self.wm.resize(rows.next_power_of_two(), 0);
        }
    }

    /// Runs the program, or one that stands in for it, perhaps with columns of its own; rows written so far and the greatest event time.
    ///
    /// # Safety
    /// `code` is this edge's and reads what `input` has; there is room for `hi - lo` rows after `rows_out`.
    #[inline(always)]
    pub unsafe fn run(
        &mut self,
        code: &ExprCode,
        instead: Option<(ExprFn, Option<&[ColumnMut]>)>,
        input: &RunInput,
        arena: &Arena,
        rejects: &mut Rejects,
    ) -> (usize, i64) {
        let mut ctx = ExprCtx {
            base: input.base,
            lo: input.lo,
            hi: input.hi,
            out: match instead {
                Some((_, Some(out))) => out.as_ptr(),
                _ => self.out.writers(),
            },
            sel: self.sel.as_mut_ptr(),
            wm: self.wm.as_mut_ptr(),
            rows_out: input.rows_out,
            time_max: input.time_max,
            window_start: input.window.0,
            window_end: input.window.1,
            now: input.now,
            arena,
            rejects,
        };
        // SAFETY: the context is what the stage expects.
        unsafe {
            match (instead, code) {
                (Some((f, _)), _) | (None, &(ExprCode::Native(f) | ExprCode::Fused { stage: f, .. })) => {
                    f(&mut ctx)
                }
                (None, ExprCode::Interp(eval)) => eval.run(&mut ctx),
            }
        }
        (ctx.rows_out, ctx.time_max)
    }

    /// Input row of output row `j`, where input row `lo` went to output row `first` at the earliest.
    pub fn input_row(&self, j: usize, lo: usize, first: usize, rejects: &Rejects) -> usize {
        if self.tracks {
            return self.sel[j] as usize;
        }
        let mut row = lo + j - first;
        for &(refused, _) in &rejects.rows {
            if refused <= row {
                row += 1;
            }
        }
        row
    }
}
