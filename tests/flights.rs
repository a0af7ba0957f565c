//! Real input against loops that know nothing of Laminar: what the flights example prints is true.

use laminar::prelude::*;
use std::collections::BTreeMap;

#[derive(Event, Clone, Copy, Debug)]
#[event(time = time_hour, delay = "2 hours")]
pub struct Flight {
    pub carrier: Sym,
    pub dep_delay: Option<i32>,
    pub time_hour: Timestamp,
}

#[pipeline("SELECT window_start, COUNT(*) AS n FROM Flight GROUP BY TUMBLE(time_hour, INTERVAL '1' HOUR)")]
pub struct Hourly {
    pub window_start: Timestamp,
    pub n: i64,
}

#[pipeline(
    "SELECT carrier, COUNT(dep_delay) AS departures, AVG(dep_delay) AS mean FROM Flight GROUP BY carrier EMIT FINAL"
)]
pub struct PerCarrier {
    pub carrier: Sym,
    pub departures: i64,
    pub mean: Option<f64>,
}

fn flights() -> Vec<Flight> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/data/flights-2013-01.csv");
    let mut csv = csv::Reader::from_path(path).expect("the file is part of the repository");
    csv.records()
        .map(|record| {
            let record = record.expect("the file is whole");
            Flight {
                carrier: Sym::new(&record[9]),
                dep_delay: record[5].parse().ok(),
                time_hour: Timestamp::parse(&record[18]).expect("each flight has its hour"),
            }
        })
        .collect()
}

#[test]
fn late_rows_are_counted_exactly() {
    const HOUR_NS: i64 = 3_600_000_000_000;
    let flights = flights();
    let (mut w, mut late) = (i64::MIN, 0);
    let mut hours: BTreeMap<i64, i64> = BTreeMap::new();
    for f in &flights {
        let start = f.time_hour.0.div_euclid(HOUR_NS) * HOUR_NS;
        if start + HOUR_NS <= w {
            late += 1
        } else {
            *hours.entry(start).or_default() += 1
        }
        w = w.max(f.time_hour.0 - 2 * HOUR_NS);
    }
    assert_eq!((flights.len(), late), (27_004, 16_883));
    for step in [1, 100, 27_004] {
        let mut rows: Vec<Hourly> = Vec::new();
        let mut pipeline = Hourly::pipeline();
        for step in flights.chunks(step) {
            pipeline.process(step, &mut rows).expect("no row fails");
        }
        pipeline.finish(&mut rows).expect("no result fails");
        let counters = pipeline.counters();
        assert_eq!((counters.ingested, counters.late, counters.rejected), (27_004, late, 0));
        assert_eq!(counters.accepted + counters.late, counters.ingested);
        let found: Vec<(i64, i64)> = rows.iter().map(|r| (r.window_start.0, r.n)).collect();
        assert_eq!(found, hours.clone().into_iter().collect::<Vec<_>>(), "steps of {step}");
    }
}

#[test]
fn departures_and_mean_delay_a_carrier() {
    let flights = flights();
    let mut carriers: BTreeMap<&str, (i64, i64)> = BTreeMap::new();
    for f in &flights {
        let entry = carriers.entry(f.carrier.as_str()).or_default();
        if let Some(delay) = f.dep_delay {
            *entry = (entry.0 + 1, entry.1 + i64::from(delay));
        }
    }
    let mut rows: Vec<PerCarrier> = Vec::new();
    let mut pipeline = PerCarrier::pipeline();
    pipeline.process(&flights, &mut rows).expect("no row fails");
    pipeline.finish(&mut rows).expect("no result fails");
    assert_eq!(rows.len(), carriers.len());
    for (row, (carrier, (n, sum))) in rows.iter().zip(carriers) {
        let mean = (n > 0).then(|| sum as f64 / n as f64);
        assert_eq!((row.carrier.as_str(), row.departures, row.mean), (carrier, n, mean));
    }
}
