//! Placeholder.

pub mod connector;
