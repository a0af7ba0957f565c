//! Arrays as fields: read, made, grouped by, collected, and kept over a snapshot.

use super::seconds;
use laminar::prelude::*;

#[derive(Event, Clone, Debug, PartialEq)]
#[event(time = ts, delay = "5 seconds")]
pub struct Basket {
    pub customer: Str,
    pub items: List<Str>,
    pub prices: Option<List<Option<i32>>>,
    pub ts: Timestamp,
}

fn basket(customer: &str, items: &[&str], prices: Option<Vec<Option<i32>>>, second: i64) -> Basket {
    let items = items.iter().map(|i| Str::new(i)).collect();
    Basket { customer: Str::new(customer), items, prices: prices.map(List::from), ts: seconds(second) }
}

fn baskets() -> Vec<Basket> {
    vec![
        basket("a", &["tea", "a text too long to be held inline"], Some(vec![Some(3), None]), 1),
        basket("b", &[], None, 2),
        basket("a", &["milk"], Some(vec![Some(5)]), 3),
    ]
}

#[pipeline(
    "SELECT customer, items[1] AS first, cardinality(items) AS n, prices, items || 'bag' AS bagged, 3 = ANY (prices) AS three
     FROM Basket"
)]
#[derive(Clone, Debug, PartialEq)]
pub struct Seen {
    pub customer: Str,
    pub first: Option<String>,
    pub n: i64,
    // Wider than the column.
    pub prices: Option<List<Option<i64>>>,
    pub bagged: List<Str>,
    pub three: Option<bool>,
}

#[test]
fn lists_are_fields() {
    let mut out = Vec::new();
    Seen::pipeline().process(&baskets(), &mut out).unwrap();
    let first: Vec<_> = out.iter().map(|s| s.first.as_deref()).collect();
    assert_eq!(first, [Some("tea"), None, Some("milk")]);
    assert_eq!(
        out.iter().map(|s| (s.n, s.three)).collect::<Vec<_>>(),
        [(2, Some(true)), (0, None), (1, Some(false))]
    );
    assert_eq!(out[0].prices, Some([Some(3), None].into()));
    assert_eq!(out[1].prices, None);
    let bagged: Vec<Vec<Str>> = out.iter().map(|s| s.bagged.iter().collect()).collect();
    assert_eq!((bagged[0].len(), &*bagged[1], bagged[2][1].as_str()), (3, &[Str::new("bag")][..], "bag"));
}

#[pipeline(
    "SELECT 'abc' LIKE ANY (items) AS any, 'abc' LIKE ALL (items) AS every, 'abc' NOT LIKE ANY (items) AS not_any FROM Basket"
)]
#[derive(Clone, Debug, PartialEq)]
pub struct Matched {
    pub any: Option<bool>,
    pub every: Option<bool>,
    pub not_any: Option<bool>,
}

#[test]
fn patterns_behind_the_one_that_decides_are_not_read() {
    let run = |patterns: &[&str]| {
        let mut out = Vec::new();
        let done = Matched::pipeline().process(&[basket("a", patterns, None, 0)], &mut out);
        done.map(|_| out.pop().map(|m| [m.any, m.every, m.not_any]))
    };
    assert_eq!(run(&["a%", "x", "\\"]).unwrap(), Some([true, false, true].map(Some)));
    assert_eq!(run(&[]).unwrap(), Some([false, true, false].map(Some)));
    assert!(run(&["a%", "\\"]).unwrap_err().to_string().contains("ends with the escape character"));
}

#[derive(Event, Clone, Debug)]
pub struct Long {
    pub text: String,
    pub patterns: List<Str>,
}

#[pipeline(
    "SELECT length(text || '') AS joined, text = ANY (patterns) AS equal, text LIKE ANY (patterns) AS matched FROM Long"
)]
#[derive(Clone, Debug, PartialEq)]
pub struct OfLong {
    pub joined: i64,
    pub equal: Option<bool>,
    pub matched: Option<bool>,
}

#[test]
fn what_comes_in_may_be_longer_than_a_result() {
    let mut out = Vec::new();
    let text = "x".repeat((16 << 20) + 1);
    let patterns = ["x", "x%"].map(Str::new).into_iter().collect();
    OfLong::pipeline().process(&[Long { text, patterns }], &mut out).unwrap();
    assert_eq!(out, [OfLong { joined: (16 << 20) + 1, equal: Some(false), matched: Some(true) }]);
}

#[pipeline("SELECT prices FROM Basket WHERE prices IS NOT NULL")]
#[derive(Clone, Debug, PartialEq)]
pub struct Whole {
    pub prices: Option<List<i32>>,
}

#[test]
fn null_among_elements_does_not_fit_a_list_of_plain_ones() {
    let mut out = Vec::new();
    let error = Whole::pipeline().process(&baskets(), &mut out).unwrap_err();
    assert!(error.to_string().contains("prices"), "{error}");
    // The rows after it come out.
    assert_eq!(out, [Whole { prices: Some([5].into()) }]);
}

#[pipeline(
    "SELECT items, ARRAY_AGG(customer ORDER BY customer DESC) AS users, ARRAY_AGG(DISTINCT prices[1]) AS prices, window_start
     FROM Basket GROUP BY items, TUMBLE(ts, INTERVAL '1' MINUTE)"
)]
#[derive(Clone, Debug, PartialEq)]
pub struct PerItems {
    pub items: List<Str>,
    pub users: List<Str>,
    pub prices: List<Option<i32>>,
    pub window_start: Timestamp,
}

fn run(cut: usize) -> Vec<PerItems> {
    let (mut pipeline, mut out) = (PerItems::pipeline(), Vec::new());
    let mut rows = baskets();
    rows.extend(baskets().into_iter().map(|b| Basket { customer: Str::new("z"), prices: None, ..b }));
    let (before, after) = rows.split_at(cut);
    pipeline.process(before, &mut out).unwrap();
    let mut snapshot: Vec<u8> = Vec::new();
    pipeline.snapshot(&mut snapshot).unwrap();
    let mut restored = PerItems::pipeline();
    restored.restore(&mut &snapshot[..]).unwrap();
    restored.process(after, &mut out).unwrap();
    restored.finish(&mut out).unwrap();
    out
}

#[test]
fn arrays_are_keys_and_are_collected_over_a_snapshot() {
    let all = run(0);
    let users: Vec<Vec<Str>> = all.iter().map(|r| r.users.iter().collect()).collect();
    let text = |t| Str::new(t);
    assert_eq!(users, [vec![text("z"), text("b")], vec![text("z"), text("a")], vec![text("z"), text("a")]]);
    let prices: Vec<Vec<Option<i32>>> = all.iter().map(|r| r.prices.iter().collect()).collect();
    assert_eq!(prices, [vec![None], vec![Some(5), None], vec![Some(3), None]]);
    for cut in 1..=6 {
        assert_eq!(run(cut), all, "cut at {cut}");
    }
}

/// The sum of what is there; NULL of nothing.
#[udf]
fn total(values: List<Option<i32>>) -> Option<i64> {
    (!values.is_empty()).then(|| values.iter().flatten().map(i64::from).sum())
}

/// The items in the opposite order.
#[udf]
fn reversed(items: List<Str>) -> List<Str> {
    let items: Vec<Str> = items.iter().collect();
    items.into_iter().rev().collect()
}

#[pipeline("SELECT total(prices) AS total, reversed(items) AS items FROM Basket", functions(total, reversed))]
#[derive(Clone, Debug, PartialEq)]
pub struct Called {
    pub total: Option<i64>,
    pub items: List<Str>,
}

#[test]
fn functions_take_and_give_lists() {
    let mut out = Vec::new();
    Called::pipeline().process(&baskets(), &mut out).unwrap();
    assert_eq!(out.iter().map(|c| c.total).collect::<Vec<_>>(), [Some(3), None, Some(5)]);
    assert_eq!(out[0].items.iter().last(), Some(Str::new("tea")));
}
