//! CREATE and DROP.

use super::contents::Contents;
use super::error::Error;
use super::feed::feed;
use super::flow::{Flow, Losses, Step};
use super::insert::value;
use super::options::Options;
use super::relation::{Body, Facts, Materialized, Purpose, Pushed, Relation, View};
use super::session::{Outcome, Session};
use super::source::Connector;
use super::table::Table;
use super::value::Value;
use laminar_codegen::compile::constant;
use laminar_codegen::diagnostic::{Diagnostic, closest, code};
use laminar_codegen::ir::Pipeline;
use laminar_codegen::parse::{
    CreateRelation, CreateSink, CreateView, Drop, Ident, Name, Query, SqlText, ViewKind, written,
};
use laminar_runtime::plan::OnError;
use laminar_runtime::schema::Column;

impl Session {
    pub(super) fn create_table(&mut self, create: &CreateRelation, text: &SqlText) -> Result<Outcome, Error> {
        if let Some(outcome) = self.taken(&create.name, create.if_not_exists, text)? {
            return Ok(outcome);
        }
        let diagnostics = Options::new(&create.options, &create.name, "a table").finish();
        if !diagnostics.is_empty() {
            return Err(self.sql_error(diagnostics, text.sql()));
        }
        let (columns, time) = declared(create);
        let key = (0..columns.len()).filter(|i| create.columns[*i].primary_key).collect();
        let defaults = self.defaults(create, text)?;
        let body = Body::Table(Table::new(&columns, key, defaults));
        Ok(self.add(Relation { name: own_name(&create.name), columns, time, reads: Vec::new(), body }))
    }

    /// What the columns of a table take where INSERT gives nothing.
    fn defaults(&self, create: &CreateRelation, text: &SqlText) -> Result<Vec<Value>, Error> {
        let mut diagnostics = Vec::new();
        let mut defaults = vec![Value::Null; create.columns.len()];
        for (column, default) in create.columns.iter().zip(&mut defaults) {
            match column.default.as_ref().map(|e| constant(e, text, column.ty, &self.relations.functions)) {
                Some(Ok(literal)) => *default = value(literal, column.ty),
                Some(Err(mut more)) => diagnostics.append(&mut more),
                None => {}
            }
        }
        if diagnostics.is_empty() { Ok(defaults) } else { Err(self.sql_error(diagnostics, text.sql())) }
    }

    pub(super) fn create_source(
        &mut self,
        create: &CreateRelation,
        text: &SqlText,
    ) -> Result<Outcome, Error> {
        if let Some(outcome) = self.taken(&create.name, create.if_not_exists, text)? {
            return Ok(outcome);
        }
        let connector = Connector::new(create).map_err(|d| self.sql_error(d, text.sql()))?;
        let (columns, time) = declared(create);
        let body = Body::Source(connector);
        Ok(self.add(Relation { name: own_name(&create.name), columns, time, reads: Vec::new(), body }))
    }

    /// A source that is only looked at: where its rows come from need not be said.
    pub(super) fn declare_source(
        &mut self,
        create: &CreateRelation,
        text: &SqlText,
    ) -> Result<Outcome, Error> {
        if create.options.iter().any(|o| o.key == "connector") {
            return self.create_source(create, text);
        }
        if let Some(outcome) = self.taken(&create.name, create.if_not_exists, text)? {
            return Ok(outcome);
        }
        let (columns, time) = declared(create);
        let body = Body::Pushed(Pushed { finished: false, unsigned: vec![false; columns.len()] });
        Ok(self.add(Relation { name: own_name(&create.name), columns, time, reads: Vec::new(), body }))
    }

    /// `CREATE VIEW | STREAM | MATERIALIZED VIEW`; the last runs over all that is there.
    pub(super) fn create_view(
        &mut self,
        create: &CreateView,
        text: &SqlText,
    ) -> Result<(Outcome, Vec<Losses>), Error> {
        if create.kind != ViewKind::MaterializedView {
            return Ok((self.declare_view(create, text)?, Vec::new()));
        }
        if let Some(outcome) = self.taken(&create.name, create.if_not_exists, text)? {
            return Ok((outcome, Vec::new()));
        }
        let (view, pipeline) = self.view_of(create, text)?;
        let (columns, reads) = (pipeline.plan.columns.to_vec(), reads(&pipeline));
        let (mut flow, contents, losses) =
            self.materialize(pipeline).map_err(|e| e.placed(&view.origin, view.text.sql()))?;
        let late = flow.take_late();
        let time = view.kept.time;
        let body = Materialized { view, flow, contents, failed: None };
        let name = own_name(&create.name);
        let body = Body::Materialized(Box::new(body));
        let outcome = self.add(Relation { name, columns, time, reads, body });
        self.take_late(late, Ok((outcome, losses)))
    }

    /// Adds a view of any kind as a named query that nothing runs yet.
    pub(super) fn declare_view(&mut self, create: &CreateView, text: &SqlText) -> Result<Outcome, Error> {
        if let Some(outcome) = self.taken(&create.name, create.if_not_exists, text)? {
            return Ok(outcome);
        }
        let (view, pipeline) = self.view_of(create, text)?;
        let (columns, reads) = (pipeline.plan.columns.to_vec(), reads(&pipeline));
        Ok(self.add(Relation {
            name: own_name(&create.name),
            columns,
            time: None,
            reads,
            body: Body::View(Box::new(view)),
        }))
    }

    fn view_of(&self, create: &CreateView, text: &SqlText) -> Result<(View, Pipeline), Error> {
        let mut options = Options::new(&create.options, &create.name, "a view");
        let on_error = match options.choice("on_error", &["fail", "skip"]) {
            Some("skip") => OnError::Skip,
            _ => OnError::Fail,
        };
        let diagnostics = options.finish();
        if !diagnostics.is_empty() {
            return Err(self.sql_error(diagnostics, text.sql()));
        }
        if let Some((_, span)) =
            create.query.late_to.as_ref().filter(|_| create.kind != ViewKind::MaterializedView)
        {
            let what = "LATE DATA TO in a view that runs anew for each reader would send late rows as often";
            let d = Diagnostic::error(code::NOT_IN_SESSION, *span, what);
            let d = d.help("CREATE MATERIALIZED VIEW, or the clause in the query that reads the view");
            return Err(self.sql_error(vec![d], text.sql()));
        }
        let nothing = Facts { time: None, changelog: false, finite: false };
        let mut view = View {
            query: create.query.clone(),
            text: text.clone(),
            origin: self.origin.clone(),
            on_error,
            kind: create.kind,
            once: nothing,
            kept: nothing,
        };
        let name = own_name(&create.name);
        let refused = |d| self.sql_error(d, text.sql());
        let told = self.relations.compile_told(&name, &view, Purpose::Kept);
        let (pipeline, warnings) = told.map_err(refused)?;
        self.warnings.borrow_mut().extend(warnings);
        self.check_late(&create.query, &pipeline, Purpose::Kept, text)?;
        let once = self.relations.compile(&name, &view, Purpose::Once).map_err(refused)?;
        view.once = self.relations.facts(&once, Purpose::Once);
        view.kept = self.relations.facts(&pipeline, Purpose::Kept);
        Ok((view, pipeline))
    }

    /// Starts a query that is kept up to date and gives it all that is there.
    pub(super) fn materialize(&self, pipeline: Pipeline) -> Result<(Flow, Contents, Vec<Losses>), Error> {
        let late_to = pipeline.late_to.clone();
        let mut flow = Flow::start(pipeline, &self.relations, Purpose::Kept, self.executor)?;
        self.route_late(&mut flow, late_to.as_deref());
        let mut contents = Contents::new(&flow.columns, &flow.output);
        let mut on_step = |step: Step, _| match step.rows {
            Some(rows) => Ok(contents.take(&rows)?),
            None => Ok(()),
        };
        let losses = feed(&mut flow, &self.relations, Purpose::Kept, &self.stop, &mut on_step)?;
        Ok((flow, contents, losses))
    }

    pub(super) fn no_sinks(&self, create: &CreateSink, text: &SqlText) -> Error {
        let d =
            Diagnostic::error(code::NOT_IN_SESSION, create.span, "CREATE SINK is not supported in a session")
                .help("a SELECT gives its rows to the caller; `laminar run` prints them");
        self.sql_error(vec![d], text.sql())
    }

    pub(super) fn drop_relation(&mut self, drop: &Drop, text: &SqlText) -> Result<Outcome, Error> {
        let Some(index) = self.relations.named(&drop.name) else {
            if drop.if_exists {
                return Ok(Outcome::Absent(own_name(&drop.name)));
            }
            return Err(self.unknown(&drop.name, text));
        };
        let relation = &self.relations.list[index];
        let name = relation.name.clone();
        let span = drop.name.span;
        if !relation.is(drop.kind) {
            let d = Diagnostic::error(code::WRONG_KIND, span, format!("`{name}` is a {}", relation.kind()))
                .help(format!("DROP {} {name}", relation.kind().to_ascii_uppercase()));
            return Err(self.sql_error(vec![d], text.sql()));
        }
        let readers: Vec<String> = self
            .relations
            .list
            .iter()
            .filter(|r| r.reads.contains(&name))
            .map(|r| format!("{} `{}`", r.kind(), r.name))
            .collect();
        if !readers.is_empty() {
            let what = format!("cannot drop `{name}`: {} reads it", readers.join(", "));
            let d = Diagnostic::error(code::STILL_READ, span, what).help("drop what reads it first");
            return Err(self.sql_error(vec![d], text.sql()));
        }
        if let [view, ..] = &self.late_views(&name)[..] {
            let what = format!("cannot drop `{name}`: materialized view `{view}` sends its late rows there");
            let d = Diagnostic::error(code::STILL_READ, span, what).help("drop the view first");
            return Err(self.sql_error(vec![d], text.sql()));
        }
        self.relations.list.remove(index);
        Ok(Outcome::Dropped(name))
    }

    /// Whether a name is free; an outcome where it is not and that is no error.
    fn taken(&self, name: &Name, if_not_exists: bool, text: &SqlText) -> Result<Option<Outcome>, Error> {
        if name.parts.len() > 1 {
            let d = Diagnostic::error(
                code::NOT_SUPPORTED,
                name.span,
                "a session has no schemas: a name is one word",
            );
            return Err(self.sql_error(vec![d], text.sql()));
        }
        let own = own_name(name);
        // Two names that differ only in case would be one to unquoted text.
        let Some(index) = self.relations.find(&own, false) else { return Ok(None) };
        let existing = &self.relations.list[index];
        if if_not_exists {
            return Ok(Some(Outcome::Existed(existing.name.clone())));
        }
        let what = format!("{} `{}` exists already", existing.kind(), existing.name);
        let d = Diagnostic::error(code::RELATION_EXISTS, name.span, what);
        Err(self.sql_error(vec![d], text.sql()))
    }

    pub(super) fn unknown(&self, name: &Name, text: &SqlText) -> Error {
        let shown = own_name(name);
        let mut d = Diagnostic::error(
            code::UNKNOWN_RELATION,
            name.span,
            format!("relation `{shown}` does not exist"),
        );
        let known: Vec<&str> = self.relations.list.iter().map(|r| r.name.as_str()).collect();
        if let Some(near) = closest(&shown, known.iter().copied()) {
            d = d.label(format!("did you mean `{near}`?")).suggest(name.span, written(near));
        } else if !known.is_empty() {
            d = d.note(format!("relations: {}", known.join(", ")));
        }
        self.sql_error(vec![d], text.sql())
    }

    pub(super) fn add(&mut self, relation: Relation) -> Outcome {
        let name = relation.name.clone();
        self.relations.list.push(relation);
        Outcome::Created(name)
    }

    /// A query that runs once must find rows in all that it reads.
    pub(super) fn check_readable(
        &self,
        pipeline: &Pipeline,
        query: &Query,
        text: &SqlText,
    ) -> Result<(), Error> {
        for name in self.leaves_of(pipeline) {
            let Some(relation) = self.relations.get(&name) else { continue };
            match &relation.body {
                Body::Pushed(_) => {
                    let what = format!("source `{name}` keeps no rows: they are pushed, and gone");
                    let d = Diagnostic::error(code::NO_HISTORY, query.span, what)
                        .help(format!("CREATE MATERIALIZED VIEW over `{name}`, and query that"));
                    return Err(self.sql_error(vec![d], text.sql()));
                }
                Body::Materialized(m) => m.check(&name)?,
                _ => {}
            }
        }
        Ok(())
    }

    /// Names of the tables, sources and materialized views that a query reads, views in between resolved.
    fn leaves_of(&self, pipeline: &Pipeline) -> Vec<String> {
        let mut open = reads(pipeline);
        let mut leaves = Vec::new();
        while let Some(name) = open.pop() {
            match self.relations.get(&name) {
                Some(Relation { body: Body::View(_), reads, .. }) => open.extend(reads.iter().cloned()),
                _ if leaves.contains(&name) => {}
                _ => leaves.push(name),
            }
        }
        leaves
    }
}

/// The last part of a name; names of several parts are refused.
fn own_name(name: &Name) -> String {
    name.parts.last().map_or_else(String::new, |p| p.value.clone())
}

fn reads(pipeline: &Pipeline) -> Vec<String> {
    pipeline.sources.iter().map(|s| s.relation.clone()).collect()
}

/// Columns and event time of a declaration.
fn declared(create: &CreateRelation) -> (Vec<Column>, Option<(usize, i64)>) {
    let columns: Vec<Column> = create
        .columns
        .iter()
        .map(|c| Column { name: c.name.value.clone().into(), ty: c.ty, nullable: c.nullable })
        .collect();
    let time = create.watermark.as_ref().and_then(|w| {
        let at = create.columns.iter().position(|c| same(&c.name, &w.column))?;
        Some((at, w.delay_ns))
    });
    (columns, time)
}

/// Whether two identifiers name the same column.
fn same(a: &Ident, b: &Ident) -> bool {
    if a.quoted || b.quoted { a.value == b.value } else { a.value.eq_ignore_ascii_case(&b.value) }
}
