//! Reads the inputs of a row.

use super::InterpProgram;
use crate::sir::eval::{self, Lane};
use crate::sir::{FieldAt, Layout, Load, Validity};
use laminar_runtime::schema::Repr;
use laminar_runtime::stage::{Cell, ColumnRef, ExprCtx};
use laminar_runtime::types::{BytesRef, Str, Sym, TextRef};

impl InterpProgram {
    /// Input number `input` of row `row`.
    ///
    /// # Safety
    /// `ctx` is as the engine makes it for this stage, and `row` is one of its rows.
    pub(super) unsafe fn load(&self, ctx: &ExprCtx, row: usize, input: usize) -> Lane {
        let meta = &self.program.inputs[input];
        match &self.layout {
            // SAFETY: `base` has a column for each input.
            Layout::Cells => unsafe {
                let column = *ctx.base.cast::<ColumnRef>().add(input);
                let valid = !meta.nullable || *column.valid.add(row) != 0;
                if valid { (cell_at(column.data, row, meta.repr), true) } else { eval::NULL }
            },
            // SAFETY: `base` is row 0 of rows of this stride.
            Layout::Rows { stride, fields } => unsafe {
                let address = ctx.base.add(row * stride);
                let field = fields[input];
                if is_valid(address, field.validity) { (field_at(address, field), true) } else { eval::NULL }
            },
        }
    }
}

/// # Safety
/// `data` are cells of `repr`, more than `row`.
unsafe fn cell_at(data: *const u8, row: usize, repr: Repr) -> Cell {
    // SAFETY: by contract.
    unsafe {
        match repr.width() {
            16 => *data.cast::<Cell>().add(row),
            _ => [*data.cast::<u64>().add(row), 0],
        }
    }
}

/// # Safety
/// `row` is the address of a row that has the null word.
unsafe fn is_valid(row: *const u8, validity: Validity) -> bool {
    match validity {
        Validity::Always => true,
        // SAFETY: by contract.
        Validity::NullBit { offset, bit } => unsafe { *row.add(offset).cast::<u64>() >> bit & 1 == 0 },
    }
}

/// # Safety
/// `row` is the address of a row that has the field.
unsafe fn field_at(row: *const u8, field: FieldAt) -> Cell {
    // SAFETY: by contract; fields of structs and of group rows are aligned.
    unsafe {
        let at = row.add(field.offset);
        let int = |i: i64| [i as u64, 0];
        match field.load {
            Load::Bool | Load::U8 => int(*at as i64),
            Load::I8 => int(*at.cast::<i8>() as i64),
            Load::I16 => int(*at.cast::<i16>() as i64),
            Load::U16 => int(*at.cast::<u16>() as i64),
            Load::I32 => int(*at.cast::<i32>() as i64),
            Load::U32 => int(*at.cast::<u32>() as i64),
            Load::F32 => [(*at.cast::<f32>() as f64).to_bits(), 0],
            Load::Word => [*at.cast::<u64>(), 0],
            Load::Pair => *at.cast::<Cell>(),
            Load::Str => BytesRef::new((*at.cast::<Str>()).as_bytes()).to_cell(),
            Load::Sym => TextRef::new((*at.cast::<Sym>()).as_str()).to_cell(),
        }
    }
}
