//! What a program that declares events and pipelines names: `use laminar::prelude::*;`.

pub use crate::{
    Change, Decimal, Error, Event, Interval, Late, Rejected, Sink, SinkExt, Str, Sym, Timestamp, Upsert,
    pipeline,
};
