//! What is written like a function, or as an operator, and has a typing rule of its own: NULL has a meaning in it, or its
//! arguments may be many or of many types.

/// A form for documentation; `bind` knows its rule.
#[derive(Debug)]
pub struct FormDoc {
    /// What people look for.
    pub name: &'static str,
    /// How it is written.
    pub signature: &'static str,
    /// One line for people.
    pub doc: &'static str,
    /// An expression that is true.
    pub example: &'static str,
}

macro_rules! forms {
    ($($name:literal, $signature:literal, $doc:literal, $example:literal;)*) => {
        /// Every form.
        pub static FORMS: &[FormDoc] =
            &[$(FormDoc { name: $name, signature: $signature, doc: $doc, example: $example }),*];
    };
}

forms! {
    "coalesce", "coalesce(value, …) → type of the values", "the first value that is not NULL", "coalesce(NULL, 2, 3) = 2";
    "nullif", "nullif(a, b) → type of a", "NULL where both are equal, else the first", "nullif(6, 0) = 6 AND nullif(0, 0) IS NULL";
    "greatest", "greatest(value, …) → type of the values", "the greatest value; NULL is skipped", "greatest(3, NULL, 5) = 5";
    "least", "least(value, …) → type of the values", "the least value; NULL is skipped", "least(3, NULL, 5) = 3";
    "case", "CASE WHEN condition THEN value … [ELSE value] END", "the value of the first condition that is true", "CASE WHEN 1 > 2 THEN 'a' ELSE 'b' END = 'b'";
    "case", "CASE operand WHEN value THEN value … [ELSE value] END", "the value beside the first equal one", "CASE 2 WHEN 1 THEN 'a' WHEN 2 THEN 'b' END = 'b'";
    "cast", "CAST(value AS type), value::type", "the value as one of another type; an error where it is none", "CAST('7' AS INTEGER) = 7 AND '7'::INTEGER = 7";
    "try_cast", "TRY_CAST(value AS type)", "the value as one of another type; NULL where it is none", "TRY_CAST('seven' AS INTEGER) IS NULL";
    "in", "value [NOT] IN (value, …)", "whether the value is one of the list", "2 IN (1, 2, 3) AND 4 NOT IN (1, 2, 3)";
    "like any", "text [NOT] [I]LIKE ANY | ALL (pattern, …)", "whether the text is like (not like) some, or all, of the patterns, or of those of an array", "'beta' LIKE ANY ('a%', 'b%') AND 'beta' ILIKE ALL ('B%', '%a')";
    "any", "value comparison ANY | ALL (ARRAY[value, …])", "whether the comparison holds for some, or all, of the values", "2 = ANY (ARRAY[1, 2]) AND 2 < ALL (ARRAY[3, 4])";
    "between", "value [NOT] BETWEEN low AND high", "whether low <= value and value <= high", "2 BETWEEN 1 AND 3";
    "between symmetric", "value [NOT] BETWEEN SYMMETRIC a AND b", "whether the value lies between two bounds of any order", "2 BETWEEN SYMMETRIC 3 AND 1";
    "is null", "value IS [NOT] NULL", "whether the value is NULL; never NULL itself", "NULL IS NULL AND 1 IS NOT NULL";
    "is true", "condition IS [NOT] TRUE | FALSE | UNKNOWN", "three-valued logic as two values", "(NULL > 1) IS UNKNOWN AND (1 > 2) IS FALSE";
    "is distinct from", "a IS [NOT] DISTINCT FROM b", "`<>` (`=`) that holds NULL equal to NULL and unequal to all else", "1 IS DISTINCT FROM NULL AND NULL IS NOT DISTINCT FROM NULL";
    "mod", "mod(a, b), a % b → type of the numbers", "the remainder, with the sign of the first; exact numbers only", "mod(-7, 3) = -1 AND 9.5 % 2 = 1.5";
    "concat", "concat(value, …) → VARCHAR", "the texts of all values; NULL is skipped", "concat('a', NULL, 1, true) = 'a1t'";
    "concat_ws", "concat_ws(separator, value, …) → VARCHAR", "the texts of all values with the separator between; NULL is skipped", "concat_ws(', ', 'a', NULL, 'b') = 'a, b'";
    "regexp_extract", "regexp_extract(text, pattern [, group]) → VARCHAR", "the first match, or one of its groups; NULL without a match", "regexp_extract('foobarbaz', 'b(..)', 1) = 'ar' AND regexp_extract('foo', 'x') IS NULL";
    "regexp_substr", "regexp_substr(text, pattern) → VARCHAR", "the first match; NULL without one", "regexp_substr('ABCDEF', 'C.') = 'CD'";
    "position", "POSITION(part IN text) → BIGINT", "strpos(text, part)", "POSITION('om' IN 'Thomas') = 3";
    "trim", "TRIM([BOTH | LEADING | TRAILING] [characters FROM] text) → VARCHAR", "btrim, ltrim, rtrim", "TRIM(BOTH 'xyz' FROM 'yxTomxx') = 'Tom'";
    "overlay", "OVERLAY(text PLACING other FROM start [FOR length]) → VARCHAR", "the text with a part replaced", "OVERLAY('Txxxxas' PLACING 'hom' FROM 2 FOR 4) = 'Thomas'";
    "substring", "SUBSTRING(text [FROM start] [FOR length]) → VARCHAR", "substr(text, start, length)", "SUBSTRING('Thomas' FOR 2) = 'Th'";
    "substring", "SUBSTRING(text FROM pattern) → VARCHAR", "the first match of a regular expression, or its first group if it has one; NULL without a match", "SUBSTRING('foobar' FROM 'o.b') = 'oob' AND SUBSTRING('foobar' FROM 'o(.)b') = 'o'";
    "array", "ARRAY[value, …] → array of the type of the values", "an array; without values it needs a type: ARRAY[]::BIGINT[]", "cardinality(ARRAY[1, 2, NULL]) = 3 AND CAST(ARRAY[1.5, 2] AS VARCHAR) = '{1.5,2.0}'";
    "subscript", "array[n]", "the element at a position, from 1; NULL outside", "(ARRAY[10, 20, 30])[2] = 20 AND (ARRAY[10])[2] IS NULL";
    "slice", "array[from:to]", "the elements from one position to another; a bound left out is the end of the array", "(ARRAY[1, 2, 3, 4])[2:3] = ARRAY[2, 3] AND (ARRAY[1, 2, 3])[2:] = ARRAY[2, 3]";
    "||", "array || array, array || value, value || array", "array_cat, array_append, array_prepend", "ARRAY[1, 2] || 3 = ARRAY[1, 2, 3] AND ARRAY['a'] || ARRAY['b'] = ARRAY['a', 'b']";
    "any", "value operator ANY (array), SOME", "whether a comparison holds with some element; NULL where it is unknown", "2 = ANY (ARRAY[1, 2]) AND (3 = ANY (ARRAY[1, NULL])) IS NULL";
    "all", "value operator ALL (array)", "whether a comparison holds with all elements; NULL where it is unknown", "3 > ALL (ARRAY[1, 2]) AND NOT 2 > ALL (ARRAY[1, 2])";
    "<@", "array <@ array", "whether every element of the first is one of the second", "ARRAY[2, 2] <@ ARRAY[1, 2]";
    "array_to_string", "array_to_string(array, separator, text) → VARCHAR", "the texts of the elements with a separator between, and a text in the place of NULL", "array_to_string(ARRAY[1, NULL, 5], ',', '*') = '1,*,5'";
    "string_to_array", "string_to_array(text, separator, null) → VARCHAR[]", "the parts between separators; those equal to the last text are NULL", "(string_to_array('a,-,b', ',', '-'))[2] IS NULL";
    "date_part", "date_part('field', timestamp)", "EXTRACT(field FROM timestamp)", "date_part('hour', TIMESTAMP '2001-02-16 20:38:40') = 20";
}
