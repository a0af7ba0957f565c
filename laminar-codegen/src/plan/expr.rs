//! Typed scalar expressions: names resolved, operands coerced, functions chosen.

use crate::diagnostic::Span;
use crate::functions::{RustFn, ScalarFn};
use crate::sir::CmpOp;
use laminar_runtime::schema::Ty;
use laminar_runtime::types::Interval;
use std::sync::Arc;

/// A typed expression. Equality ignores the place.
#[derive(Clone, Debug)]
pub struct Expr {
    /// What it computes.
    pub kind: Kind,
    /// Its type; none for a bare NULL and after an error.
    pub ty: Option<Ty>,
    /// Whether NULL may occur.
    pub nullable: bool,
    /// Where it stands in the SQL.
    pub span: Span,
}

impl PartialEq for Expr {
    fn eq(&self, other: &Expr) -> bool {
        self.kind == other.kind && self.ty == other.ty
    }
}

/// A constant.
#[derive(Clone, Debug)]
pub enum Literal {
    /// BOOLEAN
    Bool(bool),
    /// SMALLINT, INTEGER, BIGINT, TIMESTAMP, DATE, TIME, or the mantissa of a DECIMAL up to 18 digits
    Int(i64),
    /// The mantissa of a DECIMAL above 18 digits, UUID
    Wide(i128),
    /// REAL, DOUBLE
    Float(f64),
    /// VARCHAR, JSON
    Text(String),
    /// BYTEA, and the bytes of an array
    Bytes(Vec<u8>),
    /// INTERVAL
    Interval(Interval),
}

impl PartialEq for Literal {
    /// Whether both are the same constant: −0 is not 0, as 1/−0 is not 1/0.
    fn eq(&self, other: &Literal) -> bool {
        use Literal::*;
        match (self, other) {
            (Bool(a), Bool(b)) => a == b,
            (Int(a), Int(b)) => a == b,
            (Wide(a), Wide(b)) => a == b,
            (Bytes(a), Bytes(b)) => a == b,
            (Float(a), Float(b)) => a.to_bits() == b.to_bits(),
            (Text(a), Text(b)) => a == b,
            (Interval(a), Interval(b)) => a == b,
            _ => false,
        }
    }
}

/// Arithmetic on two operands of the kinds named.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ArithOp {
    /// `+`
    Add,
    /// `-`
    Sub,
    /// `*`
    Mul,
    /// `/`
    Div,
    /// `%`
    Rem,
}

impl ArithOp {
    /// The operator as written.
    pub const fn symbol(self) -> &'static str {
        match self {
            ArithOp::Add => "+",
            ArithOp::Sub => "-",
            ArithOp::Mul => "*",
            ArithOp::Div => "/",
            ArithOp::Rem => "%",
        }
    }
}

/// What NULL has a meaning in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// `NULLIF(a, b)`; `b` has the type in which both are compared.
    NullIf,
    /// `GREATEST(…)` of values of one type, without those that are NULL.
    Greatest,
    /// `LEAST(…)` of values of one type, without those that are NULL.
    Least,
    /// `a IS DISTINCT FROM b`, both of one type.
    Distinct,
    /// `regexp_extract(text, pattern, group)`: NULL without a match.
    RegexpExtract,
    /// `substring(text FROM pattern)`: the first group of the first match, or all of it without groups; NULL without a match.
    RegexpSubstring,
    /// Texts one after the other, without those that are NULL.
    Concat,
    /// As `Concat`, with the first text between the others.
    ConcatWs,
    /// The array of values of one type, NULL among them.
    Array,
    /// A value as the array of it alone, to be looked for only: nothing keeps it, so that it is never too long.
    One,
    /// One array after the other; one that is NULL is as if it were empty, but if both are.
    ArrayCat,
    /// `array[n]`
    Subscript,
    /// A comparison with ANY element: the array, and the value as an array of it alone.
    Any(CmpOp),
    /// The same with ALL elements.
    All(CmpOp),
    /// For each pattern of an array whether a text, which comes as an array of it alone, is LIKE it (ILIKE where `true`), with an escape,
    /// up to the first where that is the last argument.
    LikeEach(bool),
    /// `array[from:to]`
    Slice,
    /// The texts of an array's elements, for `array_to_string`.
    ElementTexts,
    /// The characters of a text: `string_to_array(text, NULL)`.
    Characters,
}

impl Form {
    /// As it is written.
    pub const fn name(self) -> &'static str {
        match self {
            Form::NullIf => "nullif",
            Form::Greatest => "greatest",
            Form::Least => "least",
            Form::Distinct => "IS DISTINCT FROM",
            Form::RegexpExtract => "regexp_extract",
            Form::RegexpSubstring => "substring",
            Form::Concat => "concat",
            Form::ConcatWs => "concat_ws",
            Form::Array | Form::One => "array",
            Form::ArrayCat => "array_cat",
            Form::Subscript => "subscript",
            Form::Any(_) => "ANY",
            Form::All(_) => "ALL",
            Form::LikeEach(false) => "like_each",
            Form::LikeEach(true) => "ilike_each",
            Form::Slice => "slice",
            Form::ElementTexts => "element_texts",
            Form::Characters => "characters",
        }
    }
}

/// What an expression computes.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    /// A column of the input, by index.
    Column(usize),
    /// A constant.
    Literal(Literal),
    /// NULL.
    Null,
    /// Stands for an expression with an error; whatever uses it stays silent.
    Error,
    /// Numbers of the types of the operands (equal, except decimals: each its own scale).
    Arith(ArithOp, Box<Expr>, Box<Expr>),
    /// −x of a number.
    Neg(Box<Expr>),
    /// Comparison of two values of one type, or of DECIMALs and integers, each as it is.
    Cmp(CmpOp, Box<Expr>, Box<Expr>),
    /// AND
    And(Box<Expr>, Box<Expr>),
    /// OR
    Or(Box<Expr>, Box<Expr>),
    /// NOT
    Not(Box<Expr>),
    /// IS NULL
    IsNull(Box<Expr>),
    /// Searched CASE: conditions and values, then ELSE.
    Case(Vec<(Expr, Expr)>, Option<Box<Expr>>),
    /// CAST, or TRY_CAST where `true`.
    Cast(Box<Expr>, bool),
    /// A function of the table.
    Call(&'static ScalarFn, Vec<Expr>),
    /// A function of the user's.
    Rust(Arc<RustFn>, Vec<Expr>),
    /// What NULL has a meaning in.
    Form(Form, Vec<Expr>),
    /// Start (or end, where `true`) of the tumbling window that holds a timestamp.
    WindowBound {
        /// The timestamp.
        time: Box<Expr>,
        /// Length in ns.
        size_ns: i64,
        /// Start modulo the length, in ns.
        offset_ns: i64,
        /// The end instead of the start.
        is_end: bool,
    },
}

impl Expr {
    /// A column.
    pub fn column(index: usize, ty: Option<Ty>, nullable: bool, span: Span) -> Expr {
        Expr { kind: Kind::Column(index), ty, nullable, span }
    }

    /// A constant.
    pub fn literal(value: Literal, ty: Ty, span: Span) -> Expr {
        Expr { kind: Kind::Literal(value), ty: Some(ty), nullable: false, span }
    }

    /// What follows from an error.
    pub fn error(span: Span) -> Expr {
        Expr { kind: Kind::Error, ty: None, nullable: true, span }
    }

    /// Whether it, or a part of it, is an error already reported.
    pub fn is_error(&self) -> bool {
        matches!(self.kind, Kind::Error)
    }

    /// Its direct parts.
    pub fn children(&self) -> Vec<&Expr> {
        match &self.kind {
            Kind::Column(_) | Kind::Literal(_) | Kind::Null | Kind::Error => vec![],
            Kind::Arith(_, a, b) | Kind::Cmp(_, a, b) | Kind::And(a, b) | Kind::Or(a, b) => vec![a, b],
            Kind::Neg(a) | Kind::Not(a) | Kind::IsNull(a) | Kind::Cast(a, _) => vec![a],
            Kind::WindowBound { time, .. } => vec![time],
            Kind::Case(arms, or_else) => {
                arms.iter().flat_map(|(c, v)| [c, v]).chain(or_else.as_deref()).collect()
            }
            Kind::Call(_, args) | Kind::Rust(_, args) | Kind::Form(_, args) => args.iter().collect(),
        }
    }

    fn children_mut(&mut self) -> Vec<&mut Expr> {
        match &mut self.kind {
            Kind::Column(_) | Kind::Literal(_) | Kind::Null | Kind::Error => vec![],
            Kind::Arith(_, a, b) | Kind::Cmp(_, a, b) | Kind::And(a, b) | Kind::Or(a, b) => vec![a, b],
            Kind::Neg(a) | Kind::Not(a) | Kind::IsNull(a) | Kind::Cast(a, _) => vec![a],
            Kind::WindowBound { time, .. } => vec![time],
            Kind::Case(arms, or_else) => {
                arms.iter_mut().flat_map(|(c, v)| [c, v]).chain(or_else.as_deref_mut()).collect()
            }
            Kind::Call(_, args) | Kind::Rust(_, args) | Kind::Form(_, args) => args.iter_mut().collect(),
        }
    }

    /// Number of its parts, itself included.
    pub fn size(&self) -> usize {
        self.children().into_iter().fold(1, |n: usize, c| n.saturating_add(c.size()))
    }

    /// The expression with each column replaced by what `columns` holds for it.
    pub fn substitute(&self, columns: &[Expr]) -> Expr {
        if let Kind::Column(i) = self.kind {
            return columns[i].clone();
        }
        let mut out = self.clone();
        for child in out.children_mut() {
            *child = child.substitute(columns);
        }
        out
    }

    /// Whether evaluating it can raise an error.
    pub fn can_fail(&self) -> bool {
        let own = match &self.kind {
            Kind::Arith(op, ..) => !self.ty.is_some_and(Ty::is_float) || *op == ArithOp::Rem,
            Kind::Neg(_) => !self.ty.is_some_and(Ty::is_float),
            Kind::Cast(_, false) | Kind::WindowBound { .. } | Kind::Rust(..) => true,
            Kind::Call(f, _) => !f.fails.is_empty(),
            // The cast to the type of the comparison.
            Kind::Form(Form::NullIf, args) => args[0].ty != args[1].ty,
            Kind::Form(Form::LikeEach(_), _) => true,
            // A pattern that is a constant has been checked.
            Kind::Form(Form::RegexpExtract | Form::RegexpSubstring, args) => {
                !matches!(args[1].kind, Kind::Literal(_))
            }
            // Their results may be too long; numbers are never enough for that.
            Kind::Form(
                Form::Concat | Form::ConcatWs | Form::ArrayCat | Form::ElementTexts | Form::Characters,
                _,
            ) => true,
            Kind::Form(Form::Array, args) => {
                args.iter().any(|a| a.ty.is_some_and(|ty| ty.repr().is_reference()))
            }
            _ => false,
        };
        own || self.children().into_iter().any(Expr::can_fail)
    }
}
