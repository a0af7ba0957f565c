//! `laminar test`: files in the dialects of several engines, and what it says when they fail.

use crate::folder::{EXECUTORS, Folder};

/// As SQLite's own files are written. The hash is that of `printf '1\n2\n3\n7\n' | md5sum`.
const SQLITE: &str = "\
hash-threshold 8

statement ok
CREATE TABLE tab0(col0 INTEGER, col1 INTEGER)

onlyif mysql # DIV for integer division:
query I rowsort label-12
SELECT DISTINCT col0 DIV col1 FROM tab0
----
1

statement ok
CREATE TABLE t1(x INTEGER, y INTEGER)

statement ok
INSERT INTO t1(y,x) VALUES(2,1)

statement ok
INSERT INTO t1 VALUES(3,7)

query II rowsort
SELECT x, y FROM t1
----
1
2
3
7

query R nosort label-avg
SELECT AVG(y) FROM t1 WHERE x = 1
----
2.000

query R nosort label-avg
SELECT AVG(y) FROM t1 WHERE y < 7
----
2.000

query II rowsort
SELECT x, y FROM t1
----
4 values hashing to 4f47ea2997280f8eb2ae54f76479676c

skipif sqlite
halt

statement ok
never
";

/// As DuckDB's.
const DUCKDB: &str = "\
# name: test/sql/example.test
# group: [example]

mode skip

statement ok
PRAGMA threads=4

mode unskip

statement ok
CREATE TABLE integers(i INTEGER, s VARCHAR);

statement ok
INSERT INTO integers VALUES (1, 'a b'), (2, ''), (NULL, NULL)

query III
SELECT COUNT(*), COUNT(i), SUM(i) FROM integers
----
3
2
3

query IT rowsort
SELECT i, s FROM integers
----
1\ta b
2\t(empty)
NULL\tNULL

foreach f min max

loop i 0 2

query I
SELECT ${f}(i + ${i}) - ${f}(i) FROM integers
----
${i}

endloop

endloop

statement error
SELECT j FROM integers
----
column `j` does not exist

statement error
SELECT COUNT(DISTINCT *) FROM integers
----

require parquet

query I
SELECT * FROM 'x.parquet'
----
";

/// As RisingWave's.
const RISINGWAVE: &str = "\
control sortmode rowsort

statement ok
create table t (v1 int, v2 boolean, v3 double precision);

statement count 2
insert into t values (2, true, 2.5), (1, false, 1e20);

query IIR
select v1, v2, v3 from t;
----
1 f 100000000000000000000
2 t 2.50

query TTTTTTT
select v2 is true from t
----
f
t

query error L0203.*nothing
select nothing from t;

statement error (?i)does not exist
drop table tt;

sleep 1ms

statement ok
drop table t;
";

#[test]
fn files_of_other_engines_run_as_they_are() {
    let folder = Folder::new("slt-others");
    folder.write("a.test", SQLITE).write("b.test", DUCKDB).write("c.slt", RISINGWAVE);
    let out = folder.stdout(&["test", "."]);
    let records = 8 + 10 + 7;
    let (passed, files) = (records * EXECUTORS.len(), "3 files");
    assert!(out.contains(&format!("{passed} passed, 0 failed ({files}; ")), "{out}");
    assert!(out.contains("b.test: the rest is skipped: it requires parquet"), "{out}");
}

#[test]
fn a_failure_has_its_file_line_sql_and_difference() {
    let folder = Folder::new("slt-fails");
    folder.write(
        "bad.slt",
        "statement ok\nCREATE TABLE t (a INTEGER)\n\nstatement ok\nINSERT INTO t VALUES (1), (2), (3)\n\n\
         query I rowsort\nSELECT a\nFROM t\n----\n1\n5\n3\n\n\
         statement ok\nSELECT a FROM t FULL OUTER JOIN u\n\n\
         statement error no such thing\nSELECT b FROM t\n\nstatement error\nSELECT a FROM t\n\n\
         statement count 7\nINSERT INTO t VALUES (4)\n\nfrobnicate\n",
    );
    let output = folder.run(&["test", "bad.slt", "--junit", "report.xml"]);
    assert_eq!(output.status.code(), Some(1));
    let out = String::from_utf8(output.stdout).unwrap();
    let by = EXECUTORS.iter().rev().copied().collect::<Vec<_>>().join(", ");
    let difference = format!(
        "bad.slt:7: the result differs (- expected, + actual) [{by}]\n    SELECT a\n    FROM t\n    1\n  + 2\n    3\n  - 5\n"
    );
    assert!(out.contains(&difference), "{out}");
    for expected in [
        &format!("bad.slt:15: not supported: L0402: JOIN is not supported [{by}]\nbad.slt:18:"),
        "bad.slt:18: the error does not match `no such thing`",
        "bad.slt:21: expected an error, there was none",
        "bad.slt:24: expected 7 rows, found 1",
        "bad.slt:27: the record cannot be read",
        "unknown record `frobnicate`",
    ] {
        assert!(out.contains(expected), "{out}\nlacks {expected}");
    }
    assert!(
        out.ends_with(&format!(
            "{} passed, {} failed, {} not supported (1 files; {by})\n",
            2 * EXECUTORS.len(),
            5 * EXECUTORS.len(),
            EXECUTORS.len()
        )),
        "{out}"
    );
    let xml = std::fs::read_to_string(folder.0.join("report.xml")).unwrap();
    assert!(xml.contains("<testcase name=\"bad.slt\" classname=\"interp\""), "{xml}");
    assert!(xml.contains("<failure message=\"line 7: the result differs"), "{xml}");
    assert!(!xml.contains("--> <sql>"), "{xml}");
}

/// SQL that another engine takes is no failure; a name that exists nowhere is one.
#[test]
fn what_is_not_supported_is_told_apart() {
    let folder = Folder::new("slt-lacks");
    folder.write(
        "lacks.slt",
        "query I\nSELECT TRUE + 1\n----\n2\n\nquery T\nSELECT upper(1)\n----\n1\n\n\
         statement ok\nSELECT DATE 'someday'\n\nstatement ok\nSELECT no_such_function(1)\n\n\
         statement error L0301\nSELECT 1 < TRUE\n\nstatement ok\nSELECT LIMIT\n\n\
         statement error L0302\nSELECT 1 < TRUE\n",
    );
    let output = folder.run(&["test", "lacks.slt"]);
    let out = String::from_utf8(output.stdout).unwrap();
    for (line, code) in [(1, "L0301"), (6, "L0302"), (11, "L0304"), (14, "L0202")] {
        assert!(out.contains(&format!("lacks.slt:{line}: not supported: {code}: ")), "{line} {out}");
    }
    assert!(out.contains("lacks.slt:23: the error does not match `L0302`"), "{out}");
    let n = EXECUTORS.len();
    assert!(out.contains(&format!("{n} passed, {n} failed, {} not supported (1 files; ", 5 * n)), "{out}");
}

/// As CockroachDB's and Materialize's.
const COCKROACHDB: &str = "\
mode cockroach

user root

statement ok
CREATE TABLE t (k INT PRIMARY KEY, s VARCHAR)

statement count 2
INSERT INTO t VALUES (1, 'a'), (2, 'b
c')

query IT rowsort,colnames
SELECT k, s FROM t WHERE k = 1
----
k  s
1  a

query T multiline
SELECT s FROM t WHERE k = 2
----
b
c
EOF

query I partialsort(1) first
SELECT k FROM t
----
1
2

statement error pgcode 42703 does not exist
SELECT nothing FROM t

query error pgcode 22012 pq: division by zero
SELECT k / (k - 1) FROM t

reset-server

statement ok
CREATE TABLE t (k INT)
";

/// What DuckDB's newer files have, and the crate `sqllogictest`.
const MORE: &str = "\
# group: [more]

foreach type <signed> !TINYINT !HUGEINT

onlyif type=INTEGER
query I
SELECT 7::{type} / 2::{type}
----
3

endloop

statement ok con1
CREATE TABLE t (a INTEGER)

query I nosort con1
SELECT COUNT(*) FROM t
----
<REGEX>:0|1

connection con2

query I retry 3 backoff 1s
SELECT COUNT(*) FROM t
----
<!REGEX>:7+

query I con1
SELECT 1
----
1

statement error
SELECT b FROM t
----
column `b` does not exist

and lines behind a blank one, which belong to the message

load other.db

statement ok
CREATE TABLE t (a INTEGER)

system ok
rm -rf x
----
nothing
";

#[test]
fn more_of_the_language_of_others() {
    let folder = Folder::new("slt-more");
    folder.write("a.slt", COCKROACHDB).write("b.test", MORE);
    let output = folder.run(&["test", ".", "--executor", "interp", "--foreign"]);
    let out = String::from_utf8(output.stdout).unwrap();
    assert!(out.contains("b.test:45: the record cannot be read"), "{out}");
    assert!(out.ends_with("15 passed, 1 failed (2 files; interp)\n"), "{out}");
    // Without the option an error has its text.
    let output = folder.run(&["test", "a.slt", "--executor", "interp"]);
    let out = String::from_utf8(output.stdout).unwrap();
    assert!(out.contains("a.slt:34: the error does not match `pq: division by zero`"), "{out}");
}

#[test]
fn a_record_has_its_time() {
    let folder = Folder::new("slt-timeout");
    folder.write(
        "long.slt",
        "statement ok\nCREATE SOURCE b (price BIGINT NOT NULL) WITH (connector = 'nexmark', table = 'bid', events = 4000000000)\n\n\
         query I\nSELECT COUNT(*) FROM b\n----\n1\n\n\
         statement error\nCREATE MATERIALIZED VIEW v AS SELECT COUNT(*) AS n FROM b\n\n\
         query I\nSELECT 1\n----\n1\n",
    );
    let output = folder.run(&["test", "long.slt", "--executor", "interp", "--timeout", "0.5"]);
    let out = String::from_utf8(output.stdout).unwrap();
    for line in [4, 9] {
        assert!(out.contains(&format!("long.slt:{line}: it ran longer than 0.5 s")), "{out}");
    }
    assert!(out.ends_with("2 passed, 2 failed (1 files; interp)\n"), "{out}");
    for seconds in ["-1", "nan", "inf"] {
        let timeout = format!("--timeout={seconds}");
        assert!(folder.fails(&["test", "long.slt", &timeout]).contains("takes a number of seconds"));
    }
}

#[test]
fn one_executor_alone() {
    let folder = Folder::new("slt-one");
    folder.write("a.slt", "statement ok\nCREATE TABLE t (a INTEGER)\n");
    assert_eq!(
        folder.stdout(&["test", "a.slt", "--executor", "interp"]),
        "1 passed, 0 failed (1 files; interp)\n"
    );
    assert!(folder.fails(&["test", "b.slt"]).contains("b.slt: no such file or directory"));
    std::fs::remove_file(folder.0.join("a.slt")).unwrap();
    assert!(folder.fails(&["test", "."]).contains("there are no `.slt` or `.test` files"));
}
