CREATE STREAM rollup_of_two AS
SELECT b, i, COUNT(*) AS n, SUM(i) AS s, GROUPING(b, i) AS g, GROUPING(i) AS gi FROM t GROUP BY ROLLUP (b, i);
-- sqlite: SELECT b, i, COUNT(*), SUM(i), 0, 0 FROM t GROUP BY b, i UNION ALL SELECT b, NULL, COUNT(*), SUM(i), 1, 1 FROM t GROUP BY b
-- sqlite: UNION ALL SELECT NULL, NULL, COUNT(*), SUM(i), 3, 1 FROM t

CREATE STREAM cube_with_nulls AS
SELECT b0, s0, COUNT(*) AS n, GROUPING(b0) AS gb, GROUPING(s0) AS gs FROM t GROUP BY CUBE (b0, s0);
-- sqlite: SELECT b0, s0, COUNT(*), 0, 0 FROM t GROUP BY b0, s0 UNION ALL SELECT b0, NULL, COUNT(*), 0, 1 FROM t GROUP BY b0
-- sqlite: UNION ALL SELECT NULL, s0, COUNT(*), 1, 0 FROM t GROUP BY s0 UNION ALL SELECT NULL, NULL, COUNT(*), 1, 1 FROM t

CREATE STREAM sets_with_having AS
SELECT i % 3 AS k, b, MAX(x) AS hi, COUNT(DISTINCT s) AS c FROM t GROUP BY GROUPING SETS ((i % 3, b), (b), (b)) HAVING GROUPING(i % 3) = 1 OR COUNT(*) > 3;
-- sqlite: SELECT i % 3 AS k, b, MAX(x), COUNT(DISTINCT s) FROM t GROUP BY k, b HAVING COUNT(*) > 3
-- sqlite: UNION ALL SELECT NULL, b, MAX(x), COUNT(DISTINCT s) FROM t GROUP BY b UNION ALL SELECT NULL, b, MAX(x), COUNT(DISTINCT s) FROM t GROUP BY b

CREATE STREAM sets_beside_a_key AS
SELECT b, i, s, COUNT(*) AS n FROM t GROUP BY b, GROUPING SETS ((i), (s), ()) EMIT FINAL;
-- sqlite: SELECT b, i, NULL, COUNT(*) FROM t GROUP BY b, i UNION ALL SELECT b, NULL, s, COUNT(*) FROM t GROUP BY b, s UNION ALL SELECT b, NULL, NULL, COUNT(*) FROM t GROUP BY b

CREATE STREAM sets_in_windows AS
SELECT window_start, i, COUNT(*) AS n, FIRST_VALUE(id) AS f FROM t GROUP BY TUMBLE(ts, INTERVAL '12' HOUR), ROLLUP (i);
-- sqlite: WITH w AS (SELECT *, (ts / (12 * $HOUR) - (ts % (12 * $HOUR) < 0)) * 12 * $HOUR AS ws FROM t)
-- sqlite: SELECT ws, i, COUNT(*), (SELECT id FROM w q WHERE q.ws = w.ws AND q.i = w.i ORDER BY ts, id LIMIT 1) FROM w GROUP BY ws, i
-- sqlite: UNION ALL SELECT ws, NULL, COUNT(*), (SELECT id FROM w q WHERE q.ws = w.ws ORDER BY ts, id LIMIT 1) FROM w GROUP BY ws

CREATE STREAM sets_over_results AS
SELECT b, MAX(n) AS hi, SUM(n) AS n, GROUPING(b) AS g FROM (SELECT b, i, COUNT(*) AS n FROM t GROUP BY b, i) q GROUP BY ROLLUP (b);
-- sqlite: WITH q AS (SELECT b, i, COUNT(*) AS n FROM t GROUP BY b, i) SELECT b, MAX(n), SUM(n), 0 FROM q GROUP BY b UNION ALL SELECT NULL, MAX(n), SUM(n), 1 FROM q

CREATE STREAM grouping_of_one_set AS
SELECT b, GROUPING(b) AS g, COUNT(*) AS n FROM t GROUP BY b;
-- sqlite: SELECT b, 0, COUNT(*) FROM t GROUP BY b
