//! All casts: from which type to which, by what steps, and what a failure says. One table drives the binder, all executors
//! and the documentation.
//!
//! An array is cast element by element, and to and from its text. Not here: which casts need no CAST (`bind::coerce`). PostgreSQL 17 has the same ones.

use crate::functions::TOO_LONG;
use laminar_runtime::scalar::FnId;
use laminar_runtime::schema::{Repr, Ty};

/// A step of a cast. `s` is the scale of the type it starts from, `t` that of the type it goes to; other types have 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// A function of the runtime of the value.
    Call(&'static str),
    /// A function of the value and `s`.
    From(&'static str),
    /// A function of the value and `t`.
    To(&'static str),
    /// A function of the value, `s` and `t`.
    Both(&'static str),
    /// An integer to the nearest float.
    Float,
    /// A Bool as 0 or 1.
    Int,
    /// Whether an integer is not zero.
    Bool,
    /// Checks that an integer is in the range of the type.
    Range,
    /// A mantissa of up to 18 digits at scale `t`.
    Scale,
    /// The same of up to 38 digits, from one of up to 18.
    Widen,
    /// Checks that a mantissa has no more digits than the type.
    Digits,
}

/// A cast.
#[derive(Debug)]
pub struct Cast {
    /// Type of the value; a DECIMAL stands for all that are held like it.
    pub from: Ty,
    /// Type of the result; a DECIMAL stands for all that are held like it.
    pub to: Ty,
    /// What is done. Nothing: both are held alike, and every value is one of the other type.
    pub steps: &'static [Step],
}

const DEC: Ty = Ty::Decimal { precision: 18, scale: 0 };
const WIDE: Ty = Ty::Decimal { precision: 38, scale: 0 };

macro_rules! casts {
    ($($($from:ident)|+ => $to:ident: $steps:tt;)*) => {
        /// The table.
        pub static CASTS: &[Cast] = {
            use Ty::*;
            #[allow(non_upper_case_globals)]
            const Dec: Ty = DEC;
            #[allow(non_upper_case_globals)]
            const Wide: Ty = WIDE;
            &[$($(Cast { from: $from, to: $to, steps: casts!(@steps $steps) }),+),*]
        };
    };
    (@steps [$($step:ident $(($function:literal))?),*]) => { &[$(Step::$step $(($function))?),*] };
}
casts! {
    Integer => Boolean: [Bool];
    Varchar => Boolean: [Call("text_to_bool")];

    Integer | Bigint => Smallint: [Range];
    Real | Double => Smallint: [Call("float_to_i16")];
    Dec => Smallint: [From("dec_to_int"), Range];
    Wide => Smallint: [From("wide_dec_to_int"), Range];
    Varchar => Smallint: [Call("text_to_i16")];

    Boolean => Integer: [Int];
    Smallint => Integer: [];
    Bigint => Integer: [Range];
    Real | Double => Integer: [Call("float_to_i32")];
    Dec => Integer: [From("dec_to_int"), Range];
    Wide => Integer: [From("wide_dec_to_int"), Range];
    Varchar => Integer: [Call("text_to_i32")];

    Smallint | Integer => Bigint: [];
    Real | Double => Bigint: [Call("float_to_i64")];
    Dec => Bigint: [From("dec_to_int")];
    Wide => Bigint: [From("wide_dec_to_int")];
    Varchar => Bigint: [Call("text_to_i64")];

    Smallint | Integer | Bigint => Real: [Call("int_to_real")];
    Double => Real: [Call("float_to_real")];
    Dec => Real: [From("dec_to_real")];
    Wide => Real: [From("wide_dec_to_real")];
    Varchar => Real: [Call("text_to_real")];

    Smallint | Integer | Bigint => Double: [Float];
    Real => Double: [];
    Dec => Double: [From("dec_to_float")];
    Wide => Double: [From("wide_dec_to_float")];
    Varchar => Double: [Call("text_to_float")];

    Smallint | Integer | Bigint => Dec: [Scale, Digits];
    Real => Dec: [To("real_to_dec"), Digits];
    Double => Dec: [To("float_to_dec"), Digits];
    Dec => Dec: [Scale, Digits];
    Wide => Dec: [Both("wide_rescale"), Call("wide_to_dec"), Digits];
    Varchar => Dec: [To("text_to_dec"), Digits];

    Smallint | Integer | Bigint => Wide: [Widen, Digits];
    Real => Wide: [To("real_to_wide"), Digits];
    Double => Wide: [To("float_to_wide"), Digits];
    Dec => Wide: [Widen, Digits];
    Wide => Wide: [Both("wide_rescale"), Digits];
    Varchar => Wide: [To("text_to_wide"), Digits];

    Boolean => Varchar: [Call("bool_to_text")];
    Smallint | Integer | Bigint => Varchar: [Call("int_to_text")];
    Real => Varchar: [Call("real_to_text")];
    Double => Varchar: [Call("float_to_text")];
    Dec => Varchar: [From("dec_to_text")];
    Wide => Varchar: [From("wide_to_text")];
    Timestamp => Varchar: [Call("ts_to_text")];
    Date => Varchar: [Call("date_to_text")];
    Time => Varchar: [Call("time_to_text")];
    Interval => Varchar: [Call("interval_to_text")];
    Uuid => Varchar: [Call("uuid_to_text")];
    Bytea => Varchar: [Call("bytes_to_text")];
    Json => Varchar: [];

    Date => Timestamp: [Call("date_to_ts")];
    Varchar => Timestamp: [Call("text_to_ts")];
    Timestamp => Date: [Call("ts_to_date")];
    Varchar => Date: [Call("text_to_date")];
    Timestamp => Time: [Call("ts_to_time")];
    Interval => Time: [Call("interval_to_time")];
    Varchar => Time: [Call("text_to_time")];
    Time => Interval: [Call("time_to_interval")];
    Varchar => Interval: [Call("text_to_interval")];

    Varchar => Uuid: [Call("text_to_uuid")];
    Varchar => Bytea: [Call("text_to_bytes")];
    Varchar => Json: [Call("text_to_json")];
}

/// The cast from one type to another, if there is one. From a type to itself there is one only between DECIMALs.
pub fn cast(from: Ty, to: Ty) -> Option<&'static Cast> {
    CASTS.iter().find(|c| alike(c.from, from) && alike(c.to, to))
}

/// Whether there is a cast: of the table, or of arrays.
pub fn exists(from: Ty, to: Ty) -> bool {
    match (from, to) {
        (Ty::Array(_), Ty::Varchar) | (Ty::Varchar, Ty::Array(_)) => true,
        (Ty::Array(from), Ty::Array(to)) => from == to || cast(from.ty(), to.ty()).is_some(),
        _ => cast(from, to).is_some(),
    }
}

/// Whether there is a cast, and a value may have none of the type.
pub fn can_fail(from: Ty, to: Ty) -> bool {
    match (from, to) {
        (Ty::Array(_), _) | (_, Ty::Array(_)) => from != to,
        _ => cast(from, to).is_some_and(|c| c.can_fail(from, to)),
    }
}

/// Whether two types are the same but for the digits of a DECIMAL that is held the same way.
fn alike(a: Ty, b: Ty) -> bool {
    std::mem::discriminant(&a) == std::mem::discriminant(&b) && a.repr() == b.repr()
}

impl Cast {
    /// Whether a value of `from` may have none of `to`; both are of this cast.
    pub fn can_fail(&self, from: Ty, to: Ty) -> bool {
        self.steps.iter().any(|step| match step {
            Step::Call(f) | Step::From(f) | Step::To(f) | Step::Both(f) => {
                FnId::by_name(f).is_some_and(|f| f.def().fallible)
            }
            Step::Range => true,
            Step::Scale | Step::Widen | Step::Digits => !fits(from, to),
            Step::Float | Step::Int | Step::Bool => false,
        })
    }
}

/// Digits before and after the point that values of an exact type have at most.
pub fn digits(ty: Ty) -> Option<(u8, u8)> {
    Some(match ty {
        Ty::Smallint => (5, 0),
        Ty::Integer => (10, 0),
        Ty::Bigint => (19, 0),
        Ty::Decimal { precision, scale } => (precision - scale, scale),
        _ => return None,
    })
}

/// Whether every value of the exact type `from`, rounded, has a value of the exact type `to`.
pub fn fits(from: Ty, to: Ty) -> bool {
    match (digits(from), digits(to)) {
        // What is cut off may round up to one more digit.
        (Some((whole, scale)), Some((room, kept))) => whole + (scale > kept) as u8 <= room,
        _ => false,
    }
}

/// What a failed cast says.
pub fn failure(from: Ty, to: Ty) -> String {
    match (from, to) {
        (Ty::Array(_) | Ty::Bytea, Ty::Varchar) => TOO_LONG.to_string(),
        (Ty::Varchar, _) => format!("text is not a value of type {to}"),
        (Ty::Array(_), Ty::Array(to)) => format!("an element is not a value of type {}", to.ty()),
        _ => out_of_range(to),
    }
}

/// What a result that its type does not have says.
pub fn out_of_range(ty: Ty) -> String {
    match ty {
        Ty::Decimal { .. } => match ty.repr() {
            Repr::Wide => "DECIMAL out of range (38 digits)".to_string(),
            _ => format!("{ty} out of range"),
        },
        _ => format!("{ty} out of range"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_fit_together() {
        for c in CASTS {
            let mut at = c.from.repr();
            for step in c.steps {
                at = match step {
                    Step::Call(name) | Step::From(name) | Step::To(name) | Step::Both(name) => {
                        let f = FnId::by_name(name).unwrap_or_else(|| panic!("{name}")).def();
                        let scales = match step {
                            Step::Call(_) => 0,
                            Step::Both(_) => 2,
                            _ => 1,
                        };
                        assert_eq!(f.args.len(), 1 + scales, "{name}");
                        assert_eq!(f.args[0], at, "{name} of {} to {}", c.from, c.to);
                        f.ret
                    }
                    Step::Float => Repr::Float,
                    Step::Int | Step::Range | Step::Scale => Repr::Int,
                    Step::Bool => Repr::Bool,
                    Step::Widen => Repr::Wide,
                    Step::Digits => at,
                };
            }
            assert_eq!(at, c.to.repr(), "{} to {}", c.from, c.to);
        }
    }

    #[test]
    fn every_type_is_a_text_and_each_cast_is_once() {
        for &ty in Ty::PLAIN.iter().chain(&[DEC, WIDE]) {
            if ty != Ty::Varchar {
                let to = cast(ty, Ty::Varchar).unwrap_or_else(|| panic!("{ty} has no text"));
                assert_eq!(to.can_fail(ty, Ty::Varchar), ty == Ty::Bytea, "{ty}: only that may be too long");
                assert!(cast(Ty::Varchar, ty).is_some_and(|c| c.can_fail(Ty::Varchar, ty)), "{ty}");
            }
        }
        for (i, c) in CASTS.iter().enumerate() {
            let same = |o: &&Cast| alike(o.from, c.from) && alike(o.to, c.to);
            assert_eq!(CASTS.iter().position(|o| same(&o)), Some(i), "{} to {}", c.from, c.to);
        }
    }

    #[test]
    fn what_fits() {
        let dec = |precision, scale| Ty::Decimal { precision, scale };
        let check = |from, to, expected| assert_eq!(fits(from, to), expected, "{from} to {to}");
        check(dec(10, 2), dec(12, 4), true);
        check(dec(10, 2), dec(11, 4), false);
        check(dec(10, 2), dec(8, 0), false);
        check(dec(10, 2), dec(9, 0), true);
        check(Ty::Integer, dec(18, 8), true);
        check(Ty::Bigint, dec(18, 0), false);
        check(Ty::Bigint, dec(38, 19), true);
        check(Ty::Double, dec(38, 0), false);
    }
}
