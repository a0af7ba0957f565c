//! Tumbling COUNT and SUM by key beside two loops: the bare one, and one with a pipeline's duties. And candles: open, high, low,
//! close and turnover of a window, beside the bare loop.

#![allow(missing_docs, reason = "criterion's macros make public items")]

#[macro_use]
#[path = "bids/mod.rs"]
mod bids;

use bids::{BIDS, Bid, Check, Loop, LoopTumble, LoopTumbleDuties, PerAuction, PerKey, STEPS, bids, run};
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use laminar::prelude::*;
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;

const SECOND_NS: i64 = 1_000_000_000;

#[pipeline(
    "SELECT window_start, auction, FIRST_VALUE(price) AS open, MAX(price) AS high, MIN(price) AS low,
            LAST_VALUE(price) AS close, SUM(price) AS total
     FROM Bid GROUP BY auction, TUMBLE(ts, INTERVAL '1' SECOND)"
)]
pub struct Candle {
    pub window_start: Timestamp,
    pub auction: i64,
    pub open: i64,
    pub high: i64,
    pub low: i64,
    pub close: i64,
    pub total: i64,
}

/// A map a window, from auction to open, high, low, close and total. Its bids come in order.
#[derive(Default)]
struct LoopCandle {
    windows: BTreeMap<i64, FxHashMap<i64, [i64; 5]>>,
}

impl LoopCandle {
    fn close(&mut self, w: i64, out: &mut Check) {
        while let Some(window) = self.windows.first_entry() {
            if *window.key() + SECOND_NS > w {
                break;
            }
            let (start, candles) = window.remove_entry();
            for (auction, candle) in candles {
                add(out, start, auction, candle);
            }
        }
    }
}

impl Loop for LoopCandle {
    fn step(&mut self, rows: &[Bid], out: &mut Check) {
        let mut rest = rows;
        while let Some(first) = rest.first() {
            let start = first.ts.0 - first.ts.0 % SECOND_NS;
            let candles = self.windows.entry(start).or_default();
            let len = rest.iter().position(|b| b.ts.0 >= start + SECOND_NS).unwrap_or(rest.len());
            for b in &rest[..len] {
                let p = b.price;
                let [_, high, low, close, total] = candles.entry(b.auction).or_insert([p, p, p, p, 0]);
                (*high, *low, *close, *total) = (p.max(*high), p.min(*low), p, *total + p);
            }
            rest = &rest[len..];
        }
        self.close(rows.last().map_or(i64::MIN, |b| b.ts.0), out);
    }

    fn finish(&mut self, out: &mut Check) {
        self.close(i64::MAX, out);
    }
}

fn add(out: &mut Check, start: i64, auction: i64, [open, high, low, close, total]: [i64; 5]) {
    out.add(auction, open + 3 * high + 5 * low + 7 * close, total + start / SECOND_NS);
}

fn candles(c: &mut Criterion) {
    let rows = bids(BIDS, 10_000);
    for step in STEPS {
        let mut group = c.benchmark_group(format!("candles of 1 s/steps of {step}"));
        group.throughput(Throughput::Elements(rows.len() as u64)).sample_size(10);
        let laminar = || {
            drive!(Candle, rows, step, |r, check| add(
                &mut check,
                r.window_start.0,
                r.auction,
                [r.open, r.high, r.low, r.close, r.total]
            ))
        };
        let bare = || run(LoopCandle::default(), &rows, step);
        assert_eq!(laminar(), bare());
        group.bench_function("laminar", |b| b.iter(laminar));
        group.bench_function("loop", |b| b.iter(bare));
        group.finish();
    }
}

fn per_auction(c: &mut Criterion) {
    let rows = bids(BIDS, 10_000);
    for step in STEPS {
        let mut group = c.benchmark_group(format!("tumble 1 s by auction/steps of {step}"));
        group.throughput(Throughput::Elements(rows.len() as u64)).sample_size(10);
        let laminar = || {
            drive!(PerAuction, rows, step, |r, check| check.add(
                r.auction,
                r.n,
                r.total + r.window_start.0 / 1_000_000_000
            ))
        };
        let bare = || run(LoopTumble::new(1, |b| b.auction), &rows, step);
        let duties = || run(LoopTumbleDuties::new(1, |b| b.auction), &rows, step);
        assert_eq!(laminar(), bare());
        assert_eq!(laminar(), duties());
        group.bench_function("laminar", |b| b.iter(laminar));
        group.bench_function("loop", |b| b.iter(bare));
        group.bench_function("loop with duties", |b| b.iter(duties));
        group.finish();
    }
}

fn per_key(c: &mut Criterion) {
    for keys in [100, 10_000, 1_000_000] {
        let rows = bids(BIDS, keys);
        let mut group = c.benchmark_group("tumble 10 s by key");
        group.throughput(Throughput::Elements(rows.len() as u64)).sample_size(10);
        let laminar = || {
            drive!(PerKey, rows, 1024, |r, check| check.add(
                r.key,
                r.n,
                r.total + r.window_start.0 / 1_000_000_000
            ))
        };
        let bare = || run(LoopTumble::new(10, |b| b.key), &rows, 1024);
        let duties = || run(LoopTumbleDuties::new(10, |b| b.key), &rows, 1024);
        assert_eq!(laminar(), bare());
        assert_eq!(laminar(), duties());
        group.bench_function(BenchmarkId::new("laminar", keys), |b| b.iter(laminar));
        group.bench_function(BenchmarkId::new("loop", keys), |b| b.iter(bare));
        group.bench_function(BenchmarkId::new("loop with duties", keys), |b| b.iter(duties));
        group.finish();
    }
}

criterion_group!(benches, per_auction, per_key, candles);
criterion_main!(benches);
