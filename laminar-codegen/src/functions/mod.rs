//! The scalar functions of SQL: one table drives typing, all executors and the documentation.
//!
//! Each line names the runtime function that computes it. Operators and casts are not here: `bind` types them, `lower` picks
//! their instructions.

mod array;
mod bytea;
mod date;
mod forms;
mod json;
mod listing;
mod math;
mod rust_fn;
mod text;
mod time;
mod wide;

pub(crate) use array::ARRAY_KEY;
pub use forms::{FORMS, FormDoc};
use laminar_runtime::schema::{Element, Ty};
pub use listing::{Line, listing, markdown};
pub use rust_fn::RustFn;

/// One signature of a scalar function.
#[derive(Debug)]
pub struct ScalarFn {
    /// SQL name, lower case, or an operator. Several lines may share it.
    pub name: &'static str,
    /// A word in the place of an argument: the field of `extract`, the unit of `date_trunc`.
    pub variant: Option<&'static str>,
    /// Types of the arguments; [`ANY_DECIMAL`] is a DECIMAL of any scale.
    pub args: &'static [Ty],
    /// Type of the result; [`ANY_DECIMAL`] is that of the first argument, or with fewer digits after the point where a
    /// literal asks for them.
    pub ret: Ty,
    /// Name in `laminar_runtime::scalar`.
    pub runtime: &'static str,
    /// Whether the runtime function takes the scale of each DECIMAL after its mantissa, and last the scale of the
    /// result if that is [`ANY_DECIMAL`].
    pub scaled: bool,
    /// What a run-time error of it says; [`NONE_IS_NULL`] where no result is no error.
    pub fails: &'static str,
    /// One line for people.
    pub doc: &'static str,
    /// An expression that is true.
    pub example: &'static str,
}

impl ScalarFn {
    /// Whether it is written as an operator.
    pub fn is_operator(&self) -> bool {
        !self.name.starts_with(|c: char| c.is_ascii_alphabetic()) || self.name.contains(' ')
    }

    /// How it is written: `substr(VARCHAR, BIGINT) → VARCHAR`.
    pub fn signature(&self) -> String {
        let name = |ty: &Ty| match *ty {
            ANY_DECIMAL | ANY_WIDE => "DECIMAL".to_string(),
            ANY_ARRAY => "ARRAY".to_string(),
            ANY_ELEMENT => "element".to_string(),
            _ => ty.to_string(),
        };
        let args: Vec<String> = self.args.iter().map(name).collect();
        let ret = name(&self.ret);
        let symbol = match self.name.split_once(" AT ") {
            Some(_) => Some("AT TIME ZONE"),
            None => self.name.split(' ').find(|w| !w.starts_with(|c: char| c.is_ascii_alphabetic())),
        };
        match (symbol, args.as_slice(), self.variant) {
            (Some(symbol), [x], _) => format!("{symbol} {x} → {ret}"),
            (Some(symbol), [a, b], _) => format!("{a} {symbol} {b} → {ret}"),
            (_, [x], Some(field)) if self.name == "extract" => {
                format!("EXTRACT({} FROM {x}) → {ret}", field.to_ascii_uppercase())
            }
            (_, _, Some(word)) => format!("{}('{word}', {}) → {ret}", self.name, args.join(", ")),
            _ => format!("{}({}) → {ret}", self.name, args.join(", ")),
        }
    }
}

impl PartialEq for ScalarFn {
    fn eq(&self, other: &ScalarFn) -> bool {
        std::ptr::eq(self, other)
    }
}

/// In a signature: a DECIMAL above 18 digits, of whatever scale.
pub const ANY_WIDE: Ty = Ty::Decimal { precision: 39, scale: 0 };

/// In a signature: a DECIMAL of up to 18 digits, of whatever scale.
pub const ANY_DECIMAL: Ty = Ty::Decimal { precision: 0, scale: 0 };

/// In a signature: an array of whatever type.
pub const ANY_ARRAY: Ty = Ty::Array(Element::Decimal { precision: 0, scale: 0 });

/// In a signature: a value of the type of the array's elements, handed over as an array of it alone.
pub const ANY_ELEMENT: Ty = Ty::Array(Element::Decimal { precision: 0, scale: 1 });

/// In the place of an error: where the runtime function gives nothing, the result is NULL.
pub const NONE_IS_NULL: &str = "NULL";

/// What a result says that is longer than [`laminar_runtime::scalar::RESULT_BYTES_MAX`].
pub const TOO_LONG: &str = "result is longer than 16 MiB";

const BOOL: Ty = Ty::Boolean;
const TEXT: Ty = Ty::Varchar;
const INT2: Ty = Ty::Smallint;
const INT4: Ty = Ty::Integer;
const INT: Ty = Ty::Bigint;
const FLOAT: Ty = Ty::Double;
const DEC: Ty = ANY_DECIMAL;
const WHOLE: Ty = dec(0);
const WIDE: Ty = ANY_WIDE;
const WIDE_WHOLE: Ty = Ty::Decimal { precision: 38, scale: 0 };
const TIME: Ty = Ty::Timestamp;
const SPAN: Ty = Ty::Interval;
const DAY: Ty = Ty::Date;
const CLOCK: Ty = Ty::Time;
const BYTES: Ty = Ty::Bytea;
const JSON: Ty = Ty::Json;
const TEXTS: Ty = Ty::Array(Element::Varchar);
const fn dec(scale: u8) -> Ty {
    Ty::Decimal { precision: 18, scale }
}

/// A line is `name [variant] (arguments) -> result, runtime function [scaled], what its error says, documentation, example;`.
macro_rules! functions {
    ($($name:literal $([$variant:literal])? ($($arg:expr),*) -> $ret:expr, $runtime:literal $($scaled:ident)?, $fails:expr, $doc:literal, $example:literal;)*) => {
        pub(super) static FUNCTIONS: &[$crate::functions::ScalarFn] = &[$($crate::functions::ScalarFn {
            name: $name,
            variant: functions!(@variant $($variant)?),
            args: &[$($arg),*],
            ret: $ret,
            runtime: $runtime,
            scaled: functions!(@scaled $($scaled)?),
            fails: $fails,
            doc: $doc,
            example: $example,
        }),*];
    };
    (@variant $v:literal) => { Some($v) };
    (@variant) => { None };
    (@scaled scaled) => { true };
    (@scaled) => { false };
}
use functions;

/// The tables, with a heading each.
pub static GROUPS: &[(&str, &[ScalarFn])] = &[
    ("Numbers", math::FUNCTIONS),
    ("Numbers of more than 18 digits", wide::FUNCTIONS),
    ("Text", text::FUNCTIONS),
    ("Time", time::FUNCTIONS),
    ("Dates and times of day", date::FUNCTIONS),
    ("Bytes", bytea::FUNCTIONS),
    ("JSON", json::FUNCTIONS),
    ("Arrays", array::FUNCTIONS),
];

/// Every signature.
pub fn all() -> impl Iterator<Item = &'static ScalarFn> {
    GROUPS.iter().flat_map(|(_, functions)| functions.iter())
}

/// The first signature of a name, such as `timestamp + interval`.
///
/// # Panics
/// If the table has none.
pub fn operator(name: &str) -> &'static ScalarFn {
    all().find(|f| f.name == name).expect("the table has what bind names")
}

/// The signature of an operator between operands of these types, such as `date + integer`; integers go to BIGINT by themselves,
/// numbers to DOUBLE.
pub fn infix(symbol: &str, a: Ty, b: Ty) -> Option<&'static ScalarFn> {
    let takes = |want: Ty, have: Ty| {
        want == have || (want == Ty::Bigint && have.is_integer()) || (want == Ty::Double && have.is_number())
    };
    all().find(|f| {
        f.name.split(' ').nth(1) == Some(symbol)
            && matches!(*f.args, [l, r] if takes(l, a) && takes(r, b) && !(a.is_number() && b.is_number()))
    })
}

/// The signatures of a name, without variants.
pub fn by_name(name: &str) -> Vec<&'static ScalarFn> {
    all().filter(|f| f.variant.is_none() && f.name.eq_ignore_ascii_case(name)).collect()
}

/// The signature of a name whose variant and argument type fit.
pub fn variant(name: &str, variant: &str, arg: Ty) -> Option<&'static ScalarFn> {
    all().find(|f| {
        f.name == name && f.variant.is_some_and(|v| same_unit(v, variant)) && f.args.first() == Some(&arg)
    })
}

/// Variants of a name, for suggestions.
pub fn variants(name: &str) -> Vec<&'static str> {
    let mut known: Vec<&'static str> = Vec::new();
    for unit in all().filter(|f| f.name == name).filter_map(|f| f.variant) {
        if !known.contains(&unit) {
            known.push(unit);
        }
    }
    known
}

/// PostgreSQL takes units in singular and plural.
pub fn same_unit(a: &str, b: &str) -> bool {
    let b = b.to_ascii_lowercase();
    let singular = |word: &str| match word {
        "centuries" => "century".to_string(),
        "millennia" => "millennium".to_string(),
        _ => word.trim_end_matches('s').to_string(),
    };
    a == b || singular(a) == singular(&b)
}

/// All names that a query may call, aggregates aside.
pub fn names() -> Vec<&'static str> {
    let called = FORMS.iter().filter(|f| f.signature.starts_with(&format!("{}(", f.name))).map(|f| f.name);
    let mut all: Vec<_> = all().filter(|f| !f.is_operator()).map(|f| f.name).chain(called).collect();
    all.sort_unstable();
    all.dedup();
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use laminar_runtime::scalar::{PATTERN_BYTES_MAX, RESULT_BYTES_MAX};
    use laminar_runtime::schema::Repr;

    #[test]
    fn the_limit_of_results_is_the_one_that_is_named() {
        assert_eq!(TOO_LONG, format!("result is longer than {} MiB", RESULT_BYTES_MAX >> 20));
        let of_patterns = format!("longer than {} MiB", PATTERN_BYTES_MAX >> 20);
        for f in all().filter(|f| f.fails.contains("longer than")) {
            let named = if f.fails.contains("pattern") { &of_patterns } else { TOO_LONG };
            assert!(f.fails.contains(named), "{}", f.name);
        }
    }

    #[test]
    fn every_line_names_a_runtime_function_of_its_shape() {
        for f in all() {
            let id = laminar_runtime::scalar::FnId::by_name(f.runtime);
            let def = id.unwrap_or_else(|| panic!("{} is not in the runtime", f.runtime)).def();
            let mut args = Vec::new();
            for ty in f.args {
                args.push(ty.repr());
                if f.scaled && matches!(*ty, ANY_DECIMAL | ANY_WIDE) {
                    args.push(Repr::Int);
                }
            }
            if f.scaled && matches!(f.ret, ANY_DECIMAL | ANY_WIDE) {
                args.push(Repr::Int);
            }
            assert_eq!((args.as_slice(), f.ret.repr()), (def.args, def.ret), "{} {:?}", f.name, f.variant);
            assert_eq!(def.fallible, !f.fails.is_empty(), "{} {:?}", f.name, f.variant);
        }
    }
}
