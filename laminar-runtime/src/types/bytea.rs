//! Text forms of BYTEA: hexadecimal (`\x0aff`), and PostgreSQL's older one with escapes (`abc\\\377`).

/// Reads either form; hands the bytes to `push`. `None` if it is neither; some bytes may have been pushed then.
pub(crate) fn parse_bytea(text: &str, push: &mut dyn FnMut(u8)) -> Option<()> {
    match text.as_bytes() {
        [b'\\', b'x', digits @ ..] => parse_hex(digits, push),
        escaped => parse_escaped(escaped, push),
    }
}

/// Bytes as they are, `\\` for a backslash, and three octal digits behind one.
pub(crate) fn parse_escaped(text: &[u8], push: &mut dyn FnMut(u8)) -> Option<()> {
    let mut rest = text;
    while let [first, after @ ..] = rest {
        rest = match (first, after) {
            (b'\\', [b'\\', after @ ..]) => {
                push(b'\\');
                after
            }
            (b'\\', [a @ b'0'..=b'3', b @ b'0'..=b'7', c @ b'0'..=b'7', after @ ..]) => {
                push((a - b'0') << 6 | (b - b'0') << 3 | (c - b'0'));
                after
            }
            (b'\\', _) => return None,
            (plain, after) => {
                push(*plain);
                after
            }
        };
    }
    Some(())
}

/// Pairs of digits; white space may stand between pairs.
pub(crate) fn parse_hex(digits: &[u8], push: &mut dyn FnMut(u8)) -> Option<()> {
    let mut rest = digits;
    while let [first, after @ ..] = rest {
        if matches!(first, b' ' | b'\n' | b'\t' | b'\r') {
            rest = after;
            continue;
        }
        let [second, after @ ..] = after else { return None };
        push((digit(*first)? << 4) | digit(*second)?);
        rest = after;
    }
    Some(())
}

fn digit(byte: u8) -> Option<u8> {
    (byte as char).to_digit(16).map(|d| d as u8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_forms() {
        let check = |text: &str, expected: Option<&[u8]>| {
            let mut bytes = Vec::new();
            let found = parse_bytea(text, &mut |b| bytes.push(b)).map(|()| &bytes[..]);
            assert_eq!(found, expected, "{text}");
        };
        check("\\x0aFF", Some(b"\x0a\xff"));
        check("\\x 0a ff ", Some(b"\x0a\xff"));
        check("\\x", Some(b""));
        check("", Some(b""));
        check("abc", Some(b"abc"));
        check("ä", Some("ä".as_bytes()));
        check("a\\\\b\\000\\377", Some(b"a\\b\0\xff"));
        for bad in ["\\x0", "\\xg0", "\\x0 a", "\\", "\\400", "\\38", "\\08x", "a\\x00"] {
            check(bad, None);
        }
    }
}
