//! `encode` and `decode`: bytes as text, in hexadecimal digits, in base 64 (RFC 2045: lines of 76 characters), or with escapes.
//!
//! Not here: the text form of BYTEA itself (`bytea`).

use super::RESULT_BYTES_MAX;
use super::bytea::read_bytes;
use crate::types::{Arena, BytesRef, TextRef, parse_escaped, parse_hex};
use base64::Engine;
use base64::alphabet::STANDARD;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig};

/// Names of the encodings.
pub const ENCODINGS: [&str; 3] = ["hex", "base64", "escape"];

const DIGITS: &[u8; 16] = b"0123456789abcdef";
/// Bits that a last sign has too many may be anything, as in PostgreSQL.
const BASE64: GeneralPurpose =
    GeneralPurpose::new(&STANDARD, GeneralPurposeConfig::new().with_decode_allow_trailing_bits(true));
/// Bytes of which a line is made.
const LINE_BYTES: usize = 57;

#[derive(Clone, Copy)]
enum Encoding {
    Hex,
    Base64,
    Escape,
}

impl Encoding {
    fn by_name(name: &str) -> Option<Encoding> {
        let at = ENCODINGS.iter().position(|e| e.eq_ignore_ascii_case(name))?;
        Some([Encoding::Hex, Encoding::Base64, Encoding::Escape][at])
    }
}

/// The bytes as text; bad if the encoding is none of [`ENCODINGS`], and for a result that is too long.
///
/// # Safety
/// The bytes and the name live.
pub unsafe fn bytes_encode(arena: &Arena, bytes: BytesRef, encoding: TextRef) -> Option<TextRef> {
    // SAFETY: by contract.
    let (bytes, encoding) = unsafe { (bytes.as_bytes(), encoding.as_str()) };
    let encoding = Encoding::by_name(encoding)?;
    let room = match encoding {
        Encoding::Hex => 2 * bytes.len(),
        Encoding::Base64 => 4 * bytes.len().div_ceil(3) + bytes.len() / LINE_BYTES,
        Encoding::Escape => bytes.iter().map(|b| escaped(*b).into_iter().flatten().count()).sum(),
    };
    if room > RESULT_BYTES_MAX {
        return None;
    }
    Some(match encoding {
        Encoding::Hex => arena.alloc_chars(room, bytes.iter().flat_map(|b| hex(*b))),
        Encoding::Base64 => {
            let lines = bytes.chunks(LINE_BYTES).flat_map(|line| {
                let end = (line.len() == LINE_BYTES).then_some('\n');
                line.chunks(3).flat_map(base64).chain(end)
            });
            arena.alloc_chars(room, lines)
        }
        Encoding::Escape => {
            arena.alloc_chars(room, bytes.iter().flat_map(|b| escaped(*b).into_iter().flatten()))
        }
    })
}

fn hex(byte: u8) -> [char; 2] {
    [byte >> 4, byte & 15].map(|d| DIGITS[usize::from(d)] as char)
}

/// Three bytes, or the one or two at the end.
fn base64(bytes: &[u8]) -> [char; 4] {
    let mut signs = [b'='; 4];
    let written = BASE64.encode_slice(bytes, &mut signs);
    debug_assert_eq!(written, Ok(4), "up to three bytes are four signs");
    signs.map(char::from)
}

fn escaped(byte: u8) -> [Option<char>; 4] {
    let digit = |shift: u8| Some((b'0' + (byte >> shift & 7)) as char);
    match byte {
        b'\\' => [Some('\\'), Some('\\'), None, None],
        1..=127 => [Some(byte as char), None, None, None],
        _ => [Some('\\'), digit(6), digit(3), digit(0)],
    }
}

/// The bytes of a text; bad if it is not in that encoding, or the encoding is none of [`ENCODINGS`].
///
/// # Safety
/// Both texts live.
pub unsafe fn text_decode(arena: &Arena, text: TextRef, encoding: TextRef) -> Option<BytesRef> {
    // SAFETY: by contract.
    let (text, encoding) = unsafe { (text.as_str(), encoding.as_str()) };
    let encoding = Encoding::by_name(encoding)?;
    read_bytes(arena, text.len(), |push| match encoding {
        Encoding::Hex => parse_hex(text.as_bytes(), push),
        Encoding::Base64 => parse_base64(text.as_bytes(), push),
        Encoding::Escape => parse_escaped(text.as_bytes(), push),
    })
}

/// Groups of four signs, the last one filled up with `=`; white space may stand anywhere.
fn parse_base64(text: &[u8], push: &mut dyn FnMut(u8)) -> Option<()> {
    let mut signs = text.iter().copied().filter(|sign| !b" \n\t\r".contains(sign));
    let mut is_full = true;
    while let Some(first) = signs.next() {
        let group = [first, signs.next()?, signs.next()?, signs.next()?];
        let mut bytes = [0; 3];
        let len = BASE64.decode_slice(group, &mut bytes).ok().filter(|_| is_full)?;
        bytes[..len].iter().for_each(|byte| push(*byte));
        is_full = len == bytes.len();
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn encode(bytes: &[u8], encoding: &str) -> Option<String> {
        let arena = Arena::new();
        // SAFETY: the bytes, the name and the arena live.
        let text = unsafe { bytes_encode(&arena, BytesRef::new(bytes), TextRef::new(encoding)) };
        // SAFETY: as above.
        text.map(|t| unsafe { t.as_str() }.to_string())
    }

    fn decode(text: &str, encoding: &str) -> Option<Vec<u8>> {
        let arena = Arena::new();
        // SAFETY: the texts and the arena live.
        let bytes = unsafe { text_decode(&arena, TextRef::new(text), TextRef::new(encoding)) };
        // SAFETY: as above.
        bytes.map(|b| unsafe { b.as_bytes() }.to_vec())
    }

    #[test]
    fn no_text_is_too_long() {
        let bytes = vec![0; RESULT_BYTES_MAX / 2 + 1];
        assert_eq!(encode(&bytes, "hex"), None);
        assert_eq!(encode(&bytes[1..], "hex").map(|t| t.len()), Some(RESULT_BYTES_MAX));
        assert_eq!(encode(&bytes, "escape"), None);
        assert_eq!(encode(&bytes[..RESULT_BYTES_MAX / 4], "escape").map(|t| t.len()), Some(RESULT_BYTES_MAX));
    }

    #[test]
    fn known_texts() {
        let check = |bytes: &[u8], encoding, text: &str| {
            assert_eq!(encode(bytes, encoding).as_deref(), Some(text), "{encoding}");
            assert_eq!(decode(text, encoding).as_deref(), Some(bytes), "{text}");
        };
        check(b"\x12\x34\xab", "hex", "1234ab");
        check(b"\x00a\\\xff", "ESCAPE", "\\000a\\\\\\377");
        // The vectors of RFC 4648.
        for (bytes, text) in [
            ("", ""),
            ("f", "Zg=="),
            ("fo", "Zm8="),
            ("foo", "Zm9v"),
            ("foob", "Zm9vYg=="),
            ("fooba", "Zm9vYmE="),
            ("foobar", "Zm9vYmFy"),
        ] {
            check(bytes.as_bytes(), "base64", text);
        }
        check(b"\xfb\xff\xbf", "Base64", "+/+/");
    }

    #[test]
    fn lines_end_after_76_signs() {
        let text = encode(&[0; 58], "base64").expect("an encoding");
        assert_eq!(text, format!("{}\nAA==", "A".repeat(76)));
        assert_eq!(encode(&[0; 57], "base64").map(|t| t.len()), Some(77));
        for len in [0, 1, 56, 57, 58, 113, 114, 115] {
            let bytes: Vec<u8> = (0..len).map(|i| (i * 37) as u8).collect();
            for encoding in ENCODINGS {
                let text = encode(&bytes, encoding).expect("an encoding");
                assert_eq!(decode(&text, encoding).as_deref(), Some(&bytes[..]), "{encoding} {len}");
            }
        }
    }

    #[test]
    fn what_is_no_text_of_an_encoding() {
        assert_eq!(decode("Zm 9\nv", "base64").as_deref(), Some(&b"foo"[..]));
        assert_eq!(decode("\\x41", "escape"), None);
        assert_eq!(decode("ä", "escape").as_deref(), Some("ä".as_bytes()));
        for text in ["Z", "Zg", "Zg=", "=", "Z===", "Zg==Zg==", "Zg=a", "Zm9v=", "Zm-v", "Zm9vä"] {
            assert_eq!(decode(text, "base64"), None, "{text}");
        }
        for text in ["1", "1g", "0x12"] {
            assert_eq!(decode(text, "hex"), None, "{text}");
        }
        assert_eq!((encode(b"a", "base32"), decode("a", "")), (None, None));
    }
}
