//! Statements that change the rows of a table: INSERT, UPDATE, DELETE, TRUNCATE.

use sqlparser::ast::Expr;
use sqlparser::keywords::Keyword;
use sqlparser::tokenizer::Token;

use super::ast::{Assignment, Delete, Given, Ident, Insert, InsertRows, Statement, Truncate, Update};
use super::statement::{Parsed, StatementParser};
use crate::diagnostic::{Span, code};

/// Words that go on after the table, so no alias without AS.
const AFTER_TABLE: [&str; 8] = ["SET", "WHERE", "USING", "FROM", "RETURNING", "ORDER", "LIMIT", "ON"];

impl StatementParser<'_> {
    /// `INSERT INTO table [(columns)] VALUES … | query`
    pub(super) fn insert(&mut self) -> Parsed<Statement> {
        self.advance();
        self.expect_word("INTO")?;
        let table = self.name("a table")?;
        let mut columns = Vec::new();
        // `INSERT INTO t (SELECT …)` has no columns.
        let query = matches!(self.keyword(1), Keyword::SELECT | Keyword::WITH | Keyword::VALUES);
        if *self.token(0) == Token::LParen && !query {
            self.advance();
            loop {
                columns.push(self.ident("a column")?);
                if !self.accept(&Token::Comma) {
                    break;
                }
            }
            self.expect(&Token::RParen, "`)`")?;
        }
        let rows = if self.next_keyword() == Keyword::VALUES {
            self.advance();
            InsertRows::Values(self.rows()?)
        } else {
            InsertRows::Query(self.query()?)
        };
        if self.is_word(0, "ON") && self.is_word(1, "CONFLICT") {
            let help = "DELETE the rows of these keys first, or UPDATE them";
            return Err(self.refuse(code::NOT_SUPPORTED, 2, "ON CONFLICT is not supported", help));
        }
        self.no_returning()?;
        Ok(Statement::Insert(Insert { table, columns, rows, span: self.so_far() }))
    }

    fn rows(&mut self) -> Parsed<Vec<Vec<Given>>> {
        let mut rows = Vec::new();
        loop {
            self.expect(&Token::LParen, "`(`")?;
            let mut row = Vec::new();
            loop {
                row.push(self.given()?);
                if !self.accept(&Token::Comma) {
                    break;
                }
            }
            self.expect(&Token::RParen, "`)`")?;
            rows.push(row);
            if !self.accept(&Token::Comma) {
                return Ok(rows);
            }
        }
    }

    /// `UPDATE table [AS alias] SET column = value, … [WHERE condition]`
    pub(super) fn update(&mut self) -> Parsed<Statement> {
        self.text.check_tokens(self.extent)?;
        self.advance();
        let table = self.name("a table")?;
        let alias = self.alias()?;
        self.expect_word("SET")?;
        let mut set = Vec::new();
        loop {
            if *self.token(0) == Token::LParen {
                let what = "SET of several columns at once is not supported";
                return Err(self.refuse(code::NOT_SUPPORTED, 1, what, "SET a = …, b = …"));
            }
            let column = self.ident("a column")?;
            self.expect(&Token::Eq, "`=`")?;
            let value = self.given()?;
            let span = Span::join(column.span, self.so_far_token());
            set.push(Assignment { column, value, span });
            if !self.accept(&Token::Comma) {
                break;
            }
        }
        self.no_other_table("FROM")?;
        let condition = self.condition()?;
        self.no_returning()?;
        Ok(Statement::Update(Update { table, alias, set, condition, span: self.so_far() }))
    }

    /// `DELETE FROM table [AS alias] [WHERE condition]`
    pub(super) fn delete(&mut self) -> Parsed<Statement> {
        self.text.check_tokens(self.extent)?;
        self.advance();
        self.expect_word("FROM")?;
        let table = self.name("a table")?;
        let alias = self.alias()?;
        self.no_other_table("USING")?;
        let condition = self.condition()?;
        self.no_returning()?;
        Ok(Statement::Delete(Delete { table, alias, condition, span: self.so_far() }))
    }

    /// `TRUNCATE [TABLE] table`
    pub(super) fn truncate(&mut self) -> Parsed<Statement> {
        self.advance();
        self.accept_word("TABLE");
        let table = self.name("a table")?;
        if *self.token(0) == Token::Comma {
            let what = "TRUNCATE of several tables is not supported";
            return Err(self.refuse(code::NOT_SUPPORTED, 1, what, "one TRUNCATE for each table"));
        }
        Ok(Statement::Truncate(Truncate { table, span: self.so_far() }))
    }

    fn given(&mut self) -> Parsed<Given> {
        let span = self.next_span();
        if self.accept_word("DEFAULT") {
            return Ok(Given::Default(span));
        }
        Ok(Given::Expr(Box::new(self.parse(|p| p.parse_expr())?)))
    }

    fn alias(&mut self) -> Parsed<Option<Ident>> {
        let bare = matches!(self.token(0), Token::Word(_)) && !AFTER_TABLE.iter().any(|w| self.is_word(0, w));
        Ok(if self.accept_word("AS") || bare { Some(self.ident("an alias")?) } else { None })
    }

    fn condition(&mut self) -> Parsed<Option<Expr>> {
        Ok(if self.accept_word("WHERE") { Some(self.parse(|p| p.parse_expr())?) } else { None })
    }

    fn no_other_table(&self, word: &str) -> Parsed<()> {
        if !self.is_word(0, word) {
            return Ok(());
        }
        let what = format!("{word} in this statement is not supported");
        Err(self.refuse(code::NOT_SUPPORTED, 1, &what, "it sees the columns of its own table only"))
    }

    fn no_returning(&self) -> Parsed<()> {
        if !self.is_word(0, "RETURNING") {
            return Ok(());
        }
        let help = "SELECT the rows in a statement of its own";
        Err(self.refuse(code::NOT_SUPPORTED, 1, "RETURNING is not supported", help))
    }
}
