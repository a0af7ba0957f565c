//! A complete result.

use super::value::Value;
use laminar_runtime::schema::Column;
use std::fmt;
use unicode_width::UnicodeWidthStr;

/// The rows of a query or view. `Display` draws them as a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rows {
    columns: Vec<Column>,
    rows: Vec<Vec<Value>>,
}

impl Rows {
    pub(super) fn new(columns: Vec<Column>, rows: Vec<Vec<Value>>) -> Rows {
        Rows { columns, rows }
    }

    /// Names and types.
    pub fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// Number of rows.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The values of a row, by number.
    ///
    /// # Panics
    /// If there are fewer rows.
    pub fn row(&self, row: usize) -> &[Value] {
        &self.rows[row]
    }

    /// The rows in the query's order; where it has none, sorted by all columns.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &[Value]> {
        self.rows.iter().map(Vec::as_slice)
    }
}

impl fmt::Display for Rows {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut table =
            TableText::new(self.columns.iter().map(|c| (c.name.to_string(), is_number(c))).collect());
        for row in &self.rows {
            table.push(row.iter().map(Value::to_string).collect());
        }
        table.write_header(f)?;
        table.write_rows(f)
    }
}

/// Whether values of a column stand at its right edge.
pub fn is_number(column: &Column) -> bool {
    use laminar_runtime::schema::Ty::{Bigint, Decimal, Double, Integer};
    matches!(column.ty, Integer | Bigint | Double | Decimal { .. })
}

/// Lays texts out in aligned columns, block by block; a column gets wider where a later block needs it.
#[derive(Debug)]
pub struct TableText {
    /// Heading, and whether values stand at the right edge.
    heads: Vec<(String, bool)>,
    widths: Vec<usize>,
    rows: Vec<Vec<String>>,
}

impl TableText {
    /// A table without rows.
    pub fn new(heads: Vec<(String, bool)>) -> TableText {
        let widths = heads.iter().map(|(head, _)| head.width()).collect();
        TableText { heads, widths, rows: Vec::new() }
    }

    /// Adds a row to the block. Line breaks and tabulators are shown as `\n`, `\r`, `\t`.
    pub fn push(&mut self, row: Vec<String>) {
        let row: Vec<String> = row.into_iter().map(one_line).collect();
        for (width, text) in self.widths.iter_mut().zip(&row) {
            *width = (*width).max(text.width());
        }
        self.rows.push(row);
    }

    /// Rows in the block.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether the block has no rows.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Writes headings and a rule, as wide as the block needs them.
    ///
    /// # Errors
    /// Those of `w`.
    pub fn write_header(&self, w: &mut dyn fmt::Write) -> fmt::Result {
        let heads: Vec<&str> = self.heads.iter().map(|(head, _)| head.as_str()).collect();
        self.write_line(w, &heads)?;
        let rules: Vec<String> = self.widths.iter().map(|width| "─".repeat(*width)).collect();
        writeln!(w, "{}", rules.join("──"))
    }

    /// Writes the rows of the block and forgets them.
    ///
    /// # Errors
    /// Those of `w`.
    pub fn drain_rows(&mut self, w: &mut dyn fmt::Write) -> fmt::Result {
        self.write_rows(w)?;
        self.rows.clear();
        Ok(())
    }

    fn write_rows(&self, w: &mut dyn fmt::Write) -> fmt::Result {
        for row in &self.rows {
            self.write_line(w, &row.iter().map(String::as_str).collect::<Vec<_>>())?;
        }
        Ok(())
    }

    fn write_line(&self, w: &mut dyn fmt::Write, cells: &[&str]) -> fmt::Result {
        let mut line = String::new();
        for (i, cell) in cells.iter().enumerate() {
            let pad = " ".repeat(self.widths[i].saturating_sub(cell.width()));
            line.push_str(if i > 0 { "  " } else { "" });
            match self.heads[i].1 {
                true => line.extend([pad.as_str(), cell]),
                false => line.extend([cell, pad.as_str()]),
            }
        }
        writeln!(w, "{}", line.trim_end())
    }
}

fn one_line(text: String) -> String {
    if !text.contains(['\n', '\r', '\t']) {
        return text;
    }
    text.replace('\n', "\\n").replace('\r', "\\r").replace('\t', "\\t")
}

#[cfg(test)]
mod tests {
    use super::*;
    use laminar_runtime::schema::Ty;
    use laminar_runtime::types::Str;

    #[test]
    fn draws_a_table() {
        let columns = vec![
            Column::fixed("name", Ty::Varchar, true),
            Column::fixed("n", Ty::Bigint, false),
            Column::fixed("note", Ty::Varchar, true),
        ];
        let text = |t: &str| Value::Varchar(Str::new(t));
        let rows = vec![
            vec![text("日本"), Value::Integer(5), text("a\nb")],
            vec![text("b"), Value::Integer(12345), Value::Null],
        ];
        let expected = "\
name      n  note
─────────────────
日本      5  a\\nb
b     12345  NULL
";
        assert_eq!(Rows::new(columns, rows).to_string(), expected);
    }
}
