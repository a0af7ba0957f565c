CREATE STREAM integer_add_subtract_multiply AS
SELECT id, i + i0 AS plus, i - i0 AS minus, i * i0 AS times, -i AS negated, +i0 AS same, -i0 AS negated0 FROM t;

CREATE STREAM bigint_with_integer AS
SELECT id, n + i AS a, i - n0 AS b, n * i0 AS c, n0 * n AS d, -n0 AS e FROM t;

CREATE STREAM division_of_integers AS
SELECT id, CASE WHEN i0 <> 0 THEN i / i0 END AS q, CASE WHEN i0 <> 0 THEN n / i0 END AS wide,
       CASE WHEN i0 <> 0 THEN n % i0 END AS rest
FROM t;

CREATE STREAM division_toward_zero AS
SELECT id, n / 7 AS a, n / -7 AS b, n % 7 AS c, n % -7 AS d, -n / 7 AS e FROM t;

CREATE STREAM division_of_literals AS
SELECT id, 7 / 2 AS a, -7 / 2 AS b, 7 / -2 AS c, -7 % 3 AS d, 7 % -3 AS e, 6 / 3 * 2 AS f FROM t WHERE id = 1;

CREATE STREAM double_arithmetic AS
SELECT id, x + x0 AS a, x - x0 AS b, x * x0 AS c, -x AS d, x / 3e0 AS e, x0 * x0 - x AS f FROM t;

CREATE STREAM double_division AS
SELECT id, CASE WHEN x <> 0e0 THEN x0 / x END AS a, 1e0 / x0 AS b FROM t WHERE x0 > 0;

CREATE STREAM double_with_others AS
SELECT id, x + i AS a, n - x AS b, x * d AS c, d0 + x AS d, x - 0.5 AS e, x / 4 AS f, i0 * 2.5e0 AS g FROM t;
-- sqlite: SELECT id, x + i, n - x, x * (d / 100.0), d0 / 100.0 + x, x - 0.5, x / 4, i0 * 2.5 FROM t

CREATE STREAM decimal_add_subtract AS
SELECT id, d + d0 AS a, d - d0 AS b, -d AS c, d + 1 AS d, 0.125 - d0 AS e, d + i AS f FROM t;
-- sqlite: SELECT id, d + d0, d - d0, -d, d + 100, 125 - d0 * 10, d + i * 100 FROM t

CREATE STREAM decimal_multiply AS
SELECT id, d * d0 AS a, d * i AS b, d0 * 0.5 AS c, d * n0 AS e FROM t;
-- sqlite: SELECT id, d * d0, d * i, d0 * 5, d * n0 FROM t

CREATE STREAM decimal_divide AS
SELECT id, d / 3 AS third, d / -7 AS seventh, CASE WHEN d0 <> 0 THEN d / d0 END AS ratio, i / 8.0 AS eighth FROM t;
-- sqlite: SELECT id, (abs(d) * 20000 + 3) / 6 * sign(d), (abs(d) * 20000 + 7) / 14 * -sign(d),
-- sqlite:        (abs(d) * 2000000 + abs(d0)) / (2 * abs(d0)) * sign(d) * sign(d0), i * 125000
-- sqlite: FROM t

CREATE STREAM decimal_remainder AS
SELECT id, d % 7 AS a, d % -0.3 AS b, CASE WHEN d0 <> 0 THEN d % d0 END AS c FROM t;
-- sqlite: SELECT id, d % 700, d % -30, CASE WHEN d0 <> 0 THEN d % d0 END FROM t

CREATE STREAM precedence AS
SELECT id, 2 + 3 * i - (4 - i) * 2 AS a, -i * -i + i % 3 AS b, (n - i) - (i - n) AS c, 100 / 7 / 2 AS d FROM t;

CREATE STREAM null_spreads AS
SELECT id, i0 + n0 * i AS a, x0 - x0 AS b, d0 * 0 AS c, i + NULL AS d, NULL - x AS e, -(i0 + 1) AS f FROM t;
-- sqlite: SELECT id, i0 + n0 * i, x0 - x0, d0 * 0, NULL, NULL, -(i0 + 1) FROM t

CREATE STREAM integer_bounds AS
SELECT id, i, CASE WHEN i < 0 THEN i + 1 ELSE i - 1 END AS inward, CAST(i AS BIGINT) * 2 AS doubled,
       -CAST(i AS BIGINT) AS negated, i / 2 AS half, i % 10 AS digit
FROM e;

CREATE STREAM bigint_bounds AS
SELECT id, n, CASE WHEN n < 0 THEN n + 1 ELSE n - 1 END AS inward, n / 2 AS half, n % 10 AS digit, n / 3 * 2 AS two_thirds,
       CASE WHEN n > -9223372036854775807 THEN -n END AS negated, n % -1 AS none
FROM e;

CREATE STREAM decimal_bounds AS
SELECT id, d - 0.01 AS a, d * 10 AS b, d + d AS c, d / 1 AS e, -d0 AS f FROM e;
-- sqlite: SELECT id, d - 1, d * 10, d + d, d * 10000, -d0 FROM e

CREATE STREAM double_bounds AS
SELECT id, x, -x AS negated, x * 0.5e0 AS half, x0 + x0 AS doubled, x / 2e0 AS quotient FROM e;
-- sqlite: SELECT id, x, -x, x * 0.5, x0 + x0, x / 2.0 FROM e

CREATE STREAM float_division_by_zero AS
SELECT id, x / 0e0 AS q, -x / 0e0 AS m, 0e0 / (x - x) AS nan FROM t WHERE id <= 4;

CREATE STREAM infinity_minus_infinity AS
SELECT id, x - x AS d, x * 0e0 AS z FROM e WHERE id <= 2003;
