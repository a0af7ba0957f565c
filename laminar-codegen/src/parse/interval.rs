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
    let whole = match unit {
        None => text.clone(),
        // `'1-2' YEAR TO MONTH`, `'1 02:03' DAY TO MINUTE`: the text has its own units, but for `MINUTE TO SECOND` and a mere
        // number, which counts the last field.
        Some(from) if let Some(to) = &interval.last_field => {
            if least_ns(from, to).is_none() {
                return Err(Box::new(
                    bad(format!("`{from} TO {to}` is not a range of fields"))
                        .help("YEAR TO MONTH; DAY, HOUR or MINUTE TO a smaller one"),
                ));
            }
            let is_minutes = matches!(from, DateTimeField::Minute | DateTimeField::Minutes);
            match text.trim() {
                number if number.parse::<f64>().is_ok() => format!("{number} {to}"),
                clock if is_minutes && clock.matches(':').count() == 1 => match clock.strip_prefix('-') {
                    Some(clock) => format!("-0:{clock}"),
                    None => format!("0:{clock}"),
                },
                text => text.to_string(),
            }
        }
        Some(unit) => {
            let Some(name) = unit_name(unit) else {
                return Err(Box::new(bad(format!("`{unit}` is not a unit of an interval"))));
            };
            if text.trim().is_empty() || !text.trim().chars().all(|c| c.is_ascii_digit() || "+-.".contains(c))
            {
                let what = format!("`{text}` is not a number of {}s", name);
                return Err(Box::new(
                    bad(what).help("with a unit after the quotes, a number stands in them"),
                ));
            }
            format!("{} {name}", text.trim())
        }
    };
    let parsed = Interval::parse(&whole).ok_or_else(|| {
        Box::new(
            bad(format!("`{text}` is not an interval"))
                .help("write `INTERVAL '5' SECOND` or `INTERVAL '1 day 2 hours'`"),
        )
    })?;
    // As in PostgreSQL, fields after the last one do not count.
    Ok(match unit.zip(interval.last_field.as_ref()).and_then(|(from, to)| least_ns(from, to)) {
        None => parsed,
        Some(0) => Interval { days: 0, ns: 0, ..parsed },
        Some(least) => Interval { ns: parsed.ns - parsed.ns % least, ..parsed },
    })
}

/// The length of the last field of a range, 0 for months; none where it is no range.
fn least_ns(from: &DateTimeField, to: &DateTimeField) -> Option<i64> {
    let rank = |field| {
        ["year", "month", "day", "hour", "minute", "second"].iter().position(|f| unit_name(field) == Some(*f))
    };
    match (rank(from)?, rank(to)?) {
        (0, 1) => Some(0),
        (2, 3) => Some(3_600_000_000_000),
        (2..=3, 4) => Some(60_000_000_000),
        (2..=4, 5) => Some(1),
        _ => None,
    }
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
