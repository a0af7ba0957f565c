//! Snapshots: all state of an engine as bytes, the same bytes for the same state whatever way it came about.
//!
//! `docs/snapshot.md` draws the format. Here are the frame (magic, version, fingerprint, length, checksum) and the
//! entries of group nodes; what an engine puts into the frame is its own (`engine::snapshot`).
//!
//! Invariant: reading foreign, damaged or cut bytes gives an error, with no more memory than the bytes themselves take.

mod bytes;
mod cell;
mod node;

pub(crate) use bytes::{
    Reader, check_flag, put_bytes, put_float, put_i64, put_text, put_u8, put_u32, put_u64,
};
pub(crate) use cell::{put_cell, read_cell};
pub(crate) use node::{read_node, write_node};

use crate::error::Error;
use std::io::{Read, Write};

const MAGIC: [u8; 8] = *b"LAMINAR\0";
/// 2: finite values without a square are counted apart.
const VERSION: u32 = 2;
/// Magic, version, fingerprint, length of the body.
const HEADER_BYTES: usize = 8 + 4 + 8 + 8;

/// A key belongs to one of so many groups, the unit in which state moves between workers.
const KEY_GROUPS: u32 = 128;

/// The frame around a body.
pub(crate) fn frame(fingerprint: u64, body: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(HEADER_BYTES + body.len() + 4);
    bytes.extend_from_slice(&MAGIC);
    put_u32(&mut bytes, VERSION);
    put_u64(&mut bytes, fingerprint);
    put_u64(&mut bytes, body.len() as u64);
    bytes.extend_from_slice(body);
    let sum = crc32fast::hash(&bytes);
    put_u32(&mut bytes, sum);
    bytes
}

/// Writes a framed body.
pub(crate) fn write(fingerprint: u64, body: &[u8], w: &mut dyn Write) -> Result<(), Error> {
    w.write_all(&frame(fingerprint, body)).map_err(|e| Error::SnapshotIo(e.to_string()))
}

/// Reads a frame, and nothing behind it; its body.
pub(crate) fn read(fingerprint: u64, r: &mut dyn Read) -> Result<Vec<u8>, Error> {
    let mut header = [0; HEADER_BYTES];
    let got = read_up_to(r, &mut header)?;
    if !header[..got.min(8)].iter().eq(&MAGIC[..got.min(8)]) || got == 0 {
        return Err(Error::SnapshotMismatch("it does not begin as a snapshot does".into()));
    }
    if got < HEADER_BYTES {
        return Err(damaged("it ends within its header"));
    }
    let mut fields = Reader::new(&header[8..]);
    let (version, found, len) = (fields.u32()?, fields.u64()?, fields.u64()?);
    if version != VERSION {
        return Err(Error::SnapshotMismatch(format!("format version {version}, this is {VERSION}")));
    }
    let mut body = Vec::new();
    // Grows with what there is to read, not with what the length claims.
    let wanted = len.saturating_add(4);
    let read = r.take(wanted).read_to_end(&mut body).map_err(|e| Error::SnapshotIo(e.to_string()))?;
    if (read as u64) < wanted {
        return Err(damaged("it ends too early"));
    }
    let sum = body.split_off(body.len() - 4);
    let mut hash = crc32fast::Hasher::new();
    hash.update(&header);
    hash.update(&body);
    if sum != hash.finalize().to_le_bytes() {
        return Err(damaged("its checksum is wrong"));
    }
    if found != fingerprint {
        return Err(Error::SnapshotMismatch(format!(
            "it is of a query with fingerprint {found:016x}, this one has {fingerprint:016x}"
        )));
    }
    Ok(body)
}

/// Reads until the buffer is full or there is no more.
fn read_up_to(r: &mut dyn Read, buffer: &mut [u8]) -> Result<usize, Error> {
    let mut got = 0;
    while got < buffer.len() {
        match r.read(&mut buffer[got..]) {
            Ok(0) => break,
            Ok(n) => got += n,
            Err(e) if e.kind() == std::io::ErrorKind::Interrupted => {}
            Err(e) => return Err(Error::SnapshotIo(e.to_string())),
        }
    }
    Ok(got)
}

pub(crate) fn damaged(what: &str) -> Error {
    Error::SnapshotDamaged(what.into())
}

/// The key group of a serialised key. Part of the format: it never changes within a version.
fn key_group(key: &[u8]) -> u8 {
    (crc32fast::hash(key) % KEY_GROUPS) as u8
}
