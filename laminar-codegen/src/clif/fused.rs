//! The fused loop of an edge from a source into a window with a key of one word: filter, look-up and accumulators of a row
//! together, nothing stored between. What it is for and which edges have one: [`crate::ir::Pipeline::fused_group`].
//!
//! ```text
//! entry:   load what does not change; lo < hi ? body : exit
//! body:    instructions before the filter; failed or outside the window ? exit; filter ? rest : skip
//! rest:    instructions after it; failed ? exit; hash the key
//! probe:   entry of the index: tag equal ? check : (free ? miss : (cold) step)
//! check:   key equal ? found : step
//! step:    (cold) next bucket; probe
//! found:   each accumulator takes its argument; next
//! skip:    next
//! next:    take the time; row + 1 < hi ? body : exit
//! miss:    (cold) ask for the group; exit
//! exit:    write back done, time_max
//! ```
//!
//! A row that is not taken leaves no trace, so the stages (or, after a miss, this loop) take it from there. The loop calls nothing
//! of its own accord: what is live stays in registers.

use super::cursor::Cursor;
use super::input::Source;
use super::lane::{self, Lane};
use super::stage::{CtxAt, Leave, Stage, Variables, field};
use super::symbols::Symbols;
use super::update::{Arguments, Row};
use super::{EdgeStage, POINTER, Texts};
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{Block, InstBuilder, Value, types};
use cranelift_frontend::FunctionBuilder;
use laminar_runtime::fused::{FusedCtx, Groups, HASH_FACTOR};
use laminar_runtime::plan::{Accumulator, GroupPlan, RowLayout};
use std::mem::offset_of;

const AT: CtxAt = CtxAt {
    base: offset_of!(FusedCtx, base),
    now: offset_of!(FusedCtx, now),
    arena: offset_of!(FusedCtx, arena),
};

/// What look-ups read.
struct Table {
    index: Value,
    /// Address of the row before row 0: entries of the index hold row + 1.
    before_rows: Value,
    mask: Value,
    shift: Value,
}

/// Builds the loop of an edge into `group`.
pub(super) fn build<'a>(
    b: &'a mut FunctionBuilder<'_>,
    symbols: &'a mut Symbols<'_>,
    texts: &'a mut Texts,
    edge: &EdgeStage<'a>,
    group: &GroupPlan,
) {
    let &EdgeStage { program, layout, .. } = edge;
    let [entry, body, next, exit] = std::array::from_fn(|_| b.create_block());
    b.append_block_params_for_function_params(entry);
    let time_taken = b.append_block_param(next, types::I64);

    b.switch_to_block(entry);
    let ctx = b.block_params(entry)[0];
    let lo = field(b, ctx, offset_of!(FusedCtx, lo));
    let hi = field(b, ctx, offset_of!(FusedCtx, hi));
    let window_start = field(b, ctx, offset_of!(FusedCtx, window_start));
    let row_layout = RowLayout::of(&group.keys, &group.accumulators);
    let table = Table::load(b, ctx, &row_layout);
    let mut source = Source::load(b, ctx, AT, program, layout);
    let cursor = Cursor::new(b, (ctx, AT), layout, (lo, hi), false);
    let vars = Variables { cursor, time_max: b.declare_var(types::I64) };
    // Not read-only: written back at the end.
    let time_before = b.ins().load(types::I64, lane::output(), ctx, offset_of!(FusedCtx, time_max) as i32);
    b.def_var(vars.time_max, time_before);
    let any = b.ins().icmp(IntCC::UnsignedLessThan, lo, hi);
    b.ins().brif(any, body, &[], exit, &[]);

    b.switch_to_block(body);
    let row = source.set_row(b, &vars.cursor);
    let mut stage = Stage::new(b, symbols, texts, program, source, (ctx, AT), row, Leave::All(exit));
    let loop_ = Loop { group, row_layout: &row_layout, table: &table, window_start, next, exit };
    stage.fused_row(&vars, &loop_);

    let Stage { b, .. } = stage;
    b.switch_to_block(next);
    b.def_var(vars.time_max, time_taken);
    let more = vars.cursor.advance(b);
    b.ins().brif(more, body, &[], exit, &[]);

    b.switch_to_block(exit);
    let done = vars.cursor.number(b, (ctx, AT));
    let time_max = b.use_var(vars.time_max);
    for (value, at) in [(done, offset_of!(FusedCtx, done)), (time_max, offset_of!(FusedCtx, time_max))] {
        b.ins().store(lane::output(), value, ctx, at as i32);
    }
    b.ins().return_(&[]);
}

/// Where a row of the loop goes, and what it meets.
struct Loop<'a> {
    group: &'a GroupPlan,
    row_layout: &'a RowLayout,
    table: &'a Table,
    window_start: Value,
    /// Takes the greatest event time.
    next: Block,
    exit: Block,
}

impl Table {
    /// Loads what stays the same in the loop.
    fn load(b: &mut FunctionBuilder<'_>, ctx: Value, layout: &RowLayout) -> Table {
        let groups = offset_of!(FusedCtx, groups);
        let rows = field(b, ctx, groups + offset_of!(Groups, rows));
        Table {
            index: field(b, ctx, groups + offset_of!(Groups, index)),
            before_rows: b.ins().iadd_imm_s(rows, -(layout.stride as i64)),
            mask: field(b, ctx, groups + offset_of!(Groups, mask)),
            shift: field(b, ctx, groups + offset_of!(Groups, shift)),
        }
    }
}

impl Stage<'_, '_, '_> {
    /// Everything for one row, to the jumps to `next`.
    fn fused_row(&mut self, vars: &Variables, at: &Loop<'_>) {
        for i in 0..self.program.split {
            self.inst(i);
        }
        let time_max = self.time(vars);
        let time = self.lane(self.program.outs[0].val).words.first();
        let into = self.b.ins().isub(time, at.window_start);
        let size = at.group.window.map_or(1, |w| w.size_ns);
        let size = self.b.ins().iconst(types::I64, size);
        let outside = self.b.ins().icmp(IntCC::UnsignedGreaterThanOrEqual, into, size);
        self.raise(outside, 0);
        self.leave_failed();
        if let Some(filter) = self.program.filter {
            let passes = self.is_true(filter);
            let rest = self.b.create_block();
            self.b.ins().brif(passes, rest, &[], at.next, &[time_max.into()]);
            self.b.switch_to_block(rest);
        }
        for i in self.program.split..self.program.insts.len() {
            self.inst(i);
        }
        self.leave_failed();
        let group_row = self.look_up(at);
        let lanes = self.arguments(at.group);
        let mut row = Row {
            b: &mut *self.b,
            symbols: &mut *self.symbols,
            arguments: Arguments::Lanes(lanes),
            group_row,
        };
        for (accumulator, &offset) in at.group.accumulators.iter().zip(&at.row_layout.accumulators) {
            row.take(accumulator, offset as i32);
        }
        self.b.ins().jump(at.next, &[time_max.into()]);
    }

    /// The address of the row's group.
    fn look_up(&mut self, at: &Loop<'_>) -> Value {
        let key = self.cell_words(self.program.outs[1].val).first();
        let b = &mut *self.b;
        let [probe, other, check, step, miss, found] = [(); 6].map(|()| b.create_block());
        let bucket = b.append_block_param(probe, types::I64);
        let group_row = b.append_block_param(found, POINTER);
        for cold in [step, miss] {
            b.set_cold_block(cold);
        }

        // `tag(word(key))` of `laminar-runtime/src/group/hash.rs`: the upper half of the low word of the product against the lower half
        // of the high one.
        let factor = b.ins().iconst(types::I64, HASH_FACTOR as i64);
        // Both halves of one product: a single instruction where the machine has it.
        let wide_key = b.ins().uextend(types::I128, key);
        let wide_factor = b.ins().uextend(types::I128, factor);
        let product = b.ins().imul(wide_key, wide_factor);
        let (low, high) = b.ins().isplit(product);
        let low = b.ins().ushr_imm_u(low, 32);
        let tag = b.ins().bxor(low, high);
        let tag = b.ins().ireduce(types::I32, tag);
        let tag = b.ins().bor_imm_u(tag, 1);
        let tag = b.ins().uextend(types::I64, tag);
        let home = b.ins().ushr(tag, at.table.shift);
        b.ins().jump(probe, &[home.into()]);

        b.switch_to_block(probe);
        let offset = b.ins().ishl_imm_s(bucket, 3);
        let entry_at = b.ins().iadd(at.table.index, offset);
        // Neither index nor keys change in the loop.
        let entry = b.ins().load(types::I64, lane::input(), entry_at, 0);
        let held = b.ins().ushr_imm_u(entry, 32);
        let same_tag = b.ins().icmp(IntCC::Equal, held, tag);
        b.ins().brif(same_tag, check, &[], other, &[]);

        b.switch_to_block(check);
        let row = b.ins().ireduce(types::I32, entry);
        let row = b.ins().uextend(types::I64, row);
        let offset = b.ins().imul_imm_s(row, at.row_layout.stride as i64);
        let row = b.ins().iadd(at.table.before_rows, offset);
        let held = b.ins().load(types::I64, lane::output(), row, 0);
        let same_key = b.ins().icmp(IntCC::Equal, held, key);
        b.ins().brif(same_key, found, &[row.into()], step, &[]);

        b.switch_to_block(other);
        let free = b.ins().icmp_imm_s(IntCC::Equal, entry, 0);
        b.ins().brif(free, miss, &[], step, &[]);

        b.switch_to_block(step);
        let bucket = b.ins().iadd_imm_s(bucket, 1);
        let bucket = b.ins().band(bucket, at.table.mask);
        b.ins().jump(probe, &[bucket.into()]);

        b.switch_to_block(miss);
        let ctx = self.ctx;
        let one = b.ins().iconst(types::I64, 1);
        b.ins().store(lane::output(), one, ctx, offset_of!(FusedCtx, wanted) as i32);
        b.ins().store(lane::output(), key, ctx, offset_of!(FusedCtx, key) as i32);
        b.ins().jump(at.exit, &[]);

        b.switch_to_block(found);
        group_row
    }

    /// The columns that accumulators take, as their cells would hold them.
    fn arguments(&mut self, group: &GroupPlan) -> Vec<Option<Lane>> {
        let mut lanes = vec![None; self.program.outs.len()];
        let taken = |a: &Accumulator| a.tuple.iter().map(|c| c.column).chain(a.arg).collect::<Vec<_>>();
        for arg in group.accumulators.iter().flat_map(taken) {
            let val = self.program.outs[arg as usize].val;
            let lane = Lane { words: self.cell_words(val), valid: self.lane(val).valid };
            lanes[arg as usize] = Some(lane);
        }
        lanes
    }
}
