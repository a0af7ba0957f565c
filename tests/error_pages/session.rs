//! What a session says about statements.

use super::page;
use laminar::adhoc::{Batch, Column, Error, Losses, Origin, OutputKind, Receiver, Session, SqlError};
use laminar::prelude::*;
use laminar_codegen::diagnostic::Diagnostic;

/// A source whose rows are pushed.
#[derive(Event, Clone)]
pub struct Ticks {
    pub symbol: Sym,
    pub price: f64,
}

/// The tables that the pages read.
fn prepared() -> Session {
    let index = page::read("README.md");
    let prelude = page::blocks(&index).into_iter().find(|(info, _)| info == "sql prelude");
    let mut session = Session::new().executor(laminar::adhoc::Executor::Interp);
    session.execute(&prelude.expect("the index has a prelude").1).expect("the prelude runs");
    session.register::<Ticks>().expect("a name that is free");
    session
}

/// All errors and warnings about statements.
pub fn diagnostics(sql: &str) -> Vec<Diagnostic> {
    let mut told = Told::default();
    match prepared().execute_into(sql, Origin::Query, &mut told) {
        Ok(()) => {}
        Err(Error::Sql(e)) => told.0.extend(e.diagnostics.iter().filter(|d| d.is_error()).cloned()),
        Err(other) => panic!("{sql}\n{other}"),
    }
    told.0
}

/// Their codes, each once.
pub fn codes(sql: &str) -> Vec<String> {
    let mut codes: Vec<_> = diagnostics(sql).iter().map(|d| d.code.0.to_string()).collect();
    codes.dedup();
    codes
}

/// Notes warnings.
#[derive(Default)]
pub struct Told(pub Vec<Diagnostic>);

impl Receiver for Told {
    fn warn(&mut self, warnings: &SqlError) {
        self.0.extend(warnings.diagnostics.iter().cloned());
    }

    fn begin(&mut self, _: &[Column], _: &OutputKind) -> Result<(), Error> {
        Ok(())
    }

    fn rows(&mut self, _: &Batch) -> Result<(), Error> {
        Ok(())
    }

    fn end(&mut self, _: &[Losses]) -> Result<(), Error> {
        Ok(())
    }
}
