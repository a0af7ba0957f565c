//! Tables that change, and views over them, against SQLite: after every statement of a random sequence all must be equal.

use laminar::adhoc::{Error, Executor, Session, Value};
use rusqlite::Connection;
use rusqlite::types::ValueRef;

/// Statements of one sequence.
const STATEMENTS: usize = 150;

/// Sequences; each begins with empty tables.
const SEQUENCES: u64 = 4;

const TABLES: &str = "
    CREATE TABLE t (id BIGINT NOT NULL PRIMARY KEY, k VARCHAR, v BIGINT, x DOUBLE NOT NULL);
    CREATE TABLE bag (k VARCHAR, v BIGINT);";

/// Each is a materialized view here, and an ordinary one in SQLite.
const VIEWS: &[(&str, &str)] = &[
    ("by_key", "SELECT k, COUNT(*) AS n, COUNT(v) AS nv, SUM(v) AS s, SUM(x) AS sx FROM t GROUP BY k"),
    ("total", "SELECT COUNT(*) AS n, SUM(v) AS s, AVG(v) AS mean FROM t"),
    ("some", "SELECT id, v * 2 AS double, k FROM t WHERE v > 3 AND k <> 'b'"),
    ("extremes", "SELECT k, MIN(v) AS lo, MAX(v) AS hi, MAX(x) AS top FROM t GROUP BY k"),
    ("texts", "SELECT MIN(k) AS first, MAX(k) AS last, COUNT(DISTINCT v) AS n FROM bag"),
    ("over_extremes", "SELECT hi, COUNT(*) AS n, MIN(lo) AS lo FROM extremes GROUP BY hi"),
    ("odd", "SELECT v FROM bag WHERE v % 2 = 1"),
    (
        "all_of_them",
        "SELECT k, v FROM t UNION ALL SELECT k, v FROM bag WHERE v IS NOT NULL UNION ALL SELECT k, id FROM t",
    ),
    ("sizes", "SELECT n, COUNT(*) AS groups, SUM(s) AS s FROM by_key GROUP BY n"),
    ("large", "SELECT k, SUM(v) AS s FROM all_of_them GROUP BY k HAVING COUNT(*) > 3"),
    ("keys", "SELECT DISTINCT k, v > 4 AS hi FROM t"),
    ("either", "SELECT k, v FROM t WHERE v < 8 UNION SELECT k, v FROM bag"),
    ("only_t", "SELECT k, v FROM t EXCEPT SELECT k, v FROM bag"),
    ("both", "SELECT k, v FROM t INTERSECT SELECT k, v FROM bag"),
    ("shared", "SELECT k, COUNT(*) AS n FROM both GROUP BY k"),
    ("fixed", "SELECT v FROM bag UNION ALL VALUES (1), (NULL), (3)"),
    ("largest", "SELECT COUNT(*) AS n, SUM(s) AS s FROM large WHERE s > 10"),
    (
        "filtered",
        "SELECT k, SUM(v) FILTER (WHERE v > 4) AS hi, COUNT(*) FILTER (WHERE v < 3) AS lo FROM bag GROUP BY k",
    ),
];

/// A generator whose sequences are the same everywhere.
struct Random(u64);

impl Random {
    fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (self.0 >> 33) % n
    }

    fn pick<'a>(&mut self, of: &[&'a str]) -> &'a str {
        of[self.below(of.len() as u64) as usize]
    }

    fn key(&mut self) -> &'static str {
        self.pick(&["'a'", "'b'", "'c'", "'a text of more than twelve bytes'", "NULL"])
    }

    fn number(&mut self) -> String {
        if self.below(8) == 0 { "NULL".into() } else { self.below(10).to_string() }
    }

    /// Sums of such numbers are exact in any order.
    fn quarter(&mut self) -> String {
        format!("{:?}", self.below(64) as f64 / 4.0)
    }

    fn condition(&mut self) -> String {
        match self.below(7) {
            0 => format!("id % 3 = {}", self.below(3)),
            1 => format!("v > {}", self.below(10)),
            2 => format!("k = {}", self.pick(&["'a'", "'b'", "'zzz'"])),
            3 => "v IS NULL OR k IS NULL".into(),
            4 => format!("id BETWEEN {} AND {}", self.below(20), self.below(30)),
            5 => format!("x < {} AND NOT (v = 5)", self.quarter()),
            _ => format!("id = {}", self.below(30)),
        }
    }

    /// The same condition for the table without `id` and `x`.
    fn bag_condition(&mut self) -> String {
        match self.below(4) {
            0 => format!("v >= {}", self.below(10)),
            1 => "k IS NULL".into(),
            2 => format!("k || 'x' = {} || 'x'", self.key()),
            _ => format!("v IN ({}, {})", self.below(10), self.below(10)),
        }
    }

    fn statement(&mut self) -> String {
        match self.below(16) {
            0..=3 => {
                let mut row =
                    || format!("({}, {}, {}, {})", self.below(30), self.key(), self.number(), self.quarter());
                let rows: Vec<String> = (0..3).map(|_| row()).collect();
                format!("INSERT INTO t VALUES {}", rows[..1 + self.below(3) as usize].join(", "))
            }
            4..=6 => {
                let mut row = || format!("({}, {})", self.key(), self.number());
                let rows: Vec<String> = (0..4).map(|_| row()).collect();
                format!("INSERT INTO bag VALUES {}", rows[..1 + self.below(4) as usize].join(", "))
            }
            7 => format!("INSERT INTO bag SELECT k, v + 1 FROM t WHERE {}", self.condition()),
            8 => format!("UPDATE t SET v = v + 1, x = x + 0.25 WHERE {}", self.condition()),
            9 => format!("UPDATE t SET k = {}, v = {} WHERE {}", self.key(), self.number(), self.condition()),
            // One row: SQLite checks keys in the middle of a statement.
            10 => format!("UPDATE t SET id = {} WHERE id = {}", self.below(30), self.below(30)),
            11 => format!("UPDATE bag SET v = v * 2 % 11 WHERE {}", self.bag_condition()),
            12 => format!("UPDATE bag SET k = {} WHERE {}", self.key(), self.bag_condition()),
            13 => format!("DELETE FROM t WHERE {}", self.condition()),
            14 => format!("DELETE FROM bag WHERE {}", self.bag_condition()),
            _ if self.below(4) == 0 => format!("DELETE FROM {}", self.pick(&["t", "bag"])),
            _ => format!(
                "UPDATE t SET v = id, id = id, k = k || 'x' WHERE {} AND length(k) < 9",
                self.condition()
            ),
        }
    }
}

/// A value as text that tells types apart.
fn shown(value: &Value) -> String {
    match value {
        Value::Null => "NULL".into(),
        Value::Boolean(b) => u8::from(*b).to_string(),
        Value::Double(f) => format!("{f:?}"),
        other => other.to_string(),
    }
}

/// What a view holds; of a table what a query finds.
fn ours(session: &mut Session, name: &str) -> Vec<String> {
    let rows = match ["t", "bag"].contains(&name) {
        true => session.query(&format!("SELECT * FROM {name}")),
        false => session.view(name),
    };
    let rows = rows.unwrap_or_else(|e| panic!("{name}\n{e}"));
    let mut rows: Vec<String> =
        rows.iter().map(|r| r.iter().map(shown).collect::<Vec<_>>().join("|")).collect();
    rows.sort();
    rows
}

fn theirs(db: &Connection, sql: &str) -> Vec<String> {
    let mut statement = db.prepare(sql).unwrap_or_else(|e| panic!("{sql}\n{e}"));
    let width = statement.column_count();
    let row = |row: &rusqlite::Row<'_>| {
        let text = |c| {
            Ok(match row.get_ref(c)? {
                ValueRef::Null => "NULL".to_string(),
                ValueRef::Integer(i) => i.to_string(),
                ValueRef::Real(f) => format!("{f:?}"),
                ValueRef::Text(t) => String::from_utf8_lossy(t).into_owned(),
                ValueRef::Blob(_) => "blob".into(),
            })
        };
        Ok((0..width).map(text).collect::<rusqlite::Result<Vec<_>>>()?.join("|"))
    };
    let rows = statement.query_map([], row).and_then(Iterator::collect::<rusqlite::Result<Vec<_>>>);
    let mut rows = rows.unwrap_or_else(|e| panic!("{sql}\n{e}"));
    rows.sort();
    rows
}

#[test]
fn every_statement_leaves_what_sqlite_has() {
    let mut refused = 0;
    for seed in 0..SEQUENCES {
        let mut random = Random(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) + 1);
        let db = Connection::open_in_memory().expect("a database in memory");
        let mut sessions = [Executor::Interp, Executor::Jit].map(|e| Session::new().executor(e));
        db.execute_batch(TABLES).expect("tables");
        for (name, sql) in VIEWS {
            db.execute_batch(&format!("CREATE VIEW {name} AS {sql}")).expect("a view");
        }
        for session in &mut sessions {
            session.execute(TABLES).unwrap_or_else(|e| panic!("{e}"));
            // Half of the views see the rows as they come, the others begin over rows that are there.
            for (name, sql) in &VIEWS[..VIEWS.len() / 2] {
                session
                    .execute(&format!("CREATE MATERIALIZED VIEW {name} AS {sql}"))
                    .unwrap_or_else(|e| panic!("{e}"));
            }
        }
        let mut told = Vec::new();
        for step in 0..STATEMENTS {
            let statement = random.statement();
            told.push(statement.clone());
            let expected = db.execute_batch(&statement);
            for session in &mut sessions {
                let done = session.execute(&statement);
                match (&expected, done) {
                    (Ok(()), Ok(_)) => {}
                    (Err(_), Err(Error::Sql(e))) => {
                        refused += 1;
                        assert_eq!(e.diagnostics[0].code.0, "L0807", "{statement}\n{e}");
                    }
                    (expected, done) => panic!("{}\nSQLite: {expected:?}\nours: {done:?}", told.join(";\n")),
                }
                if step == STATEMENTS / 3 {
                    for (name, sql) in &VIEWS[VIEWS.len() / 2..] {
                        session
                            .execute(&format!("CREATE MATERIALIZED VIEW {name} AS {sql}"))
                            .unwrap_or_else(|e| panic!("{e}"));
                    }
                }
                let there = if step < STATEMENTS / 3 { VIEWS.len() / 2 } else { VIEWS.len() };
                let tables: &[&str] = if step % 10 == 9 { &["t", "bag"] } else { &[] };
                for name in VIEWS[..there].iter().map(|(name, _)| name).chain(tables) {
                    let expected = theirs(&db, &format!("SELECT * FROM {name}"));
                    assert_eq!(ours(session, name), expected, "{name} after\n{}", told.join(";\n"));
                }
            }
        }
    }
    assert!(refused > 20, "only {refused} statements met a key that was taken");
}
