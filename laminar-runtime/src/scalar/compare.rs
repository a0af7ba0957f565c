//! Orders of values, and the form of keys.

use crate::types::{Interval, TextRef};
use std::cmp::Ordering;

/// Whether the texts are equal.
///
/// # Safety
/// Both texts live.
#[inline]
pub unsafe fn text_eq(a: TextRef, b: TextRef) -> bool {
    // SAFETY: by contract.
    unsafe { a.as_str() == b.as_str() }
}

/// Order of texts by bytes: −1, 0 or 1.
///
/// # Safety
/// Both texts live.
#[inline]
pub unsafe fn text_cmp(a: TextRef, b: TextRef) -> i64 {
    // SAFETY: by contract.
    unsafe { sign(a.as_str().cmp(b.as_str())) }
}

/// Total order of floats: NaN is greatest and equal to itself, −0 is 0. Gives −1, 0 or 1.
#[inline]
pub fn float_cmp(a: f64, b: f64) -> i64 {
    if a < b {
        -1
    } else if a > b {
        1
    } else if a == b {
        0
    } else {
        a.is_nan() as i64 - b.is_nan() as i64
    }
}

/// Order of intervals by length, with months of 30 days and days of 24 hours: −1, 0 or 1.
#[inline]
pub fn interval_cmp(a: Interval, b: Interval) -> i64 {
    sign(a.compare(b))
}

/// The float as a key: −0 as 0, every NaN as the canonical one.
#[inline]
pub fn norm_float(f: f64) -> f64 {
    if f.is_nan() { f64::NAN } else { f + 0.0 }
}

const SIGN: u64 = 1 << 63;

/// A word whose order, as that of unsigned words, is the order of floats as keys.
#[inline]
pub(crate) fn sorted_float(bits: u64) -> u64 {
    let bits = norm_float(f64::from_bits(bits)).to_bits();
    if bits & SIGN != 0 { !bits } else { bits ^ SIGN }
}

/// The bits of the float that [`sorted_float`] made a word of.
#[inline]
pub(crate) fn float_of_sorted(word: u64) -> u64 {
    if word & SIGN != 0 { word ^ SIGN } else { !word }
}

#[inline(always)]
fn sign(order: Ordering) -> i64 {
    order as i64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts() {
        let check = |a: &'static str, b: &'static str, expected| {
            let (a, b) = (TextRef::new(a), TextRef::new(b));
            // SAFETY: static texts.
            assert_eq!(unsafe { (text_cmp(a, b), text_eq(a, b)) }, (expected, expected == 0));
        };
        check("", "", 0);
        check("", "a", -1);
        check("b", "a", 1);
        check("B", "a", -1);
        check("a", "aa", -1);
        check("é", "z", 1);
    }

    #[test]
    fn floats() {
        let check = |a, b, expected: i64| {
            assert_eq!((float_cmp(a, b), float_cmp(b, a)), (expected, -expected), "{a} {b}");
            assert_eq!(norm_float(a).to_bits() == norm_float(b).to_bits(), expected == 0);
        };
        check(1.0, 2.0, -1);
        check(0.0, -0.0, 0);
        check(f64::NAN, -f64::NAN, 0);
        check(f64::NAN, f64::INFINITY, 1);
        check(f64::NEG_INFINITY, f64::MIN, -1);
        assert_eq!(norm_float(-0.0).to_bits(), 0);
        assert_eq!(norm_float(-f64::NAN).to_bits(), 0x7ff8 << 48);
    }

    #[test]
    fn intervals() {
        let check = |a: &str, b: &str, expected| {
            let [a, b] = [a, b].map(|t| Interval::parse(t).unwrap());
            assert_eq!(interval_cmp(a, b), expected);
        };
        check("1 month", "30 days", 0);
        check("1 year", "365 days", -1);
        check("25 hours", "1 day", 1);
    }
}
