//! Where SQLite's dialect means something else, and what is right instead.

/// A case whose answer in SQLite is another one.
pub struct Difference {
    /// Name of the case.
    pub case: &'static str,
    /// What SQLite does, and the rule that we follow.
    pub why: &'static str,
    /// The right rows, sorted as text.
    pub rows: &'static [&'static str],
}

/// All of them.
pub const DIFFERENCES: &[Difference] = &[
    Difference {
        case: "float_division_by_zero",
        why: "SQLite divides by zero to NULL; floats here are IEEE 754: infinities and NaN",
        rows: &[
            "1 | inf | -inf | NaN",
            "2 | inf | -inf | NaN",
            "3 | -inf | inf | NaN",
            "4 | -inf | inf | NaN",
        ],
    },
    Difference {
        case: "infinity_minus_infinity",
        why: "SQLite has no NaN and makes it NULL; PostgreSQL has it",
        rows: &["2001 | NaN | NaN", "2002 | 0.0 | -0.0", "2003 | NaN | NaN"],
    },
    Difference {
        case: "compare_wide_integer_with_double",
        why: "SQLite compares the exact values; PostgreSQL converts BIGINT to DOUBLE, where 2^53 + 1 is 2^53",
        rows: &[
            "2010 | false | false",
            "2011 | true | false",
            "2012 | true | false",
            "2013 | false | true",
            "2025 | false | false",
            "2026 | true | false",
            "2027 | true | false",
            "2028 | false | true",
            "2040 | false | false",
            "2041 | true | false",
            "2042 | true | false",
            "2043 | false | true",
        ],
    },
    Difference {
        case: "cast_double_bounds_to_text",
        why: "SQLite prints 15 digits and `Inf`; PostgreSQL the shortest text that reads back, and `Infinity`",
        rows: &[
            r#"2001 | "-Infinity""#,
            r#"2002 | "-1.7976931348623157e+308""#,
            r#"2003 | "Infinity""#,
            r#"2004 | "-1e+300""#,
            r#"2005 | "-1.5""#,
            r#"2006 | "-2.2250738585072014e-308""#,
            r#"2007 | "-5e-324""#,
            r#"2008 | "-0""#,
            r#"2009 | "0""#,
            r#"2010 | "5e-324""#,
            r#"2011 | "0.1""#,
            r#"2012 | "1""#,
            r#"2013 | "1e+15""#,
            r#"2014 | "1e+16""#,
            r#"2015 | "1e+300""#,
            r#"2016 | "1.7976931348623157e+308""#,
        ],
    },
    Difference {
        case: "cast_interval_to_text",
        why: "SQLite has no intervals; PostgreSQL prints years and months, days, and the time, each with its sign",
        rows: &[
            r#"1 | "11 mons -38 days +00:00:00.062289""#,
            r#"2 | "3 mons -2 days -03:35:17""#,
            r#"3 | "-1 mons -31 days -02:14:35""#,
            r#"4 | "-1 years -2 days -00:00:00.000095184""#,
        ],
    },
    Difference {
        case: "nan_and_infinities_in_aggregates",
        why: "SQLite skips NaN as NULL; in PostgreSQL it is a value, the greatest",
        rows: &["NaN | NaN | 0.0 | NaN | 48"],
    },
    Difference {
        case: "nan_is_one_group",
        why: "SQLite groups NaN as NULL; in PostgreSQL it is a value, equal to itself",
        rows: &["0.0 | 42", "NaN | 6"],
    },
    Difference {
        case: "deviation_of_extremes",
        why: "SQLite has no deviation; among floats whose squares are beyond all floats ours is NaN, as PostgreSQL's of infinities",
        rows: &["NaN | NaN | true"],
    },
];
