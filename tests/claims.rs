//! Each sentence of the README's list "What holds", as a test.

use laminar::alloc::{Counting, CountingAllocator};
use laminar::prelude::*;

#[global_allocator]
static ALLOCATOR: CountingAllocator = CountingAllocator;

const SECOND: i64 = 1_000_000_000;

#[derive(Event, Clone, Debug)]
#[event(time = ts, delay = "5 seconds")]
pub struct Trade {
    pub symbol: Sym,
    pub price: i64,
    pub volume: i64,
    pub ts: Timestamp,
}

#[pipeline(
    "SELECT symbol, window_start, SUM(price * volume) / SUM(volume) AS vwap, COUNT(*) AS n
     FROM Trade
     GROUP BY symbol, TUMBLE(ts, INTERVAL '1' MINUTE)
     EMIT ON WINDOW CLOSE
     LATE DATA TO late",
    with(on_error = "dead_letter")
)]
#[derive(Clone, Debug, PartialEq)]
pub struct Vwap {
    pub symbol: Sym,
    pub window_start: Timestamp,
    pub vwap: i64,
    pub n: i64,
}

/// Disordered within twelve seconds, so that some rows are late; a few fail.
fn trades(n: i64) -> Vec<Trade> {
    (0..n)
        .map(|i| Trade {
            symbol: Sym::new(["A", "B", "C"][(i % 3) as usize]),
            price: if i % 97 == 0 { i64::MAX } else { i * 7 % 1000 },
            volume: 2 + i % 5,
            ts: Timestamp((i / 4 - (i * 37 % 12)) * SECOND),
        })
        .collect()
}

#[derive(Default)]
struct Seen {
    rows: Vec<Vwap>,
    late: Vec<Late<Trade>>,
    rejected: Vec<Rejected<Trade>>,
}

impl Seen {
    fn take(&mut self, vwap: &mut laminar::Runner<Vwap>, rows: &[Trade]) {
        let mut out = self.rows.with_late(&mut self.late);
        vwap.process(rows, &mut out.with_rejected(&mut self.rejected)).expect("rows that fail go aside");
    }

    fn finish(&mut self, vwap: &mut laminar::Runner<Vwap>) {
        let mut out = self.rows.with_late(&mut self.late);
        vwap.finish(&mut out.with_rejected(&mut self.rejected)).expect("the first end");
    }
}

#[test]
fn late_rows_are_judged_row_by_row_counted_and_routed() {
    let trades = trades(5_000);
    // The judge: W is the greatest time of an accepted row less the delay; a minute closes as W reaches its end.
    let (mut w, mut expected) = (i64::MIN, 0);
    for trade in trades.iter().filter(|t| t.price != i64::MAX) {
        let end = (trade.ts.0.div_euclid(60 * SECOND) + 1) * 60 * SECOND;
        expected += (w >= end) as usize;
        w = w.max(trade.ts.0 - 5 * SECOND);
    }
    assert!(expected > 20, "{expected}");
    let (mut vwap, mut seen) = (Vwap::pipeline(), Seen::default());
    seen.take(&mut vwap, &trades);
    seen.finish(&mut vwap);
    let c = vwap.counters();
    assert_eq!((c.late as usize, seen.late.len()), (expected, expected));
    assert_eq!(c.rejected as usize, seen.rejected.len());
    assert_eq!(c.ingested, c.accepted + c.late + c.rejected);
    assert_eq!(c.ingested, 5_000);
    assert_eq!(seen.rows.iter().map(|r| r.n).sum::<i64>() as u64, c.accepted);
}

#[test]
fn cuts_into_calls_snapshots_and_restores_do_not_change_a_result() {
    let trades = trades(2_000);
    let (mut whole, mut seen) = (Vwap::pipeline(), Seen::default());
    seen.take(&mut whole, &trades);
    seen.finish(&mut whole);
    for size in [1, 7, 64, 1999] {
        let (mut vwap, mut cut) = (Vwap::pipeline(), Seen::default());
        for (i, rows) in trades.chunks(size).enumerate() {
            cut.take(&mut vwap, rows);
            if i % 50 == 3 {
                let mut bytes = Vec::new();
                vwap.snapshot(&mut bytes).expect("memory takes all");
                vwap = Vwap::pipeline();
                vwap.restore(&mut &bytes[..]).expect("what was just saved");
            }
        }
        cut.finish(&mut vwap);
        assert_eq!(cut.rows, seen.rows, "steps of {size}");
        assert_eq!((cut.late.len(), cut.rejected.len()), (seen.late.len(), seen.rejected.len()));
    }
}

#[cfg(feature = "adhoc")]
#[test]
fn a_query_that_could_never_emit_is_an_error_with_a_place_and_a_way_out() {
    let mut session = laminar::adhoc::Session::new();
    session.execute("CREATE TABLE t (k BIGINT NOT NULL, v BIGINT NOT NULL)").expect("a table");
    let error = session
        .query("SELECT k,\n SUM(v) AS s FROM t GROUP BY k EMIT ON WINDOW CLOSE")
        .expect_err("no window closes")
        .to_string();
    assert!(error.contains("L0603") && error.contains("2:32") && error.contains("help:"), "{error}");
}

#[pipeline("SELECT price * volume AS turnover, price / (volume - 2) AS share FROM Trade")]
#[derive(Clone, Debug, PartialEq)]
pub struct Share {
    pub turnover: i64,
    pub share: i64,
}

#[test]
fn no_overflow_wraps_and_no_division_crashes() {
    let trade = |price, volume| Trade { symbol: Sym::new("A"), price, volume, ts: Timestamp(0) };
    let (mut shares, mut out) = (Share::pipeline(), Vec::new());
    let overflow =
        shares.push(&trade(i64::MAX, 3), &mut out).expect_err("the product is too large").to_string();
    assert!(overflow.contains("price * volume") && overflow.contains("1:8"), "{overflow}");
    let division = shares.push(&trade(1, 2), &mut out).expect_err("the divisor is zero").to_string();
    assert!(division.contains("division by zero") && division.contains("1:36"), "{division}");
    shares.push(&trade(8, 4), &mut out).expect("a good row");
    assert_eq!(out, [Share { turnover: 32, share: 4 }]);
    assert_eq!((shares.counters().rejected, shares.counters().accepted), (2, 1));
}

#[test]
fn after_one_pass_over_like_input_nothing_is_allocated() {
    let mut trades = trades(40_000);
    trades.retain(|t| t.price != i64::MAX);
    let mut vwap = Vwap::pipeline();
    let (mut rows, mut late) = (0, 0);
    let mut pass = |trades: &mut Vec<Trade>| {
        let mut count_rows = |_: Vwap| rows += 1;
        let mut count_late = |_: Late<Trade>| late += 1;
        let counting = Counting::start();
        let mut out = count_rows.with_late(&mut count_late);
        let mut ignore = |_: Rejected<Trade>| ();
        let mut out = out.with_rejected(&mut ignore);
        trades.chunks(64).for_each(|chunk| vwap.process(chunk, &mut out).expect("good rows"));
        let allocations = counting.allocations_since();
        trades.iter_mut().for_each(|t| t.ts.0 += 19_980 * SECOND);
        allocations
    };
    let warm_up = pass(&mut trades) + pass(&mut trades);
    assert!(warm_up > 0, "state comes from somewhere");
    assert_eq!(pass(&mut trades) + pass(&mut trades), 0);
    assert!(rows > 1000 && late > 100);
}
