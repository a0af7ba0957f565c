//! The plans of a script as one drawing: boxes, and arrows between them.

use laminar::adhoc::{GraphNode, QueryGraph};
use std::collections::HashMap;

/// Characters of a line in a box.
const LINE_CHARS: usize = 44;

/// What a box stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// A relation whose rows come from outside.
    Source,
    /// A step that keeps nothing.
    Step,
    /// A step with state.
    State,
    /// What a query gives, under the name of its view.
    Output,
}

/// A box.
#[derive(Clone, Debug)]
pub struct Block {
    /// What it stands for.
    pub role: Role,
    /// Its heading.
    pub title: String,
    /// What it does, in lines.
    pub lines: Vec<String>,
    /// Properties of its rows, in lines.
    pub facts: Vec<String>,
}

/// Boxes, and arrows from one to another in the direction of the rows.
#[derive(Clone, Debug, Default)]
pub struct Drawing {
    /// The boxes, each behind those that it reads.
    pub blocks: Vec<Block>,
    /// From and to.
    pub arrows: Vec<(usize, usize)>,
}

impl Drawing {
    /// The drawing of a script. A view that another query reads is where both meet.
    pub fn of(queries: &[QueryGraph]) -> Drawing {
        let mut drawing = Drawing::default();
        let mut relations: HashMap<String, usize> = HashMap::new();
        let mut unnamed = 0;
        for query in queries {
            let mut blocks = Vec::new();
            for node in &query.graph.nodes {
                let known = node.relation.as_ref().and_then(|r| relations.get(&r.to_lowercase())).copied();
                let block = known.unwrap_or_else(|| drawing.add(Block::of(node, &query.graph.nodes)));
                if let Some(relation) = &node.relation {
                    relations.insert(relation.to_lowercase(), block);
                }
                for input in &node.inputs {
                    drawing.arrows.push((blocks[*input], block));
                }
                blocks.push(block);
            }
            let title = query.view.clone().unwrap_or_else(|| {
                unnamed += 1;
                format!("query {unnamed}")
            });
            let lines = vec![format!("{}: {}", query.kind, query.output)];
            let output = drawing.add(Block { role: Role::Output, title, lines, facts: Vec::new() });
            drawing.arrows.extend(blocks.last().map(|last| (*last, output)));
            if let Some(view) = &query.view {
                relations.insert(view.to_lowercase(), output);
            }
        }
        drawing
    }

    fn add(&mut self, block: Block) -> usize {
        self.blocks.push(block);
        self.blocks.len() - 1
    }
}

impl Block {
    /// Only what is not said already by the node below, or goes without saying.
    fn of(node: &GraphNode, all: &[GraphNode]) -> Block {
        let (title, text) = match &node.relation {
            Some(name) => {
                let text = node.text.strip_prefix(name.as_str()).unwrap_or(&node.text).trim();
                (name.clone(), text.trim_start_matches('(').trim_end_matches(')'))
            }
            None => (node.operator.clone(), bare(&node.text)),
        };
        let below = if let [only] = node.inputs[..] { all[only].facts.as_slice() } else { &[] };
        let plain = ["append-only", "finite", "unending"];
        let role = match node.relation {
            Some(_) => Role::Source,
            None if node.facts.iter().any(|f| f.starts_with("state")) => Role::State,
            None => Role::Step,
        };
        let told = |fact: &&String| !plain.contains(&fact.as_str()) && !below.contains(*fact);
        let facts = node.facts.iter().filter(told).flat_map(|fact| wrapped(fact)).collect();
        Block { role, title, lines: wrapped(text), facts }
    }
}

/// An expression without the parentheses around all of it.
fn bare(text: &str) -> &str {
    let Some(inner) = text.strip_prefix('(').and_then(|t| t.strip_suffix(')')) else { return text };
    let mut depth = 1;
    for c in inner.chars() {
        depth += (c == '(') as i32 - (c == ')') as i32;
        if depth == 0 {
            return text;
        }
    }
    inner
}

/// A text in lines, broken at spaces; a word that is longer than a line is broken where the line ends.
fn wrapped(text: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut line = String::new();
    for word in text.split_whitespace() {
        let mut word: Vec<char> = word.chars().collect();
        if !line.is_empty() && line.chars().count() + 1 + word.len() > LINE_CHARS {
            lines.push(std::mem::take(&mut line));
        }
        while word.len() > LINE_CHARS {
            let rest = word.split_off(LINE_CHARS);
            lines.push(word.into_iter().collect());
            word = rest;
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.extend(word);
    }
    if !line.is_empty() {
        lines.push(line);
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use laminar::adhoc::{Origin, Session};

    #[test]
    fn queries_meet_at_views() {
        let sql = "CREATE TABLE t (a BIGINT NOT NULL);
                   CREATE MATERIALIZED VIEW m AS SELECT a, COUNT(*) AS n FROM t WHERE a > 1 GROUP BY a;
                   SELECT n FROM M UNION ALL SELECT a FROM t;";
        let drawing = Drawing::of(&Session::new().graphs(sql, Origin::Query).unwrap());
        let titles: Vec<&str> = drawing.blocks.iter().map(|b| b.title.as_str()).collect();
        assert_eq!(titles.iter().filter(|t| **t == "t").count(), 1);
        assert_eq!(titles.iter().filter(|t| **t == "m").count(), 1);
        let index = |title: &str| titles.iter().position(|t| *t == title).unwrap();
        let readers = |of: usize| drawing.arrows.iter().filter(|(from, _)| *from == of).count();
        assert_eq!((readers(index("t")), readers(index("m")), readers(index("query 1"))), (2, 1, 0));
        assert!(drawing.arrows.iter().all(|(from, to)| from != to));
    }

    #[test]
    fn parentheses_around_everything_go() {
        assert_eq!(bare("((a + b) > 1)"), "(a + b) > 1");
        assert_eq!(bare("(a) OR (b)"), "(a) OR (b)");
        assert_eq!(bare("a"), "a");
    }

    #[test]
    fn long_texts_have_lines() {
        assert_eq!(wrapped("a b"), ["a b"]);
        assert!(wrapped(&"word ".repeat(40)).iter().all(|l| l.len() <= LINE_CHARS && !l.ends_with(' ')));
        assert_eq!(wrapped(&"x".repeat(100)).iter().map(String::len).collect::<Vec<_>>(), [44, 44, 12]);
        assert!(wrapped("").is_empty());
    }
}
