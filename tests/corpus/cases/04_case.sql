CREATE STREAM case_searched AS
SELECT id, CASE WHEN i < 0 THEN 'negative' WHEN i = 0 THEN 'zero' ELSE 'positive' END AS sign FROM t;

CREATE STREAM case_simple AS
SELECT id, CASE i WHEN 1 THEN 'one' WHEN 2 THEN 'two' WHEN -1 THEN 'minus one' ELSE 'many' END AS word,
       CASE s0 WHEN 'apple' THEN 1 WHEN NULL THEN 2 END AS no_null
FROM t;

CREATE STREAM case_without_else AS
SELECT id, CASE WHEN i > 3 THEN i END AS a, CASE b0 WHEN TRUE THEN s END AS b FROM t;

CREATE STREAM case_null_condition AS
SELECT id, CASE WHEN b0 THEN 1 ELSE 0 END AS a, CASE WHEN NOT b0 THEN 1 ELSE 0 END AS b, CASE WHEN i0 > 0 THEN 'p' WHEN i0 <= 0 THEN 'n' ELSE 'null' END AS c
FROM t;

CREATE STREAM case_nested AS
SELECT id, CASE WHEN b THEN CASE WHEN i > 0 THEN CASE WHEN n > 0 THEN 'bin' ELSE 'bi' END ELSE 'b' END
           ELSE CASE WHEN i0 IS NULL THEN 'null' WHEN i0 > 0 THEN 'i0' END END AS path
FROM t;

CREATE STREAM case_nested_in_condition AS
SELECT id, CASE WHEN CASE WHEN b0 THEN i > 0 ELSE n > 0 END THEN 1 WHEN CASE i WHEN 0 THEN NULL ELSE TRUE END THEN 2 ELSE 3 END AS k FROM t;

CREATE STREAM case_of_mixed_numbers AS
SELECT id, CASE WHEN b THEN i ELSE n END AS wide, CASE WHEN b THEN i0 ELSE x END AS float, CASE WHEN b THEN d WHEN b0 THEN i END AS exact
FROM t;
-- sqlite: SELECT id, CASE WHEN b THEN i ELSE n END, CASE WHEN b THEN i0 ELSE x END, CASE WHEN b THEN d WHEN b0 THEN i * 100 END FROM t

CREATE STREAM case_of_every_type AS
SELECT id, CASE WHEN b THEN b0 ELSE b END AS b, CASE WHEN b THEN ts ELSE ts0 END AS ts, CASE WHEN b THEN s0 ELSE 'none' END AS s,
       CASE WHEN b THEN p ELSE p0 END AS p, CASE WHEN b0 THEN d ELSE d0 END AS d
FROM t;

CREATE STREAM case_keeps_errors_out AS
SELECT id, CASE WHEN i = 0 THEN 0 ELSE 100 / i END AS a, CASE WHEN i0 <> 0 THEN 100 % i0 ELSE -1 END AS b,
       CASE WHEN s LIKE '%a%' THEN 0 WHEN i > 0 THEN 7 / i ELSE i END AS c
FROM t;

CREATE STREAM logic_keeps_errors_out AS
SELECT id, i <> 0 AND 10 / i > 2 AS a, i = 0 OR 10 / i > 2 AS b FROM t WHERE i <> 0 OR n > 0;

CREATE STREAM case_in_where AS
SELECT id, i FROM t WHERE CASE WHEN i0 IS NULL THEN i > 0 ELSE i0 > i END;

CREATE STREAM coalesce_of_two AS
SELECT id, COALESCE(i0, i) AS i, COALESCE(s0, 'none') AS s, COALESCE(x0, 0e0) AS x, COALESCE(b0, FALSE) AS b, COALESCE(ts0, ts) AS ts,
       COALESCE(p0, p) AS p
FROM t;

CREATE STREAM coalesce_of_many AS
SELECT id, COALESCE(i0, n0, x0) AS a, COALESCE(NULL, s0, s) AS b, COALESCE(i0) AS c, COALESCE(NULL, NULL, i0) AS d, COALESCE(i, i0) AS e FROM t;
-- sqlite: SELECT id, COALESCE(i0, n0, x0), COALESCE(NULL, s0, s), i0, i0, i FROM t

CREATE STREAM coalesce_nested AS
SELECT id, COALESCE(i0 + n0, COALESCE(n0, i0), -1) AS a, COALESCE(CASE WHEN b0 THEN i END, i0, 0) AS b FROM t;

CREATE STREAM coalesce_keeps_errors_out AS
SELECT id, COALESCE(i0, 10 / CASE WHEN i = 0 THEN 1 ELSE i END) AS a, COALESCE(CASE WHEN i = 0 THEN 0 END, 100 / i) AS b FROM t;

CREATE STREAM coalesce_of_decimals AS
SELECT id, COALESCE(d0, 0) AS a, COALESCE(d0, i, 0.125) AS b FROM t;
-- sqlite: SELECT id, COALESCE(d0, 0), COALESCE(d0 * 10, i * 1000, 125) FROM t
