CREATE STREAM bool_and_or AS
SELECT i, BOOL_AND(b) AS a, EVERY(b0) AS e, BOOL_OR(b) AS o, BOOL_OR(b0) AS o0, COUNT_IF(b0) AS n, COUNT_IF(x > 0) AS up FROM t GROUP BY i;
-- sqlite: SELECT i, MIN(b), MIN(b0), MAX(b), MAX(b0), SUM(COALESCE(b0, 0)), SUM(x > 0) FROM t GROUP BY i

CREATE STREAM bool_and_or_filtered AS
SELECT BOOL_AND(b0) FILTER (WHERE i > 0) AS a, BOOL_OR(b) FILTER (WHERE i > 100) AS o, COUNT_IF(b0) FILTER (WHERE i > 0) AS n FROM t EMIT FINAL;
-- sqlite: SELECT MIN(b0) FILTER (WHERE i > 0), MAX(b) FILTER (WHERE i > 100), COUNT(*) FILTER (WHERE b0 AND i > 0) FROM t

CREATE STREAM bool_in_windows AS
SELECT window_start, BOOL_AND(b) AS a, BOOL_OR(b0) AS o FROM t GROUP BY TUMBLE(ts, INTERVAL '6' HOUR);
-- sqlite: SELECT ws, MIN(b), MAX(b0) FROM (SELECT *, (ts / (6 * $HOUR) - (ts % (6 * $HOUR) < 0)) * 6 * $HOUR AS ws FROM t) GROUP BY ws

CREATE STREAM variance_of_integers AS
SELECT b, VAR_POP(i) AS p, VAR_SAMP(i0) AS s, VARIANCE(n) AS v FROM t GROUP BY b;
-- sqlite: SELECT b, (COUNT(i) * SUM(i * i) - SUM(i) * SUM(i)) * 1.0 / COUNT(i) / COUNT(i),
-- sqlite:   (COUNT(i0) * SUM(i0 * i0) - SUM(i0) * SUM(i0)) * 1.0 / COUNT(i0) / (COUNT(i0) - 1),
-- sqlite:   (COUNT(n) * SUM(n * n) - SUM(n) * SUM(n)) * 1.0 / COUNT(n) / (COUNT(n) - 1) FROM t GROUP BY b

CREATE STREAM deviation_of_few AS
SELECT id, STDDEV(i) AS s, STDDEV_POP(i) AS p, VAR_SAMP(x) AS v, VAR_POP(x) AS w, STDDEV_POP(i0) AS p0 FROM t WHERE id < 12 GROUP BY id;
-- sqlite: SELECT id, NULL, 0.0, NULL, 0.0, i0 * 0.0 FROM t WHERE id < 12

CREATE STREAM deviation_of_decimals AS
SELECT b, VAR_POP(d) AS v, VAR_SAMP(d) FILTER (WHERE i > 0) AS f FROM t GROUP BY b;
-- sqlite: SELECT b, (COUNT(d) * SUM(d * d) - SUM(d) * SUM(d)) * 1.0 / COUNT(d) / COUNT(d) / 10000,
-- sqlite:   (COUNT(f) * SUM(f * f) - SUM(f) * SUM(f)) * 1.0 / COUNT(f) / (COUNT(f) - 1) / 10000 FROM (SELECT *, CASE WHEN i > 0 THEN d END AS f FROM t) GROUP BY b

CREATE STREAM deviation_far_from_zero AS
SELECT VAR_POP(9007199254740992.0e0 + b::INTEGER * 2) AS s, VAR_POP(4611686018427387904 + b::INTEGER) AS v, STDDEV(0.1e0) AS zero FROM t WHERE id < 5 EMIT FINAL;
-- sqlite: SELECT SUM(b) * 4.0 * (COUNT(*) - SUM(b)) / COUNT(*) / COUNT(*), SUM(b) * 1.0 * (COUNT(*) - SUM(b)) / COUNT(*) / COUNT(*), 0.0 FROM t WHERE id < 5

CREATE STREAM deviation_of_extremes AS
SELECT STDDEV(x) AS s, CORR(x, x) AS c, STDDEV(n) > 1e18 AS wide FROM e EMIT FINAL;
-- sqlite: SELECT NULL, NULL, 1

CREATE STREAM covariances AS
SELECT b, COVAR_POP(i, n) AS p, REGR_COUNT(i0, n0) AS k, REGR_SLOPE(i, 5) AS none, CORR(3, i) AS flat, REGR_R2(7, i) AS r, REGR_SLOPE(3 * n + 1, n) AS slope,
       REGR_INTERCEPT(3 * i - 5, i) AS icept, CORR(-n, n) AS anti, REGR_R2(2 * i, i) AS all, COVAR_SAMP(i, i) - VAR_SAMP(i) < 1e-9 AS same
FROM t GROUP BY b;
-- sqlite: SELECT b, (COUNT(*) * SUM(i * n) - SUM(i) * SUM(n)) * 1.0 / COUNT(*) / COUNT(*), COUNT(i0 + n0), NULL, NULL, 1.0, 3.0, -5.0, -1.0, 1.0, 1 FROM t GROUP BY b

CREATE STREAM covariance_of_nothing AS
SELECT COVAR_POP(x, x0) AS p, COVAR_SAMP(x, x0) AS s, CORR(x, x0) AS c, REGR_COUNT(x, x0) AS n, STDDEV(x) AS d FROM t WHERE x0 IS NULL AND x IS NULL EMIT FINAL;
-- sqlite: SELECT NULL, NULL, NULL, 0, NULL

CREATE STREAM picked_rows AS
SELECT i, FIRST_VALUE(id) AS f, LAST_VALUE(id) AS l, FIRST_VALUE(s0) AS fs, LAST(x0) AS lx, ANY_VALUE(s) IS NOT NULL AS any,
       ARG_MIN(id, x) AS lo, ARG_MAX(s, x) AS hi, MAX_BY(id, s0) AS by_text, MIN_BY(s0, n0) AS text_by
FROM t GROUP BY i;
-- sqlite: SELECT i, (SELECT id FROM t q WHERE q.i = t.i ORDER BY ts, id LIMIT 1), (SELECT id FROM t q WHERE q.i = t.i ORDER BY ts DESC, id DESC LIMIT 1),
-- sqlite:   (SELECT s0 FROM t q WHERE q.i = t.i ORDER BY ts, id LIMIT 1), (SELECT x0 FROM t q WHERE q.i = t.i ORDER BY ts DESC, id DESC LIMIT 1), 1,
-- sqlite:   (SELECT id FROM t q WHERE q.i = t.i ORDER BY x, id LIMIT 1), (SELECT s FROM t q WHERE q.i = t.i ORDER BY x DESC, id LIMIT 1),
-- sqlite:   (SELECT id FROM t q WHERE q.i = t.i AND s0 IS NOT NULL ORDER BY s0 DESC, id LIMIT 1),
-- sqlite:   (SELECT s0 FROM t q WHERE q.i = t.i AND n0 IS NOT NULL ORDER BY n0, id LIMIT 1)
-- sqlite: FROM t GROUP BY i

CREATE STREAM picked_in_windows AS
SELECT window_start, FIRST_VALUE(p0) AS f, LAST_VALUE(d) AS l, ARG_MAX(b0, ts) AS hi, ANY_VALUE(i0) FILTER (WHERE i0 = 2) AS two
FROM t GROUP BY TUMBLE(ts, INTERVAL '12' HOUR);
-- sqlite: WITH w AS (SELECT *, (ts / (12 * $HOUR) - (ts % (12 * $HOUR) < 0)) * 12 * $HOUR AS ws FROM t)
-- sqlite: SELECT ws, (SELECT p0 FROM w q WHERE q.ws = w.ws ORDER BY ts, id LIMIT 1), (SELECT d FROM w q WHERE q.ws = w.ws ORDER BY ts DESC, id DESC LIMIT 1),
-- sqlite:   (SELECT b0 FROM w q WHERE q.ws = w.ws ORDER BY ts DESC, id LIMIT 1), MAX(CASE WHEN i0 = 2 THEN 2 END) FROM w GROUP BY ws

CREATE STREAM picked_and_filtered AS
SELECT b, FIRST_VALUE(id) FILTER (WHERE i > 0) AS f, LAST_VALUE(id) FILTER (WHERE x > 1000000) AS none, ARG_MIN(10 / i, n) FILTER (WHERE i <> 0) AS safe FROM t GROUP BY b EMIT FINAL;
-- sqlite: SELECT b, (SELECT id FROM t q WHERE q.b = t.b AND i > 0 ORDER BY ts, id LIMIT 1), NULL,
-- sqlite:   (SELECT 10 / i FROM t q WHERE q.b = t.b AND i <> 0 ORDER BY n, id LIMIT 1) FROM t GROUP BY b

CREATE STREAM picked_over_two_sources AS
SELECT s, ARG_MAX(id, i) AS hi, ANY_VALUE(i) AS v FROM (SELECT s, i, id FROM t UNION ALL SELECT s, i, id FROM u) q GROUP BY s;
-- sqlite: WITH q AS (SELECT s, i, id FROM t UNION ALL SELECT s, i, id FROM u)
-- sqlite: SELECT s, (SELECT id FROM q r WHERE r.s = q.s ORDER BY i DESC, s, i, id LIMIT 1), MIN(i) FROM q GROUP BY s

CREATE STREAM count_distinct AS
SELECT b, COUNT(DISTINCT i) AS i, COUNT(DISTINCT i0) AS i0, COUNT(DISTINCT s) AS s, COUNT(DISTINCT s0) FILTER (WHERE i > 0) AS s0, COUNT(*) AS n,
       SUM(DISTINCT i) AS si, AVG(DISTINCT i0) AS ai, COUNT(DISTINCT b0) AS b0, MIN(DISTINCT i) AS lo, COUNT(DISTINCT x > 0) AS c
FROM t GROUP BY b;
-- sqlite: SELECT b, COUNT(DISTINCT i), COUNT(DISTINCT i0), COUNT(DISTINCT s), COUNT(DISTINCT s0) FILTER (WHERE i > 0), COUNT(*), SUM(DISTINCT i), AVG(DISTINCT i0),
-- sqlite:   COUNT(DISTINCT b0), MIN(i), COUNT(DISTINCT x > 0) FROM t GROUP BY b

CREATE STREAM count_distinct_in_windows AS
SELECT window_end, COUNT(DISTINCT i) AS k, SUM(DISTINCT d) AS d, AVG(DISTINCT d0) AS a FROM t GROUP BY TUMBLE(ts, INTERVAL '12' HOUR);
-- sqlite: SELECT ws + 12 * $HOUR, COUNT(DISTINCT i), SUM(DISTINCT d), CAST(ROUND(AVG(DISTINCT d0) * 10000) AS INTEGER) FROM (SELECT *, (ts / (12 * $HOUR) - (ts % (12 * $HOUR) < 0)) * 12 * $HOUR AS ws FROM t) GROUP BY ws

CREATE STREAM count_distinct_of_several AS
SELECT COUNT(DISTINCT b, i0) AS k, COUNT(DISTINCT s0, b) AS t, COUNT(DISTINCT i, i) AS same FROM t EMIT FINAL;
-- sqlite: SELECT (SELECT COUNT(*) FROM (SELECT DISTINCT b, i0 FROM t WHERE i0 IS NOT NULL)), (SELECT COUNT(*) FROM (SELECT DISTINCT s0, b FROM t WHERE s0 IS NOT NULL)),
-- sqlite:   (SELECT COUNT(DISTINCT i) FROM t)

CREATE STREAM variance_of_distinct AS
SELECT b, VAR_POP(DISTINCT i) AS v, COUNT_IF(DISTINCT b) AS c FROM t GROUP BY b;
-- sqlite: SELECT b, (COUNT(i) * SUM(i * i) - SUM(i) * SUM(i)) * 1.0 / COUNT(i) / COUNT(i), b FROM (SELECT b, i FROM t GROUP BY b, i) GROUP BY b

CREATE STREAM sum_of_distinct_doubles AS
SELECT b0, SUM(DISTINCT i0 / 4.0e0) AS s, COUNT(DISTINCT x) AS n FROM t GROUP BY b0;

CREATE STREAM bits_of_groups AS
SELECT i, BIT_AND(n) AS a, BIT_OR(n) AS o, BIT_XOR(n) AS x, BIT_AND(n0) AS a0, BIT_OR(i0) AS o0, BIT_XOR(i0) AS x0 FROM t GROUP BY i;
-- sqlite: WITH RECURSIVE bit(k) AS (SELECT 0 UNION ALL SELECT k + 1 FROM bit WHERE k < 63),
-- sqlite:   one(i, k, n, n0, i0) AS (SELECT i, k, (n >> k) & 1, (n0 >> k) & 1, (i0 >> k) & 1 FROM t, bit),
-- sqlite:   word(i, k, a, o, x, a0, o0, x0) AS (SELECT i, k, MIN(n) << k, MAX(n) << k, (SUM(n) % 2) << k, MIN(n0) << k, MAX(i0) << k, (SUM(i0) % 2) << k FROM one GROUP BY i, k)
-- sqlite: SELECT i, SUM(a), SUM(o), SUM(x), SUM(a0), SUM(o0), SUM(x0) FROM word GROUP BY i

CREATE STREAM bits_of_few AS
SELECT BIT_AND(i) FILTER (WHERE i > 1000) AS a, BIT_OR(i0) FILTER (WHERE i > 1000) AS o, BIT_XOR(i) FILTER (WHERE i > 1000) AS x, BIT_XOR(DISTINCT i & 3) AS d, BIT_OR(DISTINCT i & 3) AS p, BIT_AND(NULL) AS z, BIT_AND(CAST(7 AS SMALLINT)) AS s FROM t EMIT FINAL;
-- sqlite: SELECT NULL, NULL, NULL, (COUNT(DISTINCT CASE WHEN i & 1 THEN i & 3 END) % 2) + 2 * (COUNT(DISTINCT CASE WHEN i & 2 THEN i & 3 END) % 2), MAX(i & 1) + MAX(i & 2), NULL, 7 FROM t

CREATE STREAM bits_in_windows AS
SELECT window_start, BIT_OR(i & 12) AS o, BIT_AND((i | 5) & 7) AS a, BIT_XOR(i & 1) AS x FROM t GROUP BY TUMBLE(ts, INTERVAL '6' HOUR);
-- sqlite: SELECT ws, MAX(i & 4) + MAX(i & 8), 5 + MIN(i & 2), SUM(i & 1) % 2 FROM (SELECT *, (ts / (6 * $HOUR) - (ts % (6 * $HOUR) < 0)) * 6 * $HOUR AS ws FROM t) GROUP BY ws
