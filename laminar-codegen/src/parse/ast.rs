//! What the parser returns: statements of our own around sqlparser's query and expression trees.

use crate::diagnostic::Span;
use crate::functions::RustFn;
use laminar_runtime::function::Typed;
use laminar_runtime::schema::Ty;
use sqlparser::ast::Expr;

use super::text::SqlText;

/// A text of statements separated by `;`.
#[derive(Clone, Debug)]
pub struct Script {
    /// Those that parsed, in order.
    pub statements: Vec<Statement>,
    /// The text they came from; all their spans are offsets into it.
    pub text: SqlText,
}

/// An identifier as written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ident {
    /// Its text without quotes, in the case as written.
    pub value: String,
    /// `"quoted"`: compares exactly.
    pub quoted: bool,
    /// Where, quotes included.
    pub span: Span,
}

/// Identifiers between dots: `trades`, `events.Trade`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name {
    /// At least one.
    pub parts: Vec<Ident>,
    /// From the first to the last.
    pub span: Span,
}

/// A statement.
#[derive(Clone, Debug)]
pub enum Statement {
    /// `CREATE SOURCE name (…) [WITH (…)]`
    CreateSource(CreateRelation),
    /// `CREATE TABLE name (…) [WITH (…)]`
    CreateTable(CreateRelation),
    /// `CREATE FUNCTION name (…) RETURNS type AS 'path'`
    CreateFunction(CreateFunction),
    /// `CREATE [MATERIALIZED] VIEW | STREAM name [WITH (…)] AS query`
    CreateView(CreateView),
    /// `CREATE SINK name FROM relation | AS query [WITH (…)]`
    CreateSink(CreateSink),
    /// `INSERT INTO table [(columns)] VALUES … | query`
    Insert(Insert),
    /// `UPDATE table SET column = value, … [WHERE condition]`
    Update(Update),
    /// `DELETE FROM table [WHERE condition]`
    Delete(Delete),
    /// `TRUNCATE [TABLE] table`
    Truncate(Truncate),
    /// A query
    Query(Query),
    /// `EXPLAIN [RUST | CLIF] query`
    Explain(Explain),
    /// `DROP kind [IF EXISTS] name`
    Drop(Drop),
}

impl Statement {
    /// The whole statement, without the `;`.
    pub fn span(&self) -> Span {
        match self {
            Statement::CreateSource(s) | Statement::CreateTable(s) => s.span,
            Statement::CreateFunction(s) => s.span,
            Statement::CreateView(s) => s.span,
            Statement::CreateSink(s) => s.span,
            Statement::Insert(s) => s.span,
            Statement::Update(s) => s.span,
            Statement::Delete(s) => s.span,
            Statement::Truncate(s) => s.span,
            Statement::Query(s) => s.span,
            Statement::Explain(s) => s.span,
            Statement::Drop(s) => s.span,
        }
    }
}

/// A Rust function that SQL may call.
#[derive(Clone, Debug)]
pub struct CreateFunction {
    /// Its name in SQL.
    pub name: Ident,
    /// Types of the arguments.
    pub args: Vec<Typed>,
    /// Type of the result.
    pub ret: Typed,
    /// Its path in Rust.
    pub path: String,
    /// Where the path stands.
    pub path_span: Span,
    /// The whole statement.
    pub span: Span,
}

impl CreateFunction {
    /// The function, which is somewhere else.
    pub fn function(&self) -> RustFn {
        let (name, path) = (self.name.value.clone(), self.path.clone());
        RustFn { name, path, args: self.args.clone(), ret: self.ret, code: None }
    }
}

/// A relation declared by its columns.
#[derive(Clone, Debug)]
pub struct CreateRelation {
    /// Its name.
    pub name: Name,
    /// `IF NOT EXISTS`
    pub if_not_exists: bool,
    /// Columns in order.
    pub columns: Vec<ColumnDef>,
    /// `WATERMARK FOR …`
    pub watermark: Option<Watermark>,
    /// `WITH (…)`
    pub options: Vec<SqlOption>,
    /// The whole statement.
    pub span: Span,
}

/// A declared column.
#[derive(Clone, Debug)]
pub struct ColumnDef {
    /// Its name.
    pub name: Ident,
    /// Its type.
    pub ty: Ty,
    /// Neither `NOT NULL` nor `PRIMARY KEY`.
    pub nullable: bool,
    /// `PRIMARY KEY`, at the column or as a constraint of the table.
    pub primary_key: bool,
    /// `DEFAULT value`
    pub default: Option<Expr>,
    /// Name, type and constraints.
    pub span: Span,
}

/// `WATERMARK FOR column AS column [- delay]`
#[derive(Clone, Debug)]
pub struct Watermark {
    /// The column that holds event time.
    pub column: Ident,
    /// How far the watermark stays behind the greatest time seen.
    pub delay_ns: i64,
    /// The whole clause.
    pub span: Span,
}

/// `key = value` of a `WITH (…)`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SqlOption {
    /// Lower case; `a.b` keeps its dot.
    pub key: String,
    /// Its value.
    pub value: OptionValue,
    /// Key and value.
    pub span: Span,
}

/// Value of an option.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OptionValue {
    /// `'text'` without its quotes, or a bare word.
    Text(String),
    /// A number as written.
    Number(String),
    /// `TRUE` or `FALSE`
    Bool(bool),
}

impl OptionValue {
    /// The value as text: `true`, `10`, `abc`.
    pub fn as_text(&self) -> &str {
        match self {
            OptionValue::Text(text) | OptionValue::Number(text) => text,
            OptionValue::Bool(true) => "true",
            OptionValue::Bool(false) => "false",
        }
    }
}

/// What a `CREATE … AS query` makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ViewKind {
    /// `CREATE VIEW`: a name for a query.
    View,
    /// `CREATE STREAM`: its output flows, nothing is kept.
    Stream,
    /// `CREATE MATERIALIZED VIEW`: its output is kept and can be queried.
    MaterializedView,
}

/// A named query.
#[derive(Clone, Debug)]
pub struct CreateView {
    /// View, stream or materialized view.
    pub kind: ViewKind,
    /// Its name.
    pub name: Name,
    /// `IF NOT EXISTS`
    pub if_not_exists: bool,
    /// The query.
    pub query: Query,
    /// `WITH (…)`
    pub options: Vec<SqlOption>,
    /// The whole statement.
    pub span: Span,
}

/// Where rows leave.
#[derive(Clone, Debug)]
pub struct CreateSink {
    /// Its name.
    pub name: Name,
    /// `IF NOT EXISTS`
    pub if_not_exists: bool,
    /// What flows into it.
    pub from: SinkInput,
    /// `WITH (…)`
    pub options: Vec<SqlOption>,
    /// The whole statement.
    pub span: Span,
}

/// What flows into a sink.
#[derive(Clone, Debug)]
pub enum SinkInput {
    /// `FROM relation`
    Relation(Name),
    /// `AS query`
    Query(Query),
}

/// Rows for a table.
#[derive(Clone, Debug)]
pub struct Insert {
    /// The table.
    pub table: Name,
    /// Its columns, if given.
    pub columns: Vec<Ident>,
    /// The rows.
    pub rows: InsertRows,
    /// The whole statement.
    pub span: Span,
}

/// Where inserted rows come from.
#[derive(Clone, Debug)]
pub enum InsertRows {
    /// `VALUES (…), (…)`
    Values(Vec<Vec<Given>>),
    /// A query.
    Query(Query),
}

/// A value for a column.
#[derive(Clone, Debug)]
pub enum Given {
    /// `DEFAULT`: the one that the column declares, else NULL; where it stands.
    Default(Span),
    /// An expression.
    Expr(Box<Expr>),
}

/// New values for rows of a table.
#[derive(Clone, Debug)]
pub struct Update {
    /// The table.
    pub table: Name,
    /// `AS alias`
    pub alias: Option<Ident>,
    /// At least one.
    pub set: Vec<Assignment>,
    /// WHERE
    pub condition: Option<Expr>,
    /// The whole statement.
    pub span: Span,
}

/// `column = value`
#[derive(Clone, Debug)]
pub struct Assignment {
    /// The column.
    pub column: Ident,
    /// Its new value, over the row as it was.
    pub value: Given,
    /// Column and value.
    pub span: Span,
}

/// Rows that leave a table.
#[derive(Clone, Debug)]
pub struct Delete {
    /// The table.
    pub table: Name,
    /// `AS alias`
    pub alias: Option<Ident>,
    /// WHERE
    pub condition: Option<Expr>,
    /// The whole statement.
    pub span: Span,
}

/// All rows leave a table.
#[derive(Clone, Debug)]
pub struct Truncate {
    /// The table.
    pub table: Name,
    /// The whole statement.
    pub span: Span,
}

/// `EXPLAIN`
#[derive(Clone, Debug)]
pub struct Explain {
    /// What to explain.
    pub query: Query,
    /// In which form.
    pub mode: ExplainMode,
    /// The whole statement.
    pub span: Span,
}

/// What EXPLAIN shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExplainMode {
    /// The typed plan with the properties of each node.
    Text,
    /// The generated Rust.
    Rust,
    /// The Cranelift code.
    Clif,
}

/// `DROP`
#[derive(Clone, Debug)]
pub struct Drop {
    /// What kind of relation the statement names.
    pub kind: DropKind,
    /// Its name.
    pub name: Name,
    /// `IF EXISTS`
    pub if_exists: bool,
    /// The whole statement.
    pub span: Span,
}

/// Kind of relation that DROP names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DropKind {
    /// `DROP SOURCE`
    Source,
    /// `DROP TABLE`
    Table,
    /// `DROP VIEW`
    View,
    /// `DROP STREAM`
    Stream,
    /// `DROP MATERIALIZED VIEW`
    MaterializedView,
    /// `DROP SINK`
    Sink,
}

/// A query with the clauses that govern when its results come out.
#[derive(Clone, Debug)]
pub struct Query {
    /// Everything up to the tail.
    pub body: Box<sqlparser::ast::Query>,
    /// `EMIT …`
    pub emit: Option<EmitClause>,
    /// `ALLOW LATENESS i`, in ns
    pub lateness_ns: Option<(i64, Span)>,
    /// `LATE DATA TO name`
    pub late_to: Option<(String, Span)>,
    /// `STATE TTL i` or `ALLOW UNBOUNDED STATE`
    pub state: Option<StateClause>,
    /// Body and tail.
    pub span: Span,
}

/// `EMIT …`
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EmitClause {
    /// Which.
    pub kind: EmitKind,
    /// The whole clause.
    pub span: Span,
}

/// When results come out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EmitKind {
    /// `ON WINDOW CLOSE`
    WindowClose,
    /// `CHANGES`
    Changes,
    /// `ON UPDATE`
    OnUpdate,
    /// `EVERY i`, in ns, above zero
    Every(i64),
    /// `FINAL`
    Final,
}

/// What bounds per-row state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StateClause {
    /// Which.
    pub kind: StateKind,
    /// The whole clause.
    pub span: Span,
}

/// What bounds per-row state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StateKind {
    /// `STATE TTL i`, in ns, above zero
    Ttl(i64),
    /// `ALLOW UNBOUNDED STATE`
    Unbounded,
}
