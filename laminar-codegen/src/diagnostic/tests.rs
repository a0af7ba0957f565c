//! What rendered diagnostics look like.

use super::*;

fn unknown_column(span: Span) -> Diagnostic {
    Diagnostic::error(code::UNKNOWN_COLUMN, span, "column `prise` does not exist in `Trade`")
        .label("did you mean `price`?")
        .note("columns of `Trade`: symbol, price, volume, ts")
        .suggest(span, "price")
}

fn span_of(sql: &str, part: &str) -> Span {
    let start = sql.find(part).unwrap_or_else(|| panic!("{part} is not in {sql}"));
    Span::new(start, start + part.len())
}

#[track_caller]
fn check(d: &Diagnostic, origin: &Origin, sql: &str, expected: &str) {
    let found = render(d, origin, sql);
    assert_eq!(found, expected.trim_matches('\n'), "found\n{found}");
}

#[test]
fn in_a_file() {
    let sql = "-- trades\nSELECT prise * volume\nFROM Trade\n";
    let expected = "
L0203: column `prise` does not exist in `Trade`
 --> pipelines/vwap.sql:2:8
  |
2 | SELECT prise * volume
  |        ^^^^^ did you mean `price`?
  |
  = note: columns of `Trade`: symbol, price, volume, ts
";
    let origin = Origin::File { path: "pipelines/vwap.sql".into() };
    check(&unknown_column(span_of(sql, "prise")), &origin, sql, expected);
    let crlf = sql.replace('\n', "\r\n");
    check(&unknown_column(span_of(&crlf, "prise")), &origin, &crlf, expected);
}

#[test]
fn in_a_raw_literal() {
    let source = "r#\"\n    SELECT prise * volume FROM Trade\n\"#";
    let literal = Literal::new(source, 13, 12).expect("a literal");
    let sql = literal.value().to_string();
    let origin = Origin::Literal { path: "src/main.rs".into(), literal };
    let d = unknown_column(span_of(&sql, "prise"));
    assert_eq!(origin.place(&sql, d.span.start), (14, 12));
    let expected = "
L0203: column `prise` does not exist in `Trade`
  --> src/main.rs:14:12
   |
14 |     SELECT prise * volume FROM Trade
   |            ^^^^^ did you mean `price`?
   |
   = note: columns of `Trade`: symbol, price, volume, ts
";
    check(&d, &origin, &sql, expected);
}

#[test]
fn in_an_escaped_literal() {
    let source = "\"SELECT \\\"prise\\\", 'é' \\\n      FROM Trade\"";
    let literal = Literal::new(source, 13, 5).expect("a literal");
    let sql = literal.value().to_string();
    let origin = Origin::Literal { path: "src/main.rs".into(), literal };
    let expected = r#"
L0203: column `prise` does not exist in `Trade`
  --> src/main.rs:13:13
   |
13 |     "SELECT \"prise\", 'é' \
   |             ^^^^^^^^^ did you mean `price`?
   |
   = note: columns of `Trade`: symbol, price, volume, ts
"#;
    check(&unknown_column(span_of(&sql, "\"prise\"")), &origin, &sql, expected);
    let d =
        Diagnostic::error(code::UNKNOWN_RELATION, span_of(&sql, "Trade"), "relation `Trade` does not exist");
    let expected = "
L0201: relation `Trade` does not exist
  --> src/main.rs:14:12
   |
14 |       FROM Trade\"
   |            ^^^^^
";
    check(&d, &origin, &sql, expected);
}

#[test]
fn related_places_and_help() {
    let sql = "SELECT sum(a) AS vwap FROM t";
    let field = |text: &str, what: &str| Place {
        file: "src/events.rs".into(),
        line: 7,
        column: 5,
        text: text.into(),
        what: what.into(),
    };
    let d = Diagnostic::error(code::FIELD_TYPE, span_of(sql, "sum(a)"), "field `vwap` cannot hold DOUBLE")
        .label("is DOUBLE")
        .related(field("pub vwap: f32", "this field is f32"))
        .related(field("", "declared here"))
        .note("a field may widen its column, never narrow it")
        .help("declare it `f64`")
        .suggest(span_of(sql, "a) AS"), "");
    let expected = "
L0309: field `vwap` cannot hold DOUBLE
 --> <sql>:1:8
  |
1 | SELECT sum(a) AS vwap FROM t
  |        ^^^^^^ is DOUBLE
  |
 ::: src/events.rs:7:5
  |
7 |     pub vwap: f32
  |     ------------- this field is f32
  |
  = note: declared here: src/events.rs:7:5
  = note: a field may widen its column, never narrow it
  = help: declare it `f64`
  = help: remove `a) AS`
";
    check(&d, &Origin::Query, sql, expected);
}

#[test]
fn tabs_wide_characters_and_several_lines() {
    let sql = "SELECT\ta, '日本語' || b,\n\tc\nFROM t";
    let d = Diagnostic::error(code::OPERATOR_TYPES, span_of(sql, "'日本語' || b"), "no such operator")
        .label("here");
    let expected = "
L0301: no such operator
 --> <sql>:1:11
  |
1 | SELECT    a, '日本語' || b,
  |              ^^^^^^^^^^^^^ here
";
    check(&d, &Origin::Query, sql, expected);
    let d = Diagnostic { span: span_of(sql, "b,\n\tc\nFROM"), ..d };
    let expected = "
L0301: no such operator
 --> <sql>:1:20
  |
1 |   SELECT    a, '日本語' || b,
  |  __________________________^
2 | |     c
3 | | FROM t
  | |____^ here
";
    check(&d, &Origin::Query, sql, expected);
}

#[test]
fn at_and_beyond_the_end() {
    let sql = "SELECT a\nFROM";
    let expected = "
L0101: expected a relation
 --> <sql>:2:5
  |
2 | FROM
  |     ^
";
    for span in [Span::new(13, 13), Span::new(13, 99), Span::new(50, 60)] {
        check(&Diagnostic::error(code::SYNTAX, span, "expected a relation"), &Origin::Query, sql, expected);
    }
    let empty = "L0101: expected a query\n --> <sql>:1:1\n  |\n1 |\n  | ^";
    check(&Diagnostic::error(code::SYNTAX, Span::new(3, 1), "expected a query"), &Origin::Query, "", empty);
}

#[test]
fn a_long_line_is_cut() {
    let sql = format!("SELECT {}bad FROM t", "column_name, ".repeat(100_000));
    let d = Diagnostic::error(code::UNKNOWN_COLUMN, span_of(&sql, "bad"), "column `bad` does not exist");
    let text = render(&d, &Origin::Query, &sql);
    assert!(
        text.len() < 1000 && text.contains("column_name, bad FROM t\n") && text.contains(" ^^^"),
        "{text}"
    );
}

#[test]
fn suggestions_are_not_said_twice() {
    let sql = "SELECT x FROM t";
    let d =
        Diagnostic::error(code::UNKNOWN_COLUMN, span_of(sql, "x"), "no x").suggest(span_of(sql, "x"), "y");
    assert!(render(&d, &Origin::Query, sql).ends_with("= help: write `y` instead of `x`"));
    assert!(!render(&d.clone().label("did you mean `y`?"), &Origin::Query, sql).contains("help"));
    let insert = d.suggest(Span::new(8, 8), ",");
    assert!(render(&insert, &Origin::Query, sql).ends_with("= help: insert `,` behind `x`"));
}
