//! Sources that a session reads by itself: files and the Nexmark generator.

use super::batch::Batch;
use super::error::Error;
use super::options::Options;
use crate::connector::file::{FileOptions, FileReader, Format, OnBadRow};
use crate::connector::nexmark::{Generated, Nexmark, Table};
use laminar_codegen::diagnostic::{Diagnostic, closest, code};
use laminar_codegen::parse::{CreateRelation, written};
use laminar_runtime::schema::Column;

/// How to read a source; every query reads it anew.
#[derive(Clone, Debug)]
pub(super) enum Connector {
    File { path: String, options: FileOptions },
    Nexmark { stream: Nexmark, table: Table, columns: Vec<usize> },
}

impl Connector {
    /// Reads the options of `CREATE SOURCE`.
    pub fn new(create: &CreateRelation) -> Result<Connector, Vec<Diagnostic>> {
        let mut options = Options::new(&create.options, &create.name, "a source");
        let connectors = ["file", "nexmark"];
        let (connector, mut diagnostics) = match options.choice("connector", &connectors) {
            Some(connector) => {
                options.of(format!("connector '{connector}'"));
                if connector == "file" { file(options) } else { nexmark(options, create) }
            }
            None => {
                // Without a connector nobody knows which other options are right.
                if options.diagnostics.is_empty() {
                    options.missing("connector", "'file'");
                }
                return Err(options.diagnostics);
            }
        };
        match connector {
            Some(connector) if diagnostics.is_empty() => Ok(connector),
            _ => {
                diagnostics.sort_by_key(|d| d.span.start);
                Err(diagnostics)
            }
        }
    }

    /// Starts to read.
    pub fn open(&self, columns: &[Column]) -> Result<Reader, Error> {
        Ok(match self {
            Connector::File { path, options } => {
                Reader::File(Box::new(FileReader::open(path, columns, options)?))
            }
            Connector::Nexmark { stream, table, columns } => {
                Reader::Nexmark { events: Box::new(stream.table(*table)), columns: columns.clone() }
            }
        })
    }
}

/// A source being read.
pub(super) enum Reader {
    File(Box<FileReader>),
    Nexmark { events: Box<dyn Iterator<Item = Generated> + Send>, columns: Vec<usize> },
}

impl Reader {
    /// Appends up to `rows_max` rows; 0 at the end.
    pub fn read(&mut self, batch: &mut Batch, rows_max: usize) -> Result<usize, Error> {
        match self {
            Reader::File(file) => Ok(file.read(batch, rows_max)?),
            Reader::Nexmark { events, columns } => {
                let before = batch.len();
                for event in events.take(rows_max) {
                    // SAFETY: the event owns its texts, and no column of it is NULL.
                    unsafe { batch.push_cells(columns.iter().map(|c| (event.cell(*c), true))) };
                }
                Ok(batch.len() - before)
            }
        }
    }

    /// Rows skipped because they did not fit the declared columns.
    pub fn rejected(&self) -> u64 {
        match self {
            Reader::File(file) => file.rejected(),
            Reader::Nexmark { .. } => 0,
        }
    }
}

fn file(mut options: Options<'_>) -> (Option<Connector>, Vec<Diagnostic>) {
    let path = options.text("path");
    if path.is_none() {
        options.missing("path", "'data.csv'");
    }
    let formats = ["csv", "jsonl"];
    let named = options.text("format").is_some();
    let mut format = options.choice("format", &formats);
    if !named && let Some(path) = path {
        let lower = path.to_ascii_lowercase();
        let known = [(".csv", "csv"), (".tsv", "csv"), (".jsonl", "jsonl"), (".ndjson", "jsonl")];
        format = known.iter().find(|(end, _)| lower.ends_with(end)).map(|(_, format)| *format);
        if format.is_none() {
            options.missing("format", "'csv'");
        }
    }
    let on_bad_row = match options.choice("on_error", &["fail", "skip"]) {
        Some("skip") => OnBadRow::Skip,
        _ => OnBadRow::Fail,
    };
    let (format, null) = if format == Some("jsonl") {
        options.of("format 'jsonl'");
        (Format::Jsonl, None)
    } else {
        let tsv = path.is_some_and(|p| p.to_ascii_lowercase().ends_with(".tsv"));
        let header = options.bool("header").unwrap_or(true);
        let delimiter = options.delimiter("delimiter").unwrap_or(if tsv { b'\t' } else { b',' });
        (Format::Csv { header, delimiter }, options.text("null").map(str::to_owned))
    };
    let path = path.map(str::to_owned);
    let options_of_file = FileOptions { format, null, on_bad_row };
    (path.map(|path| Connector::File { path, options: options_of_file }), options.finish())
}

fn nexmark(mut options: Options<'_>, create: &CreateRelation) -> (Option<Connector>, Vec<Diagnostic>) {
    let table = options.choice("table", &Table::NAMES).and_then(Table::by_name);
    if table.is_none() && options.diagnostics.is_empty() {
        options.missing("table", "'bid'");
    }
    let events = options.number("events", 0);
    if events.is_none() && !create.options.iter().any(|o| o.key == "events") {
        options.missing("events", "1000000");
    }
    let rate = options.number("rate", 1).unwrap_or(10_000);
    let seed = options.number("seed", 0).unwrap_or(0);
    let disorder = options.number("out_of_order", 1).unwrap_or(1);
    let stream = Nexmark::new(seed).events(events.unwrap_or(0)).rate(rate).out_of_order(disorder);
    let mut diagnostics = options.finish();
    let Some(table) = table else { return (None, diagnostics) };
    let mut columns = Vec::new();
    for declared in &create.columns {
        let name = &declared.name.value;
        match table.columns().iter().position(|c| c.name.eq_ignore_ascii_case(name)) {
            Some(at) if table.columns()[at].ty == declared.ty => columns.push(at),
            Some(at) => diagnostics.push(
                Diagnostic::error(
                    code::BAD_OPTION,
                    declared.span,
                    format!("column `{name}` of Nexmark is {}, not {}", table.columns()[at].ty, declared.ty),
                )
                .label(format!("declare it {}", table.columns()[at].ty)),
            ),
            None => {
                let table_name = Table::NAMES[table as usize];
                let names: Vec<&str> = table.columns().iter().map(|c| &*c.name).collect();
                let mut d = Diagnostic::error(
                    code::UNKNOWN_COLUMN,
                    declared.name.span,
                    format!("column `{name}` does not exist in Nexmark's table '{table_name}'"),
                );
                match closest(name, names.iter().copied()) {
                    Some(near) => {
                        d = d
                            .label(format!("did you mean `{near}`?"))
                            .suggest(declared.name.span, written(near));
                    }
                    None => d = d.note(format!("its columns are {}", names.join(", "))),
                }
                diagnostics.push(d);
            }
        }
    }
    (Some(Connector::Nexmark { stream, table, columns }), diagnostics)
}
