//! A query together with the views it reads: a graph of running pipelines.
//!
//! A view that is not materialized becomes a pipeline of its own here; tables, sources and materialized views are the
//! *leaves*, where the session puts rows in. Invariant: pipelines come after those they read, so that one pass in order moves
//! rows and watermarks from the leaves to the result, and every pipeline sees each input once a step.

use super::batch::Batch;
use super::contents::Contents;
use super::error::Error;
use super::late::Late;
use super::pipe::{Pipe, Report};
use super::relation::{Body, Purpose, Relations};
use laminar_codegen::exec::Executor;
use laminar_codegen::ir::Pipeline;
use laminar_runtime::plan::OutputKind;
use laminar_runtime::schema::Column;
use laminar_runtime::types::Timestamp;

/// Pipelines that end in one result.
pub(super) struct Flow {
    nodes: Vec<Node>,
    pub leaves: Vec<Leaf>,
    /// Columns of the result.
    pub columns: Vec<Column>,
    /// What a row of the result is.
    pub output: OutputKind,
    /// The table that takes rows that are late for the query, and its columns.
    late: Option<(String, Vec<Column>)>,
}

/// A running pipeline.
struct Node {
    /// Name of the view that it computes; none for the query itself.
    view: Option<String>,
    pipe: Pipe,
    inputs: Vec<Input>,
    /// Turns upserts into rows that come and go, for those who read this.
    contents: Option<Contents>,
    begun: bool,
    finished: bool,
}

/// An input of a node.
struct Input {
    from: From,
    finished: bool,
}

/// Where the rows of an input come from.
#[derive(Clone, Copy, PartialEq, Eq)]
enum From {
    Leaf(usize),
    Node(usize),
}

/// A relation whose rows the session brings.
pub(super) struct Leaf {
    pub name: String,
    pub columns: Vec<Column>,
    /// Event time: index of the column and delay in ns.
    pub time: Option<(usize, i64)>,
}

/// What comes into a leaf.
#[derive(Clone, Copy, Default)]
pub(super) struct Arrival<'a> {
    /// Rows that come and go.
    pub rows: Option<&'a Batch>,
    /// The watermark after them.
    pub watermark: Option<Timestamp>,
    /// Nothing comes after this.
    pub finished: bool,
}

/// What comes out of a flow.
#[derive(Debug, Default)]
pub(super) struct Step {
    /// Rows that come and go.
    pub rows: Option<Batch>,
    /// The watermark after them.
    pub watermark: Option<Timestamp>,
    /// Nothing comes after this.
    pub finished: bool,
    /// What went wrong; the rows before it are above.
    pub error: Option<Error>,
}

impl Step {
    /// As an input of whoever reads this.
    pub fn arrival(&self) -> Arrival<'_> {
        Arrival { rows: self.rows.as_ref(), watermark: self.watermark, finished: self.finished }
    }
}

/// What became of the rows of an input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Losses {
    /// Name of the input.
    pub input: String,
    /// Rows that came after their windows were closed.
    pub late: u64,
    /// Rows that failed and were skipped.
    pub rejected: u64,
}

impl Flow {
    /// Starts a compiled query and the views it reads.
    pub fn start(
        pipeline: Pipeline,
        relations: &Relations,
        purpose: Purpose,
        executor: Executor,
    ) -> Result<Flow, Error> {
        let (columns, output) = (pipeline.plan.columns.to_vec(), pipeline.plan.output.clone());
        let mut flow = Flow { nodes: Vec::new(), leaves: Vec::new(), columns, output, late: None };
        flow.add(None, pipeline, relations, purpose, executor)?;
        Ok(flow)
    }

    /// Adds a pipeline after those that it reads; returns its index.
    fn add(
        &mut self,
        view: Option<String>,
        pipeline: Pipeline,
        relations: &Relations,
        purpose: Purpose,
        executor: Executor,
    ) -> Result<usize, Error> {
        let mut inputs = Vec::new();
        for source in &pipeline.sources {
            let name = &source.relation;
            let from = match relations.get(name).map(|r| &r.body) {
                Some(Body::View(v)) => match self.nodes.iter().position(|n| n.view.as_ref() == Some(name)) {
                    Some(node) => From::Node(node),
                    None => {
                        let inner = relations.compile(name, v, purpose).map_err(|d| v.error(d))?;
                        let node = self.add(Some(name.clone()), inner, relations, purpose, executor)?;
                        From::Node(node)
                    }
                },
                _ => From::Leaf(match self.leaf(name) {
                    Some(leaf) => leaf,
                    None => {
                        let columns = source.columns.iter().map(|c| c.column.clone()).collect();
                        let time = source.time;
                        self.leaves.push(Leaf { name: name.clone(), columns, time });
                        self.leaves.len() - 1
                    }
                }),
            };
            inputs.push(Input { from, finished: false });
        }
        let plan = &pipeline.plan;
        let contents = (view.is_some() && matches!(plan.output, OutputKind::Upsert { .. }))
            .then(|| Contents::new(&plan.columns, &plan.output));
        let pipe = Pipe::new(pipeline, executor)?;
        self.nodes.push(Node { view, pipe, inputs, contents, begun: false, finished: false });
        Ok(self.nodes.len() - 1)
    }

    /// Keeps rows that are late for the query, for a table of these columns.
    pub fn keep_late(&mut self, table: &str, columns: &[Column]) {
        self.late = Some((table.to_owned(), columns.to_vec()));
        if let Some(query) = self.nodes.last_mut() {
            query.pipe.keep_late(columns);
        }
    }

    /// The table that takes late rows.
    pub fn late_table(&self) -> Option<&str> {
        self.late.as_ref().map(|(table, _)| table.as_str())
    }

    /// Late rows since the last time.
    pub fn take_late(&mut self) -> Option<Late> {
        let (table, columns) = self.late.as_ref()?;
        let rows = self.nodes.last_mut()?.pipe.take_late(columns)?;
        Some(Late { table: table.clone(), rows })
    }

    /// The leaf that is a relation of that name.
    pub fn leaf(&self, name: &str) -> Option<usize> {
        self.leaves.iter().position(|l| l.name == name)
    }

    /// A step before any row: what is there without one, such as a count of zero.
    pub fn begin(&mut self) -> Step {
        self.step(usize::MAX, Arrival::default())
    }

    /// Puts a step into a leaf and gives what comes out, up to the first row that fails under `on_error = fail`.
    pub fn step(&mut self, leaf: usize, arrival: Arrival<'_>) -> Step {
        let mut given: Vec<Step> = Vec::with_capacity(self.nodes.len());
        let mut error = None;
        for node in &mut self.nodes {
            for source in 0..node.inputs.len() {
                let arrival = match node.inputs[source].from {
                    From::Leaf(l) if l == leaf => arrival,
                    From::Leaf(_) => continue,
                    From::Node(n) => given[n].arrival(),
                };
                // After an error the other pipelines go on with what there is.
                error = error.or(node.put(source, arrival).err());
            }
            let mut step = node.take().unwrap_or_else(|e| Step { error: Some(e), ..Step::default() });
            error = error.or(step.error.take());
            given.push(step);
        }
        Step { error, ..given.pop().unwrap_or_default() }
    }

    /// Whether nothing can come out any more.
    pub fn is_finished(&self) -> bool {
        self.nodes.last().is_none_or(|n| n.finished)
    }

    /// Rows of each input that did not take part; only inputs where there are any.
    pub fn losses(&self) -> Vec<Losses> {
        let mut losses = Vec::new();
        for node in &self.nodes {
            for Report { input, counters } in node.pipe.reports() {
                if counters.late + counters.rejected > 0 {
                    losses.push(Losses { input, late: counters.late, rejected: counters.rejected });
                }
            }
            let rejected = node.pipe.results_rejected();
            if rejected > 0 {
                let input = format!("results of {}", node.view.as_deref().unwrap_or("the query"));
                losses.push(Losses { input, late: 0, rejected });
            }
        }
        losses
    }
}

impl Node {
    fn put(&mut self, source: usize, arrival: Arrival<'_>) -> Result<(), Error> {
        let (at, input) = (source as u32, &mut self.inputs[source]);
        if let Some(rows) = arrival.rows {
            self.pipe.process(at, rows)?;
        }
        if let Some(w) = arrival.watermark.filter(|_| !arrival.finished) {
            self.pipe.watermark(at, w)?;
        }
        if arrival.finished && !std::mem::replace(&mut input.finished, true) {
            self.pipe.finish_source(at)?;
        }
        Ok(())
    }

    /// What the pipeline has given since the last step.
    fn take(&mut self) -> Result<Step, Error> {
        let mut finished = false;
        let mut error = None;
        if !std::mem::replace(&mut self.begun, true) {
            self.pipe.begin()?;
        }
        if !self.finished && self.inputs.iter().all(|i| i.finished) {
            error = self.pipe.finish().err();
            (self.finished, finished) = (true, true);
        }
        let (mut rows, watermark) = self.pipe.take();
        if let Some(contents) = &mut self.contents {
            rows = rows.map(|batch| contents.apply(batch)).transpose()?;
        }
        Ok(Step { rows: rows.filter(|r| !r.is_empty()), watermark, finished, error })
    }
}
