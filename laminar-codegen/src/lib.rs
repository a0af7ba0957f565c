//! The Laminar compiler: SQL text and event schemas in, pipeline IR out, and from there Rust,
//! machine code or an interpreter.

pub mod catalog;
pub mod diagnostic;
pub mod ir;
pub mod parse;
pub mod sir;
