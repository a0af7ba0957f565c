//! The hash of group keys: fast, and good for consecutive integers.
//!
//! Never leaves the process: key groups of snapshots have a hash of their own (`checkpoint`).
//!
//! Source: folded multiplication as in wyhash (Wang Yi, public domain); 2^64/φ as in Knuth, TAOCP 6.4.

const PHI: u64 = 0x9e37_79b9_7f4a_7c15;
const LENGTH: u64 = 0xa076_1d64_78bd_642f;
const PAIR: u64 = 0xe703_7ed1_a0b4_28db;

/// Both halves of the product, folded.
#[inline(always)]
fn fold(a: u64, b: u64) -> u64 {
    let product = a as u128 * b as u128;
    product as u64 ^ (product >> 64) as u64
}

/// The hash of keys of one word.
#[inline(always)]
pub(super) fn word(word: u64) -> u64 {
    fold(word, PHI)
}

/// The hash of what `hash` stands for, followed by a word.
#[inline(always)]
pub(super) fn then(hash: u64, word: u64) -> u64 {
    fold(hash.rotate_left(32) ^ word, PHI)
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
    fold(fold(low ^ LENGTH, PHI ^ bytes.len() as u64) ^ high, PAIR)
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

    /// How many of 2^14 buckets stay empty for 2^13 keys; chance would leave 60.7 %.
    fn check(what: &str, hashes: impl Iterator<Item = u64>) {
        let mut buckets = vec![0_u32; 1 << 14];
        let mut n = 0;
        for h in hashes.take(1 << 13) {
            buckets[(tag(h) >> 18) as usize] += 1;
            n += 1;
        }
        assert_eq!(n, 1 << 13);
        let worst = buckets.iter().max().copied().unwrap_or(0);
        let empty = buckets.iter().filter(|&&b| b == 0).count();
        assert!(worst <= 10 && empty < (1 << 14) * 68 / 100, "{what}: worst {worst}, empty {empty}");
    }

    #[test]
    fn usual_keys_spread() {
        check("integers", (0..).map(word));
        check("multiples", (0..).map(|i: u64| word(i * 4096)));
        check("high bits", (0..).map(|i: u64| word(i << 40)));
        check("floats", (0..).map(|i: u32| word((i as f64).to_bits())));
        check("times", (0..).map(|i: u64| word(1_700_000_000_000_000_000 + i * 60_000_000_000)));
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
