-- Answers are arrays as texts; SQLite puts the texts together.

CREATE STREAM array_constructor AS
SELECT id, ARRAY[i, i0, n] AS a, ARRAY[b, NULL, b0] AS b, ARRAY[s0] AS c, ARRAY[d, d0, 1] AS d, ARRAY[]::BIGINT[] AS e, ARRAY[NULL] AS f,
       CAST(ARRAY[i0] AS VARCHAR) AS g, ARRAY[DATE '2013-01-01', NULL] AS h
FROM t WHERE id <= 20;
-- sqlite: SELECT id, '{' || i || ',' || coalesce(i0, 'NULL') || ',' || n || '}', '{' || CASE WHEN b THEN 't' ELSE 'f' END || ',NULL,' || CASE b0 WHEN 1 THEN 't' WHEN 0 THEN 'f' ELSE 'NULL' END || '}',
-- sqlite:   '{' || CASE WHEN s0 IS NULL THEN 'NULL' WHEN s0 = '' OR s0 GLOB '*[{},"\ ' || char(9) || char(10) || char(13) || char(11) || char(12) || ']*' OR lower(s0) = 'null'
-- sqlite:     THEN '"' || replace(replace(s0, '\', '\\'), '"', '\"') || '"' ELSE s0 END || '}',
-- sqlite:   '{' || printf('%.2f', d / 100.0) || ',' || CASE WHEN d0 IS NULL THEN 'NULL' ELSE printf('%.2f', d0 / 100.0) END || ',1.00}', '{}', '{NULL}',
-- sqlite:   '{' || coalesce(i0, 'NULL') || '}', '{2013-01-01,NULL}' FROM t WHERE id <= 20

CREATE STREAM array_subscript AS
SELECT id, (ARRAY[i0, i, n0])[1] AS a, (ARRAY[i0, i, n0])[i] AS b, (ARRAY[s, s0])[2] AS c, (ARRAY[b0])[1] AS d, (ARRAY[x0, x])[1] AS e, (ARRAY[d0])[1] AS f,
       (ARRAY[ts0])[1] AS g, (ARRAY[p, p0])[2] AS h, (ARRAY[CAST(d0 AS DECIMAL(38, 2))])[1] AS j, (ARRAY[i, n])[NULL] AS k, (ARRAY[TRY_CAST(s AS BYTEA)])[1] AS l,
       (ARRAY[1, i, 3])[2:] AS m, (ARRAY[1, i, 3])[i0:2] AS n
FROM t WHERE x <> 0 AND (x0 IS NULL OR x0 <> 0);
-- sqlite: SELECT id, i0, CASE i WHEN 1 THEN i0 WHEN 2 THEN i WHEN 3 THEN n0 END, s0, b0, x0, d0, ts0, p0, d0, NULL, CASE WHEN instr(s, '\') THEN NULL ELSE '\x' || lower(hex(s)) END,
-- sqlite:   '{' || i || ',3}', CASE WHEN i0 IS NULL THEN NULL WHEN i0 <= 1 THEN '{1,' || i || '}' WHEN i0 = 2 THEN '{' || i || '}' ELSE '{}' END FROM t WHERE x <> 0 AND (x0 IS NULL OR x0 <> 0)

CREATE STREAM array_comparison AS
SELECT id, ARRAY[i, i0] = ARRAY[n, n0] AS a, ARRAY[i, i0] < ARRAY[i, 3] AS b, ARRAY[i] < ARRAY[i, n] AS c, ARRAY[s] >= ARRAY['b'] AS d, ARRAY[i0, 1] IS DISTINCT FROM ARRAY[i0, 1] AS e,
       ARRAY[x, 1] > ARRAY[x0] AS f, CASE WHEN b0 THEN ARRAY[i] END = ARRAY[i] AS g, ARRAY[i] <> '{1}' AS h, greatest(ARRAY[i], ARRAY[2]) AS j, nullif(ARRAY[i], '{2}') AS k
FROM t;
-- sqlite: SELECT id, i = n AND i0 IS n0, i0 IS NOT NULL AND i0 < 3, true, s >= 'b', false, x0 IS NOT NULL AND (x > x0 OR x = x0), CASE WHEN b0 THEN true END, i <> 1,
-- sqlite:   '{' || max(i, 2) || '}', CASE WHEN i <> 2 THEN '{' || i || '}' END FROM t

CREATE STREAM array_functions AS
SELECT id, cardinality(ARRAY[i, i0, n]) AS a, array_length(CASE WHEN b THEN ARRAY[i, 1] ELSE '{}' END, 1) AS b, array_append(ARRAY[i], i0) AS c, i0 || ARRAY[i] AS d,
       CASE WHEN b0 THEN ARRAY[i] END || CASE WHEN b THEN ARRAY[n] END AS e, array_position(ARRAY[1, 2, i0, 3], i) AS f, array_position(ARRAY[1, i0, 3], i0) AS g, array_position(ARRAY[i, 2, i], i, 2) AS p,
       array_remove(ARRAY[i0, 1, 2], i0) AS h, array_replace(ARRAY[i0, 1], NULL, 7) AS j, array_positions(ARRAY[i0, 1, i0], i0) AS k,
       ARRAY[i, n] @> ARRAY[i0] AS l, ARRAY[i] <@ ARRAY[1, 2, i0] AS m, ARRAY[i0, 9] && ARRAY[i] AS o
FROM t;
-- sqlite: SELECT id, 3, CASE WHEN b THEN 2 END, '{' || i || ',' || coalesce(i0, 'NULL') || '}', '{' || coalesce(i0, 'NULL') || ',' || i || '}',
-- sqlite:   CASE WHEN b0 AND b THEN '{' || i || ',' || n || '}' WHEN b0 THEN '{' || i || '}' WHEN b THEN '{' || n || '}' END,
-- sqlite:   CASE WHEN i = 1 THEN 1 WHEN i = 2 THEN 2 WHEN i = i0 THEN 3 WHEN i = 3 THEN 4 END, CASE WHEN i0 = 1 THEN 1 ELSE 2 END, CASE WHEN i = 2 THEN 2 ELSE 3 END,
-- sqlite:   CASE WHEN i0 = 1 THEN '{2}' WHEN i0 = 2 THEN '{1}' ELSE '{1,2}' END, '{' || coalesce(i0, 7) || ',1}', CASE WHEN i0 = 1 THEN '{1,2,3}' ELSE '{1,3}' END,
-- sqlite:   i0 IS NOT NULL AND (i0 = i OR i0 = n), i IN (1, 2) OR i IS i0, i = 9 OR i IS i0 FROM t

CREATE STREAM array_any_and_all AS
SELECT id, i = ANY (ARRAY[1, i0, 3]) AS a, i0 = ANY (ARRAY[1, 2]) AS b, i <> ALL (ARRAY[1, i0]) AS c, i > ALL (ARRAY[0, i0]) AS d, i0 < SOME (ARRAY[1, n]) AS e, i = ANY ('{1,2}') AS f,
       NOT i0 = ANY ('{}') AS g, i >= ALL (ARRAY[]::INTEGER[]) AS h, s = ANY (string_to_array('a,b,' || s0, ',')) AS j, i = ANY (CASE WHEN b0 THEN ARRAY[i] END) AS k
FROM t;
-- sqlite: SELECT id, i IN (1, i0, 3), i0 IN (1, 2), i NOT IN (1, i0), i > 0 AND i > i0, i0 < 1 OR i0 < n, i IN (1, 2), true, true,
-- sqlite:   CASE WHEN s0 IS NOT NULL THEN instr(',a,b,' || s0 || ',', ',' || s || ',') > 0 AND instr(s, ',') = 0 END, CASE WHEN b0 THEN true END FROM t

CREATE STREAM array_text AS
SELECT id, CAST('{' || i || ', NULL ,' || n || '}' AS BIGINT[]) AS a, TRY_CAST(CASE WHEN b THEN '{1}' ELSE '{x}' END AS BIGINT[]) IS NULL AS b, CAST(ARRAY[i, i0] AS VARCHAR[]) AS c,
       CAST(ARRAY[d] AS INTEGER[]) AS d, array_to_string(ARRAY[i, i0, n], ', ') AS e, array_to_string(ARRAY[i0, i], '', '*') AS f, string_to_array(i || ',' || n, ',', '1') AS g,
       array_to_string(string_to_array('a' || i, CASE WHEN b0 THEN 'a' END), '-') AS h, TRY_CAST(ARRAY['1', CASE WHEN b THEN 'x' ELSE '2' END] AS INTEGER[]) IS NULL AS j,
       (CAST(ARRAY[i, i0] AS DOUBLE[]))[2] AS k
FROM t;
-- sqlite: SELECT id, '{' || i || ',NULL,' || n || '}', NOT b, '{' || i || ',' || coalesce(i0, 'NULL') || '}', '{' || CAST(round(d / 100.0) AS INTEGER) || '}',
-- sqlite:   i || ', ' || coalesce(i0 || ', ', '') || n, coalesce(i0, '*') || i, '{' || CASE WHEN i = 1 THEN 'NULL' ELSE i END || ',' || CASE WHEN n = 1 THEN 'NULL' ELSE n END || '}',
-- sqlite:   CASE WHEN b0 THEN '-' || i WHEN i < 0 THEN 'a---' || -i ELSE 'a-' || i END, b, i0 FROM t

CREATE STREAM array_group AS
SELECT ARRAY[b, b0] AS k, COUNT(*) AS n, COUNT(DISTINCT ARRAY[i0]) AS d FROM t GROUP BY ARRAY[b, b0] EMIT FINAL;
-- sqlite: SELECT '{' || CASE WHEN b THEN 't' ELSE 'f' END || ',' || CASE b0 WHEN 1 THEN 't' WHEN 0 THEN 'f' ELSE 'NULL' END || '}', COUNT(*), COUNT(DISTINCT coalesce(i0, 'none')) FROM t GROUP BY 1

CREATE STREAM array_group_of_changes AS
SELECT LAST_VALUE(k ORDER BY n, k) AS l, FIRST_VALUE(k ORDER BY k) AS f FROM (SELECT ARRAY[i0, 1] AS k, COUNT(*) AS n FROM t GROUP BY ARRAY[i0, 1]) q;
-- sqlite: WITH q AS (SELECT i0, COUNT(*) AS n FROM t GROUP BY i0) SELECT (SELECT '{' || coalesce(i0, 'NULL') || ',1}' FROM q ORDER BY n DESC, i0 DESC NULLS FIRST LIMIT 1),
-- sqlite:   (SELECT '{' || coalesce(i0, 'NULL') || ',1}' FROM q ORDER BY i0 NULLS LAST LIMIT 1)

CREATE STREAM array_agg_of_windows AS
SELECT window_start, ARRAY_AGG(i0 ORDER BY id) AS a, ARRAY_AGG(i ORDER BY i DESC) FILTER (WHERE b) AS b, ARRAY_AGG(DISTINCT i0) AS c, ARRAY_AGG(DISTINCT b0 ORDER BY b0 DESC NULLS LAST) AS d
FROM t GROUP BY TUMBLE(ts, INTERVAL '12' HOUR);
-- sqlite: SELECT ws, '{' || GROUP_CONCAT(coalesce(i0, 'NULL'), ',' ORDER BY id) || '}', '{' || GROUP_CONCAT(i, ',' ORDER BY i DESC) FILTER (WHERE b) || '}',
-- sqlite:   (SELECT '{' || GROUP_CONCAT(coalesce(i0, 'NULL'), ',' ORDER BY i0 NULLS LAST) || '}' FROM (SELECT DISTINCT i0 FROM t q WHERE (q.ts / (12 * $HOUR) - (q.ts % (12 * $HOUR) < 0)) * 12 * $HOUR = w.ws)),
-- sqlite:   (SELECT '{' || GROUP_CONCAT(CASE b0 WHEN 1 THEN 't' WHEN 0 THEN 'f' ELSE 'NULL' END, ',' ORDER BY b0 DESC NULLS LAST) || '}' FROM (SELECT DISTINCT b0 FROM t q WHERE (q.ts / (12 * $HOUR) - (q.ts % (12 * $HOUR) < 0)) * 12 * $HOUR = w.ws))
-- sqlite: FROM (SELECT *, (ts / (12 * $HOUR) - (ts % (12 * $HOUR) < 0)) * 12 * $HOUR AS ws FROM t) w GROUP BY ws

CREATE STREAM array_agg_kept_for_ever AS
SELECT b, ARRAY_AGG(n0) AS v, cardinality(ARRAY_AGG(x)) AS c, ARRAY_AGG(i) FILTER (WHERE i > 1000) AS none FROM t GROUP BY b ALLOW UNBOUNDED STATE;
-- sqlite: SELECT b, '{' || GROUP_CONCAT(coalesce(n0, 'NULL'), ',' ORDER BY ts, n0 NULLS LAST) || '}', COUNT(*), NULL FROM t GROUP BY b

CREATE STREAM array_agg_of_changes AS
SELECT ARRAY_AGG(k ORDER BY n DESC, k) AS v, ARRAY_AGG(n ORDER BY n) AS n FROM (SELECT i0 AS k, COUNT(*) AS n FROM t GROUP BY i0) q;
-- sqlite: SELECT '{' || GROUP_CONCAT(coalesce(k, 'NULL'), ',' ORDER BY n DESC, k NULLS LAST) || '}', '{' || GROUP_CONCAT(n, ',' ORDER BY n) || '}' FROM (SELECT i0 AS k, COUNT(*) AS n FROM t GROUP BY i0) q

CREATE STREAM array_of_both_zeros AS
SELECT id, ARRAY[x * 0, 0e0] AS a, ARRAY[x * 0] = ARRAY[0e0] AS b, array_position(ARRAY[1, x * 0], 0) AS c, ARRAY[x * 0] IS DISTINCT FROM ARRAY[-(x * 0)] AS d FROM t WHERE x <> 0;
-- sqlite: SELECT id, CASE WHEN x < 0 THEN '{-0,0}' ELSE '{0,0}' END, 1, 2, 0 FROM t WHERE x <> 0

CREATE STREAM array_of_both_zeros_as_key AS
SELECT ARRAY[x * 0, n] AS k, COUNT(*) AS n, COUNT(DISTINCT ARRAY[x * 0]) AS d FROM t GROUP BY ARRAY[x * 0, n] EMIT FINAL;
-- sqlite: SELECT '{0,' || n || '}', COUNT(*), 1 FROM t GROUP BY n
