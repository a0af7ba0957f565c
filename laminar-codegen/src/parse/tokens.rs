//! Text to tokens, going on after a character that begins none.

use sqlparser::keywords::Keyword;
use sqlparser::tokenizer::{Location, Span as AstSpan, Token, TokenWithSpan, Tokenizer, Word};

use super::depth::TEXT_BYTES_MAX;
use super::dialect::LaminarDialect;
use super::text::{SqlText, offset_in};
use crate::diagnostic::{Diagnostic, Span, code};

/// The tokens of a text; mistakes; and the stretches of text, each inside one statement, that have no tokens.
pub(super) fn tokenize(sql: &str) -> (SqlText, Vec<Diagnostic>, Vec<Span>) {
    let mut diagnostics = Vec::new();
    let mut poisoned = Vec::new();
    if sql.len() > TEXT_BYTES_MAX {
        let what = format!("the text has {} bytes, more than {TEXT_BYTES_MAX}", sql.len());
        diagnostics.push(Diagnostic::error(code::TOO_DEEP, Span::default(), what));
        return (SqlText::new("", Vec::new()), diagnostics, poisoned);
    }
    let mut tokens: Vec<TokenWithSpan> = Vec::new();
    let mut start = 0;
    let mut at = Location { line: 1, column: 1 };
    loop {
        let mut found = Vec::new();
        let mut tokenizer = Tokenizer::new(&LaminarDialect, &sql[start..]);
        let result = tokenizer.tokenize_with_location_into_buf(&mut found);
        let shift = |l: Location| match l.line {
            1 => Location { line: at.line, column: at.column + l.column - 1 },
            line => Location { line: at.line + line - 1, column: l.column },
        };
        tokens.extend(found.into_iter().map(|t| TokenWithSpan {
            token: without_top(without_underscores(t.token)),
            span: AstSpan { start: shift(t.span.start), end: shift(t.span.end) },
        }));
        let Err(error) = result else { break };
        let offset = offset_in(sql, shift(error.location)).clamp(start, sql.len());
        // The token that failed begins after the last one that did not.
        let begin = tokens.last().map_or(start, |t| offset_in(sql, t.span.end)).clamp(start, sql.len());
        let (d, unclosed) = describe(sql, begin, offset, &error.message);
        diagnostics.push(d);
        // An unclosed quote swallows the rest: where the statement would have ended nobody knows.
        let end = match sql[offset.max(begin)..].find(';') {
            Some(i) if !unclosed => offset.max(begin) + i,
            _ => sql.len(),
        };
        poisoned.push(Span::new(begin, end.max(begin + 1)));
        if end >= sql.len() {
            break;
        }
        let (line, column) = crate::diagnostic::line_column(sql, end);
        (start, at) = (end, Location { line: line.into(), column: column.into() });
    }
    tokens.retain(|t| t.token != Token::EOF);
    (SqlText::new(sql, tokens), diagnostics, poisoned)
}

/// `1_000` as `1000`, so that nobody downstream need know.
fn without_underscores(token: Token) -> Token {
    match token {
        Token::Number(digits, long) if digits.contains('_') => Token::Number(digits.replace('_', ""), long),
        other => other,
    }
}

/// `top` as a name like any other: sqlparser has `SELECT TOP 5 …` in every dialect.
fn without_top(token: Token) -> Token {
    match token {
        Token::Word(word) if word.keyword == Keyword::TOP => {
            Token::Word(Word { keyword: Keyword::NoKeyword, ..word })
        }
        other => other,
    }
}

/// The diagnostic for a token that begins at `begin` and fails at `offset`; and whether it is a quote without end.
fn describe(sql: &str, begin: usize, offset: usize, message: &str) -> (Diagnostic, bool) {
    let rest = &sql[begin..];
    let quote = match rest.chars().next() {
        Some('\'') => Some(("string", "'")),
        Some('"') => Some(("quoted name", "\"")),
        Some('/') if rest.starts_with("/*") => Some(("comment", "*/")),
        Some('$') if !rest[1..].starts_with(|c: char| c.is_ascii_digit()) => {
            Some(("dollar-quoted string", "$"))
        }
        Some(c) if c.is_alphabetic() && rest[c.len_utf8()..].starts_with('\'') => Some(("string", "'")),
        _ => None,
    };
    if let Some((what, closing)) = quote {
        let first = rest.chars().next().map_or(0, char::len_utf8);
        let length = if rest.starts_with("/*") { 2 } else { first };
        let span = Span::new(begin, begin + length);
        let d = Diagnostic::error(code::UNTERMINATED, span, format!("unterminated {what}"))
            .label(format!("{what} begins here"))
            .help(format!("close it with `{closing}`"));
        return (d, true);
    }
    let end = offset.clamp(begin, sql.len());
    let d = Diagnostic::error(code::SYNTAX, Span::new(begin, end), message.to_lowercase());
    (d, false)
}
