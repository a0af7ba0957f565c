//! Limits on the size and depth of a text, checked on its tokens before anything recursive sees it.
//!
//! **Invariant:** the tree of a statement that passes has no path longer than [`NESTING_MAX`] times a few plus
//! [`CHAIN_MAX`], so that walking it takes a bounded stack (that of [`super::on_deep_stack`]).

use sqlparser::keywords::Keyword;
use sqlparser::tokenizer::Token;

use super::syntax::Extent;
use super::text::{SqlText, closes, keyword, opens};
use crate::diagnostic::{Diagnostic, Span, code};

/// Bytes of a text.
pub const TEXT_BYTES_MAX: usize = 1 << 20;
/// Parentheses, CASE and signs inside each other.
pub const NESTING_MAX: usize = 128;
/// Operators, set operations and joins in a row, over all levels of nesting.
pub const CHAIN_MAX: usize = 1000;

pub(super) fn too_deep(span: Span) -> Diagnostic {
    Diagnostic::error(code::TOO_DEEP, span, "this is nested too deeply")
        .note(format!("the limits are {NESTING_MAX} levels and {CHAIN_MAX} operators in a row"))
        .help("split the query with WITH or a view; write `x IN (…)` for many comparisons")
}

/// What is open: a bracket or a CASE.
struct Level {
    case: bool,
    /// Signs and NOTs that stand before it.
    prefixes: usize,
    /// Operators since the last comma or clause.
    operators: usize,
    /// Set operations and joins.
    branches: usize,
}

impl Level {
    fn new(case: bool, prefixes: usize) -> Level {
        Level { case, prefixes, operators: 0, branches: 0 }
    }
}

/// Refuses a statement that is nested too deeply.
pub(super) fn check(text: &SqlText, extent: Extent) -> Result<(), Box<Diagnostic>> {
    let mut levels = vec![Level::new(false, 0)];
    // Sums over `levels`.
    let (mut nesting, mut chain) = (0usize, 0usize);
    // Signs and NOTs directly before the token.
    let mut prefixes = 0usize;
    // The token before was an operand, so an operator after it is infix.
    let mut operand = false;
    for i in extent.first..extent.end {
        let token = text.token(i);
        let word = keyword(token);
        let Some(level) = levels.last_mut() else { break };
        if opens(token) || word == Keyword::CASE {
            nesting += 1 + prefixes;
            levels.push(Level::new(word == Keyword::CASE, prefixes));
            (prefixes, operand) = (0, false);
        } else if closes(token) || (word == Keyword::END && level.case) {
            if levels.len() > 1
                && let Some(level) = levels.pop()
            {
                nesting -= 1 + level.prefixes;
                chain -= level.operators + level.branches;
            }
            (prefixes, operand) = (0, true);
        } else if *token == Token::Comma || is_clause(word) {
            if is_branch(word) {
                level.branches += 1;
                chain += 1;
            }
            chain -= level.operators;
            level.operators = 0;
            (prefixes, operand) = (0, false);
        } else if is_operator(token, word) {
            if operand {
                level.operators += 1;
                chain += 1;
            } else {
                prefixes += 1;
            }
            operand = false;
        } else {
            (prefixes, operand) = (0, true);
        }
        if nesting + prefixes > NESTING_MAX || chain > CHAIN_MAX {
            return Err(Box::new(too_deep(text.token_span(i))));
        }
    }
    Ok(())
}

/// Words after which an expression begins anew, without being part of the one before.
fn is_clause(word: Keyword) -> bool {
    matches!(
        word,
        Keyword::SELECT
            | Keyword::FROM
            | Keyword::WHERE
            | Keyword::GROUP
            | Keyword::HAVING
            | Keyword::ORDER
            | Keyword::LIMIT
            | Keyword::ON
            | Keyword::WHEN
            | Keyword::THEN
            | Keyword::ELSE
    ) || is_branch(word)
}

fn is_branch(word: Keyword) -> bool {
    matches!(word, Keyword::JOIN | Keyword::UNION | Keyword::INTERSECT | Keyword::EXCEPT | Keyword::MINUS)
}

fn is_operator(token: &Token, word: Keyword) -> bool {
    match token {
        Token::Word(_) => matches!(
            word,
            Keyword::AND
                | Keyword::OR
                | Keyword::NOT
                | Keyword::IS
                | Keyword::LIKE
                | Keyword::ILIKE
                | Keyword::IN
                | Keyword::BETWEEN
                | Keyword::SIMILAR
                | Keyword::COLLATE
                | Keyword::AT
                | Keyword::NOTNULL
                | Keyword::INTERVAL
        ),
        Token::Number(..)
        | Token::SingleQuotedString(_)
        | Token::EscapedStringLiteral(_)
        | Token::DollarQuotedString(_)
        | Token::Placeholder(_)
        | Token::Period
        | Token::SemiColon
        | Token::EOF => false,
        _ => true,
    }
}
