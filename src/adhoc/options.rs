//! Reads `WITH (key = value, …)`: every option is known, well formed and given once, or it is an error with its place.

use laminar_codegen::diagnostic::{Diagnostic, Span, closest, code};
use laminar_codegen::parse::{Name, OptionValue, SqlOption};

/// The options of one statement, taken out one by one.
pub(super) struct Options<'a> {
    given: &'a [SqlOption],
    /// Where an option that is missing should stand.
    name: &'a Name,
    /// For messages, for example `connector 'file'`.
    what: String,
    known: Vec<&'static str>,
    pub(super) diagnostics: Vec<Diagnostic>,
}

impl<'a> Options<'a> {
    pub(super) fn new(given: &'a [SqlOption], name: &'a Name, what: impl Into<String>) -> Options<'a> {
        Options { given, name, what: what.into(), known: Vec::new(), diagnostics: Vec::new() }
    }

    /// Says whose options they are, once that is known.
    pub(super) fn of(&mut self, what: impl Into<String>) {
        self.what = what.into();
    }

    fn get(&mut self, key: &'static str) -> Option<&'a SqlOption> {
        if !self.known.contains(&key) {
            self.known.push(key);
        }
        self.given.iter().find(|o| o.key == key)
    }

    fn bad(&mut self, span: Span, key: &str, wanted: &str) {
        let message = format!("option `{key}` of {} must be {wanted}", self.what);
        self.diagnostics.push(Diagnostic::error(code::BAD_OPTION, span, message));
    }

    /// Notes that an option has to be given.
    pub(super) fn missing(&mut self, key: &str, example: &str) {
        let message = format!("{} needs the option `{key}`", self.what);
        let d = Diagnostic::error(code::BAD_OPTION, self.name.span, message);
        self.diagnostics.push(d.help(format!("add WITH (…, {key} = {example})")));
    }

    /// A text.
    pub(super) fn text(&mut self, key: &'static str) -> Option<&'a str> {
        Some(self.get(key)?.value.as_text())
    }

    /// One of `choices`.
    pub(super) fn choice(&mut self, key: &'static str, choices: &[&'static str]) -> Option<&'static str> {
        let option = self.get(key)?;
        let value = option.value.as_text();
        if let Some(choice) = choices.iter().find(|c| c.eq_ignore_ascii_case(value)) {
            return Some(choice);
        }
        let list = choices.iter().map(|c| format!("'{c}'")).collect::<Vec<_>>().join(" or ");
        self.bad(option.span, key, &list);
        if let (Some(near), Some(d)) = (closest(value, choices.iter().copied()), self.diagnostics.last_mut())
        {
            // The value is the last thing of an option, in quotes.
            let at = Span::new(option.span.end.saturating_sub(value.len() + 2), option.span.end);
            *d = d.clone().label(format!("did you mean '{near}'?")).suggest(at, format!("'{near}'"));
        }
        None
    }

    /// TRUE or FALSE.
    pub(super) fn bool(&mut self, key: &'static str) -> Option<bool> {
        let option = self.get(key)?;
        match &option.value {
            OptionValue::Bool(value) => Some(*value),
            other if other.as_text().eq_ignore_ascii_case("true") => Some(true),
            other if other.as_text().eq_ignore_ascii_case("false") => Some(false),
            _ => {
                self.bad(option.span, key, "TRUE or FALSE");
                None
            }
        }
    }

    /// A whole number of at least `min`; digits may be grouped by `_`.
    pub(super) fn number(&mut self, key: &'static str, min: u64) -> Option<u64> {
        let option = self.get(key)?;
        let value = option.value.as_text().replace('_', "").parse().ok().filter(|n| *n >= min);
        if value.is_none() {
            self.bad(option.span, key, &format!("a whole number from {min}"));
        }
        value
    }

    /// One ASCII character; `\t` and `tab` are the tabulator.
    pub(super) fn delimiter(&mut self, key: &'static str) -> Option<u8> {
        let option = self.get(key)?;
        match option.value.as_text().as_bytes() {
            b"\\t" | b"tab" => Some(b'\t'),
            [byte] if byte.is_ascii() && !matches!(byte, b'"' | b'\n' | b'\r') => Some(*byte),
            _ => {
                self.bad(option.span, key, "one ASCII character other than a quote, such as ';' or '\\t'");
                None
            }
        }
    }

    /// What is wrong with the options: mistakes met so far, and those that nobody asked for.
    pub(super) fn finish(mut self) -> Vec<Diagnostic> {
        for (i, option) in self.given.iter().enumerate() {
            let key = option.key.as_str();
            // The parser reports what is given twice; here only the first counts.
            if self.known.contains(&key) || self.given[..i].iter().any(|o| o.key == key) {
                continue;
            }
            let message = format!("{} has no option `{key}`", self.what);
            let mut d = Diagnostic::error(code::BAD_OPTION, option.span, message);
            match closest(key, self.known.iter().copied()) {
                Some(near) => {
                    let at = Span::new(option.span.start, option.span.start + key.len());
                    d = d.label(format!("did you mean `{near}`?")).suggest(at, near);
                }
                None if self.known.is_empty() => {}
                None => d = d.note(format!("its options are {}", self.known.join(", "))),
            }
            self.diagnostics.push(d);
        }
        self.diagnostics
    }
}
