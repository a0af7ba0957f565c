//! Reads dates and times from the front of a text.

use super::civil::{HOUR_NS, MINUTE_NS, SECOND_NS};

/// What is left to read.
pub(super) struct Scan<'a>(&'a [u8]);

impl<'a> Scan<'a> {
    /// Of a text without the white space around it.
    pub(super) fn new(text: &'a str) -> Scan<'a> {
        Scan(text.trim_ascii().as_bytes())
    }

    pub(super) fn is_end(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn is_digit(&self) -> bool {
        self.0.first().is_some_and(u8::is_ascii_digit)
    }

    pub(super) fn byte(&mut self, byte: u8) -> Option<()> {
        self.0 = self.0.strip_prefix(&[byte])?;
        Some(())
    }

    pub(super) fn spaces(&mut self) -> bool {
        let before = self.0.len();
        self.0 = self.0.trim_ascii_start();
        self.0.len() < before
    }

    /// An unsigned number of `min` to `max` digits; `max` is at most 9.
    pub(super) fn number(&mut self, min: usize, max: usize) -> Option<u32> {
        let digits = self.0.iter().take_while(|b| b.is_ascii_digit()).count();
        if digits < min || digits > max {
            return None;
        }
        let value = self.0[..digits].iter().fold(0, |v, b| v * 10 + (b - b'0') as u32);
        self.0 = &self.0[digits..];
        Some(value)
    }

    /// Year, month and day, with dashes or as eight digits; whether they exist is not checked.
    pub(super) fn date(&mut self) -> Option<(i64, u32, u32)> {
        if self.0.iter().take_while(|b| b.is_ascii_digit()).count() == 8 {
            let all = self.number(8, 8)?;
            return Some((i64::from(all / 10_000), all / 100 % 100, all % 100));
        }
        let year = self.number(4, 7)?;
        self.byte(b'-')?;
        let month = self.number(1, 2)?;
        self.byte(b'-')?;
        Some((year.into(), month, self.number(1, 2)?))
    }

    /// Whether the rest says that the year is before Christ; `AD` says that it is not.
    pub(super) fn ends_with_bc(&mut self) -> bool {
        self.spaces();
        for era in ["BC", "AD"] {
            if self.0.eq_ignore_ascii_case(era.as_bytes()) {
                self.0 = &[];
                return era == "BC";
            }
        }
        false
    }

    /// A time of day in ns, at most 24:00:00.
    pub(super) fn clock_of_day(&mut self) -> Option<i64> {
        let (hour, ns) = self.time()?;
        if hour > 24 || (hour == 24 && ns != 0) { None } else { Some(hour as i64 * HOUR_NS + ns) }
    }

    /// Hours, and the nanoseconds of minutes, seconds and fraction. A second 60 is the next minute's 0.
    fn time(&mut self) -> Option<(u32, i64)> {
        let hour = self.number(1, 2)?;
        self.byte(b':')?;
        let minute = self.number(2, 2)?;
        let mut ns = minute as i64 * MINUTE_NS;
        if self.byte(b':').is_some() {
            let second = self.number(2, 2)?;
            if second > 60 {
                return None;
            }
            ns += second as i64 * SECOND_NS;
            if self.byte(b'.').is_some() {
                let before = self.0.len();
                let fraction = self.number(1, 9)?;
                ns += fraction as i64 * 10_i64.pow(9 - (before - self.0.len()) as u32);
            }
        }
        (minute < 60).then_some((hour, ns))
    }

    /// What to subtract to get UTC, in ns: nothing, `Z`, `UTC`, or an offset such as `+02:30`.
    pub(super) fn offset(&mut self) -> Option<i64> {
        self.spaces();
        let sign = match self.0 {
            [b'Z' | b'z', rest @ ..] => {
                self.0 = rest;
                return Some(0);
            }
            [b'+', ..] => 1,
            [b'-', ..] => -1,
            _ => {
                if self.0.get(..3).is_some_and(|zone| zone.eq_ignore_ascii_case(b"utc")) {
                    self.0 = &self.0[3..];
                }
                return Some(0);
            }
        };
        self.0 = &self.0[1..];
        let digits = self.0.iter().take_while(|b| b.is_ascii_digit()).count();
        let (hours, minutes) = if digits == 4 {
            let both = self.number(4, 4)?;
            (both / 100, both % 100)
        } else {
            let hours = self.number(1, 2)?;
            (hours, if self.byte(b':').is_some() { self.number(2, 2)? } else { 0 })
        };
        (hours < 16 && minutes < 60).then_some(sign * (hours as i64 * HOUR_NS + minutes as i64 * MINUTE_NS))
    }
}
