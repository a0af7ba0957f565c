//! The whole span of an expression, from its first token to its last.
//!
//! sqlparser's spans leave out what it does not keep: `CAST(` and `AS t)`, `::t`, the sign, closing parentheses,
//! FILTER and OVER. Here each shape of expression is completed from the tokens around its operands.

use sqlparser::ast::{CastKind, Expr, Function, ObjectName, Spanned};
use sqlparser::tokenizer::Token;

use super::text::SqlText;
use crate::diagnostic::Span;

/// Words that continue a type name of several words: `DOUBLE PRECISION`, `TIMESTAMP WITH TIME ZONE`.
const TYPE_WORDS: [&str; 10] =
    ["PRECISION", "VARYING", "WITH", "WITHOUT", "TIME", "ZONE", "LOCAL", "LARGE", "OBJECT", "UNSIGNED"];

impl SqlText {
    /// The span of a whole expression; never empty unless the text is.
    pub fn expr_span(&self, expr: &Expr) -> Span {
        let span = self.whole(expr);
        if !span.is_empty() {
            return span;
        }
        // A shape without any position: what encloses it is not known here, so the whole text.
        Span::new(0, self.sql().len())
    }

    /// The span of `FETCH … ONLY` behind the body of a query, which sqlparser does not keep.
    pub fn fetch_span(&self, body: Span) -> Option<Span> {
        let mut depth = 0;
        let mut first = None;
        for i in self.token_at(self.widen(body).start).. {
            match self.token(i) {
                Token::LParen => depth += 1,
                Token::RParen => depth -= 1,
                Token::SemiColon | Token::EOF => break,
                _ if depth > 0 => {}
                _ if self.is_word(i, "FETCH") => first = Some(i),
                _ => {
                    let ends = self.is_word(i, "ONLY") || self.is_word(i, "TIES");
                    if let Some(first) = first.filter(|_| ends) {
                        return Some(Span::join(self.token_span(first), self.token_span(i)));
                    }
                }
            }
        }
        None
    }

    fn whole(&self, expr: &Expr) -> Span {
        // A chain of operators is as deep as it is long: its left edge is found by a loop.
        let mut leftmost = expr;
        while let Expr::BinaryOp { left, .. } = leftmost {
            leftmost = left;
        }
        match expr {
            Expr::BinaryOp { right, .. } => self.join(self.whole(leftmost), self.whole(right)),
            Expr::Identifier(ident) => self.span(&ident.span),
            Expr::Value(value) => self.span(&value.span),
            Expr::Nested(inner) => self.around(self.whole(inner)),
            Expr::UnaryOp { expr: inner, .. } | Expr::Prior(inner) => self.before(self.whole(inner), 1),
            Expr::Prefixed { prefix, value } if matches!(**value, Expr::Array(_)) => {
                let word = self.span(&prefix.span);
                Span::join(word, self.token_span(self.token_at(word.start) + 2))
            }
            Expr::Prefixed { value, .. } => self.before(self.whole(value), 1),
            Expr::IsNull(e) | Expr::IsNotNull(e) | Expr::IsTrue(e) | Expr::IsNotTrue(e) => self.after_is(e),
            Expr::IsFalse(e) | Expr::IsNotFalse(e) | Expr::IsUnknown(e) | Expr::IsNotUnknown(e) => {
                self.after_is(e)
            }
            Expr::IsDistinctFrom(a, b) | Expr::IsNotDistinctFrom(a, b) => {
                self.join(self.whole(a), self.whole(b))
            }
            Expr::Between { expr: inner, high, .. } => self.join(self.whole(inner), self.whole(high)),
            Expr::Like { expr: inner, pattern, escape_char, .. }
            | Expr::ILike { expr: inner, pattern, escape_char, .. }
            | Expr::SimilarTo { expr: inner, pattern, escape_char, .. } => {
                let end = escape_char.as_deref().unwrap_or(pattern);
                self.join(self.whole(inner), self.whole(end))
            }
            Expr::InList { expr: inner, .. } | Expr::InSubquery { expr: inner, .. } => {
                self.through_parenthesis(self.whole(inner))
            }
            Expr::AnyOp { left, .. } | Expr::AllOp { left, .. } => self.through_parenthesis(self.whole(left)),
            Expr::AtTimeZone { timestamp, time_zone } => {
                self.join(self.whole(timestamp), self.whole(time_zone))
            }
            Expr::Cast { kind: CastKind::DoubleColon, expr: inner, .. } => {
                self.through_type(self.whole(inner))
            }
            Expr::Cast { expr: inner, .. }
            | Expr::Convert { expr: inner, .. }
            | Expr::Extract { expr: inner, .. }
            | Expr::Ceil { expr: inner, .. }
            | Expr::Floor { expr: inner, .. }
            | Expr::Position { expr: inner, .. }
            | Expr::Substring { expr: inner, .. }
            | Expr::Overlay { expr: inner, .. }
            | Expr::Trim { expr: inner, .. } => self.call_around(self.whole(inner)),
            Expr::Function(function) => self.call(function),
            Expr::Case { case_token, end_token, .. } => {
                self.join(self.span(&case_token.0.span), self.span(&end_token.0.span))
            }
            Expr::Subquery(query) => self.around(self.widen(self.span(&query.span()))),
            Expr::Exists { subquery, negated } => {
                let parens = self.around(self.widen(self.span(&subquery.span())));
                self.before(parens, if *negated { 2 } else { 1 })
            }
            Expr::Interval(interval) => self.interval(self.whole(&interval.value)),
            Expr::TypedString(typed) => self.typed(self.span(&typed.value.span)),
            Expr::Tuple(items) => match items.as_slice() {
                [] => Span::default(),
                [first, .., last] => self.around(self.join(self.whole(first), self.whole(last))),
                [only] => self.around(self.whole(only)),
            },
            Expr::Array(array) => match array.elem.as_slice() {
                [] => Span::default(),
                [first, ..] => self.call_around(self.whole(first)),
            },
            other => self.widen(self.span(&other.span())),
        }
    }

    /// Joins two spans of which one may be unknown.
    fn join(&self, a: Span, b: Span) -> Span {
        match (a.is_empty(), b.is_empty()) {
            (true, _) => b,
            (_, true) => a,
            _ => Span::join(a, b),
        }
    }

    /// With the `count` tokens before it.
    fn before(&self, span: Span, count: usize) -> Span {
        let Some((first, _)) = self.token_range(span) else { return span };
        Span::join(self.token_span(first.saturating_sub(count)), span)
    }

    /// With the parentheses directly around it.
    fn around(&self, span: Span) -> Span {
        let Some((first, last)) = self.token_range(span) else { return span };
        if first == 0 || !matches!(self.token(first - 1), Token::LParen) {
            return span;
        }
        Span::join(self.token_span(first - 1), self.token_span(self.closing(first - 1).max(last)))
    }

    /// An operand with `IS [NOT] …` or `NOTNULL` after it.
    fn after_is(&self, operand: &Expr) -> Span {
        let span = self.whole(operand);
        let Some((_, last)) = self.token_range(span) else { return span };
        let count = match (self.is_word(last + 1, "IS"), self.is_word(last + 2, "NOT")) {
            (true, true) => 3,
            (true, false) => 2,
            // `NOTNULL`, `ISNULL`; or `NOT NULL`.
            (false, _) => 1 + usize::from(self.is_word(last + 1, "NOT")),
        };
        Span::join(span, self.token_span(last + count))
    }

    /// Up to the end of the next parenthesis: `x [NOT] IN (…)`, `x = ANY (…)`.
    fn through_parenthesis(&self, span: Span) -> Span {
        let Some((_, last)) = self.token_range(span) else { return span };
        let open = (last + 1..last + 6).find(|i| matches!(self.token(*i), Token::LParen));
        open.map_or(span, |open| Span::join(span, self.token_span(self.closing(open))))
    }

    /// `x` with `::type` after it.
    fn through_type(&self, span: Span) -> Span {
        let Some((_, last)) = self.token_range(span) else { return span };
        if !matches!(self.token(last + 1), Token::DoubleColon) {
            return span;
        }
        let mut end = last + 2;
        loop {
            match self.token(end + 1) {
                Token::LParen | Token::LBracket => end = self.closing(end + 1),
                Token::Word(w) if TYPE_WORDS.iter().any(|t| w.value.eq_ignore_ascii_case(t)) => end += 1,
                _ => break,
            }
            if end + 1 >= self.tokens().len() {
                break;
            }
        }
        Span::join(span, self.token_span(end))
    }

    /// The call whose parenthesis or bracket encloses this argument, with its name.
    fn call_around(&self, argument: Span) -> Span {
        let Some((first, _)) = self.token_range(argument) else { return argument };
        let Some(open) = self.enclosing(first) else { return argument };
        let named = open > 0 && matches!(self.token(open - 1), Token::Word(_));
        Span::join(self.token_span(open - usize::from(named)), self.token_span(self.closing(open)))
    }

    fn call(&self, function: &Function) -> Span {
        let name = self.name_span(&function.name);
        let Some((_, mut last)) = self.token_range(name) else { return name };
        if matches!(self.token(last + 1), Token::LParen) {
            last = self.closing(last + 1);
        }
        // FILTER (…), WITHIN GROUP (…), IGNORE NULLS, OVER (…) or OVER name, in any order.
        loop {
            let next = last + 1;
            let (is, also) = (|w: &str| self.is_word(next, w), |w: &str| self.is_word(next + 1, w));
            let end = if is("FILTER")
                || (is("OVER") && function.over.is_some())
                || ((is("IGNORE") || is("RESPECT")) && also("NULLS"))
            {
                next + 1
            } else if is("WITHIN") && also("GROUP") {
                next + 2
            } else {
                break;
            };
            if end >= self.tokens().len() {
                break;
            }
            last = if matches!(self.token(end), Token::LParen) { self.closing(end) } else { end };
        }
        Span::join(name, self.token_span(last))
    }

    fn name_span(&self, name: &ObjectName) -> Span {
        self.span(&name.span())
    }

    /// A quoted value with INTERVAL before and its unit after it.
    fn interval(&self, value: Span) -> Span {
        let Some((first, last)) = self.token_range(value) else { return value };
        let start = if first > 0 && self.is_word(first - 1, "INTERVAL") { first - 1 } else { first };
        let mut end = last;
        if self.is_unit(end + 1) {
            end += 1;
            if matches!(self.token(end + 1), Token::LParen) {
                end = self.closing(end + 1);
            }
            if self.is_word(end + 1, "TO") && self.is_unit(end + 2) {
                end += 2;
                if matches!(self.token(end + 1), Token::LParen) {
                    end = self.closing(end + 1);
                }
            }
        }
        Span::join(self.token_span(start), self.token_span(end))
    }

    fn is_unit(&self, index: usize) -> bool {
        const UNITS: [&str; 10] = [
            "YEAR",
            "MONTH",
            "WEEK",
            "DAY",
            "HOUR",
            "MINUTE",
            "SECOND",
            "MILLISECOND",
            "MICROSECOND",
            "NANOSECOND",
        ];
        match self.token(index) {
            Token::Word(w) if w.quote_style.is_none() => {
                let word = w.value.to_ascii_uppercase();
                UNITS.contains(&word.strip_suffix('S').unwrap_or(&word))
            }
            _ => false,
        }
    }

    /// A quoted value with the type name before it.
    fn typed(&self, value: Span) -> Span {
        let Some((mut first, _)) = self.token_range(value) else { return value };
        while first > 0 {
            first -= 1;
            match self.token(first) {
                Token::Word(w) if TYPE_WORDS.iter().any(|t| w.value.eq_ignore_ascii_case(t)) => {
                    // `TIME '…'`, and `TIMESTAMP WITH TIME ZONE '…'` read backwards.
                    let continues = first > 0
                        && matches!(self.token(first - 1), Token::Word(w) if TYPE_WORDS
                            .iter()
                            .chain(&["TIMESTAMP", "DOUBLE", "CHARACTER", "CHAR"])
                            .any(|t| w.value.eq_ignore_ascii_case(t)));
                    if !continues {
                        break;
                    }
                }
                Token::RParen => first = self.enclosing(first).unwrap_or(first),
                _ => break,
            }
        }
        Span::join(self.token_span(first), value)
    }
}
