//! A report that continuous integration reads: JUnit's XML, a test case a file and executor.

use super::Case;
use std::fmt::Write as _;

/// The report.
pub fn junit(cases: &[Case]) -> String {
    let failures = cases.iter().filter(|c| !c.report.failures.is_empty()).count();
    let skipped = cases.iter().filter(|c| c.report.skipped.is_some()).count();
    let time: f64 = cases.iter().map(|c| c.seconds).sum();
    let mut xml = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    let _ = writeln!(
        xml,
        "<testsuites>\n<testsuite name=\"laminar test\" tests=\"{}\" failures=\"{failures}\" errors=\"0\" skipped=\"{skipped}\" time=\"{time:.3}\">",
        cases.len()
    );
    for case in cases {
        let (file, executor) = (escaped(&case.file.display().to_string()), case.executor);
        let _ =
            write!(xml, "<testcase name=\"{file}\" classname=\"{executor}\" time=\"{:.3}\"", case.seconds);
        if let Some(first) = case.report.failures.first() {
            let message = escaped(&format!("line {}: {}", first.line, first.what));
            let text: String = case.report.failures.iter().map(|f| f.text("") + "\n").collect();
            let _ = writeln!(
                xml,
                "><failure message=\"{message}\" type=\"failure\">{}</failure></testcase>",
                escaped(&text)
            );
        } else if let Some(why) = &case.report.skipped {
            let _ = writeln!(xml, "><skipped message=\"{}\"/></testcase>", escaped(why));
        } else {
            xml.push_str("/>\n");
        }
    }
    xml + "</testsuite>\n</testsuites>\n"
}

/// Text for XML 1.0, which has no place for most control characters.
fn escaped(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\n' | '\t' | '\r' => out.push(c),
            c if c < ' ' || c == '\u{fffe}' || c == '\u{ffff}' => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    out
}
