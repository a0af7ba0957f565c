//! The pipelines of `pipelines/*.sql`, and tests of the graph that runs them.

laminar::include_pipelines!();
