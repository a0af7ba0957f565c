//! What generated code may name. No promise to anyone else.

pub use core::option::Option::{None, Some};
pub use laminar_macros::compile_pipeline;
pub use laminar_runtime::aggregate::*;
pub use laminar_runtime::engine::{Engine, InputCounters, OutputCounters};
pub use laminar_runtime::error::Error;
pub use laminar_runtime::event::{
    Columns, Complete, Event, EventColumns, EventTime, EventType, Field, FieldValue,
};
pub use laminar_runtime::function;
pub use laminar_runtime::fused;
pub use laminar_runtime::pipeline::cells::*;
pub use laminar_runtime::pipeline::{self, *};
pub use laminar_runtime::scalar;
pub use laminar_runtime::schema::{Column, Element, Ty};
pub use laminar_runtime::sink::{Change, Late, Rejected, Sink, Upsert};
pub use laminar_runtime::stage::{self, Cell, ColumnRef, ExprCtx, ExprFn, UpdateCtx, UpdateFn};
pub use laminar_runtime::types::{
    Arena, Array, BytesRef, Date, Decimal, Interval, Json, List, Str, TextRef, Time, Timestamp,
};
