CREATE STREAM global_aggregates AS
SELECT COUNT(*) AS n, COUNT(i0) AS c, SUM(i) AS s, SUM(i0) AS s0, AVG(i) AS a, MIN(n0) AS lo, MAX(n) AS hi FROM t EMIT FINAL;

CREATE STREAM global_aggregates_as_changes AS
SELECT COUNT(*) AS n, SUM(i0) AS s, AVG(n) AS a, MIN(s) AS lo, MAX(x0) AS hi FROM t;

CREATE STREAM global_aggregates_of_nothing AS
SELECT COUNT(*) AS n, COUNT(i0) AS c, SUM(i) AS s, AVG(x) AS a, MIN(s) AS lo, MAX(ts) AS hi, SUM(d) AS d FROM t WHERE FALSE;

CREATE STREAM global_aggregates_of_nothing_at_the_end AS
SELECT COUNT(*) AS n, SUM(i) AS s, MIN(d) AS lo FROM t WHERE i > 1000 EMIT FINAL;

CREATE STREAM global_aggregates_of_nulls AS
SELECT COUNT(i0) AS c, SUM(i0) AS s, AVG(x0) AS a, MIN(s0) AS lo, MAX(ts0) AS hi FROM t WHERE i0 IS NULL AND x0 IS NULL AND s0 IS NULL AND ts0 IS NULL EMIT FINAL;

CREATE STREAM group_by_integer AS
SELECT i, COUNT(*) AS n, SUM(n) AS s, MIN(n) AS lo, MAX(n) AS hi, AVG(n) AS a FROM t GROUP BY i;

CREATE STREAM group_by_nullable AS
SELECT i0, COUNT(*) AS n, COUNT(n0) AS c, SUM(n0) AS s, AVG(x0) AS a FROM t GROUP BY i0;

CREATE STREAM group_by_text AS
SELECT s, COUNT(*) AS n, MIN(s0) AS lo, MAX(s0) AS hi FROM t GROUP BY s;

CREATE STREAM group_by_nullable_text AS
SELECT s0, COUNT(*) AS n, SUM(d) AS s FROM t GROUP BY s0 EMIT FINAL;

CREATE STREAM group_by_double AS
SELECT x, COUNT(*) AS n, SUM(i) AS s FROM t GROUP BY x;

CREATE STREAM group_by_double_bounds AS
SELECT x, COUNT(*) AS n FROM e GROUP BY x;

CREATE STREAM group_by_decimal AS
SELECT d0, COUNT(*) AS n FROM t GROUP BY d0;

CREATE STREAM group_by_boolean AS
SELECT b0, COUNT(*) AS n, SUM(x) AS s FROM t GROUP BY b0 EMIT FINAL;

CREATE STREAM group_by_timestamp AS
SELECT date_trunc('day', ts) AS day, COUNT(*) AS n FROM t GROUP BY date_trunc('day', ts);
-- sqlite: SELECT (ts / $DAY - (ts % $DAY < 0)) * $DAY AS day, COUNT(*) FROM t GROUP BY day

CREATE STREAM group_by_several AS
SELECT b, i0, s0, COUNT(*) AS n, MAX(id) AS last FROM t GROUP BY b, i0, s0;

CREATE STREAM group_by_many_types AS
SELECT b0, d0, ts0, x0, n0, COUNT(*) AS c FROM e GROUP BY b0, d0, ts0, x0, n0;

CREATE STREAM group_by_expression AS
SELECT i % 3 AS k, n > 0 AS positive, COUNT(*) AS c, SUM(i * n) AS s FROM t GROUP BY i % 3, n > 0;

CREATE STREAM group_by_position_and_alias AS
SELECT substr(s, 1, 1) AS letter, b, COUNT(*) AS n FROM t GROUP BY letter, 2;

CREATE STREAM group_by_case AS
SELECT CASE WHEN i0 IS NULL THEN 'none' WHEN i0 > 0 THEN 'plus' ELSE 'minus' END AS k, COUNT(*) AS n FROM t
GROUP BY CASE WHEN i0 IS NULL THEN 'none' WHEN i0 > 0 THEN 'plus' ELSE 'minus' END;

CREATE STREAM group_without_aggregate AS
SELECT i, b FROM t GROUP BY i, b;

CREATE STREAM group_key_not_selected AS
SELECT COUNT(*) AS n, SUM(n) AS s FROM t GROUP BY i0;

CREATE STREAM group_by_extremes AS
SELECT n, i, COUNT(*) AS c, MIN(x) AS lo, MAX(x) AS hi FROM e GROUP BY n, i;

CREATE STREAM min_max_of_every_type AS
SELECT b, MIN(i) AS i, MAX(n0) AS n, MIN(x) AS x, MAX(x0) AS x0, MIN(d) AS d, MAX(d0) AS d0, MIN(s) AS s, MAX(s0) AS s0, MIN(ts0) AS ts, MAX(ts) AS t1 FROM t GROUP BY b;

CREATE STREAM min_max_of_extremes AS
SELECT MIN(i) AS a, MAX(i) AS b, MIN(n) AS c, MAX(n) AS d, MIN(x) AS e, MAX(x) AS f, MIN(s) AS g, MAX(s) AS h, MIN(ts0) AS i, MAX(ts0) AS j, MIN(d) AS k, MAX(d) AS l
FROM e EMIT FINAL;

CREATE STREAM sum_wider_than_its_type AS
SELECT b, SUM(i) AS s, SUM(CASE WHEN id % 2 = 0 THEN 4611686018427387904 ELSE -4611686018427387904 END) AS w FROM e GROUP BY b EMIT FINAL;
-- sqlite: SELECT b, SUM(i), (SUM(id % 2 = 0) - SUM(id % 2 = 1)) * 4611686018427387904 FROM e GROUP BY b

CREATE STREAM sum_that_leaves_64_bits_on_its_way AS
SELECT SUM(n) AS s, COUNT(*) AS c FROM e WHERE n IN (9223372036854775807, -9223372036854775808, 9223372036854775806, -9223372036854775807) AND id <= 2045 EMIT FINAL;
-- sqlite: SELECT SUM(n / 8) * 8 + SUM(n % 8), COUNT(*) FROM e WHERE n IN (9223372036854775807, -9223372036854775808, 9223372036854775806, -9223372036854775807) AND id <= 2045

CREATE STREAM sum_and_avg_of_decimals AS
SELECT b, SUM(d) AS s, SUM(d0) AS s0, AVG(d) AS a, AVG(d0) AS a0 FROM t GROUP BY b;
-- sqlite: SELECT b, SUM(d), SUM(d0), (abs(SUM(d)) * 20000 + COUNT(d)) / (2 * COUNT(d)) * sign(SUM(d)), (abs(SUM(d0)) * 20000 + COUNT(d0)) / (2 * COUNT(d0)) * sign(SUM(d0)) FROM t GROUP BY b

CREATE STREAM sum_and_avg_of_doubles AS
SELECT i, SUM(x) AS s, AVG(x) AS a, SUM(x0) AS s0, AVG(x0) AS a0, SUM(x * 2e0 - i) AS e FROM t GROUP BY i EMIT FINAL;

CREATE STREAM aggregates_of_expressions AS
SELECT b, SUM(i * n + 1) AS a, AVG(i0 + n0) AS c, MIN(length(s)) AS d, MAX(lower(s)) AS e, COUNT(CASE WHEN i > 0 THEN 1 END) AS f, SUM(coalesce(i0, 0)) AS g
FROM t WHERE s NOT LIKE '%Ä%' AND s NOT LIKE '%É%' GROUP BY b;

CREATE STREAM expressions_of_aggregates AS
SELECT i, SUM(n) * 2 + COUNT(*) AS a, COALESCE(SUM(i0), -1) AS b, MAX(n) - MIN(n) AS c, CASE WHEN COUNT(*) > 3 THEN 'many' ELSE 'few' END AS d, i + COUNT(*) AS e
FROM t GROUP BY i;

CREATE STREAM filter_on_each_aggregate AS
SELECT b, COUNT(*) FILTER (WHERE i > 0) AS n, COUNT(i0) FILTER (WHERE n > 0) AS c, SUM(i) FILTER (WHERE i0 > 0) AS s, AVG(n) FILTER (WHERE i < 0) AS a,
       MIN(x) FILTER (WHERE x > 0) AS lo, MAX(s) FILTER (WHERE b0) AS hi
FROM t GROUP BY b;

CREATE STREAM filter_that_passes_nothing AS
SELECT i, COUNT(*) FILTER (WHERE FALSE) AS n, SUM(n) FILTER (WHERE n > 100000) AS s, MIN(s) FILTER (WHERE NULL) AS lo, AVG(x) FILTER (WHERE i > 100) AS a FROM t GROUP BY i;
-- sqlite: SELECT i, 0, SUM(n) FILTER (WHERE n > 100000), NULL, NULL FROM t GROUP BY i

CREATE STREAM filter_with_null AS
SELECT COUNT(*) FILTER (WHERE b0) AS yes, COUNT(*) FILTER (WHERE NOT b0) AS no, COUNT(*) FILTER (WHERE b0 IS NULL) AS unknown, COUNT(*) AS n FROM t EMIT FINAL;

CREATE STREAM filter_keeps_errors_out AS
SELECT b, SUM(100 / i) FILTER (WHERE i <> 0) AS s, COUNT(*) FILTER (WHERE i <> 0 AND 10 / i > 1) AS n FROM t GROUP BY b;

CREATE STREAM having_count AS
SELECT i, COUNT(*) AS n FROM t GROUP BY i HAVING COUNT(*) > 4;

CREATE STREAM having_on_others AS
SELECT s, SUM(n) AS s1 FROM t GROUP BY s HAVING MAX(i) > 5 AND SUM(n) IS NOT NULL AND s <> 'apple';

CREATE STREAM having_null AS
SELECT i, SUM(i0) AS s FROM t GROUP BY i HAVING SUM(i0) > 0;

CREATE STREAM having_without_group AS
SELECT COUNT(*) AS n FROM t HAVING COUNT(*) > 10 EMIT FINAL;

CREATE STREAM having_without_group_is_false AS
SELECT SUM(i) AS s FROM t HAVING COUNT(*) > 100000 EMIT FINAL;

CREATE STREAM group_of_subquery AS
SELECT k, COUNT(*) AS n FROM (SELECT i / 2 AS k, s FROM t WHERE s <> '') AS q GROUP BY k;

CREATE STREAM group_of_union AS
SELECT i, COUNT(*) AS n, SUM(x) AS s FROM (SELECT i, x FROM t UNION ALL SELECT i, x FROM u) AS q GROUP BY i;

CREATE STREAM group_of_union_of_mixed_types AS
SELECT k, COUNT(*) AS n FROM (SELECT i AS k FROM t UNION ALL SELECT n0 AS k FROM u) AS q GROUP BY k EMIT FINAL;

CREATE STREAM where_on_group AS
SELECT k, n * 2 AS twice FROM (SELECT i AS k, COUNT(*) AS n FROM t GROUP BY i) AS q WHERE n > 3;

CREATE STREAM sum_of_counts AS
SELECT n, COUNT(*) AS groups, SUM(k) AS s FROM (SELECT i AS k, COUNT(*) AS n FROM t GROUP BY i) AS q GROUP BY n;

CREATE STREAM avg_of_sums AS
SELECT COUNT(*) AS groups, AVG(s) AS a, SUM(m) AS m FROM (SELECT s0, SUM(n) AS s, AVG(x) AS m FROM t GROUP BY s0) AS q;

CREATE STREAM extremes_of_counts_at_the_end AS
SELECT b, MAX(n) AS hi, MIN(n) AS lo, COUNT(*) AS groups FROM (SELECT b, i, COUNT(*) AS n FROM t GROUP BY b, i) AS q GROUP BY b EMIT FINAL;

CREATE STREAM union_of_groups AS
SELECT i AS k, COUNT(*) AS n FROM t GROUP BY i UNION ALL SELECT n % 5 AS k, COUNT(*) AS n FROM u GROUP BY n % 5;

CREATE STREAM group_with_changes AS
SELECT i0, COUNT(*) AS n, SUM(d0) AS s FROM t GROUP BY i0 EMIT CHANGES;

CREATE STREAM group_with_upserts AS
SELECT i0, b, COUNT(*) AS n, MAX(x) AS hi FROM t GROUP BY i0, b EMIT ON UPDATE;

CREATE STREAM group_with_upserts_and_having AS
SELECT s, SUM(i) AS total FROM t GROUP BY s HAVING SUM(i) > 0 EMIT ON UPDATE;

CREATE STREAM nan_and_infinities_in_aggregates AS
SELECT SUM(x) AS s, AVG(x) AS a, MIN(x - x) AS lo, MAX(x - x) AS hi, COUNT(x - x) AS n FROM e EMIT FINAL;

CREATE STREAM nan_is_one_group AS
SELECT x - x AS k, COUNT(*) AS n FROM e GROUP BY x - x EMIT FINAL;

CREATE STREAM aggregates_of_constants AS
SELECT b, SUM(1) AS a, COUNT(1) AS c, COUNT(NULL) AS d, MIN('x') AS e, MAX(1.50) AS f, SUM(2) FILTER (WHERE i > 0) AS g, AVG(3) AS h FROM t GROUP BY b;
-- sqlite: SELECT b, COUNT(*), COUNT(*), 0, 'x', 150, 2 * NULLIF(SUM(i > 0), 0), 3.0 FROM t GROUP BY b

CREATE STREAM sum_of_null AS
SELECT SUM(NULL) AS a, MIN(NULL) AS b, COUNT(*) AS n FROM t EMIT FINAL;

CREATE STREAM group_by_constant AS
SELECT 'all' AS k, COUNT(*) AS n FROM t GROUP BY k;

CREATE STREAM group_by_null AS
SELECT CASE WHEN i > 100 THEN 1 END AS k, COUNT(*) AS n FROM t GROUP BY CASE WHEN i > 100 THEN 1 END;

CREATE STREAM count_of_filtered_groups AS
SELECT COUNT(*) AS groups, SUM(n) AS rows, SUM(s) AS s FROM (SELECT i, COUNT(*) AS n, SUM(d0) AS s FROM t GROUP BY i HAVING COUNT(*) > 3) AS q;

CREATE STREAM groups_that_leave AS
SELECT top, COUNT(*) AS groups FROM (SELECT i0, MAX(n0) AS top FROM t GROUP BY i0) AS q GROUP BY top;

CREATE STREAM aggregates_over_changes AS
SELECT lo > 0 AS k, COUNT(*) AS c, COUNT(s) AS c0, SUM(s) AS s, AVG(s) AS a, SUM(x) AS x, AVG(x) AS ax, SUM(n) FILTER (WHERE lo < 5) AS f
FROM (SELECT s0, MIN(i) AS lo, SUM(d0) AS s, AVG(x0) AS x, COUNT(*) AS n FROM t GROUP BY s0) AS q GROUP BY lo > 0;
-- sqlite: SELECT lo > 0 AS k, COUNT(*), COUNT(s), SUM(s), (abs(SUM(s)) * 20000 + COUNT(s)) / (2 * COUNT(s)) * sign(SUM(s)), SUM(x), AVG(x), SUM(n) FILTER (WHERE lo < 5)
-- sqlite: FROM (SELECT s0, MIN(i) AS lo, SUM(d0) AS s, AVG(x0) AS x, COUNT(*) AS n FROM t GROUP BY s0) AS q GROUP BY k

CREATE STREAM retracted_infinities_leave_no_trace AS
SELECT COUNT(*) AS n, SUM(lo) AS s, AVG(lo) AS a FROM (SELECT i, MIN(x) AS lo FROM e WHERE x > 0 AND (x < 10 OR x + x = x) GROUP BY i) AS q;

CREATE STREAM three_levels_of_groups AS
SELECT k, COUNT(*) AS n, SUM(m) AS m
FROM (SELECT n AS m, COUNT(*) AS k FROM (SELECT i, s, COUNT(*) AS n FROM t GROUP BY i, s) AS a GROUP BY n) AS c GROUP BY k;

CREATE STREAM rows_and_groups AS
SELECT i AS k, COUNT(*) AS n FROM t GROUP BY i UNION ALL SELECT i AS k, n FROM u WHERE n > 50;

CREATE STREAM group_of_rows_and_groups AS
SELECT k, SUM(n) AS n FROM (SELECT i AS k, COUNT(*) AS n FROM t GROUP BY i UNION ALL SELECT i AS k, n FROM u WHERE n > 50) AS q GROUP BY k;

CREATE STREAM upserts_of_groups_of_groups AS
SELECT n, COUNT(*) AS groups FROM (SELECT s, COUNT(*) AS n FROM t GROUP BY s) AS q GROUP BY n EMIT ON UPDATE;
