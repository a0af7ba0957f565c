//! `AccOp::MinFloat` and `AccOp::MaxFloat`: the value, and a flag that is 1 once there is one.
//!
//! NaN is the greatest float; of values that are equal (−0 and 0) the first to arrive stays.

use super::{Aggregate, Part, Rows};
use crate::plan::Accumulator;
use crate::schema::Repr;

/// Takes `value` if it is the first or less than the least so far.
///
/// # Safety
/// `p` is the accumulator's two words.
#[inline(always)]
pub unsafe fn min_float(p: *mut u8, value: f64) {
    // SAFETY: as the caller promises.
    unsafe { put_if(p, value, less(value, *p.cast::<f64>())) }
}

/// Takes `value` if it is the first or greater than the greatest so far.
///
/// # Safety
/// `p` is the accumulator's two words.
#[inline(always)]
pub unsafe fn max_float(p: *mut u8, value: f64) {
    // SAFETY: as the caller promises.
    unsafe { put_if(p, value, less(*p.cast::<f64>(), value)) }
}

#[inline(always)]
fn less(a: f64, b: f64) -> bool {
    (a < b) | (!a.is_nan() & b.is_nan())
}

#[inline(always)]
unsafe fn put_if(p: *mut u8, value: f64, is_better: bool) {
    let value_at = p.cast::<f64>();
    let flag_at = p.cast::<u64>();
    // SAFETY: the caller's two words; parts of a group row are 8-aligned.
    unsafe {
        let flag_at = flag_at.add(1);
        *value_at = if (*flag_at == 0) | is_better { value } else { *value_at };
        *flag_at = 1;
    }
}

/// The operation.
pub(super) struct ExtremeFloat {
    pub max: bool,
}

impl Aggregate for ExtremeFloat {
    fn parts(&self, _: &Accumulator) -> Vec<Part> {
        vec![Part::value("", Repr::Float), Part::flag(".flag")]
    }

    unsafe fn update(&self, rows: &Rows<'_>) {
        let values = rows.data().cast::<f64>();
        // SAFETY: there is a value for every index given.
        unsafe {
            if self.max {
                rows.each(|p, i| max_float(p, *values.add(i)));
            } else {
                rows.each(|p, i| min_float(p, *values.add(i)));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn total_order() {
        let check = |values: &[f64], min: f64, max: f64| {
            let (mut least, mut greatest) = ([0_u64; 2], [0_u64; 2]);
            for &v in values {
                // SAFETY: two words each.
                unsafe {
                    min_float(least.as_mut_ptr().cast(), v);
                    max_float(greatest.as_mut_ptr().cast(), v);
                }
            }
            assert_eq!(least, [min.to_bits(), 1], "{values:?}");
            assert_eq!(greatest, [max.to_bits(), 1], "{values:?}");
        };
        check(&[1.0, f64::NAN, -1.0], -1.0, f64::NAN);
        check(&[f64::NAN, f64::INFINITY], f64::INFINITY, f64::NAN);
        check(&[f64::NAN], f64::NAN, f64::NAN);
        check(&[-0.0, 0.0], -0.0, -0.0);
        check(&[0.0, -0.0, 3.0, f64::NEG_INFINITY], f64::NEG_INFINITY, 3.0);
    }
}
