//! Structs as input: where in a struct each column of a source is.

use crate::ir::SourceColumn;
use crate::sir::{FieldAt, Layout, Load, Program, Validity};
use laminar_runtime::event::{Event, Field, Memory};

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
        Memory::Word | Memory::U64 => Load::Word,
        Memory::Interval => Load::Pair,
        Memory::Str => Load::Str,
        Memory::Sym => Load::Sym,
        Memory::Opaque => return None,
    })
}
