//! The loop of an expression stage.
//!
//! ```text
//! entry:   start
//! start:   load what does not change; lo < hi ? body : exit
//! body:    instructions before the filter; time; filter ? rest : skip
//! rest:    instructions after it; store; next
//! skip:    take the time; next
//! reject:  (cold) write back; lo = row + 1; reject(ctx, row, site) ? end : start
//! next:    row + 1 < hi ? body : exit
//! exit:    write back rows_out, time_max; end
//! ```
//!
//! After a row that failed everything is loaded anew: so nothing but the context is live across that call, and a loop that calls nothing
//! else has all registers for itself.
//!
//! Instructions that fail leave the row for `reject` with their site. A few of them share a branch; the first site wins.

use super::EdgeStage;
use super::Texts;
use super::cursor::Cursor;
use super::input::Source;
use super::lane::{self, Lane};
use super::store::Outs;
use super::symbols::{Symbol, Symbols};
use crate::sir::{Const, Op, Program, Val};
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{Block, InstBuilder, StackSlot, Value, types};
use cranelift_frontend::{FunctionBuilder, Variable};
use laminar_runtime::stage::ExprCtx;
use std::mem::offset_of;

/// Sites that share a branch, at most.
const RAISED_MAX: usize = 8;

/// A function being built.
pub(super) struct Stage<'a, 'f, 's> {
    pub(super) b: &'a mut FunctionBuilder<'f>,
    pub(super) symbols: &'a mut Symbols<'s>,
    pub(super) texts: &'a mut Texts,
    pub(super) program: &'a Program,
    /// The values made so far; inputs are made when first read.
    pub(super) lanes: Vec<Option<Lane>>,
    /// Where inputs are.
    pub(super) source: Source<'a>,
    /// The context.
    pub(super) ctx: Value,
    /// Where in it things are.
    pub(super) at: CtxAt,
    /// Number of the row, where it goes along.
    pub(super) row: Option<Value>,
    /// Where rows go that fail.
    pub(super) leave: Leave,
    /// Sites raised in order, each with an `i8`: whether it is.
    pub(super) raised: Vec<(Value, u16)>,
    /// Arguments and result of calls.
    pub(super) call_slots: Option<(StackSlot, StackSlot)>,
}

/// Offsets in the context of what every loop reads.
#[derive(Clone, Copy)]
pub(super) struct CtxAt {
    pub(super) base: usize,
    pub(super) now: usize,
    pub(super) arena: usize,
}

const AT: CtxAt = CtxAt {
    base: offset_of!(ExprCtx, base),
    now: offset_of!(ExprCtx, now),
    arena: offset_of!(ExprCtx, arena),
};

/// Where rows go that fail.
#[derive(Clone, Copy)]
pub(super) enum Leave {
    /// To one block for each row, which takes the site.
    Site(Block),
    /// To the end of the loop, whatever the site.
    All(Block),
}

/// What changes from row to row.
pub(super) struct Variables {
    pub(super) cursor: Cursor,
    pub(super) time_max: Variable,
}

/// Builds the stage of an edge.
pub(super) fn build<'a>(
    b: &'a mut FunctionBuilder<'_>,
    symbols: &'a mut Symbols<'_>,
    texts: &'a mut Texts,
    edge: &EdgeStage<'a>,
) {
    let &EdgeStage { program, layout, out, .. } = edge;
    let [entry, start, body, reject, next, exit, end] = std::array::from_fn(|_| b.create_block());
    b.append_block_params_for_function_params(entry);
    b.append_block_param(reject, types::I32);
    b.set_cold_block(reject);

    b.switch_to_block(entry);
    let ctx = b.block_params(entry)[0];
    b.ins().jump(start, &[]);

    b.switch_to_block(start);
    let lo = fresh(b, ctx, offset_of!(ExprCtx, lo));
    let hi = fresh(b, ctx, offset_of!(ExprCtx, hi));
    let mut source = Source::load(b, ctx, AT, program, layout);
    let cursor = Cursor::new(b, (ctx, AT), layout, (lo, hi), program.tracks);
    let vars = Variables { cursor, time_max: b.declare_var(types::I64) };
    let time_before = fresh(b, ctx, offset_of!(ExprCtx, time_max));
    b.def_var(vars.time_max, time_before);
    let outs = Outs::load(b, ctx, program, out);
    let any = b.ins().icmp(IntCC::UnsignedLessThan, lo, hi);
    b.ins().brif(any, body, &[], exit, &[]);

    b.switch_to_block(body);
    let row = source.set_row(b, &vars.cursor);
    let mut stage = Stage::new(b, symbols, texts, program, source, (ctx, AT), row, Leave::Site(reject));
    stage.row_code(&vars, &outs, next);

    let Stage { b, symbols, .. } = stage;
    b.switch_to_block(reject);
    let site = b.block_params(reject)[0];
    let function = symbols.get(b.func, Symbol::Reject);
    write_back(b, ctx, &outs, &vars);
    let row = vars.cursor.number(b, (ctx, AT));
    let after = b.ins().iadd_imm_s(row, 1);
    b.ins().store(lane::output(), after, ctx, offset_of!(ExprCtx, lo) as i32);
    let call = b.ins().call(function, &[ctx, row, site]);
    let stop = b.inst_results(call)[0];
    b.ins().brif(stop, end, &[], start, &[]);

    b.switch_to_block(next);
    let more = vars.cursor.advance(b);
    b.ins().brif(more, body, &[], exit, &[]);

    b.switch_to_block(exit);
    write_back(b, ctx, &outs, &vars);
    b.ins().jump(end, &[]);

    b.switch_to_block(end);
    b.ins().return_(&[]);
}

/// Says in the context how far the loop has come.
fn write_back(b: &mut FunctionBuilder<'_>, ctx: Value, outs: &Outs<'_>, vars: &Variables) {
    let rows_out = outs.count(b, ctx);
    let time_max = b.use_var(vars.time_max);
    for (value, at) in [(rows_out, offset_of!(ExprCtx, rows_out)), (time_max, offset_of!(ExprCtx, time_max))]
    {
        b.ins().store(lane::output(), value, ctx, at as i32);
    }
}

/// A word that is loaded here and nowhere else: what is not read-only is not moved out of a loop either.
pub(super) fn fresh(b: &mut FunctionBuilder<'_>, from: Value, offset: usize) -> Value {
    b.ins().load(types::I64, lane::output(), from, offset as i32)
}

/// A field of the context that the stage does not change.
pub(super) fn field(b: &mut FunctionBuilder<'_>, ctx: Value, offset: usize) -> Value {
    b.ins().load(types::I64, lane::input(), ctx, offset as i32)
}

impl<'a, 'f, 's> Stage<'a, 'f, 's> {
    /// A function whose row is about to begin.
    #[allow(clippy::too_many_arguments)]
    pub(super) fn new(
        b: &'a mut FunctionBuilder<'f>,
        symbols: &'a mut Symbols<'s>,
        texts: &'a mut Texts,
        program: &'a Program,
        source: Source<'a>,
        (ctx, at): (Value, CtxAt),
        row: Option<Value>,
        leave: Leave,
    ) -> Stage<'a, 'f, 's> {
        let lanes = vec![None; program.insts.len()];
        let (raised, call_slots) = (Vec::new(), None);
        Stage { b, symbols, texts, program, lanes, source, ctx, at, row, leave, raised, call_slots }
    }

    /// Everything for one row, to the jumps to `next`.
    fn row_code(&mut self, vars: &Variables, outs: &Outs<'_>, next: Block) {
        for i in 0..self.program.split {
            self.inst(i);
        }
        let time_max = self.time(vars);
        self.leave_failed();
        if let Some(filter) = self.program.filter {
            let passes = self.is_true(filter);
            let [rest, skip] = [(); 2].map(|()| self.b.create_block());
            self.b.ins().brif(passes, rest, &[], skip, &[]);
            self.b.switch_to_block(skip);
            self.b.def_var(vars.time_max, time_max);
            self.b.ins().jump(next, &[]);
            self.b.switch_to_block(rest);
        }
        for i in self.program.split..self.program.insts.len() {
            self.inst(i);
        }
        self.leave_failed();
        self.b.def_var(vars.time_max, time_max);
        self.store(outs, time_max);
        self.b.ins().jump(next, &[]);
    }

    /// The greatest event time with this row's; a row without time fails.
    pub(super) fn time(&mut self, vars: &Variables) -> Value {
        let before = self.b.use_var(vars.time_max);
        let Some(time) = self.program.time else { return before };
        let lane = self.lane(time.val);
        if let (Some(valid), Some(site)) = (lane.valid, time.null_site) {
            let is_null = self.b.ins().bxor_imm_s(valid, 1);
            self.raise(is_null, site);
        }
        // In this order the result takes the place of `before`: no move at the end of the loop.
        self.b.ins().smax(before, lane.words.first())
    }

    /// Leaves the row with `site` where `bad`, here or a few instructions later.
    pub(super) fn raise(&mut self, bad: Value, site: u16) {
        self.raised.push((bad, site));
        if self.raised.len() == RAISED_MAX {
            self.leave_failed();
        }
    }

    /// Leaves the row for the first site that has been raised. One branch for several sites: blocks are what costs
    /// most to compile, and flags that are kept for long cost registers.
    pub(super) fn leave_failed(&mut self) {
        let raised = std::mem::take(&mut self.raised);
        let Some(((last_bad, last_site), before)) = raised.split_last() else { return };
        let any = before.iter().fold(*last_bad, |any, (bad, _)| self.b.ins().bor(any, *bad));
        let good = self.b.create_block();
        let reject = match self.leave {
            Leave::Site(reject) => reject,
            Leave::All(end) => {
                self.b.ins().brif(any, end, &[], good, &[]);
                return self.b.switch_to_block(good);
            }
        };
        let find = self.b.create_block();
        self.b.set_cold_block(find);
        self.b.ins().brif(any, find, &[], good, &[]);
        self.b.switch_to_block(find);
        let mut first = self.b.ins().iconst(types::I32, *last_site as i64);
        for (bad, site) in before.iter().rev() {
            let site = self.b.ins().iconst(types::I32, *site as i64);
            first = self.b.ins().select(*bad, site, first);
        }
        self.b.ins().jump(reject, &[first.into()]);
        self.b.switch_to_block(good);
    }

    /// A value; an input is loaded now if it has not been.
    pub(super) fn lane(&mut self, val: Val) -> Lane {
        let index = val.0 as usize;
        if let Some(lane) = self.lanes[index] {
            return lane;
        }
        let lane = match self.program.insts[index].op {
            Op::Input(input) => self.load(input as usize),
            _ => unreachable!("arguments come before their uses"),
        };
        self.lanes[index] = Some(lane);
        lane
    }

    /// An `i8`: whether the Bool is TRUE.
    pub(super) fn is_true(&mut self, val: Val) -> Value {
        let lane = self.lane(val);
        let value = lane.words.first();
        match lane.valid {
            Some(valid) => self.b.ins().band(value, valid),
            None => value,
        }
    }

    /// Number of the row, for loops that count.
    pub(super) fn row(&self) -> Value {
        self.row.expect("the cursor counts where rows are columns or are tracked")
    }

    /// The constant that a value is.
    pub(super) fn constant(&self, val: Val) -> Option<&'a Const> {
        match &self.program.insts[val.0 as usize].op {
            Op::Const(c) => Some(c),
            _ => None,
        }
    }
}
