//! What a zone does after its last change, year by year: the rule at the end of a file of the database, in the form of POSIX's
//! variable `TZ`, such as `CET-1CEST,M3.5.0,M10.5.0/3`. Source: RFC 9636, section 3.3.

use crate::types::civil::{civil_from_days, days_from_civil, days_in_month, is_leap, weekday};

const DAY_SECONDS: i64 = 86_400;

/// Standard time, and summer time if there is one. Offsets are seconds ahead of UTC.
#[derive(Debug, PartialEq)]
pub(super) struct Rule {
    standard: i32,
    summer: Option<Summer>,
}

#[derive(Debug, PartialEq)]
struct Summer {
    offset: i32,
    start: Change,
    end: Change,
}

/// A day of the year, and the second of that day by the clock before the change.
#[derive(Debug, PartialEq)]
struct Change {
    day: Day,
    seconds: i64,
}

#[derive(Debug, PartialEq)]
enum Day {
    /// From 1, never February 29.
    Julian(i64),
    /// From 0.
    OfYear(i64),
    /// The `week`-th such weekday of a month; 5 is the last.
    Weekday { month: u32, week: i64, weekday: i64 },
}

impl Rule {
    /// The offset at a time in seconds since 1970.
    pub(super) fn offset(&self, seconds: i64) -> i32 {
        let Some(summer) = &self.summer else { return self.standard };
        let year = civil_from_days(seconds.div_euclid(DAY_SECONDS)).year;
        // A change may be days off its day; the last one that has passed counts, of two at once the later.
        let mut last = (i64::MIN, self.standard);
        for year in year - 1..=year + 1 {
            let changes = [
                (summer.start.at(year, self.standard), summer.offset),
                (summer.end.at(year, summer.offset), self.standard),
            ];
            for (at, offset) in changes {
                if at <= seconds && at >= last.0 {
                    last = (at, offset);
                }
            }
        }
        last.1
    }

    pub(super) fn parse(text: &str) -> Option<Rule> {
        let mut p = Parser(text.as_bytes());
        p.name()?;
        let standard = p.offset()?;
        if p.0.is_empty() {
            return Some(Rule { standard, summer: None });
        }
        p.name()?;
        let offset = if p.0.first() == Some(&b',') { standard + 3600 } else { p.offset()? };
        let (start, end) = (p.change()?, p.change()?);
        p.0.is_empty().then_some(Rule { standard, summer: Some(Summer { offset, start, end }) })
    }
}

impl Change {
    /// When it is, in seconds since 1970, by a clock of that offset.
    fn at(&self, year: i64, offset: i32) -> i64 {
        let new_year = days_from_civil(year, 1, 1);
        let day = match self.day {
            Day::OfYear(day) => new_year + day,
            Day::Julian(day) => new_year + day - 1 + i64::from(is_leap(year) && day >= 60),
            Day::Weekday { month, week, weekday: wanted } => {
                let first = days_from_civil(year, month, 1);
                let day = (wanted - weekday(first)).rem_euclid(7) + 7 * (week - 1);
                let last = i64::from(days_in_month(year, month)) - 1;
                first + if day > last { day - 7 } else { day }
            }
        };
        day * DAY_SECONDS + self.seconds - i64::from(offset)
    }
}

/// What is left of the text.
struct Parser<'a>(&'a [u8]);

impl Parser<'_> {
    fn eat(&mut self, byte: u8) -> Option<()> {
        self.0 = self.0.strip_prefix(&[byte])?;
        Some(())
    }

    /// Letters, or anything in angle brackets.
    fn name(&mut self) -> Option<()> {
        let end = match self.0.first()? {
            b'<' => self.0.iter().position(|b| *b == b'>')? + 1,
            _ => self.0.iter().take_while(|b| b.is_ascii_alphabetic()).count(),
        };
        self.0 = &self.0[end..];
        (end > 0).then_some(())
    }

    fn number(&mut self, max: i64) -> Option<i64> {
        let digits = self.0.iter().take_while(|b| b.is_ascii_digit()).count();
        let number = std::str::from_utf8(&self.0[..digits]).ok()?.parse().ok()?;
        self.0 = &self.0[digits..];
        (number <= max).then_some(number)
    }

    /// `[+-]h[:m[:s]]` in seconds.
    fn time(&mut self) -> Option<i64> {
        let sign = match self.0.first()? {
            b'-' => -1,
            _ => 1,
        };
        if matches!(self.0.first(), Some(b'+' | b'-')) {
            self.0 = &self.0[1..];
        }
        let mut seconds = 3600 * self.number(167)?;
        for unit in [60, 1] {
            if self.eat(b':').is_none() {
                break;
            }
            seconds += unit * self.number(59)?;
        }
        Some(sign * seconds)
    }

    /// POSIX counts what must be added to local time.
    fn offset(&mut self) -> Option<i32> {
        i32::try_from(-self.time()?).ok()
    }

    /// `,day[/time]`
    fn change(&mut self) -> Option<Change> {
        self.eat(b',')?;
        let day = match self.0.first()? {
            b'M' => {
                self.eat(b'M')?;
                let month = u32::try_from(self.number(12)?).ok().filter(|m| *m > 0)?;
                self.eat(b'.')?;
                let week = self.number(5).filter(|w| *w > 0)?;
                self.eat(b'.')?;
                Day::Weekday { month, week, weekday: self.number(6)? }
            }
            b'J' => {
                self.eat(b'J')?;
                Day::Julian(self.number(365).filter(|d| *d > 0)?)
            }
            _ => Day::OfYear(self.number(365)?),
        };
        let seconds = if self.eat(b'/').is_some() { self.time()? } else { 2 * 3600 };
        Some(Change { day, seconds })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::Timestamp;

    #[test]
    fn rules() {
        let check = |rule: &str, at: &str, expected: i32| {
            let seconds = Timestamp::parse(at).expect("a timestamp").0.div_euclid(1_000_000_000);
            let rule = Rule::parse(rule).expect("a rule");
            assert_eq!(rule.offset(seconds), expected, "{rule:?} at {at}");
        };
        let berlin = "CET-1CEST,M3.5.0,M10.5.0/3";
        check(berlin, "2024-03-31 00:59:59", 3600);
        check(berlin, "2024-03-31 01:00:00", 7200);
        check(berlin, "2024-10-27 00:59:59", 7200);
        check(berlin, "2024-10-27 01:00:00", 3600);
        check("AEST-10AEDT,M10.1.0,M4.1.0/3", "2024-01-01", 39_600);
        check("AEST-10AEDT,M10.1.0,M4.1.0/3", "2024-07-01", 36_000);
        check("<-03>3<-02>,M3.5.0/-2,M10.5.0/-1", "2024-07-01", -7200);
        check("<+0545>-5:45", "2024-07-01", 20_700);
        // Summer time all the year, as RFC 9636 writes it.
        for at in ["2024-01-01", "2023-12-31 23:59:59", "2024-12-31 05:00", "2024-07-01"] {
            check("EST5EDT,0/0,J365/25", at, -14_400);
        }
        check("A0B,J60/0,J61/0", "2024-03-01", 3600);
        check("A0B,59/0,60/0", "2024-02-29", 3600);
    }

    #[test]
    fn what_is_no_rule() {
        for bad in [
            "",
            "CET",
            "CET-1CEST",
            "CET-1CEST,M3.5.0",
            "CET-1CEST,M13.1.0,M1.1.0",
            "C-1,J0,J1",
            "<C-1",
            "C-1D,1,2x",
        ] {
            assert_eq!(Rule::parse(bad), None, "{bad}");
        }
    }
}
