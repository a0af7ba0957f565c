//! `to_timestamp(text, pattern)`: reads what `to_char` writes, as far as a text then tells a time.
//!
//! Stricter than PostgreSQL: what is no field must stand in the text as it does in the pattern, and nothing may follow. White space
//! before a field is skipped, and white space in the pattern is any or none.

use super::to_char::{MONTHS, field};
use crate::types::civil::{SECOND_NS, civil_from_days, days_from_civil, is_leap};
use crate::types::{TextRef, Timestamp};

/// Fields that a text can be read by.
const READ: [&str; 29] = [
    "YYYY", "YY", "MONTH", "Month", "month", "MON", "Mon", "mon", "MM", "DDD", "DD", "HH24", "HH12", "HH",
    "MI", "SS", "SSSSS", "SSSS", "MS", "US", "FF1", "FF2", "FF3", "FF4", "FF5", "FF6", "FF7", "FF8", "FF9",
];
const HALVES: [&str; 4] = ["AM", "PM", "A.M.", "P.M."];

/// A pattern's next part.
enum Part<'a> {
    Field(&'static str),
    Space,
    Text(&'a str),
}

/// The first part of a pattern, and the rest.
fn part(pattern: &str) -> Option<(Part<'_>, &str)> {
    let mut rest = pattern;
    while let Some(after) = ["FM", "fm", "FX", "fx", "TM", "tm"].iter().find_map(|p| rest.strip_prefix(p)) {
        rest = after;
    }
    if let Some(field) = field(rest) {
        return Some((Part::Field(field), &rest[field.len()..]));
    }
    let c = rest.chars().next()?;
    if let Some(quoted) = rest.strip_prefix('"') {
        let end = quoted.find('"').unwrap_or(quoted.len());
        return Some((Part::Text(&quoted[..end]), quoted.get(end + 1..).unwrap_or_default()));
    }
    let (text, after) = rest.split_at(c.len_utf8());
    Some((if c.is_ascii_whitespace() { Part::Space } else { Part::Text(text) }, after))
}

/// The first field of a pattern that no text can be read by.
pub fn ts_pattern_unread(pattern: &str) -> Option<&'static str> {
    let mut rest = pattern;
    while let Some((found, after)) = part(rest) {
        match found {
            Part::Field(f) if !READ.contains(&f) && !HALVES.contains(&f) => return Some(f),
            _ => rest = after,
        }
    }
    None
}

#[derive(Default)]
struct Read {
    year: Option<i64>,
    month: Option<u32>,
    day: Option<u32>,
    day_of_year: Option<i64>,
    hour: u32,
    /// The hour is one of twelve.
    half_day: bool,
    afternoon: bool,
    minute: u32,
    second: u32,
    ns: u32,
    /// Seconds of the day, instead of hour, minute and second.
    of_day: Option<i64>,
}

/// Up to `max` digits at the start, with their number.
fn number<'a>(text: &mut &'a str, max: usize) -> Option<(u32, &'a str)> {
    let digits = text.bytes().take(max).take_while(u8::is_ascii_digit).count();
    let (number, rest) = text.split_at(digits);
    *text = rest;
    Some((number.parse().ok()?, number))
}

impl Read {
    /// Reads a field from the start of the text.
    fn field(&mut self, field: &str, text: &mut &str) -> Option<()> {
        match field {
            "YYYY" => self.year = Some(number(text, 4)?.0.into()),
            "YY" => {
                let (year, _) = number(text, 2)?;
                self.year = Some(i64::from(year) + if year < 70 { 2000 } else { 1900 });
            }
            "MM" => self.month = Some(number(text, 2)?.0),
            "DD" => self.day = Some(number(text, 2)?.0),
            "DDD" => self.day_of_year = Some(number(text, 3)?.0.into()),
            "HH24" => self.hour = number(text, 2)?.0,
            "HH" | "HH12" => {
                (self.hour, self.half_day) = (number(text, 2)?.0, true);
                (1..=12).contains(&self.hour).then_some(())?;
            }
            "MI" => self.minute = number(text, 2)?.0,
            "SS" => self.second = number(text, 2)?.0,
            "SSSS" | "SSSSS" => self.of_day = Some(number(text, 5)?.0.into()),
            "MONTH" | "Month" | "month" => self.month = Some(month(text, usize::MAX)?),
            "MON" | "Mon" | "mon" => self.month = Some(month(text, 3)?),
            "AM" | "PM" | "A.M." | "P.M." => {
                let written = text.get(..field.len())?;
                let first = written.bytes().next()?.to_ascii_uppercase();
                let expected = if field.len() == 2 { &["AM", "PM"] } else { &["A.M.", "P.M."] };
                expected.iter().find(|e| e.eq_ignore_ascii_case(written))?;
                self.afternoon = first == b'P';
                *text = &text[field.len()..];
            }
            _ => {
                let digits = match field {
                    "MS" => 3,
                    "US" => 6,
                    _ => usize::from(field.strip_prefix("FF")?.bytes().next()? - b'0'),
                };
                let (fraction, written) = number(text, digits)?;
                self.ns = fraction * 10_u32.pow(9 - written.len() as u32);
            }
        }
        Some(())
    }

    fn timestamp(self) -> Option<i64> {
        let year = self.year.filter(|y| (1..=9999).contains(y))?;
        let (mut month, mut day) = (self.month.unwrap_or(1), self.day.unwrap_or(1));
        if let Some(n) = self.day_of_year {
            (1..=365 + i64::from(is_leap(year))).contains(&n).then_some(())?;
            let date = civil_from_days(days_from_civil(year, 1, 1) + n - 1);
            (month, day) = (date.month, date.day);
        }
        let hour = match (self.half_day, self.afternoon) {
            (true, afternoon) => self.hour % 12 + if afternoon { 12 } else { 0 },
            (false, _) => self.hour,
        };
        let clock = match self.of_day {
            Some(_) => (0, 0, 0, self.ns),
            None => (hour, self.minute, self.second, self.ns),
        };
        let of_day = self.of_day.unwrap_or(0);
        (of_day < 86_400).then_some(())?;
        Timestamp::from_civil((year, month, day), clock)?.0.checked_add(of_day * SECOND_NS)
    }
}

/// The month whose name, or its first letters, the text begins with.
fn month(text: &mut &str, letters: usize) -> Option<u32> {
    let (at, len) = MONTHS.iter().enumerate().find_map(|(at, name)| {
        let name = &name[..name.len().min(letters)];
        text.get(..name.len()).filter(|t| t.eq_ignore_ascii_case(name)).map(|_| (at, name.len()))
    })?;
    *text = &text[len..];
    Some(at as u32 + 1)
}

/// The timestamp that a text tells in the form of a pattern. Bad for any other text, and for fields that tell no time.
///
/// # Safety
/// Both texts live.
pub unsafe fn text_to_ts_by(text: TextRef, pattern: TextRef) -> Option<i64> {
    // SAFETY: by contract.
    let (mut text, mut pattern) = unsafe { (text.as_str(), pattern.as_str()) };
    let mut read = Read::default();
    while let Some((found, after)) = part(pattern) {
        match found {
            Part::Field(field) => {
                text = text.trim_ascii_start();
                read.field(field, &mut text)?;
            }
            Part::Space => text = text.trim_ascii_start(),
            Part::Text(expected) => text = text.strip_prefix(expected)?,
        }
        pattern = after;
    }
    text.trim_ascii_start().is_empty().then_some(())?;
    read.timestamp()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads() {
        let check = |text: &'static str, pattern: &'static str, expected: Option<&str>| {
            // SAFETY: static texts.
            let found = unsafe { text_to_ts_by(TextRef::new(text), TextRef::new(pattern)) };
            assert_eq!(found.map(|t| Timestamp(t).to_string()).as_deref(), expected, "{text} by {pattern}");
        };
        check("2013-07-05 14:03:09", "YYYY-MM-DD HH24:MI:SS", Some("2013-07-05 14:03:09"));
        check("05 Dec 2000", "DD Mon YYYY", Some("2000-12-05 00:00:00"));
        check("5 december 2000 3:07 pm", "DD Month YYYY HH12:MI AM", Some("2000-12-05 15:07:00"));
        check("20130705T140309.25", "YYYYMMDD\"T\"HH24MISS.MS", Some("2013-07-05 14:03:09.25"));
        check("12:00 am 01/02/70", "HH:MI am DD/MM/YY", Some("1970-02-01 00:00:00"));
        check("2012 366 86399", "YYYY DDD SSSS", Some("2012-12-31 23:59:59"));
        check("2013-1-2 0:0:0.123456789", "YYYY-MM-DD HH24:MI:SS.FF9", Some("2013-01-02 00:00:00.123456789"));
        check("  2013  ", "YYYY", Some("2013-01-01 00:00:00"));
        for (text, pattern) in [
            ("2013-02-30", "YYYY-MM-DD"),
            ("2013-13-01", "YYYY-MM-DD"),
            ("2013/01/01", "YYYY-MM-DD"),
            ("2013-01-01x", "YYYY-MM-DD"),
            ("2013-01", "YYYY-MM-DD"),
            ("2013 13", "YYYY HH12"),
            ("2013 24", "YYYY HH24"),
            ("2013 366", "YYYY DDD"),
            ("2013 86400", "YYYY SSSS"),
            ("01", "MM"),
            ("2300", "YYYY"),
            ("2013 xm", "YYYY AM"),
            ("2013 27", "YYYY IW"),
            ("é", "AM"),
            ("", "YYYY"),
        ] {
            check(text, pattern, None);
        }
    }

    #[test]
    fn what_cannot_be_read() {
        let check = |pattern, expected| assert_eq!(ts_pattern_unread(pattern), expected, "{pattern}");
        check("YYYY-MM-DD\"IW\" FMHH12:MI:SS.FF9 p.m.", None);
        check("IYYY-IW", Some("IYYY"));
        check("YYYY Q", Some("Q"));
        check("", None);
        check("\"open", None);
    }
}
