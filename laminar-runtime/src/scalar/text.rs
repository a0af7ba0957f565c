//! Functions of texts. Positions and lengths count characters.

use super::RESULT_BYTES_MAX;
use crate::types::{Arena, TextRef};

/// `a || b`. Bad for a result that is too long.
///
/// # Safety
/// Both texts live.
#[inline]
pub unsafe fn concat(arena: &Arena, a: TextRef, b: TextRef) -> Option<TextRef> {
    // SAFETY: by contract.
    let (a, b) = unsafe { (a.as_str(), b.as_str()) };
    (a.len() + b.len() <= RESULT_BYTES_MAX.max(a.len()).max(b.len())).then(|| arena.alloc_concat(a, b))
}

/// The text with ASCII letters in lower case, as the C collation has it.
///
/// # Safety
/// The text lives.
#[inline]
pub unsafe fn lower(arena: &Arena, text: TextRef) -> TextRef {
    // SAFETY: by contract.
    let s = unsafe { text.as_str() };
    if s.bytes().any(|b| b.is_ascii_uppercase()) {
        map_ascii(arena, s, |b| b.to_ascii_lowercase())
    } else {
        text
    }
}

/// The text with ASCII letters in upper case, as the C collation has it.
///
/// # Safety
/// The text lives.
#[inline]
pub unsafe fn upper(arena: &Arena, text: TextRef) -> TextRef {
    // SAFETY: by contract.
    let s = unsafe { text.as_str() };
    if s.bytes().any(|b| b.is_ascii_lowercase()) {
        map_ascii(arena, s, |b| b.to_ascii_uppercase())
    } else {
        text
    }
}

/// Every word with its first ASCII letter in upper and the others in lower case. Words are made of ASCII letters and digits, as the C
/// collation has it.
///
/// # Safety
/// The text lives.
#[inline]
pub unsafe fn initcap(arena: &Arena, text: TextRef) -> TextRef {
    // SAFETY: by contract.
    let s = unsafe { text.as_str() };
    let mut within = false;
    map_ascii(arena, s, |b| {
        let cased = if within { b.to_ascii_lowercase() } else { b.to_ascii_uppercase() };
        within = b.is_ascii_alphanumeric();
        cased
    })
}

/// `f` changes ASCII to ASCII and nothing else.
#[inline]
fn map_ascii(arena: &Arena, text: &str, mut f: impl FnMut(u8) -> u8) -> TextRef {
    let at = arena.alloc(text.len());
    for (i, b) in text.bytes().enumerate() {
        // SAFETY: `at` has room for as many bytes as the text has.
        unsafe { at.add(i).write(f(b)) };
    }
    // SAFETY: all bytes are written; those beyond ASCII are as they were.
    unsafe { TextRef::from_raw_parts(at, text.len()) }
}

/// The text itself; none if an aggregate had more to put together than it may.
///
/// # Safety
/// The text lives.
#[inline]
pub unsafe fn text_joined(text: TextRef) -> Option<TextRef> {
    // SAFETY: by contract.
    (unsafe { text.as_str() }.len() <= RESULT_BYTES_MAX).then_some(text)
}

/// Number of characters.
///
/// # Safety
/// The text lives.
#[inline]
pub unsafe fn length(text: TextRef) -> i64 {
    // SAFETY: by contract.
    unsafe { text.as_str() }.chars().count() as i64
}

/// From character `start`, counted from 1, to the end.
///
/// # Safety
/// The text lives.
#[inline]
pub unsafe fn substr(text: TextRef, start: i64) -> TextRef {
    // SAFETY: by contract.
    let s = unsafe { text.as_str() };
    TextRef::new(&s[byte_of(s, start)..])
}

/// `len` characters from character `start`, counted from 1; what lies before the text counts but is not there. Bad for a negative
/// length.
///
/// # Safety
/// The text lives.
#[inline]
pub unsafe fn substr_len(text: TextRef, start: i64, len: i64) -> Option<TextRef> {
    if len < 0 {
        return None;
    }
    // SAFETY: by contract.
    let s = unsafe { text.as_str() };
    let rest = &s[byte_of(s, start)..];
    let kept = start.saturating_add(len).saturating_sub(start.max(1));
    Some(TextRef::new(&rest[..byte_of(rest, kept.saturating_add(1))]))
}

/// Byte offset of a character, counted from 1; clipped to the text.
#[inline]
pub(super) fn byte_of(text: &str, position: i64) -> usize {
    let skip =
        usize::try_from(position.saturating_sub(1)).unwrap_or(if position < 1 { 0 } else { usize::MAX });
    if skip == 0 {
        return 0;
    }
    text.char_indices().nth(skip).map_or(text.len(), |(i, _)| i)
}

/// The `n`-th part between delimiters, from 1, or from −1 backward; empty where there is none. Bad for 0.
///
/// # Safety
/// Both texts live.
#[inline]
pub unsafe fn split_part(text: TextRef, delimiter: TextRef, n: i64) -> Option<TextRef> {
    if n == 0 {
        return None;
    }
    // SAFETY: by contract.
    let (s, delimiter) = unsafe { (text.as_str(), delimiter.as_str()) };
    if delimiter.is_empty() {
        return Some(if n == 1 || n == -1 { text } else { TextRef::EMPTY });
    }
    let from_start = if n > 0 {
        n - 1
    } else {
        // Parts are found from the start, also where delimiters could overlap.
        s.split(delimiter).count() as i64 + n
    };
    let Ok(index) = usize::try_from(from_start) else { return Some(TextRef::EMPTY) };
    let mut chars = delimiter.chars();
    let part = match (chars.next(), chars.next()) {
        (Some(c), None) => s.split(c).nth(index),
        _ => s.split(delimiter).nth(index),
    };
    Some(part.map_or(TextRef::EMPTY, TextRef::new))
}

/// How often the first character of `character` occurs in the text; 0 if it has none.
///
/// # Safety
/// Both texts live.
#[inline]
pub unsafe fn count_char(text: TextRef, character: TextRef) -> i64 {
    // SAFETY: by contract.
    let (s, character) = unsafe { (text.as_str(), character.as_str()) };
    match character.chars().next() {
        Some(c) if c.is_ascii() => s.bytes().filter(|&b| b == c as u8).count() as i64,
        Some(c) => s.chars().filter(|&d| d == c).count() as i64,
        None => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn t(text: &'static str) -> TextRef {
        TextRef::new(text)
    }

    fn text(text: TextRef) -> &'static str {
        // SAFETY: the tests keep their arenas and use static texts.
        unsafe { text.as_str() }
    }

    #[test]
    fn concatenates() {
        let arena = Arena::new();
        let check = |a, b, expected: &str| {
            // SAFETY: static texts.
            assert_eq!(unsafe { concat(&arena, t(a), t(b)) }.map(text), Some(expected));
        };
        check("a", "bc", "abc");
        check("", "ü", "ü");
        check("ü", "", "ü");
        check("", "", "");
        let half: &str = Box::leak("x".repeat(RESULT_BYTES_MAX / 2).into_boxed_str());
        // SAFETY: static texts.
        unsafe {
            let whole = concat(&arena, t(half), t(half)).unwrap();
            assert_eq!(whole.as_str().len(), RESULT_BYTES_MAX);
            assert!(concat(&arena, whole, t("x")).is_none());
            // With nothing it is no longer than it came in.
            let longer = t(Box::leak("x".repeat(RESULT_BYTES_MAX + 1).into_boxed_str()));
            for [a, b] in [[longer, t("")], [t(""), longer]] {
                assert_eq!(concat(&arena, a, b).map(|t| t.len()), Some(RESULT_BYTES_MAX + 1));
            }
            assert!(concat(&arena, t("x"), longer).is_none());
        }
    }

    #[test]
    fn changes_case() {
        let arena = Arena::new();
        let check = |s, low: &str, up: &str| {
            // SAFETY: static texts.
            assert_eq!(unsafe { (text(lower(&arena, t(s))), text(upper(&arena, t(s)))) }, (low, up));
        };
        check("", "", "");
        check("aBc 1", "abc 1", "ABC 1");
        check("abc", "abc", "ABC");
        check("ÄÖü x", "ÄÖü x", "ÄÖü X");
        check("straße", "straße", "STRAßE");
        check("İ", "İ", "İ");
    }

    #[test]
    fn capitals_of_words() {
        let arena = Arena::new();
        let check = |s, expected: &str| {
            // SAFETY: static text.
            assert_eq!(text(unsafe { initcap(&arena, t(s)) }), expected);
        };
        check("hi THOMAS, 2nd o'neil", "Hi Thomas, 2nd O'Neil");
        check("", "");
        check("_a-b", "_A-B");
        check("über", "üBer");
    }

    #[test]
    fn counts_characters() {
        let check = |s, expected| {
            // SAFETY: static text.
            assert_eq!(unsafe { length(t(s)) }, expected);
        };
        check("", 0);
        check("abc", 3);
        check("aüc€😀", 5);
    }

    #[test]
    fn substrings() {
        let check = |s, start, expected: &str| {
            // SAFETY: static text.
            assert_eq!(text(unsafe { substr(t(s), start) }), expected, "{s} from {start}");
        };
        check("abc", 2, "bc");
        check("abc", 1, "abc");
        check("abc", 0, "abc");
        check("abc", -5, "abc");
        check("abc", 4, "");
        check("abc", i64::MAX, "");
        check("abc", i64::MIN, "abc");
        check("äöü", 2, "öü");
        check("", 1, "");
    }

    #[test]
    fn substrings_of_a_length() {
        let check = |s, start, len, expected: Option<&str>| {
            // SAFETY: static text.
            let found = unsafe { substr_len(t(s), start, len) };
            assert_eq!(found.map(text), expected, "{s} from {start} for {len}");
        };
        check("abcdef", 2, 3, Some("bcd"));
        check("abcdef", 0, 3, Some("ab"));
        check("abcdef", -1, 3, Some("a"));
        check("abcdef", -5, 3, Some(""));
        check("abcdef", 1, 0, Some(""));
        check("abcdef", 3, 100, Some("cdef"));
        check("abcdef", 3, i64::MAX, Some("cdef"));
        check("abcdef", i64::MIN, i64::MAX, Some(""));
        check("abcdef", i64::MAX, i64::MAX, Some(""));
        check("abcdef", 2, -1, None);
        check("äöüß", 2, 2, Some("öü"));
    }

    #[test]
    fn splits() {
        let check = |s, d, n, expected: Option<&str>| {
            // SAFETY: static texts.
            let found = unsafe { split_part(t(s), t(d), n) };
            assert_eq!(found.map(text), expected, "{s} by {d}, {n}");
        };
        check("a,b,c", ",", 1, Some("a"));
        check("a,b,c", ",", 3, Some("c"));
        check("a,b,c", ",", 4, Some(""));
        check("a,b,c", ",", 0, None);
        check("a,b,c", ",", -1, Some("c"));
        check("a,b,c", ",", -3, Some("a"));
        check("a,b,c", ",", -4, Some(""));
        check("abc", ",", 1, Some("abc"));
        check("abc", ",", 2, Some(""));
        check("abc", "", 1, Some("abc"));
        check("abc", "", -1, Some("abc"));
        check("abc", "", 2, Some(""));
        check("", ",", 1, Some(""));
        check("aXYbXYc", "XY", 2, Some("b"));
        check("aXYbXYc", "XY", -2, Some("b"));
        check("aaa", "aa", 1, Some(""));
        check("aaa", "aa", 2, Some("a"));
        check("aaa", "aa", -1, Some("a"));
        check("aüb", "ü", 2, Some("b"));
        check("a,b", ",", i64::MAX, Some(""));
        check("a,b", ",", i64::MIN, Some(""));
        check("", "", 0, None);
    }

    #[test]
    fn counts_a_character() {
        let check = |s, c, expected| {
            // SAFETY: static texts.
            assert_eq!(unsafe { count_char(t(s), t(c)) }, expected);
        };
        check("banana", "a", 3);
        check("banana", "an", 3);
        check("banana", "x", 0);
        check("banana", "", 0);
        check("", "a", 0);
        check("üäü", "ü", 2);
    }
}
