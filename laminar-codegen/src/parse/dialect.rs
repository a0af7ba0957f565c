//! The dialect: PostgreSQL's grammar and precedence, less what Laminar has no meaning for.
//!
//! Narrow on purpose: what a dialect accepts and the binder overlooks would be accepted and ignored.

use std::any::TypeId;

use sqlparser::ast::{Array, Expr, Ident, ObjectName, TrimWhereField, UnaryOperator};
use sqlparser::dialect::{Dialect, PostgreSqlDialect, Precedence};
use sqlparser::keywords::Keyword;
use sqlparser::parser::{Parser, ParserError};
use sqlparser::tokenizer::Token;

const POSTGRES: PostgreSqlDialect = PostgreSqlDialect {};

/// Words that begin a clause after the query, so no alias without AS.
const TAIL_WORDS: [&str; 4] = ["EMIT", "ALLOW", "LATE", "STATE"];

/// Reserved words of PostgreSQL that cannot begin an expression.
pub(super) const NEVER_OPERANDS: [Keyword; 40] = [
    Keyword::AND,
    Keyword::AS,
    Keyword::ASC,
    Keyword::BETWEEN,
    Keyword::CROSS,
    Keyword::DESC,
    Keyword::DISTINCT,
    Keyword::ELSE,
    Keyword::END,
    Keyword::EXCEPT,
    Keyword::FETCH,
    Keyword::FOR,
    Keyword::FROM,
    Keyword::FULL,
    Keyword::GROUP,
    Keyword::HAVING,
    Keyword::ILIKE,
    Keyword::IN,
    Keyword::INNER,
    Keyword::INTERSECT,
    Keyword::INTO,
    Keyword::IS,
    Keyword::JOIN,
    Keyword::LATERAL,
    Keyword::LIKE,
    Keyword::LIMIT,
    Keyword::NATURAL,
    Keyword::OFFSET,
    Keyword::ON,
    Keyword::OR,
    Keyword::ORDER,
    Keyword::OUTER,
    Keyword::SELECT,
    Keyword::THEN,
    Keyword::UNION,
    Keyword::USING,
    Keyword::WHEN,
    Keyword::WHERE,
    Keyword::WINDOW,
    Keyword::WITH,
];

/// Laminar's SQL.
#[derive(Debug)]
pub(super) struct LaminarDialect;

impl Dialect for LaminarDialect {
    // sqlparser asks for the type in a few places (`E'…'`, MATERIALIZED in WITH).
    fn dialect(&self) -> TypeId {
        TypeId::of::<PostgreSqlDialect>()
    }

    fn identifier_quote_style(&self, _: &str) -> Option<char> {
        Some('"')
    }

    fn is_delimited_identifier_start(&self, c: char) -> bool {
        c == '"'
    }

    fn is_identifier_start(&self, c: char) -> bool {
        c.is_alphabetic() || c == '_'
    }

    fn is_identifier_part(&self, c: char) -> bool {
        c.is_alphanumeric() || c == '$' || c == '_'
    }

    fn prec_value(&self, precedence: Precedence) -> u8 {
        POSTGRES.prec_value(precedence)
    }

    fn get_next_precedence(&self, parser: &Parser) -> Option<Result<u8, ParserError>> {
        POSTGRES.get_next_precedence(parser)
    }

    fn is_reserved_for_identifier(&self, word: Keyword) -> bool {
        // Without these a mistake inside CASE is reported as one about a column of that name.
        POSTGRES.is_reserved_for_identifier(word)
            || matches!(word, Keyword::CASE | Keyword::CAST | Keyword::NOT)
    }

    fn is_select_item_alias(&self, explicit: bool, word: &Keyword, parser: &mut Parser) -> bool {
        explicit || (!begins_tail(parser) && self.is_column_alias(word, parser))
    }

    fn is_table_factor_alias(&self, explicit: bool, word: &Keyword, parser: &mut Parser) -> bool {
        explicit || (!begins_tail(parser) && self.is_table_alias(word, parser))
    }

    /// Reads operators before their operand, refuses reserved words as operands (sqlparser would take `SELECT a, FROM t` for a column `FROM` named `t`),
    /// and reads `TABLE name`, an argument of table functions, and `ARRAY[]`.
    fn parse_prefix(&self, parser: &mut Parser) -> Option<Result<Expr, ParserError>> {
        let [first, second, third] = parser.peek_tokens_ref();
        // Signs are tighter than `^`, other operators looser than `+`, as in PostgreSQL: sqlparser has signs as loose as `*`, and the
        // others as tight.
        let prefix = match first.token {
            Token::Minus => Some((UnaryOperator::Minus, Precedence::AtTz)),
            Token::Plus => Some((UnaryOperator::Plus, Precedence::AtTz)),
            Token::Tilde => Some((UnaryOperator::BitwiseNot, Precedence::PgOther)),
            Token::AtSign => Some((UnaryOperator::PGAbs, Precedence::PgOther)),
            Token::PGSquareRoot => Some((UnaryOperator::PGSquareRoot, Precedence::PgOther)),
            Token::PGCubeRoot => Some((UnaryOperator::PGCubeRoot, Precedence::PgOther)),
            _ => None,
        };
        if let Some((op, precedence)) = prefix {
            parser.advance_token();
            let operand = parser.parse_subexpr(self.prec_value(precedence));
            return Some(operand.map(|e| Expr::UnaryOp { op, expr: Box::new(e) }));
        }
        let Token::Word(word) = &first.token else { return None };
        if word.quote_style.is_some() {
            return None;
        }
        if word.keyword == Keyword::TABLE && matches!(second.token, Token::Word(_)) {
            let prefix = word.to_ident(first.span);
            parser.advance_token();
            let name = parser.parse_object_name(false);
            return Some(name.map(|name| Expr::Prefixed { prefix, value: Box::new(name_as_expr(&name)) }));
        }
        // Without elements nothing in the tree would tell where it stands.
        if word.keyword == Keyword::ARRAY && second.token == Token::LBracket && third.token == Token::RBracket
        {
            let prefix = word.to_ident(first.span);
            (0..3).for_each(|_| parser.advance_token());
            let value = Box::new(Expr::Array(Array { elem: Vec::new(), named: true }));
            return Some(Ok(Expr::Prefixed { prefix, value }));
        }
        if word.keyword == Keyword::TRIM {
            return trim_of_spaces(parser);
        }
        NEVER_OPERANDS.contains(&word.keyword).then(|| parser.expected_ref("an expression", first))
    }

    /// Reads `[NOT] BETWEEN [A]SYMMETRIC low AND high`, which sqlparser has no place for: SYMMETRIC stands before `low` in the tree.
    fn parse_infix(&self, parser: &mut Parser, e: &Expr, _: u8) -> Option<Result<Expr, ParserError>> {
        let [first, second, third] = parser.peek_tokens_ref();
        let is = |token: &Token, keyword| matches!(token, Token::Word(w) if w.keyword == keyword);
        let negated = is(&first.token, Keyword::NOT);
        let (between, kind) = if negated { (second, third) } else { (first, second) };
        let Token::Word(kind_word) = &kind.token else { return None };
        if !is(&between.token, Keyword::BETWEEN) || kind_word.quote_style.is_some() {
            return None;
        }
        let symmetric = kind_word.value.eq_ignore_ascii_case("symmetric");
        if !symmetric && !kind_word.value.eq_ignore_ascii_case("asymmetric") {
            return None;
        }
        let prefix = kind_word.to_ident(kind.span);
        for _ in 0..2 + usize::from(negated) {
            parser.advance_token();
        }
        let bounds = |parser: &mut Parser| {
            let precedence = self.prec_value(Precedence::Between);
            let low = Box::new(parser.parse_subexpr(precedence)?);
            let low = if symmetric { Box::new(Expr::Prefixed { prefix, value: low }) } else { low };
            parser.expect_keyword(Keyword::AND)?;
            let high = Box::new(parser.parse_subexpr(precedence)?);
            Ok(Expr::Between { expr: Box::new(e.clone()), negated, low, high })
        };
        Some(bounds(parser))
    }

    fn supports_filter_during_aggregation(&self) -> bool {
        true
    }

    fn supports_group_by_expr(&self) -> bool {
        true
    }

    fn supports_window_clause_named_window_reference(&self) -> bool {
        true
    }

    fn supports_window_function_null_treatment_arg(&self) -> bool {
        true
    }

    fn supports_match_recognize(&self) -> bool {
        true
    }

    fn supports_table_versioning(&self) -> bool {
        true
    }

    fn supports_nested_comments(&self) -> bool {
        true
    }

    fn supports_string_escape_constant(&self) -> bool {
        true
    }

    fn supports_numeric_literal_underscores(&self) -> bool {
        true
    }

    fn supports_dollar_placeholder(&self) -> bool {
        true
    }

    fn supports_array_typedef_with_brackets(&self) -> bool {
        true
    }

    fn supports_interval_options(&self) -> bool {
        true
    }

    fn supports_notnull_operator(&self) -> bool {
        true
    }

    fn supports_comma_separated_trim(&self) -> bool {
        true
    }

    fn supports_bitwise_shift_operators(&self) -> bool {
        true
    }

    fn allow_extract_custom(&self) -> bool {
        true
    }

    fn allow_extract_single_quotes(&self) -> bool {
        true
    }
}

/// Reads `TRIM(LEADING FROM text)`: sqlparser wants characters before FROM.
fn trim_of_spaces(parser: &mut Parser) -> Option<Result<Expr, ParserError>> {
    let [_, open, side, from] = parser.peek_tokens_ref();
    let (Token::LParen, Token::Word(side), Token::Word(from)) = (&open.token, &side.token, &from.token)
    else {
        return None;
    };
    let side = match side.keyword {
        Keyword::BOTH => TrimWhereField::Both,
        Keyword::LEADING => TrimWhereField::Leading,
        Keyword::TRAILING => TrimWhereField::Trailing,
        _ => return None,
    };
    if from.keyword != Keyword::FROM {
        return None;
    }
    for _ in 0..4 {
        parser.advance_token();
    }
    let text = |parser: &mut Parser| {
        let expr = Box::new(parser.parse_expr()?);
        parser.expect_token(&Token::RParen)?;
        Ok(Expr::Trim { expr, trim_where: Some(side), trim_what: None, trim_characters: None })
    };
    Some(text(parser))
}

fn name_as_expr(name: &ObjectName) -> Expr {
    let mut idents: Vec<Ident> = name.0.iter().filter_map(|part| part.as_ident().cloned()).collect();
    match (idents.len(), idents.pop()) {
        (1, Some(ident)) => Expr::Identifier(ident),
        (_, last) => {
            idents.extend(last);
            Expr::CompoundIdentifier(idents)
        }
    }
}

/// Whether the word that might become an alias begins a clause of the tail.
fn begins_tail(parser: &Parser) -> bool {
    is_tail_word(&parser.get_current_token().token)
}

/// Whether a token is one of the unquoted words EMIT, ALLOW, LATE, STATE.
pub(super) fn is_tail_word(token: &Token) -> bool {
    match token {
        Token::Word(w) if w.quote_style.is_none() => {
            TAIL_WORDS.iter().any(|word| w.value.eq_ignore_ascii_case(word))
        }
        _ => false,
    }
}
