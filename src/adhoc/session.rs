//! The session: SQL statements in order, and what they leave behind.

use super::batch::Batch;
use super::contents::Contents;
use super::error::{Error, SqlError};
use super::feed::feed;
use super::flow::{Arrival, Flow, Losses, Step};
use super::order::ordered;
use super::relation::{Body, Materialized, Purpose, Relations};
use super::rows::Rows;
use super::stop::Stop;
use super::value::Value;
use laminar_codegen::compile::compile;
use laminar_codegen::diagnostic::{Diagnostic, Origin};
use laminar_codegen::exec::Executor;
use laminar_codegen::ir::Pipeline;
use laminar_codegen::parse::{CreateView, ExplainMode, Query, Script, SqlText, Statement, parse_script};
use laminar_runtime::plan::OutputKind;
use laminar_runtime::schema::Column;
use std::cell::RefCell;
use std::collections::HashMap;

/// Rows of an ordered result that are given at a time.
const ROWS_A_BATCH: usize = 1024;

/// SQL at run time.
///
/// Statements run one after the other. Materialized views are kept up to date: after every statement and every
/// [`Session::push`] they hold what their queries give over all rows so far.
///
/// ```
/// use laminar::adhoc::Session;
/// let mut session = Session::new();
/// session.execute("
///     CREATE TABLE trades (symbol VARCHAR NOT NULL, price BIGINT NOT NULL);
///     CREATE MATERIALIZED VIEW best AS SELECT symbol, MAX(price) AS price FROM trades GROUP BY symbol;
///     INSERT INTO trades VALUES ('A', 3), ('B', 7), ('A', 5);
/// ")?;
/// let best = session.query("SELECT symbol FROM best WHERE price > 6")?;
/// assert_eq!(best.row(0)[0].as_str(), Some("B"));
/// # Ok::<(), laminar::adhoc::Error>(())
/// ```
pub struct Session {
    pub(super) relations: Relations,
    pub(super) executor: Executor,
    /// Where the SQL of the statement being executed stands.
    pub(super) origin: Origin,
    /// Warnings about it.
    pub(super) warnings: RefCell<Vec<Diagnostic>>,
    /// Those about the statements of the last call that nobody was told.
    told: Vec<SqlError>,
    pub(super) stop: Stop,
}

/// What a statement did.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Outcome {
    /// A relation of this name exists now.
    Created(String),
    /// The relation of this name existed already (`IF NOT EXISTS`).
    Existed(String),
    /// A relation is gone.
    Dropped(String),
    /// There was no such relation (`IF EXISTS`).
    Absent(String),
    /// So many rows were inserted.
    Inserted(u64),
    /// So many rows fulfilled the condition of an UPDATE.
    Updated(u64),
    /// So many rows were deleted.
    Deleted(u64),
    /// The result of a query, complete.
    Rows(Rows),
    /// The answer of EXPLAIN.
    Explained(String),
}

/// Takes a query of a script that is only looked at.
pub(super) type OnQuery<'a> =
    dyn FnMut(&mut Session, &Query, &SqlText, Purpose, Option<&CreateView>) -> Result<(), Error> + 'a;

/// Takes the results of queries as they come.
pub trait Receiver {
    /// A statement that runs hardly means what it says.
    fn warn(&mut self, warnings: &SqlError) {
        let _ = warnings;
    }
    /// A query begins; its results have these columns. Under [`OutputKind::Upsert`] a row of weight +1 replaces the one of its
    /// key, and one of weight −1 says that the key is gone.
    ///
    /// # Errors
    /// [`Error::Stopped`] ends the query, here and below.
    fn begin(&mut self, columns: &[Column], kind: &OutputKind) -> Result<(), Error>;
    /// The rows that follow are complete and in the order that the query asks for. Called after [`Receiver::begin`].
    fn ordered(&mut self) {}
    /// Rows come (positive weight) and go.
    ///
    /// # Errors
    /// See [`Receiver::begin`].
    fn rows(&mut self, rows: &Batch) -> Result<(), Error>;
    /// So many rows of input have been read.
    ///
    /// # Errors
    /// See [`Receiver::begin`].
    fn progress(&mut self, rows_read: u64) -> Result<(), Error> {
        let _ = rows_read;
        Ok(())
    }
    /// The query has ended; `losses` are the input rows that did not take part, if there are any.
    ///
    /// # Errors
    /// See [`Receiver::begin`].
    fn end(&mut self, losses: &[Losses]) -> Result<(), Error>;
    /// Any other statement has ended.
    ///
    /// # Errors
    /// See [`Receiver::begin`].
    fn done(&mut self, outcome: &Outcome, losses: &[Losses]) -> Result<(), Error> {
        let _ = (outcome, losses);
        Ok(())
    }
}

impl Default for Session {
    fn default() -> Session {
        let executor = if cfg!(feature = "jit") { Executor::Jit } else { Executor::Interp };
        Session {
            relations: Relations::default(),
            executor,
            origin: Origin::Query,
            warnings: RefCell::default(),
            told: Vec::new(),
            stop: Stop::default(),
        }
    }
}

impl Session {
    /// An empty session. Queries are compiled where the feature `jit` is on, else interpreted.
    pub fn new() -> Session {
        Session::default()
    }

    /// The session with another executor for the statements that follow.
    pub fn executor(self, executor: Executor) -> Session {
        Session { executor, ..self }
    }

    /// What ends a statement of this session from another thread, as long as it reads its sources. Asked while none runs, it
    /// does nothing.
    pub fn stop(&self) -> Stop {
        self.stop.clone()
    }

    /// The warnings about the statements of the last [`Session::execute`], [`Session::query`] or [`Session::explain`].
    pub fn warnings(&self) -> &[SqlError] {
        &self.told
    }

    /// Executes statements in order and returns what each did; queries give their final results.
    /// [`Session::warnings`] has what hardly means what it says.
    ///
    /// # Errors
    /// The first statement that fails; those before it have taken effect. A syntax error anywhere stops all.
    pub fn execute(&mut self, sql: &str) -> Result<Vec<Outcome>, Error> {
        let mut collect = Collect::default();
        let result = self.execute_into(sql, Origin::Query, &mut collect);
        self.told = collect.warnings;
        result.map(|()| collect.outcomes)
    }

    /// Executes statements in order; the rows of queries go to `receiver` as they come. `origin` is for messages.
    ///
    /// # Errors
    /// As [`Session::execute`]; and what the receiver returns.
    pub fn execute_into(
        &mut self,
        sql: &str,
        origin: Origin,
        receiver: &mut dyn Receiver,
    ) -> Result<(), Error> {
        self.origin = origin;
        self.stop.forget();
        let Script { statements, text } = self.parse(sql)?;
        for statement in &statements {
            // Those of a statement that failed go with it.
            self.warnings.take();
            let (outcome, losses) = match statement {
                Statement::Query(query) => {
                    self.run_query(query, &text, receiver)?;
                    continue;
                }
                Statement::CreateSource(create) => (self.create_source(create, &text)?, Vec::new()),
                Statement::CreateTable(create) => (self.create_table(create, &text)?, Vec::new()),
                Statement::CreateFunction(create) => (self.create_function(create, &text)?, Vec::new()),
                Statement::CreateView(create) => self.create_view(create, &text)?,
                Statement::CreateSink(create) => return Err(self.no_sinks(create, &text)),
                Statement::Insert(insert) => (self.insert(insert, &text)?, Vec::new()),
                Statement::Update(update) => (self.update(update, &text)?, Vec::new()),
                Statement::Delete(delete) => (self.delete(delete, &text)?, Vec::new()),
                Statement::Truncate(truncate) => (self.truncate(truncate, &text)?, Vec::new()),
                Statement::Explain(e) => {
                    let pipeline = self.compile(&e.query, &text, Purpose::Once)?;
                    (Outcome::Explained(self.explained(pipeline, e.mode)?), Vec::new())
                }
                Statement::Drop(drop) => (self.drop_relation(drop, &text)?, Vec::new()),
            };
            self.tell_warnings(&text, receiver);
            receiver.done(&outcome, &losses)?;
        }
        Ok(())
    }

    /// Hands the warnings of the statement being executed on.
    fn tell_warnings(&self, text: &SqlText, receiver: &mut dyn Receiver) {
        let diagnostics = self.warnings.take();
        if !diagnostics.is_empty() {
            let (origin, sql) = (self.origin.clone(), text.sql().to_owned());
            receiver.warn(&SqlError { diagnostics, origin, sql });
        }
    }

    /// Runs one query to the end of its input and returns its result.
    ///
    /// # Errors
    /// SQL that is not one query, or that fails.
    pub fn query(&mut self, sql: &str) -> Result<Rows, Error> {
        self.origin = Origin::Query;
        self.stop.forget();
        let (query, text) = laminar_codegen::parse::parse_query(sql).map_err(|d| self.sql_error(d, sql))?;
        let mut collect = Collect::default();
        self.warnings.take();
        let result = self.run_query(&query, &text, &mut collect);
        self.told = std::mem::take(&mut collect.warnings);
        result?;
        collect.last_rows().ok_or_else(|| Error::Typed("the query gave no result".into()))
    }

    /// What a materialized view holds now.
    ///
    /// # Errors
    /// A name that is not of a materialized view, or one that failed.
    pub fn view(&self, name: &str) -> Result<Rows, Error> {
        let relation = self.relations.find(name, false).map(|i| &self.relations.list[i]);
        match relation.map(|r| (&r.body, &r.columns)) {
            Some((Body::Materialized(m), columns)) => {
                m.check(name)?;
                Ok(Rows::new(columns.clone(), m.contents.rows()))
            }
            _ => Err(Error::Typed(format!("materialized view `{name}` does not exist"))),
        }
    }

    /// Explains the queries of a script, those of its views included, and runs nothing: sources are not opened.
    ///
    /// # Errors
    /// SQL that does not compile.
    pub fn explain(&mut self, sql: &str, origin: Origin, mode: ExplainMode) -> Result<Vec<String>, Error> {
        let (mut explained, mut collect) = (Vec::new(), Collect::default());
        self.warnings.take();
        let result = self.each_query(sql, origin, &mut |session, query, text, purpose, _| {
            let pipeline = session.compile(query, text, purpose)?;
            session.tell_warnings(text, &mut collect);
            explained.push(session.explained(pipeline, mode)?);
            Ok(())
        });
        self.told = collect.warnings;
        result.map(|()| explained)
    }

    /// Declares what a script declares, and hands its queries on, those of its views included; the last argument is what
    /// creates the view. Nothing runs.
    pub(super) fn each_query(
        &mut self,
        sql: &str,
        origin: Origin,
        on_query: &mut OnQuery<'_>,
    ) -> Result<(), Error> {
        self.origin = origin;
        let Script { statements, text } = self.parse(sql)?;
        for statement in &statements {
            let (query, purpose, view) = match statement {
                Statement::CreateSource(create) => {
                    self.declare_source(create, &text)?;
                    continue;
                }
                Statement::CreateTable(create) => {
                    self.create_table(create, &text)?;
                    continue;
                }
                Statement::CreateFunction(create) => {
                    self.declare_function(create, &text)?;
                    continue;
                }
                Statement::CreateView(create) => {
                    self.declare_view(create, &text)?;
                    (&create.query, Purpose::Kept, Some(create))
                }
                Statement::CreateSink(create) => return Err(self.no_sinks(create, &text)),
                Statement::Query(query) => (query, Purpose::Once, None),
                Statement::Explain(e) => (&e.query, Purpose::Once, None),
                Statement::Insert(_)
                | Statement::Update(_)
                | Statement::Delete(_)
                | Statement::Truncate(_)
                | Statement::Drop(_) => continue,
            };
            on_query(self, query, &text, purpose, view)?;
        }
        Ok(())
    }

    fn parse(&self, sql: &str) -> Result<Script, Error> {
        let (script, diagnostics) = parse_script(sql);
        if diagnostics.iter().any(Diagnostic::is_error) {
            return Err(self.sql_error(diagnostics, sql));
        }
        Ok(script)
    }

    /// Compiles a query of the statement being executed.
    pub(super) fn compile(&self, query: &Query, text: &SqlText, purpose: Purpose) -> Result<Pipeline, Error> {
        let (pipeline, diagnostics) = compile(query, text, &self.relations.catalog(purpose), "query");
        let Some(mut pipeline) = pipeline else { return Err(self.sql_error(diagnostics, text.sql())) };
        self.warnings.borrow_mut().extend(diagnostics);
        self.check_late(query, &pipeline, purpose, text)?;
        // Of the whole text only this statement.
        pipeline.sql = text.text(query.span).to_owned();
        Ok(pipeline)
    }

    pub(super) fn sql_error(&self, diagnostics: Vec<Diagnostic>, sql: &str) -> Error {
        Error::Sql(Box::new(SqlError { diagnostics, origin: self.origin.clone(), sql: sql.to_owned() }))
    }

    fn run_query(&mut self, query: &Query, text: &SqlText, receiver: &mut dyn Receiver) -> Result<(), Error> {
        let pipeline = self.compile(query, text, Purpose::Once)?;
        self.check_readable(&pipeline, query, text)?;
        self.tell_warnings(text, receiver);
        let origin = self.origin.clone();
        let placed = |e: Error| e.placed(&origin, text.sql());
        let (order, in_order) = (pipeline.order.clone(), pipeline.plan.order.is_some());
        let late_to = pipeline.late_to.clone();
        let mut flow = Flow::start(pipeline, &self.relations, Purpose::Once, self.executor)?;
        self.route_late(&mut flow, late_to.as_deref());
        let Some(order) = order else {
            receiver.begin(&flow.columns.clone(), &flow.output.clone())?;
            if in_order {
                receiver.ordered();
            }
            let mut on_step = |step: Step, rows_read| {
                if let Some(rows) = &step.rows {
                    receiver.rows(rows)?;
                }
                receiver.progress(rows_read)
            };
            let result =
                feed(&mut flow, &self.relations, Purpose::Once, &self.stop, &mut on_step).map_err(placed);
            let losses = self.take_late(flow.take_late(), result)?;
            return receiver.end(&losses);
        };
        let columns = flow.columns[..flow.columns.len() - order.hidden as usize].to_vec();
        receiver.begin(&columns, &OutputKind::Append)?;
        receiver.ordered();
        let mut contents = Contents::new(&flow.columns, &flow.output);
        let mut on_step = |step: Step, rows_read| {
            if let Some(rows) = &step.rows {
                contents.take(rows)?;
            }
            receiver.progress(rows_read)
        };
        let result =
            feed(&mut flow, &self.relations, Purpose::Once, &self.stop, &mut on_step).map_err(placed);
        let losses = self.take_late(flow.take_late(), result)?;
        for rows in ordered(contents.rows(), &order).chunks(ROWS_A_BATCH) {
            let mut batch = Batch::new(&columns);
            rows.iter().for_each(|row| batch.push(row, 1));
            receiver.rows(&batch)?;
            if self.stop.is_asked() {
                return Err(Error::Stopped);
            }
        }
        receiver.end(&losses)
    }

    /// Takes a step of a relation to all materialized views that read it, directly or through others.
    ///
    /// # Errors
    /// A row that fails under `on_error = fail`; the view has then taken the rows before it, other views all.
    pub(super) fn deliver(&mut self, name: &str, arrival: Arrival<'_>) -> Result<(), Error> {
        let mut given: HashMap<String, Step> = HashMap::new();
        let (mut error, mut late) = (None, Vec::new());
        // A view reads only what was there before it.
        for relation in &mut self.relations.list {
            let Body::Materialized(view) = &mut relation.body else { continue };
            if view.failed.is_some() {
                continue;
            }
            let mut out = Vec::new();
            for leaf in 0..view.flow.leaves.len() {
                let leaf_name = &view.flow.leaves[leaf].name;
                let arrival = match given.get(leaf_name) {
                    Some(step) => step.arrival(),
                    None if leaf_name == name => arrival,
                    None => continue,
                };
                let mut step = view.step(leaf, arrival);
                let placed = |e: Error| e.placed(&view.view.origin, view.view.text.sql());
                error = error.or(step.error.take().map(placed));
                out.push(step);
            }
            late.extend(view.flow.take_late());
            if let Some(step) = joined(out) {
                given.insert(relation.name.clone(), step);
            }
        }
        self.take_late(late, error.map_or(Ok(()), Err))
    }
}

/// Several steps as one.
fn joined(steps: Vec<Step>) -> Option<Step> {
    let mut steps = steps.into_iter();
    let mut first = steps.next()?;
    for step in steps {
        match (&mut first.rows, step.rows) {
            (Some(rows), Some(more)) => {
                (0..more.len()).for_each(|r| rows.push_from(&more, r, more.weight(r)))
            }
            (none, more @ Some(_)) => *none = more,
            (_, None) => {}
        }
        first.watermark = first.watermark.max(step.watermark);
        first.finished |= step.finished;
    }
    Some(first)
}

impl Materialized {
    /// Takes a step of a leaf; what comes out has gone into the contents.
    pub fn step(&mut self, leaf: usize, arrival: Arrival<'_>) -> Step {
        let mut step = self.flow.step(leaf, arrival);
        match step.rows.take().map(|rows| self.contents.apply(rows)) {
            Some(Ok(rows)) => step.rows = Some(rows).filter(|rows| !rows.is_empty()),
            Some(Err(e)) => step.error = Some(e.into()),
            None => {}
        }
        step
    }

    /// # Errors
    /// A view that is no longer kept up to date.
    pub fn check(&self, name: &str) -> Result<(), Error> {
        match &self.failed {
            None => Ok(()),
            Some(why) => Err(Error::Typed(format!(
                "materialized view `{name}` has stopped: {why}\nhelp: DROP it and create it again"
            ))),
        }
    }
}

/// Collects final results.
#[derive(Default)]
struct Collect {
    outcomes: Vec<Outcome>,
    warnings: Vec<SqlError>,
    current: Option<(Vec<Column>, Contents)>,
    /// Rows that keep their order.
    listed: Option<Vec<Vec<Value>>>,
}

impl Collect {
    fn last_rows(self) -> Option<Rows> {
        match self.outcomes.into_iter().next_back() {
            Some(Outcome::Rows(rows)) => Some(rows),
            _ => None,
        }
    }
}

impl Receiver for Collect {
    fn warn(&mut self, warnings: &SqlError) {
        self.warnings.push(warnings.clone());
    }

    fn begin(&mut self, columns: &[Column], kind: &OutputKind) -> Result<(), Error> {
        self.current = Some((columns.to_vec(), Contents::new(columns, kind)));
        self.listed = None;
        Ok(())
    }

    fn ordered(&mut self) {
        self.listed = Some(Vec::new());
    }

    fn rows(&mut self, rows: &Batch) -> Result<(), Error> {
        match (&mut self.listed, &mut self.current) {
            (Some(listed), _) => listed.extend((0..rows.len()).map(|at| rows.row(at))),
            (None, Some((_, contents))) => contents.take(rows)?,
            (None, None) => {}
        }
        Ok(())
    }

    fn end(&mut self, _: &[Losses]) -> Result<(), Error> {
        if let Some((columns, contents)) = self.current.take() {
            let rows = self.listed.take().unwrap_or_else(|| contents.rows());
            self.outcomes.push(Outcome::Rows(Rows::new(columns, rows)));
        }
        Ok(())
    }

    fn done(&mut self, outcome: &Outcome, _: &[Losses]) -> Result<(), Error> {
        self.outcomes.push(outcome.clone());
        Ok(())
    }
}
