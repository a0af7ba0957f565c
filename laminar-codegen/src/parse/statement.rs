//! Statements: which one it is, and the parts that sqlparser does not know.

use sqlparser::keywords::Keyword;
use sqlparser::parser::Parser;
use sqlparser::tokenizer::Token;

use super::ast::{
    CreateSink, CreateView, Drop, DropKind, Explain, ExplainMode, Ident, Name, OptionValue, Query, SinkInput,
    SqlOption, Statement, ViewKind,
};
use super::dialect::LaminarDialect;
use super::syntax::Extent;
use super::text::SqlText;
use crate::diagnostic::{Diagnostic, Span, closest, code};

/// A diagnostic ends the statement; others of the same statement may be in [`StatementParser::diagnostics`].
pub(super) type Parsed<T> = Result<T, Box<Diagnostic>>;

/// A cursor over the tokens of one statement.
pub(super) struct StatementParser<'a> {
    pub(super) parser: Parser<'a>,
    pub(super) text: &'a SqlText,
    pub(super) extent: Extent,
    /// Mistakes that did not stop the statement.
    pub(super) diagnostics: Vec<Diagnostic>,
}

/// Statements of SQL that Laminar does not have, so that they are not called syntax errors.
const OTHER_STATEMENTS: [&str; 21] = [
    "ALTER",
    "SET",
    "SHOW",
    "BEGIN",
    "COMMIT",
    "ROLLBACK",
    "MERGE",
    "GRANT",
    "REVOKE",
    "COPY",
    "CALL",
    "USE",
    "DESCRIBE",
    "ANALYZE",
    "PREPARE",
    "EXECUTE",
    "VACUUM",
    "SUBSCRIBE",
    "REPLACE",
    "START",
    "DECLARE",
];

/// The first words of statements, for suggestions.
const STATEMENTS: [&str; 10] =
    ["SELECT", "WITH", "VALUES", "CREATE", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "EXPLAIN", "DROP"];

/// What CREATE and DROP name, for suggestions.
const KINDS: [&str; 8] = ["SOURCE", "TABLE", "STREAM", "VIEW", "MATERIALIZED", "SINK", "LOOKUP", "FUNCTION"];

impl<'a> StatementParser<'a> {
    pub(super) fn new(text: &'a SqlText, extent: Extent) -> Self {
        let tokens = text.tokens()[extent.first..extent.end].to_vec();
        let parser = Parser::new(&LaminarDialect)
            .with_recursion_limit(super::RECURSION_MAX)
            .with_tokens_with_locations(tokens);
        StatementParser { parser, text, extent, diagnostics: Vec::new() }
    }

    /// The statement, to its last token.
    pub(super) fn statement(&mut self) -> Parsed<Statement> {
        let statement = match self.next_keyword() {
            Keyword::SELECT | Keyword::WITH | Keyword::VALUES => Statement::Query(self.query()?),
            Keyword::CREATE => self.create()?,
            Keyword::INSERT => self.insert()?,
            Keyword::UPDATE => self.update()?,
            Keyword::DELETE => self.delete()?,
            Keyword::TRUNCATE => self.truncate()?,
            Keyword::EXPLAIN => self.explain()?,
            Keyword::DROP => self.drop()?,
            _ if *self.token(0) == Token::LParen => Statement::Query(self.query()?),
            _ => return Err(self.no_statement()),
        };
        self.end()?;
        Ok(statement)
    }

    fn no_statement(&self) -> Box<Diagnostic> {
        let word = match self.token(0) {
            Token::Word(w) if w.quote_style.is_none() => w.value.to_ascii_uppercase(),
            _ => return self.unexpected("a statement"),
        };
        let span = self.next_span();
        if OTHER_STATEMENTS.contains(&word.as_str()) {
            return Box::new(
                Diagnostic::error(code::STATEMENT_NOT_SUPPORTED, span, format!("{word} is not supported"))
                    .note(format!("the statements are {}", STATEMENTS.join(", "))),
            );
        }
        let mut d = Diagnostic::error(
            code::SYNTAX,
            span,
            format!("expected a statement, found `{}`", self.text.text(span)),
        );
        if let Some(near) = closest(&word, STATEMENTS) {
            d = d.label(format!("did you mean `{near}`?")).suggest(span, near);
            d.code = code::MISSPELT_KEYWORD;
        }
        Box::new(d)
    }

    fn create(&mut self) -> Parsed<Statement> {
        self.advance();
        if self.is_word(0, "OR") && self.is_word(1, "REPLACE") {
            let help = match self.is_word(2, "FUNCTION") {
                true => "CREATE FUNCTION: change the one that is there, for none can be dropped",
                false => "DROP it first",
            };
            return Err(self.refuse(code::NOT_SUPPORTED, 2, "OR REPLACE is not supported", help));
        }
        let (source, table) = (self.is_word(0, "SOURCE"), self.is_word(0, "TABLE"));
        if source || table {
            self.advance();
            let relation = self.relation(table)?;
            return Ok(if source {
                Statement::CreateSource(relation)
            } else {
                Statement::CreateTable(relation)
            });
        }
        if self.accept_word("SINK") {
            return self.create_sink();
        }
        if self.accept_word("FUNCTION") {
            return Ok(Statement::CreateFunction(self.create_function()?));
        }
        let kind = if self.accept_word("STREAM") {
            ViewKind::Stream
        } else if self.accept_word("MATERIALIZED") {
            self.expect_word("VIEW")?;
            ViewKind::MaterializedView
        } else if self.accept_word("VIEW") {
            ViewKind::View
        } else {
            return Err(self.no_kind("SOURCE, TABLE, STREAM, VIEW, MATERIALIZED VIEW, SINK or FUNCTION"));
        };
        self.create_view(kind)
    }

    /// An unknown kind after CREATE or DROP.
    fn no_kind(&self, kinds: &str) -> Box<Diagnostic> {
        if self.is_word(0, "LOOKUP") {
            return self.refuse(code::NOT_SUPPORTED, 1, "LOOKUP TABLE is not supported", "use a TABLE");
        }
        let mut d = self.unexpected(kinds);
        d.help.clear();
        if let Token::Word(w) = self.token(0)
            && let Some(near) = closest(&w.value, KINDS)
        {
            d.help = vec![format!("did you mean `{near}`?")];
            *d = d.clone().suggest(self.next_span(), near);
            d.code = code::MISSPELT_KEYWORD;
        }
        d
    }

    fn create_view(&mut self, kind: ViewKind) -> Parsed<Statement> {
        let if_not_exists = self.if_not_exists()?;
        let name = self.name("a name")?;
        let options = self.options()?;
        self.expect_word("AS")?;
        let query = self.query()?;
        Ok(Statement::CreateView(CreateView {
            kind,
            name,
            if_not_exists,
            query,
            options,
            span: self.so_far(),
        }))
    }

    fn create_sink(&mut self) -> Parsed<Statement> {
        let if_not_exists = self.if_not_exists()?;
        let name = self.name("a name")?;
        let mut options = self.options()?;
        let from = if self.accept_word("FROM") {
            SinkInput::Relation(self.name("a relation")?)
        } else if self.accept_word("AS") {
            SinkInput::Query(self.query()?)
        } else {
            return Err(self.unexpected("`FROM` or `AS`"));
        };
        if options.is_empty() {
            options = self.options()?;
        }
        Ok(Statement::CreateSink(CreateSink { name, if_not_exists, from, options, span: self.so_far() }))
    }

    fn explain(&mut self) -> Parsed<Statement> {
        self.advance();
        let mode = if self.accept_word("RUST") {
            ExplainMode::Rust
        } else if self.accept_word("CLIF") {
            ExplainMode::Clif
        } else {
            ExplainMode::Text
        };
        if self.is_word(0, "ANALYZE") {
            return Err(self.refuse(
                code::NOT_SUPPORTED,
                1,
                "EXPLAIN ANALYZE is not supported",
                "leave ANALYZE out",
            ));
        }
        let query = self.query()?;
        Ok(Statement::Explain(Explain { query, mode, span: self.so_far() }))
    }

    fn drop(&mut self) -> Parsed<Statement> {
        self.advance();
        let kind = match self.token(0) {
            _ if self.accept_word("SOURCE") => DropKind::Source,
            _ if self.accept_word("TABLE") => DropKind::Table,
            _ if self.accept_word("STREAM") => DropKind::Stream,
            _ if self.accept_word("SINK") => DropKind::Sink,
            _ if self.accept_word("VIEW") => DropKind::View,
            _ if self.accept_word("MATERIALIZED") => {
                self.expect_word("VIEW")?;
                DropKind::MaterializedView
            }
            _ => return Err(self.no_kind("SOURCE, TABLE, STREAM, VIEW, MATERIALIZED VIEW or SINK")),
        };
        let if_exists = self.is_word(0, "IF") && self.is_word(1, "EXISTS");
        if if_exists {
            self.advance();
            self.advance();
        }
        let name = self.name("a name")?;
        Ok(Statement::Drop(Drop { kind, name, if_exists, span: self.so_far() }))
    }

    /// A query with its tail.
    pub(super) fn query(&mut self) -> Parsed<Query> {
        let first = self.index();
        if !matches!(self.next_keyword(), Keyword::SELECT | Keyword::WITH | Keyword::VALUES)
            && *self.token(0) != Token::LParen
        {
            return Err(self.unexpected("a query"));
        }
        self.text.check_tokens(self.extent)?;
        let body = self.parse(|p| p.parse_query()).map_err(|d| self.innermost(d))?;
        let mut query =
            Query { body, emit: None, lateness_ns: None, late_to: None, state: None, span: Span::default() };
        self.tail(&mut query)?;
        query.span = Span::join(self.text.token_span(first), self.so_far_token());
        Ok(query)
    }

    /// The same mistake where it is: sqlparser, when a subquery fails, tries a table in parentheses and reports that.
    fn innermost(&self, outer: Box<Diagnostic>) -> Box<Diagnostic> {
        if let Some(d) = self.text.misplaced_tail(self.extent) {
            return d;
        }
        for extent in self.text.subqueries(self.extent) {
            let mut inner = StatementParser::new(self.text, extent);
            let parsed = inner.parse(|p| p.parse_query().map(drop));
            if let Err(d) = parsed.and_then(|()| inner.end()) {
                return d;
            }
        }
        outer
    }

    /// `[WITH (key = value, …)]`
    pub(super) fn options(&mut self) -> Parsed<Vec<SqlOption>> {
        let mut options: Vec<SqlOption> = Vec::new();
        if !(self.is_word(0, "WITH") && *self.token(1) == Token::LParen) {
            return Ok(options);
        }
        self.advance();
        self.advance();
        while *self.token(0) != Token::RParen {
            let first = self.index();
            let key = self.option_key()?;
            self.expect(&Token::Eq, "`=`")?;
            let value = self.option_value()?;
            let span = Span::join(self.text.token_span(first), self.so_far_token());
            if options.iter().any(|o| o.key == key) {
                let d = Diagnostic::error(code::BAD_OPTION, span, format!("option `{key}` is given twice"));
                self.diagnostics.push(d);
            }
            options.push(SqlOption { key, value, span });
            if !self.accept(&Token::Comma) {
                break;
            }
        }
        self.expect(&Token::RParen, "`,` or `)`")?;
        Ok(options)
    }

    fn option_key(&mut self) -> Parsed<String> {
        if let Token::SingleQuotedString(key) = self.token(0) {
            let key = key.to_ascii_lowercase();
            self.advance();
            return Ok(key);
        }
        // Before `=` a reserved word is a name, too: `null = 'NA'`.
        if let (Token::Word(word), Token::Eq) = (self.token(0), self.token(1)) {
            let key = word.value.to_ascii_lowercase();
            self.advance();
            return Ok(key);
        }
        Ok(self.name("the name of an option")?.to_string().to_ascii_lowercase())
    }

    fn option_value(&mut self) -> Parsed<OptionValue> {
        let sign = if self.accept(&Token::Minus) { "-" } else { "" };
        let value = match self.token(0) {
            Token::Number(number, _) => OptionValue::Number(format!("{sign}{number}")),
            _ if !sign.is_empty() => return Err(self.unexpected("a number")),
            Token::SingleQuotedString(text) | Token::EscapedStringLiteral(text) => {
                OptionValue::Text(text.clone())
            }
            Token::Word(w) => match w.keyword {
                Keyword::TRUE => OptionValue::Bool(true),
                Keyword::FALSE => OptionValue::Bool(false),
                _ => OptionValue::Text(w.value.clone()),
            },
            _ => return Err(self.unexpected("a value: a quoted text, a number, TRUE or FALSE")),
        };
        self.advance();
        Ok(value)
    }

    pub(super) fn if_not_exists(&mut self) -> Parsed<bool> {
        if !self.accept_word("IF") {
            return Ok(false);
        }
        self.expect_word("NOT")?;
        self.expect_word("EXISTS")?;
        Ok(true)
    }

    /// Identifiers between dots.
    pub(super) fn name(&mut self, what: &str) -> Parsed<Name> {
        let first = self.ident(what)?;
        let mut name = Name { span: first.span, parts: vec![first] };
        while self.accept(&Token::Period) {
            name.parts.push(self.ident("a name after the dot")?);
            name.span = Span::join(name.span, self.so_far_token());
        }
        Ok(name)
    }

    pub(super) fn ident(&mut self, what: &str) -> Parsed<Ident> {
        match self.token(0) {
            Token::Word(w) if w.quote_style.is_some() || !is_reserved(w.keyword) => {
                let (value, quoted) = (w.value.clone(), w.quote_style.is_some());
                let span = self.next_span();
                self.advance();
                Ok(Ident { value, quoted, span })
            }
            Token::Word(_) => {
                let (mut d, span) = (self.unexpected(what), self.next_span());
                d.code = code::RESERVED_WORD;
                d.help = vec!["this word is reserved: quote it to use it as a name".into()];
                Err(Box::new(d.suggest(span, format!("\"{}\"", self.text.text(span)))))
            }
            _ => Err(self.unexpected(what)),
        }
    }

    pub(super) fn end(&mut self) -> Parsed<()> {
        match self.index() < self.extent.end {
            true => Err(self.unexpected(match self.text.token(self.extent.end) {
                Token::RParen => "`)`",
                _ => "the end of the statement",
            })),
            false => Ok(()),
        }
    }
}

/// Words of PostgreSQL that are no names without quotes.
pub(super) fn is_reserved(word: Keyword) -> bool {
    super::dialect::NEVER_OPERANDS.contains(&word)
        || matches!(
            word,
            Keyword::CREATE
                | Keyword::TABLE
                | Keyword::NOT
                | Keyword::NULL
                | Keyword::TRUE
                | Keyword::FALSE
                | Keyword::CASE
        )
}
