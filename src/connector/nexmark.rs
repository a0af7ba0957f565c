//! The Nexmark generator: people put things up for auction, others bid.
//!
//! Deterministic and seekable: event `id` is a function of the seed and of `id` alone, so any part of the stream can
//! be made at any time, on any number of threads, and sources of different tables with one seed belong together.
//! Not here: the queries (`benches/nexmark`).
//!
//! Of 50 events the first is a person, the next three are auctions, the other 46 bids. Half of the bids go to the *hot*
//! auction, which changes every 100 auctions; three quarters of the bids come from the hot bidder.
//!
//! Source: Tucker et al., NEXMark, 2002; proportions and formulas as in Apache Beam's generator, event times in
//! milliseconds from 2015-07-15 00:00 UTC.

mod columns;
mod random;
#[cfg(test)]
mod tests;

use crate::Event;
use laminar_runtime::types::{Str, Timestamp};
use random::Random;
use std::fmt::Write;

/// Persons, auctions and bids in a cycle of events.
const CYCLE: u64 = 50;
/// Events `1..4` of a cycle are auctions.
const AUCTIONS: u64 = 3;
/// First id of persons and auctions.
const FIRST_ID: i64 = 1000;
/// People who may sell or bid next.
const ACTIVE_PEOPLE: i64 = 1000;
/// Auctions that may be bid on.
const IN_FLIGHT: i64 = 100;
/// How far ids run ahead of what exists already.
const LEAD: i64 = 10;
/// The hot seller, bidder and auction change after so many persons or auctions.
const HOT_EVERY: i64 = 100;
const CHANNELS: u64 = 10_000;
/// 2015-07-15 00:00 UTC.
const BASE_MS: i64 = 1_436_918_400_000;

const FIRST_NAMES: [&str; 11] =
    ["Peter", "Paul", "Luke", "John", "Saul", "Vicky", "Kate", "Julie", "Sarah", "Deiter", "Walter"];
const LAST_NAMES: [&str; 9] =
    ["Shultz", "Abrams", "Spencer", "White", "Bartels", "Walton", "Smith", "Jones", "Noris"];
const CITIES: [&str; 10] = [
    "Phoenix",
    "Los Angeles",
    "San Francisco",
    "Boise",
    "Portland",
    "Bend",
    "Redmond",
    "Seattle",
    "Kent",
    "Cheyenne",
];
const STATES: [&str; 6] = ["AZ", "CA", "ID", "OR", "WA", "WY"];
const HOT_CHANNELS: [&str; 4] = ["Google", "Facebook", "Baidu", "Apple"];

/// Someone who sells and bids.
#[derive(Event, Clone, Debug, PartialEq)]
#[event(time = date_time, delay = "4 seconds")]
pub struct Person {
    /// From 1000, one by one.
    pub id: i64,
    /// First and last name.
    pub name: Str,
    /// Email address.
    pub email_address: Str,
    /// Four groups of four digits.
    pub credit_card: Str,
    /// One of ten cities.
    pub city: Str,
    /// One of six states, whatever the city.
    pub state: Str,
    /// Event time.
    pub date_time: Timestamp,
    /// Fills the row up to about 200 bytes.
    pub extra: Str,
}

/// An item for sale.
#[derive(Event, Clone, Debug, PartialEq)]
#[event(time = date_time, delay = "4 seconds")]
pub struct Auction {
    /// From 1000, one by one.
    pub id: i64,
    /// Up to 19 characters.
    pub item_name: Str,
    /// Up to 99 characters.
    pub description: Str,
    /// In cents.
    pub initial_bid: i64,
    /// In cents; above the initial bid.
    pub reserve: i64,
    /// Event time.
    pub date_time: Timestamp,
    /// End of the auction.
    pub expires: Timestamp,
    /// Id of a person; may lie a little ahead of those that exist.
    pub seller: i64,
    /// 10 to 14.
    pub category: i64,
    /// Fills the row up to about 500 bytes.
    pub extra: Str,
}

/// An offer for an item.
#[derive(Event, Clone, Debug, PartialEq)]
#[event(time = date_time, delay = "4 seconds")]
pub struct Bid {
    /// Id of an auction; may lie a little ahead of those that exist.
    pub auction: i64,
    /// Id of a person.
    pub bidder: i64,
    /// In cents.
    pub price: i64,
    /// Where the bid was made.
    pub channel: Str,
    /// The page, with the channel's number for most of the cold channels.
    pub url: Str,
    /// Event time.
    pub date_time: Timestamp,
    /// Fills the row up to about 100 bytes.
    pub extra: Str,
}

/// An event of any of the three tables.
#[derive(Clone, Debug, PartialEq)]
pub enum Generated {
    /// A person.
    Person(Person),
    /// An auction.
    Auction(Auction),
    /// A bid.
    Bid(Bid),
}

/// Which table an event belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Table {
    /// `person`
    Person,
    /// `auction`
    Auction,
    /// `bid`
    Bid,
}

/// The stream of events: a seed and a few numbers.
///
/// ```
/// use laminar::connector::nexmark::Nexmark;
/// let stream = Nexmark::new(42).events(1000);
/// assert_eq!(stream.bids().count(), 920);
/// assert!(stream.bids().skip(10).eq(stream.starting_at(4).bids().skip(10)));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Nexmark {
    seed: u64,
    start: u64,
    end: u64,
    events_per_second: u64,
    disorder: u64,
}

impl Nexmark {
    /// An endless stream of 10 000 events in a second of event time, in order of time.
    pub fn new(seed: u64) -> Nexmark {
        Nexmark { seed, start: 0, end: u64::MAX, events_per_second: 10_000, disorder: 1 }
    }

    /// Stops before event `events`, counted over all three tables and from the start of the stream.
    pub fn events(self, events: u64) -> Nexmark {
        Nexmark { end: events, ..self }
    }

    /// Skips the events before position `position`.
    pub fn starting_at(&self, position: u64) -> Nexmark {
        Nexmark { start: position, ..self.clone() }
    }

    /// Events (of all three tables) in a second of event time; 0 counts as 1.
    pub fn rate(self, events_per_second: u64) -> Nexmark {
        Nexmark { events_per_second: events_per_second.max(1), ..self }
    }

    /// Mixes up the order within groups of `group` events; 1 keeps them in order.
    pub fn out_of_order(self, group: u64) -> Nexmark {
        Nexmark { disorder: group.max(1), ..self }
    }

    /// The events in their order.
    pub fn iter(&self) -> impl Iterator<Item = Generated> + Clone + use<> {
        let this = self.clone();
        (self.start..self.end).map(move |position| this.at(position))
    }

    /// The events of one table in their order.
    pub fn table(&self, table: Table) -> impl Iterator<Item = Generated> + Clone + use<> {
        let this = self.clone();
        self.ids(table).map(move |id| this.event(id))
    }

    /// The persons in their order.
    pub fn persons(&self) -> impl Iterator<Item = Person> + Clone + use<> {
        let this = self.clone();
        self.ids(Table::Person).map(move |id| this.person(id))
    }

    /// The auctions in their order.
    pub fn auctions(&self) -> impl Iterator<Item = Auction> + Clone + use<> {
        let this = self.clone();
        self.ids(Table::Auction).map(move |id| this.auction(id))
    }

    /// The bids in their order.
    pub fn bids(&self) -> impl Iterator<Item = Bid> + Clone + use<> {
        let this = self.clone();
        self.ids(Table::Bid).map(move |id| this.bid(id))
    }

    /// The event at `position`.
    pub fn at(&self, position: u64) -> Generated {
        self.event(self.id_at(position))
    }

    fn event(&self, id: u64) -> Generated {
        match Nexmark::table_of(id) {
            Table::Person => Generated::Person(self.person(id)),
            Table::Auction => Generated::Auction(self.auction(id)),
            Table::Bid => Generated::Bid(self.bid(id)),
        }
    }

    /// The table that event `id` belongs to.
    pub fn table_of(id: u64) -> Table {
        match id % CYCLE {
            0 => Table::Person,
            1..=AUCTIONS => Table::Auction,
            _ => Table::Bid,
        }
    }

    /// The event ids of one table, in stream order.
    fn ids(&self, table: Table) -> impl Iterator<Item = u64> + Clone + use<> {
        let this = self.clone();
        (self.start..self.end).map(move |p| this.id_at(p)).filter(move |id| Nexmark::table_of(*id) == table)
    }

    fn id_at(&self, position: u64) -> u64 {
        let group = self.disorder;
        position / group * group + ((position % group) as u128 * 953 % group as u128) as u64
    }

    fn millis(&self, id: u64) -> i64 {
        // In u128: an endless stream may be sought far out. The cap is beyond the year 2262.
        BASE_MS + (id as u128 * 1000 / self.events_per_second as u128).min(i64::MAX as u128 / 4) as i64
    }

    fn random(&self, id: u64) -> Random {
        Random::new(self.seed, id)
    }

    /// The person that event `id` (a multiple of 50) makes.
    pub fn person(&self, id: u64) -> Person {
        let mut r = self.random(id);
        let mut text = String::with_capacity(64);
        let name = r.one_of(&FIRST_NAMES).to_owned() + " " + r.one_of(&LAST_NAMES);
        let email = {
            r.text(&mut text, 7, ' ');
            text.push('@');
            r.text(&mut text, 5, ' ');
            text.push_str(".com");
            Str::new(&text)
        };
        text.clear();
        for group in 0..4 {
            let _ = write!(text, "{}{:04}", if group > 0 { " " } else { "" }, r.below(10_000));
        }
        let credit_card = Str::new(&text);
        let (city, state) = (r.one_of(&CITIES), r.one_of(&STATES));
        let so_far = 8 + name.len() + email.as_str().len() + text.len() + city.len() + state.len();
        Person {
            id: FIRST_ID + last_person(id),
            name: Str::new(&name),
            email_address: email,
            credit_card,
            city: Str::new(city),
            state: Str::new(state),
            date_time: timestamp(self.millis(id)),
            extra: r.extra(so_far, 200),
        }
    }

    /// The auction that event `id` (1, 2 or 3 above a multiple of 50) makes.
    pub fn auction(&self, id: u64) -> Auction {
        let mut r = self.random(id);
        let seller = if r.below(4) > 0 { hot(last_person(id)) } else { next_person(id, &mut r) };
        let category = 10 + r.below(5) as i64;
        let initial_bid = r.price();
        let reserve = initial_bid + r.price();
        let now = self.millis(id);
        let horizon = self.millis(id.saturating_add(IN_FLIGHT as u64 * CYCLE / AUCTIONS)) - now;
        let length = 1 + r.below((2 * horizon).max(1) as u64) as i64;
        let (mut item_name, mut description) = (String::new(), String::new());
        r.text(&mut item_name, 20, ' ');
        r.text(&mut description, 100, ' ');
        let extra = r.extra(8 + item_name.len() + description.len() + 40, 500);
        Auction {
            id: FIRST_ID + last_auction(id),
            item_name: Str::new(&item_name),
            description: Str::new(&description),
            initial_bid,
            reserve,
            date_time: timestamp(now),
            expires: timestamp(now + length),
            seller: FIRST_ID + seller,
            category,
            extra,
        }
    }

    /// The bid that event `id` (4 to 49 above a multiple of 50) makes.
    pub fn bid(&self, id: u64) -> Bid {
        let mut r = self.random(id);
        let auction = if r.below(2) > 0 { hot(last_auction(id)) } else { next_auction(id, &mut r) };
        // One above: the hot bidder is never the hot seller.
        let bidder = if r.below(4) > 0 { hot(last_person(id)) + 1 } else { next_person(id, &mut r) };
        let price = r.price();
        let (channel, url) = if r.below(2) > 0 {
            let which = r.below(HOT_CHANNELS.len() as u64);
            (Str::new(HOT_CHANNELS[which as usize]), Str::new(&self.url(CHANNELS + which)))
        } else {
            let which = r.below(CHANNELS);
            (Str::new(&format!("channel-{which}")), Str::new(&self.url(which)))
        };
        Bid {
            auction: FIRST_ID + auction,
            bidder: FIRST_ID + bidder,
            price,
            channel,
            url,
            date_time: timestamp(self.millis(id)),
            extra: r.extra(32, 100),
        }
    }

    /// The page of a channel: always the same. Numbers from `CHANNELS` on are the hot ones.
    fn url(&self, channel: u64) -> String {
        // Event ids never come near the top of u64.
        let mut r = self.random(u64::MAX - channel);
        let mut url = String::from("https://www.nexmark.com/");
        for _ in 0..3 {
            r.text(&mut url, 5, '_');
            url.push('/');
        }
        url.push_str("item.htm?query=1");
        if channel < CHANNELS && r.below(10) > 0 {
            let _ = write!(url, "&channel_id={}", (channel as i32).reverse_bits().unsigned_abs());
        }
        url
    }
}

/// The newest person at event `id`, counted from 0.
fn last_person(id: u64) -> i64 {
    (id / CYCLE) as i64
}

/// The newest auction at event `id`, counted from 0; −1 before the first.
fn last_auction(id: u64) -> i64 {
    let (epoch, offset) = ((id / CYCLE) as i64, (id % CYCLE) as i64);
    epoch * AUCTIONS as i64 + offset.min(AUCTIONS as i64) - 1
}

fn hot(last: i64) -> i64 {
    last / HOT_EVERY * HOT_EVERY
}

/// One of the newest thousand persons, or one of the next ten.
fn next_person(id: u64, r: &mut Random) -> i64 {
    let people = last_person(id) + 1;
    let active = people.min(ACTIVE_PEOPLE);
    people - active + r.below((active + LEAD) as u64) as i64
}

/// One of the newest hundred auctions, or one of the next ten.
fn next_auction(id: u64, r: &mut Random) -> i64 {
    let last = last_auction(id);
    let first = (last - IN_FLIGHT).max(0);
    first + r.below((last - first + 1 + LEAD) as u64) as i64
}

fn timestamp(ms: i64) -> Timestamp {
    Timestamp(ms.saturating_mul(1_000_000))
}
