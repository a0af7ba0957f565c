//! A span of time.

use super::ParseError;
use super::civil::{DAY_NS, HOUR_NS, MINUTE_NS};
use super::timestamp::write_clock;
use crate::stage::Cell;
use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

mod iso;
mod parse;

/// Months, days and nanoseconds, each with its own sign, as in PostgreSQL.
///
/// Layout: months, days, nanoseconds, in this order. Equality is by field; SQL's comparison, by length, is [`Interval::compare`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[repr(C, align(8))]
pub struct Interval {
    /// Calendar months.
    pub months: i32,
    /// Calendar days.
    pub days: i32,
    /// Nanoseconds.
    pub ns: i64,
}

impl Interval {
    /// No time at all.
    pub const ZERO: Interval = Interval { months: 0, days: 0, ns: 0 };

    /// A span of nanoseconds.
    pub const fn from_ns(ns: i64) -> Interval {
        Interval { months: 0, days: 0, ns }
    }

    /// As a cell.
    #[inline(always)]
    pub const fn to_cell(self) -> Cell {
        [self.months as u32 as u64 | (self.days as u32 as u64) << 32, self.ns as u64]
    }

    /// From a cell.
    #[inline(always)]
    pub const fn from_cell(cell: Cell) -> Interval {
        Interval { months: cell[0] as i32, days: (cell[0] >> 32) as i32, ns: cell[1] as i64 }
    }

    /// Length in ns, with months of 30 days and days of 24 hours.
    #[inline]
    pub const fn length_ns(self) -> i128 {
        (self.months as i128 * 30 + self.days as i128) * DAY_NS as i128 + self.ns as i128
    }

    /// Length in ns where it is fixed, that is, without months and with days of 24 hours.
    pub const fn fixed_ns(self) -> Option<i64> {
        let length = self.length_ns();
        if self.months == 0 && length == length as i64 as i128 { Some(length as i64) } else { None }
    }

    /// SQL's comparison: by [`Interval::length_ns`].
    #[inline]
    pub fn compare(self, other: Interval) -> Ordering {
        self.length_ns().cmp(&other.length_ns())
    }

    /// Reads `1 year 2 mons 3 days 04:05:06.5`, `1.5 hours`, `-1 month`, `2 weeks ago` and the like: numbers with units from
    /// nanoseconds to millennia (plurals and PostgreSQL's abbreviations), a clock time, `years-months`; a last number
    /// without unit is seconds; and ISO 8601 (`P1Y2M3DT4H5M6S`). `None` for anything else, and outside the range.
    pub fn parse(text: &str) -> Option<Interval> {
        parse::parse(text)
    }
}

/// By length; intervals of equal length, which SQL holds equal, go by months, days and nanoseconds.
impl Ord for Interval {
    fn cmp(&self, other: &Interval) -> Ordering {
        let fields = |i: &Interval| (i.months, i.days, i.ns);
        self.compare(*other).then_with(|| fields(self).cmp(&fields(other)))
    }
}

impl PartialOrd for Interval {
    fn partial_cmp(&self, other: &Interval) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Display for Interval {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parts = [(self.months / 12, "year"), (self.months % 12, "mon"), (self.days, "day")];
        let mut first = true;
        let mut negative_before = false;
        for (value, unit) in parts {
            if value != 0 {
                let space = if first { "" } else { " " };
                let plus = if negative_before && value > 0 { "+" } else { "" };
                let plural = if value == 1 { "" } else { "s" };
                write!(f, "{space}{plus}{value} {unit}{plural}")?;
                first = false;
                negative_before = value < 0;
            }
        }
        if self.ns == 0 && !first {
            return Ok(());
        }
        let sign = match (self.ns < 0, negative_before) {
            (true, _) => "-",
            (false, true) => "+",
            (false, false) => "",
        };
        f.write_str(if first { "" } else { " " })?;
        f.write_str(sign)?;
        let ns = self.ns.unsigned_abs();
        let (hour, minute) = (ns / HOUR_NS as u64, ns / MINUTE_NS as u64 % 60);
        write_clock(f, hour, minute, ns % MINUTE_NS as u64)
    }
}

impl FromStr for Interval {
    type Err = ParseError;
    fn from_str(text: &str) -> Result<Interval, ParseError> {
        Interval::parse(text).ok_or_else(|| ParseError { ty: "interval", text: text.into() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: i64 = super::super::civil::SECOND_NS;

    #[test]
    fn displays() {
        let check = |months, days, ns, expected: &str| {
            assert_eq!(Interval { months, days, ns }.to_string(), expected);
        };
        check(0, 0, 0, "00:00:00");
        check(1, 2, 3 * HOUR_NS, "1 mon 2 days 03:00:00");
        check(14, 1, 0, "1 year 2 mons 1 day");
        check(-14, 3, SECOND, "-1 years -2 mons +3 days 00:00:01");
        check(0, -1, SECOND / 2, "-1 days +00:00:00.5");
        check(0, 1, -SECOND / 4, "1 day -00:00:00.25");
        check(0, 0, 100 * HOUR_NS + 1, "100:00:00.000000001");
        check(
            i32::MIN,
            i32::MIN,
            i64::MIN,
            "-178956970 years -8 mons -2147483648 days -2562047:47:16.854775808",
        );
    }

    #[test]
    fn cells_are_inverse() {
        for (months, days, ns) in [(0, 0, 0), (1, -2, 3), (-1, 2, -3), (i32::MIN, i32::MAX, i64::MIN)] {
            let i = Interval { months, days, ns };
            assert_eq!(Interval::from_cell(i.to_cell()), i);
        }
        assert_eq!(Interval { months: 1, days: 2, ns: 3 }.to_cell(), [1 | 2 << 32, 3]);
        assert_eq!(Interval { months: -1, days: 0, ns: 0 }.to_cell(), [0xffff_ffff, 0]);
        assert_eq!(size_of::<Interval>(), 16);
    }

    #[test]
    fn compares_by_length() {
        let check = |a: &str, b: &str, expected| {
            let (a, b) = (Interval::parse(a).unwrap(), Interval::parse(b).unwrap());
            assert_eq!(a.compare(b), expected, "{a} {b}");
            assert_eq!(b.compare(a), expected.reverse());
        };
        check("1 month", "30 days", Ordering::Equal);
        check("1 month", "31 days", Ordering::Less);
        check("1 day", "24 hours", Ordering::Equal);
        check("-1 day", "-23 hours", Ordering::Less);
        check("178000000 years", "2562047 hours", Ordering::Greater);
        let (a, b) = (Interval::parse("1 month").unwrap(), Interval::parse("30 days").unwrap());
        assert!(a != b && a > b, "equal lengths still have an order");
    }

    #[test]
    fn fixed_lengths() {
        let check = |text: &str, expected| assert_eq!(Interval::parse(text).unwrap().fixed_ns(), expected);
        check("5 seconds", Some(5 * SECOND));
        check("1 day -1 hour", Some(23 * HOUR_NS));
        check("1 month", None);
        check("200000 days", None);
    }
}
