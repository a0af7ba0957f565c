//! Functions that cut, fill and change texts. Positions and lengths count characters. What would be longer than [`RESULT_BYTES_MAX`] and
//! longer than the text given is bad.

use super::built::{Built, RESULT_BYTES_MAX};
use super::text::byte_of;
use crate::types::{Arena, TextRef};

fn is_one_of<'a>(characters: &'a str) -> impl Fn(char) -> bool + Copy + 'a {
    move |c| characters.contains(c)
}

macro_rules! trims {
    ($($(#[$doc:meta])* $all:ident, $name:ident: |$text:ident, $set:ident| $trim:expr;)*) => {$(
        $(#[$doc])*
        ///
        /// # Safety
        /// Both texts live.
        #[inline]
        pub unsafe fn $name(text: TextRef, characters: TextRef) -> TextRef {
            // SAFETY: by contract.
            let ($text, characters) = unsafe { (text.as_str(), characters.as_str()) };
            let $set = is_one_of(characters);
            TextRef::new($trim)
        }

        $(#[$doc])*
        /// The character is the space.
        ///
        /// # Safety
        /// The text lives.
        #[inline]
        pub unsafe fn $all(text: TextRef) -> TextRef {
            // SAFETY: by contract.
            let $text = unsafe { text.as_str() };
            let $set = ' ';
            TextRef::new($trim)
        }
    )*};
}

trims! {
    /// Without the characters at its start.
    ltrim_spaces, ltrim: |text, set| text.trim_start_matches(set);
    /// Without the characters at its end.
    rtrim_spaces, rtrim: |text, set| text.trim_end_matches(set);
    /// Without the characters at both ends.
    btrim_spaces, btrim: |text, set| {
        let start = text.trim_start_matches(set);
        start.trim_end_matches(set)
    };
}

/// Every occurrence of `from` as `to`; nothing changes where `from` is empty. Bad for a result that is too long.
///
/// # Safety
/// All texts live.
#[inline]
pub unsafe fn replace(arena: &Arena, text: TextRef, from: TextRef, to: TextRef) -> Option<TextRef> {
    // SAFETY: by contract.
    let (s, from, to) = unsafe { (text.as_str(), from.as_str(), to.as_str()) };
    if from.is_empty() {
        return Some(text);
    }
    let found = s.matches(from).count();
    if found == 0 {
        return Some(text);
    }
    let len = s.len() - found * from.len() + found.checked_mul(to.len())?;
    if len > RESULT_BYTES_MAX.max(s.len()) {
        return None;
    }
    let mut built = Built::new(arena, len);
    let mut parts = s.split(from);
    built.push(parts.next().unwrap_or_default());
    for part in parts {
        built.push(to);
        built.push(part);
    }
    Some(built.done())
}

/// Each character of `from` as the one at its place in `to`, gone where there is none. Bad for a result that is too long.
///
/// # Safety
/// All texts live.
#[inline]
pub unsafe fn translate(arena: &Arena, text: TextRef, from: TextRef, to: TextRef) -> Option<TextRef> {
    // SAFETY: by contract.
    let (s, from, to) = unsafe { (text.as_str(), from.as_str(), to.as_str()) };
    let mapped = |c: char| match from.chars().position(|f| f == c) {
        None => Some(c),
        Some(at) => to.chars().nth(at),
    };
    let len = s.chars().filter_map(mapped).map(char::len_utf8).sum();
    if len > RESULT_BYTES_MAX.max(s.len()) {
        return None;
    }
    let mut built = Built::new(arena, len);
    for c in s.chars().filter_map(mapped) {
        built.push_char(c);
    }
    Some(built.done())
}

/// Position of the first occurrence, from 1; 0 where there is none.
///
/// # Safety
/// Both texts live.
#[inline]
pub unsafe fn strpos(text: TextRef, part: TextRef) -> i64 {
    // SAFETY: by contract.
    let (s, part) = unsafe { (text.as_str(), part.as_str()) };
    s.find(part).map_or(0, |at| s[..at].chars().count() as i64 + 1)
}

/// Whether the text starts with the other.
///
/// # Safety
/// Both texts live.
#[inline]
pub unsafe fn starts_with(text: TextRef, start: TextRef) -> bool {
    // SAFETY: by contract.
    unsafe { text.as_str().starts_with(start.as_str()) }
}

/// Whether the text ends with the other.
///
/// # Safety
/// Both texts live.
#[inline]
pub unsafe fn ends_with(text: TextRef, end: TextRef) -> bool {
    // SAFETY: by contract.
    unsafe { text.as_str().ends_with(end.as_str()) }
}

/// Byte offset of the n-th character from the start, or from the end where negative; clipped to the text.
#[inline]
fn offset_of(text: &str, n: i64) -> usize {
    if n >= 0 {
        return byte_of(text, n.saturating_add(1));
    }
    let back = usize::try_from(n.unsigned_abs() - 1).unwrap_or(usize::MAX);
    text.char_indices().rev().nth(back).map_or(0, |(at, _)| at)
}

/// The first n characters, or all but the last −n.
///
/// # Safety
/// The text lives.
#[inline]
pub unsafe fn left(text: TextRef, n: i64) -> TextRef {
    // SAFETY: by contract.
    let s = unsafe { text.as_str() };
    TextRef::new(&s[..offset_of(s, n)])
}

/// The last n characters, or all but the first −n.
///
/// # Safety
/// The text lives.
#[inline]
pub unsafe fn right(text: TextRef, n: i64) -> TextRef {
    // SAFETY: by contract.
    let s = unsafe { text.as_str() };
    if n == 0 {
        return TextRef::EMPTY;
    }
    TextRef::new(&s[offset_of(s, n.saturating_neg())..])
}

/// The characters in the opposite order.
///
/// # Safety
/// The text lives.
#[inline]
pub unsafe fn reverse(arena: &Arena, text: TextRef) -> TextRef {
    // SAFETY: by contract.
    let s = unsafe { text.as_str() };
    let mut built = Built::new(arena, s.len());
    for c in s.chars().rev() {
        built.push_char(c);
    }
    built.done()
}

/// The text n times; empty for none and less. Bad for a result that is too long.
///
/// # Safety
/// The text lives.
#[inline]
pub unsafe fn repeat(arena: &Arena, text: TextRef, n: i64) -> Option<TextRef> {
    // SAFETY: by contract.
    let s = unsafe { text.as_str() };
    let times = usize::try_from(n).unwrap_or(if n < 0 { 0 } else { usize::MAX });
    if s.is_empty() || times == 0 {
        return Some(TextRef::EMPTY);
    }
    let len = s.len().checked_mul(times)?;
    if len > RESULT_BYTES_MAX && times > 1 {
        return None;
    }
    let mut built = Built::new(arena, len);
    for _ in 0..times {
        built.push(s);
    }
    Some(built.done())
}

/// The start of the text of `n` characters, and how many are missing; none where that is too many.
#[inline]
fn cut(text: &str, n: i64) -> Option<(&str, usize)> {
    let Ok(n) = usize::try_from(n) else { return Some(("", 0)) };
    let kept = &text[..byte_of(text, (n as i64).saturating_add(1))];
    let missing = n - kept.chars().count();
    (missing <= RESULT_BYTES_MAX).then_some((kept, missing))
}

/// `n` characters of the endlessly repeated `fill`.
#[inline]
fn filling(fill: &str, n: usize) -> impl Iterator<Item = char> + Clone {
    fill.chars().cycle().take(if fill.is_empty() { 0 } else { n })
}

#[inline]
fn pad(arena: &Arena, text: &str, n: i64, fill: &str, before: bool) -> Option<TextRef> {
    let (kept, missing) = cut(text, n)?;
    if missing == 0 || fill.is_empty() {
        return Some(TextRef::new(kept));
    }
    let fill = filling(fill, missing);
    let len = kept.len() + fill.clone().map(char::len_utf8).sum::<usize>();
    if len > RESULT_BYTES_MAX.max(text.len()) {
        return None;
    }
    let mut built = Built::new(arena, len);
    if !before {
        built.push(kept);
    }
    fill.for_each(|c| built.push_char(c));
    if before {
        built.push(kept);
    }
    Some(built.done())
}

/// Filled up before the text to `n` characters; longer texts are cut at their end. Bad for a result that is too long.
///
/// # Safety
/// Both texts live.
#[inline]
pub unsafe fn lpad(arena: &Arena, text: TextRef, n: i64, fill: TextRef) -> Option<TextRef> {
    // SAFETY: by contract.
    unsafe { pad(arena, text.as_str(), n, fill.as_str(), true) }
}

/// Filled up with spaces before the text.
///
/// # Safety
/// The text lives.
#[inline]
pub unsafe fn lpad_spaces(arena: &Arena, text: TextRef, n: i64) -> Option<TextRef> {
    // SAFETY: by contract.
    unsafe { pad(arena, text.as_str(), n, " ", true) }
}

/// Filled up after the text to `n` characters; longer texts are cut at their end. Bad for a result that is too long.
///
/// # Safety
/// Both texts live.
#[inline]
pub unsafe fn rpad(arena: &Arena, text: TextRef, n: i64, fill: TextRef) -> Option<TextRef> {
    // SAFETY: by contract.
    unsafe { pad(arena, text.as_str(), n, fill.as_str(), false) }
}

/// Filled up with spaces after the text.
///
/// # Safety
/// The text lives.
#[inline]
pub unsafe fn rpad_spaces(arena: &Arena, text: TextRef, n: i64) -> Option<TextRef> {
    // SAFETY: by contract.
    unsafe { pad(arena, text.as_str(), n, " ", false) }
}

/// The text with `len` characters from `start`, counted from 1, replaced by `other`. Bad for a start below 1, a place that no
/// integer is, and a result that is too long.
///
/// # Safety
/// Both texts live.
#[inline]
pub unsafe fn overlay_len(
    arena: &Arena,
    text: TextRef,
    other: TextRef,
    start: i64,
    len: i64,
) -> Option<TextRef> {
    if start <= 0 {
        return None;
    }
    // SAFETY: by contract.
    let (s, other) = unsafe { (text.as_str(), other.as_str()) };
    let head = &s[..byte_of(s, start)];
    let tail = &s[byte_of(s, start.checked_add(len)?)..];
    let len = head.len() + other.len() + tail.len();
    if len > RESULT_BYTES_MAX.max(s.len()) {
        return None;
    }
    let mut built = Built::new(arena, len);
    built.push(head);
    built.push(other);
    built.push(tail);
    Some(built.done())
}

/// The text with as many characters as `other` has, from `start`, replaced by it.
///
/// # Safety
/// Both texts live.
#[inline]
pub unsafe fn overlay(arena: &Arena, text: TextRef, other: TextRef, start: i64) -> Option<TextRef> {
    // SAFETY: by contract.
    unsafe { overlay_len(arena, text, other, start, other.as_str().chars().count() as i64) }
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
    fn trims() {
        let check = |s, set, expected: [&str; 3]| {
            // SAFETY: static texts.
            let found = unsafe { [ltrim(t(s), t(set)), rtrim(t(s), t(set)), btrim(t(s), t(set))] };
            assert_eq!(found.map(text), expected, "{s}");
        };
        check("yxTomxx", "xyz", ["Tomxx", "yxTom", "Tom"]);
        check("xxx", "x", ["", "", ""]);
        check("ääaä", "ä", ["aä", "ääa", "a"]);
        check("abc", "", ["abc"; 3]);
        // SAFETY: static texts.
        let found = unsafe { [ltrim_spaces(t(" \ta ")), rtrim_spaces(t(" \ta ")), btrim_spaces(t("  "))] };
        assert_eq!(found.map(text), ["\ta ", " \ta", ""]);
    }

    #[test]
    fn replaces() {
        let arena = Arena::new();
        let check = |s, from, to, expected: &str| {
            // SAFETY: static texts.
            let found = unsafe { replace(&arena, t(s), t(from), t(to)) };
            assert_eq!(found.map(text), Some(expected), "{s} {from} {to}");
        };
        check("abcdefabcdef", "cd", "XX", "abXXefabXXef");
        check("aaa", "aa", "b", "ba");
        check("abc", "", "x", "abc");
        check("abc", "abc", "", "");
        check("äöä", "ä", "ae", "aeöae");
        let long: &str = Box::leak("a".repeat(5000).into_boxed_str());
        // SAFETY: static texts.
        unsafe {
            assert!(replace(&arena, t(long), t("a"), t(long)).is_none(), "25 million bytes");
            let longest: &str = Box::leak("a".repeat(RESULT_BYTES_MAX + 5).into_boxed_str());
            assert!(replace(&arena, t(longest), t("a"), t("b")).is_some());
            assert!(replace(&arena, t(longest), t("a"), t("bb")).is_none());
        }
    }

    #[test]
    fn translates() {
        let arena = Arena::new();
        let check = |s, from, to, expected: &str| {
            // SAFETY: static texts.
            assert_eq!(unsafe { translate(&arena, t(s), t(from), t(to)) }.map(text), Some(expected));
        };
        check("12345", "143", "ax", "a2x5");
        check("aa", "aa", "xy", "xx");
        check("abc", "", "x", "abc");
        check("äöü", "äü", "€u", "€öu");
        let long: &str = Box::leak("a".repeat(RESULT_BYTES_MAX / 2).into_boxed_str());
        // SAFETY: static texts.
        assert!(unsafe { translate(&arena, t(long), t("a"), t("€")) }.is_none());
    }

    #[test]
    fn finds() {
        let check = |s, part, position, starts, ends| {
            // SAFETY: static texts.
            let found =
                unsafe { (strpos(t(s), t(part)), starts_with(t(s), t(part)), ends_with(t(s), t(part))) };
            assert_eq!(found, (position, starts, ends), "{s} {part}");
        };
        check("high", "ig", 2, false, false);
        check("high", "", 1, true, true);
        check("", "a", 0, false, false);
        check("äöü", "ü", 3, false, true);
        check("äöü", "ä", 1, true, false);
    }

    #[test]
    fn ends() {
        let check = |s, n, expected: (&str, &str)| {
            // SAFETY: static text.
            let found = unsafe { (left(t(s), n), right(t(s), n)) };
            assert_eq!((text(found.0), text(found.1)), expected, "{s} {n}");
        };
        check("abcde", 2, ("ab", "de"));
        check("abcde", -2, ("abc", "cde"));
        check("abcde", 0, ("", ""));
        check("abcde", 9, ("abcde", "abcde"));
        check("abcde", -9, ("", ""));
        check("äöü", 1, ("ä", "ü"));
        check("abc", i64::MIN, ("", ""));
        check("abc", i64::MAX, ("abc", "abc"));
    }

    #[test]
    fn fills() {
        let arena = Arena::new();
        let check = |s, n, fill, expected: Option<(&str, &str)>| {
            // SAFETY: static texts.
            let found = unsafe { lpad(&arena, t(s), n, t(fill)).zip(rpad(&arena, t(s), n, t(fill))) };
            assert_eq!(found.map(|(l, r)| (text(l), text(r))), expected, "{s} {n} {fill}");
        };
        check("hi", 5, "xy", Some(("xyxhi", "hixyx")));
        check("hi", 1, "xy", Some(("h", "h")));
        check("hi", 5, "", Some(("hi", "hi")));
        check("hi", 0, "x", Some(("", "")));
        check("hi", i64::MIN, "x", Some(("", "")));
        check("hi", i64::MAX, "x", None);
        check("hi", RESULT_BYTES_MAX as i64, "ä", None);
        check("ä", 2, "€", Some(("€ä", "ä€")));
        // SAFETY: static texts.
        let found = unsafe { lpad_spaces(&arena, t("a"), 2).zip(rpad_spaces(&arena, t("a"), 2)) };
        assert_eq!(found.map(|(l, r)| (text(l), text(r))), Some((" a", "a ")));
    }

    #[test]
    fn repeats_and_reverses() {
        let arena = Arena::new();
        let check = |s, n, expected: Option<&str>| {
            // SAFETY: static text.
            assert_eq!(unsafe { repeat(&arena, t(s), n) }.map(text), expected, "{s} {n}");
        };
        check("ab", 3, Some("ababab"));
        check("ab", 0, Some(""));
        check("ab", -1, Some(""));
        check("", i64::MAX, Some(""));
        check("ab", i64::MAX, None);
        check("a", RESULT_BYTES_MAX as i64 + 1, None);
        // SAFETY: static texts.
        assert_eq!(text(unsafe { reverse(&arena, t("aü€😀")) }), "😀€üa");
    }

    #[test]
    fn lays_over() {
        let arena = Arena::new();
        let check = |s, other, start, len: Option<i64>, expected: Option<&str>| {
            // SAFETY: static texts.
            let found = unsafe {
                match len {
                    Some(len) => overlay_len(&arena, t(s), t(other), start, len),
                    None => overlay(&arena, t(s), t(other), start),
                }
            };
            assert_eq!(found.map(text), expected, "{s} {other} {start} {len:?}");
        };
        check("Txxxxas", "hom", 2, Some(4), Some("Thomas"));
        check("abcdef", "XY", 2, None, Some("aXYdef"));
        check("abc", "XYZ", 9, None, Some("abcXYZ"));
        check("abcdef", "-", 4, Some(-2), Some("abc-bcdef"));
        check("abc", "X", 0, None, None);
        check("abc", "X", i64::MAX, Some(1), None);
        check("äöü", "€", 2, Some(1), Some("ä€ü"));
    }
}
