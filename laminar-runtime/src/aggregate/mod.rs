//! Accumulators: what rows do to the state of their group, one file an operation.
//!
//! Each file has the parts of its state, the row function that generated code inlines where it is a hot one (`count`,
//! `sum_int`, …), and `Aggregate` for everybody else: [`update`] is the engine's own loop, for executors without update
//! code, for weighted rows, and for operations that generated code does not know. A new operation is a file, a line in
//! `AccOp::def` and one in `plan::AccOp`.
//!
//! Not here: finding the group (`group`), reading results (the edge's expression program).
//!
//! Invariant: all-zero bytes are the empty state, no update can fail, and the state after a sequence of updates
//! is a function of that sequence alone, never of how it was cut into calls.

mod bag;
mod bits;
mod collect;
mod comoments;
mod concat;
mod count;
mod distinct;
mod extreme_float;
mod extreme_int;
mod extreme_text;
mod extreme_wide;
mod kept;
mod least;
mod moments;
mod percentile;
mod pick;
mod rows;
mod state;
mod sum_float;
mod sum_float_exact;
mod sum_int;
mod sum_squares;
mod sum_wide;
mod tuple;
mod value;

pub use comoments::co_moments;
pub use count::count;
pub use extreme_float::{max_float, min_float};
pub use extreme_int::{max_int, min_int};
pub use extreme_text::{max_text, max_text_cell, min_text, min_text_cell};
pub use extreme_wide::{max_wide, max_wide_cell, min_wide, min_wide_cell};
pub use moments::moments;
pub use pick::{pick_first, pick_last, rank};
use rows::Rows;
pub use state::{Held, Part};
pub(crate) use state::{Of, owns};
pub use sum_float::sum_float;
pub use sum_float_exact::{sum_float_exact, sum_float_exact_cell};
pub use sum_int::{sum_int, sum_int_weighted};
pub use sum_squares::{sum_squares, sum_squares_cell};
pub use sum_wide::{sum_wide, sum_wide_cell, sum_wide_weighted};
pub use tuple::TupleLayout;

use crate::checkpoint::Reader;
use crate::error::Error;
use crate::group::BATCH_ROWS;
use crate::plan::{AccOp, Accumulator, RowLayout};
use crate::schema::Repr;
use crate::stage::{Cell, ColumnRef, UpdateCtx, wide_of};
use kept::Kept;
use state::{read_parts, write_parts};

/// An operation of accumulators.
pub(crate) trait Aggregate: Sync {
    /// What the state is made of; its size.
    fn parts(&self, acc: &Accumulator) -> Vec<Part>;

    /// Takes rows, or takes them back.
    ///
    /// # Safety
    /// As for [`update`].
    unsafe fn update(&self, rows: &Rows<'_>);

    /// Whether the state owns memory beside its words: then it is told when a row is copied, read and freed.
    fn owns(&self) -> bool {
        false
    }

    /// Brings the parts that programs read up to date.
    ///
    /// # Safety
    /// `p` is the state.
    unsafe fn refresh(&self, _of: Of<'_>, _p: *mut u8) {}

    /// Turns the bit-for-bit copy at `p` of a living state into one that can be read after the original has changed, but takes no
    /// more rows.
    ///
    /// # Safety
    /// `p` is such a copy, made after `refresh`, and not yet owned by anyone.
    unsafe fn copied(&self, _of: Of<'_>, _p: *mut u8) {}

    /// Gives back the memory that the state or copy owns and makes it empty.
    ///
    /// # Safety
    /// `p` is the state or a copy.
    unsafe fn free(&self, _of: Of<'_>, _p: *mut u8) {}

    /// Whether the state holds row `i` of the columns at least `times` times: only then it can be taken back.
    ///
    /// # Safety
    /// `p` is the state; `columns` are those of the edge, with a row `i` whose texts live.
    unsafe fn holds(
        &self,
        _of: Of<'_>,
        _p: *mut u8,
        _columns: *const ColumnRef,
        _i: usize,
        _times: i64,
    ) -> bool {
        true
    }

    /// Appends the state to a snapshot.
    ///
    /// # Safety
    /// `p` is the state.
    unsafe fn write(&self, of: Of<'_>, p: *const u8, to: &mut Vec<u8>) {
        // SAFETY: as the caller promises.
        unsafe { write_parts(&self.parts(of.acc), p, to) }
    }

    /// Fills an empty state.
    ///
    /// # Errors
    /// Bytes that are no state.
    ///
    /// # Safety
    /// `p` is an empty state.
    unsafe fn read(&self, of: Of<'_>, p: *mut u8, r: &mut Reader<'_>) -> Result<(), Error> {
        // SAFETY: as the caller promises.
        unsafe { read_parts(&self.parts(of.acc), p, r) }
    }
}

impl AccOp {
    /// What the operation is.
    pub(crate) fn def(self) -> &'static dyn Aggregate {
        match self {
            AccOp::Count => &count::Count,
            AccOp::SumInt => &sum_int::SumInt,
            AccOp::SumFloat => &sum_float::SumFloat,
            AccOp::SumFloatExact => &sum_float_exact::SumFloatExact,
            AccOp::MinInt => &extreme_int::ExtremeInt { max: false },
            AccOp::MaxInt => &extreme_int::ExtremeInt { max: true },
            AccOp::MinFloat => &extreme_float::ExtremeFloat { max: false },
            AccOp::MaxFloat => &extreme_float::ExtremeFloat { max: true },
            AccOp::MinText => &extreme_text::ExtremeText { max: false },
            AccOp::MaxText => &extreme_text::ExtremeText { max: true },
            AccOp::SumWide => &sum_wide::SumWide,
            AccOp::MinWide => &extreme_wide::ExtremeWide { max: false },
            AccOp::MaxWide => &extreme_wide::ExtremeWide { max: true },
            AccOp::SumSquares => &sum_squares::SumSquares,
            AccOp::BitOr => &bits::BitOr,
            AccOp::BitXor => &bits::BitXor,
            AccOp::BitCounts => &bits::BitCounts,
            AccOp::Moments => &moments::Moments,
            AccOp::CoMoments => &comoments::CoMoments,
            AccOp::PickFirst => &pick::Pick { last: false },
            AccOp::PickLast => &pick::Pick { last: true },
            AccOp::Least => &Kept { choose: least::least, repr: None },
            AccOp::PercentileCont => &Kept { choose: percentile::percentile_cont, repr: Some(Repr::Float) },
            AccOp::PercentileDisc => &Kept { choose: percentile::percentile_disc, repr: None },
            AccOp::Mode => &Kept { choose: percentile::mode, repr: None },
            AccOp::Concat => &Kept { choose: concat::concat, repr: Some(Repr::Text) },
            AccOp::Collect => &Kept { choose: collect::collect, repr: Some(Repr::Bytes) },
            AccOp::Distinct => &distinct::Distinct,
        }
    }
}

/// The number in cell `i`.
///
/// # Safety
/// The column has it.
#[inline(always)]
unsafe fn wide_at(cells: *const Cell, i: usize) -> i128 {
    // SAFETY: as the caller promises.
    unsafe { wide_of(*cells.add(i)) }
}

/// Folds the rows of `ctx` into their groups, one accumulator after the other; those behind a gate right after it.
///
/// # Safety
/// `ctx` is as the engine makes it: every slot is a row of `layout`, every argument column has `lo + n` rows
/// of the representation that its accumulator takes, and texts are alive.
///
/// # Cost
/// One dispatch an accumulator, then a loop over the rows.
pub unsafe fn update(accumulators: &[Accumulator], layout: &RowLayout, ctx: &UpdateCtx) {
    for (a, acc) in accumulators.iter().enumerate().filter(|(_, acc)| acc.gate.is_none()) {
        if acc.op != AccOp::Distinct {
            // SAFETY: as the caller promises.
            unsafe { acc.op.def().update(&rows_of(accumulators, layout, a, ctx, ctx.weights)) };
            continue;
        }
        let mut passing = [0; BATCH_ROWS];
        for from in (0..ctx.n).step_by(BATCH_ROWS) {
            let n = (ctx.n - from).min(BATCH_ROWS);
            let lo = ctx.lo + from;
            let part = UpdateCtx { lo, n, slots: ctx.slots.wrapping_add(from), ..*ctx };
            passing[..n].fill(0);
            // SAFETY: as the caller promises; the weights of the part are at the indices of its rows.
            unsafe {
                distinct::pass(&rows_of(accumulators, layout, a, &part, ctx.weights), &mut passing[..n]);
                let weights = passing.as_ptr().wrapping_sub(lo);
                for (b, behind) in accumulators.iter().enumerate().filter(|(_, b)| b.gate == Some(a as u32)) {
                    behind.op.def().update(&rows_of(accumulators, layout, b, &part, weights));
                }
            }
        }
    }
}

/// Rows for an accumulator.
fn rows_of<'a>(
    accumulators: &'a [Accumulator],
    layout: &'a RowLayout,
    a: usize,
    ctx: &'a UpdateCtx,
    weights: *const i64,
) -> Rows<'a> {
    let of = of(accumulators, layout, a);
    Rows { of, at: layout.accumulators[a], stride: layout.stride, ctx, weights }
}

/// An accumulator and its tuples.
pub(crate) fn of<'a>(accumulators: &'a [Accumulator], layout: &'a RowLayout, a: usize) -> Of<'a> {
    Of { acc: &accumulators[a], tuple: &layout.tuples[a] }
}

/// Whether row `i` of the columns can be taken back `times` times from what the group at `row` holds.
///
/// # Safety
/// `row` is a group row of the layout; `columns` are those of the edge, with a row `i` whose texts live.
pub(crate) unsafe fn holds(
    accumulators: &[Accumulator],
    layout: &RowLayout,
    row: *mut u8,
    columns: *const ColumnRef,
    i: usize,
    times: i64,
) -> bool {
    accumulators.iter().enumerate().filter(|(_, acc)| acc.gate.is_none()).all(|(a, acc)| {
        // SAFETY: as the caller promises; a nullable argument has a validity byte a row.
        unsafe {
            let skipped =
                acc.nullable && acc.arg.is_some_and(|arg| *(*columns.add(arg as usize)).valid.add(i) == 0);
            let p = row.add(layout.accumulators[a]);
            skipped || acc.op.def().holds(of(accumulators, layout, a), p, columns, i, times)
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::CellColumn;
    use crate::schema::Ty;
    use crate::types::TextRef;

    const ALL: [AccOp; 10] = [
        AccOp::Count,
        AccOp::SumInt,
        AccOp::SumFloat,
        AccOp::SumFloatExact,
        AccOp::MinInt,
        AccOp::MaxInt,
        AccOp::MinFloat,
        AccOp::MaxFloat,
        AccOp::MinText,
        AccOp::MaxText,
    ];

    #[test]
    fn folds_rows_into_their_groups_and_skips_null() {
        let key = CellColumn { ty: Ty::Bigint, nullable: false };
        let column = |op| match op {
            AccOp::Count | AccOp::SumInt | AccOp::MinInt | AccOp::MaxInt => 0,
            AccOp::MinText | AccOp::MaxText => 2,
            _ => 1,
        };
        let accumulators: Vec<Accumulator> =
            ALL.iter().map(|&op| Accumulator::new(op, Some(column(op)), true)).collect();
        let layout = RowLayout::of(&[key], &accumulators);
        let mut rows = vec![0_u64; 2 * layout.stride / 8];

        let texts = ["skipped", "b, and longer than inline", "a", "c", "null"];
        let ints = [99_i64, 7, -3, i64::MAX, 5];
        let floats = [99_f64, 1.5, f64::NAN, -0.5, 5.0];
        let cells: Vec<[u64; 2]> = texts.iter().map(|t| TextRef::new(t).to_cell()).collect();
        let valid = [1_u8, 1, 1, 1, 0];
        let args = [ints.as_ptr().cast::<u8>(), floats.as_ptr().cast(), cells.as_ptr().cast()]
            .map(|data| ColumnRef { data, valid: valid.as_ptr() });
        let slots = [1_u32, 0, 1, 0];
        let ctx = UpdateCtx {
            rows: rows.as_mut_ptr().cast(),
            slots: slots.as_ptr(),
            args: args.as_ptr(),
            lo: 1,
            n: 4,
            weights: std::ptr::null(),
        };
        // SAFETY: two rows, five cells a column, slots below two.
        unsafe { update(&accumulators, &layout, &ctx) };

        let word =
            |row: usize, a: usize, i: usize| rows[(row * layout.stride + layout.accumulators[a]) / 8 + i];
        let expect = |row: usize, a: usize, expected: &[u64]| {
            for (i, &e) in expected.iter().enumerate() {
                assert_eq!(word(row, a, i), e, "row {row} of {:?}, word {i}", ALL[a]);
            }
        };
        // Row 0 took index 2 only (index 4 is NULL), row 1 took 1 and 3.
        let nan = f64::NAN.to_bits();
        expect(0, 0, &[1]);
        expect(0, 1, &[(-3_i64) as u64, u64::MAX]);
        expect(0, 2, &[nan]);
        expect(0, 3, &[0, 0, 1, 0, 0, 0, 0]);
        expect(0, 4, &[(-3_i64) as u64, 1]);
        expect(0, 5, &[(-3_i64) as u64, 1]);
        expect(0, 6, &[nan, 1]);
        expect(0, 7, &[nan, 1]);
        expect(1, 0, &[2]);
        expect(1, 1, &[i64::MAX as u64 + 7, 0]);
        expect(1, 2, &[1_f64.to_bits()]);
        expect(1, 3, &[1_f64.to_bits(), 0, 0, 0, 0, 0, 0]);
        expect(1, 4, &[7, 1]);
        expect(1, 5, &[i64::MAX as u64, 1]);
        expect(1, 6, &[(-0.5_f64).to_bits(), 1]);
        expect(1, 7, &[1.5_f64.to_bits(), 1]);
        let text = |row: usize, a: usize| {
            let at = row * layout.stride + layout.accumulators[a];
            // SAFETY: the accumulator there took at least one text.
            unsafe { extreme_text::read_text(rows.as_ptr().cast::<u8>().add(at)) }
        };
        assert_eq!((text(0, 8), text(0, 9)), ("a", "a"));
        assert_eq!((text(1, 8), text(1, 9)), ("b, and longer than inline", "c"));
        for row in 0..2 {
            for a in 8..10 {
                let at = row * layout.stride + layout.accumulators[a];
                // SAFETY: each text is dropped once and not read again.
                unsafe {
                    accumulators[a]
                        .op
                        .def()
                        .free(of(&accumulators, &layout, a), rows.as_mut_ptr().cast::<u8>().add(at))
                };
            }
        }
    }

    #[test]
    fn weights_count() {
        let accumulators = [AccOp::Count, AccOp::SumInt, AccOp::SumFloatExact]
            .map(|op| Accumulator::new(op, Some(0), false));
        let layout = RowLayout::of(&[], &accumulators);
        let mut rows = vec![0_u64; layout.stride / 8];
        let ints = [4_i64, 5, i64::MIN];
        let args = ColumnRef { data: ints.as_ptr().cast(), valid: std::ptr::null() };
        let weights = [3_i64, -1, i64::MIN];
        let ctx = UpdateCtx {
            rows: rows.as_mut_ptr().cast(),
            slots: [0_u32; 3].as_ptr(),
            args: &args,
            lo: 0,
            n: 2,
            weights: weights.as_ptr(),
        };
        // SAFETY: one row, three cells, three weights.
        unsafe { update(&accumulators, &layout, &ctx) };
        assert_eq!(rows[1..4], [2, 7, 0]);
        // SAFETY: as above.
        unsafe { update(&accumulators[..2], &layout, &UpdateCtx { lo: 2, n: 1, ..ctx }) };
        // (−2^63)·(−2^63) + 7 = 2^126 + 7
        assert_eq!(rows[2..4], [7, 1 << 62]);
    }
}
