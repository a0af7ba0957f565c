//! Pipeline IR: a compiled query before any back end has turned it into code.
//!
//! A [`Plan`] for the engine plus one scalar program for each of its edges. All three back ends
//! start here.

use crate::sir::{FieldAt, Input, Layout, Load, Program, Validity};
use laminar_runtime::plan::{AccOp, Emit, GroupPlan, Plan, Port, RowLayout};
use laminar_runtime::schema::{Column, Repr};

/// A compiled query.
#[derive(Clone, Debug)]
pub struct Pipeline {
    /// What the engine runs; all parts owned.
    pub plan: Plan,
    /// One program for each of `plan.edges`.
    pub programs: Vec<Program>,
    /// One for each of `plan.sources`.
    pub sources: Vec<SourceIr>,
    /// `LATE DATA TO` name.
    pub late_to: Option<String>,
    /// Column of the output that carries a watermark, and by how much W − it lags, in ns.
    pub time_column: Option<(usize, i64)>,
    /// The typed plan as EXPLAIN prints it, each node with its properties.
    pub explain: String,
    /// The SQL.
    pub sql: String,
}

impl Pipeline {
    /// The group node that the rows of an edge can go to in one loop: from a source's only edge into a window that answers when it
    /// closes or input ends, over event time itself, by one word that is never NULL.
    ///
    /// Other edges need more than such a loop knows: which windows a row is in, what it changed, how texts are kept.
    pub fn fused_group(&self, edge: usize) -> Option<&GroupPlan> {
        let (plan, program) = (&self.plan, &self.programs[edge]);
        let (Port::Source(source), Port::Group(group)) = (plan.edges[edge].from, plan.edges[edge].to) else {
            return None;
        };
        let group = &plan.groups[group as usize];
        let [key] = &group.keys[..] else { return None };
        let can = plan.sources[source as usize].edges.len() == 1
            && group.window.is_some()
            && group.emit != Emit::Changes
            && !group.retracts
            && !key.nullable
            && key.repr().width() == 8
            && program.time.is_some_and(|t| t.val == program.outs[0].val);
        can.then_some(group)
    }
}

/// A source as the compiler sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceIr {
    /// Name of the relation, as in the catalog.
    pub relation: String,
    /// All its columns; `Input::column` of its edges' programs indexes these.
    pub columns: Vec<SourceColumn>,
    /// Event time: index of the column and the delay in ns.
    pub time: Option<(usize, i64)>,
}

/// A column of a source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceColumn {
    /// Name, type, nullability.
    pub column: Column,
    /// A `u64` field: values above `i64::MAX` are refused where they are read.
    pub unsigned: bool,
}

/// The parts of a group row that a program can read, in order: keys, then for each accumulator
/// its value (for `SumFloatExact` its five parts), then, for minima and maxima, the flag.
/// `Input::column` of a program that reads a group indexes these.
pub fn group_parts(group: &GroupPlan) -> (Vec<Input>, Vec<FieldAt>) {
    let layout = RowLayout::of(&group.keys, &group.accumulators);
    let mut inputs = Vec::new();
    let mut fields = Vec::new();
    let mut part = |name: String, repr, nullable, at: FieldAt| {
        inputs.push(Input { name, column: inputs.len() as u32, repr, nullable });
        fields.push(at);
    };
    for (k, key) in group.keys.iter().enumerate() {
        let load = if key.repr().width() == 16 { Load::Pair } else { Load::Word };
        let validity = match layout.nulls {
            Some(offset) if key.nullable => Validity::NullBit { offset, bit: k as u8 },
            _ => Validity::Always,
        };
        part(format!("key{k}"), key.repr(), key.nullable, FieldAt { offset: layout.keys[k], load, validity });
    }
    for (a, acc) in group.accumulators.iter().enumerate() {
        let offset = layout.accumulators[a];
        let at = |i: usize, load| FieldAt { offset: offset + 8 * i, load, validity: Validity::Always };
        let name = |what: &str| format!("acc{a}{what}");
        match acc.op {
            AccOp::Count => part(name(""), Repr::Int, false, at(0, Load::Word)),
            AccOp::SumInt => part(name(""), Repr::Wide, false, at(0, Load::Pair)),
            AccOp::SumFloat => part(name(""), Repr::Float, false, at(0, Load::Word)),
            AccOp::SumFloatExact => {
                part(name(".sum"), Repr::Float, false, at(0, Load::Word));
                part(name(".compensation"), Repr::Float, false, at(1, Load::Word));
                part(name(".nan"), Repr::Int, false, at(2, Load::Word));
                part(name(".inf"), Repr::Int, false, at(3, Load::Word));
                part(name(".neg_inf"), Repr::Int, false, at(4, Load::Word));
            }
            AccOp::MinInt | AccOp::MaxInt => {
                part(name(""), Repr::Int, false, at(0, Load::Word));
                part(name(".flag"), Repr::Int, false, at(1, Load::Word));
            }
            AccOp::MinFloat | AccOp::MaxFloat => {
                part(name(""), Repr::Float, false, at(0, Load::Word));
                part(name(".flag"), Repr::Int, false, at(1, Load::Word));
            }
            AccOp::MinText | AccOp::MaxText => {
                part(name(""), Repr::Text, false, at(0, Load::Str));
                part(name(".flag"), Repr::Int, false, at(2, Load::Word));
            }
        }
    }
    (inputs, fields)
}

/// The layout by which `program` reads the rows of `group`.
pub fn group_layout(group: &GroupPlan, program: &Program) -> Layout {
    let (_, parts) = group_parts(group);
    let fields = program.inputs.iter().map(|i| parts[i.column as usize]).collect();
    let stride = RowLayout::of(&group.keys, &group.accumulators).stride;
    Layout::Rows { stride, fields }
}
