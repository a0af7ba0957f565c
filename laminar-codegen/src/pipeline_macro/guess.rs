//! What a query with an error would give to its sink, as far as its words tell: so that a sink which fits the query's output is
//! no second error.
//!
//! Not here: the truth, which the plan of a query without errors knows (`plan::properties`).

use proc_macro2::{Ident, TokenStream};
use quote::quote;

/// What a sink takes, most likely.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Guess {
    /// The row.
    #[default]
    Row,
    /// `Change` of the row.
    Change,
    /// `Upsert` of the row.
    Upsert,
}

/// Words that begin a window in GROUP BY, or name its bounds.
const WINDOWS: &[&str] = &["TUMBLE", "HOP", "SESSION", "CUMULATE", "WINDOW_START", "WINDOW_END"];
/// Words of queries whose results change as rows come.
const UPDATING: &[&str] = &["GROUP", "DISTINCT", "COUNT", "SUM", "AVG", "MIN", "MAX"];

impl Guess {
    /// By the words of the query outside quotes.
    pub fn of(sql: &str) -> Guess {
        let words = words(sql);
        let has = |of: &[&str]| words.iter().any(|w| of.contains(&w.as_str()));
        let emit = words.iter().rposition(|w| w == "EMIT").map(|i| &words[i + 1..]);
        match emit {
            Some([first, ..]) if first == "CHANGES" => Guess::Change,
            Some([first, ..]) if first == "EVERY" => Guess::Upsert,
            Some([first, second, ..]) if first == "ON" && second == "UPDATE" => Guess::Upsert,
            Some(_) => Guess::Row,
            None if has(UPDATING) && !has(WINDOWS) => Guess::Change,
            None => Guess::Row,
        }
    }

    /// The type that a sink takes.
    pub fn item(self, row: &Ident, rt: &TokenStream) -> TokenStream {
        match self {
            Guess::Row => quote!(#row),
            Guess::Change => quote!(#rt::Change<#row>),
            Guess::Upsert => quote!(#rt::Upsert<#row>),
        }
    }
}

fn words(sql: &str) -> Vec<String> {
    let unquoted = sql.split('\'').step_by(2);
    unquoted
        .flat_map(|text| text.split(|c: char| !c.is_alphanumeric() && c != '_'))
        .filter(|w| !w.is_empty())
        .map(str::to_ascii_uppercase)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_emit_or_by_groups() {
        for (sql, guess) in [
            ("SELECT a FROM t", Guess::Row),
            ("SELECT 'group by' FROM t", Guess::Row),
            ("SELECT k, sum(v) FROM t group by k", Guess::Change),
            ("SELECT DISTINCT k FROM t", Guess::Change),
            ("SELECT COUNT(*) FROM t GROUP BY TUMBLE(ts, INTERVAL '1' DAY)", Guess::Row),
            ("SELECT COUNT(*) FROM t GROUP BY TUMBLE(ts, INTERVAL '1' DAY) EMIT CHANGES", Guess::Change),
            ("SELECT k, COUNT(*) FROM t GROUP BY k EMIT FINAL", Guess::Row),
            ("SELECT k, COUNT(*) FROM t GROUP BY k EMIT ON UPDATE STATE TTL INTERVAL '1' DAY", Guess::Upsert),
            ("SELECT k, COUNT(*) FROM t GROUP BY k EMIT", Guess::Row),
        ] {
            assert_eq!(Guess::of(sql), guess, "{sql}");
        }
    }
}
