//! A Rust string literal: its value, and where each byte of the value is written.
//!
//! Stable Rust gives no span inside a literal, so positions are found in its source text.
//!
//! **Invariant:** `value` is what rustc makes of the literal; `starts` never decreases.

use super::origin::line_column;

/// A string literal and the place of its first character in the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Literal {
    value: String,
    /// The source as written, after as many spaces as stand before it in its first line: so its own lines and
    /// columns, from `line` on, are those of the file.
    source: String,
    /// For each byte of the value, and one past its end, the byte of `source` where it is written.
    starts: Vec<usize>,
    /// For each byte of the value, where what is written for it ends.
    ends: Vec<usize>,
    line: u32,
}

/// Why a literal cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotAString(pub &'static str);

impl std::fmt::Display for NotAString {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.0)
    }
}

impl std::error::Error for NotAString {}

impl Literal {
    /// Decodes `source`, a literal as written in Rust (`"…"`, `r#"…"#`), that begins at `line` and `column` (in
    /// characters), both from 1.
    pub fn new(source: &str, line: u32, column: u32) -> Result<Literal, NotAString> {
        let pad = column.saturating_sub(1) as usize;
        let mut literal = Literal {
            value: String::with_capacity(source.len()),
            source: " ".repeat(pad) + source,
            starts: Vec::with_capacity(source.len()),
            ends: Vec::with_capacity(source.len()),
            line,
        };
        if let Some(raw) = source.strip_prefix('r') {
            literal.decode_raw(raw, pad + 1)?;
        } else if source.starts_with('"') {
            literal.decode_escaped(source, pad)?;
        } else {
            return Err(NotAString("expected a string literal"));
        }
        Ok(literal)
    }

    /// What the literal says.
    pub fn value(&self) -> &str {
        &self.value
    }

    /// Line and column (in characters) in the file of byte `offset` of the value.
    pub fn place(&self, offset: usize) -> (u32, u32) {
        let (line, column) = line_column(&self.source, self.source_offset(offset));
        (self.line + line - 1, column)
    }

    /// The literal as written, indented so that its columns are those of the file, and the line it begins in.
    pub(super) fn drawn(&self) -> (&str, u32) {
        (&self.source, self.line)
    }

    /// Where bytes `start..end` of the value are written in [`Literal::drawn`].
    pub(super) fn source_range(&self, start: usize, end: usize) -> (usize, usize) {
        let from = self.source_offset(start);
        // The end of the last byte, not the start of what follows: a line continuation may lie between.
        let last = end.min(self.ends.len()).checked_sub(1).filter(|last| *last >= start);
        (from, last.map_or(from, |last| self.ends[last]))
    }

    fn source_offset(&self, offset: usize) -> usize {
        self.starts.get(offset).or(self.starts.last()).copied().unwrap_or(0)
    }

    fn push(&mut self, c: char, start: usize, end: usize) {
        self.value.push(c);
        self.starts.extend(std::iter::repeat_n(start, c.len_utf8()));
        self.ends.extend(std::iter::repeat_n(end, c.len_utf8()));
    }

    /// `raw` is what follows the `r`; `at` is where it begins in `source`.
    fn decode_raw(&mut self, raw: &str, at: usize) -> Result<(), NotAString> {
        let body = raw.trim_start_matches('#');
        let hashes = raw.len() - body.len();
        let end = format!("\"{}", &raw[..hashes]);
        let body = body.strip_prefix('"').ok_or(NotAString("expected `\"` after `r`"))?;
        let length = body.find(&end).ok_or(NotAString("unterminated raw string"))?;
        let at = at + hashes + 1;
        for (i, c) in body[..length].char_indices() {
            if c == '\r' && body[i + 1..].starts_with('\n') {
                continue;
            }
            self.push(c, at + i, at + i + c.len_utf8());
        }
        self.starts.push(at + length);
        Ok(())
    }

    fn decode_escaped(&mut self, source: &str, pad: usize) -> Result<(), NotAString> {
        let mut chars = source.char_indices().skip(1).peekable();
        while let Some((i, c)) = chars.next() {
            let c = match c {
                '"' => {
                    self.starts.push(pad + i);
                    return Ok(());
                }
                '\r' if matches!(chars.peek(), Some((_, '\n'))) => continue,
                '\\' => match chars.next().ok_or(NotAString("unterminated string"))?.1 {
                    'n' => '\n',
                    'r' => '\r',
                    't' => '\t',
                    '0' => '\0',
                    c @ ('\\' | '\'' | '"') => c,
                    'x' => {
                        let digits: String = (0..2).filter_map(|_| chars.next()).map(|(_, c)| c).collect();
                        let c = char_of(&digits).filter(char::is_ascii);
                        c.ok_or(NotAString("`\\x` takes two digits up to 7F"))?
                    }
                    'u' => {
                        let digits = chars.by_ref().map(|(_, c)| c).take_while(|c| *c != '}');
                        let digits: String = digits.filter(|c| *c != '_').collect();
                        let c = digits.strip_prefix('{').and_then(char_of);
                        c.ok_or(NotAString("`\\u{…}` takes up to six hexadecimal digits"))?
                    }
                    // A line continuation swallows the white space that begins the next lines.
                    '\n' | '\r' => {
                        while chars.next_if(|(_, c)| matches!(c, ' ' | '\t' | '\n' | '\r')).is_some() {}
                        continue;
                    }
                    _ => return Err(NotAString("unknown character escape")),
                },
                c => c,
            };
            let end = chars.peek().map_or(source.len(), |(end, _)| *end);
            self.push(c, pad + i, pad + end);
        }
        Err(NotAString("unterminated string"))
    }
}

fn char_of(hex: &str) -> Option<char> {
    let digits = !hex.is_empty() && hex.bytes().all(|b| b.is_ascii_hexdigit());
    u32::from_str_radix(hex, 16).ok().filter(|_| digits).and_then(char::from_u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The source, its value, and some (offset in the value, line, column) for a literal at 10:5.
    type Case = (&'static str, &'static str, &'static [(usize, u32, u32)]);

    #[test]
    fn decodes_and_maps() {
        let cases: [Case; 12] = [
            (r#""ab""#, "ab", &[(0, 10, 6), (1, 10, 7), (2, 10, 8), (99, 10, 8)]),
            (r###"r#"a"b"#"###, "a\"b", &[(0, 10, 8), (1, 10, 9), (2, 10, 10), (3, 10, 11)]),
            ("r\"x\ny z\"", "x\ny z", &[(0, 10, 7), (1, 10, 8), (2, 11, 1), (4, 11, 3), (5, 11, 4)]),
            (r#""a\"b\"c""#, "a\"b\"c", &[(1, 10, 7), (2, 10, 9), (3, 10, 10), (4, 10, 12)]),
            (r#""a\nb\tc""#, "a\nb\tc", &[(1, 10, 7), (2, 10, 9), (4, 10, 12)]),
            (r#""\x41\u{20AC}\u{1_F600}z""#, "A€😀z", &[(0, 10, 6), (1, 10, 10), (4, 10, 18), (8, 10, 28)]),
            ("\"ab\\\n    cd\"", "abcd", &[(1, 10, 7), (2, 11, 5), (3, 11, 6), (4, 11, 7)]),
            ("\"ab\\\r\n \t cd\"", "abcd", &[(2, 11, 4)]),
            ("\"a\r\nb\"", "a\nb", &[(0, 10, 6), (1, 10, 8), (2, 11, 1)]),
            ("r\"a\r\nb\"", "a\nb", &[(2, 11, 1)]),
            ("\"äö x\"", "äö x", &[(0, 10, 6), (2, 10, 7), (4, 10, 8), (5, 10, 9)]),
            ("\"\"", "", &[(0, 10, 6)]),
        ];
        for (source, value, places) in cases {
            let literal = Literal::new(source, 10, 5).unwrap_or_else(|e| panic!("{source}: {e}"));
            assert_eq!(literal.value(), value, "{source}");
            assert_eq!(literal.starts.len(), value.len() + 1, "{source}");
            for (offset, line, column) in places {
                assert_eq!(literal.place(*offset), (*line, *column), "{source} at {offset}");
            }
        }
    }

    #[test]
    fn refuses_what_is_no_string() {
        for source in [
            "abc",
            "\"a",
            "r\"a",
            "r#\"a\"",
            "\"\\q\"",
            "\"\\xFF\"",
            "\"\\u{110000}\"",
            "\"\\",
            "r##",
            "",
            "b\"x\"",
        ] {
            assert!(Literal::new(source, 1, 1).is_err(), "{source}");
        }
    }
}
