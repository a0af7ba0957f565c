//! Random queries: projections, filters, groups, unions, subqueries and common table expressions.

use crate::expression::{Column, Expressions, KINDS, Kind};
use crate::random::Random;

/// A relation in FROM and its columns.
struct Relation {
    sql: String,
    columns: Vec<Column>,
}

/// A query with its columns `c0`, `c1`, ….
struct Query {
    sql: String,
    columns: Vec<Column>,
}

/// A query.
pub fn random(random: &mut Random) -> String {
    match random.below(8) {
        0 => {
            let inner = select(random, 1);
            let relation = Relation { sql: "w".into(), columns: inner.columns };
            format!("WITH w AS ({}) {}", inner.sql, over(random, &relation).sql)
        }
        _ => select(random, 2).sql,
    }
}

fn select(random: &mut Random, depth: usize) -> Query {
    if depth > 0 && random.one_in(6) {
        return union(random, depth - 1);
    }
    let from = relation(random, depth);
    over(random, &from)
}

fn relation(random: &mut Random, depth: usize) -> Relation {
    if depth > 0 && random.one_in(3) {
        let inner = select(random, depth - 1);
        return Relation { sql: format!("({}) AS q", inner.sql), columns: inner.columns };
    }
    let table = random.pick(&["a", "b"]);
    let column = |(name, kind): &(&str, Kind)| Column { name: format!("{table}.{name}"), kind: *kind };
    let columns = [
        ("k", Kind::Int),
        ("n", Kind::Int),
        ("m", Kind::Int),
        ("s", Kind::Text),
        ("r", Kind::Text),
        ("f", Kind::Bool),
    ];
    Relation { sql: table.to_string(), columns: columns.iter().map(column).collect() }
}

/// A SELECT over a relation, grouped or not.
fn over(random: &mut Random, from: &Relation) -> Query {
    match random.one_in(2) {
        true => grouped(random, from),
        false => {
            let kinds: Vec<Kind> = (0..1 + random.below(4)).map(|_| *random.pick(&KINDS)).collect();
            projection(random, from, &kinds)
        }
    }
}

fn projection(random: &mut Random, from: &Relation, kinds: &[Kind]) -> Query {
    let mut expressions = Expressions { random, columns: &from.columns };
    let items: Vec<String> = kinds.iter().map(|k| expressions.of(*k, 3)).collect();
    let filter = condition(&mut expressions, "WHERE");
    named(&items, kinds, &format!(" FROM {}{filter}", from.sql))
}

/// Half of the time a clause with a condition.
fn condition(expressions: &mut Expressions<'_>, clause: &str) -> String {
    match expressions.random.one_in(2) {
        true => format!(" {clause} {}", expressions.of(Kind::Bool, 3)),
        false => String::new(),
    }
}

fn named(items: &[String], kinds: &[Kind], rest: &str) -> Query {
    let list: Vec<String> = items.iter().enumerate().map(|(i, e)| format!("{e} AS c{i}")).collect();
    let columns = kinds.iter().enumerate().map(|(i, k)| Column { name: format!("c{i}"), kind: *k }).collect();
    Query { sql: format!("SELECT {}{rest}", list.join(", ")), columns }
}

fn grouped(random: &mut Random, from: &Relation) -> Query {
    let keys: Vec<Column> = (0..random.below(3)).map(|_| random.pick(&from.columns).clone()).collect();
    let mut expressions = Expressions { random, columns: &from.columns };
    let filter = condition(&mut expressions, "WHERE");
    let mut aggregates = Vec::new();
    for _ in 0..1 + expressions.random.below(3) {
        aggregates.push(aggregate(&mut expressions));
    }
    let mut items: Vec<String> = keys.iter().map(|k| k.name.clone()).collect();
    let mut kinds: Vec<Kind> = keys.iter().map(|k| k.kind).collect();
    items.extend(aggregates.iter().map(|a| a.name.clone()));
    kinds.extend(aggregates.iter().map(|a| a.kind));
    let list: Vec<&str> = keys.iter().map(|k| k.name.as_str()).collect();
    let group = if keys.is_empty() { String::new() } else { format!(" GROUP BY {}", list.join(", ")) };
    // HAVING reads keys and aggregates; a global aggregate has its row even over nothing.
    let results: Vec<Column> = keys.into_iter().chain(aggregates).collect();
    let having = condition(&mut Expressions { random: expressions.random, columns: &results }, "HAVING");
    named(&items, &kinds, &format!(" FROM {}{filter}{group}{having}", from.sql))
}

/// An aggregate as a column for HAVING.
fn aggregate(expressions: &mut Expressions<'_>) -> Column {
    let (function, kind, argument) = match expressions.random.below(6) {
        0 => ("COUNT", Kind::Int, "*".to_string()),
        1 => {
            let of = *expressions.random.pick(&KINDS);
            let distinct = expressions.random.pick(&["", "DISTINCT "]);
            ("COUNT", Kind::Int, format!("{distinct}{}", expressions.of(of, 2)))
        }
        2 => ("SUM", Kind::Int, expressions.of(Kind::Int, 2)),
        3 => {
            let of = *expressions.random.pick(&KINDS);
            match (of, expressions.random.one_in(2)) {
                (Kind::Int, true) => ("SUM", Kind::Int, format!("DISTINCT {}", expressions.of(of, 2))),
                _ => ("COUNT", Kind::Int, format!("DISTINCT {}", expressions.of(of, 2))),
            }
        }
        _ => {
            let kind = *expressions.random.pick(&[Kind::Int, Kind::Text]);
            (*expressions.random.pick(&["MIN", "MAX"]), kind, expressions.of(kind, 2))
        }
    };
    let filter = match expressions.random.one_in(3) {
        true => format!(" FILTER (WHERE {})", expressions.of(Kind::Bool, 2)),
        false => String::new(),
    };
    Column { name: format!("{function}({argument}){filter}"), kind }
}

/// Two or three queries with the same columns.
fn union(random: &mut Random, depth: usize) -> Query {
    let kinds: Vec<Kind> = (0..1 + random.below(3)).map(|_| *random.pick(&KINDS)).collect();
    let mut sides = Vec::new();
    let mut columns = Vec::new();
    for _ in 0..2 + random.below(2) {
        let from = relation(random, depth);
        let side = projection(random, &from, &kinds);
        sides.push(side.sql);
        columns = side.columns;
    }
    Query { sql: sides.join(" UNION ALL "), columns }
}
