//! The operators and the engine room of Laminar.
//!
//! Knows nothing of SQL, syn or Cranelift: a [`plan::Plan`] says what to do, a [`stage::Code`] brings the
//! code of the expressions, the [`engine`] runs them.

#![deny(missing_docs)]

pub mod aggregate;
pub mod alloc;
mod checkpoint;
mod columns;
pub mod engine;
pub mod error;
pub mod event;
mod group;
/// Loops of generated code that go from a row to its group without a stage between.
pub mod fused {
    pub use crate::group::{FusedCtx, FusedFn, Groups, HASH_FACTOR, KeyWord};
}
pub mod function;
pub mod pipeline;
pub mod plan;
mod prefetch;
pub mod scalar;
pub mod schema;
pub mod sink;
pub mod stage;
pub mod types;
