//! Casts to text.

use super::buffer::Buffer;
use super::float_text::{write_float, write_real};
use crate::types::{Arena, Date, Interval, TextRef, Time, Timestamp, write_decimal, write_uuid};
use std::fmt::Write;

/// Decimal digits, with a sign if negative.
#[inline]
pub fn int_to_text(arena: &Arena, i: i64) -> TextRef {
    arena.alloc_str(Buffer::<20>::of(|b| write!(b, "{i}")).as_str())
}

/// `true` or `false`.
#[inline]
pub fn bool_to_text(b: bool) -> TextRef {
    TextRef::new(if b { "true" } else { "false" })
}

/// The shortest text that reads back as the float, such as `0.1`, `1e+20`, `NaN`, `-Infinity`.
#[inline]
pub fn float_to_text(arena: &Arena, f: f64) -> TextRef {
    arena.alloc_str(Buffer::<32>::of(|b| write_float(b, f)).as_str())
}

/// The shortest text that reads back as the `REAL`.
#[inline]
pub fn real_to_text(arena: &Arena, f: f64) -> TextRef {
    arena.alloc_str(Buffer::<32>::of(|b| write_real(b, f)).as_str())
}

/// `mantissa / 10^scale` with all digits after the point. A scale outside 0..=18 is the nearer of the two.
#[inline]
pub fn dec_to_text(arena: &Arena, mantissa: i64, scale: i64) -> TextRef {
    let scale = scale.clamp(0, 18) as u32;
    arena.alloc_str(Buffer::<24>::of(|b| write_decimal(b, mantissa.into(), scale)).as_str())
}

/// As `2013-01-01 10:00:00.5`.
#[inline]
pub fn ts_to_text(arena: &Arena, ts: i64) -> TextRef {
    arena.alloc_str(Buffer::<32>::of(|b| write!(b, "{}", Timestamp(ts))).as_str())
}

/// As `2013-01-01`. What no date reaches is the nearest one.
#[inline]
pub fn date_to_text(arena: &Arena, days: i64) -> TextRef {
    let days = days.clamp(Date::MIN.days().into(), Date::MAX.days().into());
    let date = Date::from_days(days).unwrap_or_default();
    arena.alloc_str(Buffer::<32>::of(|b| write!(b, "{date}")).as_str())
}

/// As `10:00:00.5`. What is no time of day is the nearest one.
#[inline]
pub fn time_to_text(arena: &Arena, ns: i64) -> TextRef {
    let time = Time::from_ns(ns.clamp(0, Time::MAX.ns())).unwrap_or_default();
    arena.alloc_str(Buffer::<32>::of(|b| write!(b, "{time}")).as_str())
}

/// As `a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11`.
#[inline]
pub fn uuid_to_text(arena: &Arena, uuid: i128) -> TextRef {
    arena.alloc_str(Buffer::<40>::of(|b| write_uuid(b, uuid)).as_str())
}

/// As `1 mon 2 days 03:00:00`.
#[inline]
pub fn interval_to_text(arena: &Arena, i: Interval) -> TextRef {
    arena.alloc_str(Buffer::<96>::of(|b| write!(b, "{i}")).as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prints() {
        let arena = Arena::new();
        let check = |text: TextRef, expected: &str| {
            // SAFETY: the arena lives.
            assert_eq!(unsafe { text.as_str() }, expected);
        };
        check(int_to_text(&arena, 0), "0");
        check(int_to_text(&arena, i64::MIN), "-9223372036854775808");
        check(bool_to_text(true), "true");
        check(bool_to_text(false), "false");
        check(float_to_text(&arena, -2.2250738585072014e-308), "-2.2250738585072014e-308");
        check(float_to_text(&arena, 1e20), "1e+20");
        check(dec_to_text(&arena, -125, 2), "-1.25");
        check(dec_to_text(&arena, 5, 0), "5");
        check(dec_to_text(&arena, i64::MIN, 99), "-9.223372036854775808");
        check(dec_to_text(&arena, 5, -1), "5");
        check(ts_to_text(&arena, 1_500_000_000), "1970-01-01 00:00:01.5");
        check(ts_to_text(&arena, i64::MIN), "1677-09-21 00:12:43.145224192");
        check(interval_to_text(&arena, Interval { months: 1, days: 2, ns: 0 }), "1 mon 2 days");
        check(date_to_text(&arena, -719_163), "0001-12-31 BC");
        check(date_to_text(&arena, i64::MAX), "5874897-12-31");
        check(time_to_text(&arena, -1), "00:00:00");
        check(time_to_text(&arena, i64::MAX), "24:00:00");
        check(uuid_to_text(&arena, i128::MIN), "00000000-0000-0000-0000-000000000000");
        check(real_to_text(&arena, 0.1_f32.into()), "0.1");
        let longest = Interval { months: i32::MIN + 1, days: i32::MIN, ns: i64::MIN };
        check(
            interval_to_text(&arena, longest),
            "-178956970 years -7 mons -2147483648 days -2562047:47:16.854775808",
        );
    }
}
