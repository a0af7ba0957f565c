//! `to_char(timestamp, pattern)`: PostgreSQL's patterns, with `FF7` to `FF9` besides.
//!
//! A pattern has no errors: what is no field stands for itself. The text in quotes is taken as it is, `FM` before a field drops
//! its padding, `TH` and `th` after one add the ending of an ordinal.

use super::buffer::Buffer;
use super::built::{Built, RESULT_BYTES_MAX};
use crate::types::civil::{Date, HOUR_NS, MINUTE_NS, SECOND_NS, day_of_year, iso_week, weekday};
use crate::types::{Arena, TextRef, Timestamp};
use std::fmt::Write;

pub(super) const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
const DAYS: [&str; 7] = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
const ROMAN: [&str; 12] = ["I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII"];

/// Bytes of the widest field: `SEPTEMBER`, an ordinal.
const FIELD_BYTES_MAX: usize = 16;

/// Bytes of the longest pattern of a time: each of them may be a field.
pub const PATTERN_BYTES_MAX: usize = RESULT_BYTES_MAX / FIELD_BYTES_MAX;

/// Fields, longer ones before their beginnings. Lower case is a field, too, if all of it is.
const FIELDS: [&str; 55] = [
    "SSSSS", "SSSS", "Y,YYY", "MONTH", "Month", "month", "IYYY", "IDDD", "YYYY", "HH24", "HH12", "A.M.",
    "P.M.", "B.C.", "A.D.", "IYY", "YYY", "FF1", "FF2", "FF3", "FF4", "FF5", "FF6", "FF7", "FF8", "FF9",
    "TZH", "TZM", "DAY", "Day", "day", "DDD", "MON", "Mon", "mon", "Dy", "DY", "dy", "IY", "YY", "ID", "IW",
    "WW", "MM", "MI", "MS", "US", "SS", "HH", "DD", "CC", "RM", "AM", "PM", "OF",
];
const MORE_FIELDS: [&str; 9] = ["TZ", "BC", "AD", "I", "Y", "D", "W", "J", "Q"];

/// The field that a pattern begins with.
#[inline]
pub(super) fn field(pattern: &str) -> Option<&'static str> {
    let fits = |f: &&&'static str| {
        let Some(start) = pattern.as_bytes().get(..f.len()) else { return false };
        let f = f.as_bytes();
        start == f
            || (start.eq_ignore_ascii_case(f)
                && !start.iter().any(u8::is_ascii_uppercase)
                && !f.iter().any(u8::is_ascii_lowercase))
    };
    FIELDS.iter().chain(&MORE_FIELDS).find(fits).copied()
}

/// A timestamp taken apart.
pub(super) struct Moment {
    date: Date,
    days: i64,
    of_day_ns: i64,
}

impl Moment {
    pub(super) fn of(ts: i64) -> Moment {
        let (days, of_day_ns) = Timestamp(ts).split();
        Moment { date: Timestamp(ts).date(), days, of_day_ns }
    }

    pub(super) fn year(&self) -> i64 {
        self.date.year
    }

    pub(super) fn quarter(&self) -> i64 {
        (self.month() + 2) / 3
    }

    pub(super) fn month(&self) -> i64 {
        self.date.month.into()
    }

    pub(super) fn month_name(&self) -> &'static str {
        MONTHS[self.date.month as usize - 1]
    }

    pub(super) fn day(&self) -> i64 {
        self.date.day.into()
    }

    pub(super) fn day_name(&self) -> &'static str {
        DAYS[weekday(self.days) as usize]
    }

    pub(super) fn day_of_year(&self) -> i64 {
        day_of_year(self.days)
    }

    pub(super) fn hour(&self) -> i64 {
        self.of_day_ns / HOUR_NS
    }

    pub(super) fn minute(&self) -> i64 {
        self.of_day_ns / MINUTE_NS % 60
    }

    pub(super) fn second(&self) -> i64 {
        self.of_day_ns / SECOND_NS % 60
    }

    pub(super) fn fraction_ns(&self) -> i64 {
        self.of_day_ns % SECOND_NS
    }

    /// A number and the digits that it is filled up to; none for the fields of words.
    fn number(&self, field: &str) -> Option<(i64, usize)> {
        let hour12 = (self.hour() + 11) % 12 + 1;
        let (year, day) = (self.year(), self.day());
        let (iso_year, week) = iso_week(self.days);
        let dow = weekday(self.days);
        let isodow = (dow + 6) % 7 + 1;
        Some(match field {
            "YYYY" => (year, 4),
            "YYY" => (year % 1000, 3),
            "YY" => (year % 100, 2),
            "Y" => (year % 10, 1),
            "IYYY" => (iso_year, 4),
            "IYY" => (iso_year % 1000, 3),
            "IY" => (iso_year % 100, 2),
            "I" => (iso_year % 10, 1),
            "CC" => ((year + 99) / 100, 2),
            "Q" => (self.quarter(), 1),
            "MM" => (self.month(), 2),
            "WW" => ((self.day_of_year() - 1) / 7 + 1, 2),
            "IW" => (week, 2),
            "W" => ((day - 1) / 7 + 1, 1),
            "DDD" => (self.day_of_year(), 3),
            "IDDD" => ((week - 1) * 7 + isodow, 3),
            "DD" => (day, 2),
            "D" => (dow + 1, 1),
            "ID" => (isodow, 1),
            "J" => (self.days + 2_440_588, 1),
            "HH24" => (self.hour(), 2),
            "HH" | "HH12" => (hour12, 2),
            "MI" => (self.minute(), 2),
            "SS" => (self.second(), 2),
            "SSSS" | "SSSSS" => (self.of_day_ns / SECOND_NS, 1),
            _ => return None,
        })
    }

    /// A fraction of the second: the number and its digits.
    fn fraction(&self, field: &str) -> Option<(i64, usize)> {
        let digits = match field {
            "MS" => 3,
            "US" => 6,
            _ => usize::from(*field.strip_prefix("FF")?.as_bytes().first()? - b'0'),
        };
        Some((self.fraction_ns() / 10_i64.pow(9 - digits as u32), digits))
    }

    /// A word, and the width that it is filled up to.
    fn word(&self, field: &str) -> (&'static str, usize) {
        let (month, day) = (self.month_name(), self.day_name());
        match field {
            "MONTH" | "Month" | "month" => (month, 9),
            "MON" | "Mon" | "mon" => (&month[..3], 0),
            "DAY" | "Day" | "day" => (day, 9),
            "DY" | "Dy" | "dy" => (&day[..3], 0),
            "RM" => (ROMAN[self.date.month as usize - 1], 4),
            "AM" | "PM" => (if self.hour() < 12 { "AM" } else { "PM" }, 0),
            "A.M." | "P.M." => (if self.hour() < 12 { "A.M." } else { "P.M." }, 0),
            "BC" | "AD" => ("AD", 0),
            "B.C." | "A.D." => ("A.D.", 0),
            "OF" | "TZH" => ("+00", 0),
            "TZM" => ("00", 0),
            // A timestamp has no name of a zone.
            _ => ("", 0),
        }
    }
}

/// The ending of an ordinal.
fn ordinal(number: i64) -> &'static str {
    match (number % 100, number % 10) {
        (11..=13, _) => "TH",
        (_, 1) => "ST",
        (_, 2) => "ND",
        (_, 3) => "RD",
        _ => "TH",
    }
}

/// A field as text.
fn write_field(
    time: &Moment,
    field: &str,
    written: &str,
    fill: bool,
    ordinal_case: Option<bool>,
) -> Buffer<32> {
    Buffer::of(|b| {
        let number = if field == "Y,YYY" {
            let year = time.year();
            write!(b, "{},{:03}", year / 1000, year % 1000)?;
            year
        } else if let Some((number, digits)) = time.fraction(field) {
            write!(b, "{number:0digits$}")?;
            number
        } else if let Some((number, digits)) = time.number(field) {
            let digits = if fill { digits } else { 1 };
            write!(b, "{number:0digits$}")?;
            number
        } else {
            let (word, width) = time.word(field);
            let width = if fill { width } else { 0 };
            let cased = Buffer::<FIELD_BYTES_MAX>::of(|c| {
                let (mut letters, mut first) = (word.chars(), true);
                let title = written.starts_with(|c: char| c.is_ascii_uppercase());
                let all_upper = !written.chars().any(|c| c.is_ascii_lowercase());
                letters.try_for_each(|letter| {
                    let upper = all_upper || (title && first);
                    first = false;
                    c.write_char(if upper {
                        letter.to_ascii_uppercase()
                    } else {
                        letter.to_ascii_lowercase()
                    })
                })
            });
            return write!(b, "{:<width$}", cased.as_str());
        };
        match ordinal_case {
            Some(true) => b.write_str(ordinal(number)),
            Some(false) => ordinal(number).chars().try_for_each(|c| b.write_char(c.to_ascii_lowercase())),
            None => Ok(()),
        }
    })
}

/// The timestamp as text, as the pattern says. Bad for a pattern that is too long.
///
/// # Safety
/// The pattern lives.
pub unsafe fn ts_to_char(arena: &Arena, ts: i64, pattern: TextRef) -> Option<TextRef> {
    // SAFETY: by contract.
    let mut rest = unsafe { pattern.as_str() };
    if rest.len() > PATTERN_BYTES_MAX {
        return None;
    }
    let time = Moment::of(ts);
    // A field has a byte at least; what is no field takes its own bytes.
    let mut built = Built::new(arena, rest.len() * FIELD_BYTES_MAX);
    while let Some(c) = rest.chars().next() {
        if c == '"' {
            rest = quoted(&rest[1..], &mut built);
            continue;
        }
        if let Some(after) = rest.strip_prefix("\\\"") {
            built.push("\"");
            rest = after;
            continue;
        }
        let mut after = rest;
        let mut fill = true;
        while let Some(prefix) =
            ["FM", "fm", "FX", "fx", "TM", "tm"].into_iter().find(|p| after.starts_with(p))
        {
            fill &= !prefix.eq_ignore_ascii_case("FM");
            after = &after[2..];
        }
        let Some(field) = field(after) else {
            // A prefix before something else is dropped, as in PostgreSQL.
            match after.chars().next() {
                Some(c) if after.len() < rest.len() && c != '"' => built.push_char(c),
                Some(_) if after.len() < rest.len() => {
                    rest = after;
                    continue;
                }
                _ if after.len() == rest.len() => built.push_char(c),
                _ => {}
            }
            rest = after.get(after.chars().next().map_or(0, char::len_utf8)..).unwrap_or_default();
            continue;
        };
        let written = &after[..field.len()];
        after = &after[field.len()..];
        let ordinal_case = if after.starts_with("TH") {
            Some(true)
        } else if after.starts_with("th") {
            Some(false)
        } else {
            None
        };
        if ordinal_case.is_some() {
            after = &after[2..];
        }
        built.push(write_field(&time, field, written, fill, ordinal_case).as_str());
        rest = after;
    }
    Some(built.done())
}

/// Adds the text up to the closing quote; gives what follows.
fn quoted<'a>(text: &'a str, built: &mut Built) -> &'a str {
    let mut chars = text.char_indices();
    while let Some((at, c)) = chars.next() {
        match c {
            '"' => return &text[at + 1..],
            '\\' => {
                if let Some((_, escaped)) = chars.next() {
                    built.push_char(escaped);
                }
            }
            c => built.push_char(c),
        }
    }
    ""
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns() {
        let arena = Arena::new();
        let check = |ts: &str, pattern: &'static str, expected: &str| {
            let ts = Timestamp::parse(ts).unwrap().0;
            // SAFETY: a static pattern; the arena lives.
            let found = unsafe { ts_to_char(&arena, ts, TextRef::new(pattern)).unwrap().as_str() };
            assert_eq!(found, expected, "{pattern}");
        };
        let t = "2013-07-05 14:03:09.123456789";
        check(t, "YYYY-MM-DD HH24:MI:SS.US", "2013-07-05 14:03:09.123456");
        check(t, "yyyy/mm/dd hh12:mi am", "2013/07/05 02:03 pm");
        check(t, "Day, DD Month YYYY|DY Mon", "Friday   , 05 July      2013|FRI Jul");
        check(t, "FMDay, FMDDth FMMonth Y,YYY", "Friday, 5th July 2013".replace("2013", "2,013").as_str());
        check(t, "MS FF1 FF9 SSSS SSSSS", "123 1 123456789 50589 50589");
        check(t, "CC Q WW IW W DDD IDDD D ID J", "21 3 27 27 1 186 187 6 5 2456479");
        check(t, "IYYY IY RM rm|FMRM P.M. b.c. OF TZ TZH", "2013 13 VII  vii |VII P.M. a.d. +00  +00");
        check(t, "\"Year: \"YYYY \\\"Q\\\" x-é", "Year: 2013 \"3\" x-é");
        check(t, "HH24h MI\"m\"", "14h 03m");
        check(t, "", "");
        check("1969-12-31 00:59:59", "HH12 HH24 YY Y", "12 00 69 9");
        for (day, ending) in [(1, "ST"), (2, "ND"), (3, "RD"), (4, "TH"), (11, "TH"), (21, "ST")] {
            check(&format!("2013-01-{day:02}"), "DDTH", &format!("{day:02}{ending}"));
        }
    }

    #[test]
    fn every_field_has_room() {
        let arena = Arena::new();
        for field in FIELDS.iter().chain(&MORE_FIELDS) {
            for ts in [i64::MIN, 0, i64::MAX, Timestamp::parse("2013-09-04").unwrap().0] {
                let pattern: &str = Box::leak(format!("{field}TH").into_boxed_str());
                // SAFETY: a static pattern.
                let found = unsafe { ts_to_char(&arena, ts, TextRef::new(pattern)) }.unwrap();
                assert!(found.len() <= FIELD_BYTES_MAX * field.len(), "{field}");
            }
        }
    }
}
