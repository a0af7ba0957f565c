//! Prints rows: as a table, as CSV, as JSON lines.

use crate::arguments::Format;
use laminar::adhoc::{Column, TableText, Value, is_number};
use std::fmt::Write as _;
use std::io::{self, Write};

/// Rows of a table that are laid out together.
const BLOCK_ROWS: usize = 1024;

/// Writes the rows of one query.
pub enum Rows {
    /// Aligned columns, block by block.
    Table {
        /// The block.
        block: TableText,
        /// The headings are out.
        begun: bool,
    },
    /// Comma-separated values.
    Csv,
    /// JSON lines: the key of each column, as JSON.
    Json(Vec<String>),
}

impl Rows {
    /// Begins the rows of a query; `op` says that a first column `op` is wanted.
    pub fn begin(format: Format, columns: &[Column], op: bool, out: &mut dyn Write) -> io::Result<Rows> {
        let names = op.then_some("op").into_iter().chain(columns.iter().map(|c| &*c.name));
        match format {
            Format::Table => {
                let right = op.then_some(false).into_iter().chain(columns.iter().map(is_number));
                let heads = names.map(str::to_owned).zip(right).collect();
                Ok(Rows::Table { block: TableText::new(heads), begun: false })
            }
            Format::Csv => {
                let mut line = String::new();
                for (i, name) in names.enumerate() {
                    line.push_str(if i > 0 { "," } else { "" });
                    csv_text(&mut line, name);
                }
                line.push('\n');
                out.write_all(line.as_bytes())?;
                Ok(Rows::Csv)
            }
            Format::Json => Ok(Rows::Json(names.map(json_text).collect())),
        }
    }

    /// Writes one row; `op` is `+` or `-` if that column is wanted.
    pub fn row(&mut self, op: Option<&'static str>, row: &[Value], out: &mut dyn Write) -> io::Result<()> {
        match self {
            Rows::Table { block, .. } => {
                let texts = row.iter().map(Value::to_string);
                block.push(op.map(str::to_owned).into_iter().chain(texts).collect());
                if block.len() == BLOCK_ROWS { self.flush(out) } else { Ok(()) }
            }
            Rows::Csv => {
                let mut line = String::new();
                line.extend(op);
                for (i, value) in row.iter().enumerate() {
                    line.push_str(if i > 0 || op.is_some() { "," } else { "" });
                    match value {
                        Value::Null => {}
                        Value::Varchar(text) => csv_text(&mut line, text.as_str()),
                        Value::Json(_) | Value::Array(_) => csv_text(&mut line, &value.to_string()),
                        other => _ = write!(line, "{other}"),
                    }
                }
                line.push('\n');
                out.write_all(line.as_bytes())
            }
            Rows::Json(keys) => {
                let mut line = String::from("{");
                if let Some(op) = op {
                    let _ = write!(line, "{}:\"{op}\"", keys[0]);
                }
                for (key, value) in keys[op.is_some() as usize..].iter().zip(row) {
                    line.push_str(if line.len() > 1 { "," } else { "" });
                    line.push_str(key);
                    line.push(':');
                    json_value(&mut line, value);
                }
                line.push_str("}\n");
                out.write_all(line.as_bytes())
            }
        }
    }

    /// Writes what waits in a block.
    fn flush(&mut self, out: &mut dyn Write) -> io::Result<()> {
        let Rows::Table { block, begun } = self else { return Ok(()) };
        let mut text = String::new();
        // Writing to a string cannot fail.
        if !std::mem::replace(begun, true) {
            let _ = block.write_header(&mut text);
        }
        let _ = block.drain_rows(&mut text);
        out.write_all(text.as_bytes())
    }

    /// Ends the rows of a query.
    pub fn end(mut self, out: &mut dyn Write) -> io::Result<()> {
        self.flush(out)
    }
}

/// A text as CSV: in quotes where it must be, and where it is empty, so that it is not NULL.
fn csv_text(line: &mut String, text: &str) {
    let plain = !text.is_empty() && !text.contains([',', '"', '\n', '\r']);
    if plain {
        line.push_str(text);
    } else {
        let _ = write!(line, "\"{}\"", text.replace('"', "\"\""));
    }
}

fn json_value(line: &mut String, value: &Value) {
    let _ = match value {
        Value::Null => write!(line, "null"),
        Value::Boolean(_) | Value::Integer(_) | Value::Decimal { .. } => write!(line, "{value}"),
        Value::Double(f) if f.is_finite() => write!(line, "{value}"),
        Value::Real(f) if f.is_finite() => write!(line, "{value}"),
        Value::Json(json) => write!(line, "{json}"),
        Value::Varchar(text) => write!(line, "{}", json_text(text.as_str())),
        Value::Array(_) => {
            line.push('[');
            for (i, element) in value.elements().unwrap_or_default().iter().enumerate() {
                if i > 0 {
                    line.push(',');
                }
                json_value(line, element);
            }
            line.push(']');
            Ok(())
        }
        // JSON has no NaN, no infinities, no times.
        other => write!(line, "{}", json_text(&other.to_string())),
    };
}

/// A text as a JSON string.
fn json_text(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if c < ' ' => _ = write!(out, "\\u{:04x}", c as u32),
            c => out.push(c),
        }
    }
    out + "\""
}

#[cfg(test)]
mod tests {
    use super::*;
    use laminar::Str;
    use laminar::adhoc::Ty;

    fn print(format: Format, op: Option<&'static str>) -> String {
        let columns = [Column::fixed("a b", Ty::Varchar, true), Column::fixed("x", Ty::Double, true)];
        let mut out = Vec::new();
        let mut rows = Rows::begin(format, &columns, op.is_some(), &mut out).unwrap();
        let text = |t: &str| Value::Varchar(Str::new(t));
        for row in [
            [text("he said \"hi\""), Value::Double(0.5)],
            [text(""), Value::Double(f64::NAN)],
            [Value::Null, Value::Null],
        ] {
            rows.row(op, &row, &mut out).unwrap();
        }
        rows.end(&mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn formats() {
        assert_eq!(print(Format::Csv, None), "a b,x\n\"he said \"\"hi\"\"\",0.5\n\"\",NaN\n,\n");
        assert_eq!(
            print(Format::Json, Some("+")),
            "{\"op\":\"+\",\"a b\":\"he said \\\"hi\\\"\",\"x\":0.5}\n\
             {\"op\":\"+\",\"a b\":\"\",\"x\":\"NaN\"}\n\
             {\"op\":\"+\",\"a b\":null,\"x\":null}\n"
        );
        let table = print(Format::Table, Some("-"));
        assert!(table.starts_with("op  a b              x\n"), "{table}");
        assert!(table.ends_with("-   NULL          NULL\n"), "{table}");
    }
}
