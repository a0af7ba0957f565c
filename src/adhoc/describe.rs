//! What a session holds, for those who ask by name: prompts, tools.

use super::relation::{Body, Relation, View};
use super::session::Session;
use laminar_codegen::parse::written;
use laminar_runtime::schema::Column;
use laminar_runtime::types::Interval;
use std::fmt::Write as _;

/// A relation of a session.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct RelationInfo {
    /// Its name.
    pub name: String,
    /// As CREATE and DROP name it: `table`, `source`, `view`, `stream`, `materialized view`.
    pub kind: &'static str,
    /// Its columns.
    pub columns: Vec<Column>,
    /// The statement that would create it; of a source, without the options that say where its rows come from.
    pub declaration: String,
}

impl Session {
    /// All relations in the order of their creation.
    pub fn relations(&self) -> Vec<RelationInfo> {
        self.relations.list.iter().map(RelationInfo::of).collect()
    }
}

impl RelationInfo {
    fn of(relation: &Relation) -> RelationInfo {
        let declaration = match &relation.body {
            Body::View(view) => of_view(relation, view),
            Body::Materialized(m) => of_view(relation, &m.view),
            _ => of_columns(relation),
        };
        let (name, columns) = (relation.name.clone(), relation.columns.clone());
        RelationInfo { name, kind: relation.kind(), columns, declaration }
    }
}

fn create(relation: &Relation) -> String {
    format!("CREATE {} {}", relation.kind().to_ascii_uppercase(), written(&relation.name))
}

fn of_view(relation: &Relation, view: &View) -> String {
    format!("{} AS\n{};", create(relation), view.text.text(view.query.span).trim())
}

fn of_columns(relation: &Relation) -> String {
    let mut lines: Vec<String> = Vec::new();
    for column in &relation.columns {
        let not_null = if column.nullable { "" } else { " NOT NULL" };
        lines.push(format!("    {} {}{not_null}", written(&column.name), column.ty));
    }
    if let Some((at, delay_ns)) = relation.time {
        let name = written(&relation.columns[at].name);
        let mut line = format!("    WATERMARK FOR {name} AS {name}");
        if delay_ns > 0 {
            let delay = Interval { months: 0, days: 0, ns: delay_ns };
            let _ = write!(line, " - INTERVAL '{}'", super::Value::Interval(delay));
        }
        lines.push(line);
    }
    format!("{} (\n{}\n);", create(relation), lines.join(",\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_declaration_declares_the_same_again() {
        let mut session = Session::new();
        session
            .execute(
                "CREATE TABLE \"Odd name\" (\"order\" BIGINT NOT NULL, d DECIMAL(8, 2), ts TIMESTAMP NOT NULL,
                     WATERMARK FOR ts AS ts - INTERVAL '90' MINUTE);
                 CREATE TABLE plain (ts TIMESTAMP, WATERMARK FOR ts AS ts);
                 CREATE MATERIALIZED VIEW m AS SELECT d, COUNT(*) AS n FROM \"Odd name\" GROUP BY d;
                 CREATE STREAM s AS SELECT n FROM m WHERE n > 1",
            )
            .unwrap();
        let declared = |session: &Session| -> Vec<String> {
            session.relations().into_iter().map(|r| r.declaration).collect()
        };
        let first = declared(&session);
        assert!(first[0].contains("WATERMARK FOR ts AS ts - INTERVAL '01:30:00'"), "{}", first[0]);
        assert_eq!(first[3], "CREATE STREAM s AS\nSELECT n FROM m WHERE n > 1;");
        let mut again = Session::new();
        again.execute(&first.join("\n")).unwrap();
        assert_eq!(declared(&again), first);
        assert_eq!(again.relations()[2].kind, "materialized view");
    }
}
