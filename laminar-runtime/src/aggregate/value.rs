//! A value that an accumulator holds for programs to read: the cell and a word that is 1 where it is not NULL. A text is owned.

use super::Part;
use crate::checkpoint::{Reader, put_cell, put_u8, read_cell};
use crate::error::Error;
use crate::schema::Repr;
use crate::stage::Cell;
use crate::types::{BytesRef, Str};

/// How it is held.
#[derive(Clone, Copy)]
pub(super) struct Value(Repr);

/// Its parts.
pub(super) fn value_parts(repr: Repr) -> Vec<Part> {
    vec![Part::value("", repr), Part::flag(".valid")]
}

impl Value {
    pub const fn of(repr: Repr) -> Value {
        Value(repr)
    }

    /// Bytes of cell and flag.
    pub const fn bytes(self) -> usize {
        self.0.width() + 8
    }

    /// Replaces the value; the text of a cell is copied.
    ///
    /// # Safety
    /// `p` is such a value or zeros; the text lives.
    pub unsafe fn put(self, p: *mut u8, value: Option<Cell>) {
        // SAFETY: as the caller promises.
        unsafe {
            if self.0.is_reference() {
                let text = value.map(|cell| BytesRef::from_cell(cell).as_bytes());
                let held = &mut *p.cast::<Str>();
                if held.as_bytes() != text.unwrap_or_default() {
                    *held = text.map_or_else(Str::default, Str::of_bytes);
                }
            } else {
                let cell = value.unwrap_or_default();
                *p.cast::<u64>() = cell[0];
                if self.0.width() == 16 {
                    *p.cast::<u64>().add(1) = cell[1];
                }
            }
            *p.add(self.0.width()).cast::<u64>() = value.is_some() as u64;
        }
    }

    /// Makes a bit-for-bit copy own its text as well.
    ///
    /// # Safety
    /// It is such a copy of a living value.
    pub unsafe fn copied(self, p: *mut u8) {
        if self.0.is_reference() {
            let p = p.cast::<Str>();
            // SAFETY: the original lives; `write` drops nothing.
            unsafe { p.write((*p).clone()) }
        }
    }

    /// Appends it to a snapshot.
    ///
    /// # Safety
    /// `p` is such a value.
    pub unsafe fn write(self, p: *const u8, to: &mut Vec<u8>) {
        // SAFETY: as the caller promises.
        unsafe {
            let valid = *p.add(self.0.width()).cast::<u64>() != 0;
            put_u8(to, valid as u8);
            if !valid {
                return;
            }
            let words = p.cast::<u64>();
            let cell = match self.0 {
                repr if repr.is_reference() => BytesRef::new((*p.cast::<Str>()).as_bytes()).to_cell(),
                repr if repr.width() == 16 => [*words, *words.add(1)],
                _ => [*words, 0],
            };
            put_cell(to, self.0, cell);
        }
    }

    /// Reads it from a snapshot.
    ///
    /// # Errors
    /// Bytes that are no value.
    ///
    /// # Safety
    /// `p` is zeros.
    pub unsafe fn read(self, p: *mut u8, r: &mut Reader<'_>) -> Result<(), Error> {
        if !r.bool()? {
            return Ok(());
        }
        let cell = read_cell(r, self.0)?;
        // SAFETY: as the caller promises.
        unsafe { self.put(p, Some(cell)) };
        Ok(())
    }
}
