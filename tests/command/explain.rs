//! `laminar explain` as a drawing.

use crate::folder::Folder;

const SQL: &str = "CREATE SOURCE t (s VARCHAR NOT NULL, n BIGINT NOT NULL, ts TIMESTAMP NOT NULL, WATERMARK FOR ts AS ts - INTERVAL '5' SECOND);
CREATE STREAM minutes AS SELECT s, window_start, SUM(n) AS n FROM t WHERE s <> '<\"&' GROUP BY s, TUMBLE(ts, INTERVAL '1' MINUTE);
SELECT s, n FROM minutes WHERE n > 1;";

#[test]
fn drawings_of_every_format() {
    let folder = Folder::new("drawings");
    folder.write("q.sql", SQL);
    let dot = folder.stdout(&["explain", "q.sql", "--format", "dot"]);
    assert!(dot.starts_with("digraph plan {\n") && dot.ends_with("}\n"), "{dot}");
    assert!(dot.contains("label=\"t\\levent time ts, delay 00:00:05\\l"), "{dot}");
    assert!(dot.contains("s <> '<\\\"&'\\l"), "{dot}");
    let mermaid = folder.stdout(&["explain", "q.sql", "--format", "mermaid"]);
    assert!(mermaid.starts_with("flowchart TD\n  n0[(\"<b>t</b>"), "{mermaid}");
    assert!(mermaid.contains("s #lt;#gt; '#lt;#quot;#amp;'"), "{mermaid}");
    let svg = folder.stdout(&["explain", "q.sql", "--format", "svg"]);
    assert!(svg.starts_with("<svg xmlns=") && svg.ends_with("</svg>\n"), "{svg}");
    assert!(svg.contains("s &lt;&gt; '&lt;&quot;&amp;'"), "{svg}");
    // One box a node, and the stream where both queries meet.
    let boxes = svg.matches("rx=").count();
    let arrows = svg.matches("marker-end").count();
    assert_eq!((boxes, arrows), (8, 7), "{svg}");
    assert_eq!((dot.matches("[label=").count(), dot.matches(" -> ").count()), (boxes, arrows));
    assert_eq!(mermaid.matches(" --> ").count(), arrows);
    // No two boxes are alike, and every place is a number.
    assert!(!svg.contains("NaN") && !svg.contains("inf"), "{svg}");
    folder.write("bad.sql", "SELECT a FROM nothing;");
    assert!(folder.fails(&["explain", "bad.sql", "--format", "svg"]).contains("L0201"));
}

#[test]
fn warnings_go_to_stderr() {
    let folder = Folder::new("explain-warns");
    folder.write("q.sql", "CREATE TABLE t (a BIGINT);\nSELECT a FROM t WHERE a = NULL;");
    let output = folder.run(&["explain", "q.sql"]);
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    let (out, errors) = (text(output.stdout), text(output.stderr));
    assert!(out.contains("Filter") && !out.contains("L0901"), "{out}");
    assert!(errors.contains("warning: L0901") && errors.contains("q.sql:2:23"), "{errors}");
}

#[test]
fn pages_of_diagnostics() {
    let folder = Folder::new("pages");
    assert!(folder.stdout(&["explain", "L0203"]).starts_with("# L0203: column does not exist\n"));
    assert!(folder.fails(&["explain", "L0299"]).contains("there is no code L0299"));
    // A file of that name is a file.
    folder.write("L0203", SQL);
    assert!(folder.stdout(&["explain", "L0203"]).contains("Aggregate"));
}
