//! The `laminar` command, run as a program.
#![cfg(feature = "cli")]

mod folder;
mod prompt;
mod run;
mod sqllogictest;
