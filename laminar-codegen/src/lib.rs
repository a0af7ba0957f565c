//! The Laminar compiler: SQL text and event schemas in, pipeline IR out, and from there Rust,
//! machine code or an interpreter.

#![deny(missing_docs)]

pub mod bind;
#[cfg(feature = "build")]
pub mod build;
pub mod casts;
pub mod catalog;
#[cfg(feature = "jit")]
pub mod clif;
pub mod compile;
pub mod diagnostic;
pub mod event;
#[cfg(feature = "exec")]
pub mod exec;
pub mod explain;
pub mod functions;
#[cfg(feature = "exec")]
pub mod interp;
pub mod ir;
mod lower;
pub mod parse;
pub mod pipeline_macro;
pub mod plan;
pub mod rust;
pub mod sir;
pub mod udf;

#[cfg(feature = "build")]
pub use build::build;
