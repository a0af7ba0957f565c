//! The `laminar` command, run as a program.
#![cfg(feature = "cli")]

mod folder;
mod run;
mod sqllogictest;
