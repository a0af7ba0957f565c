//! Spans of expressions.

use super::*;

/// Every expression of the list is the whole span of its item.
#[test]
fn spans_cover_whole_expressions() {
    let items = [
        "a",
        "t.a",
        "\"t\".\"A b\"",
        "1.5",
        "'it''s'",
        "-a",
        "- (a)",
        "NOT a",
        "- - a",
        "(a)",
        "((a + b))",
        "a + b * (c - d)",
        "(a + b) * c",
        "a = b AND NOT (c OR d)",
        "CAST(a AS BIGINT)",
        "CAST((a + 1) AS DECIMAL(10, 2)) + 1",
        "TRY_CAST(a AS INT)",
        "a::BIGINT",
        "a::DECIMAL(10, 2)",
        "a::DOUBLE PRECISION",
        "a::TIMESTAMP WITH TIME ZONE",
        "-a::INT",
        "(a + b)::INT::TEXT",
        "count(*)",
        "count(DISTINCT a)",
        "f()",
        "f(a, g(b))",
        "s.f(a)",
        "sum(a) FILTER (WHERE b > 1)",
        "sum(a) FILTER (WHERE b > 1) OVER (PARTITION BY c ORDER BY d)",
        "lag(a) IGNORE NULLS OVER w",
        "row_number() OVER (ORDER BY a) + 1",
        "CASE WHEN a THEN b ELSE c END",
        "CASE a WHEN 1 THEN (2) END",
        "a IS NULL",
        "a IS NOT NULL",
        "(a) IS NOT TRUE",
        "a IS UNKNOWN",
        "a NOTNULL",
        "a IS DISTINCT FROM (b)",
        "a BETWEEN 1 AND (2)",
        "a NOT BETWEEN b AND c",
        "a IN (1, 2)",
        "a NOT IN (1, (2))",
        "a IN (SELECT x FROM u)",
        "a = ANY (SELECT x FROM u)",
        "a LIKE 'x%'",
        "a NOT LIKE b ESCAPE '!'",
        "(SELECT max(x) FROM u)",
        "EXISTS (SELECT 1 FROM u)",
        "NOT EXISTS (SELECT 1 FROM u)",
        "INTERVAL '5' SECOND",
        "ARRAY[]",
        "ARRAY [ ] || a",
        "ARRAY[]::BIGINT[]",
        "f(ARRAY[])",
        "INTERVAL '1 day 2 hours'",
        "a + INTERVAL '1' HOUR",
        "TIMESTAMP '2024-01-01 00:00:00'",
        "TIMESTAMP WITH TIME ZONE '2024-01-01'",
        "EXTRACT(HOUR FROM ts)",
        "EXTRACT(HOUR FROM (ts))",
        "SUBSTRING(s FROM 1 FOR 2)",
        "TRIM(BOTH ' ' FROM s)",
        "TRIM(s)",
        "POSITION('a' IN s)",
        "CEIL(a)",
        "FLOOR(a + (b))",
        "ts AT TIME ZONE 'UTC'",
        "(a, b)",
        "a || 'é' || b",
        "coalesce(a, -1)",
        "current_timestamp",
        "$1 + 1",
    ];
    for item in items {
        for (before, after) in
            [("", ""), ("x, ", ", y"), ("(x), 'äö€', ", "\n, (y)"), ("f(x),\n\t", " AS \"ö\"")]
        {
            let sql = format!("SELECT {before}{item}{after} FROM t");
            let (q, text) = query(&sql);
            let SetExpr::Select(select) = &*q.body.body else { panic!("{sql}") };
            let found: Vec<&str> = select
                .projection
                .iter()
                .map(|item| match item {
                    SelectItem::UnnamedExpr(e) | SelectItem::ExprWithAlias { expr: e, .. } => {
                        text.text(text.expr_span(e))
                    }
                    other => panic!("{other}"),
                })
                .collect();
            assert!(found.contains(&item), "{sql}: {found:?}");
        }
    }
}
