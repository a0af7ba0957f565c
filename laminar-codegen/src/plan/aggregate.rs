//! Aggregate functions: one table drives names, typing and documentation.
//!
//! Not here: how each is computed (`lower::aggregate` says from which accumulators, `lower::result` how they are read).

use super::PlanColumn;
use super::expr::{Expr, Form, Kind};
use crate::diagnostic::Span;
use laminar_runtime::schema::Ty;

/// An aggregate function of the table.
#[derive(Debug)]
pub struct AggregateDef {
    /// Which it is.
    pub function: AggregateFn,
    /// SQL names, the usual one first.
    pub names: &'static [&'static str],
    /// Names of its arguments.
    pub args: &'static [&'static str],
    /// One line for people.
    pub doc: &'static str,
}

macro_rules! aggregates {
    ($($function:ident $names:tt $args:tt $doc:literal;)*) => {
        /// An aggregate function.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum AggregateFn {
            $(#[doc = $doc] $function,)*
        }

        /// Every aggregate function, in the order of [`AggregateFn`].
        pub static AGGREGATES: &[AggregateDef] = &[
            $(AggregateDef { function: AggregateFn::$function, names: &$names, args: &$args, doc: $doc },)*
        ];
    };
}

aggregates! {
    Count ["COUNT"] ["x"] "rows, with `*`, or values that are not NULL";
    Sum ["SUM"] ["x"] "sum; of integers BIGINT";
    Avg ["AVG", "MEAN"] ["x"] "mean; of integers DOUBLE";
    Min ["MIN"] ["x"] "least value";
    Max ["MAX"] ["x"] "greatest value";
    CountIf ["COUNT_IF", "COUNTIF"] ["condition"] "rows for which the condition is TRUE";
    BoolAnd ["BOOL_AND", "EVERY"] ["condition"] "whether all values are TRUE; NULLs are skipped";
    BoolOr ["BOOL_OR"] ["condition"] "whether some value is TRUE; NULLs are skipped";
    BitAnd ["BIT_AND"] ["x"] "bits that all integers have";
    BitOr ["BIT_OR"] ["x"] "bits that some integer has";
    BitXor ["BIT_XOR"] ["x"] "bits that an odd number of the integers has";
    VarPop ["VAR_POP"] ["x"] "variance of the whole population";
    VarSamp ["VAR_SAMP", "VARIANCE"] ["x"] "variance of a sample; NULL of fewer than two values";
    StddevPop ["STDDEV_POP"] ["x"] "standard deviation of the whole population";
    StddevSamp ["STDDEV_SAMP", "STDDEV"] ["x"] "standard deviation of a sample; NULL of fewer than two values";
    CovarPop ["COVAR_POP"] ["y", "x"] "covariance of the whole population";
    CovarSamp ["COVAR_SAMP"] ["y", "x"] "covariance of a sample; NULL of fewer than two pairs";
    Corr ["CORR"] ["y", "x"] "correlation; NULL where one side does not vary";
    RegrSlope ["REGR_SLOPE"] ["y", "x"] "slope of the least-squares line; NULL where x does not vary";
    RegrIntercept ["REGR_INTERCEPT"] ["y", "x"] "where the least-squares line meets x = 0; NULL where x does not vary";
    RegrR2 ["REGR_R2"] ["y", "x"] "share of y's variance that the line explains; NULL where x does not vary";
    RegrCount ["REGR_COUNT"] ["y", "x"] "pairs without NULL";
    AnyValue ["ANY_VALUE"] ["x"] "some value that is not NULL";
    FirstValue ["FIRST_VALUE", "FIRST"] ["x"] "the value of the earliest row by event time, also NULL";
    LastValue ["LAST_VALUE", "LAST"] ["x"] "the value of the latest row by event time, also NULL";
    ArgMin ["ARG_MIN", "MIN_BY"] ["x", "by"] "the value of the row in which `by` is least, also NULL; rows without `by` are skipped";
    StringAgg ["STRING_AGG"] ["text", "delimiter"] "the texts one after the other, by the call's ORDER BY, event time, and the texts themselves";
    ArrayAgg ["ARRAY_AGG"] ["x"] "the values as an array, also NULL, by the call's ORDER BY, event time, and the values themselves";
    Median ["MEDIAN"] ["x"] "the middle value, as DOUBLE; the mean of both where there are two";
    PercentileCont ["PERCENTILE_CONT"] ["fraction"] "the value at that fraction of the way through WITHIN GROUP (ORDER BY …), as DOUBLE, interpolated";
    PercentileDisc ["PERCENTILE_DISC"] ["fraction"] "the first value of WITHIN GROUP (ORDER BY …) with at least that fraction of the values up to it";
    Mode ["MODE"] [] "the most frequent value of WITHIN GROUP (ORDER BY …), the first of equally frequent ones";
    ArgMax ["ARG_MAX", "MAX_BY"] ["x", "by"] "the value of the row in which `by` is greatest, also NULL; rows without `by` are skipped";
}

impl AggregateFn {
    /// Its line in the table.
    pub fn def(self) -> &'static AggregateDef {
        &AGGREGATES[self as usize]
    }

    /// The usual SQL name.
    pub fn name(self) -> &'static str {
        self.def().names[0]
    }

    /// The function of that name, in any case.
    pub fn by_name(name: &str) -> Option<AggregateFn> {
        let is = |d: &&AggregateDef| d.names.iter().any(|n| n.eq_ignore_ascii_case(name));
        AGGREGATES.iter().find(is).map(|d| d.function)
    }

    /// Whether it is the same with DISTINCT and without.
    pub const fn ignores_duplicates(self) -> bool {
        use AggregateFn::*;
        matches!(self, Min | Max | BoolAnd | BoolOr | BitAnd | BitOr | AnyValue)
    }

    /// Whether its result is made of every row.
    pub const fn keeps_rows(self) -> bool {
        matches!(self, AggregateFn::StringAgg | AggregateFn::ArrayAgg)
    }

    /// Whether its values stand in WITHIN GROUP.
    pub const fn is_ordered_set(self) -> bool {
        matches!(self, AggregateFn::PercentileCont | AggregateFn::PercentileDisc | AggregateFn::Mode)
    }

    /// Whether it keeps all distinct values of a group, over rows that can be taken back or not.
    pub const fn keeps_values(self, retracts: bool) -> bool {
        let is_extreme = self.picks() || matches!(self, AggregateFn::Min | AggregateFn::Max);
        self.is_ordered_set() || matches!(self, AggregateFn::Median) || (retracts && is_extreme)
    }

    /// Whether it takes the value of one row by the order of rows.
    pub const fn picks(self) -> bool {
        use AggregateFn::*;
        matches!(self, AnyValue | FirstValue | LastValue | ArgMin | ArgMax)
    }
}

/// An order of rows within a group.
#[derive(Clone, Debug, PartialEq)]
pub struct OrderKey {
    /// Over the input's columns.
    pub expr: Expr,
    /// Greater values first.
    pub descending: bool,
    /// NULL before all values.
    pub nulls_first: bool,
}

/// One call of an aggregate function.
#[derive(Clone, Debug)]
pub struct AggregateCall {
    /// Which function.
    pub function: AggregateFn,
    /// Each different row of arguments once.
    pub distinct: bool,
    /// Its arguments over the input's columns; none for COUNT(*).
    pub args: Vec<Expr>,
    /// The order of rows, where it matters.
    pub order: Vec<OrderKey>,
    /// The fraction of a percentile, as the bits of a float; else 0.
    pub constant: u64,
    /// FILTER (WHERE …).
    pub filter: Option<Expr>,
    /// Result type.
    pub ty: Ty,
    /// Whether the result may be NULL.
    pub nullable: bool,
    /// Where the call stands.
    pub span: Span,
}

impl PartialEq for AggregateCall {
    /// Equal calls compute the same, wherever they stand.
    fn eq(&self, other: &Self) -> bool {
        self.function == other.function
            && self.distinct == other.distinct
            && self.args == other.args
            && self.order == other.order
            && self.constant == other.constant
            && self.filter == other.filter
    }
}

impl AggregateCall {
    /// The call as SQL.
    pub fn sql(&self, below: &[PlanColumn]) -> String {
        // ARRAY_AGG has its values as arrays of one.
        let value = |a: &Expr| match &a.kind {
            Kind::Form(Form::Array, one) if self.function == AggregateFn::ArrayAgg => one[0].sql(below),
            _ => a.sql(below),
        };
        let mut args: Vec<String> = self.args.iter().map(value).collect();
        if args.is_empty() {
            args.push("*".into());
        }
        if self.constant != 0 {
            args.insert(0, f64::from_bits(self.constant).to_string());
        }
        let distinct = if self.distinct { "DISTINCT " } else { "" };
        let order: Vec<String> = (self.order.iter())
            .map(|k| {
                let nulls = match (k.expr.nullable, k.nulls_first) {
                    (false, _) => "",
                    (true, true) => " NULLS FIRST",
                    (true, false) => " NULLS LAST",
                };
                format!("{}{}{nulls}", k.expr.sql(below), if k.descending { " DESC" } else { "" })
            })
            .collect();
        let order = match order.is_empty() {
            true => String::new(),
            false => format!(" ORDER BY {}", order.join(", ")),
        };
        let filter =
            self.filter.as_ref().map_or(String::new(), |f| format!(" FILTER (WHERE {})", f.sql(below)));
        format!("{}({distinct}{}{order}){filter}", self.function.name(), args.join(", "))
    }
}

/// `docs/aggregates.md`.
pub fn markdown() -> String {
    let mut page = String::from(INTRODUCTION);
    for d in AGGREGATES {
        let mut args = d.args.join(", ");
        if d.function == AggregateFn::Count {
            args.push_str(" \\| *");
        }
        let within = if d.function.is_ordered_set() { " WITHIN GROUP (ORDER BY x)" } else { "" };
        let names: Vec<String> = d.names.iter().map(|n| format!("`{n}`")).collect();
        let form = format!("{}({args}){within}", d.names[0]);
        page.push_str(&format!("| {} | `{form}` | {} |\n", names.join(", "), d.doc));
    }
    page
}

const INTRODUCTION: &str = "\
# Aggregate functions

Generated from the table that drives the compiler. Each takes `FILTER (WHERE …)`; each that adds up or counts takes `DISTINCT` before its
argument (`COUNT(DISTINCT a, b)` counts different pairs without NULL). All are the same in windows, over rows that only come, and over
rows that are taken back. NULL arguments are skipped where nothing else is said.

- Sums of integers and decimals, and of their squares, are exact; the variance of them is rounded once. For
  that of floats, differences to the first value are summed, compensated: it is as good far from zero as near it. Of values from 2^480
  (3e144) on, whose squares are too large to be added up, variances, covariances and regressions are an error; with NaN or an infinite value, NaN.
- Over a changelog, `MIN`, `MAX`, and the functions that give the value of one row keep all different rows of a group; `DISTINCT`, medians and
  percentiles always do. `EXPLAIN` says so. `STRING_AGG` and `ARRAY_AGG` without DISTINCT keep every row: without a window or an end of input they ask for
  `ALLOW UNBOUNDED STATE`.
- Of equal rows the first to arrive counts (for `LAST_VALUE` the last) where rows come from one source; elsewhere the whole row decides, column by column.
  `FIRST_VALUE`, `LAST_VALUE`, `STRING_AGG` and `ARRAY_AGG` take `ORDER BY` behind their arguments.
- `GROUP BY` takes `GROUPING SETS ((a, b), (a), ())`, `ROLLUP (a, b)` and `CUBE (a, b)`, also beside keys and a window. `GROUPING(a, b)` has a bit for
  each argument, the first one highest: 1 where the row is a total over that key.

| names | form | gives |
|---|---|---|
";

#[cfg(test)]
mod tests {
    use super::*;

    /// `BLESS=1 cargo test -p laminar-codegen aggregate` writes the page.
    #[test]
    fn the_page_is_up_to_date() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/aggregates.md");
        if std::env::var_os("BLESS").is_some() {
            std::fs::write(path, markdown()).expect("the page can be written");
        }
        let page = std::fs::read_to_string(path).unwrap_or_default();
        assert!(page == markdown(), "docs/aggregates.md is out of date: run this test with BLESS=1");
    }

    #[test]
    fn names_are_of_one_function() {
        for (i, d) in AGGREGATES.iter().enumerate() {
            assert_eq!(d.function as usize, i);
            for name in d.names {
                assert_eq!(AggregateFn::by_name(&name.to_lowercase()), Some(d.function), "{name}");
            }
        }
        assert_eq!(AggregateFn::by_name("median_of"), None);
    }
}
