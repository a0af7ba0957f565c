CREATE STREAM cast_integers_to_text AS
SELECT id, CAST(i AS VARCHAR) AS i, CAST(n0 AS VARCHAR) AS n, CAST(i0 AS TEXT) || '!' AS j FROM t;

CREATE STREAM cast_integer_bounds_to_text AS
SELECT id, CAST(i AS VARCHAR) AS i, CAST(n AS VARCHAR) AS n FROM e;

CREATE STREAM cast_boolean_to_text AS
SELECT id, CAST(b AS VARCHAR) AS b, CAST(b0 AS VARCHAR) AS b0, CAST(i > 0 AS VARCHAR) AS c FROM t;
-- sqlite: SELECT id, CASE b WHEN 1 THEN 'true' ELSE 'false' END, CASE b0 WHEN 1 THEN 'true' WHEN 0 THEN 'false' END, CASE WHEN i > 0 THEN 'true' ELSE 'false' END FROM t

CREATE STREAM cast_double_to_text AS
SELECT id, CAST(x AS VARCHAR) AS x, CAST(x0 AS VARCHAR) AS x0 FROM t;
-- sqlite: SELECT id, CASE WHEN x = CAST(x AS INTEGER) THEN CAST(CAST(x AS INTEGER) AS TEXT) ELSE CAST(x AS TEXT) END,
-- sqlite:        CASE WHEN x0 = CAST(x0 AS INTEGER) THEN CAST(CAST(x0 AS INTEGER) AS TEXT) ELSE CAST(x0 AS TEXT) END
-- sqlite: FROM t

CREATE STREAM cast_double_bounds_to_text AS
SELECT id, CAST(x AS VARCHAR) AS x FROM e WHERE id <= 2016;

CREATE STREAM cast_decimal_to_text AS
SELECT id, CAST(d AS VARCHAR) AS d, CAST(d0 AS VARCHAR) AS d0 FROM t;
-- sqlite: SELECT id, printf('%s%d.%02d', CASE WHEN d < 0 THEN '-' ELSE '' END, abs(d) / 100, abs(d) % 100),
-- sqlite:        CASE WHEN d0 IS NOT NULL THEN printf('%s%d.%02d', CASE WHEN d0 < 0 THEN '-' ELSE '' END, abs(d0) / 100, abs(d0) % 100) END
-- sqlite: FROM t

CREATE STREAM cast_timestamp_to_text AS
SELECT id, CAST(ts AS VARCHAR) AS ts, CAST(ts0 AS VARCHAR) AS ts0 FROM t;
-- sqlite: SELECT id, datetime(ts / $SEC - (ts % $SEC < 0), 'unixepoch')
-- sqlite:            || CASE WHEN ts % $SEC = 0 THEN '' ELSE rtrim(printf('.%09d', (ts % $SEC + $SEC) % $SEC), '0') END,
-- sqlite:        datetime(ts0 / $SEC - (ts0 % $SEC < 0), 'unixepoch')
-- sqlite:            || CASE WHEN ts0 % $SEC = 0 THEN '' ELSE rtrim(printf('.%09d', (ts0 % $SEC + $SEC) % $SEC), '0') END
-- sqlite: FROM t

CREATE STREAM cast_timestamp_bounds_to_text AS
SELECT id, CAST(ts0 AS VARCHAR) AS ts0 FROM e;
-- sqlite: SELECT id, datetime(ts0 / $SEC - (ts0 % $SEC < 0), 'unixepoch')
-- sqlite:            || CASE WHEN ts0 % $SEC = 0 THEN '' ELSE rtrim(printf('.%09d', (ts0 % $SEC + $SEC) % $SEC), '0') END
-- sqlite: FROM e

CREATE STREAM cast_interval_to_text AS
SELECT id, CAST(p AS VARCHAR) AS p FROM t WHERE id <= 4;

CREATE STREAM cast_there_and_back AS
SELECT id, CAST(CAST(i AS VARCHAR) AS INTEGER) AS i, CAST(CAST(n0 AS VARCHAR) AS BIGINT) AS n0, CAST(CAST(b0 AS VARCHAR) AS BOOLEAN) AS b0,
       CAST(CAST(x AS VARCHAR) AS DOUBLE) AS x, CAST(CAST(d0 AS VARCHAR) AS DECIMAL(10, 2)) AS d0,
       CAST(CAST(ts0 AS VARCHAR) AS TIMESTAMP) AS ts0, CAST(CAST(p0 AS VARCHAR) AS INTERVAL) AS p0
FROM t;
-- sqlite: SELECT id, i, n0, b0, x, d0, ts0, p0 FROM t

CREATE STREAM cast_bounds_there_and_back AS
SELECT id, CAST(CAST(i AS VARCHAR) AS INTEGER) AS i, CAST(CAST(n AS VARCHAR) AS BIGINT) AS n, CAST(CAST(x AS VARCHAR) AS DOUBLE) AS x,
       CAST(CAST(d AS VARCHAR) AS DECIMAL(10, 2)) AS d, CAST(CAST(ts0 AS VARCHAR) AS TIMESTAMP) AS ts0
FROM e;
-- sqlite: SELECT id, i, n, x, d, ts0 FROM e

CREATE STREAM cast_between_integers AS
SELECT id, CAST(i0 AS BIGINT) AS wide, CAST(n AS INTEGER) AS narrow, CAST(b0 AS INTEGER) AS one, CAST(i0 AS BOOLEAN) AS truth FROM t;
-- sqlite: SELECT id, i0, n, b0, i0 <> 0 FROM t

CREATE STREAM cast_double_to_integer AS
SELECT id, CAST(x AS INTEGER) AS i, CAST(x AS BIGINT) AS n, CAST(-x AS BIGINT) AS m FROM t;
-- sqlite: SELECT id, r, r, -r FROM (SELECT id, CASE WHEN abs(x) - CAST(abs(x) AS INTEGER) = 0.5 THEN 2 * CAST(round(x / 2) AS INTEGER) ELSE CAST(round(x) AS INTEGER) END AS r FROM t)

CREATE STREAM cast_integer_to_double AS
SELECT id, CAST(i0 AS DOUBLE) AS a, CAST(n AS DOUBLE PRECISION) AS b FROM t;

CREATE STREAM cast_wide_integer_to_double AS
SELECT id, CAST(n AS DOUBLE) AS n FROM e;

CREATE STREAM cast_decimal_to_others AS
SELECT id, CAST(d AS INTEGER) AS i, CAST(d0 AS BIGINT) AS n, CAST(d AS DOUBLE) AS x FROM t;
-- sqlite: SELECT id, (abs(d) + 50) / 100 * sign(d), (abs(d0) + 50) / 100 * sign(d0), d / 100.0 FROM t

CREATE STREAM cast_to_decimal AS
SELECT id, CAST(i0 AS DECIMAL(12, 3)) AS i, CAST(n AS DECIMAL(18, 0)) AS n, CAST(x AS DECIMAL(10, 2)) AS x, CAST(x AS DECIMAL(10, 1)) AS r FROM t;
-- sqlite: SELECT id, i0 * 1000, n, CAST(round(x * 100) AS INTEGER), CAST(round(x * 10) AS INTEGER) FROM t

CREATE STREAM cast_decimal_to_another_scale AS
SELECT id, CAST(d AS DECIMAL(10, 1)) AS one, CAST(d0 AS DECIMAL(12, 4)) AS four, CAST(d AS DECIMAL(10, 0)) AS none FROM t;
-- sqlite: SELECT id, (abs(d) + 5) / 10 * sign(d), d0 * 100, (abs(d) + 50) / 100 * sign(d) FROM t

CREATE STREAM cast_literals AS
SELECT id, CAST('42' AS INTEGER) AS i, CAST(' -7 ' AS BIGINT) AS n, CAST('1.5e3' AS DOUBLE) AS x, CAST('12.345' AS DECIMAL(10, 2)) AS d,
       CAST('yes' AS BOOLEAN) AS b, CAST('off' AS BOOLEAN) AS c, CAST('2000-02-29 12:30' AS TIMESTAMP) AS ts, CAST('1 day -2 hours' AS INTERVAL) AS p,
       CAST(2.5 AS INTEGER) AS rounded, CAST(-2.5 AS INTEGER) AS down, CAST(2.5e0 AS INTEGER) AS even
FROM t WHERE id = 1;
-- sqlite: SELECT id, 42, -7, 1500.0, 1235, 1, 0, 951827400 * $SEC, '0/1/' || (-2 * $HOUR), 3, -3, 2 FROM t WHERE id = 1

CREATE STREAM cast_with_colons AS
SELECT id, i::VARCHAR AS s, i0::DOUBLE AS x, '17'::INTEGER + i AS n FROM t;
-- sqlite: SELECT id, CAST(i AS TEXT), CAST(i0 AS REAL), 17 + i FROM t

CREATE STREAM try_cast_text_to_integer AS
SELECT id, s, TRY_CAST(s AS INTEGER) AS i, TRY_CAST(s0 AS BIGINT) AS n FROM t;
-- sqlite: SELECT id, s, CASE s WHEN '42' THEN 42 WHEN ' -7 ' THEN -7 END,
-- sqlite:        CASE s0 WHEN '42' THEN 42 WHEN ' -7 ' THEN -7 WHEN '99999999999' THEN 99999999999 END
-- sqlite: FROM t

CREATE STREAM try_cast_text_to_double AS
SELECT id, TRY_CAST(s AS DOUBLE) AS x FROM t;
-- sqlite: SELECT id, CASE s WHEN '42' THEN 42.0 WHEN ' -7 ' THEN -7.0 WHEN '99999999999' THEN 99999999999.0 WHEN '12.5' THEN 12.5 WHEN '1e3' THEN 1000.0 END FROM t

CREATE STREAM try_cast_text_to_decimal AS
SELECT id, TRY_CAST(s AS DECIMAL(4, 1)) AS d, TRY_CAST(s0 AS DECIMAL(18, 2)) AS e FROM t;
-- sqlite: SELECT id, CASE s WHEN '42' THEN 420 WHEN ' -7 ' THEN -70 WHEN '12.5' THEN 125 END,
-- sqlite:        CASE s0 WHEN '42' THEN 4200 WHEN ' -7 ' THEN -700 WHEN '12.5' THEN 1250 WHEN '99999999999' THEN 9999999999900 WHEN '1e3' THEN 100000 END
-- sqlite: FROM t

CREATE STREAM try_cast_text_to_boolean AS
SELECT id, TRY_CAST(s AS BOOLEAN) AS b FROM t;
-- sqlite: SELECT id, CASE WHEN s IN ('true', 'T') THEN 1 WHEN s IN ('off') THEN 0 END FROM t

CREATE STREAM try_cast_text_to_time AS
SELECT id, TRY_CAST(s AS TIMESTAMP) AS ts, TRY_CAST(s AS INTERVAL) IS NULL AS no_interval FROM t WHERE s IN ('true', '1969-12-31 23:00:00', 'apple', '2 days');
-- sqlite: SELECT id, CASE s WHEN '1969-12-31 23:00:00' THEN -$HOUR END, s <> '2 days' FROM t WHERE s IN ('true', '1969-12-31 23:00:00', 'apple', '2 days')

CREATE STREAM try_cast_of_bounds AS
SELECT id, TRY_CAST(n AS INTEGER) AS i, TRY_CAST(d AS DECIMAL(4, 2)) AS d, TRY_CAST(i AS DECIMAL(6, 2)) AS j FROM e;
-- sqlite: SELECT id, CASE WHEN n BETWEEN -2147483648 AND 2147483647 THEN n END, CASE WHEN abs(d) < 10000 THEN d END, CASE WHEN abs(i) < 10000 THEN i * 100 END FROM e

CREATE STREAM try_cast_double_bounds AS
SELECT id, TRY_CAST(x AS INTEGER) AS i, TRY_CAST(x AS BIGINT) AS n, TRY_CAST(x AS DECIMAL(18, 2)) AS d FROM e;
-- sqlite: SELECT id, CASE WHEN abs(x) < 1e9 THEN CASE WHEN x = -1.5 THEN -2 ELSE CAST(x AS INTEGER) END END,
-- sqlite:        CASE WHEN abs(x) < 9e18 THEN CASE WHEN x = -1.5 THEN -2 ELSE CAST(x AS INTEGER) END END,
-- sqlite:        CASE WHEN abs(x) < 1e16 THEN CAST(round(x * 100) AS INTEGER) END
-- sqlite: FROM e

CREATE STREAM try_cast_that_cannot_fail AS
SELECT id, TRY_CAST(i0 AS BIGINT) AS a, TRY_CAST(b AS INTEGER) AS b, TRY_CAST(i AS VARCHAR) AS c FROM t;
-- sqlite: SELECT id, i0, b, CAST(i AS TEXT) FROM t

CREATE STREAM try_cast_then_coalesce AS
SELECT id, COALESCE(TRY_CAST(s AS INTEGER), length(s)) AS k FROM t;
-- sqlite: SELECT id, CASE s WHEN '42' THEN 42 WHEN ' -7 ' THEN -7 ELSE length(s) END FROM t
