//! The hash of group keys: fast, and good for consecutive integers.
//!
//! Keys of one word are hashed by machine code as well (`clif/fused.rs` of the compiler), which repeats [`word`] and [`tag`].
//!
//! Never leaves the process: key groups of snapshots have a hash of their own (`checkpoint`).
//!
//! Source: folded multiplication and its constants as in wyhash (Wang Yi, public domain). Of the constants tried, 2^64/φ
//! among them, this one had no bad case among consecutive numbers, their multiples and times (see the test).

pub(super) const MIX: u64 = 0xa076_1d64_78bd_642f;
const LENGTH: u64 = 0x8ebc_6af0_9c88_c6e3;
const PAIR: u64 = 0xe703_7ed1_a0b4_28db;

/// Both halves of the product, folded so that the well mixed parts of both come to the top: the upper bits of the low half, the
/// lower ones of the high half.
#[inline(always)]
fn fold(a: u64, b: u64) -> u64 {
    let product = a as u128 * b as u128;
    product as u64 ^ ((product >> 64) as u64).rotate_left(32)
}

/// The hash of keys of one word.
#[inline(always)]
pub(super) fn word(word: u64) -> u64 {
    fold(word, MIX)
}

/// The hash of what `hash` stands for, followed by a word.
#[inline(always)]
pub(super) fn then(hash: u64, word: u64) -> u64 {
    fold(hash.rotate_left(32) ^ word, MIX)
}

/// The hash of a text.
#[inline(always)]
pub(super) fn text(bytes: &[u8]) -> u64 {
    let (low, high) = match bytes.len() {
        0 => (0, 0),
        1..=3 => {
            let middle = bytes[bytes.len() / 2] as u64;
            (bytes[0] as u64 | middle << 8 | (bytes[bytes.len() - 1] as u64) << 16, 0)
        }
        4..=7 => (u32_at(bytes, 0), u32_at(bytes, bytes.len() - 4)),
        8..=16 => (u64_at(bytes, 0), u64_at(bytes, bytes.len() - 8)),
        _ => long_text(bytes),
    };
    fold(fold(low ^ LENGTH, MIX ^ bytes.len() as u64) ^ high, PAIR)
}

#[inline(never)]
fn long_text(bytes: &[u8]) -> (u64, u64) {
    let mut hash = 0;
    let mut at = 0;
    while at + 16 < bytes.len() {
        hash = fold(u64_at(bytes, at) ^ LENGTH ^ hash, u64_at(bytes, at + 8) ^ PAIR);
        at += 16;
    }
    (hash ^ u64_at(bytes, bytes.len() - 16), u64_at(bytes, bytes.len() - 8))
}

#[inline(always)]
fn u64_at(bytes: &[u8], at: usize) -> u64 {
    let mut word = [0; 8];
    word.copy_from_slice(&bytes[at..at + 8]);
    u64::from_le_bytes(word)
}

#[inline(always)]
fn u32_at(bytes: &[u8], at: usize) -> u64 {
    let mut word = [0; 4];
    word.copy_from_slice(&bytes[at..at + 4]);
    u32::from_le_bytes(word) as u64
}

/// What the index keeps of a hash: never 0, and its top bits choose the bucket.
#[inline(always)]
pub(super) fn tag(hash: u64) -> u32 {
    (hash >> 32) as u32 | 1
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Mean number of buckets looked at to find one of 2^13 keys in 2^14 buckets; chance would give 1.5.
    fn check(what: &str, hashes: impl Iterator<Item = u64>) {
        let mut taken = vec![false; 1 << 14];
        let mut probes = 0;
        for h in hashes.take(1 << 13) {
            let mut bucket = (tag(h) >> 18) as usize;
            probes += 1;
            while taken[bucket] {
                bucket = (bucket + 1) % taken.len();
                probes += 1;
            }
            taken[bucket] = true;
        }
        assert!(probes <= 2 << 13, "{what}: {}", probes as f64 / (1 << 13) as f64);
    }

    #[test]
    fn usual_keys_spread() {
        check("integers", (0..).map(word));
        check("negative integers", (0..).map(|i: i64| word(-i as u64)));
        check("multiples", (0..).map(|i: u64| word(i * 4096)));
        check("high bits", (0..).map(|i: u64| word(i << 40)));
        check("floats", (0..).map(|i: u32| word((i as f64).to_bits())));
        for step in [1, 1000, 1_000_000, 1_000_000_000, 60_000_000_000, 86_400_000_000_000] {
            check(
                &format!("times {step} ns apart"),
                (0..).map(|i: u64| word(1_700_000_000_000_000_000 + i * step)),
            );
        }
        for shift in 1..50 {
            check(&format!("integers times 2^{shift}"), (0..).map(|i: u64| word(i << shift)));
        }
        check("pairs", (0..).map(|i: u64| then(word(i % 90), i / 90)));
        check("null word and integers", (0..).map(|i: u64| then(word(0), i)));
        check("small pairs", (0..).map(|i: u64| then(word(i / 128), i % 128)));
        check("short texts", (0..).map(|i: u32| text(format!("{i}").as_bytes())));
        check("texts", (0..).map(|i: u32| text(format!("symbol-{i}").as_bytes())));
        check(
            "long texts",
            (0..).map(|i: u32| text(format!("a text longer than {i} and sixteen").as_bytes())),
        );
    }
}
