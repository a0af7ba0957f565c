//! Functions of integers. Those that end in `_i32` are of INTEGER: bad outside 32 bits.

#[inline(always)]
fn narrow(v: i64) -> Option<i64> {
    (v == v as i32 as i64).then_some(v)
}

/// The number without its sign; bad outside 32 bits.
#[inline]
pub fn abs_i32(a: i64) -> Option<i64> {
    narrow(a.checked_abs()?)
}

/// The number without its sign; bad outside 64 bits.
#[inline]
pub fn abs_i64(a: i64) -> Option<i64> {
    a.checked_abs()
}

/// Greatest common divisor, never negative; bad outside 64 bits.
#[inline]
pub fn gcd_i64(a: i64, b: i64) -> Option<i64> {
    let (mut a, mut b) = (a.unsigned_abs(), b.unsigned_abs());
    while b != 0 {
        (a, b) = (b, a % b);
    }
    i64::try_from(a).ok()
}

/// Greatest common divisor; bad outside 32 bits.
#[inline]
pub fn gcd_i32(a: i64, b: i64) -> Option<i64> {
    narrow(gcd_i64(a, b)?)
}

/// Least common multiple, never negative; bad outside 64 bits.
#[inline]
pub fn lcm_i64(a: i64, b: i64) -> Option<i64> {
    if a == 0 || b == 0 {
        return Some(0);
    }
    // Both are i64::MIN where the divisor does not fit, and so would not the multiple.
    (a / gcd_i64(a, b)?).checked_mul(b)?.checked_abs()
}

/// Least common multiple; bad outside 32 bits.
#[inline]
pub fn lcm_i32(a: i64, b: i64) -> Option<i64> {
    narrow(lcm_i64(a, b)?)
}

/// Bits that both have.
#[inline]
pub fn bit_and(a: i64, b: i64) -> i64 {
    a & b
}

/// Bits that one of them has.
#[inline]
pub fn bit_or(a: i64, b: i64) -> i64 {
    a | b
}

/// Bits that only one of them has.
#[inline]
pub fn bit_xor(a: i64, b: i64) -> i64 {
    a ^ b
}

/// Every bit the other way.
#[inline]
pub fn bit_not(a: i64) -> i64 {
    !a
}

/// Moved to the left in 32 bits, modulo 32 places, of which the lower 16 stay: as PostgreSQL's `int2` does.
#[inline]
pub fn shl_i16(a: i64, by: i64) -> i64 {
    ((a as i32).wrapping_shl(by as u32) as i16).into()
}

/// Moved to the left in 32 bits, modulo 32 places.
#[inline]
pub fn shl_i32(a: i64, by: i64) -> i64 {
    (a as i32).wrapping_shl(by as u32).into()
}

/// Moved to the left, modulo 64 places.
#[inline]
pub fn shl_i64(a: i64, by: i64) -> i64 {
    a.wrapping_shl(by as u32)
}

/// Moved to the right in 32 bits, modulo 32 places; the sign stays.
#[inline]
pub fn shr_i32(a: i64, by: i64) -> i64 {
    (a as i32).wrapping_shr(by as u32).into()
}

/// Moved to the right, modulo 64 places; the sign stays.
#[inline]
pub fn shr_i64(a: i64, by: i64) -> i64 {
    a.wrapping_shr(by as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    const MIN32: i64 = i32::MIN as i64;

    #[test]
    fn without_sign() {
        let check = |a, narrow, wide| assert_eq!((abs_i32(a), abs_i64(a)), (narrow, wide), "{a}");
        check(-3, Some(3), Some(3));
        check(MIN32, None, Some(-MIN32));
        check(i64::MIN, None, None);
    }

    #[test]
    fn divisors_and_multiples() {
        let check = |a, b, gcd, lcm| assert_eq!((gcd_i64(a, b), lcm_i64(a, b)), (gcd, lcm), "{a} {b}");
        check(1071, 462, Some(21), Some(23562));
        check(-12, 18, Some(6), Some(36));
        check(0, 5, Some(5), Some(0));
        check(0, 0, Some(0), Some(0));
        check(i64::MIN, 0, None, Some(0));
        check(i64::MIN, i64::MIN, None, None);
        check(i64::MIN, 3, Some(1), None);
        check(i64::MAX, i64::MAX - 1, Some(1), None);
        assert_eq!((gcd_i32(MIN32, 0), lcm_i32(65_536, 65_537)), (None, None));
        assert_eq!((gcd_i32(MIN32, 6), lcm_i32(6, 4)), (Some(2), Some(12)));
    }

    #[test]
    fn shifts() {
        assert_eq!((shl_i16(1, 15), shl_i16(1, 16), shl_i16(3, 14), shl_i16(5, 32)), (-32768, 0, -16384, 5));
        assert_eq!((shl_i32(1, 31), shl_i32(1, 32), shl_i32(-1, 4)), (MIN32, 1, -16));
        assert_eq!((shl_i64(1, 63), shl_i64(1, 64), shl_i64(3, -1)), (i64::MIN, 1, i64::MIN));
        assert_eq!((shr_i32(-16, 2), shr_i32(-1, 31), shr_i64(-16, 2), shr_i64(16, 66)), (-4, -1, -4, 4));
    }
}
