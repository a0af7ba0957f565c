//! The three tables as columns and cells.

use super::{Generated, Table};
use laminar_runtime::schema::{Column, Ty};
use laminar_runtime::stage::Cell;
use laminar_runtime::types::{Str, TextRef, Timestamp};

const fn bigint(name: &'static str) -> Column {
    Column::fixed(name, Ty::Bigint, false)
}
const fn varchar(name: &'static str) -> Column {
    Column::fixed(name, Ty::Varchar, false)
}
const fn timestamp(name: &'static str) -> Column {
    Column::fixed(name, Ty::Timestamp, false)
}

const PERSON: [Column; 8] = [
    bigint("id"),
    varchar("name"),
    varchar("email_address"),
    varchar("credit_card"),
    varchar("city"),
    varchar("state"),
    timestamp("date_time"),
    varchar("extra"),
];
const AUCTION: [Column; 10] = [
    bigint("id"),
    varchar("item_name"),
    varchar("description"),
    bigint("initial_bid"),
    bigint("reserve"),
    timestamp("date_time"),
    timestamp("expires"),
    bigint("seller"),
    bigint("category"),
    varchar("extra"),
];
const BID: [Column; 7] = [
    bigint("auction"),
    bigint("bidder"),
    bigint("price"),
    varchar("channel"),
    varchar("url"),
    timestamp("date_time"),
    varchar("extra"),
];

impl Table {
    /// Names of the three.
    pub const NAMES: [&str; 3] = ["person", "auction", "bid"];

    /// The table of that name, in any case.
    pub fn by_name(name: &str) -> Option<Table> {
        let all = [Table::Person, Table::Auction, Table::Bid];
        all.into_iter().zip(Table::NAMES).find(|(_, n)| n.eq_ignore_ascii_case(name)).map(|(t, _)| t)
    }

    /// Its columns; event time is `date_time`.
    pub fn columns(self) -> &'static [Column] {
        static COLUMNS: [&[Column]; 3] = [&PERSON, &AUCTION, &BID];
        COLUMNS[self as usize]
    }
}

impl Generated {
    /// The value of a column of its table, by index. A text refers to the event.
    pub fn cell(&self, column: usize) -> Cell {
        let int = |value: i64| [value as u64, 0];
        let text = |value: &Str| TextRef::new(value.as_str()).to_cell();
        let time = |value: Timestamp| int(value.0);
        match self {
            Generated::Person(p) => match column {
                0 => int(p.id),
                1 => text(&p.name),
                2 => text(&p.email_address),
                3 => text(&p.credit_card),
                4 => text(&p.city),
                5 => text(&p.state),
                6 => time(p.date_time),
                _ => text(&p.extra),
            },
            Generated::Auction(a) => match column {
                0 => int(a.id),
                1 => text(&a.item_name),
                2 => text(&a.description),
                3 => int(a.initial_bid),
                4 => int(a.reserve),
                5 => time(a.date_time),
                6 => time(a.expires),
                7 => int(a.seller),
                8 => int(a.category),
                _ => text(&a.extra),
            },
            Generated::Bid(b) => match column {
                0 => int(b.auction),
                1 => int(b.bidder),
                2 => int(b.price),
                3 => text(&b.channel),
                4 => text(&b.url),
                5 => time(b.date_time),
                _ => text(&b.extra),
            },
        }
    }
}
