-- Rows that the query brings: VALUES, and SELECT without FROM.

CREATE STREAM values_alone AS
SELECT a, b FROM (VALUES (1, 'x'), (2, NULL), (3, 'it''s')) AS v (a, b);
-- sqlite: SELECT column1, column2 FROM (VALUES (1, 'x'), (2, NULL), (3, 'it''s'))

CREATE STREAM values_as_a_query AS
WITH v (k, name) AS (VALUES (1, 'one'), (2, 'two'), (2, 'again')) SELECT name, k * 10 AS k FROM v WHERE k > 1;
-- sqlite: SELECT column2, column1 * 10 FROM (VALUES (1, 'one'), (2, 'two'), (2, 'again')) WHERE column1 > 1

CREATE STREAM values_one_row AS
SELECT 1 AS one, 'x' || 'y' AS xy, 2.5 AS half;
-- sqlite: SELECT 1, 'xy', 25

CREATE STREAM values_of_all_types AS
SELECT * FROM (VALUES
    (TRUE, 1, 9000000000, -1.5e0, 2.25, 'ä', TIMESTAMP '1970-01-01 00:00:01', INTERVAL '1' DAY),
    (NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
    (FALSE, -2147483648, -1, 0e0, -0.01, '', TIMESTAMP '1969-12-31 23:59:59', INTERVAL '-3' MONTH)
) AS v (b, i, n, x, d, s, ts, p);
-- sqlite: SELECT column1, column2, column3, column4, column5, column6, column7, column8 FROM (VALUES (1, 1, 9000000000, -1.5, 225, 'ä', 1000000000, '0/1/0'), (NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL), (0, -2147483648, -1, 0.0, -1, '', -1000000000, '-3/0/0'))

CREATE STREAM values_aggregated AS
SELECT k, COUNT(*) AS n, MAX(s) AS hi FROM (VALUES (1, 'a'), (2, 'b'), (1, 'c')) AS v (k, s) GROUP BY k;
-- sqlite: SELECT column1, COUNT(*), MAX(column2) FROM (VALUES (1, 'a'), (2, 'b'), (1, 'c')) GROUP BY 1

CREATE STREAM values_beside_rows AS
SELECT id, s FROM t WHERE i > 3 UNION ALL VALUES (-1, 'first'), (-2, 'second');
-- sqlite: SELECT id, s FROM t WHERE i > 3 UNION ALL VALUES (-1, 'first'), (-2, 'second')

CREATE STREAM values_in_groups AS
SELECT b, COUNT(*) AS n, SUM(i) AS s FROM (SELECT b, i FROM t UNION ALL SELECT TRUE, 100 UNION ALL VALUES (CAST(NULL AS BOOLEAN), 7)) AS u GROUP BY b;
-- sqlite: SELECT b, COUNT(*), SUM(i) FROM (SELECT b, i FROM t UNION ALL SELECT 1, 100 UNION ALL VALUES (NULL, 7)) GROUP BY b

CREATE STREAM values_in_windows AS
SELECT window_start, COUNT(*) AS n, SUM(i) AS s FROM (
    SELECT ts, i FROM t UNION ALL VALUES (TIMESTAMP '1960-05-05 12:00:00', 5), (TIMESTAMP '2100-01-01', 6)
) AS u GROUP BY TUMBLE(ts, INTERVAL '6' HOUR);
-- sqlite: SELECT ws, COUNT(*), SUM(i) FROM (SELECT i, (ts / (6 * $HOUR) - (ts % (6 * $HOUR) < 0)) * 6 * $HOUR AS ws FROM (SELECT ts, i FROM t UNION ALL VALUES (-304776000000000000, 5), (4102444800000000000, 6))) GROUP BY ws

CREATE STREAM values_windowed_alone AS
SELECT window_end, COUNT(*) AS n FROM (VALUES (TIMESTAMP '1970-01-01 00:00:01'), (TIMESTAMP '1970-01-01 00:00:09'), (TIMESTAMP '1970-01-01 00:00:10')) AS v (ts)
GROUP BY TUMBLE(ts, INTERVAL '10' SECOND);
-- sqlite: SELECT (column1 / (10 * $SEC) + 1) * 10 * $SEC, COUNT(*) FROM (VALUES (1000000000), (9000000000), (10000000000)) GROUP BY 1

CREATE STREAM values_at_the_end AS
SELECT b, COUNT(*) AS n FROM t GROUP BY b UNION ALL VALUES (FALSE, -5), (NULL, -7) ORDER BY n EMIT FINAL;
-- sqlite: SELECT b, COUNT(*) FROM t GROUP BY b UNION ALL SELECT 0, -5 UNION ALL SELECT NULL, -7 ORDER BY 2

CREATE STREAM values_at_the_end_by_the_row AS
SELECT i, COUNT(*) AS n FROM t GROUP BY i UNION ALL SELECT 0, -1 EMIT FINAL;
-- sqlite: SELECT i, COUNT(*) FROM t GROUP BY i UNION ALL SELECT 0, -1 ORDER BY 1, 2

CREATE STREAM values_first_rows AS
SELECT * FROM (VALUES (3, 'c'), (1, 'a'), (2, 'b')) AS v (a, b) ORDER BY b DESC LIMIT 2 EMIT FINAL;
-- sqlite: SELECT column1, column2 FROM (VALUES (3, 'c'), (1, 'a'), (2, 'b')) ORDER BY 2 DESC LIMIT 2

CREATE STREAM values_without_some AS
SELECT s FROM t EXCEPT VALUES ('a'), ('b');

CREATE STREAM values_of_two_queries AS
SELECT 1 AS a UNION ALL SELECT 2 UNION ALL SELECT a FROM (VALUES (3), (4)) AS v (a);
-- sqlite: SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT column1 FROM (VALUES (3), (4))

CREATE STREAM values_untyped AS
SELECT i, s FROM t WHERE i > 3 UNION ALL SELECT NULL, NULL UNION ALL SELECT '-7', 'x';
-- sqlite: SELECT i, s FROM t WHERE i > 3 UNION ALL SELECT NULL, NULL UNION ALL SELECT -7, 'x'
