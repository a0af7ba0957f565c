//! Characters and bytes as numbers, and numbers as their digits.

use super::buffer::Buffer;
use crate::types::{Arena, TextRef};
use std::fmt::Write;

/// Number of the first character in Unicode; 0 for the empty text.
///
/// # Safety
/// The text lives.
#[inline]
pub unsafe fn ascii(text: TextRef) -> i64 {
    // SAFETY: by contract.
    unsafe { text.as_str() }.chars().next().map_or(0, |c| c as i64)
}

/// The character of a number in Unicode. Bad for 0 and for what is no character.
#[inline]
pub fn chr(arena: &Arena, number: i64) -> Option<TextRef> {
    let c = char::from_u32(u32::try_from(number).ok()?).filter(|c| *c != '\0')?;
    Some(arena.alloc_str(c.encode_utf8(&mut [0; 4])))
}

/// Number of bytes in UTF-8.
#[inline]
pub fn octet_length(text: TextRef) -> i64 {
    text.len() as i64
}

/// Number of bits in UTF-8.
#[inline]
pub fn bit_length(text: TextRef) -> i64 {
    text.len() as i64 * 8
}

/// Hexadecimal digits of the two's complement in 64 bits.
#[inline]
pub fn to_hex_i64(arena: &Arena, number: i64) -> TextRef {
    arena.alloc_str(Buffer::<16>::of(|b| write!(b, "{number:x}")).as_str())
}

/// Hexadecimal digits of the two's complement in 32 bits.
#[inline]
pub fn to_hex_i32(arena: &Arena, number: i64) -> TextRef {
    arena.alloc_str(Buffer::<8>::of(|b| write!(b, "{:x}", number as i32)).as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters() {
        let arena = Arena::new();
        let check = |number, expected: Option<&str>| {
            // SAFETY: the arena lives.
            let found = chr(&arena, number).map(|t| unsafe { t.as_str() });
            assert_eq!(found, expected, "{number}");
            if let Some(text) = expected {
                // SAFETY: the text lives.
                assert_eq!(unsafe { ascii(TextRef::new(text)) }, number);
            }
        };
        check(65, Some("A"));
        check(8364, Some("€"));
        check(0x1f600, Some("😀"));
        for bad in [0, -1, 0xd800, 0x110000, i64::MIN, i64::MAX, 1 << 32 | 65] {
            check(bad, None);
        }
        // SAFETY: static text.
        assert_eq!(unsafe { ascii(TextRef::EMPTY) }, 0);
        assert_eq!((octet_length(TextRef::new("€a")), bit_length(TextRef::new("€a"))), (4, 32));
    }

    #[test]
    fn digits() {
        let arena = Arena::new();
        let check = |number, narrow: &str, wide: &str| {
            // SAFETY: the arena lives.
            let found = unsafe { (to_hex_i32(&arena, number).as_str(), to_hex_i64(&arena, number).as_str()) };
            assert_eq!(found, (narrow, wide));
        };
        check(2_147_483_647, "7fffffff", "7fffffff");
        check(0, "0", "0");
        check(-1, "ffffffff", "ffffffffffffffff");
        check(i64::MIN, "0", "8000000000000000");
    }
}
