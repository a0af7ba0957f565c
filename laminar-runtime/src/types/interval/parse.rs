//! PostgreSQL's spellings of an interval.
//!
//! Fractions are exact decimals, never floats: a part of a month goes to days (30), a part of a day to
//! nanoseconds, which round half away from zero; parts of years and above round to months. A unit occurs once.

use super::{Interval, iso};
use crate::types::civil::{DAY_NS, HOUR_NS, MINUTE_NS, SECOND_NS};

/// Numbers carry their fraction in units of 10^-18.
pub(super) const ONE: i128 = 1_000_000_000_000_000_000;

/// What a unit is worth.
#[derive(Clone, Copy)]
pub(super) enum Unit {
    Ns(i64),
    Days(i64),
    Months(i64),
}

fn unit(name: &[u8]) -> Option<Unit> {
    let mut lower = [0_u8; 16];
    let lower = lower.get_mut(..name.len())?;
    lower.copy_from_slice(name);
    lower.make_ascii_lowercase();
    Some(match &*lower {
        b"ns" | b"nsec" | b"nsecs" | b"nanosecond" | b"nanoseconds" => Unit::Ns(1),
        b"us" | b"usec" | b"usecs" | b"usecond" | b"useconds" | b"microsecond" | b"microseconds" => {
            Unit::Ns(1000)
        }
        b"ms" | b"msec" | b"msecs" | b"msecond" | b"mseconds" | b"millisecond" | b"milliseconds" => {
            Unit::Ns(1_000_000)
        }
        b"s" | b"sec" | b"secs" | b"second" | b"seconds" => Unit::Ns(SECOND_NS),
        b"m" | b"min" | b"mins" | b"minute" | b"minutes" => Unit::Ns(MINUTE_NS),
        b"h" | b"hr" | b"hrs" | b"hour" | b"hours" => Unit::Ns(HOUR_NS),
        b"d" | b"day" | b"days" => Unit::Days(1),
        b"w" | b"week" | b"weeks" => Unit::Days(7),
        b"mon" | b"mons" | b"month" | b"months" => Unit::Months(1),
        b"y" | b"yr" | b"yrs" | b"year" | b"years" => Unit::Months(12),
        b"dec" | b"decs" | b"decade" | b"decades" => Unit::Months(120),
        b"c" | b"cent" | b"century" | b"centuries" => Unit::Months(1200),
        b"mil" | b"mils" | b"millennium" | b"millennia" => Unit::Months(12_000),
        _ => return None,
    })
}

#[derive(Default)]
pub(super) struct Sum {
    months: i128,
    days: i128,
    ns: i128,
    /// Units that have occurred.
    seen: u32,
}

/// Hours, minutes and seconds: a clock time is all of them.
const CLOCK: u32 = 0b111 << 3;
/// Everything up to seconds: what seconds with a fraction are.
const SECONDS: u32 = 0b1111;
/// Days; a bare number before a clock time.
const DAYS: u32 = 1 << 6;
/// Months and years: `years-months` is both.
const YEAR_MONTH: u32 = 0b11 << 8;

impl Unit {
    /// Its bit in `Sum::seen`.
    pub(super) fn bit(self) -> u32 {
        match self {
            Unit::Ns(1) => 1,
            Unit::Ns(1000) => 1 << 1,
            Unit::Ns(1_000_000) => 1 << 2,
            Unit::Ns(SECOND_NS) => 1 << 3,
            Unit::Ns(MINUTE_NS) => 1 << 4,
            Unit::Ns(_) => 1 << 5,
            Unit::Days(1) => DAYS,
            Unit::Days(_) => 1 << 7,
            Unit::Months(1) => 1 << 8,
            Unit::Months(12) => 1 << 9,
            Unit::Months(120) => 1 << 10,
            Unit::Months(1200) => 1 << 11,
            Unit::Months(_) => 1 << 12,
        }
    }
}

impl Sum {
    /// Notes that the units of `bits` occur; none if one has before.
    pub(super) fn once(&mut self, bits: u32) -> Option<()> {
        let first = self.seen & bits == 0;
        self.seen |= bits;
        first.then_some(())
    }

    /// Adds `number / ONE` units.
    pub(super) fn add(&mut self, number: i128, unit: Unit) -> Option<()> {
        match unit {
            Unit::Ns(ns) => self.ns += round(number.checked_mul(ns.into())?),
            Unit::Days(days) => {
                let scaled = number.checked_mul(days.into())?;
                self.days += scaled / ONE;
                self.ns += round((scaled % ONE).checked_mul(DAY_NS.into())?);
            }
            Unit::Months(1) => {
                self.months += number / ONE;
                self.add(number % ONE * 30, Unit::Days(1))?;
            }
            Unit::Months(months) => self.months += round(number.checked_mul(months.into())?),
        }
        Some(())
    }
}

impl Sum {
    /// The whole interval, or its opposite for a sign of −1.
    pub(super) fn interval(&self, sign: i128) -> Option<Interval> {
        Some(Interval {
            months: (sign * self.months).try_into().ok()?,
            days: (sign * self.days).try_into().ok()?,
            ns: (sign * self.ns).try_into().ok()?,
        })
    }
}

/// Nearest whole number, halves away from zero.
fn round(number: i128) -> i128 {
    number / ONE + (number % ONE) / (ONE / 2)
}

pub(super) fn parse(text: &str) -> Option<Interval> {
    let mut rest = text.trim_ascii().as_bytes();
    let mut sum = Sum::default();
    let mut ago = false;
    let mut parts = 0;
    if let [b'P' | b'p', iso @ ..] = rest {
        return iso::parse(iso);
    }
    rest = rest.strip_prefix(b"@").unwrap_or(rest).trim_ascii_start();
    while !rest.is_empty() {
        if ago {
            return None;
        }
        if parts > 0 && rest.eq_ignore_ascii_case(b"ago") {
            ago = true;
            break;
        }
        rest = part(rest, &mut sum)?.trim_ascii_start();
        parts += 1;
    }
    if parts == 0 {
        return None;
    }
    sum.interval(if ago { -1 } else { 1 })
}

/// Reads one number with its unit, or one clock time; gives what follows.
fn part<'a>(text: &'a [u8], sum: &mut Sum) -> Option<&'a [u8]> {
    let (sign, unsigned) = match text {
        [b'-', rest @ ..] => (-1, rest.trim_ascii_start()),
        [b'+', rest @ ..] => (1, rest.trim_ascii_start()),
        _ => (1, text),
    };
    let (number, rest) = number(unsigned)?;
    if let [b':', rest @ ..] = rest {
        return clock(sign, number, rest, sum);
    }
    if let [b'-', rest @ ..] = rest {
        let (months, rest) = whole(rest)?;
        if number % ONE != 0 || months > 11 {
            return None;
        }
        sum.once(YEAR_MONTH)?;
        sum.months += sign * (number / ONE * 12 + months);
        return Some(rest);
    }
    let rest = rest.trim_ascii_start();
    let name = rest.iter().take_while(|b| b.is_ascii_alphabetic()).count();
    let (name, after) = rest.split_at(name);
    let unit = match name {
        // A bare number: days before a clock time, seconds at the end.
        [] if rest.is_empty() => Unit::Ns(SECOND_NS),
        [] if rest.contains(&b':') && !rest.contains(&b' ') => Unit::Days(1),
        [] => return None,
        name => unit(name)?,
    };
    let fraction = matches!(unit, Unit::Ns(SECOND_NS)) && number % ONE != 0;
    sum.once(if fraction { SECONDS } else { unit.bit() })?;
    sum.add(sign * number, unit)?;
    Some(after)
}

/// Minutes and seconds of a clock time, after the hours and a colon.
fn clock<'a>(sign: i128, hours: i128, text: &'a [u8], sum: &mut Sum) -> Option<&'a [u8]> {
    let (minutes, mut rest) = whole(text)?;
    let mut seconds = 0;
    if let [b':', after @ ..] = rest {
        (seconds, rest) = number(after)?;
    }
    if hours % ONE != 0 || minutes > 59 || seconds > 60 * ONE {
        return None;
    }
    sum.once(CLOCK)?;
    let whole_ns = hours / ONE * HOUR_NS as i128 + minutes * MINUTE_NS as i128;
    sum.ns += sign * (whole_ns + round(seconds * SECOND_NS as i128));
    Some(rest)
}

/// An unsigned whole number of at most 18 digits.
pub(super) fn whole(text: &[u8]) -> Option<(i128, &[u8])> {
    let digits = text.iter().take_while(|b| b.is_ascii_digit()).count();
    if digits == 0 || digits > 18 {
        return None;
    }
    let value = text[..digits].iter().fold(0_i128, |v, b| v * 10 + (b - b'0') as i128);
    Some((value, &text[digits..]))
}

/// An unsigned number in units of 1 / `ONE`; at most 18 digits before and after the point.
pub(super) fn number(text: &[u8]) -> Option<(i128, &[u8])> {
    let (integer, rest) = match text {
        [b'.', ..] => (0, text),
        _ => whole(text)?,
    };
    let [b'.', fraction @ ..] = rest else {
        return Some((integer * ONE, rest));
    };
    if !fraction.first().is_some_and(u8::is_ascii_digit) {
        // `1.` is a number, a lone point is not.
        return (text[0] != b'.').then_some((integer * ONE, fraction));
    }
    let (value, after) = whole(fraction)?;
    let digits = (fraction.len() - after.len()) as u32;
    Some((integer * ONE + value * 10_i128.pow(18 - digits), after))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &str) {
        let found = Interval::parse(text).map(|i| i.to_string());
        assert_eq!(found.as_deref(), Some(expected), "{text}");
    }

    #[test]
    fn units() {
        check("5 seconds", "00:00:05");
        check("1 day 2 hours", "1 day 02:00:00");
        check("-1 month", "-1 mons");
        check("1 ns", "00:00:00.000000001");
        check("1 us 1 ms 1 s 1 min 1 h", "01:01:01.001001");
        check("1 week 1 d", "8 days");
        check("1 y 1 mon", "1 year 1 mon");
        check("1day", "1 day");
        check("10ms", "00:00:00.01");
        check("1 DAY", "1 day");
        check("1 decade 1 century 1 millennium", "1110 years");
        check("+1 day - 1 hour", "1 day -01:00:00");
        check("@ 1 day 2 hours ago", "-1 days -02:00:00");
        check("7", "00:00:07");
        check("1 day 2", "1 day 00:00:02");
        check("0 days", "00:00:00");
    }

    #[test]
    fn clocks() {
        check("01:02:03", "01:02:03");
        check("-01:02:03.5", "-01:02:03.5");
        check("100:00", "100:00:00");
        check("1 2:03:04", "1 day 02:03:04");
        check("1 day 02:03:04", "1 day 02:03:04");
        check("1-2", "1 year 2 mons");
        check("-1-2", "-1 years -2 mons");
        check("1:2", "01:02:00");
        check("0:0:60", "00:01:00");
    }

    #[test]
    fn fractions() {
        check("1.5 hours", "01:30:00");
        check("-1.5 hours", "-01:30:00");
        check("1.5 days", "1 day 12:00:00");
        check("1.5 weeks", "10 days 12:00:00");
        check("1.5 months", "1 mon 15 days");
        check("0.55 months", "16 days 12:00:00");
        check("1.5 years", "1 year 6 mons");
        check("0.1 year", "1 mon");
        check("1.5 ns", "00:00:00.000000002");
        check("-1.5 ns", "-00:00:00.000000002");
        check("1.4 ns", "00:00:00.000000001");
        check(".5 s", "00:00:00.5");
        check("1. s", "00:00:01");
        check("0.000000000000000001 days", "00:00:00");
    }

    #[test]
    fn range() {
        check("2147483647 days", "2147483647 days");
        check("-2147483648 days", "-2147483648 days");
        check("999999999999999999 ns", "277777:46:39.999999999");
        for bad in [
            "2147483648 days",
            "2147483648 months",
            "200000000 years",
            "9999999999 hours",
            "999999999999999999 millennia",
            "1000000000000000000 ns",
        ] {
            assert_eq!(Interval::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn garbage() {
        for bad in [
            "",
            " ",
            "x",
            "day",
            "1 x",
            "ago",
            "1 day ago ago",
            "1 day ago 2 days",
            "1:60",
            "1::2",
            "1:00:61",
            "1.5:00",
            "1-12",
            "1.5-1",
            "-",
            ".",
            ". days",
            "1 2 days",
            "1 day 2 days",
            "1 h 01:00",
            "1.5 s 3 us",
            "2 1 s",
            "1-2 3 mons",
            "1 averyveryverylongunit",
            "1 dé",
            "@",
            "- - 1 day",
        ] {
            assert_eq!(Interval::parse(bad), None, "{bad}");
        }
    }
}
