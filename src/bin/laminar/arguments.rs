//! Command-line arguments.

use clap::{Args, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;

/// Streaming SQL from the shell.
#[derive(Debug, Parser)]
#[command(name = "laminar", version, about)]
pub struct Arguments {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// The subcommands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Run the statements of a file in order and print the rows of its queries
    Run(Run),
    /// Show how the queries of a file are executed, or what a diagnostic means (L0203)
    Explain(Explain),
    /// A prompt for SQL; in a pipe, statements from standard input
    Sql(Sql),
    /// Make a project that runs
    New(New),
    /// Run sqllogictest files and compare the results
    Test(Test),
    /// List the functions that SQL can call
    Functions(Functions),
}

/// `laminar run`
#[derive(Debug, Args)]
pub struct Run {
    /// SQL file; paths in it are relative to the current directory
    pub file: PathBuf,
    /// How to print rows
    #[arg(long, value_enum, default_value_t = Format::Table)]
    pub format: Format,
    /// Print each query's final result once, instead of rows as they come
    #[arg(long = "final")]
    pub finally: bool,
    /// What runs the expressions; default: jit where compiled in
    #[arg(long, value_enum)]
    pub executor: Option<Executor>,
}

/// How rows are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// Aligned columns
    Table,
    /// Comma-separated values with a header
    Csv,
    /// One JSON object a line
    Json,
}

/// What runs the expressions of a query.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Executor {
    /// Compiled to machine code
    Jit,
    /// Interpreted
    Interp,
}

/// `laminar explain`
#[derive(Debug, Args)]
pub struct Explain {
    /// SQL file, or the code of a diagnostic
    pub file: PathBuf,
    /// What to show
    #[arg(long, value_enum, default_value_t = Form::Text)]
    pub format: Form,
}

/// What `explain` shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Form {
    /// The plan, each node with its properties
    Text,
    /// The Rust that a build generates
    Rust,
    /// Cranelift's code
    Clif,
    /// A drawing of all queries for Graphviz
    Dot,
    /// A drawing of all queries for Mermaid
    Mermaid,
    /// A drawing of all queries
    Svg,
}

/// `laminar sql`
#[derive(Debug, Args)]
pub struct Sql {
    /// How to print rows
    #[arg(long, value_enum, default_value_t = Format::Table)]
    pub mode: Format,
    /// What runs the expressions; default: jit where compiled in
    #[arg(long, value_enum)]
    pub executor: Option<Executor>,
    /// In a pipe: go on after an error; the exit code still tells
    #[arg(long)]
    pub keep_going: bool,
    /// At a terminal: neither read nor write the history
    #[arg(long)]
    pub no_history: bool,
}

/// `laminar new`
#[derive(Debug, Args)]
pub struct New {
    /// Name of the project and of its folder
    pub name: String,
    /// A checkout of Laminar to depend on; default: the released version
    #[arg(long, value_name = "DIR")]
    pub path: Option<PathBuf>,
}

/// `laminar functions`
#[derive(Debug, Args)]
pub struct Functions {
    /// Part of a name
    pub pattern: Option<String>,
}

/// `laminar test`
#[derive(Debug, Args)]
pub struct Test {
    /// Files, and folders in which files end in `.slt` or `.test`
    #[arg(required = true)]
    pub paths: Vec<PathBuf>,
    /// What runs the expressions: every file runs once on each
    #[arg(long, value_enum, default_value_t = TestExecutor::Both)]
    pub executor: TestExecutor,
    /// Seconds that a record may take
    #[arg(long, value_name = "SECONDS", default_value_t = 300.0)]
    pub timeout: f64,
    /// The files are of another engine: an expected error may have any text, and a DECIMAL any zeros at its end
    #[arg(long)]
    pub foreign: bool,
    /// Write a report in JUnit's XML to this file
    #[arg(long, value_name = "FILE")]
    pub junit: Option<PathBuf>,
}

/// What `test` runs files on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum TestExecutor {
    /// Compiled to machine code
    Jit,
    /// Interpreted
    Interp,
    /// Both, where the first is compiled in
    Both,
}
