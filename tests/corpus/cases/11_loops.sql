-- What generated loops write down in another way than the query says: chains of operations with constants, divisibility.

CREATE STREAM chains_of_integers AS
SELECT id, (i + 7) * 3 / 2 AS a, i * 3 % 7 + 1 AS b, n * 908 / 1000 AS c, (n + 1) % 10 * 4 AS d, 2 * n / 3 AS e FROM t;

CREATE STREAM chains_of_nullable AS
SELECT id, i0 * 908 / 1000 AS a, (n0 % 100 + 1) * 3 AS b, n0 * 10 / 7 * 2 AS c FROM t;

CREATE STREAM chains_of_extremes AS
SELECT id, i % 1000 * 908 / 7 AS a, (n / 1000 + 1) * 908 / 1000 AS b, n % 12 * 5 % 9 AS c, n0 / 4 * 3 / 2 AS d FROM e;

CREATE STREAM chains_in_a_branch AS
SELECT id, CASE WHEN n BETWEEN -1000000 AND 1000000 THEN n * 908 / 1000 END AS a,
       CASE WHEN n0 > 0 AND n0 < 1000000000000 THEN (n0 + 3) * 908 % 1000 ELSE -1 END AS b
FROM e;

CREATE STREAM chains_before_a_filter AS
SELECT id, n * 10 / 3 AS v FROM t WHERE n * 10 / 3 > 100;

CREATE STREAM chains_tried AS
SELECT id, TRY_CAST(n / 10 * 3 AS INTEGER) AS a FROM e;
-- sqlite: SELECT id, CASE WHEN n / 10 * 3 BETWEEN -2147483648 AND 2147483647 THEN n / 10 * 3 END FROM e

CREATE STREAM multiples AS
SELECT id, n % 3 = 0 AS a, n % -4 <> 0 AS b, n0 % 12 = 0 AS c, i % 1 = 0 AS d, 0 = n % 7 AS e FROM e;

CREATE STREAM multiples_kept AS
SELECT id, n FROM e WHERE n % 2 = 0;

CREATE STREAM multiples_of_nullable AS
SELECT id, n0 FROM t WHERE n0 % 5 <> 0;

CREATE STREAM multiples_counted AS
SELECT n % 6 AS k, COUNT(*) AS c FROM t WHERE n % 3 = 0 GROUP BY n % 6;
