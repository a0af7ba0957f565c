//! `AccOp::PickFirst` and `AccOp::PickLast`: the value of the row whose tuple comes first.
//!
//! The last column of the tuple is the value; the others decide. Of rows that they hold equal the first to arrive stays, or the
//! last one takes its place. Rows only come: over a changelog it is [`super::least`].
//!
//! ```text
//! [value: 1 or 2 words] [1 if it is not NULL] [1 if there was a row] [the deciding columns, as in `tuple`]
//! ```

use super::state::Of;
use super::value::{Value, value_parts};
use super::{Aggregate, Part, Rows};
use crate::checkpoint::{Reader, put_u8};
use crate::error::Error;
use crate::pipeline::cells::Value as Cells;
use crate::plan::Accumulator;
use std::cmp::Ordering;

/// How `order` ranks among the integers that decide.
#[inline(always)]
pub const fn rank(order: i64, descending: bool) -> u64 {
    let rank = order as u64 ^ 1 << 63;
    if descending { !rank } else { rank }
}

/// Takes a row whose only deciding column has this rank; of equal ranks the first row to arrive stays, or with `LAST` the last one.
///
/// # Safety
/// `p` is the accumulator's four words: value, flag, whether there was a row, rank.
#[inline(always)]
unsafe fn pick<const LAST: bool, V: Cells>(p: *mut u8, rank: u64, value: V, valid: bool) {
    const { assert!(V::WIDTH == 8) };
    // SAFETY: the caller's four words; parts of a group row are 8-aligned.
    unsafe {
        let words = p.cast::<u64>();
        let held = *words.add(3);
        if *words.add(2) != 0 && (rank > held || (!LAST && rank == held)) {
            return;
        }
        if valid {
            V::write(p, value);
        } else {
            *words = 0;
        }
        *words.add(1) = valid as u64;
        *words.add(2) = 1;
        *words.add(3) = rank;
    }
}

/// [`AccOp::PickFirst`](crate::plan::AccOp::PickFirst) of one deciding integer and a value of one word.
///
/// # Safety
/// `p` is its state.
#[inline(always)]
pub unsafe fn pick_first<V: Cells>(p: *mut u8, rank: u64, value: V, valid: bool) {
    // SAFETY: as the caller promises.
    unsafe { pick::<false, V>(p, rank, value, valid) }
}

/// [`AccOp::PickLast`](crate::plan::AccOp::PickLast), as [`pick_first`].
///
/// # Safety
/// As there.
#[inline(always)]
pub unsafe fn pick_last<V: Cells>(p: *mut u8, rank: u64, value: V, valid: bool) {
    // SAFETY: as the caller promises.
    unsafe { pick::<true, V>(p, rank, value, valid) }
}

/// The operation.
pub(super) struct Pick {
    /// Of equal tuples the last one to arrive stays.
    pub last: bool,
}

impl Aggregate for Pick {
    fn parts(&self, acc: &Accumulator) -> Vec<Part> {
        let tuple = crate::plan::TupleLayout::of(&acc.tuple);
        let mut parts = value_parts(tuple.last_repr());
        parts.push(Part::flag(".seen"));
        parts.push(Part::hidden(tuple.deciding_words()));
        parts
    }

    unsafe fn update(&self, rows: &Rows<'_>) {
        let tuple = rows.tuple();
        let deciding = tuple.deciding();
        let value = Value::of(tuple.last_repr());
        // SAFETY: the columns have every index given; the state is as drawn above.
        unsafe {
            rows.each(|p, i| {
                let seen = p.add(value.bytes()).cast::<u64>();
                let held = seen.add(1);
                let take = *seen == 0
                    || match deciding.compare_row(rows.columns(), i, held) {
                        Ordering::Less => true,
                        Ordering::Equal => self.last,
                        Ordering::Greater => false,
                    };
                if take {
                    deciding.free(held);
                    deciding.encode(rows.columns(), i, held);
                    deciding.own(held);
                    value.put(p, tuple.last_of_row(rows.columns(), i));
                    *seen = 1;
                }
            });
        }
    }

    fn owns(&self) -> bool {
        true
    }

    unsafe fn copied(&self, of: Of<'_>, p: *mut u8) {
        let value = Value::of(of.tuple.last_repr());
        // SAFETY: the state is as drawn above, the original lives.
        unsafe {
            value.copied(p);
            of.tuple.deciding().copied(p.add(value.bytes() + 8).cast());
        }
    }

    unsafe fn free(&self, of: Of<'_>, p: *mut u8) {
        let value = Value::of(of.tuple.last_repr());
        let deciding = of.tuple.deciding();
        // SAFETY: the state is as drawn above; zeros own nothing.
        unsafe {
            value.put(p, None);
            deciding.free(p.add(value.bytes() + 8).cast());
            p.write_bytes(0, value.bytes() + 8 + deciding.words() * 8);
        }
    }

    unsafe fn write(&self, of: Of<'_>, p: *const u8, to: &mut Vec<u8>) {
        let value = Value::of(of.tuple.last_repr());
        // SAFETY: the state is as drawn above.
        unsafe {
            let seen = *p.add(value.bytes()).cast::<u64>() != 0;
            put_u8(to, seen as u8);
            if seen {
                value.write(p, to);
                of.tuple.deciding().write(p.add(value.bytes() + 8).cast(), to);
            }
        }
    }

    unsafe fn read(&self, of: Of<'_>, p: *mut u8, r: &mut Reader<'_>) -> Result<(), Error> {
        if !r.bool()? {
            return Ok(());
        }
        let value = Value::of(of.tuple.last_repr());
        let deciding = of.tuple.deciding();
        let mut words = vec![0; deciding.words()];
        // SAFETY: the state is as drawn above and empty.
        unsafe {
            value.read(p, r)?;
            deciding.read(&mut words, r)?;
            let held = p.add(value.bytes() + 8).cast::<u64>();
            std::ptr::copy_nonoverlapping(words.as_ptr(), held, words.len());
            deciding.own(held);
            *p.add(value.bytes()).cast::<u64>() = 1;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::aggregate::{of, update};
    use crate::plan::{AccOp, CellColumn, RowLayout, TupleColumn};
    use crate::schema::Ty;
    use crate::stage::{ColumnRef, UpdateCtx};
    use crate::types::TextRef;

    /// The texts picked by (key, text) of each kind of tie, after a way through a snapshot.
    fn check(rows: &[(i64, Option<&str>)], descending: bool, first: Option<&str>, last: Option<&str>) {
        let column = |column, ty, nullable, descending| TupleColumn {
            column,
            cell: CellColumn { ty, nullable },
            descending,
            nulls_first: false,
        };
        let tuple = [column(0, Ty::Bigint, false, descending), column(1, Ty::Varchar, true, false)];
        for (op, expected) in [(AccOp::PickFirst, first), (AccOp::PickLast, last)] {
            let acc = [Accumulator { tuple: tuple.to_vec().into(), ..Accumulator::new(op, None, false) }];
            let layout = RowLayout::of(&[], &acc);
            let mut state = vec![0_u64; layout.stride / 8];
            let keys: Vec<i64> = rows.iter().map(|r| r.0).collect();
            let texts: Vec<_> =
                rows.iter().map(|r| r.1.map_or([0, 0], |t| TextRef::new(t).to_cell())).collect();
            let valid: Vec<u8> = rows.iter().map(|r| r.1.is_some() as u8).collect();
            let columns = [
                ColumnRef { data: keys.as_ptr().cast(), valid: std::ptr::null() },
                ColumnRef { data: texts.as_ptr().cast(), valid: valid.as_ptr() },
            ];
            let ctx = UpdateCtx {
                rows: state.as_mut_ptr().cast(),
                slots: vec![0_u32; rows.len()].leak().as_ptr(),
                args: columns.as_ptr(),
                lo: 0,
                n: rows.len(),
                weights: std::ptr::null(),
            };
            let of = of(&acc, &layout, 0);
            let mut bytes = Vec::new();
            let mut again = vec![0_u64; layout.stride / 8];
            // SAFETY: one row of state, as many cells as rows; each state is freed once.
            unsafe {
                update(&acc, &layout, &ctx);
                let p = state.as_mut_ptr().cast::<u8>().add(layout.accumulators[0]);
                of.def().write(of, p, &mut bytes);
                of.def().free(of, p);
                assert!(state.iter().all(|w| *w == 0));
                let p = again.as_mut_ptr().cast::<u8>().add(layout.accumulators[0]);
                of.def().read(of, p, &mut Reader::new(&bytes)).unwrap();
                let found = (*p.cast::<u64>().add(2) != 0).then(|| (*p.cast::<crate::types::Str>()).clone());
                assert_eq!(found.as_ref().map(|s| s.as_str()), expected, "{op:?} {rows:?}");
                of.def().free(of, p);
            }
        }
    }

    #[test]
    fn ties_go_to_the_first_or_the_last() {
        let a = Some("a text that is not inline");
        check(&[(3, a), (2, Some("b")), (2, Some("c")), (4, None)], false, Some("b"), Some("c"));
        check(&[(3, a), (2, Some("b")), (4, None), (3, Some("c"))], true, None, None);
        check(&[(5, Some("x")), (5, None), (5, a)], true, Some("x"), a);
        check(&[], false, None, None);
    }
}
