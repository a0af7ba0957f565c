//! What `#[derive(Event)]` says of each field.

use crate::error::Error;
use crate::event::{Access, Field, FieldValue};
use crate::schema::Column;

/// The field at `field` of the struct at `row`.
///
/// # Safety
/// `field` is a field of `row`, which need not be initialised.
pub const unsafe fn field<R, T: FieldValue>(name: &'static str, row: *const R, field: *const T) -> Field {
    Field {
        column: Column::fixed(name, T::TY, T::NULLABLE),
        // SAFETY: as the caller promises.
        offset: unsafe { field.byte_offset_from(row) } as usize,
        size: size_of::<T>(),
        memory: T::MEMORY,
        access: Access::of::<T>(),
    }
}

/// A field whose type is not what it looks like.
///
/// # Panics
/// Always: when the program is compiled.
#[track_caller]
pub const fn misdeclared(message: &'static str) {
    panic!("{}", message)
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
