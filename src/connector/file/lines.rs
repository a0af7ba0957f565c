//! Reads lines of bounded length into one buffer.

use super::{LINE_BYTES_MAX, Problem};
use std::io::BufRead;

/// Lines one by one.
#[derive(Debug)]
pub(super) struct Lines<R> {
    input: R,
    text: Vec<u8>,
    line: u64,
}

impl<R: BufRead> Lines<R> {
    pub(super) fn new(input: R) -> Lines<R> {
        Lines { input, text: Vec::new(), line: 0 }
    }

    /// Number of the current line, from 1.
    pub(super) fn line(&self) -> u64 {
        self.line
    }

    /// The current line without its end.
    pub(super) fn text(&self) -> &[u8] {
        &self.text
    }

    /// Reads the next line; false at the end of the file.
    pub(super) fn next(&mut self) -> Result<bool, Problem> {
        self.text.clear();
        self.line += 1;
        loop {
            let bytes = match self.input.fill_buf() {
                Ok(bytes) => bytes,
                Err(e) if e.kind() == std::io::ErrorKind::Interrupted => continue,
                Err(e) => return Err(Problem::Io(e.to_string())),
            };
            if bytes.is_empty() {
                return Ok(!self.text.is_empty());
            }
            let end = bytes.iter().position(|b| *b == b'\n');
            let part = &bytes[..end.unwrap_or(bytes.len())];
            if self.text.len() + part.len() > LINE_BYTES_MAX {
                return Err(Problem::LineTooLong { quoted: false });
            }
            self.text.extend_from_slice(part);
            let used = part.len() + end.is_some() as usize;
            self.input.consume(used);
            if end.is_some() {
                if self.text.last() == Some(&b'\r') {
                    self.text.pop();
                }
                return Ok(true);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_and_their_ends() {
        let input = std::io::BufReader::with_capacity(2, "ab\r\n\ncd".as_bytes());
        let mut lines = Lines::new(input);
        let mut seen = Vec::new();
        while lines.next().unwrap() {
            seen.push((lines.line(), String::from_utf8(lines.text().to_vec()).unwrap()));
        }
        assert_eq!(seen, [(1, "ab".into()), (2, "".into()), (3, "cd".into())]);
        let long = "x".repeat(LINE_BYTES_MAX + 1);
        assert_eq!(Lines::new(long.as_bytes()).next(), Err(Problem::LineTooLong { quoted: false }));
    }
}
