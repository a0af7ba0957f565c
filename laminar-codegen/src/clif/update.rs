//! The loop of an update stage: folds argument rows into the accumulators of their groups.
//!
//! ```text
//! for j in 0..n: group = rows + slots[j] * stride; each accumulator takes its argument at lo + j
//! ```
//!
//! The accumulators of a row serve the fused loop as well. It does what [`laminar_runtime::aggregate`] does for rows without weights, all accumulators in one pass. NULL arguments are
//! zero words (see [`laminar_runtime::stage`]), so plain sums need not ask for validity: the state of a float sum is never −0,
//! and adding 0 changes no other.

use super::POINTER;
use super::lane::{self, Lane};
use super::symbols::{Symbol, Symbols};
use cranelift_codegen::ir::condcodes::{FloatCC, IntCC};
use cranelift_codegen::ir::{InstBuilder, MemFlagsData, Value, types};
use cranelift_frontend::FunctionBuilder;
use laminar_runtime::plan::{AccOp, Accumulator, GroupPlan, RowLayout};
use laminar_runtime::stage::{ColumnRef, UpdateCtx};
use std::collections::BTreeMap;
use std::mem::offset_of;

/// Builds the update function of `group`, whose input has no weights.
pub(super) fn build(b: &mut FunctionBuilder<'_>, symbols: &mut Symbols<'_>, group: &GroupPlan) {
    let layout = RowLayout::of(&group.keys, &group.accumulators);
    let [entry, body, exit] = std::array::from_fn(|_| b.create_block());
    b.append_block_params_for_function_params(entry);

    b.switch_to_block(entry);
    let ctx = b.block_params(entry)[0];
    let mut field = |offset| b.ins().load(types::I64, lane::input(), ctx, offset as i32);
    let rows = field(offset_of!(UpdateCtx, rows));
    let slots = field(offset_of!(UpdateCtx, slots));
    let args = field(offset_of!(UpdateCtx, args));
    let lo = field(offset_of!(UpdateCtx, lo));
    let n = field(offset_of!(UpdateCtx, n));
    let columns = columns(b, args, &group.accumulators);
    let [slot_at, index] = [POINTER, types::I64].map(|ty| b.declare_var(ty));
    b.def_var(slot_at, slots);
    b.def_var(index, lo);
    let end = b.ins().iadd(lo, n);
    let any = b.ins().icmp_imm_s(IntCC::NotEqual, n, 0);
    b.ins().brif(any, body, &[], exit, &[]);

    b.switch_to_block(body);
    let (slot_now, index_now) = (b.use_var(slot_at), b.use_var(index));
    let slot = b.ins().uload32(lane::input(), slot_now, 0);
    let offset = b.ins().imul_imm_s(slot, layout.stride as i64);
    let group_row = b.ins().iadd(rows, offset);
    let arguments = Arguments::Columns { columns, index: index_now };
    let mut row = Row { b, symbols, arguments, group_row };
    for (accumulator, &at) in group.accumulators.iter().zip(&layout.accumulators) {
        row.take(accumulator, at as i32);
    }
    let b = row.b;
    let slot_next = b.ins().iadd_imm_s(slot_now, 4);
    b.def_var(slot_at, slot_next);
    let index_next = b.ins().iadd_imm_s(index_now, 1);
    b.def_var(index, index_next);
    let more = b.ins().icmp(IntCC::NotEqual, index_next, end);
    b.ins().brif(more, body, &[], exit, &[]);

    b.switch_to_block(exit);
    b.ins().return_(&[]);
}

/// Where the arguments of a row are.
pub(super) enum Arguments {
    /// In columns of cells, at `index`.
    Columns {
        /// The columns.
        columns: Columns,
        /// Index of the argument row.
        index: Value,
    },
    /// In registers, for each column of the edge that is an argument: the words of its cell.
    Lanes(Vec<Option<Lane>>),
}

/// Addresses of the argument columns' cells and validity bytes.
type Columns = BTreeMap<u32, (Value, Option<Value>)>;

fn columns(b: &mut FunctionBuilder<'_>, args: Value, accumulators: &[Accumulator]) -> Columns {
    let mut columns = Columns::new();
    let own = accumulators.iter().filter_map(|a| Some((a.arg?, a.nullable)));
    let tuples = accumulators.iter().flat_map(|a| a.tuple.iter().map(|c| (c.column, c.cell.nullable)));
    for (arg, nullable) in own.chain(tuples) {
        let at = arg as usize * size_of::<ColumnRef>();
        let mut field = |offset| b.ins().load(types::I64, lane::input(), args, (at + offset) as i32);
        let (_, valid) = columns.entry(arg).or_insert_with(|| (field(offset_of!(ColumnRef, data)), None));
        if nullable && valid.is_none() {
            *valid = Some(field(offset_of!(ColumnRef, valid)));
        }
    }
    columns
}

/// The code of one row.
pub(super) struct Row<'a, 'f, 's> {
    pub(super) b: &'a mut FunctionBuilder<'f>,
    pub(super) symbols: &'a mut Symbols<'s>,
    pub(super) arguments: Arguments,
    /// Address of the group's row.
    pub(super) group_row: Value,
}

impl Row<'_, '_, '_> {
    /// One accumulator takes its argument.
    pub(super) fn take(&mut self, accumulator: &Accumulator, at: i32) {
        let valid = accumulator.arg.filter(|_| accumulator.nullable).and_then(|arg| self.valid(arg));
        match accumulator.op {
            AccOp::Count => {
                let one = match valid {
                    Some(valid) => self.b.ins().uextend(types::I64, valid),
                    None => self.b.ins().iconst(types::I64, 1),
                };
                let count = self.load(at);
                let count = self.b.ins().iadd(count, one);
                self.store(count, at);
            }
            AccOp::SumInt => {
                let value = self.argument(accumulator.arg);
                let (low, high) = (self.load(at), self.load(at + 8));
                let sum = self.b.ins().iconcat(low, high);
                let value = self.b.ins().sextend(types::I128, value);
                let sum = self.b.ins().iadd(sum, value);
                let (low, high) = self.b.ins().isplit(sum);
                self.store(low, at);
                self.store(high, at + 8);
            }
            AccOp::SumWide => self.take_pair(Symbol::SumWide, accumulator, valid, at),
            AccOp::MinWide => self.take_pair(Symbol::MinWide, accumulator, valid, at),
            AccOp::MaxWide => self.take_pair(Symbol::MaxWide, accumulator, valid, at),
            AccOp::SumFloat => {
                let value = self.float_argument(accumulator.arg);
                let sum = self.b.ins().load(types::F64, lane::output(), self.group_row, at);
                let sum = self.b.ins().fadd(sum, value);
                self.store(sum, at);
            }
            AccOp::MinInt | AccOp::MaxInt => {
                let value = self.argument(accumulator.arg);
                let held = self.load(at);
                let cc = match accumulator.op {
                    AccOp::MinInt => IntCC::SignedLessThan,
                    _ => IntCC::SignedGreaterThan,
                };
                let better = self.b.ins().icmp(cc, value, held);
                self.keep_better(value, held, better, valid, at);
            }
            AccOp::MinFloat | AccOp::MaxFloat => {
                let value = self.argument(accumulator.arg);
                let new = self.float_argument(accumulator.arg);
                let old = self.b.ins().load(types::F64, lane::output(), self.group_row, at);
                let better = match accumulator.op {
                    AccOp::MinFloat => self.float_less(new, old),
                    _ => self.float_less(old, new),
                };
                let held = self.load(at);
                self.keep_better(value, held, better, valid, at);
            }
            AccOp::MinText => self.take_pair(Symbol::MinText, accumulator, valid, at),
            AccOp::MaxText => self.take_pair(Symbol::MaxText, accumulator, valid, at),
            AccOp::SumFloatExact => self.where_valid(valid, |row| {
                let value = row.float_argument(accumulator.arg);
                let weight = row.b.ins().iconst(types::I64, 1);
                row.call(Symbol::SumFloatExact, at, &[value, weight]);
            }),
            AccOp::SumSquares => self.where_valid(valid, |row| {
                let value = row.argument(accumulator.arg);
                row.call(Symbol::SumSquares, at, &[value]);
            }),
            AccOp::Moments => self.where_valid(valid, |row| {
                let value = row.float_argument(accumulator.arg);
                row.call(Symbol::Moments, at, &[value]);
            }),
            AccOp::CoMoments => self.where_valid(valid, |row| {
                let pair: Vec<Value> =
                    accumulator.tuple.iter().map(|c| row.float_argument(Some(c.column))).collect();
                row.call(Symbol::CoMoments, at, &pair);
            }),
            AccOp::PickFirst | AccOp::PickLast => self.where_valid(valid, |row| row.pick(accumulator, at)),
            // `ir::has_update_code` keeps groups with them away.
            _ => debug_assert!(false, "{:?} has no machine code", accumulator.op),
        }
    }

    /// Value and flag of a minimum or maximum.
    fn keep_better(&mut self, value: Value, held: Value, better: Value, valid: Option<Value>, at: i32) {
        let flag = self.load(at + 8);
        let is_first = self.b.ins().icmp_imm_s(IntCC::Equal, flag, 0);
        let take = self.b.ins().bor(is_first, better);
        let (take, flag) = match valid {
            Some(valid) => {
                let one = self.b.ins().uextend(types::I64, valid);
                (self.b.ins().band(take, valid), self.b.ins().bor(flag, one))
            }
            None => (take, self.b.ins().iconst(types::I64, 1)),
        };
        let kept = self.b.ins().select(take, value, held);
        self.store(kept, at);
        self.store(flag, at + 8);
    }

    /// `x < y` where NaN is greatest.
    fn float_less(&mut self, x: Value, y: Value) -> Value {
        let less = self.b.ins().fcmp(FloatCC::UnorderedOrLessThan, x, y);
        let number = self.b.ins().fcmp(FloatCC::Ordered, x, x);
        self.b.ins().band(less, number)
    }

    fn take_pair(&mut self, symbol: Symbol, accumulator: &Accumulator, valid: Option<Value>, at: i32) {
        self.where_valid(valid, |row| {
            let (low, high) = row.pair_argument(accumulator.arg);
            row.call(symbol, at, &[low, high]);
        });
    }

    /// Calls a function of the runtime with the state and more.
    fn call(&mut self, symbol: Symbol, at: i32, arguments: &[Value]) {
        let mut all = vec![self.b.ins().iadd_imm_s(self.group_row, at as i64)];
        all.extend(arguments);
        let function = self.symbols.get(self.b.func, symbol);
        self.b.ins().call(function, &all);
    }

    /// The value of the row whose integer comes first: `pick_first` and `pick_last` of the runtime.
    fn pick(&mut self, accumulator: &Accumulator, at: i32) {
        let [by, value] = &accumulator.tuple[..] else { return debug_assert!(false, "a pair") };
        let order = self.argument(Some(by.column));
        // What inverts the words of descending columns and makes their order unsigned.
        let mask = if by.descending { i64::MAX } else { i64::MIN };
        let mask = self.b.ins().iconst(types::I64, mask);
        let rank = self.b.ins().bxor(order, mask);
        let (seen, held) = (self.load(at + 16), self.load(at + 24));
        let first = self.b.ins().icmp_imm_s(IntCC::Equal, seen, 0);
        let before = match accumulator.op {
            AccOp::PickLast => IntCC::UnsignedLessThanOrEqual,
            _ => IntCC::UnsignedLessThan,
        };
        let before = self.b.ins().icmp(before, rank, held);
        let take = self.b.ins().bor(first, before);
        self.where_valid(Some(take), |row| {
            let word = row.argument(Some(value.column));
            let valid = if value.cell.nullable { row.valid(value.column) } else { None };
            let one = row.b.ins().iconst(types::I64, 1);
            let valid = valid.map_or(one, |valid| row.b.ins().uextend(types::I64, valid));
            for (word, offset) in [(word, 0), (valid, 8), (one, 16), (rank, 24)] {
                row.store(word, at + offset);
            }
        });
    }

    /// Does `then` where the argument is not NULL.
    fn where_valid(&mut self, valid: Option<Value>, then: impl FnOnce(&mut Self)) {
        let Some(valid) = valid else { return then(self) };
        let [call, done] = [(); 2].map(|()| self.b.create_block());
        self.b.ins().brif(valid, call, &[], done, &[]);
        self.b.switch_to_block(call);
        then(self);
        self.b.ins().jump(done, &[]);
        self.b.switch_to_block(done);
    }

    fn load(&mut self, at: i32) -> Value {
        self.b.ins().load(types::I64, lane::output(), self.group_row, at)
    }

    fn store(&mut self, value: Value, at: i32) {
        self.b.ins().store(lane::output(), value, self.group_row, at);
    }

    /// The only word of a column.
    fn argument(&mut self, column: Option<u32>) -> Value {
        if let Some(lane) = self.held(column) {
            return lane.words.first();
        }
        let cell = self.cell(column, 3);
        self.b.ins().load(types::I64, lane::input(), cell, 0)
    }

    fn float_argument(&mut self, column: Option<u32>) -> Value {
        if let Some(lane) = self.held(column) {
            return self.b.ins().bitcast(types::F64, MemFlagsData::new(), lane.words.first());
        }
        let cell = self.cell(column, 3);
        self.b.ins().load(types::F64, lane::input(), cell, 0)
    }

    /// Both words of a column.
    fn pair_argument(&mut self, column: Option<u32>) -> (Value, Value) {
        if let Some(lane) = self.held(column) {
            return lane.words.pair();
        }
        let cell = self.cell(column, 4);
        let low = self.b.ins().load(types::I64, lane::input(), cell, 0);
        let high = self.b.ins().load(types::I64, lane::input(), cell, 8);
        (low, high)
    }

    /// The column, if it is in registers.
    fn held(&self, column: Option<u32>) -> Option<Lane> {
        match &self.arguments {
            Arguments::Lanes(lanes) => lanes[column? as usize],
            Arguments::Columns { .. } => None,
        }
    }

    /// Address of the column's cell, of `1 << shift` bytes.
    fn cell(&mut self, column: Option<u32>, shift: i64) -> Value {
        let (data, _, index) = column.and_then(|c| self.column(c)).expect("the operation has an argument");
        let offset = self.b.ins().ishl_imm_s(index, shift);
        self.b.ins().iadd(data, offset)
    }

    /// An `i8`: whether the column, one that may be NULL, is not.
    fn valid(&mut self, column: u32) -> Option<Value> {
        if let Some(lane) = self.held(Some(column)) {
            return lane.valid;
        }
        let (_, valid, index) = self.column(column)?;
        let byte = self.b.ins().iadd(valid?, index);
        Some(self.b.ins().load(types::I8, lane::input(), byte, 0))
    }

    fn column(&self, column: u32) -> Option<(Value, Option<Value>, Value)> {
        match &self.arguments {
            Arguments::Columns { columns, index } => {
                let (data, valid) = *columns.get(&column)?;
                Some((data, valid, *index))
            }
            Arguments::Lanes(_) => None,
        }
    }
}
