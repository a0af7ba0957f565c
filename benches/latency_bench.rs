//! One row at a time: the time of a `push`, and of the push that closes a window of a thousand groups.

#![allow(missing_docs, reason = "criterion's macros make public items")]

#[macro_use]
#[path = "bids/mod.rs"]
mod bids;

use bids::{Bid, Check, Loop, LoopTumble, PerAuction, PerKey, Q2, bids};
use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use laminar::prelude::*;
use std::hint::black_box;

fn push(c: &mut Criterion) {
    let rows = bids(1_000_000, 1000);
    let mut group = c.benchmark_group("push");
    let mut next = (0..rows.len()).cycle();
    let mut check = Check::default();
    let mut q2 = Q2::pipeline();
    group.bench_function("q2/laminar", |b| {
        b.iter(|| q2.push(&rows[next.next().unwrap_or(0)], &mut |r: Q2| check.add(r.auction, r.price, 0)))
    });
    // Time must not go back: each pass over the rows is 100 seconds later.
    let mut later = 0;
    let mut at = 0;
    let mut forward = |rows: &[Bid]| {
        let row = Bid { ts: Timestamp(rows[at].ts.0 + later), ..rows[at] };
        at += 1;
        if at == rows.len() {
            at = 0;
            later += 200_000_000_000;
        }
        row
    };
    let mut tumble = PerAuction::pipeline();
    group.bench_function("tumble 1 s by auction/laminar", |b| {
        b.iter(|| tumble.push(&forward(&rows), &mut |r: PerAuction| check.add(r.auction, r.n, r.total)))
    });
    let mut by_hand = LoopTumble::new(1, |b| b.auction);
    group.bench_function("tumble 1 s by auction/loop", |b| {
        b.iter(|| by_hand.step(&[forward(&rows)], &mut check))
    });
    group.finish();
    black_box(check);
}

fn close(c: &mut Criterion) {
    let rows: Vec<Bid> = bids(50_000, 1000).into_iter().map(|b| Bid { ts: Timestamp(0), ..b }).collect();
    c.bench_function("close a window of 1000 groups", |b| {
        b.iter_batched(
            || {
                let mut p = PerKey::pipeline();
                p.process(&rows, &mut |_: PerKey| ()).expect("no row fails");
                p
            },
            |mut p| {
                let mut check = Check::default();
                p.watermark(Timestamp(10_000_000_000), &mut |r: PerKey| check.add(r.key, r.n, r.total))
                    .expect("no result fails");
                (p, check)
            },
            BatchSize::LargeInput,
        )
    });
}

criterion_group!(benches, push, close);
criterion_main!(benches);
