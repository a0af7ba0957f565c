CREATE STREAM string_agg_ordered AS
SELECT window_start, STRING_AGG(s, ', ' ORDER BY id) AS all, STRING_AGG(s0, '' ORDER BY s0 DESC, id) AS down, STRING_AGG(DISTINCT s, '/' ORDER BY s) AS each
FROM t GROUP BY TUMBLE(ts, INTERVAL '12' HOUR);
-- sqlite: SELECT ws, STRING_AGG(s, ', ' ORDER BY id), STRING_AGG(s0, '' ORDER BY s0 DESC, id),
-- sqlite:   (SELECT STRING_AGG(s, '/' ORDER BY s) FROM (SELECT DISTINCT s FROM t q WHERE (q.ts / (12 * $HOUR) - (q.ts % (12 * $HOUR) < 0)) * 12 * $HOUR = w.ws))
-- sqlite: FROM (SELECT *, (ts / (12 * $HOUR) - (ts % (12 * $HOUR) < 0)) * 12 * $HOUR AS ws FROM t) w GROUP BY ws

CREATE STREAM string_agg_kept_for_ever AS
SELECT b, STRING_AGG(s0, CASE WHEN i > 0 THEN '+' END ORDER BY i, id) AS v, STRING_AGG(s, '-') FILTER (WHERE i > 1000) AS none FROM t GROUP BY b ALLOW UNBOUNDED STATE;
-- sqlite: SELECT b, SUBSTR(GROUP_CONCAT(CASE WHEN i > 0 THEN '+' ELSE '' END || s0, '' ORDER BY i, id),
-- sqlite:   1 + (SELECT i > 0 FROM t q WHERE q.b = t.b AND s0 IS NOT NULL ORDER BY i, id LIMIT 1)), NULL FROM t GROUP BY b

CREATE STREAM string_agg_by_event_time AS
SELECT STRING_AGG(s, ',') AS v FROM t WHERE id < 20 EMIT FINAL ALLOW UNBOUNDED STATE;
-- sqlite: SELECT GROUP_CONCAT(s, ',' ORDER BY ts, s) FROM t WHERE id < 20

CREATE STREAM string_agg_of_changes AS
SELECT STRING_AGG(k, ',' ORDER BY n DESC, k) AS v FROM (SELECT s AS k, COUNT(*) AS n FROM t GROUP BY s) q;
-- sqlite: SELECT GROUP_CONCAT(k, ',' ORDER BY n DESC, k) FROM (SELECT s AS k, COUNT(*) AS n FROM t GROUP BY s) q

CREATE STREAM first_value_in_an_order AS
SELECT b, FIRST_VALUE(id ORDER BY i0 NULLS FIRST, x) AS f, LAST_VALUE(id ORDER BY i DESC, n) AS l FROM t GROUP BY b;
-- sqlite: SELECT b, (SELECT id FROM t q WHERE q.b = t.b ORDER BY i0 NULLS FIRST, x, ts, id LIMIT 1),
-- sqlite:   (SELECT id FROM t q WHERE q.b = t.b ORDER BY i, n DESC, ts DESC, id DESC LIMIT 1) FROM t GROUP BY b

CREATE STREAM percentiles AS
SELECT b, MEDIAN(i) AS m, MEDIAN(x0) AS m0, PERCENTILE_CONT(0.25) WITHIN GROUP (ORDER BY i) AS q, PERCENTILE_DISC(0.75) WITHIN GROUP (ORDER BY n0) AS d,
       PERCENTILE_DISC(0) WITHIN GROUP (ORDER BY s DESC) AS last, PERCENTILE_CONT(1) WITHIN GROUP (ORDER BY d) AS most, MODE() WITHIN GROUP (ORDER BY i) AS mode
FROM t GROUP BY b;
-- sqlite: WITH r AS (SELECT *, ROW_NUMBER() OVER (PARTITION BY b ORDER BY i) - 1 AS ri, COUNT(*) OVER (PARTITION BY b) AS c,
-- sqlite:   ROW_NUMBER() OVER (PARTITION BY b ORDER BY x0 NULLS LAST) - 1 AS rx, COUNT(x0) OVER (PARTITION BY b) AS cx,
-- sqlite:   ROW_NUMBER() OVER (PARTITION BY b ORDER BY n0 NULLS LAST) AS rn, COUNT(n0) OVER (PARTITION BY b) AS cn FROM t)
-- sqlite: SELECT b, AVG(i) FILTER (WHERE ri IN ((c - 1) / 2, c / 2)), AVG(x0) FILTER (WHERE rx IN ((cx - 1) / 2, cx / 2)),
-- sqlite:   SUM(CASE WHEN ri = (c - 1) / 4 THEN i * (1 - ((c - 1) % 4) / 4.0) WHEN ri = (c - 1) / 4 + 1 THEN i * ((c - 1) % 4) / 4.0 END),
-- sqlite:   MAX(n0) FILTER (WHERE rn = (cn * 3 + 3) / 4), MAX(s), MAX(d) / 100.0,
-- sqlite:   (SELECT i FROM t q WHERE q.b = r.b GROUP BY i ORDER BY COUNT(*) DESC, i LIMIT 1) FROM r GROUP BY b

CREATE STREAM percentiles_of_changes AS
SELECT MEDIAN(n) AS m, MODE() WITHIN GROUP (ORDER BY n) AS o FROM (SELECT i, COUNT(*) AS n FROM t GROUP BY i) q;
-- sqlite: WITH q AS (SELECT COUNT(*) AS n FROM t GROUP BY i), r AS (SELECT n, ROW_NUMBER() OVER (ORDER BY n) - 1 AS r, COUNT(*) OVER () AS c FROM q)
-- sqlite: SELECT AVG(n), (SELECT n FROM q GROUP BY n ORDER BY COUNT(*) DESC, n LIMIT 1) FROM r WHERE r IN ((c - 1) / 2, c / 2)

CREATE STREAM percentiles_of_nothing AS
SELECT MEDIAN(x) AS m, PERCENTILE_DISC(0.5) WITHIN GROUP (ORDER BY s) AS d, MODE() WITHIN GROUP (ORDER BY i) AS o, STRING_AGG(s, ',') AS v FROM t WHERE i > 1000 EMIT FINAL ALLOW UNBOUNDED STATE;
-- sqlite: SELECT NULL, NULL, NULL, NULL
