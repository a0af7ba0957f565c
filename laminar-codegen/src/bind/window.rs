//! Tumbling windows, in GROUP BY and as table functions.

use super::Binder;
use super::expr::Env;
use super::scope::Scope;
use crate::diagnostic::{Diagnostic, Span, code};
use crate::plan::expr::{Expr, Kind};
use crate::plan::properties::shift_watermark;
use crate::plan::{ColumnProps, Node, PlanColumn, Rel, WindowColumn};
use laminar_runtime::schema::Ty;
use sqlparser::ast;

/// Length and offset of windows, in ns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Size {
    pub size_ns: i64,
    pub offset_ns: i64,
}

/// Whether a function name is that of a window.
pub(super) fn is_window_function(name: &str) -> bool {
    ["tumble", "hop", "cumulate", "session"].iter().any(|w| name.eq_ignore_ascii_case(w))
}

/// Whether it is TUMBLE.
pub(super) fn is_tumble(name: &str) -> bool {
    name.eq_ignore_ascii_case("tumble")
}

/// A window that is none of ours yet.
pub(super) fn unsupported(name: &str, span: Span) -> Diagnostic {
    let what = format!("{} is not supported", name.to_ascii_uppercase());
    Diagnostic::error(code::WINDOW_KIND, span, what).help("TUMBLE(ts, INTERVAL '1' MINUTE) is")
}

impl Binder<'_> {
    /// The size and offset arguments of TUMBLE.
    pub(super) fn window_size(&mut self, args: &[&ast::Expr], span: Span) -> Option<Size> {
        let (size, offset) = match args {
            [size] => (size, None),
            [size, offset] => (size, Some(offset)),
            _ => {
                self.fail(
                    Diagnostic::error(
                        code::WINDOW_MISUSE,
                        span,
                        "TUMBLE takes a time column, a size and, if wanted, an offset",
                    )
                    .help("TUMBLE(ts, INTERVAL '1' MINUTE)"),
                );
                return None;
            }
        };
        let size_ns = self.fixed_interval(size, "size of a window")?;
        if size_ns <= 0 {
            let at = self.at(size);
            self.fail(Diagnostic::error(code::WINDOW_SIZE, at, "size of a window must be positive"));
            return None;
        }
        let offset_ns = match offset {
            Some(o) => self.fixed_interval(o, "offset of a window")?,
            None => 0,
        };
        Some(Size { size_ns, offset_ns: offset_ns.rem_euclid(size_ns) })
    }

    fn fixed_interval(&mut self, e: &ast::Expr, what: &str) -> Option<i64> {
        let span = self.at(e);
        let interval = match crate::parse::interval_of(self.text, e) {
            Some(Ok(i)) => i,
            Some(Err(d)) => {
                self.fail(*d);
                return None;
            }
            None => {
                self.fail(
                    Diagnostic::error(code::WINDOW_SIZE, span, format!("{what} must be an interval literal"))
                        .help("write it as INTERVAL '1' MINUTE"),
                );
                return None;
            }
        };
        if interval.months != 0 {
            self.fail(
                Diagnostic::error(code::MONTHS_IN_SIZE, span, format!("{what} cannot have months or years"))
                    .help("give it in days: they are 24 hours here"),
            );
            return None;
        }
        let ns =
            i64::from(interval.days).checked_mul(86_400_000_000_000).and_then(|d| d.checked_add(interval.ns));
        if ns.is_none() {
            self.fail(Diagnostic::error(code::WINDOW_SIZE, span, format!("{what} is out of range")));
        }
        ns
    }

    /// The time argument of TUMBLE: a timestamp that is never NULL in rows that count.
    pub(super) fn window_time(&mut self, e: &ast::Expr, scope: &Scope) -> Option<Expr> {
        let mut env = Env { scope, grouping: None, clause: "TUMBLE" };
        let time = self.expr(e, &mut env);
        match time.ty {
            _ if time.is_error() => None,
            Some(Ty::Timestamp) => Some(time),
            ty => {
                let have = ty.map_or("NULL".to_string(), |t| t.to_string());
                self.fail(
                    Diagnostic::error(
                        code::WINDOW_TIME,
                        time.span,
                        format!("time of a window must be TIMESTAMP, not {have}"),
                    )
                    .label(format!("this is {have}")),
                );
                None
            }
        }
    }

    /// `FROM TUMBLE(input, time, size)`: the input with `window_start` and `window_end`.
    pub(super) fn with_window(&mut self, input: Rel, time: Expr, size: Size, span: Span) -> Rel {
        let watermark = time_watermark(&time, &input.columns);
        let Size { size_ns, offset_ns } = size;
        let id = self.new_window();
        let mut exprs: Vec<Expr> = Vec::new();
        let mut columns = Vec::new();
        for (i, c) in input.columns.iter().enumerate() {
            exprs.push(Expr::column(i, c.ty, c.nullable, span));
            columns.push(c.clone());
        }
        for is_end in [false, true] {
            let kind = Kind::WindowBound { time: Box::new(time.clone()), size_ns, offset_ns, is_end };
            exprs.push(Expr { kind, ty: Some(Ty::Timestamp), nullable: time.nullable, span });
            let window = WindowColumn { id, size_ns, offset_ns, is_end, watermark: watermark.clone() };
            let lag = if is_end { 0 } else { size_ns };
            columns.push(PlanColumn {
                name: if is_end { "window_end" } else { "window_start" }.to_string(),
                ty: Some(Ty::Timestamp),
                nullable: time.nullable,
                props: ColumnProps { watermark: shift_watermark(&watermark, lag), window: Some(window) },
            });
        }
        let props = crate::plan::Props { state: None, ..input.props.clone() };
        Rel { node: Node::Project { input: Box::new(input), exprs }, columns, props }
    }
}

/// The watermark of an expression: that of a column, shifted by added or taken intervals of fixed length.
pub(super) fn time_watermark(e: &Expr, columns: &[PlanColumn]) -> Vec<(usize, i64)> {
    column_props(e, columns).watermark
}

/// Time properties of an expression over columns.
pub(super) fn column_props(e: &Expr, columns: &[PlanColumn]) -> ColumnProps {
    use crate::plan::expr::Literal;
    let fixed = |i: &Expr| match &i.kind {
        Kind::Literal(Literal::Interval(i)) if i.months == 0 => {
            i64::from(i.days).checked_mul(86_400_000_000_000)?.checked_add(i.ns)
        }
        _ => None,
    };
    match &e.kind {
        Kind::Column(i) => columns[*i].props.clone(),
        Kind::Call(f, args) if f.name == "timestamp + interval" || f.name == "timestamp - interval" => {
            let (Some(by), of) = (fixed(&args[1]), time_watermark(&args[0], columns)) else {
                return ColumnProps::default();
            };
            let lag = if f.name == "timestamp + interval" { by.checked_neg() } else { Some(by) };
            lag.map_or_else(ColumnProps::default, |lag| ColumnProps {
                watermark: shift_watermark(&of, lag),
                window: None,
            })
        }
        Kind::Call(f, args) if f.name == "date_trunc" => {
            let day: i64 = 86_400_000_000_000;
            let lag = match f.variant {
                Some("microseconds") => 1000,
                Some("milliseconds") => 1_000_000,
                Some("second") => 1_000_000_000,
                Some("minute") => 60_000_000_000,
                Some("hour") => 3_600_000_000_000,
                Some("day") => day,
                Some("week") => 7 * day,
                Some("month") => 31 * day,
                Some("quarter") => 92 * day,
                _ => 366 * day,
            };
            ColumnProps { watermark: shift_watermark(&time_watermark(&args[0], columns), lag), window: None }
        }
        _ => ColumnProps::default(),
    }
}
