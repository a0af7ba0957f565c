//! Timestamps of numbers and of other timestamps.

use crate::types::civil::{DAY_NS, HOUR_NS, MINUTE_NS};
use crate::types::{Date, Interval, Timestamp};

/// Start of the stride that holds the timestamp, counted from an origin. Bad for strides with months and for none, and
/// outside the range.
#[inline]
pub fn date_bin(stride: Interval, ts: i64, origin: i64) -> Option<i64> {
    let stride_ns = stride.length_ns();
    if stride.months != 0 || stride_ns <= 0 {
        return None;
    }
    let since = i128::from(ts) - i128::from(origin);
    i64::try_from(i128::from(ts) - since.rem_euclid(stride_ns)).ok()
}

/// Days since 1970 of year, month and day; years before Christ are negative, and there is no year 0. Bad where there is no such date.
#[inline]
pub fn make_date(year: i64, month: i64, day: i64) -> Option<i64> {
    let part = |v: i64| u32::try_from(v).ok();
    // Our calendar has a year 0, which is 1 BC.
    let year = match year {
        0 => return None,
        ..0 => year.checked_add(1)?,
        _ => year,
    };
    Date::from_civil(year, part(month)?, part(day)?).map(|d| d.days().into())
}

/// A timestamp of its parts. Bad where there is no such date or time, and outside the range.
#[inline]
pub fn make_timestamp(year: i64, month: i64, day: i64, hour: i64, minute: i64, seconds: f64) -> Option<i64> {
    let part = |v: i64| u32::try_from(v).ok();
    let date = Timestamp::from_civil((year, part(month)?, part(day)?), (0, 0, 0, 0));
    // The day alone may begin before the first timestamp.
    let start = match date {
        Some(t) => i128::from(t.0),
        None => {
            i128::from(Timestamp::from_civil((year, part(month)?, part(day)?), (23, 59, 59, 0))?.0)
                .div_euclid(i128::from(DAY_NS))
                * i128::from(DAY_NS)
        }
    };
    if !(0..=24).contains(&hour) || !(0..60).contains(&minute) || !(0.0..=60.0).contains(&seconds) {
        return None;
    }
    let of_day = hour * HOUR_NS + minute * MINUTE_NS + (seconds * 1e6).round_ties_even() as i64 * 1000;
    if of_day > DAY_NS {
        return None;
    }
    i64::try_from(start + i128::from(of_day)).ok()
}

/// The timestamp of seconds since 1970, to the microsecond. Bad outside the range, and for NaN.
#[inline]
pub fn ts_of_seconds(seconds: f64) -> Option<i64> {
    let us = (seconds * 1e6).round_ties_even();
    if us.is_nan() || us.abs() >= 9.3e15 {
        return None;
    }
    (us as i64).checked_mul(1000)
}

/// What a clock so far ahead of UTC shows. Bad for offsets with months or days, and outside the range.
#[inline]
pub fn ts_at_offset(ts: i64, offset: Interval) -> Option<i64> {
    if offset.months != 0 || offset.days != 0 {
        return None;
    }
    ts.checked_add(offset.ns)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_of_parts() {
        let day = |text: &str| Date::parse(text).map(|d| i64::from(d.days()));
        assert_eq!(make_date(2013, 7, 15), day("2013-07-15"));
        assert_eq!(make_date(-44, 3, 15), day("0044-03-15 BC"));
        assert_eq!(make_date(2012, 2, 29), day("2012-02-29"));
        for (y, m, d) in [
            (0, 1, 1),
            (2013, 2, 29),
            (2013, 13, 1),
            (2013, 0, 1),
            (2013, 1, -1),
            (i64::MIN, 1, 1),
            (i64::MAX, 1, 1),
        ] {
            assert_eq!(make_date(y, m, d), None, "{y}-{m}-{d}");
        }
    }

    fn ts(text: &str) -> i64 {
        Timestamp::parse(text).unwrap().0
    }

    fn shown(ts: Option<i64>) -> Option<String> {
        ts.map(|t| Timestamp(t).to_string())
    }

    #[test]
    fn bins() {
        let check = |stride: &str, t, origin, expected: Option<&str>| {
            let found = shown(date_bin(Interval::parse(stride).unwrap(), ts(t), ts(origin)));
            assert_eq!(found.as_deref(), expected, "{stride} {t}");
        };
        check("15 minutes", "2020-02-11 15:44:17", "2001-01-01", Some("2020-02-11 15:30:00"));
        check("15 minutes", "2020-02-11 15:44:17", "2001-01-01 00:02:30", Some("2020-02-11 15:32:30"));
        check("1 day", "1969-01-01 12:00", "1970-01-01 06:00", Some("1969-01-01 06:00:00"));
        check("1 month", "2020-02-11", "2001-01-01", None);
        check("0 s", "2020-02-11", "2001-01-01", None);
        check("-1 day", "2020-02-11", "2001-01-01", None);
        check("100000 days", "1677-09-22", "2001-01-01", None);
    }

    #[test]
    fn of_parts() {
        let check = |(y, m, d), (h, mi, s), expected: Option<&str>| {
            assert_eq!(
                shown(make_timestamp(y, m, d, h, mi, s)).as_deref(),
                expected,
                "{y}-{m}-{d} {h}:{mi}:{s}"
            );
        };
        check((2013, 7, 15), (8, 15, 23.5), Some("2013-07-15 08:15:23.5"));
        check((2013, 12, 31), (24, 0, 0.0), Some("2014-01-01 00:00:00"));
        check((2013, 12, 31), (23, 59, 60.0), Some("2014-01-01 00:00:00"));
        check((2013, 12, 31), (24, 0, 1.0), None);
        check((2013, 2, 29), (0, 0, 0.0), None);
        check((2013, 13, 1), (0, 0, 0.0), None);
        check((2013, 1, 1), (0, 60, 0.0), None);
        check((2013, 1, 1), (0, 0, f64::NAN), None);
        check((1677, 9, 21), (1, 0, 0.0), Some("1677-09-21 01:00:00"));
        check((1677, 9, 21), (0, 0, 0.0), None);
        check((i64::MAX, 1, 1), (0, 0, 0.0), None);
        check((2013, -1, 1), (0, 0, 0.0), None);
    }

    #[test]
    fn of_seconds() {
        let check = |s, expected: Option<&str>| assert_eq!(shown(ts_of_seconds(s)).as_deref(), expected);
        check(1_284_352_323.5, Some("2010-09-13 04:32:03.5"));
        check(-0.5, Some("1969-12-31 23:59:59.5"));
        check(1e10, None);
        check(f64::NAN, None);
        check(f64::NEG_INFINITY, None);
    }

    #[test]
    fn of_zones() {
        let check = |offset: &str, expected: Option<&str>| {
            let found = shown(ts_at_offset(ts("2013-01-01"), Interval::parse(offset).unwrap()));
            assert_eq!(found.as_deref(), expected);
        };
        check("2 hours", Some("2013-01-01 02:00:00"));
        check("-05:30", Some("2012-12-31 18:30:00"));
        check("1 day", None);
        assert_eq!(ts_at_offset(i64::MAX, Interval::from_ns(1)), None);
    }
}
