//! Values as bytes: one way for keys, for values that accumulators hold, and for results that wait.

use super::bytes::{Reader, check_flag, put_bytes, put_float, put_u64};
use crate::error::Error;
use crate::schema::Repr;
use crate::stage::Cell;
use crate::types::{BytesRef, TextRef};

/// Appends a value that is not NULL.
///
/// # Safety
/// The cell has the representation, and what it refers to lives.
pub(crate) unsafe fn put_cell(to: &mut Vec<u8>, repr: Repr, cell: Cell) {
    match repr {
        Repr::Bool | Repr::Int => put_u64(to, cell[0]),
        Repr::Float => put_float(to, cell[0]),
        Repr::Interval | Repr::Wide => cell.iter().for_each(|word| put_u64(to, *word)),
        // SAFETY: by contract.
        Repr::Text | Repr::Bytes => put_bytes(to, unsafe { BytesRef::from_cell(cell).as_bytes() }),
    }
}

/// Reads what [`put_cell`] has written; a text refers to the bytes that are read.
pub(crate) fn read_cell(r: &mut Reader<'_>, repr: Repr) -> Result<Cell, Error> {
    Ok(match repr {
        Repr::Bool => [check_flag(r.u64()?)?, 0],
        Repr::Int | Repr::Float => [r.u64()?, 0],
        Repr::Interval | Repr::Wide => [r.u64()?, r.u64()?],
        Repr::Text => TextRef::new(r.text()?).to_cell(),
        Repr::Bytes => BytesRef::new(r.prefixed()?).to_cell(),
    })
}
