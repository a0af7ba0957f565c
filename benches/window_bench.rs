//! Tumbling COUNT and SUM by key beside two loops: the bare one, and one with a pipeline's duties.

#![allow(missing_docs, reason = "criterion's macros make public items")]

#[macro_use]
#[path = "bids/mod.rs"]
mod bids;

use bids::{BIDS, LoopTumble, LoopTumbleDuties, PerAuction, PerKey, STEPS, bids, run};
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};

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

criterion_group!(benches, per_auction, per_key);
criterion_main!(benches);
