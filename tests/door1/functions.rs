//! Rust functions in the query: `#[udf]`, from other modules, under other names, with NULL, errors and panics.

use super::{Trade, seconds, trade};
use laminar::prelude::*;

pub mod math {
    use laminar::prelude::*;

    #[udf]
    pub fn notional(price: f64, volume: i64) -> f64 {
        price * volume as f64
    }

    pub mod deep {
        use super::*;

        #[udf]
        pub(crate) fn share(of: i64, whole: i64) -> Result<f64, String> {
            if whole == 0 { Err("share of nothing".into()) } else { Ok(of as f64 / whole as f64) }
        }

        /// The same name as one floor up, with other types.
        #[udf]
        pub fn notional(price: f64) -> f64 {
            price
        }
    }

    pub(crate) use deep::share as renamed;
}

#[udf]
fn side(volume: Option<i64>) -> &'static str {
    match volume {
        None => "none",
        Some(v) if v < 0 => "sell",
        Some(_) => "buy",
    }
}

#[udf]
fn positive(volume: i64) -> Option<i64> {
    (volume > 0).then_some(volume)
}

#[udf]
fn nth(i: i64) -> i64 {
    [10, 20, 30][i as usize]
}

#[udf]
fn head(text: &str) -> &str {
    text.split('.').next().unwrap_or_default()
}

/// As the code around would call its own things.
#[udf]
fn rows(v: f64) -> f64 {
    v + 1.0
}

#[pipeline(
    "SELECT notional(price, volume) AS n, NOTIONAL(price, 2) + plain(price) AS m, rows(price) AS next FROM Trade WHERE notional(price, volume) > 10",
    functions(math::notional, self::math::deep::notional as plain, rows)
)]
#[derive(Debug, PartialEq)]
struct Notional {
    n: f64,
    m: f64,
    next: f64,
}

#[test]
fn from_row_to_sink() {
    let mut out = Vec::new();
    let rows = [trade("A", 3.0, 2, 0), trade("B", 2.5, 10, 1)];
    Notional::pipeline().process(&rows, &mut out).unwrap();
    assert_eq!(out, [Notional { n: 25.0, m: 7.5, next: 3.5 }]);
}

#[pipeline(
    "SELECT side(positive(volume)) AS side, SUM(notional(price, volume)) AS total, COUNT(*) AS n
     FROM Trade GROUP BY side(positive(volume)), TUMBLE(ts, INTERVAL '10' SECOND)
     HAVING share(COUNT(*), 4) > 0.25",
    functions(side, positive, crate::functions::math::notional, math::renamed as share)
)]
#[derive(Debug, PartialEq)]
struct Sides {
    side: Str,
    total: f64,
    n: i64,
}

#[test]
fn keys_arguments_and_having() {
    let mut out = Vec::new();
    let mut sides = Sides::pipeline();
    let rows = [trade("A", 1.0, 2, 0), trade("B", 2.0, -1, 1), trade("C", 4.0, 3, 2), trade("C", 4.0, 3, 15)];
    sides.process(&rows, &mut out).unwrap();
    sides.finish(&mut out).unwrap();
    assert_eq!(out, [Sides { side: "buy".into(), total: 14.0, n: 2 }]);
}

#[derive(Event, Clone, Debug, PartialEq)]
struct Part {
    of: i64,
    whole: Option<i64>,
}

#[pipeline(
    "SELECT share(of, whole) AS s FROM Part",
    functions(math::deep::share),
    with(on_error = "dead_letter")
)]
#[derive(Debug, PartialEq)]
struct Share {
    s: Option<f64>,
}

#[pipeline("SELECT share(of, whole) AS s FROM Part", functions(math::deep::share))]
#[derive(Debug, PartialEq)]
struct StrictShare {
    s: Option<f64>,
}

#[pipeline("SELECT SUM(nth(of)) AS s, COUNT(*) AS n FROM Part", functions(nth), with(on_error = "skip"))]
#[derive(Debug, Clone, PartialEq)]
struct Nth {
    s: Option<i64>,
    n: i64,
}

fn parts() -> Vec<Part> {
    [(1, Some(2)), (2, None), (3, Some(0)), (0, Some(4))].map(|(of, whole)| Part { of, whole }).to_vec()
}

#[test]
fn an_error_rejects_the_row() {
    let (mut out, mut rejected) = (Vec::new(), Vec::new());
    let mut share = Share::pipeline();
    share.process(&parts(), &mut (|row: Share| out.push(row.s)).with_rejected(&mut rejected)).unwrap();
    assert_eq!(out, [Some(0.5), None, Some(0.0)]);
    let [Rejected { row, reason }] = &rejected[..] else { panic!("{rejected:?}") };
    assert_eq!(row, &parts()[2]);
    assert_eq!(reason.to_string(), "share failed in `share(of, whole)` at 1:8");
    let counters = share.counters();
    assert_eq!((counters.ingested, counters.accepted, counters.rejected), (4, 3, 1));

    let mut out = Vec::new();
    let mut strict = StrictShare::pipeline();
    let error = strict.process(&parts(), &mut out).unwrap_err();
    assert_eq!(out.len(), 2);
    assert!(matches!(error, Error::Rejected { row: 2, .. }), "{error}");
}

#[test]
fn a_panic_rejects_the_row() {
    let mut out: Vec<Change<Nth>> = Vec::new();
    let mut nth = Nth::pipeline();
    nth.process(&parts(), &mut out).unwrap();
    // Rows 1, 2, and 0; there is no third.
    assert_eq!(out.last().map(|c| c.row.clone()), Some(Nth { s: Some(60), n: 3 }));
    assert_eq!(nth.counters().rejected, 1);
}

#[derive(Event, Clone, Debug)]
struct Named {
    name: Option<String>,
    at: Timestamp,
}

#[pipeline(
    "SELECT head(name) AS head, COUNT(*) AS n FROM Named WHERE side(NULL) = 'none' GROUP BY head(name)",
    functions(head, side)
)]
#[derive(Debug, Clone, PartialEq)]
struct Heads {
    head: Option<Str>,
    n: i64,
}

#[test]
fn texts() {
    let names = [Some("a long name of a host.example"), None, Some("b.c"), Some("b")];
    let rows = names.map(|n| Named { name: n.map(String::from), at: seconds(0) });
    assert_eq!(rows[0].at, seconds(0));
    let mut out: Vec<Change<Heads>> = Vec::new();
    Heads::pipeline().process(&rows, &mut out).unwrap();
    let out: Vec<_> = out.iter().map(|c| (c.row.head.as_ref().map(Str::as_str), c.row.n)).collect();
    assert_eq!(out, [(Some("a long name of a host"), 1), (Some("b"), 2), (None, 1)]);
}

#[test]
fn inside_a_function() {
    #[udf]
    fn local(x: f64) -> f64 {
        x * 3.0
    }

    #[pipeline("SELECT local(price) AS x FROM Trade", functions(local))]
    struct Out {
        x: f64,
    }

    let mut out = Vec::new();
    Out::pipeline().push(&trade("A", 2.0, 1, 0), &mut out).unwrap();
    assert_eq!(out[0].x, 6.0);
    assert_eq!(local(1.0), 3.0);
}

macro_rules! functions {
    ($($module:ident $factor:literal)*) => {$(
        mod $module {
            use super::Trade;
            use laminar::prelude::*;
            #[udf]
            pub fn made(x: f64) -> f64 {
                x * $factor
            }
            #[pipeline("SELECT made(price) AS x FROM Trade", functions(made))]
            pub struct Made {
                pub x: f64,
            }
        }
    )*};
}
functions!(double 2.0 triple 3.0);

#[test]
fn made_by_a_macro() {
    let (mut twice, mut thrice) = (Vec::new(), Vec::new());
    double::Made::pipeline().push(&trade("A", 2.0, 1, 0), &mut twice).unwrap();
    triple::Made::pipeline().push(&trade("A", 2.0, 1, 0), &mut thrice).unwrap();
    assert_eq!((twice[0].x, thrice[0].x), (4.0, 6.0));
}
