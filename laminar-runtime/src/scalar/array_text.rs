//! Arrays as texts: `{1,NULL,"a b"}`, and lists with a separator.
//!
//! An element is in quotes where it is empty, is the word NULL, or has white space, a comma, a brace, a quote or a backslash; in
//! quotes, a backslash stands before quotes and backslashes. BOOLEANs are `t` and `f`.

use super::RESULT_BYTES_MAX;
use super::array::elements;
use super::of_type::{text_of_value, value_of_text};
use crate::schema::{Element, Repr, Ty};
use crate::stage::Cell;
use crate::types::{Arena, BytesRef, Growing, TextRef, put_element};

const fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | 0x0b | 0x0c)
}

/// The text of a value as an element.
///
/// # Safety
/// As for [`text_of_value`].
unsafe fn element_text(arena: &Arena, ty: Ty, cell: Cell) -> TextRef {
    match ty {
        Ty::Boolean => TextRef::new(if cell[0] != 0 { "t" } else { "f" }),
        // SAFETY: by contract.
        _ => unsafe { text_of_value(arena, ty, cell) },
    }
}

/// The text of an array.
///
/// # Safety
/// The array lives, and its elements are of the type.
pub(super) unsafe fn to_text(arena: &Arena, array: BytesRef, element: Element) -> TextRef {
    // SAFETY: by contract.
    unsafe { to_text_within(usize::MAX, arena, array, element) }
}

/// The text of an array; if that has more than so many bytes, at least as much of it.
///
/// # Safety
/// As for [`to_text`].
unsafe fn to_text_within(bytes_max: usize, arena: &Arena, array: BytesRef, element: Element) -> TextRef {
    let ty = element.ty();
    let mut text = Growing::new(arena, 2 + array.len());
    text.push(b"{");
    // SAFETY: by contract.
    for (i, element) in unsafe { elements(array) }.enumerate() {
        if i > 0 {
            text.push(b",");
        }
        match element.cell(ty.repr(), arena) {
            // SAFETY: a value of the type, in the array or the arena.
            Some(cell) => push_quoted(&mut text, unsafe { element_text(arena, ty, cell).as_str() }),
            None => text.push(b"NULL"),
        }
        if text.len() > bytes_max {
            break;
        }
    }
    text.push(b"}");
    // SAFETY: texts, and ASCII between them.
    unsafe { text.done_text() }
}

fn push_quoted(to: &mut Growing<'_>, text: &str) {
    let special = |b: u8| matches!(b, b'"' | b'\\' | b'{' | b'}' | b',') || is_space(b);
    if !text.is_empty() && !text.eq_ignore_ascii_case("NULL") && !text.bytes().any(special) {
        return to.push(text.as_bytes());
    }
    to.push(b"\"");
    for piece in text.as_bytes().split_inclusive(|b| matches!(b, b'"' | b'\\')) {
        match piece {
            [plain @ .., last @ (b'"' | b'\\')] => {
                to.push(plain);
                to.push(&[b'\\', *last]);
            }
            plain => to.push(plain),
        }
    }
    to.push(b"\"");
}

/// The array that a text is; none where it is none.
pub(super) fn of_text(arena: &Arena, text: &str, element: Element) -> Option<BytesRef> {
    of_text_within(usize::MAX, arena, text, element)
}

/// The array that a text is; none where it is none. If the array has more than so many bytes, at least as much of it.
fn of_text_within(bytes_max: usize, arena: &Arena, text: &str, element: Element) -> Option<BytesRef> {
    let ty = element.ty();
    let trimmed = text.trim_matches(|c: char| c.is_ascii() && is_space(c as u8));
    let mut rest = trimmed.strip_prefix('{')?.strip_suffix('}')?;
    let mut array = Growing::new(arena, 0);
    if rest.bytes().all(is_space) {
        return Some(array.done());
    }
    loop {
        let (word, after) = next_word(arena, rest)?;
        let cell = match word {
            Some(word) => Some(value_of_text(arena, ty, word)?),
            None => None,
        };
        // SAFETY: the value is in the text or the arena.
        unsafe {
            put_element(ty.repr(), cell.unwrap_or_default(), cell.is_some(), |piece| array.push(piece));
        }
        match after.strip_prefix(',') {
            Some(_) if array.len() > bytes_max => return Some(array.done()),
            Some(next) => rest = next,
            None => return after.is_empty().then(|| array.done()),
        }
    }
}

/// The first element of `a,b,…`, none for NULL, and what comes from its comma on.
fn next_word<'a>(arena: &'a Arena, list: &'a str) -> Option<(Option<&'a str>, &'a str)> {
    let list = list.trim_start_matches(|c: char| c.is_ascii() && is_space(c as u8));
    let quoted = list.starts_with('"');
    let bytes = list.as_bytes();
    let mut at = usize::from(quoted);
    let start = at;
    let mut word = Growing::new(arena, 0);
    // Where the word ends, without white space that is not escaped; and whether it has a backslash.
    let (mut end, mut escaped) = (start, false);
    loop {
        match *bytes.get(at).unwrap_or(&b',') {
            _ if quoted && at >= bytes.len() => return None,
            b'\\' => {
                // White space in the middle counts; it is copied now that more follows.
                let next = list[at + 1..].chars().next()?;
                word.push(&bytes[if escaped { end } else { start }..at]);
                at += 1 + next.len_utf8();
                word.push(next.encode_utf8(&mut [0; 4]).as_bytes());
                (end, escaped) = (at, true);
            }
            b'"' if quoted => break,
            b',' if !quoted => break,
            b'"' | b'{' | b'}' if !quoted => return None,
            space if is_space(space) && !quoted => at += 1,
            _ => {
                at += 1;
                if escaped {
                    word.push(&bytes[end..at]);
                }
                end = at;
            }
        }
    }
    let plain = &list[start..end];
    let after = if quoted {
        list[at + 1..].trim_start_matches(|c: char| c.is_ascii() && is_space(c as u8))
    } else {
        &list[at..]
    };
    match (quoted, escaped) {
        // SAFETY: all characters of a text, which lives in the arena as long as that is borrowed.
        (_, true) => Some((Some(unsafe { word.done_text().as_str() }), after)),
        (true, false) => Some((Some(plain), after)),
        (false, false) if plain.is_empty() => None,
        (false, false) => Some(((!plain.eq_ignore_ascii_case("NULL")).then_some(plain), after)),
    }
}

/// `CAST(array AS VARCHAR)` of elements of the type with that [`Element::code`]. Bad for a result that is too long.
///
/// # Safety
/// The array lives, and its elements are of the type.
pub unsafe fn array_to_text(arena: &Arena, array: BytesRef, element: i64) -> Option<TextRef> {
    // SAFETY: by contract.
    let text = unsafe { to_text_within(RESULT_BYTES_MAX, arena, array, Element::of_code(element)?) };
    (text.len() <= RESULT_BYTES_MAX).then_some(text)
}

/// `CAST(text AS T[])` of elements of the type with that [`Element::code`]. Bad for what is no array of them; of one that is too
/// long enough to tell that it is: `array_joined`.
///
/// # Safety
/// The text lives.
pub unsafe fn text_to_array(arena: &Arena, text: TextRef, element: i64) -> Option<BytesRef> {
    // SAFETY: by contract.
    of_text_within(RESULT_BYTES_MAX, arena, unsafe { text.as_str() }, Element::of_code(element)?)
}

/// The texts of the elements, as they stand in the array's own text but without quotes. Bad for a result that is
/// too long.
///
/// # Safety
/// The array lives, and its elements are of the type with that [`Element::code`].
pub unsafe fn array_texts(arena: &Arena, array: BytesRef, element: i64) -> Option<BytesRef> {
    let mut texts = Growing::new(arena, array.len());
    let ty = Element::of_code(element)?.ty();
    // SAFETY: by contract.
    for element in unsafe { elements(array) } {
        let cell = element.cell(ty.repr(), arena);
        // SAFETY: a value of the type, in the array or the arena.
        unsafe {
            let text = cell.map(|cell| element_text(arena, ty, cell).to_cell());
            put_element(Repr::Text, text.unwrap_or_default(), text.is_some(), |piece| texts.push(piece));
        }
        if texts.len() > RESULT_BYTES_MAX {
            return None;
        }
    }
    Some(texts.done())
}

/// The elements of an array of texts with a separator between, without those that are NULL. Bad for a result that is too
/// long.
///
/// # Safety
/// Both live.
pub unsafe fn array_join(arena: &Arena, texts: BytesRef, separator: TextRef) -> Option<TextRef> {
    // SAFETY: by contract.
    let (all, separator) = unsafe { (elements(texts), separator.as_bytes()) };
    let mut joined = Growing::new(arena, texts.len());
    let mut is_first = true;
    for text in all.filter_map(|element| element.cell(Repr::Text, arena)) {
        if !is_first {
            joined.push(separator);
        }
        is_first = false;
        // SAFETY: the text is in the array or the arena.
        joined.push(unsafe { TextRef::from_cell(text).as_bytes() });
        if joined.len() > RESULT_BYTES_MAX {
            return None;
        }
    }
    // SAFETY: texts.
    Some(unsafe { joined.done_text() })
}

/// The parts of a text between separators; the whole text where the separator is empty. Bad for a result that is too long.
///
/// # Safety
/// Both live.
pub unsafe fn string_to_array(arena: &Arena, text: TextRef, separator: TextRef) -> Option<BytesRef> {
    // SAFETY: by contract.
    let (text, separator) = unsafe { (text.as_str(), separator.as_str()) };
    match (text.is_empty(), separator.is_empty()) {
        (true, _) => Some(BytesRef::EMPTY),
        (false, true) => of_parts(arena, std::iter::once(text)),
        (false, false) => of_parts(arena, text.split(separator)),
    }
}

/// The characters of a text. Bad for a result that is too long.
///
/// # Safety
/// The text lives.
pub unsafe fn string_to_chars(arena: &Arena, text: TextRef) -> Option<BytesRef> {
    // SAFETY: by contract.
    let text = unsafe { text.as_str() };
    of_parts(arena, text.char_indices().map(|(i, c)| &text[i..i + c.len_utf8()]))
}

fn of_parts<'a>(arena: &Arena, parts: impl Iterator<Item = &'a str>) -> Option<BytesRef> {
    let mut array = Growing::new(arena, 0);
    for part in parts {
        // SAFETY: the part lives.
        unsafe { put_element(Repr::Text, TextRef::new(part).to_cell(), true, |piece| array.push(piece)) };
        if array.len() > RESULT_BYTES_MAX {
            return None;
        }
    }
    Some(array.done())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scalar::{array_get_text, array_joined};
    use proptest::prelude::*;

    #[test]
    fn texts() {
        let arena = Arena::new();
        let check = |text: &str, element: Element, expected: Option<&str>| {
            let found = of_text(&arena, text, element);
            // SAFETY: the arena lives.
            let found = found.map(|array| unsafe { to_text(&arena, array, element).as_str() });
            assert_eq!(found, expected, "{text}");
        };
        check("{1,2,NULL}", Element::Integer, Some("{1,2,NULL}"));
        check("  { 1 , null,\t-3 } ", Element::Integer, Some("{1,NULL,-3}"));
        check("{}", Element::Integer, Some("{}"));
        check(" { } ", Element::Varchar, Some("{}"));
        check("{a b, c}", Element::Varchar, Some("{\"a b\",c}"));
        check("{\"NULL\",NULL,\\NULL,nulls}", Element::Varchar, Some("{\"NULL\",NULL,\"NULL\",nulls}"));
        check("{\"\",\" \"}", Element::Varchar, Some("{\"\",\" \"}"));
        check(r#"{"a\"b","c\\d",e\"f}"#, Element::Varchar, Some(r#"{"a\"b","c\\d","e\"f"}"#));
        check(r"{a\ ,\  b\,c}", Element::Varchar, Some("{\"a \",\"  b,c\"}"));
        check(r"{a\  x \y z }", Element::Varchar, Some("{\"a  x y z\"}"));
        check("{\"{1}\"}", Element::Varchar, Some("{\"{1}\"}"));
        check("{true,f}", Element::Boolean, Some("{t,f}"));
        check("{\"2013-01-01 10:00\"}", Element::Timestamp, Some("{\"2013-01-01 10:00:00\"}"));
        check(r#"{"\\x0aff"}"#, Element::Bytea, Some(r#"{"\\x0aff"}"#));
        check(r#"{"{\"a\": 1}"}"#, Element::Json, Some(r#"{"{\"a\": 1}"}"#));
        for bad in [
            "", "{", "}", "1", "{1", "1}", "{1,}", "{,1}", "{1,,2}", "{x}", "{{1}}", "{1}2", "{1}{2}",
            "{1 2}", "{\"1}", "{\"1\"2}", "{1\"\"}",
        ] {
            check(bad, Element::Integer, None);
        }
        for bad in ["{a\"b}", "{\"a\"b}", "{\\}", "{a\\}", "{\"a\\\"}", "{a{b}", "{}}", "{ , }"] {
            check(bad, Element::Varchar, None);
        }
    }

    #[test]
    fn lists() {
        let arena = Arena::new();
        let text = |a: BytesRef| {
            // SAFETY: the arena lives.
            unsafe { to_text(&arena, a, Element::Varchar).as_str().to_string() }
        };
        let t = TextRef::new;
        // SAFETY: the arena and the texts live.
        unsafe {
            let check = |list, separator, expected: &str| {
                assert_eq!(text(string_to_array(&arena, t(list), t(separator)).unwrap()), expected);
            };
            check("xx~~yy~~zz", "~~", "{xx,yy,zz}");
            check("a,,b,", ",", "{a,\"\",b,\"\"}");
            check("", ",", "{}");
            check("abc", "", "{abc}");
            assert_eq!(text(string_to_chars(&arena, t("aé😀")).unwrap()), "{a,é,😀}");
            let array = of_text(&arena, "{t,NULL,f}", Element::Boolean).unwrap();
            let texts = array_texts(&arena, array, Element::Boolean.code()).unwrap();
            assert_eq!(array_join(&arena, texts, t(", ")).unwrap().as_str(), "t, f");
            assert_eq!(array_get_text(&arena, texts, 3).unwrap().as_str(), "f");
            let long = "x".repeat(1 << 20);
            let many = of_text(&arena, &format!("{{{}}}", ["1"; 20].join(",")), Element::Varchar).unwrap();
            assert!(array_join(&arena, many, t(&long)).is_none());
        }
    }

    #[test]
    fn no_text_is_too_long() {
        let arena = Arena::new();
        let code = Element::Boolean.code();
        // NULL has two bytes in an array and five in its text.
        let nulls = |n: usize| arena.alloc_bytes(&[0x81, 0].repeat(n));
        let n = (RESULT_BYTES_MAX - 1) / 5;
        // SAFETY: the arena lives.
        unsafe {
            assert_eq!(array_to_text(&arena, nulls(n), code).unwrap().len(), 1 + 5 * n);
            assert!(array_to_text(&arena, nulls(n + 1), code).is_none());
            let falses = arena.alloc_bytes(&[1, 0].repeat(RESULT_BYTES_MAX / 4 + 1));
            assert!(array_texts(&arena, falses, code).is_none());
            let commas = ",".repeat(RESULT_BYTES_MAX / 3);
            assert!(string_to_array(&arena, TextRef::new(&commas), TextRef::new(",")).is_none());
            assert!(string_to_array(&arena, TextRef::new(&commas[1..]), TextRef::new(",")).is_some());
            assert!(string_to_chars(&arena, TextRef::new(&commas)).is_none());
            // Told apart by the cast that asks, not by one that keeps what it is given.
            let ones = format!("{{1{}}}", ",1".repeat(RESULT_BYTES_MAX / 9 + 10));
            let cast = text_to_array(&arena, TextRef::new(&ones), Element::Bigint.code()).unwrap();
            assert!(array_joined(cast).is_none() && cast.len() < RESULT_BYTES_MAX + 18);
            let all = of_text(&arena, &ones, Element::Bigint).unwrap();
            assert_eq!(all.len(), (RESULT_BYTES_MAX / 9 + 11) * 9);
        }
    }

    proptest! {
        #[test]
        fn every_text_comes_back(parts in prop::collection::vec(prop::option::of("[a ,{}\"\\\\\\x00Nnulé\\t]{0,5}"), 0..5)) {
            let arena = Arena::new();
            let mut array = Growing::new(&arena, 0);
            for part in &parts {
                let cell = part.as_deref().map(|p| TextRef::new(p).to_cell());
                // SAFETY: the part lives.
                unsafe { put_element(Repr::Text, cell.unwrap_or_default(), cell.is_some(), |b| array.push(b)) };
            }
            let array = array.done();
            // SAFETY: the arena lives.
            unsafe {
                let text = to_text(&arena, array, Element::Varchar).as_str();
                let again = of_text(&arena, text, Element::Varchar);
                prop_assert_eq!(again.map(|a| a.as_bytes()), Some(array.as_bytes()), "{}", text);
            }
        }
    }
}
