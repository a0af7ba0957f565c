//! `AccOp::SumFloatExact`: a float sum whose rows can be taken back.
//!
//! Five words: sum, compensation, count of NaN, of +Inf, of −Inf. Values that are no finite numbers are only counted,
//! so that taking one back leaves no trace; finite ones are summed with Neumaier's compensation.
//!
//! Source: A. Neumaier, "Rundungsfehleranalyse einiger Verfahren zur Summation endlicher Summen", 1974.

/// Adds `value`, `weight` times.
///
/// # Safety
/// `p` is the accumulator's five words.
#[inline(always)]
pub unsafe fn sum_float_exact(p: *mut u8, value: f64, weight: i64) {
    // SAFETY: the caller's five words; parts of a group row are 8-aligned.
    unsafe {
        if !value.is_finite() {
            return count_special(p, value, weight);
        }
        if weight == 1 || weight == -1 {
            return add(p, value * weight as f64);
        }
        // The product and what its rounding lost: taken back in other portions, both parts still cancel.
        let product = value * weight as f64;
        add(p, product);
        let lost = value.mul_add(weight as f64, -product);
        if lost.is_finite() {
            add(p, lost);
        }
    }
}

/// [`sum_float_exact`] for machine code.
///
/// # Safety
/// As there.
pub unsafe extern "C" fn sum_float_exact_cell(p: *mut u8, value: f64, weight: i64) {
    // SAFETY: as the caller promises.
    unsafe { sum_float_exact(p, value, weight) }
}

#[inline(always)]
unsafe fn add(p: *mut u8, value: f64) {
    let p = p.cast::<f64>();
    // SAFETY: the first two of the caller's words.
    unsafe {
        let sum = *p;
        let total = sum + value;
        let lost = if sum.abs() >= value.abs() { (sum - total) + value } else { (value - total) + sum };
        *p = total;
        *p.add(1) += lost;
    }
}

#[cold]
unsafe fn count_special(p: *mut u8, value: f64, weight: i64) {
    let part = if value.is_nan() {
        2
    } else if value > 0.0 {
        3
    } else {
        4
    };
    // SAFETY: words 2 to 4 of the caller's five.
    unsafe {
        let p = p.cast::<i64>().add(part);
        *p = (*p).wrapping_add(weight);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(rows: &[(f64, i64)], expected: f64, specials: [i64; 3]) {
        let mut words = [0_u64; 5];
        for &(value, weight) in rows {
            // SAFETY: five words.
            unsafe { sum_float_exact(words.as_mut_ptr().cast(), value, weight) };
        }
        assert_eq!(f64::from_bits(words[0]) + f64::from_bits(words[1]), expected, "{rows:?}");
        assert_eq!([words[2], words[3], words[4]].map(|w| w as i64), specials, "{rows:?}");
    }

    #[test]
    fn what_is_taken_back_leaves_no_trace() {
        check(&[(0.1, 1), (1e100, 1), (1e100, -1)], 0.1, [0; 3]);
        check(&[(f64::NAN, 1), (f64::INFINITY, 2), (2.0, 1), (f64::NAN, -1)], 2.0, [0, 2, 0]);
        check(&[(f64::NEG_INFINITY, 1), (f64::INFINITY, 1), (f64::NEG_INFINITY, -1)], 0.0, [0, 1, 0]);
        check(&[(0.1, 3), (0.1, -1), (0.1, -2)], 0.0, [0; 3]);
    }
}
