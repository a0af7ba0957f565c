//! Checks JSON, and finds parts of JSON that has been checked.

use super::DEPTH_MAX;

/// Whether a text is JSON.
pub(crate) fn is_json(text: &str) -> bool {
    let mut at = Cursor { bytes: text.as_bytes(), at: 0 };
    at.value(0).is_some() && {
        at.spaces();
        at.at == at.bytes.len()
    }
}

/// A place in a text.
struct Cursor<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Cursor<'_> {
    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn spaces(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn byte(&mut self, byte: u8) -> Option<()> {
        (self.peek() == Some(byte)).then(|| self.at += 1)
    }

    fn word(&mut self, word: &str) -> Option<()> {
        self.bytes[self.at..].starts_with(word.as_bytes()).then(|| self.at += word.len())
    }

    /// A value, after white space.
    fn value(&mut self, depth: usize) -> Option<()> {
        self.spaces();
        match self.peek()? {
            b'{' => self.list(b'}', depth, |at, depth| {
                at.spaces();
                at.string()?;
                at.spaces();
                at.byte(b':')?;
                at.value(depth)
            }),
            b'[' => self.list(b']', depth, Cursor::value),
            b'"' => self.string(),
            b't' => self.word("true"),
            b'f' => self.word("false"),
            b'n' => self.word("null"),
            _ => self.number(),
        }
    }

    /// Items between commas, up to `close`; the opening byte is next.
    fn list(&mut self, close: u8, depth: usize, item: impl Fn(&mut Self, usize) -> Option<()>) -> Option<()> {
        if depth == DEPTH_MAX {
            return None;
        }
        self.at += 1;
        self.spaces();
        if self.byte(close).is_some() {
            return Some(());
        }
        loop {
            item(self, depth + 1)?;
            self.spaces();
            if self.byte(close).is_some() {
                return Some(());
            }
            self.byte(b',')?;
        }
    }

    fn number(&mut self) -> Option<()> {
        let _ = self.byte(b'-');
        if self.byte(b'0').is_none() {
            self.digits()?;
        }
        if self.byte(b'.').is_some() {
            self.digits()?;
        }
        if self.byte(b'e').or_else(|| self.byte(b'E')).is_some() {
            let _ = self.byte(b'+').or_else(|| self.byte(b'-'));
            self.digits()?;
        }
        Some(())
    }

    fn digits(&mut self) -> Option<()> {
        let from = self.at;
        while self.peek().is_some_and(|b| b.is_ascii_digit()) {
            self.at += 1;
        }
        (self.at > from).then_some(())
    }

    fn string(&mut self) -> Option<()> {
        self.byte(b'"')?;
        loop {
            match self.peek()? {
                b'"' => {
                    self.at += 1;
                    return Some(());
                }
                b'\\' => {
                    self.escape()?;
                }
                0..0x20 => return None,
                _ => self.at += 1,
            }
        }
    }

    /// The character of an escape, whose backslash is next.
    fn escape(&mut self) -> Option<char> {
        self.at += 1;
        let kind = self.peek()?;
        self.at += 1;
        Some(match kind {
            b'"' => '"',
            b'\\' => '\\',
            b'/' => '/',
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => {
                let first = self.hex()?;
                let code = match first {
                    0 | 0xdc00..0xe000 => return None,
                    0xd800..0xdc00 => {
                        self.word("\\u")?;
                        let second = self.hex()?;
                        if !(0xdc00..0xe000).contains(&second) {
                            return None;
                        }
                        0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00)
                    }
                    plain => plain,
                };
                char::from_u32(code)?
            }
            _ => return None,
        })
    }

    fn hex(&mut self) -> Option<u32> {
        let digits = self.bytes.get(self.at..self.at + 4)?;
        self.at += 4;
        digits.iter().try_fold(0, |code, &b| Some(code << 4 | (b as char).to_digit(16)?))
    }

    /// Goes past a value of checked JSON.
    fn skip(&mut self) {
        self.spaces();
        let mut depth = 0_usize;
        while let Some(byte) = self.peek() {
            match byte {
                b'"' => {
                    self.skip_string();
                    if depth == 0 {
                        return;
                    }
                    continue;
                }
                b'{' | b'[' => depth += 1,
                b'}' | b']' if depth == 0 => return,
                b'}' | b']' => {
                    depth -= 1;
                    if depth == 0 {
                        self.at += 1;
                        return;
                    }
                }
                b',' | b':' | b' ' | b'\t' | b'\n' | b'\r' if depth == 0 => return,
                _ => {}
            }
            self.at += 1;
        }
    }

    fn skip_string(&mut self) {
        self.at += 1;
        while let Some(byte) = self.peek() {
            self.at += if byte == b'\\' { 2 } else { 1 };
            if byte == b'"' {
                return;
            }
        }
    }
}

/// A value in JSON that has been checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct JsonValue<'a>(&'a str);

impl<'a> JsonValue<'a> {
    /// The value that a checked text is.
    pub(crate) fn new(text: &'a str) -> JsonValue<'a> {
        JsonValue(text.trim_matches([' ', '\t', '\n', '\r']))
    }

    /// Its text.
    pub(crate) fn text(self) -> &'a str {
        self.0
    }

    /// `object`, `array`, `string`, `number`, `boolean` or `null`.
    pub(crate) fn kind(self) -> &'static str {
        match self.0.as_bytes().first() {
            Some(b'{') => "object",
            Some(b'[') => "array",
            Some(b'"') => "string",
            Some(b't' | b'f') => "boolean",
            Some(b'n') => "null",
            _ => "number",
        }
    }

    /// The characters of a string.
    pub(crate) fn chars(self) -> Option<impl Iterator<Item = char> + use<'a>> {
        let inner = self.0.strip_prefix('"')?.strip_suffix('"')?;
        Some(unescaped(inner))
    }

    /// Its elements, if it is an array.
    pub(crate) fn elements(self) -> Option<impl Iterator<Item = JsonValue<'a>> + use<'a>> {
        self.0.starts_with('[').then(|| Parts::of(self.0))
    }

    /// The element of that number, from 0; negative numbers count from the end.
    pub(crate) fn element(self, index: i64) -> Option<JsonValue<'a>> {
        let index = match index {
            0.. => index,
            _ => index + self.elements()?.count() as i64,
        };
        self.elements()?.nth(usize::try_from(index).ok()?)
    }

    /// The member of that name, if it is an object; the last, if there are several.
    pub(crate) fn member(self, name: &str) -> Option<JsonValue<'a>> {
        if !self.0.starts_with('{') {
            return None;
        }
        let mut parts = Parts::of(self.0);
        let mut found = None;
        while let (Some(key), Some(value)) = (parts.next(), parts.next()) {
            if key.chars().is_some_and(|chars| chars.eq(name.chars())) {
                found = Some(value);
            }
        }
        found
    }
}

/// The values right inside an object or array; of an object, names and values in turn.
struct Parts<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Parts<'a> {
    fn of(text: &'a str) -> Parts<'a> {
        Parts { text, at: 1 }
    }
}

impl<'a> Iterator for Parts<'a> {
    type Item = JsonValue<'a>;

    fn next(&mut self) -> Option<JsonValue<'a>> {
        let mut cursor = Cursor { bytes: self.text.as_bytes(), at: self.at };
        cursor.spaces();
        while matches!(cursor.peek(), Some(b',' | b':')) {
            cursor.at += 1;
            cursor.spaces();
        }
        if matches!(cursor.peek(), None | Some(b'}' | b']')) {
            return None;
        }
        let from = cursor.at;
        cursor.skip();
        self.at = cursor.at;
        self.text.get(from..cursor.at).map(JsonValue)
    }
}

/// The characters of a checked string, without its quotes.
fn unescaped(text: &str) -> impl Iterator<Item = char> + '_ {
    let mut at = 0;
    std::iter::from_fn(move || {
        let next = text.get(at..)?.chars().next()?;
        if next != '\\' {
            at += next.len_utf8();
            return Some(next);
        }
        let mut cursor = Cursor { bytes: text.as_bytes(), at };
        let c = cursor.escape()?;
        at = cursor.at;
        Some(c)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_json() {
        for good in [
            "null",
            " true ",
            "false",
            "0",
            "-0",
            "-1.5e+10",
            "1E5",
            "\"\"",
            "\"a\\n\\u00e4\\ud83e\\udd80\"",
            "[]",
            "[ 1 , [ ] ]",
            "{}",
            "{\"a\" : 1, \"b\":[{\"c\":null}]}",
            "\"ä\"",
        ] {
            assert!(is_json(good), "{good}");
        }
        for bad in [
            "",
            " ",
            "nul",
            "nulll",
            "True",
            "01",
            "1.",
            ".5",
            "1e",
            "+1",
            "-",
            "\"",
            "\"\\x\"",
            "\"\n\"",
            "\"\\u12\"",
            "\"\\u0000\"",
            "\"\\ud83e\"",
            "\"\\ud83e\\u0041\"",
            "\"\\udd80\"",
            "[",
            "[1,]",
            "[1 2]",
            "{",
            "{a:1}",
            "{\"a\"}",
            "{\"a\":1,}",
            "1 2",
            "'a'",
            "NaN",
        ] {
            assert!(!is_json(bad), "{bad}");
        }
        let nested = |n: usize| "[".repeat(n) + &"]".repeat(n);
        assert!(
            is_json(&nested(DEPTH_MAX)) && !is_json(&nested(DEPTH_MAX + 1)) && !is_json(&"[".repeat(1 << 20))
        );
    }

    #[test]
    fn finds_parts() {
        let text = " {\"a\": [1, \"x,]}\", {\"b\" : null}], \"\\u0061b\": true, \"c\": 1, \"c\": {}} ";
        let value = JsonValue::new(text);
        let a = value.member("a").unwrap();
        assert_eq!(a.text(), "[1, \"x,]}\", {\"b\" : null}]");
        let found = |v: Option<JsonValue<'static>>| v.map(JsonValue::text);
        let a = JsonValue(Box::leak(a.text().to_owned().into_boxed_str()));
        assert_eq!((found(a.element(0)), found(a.element(1))), (Some("1"), Some("\"x,]}\"")));
        assert_eq!(
            (found(a.element(-1)), found(a.element(3)), found(a.element(-4))),
            (Some("{\"b\" : null}"), None, None)
        );
        assert_eq!(a.element(2).and_then(|v| v.member("b")).map(JsonValue::kind), Some("null"));
        assert_eq!(value.member("ab").map(JsonValue::kind), Some("boolean"));
        assert_eq!(value.member("c").map(JsonValue::text), Some("{}"), "the last of equal names");
        assert_eq!((value.member("d"), value.element(0), a.member("a")), (None, None, None));
        assert_eq!(JsonValue::new("[]").elements().map(|e| e.count()), Some(0));
        let string: String = JsonValue::new("\"a\\\"\\ud83e\\udd80\\/\"").chars().unwrap().collect();
        assert_eq!(string, "a\"🦀/");
    }
}
