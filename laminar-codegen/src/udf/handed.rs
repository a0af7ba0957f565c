//! The signature of a function as it travels between macros.

use crate::event::{FieldTy, of_sql};
use laminar_runtime::function::Typed;
use proc_macro2::Ident;
use std::fmt;
use syn::ext::IdentExt;

/// What a pipeline learns of a function.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Handed {
    /// Its name, without `r#`.
    pub name: String,
    /// Types of the arguments.
    pub args: Vec<Typed>,
    /// Type of the result.
    pub ret: Typed,
    /// Its declaration has a mistake that is reported already.
    pub broken: bool,
}

impl Handed {
    /// A function with its types.
    pub fn of(ident: &Ident, (args, ret): (Vec<Typed>, Typed)) -> Handed {
        Handed { name: ident.unraw().to_string(), args, ret, broken: false }
    }

    /// A function about which nothing is known but a mistake.
    pub fn broken(ident: &Ident) -> Handed {
        let ret = Typed { ty: laminar_runtime::schema::Ty::Bigint, nullable: true };
        Handed { name: ident.unraw().to_string(), args: Vec::new(), ret, broken: true }
    }

    /// As one string: `function mid`, then a line for the result and each argument, `DOUBLE NULL`.
    pub fn to_text(&self) -> String {
        let kind = if self.broken { "broken-function" } else { "function" };
        let mut text = format!("{kind} {}", self.name);
        for typed in std::iter::once(&self.ret).chain(&self.args) {
            let null = if typed.nullable { "NULL" } else { "NOT NULL" };
            text.push_str(&format!("\n{} {null}", typed.ty));
        }
        text
    }

    /// What [`Handed::to_text`] wrote; none where the text is of something else.
    pub fn from_text(text: &str) -> Option<Handed> {
        let mut lines = text.split('\n');
        let (kind, name) = lines.next()?.split_once(' ')?;
        let broken = match kind {
            "function" => false,
            "broken-function" => true,
            _ => return None,
        };
        let typed = |line: &str| {
            let FieldTy { ty, nullable, .. } = of_sql(line, false)?;
            Some(Typed { ty, nullable })
        };
        let ret = typed(lines.next()?)?;
        let args = lines.map(typed).collect::<Option<_>>()?;
        Some(Handed { name: name.to_owned(), args, ret, broken })
    }
}

/// `mid(DOUBLE, DOUBLE) → DOUBLE`
impl fmt::Display for Handed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let args: Vec<String> = self.args.iter().map(Typed::to_string).collect();
        write!(f, "{}({}) → {}", self.name, args.join(", "), self.ret)
    }
}
