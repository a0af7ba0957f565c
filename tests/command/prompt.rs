//! `laminar sql` with statements from a pipe.

use crate::folder::{EXECUTORS, Folder};
use std::io::Write;
use std::process::{Output, Stdio};

/// Runs the command with `input` on its standard input.
fn piped(folder: &Folder, arguments: &[&str], input: impl AsRef<[u8]>) -> Output {
    let mut command = folder.command(&[&["sql"], arguments].concat());
    let mut child =
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    // It may end before it has read all.
    let _ = child.stdin.take().unwrap().write_all(input.as_ref());
    child.wait_with_output().unwrap()
}

fn texts(output: &Output) -> (String, String) {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    (text(&output.stdout), text(&output.stderr))
}

const TABLE: &str =
    "CREATE TABLE t (a BIGINT NOT NULL, s VARCHAR);\nINSERT INTO t\n  VALUES (1, 'x;y'),\n  (2, NULL);\n";

#[test]
fn rows_and_nothing_else() {
    let folder = Folder::new("sql-rows");
    for executor in EXECUTORS {
        let input = format!("{TABLE}SELECT a, s FROM t; SELECT a + 1 AS b FROM t -- no semicolon");
        let output = piped(&folder, &["--mode", "csv", "--executor", executor], input);
        assert_eq!(texts(&output), ("a,s\n1,x;y\n2,\nb\n2\n3\n".into(), String::new()));
        assert_eq!(output.status.code(), Some(0));
    }
    assert_eq!(texts(&piped(&folder, &[], "")), (String::new(), String::new()));
    assert_eq!(texts(&piped(&folder, &[], "\u{feff}-- nothing\n;;\n")), (String::new(), String::new()));
}

#[test]
fn settings() {
    let folder = Folder::new("sql-settings");
    folder.write("more.sql", "INSERT INTO t VALUES (3, 'z');\nSELECT COUNT(*) AS n FROM t;");
    let input = format!(
        "{TABLE}.mode json\nSELECT a FROM t;\n.mode csv\n.read more.sql\nSELECT s, COUNT(*) AS n FROM t WHERE a < 3 GROUP BY s;\n\
         .changes on\nSELECT SUM(a) AS sum FROM t;\n.changes off;\n.tables\n.schema T\n.quit\nSELECT nothing"
    );
    let output = piped(&folder, &[], input);
    let (out, errors) = texts(&output);
    assert_eq!(errors, "");
    assert_eq!(
        out,
        "{\"a\":1}\n{\"a\":2}\nn\n3\ns,n\nx;y,1\n,1\nop,sum\n+,6\nt                        table\n\
         CREATE TABLE t (\n    a BIGINT NOT NULL,\n    s VARCHAR\n);\n"
    );
    let timed = piped(&folder, &["--mode", "csv"], format!("{TABLE}.timer on\nSELECT a FROM t;\n"));
    let (out, _) = texts(&timed);
    assert!(out.starts_with("a\n1\n2\n") && out.trim_end().ends_with(" ms, 2 rows"), "{out}");
    let (out, _) = texts(&piped(&folder, &[], ".help\n.functions count_c\n"));
    assert!(out.contains(".schema [NAME]") && out.contains("count_char(VARCHAR, VARCHAR)"), "{out}");
}

#[test]
fn the_first_error_ends_it_unless_told_otherwise() {
    let folder = Folder::new("sql-errors");
    let input = format!(
        "{TABLE}\nSELECT b\n  FROM t;\n.schema u\n.moo\n.mode xml\n.read gone.sql\nSELECT a FROM t WHERE s = NULL;\nSELECT a\nFROM t;\n"
    );
    let output = piped(&folder, &["--mode", "csv"], &input);
    let (out, errors) = texts(&output);
    assert_eq!((out.as_str(), output.status.code()), ("", Some(1)));
    assert!(
        errors.contains("error: L0203: column `b` does not exist in `t`\n --> <stdin>:6:8\n"),
        "{errors}"
    );
    assert!(errors.contains("6 | SELECT b\n  |        ^\n"), "{errors}");
    let output = piped(&folder, &["--mode", "csv", "--keep-going"], &input);
    let (out, errors) = texts(&output);
    assert_eq!((out.as_str(), output.status.code()), ("a\na\n1\n2\n", Some(1)));
    for expected in [
        "L0203",
        "error: relation `u` does not exist; `.tables` lists those that do",
        "error: there is no command `.moo`; `.help` lists them",
        "error: write `.mode table|csv|json`",
        "error: gone.sql: no such file or directory",
        "warning: L0901: `= NULL` is NULL for every value: it is never true\n  --> <stdin>:12:23",
    ] {
        assert!(errors.contains(expected), "{errors}\nlacks {expected}");
    }
    let output = piped(&folder, &[], b"SELECT 'a\xff';\n");
    assert!(texts(&output).1.contains("<stdin>:1: the text is not UTF-8"));
}

#[test]
fn files_that_read_each_other_come_to_an_end() {
    let folder = Folder::new("sql-read");
    folder.write("a.sql", ".read a.sql");
    let output = piped(&folder, &[], ".read a.sql\n");
    assert_eq!(output.status.code(), Some(1));
    assert!(texts(&output).1.contains("files read each other"), "{:?}", texts(&output));
}

#[test]
fn functions_are_listed() {
    let folder = Folder::new("functions");
    let all = folder.stdout(&["functions"]);
    assert!(all.lines().count() > 50);
    let trunc = folder.stdout(&["functions", "DATE_T"]);
    assert!(
        trunc.lines().all(|l| l.starts_with("date_trunc(")) && trunc.contains("start of the hour"),
        "{trunc}"
    );
    assert!(folder.fails(&["functions", "nothing_like_it"]).contains("no function has `nothing_like_it`"));
}
