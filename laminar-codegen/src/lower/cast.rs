//! Instructions for casts, by the steps of the table, and for bringing decimals to a scale.

use super::build::Builder;
use crate::casts::{self, Step, digits, fits};
use crate::functions::TOO_LONG;
use crate::sir::{CmpOp, Fail, Op, Range, Val};
use laminar_runtime::schema::{DECIMAL_DIGITS_MAX, NARROW_DIGITS, Repr, Ty};

/// Digits of the largest power of ten that an `i64` holds.
const POW10_DIGITS: u8 = 18;

/// The range of integers of a type.
pub(super) fn range(ty: Ty) -> Range {
    match ty {
        Ty::Smallint => Range::I16,
        Ty::Integer => Range::I32,
        Ty::Decimal { .. } => Range::Dec18,
        _ => Range::I64,
    }
}

const fn pow10(digits: u8) -> i64 {
    10i64.pow(digits as u32)
}

/// Digits before and after the point; none for what is no exact number.
fn parts(ty: Ty) -> (u8, u8) {
    digits(ty).unwrap_or((DECIMAL_DIGITS_MAX, 0))
}

impl Builder<'_, '_> {
    /// `v` as a value of another type; `fail` is what happens where there is none.
    pub(super) fn cast(&mut self, v: Val, from: Ty, to: Ty, fail: Fail) -> Val {
        if from == to {
            return v;
        }
        match (from, to) {
            (Ty::Array(from), Ty::Array(to)) => {
                let (from, to) = (self.int(from.code()), self.int(to.code()));
                let array = self.call("array_cast", vec![v, from, to], fail);
                return self.not_too_long(array, fail);
            }
            (Ty::Array(element), _) => {
                let code = self.int(element.code());
                return self.call("array_to_text", vec![v, code], fail);
            }
            (_, Ty::Array(element)) => {
                let code = self.int(element.code());
                let array = self.call("text_to_array", vec![v, code], fail);
                return self.not_too_long(array, fail);
            }
            _ => {}
        }
        let Some(cast) = casts::cast(from, to) else {
            unreachable!("bind refuses a cast from {from} to {to}");
        };
        let (s, t) = (parts(from).1, parts(to).1);
        cast.steps.iter().fold(v, |v, step| match step {
            Step::Call(name) => self.call(name, vec![v], fail),
            Step::From(name) => {
                let s = self.int(s.into());
                self.call(name, vec![v, s], fail)
            }
            Step::To(name) => {
                let t = self.int(t.into());
                self.call(name, vec![v, t], fail)
            }
            // Equal scales: nothing to do.
            Step::Both(_) if s == t => v,
            Step::Both(name) => {
                let (s, t) = (self.int(s.into()), self.int(t.into()));
                self.call(name, vec![v, s, t], fail)
            }
            Step::Float => self.emit(Op::IntToFloat, vec![v], Repr::Float),
            Step::Int => self.emit(Op::BoolToInt, vec![v], Repr::Int),
            Step::Bool => {
                let zero = self.int(0);
                self.emit(Op::Cmp(CmpOp::Ne), vec![v, zero], Repr::Bool)
            }
            Step::Range => self.emit_or(Op::Fit(range(to)), vec![v], Repr::Int, fail),
            Step::Scale => self.scaled(v, from, t, fail),
            Step::Widen => self.widened(v, from, t, fail),
            Step::Digits if fits(from, to) => v,
            Step::Digits => self.fit_digits(v, to, fail),
        })
    }

    /// The array; where it is too long, that and not `fail` is what is said.
    fn not_too_long(&mut self, array: Val, fail: Fail) -> Val {
        let fail = match fail {
            Fail::Site(site) => Fail::Site(self.site_again(TOO_LONG, site)),
            other => other,
        };
        self.call("array_joined", vec![array], fail)
    }

    /// A mantissa of up to 18 digits with `scale` digits after the point, rounded half away from zero.
    pub(super) fn scaled(&mut self, v: Val, from: Ty, scale: u8, fail: Fail) -> Val {
        let (whole, s) = parts(from);
        if scale < s {
            let (s, t) = (self.int(s.into()), self.int(scale.into()));
            return self.call("dec_rescale", vec![v, s, t], fail);
        }
        let surely = whole + scale <= NARROW_DIGITS;
        match (scale - s, surely) {
            (0, true) => v,
            (0, false) => self.emit_or(Op::Fit(Range::Dec18), vec![v], Repr::Int, fail),
            (tens, _) => {
                let by = self.int(pow10(tens));
                match surely {
                    true => self.emit(Op::Mul(Range::I64), vec![v, by], Repr::Int),
                    false => self.emit_or(Op::Mul(Range::Dec18), vec![v, by], Repr::Int, fail),
                }
            }
        }
    }

    /// A mantissa of up to 38 digits with `scale` digits after the point, rounded half away from zero.
    pub(super) fn widened(&mut self, v: Val, from: Ty, scale: u8, fail: Fail) -> Val {
        let (_, s) = parts(from);
        if from.repr() == Repr::Wide {
            if s == scale {
                return v;
            }
            let (s, t) = (self.int(s.into()), self.int(scale.into()));
            return self.call("wide_rescale", vec![v, s, t], fail);
        }
        if scale < s {
            let narrow = self.scaled(v, from, scale, fail);
            return self.emit(Op::Widen, vec![narrow], Repr::Wide);
        }
        match scale - s {
            0 => self.emit(Op::Widen, vec![v], Repr::Wide),
            // 19 digits and 18 zeros: never above 38.
            tens @ 1..=POW10_DIGITS => {
                let by = self.int(pow10(tens));
                self.emit(Op::MulWide, vec![v, by], Repr::Wide)
            }
            tens => {
                let tens = self.int(tens.into());
                self.call("widen", vec![v, tens], fail)
            }
        }
    }

    /// Checks that a mantissa has no more digits than the type: scaled up to 18 digits it must still fit.
    fn fit_digits(&mut self, m: Val, ty: Ty, fail: Fail) -> Val {
        let Ty::Decimal { precision, .. } = ty else { return m };
        if ty.repr() == Repr::Wide {
            if precision == DECIMAL_DIGITS_MAX {
                return m;
            }
            let digits = self.int(precision.into());
            return self.call("wide_fit", vec![m, digits], fail);
        }
        if precision == NARROW_DIGITS {
            return m;
        }
        let by = self.int(pow10(NARROW_DIGITS - precision));
        let scaled = self.emit_or(Op::Mul(Range::Dec18), vec![m, by], Repr::Int, fail);
        self.emit_or(Op::Div(Range::I64), vec![scaled, by], Repr::Int, fail)
    }
}
