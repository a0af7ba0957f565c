-- Answers as values are PostgreSQL's, computed once by a server of its.

CREATE STREAM regexp_matches AS
SELECT id, s ~ '^a.*e$' AS a, s0 ~ 'p{2}' AS b, s ~* 'APPLE|PEP' AS c, s !~ '[0-9]' AS d, s0 !~* '^A' AS e, s ~ '^.{5}$' AS f, regexp_like(s, 'é') AS g, regexp_like(s0, '^ÄP|A.P', 'i') AS h FROM t WHERE id <= 24;
-- sqlite: VALUES (1, 0, 0, 0, 0, 1, 0, 0, 0), (2, 0, NULL, 0, 1, NULL, 0, 0, NULL), (3, 0, NULL, 0, 0, NULL, 0, 0, NULL), (4, 0, NULL, 0, 0, NULL, 0, 0, NULL),
-- sqlite:        (5, 0, 1, 0, 1, 0, 0, 0, 1), (6, 1, 0, 1, 1, 1, 1, 0, 0), (7, 0, NULL, 0, 1, NULL, 0, 0, NULL), (8, 0, 0, 0, 1, 1, 0, 0, 0),
-- sqlite:        (9, 0, 0, 0, 1, 1, 0, 1, 0), (10, 0, 0, 0, 0, 0, 0, 0, 0), (11, 0, 0, 1, 1, 0, 0, 0, 0), (12, 0, NULL, 0, 1, NULL, 0, 0, NULL),
-- sqlite:        (13, 0, 0, 0, 0, 1, 0, 0, 0), (14, 0, 1, 1, 1, 1, 1, 0, 0), (15, 0, 0, 0, 1, 1, 0, 1, 0), (16, 0, 0, 1, 1, 1, 1, 0, 0), (17, 0, 0, 0, 1, 0, 1, 0, 0),
-- sqlite:        (18, 0, 0, 0, 1, 1, 0, 0, 0), (19, 0, NULL, 0, 1, NULL, 0, 0, NULL), (20, 0, NULL, 0, 0, NULL, 0, 0, NULL), (21, 0, 0, 0, 1, 1, 0, 0, 0),
-- sqlite:        (22, 0, 0, 0, 1, 0, 0, 0, 0), (23, 0, 0, 0, 1, 1, 0, 0, 0), (24, 0, 0, 0, 1, 1, 0, 0, 1)

CREATE STREAM regexp_by_a_column AS
SELECT id, s ~ q AS a, regexp_extract(s, q) AS b FROM (SELECT id, s, CASE id % 3 WHEN 0 THEN 'p+' WHEN 1 THEN '[a-c]' END AS q FROM t) AS r WHERE id <= 24;
-- sqlite: VALUES (1, 0, NULL), (2, NULL, NULL), (3, 0, NULL), (4, 1, 'a'), (5, NULL, NULL), (6, 1, 'pp'), (7, 1, 'a'), (8, NULL, NULL), (9, 0, NULL), (10, 0, NULL),
-- sqlite:        (11, NULL, NULL), (12, 0, NULL), (13, 0, NULL), (14, NULL, NULL), (15, 0, NULL), (16, 0, NULL), (17, NULL, NULL), (18, 0, NULL), (19, 0, NULL),
-- sqlite:        (20, NULL, NULL), (21, 0, NULL), (22, 1, 'a'), (23, NULL, NULL), (24, 0, NULL)

CREATE STREAM regexp_extracts AS
SELECT id, regexp_extract(s, '[aeiou][^aeiou]') AS a, regexp_extract(s0, '(.)(.)p', 2) AS b, regexp_extract(s, '(x)|(a)', 1) AS c, regexp_substr(s, ',.*') AS d, regexp_extract(s, 'x*') AS e FROM t WHERE id <= 24;
-- sqlite: VALUES (1, NULL, NULL, NULL, NULL, ''), (2, NULL, NULL, NULL, NULL, ''), (3, 'e3', NULL, NULL, NULL, ''), (4, 'ay', NULL, NULL, NULL, ''),
-- sqlite:        (5, 'ac', 'p', NULL, NULL, ''), (6, 'ap', NULL, NULL, NULL, ''), (7, 'a,', NULL, NULL, ',b,,c', ''), (8, 'ac', NULL, NULL, NULL, ''),
-- sqlite:        (9, 'aï', NULL, NULL, NULL, ''), (10, NULL, NULL, NULL, NULL, ''), (11, 'ep', NULL, NULL, NULL, ''), (12, 'ac', NULL, NULL, NULL, ''),
-- sqlite:        (13, NULL, NULL, NULL, NULL, ''), (14, NULL, 'e', NULL, NULL, ''), (15, 'aï', NULL, NULL, NULL, ''), (16, NULL, NULL, NULL, NULL, ''),
-- sqlite:        (17, 'el', NULL, NULL, NULL, ''), (18, 'aß', NULL, NULL, NULL, ''), (19, NULL, NULL, NULL, NULL, ''), (20, NULL, NULL, NULL, NULL, ''),
-- sqlite:        (21, 'un', NULL, NULL, NULL, ''), (22, 'a ', NULL, NULL, NULL, ''), (23, 'aß', NULL, NULL, NULL, ''), (24, NULL, NULL, NULL, NULL, '')

CREATE STREAM regexp_replaces AS
SELECT id, regexp_replace(s, '[aeiou]', '*') AS a, regexp_replace(s0, 'p(.)', '\1p') AS b, regexp_replace(s, '([a-p])([a-p])', '<\2\1>', 'g') AS c, regexp_replace(s, 'A', '[\&]', 'gi') AS d, regexp_replace(s0, 'x*', '-', 'g') AS e FROM t WHERE id <= 24;
-- sqlite: VALUES (1, '42', '42', '42', '42', '-4-2-'), (2, '*', NULL, 'a', '[a]', NULL), (3, '1*3', NULL, '1e3', '1e3', NULL),
-- sqlite:        (4, '2 d*ys', NULL, '2 <ad>ys', '2 d[a]ys', NULL), (5, 'b*ck\slash', 'apple pie', '<ab><kc>\s<al>sh', 'b[a]ck\sl[a]sh', '-a-p-p-l-e- -p-i-e-'),
-- sqlite:        (6, '*pple', '', '<pa><lp>e', '[a]pple', '-'), (7, '*,b,,c', NULL, 'a,b,,c', '[a],b,,c', NULL),
-- sqlite:        (8, 'b*ck\slash', 'back\slash', '<ab><kc>\s<al>sh', 'b[a]ck\sl[a]sh', '-b-a-c-k-\-s-l-a-s-h-'),
-- sqlite:        (9, 'n*ïve café', '42', '<an>ïve <ac>fé', 'n[a]ïve c[a]fé', '-4-2-'), (10, '100%', 'a,b,,c', '100%', '100%', '-a-,-b-,-,-c-'),
-- sqlite:        (11, 'p*pper', 'a text longer than fits into twelve bytes of any row', '<ep><pp>er', 'pepper', '-a- -t-e--t- -l-o-n-g-e-r- -t-h-a-n- -f-i-t-s- -i-n-t-o- -t-w-e-l-v-e- -b-y-t-e-s- -o-f- -a-n-y- -r-o-w-'),
-- sqlite:        (12, 'b*ck\slash', NULL, '<ab><kc>\s<al>sh', 'b[a]ck\sl[a]sh', NULL), (13, '99999999999', 'T', '99999999999', '99999999999', '-T-'),
-- sqlite:        (14, 'APPLE', 'eppper', 'APPLE', '[A]PPLE', '-p-e-p-p-e-r-'),
-- sqlite:        (15, 'n*ïve café', 'naïve café', '<an>ïve <ac>fé', 'n[a]ïve c[a]fé', '-n-a-ï-v-e- -c-a-f-é-'),
-- sqlite:        (16, 'Appl*', 'back\slash', 'A<pp><el>', '[A]pple', '-b-a-c-k-\-s-l-a-s-h-'), (17, 'äpf*l', 'a,b,,c', 'ä<fp><le>', 'äpfel', '-a-,-b-,-,-c-'),
-- sqlite:        (18, 'str*ße', 'b', 'straße', 'str[a]ße', '-b-'), (19, '日本語', NULL, '日本語', '日本語', NULL), (20, '42', NULL, '42', '42', NULL),
-- sqlite:        (21, '*nder_score', 'naïve café', 'u<dn>er_s<oc>re', 'under_score', '-n-a-ï-v-e- -c-a-f-é-'),
-- sqlite:        (22, '* text longer than fits into twelve bytes of any row', 'a text longer than fits into twelve bytes of any row', 'a text <ol><gn>er t<ah>n <if>ts <ni>to tw<le>ve bytes <fo> <na>y row', '[a] text longer th[a]n fits into twelve bytes of [a]ny row', '-a- -t-e--t- -l-o-n-g-e-r- -t-h-a-n- -f-i-t-s- -i-n-t-o- -t-w-e-l-v-e- -b-y-t-e-s- -o-f- -a-n-y- -r-o-w-'),
-- sqlite:        (23, 'str*ße', '日', 'straße', 'str[a]ße', '-日-'), (24, '日本語', 'Äfpel', '日本語', '日本語', '-Ä-p-f-e-l-')

CREATE STREAM regexp_counts AS
SELECT id, regexp_count(s, 'p') AS a, regexp_count(s0, '[aeiou]+') AS b, regexp_instr(s, 'p+') AS c, regexp_instr(s0, 'é|z') AS d FROM t WHERE id <= 24;
-- sqlite: VALUES (1, 0, 0, 0, 0), (2, 0, NULL, 0, NULL), (3, 0, NULL, 0, NULL), (4, 0, NULL, 0, NULL), (5, 0, 3, 0, 0), (6, 2, 0, 2, 0), (7, 0, NULL, 0, NULL),
-- sqlite:        (8, 0, 2, 0, 0), (9, 0, 0, 0, 0), (10, 0, 1, 0, 0), (11, 3, 14, 1, 0), (12, 0, NULL, 0, NULL), (13, 0, 0, 0, 0), (14, 0, 2, 0, 0), (15, 0, 3, 0, 10),
-- sqlite:        (16, 2, 2, 2, 0), (17, 1, 1, 2, 0), (18, 0, 0, 0, 0), (19, 0, NULL, 0, NULL), (20, 0, NULL, 0, NULL), (21, 0, 3, 0, 10), (22, 0, 14, 0, 0),
-- sqlite:        (23, 0, 0, 0, 0), (24, 0, 1, 0, 0)

CREATE STREAM guarded_patterns AS
SELECT id, CASE WHEN id > 99 THEN s ~ bad ELSE id > 2 END AS a, CASE WHEN id > 99 THEN regexp_extract(s, bad) END AS b FROM (SELECT id, s, '(' || s AS bad FROM t) AS q WHERE id <= 4;
-- sqlite: SELECT id, id > 2, NULL FROM t WHERE id <= 4

CREATE STREAM digests AS
SELECT id, md5(s) AS a, md5(s0) AS b, sha256(s) AS c FROM t WHERE id <= 12;
-- sqlite: VALUES (1, 'a1d0c6e83f027327d8461063f4ac58a6', 'a1d0c6e83f027327d8461063f4ac58a6', '73475cb40a568e8da8a045ced110137e159f890ac4da883b6b17dc651b3a8049'),
-- sqlite:        (2, '0cc175b9c0f1b6a831c399e269772661', NULL, 'ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb'),
-- sqlite:        (3, '8d9e78ee05f0247b1e9399c06976bda7', NULL, '0b11ca015456e85e4a21de2d495f6bde1f3a7d8624c6d1ab181c4221bc1935eb'),
-- sqlite:        (4, '0359f5661845e7cea5b46bee1591ba1f', NULL, 'ec13178b98722aec7155e81ceb34ccd429ae05a1f20bd48589c0b83fa3a3a10e'),
-- sqlite:        (5, '7ac22aa81ddb0dd4f82a9f0b547b92f4', 'b9fcf57e16fa23b2d81bc587ffde4788', '1498e0b566ad7dd265d5f2deebc80abb7b9446c3e943decbb8637b433fe65f6a'),
-- sqlite:        (6, '1f3870be274f6c49b3e31a0c6728957f', 'd41d8cd98f00b204e9800998ecf8427e', '3a7bd3e2360a3d29eea436fcfb7e44c735d117c42d1c1835420b6b9942dd4f1b'),
-- sqlite:        (7, 'e25525e3d41f57be29ab0ecf3365ba14', NULL, '11fa270fc075dcc5dfda7121ed65bb665670468286b1f2cfe260df31d878ff21'),
-- sqlite:        (8, '7ac22aa81ddb0dd4f82a9f0b547b92f4', '7ac22aa81ddb0dd4f82a9f0b547b92f4', '1498e0b566ad7dd265d5f2deebc80abb7b9446c3e943decbb8637b433fe65f6a'),
-- sqlite:        (9, '8feed1b062e175e77b3769d990f9e527', 'a1d0c6e83f027327d8461063f4ac58a6', '28e86ad89c14d1298f1961e890fc980ac80a0288e949e02557b3bfd04a5efc02'),
-- sqlite:        (10, '30bd7ce7de206924302499f197c7a966', 'e25525e3d41f57be29ab0ecf3365ba14', '32e48995f98ce3b76f2d3f5e2d2acddfeff6650b7b18628cfa739bfef4a03312'),
-- sqlite:        (11, 'b3f952d5d9adea6f63bee9d4c6fceeaa', '10550d071e01aef54c7e384e3eb73436', '8cbbcf29d9cef89675c5f5c1dcfe827d0570416a5aaba30dd0de159661ad905b'),
-- sqlite:        (12, '7ac22aa81ddb0dd4f82a9f0b547b92f4', NULL, '1498e0b566ad7dd265d5f2deebc80abb7b9446c3e943decbb8637b433fe65f6a')

CREATE STREAM regexp_substring AS
SELECT id, SUBSTRING('x7y' || id FROM '[0-9]') AS a, SUBSTRING(s0 FROM 'y(z)|' || id) IS NULL AS b FROM t WHERE s0 IS NULL OR id < 3;
-- sqlite: SELECT id, '7', 1 FROM t WHERE s0 IS NULL OR id < 3
