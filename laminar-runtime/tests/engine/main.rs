//! The engine under hand-made plans, against models that take one row at a time and keep everything.

mod changes;
mod errors;
mod finals;
mod native;
mod nested;
mod program;
mod retract;
mod sink;
mod snapshots;
mod union;
mod windows;
