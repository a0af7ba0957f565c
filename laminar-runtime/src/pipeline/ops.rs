//! Arithmetic and comparison as generated code spells them: total, with a flag where the result is bad.
//!
//! What each does is said in the compiler's scalar IR; the interpreter and compiled code do the same.

/// The greatest mantissa of 18 digits.
const DEC18_MAX: i64 = 999_999_999_999_999_999;

/// Whether the value leaves 16 bits.
#[inline(always)]
pub const fn not_i16(v: i64) -> bool {
    v as i16 as i64 != v
}

/// Whether the value leaves 32 bits.
#[inline(always)]
pub const fn not_i32(v: i64) -> bool {
    v as i32 as i64 != v
}

/// Whether the value has more than 18 digits.
#[inline(always)]
pub const fn not_dec18(v: i64) -> bool {
    // One comparison: the range −max..=max moved to 0..=2·max; what wraps lands above it.
    v.wrapping_add(DEC18_MAX) as u64 > 2 * DEC18_MAX as u64
}

macro_rules! arithmetic {
    ($($name:ident, $name16:ident, $name32:ident, $name18:ident, $op:ident, $what:literal;)*) => {$(
        #[doc = concat!($what, ", and whether it leaves 64 bits.")]
        #[inline(always)]
        pub const fn $name(a: i64, b: i64) -> (i64, bool) {
            a.$op(b)
        }
        #[doc = concat!($what, ", and whether it leaves 16 bits.")]
        #[inline(always)]
        pub const fn $name16(a: i64, b: i64) -> (i64, bool) {
            let (v, bad) = a.$op(b);
            (v, bad | not_i16(v))
        }
        #[doc = concat!($what, ", and whether it leaves 32 bits.")]
        #[inline(always)]
        pub const fn $name32(a: i64, b: i64) -> (i64, bool) {
            let (v, bad) = a.$op(b);
            (v, bad | not_i32(v))
        }
        #[doc = concat!($what, ", and whether it leaves 18 digits.")]
        #[inline(always)]
        pub const fn $name18(a: i64, b: i64) -> (i64, bool) {
            let (v, bad) = a.$op(b);
            (v, bad | not_dec18(v))
        }
    )*};
}
arithmetic! {
    add_i64, add_i16, add_i32, add_dec18, overflowing_add, "Sum";
    sub_i64, sub_i16, sub_i32, sub_dec18, overflowing_sub, "Difference";
    mul_i64, mul_i16, mul_i32, mul_dec18, overflowing_mul, "Product";
}

/// Quotient toward zero, and whether it leaves 64 bits; by zero 0 and bad.
#[inline(always)]
pub const fn div_i64(a: i64, b: i64) -> (i64, bool) {
    if b == 0 { (0, true) } else { a.overflowing_div(b) }
}

/// Quotient toward zero, and whether it leaves 16 bits; by zero 0 and bad.
#[inline(always)]
pub const fn div_i16(a: i64, b: i64) -> (i64, bool) {
    let (v, bad) = div_i64(a, b);
    (v, bad | not_i16(v))
}

/// Quotient toward zero, and whether it leaves 32 bits; by zero 0 and bad.
#[inline(always)]
pub const fn div_i32(a: i64, b: i64) -> (i64, bool) {
    let (v, bad) = div_i64(a, b);
    (v, bad | not_i32(v))
}

/// Quotient toward zero, and whether it leaves 18 digits; by zero 0 and bad.
#[inline(always)]
pub const fn div_dec18(a: i64, b: i64) -> (i64, bool) {
    let (v, bad) = div_i64(a, b);
    (v, bad | not_dec18(v))
}

/// Remainder with the dividend's sign; by zero 0 and bad.
#[inline(always)]
pub const fn rem(a: i64, b: i64) -> (i64, bool) {
    if b == 0 { (0, true) } else { (a.wrapping_rem(b), false) }
}

/// `a % D = 0`, for a `D` that is not 0: by a multiplication, which scatters the numbers that `D` does not divide out of the range of
/// those that it does.
///
/// # Source
/// Granlund and Montgomery, Division by Invariant Integers using Multiplication, 1994, section 9.
#[inline(always)]
pub const fn is_multiple<const D: i64>(a: i64) -> bool {
    let (shift, inverse, bound) = const {
        let (d, shift) = (D.unsigned_abs(), D.trailing_zeros());
        let odd = d >> shift;
        // Each step of Newton doubles the bits that are right, of which there are 3 at first.
        let (mut inverse, mut step) = (odd, 0);
        while step < 5 {
            inverse = inverse.wrapping_mul(2u64.wrapping_sub(odd.wrapping_mul(inverse)));
            step += 1;
        }
        (shift, inverse, (i64::MAX as u64 / odd) >> shift << shift)
    };
    if D.unsigned_abs().is_power_of_two() {
        return a as u64 & (D.unsigned_abs() - 1) == 0;
    }
    (a as u64).wrapping_mul(inverse).wrapping_add(bound).rotate_right(shift) <= (2 * bound) >> shift
}

/// The float with every NaN as the canonical one.
#[inline(always)]
pub const fn canonical(v: f64) -> f64 {
    if v.is_nan() { f64::NAN } else { v }
}

/// The float as a key: −0 as 0, NaN as the canonical one.
#[inline(always)]
pub const fn norm(v: f64) -> f64 {
    if v.is_nan() {
        f64::NAN
    } else if v == 0.0 {
        0.0
    } else {
        v
    }
}

/// `a = b`, with NaN = NaN.
#[inline(always)]
pub const fn float_eq(a: f64, b: f64) -> bool {
    (a == b) | (a.is_nan() & b.is_nan())
}

/// `a < b`, with NaN greatest.
#[inline(always)]
pub const fn float_lt(a: f64, b: f64) -> bool {
    (a < b) | (!a.is_nan() & b.is_nan())
}

/// `a <= b`, with NaN greatest.
#[inline(always)]
pub const fn float_le(a: f64, b: f64) -> bool {
    (a <= b) | b.is_nan()
}

/// What a function gave, and whether it gave nothing.
#[inline(always)]
pub fn outcome<T>(result: Option<T>, zero: T) -> (T, bool) {
    match result {
        Some(value) => (value, false),
        None => (zero, true),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cmp::Ordering;

    #[test]
    fn ranges_are_exact() {
        assert_eq!((add_i16(32_767, 1), sub_i16(-32_768, 0)), ((32_768, true), (-32_768, false)));
        assert_eq!((mul_i16(200, 200).1, div_i16(-32_768, -1)), (true, (32_768, true)));
        assert_eq!(add_i32(i32::MAX as i64, 1), (1 << 31, true));
        assert_eq!(add_i32(i32::MAX as i64, 0), (i32::MAX as i64, false));
        assert_eq!(sub_i32(i32::MIN as i64, 0), (i32::MIN as i64, false));
        assert_eq!(mul_i64(i64::MIN, -1), (i64::MIN, true));
        assert!(mul_dec18(1_000_000_000, 1_000_000_000).1);
        assert!(!add_dec18(999_999_999_999_999_998, 1).1);
        assert!(add_dec18(999_999_999_999_999_999, 1).1 && sub_dec18(-999_999_999_999_999_999, 1).1);
        for edge in [DEC18_MAX, DEC18_MAX + 1, i64::MAX, i64::MAX - DEC18_MAX, i64::MAX - DEC18_MAX + 1] {
            assert_eq!(not_dec18(edge), edge > DEC18_MAX, "{edge}");
            assert_eq!(not_dec18(-edge), edge > DEC18_MAX, "-{edge}");
        }
        assert!(not_dec18(i64::MIN) && !not_dec18(0));
        assert_eq!((div_i64(7, 0), div_i64(-7, 2)), ((0, true), (-3, false)));
        assert_eq!(div_i64(i64::MIN, -1), (i64::MIN, true));
        assert_eq!(div_i32(i32::MIN as i64, -1), (1 << 31, true));
        assert_eq!((rem(i64::MIN, -1), rem(-7, 3), rem(1, 0)), ((0, false), (-1, false), (0, true)));
    }

    #[test]
    fn multiples_are_those_without_remainder() {
        fn check<const D: i64>() {
            assert_eq!(is_multiple::<D>(i64::MIN), i64::MIN.wrapping_rem(D) == 0, "MIN % {D}");
            let (mut a, mut around) =
                (1i64, Vec::from([0, i64::MAX / D, i64::MIN / if D == -1 { 1 } else { D }]));
            for _ in 0..2000 {
                // A generator's steps, and its multiples of D.
                a = a.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                around.extend([a, a >> 20, a >> 50, (a >> 40).wrapping_mul(D), a / D]);
            }
            for a in around {
                for n in [a, a.wrapping_neg(), a.wrapping_mul(D)] {
                    for n in [n, n.wrapping_add(1), n.wrapping_sub(1), n ^ i64::MIN] {
                        assert_eq!(is_multiple::<D>(n), n.wrapping_rem(D) == 0, "{n} % {D}");
                    }
                }
            }
        }
        check::<1>();
        check::<-1>();
        check::<2>();
        check::<3>();
        check::<-7>();
        check::<10>();
        check::<12>();
        check::<123>();
        check::<-1000>();
        check::<{ 3 << 60 }>();
        check::<{ i64::MAX }>();
        check::<{ i64::MIN }>();
        check::<{ i64::MIN + 1 }>();
        check::<{ 1 << 62 }>();
        check::<86_400_000_000_000>();
    }

    #[test]
    fn floats_are_ordered_with_nan_greatest() {
        let values = [f64::NEG_INFINITY, -1.0, -0.0, 0.0, 2.5, f64::INFINITY, f64::NAN, -f64::NAN];
        for a in values {
            for b in values {
                let expected = match (a.is_nan(), b.is_nan()) {
                    (true, true) => Ordering::Equal,
                    (true, false) => Ordering::Greater,
                    (false, true) => Ordering::Less,
                    (false, false) => a.partial_cmp(&b).unwrap(),
                };
                assert_eq!(float_eq(a, b), expected == Ordering::Equal, "{a} = {b}");
                assert_eq!(float_lt(a, b), expected == Ordering::Less, "{a} < {b}");
                assert_eq!(float_le(a, b), expected != Ordering::Greater, "{a} <= {b}");
            }
        }
        assert_eq!(norm(-0.0).to_bits(), 0);
        assert_eq!(norm(-f64::NAN).to_bits(), f64::NAN.to_bits());
        assert_eq!(canonical(-f64::NAN).to_bits(), f64::NAN.to_bits());
        assert_eq!(canonical(-0.0).to_bits(), (-0.0_f64).to_bits());
    }
}
