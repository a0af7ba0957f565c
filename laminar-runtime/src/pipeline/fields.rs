//! What `#[derive(Event)]` calls for each field.

use crate::error::Error;
use crate::event::{Access, Field, FieldValue};
use crate::schema::Column;
use crate::stage::Cell;

/// A field of type `T`.
pub const fn field<T: FieldValue>(name: &'static str, offset: usize) -> Field {
    Field {
        column: Column::fixed(name, T::TY, T::NULLABLE),
        offset,
        memory: T::MEMORY,
        access: Access::of::<T>(),
    }
}

/// Hands a field's cell and validity to `push`.
#[inline]
pub fn push_cell<T: FieldValue>(value: &T, push: &mut dyn FnMut(Cell, bool)) {
    push(value.to_cell(), value.valid())
}

/// Field `index`, made of its cell.
///
/// # Errors
/// A value that does not fit.
#[inline]
pub fn cell_at<T: FieldValue>(cells: &[(Cell, bool)], index: usize, name: &str) -> Result<T, Error> {
    cells
        .get(index)
        .and_then(|&(cell, valid)| match valid || T::NULLABLE {
            true => T::from_cell(cell, valid),
            false => None,
        })
        .ok_or_else(|| does_not_fit(name))
}

#[cold]
pub(crate) fn does_not_fit(name: &str) -> Error {
    Error::Conversion(format!("value does not fit field `{name}`"))
}

/// What a struct with a mistake in its declaration gives.
#[cold]
pub fn broken() -> Error {
    Error::Unsupported("its declaration has an error".into())
}
