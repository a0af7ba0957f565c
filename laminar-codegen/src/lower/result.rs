//! From accumulators to the results of aggregate calls: instructions over the parts of a group row.

use super::aggregate::ResultOf;
use super::build::Builder;
use crate::bind::coerce::scale;
use crate::casts::out_of_range;
use crate::functions::TOO_LONG;
use crate::ir::readable_parts;
use crate::plan::AggregateFn;
use crate::sir::{CmpOp, Const, Fail, Op, Val};
use laminar_runtime::plan::AccOp;
use laminar_runtime::schema::{Repr, Ty};

impl Builder<'_, '_> {
    /// An output column of a group node: a bound of the window, a key, or the result of a call.
    pub(super) fn result(&mut self, g: usize, index: usize) -> Val {
        let build = &self.lowering.groups[g];
        let first_key = if build.windowed { 2 } else { 0 };
        if index < first_key {
            let op = if index == 0 { Op::WindowStart } else { Op::WindowEnd };
            return self.emit_as(op, vec![], Repr::Int, false);
        }
        let keys = build.plan.keys.len();
        if index < first_key + keys {
            return self.part(index - first_key);
        }
        let result = build.results[index - first_key - keys].clone();
        self.call_result(g, &result)
    }

    /// The first part of a call's `n`-th accumulator in the group row.
    fn part_of(&self, g: usize, r: &ResultOf, n: usize) -> usize {
        let plan = &self.lowering.groups[g].plan;
        let before = &plan.accumulators[..r.accumulators[n]];
        plan.keys.len() + before.iter().map(readable_parts).sum::<usize>()
    }

    /// The value of a call's `n`-th accumulator.
    fn acc(&mut self, g: usize, r: &ResultOf, n: usize) -> Val {
        let at = self.part_of(g, r, n);
        self.part(at)
    }

    /// Part `part` of a call's first accumulator.
    fn acc_part(&mut self, g: usize, r: &ResultOf, part: usize) -> Val {
        let at = self.part_of(g, r, 0);
        self.part(at + part)
    }

    fn call_result(&mut self, g: usize, r: &ResultOf) -> Val {
        use AggregateFn::*;
        if matches!(r.function, Count | CountIf | RegrCount) {
            return self.acc(g, r, 0);
        }
        // Where there is no value, the result is NULL and nothing can fail.
        let (count, least) = match r.function {
            _ if !r.nullable => (None, 0),
            Sum | Avg | BitAnd | BitOr | BitXor => (Some(self.acc(g, r, 1)), 0),
            BoolAnd | BoolOr => (Some(self.acc(g, r, 0)), 0),
            VarSamp | StddevSamp | CovarSamp => (Some(self.acc(g, r, r.accumulators.len() - 1)), 1),
            VarPop | StddevPop | CovarPop | Corr | RegrSlope | RegrIntercept | RegrR2 => {
                (Some(self.acc(g, r, r.accumulators.len() - 1)), 0)
            }
            // Value and flag.
            _ => (Some(self.acc_part(g, r, 1)), 0),
        };
        let Some(count) = count else { return self.value_of(g, r) };
        let least = self.int(least);
        let some = self.emit(Op::Cmp(CmpOp::Gt), vec![count, least], Repr::Bool);
        let value = self.guarded(some, |b| b.value_of(g, r));
        let repr = self.repr(value);
        self.emit_as(Op::NullUnless, vec![value, some], repr, true)
    }

    fn value_of(&mut self, g: usize, r: &ResultOf) -> Val {
        use AggregateFn::*;
        match r.function {
            Sum | Avg => self.sum(g, r),
            BoolAnd | BoolOr => {
                let (all, is_true) = (self.acc(g, r, 0), self.acc(g, r, 1));
                match r.function {
                    BoolAnd => self.emit(Op::Cmp(CmpOp::Eq), vec![all, is_true], Repr::Bool),
                    _ => {
                        let zero = self.int(0);
                        self.emit(Op::Cmp(CmpOp::Gt), vec![is_true, zero], Repr::Bool)
                    }
                }
            }
            BitAnd => {
                let bits = self.acc(g, r, 0);
                self.call("bit_not", vec![bits], Fail::Never)
            }
            VarPop | VarSamp | StddevPop | StddevSamp => self.spread(g, r),
            CovarPop | CovarSamp | Corr | RegrSlope | RegrIntercept | RegrR2 => self.pairs(g, r),
            StringAgg => {
                let fail = self.site_of(TOO_LONG, r.span);
                let text = self.acc(g, r, 0);
                self.call("text_joined", vec![text], fail)
            }
            ArrayAgg => {
                let fail = self.site_of(TOO_LONG, r.span);
                let array = self.acc(g, r, 0);
                self.call("array_joined", vec![array], fail)
            }
            _ => self.acc(g, r, 0),
        }
    }

    fn sum(&mut self, g: usize, r: &ResultOf) -> Val {
        let op = self.lowering.groups[g].plan.accumulators[r.accumulators[0]].op;
        let first = self.acc(g, r, 0);
        let is_avg = r.function == AggregateFn::Avg;
        match (op, r.ty) {
            (AccOp::SumInt, Ty::Decimal { scale: out, .. }) if is_avg => {
                let n = self.acc(g, r, 1);
                let fail = self.site_of(&out_of_range(r.ty), r.span);
                let (s, out) = (self.int(scale(r.arg).into()), self.int(out.into()));
                let name = if r.ty.repr() == Repr::Wide { "wide_avg" } else { "wide_avg_dec" };
                self.call(name, vec![first, n, s, out], fail)
            }
            (AccOp::SumWide, _) => {
                let fail = self.site_of(&out_of_range(r.ty), r.span);
                let high = self.acc_part(g, r, 1);
                if !is_avg {
                    return self.call("wide_sum", vec![first, high], fail);
                }
                let n = self.acc(g, r, 1);
                let (s, out) = (self.int(scale(r.arg).into()), self.int(scale(r.ty).into()));
                self.call("wide_sum_avg", vec![first, high, n, s, out], fail)
            }
            (AccOp::SumInt, _) if is_avg => {
                let n = self.acc(g, r, 1);
                self.call("wide_avg_float", vec![first, n], Fail::Never)
            }
            (AccOp::SumInt, _) => {
                // 18 digits, fewer than 2^63 times.
                if r.ty.repr() == Repr::Wide {
                    return first;
                }
                let fail = self.site_of(&out_of_range(r.ty), r.span);
                self.call("wide_to_i64", vec![first], fail)
            }
            _ => {
                let sum = match op {
                    AccOp::SumFloatExact => {
                        let parts = (0..7).map(|i| self.acc_part(g, r, i)).collect();
                        self.call("float_sum_exact", parts, Fail::Never)
                    }
                    _ => first,
                };
                if !is_avg {
                    return match r.ty {
                        Ty::Real => self.emit(Op::RoundReal, vec![sum], Repr::Float),
                        _ => sum,
                    };
                }
                let n = self.acc(g, r, 1);
                self.call("float_avg", vec![sum, n], Fail::Never)
            }
        }
    }

    /// A variance or its root.
    fn spread(&mut self, g: usize, r: &ResultOf) -> Val {
        use AggregateFn::*;
        let less = self.int(matches!(r.function, VarSamp | StddevSamp).into());
        let (moment, n, apart) = if r.arg.is_float() {
            let n = self.acc_part(g, r, 0);
            let [sum, sum_rest, squares, squares_rest] = [2, 3, 4, 5].map(|i| self.acc_part(g, r, i));
            let (apart, large) = (self.acc_part(g, r, 6), self.acc_part(g, r, 7));
            self.moments_fit(large, apart, r);
            let args = vec![n, sum, sum_rest, sum, sum_rest, squares, squares_rest];
            (self.call("co_moment", args, Fail::Never), n, apart)
        } else {
            let (sum, squares) = (self.acc(g, r, 0), self.acc(g, r, 1));
            let high = self.part_of(g, r, 1) + 1;
            let (high, n) = (self.part(high), self.acc(g, r, 2));
            let moment = self.call("wide_moment", vec![sum, squares, high, n], Fail::Never);
            (moment, n, self.int(0))
        };
        let mut value = self.call("variance", vec![moment, n, less, apart], Fail::Never);
        let digits = i32::from(scale(r.arg));
        let is_root = matches!(r.function, StddevPop | StddevSamp);
        if is_root {
            value = self.call("deviation", vec![value], Fail::Never);
        }
        if digits > 0 {
            // Of mantissas: the variance is in units of their square.
            let unit = 10_f64.powi(if is_root { digits } else { 2 * digits });
            let unit = self.constant(Const::Float(unit));
            value = self.emit(Op::FDiv, vec![value, unit], Repr::Float);
        }
        value
    }

    /// Raises an error where values are too large for their squares to be added up; gives that error.
    fn moments_fit(&mut self, large: Val, apart: Val, r: &ResultOf) -> Fail {
        let fail = self.site_of(&out_of_range(Ty::Double), r.span);
        self.call("moments_fit", vec![large, apart], fail);
        fail
    }

    /// What pairs amount to.
    fn pairs(&mut self, g: usize, r: &ResultOf) -> Val {
        use AggregateFn::*;
        let n = self.acc_part(g, r, 0);
        let (apart, large) = (self.acc_part(g, r, 13), self.acc_part(g, r, 14));
        let beyond = self.moments_fit(large, apart, r);
        // Sums of x, of y; of xx, yy, xy.
        let mut moment = |x: usize, y: usize, xy: usize| {
            let parts = [x, x + 1, y, y + 1, xy, xy + 1].map(|i| self.acc_part(g, r, i));
            self.call("co_moment", [&[n], &parts[..]].concat(), Fail::Never)
        };
        let xy = moment(3, 5, 11);
        match r.function {
            CovarPop | CovarSamp => {
                let less = self.int((r.function == CovarSamp).into());
                self.call("covariance", vec![xy, n, less, apart], Fail::Never)
            }
            Corr | RegrR2 => {
                let (xx, yy) = (moment(3, 3, 7), moment(5, 5, 9));
                let name = if r.function == Corr { "correlation" } else { "regression_r2" };
                self.call(name, vec![xy, xx, yy, apart], Fail::Null)
            }
            _ => {
                let xx = moment(3, 3, 7);
                let slope = self.call("regression_slope", vec![xy, xx, apart], Fail::Null);
                if r.function == RegrSlope {
                    return slope;
                }
                let [first_x, first_y, x, y] = [1, 2, 3, 5].map(|i| self.acc_part(g, r, i));
                self.call("regression_intercept", vec![slope, first_x, x, first_y, y, n], beyond)
            }
        }
    }
}
