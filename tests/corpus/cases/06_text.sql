CREATE STREAM lower_and_upper AS
SELECT id, lower(s) AS l, upper(s0) AS u, lower('ABC' || s) AS m FROM t;
-- sqlite: SELECT id, lower(s), upper(s0), 'abc' || lower(s) FROM t

CREATE STREAM length_counts_characters AS
SELECT id, length(s) AS a, length(s0) AS b, char_length(s) AS c, character_length(s || s) AS d FROM t;
-- sqlite: SELECT id, length(s), length(s0), length(s), 2 * length(s) FROM t

CREATE STREAM length_of_extremes AS
SELECT id, length(s) AS a, length(s0) AS b FROM e;

CREATE STREAM substr_to_the_end AS
SELECT id, substr(s, 2) AS a, substr(s0, 1) AS b, substr(s, 100) AS c, substring(s, 3) AS d FROM t;
-- sqlite: SELECT id, substr(s, 2), substr(s0, 1), substr(s, 100), substr(s, 3) FROM t

CREATE STREAM substr_with_length AS
SELECT id, substr(s, 2, 3) AS a, substr(s0, 1, 1) AS b, substr(s, 3, 0) AS c, substring(s FROM 2 FOR 2) AS d, substr(s, 1, 1000) AS e FROM t;
-- sqlite: SELECT id, substr(s, 2, 3), substr(s0, 1, 1), '', substr(s, 2, 2), substr(s, 1, 1000) FROM t

CREATE STREAM substr_before_the_start AS
SELECT id, substr(s, 0) AS a, substr(s, -2) AS b, substr(s, 0, 2) AS c, substr(s, -1, 4) AS d, substr(s, -5, 3) AS e FROM t;
-- sqlite: SELECT id, s, s, substr(s, 1, 1), substr(s, 1, 2), '' FROM t

CREATE STREAM substr_by_columns AS
SELECT id, substr(s, i0) AS a, substr(s, i0, CASE WHEN i > 0 THEN i ELSE 0 END) AS b, substr(s0, n0) AS c FROM t;
-- sqlite: SELECT id, substr(s, max(i0, 1)), substr(s, max(i0, 1), max(min(i0, 1) + CASE WHEN i > 0 THEN i ELSE 0 END - 1, 0)), substr(s0, max(n0, 1)) FROM t

CREATE STREAM split_part_of_literals AS
SELECT id, split_part('a,b,,c', ',', 1) AS a, split_part('a,b,,c', ',', 3) AS b, split_part('a,b,,c', ',', -1) AS c, split_part('a,b,,c', ',', 9) AS d,
       split_part('a--b--c', '--', 2) AS e, split_part('äxbxü', 'x', -3) AS f, split_part('abc', '', 1) AS g, split_part('', ',', 1) AS h
FROM t WHERE id <= 2;
-- sqlite: SELECT id, 'a', '', 'c', '', 'b', 'ä', 'abc', '' FROM t WHERE id <= 2

CREATE STREAM split_part_first AS
SELECT id, split_part(s, 'a', 1) AS a, split_part(s0, ',', 1) AS b FROM t;
-- sqlite: SELECT id, substr(s || 'a', 1, instr(s || 'a', 'a') - 1), substr(s0 || ',', 1, instr(s0 || ',', ',') - 1) FROM t

CREATE STREAM split_part_second AS
SELECT id, split_part(s, ',', 2) AS a, split_part(s, ' ', 2) AS b FROM t;
-- sqlite: SELECT id, substr(a, 1, instr(a, ',') - 1), substr(b, 1, instr(b, ' ') - 1)
-- sqlite: FROM (SELECT id, substr(s || ',', instr(s || ',', ',') + 1) || ',' AS a, substr(s || ' ', instr(s || ' ', ' ') + 1) || ' ' AS b FROM t)

CREATE STREAM split_part_of_null AS
SELECT id, split_part(s0, ',', 1) IS NULL AS a, split_part(s, NULL, 1) AS b, split_part(s, ',', CASE WHEN i0 > 0 THEN 1 END) IS NULL AS c FROM t;
-- sqlite: SELECT id, s0 IS NULL, NULL, NOT coalesce(i0 > 0, 0) FROM t

CREATE STREAM count_char AS
SELECT id, count_char(s, 'a') AS a, count_char(s0, ',') AS b, count_char(s, 'ä') AS c, count_char(s, '') AS d, count_char(s, 'pq') AS first FROM t;
-- sqlite: SELECT id, length(s) - length(replace(s, 'a', '')), length(s0) - length(replace(s0, ',', '')), length(s) - length(replace(s, 'ä', '')), 0,
-- sqlite:        length(s) - length(replace(s, 'p', ''))
-- sqlite: FROM t

CREATE STREAM concatenate AS
SELECT id, s || s0 AS a, s || '' AS b, '[' || s || ']' AS c, s || NULL AS d, NULL || s0 || 'x' AS e FROM t;

CREATE STREAM concatenate_other_types AS
SELECT id, s || i AS a, i0 || '/' || n AS b, 'b=' || b0 AS c, s || '@' || d AS d FROM t;
-- sqlite: SELECT id, s || i, i0 || '/' || n, 'b=' || CASE b0 WHEN 1 THEN 'true' WHEN 0 THEN 'false' END,
-- sqlite:        s || '@' || printf('%s%d.%02d', CASE WHEN d < 0 THEN '-' ELSE '' END, abs(d) / 100, abs(d) % 100)
-- sqlite: FROM t

CREATE STREAM concatenate_extremes AS
SELECT id, s || s AS twice, s0 || '…' || s AS both FROM e;

CREATE STREAM text_functions_nested AS
SELECT id, upper(substr(lower(substr(s, 1, 4)), 2, 2)) || length(s || s0) AS a, length(split_part(s, 'p', 1)) AS b FROM t WHERE s LIKE 'a%';
-- sqlite: SELECT id, upper(substr(lower(substr(s, 1, 4)), 2, 2)) || length(s || s0), instr(s || 'p', 'p') - 1 FROM t WHERE s LIKE 'a%'

CREATE STREAM text_in_where AS
SELECT id, s FROM t WHERE length(s) > 4 AND lower(substr(s, 1, 1)) < 'm' AND s || 'x' <> 'applex';
