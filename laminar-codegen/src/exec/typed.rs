//! Structs as rows: where in a struct each column of a source or of a result is.

use crate::ir::SourceColumn;
use crate::sir::{FieldAt, Layout, Load, Program, RowOut, Store, Validity};
use laminar_runtime::event::{Event, Field, Memory};
use laminar_runtime::schema::{Column, Repr};

/// The field of `E` that holds a column: same name, same type, and NULL only where the column takes it.
pub(super) fn field_of<E: Event>(column: &SourceColumn) -> Option<usize> {
    let fits = |f: &Field| {
        f.column.name == column.column.name
            && f.column.ty == column.column.ty
            && f.column.nullable <= column.column.nullable
            && (f.memory == Memory::U64) <= column.unsigned
    };
    E::FIELDS.iter().position(fits)
}

/// Where `program`, which reads a source of these columns, finds its inputs in a slice of `E`; none where some
/// input is no plain field (`Option`, `String`), so that rows must be gathered into cells.
pub fn rows_layout<E: Event>(program: &Program, columns: &[SourceColumn]) -> Option<Layout> {
    let used = super::used_inputs(program);
    let mut fields = Vec::with_capacity(program.inputs.len());
    for (input, used) in program.inputs.iter().zip(used) {
        let field = columns.get(input.column as usize).and_then(field_of::<E>).map(|f| &E::FIELDS[f]);
        let load = field.and_then(|f| load(f.memory));
        fields.push(match (field, load) {
            (Some(field), Some(load)) => FieldAt { offset: field.offset, load, validity: Validity::Always },
            // Nobody reads it.
            _ if !used => FieldAt { offset: 0, load: Load::U8, validity: Validity::Always },
            _ => return None,
        });
    }
    Some(Layout::Rows { stride: size_of::<E>(), fields })
}

/// How compiled code reads a field in place.
fn load(memory: Memory) -> Option<Load> {
    Some(match memory {
        Memory::Bool => Load::Bool,
        Memory::I8 => Load::I8,
        Memory::U8 => Load::U8,
        Memory::I16 => Load::I16,
        Memory::U16 => Load::U16,
        Memory::I32 => Load::I32,
        Memory::U32 => Load::U32,
        Memory::F32 => Load::F32,
        Memory::Word | Memory::U64 => Load::Word,
        Memory::Interval | Memory::Wide => Load::Pair,
        Memory::Str => Load::Str,
        Memory::Sym => Load::Sym,
        Memory::Opaque => return None,
    })
}

/// The column that a field of struct `row` takes: that of its name, else of its name in any case.
///
/// # Errors
/// There is none, or it is of a type that the field does not hold.
pub fn place_of(row: &str, field: &Field, columns: &[Column]) -> Result<usize, String> {
    let Column { name, ty, .. } = &field.column;
    let place = columns.iter().position(|c| c.name == *name);
    let Some(place) = place.or_else(|| columns.iter().position(|c| c.name.eq_ignore_ascii_case(name))) else {
        let names: Vec<&str> = columns.iter().map(|c| &*c.name).collect();
        let names = names.join(", ");
        return Err(format!("field `{name}` of `{row}` has no column; the columns are {names}"));
    };
    let found = columns[place].ty;
    match ty.takes(found) {
        true => Ok(place),
        false => Err(format!("field `{name}` of `{row}` is {ty}, its column is {found}")),
    }
}

/// How machine code writes a struct, whose fields are in these places among `columns` columns; none where some field is not
/// plain (`Option`, text) or may not take the value (`u8`).
pub(super) fn row_out<R: Event>(places: &[(usize, Repr)], columns: usize) -> Option<RowOut> {
    // Who writes a struct by hand may not list all fields.
    R::TYPE.complete?;
    let mut fields = vec![None; columns];
    for (field, &(place, _)) in R::FIELDS.iter().zip(places) {
        let store = match field.memory {
            Memory::Bool => Store::Bool,
            Memory::I32 => Store::I32,
            Memory::Word => Store::Word,
            Memory::Interval => Store::Pair,
            _ => return None,
        };
        // A column for two fields would be written to one.
        if fields[place].replace((field.offset, store)).is_some() {
            return None;
        }
    }
    Some(RowOut { stride: size_of::<R>(), fields })
}
