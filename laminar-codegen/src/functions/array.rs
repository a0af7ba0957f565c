//! Functions of arrays. [`ANY_ARRAY`](super::ANY_ARRAY) is an array of any type; [`ANY_ELEMENT`](super::ANY_ELEMENT) is a value of the
//! type of its elements, which the runtime function takes as an array of one.

use super::{
    ANY_ARRAY as ARRAY, ANY_ELEMENT as ELEMENT, BOOL, INT, NONE_IS_NULL, ScalarFn, TEXT, TEXTS, TOO_LONG,
    functions,
};
use laminar_runtime::schema::{Element, Ty};

const POSITIONS: Ty = Ty::Array(Element::Bigint);

/// An array in the form of keys. Nobody writes it.
pub static ARRAY_KEY: ScalarFn = ScalarFn {
    name: "array_key",
    variant: None,
    args: &[ARRAY],
    ret: ARRAY,
    runtime: "array_key",
    scaled: false,
    fails: "",
    doc: "",
    example: "",
};

functions! {
    "cardinality"(ARRAY) -> INT, "array_cardinality", "", "number of elements", "cardinality(ARRAY[7, NULL]) = 2 AND cardinality(ARRAY[]::BIGINT[]) = 0";
    "array_length"(ARRAY, INT) -> INT, "array_length", NONE_IS_NULL, "number of elements along a dimension: the only one is 1; NULL of an empty array", "array_length(ARRAY[1, 2, 3], 1) = 3 AND array_length(ARRAY[1], 2) IS NULL";
    "array_upper"(ARRAY, INT) -> INT, "array_length", NONE_IS_NULL, "position of the last element along a dimension", "array_upper(ARRAY[1, 8, 3, 7], 1) = 4";
    "array_cat"(ARRAY, ARRAY) -> ARRAY, "bytes_concat", TOO_LONG, "both, one after the other; NULL is as an empty array", "array_cat(ARRAY[1, 2], ARRAY[3]) = ARRAY[1, 2, 3]";
    "array_append"(ARRAY, ELEMENT) -> ARRAY, "bytes_concat", TOO_LONG, "the array with a value at its end", "array_append(ARRAY[1, 2], 3) = ARRAY[1, 2, 3]";
    "array_prepend"(ELEMENT, ARRAY) -> ARRAY, "bytes_concat", TOO_LONG, "the array with a value at its start", "array_prepend(1, ARRAY[2, 3]) = ARRAY[1, 2, 3]";
    "array_position"(ARRAY, ELEMENT) -> INT, "array_position", NONE_IS_NULL, "position of the first such element, from 1; NULL where there is none; finds NULL too", "array_position(ARRAY['sun', 'mon', 'tue'], 'mon') = 2";
    "array_position"(ARRAY, ELEMENT, INT) -> INT, "array_position_from", NONE_IS_NULL, "the same, of the elements from a position on", "array_position(ARRAY[1, 4, 1], 1, 2) = 3";
    "array_positions"(ARRAY, ELEMENT) -> POSITIONS, "array_positions", TOO_LONG, "positions of all such elements", "array_positions(ARRAY['A', 'A', 'B', 'A'], 'A') = ARRAY[1, 2, 4]";
    "array_remove"(ARRAY, ELEMENT) -> ARRAY, "array_remove", "", "the array without all such elements", "array_remove(ARRAY[1, 2, 3, 2], 2) = ARRAY[1, 3]";
    "array_replace"(ARRAY, ELEMENT, ELEMENT) -> ARRAY, "array_replace", TOO_LONG, "the array with another value in the place of all such elements", "array_replace(ARRAY[1, 2, 5, 4], 5, 3) = ARRAY[1, 2, 3, 4]";
    "array_to_string"(TEXTS, TEXT) -> TEXT, "array_join", TOO_LONG, "the texts of the elements with a separator between; NULL is skipped", "array_to_string(ARRAY[1, 2, NULL, 5], ', ') = '1, 2, 5'";
    "string_to_array"(TEXT, TEXT) -> TEXTS, "string_to_array", TOO_LONG, "the parts between separators; by a separator that is NULL, the characters", "string_to_array('xx~~yy~~zz', '~~') = ARRAY['xx', 'yy', 'zz']";
    "array @> array"(ARRAY, ARRAY) -> BOOL, "array_contains", "", "whether every element of the second is one of the first", "ARRAY[1, 4, 3] @> ARRAY[3, 1, 3]";
    "array && array"(ARRAY, ARRAY) -> BOOL, "array_overlaps", "", "whether both have an element in common", "ARRAY[1, 4, 3] && ARRAY[2, 1]";
}
