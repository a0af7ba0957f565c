//! Binds operators: both sides brought to one type, then the typed operation.

use super::Binder;
use super::call::choose;
use super::coerce::{self, common, common_of, decimal, is_number, is_unknown, scale};
use super::expr::{Env, logic, not};
use crate::diagnostic::{Diagnostic, Span, code};
use crate::functions;
use crate::plan::expr::{ArithOp, Expr, Kind};
use crate::sir::CmpOp;
use laminar_runtime::schema::Ty;
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
        let cmp = match op {
            BinaryOperator::Eq => Some(CmpOp::Eq),
            BinaryOperator::NotEq => Some(CmpOp::Ne),
            BinaryOperator::Lt => Some(CmpOp::Lt),
            BinaryOperator::LtEq => Some(CmpOp::Le),
            BinaryOperator::Gt => Some(CmpOp::Gt),
            BinaryOperator::GtEq => Some(CmpOp::Ge),
            _ => None,
        };
        if let Some(cmp) = cmp {
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
            | BinaryOperator::PGExp => self.infix(&op.to_string(), l, r, span),
            _ => self.unsupported(span, &format!("operator `{op}`")),
        }
    }

    /// `l op r`, both brought to one type.
    pub(super) fn compare(&mut self, op: CmpOp, l: Expr, r: Expr, span: Span) -> Expr {
        if l.is_error() || r.is_error() {
            return Expr::error(span);
        }
        match common_of([&l, &r]) {
            Ok(ty) => {
                let ty = ty.unwrap_or(Ty::Varchar);
                let nullable = l.nullable || r.nullable;
                let (l, r) = (self.coerced(l, ty), self.coerced(r, ty));
                if l.is_error() || r.is_error() {
                    return Expr::error(span);
                }
                Expr { kind: Kind::Cmp(op, Box::new(l), Box::new(r)), ty: Some(Ty::Boolean), nullable, span }
            }
            Err((a, b)) => {
                let symbol = match op {
                    CmpOp::Eq => "=",
                    CmpOp::Ne => "<>",
                    CmpOp::Lt => "<",
                    CmpOp::Le => "<=",
                    CmpOp::Gt => ">",
                    CmpOp::Ge => ">=",
                };
                self.operator_types(symbol, a, b, span)
            }
        }
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
                let want = if a == Ty::Timestamp && op == ArithOp::Add { Ty::Interval } else { a };
                (l, self.coerced(r, want))
            }
            _ => (l, r),
        };
        if l.is_error() || r.is_error() {
            return Expr::error(span);
        }
        let (Some(a), Some(b)) = (l.ty, r.ty) else { return Expr::error(span) };
        use ArithOp::*;
        match (op, a, b) {
            (Add, Ty::Timestamp, Ty::Interval) => return operator("timestamp + interval", vec![l, r], span),
            (Add, Ty::Interval, Ty::Timestamp) => return operator("timestamp + interval", vec![r, l], span),
            (Sub, Ty::Timestamp, Ty::Interval) => return operator("timestamp - interval", vec![l, r], span),
            (Sub, Ty::Timestamp, Ty::Timestamp) => {
                return operator("timestamp - timestamp", vec![l, r], span);
            }
            (Add, Ty::Interval, Ty::Interval) => return operator("interval + interval", vec![l, r], span),
            (Sub, Ty::Interval, Ty::Interval) => return operator("interval - interval", vec![l, r], span),
            (Mul, Ty::Interval, Ty::Integer | Ty::Bigint) => {
                let r = self.coerced(r, Ty::Bigint);
                return operator("interval * integer", vec![l, r], span);
            }
            (Mul, Ty::Integer | Ty::Bigint, Ty::Interval) => {
                let l = self.coerced(l, Ty::Bigint);
                return operator("interval * integer", vec![r, l], span);
            }
            (Mul | Div, Ty::Interval, b) if is_number(b) => {
                let r = self.coerced(r, Ty::Double);
                let name = if op == Mul { "interval * number" } else { "interval / number" };
                return operator(name, vec![l, r], span);
            }
            (Mul, a, Ty::Interval) if is_number(a) => {
                let l = self.coerced(l, Ty::Double);
                return operator("interval * number", vec![r, l], span);
            }
            _ => {}
        }
        let Some(ty) = arith_type(op, a, b) else {
            if is_number(a) && is_number(b) {
                let what = if op == Rem {
                    "operator % takes exact numbers, not DOUBLE".to_string()
                } else {
                    format!("result of {a} {} {b} has more than 18 digits after the point", op.symbol())
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
            Ty::Decimal { .. } => (l, r),
            _ => (self.coerced(l, ty), self.coerced(r, ty)),
        };
        Expr { kind: Kind::Arith(op, Box::new(l), Box::new(r)), ty: Some(ty), nullable, span }
    }

    pub(super) fn concat(&mut self, l: Expr, r: Expr, span: Span) -> Expr {
        if l.is_error() || r.is_error() {
            return Expr::error(span);
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

/// The type of an arithmetic operation on numbers.
fn arith_type(op: ArithOp, a: Ty, b: Ty) -> Option<Ty> {
    let ty = common(a, b).filter(|_| is_number(a) && is_number(b))?;
    match ty {
        Ty::Double => (op != ArithOp::Rem).then_some(ty),
        Ty::Decimal { .. } => {
            let (s1, s2) = (scale(a), scale(b));
            let s = match op {
                ArithOp::Add | ArithOp::Sub | ArithOp::Rem => s1.max(s2),
                ArithOp::Mul => s1 + s2,
                ArithOp::Div => s1.max(s2).max(6),
            };
            (s <= coerce::MAX_DIGITS).then_some(decimal(s))
        }
        _ => Some(ty),
    }
}

pub(super) fn operator(name: &str, args: Vec<Expr>, span: Span) -> Expr {
    let f = functions::operator(name);
    let nullable = args.iter().any(|a| a.nullable);
    if args.iter().any(Expr::is_error) {
        return Expr::error(span);
    }
    Expr { kind: Kind::Call(f, args), ty: Some(f.ret), nullable, span }
}
