//! Reads the text of a field as a value of its column's type, by the rules of `CAST(text AS type)`.

use laminar_runtime::scalar::{parse_bool, parse_dec, parse_float, parse_i32, parse_i64};
use laminar_runtime::schema::Ty;
use laminar_runtime::stage::Cell;
use laminar_runtime::types::{Interval, TextRef, Timestamp};

/// The value, or `None` where the text is not of the type. The cell of a text refers to `text`.
pub(super) fn parse(text: &str, ty: Ty) -> Option<Cell> {
    let word = |value: i64| [value as u64, 0];
    match ty {
        Ty::Boolean => parse_bool(text).map(|b| [b as u64, 0]),
        Ty::Integer => parse_i32(text).map(word),
        Ty::Bigint => parse_i64(text).map(word),
        Ty::Double => parse_float(text).map(|f| [f.to_bits(), 0]),
        Ty::Decimal { precision, scale } => parse_dec(text, scale as i64)
            .filter(|m| m.unsigned_abs() < 10_u64.pow(precision.min(18) as u32))
            .map(word),
        Ty::Varchar => Some(TextRef::new(text).to_cell()),
        Ty::Timestamp => Timestamp::parse(text).map(|t| word(t.0)),
        Ty::Interval => Interval::parse(text).map(Interval::to_cell),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words() {
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
        ] {
            assert_eq!(parse(text, ty).map(|c| c[0] as i64), expected, "{text} as {ty}");
        }
        let hour = Interval { months: 0, days: 0, ns: 3_600_000_000_000 };
        assert_eq!(parse("1 hour", Ty::Interval), Some(hour.to_cell()));
    }
}
