//! ORDER BY, LIMIT and OFFSET over a complete result.

use super::value::Value;
use laminar_codegen::ir::{Order, SortKey};
use std::cmp::Ordering;

/// The rows that a query gives, in its order; `rows` are sorted by all columns, which decides between equal keys.
pub(super) fn ordered(mut rows: Vec<Vec<Value>>, order: &Order) -> Vec<Vec<Value>> {
    let compare = |a: &Vec<Value>, b: &Vec<Value>| {
        let keys =
            order.keys.iter().map(|key| compared(key, &a[key.column as usize], &b[key.column as usize]));
        keys.fold(Ordering::Equal, Ordering::then)
    };
    rows.sort_by(compare);
    let offset = usize::try_from(order.offset).unwrap_or(usize::MAX);
    let limit = order.limit.map_or(usize::MAX, |n| usize::try_from(n).unwrap_or(usize::MAX));
    let mut rows: Vec<Vec<Value>> = rows.into_iter().skip(offset).take(limit).collect();
    rows.iter_mut().for_each(|row| row.truncate(row.len() - order.hidden as usize));
    rows
}

fn compared(key: &SortKey, a: &Value, b: &Value) -> Ordering {
    let first = if key.nulls_first { Ordering::Less } else { Ordering::Greater };
    match (a.is_null(), b.is_null()) {
        (true, true) => Ordering::Equal,
        (true, false) => first,
        (false, true) => first.reverse(),
        (false, false) if key.descending => b.cmp(a),
        (false, false) => a.cmp(b),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(keys: &[(u32, bool, bool)], limit: Option<u64>, offset: u64, expected: &[&str]) {
        let row = |a: Option<i64>, b: i64| {
            vec![a.map_or(Value::Null, Value::Integer), Value::Integer(b), Value::Integer(-b)]
        };
        let rows = vec![row(Some(1), 5), row(Some(1), 7), row(Some(2), 1), row(None, 3)];
        let keys =
            keys.iter().map(|&(column, descending, nulls_first)| SortKey { column, descending, nulls_first });
        let order = Order { keys: keys.collect(), limit, offset, hidden: 1, at_end: true };
        let shown = ordered(rows, &order);
        let shown: Vec<String> = shown.iter().map(|r| format!("{} {}", r[0], r[1])).collect();
        assert_eq!(shown, expected);
    }

    #[test]
    fn keys_limits_and_ties() {
        check(&[], Some(2), 1, &["1 7", "2 1"]);
        check(&[(0, false, false)], None, 0, &["1 5", "1 7", "2 1", "NULL 3"]);
        check(&[(0, true, true)], None, 0, &["NULL 3", "2 1", "1 5", "1 7"]);
        check(&[(0, true, false), (1, true, true)], None, 0, &["2 1", "1 7", "1 5", "NULL 3"]);
        // A column that is not shown decides, too.
        check(&[(2, false, false)], Some(1), 0, &["1 7"]);
        check(&[], Some(0), 0, &[]);
        check(&[], None, 9, &[]);
    }
}
