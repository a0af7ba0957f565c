//! Functions of floats. The system's mathematical library answers, once for all executors: no function here is inlined into
//! generated code, where a compiler might compute a constant by another library.
//!
//! Outside its domain a function is bad, as in PostgreSQL; beyond the range it gives what IEEE 754 says, as arithmetic here does. NaN
//! gives NaN.

use std::f64::consts::PI;

macro_rules! total {
    ($($(#[$doc:meta])* $name:ident: $f:expr;)*) => {$(
        $(#[$doc])*
        #[inline(never)]
        pub fn $name(x: f64) -> f64 {
            let f: fn(f64) -> f64 = $f;
            f(x)
        }
    )*};
}

total! {
    /// The number without its sign.
    abs_float: f64::abs;
    /// −1, 0 or 1; NaN for NaN.
    sign: |x| if x > 0.0 { 1.0 } else if x < 0.0 { -1.0 } else if x == 0.0 { 0.0 } else { f64::NAN };
    /// The next integer that is not less.
    ceil: f64::ceil;
    /// The next integer that is not greater.
    floor: f64::floor;
    /// The nearest integer, ties to even.
    round_even: f64::round_ties_even;
    /// The number without its fraction.
    trunc: f64::trunc;
    /// Cube root.
    cbrt: f64::cbrt;
    /// e to the power of the number.
    exp: f64::exp;
    /// Radians as degrees.
    degrees: |x| x / (PI / 180.0);
    /// Degrees as radians.
    radians: |x| x * (PI / 180.0);
    /// The angle of a tangent.
    atan: f64::atan;
    /// Hyperbolic sine.
    sinh: f64::sinh;
    /// Hyperbolic cosine.
    cosh: f64::cosh;
    /// Hyperbolic tangent.
    tanh: f64::tanh;
    /// Inverse hyperbolic sine.
    asinh: f64::asinh;
}

macro_rules! partial {
    ($($(#[$doc:meta])* $name:ident where $domain:expr => $f:expr;)*) => {$(
        $(#[$doc])*
        #[inline(never)]
        pub fn $name(x: f64) -> Option<f64> {
            let (domain, f): (fn(f64) -> bool, fn(f64) -> f64) = ($domain, $f);
            (x.is_nan() || domain(x)).then(|| f(x))
        }
    )*};
}

const fn finite(x: f64) -> bool {
    x.is_finite()
}

fn within_one(x: f64) -> bool {
    (-1.0..=1.0).contains(&x)
}

partial! {
    /// Square root. Bad below zero.
    sqrt where |x| x >= 0.0 => f64::sqrt;
    /// Natural logarithm. Bad for zero and below.
    ln where |x| x > 0.0 => f64::ln;
    /// Logarithm to base 10. Bad for zero and below.
    log10 where |x| x > 0.0 => f64::log10;
    /// Sine. Bad for infinities.
    sin where finite => f64::sin;
    /// Cosine. Bad for infinities.
    cos where finite => f64::cos;
    /// Tangent. Bad for infinities.
    tan where finite => f64::tan;
    /// Cotangent. Bad for infinities.
    cot where finite => |x| 1.0 / x.tan();
    /// The angle of a sine. Bad outside −1 to 1.
    asin where within_one => f64::asin;
    /// The angle of a cosine. Bad outside −1 to 1.
    acos where within_one => f64::acos;
    /// Inverse hyperbolic cosine. Bad below 1.
    acosh where |x| x >= 1.0 => f64::acosh;
    /// Inverse hyperbolic tangent. Bad outside −1 to 1.
    atanh where within_one => f64::atanh;
}

/// π
#[inline(never)]
pub fn pi() -> f64 {
    PI
}

/// The angle of y over x.
#[inline(never)]
pub fn atan2(y: f64, x: f64) -> f64 {
    y.atan2(x)
}

/// `x` to the power of `y`. Bad for zero to a negative power, and for a negative number to a fraction.
#[inline(never)]
pub fn power(x: f64, y: f64) -> Option<f64> {
    let bad = (x == 0.0 && y < 0.0) || (x < 0.0 && x.is_finite() && y.is_finite() && y.fract() != 0.0);
    (!bad).then(|| x.powf(y))
}

/// Logarithm of `x` to a base. Bad for zero and below on both sides, and for base 1.
#[inline(never)]
pub fn log_base(base: f64, x: f64) -> Option<f64> {
    let bad = base <= 0.0 || x <= 0.0 || base == 1.0;
    (!bad).then(|| {
        // Exact where these are.
        if base == 2.0 {
            x.log2()
        } else if base == 10.0 {
            x.log10()
        } else {
            x.ln() / base.ln()
        }
    })
}

/// The bucket, from 1, that `x` falls in, of `count` buckets of equal width between two bounds (the first may be the greater
/// one); 0 and `count + 1` are those outside. Bad for no buckets, equal bounds, NaN, and infinite bounds.
#[inline(never)]
pub fn width_bucket(x: f64, low: f64, high: f64, count: i64) -> Option<i64> {
    if count <= 0 || count > i32::MAX as i64 || low == high {
        return None;
    }
    if x.is_nan() || !low.is_finite() || !high.is_finite() {
        return None;
    }
    let place = |x: f64, low: f64, high: f64| {
        if x < low {
            0
        } else if x >= high {
            count + 1
        } else {
            // Halves, so that no width overflows.
            let share = (x / 2.0 - low / 2.0) / (high / 2.0 - low / 2.0);
            // Rounding may reach the upper bound, which belongs to the next.
            ((share * count as f64) as i64 + 1).min(count)
        }
    };
    let bucket = if low < high { place(x, low, high) } else { place(-x, -low, -high) };
    (bucket <= i32::MAX as i64).then_some(bucket)
}

#[cfg(test)]
mod tests {
    use super::*;

    const INF: f64 = f64::INFINITY;

    #[test]
    fn rounds() {
        let check = |x: f64, expected: [f64; 4]| {
            let found = [ceil(x), floor(x), round_even(x), trunc(x)];
            assert_eq!(found.map(f64::to_bits), expected.map(f64::to_bits), "{x}");
        };
        check(2.5, [3.0, 2.0, 2.0, 2.0]);
        check(3.5, [4.0, 3.0, 4.0, 3.0]);
        check(-2.5, [-2.0, -3.0, -2.0, -2.0]);
        check(-0.2, [-0.0, -1.0, -0.0, -0.0]);
        check(1e300, [1e300; 4]);
        check(INF, [INF; 4]);
    }

    #[test]
    fn signs() {
        let check = |x: f64, expected: f64| assert_eq!(sign(x).to_bits(), expected.to_bits(), "{x}");
        check(-0.5, -1.0);
        check(-0.0, 0.0);
        check(INF, 1.0);
        assert!(sign(f64::NAN).is_nan());
        assert_eq!(abs_float(-0.0).to_bits(), 0);
    }

    #[test]
    fn domains() {
        let check = |f: fn(f64) -> Option<f64>, bad: &[f64], good: &[f64]| {
            assert!(f(f64::NAN).is_some_and(f64::is_nan));
            for &x in bad {
                assert_eq!(f(x), None, "{x}");
            }
            for &x in good {
                assert!(f(x).is_some_and(|y| !y.is_nan()), "{x}");
            }
        };
        check(sqrt, &[-1e-300, -INF], &[-0.0, 0.0, 2.0, INF]);
        for f in [ln, log10] {
            check(f, &[0.0, -0.0, -1.0, -INF], &[1e-300, 1.0, INF]);
        }
        for f in [sin, cos, tan, cot] {
            check(f, &[INF, -INF], &[1.0, 1e300]);
        }
        for f in [asin, acos] {
            check(f, &[1.0000001, -1.0000001, INF], &[1.0, -1.0, 0.0]);
        }
        check(acosh, &[0.999, -INF], &[1.0, INF]);
        check(atanh, &[1.5, -INF], &[1.0, -1.0, 0.5]);
    }

    #[test]
    fn powers() {
        let check = |x, y, expected: Option<f64>| assert_eq!(power(x, y), expected, "{x} ^ {y}");
        check(2.0, 10.0, Some(1024.0));
        check(-2.0, 3.0, Some(-8.0));
        check(4.0, 0.5, Some(2.0));
        check(0.0, 0.0, Some(1.0));
        check(0.0, -1.0, None);
        check(-8.0, 0.5, None);
        check(-8.0, INF, Some(INF));
        check(10.0, 400.0, Some(INF));
        check(1.0, f64::NAN, Some(1.0));
        check(f64::NAN, 0.0, Some(1.0));
    }

    #[test]
    fn logarithms_to_a_base() {
        let check = |b, x, expected: Option<f64>| assert_eq!(log_base(b, x), expected, "{b} {x}");
        check(2.0, 8.0, Some(3.0));
        check(10.0, 1000.0, Some(3.0));
        check(2.0, 0.0, None);
        check(0.0, 2.0, None);
        check(1.0, 2.0, None);
        check(-2.0, 2.0, None);
    }

    #[test]
    fn buckets() {
        let check = |x, low, high, count, expected| {
            assert_eq!(width_bucket(x, low, high, count), expected, "{x} in {low}..{high} by {count}");
        };
        check(5.35, 0.024, 10.06, 5, Some(3));
        check(-1.0, 0.0, 10.0, 5, Some(0));
        check(0.0, 0.0, 10.0, 5, Some(1));
        check(10.0, 0.0, 10.0, 5, Some(6));
        check(9.999, 0.0, 10.0, 5, Some(5));
        check(5.0, 10.0, 0.0, 5, Some(3));
        check(11.0, 10.0, 0.0, 5, Some(0));
        check(0.0, 10.0, 0.0, 5, Some(6));
        check(0.0, f64::MIN, f64::MAX, 2, Some(2));
        check(1.0, 0.0, 2.0, 0, None);
        check(1.0, 2.0, 2.0, 3, None);
        check(f64::NAN, 0.0, 2.0, 3, None);
        check(1.0, 0.0, INF, 3, None);
        check(3.0, 0.0, 2.0, i32::MAX as i64, None);
    }
}
