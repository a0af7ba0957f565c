//! Reads the text of a field as a value of its column's type, by the rules of `CAST(text AS type)`.

use laminar_runtime::scalar::{
    self, parse_bool, parse_float, parse_i16, parse_i32, parse_i64, parse_real, parse_wide,
};
use laminar_runtime::schema::Ty;
use laminar_runtime::stage::{Cell, wide_cell};
use laminar_runtime::types::{Arena, Date, Interval, TextRef, Time, Timestamp};

/// The value, or `None` where the text is not of the type. The cell of a text refers to `text`, that of BYTEA to the arena.
pub(super) fn parse(text: &str, ty: Ty, arena: &Arena) -> Option<Cell> {
    let word = |value: i64| [value as u64, 0];
    match ty {
        Ty::Boolean => parse_bool(text).map(|b| [b as u64, 0]),
        Ty::Smallint => parse_i16(text).map(word),
        Ty::Integer => parse_i32(text).map(word),
        Ty::Bigint => parse_i64(text).map(word),
        Ty::Real => parse_real(text).map(|f| [f.to_bits(), 0]),
        Ty::Double => parse_float(text).map(|f| [f.to_bits(), 0]),
        // The low half alone is a mantissa up to 18 digits.
        Ty::Decimal { precision, scale } => parse_wide(text, scale as i64)
            .filter(|m| m.unsigned_abs() < 10_u128.pow(precision as u32))
            .map(|m| [m as u64, if ty.repr().width() == 16 { (m >> 64) as u64 } else { 0 }]),
        Ty::Varchar => Some(TextRef::new(text).to_cell()),
        Ty::Timestamp => Timestamp::parse(text).map(|t| word(t.0)),
        Ty::Date => Date::parse(text).map(|d| word(d.days().into())),
        Ty::Time => Time::parse(text).map(|t| word(t.ns())),
        Ty::Interval => Interval::parse(text).map(Interval::to_cell),
        // SAFETY: the text lives.
        Ty::Uuid => unsafe { scalar::text_to_uuid(TextRef::new(text)) }.map(wide_cell),
        // SAFETY: the text lives.
        Ty::Bytea => unsafe { scalar::text_to_bytes(arena, TextRef::new(text)) }.map(|b| b.to_cell()),
        // SAFETY: the text lives.
        Ty::Json => unsafe { scalar::text_to_json(TextRef::new(text)) }.map(TextRef::to_cell),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
