//! Syntax trees on their way from one round of a chain to the next: tokens alone would have the query parsed in each.
//!
//! Invariant: a tree depends on its text alone, so whoever takes it could as well have parsed.

use crate::parse::{Query, SqlText};
use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

/// Chains that the compiler may have open at once; the tree of another is parsed again.
const OPEN_MAX: usize = 256;

static LEFT: Mutex<VecDeque<(Query, SqlText)>> = Mutex::new(VecDeque::new());

/// Leaves a tree for the next round.
pub(super) fn leave(query: Query, text: SqlText) {
    let mut left = LEFT.lock().unwrap_or_else(PoisonError::into_inner);
    if left.len() == OPEN_MAX {
        left.pop_front();
    }
    left.push_back((query, text));
}

/// The tree of this text, if one was left.
pub(super) fn take(sql: &str) -> Option<(Query, SqlText)> {
    let mut left = LEFT.lock().unwrap_or_else(PoisonError::into_inner);
    let at = left.iter().rposition(|(_, text)| text.sql() == sql)?;
    left.remove(at)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parse::parse_query;

    #[test]
    fn a_tree_is_taken_once() {
        let sql = "SELECT a FROM left_for_the_next_round";
        let (query, text) = parse_query(sql).unwrap_or_else(|d| panic!("{d:?}"));
        assert!(take(sql).is_none());
        leave(query, text);
        assert!(take("SELECT b FROM left_for_the_next_round").is_none());
        assert_eq!(take(sql).map(|(_, text)| text.sql().to_string()).as_deref(), Some(sql));
        assert!(take(sql).is_none());
    }

    #[test]
    fn what_nobody_takes_does_not_stay() {
        for i in 0..2 * OPEN_MAX {
            let sql = format!("SELECT a FROM abandoned_{i}");
            let (query, text) = parse_query(&sql).unwrap_or_else(|d| panic!("{d:?}"));
            leave(query, text);
        }
        assert!(take("SELECT a FROM abandoned_0").is_none());
        assert!(LEFT.lock().unwrap_or_else(PoisonError::into_inner).len() <= OPEN_MAX);
    }
}
