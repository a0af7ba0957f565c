//! ISO 8601 spellings of an interval: `P1Y2M3DT4H5M6.7S`, and the one with the look of a date, `P0001-02-03T04:05:06`.
//!
//! As PostgreSQL reads them: every number may have a sign and a fraction.

use super::Interval;
use super::parse::{ONE, Sum, Unit, number, whole};
use crate::types::civil::{HOUR_NS, MINUTE_NS, SECOND_NS};

/// What follows the `P`.
pub(super) fn parse(text: &[u8]) -> Option<Interval> {
    let mut sum = Sum::default();
    match designators(text, &mut sum) {
        Some(()) => {}
        None => {
            sum = Sum::default();
            alternative(text, &mut sum)?;
        }
    }
    sum.interval(1)
}

/// Numbers, each with the letter of its unit.
fn designators(mut rest: &[u8], sum: &mut Sum) -> Option<()> {
    let (mut clock, mut parts) = (false, 0);
    while let [first, after @ ..] = rest {
        if first.eq_ignore_ascii_case(&b'T') && !clock {
            (clock, rest) = (true, after);
            continue;
        }
        let (value, after) = signed(rest)?;
        let [letter, after @ ..] = after else { return None };
        let unit = match (letter.to_ascii_uppercase(), clock) {
            (b'Y', false) => Unit::Months(12),
            (b'M', false) => Unit::Months(1),
            (b'W', false) => Unit::Days(7),
            (b'D', false) => Unit::Days(1),
            (b'H', true) => Unit::Ns(HOUR_NS),
            (b'M', true) => Unit::Ns(MINUTE_NS),
            (b'S', true) => Unit::Ns(SECOND_NS),
            _ => return None,
        };
        sum.once(unit.bit())?;
        sum.add(value, unit)?;
        parts += 1;
        rest = after;
    }
    (parts > 0).then_some(())
}

/// `years-months-days`, `T`, `hours:minutes:seconds`; either side of the `T` may be missing, with it.
fn alternative(text: &[u8], sum: &mut Sum) -> Option<()> {
    let at = text.iter().position(|b| b.eq_ignore_ascii_case(&b'T'));
    let (date, clock) = match at {
        Some(at) => (&text[..at], Some(&text[at + 1..])),
        None => (text, None),
    };
    if !date.is_empty() {
        let (years, rest) = signed(date)?;
        let [b'-', rest @ ..] = rest else { return None };
        let (months, rest) = whole(rest)?;
        let [b'-', rest @ ..] = rest else { return None };
        let (days, rest) = whole(rest)?;
        if !rest.is_empty() {
            return None;
        }
        sum.add(years, Unit::Months(12))?;
        sum.add(months * ONE, Unit::Months(1))?;
        sum.add(days * ONE, Unit::Days(1))?;
    }
    let Some(clock) = clock else { return (!date.is_empty()).then_some(()) };
    let (hours, rest) = signed(clock)?;
    let [b':', rest @ ..] = rest else { return None };
    let (minutes, rest) = whole(rest)?;
    let seconds = match rest {
        [b':', rest @ ..] => match number(rest)? {
            (seconds, []) => seconds,
            _ => return None,
        },
        [] => 0,
        _ => return None,
    };
    sum.add(hours, Unit::Ns(HOUR_NS))?;
    sum.add(minutes * ONE, Unit::Ns(MINUTE_NS))?;
    sum.add(seconds, Unit::Ns(SECOND_NS))
}

fn signed(text: &[u8]) -> Option<(i128, &[u8])> {
    match text {
        [b'-', rest @ ..] => number(rest).map(|(value, rest)| (-value, rest)),
        [b'+', rest @ ..] => number(rest),
        _ => number(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_forms() {
        let check = |text: &str, expected: Option<&str>| {
            assert_eq!(Interval::parse(text).map(|i| i.to_string()).as_deref(), expected, "{text}");
        };
        check("P1Y2M3DT4H5M6S", Some("1 year 2 mons 3 days 04:05:06"));
        check("P1Y2M3DT4H5M6.5S", Some("1 year 2 mons 3 days 04:05:06.5"));
        check("p2w", Some("14 days"));
        check("PT1M", Some("00:01:00"));
        check("P1M", Some("1 mon"));
        check("P-1Y+2MT-1H", Some("-10 mons -01:00:00"));
        check("P0.5D", Some("12:00:00"));
        check("P0001-02-03T04:05:06", Some("1 year 2 mons 3 days 04:05:06"));
        check("PT04:05", Some("04:05:00"));
        check("P0-1-2", Some("1 mon 2 days"));
        for bad in [
            "P",
            "PT",
            "P1",
            "P1H",
            "PT1D",
            "P1Y1Y",
            "PX",
            "P1YT1",
            "PT1:2:3:4",
            "P1-2",
            "P1-2-3-4",
            "PTT1S",
            "P1Y2",
        ] {
            check(bad, None);
        }
    }
}
