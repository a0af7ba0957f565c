//! The SQL text with its tokens: turns sqlparser's line and column into byte offsets, and finds tokens around them.
//!
//! Spans of whole expressions are in [`super::span`]; sqlparser's own are partial (`CAST(c AS BIGINT)` has the
//! span of `c`), so they are completed from the tokens kept here.

use std::sync::Arc;

use sqlparser::ast::{Ident as AstIdent, ObjectName, ObjectNamePart, Spanned};
use sqlparser::keywords::Keyword;
use sqlparser::tokenizer::{Location, Span as AstSpan, Token, TokenWithSpan};

use super::ast::{Ident, Name};
use crate::diagnostic::Span;

/// The SQL text and its tokens; cheap to clone.
#[derive(Clone, Debug)]
pub struct SqlText {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    sql: String,
    /// Offset of the first byte of each line.
    lines: Vec<usize>,
    /// Without whitespace and comments, in order.
    tokens: Vec<TokenWithSpan>,
    /// One for each of `tokens`.
    spans: Vec<Span>,
}

impl SqlText {
    /// Takes the tokens of `sql`, white space included or not.
    pub(super) fn new(sql: &str, tokens: Vec<TokenWithSpan>) -> SqlText {
        let lines = std::iter::once(0).chain(sql.match_indices('\n').map(|(i, _)| i + 1)).collect();
        let tokens: Vec<TokenWithSpan> =
            tokens.into_iter().filter(|t| !matches!(t.token, Token::Whitespace(_) | Token::EOF)).collect();
        let mut text = Inner { sql: sql.to_string(), lines, tokens, spans: Vec::new() };
        let mut cursor = Cursor::default();
        text.spans = text
            .tokens
            .iter()
            .map(|t| {
                let start = text.offset_after(&mut cursor, t.span.start);
                Span { start, end: text.offset_after(&mut cursor, t.span.end) }
            })
            .collect();
        SqlText { inner: Arc::new(text) }
    }

    /// The whole text.
    pub fn sql(&self) -> &str {
        &self.inner.sql
    }

    /// The bytes of `span`; empty where it lies outside the text.
    pub fn text(&self, span: Span) -> &str {
        self.inner.sql.get(span.start..span.end).unwrap_or("")
    }

    /// Line and column (in characters) of a byte offset, from 1.
    pub fn line_column(&self, offset: usize) -> (u32, u32) {
        crate::diagnostic::line_column(&self.inner.sql, offset)
    }

    /// The byte offsets of a span of sqlparser's; empty (at 0) where that is empty.
    pub fn span(&self, span: &AstSpan) -> Span {
        if *span == AstSpan::empty() {
            return Span::default();
        }
        Span { start: self.offset(span.start), end: self.offset(span.end) }
    }

    /// The span of anything that sqlparser gives one, as it is: often partial, see [`SqlText::expr_span`].
    pub fn span_of(&self, node: &impl Spanned) -> Span {
        self.span(&node.span())
    }

    /// An identifier of sqlparser's as ours.
    pub fn ident(&self, ident: &AstIdent) -> Ident {
        Ident {
            value: ident.value.clone(),
            quoted: ident.quote_style.is_some(),
            span: self.span(&ident.span),
        }
    }

    /// A dotted name of sqlparser's as ours; `None` where a part is a call.
    pub fn name(&self, name: &ObjectName) -> Option<Name> {
        let part = |p: &ObjectNamePart| match p {
            ObjectNamePart::Identifier(ident) => Some(self.ident(ident)),
            ObjectNamePart::Function(_) => None,
        };
        Name::of(name.0.iter().map(part).collect::<Option<_>>()?)
    }

    /// Extends a span to both ends of every parenthesis or bracket that it cuts.
    pub fn widen(&self, span: Span) -> Span {
        match self.token_range(span) {
            Some((first, last)) => self.balance(first, last),
            None => span,
        }
    }

    fn offset(&self, at: Location) -> usize {
        let inner = &*self.inner;
        let key = (at.line, at.column);
        match inner.tokens.binary_search_by_key(&key, |t| (t.span.start.line, t.span.start.column)) {
            Ok(i) => inner.spans[i].start,
            // Not the start of a token: the end of the one before, most of the time.
            Err(0) => inner.offset_after(&mut Cursor::default(), at),
            Err(i) => {
                let (before, span) = (&inner.tokens[i - 1], inner.spans[i - 1]);
                if before.span.end == at {
                    return span.end;
                }
                let start = before.span.start;
                inner.offset_after(
                    &mut Cursor { line: start.line, column: start.column, offset: span.start },
                    at,
                )
            }
        }
    }

    // ---- tokens by index, for this module's neighbours ----

    pub(super) fn tokens(&self) -> &[TokenWithSpan] {
        &self.inner.tokens
    }

    pub(super) fn token_span(&self, index: usize) -> Span {
        self.inner.spans.get(index).copied().unwrap_or(Span::new(self.sql().len(), self.sql().len()))
    }

    pub(super) fn token(&self, index: usize) -> &Token {
        self.inner.tokens.get(index).map_or(&Token::EOF, |t| &t.token)
    }

    /// Whether token `index` is the unquoted word `word`.
    pub(super) fn is_word(&self, index: usize, word: &str) -> bool {
        matches!(self.token(index), Token::Word(w) if w.quote_style.is_none() && w.value.eq_ignore_ascii_case(word))
    }

    /// Index of the first token that starts at or after `offset`.
    pub(super) fn token_at(&self, offset: usize) -> usize {
        self.inner.spans.partition_point(|s| s.start < offset)
    }

    /// First and last token inside `span`.
    pub(super) fn token_range(&self, span: Span) -> Option<(usize, usize)> {
        let first = self.token_at(span.start);
        let end = self.token_at(span.end.max(span.start + 1));
        (first < end && end <= self.inner.tokens.len()).then(|| (first, end - 1))
    }

    /// Whether nothing but a text in quotes or NULL stands there, perhaps in parentheses: no type is written with it.
    pub fn is_untyped(&self, span: Span) -> bool {
        let Some((mut first, mut last)) = self.token_range(span) else { return false };
        while first < last && *self.token(first) == Token::LParen && *self.token(last) == Token::RParen {
            (first, last) = (first + 1, last - 1);
        }
        let untyped = |token: &Token| match token {
            Token::SingleQuotedString(_) | Token::EscapedStringLiteral(_) | Token::DollarQuotedString(_) => {
                true
            }
            Token::Word(w) => w.keyword == Keyword::NULL,
            _ => false,
        };
        first == last && untyped(self.token(first))
    }

    /// The span from token `first` to token `last`, extended until brackets balance.
    pub(super) fn balance(&self, first: usize, last: usize) -> Span {
        let mut depth = 0usize;
        let mut missing = 0usize;
        for i in first..=last {
            if opens(self.token(i)) {
                depth += 1;
            } else if closes(self.token(i)) {
                match depth {
                    0 => missing += 1,
                    _ => depth -= 1,
                }
            }
        }
        let (mut start, mut end) = (first, last);
        while depth > 0 && end + 1 < self.inner.tokens.len() {
            end += 1;
            depth =
                if opens(self.token(end)) { depth + 1 } else { depth - usize::from(closes(self.token(end))) };
        }
        while missing > 0 && start > 0 {
            start -= 1;
            let token = self.token(start);
            missing = if closes(token) { missing + 1 } else { missing - usize::from(opens(token)) };
        }
        Span::join(self.token_span(start), self.token_span(end))
    }

    /// Index of the bracket that closes the one at `open`; the last token where none does.
    pub(super) fn closing(&self, open: usize) -> usize {
        let mut depth = 0usize;
        for i in open..self.inner.tokens.len() {
            if opens(self.token(i)) {
                depth += 1;
            } else if closes(self.token(i)) {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return i;
                }
            }
        }
        self.inner.tokens.len().saturating_sub(1)
    }

    /// Index of the bracket before token `index` that is still open there.
    pub(super) fn enclosing(&self, index: usize) -> Option<usize> {
        let mut depth = 0usize;
        for i in (0..index.min(self.inner.tokens.len())).rev() {
            if closes(self.token(i)) {
                depth += 1;
            } else if opens(self.token(i)) {
                if depth == 0 {
                    return Some(i);
                }
                depth -= 1;
            }
        }
        None
    }
}

impl Name {
    /// A name of these parts; `None` of none.
    pub fn of(parts: Vec<Ident>) -> Option<Name> {
        let span = Span::join(parts.first()?.span, parts.last()?.span);
        Some(Name { parts, span })
    }

    /// The parts for [`Catalog::relation`](crate::catalog::Catalog::relation).
    pub fn key(&self) -> Vec<(String, bool)> {
        self.parts.iter().map(|p| (p.value.clone(), p.quoted)).collect()
    }
}

impl std::fmt::Display for Name {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (i, part) in self.parts.iter().enumerate() {
            let dot = if i == 0 { "" } else { "." };
            write!(f, "{dot}{}", part.value)?;
        }
        Ok(())
    }
}

/// A known pair of location and offset, from which to count on.
#[derive(Clone, Copy)]
struct Cursor {
    line: u64,
    column: u64,
    offset: usize,
}

impl Default for Cursor {
    fn default() -> Self {
        Cursor { line: 1, column: 1, offset: 0 }
    }
}

impl Inner {
    /// The offset of `at`, counted from `cursor` where it lies before it, else from the start of the line.
    fn offset_after(&self, cursor: &mut Cursor, at: Location) -> usize {
        if at.line == 0 {
            return 0;
        }
        if (cursor.line, cursor.column) > (at.line, at.column) || cursor.line != at.line {
            let line = (at.line as usize - 1).min(self.lines.len() - 1);
            *cursor = Cursor { line: at.line, column: 1, offset: self.lines[line] };
        }
        let rest = &self.sql[cursor.offset..];
        let skip = (at.column - cursor.column) as usize;
        let bytes = match rest.char_indices().nth(skip) {
            Some((i, _)) => i,
            None => rest.len(),
        };
        *cursor = Cursor { line: at.line, column: at.column, offset: cursor.offset + bytes };
        cursor.offset
    }
}

pub(super) fn opens(token: &Token) -> bool {
    matches!(token, Token::LParen | Token::LBracket | Token::LBrace)
}

pub(super) fn closes(token: &Token) -> bool {
    matches!(token, Token::RParen | Token::RBracket | Token::RBrace)
}

/// The byte offset of a line and column of `sql`.
pub(super) fn offset_in(sql: &str, at: Location) -> usize {
    let line =
        sql.split_inclusive('\n').take((at.line as usize).saturating_sub(1)).map(str::len).sum::<usize>();
    let rest = &sql[line..];
    let column = (at.column as usize).saturating_sub(1);
    line + rest.char_indices().nth(column).map_or(rest.len(), |(i, _)| i)
}

/// The keyword of a word, `NoKeyword` for all else.
pub(super) fn keyword(token: &Token) -> Keyword {
    match token {
        Token::Word(w) if w.quote_style.is_none() => w.keyword,
        _ => Keyword::NoKeyword,
    }
}
