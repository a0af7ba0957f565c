CREATE STREAM star AS
SELECT * FROM t;

CREATE STREAM star_extremes AS
SELECT * FROM e;

CREATE STREAM star_of_alias_and_more AS
SELECT a.*, a.id AS again FROM u AS a;

CREATE STREAM columns_in_another_order AS
SELECT s0, id, ts0, x, b0, d0, p FROM u;

CREATE STREAM column_twice AS
SELECT id, i AS first, i AS second, i + 0 AS third FROM t;

CREATE STREAM names_of_any_case AS
SELECT ID, T.S, "s" AS Quoted FROM T;

CREATE STREAM literals AS
SELECT id, 1 AS one, -7 AS minus, 2147483648 AS big, -9223372036854775807 AS least, 0.908 AS exact, -12.50 AS money,
       1e3 AS float, 'it''s' AS quote, '日本 😀' AS wide, TRUE AS yes, FALSE AS no
FROM t WHERE id <= 3;
-- sqlite: SELECT id, 1, -7, 2147483648, -9223372036854775807, 908, -1250, 1e3, 'it''s', '日本 😀', TRUE, FALSE FROM t WHERE id <= 3

CREATE STREAM literals_of_time AS
SELECT id, TIMESTAMP '1969-12-31 23:59:59.999999999' AS before, TIMESTAMP '1970-01-01' AS epoch,
       INTERVAL '1' DAY AS day, INTERVAL '90' MINUTE AS minutes, INTERVAL '1 month 2 days 03:04:05.6' AS several
FROM t WHERE id <= 2;
-- sqlite: SELECT id, -1, 0, '0/1/0', '0/0/5400000000000', '1/2/11045600000000' FROM t WHERE id <= 2

CREATE STREAM null_literals AS
SELECT id, CAST(NULL AS INTEGER) AS i, CAST(NULL AS VARCHAR) AS s, CAST(NULL AS DOUBLE) AS x, CAST(NULL AS BOOLEAN) AS b,
       CAST(NULL AS TIMESTAMP) AS ts, NULL AS bare
FROM t WHERE id <= 3;
-- sqlite: SELECT id, NULL, NULL, NULL, NULL, NULL, NULL FROM t WHERE id <= 3

CREATE STREAM all_nullable_twins AS
SELECT id, b0, i0, n0, x0, d0, s0, ts0, p0 FROM t;
