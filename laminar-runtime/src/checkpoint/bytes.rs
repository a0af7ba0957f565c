//! Numbers and texts as little-endian bytes.

use super::damaged;
use crate::error::Error;

pub(crate) fn put_u8(to: &mut Vec<u8>, v: u8) {
    to.push(v);
}
pub(crate) fn put_u32(to: &mut Vec<u8>, v: u32) {
    to.extend_from_slice(&v.to_le_bytes());
}
pub(crate) fn put_u64(to: &mut Vec<u8>, v: u64) {
    to.extend_from_slice(&v.to_le_bytes());
}
pub(crate) fn put_i64(to: &mut Vec<u8>, v: i64) {
    to.extend_from_slice(&v.to_le_bytes());
}
pub(crate) fn put_text(to: &mut Vec<u8>, text: &str) {
    put_bytes(to, text.as_bytes());
}

pub(crate) fn put_bytes(to: &mut Vec<u8>, bytes: &[u8]) {
    put_u64(to, bytes.len() as u64);
    to.extend_from_slice(bytes);
}

/// Every NaN is written as the same one: which it is depends on the machine's order of operands.
pub(crate) fn put_float(to: &mut Vec<u8>, bits: u64) {
    put_u64(to, if f64::from_bits(bits).is_nan() { f64::NAN.to_bits() } else { bits });
}

/// A word that must be 0 or 1.
pub(crate) fn check_flag(word: u64) -> Result<u64, Error> {
    if word <= 1 { Ok(word) } else { Err(damaged("a flag is neither 0 nor 1")) }
}

/// Reads what the functions above have written.
pub(crate) struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    pub fn new(bytes: &'a [u8]) -> Reader<'a> {
        Reader { rest: bytes }
    }

    pub fn bytes(&mut self, n: usize) -> Result<&'a [u8], Error> {
        let (bytes, rest) = self.rest.split_at_checked(n).ok_or_else(|| damaged("it ends too early"))?;
        self.rest = rest;
        Ok(bytes)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], Error> {
        let (bytes, rest) = self.rest.split_first_chunk().ok_or_else(|| damaged("it ends too early"))?;
        self.rest = rest;
        Ok(*bytes)
    }

    pub fn u8(&mut self) -> Result<u8, Error> {
        Ok(u8::from_le_bytes(self.array()?))
    }
    pub fn u32(&mut self) -> Result<u32, Error> {
        Ok(u32::from_le_bytes(self.array()?))
    }
    pub fn u64(&mut self) -> Result<u64, Error> {
        Ok(u64::from_le_bytes(self.array()?))
    }
    pub fn i64(&mut self) -> Result<i64, Error> {
        Ok(i64::from_le_bytes(self.array()?))
    }

    pub fn bool(&mut self) -> Result<bool, Error> {
        match self.u8()? {
            0 => Ok(false),
            1 => Ok(true),
            _ => Err(damaged("a flag is neither 0 nor 1")),
        }
    }

    pub fn text(&mut self) -> Result<&'a str, Error> {
        std::str::from_utf8(self.prefixed()?).map_err(|_| damaged("a text is not UTF-8"))
    }

    /// Bytes after their number.
    pub fn prefixed(&mut self) -> Result<&'a [u8], Error> {
        let len = usize::try_from(self.u64()?).map_err(|_| damaged("a text is too long"))?;
        self.bytes(len)
    }

    /// What was read since `before`, a reader of the same bytes.
    pub fn since(&self, before: &Reader<'a>) -> &'a [u8] {
        &before.rest[..before.rest.len() - self.rest.len()]
    }

    pub fn mark(&self) -> Reader<'a> {
        Reader { rest: self.rest }
    }

    pub fn end(&self) -> Result<(), Error> {
        if self.rest.is_empty() { Ok(()) } else { Err(damaged("there is more than it should hold")) }
    }
}
