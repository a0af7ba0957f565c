//! Instructions for typed expressions and casts.

use super::build::Builder;
use crate::bind::coerce::scale;
use crate::diagnostic::Span;
use crate::functions::ANY_DECIMAL;
use crate::plan::expr::{ArithOp, Expr, Kind, Literal};
use crate::sir::{CmpOp, Const, Fail, Op, Range, Val};
use laminar_runtime::schema::{Repr, Ty};

const DIVISION_BY_ZERO: &str = "division by zero";

/// The range of integers of a type.
fn range(ty: Ty) -> Range {
    match ty {
        Ty::Integer => Range::I32,
        Ty::Decimal { .. } => Range::Dec18,
        _ => Range::I64,
    }
}

pub(super) fn out_of_range(ty: Ty) -> String {
    match ty {
        Ty::Decimal { .. } => "DECIMAL out of range (18 digits)".to_string(),
        _ => format!("{ty} out of range"),
    }
}

const fn pow10(digits: u8) -> i64 {
    10i64.pow(digits as u32)
}

impl Builder<'_, '_> {
    pub(super) fn compute(&mut self, e: &Expr) -> Val {
        let ty = e.ty.unwrap_or(Ty::Varchar);
        match &e.kind {
            Kind::Literal(l) => {
                let c = match l {
                    Literal::Bool(b) => Const::Bool(*b),
                    Literal::Int(v) => Const::Int(*v),
                    Literal::Float(v) => Const::Float(*v),
                    Literal::Text(t) => Const::Text(t.clone()),
                    Literal::Interval(i) => Const::Interval(*i),
                };
                self.constant(c)
            }
            Kind::Arith(op, l, r) => self.arith(*op, l, r, ty, e.span),
            Kind::Neg(x) => {
                let v = self.expr(x);
                if ty == Ty::Double {
                    return self.emit(Op::FNeg, vec![v], Repr::Float);
                }
                let fail = self.site_of(&out_of_range(ty), e.span);
                self.emit_or(Op::Neg(range(ty)), vec![v], Repr::Int, fail)
            }
            Kind::Cmp(op, l, r) => {
                let (l, r) = (self.expr(l), self.expr(r));
                self.emit(Op::Cmp(*op), vec![l, r], Repr::Bool)
            }
            Kind::And(l, r) => self.logic(Op::And, l, r),
            Kind::Or(l, r) => self.logic(Op::Or, l, r),
            Kind::Not(x) => {
                let v = self.expr(x);
                self.emit(Op::Not, vec![v], Repr::Bool)
            }
            Kind::IsNull(x) => {
                let v = self.expr(x);
                if self.nullable(v) {
                    self.emit_as(Op::IsNull, vec![v], Repr::Bool, false)
                } else {
                    self.constant(Const::Bool(false))
                }
            }
            Kind::Case(arms, or_else) => self.case(arms, or_else.as_deref(), ty),
            Kind::Cast(x, tried) => {
                let v = self.expr(x);
                let from = x.ty.unwrap_or(ty);
                let fail = match tried {
                    true => Fail::Null,
                    false => self.site_of(&cast_fails(from, ty), e.span),
                };
                self.cast(v, from, ty, fail)
            }
            Kind::Call(f, args) => {
                let mut values = Vec::new();
                for a in args {
                    values.push(self.expr(a));
                    if let (true, Some(Ty::Decimal { scale, .. })) = (f.scaled, a.ty) {
                        values.push(self.int(scale.into()));
                    }
                }
                if f.scaled && f.ret == ANY_DECIMAL {
                    values.push(self.int(scale(ty).into()));
                }
                let fail = if f.fails.is_empty() { Fail::Never } else { self.site_of(f.fails, e.span) };
                self.call(f.runtime, values, fail)
            }
            Kind::Form(form, args) => self.form(*form, args, e.span),
            Kind::WindowBound { time, size_ns, offset_ns, is_end } => {
                self.window_bound(time, *size_ns, *offset_ns, *is_end, e.span)
            }
            Kind::Column(_) | Kind::Null | Kind::Error => unreachable!("taken by `Builder::expr`"),
        }
    }

    /// AND, OR. Where the left side decides, errors of the right side do not count.
    fn logic(&mut self, op: Op, l: &Expr, r: &Expr) -> Val {
        let left = self.expr(l);
        let right = if r.can_fail() {
            let open = match op {
                // AND is decided by FALSE, OR by TRUE.
                Op::And => {
                    let not_left = self.emit(Op::Not, vec![left], Repr::Bool);
                    self.is_not_true(not_left)
                }
                _ => self.is_not_true(left),
            };
            self.guarded(open, |b| b.expr(r))
        } else {
            self.expr(r)
        };
        self.emit(op, vec![left, right], Repr::Bool)
    }

    fn case(&mut self, arms: &[(Expr, Expr)], or_else: Option<&Expr>, ty: Ty) -> Val {
        let Some(((condition, value), rest)) = arms.split_first() else {
            return match or_else {
                Some(e) => self.expr(e),
                None => self.emit_as(Op::Null, vec![], ty.repr(), true),
            };
        };
        let c = self.expr(condition);
        let later_fails = value.can_fail()
            || rest.iter().any(|(c, v)| c.can_fail() || v.can_fail())
            || or_else.is_some_and(Expr::can_fail);
        let (v, otherwise) = if later_fails {
            let taken = self.is_true(c);
            let not_taken = self.emit(Op::Not, vec![taken], Repr::Bool);
            (self.guarded(taken, |b| b.expr(value)), self.guarded(not_taken, |b| b.case(rest, or_else, ty)))
        } else {
            (self.expr(value), self.case(rest, or_else, ty))
        };
        // COALESCE: where the condition holds, the value is not NULL.
        let v = match &condition.kind {
            Kind::Not(inner)
                if matches!(&inner.kind, Kind::IsNull(x) if **x == *strip(value)) && self.nullable(v) =>
            {
                let repr = self.repr(v);
                self.emit_as(Op::Unwrap, vec![v], repr, false)
            }
            _ => v,
        };
        let nullable = self.nullable(v) || self.nullable(otherwise);
        self.emit_as(Op::Select, vec![c, v, otherwise], ty.repr(), nullable)
    }

    fn arith(&mut self, op: ArithOp, l: &Expr, r: &Expr, ty: Ty, span: Span) -> Val {
        let (a, b) = (self.expr(l), self.expr(r));
        let (from_l, from_r) = (l.ty.unwrap_or(ty), r.ty.unwrap_or(ty));
        if ty == Ty::Double {
            let op = match op {
                ArithOp::Add => Op::FAdd,
                ArithOp::Sub => Op::FSub,
                ArithOp::Mul => Op::FMul,
                ArithOp::Div | ArithOp::Rem => Op::FDiv,
            };
            return self.emit(op, vec![a, b], Repr::Float);
        }
        let fail = self.site_of(&out_of_range(ty), span);
        let (s1, s2) = (scale(from_l), scale(from_r));
        let (a, b) = match op {
            ArithOp::Add | ArithOp::Sub | ArithOp::Rem => {
                (self.upscale(a, s1, scale(ty), fail), self.upscale(b, s2, scale(ty), fail))
            }
            _ => (a, b),
        };
        match op {
            ArithOp::Add => self.emit_or(Op::Add(range(ty)), vec![a, b], Repr::Int, fail),
            ArithOp::Sub => self.emit_or(Op::Sub(range(ty)), vec![a, b], Repr::Int, fail),
            ArithOp::Mul => self.emit_or(Op::Mul(range(ty)), vec![a, b], Repr::Int, fail),
            ArithOp::Div => {
                let b = self.non_zero(b, r, span);
                match ty {
                    Ty::Decimal { .. } => {
                        let (s1, s2, out) =
                            (self.int(s1.into()), self.int(s2.into()), self.int(scale(ty).into()));
                        self.call("dec_div", vec![a, s1, b, s2, out], fail)
                    }
                    // Only −1 and 0 make a quotient that does not fit.
                    _ if is_literal_above_one(r) => self.emit(Op::Div(range(ty)), vec![a, b], Repr::Int),
                    _ => self.emit_or(Op::Div(range(ty)), vec![a, b], Repr::Int, fail),
                }
            }
            ArithOp::Rem => {
                if is_literal_above_one(r) {
                    return self.emit(Op::Rem, vec![a, b], Repr::Int);
                }
                let b = self.non_zero(b, r, span);
                let zero = self.site_of(DIVISION_BY_ZERO, span);
                self.emit_or(Op::Rem, vec![a, b], Repr::Int, zero)
            }
        }
    }

    /// A divisor, after a check that it is not zero.
    fn non_zero(&mut self, v: Val, e: &Expr, span: Span) -> Val {
        if matches!(e.kind, Kind::Literal(Literal::Int(x)) if x != 0) {
            return v;
        }
        let zero = self.site_of(DIVISION_BY_ZERO, span);
        self.emit_or(Op::NonZero, vec![v], Repr::Int, zero)
    }

    /// A mantissa with more digits after the point.
    fn upscale(&mut self, v: Val, from: u8, to: u8, fail: Fail) -> Val {
        if to <= from {
            return v;
        }
        let by = self.int(pow10(to - from));
        self.emit_or(Op::Mul(Range::Dec18), vec![v, by], Repr::Int, fail)
    }

    pub(super) fn cast(&mut self, v: Val, from: Ty, to: Ty, fail: Fail) -> Val {
        use Ty::*;
        match (from, to) {
            (a, b) if a == b => v,
            (Integer, Bigint) => v,
            (Bigint, Integer) => self.emit_or(Op::Fit(Range::I32), vec![v], Repr::Int, fail),
            (Integer | Bigint, Double) => self.emit(Op::IntToFloat, vec![v], Repr::Float),
            (Integer | Bigint, Decimal { precision, scale }) => {
                let m = match scale {
                    0 => self.emit_or(Op::Fit(Range::Dec18), vec![v], Repr::Int, fail),
                    _ => self.upscale(v, 0, scale, fail),
                };
                self.fit_digits(m, precision, fail)
            }
            (Integer, Boolean) => {
                let zero = self.int(0);
                self.emit(Op::Cmp(CmpOp::Ne), vec![v, zero], Repr::Bool)
            }
            (Boolean, Integer) => self.emit(Op::BoolToInt, vec![v], Repr::Int),
            (Decimal { scale: s1, .. }, Decimal { precision, scale: s2 }) => {
                let m = if s2 >= s1 {
                    self.upscale(v, s1, s2, fail)
                } else {
                    let (s1, s2) = (self.int(s1.into()), self.int(s2.into()));
                    self.call("dec_rescale", vec![v, s1, s2], fail)
                };
                self.fit_digits(m, precision, fail)
            }
            (Decimal { scale, .. }, Integer | Bigint) => {
                let s = self.int(scale.into());
                let i = self.call("dec_to_int", vec![v, s], fail);
                if to == Integer { self.emit_or(Op::Fit(Range::I32), vec![i], Repr::Int, fail) } else { i }
            }
            (Decimal { scale, .. }, Double) => {
                let s = self.int(scale.into());
                self.call("dec_to_float", vec![v, s], fail)
            }
            (Double, Integer) => self.call("float_to_i32", vec![v], fail),
            (Double, Bigint) => self.call("float_to_i64", vec![v], fail),
            (Double, Decimal { precision, scale }) => {
                let s = self.int(scale.into());
                let m = self.call("float_to_dec", vec![v, s], fail);
                self.fit_digits(m, precision, fail)
            }
            (_, Varchar) => match from {
                Boolean => self.call("bool_to_text", vec![v], fail),
                Double => self.call("float_to_text", vec![v], fail),
                Timestamp => self.call("ts_to_text", vec![v], fail),
                Interval => self.call("interval_to_text", vec![v], fail),
                Decimal { scale, .. } => {
                    let s = self.int(scale.into());
                    self.call("dec_to_text", vec![v, s], fail)
                }
                _ => self.call("int_to_text", vec![v], fail),
            },
            (Varchar, Boolean) => self.call("text_to_bool", vec![v], fail),
            (Varchar, Integer) => self.call("text_to_i32", vec![v], fail),
            (Varchar, Bigint) => self.call("text_to_i64", vec![v], fail),
            (Varchar, Double) => self.call("text_to_float", vec![v], fail),
            (Varchar, Timestamp) => self.call("text_to_ts", vec![v], fail),
            (Varchar, Interval) => self.call("text_to_interval", vec![v], fail),
            (Varchar, Decimal { precision, scale }) => {
                let s = self.int(scale.into());
                let m = self.call("text_to_dec", vec![v, s], fail);
                self.fit_digits(m, precision, fail)
            }
            _ => unreachable!("bind refuses a cast from {from} to {to}"),
        }
    }

    /// Checks that a mantissa has no more than `precision` digits: scaled up to 18 digits it must still fit.
    fn fit_digits(&mut self, m: Val, precision: u8, fail: Fail) -> Val {
        if precision >= 18 {
            return m;
        }
        let by = self.int(pow10(18 - precision));
        let scaled = self.emit_or(Op::Mul(Range::Dec18), vec![m, by], Repr::Int, fail);
        self.emit_or(Op::Div(Range::I64), vec![scaled, by], Repr::Int, fail)
    }

    /// `ts - floor_mod(ts - offset, size)`, and the size later for the end.
    fn window_bound(&mut self, time: &Expr, size_ns: i64, offset_ns: i64, is_end: bool, span: Span) -> Val {
        let fail = self.site_of("timestamp out of range", span);
        let ts = self.expr(time);
        let size = self.int(size_ns);
        let zero = self.int(0);
        let shifted = if offset_ns == 0 {
            ts
        } else {
            let offset = self.int(offset_ns);
            self.emit_or(Op::Sub(Range::I64), vec![ts, offset], Repr::Int, fail)
        };
        let rest = self.emit(Op::Rem, vec![shifted, size], Repr::Int);
        let negative = self.emit(Op::Cmp(CmpOp::Lt), vec![rest, zero], Repr::Bool);
        let wrapped = self.emit_or(Op::Add(Range::I64), vec![rest, size], Repr::Int, fail);
        let rest = self.emit(Op::Select, vec![negative, wrapped, rest], Repr::Int);
        let start = self.emit_or(Op::Sub(Range::I64), vec![ts, rest], Repr::Int, fail);
        if is_end { self.emit_or(Op::Add(Range::I64), vec![start, size], Repr::Int, fail) } else { start }
    }
}

fn is_literal_above_one(e: &Expr) -> bool {
    matches!(e.kind, Kind::Literal(Literal::Int(x)) if x > 1)
}

/// What a failed cast says.
pub(super) fn cast_fails(from: Ty, to: Ty) -> String {
    match from {
        Ty::Varchar => format!("text is not a value of type {to}"),
        _ => out_of_range(to),
    }
}

/// A value without the implicit cast that CASE may have put around it.
fn strip(e: &Expr) -> &Expr {
    match &e.kind {
        Kind::Cast(inner, false) => inner,
        _ => e,
    }
}
