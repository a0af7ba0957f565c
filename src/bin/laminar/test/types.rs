//! The lists of types that a `foreach` of DuckDB's files may name.

const SIGNED: &[&str] = &["TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT"];
const UNSIGNED: &[&str] = &["UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT", "UHUGEINT"];
const FLOATS: &[&str] = &["FLOAT", "DOUBLE"];
const OTHERS: &[&str] = &["BOOL", "INTERVAL", "VARCHAR"];

/// The values of a `foreach`: `<signed>` and the like as their types, without those that stand behind `!`.
pub fn expanded<'a>(words: impl Iterator<Item = &'a str>) -> Vec<String> {
    let (mut values, mut without) = (Vec::new(), Vec::new());
    for word in words {
        let lists: &[&[&str]] = match word.to_ascii_lowercase().as_str() {
            "<signed>" => &[SIGNED],
            "<unsigned>" => &[UNSIGNED],
            "<integral>" => &[SIGNED, UNSIGNED],
            "<numeric>" => &[SIGNED, UNSIGNED, FLOATS],
            "<alltypes>" => &[SIGNED, UNSIGNED, FLOATS, OTHERS],
            _ => match word.strip_prefix('!') {
                Some(not) => {
                    without.push(not);
                    continue;
                }
                None => &[&[word]],
            },
        };
        values.extend(lists.concat().into_iter().map(str::to_string));
    }
    values.retain(|value| !without.iter().any(|not| not.eq_ignore_ascii_case(value)));
    values
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_and_exceptions() {
        let check = |text: &str, expected: &[&str]| assert_eq!(expanded(text.split(' ')), expected, "{text}");
        check("a b c", &["a", "b", "c"]);
        check("<signed> !hugeint", &["TINYINT", "SMALLINT", "INTEGER", "BIGINT"]);
        check("<numeric> !TINYINT !<none> x", &[&SIGNED[1..], UNSIGNED, FLOATS, &["x"]].concat());
        check("<integral>", &[SIGNED, UNSIGNED].concat());
        assert_eq!(expanded("<ALLTYPES>".split(' ')).len(), 15);
    }
}
