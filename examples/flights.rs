//! The departures from New York's three airports in January 2013, as they were recorded: out of order by up to 18 hours,
//! with nulls for cancelled flights.
//!
//! Prints departures and mean delay a carrier and day, the share of cancelled flights per 6 hours, and how many rows
//! come too late for watermarks that wait 2 hours and 24 hours; then the speed, and the heap allocations made
//! inside `process` once everything has been seen before.

use laminar::alloc::{CountingAllocator, allocations};
use laminar::prelude::*;
use std::error::Error;
use std::time::Instant;

#[global_allocator]
static ALLOCATOR: CountingAllocator = CountingAllocator;

/// A scheduled departure. The watermark waits a day: nothing is late.
#[derive(Event, Clone, Copy, Debug)]
#[event(time = time_hour, delay = "24 hours")]
pub struct Flight {
    pub carrier: Sym,
    pub origin: Sym,
    /// Minutes; none when the flight was cancelled.
    pub dep_delay: Option<i32>,
    pub distance: i32,
    /// The scheduled hour, UTC.
    pub time_hour: Timestamp,
}

/// The same departures under a watermark that waits two hours.
#[derive(Event, Clone, Copy, Debug)]
#[event(time = time_hour, delay = "2 hours")]
pub struct Impatient {
    pub time_hour: Timestamp,
}

#[pipeline(
    "SELECT window_start AS day, carrier, COUNT(dep_delay) AS departures, AVG(dep_delay) AS mean_delay
     FROM Flight
     GROUP BY carrier, TUMBLE(time_hour, INTERVAL '1' DAY)"
)]
pub struct CarrierDay {
    pub day: Timestamp,
    pub carrier: Sym,
    pub departures: i64,
    pub mean_delay: Option<f64>,
}

#[pipeline(
    "SELECT window_start, COUNT(*) AS scheduled,
            COUNT(*) FILTER (WHERE dep_delay IS NULL) AS cancelled,
            CAST(COUNT(*) FILTER (WHERE dep_delay IS NULL) AS DOUBLE) / COUNT(*) AS share
     FROM Flight
     GROUP BY TUMBLE(time_hour, INTERVAL '6' HOUR)"
)]
pub struct Cancelled {
    pub window_start: Timestamp,
    pub scheduled: i64,
    pub cancelled: i64,
    pub share: f64,
}

#[pipeline("SELECT window_start, COUNT(*) AS n FROM Flight GROUP BY TUMBLE(time_hour, INTERVAL '1' HOUR)")]
pub struct Hourly {
    pub window_start: Timestamp,
    pub n: i64,
}

#[pipeline("SELECT window_start, COUNT(*) AS n FROM Impatient GROUP BY TUMBLE(time_hour, INTERVAL '1' HOUR)")]
pub struct ImpatientHourly {
    pub window_start: Timestamp,
    pub n: i64,
}

/// Rows at a time, as a network or a disk would give them.
const STEP_ROWS: usize = 1024;

fn main() -> Result<(), Box<dyn Error>> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/data/flights-2013-01.csv");
    let flights = read(path)?;
    println!("{} departures from {path}\n", flights.len());

    print_carriers(&flights)?;
    print_cancelled(&flights)?;
    print_late(&flights)?;
    print_speed(&flights)
}

fn read(path: &str) -> Result<Vec<Flight>, Box<dyn Error>> {
    let mut csv = csv::Reader::from_path(path)?;
    let headers = csv.headers()?.clone();
    let column =
        |name: &str| headers.iter().position(|h| h == name).ok_or(format!("{path} has no column {name}"));
    let (carrier, origin, delay, distance, time) = (
        column("carrier")?,
        column("origin")?,
        column("dep_delay")?,
        column("distance")?,
        column("time_hour")?,
    );
    let mut flights = Vec::new();
    for record in csv.records() {
        let record = record?;
        let nullable = |i: usize| if &record[i] == "NA" { Ok(None) } else { record[i].parse().map(Some) };
        flights.push(Flight {
            carrier: Sym::new(&record[carrier]),
            origin: Sym::new(&record[origin]),
            dep_delay: nullable(delay)?,
            distance: record[distance].parse()?,
            time_hour: Timestamp::parse(&record[time]).ok_or("a time_hour is not a timestamp")?,
        });
    }
    Ok(flights)
}

fn print_carriers(flights: &[Flight]) -> Result<(), laminar::Error> {
    let mut rows: Vec<CarrierDay> = Vec::new();
    let mut pipeline = CarrierDay::pipeline();
    for step in flights.chunks(STEP_ROWS) {
        pipeline.process(step, &mut rows)?;
    }
    pipeline.finish(&mut rows)?;

    let mut days: Vec<Timestamp> = rows.iter().map(|r| r.day).collect();
    days.dedup();
    let mut carriers: Vec<Sym> = rows.iter().map(|r| r.carrier).collect();
    carriers.sort();
    carriers.dedup();
    println!("Departures and mean delay in minutes, a carrier and day (UTC)");
    print!("{:10}", "");
    carriers.iter().for_each(|c| print!("{:>10}", c.as_str()));
    for day in days {
        print!("\n{:10}", &day.to_string()[..10]);
        for carrier in &carriers {
            match rows.iter().find(|r| r.day == day && r.carrier == *carrier) {
                Some(r) => {
                    print!("{:4} {:>5}", r.departures, r.mean_delay.map_or("-".into(), |d| format!("{d:.1}")))
                }
                None => print!("{:>10}", "-"),
            }
        }
    }
    println!("\n");
    Ok(())
}

fn print_cancelled(flights: &[Flight]) -> Result<(), laminar::Error> {
    println!("Cancelled share per 6 hours, the ten worst");
    let mut rows: Vec<Cancelled> = Vec::new();
    let mut pipeline = Cancelled::pipeline();
    pipeline.process(flights, &mut rows)?;
    pipeline.finish(&mut rows)?;
    rows.sort_by(|a, b| b.share.total_cmp(&a.share));
    for r in rows.iter().take(10) {
        println!("{}  {:4} of {:4}  {:5.1} %", r.window_start, r.cancelled, r.scheduled, 100.0 * r.share);
    }
    println!();
    Ok(())
}

fn print_late(flights: &[Flight]) -> Result<(), laminar::Error> {
    println!("Rows that come after their hour was closed");
    let mut patient = Hourly::pipeline();
    patient.process(flights, &mut |_: Hourly| ())?;
    patient.finish(&mut |_: Hourly| ())?;
    let impatient_rows: Vec<Impatient> =
        flights.iter().map(|f| Impatient { time_hour: f.time_hour }).collect();
    let mut impatient = ImpatientHourly::pipeline();
    impatient.process(&impatient_rows, &mut |_: ImpatientHourly| ())?;
    impatient.finish(&mut |_: ImpatientHourly| ())?;
    for (delay, c) in [("2 hours", impatient.counters()), ("24 hours", patient.counters())] {
        println!("watermark delay {delay:>8}: {:6} late of {} ({} accepted)", c.late, c.ingested, c.accepted);
    }
    println!();
    Ok(())
}

/// Two passes to warm up (the second sees the jump of a month between passes), then the same again and again.
fn print_speed(flights: &[Flight]) -> Result<(), Box<dyn Error>> {
    const PASSES: usize = 40;
    const MONTH_NS: i64 = 32 * 86_400_000_000_000;
    let mut rows = flights.to_vec();
    let mut pipeline = CarrierDay::pipeline();
    let (mut results, mut allocated, mut seconds) = (0u64, 0, 0.0);
    let mut out = |_: CarrierDay| results += 1;
    for pass in 0..PASSES {
        let before = allocations();
        let start = Instant::now();
        for step in rows.chunks(STEP_ROWS) {
            pipeline.process(step, &mut out)?;
        }
        if pass > 1 {
            seconds += start.elapsed().as_secs_f64();
            allocated += allocations() - before;
        }
        rows.iter_mut().for_each(|f| f.time_hour.0 += MONTH_NS);
    }
    let n = flights.len() * (PASSES - 2);
    println!(
        "{n} rows in {seconds:.3} s: {:.1} million rows/s; {results} results; {allocated} heap allocations inside process after warm-up",
        n as f64 / seconds / 1e6
    );
    Ok(())
}
