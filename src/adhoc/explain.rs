//! EXPLAIN.

use super::error::Error;
use super::session::Session;
use laminar_codegen::ir::Pipeline;
use laminar_codegen::parse::ExplainMode;

impl Session {
    /// A compiled query as text.
    pub(super) fn explained(&self, pipeline: Pipeline, mode: ExplainMode) -> Result<String, Error> {
        let text = match mode {
            ExplainMode::Text => laminar_codegen::explain::explain(&pipeline),
            ExplainMode::Rust => rust(&pipeline)?,
            ExplainMode::Clif => clif(pipeline)?,
        };
        Ok(text.trim_end().to_owned())
    }
}

/// The Rust that a build would make of it.
#[cfg(feature = "cli")]
fn rust(pipeline: &Pipeline) -> Result<String, Error> {
    laminar_codegen::rust::listing(pipeline).map_err(Error::Executor)
}

#[cfg(not(feature = "cli"))]
fn rust(_: &Pipeline) -> Result<String, Error> {
    Err(Error::Executor("EXPLAIN RUST needs the feature `cli`".into()))
}

/// The code that the executor `jit` would make.
#[cfg(feature = "jit")]
fn clif(mut pipeline: Pipeline) -> Result<String, Error> {
    use laminar_codegen::clif::pipeline_text;
    use laminar_codegen::exec::{cell_layouts, read_all_columns};
    read_all_columns(&mut pipeline);
    let layouts = cell_layouts(&pipeline);
    pipeline_text(&pipeline, &layouts).map_err(|e| Error::Executor(e.to_string()))
}

#[cfg(not(feature = "jit"))]
fn clif(_: Pipeline) -> Result<String, Error> {
    Err(Error::Executor("this build has no compiler for machine code (feature `jit`)".into()))
}
