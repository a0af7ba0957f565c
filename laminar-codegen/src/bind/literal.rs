//! Binds literals.

use super::{Binder, coerce};
use crate::diagnostic::{Diagnostic, Span, code};
use crate::plan::expr::{Expr, Kind, Literal};
use laminar_runtime::schema::{DECIMAL_DIGITS_MAX, Ty};
use sqlparser::ast::{self, Value};

impl Binder<'_> {
    pub(super) fn value(&mut self, v: &Value, span: Span) -> Expr {
        match v {
            Value::Number(text, _) => self.number(text, span),
            Value::SingleQuotedString(s) | Value::EscapedStringLiteral(s) => {
                Expr::literal(Literal::Text(s.clone()), Ty::Varchar, span)
            }
            Value::DollarQuotedString(s) => Expr::literal(Literal::Text(s.value.clone()), Ty::Varchar, span),
            Value::Boolean(b) => Expr::literal(Literal::Bool(*b), Ty::Boolean, span),
            Value::Null => Expr { kind: Kind::Null, ty: None, nullable: true, span },
            Value::Placeholder(_) => self.unsupported(span, "a parameter"),
            _ => self.unsupported(span, "this kind of literal"),
        }
    }

    /// `12` is INTEGER or BIGINT (above that DECIMAL), `0.908` DECIMAL, `1e3` DOUBLE.
    pub(super) fn number(&mut self, text: &str, span: Span) -> Expr {
        let bad = |what: &str| {
            Diagnostic::error(code::BAD_LITERAL, span, format!("number `{text}` {what}"))
                .help("write it with an exponent, such as `1e19`, for a DOUBLE")
        };
        let digits = text.strip_prefix('-').unwrap_or(text);
        if digits.contains(['e', 'E']) {
            return match text.parse::<f64>() {
                Ok(v) if v.is_finite() => Expr::literal(Literal::Float(v), Ty::Double, span),
                _ => self.fail(bad("is out of range for DOUBLE")),
            };
        }
        let Some((whole, fraction)) = digits.split_once('.') else {
            if let Ok(v) = text.parse::<i64>() {
                let ty = if i32::try_from(v).is_ok() { Ty::Integer } else { Ty::Bigint };
                return Expr::literal(Literal::Int(v), ty, span);
            }
            return self.decimal_literal(text, digits, "", span);
        };
        self.decimal_literal(text, whole, fraction, span)
    }

    /// A number of these digits before and after the point.
    fn decimal_literal(&mut self, text: &str, whole: &str, fraction: &str, span: Span) -> Expr {
        let significant = whole.trim_start_matches('0').len() + fraction.len();
        match format!("{whole}{fraction}").parse::<i128>() {
            Ok(m) if significant <= usize::from(DECIMAL_DIGITS_MAX) => {
                let m = if text.starts_with('-') { -m } else { m };
                let ty = Ty::Decimal { precision: significant.max(1) as u8, scale: fraction.len() as u8 };
                Expr::literal(coerce::exact(m, ty), ty, span)
            }
            _ => self.fail(
                Diagnostic::error(
                    code::BAD_LITERAL,
                    span,
                    format!("number `{text}` has more than 38 digits"),
                )
                .help("write it with an exponent, such as `1e39`, for a DOUBLE"),
            ),
        }
    }

    pub(super) fn typed_string(&mut self, t: &ast::TypedString, span: Span) -> Expr {
        let Some(ty) = crate::parse::sql_type(&t.data_type, span, &mut self.diagnostics) else {
            return Expr::error(span);
        };
        match t.value.clone().into_string() {
            Some(s) => self.coerced(Expr::literal(Literal::Text(s), Ty::Varchar, span), ty),
            None => self.unsupported(span, "this kind of literal"),
        }
    }
}
