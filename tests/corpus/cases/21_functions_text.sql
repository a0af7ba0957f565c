-- Answers as values are PostgreSQL's, computed once by a server of its with the C collation.

CREATE STREAM case_of_ascii_only AS
SELECT id, lower(s) AS a, upper(s0) AS b, initcap(s) AS c, initcap(s0 || ' äb o''NEIL 2ND') AS d FROM t WHERE id <= 24;
-- sqlite: VALUES (1, '42', '42', '42', '42 äB O''Neil 2nd'), (2, 'a', NULL, 'A', NULL), (3, '1e3', NULL, '1e3', NULL), (4, '2 days', NULL, '2 Days', NULL),
-- sqlite:        (5, 'back\slash', 'APPLE PIE', 'Back\Slash', 'Apple Pie äB O''Neil 2nd'), (6, 'apple', '', 'Apple', ' äB O''Neil 2nd'),
-- sqlite:        (7, 'a,b,,c', NULL, 'A,B,,C', NULL), (8, 'back\slash', 'BACK\SLASH', 'Back\Slash', 'Back\Slash äB O''Neil 2nd'),
-- sqlite:        (9, 'naïve café', '42', 'NaïVe Café', '42 äB O''Neil 2nd'), (10, '100%', 'A,B,,C', '100%', 'A,B,,C äB O''Neil 2nd'),
-- sqlite:        (11, 'pepper', 'A TEXT LONGER THAN FITS INTO TWELVE BYTES OF ANY ROW', 'Pepper', 'A Text Longer Than Fits Into Twelve Bytes Of Any Row äB O''Neil 2nd'),
-- sqlite:        (12, 'back\slash', NULL, 'Back\Slash', NULL), (13, '99999999999', 'T', '99999999999', 'T äB O''Neil 2nd'),
-- sqlite:        (14, 'apple', 'PEPPER', 'Apple', 'Pepper äB O''Neil 2nd'), (15, 'naïve café', 'NAïVE CAFé', 'NaïVe Café', 'NaïVe Café äB O''Neil 2nd'),
-- sqlite:        (16, 'apple', 'BACK\SLASH', 'Apple', 'Back\Slash äB O''Neil 2nd'), (17, 'äpfel', 'A,B,,C', 'äPfel', 'A,B,,C äB O''Neil 2nd'),
-- sqlite:        (18, 'straße', 'B', 'StraßE', 'B äB O''Neil 2nd'), (19, '日本語', NULL, '日本語', NULL), (20, '42', NULL, '42', NULL),
-- sqlite:        (21, 'under_score', 'NAïVE CAFé', 'Under_Score', 'NaïVe Café äB O''Neil 2nd'),
-- sqlite:        (22, 'a text longer than fits into twelve bytes of any row', 'A TEXT LONGER THAN FITS INTO TWELVE BYTES OF ANY ROW', 'A Text Longer Than Fits Into Twelve Bytes Of Any Row', 'A Text Longer Than Fits Into Twelve Bytes Of Any Row äB O''Neil 2nd'),
-- sqlite:        (23, 'straße', '日', 'StraßE', '日 äB O''Neil 2nd'), (24, '日本語', 'ÄPFEL', '日本語', 'ÄPfel äB O''Neil 2nd')

CREATE STREAM ilike_patterns AS
SELECT id, s ILIKE 'A%' AS a, s0 NOT ILIKE '%E' AS b, upper(s) ILIKE s AS c, s ILIKE '_P%' AS d, s0 ILIKE 'a!%%' ESCAPE '!' AS e, s ILIKE '%É%' AS f FROM t WHERE id <= 24;
-- sqlite: VALUES (1, 0, 1, 1, 0, 0, 0), (2, 1, NULL, 1, 0, NULL, 0), (3, 0, NULL, 1, 0, NULL, 0), (4, 0, NULL, 1, 0, NULL, 0), (5, 0, 0, 0, 0, 0, 0),
-- sqlite:        (6, 1, 1, 1, 1, 0, 0), (7, 1, NULL, 1, 0, NULL, 0), (8, 0, 1, 0, 0, 0, 0), (9, 0, 1, 1, 0, 0, 0), (10, 0, 1, 1, 0, 0, 0), (11, 0, 1, 1, 0, 0, 0),
-- sqlite:        (12, 0, NULL, 0, 0, NULL, 0), (13, 0, 1, 1, 0, 0, 0), (14, 1, 1, 1, 1, 0, 0), (15, 0, 1, 1, 0, 0, 0), (16, 1, 1, 1, 1, 0, 0), (17, 0, 1, 1, 1, 0, 0),
-- sqlite:        (18, 0, 1, 1, 0, 0, 0), (19, 0, NULL, 1, 0, NULL, 0), (20, 0, NULL, 1, 0, NULL, 0), (21, 0, 1, 1, 0, 0, 0), (22, 1, 1, 1, 0, 0, 0),
-- sqlite:        (23, 0, 1, 1, 0, 0, 0), (24, 0, 1, 1, 0, 0, 0)

CREATE STREAM trims AS
SELECT id, trim('  ' || s || ' ') AS a, ltrim('  ' || s || ' ') AS b, rtrim('  ' || s0 || ' ') AS c, btrim(s, 'ae') AS d, ltrim(s, 'ab') AS e, rtrim(s0, 'ek') AS f,
       TRIM(LEADING 'a' FROM s) AS g, TRIM(TRAILING FROM s || '  ') AS h, TRIM(BOTH 'ph' FROM s) AS j
FROM t WHERE id <= 24;
-- sqlite: VALUES (1, '42', '42 ', '  42', '42', '42', '42', '42', '42', '42'), (2, 'a', 'a ', NULL, '', '', NULL, '', 'a', 'a'),
-- sqlite:        (3, '1e3', '1e3 ', NULL, '1e3', '1e3', NULL, '1e3', '1e3', '1e3'),
-- sqlite:        (4, '2 days', '2 days ', NULL, '2 days', '2 days', NULL, '2 days', '2 days', '2 days'),
-- sqlite:        (5, 'back\slash', 'back\slash ', '  apple pie', 'back\slash', 'ck\slash', 'apple pi', 'back\slash', 'back\slash', 'back\slas'),
-- sqlite:        (6, 'apple', 'apple ', '', 'ppl', 'pple', '', 'pple', 'apple', 'apple'),
-- sqlite:        (7, 'a,b,,c', 'a,b,,c ', NULL, ',b,,c', ',b,,c', NULL, ',b,,c', 'a,b,,c', 'a,b,,c'),
-- sqlite:        (8, 'back\slash', 'back\slash ', '  back\slash', 'back\slash', 'ck\slash', 'back\slash', 'back\slash', 'back\slash', 'back\slas'),
-- sqlite:        (9, 'naïve café', 'naïve café ', '  42', 'naïve café', 'naïve café', '42', 'naïve café', 'naïve café', 'naïve café'),
-- sqlite:        (10, '100%', '100% ', '  a,b,,c', '100%', '100%', 'a,b,,c', '100%', '100%', '100%'),
-- sqlite:        (11, 'pepper', 'pepper ', '  a text longer than fits into twelve bytes of any row', 'pepper', 'pepper', 'a text longer than fits into twelve bytes of any row', 'pepper', 'pepper', 'epper'),
-- sqlite:        (12, 'back\slash', 'back\slash ', NULL, 'back\slash', 'ck\slash', NULL, 'back\slash', 'back\slash', 'back\slas'),
-- sqlite:        (13, '99999999999', '99999999999 ', '  T', '99999999999', '99999999999', 'T', '99999999999', '99999999999', '99999999999'),
-- sqlite:        (14, 'APPLE', 'APPLE ', '  pepper', 'APPLE', 'APPLE', 'pepper', 'APPLE', 'APPLE', 'APPLE'),
-- sqlite:        (15, 'naïve café', 'naïve café ', '  naïve café', 'naïve café', 'naïve café', 'naïve café', 'naïve café', 'naïve café', 'naïve café'),
-- sqlite:        (16, 'Apple', 'Apple ', '  back\slash', 'Appl', 'Apple', 'back\slash', 'Apple', 'Apple', 'Apple'),
-- sqlite:        (17, 'äpfel', 'äpfel ', '  a,b,,c', 'äpfel', 'äpfel', 'a,b,,c', 'äpfel', 'äpfel', 'äpfel'),
-- sqlite:        (18, 'straße', 'straße ', '  b', 'straß', 'straße', 'b', 'straße', 'straße', 'straße'),
-- sqlite:        (19, '日本語', '日本語 ', NULL, '日本語', '日本語', NULL, '日本語', '日本語', '日本語'), (20, '42', '42 ', NULL, '42', '42', NULL, '42', '42', '42'),
-- sqlite:        (21, 'under_score', 'under_score ', '  naïve café', 'under_scor', 'under_score', 'naïve café', 'under_score', 'under_score', 'under_score'),
-- sqlite:        (22, 'a text longer than fits into twelve bytes of any row', 'a text longer than fits into twelve bytes of any row ', '  a text longer than fits into twelve bytes of any row', ' text longer than fits into twelve bytes of any row', ' text longer than fits into twelve bytes of any row', 'a text longer than fits into twelve bytes of any row', ' text longer than fits into twelve bytes of any row', 'a text longer than fits into twelve bytes of any row', 'a text longer than fits into twelve bytes of any row'),
-- sqlite:        (23, 'straße', 'straße ', '  日', 'straß', 'straße', '日', 'straße', 'straße', 'straße'),
-- sqlite:        (24, '日本語', '日本語 ', '  Äpfel', '日本語', '日本語', 'Äpfel', '日本語', '日本語', '日本語')

CREATE STREAM replace_and_translate AS
SELECT id, replace(s, 'a', 'ä') AS a, replace(s0, 'pp', '') AS b, replace(s, '', 'x') AS c, translate(s, 'abcé', 'xy') AS d, translate(s0, 'ep', 'üq') AS e FROM t WHERE id <= 24;
-- sqlite: VALUES (1, '42', '42', '42', '42', '42'), (2, 'ä', NULL, 'a', 'x', NULL), (3, '1e3', NULL, '1e3', '1e3', NULL), (4, '2 däys', NULL, '2 days', '2 dxys', NULL),
-- sqlite:        (5, 'bäck\släsh', 'ale pie', 'back\slash', 'yxk\slxsh', 'aqqlü qiü'), (6, 'äpple', '', 'apple', 'xpple', ''),
-- sqlite:        (7, 'ä,b,,c', NULL, 'a,b,,c', 'x,y,,', NULL), (8, 'bäck\släsh', 'back\slash', 'back\slash', 'yxk\slxsh', 'back\slash'),
-- sqlite:        (9, 'näïve cäfé', '42', 'naïve café', 'nxïve xf', '42'), (10, '100%', 'a,b,,c', '100%', '100%', 'a,b,,c'),
-- sqlite:        (11, 'pepper', 'a text longer than fits into twelve bytes of any row', 'pepper', 'pepper', 'a tüxt longür than fits into twülvü bytüs of any row'),
-- sqlite:        (12, 'bäck\släsh', NULL, 'back\slash', 'yxk\slxsh', NULL), (13, '99999999999', 'T', '99999999999', '99999999999', 'T'),
-- sqlite:        (14, 'APPLE', 'peer', 'APPLE', 'APPLE', 'qüqqür'), (15, 'näïve cäfé', 'naïve café', 'naïve café', 'nxïve xf', 'naïvü café'),
-- sqlite:        (16, 'Apple', 'back\slash', 'Apple', 'Apple', 'back\slash'), (17, 'äpfel', 'a,b,,c', 'äpfel', 'äpfel', 'a,b,,c'),
-- sqlite:        (18, 'sträße', 'b', 'straße', 'strxße', 'b'), (19, '日本語', NULL, '日本語', '日本語', NULL), (20, '42', NULL, '42', '42', NULL),
-- sqlite:        (21, 'under_score', 'naïve café', 'under_score', 'under_sore', 'naïvü café'),
-- sqlite:        (22, 'ä text longer thän fits into twelve bytes of äny row', 'a text longer than fits into twelve bytes of any row', 'a text longer than fits into twelve bytes of any row', 'x text longer thxn fits into twelve yytes of xny row', 'a tüxt longür than fits into twülvü bytüs of any row'),
-- sqlite:        (23, 'sträße', '日', 'straße', 'strxße', '日'), (24, '日本語', 'Äpfel', '日本語', '日本語', 'Äqfül')

CREATE STREAM positions AS
SELECT id, strpos(s, 'p') AS a, position('é' IN s) AS b, strpos(s0, '') AS c, position(s0 IN s) AS d, starts_with(s, 'a') AS e, starts_with(s, s0) AS f FROM t WHERE id <= 24;
-- sqlite: VALUES (1, 0, 0, 1, 1, 0, 1), (2, 0, 0, NULL, NULL, 1, NULL), (3, 0, 0, NULL, NULL, 0, NULL), (4, 0, 0, NULL, NULL, 0, NULL), (5, 0, 0, 1, 0, 0, 0),
-- sqlite:        (6, 2, 0, 1, 1, 1, 1), (7, 0, 0, NULL, NULL, 1, NULL), (8, 0, 0, 1, 1, 0, 1), (9, 0, 10, 1, 0, 0, 0), (10, 0, 0, 1, 0, 0, 0), (11, 1, 0, 1, 0, 0, 0),
-- sqlite:        (12, 0, 0, NULL, NULL, 0, NULL), (13, 0, 0, 1, 0, 0, 0), (14, 0, 0, 1, 0, 0, 0), (15, 0, 10, 1, 1, 0, 1), (16, 2, 0, 1, 0, 0, 0),
-- sqlite:        (17, 2, 0, 1, 0, 0, 0), (18, 0, 0, 1, 0, 0, 0), (19, 0, 0, NULL, NULL, 0, NULL), (20, 0, 0, NULL, NULL, 0, NULL), (21, 0, 0, 1, 0, 0, 0),
-- sqlite:        (22, 0, 0, 1, 1, 1, 1), (23, 0, 0, 1, 0, 0, 0), (24, 0, 0, 1, 0, 0, 0)

CREATE STREAM ends_with AS
SELECT id, ends_with(s, 'e') AS a, ends_with(s0, s) AS b FROM t WHERE id <= 24;
-- sqlite: VALUES (1, 0, 1), (2, 0, NULL), (3, 0, NULL), (4, 0, NULL), (5, 0, 0), (6, 1, 0), (7, 0, NULL), (8, 0, 1), (9, 0, 0), (10, 0, 0), (11, 0, 0), (12, 0, NULL),
-- sqlite:        (13, 0, 0), (14, 0, 0), (15, 0, 1), (16, 1, 0), (17, 0, 0), (18, 1, 0), (19, 0, NULL), (20, 0, NULL), (21, 1, 0), (22, 0, 1), (23, 1, 0), (24, 0, 0)

CREATE STREAM left_and_right AS
SELECT id, left(s, 3) AS a, left(s, -3) AS b, right(s, 3) AS c, right(s, -3) AS d, left(s0, i) AS e, right(s0, i) AS f FROM t WHERE id <= 24;
-- sqlite: VALUES (1, '42', '', '42', '', '42', '42'), (2, 'a', '', 'a', '', NULL, NULL), (3, '1e3', '', '1e3', '', NULL, NULL),
-- sqlite:        (4, '2 d', '2 d', 'ays', 'ays', NULL, NULL), (5, 'bac', 'back\sl', 'ash', 'k\slash', '', ''), (6, 'app', 'ap', 'ple', 'le', '', ''),
-- sqlite:        (7, 'a,b', 'a,b', ',,c', ',,c', NULL, NULL), (8, 'bac', 'back\sl', 'ash', 'k\slash', '', ''), (9, 'naï', 'naïve c', 'afé', 've café', '', ''),
-- sqlite:        (10, '100', '1', '00%', '%', 'a', 'c'),
-- sqlite:        (11, 'pep', 'pep', 'per', 'per', 'a text longer than fits into twelve bytes of any', 'xt longer than fits into twelve bytes of any row'),
-- sqlite:        (12, 'bac', 'back\sl', 'ash', 'k\slash', NULL, NULL), (13, '999', '99999999', '999', '99999999', 'T', 'T'), (14, 'APP', 'AP', 'PLE', 'LE', '', ''),
-- sqlite:        (15, 'naï', 'naïve c', 'afé', 've café', 'naïve ', 'e café'), (16, 'App', 'Ap', 'ple', 'le', 'back', 'lash'),
-- sqlite:        (17, 'äpf', 'äp', 'fel', 'el', 'a,b,', 'b,,c'), (18, 'str', 'str', 'aße', 'aße', 'b', 'b'), (19, '日本語', '', '日本語', '', NULL, NULL),
-- sqlite:        (20, '42', '', '42', '', NULL, NULL), (21, 'und', 'under_sc', 'ore', 'er_score', 'naïve c', 've café'),
-- sqlite:        (22, 'a t', 'a text longer than fits into twelve bytes of any ', 'row', 'ext longer than fits into twelve bytes of any row', 'a text longer than fits into twelve bytes of any ', 'ext longer than fits into twelve bytes of any row'),
-- sqlite:        (23, 'str', 'str', 'aße', 'aße', '', ''), (24, '日本語', '', '日本語', '', 'Äpf', 'fel')

CREATE STREAM pads AS
SELECT id, lpad(s, 8) AS a, rpad(s, 8) || '|' AS b, lpad(s0, 7, 'xä') AS c, rpad(s0, 7, 'xä') AS d, lpad(s, i, '*') AS e, rpad(s, 3, '') AS f FROM t WHERE id <= 24;
-- sqlite: VALUES (1, '      42', '42      |', 'xäxäx42', '42xäxäx', '***42', '42'), (2, '       a', 'a       |', NULL, NULL, '***a', 'a'),
-- sqlite:        (3, '     1e3', '1e3     |', NULL, NULL, '', '1e3'), (4, '  2 days', '2 days  |', NULL, NULL, '', '2 d'),
-- sqlite:        (5, 'back\sla', 'back\sla|', 'apple p', 'apple p', '', 'bac'), (6, '   apple', 'apple   |', 'xäxäxäx', 'xäxäxäx', '', 'app'),
-- sqlite:        (7, '  a,b,,c', 'a,b,,c  |', NULL, NULL, '', 'a,b'), (8, 'back\sla', 'back\sla|', 'back\sl', 'back\sl', '', 'bac'),
-- sqlite:        (9, 'naïve ca', 'naïve ca|', 'xäxäx42', '42xäxäx', '', 'naï'), (10, '    100%', '100%    |', 'xa,b,,c', 'a,b,,cx', '1', '100'),
-- sqlite:        (11, '  pepper', 'pepper  |', 'a text ', 'a text ', '', 'pep'), (12, 'back\sla', 'back\sla|', NULL, NULL, '', 'bac'),
-- sqlite:        (13, '99999999', '99999999|', 'xäxäxäT', 'Txäxäxä', '99', '999'), (14, '   APPLE', 'APPLE   |', 'xpepper', 'pepperx', '', 'APP'),
-- sqlite:        (15, 'naïve ca', 'naïve ca|', 'naïve c', 'naïve c', 'naïve ', 'naï'), (16, '   Apple', 'Apple   |', 'back\sl', 'back\sl', '', 'App'),
-- sqlite:        (17, '   äpfel', 'äpfel   |', 'xa,b,,c', 'a,b,,cx', 'äpfe', 'äpf'), (18, '  straße', 'straße  |', 'xäxäxäb', 'bxäxäxä', 'straß', 'str'),
-- sqlite:        (19, '     日本語', '日本語     |', NULL, NULL, '**日本語', '日本語'), (20, '      42', '42      |', NULL, NULL, '', '42'),
-- sqlite:        (21, 'under_sc', 'under_sc|', 'naïve c', 'naïve c', '', 'und'), (22, 'a text l', 'a text l|', 'a text ', 'a text ', '', 'a t'),
-- sqlite:        (23, '  straße', 'straße  |', 'xäxäxä日', '日xäxäxä', '', 'str'), (24, '     日本語', '日本語     |', 'xäÄpfel', 'Äpfelxä', '', '日本語')

CREATE STREAM reverse_and_repeat AS
SELECT id, reverse(s) AS a, reverse(s0) AS b, repeat(s, 2) AS c, repeat(s0, i) AS d FROM t WHERE id <= 12;
-- sqlite: VALUES (1, '24', '24', '4242', '4242424242'), (2, 'a', NULL, 'aa', NULL), (3, '3e1', NULL, '1e31e3', NULL), (4, 'syad 2', NULL, '2 days2 days', NULL),
-- sqlite:        (5, 'hsals\kcab', 'eip elppa', 'back\slashback\slash', ''), (6, 'elppa', '', 'appleapple', ''), (7, 'c,,b,a', NULL, 'a,b,,ca,b,,c', NULL),
-- sqlite:        (8, 'hsals\kcab', 'hsals\kcab', 'back\slashback\slash', ''), (9, 'éfac evïan', '24', 'naïve cafénaïve café', ''),
-- sqlite:        (10, '%001', 'c,,b,a', '100%100%', 'a,b,,c'), (11, 'reppep', 'wor yna fo setyb evlewt otni stif naht regnol txet a', 'pepperpepper', ''),
-- sqlite:        (12, 'hsals\kcab', NULL, 'back\slashback\slash', NULL)

CREATE STREAM overlays AS
SELECT id, overlay(s PLACING 'XY' FROM 2) AS a, overlay(s0 PLACING '' FROM 1 FOR 2) AS b, overlay(s PLACING 'é' FROM 3 FOR -1) AS c, overlay(s PLACING s0 FROM 2) AS d FROM t WHERE id <= 12;
-- sqlite: VALUES (1, '4XY', '', '42é2', '442'), (2, 'aXY', NULL, 'aé', NULL), (3, '1XY', NULL, '1eée3', NULL), (4, '2XYays', NULL, '2 é days', NULL),
-- sqlite:        (5, 'bXYk\slash', 'ple pie', 'baéack\slash', 'bapple pie'), (6, 'aXYle', '', 'apépple', 'apple'), (7, 'aXY,,c', NULL, 'a,é,b,,c', NULL),
-- sqlite:        (8, 'bXYk\slash', 'ck\slash', 'baéack\slash', 'bback\slash'), (9, 'nXYve café', '', 'naéaïve café', 'n42ve café'),
-- sqlite:        (10, '1XY%', 'b,,c', '10é00%', '1a,b,,c'),
-- sqlite:        (11, 'pXYper', 'text longer than fits into twelve bytes of any row', 'peéepper', 'pa text longer than fits into twelve bytes of any row'),
-- sqlite:        (12, 'bXYk\slash', NULL, 'baéack\slash', NULL)

CREATE STREAM characters AS
SELECT id, ascii(s) AS a, ascii(s0) AS b, chr(i + 70) AS c, chr(i0 + 8364) AS d, octet_length(s) AS e, bit_length(s0) AS f FROM t WHERE id <= 24;
-- sqlite: VALUES (1, 52, 52, 'K', '₱', 2, 16), (2, 97, NULL, 'J', NULL, 1, NULL), (3, 49, NULL, 'C', NULL, 3, NULL), (4, 50, NULL, '>', NULL, 6, NULL),
-- sqlite:        (5, 98, 97, '=', NULL, 10, 72), (6, 97, 0, '=', '₰', 5, 0), (7, 97, NULL, '>', '₮', 6, NULL), (8, 98, 98, 'F', '€', 10, 80),
-- sqlite:        (9, 110, 52, 'C', '₭', 12, 16), (10, 49, 97, 'G', '₮', 4, 48), (11, 112, 97, 'B', '₩', 6, 416), (12, 98, NULL, '@', NULL, 10, NULL),
-- sqlite:        (13, 57, 84, 'H', '₯', 11, 8), (14, 65, 112, '?', '₩', 5, 48), (15, 110, 110, 'L', '₲', 12, 96), (16, 65, 98, '@', '₮', 5, 80),
-- sqlite:        (17, 228, 97, 'J', '₫', 6, 48), (18, 115, 98, 'K', '₰', 7, 8), (19, 26085, NULL, 'K', '₩', 9, NULL), (20, 52, NULL, '=', '₩', 2, NULL),
-- sqlite:        (21, 117, 110, 'C', '₱', 11, 96), (22, 97, 97, 'C', '₩', 52, 416), (23, 115, 26085, '?', '₪', 7, 24), (24, 26085, 196, 'D', NULL, 9, 48)

CREATE STREAM hexadecimal AS
SELECT id, to_hex(i) AS a, to_hex(n) AS b, to_hex(n0) AS c FROM t WHERE id <= 12;
-- sqlite: VALUES (1, '5', '18', '18'), (2, '4', 'ffffffffffffffc4', '6'), (3, 'fffffffd', '15', NULL), (4, 'fffffff8', '3b', '1'), (5, 'fffffff7', '15', NULL),
-- sqlite:        (6, 'fffffff7', 'ffffffffffffffe1', NULL), (7, 'fffffff8', 'fffffffffd1451c0', '10'), (8, '0', 'ffffffffffffffe9', 'ffffffffffffffe9'),
-- sqlite:        (9, 'fffffffd', 'fffffffffede1540', NULL), (10, '1', '280de80', 'fffffffffffffffb'), (11, 'fffffffc', 'ffffffffffffffd8', '14'),
-- sqlite:        (12, 'fffffffa', '25', 'ffffffffffffffff')

CREATE STREAM concat_of_many AS
SELECT id, concat(s, '-', s0, i0, b, x0) AS a, concat(s0) AS b, concat_ws(', ', s, s0, i0, b0) AS c, concat_ws(s0, 'a', NULL, 'b') AS d, concat_ws('-', s0, x0) AS e FROM t WHERE id <= 12;
-- sqlite: VALUES (1, '42-425f18.125', '42', '42, 42, 5, f', 'a42b', '42-18.125'), (2, 'a-f', '', 'a, t', NULL, ''), (3, '1e3-f45.6', '', '1e3, f', NULL, '45.6'),
-- sqlite:        (4, '2 days-f', '', '2 days, t', NULL, ''), (5, 'back\slash-apple pief24.9', 'apple pie', 'back\slash, apple pie, t', 'aapple pieb', 'apple pie-24.9'),
-- sqlite:        (6, 'apple-4f13.9', '', 'apple, , 4', 'ab', '-13.9'), (7, 'a,b,,c-2f', '', 'a,b,,c, 2, f', NULL, ''),
-- sqlite:        (8, 'back\slash-back\slash0t20.25', 'back\slash', 'back\slash, back\slash, 0, t', 'aback\slashb', 'back\slash-20.25'),
-- sqlite:        (9, 'naïve café-421t', '42', 'naïve café, 42, 1, t', 'a42b', '42'),
-- sqlite:        (10, '100%-a,b,,c2t38.1', 'a,b,,c', '100%, a,b,,c, 2, t', 'aa,b,,cb', 'a,b,,c-38.1'),
-- sqlite:        (11, 'pepper-a text longer than fits into twelve bytes of any row-3t24.1', 'a text longer than fits into twelve bytes of any row', 'pepper, a text longer than fits into twelve bytes of any row, -3, f', 'aa text longer than fits into twelve bytes of any rowb', 'a text longer than fits into twelve bytes of any row-24.1'),
-- sqlite:        (12, 'back\slash-f', '', 'back\slash, t', NULL, '')

CREATE STREAM texts_of_literals AS
SELECT id, concat('a', id) AS a, replace('a-b-c', '-', 'x' || id) AS b, lpad('7', id, '0') AS c, both_cases FROM (SELECT id, upper(s) || lower(s) AS both_cases FROM t) AS q WHERE id <= 5;
-- sqlite: VALUES (1, 'a1', 'ax1bx1c', '7', '4242'), (2, 'a2', 'ax2bx2c', '07', 'Aa'), (3, 'a3', 'ax3bx3c', '007', '1E31e3'),
-- sqlite:        (4, 'a4', 'ax4bx4c', '0007', '2 DAYS2 days'), (5, 'a5', 'ax5bx5c', '00007', 'BACK\SLASHback\slash')

CREATE STREAM like_any_and_all AS
SELECT id, s LIKE ANY ('%a%', '%1%') AS a, s NOT LIKE ANY ('%a%', '%1%') AS b, s LIKE ALL ('%a%', '%b%') AS c, s NOT LIKE ALL ('%a%', '%1%') AS d, s0 ILIKE ANY ('A%', NULL) AS e,
       s LIKE ANY (ARRAY['!%', substr(s0, 1, 0)]) AS f, s LIKE ANY ('!%%', 'a%') ESCAPE '!' AS g, s LIKE SOME ('%a%') AS h
FROM t;
-- sqlite: SELECT id, s GLOB '*a*' OR s GLOB '*1*', NOT (s GLOB '*a*' AND s GLOB '*1*'), s GLOB '*a*' AND s GLOB '*b*', NOT (s GLOB '*a*' OR s GLOB '*1*'), lower(s0) GLOB 'a*' OR NULL,
-- sqlite:        s GLOB '!*' OR CASE WHEN s0 IS NOT NULL THEN s = '' END, s GLOB '%*' OR s GLOB 'a*', s GLOB '*a*' FROM t

CREATE STREAM compared_with_any_and_all AS
SELECT id, i = ANY (ARRAY[1, 2, i0]) AS a, i <> ALL (ARRAY[1, 2, i0]) AS b, n > ALL (ARRAY[i, 0]) AS c, x < ANY (ARRAY[i, 0.5]) AS d, s = SOME (ARRAY[s0]) AS e FROM t;
-- sqlite: SELECT id, i IN (1, 2, i0), i NOT IN (1, 2, i0), n > i AND n > 0, x < i OR x < 0.5, s = s0 FROM t

CREATE STREAM text_like_of_an_array AS
SELECT id, s LIKE ANY (string_to_array('%a%,%1%', ',')) AS a, s NOT LIKE ANY (string_to_array('%a%,%1%', ',')) AS b,
       s0 LIKE ALL (string_to_array('%a%,%b%', ',')) AS c, s ILIKE ANY (string_to_array('A%,NULL', ',', 'NULL')) AS d
FROM t;
-- sqlite: SELECT id, s GLOB '*a*' OR s LIKE '%1%', NOT (s GLOB '*a*' AND s LIKE '%1%'), s0 GLOB '*a*' AND s0 GLOB '*b*', lower(s) GLOB 'a*' OR NULL FROM t
