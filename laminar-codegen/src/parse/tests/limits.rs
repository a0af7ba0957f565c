//! Texts beyond the limits.

use super::*;

/// Runs on a thread with the default 2 MiB, where each of these would overflow without the limits.
#[test]
fn deep_and_long_texts() {
    let nested = |before: &str, inner: &str, after: &str, n: usize| {
        format!("SELECT {}{inner}{}", before.repeat(n), after.repeat(n))
    };
    let wraps = [
        ("(", "a", ")"),
        ("NOT ", "a", ""),
        ("- ", "a", ""),
        ("CASE WHEN a THEN ", "1", " END"),
        ("f(", "a", ")"),
        ("CAST(", "a", " AS INT)"),
        ("(SELECT ", "1", ")"),
        ("a IN (", "1", ")"),
        ("EXISTS (SELECT 1 WHERE ", "a", ")"),
        ("1 FROM (SELECT ", "1 ", ") x"),
        ("a OR b AND NOT c = d + e * -(", "a", ")"),
        ("INTERVAL ", "'1'", ""),
        ("* FROM (((", "t", ")))"),
    ];
    for (before, inner, after) in wraps {
        for n in [30, 64, 127] {
            let sql = nested(before, inner, after, n);
            let (_, diagnostics) = parse_script(&sql);
            assert!(diagnostics.iter().all(|d| matches!(d.code, code::TOO_DEEP | code::SYNTAX)), "{before}");
        }
        for n in [130, 10_000] {
            let found = mistakes(&nested(before, inner, after, n));
            assert_eq!(found.len(), 1, "{before} {n}");
            assert_eq!(found[0].0, "L0104", "{before} {n}: {}", found[0].2);
        }
    }
    let chains =
        [" + a", " OR a", " AND NOT a", "::INT", " IS NULL", " = a", " || a", " AT TIME ZONE 'x'", " LIKE a"];
    for link in chains.into_iter().chain([" UNION ALL SELECT a"]) {
        query(&format!("SELECT a{}", link.repeat(450)));
        let found = mistakes(&format!("SELECT a{}", link.repeat(20_000)));
        assert_eq!((found.len(), found[0].0), (1, "L0104"), "{link}");
    }
    // Long is not deep.
    query(&format!("SELECT a FROM t WHERE a IN ({}1)", "1, ".repeat(20_000)));
    query(&format!("SELECT {}a FROM t", "a + b, ".repeat(20_000)));
    query(&format!("SELECT CASE {} END", "WHEN a + 1 THEN b ".repeat(2000)));
    let found = mistakes(&format!("SELECT '{}'", "x".repeat(TEXT_BYTES_MAX)));
    assert_eq!(found[0].0, "L0104");
}
