//! The statements of all files: which relations there are, and which queries make the others.

use super::files::Folder;
use super::function::Function;
use crate::catalog::Relation;
use crate::diagnostic::{Diagnostic, Place, Span, closest, code};
use crate::ir::SourceColumn;
use crate::parse::{
    CreateRelation, CreateSink, CreateView, Name, OptionValue, Query, SinkInput, SqlOption, SqlText,
    Statement, parse_script,
};
use crate::pipeline_macro::policy;
use laminar_runtime::plan::OnError;
use laminar_runtime::schema::Column;

/// All that the files declare.
#[derive(Default)]
pub(super) struct Declared {
    /// Sources and tables, in order.
    pub bases: Vec<Base>,
    /// Views, streams and sinks of a query, in order.
    pub views: Vec<View>,
    /// `CREATE SINK name FROM relation`: the name, and what flows into it.
    pub sinks: Vec<Sink>,
    /// Rust functions.
    pub functions: Vec<Function>,
}

/// A relation that rows are pushed into.
pub(super) struct Base {
    pub relation: Relation,
    /// A table: rows come and go.
    pub table: bool,
}

/// A relation made by a query.
pub(super) struct View {
    pub name: String,
    pub file: usize,
    pub query: Query,
    pub text: SqlText,
    pub span: Span,
    pub on_error: OnError,
    pub capacity: usize,
}

/// A second name for what a relation gives.
pub(super) struct Sink {
    pub name: String,
    pub of: String,
}

/// Reads all files.
pub(super) fn declare(folder: &mut Folder) -> Declared {
    let mut declared = Declared::default();
    let mut sinks: Vec<(usize, CreateSink)> = Vec::new();
    for file in 0..folder.files.len() {
        let (script, mut diagnostics) = parse_script(&folder.files[file].sql);
        let text = script.text;
        for statement in script.statements {
            let mut errors = Vec::new();
            match statement {
                Statement::CreateSource(create) => declared.base(folder, file, create, false, &mut errors),
                Statement::CreateTable(create) => declared.base(folder, file, create, true, &mut errors),
                Statement::CreateFunction(create) => declared.function(folder, file, &create, &mut errors),
                Statement::CreateView(create) => declared.view(file, create, &text, &mut errors),
                Statement::CreateSink(create) => sinks.push((file, create)),
                other => errors.push(
                    Diagnostic::error(
                        code::STATEMENT_NOT_SUPPORTED,
                        other.span(),
                        "only declarations are possible in a build script",
                    )
                    .help("keep CREATE statements here; run the others in a session"),
                ),
            }
            diagnostics.append(&mut errors);
        }
        for (_, sink) in sinks.iter().filter(|(f, _)| *f == file) {
            declared.sink_query(file, sink, &text, &mut diagnostics);
        }
        folder.note(file, &diagnostics);
    }
    for (file, sink) in sinks {
        if let SinkInput::Relation(of) = &sink.from {
            let error = declared.sink_of(&sink, of);
            folder.note(file, error.as_slice());
        }
    }
    declared
}

impl Declared {
    /// The name as declared of a relation that `name` means.
    pub fn find(&self, name: &str, quoted: bool) -> Option<&str> {
        let same = |n: &&str| if quoted { *n == name } else { n.eq_ignore_ascii_case(name) };
        self.names().find(same)
    }

    fn names(&self) -> impl Iterator<Item = &str> {
        let bases = self.bases.iter().map(|b| &*b.relation.name);
        bases.chain(self.views.iter().map(|v| &*v.name))
    }

    /// The name, unless it is taken: two relations may not even be equal in another case, for both would be one struct.
    fn new_name(&self, name: &Name, errors: &mut Vec<Diagnostic>) -> Option<String> {
        let [part] = &name.parts[..] else {
            let message = format!("`{name}` has several parts");
            errors.push(Diagnostic::error(code::NOT_SUPPORTED, name.span, message).help("use a plain name"));
            return None;
        };
        let taken = |n: &str| n.eq_ignore_ascii_case(&part.value);
        if self.names().any(taken) || self.sinks.iter().any(|s| taken(&s.name)) {
            let message = format!("relation `{name}` exists already");
            errors.push(Diagnostic::error(code::RELATION_EXISTS, name.span, message));
            return None;
        }
        if super::structs::struct_ident(&part.value).is_none() {
            let message = format!("`{name}` cannot be the name of a Rust struct");
            errors.push(
                Diagnostic::error(code::NOT_SUPPORTED, name.span, message).help("begin it with a letter"),
            );
            return None;
        }
        Some(part.value.clone())
    }

    fn base(
        &mut self,
        folder: &Folder,
        file: usize,
        create: CreateRelation,
        table: bool,
        errors: &mut Vec<Diagnostic>,
    ) {
        let Some(name) = self.new_name(&create.name, errors) else { return };
        for option in &create.options {
            errors.push(no_connector(option));
        }
        let origin = &folder.files[file].origin;
        let mut columns = Vec::new();
        let mut declared = Vec::new();
        for column in &create.columns {
            if column.primary_key {
                let message = format!("primary key `{}` is not checked in a build script", column.name.value);
                let d = Diagnostic::error(code::NOT_SUPPORTED, column.span, message);
                errors.push(d.help("leave PRIMARY KEY out: the table is then a bag of rows"));
            }
            if column.default.is_some() {
                let message = format!("DEFAULT of `{}` has no use in a build script", column.name.value);
                let d = Diagnostic::error(code::NOT_SUPPORTED, column.span, message);
                errors.push(d.help("leave DEFAULT out: rows are pushed whole"));
            }
            if super::structs::field_ident(&column.name.value).is_none() {
                let message = format!("`{}` cannot be the name of a Rust field", column.name.value);
                errors.push(Diagnostic::error(code::NOT_SUPPORTED, column.name.span, message));
            }
            let (line, at) = origin.place(&folder.files[file].sql, column.span.start);
            declared.push(Place {
                file: origin.path().to_string(),
                line,
                column: at,
                text: folder.files[file]
                    .sql
                    .get(column.span.start..column.span.end)
                    .unwrap_or("")
                    .to_string(),
                what: "declared here".to_string(),
            });
            columns.push(SourceColumn {
                column: Column {
                    name: column.name.value.clone().into(),
                    ty: column.ty,
                    nullable: column.nullable,
                },
                unsigned: false,
            });
        }
        let time = create.watermark.as_ref().and_then(|w| {
            let same = |c: &SourceColumn| match w.column.quoted {
                true => c.column.name == w.column.value,
                false => c.column.name.eq_ignore_ascii_case(&w.column.value),
            };
            Some((columns.iter().position(same)?, w.delay_ns))
        });
        let relation = Relation { name, columns, time, changelog: table, finite: table, declared };
        self.bases.push(Base { relation, table });
    }

    fn view(&mut self, file: usize, create: CreateView, text: &SqlText, errors: &mut Vec<Diagnostic>) {
        let Some(name) = self.new_name(&create.name, errors) else { return };
        let (on_error, capacity) = options(&create.options, errors);
        let CreateView { query, span, .. } = create;
        self.views.push(View { name, file, query, text: text.clone(), span, on_error, capacity });
    }

    fn sink_query(&mut self, file: usize, sink: &CreateSink, text: &SqlText, errors: &mut Vec<Diagnostic>) {
        errors.extend(sink.options.iter().map(no_connector));
        let SinkInput::Query(query) = &sink.from else { return };
        let Some(name) = self.new_name(&sink.name, errors) else { return };
        let (query, text, span) = (query.clone(), text.clone(), sink.span);
        self.views.push(View { name, file, query, text, span, on_error: OnError::Fail, capacity: 0 });
    }

    fn sink_of(&mut self, sink: &CreateSink, of: &Name) -> Option<Diagnostic> {
        let mut errors = Vec::new();
        let name = self.new_name(&sink.name, &mut errors);
        let view = match &of.parts[..] {
            [part] => self.find(&part.value, part.quoted).map(str::to_string),
            _ => None,
        };
        let view = view.filter(|v| self.views.iter().any(|view| view.name == *v));
        match (name, view) {
            (Some(name), Some(of)) => {
                self.sinks.push(Sink { name, of });
                None
            }
            (None, _) => errors.pop(),
            (_, None) => {
                let known: Vec<&str> = self.views.iter().map(|v| &*v.name).collect();
                let message = format!("view `{of}` does not exist");
                let d = Diagnostic::error(code::UNKNOWN_RELATION, of.span, message);
                Some(match closest(&of.to_string(), known) {
                    Some(near) => d.label(format!("did you mean `{near}`?")).suggest(of.span, near),
                    None => d.help("a sink takes what a view or a stream gives"),
                })
            }
        }
    }
}

/// What sources and sinks connect to is decided where they run.
fn no_connector(option: &SqlOption) -> Diagnostic {
    let message = format!("option `{}` has no effect in a build script", option.key);
    Diagnostic::warning(code::BAD_OPTION, option.span, message)
        .label("the program that holds the graph feeds and drains it")
}

fn options(options: &[SqlOption], errors: &mut Vec<Diagnostic>) -> (OnError, usize) {
    let (mut on_error, mut capacity) = (OnError::Fail, 0);
    let mut bad = |option: &SqlOption, message: String, help: String| {
        errors.push(Diagnostic::error(code::BAD_OPTION, option.span, message).help(help));
    };
    for (i, option) in options.iter().enumerate() {
        if options[..i].iter().any(|o| o.key == option.key) {
            bad(option, format!("option `{}` is given twice", option.key), String::new());
            continue;
        }
        match (&*option.key, &option.value) {
            ("on_error", value) => match policy(&value.as_text().to_ascii_lowercase()) {
                Some(policy) => on_error = policy,
                None => bad(
                    option,
                    "`on_error` must be 'fail', 'skip' or 'dead_letter'".to_string(),
                    "write `on_error = 'skip'`".to_string(),
                ),
            },
            ("capacity", OptionValue::Number(n)) if n.parse::<u32>().is_ok() => {
                capacity = n.parse().unwrap_or_default();
            }
            ("capacity", _) => {
                bad(
                    option,
                    "`capacity` must be a whole number".to_string(),
                    "write `capacity = 1000`".to_string(),
                );
            }
            (other, _) => {
                let help = match closest(other, &["on_error", "capacity"]) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => "options of a view: on_error, capacity".to_string(),
                };
                bad(option, format!("unknown option `{other}`"), help);
            }
        }
    }
    (on_error, capacity)
}
