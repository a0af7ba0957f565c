//! Reads the text of a field as a value of its column's type, by the rules of `CAST(text AS type)`.

use laminar_runtime::scalar::value_of_text;
use laminar_runtime::schema::Ty;
use laminar_runtime::stage::Cell;
use laminar_runtime::types::Arena;

/// The value, or `None` where the text is not of the type. The cell of a text refers to `text`, those of BYTEA and arrays to the arena.
pub(super) fn parse(text: &str, ty: Ty, arena: &Arena) -> Option<Cell> {
    value_of_text(arena, ty, text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use laminar_runtime::types::Interval;

    #[test]
    fn words() {
        let arena = Arena::new();
        let decimal = Ty::Decimal { precision: 4, scale: 2 };
        for (text, ty, expected) in [
            ("t", Ty::Boolean, Some(1)),
            ("maybe", Ty::Boolean, None),
            ("-5", Ty::Integer, Some(-5)),
            ("2147483648", Ty::Integer, None),
            ("2147483648", Ty::Bigint, Some(1 << 31)),
            ("1.5", Ty::Bigint, None),
            ("", Ty::Bigint, None),
            ("1.5", Ty::Double, Some(1.5f64.to_bits() as i64)),
            ("1.5", decimal, Some(150)),
            ("99.994", decimal, Some(9999)),
            ("99.995", decimal, None),
            ("-100", decimal, None),
            ("2013-01-01T10:00:00Z", Ty::Timestamp, Some(1_357_034_400_000_000_000)),
            ("2013-01-01 10:00:00", Ty::Timestamp, Some(1_357_034_400_000_000_000)),
            ("2013-02-30", Ty::Timestamp, None),
            ("soon", Ty::Interval, None),
            ("-32768", Ty::Smallint, Some(-32_768)),
            ("32768", Ty::Smallint, None),
            ("0.1", Ty::Real, Some(f64::from(0.1_f32).to_bits() as i64)),
            ("1e39", Ty::Real, None),
            ("1970-01-02", Ty::Date, Some(1)),
            ("1970-02-30", Ty::Date, None),
            ("00:00:01", Ty::Time, Some(1_000_000_000)),
            ("24:00:01", Ty::Time, None),
        ] {
            assert_eq!(parse(text, ty, &arena).map(|c| c[0] as i64), expected, "{text} as {ty}");
        }
        let hour = Interval { months: 0, days: 0, ns: 3_600_000_000_000 };
        assert_eq!(parse("1 hour", Ty::Interval, &arena), Some(hour.to_cell()));
        let wide = Ty::Decimal { precision: 38, scale: 0 };
        assert_eq!(parse("-1", wide, &arena), Some([u64::MAX; 2]));
        assert_eq!(parse("18446744073709551616", wide, &arena), Some([0, 1]));
        assert_eq!(parse("-1", decimal, &arena), Some([-100_i64 as u64, 0]));
        let uuid = "80000000-0000-0000-0000-000000000001";
        assert_eq!((parse(uuid, Ty::Uuid, &arena), parse("8000", Ty::Uuid, &arena)), (Some([1, 0]), None));
        assert_eq!(parse("\\x0a0b", Ty::Bytea, &arena).map(|c| c[1]), Some(2));
        assert!(parse("[1]", Ty::Json, &arena).is_some() && parse("[1", Ty::Json, &arena).is_none());
    }
}
