//! A day of the calendar.

use super::ParseError;
use super::civil::{civil_from_days, days_from_civil, days_in_month};
use super::scan::Scan;
use std::fmt;
use std::str::FromStr;

/// Days since 1970-01-01; reaches from 4714-11-24 BC to 5874897-12-31, as in PostgreSQL.
///
/// Layout: one `i32`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(transparent)]
pub struct Date(i32);

impl Date {
    /// The earliest one.
    pub const MIN: Date = Date(-2_440_588);
    /// The latest one.
    pub const MAX: Date = Date(2_145_042_905);

    /// Days since 1970-01-01.
    #[inline(always)]
    pub const fn days(self) -> i32 {
        self.0
    }

    /// The day so many days after 1970-01-01; `None` outside the range.
    #[inline]
    pub const fn from_days(days: i64) -> Option<Date> {
        if days >= Date::MIN.0 as i64 && days <= Date::MAX.0 as i64 { Some(Date(days as i32)) } else { None }
    }

    /// The day of a year (0 is 1 BC), month and day of the month; `None` where there is none, or outside the range.
    pub fn from_civil(year: i64, month: u32, day: u32) -> Option<Date> {
        let exists = (-5000..=6_000_000).contains(&year)
            && (1..=12).contains(&month)
            && (1..=days_in_month(year, month)).contains(&day);
        if exists { Date::from_days(days_from_civil(year, month, day)) } else { None }
    }

    /// Year (0 is 1 BC), month and day of the month.
    pub const fn civil(self) -> (i64, u32, u32) {
        let date = civil_from_days(self.0 as i64);
        (date.year, date.month, date.day)
    }

    /// Reads `2013-01-31` (years of four digits or more, `BC` at the end) and `20130131`; a time of day after it is checked
    /// and left out. White space around is allowed. `None` for anything else.
    pub fn parse(text: &str) -> Option<Date> {
        let mut at = Scan::new(text);
        let (mut year, month, day) = at.date()?;
        at.spaces();
        if at.is_digit() || at.byte(b'T').is_some() || at.byte(b't').is_some() {
            at.clock_of_day()?;
            at.offset()?;
        }
        if at.ends_with_bc() {
            if year == 0 {
                return None;
            }
            year = 1 - year;
        } else if year == 0 {
            return None;
        }
        if at.is_end() { Date::from_civil(year, month, day) } else { None }
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.civil();
        match year {
            1.. => write!(f, "{year:04}-{month:02}-{day:02}"),
            _ => write!(f, "{:04}-{month:02}-{day:02} BC", 1 - year),
        }
    }
}

impl FromStr for Date {
    type Err = ParseError;
    fn from_str(text: &str) -> Result<Date, ParseError> {
        Date::parse(text).ok_or_else(|| ParseError { ty: "date", text: text.into() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_and_prints() {
        let check = |text: &str, expected: Option<&str>| {
            assert_eq!(Date::parse(text).map(|d| d.to_string()).as_deref(), expected, "{text}");
        };
        let same = |text: &str| check(text, Some(text));
        same("1970-01-01");
        same("2000-02-29");
        same("0001-01-01");
        same("0001-12-31 BC");
        same("4714-11-24 BC");
        same("5874897-12-31");
        check(" 2013-1-2 ", Some("2013-01-02"));
        check("20130102", Some("2013-01-02"));
        check("2013-01-02 10:00:00.5+02", Some("2013-01-02"));
        check("2013-01-02T10:00Z", Some("2013-01-02"));
        for bad in [
            "",
            "x",
            "2013",
            "2013-13-01",
            "2013-02-29",
            "0000-01-01",
            "2013-01-00",
            "4714-11-23 BC",
            "5874898-01-01",
            "2013-01-02 25:00",
            "2013-01-02 AD x",
            "2013-01-02BCx",
            "13-01-02",
            "99999999-01-01",
            "2013-01-02 10",
        ] {
            check(bad, None);
        }
    }

    #[test]
    fn limits() {
        assert_eq!(Date::from_civil(-4713, 11, 24), Some(Date::MIN));
        assert_eq!(Date::from_civil(5_874_897, 12, 31), Some(Date::MAX));
        assert_eq!(Date::from_days(Date::MAX.0 as i64 + 1), None);
        assert_eq!(Date::from_days(Date::MIN.0 as i64 - 1), None);
        assert_eq!(Date::default().civil(), (1970, 1, 1));
    }
}
