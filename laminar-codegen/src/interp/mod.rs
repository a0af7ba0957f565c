//! Runs expression stages from their programs, one row at a time: the oracle of the other executors, and the executor
//! where no machine code may be made.
//!
//! It follows the documentation of [`laminar_runtime::stage`] and [`crate::sir`] to the letter and is slow. Not here: what one
//! instruction does ([`crate::sir::eval`], shared with constant folding).

mod load;

use crate::sir::eval::{self, Lane, MAX_ARGS};
use crate::sir::{Fail, Inst, Layout, Op, Program, Val};
use laminar_runtime::schema::Repr;
use laminar_runtime::stage::{ColumnMut, ExprCtx, ExprEval, reject};
use std::cell::Cell as Slot;
use std::ops::ControlFlow;

/// An expression stage that is interpreted.
#[derive(Clone, Debug)]
pub struct InterpProgram {
    program: Program,
    layout: Layout,
}

thread_local! {
    /// The values of one row; kept from run to run for its memory.
    static LANES: Slot<Vec<Lane>> = const { Slot::new(Vec::new()) };
}

impl InterpProgram {
    /// Runs `program` over rows of `layout`. The program is verified.
    pub fn new(program: Program, layout: Layout) -> InterpProgram {
        InterpProgram { program, layout }
    }
}

impl ExprEval for InterpProgram {
    unsafe fn run(&self, ctx: &mut ExprCtx) {
        let mut lanes = LANES.take();
        lanes.clear();
        lanes.resize(self.program.insts.len(), eval::NULL);
        for row in ctx.lo..ctx.hi {
            // SAFETY: `ctx` is the engine's, for this stage; the row is within it.
            if unsafe { self.run_row(ctx, row, &mut lanes) }.is_break() {
                break;
            }
        }
        LANES.set(lanes);
    }
}

impl InterpProgram {
    /// Breaks where the stage must stop.
    ///
    /// # Safety
    /// `ctx` is as the engine makes it for this stage, and `row` is one of its rows.
    unsafe fn run_row(&self, ctx: &mut ExprCtx, row: usize, lanes: &mut [Lane]) -> ControlFlow<()> {
        let Program { split, filter, time, .. } = self.program;
        let mut site = None;
        // SAFETY: as for this function.
        unsafe { self.run_insts(ctx, row, 0..split, lanes, &mut site) };
        if let Some(time) = time
            && !lanes[time.val.0 as usize].1
        {
            site = site.or(time.null_site);
        }
        let passes = filter.is_none_or(|f| is_true(lanes[f.0 as usize]));
        if passes {
            // SAFETY: as for this function.
            unsafe { self.run_insts(ctx, row, split..lanes.len(), lanes, &mut site) };
        }
        if let Some(site) = site {
            // SAFETY: the engine's context.
            let stop = unsafe { reject(ctx, row, site as u32) } != 0;
            return if stop { ControlFlow::Break(()) } else { ControlFlow::Continue(()) };
        }
        if let Some(time) = time {
            ctx.time_max = ctx.time_max.max(lanes[time.val.0 as usize].0[0] as i64);
        }
        if passes {
            // SAFETY: output columns have room for every row read.
            unsafe { self.store_row(ctx, row, lanes) };
        }
        ControlFlow::Continue(())
    }

    /// # Safety
    /// As for [`Self::run_row`].
    unsafe fn run_insts(
        &self,
        ctx: &ExprCtx,
        row: usize,
        range: std::ops::Range<usize>,
        lanes: &mut [Lane],
        site: &mut Option<u16>,
    ) {
        for i in range {
            let inst = &self.program.insts[i];
            lanes[i] = match inst.op {
                // SAFETY: as for this function.
                Op::Input(input) => unsafe { self.load(ctx, row, input as usize) },
                Op::WindowStart => ([ctx.window_start as u64, 0], true),
                Op::WindowEnd => ([ctx.window_end as u64, 0], true),
                Op::Now => ([ctx.now as u64, 0], true),
                _ => {
                    // SAFETY: as for this function.
                    let (lane, failed) = unsafe { self.eval(ctx, inst, lanes, site.is_none()) };
                    if let (true, Fail::Site(s)) = (failed, inst.fail) {
                        site.get_or_insert(s);
                    }
                    lane
                }
            };
        }
    }

    /// `whole`: the row has not failed.
    ///
    /// # Safety
    /// As for [`Self::run_row`].
    unsafe fn eval(&self, ctx: &ExprCtx, inst: &Inst, lanes: &[Lane], whole: bool) -> (Lane, bool) {
        let mut args = [eval::NULL; MAX_ARGS];
        for (arg, val) in args.iter_mut().zip(&inst.args) {
            *arg = lanes[val.0 as usize];
        }
        let guard = whole && inst.guard.is_none_or(|g| is_true(lanes[g.0 as usize]));
        let repr = inst.args.first().map_or(inst.repr, |&a| self.repr(a));
        // SAFETY: the program is verified; texts of this step are alive.
        unsafe { eval::eval(inst, &args[..inst.args.len()], repr, guard, ctx.arena) }
    }

    /// # Safety
    /// As for [`Self::run_row`]; output columns have room for one more row.
    unsafe fn store_row(&self, ctx: &mut ExprCtx, row: usize, lanes: &[Lane]) {
        let at = ctx.rows_out;
        for (i, out) in self.program.outs.iter().enumerate() {
            let lane = lanes[out.val.0 as usize];
            let repr = self.repr(out.val);
            // SAFETY: there is a column for each output, with cells of its width and, if nullable, a byte a row.
            unsafe {
                let ColumnMut { data, valid } = *ctx.out.add(i);
                let cell = eval::stored(repr, lane);
                let words = data.cast::<u64>().add(at * repr.width() / 8);
                *words = cell[0];
                if repr.width() == 16 {
                    *words.add(1) = cell[1];
                }
                if out.nullable {
                    *valid.add(at) = lane.1 as u8;
                }
            }
        }
        if self.program.tracks {
            // SAFETY: the program tracks, so both have room for every row read.
            unsafe {
                *ctx.sel.add(at) = row as u32;
                *ctx.wm.add(at) = ctx.time_max;
            }
        }
        ctx.rows_out += 1;
    }

    fn repr(&self, val: Val) -> Repr {
        self.program.insts[val.0 as usize].repr
    }
}

fn is_true((cell, valid): Lane) -> bool {
    valid && cell[0] != 0
}
