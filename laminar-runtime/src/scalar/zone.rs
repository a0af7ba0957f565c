//! Local times of named time zones.

use crate::types::civil::SECOND_NS;
use crate::types::{TextRef, Zone};

/// What a clock of that zone shows. Bad for a zone that does not exist, and outside the range.
///
/// # Safety
/// The name lives.
#[inline]
pub unsafe fn ts_at_zone(ts: i64, zone: TextRef) -> Option<i64> {
    // SAFETY: by contract.
    let zone = Zone::by_name(unsafe { zone.as_str() })?;
    ts.checked_add(i64::from(zone.offset(ts.div_euclid(SECOND_NS))?) * SECOND_NS)
}

/// When a clock of that zone shows the time: the opposite of [`ts_at_zone`]. Bad for a zone that does not exist, and outside the
/// range.
///
/// # Safety
/// The name lives.
#[inline]
pub unsafe fn ts_of_zone(local: i64, zone: TextRef) -> Option<i64> {
    // SAFETY: by contract.
    let zone = Zone::by_name(unsafe { zone.as_str() })?;
    local.checked_sub(i64::from(zone.offset_of_local(local.div_euclid(SECOND_NS))?) * SECOND_NS)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::Timestamp;

    #[test]
    fn both_directions() {
        let ts = |text: &str| Timestamp::parse(text).expect("a timestamp").0;
        let check = |utc: &str, zone: &str, local: &str| {
            let (utc, local, zone) = (ts(utc), ts(local), TextRef::new(zone));
            // SAFETY: the name lives.
            assert_eq!(unsafe { (ts_at_zone(utc, zone), ts_of_zone(local, zone)) }, (Some(local), Some(utc)));
        };
        check("2001-02-17 01:38:40.123456789", "America/Denver", "2001-02-16 18:38:40.123456789");
        check("2024-07-01 12:00:00", "Europe/Berlin", "2024-07-01 14:00:00");
        check("1950-01-01 00:00:00", "Asia/Kolkata", "1950-01-01 05:30:00");
        check("1969-12-31 23:59:59.5", "Asia/Tokyo", "1970-01-01 08:59:59.5");
    }

    #[test]
    fn no_zone_and_no_room() {
        let tokyo = TextRef::new("Asia/Tokyo");
        // SAFETY: the names live.
        unsafe {
            assert_eq!((ts_at_zone(0, TextRef::new("Mars")), ts_of_zone(0, TextRef::EMPTY)), (None, None));
            assert_eq!((ts_at_zone(i64::MAX, tokyo), ts_of_zone(i64::MIN, tokyo)), (None, None));
        }
    }
}
