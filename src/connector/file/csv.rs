//! Splits CSV into records and fields.
//!
//! As RFC 4180, with any one-byte delimiter. Own code because NULL hangs on what the `csv` crate does not tell: whether
//! a field stood in quotes, and whether the last quote was ever closed. Not here: what the fields mean (`reader`).
//!
//! Memory is bounded: a record longer than [`LINE_BYTES_MAX`] is an error, found after that many bytes.

use super::{LINE_BYTES_MAX, Problem};
use std::io::BufRead;
use std::ops::Range;

/// A field of the current record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Field {
    /// Where in the record's text.
    pub text: Range<usize>,
    /// It stood in quotes.
    pub quoted: bool,
}

/// Reads records one by one into the same buffers.
#[derive(Debug)]
pub(super) struct Splitter<R> {
    input: R,
    delimiter: u8,
    text: Vec<u8>,
    fields: Vec<Field>,
    /// Line of the next byte, from 1.
    next_line: u64,
    /// Line on which the current record begins.
    line: u64,
}

#[derive(Clone, Copy, PartialEq)]
enum State {
    /// Before the first byte of a field.
    Start,
    Unquoted,
    Quoted,
    /// After a quote within a quoted field: its end, or half of an escaped quote.
    Quote,
}

impl<R: BufRead> Splitter<R> {
    pub(super) fn new(input: R, delimiter: u8) -> Splitter<R> {
        Splitter { input, delimiter, text: Vec::new(), fields: Vec::new(), next_line: 1, line: 0 }
    }

    /// Line on which the current record begins, from 1.
    pub(super) fn line(&self) -> u64 {
        self.line
    }

    /// Fields of the current record; at least one.
    pub(super) fn fields(&self) -> &[Field] {
        &self.fields
    }

    /// The bytes of a field.
    pub(super) fn text(&self, field: &Field) -> &[u8] {
        &self.text[field.text.clone()]
    }

    /// Whether the record is an empty line.
    pub(super) fn is_blank(&self) -> bool {
        self.text.is_empty() && self.fields.len() == 1 && !self.fields[0].quoted
    }

    /// Reads the next record; false at the end of the file.
    pub(super) fn next(&mut self) -> Result<bool, Problem> {
        self.text.clear();
        self.fields.clear();
        self.line = self.next_line;
        let mut state = State::Start;
        let mut field_start = 0;
        // Bytes of the record in the file; quotes count.
        let mut length = 0;
        loop {
            let bytes = match self.input.fill_buf() {
                Ok(bytes) => bytes,
                Err(e) if e.kind() == std::io::ErrorKind::Interrupted => continue,
                Err(e) => return Err(Problem::Io(e.to_string())),
            };
            if bytes.is_empty() {
                if length == 0 {
                    return Ok(false);
                }
                if state == State::Quoted {
                    return Err(Problem::OpenQuote);
                }
                self.end_record(field_start, state);
                return Ok(true);
            }
            let mut used = 0;
            let mut ended = false;
            for &byte in bytes {
                used += 1;
                if byte == b'\n' {
                    self.next_line += 1;
                    if state != State::Quoted {
                        ended = true;
                        break;
                    }
                }
                match state {
                    State::Start if byte == b'"' => state = State::Quoted,
                    State::Start | State::Unquoted if byte == self.delimiter => {
                        self.fields.push(Field { text: field_start..self.text.len(), quoted: false });
                        field_start = self.text.len();
                        state = State::Start;
                    }
                    State::Start | State::Unquoted => {
                        self.text.push(byte);
                        state = State::Unquoted;
                    }
                    State::Quoted if byte == b'"' => state = State::Quote,
                    State::Quoted => self.text.push(byte),
                    State::Quote if byte == b'"' => {
                        self.text.push(b'"');
                        state = State::Quoted;
                    }
                    State::Quote if byte == self.delimiter => {
                        self.fields.push(Field { text: field_start..self.text.len(), quoted: true });
                        field_start = self.text.len();
                        state = State::Start;
                    }
                    // The carriage return of a line end; anything else after a closing quote is a mistake.
                    State::Quote if byte == b'\r' => {}
                    State::Quote => return Err(Problem::AfterQuote),
                }
                if length + used > LINE_BYTES_MAX {
                    return Err(Problem::LineTooLong { quoted: state == State::Quoted });
                }
            }
            self.input.consume(used);
            length += used;
            if ended {
                self.end_record(field_start, state);
                return Ok(true);
            }
        }
    }

    fn end_record(&mut self, field_start: usize, state: State) {
        let quoted = state == State::Quote;
        if !quoted && self.text.len() > field_start && self.text.last() == Some(&b'\r') {
            self.text.pop();
        }
        self.fields.push(Field { text: field_start..self.text.len(), quoted });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Records as `a|b`, quoted fields as `<a>`.
    fn split(input: &str) -> Result<Vec<String>, Problem> {
        // A tiny buffer, so that every state meets a refill.
        let mut splitter = Splitter::new(std::io::BufReader::with_capacity(1, input.as_bytes()), b',');
        let mut records = Vec::new();
        while splitter.next()? {
            let fields = splitter.fields().iter().map(|f| {
                let text = String::from_utf8_lossy(splitter.text(f)).into_owned();
                if f.quoted { format!("<{text}>") } else { text }
            });
            records.push(format!("{}:{}", splitter.line(), fields.collect::<Vec<_>>().join("|")));
        }
        Ok(records)
    }

    #[test]
    fn records_and_fields() {
        for (input, expected) in [
            ("", vec![]),
            ("a,b\n1,2\n", vec!["1:a|b", "2:1|2"]),
            ("a,b\r\n1,2", vec!["1:a|b", "2:1|2"]),
            ("a,\n,\n\n", vec!["1:a|", "2:|", "3:"]),
            ("\"a\"\"b\",\"\"\r\n", vec!["1:<a\"b>|<>"]),
            ("\"a\nb\",c\nd,e", vec!["1:<a\nb>|c", "3:d|e"]),
            ("a\"b,c d\n", vec!["1:a\"b|c d"]),
            ("\r\n", vec!["1:"]),
            ("ä,é\n", vec!["1:ä|é"]),
        ] {
            assert_eq!(split(input).unwrap(), expected, "{input:?}");
        }
    }

    #[test]
    fn damaged_input() {
        assert_eq!(split("a,\"b\nc,d\n"), Err(Problem::OpenQuote));
        assert_eq!(split("\"a\"b\n"), Err(Problem::AfterQuote));
        let long = "x".repeat(LINE_BYTES_MAX + 1);
        let mut splitter = Splitter::new(long.as_bytes(), b',');
        assert_eq!(splitter.next(), Err(Problem::LineTooLong { quoted: false }));
        let fits = "x".repeat(LINE_BYTES_MAX);
        assert_eq!(Splitter::new(fits.as_bytes(), b',').next(), Ok(true));
    }
}
