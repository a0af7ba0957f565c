//! `CREATE SOURCE` and `CREATE TABLE`: columns, keys, watermark, options.

use laminar_runtime::schema::Ty;
use sqlparser::ast::Expr;
use sqlparser::dialect::{Dialect, Precedence};
use sqlparser::keywords::Keyword;
use sqlparser::tokenizer::Token;

use super::ast::{ColumnDef, CreateRelation, Ident, Watermark};
use super::dialect::LaminarDialect;
use super::interval::{interval_of, length_ns};
use super::statement::{Parsed, StatementParser};
use super::types::sql_type;
use crate::diagnostic::{Diagnostic, Span, code};

impl StatementParser<'_> {
    /// From the name on. The columns of a table may have values that they take where INSERT gives none.
    pub(super) fn relation(&mut self, table: bool) -> Parsed<CreateRelation> {
        let if_not_exists = self.if_not_exists()?;
        let name = self.name("a name")?;
        let mut relation = CreateRelation {
            name,
            if_not_exists,
            columns: Vec::new(),
            watermark: None,
            options: Vec::new(),
            span: Span::default(),
        };
        let mut keys = 0;
        self.expect(&Token::LParen, "`(` and the columns")?;
        loop {
            if self.is_word(0, "WATERMARK") && self.is_word(1, "FOR") {
                self.watermark(&mut relation)?;
            } else if self.is_word(0, "PRIMARY") && self.is_word(1, "KEY") {
                self.primary_key(&mut relation, &mut keys)?;
            } else {
                self.column(&mut relation, &mut keys, table)?;
            }
            if !self.accept(&Token::Comma) {
                break;
            }
        }
        self.expect(&Token::RParen, "`,` or `)`")?;
        relation.options = self.options()?;
        relation.span = self.so_far();
        self.check_watermark(&relation);
        Ok(relation)
    }

    fn column(&mut self, relation: &mut CreateRelation, keys: &mut usize, table: bool) -> Parsed<()> {
        let first = self.index();
        let name = self.ident("a column")?;
        if matches!(self.token(0), Token::Comma | Token::RParen) {
            let mut d = self.unexpected(&format!("the type of column `{}`", name.value));
            d.help.clear();
            return Err(d);
        }
        let type_first = self.index();
        let data_type = self.parse(|p| p.parse_data_type())?;
        let type_span = Span::join(self.text.token_span(type_first), self.so_far_token());
        let ty = sql_type(&data_type, type_span, &mut self.diagnostics);
        let (mut nullable, mut primary_key, mut default) = (true, false, None);
        loop {
            if self.is_word(0, "NOT") && self.is_word(1, "NULL") {
                self.advance();
                self.advance();
                nullable = false;
            } else if self.accept_word("NULL") {
                nullable = true;
            } else if self.is_word(0, "PRIMARY") && self.is_word(1, "KEY") {
                self.one_key(relation, keys);
                self.advance();
                self.advance();
                (primary_key, nullable) = (true, false);
            } else if table && self.accept_word("DEFAULT") {
                // `DEFAULT 'x' NOT NULL` is no question whether 'x' is NULL.
                let tight = LaminarDialect.prec_value(Precedence::Is);
                let value = self.parse(|p| p.parse_subexpr(tight))?;
                if default.is_some() {
                    let what = format!("DEFAULT of column `{}` is given twice", name.value);
                    self.diagnostics.push(Diagnostic::error(code::SYNTAX, self.text.expr_span(&value), what));
                }
                default = Some(value);
            } else {
                break;
            }
        }
        if matches!(
            self.next_keyword(),
            Keyword::DEFAULT | Keyword::UNIQUE | Keyword::CHECK | Keyword::REFERENCES | Keyword::GENERATED
        ) {
            let what =
                format!("{} is not supported in a column", self.text.text(self.next_span()).to_uppercase());
            return Err(Box::new(Diagnostic::error(code::NOT_SUPPORTED, self.next_span(), what).note(
                match table {
                    true => "a column takes NOT NULL, PRIMARY KEY and DEFAULT",
                    false => "a column takes NOT NULL and PRIMARY KEY",
                },
            )));
        }
        let span = Span::join(self.text.token_span(first), self.so_far_token());
        if let Some(other) = relation.columns.iter().find(|c| same(&c.name, &name)) {
            let d = Diagnostic::error(
                code::DUPLICATE_OUTPUT,
                name.span,
                format!("column `{}` is given twice", name.value),
            )
            .note(format!("the first is `{}`", self.text.text(other.span)));
            self.diagnostics.push(d);
        }
        // A column of an unknown type is kept, so that its uses are no further mistakes.
        let ty = ty.unwrap_or(Ty::Varchar);
        relation.columns.push(ColumnDef { name, ty, nullable, primary_key, default, span });
        Ok(())
    }

    /// `PRIMARY KEY (a, b)` of the table.
    fn primary_key(&mut self, relation: &mut CreateRelation, keys: &mut usize) -> Parsed<()> {
        self.one_key(relation, keys);
        let mut named: Vec<Ident> = Vec::new();
        self.advance();
        self.advance();
        self.expect(&Token::LParen, "`(`")?;
        loop {
            let key = self.ident("a column")?;
            if named.iter().any(|n| same(n, &key)) {
                let what = format!("column `{}` is twice in the primary key", key.value);
                self.diagnostics.push(Diagnostic::error(code::PRIMARY_KEY, key.span, what));
            }
            named.push(key.clone());
            match relation.columns.iter_mut().find(|c| same(&c.name, &key)) {
                Some(column) => (column.primary_key, column.nullable) = (true, false),
                None => self.diagnostics.push(no_column(&key, relation)),
            }
            if !self.accept(&Token::Comma) {
                break;
            }
        }
        self.expect(&Token::RParen, "`)`")
    }

    /// Refuses a second primary key at the next two tokens.
    fn one_key(&mut self, relation: &CreateRelation, keys: &mut usize) {
        *keys += 1;
        if *keys > 1 {
            let what = format!("`{}` has two primary keys", relation.name);
            let d =
                *self.refuse(code::PRIMARY_KEY, 2, &what, "a key of several columns is PRIMARY KEY (a, b)");
            self.diagnostics.push(d);
        }
    }

    /// `WATERMARK FOR ts AS ts [- INTERVAL '5' SECOND]`
    fn watermark(&mut self, relation: &mut CreateRelation) -> Parsed<()> {
        let first = self.index();
        self.advance();
        self.advance();
        let column = self.ident("a column")?;
        self.expect_word("AS")?;
        let expr_first = self.index();
        let expr = self.parse(|p| p.parse_expr())?;
        let expr_span = Span::join(self.text.token_span(expr_first), self.so_far_token());
        let span = Span::join(self.text.token_span(first), self.so_far_token());
        let delay_ns = self.delay(&column, &expr, expr_span)?;
        if relation.watermark.is_some() {
            let d = Diagnostic::error(code::SYNTAX, span, "WATERMARK is given twice").label("the second");
            self.diagnostics.push(d);
        }
        relation.watermark = Some(Watermark { column, delay_ns, span });
        Ok(())
    }

    fn delay(&self, column: &Ident, expr: &Expr, span: Span) -> Parsed<i64> {
        let is_column = |e: &Expr| matches!(e, Expr::Identifier(i) if same(&self.text.ident(i), column));
        let shape = || {
            let what = format!("a watermark is `{0}` or `{0} - INTERVAL '…'`", column.value);
            Box::new(Diagnostic::error(code::SYNTAX, span, what))
        };
        match expr {
            e if is_column(e) => Ok(0),
            Expr::BinaryOp { left, op: sqlparser::ast::BinaryOperator::Minus, right } if is_column(left) => {
                let interval = interval_of(self.text, right).ok_or_else(shape)??;
                let right = self.text.expr_span(right);
                let ns = length_ns(interval, right, "the delay of a watermark")?;
                match ns {
                    0.. => Ok(ns),
                    _ => Err(Box::new(
                        Diagnostic::error(
                            code::BAD_LITERAL,
                            right,
                            "the delay of a watermark cannot be negative",
                        )
                        .label("would be ahead of the events"),
                    )),
                }
            }
            _ => Err(shape()),
        }
    }

    fn check_watermark(&mut self, relation: &CreateRelation) {
        let Some(watermark) = &relation.watermark else { return };
        let d = match relation.columns.iter().find(|c| same(&c.name, &watermark.column)) {
            None => no_column(&watermark.column, relation),
            Some(column) if column.ty != Ty::Timestamp => {
                let what =
                    format!("the watermark column `{}` is {}, not TIMESTAMP", column.name.value, column.ty);
                Diagnostic::error(code::OPERATOR_TYPES, watermark.column.span, what)
            }
            Some(_) => return,
        };
        self.diagnostics.push(d);
    }
}

fn no_column(name: &Ident, relation: &CreateRelation) -> Diagnostic {
    let columns: Vec<&str> = relation.columns.iter().map(|c| c.name.value.as_str()).collect();
    let what = format!("column `{}` does not exist in `{}`", name.value, relation.name);
    let d = Diagnostic::error(code::UNKNOWN_COLUMN, name.span, what).note(format!(
        "columns of `{}`: {}",
        relation.name,
        columns.join(", ")
    ));
    match crate::diagnostic::closest(&name.value, columns) {
        Some(near) => d.label(format!("did you mean `{near}`?")).suggest(name.span, near),
        None => d,
    }
}

/// Whether two identifiers name the same: in any case unless one is quoted.
fn same(a: &Ident, b: &Ident) -> bool {
    if a.quoted || b.quoted { a.value == b.value } else { a.value.eq_ignore_ascii_case(&b.value) }
}
