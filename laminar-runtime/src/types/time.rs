//! A time of day.

use super::ParseError;
use super::civil::{DAY_NS, HOUR_NS, MINUTE_NS, SECOND_NS};
use super::scan::Scan;
use super::timestamp::write_clock;
use std::fmt;
use std::str::FromStr;

/// Nanoseconds since midnight, 00:00:00 to 24:00:00.
///
/// Layout: one `i64`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(transparent)]
pub struct Time(i64);

impl Time {
    /// Midnight at the start of the day.
    pub const MIN: Time = Time(0);
    /// Midnight at the end of the day, 24:00:00.
    pub const MAX: Time = Time(DAY_NS);

    /// Nanoseconds since midnight.
    #[inline(always)]
    pub const fn ns(self) -> i64 {
        self.0
    }

    /// The time so many ns after midnight; `None` outside the day.
    #[inline]
    pub const fn from_ns(ns: i64) -> Option<Time> {
        if ns >= 0 && ns <= DAY_NS { Some(Time(ns)) } else { None }
    }

    /// The time of an hour, minute, second and nanosecond; `None` where there is none.
    pub const fn from_clock(hour: u32, minute: u32, second: u32, ns: u32) -> Option<Time> {
        if hour > 23 || minute > 59 || second > 59 || ns as i64 >= SECOND_NS {
            return None;
        }
        Some(Time(hour as i64 * HOUR_NS + minute as i64 * MINUTE_NS + second as i64 * SECOND_NS + ns as i64))
    }

    /// Reads `10:00`, `10:00:00.5` and `24:00:00`, with white space around. `None` for anything else.
    pub fn parse(text: &str) -> Option<Time> {
        let mut at = Scan::new(text);
        let ns = at.clock_of_day()?;
        if at.is_end() { Time::from_ns(ns) } else { None }
    }
}

impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (hour, minute) = (self.0 / HOUR_NS, self.0 / MINUTE_NS % 60);
        write_clock(f, hour as u64, minute as u64, (self.0 % MINUTE_NS) as u64)
    }
}

impl FromStr for Time {
    type Err = ParseError;
    fn from_str(text: &str) -> Result<Time, ParseError> {
        Time::parse(text).ok_or_else(|| ParseError { ty: "time", text: text.into() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_and_prints() {
        let check = |text: &str, expected: Option<&str>| {
            assert_eq!(Time::parse(text).map(|t| t.to_string()).as_deref(), expected, "{text}");
        };
        check("10:00:00", Some("10:00:00"));
        check(" 9:05 ", Some("09:05:00"));
        check("23:59:59.999999999", Some("23:59:59.999999999"));
        check("24:00:00", Some("24:00:00"));
        check("23:59:60", Some("24:00:00"));
        check("00:00:00.5", Some("00:00:00.5"));
        for bad in
            ["", "10", "24:00:01", "10:60", "25:00", "10:00:61", "10:00:00 x", "-1:00", "10:00:00.0000000001"]
        {
            check(bad, None);
        }
    }

    #[test]
    fn of_the_clock() {
        assert_eq!(Time::from_clock(1, 2, 3, 4).map(Time::ns), Some(3_723_000_000_004));
        assert_eq!(Time::from_clock(24, 0, 0, 0), None);
        assert_eq!((Time::from_ns(-1), Time::from_ns(DAY_NS + 1)), (None, None));
        assert_eq!(Time::from_ns(DAY_NS), Some(Time::MAX));
    }
}
