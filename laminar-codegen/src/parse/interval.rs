//! Interval literals: `INTERVAL '5' SECOND`, `INTERVAL '1 day 2 hours'`.
//!
//! The text is read by the runtime ([`Interval::parse`]), so that a literal and a cast mean the same.

use laminar_runtime::types::Interval;
use sqlparser::ast::{DateTimeField, Expr, Interval as AstInterval, Value};

use super::text::SqlText;
use crate::diagnostic::{Diagnostic, Span, code};

/// Nanoseconds in 24 hours.
const DAY_NS: i64 = 86_400_000_000_000;

/// The value of an interval literal; `None` for any other expression.
pub fn interval_of(text: &SqlText, expr: &Expr) -> Option<Result<Interval, Box<Diagnostic>>> {
    match expr {
        Expr::Interval(interval) => Some(literal(interval, text.expr_span(expr))),
        _ => None,
    }
}

/// A length of time in nanoseconds; days are 24 hours, months have no fixed length. `what` names it in messages:
/// `the size of a window`.
pub fn length_ns(interval: Interval, span: Span, what: &str) -> Result<i64, Box<Diagnostic>> {
    if interval.months != 0 {
        return Err(Box::new(
            Diagnostic::error(code::MONTHS_IN_SIZE, span, format!("{what} cannot have months or years"))
                .label("has no fixed length")
                .help("give it in days, hours, minutes or seconds"),
        ));
    }
    let days = i64::from(interval.days).checked_mul(DAY_NS);
    days.and_then(|days| days.checked_add(interval.ns)).ok_or_else(|| {
        Box::new(Diagnostic::error(code::BAD_LITERAL, span, format!("{what} is more than 292 years")))
    })
}

fn literal(interval: &AstInterval, span: Span) -> Result<Interval, Box<Diagnostic>> {
    let bad = |message: String| Diagnostic::error(code::BAD_LITERAL, span, message);
    if interval.leading_precision.is_some() || interval.fractional_seconds_precision.is_some() {
        let what = "intervals always have nanoseconds: a precision is not supported";
        return Err(Box::new(
            Diagnostic::error(code::NOT_SUPPORTED, span, what).help("write `INTERVAL '1 hour 30 minutes'`"),
        ));
    }
    let unit = interval.leading_field.as_ref();
    let text = match &*interval.value {
        Expr::Value(value) => match &value.value {
            Value::SingleQuotedString(text) => text,
            Value::Number(number, _) => {
                let unit = unit.map(|u| format!(" {u}")).unwrap_or_default();
                let right = format!("INTERVAL '{number}'{unit}");
                return Err(Box::new(
                    bad("the value of an interval is written in quotes".into()).suggest(span, right),
                ));
            }
            _ => return Err(Box::new(bad("the value of an interval is a quoted text".into()))),
        },
        _ => {
            return Err(Box::new(
                bad("the value of an interval is a quoted text, not an expression".into())
                    .help("multiply: `n * INTERVAL '1' SECOND`"),
            ));
        }
    };
    let mut last = None;
    let whole = match (unit, &interval.last_field) {
        (None, _) => text.clone(),
        (Some(from), to) => {
            let name = match to {
                Some(to) if !is_range(from, to) => {
                    return Err(Box::new(
                        bad(format!("`{from} TO {to}` is not a range of fields"))
                            .help("YEAR TO MONTH; DAY, HOUR or MINUTE TO a smaller one"),
                    ));
                }
                to => unit_name(to.as_ref().unwrap_or(from)),
            };
            let Some(name) = name else {
                return Err(Box::new(bad(format!("`{from}` is not a unit of an interval"))));
            };
            last = Some(name);
            if matches!(name, "week" | "millisecond" | "microsecond") && !is_number(text.trim()) {
                // No field of an interval: nothing could be told to end with it.
                return Err(Box::new(
                    bad(format!("`{text}` is not a number of {name}s"))
                        .help("with this unit after the quotes, a number stands in them"),
                ));
            }
            with_unit(text, name, to.is_some() && unit_name(from) == Some("minute"))
        }
    };
    let parsed =
        Interval::parse(&whole).ok_or_else(|| match last.filter(|_| interval.last_field.is_none()) {
            Some(name) => Box::new(
                bad(format!("`{text}` is not a number of {name}s"))
                    .help("with a unit after the quotes, a number or a whole interval stands in them"),
            ),
            None => Box::new(
                bad(format!("`{text}` is not an interval"))
                    .help("write `INTERVAL '5' SECOND` or `INTERVAL '1 day 2 hours'`"),
            ),
        })?;
    let kept = cut(parsed, last);
    match last {
        // PostgreSQL takes it and makes a window of half an hour one of none.
        Some(name) if kept != parsed && is_number(text.trim()) => Err(Box::new(
            bad(format!("`{text}` is not a whole number of {name}s"))
                .help("what is smaller than the unit would not count: INTERVAL '1 hour 30 minutes'"),
        )),
        _ => Ok(kept),
    }
}

fn is_number(word: &str) -> bool {
    let digits = word.strip_prefix(['+', '-']).unwrap_or(word);
    digits.contains(|c: char| c.is_ascii_digit()) && digits.chars().all(|c| c.is_ascii_digit() || c == '.')
}

/// The text of an interval whose last field is one of `unit`, as PostgreSQL reads it: a number at its end counts that unit, and one
/// before a number of hours counts days. Of `MINUTE TO SECOND` a time is minutes and seconds.
fn with_unit(text: &str, unit: &str, is_minutes: bool) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    let Some((&last, before)) = words.split_last() else { return text.to_string() };
    let before = match before.last() {
        Some(days) if unit == "hour" && is_number(days) && is_number(last) => {
            format!("{} day ", before.join(" "))
        }
        Some(_) => format!("{} ", before.join(" ")),
        None => String::new(),
    };
    if is_number(last) {
        return format!("{before}{last} {unit}");
    }
    if is_minutes && last.matches(':').count() == 1 {
        return match last.strip_prefix('-') {
            Some(clock) => format!("{before}-0:{clock}"),
            None => format!("{before}0:{last}"),
        };
    }
    text.to_string()
}

/// What PostgreSQL leaves of an interval whose last field is one of `unit`: smaller ones do not count.
fn cut(interval: Interval, unit: Option<&str>) -> Interval {
    let Interval { months, days, ns } = interval;
    match unit {
        Some("year") => Interval { months: months - months % 12, days: 0, ns: 0 },
        Some("month") => Interval { months, days: 0, ns: 0 },
        Some("day") => Interval { months, days, ns: 0 },
        Some("hour") => Interval { months, days, ns: ns - ns % 3_600_000_000_000 },
        Some("minute") => Interval { months, days, ns: ns - ns % 60_000_000_000 },
        _ => interval,
    }
}

fn is_range(from: &DateTimeField, to: &DateTimeField) -> bool {
    let rank = |field| {
        ["year", "month", "day", "hour", "minute", "second"].iter().position(|f| unit_name(field) == Some(*f))
    };
    matches!(
        (rank(from), rank(to)),
        (Some(0), Some(1)) | (Some(2), Some(3..=5)) | (Some(3), Some(4 | 5)) | (Some(4), Some(5))
    )
}

fn unit_name(unit: &DateTimeField) -> Option<&'static str> {
    Some(match unit {
        DateTimeField::Year | DateTimeField::Years => "year",
        DateTimeField::Month | DateTimeField::Months => "month",
        DateTimeField::Week(None) | DateTimeField::Weeks => "week",
        DateTimeField::Day | DateTimeField::Days => "day",
        DateTimeField::Hour | DateTimeField::Hours => "hour",
        DateTimeField::Minute | DateTimeField::Minutes => "minute",
        DateTimeField::Second | DateTimeField::Seconds => "second",
        DateTimeField::Millisecond | DateTimeField::Milliseconds => "millisecond",
        DateTimeField::Microsecond | DateTimeField::Microseconds => "microsecond",
        _ => return None,
    })
}
