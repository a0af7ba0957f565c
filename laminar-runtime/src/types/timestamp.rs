//! A point in time.

use super::ParseError;
use super::civil::{
    DAY_NS, Date, HOUR_NS, MINUTE_NS, SECOND_NS, civil_from_days, days_from_civil, days_in_month,
};
use super::scan::Scan;
use std::fmt;
use std::str::FromStr;

/// Nanoseconds since 1970-01-01 00:00:00 UTC; reaches from 1677-09-21 to 2262-04-11.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(transparent)]
pub struct Timestamp(pub i64);

impl Timestamp {
    /// The earliest one.
    pub const MIN: Timestamp = Timestamp(i64::MIN);
    /// The latest one.
    pub const MAX: Timestamp = Timestamp(i64::MAX);

    /// From days since 1970 and nanoseconds of the day (or any other offset); `None` outside the range.
    #[inline]
    pub fn from_days(days: i64, ns: i64) -> Option<Timestamp> {
        let total = days as i128 * DAY_NS as i128 + ns as i128;
        i64::try_from(total).ok().map(Timestamp)
    }

    /// From a date and a time of day; `None` where there is no such date or time, or outside the range.
    pub fn from_civil(
        (year, month, day): (i64, u32, u32),
        (hour, minute, second, ns): (u32, u32, u32, u32),
    ) -> Option<Timestamp> {
        let valid = (1..=9999).contains(&year)
            && (1..=12).contains(&month)
            && (1..=days_in_month(year, month)).contains(&day)
            && hour < 24
            && minute < 60
            && second < 60
            && (ns as i64) < SECOND_NS;
        if !valid {
            return None;
        }
        let of_day =
            hour as i64 * HOUR_NS + minute as i64 * MINUTE_NS + second as i64 * SECOND_NS + ns as i64;
        Timestamp::from_days(days_from_civil(year, month, day), of_day)
    }

    /// Days since 1970, rounded down, and nanoseconds of that day.
    #[inline]
    pub const fn split(self) -> (i64, i64) {
        (self.0.div_euclid(DAY_NS), self.0.rem_euclid(DAY_NS))
    }

    /// The date.
    #[inline]
    pub const fn date(self) -> Date {
        civil_from_days(self.split().0)
    }

    /// Reads `2013-01-01 10:00:00`, with `T` or spaces before the time, up to 9 digits of fraction, and `Z`, `UTC`
    /// or an offset (`+02`, `+02:30`, `-0230`) after it; seconds or the whole time may be missing. Surrounding white
    /// space is allowed. `None` for anything else, and outside the range.
    pub fn parse(text: &str) -> Option<Timestamp> {
        let mut at = Scan::new(text);
        let (year, month, day) = at.date()?;
        if !(1..=9999).contains(&year)
            || !(1..=12).contains(&month)
            || day == 0
            || day > days_in_month(year, month)
        {
            return None;
        }
        let mut of_day = 0;
        let separated = at.byte(b'T').or_else(|| at.byte(b't')).is_some() || at.spaces();
        if separated {
            of_day = at.clock_of_day()? - at.offset()?;
        }
        if !at.is_end() {
            return None;
        }
        Timestamp::from_days(days_from_civil(year, month, day), of_day)
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (days, of_day) = self.split();
        let Date { year, month, day } = civil_from_days(days);
        write!(f, "{year:04}-{month:02}-{day:02} ")?;
        let (hour, minute) = (of_day / HOUR_NS, of_day / MINUTE_NS % 60);
        write_clock(f, hour as u64, minute as u64, (of_day % MINUTE_NS) as u64)
    }
}

/// Writes `hh:mm:ss[.fraction]`; `ns` is within the minute.
pub(super) fn write_clock(f: &mut fmt::Formatter<'_>, hour: u64, minute: u64, ns: u64) -> fmt::Result {
    let (second, mut fraction) = (ns / SECOND_NS as u64, ns % SECOND_NS as u64);
    write!(f, "{hour:02}:{minute:02}:{second:02}")?;
    if fraction == 0 {
        return Ok(());
    }
    let mut digits = 9;
    while fraction.is_multiple_of(10) {
        fraction /= 10;
        digits -= 1;
    }
    write!(f, ".{fraction:0digits$}")
}

impl FromStr for Timestamp {
    type Err = ParseError;
    fn from_str(text: &str) -> Result<Timestamp, ParseError> {
        Timestamp::parse(text).ok_or_else(|| ParseError { ty: "timestamp", text: text.into() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn displays() {
        let check = |ns, expected: &str| assert_eq!(Timestamp(ns).to_string(), expected);
        check(0, "1970-01-01 00:00:00");
        check(-1, "1969-12-31 23:59:59.999999999");
        check(1_356_998_400 * SECOND_NS + 36_000 * SECOND_NS, "2013-01-01 10:00:00");
        check(1_500_000_000, "1970-01-01 00:00:01.5");
        check(1_000_000_010, "1970-01-01 00:00:01.00000001");
        check(i64::MIN, "1677-09-21 00:12:43.145224192");
        check(i64::MAX, "2262-04-11 23:47:16.854775807");
    }

    #[test]
    fn parses() {
        let check = |text: &str, expected: Option<&str>| {
            assert_eq!(Timestamp::parse(text).map(|t| t.to_string()).as_deref(), expected, "{text}");
        };
        let same = |text: &str| check(text, Some(text));
        same("2013-01-01 10:00:00");
        same("1677-09-21 00:12:43.145224192");
        same("2262-04-11 23:47:16.854775807");
        same("1969-12-31 23:59:59.999999999");
        same("2000-02-29 00:00:00");
        check("1677-09-21 00:12:43.145224191", None);
        check("2262-04-11 23:47:16.854775808", None);
        check(" 2013-1-2T3:04 ", Some("2013-01-02 03:04:00"));
        check("2013-01-02", Some("2013-01-02 00:00:00"));
        check("20130102 10:00:00", Some("2013-01-02 10:00:00"));
        check("2013-01-02 10:00:00Z", Some("2013-01-02 10:00:00"));
        check("2013-01-02 10:00:00 utc", Some("2013-01-02 10:00:00"));
        check("2013-01-02 10:00:00+02", Some("2013-01-02 08:00:00"));
        check("2013-01-02 10:00:00.25 -02:30", Some("2013-01-02 12:30:00.25"));
        check("2013-01-02 10:00:00-0230", Some("2013-01-02 12:30:00"));
        check("2013-01-01 24:00:00", Some("2013-01-02 00:00:00"));
        check("2013-01-01 23:59:60", Some("2013-01-02 00:00:00"));
        for bad in [
            "",
            "x",
            "2013",
            "2013-13-01",
            "2013-00-01",
            "2013-02-29",
            "2013-01-00",
            "0000-01-01",
            "2013-01-01T",
            "2013-01-01 24:00:01",
            "2013-01-01 10",
            "2013-01-01 10:60",
            "2013-01-01 10:00:61",
            "2013-01-01 10:00:00.",
            "2013-01-01 10:00:00.1234567890",
            "2013-01-01 10:00:00+",
            "2013-01-01 10:00:00+02:",
            "2013-01-01 10:00:00 cet",
            "2013-01-01 10:00:00Zx",
            "12013-01-01",
            "1600-01-01",
            "2013-01-01é",
        ] {
            check(bad, None);
        }
    }

    #[test]
    fn from_civil_checks_every_field() {
        let check = |date, time, expected: Option<i64>| {
            assert_eq!(Timestamp::from_civil(date, time).map(|t| t.0), expected);
        };
        check((1970, 1, 1), (0, 0, 1, 5), Some(1_000_000_005));
        check((1969, 12, 31), (23, 59, 59, 0), Some(-SECOND_NS));
        check((2013, 2, 29), (0, 0, 0, 0), None);
        check((2013, 13, 1), (0, 0, 0, 0), None);
        check((2013, 1, 1), (24, 0, 0, 0), None);
        check((2013, 1, 1), (0, 60, 0, 0), None);
        check((2013, 1, 1), (0, 0, 60, 0), None);
        check((2013, 1, 1), (0, 0, 0, 1_000_000_000), None);
        check((2263, 1, 1), (0, 0, 0, 0), None);
        check((i64::MAX, 1, 1), (0, 0, 0, 0), None);
    }
}
