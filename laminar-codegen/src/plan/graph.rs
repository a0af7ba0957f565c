//! The plan as a graph, for those who draw it. What each node says is what EXPLAIN says.

use super::{Node, Rel};
use crate::catalog::Relation;

/// The nodes of a plan, inputs before those that read them; the last is the result.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Graph {
    /// Its nodes. A source that is read twice is one node.
    pub nodes: Vec<GraphNode>,
}

/// One node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GraphNode {
    /// What it does: `Filter`, `Aggregate`.
    pub operator: String,
    /// To what: the predicate, the columns.
    pub text: String,
    /// Properties of its rows, and its state.
    pub facts: Vec<String>,
    /// The relation that a source is.
    pub relation: Option<String>,
    /// Indexes of the nodes that it reads.
    pub inputs: Vec<usize>,
}

impl Graph {
    /// The graph of a plan.
    pub fn of(root: &Rel, sources: &[Relation]) -> Graph {
        let mut graph = Graph::default();
        let mut seen = vec![None; sources.len()];
        graph.add(root, sources, &mut seen);
        graph
    }

    fn add(&mut self, rel: &Rel, sources: &[Relation], seen: &mut [Option<usize>]) -> usize {
        let source = if let Node::Source(i) = rel.node { Some(i) } else { None };
        if let Some(known) = source.and_then(|i| seen[i]) {
            return known;
        }
        let inputs = rel.inputs().into_iter().map(|input| self.add(input, sources, seen)).collect();
        let head = rel.head(sources);
        let (operator, text) = head.split_once(' ').unwrap_or((&head, ""));
        self.nodes.push(GraphNode {
            operator: operator.trim_end_matches(':').to_string(),
            text: text.to_string(),
            facts: rel.facts(sources),
            relation: source.map(|i| sources[i].name.clone()),
            inputs,
        });
        let index = self.nodes.len() - 1;
        if let Some(i) = source {
            seen[i] = Some(index);
        }
        index
    }
}
