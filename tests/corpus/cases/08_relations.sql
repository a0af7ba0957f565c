CREATE STREAM where_drops_null AS
SELECT id, i0 FROM t WHERE i0 > 0;

CREATE STREAM where_not_drops_null AS
SELECT id, i0 FROM t WHERE NOT (i0 > 0);

CREATE STREAM where_column AS
SELECT id, b0 FROM t WHERE b0;

CREATE STREAM where_null_is_nothing AS
SELECT id FROM t WHERE i0 = NULL;

CREATE STREAM where_literals AS
SELECT id FROM t WHERE TRUE AND NOT FALSE;

CREATE STREAM where_of_everything AS
SELECT id FROM t WHERE (i > 0 OR n0 < 0 AND s LIKE '%a%') AND (x < 20 OR x0 IS NULL) AND NOT (b AND b0) AND s <> 'apple';

CREATE STREAM where_on_computed AS
SELECT id, i * i + n AS k FROM t WHERE i * i + n > 40 AND i * i + n < 900;

CREATE STREAM subquery_in_from AS
SELECT id, k FROM (SELECT id, i + 1 AS k, n FROM t WHERE b) AS q WHERE k > n;

CREATE STREAM subquery_of_subquery AS
SELECT a + 1 AS a, z FROM (SELECT q.k * 2 AS a, q.z FROM (SELECT i AS k, s0 AS z FROM t WHERE i > 0) AS q WHERE q.k < 5) AS r WHERE a <> 4;

CREATE STREAM subquery_with_star AS
SELECT q.*, q.i + 1 AS next FROM (SELECT id, i, s FROM t) AS q WHERE q.i IS NOT NULL;

CREATE STREAM subquery_with_column_names AS
SELECT k, w FROM (SELECT id, i FROM t) AS q (k, w) WHERE w > 2;
-- sqlite: SELECT id, i FROM t WHERE i > 2

CREATE STREAM cte AS
WITH big AS (SELECT id, n FROM t WHERE n > 0) SELECT id, n * 2 AS twice FROM big WHERE id < 60;

CREATE STREAM cte_of_cte AS
WITH a AS (SELECT id, i, i0 FROM t WHERE b), c AS (SELECT id, i + coalesce(i0, 0) AS k FROM a) SELECT id, k FROM c WHERE k <> 0;

CREATE STREAM cte_with_column_names AS
WITH q (k, v) AS (SELECT id, s FROM u) SELECT v, k FROM q WHERE v > 'b';

CREATE STREAM cte_hides_a_source AS
WITH t AS (SELECT id, i FROM u) SELECT id, i FROM t;

CREATE STREAM cte_used_twice AS
WITH q AS (SELECT id, i FROM t WHERE i > 0) SELECT id, i FROM q UNION ALL SELECT id, -i AS i FROM q WHERE i > 3;

CREATE STREAM cte_unused AS
WITH never AS (SELECT id FROM u) SELECT id FROM t WHERE i = 1;

CREATE STREAM union_all AS
SELECT id, i, s0 FROM t UNION ALL SELECT id, i, s0 FROM u;

CREATE STREAM union_all_of_three AS
SELECT id, n FROM t UNION ALL SELECT id, n FROM u UNION ALL SELECT id, n FROM e;

CREATE STREAM union_all_with_duplicates AS
SELECT i FROM t WHERE i > 2 UNION ALL SELECT i FROM t WHERE i > 4;

CREATE STREAM union_all_of_mixed_types AS
SELECT id, i AS k, x0 AS y FROM t UNION ALL SELECT id, n, d0 AS y FROM u;
-- sqlite: SELECT id, i, x0 FROM t UNION ALL SELECT id, n, d0 / 100.0 FROM u

CREATE STREAM union_all_with_null_column AS
SELECT id, s, NULL AS note FROM t UNION ALL SELECT id, NULL, s0 FROM u;

CREATE STREAM union_all_nullable_and_not AS
SELECT id, i AS k FROM t UNION ALL SELECT id, i0 FROM u;

CREATE STREAM union_all_below_where AS
SELECT id, k FROM (SELECT id, i AS k, s FROM t WHERE b UNION ALL SELECT id, n AS k, s FROM u WHERE n > 0) AS q WHERE k > 0 AND s < 'n';

CREATE STREAM union_all_of_the_same_source AS
SELECT id, 'low' AS w FROM t WHERE i < 0 UNION ALL SELECT id, 'high' AS w FROM t WHERE i >= 0;

CREATE STREAM values_with_quotes AS
SELECT id, "i" AS "Upper_Case", i0 AS "select" FROM t WHERE "s" <> '';

CREATE STREAM computed_then_filtered_then_computed AS
SELECT id, q + 1 AS r FROM (SELECT id, CASE WHEN i <> 0 THEN n / i END AS q, i FROM t) AS a WHERE q IS NOT NULL AND q % 2 = 0 AND i <> 0 AND q / i < 100;

CREATE STREAM filter_keeps_errors_from_the_next AS
SELECT id, 100 / i AS q FROM (SELECT id, i FROM t WHERE i <> 0) AS a WHERE 100 / i > 20;

CREATE STREAM cte_shadows_cte AS
WITH q AS (SELECT id, i FROM t), r AS (WITH q AS (SELECT id, n AS i FROM u) SELECT id, i FROM q)
SELECT id, i FROM q WHERE i > 3 UNION ALL SELECT id, i FROM r WHERE i > 3;
