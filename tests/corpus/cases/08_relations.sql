-- case: where_drops_null
SELECT id, i0 FROM t WHERE i0 > 0

-- case: where_not_drops_null
SELECT id, i0 FROM t WHERE NOT (i0 > 0)

-- case: where_column
SELECT id, b0 FROM t WHERE b0

-- case: where_null_is_nothing
SELECT id FROM t WHERE i0 = NULL

-- case: where_literals
SELECT id FROM t WHERE TRUE AND NOT FALSE

-- case: where_of_everything
SELECT id FROM t WHERE (i > 0 OR n0 < 0 AND s LIKE '%a%') AND (x < 20 OR x0 IS NULL) AND NOT (b AND b0) AND s <> 'apple'

-- case: where_on_computed
SELECT id, i * i + n AS k FROM t WHERE i * i + n > 40 AND i * i + n < 900

-- case: subquery_in_from
SELECT id, k FROM (SELECT id, i + 1 AS k, n FROM t WHERE b) AS q WHERE k > n

-- case: subquery_of_subquery
SELECT a + 1 AS a, z FROM (SELECT q.k * 2 AS a, q.z FROM (SELECT i AS k, s0 AS z FROM t WHERE i > 0) AS q WHERE q.k < 5) AS r WHERE a <> 4

-- case: subquery_with_star
SELECT q.*, q.i + 1 AS next FROM (SELECT id, i, s FROM t) AS q WHERE q.i IS NOT NULL

-- case: subquery_with_column_names
SELECT k, w FROM (SELECT id, i FROM t) AS q (k, w) WHERE w > 2
-- sqlite:
SELECT id, i FROM t WHERE i > 2

-- case: cte
WITH big AS (SELECT id, n FROM t WHERE n > 0) SELECT id, n * 2 AS twice FROM big WHERE id < 60

-- case: cte_of_cte
WITH a AS (SELECT id, i, i0 FROM t WHERE b), c AS (SELECT id, i + coalesce(i0, 0) AS k FROM a) SELECT id, k FROM c WHERE k <> 0

-- case: cte_with_column_names
WITH q (k, v) AS (SELECT id, s FROM u) SELECT v, k FROM q WHERE v > 'b'

-- case: cte_hides_a_source
WITH t AS (SELECT id, i FROM u) SELECT id, i FROM t

-- case: cte_used_twice
WITH q AS (SELECT id, i FROM t WHERE i > 0) SELECT id, i FROM q UNION ALL SELECT id, -i AS i FROM q WHERE i > 3

-- case: cte_unused
WITH never AS (SELECT id FROM u) SELECT id FROM t WHERE i = 1

-- case: union_all
SELECT id, i, s0 FROM t UNION ALL SELECT id, i, s0 FROM u

-- case: union_all_of_three
SELECT id, n FROM t UNION ALL SELECT id, n FROM u UNION ALL SELECT id, n FROM e

-- case: union_all_with_duplicates
SELECT i FROM t WHERE i > 2 UNION ALL SELECT i FROM t WHERE i > 4

-- case: union_all_of_mixed_types
SELECT id, i AS k, x0 AS y FROM t UNION ALL SELECT id, n, d0 AS y FROM u
-- sqlite:
SELECT id, i, x0 FROM t UNION ALL SELECT id, n, d0 / 100.0 FROM u

-- case: union_all_with_null_column
SELECT id, s, NULL AS note FROM t UNION ALL SELECT id, NULL, s0 FROM u

-- case: union_all_nullable_and_not
SELECT id, i AS k FROM t UNION ALL SELECT id, i0 FROM u

-- case: union_all_below_where
SELECT id, k FROM (SELECT id, i AS k, s FROM t WHERE b UNION ALL SELECT id, n AS k, s FROM u WHERE n > 0) AS q WHERE k > 0 AND s < 'n'

-- case: union_all_of_the_same_source
SELECT id, 'low' AS w FROM t WHERE i < 0 UNION ALL SELECT id, 'high' AS w FROM t WHERE i >= 0

-- case: values_with_quotes
SELECT id, "i" AS "Upper Case", i0 AS "select" FROM t WHERE "s" <> ''
