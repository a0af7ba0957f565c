//! One instruction as machine code.
//!
//! The values of lanes that fail are those of [`crate::sir::eval`]: arithmetic wraps, division by zero gives 0, a function
//! that fails or is not called gives zeros.

use super::lane::{self, Lane, Words, load_cell, word_types, zero};
use super::stage::{Stage, field};
use super::symbols::Symbol;
use crate::sir::eval::{DEC18_MAX, MAX_ARGS};
use crate::sir::{Const, Fail, Inst, Op, Range};
use cranelift_codegen::ir::condcodes::{FloatCC, IntCC};
use cranelift_codegen::ir::{InstBuilder, StackSlot, StackSlotData, StackSlotKind, Type, Value, types};
use laminar_runtime::scalar::FnId;
use laminar_runtime::schema::Repr;
use laminar_runtime::stage::ExprCtx;
use std::mem::offset_of;

/// The words of a result, and an `i8`: whether it is bad. None: it is not.
type Outcome = (Words, Option<Value>);

impl Stage<'_, '_, '_> {
    /// Instruction number `index`; an input waits for its first use.
    pub(super) fn inst(&mut self, index: usize) {
        let program = self.program;
        let inst = &program.insts[index];
        if matches!(inst.op, Op::Input(_)) {
            return;
        }
        let lane = match inst.op {
            Op::And | Op::Or => self.and_or(inst),
            Op::Select => self.select(inst),
            Op::CallRust(ref f) => self.call_rust(f, inst),
            _ => self.other(inst),
        };
        self.lanes[index] = Some(lane);
    }

    fn other(&mut self, inst: &Inst) -> Lane {
        let never_null = |words| Lane { words, valid: None };
        match &inst.op {
            Op::Const(c) => never_null(self.const_words(c)),
            Op::Null => {
                Lane { words: zero(self.b, inst.repr), valid: Some(self.b.ins().iconst(types::I8, 0)) }
            }
            // Only of groups, which are read in expression stages.
            Op::WindowStart => never_null(self.ctx_word(offset_of!(ExprCtx, window_start))),
            Op::WindowEnd => never_null(self.ctx_word(offset_of!(ExprCtx, window_end))),
            Op::Now => never_null(self.ctx_word(self.at.now)),
            Op::IsNull => {
                let is_null = match self.lane(inst.args[0]).valid {
                    Some(valid) => self.b.ins().bxor_imm_s(valid, 1),
                    None => self.b.ins().iconst(types::I8, 0),
                };
                never_null(Words::One(is_null))
            }
            Op::NullUnless => {
                let value = self.lane(inst.args[0]);
                let keep = self.is_true(inst.args[1]);
                let valid = value.valid.map_or(keep, |v| self.b.ins().band(v, keep));
                Lane { words: value.words, valid: Some(valid) }
            }
            Op::Unwrap => never_null(self.lane(inst.args[0]).words),
            _ => self.strict(inst),
        }
    }

    /// Strict operations, and what their failure does.
    fn strict(&mut self, inst: &Inst) -> Lane {
        let mut valid = None;
        for &arg in &inst.args {
            let arg_valid = self.lane(arg).valid;
            valid = self.both(valid, arg_valid);
        }
        let guard = inst.guard.map(|g| self.lane(g).words.first());
        let (words, bad) = match inst.op {
            Op::Call(id) => {
                let active = self.both(valid, guard);
                self.call(id, inst, active)
            }
            _ => self.plain(inst),
        };
        let Some(bad) = bad else { return Lane { words, valid } };
        match inst.fail {
            Fail::Never => {}
            Fail::Null => {
                let good = self.b.ins().bxor_imm_s(bad, 1);
                valid = self.both(valid, Some(good));
            }
            Fail::Site(site) => {
                let active = self.both(valid, guard);
                let raised = active.map_or(bad, |a| self.b.ins().band(bad, a));
                self.raise(raised, site);
            }
        }
        Lane { words, valid }
    }

    fn plain(&mut self, inst: &Inst) -> Outcome {
        let arg = |stage: &mut Self, i: usize| stage.lane(inst.args[i]).words.first();
        let fallible = inst.fail != Fail::Never;
        match &inst.op {
            Op::Cmp(op) => (Words::One(self.compare(*op, inst.args[0], inst.args[1])), None),
            Op::Div(range) => self.div(inst, *range),
            Op::Rem => self.rem(inst),
            Op::Add(range) | Op::Sub(range) | Op::Mul(range) if fallible => {
                let (x, y) = (arg(self, 0), arg(self, 1));
                if let Some(bounds) = self.operand_bounds(inst, *range) {
                    let value = self.infallible(inst);
                    return (Words::One(value), self.outside(x, bounds));
                }
                let (value, overflow) = match inst.op {
                    Op::Add(_) => self.b.ins().sadd_overflow(x, y),
                    Op::Sub(_) => self.b.ins().ssub_overflow(x, y),
                    _ => self.b.ins().smul_overflow(x, y),
                };
                self.ranged(value, Some(overflow), *range)
            }
            Op::Neg(range) if fallible => {
                let x = arg(self, 0);
                let value = self.b.ins().ineg(x);
                let overflow = self.b.ins().icmp_imm_s(IntCC::Equal, x, i64::MIN);
                self.ranged(value, Some(overflow), *range)
            }
            Op::Fit(range) => {
                let x = arg(self, 0);
                self.ranged(x, None, *range)
            }
            Op::NonZero | Op::NonNegative => {
                let x = arg(self, 0);
                let cc = if inst.op == Op::NonZero { IntCC::Equal } else { IntCC::SignedLessThan };
                (Words::One(x), Some(self.b.ins().icmp_imm_s(cc, x, 0)))
            }
            Op::Widen => {
                let x = arg(self, 0);
                let sign = self.b.ins().sshr_imm_s(x, 63);
                (Words::Pair(x, sign), None)
            }
            Op::MulWide => {
                let (x, y) = (arg(self, 0), arg(self, 1));
                (Words::Pair(self.b.ins().imul(x, y), self.b.ins().smulhi(x, y)), None)
            }
            _ => (Words::One(self.infallible(inst)), None),
        }
    }

    fn infallible(&mut self, inst: &Inst) -> Value {
        let x = self.lane(inst.args[0]).words.first();
        let y = inst.args.get(1).map_or(x, |&y| self.lane(y).words.first());
        let b = &mut *self.b;
        match inst.op {
            Op::Add(_) => b.ins().iadd(x, y),
            Op::Sub(_) => b.ins().isub(x, y),
            Op::Mul(_) => b.ins().imul(x, y),
            Op::Neg(_) => b.ins().ineg(x),
            Op::FAdd => b.ins().fadd(x, y),
            Op::FSub => b.ins().fsub(x, y),
            Op::FMul => b.ins().fmul(x, y),
            Op::FDiv => b.ins().fdiv(x, y),
            Op::FNeg => b.ins().fneg(x),
            Op::Not => b.ins().bxor_imm_s(x, 1),
            Op::RoundReal => {
                let real = b.ins().fdemote(types::F32, x);
                b.ins().fpromote(types::F64, real)
            }
            Op::IntToFloat => b.ins().fcvt_from_sint(types::F64, x),
            Op::BoolToInt => b.ins().uextend(types::I64, x),
            Op::NormFloat => {
                let zero = b.ins().f64const(0.0);
                let sum = b.ins().fadd(x, zero);
                let is_nan = b.ins().fcmp(FloatCC::Unordered, x, x);
                let nan = b.ins().f64const(f64::NAN);
                b.ins().select(is_nan, nan, sum)
            }
            ref op => unreachable!("{op} is not a plain operation"),
        }
    }

    /// The value and whether it is outside the range, or has overflowed on the way.
    fn ranged(&mut self, value: Value, overflow: Option<Value>, range: Range) -> Outcome {
        let b = &mut *self.b;
        let outside = match range {
            Range::I64 => None,
            Range::I16 | Range::I32 => {
                let narrow = if range == Range::I16 { types::I16 } else { types::I32 };
                let low = b.ins().ireduce(narrow, value);
                let back = b.ins().sextend(types::I64, low);
                Some(b.ins().icmp(IntCC::NotEqual, back, value))
            }
            Range::Dec18 => {
                let from_zero = b.ins().iadd_imm_s(value, DEC18_MAX);
                Some(b.ins().icmp_imm_u(IntCC::UnsignedGreaterThan, from_zero, 2 * DEC18_MAX))
            }
        };
        let bad = match (overflow, outside) {
            (Some(a), Some(c)) => Some(b.ins().bor(a, c)),
            (a, c) => a.or(c),
        };
        (Words::One(value), bad)
    }

    /// For an operation with a constant on the right: between which values of the left operand its result is inside the range. One
    /// comparison before it then stands for the flag and the comparison after it.
    fn operand_bounds(&self, inst: &Inst, range: Range) -> Option<(i64, i64)> {
        let &Const::Int(c) = self.constant(inst.args[1])? else { return None };
        let (min, max) = match range {
            Range::I16 => (i16::MIN as i128, i16::MAX as i128),
            Range::I32 => (i32::MIN as i128, i32::MAX as i128),
            Range::I64 => (i64::MIN as i128, i64::MAX as i128),
            Range::Dec18 => (-DEC18_MAX as i128, DEC18_MAX as i128),
        };
        let c = c as i128;
        let (low, high) = match inst.op {
            Op::Add(_) => (min - c, max - c),
            Op::Sub(_) => (min + c, max + c),
            // Division toward zero is the ceiling of a negative bound and the floor of a positive one.
            Op::Mul(_) if c > 0 => (min / c, max / c),
            Op::Mul(_) if c < 0 => (max / c, min / c),
            _ => return None,
        };
        let clamp = |bound: i128| bound.clamp(i64::MIN as i128, i64::MAX as i128) as i64;
        // Without a value inside, as for a DECIMAL and a huge constant, clamped bounds would let one in.
        (low <= i64::MAX as i128 && high >= i64::MIN as i128).then(|| (clamp(low), clamp(high)))
    }

    /// An `i8`: whether `x` is outside the bounds; none where nothing is.
    fn outside(&mut self, x: Value, (low, high): (i64, i64)) -> Option<Value> {
        let b = &mut *self.b;
        Some(match (low, high) {
            (i64::MIN, i64::MAX) => return None,
            (i64::MIN, high) => b.ins().icmp_imm_s(IntCC::SignedGreaterThan, x, high),
            (low, i64::MAX) => b.ins().icmp_imm_s(IntCC::SignedLessThan, x, low),
            (low, high) => {
                let width = b.ins().iconst(types::I64, high.wrapping_sub(low));
                let low = b.ins().iconst(types::I64, low);
                let into = b.ins().isub(x, low);
                b.ins().icmp(IntCC::UnsignedGreaterThan, into, width)
            }
        })
    }

    /// A divisor that cannot trap, and whether the given one is zero. A constant needs no check.
    fn divisor(&mut self, inst: &Inst) -> (Value, Option<Value>) {
        if let Some(Const::Int(d)) = self.constant(inst.args[1])
            && ![0, -1].contains(d)
        {
            return (self.b.ins().iconst(types::I64, *d), None);
        }
        let d = self.lane(inst.args[1]).words.first();
        let is_zero = self.b.ins().icmp_imm_s(IntCC::Equal, d, 0);
        (d, Some(is_zero))
    }

    fn div(&mut self, inst: &Inst, range: Range) -> Outcome {
        let n = self.lane(inst.args[0]).words.first();
        let (d, is_zero) = self.divisor(inst);
        let Some(is_zero) = is_zero else {
            let quotient = self.b.ins().sdiv(n, d);
            return self.ranged(quotient, None, range);
        };
        let b = &mut *self.b;
        let is_min = b.ins().icmp_imm_s(IntCC::Equal, n, i64::MIN);
        let is_minus_one = b.ins().icmp_imm_s(IntCC::Equal, d, -1);
        let overflow = b.ins().band(is_min, is_minus_one);
        let traps = b.ins().bor(is_zero, overflow);
        let one = b.ins().iconst(types::I64, 1);
        let zero = b.ins().iconst(types::I64, 0);
        let safe = b.ins().select(traps, one, d);
        let quotient = b.ins().sdiv(n, safe);
        let value = b.ins().select(is_zero, zero, quotient);
        self.ranged(value, Some(traps), range)
    }

    fn rem(&mut self, inst: &Inst) -> Outcome {
        let n = self.lane(inst.args[0]).words.first();
        let (d, is_zero) = self.divisor(inst);
        let b = &mut *self.b;
        let Some(is_zero) = is_zero else { return (Words::One(b.ins().srem(n, d)), None) };
        // x % 1 is 0, which is also what x % 0 gives. x % −1 does not trap in Cranelift: it is 0.
        let one = b.ins().iconst(types::I64, 1);
        let safe = b.ins().select(is_zero, one, d);
        (Words::One(b.ins().srem(n, safe)), Some(is_zero))
    }

    /// Calls a function of the runtime where `active`; zeros elsewhere.
    fn call(&mut self, id: FnId, inst: &Inst, active: Option<Value>) -> Outcome {
        let args: Vec<Words> = inst.args.iter().map(|&a| self.lane(a).words).collect();
        let flag = id.def().fallible.then_some(types::I8);
        self.called_where(active, id.def().ret, flag, |stage| stage.call_now(id, &args))
    }

    /// What `call` gives where `active`: a value, and what else it says; zeros elsewhere.
    pub(super) fn called_where(
        &mut self,
        active: Option<Value>,
        repr: Repr,
        flag: Option<Type>,
        call: impl FnOnce(&mut Self) -> Outcome,
    ) -> Outcome {
        let Some(active) = active else { return call(self) };
        let [now, skip, done] = [(); 3].map(|()| self.b.create_block());
        let types = word_types(repr);
        let params: Vec<Value> = types.iter().map(|&t| self.b.append_block_param(done, t)).collect();
        let said = flag.map(|flag| self.b.append_block_param(done, flag));
        self.b.ins().brif(active, now, &[], skip, &[]);

        self.b.switch_to_block(now);
        let (words, says) = call(self);
        let results: Vec<_> = words.values().chain(says).map(Into::into).collect();
        self.b.ins().jump(done, &results);

        self.b.switch_to_block(skip);
        let words = zero(self.b, repr);
        let says = flag.map(|flag| self.b.ins().iconst(flag, 0));
        let results: Vec<_> = words.values().chain(says).map(Into::into).collect();
        self.b.ins().jump(done, &results);

        self.b.switch_to_block(done);
        let words = match params[..] {
            [low, high] => Words::Pair(low, high),
            _ => Words::One(params[0]),
        };
        (words, said)
    }

    fn call_now(&mut self, id: FnId, args: &[Words]) -> Outcome {
        let (args_at, out_at) = self.pass(args);
        let arena = field(self.b, self.ctx, self.at.arena);
        let function = self.symbols.get(self.b.func, Symbol::Scalar(id));
        let call = self.b.ins().call(function, &[arena, args_at, out_at]);
        let status = self.b.inst_results(call)[0];
        let words = load_cell(self.b, id.def().ret, lane::output(), out_at, 0);
        let bad = id.def().fallible.then(|| self.b.ins().icmp_imm_s(IntCC::NotEqual, status, 0));
        (words, bad)
    }

    /// Stores arguments as cells; their address, and that of room for a result.
    pub(super) fn pass(&mut self, args: &[Words]) -> (Value, Value) {
        let (args_slot, out_slot) = self.call_slots();
        let flags = lane::output();
        let args_at = self.b.ins().stack_addr(types::I64, args_slot, 0);
        for (i, arg) in args.iter().enumerate() {
            for (k, word) in arg.values().enumerate() {
                let is_bool = self.b.func.dfg.value_type(word) == types::I8;
                let word = if is_bool { self.b.ins().uextend(types::I64, word) } else { word };
                self.b.ins().store(flags, word, args_at, (16 * i + 8 * k) as i32);
            }
        }
        (args_at, self.b.ins().stack_addr(types::I64, out_slot, 0))
    }

    fn call_slots(&mut self) -> (StackSlot, StackSlot) {
        let mut slot = |cells: usize| {
            let data = StackSlotData::new(StackSlotKind::ExplicitSlot, 16 * cells as u32, 3);
            self.b.create_sized_stack_slot(data)
        };
        *self.call_slots.get_or_insert_with(|| (slot(MAX_ARGS), slot(1)))
    }

    /// Three-valued logic without branches.
    fn and_or(&mut self, inst: &Inst) -> Lane {
        let (left, right) = (self.lane(inst.args[0]), self.lane(inst.args[1]));
        let (x, y) = (left.words.first(), right.words.first());
        let is_and = inst.op == Op::And;
        let value = if is_and { self.b.ins().band(x, y) } else { self.b.ins().bor(x, y) };
        let Some(all_valid) = self.both(left.valid, right.valid) else {
            return Lane { words: Words::One(value), valid: None };
        };
        // One side decides alone: a FALSE under AND, a TRUE under OR.
        let mut valid = all_valid;
        for side in [left, right] {
            let v = side.words.first();
            let decides = if is_and { self.b.ins().bxor_imm_s(v, 1) } else { v };
            let decides = side.valid.map_or(decides, |valid| self.b.ins().band(decides, valid));
            valid = self.b.ins().bor(valid, decides);
        }
        Lane { words: Words::One(value), valid: Some(valid) }
    }

    fn select(&mut self, inst: &Inst) -> Lane {
        let condition = self.is_true(inst.args[0]);
        let (x, y) = (self.lane(inst.args[1]), self.lane(inst.args[2]));
        let b = &mut *self.b;
        let words = x.words.zip(y.words, |x, y| b.ins().select(condition, x, y));
        let valid = match (x.valid, y.valid) {
            (None, None) => None,
            (x, y) => {
                let x = x.unwrap_or_else(|| b.ins().iconst(types::I8, 1));
                let y = y.unwrap_or_else(|| b.ins().iconst(types::I8, 1));
                Some(b.ins().select(condition, x, y))
            }
        };
        Lane { words, valid }
    }

    fn const_words(&mut self, c: &Const) -> Words {
        match c {
            Const::Bool(v) => Words::One(self.b.ins().iconst(types::I8, *v as i64)),
            Const::Int(v) => Words::One(self.b.ins().iconst(types::I64, *v)),
            Const::Float(v) => Words::One(self.b.ins().f64const(*v)),
            Const::Text(text) => {
                let address = self.texts.keep(text.as_bytes()) as i64;
                let address = self.b.ins().iconst(types::I64, address);
                Words::Pair(address, self.b.ins().iconst(types::I64, text.len() as i64))
            }
            Const::Bytes(bytes) => {
                let address = self.texts.keep(bytes) as i64;
                let address = self.b.ins().iconst(types::I64, address);
                Words::Pair(address, self.b.ins().iconst(types::I64, bytes.len() as i64))
            }
            Const::Wide(v) => {
                let [low, high] = [*v as i64, (v >> 64) as i64].map(|w| self.b.ins().iconst(types::I64, w));
                Words::Pair(low, high)
            }
            Const::Interval(v) => {
                let [low, high] = v.to_cell().map(|word| self.b.ins().iconst(types::I64, word as i64));
                Words::Pair(low, high)
            }
        }
    }

    fn ctx_word(&mut self, offset: usize) -> Words {
        Words::One(field(self.b, self.ctx, offset))
    }

    /// AND of two flags, where absent means true.
    pub(super) fn both(&mut self, a: Option<Value>, c: Option<Value>) -> Option<Value> {
        match (a, c) {
            (Some(a), Some(c)) => Some(self.b.ins().band(a, c)),
            (a, c) => a.or(c),
        }
    }
}
