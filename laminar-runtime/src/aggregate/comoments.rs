//! `AccOp::CoMoments`: what covariance, correlation and regression are computed from.
//!
//! ```text
//! [rows] [first x] [first y] [sum x: 2] [sum y: 2] [sum x²: 2] [sum y²: 2] [sum xy: 2] [pairs that are no numbers]
//! [pairs with a large value]
//! ```
//!
//! Its tuple is (x, y); the rest is as in [`super::moments`].

use super::moments::{LARGE, add_difference, add_product, difference};
use super::{Aggregate, Part, Rows};
use crate::plan::Accumulator;
use crate::schema::Repr;

/// Adds the pair `weight` times.
///
/// # Safety
/// `p` is the accumulator's 15 words.
unsafe fn co_moments_weighted(p: *mut u8, x: f64, y: f64, weight: i64) {
    // SAFETY: the caller's 15 words; parts of a group row are 8-aligned.
    unsafe {
        if x.is_nan() || y.is_nan() || x.abs() >= LARGE || y.abs() >= LARGE {
            let at = p.cast::<i64>().add(if x.is_finite() && y.is_finite() { 14 } else { 13 });
            *at = (*at).wrapping_add(weight);
            return;
        }
        let rows = p.cast::<i64>();
        let first = p.cast::<f64>().add(1);
        if *rows == 0 {
            *first = x;
            *first.add(1) = y;
        }
        *rows = (*rows).wrapping_add(weight);
        if *rows == 0 {
            p.write_bytes(0, 13 * 8);
            return;
        }
        let (x, y) = (difference(x, *first), difference(y, *first.add(1)));
        add_difference(p.add(3 * 8), x, weight);
        add_difference(p.add(5 * 8), y, weight);
        add_product(p.add(7 * 8), x, x, weight);
        add_product(p.add(9 * 8), y, y, weight);
        add_product(p.add(11 * 8), x, y, weight);
    }
}

/// Adds a row that stays.
///
/// # Safety
/// `p` is the accumulator's 15 words.
pub unsafe extern "C" fn co_moments(p: *mut u8, x: f64, y: f64) {
    // SAFETY: as the caller promises.
    unsafe { co_moments_weighted(p, x, y, 1) }
}

/// The operation.
pub(super) struct CoMoments;

impl Aggregate for CoMoments {
    fn parts(&self, _: &Accumulator) -> Vec<Part> {
        let float = |name| Part::value(name, Repr::Float);
        vec![
            Part::value(".rows", Repr::Int),
            float(".first_x"),
            float(".first_y"),
            float(".x"),
            float(".x_compensation"),
            float(".y"),
            float(".y_compensation"),
            float(".xx"),
            float(".xx_compensation"),
            float(".yy"),
            float(".yy_compensation"),
            float(".xy"),
            float(".xy_compensation"),
            Part::value(".apart", Repr::Int),
            Part::value(".large", Repr::Int),
        ]
    }

    unsafe fn update(&self, rows: &Rows<'_>) {
        let [x, y] = &rows.acc().tuple[..] else { return };
        // SAFETY: the edge has both columns, of floats, with a value for every index given.
        unsafe {
            let column = |c: u32| (*rows.columns().add(c as usize)).data.cast::<f64>();
            let (x, y) = (column(x.column), column(y.column));
            rows.weighted(|p, i, weight| co_moments_weighted(p, *x.add(i), *y.add(i), weight));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scalar::co_moment;

    #[test]
    fn sums_of_products() {
        let mut words = [0_u64; 15];
        for (x, y, weight) in [(1e9, 1.0, 1), (1e9 + 2.0, 5.0, 1), (7.0, 9.0, 2), (7.0, 9.0, -2)] {
            // SAFETY: 15 words.
            unsafe { co_moments_weighted(words.as_mut_ptr().cast(), x, y, weight) };
        }
        let f = |w: usize| f64::from_bits(words[w]);
        assert_eq!(co_moment(2, f(3), f(4), f(5), f(6), f(11), f(12)), 4.0);
        assert_eq!(co_moment(2, f(3), f(4), f(3), f(4), f(7), f(8)), 2.0);
        assert_eq!(co_moment(2, f(5), f(6), f(5), f(6), f(9), f(10)), 8.0);
    }
}
