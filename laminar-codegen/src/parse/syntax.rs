//! Syntax errors: sqlparser's message as a diagnostic at the offending token, with help for common slips.

use sqlparser::keywords::Keyword;
use sqlparser::parser::ParserError;
use sqlparser::tokenizer::{Location, Span as AstSpan, Token};

use super::dialect::is_tail_word;
use super::text::{SqlText, closes, keyword, opens};
use crate::diagnostic::{Diagnostic, Span, closest, code};

/// Words that begin a clause: what a misspelt word near an error may have meant.
const CLAUSES: [&str; 16] = [
    "SELECT", "FROM", "WHERE", "GROUP", "HAVING", "ORDER", "LIMIT", "JOIN", "UNION", "EMIT", "CREATE",
    "INSERT", "EXPLAIN", "WINDOW", "INTERVAL", "BETWEEN",
];

/// The tokens of one statement: `first..end`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Extent {
    pub(super) first: usize,
    pub(super) end: usize,
}

impl SqlText {
    /// Refuses what sqlparser would take for something else: a clause after a comma (a column named `FROM`), a name that
    /// begins inside a number (`1abc`, an alias).
    pub(super) fn check_tokens(&self, extent: Extent) -> Result<(), Box<Diagnostic>> {
        for i in extent.first + 1..extent.end {
            let (before, token) = (self.token(i - 1), self.token(i));
            if matches!(before, Token::Number(..))
                && matches!(token, Token::Word(_))
                && self.token_span(i - 1).end == self.token_span(i).start
            {
                let span = Span::join(self.token_span(i - 1), self.token_span(i));
                let what = format!("trailing junk after the number in `{}`", self.text(span));
                let d = Diagnostic::error(code::NUMBER_JUNK, span, what);
                return Err(Box::new(d.suggest(Span::new(span.start, span.end), self.apart(i))));
            }
            if *token == Token::DoubleEq {
                let span = self.token_span(i);
                let d = Diagnostic::error(code::DOUBLE_EQUALS, span, "`==` is no operator of SQL");
                return Err(Box::new(d.label("a single `=` compares").suggest(span, "=")));
            }
            // sqlparser takes it for an alias.
            if let (Token::SingleQuotedString(_), Token::SingleQuotedString(_)) = (before, token) {
                let span = self.token_span(i);
                let d = Diagnostic::error(code::MISSING_COMMA, span, "two texts with nothing between them");
                let d = d.help("put a comma or `||` between them");
                return Err(Box::new(d.suggest(self.behind(i - 1), " ||")));
            }
            if matches!(keyword(before), Keyword::FROM | Keyword::JOIN) && keyword(token) == Keyword::SELECT {
                return Err(self.unexpected(extent, i, "a relation"));
            }
            let expected = match (before, keyword(before)) {
                (Token::Comma, _) => "an expression or a name",
                (_, Keyword::FROM | Keyword::JOIN) => "a relation",
                _ => continue,
            };
            if begins_clause(keyword(token)) {
                return Err(self.unexpected(extent, i, expected));
            }
        }
        Ok(())
    }

    /// A place where one of the clauses after a query stands inside parentheses.
    pub(super) fn misplaced_tail(&self, extent: Extent) -> Option<Box<Diagnostic>> {
        let follows = |i: usize, words: &[&str]| words.iter().any(|w| self.is_word(i, w));
        let tail = |i: usize| {
            (self.is_word(i, "EMIT") && follows(i + 1, &["CHANGES", "FINAL", "EVERY", "ON"]))
                || (self.is_word(i, "ALLOW") && follows(i + 1, &["LATENESS", "UNBOUNDED"]))
                || (self.is_word(i, "LATE") && follows(i + 1, &["DATA"]))
                || (self.is_word(i, "STATE") && follows(i + 1, &["TTL"]))
        };
        let inside = |i: usize| self.enclosing(i).is_some_and(|open| open >= extent.first);
        let at = (extent.first..extent.end).find(|i| tail(*i) && inside(*i))?;
        let span = Span::join(self.token_span(at), self.token_span(at + 1));
        let what = format!("`{}` is not allowed inside parentheses", self.text(span));
        let help = "EMIT, ALLOW, LATE and STATE govern the whole query: write them at its very end";
        Some(Box::new(Diagnostic::error(code::EMIT_CLAUSE, span, what).help(help)))
    }

    /// The subqueries of a statement, the inner before the outer: the tokens between their parentheses.
    pub(super) fn subqueries(&self, extent: Extent) -> Vec<Extent> {
        let query =
            |i: usize| matches!(keyword(self.token(i)), Keyword::SELECT | Keyword::WITH | Keyword::VALUES);
        (extent.first..extent.end)
            .rev()
            .filter(|i| *self.token(*i) == Token::LParen && query(i + 1))
            .map(|open| Extent { first: open + 1, end: self.closing(open).min(extent.end) })
            .filter(|e| e.first < e.end && *self.token(e.end) == Token::RParen)
            .collect()
    }

    /// The error at token `index` of the statement `extent`: what was expected there, in words.
    pub(super) fn unexpected(&self, extent: Extent, index: usize, expected: &str) -> Box<Diagnostic> {
        let index = index.min(extent.end);
        let (span, found) = self.found(extent, index);
        let d = Diagnostic::error(code::SYNTAX, span, format!("expected {expected}, found {found}"));
        Box::new(self.slip(d, extent, index))
    }

    /// A sqlparser error raised while its next token was `next`.
    pub(super) fn syntax_error(&self, extent: Extent, next: usize, error: &ParserError) -> Box<Diagnostic> {
        let message = match error {
            ParserError::TokenizerError(message) | ParserError::ParserError(message) => message.as_str(),
            ParserError::RecursionLimitExceeded => {
                let span = self.found(extent, next.min(extent.end)).0;
                return Box::new(super::depth::too_deep(span));
            }
        };
        let (message, at) = split_location(message);
        let index = match at {
            Some((line, column)) => {
                let at = Location { line, column };
                self.token_at(self.span(&AstSpan { start: at, end: at }).start)
            }
            None if message.ends_with("found: EOF") => extent.end,
            None => next,
        };
        match message.strip_prefix("Expected: ").and_then(|m| m.rsplit_once(", found: ")) {
            Some((expected, _)) => self.unexpected(extent, index, &in_words(expected)),
            None => {
                let index = index.clamp(extent.first, extent.end);
                let (span, _) = self.found(extent, index);
                let mut chars = message.chars();
                let lower = match chars.next() {
                    // Not the first letter of a keyword.
                    Some(c) if chars.clone().next().is_some_and(char::is_lowercase) => {
                        c.to_lowercase().chain(chars).collect()
                    }
                    _ => message.to_string(),
                };
                Box::new(self.slip(Diagnostic::error(code::SYNTAX, span, lower), extent, index))
            }
        }
    }

    /// The span of token `index`, and the words for it.
    fn found(&self, extent: Extent, index: usize) -> (Span, String) {
        if index < extent.end {
            let span = self.token_span(index);
            let text = self.text(span);
            let short: String = text.chars().take(24).collect();
            let dots = if short.len() < text.len() { "…" } else { "" };
            return (span, format!("`{short}{dots}`"));
        }
        // Just behind the last token.
        let end = match extent.end {
            0 => 0,
            end => self.token_span(end - 1).end,
        };
        match self.token(extent.end) {
            Token::EOF => (Span::new(end, end), "the end of the text".to_string()),
            _ => (self.token_span(extent.end), format!("`{}`", self.text(self.token_span(extent.end)))),
        }
    }

    /// Adds help for a slip that often leads to an error at token `index`, and its code.
    fn slip(&self, d: Diagnostic, extent: Extent, index: usize) -> Diagnostic {
        let found = if index < extent.end { self.token(index) } else { &Token::EOF };
        let before = if index > extent.first { self.token(index - 1) } else { &Token::EOF };
        let coded = |code, d: Diagnostic| Diagnostic { code, ..d };
        if let Some(open) = self.unclosed(extent)
            && (*found == Token::EOF
                || d.message.contains("expected `)`")
                || d.message.contains("expected `]`"))
        {
            let (line, column) = self.line_column(self.token_span(open).start);
            let bracket = self.text(self.token_span(open));
            let d = d.help(format!("`{bracket}` at {line}:{column} is not closed"));
            let closing = if bracket == "[" { "]" } else { ")" };
            return coded(code::BRACKETS, d.suggest(self.behind(index - 1), closing));
        }
        if *found == Token::DoubleColon && matches!(before, Token::Word(_)) {
            return coded(code::RUST_PATH, self.rust_path(d, extent, index));
        }
        if *found == Token::RParen && self.enclosing(index).is_none_or(|open| open < extent.first) {
            let d = d.help("this `)` closes nothing").suggest(self.token_span(index), "");
            return coded(code::BRACKETS, d);
        }
        if is_tail_word(found) {
            let at = self.token_span(index).start;
            let d = d.help("as an alias this word needs AS").suggest(Span::new(at, at), "AS ");
            return coded(code::RESERVED_WORD, d);
        }
        if *found == Token::Char('`') {
            return coded(code::NAME_QUOTES, self.backticks(d, extent, index));
        }
        if matches!(keyword(found), Keyword::SELECT | Keyword::WITH) {
            return coded(code::BARE_SUBQUERY, d.help("put a subquery in parentheses"));
        }
        let next = if index + 1 < extent.end { self.token(index + 1) } else { &Token::EOF };
        if let Some(word) = self.reserved_name(&d, found, before, next, index) {
            let help = "as a name this keyword needs double quotes";
            return coded(code::RESERVED_WORD, d.help(help).suggest(self.token_span(index), word));
        }
        if matches!(keyword(found), Keyword::GROUP | Keyword::ORDER) && keyword(next) != Keyword::BY {
            let word = self.text(self.token_span(index));
            let d = d.help(format!("write `{word} BY`")).suggest(self.behind(index), " BY");
            return coded(code::BY_MISSING, d);
        }
        if *before == Token::Comma {
            return coded(code::EXTRA_COMMA, d.suggest(self.token_span(index - 1), ""));
        }
        for (token, at) in [(found, index), (before, index.saturating_sub(1))] {
            if let Some(word) = misspelt(token) {
                let span = self.token_span(at);
                let message = format!("`{}` is not a keyword", self.text(span));
                let d = Diagnostic { span, message, ..d }.label(format!("did you mean `{word}`?"));
                return coded(code::MISSPELT_KEYWORD, d.suggest(span, word));
            }
        }
        let operand = |t: &Token| {
            matches!(t, Token::Word(_) | Token::Number(..) | Token::SingleQuotedString(_)) || closes(t)
        };
        let side_by_side = operand(before) && operand(found) && !closes(found);
        if d.message.starts_with("expected `,`") && side_by_side {
            let d = d.help("is a comma missing before it?").suggest(self.behind(index - 1), ",");
            return coded(code::MISSING_COMMA, d);
        }
        if d.message.starts_with("expected the end of the statement") && side_by_side {
            let d = d.help("is a comma or an operator missing before it?");
            let d = if self.in_list(extent, index) { d.suggest(self.behind(index - 1), ",") } else { d };
            return coded(code::MISSING_COMMA, d);
        }
        if *found == Token::EOF && d.code == code::SYNTAX {
            return coded(code::UNEXPECTED_END, d);
        }
        d
    }

    /// The place right behind a token.
    fn behind(&self, index: usize) -> Span {
        let end = self.token_span(index).end;
        Span::new(end, end)
    }

    /// A reserved word that stands where a name or an operand should and begins nothing: the word in quotes.
    fn reserved_name(
        &self,
        d: &Diagnostic,
        found: &Token,
        before: &Token,
        next: &Token,
        index: usize,
    ) -> Option<String> {
        let wants_name = ["an expression", "a name", "a relation", "an identifier"];
        let Token::Word(word) = found else { return None };
        let reserved = word.quote_style.is_none() && word.keyword != Keyword::NoKeyword;
        let begins_here = match word.keyword {
            Keyword::GROUP | Keyword::ORDER => keyword(next) == Keyword::BY,
            _ => {
                !matches!(next, Token::Comma | Token::RParen | Token::Eq | Token::EOF | Token::SemiColon)
                    && keyword(next) != Keyword::FROM
            }
        };
        let wanted = wants_name.iter().any(|w| d.message.starts_with(&format!("expected {w}")))
            || matches!(keyword(before), Keyword::FROM | Keyword::JOIN);
        (reserved && wanted && !begins_here).then(|| format!("\"{}\"", self.text(self.token_span(index))))
    }

    /// A name in backticks.
    fn backticks(&self, d: Diagnostic, extent: Extent, index: usize) -> Diagnostic {
        let d = d.help("quote names with double quotes: `\"name\"`");
        let closing = (index + 1..extent.end).find(|i| *self.token(*i) == Token::Char('`'));
        let Some(closing) = closing else { return d };
        let name = Span::new(self.token_span(index).end, self.token_span(closing).start);
        let quoted = format!("\"{}\"", self.text(name));
        d.suggest(Span::join(self.token_span(index), self.token_span(closing)), quoted)
    }

    /// Whether token `index` stands in a select list.
    fn in_list(&self, extent: Extent, index: usize) -> bool {
        let mut depth = 0;
        for i in (extent.first..index).rev() {
            let token = self.token(i);
            depth += closes(token) as i32 - opens(token) as i32;
            match keyword(token) {
                _ if depth != 0 => {}
                Keyword::SELECT => return true,
                Keyword::FROM => return false,
                _ => {}
            }
        }
        false
    }

    /// The number before token `index`, a space and the token.
    fn apart(&self, index: usize) -> String {
        format!("{} {}", self.text(self.token_span(index - 1)), self.text(self.token_span(index)))
    }

    /// `events::Trade` where a name is expected.
    fn rust_path(&self, d: Diagnostic, extent: Extent, index: usize) -> Diagnostic {
        let (mut first, mut last) = (index - 1, index);
        let path = |i: usize| matches!(self.token(i), Token::DoubleColon);
        let word = |i: usize| matches!(self.token(i), Token::Word(_));
        while first >= extent.first + 2 && path(first - 1) && word(first - 2) {
            first -= 2;
        }
        while last + 1 < extent.end && path(last) && word(last + 1) {
            last += 2;
        }
        let span = Span::join(self.token_span(first), self.token_span(last - 1));
        let dots = self.text(span).replace("::", ".");
        d.help(format!("write `{dots}`: names have dots in SQL")).suggest(span, dots)
    }

    /// The first bracket of the statement that nothing closes.
    fn unclosed(&self, extent: Extent) -> Option<usize> {
        let mut open = Vec::new();
        for i in extent.first..extent.end {
            if opens(self.token(i)) {
                open.push(i);
            } else if closes(self.token(i)) {
                open.pop();
            }
        }
        open.pop()
    }
}

/// Words that begin a clause and nothing else.
fn begins_clause(word: Keyword) -> bool {
    matches!(
        word,
        Keyword::FROM
            | Keyword::WHERE
            | Keyword::GROUP
            | Keyword::HAVING
            | Keyword::ORDER
            | Keyword::LIMIT
            | Keyword::UNION
            | Keyword::INTERSECT
            | Keyword::EXCEPT
            | Keyword::JOIN
            | Keyword::INNER
            | Keyword::ON
    )
}

fn misspelt(token: &Token) -> Option<&'static str> {
    match token {
        Token::Word(w) if w.quote_style.is_none() && w.value.len() > 3 => {
            closest(&w.value, CLAUSES).filter(|c| !c.eq_ignore_ascii_case(&w.value))
        }
        _ => None,
    }
}

/// `Expected: x, found: y at Line: 1, Column: 8` without and with its place.
fn split_location(message: &str) -> (&str, Option<(u64, u64)>) {
    let split = message.rsplit_once(" at Line: ");
    let Some((head, (line, column))) =
        split.and_then(|(head, at)| Some((head, at.split_once(", Column: ")?)))
    else {
        return (message, None);
    };
    match (line.parse(), column.trim().parse()) {
        (Ok(line), Ok(column)) if line > 0 => (head, Some((line, column))),
        _ => (head, None),
    }
}

/// What sqlparser expected, with signs and keywords quoted.
fn in_words(expected: &str) -> String {
    match expected {
        "end of statement" => return "the end of the statement".into(),
        "SELECT, VALUES, or a subquery in the query body" => return "a query".into(),
        "identifier" => return "a name".into(),
        _ => {}
    }
    let sign = !expected.chars().any(char::is_alphanumeric);
    let keyword = expected.chars().all(|c| c.is_ascii_uppercase() || c == '_');
    if sign || keyword { format!("`{expected}`") } else { expected.to_string() }
}
