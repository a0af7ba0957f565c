-- ORDER BY and LIMIT where the rows are complete: at the end of input, and in a window that closes. Rows are compared in their order; the
-- texts for SQLite name the columns that decide between equal keys.

CREATE STREAM order_groups AS
SELECT b, i, COUNT(*) AS n FROM t GROUP BY b, i ORDER BY n DESC, i EMIT FINAL;
-- sqlite: SELECT b, i, COUNT(*) FROM t GROUP BY b, i ORDER BY 3 DESC, 2, 1

CREATE STREAM order_ties_by_the_row AS
SELECT b0, i0, COUNT(*) AS n FROM t GROUP BY b0, i0 ORDER BY 3 EMIT FINAL;
-- sqlite: SELECT b0, i0, COUNT(*) FROM t GROUP BY b0, i0 ORDER BY 3, 1 NULLS LAST, 2 NULLS LAST

CREATE STREAM order_nulls_last AS
SELECT s0, SUM(n0) AS total FROM t GROUP BY s0 ORDER BY total DESC NULLS LAST EMIT FINAL;
-- sqlite: SELECT s0, SUM(n0) FROM t GROUP BY s0 ORDER BY 2 DESC NULLS LAST, 1 NULLS LAST

CREATE STREAM order_nulls_first AS
SELECT s0, MAX(x0) AS hi FROM t GROUP BY s0 ORDER BY s0 NULLS FIRST LIMIT 4 EMIT FINAL;
-- sqlite: SELECT s0, MAX(x0) FROM t GROUP BY s0 ORDER BY s0 NULLS FIRST LIMIT 4

CREATE STREAM order_descending_puts_nulls_first AS
SELECT i0, COUNT(*) AS n FROM t GROUP BY i0 ORDER BY i0 DESC LIMIT 3 EMIT FINAL;
-- sqlite: SELECT i0, COUNT(*) FROM t GROUP BY i0 ORDER BY i0 DESC NULLS FIRST LIMIT 3

CREATE STREAM order_by_what_is_not_selected AS
SELECT s FROM t GROUP BY s ORDER BY SUM(i) DESC, MIN(id) LIMIT 5 EMIT FINAL;
-- sqlite: SELECT s FROM t GROUP BY s ORDER BY SUM(i) DESC, MIN(id) LIMIT 5

CREATE STREAM order_page AS
SELECT i, AVG(x) AS a FROM t GROUP BY i ORDER BY i DESC LIMIT 3 OFFSET 2 EMIT FINAL;
-- sqlite: SELECT i, AVG(x) FROM t GROUP BY i ORDER BY i DESC LIMIT 3 OFFSET 2

CREATE STREAM order_fetch_first AS
SELECT d, COUNT(*) AS n FROM t GROUP BY d ORDER BY n DESC, d OFFSET 1 ROW FETCH FIRST 2 ROWS ONLY EMIT FINAL;
-- sqlite: SELECT d, COUNT(*) FROM t GROUP BY d ORDER BY 2 DESC, 1 LIMIT 2 OFFSET 1

CREATE STREAM order_limit_alone_goes_by_the_row AS
SELECT i, b, COUNT(*) AS n FROM t GROUP BY i, b LIMIT 4 EMIT FINAL;
-- sqlite: SELECT i, b, COUNT(*) FROM t GROUP BY i, b ORDER BY 1, 2 LIMIT 4

CREATE STREAM order_limit_zero AS
SELECT i, COUNT(*) AS n FROM t GROUP BY i ORDER BY n LIMIT 0 EMIT FINAL;

CREATE STREAM order_of_having AS
SELECT s, COUNT(*) AS n FROM t GROUP BY s HAVING COUNT(*) > 2 ORDER BY n DESC, s DESC EMIT FINAL;
-- sqlite: SELECT s, COUNT(*) FROM t GROUP BY s HAVING COUNT(*) > 2 ORDER BY 2 DESC, 1 DESC

CREATE STREAM order_of_distinct AS
SELECT DISTINCT s0 FROM t ORDER BY s0 DESC LIMIT 3 EMIT FINAL;
-- sqlite: SELECT DISTINCT s0 FROM t ORDER BY s0 DESC NULLS FIRST LIMIT 3

CREATE STREAM order_of_a_union AS
SELECT b, COUNT(*) AS n FROM t GROUP BY b UNION ALL SELECT b, COUNT(*) FROM u GROUP BY b ORDER BY n DESC EMIT FINAL;
-- sqlite: SELECT b, COUNT(*) FROM t GROUP BY b UNION ALL SELECT b, COUNT(*) FROM u GROUP BY b ORDER BY 2 DESC, 1

CREATE STREAM order_all_windows AS
SELECT window_start, b, COUNT(*) AS n FROM t GROUP BY b, TUMBLE(ts, INTERVAL '6' HOUR) ORDER BY n DESC LIMIT 5 EMIT FINAL;
-- sqlite: SELECT ws, b, COUNT(*) AS n FROM (SELECT *, (ts / (6 * $HOUR) - (ts % (6 * $HOUR) < 0)) * 6 * $HOUR AS ws FROM t) GROUP BY b, ws ORDER BY n DESC, 1, 2 LIMIT 5

CREATE STREAM order_first_rows AS
SELECT id, s0, x FROM t ORDER BY x DESC LIMIT 7 EMIT FINAL;
-- sqlite: SELECT id, s0, x FROM t ORDER BY x DESC, id LIMIT 7

CREATE STREAM order_first_rows_of_extremes AS
SELECT id, n, d FROM e ORDER BY n, d DESC LIMIT 12 EMIT FINAL;
-- sqlite: SELECT id, n, d FROM e ORDER BY n, d DESC, id LIMIT 12

CREATE STREAM order_first_texts AS
SELECT s0, s FROM t WHERE i > 0 ORDER BY length(s) DESC, s0 NULLS FIRST LIMIT 3 OFFSET 1 EMIT FINAL;
-- sqlite: SELECT s0, s FROM t WHERE i > 0 ORDER BY length(s) DESC, s0 NULLS FIRST, s LIMIT 3 OFFSET 1

CREATE STREAM order_all_rows AS
SELECT s0, id FROM t ORDER BY s0 DESC NULLS LAST EMIT FINAL ALLOW UNBOUNDED STATE;
-- sqlite: SELECT s0, id FROM t ORDER BY s0 DESC NULLS LAST, id

CREATE STREAM order_rows_of_two_inputs AS
SELECT id, i FROM t UNION ALL SELECT id, i FROM u ORDER BY i DESC LIMIT 6 EMIT FINAL;
-- sqlite: SELECT id, i FROM t UNION ALL SELECT id, i FROM u ORDER BY 2 DESC, 1 LIMIT 6

CREATE STREAM order_in_windows AS
SELECT window_start, b, i, COUNT(*) AS n FROM t GROUP BY b, i, TUMBLE(ts, INTERVAL '6' HOUR) ORDER BY window_start, n DESC, i;
-- sqlite: SELECT ws, b, i, COUNT(*) AS n FROM (SELECT *, (ts / (6 * $HOUR) - (ts % (6 * $HOUR) < 0)) * 6 * $HOUR AS ws FROM t) GROUP BY b, i, ws ORDER BY ws, n DESC, i, b

CREATE STREAM order_in_windows_by_what_is_not_selected AS
SELECT s, COUNT(*) AS n FROM t GROUP BY s, TUMBLE(ts, INTERVAL '1' DAY) ORDER BY window_end, SUM(n) DESC EMIT ON WINDOW CLOSE;
-- sqlite: SELECT s, n FROM (SELECT ws, s, COUNT(*) AS n, SUM(n) AS total FROM (SELECT *, (ts / $DAY - (ts % $DAY < 0)) * $DAY AS ws FROM t) GROUP BY s, ws) ORDER BY ws, total DESC, s, n

CREATE STREAM order_of_distinct_expressions AS
SELECT DISTINCT i * 2 AS ii, i FROM t WHERE i > -3 ORDER BY i * 2 DESC LIMIT 4 EMIT FINAL;
-- sqlite: SELECT DISTINCT i * 2 AS ii, i FROM t WHERE i > -3 ORDER BY 1 DESC LIMIT 4
