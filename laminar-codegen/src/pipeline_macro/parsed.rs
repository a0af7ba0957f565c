//! Syntax trees on their way from one round of a chain to the next: tokens alone would have the query parsed in each.
//!
//! Invariant: a tree depends on its text alone, so whoever takes it could as well have parsed.

use crate::parse::{Query, SqlText};
use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

/// Chains that the compiler may have open at once; the tree of another is parsed again.
const OPEN_MAX: usize = 256;

static LEFT: Mutex<Left> = Mutex::new(Left(VecDeque::new()));

/// Leaves a tree for the next round.
pub(super) fn leave(query: Query, text: SqlText) {
    LEFT.lock().unwrap_or_else(PoisonError::into_inner).leave(query, text);
}

/// The tree of this text, if one was left.
pub(super) fn take(sql: &str) -> Option<(Query, SqlText)> {
    LEFT.lock().unwrap_or_else(PoisonError::into_inner).take(sql)
}

struct Left(VecDeque<(Query, SqlText)>);

impl Left {
    fn leave(&mut self, query: Query, text: SqlText) {
        if self.0.len() == OPEN_MAX {
            self.0.pop_front();
        }
        self.0.push_back((query, text));
    }

    fn take(&mut self, sql: &str) -> Option<(Query, SqlText)> {
        let at = self.0.iter().rposition(|(_, text)| text.sql() == sql)?;
        self.0.remove(at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parse::parse_query;

    fn leave(left: &mut Left, sql: &str) {
        let (query, text) = parse_query(sql).unwrap_or_else(|d| panic!("{d:?}"));
        left.leave(query, text);
    }

    #[test]
    fn a_tree_is_taken_once() {
        let mut left = Left(VecDeque::new());
        leave(&mut left, "SELECT a FROM t");
        assert!(left.take("SELECT b FROM t").is_none());
        let taken = left.take("SELECT a FROM t").map(|(_, text)| text.sql().to_string());
        assert_eq!(taken.as_deref(), Some("SELECT a FROM t"));
        assert!(left.take("SELECT a FROM t").is_none());
    }

    #[test]
    fn what_nobody_takes_does_not_stay() {
        let mut left = Left(VecDeque::new());
        (0..=OPEN_MAX).for_each(|i| leave(&mut left, &format!("SELECT a FROM abandoned_{i}")));
        assert_eq!(left.0.len(), OPEN_MAX);
        assert!(left.take("SELECT a FROM abandoned_0").is_none());
        assert!(left.take("SELECT a FROM abandoned_1").is_some());
    }
}
