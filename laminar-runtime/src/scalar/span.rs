//! Arithmetic of timestamps (`i64` of ns since 1970, UTC) and intervals.

use crate::types::civil::{DAY_NS, civil_from_days, days_from_civil, days_in_month};
use crate::types::{Interval, Timestamp};

/// Later by the months (the day clipped to the month's end), then the days, then the ns. Bad outside the range.
#[inline]
fn shift(ts: i64, months: i64, days: i64, ns: i128) -> Option<i64> {
    let (mut day, of_day) = Timestamp(ts).split();
    if months != 0 {
        let date = civil_from_days(day);
        let month = date.year * 12 + date.month as i64 - 1 + months;
        let (year, month) = (month.div_euclid(12), month.rem_euclid(12) as u32 + 1);
        day = days_from_civil(year, month, date.day.min(days_in_month(year, month)));
    }
    let total = (day + days) as i128 * DAY_NS as i128 + of_day as i128 + ns;
    total.try_into().ok()
}

/// `timestamp + interval`. Bad outside the range.
#[inline]
pub fn ts_add(ts: i64, by: Interval) -> Option<i64> {
    shift(ts, by.months.into(), by.days.into(), by.ns.into())
}

/// `timestamp - interval`. Bad outside the range.
#[inline]
pub fn ts_sub(ts: i64, by: Interval) -> Option<i64> {
    shift(ts, -i64::from(by.months), -i64::from(by.days), -i128::from(by.ns))
}

/// `timestamp - timestamp`: days of 24 hours and the rest, both of one sign. Any two timestamps have a difference.
#[inline]
pub fn ts_diff(a: i64, b: i64) -> Option<Interval> {
    let ns = a as i128 - b as i128;
    let day = DAY_NS as i128;
    Some(Interval { months: 0, days: (ns / day) as i32, ns: (ns % day) as i64 })
}

/// `interval + interval`, part by part. Bad where a part overflows.
#[inline]
pub fn interval_add(a: Interval, b: Interval) -> Option<Interval> {
    Some(Interval {
        months: a.months.checked_add(b.months)?,
        days: a.days.checked_add(b.days)?,
        ns: a.ns.checked_add(b.ns)?,
    })
}

/// `interval - interval`, part by part. Bad where a part overflows.
#[inline]
pub fn interval_sub(a: Interval, b: Interval) -> Option<Interval> {
    Some(Interval {
        months: a.months.checked_sub(b.months)?,
        days: a.days.checked_sub(b.days)?,
        ns: a.ns.checked_sub(b.ns)?,
    })
}

/// `- interval`, part by part. Bad where a part overflows.
#[inline]
pub fn interval_neg(a: Interval) -> Option<Interval> {
    interval_sub(Interval::ZERO, a)
}

/// `interval * integer`, part by part. Bad where a part overflows.
#[inline]
pub fn interval_mul(a: Interval, by: i64) -> Option<Interval> {
    let part = |v: i32| i64::from(v).checked_mul(by)?.try_into().ok();
    Some(Interval { months: part(a.months)?, days: part(a.days)?, ns: a.ns.checked_mul(by)? })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ts(text: &str) -> i64 {
        Timestamp::parse(text).unwrap().0
    }

    fn span(text: &str) -> Interval {
        Interval::parse(text).unwrap()
    }

    const MIN: Interval = Interval { months: i32::MIN, days: i32::MIN, ns: i64::MIN };
    const FIRST: &str = "1677-09-21 00:12:43.145224192";
    const LAST: &str = "2262-04-11 23:47:16.854775807";

    #[test]
    fn moves_timestamps() {
        let check = |f: fn(i64, Interval) -> Option<i64>, t: &str, by: &str, expected: Option<&str>| {
            let found = f(ts(t), span(by)).map(|t| Timestamp(t).to_string());
            assert_eq!(found.as_deref(), expected, "{t} {by}");
        };
        check(ts_add, "2013-01-31", "1 month", Some("2013-02-28 00:00:00"));
        check(ts_add, "2012-01-31", "1 month", Some("2012-02-29 00:00:00"));
        check(ts_add, "2013-01-31 10:00:00", "1 month 1 day 1 hour", Some("2013-03-01 11:00:00"));
        check(ts_add, "2013-12-15", "1 month", Some("2014-01-15 00:00:00"));
        check(ts_add, "2013-03-31", "-1 month", Some("2013-02-28 00:00:00"));
        check(ts_add, "2013-01-15", "-13 months", Some("2011-12-15 00:00:00"));
        check(ts_sub, "2013-03-31", "1 month", Some("2013-02-28 00:00:00"));
        check(ts_sub, "2013-01-01", "1 ns", Some("2012-12-31 23:59:59.999999999"));
        check(ts_sub, "1970-01-01", "1 year 36 hours", Some("1968-12-30 12:00:00"));
        check(ts_add, LAST, "0 s", Some(LAST));
        check(ts_add, LAST, "1 ns", None);
        check(ts_sub, FIRST, "1 ns", None);
        check(ts_add, LAST, "1 month -31 days", Some("2262-04-10 23:47:16.854775807"));
        check(ts_add, "2013-01-01", "250 years", None);
        check(ts_add, "2013-01-01", "178000000 years", None);
        check(ts_sub, "2013-01-01", "178000000 years", None);
    }

    #[test]
    fn extremes() {
        for t in [i64::MIN, 0, i64::MAX] {
            assert_eq!((ts_add(t, MIN), ts_sub(t, MIN)), (None, None));
        }
        assert_eq!(ts_sub(-1, Interval::from_ns(i64::MIN)), Some(i64::MAX));
    }

    #[test]
    fn differences() {
        let check = |a, b, expected: &str| {
            assert_eq!(ts_diff(ts(a), ts(b)).unwrap().to_string(), expected);
        };
        check("2013-03-01", "2013-02-01", "28 days");
        check("2013-03-01 10:00:00", "2013-03-01", "10:00:00");
        check("2013-03-01", "2013-03-02 01:00:00", "-1 days -01:00:00");
        check(LAST, FIRST, "213503 days 23:34:33.709551615");
        check(FIRST, LAST, "-213503 days -23:34:33.709551615");
    }

    #[test]
    fn part_by_part() {
        let (a, b) = (span("1 mon 2 days 3 s"), span("4 mons -1 day 1 ns"));
        assert_eq!(interval_add(a, b), Some(span("5 mons 1 day 3.000000001 s")));
        assert_eq!(interval_sub(a, b), Some(span("-3 mons 3 days 2.999999999 s")));
        assert_eq!(interval_neg(a), Some(span("-1 mon -2 days -3 s")));
        assert_eq!(interval_mul(a, -3), Some(span("-3 mons -6 days -9 s")));
        assert_eq!(interval_mul(MIN, 0), Some(Interval::ZERO));
    }

    #[test]
    fn overflow() {
        assert_eq!(interval_neg(MIN), None);
        assert_eq!(interval_add(MIN, MIN), None);
        assert_eq!(interval_sub(Interval::ZERO, MIN), None);
        assert_eq!(interval_mul(span("1 day"), i64::MAX), None);
        assert_eq!(interval_mul(span("1 mon"), 1 << 31), None);
        assert_eq!(interval_mul(Interval::from_ns(2), i64::MAX), None);
        assert_eq!(interval_mul(MIN, -1), None);
    }
}
