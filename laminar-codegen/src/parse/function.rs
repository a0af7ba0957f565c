//! `CREATE FUNCTION name (argument type [NULL], …) RETURNS type [NULL] [LANGUAGE rust] AS 'crate::path'`.

use laminar_runtime::function::{ARGUMENTS_MAX, Typed};
use laminar_runtime::schema::Ty;
use sqlparser::tokenizer::Token;

use super::ast::CreateFunction;
use super::statement::{Parsed, StatementParser};
use super::types::sql_type;
use crate::diagnostic::{Diagnostic, Span, code};

impl StatementParser<'_> {
    /// From the name on.
    pub(super) fn create_function(&mut self) -> Parsed<CreateFunction> {
        let name = self.ident("a name")?;
        self.expect(&Token::LParen, "`(` and the arguments")?;
        let mut args = Vec::new();
        let mut more = *self.token(0) != Token::RParen;
        while more {
            self.ident("an argument: its name and type")?;
            args.push(self.typed()?);
            more = self.accept(&Token::Comma);
        }
        self.expect(&Token::RParen, "`,` or `)`")?;
        if args.len() > ARGUMENTS_MAX {
            let what = format!(
                "`{}` has {} arguments, at most {ARGUMENTS_MAX} are possible",
                name.value,
                args.len()
            );
            self.diagnostics.push(Diagnostic::error(code::UDF_SIGNATURE, name.span, what));
        }
        self.expect_word("RETURNS")?;
        let ret = self.typed()?;
        self.language()?;
        self.expect_word("AS")?;
        let path_span = self.next_span();
        let Token::SingleQuotedString(path) = self.token(0) else {
            return Err(self.unexpected("the path of the Rust function in quotes, 'crate::path'"));
        };
        self.advance();
        self.language()?;
        Ok(CreateFunction { name, args, ret, path: path.clone(), path_span, span: self.so_far() })
    }

    /// A type; `NULL` behind it is an `Option` in Rust, and `NOT NULL` says what is so anyway.
    fn typed(&mut self) -> Parsed<Typed> {
        let first = self.index();
        let data_type = self.parse(|p| p.parse_data_type())?;
        let span = Span::join(self.text.token_span(first), self.so_far_token());
        let ty = sql_type(&data_type, span, &mut self.diagnostics).unwrap_or(Ty::Varchar);
        let nullable = match self.accept_word("NOT") {
            true => {
                self.expect_word("NULL")?;
                false
            }
            false => self.accept_word("NULL"),
        };
        Ok(Typed { ty, nullable })
    }

    fn language(&mut self) -> Parsed<()> {
        if !self.accept_word("LANGUAGE") || self.accept_word("rust") {
            return Ok(());
        }
        Err(self.refuse(code::NOT_SUPPORTED, 1, "functions are written in Rust only", "LANGUAGE rust"))
    }
}
