//! What a session knows by name: tables, sources, views; and how a query finds them.

use super::contents::Contents;
use super::error::{Error, SqlError};
use super::flow::Flow;
use super::source::Connector;
use super::table::Table;
use laminar_codegen::catalog::{self, Catalog};
use laminar_codegen::compile::compile_with;
use laminar_codegen::diagnostic::{Diagnostic, Origin};
use laminar_codegen::functions::RustFn;
use laminar_codegen::ir::{Pipeline, SourceColumn, SourceIr};
use laminar_codegen::parse::{DropKind, Name, Query, SqlText, ViewKind};
use laminar_runtime::plan::{OnError, OutputKind};
use laminar_runtime::schema::Column;
use std::sync::Arc;

/// Something that FROM can name.
pub(super) struct Relation {
    pub name: String,
    pub columns: Vec<Column>,
    /// Event time: index of the column, and delay of the watermark in ns.
    pub time: Option<(usize, i64)>,
    /// Names of the relations that its query reads.
    pub reads: Vec<String>,
    pub body: Body,
}

/// What is behind a name.
pub(super) enum Body {
    /// Rows that INSERT brings, UPDATE changes and DELETE takes away.
    Table(Table),
    /// A file or generator, read anew by every query.
    Source(Connector),
    /// Rows pushed from Rust; nothing is kept.
    Pushed(Pushed),
    /// A query whose results flow through.
    View(Box<View>),
    /// A query whose result is kept up to date.
    Materialized(Box<Materialized>),
}

/// A registered event type.
pub(super) struct Pushed {
    /// No more rows will come.
    pub finished: bool,
    /// Columns of `u64` fields.
    pub unsigned: Vec<bool>,
}

/// A named query.
pub(super) struct View {
    pub query: Query,
    pub text: SqlText,
    /// Where that text stands.
    pub origin: Origin,
    pub on_error: OnError,
    /// What was created.
    pub kind: ViewKind,
    /// What is known of its output when it is read once, and when its reader is kept up to date.
    pub once: Facts,
    pub kept: Facts,
}

/// A materialized view.
pub(super) struct Materialized {
    pub view: View,
    pub flow: Flow,
    pub contents: Contents,
    /// Why it is no longer kept up to date.
    pub failed: Option<String>,
}

impl Relation {
    /// As CREATE and DROP name it.
    pub fn kind(&self) -> &'static str {
        match &self.body {
            Body::Table(_) => "table",
            Body::Source(_) | Body::Pushed(_) => "source",
            Body::View(v) => match v.kind {
                ViewKind::View => "view",
                ViewKind::Stream => "stream",
                ViewKind::MaterializedView => "materialized view",
            },
            Body::Materialized(_) => "materialized view",
        }
    }

    /// Whether `DROP kind` means this sort of relation.
    pub fn is(&self, kind: DropKind) -> bool {
        let name = match kind {
            DropKind::Source => "source",
            DropKind::Table => "table",
            DropKind::View => "view",
            DropKind::Stream => "stream",
            DropKind::MaterializedView => "materialized view",
            DropKind::Sink => "sink",
        };
        self.kind() == name
    }

    /// What is known of its rows.
    pub fn facts(&self, purpose: Purpose) -> Facts {
        let once = purpose == Purpose::Once;
        // What a materialized view holds now ends, and has no order of time.
        let held = Facts { time: None, changelog: false, finite: true };
        match &self.body {
            // UPDATE and DELETE may come to a table at any time.
            Body::Table(_) => Facts { time: self.time, changelog: !once, finite: true },
            Body::Source(_) => Facts { time: self.time, changelog: false, finite: true },
            Body::Pushed(_) => Facts { time: self.time, changelog: false, finite: false },
            Body::View(v) if once => {
                if v.kind == ViewKind::MaterializedView {
                    held
                } else {
                    v.once
                }
            }
            Body::View(v) => v.kept,
            Body::Materialized(_) if once => held,
            Body::Materialized(m) => m.view.kept,
        }
    }

    /// As a query of that purpose sees it.
    pub fn seen(&self, purpose: Purpose) -> catalog::Relation {
        let Facts { time, changelog, finite } = self.facts(purpose);
        let unsigned = |i: usize| matches!(&self.body, Body::Pushed(p) if p.unsigned[i]);
        let columns = self.columns.iter().enumerate();
        let columns =
            columns.map(|(i, c)| SourceColumn { column: c.clone(), unsigned: unsigned(i) }).collect();
        catalog::Relation { name: self.name.clone(), columns, time, changelog, finite, declared: Vec::new() }
    }
}

impl View {
    /// Mistakes in its query.
    pub fn error(&self, diagnostics: Vec<Diagnostic>) -> Error {
        let (origin, sql) = (self.origin.clone(), self.text.sql().to_owned());
        Error::Sql(Box::new(SqlError { diagnostics, origin, sql }))
    }
}

/// All that a session knows by name.
#[derive(Default)]
pub(super) struct Relations {
    /// In order of creation.
    pub list: Vec<Relation>,
    /// Registered functions.
    pub functions: Vec<Arc<RustFn>>,
}

/// What a query is for: decides what its relations are to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Purpose {
    /// It runs once, over what is there now: tables and materialized views are lists of rows that end.
    Once,
    /// It is kept up to date: tables and views change.
    Kept,
}

impl Relations {
    /// Index of the relation that an identifier names.
    pub fn find(&self, name: &str, quoted: bool) -> Option<usize> {
        self.list.iter().position(|r| means(name, quoted, &r.name))
    }

    /// Index of the relation that a statement names.
    pub fn named(&self, name: &Name) -> Option<usize> {
        match &name.parts[..] {
            [part] => self.find(&part.value, part.quoted),
            _ => None,
        }
    }

    pub fn get(&self, name: &str) -> Option<&Relation> {
        self.list.iter().find(|r| r.name == name)
    }

    /// What a query of that purpose sees.
    pub fn catalog(&self, purpose: Purpose) -> impl Catalog + use<> {
        self.seen(purpose, purpose == Purpose::Once)
    }

    fn seen(&self, purpose: Purpose, keeps_results: bool) -> Seen {
        let relations = self.list.iter().map(|r| r.seen(purpose)).collect();
        Seen { relations, functions: self.functions.clone(), keeps_results }
    }

    /// Compiles a view for a purpose. It compiled when it was created.
    pub fn compile(&self, name: &str, view: &View, purpose: Purpose) -> Result<Pipeline, Vec<Diagnostic>> {
        self.compile_told(name, view, purpose).map(|(pipeline, _)| pipeline)
    }

    /// [`Relations::compile`] with the warnings.
    pub fn compile_told(
        &self,
        name: &str,
        view: &View,
        purpose: Purpose,
    ) -> Result<(Pipeline, Vec<Diagnostic>), Vec<Diagnostic>> {
        // What a view gives flows on.
        let catalog = self.seen(purpose, false);
        match compile_with(&view.query, &view.text, &catalog, name, view.on_error) {
            (Some(pipeline), warnings) => Ok((pipeline, warnings)),
            (None, diagnostics) => Err(diagnostics),
        }
    }

    /// What is known of the output of a query.
    pub fn facts(&self, pipeline: &Pipeline, purpose: Purpose) -> Facts {
        let ends = |s: &SourceIr| self.get(&s.relation).is_none_or(|r| r.facts(purpose).finite);
        let finite = pipeline.sources.iter().all(ends);
        let changelog = pipeline.plan.output != OutputKind::Append;
        let time = pipeline.time_column.filter(|_| !changelog).map(|(column, _)| {
            // One input in order of time: its delay holds for the output, too. Else W comes with the rows only.
            let delay = match pipeline.plan.watermark[..] {
                [w] => (pipeline.sources.get(w.source as usize).and_then(|s| s.time))
                    .map(|(_, delay)| delay.saturating_add(w.offset_ns)),
                _ => None,
            };
            (column, delay.unwrap_or(i64::MAX))
        });
        Facts { time, changelog, finite }
    }
}

/// What is known of the rows of a relation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Facts {
    /// The column that carries a watermark, and the delay behind its greatest value in ns.
    pub time: Option<(usize, i64)>,
    /// They carry weights.
    pub changelog: bool,
    /// They end.
    pub finite: bool,
}

/// The relations of a session, each as a query sees it.
struct Seen {
    relations: Vec<catalog::Relation>,
    functions: Vec<Arc<RustFn>>,
    keeps_results: bool,
}

impl Catalog for Seen {
    fn relation(&self, parts: &[(String, bool)]) -> Option<catalog::Relation> {
        let [(name, quoted)] = parts else { return None };
        self.relations.iter().find(|r| means(name, *quoted, &r.name)).cloned()
    }

    fn names(&self) -> Vec<String> {
        self.relations.iter().map(|r| r.name.clone()).collect()
    }

    fn functions(&self) -> &[Arc<RustFn>] {
        &self.functions
    }

    fn keeps_results(&self) -> bool {
        self.keeps_results
    }
}

/// Whether an identifier names a relation. No two relations differ only in case, so case decides only where it is quoted.
fn means(name: &str, quoted: bool, relation: &str) -> bool {
    if quoted { relation == name } else { relation.eq_ignore_ascii_case(name) }
}
