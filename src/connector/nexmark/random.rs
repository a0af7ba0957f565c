//! Random numbers and texts of one Nexmark event.
//!
//! Only integer and IEEE 754 arithmetic, so that a seed gives the same stream on every machine.

use laminar_runtime::types::Str;

/// SplitMix64 (Steele, Lea, Flood, 2014), seeded by the stream's seed and the number of the event.
#[derive(Clone, Debug)]
pub(super) struct Random(u64);

fn mix(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

impl Random {
    pub(super) fn new(seed: u64, id: u64) -> Random {
        Random(mix(mix(seed.wrapping_add(0x9e37_79b9_7f4a_7c15)).wrapping_add(id)))
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        mix(self.0)
    }

    /// One of `0..n`, for n > 0.
    pub(super) fn below(&mut self, n: u64) -> u64 {
        ((self.next() as u128 * n as u128) >> 64) as u64
    }

    /// One of `items`.
    pub(super) fn one_of<'a>(&mut self, items: &[&'a str]) -> &'a str {
        items[self.below(items.len() as u64) as usize]
    }

    /// Cents: 100 · 10^(6u) with u uniform in [0, 1).
    pub(super) fn price(&mut self) -> i64 {
        let u = (self.next() >> 11) as f64 / (1u64 << 53) as f64;
        (power_of_ten(6.0 * u) * 100.0 + 0.5) as i64
    }

    /// Appends 3 to `max - 1` letters, one in 13 of them `gap`; trimmed.
    pub(super) fn text(&mut self, to: &mut String, max: u64, gap: char) {
        let start = to.len();
        let length = 3 + self.below(max - 3);
        for _ in 0..length {
            let c = if self.below(13) == 0 { gap } else { (b'a' + self.below(26) as u8) as char };
            // Leading blanks are trimmed, trailing ones below.
            if c != ' ' || to.len() > start {
                to.push(c);
            }
        }
        to.truncate(start + to[start..].trim_end().len());
    }

    /// Letters that bring a row of `so_far` bytes to about `average`.
    pub(super) fn extra(&mut self, so_far: usize, average: usize) -> Str {
        let missing = average.saturating_sub(so_far) as u64;
        let spread = (missing * 2 + 5) / 10;
        let length = missing - spread + if spread > 0 { self.below(2 * spread) } else { 0 };
        let mut text = String::with_capacity(length as usize);
        // Twelve letters of one number: 26^12 < 2^57.
        while (text.len() as u64) < length {
            let mut bits = self.next() >> 7;
            for _ in 0..12.min(length - text.len() as u64) {
                text.push((b'a' + (bits % 26) as u8) as char);
                bits /= 26;
            }
        }
        Str::new(&text)
    }
}

/// 10^x for x in [0, 6]: the standard library's differs between machines in the last bit.
fn power_of_ten(x: f64) -> f64 {
    let y = x * std::f64::consts::LN_10;
    let halvings = (y / std::f64::consts::LN_2).floor();
    let r = y - halvings * std::f64::consts::LN_2;
    // Taylor series of e^r for r in [0, ln 2), from the last term to the first.
    let mut sum = 1.0;
    for n in (1..=18).rev() {
        sum = 1.0 + sum * r / n as f64;
    }
    sum * (1u64 << halvings as u32) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn power_of_ten_is_close() {
        for i in 0..=600 {
            let x = i as f64 / 100.0;
            let (got, want) = (power_of_ten(x), 10f64.powf(x));
            assert!((got / want - 1.0).abs() < 1e-14, "10^{x}: {got} != {want}");
        }
    }

    #[test]
    fn texts_are_trimmed_and_short() {
        let mut longest = 0;
        for id in 0..2000 {
            let mut text = String::new();
            Random::new(1, id).text(&mut text, 20, ' ');
            assert_eq!(text, text.trim());
            longest = longest.max(text.len());
        }
        assert_eq!(longest, 19);
    }

    #[test]
    fn below_covers_its_range() {
        let mut seen = [0; 7];
        let mut r = Random::new(0, 0);
        (0..7000).for_each(|_| seen[r.below(7) as usize] += 1);
        assert!(seen.iter().all(|n| (850..1150).contains(n)), "{seen:?}");
    }
}
