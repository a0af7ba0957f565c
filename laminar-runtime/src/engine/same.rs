//! Whether two rows of columns are the same.

use crate::plan::CellColumn;
use crate::schema::Repr;
use crate::stage::{Cell, ColumnRef};
use crate::types::BytesRef;

/// Columns, and a row of them.
pub(super) type RowOf<'a> = (&'a [ColumnRef], usize);

/// Whether two rows have equal cells: NULL is NULL, texts are their bytes, and floats the bits that `float` makes of theirs.
///
/// # Safety
/// Both rows exist in columns of these types, and their texts live.
pub(super) unsafe fn same_row(
    types: &[CellColumn],
    (a, i): RowOf<'_>,
    (b, j): RowOf<'_>,
    float: impl Fn(u64) -> u64,
) -> bool {
    types.iter().zip(a.iter().zip(b)).all(|(ty, (a, b))| {
        // SAFETY: by contract.
        unsafe {
            let valid = |c: &ColumnRef, i: usize| c.valid.is_null() || *c.valid.add(i) != 0;
            if !valid(a, i) || !valid(b, j) {
                return valid(a, i) == valid(b, j);
            }
            let word = |c: &ColumnRef, i: usize| *c.data.cast::<u64>().add(i);
            let pair = |c: &ColumnRef, i: usize| *c.data.cast::<Cell>().add(i);
            match ty.repr() {
                Repr::Text | Repr::Bytes => {
                    let bytes = |cell| BytesRef::from_cell(cell).as_bytes();
                    bytes(pair(a, i)) == bytes(pair(b, j))
                }
                Repr::Float => float(word(a, i)) == float(word(b, j)),
                Repr::Bool | Repr::Int => word(a, i) == word(b, j),
                Repr::Interval | Repr::Wide => pair(a, i) == pair(b, j),
            }
        }
    })
}
