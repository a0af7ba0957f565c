//! EXPLAIN: the plan as an indented tree, each node with its properties.
//!
//! The text of expressions is canonical (names of columns instead of places), so that fingerprints are made of it, too.

use super::expr::{Expr, Form, Kind, Literal};
use super::{Node, PlanColumn, Rel};
use crate::catalog::Relation;
use laminar_runtime::scalar;
use laminar_runtime::schema::Ty;
use laminar_runtime::types::{Arena, BytesRef, Date, Interval, Time, Timestamp};
use std::fmt::Write;

impl Rel {
    /// The tree as text.
    pub fn explain(&self, sources: &[Relation]) -> String {
        let mut out = String::new();
        self.print(sources, 0, &mut out);
        out
    }

    fn print(&self, sources: &[Relation], depth: usize, out: &mut String) {
        let pad = "  ".repeat(depth);
        let _ = writeln!(out, "{pad}{}  [{}]", self.head(sources), self.facts(sources).join("; "));
        for input in self.inputs() {
            input.print(sources, depth + 1, out);
        }
    }

    /// The relations that it reads.
    pub(super) fn inputs(&self) -> Vec<&Rel> {
        match &self.node {
            Node::Source(_) => Vec::new(),
            Node::Filter { input, .. }
            | Node::Project { input, .. }
            | Node::Repeat { input, .. }
            | Node::Aggregate { input, .. } => vec![input],
            Node::Union { inputs } => inputs.iter().collect(),
        }
    }

    /// What it does, without its properties.
    pub(super) fn head(&self, sources: &[Relation]) -> String {
        let mut out = String::new();
        let out = &mut out;
        let names = |exprs: &[Expr], below: &[PlanColumn]| {
            exprs
                .iter()
                .zip(&self.columns)
                .map(|(e, c)| {
                    let text = e.sql(below);
                    if text == c.name { text } else { format!("{text} AS {}", c.name) }
                })
                .collect::<Vec<_>>()
                .join(", ")
        };
        match &self.node {
            Node::Source(i) => {
                let r = &sources[*i];
                let _ = write!(out, "Source {}", r.name);
                if let Some((t, delay)) = r.time {
                    let delay = Interval { months: 0, days: 0, ns: delay };
                    let _ = write!(out, " (event time {}, delay {delay})", r.columns[t].column.name);
                }
            }
            Node::Filter { input, predicate } => {
                let _ = write!(out, "Filter {}", predicate.sql(&input.columns));
            }
            Node::Project { input, exprs } => {
                let _ = write!(out, "Project {}", names(exprs, &input.columns));
            }
            Node::Union { .. } => out.push_str("UnionAll"),
            Node::Repeat { input, times } => {
                let _ = write!(out, "Repeat {} times", times.sql(&input.columns));
            }
            Node::Aggregate { input, window, keys, sets, calls } => {
                let _ = write!(out, "Aggregate");
                if let Some(w) = window {
                    let ns = |ns| Interval { months: 0, days: 0, ns };
                    let _ = write!(out, " TUMBLE({}, {}", w.time.sql(&input.columns), ns(w.size_ns));
                    if w.offset_ns != 0 {
                        let _ = write!(out, ", offset {}", ns(w.offset_ns));
                    }
                    let _ = write!(out, ")");
                    if w.lateness_ns != 0 {
                        let _ = write!(out, " lateness {}", ns(w.lateness_ns));
                    }
                }
                let list = |items: Vec<String>| items.join(", ");
                let names: Vec<String> = keys.iter().map(|k| k.sql(&input.columns)).collect();
                let set =
                    |set: &Vec<usize>| format!("({})", list(set.iter().map(|&k| names[k].clone()).collect()));
                if !sets.is_empty() {
                    let _ = write!(out, " by sets {}", list(sets.iter().map(set).collect()));
                } else if !names.is_empty() {
                    let _ = write!(out, " by {}", list(names));
                }
                let _ = write!(out, ": {}", list(calls.iter().map(|c| c.sql(&input.columns)).collect()));
            }
        }
        std::mem::take(out)
    }

    /// Properties of its rows, and its state.
    pub(super) fn facts(&self, sources: &[Relation]) -> Vec<String> {
        let mut facts = vec![if self.props.changelog { "changelog" } else { "append-only" }.to_string()];
        for key in &self.props.keys {
            let names: Vec<&str> = key.iter().map(|&k| self.columns[k].name.as_str()).collect();
            facts.push(format!("key ({})", names.join(", ")));
        }
        for c in &self.columns {
            let of: Vec<String> = c
                .props
                .watermark
                .iter()
                .map(|(s, lag)| match lag {
                    0 => format!("W({})", sources[*s].name),
                    _ => format!("W({}) - {}", sources[*s].name, Interval { months: 0, days: 0, ns: *lag }),
                })
                .collect();
            match of.as_slice() {
                [] => {}
                [one] => facts.push(format!("watermark of {}: {one}", c.name)),
                many => facts.push(format!("watermark of {}: min({})", c.name, many.join(", "))),
            }
        }
        if let Some(state) = &self.props.state {
            facts.push(format!("state: {state}"));
        }
        facts.push(if self.props.finite { "finite".into() } else { "unending".into() });
        facts
    }
}

impl Expr {
    /// The expression as SQL, with the column names of `below`.
    pub fn sql(&self, below: &[PlanColumn]) -> String {
        let s = |e: &Expr| e.sql(below);
        match &self.kind {
            Kind::Column(i) => below.get(*i).map_or_else(|| format!("#{i}"), |c| c.name.clone()),
            Kind::Literal(l) => literal(l, self.ty),
            Kind::Null => "NULL".into(),
            Kind::Error => "?".into(),
            Kind::Arith(op, a, b) => format!("({} {} {})", s(a), op.symbol(), s(b)),
            Kind::Neg(a) => format!("(-{})", s(a)),
            Kind::Cmp(op, a, b) => format!("({} {} {})", s(a), op.symbol(), s(b)),
            Kind::And(a, b) => format!("({} AND {})", s(a), s(b)),
            Kind::Or(a, b) => format!("({} OR {})", s(a), s(b)),
            Kind::Not(a) => match &a.kind {
                Kind::IsNull(x) => format!("({} IS NOT NULL)", s(x)),
                _ => format!("(NOT {})", s(a)),
            },
            Kind::IsNull(a) => format!("({} IS NULL)", s(a)),
            Kind::Case(arms, or_else) => {
                let mut out = "CASE".to_string();
                for (c, v) in arms {
                    let _ = write!(out, " WHEN {} THEN {}", s(c), s(v));
                }
                if let Some(e) = or_else {
                    let _ = write!(out, " ELSE {}", s(e));
                }
                out + " END"
            }
            Kind::Cast(a, tried) => {
                let ty = self.ty.map_or("?".into(), |t| t.to_string());
                format!("{}CAST({} AS {ty})", if *tried { "TRY_" } else { "" }, s(a))
            }
            Kind::Call(f, args) => {
                let list: Vec<String> = args.iter().map(s).collect();
                match (f.name.split(' ').collect::<Vec<_>>().as_slice(), f.variant) {
                    ([op], _) if f.is_operator() => match list.as_slice() {
                        [x] => format!("({op} {x})"),
                        list => format!("({} {op} {})", list[0], list[1]),
                    },
                    ([_, "AT", ..], _) => format!("({} AT TIME ZONE {})", list[0], list[1]),
                    ([_, op, _], _) => format!("({} {op} {})", list[0], list[1]),
                    (["-", _], _) => format!("(-{})", list[0]),
                    (_, Some(v)) if f.name == "extract" => format!("extract({v} FROM {})", list[0]),
                    (_, Some(v)) => format!("{}('{v}', {})", f.name, list.join(", ")),
                    _ => format!("{}({})", f.name, list.join(", ")),
                }
            }
            Kind::Rust(f, args) => {
                let list: Vec<String> = args.iter().map(s).collect();
                format!("{}({})", f.name, list.join(", "))
            }
            Kind::Form(Form::Distinct, args) => format!("({} IS DISTINCT FROM {})", s(&args[0]), s(&args[1])),
            Kind::Form(Form::Array | Form::One, args) => {
                let list: Vec<String> = args.iter().map(s).collect();
                format!("ARRAY[{}]", list.join(", "))
            }
            Kind::Form(Form::Subscript, args) => format!("({})[{}]", s(&args[0]), s(&args[1])),
            Kind::Form(Form::Slice, args) => format!("({})[{}:{}]", s(&args[0]), s(&args[1]), s(&args[2])),
            Kind::Form(form @ (Form::Any(op) | Form::All(op)), args) => {
                let value = match &args[1].kind {
                    Kind::Form(Form::One, one) => s(&one[0]),
                    _ => s(&args[1]),
                };
                format!("({value} {} {} ({}))", op.symbol(), form.name(), s(&args[0]))
            }
            Kind::Form(form, args) => {
                let list: Vec<String> = args.iter().map(s).collect();
                format!("{}({})", form.name(), list.join(", "))
            }
            Kind::WindowBound { time, size_ns, offset_ns, is_end } => {
                let which = if *is_end { "window_end" } else { "window_start" };
                format!("{which}({}, {size_ns} ns, {offset_ns} ns)", s(time))
            }
        }
    }
}

fn decimal(mantissa: i128, scale: u8) -> String {
    let (sign, digits) = (if mantissa < 0 { "-" } else { "" }, mantissa.unsigned_abs().to_string());
    if scale == 0 {
        return format!("{sign}{digits}");
    }
    let digits = format!("{digits:0>width$}", width = scale as usize + 1);
    let (whole, fraction) = digits.split_at(digits.len() - scale as usize);
    format!("{sign}{whole}.{fraction}")
}

fn literal(l: &Literal, ty: Option<Ty>) -> String {
    match (l, ty) {
        (Literal::Bool(b), _) => b.to_string().to_ascii_uppercase(),
        (Literal::Int(v), Some(Ty::Timestamp)) => format!("TIMESTAMP '{}'", Timestamp(*v)),
        (Literal::Int(v), Some(Ty::Date)) => {
            format!("DATE '{}'", Date::from_days(*v).unwrap_or_default())
        }
        (Literal::Int(v), Some(Ty::Time)) => format!("TIME '{}'", Time::from_ns(*v).unwrap_or_default()),
        (Literal::Wide(v), Some(Ty::Uuid)) => {
            let arena = Arena::new();
            // SAFETY: the text is in the arena.
            format!("UUID '{}'", unsafe { scalar::uuid_to_text(&arena, *v).as_str() })
        }
        (Literal::Int(v), Some(Ty::Decimal { scale, .. })) => decimal((*v).into(), scale),
        (Literal::Wide(v), Some(Ty::Decimal { scale, .. })) => decimal(*v, scale),
        (Literal::Wide(v), _) => v.to_string(),
        (Literal::Bytes(bytes), Some(ty @ Ty::Array(_))) => {
            let arena = Arena::new();
            // SAFETY: the literal is of the type, and lives; so does the arena.
            let text = unsafe {
                scalar::text_of_value(&arena, ty, BytesRef::new(bytes).to_cell()).as_str().replace('\'', "''")
            };
            format!("'{text}'::{ty}")
        }
        (Literal::Bytes(bytes), _) => {
            let digits: String = bytes.iter().map(|b| format!("{b:02x}")).collect();
            format!("'\\x{digits}'")
        }
        (Literal::Int(v), _) => v.to_string(),
        (Literal::Float(v), _) => format!("{v:e}"),
        (Literal::Text(t), _) => format!("'{}'", t.replace('\'', "''")),
        (Literal::Interval(i), _) => format!("INTERVAL '{i}'"),
    }
}
