//! Rust functions in the SQL of a session.

use super::error::Error;
use super::session::{Outcome, Session};
use laminar_codegen::bind::rust_call::is_taken;
use laminar_codegen::diagnostic::{Diagnostic, code};
use laminar_codegen::functions::RustFn;
use laminar_codegen::parse::{CreateFunction, SqlText};
use laminar_runtime::function::{Function, Registered};
use std::sync::Arc;

impl Session {
    /// Makes a Rust function one of SQL's, for the statements that follow.
    ///
    /// It takes up to eight arguments of the types that a field can have, and `&str` and `&[u8]`. With an argument that is no
    /// `Option` it is strict: where the value is NULL, so is the result, and it is not called. An `Err` or a panic rejects
    /// the row, as a division by zero does. Its result should depend on its arguments alone: it is called once for equal calls in
    /// a row, and again where a row is retracted or a view is built anew.
    ///
    /// ```
    /// use laminar::adhoc::Session;
    /// let mut session = Session::new();
    /// session.register_fn("mid", |bid: f64, ask: f64| (bid + ask) / 2.0)?;
    /// session.execute("
    ///     CREATE TABLE quotes (bid DOUBLE NOT NULL, ask DOUBLE NOT NULL);
    ///     INSERT INTO quotes VALUES (99, 101);
    /// ")?;
    /// assert_eq!(session.query("SELECT mid(bid, ask) FROM quotes")?.row(0)[0].as_f64(), Some(100.0));
    /// # Ok::<(), laminar::adhoc::Error>(())
    /// ```
    ///
    /// # Errors
    /// An empty name, one with a NUL in it, one that is SQL's own, or one that is taken.
    pub fn register_fn<M, F>(&mut self, name: &str, function: F) -> Result<(), Error>
    where
        F: Function<M> + Send + Sync + 'static,
    {
        if name.is_empty() || name.contains('\0') {
            return Err(Error::Typed(format!("`{name}` cannot be the name of a function")));
        }
        if is_taken(name) {
            return Err(Error::Typed(format!("`{name}` is a function of SQL: choose another name")));
        }
        if self.relations.functions.iter().any(|f| f.name.eq_ignore_ascii_case(name)) {
            return Err(Error::Typed(format!("function `{name}` exists already")));
        }
        self.relations.functions.push(Arc::new(RustFn::registered(name, Registered::new(function))));
        Ok(())
    }

    /// A function that is registered already, so that what a build script reads runs in a session, too.
    pub(super) fn create_function(
        &mut self,
        create: &CreateFunction,
        text: &SqlText,
    ) -> Result<Outcome, Error> {
        if self.is_registered(create, text)? {
            return Ok(Outcome::Existed(create.name.value.clone()));
        }
        let what = format!("a session cannot find the Rust function `{}`", create.path);
        let help =
            format!("register it first: session.register_fn(\"{}\", {})", create.name.value, create.path);
        let d = Diagnostic::error(code::NOT_IN_SESSION, create.span, what).help(help);
        Err(self.sql_error(vec![d], text.sql()))
    }

    /// Where nothing runs, a function needs no code.
    pub(super) fn declare_function(&mut self, create: &CreateFunction, text: &SqlText) -> Result<(), Error> {
        if !self.is_registered(create, text)? {
            self.relations.functions.push(Arc::new(create.function()));
        }
        Ok(())
    }

    /// Whether a function of these types is registered under the name.
    fn is_registered(&self, create: &CreateFunction, text: &SqlText) -> Result<bool, Error> {
        let name = create.name.value.clone();
        let what = if is_taken(&name) {
            format!("`{name}` is a function of SQL")
        } else {
            let existing = self.relations.functions.iter().find(|f| f.name.eq_ignore_ascii_case(&name));
            match existing {
                // One that has its code is found by its name.
                Some(f) if f.code.is_none() && f.path != create.path => {
                    format!("function `{name}` exists already, as `{}`", f.path)
                }
                Some(f) if (&f.args, f.ret) == (&create.args, create.ret) => return Ok(true),
                Some(f) => format!("function `{name}` exists already, with other types: {f}"),
                None => return Ok(false),
            }
        };
        let d = Diagnostic::error(code::FUNCTION_EXISTS, create.name.span, what).help("choose another name");
        Err(self.sql_error(vec![d], text.sql()))
    }
}
