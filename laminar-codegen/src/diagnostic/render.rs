//! Draws a diagnostic: message, snippet with caret, notes, help. Plain text; rustc and the terminal add colour.
//!
//! The first line has no leading `error:`, because `compile_error!` and the callers write their own.

use annotate_snippets::{Annotation, AnnotationKind, Group, Level, Renderer, Snippet};

use super::{Diagnostic, Origin, Place, Span, Suggestion};

/// The text of a diagnostic, without a final newline.
///
/// ```text
/// L0203: column `prise` does not exist in `Trade`
///   --> src/main.rs:14:12
///    |
/// 14 |     SELECT prise * volume FROM Trade
///    |            ^^^^^ did you mean `price`?
///    |
///    = note: columns of `Trade`: symbol, price, volume, ts
/// ```
pub fn render(d: &Diagnostic, origin: &Origin, sql: &str) -> String {
    let (source, first_line) = match origin {
        Origin::Literal { literal, .. } => literal.drawn(),
        Origin::File { .. } | Origin::Query => (sql, 1),
    };
    let span = drawn_span(d.span, origin, sql, source);
    let (source, first_line, span) = lines_of(source, first_line, span);
    let mut group = Level::ERROR.no_name().primary_title(format!("{}: {}", d.code, d.message)).element(
        Snippet::source(source).line_start(first_line as usize).path(origin.path()).annotation(annotation(
            AnnotationKind::Primary,
            span,
            &d.label,
        )),
    );
    for place in &d.related {
        group = draw_place(group, place);
    }
    for note in &d.notes {
        group = group.element(Level::NOTE.message(note));
    }
    for help in d.help.iter().cloned().chain(edit(d, sql)) {
        group = group.element(Level::HELP.message(help));
    }
    let text = Renderer::plain().render(&[group]);
    text.strip_prefix(": ").unwrap_or(&text).to_string()
}

/// The lines of `source` that `span` touches: the text, the number of its first line counted from `first_line`,
/// and the span inside it.
fn lines_of(source: &str, first_line: u32, span: Span) -> (&str, u32, Span) {
    let start = source[..span.start].rfind('\n').map_or(0, |i| i + 1);
    let end = source[span.end..].find('\n').map_or(source.len(), |i| span.end + i);
    let line = first_line + source[..start].bytes().filter(|b| *b == b'\n').count() as u32;
    // What is left of a CRLF.
    let end = if span.end < end && source[..end].ends_with('\r') { end - 1 } else { end };
    (&source[start..end], line, Span::new(span.start - start, span.end - start))
}

/// Where `span` of the SQL lies in the text that is drawn: in order, inside it, and on character boundaries.
fn drawn_span(span: Span, origin: &Origin, sql: &str, source: &str) -> Span {
    let span = Span::new(span.start.min(sql.len()), span.end.clamp(span.start.min(sql.len()), sql.len()));
    let span = match origin {
        Origin::Literal { literal, .. } => {
            let (start, end) = literal.source_range(span.start, span.end);
            Span::new(start, end)
        }
        Origin::File { .. } | Origin::Query => span,
    };
    let floor = |mut i: usize| {
        i = i.min(source.len());
        while !source.is_char_boundary(i) {
            i -= 1;
        }
        i
    };
    let ceil = |mut i: usize| {
        while i < source.len() && !source.is_char_boundary(i) {
            i += 1;
        }
        i.min(source.len())
    };
    Span::new(floor(span.start), ceil(span.end))
}

fn annotation(kind: AnnotationKind, span: Span, label: &str) -> Annotation<'_> {
    let annotation = kind.span(span.start..span.end);
    if label.is_empty() { annotation } else { annotation.label(label) }
}

fn draw_place<'a>(group: Group<'a>, place: &'a Place) -> Group<'a> {
    let text = place.text.trim_end();
    if text.is_empty() {
        let at = format!("{}:{}:{}", place.file, place.line, place.column);
        let what = if place.what.is_empty() { "see" } else { &place.what };
        return group.element(Level::NOTE.message(format!("{what}: {at}")));
    }
    // After as many spaces as stand before it, the text has the columns of its file.
    let pad = place.column.saturating_sub(1) as usize;
    let first = text.find('\n').unwrap_or(text.len());
    group.element(
        Snippet::source(" ".repeat(pad) + text)
            .line_start(place.line as usize)
            .path(&*place.file)
            .annotation(annotation(AnnotationKind::Context, Span::new(pad, pad + first), &place.what)),
    )
}

/// The word that ends at byte `end`, if it is short and nothing stands between.
fn word_before(sql: &str, end: usize) -> Option<&str> {
    let before = sql.get(..end)?;
    let start = before.rfind(char::is_whitespace).map_or(0, |i| i + 1);
    before.get(start..).filter(|word| !word.is_empty() && word.chars().count() <= 24)
}

/// The suggested edit as a sentence, unless the label says it already.
fn edit(d: &Diagnostic, sql: &str) -> Option<String> {
    let Suggestion { span, replacement: text } = d.suggestion.as_ref()?;
    let quoted = format!("`{text}`");
    if d.label.contains(&quoted) || d.help.iter().any(|h| h.contains(&quoted)) {
        return None;
    }
    Some(match sql.get(span.start..span.end) {
        Some("") | None => match word_before(sql, span.start) {
            Some(word) => format!("insert {} behind `{word}`", quoted.trim()),
            None => format!("insert {quoted}"),
        },
        Some(old) if text.is_empty() => format!("remove `{old}`"),
        Some(old) => format!("write {quoted} instead of `{old}`"),
    })
}
