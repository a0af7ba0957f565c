//! What the word before the cursor could become: names of the session, functions, keywords, dot commands.

use super::shell::DOT_COMMANDS;
use laminar::adhoc::{RelationInfo, Session};

/// Words that begin or join clauses.
const KEYWORDS: &[&str] = &[
    "ALLOW LATENESS",
    "AND",
    "AS",
    "BETWEEN",
    "CASE",
    "CAST",
    "CREATE",
    "DELETE FROM",
    "DROP",
    "ELSE",
    "EMIT CHANGES",
    "EMIT FINAL",
    "EMIT ON UPDATE",
    "EMIT ON WINDOW CLOSE",
    "END",
    "EXPLAIN",
    "FILTER",
    "FROM",
    "GROUP BY",
    "HAVING",
    "IN",
    "INSERT INTO",
    "INTERVAL",
    "IS NOT NULL",
    "IS NULL",
    "LIKE",
    "LIMIT",
    "MATERIALIZED VIEW",
    "NOT",
    "NOT NULL",
    "OR",
    "ORDER BY",
    "PRIMARY KEY",
    "SELECT",
    "SET",
    "SOURCE",
    "STREAM",
    "TABLE",
    "THEN",
    "UNION ALL",
    "UPDATE",
    "VALUES",
    "VIEW",
    "WATERMARK FOR",
    "WHEN",
    "WHERE",
    "WITH",
];

/// What a session can be asked by name.
#[derive(Debug, Default)]
pub struct Names {
    relations: Vec<RelationInfo>,
    functions: Vec<&'static str>,
}

impl Names {
    /// The names of a session as it is now.
    pub fn of(session: &Session) -> Names {
        let mut functions = laminar_codegen::functions::names();
        functions.extend(["avg", "count", "max", "min", "sum", "coalesce", "tumble"]);
        functions.sort_unstable();
        functions.dedup();
        Names { relations: session.relations(), functions }
    }

    /// Where the word before the cursor begins, and what it could be: names first, then functions, then keywords.
    pub fn complete(&self, line: &str, cursor: usize) -> (usize, Vec<String>) {
        let before = &line[..cursor];
        if let Some(dot) = before.trim_start().strip_prefix('.')
            && !dot.contains(char::is_whitespace)
        {
            let start = cursor - dot.len() - 1;
            let all = DOT_COMMANDS.iter().map(|(name, ..)| name.to_string());
            return (start, all.filter(|name| name.starts_with(&before[start..])).collect());
        }
        let word = |c: char| c.is_alphanumeric() || c == '_';
        let start = before
            .rfind(|c: char| !word(c))
            .map_or(0, |i| i + before[i..].chars().next().map_or(1, char::len_utf8));
        let prefix = &before[start..];
        let fits = |name: &str| {
            name.len() >= prefix.len()
                && name.is_char_boundary(prefix.len())
                && name[..prefix.len()].eq_ignore_ascii_case(prefix)
        };
        let mut found: Vec<String> = Vec::new();
        // Behind `t.` only the columns of `t`.
        if let Some(table) = before[..start].strip_suffix('.') {
            let table = &table[table.rfind(|c: char| !word(c)).map_or(0, |i| i + 1)..];
            let of = self.relations.iter().filter(|r| r.name.eq_ignore_ascii_case(table));
            found.extend(of.flat_map(|r| &r.columns).filter(|c| fits(&c.name)).map(|c| c.name.to_string()));
            return (start, found);
        }
        let last_word = before[..start].split_whitespace().next_back().unwrap_or("").to_ascii_uppercase();
        let wants_relation = matches!(
            &*last_word,
            "FROM" | "INTO" | "TABLE" | "VIEW" | "SOURCE" | "UPDATE" | "JOIN" | ".SCHEMA"
        );
        found.extend(self.relations.iter().filter(|r| fits(&r.name)).map(|r| r.name.clone()));
        if !wants_relation && !prefix.is_empty() {
            let columns = self.relations.iter().flat_map(|r| &r.columns);
            found.extend(columns.filter(|c| fits(&c.name)).map(|c| c.name.to_string()));
            found.extend(self.functions.iter().filter(|f| fits(f)).map(|f| format!("{f}(")));
            // As the word was begun.
            let lower = prefix.starts_with(|c: char| c.is_lowercase());
            let keywords = KEYWORDS.iter().filter(|k| fits(k));
            found.extend(keywords.map(|k| if lower { k.to_ascii_lowercase() } else { k.to_string() }));
        }
        let mut seen = std::collections::HashSet::new();
        found.retain(|f| seen.insert(f.clone()));
        (start, found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words() {
        let mut session = Session::new();
        session
            .execute("CREATE TABLE trades (symbol VARCHAR, price DOUBLE); CREATE TABLE totals (n BIGINT)")
            .unwrap();
        let names = Names::of(&session);
        for (line, start, expected) in [
            ("SELECT pric", 7, &["price"][..]),
            ("SELECT t.x FROM tr", 16, &["trades"]),
            ("INSERT INTO t", 12, &["trades", "totals"]),
            ("SELECT * FROM ", 14, &["trades", "totals"]),
            ("SELECT trades.", 14, &["symbol", "price"]),
            ("SELECT count_c", 7, &["count_char("]),
            ("selec", 0, &["select"]),
            ("SELEC", 0, &["SELECT"]),
            (".sch", 0, &[".schema"]),
            (".schema tot", 8, &["totals"]),
            ("SELECT zzz", 7, &[]),
            ("SELECT ü", 7, &[]),
        ] {
            let (at, found) = names.complete(line, line.len());
            assert_eq!(
                (at, found.iter().map(String::as_str).collect::<Vec<_>>().as_slice()),
                (start, expected),
                "{line}"
            );
        }
    }
}
