//! What the compiler says about a query: one diagnostic is one mistake, with a stable code, a place in the
//! SQL, and where possible a concrete edit.
//!
//! Not here: the mistakes themselves (each stage makes its own), and how a door reports them (the macro
//! as `compile_error!`, a build script as cargo lines, a session as text).
//!
//! **Invariant:** spans are byte offsets into the SQL text as the compiler sees it; only [`Origin`] knows how that
//! text lies in a file.

mod closest;
pub mod code;
pub mod literal;
mod origin;
mod render;

pub use closest::closest;
pub use code::Code;
pub use literal::Literal;
pub use origin::{Origin, line_column};
pub use render::render;

/// A range of byte offsets in the SQL text, `end` excluded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Span {
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

impl Span {
    /// The bytes `start..end`.
    pub const fn new(start: usize, end: usize) -> Span {
        Span { start, end }
    }

    /// The smallest span that covers both.
    pub fn join(a: Span, b: Span) -> Span {
        Span { start: a.start.min(b.start), end: a.end.max(b.end) }
    }

    /// Whether it covers no byte.
    pub const fn is_empty(self) -> bool {
        self.start >= self.end
    }
}

/// A place outside the SQL: the declaration of a struct field, say.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Place {
    /// Path of the file.
    pub file: String,
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
    /// The source text that begins there (the declaration, or the rest of the line); may be empty.
    pub text: String,
    /// What to say about it.
    pub what: String,
}

/// An edit that would repair a mistake: applied as it stands, the query compiles, or its next mistake shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suggestion {
    /// What goes.
    pub span: Span,
    /// What comes instead.
    pub replacement: String,
}

impl Suggestion {
    /// The text after the edit.
    pub fn apply(&self, sql: &str) -> String {
        let (start, end) = (self.span.start.min(sql.len()), self.span.end.min(sql.len()));
        format!("{}{}{}", &sql[..start], self.replacement, &sql[end.max(start)..])
    }
}

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Severity {
    /// The query is refused.
    Error,
    /// The query compiles.
    Warning,
}

/// One mistake in a query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// Which mistake; see [`code`].
    pub code: Code,
    /// Error or warning.
    pub severity: Severity,
    /// Lower case, names the thing, no full stop.
    pub message: String,
    /// Where in the SQL.
    pub span: Span,
    /// Text beside the caret; may be empty.
    pub label: String,
    /// More facts.
    pub notes: Vec<String>,
    /// What to do about it.
    pub help: Vec<String>,
    /// Places outside the SQL.
    pub related: Vec<Place>,
    /// An edit that would repair it.
    pub suggestion: Option<Suggestion>,
}

impl Diagnostic {
    /// An error at `span`.
    pub fn error(code: Code, span: Span, message: impl Into<String>) -> Self {
        Diagnostic {
            code,
            severity: Severity::Error,
            message: message.into(),
            span,
            label: String::new(),
            notes: Vec::new(),
            help: Vec::new(),
            related: Vec::new(),
            suggestion: None,
        }
    }

    /// A warning at `span`.
    pub fn warning(code: Code, span: Span, message: impl Into<String>) -> Self {
        Diagnostic { severity: Severity::Warning, ..Diagnostic::error(code, span, message) }
    }

    /// Sets the text beside the caret.
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = label.into();
        self
    }

    /// Adds a fact.
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.notes.push(note.into());
        self
    }

    /// Adds advice.
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help.push(help.into());
        self
    }

    /// Adds a place outside the SQL.
    pub fn related(mut self, place: Place) -> Self {
        self.related.push(place);
        self
    }

    /// Sets the edit that would repair it.
    pub fn suggest(mut self, span: Span, text: impl Into<String>) -> Self {
        self.suggestion = Some(Suggestion { span, replacement: text.into() });
        self
    }

    /// Whether the query is refused.
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }
}

#[cfg(test)]
mod tests;
