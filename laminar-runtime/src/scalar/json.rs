//! `->`, `->>`, `#>`, `#>>` and what else reads JSON. Where a part is missing the result is none, which SQL makes NULL.

use crate::types::{Arena, JsonValue, TextRef, is_json};

/// Sees a JSON text.
///
/// # Safety
/// The text lives and is JSON.
#[inline(always)]
unsafe fn value<'a>(json: TextRef) -> JsonValue<'a> {
    // SAFETY: by contract.
    JsonValue::new(unsafe { json.as_str() })
}

/// The text of a value: of a string its characters, of null none, else the JSON.
fn text_of(arena: &Arena, value: JsonValue<'_>) -> Option<TextRef> {
    match value.kind() {
        "null" => None,
        "string" => {
            let text = value.text();
            let inner = text.get(1..text.len().checked_sub(1)?)?;
            // Without escapes the text is there already.
            match inner.contains('\\') {
                false => Some(TextRef::new(inner)),
                true => Some(arena.alloc_chars(inner.len(), value.chars()?)),
            }
        }
        _ => Some(TextRef::new(value.text())),
    }
}

/// The part that a path such as `{a,0,"b c"}` leads to; none where there is none, or for a path of another form.
fn at_path<'a>(mut value: JsonValue<'a>, path: &str) -> Option<JsonValue<'a>> {
    let mut rest = path.trim().strip_prefix('{')?.strip_suffix('}')?.trim();
    while !rest.is_empty() {
        let step;
        if let Some(quoted) = rest.strip_prefix('"') {
            let end = quoted.find('"')?;
            (step, rest) = (&quoted[..end], quoted[end + 1..].trim_start());
        } else {
            let end = rest.find(',').unwrap_or(rest.len());
            (step, rest) = (rest[..end].trim(), &rest[end..]);
            if step.is_empty() {
                return None;
            }
        }
        value = match value.kind() {
            "object" => value.member(step)?,
            "array" => value.element(step.parse().ok()?)?,
            _ => return None,
        };
        rest = match rest.strip_prefix(',') {
            Some(next) if !next.trim().is_empty() => next.trim_start(),
            Some(_) => return None,
            None if rest.is_empty() => rest,
            None => return None,
        };
    }
    Some(value)
}

macro_rules! parts {
    ($($doc:literal $json:ident, $text:ident ($arg:ident: $ty:ty) |$value:ident| $find:expr;)*) => {$(
        #[doc = $doc]
        ///
        /// # Safety
        /// The texts live; the first is JSON.
        #[inline]
        pub unsafe fn $json(json: TextRef, $arg: $ty) -> Option<TextRef> {
            // SAFETY: by contract.
            unsafe {
                let $value = value(json);
                let part: Option<JsonValue<'_>> = $find;
                part.map(|v| TextRef::new(v.text()))
            }
        }

        #[doc = $doc]
        /// As text: of a string its characters, of null none.
        ///
        /// # Safety
        /// The texts live; the first is JSON.
        #[inline]
        pub unsafe fn $text(arena: &Arena, json: TextRef, $arg: $ty) -> Option<TextRef> {
            // SAFETY: by contract.
            unsafe {
                let $value = value(json);
                let part: Option<JsonValue<'_>> = $find;
                part.and_then(|v| text_of(arena, v))
            }
        }
    )*};
}

parts! {
    "`json -> name`: the member of an object."
    json_member, json_member_text(name: TextRef) |v| v.member(name.as_str());
    "`json -> n`: the element of an array, from 0; negative numbers count from the end."
    json_element, json_element_text(index: i64) |v| v.element(index);
    "`json #> path`: what a path such as `{a,0}` leads to."
    json_path, json_path_text(path: TextRef) |v| at_path(v, path.as_str());
}

/// `object`, `array`, `string`, `number`, `boolean` or `null`.
///
/// # Safety
/// The text lives and is JSON.
#[inline]
pub unsafe fn json_typeof(json: TextRef) -> TextRef {
    // SAFETY: by contract.
    TextRef::new(unsafe { value(json) }.kind())
}

/// Number of elements; bad for what is no array.
///
/// # Safety
/// The text lives and is JSON.
#[inline]
pub unsafe fn json_array_length(json: TextRef) -> Option<i64> {
    // SAFETY: by contract.
    unsafe { value(json) }.elements().map(|e| e.count() as i64)
}

/// The text, if it is JSON.
///
/// # Safety
/// The text lives.
#[inline]
pub unsafe fn text_to_json(text: TextRef) -> Option<TextRef> {
    // SAFETY: by contract.
    is_json(unsafe { text.as_str() }).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    const JSON: &str = r#"{"a": [10, {"b c": "x\u0041\n"}, null], "s": "plain", "0": true}"#;

    #[test]
    fn parts_and_paths() {
        let arena = Arena::new();
        let json = TextRef::new(JSON);
        // SAFETY: static texts.
        unsafe {
            let text = |t: Option<TextRef>| t.map(|t| t.as_str());
            let name = TextRef::new;
            assert_eq!(text(json_member(json, name("s"))), Some("\"plain\""));
            assert_eq!(text(json_member_text(&arena, json, name("s"))), Some("plain"));
            assert_eq!(text(json_member(json, name("none"))), None);
            let a = json_member(json, name("a")).unwrap();
            assert_eq!(text(json_element(a, 0)), Some("10"));
            assert_eq!(text(json_element(a, -1)), Some("null"));
            assert_eq!(text(json_element_text(&arena, a, 2)), None, "null is NULL");
            assert_eq!(text(json_element(a, 3)), None);
            assert_eq!(text(json_element(json, 0)), None, "an object has no elements");
            let path = |p: &'static str| text(json_path_text(&arena, json, name(p)));
            assert_eq!(path("{a,1,\"b c\"}"), Some("xA\n"));
            assert_eq!(path("{ a , 1 , b c }"), Some("xA\n"));
            assert_eq!(path("{0}"), Some("true"));
            assert_eq!(path("{a,-3}"), Some("10"));
            assert_eq!(path("{}"), Some(JSON));
            for none in ["", "a", "{a", "{a,}", "{,a}", "{a,x}", "{a,0,0}", "{\"a}", "{\"a\"x}"] {
                assert_eq!(path(none), None, "{none}");
            }
            assert_eq!((json_array_length(a), json_array_length(json)), (Some(3), None));
            assert_eq!(json_typeof(a).as_str(), "array");
            assert!(text_to_json(name("[1,]")).is_none() && text_to_json(name("[1]")).is_some());
        }
    }
}
