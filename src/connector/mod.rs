//! Sources and sinks that connect pipelines with the world, each behind a feature.

#[cfg(feature = "nexmark")]
pub mod nexmark;
