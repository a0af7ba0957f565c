//! Two small tables with few distinct values, a third of them NULL.

use crate::random::Random;
use std::fmt::Write;

/// In SQL that both understand. Numbers stay small: SQLite goes over to floats where we report an overflow.
pub const CREATE: &str = "
    CREATE TABLE a (k BIGINT NOT NULL, n BIGINT, m BIGINT, s VARCHAR, r VARCHAR NOT NULL, f BOOLEAN);
    CREATE TABLE b (k BIGINT NOT NULL, n BIGINT, m BIGINT, s VARCHAR, r VARCHAR NOT NULL, f BOOLEAN);";

/// Statements that fill them.
pub const INSERTS: usize = 4;

const TEXTS: [&str; 8] = ["", "a", "A", "abc", "b%", "Zz", "a longer text than twelve", "x_y"];

/// One statement of 1 to 8 rows.
pub fn insert(random: &mut Random) -> String {
    let mut sql = format!("INSERT INTO {} VALUES ", random.pick(&["a", "b"]));
    for row in 0..1 + random.below(8) {
        let mut number = |nullable: bool| match nullable && random.one_in(3) {
            true => "NULL".to_string(),
            false => (random.below(13) as i64 - 6).to_string(),
        };
        let (k, n, m) = (number(false), number(true), number(true));
        let mut text = |nullable: bool| match nullable && random.one_in(3) {
            true => "NULL".to_string(),
            false => format!("'{}'", random.pick(&TEXTS)),
        };
        let (s, r) = (text(true), text(false));
        let f = random.pick(&["TRUE", "FALSE", "NULL"]);
        let comma = if row == 0 { "" } else { ", " };
        let _ = write!(sql, "{comma}({k}, {n}, {m}, {s}, {r}, {f})");
    }
    sql + ";"
}
