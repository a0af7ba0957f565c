//! Expected results against actual ones.
//!
//! **Layout**, query by query: as many lines as rows is a line a row; as many lines as values is a line a value.
//!
//! **Values.** The text of a value is what `CAST(value AS VARCHAR)` gives, `NULL`, or `(empty)` for a text without characters,
//! whatever the letter of its column. A DOUBLE equals every text that reads as the same double, a BOOLEAN every spelling of it. In
//! a line of a row, fields are separated by white space.
//!
//! In a file of SQLite's form ([`Form::Values`]) the letter may decide instead, as SQLite's own runner has it: `I` prints a whole
//! number, fractions cut off; `R` three decimals; `T` the text, with `@` for characters that do not print.
//!
//! A hash is the MD5 of all values in either writing, each with a line feed behind it. A sort applies to both sides.

use super::diff::diff;
use super::record::{Form, Query, Sort, hash_line};
use laminar::adhoc::{Rows, Value};
use md5::{Digest, Md5};
use std::fmt::Write as _;

/// The actual values, in the order that the query's sort asks for.
pub struct Actual {
    form: Form,
    /// Zeros at the end of a DECIMAL do not count.
    foreign: bool,
    columns: usize,
    /// Row after row; under [`Sort::Values`] no longer so.
    cells: Vec<Cell>,
}

/// One value.
#[derive(Clone, Debug)]
struct Cell {
    value: Value,
    text: String,
    /// As the letter of the column has it.
    lettered: String,
}

impl Cell {
    fn new(value: &Value, letter: char) -> Cell {
        Cell { value: value.clone(), text: text_of(value), lettered: lettered(value, letter) }
    }

    /// What the lines of a file of this form are sorted by.
    fn key(&self, form: Form) -> &str {
        match form {
            Form::Rows => &self.text,
            Form::Values => &self.lettered,
        }
    }
}

impl Actual {
    /// The values of a result.
    pub fn new(rows: &Rows, query: &Query, form: Form, sort: Sort, foreign: bool) -> Actual {
        let columns = rows.columns().len().max(1);
        let letters: Vec<char> = query.types.chars().collect();
        let letter = |i: usize| letters.get(i).copied().unwrap_or('T');
        let cells = |row: &[Value]| row.iter().enumerate().map(|(i, v)| Cell::new(v, letter(i))).collect();
        let mut by_row: Vec<Vec<Cell>> = rows.iter().map(cells).collect();
        if sort == Sort::Rows {
            by_row.sort_by(|a, b| match form {
                // As the lines of a file are sorted, which do not show where a value ends.
                Form::Rows => words(a).cmp(words(b)),
                Form::Values => a.iter().map(|c| &c.lettered).cmp(b.iter().map(|c| &c.lettered)),
            });
        }
        let mut cells: Vec<Cell> = by_row.into_iter().flatten().collect();
        if sort == Sort::Values {
            cells.sort_by(|a, b| a.key(form).cmp(b.key(form)));
        }
        Actual { form, foreign, columns, cells }
    }

    /// MD5 of the values as the file writes them.
    pub fn hash(&self) -> String {
        md5(self.cells.iter().map(|c| c.key(self.form)))
    }

    /// What differs from the expected lines; `None` if nothing does.
    pub fn differs(&self, query: &Query, sort: Sort) -> Option<String> {
        let names = usize::from(query.header && !query.expected.is_empty());
        let mut expected: Vec<&str> = query.expected[names..].iter().map(|l| l.text.trim_end()).collect();
        if let [only] = expected.as_slice()
            && let Some((count, hash)) = hash_line(only)
        {
            let hash = hash.to_ascii_lowercase();
            let same = self.hash() == hash || md5(self.cells.iter().map(|c| c.text.as_str())) == hash;
            let got = || format!("{} values hashing to {}", self.cells.len(), self.hash());
            return (!same || count != self.cells.len()).then(|| diff(&expected, &[got()]));
        }
        let (rows, values) = (self.cells.len() / self.columns, self.cells.len());
        let by_value = sort == Sort::Values
            || expected.len() == values && (self.columns > 1 || self.form == Form::Values)
            // Lines of neither number are shown in the form of the file.
            || expected.len() != rows && self.form == Form::Values;
        if by_value {
            expected = sorted_values(&expected, self.columns, sort, values);
            let same = expected.len() == values
                && expected.iter().zip(&self.cells).all(|(line, cell)| self.same_line(line, cell));
            let actual: Vec<String> = self.cells.iter().map(|c| c.key(self.form).to_string()).collect();
            return (!same).then(|| diff(&expected, &actual));
        }
        if sort == Sort::Rows {
            expected.sort_by(|a, b| a.split_whitespace().cmp(b.split_whitespace()));
        }
        let by_row = || self.cells.chunks(self.columns);
        let same = expected.len() == rows
            && expected.iter().zip(by_row()).all(|(line, row)| same_row(line, row, self.foreign));
        let line = |row: &[Cell]| row.iter().map(|c| c.text.as_str()).collect::<Vec<_>>().join(" ");
        (!same).then(|| diff(&expected, &by_row().map(line).collect::<Vec<_>>()))
    }

    /// A line that is one value.
    fn same_line(&self, line: &str, cell: &Cell) -> bool {
        same_value(line, cell, self.foreign) || self.form == Form::Values && line == cell.lettered
    }
}

fn md5<'a>(texts: impl Iterator<Item = &'a str>) -> String {
    let mut md5 = Md5::new();
    for text in texts {
        md5.update(text);
        md5.update(b"\n");
    }
    md5.finalize().iter().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

fn words(row: &[Cell]) -> impl Iterator<Item = &str> {
    row.iter().flat_map(|c| c.text.split_whitespace())
}

/// Expected values in the order that `sort` asks for; of lines that are rows, their fields.
fn sorted_values<'a>(expected: &[&'a str], columns: usize, sort: Sort, values: usize) -> Vec<&'a str> {
    match sort {
        Sort::No => expected.to_vec(),
        Sort::Values => {
            let mut all = expected.to_vec();
            if all.len() != values {
                all = expected.iter().flat_map(|line| line.split_whitespace()).collect();
            }
            all.sort_unstable();
            all
        }
        Sort::Rows => {
            let mut rows: Vec<&[&str]> = expected.chunks(columns).collect();
            rows.sort_unstable();
            rows.concat()
        }
    }
}

/// A line against a row: the same words.
fn same_row(line: &str, row: &[Cell], foreign: bool) -> bool {
    let text: String = row.iter().map(|c| c.text.as_str()).collect::<Vec<_>>().join(" ");
    if line.split_whitespace().eq(text.split_whitespace()) {
        return true;
    }
    // Field by field, where every value is one word.
    let fields: Vec<&str> =
        if line.contains('\t') { line.split('\t').collect() } else { line.split_whitespace().collect() };
    fields.len() == row.len() && fields.iter().zip(row).all(|(field, cell)| same_value(field, cell, foreign))
}

fn same_value(field: &str, cell: &Cell, foreign: bool) -> bool {
    for (prefix, matching) in [("<REGEX>:", true), ("<!REGEX>:", false)] {
        if let Some(pattern) = field.strip_prefix(prefix) {
            let whole = regex::Regex::new(&format!("^(?s:{pattern})$"));
            return whole.is_ok_and(|r| r.is_match(&cell.text) == matching);
        }
    }
    match &cell.value {
        Value::Boolean(true) => ["true", "t", "1"].contains(&field.to_ascii_lowercase().as_str()),
        Value::Boolean(false) => ["false", "f", "0"].contains(&field.to_ascii_lowercase().as_str()),
        Value::Double(d) => field.parse::<f64>().is_ok_and(|f| f == *d || (f.is_nan() && d.is_nan())),
        Value::Real(r) => field.parse::<f32>().is_ok_and(|f| f == *r || (f.is_nan() && r.is_nan())),
        Value::Decimal { .. } if foreign => without_zeros(field) == without_zeros(&cell.text),
        _ => field.split_whitespace().eq(cell.text.split_whitespace()),
    }
}

/// A number without the zeros behind its point.
fn without_zeros(number: &str) -> &str {
    match number.contains('.') {
        true => number.trim_end_matches('0').trim_end_matches('.'),
        false => number,
    }
}

/// A value as its text.
fn text_of(value: &Value) -> String {
    match value {
        Value::Varchar(text) if text.as_str().is_empty() => "(empty)".into(),
        Value::Varchar(text) => text.as_str().replace(['\n', '\r'], "\\n"),
        other => other.to_string(),
    }
}

/// A value as SQLite's runner prints it, by the letter of its column.
fn lettered(value: &Value, letter: char) -> String {
    match (letter, value) {
        (_, Value::Null) => "NULL".into(),
        ('I', value) => match number(value) {
            Some(n) => format!("{}", n.trunc() as i128),
            None => value.to_string(),
        },
        ('R', value) => match number(value) {
            Some(n) => format!("{n:.3}"),
            None => value.to_string(),
        },
        (_, value) => {
            let text = value.to_string();
            if text.is_empty() {
                return "(empty)".into();
            }
            text.chars().map(|c| if (' '..='~').contains(&c) { c } else { '@' }).collect()
        }
    }
}

/// A value that is a number, or a truth.
fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Boolean(b) => Some(*b as u8 as f64),
        Value::Varchar(_) | Value::Null => None,
        other => other.to_string().parse().ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use laminar::Str;

    fn text(t: &str) -> Value {
        Value::Varchar(Str::new(t))
    }

    #[test]
    fn letters_decide_where_a_line_is_a_value() {
        for (letter, value, expected) in [
            ('I', Value::Integer(-7), "-7"),
            ('I', Value::Double(2.9), "2"),
            ('I', Value::Decimal { mantissa: -299, scale: 2 }, "-2"),
            ('I', Value::Boolean(true), "1"),
            ('R', Value::Double(2.0 / 3.0), "0.667"),
            ('R', Value::Integer(2), "2.000"),
            ('T', Value::Integer(2), "2"),
            ('T', text(""), "(empty)"),
            ('T', text("a\tbé"), "a@b@"),
            ('R', Value::Null, "NULL"),
        ] {
            assert_eq!(lettered(&value, letter), expected, "{letter}");
        }
    }

    #[test]
    fn rows_are_their_texts() {
        let row =
            |values: Vec<Value>| -> Vec<Cell> { values.iter().map(|value| Cell::new(value, 'T')).collect() };
        let values = row(vec![Value::Boolean(true), Value::Double(1.5), text("a b"), text("")]);
        let same = |line: &str, row: &[Cell]| same_row(line, row, false);
        assert!(same("true  1.5 a b (empty)", &values));
        assert!(same("t\t1.50\ta b\t(empty)", &values));
        assert!(!same("t\t1.51\ta b\t(empty)", &values));
        assert!(!same("f\t1.5\ta b\t(empty)", &values));
        let decimal = row(vec![Value::Decimal { mantissa: 150, scale: 2 }]);
        assert!(same("1.50", &decimal) && !same("1.5", &decimal));
        assert!(same_row("1.5", &decimal, true) && !same_row("15", &decimal, true));
        let tens = row(vec![Value::Decimal { mantissa: 1000, scale: 2 }]);
        assert!(same_row("10", &tens, true) && !same_row("1", &tens, true));
        let zero = row(vec![Value::Integer(0)]);
        assert!(!same("NULL", &zero));
        assert!(same("<REGEX>:1\\.5.", &decimal) && !same("<REGEX>:1", &decimal));
    }
}
