//! A Rust function that a query may call beside those of the table: `#[udf]`, CREATE FUNCTION, `Session::register_fn`.
//!
//! The compiler knows its signature and nothing else: it is never called while a query is compiled.

use laminar_runtime::function::{Registered, Typed};
use std::fmt;

/// A Rust function.
#[derive(Clone)]
pub struct RustFn {
    /// Its name in SQL.
    pub name: String,
    /// Its path in Rust, for generated code.
    pub path: String,
    /// Types of the arguments.
    pub args: Vec<Typed>,
    /// Type of the result.
    pub ret: Typed,
    /// The function itself, for executors that run here.
    pub code: Option<Registered>,
}

impl RustFn {
    /// A function of this process.
    pub fn registered(name: &str, code: Registered) -> RustFn {
        let signature = code.signature();
        let (args, ret) = (signature.args.to_vec(), signature.ret);
        RustFn { name: name.to_owned(), path: name.to_owned(), args, ret, code: Some(code) }
    }

    /// Whether a result may be NULL although no argument that is wanted plain is.
    pub fn gives_null(&self) -> bool {
        self.ret.nullable
    }

    /// Whether the call is NULL where argument `i` is.
    pub fn is_strict(&self, i: usize) -> bool {
        !self.args[i].nullable
    }

    /// Whether its result goes to the arena.
    pub fn uses_arena(&self) -> bool {
        self.ret.ty.repr().is_reference()
    }
}

/// `mid(DOUBLE, DOUBLE) → DOUBLE`
impl fmt::Display for RustFn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let args: Vec<String> = self.args.iter().map(Typed::to_string).collect();
        write!(f, "{}({}) → {}", self.name, args.join(", "), self.ret)
    }
}

impl fmt::Debug for RustFn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Names are unique in a query.
impl PartialEq for RustFn {
    fn eq(&self, other: &RustFn) -> bool {
        self.name == other.name && self.args == other.args && self.ret == other.ret
    }
}
