//! Sources and sinks that connect pipelines with the world, each behind a feature.

#[cfg(feature = "adhoc")]
pub mod file;
#[cfg(feature = "nexmark")]
pub mod nexmark;
