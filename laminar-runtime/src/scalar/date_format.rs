//! `date_format(timestamp, pattern)`: the patterns of Flink and Spark, which are those of Java's `DateTimeFormatter`.
//!
//! A run of one letter is a field, and its length the width or form: `yyyy-MM-dd HH:mm:ss.SSS`, `EEE, d MMMM`. Text
//! between `'` is taken as it is, `''` is a quote; what is no ASCII letter stands for itself. Unlike that of `to_char`, a pattern can be
//! wrong: letters that are no field, and brackets, are.

use super::buffer::Buffer;
use super::built::Built;
use super::to_char::{Moment, PATTERN_BYTES_MAX};
use crate::types::{Arena, TextRef};
use std::fmt::{self, Write};

/// Bytes that a letter of a pattern can make: `+0000` of `Z`.
const LETTER_BYTES_MAX: usize = 5;
/// Bytes of the longest field: `wednesday`, `1st quarter`, and nine digits of a year.
const FIELD_BYTES_MAX: usize = 16;

/// Fields: letters, and how often they may stand.
const FIELDS: [(&str, usize); 13] = [
    ("yu", 9),
    ("ML", 4),
    ("E", 4),
    ("Qq", 4),
    ("D", 3),
    ("GXxz", 3),
    ("Z", 3),
    ("S", 9),
    ("d", 2),
    ("HkKh", 2),
    ("m", 2),
    ("s", 2),
    ("a", 1),
];

/// A part of a pattern.
#[derive(Clone, Copy)]
enum Part<'a> {
    Text(&'a str),
    /// What stands between quotes; two quotes in it are one.
    Quoted(&'a str),
    Field(u8, usize),
    /// No field: letters, a bracket, a quote without end.
    Bad(&'a str),
}

/// The first part of a pattern that is not empty, and what follows it.
fn first(pattern: &str) -> (Part<'_>, &str) {
    let Some(start) = pattern.bytes().next() else { return (Part::Text(""), "") };
    match start {
        b'\'' => match closing_quote(&pattern[1..]) {
            Some(0) => (Part::Text("'"), &pattern[2..]),
            Some(end) => (Part::Quoted(&pattern[1..=end]), &pattern[end + 2..]),
            None => (Part::Bad(pattern), ""),
        },
        b'[' | b']' | b'{' | b'}' | b'#' => (Part::Bad(&pattern[..1]), &pattern[1..]),
        letter if letter.is_ascii_alphabetic() => {
            let len = pattern.bytes().take_while(|b| *b == letter).count();
            let known =
                FIELDS.iter().any(|(letters, max)| letters.as_bytes().contains(&letter) && len <= *max);
            let part = if known { Part::Field(letter, len) } else { Part::Bad(&pattern[..len]) };
            (part, &pattern[len..])
        }
        _ => {
            let special = |c: char| c.is_ascii_alphabetic() || "'[]{}#".contains(c);
            let end = pattern.find(special).unwrap_or(pattern.len());
            (Part::Text(&pattern[..end]), &pattern[end..])
        }
    }
}

/// Where the quote stands that is not one of two.
fn closing_quote(text: &str) -> Option<usize> {
    let mut at = 0;
    loop {
        at += text[at..].find('\'')?;
        if !text[at + 1..].starts_with('\'') {
            return Some(at);
        }
        at += 2;
    }
}

/// The first part of a pattern of `date_format` that is none.
pub fn date_format_unread(pattern: &str) -> Option<&str> {
    let mut rest = pattern;
    while !rest.is_empty() {
        match first(rest) {
            (Part::Bad(bad), _) => return Some(bad),
            (_, after) => rest = after,
        }
    }
    None
}

/// The timestamp as text, as the pattern says; bad for what is no pattern, or too long.
///
/// # Safety
/// The pattern lives.
pub unsafe fn ts_date_format(arena: &Arena, ts: i64, pattern: TextRef) -> Option<TextRef> {
    // SAFETY: by contract.
    let mut rest = unsafe { pattern.as_str() };
    if rest.len() > PATTERN_BYTES_MAX {
        return None;
    }
    let moment = Moment::of(ts);
    let mut built = Built::new(arena, rest.len() * LETTER_BYTES_MAX);
    while !rest.is_empty() {
        let (part, after) = first(rest);
        match part {
            Part::Text(text) => built.push(text),
            Part::Quoted(text) => {
                for (i, piece) in text.split("''").enumerate() {
                    built.push(if i > 0 { "'" } else { "" });
                    built.push(piece);
                }
            }
            Part::Field(letter, len) => {
                let field = Buffer::<FIELD_BYTES_MAX>::of(|b| write_field(b, &moment, letter, len));
                built.push(field.as_str());
            }
            Part::Bad(_) => return None,
        }
        rest = after;
    }
    Some(built.done())
}

fn write_field(b: &mut impl Write, moment: &Moment, letter: u8, len: usize) -> fmt::Result {
    let number = match letter {
        b'y' | b'u' if len == 2 => moment.year() % 100,
        b'y' | b'u' => moment.year(),
        b'M' | b'L' if len == 3 => return b.write_str(&moment.month_name()[..3]),
        b'M' | b'L' if len == 4 => return b.write_str(moment.month_name()),
        b'M' | b'L' => moment.month(),
        b'E' if len == 4 => return b.write_str(moment.day_name()),
        b'E' => return b.write_str(&moment.day_name()[..3]),
        b'Q' | b'q' if len == 3 => return write!(b, "Q{}", moment.quarter()),
        b'Q' | b'q' if len == 4 => {
            let ending = ["st", "nd", "rd", "th"][moment.quarter() as usize - 1];
            return write!(b, "{}{ending} quarter", moment.quarter());
        }
        b'Q' | b'q' => moment.quarter(),
        b'D' => moment.day_of_year(),
        b'd' => moment.day(),
        b'H' => moment.hour(),
        b'k' => (moment.hour() + 23) % 24 + 1,
        b'K' => moment.hour() % 12,
        b'h' => (moment.hour() + 11) % 12 + 1,
        b'm' => moment.minute(),
        b's' => moment.second(),
        b'S' => moment.fraction_ns() / 10_i64.pow(9 - len as u32),
        b'a' => return b.write_str(if moment.hour() < 12 { "AM" } else { "PM" }),
        b'G' => return b.write_str("AD"),
        // A timestamp is UTC.
        b'z' => return b.write_str("UTC"),
        b'X' => return b.write_str("Z"),
        b'x' => return b.write_str(["+00", "+0000", "+00:00"][len - 1]),
        _ => return b.write_str("+0000"),
    };
    write!(b, "{number:0len$}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::Timestamp;

    fn format(ts: i64, pattern: &str) -> Option<String> {
        let arena = Arena::new();
        // SAFETY: the pattern and the arena live.
        unsafe { ts_date_format(&arena, ts, TextRef::new(pattern)).map(|t| t.as_str().to_string()) }
    }

    #[test]
    fn patterns() {
        let check = |ts: &str, pattern: &str, expected: &str| {
            let ts = Timestamp::parse(ts).expect("a timestamp").0;
            assert_eq!(format(ts, pattern).as_deref(), Some(expected), "{pattern}");
            assert_eq!(date_format_unread(pattern), None, "{pattern}");
        };
        let t = "2013-07-05 14:03:09.123456789";
        check(t, "yyyy-MM-dd HH:mm:ss", "2013-07-05 14:03:09");
        check(t, "yyyyMMddHHmmssSSS", "20130705140309123");
        check(t, "y yy uuu yyyyy|M MM MMM MMMM L", "2013 13 2013 02013|7 07 Jul July 7");
        check(t, "E EEE EEEE, d D DDD", "Fri Fri Friday, 5 186 186");
        check(t, "H h hh k K a", "14 2 02 14 2 PM");
        check(t, "S SSSSSS SSSSSSSSS", "1 123456 123456789");
        check(t, "Q QQ qqq QQQQ G", "3 03 Q3 3rd quarter AD");
        check(t, "z Z X XXX x xx xxx", "UTC +0000 Z Z +00 +0000 +00:00");
        check(t, "yyyy-MM-dd'T'HH:mm:ss'Z' 'o''clock' ''é''''d''", "2013-07-05T14:03:09Z o'clock 'é'5'");
        check("2013-07-05", "HH h k K a", "00 12 24 0 AM");
        check("1969-12-31 12:00", "yy DDD h k K a", "69 365 12 12 0 PM");
        check("1677-09-21 00:12:44", "yyyy", "1677");
        check(t, "", "");
    }

    #[test]
    fn what_is_no_pattern() {
        for (pattern, bad) in [
            ("yyyy-MM-dd b", "b"),
            ("MMMMM", "MMMMM"),
            ("HHH", "HHH"),
            ("yyyy[MM]", "["),
            ("'T", "'T"),
            ("'''", "'''"),
            ("SSSSSSSSSS", "SSSSSSSSSS"),
            ("YYYY", "YYYY"),
            ("%Y", "Y"),
        ] {
            assert_eq!((format(0, pattern), date_format_unread(pattern)), (None, Some(bad)), "{pattern}");
        }
    }

    #[test]
    fn every_field_has_room() {
        for (letters, max) in FIELDS {
            for letter in letters.chars() {
                for len in 1..=max {
                    let pattern = String::from(letter).repeat(len);
                    for ts in [i64::MIN, 0, i64::MAX, 1_378_252_800_000_000_000] {
                        let text = format(ts, &pattern).expect("a field");
                        let room = FIELD_BYTES_MAX.min(len * LETTER_BYTES_MAX);
                        assert!((1..=room).contains(&text.len()), "{pattern}: {text}");
                    }
                }
            }
        }
    }
}
