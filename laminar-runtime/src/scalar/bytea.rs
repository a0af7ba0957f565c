//! Functions of BYTEA.

use super::RESULT_BYTES_MAX;
use crate::types::{Arena, BytesRef, TextRef, parse_bytea};

/// Number of bytes.
#[inline]
pub fn bytes_length(bytes: BytesRef) -> i64 {
    bytes.len() as i64
}

/// Whether both are the same bytes.
///
/// # Safety
/// Both live.
#[inline]
pub unsafe fn bytes_eq(a: BytesRef, b: BytesRef) -> bool {
    // SAFETY: by contract.
    unsafe { a.as_bytes() == b.as_bytes() }
}

/// Order byte by byte: −1, 0 or 1.
///
/// # Safety
/// Both live.
#[inline]
pub unsafe fn bytes_cmp(a: BytesRef, b: BytesRef) -> i64 {
    // SAFETY: by contract.
    unsafe { a.as_bytes().cmp(b.as_bytes()) as i64 }
}

/// `bytea || bytea`; of arrays, the elements of both. Bad for a result that is too long.
///
/// # Safety
/// Both live.
#[inline]
pub unsafe fn bytes_concat(arena: &Arena, a: BytesRef, b: BytesRef) -> Option<BytesRef> {
    // SAFETY: by contract.
    let (a, b) = unsafe { (a.as_bytes(), b.as_bytes()) };
    (a.len() + b.len() <= RESULT_BYTES_MAX.max(a.len()).max(b.len())).then(|| arena.alloc_parts(a, b))
}

/// From the byte at that position, from 1, to the end.
///
/// # Safety
/// The bytes live.
#[inline]
pub unsafe fn bytes_substr(bytes: BytesRef, from: i64) -> BytesRef {
    // SAFETY: by contract.
    let all = unsafe { bytes.as_bytes() };
    let start = from.saturating_sub(1).clamp(0, all.len() as i64);
    BytesRef::new(&all[start as usize..])
}

/// So many bytes from the position, from 1. Bad for a negative length.
///
/// # Safety
/// The bytes live.
#[inline]
pub unsafe fn bytes_substr_len(bytes: BytesRef, from: i64, len: i64) -> Option<BytesRef> {
    if len < 0 {
        return None;
    }
    // SAFETY: by contract.
    let all = unsafe { bytes.as_bytes() };
    let within = |at: i64| at.clamp(0, all.len() as i64) as usize;
    let start = from.saturating_sub(1);
    Some(BytesRef::new(&all[within(start)..within(start.saturating_add(len)).max(within(start))]))
}

/// Reads `\x0aff` or the form with escapes; bad if it is neither.
///
/// # Safety
/// The text lives.
#[inline]
pub unsafe fn text_to_bytes(arena: &Arena, text: TextRef) -> Option<BytesRef> {
    // SAFETY: by contract.
    let text = unsafe { text.as_str() };
    read_bytes(arena, text.len(), |push| parse_bytea(text, push))
}

/// The bytes that `read` hands on, at most `room`; bad where it says so.
pub(super) fn read_bytes(
    arena: &Arena,
    room: usize,
    read: impl FnOnce(&mut dyn FnMut(u8)) -> Option<()>,
) -> Option<BytesRef> {
    let at = arena.alloc(room);
    let mut len = 0;
    read(&mut |byte| {
        debug_assert!(len < room, "no room");
        if len < room {
            // SAFETY: there is room for the byte, and the room is nobody else's.
            unsafe { at.add(len).write(byte) };
            len += 1;
        }
    })?;
    // SAFETY: so many bytes were written.
    Some(BytesRef::new(unsafe { std::slice::from_raw_parts(at, len) }))
}

/// `\x0aff`. Bad for a result that is too long.
///
/// # Safety
/// The bytes live.
#[inline]
pub unsafe fn bytes_to_text(arena: &Arena, bytes: BytesRef) -> Option<TextRef> {
    // SAFETY: by contract.
    (2 + 2 * bytes.len() <= RESULT_BYTES_MAX).then(|| unsafe { text_of_bytes(arena, bytes) })
}

/// The same of bytes of any length.
///
/// # Safety
/// The bytes live.
pub(super) unsafe fn text_of_bytes(arena: &Arena, bytes: BytesRef) -> TextRef {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    // SAFETY: by contract.
    let bytes = unsafe { bytes.as_bytes() };
    let digits = bytes.iter().flat_map(|b| [DIGITS[(b >> 4) as usize], DIGITS[(b & 15) as usize]]);
    arena.alloc_chars(2 + 2 * bytes.len(), "\\x".chars().chain(digits.map(char::from)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn with_nothing_any_length_stays() {
        let arena = Arena::new();
        let longer = vec![1; RESULT_BYTES_MAX + 1];
        let (longer, one) = (BytesRef::new(&longer), BytesRef::new(&[1]));
        // SAFETY: the bytes live.
        let len = |a, b| unsafe { bytes_concat(&arena, a, b) }.map(|joined| joined.len());
        assert_eq!(len(longer, BytesRef::EMPTY), Some(RESULT_BYTES_MAX + 1));
        assert_eq!(len(BytesRef::EMPTY, longer), Some(RESULT_BYTES_MAX + 1));
        assert_eq!((len(longer, one), len(one, longer)), (None, None));
    }

    #[test]
    fn parts() {
        let arena = Arena::new();
        let b = BytesRef::new(b"\x00abc\xff");
        // SAFETY: static bytes, and those of the arena, which lives.
        unsafe {
            assert_eq!(bytes_concat(&arena, b, BytesRef::new(b"d")).unwrap().as_bytes(), b"\x00abc\xffd");
            let check = |from, expected: &[u8]| assert_eq!(bytes_substr(b, from).as_bytes(), expected);
            check(1, b"\x00abc\xff");
            check(-5, b"\x00abc\xff");
            check(5, b"\xff");
            check(i64::MAX, b"");
            let check = |from, len, expected: Option<&[u8]>| {
                assert_eq!(bytes_substr_len(b, from, len).map(|b| b.as_bytes()), expected);
            };
            check(2, 2, Some(b"ab"));
            check(0, 2, Some(b"\x00"));
            check(-3, 2, Some(b""));
            check(4, i64::MAX, Some(b"c\xff"));
            check(i64::MIN, i64::MAX, Some(b""));
            check(1, -1, None);
            assert_eq!(bytes_to_text(&arena, b).unwrap().as_str(), "\\x00616263ff");
            let read = |t: &'static str| text_to_bytes(&arena, TextRef::new(t)).map(|b| b.as_bytes());
            assert_eq!(read("\\x00616263FF"), Some(&b"\x00abc\xff"[..]));
            assert_eq!((read("a\\000"), read("\\")), (Some(&b"a\0"[..]), None));
            assert_eq!((bytes_cmp(b, BytesRef::EMPTY), bytes_eq(b, b), bytes_length(b)), (1, true, 5));
        }
    }
}
