//! Functions of JSON. A part that is not there is NULL.

use super::{INT, JSON, NONE_IS_NULL, TEXT, functions};

functions! {
    "json -> text"(JSON, TEXT) -> JSON, "json_member", NONE_IS_NULL, "the member of that name", "CAST(JSON '{\"a\": [1]}' -> 'a' AS VARCHAR) = '[1]'";
    "json -> integer"(JSON, INT) -> JSON, "json_element", NONE_IS_NULL, "the element of that number, from 0; negative counts from the end", "CAST(JSON '[1, 2]' -> -1 AS VARCHAR) = '2'";
    "json ->> text"(JSON, TEXT) -> TEXT, "json_member_text", NONE_IS_NULL, "the member of that name, as text", "JSON '{\"a\": \"b\"}' ->> 'a' = 'b'";
    "json ->> integer"(JSON, INT) -> TEXT, "json_element_text", NONE_IS_NULL, "the element of that number, as text", "JSON '[\"x\"]' ->> 0 = 'x'";
    "json #> text"(JSON, TEXT) -> JSON, "json_path", NONE_IS_NULL, "what a path such as `{a,0}` leads to", "CAST(JSON '{\"a\": [1, 2]}' #> '{a,1}' AS VARCHAR) = '2'";
    "json #>> text"(JSON, TEXT) -> TEXT, "json_path_text", NONE_IS_NULL, "what a path such as `{a,0}` leads to, as text", "JSON '{\"a\": [\"x\"]}' #>> '{a,0}' = 'x'";
    "json_typeof"(JSON) -> TEXT, "json_typeof", "", "object, array, string, number, boolean or null", "json_typeof(JSON '[1]') = 'array'";
    "json_array_length"(JSON) -> INT, "json_array_length", "cannot get the array length of a non-array", "number of elements", "json_array_length(JSON '[1, 2]') = 2";
}
