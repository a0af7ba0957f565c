//! Binds operators: both sides brought to one type, then the typed operation.

use super::Binder;
use super::call::choose;
use super::coerce::{self, common_of, decimal, is_number, is_unknown, operand_type};
use super::expr::{Env, logic, not};
use super::quantified::comparison;
use crate::casts::digits;
use crate::diagnostic::{Diagnostic, Span, code};
use crate::functions::{self, ScalarFn};
use crate::plan::expr::{ArithOp, Expr, Kind, Literal};
use crate::sir::CmpOp;
use laminar_runtime::schema::{DECIMAL_DIGITS_MAX, Ty};
use sqlparser::ast::{self, BinaryOperator, UnaryOperator, Value};

impl Binder<'_> {
    pub(super) fn unary(
        &mut self,
        op: UnaryOperator,
        inner: &ast::Expr,
        span: Span,
        env: &mut Env<'_>,
    ) -> Expr {
        if op == UnaryOperator::Minus
            && let ast::Expr::Value(v) = inner
            && let Value::Number(text, _) = &v.value
        {
            return self.number(&format!("-{text}"), span);
        }
        let x = self.expr(inner, env);
        if x.is_error() {
            return x;
        }
        let nullable = x.nullable;
        match (op, x.ty) {
            (UnaryOperator::Not, _) => {
                let x = self.want_boolean(x, "NOT");
                not(x, span)
            }
            (UnaryOperator::Plus, Some(ty)) if is_number(ty) => x,
            (UnaryOperator::Minus, Some(ty)) if is_number(ty) => {
                Expr { kind: Kind::Neg(Box::new(x)), ty: Some(ty), nullable, span }
            }
            (UnaryOperator::Minus, Some(Ty::Interval)) => operator("- interval", vec![x], span),
            (UnaryOperator::Minus | UnaryOperator::Plus, None) => x,
            (UnaryOperator::Minus | UnaryOperator::Plus, Some(ty)) => {
                self.prefix_type(&op.to_string(), ty, span)
            }
            (
                UnaryOperator::BitwiseNot
                | UnaryOperator::PGAbs
                | UnaryOperator::PGSquareRoot
                | UnaryOperator::PGCubeRoot,
                ty,
            ) => {
                let symbol = op.to_string();
                match choose(&functions::by_name(&symbol), std::slice::from_ref(&x)) {
                    Some(f) => self.call_of(f, vec![x], span),
                    None => self.prefix_type(&symbol, ty.unwrap_or(Ty::Varchar), span),
                }
            }
            _ => self.unsupported(span, "this operator"),
        }
    }

    fn prefix_type(&mut self, symbol: &str, ty: Ty, span: Span) -> Expr {
        self.fail(
            Diagnostic::error(code::OPERATOR_TYPES, span, format!("operator does not exist: {symbol} {ty}"))
                .label(format!("this is {ty}")),
        )
    }

    /// An operator that the function table has, by its symbol.
    fn infix(&mut self, symbol: &str, l: Expr, r: Expr, span: Span) -> Expr {
        if l.is_error() || r.is_error() {
            return Expr::error(span);
        }
        let args = vec![l, r];
        match choose(&functions::by_name(symbol), &args) {
            Some(f) => self.call_of(f, args, span),
            None => {
                let ty = |e: &Expr| e.ty.unwrap_or(Ty::Varchar);
                self.operator_types(symbol, ty(&args[0]), ty(&args[1]), span)
            }
        }
    }

    pub(super) fn binary(
        &mut self,
        left: &ast::Expr,
        op: &BinaryOperator,
        right: &ast::Expr,
        span: Span,
        env: &mut Env<'_>,
    ) -> Expr {
        let l = self.expr(left, env);
        let r = self.expr(right, env);
        if let Some(cmp) = comparison(op) {
            return self.compare(cmp, l, r, span);
        }
        match op {
            BinaryOperator::And | BinaryOperator::Or => {
                let is_and = *op == BinaryOperator::And;
                let name = if is_and { "AND" } else { "OR" };
                let l = self.want_boolean(l, name);
                let r = self.want_boolean(r, name);
                logic(if is_and { Kind::And } else { Kind::Or }, l, r, span)
            }
            BinaryOperator::Plus => self.arith(ArithOp::Add, l, r, span),
            BinaryOperator::Minus => self.arith(ArithOp::Sub, l, r, span),
            BinaryOperator::Multiply => self.arith(ArithOp::Mul, l, r, span),
            BinaryOperator::Divide => self.arith(ArithOp::Div, l, r, span),
            BinaryOperator::Modulo => self.arith(ArithOp::Rem, l, r, span),
            BinaryOperator::StringConcat => self.concat(l, r, span),
            BinaryOperator::BitwiseAnd
            | BinaryOperator::BitwiseOr
            | BinaryOperator::PGBitwiseXor
            | BinaryOperator::PGBitwiseShiftLeft
            | BinaryOperator::PGBitwiseShiftRight
            | BinaryOperator::PGExp
            | BinaryOperator::PGRegexMatch
            | BinaryOperator::PGRegexIMatch => self.infix(&op.to_string(), l, r, span),
            BinaryOperator::PGRegexNotMatch => {
                let matches = self.infix("~", l, r, span);
                not(matches, span)
            }
            BinaryOperator::PGRegexNotIMatch => {
                let matches = self.infix("~*", l, r, span);
                not(matches, span)
            }
            BinaryOperator::Arrow
            | BinaryOperator::LongArrow
            | BinaryOperator::HashArrow
            | BinaryOperator::HashLongArrow => self.json_access(&op.to_string(), l, r, span),
            BinaryOperator::AtArrow => self.array_operator("@>", l, r, span),
            BinaryOperator::ArrowAt => self.array_operator("@>", r, l, span),
            BinaryOperator::PGOverlap => self.array_operator("&&", l, r, span),
            _ => self.unsupported(span, &format!("operator `{op}`")),
        }
    }

    /// `l op r`, both brought to one type.
    pub(super) fn compare(&mut self, op: CmpOp, l: Expr, r: Expr, span: Span) -> Expr {
        if l.is_error() || r.is_error() {
            return Expr::error(span);
        }
        if let Some(e) = self.compare_day(op, &l, &r, span) {
            return e;
        }
        match common_of([&l, &r]) {
            Ok(Some(ty)) if !ty.is_ordered() => self.fail(
                Diagnostic::error(
                    code::OPERATOR_TYPES,
                    span,
                    format!("values of type {ty} cannot be compared"),
                )
                .label(format!("this is {ty}"))
                .help("compare a part of it (`->>`), or CAST it AS VARCHAR"),
            ),
            Ok(ty) => {
                let nullable = l.nullable || r.nullable;
                let ty = match (l.ty, r.ty) {
                    (Some(a), Some(b)) if ty == Some(Ty::Real) && !is_unknown(&l) && !is_unknown(&r) => {
                        operand_type(a, b).unwrap_or(Ty::Double)
                    }
                    _ => ty.unwrap_or(Ty::Varchar),
                };
                let brought = |binder: &mut Self, e: Expr| match (e.ty, ty) {
                    // Exact numbers compare as they are.
                    (Some(have), Ty::Decimal { .. }) if digits(have).is_some() => e,
                    _ => binder.coerced(e, ty),
                };
                let (l, r) = (brought(self, l), brought(self, r));
                if l.is_error() || r.is_error() {
                    return Expr::error(span);
                }
                Expr { kind: Kind::Cmp(op, Box::new(l), Box::new(r)), ty: Some(Ty::Boolean), nullable, span }
            }
            Err((a, b)) => self.operator_types(op.symbol(), a, b, span),
        }
    }

    /// A DATE with a TIMESTAMP: without a cast, which the years beyond 2262 would fail.
    fn compare_day(&mut self, op: CmpOp, l: &Expr, r: &Expr, span: Span) -> Option<Expr> {
        let (day, time, op) = match (l.ty?, r.ty?) {
            (Ty::Date, Ty::Timestamp) => (l, r, op),
            (Ty::Timestamp, Ty::Date) => (r, l, op.exchanged()),
            _ => return None,
        };
        let (day, time) = (self.copy(day), self.copy(time));
        let order = operator("date <=> timestamp", vec![day, time], span);
        let nullable = order.nullable;
        let zero = Expr::literal(Literal::Int(0), Ty::Bigint, span);
        let kind = Kind::Cmp(op, Box::new(order), Box::new(zero));
        Some(Expr { kind, ty: Some(Ty::Boolean), nullable, span })
    }

    pub(super) fn operator_types(&mut self, symbol: &str, a: Ty, b: Ty, span: Span) -> Expr {
        self.fail(
            Diagnostic::error(
                code::OPERATOR_TYPES,
                span,
                format!("operator does not exist: {a} {symbol} {b}"),
            )
            .label(format!("{a} on the left, {b} on the right"))
            .help("bring both sides to one type with CAST(… AS …)"),
        )
    }

    pub(super) fn arith(&mut self, op: ArithOp, l: Expr, r: Expr, span: Span) -> Expr {
        if l.is_error() || r.is_error() {
            return Expr::error(span);
        }
        let (l, r) = match (l.ty, r.ty) {
            (None, None) => (self.coerced(l, Ty::Bigint), self.coerced(r, Ty::Bigint)),
            (None, Some(ty)) => (self.coerced(l, ty), r),
            (Some(ty), None) => (l, self.coerced(r, ty)),
            // A literal in quotes takes the other side's type; beside a timestamp it is an interval.
            (Some(_), Some(b)) if is_unknown(&l) && b != Ty::Varchar => (self.coerced(l, b), r),
            (Some(a), Some(_)) if is_unknown(&r) && a != Ty::Varchar => {
                let shifts = matches!(a, Ty::Timestamp | Ty::Time) && op == ArithOp::Add;
                let want = if shifts { Ty::Interval } else { a };
                (l, self.coerced(r, want))
            }
            _ => (l, r),
        };
        if l.is_error() || r.is_error() {
            return Expr::error(span);
        }
        let (Some(a), Some(b)) = (l.ty, r.ty) else { return Expr::error(span) };
        if let Some(e) = self.typed_operator(op.symbol(), &l, &r, span) {
            return e;
        }
        let digits_of = |e: &Expr, ty: Ty| own_digits(e).unwrap_or(ty);
        let mixed = matches!((a, b), (Ty::Decimal { .. }, _) | (_, Ty::Decimal { .. }));
        let known =
            if mixed { arith_type(op, digits_of(&l, a), digits_of(&r, b)) } else { arith_type(op, a, b) };
        let Some(ty) = known else {
            if is_number(a) && is_number(b) {
                let what = if op == ArithOp::Rem {
                    "operator % takes exact numbers, not REAL or DOUBLE".to_string()
                } else {
                    format!("result of {a} {} {b} has more than 38 digits after the point", op.symbol())
                };
                return self.fail(
                    Diagnostic::error(code::OPERATOR_TYPES, span, what)
                        .help("CAST an operand to another type first"),
                );
            }
            return self.operator_types(op.symbol(), a, b, span);
        };
        let nullable = l.nullable || r.nullable;
        let (l, r) = match ty {
            Ty::Decimal { .. } => (with_own_digits(l), with_own_digits(r)),
            _ => (self.coerced(l, ty), self.coerced(r, ty)),
        };
        Expr { kind: Kind::Arith(op, Box::new(l), Box::new(r)), ty: Some(ty), nullable, span }
    }

    /// `l symbol r` where the function table has a line for it (`date + integer`), also one with the sides exchanged for an
    /// operator that does not care; a DATE beside an INTERVAL is a TIMESTAMP, as beside another one.
    fn typed_operator(&mut self, symbol: &str, l: &Expr, r: &Expr, span: Span) -> Option<Expr> {
        let (a, b) = (l.ty?, r.ty?);
        if let Some(f) = functions::infix(symbol, a, b) {
            return Some(self.operator_of(f, l.clone(), r.clone(), span));
        }
        if matches!(symbol, "+" | "*")
            && let Some(f) = functions::infix(symbol, b, a)
        {
            return Some(self.operator_of(f, r.clone(), l.clone(), span));
        }
        let as_timestamp =
            |e: &Expr, other: Ty| e.ty == Some(Ty::Date) && matches!(other, Ty::Interval | Ty::Timestamp);
        let (first, second) = (as_timestamp(l, b), as_timestamp(r, a));
        if !first && !second {
            return None;
        }
        let l = if first { self.coerced(l.clone(), Ty::Timestamp) } else { l.clone() };
        let r = if second { self.coerced(r.clone(), Ty::Timestamp) } else { r.clone() };
        self.typed_operator(symbol, &l, &r, span)
    }

    fn operator_of(&mut self, f: &'static ScalarFn, l: Expr, r: Expr, span: Span) -> Expr {
        let (l, r) = (self.coerced(l, f.args[0]), self.coerced(r, f.args[1]));
        call_operator(f, vec![l, r], span)
    }

    /// `json -> …`, `->>`, `#>`, `#>>`.
    fn json_access(&mut self, symbol: &str, l: Expr, r: Expr, span: Span) -> Expr {
        if l.is_error() || r.is_error() {
            return Expr::error(span);
        }
        let r = if r.ty.is_none() { self.coerced(r, Ty::Varchar) } else { r };
        let json = match l.ty {
            None => self.coerced(l, Ty::Json),
            _ if is_unknown(&l) => self.coerced(l, Ty::Json),
            _ => l,
        };
        match self.typed_operator(symbol, &json, &r, span) {
            Some(e) => e,
            None => {
                let ty = |e: &Expr| e.ty.unwrap_or(Ty::Varchar);
                let (a, b) = (ty(&json), ty(&r));
                self.operator_types(symbol, a, b, span)
            }
        }
    }

    pub(super) fn concat(&mut self, l: Expr, r: Expr, span: Span) -> Expr {
        if l.is_error() || r.is_error() {
            return Expr::error(span);
        }
        let bytes = |e: &Expr, other: &Expr| {
            e.ty == Some(Ty::Bytea) || (other.ty == Some(Ty::Bytea) && (e.ty.is_none() || is_unknown(e)))
        };
        if bytes(&l, &r) && bytes(&r, &l) {
            let (l, r) = (self.coerced(l, Ty::Bytea), self.coerced(r, Ty::Bytea));
            return operator("bytea || bytea", vec![l, r], span);
        }
        if let Some(array) = self.array_concat(&l, &r, span) {
            return array;
        }
        match (l.ty, r.ty) {
            (Some(a), Some(b)) if a != Ty::Varchar && b != Ty::Varchar => {
                self.operator_types("||", a, b, span)
            }
            _ => {
                let l = self.cast(l, Ty::Varchar, false, span);
                let r = self.cast(r, Ty::Varchar, false, span);
                operator("text || text", vec![l, r], span)
            }
        }
    }
}

/// The type of an arithmetic operation on numbers. That of DECIMALs holds every result, up to 38 digits.
fn arith_type(op: ArithOp, a: Ty, b: Ty) -> Option<Ty> {
    let ty = operand_type(a, b).filter(|ty| ty.is_number())?;
    match ty {
        Ty::Real | Ty::Double => (op != ArithOp::Rem).then_some(ty),
        Ty::Decimal { .. } => {
            let ((w, s), (v, t)) = (digits(a)?, digits(b)?);
            let (whole, scale) = match op {
                ArithOp::Add | ArithOp::Sub => (w.max(v) + 1, s.max(t)),
                ArithOp::Rem => (w.min(v), s.max(t)),
                ArithOp::Mul => (w + v, s + t),
                ArithOp::Div => (w + t, s.max(t).max(6)),
            };
            (scale <= DECIMAL_DIGITS_MAX).then(|| decimal(whole, scale))
        }
        _ => Some(ty),
    }
}

/// The type of an integer literal beside a DECIMAL: a DECIMAL of as many digits as it has.
fn own_digits(e: &Expr) -> Option<Ty> {
    match (&e.kind, e.ty) {
        (Kind::Literal(Literal::Int(v)), Some(ty)) if ty.is_integer() => {
            let digits = v.unsigned_abs().checked_ilog10().unwrap_or(0) + 1;
            Some(Ty::Decimal { precision: digits as u8, scale: 0 })
        }
        _ => None,
    }
}

fn with_own_digits(e: Expr) -> Expr {
    match own_digits(&e) {
        // Of 19 digits it is held in 128 bits.
        Some(ty) => match &e.kind {
            Kind::Literal(Literal::Int(v)) => {
                Expr { kind: Kind::Literal(coerce::exact((*v).into(), ty)), ty: Some(ty), ..e }
            }
            _ => e,
        },
        None => e,
    }
}

pub(super) fn operator(name: &str, args: Vec<Expr>, span: Span) -> Expr {
    call_operator(functions::operator(name), args, span)
}

fn call_operator(f: &'static ScalarFn, args: Vec<Expr>, span: Span) -> Expr {
    let nullable = f.fails == functions::NONE_IS_NULL || args.iter().any(|a| a.nullable);
    if args.iter().any(Expr::is_error) {
        return Expr::error(span);
    }
    Expr { kind: Kind::Call(f, args), ty: Some(f.ret), nullable, span }
}
