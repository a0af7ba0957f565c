//! Tuples of columns as words whose order is that of the tuples.
//!
//! A column is, where it may be NULL, a word that ranks NULL against values; then its value, changed so that the order of
//! unsigned words is that of SQL: integers with the sign bit flipped, floats by their total order with −0 as 0, wide
//! integers high half first, intervals by length and then as they are. Texts are a pair: a [`Str`] where a tuple is kept, a
//! [`TextRef`] where it is only looked for. In descending columns the words of the value are inverted.

use crate::checkpoint::{Reader, check_flag, damaged, put_bytes, put_u8, put_u64};
use crate::error::Error;
use crate::plan::TupleColumn;
use crate::scalar::{float_of_sorted, sorted_float};
use crate::schema::Repr;
use crate::stage::{Cell, ColumnRef};
use crate::types::{BytesRef, Interval, Str, TextRef};
use std::cmp::Ordering;

const SIGN: u64 = 1 << 63;
/// The sign bits of both halves.
const HALF_SIGNS: u64 = 1 << 63 | 1 << 31;
/// Ranks against NULL.
const NULL_FIRST: u64 = 0;
const VALUE: u64 = 1;
const NULL_LAST: u64 = 2;

/// Where the columns of a tuple are among its words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TupleLayout {
    fields: Vec<Field>,
    /// Words of texts, and whether their order is descending.
    texts: Vec<(usize, bool)>,
    words: usize,
}

/// A column of the tuple.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Field {
    column: usize,
    repr: Repr,
    /// Its first word: the rank if it may be NULL, else the value.
    word: usize,
    nullable: bool,
    descending: bool,
    null_rank: u64,
}

impl Field {
    /// First word of the value.
    fn value(&self) -> usize {
        self.word + self.nullable as usize
    }

    /// The column's value in a tuple: `None` for NULL.
    ///
    /// # Safety
    /// It is a tuple with [`Str`]s.
    unsafe fn held(&self, tuple: *const u64) -> Option<Cell> {
        // SAFETY: as the caller promises.
        unsafe {
            if self.nullable && *tuple.add(self.word) != VALUE {
                return None;
            }
            let value = tuple.add(self.value());
            if self.repr.is_reference() {
                return Some(BytesRef::new((*value.cast::<Str>()).as_bytes()).to_cell());
            }
            let mut words = [0; 4];
            for (w, word) in words[..value_words(self.repr)].iter_mut().enumerate() {
                *word = *value.add(w) ^ flip(self.descending);
            }
            Some(plain(self.repr, words))
        }
    }

    /// The column's cell in row `i`: `None` for NULL.
    ///
    /// # Safety
    /// `columns` are those of the edge, with a row `i`.
    #[inline(always)]
    unsafe fn cell(&self, columns: *const ColumnRef, i: usize) -> Option<Cell> {
        // SAFETY: as the caller promises; a nullable column has a validity byte a row.
        unsafe {
            let column = *columns.add(self.column);
            if self.nullable && !column.valid.is_null() && *column.valid.add(i) == 0 {
                return None;
            }
            let at = column.data.add(i * self.repr.width()).cast::<u64>();
            Some(if self.repr.width() == 8 { [*at, 0] } else { [*at, *at.add(1)] })
        }
    }
}

/// Words of a value.
const fn value_words(repr: Repr) -> usize {
    match repr {
        // Its length, then itself: intervals of equal length are not the same.
        Repr::Interval => 4,
        _ => repr.width() / 8,
    }
}

impl TupleLayout {
    /// The layout of tuples of these columns.
    pub fn of(columns: &[TupleColumn]) -> TupleLayout {
        let mut layout = TupleLayout::default();
        for c in columns {
            let repr = c.cell.repr();
            let field = Field {
                column: c.column as usize,
                repr,
                word: layout.words,
                nullable: c.cell.nullable,
                descending: c.descending,
                null_rank: if c.nulls_first { NULL_FIRST } else { NULL_LAST },
            };
            if repr.is_reference() {
                layout.texts.push((field.value(), c.descending));
            }
            layout.words = field.value() + value_words(repr);
            layout.fields.push(field);
        }
        layout
    }

    /// Words of a tuple.
    pub fn words(&self) -> usize {
        self.words
    }

    /// The columns before the last one, which decide where that is a value.
    pub(super) fn deciding(&self) -> Deciding<'_> {
        let (fields, words) = match self.fields.split_last() {
            Some((last, fields)) => (fields, last.word),
            None => (&self.fields[..], 0),
        };
        let texts = self.texts.partition_point(|(at, _)| *at < words);
        Deciding { fields, texts: &self.texts[..texts], words }
    }

    /// Words of the deciding columns.
    pub(super) fn deciding_words(&self) -> usize {
        self.deciding().words
    }

    /// All columns.
    fn all(&self) -> Deciding<'_> {
        Deciding { fields: &self.fields, texts: &self.texts, words: self.words }
    }

    /// The last column of row `i`: `None` for NULL.
    ///
    /// # Safety
    /// `columns` are those of the edge, with a row `i`.
    pub(super) unsafe fn last_of_row(&self, columns: *const ColumnRef, i: usize) -> Option<Cell> {
        let f = self.fields.last()?;
        // SAFETY: as the caller promises.
        unsafe { f.cell(columns, i) }
    }

    /// How the last column is held.
    pub(super) fn last_repr(&self) -> Repr {
        self.fields.last().map_or(Repr::Int, |f| f.repr)
    }

    /// The last column of a tuple: `None` for NULL. A text is given as a [`TextRef`] to the tuple's own.
    ///
    /// # Safety
    /// It is a tuple with [`Str`]s.
    pub(super) unsafe fn last(&self, held: *const u64) -> Option<Cell> {
        // SAFETY: as the caller promises.
        self.fields.last().and_then(|f| unsafe { f.held(held) })
    }

    /// The column before it.
    ///
    /// # Safety
    /// As for [`TupleLayout::last`].
    pub(super) unsafe fn last_but_one(&self, held: *const u64) -> Option<Cell> {
        // SAFETY: as the caller promises.
        self.fields.iter().rev().nth(1).and_then(|f| unsafe { f.held(held) })
    }

    /// As [`Deciding::encode`].
    pub(super) unsafe fn encode(&self, columns: *const ColumnRef, i: usize, to: *mut u64) {
        // SAFETY: as the caller promises, here and below.
        unsafe { self.all().encode(columns, i, to) }
    }

    /// As [`Deciding::compare`].
    #[inline]
    pub(super) unsafe fn compare(&self, probe: *const u64, held: *const u64) -> Ordering {
        // SAFETY: as above.
        unsafe { self.all().compare(probe, held) }
    }

    /// As [`Deciding::own`].
    pub(super) unsafe fn own(&self, held: *mut u64) {
        // SAFETY: as above.
        unsafe { self.all().own(held) }
    }

    /// As [`Deciding::free`].
    pub(super) unsafe fn free(&self, held: *mut u64) {
        // SAFETY: as above.
        unsafe { self.all().free(held) }
    }

    /// As [`Deciding::write`].
    pub(super) unsafe fn write(&self, held: *const u64, to: &mut Vec<u8>) {
        // SAFETY: as above.
        unsafe { self.all().write(held, to) }
    }

    /// As [`Deciding::read`].
    pub(super) fn read(&self, words: &mut [u64], r: &mut Reader<'_>) -> Result<(), Error> {
        self.all().read(words, r)
    }
}

/// Columns of a tuple from the first on.
#[derive(Clone, Copy)]
pub(super) struct Deciding<'a> {
    fields: &'a [Field],
    texts: &'a [(usize, bool)],
    words: usize,
}

impl Deciding<'_> {
    /// Their words.
    pub fn words(&self) -> usize {
        self.words
    }

    /// Writes the tuple of row `i` to `to`, its texts as [`TextRef`]s.
    ///
    /// # Safety
    /// `columns` are those of the edge, with a row `i` whose texts live; `to` has room for the words.
    pub unsafe fn encode(&self, columns: *const ColumnRef, i: usize, to: *mut u64) {
        for f in self.fields {
            // SAFETY: as the caller promises.
            unsafe {
                let cell = f.cell(columns, i);
                if f.nullable {
                    *to.add(f.word) = if cell.is_none() { f.null_rank } else { VALUE };
                }
                let (is_null, cell) = (cell.is_none(), cell.unwrap_or_default());
                let value = to.add(f.value());
                if f.repr.is_reference() {
                    *value.cast::<Cell>() = TextRef::from_cell(cell).to_cell();
                    continue;
                }
                let (words, n) = ordered(f.repr, cell);
                for (w, word) in words[..n].iter().enumerate() {
                    // The rank alone tells NULLs apart; their words are equal.
                    *value.add(w) = if is_null { 0 } else { word ^ flip(f.descending) };
                }
            }
        }
    }

    /// Order of a tuple with [`TextRef`]s and one with [`Str`]s.
    ///
    /// # Safety
    /// Both are tuples of this layout; texts live.
    #[inline]
    pub unsafe fn compare(&self, probe: *const u64, held: *const u64) -> Ordering {
        let mut at = 0;
        // SAFETY: as the caller promises.
        unsafe {
            for &(text, descending) in self.texts {
                let order = compare_words(probe, held, at, text).then_with(|| {
                    let a = BytesRef::from_cell(*probe.add(text).cast::<Cell>()).as_bytes();
                    let b = (*held.add(text).cast::<Str>()).as_bytes();
                    if descending { b.cmp(a) } else { a.cmp(b) }
                });
                if order != Ordering::Equal {
                    return order;
                }
                at = text + 2;
            }
            compare_words(probe, held, at, self.words)
        }
    }

    /// Order of row `i` and a tuple with [`Str`]s.
    ///
    /// # Safety
    /// As for [`Deciding::encode`]; `held` is a tuple of this layout.
    #[inline]
    pub unsafe fn compare_row(&self, columns: *const ColumnRef, i: usize, held: *const u64) -> Ordering {
        for f in self.fields {
            // SAFETY: as the caller promises.
            let order = unsafe {
                let cell = f.cell(columns, i);
                let value = held.add(f.value());
                let rank = match (f.nullable, cell) {
                    (false, _) => Ordering::Equal,
                    (true, None) => f.null_rank.cmp(&*held.add(f.word)),
                    (true, Some(_)) => VALUE.cmp(&*held.add(f.word)),
                };
                match (rank, cell) {
                    // Texts are ordered by their bytes.
                    (Ordering::Equal, Some(cell)) if f.repr.is_reference() => {
                        let held = (*value.cast::<Str>()).as_bytes();
                        let order = BytesRef::from_cell(cell).as_bytes().cmp(held);
                        if f.descending { order.reverse() } else { order }
                    }
                    (Ordering::Equal, Some(cell)) => {
                        let (words, n) = ordered(f.repr, cell);
                        let words = words.map(|word| word ^ flip(f.descending));
                        compare_words(words.as_ptr(), value, 0, n)
                    }
                    _ => rank,
                }
            };
            if order != Ordering::Equal {
                return order;
            }
        }
        Ordering::Equal
    }

    /// Makes the tuple at `held`, whose texts are [`TextRef`]s, own them.
    ///
    /// # Safety
    /// It is such a tuple, and its texts live.
    pub unsafe fn own(&self, held: *mut u64) {
        for &(at, _) in self.texts {
            // SAFETY: a pair, replaced as a whole without dropping what was no `Str`.
            unsafe {
                let text = BytesRef::from_cell(*held.add(at).cast::<Cell>());
                held.add(at).cast::<Str>().write(Str::of_bytes(text.as_bytes()));
            }
        }
    }

    /// Drops the texts of a tuple.
    ///
    /// # Safety
    /// It owns them and is not read again; or it is all zeros.
    pub unsafe fn free(&self, held: *mut u64) {
        for &(at, _) in self.texts {
            // SAFETY: as the caller promises; zeros are the empty `Str`.
            unsafe { held.add(at).cast::<Str>().drop_in_place() };
        }
    }

    /// Makes a bit-for-bit copy of a tuple own its texts as well.
    ///
    /// # Safety
    /// It is such a copy of a living tuple.
    pub unsafe fn copied(&self, held: *mut u64) {
        for &(at, _) in self.texts {
            // SAFETY: the original lives; `write` drops nothing.
            unsafe {
                let text = held.add(at).cast::<Str>();
                text.write((*text).clone());
            }
        }
    }

    /// Appends a tuple to a snapshot.
    ///
    /// # Safety
    /// It is a tuple with [`Str`]s.
    pub unsafe fn write(&self, held: *const u64, to: &mut Vec<u8>) {
        for f in self.fields {
            // SAFETY: as the caller promises.
            unsafe {
                if f.nullable {
                    let is_value = *held.add(f.word) == VALUE;
                    put_u8(to, is_value as u8);
                    if !is_value {
                        continue;
                    }
                }
                let value = held.add(f.value());
                match f.repr {
                    Repr::Text | Repr::Bytes => put_bytes(to, (*value.cast::<Str>()).as_bytes()),
                    repr => (0..value_words(repr)).for_each(|w| put_u64(to, *value.add(w))),
                }
            }
        }
    }

    /// Reads a tuple, its texts as [`TextRef`]s to the snapshot's bytes.
    ///
    /// # Errors
    /// Bytes that are no tuple.
    pub fn read(&self, words: &mut [u64], r: &mut Reader<'_>) -> Result<(), Error> {
        words[..self.words].fill(0);
        for f in self.fields {
            if f.nullable {
                let valid = r.bool()?;
                words[f.word] = if valid { VALUE } else { f.null_rank };
                if !valid {
                    continue;
                }
            }
            let value = &mut words[f.value()..f.value() + value_words(f.repr)];
            if f.repr == Repr::Text {
                value.copy_from_slice(&TextRef::new(r.text()?).to_cell());
                continue;
            }
            if f.repr == Repr::Bytes {
                value.copy_from_slice(&BytesRef::new(r.prefixed()?).to_cell());
                continue;
            }
            for word in value.iter_mut() {
                *word = r.u64()?;
            }
            if f.repr == Repr::Bool {
                check_flag((value[0] ^ flip(f.descending)) ^ SIGN)?;
            }
            if f.repr == Repr::Float
                && f64::from_bits(float_of_sorted(value[0] ^ flip(f.descending))).is_nan()
            {
                let canonical = ordered(Repr::Float, [f64::NAN.to_bits(), 0]).0[0];
                if value[0] ^ flip(f.descending) != canonical {
                    return Err(damaged("a NaN is not the canonical one"));
                }
            }
        }
        Ok(())
    }
}

const fn flip(descending: bool) -> u64 {
    if descending { !0 } else { 0 }
}

/// Order of words `from..to`.
#[inline(always)]
unsafe fn compare_words(a: *const u64, b: *const u64, from: usize, to: usize) -> Ordering {
    for w in from..to {
        // SAFETY: the caller's tuples have them.
        let (a, b) = unsafe { (*a.add(w), *b.add(w)) };
        if a != b {
            return a.cmp(&b);
        }
    }
    Ordering::Equal
}

/// A value as words whose order is its own, and their number.
#[inline]
fn ordered(repr: Repr, cell: Cell) -> ([u64; 4], usize) {
    let [a, b] = cell;
    match repr {
        Repr::Float => ([sorted_float(a), 0, 0, 0], 1),
        Repr::Interval => {
            let length = Interval::from_cell(cell).length_ns();
            // Then months, days, nanoseconds, as `Interval` is ordered.
            ([(length >> 64) as u64 ^ SIGN, length as u64, a.rotate_left(32) ^ HALF_SIGNS, b ^ SIGN], 4)
        }
        Repr::Wide => ([b ^ SIGN, a, 0, 0], 2),
        // What refers to bytes has no order of its own words; its callers compare the bytes.
        Repr::Bool | Repr::Int | Repr::Text | Repr::Bytes => ([a ^ SIGN, 0, 0, 0], 1),
    }
}

/// The value again.
fn plain(repr: Repr, words: [u64; 4]) -> Cell {
    match repr {
        Repr::Float => [float_of_sorted(words[0]), 0],
        Repr::Interval => [(words[2] ^ HALF_SIGNS).rotate_left(32), words[3] ^ SIGN],
        Repr::Wide => [words[1], words[0] ^ SIGN],
        _ => [words[0] ^ SIGN, 0],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn order_of_words_is_order_of_values() {
        let check = |repr: Repr, ascending: &[Cell]| {
            for pair in ascending.windows(2) {
                assert!(ordered(repr, pair[0]).0 < ordered(repr, pair[1]).0, "{repr:?} {pair:?}");
            }
            for cell in ascending {
                assert_eq!(plain(repr, ordered(repr, *cell).0), *cell, "{repr:?}");
            }
        };
        let ints = [i64::MIN, -1, 0, 1, i64::MAX].map(|v| [v as u64, 0]);
        check(Repr::Int, &ints);
        check(Repr::Bool, &[[0, 0], [1, 0]]);
        let floats = [f64::NEG_INFINITY, -1e300, -5e-324, 0.0, 5e-324, 2.5, f64::INFINITY, f64::NAN];
        check(Repr::Float, &floats.map(|v| [v.to_bits(), 0]));
        assert_eq!(
            ordered(Repr::Float, [(-0.0_f64).to_bits(), 0]),
            ordered(Repr::Float, [0.0_f64.to_bits(), 0])
        );
        let wide = [i128::MIN, -(1 << 64), -1, 0, 1 << 63, 1 << 64, i128::MAX];
        check(Repr::Wide, &wide.map(crate::stage::wide_cell));
        let spans = [(-1, 0, 0), (0, -30, 1), (0, 0, 0), (0, 29, 86_399_999_999_999), (0, 30, 0), (1, 0, 0)];
        check(Repr::Interval, &spans.map(|(months, days, ns)| Interval { months, days, ns }.to_cell()));
    }
}
