//! SQL at run time: a [`Session`] takes statements as text, keeps tables and views, and runs queries.
//!
//! Not here: the compiler and the executors (`laminar-codegen`), the operators (`laminar-runtime`), what reads files
//! ([`crate::connector`]). Invariant: a session gives the same rows whatever executes them.

mod batch;
mod contents;
mod create;
mod describe;
mod error;
mod explain;
mod feed;
mod flow;
mod function;
mod graphs;
mod insert;
mod late;
mod modify;
mod options;
mod order;
mod pipe;
mod relation;
mod rows;
mod session;
mod source;
mod stop;
mod table;
mod typed;
mod value;

pub use batch::Batch;
pub use contents::Contents;
pub use describe::RelationInfo;
pub use error::{Error, SqlError};
pub use flow::Losses;
pub use graphs::{Graph, GraphNode, QueryGraph};
pub use laminar_codegen::diagnostic::Origin;
pub use laminar_codegen::exec::Executor;
pub use laminar_codegen::parse::ExplainMode;
pub use laminar_runtime::function::Function;
pub use rows::{Rows, TableText, is_number};
pub use session::{Outcome, Receiver, Session};
pub use stop::Stop;
pub use value::Value;

/// What a query gives: column and kind of output, as a [`Receiver`] learns them.
pub use laminar_runtime::{
    plan::OutputKind,
    schema::{Column, Ty},
};
