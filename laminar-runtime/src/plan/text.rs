//! A plan as text: what generated code holds. One string costs the user's build next to nothing, where a tree of constants
//! is a table entry and a relocation for each of its nodes.
//!
//! ```text
//! plan 2784950679348223847 append fail Vwap
//! source 5000000000 0 Trade                      delay, edges, name
//! values 2 Bigint,Varchar?                      of the source before: number of rows, columns
//! cells 1<TAB>'a<TAB>2<TAB>-                    row by row: words, pairs as `1:0`, texts, bytes in hexadecimal, `-` for NULL
//! group 1 close - 60000000000:0:0 Bigint SumFloat:2,Count 0:0
//!                                                edge out, when, retracts, window, keys, accumulators, watermark
//! edge s0 g0 tracks Timestamp,Bigint,Double      from, to, flags, columns
//! edge g0 out - Bigint,Double?                   `?` may be NULL
//! column Bigint symbol
//! watermark 0:0
//! order end 10 0 1 2>,0^                         of what, limit, offset, hidden columns, keys: `>` descending, `^` NULL first
//! site 1:18 division by zero<TAB>a / b
//! ```
//!
//! A list without elements, and what is absent, is `-`. Invariant: reading what was written gives an equal plan.

use super::{
    AccOp, Accumulator, CellColumn, Constant, ConstantRows, EdgePlan, Emit, GroupPlan, OnError, Order,
    OutputKind, Plan, Port, Site, SortKey, SourcePlan, TupleColumn, WatermarkOf, Window,
};
use crate::schema::{Column, Repr, Ty};
use std::borrow::Cow;
use std::fmt::{Display, Write};
use std::str::FromStr;

impl Plan {
    /// The text.
    pub fn to_text(&self) -> String {
        let mut text = String::new();
        let output = match &self.output {
            OutputKind::Append => "append".to_string(),
            OutputKind::Changes => "changes".to_string(),
            OutputKind::Upsert { keys } => format!("upsert:{}", list(keys, u32::to_string)),
        };
        let on_error = POLICIES.iter().find(|p| p.1 == self.on_error).map_or("", |p| p.0);
        let name = escaped(&self.name);
        let _ = write!(text, "plan {} {output} {on_error} {name}", self.fingerprint);
        for s in &*self.sources {
            let (delay, edges) = (option(s.delay_ns), list(&s.edges, u32::to_string));
            let _ = write!(text, "\nsource {delay} {edges} {}", escaped(&s.name));
            let Some(rows) = &s.rows else { continue };
            let _ = write!(text, "\nvalues {} {}", rows.len, list(&rows.columns, cell_column));
            if !rows.cells.is_empty() {
                let types = rows.columns.iter().cycle();
                let cells: Vec<String> = rows.cells.iter().zip(types).map(|(c, ty)| cell(c, *ty)).collect();
                let _ = write!(text, "\ncells {}", cells.join("\t"));
            }
        }
        for g in &*self.groups {
            let when = EMITS.iter().find(|e| e.1 == g.emit).map_or("", |e| e.0);
            let window = g.window.map(|w| format!("{}:{}:{}", w.size_ns, w.offset_ns, w.lateness_ns));
            let _ = write!(
                text,
                "\ngroup {} {when} {} {} {} {} {}",
                g.edge,
                flag(g.retracts, "retracts"),
                option(window),
                list(&g.keys, cell_column),
                list(&g.accumulators, accumulator),
                list(&g.watermark, watermark),
            );
        }
        for e in &*self.edges {
            let flags = [(e.tracks, "tracks"), (e.weighted, "weighted"), (e.times, "times")];
            let flags: Vec<&str> = flags.iter().filter(|f| f.0).map(|f| f.1).collect();
            let flags = list(&flags, |f| f.to_string());
            let columns = list(&e.columns, cell_column);
            let _ = write!(text, "\nedge {} {} {flags} {columns}", port(e.from), port(e.to));
        }
        for c in &*self.columns {
            let cell = CellColumn { ty: c.ty, nullable: c.nullable };
            let _ = write!(text, "\ncolumn {} {}", cell_column(&cell), escaped(&c.name));
        }
        let _ = write!(text, "\nwatermark {}", list(&self.watermark, watermark));
        if let Some(o) = &self.order {
            let of = if o.at_end { "end" } else { "window" };
            let (limit, keys) = (option(o.limit), list(&o.keys, sort_key));
            let _ = write!(text, "\norder {of} {limit} {} {} {keys}", o.offset, o.hidden);
        }
        for s in &*self.sites {
            let (what, sql) = (escaped(&s.what), escaped(&s.sql));
            let _ = write!(text, "\nsite {}:{} {what}\t{sql}", s.line, s.column);
        }
        text
    }

    /// The plan of a text.
    ///
    /// # Errors
    /// The line that is none of [`Plan::to_text`]'s.
    pub fn from_text(text: &str) -> Result<Plan, String> {
        let mut plan = Plan {
            name: "".into(),
            fingerprint: 0,
            sources: Cow::default(),
            groups: Cow::default(),
            edges: Cow::default(),
            columns: Cow::default(),
            output: OutputKind::Append,
            watermark: Cow::default(),
            on_error: OnError::Fail,
            sites: Cow::default(),
            order: None,
        };
        for line in text.split('\n') {
            read_line(&mut plan, line).ok_or_else(|| line.to_string())?;
        }
        Ok(plan)
    }
}

fn read_line(plan: &mut Plan, line: &str) -> Option<()> {
    let (kind, rest) = line.split_once(' ')?;
    match kind {
        "plan" => {
            let [fingerprint, output, on_error, name] = words(rest)?;
            (plan.fingerprint, plan.name) = (fingerprint.parse().ok()?, unescaped(name));
            plan.on_error = POLICIES.iter().find(|p| p.0 == on_error)?.1;
            plan.output = match (output, output.strip_prefix("upsert:")) {
                ("append", _) => OutputKind::Append,
                ("changes", _) => OutputKind::Changes,
                (_, keys) => OutputKind::Upsert { keys: read_list(keys?, number)?.into() },
            };
        }
        "source" => {
            let [delay, edges, name] = words(rest)?;
            let (delay_ns, edges) = (read_option(delay, number)?, read_list(edges, number)?.into());
            plan.sources.to_mut().push(SourcePlan { name: unescaped(name), delay_ns, edges, rows: None });
        }
        "values" => {
            let [len, columns] = words(rest)?;
            let (len, columns) = (number(len)?, read_list(columns, read_cell_column)?.into());
            plan.sources.to_mut().last_mut()?.rows =
                Some(ConstantRows { columns, len, cells: Cow::default() });
        }
        "cells" => {
            let rows = plan.sources.to_mut().last_mut()?.rows.as_mut()?;
            let cells = rest.split('\t').zip(rows.columns.iter().cycle());
            let cells: Vec<Option<Constant>> =
                cells.map(|(text, ty)| read_cell(text, *ty)).collect::<Option<_>>()?;
            if cells.len() != rows.columns.len() * rows.len as usize {
                return None;
            }
            rows.cells = cells.into();
        }
        "group" => plan.groups.to_mut().push(read_group(rest)?),
        "edge" => {
            let [from, to, flags, columns] = words(rest)?;
            plan.edges.to_mut().push(EdgePlan {
                from: read_port(from)?,
                to: read_port(to)?,
                columns: read_list(columns, read_cell_column)?.into(),
                tracks: flags.contains("tracks"),
                weighted: flags.contains("weighted"),
                times: flags.contains("times"),
            });
        }
        "column" => {
            let [ty, name] = words(rest)?;
            let CellColumn { ty, nullable } = read_cell_column(ty)?;
            plan.columns.to_mut().push(Column { name: unescaped(name), ty, nullable });
        }
        "watermark" => plan.watermark = read_list(rest, read_watermark)?.into(),
        "order" => {
            let [of, limit, offset, hidden, keys] = words(rest)?;
            plan.order = Some(Order {
                keys: read_list(keys, read_sort_key)?.into(),
                limit: read_option(limit, number)?,
                offset: number(offset)?,
                hidden: number(hidden)?,
                at_end: of == "end",
            });
        }
        "site" => {
            let [place, texts] = words(rest)?;
            let ((line, column), (what, sql)) = (place.split_once(':')?, texts.split_once('\t')?);
            let (line, column) = (number(line)?, number(column)?);
            plan.sites.to_mut().push(Site { what: unescaped(what), sql: unescaped(sql), line, column });
        }
        _ => return None,
    }
    Some(())
}

fn read_group(rest: &str) -> Option<GroupPlan> {
    let [edge, when, retracts, window, keys, accumulators, watermark] = words(rest)?;
    let window = read_option(window, |w| {
        let (size, rest) = w.split_once(':')?;
        let (offset, lateness) = rest.split_once(':')?;
        Some(Window { size_ns: number(size)?, offset_ns: number(offset)?, lateness_ns: number(lateness)? })
    })?;
    Some(GroupPlan {
        keys: read_list(keys, read_cell_column)?.into(),
        accumulators: read_list(accumulators, read_accumulator)?.into(),
        window,
        watermark: read_list(watermark, read_watermark)?.into(),
        emit: EMITS.iter().find(|e| e.0 == when)?.1,
        retracts: retracts == "retracts",
        edge: number(edge)?,
    })
}

const POLICIES: [(&str, OnError); 3] =
    [("fail", OnError::Fail), ("skip", OnError::Skip), ("dead_letter", OnError::DeadLetter)];
const EMITS: [(&str, Emit); 3] = [("close", Emit::Close), ("changes", Emit::Changes), ("final", Emit::Final)];

/// The first words of a line; the last is the rest of it.
fn words<const N: usize>(line: &str) -> Option<[&str; N]> {
    let words: Vec<&str> = line.splitn(N, ' ').collect();
    words.try_into().ok()
}

fn number<T: FromStr>(text: &str) -> Option<T> {
    text.parse().ok()
}

fn list<T>(items: &[T], text: impl Fn(&T) -> String) -> String {
    match items {
        [] => "-".into(),
        items => items.iter().map(text).collect::<Vec<_>>().join(","),
    }
}

fn read_list<T>(text: &str, read: impl Fn(&str) -> Option<T>) -> Option<Vec<T>> {
    if text == "-" { Some(Vec::new()) } else { text.split(',').map(read).collect() }
}

fn option(value: Option<impl Display>) -> String {
    value.map_or("-".into(), |value| value.to_string())
}

fn read_option<T>(text: &str, read: impl Fn(&str) -> Option<T>) -> Option<Option<T>> {
    if text == "-" { Some(None) } else { read(text).map(Some) }
}

fn flag(set: bool, name: &'static str) -> &'static str {
    if set { name } else { "-" }
}

fn port(port: Port) -> String {
    match port {
        Port::Source(i) => format!("s{i}"),
        Port::Group(i) => format!("g{i}"),
        Port::Output => "out".into(),
    }
}

fn read_port(text: &str) -> Option<Port> {
    match (text.strip_prefix('s'), text.strip_prefix('g')) {
        (Some(i), _) => Some(Port::Source(number(i)?)),
        (_, Some(i)) => Some(Port::Group(number(i)?)),
        _ => (text == "out").then_some(Port::Output),
    }
}

/// The name of its type; with `?` where NULL may occur.
fn cell_column(c: &CellColumn) -> String {
    format!("{}{}", type_name(c.ty), if c.nullable { "?" } else { "" })
}

/// `Bigint`, `Decimal:10:2`, `Array:Bigint`.
fn type_name(ty: Ty) -> String {
    match ty {
        Ty::Decimal { precision, scale } => format!("Decimal:{precision}:{scale}"),
        Ty::Array(element) => format!("Array:{}", type_name(element.ty())),
        ty => format!("{ty:?}"),
    }
}

fn read_type(name: &str) -> Option<Ty> {
    if let Some(element) = name.strip_prefix("Array:") {
        return read_type(element)?.element().map(Ty::Array);
    }
    match name.strip_prefix("Decimal:") {
        Some(digits) => {
            let (precision, scale) = digits.split_once(':')?;
            Some(Ty::Decimal { precision: number(precision)?, scale: number(scale)? })
        }
        None => Ty::PLAIN.iter().copied().find(|ty| format!("{ty:?}") == name),
    }
}

fn read_cell_column(text: &str) -> Option<CellColumn> {
    let (name, nullable) = text.strip_suffix('?').map_or((text, false), |name| (name, true));
    Some(CellColumn { ty: read_type(name)?, nullable })
}

fn cell(value: &Option<Constant>, column: CellColumn) -> String {
    match value {
        None => "-".into(),
        Some(Constant::Word(word)) => word.to_string(),
        Some(Constant::Pair([a, b])) => format!("{a}:{b}"),
        Some(Constant::Bytes(bytes)) if column.repr() == Repr::Text => {
            format!("'{}", escaped(&String::from_utf8_lossy(bytes)))
        }
        Some(Constant::Bytes(bytes)) => bytes.iter().fold("x".into(), |text, b| format!("{text}{b:02x}")),
    }
}

fn read_cell(text: &str, column: CellColumn) -> Option<Option<Constant>> {
    if text == "-" {
        return Some(None);
    }
    Some(Some(match column.repr() {
        Repr::Bool | Repr::Int | Repr::Float => Constant::Word(number(text)?),
        Repr::Interval | Repr::Wide => {
            let (a, b) = text.split_once(':')?;
            Constant::Pair([number(a)?, number(b)?])
        }
        Repr::Text => Constant::Bytes(unescaped(text.strip_prefix('\'')?).into_owned().into_bytes().into()),
        Repr::Bytes => {
            let digits = text.strip_prefix('x')?.as_bytes().chunks(2);
            let byte = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok();
            Constant::Bytes(digits.map(byte).collect::<Option<Vec<u8>>>()?.into())
        }
    }))
}

/// `Count`, `SumInt:2`, `MinText:3?`; then, where there are any, `@gate`, `=constant`, `/tuple`.
fn accumulator(a: &Accumulator) -> String {
    let mut text = format!("{:?}", a.op);
    let _ = a.arg.map(|arg| write!(text, ":{arg}"));
    text.push_str(if a.nullable { "?" } else { "" });
    let _ = a.gate.map(|gate| write!(text, "@{gate}"));
    let _ = (a.constant != 0).then(|| write!(text, "={}", a.constant));
    for (i, c) in a.tuple.iter().enumerate() {
        text.push(if i == 0 { '/' } else { '+' });
        let (cell, direction) = (cell_column(&c.cell), direction(c.descending, c.nulls_first));
        let _ = write!(text, "{}:{cell}{direction}", c.column);
    }
    text
}

fn read_accumulator(text: &str) -> Option<Accumulator> {
    let (text, tuple) = match text.split_once('/') {
        Some((text, tuple)) => (text, tuple.split('+').map(read_tuple_column).collect::<Option<Vec<_>>>()?),
        None => (text, Vec::new()),
    };
    let (text, constant) = optional(text, '=')?;
    let (text, gate) = optional(text, '@')?;
    let (text, nullable) = text.strip_suffix('?').map_or((text, false), |text| (text, true));
    let (name, arg) = optional(text, ':')?;
    let op = *AccOp::ALL.iter().find(|op| format!("{op:?}") == name)?;
    Some(Accumulator { op, arg, nullable, tuple: tuple.into(), gate, constant: constant.unwrap_or(0) })
}

/// `3:Bigint?`; then `>` where it is descending, `^` where NULL comes first.
fn read_tuple_column(text: &str) -> Option<TupleColumn> {
    let (text, descending, nulls_first) = read_direction(text);
    let (column, cell) = text.split_once(':')?;
    Some(TupleColumn { column: number(column)?, cell: read_cell_column(cell)?, descending, nulls_first })
}

/// `2`, `2>`, `2^`, `2>^`.
fn sort_key(k: &SortKey) -> String {
    format!("{}{}", k.column, direction(k.descending, k.nulls_first))
}

fn read_sort_key(text: &str) -> Option<SortKey> {
    let (column, descending, nulls_first) = read_direction(text);
    Some(SortKey { column: number(column)?, descending, nulls_first })
}

fn direction(descending: bool, nulls_first: bool) -> &'static str {
    match (descending, nulls_first) {
        (false, false) => "",
        (true, false) => ">",
        (false, true) => "^",
        (true, true) => ">^",
    }
}

/// What stands before the direction, and that.
fn read_direction(text: &str) -> (&str, bool, bool) {
    let (text, nulls_first) = text.strip_suffix('^').map_or((text, false), |text| (text, true));
    let (text, descending) = text.strip_suffix('>').map_or((text, false), |text| (text, true));
    (text, descending, nulls_first)
}

/// What stands before `mark`, and the number behind it, if there is one.
fn optional<T: FromStr>(text: &str, mark: char) -> Option<(&str, Option<T>)> {
    match text.split_once(mark) {
        Some((text, value)) => Some((text, Some(number(value)?))),
        None => Some((text, None)),
    }
}

fn watermark(w: &WatermarkOf) -> String {
    format!("{}:{}", w.source, w.offset_ns)
}

fn read_watermark(text: &str) -> Option<WatermarkOf> {
    let (source, offset) = text.split_once(':')?;
    Some(WatermarkOf { source: number(source)?, offset_ns: number(offset)? })
}

/// A text without line ends and tabs.
fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('\n', "\\n").replace('\r', "\\r").replace('\t', "\\t")
}

fn unescaped(text: &str) -> Cow<'static, str> {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match (c, if c == '\\' { chars.next() } else { None }) {
            ('\\', Some('n')) => out.push('\n'),
            ('\\', Some('r')) => out.push('\r'),
            ('\\', Some('t')) => out.push('\t'),
            ('\\', Some(other)) => out.push(other),
            (c, _) => out.push(c),
        }
    }
    out.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn constants() -> ConstantRows {
        let bytes = |b: &[u8]| Some(Constant::Bytes(b.to_vec().into()));
        let column = |ty| CellColumn { ty, nullable: true };
        ConstantRows {
            columns: [Ty::Bigint, Ty::Varchar, Ty::Bytea, Ty::Interval].map(column).to_vec().into(),
            len: 3,
            cells: vec![
                Some(Constant::Word(u64::MAX)),
                bytes(b"-\t'\n\\ \xc3\xa4"),
                bytes(b"\0\xff-"),
                Some(Constant::Pair([1, u64::MAX])),
                None,
                None,
                None,
                None,
                Some(Constant::Word(0)),
                bytes(b""),
                bytes(b""),
                Some(Constant::Pair([0, 0])),
            ]
            .into(),
        }
    }

    /// All there is, at least once.
    fn plan() -> Plan {
        let dec = Ty::Decimal { precision: 18, scale: 3 };
        let arrays = [Ty::Uuid, dec].into_iter().filter_map(Ty::element).map(Ty::Array);
        let types = Ty::PLAIN.iter().copied().chain([dec]).chain(arrays);
        let columns: Vec<CellColumn> =
            types.enumerate().map(|(i, ty)| CellColumn { ty, nullable: i % 2 == 0 }).collect();
        let named = |c: &CellColumn| Column {
            name: format!("a {:?}\t\\n\n", c.ty).into(),
            ty: c.ty,
            nullable: c.nullable,
        };
        let accumulator = |(i, &op): (usize, &AccOp)| Accumulator {
            op,
            arg: (i > 0).then_some(i as u32),
            nullable: i % 3 == 1,
            tuple: (columns.iter().take(i % 5).enumerate())
                .map(|(c, &cell)| TupleColumn {
                    column: c as u32,
                    cell,
                    descending: (i + c) % 2 == 0,
                    nulls_first: (i + c) % 3 == 0,
                })
                .collect(),
            gate: (i % 4 == 1).then_some(i as u32),
            constant: if i % 3 == 2 { 0.5_f64.to_bits() } else { 0 },
        };
        let group = |emit, window: Option<Window>, retracts| GroupPlan {
            keys: if retracts { Cow::default() } else { columns.clone().into() },
            accumulators: AccOp::ALL.iter().enumerate().map(accumulator).collect(),
            window,
            watermark: window.iter().map(|_| WatermarkOf { source: 1, offset_ns: -7 }).collect(),
            emit,
            retracts,
            edge: 3,
        };
        let edge = |from, to, tracks, weighted| EdgePlan {
            from,
            to,
            columns: columns.clone().into(),
            tracks,
            weighted,
            times: tracks && weighted,
        };
        let no_columns = ConstantRows { columns: Cow::default(), len: 1, cells: Cow::default() };
        Plan {
            name: "of \"all\"".into(),
            fingerprint: u64::MAX,
            sources: vec![
                SourcePlan { name: "a.b c".into(), delay_ns: Some(-1), edges: vec![0, 1].into(), rows: None },
                SourcePlan {
                    name: "".into(),
                    delay_ns: None,
                    edges: Cow::default(),
                    rows: Some(constants()),
                },
                SourcePlan {
                    name: "one".into(),
                    delay_ns: None,
                    edges: Cow::default(),
                    rows: Some(no_columns),
                },
            ]
            .into(),
            groups: vec![
                group(Emit::Close, Some(Window { size_ns: 10, offset_ns: 2, lateness_ns: 3 }), false),
                group(Emit::Changes, None, true),
                group(Emit::Final, None, false),
            ]
            .into(),
            edges: vec![
                edge(Port::Source(0), Port::Group(12), true, true),
                edge(Port::Source(1), Port::Group(0), true, false),
                edge(Port::Group(0), Port::Group(1), false, true),
                edge(Port::Group(1), Port::Output, false, false),
            ]
            .into(),
            columns: columns.iter().map(named).collect(),
            output: OutputKind::Upsert { keys: vec![0, 2].into() },
            watermark: vec![
                WatermarkOf { source: 0, offset_ns: i64::MAX },
                WatermarkOf { source: 1, offset_ns: 0 },
            ]
            .into(),
            on_error: OnError::DeadLetter,
            sites: vec![Site { what: "not good".into(), sql: "a\r\n\t\\ / 'b'".into(), line: 3, column: 14 }]
                .into(),
            order: Some(Order {
                keys: [(0, false, false), (1, true, false), (2, false, true), (3, true, true)]
                    .map(|(column, descending, nulls_first)| SortKey { column, descending, nulls_first })
                    .to_vec()
                    .into(),
                limit: Some(u64::MAX),
                offset: 7,
                hidden: 1,
                at_end: true,
            }),
        }
    }

    #[test]
    fn what_is_written_is_read() {
        let mut plan = plan();
        for (output, on_error) in [
            (plan.output.clone(), OnError::DeadLetter),
            (OutputKind::Append, OnError::Fail),
            (OutputKind::Changes, OnError::Skip),
        ] {
            (plan.output, plan.on_error) = (output, on_error);
            let read = Plan::from_text(&plan.to_text()).unwrap();
            assert_eq!(format!("{read:?}"), format!("{plan:?}"));
            plan.order =
                plan.order.take().map(|o| Order { keys: Cow::default(), limit: None, at_end: false, ..o });
        }
        plan.order = None;
        assert!(Plan::from_text(&plan.to_text()).unwrap().order.is_none());
    }

    #[test]
    fn what_is_damaged_is_told() {
        let text = plan().to_text();
        for line in text.lines() {
            let kind = line.split(' ').next().unwrap();
            let cut = text.replace(line, kind);
            assert_eq!(Plan::from_text(&cut).err().as_deref(), Some(kind));
        }
        assert_eq!(Plan::from_text("nonsense 1").err().as_deref(), Some("nonsense 1"));
        assert_eq!(Plan::from_text("column Nothing x").err().as_deref(), Some("column Nothing x"));
    }
}
