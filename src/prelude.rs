//! What a program that declares events and pipelines names: `use laminar::prelude::*;`.

pub use crate::{
    Change, Date, Decimal, Error, Event, Interval, Json, Late, List, Rejected, Sink, SinkExt, Str, Sym, Time,
    Timestamp, Upsert, pipeline, udf,
};
