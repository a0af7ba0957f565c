//! The facts that follow from the formulas, measured on the stream.

use super::*;
use std::collections::{HashMap, HashSet};

const EVENTS: u64 = 200_000;

fn share(n: usize, of: usize) -> f64 {
    n as f64 / of as f64
}

#[test]
fn one_three_forty_six() {
    let stream = Nexmark::new(1).events(EVENTS);
    let (mut persons, mut auctions, mut bids) = (0, 0, 0);
    for event in stream.iter() {
        match event {
            Generated::Person(p) => {
                assert_eq!(p.id, 1000 + persons);
                persons += 1;
            }
            Generated::Auction(a) => {
                assert_eq!(a.id, 1000 + auctions);
                assert!(a.reserve > a.initial_bid && a.expires > a.date_time);
                auctions += 1;
            }
            Generated::Bid(_) => bids += 1,
        }
    }
    assert_eq!((persons, auctions, bids), (4000, 12_000, 184_000));
}

#[test]
fn seekable_and_seeded() {
    let stream = Nexmark::new(7).events(5000);
    let all: Vec<_> = stream.iter().collect();
    let rest: Vec<_> = stream.starting_at(1234).iter().collect();
    assert_eq!(all[1234..], rest);
    assert!((0..5000).rev().all(|p| stream.at(p) == all[p as usize]));
    assert_ne!(all, Nexmark::new(8).events(5000).iter().collect::<Vec<_>>());
    // Far out nothing overflows.
    let far = stream.starting_at(u64::MAX - 100).events(u64::MAX);
    assert_eq!(far.iter().count(), 100);
}

#[test]
fn the_same_on_every_machine() {
    // A golden row: a change here changes every published number.
    let bid = Nexmark::new(42).bid(1_000_004);
    assert_eq!(bid.date_time, Timestamp((BASE_MS + 100_000) * 1_000_000));
    let person = Nexmark::new(42).person(100);
    assert_eq!((person.id, person.name.as_str()), (1002, "Walter Smith"));
    assert_eq!((bid.auction, bid.bidder, bid.price), (60_930, 20_198, 215));
    assert_eq!(bid.channel.as_str(), "channel-5964");
    assert_eq!(
        bid.url.as_str(),
        "https://www.nexmark.com/wteg/ncmz/knml/item.htm?query=1&channel_id=854065152"
    );
}

#[test]
fn bids_as_the_formulas_say() {
    let bids: Vec<Bid> = Nexmark::new(3).events(EVENTS).bids().collect();
    let n = bids.len();
    // A third of the prices below 100 dollars, a third below 10 000.
    let low = bids.iter().filter(|b| b.price < 10_000).count();
    let high = bids.iter().filter(|b| b.price >= 1_000_000).count();
    assert!((share(low, n) - 1.0 / 3.0).abs() < 0.01 && (share(high, n) - 1.0 / 3.0).abs() < 0.01);
    assert!(bids.iter().all(|b| (100..=100_000_000).contains(&b.price)));
    // Selections of the queries: q2 1/123 (in bursts), q14 28.3 %, q21 95 %.
    assert!(share(bids.iter().filter(|b| b.auction % 123 == 0).count(), n) < 0.03);
    let q14 = bids.iter().filter(|b| (1_000_001..50_000_000).contains(&(b.price * 908 / 1000))).count();
    assert!((share(q14, n) - 0.283).abs() < 0.01, "{}", share(q14, n));
    let hot = bids.iter().filter(|b| HOT_CHANNELS.contains(&b.channel.as_str())).count();
    let numbered = bids.iter().filter(|b| b.url.as_str().contains("&channel_id=")).count();
    assert!((share(hot, n) - 0.5).abs() < 0.01 && (share(numbered, n) - 0.45).abs() < 0.015);
    // Channel decides the page.
    let mut pages = HashMap::new();
    assert!(
        bids.iter().all(|b| *pages.entry(b.channel.as_str()).or_insert(b.url.as_str()) == b.url.as_str())
    );
    // Three quarters from the hot bidder, who is never the hot seller.
    let hot_bidder = bids.iter().filter(|b| (b.bidder - 1000) % HOT_EVERY == 1).count();
    assert!((share(hot_bidder, n) - 0.75).abs() < 0.02);
    let extra: usize = bids.iter().map(|b| b.extra.as_str().len()).sum();
    assert!((share(extra, n) - 68.0).abs() < 1.0);
}

#[test]
fn the_hot_auction_takes_half_of_the_bids() {
    let stream = Nexmark::new(5).events(EVENTS);
    let mut counts: HashMap<i64, usize> = HashMap::new();
    stream.bids().for_each(|b| *counts.entry(b.auction).or_default() += 1);
    let hot: Vec<usize> = (1..100).map(|i| counts[&(1000 + i * HOT_EVERY)]).collect();
    let mean = hot.iter().sum::<usize>() as f64 / hot.len() as f64;
    assert!((mean - 770.0).abs() < 20.0, "{mean}");
    // About 9 % of the cold bids are for an auction that does not exist yet.
    let (mut cold, mut future) = (0, 0);
    for id in (0..EVENTS).filter(|id| Nexmark::table_of(*id) == Table::Bid) {
        let bid = stream.bid(id);
        if (bid.auction - 1000) % HOT_EVERY != 0 {
            cold += 1;
            future += (bid.auction - 1000 > last_auction(id)) as usize;
        }
    }
    assert!((share(future, cold) - 0.09).abs() < 0.01, "{}", share(future, cold));
}

#[test]
fn auctions_and_persons() {
    let stream = Nexmark::new(9).events(EVENTS);
    let auctions: Vec<Auction> = stream.auctions().collect();
    let n = auctions.len();
    let ten = auctions.iter().filter(|a| a.category == 10).count();
    assert!((share(ten, n) - 0.2).abs() < 0.02);
    assert!(auctions.iter().all(|a| (10..15).contains(&a.category)));
    // Mean life: 1666 events of event time.
    let life: i64 = auctions.iter().map(|a| a.expires.0 - a.date_time.0).sum();
    assert!((life as f64 / n as f64 / 1e6 - 166.6).abs() < 4.0);
    let hot = auctions.iter().filter(|a| (a.seller - 1000) % HOT_EVERY == 0).count();
    assert!((share(hot, n) - 0.75).abs() < 0.02);
    let persons: Vec<Person> = stream.persons().collect();
    let some = persons.iter().filter(|p| ["OR", "ID", "CA"].contains(&p.state.as_str())).count();
    assert!((share(some, persons.len()) - 0.5).abs() < 0.03);
    assert!(
        persons.iter().all(|p| p.credit_card.as_str().len() == 19 && p.email_address.as_str().contains('@'))
    );
    let names: HashSet<_> = persons.iter().map(|p| p.name.as_str().to_owned()).collect();
    assert_eq!(names.len(), 99);
}

#[test]
fn disorder_keeps_the_events() {
    let ordered = Nexmark::new(1).events(1000).rate(1000);
    let mixed = ordered.clone().out_of_order(100);
    let times: Vec<i64> = mixed.iter().map(|e| time(&e)).collect();
    assert!(times.windows(2).any(|w| w[0] > w[1]));
    let mut sorted = times.clone();
    sorted.sort();
    assert_eq!(sorted, ordered.iter().map(|e| time(&e)).collect::<Vec<_>>());
}

fn time(event: &Generated) -> i64 {
    match event {
        Generated::Person(p) => p.date_time.0,
        Generated::Auction(a) => a.date_time.0,
        Generated::Bid(b) => b.date_time.0,
    }
}

#[test]
fn tables_as_columns() {
    let stream = Nexmark::new(2).events(50);
    for (table, rows) in [(Table::Person, 1), (Table::Auction, 3), (Table::Bid, 46)] {
        assert_eq!(Table::by_name(Table::NAMES[table as usize]), Some(table));
        let events: Vec<_> = stream.table(table).collect();
        assert_eq!(events.len(), rows);
        let time = table.columns().iter().position(|c| c.name == "date_time").unwrap();
        assert_eq!(events[0].cell(time), [self::time(&events[0]) as u64, 0]);
    }
    fn columns<E: crate::Event>() -> Vec<laminar_runtime::schema::Column> {
        E::FIELDS.iter().map(|f| f.column.clone()).collect()
    }
    assert_eq!(Table::Person.columns(), columns::<Person>());
    assert_eq!(Table::Auction.columns(), columns::<Auction>());
    assert_eq!(Table::Bid.columns(), columns::<Bid>());
    let bid = stream.bid(4);
    let cell = Generated::Bid(bid.clone()).cell(2);
    assert_eq!(cell, [bid.price as u64, 0]);
    assert_eq!(Table::by_name("bids"), None);
}
