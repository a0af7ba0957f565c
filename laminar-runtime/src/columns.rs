//! A struct of arrays: one slice for each field of an event.
//!
//! The derive makes the struct, whose fields one can name; all else is done here, by the event's list of fields, so that it costs
//! nothing where nobody uses it.

use crate::error::Error;
use crate::event::{Event, Field};
use std::mem::MaybeUninit;
use std::ptr;

/// A struct of arrays of `E`. Derived.
///
/// # Safety
/// The struct is `repr(C)` and holds slices, one for each of the first `COUNT` of `E::FIELDS`, with elements of the field's type.
pub unsafe trait EventColumns<E: Event> {
    /// Number of columns.
    const COUNT: usize = E::FIELDS.len();

    /// Number of rows.
    ///
    /// # Errors
    /// Columns that differ in length.
    fn rows(&self) -> Result<usize, Error> {
        // SAFETY: as the trait says.
        rows(unsafe { slices::<E, Self>(self) }, E::FIELDS)
    }

    /// A copy of a row.
    ///
    /// # Panics
    /// If there is no such row.
    fn row(&self, index: usize) -> E
    where
        E: Clone,
    {
        // SAFETY: as the trait says.
        let slices = unsafe { slices::<E, Self>(self) };
        assert!(
            slices.len() == E::FIELDS.len() && slices.iter().all(|s| index < s.len()),
            "there is no row {index}"
        );
        let all: Vec<u16> = (0..E::FIELDS.len() as u16).collect();
        let mut row = MaybeUninit::<E>::uninit();
        // SAFETY: the columns have the row. Its fields are all fields of the struct, so the copy is a struct; it is read only
        // here, and never dropped.
        unsafe {
            self.transpose(&all, index, index + 1, row.as_mut_ptr().cast());
            (*row.as_ptr()).clone()
        }
    }

    /// Copies fields `wanted` of rows `lo..hi`, bit by bit, into structs from `to` on.
    ///
    /// # Safety
    /// The columns have these rows, and there is room for them at `to`. What is copied is read only while the columns are
    /// there, and not dropped.
    unsafe fn transpose(&self, wanted: &[u16], lo: usize, hi: usize, to: *mut u8) {
        // SAFETY: as the trait says.
        let slices = unsafe { slices::<E, Self>(self) };
        for &f in wanted {
            let (slice, field) = (slices[f as usize], &E::FIELDS[f as usize]);
            // SAFETY: as the caller promises.
            unsafe {
                let from = slice.cast::<u8>().add(lo * field.size);
                copy_column(from, to.add(field.offset), hi - lo, field.size, size_of::<E>());
            }
        }
    }
}

// SAFETY: it has no columns. Of a struct whose declaration has an error.
unsafe impl<E: Event> EventColumns<E> for () {
    const COUNT: usize = 0;
}

/// The columns: addresses and lengths in elements.
///
/// # Safety
/// `C` is what `EventColumns` says.
unsafe fn slices<E: Event, C: EventColumns<E> + ?Sized>(columns: &C) -> &[*const [()]] {
    // SAFETY: slices of any element are held alike: an address and a length.
    unsafe { std::slice::from_raw_parts(ptr::from_ref(columns).cast(), C::COUNT) }
}

fn rows(slices: &[*const [()]], fields: &[Field]) -> Result<usize, Error> {
    let Some(first) = slices.first() else { return Err(crate::pipeline::broken()) };
    let expected = first.len();
    match slices.iter().position(|s| s.len() != expected) {
        None => Ok(expected),
        Some(odd) => {
            let column = fields[odd].column.name.clone();
            Err(Error::Ragged { column, found: slices[odd].len(), expected })
        }
    }
}

/// Copies `n` elements of `size` bytes, side by side, to places `stride` bytes apart.
///
/// # Safety
/// The elements are there, and the places.
unsafe fn copy_column(from: *const u8, to: *mut u8, n: usize, size: usize, stride: usize) {
    // SAFETY: as the caller promises.
    unsafe {
        match size {
            8 => copy::<8>(from, to, n, stride),
            4 => copy::<4>(from, to, n, stride),
            1 => copy::<1>(from, to, n, stride),
            16 => copy::<16>(from, to, n, stride),
            24 => copy::<24>(from, to, n, stride),
            _ => (0..n).for_each(|i| ptr::copy_nonoverlapping(from.add(i * size), to.add(i * stride), size)),
        }
    }
}

unsafe fn copy<const SIZE: usize>(from: *const u8, to: *mut u8, n: usize, stride: usize) {
    for i in 0..n {
        // SAFETY: as the caller of `copy_column` promises.
        unsafe { ptr::copy_nonoverlapping(from.add(i * SIZE), to.add(i * stride), SIZE) };
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::{Complete, EventType};
    use crate::pipeline::field;
    use std::mem::MaybeUninit;

    #[derive(Clone, Debug, PartialEq)]
    struct Row {
        name: String,
        small: u8,
        note: Option<String>,
        price: f64,
    }

    #[repr(C)]
    struct RowColumns<'a> {
        name: &'a [String],
        small: &'a [u8],
        note: &'a [Option<String>],
        price: &'a [f64],
    }

    impl Event for Row {
        const TYPE: EventType = {
            let row = MaybeUninit::<Row>::uninit();
            let row_at = row.as_ptr();
            // SAFETY: these are the fields.
            unsafe {
                EventType {
                    name: "Row",
                    fields: &[
                        field("name", row_at, &raw const (*row_at).name),
                        field("small", row_at, &raw const (*row_at).small),
                        field("note", row_at, &raw const (*row_at).note),
                        field("price", row_at, &raw const (*row_at).price),
                    ],
                    time: None,
                    complete: Some(Complete::new()),
                }
            }
        };
        type Columns<'a> = RowColumns<'a>;
    }

    // SAFETY: slices of the fields, in their order.
    unsafe impl EventColumns<Row> for RowColumns<'_> {}

    #[test]
    fn columns_know_their_rows() {
        let (name, note) = (["a".to_string(), "b".to_string()], [None, Some("n".to_string())]);
        let columns = RowColumns { name: &name, small: &[1, 2], note: &note, price: &[0.5, 1.5] };
        let second = Row { name: "b".into(), small: 2, note: Some("n".into()), price: 1.5 };
        assert_eq!((columns.rows(), columns.row(1)), (Ok(2), second));
        let ragged = RowColumns { small: &[1], ..columns };
        let error = Error::Ragged { column: "small".into(), found: 1, expected: 2 };
        assert_eq!(ragged.rows(), Err(error));
    }

    #[test]
    fn columns_become_structs() {
        let name: Vec<String> = (0..10).map(|i| format!("{i}")).collect();
        let small: Vec<u8> = (0..10).collect();
        let note: Vec<_> = (0..10).map(|i| (i % 2 == 0).then(|| format!("note {i}"))).collect();
        let price: Vec<f64> = (0..10).map(f64::from).collect();
        let columns = RowColumns { name: &name, small: &small, note: &note, price: &price };
        let mut rows: Vec<MaybeUninit<Row>> = Vec::with_capacity(4);
        // SAFETY: there is room for four rows, which are read below, and not dropped.
        unsafe { columns.transpose(&[0, 1, 2, 3], 3, 7, rows.as_mut_ptr().cast()) };
        for i in 0..4 {
            // SAFETY: all fields were copied, and their columns are there.
            let row = unsafe { &*rows.as_ptr().add(i).cast::<Row>() };
            assert_eq!(row, &columns.row(i + 3));
        }
    }
}
