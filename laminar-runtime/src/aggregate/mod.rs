//! Accumulators: what one row does to the state of its group, one file an operation.
//!
//! Each file has the row function that generated code inlines (`count`, `sum_int`, …); [`update`] here is the
//! engine's own loop over them, for executors without update code and for weighted rows.
//!
//! Not here: finding the group (`group`), reading results (the edge's expression program).
//!
//! Invariant: all-zero bytes are the empty state, no update can fail, and the state after a sequence of updates
//! is a function of that sequence alone, never of how it was cut into calls.

mod count;
mod extreme_float;
mod extreme_int;
mod extreme_text;
mod sum_float;
mod sum_float_exact;
mod sum_int;

pub use count::count;
pub use extreme_float::{max_float, min_float};
pub use extreme_int::{max_int, min_int};
pub(crate) use extreme_text::{copy_text, drop_text, read_text, write_text};
pub use extreme_text::{max_text, max_text_cell, min_text, min_text_cell};
pub use sum_float::sum_float;
pub use sum_float_exact::{sum_float_exact, sum_float_exact_cell};
pub use sum_int::{sum_int, sum_int_weighted};

use crate::plan::{AccOp, Accumulator, RowLayout};
use crate::stage::UpdateCtx;
use crate::types::TextRef;

/// Folds the rows of `ctx` into their groups, one accumulator after the other.
///
/// # Safety
/// `ctx` is as the engine makes it: every slot is a row of `layout`, every argument column has `lo + n` rows
/// of the representation that its accumulator takes, and texts are alive.
///
/// # Cost
/// One dispatch an accumulator, then a loop over the rows.
pub unsafe fn update(accumulators: &[Accumulator], layout: &RowLayout, ctx: &UpdateCtx) {
    for (accumulator, &at) in accumulators.iter().zip(&layout.accumulators) {
        // SAFETY: as the caller promises.
        unsafe { update_one(accumulator, at, layout.stride, ctx) }
    }
}

/// One accumulator's loop.
unsafe fn update_one(acc: &Accumulator, at: usize, stride: usize, ctx: &UpdateCtx) {
    let data: *const u8 = match acc.arg {
        // SAFETY: `args` has all columns of the edge.
        Some(arg) => unsafe { (*ctx.args.add(arg as usize)).data },
        None => std::ptr::null(),
    };
    let int = data.cast::<i64>();
    let float = data.cast::<f64>();
    let text = data.cast::<[u64; 2]>();
    let weights = ctx.weights;
    // SAFETY: rows, cells and weights exist for every index that `each_row` gives; cells of 8 and 16 bytes are 8-aligned.
    unsafe {
        match acc.op {
            AccOp::Count if weights.is_null() => each_row(acc, at, stride, ctx, |p, _| count(p, 1)),
            AccOp::Count => each_row(acc, at, stride, ctx, |p, i| count(p, *weights.add(i))),
            AccOp::SumInt if weights.is_null() => {
                each_row(acc, at, stride, ctx, |p, i| sum_int(p, *int.add(i)));
            }
            AccOp::SumInt => {
                each_row(acc, at, stride, ctx, |p, i| sum_int_weighted(p, *int.add(i), *weights.add(i)));
            }
            AccOp::SumFloat => each_row(acc, at, stride, ctx, |p, i| sum_float(p, *float.add(i))),
            AccOp::SumFloatExact => each_row(acc, at, stride, ctx, |p, i| {
                let weight = if weights.is_null() { 1 } else { *weights.add(i) };
                sum_float_exact(p, *float.add(i), weight);
            }),
            AccOp::MinInt => each_row(acc, at, stride, ctx, |p, i| min_int(p, *int.add(i))),
            AccOp::MaxInt => each_row(acc, at, stride, ctx, |p, i| max_int(p, *int.add(i))),
            AccOp::MinFloat => each_row(acc, at, stride, ctx, |p, i| min_float(p, *float.add(i))),
            AccOp::MaxFloat => each_row(acc, at, stride, ctx, |p, i| max_float(p, *float.add(i))),
            AccOp::MinText => {
                each_row(acc, at, stride, ctx, |p, i| min_text(p, TextRef::from_cell(*text.add(i))));
            }
            AccOp::MaxText => {
                each_row(acc, at, stride, ctx, |p, i| max_text(p, TextRef::from_cell(*text.add(i))));
            }
        }
    }
}

/// Calls `f(accumulator, index)` for every row whose argument is not NULL, in order.
#[inline(always)]
unsafe fn each_row(
    acc: &Accumulator,
    at: usize,
    stride: usize,
    ctx: &UpdateCtx,
    mut f: impl FnMut(*mut u8, usize),
) {
    let valid = match acc.arg {
        // SAFETY: `args` has all columns of the edge.
        Some(arg) if acc.nullable => unsafe { (*ctx.args.add(arg as usize)).valid },
        _ => std::ptr::null(),
    };
    for j in 0..ctx.n {
        let i = ctx.lo + j;
        // SAFETY: `slots` has `n` entries, each a row within the table; `valid` has a byte for index `i`.
        unsafe {
            if valid.is_null() || *valid.add(i) != 0 {
                f(ctx.rows.add(*ctx.slots.add(j) as usize * stride + at), i);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::CellColumn;
    use crate::schema::Ty;
    use crate::stage::ColumnRef;

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
            ALL.iter().map(|&op| Accumulator { op, arg: Some(column(op)), nullable: true }).collect();
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
        expect(0, 3, &[0, 0, 1, 0, 0]);
        expect(0, 4, &[(-3_i64) as u64, 1]);
        expect(0, 5, &[(-3_i64) as u64, 1]);
        expect(0, 6, &[nan, 1]);
        expect(0, 7, &[nan, 1]);
        expect(1, 0, &[2]);
        expect(1, 1, &[i64::MAX as u64 + 7, 0]);
        expect(1, 2, &[1_f64.to_bits()]);
        expect(1, 3, &[1_f64.to_bits(), 0, 0, 0, 0]);
        expect(1, 4, &[7, 1]);
        expect(1, 5, &[i64::MAX as u64, 1]);
        expect(1, 6, &[(-0.5_f64).to_bits(), 1]);
        expect(1, 7, &[1.5_f64.to_bits(), 1]);
        let text = |row: usize, a: usize| {
            let at = row * layout.stride + layout.accumulators[a];
            // SAFETY: the accumulator there took at least one text.
            unsafe { read_text(rows.as_ptr().cast::<u8>().add(at)) }
        };
        assert_eq!((text(0, 8), text(0, 9)), ("a", "a"));
        assert_eq!((text(1, 8), text(1, 9)), ("b, and longer than inline", "c"));
        for row in 0..2 {
            for a in 8..10 {
                let at = row * layout.stride + layout.accumulators[a];
                // SAFETY: each text is dropped once and not read again.
                unsafe { drop_text(rows.as_mut_ptr().cast::<u8>().add(at)) };
            }
        }
    }

    #[test]
    fn weights_count() {
        let accumulators = [AccOp::Count, AccOp::SumInt, AccOp::SumFloatExact].map(|op| Accumulator {
            op,
            arg: Some(0),
            nullable: false,
        });
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
