CREATE STREAM uuid_of_columns AS
SELECT id, CAST('00000000-0000-0000-0000-00000000' || id AS UUID) AS a, CAST('{0000000000000000000000000000' || id || '}' AS UUID) AS b, CAST(CAST('A0EEBC99-9C0B-4EF8-BB6D-6BB9BD38' || id AS UUID) AS VARCHAR) AS c,
       TRY_CAST(s AS UUID) AS d, UUID 'a0eebc999c0b4ef8bb6d6bb9bd380a11' AS e
FROM u WHERE id < 1010;
-- sqlite: SELECT id, '00000000-0000-0000-0000-00000000' || id, '00000000-0000-0000-0000-00000000' || id, 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd38' || id, NULL, 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11' FROM u WHERE id < 1010

CREATE STREAM uuid_order AS
SELECT id, CAST('80000000-0000-0000-0000-00000000' || id AS UUID) > '7fffffff-ffff-ffff-ffff-ffffffffffff' AS a, CAST('80000000-0000-0000-0000-00000000' || id AS UUID) < CAST('80000000-0000-0000-0000-000000001005' AS UUID) AS b,
       CAST('80000000-0000-0000-0000-00000000' || id AS UUID) = '80000000-0000-0000-0000-000000001005' AS c
FROM u;
-- sqlite: SELECT id, true, id < 1005, id = 1005 FROM u

CREATE STREAM uuid_group AS
SELECT CAST('80000000-0000-0000-0000-00000000000' || CASE WHEN b THEN 1 ELSE 2 END AS UUID) AS k, COUNT(*) AS n, COUNT(TRY_CAST(s0 AS UUID)) AS none FROM u
GROUP BY CAST('80000000-0000-0000-0000-00000000000' || CASE WHEN b THEN 1 ELSE 2 END AS UUID) EMIT FINAL;
-- sqlite: SELECT '80000000-0000-0000-0000-00000000000' || CASE WHEN b THEN 1 ELSE 2 END, COUNT(*), 0 FROM u GROUP BY b

CREATE STREAM bytea_of_text AS
SELECT id, CAST('\x' || id AS BYTEA) AS a, TRY_CAST(s AS BYTEA) AS b, CAST(CAST('\x' || id AS BYTEA) AS VARCHAR) AS c, length(CAST('\x' || id AS BYTEA)) AS d, octet_length(TRY_CAST(s0 AS BYTEA)) AS e, BYTEA '\x00ff' AS f FROM u;
-- sqlite: SELECT id, '\x' || id, CASE WHEN instr(s, '\') THEN NULL ELSE '\x' || lower(hex(s)) END, '\x' || id, 2, CASE WHEN instr(s0, '\') THEN NULL ELSE length(CAST(s0 AS BLOB)) END, '\x00ff' FROM u

CREATE STREAM bytea_parts AS
SELECT id, CAST('\x' || id AS BYTEA) || '\xff' AS a, substr(CAST('\x' || id AS BYTEA), 2) AS b, substring(CAST('\x' || id AS BYTEA) FROM 1 FOR 1) AS c, CAST('\x' || id AS BYTEA) || CAST('\x' || id AS BYTEA) AS d FROM u;
-- sqlite: SELECT id, '\x' || id || 'ff', '\x' || substr(id, 3), '\x' || substr(id, 1, 2), '\x' || id || id FROM u

CREATE STREAM bytea_comparison AS
SELECT id, CAST('\x' || id AS BYTEA) < '\x1020' AS a, CAST('\x' || id AS BYTEA) = '\x1020' AS b, CAST('\xff' AS BYTEA) > CAST('\x' || id AS BYTEA) AS c, CAST('\x' || id AS BYTEA) <> CAST('\x' || id AS BYTEA) AS d,
       CAST('\x' || id AS BYTEA) BETWEEN '\x1010' AND '\x1020' AS e
FROM u;
-- sqlite: SELECT id, id < 1020, id = 1020, true, false, id BETWEEN 1010 AND 1020 FROM u

CREATE STREAM bytea_group AS
SELECT TRY_CAST(s AS BYTEA) AS k, COUNT(*) AS n FROM t GROUP BY TRY_CAST(s AS BYTEA) EMIT FINAL;
-- sqlite: SELECT CASE WHEN instr(s, '\') THEN NULL ELSE '\x' || lower(hex(s)) END, COUNT(*) FROM t GROUP BY 1

CREATE STREAM json_parts AS
SELECT id, CAST('{"i": ' || i || ', "l": [' || n || ', {"x": null}], "s": "a\nb"}' AS JSON) -> 'i' AS a, CAST('{"l": [' || n || ', 7]}' AS JSON) -> 'l' -> 0 AS b, CAST('{"l": [' || n || ', 7]}' AS JSON) -> 'l' ->> -1 AS c,
       CAST('{"s": "a\tb"}' AS JSON) ->> 's' AS d, CAST('{"s": ' || i || '}' AS JSON) ->> 's' AS e, CAST('{"a": {"b": [' || i || ']}}' AS JSON) #> '{a,b}' AS f, CAST('{"a": {"b": [' || i || ']}}' AS JSON) #>> '{a,b,0}' AS g,
       CAST('{"l": [' || n || ', 7]}' AS JSON) -> 'none' AS h, CAST('[null]' AS JSON) ->> 0 AS k, json_array_length(CAST('[' || i || ', 2]' AS JSON)) AS l, json_typeof(CAST('[' || i || ']' AS JSON) -> 0) AS m
FROM t;
-- sqlite: SELECT id, CAST(i AS TEXT), CAST(n AS TEXT), '7', 'a' || char(9) || 'b', CAST(i AS TEXT), '[' || i || ']', CAST(i AS TEXT), NULL, NULL, 2, 'number' FROM t

CREATE STREAM json_of_text AS
SELECT id, TRY_CAST(s AS JSON) AS a, CAST(TRY_CAST(s AS JSON) AS VARCHAR) AS b, CAST(TRY_CAST(s0 AS JSON) ->> 0 AS VARCHAR) AS c, TRY_CAST(s AS JSON) IS NULL AS d, JSON '{"a":1}' AS e, COUNT_CHAR(CAST(TRY_CAST(s AS JSON) AS VARCHAR), '4') AS f FROM t;
-- sqlite: SELECT id, CASE WHEN trim(s) IN ('42', '-7', '99999999999', '12.5', '1e3', 'true') THEN s END, CASE WHEN trim(s) IN ('42', '-7', '99999999999', '12.5', '1e3', 'true') THEN s END, NULL,
-- sqlite:        trim(s) NOT IN ('42', '-7', '99999999999', '12.5', '1e3', 'true'), '{"a":1}', CASE WHEN trim(s) IN ('42', '-7', '99999999999', '12.5', '1e3', 'true') THEN length(s) - length(replace(s, '4', '')) END FROM t

CREATE STREAM digests_of_bytes AS
SELECT id, md5(TRY_CAST(s AS BYTEA)) = md5(s) AS a, CAST(sha256(TRY_CAST(s AS BYTEA)) AS VARCHAR) = '\x' || sha256(s) AS b, length(sha256(TRY_CAST(s AS BYTEA))) AS c FROM u;
-- sqlite: SELECT id, CASE WHEN instr(s, '\') THEN NULL ELSE true END, CASE WHEN instr(s, '\') THEN NULL ELSE true END, CASE WHEN instr(s, '\') THEN NULL ELSE 32 END FROM u

CREATE STREAM bytea_encoded AS
SELECT id, encode(CAST('\x' || id AS BYTEA), 'hex') AS a, encode(TRY_CAST(s AS BYTEA), 'hex') AS b, decode(CAST(id AS VARCHAR), 'hex') = CAST('\x' || id AS BYTEA) AS c,
       encode(decode(encode(TRY_CAST(s AS BYTEA), 'base64'), 'base64'), 'hex') AS d, encode(BYTEA '\x00615cff', CASE WHEN b THEN 'escape' ELSE 'base64' END) AS e, decode(NULL, 'hex') AS f
FROM u;
-- sqlite: SELECT id, CAST(id AS TEXT), CASE WHEN instr(s, '\') THEN NULL ELSE lower(hex(s)) END, true, CASE WHEN instr(s, '\') THEN NULL ELSE lower(hex(s)) END, CASE WHEN b THEN '\000a\\\377' ELSE 'AGFc/w==' END, NULL FROM u
