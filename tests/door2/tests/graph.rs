//! What the graph of `pipelines/*.sql` gives.

use laminar::prelude::*;
use laminar_test_door2::pipelines::*;

#[derive(Default)]
struct Seen {
    minutes: Vec<(String, i64, i64)>,
    sink: usize,
    hours: Vec<(i64, i64, i64)>,
    late: Vec<i64>,
    ratios: Vec<i64>,
    rejected: Vec<(i64, String)>,
    fees: Vec<(String, i64, i64)>,
    symbols: Vec<(i64, i64, i64)>,
    twice: Vec<(i64, i64)>,
    notionals: Vec<(f64, String, Option<String>)>,
    favourites: Vec<Favourites>,
}

const SECOND: i64 = 1_000_000_000;

impl Outputs for Seen {
    fn per_minute(&mut self, row: PerMinute) {
        self.minutes.push((row.symbol.as_str().to_string(), row.window_start.0 / SECOND, row.n));
    }
    fn minutes(&mut self, _: PerMinute) {
        self.sink += 1;
    }
    fn hourly(&mut self, row: Hourly) {
        self.hours.push((row.window_start.0 / SECOND, row.n, row.volume));
    }
    fn late_trades(&mut self, late: Late<Trades>) {
        self.late.push(late.row.volume);
    }
    fn ratios(&mut self, row: Ratios) {
        self.ratios.push(row.ratio);
    }
    fn ratios_rejected(&mut self, rejected: Rejected<Trades>) {
        self.rejected.push((rejected.row.volume, rejected.reason.what.to_string()));
    }
    fn total_fees(&mut self, change: Change<TotalFees>) {
        self.fees.push((change.row.symbol.as_str().to_string(), change.row.fee, change.weight));
    }
    fn symbols_by_fee(&mut self, change: Change<SymbolsByFee>) {
        self.symbols.push((change.row.fee, change.row.symbols, change.weight));
    }
    fn notionals(&mut self, row: Notionals) {
        self.notionals.push((row.notional, row.side.to_string(), row.head.map(|h| h.to_string())));
    }
    fn favourites(&mut self, row: Favourites) {
        self.favourites.push(row);
    }
    fn twice(&mut self, row: Twice) {
        self.twice.push((row.window_end.0 / SECOND, row.n));
    }
}

fn trade(symbol: &str, volume: i64, second: i64) -> Trades {
    Trades { symbol: symbol.into(), price: 2.0, volume, ts: Timestamp(second * SECOND), note: None }
}

#[test]
fn views_on_views() {
    let (mut graph, mut seen) = (Graph::new(), Seen::default());
    graph.trades().process(&[trade("A", 1, 0), trade("B", 2, 30), trade("A", 3, 70)], &mut seen).unwrap();
    assert_eq!(seen.minutes, [("A".into(), 0, 1), ("B".into(), 0, 1)]);
    assert_eq!(seen.hours, []);
    graph.trades().push(&trade("A", 4, 3650), &mut seen).unwrap();
    assert_eq!(seen.hours, []);
    graph.trades().push(&trade("A", 5, 3700), &mut seen).unwrap();
    assert_eq!(seen.hours, [(0, 3, 6)]);
    graph.trades().push(&trade("A", 6, 1), &mut seen).unwrap();
    assert_eq!(seen.late, [6]);
    graph.finish(&mut seen).unwrap();
    assert_eq!(seen.hours, [(0, 3, 6), (3600, 2, 9)]);
    assert_eq!((seen.sink, seen.minutes.len()), (5, 5));
    assert_eq!(graph.per_minute_pipeline().counters().late, 1);
    assert!(graph.trades().push(&trade("A", 6, 1), &mut seen).is_err());
}

#[test]
fn arrays_are_lists() {
    let (mut graph, mut seen) = (Graph::new(), Seen::default());
    let basket = |items: &[&str], prices: Option<&[i64]>| Baskets {
        customer: "A".into(),
        items: items.iter().map(|i| Some(Str::new(i))).collect(),
        prices: prices.map(|p| p.iter().map(|&p| Decimal::from_mantissa(p)).collect()),
    };
    let rows = [basket(&["tea"], Some(&[150])), basket(&["milk", "tea"], None), basket(&[], Some(&[150]))];
    graph.baskets().process(&rows, &mut seen).unwrap();
    graph.finish(&mut seen).unwrap();
    let firsts: Vec<Option<Str>> = seen.favourites[0].firsts.iter().collect();
    assert_eq!(firsts, [None, Some("milk".into()), Some("tea".into())]);
    assert_eq!(seen.favourites[0].prices, [Decimal::from_mantissa(150), None].into());
}

#[test]
fn the_cut_into_batches_does_not_matter() {
    let rows: Vec<Trades> =
        (0..400).map(|i| trade(["A", "B"][i % 2], (i * 37 % 130) as i64, i as i64 / 2)).collect();
    let run = |size: usize| {
        let (mut graph, mut seen) = (Graph::new(), Seen::default());
        rows.chunks(size).for_each(|chunk| graph.trades().process(chunk, &mut seen).unwrap());
        graph.finish(&mut seen).unwrap();
        (seen.minutes, seen.hours, seen.twice)
    };
    let whole = run(400);
    assert_eq!(
        whole.2.iter().map(|(_, n)| n).sum::<i64>(),
        400 + rows.iter().filter(|r| r.volume >= 100).count() as i64
    );
    assert_eq!((run(1), run(7)), (whole.clone(), whole));
}

#[test]
fn rows_that_fail_go_aside() {
    let (mut graph, mut seen) = (Graph::new(), Seen::default());
    let zero = Trades { price: 0.0, ..trade("A", 9, 0) };
    graph.trades().process(&[trade("A", 9, 0), zero], &mut seen).unwrap();
    assert_eq!(seen.ratios, [4]);
    assert_eq!(seen.rejected, [(9, "division by zero".to_string())]);
}

#[test]
fn tables_take_rows_back() {
    let (mut graph, mut seen) = (Graph::new(), Seen::default());
    let fee = |symbol: &str, fee| Fees { symbol: symbol.into(), fee };
    graph.fees().insert(&fee("A", 1), &mut seen).unwrap();
    graph.fees().insert(&fee("B", 3), &mut seen).unwrap();
    graph.fees().update(&fee("A", 1), &fee("A", 3), &mut seen).unwrap();
    graph.fees().delete(&fee("B", 3), &mut seen).unwrap();
    let a = |fee, weight| ("A".to_string(), fee, weight);
    let b = |fee, weight| ("B".to_string(), fee, weight);
    assert_eq!(seen.fees, [a(1, 1), b(3, 1), a(1, -1), a(3, 1), b(3, -1)]);
    assert_eq!(
        seen.symbols,
        [(1, 1, 1), (3, 1, 1), (1, 1, -1), (3, 1, -1), (3, 2, 1), (3, 2, -1), (3, 1, 1)]
    );
    assert_eq!(graph.fees().delete(&fee("B", 3), &mut seen), Err(Error::AbsentRow));
}

#[test]
fn rust_functions() {
    let (mut graph, mut seen) = (Graph::new(), Seen::default());
    let noted = |volume, note: &str| Trades { note: Some(note.into()), ..trade("A", volume, 0) };
    let rows = [
        noted(3, "first of all"),
        noted(0, "nothing"),
        noted(13, "refused"),
        noted(-1, ""),
        trade("A", 5, 0),
    ];
    graph.trades().process(&rows, &mut seen).unwrap();
    let row = |notional, side: &str, head: Option<&str>| (notional, side.to_string(), head.map(String::from));
    assert_eq!(
        seen.notionals,
        [row(6.0, "buy", Some("first")), row(-2.0, "sell", None), row(10.0, "buy", None)]
    );
    let counters = graph.notionals_pipeline().counters();
    assert_eq!((counters.ingested, counters.accepted, counters.rejected), (5, 4, 1));
}

#[test]
fn snapshots_of_the_graph() {
    let (mut graph, mut seen) = (Graph::new(), Seen::default());
    graph.trades().process(&[trade("A", 1, 0), trade("B", 2, 30)], &mut seen).unwrap();
    let mut bytes = Vec::new();
    graph.snapshot(&mut bytes).unwrap();
    let (mut other, mut again) = (Graph::new(), Seen::default());
    other.restore(&mut &*bytes).unwrap();
    other.finish(&mut again).unwrap();
    graph.finish(&mut seen).unwrap();
    assert_eq!((&seen.hours, &seen.minutes), (&again.hours, &again.minutes));
    assert_eq!(seen.hours, [(0, 2, 3)]);
}

#[test]
fn nobody_has_to_listen() {
    let mut graph = Graph::new();
    graph.trades().push(&trade("A", 1, 0), &mut ()).unwrap();
    graph.trades().watermark(Timestamp(3600 * SECOND), &mut ()).unwrap();
    graph.tick(Timestamp(0), &mut ()).unwrap();
    assert_eq!(graph.hourly_pipeline().counters().accepted, 1);
}

/// Struct and function are of another crate.
#[pipeline(
    "SELECT notional(price, volume) AS n FROM trades",
    from(laminar_test_door2::pipelines::Trades as trades),
    functions(laminar_test_door2::math::notional)
)]
struct Elsewhere {
    n: f64,
}

#[test]
fn a_function_of_another_crate() {
    let mut out = Vec::new();
    Elsewhere::pipeline().push(&trade("A", 4, 0), &mut |row: Elsewhere| out.push(row.n)).unwrap();
    assert_eq!(out, [8.0]);
}
