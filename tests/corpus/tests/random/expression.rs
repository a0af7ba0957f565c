//! Random expressions of three types, with the same meaning in both dialects.
//!
//! Left out on purpose, as the dialects differ: division without a guard (an error here, NULL there), texts as numbers, upper case
//! of other letters than A to Z, floats.

use crate::random::Random;

/// What an expression gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Int,
    Text,
    Bool,
}

pub const KINDS: [Kind; 3] = [Kind::Int, Kind::Text, Kind::Bool];

/// A column that an expression may name.
#[derive(Clone, Debug)]
pub struct Column {
    pub name: String,
    pub kind: Kind,
}

/// Makes expressions over columns.
pub struct Expressions<'a> {
    pub random: &'a mut Random,
    pub columns: &'a [Column],
}

impl Expressions<'_> {
    /// An expression, nested at most `depth` deep.
    pub fn of(&mut self, kind: Kind, depth: usize) -> String {
        if depth == 0 || self.random.one_in(5) {
            return self.leaf(kind);
        }
        let depth = depth - 1;
        if self.random.one_in(6) {
            return self.any(kind, depth);
        }
        match kind {
            Kind::Int => self.int(depth),
            Kind::Text => self.text(depth),
            Kind::Bool => self.bool(depth),
        }
    }

    fn leaf(&mut self, kind: Kind) -> String {
        let fitting: Vec<&Column> = self.columns.iter().filter(|c| c.kind == kind).collect();
        if !fitting.is_empty() && !self.random.one_in(4) {
            return self.random.pick(&fitting).name.clone();
        }
        let constants: &[&str] = match kind {
            Kind::Int => &["0", "1", "2", "-3", "7", "CAST(NULL AS BIGINT)"],
            Kind::Text => &["''", "'a'", "'abc'", "'Z'", "CAST(NULL AS VARCHAR)"],
            Kind::Bool => &["TRUE", "FALSE", "CAST(NULL AS BOOLEAN)"],
        };
        self.random.pick(constants).to_string()
    }

    /// What there is for every type.
    fn any(&mut self, kind: Kind, depth: usize) -> String {
        let (a, b) = (self.of(kind, depth), self.of(kind, depth));
        match self.random.below(5) {
            0 => format!("COALESCE({a}, {b})"),
            3 => format!("NULLIF({a}, {b})"),
            1 => {
                let c = self.of(Kind::Bool, depth);
                format!("CASE WHEN {c} THEN {a} ELSE {b} END")
            }
            2 => {
                let (c, d) = (self.of(Kind::Bool, depth), self.of(Kind::Bool, depth));
                format!("CASE WHEN {c} THEN {a} WHEN {d} THEN {b} END")
            }
            _ => {
                let other = *self.random.pick(&[Kind::Int, Kind::Text]);
                let (x, y) = (self.of(other, depth), self.of(other, depth));
                format!("CASE {x} WHEN {y} THEN {a} ELSE {b} END")
            }
        }
    }

    fn int(&mut self, depth: usize) -> String {
        let a = self.of(Kind::Int, depth);
        match self.random.below(9) {
            8 => format!("abs({a})"),
            0 => format!("(- {a})"),
            1 => format!("length({})", self.of(Kind::Text, depth)),
            2 => {
                let b = self.of(Kind::Int, depth);
                let op = self.random.pick(&["/", "%"]);
                format!("CASE WHEN {b} <> 0 THEN {a} {op} {b} END")
            }
            3 => format!("CASE WHEN {} THEN 1 ELSE 0 END", self.of(Kind::Bool, depth)),
            _ => {
                let b = self.of(Kind::Int, depth);
                format!("({a} {} {b})", self.random.pick(&["+", "-", "*"]))
            }
        }
    }

    fn text(&mut self, depth: usize) -> String {
        let a = self.of(Kind::Text, depth);
        match self.random.below(9) {
            6 => format!("{}({a})", self.random.pick(&["trim", "ltrim", "rtrim"])),
            7 => format!("replace({a}, {}, 'q')", self.random.pick(&["'a'", "'bc'", "'%'", "' '"])),
            0 => format!("upper({a})"),
            1 => format!("lower({a})"),
            2 => format!("substr({a}, {}, {})", 1 + self.random.below(4), self.random.below(5)),
            3 => format!("substr({a}, {})", 1 + self.random.below(4)),
            4 => format!("CAST({} AS VARCHAR)", self.of(Kind::Int, depth)),
            _ => format!("({a} || {})", self.of(Kind::Text, depth)),
        }
    }

    fn bool(&mut self, depth: usize) -> String {
        let kind = *self.random.pick(&[Kind::Int, Kind::Int, Kind::Text]);
        match self.random.below(10) {
            9 => {
                let (a, b) = (self.of(kind, depth), self.of(kind, depth));
                format!("({a} IS {}DISTINCT FROM {b})", self.random.pick(&["", "NOT "]))
            }
            0 => format!("(NOT {})", self.of(Kind::Bool, depth)),
            1 => {
                let x = *self.random.pick(&KINDS);
                format!("({} IS {}NULL)", self.of(x, depth), self.random.pick(&["", "NOT "]))
            }
            2 => {
                let list: Vec<String> = (0..1 + self.random.below(3)).map(|_| self.of(kind, depth)).collect();
                let not = self.random.pick(&["", "NOT "]);
                format!("({} {not}IN ({}))", self.of(kind, depth), list.join(", "))
            }
            3 => {
                let (a, b, c) = (self.of(kind, depth), self.of(kind, depth), self.of(kind, depth));
                format!("({a} {}BETWEEN {b} AND {c})", self.random.pick(&["", "NOT "]))
            }
            4 => {
                let pattern = self.random.pick(&["a%", "%b%", "_", "%", "A_c", "x\\_y", ""]);
                format!(
                    "({} {}LIKE '{pattern}' ESCAPE '\\')",
                    self.of(Kind::Text, depth),
                    self.random.pick(&["", "NOT "])
                )
            }
            5 | 6 => {
                let (a, b) = (self.of(Kind::Bool, depth), self.of(Kind::Bool, depth));
                format!("({a} {} {b})", self.random.pick(&["AND", "OR"]))
            }
            _ => {
                let (a, b) = (self.of(kind, depth), self.of(kind, depth));
                format!("({a} {} {b})", self.random.pick(&["=", "<>", "<", "<=", ">", ">="]))
            }
        }
    }
}
