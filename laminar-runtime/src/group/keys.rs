//! The keys of a batch of rows, in the form that fits them best: what a table hashes, compares and stores.

use super::hash;
use super::shape::{MAX_WORDS, Shape};
use crate::schema::Repr;
use crate::stage::ColumnRef;
use crate::types::{Arena, BytesRef};

/// The keys of rows, by row number.
///
/// # Safety
/// Implementors hash equal keys alike, and `write` makes a row for which `eq` is true.
pub(super) unsafe trait Keys {
    /// Hash of row `i`'s key.
    unsafe fn hash(&self, i: usize) -> u64;
    /// Whether the group row at `row` has row `i`'s key.
    unsafe fn eq(&self, i: usize, row: *const u64) -> bool;
    /// Writes row `i`'s key to the group row at `row`; its texts move to `texts`.
    unsafe fn write(&self, i: usize, row: *mut u64, texts: &Arena);
}

/// Keys of one word.
pub(super) struct OneWord(pub *const u64);

// SAFETY: hash and equality are of the same word, which `write` stores.
unsafe impl Keys for OneWord {
    #[inline(always)]
    unsafe fn hash(&self, i: usize) -> u64 {
        // SAFETY: the caller passes row numbers of the column.
        hash::word(unsafe { *self.0.add(i) })
    }
    #[inline(always)]
    unsafe fn eq(&self, i: usize, row: *const u64) -> bool {
        // SAFETY: as above; a group row has at least one word of key.
        unsafe { *self.0.add(i) == *row }
    }
    #[inline(always)]
    unsafe fn write(&self, i: usize, row: *mut u64, _: &Arena) {
        // SAFETY: as above.
        unsafe { *row = *self.0.add(i) }
    }
}

/// Keys of `W` words.
pub(super) struct Words<const W: usize> {
    /// First word and words from row to row.
    at: [(*const u64, usize); W],
}

impl<const W: usize> Words<W> {
    /// The key columns among `columns`; `nulls` has the null words, if the shape has one.
    ///
    /// # Safety
    /// `columns` are the columns that the shape names.
    #[inline(always)]
    pub unsafe fn new(shape: &Shape, columns: *const ColumnRef, nulls: *const u64) -> Words<W> {
        const { assert!(W <= MAX_WORDS) };
        let mut at = [(nulls, 1); W];
        for (at, word) in at.iter_mut().zip(&shape.words) {
            if let Some(column) = word.column {
                // SAFETY: as the caller promises.
                *at = unsafe { ((*columns.add(column)).data.cast::<u64>().add(word.half), word.step) };
            }
        }
        Words { at }
    }

    #[inline(always)]
    unsafe fn word(&self, w: usize, i: usize) -> u64 {
        let (first, step) = self.at[w];
        // SAFETY: the caller passes row numbers of the columns.
        unsafe { *first.add(i * step) }
    }
}

// SAFETY: hash and equality are of the same words, which `write` stores.
unsafe impl<const W: usize> Keys for Words<W> {
    #[inline(always)]
    unsafe fn hash(&self, i: usize) -> u64 {
        // SAFETY: as the caller promises, here and below.
        let mut hash = hash::word(unsafe { self.word(0, i) });
        for w in 1..W {
            // SAFETY: as above.
            hash = hash::then(hash, unsafe { self.word(w, i) });
        }
        hash
    }
    #[inline(always)]
    unsafe fn eq(&self, i: usize, row: *const u64) -> bool {
        let mut differ = 0;
        for w in 0..W {
            // SAFETY: a group row has `W` words of key.
            differ |= unsafe { self.word(w, i) ^ *row.add(w) };
        }
        differ == 0
    }
    #[inline(always)]
    unsafe fn write(&self, i: usize, row: *mut u64, _: &Arena) {
        for w in 0..W {
            // SAFETY: a group row has `W` words of key.
            unsafe { *row.add(w) = self.word(w, i) }
        }
    }
}

/// Keys of one text (or BYTEA) that is NOT NULL.
pub(super) struct Text(pub *const [u64; 2]);

impl Text {
    #[inline(always)]
    unsafe fn text(&self, i: usize) -> &[u8] {
        // SAFETY: the caller passes row numbers of the column, whose texts live.
        unsafe { BytesRef::from_cell(*self.0.add(i)).as_bytes() }
    }
}

// SAFETY: hash and equality are of the same bytes, which `write` copies.
unsafe impl Keys for Text {
    #[inline(always)]
    unsafe fn hash(&self, i: usize) -> u64 {
        // SAFETY: as the caller promises.
        hash::text(unsafe { self.text(i) })
    }
    #[inline(always)]
    unsafe fn eq(&self, i: usize, row: *const u64) -> bool {
        // SAFETY: the row's key is a text of the table.
        unsafe { self.text(i) == text_at(row) }
    }
    #[inline(always)]
    unsafe fn write(&self, i: usize, row: *mut u64, texts: &Arena) {
        // SAFETY: the row starts with a pair.
        unsafe { *row.cast::<[u64; 2]>() = texts.alloc_bytes(self.text(i)).to_cell() }
    }
}

/// The bytes of the text of the pair at `at`.
///
/// # Safety
/// It is one, and lives.
#[inline(always)]
pub(super) unsafe fn text_at<'a>(at: *const u64) -> &'a [u8] {
    // SAFETY: by contract.
    unsafe { BytesRef::from_cell(*at.cast::<[u64; 2]>()).as_bytes() }
}

/// Any keys.
pub(super) struct Mixed<'a> {
    pub shape: &'a Shape,
    pub columns: *const ColumnRef,
}

impl Mixed<'_> {
    #[inline]
    unsafe fn null_word(&self, i: usize) -> u64 {
        // SAFETY: as the caller promises.
        unsafe { null_word(self.shape, self.columns, i) }
    }
}

/// The null word of row `i`.
///
/// # Safety
/// `columns` are those the shape names, with a row `i`.
#[inline]
pub(super) unsafe fn null_word(shape: &Shape, columns: *const ColumnRef, i: usize) -> u64 {
    let mut word = 0;
    for key in &shape.keys {
        if let Some(bit) = key.null_bit {
            // SAFETY: a nullable column has a validity byte a row.
            let valid = unsafe { *(*columns.add(key.column)).valid.add(i) };
            word |= ((valid == 0) as u64) << bit;
        }
    }
    word
}

// SAFETY: hash and equality are of null word, words and bytes in the same order, all of which `write` stores.
unsafe impl Keys for Mixed<'_> {
    unsafe fn hash(&self, i: usize) -> u64 {
        // SAFETY: as the caller promises: every key column has a row `i` of its representation.
        unsafe {
            let mut hash = hash::word(self.null_word(i));
            for key in &self.shape.keys {
                let data = (*self.columns.add(key.column)).data;
                hash = hash_key(hash, key.repr, data.add(i * key.repr.width()).cast());
            }
            hash
        }
    }
    unsafe fn eq(&self, i: usize, row: *const u64) -> bool {
        // SAFETY: as above; the row has all keys at the shape's places.
        unsafe {
            if self.shape.layout.nulls.is_some() && *row != self.null_word(i) {
                return false;
            }
            self.shape.keys.iter().all(|key| {
                let cell = (*self.columns.add(key.column)).data.add(i * key.repr.width()).cast::<u64>();
                let held = row.add(key.word);
                match key.repr {
                    Repr::Text | Repr::Bytes => text_at(cell) == text_at(held),
                    Repr::Bool | Repr::Int | Repr::Float => *cell == *held,
                    Repr::Interval | Repr::Wide => *cell == *held && *cell.add(1) == *held.add(1),
                }
            })
        }
    }
    unsafe fn write(&self, i: usize, row: *mut u64, texts: &Arena) {
        // SAFETY: as above.
        unsafe {
            if self.shape.layout.nulls.is_some() {
                *row = self.null_word(i);
            }
            for key in &self.shape.keys {
                let cell = (*self.columns.add(key.column)).data.add(i * key.repr.width()).cast::<u64>();
                let held = row.add(key.word);
                match key.repr {
                    Repr::Text | Repr::Bytes => {
                        *held.cast::<[u64; 2]>() = texts.alloc_bytes(text_at(cell)).to_cell();
                    }
                    Repr::Bool | Repr::Int | Repr::Float => *held = *cell,
                    Repr::Interval | Repr::Wide => *held.cast::<[u64; 2]>() = *cell.cast::<[u64; 2]>(),
                }
            }
        }
    }
}

/// The hash of what `hash` stands for, followed by the key at `at`.
unsafe fn hash_key(hash: u64, repr: Repr, at: *const u64) -> u64 {
    // SAFETY: the caller has a value of that representation there.
    unsafe {
        match repr {
            Repr::Text | Repr::Bytes => hash::then(hash, hash::text(text_at(at))),
            Repr::Bool | Repr::Int | Repr::Float => hash::then(hash, *at),
            Repr::Interval | Repr::Wide => hash::then(hash::then(hash, *at), *at.add(1)),
        }
    }
}

/// The hash of a group row's own key: the same as that of the rows that belong to it.
///
/// # Safety
/// `row` is a row of the shape.
pub(super) unsafe fn hash_row(shape: &Shape, row: *const u64) -> u64 {
    use super::shape::Find;
    // SAFETY: the row has all its keys.
    unsafe {
        match shape.find {
            Find::Single => 0,
            Find::Text => hash::text(text_at(row)),
            Find::Words(n) => (1..n as usize).fold(hash::word(*row), |h, w| hash::then(h, *row.add(w))),
            Find::Mixed => {
                let nulls = if shape.layout.nulls.is_some() { *row } else { 0 };
                (shape.keys.iter()).fold(hash::word(nulls), |h, key| hash_key(h, key.repr, row.add(key.word)))
            }
        }
    }
}
