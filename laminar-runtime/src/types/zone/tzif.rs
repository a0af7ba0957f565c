//! Reads a file of the time zone database. Source: RFC 9636, "The Time Zone Information Format".
//!
//! ```text
//! [header][the same data in 32 bits, skipped][header][when: i64 …][to which type: u8 …][type: offset i32, is_dst u8, name u8 …] … \n[rule]\n
//! ```

use super::Zone;
use super::rule::Rule;

const HEADER_BYTES: usize = 44;

struct Counts {
    ut: usize,
    standard: usize,
    leaps: usize,
    times: usize,
    types: usize,
    chars: usize,
}

impl Counts {
    /// Reads a header.
    fn read(bytes: &[u8]) -> Option<Counts> {
        let header = bytes.get(..HEADER_BYTES)?.strip_prefix(b"TZif")?;
        let count = |i: usize| Some(u32::from_be_bytes(*header.get(16 + 4 * i..)?.first_chunk()?) as usize);
        Some(Counts {
            ut: count(0)?,
            standard: count(1)?,
            leaps: count(2)?,
            times: count(3)?,
            types: count(4)?,
            chars: count(5)?,
        })
    }

    /// Bytes of the data with times of so many bytes.
    fn data_bytes(&self, time: usize) -> usize {
        self.times * (time + 1)
            + self.types * 6
            + self.chars
            + self.leaps * (time + 4)
            + self.standard
            + self.ut
    }
}

/// The zone of a file; none if it is no such file of version 2 or later.
pub(super) fn read(file: &[u8]) -> Option<Zone> {
    let narrow = Counts::read(file)?;
    let file = file.get(HEADER_BYTES + narrow.data_bytes(4)..)?;
    let counts = Counts::read(file)?;
    let data = file.get(HEADER_BYTES..)?;
    let times = data.get(..8 * counts.times)?.chunks_exact(8);
    let kinds = data.get(8 * counts.times..9 * counts.times)?;
    let types = data.get(9 * counts.times..)?;
    let offset = |kind: usize| {
        Some(i32::from_be_bytes(*types.get(6 * kind..)?.first_chunk()?)).filter(|_| kind < counts.types)
    };
    let mut changes = Vec::with_capacity(counts.times);
    for (time, kind) in times.zip(kinds) {
        changes.push((i64::from_be_bytes(time.try_into().ok()?), offset((*kind).into())?));
    }
    let rule = data.get(counts.data_bytes(8)..)?.strip_prefix(b"\n")?.strip_suffix(b"\n")?;
    let rule = match std::str::from_utf8(rule).ok()? {
        "" => None,
        rule => Some(Rule::parse(rule)?),
    };
    Some(Zone { first: offset(0)?, changes: changes.into(), rule })
}
