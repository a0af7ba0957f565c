//! `DATE_TRUNC(unit, timestamp)`: the start of the unit that holds the timestamp. Bad where that is before the first timestamp.

use crate::types::Timestamp;
use crate::types::civil::{DAY_NS, HOUR_NS, MINUTE_NS, SECOND_NS, days_from_civil};

#[inline(always)]
fn floor(ts: i64, unit_ns: i64) -> Option<i64> {
    ts.checked_sub(ts.rem_euclid(unit_ns))
}

#[inline(always)]
fn start_of(year: i64, month: u32) -> Option<i64> {
    Timestamp::from_days(days_from_civil(year, month, 1), 0).map(|t| t.0)
}

/// Start of the microsecond.
#[inline]
pub fn trunc_microsecond(ts: i64) -> Option<i64> {
    floor(ts, 1000)
}

/// Start of the millisecond.
#[inline]
pub fn trunc_millisecond(ts: i64) -> Option<i64> {
    floor(ts, 1_000_000)
}

/// Start of the second.
#[inline]
pub fn trunc_second(ts: i64) -> Option<i64> {
    floor(ts, SECOND_NS)
}

/// Start of the minute.
#[inline]
pub fn trunc_minute(ts: i64) -> Option<i64> {
    floor(ts, MINUTE_NS)
}

/// Start of the hour.
#[inline]
pub fn trunc_hour(ts: i64) -> Option<i64> {
    floor(ts, HOUR_NS)
}

/// Start of the day.
#[inline]
pub fn trunc_day(ts: i64) -> Option<i64> {
    floor(ts, DAY_NS)
}

/// Monday of the week.
#[inline]
pub fn trunc_week(ts: i64) -> Option<i64> {
    let (days, _) = Timestamp(ts).split();
    // 1970-01-01 was a Thursday.
    Timestamp::from_days(days - (days + 3).rem_euclid(7), 0).map(|t| t.0)
}

/// First day of the month.
#[inline]
pub fn trunc_month(ts: i64) -> Option<i64> {
    let date = Timestamp(ts).date();
    start_of(date.year, date.month)
}

/// First day of the quarter.
#[inline]
pub fn trunc_quarter(ts: i64) -> Option<i64> {
    let date = Timestamp(ts).date();
    start_of(date.year, (date.month - 1) / 3 * 3 + 1)
}

/// First day of the year.
#[inline]
pub fn trunc_year(ts: i64) -> Option<i64> {
    start_of(Timestamp(ts).date().year, 1)
}

/// First day of the decade.
#[inline]
pub fn trunc_decade(ts: i64) -> Option<i64> {
    start_of(Timestamp(ts).date().year / 10 * 10, 1)
}

/// First day of the century, which begins with a year 1.
#[inline]
pub fn trunc_century(ts: i64) -> Option<i64> {
    start_of((Timestamp(ts).date().year + 99) / 100 * 100 - 99, 1)
}

/// First day of the millennium, which begins with a year 1.
#[inline]
pub fn trunc_millennium(ts: i64) -> Option<i64> {
    start_of((Timestamp(ts).date().year + 999) / 1000 * 1000 - 999, 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn truncates() {
        let check = |f: fn(i64) -> Option<i64>, text: &str, expected: Option<&str>| {
            let found = f(Timestamp::parse(text).unwrap().0).map(|t| Timestamp(t).to_string());
            assert_eq!(found.as_deref(), expected, "{text}");
        };
        let t = "2013-08-15 10:15:30.123456789";
        check(trunc_microsecond, t, Some("2013-08-15 10:15:30.123456"));
        check(trunc_millisecond, t, Some("2013-08-15 10:15:30.123"));
        check(trunc_second, t, Some("2013-08-15 10:15:30"));
        check(trunc_minute, t, Some("2013-08-15 10:15:00"));
        check(trunc_hour, t, Some("2013-08-15 10:00:00"));
        check(trunc_day, t, Some("2013-08-15 00:00:00"));
        check(trunc_week, t, Some("2013-08-12 00:00:00"));
        check(trunc_month, t, Some("2013-08-01 00:00:00"));
        check(trunc_quarter, t, Some("2013-07-01 00:00:00"));
        check(trunc_year, t, Some("2013-01-01 00:00:00"));
        check(trunc_decade, t, Some("2010-01-01 00:00:00"));
        check(trunc_century, t, Some("2001-01-01 00:00:00"));
        check(trunc_century, "2000-05-05", Some("1901-01-01 00:00:00"));
        check(trunc_millennium, t, Some("2001-01-01 00:00:00"));
        check(trunc_millennium, "2000-05-05", None);
        let early = "1969-12-31 23:59:59.999999999";
        check(trunc_second, early, Some("1969-12-31 23:59:59"));
        check(trunc_day, early, Some("1969-12-31 00:00:00"));
        check(trunc_week, early, Some("1969-12-29 00:00:00"));
        check(trunc_quarter, early, Some("1969-10-01 00:00:00"));
        check(trunc_week, "2013-08-12", Some("2013-08-12 00:00:00"));
        check(trunc_week, "2013-08-18 23:00:00", Some("2013-08-12 00:00:00"));
        let first = "1677-09-21 00:12:43.145224192";
        for f in [trunc_microsecond, trunc_millisecond, trunc_second, trunc_minute, trunc_hour, trunc_day] {
            check(f, first, None);
        }
        for f in [trunc_week, trunc_month, trunc_quarter, trunc_year] {
            check(f, first, None);
        }
        check(trunc_year, "2262-04-11 23:47:16.854775807", Some("2262-01-01 00:00:00"));
    }
}
