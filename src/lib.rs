//! Laminar turns streaming SQL and annotated Rust structs into plain Rust types that process
//! events with no allocation, no lock and no system call per event.
//!
//! Not here: the compiler (`laminar-codegen`), the operators (`laminar-runtime`); this crate is their facade.

#![deny(missing_docs)]

// Generated code says `::laminar`; so do the tests inside this crate.
extern crate self as laminar;

#[doc(hidden)]
#[path = "rt.rs"]
pub mod __rt;
#[cfg(feature = "adhoc")]
pub mod adhoc;
pub mod connector;
pub mod prelude;

pub use laminar_macros::{Event, pipeline, udf};
/// Counts heap allocations, to prove that there are none.
pub use laminar_runtime::alloc;
pub use laminar_runtime::engine::{InputCounters, OutputCounters};
pub use laminar_runtime::error::{Error, RejectReason};
pub use laminar_runtime::event::{Columns, EventTime, Field};
pub use laminar_runtime::pipeline::{Builder, Handle, Pipeline, Runner, Then, then};
pub use laminar_runtime::sink::{Change, Epoch, Late, Rejected, Sink, SinkExt, Upsert};
pub use laminar_runtime::types::{Date, Decimal, Interval, Json, List, Str, Sym, Time, Timestamp};

/// A struct whose fields are the columns of a row; see the derive macro of this name.
pub use laminar_runtime::event::Event;

/// Includes what `laminar_codegen::build` made in the build script: a module of the folder's name with a struct for each
/// relation, a pipeline for each view, and the `Graph` that runs them.
#[macro_export]
macro_rules! include_pipelines {
    () => {
        include!(concat!(env!("OUT_DIR"), "/laminar.rs"));
    };
}

/// The README's program, compiled and run.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

/// The programs of the book, compiled and run.
#[cfg(doctest)]
mod book {
    #[doc = include_str!("../docs/book/quickstart.md")]
    struct Quickstart;
    #[doc = include_str!("../docs/book/doors.md")]
    struct Doors;
    #[doc = include_str!("../docs/book/time.md")]
    struct Time;
    #[doc = include_str!("../docs/book/changes.md")]
    struct Changes;
    #[doc = include_str!("../docs/book/types.md")]
    struct Types;
    #[doc = include_str!("../docs/book/functions.md")]
    struct Functions;
    #[doc = include_str!("../docs/book/errors.md")]
    struct Errors;
    #[doc = include_str!("../docs/book/running.md")]
    struct Running;
}
