//! Grouped windows: closing, lateness, late rows, snapshots, several accumulators.

use super::{Trade, seconds, trade};
use laminar::prelude::*;

#[pipeline(
    "
    SELECT symbol, window_start, SUM(price * volume) / SUM(volume) AS vwap, COUNT(*) AS n
    FROM Trade
    GROUP BY symbol, TUMBLE(ts, INTERVAL '1' MINUTE)
    EMIT ON WINDOW CLOSE
"
)]
#[derive(Clone, Debug, PartialEq)]
pub struct Vwap {
    pub symbol: Sym,
    pub window_start: Timestamp,
    pub vwap: f64,
    pub n: i64,
}

fn minute(symbol: &str, minute: i64, vwap: f64, n: i64) -> Vwap {
    Vwap { symbol: Sym::new(symbol), window_start: seconds(minute * 60), vwap, n }
}

#[test]
fn windows_close_and_finish() {
    let mut vwap = Vwap::pipeline();
    let mut out: Vec<Vwap> = Vec::new();
    vwap.push(&trade("A", 10.0, 1, 1), &mut out).unwrap();
    vwap.process(&[trade("B", 5.0, 2, 2), trade("A", 20.0, 3, 59)], &mut out).unwrap();
    assert_eq!(out, []);
    vwap.push(&trade("A", 1.0, 1, 65), &mut out).unwrap();
    assert_eq!(out, [minute("A", 0, 17.5, 2), minute("B", 0, 5.0, 1)]);
    vwap.push(&trade("A", 1.0, 1, 3), &mut out).unwrap();
    assert_eq!(vwap.counters().late, 1);
    vwap.finish(&mut out).unwrap();
    assert_eq!(out[2..], [minute("A", 1, 1.0, 1)]);
    assert!(matches!(vwap.push(&trade("A", 1.0, 1, 3), &mut out), Err(Error::Finished(_))));
    let c = vwap.counters();
    assert_eq!((c.ingested, c.accepted, c.late, c.rejected), (5, 4, 1, 0));
    assert_eq!(vwap.output_counters().emitted, 3);
}

#[pipeline("SELECT volume, COUNT(*) AS n FROM Trade GROUP BY volume, TUMBLE(ts, INTERVAL '1' MINUTE)")]
#[derive(Clone, Debug, PartialEq)]
pub struct PerVolume {
    pub volume: i64,
    pub n: i64,
}

/// Steps of one row go on with the loop of the step before: not over a watermark, nor over another state.
#[test]
fn what_comes_between_steps_of_one_row_counts() {
    let mut pipeline = PerVolume::pipeline();
    let mut out: Vec<PerVolume> = Vec::new();
    let mut saved = Vec::new();
    for second in [1, 2] {
        pipeline.push(&trade("A", 1.0, 7, second), &mut out).unwrap();
    }
    pipeline.snapshot(&mut saved).unwrap();
    pipeline.push(&trade("A", 1.0, 7, 3), &mut out).unwrap();
    pipeline.watermark(seconds(60), &mut out).unwrap();
    assert_eq!(out, [PerVolume { volume: 7, n: 3 }]);
    pipeline.push(&trade("A", 1.0, 7, 4), &mut out).unwrap();
    assert_eq!((pipeline.counters().accepted, pipeline.counters().late), (3, 1));
    pipeline.push(&trade("A", 1.0, 7, 61), &mut out).unwrap();
    pipeline.push(&trade("A", 1.0, 7, 62), &mut out).unwrap();
    pipeline.restore(&mut &saved[..]).unwrap();
    out.clear();
    pipeline.push(&trade("A", 1.0, 8, 5), &mut out).unwrap();
    pipeline.push(&trade("A", 1.0, 7, 6), &mut out).unwrap();
    assert_eq!((pipeline.counters().accepted, pipeline.counters().late), (4, 0));
    pipeline.finish(&mut out).unwrap();
    assert_eq!(out, [PerVolume { volume: 7, n: 3 }, PerVolume { volume: 8, n: 1 }]);
    let after = pipeline.push(&trade("A", 1.0, 7, 7), &mut out);
    assert!(matches!(after, Err(Error::Finished(_))));
}

#[test]
fn columns_give_what_rows_give() {
    let rows: Vec<Trade> = (0..500)
        .map(|i| trade(["A", "B", "C"][i % 3], i as f64 / 7.0, i as i64 % 11 + 1, i as i64))
        .collect();
    let (mut by_row, mut by_column) = (Vec::new(), Vec::new());
    let mut vwap = Vwap::pipeline();
    vwap.process(&rows, &mut by_row).unwrap();
    vwap.finish(&mut by_row).unwrap();
    let symbol: Vec<Sym> = rows.iter().map(|r| r.symbol).collect();
    let price: Vec<f64> = rows.iter().map(|r| r.price).collect();
    let volume: Vec<i64> = rows.iter().map(|r| r.volume).collect();
    let ts: Vec<Timestamp> = rows.iter().map(|r| r.ts).collect();
    let columns = super::TradeColumns { symbol: &symbol, price: &price, volume: &volume, ts: &ts };
    let mut vwap = Vwap::builder().capacity(64).build();
    vwap.process_columns(&columns, &mut by_column).unwrap();
    vwap.finish(&mut by_column).unwrap();
    assert_eq!(by_row.len(), 27);
    assert_eq!(by_row, by_column);
    let ragged = super::TradeColumns { price: &price[1..], ..columns };
    let error = Vwap::pipeline().process_columns(&ragged, &mut by_column).unwrap_err();
    assert_eq!(error.to_string(), "column `price` has 499 rows, the first column 500");
}

#[test]
fn snapshots_continue() {
    let (mut whole, mut cut) = (Vec::new(), Vec::new());
    let (first, second) = ([trade("A", 1.5, 3, 10), trade("B", 2.5, 1, 20)], [trade("A", 3.0, 1, 30)]);
    let mut a = Vwap::pipeline();
    a.process(&first, &mut whole).unwrap();
    let mut bytes = Vec::new();
    a.snapshot(&mut bytes).unwrap();
    a.process(&second, &mut whole).unwrap();
    a.finish(&mut whole).unwrap();
    let mut b = Vwap::pipeline();
    b.restore(&mut &*bytes).unwrap();
    b.process(&second, &mut cut).unwrap();
    assert_ne!(a.digest(), b.digest());
    b.finish(&mut cut).unwrap();
    assert_eq!(whole, cut);
    assert_eq!((a.digest(), whole.len()), (b.digest(), 2));
    assert!(Highs::pipeline().restore(&mut &*bytes).is_err());
}

#[pipeline("
    SELECT symbol, window_end, MAX(price) AS high, MIN(volume) AS least, SUM(volume) AS total, AVG(price) AS mean
    FROM Trade WHERE price > 0.0
    GROUP BY symbol, TUMBLE(ts, INTERVAL '10' SECOND)
    EMIT ON WINDOW CLOSE ALLOW LATENESS INTERVAL '2' SECOND LATE DATA TO late
")]
#[derive(Clone, Debug, PartialEq)]
pub struct Highs {
    pub symbol: Str,
    pub window_end: Timestamp,
    pub high: f64,
    pub least: i64,
    pub total: i64,
    pub mean: f64,
}

#[test]
fn late_rows_go_aside() {
    let mut highs = Highs::pipeline();
    let (mut rows, mut late) = (Vec::new(), Vec::new());
    let mut out = rows.with_late(&mut late);
    let batch =
        [trade("A", 3.0, 5, 1), trade("A", 4.0, 2, 9), trade("A", -1.0, 9, 9), trade("A", 1.0, 1, 30)];
    highs.process(&batch, &mut out).unwrap();
    highs.push(&trade("B", 7.0, 1, 2), &mut out).unwrap();
    highs.push(&trade("B", -7.0, 1, 2), &mut out).unwrap();
    assert_eq!(late, [Late { row: trade("B", 7.0, 1, 2) }]);
    let symbol = Str::from("A");
    let high = Highs { symbol, window_end: seconds(10), high: 4.0, least: 2, total: 7, mean: 3.5 };
    assert_eq!(rows, [high]);
    let mut count = 0;
    let mut ignore = |_: Highs| ();
    let mut counted = |_: Late<Trade>| count += 1;
    highs.push(&trade("B", 7.0, 1, 2), &mut ignore.with_late(&mut counted)).unwrap();
    assert_eq!(count, 1);
    assert_eq!(highs.counters().late, 2);
}

#[test]
fn late_rows_of_columns_go_aside() {
    let (symbol, price, volume) = ([Sym::new("A"), Sym::new("B")], [1.0, 2.0], [1, 2]);
    let columns = super::TradeColumns {
        symbol: &symbol,
        price: &price,
        volume: &volume,
        ts: &[seconds(60), seconds(1)],
    };
    let (mut rows, mut late) = (Vec::<Highs>::new(), Vec::new());
    Highs::pipeline().process_columns(&columns, &mut rows.with_late(&mut late)).unwrap();
    assert_eq!(late, [Late { row: trade("B", 2.0, 2, 1) }]);
}

#[derive(Event, Clone, Debug)]
#[event(time = ts, delay = "1 second")]
pub struct Reading {
    pub sensor: u32,
    pub value: Option<f64>,
    pub ts: Timestamp,
}

#[pipeline(
    "
    SELECT sensor, window_start, COUNT(value) AS n, MAX(value) AS top FROM Reading WHERE sensor <> 3
    GROUP BY sensor, TUMBLE(ts, INTERVAL '10' SECOND)
"
)]
#[derive(Clone, Debug, PartialEq)]
pub struct Tops {
    pub sensor: i64,
    pub window_start: Timestamp,
    pub n: i64,
    pub top: Option<f64>,
}

/// Keys of one word take a loop of their own over long batches.
#[test]
fn keys_of_one_word_in_batches_of_any_size() {
    let rows: Vec<Reading> = (0..1000)
        .map(|i| {
            let value = (i % 7 != 0).then_some(f64::from(i % 13));
            Reading { sensor: i as u32 % 5, value, ts: seconds(i64::from(i) / 20) }
        })
        .collect();
    let run = |size: usize| {
        let (mut tops, mut out) = (Tops::pipeline(), Vec::new());
        rows.chunks(size).for_each(|chunk| tops.process(chunk, &mut out).unwrap());
        tops.finish(&mut out).unwrap();
        assert_eq!((tops.counters().accepted, tops.counters().late), (1000, 0));
        out
    };
    let whole = run(1000);
    assert_eq!(whole.len(), 20);
    assert_eq!(whole[0], Tops { sensor: 0, window_start: seconds(0), n: 34, top: Some(12.0) });
    assert_eq!(whole.iter().map(|t| t.n).sum::<i64>(), 685);
    assert_eq!((run(1), run(90)), (whole.clone(), whole));
}
