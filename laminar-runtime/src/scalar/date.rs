//! Arithmetic of dates (days since 1970) and times of day (ns since midnight).

use crate::types::civil::{DAY_NS, HOUR_NS, civil_from_days, day_of_year, iso_week, weekday};
use crate::types::{Date, Interval, Timestamp};

/// `date + integer`. Bad outside the range.
#[inline]
pub fn date_add(days: i64, by: i64) -> Option<i64> {
    Date::from_days(days.checked_add(by)?).map(|d| d.days().into())
}

/// `date - integer`. Bad outside the range.
#[inline]
pub fn date_sub(days: i64, by: i64) -> Option<i64> {
    Date::from_days(days.checked_sub(by)?).map(|d| d.days().into())
}

/// `date - date`, in days. Any two dates have a difference.
#[inline]
pub fn date_diff(a: i64, b: i64) -> i64 {
    a.wrapping_sub(b)
}

/// Midnight at the start of the day. Bad outside the range of timestamps.
#[inline]
pub fn date_to_ts(days: i64) -> Option<i64> {
    date_time(days, 0)
}

/// `date + time`. Bad outside the range of timestamps.
#[inline]
pub fn date_time(days: i64, time: i64) -> Option<i64> {
    Timestamp::from_days(days, time).map(|t| t.0)
}

/// The day of a timestamp.
#[inline]
pub fn ts_to_date(ts: i64) -> i64 {
    Timestamp(ts).split().0
}

/// The time of day of a timestamp.
#[inline]
pub fn ts_to_time(ts: i64) -> i64 {
    Timestamp(ts).split().1
}

/// Order of a date, as midnight at its start, and a timestamp: −1, 0 or 1.
#[inline]
pub fn date_cmp_ts(days: i64, ts: i64) -> i64 {
    (days as i128 * DAY_NS as i128).cmp(&ts.into()) as i64
}

/// `time + interval`: round the clock; months and days do not count.
#[inline]
pub fn time_add(time: i64, by: Interval) -> i64 {
    (time as i128 + by.ns as i128).rem_euclid(DAY_NS.into()) as i64
}

/// `time - interval`: round the clock; months and days do not count.
#[inline]
pub fn time_sub(time: i64, by: Interval) -> i64 {
    (time as i128 - by.ns as i128).rem_euclid(DAY_NS.into()) as i64
}

/// `time - time`.
#[inline]
pub fn time_diff(a: i64, b: i64) -> Interval {
    Interval::from_ns(a.wrapping_sub(b))
}

/// The time since midnight.
#[inline]
pub fn time_to_interval(time: i64) -> Interval {
    Interval::from_ns(time)
}

/// The time of day that an interval after midnight is; months and days do not count.
#[inline]
pub fn interval_to_time(i: Interval) -> i64 {
    i.ns.rem_euclid(DAY_NS)
}

/// 0 to 24.
#[inline]
pub fn time_hour(time: i64) -> i64 {
    time.div_euclid(HOUR_NS)
}

macro_rules! fields {
    ($($doc:literal $name:ident |$days:ident| $value:expr;)*) => {$(
        #[doc = $doc]
        #[inline]
        pub fn $name($days: i64) -> i64 {
            $value
        }
    )*};
}

/// A day that the calendar reaches.
#[inline(always)]
fn near(days: i64) -> i64 {
    days.clamp(Date::MIN.days().into(), Date::MAX.days().into())
}

/// The number of so many years that a year is in; year 0 is 1 BC.
fn of_years(year: i64, years: i64) -> i64 {
    if year > 0 { (year + years - 1) / years } else { (year - years) / years }
}

fields! {
    "The year; before Christ negative, without a year 0." date_year |d| {
        let year = civil_from_days(near(d)).year;
        if year > 0 { year } else { year - 1 }
    };
    "The year of the ISO 8601 week; before Christ negative, without a year 0." date_isoyear |d| {
        let year = iso_week(near(d)).0;
        if year > 0 { year } else { year - 1 }
    };
    "1 to 4." date_quarter |d| (civil_from_days(near(d)).month as i64 + 2) / 3;
    "1 to 12." date_month |d| civil_from_days(near(d)).month as i64;
    "The ISO 8601 week, 1 to 53." date_week |d| iso_week(near(d)).1;
    "Day of the month, from 1." date_day |d| civil_from_days(near(d)).day as i64;
    "Day of the week: Sunday 0 to Saturday 6." date_dow |d| weekday(near(d));
    "Day of the week: Monday 1 to Sunday 7." date_isodow |d| (weekday(near(d)) + 6) % 7 + 1;
    "Day of the year, from 1." date_doy |d| day_of_year(near(d));
    "The year divided by 10; that of 1 BC is decade 0." date_decade |d| civil_from_days(near(d)).year.div_euclid(10);
    "The century; the 21st begins with 2001, and there is no century 0." date_century |d| {
        of_years(civil_from_days(near(d)).year, 100)
    };
    "The millennium; the third begins with 2001, and there is no millennium 0." date_millennium |d| {
        of_years(civil_from_days(near(d)).year, 1000)
    };
    "Seconds since 1970." date_epoch |d| near(d) * 86_400;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::Time;

    fn day(text: &str) -> i64 {
        Date::parse(text).unwrap().days().into()
    }

    fn clock(text: &str) -> i64 {
        Time::parse(text).unwrap().ns()
    }

    #[test]
    fn days() {
        assert_eq!(date_add(day("2013-02-28"), 1), Some(day("2013-03-01")));
        assert_eq!(date_sub(day("2012-03-01"), 1), Some(day("2012-02-29")));
        assert_eq!(date_add(day("5874897-12-31"), 1), None);
        assert_eq!(date_sub(day("4714-11-24 BC"), 1), None);
        assert_eq!(date_add(0, i64::MAX), None);
        assert_eq!(date_diff(day("2013-03-01"), day("2012-03-01")), 365);
    }

    #[test]
    fn timestamps() {
        let ts = |text: &str| Timestamp::parse(text).unwrap().0;
        assert_eq!(date_to_ts(day("1969-12-31")), Some(ts("1969-12-31")));
        assert_eq!(date_to_ts(day("2262-04-12")), None);
        assert_eq!(date_time(day("2013-01-01"), clock("24:00")), Some(ts("2013-01-02")));
        let t = ts("1969-12-31 23:59:59.999999999");
        assert_eq!((ts_to_date(t), ts_to_time(t)), (-1, DAY_NS - 1));
        assert_eq!(date_cmp_ts(day("1969-12-31"), t), -1);
        assert_eq!(date_cmp_ts(day("1970-01-01"), t), 1);
        assert_eq!(date_cmp_ts(day("1970-01-01"), 0), 0);
        assert_eq!(date_cmp_ts(day("5000-01-01"), i64::MAX), 1);
    }

    #[test]
    fn round_the_clock() {
        let span = |text: &str| Interval::parse(text).unwrap();
        assert_eq!(time_add(clock("23:00"), span("2 hours")), clock("01:00"));
        assert_eq!(time_add(clock("01:00"), span("1 month 2 days -2 hours")), clock("23:00"));
        assert_eq!(time_sub(clock("01:00"), span("02:00:00.5")), clock("22:59:59.5"));
        assert_eq!(time_diff(clock("01:00"), clock("02:30")), span("-01:30:00"));
        assert_eq!(interval_to_time(span("3 days 25:00")), clock("01:00"));
        assert_eq!(interval_to_time(span("-1 hour")), clock("23:00"));
        assert_eq!(time_to_interval(clock("10:00")), span("10 hours"));
        assert_eq!((time_hour(clock("24:00")), time_hour(clock("09:59"))), (24, 9));
    }

    #[test]
    fn fields_of_dates() {
        let check = |text, year, month, d| {
            assert_eq!((date_year(day(text)), date_month(day(text)), date_day(day(text))), (year, month, d));
        };
        check("2013-07-01", 2013, 7, 1);
        check("0044-03-15 BC", -44, 3, 15);
        check("5874897-12-31", 5_874_897, 12, 31);
        let d = day("2005-01-01");
        assert_eq!((date_isoyear(d), date_week(d), date_doy(d)), (2004, 53, 1));
        assert_eq!((date_dow(d), date_isodow(d), date_quarter(d)), (6, 6, 1));
        assert_eq!(date_epoch(1), 86_400);
        let check = |text, expected| {
            let d = day(text);
            assert_eq!((date_decade(d), date_century(d), date_millennium(d)), expected, "{text}");
        };
        check("2000-12-31", (200, 20, 2));
        check("2001-01-01", (200, 21, 3));
        check("0001-01-01", (0, 1, 1));
        check("0001-12-31 BC", (0, -1, -1));
        check("0002-12-31 BC", (-1, -1, -1));
        check("0101-01-01 BC", (-10, -2, -1));
        check("1001-01-01 BC", (-100, -11, -2));
    }
}
