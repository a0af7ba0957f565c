//! SQL cases that every executor must answer alike.
//!
//! The build script compiles all cases ahead of time; `tests/corpus.rs` runs each of them so, by the JIT, by the
//! interpreter, and by SQLite. Not here: what a failing row or a wrong query gives (the tests of the crates).

pub mod aot;
pub mod cases;
pub mod rows;
pub mod run;
pub mod value;
