//! Which arguments aggregate functions take, and what they give.

use super::Binder;
use super::coerce::{decimal, is_number, is_unknown};
use crate::diagnostic::{Diagnostic, Span, code};
use crate::plan::AggregateFn;
use crate::plan::expr::Expr;
use laminar_runtime::schema::{DECIMAL_DIGITS_MAX, Repr, Ty};

impl Binder<'_> {
    /// Result type, and the arguments brought to types that the function takes.
    pub(super) fn aggregate_type(
        &mut self,
        function: AggregateFn,
        args: Vec<Expr>,
        span: Span,
    ) -> Option<(Ty, Vec<Expr>)> {
        use AggregateFn::*;
        let none = match function {
            Count | CountIf | BoolAnd | BoolOr => Ty::Boolean,
            Sum | Min | Max | BitAnd | BitOr | BitXor => Ty::Bigint,
            AnyValue | FirstValue | LastValue | ArgMin | ArgMax | PercentileDisc | Mode | StringAgg
            | ArrayAgg => Ty::Varchar,
            _ => Ty::Double,
        };
        let of_numbers = matches!(none, Ty::Double) || matches!(function, Sum);
        let of_bits = matches!(function, BitAnd | BitOr | BitXor);
        let of_floats = matches!(function, Median | PercentileCont);
        let spread = matches!(function, VarPop | VarSamp | StddevPop | StddevSamp);
        let pairs = function.def().args.len() == 2 && !function.picks() && function != StringAgg;
        let mut typed = Vec::new();
        for arg in args {
            let arg = match arg.ty {
                None => self.coerced(arg, none),
                Some(_) if is_unknown(&arg) && none == Ty::Boolean && function != Count => {
                    self.coerced(arg, Ty::Boolean)
                }
                Some(ty) if of_floats && is_number(ty) => self.coerced(arg, Ty::Double),
                Some(_) if is_unknown(&arg) && of_bits => self.coerced(arg, Ty::Bigint),
                Some(_) if is_unknown(&arg) && of_numbers => self.coerced(arg, Ty::Double),
                Some(ty) if pairs && is_number(ty) => self.coerced(arg, Ty::Double),
                // Squares of more than 18 digits are those of the nearest DOUBLE.
                Some(ty) if spread && ty.repr() == Repr::Wide => self.coerced(arg, Ty::Double),
                Some(_) => arg,
            };
            if arg.is_error() {
                return None;
            }
            typed.push(arg);
        }
        let have: Vec<Ty> = typed.iter().filter_map(|a| a.ty).collect();
        let ty = match (function, have.as_slice()) {
            (Count, _) => Ty::Bigint,
            (CountIf, [Ty::Boolean]) => Ty::Bigint,
            (BoolAnd | BoolOr, [Ty::Boolean]) => Ty::Boolean,
            (BitAnd | BitOr | BitXor, [of]) if of.is_integer() => *of,
            (Sum, [of]) if of.is_integer() => Ty::Bigint,
            (Sum, [Ty::Decimal { scale, .. }]) => {
                Ty::Decimal { precision: DECIMAL_DIGITS_MAX, scale: *scale }
            }
            (Sum, [of @ (Ty::Real | Ty::Double)]) => *of,
            (Avg, [Ty::Decimal { precision, scale }]) => decimal(precision - scale, (*scale).max(6)),
            (Avg | VarPop | VarSamp | StddevPop | StddevSamp, [of]) if is_number(*of) => Ty::Double,
            (Min | Max, [of]) if has_extremes(*of) => *of,
            (CovarPop | CovarSamp | Corr | RegrSlope | RegrIntercept | RegrR2, [Ty::Double, Ty::Double]) => {
                Ty::Double
            }
            (RegrCount, [Ty::Double, Ty::Double]) => Ty::Bigint,
            (AnyValue | FirstValue | LastValue, [of]) => *of,
            (PercentileDisc | Mode, [of]) if *of != Ty::Interval && of.is_ordered() => *of,
            (Median | PercentileCont, [Ty::Double]) => Ty::Double,
            (StringAgg, [Ty::Varchar, Ty::Varchar]) => Ty::Varchar,
            (ArrayAgg, [of]) if !of.is_array() => of.element().map_or(*of, Ty::Array),
            (ArgMin | ArgMax, [of, by]) if *by != Ty::Interval && by.is_ordered() => *of,
            _ => {
                let have: Vec<String> = have.iter().map(Ty::to_string).collect();
                let d = Diagnostic::error(
                    code::FUNCTION_ARGUMENTS,
                    span,
                    format!("function {}({}) does not exist", function.name(), have.join(", ")),
                );
                self.fail(match have.as_slice() {
                    [one] => d.label(format!("the argument is {one}")),
                    _ => d.label(format!("the arguments are {}", have.join(" and "))),
                });
                return None;
            }
        };
        Some((ty, typed))
    }
}

/// Whether MIN and MAX take the type: those that PostgreSQL takes, but INTERVAL.
fn has_extremes(ty: Ty) -> bool {
    !matches!(ty, Ty::Boolean | Ty::Interval | Ty::Uuid | Ty::Bytea | Ty::Json | Ty::Array(_))
}
