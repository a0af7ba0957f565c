//! The codes of all diagnostics, stable from release to release, with a title each.
//!
//! Groups: `L01` syntax, `L02` names, `L03` types, `L04` not supported, `L05` grouping, `L06` time, state and changes,
//! `L07` declarations in Rust, `L08` statements of a session, `L09` warnings. Each has a page in `docs/errors/`.

use std::fmt;

/// A stable code such as `L0203`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Code(pub &'static str);

impl Code {
    /// One line that says what the code means, whatever the query.
    pub fn title(self) -> &'static str {
        ALL.iter().find(|(code, _)| *code == self).map_or("", |(_, title)| title)
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

macro_rules! codes {
    ($($name:ident $code:literal $title:literal)*) => {
        $(#[doc = concat!("`", $code, "`: ", $title)] pub const $name: Code = Code($code);)*

        /// Every code with its title, in order.
        pub const ALL: &[(Code, &str)] = &[$(($name, $title)),*];
    };
}

codes! {
    SYNTAX "L0101" "syntax error"
    STATEMENT_NOT_SUPPORTED "L0102" "this statement is not supported here"
    SEVERAL_STATEMENTS "L0103" "several statements where one is expected"
    TOO_DEEP "L0104" "the text is too long or nested too deeply"
    EMIT_CLAUSE "L0105" "a clause after the query is wrong or given twice"
    BAD_OPTION "L0106" "an option is unknown, given twice or has a value that does not fit"
    UNTERMINATED "L0107" "a quote or a comment is not closed"
    BRACKETS "L0108" "a bracket is not closed, or closes nothing"
    EXTRA_COMMA "L0109" "a comma with nothing behind it"
    MISSING_COMMA "L0110" "two expressions with nothing between them"
    DOUBLE_EQUALS "L0111" "`==` is no operator of SQL"
    RESERVED_WORD "L0112" "a reserved word stands where a name is expected"
    MISSPELT_KEYWORD "L0113" "a keyword is misspelt"
    NAME_QUOTES "L0114" "names are quoted with double quotes"
    RUST_PATH "L0115" "a name has dots in SQL, not `::`"
    BARE_SUBQUERY "L0116" "a subquery needs parentheses"
    NUMBER_JUNK "L0117" "letters right behind a number"
    BY_MISSING "L0118" "GROUP and ORDER need BY"
    UNEXPECTED_END "L0119" "the statement ends too early"

    UNKNOWN_RELATION "L0201" "relation does not exist"
    UNKNOWN_FUNCTION "L0202" "function does not exist"
    UNKNOWN_COLUMN "L0203" "column does not exist"
    AMBIGUOUS_COLUMN "L0204" "column reference is ambiguous"
    DUPLICATE_OUTPUT "L0205" "two output columns have the same name"
    RELATION_EXISTS "L0206" "relation exists already"
    FUNCTION_EXISTS "L0207" "function exists already"
    TEXT_IN_DOUBLE_QUOTES "L0208" "double quotes make a name, not a text"

    OPERATOR_TYPES "L0301" "operator does not take these types"
    FUNCTION_ARGUMENTS "L0302" "function does not take these arguments"
    CANNOT_CAST "L0303" "there is no cast between these types"
    BAD_LITERAL "L0304" "literal is not a value of its type"
    BRANCH_TYPES "L0305" "branches differ in type"
    CONDITION_NOT_BOOLEAN "L0306" "condition is not BOOLEAN"
    MISSING_FIELD "L0307" "output column has no field in the struct"
    UNUSED_FIELD "L0308" "field is not produced by the query"
    FIELD_TYPE "L0309" "field cannot hold the type of its column"
    NULLABLE_INTO_FIELD "L0310" "column may be NULL, its field may not"
    UNION_SIDES "L0311" "sides of UNION differ in columns or types"
    UNSUPPORTED_TYPE "L0312" "type is not supported"

    NOT_SUPPORTED "L0401" "this SQL is not supported"
    JOIN_NOT_SUPPORTED "L0402" "joins are not supported"
    SUBQUERY_EXPRESSION "L0403" "a subquery in an expression is not supported"
    OVER_NOT_SUPPORTED "L0404" "OVER is not supported"
    SET_OPERATION "L0405" "this set operation is not supported"
    WINDOW_KIND "L0406" "this kind of window is not supported"

    NOT_GROUPED "L0501" "column is neither grouped nor aggregated"
    AGGREGATE_MISPLACED "L0502" "aggregate is not allowed here"
    WINDOW_MISUSE "L0503" "window function is used wrongly"
    NESTED_AGGREGATE "L0504" "aggregates cannot be nested"
    AGGREGATE_IN_WHERE "L0505" "a condition on an aggregate belongs into HAVING"
    NO_GROUP_BY "L0506" "a column stands beside an aggregate and there is no GROUP BY"
    ORDER_KEY "L0507" "ORDER BY, LIMIT or OFFSET has an operand that does not fit"

    UNBOUNDED_STATE "L0601" "state would grow without bound"
    NO_WATERMARK "L0602" "the column of the window has no watermark"
    NOT_APPEND_ONLY "L0603" "EMIT ON WINDOW CLOSE needs append-only output"
    KEY_NOT_SELECTED "L0604" "EMIT ON UPDATE needs every key column in the output"
    NOTHING_IS_LATE "L0606" "LATE DATA TO or ALLOW LATENESS in a query where no row can be late"
    MONTHS_IN_SIZE "L0608" "months and years have no fixed length"
    WINDOW_TIME "L0609" "time of a window is not a TIMESTAMP that is never NULL"
    WINDOW_SIZE "L0610" "size of a window is not a positive interval"
    ORDER_TOO_EARLY "L0611" "ORDER BY or LIMIT before the results are complete"

    EVENT_STRUCT "L0701" "only a struct with named fields can be an event"
    EVENT_ATTRIBUTE "L0702" "attribute is unknown, misplaced or given twice"
    EVENT_FIELD "L0703" "field has a type that no column can have"
    EVENT_TIME "L0704" "event time or its delay is declared wrongly"
    PIPELINE_ARGUMENT "L0705" "argument of the pipeline attribute is wrong"
    CHANGELOG_SOURCE "L0706" "upserts cannot be the input of a query"
    UDF_SIGNATURE "L0707" "SQL cannot call a function of this signature"

    INSERT_SHAPE "L0801" "INSERT does not fit the columns of its table"
    STILL_READ "L0802" "relation is read by others"
    WRONG_KIND "L0803" "statement does not apply to this kind of relation"
    NO_HISTORY "L0804" "source keeps no rows that a query could read"
    NOT_IN_SESSION "L0805" "a session has no place for this"
    PRIMARY_KEY "L0806" "primary key is declared wrongly"
    DUPLICATE_KEY "L0807" "a row with this primary key exists already"
    NULL_VALUE "L0808" "NULL in a column that is NOT NULL"
    SET_COLUMN "L0809" "UPDATE sets a column wrongly"

    COMPARED_WITH_NULL "L0901" "a comparison with NULL is never true"
    UNREACHABLE_BRANCH "L0902" "a branch of CASE can never be reached"
    LIKE_WITHOUT_WILDCARD "L0903" "a LIKE pattern without wildcards"
    NOT_IN_WITH_NULL "L0904" "NOT IN a list with NULL is never true"
    EMPTY_RANGE "L0905" "BETWEEN with its bounds the wrong way round"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_sorted_and_well_formed() {
        assert!(ALL.windows(2).all(|pair| pair[0].0 < pair[1].0));
        for (code, title) in ALL {
            assert_eq!((code.0.len(), code.0.as_bytes()[0]), (5, b'L'), "{code}");
            assert!(!title.is_empty() && !title.ends_with('.'), "{code}");
        }
        assert_eq!(UNKNOWN_COLUMN.title(), "column does not exist");
    }
}
