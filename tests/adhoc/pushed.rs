//! Events that Rust pushes, and results as structs.

use super::{rows, run, sessions};
use laminar::adhoc::{Error, Session, Value};
use laminar::{Event, List, Str, Sym, Timestamp};

#[derive(Event, Clone, Debug, PartialEq)]
#[event(time = ts, delay = "10 seconds")]
struct Trade {
    symbol: Sym,
    note: Option<Str>,
    price: f64,
    volume: u64,
    ts: Timestamp,
}

#[derive(Event, Clone, Debug, PartialEq)]
struct Vwap {
    n: i64,
    symbol: String,
    vwap: f64,
}

fn trade(symbol: &str, price: f64, volume: u64, second: i64) -> Trade {
    let note = (volume > 1).then(|| Str::new("a note that is longer than twelve bytes"));
    Trade { symbol: Sym::new(symbol), note, price, volume, ts: Timestamp(second * 1_000_000_000) }
}

#[test]
fn events_from_rust() {
    for mut session in sessions() {
        session.register::<Trade>().unwrap();
        assert!(session.register::<Trade>().is_err());
        run(
            &mut session,
            "CREATE MATERIALIZED VIEW totals AS SELECT symbol, COUNT(*) AS n, SUM(price * volume) / SUM(volume) AS vwap FROM Trade GROUP BY symbol;
             CREATE MATERIALIZED VIEW minutes AS SELECT window_start, COUNT(*) AS n FROM Trade GROUP BY TUMBLE(ts, INTERVAL '1' MINUTE);
             CREATE MATERIALIZED VIEW notes AS SELECT note, volume FROM Trade WHERE note IS NOT NULL;",
        );
        session.push(&[trade("A", 10.0, 1, 0), trade("B", 5.0, 2, 30)]).unwrap();
        session.push(&[trade("A", 20.0, 3, 69)]).unwrap();
        let totals: Vec<Vwap> = session.view_as("totals").unwrap();
        assert_eq!(
            totals,
            [Vwap { n: 2, symbol: "A".into(), vwap: 17.5 }, Vwap { n: 1, symbol: "B".into(), vwap: 5.0 }]
        );
        // W is at 59 s.
        assert!(session.view("minutes").unwrap().is_empty());
        session.push(&[trade("A", 1.0, 1, 70)]).unwrap();
        assert_eq!(rows(&mut session, "SELECT * FROM minutes"), ["1970-01-01 00:00:00|2"]);
        assert_eq!(
            rows(&mut session, "SELECT note, SUM(volume) AS v FROM notes GROUP BY note"),
            ["a note that is longer than twelve bytes|5"]
        );
        session.finish().unwrap();
        assert_eq!(
            rows(&mut session, "SELECT * FROM minutes"),
            ["1970-01-01 00:00:00|2", "1970-01-01 00:01:00|2"]
        );
        assert!(matches!(
            session.push(&[trade("A", 1.0, 1, 71)]),
            Err(Error::Run(laminar::Error::Finished(_), _))
        ));
        let some: Vec<Vwap> = session.query_as("SELECT symbol, n, vwap FROM totals WHERE n = 1").unwrap();
        assert_eq!(some.len(), 1);
        // Types that do not fit, columns that are missing.
        let error = session.query_as::<Vwap>("SELECT symbol, n FROM totals").unwrap_err().to_string();
        assert!(error.contains("field `vwap` of `Vwap` has no column"), "{error}");
        let error =
            session.query_as::<Vwap>("SELECT symbol, n, n AS vwap FROM totals").unwrap_err().to_string();
        assert!(error.contains("is DOUBLE, its column is BIGINT"), "{error}");
        let error = session.query("SELECT symbol FROM Trade").unwrap_err().to_string();
        assert!(error.contains("L0804"), "{error}");
        assert!(session.view("trade").is_err());
    }
}

#[derive(Event, Clone, Debug, PartialEq)]
struct Basket {
    items: List<Str>,
    prices: Option<List<Option<i64>>>,
}

#[test]
fn lists_from_rust() {
    for mut session in sessions() {
        session.register::<Basket>().unwrap();
        run(
            &mut session,
            "CREATE MATERIALIZED VIEW totals AS SELECT items, prices FROM Basket WHERE cardinality(items) > 0;
             CREATE MATERIALIZED VIEW all AS SELECT ARRAY_AGG(items[1]) AS items FROM Basket ALLOW UNBOUNDED STATE;",
        );
        let baskets = [
            Basket { items: ["tea".into(), "a text too long to be inline".into()].into(), prices: None },
            Basket { items: List::new(), prices: Some([Some(1), None].into()) },
            Basket { items: ["x".into()].into(), prices: Some([Some(1), None].into()) },
        ];
        session.push(&baskets).unwrap();
        let read: Vec<Basket> = session.view_as("totals").unwrap();
        assert_eq!(read, [baskets[0].clone(), baskets[2].clone()]);
        assert_eq!(
            rows(&mut session, "SELECT items, prices[1] FROM totals"),
            ["{tea,\"a text too long to be inline\"}|NULL", "{x}|1"]
        );
        assert_eq!(rows(&mut session, "SELECT items FROM all"), ["{tea,x,NULL}"]);
        let error = session.query_as::<Basket>("SELECT ARRAY[1] AS items, prices FROM totals").unwrap_err();
        assert!(
            error.to_string().contains("field `items` of `Basket` is VARCHAR[], its column is INTEGER[]"),
            "{error}"
        );
    }
}

#[test]
fn a_push_that_fails_stops_at_its_row() {
    for mut session in sessions() {
        session.register::<Trade>().unwrap();
        run(&mut session, "CREATE MATERIALIZED VIEW big AS SELECT volume FROM Trade;");
        let too_big = Trade { volume: u64::MAX, ..trade("A", 1.0, 1, 0) };
        let error = session.push(&[trade("A", 1.0, 1, 0), too_big, trade("A", 1.0, 2, 0)]).unwrap_err();
        assert!(matches!(&error, Error::Run(laminar::Error::Rejected { row: 1, .. }, _)), "{error}");
        assert_eq!(rows(&mut session, "SELECT * FROM big"), ["1"]);
        session.push(&[trade("A", 1.0, 3, 0)]).unwrap();
        assert_eq!(rows(&mut session, "SELECT * FROM big"), ["1", "3"]);
    }
}

/// Notes every change, and stops after so many batches.

#[derive(Event, Clone, Debug, PartialEq)]
#[event(time = ts, delay = "2 seconds")]
struct Click {
    page: i64,
    ts: Timestamp,
}

#[test]
fn late_rows_of_a_view_go_to_a_table() {
    for mut session in sessions() {
        session.register::<Click>().unwrap();
        run(
            &mut session,
            "CREATE TABLE late (page BIGINT, ts TIMESTAMP);
             CREATE MATERIALIZED VIEW pages AS SELECT COUNT(*) AS n, SUM(page) AS sum FROM late;
             CREATE MATERIALIZED VIEW clicks AS SELECT window_start, COUNT(*) AS n FROM Click
             GROUP BY TUMBLE(ts, INTERVAL '10' SECOND) LATE DATA TO late;",
        );
        let click = |page, second: i64| Click { page, ts: Timestamp(second * 1_000_000_000) };
        session.push(&[click(1, 1), click(2, 12), click(3, 9)]).unwrap();
        session.push(&[click(4, 13), click(5, 3)]).unwrap();
        let held = |session: &Session, view| {
            session.view(view).unwrap().iter().map(|r| r.to_vec()).collect::<Vec<_>>()
        };
        assert_eq!(held(&session, "pages"), [[Value::Integer(2), Value::Integer(8)]]);
        let late: Vec<Click> = session.query_as("SELECT page, ts FROM late").unwrap();
        assert_eq!(late, [click(3, 9), click(5, 3)]);
        let error = session.execute("DROP TABLE late").unwrap_err().to_string();
        assert!(error.contains("materialized view `pages` reads it"), "{error}");
        run(&mut session, "DROP MATERIALIZED VIEW pages");
        let error = session.execute("DROP TABLE late").unwrap_err().to_string();
        assert!(error.contains("L0802") && error.contains("`clicks` sends its late rows there"), "{error}");
        session.finish().unwrap();
        assert_eq!(session.view("clicks").unwrap().len(), 2);
        run(&mut session, "DROP MATERIALIZED VIEW clicks; DROP TABLE late");
    }
}
