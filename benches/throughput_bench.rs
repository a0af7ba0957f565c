//! Stateless queries: rows a second, beside an expert's loop over the same rows in the same run. And the four queries that
//! goals are set for, ours and the loop in turn, with the median of both.
//!
//! `cargo bench --bench throughput_bench [-- ratios | stateless | columns | texts]`

#![allow(missing_docs, reason = "criterion's macros make public items")]

#[macro_use]
#[path = "bids/mod.rs"]
mod bids;

use bids::{
    BIDS, Bid, BidColumns, Check, Loop, LoopQ0, LoopQ1, LoopQ2, LoopTumble, PerAuction, Q0, Q1, Q2, Run,
    STEPS, bids, medians, run,
};
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group};
use laminar::prelude::*;

macro_rules! passing {
    ($($name:ident $sql:literal)*) => {$(
        #[pipeline($sql)]
        pub struct $name {
            pub auction: i64,
            pub price: i64,
        }
    )*};
}
passing! {
    Pass1 "SELECT auction, price FROM Bid WHERE pick < 1"
    Pass5 "SELECT auction, price FROM Bid WHERE pick < 5"
    Pass50 "SELECT auction, price FROM Bid WHERE pick < 50"
    Pass100 "SELECT auction, price FROM Bid WHERE pick < 100"
}

struct LoopPass(i32);
impl Loop for LoopPass {
    fn step(&mut self, rows: &[Bid], out: &mut Check) {
        rows.iter().filter(|b| b.pick < self.0).for_each(|b| out.add(b.auction, b.price, 0));
    }
}

/// A bid with its texts, for the queries that read them.
#[derive(Event, Clone, Debug)]
#[event(time = ts, delay = "0 seconds")]
pub struct TextBid {
    pub auction: i64,
    pub bidder: i64,
    pub price: i64,
    pub ts: Timestamp,
    pub url: Str,
    pub extra: Str,
}

#[pipeline(
    "SELECT auction, bidder, 0.908 * price AS price,
            CASE WHEN EXTRACT(HOUR FROM ts) BETWEEN 8 AND 18 THEN 'day'
                 WHEN EXTRACT(HOUR FROM ts) <= 6 OR EXTRACT(HOUR FROM ts) >= 20 THEN 'night'
                 ELSE 'other' END AS part,
            count_char(extra, 'c') AS c_counts
     FROM TextBid WHERE 0.908 * price > 1000000 AND 0.908 * price < 50000000"
)]
pub struct Q14 {
    pub auction: i64,
    pub bidder: i64,
    pub price: Decimal<22, 3>,
    pub part: Str,
    pub c_counts: i64,
}

#[pipeline(
    "SELECT auction, split_part(url, '/', 4) AS dir1, split_part(url, '/', 5) AS dir2, split_part(url, '/', 6) AS dir3
     FROM TextBid"
)]
pub struct Q22 {
    pub auction: i64,
    pub dir1: Str,
    pub dir2: Str,
    pub dir3: Str,
}

fn text_bids(rows: &[Bid]) -> Vec<TextBid> {
    rows.iter()
        .map(|b| TextBid {
            auction: b.auction,
            bidder: b.bidder,
            price: b.price,
            ts: b.ts,
            url: Str::from(format!(
                "https://www.nexmark.com/{:x}/{:x}/{:x}/item.htm?query=1",
                b.channel,
                b.bidder % 4096,
                b.pick
            )),
            extra: Str::from(format!("{:x}cc{:x}{:x}", b.price, b.bidder, b.ts.0)),
        })
        .collect()
}

fn loop_q14(rows: &[TextBid]) -> Check {
    let mut check = Check::default();
    for b in rows {
        let price = b.price * 908;
        if price > 1_000_000_000 && price < 50_000_000_000 {
            let hour = b.ts.0.div_euclid(3_600_000_000_000).rem_euclid(24);
            let part: &str = match hour {
                8..=18 => "day",
                0..=6 | 20.. => "night",
                _ => "other",
            };
            let c = b.extra.as_str().bytes().filter(|b| *b == b'c').count() as i64;
            check.add(price, part.len() as i64, c);
        }
    }
    check
}

fn loop_q22(rows: &[TextBid]) -> Check {
    let mut check = Check::default();
    for b in rows {
        let mut parts = b.url.as_str().split('/').skip(3);
        let mut next = || Str::new(parts.next().unwrap_or(""));
        let (a, b, c) = (next(), next(), next());
        check.add(a.as_str().len() as i64, b.as_str().len() as i64, c.as_str().len() as i64);
    }
    check
}

fn stateless(c: &mut Criterion) {
    let rows = bids(BIDS, 10_000);
    for step in STEPS {
        let mut group = c.benchmark_group(format!("stateless/steps of {step}"));
        group.throughput(Throughput::Elements(rows.len() as u64)).sample_size(10);
        macro_rules! pair {
            ($name:literal, $output:ty, $query:expr, |$r:ident, $check:ident| $add:expr) => {
                assert_eq!(drive!($output, rows, step, |$r, $check| $add), run($query, &rows, step), $name);
                group.bench_function(BenchmarkId::new($name, "laminar"), |b| {
                    b.iter(|| drive!($output, rows, step, |$r, $check| $add))
                });
                group
                    .bench_function(BenchmarkId::new($name, "loop"), |b| b.iter(|| run($query, &rows, step)));
            };
        }
        pair!("q0", Q0, LoopQ0, |r, check| check.add(r.auction, r.bidder, r.price));
        pair!("q1", Q1, LoopQ1, |r, check| check.add(r.auction, r.bidder, r.price));
        pair!("q2", Q2, LoopQ2, |r, check| check.add(r.auction, r.price, 0));
        if step == 1024 {
            pair!("pass 1 %", Pass1, LoopPass(1), |r, check| check.add(r.auction, r.price, 0));
            pair!("pass 5 %", Pass5, LoopPass(5), |r, check| check.add(r.auction, r.price, 0));
            pair!("pass 50 %", Pass50, LoopPass(50), |r, check| check.add(r.auction, r.price, 0));
            pair!("pass 100 %", Pass100, LoopPass(100), |r, check| check.add(r.auction, r.price, 0));
        }
        group.finish();
    }
}

/// Bids as a struct of arrays.
struct Arrays {
    auction: Vec<i64>,
    bidder: Vec<i64>,
    price: Vec<i64>,
    ts: Vec<Timestamp>,
    pick: Vec<i32>,
    channel: Vec<u32>,
    key: Vec<i64>,
}

impl Arrays {
    fn of(rows: &[Bid]) -> Arrays {
        Arrays {
            auction: rows.iter().map(|b| b.auction).collect(),
            bidder: rows.iter().map(|b| b.bidder).collect(),
            price: rows.iter().map(|b| b.price).collect(),
            ts: rows.iter().map(|b| b.ts).collect(),
            pick: rows.iter().map(|b| b.pick).collect(),
            channel: rows.iter().map(|b| b.channel).collect(),
            key: rows.iter().map(|b| b.key).collect(),
        }
    }

    fn slices(&self, lo: usize, hi: usize) -> BidColumns<'_> {
        BidColumns {
            auction: &self.auction[lo..hi],
            bidder: &self.bidder[lo..hi],
            price: &self.price[lo..hi],
            ts: &self.ts[lo..hi],
            pick: &self.pick[lo..hi],
            channel: &self.channel[lo..hi],
            key: &self.key[lo..hi],
        }
    }
}

/// Ours beside the expert's loop, from structs and from arrays.
fn ratios() {
    let rows: &'static [Bid] = bids(BIDS / 2, 10_000).leak();
    let arrays: &'static Arrays = Box::leak(Box::new(Arrays::of(rows)));
    macro_rules! line {
        ($name:literal, $query:expr, |$step:ident| $ours:expr) => {
            print!("  {:7}", $name);
            for $step in STEPS.into_iter().rev() {
                let ours = &mut || -> Run { Box::new(move || $ours) };
                let hand = &mut || -> Run { Box::new(move || run($query, rows, $step)) };
                let [ours, hand] = medians(rows.len(), [ours, hand]);
                print!("  {:5}: {ours:6.2} / {hand:6.2} = {:4.2}", $step, ours / hand);
            }
            println!();
        };
    }
    macro_rules! columns {
        ($output:ty, $step:expr, |$row:ident, $check:ident| $add:expr) => {{
            let mut $check = Check::default();
            let mut pipeline = <$output>::pipeline();
            let mut out = |$row: $output| $add;
            for lo in (0..rows.len()).step_by($step) {
                let all = arrays.slices(lo, rows.len().min(lo + $step));
                pipeline.process_columns(&all, &mut out).expect("no row fails");
            }
            pipeline.finish(&mut out).expect("no result fails");
            $check
        }};
    }
    const SECOND_NS: i64 = 1_000_000_000;
    println!("structs, ns a row (ours / loop = ratio) by rows a call:");
    line!("q0", LoopQ0, |step| drive!(Q0, rows, step, |r, c| c.add(r.auction, r.bidder, r.price)));
    line!("q1", LoopQ1, |step| drive!(Q1, rows, step, |r, c| c.add(r.auction, r.bidder, r.price)));
    line!("q2", LoopQ2, |step| drive!(Q2, rows, step, |r, c| c.add(r.auction, r.price, 0)));
    line!("tumble", LoopTumble::new(1, |b| b.auction), |step| drive!(PerAuction, rows, step, |r, c| c.add(
        r.auction,
        r.n,
        r.total + r.window_start.0 / SECOND_NS
    )));
    println!("arrays beside the loop over structs:");
    line!("q0", LoopQ0, |step| columns!(Q0, step, |r, c| c.add(r.auction, r.bidder, r.price)));
    line!("q1", LoopQ1, |step| columns!(Q1, step, |r, c| c.add(r.auction, r.bidder, r.price)));
    line!("q2", LoopQ2, |step| columns!(Q2, step, |r, c| c.add(r.auction, r.price, 0)));
    line!("tumble", LoopTumble::new(1, |b| b.auction), |step| columns!(PerAuction, step, |r, c| c.add(
        r.auction,
        r.n,
        r.total + r.window_start.0 / SECOND_NS
    )));
}

/// Struct of arrays: only the columns that a query reads are touched.
fn columns(c: &mut Criterion) {
    let rows = bids(BIDS, 10_000);
    let arrays = Arrays::of(&rows);
    let q2 = || {
        let mut check = Check::default();
        let mut pipeline = Q2::pipeline();
        let all = arrays.slices(0, rows.len());
        pipeline.process_columns(&all, &mut |r: Q2| check.add(r.auction, r.price, 0)).expect("no row fails");
        check
    };
    assert_eq!(q2(), run(LoopQ2, &rows, 8192));
    let mut group = c.benchmark_group("columns");
    group.throughput(Throughput::Elements(rows.len() as u64)).sample_size(10);
    group.bench_function("q2/laminar, struct of arrays", |b| b.iter(q2));
    group.bench_function("q2/loop, array of structs", |b| b.iter(|| run(LoopQ2, &rows, 8192)));
    group.finish();
}

fn texts(c: &mut Criterion) {
    let rows = text_bids(&bids(1_000_000, 10_000));
    let mut group = c.benchmark_group("texts");
    group.throughput(Throughput::Elements(rows.len() as u64)).sample_size(10);
    let q14 = || {
        drive!(Q14, rows, 1024, |r, check| check.add(
            r.price.mantissa() as i64,
            r.part.as_str().len() as i64,
            r.c_counts
        ))
    };
    let q22 = || {
        drive!(Q22, rows, 1024, |r, check| check.add(
            r.dir1.as_str().len() as i64,
            r.dir2.as_str().len() as i64,
            r.dir3.as_str().len() as i64
        ))
    };
    assert_eq!(q14(), loop_q14(&rows));
    assert_eq!(q22(), loop_q22(&rows));
    group.bench_function("q14/laminar", |b| b.iter(q14));
    group.bench_function("q14/loop", |b| b.iter(|| loop_q14(&rows)));
    group.bench_function("q22/laminar", |b| b.iter(q22));
    group.bench_function("q22/loop", |b| b.iter(|| loop_q22(&rows)));
    group.finish();
}

criterion_group!(benches, stateless, columns, texts);

fn main() {
    let only = std::env::args().skip(1).find(|a| !a.starts_with('-'));
    if only.as_ref().is_none_or(|only| "ratios".contains(only.as_str())) {
        ratios();
    }
    if only.as_deref() != Some("ratios") {
        benches();
        Criterion::default().final_summary();
    }
}
