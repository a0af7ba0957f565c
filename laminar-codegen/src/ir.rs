//! Pipeline IR: a compiled query before any back end has turned it into code.
//!
//! A [`Plan`] for the engine plus one scalar program for each of its edges. All three back ends
//! start here.

use crate::sir::{FieldAt, Input, Layout, Load, Program, Validity};
use laminar_runtime::aggregate::Held;
use laminar_runtime::plan::{AccOp, Accumulator, ConstantRows, Emit, GroupPlan, Plan, Port, RowLayout};
pub use laminar_runtime::plan::{Order, SortKey};
use laminar_runtime::schema::{Column, Repr};

/// A compiled query.
#[derive(Clone, Debug)]
pub struct Pipeline {
    /// What the engine runs; all parts owned.
    pub plan: Plan,
    /// One program for each of `plan.edges`.
    pub programs: Vec<Program>,
    /// One for each of `plan.sources` whose rows the program brings: the first ones.
    pub sources: Vec<SourceIr>,
    /// `LATE DATA TO` name.
    pub late_to: Option<String>,
    /// Column of the output that carries a watermark, and by how much W − it lags, in ns.
    pub time_column: Option<(usize, i64)>,
    /// The typed plan as EXPLAIN prints it, each node with its properties.
    pub explain: String,
    /// The SQL.
    pub sql: String,
    /// What whoever runs it is to do with the complete result; what the engine does is in the plan.
    pub order: Option<Order>,
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
        let source = &plan.sources[source as usize];
        let can = source.edges.len() == 1
            && source.rows.is_none()
            && group.window.is_some()
            && group.emit != Emit::Changes
            && has_update_code(group)
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

/// The parts of a group row that a program can read, in order: keys, then those of each accumulator that are not hidden.
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
        let mut at = offset;
        for held in acc.parts() {
            let (repr, load) = match held.held {
                Held::Hidden(_) => (None, Load::Word),
                Held::Flag => (Some(Repr::Int), Load::Word),
                Held::Value(repr) if repr.is_reference() => (Some(repr), Load::Str),
                Held::Value(repr) if repr.width() == 16 => (Some(repr), Load::Pair),
                Held::Value(repr) => (Some(repr), Load::Word),
            };
            if let Some(repr) = repr {
                let name = format!("acc{a}{}", held.name);
                part(name, repr, false, FieldAt { offset: at, load, validity: Validity::Always });
            }
            at += held.held.words() * 8;
        }
    }
    (inputs, fields)
}

/// Where the program of an edge finds the rows that the query brings: they are laid out as keys of a group.
fn constant_layout(rows: &ConstantRows, program: &Program) -> Layout {
    let layout = RowLayout::of(&rows.columns, &[]);
    let field = |input: &Input| {
        let c = input.column as usize;
        let load = if input.repr.width() == 16 { Load::Pair } else { Load::Word };
        let validity = match layout.nulls {
            Some(offset) if rows.columns[c].nullable => Validity::NullBit { offset, bit: c as u8 },
            _ => Validity::Always,
        };
        FieldAt { offset: layout.keys[c], load, validity }
    };
    Layout::Rows { stride: layout.stride, fields: program.inputs.iter().map(field).collect() }
}

/// Where the program of an edge finds its inputs, if not in rows that the program of the user brings.
pub fn own_layout(plan: &Plan, edge: usize, program: &Program) -> Option<Layout> {
    match plan.edges[edge].from {
        Port::Group(group) => Some(group_layout(&plan.groups[group as usize], program)),
        Port::Source(source) => {
            plan.sources[source as usize].rows.as_ref().map(|rows| constant_layout(rows, program))
        }
        Port::Output => None,
    }
}

/// Whether compiled code takes the rows of a group itself; where not, the engine's own loop does, which knows all
/// accumulators, weights and gates.
pub fn has_update_code(group: &GroupPlan) -> bool {
    !group.retracts && group.accumulators.iter().all(is_coded)
}

fn is_coded(acc: &Accumulator) -> bool {
    use AccOp::*;
    acc.gate.is_none()
        && match acc.op {
            Count | SumInt | SumWide | SumFloat | SumFloatExact | SumSquares | Moments | CoMoments => true,
            MinInt | MaxInt | MinFloat | MaxFloat | MinWide | MaxWide | MinText | MaxText => true,
            // By one number, that of one word: a price by time.
            PickFirst | PickLast => match &acc.tuple[..] {
                [by, value] => {
                    let word = matches!(value.cell.repr(), Repr::Int | Repr::Float | Repr::Bool);
                    by.cell.repr() == Repr::Int && !by.cell.nullable && word
                }
                _ => false,
            },
            BitOr | BitXor | BitCounts | Least | PercentileCont | PercentileDisc | Mode | Concat
            | Collect | Distinct => false,
        }
}

/// How many parts of an accumulator a program can read.
pub fn readable_parts(acc: &Accumulator) -> usize {
    acc.parts().iter().filter(|p| !matches!(p.held, Held::Hidden(_))).count()
}

/// The layout by which `program` reads the rows of `group`.
fn group_layout(group: &GroupPlan, program: &Program) -> Layout {
    let (_, parts) = group_parts(group);
    let fields = program.inputs.iter().map(|i| parts[i.column as usize]).collect();
    let stride = RowLayout::of(&group.keys, &group.accumulators).stride;
    Layout::Rows { stride, fields }
}
