//! `EXTRACT(field FROM timestamp)`. A timestamp is an `i64` of ns since 1970, UTC.
//!
//! Fields with fractions are decimal mantissas of the scale that their documentation says.

use crate::types::civil::{Date, HOUR_NS, MINUTE_NS, civil_from_days, day_of_year, iso_week, weekday};
use crate::types::{DEC18_BOUND, Interval, Timestamp};

#[inline(always)]
fn days(ts: i64) -> i64 {
    Timestamp(ts).split().0
}

#[inline(always)]
fn date(ts: i64) -> Date {
    civil_from_days(days(ts))
}

/// The year.
#[inline]
pub fn extract_year(ts: i64) -> i64 {
    date(ts).year
}

/// The year divided by 10.
#[inline]
pub fn extract_decade(ts: i64) -> i64 {
    date(ts).year / 10
}

/// The century; the first year of the 21st is 2001.
#[inline]
pub fn extract_century(ts: i64) -> i64 {
    (date(ts).year + 99) / 100
}

/// The millennium; the first year of the third is 2001.
#[inline]
pub fn extract_millennium(ts: i64) -> i64 {
    (date(ts).year + 999) / 1000
}

/// The year of the ISO 8601 week.
#[inline]
pub fn extract_isoyear(ts: i64) -> i64 {
    iso_week(days(ts)).0
}

/// 1 to 4.
#[inline]
pub fn extract_quarter(ts: i64) -> i64 {
    (date(ts).month as i64 + 2) / 3
}

/// 1 to 12.
#[inline]
pub fn extract_month(ts: i64) -> i64 {
    date(ts).month as i64
}

/// The ISO 8601 week, 1 to 53.
#[inline]
pub fn extract_week(ts: i64) -> i64 {
    iso_week(days(ts)).1
}

/// Day of the month, from 1.
#[inline]
pub fn extract_day(ts: i64) -> i64 {
    date(ts).day as i64
}

/// Day of the week: Sunday 0 to Saturday 6.
#[inline]
pub fn extract_dow(ts: i64) -> i64 {
    weekday(days(ts))
}

/// Day of the week: Monday 1 to Sunday 7.
#[inline]
pub fn extract_isodow(ts: i64) -> i64 {
    (weekday(days(ts)) + 6) % 7 + 1
}

/// Day of the year, from 1.
#[inline]
pub fn extract_doy(ts: i64) -> i64 {
    day_of_year(days(ts))
}

/// 0 to 23.
#[inline]
pub fn extract_hour(ts: i64) -> i64 {
    ts.div_euclid(HOUR_NS).rem_euclid(24)
}

/// 0 to 59.
#[inline]
pub fn extract_minute(ts: i64) -> i64 {
    ts.div_euclid(MINUTE_NS).rem_euclid(60)
}

/// Seconds with fraction, scale 9.
#[inline]
pub fn extract_second(ts: i64) -> i64 {
    ts.rem_euclid(MINUTE_NS)
}

/// Seconds with fraction, in milliseconds, scale 6.
#[inline]
pub fn extract_milliseconds(ts: i64) -> i64 {
    // Nanoseconds, as seconds with scale 9 are.
    ts.rem_euclid(MINUTE_NS)
}

/// Seconds with fraction, in microseconds, scale 3.
#[inline]
pub fn extract_microseconds(ts: i64) -> i64 {
    ts.rem_euclid(MINUTE_NS)
}

/// Seconds since 1970, scale 6, rounded down.
#[inline]
pub fn extract_epoch(ts: i64) -> i64 {
    ts.div_euclid(1000)
}

/// Length in seconds, scale 6, rounded down: years of 365.25 days, months beyond them of 30. Bad above 18 digits.
#[inline]
pub fn interval_epoch(i: Interval) -> Option<i64> {
    let years = (i.months / 12) as i128 * (365 * 24 + 6) * HOUR_NS as i128;
    let days = (i.months % 12) as i128 * 30 + i.days as i128;
    let ns = years + days * 24 * HOUR_NS as i128 + i.ns as i128;
    let us = i64::try_from(ns.div_euclid(1000)).ok()?;
    (-DEC18_BOUND < us && us < DEC18_BOUND).then_some(us)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ts(text: &str) -> i64 {
        Timestamp::parse(text).unwrap().0
    }

    #[test]
    fn date_fields() {
        let check = |text, year, quarter, month, day| {
            let t = ts(text);
            let found = (extract_year(t), extract_quarter(t), extract_month(t), extract_day(t));
            assert_eq!(found, (year, quarter, month, day), "{text}");
        };
        check("2013-07-01 10:15:30", 2013, 3, 7, 1);
        check("1969-12-31 23:59:59.999999999", 1969, 4, 12, 31);
        check("2000-02-29", 2000, 1, 2, 29);
        check("2000-03-31", 2000, 1, 3, 31);
        check("2000-04-01", 2000, 2, 4, 1);
        check("1677-09-21 00:12:43.145224192", 1677, 3, 9, 21);
        check("2262-04-11 23:47:16.854775807", 2262, 2, 4, 11);
    }

    #[test]
    fn long_fields() {
        let check = |text, expected| {
            let t = ts(text);
            assert_eq!([extract_decade(t), extract_century(t), extract_millennium(t)], expected, "{text}");
        };
        check("2000-12-31", [200, 20, 2]);
        check("2001-01-01", [200, 21, 3]);
        check("1999-01-01", [199, 20, 2]);
    }

    #[test]
    fn week_fields() {
        let check = |text, isoyear, week, dow, isodow, doy| {
            let t = ts(text);
            let found =
                (extract_isoyear(t), extract_week(t), extract_dow(t), extract_isodow(t), extract_doy(t));
            assert_eq!(found, (isoyear, week, dow, isodow, doy), "{text}");
        };
        check("2013-07-01 10:15:30", 2013, 27, 1, 1, 182);
        check("2005-01-01", 2004, 53, 6, 6, 1);
        check("2005-01-02", 2004, 53, 0, 7, 2);
        check("2012-12-31 23:59:59", 2013, 1, 1, 1, 366);
        check("1969-12-31 23:59:59", 1970, 1, 3, 3, 365);
    }

    #[test]
    fn time_fields() {
        let check = |text, hour, minute, second_ns, epoch_us| {
            let t = ts(text);
            assert_eq!(
                (extract_hour(t), extract_minute(t), extract_epoch(t)),
                (hour, minute, epoch_us),
                "{text}"
            );
            let seconds = [extract_second(t), extract_milliseconds(t), extract_microseconds(t)];
            assert_eq!(seconds, [second_ns; 3], "{text}");
        };
        check("2013-07-01 10:15:30.123456789", 10, 15, 30_123_456_789, 1_372_673_730_123_456);
        check("1970-01-01", 0, 0, 0, 0);
        check("1969-12-31 23:59:59.9999995", 23, 59, 59_999_999_500, -1);
        check("1677-09-21 00:12:43.145224192", 0, 12, 43_145_224_192, -9_223_372_036_854_776);
    }

    #[test]
    fn lengths() {
        let check = |text: &str, expected| {
            assert_eq!(interval_epoch(Interval::parse(text).unwrap()), expected, "{text}");
        };
        check("1.5 seconds", Some(1_500_000));
        check("1 day 1 us", Some(86_400_000_001));
        check("1 month", Some(2_592_000_000_000));
        check("1 year", Some(31_557_600_000_000));
        check("13 months", Some(34_149_600_000_000));
        check("-1 month", Some(-2_592_000_000_000));
        check("-1 ns", Some(-1));
        check("31000 years", Some(978_285_600_000_000_000));
        check("32000 years", None);
        check("-178000000 years", None);
    }
}
