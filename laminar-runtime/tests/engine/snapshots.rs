//! Snapshots that are damaged, cut or foreign, and what they leave behind.

use crate::program::Row;
use crate::sink::{Kept, push, snapshot};
use crate::windows::{ALL_KEYS, Keys, plan};
use laminar_runtime::engine::Engine;
use laminar_runtime::error::Error;
use laminar_runtime::plan::*;

fn rows() -> Vec<Row> {
    let row = |i: i64| Row {
        ts: i % 37,
        a: (i % 5 > 0).then_some(i % 11),
        b: (i % 3 > 0).then(|| format!("text number {}", i % 7)),
        v: i,
        keep: true,
        fails: None,
    };
    (0..60).map(row).collect()
}

fn engine(keys: Keys, rows: &[Row]) -> Engine {
    let (plan, code) = plan(keys, 50, OnError::Fail, Emit::Close);
    let mut kept = Kept::new(&plan);
    let mut engine = Engine::new(plan, code);
    push(&mut engine, 0, rows, None, 0, &mut kept).unwrap();
    engine
}

#[test]
fn every_damaged_byte_is_noticed() {
    for keys in [Keys::None, Keys::TextAndInt] {
        let good = snapshot(&engine(keys, &rows()));
        let mut other = engine(keys, &rows()[..7]);
        let before = snapshot(&other);
        for at in 0..good.len() {
            let mut bad = good.clone();
            bad[at] ^= 1 << (at % 8);
            let error = other.restore(&mut &bad[..]).unwrap_err();
            assert!(matches!(error, Error::SnapshotDamaged(_) | Error::SnapshotMismatch(_)), "{error}");
            assert!(other.restore(&mut &good[..at]).is_err(), "cut at {at}");
        }
        assert_eq!(snapshot(&other), before);
        other.restore(&mut &good[..]).unwrap();
        assert_eq!(snapshot(&other), good);
    }
}

/// A body with a right checksum and a wrong content must be refused by what it says.
#[test]
fn nonsense_with_a_checksum_is_refused() {
    for keys in [Keys::NullableInt, Keys::TextAndInt, Keys::None] {
        let good = snapshot(&engine(keys, &rows()));
        let mut other = engine(keys, &rows()[..7]);
        let before = snapshot(&other);
        let mut accepted = 0;
        for at in 28..good.len() - 4 {
            for flip in [0x01, 0x80, 0xff] {
                let mut bad = good.clone();
                bad[at] ^= flip;
                let body = bad.len() - 4;
                let sum = crc32fast::hash(&bad[..body]).to_le_bytes();
                bad[body..].copy_from_slice(&sum);
                match other.restore(&mut &bad[..]) {
                    Err(Error::SnapshotDamaged(_)) => assert_eq!(snapshot(&other), before),
                    Err(error) => panic!("{error}"),
                    // A value among values: what was read is what will be written.
                    Ok(()) => {
                        accepted += 1;
                        assert_eq!(snapshot(&other), bad);
                        other.restore(&mut &before[..]).unwrap();
                    }
                }
            }
        }
        assert!(accepted > 0 && accepted < 3 * (good.len() - 32), "{accepted}");
    }
}

#[test]
fn foreign_bytes_are_refused_without_their_memory() {
    let mut engine = engine(Keys::Int, &rows());
    let before = snapshot(&engine);
    let mut restore = |bytes: &[u8]| engine.restore(&mut &bytes[..]).unwrap_err();
    assert!(matches!(restore(b""), Error::SnapshotMismatch(_)));
    assert!(matches!(restore(b"PAR1 and so on, a file of another kind"), Error::SnapshotMismatch(_)));
    assert!(matches!(restore(b"LAMINAR"), Error::SnapshotDamaged(_)));
    let mut huge = before[..28].to_vec();
    huge[20..28].copy_from_slice(&u64::MAX.to_le_bytes());
    huge.extend([0; 100]);
    assert!(matches!(restore(&huge), Error::SnapshotDamaged(_)));
    let mut newer = before.clone();
    newer[8] += 1;
    assert!(matches!(restore(&newer), Error::SnapshotMismatch(_)));
    let foreign = snapshot(&self::engine(Keys::Text, &rows()));
    assert!(matches!(restore(&foreign), Error::SnapshotMismatch(_)));
    assert_eq!(snapshot(&engine), before);
}

#[test]
fn equal_states_are_equal_bytes() {
    for keys in ALL_KEYS {
        let rows = rows();
        let mut mirrored = rows.clone();
        // The same rows with the same maximum first, then backwards.
        mirrored.reverse();
        let (a, b) = (engine(keys, &rows), engine(keys, &mirrored));
        assert_eq!(snapshot(&a), snapshot(&b), "{keys:?}");
        assert_eq!(a.digest(), b.digest());
        assert_ne!(a.digest(), engine(keys, &rows[1..]).digest());
    }
}

#[test]
fn snapshots_follow_one_another_in_one_stream() {
    let (a, b) = (engine(Keys::Int, &rows()), engine(Keys::Int, &rows()[..9]));
    let mut bytes = snapshot(&a);
    bytes.extend(snapshot(&b));
    let mut stream = &bytes[..];
    for expected in [&a, &b] {
        let mut read = engine(Keys::Int, &[]);
        read.restore(&mut stream).unwrap();
        assert_eq!(read.digest(), expected.digest());
    }
    assert!(stream.is_empty());
}
