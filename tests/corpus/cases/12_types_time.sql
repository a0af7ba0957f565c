CREATE STREAM date_of_timestamp AS
SELECT id, CAST(ts AS DATE) AS a, CAST(ts0 AS DATE) AS b, CAST(ts AS TIME) AS c, CAST(CAST(ts AS DATE) AS TIMESTAMP) AS d, CAST(CAST(ts AS DATE) AS VARCHAR) AS e FROM t;
-- sqlite: SELECT id, date((ts + 1000 * $DAY) / $SEC - 86400000, 'unixepoch'), date((ts0 + 40000 * $DAY) / $SEC - 3456000000, 'unixepoch'),
-- sqlite:        time((ts + 1000 * $DAY) / $SEC - 86400000, 'unixepoch') || CASE WHEN (ts + 1000 * $DAY) % $SEC = 0 THEN '' ELSE '.' || rtrim(printf('%09d', (ts + 1000 * $DAY) % $SEC), '0') END,
-- sqlite:        (ts + 1000 * $DAY) / $DAY * $DAY - 1000 * $DAY, date((ts + 1000 * $DAY) / $SEC - 86400000, 'unixepoch') FROM t

CREATE STREAM date_arithmetic AS
SELECT id, CAST(ts AS DATE) + i AS a, CAST(ts AS DATE) - i0 AS b, i + CAST(ts AS DATE) AS c, CAST(ts AS DATE) - DATE '1970-01-01' AS d, CAST(ts AS DATE) + INTERVAL '1 month' AS e,
       CAST(ts AS DATE) - INTERVAL '12' HOUR AS f, INTERVAL '1' DAY + CAST(ts AS DATE) AS g, CAST(ts AS DATE) + TIME '10:30' AS h, TIME '10:30' + CAST(ts AS DATE) AS k, CAST(ts AS DATE) - ts AS l
FROM t;
-- sqlite: SELECT id, date(((ts + 1000 * $DAY) / $DAY - 1000 + i) * 86400, 'unixepoch'), date(((ts + 1000 * $DAY) / $DAY - 1000 - i0) * 86400, 'unixepoch'),
-- sqlite:        date(((ts + 1000 * $DAY) / $DAY - 1000 + i) * 86400, 'unixepoch'), (ts + 1000 * $DAY) / $DAY - 1000,
-- sqlite:        unixepoch(date(((ts + 1000 * $DAY) / $DAY - 1000) * 86400, 'unixepoch'), '+1 month') * $SEC - CASE WHEN strftime('%d', ((ts + 1000 * $DAY) / $DAY - 1000) * 86400, 'unixepoch') = '31' AND strftime('%m', ((ts + 1000 * $DAY) / $DAY - 1000) * 86400, 'unixepoch') IN ('01', '03', '05', '08', '10') THEN 0 ELSE 0 END,
-- sqlite:        ((ts + 1000 * $DAY) / $DAY - 1000) * $DAY - 12 * $HOUR, ((ts + 1000 * $DAY) / $DAY - 999) * $DAY, ((ts + 1000 * $DAY) / $DAY - 1000) * $DAY + 10 * $HOUR + 30 * $MIN,
-- sqlite:        ((ts + 1000 * $DAY) / $DAY - 1000) * $DAY + 10 * $HOUR + 30 * $MIN, '0/0/' || (-((ts + 1000 * $DAY) % $DAY))
-- sqlite: FROM t

CREATE STREAM date_fields AS
SELECT id, EXTRACT(YEAR FROM CAST(ts0 AS DATE)) AS a, EXTRACT(MONTH FROM CAST(ts0 AS DATE)) AS b, EXTRACT(DAY FROM CAST(ts0 AS DATE)) AS c, EXTRACT(DOW FROM CAST(ts0 AS DATE)) AS d,
       EXTRACT(ISODOW FROM CAST(ts0 AS DATE)) AS e, EXTRACT(DOY FROM CAST(ts0 AS DATE)) AS f, EXTRACT(WEEK FROM CAST(ts0 AS DATE)) AS g, EXTRACT(ISOYEAR FROM CAST(ts0 AS DATE)) AS h,
       EXTRACT(QUARTER FROM CAST(ts0 AS DATE)) AS k, EXTRACT(EPOCH FROM CAST(ts0 AS DATE)) AS l, date_trunc('month', CAST(ts0 AS DATE)) AS m
FROM t;
-- sqlite: SELECT id, CAST(strftime('%Y', s, 'unixepoch') AS INTEGER), CAST(strftime('%m', s, 'unixepoch') AS INTEGER), CAST(strftime('%d', s, 'unixepoch') AS INTEGER), CAST(strftime('%w', s, 'unixepoch') AS INTEGER),
-- sqlite:        CAST(strftime('%u', s, 'unixepoch') AS INTEGER), CAST(strftime('%j', s, 'unixepoch') AS INTEGER), CAST(strftime('%V', s, 'unixepoch') AS INTEGER), CAST(strftime('%G', s, 'unixepoch') AS INTEGER),
-- sqlite:        (CAST(strftime('%m', s, 'unixepoch') AS INTEGER) + 2) / 3, s, unixepoch(s, 'unixepoch', 'start of month') * $SEC
-- sqlite: FROM (SELECT id, ((ts0 + 40000 * $DAY) / $DAY - 40000) * 86400 AS s FROM t)

CREATE STREAM date_comparison AS
SELECT id, CAST(ts AS DATE) < DATE '1970-01-01' AS a, CAST(ts AS DATE) = CAST(ts0 AS DATE) AS b, CAST(ts AS DATE) <= ts AS c, ts > CAST(ts AS DATE) AS d, ts < DATE '5000-01-01' AS e,
       CAST(ts AS DATE) IN ('1970-01-01', '1969-12-31') AS f, CASE WHEN b THEN CAST(ts AS DATE) ELSE ts END AS g, DATE '0044-03-15 BC' < ts AS h
FROM t;
-- sqlite: SELECT id, ts < 0, (ts + 1000 * $DAY) / $DAY - 1000 = (ts0 + 40000 * $DAY) / $DAY - 40000, true, (ts + 1000 * $DAY) % $DAY > 0, true, ts BETWEEN -$DAY AND $DAY - 1,
-- sqlite:        CASE WHEN b THEN ((ts + 1000 * $DAY) / $DAY - 1000) * $DAY ELSE ts END, true FROM t

CREATE STREAM date_of_text AS
SELECT id, TRY_CAST(s AS DATE) AS a, TRY_CAST(s0 AS TIME) AS b, TRY_CAST('2013-02-' || i AS DATE) AS c FROM t;
-- sqlite: SELECT id, CASE WHEN s = '1969-12-31 23:00:00' THEN '1969-12-31' END, NULL, CASE WHEN i > 0 THEN printf('2013-02-%02d', i) END FROM t

CREATE STREAM date_group AS
SELECT CAST(ts AS DATE) AS k, COUNT(*) AS n, MIN(CAST(ts AS DATE)) AS lo, MAX(CAST(ts AS TIME)) AS hi FROM t GROUP BY CAST(ts AS DATE) EMIT FINAL;
-- sqlite: SELECT date(((ts + 1000 * $DAY) / $DAY - 1000) * 86400, 'unixepoch'), COUNT(*), date(((ts + 1000 * $DAY) / $DAY - 1000) * 86400, 'unixepoch'),
-- sqlite:        time(MAX((ts + 1000 * $DAY) % $DAY) / $SEC, 'unixepoch') || CASE WHEN MAX((ts + 1000 * $DAY) % $DAY) % $SEC = 0 THEN '' ELSE '.' || rtrim(printf('%09d', MAX((ts + 1000 * $DAY) % $DAY) % $SEC), '0') END
-- sqlite: FROM t GROUP BY (ts + 1000 * $DAY) / $DAY

CREATE STREAM time_arithmetic AS
SELECT id, CAST(ts AS TIME) + INTERVAL '30 hours' AS a, CAST(ts AS TIME) - INTERVAL '1 month 1 hour' AS b, CAST(ts AS TIME) - TIME '12:00' AS c, INTERVAL '1' MINUTE + CAST(ts AS TIME) AS d,
       CAST(CAST(ts AS TIME) AS INTERVAL) AS e, CAST(INTERVAL '3 days 25 hours' AS TIME) AS f, CAST(CAST(CAST(ts AS TIME) AS INTERVAL) + INTERVAL '2 days 24 hours' AS TIME) = CAST(ts AS TIME) AS g, CAST(CAST(ts AS TIME) AS VARCHAR) = '12:00:00' AS h, CAST(ts AS TIME) < '12:00' AS k
FROM t WHERE (id % 7) = 3;
-- sqlite: SELECT id, f1.v, f2.v, '0/0/' || ((ts + 1000 * $DAY) % $DAY - 12 * $HOUR), f3.v, '0/0/' || ((ts + 1000 * $DAY) % $DAY), '01:00:00', true, (ts + 1000 * $DAY) % $DAY = 12 * $HOUR, (ts + 1000 * $DAY) % $DAY < 12 * $HOUR
-- sqlite: FROM t
-- sqlite: JOIN (SELECT id AS i1, time(m / $SEC, 'unixepoch') || CASE WHEN m % $SEC = 0 THEN '' ELSE '.' || rtrim(printf('%09d', m % $SEC), '0') END AS v FROM (SELECT id, (ts + 1000 * $DAY + 30 * $HOUR) % $DAY AS m FROM t)) AS f1 ON f1.i1 = t.id
-- sqlite: JOIN (SELECT id AS i1, time(m / $SEC, 'unixepoch') || CASE WHEN m % $SEC = 0 THEN '' ELSE '.' || rtrim(printf('%09d', m % $SEC), '0') END AS v FROM (SELECT id, (ts + 1000 * $DAY - $HOUR) % $DAY AS m FROM t)) AS f2 ON f2.i1 = t.id
-- sqlite: JOIN (SELECT id AS i1, time(m / $SEC, 'unixepoch') || CASE WHEN m % $SEC = 0 THEN '' ELSE '.' || rtrim(printf('%09d', m % $SEC), '0') END AS v FROM (SELECT id, (ts + 1000 * $DAY + $MIN) % $DAY AS m FROM t)) AS f3 ON f3.i1 = t.id
-- sqlite: WHERE (id % 7) = 3

CREATE STREAM time_fields AS
SELECT id, EXTRACT(HOUR FROM CAST(ts AS TIME)) AS a, EXTRACT(MINUTE FROM CAST(ts AS TIME)) AS b, EXTRACT(SECOND FROM CAST(ts AS TIME)) AS c, EXTRACT(MILLISECONDS FROM CAST(ts AS TIME)) AS d,
       EXTRACT(MICROSECONDS FROM CAST(ts AS TIME)) AS e, EXTRACT(EPOCH FROM CAST(ts AS TIME)) AS f, EXTRACT(HOUR FROM TIME '24:00') AS g
FROM t;
-- sqlite: SELECT id, m / $HOUR, m / $MIN % 60, m % $MIN, m % $MIN, m % $MIN, m / 1000, 24 FROM (SELECT id, (ts + 1000 * $DAY) % $DAY AS m FROM t)

CREATE STREAM interval_fields AS
SELECT id, EXTRACT(YEAR FROM p) AS a, EXTRACT(MONTH FROM p) AS b, EXTRACT(DAY FROM p) AS c, EXTRACT(HOUR FROM p) AS d, EXTRACT(MINUTE FROM p) AS e, EXTRACT(SECOND FROM p) AS f,
       EXTRACT(MILLISECONDS FROM p0) AS g, EXTRACT(MICROSECONDS FROM p0) AS h, EXTRACT(QUARTER FROM p) AS k
FROM t;
-- sqlite: SELECT id, m / 12, m % 12, d, n / $HOUR, n % $HOUR / $MIN, n % $MIN, n0 % $MIN, n0 % $MIN, m % 12 / 3 + 1
-- sqlite: FROM (SELECT id, CAST(p AS INTEGER) AS m, CAST(substr(p, instr(p, '/') + 1) AS INTEGER) AS d, CAST(substr(p, instr(p, '/') + 1 + instr(substr(p, instr(p, '/') + 1), '/')) AS INTEGER) AS n,
-- sqlite:              CAST(substr(p0, instr(p0, '/') + 1 + instr(substr(p0, instr(p0, '/') + 1), '/')) AS INTEGER) AS n0 FROM t)

CREATE STREAM interval_scaled AS
SELECT id, INTERVAL '1 month' * x AS a, INTERVAL '1 hour' * 3.5 AS b, INTERVAL '3 hours' / 2 AS c, 0.5 * INTERVAL '1 day' AS d, INTERVAL '1 day' / x0 IS NULL AS e FROM t WHERE id <= 2 AND x0 > 0 OR id = 1 AND FALSE;
-- sqlite: SELECT id, CAST(x AS INTEGER) || '/' || CAST((x - CAST(x AS INTEGER)) * 30 AS INTEGER) || '/' || CAST(((x - CAST(x AS INTEGER)) * 30 - CAST((x - CAST(x AS INTEGER)) * 30 AS INTEGER)) * $DAY AS INTEGER),
-- sqlite:        '0/0/' || CAST(3.5 * $HOUR AS INTEGER), '0/0/' || CAST(1.5 * $HOUR AS INTEGER), '0/0/' || (12 * $HOUR), false FROM t WHERE id <= 2 AND x0 > 0

CREATE STREAM interval_spellings AS
SELECT id, INTERVAL 'P1Y2M3DT4H5M6S' AS a, INTERVAL '1-2' YEAR TO MONTH AS b, INTERVAL '3 04:05' DAY TO MINUTE AS c, INTERVAL '05:06' MINUTE TO SECOND AS d, CAST('P2W' AS INTERVAL) AS e FROM t WHERE id = 1;
-- sqlite: SELECT id, '14/3/' || (4 * $HOUR + 5 * $MIN + 6 * $SEC), '14/0/0', '0/3/' || (4 * $HOUR + 5 * $MIN), '0/0/' || (5 * $MIN + 6 * $SEC), '0/14/0' FROM t WHERE id = 1

CREATE STREAM date_of_parts AS
SELECT id, CAST(make_date(2000 + id, 3, id) AS VARCHAR) AS a, make_date(2000 + id, 3, 1) - make_date(2000 + id, 2, 28) AS b FROM t WHERE id BETWEEN 1 AND 9;
-- sqlite: SELECT id, '200' || id || '-03-0' || id, CASE WHEN id % 4 = 0 THEN 2 ELSE 1 END FROM t WHERE id BETWEEN 1 AND 9

CREATE STREAM long_parts_of_dates AS
SELECT id, EXTRACT(DECADE FROM CAST(ts0 AS DATE)) AS a, EXTRACT(CENTURY FROM CAST(ts0 AS DATE)) AS b, EXTRACT(MILLENNIUM FROM CAST(ts0 AS DATE)) AS c, date_part('century', DATE '0101-01-01 BC') AS d FROM t;
-- sqlite: SELECT id, y / 10, (y + 99) / 100, (y + 999) / 1000, -2 FROM (SELECT id, CAST(strftime('%Y', ts0 / $SEC - (ts0 % $SEC < 0), 'unixepoch') AS INTEGER) AS y FROM t)
