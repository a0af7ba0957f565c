//! SQL type names: what of sqlparser's data types Laminar has.

use laminar_runtime::schema::{DECIMAL_DIGITS_MAX, Ty};
use sqlparser::ast::{
    ArrayElemTypeDef, CharacterLength, DataType, ExactNumberInfo, ObjectNamePart, TimezoneInfo,
};

use crate::diagnostic::{Diagnostic, Span, closest, code};

/// The names of all types, as messages list them.
const TYPES: &str = "BOOLEAN, SMALLINT, INTEGER, BIGINT, REAL, DOUBLE, DECIMAL(p, s), VARCHAR, TIMESTAMP, DATE, TIME, INTERVAL, UUID, BYTEA, JSON, and arrays of these: BIGINT[]";

/// The type that a column declaration or a cast at `span` names; else a diagnostic.
pub fn sql_type(ty: &DataType, span: Span, diagnostics: &mut Vec<Diagnostic>) -> Option<Ty> {
    let unsupported = |hint: &str| {
        let d = Diagnostic::error(code::UNSUPPORTED_TYPE, span, format!("type {ty} is not supported"));
        if hint.is_empty() { d.note(format!("the types are {TYPES}")) } else { d.help(hint) }
    };
    let found = match ty {
        DataType::Boolean | DataType::Bool => Ok(Ty::Boolean),
        DataType::Int(None) | DataType::Integer(None) | DataType::Int4(None) | DataType::Int32 => {
            Ok(Ty::Integer)
        }
        DataType::BigInt(None) | DataType::Int8(None) | DataType::Int64 => Ok(Ty::Bigint),
        DataType::DoublePrecision | DataType::Double(ExactNumberInfo::None) | DataType::Float8 => {
            Ok(Ty::Double)
        }
        DataType::Float64 => Ok(Ty::Double),
        // PostgreSQL: FLOAT alone is FLOAT(53).
        DataType::Float(ExactNumberInfo::None) => Ok(Ty::Double),
        DataType::Float(ExactNumberInfo::Precision(25..=53)) => Ok(Ty::Double),
        DataType::Decimal(info) | DataType::Numeric(info) | DataType::Dec(info) => {
            decimal(info, span).map_err(|d| *d)
        }
        DataType::Varchar(length) | DataType::CharacterVarying(length) | DataType::CharVarying(length) => {
            match length {
                None => Ok(Ty::Varchar),
                Some(CharacterLength::Max) => Ok(Ty::Varchar),
                Some(_) => Err(unsupported("VARCHAR has no limit of length here: leave it out")),
            }
        }
        DataType::Text | DataType::String(None) => Ok(Ty::Varchar),
        DataType::Timestamp(None, zone) => match zone {
            TimezoneInfo::None
            | TimezoneInfo::WithoutTimeZone
            | TimezoneInfo::WithTimeZone
            | TimezoneInfo::Tz => Ok(Ty::Timestamp),
        },
        DataType::TimestampNtz(None) => Ok(Ty::Timestamp),
        DataType::Timestamp(Some(_), _) | DataType::TimestampNtz(Some(_)) => {
            Err(unsupported("TIMESTAMP always has nanoseconds here: leave the precision out"))
        }
        DataType::Interval { fields: None, precision: None } => Ok(Ty::Interval),
        DataType::Date => Ok(Ty::Date),
        DataType::Time(None, TimezoneInfo::None | TimezoneInfo::WithoutTimeZone) => Ok(Ty::Time),
        DataType::Time(Some(_), _) => {
            Err(unsupported("TIME always has nanoseconds here: leave the precision out"))
        }
        DataType::Time(None, _) => Err(unsupported("a time of day has no time zone here: use TIME")),
        DataType::Uuid => Ok(Ty::Uuid),
        DataType::Bytea | DataType::Bytes(None) => Ok(Ty::Bytea),
        DataType::Binary(_) | DataType::Varbinary(_) | DataType::Blob(_) | DataType::Bytes(Some(_)) => {
            Err(unsupported("use BYTEA"))
        }
        DataType::JSON => Ok(Ty::Json),
        DataType::JSONB => Err(unsupported("JSON is kept as it is written here: use JSON")),
        DataType::Array(def) => match def {
            ArrayElemTypeDef::SquareBracket(_, Some(_)) | ArrayElemTypeDef::Qualified(_, Some(_)) => {
                Err(unsupported("an array has no limit of length here: leave it out"))
            }
            ArrayElemTypeDef::AngleBracket(of)
            | ArrayElemTypeDef::SquareBracket(of, None)
            | ArrayElemTypeDef::Qualified(of, None)
            | ArrayElemTypeDef::Parenthesis(of) => match sql_type(of, span, diagnostics)?.element() {
                Some(element) => Ok(Ty::Array(element)),
                None => Err(unsupported("an array has one dimension here: use JSON for lists of lists")),
            },
            ArrayElemTypeDef::None => Err(unsupported("say of what: `BIGINT[]`")),
        },
        DataType::SmallInt(None) | DataType::Int2(None) | DataType::Int16 => Ok(Ty::Smallint),
        DataType::TinyInt(_) | DataType::SmallInt(_) | DataType::Int2(_) => Err(unsupported("use SMALLINT")),
        DataType::Real | DataType::Float4 | DataType::Float32 => Ok(Ty::Real),
        // PostgreSQL: up to 24 bits it is REAL.
        DataType::Float(ExactNumberInfo::Precision(1..=24)) => Ok(Ty::Real),
        DataType::Float(_) => Err(unsupported("use REAL or DOUBLE")),
        DataType::Char(_) | DataType::Character(_) => {
            Err(unsupported("CHAR would pad with spaces: use VARCHAR"))
        }
        DataType::Custom(name, arguments) => match name.0.as_slice() {
            [ObjectNamePart::Identifier(ident)] if arguments.is_empty() => Ty::named(&ident.value)
                .ok_or_else(|| {
                    let d = Diagnostic::error(
                        code::UNSUPPORTED_TYPE,
                        span,
                        format!("type `{}` does not exist", ident.value),
                    );
                    match closest(&ident.value, names()) {
                        Some(name) => d.label(format!("did you mean `{name}`?")).suggest(span, name),
                        None => d.note(format!("the types are {TYPES}")),
                    }
                }),
            _ => Err(unsupported("")),
        },
        _ => Err(unsupported("")),
    };
    found.map_err(|d| diagnostics.push(d)).ok()
}

/// All names, for suggestions.
fn names() -> impl Iterator<Item = &'static str> {
    Ty::NAMES.iter().map(|(name, _)| *name).chain(["DECIMAL", "NUMERIC"])
}

fn decimal(info: &ExactNumberInfo, span: Span) -> Result<Ty, Box<Diagnostic>> {
    let error = |message: &str| Diagnostic::error(code::UNSUPPORTED_TYPE, span, message);
    let (precision, scale) = match *info {
        ExactNumberInfo::None => {
            let d = error("DECIMAL needs a precision and a scale");
            return Err(Box::new(d.help("write the digits in all and after the point: `DECIMAL(18, 3)`")));
        }
        ExactNumberInfo::Precision(precision) => (precision, 0),
        ExactNumberInfo::PrecisionAndScale(precision, scale) => (precision, scale),
    };
    if precision == 0 || precision > u64::from(DECIMAL_DIGITS_MAX) {
        let what = format!("DECIMAL takes 1 to {DECIMAL_DIGITS_MAX} digits, not {precision}");
        return Err(Box::new(error(&what)));
    }
    match u64::try_from(scale) {
        Ok(scale) if scale <= precision => Ok(Ty::Decimal { precision: precision as u8, scale: scale as u8 }),
        _ => {
            let what = format!("the scale of DECIMAL is 0 to its precision, {precision}, not {scale}");
            Err(Box::new(error(&what)))
        }
    }
}
