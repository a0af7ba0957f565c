CREATE STREAM tumble AS
SELECT window_start, window_end, COUNT(*) AS n, SUM(i) AS s FROM t GROUP BY TUMBLE(ts, INTERVAL '6' HOUR);
-- sqlite: SELECT ws, ws + 6 * $HOUR, COUNT(*), SUM(i) FROM (SELECT *, (ts / (6 * $HOUR) - (ts % (6 * $HOUR) < 0)) * 6 * $HOUR AS ws FROM t) GROUP BY ws

CREATE STREAM tumble_by_key AS
SELECT b, window_start, COUNT(*) AS n, SUM(n) AS s, AVG(i0) AS a FROM t GROUP BY b, TUMBLE(ts, INTERVAL '3' HOUR);
-- sqlite: SELECT b, ws, COUNT(*), SUM(n), AVG(i0) FROM (SELECT *, (ts / (3 * $HOUR) - (ts % (3 * $HOUR) < 0)) * 3 * $HOUR AS ws FROM t) GROUP BY b, ws

CREATE STREAM tumble_by_nullable_keys AS
SELECT i0, s0, window_end, COUNT(*) AS n, MAX(s) AS hi FROM t GROUP BY i0, s0, TUMBLE(ts, INTERVAL '1' DAY) EMIT ON WINDOW CLOSE;
-- sqlite: SELECT i0, s0, ws + $DAY, COUNT(*), MAX(s) FROM (SELECT *, (ts / $DAY - (ts % $DAY < 0)) * $DAY AS ws FROM t) GROUP BY i0, s0, ws

CREATE STREAM tumble_with_offset AS
SELECT window_start, COUNT(*) AS n FROM t GROUP BY TUMBLE(ts, INTERVAL '1' DAY, INTERVAL '5' HOUR);
-- sqlite: SELECT ws, COUNT(*) FROM (SELECT ((ts - 5 * $HOUR) / $DAY - ((ts - 5 * $HOUR) % $DAY < 0)) * $DAY + 5 * $HOUR AS ws FROM t) GROUP BY ws

CREATE STREAM tumble_with_negative_offset AS
SELECT window_start, window_end, MIN(i) AS lo FROM t GROUP BY TUMBLE(ts, INTERVAL '8' HOUR, INTERVAL '-90' MINUTE);
-- sqlite: SELECT ws, ws + 8 * $HOUR, MIN(i) FROM (SELECT i, ((ts + 90 * $MIN) / (8 * $HOUR) - ((ts + 90 * $MIN) % (8 * $HOUR) < 0)) * 8 * $HOUR - 90 * $MIN AS ws FROM t) GROUP BY ws

CREATE STREAM tumble_table_function AS
SELECT window_start, window_end, b, COUNT(*) AS n FROM TUMBLE(t, ts, INTERVAL '6' HOUR) GROUP BY window_start, window_end, b;
-- sqlite: SELECT ws, ws + 6 * $HOUR, b, COUNT(*) FROM (SELECT *, (ts / (6 * $HOUR) - (ts % (6 * $HOUR) < 0)) * 6 * $HOUR AS ws FROM t) GROUP BY ws, b

CREATE STREAM tumble_table_function_with_descriptor AS
SELECT window_start, SUM(x) AS s FROM TUMBLE(TABLE t, DESCRIPTOR(ts), INTERVAL '6' HOUR) GROUP BY window_start;
-- sqlite: SELECT ws, SUM(x) FROM (SELECT *, (ts / (6 * $HOUR) - (ts % (6 * $HOUR) < 0)) * 6 * $HOUR AS ws FROM t) GROUP BY ws

CREATE STREAM tumble_table_function_over_subquery AS
SELECT window_start, COUNT(*) AS n FROM TUMBLE((SELECT ts, i FROM t WHERE i > 0), ts, INTERVAL '6' HOUR) GROUP BY window_start;
-- sqlite: SELECT ws, COUNT(*) FROM (SELECT (ts / (6 * $HOUR) - (ts % (6 * $HOUR) < 0)) * 6 * $HOUR AS ws FROM t WHERE i > 0) GROUP BY ws

CREATE STREAM tumble_table_function_without_group AS
SELECT id, window_start, window_end FROM TUMBLE(t, ts, INTERVAL '45' MINUTE) WHERE window_end <= TIMESTAMP '1970-01-01';
-- sqlite: SELECT id, ws, ws + 45 * $MIN FROM (SELECT id, (ts / (45 * $MIN) - (ts % (45 * $MIN) < 0)) * 45 * $MIN AS ws FROM t) WHERE ws + 45 * $MIN <= 0

CREATE STREAM tumble_of_nullable_time AS
SELECT id, window_start, window_end FROM TUMBLE(t, ts0, INTERVAL '1' DAY);
-- sqlite: SELECT id, ws, ws + $DAY FROM (SELECT id, (ts0 / $DAY - (ts0 % $DAY < 0)) * $DAY AS ws FROM t)

CREATE STREAM tumble_with_where AS
SELECT window_start, COUNT(*) AS n, AVG(x0) AS a FROM t WHERE i0 > 0 AND s <> '' GROUP BY TUMBLE(ts, INTERVAL '6' HOUR);
-- sqlite: SELECT ws, COUNT(*), AVG(x0) FROM (SELECT *, (ts / (6 * $HOUR) - (ts % (6 * $HOUR) < 0)) * 6 * $HOUR AS ws FROM t WHERE i0 > 0 AND s <> '') GROUP BY ws

CREATE STREAM tumble_with_having AS
SELECT window_start, b, SUM(n) AS s FROM t GROUP BY TUMBLE(ts, INTERVAL '4' HOUR), b HAVING COUNT(*) > 2 AND window_end > TIMESTAMP '1969-12-30';
-- sqlite: SELECT ws, b, SUM(n) FROM (SELECT *, (ts / (4 * $HOUR) - (ts % (4 * $HOUR) < 0)) * 4 * $HOUR AS ws FROM t) GROUP BY ws, b HAVING COUNT(*) > 2 AND ws + 4 * $HOUR > -2 * $DAY

CREATE STREAM tumble_with_filter AS
SELECT window_start, COUNT(*) AS n, COUNT(*) FILTER (WHERE i > 0) AS up, SUM(x) FILTER (WHERE b0) AS s, MIN(s) FILTER (WHERE i0 IS NULL) AS lo FROM t
GROUP BY TUMBLE(ts, INTERVAL '5' HOUR);
-- sqlite: SELECT ws, COUNT(*), COUNT(*) FILTER (WHERE i > 0), SUM(x) FILTER (WHERE b0), MIN(s) FILTER (WHERE i0 IS NULL)
-- sqlite: FROM (SELECT *, (ts / (5 * $HOUR) - (ts % (5 * $HOUR) < 0)) * 5 * $HOUR AS ws FROM t) GROUP BY ws

CREATE STREAM tumble_aggregates_of_every_type AS
SELECT window_start, b, MIN(i0) AS i, MAX(n) AS n, SUM(d0) AS d, AVG(d) AS a, MIN(x0) AS x, MAX(s0) AS s, MAX(ts0) AS ts FROM t GROUP BY TUMBLE(ts, INTERVAL '12' HOUR), b;
-- sqlite: SELECT ws, b, MIN(i0), MAX(n), SUM(d0), (abs(SUM(d)) * 20000 + COUNT(d)) / (2 * COUNT(d)) * sign(SUM(d)), MIN(x0), MAX(s0), MAX(ts0)
-- sqlite: FROM (SELECT *, (ts / (12 * $HOUR) - (ts % (12 * $HOUR) < 0)) * 12 * $HOUR AS ws FROM t) GROUP BY ws, b

CREATE STREAM tumble_of_two_sources AS
SELECT window_start, COUNT(*) AS n, SUM(i) AS s FROM (SELECT ts, i FROM t UNION ALL SELECT ts, i FROM u) AS q GROUP BY TUMBLE(ts, INTERVAL '6' HOUR);
-- sqlite: SELECT ws, COUNT(*), SUM(i) FROM (SELECT i, (ts / (6 * $HOUR) - (ts % (6 * $HOUR) < 0)) * 6 * $HOUR AS ws FROM (SELECT ts, i FROM t UNION ALL SELECT ts, i FROM u)) GROUP BY ws

CREATE STREAM tumble_at_the_end AS
SELECT window_start, COUNT(*) AS n, MAX(id) AS last FROM t GROUP BY TUMBLE(ts, INTERVAL '6' HOUR) EMIT FINAL;
-- sqlite: SELECT ws, COUNT(*), MAX(id) FROM (SELECT *, (ts / (6 * $HOUR) - (ts % (6 * $HOUR) < 0)) * 6 * $HOUR AS ws FROM t) GROUP BY ws

CREATE STREAM tumble_as_changes AS
SELECT window_start, b0, COUNT(*) AS n, SUM(x) AS s FROM t GROUP BY TUMBLE(ts, INTERVAL '6' HOUR), b0 EMIT CHANGES;
-- sqlite: SELECT ws, b0, COUNT(*), SUM(x) FROM (SELECT *, (ts / (6 * $HOUR) - (ts % (6 * $HOUR) < 0)) * 6 * $HOUR AS ws FROM t) GROUP BY ws, b0

CREATE STREAM tumble_as_upserts AS
SELECT window_start, i, COUNT(*) AS n FROM t GROUP BY i, TUMBLE(ts, INTERVAL '1' DAY) EMIT ON UPDATE;
-- sqlite: SELECT ws, i, COUNT(*) FROM (SELECT *, (ts / $DAY - (ts % $DAY < 0)) * $DAY AS ws FROM t) GROUP BY ws, i

CREATE STREAM tumble_of_old_and_far_times AS
SELECT window_start, window_end, COUNT(*) AS n FROM e GROUP BY TUMBLE(ts, INTERVAL '7' DAY) EMIT FINAL;
-- sqlite: SELECT ws, ws + 7 * $DAY, COUNT(*) FROM (SELECT (ts / (7 * $DAY) - (ts % (7 * $DAY) < 0)) * 7 * $DAY AS ws FROM e) GROUP BY ws

CREATE STREAM tumble_of_shifted_time AS
SELECT window_start, COUNT(*) AS n FROM (SELECT ts + INTERVAL '2' HOUR AS later FROM t) AS q GROUP BY TUMBLE(later, INTERVAL '6' HOUR);
-- sqlite: SELECT ws, COUNT(*) FROM (SELECT ((ts + 2 * $HOUR) / (6 * $HOUR) - ((ts + 2 * $HOUR) % (6 * $HOUR) < 0)) * 6 * $HOUR AS ws FROM t) GROUP BY ws

CREATE STREAM tumble_of_tumble AS
SELECT window_start, MAX(n) AS hi, SUM(s) AS s
FROM (SELECT b, window_start, COUNT(*) AS n, SUM(i) AS s FROM t GROUP BY b, TUMBLE(ts, INTERVAL '3' HOUR)) AS q
GROUP BY window_start;
-- sqlite: SELECT ws, MAX(n), SUM(s)
-- sqlite: FROM (SELECT b, ws, COUNT(*) AS n, SUM(i) AS s FROM (SELECT *, (ts / (3 * $HOUR) - (ts % (3 * $HOUR) < 0)) * 3 * $HOUR AS ws FROM t) GROUP BY b, ws)
-- sqlite: GROUP BY ws

CREATE STREAM wider_tumble_of_tumble AS
WITH hours AS (SELECT i, window_start, window_end, COUNT(*) AS n, AVG(x) AS a FROM t GROUP BY i, TUMBLE(ts, INTERVAL '2' HOUR))
SELECT window_start, COUNT(*) AS groups, SUM(n) AS n, MAX(a) AS a FROM hours GROUP BY TUMBLE(window_start, INTERVAL '12' HOUR);
-- sqlite: SELECT w2, COUNT(*), SUM(n), MAX(a)
-- sqlite: FROM (SELECT i, (ws / (12 * $HOUR) - (ws % (12 * $HOUR) < 0)) * 12 * $HOUR AS w2, COUNT(*) AS n, AVG(x) AS a
-- sqlite:       FROM (SELECT *, (ts / (2 * $HOUR) - (ts % (2 * $HOUR) < 0)) * 2 * $HOUR AS ws FROM t) GROUP BY i, ws)
-- sqlite: GROUP BY w2

CREATE STREAM three_levels_of_tumble AS
WITH a AS (SELECT b, i, window_end, COUNT(*) AS n FROM t GROUP BY b, i, TUMBLE(ts, INTERVAL '6' HOUR)),
     c AS (SELECT b, window_end, MAX(n) AS n FROM a GROUP BY b, window_end)
SELECT window_end, SUM(n) AS s, COUNT(*) AS k FROM c GROUP BY window_end;
-- sqlite: SELECT ws + 6 * $HOUR, SUM(n), COUNT(*)
-- sqlite: FROM (SELECT b, ws, MAX(n) AS n
-- sqlite:       FROM (SELECT b, i, ws, COUNT(*) AS n FROM (SELECT *, (ts / (6 * $HOUR) - (ts % (6 * $HOUR) < 0)) * 6 * $HOUR AS ws FROM t) GROUP BY b, i, ws)
-- sqlite:       GROUP BY b, ws)
-- sqlite: GROUP BY ws

CREATE STREAM group_of_tumble AS
SELECT b, COUNT(*) AS windows, SUM(n) AS n, SUM(s) AS s FROM (SELECT b, window_start, COUNT(*) AS n, SUM(x) AS s FROM t GROUP BY b, TUMBLE(ts, INTERVAL '3' HOUR)) AS q GROUP BY b;
-- sqlite: SELECT b, COUNT(*), SUM(n), SUM(s)
-- sqlite: FROM (SELECT b, ws, COUNT(*) AS n, SUM(x) AS s FROM (SELECT *, (ts / (3 * $HOUR) - (ts % (3 * $HOUR) < 0)) * 3 * $HOUR AS ws FROM t) GROUP BY b, ws) GROUP BY b

CREATE STREAM projection_of_tumble AS
SELECT b, EXTRACT(HOUR FROM window_start) AS h, n * 10 AS n, CASE WHEN s > 0 THEN 'up' ELSE 'down' END AS w
FROM (SELECT b, window_start, COUNT(*) AS n, SUM(i) AS s FROM t GROUP BY b, TUMBLE(ts, INTERVAL '3' HOUR)) AS q WHERE n > 1;
-- sqlite: SELECT b, (ws / $HOUR + 24000) % 24, n * 10, CASE WHEN s > 0 THEN 'up' ELSE 'down' END
-- sqlite: FROM (SELECT b, ws, COUNT(*) AS n, SUM(i) AS s FROM (SELECT *, (ts / (3 * $HOUR) - (ts % (3 * $HOUR) < 0)) * 3 * $HOUR AS ws FROM t) GROUP BY b, ws) WHERE n > 1

CREATE STREAM union_of_tumbles AS
SELECT window_start, COUNT(*) AS n FROM t GROUP BY TUMBLE(ts, INTERVAL '6' HOUR) UNION ALL SELECT window_start, COUNT(*) AS n FROM u GROUP BY TUMBLE(ts, INTERVAL '12' HOUR);
-- sqlite: SELECT ws, COUNT(*) FROM (SELECT (ts / (6 * $HOUR) - (ts % (6 * $HOUR) < 0)) * 6 * $HOUR AS ws FROM t) GROUP BY ws
-- sqlite: UNION ALL SELECT ws, COUNT(*) FROM (SELECT (ts / (12 * $HOUR) - (ts % (12 * $HOUR) < 0)) * 12 * $HOUR AS ws FROM u) GROUP BY ws

CREATE STREAM tumble_of_union_of_tumbles AS
SELECT window_start, SUM(n) AS n
FROM (SELECT window_start, COUNT(*) AS n FROM t GROUP BY TUMBLE(ts, INTERVAL '6' HOUR) UNION ALL SELECT window_start, COUNT(*) AS n FROM u GROUP BY TUMBLE(ts, INTERVAL '6' HOUR)) AS q
GROUP BY window_start;
-- sqlite: SELECT ws, COUNT(*) FROM (SELECT (ts / (6 * $HOUR) - (ts % (6 * $HOUR) < 0)) * 6 * $HOUR AS ws FROM (SELECT ts FROM t UNION ALL SELECT ts FROM u)) GROUP BY ws

CREATE STREAM late_rows_are_left_out AS
SELECT window_start, COUNT(*) AS n, SUM(id) AS ids FROM v GROUP BY TUMBLE(ts, INTERVAL '30' SECOND);
-- sqlite: SELECT ws, COUNT(*), SUM(id) FROM (SELECT id, ts, (ts / (30 * $SEC) - (ts % (30 * $SEC) < 0)) * 30 * $SEC AS ws, MAX(ts) OVER (ORDER BY id) - 10 * $SEC AS w FROM v)
-- sqlite: WHERE w < ws + 30 * $SEC GROUP BY ws

CREATE STREAM late_rows_by_filter_and_key AS
SELECT b, window_end, COUNT(*) AS n FROM v WHERE i > -5 GROUP BY b, TUMBLE(ts, INTERVAL '20' SECOND);
-- sqlite: SELECT b, ws + 20 * $SEC, COUNT(*) FROM (SELECT *, (ts / (20 * $SEC) - (ts % (20 * $SEC) < 0)) * 20 * $SEC AS ws, MAX(ts) OVER (ORDER BY id) - 10 * $SEC AS w FROM v)
-- sqlite: WHERE w < ws + 20 * $SEC AND i > -5 GROUP BY b, ws

CREATE STREAM lateness_is_allowed AS
SELECT window_start, COUNT(*) AS n, SUM(id) AS ids FROM v GROUP BY TUMBLE(ts, INTERVAL '30' SECOND) ALLOW LATENESS INTERVAL '15' SECOND;
-- sqlite: SELECT ws, COUNT(*), SUM(id) FROM (SELECT id, ts, (ts / (30 * $SEC) - (ts % (30 * $SEC) < 0)) * 30 * $SEC AS ws, MAX(ts) OVER (ORDER BY id) - 10 * $SEC AS w FROM v)
-- sqlite: WHERE w < ws + 45 * $SEC GROUP BY ws

CREATE STREAM nothing_is_late_at_the_end AS
SELECT window_start, COUNT(*) AS n, SUM(id) AS ids FROM v GROUP BY TUMBLE(ts, INTERVAL '30' SECOND) EMIT FINAL;
-- sqlite: SELECT ws, COUNT(*), SUM(id) FROM (SELECT id, (ts / (30 * $SEC) - (ts % (30 * $SEC) < 0)) * 30 * $SEC AS ws FROM v) GROUP BY ws

CREATE STREAM windows_that_stay_empty AS
SELECT window_start, COUNT(*) AS n FROM t WHERE i > 1000 GROUP BY TUMBLE(ts, INTERVAL '6' HOUR);
-- sqlite: SELECT 0, 0 WHERE FALSE

CREATE STREAM tumble_used_twice AS
WITH w AS (SELECT b, window_start, window_end, COUNT(*) AS n FROM t GROUP BY b, TUMBLE(ts, INTERVAL '6' HOUR))
SELECT window_end, SUM(n) AS n FROM w GROUP BY window_end UNION ALL SELECT window_end, -MAX(n) AS n FROM w WHERE b GROUP BY window_end;
-- sqlite: WITH w AS (SELECT b, ws, COUNT(*) AS n FROM (SELECT *, (ts / (6 * $HOUR) - (ts % (6 * $HOUR) < 0)) * 6 * $HOUR AS ws FROM t) GROUP BY b, ws)
-- sqlite: SELECT ws + 6 * $HOUR, SUM(n) FROM w GROUP BY ws UNION ALL SELECT ws + 6 * $HOUR, -MAX(n) FROM w WHERE b GROUP BY ws

CREATE STREAM tumble_of_tumble_at_the_end AS
SELECT window_start, COUNT(*) AS k, MAX(n) AS hi
FROM (SELECT i, window_start, COUNT(*) AS n FROM t GROUP BY i, TUMBLE(ts, INTERVAL '6' HOUR)) AS q GROUP BY window_start EMIT FINAL;
-- sqlite: SELECT ws, COUNT(*), MAX(n) FROM (SELECT i, ws, COUNT(*) AS n FROM (SELECT *, (ts / (6 * $HOUR) - (ts % (6 * $HOUR) < 0)) * 6 * $HOUR AS ws FROM t) GROUP BY i, ws)
-- sqlite: GROUP BY ws

CREATE STREAM tumble_of_tumble_as_changes AS
SELECT window_start, COUNT(*) AS k, SUM(n) AS n
FROM (SELECT i, window_start, COUNT(*) AS n FROM t GROUP BY i, TUMBLE(ts, INTERVAL '6' HOUR)) AS q GROUP BY window_start EMIT CHANGES;
-- sqlite: SELECT ws, COUNT(*), SUM(n) FROM (SELECT i, ws, COUNT(*) AS n FROM (SELECT *, (ts / (6 * $HOUR) - (ts % (6 * $HOUR) < 0)) * 6 * $HOUR AS ws FROM t) GROUP BY i, ws)
-- sqlite: GROUP BY ws

CREATE STREAM tumble_filtered_between AS
SELECT window_start, COUNT(*) AS k FROM (SELECT i, window_start, COUNT(*) AS n FROM t GROUP BY i, TUMBLE(ts, INTERVAL '6' HOUR) HAVING COUNT(*) > 1) AS q
WHERE i <> 0 GROUP BY window_start HAVING COUNT(*) < 5;
-- sqlite: SELECT ws, COUNT(*) FROM (SELECT i, ws FROM (SELECT *, (ts / (6 * $HOUR) - (ts % (6 * $HOUR) < 0)) * 6 * $HOUR AS ws FROM t) GROUP BY i, ws HAVING COUNT(*) > 1)
-- sqlite: WHERE i <> 0 GROUP BY ws HAVING COUNT(*) < 5

CREATE STREAM tumble_of_computed_keys AS
SELECT window_start, substr(s, 1, 1) AS letter, i0 > 0 AS up, COUNT(*) AS n FROM t GROUP BY substr(s, 1, 1), i0 > 0, TUMBLE(ts, INTERVAL '12' HOUR);
-- sqlite: SELECT ws, substr(s, 1, 1) AS l, i0 > 0 AS up, COUNT(*) FROM (SELECT *, (ts / (12 * $HOUR) - (ts % (12 * $HOUR) < 0)) * 12 * $HOUR AS ws FROM t) GROUP BY ws, l, up

CREATE STREAM tumble_of_one_nanosecond AS
SELECT window_start, window_end, COUNT(*) AS n FROM t GROUP BY TUMBLE(ts, INTERVAL '0.000000001' SECOND);
-- sqlite: SELECT ts, ts + 1, COUNT(*) FROM t GROUP BY ts

CREATE STREAM late_rows_of_two_levels AS
SELECT window_start, SUM(n) AS n, COUNT(*) AS k
FROM (SELECT b, window_start, window_end, COUNT(*) AS n FROM v GROUP BY b, TUMBLE(ts, INTERVAL '15' SECOND)) AS q
GROUP BY TUMBLE(window_start, INTERVAL '60' SECOND);
-- sqlite: SELECT w2, SUM(n), COUNT(*)
-- sqlite: FROM (SELECT b, (ws / (60 * $SEC) - (ws % (60 * $SEC) < 0)) * 60 * $SEC AS w2, COUNT(*) AS n
-- sqlite:       FROM (SELECT *, (ts / (15 * $SEC) - (ts % (15 * $SEC) < 0)) * 15 * $SEC AS ws, MAX(ts) OVER (ORDER BY id) - 10 * $SEC AS w FROM v)
-- sqlite:       WHERE w < ws + 15 * $SEC GROUP BY b, ws)
-- sqlite: GROUP BY w2
