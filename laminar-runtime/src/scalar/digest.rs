//! Digests of texts in UTF-8 and of bytes.

use crate::types::{Arena, BytesRef, TextRef};
use md5::Md5;
use sha2::{Digest, Sha256};

/// Bytes as lower-case hexadecimal digits.
#[inline]
fn hex<const DIGITS: usize>(arena: &Arena, bytes: &[u8]) -> TextRef {
    let mut text = [0; DIGITS];
    for (pair, byte) in text.chunks_exact_mut(2).zip(bytes) {
        let digit = |half: u8| b"0123456789abcdef"[usize::from(half)];
        pair.copy_from_slice(&[digit(byte >> 4), digit(byte & 15)]);
    }
    arena.alloc_str(std::str::from_utf8(&text).unwrap_or_default())
}

/// MD5: 32 digits. Not for anything that an adversary could forge.
///
/// # Safety
/// The text lives.
pub unsafe fn md5(arena: &Arena, text: TextRef) -> TextRef {
    // SAFETY: by contract.
    hex::<32>(arena, &Md5::digest(unsafe { text.as_str() }))
}

/// SHA-256: 64 digits.
///
/// # Safety
/// The text lives.
pub unsafe fn sha256(arena: &Arena, text: TextRef) -> TextRef {
    // SAFETY: by contract.
    hex::<64>(arena, &Sha256::digest(unsafe { text.as_str() }))
}

/// MD5 of bytes: 32 digits.
///
/// # Safety
/// The bytes live.
pub unsafe fn bytes_md5(arena: &Arena, bytes: BytesRef) -> TextRef {
    // SAFETY: by contract.
    hex::<32>(arena, &Md5::digest(unsafe { bytes.as_bytes() }))
}

/// SHA-256 of bytes: 32 bytes.
///
/// # Safety
/// The bytes live.
pub unsafe fn bytes_sha256(arena: &Arena, bytes: BytesRef) -> BytesRef {
    // SAFETY: by contract.
    arena.alloc_parts(&Sha256::digest(unsafe { bytes.as_bytes() }), &[])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_and_texts_have_one_digest() {
        let arena = Arena::new();
        // SAFETY: static texts and bytes; the arena lives.
        unsafe {
            let (text, bytes) = (TextRef::new("abc"), BytesRef::new(b"abc"));
            assert_eq!(bytes_md5(&arena, bytes).as_str(), md5(&arena, text).as_str());
            let digits: String =
                bytes_sha256(&arena, bytes).as_bytes().iter().map(|b| format!("{b:02x}")).collect();
            assert_eq!(digits, sha256(&arena, text).as_str());
        }
    }

    #[test]
    fn known_digests() {
        let arena = Arena::new();
        let check = |text: &'static str, expected: [&str; 2]| {
            // SAFETY: a static text; the arena lives.
            let found = unsafe {
                [md5(&arena, TextRef::new(text)).as_str(), sha256(&arena, TextRef::new(text)).as_str()]
            };
            assert_eq!(found, expected, "{text}");
        };
        check(
            "",
            [
                "d41d8cd98f00b204e9800998ecf8427e",
                "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
            ],
        );
        check(
            "abc",
            [
                "900150983cd24fb0d6963f7d28e17f72",
                "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
            ],
        );
    }
}
