//! The cursor over the tokens of one statement.

use sqlparser::keywords::Keyword;
use sqlparser::parser::{Parser, ParserError};
use sqlparser::tokenizer::Token;

use super::statement::{Parsed, StatementParser};
use super::text::keyword;
use crate::diagnostic::{Code, Diagnostic, Span};

impl<'a> StatementParser<'a> {
    /// Runs a method of sqlparser's parser.
    pub(super) fn parse<T>(
        &mut self,
        f: impl FnOnce(&mut Parser<'a>) -> Result<T, ParserError>,
    ) -> Parsed<T> {
        f(&mut self.parser).map_err(|e| self.text.syntax_error(self.extent, self.index(), &e))
    }

    /// Index of the next token in the whole text.
    pub(super) fn index(&self) -> usize {
        (self.extent.first + self.parser.index()).min(self.extent.end)
    }

    /// The next token but `n`.
    pub(super) fn token(&self, n: usize) -> &'a Token {
        let index = self.index() + n;
        if index < self.extent.end { self.text.token(index) } else { &Token::EOF }
    }

    pub(super) fn keyword(&self, n: usize) -> Keyword {
        keyword(self.token(n))
    }

    pub(super) fn next_keyword(&self) -> Keyword {
        self.keyword(0)
    }

    pub(super) fn next_span(&self) -> Span {
        self.text.token_span(self.index())
    }

    pub(super) fn is_word(&self, n: usize, word: &str) -> bool {
        self.index() + n < self.extent.end && self.text.is_word(self.index() + n, word)
    }

    pub(super) fn advance(&mut self) {
        self.parser.advance_token();
    }

    pub(super) fn accept_word(&mut self, word: &str) -> bool {
        let found = self.is_word(0, word);
        if found {
            self.advance();
        }
        found
    }

    pub(super) fn accept(&mut self, token: &Token) -> bool {
        let found = self.token(0) == token;
        if found {
            self.advance();
        }
        found
    }

    pub(super) fn expect_word(&mut self, word: &str) -> Parsed<()> {
        if self.accept_word(word) { Ok(()) } else { Err(self.unexpected(&format!("`{word}`"))) }
    }

    pub(super) fn expect(&mut self, token: &Token, what: &str) -> Parsed<()> {
        if self.accept(token) { Ok(()) } else { Err(self.unexpected(what)) }
    }

    pub(super) fn unexpected(&self, what: &str) -> Box<Diagnostic> {
        self.text.unexpected(self.extent, self.index(), what)
    }

    /// A diagnostic on the next `count` tokens.
    pub(super) fn refuse(&self, code: Code, count: usize, message: &str, help: &str) -> Box<Diagnostic> {
        let last = self.text.token_span(self.index() + count.max(1) - 1);
        Box::new(Diagnostic::error(code, Span::join(self.next_span(), last), message).help(help))
    }

    /// From the first token of the statement to the last one read.
    pub(super) fn so_far(&self) -> Span {
        Span::join(self.text.token_span(self.extent.first), self.so_far_token())
    }

    /// The last token read.
    pub(super) fn so_far_token(&self) -> Span {
        self.text.token_span(self.index().saturating_sub(1).max(self.extent.first))
    }
}
