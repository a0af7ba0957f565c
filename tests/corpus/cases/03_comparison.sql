CREATE STREAM compare_integers AS
SELECT id, i = i0 AS eq, i <> i0 AS ne, i < i0 AS lt, i <= i0 AS le, i > i0 AS gt, i >= i0 AS ge, i != 3 AS other FROM t;

CREATE STREAM compare_bigint_with_integer AS
SELECT id, n = i0 AS eq, n <> i AS ne, i < n0 AS lt, n <= 0 AS le, n0 > -5 AS gt, i >= n AS ge FROM t;

CREATE STREAM compare_doubles AS
SELECT id, x = x0 AS eq, x <> x0 AS ne, x < x0 AS lt, x <= x0 AS le, x > x0 AS gt, x >= x0 AS ge FROM t;

CREATE STREAM compare_double_bounds AS
SELECT id, x = x0 AS eq, x <> x0 AS ne, x < x0 AS lt, x <= x0 AS le, x > x0 AS gt, x >= x0 AS ge, x = 0e0 AS zero, x < 0e0 AS below
FROM e;

CREATE STREAM compare_decimals AS
SELECT id, d = d0 AS eq, d <> d0 AS ne, d < d0 AS lt, d <= d0 AS le, d > d0 AS gt, d >= d0 AS ge, d > 12.345 AS finer, d0 < 100 AS whole
FROM t;
-- sqlite: SELECT id, d = d0, d <> d0, d < d0, d <= d0, d > d0, d >= d0, d * 10 > 12345, d0 < 10000 FROM t

CREATE STREAM compare_texts AS
SELECT id, s = s0 AS eq, s <> s0 AS ne, s < s0 AS lt, s <= s0 AS le, s > s0 AS gt, s >= s0 AS ge, s < 'b' AS before_b, s0 = '' AS empty
FROM t;

CREATE STREAM compare_texts_of_extremes AS
SELECT id, s = s0 AS eq, s < s0 AS lt, s >= s0 AS ge, s > 'z' AS after_z FROM e;

CREATE STREAM compare_timestamps AS
SELECT id, ts = ts0 AS eq, ts <> ts0 AS ne, ts < ts0 AS lt, ts <= ts0 AS le, ts > ts0 AS gt, ts >= ts0 AS ge,
       ts < TIMESTAMP '1970-01-01' AS before, ts0 > '1969-12-31 23:00:00' AS after
FROM t;
-- sqlite: SELECT id, ts = ts0, ts <> ts0, ts < ts0, ts <= ts0, ts > ts0, ts >= ts0, ts < 0, ts0 > -$HOUR FROM t

CREATE STREAM compare_booleans AS
SELECT id, b = b0 AS eq, b <> b0 AS ne, b < b0 AS lt, b <= b0 AS le, b > b0 AS gt, b >= b0 AS ge, b = TRUE AS t, b0 = FALSE AS f FROM t;

CREATE STREAM compare_intervals AS
SELECT id, p = p0 AS eq, p < p0 AS lt, p >= p0 AS ge, p > INTERVAL '1' DAY AS gt, p = INTERVAL '30' DAY AS month FROM t;
-- sqlite: SELECT id, l = l0, l < l0, l >= l0, l > $DAY, l = 30 * $DAY
-- sqlite: FROM (SELECT id, m * 30 * $DAY + d * $DAY + ns AS l, m0 * 30 * $DAY + d0 * $DAY + ns0 AS l0 FROM parts WHERE id IN (SELECT id FROM t))

CREATE STREAM compare_mixed_numbers AS
SELECT id, i < x AS a, n0 = x AS b, d < x AS c, d > i AS e, x0 <= d0 AS f, i = 1.0 AS g, x = 0.25 AS h FROM t;
-- sqlite: SELECT id, i < x, n0 = x, d / 100.0 < x, d > i * 100, x0 <= d0 / 100.0, i = 1, x = 0.25 FROM t

CREATE STREAM compare_wide_integer_with_double AS
SELECT id, n = 9007199254740992e0 AS eq, n > 9007199254740992e0 AS gt FROM e WHERE n BETWEEN 9007199254740991 AND 9007199254740994;

CREATE STREAM compare_with_null AS
SELECT id, i = NULL AS a, i0 <> NULL AS b, NULL = s AS c, i0 = i0 AS d, x0 < x0 AS e FROM t;
-- sqlite: SELECT id, NULL, NULL, NULL, i0 = i0, x0 < x0 FROM t

CREATE STREAM three_valued_and_or_not AS
SELECT id, b0 AND i0 > 0 AS a, b0 OR i0 > 0 AS b, NOT b0 AS c, NOT (b0 AND b) AS d, NOT (b0 OR i0 > 0) AS e,
       b0 AND NOT b0 AS f, b0 OR NOT b0 AS g
FROM t;

CREATE STREAM logic_with_literals AS
SELECT id, b0 AND TRUE AS a, b0 AND FALSE AS b, b0 OR TRUE AS c, b0 OR FALSE AS d, b0 AND NULL AS e, b0 OR NULL AS f,
       NOT TRUE AS g, TRUE AND NULL AS h, FALSE AND NULL AS i, NULL OR TRUE AS j
FROM t;

CREATE STREAM is_null AS
SELECT id, i0 IS NULL AS a, s0 IS NOT NULL AS b, i IS NULL AS c, (i0 + n0) IS NULL AS d, NULL IS NULL AS e, (b0 AND b) IS NULL AS f,
       p0 IS NULL AS g
FROM t;

CREATE STREAM is_true_false_unknown AS
SELECT id, b0 IS TRUE AS a, b0 IS NOT TRUE AS b, b0 IS FALSE AS c, b0 IS NOT FALSE AS d, b0 IS UNKNOWN AS e, b0 IS NOT UNKNOWN AS f,
       (i0 > 0) IS TRUE AS g
FROM t;
-- sqlite: SELECT id, b0 IS TRUE, b0 IS NOT TRUE, b0 IS FALSE, b0 IS NOT FALSE, b0 IS NULL, b0 IS NOT NULL, (i0 > 0) IS TRUE FROM t

CREATE STREAM in_list AS
SELECT id, i IN (1, 2, -3) AS a, i0 NOT IN (0, 1, 2) AS b, s IN ('apple', 'Äpfel', '') AS c, n IN (i, i0, 5) AS d, i IN (7) AS e FROM t;

CREATE STREAM in_list_with_null AS
SELECT id, i IN (1, NULL, 2) AS a, i NOT IN (1, NULL, 2) AS b, i0 IN (NULL) AS c, s0 IN ('apple', s) AS d, i0 IN (i, n0) AS e FROM t;

CREATE STREAM in_list_of_other_types AS
SELECT id, x IN (1, 2.5, 0.25e0) AS a, d IN (1, 2.50, -3) AS b, ts IN (TIMESTAMP '1970-01-01', ts0) AS c, b IN (b0, FALSE) AS e FROM t;
-- sqlite: SELECT id, x IN (1, 2.5, 0.25), d IN (100, 250, -300), ts IN (0, ts0), b IN (b0, FALSE) FROM t

CREATE STREAM in_long_list AS
SELECT id FROM t WHERE n IN (1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31, 33, 35, 37, 39, 41, 43, 45, 47, 49, 51, 53, -1, -3, -5, -7);

CREATE STREAM between_and AS
SELECT id, i BETWEEN -2 AND 2 AS a, i NOT BETWEEN -2 AND 2 AS b, i BETWEEN 2 AND -2 AS reversed, n BETWEEN i0 AND n0 AS c,
       s BETWEEN 'a' AND 'm' AS d, x NOT BETWEEN x0 AND 10 AS e
FROM t;

CREATE STREAM between_with_null AS
SELECT id, i0 BETWEEN -2 AND 2 AS a, i BETWEEN NULL AND 2 AS b, i NOT BETWEEN 3 AND NULL AS c, d BETWEEN d0 AND 50.5 AS e,
       ts BETWEEN ts0 AND TIMESTAMP '1970-01-01' AS f
FROM t;
-- sqlite: SELECT id, i0 BETWEEN -2 AND 2, i BETWEEN NULL AND 2, i NOT BETWEEN 3 AND NULL, d BETWEEN d0 AND 5050, ts BETWEEN ts0 AND 0 FROM t

CREATE STREAM between_at_the_bounds AS
SELECT id, i BETWEEN -2147483648 AND 2147483647 AS a, n BETWEEN -9223372036854775807 AND 9223372036854775806 AS b,
       x BETWEEN -1e300 AND 1e300 AS c
FROM e;

CREATE STREAM like_patterns AS
SELECT id, s LIKE 'a%' AS a, s LIKE '%e' AS b, s LIKE '%p%l%' AS c, s LIKE '_' AS d, s NOT LIKE '%a%' AS e, s LIKE '' AS f,
       s LIKE 'apple' AS g, s LIKE '%' AS h, s LIKE 'A%' AS upper
FROM t;

CREATE STREAM like_with_utf8 AS
SELECT id, s LIKE '_pfel' AS a, s LIKE '日__' AS b, s LIKE '%😀%' AS c, s LIKE '%é' AS d, s LIKE 'stra_e' AS e FROM t;

CREATE STREAM like_with_escapes AS
SELECT id, s LIKE '%\%%' AS percent, s LIKE '%\_%' AS underscore, s LIKE '%\\%' AS backslash, s LIKE '%!%%' ESCAPE '!' AS other,
       s LIKE '%x_' ESCAPE 'x' AS letter
FROM t;
-- sqlite: SELECT id, s LIKE '%\%%' ESCAPE '\', s LIKE '%\_%' ESCAPE '\', s LIKE '%\\%' ESCAPE '\', s LIKE '%!%%' ESCAPE '!', s LIKE '%x_' ESCAPE 'x' FROM t

CREATE STREAM like_with_null AS
SELECT id, s0 LIKE '%a%' AS a, s LIKE NULL AS b, s0 NOT LIKE '%a%' AS c, s LIKE s0 AS d, s LIKE s0 || '%' AS e FROM t;
-- sqlite: SELECT id, s0 LIKE '%a%', NULL, s0 NOT LIKE '%a%', s LIKE s0 ESCAPE '\', s LIKE s0 || '%' ESCAPE '\' FROM t

CREATE STREAM like_over_extremes AS
SELECT id, s LIKE '%%%' AS a, s LIKE '_%_' AS b, s0 LIKE '%a%a%a%' AS c FROM e;

CREATE STREAM literals_in_quotes_take_a_type AS
SELECT id, i = '5' AS a, '1.5' < d AS b, b = 'yes' AS c, x > '1e1' AS d, i + '5' AS e, '1970-01-01 00:00:00' > ts AS f,
       i IN ('1', '-2') AS g, COALESCE(i0, '7') AS h, CASE WHEN b THEN n ELSE '3' END AS k
FROM t;
-- sqlite: SELECT id, i = 5, 150 < d, b = 1, x > 10.0, i + 5, 0 > ts, i IN (1, -2), COALESCE(i0, 7), CASE WHEN b THEN n ELSE 3 END FROM t

CREATE STREAM in_list_of_finer_numbers AS
SELECT id, i IN (1.5, 2) AS a, i NOT IN (0.5, i0, 3e0) AS b, n0 IN (x, 4) AS c, NULL IN (i, 2) AS d FROM t;
-- sqlite: SELECT id, i IN (1.5, 2), i NOT IN (0.5, i0, 3.0), n0 IN (x, 4), NULL FROM t

CREATE STREAM long_chains AS
SELECT id, i = 1 OR i = 2 OR i = 3 OR i = 4 OR i = 5 OR n = 1 OR n = 2 OR n = 3 OR n = 4 OR n = 5 OR n0 = 1 OR n0 = 2 OR n0 = 3 OR s = 'a' OR s = 'b' AS a,
       i + n + i - n + i + n - i + i + n + i - n + i + n - i + i + n + i - n + i + n - i + i + n + i - n + i + n - i AS b,
       NOT NOT NOT NOT (b0 AND NOT NOT b) AS c, s || s0 || s || s0 || s || s0 || s || s0 || s AS d
FROM t;
