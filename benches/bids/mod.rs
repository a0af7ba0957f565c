//! What the benches share: Nexmark bids as rows of 48 bytes, the pipelines over them, and the same queries as loops
//! that an expert would write by hand.
//!
//! Two loops a query: the bare one, and one with the duties that a pipeline has (a late check and a checked sum a row, results in
//! defined order), so that the price of each promise is visible.

#![allow(missing_docs, dead_code, reason = "each bench uses a part")]

use laminar::prelude::*;
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;
use std::hint::black_box;
use std::time::Instant;

/// Bids of 10 million Nexmark events.
pub const BIDS: usize = 9_200_000;
/// Rows a call.
pub const STEPS: [usize; 4] = [1, 64, 1024, 8192];
const SECOND_NS: i64 = 1_000_000_000;

/// A bid without its texts, 48 bytes.
#[derive(Event, Clone, Copy, Debug)]
#[event(time = ts, delay = "0 seconds")]
#[repr(C)]
pub struct Bid {
    pub auction: i64,
    pub bidder: i64,
    pub price: i64,
    pub ts: Timestamp,
    /// Uniform in 0..100: `pick < k` passes k %.
    pub pick: i32,
    pub channel: u32,
    /// One of as many keys as the bench asks for.
    pub key: i64,
}

/// SplitMix64: small, fast and good enough to shape rows.
pub struct Random(pub u64);

impl Random {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub fn below(&mut self, n: u64) -> u64 {
        ((u128::from(self.next()) * u128::from(n)) >> 64) as u64
    }
}

/// `n` bids, 10 000 events a second of event time, in order, with Nexmark's hot auctions and prices.
pub fn bids(n: usize, keys: u64) -> Vec<Bid> {
    let mut random = Random(42);
    (0..n as u64)
        .map(|i| {
            let event = i / 46 * 50 + 4 + i % 46;
            let last_auction = event / 50 * 3 + 2;
            let auction = match random.below(2) {
                0 => last_auction - random.below(last_auction.min(100) + 1),
                _ => last_auction / 100 * 100,
            };
            let exponent = random.below(1 << 53) as f64 / (1u64 << 53) as f64 * 6.0;
            Bid {
                auction: auction as i64,
                bidder: random.below(event / 50 + 1) as i64,
                price: (10f64.powf(exponent) * 100.0) as i64,
                ts: Timestamp(1_600_000_000 * SECOND_NS + event as i64 * 100_000),
                pick: random.below(100) as i32,
                channel: random.below(10_000) as u32,
                key: random.below(keys) as i64,
            }
        })
        .collect()
}

#[pipeline("SELECT auction, bidder, price FROM Bid")]
pub struct Q0 {
    pub auction: i64,
    pub bidder: i64,
    pub price: i64,
}

#[pipeline("SELECT auction, bidder, price * 908 / 1000 AS price FROM Bid")]
pub struct Q1 {
    pub auction: i64,
    pub bidder: i64,
    pub price: i64,
}

#[pipeline("SELECT auction, price FROM Bid WHERE auction % 123 = 0")]
pub struct Q2 {
    pub auction: i64,
    pub price: i64,
}

#[pipeline(
    "SELECT window_start, auction, COUNT(*) AS n, SUM(price) AS total
     FROM Bid GROUP BY auction, TUMBLE(ts, INTERVAL '1' SECOND)"
)]
pub struct PerAuction {
    pub window_start: Timestamp,
    pub auction: i64,
    pub n: i64,
    pub total: i64,
}

#[pipeline(
    "SELECT window_start, key, COUNT(*) AS n, SUM(price) AS total
     FROM Bid GROUP BY key, TUMBLE(ts, INTERVAL '10' SECOND)"
)]
pub struct PerKey {
    pub window_start: Timestamp,
    pub key: i64,
    pub n: i64,
    pub total: i64,
}

/// Order-independent check of results: their number and a sum over them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Check {
    pub rows: u64,
    pub sum: u64,
}

impl Check {
    #[inline]
    pub fn add(&mut self, a: i64, b: i64, c: i64) {
        self.rows += 1;
        self.sum = self.sum.wrapping_add(
            (a as u64).wrapping_mul(31).wrapping_add((b as u64).wrapping_mul(17)).wrapping_add(c as u64),
        );
    }
}

/// Drives a pipeline over all rows in steps, to the end.
#[macro_export]
macro_rules! drive {
    ($output:ty, $rows:expr, $step:expr, |$row:ident, $check:ident| $add:expr) => {{
        let mut $check = $crate::bids::Check::default();
        let mut pipeline = <$output>::pipeline();
        {
            let mut out = |$row: $output| $add;
            for step in $rows.chunks($step) {
                pipeline.process(step, &mut out).expect("no row fails");
            }
            pipeline.finish(&mut out).expect("no result fails");
        }
        $check
    }};
}

/// Runs of each side; the median counts.
const ROUNDS: usize = 9;

/// Something to time, ready to go.
pub type Run = Box<dyn FnOnce() -> Check>;

/// Median times in ns a row, the sides in turn, so that both see the same machine; their answers are equal.
pub fn medians(rows: usize, mut sides: [&mut dyn FnMut() -> Run; 2]) -> [f64; 2] {
    let mut times = [const { Vec::new() }; 2];
    let expected = sides[1]()();
    for _ in 0..ROUNDS {
        for (side, times) in sides.iter_mut().zip(&mut times) {
            let run = side();
            let start = Instant::now();
            let check = black_box(run());
            times.push(start.elapsed().as_secs_f64() * 1e9 / rows as f64);
            assert_eq!(check, expected);
        }
    }
    times.map(|mut times| {
        times.sort_unstable_by(f64::total_cmp);
        times[ROUNDS / 2]
    })
}

/// A query as an expert's loop: one call a step, and one at the end.
pub trait Loop {
    fn step(&mut self, rows: &[Bid], out: &mut Check);
    fn finish(&mut self, _: &mut Check) {}
}

/// Drives a loop over all rows in steps, to the end.
pub fn run(mut query: impl Loop, rows: &[Bid], step: usize) -> Check {
    let mut check = Check::default();
    for rows in rows.chunks(step) {
        query.step(rows, &mut check);
    }
    query.finish(&mut check);
    check
}

pub struct LoopQ0;
impl Loop for LoopQ0 {
    fn step(&mut self, rows: &[Bid], out: &mut Check) {
        rows.iter().for_each(|b| out.add(b.auction, b.bidder, b.price));
    }
}

pub struct LoopQ1;
impl Loop for LoopQ1 {
    fn step(&mut self, rows: &[Bid], out: &mut Check) {
        rows.iter().for_each(|b| out.add(b.auction, b.bidder, b.price * 908 / 1000));
    }
}

pub struct LoopQ2;
impl Loop for LoopQ2 {
    fn step(&mut self, rows: &[Bid], out: &mut Check) {
        rows.iter().filter(|b| b.auction % 123 == 0).for_each(|b| out.add(b.auction, b.price, 0));
    }
}

/// COUNT and SUM a key and window: a map a window, rows in runs of one window.
pub struct LoopTumble {
    size_ns: i64,
    key: fn(&Bid) -> i64,
    windows: BTreeMap<i64, FxHashMap<i64, (i64, i64)>>,
    time_max: i64,
}

impl LoopTumble {
    pub fn new(seconds: i64, key: fn(&Bid) -> i64) -> LoopTumble {
        LoopTumble { size_ns: seconds * SECOND_NS, key, windows: BTreeMap::new(), time_max: i64::MIN }
    }

    fn close(&mut self, w: i64, out: &mut Check) {
        while let Some(window) = self.windows.first_entry() {
            if *window.key() + self.size_ns > w {
                break;
            }
            let (start, groups) = window.remove_entry();
            for (key, (n, sum)) in groups {
                out.add(key, n, sum + start / SECOND_NS);
            }
        }
    }
}

impl Loop for LoopTumble {
    fn step(&mut self, rows: &[Bid], out: &mut Check) {
        let mut i = 0;
        while i < rows.len() {
            let start = rows[i].ts.0 - rows[i].ts.0 % self.size_ns;
            let groups = self.windows.entry(start).or_default();
            while i < rows.len() && (start..start + self.size_ns).contains(&rows[i].ts.0) {
                let group = groups.entry((self.key)(&rows[i])).or_insert((0, 0));
                group.0 += 1;
                group.1 += rows[i].price;
                i += 1;
            }
        }
        self.time_max = self.time_max.max(rows.last().map_or(i64::MIN, |b| b.ts.0));
        self.close(self.time_max, out);
    }

    fn finish(&mut self, out: &mut Check) {
        self.close(i64::MAX, out);
    }
}

/// The same with the duties of a pipeline: W and a late check row by row, checked wide sums, results in order.
pub struct LoopTumbleDuties {
    size_ns: i64,
    key: fn(&Bid) -> i64,
    windows: BTreeMap<i64, FxHashMap<i64, (i64, i128)>>,
    time_max: i64,
    pub late: u64,
}

impl LoopTumbleDuties {
    pub fn new(seconds: i64, key: fn(&Bid) -> i64) -> LoopTumbleDuties {
        LoopTumbleDuties {
            size_ns: seconds * SECOND_NS,
            key,
            windows: BTreeMap::new(),
            time_max: i64::MIN,
            late: 0,
        }
    }

    fn close(&mut self, w: i64, out: &mut Check) {
        while let Some(window) = self.windows.first_entry() {
            if *window.key() + self.size_ns > w {
                break;
            }
            let (start, groups) = window.remove_entry();
            let mut groups: Vec<(i64, (i64, i128))> = groups.into_iter().collect();
            groups.sort_unstable_by_key(|(key, _)| *key);
            for (key, (n, sum)) in groups {
                let sum = i64::try_from(sum).expect("the sum of a window fits");
                out.add(key, n, sum + start / SECOND_NS);
            }
        }
    }
}

impl Loop for LoopTumbleDuties {
    fn step(&mut self, rows: &[Bid], out: &mut Check) {
        let mut i = 0;
        while i < rows.len() {
            let start = rows[i].ts.0 - rows[i].ts.0.rem_euclid(self.size_ns);
            if start + self.size_ns <= self.time_max {
                self.late += 1;
                i += 1;
                continue;
            }
            let groups = self.windows.entry(start).or_default();
            while i < rows.len() && (start..start + self.size_ns).contains(&rows[i].ts.0) {
                if start + self.size_ns <= self.time_max {
                    break;
                }
                let group = groups.entry((self.key)(&rows[i])).or_insert((0, 0));
                group.0 += 1;
                group.1 += i128::from(rows[i].price);
                self.time_max = self.time_max.max(rows[i].ts.0);
                i += 1;
            }
        }
        self.close(self.time_max, out);
    }

    fn finish(&mut self, out: &mut Check) {
        self.close(i64::MAX, out);
    }
}
