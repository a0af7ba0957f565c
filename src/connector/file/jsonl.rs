//! Picks the declared columns out of a JSON object, as text.
//!
//! Numbers stay text until their column's type reads them, so that decimals and large integers are exact.

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::fmt;

/// Reads an object into one entry a column; `None` where the object does not name it.
pub(super) fn read_object<'a>(
    line: &'a str,
    names: &[String],
) -> Result<Vec<Option<&'a RawValue>>, serde_json::Error> {
    let mut json = serde_json::Deserializer::from_str(line);
    let values = Columns(names).deserialize(&mut json)?;
    json.end()?;
    Ok(values)
}

struct Columns<'n>(&'n [String]);

impl<'de> DeserializeSeed<'de> for Columns<'_> {
    type Value = Vec<Option<&'de RawValue>>;
    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<Self::Value, D::Error> {
        json.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Columns<'_> {
    type Value = Vec<Option<&'de RawValue>>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Self::Value, A::Error> {
        let mut values = vec![None; self.0.len()];
        while let Some(Key(key)) = object.next_key()? {
            match self.0.iter().position(|name| name.eq_ignore_ascii_case(&key)) {
                Some(column) if values[column].is_some() => {
                    return Err(serde::de::Error::custom(format_args!("the key {key:?} is there twice")));
                }
                Some(column) => values[column] = Some(object.next_value()?),
                None => {
                    object.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(values)
    }
}

/// A key, borrowed where it has no escapes.
struct Key<'a>(Cow<'a, str>);

impl<'de> serde::Deserialize<'de> for Key<'de> {
    fn deserialize<D: Deserializer<'de>>(json: D) -> Result<Self, D::Error> {
        struct Text;
        impl<'de> Visitor<'de> for Text {
            type Value = Key<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a key")
            }
            fn visit_borrowed_str<E>(self, key: &'de str) -> Result<Key<'de>, E> {
                Ok(Key(Cow::Borrowed(key)))
            }
            fn visit_str<E>(self, key: &str) -> Result<Key<'de>, E> {
                Ok(Key(Cow::Owned(key.to_owned())))
            }
        }
        json.deserialize_str(Text)
    }
}

/// What a JSON value is to a column.
pub(super) enum Json<'a> {
    Null,
    /// A string; a column of any type but BOOLEAN may read it.
    Text(Cow<'a, str>),
    /// `true` or `false`.
    Bool(&'a str),
    /// A number as written.
    Number(&'a str),
    /// An object or array: a column of JSON reads the text as it is, one of an array the elements.
    Nested(&'a str),
}

impl<'a> Json<'a> {
    pub(super) fn of(value: &'a RawValue) -> Json<'a> {
        let text = value.get();
        match text.as_bytes().first() {
            Some(b'"') => match serde_json::from_str::<Key<'a>>(text) {
                Ok(Key(text)) => Json::Text(text),
                // Not reached: the text has been read as JSON before.
                Err(_) => Json::Nested(text),
            },
            Some(b't' | b'f') => Json::Bool(text),
            Some(b'n') => Json::Null,
            Some(b'{' | b'[') => Json::Nested(text),
            _ => Json::Number(text),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> Result<Vec<String>, String> {
        let names = ["a".to_string(), "b".to_string()];
        let values = read_object(line, &names).map_err(|e| e.to_string())?;
        Ok(values
            .into_iter()
            .map(|v| match v.map(Json::of) {
                None => "missing".into(),
                Some(Json::Null) => "null".into(),
                Some(Json::Text(t)) => format!("text {t}"),
                Some(Json::Bool(t)) => format!("bool {t}"),
                Some(Json::Number(t)) => format!("number {t}"),
                Some(Json::Nested(t)) => format!("nested {t}"),
            })
            .collect())
    }

    #[test]
    fn objects() {
        for (line, expected) in [
            (r#"{"a": 1, "b": "x\n"}"#, ["number 1", "text x\n"]),
            (r#"{"B": null, "c": [1, {"a": 2}], "\u0061": 0.10}"#, ["number 0.10", "null"]),
            (r#" {"a": true, "b": {"c": 1}} "#, ["bool true", r#"nested {"c": 1}"#]),
            ("{}", ["missing", "missing"]),
            (
                r#"{"a": 123456789012345678901234567890}"#,
                ["number 123456789012345678901234567890", "missing"],
            ),
        ] {
            assert_eq!(read(line).unwrap(), expected, "{line}");
        }
    }

    #[test]
    fn no_objects() {
        for (line, expected) in [
            ("", "EOF while parsing"),
            ("[1]", "expected a JSON object"),
            ("{\"a\": 1", "EOF while parsing"),
            ("{\"a\": 1} x", "trailing characters"),
            ("{\"a\": 1, \"A\": 2}", "there twice"),
            ("{\"a\": nul}", "expected"),
        ] {
            let error = read(line).unwrap_err();
            assert!(error.contains(expected), "{line}: {error}");
        }
        // Deep nesting is skipped without recursion.
        let deep = format!("{{\"c\": {}1{}}}", "[".repeat(100_000), "]".repeat(100_000));
        assert_eq!(read(&deep).unwrap(), ["missing", "missing"]);
        assert!(read(&deep.replace(']', "")).is_err());
    }
}
