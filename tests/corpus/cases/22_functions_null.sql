-- What NULL has a meaning in. Answers as values are PostgreSQL's, computed once by a server of its.

CREATE STREAM nullif AS
SELECT id, nullif(i, 0) AS a, nullif(i0, i) AS b, nullif(s0, s) AS c, nullif(d0, d) AS d, nullif(x, 20.25) AS e, nullif(b0, true) AS f, nullif(n, i) AS g, nullif(ts0, ts) AS h FROM t;
-- sqlite: SELECT id, nullif(i, 0), nullif(i0, i), nullif(s0, s), nullif(d0, d), nullif(x, 20.25), nullif(b0, 1), nullif(n, i), nullif(ts0, ts) FROM t

CREATE STREAM division_by_nullif AS
SELECT id, 100 / nullif(i, 0) AS a, n % nullif(i0, 0) AS b, trunc(d / nullif(d0, 0), 2) AS c FROM t WHERE id <= 24;
-- sqlite: VALUES (1, 20, 4, 100), (2, 25, NULL, 8773), (3, -33, NULL, -3186), (4, -12, NULL, NULL), (5, -11, NULL, 2759), (6, -11, -3, 3648), (7, -12, 0, NULL),
-- sqlite:        (8, NULL, NULL, 100), (9, -33, 0, 1195), (10, 100, 0, -20), (11, -25, -1, -7459), (12, -16, NULL, 15), (13, 50, 1, NULL), (14, -14, 1, NULL),
-- sqlite:        (15, 16, -5, 100), (16, -16, 0, 1337), (17, 25, 0, -9174), (18, 20, 2, NULL), (19, 20, 0, NULL), (20, -11, 0, 2374), (21, -33, -1, -2),
-- sqlite:        (22, -33, -1, 100), (23, -14, 0, 140), (24, -50, NULL, -14)

CREATE STREAM nullif_of_other_types AS
SELECT id, nullif(i, 5.0) AS a, nullif(d, -10) AS b, nullif(i, 4e0) AS c, nullif(s, 'apple') AS d, nullif(NULL, i) AS e, nullif(i, NULL) AS f FROM t;
-- sqlite: SELECT id, nullif(i, 5), nullif(d, -1000), nullif(i, 4), nullif(s, 'apple'), NULL, i FROM t

CREATE STREAM greatest_and_least AS
SELECT id, greatest(i, i0, 2) AS a, least(n, n0) AS b, greatest(s, s0) AS c, least(x0, x, 0) AS d, greatest(d0, 100.00) AS e, greatest(NULL, i0) AS g,
       greatest(b, b0) AS h, least(NULL, i0, NULL) AS j, greatest(i) AS k
FROM t WHERE id <= 24;
-- sqlite: VALUES (1, 5, 24, '42', 0.0, 10000, 5, 0, 5, 5), (2, 4, -60, 'a', 0.0, 10000, NULL, 1, NULL, 4), (3, 2, 21, '1e3', -20.25, 10000, NULL, 0, NULL, -3),
-- sqlite:        (4, 2, 1, '2 days', -24.375, 10000, NULL, 1, NULL, -8), (5, 2, 21, 'back\slash', -2.375, 10000, NULL, 1, NULL, -9),
-- sqlite:        (6, 4, -31, 'apple', -15.25, 10000, 4, 0, 4, -9), (7, 2, -49000000, 'a,b,,c', -12.0, 10000, 2, 0, 2, -8),
-- sqlite:        (8, 2, -23, 'back\slash', 0.0, 10000, 0, 1, 0, 0), (9, 2, -19000000, 'naïve café', 0.0, 10000, 1, 1, 1, -3),
-- sqlite:        (10, 2, -5, 'a,b,,c', -4.0, 10000, 2, 1, 2, 1), (11, 2, -40, 'pepper', -24.5, 10000, -3, 1, -3, -4),
-- sqlite:        (12, 2, -1, 'back\slash', 0.0, 10000, NULL, 1, NULL, -6), (13, 3, 16, 'T', 0.0, 10000, 3, 0, 3, 2),
-- sqlite:        (14, 2, 31, 'pepper', -0.875, 10000, -3, 0, -3, -7), (15, 6, -5, 'naïve café', -11.75, 79206, 6, 0, 6, 6),
-- sqlite:        (16, 2, 3, 'back\slash', -6.75, 10000, 2, 1, 2, -6), (17, 4, 1, 'äpfel', -5.875, 10000, -1, 1, -1, 4), (18, 5, 20, 'straße', 0.0, 10000, 4, 1, 4, 5),
-- sqlite:        (19, 5, 48, '日本語', -23.125, 10000, -3, 1, -3, 5), (20, 2, 3, '42', 0.0, 10000, -3, 1, -3, -9), (21, 5, -36, 'under_score', -4.875, 10000, 5, 1, 5, -3),
-- sqlite:        (22, 2, -43, 'a text longer than fits into twelve bytes of any row', -1.625, 10000, -3, 0, -3, -3), (23, 2, -50, '日', -6.0, 10000, -2, 1, -2, -7),
-- sqlite:        (24, 2, 0, '日本語', 0.0, 10000, NULL, 1, NULL, -2)

CREATE STREAM least_of_times AS
SELECT id, least(ts, ts0) AS a, greatest(ts0, ts) AS b FROM t;
-- sqlite: SELECT id, min(ts, coalesce(ts0, ts)), max(ts, coalesce(ts0, ts)) FROM t

CREATE STREAM greatest_of_intervals AS
SELECT id, greatest(p, INTERVAL '30 days', q) AS a, least(q, p) AS b
FROM (SELECT id, CASE id WHEN 1 THEN INTERVAL '1 month' WHEN 2 THEN INTERVAL '40 days' WHEN 3 THEN INTERVAL '-1 hour' END AS p, CASE WHEN id > 1 THEN INTERVAL '1 month 1 second' END AS q FROM t WHERE id <= 4) AS r;
-- sqlite: VALUES (1, '1/0/0', '1/0/0'), (2, '0/40/0', '1/0/1000000000'), (3, '1/0/1000000000', '0/0/-3600000000000'), (4, '1/0/1000000000', '1/0/1000000000')

CREATE STREAM is_distinct_from AS
SELECT id, i IS DISTINCT FROM i0 AS a, s0 IS NOT DISTINCT FROM s AS b, n0 IS DISTINCT FROM NULL AS c, x0 IS NOT DISTINCT FROM x AS d, d0 IS DISTINCT FROM 100 AS e, b0 IS DISTINCT FROM b AS f, i IS DISTINCT FROM n AS g FROM t;
-- sqlite: SELECT id, i IS NOT i0, s0 IS s, n0 IS NOT NULL, x0 IS x, d0 IS NOT 10000, b0 IS NOT b, i <> n FROM t

CREATE STREAM where_distinct AS
SELECT id FROM t WHERE i0 IS DISTINCT FROM 3 AND s0 IS NOT DISTINCT FROM NULL;
-- sqlite: SELECT id FROM t WHERE i0 IS NOT 3 AND s0 IS NULL

CREATE STREAM between_symmetric AS
SELECT id, i BETWEEN SYMMETRIC 3 AND -3 AS a, n0 NOT BETWEEN SYMMETRIC 50 AND n AS b, x BETWEEN ASYMMETRIC 10 AND 20 AS c, d BETWEEN SYMMETRIC i * 100 AND 0 AS d FROM t WHERE id <= 24;
-- sqlite: VALUES (1, 0, 0, 1, 0), (2, 0, 0, 1, 0), (3, 1, NULL, 0, 0), (4, 0, 1, 0, 0), (5, 0, NULL, 0, 0), (6, 0, NULL, 0, 0), (7, 0, 0, 0, 1), (8, 1, 0, 0, 0),
-- sqlite:        (9, 1, NULL, 0, 0), (10, 1, 1, 0, 0), (11, 0, 0, 0, 0), (12, 0, 1, 1, 1), (13, 1, 1, 1, 0), (14, 0, NULL, 0, 1), (15, 0, 0, 0, 0), (16, 0, 1, 0, 0),
-- sqlite:        (17, 0, 1, 0, 0), (18, 0, 1, 1, 0), (19, 0, NULL, 0, 0), (20, 0, 0, 0, 1), (21, 1, 0, 0, 1), (22, 1, 0, 0, 1), (23, 0, NULL, 0, 0), (24, 1, 1, 0, 0)

CREATE STREAM coalesce_and_widen AS
SELECT id, coalesce(NULL, i0, n0, 7) AS a, coalesce(s0, upper(s)) AS b, coalesce(x0, i0, d0) AS c FROM t WHERE id <= 24;
-- sqlite: VALUES (1, 5, '42', 18.125), (2, 6, 'A', -10.0), (3, 7, '1E3', 45.6), (4, 1, '2 DAYS', NULL), (5, 7, 'apple pie', 24.9), (6, 4, '', 13.9),
-- sqlite:        (7, 2, 'A,B,,C', 2.0), (8, 0, 'back\slash', 20.25), (9, 1, '42', 1.0), (10, 2, 'a,b,,c', 38.1),
-- sqlite:        (11, -3, 'a text longer than fits into twelve bytes of any row', 24.1), (12, -1, 'BACK\SLASH', -16.25), (13, 3, 'T', 21.5), (14, -3, 'pepper', 7.4),
-- sqlite:        (15, 6, 'naïve café', -11.75), (16, 2, 'back\slash', 4.9), (17, -1, 'a,b,,c', 0.3), (18, 4, 'b', 4.0), (19, -3, '日本語', 39.9), (20, -3, '42', 45.5),
-- sqlite:        (21, 5, 'naïve café', 29.3), (22, -3, 'a text longer than fits into twelve bytes of any row', -1.625), (23, -2, '日', 22.2), (24, 0, 'Äpfel', 25.7)

CREATE STREAM truth_values AS
SELECT id, b0 IS TRUE AS a, b0 IS NOT TRUE AS b, (i0 > 0) IS FALSE AS c, (i0 > 0) IS UNKNOWN AS d, b0 IS NOT UNKNOWN AS e, (x0 > 1) IS NOT FALSE AS f, +i AS g, + -d AS h FROM t WHERE id <= 24;
-- sqlite: VALUES (1, 0, 1, 0, 0, 1, 1, 5, 450), (2, 1, 0, 0, 1, 1, 1, 4, 87734), (3, 0, 1, 0, 1, 1, 1, -3, -75683), (4, 1, 0, 0, 1, 1, 1, -8, -74612),
-- sqlite:        (5, 1, 0, 0, 1, 1, 1, -9, -48297), (6, 0, 1, 0, 0, 0, 1, -9, -22800), (7, 0, 1, 0, 0, 1, 1, -8, 72886), (8, 1, 0, 1, 0, 1, 1, 0, 10449),
-- sqlite:        (9, 1, 0, 0, 0, 1, 1, -3, -13446), (10, 1, 0, 0, 0, 1, 1, 1, 200), (11, 0, 1, 1, 0, 1, 1, -4, 83918), (12, 1, 0, 0, 1, 1, 1, -6, 250),
-- sqlite:        (13, 0, 1, 0, 0, 0, 1, 2, 39913), (14, 0, 1, 1, 0, 0, 1, -7, 8678), (15, 0, 1, 0, 0, 1, 0, 6, -79206), (16, 1, 0, 0, 0, 1, 1, -6, -20065),
-- sqlite:        (17, 0, 1, 1, 0, 1, 0, 4, -57343), (18, 1, 0, 0, 0, 1, 1, 5, -80095), (19, 1, 0, 1, 0, 1, 1, 5, -55492), (20, 0, 1, 1, 0, 1, 1, -9, 56400),
-- sqlite:        (21, 1, 0, 0, 0, 1, 1, -3, 50), (22, 0, 1, 1, 0, 1, 0, -3, 11289), (23, 0, 1, 1, 0, 0, 1, -7, -2806), (24, 0, 1, 0, 1, 1, 1, -2, -350)

CREATE STREAM guarded_functions AS
SELECT id, CASE WHEN i > 0 THEN ln(i) ELSE -1 END AS a, CASE WHEN x >= 0 THEN sqrt(x) END AS b, i > 0 AND log(i) > 0 AS c, coalesce(n0, abs(n)) AS d FROM t WHERE id <= 24;
-- sqlite: VALUES (1, 1.6094379124341003, 4.257346591481601, 1, 24), (2, 1.3862943611198906, 4.301162633521313, 1, 6), (3, -1.0, NULL, 0, 21), (4, -1.0, NULL, 0, 1),
-- sqlite:        (5, -1.0, NULL, 0, 21), (6, -1.0, NULL, 0, 31), (7, -1.0, NULL, 0, 16), (8, -1.0, 4.5, 0, -23), (9, -1.0, 2.6457513110645907, 0, 19000000),
-- sqlite:        (10, 0.0, NULL, 0, -5), (11, -1.0, NULL, 0, 20), (12, -1.0, 4.183300132670378, 0, -1), (13, 0.6931471805599453, 4.401704215414752, 1, 16),
-- sqlite:        (14, -1.0, NULL, 0, 31), (15, 1.791759469228055, NULL, 1, -5), (16, -1.0, NULL, 0, 3), (17, 1.3862943611198906, NULL, 1, 1),
-- sqlite:        (18, 1.6094379124341003, 3.3541019662496847, 1, 20), (19, 1.6094379124341003, NULL, 1, 48), (20, -1.0, 4.860555523805895, 0, 3),
-- sqlite:        (21, -1.0, NULL, 0, -3), (22, -1.0, NULL, 0, -43), (23, -1.0, NULL, 0, 50), (24, -1.0, 4.636809247747852, 0, 0)

CREATE STREAM nullif_in_windows AS
SELECT window_start, sum(x) / nullif(count(x0), 0) AS ratio FROM t GROUP BY TUMBLE(ts, INTERVAL '1' HOUR);
-- sqlite: SELECT (ts / $HOUR - (ts % $HOUR < 0)) * $HOUR AS w, sum(x) / nullif(count(x0), 0) FROM t GROUP BY 1

CREATE STREAM coalesce_of_a_cast AS
SELECT id, length(coalesce(CAST(n0 AS VARCHAR), s)) AS a, coalesce(CAST(i0 AS BIGINT), n) + 1 AS b FROM t;
-- sqlite: SELECT id, length(coalesce(CAST(n0 AS TEXT), s)), coalesce(i0, n) + 1 FROM t

CREATE STREAM nothing_divided_by_zero AS
SELECT id, n0 / (n - n) AS a, n0 % (n - n) AS b, d0 / (d - d) AS c, d0 % (d - d) AS d, mod(n0, i - i) AS e FROM t WHERE n0 IS NULL AND d0 IS NULL;
-- sqlite: SELECT id, NULL, NULL, NULL, NULL, NULL FROM t WHERE n0 IS NULL AND d0 IS NULL
