//! Arguments that are checked before anything runs, as far as they are constant: regular expressions and their options, patterns of
//! times, names of encodings and time zones.

use super::Binder;
use crate::diagnostic::{Diagnostic, closest, code};
use crate::functions::ScalarFn;
use crate::plan::expr::{Expr, Kind, Literal};
use laminar_runtime::scalar::{ENCODINGS, date_format_unread, regexp_compile, ts_pattern_unread};
use laminar_runtime::types::Zone;

impl Binder<'_> {
    /// Whether the function takes these constants; says so where not.
    pub(super) fn constants_are_good(&mut self, f: &ScalarFn, args: &[Expr]) -> bool {
        let wrong = match (f.runtime, args) {
            (name, [_, pattern, ..]) if name.starts_with("regexp_") => {
                let flags = name.ends_with("_flags").then(|| args.last()).flatten();
                return self.pattern_is_good(pattern, flags);
            }
            ("text_to_ts_by", [_, pattern]) => constant(pattern).and_then(ts_pattern_unread).map(|field| {
                let message = format!("to_timestamp cannot read the field {field}");
                let d = Diagnostic::error(code::BAD_LITERAL, pattern.span, message);
                d.label("this pattern has it").note(f.doc)
            }),
            ("ts_date_format", [_, pattern]) => constant(pattern).and_then(date_format_unread).map(|part| {
                let message = format!("date_format has no field `{part}`");
                let d = Diagnostic::error(code::BAD_LITERAL, pattern.span, message);
                d.label("this pattern has it").note(f.doc).help(
                    "'yyyy-MM-dd HH:mm:ss'; texts stand in quotes, and to_char takes PostgreSQL's patterns",
                )
            }),
            ("ts_at_zone" | "ts_of_zone", [_, zone]) => constant(zone)
                .filter(|name| Zone::by_name(name).is_none())
                .map(|name| unknown_zone(name, zone)),
            ("bytes_encode" | "text_decode", [_, name]) => constant(name)
                .filter(|name| !ENCODINGS.iter().any(|e| e.eq_ignore_ascii_case(name)))
                .map(|unknown| {
                    let message = format!("encoding `{unknown}` does not exist");
                    let d = Diagnostic::error(code::BAD_LITERAL, name.span, message)
                        .note(format!("encodings: {}", ENCODINGS.join(", ")));
                    match closest(&unknown.to_ascii_lowercase(), ENCODINGS) {
                        Some(near) => {
                            d.label(format!("did you mean '{near}'?")).suggest(name.span, format!("'{near}'"))
                        }
                        None => d,
                    }
                }),
            _ => None,
        };
        match wrong {
            Some(d) => {
                self.fail(d);
                false
            }
            None => true,
        }
    }

    /// Whether a regular expression is one, as far as it is constant; says so where not.
    pub(super) fn pattern_is_good(&mut self, pattern: &Expr, flags: Option<&Expr>) -> bool {
        let options = flags.and_then(constant).unwrap_or_default();
        if let (Some(flags), Err(why)) = (flags, regexp_compile("", options)) {
            let d = Diagnostic::error(
                code::BAD_LITERAL,
                flags.span,
                "these are no options of a regular expression",
            );
            self.fail(d.label(why));
            return false;
        }
        let Some(Err(why)) = constant(pattern).map(|p| regexp_compile(p, options)) else { return true };
        let d =
            Diagnostic::error(code::BAD_LITERAL, pattern.span, "this is not a regular expression").label(why);
        self.fail(d.note("back references and looking around are not supported"));
        false
    }
}

/// A zone of the database, under a name that it does not have.
fn unknown_zone(name: &str, zone: &Expr) -> Diagnostic {
    let message = format!("time zone `{name}` does not exist");
    let d = Diagnostic::error(code::BAD_LITERAL, zone.span, message);
    // A city without its continent is a usual mistake, too.
    let city = |full: &&str| full.rsplit('/').next().is_some_and(|city| city.eq_ignore_ascii_case(name));
    let near = Zone::names().find(city).or_else(|| closest(name, Zone::names().collect::<Vec<_>>()));
    match near {
        Some(near) => d.label(format!("did you mean '{near}'?")).suggest(zone.span, format!("'{near}'")),
        None => d
            .label("not in the IANA database")
            .help("'Europe/Berlin', or an offset: INTERVAL '2 hours' is east of Greenwich"),
    }
}

/// The text of a literal.
fn constant(e: &Expr) -> Option<&str> {
    match &e.kind {
        Kind::Literal(Literal::Text(text)) => Some(text),
        _ => None,
    }
}
