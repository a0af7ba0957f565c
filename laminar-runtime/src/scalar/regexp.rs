//! Regular expressions: those of the `regex` crate, which never backtracks, so that a match costs at most the length of the text
//! times that of the pattern.
//!
//! A pattern is compiled once a thread and kept as long as few others come between; after that nothing is
//! allocated. What is no pattern, and a pattern whose automaton would be too large, is bad.
//!
//! Options are PostgreSQL's letters: `i` ignores case; `n` (or `m`) keeps `.` from matching the end of a line and lets `^` and `$`
//! match at each line, `p` does only the first, `w` only the second, `s` neither, as it is without; `x` allows white space and
//! comments; `c` minds case; `g` lets [`regexp_replace_flags`] take all matches.
//!
//! Unlike PostgreSQL's, alternatives are tried from left to right, not for the longest. Not here: back references and looking
//! around, which no automaton has.

use super::built::{Built, RESULT_BYTES_MAX};
use crate::types::{Arena, TextRef};
use regex::{CaptureLocations, Match, Regex, RegexBuilder};
use std::cell::RefCell;

/// Patterns that a thread keeps.
const KEPT: usize = 64;
/// Bytes of a compiled pattern.
const PROGRAM_BYTES_MAX: usize = 1 << 20;
/// Bytes of the states that searches with a pattern may keep.
const STATES_BYTES_MAX: usize = 1 << 20;

#[derive(Clone, Copy, Default, PartialEq, Eq)]
struct Options {
    any_case: bool,
    dot_ends_line: bool,
    each_line: bool,
    spaced: bool,
}

/// The options of their letters, or the letter that is none.
fn options(flags: &str) -> Result<Options, char> {
    let mut o = Options::default();
    for flag in flags.chars() {
        match flag {
            'c' => o.any_case = false,
            'i' => o.any_case = true,
            'g' => {}
            'm' | 'n' => (o.dot_ends_line, o.each_line) = (true, true),
            'p' => (o.dot_ends_line, o.each_line) = (true, false),
            's' => (o.dot_ends_line, o.each_line) = (false, false),
            'w' => (o.dot_ends_line, o.each_line) = (false, true),
            'x' => o.spaced = true,
            unknown => return Err(unknown),
        }
    }
    Ok(o)
}

struct Kept {
    pattern: String,
    options: Options,
    /// None for what is no pattern.
    compiled: Option<(Regex, CaptureLocations)>,
    used: u64,
}

#[derive(Default)]
struct Cache {
    kept: Vec<Kept>,
    /// The last one found: most pipelines have one.
    last: usize,
    clock: u64,
}

thread_local! {
    static CACHE: RefCell<Cache> = RefCell::default();
}

/// Compiles a pattern.
///
/// # Errors
/// Says what is wrong: no pattern, unknown options, too large.
///
/// # Allocates
/// Each time; [`regexp_like`] and the others keep what they have compiled.
pub fn regexp_compile(pattern: &str, flags: &str) -> Result<Regex, String> {
    let o = options(flags).map_err(|c| format!("`{c}` is no option; c, g, i, m, n, p, s, w and x are"))?;
    build(pattern, o).map_err(|e| match e {
        regex::Error::CompiledTooBig(_) => "the pattern is too large".to_string(),
        // The last line of a message that draws the pattern.
        e => e.to_string().lines().last().unwrap_or_default().trim_start_matches("error: ").to_string(),
    })
}

fn build(pattern: &str, o: Options) -> Result<Regex, regex::Error> {
    RegexBuilder::new(pattern)
        .case_insensitive(o.any_case)
        .dot_matches_new_line(!o.dot_ends_line)
        .multi_line(o.each_line)
        .ignore_whitespace(o.spaced)
        .size_limit(PROGRAM_BYTES_MAX)
        .dfa_size_limit(STATES_BYTES_MAX)
        .build()
}

/// Runs `f` with the compiled pattern; none for what is no pattern.
#[inline]
fn with<T>(pattern: &str, flags: &str, f: impl FnOnce(&Regex, &mut CaptureLocations) -> T) -> Option<T> {
    let options = options(flags).ok()?;
    let answer = CACHE.try_with(|cache| {
        let cache = &mut *cache.borrow_mut();
        cache.clock += 1;
        let is = |k: &Kept| k.options == options && k.pattern == pattern;
        let at = match cache.kept.get(cache.last) {
            Some(k) if is(k) => cache.last,
            _ => match cache.kept.iter().position(is) {
                Some(at) => at,
                None => compile(cache, pattern, options),
            },
        };
        cache.last = at;
        let kept = cache.kept.get_mut(at)?;
        kept.used = cache.clock;
        let (regex, locations) = kept.compiled.as_mut()?;
        Some(f(regex, locations))
    });
    answer.ok()?
}

/// Compiles a pattern in the place of the one that was not used for the longest time.
#[cold]
#[inline(never)]
fn compile(cache: &mut Cache, pattern: &str, options: Options) -> usize {
    let compiled = build(pattern, options).ok().map(|regex| {
        let locations = regex.capture_locations();
        (regex, locations)
    });
    let new = Kept { pattern: pattern.into(), options, compiled, used: cache.clock };
    if cache.kept.len() < KEPT {
        cache.kept.push(new);
        return cache.kept.len() - 1;
    }
    let oldest = (0..KEPT).min_by_key(|&i| cache.kept[i].used).unwrap_or(0);
    cache.kept[oldest] = new;
    oldest
}

/// Whether the pattern matches some part of the text. Bad for what is no pattern.
///
/// # Safety
/// Both texts live.
pub unsafe fn regexp_like(text: TextRef, pattern: TextRef) -> Option<bool> {
    // SAFETY: by contract.
    unsafe { regexp_like_flags(text, pattern, TextRef::EMPTY) }
}

/// [`regexp_like`] that ignores case.
///
/// # Safety
/// Both texts live.
pub unsafe fn regexp_ilike(text: TextRef, pattern: TextRef) -> Option<bool> {
    // SAFETY: by contract.
    unsafe { regexp_like_flags(text, pattern, TextRef::new("i")) }
}

/// [`regexp_like`] with options.
///
/// # Safety
/// All texts live.
pub unsafe fn regexp_like_flags(text: TextRef, pattern: TextRef, flags: TextRef) -> Option<bool> {
    // SAFETY: by contract.
    let (s, pattern, flags) = unsafe { (text.as_str(), pattern.as_str(), flags.as_str()) };
    with(pattern, flags, |regex, _| regex.is_match(s))
}

/// How often the pattern matches, without overlaps. Bad for what is no pattern.
///
/// # Safety
/// Both texts live.
pub unsafe fn regexp_count(text: TextRef, pattern: TextRef) -> Option<i64> {
    // SAFETY: by contract.
    let (s, pattern) = unsafe { (text.as_str(), pattern.as_str()) };
    with(pattern, "", |regex, _| {
        let (mut count, mut next) = (0, Some(0));
        while let Some(found) = next.and_then(|at| regex.find_at(s, at)) {
            count += 1;
            next = after(s, found);
        }
        count
    })
}

/// Where the first match begins, as a character from 1; 0 without one. Bad for what is no pattern.
///
/// # Safety
/// Both texts live.
pub unsafe fn regexp_instr(text: TextRef, pattern: TextRef) -> Option<i64> {
    // SAFETY: by contract.
    let (s, pattern) = unsafe { (text.as_str(), pattern.as_str()) };
    with(pattern, "", |regex, _| regex.find(s).map_or(0, |m| s[..m.start()].chars().count() as i64 + 1))
}

/// Whether it is a pattern; bad where not.
///
/// # Safety
/// The pattern lives.
pub unsafe fn regexp_check(pattern: TextRef) -> Option<bool> {
    // SAFETY: by contract.
    with(unsafe { pattern.as_str() }, "", |_, _| true)
}

/// The group of the first match, 0 for all of it. Bad without a match, for a group that takes no part in it, and for what is no
/// pattern ([`regexp_check`] tells that apart).
///
/// # Safety
/// Both texts live.
pub unsafe fn regexp_extract(text: TextRef, pattern: TextRef, group: i64) -> Option<TextRef> {
    // SAFETY: by contract.
    let (s, pattern) = unsafe { (text.as_str(), pattern.as_str()) };
    with(pattern, "", |regex, locations| {
        if group == 0 {
            return regex.find(s).map(|m| TextRef::new(m.as_str()));
        }
        let group = usize::try_from(group).ok()?;
        regex.captures_read(locations, s)?;
        locations.get(group).map(|(from, to)| TextRef::new(&s[from..to]))
    })?
}

/// The first group of the first match, or all of it where the pattern has none. Bad as [`regexp_extract`].
///
/// # Safety
/// Both texts live.
pub unsafe fn regexp_substring(text: TextRef, pattern: TextRef) -> Option<TextRef> {
    // SAFETY: by contract.
    let (s, pattern) = unsafe { (text.as_str(), pattern.as_str()) };
    with(pattern, "", |regex, locations| {
        let group = usize::from(regex.captures_len() > 1);
        regex.captures_read(locations, s)?;
        locations.get(group).map(|(from, to)| TextRef::new(&s[from..to]))
    })?
}

/// The first match replaced; in the replacement `\1` to `\9` are groups, `\&` is the match and `\\` a backslash. Bad for what is
/// no pattern, and for a result that is too long.
///
/// # Safety
/// All texts live.
pub unsafe fn regexp_replace(
    arena: &Arena,
    text: TextRef,
    pattern: TextRef,
    replacement: TextRef,
) -> Option<TextRef> {
    // SAFETY: by contract.
    unsafe { regexp_replace_flags(arena, text, pattern, replacement, TextRef::EMPTY) }
}

/// [`regexp_replace`] with options; `g` replaces all matches.
///
/// # Safety
/// All texts live.
pub unsafe fn regexp_replace_flags(
    arena: &Arena,
    text: TextRef,
    pattern: TextRef,
    replacement: TextRef,
    flags: TextRef,
) -> Option<TextRef> {
    // SAFETY: by contract.
    let (s, pattern, replacement, flags) =
        unsafe { (text.as_str(), pattern.as_str(), replacement.as_str(), flags.as_str()) };
    let all = flags.contains('g');
    with(pattern, flags, |regex, locations| {
        // Once to count the bytes, once to write them.
        let mut len = 0;
        if !each_part(regex, locations, s, replacement, all, &mut |part| len += part.len()) {
            return Some(text);
        }
        if len > RESULT_BYTES_MAX.max(s.len()) {
            return None;
        }
        let mut built = Built::new(arena, len);
        each_part(regex, locations, s, replacement, all, &mut |part| built.push(part));
        Some(built.done())
    })?
}

/// Where the search goes on: at the end of the match, after one more character where it is empty. Unlike the iterators of the crate,
/// PostgreSQL has an empty match directly after another one.
#[inline]
fn after(text: &str, found: Match<'_>) -> Option<usize> {
    if !found.is_empty() {
        return Some(found.end());
    }
    text[found.end()..].chars().next().map(|c| found.end() + c.len_utf8())
}

/// Calls `f` with the parts of the text after replacement; whether there was a match.
fn each_part(
    regex: &Regex,
    locations: &mut CaptureLocations,
    text: &str,
    replacement: &str,
    all: bool,
    f: &mut dyn FnMut(&str),
) -> bool {
    let (mut copied, mut next, mut changed) = (0, Some(0), false);
    while let Some(found) = next.and_then(|at| regex.captures_read_at(locations, text, at)) {
        f(&text[copied..found.start()]);
        put(replacement, text, locations, f);
        (copied, changed) = (found.end(), true);
        next = if all { after(text, found) } else { None };
    }
    if changed {
        f(&text[copied..]);
    }
    changed
}

/// The replacement, with the groups of a match in it.
fn put(replacement: &str, text: &str, locations: &CaptureLocations, f: &mut dyn FnMut(&str)) {
    let mut rest = replacement;
    while let Some(at) = rest.find('\\') {
        f(&rest[..at]);
        let group = match rest.as_bytes().get(at + 1) {
            Some(digit @ b'1'..=b'9') => Some(usize::from(digit - b'0')),
            Some(b'&') => Some(0),
            Some(b'\\') => {
                f("\\");
                None
            }
            // Nothing special: the backslash stands for itself.
            _ => {
                f("\\");
                rest = &rest[at + 1..];
                continue;
            }
        };
        if let Some((from, to)) = group.and_then(|g| locations.get(g)) {
            f(&text[from..to]);
        }
        rest = &rest[at + 2..];
    }
    f(rest);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::alloc::Counting;

    fn t(text: &'static str) -> TextRef {
        TextRef::new(text)
    }

    fn text(text: TextRef) -> &'static str {
        // SAFETY: the tests keep their arenas and use static texts.
        unsafe { text.as_str() }
    }

    #[test]
    fn matches() {
        let check = |s, pattern, flags, expected| {
            // SAFETY: static texts.
            assert_eq!(unsafe { regexp_like_flags(t(s), t(pattern), t(flags)) }, expected, "{s} {pattern}");
        };
        check("Thomas", "t.*ma", "", Some(false));
        check("Thomas", "t.*ma", "i", Some(true));
        check("a\nb", "a.b", "", Some(true));
        for (flags, dot, line) in
            [("n", false, true), ("m", false, true), ("p", false, false), ("w", true, true)]
        {
            check("a\nb", "a.b", flags, Some(dot));
            check("a\nb", "^b", flags, Some(line));
        }
        check("A b", "a  # first\n\\s", "xi", Some(true));
        check("äöü", "^.{3}$", "", Some(true));
        check("", "", "", Some(true));
        check("a", "(", "", None);
        check("a", "a", "q", None);
        check("a", r"(a)\1", "", None);
        check("a", "((a{1000}){1000}){1000}", "", None);
    }

    #[test]
    fn counts_and_places() {
        let check = |s, pattern, expected| {
            // SAFETY: static texts.
            let found = unsafe { regexp_count(t(s), t(pattern)).zip(regexp_instr(t(s), t(pattern))) };
            assert_eq!(found, expected, "{s} {pattern}");
        };
        check("ABCABCAXYaxy", "A.", Some((3, 1)));
        check("äöü", "ü", Some((1, 3)));
        check("text", "x*", Some((5, 1)));
        check("abc", "x", Some((0, 0)));
        check("abc", "[", None);
    }

    #[test]
    fn groups() {
        let check = |s, pattern, group, expected: Option<&str>| {
            // SAFETY: static texts.
            let found = unsafe { regexp_extract(t(s), t(pattern), group) };
            assert_eq!(found.map(text), expected, "{s} {pattern} {group}");
        };
        check("foobarbequebaz", "ba.", 0, Some("bar"));
        check("foobarbequebaz", "(b..)(b..)", 2, Some("beq"));
        check("foobarbequebaz", "(b..)|(x)", 2, None);
        check("foo", "(b..)", 1, None);
        check("foo", "o", 7, None);
        check("foo", "o", -1, None);
        check("foo", "x*", 0, Some(""));
        check("foo", "(", 0, None);
        // SAFETY: static texts.
        assert_eq!(unsafe { (regexp_check(t("o")), regexp_check(t("("))) }, (Some(true), None));
    }

    #[test]
    fn replaces() {
        let arena = Arena::new();
        let check = |s, pattern, to, flags, expected: Option<&str>| {
            // SAFETY: static texts.
            let found = unsafe { regexp_replace_flags(&arena, t(s), t(pattern), t(to), t(flags)) };
            assert_eq!(found.map(text), expected, "{s} {pattern} {to}");
        };
        check("foobarbaz", "b..", "X", "", Some("fooXbaz"));
        check("foobarbaz", "b..", "X", "g", Some("fooXX"));
        check("foobarbaz", "b(..)", r"X\1Y", "g", Some("fooXarYXazY"));
        check("Thomas", ".[mN]a.", "M", "", Some("ThM"));
        check("abc", "B", r"<\&>\\\q\", "i", Some(r"a<b>\\q\c"));
        check("abc", "x*", "-", "g", Some("-a-b-c-"));
        check("text", "x*", "-", "g", Some("-t-e--t-"));
        check("äöü", "", "-", "g", Some("-ä-ö-ü-"));
        check("abc", "x", "-", "g", Some("abc"));
        check("abc", "(", "-", "", None);
        let long: &str = Box::leak("a".repeat(5000).into_boxed_str());
        check(long, "a", long, "g", None);
    }

    #[test]
    fn kept_patterns_allocate_nothing() {
        let mut arena = Arena::new();
        let patterns: Vec<&'static str> =
            (0..KEPT / 4).map(|i| &*Box::leak(format!("(a|b)+{i}x?").into_boxed_str())).collect();
        let mut run = || {
            arena.reset();
            for pattern in &patterns {
                // SAFETY: static texts.
                unsafe {
                    regexp_like(t("abab12x"), t(pattern));
                    regexp_count(t("abab12x ab3"), t(pattern));
                    regexp_extract(t("abab12x"), t(pattern), 1);
                    regexp_replace(&arena, t("abab12x"), t(pattern), t("-"));
                }
            }
        };
        run();
        run();
        let before = Counting::start();
        run();
        assert_eq!(before.allocations_since(), 0);
    }

    #[test]
    fn more_patterns_than_are_kept() {
        for round in 0..2 {
            for i in 0..3 * KEPT {
                let (s, pattern) = (format!("x{i}y"), format!("x{i}y"));
                // SAFETY: both texts live.
                let found = unsafe { regexp_like(TextRef::new(&s), TextRef::new(&pattern)) };
                assert_eq!(found, Some(true), "{round} {i}");
            }
        }
        CACHE.with(|cache| assert_eq!(cache.borrow().kept.len(), KEPT));
    }
}
