//! Functions of intervals, and the ones that make them.

use crate::types::civil::{DAY_NS, HOUR_NS, MINUTE_NS, SECOND_NS, days_in_month};
use crate::types::{DEC18_BOUND, Interval, Timestamp};

/// An `i32` of a float without its fraction; none outside the range.
#[inline]
fn whole(x: f64) -> Option<i32> {
    let x = x.trunc();
    // Both bounds are floats.
    (x >= i32::MIN as f64 && x <= i32::MAX as f64).then_some(x as i32)
}

/// A number of days or seconds to the microsecond.
#[inline]
fn to_us(x: f64) -> f64 {
    (x * 1e6).round_ties_even() / 1e6
}

/// Each part by `by`; fractions of months go to days of which a month has 30, those of days to the time. As PostgreSQL does it.
#[inline]
fn scaled(i: Interval, by: impl Fn(f64) -> f64) -> Option<Interval> {
    let (months, days, ns) = (by(i.months.into()), by(i.days.into()), by(i.ns as f64));
    let (whole_months, mut whole_days) = (whole(months)?, whole(days)?);
    let month_days = to_us((months - f64::from(whole_months)) * 30.0);
    let mut seconds = to_us((days - f64::from(whole_days) + month_days - month_days.trunc()) * 86_400.0);
    if seconds.abs() >= 86_400.0 {
        let more = whole(seconds / 86_400.0)?;
        whole_days = whole_days.checked_add(more)?;
        seconds -= f64::from(more) * 86_400.0;
    }
    let ns = (ns + seconds * 1e9).round_ties_even();
    if !(ns >= i64::MIN as f64 && ns < -(i64::MIN as f64)) {
        return None;
    }
    Some(Interval { months: whole_months, days: whole_days.checked_add(whole(month_days)?)?, ns: ns as i64 })
}

/// `interval * number`. Bad where a part overflows, and for NaN.
#[inline]
pub fn interval_scale(i: Interval, by: f64) -> Option<Interval> {
    scaled(i, |part| part * by)
}

/// `interval / number`. Bad for zero, NaN, and where a part overflows.
#[inline]
pub fn interval_div(i: Interval, by: f64) -> Option<Interval> {
    if by == 0.0 {
        return None;
    }
    scaled(i, |part| part / by)
}

/// Hours as days of which each has 24; days and time get one sign. Bad where a part overflows.
#[inline]
pub fn justify_hours(i: Interval) -> Option<Interval> {
    let days = i64::from(i.days) + i.ns / DAY_NS;
    let (days, ns) = one_sign(days, i.ns % DAY_NS);
    Some(Interval { months: i.months, days: days.try_into().ok()?, ns })
}

/// Days as months of which each has 30; months and days get one sign. Bad where a part overflows.
#[inline]
pub fn justify_days(i: Interval) -> Option<Interval> {
    let (mut months, mut days) = (i64::from(i.months) + i64::from(i.days / 30), i64::from(i.days % 30));
    if months > 0 && days < 0 {
        (months, days) = (months - 1, days + 30);
    } else if months < 0 && days > 0 {
        (months, days) = (months + 1, days - 30);
    }
    Some(Interval { months: months.try_into().ok()?, days: days.try_into().ok()?, ns: i.ns })
}

/// Hours as days, days as months, and one sign for all. Bad where a part overflows.
#[inline]
pub fn justify_interval(i: Interval) -> Option<Interval> {
    let (mut days, ns) = (i64::from(i.days) + i.ns / DAY_NS, i.ns % DAY_NS);
    let mut months = i64::from(i.months) + days / 30;
    days %= 30;
    if months > 0 && (days < 0 || (days == 0 && ns < 0)) {
        (months, days) = (months - 1, days + 30);
    } else if months < 0 && (days > 0 || (days == 0 && ns > 0)) {
        (months, days) = (months + 1, days - 30);
    }
    let (days, ns) = one_sign(days, ns);
    Some(Interval { months: months.try_into().ok()?, days: days.try_into().ok()?, ns })
}

/// Days and less than a day, with one sign.
#[inline]
fn one_sign(days: i64, ns: i64) -> (i64, i64) {
    if days > 0 && ns < 0 {
        (days - 1, ns + DAY_NS)
    } else if days < 0 && ns > 0 {
        (days + 1, ns - DAY_NS)
    } else {
        (days, ns)
    }
}

/// From the second timestamp to the first in years, months, days and time, as one would say it.
#[inline]
pub fn age(later: i64, earlier: i64) -> Interval {
    let negative = later < earlier;
    let (a, b) = if negative { (earlier, later) } else { (later, earlier) };
    let ((a_date, a_ns), (b_date, b_ns)) =
        ((Timestamp(a).date(), Timestamp(a).split().1), (Timestamp(b).date(), Timestamp(b).split().1));
    let mut months = (a_date.year - b_date.year) * 12 + i64::from(a_date.month) - i64::from(b_date.month);
    let mut days = i64::from(a_date.day) - i64::from(b_date.day);
    let mut ns = a_ns - b_ns;
    if ns < 0 {
        (days, ns) = (days - 1, ns + DAY_NS);
    }
    if days < 0 {
        // Days of the month in which the earlier one lies.
        (months, days) = (months - 1, days + i64::from(days_in_month(b_date.year, b_date.month)));
    }
    let sign = if negative { -1 } else { 1 };
    // Timestamps are less than 600 years apart.
    Interval { months: (sign * months) as i32, days: (sign * days) as i32, ns: sign * ns }
}

/// An interval of its parts. Bad where a part overflows, and for seconds that are no number.
#[inline]
pub fn make_interval(
    years: i64,
    months: i64,
    weeks: i64,
    days: i64,
    hours: i64,
    minutes: i64,
    seconds: f64,
) -> Option<Interval> {
    let fit = |v: i128| i32::try_from(v).ok();
    let months = fit(i128::from(years) * 12 + i128::from(months))?;
    let days = fit(i128::from(weeks) * 7 + i128::from(days))?;
    let us = (seconds * 1e6).round_ties_even();
    if us.is_nan() || us.abs() >= 9.3e18 {
        return None;
    }
    let clock = i128::from(hours) * i128::from(HOUR_NS) + i128::from(minutes) * i128::from(MINUTE_NS);
    Some(Interval { months, days, ns: (clock + us as i128 * 1000).try_into().ok()? })
}

macro_rules! fields {
    ($($(#[$doc:meta])* $name:ident: |$i:ident| $value:expr;)*) => {$(
        $(#[$doc])*
        #[inline]
        pub fn $name($i: Interval) -> i64 {
            $value
        }
    )*};
}

fields! {
    /// Years of its months.
    interval_year: |i| i64::from(i.months / 12);
    /// Tens of years of its months.
    interval_decade: |i| i64::from(i.months / 120);
    /// Hundreds of years of its months.
    interval_century: |i| i64::from(i.months / 1200);
    /// Thousands of years of its months.
    interval_millennium: |i| i64::from(i.months / 12_000);
    /// Quarter of its months beyond years, from 1.
    interval_quarter: |i| i64::from(i.months % 12 / 3) + 1;
    /// Months beyond years.
    interval_month: |i| i64::from(i.months % 12);
    /// Days.
    interval_day: |i| i64::from(i.days);
    /// Hours of the time.
    interval_hour: |i| i.ns / HOUR_NS;
    /// Minutes beyond hours.
    interval_minute: |i| i.ns / MINUTE_NS % 60;
    /// Seconds beyond minutes, scale 9; with other scales milliseconds and microseconds.
    interval_second: |i| i.ns % MINUTE_NS;
}

const _: () = assert!(MINUTE_NS < DEC18_BOUND && SECOND_NS == 1_000_000_000);

#[cfg(test)]
mod tests {
    use super::*;

    fn span(text: &str) -> Interval {
        Interval::parse(text).unwrap()
    }

    fn ts(text: &str) -> i64 {
        Timestamp::parse(text).unwrap().0
    }

    #[test]
    fn scales() {
        let check = |i: &str, by, times: &str, over: &str| {
            assert_eq!(interval_scale(span(i), by).unwrap().to_string(), times, "{i} * {by}");
            assert_eq!(interval_div(span(i), by).unwrap().to_string(), over, "{i} / {by}");
        };
        check("1 month", 1.5, "1 mon 15 days", "20 days");
        check("1 day", 1.5, "1 day 12:00:00", "16:00:00");
        check("1 year 3 days 01:00", -2.0, "-2 years -6 days -02:00:00", "-6 mons -1 days -12:30:00");
        check("1 second", 0.5, "00:00:00.5", "00:00:02");
        for by in [0.0, f64::NAN] {
            assert_eq!(interval_div(span("1 day"), by), None);
        }
        assert_eq!(interval_scale(span("1 day"), f64::NAN), None);
        assert_eq!(interval_scale(span("1 month"), 1e10), None);
        assert_eq!(interval_scale(span("1 hour"), 1e10), None);
        assert_eq!(interval_scale(span("1 hour"), f64::INFINITY), None);
    }

    #[test]
    fn justifies() {
        let check = |i: &str, hours: &str, days: &str, all: &str| {
            let found =
                [justify_hours, justify_days, justify_interval].map(|f| f(span(i)).unwrap().to_string());
            assert_eq!(found, [hours, days, all], "{i}");
        };
        check("27 hours", "1 day 03:00:00", "27:00:00", "1 day 03:00:00");
        check("35 days", "35 days", "1 mon 5 days", "1 mon 5 days");
        check("1 mon -1 hour", "1 mon -01:00:00", "1 mon -01:00:00", "29 days 23:00:00");
        check("1 mon -1 day", "1 mon -1 days", "29 days", "29 days");
        check("-1 mon 1 hour", "-1 mons +01:00:00", "-1 mons +01:00:00", "-29 days -23:00:00");
        let most = Interval { months: i32::MAX, days: i32::MAX, ns: i64::MAX };
        assert_eq!([justify_hours(most), justify_days(most), justify_interval(most)], [None; 3]);
    }

    #[test]
    fn ages() {
        let check = |a, b, expected: &str| assert_eq!(age(ts(a), ts(b)).to_string(), expected, "{a} {b}");
        check("2001-04-10", "1957-06-13", "43 years 9 mons 27 days");
        check("1957-06-13", "2001-04-10", "-43 years -9 mons -27 days");
        check("2013-03-01", "2013-01-31", "1 mon 1 day");
        check("2013-03-01 01:00", "2013-02-28 02:00", "23:00:00");
        check("2013-01-01", "2013-01-01", "00:00:00");
    }

    #[test]
    fn parts() {
        let made = make_interval(1, 2, 3, 4, 5, 6, 7.5).unwrap();
        assert_eq!(made.to_string(), "1 year 2 mons 25 days 05:06:07.5");
        assert_eq!(make_interval(i64::MAX, 0, 0, 0, 0, 0, 0.0), None);
        assert_eq!(make_interval(0, 0, 0, 0, i64::MAX, 0, 0.0), None);
        assert_eq!(make_interval(0, 0, 0, 0, 0, 0, f64::NAN), None);
        assert_eq!(make_interval(0, 0, 0, 0, 0, 0, 1e300), None);
        let all =
            |i| [interval_year(i), interval_month(i), interval_day(i), interval_hour(i), interval_minute(i)];
        assert_eq!(all(made), [1, 2, 25, 5, 6]);
        assert_eq!(interval_second(made), 7_500_000_000);
        let long = span("-2345 years -5 months");
        assert_eq!(
            [
                interval_decade(long),
                interval_century(long),
                interval_millennium(long),
                interval_quarter(long)
            ],
            [-234, -23, -2, 0]
        );
    }
}
