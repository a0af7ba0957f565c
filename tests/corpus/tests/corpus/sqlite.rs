//! What SQLite answers.
//!
//! Its types are fewer: timestamps are integers in ns, decimals integers (mantissas at the column's scale), booleans 0 and 1, intervals
//! texts `months/days/ns`. The types of our result say how to read them back.

use laminar::Interval;
use laminar_corpus::cases::Case;
use laminar_corpus::rows;
use laminar_corpus::value::Value;
use laminar_runtime::schema::{Column, Ty};
use rusqlite::types::ValueRef;
use rusqlite::{Connection, params};

/// A database with the rows of all sources.
pub struct Database(Connection);

fn span(p: Interval) -> String {
    format!("{}/{}/{}", p.months, p.days, p.ns)
}

impl Database {
    /// Fills the tables: one a source, and `parts` with the parts of all intervals by `id`.
    pub fn open() -> Database {
        let db = Connection::open_in_memory().expect("a database in memory");
        db.pragma_update(None, "case_sensitive_like", true).expect("LIKE can tell case");
        db.execute_batch("CREATE TABLE parts (id INTEGER, m, d, ns, m0, d0, ns0)").expect("a table");
        for source in rows::SOURCES {
            db.execute_batch(&format!(
                "CREATE TABLE {source} (id INTEGER, b INTEGER, i INTEGER, n INTEGER, x REAL, d INTEGER, s TEXT, ts INTEGER, p TEXT,
                 b0 INTEGER, i0 INTEGER, n0 INTEGER, x0 REAL, d0 INTEGER, s0 TEXT, ts0 INTEGER, p0 TEXT)"
            ))
            .expect("a table");
            let mut insert = db
                .prepare(&format!("INSERT INTO {source} VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)"))
                .expect("an insert");
            for r in rows::of(source) {
                let values = params![
                    r.id,
                    r.b,
                    r.i,
                    r.n,
                    r.x,
                    r.d,
                    r.s,
                    r.ts,
                    span(r.p),
                    r.b0,
                    r.i0,
                    r.n0,
                    r.x0,
                    r.d0,
                    r.s0,
                    r.ts0,
                    r.p0.map(span)
                ];
                insert.execute(values).expect("a row");
                let (p, p0) = (r.p, r.p0);
                db.execute(
                    "INSERT INTO parts VALUES (?,?,?,?,?,?,?)",
                    params![
                        r.id,
                        p.months,
                        p.days,
                        p.ns,
                        p0.map(|p| p.months),
                        p0.map(|p| p.days),
                        p0.map(|p| p.ns)
                    ],
                )
                .expect("a row");
            }
        }
        Database(db)
    }

    /// The result of a case as values of `columns`.
    pub fn answer(&self, case: &Case, columns: &[Column]) -> Result<Vec<Vec<Value>>, String> {
        let sql = match &case.sqlite {
            Some(sql) => lengths(sql),
            None => without_tail(&case.sql),
        };
        let fail = |e: rusqlite::Error| format!("{e}\n{sql}");
        let mut statement = self.0.prepare(&sql).map_err(fail)?;
        if statement.column_count() != columns.len() {
            return Err(format!("{} columns instead of {}\n{sql}", statement.column_count(), columns.len()));
        }
        let mut found = statement.query([]).map_err(fail)?;
        let mut rows = Vec::new();
        while let Some(row) = found.next().map_err(fail)? {
            let values = columns.iter().enumerate().map(|(i, c)| {
                let v = row.get_ref(i).map_err(fail)?;
                value(v, c.ty)
                    .ok_or_else(|| format!("column {} has {v:?} instead of {}\n{sql}", c.name, c.ty))
            });
            rows.push(values.collect::<Result<Vec<_>, _>>()?);
        }
        Ok(rows)
    }
}

/// A value of SQLite as one of type `ty`, if it can be one.
fn value(v: ValueRef<'_>, ty: Ty) -> Option<Value> {
    Some(match (v, ty) {
        (ValueRef::Null, _) => Value::Null,
        (ValueRef::Integer(v @ 0..=1), Ty::Boolean) => Value::Bool(v == 1),
        (
            ValueRef::Integer(v),
            Ty::Smallint | Ty::Integer | Ty::Bigint | Ty::Decimal { .. } | Ty::Timestamp,
        ) => Value::Int(v),
        (ValueRef::Integer(v), Ty::Double) => Value::Float(v as f64),
        (ValueRef::Real(v), Ty::Double) => Value::Float(v),
        (ValueRef::Integer(v), Ty::Real) => Value::Float((v as f32).into()),
        (ValueRef::Real(v), Ty::Real) => Value::Float((v as f32).into()),
        (
            ValueRef::Text(v),
            Ty::Varchar
            | Ty::Date
            | Ty::Time
            | Ty::Uuid
            | Ty::Bytea
            | Ty::Json
            | Ty::Array(_)
            | Ty::Decimal { .. },
        ) => Value::Text(std::str::from_utf8(v).ok()?.into()),
        (ValueRef::Text(v), Ty::Interval) => {
            let mut parts = std::str::from_utf8(v).ok()?.split('/');
            let mut part = || parts.next()?.parse::<i64>().ok();
            let (months, days, ns) = (part()?, part()?, part()?);
            Value::Interval(Interval { months: months.try_into().ok()?, days: days.try_into().ok()?, ns })
        }
        _ => return None,
    })
}

/// Replaces `$SEC` and the like.
fn lengths(sql: &str) -> String {
    let mut sql = sql.to_string();
    for (name, ns) in [
        ("$SEC", "1000000000"),
        ("$MIN", "60000000000"),
        ("$HOUR", "3600000000000"),
        ("$DAY", "86400000000000"),
    ] {
        sql = sql.replace(name, ns);
    }
    sql
}

/// The query without its EMIT clause, which does not change what comes out in all.
fn without_tail(sql: &str) -> String {
    sql.split(" EMIT ").next().unwrap_or(sql).to_string()
}
