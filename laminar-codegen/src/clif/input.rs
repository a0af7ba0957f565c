//! Reads the inputs of a row.

use super::cursor::Cursor;
use super::lane::{self, Lane, Words, load_cell};
use super::stage::{CtxAt, Stage, fresh};
use super::symbols::Symbol;
use crate::sir::{FieldAt, Layout, Load, Op, Program, Validity};
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{InstBuilder, StackSlotData, StackSlotKind, Value, types};
use cranelift_frontend::FunctionBuilder;
use laminar_runtime::stage::ColumnRef;
use std::mem::offset_of;

/// Where inputs are, in values that exist in the function.
pub(super) enum Source<'a> {
    /// Columns of cells: address of the first cell and of the first validity byte.
    Cells {
        /// One for each input; none where the program does not read it.
        columns: Vec<Option<(Value, Option<Value>)>>,
    },
    /// Rows.
    Rows {
        /// One for each input.
        fields: &'a [FieldAt],
        /// Address of the row; set in the loop.
        address: Option<Value>,
    },
}

impl<'a> Source<'a> {
    /// Loads what stays the same in the loop.
    pub(super) fn load(
        b: &mut FunctionBuilder<'_>,
        ctx: Value,
        at: CtxAt,
        program: &Program,
        layout: &'a Layout,
    ) -> Source<'a> {
        match layout {
            Layout::Rows { fields, .. } => Source::Rows { fields, address: None },
            Layout::Cells => {
                let base = fresh(b, ctx, at.base);
                let mut columns = vec![None; program.inputs.len()];
                for inst in &program.insts {
                    let Op::Input(i) = inst.op else { continue };
                    let at = i as usize * size_of::<ColumnRef>();
                    let data = fresh(b, base, at + offset_of!(ColumnRef, data));
                    let valid = program.inputs[i as usize]
                        .nullable
                        .then(|| fresh(b, base, at + offset_of!(ColumnRef, valid)));
                    columns[i as usize] = Some((data, valid));
                }
                Source::Cells { columns }
            }
        }
    }

    /// Reads the cursor's row from now on; its number, where that goes along.
    pub(super) fn set_row(&mut self, b: &mut FunctionBuilder<'_>, cursor: &Cursor) -> Option<Value> {
        let (number, address_now) = cursor.now(b);
        if let Source::Rows { address, .. } = self {
            *address = address_now;
        }
        number
    }
}

impl Stage<'_, '_, '_> {
    /// Loads input number `input` of the row.
    pub(super) fn load(&mut self, input: usize) -> Lane {
        match &self.source {
            Source::Cells { columns } => {
                let (data, valid) = columns[input].expect("every input that is read has its column");
                self.load_column(input, data, valid)
            }
            Source::Rows { fields, address, .. } => {
                let address = address.expect("set before the row's code");
                self.load_field(fields[input], address, input)
            }
        }
    }

    fn load_column(&mut self, input: usize, data: Value, valid: Option<Value>) -> Lane {
        let repr = self.program.inputs[input].repr;
        let shift = repr.width().trailing_zeros() as i64;
        let row = self.row();
        let offset = self.b.ins().ishl_imm_s(row, shift);
        let cell = self.b.ins().iadd(data, offset);
        let words = load_cell(self.b, repr, lane::input(), cell, 0);
        let valid = valid.map(|valid| {
            let at = self.b.ins().iadd(valid, row);
            self.b.ins().load(types::I8, lane::input(), at, 0)
        });
        Lane { words, valid }
    }

    fn load_field(&mut self, field: FieldAt, row: Value, input: usize) -> Lane {
        let flags = lane::input();
        let at = field.offset as i32;
        let b = &mut *self.b;
        let words = match field.load {
            Load::Bool => Words::One(b.ins().load(types::I8, flags, row, at)),
            Load::I8 => Words::One(b.ins().sload8(types::I64, flags, row, at)),
            Load::U8 => Words::One(b.ins().uload8(types::I64, flags, row, at)),
            Load::I16 => Words::One(b.ins().sload16(types::I64, flags, row, at)),
            Load::U16 => Words::One(b.ins().uload16(types::I64, flags, row, at)),
            Load::I32 => Words::One(b.ins().sload32(flags, row, at)),
            Load::U32 => Words::One(b.ins().uload32(flags, row, at)),
            Load::F32 => {
                let value = b.ins().load(types::F32, flags, row, at);
                Words::One(b.ins().fpromote(types::F64, value))
            }
            Load::Word | Load::Pair => load_cell(b, self.program.inputs[input].repr, flags, row, at),
            Load::Str => {
                // Layout of `Str`: length, then 12 inline bytes, or at 8 the address of a longer text.
                let len = b.ins().uload32(flags, row, at);
                let inline = b.ins().iadd_imm_s(row, at as i64 + 4);
                let block = b.ins().load(types::I64, flags, row, at + 8);
                let is_inline = b.ins().icmp_imm_s(IntCC::UnsignedLessThanOrEqual, len, 12);
                Words::Pair(b.ins().select(is_inline, inline, block), len)
            }
            Load::Sym => {
                let id = b.ins().load(types::I32, flags, row, at);
                let slot = b.create_sized_stack_slot(StackSlotData::new(StackSlotKind::ExplicitSlot, 16, 3));
                let out = b.ins().stack_addr(types::I64, slot, 0);
                let function = self.symbols.get(b.func, Symbol::SymText);
                b.ins().call(function, &[id, out]);
                load_cell(b, laminar_runtime::schema::Repr::Text, lane::output(), out, 0)
            }
        };
        let valid = match field.validity {
            Validity::Always => None,
            Validity::NullBit { offset, bit } => {
                let nulls = self.b.ins().load(types::I64, flags, row, offset as i32);
                let bit = self.b.ins().band_imm_s(nulls, 1_i64 << bit);
                Some(self.b.ins().icmp_imm_s(IntCC::Equal, bit, 0))
            }
        };
        Lane { words, valid }
    }
}
