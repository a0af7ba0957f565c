//! `LIKE`: `%` is any run of characters, `_` any one.
//!
//! Cost: length of the text times length of the pattern at worst; only the last `%` is ever tried again.

use super::value::Value;
use crate::schema::Repr;
use crate::types::{Arena, BytesRef, Elements, Growing, TextRef, put_element};

/// `text LIKE pattern`, with `\` to escape. Bad for a pattern that ends with the escape.
///
/// # Safety
/// Both texts live.
#[inline]
pub unsafe fn like(text: TextRef, pattern: TextRef) -> Option<bool> {
    // SAFETY: by contract.
    unsafe { matches::<false>(text.as_str().as_bytes(), pattern.as_str().as_bytes(), b"\\") }
}

/// `text ILIKE pattern`, with `\` to escape: ASCII letters of both cases are equal, as the C collation has it. Bad as [`like`].
///
/// # Safety
/// Both texts live.
#[inline]
pub unsafe fn ilike(text: TextRef, pattern: TextRef) -> Option<bool> {
    // SAFETY: by contract.
    unsafe { matches::<true>(text.as_str().as_bytes(), pattern.as_str().as_bytes(), b"\\") }
}

/// `text LIKE pattern ESCAPE escape`; an empty escape is none. Bad for an escape of several characters and for a pattern that
/// ends with the escape.
///
/// # Safety
/// All texts live.
#[inline]
pub unsafe fn like_escape(text: TextRef, pattern: TextRef, escape: TextRef) -> Option<bool> {
    // SAFETY: by contract.
    unsafe { with_escape::<false>(text, pattern, escape) }
}

/// `text ILIKE pattern ESCAPE escape`. Bad as [`like_escape`].
///
/// # Safety
/// All texts live.
#[inline]
pub unsafe fn ilike_escape(text: TextRef, pattern: TextRef, escape: TextRef) -> Option<bool> {
    // SAFETY: by contract.
    unsafe { with_escape::<true>(text, pattern, escape) }
}

/// For each pattern of an array whether the text is `LIKE` it, as an array that ends with the first where that is `last`: patterns behind
/// one that decides are not read. The text comes as an array of it alone. NULL where either is NULL. Bad as [`like_escape`].
///
/// # Safety
/// All live.
pub unsafe fn like_each(
    arena: &Arena,
    text: BytesRef,
    patterns: BytesRef,
    escape: TextRef,
    last: bool,
) -> Option<BytesRef> {
    // SAFETY: by contract.
    unsafe { each::<false>(arena, text, patterns, escape, last) }
}

/// The same of `ILIKE`.
///
/// # Safety
/// All live.
pub unsafe fn ilike_each(
    arena: &Arena,
    text: BytesRef,
    patterns: BytesRef,
    escape: TextRef,
    last: bool,
) -> Option<BytesRef> {
    // SAFETY: by contract.
    unsafe { each::<true>(arena, text, patterns, escape, last) }
}

/// # Safety
/// All live.
unsafe fn each<const FOLD: bool>(
    arena: &Arena,
    text: BytesRef,
    patterns: BytesRef,
    escape: TextRef,
    last: bool,
) -> Option<BytesRef> {
    // SAFETY: by contract.
    let (text, patterns) = unsafe { (text.as_bytes(), patterns.as_bytes()) };
    let text = Elements::of(text).next().and_then(|e| e.cell(Repr::Text, arena));
    let mut results = Growing::new(arena, 0);
    for pattern in Elements::of(patterns) {
        let matched = match (text, pattern.cell(Repr::Text, arena)) {
            (Some(text), Some(pattern)) => {
                // SAFETY: what the cells refer to is in the arrays or in the arena.
                let matched = unsafe {
                    with_escape::<FOLD>(TextRef::from_cell(text), TextRef::from_cell(pattern), escape)
                };
                Some(matched?)
            }
            _ => None,
        };
        let cell = matched.unwrap_or_default().to_cell();
        // SAFETY: a Bool refers to nothing.
        unsafe { put_element(Repr::Bool, cell, matched.is_some(), |piece| results.push(piece)) };
        if matched == Some(last) {
            break;
        }
    }
    Some(results.done())
}

/// # Safety
/// All texts live.
#[inline]
unsafe fn with_escape<const FOLD: bool>(text: TextRef, pattern: TextRef, escape: TextRef) -> Option<bool> {
    // SAFETY: by contract.
    let (text, pattern, escape) = unsafe { (text.as_str(), pattern.as_str(), escape.as_str()) };
    if escape.chars().nth(1).is_some() {
        return None;
    }
    matches::<FOLD>(text.as_bytes(), pattern.as_bytes(), escape.as_bytes())
}

/// An element of a pattern.
enum Element {
    End,
    AnyRun,
    AnyOne,
    Byte(u8),
}

/// The element at `at`, and where the next one is.
#[inline(always)]
fn element(pattern: &[u8], at: usize, escape: &[u8]) -> (Element, usize) {
    let rest = &pattern[at..];
    let Some(&first) = rest.first() else { return (Element::End, at) };
    // A character is escaped by its first byte; the others are like no special one.
    if !escape.is_empty() && rest.starts_with(escape) {
        return match rest.get(escape.len()) {
            Some(&escaped) => (Element::Byte(escaped), at + escape.len() + 1),
            None => (Element::End, at),
        };
    }
    match first {
        b'%' => (Element::AnyRun, at + 1),
        b'_' => (Element::AnyOne, at + 1),
        byte => (Element::Byte(byte), at + 1),
    }
}

/// Whether the pattern ends with an escape that escapes nothing.
#[inline]
fn ends_in_escape(pattern: &[u8], escape: &[u8]) -> bool {
    if escape.is_empty() || !pattern.ends_with(escape) {
        return false;
    }
    let mut at = 0;
    while at < pattern.len() {
        match element(pattern, at, escape) {
            (Element::End, _) => return true,
            (_, next) => at = next,
        }
    }
    false
}

/// Both are UTF-8. With `FOLD`, ASCII letters of both cases are equal.
#[inline]
fn matches<const FOLD: bool>(text: &[u8], pattern: &[u8], escape: &[u8]) -> Option<bool> {
    if ends_in_escape(pattern, escape) {
        return None;
    }
    let (mut t, mut p) = (0, 0);
    // After the last `%`: where the pattern goes on, and where in the text it was tried.
    let mut retry: Option<(usize, usize)> = None;
    loop {
        let (element, next) = element(pattern, p, escape);
        let matched = match element {
            Element::End if t == text.len() => return Some(true),
            Element::End => false,
            Element::AnyRun => {
                if next == pattern.len() {
                    return Some(true);
                }
                retry = Some((next, t));
                p = next;
                continue;
            }
            Element::AnyOne if t < text.len() => {
                t = after_char(text, t);
                true
            }
            Element::AnyOne => false,
            Element::Byte(byte) if text.get(t).is_some_and(|&b| same::<FOLD>(b, byte)) => {
                t += 1;
                true
            }
            Element::Byte(_) => false,
        };
        if matched {
            p = next;
            continue;
        }
        match retry {
            Some((after, tried)) if tried < text.len() => {
                t = after_char(text, tried);
                p = after;
                retry = Some((after, t));
            }
            _ => return Some(false),
        }
    }
}

#[inline(always)]
fn same<const FOLD: bool>(a: u8, b: u8) -> bool {
    if FOLD { a.eq_ignore_ascii_case(&b) } else { a == b }
}

/// Where the character after that at `at` starts.
#[inline(always)]
fn after_char(text: &[u8], at: usize) -> usize {
    let mut next = at + 1;
    while text.get(next).is_some_and(|b| b & 0xc0 == 0x80) {
        next += 1;
    }
    next
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scalar::{array_of_text, array_to_text, text_to_array};

    #[test]
    fn matches_patterns() {
        let check = |text: &'static str, pattern: &'static str, expected: Option<bool>| {
            // SAFETY: static texts.
            let found = unsafe { like(TextRef::new(text), TextRef::new(pattern)) };
            assert_eq!(found, expected, "{text} LIKE {pattern}");
        };
        let yes = |text, pattern| check(text, pattern, Some(true));
        let no = |text, pattern| check(text, pattern, Some(false));
        yes("", "");
        yes("", "%");
        no("", "_");
        no("a", "");
        yes("abc", "abc");
        no("abc", "ABC");
        no("abc", "ab");
        no("abc", "abcd");
        yes("abc", "a%");
        yes("abc", "%c");
        yes("abc", "%b%");
        yes("abc", "a_c");
        no("abc", "a_");
        yes("abc", "___");
        yes("abc", "%_%_%");
        no("ab", "_%_%_");
        yes("abab", "%ab");
        yes("aabaab", "%aab");
        yes("mississippi", "m%iss%ip_i");
        no("mississippi", "m%iss%ip_x");
        yes("aüc", "a_c");
        yes("ü", "_");
        no("ü", "__");
        yes("xü😀", "%_😀");
        yes("üü", "%_");
        no("üü", "%___");
        yes("a%c", "a\\%c");
        no("abc", "a\\%c");
        yes("a\\c", "a\\\\c");
        yes("abc", "a\\bc");
        yes("aü", "a\\ü");
        check("abc", "abc\\", None);
        check("x", "abc\\", None);
        yes("abc\\", "abc\\\\");
        check("abc", "%\\", None);
    }

    #[test]
    fn other_escapes() {
        let check = |text: &'static str,
                     pattern: &'static str,
                     escape: &'static str,
                     expected: Option<bool>| {
            let [t, p, e] = [text, pattern, escape].map(TextRef::new);
            // SAFETY: static texts.
            assert_eq!(unsafe { like_escape(t, p, e) }, expected, "{text} LIKE {pattern} ESCAPE {escape}");
        };
        check("a%c", "a#%c", "#", Some(true));
        check("abc", "a#%c", "#", Some(false));
        check("a#c", "a##c", "#", Some(true));
        check("a\\c", "a\\c", "#", Some(true));
        check("a\\", "a\\", "", Some(true));
        check("a%", "aü%", "ü", Some(true));
        check("ab", "aü%", "ü", Some(false));
        check("a%b", "a%%b", "%", Some(true));
        check("axb", "a%%b", "%", Some(false));
        check("a", "a#", "#", None);
        check("a", "aü", "ü", None);
        check("a", "a", "##", None);
    }

    #[test]
    fn the_first_that_decides_is_the_last() {
        use crate::schema::Element::{Boolean, Varchar};
        let arena = Arena::new();
        let check = |text: &str, patterns: &str, last, expected: Option<&str>| {
            // SAFETY: the texts and the arena live.
            let found = unsafe {
                let text = array_of_text(&arena, TextRef::new(text));
                let patterns = text_to_array(&arena, TextRef::new(patterns), Varchar.code()).unwrap();
                let results = like_each(&arena, text, patterns, TextRef::new("\\"), last);
                results.map(|r| array_to_text(&arena, r, Boolean.code()).unwrap().as_str())
            };
            assert_eq!(found, expected, "{text} LIKE {patterns}");
        };
        check("abc", r"{x,NULL,a%,\\,y}", true, Some("{f,NULL,t}"));
        check("abc", r"{a%,NULL,x,\\,y}", false, Some("{t,NULL,f}"));
        check("abc", r"{a%,\\,x}", false, None);
        check("abc", "{x,y}", true, Some("{f,f}"));
        check("abc", "{}", true, Some("{}"));
    }

    #[test]
    fn cost_is_bounded() {
        let text = "a".repeat(5000);
        let pattern = "%a".repeat(50) + "b";
        let start = std::time::Instant::now();
        // SAFETY: both live.
        assert_eq!(unsafe { like(TextRef::new(&text), TextRef::new(&pattern)) }, Some(false));
        assert!(start.elapsed().as_secs() < 5);
    }

    #[test]
    fn case_of_ascii() {
        let check = |text: &'static str, pattern: &'static str, expected: Option<bool>| {
            // SAFETY: static texts.
            let found = unsafe { ilike(TextRef::new(text), TextRef::new(pattern)) };
            assert_eq!(found, expected, "{text} ILIKE {pattern}");
        };
        check("ABC", "a%c", Some(true));
        check("abc", "A_C", Some(true));
        check("Äb", "äB", Some(false));
        check("ÄB", "Äb", Some(true));
        check("[", "{", Some(false));
        check("a", "b", Some(false));
        check("a", "a\\", None);
        // SAFETY: static texts.
        let found = unsafe { ilike_escape(TextRef::new("A%"), TextRef::new("aX%"), TextRef::new("X")) };
        assert_eq!(found, Some(true));
    }
}
