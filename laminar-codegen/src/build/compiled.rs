//! Views to pipelines, each after the views that it reads.

use super::declare::{Declared, View};
use super::files::Folder;
use crate::catalog::{Catalog, Relation};
use crate::compile::compile_with;
use crate::diagnostic::{Diagnostic, code};
use crate::functions::RustFn;
use crate::ir::{Pipeline, SourceColumn};
use crate::pipeline_macro::event_time;
use laminar_runtime::plan::OutputKind;
use std::sync::{Arc, Mutex};

/// A view that compiled.
pub(super) struct Compiled<'a> {
    pub view: &'a View,
    pub pipeline: Pipeline,
    /// What others read.
    pub relation: Relation,
}

/// All views that compile, upstream before downstream.
pub(super) fn compile_views<'a>(declared: &'a Declared, folder: &mut Folder) -> Vec<Compiled<'a>> {
    let mut compiled: Vec<Compiled<'a>> = Vec::new();
    let mut broken: Vec<&str> = Vec::new();
    let mut waiting: Vec<&View> = declared.views.iter().collect();
    while !waiting.is_empty() {
        let mut postponed = Vec::new();
        let before = waiting.len();
        for view in waiting {
            let functions = declared.functions.iter().map(|f| f.function.clone()).collect();
            let catalog = FolderCatalog { declared, functions, compiled: &compiled, asked: Mutex::default() };
            let (pipeline, diagnostics) =
                compile_with(&view.query, &view.text, &catalog, &view.name, view.on_error);
            let asked = catalog.asked.into_inner().unwrap_or_default();
            if asked.iter().any(|name| broken.contains(&&**name)) {
                // Its mistake is that of the view it reads.
                broken.push(&view.name);
            } else if !asked.is_empty() {
                postponed.push(view);
            } else {
                match pipeline.filter(|_| !diagnostics.iter().any(Diagnostic::is_error)) {
                    Some(mut pipeline) => {
                        // Of the file, the query alone.
                        pipeline.sql = view.text.text(view.query.span).to_string();
                        let mut refused = unnamed_columns(view, &pipeline);
                        refused.extend(upserts_read(view, &pipeline, &compiled));
                        folder.note(view.file, &refused);
                        match refused.is_empty() {
                            true => compiled.push(with_relation(view, pipeline)),
                            false => broken.push(&view.name),
                        }
                    }
                    None => broken.push(&view.name),
                }
                folder.note(view.file, &diagnostics);
            }
        }
        if postponed.len() == before {
            for view in &postponed {
                let message = format!("view `{}` reads itself, through others or directly", view.name);
                let d = Diagnostic::error(code::NOT_SUPPORTED, view.span, message);
                folder.note(view.file, &[d]);
            }
            break;
        }
        waiting = postponed;
    }
    compiled
}

/// Output columns that no Rust field can be called after.
fn unnamed_columns(view: &View, pipeline: &Pipeline) -> Vec<Diagnostic> {
    let spans = view.query.output_spans(&view.text, pipeline.plan.columns.len());
    let columns = pipeline.plan.columns.iter().zip(spans);
    let bad = columns.filter(|(c, _)| super::structs::field_ident(&c.name).is_none());
    let diagnostic = |(column, span): (&laminar_runtime::schema::Column, _)| {
        let message = format!("`{}` cannot be the name of a Rust field", column.name);
        Diagnostic::error(code::NOT_SUPPORTED, span, message).help("name the column: AS total")
    };
    bad.map(diagnostic).collect()
}

/// An upsert has forgotten the row that it replaces, so nothing downstream could retract it.
fn upserts_read(view: &View, pipeline: &Pipeline, compiled: &[Compiled<'_>]) -> Option<Diagnostic> {
    let upserts = |c: &&Compiled<'_>| {
        matches!(c.pipeline.plan.output, OutputKind::Upsert { .. })
            && pipeline.sources.iter().any(|s| s.relation == c.view.name)
    };
    let name = &compiled.iter().find(upserts)?.view.name;
    let message = format!("`{}` reads `{name}`, which gives upserts", view.name);
    let d = Diagnostic::error(code::CHANGELOG_SOURCE, view.span, message);
    Some(d.help(format!("let `{name}` EMIT CHANGES")))
}

fn with_relation(view: &View, pipeline: Pipeline) -> Compiled<'_> {
    let all: Vec<usize> = (0..pipeline.plan.columns.len()).collect();
    let column = |c: &laminar_runtime::schema::Column| SourceColumn { column: c.clone(), unsigned: false };
    let changelog = pipeline.plan.output != OutputKind::Append;
    let relation = Relation {
        name: view.name.clone(),
        columns: pipeline.plan.columns.iter().map(column).collect(),
        time: event_time(&pipeline, &all).filter(|_| !changelog),
        changelog,
        finite: false,
        declared: Vec::new(),
    };
    Compiled { view, pipeline, relation }
}

struct FolderCatalog<'a, 'b> {
    declared: &'a Declared,
    functions: Vec<Arc<RustFn>>,
    compiled: &'b [Compiled<'a>],
    /// Views that are declared and not compiled yet.
    asked: Mutex<Vec<String>>,
}

impl Catalog for FolderCatalog<'_, '_> {
    fn relation(&self, parts: &[(String, bool)]) -> Option<Relation> {
        let [(name, quoted)] = parts else { return None };
        let name = self.declared.find(name, *quoted)?;
        let base = self.declared.bases.iter().map(|b| &b.relation);
        let views = self.compiled.iter().map(|c| &c.relation);
        let found = base.chain(views).find(|r| r.name == name).cloned();
        if found.is_none()
            && let Ok(mut asked) = self.asked.lock()
        {
            asked.push(name.to_string());
        }
        found
    }

    fn functions(&self) -> &[Arc<RustFn>] {
        &self.functions
    }

    fn function_help(&self) -> Option<&'static str> {
        Some("a Rust function is declared: CREATE FUNCTION f(x DOUBLE) RETURNS DOUBLE AS 'crate::f'")
    }

    fn names(&self) -> Vec<String> {
        let bases = self.declared.bases.iter().map(|b| b.relation.name.clone());
        bases.chain(self.declared.views.iter().map(|v| v.name.clone())).collect()
    }
}
