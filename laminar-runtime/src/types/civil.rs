//! The proleptic Gregorian calendar, over days since 1970-01-01.
//!
//! Not here: time of day and time zones. Total for every day number that a timestamp or an interval can reach.
//! Source: Howard Hinnant, "chrono-compatible low-level date algorithms".

/// Nanoseconds in a day.
pub const DAY_NS: i64 = 86_400_000_000_000;
/// Nanoseconds in an hour.
pub const HOUR_NS: i64 = 3_600_000_000_000;
/// Nanoseconds in a minute.
pub const MINUTE_NS: i64 = 60_000_000_000;
/// Nanoseconds in a second.
pub const SECOND_NS: i64 = 1_000_000_000;

/// A calendar date.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date {
    /// Year; 0 is 1 BC.
    pub year: i64,
    /// Month, 1 to 12.
    pub month: u32,
    /// Day of the month, from 1.
    pub day: u32,
}

/// Days since 1970-01-01 of a date. `month` is 1 to 12; a `day` past the month's end runs on into the next.
#[inline]
pub const fn days_from_civil(year: i64, month: u32, day: u32) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month as i64 + 9) % 12) + 2) / 5 + day as i64 - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

/// The date of a day number.
#[inline]
pub const fn civil_from_days(days: i64) -> Date {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let day = (day_of_year - (153 * shifted + 2) / 5 + 1) as u32;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 } as u32;
    let year = year_of_era + era * 400 + if month <= 2 { 1 } else { 0 };
    Date { year, month, day }
}

/// Whether February of the year has 29 days.
#[inline]
pub const fn is_leap(year: i64) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

/// Days of a month, 1 to 12.
#[inline]
pub const fn days_in_month(year: i64, month: u32) -> u32 {
    match month {
        2 if is_leap(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Day of the week: 0 is Sunday.
#[inline]
pub const fn weekday(days: i64) -> i64 {
    (days + 4).rem_euclid(7)
}

/// Day of the year, from 1.
#[inline]
pub const fn day_of_year(days: i64) -> i64 {
    days - days_from_civil(civil_from_days(days).year, 1, 1) + 1
}

/// ISO 8601 year and week: weeks start on Monday, week 1 has the year's first Thursday.
#[inline]
pub const fn iso_week(days: i64) -> (i64, i64) {
    let thursday = days - (days + 3).rem_euclid(7) + 3;
    let year = civil_from_days(thursday).year;
    (year, (thursday - days_from_civil(year, 1, 1)) / 7 + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_dates_are_inverse() {
        let mut expected = Date { year: 1599, month: 12, day: 31 };
        for days in days_from_civil(1600, 1, 1)..days_from_civil(2401, 1, 1) {
            expected.day += 1;
            if expected.day > days_in_month(expected.year, expected.month) {
                expected.day = 1;
                expected.month += 1;
            }
            if expected.month > 12 {
                expected.month = 1;
                expected.year += 1;
            }
            assert_eq!(civil_from_days(days), expected);
            assert_eq!(days_from_civil(expected.year, expected.month, expected.day), days);
        }
    }

    #[test]
    fn known_days() {
        let check = |(y, m, d), days| {
            assert_eq!(days_from_civil(y, m, d), days);
            assert_eq!(civil_from_days(days), Date { year: y, month: m, day: d });
        };
        check((1970, 1, 1), 0);
        check((1969, 12, 31), -1);
        check((2000, 2, 29), 11_016);
        check((-1, 3, 1), -719_834);
        check((0, 3, 1), -719_468);
    }

    #[test]
    fn weekdays_and_iso_weeks() {
        let check = |(y, m, d), dow, doy, iso| {
            let days = days_from_civil(y, m, d);
            assert_eq!((weekday(days), day_of_year(days), iso_week(days)), (dow, doy, iso), "{y}-{m}-{d}");
        };
        check((1970, 1, 1), 4, 1, (1970, 1));
        check((1969, 12, 28), 0, 362, (1969, 52));
        check((2005, 1, 1), 6, 1, (2004, 53));
        check((2005, 1, 2), 0, 2, (2004, 53));
        check((2012, 12, 31), 1, 366, (2013, 1));
        check((2020, 12, 31), 4, 366, (2020, 53));
        check((2021, 1, 4), 1, 4, (2021, 1));
        check((1677, 9, 21), 2, 264, (1677, 38));
    }
}
