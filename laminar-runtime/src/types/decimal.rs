//! A decimal number of fixed precision and scale.
//!
//! Not here: arithmetic, which is the compiler's (scales are known there).

use super::ParseError;
use std::fmt;
use std::str::FromStr;

/// Powers of ten that fit an `i64`.
pub(crate) const POW10: [i64; 19] = {
    let mut powers = [1_i64; 19];
    let mut i = 1;
    while i < 19 {
        powers[i] = powers[i - 1] * 10;
        i += 1;
    }
    powers
};

/// Every mantissa is below this in absolute value.
pub(crate) const DEC18_BOUND: i64 = POW10[18];

/// Powers of ten that fit an `i128`.
pub(crate) const WIDE_POW10: [i128; 39] = {
    let mut powers = [1_i128; 39];
    let mut i = 1;
    while i < 39 {
        powers[i] = powers[i - 1] * 10;
        i += 1;
    }
    powers
};

/// Every mantissa of 38 digits is below this in absolute value.
pub(crate) const DEC38_BOUND: i128 = WIDE_POW10[38];

/// What holds all digits of a [`Decimal`]: `i64` up to 18 digits, `i128` up to 38.
pub trait Mantissa: Copy + Default + Ord + std::hash::Hash + Into<i128> + sealed::Sealed {
    #[doc(hidden)]
    const WIDE: bool;
    #[doc(hidden)]
    fn has_digits(self, digits: u8) -> bool;
    #[doc(hidden)]
    fn narrowed(wide: i128) -> Option<Self>;
}

mod sealed {
    pub trait Sealed {}
    impl Sealed for i64 {}
    impl Sealed for i128 {}
}

impl Mantissa for i64 {
    const WIDE: bool = false;
    #[inline(always)]
    fn has_digits(self, digits: u8) -> bool {
        let bound = POW10[digits as usize];
        -bound < self && self < bound
    }
    #[inline(always)]
    fn narrowed(wide: i128) -> Option<i64> {
        wide.try_into().ok()
    }
}

impl Mantissa for i128 {
    const WIDE: bool = true;
    #[inline(always)]
    fn has_digits(self, digits: u8) -> bool {
        let bound = WIDE_POW10[digits as usize];
        -bound < self && self < bound
    }
    #[inline(always)]
    fn narrowed(wide: i128) -> Option<i128> {
        Some(wide)
    }
}

/// A number of digits, as a type.
#[derive(Clone, Copy, Debug)]
pub struct Digits<const P: u8>;

/// A precision that a [`Decimal`] can have: 1 to 38.
#[diagnostic::on_unimplemented(
    message = "DECIMAL precision must be between 1 and 38",
    label = "not a precision of a DECIMAL"
)]
pub trait Precision {
    /// What holds so many digits.
    type Mantissa: Mantissa;
}

macro_rules! precisions {
    ($($mantissa:ty: $($digits:literal)*;)*) => {
        $($(impl Precision for Digits<$digits> { type Mantissa = $mantissa; })*)*
    };
}
precisions! {
    i64: 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18;
    i128: 19 20 21 22 23 24 25 26 27 28 29 30 31 32 33 34 35 36 37 38;
}

/// `DECIMAL(P, S)`: `mantissa / 10^S`, with at most `P ≤ 38` digits in all.
///
/// Layout: the mantissa, an `i64` up to 18 digits, else an `i128`.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(transparent)]
pub struct Decimal<const P: u8, const S: u8>(<Digits<P> as Precision>::Mantissa)
where
    Digits<P>: Precision;

impl<const P: u8, const S: u8> Decimal<P, S>
where
    Digits<P>: Precision,
{
    /// Evaluating it checks `S` at compile time.
    const CHECKED: () = assert!(S <= P, "DECIMAL scale must not be greater than the precision");

    /// The number times `10^S`.
    #[inline(always)]
    pub const fn mantissa(self) -> <Digits<P> as Precision>::Mantissa {
        self.0
    }

    /// The number `mantissa / 10^S`; `None` for more than `P` digits.
    #[inline]
    pub fn from_mantissa(mantissa: <Digits<P> as Precision>::Mantissa) -> Option<Self> {
        let () = Self::CHECKED;
        if mantissa.has_digits(P) { Some(Decimal(mantissa)) } else { None }
    }
}

/// Reads a decimal number as mantissa at `scale`, rounded half away from zero; `None` if it is none or has more than 18 digits.
pub(crate) fn parse_decimal(text: &str, scale: u32) -> Option<i64> {
    let mantissa = parse_wide_decimal(text, scale)?;
    i64::try_from(mantissa).ok().filter(|m| -DEC18_BOUND < *m && *m < DEC18_BOUND)
}

/// Reads a decimal number as mantissa at `scale`, rounded half away from zero; `None` if it is none or has more than 38 digits.
pub(crate) fn parse_wide_decimal(text: &str, scale: u32) -> Option<i128> {
    let text = text.trim_matches(|c: char| c.is_ascii_whitespace() || c == '\x0b').as_bytes();
    let (negative, digits) = match text {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        _ => (false, text),
    };
    let (digits, exponent) = match digits.iter().position(|b| matches!(b, b'e' | b'E')) {
        Some(e) => (&digits[..e], parse_exponent(&digits[e + 1..])?),
        None => (digits, 0),
    };
    let point = digits.iter().position(|&b| b == b'.');
    let (whole, fraction) = match point {
        Some(p) => (&digits[..p], &digits[p + 1..]),
        None => (digits, &[][..]),
    };
    if whole.len() + fraction.len() == 0 {
        return None;
    }
    // Digit i of the text stands for 10^(whole.len() - 1 - i + exponent + scale) of the mantissa.
    let mut place = whole.len() as i64 - 1 + exponent + scale as i64;
    let mut mantissa = 0_i128;
    for &b in whole.iter().chain(fraction) {
        if !b.is_ascii_digit() {
            return None;
        }
        let digit = (b - b'0') as i128;
        if place >= 0 && digit != 0 {
            let unit = *WIDE_POW10.get(usize::try_from(place).ok()?)?;
            mantissa = mantissa.checked_add(digit.checked_mul(unit)?)?;
        } else if place == -1 && digit >= 5 {
            mantissa = mantissa.checked_add(1)?;
        }
        place -= 1;
    }
    (mantissa < DEC38_BOUND).then_some(if negative { -mantissa } else { mantissa })
}

/// A signed exponent; one of huge size is held at a size that is huge enough.
fn parse_exponent(text: &[u8]) -> Option<i64> {
    let (negative, digits) = match text {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        _ => (false, text),
    };
    if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let value = digits.iter().fold(0_i64, |v, b| (v * 10 + (b - b'0') as i64).min(1 << 40));
    Some(if negative { -value } else { value })
}

/// Writes `mantissa / 10^scale` with all `scale` digits.
pub(crate) fn write_decimal(f: &mut impl fmt::Write, mantissa: i128, scale: u32) -> fmt::Result {
    let sign = if mantissa < 0 { "-" } else { "" };
    let magnitude = mantissa.unsigned_abs();
    match WIDE_POW10.get(scale as usize) {
        _ if scale == 0 => write!(f, "{sign}{magnitude}"),
        Some(&unit) => {
            let (whole, fraction) = (magnitude / unit as u128, magnitude % unit as u128);
            write!(f, "{sign}{whole}.{fraction:0width$}", width = scale as usize)
        }
        None => write!(f, "{sign}0.{magnitude:0width$}", width = scale as usize),
    }
}

impl<const P: u8, const S: u8> fmt::Display for Decimal<P, S>
where
    Digits<P>: Precision,
{
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_decimal(f, self.0.into(), S.into())
    }
}

impl<const P: u8, const S: u8> fmt::Debug for Decimal<P, S>
where
    Digits<P>: Precision,
{
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_decimal(f, self.0.into(), S.into())
    }
}

impl<const P: u8, const S: u8> FromStr for Decimal<P, S>
where
    Digits<P>: Precision,
{
    type Err = ParseError;
    fn from_str(text: &str) -> Result<Self, ParseError> {
        let mantissa = parse_wide_decimal(text, S.into()).and_then(Mantissa::narrowed);
        mantissa.and_then(Self::from_mantissa).ok_or_else(|| ParseError { ty: "numeric", text: text.into() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds() {
        let check = |m, fits: bool| assert_eq!(Decimal::<3, 1>::from_mantissa(m).is_some(), fits);
        check(999, true);
        check(-999, true);
        check(1000, false);
        check(-1000, false);
        check(i64::MIN, false);
        assert!(Decimal::<18, 0>::from_mantissa(DEC18_BOUND - 1).is_some());
        assert!(Decimal::<38, 0>::from_mantissa(DEC38_BOUND - 1).is_some());
        assert!(Decimal::<38, 0>::from_mantissa(-DEC38_BOUND).is_none());
        assert!(Decimal::<19, 0>::from_mantissa(WIDE_POW10[19]).is_none());
        assert_eq!((size_of::<Decimal<18, 2>>(), size_of::<Decimal<19, 2>>()), (8, 16));
    }

    #[test]
    fn displays() {
        let check = |m, scale, expected: &str| {
            let mut text = String::new();
            write_decimal(&mut text, m, scale).unwrap();
            assert_eq!(text, expected);
        };
        check(0, 0, "0");
        check(0, 2, "0.00");
        check(-5, 2, "-0.05");
        check(12345, 2, "123.45");
        check(-12345, 0, "-12345");
        check(i64::MIN.into(), 18, "-9.223372036854775808");
        check(DEC38_BOUND - 1, 38, "0.99999999999999999999999999999999999999");
        check(1 - DEC38_BOUND, 2, "-999999999999999999999999999999999999.99");
        check(7, 20, "0.00000000000000000007");
        assert_eq!(Decimal::<5, 2>::from_mantissa(-120).unwrap().to_string(), "-1.20");
    }

    #[test]
    fn parses() {
        let check = |text: &str, scale, expected: Option<i64>| {
            assert_eq!(parse_decimal(text, scale), expected, "{text} at {scale}");
        };
        check("1.25", 2, Some(125));
        check("1.25", 1, Some(13));
        check("-1.25", 1, Some(-13));
        check("1.249", 1, Some(12));
        check("0.5", 0, Some(1));
        check("0.4999999999999999999999", 0, Some(0));
        check(" +.5 ", 1, Some(5));
        check("5.", 1, Some(50));
        check("1e3", 0, Some(1000));
        check("1.5E-1", 2, Some(15));
        check("12e-1", 0, Some(1));
        check("1e-99999999999999999999", 0, Some(0));
        check("0e99999999999999999999", 0, Some(0));
        check("1e18", 0, None);
        check("999999999999999999", 0, Some(999_999_999_999_999_999));
        check("999999999999999999.5", 0, None);
        check("0000000000000000000000001", 0, Some(1));
        check("99999999999999999999", 0, None);
        check("5e-1", 0, Some(1));
        check("5e-2", 0, Some(0));
        for bad in ["", " ", "-", ".", "e5", "1e", "1e+", "1.2.3", "1 2", "--1", "0x10", "NaN", "1é"] {
            check(bad, 0, None);
        }
        assert_eq!("12.5".parse::<Decimal<3, 1>>().unwrap().mantissa(), 125);
        assert!("100".parse::<Decimal<3, 1>>().is_err());
        let wide = "-123456789012345678901234567890.12345678";
        assert_eq!(wide.parse::<Decimal<38, 8>>().unwrap().to_string(), wide);
        assert_eq!("1e19".parse::<Decimal<20, 0>>().unwrap().mantissa(), 10_i128.pow(19));
        assert!("1e38".parse::<Decimal<38, 0>>().is_err() && "1e19".parse::<Decimal<19, 0>>().is_err());
    }
}
