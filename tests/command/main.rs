//! The `laminar` command, run as a program.
#![cfg(feature = "cli")]

mod explain;
mod folder;
mod project;
mod prompt;
mod run;
mod sqllogictest;
