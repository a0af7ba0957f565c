//! A name as a query writes it.

use sqlparser::keywords::{ALL_KEYWORDS, ALL_KEYWORDS_INDEX};

/// `name` in double quotes where it needs them: where it is no plain name, or is a reserved word. Capitals need none, because
/// unquoted names match in any case.
pub fn written(name: &str) -> String {
    let first = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    let plain = first && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    let upper = name.to_ascii_uppercase();
    let keyword = ALL_KEYWORDS.binary_search(&upper.as_str()).ok().map(|i| ALL_KEYWORDS_INDEX[i]);
    match plain && !keyword.is_some_and(super::statement::is_reserved) {
        true => name.to_string(),
        false => format!("\"{}\"", name.replace('"', "\"\"")),
    }
}

#[cfg(test)]
mod tests {
    use super::written;

    #[test]
    fn quotes_where_they_are_needed() {
        for (name, expected) in [
            ("price", "price"),
            ("Trade_2", "Trade_2"),
            ("order", "\"order\""),
            ("2nd", "\"2nd\""),
            ("a b", "\"a b\""),
            ("say \"hi\"", "\"say \"\"hi\"\"\""),
            ("", "\"\""),
        ] {
            assert_eq!(written(name), expected);
        }
    }
}
