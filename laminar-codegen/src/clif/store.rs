//! Writes the outputs of a row.

use super::POINTER;
use super::lane::{self, Lane, Words};
use super::stage::{Stage, fresh};
use crate::sir::{Const, Op, Program, RowOut, Store, Val};
use cranelift_codegen::ir::condcodes::FloatCC;
use cranelift_codegen::ir::{InstBuilder, MemFlagsData, Value, types};
use cranelift_frontend::{FunctionBuilder, Variable};
use laminar_runtime::schema::Repr;
use laminar_runtime::stage::{ColumnMut, ExprCtx};
use std::mem::offset_of;

/// Where outputs go.
pub(super) enum Outs<'a> {
    /// Columns: address of the first cell, and of the first validity byte where there is one.
    Columns {
        columns: Vec<(Value, Option<Value>)>,
        /// Number of the next row.
        next: Variable,
        /// `sel` and `wm`, where the program tracks.
        tracks: Option<(Value, Value)>,
    },
    /// Rows: address of the next. Nobody asks where they come from.
    Rows { next: Variable, out: &'a RowOut },
}

impl<'a> Outs<'a> {
    /// Loads what stays the same in the loop.
    pub(super) fn load(
        b: &mut FunctionBuilder<'_>,
        ctx: Value,
        program: &Program,
        rows: Option<&'a RowOut>,
    ) -> Outs<'a> {
        let out = fresh(b, ctx, offset_of!(ExprCtx, out));
        let rows_out = fresh(b, ctx, offset_of!(ExprCtx, rows_out));
        if let Some(rows) = rows {
            let (base, next) = (fresh(b, out, offset_of!(ColumnMut, data)), b.declare_var(POINTER));
            let offset = b.ins().imul_imm_s(rows_out, rows.stride as i64);
            let first = b.ins().iadd(base, offset);
            b.def_var(next, first);
            return Outs::Rows { next, out: rows };
        }
        let mut columns = Vec::new();
        for (i, column) in program.outs.iter().enumerate() {
            let at = i * size_of::<ColumnMut>();
            let data = fresh(b, out, at + offset_of!(ColumnMut, data));
            let valid = column.nullable.then(|| fresh(b, out, at + offset_of!(ColumnMut, valid)));
            columns.push((data, valid));
        }
        let next = b.declare_var(types::I64);
        b.def_var(next, rows_out);
        let tracks = program
            .tracks
            .then(|| (fresh(b, ctx, offset_of!(ExprCtx, sel)), fresh(b, ctx, offset_of!(ExprCtx, wm))));
        Outs::Columns { columns, next, tracks }
    }

    /// How many rows have been written, those before this call among them.
    pub(super) fn count(&self, b: &mut FunctionBuilder<'_>, ctx: Value) -> Value {
        match self {
            Outs::Columns { next, .. } => b.use_var(*next),
            Outs::Rows { next, out } => {
                // A second variable would cost the loop a register.
                let column = fresh(b, ctx, offset_of!(ExprCtx, out));
                let base = fresh(b, column, offset_of!(ColumnMut, data));
                let next = b.use_var(*next);
                let bytes = b.ins().isub(next, base);
                b.ins().udiv_imm_u(bytes, out.stride as i64)
            }
        }
    }
}

impl Stage<'_, '_, '_> {
    /// Stores the outputs behind those of the rows before.
    pub(super) fn store(&mut self, outs: &Outs<'_>, time_max: Value) {
        match outs {
            Outs::Columns { columns, next, tracks } => {
                let at = self.b.use_var(*next);
                self.store_cells(columns, at);
                let count = self.b.ins().iadd_imm_s(at, 1);
                self.b.def_var(*next, count);
                if let Some((sel, wm)) = *tracks {
                    let row = self.row();
                    let offset = self.b.ins().ishl_imm_s(at, 2);
                    let entry = self.b.ins().iadd(sel, offset);
                    self.b.ins().istore32(lane::output(), row, entry, 0);
                    let offset = self.b.ins().ishl_imm_s(at, 3);
                    let entry = self.b.ins().iadd(wm, offset);
                    self.b.ins().store(lane::output(), time_max, entry, 0);
                }
            }
            Outs::Rows { next, out } => {
                let row = self.b.use_var(*next);
                self.store_fields(out, row);
                let row = self.b.ins().iadd_imm_s(row, out.stride as i64);
                self.b.def_var(*next, row);
            }
        }
    }

    fn store_cells(&mut self, columns: &[(Value, Option<Value>)], at: Value) {
        for (out, &(data, valid_bytes)) in self.program.outs.iter().zip(columns) {
            let words = self.cell_words(out.val);
            let shift = if matches!(words, Words::Pair(..)) { 4 } else { 3 };
            let offset = self.b.ins().ishl_imm_s(at, shift);
            let cell = self.b.ins().iadd(data, offset);
            for (i, word) in words.values().enumerate() {
                self.b.ins().store(lane::output(), word, cell, 8 * i as i32);
            }
            if let Some(bytes) = valid_bytes {
                let valid = self.lane(out.val).valid;
                let valid = valid.unwrap_or_else(|| self.b.ins().iconst(types::I8, 1));
                let byte = self.b.ins().iadd(bytes, at);
                self.b.ins().store(lane::output(), valid, byte, 0);
            }
        }
    }

    fn store_fields(&mut self, out: &RowOut, row: Value) {
        let flags = lane::output();
        for (from, field) in self.program.outs.iter().zip(&out.fields) {
            let Some((offset, store)) = *field else { continue };
            let at = offset as i32;
            let words = self.cell_words(from.val);
            match store {
                Store::Bool => self.b.ins().istore8(flags, words.first(), row, at),
                Store::I32 => self.b.ins().istore32(flags, words.first(), row, at),
                Store::Word => self.b.ins().store(flags, words.first(), row, at),
                Store::Pair => {
                    let (low, high) = words.pair();
                    self.b.ins().store(flags, low, row, at);
                    self.b.ins().store(flags, high, row, at + 8)
                }
            };
        }
    }

    /// The words of the cell that holds a value: NaN canonical, zeros where NULL.
    pub(super) fn cell_words(&mut self, val: Val) -> Words {
        let Lane { words, valid } = self.lane(val);
        let b = &mut *self.b;
        let words = match (self.program.insts[val.0 as usize].repr, words) {
            (Repr::Bool, Words::One(v)) => Words::One(b.ins().uextend(types::I64, v)),
            (Repr::Float, Words::One(v)) => {
                let bits = b.ins().bitcast(types::I64, MemFlagsData::new(), v);
                if is_canonical(self.program, val) {
                    Words::One(bits)
                } else {
                    let is_nan = b.ins().fcmp(FloatCC::Unordered, v, v);
                    let nan = b.ins().iconst(types::I64, f64::NAN.to_bits() as i64);
                    Words::One(b.ins().select(is_nan, nan, bits))
                }
            }
            (_, words) => words,
        };
        let Some(valid) = valid else { return words };
        let zero = b.ins().iconst(types::I64, 0);
        words.zip(words, |word, _| b.ins().select(valid, word, zero))
    }
}

/// Whether a Float is never another NaN than the canonical one.
fn is_canonical(program: &Program, val: Val) -> bool {
    match &program.insts[val.0 as usize].op {
        Op::NormFloat | Op::IntToFloat => true,
        Op::Const(Const::Float(x)) => !x.is_nan(),
        _ => false,
    }
}
