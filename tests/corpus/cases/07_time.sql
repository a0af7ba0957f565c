CREATE STREAM extract_date_fields AS
SELECT id, EXTRACT(YEAR FROM ts0) AS y, EXTRACT(MONTH FROM ts0) AS m, EXTRACT(DAY FROM ts) AS d, EXTRACT(QUARTER FROM ts0) AS q, EXTRACT(DOY FROM ts0) AS doy,
       EXTRACT(DOW FROM ts) AS dow, EXTRACT(ISODOW FROM ts0) AS isodow
FROM t;
-- sqlite: SELECT id, CAST(strftime('%Y', o, 'unixepoch') AS INTEGER), CAST(strftime('%m', o, 'unixepoch') AS INTEGER), CAST(strftime('%d', c, 'unixepoch') AS INTEGER),
-- sqlite:        (CAST(strftime('%m', o, 'unixepoch') AS INTEGER) + 2) / 3, CAST(strftime('%j', o, 'unixepoch') AS INTEGER),
-- sqlite:        CAST(strftime('%w', c, 'unixepoch') AS INTEGER), CAST(strftime('%u', o, 'unixepoch') AS INTEGER)
-- sqlite: FROM (SELECT id, ts / $SEC - (ts % $SEC < 0) AS c, ts0 / $SEC - (ts0 % $SEC < 0) AS o FROM t)

CREATE STREAM extract_iso_week AS
SELECT id, EXTRACT(WEEK FROM ts0) AS w, EXTRACT(ISOYEAR FROM ts0) AS y, EXTRACT(WEEK FROM ts) AS w1, EXTRACT(ISOYEAR FROM ts) AS y1 FROM t;
-- sqlite: SELECT id, CAST(strftime('%V', o, 'unixepoch') AS INTEGER), CAST(strftime('%G', o, 'unixepoch') AS INTEGER), CAST(strftime('%V', c, 'unixepoch') AS INTEGER),
-- sqlite:        CAST(strftime('%G', c, 'unixepoch') AS INTEGER)
-- sqlite: FROM (SELECT id, ts / $SEC - (ts % $SEC < 0) AS c, ts0 / $SEC - (ts0 % $SEC < 0) AS o FROM t)

CREATE STREAM extract_time_fields AS
SELECT id, EXTRACT(HOUR FROM ts) AS h, EXTRACT(MINUTE FROM ts0) AS m, EXTRACT(SECOND FROM ts0) AS s, EXTRACT(MILLISECONDS FROM ts0) AS ms,
       EXTRACT(MICROSECONDS FROM ts0) AS us, EXTRACT(EPOCH FROM ts) AS epoch, EXTRACT(EPOCH FROM ts0) AS epoch0
FROM t;
-- sqlite: SELECT id, (ts / $HOUR - (ts % $HOUR < 0) + 24 * 1000) % 24, (ts0 / $MIN - (ts0 % $MIN < 0)) - (ts0 / $HOUR - (ts0 % $HOUR < 0)) * 60,
-- sqlite:        (ts0 % $MIN + $MIN) % $MIN, (ts0 % $MIN + $MIN) % $MIN, (ts0 % $MIN + $MIN) % $MIN, ts / 1000 - (ts % 1000 < 0), ts0 / 1000 - (ts0 % 1000 < 0)
-- sqlite: FROM t

CREATE STREAM extract_from_bounds AS
SELECT id, EXTRACT(YEAR FROM ts0) AS y, EXTRACT(MONTH FROM ts0) AS m, EXTRACT(DAY FROM ts0) AS d, EXTRACT(HOUR FROM ts0) AS h, EXTRACT(DOW FROM ts0) AS w FROM e;
-- sqlite: SELECT id, CAST(strftime('%Y', o, 'unixepoch') AS INTEGER), CAST(strftime('%m', o, 'unixepoch') AS INTEGER), CAST(strftime('%d', o, 'unixepoch') AS INTEGER),
-- sqlite:        CAST(strftime('%H', o, 'unixepoch') AS INTEGER), CAST(strftime('%w', o, 'unixepoch') AS INTEGER)
-- sqlite: FROM (SELECT id, ts0 / $SEC - (ts0 % $SEC < 0) AS o FROM e)

CREATE STREAM date_part AS
SELECT id, date_part('hour', ts) AS h, date_part('year', ts0) AS y FROM t;
-- sqlite: SELECT id, (ts / $HOUR - (ts % $HOUR < 0) + 24 * 1000) % 24, CAST(strftime('%Y', ts0 / $SEC - (ts0 % $SEC < 0), 'unixepoch') AS INTEGER) FROM t

CREATE STREAM date_trunc_by_length AS
SELECT id, date_trunc('second', ts0) AS s, date_trunc('minute', ts0) AS m, date_trunc('hour', ts) AS h, date_trunc('day', ts0) AS d, date_trunc('week', ts0) AS w
FROM t;
-- sqlite: SELECT id, (ts0 / $SEC - (ts0 % $SEC < 0)) * $SEC, (ts0 / $MIN - (ts0 % $MIN < 0)) * $MIN, (ts / $HOUR - (ts % $HOUR < 0)) * $HOUR,
-- sqlite:        (ts0 / $DAY - (ts0 % $DAY < 0)) * $DAY, ((ts0 + 3 * $DAY) / (7 * $DAY) - ((ts0 + 3 * $DAY) % (7 * $DAY) < 0)) * 7 * $DAY - 3 * $DAY
-- sqlite: FROM t

CREATE STREAM date_trunc_by_calendar AS
SELECT id, date_trunc('month', ts0) AS m, date_trunc('quarter', ts0) AS q, date_trunc('year', ts0) AS y, date_trunc('month', ts) AS m1 FROM t;
-- sqlite: SELECT id, CAST(strftime('%s', o, 'unixepoch', 'start of month') AS INTEGER) * $SEC,
-- sqlite:        CAST(strftime('%s', o, 'unixepoch', 'start of month', printf('-%d months', (CAST(strftime('%m', o, 'unixepoch') AS INTEGER) - 1) % 3)) AS INTEGER) * $SEC,
-- sqlite:        CAST(strftime('%s', o, 'unixepoch', 'start of year') AS INTEGER) * $SEC,
-- sqlite:        CAST(strftime('%s', c, 'unixepoch', 'start of month') AS INTEGER) * $SEC
-- sqlite: FROM (SELECT id, ts / $SEC - (ts % $SEC < 0) AS c, ts0 / $SEC - (ts0 % $SEC < 0) AS o FROM t)

CREATE STREAM date_trunc_of_old_and_far_times AS
SELECT id, date_trunc('hour', ts) AS h, date_trunc('day', ts) AS d, date_trunc('milliseconds', ts) AS ms,
       date_trunc('microseconds', ts) AS us
FROM e;
-- sqlite: SELECT id, (ts / $HOUR - (ts % $HOUR < 0)) * $HOUR, (ts / $DAY - (ts % $DAY < 0)) * $DAY, (ts / 1000000 - (ts % 1000000 < 0)) * 1000000,
-- sqlite:        (ts / 1000 - (ts % 1000 < 0)) * 1000 FROM e

CREATE STREAM timestamp_plus_fixed_interval AS
SELECT id, ts + INTERVAL '90' MINUTE AS a, ts0 - INTERVAL '1' DAY AS b, INTERVAL '1' SECOND + ts AS c, ts - INTERVAL '0.000000001' SECOND AS d,
       ts + INTERVAL '-3 days 2 hours' AS e
FROM t;
-- sqlite: SELECT id, ts + 90 * $MIN, ts0 - $DAY, $SEC + ts, ts - 1, ts - 3 * $DAY + 2 * $HOUR FROM t

CREATE STREAM timestamp_plus_month AS
SELECT id, date_trunc('month', ts0) + INTERVAL '1' MONTH AS next, date_trunc('month', ts0) - INTERVAL '1' MONTH AS last, date_trunc('year', ts0) + INTERVAL '2' YEAR AS later
FROM t;
-- sqlite: SELECT id, CAST(strftime('%s', o, 'unixepoch', 'start of month', '+1 month') AS INTEGER) * $SEC,
-- sqlite:        CAST(strftime('%s', o, 'unixepoch', 'start of month', '-1 month') AS INTEGER) * $SEC,
-- sqlite:        CAST(strftime('%s', o, 'unixepoch', 'start of year', '+2 years') AS INTEGER) * $SEC
-- sqlite: FROM (SELECT id, ts0 / $SEC - (ts0 % $SEC < 0) AS o FROM t)

CREATE STREAM month_end_is_clipped AS
SELECT id, TIMESTAMP '2000-01-31 06:00' + INTERVAL '1' MONTH AS leap, TIMESTAMP '1969-03-31' - INTERVAL '1' MONTH AS before,
       TIMESTAMP '2000-02-29' + INTERVAL '1' YEAR AS year, TIMESTAMP '2001-01-31' + INTERVAL '1 month 1 day' AS both
FROM t WHERE id = 1;
-- sqlite: SELECT id, CAST(strftime('%s', '2000-02-29 06:00') AS INTEGER) * $SEC, CAST(strftime('%s', '1969-02-28') AS INTEGER) * $SEC,
-- sqlite:        CAST(strftime('%s', '2001-02-28') AS INTEGER) * $SEC, CAST(strftime('%s', '2001-03-01') AS INTEGER) * $SEC
-- sqlite: FROM t WHERE id = 1

CREATE STREAM timestamp_minus_timestamp AS
SELECT id, ts - ts0 AS a, ts0 - ts AS b, ts - TIMESTAMP '1970-01-01' AS c, EXTRACT(EPOCH FROM ts - ts0) AS seconds FROM t;
-- sqlite: SELECT id, printf('0/%d/%d', (ts - ts0) / $DAY, (ts - ts0) % $DAY) || nullif('', iif(ts0 IS NULL, '', 'x')), printf('0/%d/%d', (ts0 - ts) / $DAY, (ts0 - ts) % $DAY) || nullif('', iif(ts0 IS NULL, '', 'x')),
-- sqlite:        printf('0/%d/%d', ts / $DAY, ts % $DAY), (ts - ts0) / 1000 - ((ts - ts0) % 1000 < 0)
-- sqlite: FROM t

CREATE STREAM intervals_part_by_part AS
SELECT id, p + p0 AS a, p - p0 AS b, -p AS c, p * 3 AS d, -2 * p0 AS e, p + INTERVAL '1' DAY AS f FROM t;
-- sqlite: SELECT id, (m + m0) || '/' || (d + d0) || '/' || (ns + ns0), (m - m0) || '/' || (d - d0) || '/' || (ns - ns0), (-m) || '/' || (-d) || '/' || (-ns),
-- sqlite:        (m * 3) || '/' || (d * 3) || '/' || (ns * 3), (-2 * m0) || '/' || (-2 * d0) || '/' || (-2 * ns0), m || '/' || (d + 1) || '/' || ns
-- sqlite: FROM parts WHERE id IN (SELECT id FROM t)

CREATE STREAM timestamp_plus_interval_column AS
SELECT id, ts + p AS a, ts - p0 AS b, p0 + ts0 AS c, ts + (p - p) AS same FROM t;
-- sqlite: SELECT id,
-- sqlite:        strftime('%s', o, 'unixepoch', m || ' months', 'floor', d || ' days') * $SEC + (ts - o * $SEC) + ns,
-- sqlite:        strftime('%s', o, 'unixepoch', (-m0) || ' months', 'floor', (-d0) || ' days') * $SEC + (ts - o * $SEC) - ns0,
-- sqlite:        strftime('%s', o0, 'unixepoch', m0 || ' months', 'floor', d0 || ' days') * $SEC + (ts0 - o0 * $SEC) + ns0, ts
-- sqlite: FROM (SELECT t.id, t.ts, t.ts0, t.ts / $SEC - (t.ts % $SEC < 0) AS o, t.ts0 / $SEC - (t.ts0 % $SEC < 0) AS o0, m, parts.d, ns, m0, parts.d0, ns0
-- sqlite:       FROM t JOIN parts USING (id))

CREATE STREAM epoch_of_interval AS
SELECT id, EXTRACT(EPOCH FROM p) AS p, EXTRACT(EPOCH FROM p0) AS p0, EXTRACT(EPOCH FROM INTERVAL '1 year 1 month 1 day') AS y FROM t;
-- sqlite: SELECT id, l / 1000 - (l % 1000 < 0), l0 / 1000 - (l0 % 1000 < 0), (31557600 + 2592000 + 86400) * 1000000
-- sqlite: FROM (SELECT id, (m / 12 * 31557600 + m % 12 * 2592000 + d * 86400) * $SEC + ns AS l, (m0 / 12 * 31557600 + m0 % 12 * 2592000 + d0 * 86400) * $SEC + ns0 AS l0
-- sqlite:       FROM parts WHERE id IN (SELECT id FROM t))

CREATE STREAM time_in_where AS
SELECT id, ts FROM t WHERE ts >= TIMESTAMP '1969-12-31 12:00:00' AND ts < TIMESTAMP '1970-01-01' + INTERVAL '6' HOUR AND EXTRACT(MINUTE FROM ts) < 30;
-- sqlite: SELECT id, ts FROM t WHERE ts >= -12 * $HOUR AND ts < 6 * $HOUR AND (ts / $MIN - (ts % $MIN < 0)) - (ts / $HOUR - (ts % $HOUR < 0)) * 60 < 30
