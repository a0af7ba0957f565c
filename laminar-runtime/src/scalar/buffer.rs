//! Formatting without allocation.

use std::fmt;

/// A text of at most `N` bytes on the stack.
pub(super) struct Buffer<const N: usize> {
    bytes: [u8; N],
    len: usize,
}

impl<const N: usize> Buffer<N> {
    /// What `write` writes; what goes beyond `N` bytes is missing.
    pub(super) fn of(write: impl FnOnce(&mut Self) -> fmt::Result) -> Self {
        let mut buffer = Buffer { bytes: [0; N], len: 0 };
        let fits = write(&mut buffer);
        debug_assert!(fits.is_ok(), "the buffer is too small");
        buffer
    }

    pub(super) fn as_str(&self) -> &str {
        // Only whole texts were written.
        std::str::from_utf8(&self.bytes[..self.len]).unwrap_or_default()
    }
}

impl<const N: usize> fmt::Write for Buffer<N> {
    #[inline]
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let room = self.bytes[self.len..].get_mut(..text.len()).ok_or(fmt::Error)?;
        room.copy_from_slice(text.as_bytes());
        self.len += text.len();
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fmt::Write;

    #[test]
    fn holds_what_fits() {
        let buffer = Buffer::<4>::of(|b| write!(b, "{}é", 12));
        assert_eq!(buffer.as_str(), "12é");
        let full = Buffer::<2>::of(|b| {
            b.write_str("ab")?;
            assert!(b.write_str("c").is_err());
            Ok(())
        });
        assert_eq!(full.as_str(), "ab");
    }
}
