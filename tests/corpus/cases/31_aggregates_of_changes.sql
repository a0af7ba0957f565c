CREATE STREAM min_max_of_changes AS
SELECT MIN(n) AS lo, MAX(n) AS hi, MIN(k) AS first, MAX(k) AS last, MIN(x) AS small, MAX(x) AS large FROM (SELECT s AS k, COUNT(*) AS n, SUM(x) AS x FROM t GROUP BY s) q;
-- sqlite: SELECT MIN(n), MAX(n), MIN(k), MAX(k), MIN(x), MAX(x) FROM (SELECT s AS k, COUNT(*) AS n, SUM(x) AS x FROM t GROUP BY s) q

CREATE STREAM min_max_of_nullable_changes AS
SELECT k % 3 AS g, MIN(a) AS lo, MAX(a) AS hi, MAX(t) AS t, COUNT(*) AS c FROM (SELECT i AS k, SUM(i0) AS a, MAX(s0) AS t FROM t GROUP BY i) q GROUP BY k % 3;
-- sqlite: SELECT k % 3, MIN(a), MAX(a), MAX(t), COUNT(*) FROM (SELECT i AS k, SUM(i0) AS a, MAX(s0) AS t FROM t GROUP BY i) q GROUP BY k % 3

CREATE STREAM picks_of_changes AS
SELECT g, ARG_MAX(k, n) AS hi, ARG_MIN(k, n) AS lo, ANY_VALUE(n) AS v FROM (SELECT b AS g, s AS k, COUNT(*) AS n FROM t GROUP BY b, s) q GROUP BY g;
-- sqlite: WITH q AS (SELECT b AS g, s AS k, COUNT(*) AS n FROM t GROUP BY b, s)
-- sqlite: SELECT g, (SELECT k FROM q r WHERE r.g = q.g ORDER BY n DESC, k LIMIT 1), (SELECT k FROM q r WHERE r.g = q.g ORDER BY n, k LIMIT 1), MIN(n) FROM q GROUP BY g

CREATE STREAM distinct_of_changes AS
SELECT COUNT(DISTINCT n) AS k, SUM(DISTINCT n) AS s, COUNT(DISTINCT m) AS m FROM (SELECT i, COUNT(*) AS n, MAX(s0) AS m FROM t GROUP BY i) q;
-- sqlite: SELECT COUNT(DISTINCT n), SUM(DISTINCT n), COUNT(DISTINCT m) FROM (SELECT i, COUNT(*) AS n, MAX(s0) AS m FROM t GROUP BY i) q

CREATE STREAM spread_of_changes AS
SELECT VAR_POP(n) AS v, BOOL_AND(n > 2) AS a, BOOL_OR(n > 8) AS o, COUNT_IF(n > 4) AS c FROM (SELECT i, COUNT(*) AS n FROM t GROUP BY i) q;
-- sqlite: SELECT (COUNT(n) * SUM(n * n) - SUM(n) * SUM(n)) * 1.0 / COUNT(n) / COUNT(n), MIN(n > 2), MAX(n > 8), SUM(n > 4) FROM (SELECT i, COUNT(*) AS n FROM t GROUP BY i) q

CREATE STREAM spread_of_float_changes AS
SELECT REGR_SLOPE(y, y) AS one, VAR_POP(x0) >= 0 AS v, STDDEV(3.5e0) AS zero, COUNT(*) AS n FROM (SELECT i, AVG(n) AS y, SUM(x0) AS x0 FROM t GROUP BY i) q;
-- sqlite: SELECT 1.0, 1, 0.0, COUNT(DISTINCT i) FROM t

CREATE STREAM changes_over_three_levels AS
SELECT MAX(lo) AS top FROM (SELECT b, MIN(n) AS lo FROM (SELECT b, i, COUNT(*) AS n FROM t GROUP BY b, i) q GROUP BY b) r;
-- sqlite: SELECT MAX(lo) FROM (SELECT b, MIN(n) AS lo FROM (SELECT b, i, COUNT(*) AS n FROM t GROUP BY b, i) q GROUP BY b) r

CREATE STREAM changes_in_windows AS
SELECT window_start, MAX(n) AS hi, COUNT(DISTINCT n) AS k FROM (SELECT i, window_start, COUNT(*) AS n FROM t GROUP BY i, TUMBLE(ts, INTERVAL '6' HOUR)) AS q GROUP BY window_start EMIT CHANGES;
-- sqlite: SELECT ws, MAX(n), COUNT(DISTINCT n) FROM (SELECT i, ws, COUNT(*) AS n FROM (SELECT *, (ts / (6 * $HOUR) - (ts % (6 * $HOUR) < 0)) * 6 * $HOUR AS ws FROM t) GROUP BY i, ws)
-- sqlite: GROUP BY ws

CREATE STREAM bits_of_changes AS
SELECT BIT_AND(n) AS a, BIT_OR(n) AS o, BIT_XOR(n) AS x, BIT_AND(m) AS a0, BIT_OR(m) AS o0, BIT_XOR(DISTINCT m) AS x0 FROM (SELECT i, SUM(n) AS n, MAX(i0) AS m FROM t WHERE n BETWEEN -1000000 AND 1000000 GROUP BY i) q;
-- sqlite: WITH RECURSIVE bit(k) AS (SELECT 0 UNION ALL SELECT k + 1 FROM bit WHERE k < 63),
-- sqlite:   q AS (SELECT i, SUM(n) AS n, MAX(i0) AS m FROM t WHERE n BETWEEN -1000000 AND 1000000 GROUP BY i),
-- sqlite:   one(k, n, m, d) AS (SELECT k, (n >> k) & 1, (m >> k) & 1, CASE WHEN (m >> k) & 1 THEN m END FROM q, bit),
-- sqlite:   word(k, a, o, x, a0, o0, x0) AS (SELECT k, MIN(n) << k, MAX(n) << k, (SUM(n) % 2) << k, MIN(m) << k, MAX(m) << k, (COUNT(DISTINCT d) % 2) << k FROM one GROUP BY k)
-- sqlite: SELECT SUM(a), SUM(o), SUM(x), SUM(a0), SUM(o0), SUM(x0) FROM word
