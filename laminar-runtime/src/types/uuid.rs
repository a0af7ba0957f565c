//! UUID: 16 bytes, ordered byte by byte.
//!
//! Between stages they are one big-endian number with its first bit turned, so that the order of signed numbers is theirs.

use std::fmt;

const FIRST_BIT: u128 = 1 << 127;

/// The number of 16 bytes.
#[inline]
pub(crate) const fn uuid_number(bytes: [u8; 16]) -> i128 {
    (u128::from_be_bytes(bytes) ^ FIRST_BIT) as i128
}

/// The 16 bytes of a number.
#[inline]
pub(crate) const fn uuid_bytes(number: i128) -> [u8; 16] {
    (number as u128 ^ FIRST_BIT).to_be_bytes()
}

/// Reads 32 hexadecimal digits in either case, with braces around and a dash after any group of four, as PostgreSQL does.
pub(crate) fn parse_uuid(text: &str) -> Option<i128> {
    let bytes = text.as_bytes();
    let digits = match bytes {
        [b'{', inner @ .., b'}'] => inner,
        [b'{', ..] | [.., b'}'] => return None,
        _ => bytes,
    };
    let (mut number, mut count) = (0_u128, 0);
    let mut dashed = true;
    for &byte in digits {
        if byte == b'-' {
            if dashed || count % 4 != 0 || count == 32 {
                return None;
            }
            dashed = true;
            continue;
        }
        if count == 32 {
            return None;
        }
        number = number << 4 | (byte as char).to_digit(16)? as u128;
        count += 1;
        dashed = false;
    }
    (count == 32).then_some((number ^ FIRST_BIT) as i128)
}

/// Writes it as `a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11`.
pub(crate) fn write_uuid(f: &mut impl fmt::Write, number: i128) -> fmt::Result {
    let n = number as u128 ^ FIRST_BIT;
    let part = |low: u32, bits: u32| (n >> low) & ((1 << bits) - 1);
    write!(
        f,
        "{:08x}-{:04x}-{:04x}-{:04x}-{:012x}",
        part(96, 32),
        part(80, 16),
        part(64, 16),
        part(48, 16),
        part(0, 48)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_postgresql_reads() {
        let check = |text: &str, expected: Option<&str>| {
            let found = parse_uuid(text).map(|n| {
                let mut out = String::new();
                write_uuid(&mut out, n).unwrap();
                out
            });
            assert_eq!(found.as_deref(), expected, "{text}");
        };
        let uuid = "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11";
        for text in [
            uuid,
            "A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11",
            "{a0eebc99-9c0b4ef8-bb6d6bb9-bd380a11}",
            "a0eebc999c0b4ef8bb6d6bb9bd380a11",
            "a0ee-bc99-9c0b-4ef8-bb6d-6bb9-bd38-0a11",
        ] {
            check(text, Some(uuid));
        }
        let long = "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a111";
        for bad in [
            "",
            "x",
            "{a0eebc999c0b4ef8bb6d6bb9bd380a11",
            &uuid[1..],
            long,
            &format!("{uuid}-"),
            &format!("-{uuid}"),
            "a0e-ebc999c0b4ef8bb6d6bb9bd380a11",
            "a0ee--bc999c0b4ef8bb6d6bb9bd380a11",
            "g0eebc999c0b4ef8bb6d6bb9bd380a11",
            "a0eebc999c0b4ef8bb6d6bb9bd380aé",
        ] {
            check(bad, None);
        }
    }

    #[test]
    fn the_order_of_numbers_is_that_of_bytes() {
        let all = [[0; 16], [0x7f; 16], [0x80; 16], [0xff; 16]];
        assert!(all.map(uuid_number).is_sorted());
        for bytes in all {
            assert_eq!(uuid_bytes(uuid_number(bytes)), bytes);
        }
    }
}
