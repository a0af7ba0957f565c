//! Suggested edits: each, applied, removes its diagnostic.

use super::{page, session};
use laminar_codegen::diagnostic::code::ALL;

/// Mistakes beside those of the pages, one for each place where the compiler suggests an edit.
const MISTAKES: &[&str] = &[
    "SELECT t.prise FROM trades AS t",
    "SELECT trades.price FROM trades AS t",
    "SELECT price FROM trads",
    "WITH recent AS (SELECT price FROM trades) SELECT price FROM resent",
    "SELECT uper(symbol) FROM trades",
    "SELECT EXTRACT(yaer FROM ts) FROM trades",
    "SELECT date_trunc('huor', ts) FROM trades",
    "SELECT CAST(price AS BIGIT) FROM trades",
    "SELECT symbol, COUNT(*) AS n FROM trades GROUP BY symbol EMIT CHANGS",
    "CREATE STREM s AS SELECT price FROM trades",
    "SELEC price FROM trades",
    "SELECT price FROM trades WERE price > 1",
    "SELECT price, FROM trades",
    "SELECT price,, volume FROM trades",
    "SELECT price volume symbol FROM trades",
    "SELECT symbol 'a' 'b' FROM trades",
    "CREATE TABLE t (a BIGINT b BIGINT)",
    "SELECT (price FROM trades",
    "SELECT price) FROM trades",
    "SELECT upper(symbol FROM trades",
    "SELECT price FROM trades WHERE (volume > 1",
    "SELECT `price` FROM `trades`",
    "SELECT price FROM trades WHERE volume == 1 AND price == 2",
    "SELECT end FROM trades",
    "CREATE TABLE group (a BIGINT)",
    "SELECT symbol, COUNT(*) AS n FROM trades GROUP symbol",
    "SELECT price FROM trades WHERE symbol = \"it's\"",
    "SELECT price FROM trades WHERE ts > now_ - INTERVAL 5 MINUTE",
    "INSERT INTO quotes (symbol, bidd) VALUES ('A', 1)",
    "DROP TABLE trads",
    "CREATE SOURCE s (a BIGINT) WITH (connector = 'flie', path = 'x')",
    "CREATE SOURCE s (a BIGINT) WITH (connector = 'file', path = 'x', formatt = 'csv')",
    "CREATE SOURCE s (prise BIGINT) WITH (connector = 'nexmark', table = 'bid')",
    "CREATE TABLE t (a BIGINT, ts TIMESTAMP, WATERMARK FOR tss AS tss)",
    "SELECT price FROM trades WHERE NULL <> note",
    "SELECT price FROM trades WHERE symbol NOT LIKE 'it''s'",
    "SELECT price FROM trades WHERE volume NOT BETWEEN 3 AND -2",
];

#[test]
fn every_suggestion_applied_removes_its_diagnostic() {
    let pages = ALL.iter().map(|(code, _)| page::Page::of(code.0)).filter(|p| p.kind == page::Kind::Sql);
    let texts: Vec<String> = pages.map(|p| p.bad).chain(MISTAKES.iter().map(|m| m.to_string())).collect();
    let (mut applied, mut wrong) = (0, Vec::new());
    for sql in &texts {
        for d in session::diagnostics(sql) {
            let Some(suggestion) = &d.suggestion else {
                let said =
                    d.label.contains("did you mean") || d.help.iter().any(|h| h.contains("did you mean"));
                assert!(!said, "{sql}\n{d:?}");
                continue;
            };
            applied += 1;
            let mended = suggestion.apply(sql);
            let left = session::diagnostics(&mended);
            // Other mistakes of the text may move; this one is gone.
            if left.iter().any(|other| {
                other.code == d.code && other.message == d.message && other.span.start <= d.span.start
            }) {
                wrong.push(format!("{sql}\n{mended}\n{left:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
    assert!(applied >= 40, "{applied} suggestions");
}

#[test]
fn every_mistake_of_the_list_has_a_suggestion() {
    for sql in MISTAKES {
        let told = session::diagnostics(sql);
        assert!(told.iter().any(|d| d.suggestion.is_some()), "{sql}\n{told:?}");
    }
}
