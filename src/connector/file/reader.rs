//! Reads a file batch by batch.

use super::csv::Splitter;
use super::error::shown;
use super::jsonl::{Json, read_object};
use super::lines::Lines;
use super::{FileError, FileOptions, Format, OnBadRow, Problem, field};
use crate::adhoc::Batch;
use laminar_codegen::diagnostic::closest;

use laminar_runtime::schema::{Column, Ty};
use laminar_runtime::stage::Cell;
use laminar_runtime::types::{Arena, array_of_cells};
use serde_json::value::RawValue;
use std::fs::File;
use std::io::{BufRead, BufReader, Cursor, Read};

/// A file being read.
pub struct FileReader {
    path: String,
    columns: Vec<Column>,
    rows: Rows,
    null: Option<String>,
    on_bad_row: OnBadRow,
    rejected: u64,
    /// Ends the reading once the rows before it have been given.
    failed: Option<FileError>,
    row: Row,
}

/// The row being read.
#[derive(Default)]
struct Row {
    /// Cell and validity of each column. Texts refer to the record or to `texts`.
    cells: Vec<(Cell, bool)>,
    /// Texts that the record holds only with escapes.
    texts: Arena,
}

/// The records of the file.
enum Rows {
    Csv {
        splitter: Splitter<Box<dyn BufRead + Send>>,
        /// Field of each column.
        positions: Vec<usize>,
        /// Fields of every record.
        fields: usize,
    },
    Jsonl {
        lines: Lines<Box<dyn BufRead + Send>>,
        names: Vec<String>,
    },
}

/// What is wrong in a record, and in which column.
struct Mistake {
    column: Option<usize>,
    problem: Problem,
}

impl From<Problem> for Mistake {
    fn from(problem: Problem) -> Mistake {
        Mistake { column: None, problem }
    }
}

impl FileReader {
    /// Opens a file; for CSV with a header, also reads that.
    ///
    /// # Errors
    /// A file that cannot be opened, a header that lacks a column.
    pub fn open(path: &str, columns: &[Column], options: &FileOptions) -> Result<FileReader, FileError> {
        let fail = |e: std::io::Error| FileError {
            path: path.to_owned(),
            line: None,
            column: None,
            problem: Problem::Io(io_message(&e)),
        };
        let file = File::open(path).map_err(fail)?;
        if file.metadata().map_err(fail)?.is_dir() {
            return Err(fail(std::io::ErrorKind::IsADirectory.into()));
        }
        FileReader::new(path, BufReader::with_capacity(1 << 16, file), columns, options)
    }

    /// Reads from anything; `path` is for messages.
    ///
    /// # Errors
    /// As [`FileReader::open`].
    pub fn new(
        path: &str,
        input: impl BufRead + Send + 'static,
        columns: &[Column],
        options: &FileOptions,
    ) -> Result<FileReader, FileError> {
        let error = |line, column: Option<&Column>, problem| FileError {
            path: path.to_owned(),
            line,
            column: column.map(|c| c.name.to_string()),
            problem,
        };
        let input = without_mark(Box::new(input)).map_err(|p| error(None, None, p))?;
        let rows = match options.format {
            Format::Jsonl => Rows::Jsonl {
                lines: Lines::new(input),
                names: columns.iter().map(|c| c.name.to_string()).collect(),
            },
            Format::Csv { header, delimiter } => {
                let mut splitter = Splitter::new(input, delimiter);
                let (positions, fields) = if header {
                    read_header(&mut splitter, columns)
                        .map_err(|(column, problem)| error(Some(1), column, problem))?
                } else {
                    ((0..columns.len()).collect(), columns.len())
                };
                Rows::Csv { splitter, positions, fields }
            }
        };
        Ok(FileReader {
            path: path.to_owned(),
            columns: columns.to_vec(),
            rows,
            null: options.null.clone(),
            on_bad_row: options.on_bad_row,
            rejected: 0,
            failed: None,
            row: Row::default(),
        })
    }

    /// Appends up to `rows_max` rows to `batch`, which has the reader's columns; 0 at the end of the file.
    ///
    /// # Errors
    /// Once the rows before the mistake have been given.
    pub fn read(&mut self, batch: &mut Batch, rows_max: usize) -> Result<usize, FileError> {
        let mut rows = 0;
        while rows < rows_max && self.failed.is_none() {
            match self.rows.next(&self.columns, self.null.as_deref(), &mut self.row) {
                Ok(false) => return Ok(rows),
                Ok(true) => {
                    // SAFETY: the texts of the row are in the record or in the row, and `null_cell` has refused NULL
                    // where it must not be.
                    unsafe { batch.push_cells(self.row.cells.iter().copied()) };
                    rows += 1;
                }
                Err(m) if self.on_bad_row == OnBadRow::Skip && !m.problem.is_fatal() => self.rejected += 1,
                Err(mistake) => {
                    self.failed = Some(FileError {
                        path: self.path.clone(),
                        line: Some(self.rows.line()),
                        column: mistake.column.map(|c| self.columns[c].name.to_string()),
                        problem: mistake.problem,
                    });
                }
            }
        }
        match &self.failed {
            Some(error) if rows == 0 => Err(error.clone()),
            _ => Ok(rows),
        }
    }

    /// Bad rows skipped so far.
    pub fn rejected(&self) -> u64 {
        self.rejected
    }

    /// Line of the record read last, from 1.
    pub fn line(&self) -> u64 {
        self.rows.line()
    }
}

impl Rows {
    fn line(&self) -> u64 {
        match self {
            Rows::Csv { splitter, .. } => splitter.line(),
            Rows::Jsonl { lines, .. } => lines.line(),
        }
    }

    /// Reads the next record into `row`; false at the end.
    fn next(&mut self, columns: &[Column], null: Option<&str>, row: &mut Row) -> Result<bool, Mistake> {
        row.cells.clear();
        row.texts.reset();
        match self {
            Rows::Csv { splitter, positions, fields } => {
                // An empty line is no record, unless a record is one field.
                loop {
                    if !splitter.next()? {
                        return Ok(false);
                    }
                    if *fields == 1 || !splitter.is_blank() {
                        break;
                    }
                }
                let found = splitter.fields().len();
                if found != *fields {
                    return Err(Problem::FieldCount { expected: *fields, found }.into());
                }
                for (c, (column, position)) in columns.iter().zip(positions).enumerate() {
                    let field = &splitter.fields()[*position];
                    let bytes = splitter.text(field);
                    let is_null = !field.quoted
                        && (bytes.is_empty() || null.is_some_and(|null| null.as_bytes() == bytes));
                    row.cells.push(if is_null {
                        null_cell(c, column)?
                    } else {
                        let text = std::str::from_utf8(bytes)
                            .map_err(|_| Mistake { column: Some(c), problem: Problem::NotUtf8 })?;
                        (value(c, column, text, &row.texts)?, true)
                    });
                }
            }
            Rows::Jsonl { lines, names } => {
                // An empty line is no row.
                loop {
                    if !lines.next()? {
                        return Ok(false);
                    }
                    if !lines.text().trim_ascii().is_empty() {
                        break;
                    }
                }
                let line = std::str::from_utf8(lines.text()).map_err(|_| Problem::NotUtf8)?;
                let values = read_object(line, names).map_err(|e| Problem::Json(json_message(&e)))?;
                for (c, (column, raw)) in columns.iter().zip(values).enumerate() {
                    let json = raw.map_or(Json::Null, Json::of);
                    row.cells.push(match (raw, &json) {
                        (None, _) | (_, Json::Null) => null_cell(c, column)?,
                        (Some(raw), _) if column.ty == Ty::Json => {
                            (value(c, column, raw.get(), &row.texts)?, true)
                        }
                        _ => json_cell(c, column, &json, &row.texts)?,
                    });
                }
            }
        }
        Ok(true)
    }
}

/// The value of a field that is not NULL.
fn value(c: usize, column: &Column, text: &str, texts: &Arena) -> Result<Cell, Mistake> {
    field::parse(text, column.ty, texts).ok_or_else(|| wrong_type(c, column, shown(text)))
}

fn json_cell(c: usize, column: &Column, json: &Json<'_>, texts: &Arena) -> Result<(Cell, bool), Mistake> {
    let cell = match json {
        Json::Null => return null_cell(c, column),
        // Text in memory of its own would be gone before the row is taken.
        Json::Text(text) if column.ty == Ty::Varchar => texts.alloc_str(text).to_cell(),
        Json::Text(text) if column.ty != Ty::Boolean => value(c, column, text, texts)?,
        Json::Bool(text) if column.ty == Ty::Boolean => value(c, column, text, texts)?,
        Json::Number(text) if column.ty.is_number() => value(c, column, text, texts)?,
        Json::Text(text) => return Err(wrong_type(c, column, shown(text))),
        Json::Bool(text) | Json::Number(text) => return Err(wrong_type(c, column, (*text).to_owned())),
        Json::Nested(text) if column.ty.is_array() && text.starts_with('[') => {
            json_array(c, column, text, texts)?
        }
        Json::Nested(text) => {
            let what = if text.starts_with('{') { "an object" } else { "an array" };
            return Err(wrong_type(c, column, what.to_owned()));
        }
    };
    Ok((cell, true))
}

/// A JSON array as a value of an array column.
fn json_array(c: usize, column: &Column, text: &str, texts: &Arena) -> Result<Cell, Mistake> {
    let Ty::Array(element) = column.ty else { return Err(wrong_type(c, column, "an array".to_owned())) };
    let values: Vec<&RawValue> = serde_json::from_str(text).map_err(|e| Problem::Json(json_message(&e)))?;
    let of = Column { name: column.name.clone(), ty: element.ty(), nullable: true };
    let cells = values.into_iter().map(|raw| {
        let (cell, valid) = match Json::of(raw) {
            Json::Null => ([0, 0], false),
            _ if of.ty == Ty::Json => (value(c, &of, raw.get(), texts)?, true),
            json => json_cell(c, &of, &json, texts)?,
        };
        Ok(valid.then_some(cell))
    });
    let cells: Vec<Option<Cell>> = cells.collect::<Result<_, Mistake>>()?;
    // SAFETY: the cells are of the element's type; their texts are in the line or in `texts`.
    Ok(unsafe { array_of_cells(texts, element, cells) }.to_cell())
}

fn null_cell(c: usize, column: &Column) -> Result<(Cell, bool), Mistake> {
    if column.nullable {
        Ok(([0, 0], false))
    } else {
        Err(Mistake { column: Some(c), problem: Problem::Null })
    }
}

fn wrong_type(c: usize, column: &Column, found: String) -> Mistake {
    Mistake { column: Some(c), problem: Problem::Type { expected: column.ty.to_string(), found } }
}

/// What is wrong with a header, and with which column.
type HeaderMistake<'c> = (Option<&'c Column>, Problem);

/// Field of each column, and number of fields, as the first record says.
fn read_header<'c, R: BufRead>(
    splitter: &mut Splitter<R>,
    columns: &'c [Column],
) -> Result<(Vec<usize>, usize), HeaderMistake<'c>> {
    if !splitter.next().map_err(|p| (None, p))? {
        return Err((None, Problem::NoHeader));
    }
    let mut names = Vec::with_capacity(splitter.fields().len());
    for field in splitter.fields() {
        names.push(std::str::from_utf8(splitter.text(field)).map_err(|_| (None, Problem::NotUtf8))?);
    }
    let mut positions = Vec::with_capacity(columns.len());
    for column in columns {
        let exact: Vec<usize> = (0..names.len()).filter(|i| names[*i] == column.name).collect();
        let found = if exact.is_empty() {
            (0..names.len()).filter(|i| names[*i].trim().eq_ignore_ascii_case(&column.name)).collect()
        } else {
            exact
        };
        match found[..] {
            [position] => positions.push(position),
            [] => {
                let header = shown_header(&names);
                let closest = closest(&column.name, names.iter().copied()).map(str::to_owned);
                return Err((Some(column), Problem::NotInHeader { header, closest }));
            }
            _ => return Err((Some(column), Problem::Twice)),
        }
    }
    Ok((positions, names.len()))
}

/// Names of a header, but not a thousand of them.
fn shown_header(names: &[&str]) -> String {
    const MAX: usize = 30;
    let shown: Vec<String> = names.iter().take(MAX).map(|n| n.chars().take(40).collect()).collect();
    let more = names.len().saturating_sub(MAX);
    shown.join(", ") + &if more > 0 { format!(" and {more} more") } else { String::new() }
}

/// Skips a byte order mark.
fn without_mark(mut input: Box<dyn BufRead + Send>) -> Result<Box<dyn BufRead + Send>, Problem> {
    let mut first = Vec::with_capacity(3);
    (&mut input).take(3).read_to_end(&mut first).map_err(|e| Problem::Io(io_message(&e)))?;
    if first == "\u{feff}".as_bytes() {
        return Ok(input);
    }
    Ok(Box::new(Cursor::new(first).chain(input)))
}

/// `no such file or directory`, without the number of the error.
fn io_message(e: &std::io::Error) -> String {
    let text = e.to_string();
    let text = text.split(" (os error").next().unwrap_or(&text);
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |c| c.to_lowercase().chain(chars).collect())
}

/// Without serde's position, whose line is always 1.
fn json_message(e: &serde_json::Error) -> String {
    let text = e.to_string();
    let text = text.rsplit_once(" at line ").map_or(text.as_str(), |(text, _)| text);
    format!("not a JSON object at column {}: {text}", e.column())
}
