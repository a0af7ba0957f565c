//! Pipelines without state: filters and projections, in rows and in columns; rows that fail.

use super::{Trade, trade};
use laminar::prelude::*;

#[derive(Event, Clone, Debug, PartialEq, Default)]
#[event(time = date_time)]
pub struct Bid {
    pub auction: u64,
    pub bidder: i64,
    pub price: i64,
    pub url: Str,
    pub channel: Sym,
    pub date_time: Timestamp,
    pub extra: Option<String>,
}

fn bid(auction: u64, price: i64) -> Bid {
    Bid {
        auction,
        bidder: 7,
        price,
        url: "https://a.example/long/enough".into(),
        date_time: Timestamp(5),
        ..Bid::default()
    }
}

#[pipeline("SELECT * FROM Bid")]
#[derive(Clone, Debug, PartialEq)]
pub struct Same {
    pub auction: u64,
    pub bidder: i64,
    pub price: i64,
    pub url: Str,
    pub channel: Sym,
    pub date_time: Timestamp,
    pub extra: Option<String>,
}

#[pipeline("SELECT auction, price * 0.908 AS price, date_time FROM Bid WHERE auction % 123 = 0")]
#[derive(Clone, Debug, PartialEq)]
pub struct Euros {
    pub auction: u64,
    pub price: Decimal<22, 3>,
    pub date_time: Timestamp,
}

#[derive(Default)]
struct Watched<T> {
    rows: Vec<T>,
    watermarks: Vec<i64>,
}
impl<T> Sink<T> for Watched<T> {
    fn emit(&mut self, row: T) {
        self.rows.push(row);
    }
    fn watermark(&mut self, w: Timestamp) {
        self.watermarks.push(w.0);
    }
}

#[test]
fn rows_pass_as_they_are() {
    let row = Bid { channel: Sym::new("Google"), extra: Some("x".into()), ..bid(1, 2) };
    let mut out: Watched<Same> = Watched { rows: Vec::new(), watermarks: Vec::new() };
    let mut same = Same::pipeline();
    same.process(&[row.clone(), bid(3, 4)], &mut out).unwrap();
    let [a, b] = &out.rows[..] else { panic!("{:?}", out.rows) };
    assert_eq!((a.auction, a.price, a.url.as_str(), a.channel.as_str()), (1, 2, row.url.as_str(), "Google"));
    assert_eq!((a.extra.as_deref(), b.extra.as_deref(), b.auction), (Some("x"), None, 3));
    assert_eq!((out.watermarks, same.counters().accepted, same.output_counters().emitted), (vec![5], 2, 2));
    assert!(same.sql().starts_with("SELECT"));
    assert!(!same.explain().is_empty());
}

#[test]
fn a_u64_above_the_range_rejects_the_row() {
    let mut out = Vec::new();
    let mut same = Same::pipeline();
    let error = same.process(&[bid(1, 1), bid(u64::MAX, 2), bid(3, 3)], &mut out).unwrap_err();
    assert!(matches!(&error, Error::Rejected { row: 1, .. }), "{error}");
    assert_eq!((out.len(), same.counters().ingested, same.counters().rejected), (1, 2, 1));
}

#[test]
fn filters_and_projects() {
    let mut out = Vec::new();
    let mut euros = Euros::pipeline();
    let bids = [bid(0, 100), bid(1, 100), bid(246, 7), bid(245, 7)];
    euros.process(&bids, &mut out).unwrap();
    let prices: Vec<_> = out.iter().map(|e: &Euros| (e.auction, e.price.mantissa())).collect();
    assert_eq!(prices, [(0, 90_800), (246, 6_356)]);
    let mut by_column = Vec::new();
    let (auction, price): (Vec<_>, Vec<_>) = bids.iter().map(|b| (b.auction, b.price)).unzip();
    let columns = BidColumns {
        auction: &auction,
        bidder: &[1; 4],
        price: &price,
        url: &[(); 4].map(|_| Str::default()),
        channel: &[Sym::new(""); 4],
        date_time: &[Timestamp(5); 4],
        extra: &[const { None }; 4],
    };
    euros.process_columns(&columns, &mut by_column).unwrap();
    assert_eq!(out, by_column);
    assert_eq!(euros.counters().accepted, 8);
}

const fn safe(on: i64) -> Trade2 {
    Trade2 { a: on, b: 10 }
}

#[derive(Event, Clone, Copy, Debug, PartialEq)]
pub struct Trade2 {
    pub a: i64,
    pub b: i64,
}

#[pipeline("SELECT b / a AS q FROM Trade2")]
#[derive(Debug, PartialEq)]
pub struct Fails {
    pub q: i64,
}

#[pipeline("SELECT b / a AS q FROM Trade2", with(on_error = "skip"))]
#[derive(Debug, PartialEq)]
pub struct Skips {
    pub q: i64,
}

#[pipeline("SELECT b / a AS q FROM Trade2", with(on_error = "dead_letter"))]
#[derive(Debug, PartialEq)]
pub struct DeadLetters {
    pub q: i64,
}

#[test]
fn rows_that_fail_stop_or_are_skipped_or_go_aside() {
    let rows = [safe(1), safe(0), safe(5)];
    let (mut fails, mut skips, mut letters) = (Fails::pipeline(), Skips::pipeline(), DeadLetters::pipeline());
    let mut out = Vec::new();
    let error = fails.process(&rows, &mut out).unwrap_err();
    assert_eq!(error.to_string(), "row 1 of input `Trade2` rejected: division by zero in `b / a` at 1:8");
    assert_eq!(out, [Fails { q: 10 }]);
    let c = fails.counters();
    assert_eq!((c.ingested, c.accepted, c.rejected), (2, 1, 1));

    let mut out = Vec::new();
    skips.process(&rows, &mut out).unwrap();
    assert_eq!(out, [Skips { q: 10 }, Skips { q: 2 }]);
    assert_eq!(skips.counters().rejected, 1);

    let (mut out, mut rejected) = (Vec::<DeadLetters>::new(), Vec::new());
    letters.process(&rows, &mut out.with_rejected(&mut rejected)).unwrap();
    assert_eq!((out.len(), rejected.len(), rejected[0].row), (2, 1, safe(0)));
    assert_eq!(rejected[0].reason.what, "division by zero");
    let columns = Trade2Columns { a: &[0, 2], b: &[1, 2] };
    letters.process_columns(&columns, &mut out.with_rejected(&mut rejected)).unwrap();
    assert_eq!((out.len(), rejected[1].row), (3, Trade2 { a: 0, b: 1 }));
}

#[pipeline(
    "SELECT UPPER(symbol) AS shout, LENGTH(symbol) AS n, price > 1.0 AS dear FROM Trade WHERE symbol LIKE 'a%'"
)]
#[derive(Debug, PartialEq)]
pub struct Shout {
    pub shout: String,
    pub n: i64,
    pub dear: bool,
}

#[test]
fn texts_are_made() {
    let mut out = Vec::new();
    Shout::pipeline().process(&[trade("abc", 2.0, 1, 1), trade("bcd", 1.0, 1, 1)], &mut out).unwrap();
    assert_eq!(out, [Shout { shout: "ABC".into(), n: 3, dear: true }]);
}

#[derive(Event, Clone, Debug, PartialEq)]
pub struct Meter {
    pub id: Str,
    pub count: u64,
}

#[pipeline("SELECT id, count + 1 AS next FROM Meter", with(on_error = "dead_letter"))]
#[derive(Clone, Debug, PartialEq)]
pub struct Next {
    pub id: Str,
    pub next: i64,
}

#[test]
fn a_row_of_columns_goes_aside_as_it_came() {
    let ids = [Str::new("a"), Str::new("longer than twelve bytes"), Str::new("c")];
    let counts = [5, u64::MAX, 7];
    let (mut rows, mut refused) = (Vec::new(), Vec::<Rejected<Meter>>::new());
    Next::pipeline()
        .process_columns(&MeterColumns { id: &ids, count: &counts }, &mut rows.with_rejected(&mut refused))
        .unwrap();
    assert_eq!(rows.iter().map(|r: &Next| r.next).collect::<Vec<_>>(), [6, 8]);
    assert_eq!(refused[0].row, Meter { id: ids[1].clone(), count: u64::MAX });
}
