//! Texts damaged at random: nothing panics, and every place lies in the text.

use super::*;
use crate::diagnostic::{Literal, Origin, render};
use proptest::prelude::*;
use sqlparser::ast::{SelectItem, SetExpr};

const TEXTS: [&str; 9] = [
    "SELECT symbol, window_start, SUM(price * volume) / SUM(volume) AS vwap, COUNT(*) AS n FROM Trade GROUP BY symbol, TUMBLE(ts, INTERVAL '1' MINUTE) EMIT ON WINDOW CLOSE",
    "CREATE SOURCE bid (auction BIGINT NOT NULL, price DECIMAL(10, 2), ts TIMESTAMP WITH TIME ZONE, WATERMARK FOR ts AS ts - INTERVAL '5' SECOND) WITH (a = 'b', c.d = 5);",
    "SELECT a.x::INT, CAST(b AS DECIMAL(10,2)), CASE WHEN a THEN 'ä€' ELSE NULL END FROM (SELECT * FROM t WHERE x IN (1, 2)) a LEFT JOIN b ON a.k = b.k EMIT CHANGES ALLOW UNBOUNDED STATE",
    "INSERT INTO t (a, b) VALUES (1, 'it''s'), (-2, NULL); DROP VIEW IF EXISTS v; EXPLAIN RUST SELECT 1",
    "SELECT lag(a) IGNORE NULLS OVER (PARTITION BY k ORDER BY ts RANGE BETWEEN INTERVAL '1 hour' PRECEDING AND CURRENT ROW) FROM t QUALIFY rn <= 3 LATE DATA TO x",
    "WITH w AS (SELECT * FROM TUMBLE(TABLE trades, DESCRIPTOR(ts), INTERVAL '10' SECOND)) SELECT \"A\" FROM w /* c */ -- d\nUNION ALL (SELECT EXTRACT(HOUR FROM ts) FROM events::Trade)",
    "CREATE MATERIALIZED VIEW v WITH (ttl = '5s') AS SELECT DISTINCT a, sum(b) FILTER (WHERE c) FROM t GROUP BY 1 HAVING count(*) > 1 STATE TTL INTERVAL '1' DAY",
    "SELECT TRIM(BOTH ' ' FROM s), SUBSTRING(s FROM 1 FOR 2), POSITION('a' IN s), s LIKE 'x!%' ESCAPE '!', NOT EXISTS (SELECT 1), a NOT BETWEEN 1 AND 2, ts AT TIME ZONE 'UTC'",
    "' \" ` $ $$ /* */ -- ; ( ) [ ] { } :: . , E' U& X'' 1e5 1.5.5 0x1F € \u{0} \t \r\n ? ! @ # % ^ & | ~ \\ <> >= := => ->> B'1' N'x' q'[x]'",
];

/// A word or a sign of one of the texts, or any character.
fn piece() -> impl Strategy<Value = String> {
    let words: Vec<String> =
        TEXTS.iter().flat_map(|t| t.split_inclusive([' ', '(', ')', ','])).map(String::from).collect();
    prop_oneof![3 => prop::sample::select(words), 1 => any::<char>().prop_map(String::from)]
}

/// What must hold for any text: no panic, and every place lies in the text.
fn check(sql: &str) {
    let (script, diagnostics) = parse_script(sql);
    let literal = Literal::new(&format!("{sql:?}"), 10, 5).expect("debug text is a literal");
    for d in &diagnostics {
        assert!(d.span.start <= d.span.end && d.span.end <= sql.len(), "{sql}: {d:?}");
        assert!(sql.is_char_boundary(d.span.start) && sql.is_char_boundary(d.span.end), "{sql}: {d:?}");
        assert!(!d.message.is_empty(), "{sql}");
        let plain = render(d, &Origin::Query, sql);
        assert!(plain.starts_with(d.code.0), "{plain}");
        render(d, &Origin::Literal { path: "a.rs".into(), literal: literal.clone() }, sql);
    }
    for s in &script.statements {
        assert!(!script.text.text(s.span()).is_empty(), "{sql}");
        if let Statement::Query(q) = s
            && let SetExpr::Select(select) = &*q.body.body
        {
            for item in &select.projection {
                if let SelectItem::UnnamedExpr(e) | SelectItem::ExprWithAlias { expr: e, .. } = item {
                    assert!(!script.text.text(script.text.expr_span(e)).is_empty(), "{sql}: {e}");
                }
            }
            if let Some(e) = &select.selection {
                assert!(!script.text.text(script.text.expr_span(e)).is_empty(), "{sql}: {e}");
            }
        }
    }
    // A text has statements or mistakes, unless it is empty.
    let tokens = !script.text.tokens().iter().all(|t| t.token == Token::SemiColon);
    assert!(!script.statements.is_empty() || !diagnostics.is_empty() || !tokens, "{sql}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, ..ProptestConfig::default() })]

    #[test]
    fn pieces_never_panic(pieces in prop::collection::vec(piece(), 0..40)) {
        check(&pieces.concat());
    }

    #[test]
    fn edits_never_panic(
        text in prop::sample::select(TEXTS.to_vec()),
        edits in prop::collection::vec((any::<prop::sample::Index>(), 0..12usize, piece()), 1..5),
    ) {
        let mut chars: Vec<char> = text.chars().collect();
        for (at, remove, insert) in edits {
            let at = at.index(chars.len() + 1);
            let end = (at + remove).min(chars.len());
            chars.splice(at..end, insert.chars());
        }
        check(&chars.into_iter().collect::<String>());
    }

    #[test]
    fn any_text_never_panics(text in any::<String>()) {
        check(&text);
    }
}

#[test]
fn the_texts_themselves() {
    for text in TEXTS {
        check(text);
    }
}
