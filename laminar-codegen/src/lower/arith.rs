//! Instructions for arithmetic.
//!
//! The type of a result holds every result of operands of their types (`bind::operator`), so that only integers, divisions and
//! decimals at the limit of 38 digits can leave the range.

use super::build::Builder;
use super::cast::range;
use crate::bind::coerce::scale;
use crate::casts::{digits, out_of_range};
use crate::diagnostic::Span;
use crate::plan::expr::{ArithOp, Expr, Kind, Literal};
use crate::sir::{CmpOp, Fail, Op, Range, Val};
use laminar_runtime::schema::{DECIMAL_DIGITS_MAX, NARROW_DIGITS, Repr, Ty};

const DIVISION_BY_ZERO: &str = "division by zero";

/// An operand.
#[derive(Clone, Copy)]
struct Operand {
    val: Val,
    ty: Ty,
}

impl Operand {
    fn is_wide(self) -> bool {
        self.ty.repr() == Repr::Wide
    }

    /// Whether it has at most 18 digits at that scale.
    fn is_narrow_at(self, scale: u8) -> bool {
        !self.is_wide() && digits(self.ty).is_some_and(|(whole, _)| whole + scale <= NARROW_DIGITS)
    }
}

impl Builder<'_, '_> {
    pub(super) fn arith(&mut self, op: ArithOp, l: &Expr, r: &Expr, ty: Ty, span: Span) -> Val {
        let a = Operand { val: self.expr(l), ty: l.ty.unwrap_or(ty) };
        let b = Operand { val: self.expr(r), ty: r.ty.unwrap_or(ty) };
        match ty {
            _ if ty.is_float() => self.float_arith(op, a.val, b.val, ty),
            Ty::Decimal { .. } => self.decimal_arith(op, a, b, r, ty, span),
            _ => self.integer_arith(op, a.val, b.val, r, ty, span),
        }
    }

    fn float_arith(&mut self, op: ArithOp, a: Val, b: Val, ty: Ty) -> Val {
        let op = match op {
            ArithOp::Add => Op::FAdd,
            ArithOp::Sub => Op::FSub,
            ArithOp::Mul => Op::FMul,
            ArithOp::Div | ArithOp::Rem => Op::FDiv,
        };
        let v = self.emit(op, vec![a, b], Repr::Float);
        // A sum, product or quotient of floats of 32 bits rounds to one by way of 64 bits as it would at once.
        if ty == Ty::Real { self.emit(Op::RoundReal, vec![v], Repr::Float) } else { v }
    }

    fn integer_arith(&mut self, op: ArithOp, a: Val, b: Val, r: &Expr, ty: Ty, span: Span) -> Val {
        let fail = self.site_of(&out_of_range(ty), span);
        match op {
            ArithOp::Add => self.emit_or(Op::Add(range(ty)), vec![a, b], Repr::Int, fail),
            ArithOp::Sub => self.emit_or(Op::Sub(range(ty)), vec![a, b], Repr::Int, fail),
            ArithOp::Mul => self.emit_or(Op::Mul(range(ty)), vec![a, b], Repr::Int, fail),
            // Only −1 and 0 make a quotient that does not fit.
            ArithOp::Div if is_literal_above_one(r) => self.emit(Op::Div(range(ty)), vec![a, b], Repr::Int),
            ArithOp::Div => {
                let b = self.non_zero(a, b, r, span);
                self.emit_or(Op::Div(range(ty)), vec![a, b], Repr::Int, fail)
            }
            ArithOp::Rem => self.remainder(a, b, r, span),
        }
    }

    fn remainder(&mut self, a: Val, b: Val, r: &Expr, span: Span) -> Val {
        if is_literal_above_one(r) {
            return self.emit(Op::Rem, vec![a, b], Repr::Int);
        }
        let b = self.non_zero(a, b, r, span);
        let zero = self.site_of(DIVISION_BY_ZERO, span);
        self.emit_or(Op::Rem, vec![a, b], Repr::Int, zero)
    }

    fn decimal_arith(&mut self, op: ArithOp, a: Operand, b: Operand, r: &Expr, ty: Ty, span: Span) -> Val {
        let fail = self.site_of(&out_of_range(ty), span);
        let wide = ty.repr() == Repr::Wide;
        let out = scale(ty);
        match op {
            ArithOp::Add | ArithOp::Sub if wide => {
                let (x, y) = (self.widened(a.val, a.ty, out, fail), self.widened(b.val, b.ty, out, fail));
                let name = if op == ArithOp::Add { "wide_add" } else { "wide_sub" };
                self.call(name, vec![x, y], fail)
            }
            ArithOp::Add | ArithOp::Sub => {
                let (x, y) = (self.scaled(a.val, a.ty, out, fail), self.scaled(b.val, b.ty, out, fail));
                let op = if op == ArithOp::Add { Op::Add(Range::I64) } else { Op::Sub(Range::I64) };
                self.emit(op, vec![x, y], Repr::Int)
            }
            ArithOp::Mul if !wide => self.emit(Op::Mul(Range::I64), vec![a.val, b.val], Repr::Int),
            ArithOp::Mul if !a.is_wide() && !b.is_wide() => {
                self.emit(Op::MulWide, vec![a.val, b.val], Repr::Wide)
            }
            ArithOp::Mul => {
                let (x, y) = (self.as_wide(a, fail), self.as_wide(b, fail));
                self.call("wide_mul", vec![x, y], fail)
            }
            ArithOp::Div if !wide && !a.is_wide() && !b.is_wide() => {
                let divisor = self.non_zero(a.val, b.val, r, span);
                let [s, t, out] = [scale(a.ty), scale(b.ty), out].map(|s| self.int(s.into()));
                self.call("dec_div", vec![a.val, s, divisor, t, out], fail)
            }
            ArithOp::Div => {
                let x = self.as_wide(a, fail);
                let y = self.wide_divisor(x, b, r, span);
                let [s, t, out] = [scale(a.ty), scale(b.ty), out].map(|s| self.int(s.into()));
                let quotient = self.call("wide_div", vec![x, s, y, t, out], fail);
                self.narrowed(quotient, ty, fail)
            }
            ArithOp::Rem if a.is_narrow_at(out) && b.is_narrow_at(out) => {
                let (x, y) = (self.scaled(a.val, a.ty, out, fail), self.scaled(b.val, b.ty, out, fail));
                self.remainder(x, y, r, span)
            }
            ArithOp::Rem => {
                let x = self.as_wide(a, fail);
                let y = self.wide_divisor(x, b, r, span);
                let [s, t] = [scale(a.ty), scale(b.ty)].map(|s| self.int(s.into()));
                let zero = self.site_of(DIVISION_BY_ZERO, span);
                let rest = self.call("wide_rem", vec![x, s, y, t], zero);
                self.narrowed(rest, ty, fail)
            }
        }
    }

    fn as_wide(&mut self, x: Operand, fail: Fail) -> Val {
        self.widened(x.val, x.ty, scale(x.ty), fail)
    }

    /// A wide result as one of its type.
    fn narrowed(&mut self, v: Val, ty: Ty, fail: Fail) -> Val {
        if ty.repr() == Repr::Wide { v } else { self.call("wide_to_dec", vec![v], fail) }
    }

    /// A divisor of 38 digits, after a check that it is not zero.
    fn wide_divisor(&mut self, dividend: Val, x: Operand, e: &Expr, span: Span) -> Val {
        let zero = self.site_of(DIVISION_BY_ZERO, span);
        if x.is_wide() {
            return self.where_any(dividend, |b| b.call("wide_non_zero", vec![x.val], zero));
        }
        let val = self.non_zero(dividend, x.val, e, span);
        self.as_wide(Operand { val, ..x }, zero)
    }

    /// A divisor, after a check that it is not zero.
    fn non_zero(&mut self, dividend: Val, v: Val, e: &Expr, span: Span) -> Val {
        if matches!(e.kind, Kind::Literal(Literal::Int(x)) if x != 0) {
            return v;
        }
        let zero = self.site_of(DIVISION_BY_ZERO, span);
        self.where_any(dividend, |b| b.emit_or(Op::NonZero, vec![v], Repr::Int, zero))
    }

    /// A check that counts where there is something to divide: NULL by zero is NULL.
    fn where_any(&mut self, dividend: Val, check: impl FnOnce(&mut Self) -> Val) -> Val {
        if !self.nullable(dividend) {
            return check(self);
        }
        let is_null = self.emit_as(Op::IsNull, vec![dividend], Repr::Bool, false);
        let is_any = self.emit(Op::Not, vec![is_null], Repr::Bool);
        self.guarded(is_any, check)
    }

    /// `l op r`: values of one type, or DECIMALs and integers, each as it is.
    pub(super) fn comparison(&mut self, op: CmpOp, l: &Expr, r: &Expr) -> Val {
        let (a, b) = (self.expr(l), self.expr(r));
        let (Some(from_l), Some(from_r)) = (l.ty, r.ty) else {
            return self.emit(Op::Cmp(op), vec![a, b], Repr::Bool);
        };
        let (a, b) = (Operand { val: a, ty: from_l }, Operand { val: b, ty: from_r });
        let (Some((w, s)), Some((v, t))) = (digits(a.ty), digits(b.ty)) else {
            let (a, b) = (self.key_of(a.val, l.ty), self.key_of(b.val, r.ty));
            return self.emit(Op::Cmp(op), vec![a, b], Repr::Bool);
        };
        let out = s.max(t);
        let args = if s == t && !a.is_wide() && !b.is_wide() {
            vec![a.val, b.val]
        } else if a.is_narrow_at(out) && b.is_narrow_at(out) {
            vec![self.scaled(a.val, a.ty, out, Fail::Never), self.scaled(b.val, b.ty, out, Fail::Never)]
        } else if w.max(v) + out <= DECIMAL_DIGITS_MAX {
            vec![self.widened(a.val, a.ty, out, Fail::Never), self.widened(b.val, b.ty, out, Fail::Never)]
        } else {
            let (x, y) = (self.as_wide(a, Fail::Never), self.as_wide(b, Fail::Never));
            let (s, t) = (self.int(s.into()), self.int(t.into()));
            vec![self.call("wide_cmp", vec![x, s, y, t], Fail::Never), self.int(0)]
        };
        self.emit(Op::Cmp(op), args, Repr::Bool)
    }

    /// `−x` of a number.
    pub(super) fn negated(&mut self, x: &Expr, ty: Ty, span: Span) -> Val {
        let v = self.expr(x);
        match (ty, ty.repr()) {
            (_, Repr::Float) => self.emit(Op::FNeg, vec![v], Repr::Float),
            (_, Repr::Wide) => self.call("wide_neg", vec![v], Fail::Never),
            // The range is symmetric.
            (Ty::Decimal { .. }, _) => self.emit(Op::Neg(Range::I64), vec![v], Repr::Int),
            _ => {
                let fail = self.site_of(&out_of_range(ty), span);
                self.emit_or(Op::Neg(range(ty)), vec![v], Repr::Int, fail)
            }
        }
    }
}

fn is_literal_above_one(e: &Expr) -> bool {
    matches!(e.kind, Kind::Literal(Literal::Int(x)) if x > 1)
}
