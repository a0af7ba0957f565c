//! The plans of a script as graphs, for those who draw them.

use super::error::Error;
use super::session::Session;
use laminar_codegen::compile::graph;
use laminar_codegen::diagnostic::Origin;
use laminar_codegen::parse::ViewKind;

pub use laminar_codegen::plan::{Graph, GraphNode};

/// The plan of one query of a script.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct QueryGraph {
    /// Name of the view that it is the query of.
    pub view: Option<String>,
    /// `query`, `view`, `stream`, `materialized view`.
    pub kind: &'static str,
    /// What comes out: rows, changes, upserts.
    pub output: String,
    /// The plan.
    pub graph: Graph,
}

impl Session {
    /// The plans of the queries of a script, those of its views included; runs nothing.
    ///
    /// # Errors
    /// SQL that does not compile.
    pub fn graphs(&mut self, sql: &str, origin: Origin) -> Result<Vec<QueryGraph>, Error> {
        let mut graphs = Vec::new();
        self.each_query(sql, origin, &mut |session, query, text, purpose, view| {
            let pipeline = session.compile(query, text, purpose)?;
            let output = laminar_codegen::explain::output(&pipeline.plan);
            let catalog = session.relations.catalog(purpose);
            let graph = graph(query, text, &catalog).map_err(|d| session.sql_error(d, text.sql()))?;
            let kind = match view.map(|v| v.kind) {
                None => "query",
                Some(ViewKind::View) => "view",
                Some(ViewKind::Stream) => "stream",
                Some(ViewKind::MaterializedView) => "materialized view",
            };
            let view = view.and_then(|v| v.name.parts.last()).map(|part| part.value.clone());
            graphs.push(QueryGraph { view, kind, output, graph });
            Ok(())
        })?;
        Ok(graphs)
    }
}
