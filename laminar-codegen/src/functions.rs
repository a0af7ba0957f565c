//! The scalar functions of SQL: one table drives typing, all executors and the documentation.
//!
//! Each line names the runtime function that computes it. Operators and casts are not here: `bind` types them, `lower` picks
//! their instructions.

use laminar_runtime::schema::Ty;

/// One signature of a scalar function.
#[derive(Debug)]
pub struct ScalarFn {
    /// SQL name, lower case. Several lines may share it.
    pub name: &'static str,
    /// A word in the place of an argument: the field of `extract`, the unit of `date_trunc`.
    pub variant: Option<&'static str>,
    /// Types of the arguments; those of DECIMAL and VARCHAR match any of their kind.
    pub args: &'static [Ty],
    /// Type of the result.
    pub ret: Ty,
    /// Name in `laminar_runtime::scalar`.
    pub runtime: &'static str,
    /// What a run-time error of it says.
    pub fails: &'static str,
    /// One line for people.
    pub doc: &'static str,
}

impl PartialEq for ScalarFn {
    fn eq(&self, other: &ScalarFn) -> bool {
        std::ptr::eq(self, other)
    }
}

const TEXT: Ty = Ty::Varchar;
const INT: Ty = Ty::Bigint;
const TIME: Ty = Ty::Timestamp;
const SPAN: Ty = Ty::Interval;
const fn dec(scale: u8) -> Ty {
    Ty::Decimal { precision: 18, scale }
}

macro_rules! functions {
    ($($name:literal $([$variant:literal])? ($($arg:expr),*) -> $ret:expr, $runtime:literal, $fails:literal, $doc:literal;)*) => {
        /// Every signature.
        pub static FUNCTIONS: &[ScalarFn] = &[$(ScalarFn {
            name: $name,
            variant: functions!(@variant $($variant)?),
            args: &[$($arg),*],
            ret: $ret,
            runtime: $runtime,
            fails: $fails,
            doc: $doc,
        }),*];
    };
    (@variant $v:literal) => { Some($v) };
    (@variant) => { None };
}

functions! {
    "lower"(TEXT) -> TEXT, "lower", "", "the text in lower case";
    "upper"(TEXT) -> TEXT, "upper", "", "the text in upper case";
    "length"(TEXT) -> INT, "length", "", "number of characters";
    "char_length"(TEXT) -> INT, "length", "", "number of characters";
    "character_length"(TEXT) -> INT, "length", "", "number of characters";
    "substr"(TEXT, INT) -> TEXT, "substr", "", "from the character at that position, from 1, to the end";
    "substr"(TEXT, INT, INT) -> TEXT, "substr_len", "negative substring length", "that many characters from the position";
    "substring"(TEXT, INT) -> TEXT, "substr", "", "from the character at that position, from 1, to the end";
    "substring"(TEXT, INT, INT) -> TEXT, "substr_len", "negative substring length", "that many characters from the position";
    "split_part"(TEXT, TEXT, INT) -> TEXT, "split_part", "field position is zero", "the n-th part between delimiters, from 1; negative counts from the end";
    "count_char"(TEXT, TEXT) -> INT, "count_char", "", "how often the first character of the second text occurs in the first";
    "like"(TEXT, TEXT) -> Ty::Boolean, "like", "LIKE pattern ends with the escape character", "`text LIKE pattern`";
    "like"(TEXT, TEXT, TEXT) -> Ty::Boolean, "like_escape", "invalid LIKE escape", "`text LIKE pattern ESCAPE character`";
    "text || text"(TEXT, TEXT) -> TEXT, "concat", "", "both, one after the other";
    "timestamp + interval"(TIME, SPAN) -> TIME, "ts_add", "timestamp out of range", "later by the interval";
    "timestamp - interval"(TIME, SPAN) -> TIME, "ts_sub", "timestamp out of range", "earlier by the interval";
    "timestamp - timestamp"(TIME, TIME) -> SPAN, "ts_diff", "interval out of range", "days of 24 hours and the rest";
    "interval + interval"(SPAN, SPAN) -> SPAN, "interval_add", "interval out of range", "part by part";
    "interval - interval"(SPAN, SPAN) -> SPAN, "interval_sub", "interval out of range", "part by part";
    "interval * integer"(SPAN, INT) -> SPAN, "interval_mul", "interval out of range", "part by part";
    "- interval"(SPAN) -> SPAN, "interval_neg", "interval out of range", "part by part";

    "extract" ["year"](TIME) -> INT, "extract_year", "", "the year";
    "extract" ["isoyear"](TIME) -> INT, "extract_isoyear", "", "the year of the ISO week";
    "extract" ["quarter"](TIME) -> INT, "extract_quarter", "", "1 to 4";
    "extract" ["month"](TIME) -> INT, "extract_month", "", "1 to 12";
    "extract" ["week"](TIME) -> INT, "extract_week", "", "the ISO week, 1 to 53";
    "extract" ["day"](TIME) -> INT, "extract_day", "", "day of the month";
    "extract" ["dow"](TIME) -> INT, "extract_dow", "", "day of the week, Sunday 0 to Saturday 6";
    "extract" ["isodow"](TIME) -> INT, "extract_isodow", "", "day of the week, Monday 1 to Sunday 7";
    "extract" ["doy"](TIME) -> INT, "extract_doy", "", "day of the year, from 1";
    "extract" ["hour"](TIME) -> INT, "extract_hour", "", "0 to 23";
    "extract" ["minute"](TIME) -> INT, "extract_minute", "", "0 to 59";
    "extract" ["second"](TIME) -> dec(9), "extract_second", "", "seconds with fraction";
    "extract" ["milliseconds"](TIME) -> dec(6), "extract_milliseconds", "", "seconds with fraction, times 1000";
    "extract" ["microseconds"](TIME) -> dec(3), "extract_microseconds", "", "seconds with fraction, times 1 000 000";
    "extract" ["epoch"](TIME) -> dec(6), "extract_epoch", "", "seconds since 1970";
    "extract" ["epoch"](SPAN) -> dec(6), "interval_epoch", "interval out of range", "length in seconds";

    "date_trunc" ["microseconds"](TIME) -> TIME, "trunc_microsecond", "timestamp out of range", "start of the microsecond";
    "date_trunc" ["milliseconds"](TIME) -> TIME, "trunc_millisecond", "timestamp out of range", "start of the millisecond";
    "date_trunc" ["second"](TIME) -> TIME, "trunc_second", "timestamp out of range", "start of the second";
    "date_trunc" ["minute"](TIME) -> TIME, "trunc_minute", "timestamp out of range", "start of the minute";
    "date_trunc" ["hour"](TIME) -> TIME, "trunc_hour", "timestamp out of range", "start of the hour";
    "date_trunc" ["day"](TIME) -> TIME, "trunc_day", "timestamp out of range", "start of the day";
    "date_trunc" ["week"](TIME) -> TIME, "trunc_week", "timestamp out of range", "Monday of the week";
    "date_trunc" ["month"](TIME) -> TIME, "trunc_month", "timestamp out of range", "first day of the month";
    "date_trunc" ["quarter"](TIME) -> TIME, "trunc_quarter", "timestamp out of range", "first day of the quarter";
    "date_trunc" ["year"](TIME) -> TIME, "trunc_year", "timestamp out of range", "first day of the year";
}

/// The only signature of an operator, such as `timestamp + interval`.
///
/// # Panics
/// If the table has none.
pub fn operator(name: &str) -> &'static ScalarFn {
    FUNCTIONS.iter().find(|f| f.name == name).expect("operators that bind names are in the table")
}

/// The signatures of a name, without variants.
pub fn by_name(name: &str) -> Vec<&'static ScalarFn> {
    FUNCTIONS.iter().filter(|f| f.variant.is_none() && f.name.eq_ignore_ascii_case(name)).collect()
}

/// The signature of a name whose variant and argument type fit.
pub fn variant(name: &str, variant: &str, arg: Ty) -> Option<&'static ScalarFn> {
    FUNCTIONS.iter().find(|f| {
        f.name == name && f.variant.is_some_and(|v| same_unit(v, variant)) && f.args.first() == Some(&arg)
    })
}

/// Variants of a name, for suggestions.
pub fn variants(name: &str) -> Vec<&'static str> {
    let mut all: Vec<_> = FUNCTIONS.iter().filter(|f| f.name == name).filter_map(|f| f.variant).collect();
    all.dedup();
    all
}

/// PostgreSQL takes units in singular and plural.
fn same_unit(a: &str, b: &str) -> bool {
    let b = b.to_ascii_lowercase();
    a == b || a.trim_end_matches('s') == b.trim_end_matches('s')
}

/// All names that a query may call, aggregates aside.
pub fn names() -> Vec<&'static str> {
    let mut all: Vec<_> = FUNCTIONS.iter().map(|f| f.name).filter(|n| !n.contains(' ')).collect();
    all.sort_unstable();
    all.dedup();
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_names_a_runtime_function_of_its_shape() {
        for f in FUNCTIONS {
            let id = laminar_runtime::scalar::FnId::by_name(f.runtime);
            let def = id.unwrap_or_else(|| panic!("{} is not in the runtime", f.runtime)).def();
            let args: Vec<_> = f.args.iter().map(|t| t.repr()).collect();
            assert_eq!((args.as_slice(), f.ret.repr()), (def.args, def.ret), "{} {:?}", f.name, f.variant);
            assert_eq!(def.fallible, !f.fails.is_empty(), "{} {:?}", f.name, f.variant);
        }
    }
}
