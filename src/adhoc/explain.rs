//! EXPLAIN.

use super::error::Error;
use super::session::Session;
use laminar_codegen::ir::Pipeline;
use laminar_codegen::parse::ExplainMode;

impl Session {
    /// A compiled query as text.
    pub(super) fn explained(&self, pipeline: &Pipeline, mode: ExplainMode) -> Result<String, Error> {
        match mode {
            ExplainMode::Text => Ok(pipeline.explain.trim_end().to_owned()),
            ExplainMode::Rust => Err(Error::Executor("EXPLAIN RUST is not part of this build".into())),
            ExplainMode::Clif => Err(Error::Executor("EXPLAIN CLIF is not part of this build".into())),
        }
    }
}
