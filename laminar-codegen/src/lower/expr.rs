//! Instructions for typed expressions and casts.

use super::build::Builder;
use crate::bind::coerce::scale;
use crate::casts::failure;
use crate::diagnostic::Span;
use crate::functions::{ANY_DECIMAL, ANY_WIDE, NONE_IS_NULL};
use crate::plan::expr::{Expr, Kind, Literal};
use crate::sir::{CmpOp, Const, Fail, Op, Range, Val};
use laminar_runtime::schema::{Repr, Ty};

impl Builder<'_, '_> {
    pub(super) fn compute(&mut self, e: &Expr) -> Val {
        let ty = e.ty.unwrap_or(Ty::Varchar);
        match &e.kind {
            Kind::Literal(l) => {
                let c = match l {
                    Literal::Bool(b) => Const::Bool(*b),
                    Literal::Int(v) => Const::Int(*v),
                    Literal::Wide(v) => Const::Wide(*v),
                    Literal::Float(v) => Const::Float(*v),
                    Literal::Text(t) => Const::Text(t.clone()),
                    Literal::Bytes(b) => Const::Bytes(b.clone()),
                    Literal::Interval(i) => Const::Interval(*i),
                };
                self.constant(c)
            }
            Kind::Arith(op, l, r) => self.arith(*op, l, r, ty, e.span),
            Kind::Neg(x) => self.negated(x, ty, e.span),
            Kind::Cmp(op, l, r) => self.comparison(*op, l, r),
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
                    false => self.site_of(&failure(from, ty), e.span),
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
                if f.scaled && matches!(f.ret, ANY_DECIMAL | ANY_WIDE) {
                    values.push(self.int(scale(ty).into()));
                }
                let fail = match f.fails {
                    "" => Fail::Never,
                    NONE_IS_NULL => Fail::Null,
                    what => self.site_of(what, e.span),
                };
                self.call(f.runtime, values, fail)
            }
            Kind::Rust(f, args) => {
                let values = args.iter().map(|a| self.expr(a)).collect();
                let fail = self.site_of(&format!("{} failed", f.name), e.span);
                self.call_rust(f, values, fail)
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
                if matches!(&inner.kind, Kind::IsNull(x) if **x == *value || **x == *strip(value))
                    && self.nullable(v) =>
            {
                let repr = self.repr(v);
                self.emit_as(Op::Unwrap, vec![v], repr, false)
            }
            _ => v,
        };
        let nullable = self.nullable(v) || self.nullable(otherwise);
        self.emit_as(Op::Select, vec![c, v, otherwise], ty.repr(), nullable)
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

/// A value without the implicit cast that CASE may have put around it.
fn strip(e: &Expr) -> &Expr {
    match &e.kind {
        Kind::Cast(inner, false) => inner,
        _ => e,
    }
}
