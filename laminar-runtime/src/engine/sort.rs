//! Puts rows into SQL order: column by column, ascending, NULL last; or by the keys of ORDER BY first.
//!
//! Rows that are equal in SQL's eyes but not bit for bit (−0 and 0, one month and 30 days) are ordered by their bits, so that the
//! result never depends on where the rows came from.

use crate::plan::{CellColumn, SortKey};
use crate::schema::Repr;
use crate::stage::{ColumnRef, wide_of};
use crate::types::{BytesRef, Interval, compare_arrays, first_compared};
use std::cmp::Ordering;

/// Memory that sorting keeps.
#[derive(Default)]
pub(super) struct Sorter {
    keys: Vec<(u64, u32)>,
    spare: Vec<(u64, u32)>,
}

/// From so many rows on, keys that differ in few bytes are sorted byte by byte.
const RADIX_ROWS: usize = 128;

impl Sorter {
    /// Sorts row numbers by the rows of `columns`.
    ///
    /// # Safety
    /// `columns` have these types, and every row that `order` names.
    ///
    /// # Cost
    /// Mostly one pass a byte in which the first column that is not constant varies.
    pub unsafe fn sort(&mut self, types: &[CellColumn], columns: &[ColumnRef], order: &mut [u32]) {
        if order.len() < 2 {
            return;
        }
        // SAFETY: as the caller promises, here and below.
        unsafe {
            let constant = |c: usize| {
                let first = head(types[c], columns[c], order[0]);
                types[c].repr().width() == 8 && order.iter().all(|&i| head(types[c], columns[c], i) == first)
            };
            // Most windows have their start first: the same for all rows.
            let Some(lead) = (0..types.len()).find(|&c| !constant(c)) else {
                return order.sort_unstable_by(|&a, &b| compare(types, columns, a, b));
            };
            self.sort_by_head(types[lead], columns[lead], order);
            let mut from = 0;
            while from < order.len() {
                let key = self.keys[from].0;
                let to = from + self.keys[from..].iter().take_while(|k| k.0 == key).count();
                if to - from > 1 {
                    order[from..to].sort_unstable_by(|&a, &b| compare(types, columns, a, b));
                }
                from = to;
            }
        }
    }

    /// Sorts row numbers by keys, and where these are equal by the rows of `columns`.
    ///
    /// # Safety
    /// `columns` have these types, and every row that `order` names; the keys are among them.
    pub unsafe fn sort_by(
        &mut self,
        keys: &[SortKey],
        types: &[CellColumn],
        columns: &[ColumnRef],
        order: &mut [u32],
    ) {
        // SAFETY: as the caller promises.
        unsafe {
            if keys.is_empty() {
                return self.sort(types, columns, order);
            }
            order.sort_unstable_by(|&a, &b| {
                let mut by_keys = keys.iter().map(|k| {
                    let c = k.column as usize;
                    compare_keys(*k, types[c], columns[c], a as usize, b as usize)
                });
                by_keys.find(|order| order.is_ne()).unwrap_or_else(|| compare(types, columns, a, b))
            });
        }
    }

    /// Sorts by the heads of one column; `self.keys` holds them in order afterwards.
    unsafe fn sort_by_head(&mut self, ty: CellColumn, column: ColumnRef, order: &mut [u32]) {
        self.keys.clear();
        // SAFETY: as for `sort`.
        self.keys.extend(order.iter().map(|&i| (unsafe { head(ty, column, i) }, i)));
        let (min, max) = self.keys.iter().fold((u64::MAX, 0), |(min, max), k| (k.0.min(min), k.0.max(max)));
        let bytes = (64 - (max - min).leading_zeros()).div_ceil(8);
        if self.keys.len() < RADIX_ROWS || bytes > 4 {
            self.keys.sort_unstable();
        } else {
            for byte in 0..bytes {
                self.pass(min, 8 * byte);
            }
        }
        for (to, key) in order.iter_mut().zip(&self.keys) {
            *to = key.1;
        }
    }

    /// One stable pass over the byte at `shift` of the distance from `min`.
    fn pass(&mut self, min: u64, shift: u32) {
        let mut starts = [0_u32; 256];
        for k in &self.keys {
            starts[((k.0 - min) >> shift & 255) as usize] += 1;
        }
        let mut sum = 0;
        for s in &mut starts {
            (*s, sum) = (sum, sum + *s);
        }
        self.spare.resize(self.keys.len(), (0, 0));
        for &k in &self.keys {
            let at = &mut starts[((k.0 - min) >> shift & 255) as usize];
            self.spare[*at as usize] = k;
            *at += 1;
        }
        std::mem::swap(&mut self.keys, &mut self.spare);
    }
}

/// A word whose unsigned order agrees with SQL order as far as it goes; NULL and the greatest value may tie.
#[inline(always)]
unsafe fn head(ty: CellColumn, column: ColumnRef, i: u32) -> u64 {
    let i = i as usize;
    // SAFETY: the row exists.
    unsafe {
        if !column.valid.is_null() && *column.valid.add(i) == 0 {
            return u64::MAX;
        }
        match ty.repr() {
            Repr::Bool | Repr::Int => *column.data.cast::<u64>().add(i) ^ 1 << 63,
            Repr::Float => float_head(*column.data.cast::<f64>().add(i)),
            Repr::Text | Repr::Bytes => {
                let text = BytesRef::from_cell(*column.data.cast::<[u64; 2]>().add(i)).as_bytes();
                let text = if ty.ty.is_array() { first_compared(text) } else { text };
                let mut first = [0; 8];
                let n = text.len().min(8);
                first[..n].copy_from_slice(&text[..n]);
                u64::from_be_bytes(first)
            }
            Repr::Interval => {
                let length = Interval::from_cell(*column.data.cast::<[u64; 2]>().add(i)).length_ns();
                (length >> 32).clamp(i64::MIN as i128, i64::MAX as i128) as u64 ^ 1 << 63
            }
            // The high half.
            Repr::Wide => *column.data.cast::<u64>().add(2 * i + 1) ^ 1 << 63,
        }
    }
}

#[inline(always)]
fn float_head(v: f64) -> u64 {
    if v.is_nan() {
        return u64::MAX;
    }
    // −0 as 0.
    let bits = (v + 0.0).to_bits();
    if bits >> 63 == 1 { !bits } else { bits | 1 << 63 }
}

/// SQL order of two rows, by their bits where they are equal.
unsafe fn compare(types: &[CellColumn], columns: &[ColumnRef], a: u32, b: u32) -> Ordering {
    let both = || types.iter().zip(columns);
    // SAFETY: both rows exist.
    unsafe {
        both()
            .map(|(&ty, &column)| compare_cells(ty, column, a as usize, b as usize))
            .find(|o| o.is_ne())
            .or_else(|| both().map(|(&ty, &column)| compare_bits(ty, column, a, b)).find(|o| o.is_ne()))
            .unwrap_or(Ordering::Equal)
    }
}

/// Order of two cells under a key.
unsafe fn compare_keys(key: SortKey, ty: CellColumn, column: ColumnRef, a: usize, b: usize) -> Ordering {
    // SAFETY: both rows exist.
    unsafe {
        let valid = |i: usize| column.valid.is_null() || *column.valid.add(i) != 0;
        let first = if key.nulls_first { Ordering::Less } else { Ordering::Greater };
        match (valid(a), valid(b)) {
            (true, true) if key.descending => compare_cells(ty, column, b, a),
            (true, true) => compare_cells(ty, column, a, b),
            (false, false) => Ordering::Equal,
            (false, true) => first,
            (true, false) => first.reverse(),
        }
    }
}

unsafe fn compare_cells(ty: CellColumn, column: ColumnRef, a: usize, b: usize) -> Ordering {
    // SAFETY: both rows exist.
    unsafe {
        if !column.valid.is_null() {
            match (*column.valid.add(a) != 0, *column.valid.add(b) != 0) {
                (true, true) => {}
                (a, b) => return b.cmp(&a),
            }
        }
        let pair = column.data.cast::<[u64; 2]>();
        match ty.repr() {
            Repr::Bool | Repr::Int => {
                let word = column.data.cast::<i64>();
                (*word.add(a)).cmp(&*word.add(b))
            }
            Repr::Float => {
                let word = column.data.cast::<f64>();
                float_head(*word.add(a)).cmp(&float_head(*word.add(b)))
            }
            Repr::Text | Repr::Bytes => {
                let bytes = |i: usize| BytesRef::from_cell(*pair.add(i)).as_bytes();
                if ty.ty.is_array() { compare_arrays(bytes(a), bytes(b)) } else { bytes(a).cmp(bytes(b)) }
            }
            Repr::Interval => Interval::from_cell(*pair.add(a)).compare(Interval::from_cell(*pair.add(b))),
            Repr::Wide => wide_of(*pair.add(a)).cmp(&wide_of(*pair.add(b))),
        }
    }
}

/// Order of the bits of two cells; texts that are equal have none, and arrays of floats that are may differ in the sign of a zero.
unsafe fn compare_bits(ty: CellColumn, column: ColumnRef, a: u32, b: u32) -> Ordering {
    let (a, b) = (a as usize, b as usize);
    // SAFETY: both rows exist.
    unsafe {
        match ty.repr() {
            Repr::Text | Repr::Bytes => {
                let bytes = |i: usize| BytesRef::from_cell(*column.data.cast::<[u64; 2]>().add(i)).as_bytes();
                if ty.ty.is_array() { bytes(a).cmp(bytes(b)) } else { Ordering::Equal }
            }
            Repr::Bool | Repr::Int | Repr::Float => {
                let word = column.data.cast::<u64>();
                (*word.add(a)).cmp(&*word.add(b))
            }
            Repr::Interval | Repr::Wide => {
                let pair = column.data.cast::<[u64; 2]>();
                (*pair.add(a)).cmp(&*pair.add(b))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::columns::ColumnSet;
    use super::*;
    use crate::schema::Ty;
    use crate::stage::wide_cell;
    use proptest::prelude::*;

    /// Sorts rows of one column after a constant one; gives the row numbers.
    fn sorted(ty: Ty, cells: &[Option<[u64; 2]>]) -> Vec<u32> {
        let types = [Ty::Bigint, ty].map(|ty| CellColumn { ty, nullable: true });
        let columns = ColumnSet::new(&types, cells.len());
        for (i, cell) in cells.iter().enumerate() {
            // SAFETY: within the room asked for.
            unsafe {
                let out = std::slice::from_raw_parts(columns.writers(), 2);
                *out[0].valid.add(i) = 1;
                *out[1].valid.add(i) = cell.is_some() as u8;
                let cell = cell.unwrap_or([0, 0]);
                match ty.repr().width() {
                    8 => *out[1].data.cast::<u64>().add(i) = cell[0],
                    _ => *out[1].data.cast::<[u64; 2]>().add(i) = cell,
                }
            }
        }
        let mut order: Vec<u32> = (0..cells.len() as u32).rev().collect();
        // SAFETY: the rows written above.
        unsafe { Sorter::default().sort(&types, columns.readers(), &mut order) };
        order
    }

    #[test]
    fn sql_order() {
        let check = |ty, ascending: &[Option<[u64; 2]>]| {
            let expected: Vec<u32> = (0..ascending.len() as u32).collect();
            assert_eq!(sorted(ty, ascending), expected, "{ty}");
        };
        let int = |v: i64| Some([v as u64, 0]);
        check(Ty::Bigint, &[int(i64::MIN), int(-1), int(0), int(i64::MAX), None]);
        check(Ty::Boolean, &[int(0), int(1), None]);
        let float = |v: f64| Some([v.to_bits(), 0]);
        let inf = f64::INFINITY;
        check(
            Ty::Double,
            &[
                float(-inf),
                float(-1.5),
                float(0.0),
                float(-0.0),
                float(2.0),
                float(inf),
                float(f64::NAN),
                None,
            ],
        );
        let text = |t: &'static str| Some(crate::types::TextRef::new(t).to_cell());
        let texts = ["", "a", "a\0", "a b, longer", "a b, longer still", "b", "ä"];
        let texts: Vec<_> = texts.into_iter().map(text).chain([None]).collect();
        check(Ty::Varchar, &texts);
        let bytes = |b: &'static [u8]| Some(BytesRef::new(b).to_cell());
        check(
            Ty::Bytea,
            &[bytes(b""), bytes(b"\0"), bytes(b"\x7f"), bytes(b"\x80"), bytes(b"\xff\xff"), None],
        );
        let wide = |v: i128| Some(wide_cell(v));
        let decimal = Ty::Decimal { precision: 38, scale: 0 };
        for ty in [decimal, Ty::Uuid] {
            check(
                ty,
                &[
                    wide(i128::MIN),
                    wide(-1 << 64),
                    wide(-1),
                    wide(0),
                    wide(1),
                    wide(1 << 64),
                    wide(i128::MAX),
                    None,
                ],
            );
        }
        let interval = |months, ns| Some(Interval { months, days: 0, ns }.to_cell());
        check(
            Ty::Interval,
            &[interval(-1, 0), interval(0, -5), interval(0, 7), interval(1, 0), interval(1, 1)],
        );
    }

    #[test]
    fn keys_before_the_row() {
        let types = [Ty::Bigint; 2].map(|ty| CellColumn { ty, nullable: true });
        let rows = [(Some(1), 5), (None, 3), (Some(1), 7), (Some(2), 1), (Some(2), 0)];
        let columns = ColumnSet::new(&types, rows.len());
        for (i, (a, b)) in rows.iter().enumerate() {
            // SAFETY: within the room asked for.
            unsafe {
                let out = std::slice::from_raw_parts(columns.writers(), 2);
                (*out[0].valid.add(i), *out[1].valid.add(i)) = (a.is_some() as u8, 1);
                *out[0].data.cast::<i64>().add(i) = a.unwrap_or(99);
                *out[1].data.cast::<i64>().add(i) = *b;
            }
        }
        let check = |keys: &[(u32, bool, bool)], expected: [u32; 5]| {
            let keys: Vec<SortKey> = (keys.iter())
                .map(|&(column, descending, nulls_first)| SortKey { column, descending, nulls_first })
                .collect();
            let mut order = [4, 3, 2, 1, 0];
            // SAFETY: the rows written above.
            unsafe { Sorter::default().sort_by(&keys, &types, columns.readers(), &mut order) };
            assert_eq!(order, expected, "{keys:?}");
        };
        check(&[], [0, 2, 4, 3, 1]);
        check(&[(0, false, false)], [0, 2, 4, 3, 1]);
        check(&[(0, true, true)], [1, 4, 3, 0, 2]);
        check(&[(0, true, false)], [4, 3, 0, 2, 1]);
        check(&[(0, false, true), (1, true, true)], [1, 2, 0, 3, 4]);
        check(&[(1, true, true)], [2, 0, 1, 3, 4]);
    }

    proptest! {
        #[test]
        fn both_ways_to_sort_agree(values in prop::collection::vec(-70_000_i64..70_000, 0..600), scale in 0..40) {
            let cells: Vec<_> = values.iter().map(|v| Some([(v << scale) as u64, 0])).collect();
            let order = sorted(Ty::Bigint, &cells);
            let mut expected = values.clone();
            expected.sort_unstable();
            let found: Vec<i64> = order.iter().map(|&i| values[i as usize]).collect();
            prop_assert_eq!(found, expected);
        }
    }
}
