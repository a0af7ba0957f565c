//! The clauses after a query: `[EMIT …] [ALLOW LATENESS i] [LATE DATA TO name] [STATE TTL i | ALLOW UNBOUNDED STATE]`,
//! in any order, each at most once.

use sqlparser::tokenizer::Token;

use super::ast::{EmitClause, EmitKind, Query, StateClause, StateKind};
use super::interval::{interval_of, length_ns};
use super::statement::{Parsed, StatementParser};
use crate::diagnostic::{Diagnostic, Span, closest, code};

/// What can follow EMIT, for suggestions.
const EMITS: [&str; 4] = ["CHANGES", "EVERY", "FINAL", "ON"];

impl StatementParser<'_> {
    /// Reads the clauses into `query`.
    pub(super) fn tail(&mut self, query: &mut Query) -> Parsed<()> {
        loop {
            let first = self.index();
            if self.accept_word("EMIT") {
                let kind = self.emit()?;
                let span = self.since(first);
                self.once(query.emit.map(|e| e.span), span, "EMIT");
                query.emit.get_or_insert(EmitClause { kind, span });
            } else if self.is_word(0, "ALLOW") && self.is_word(1, "LATENESS") {
                self.advance();
                self.advance();
                let ns = self.length("the allowed lateness", 0)?;
                let span = self.since(first);
                self.once(query.lateness_ns.map(|l| l.1), span, "ALLOW LATENESS");
                query.lateness_ns.get_or_insert((ns, span));
            } else if self.is_word(0, "ALLOW") && self.is_word(1, "UNBOUNDED") {
                self.advance();
                self.advance();
                self.expect_word("STATE")?;
                let span = self.since(first);
                self.state(query, StateKind::Unbounded, span);
            } else if self.accept_word("ALLOW") {
                return Err(self.unexpected("`LATENESS` or `UNBOUNDED STATE` after ALLOW"));
            } else if self.accept_word("LATE") {
                self.expect_word("DATA")?;
                self.expect_word("TO")?;
                let name = self.name("the name of an output for late rows")?;
                let span = self.since(first);
                self.once(query.late_to.as_ref().map(|l| l.1), span, "LATE DATA TO");
                query.late_to.get_or_insert((name.to_string(), span));
            } else if self.accept_word("STATE") {
                self.expect_word("TTL")?;
                let ns = self.length("STATE TTL", 1)?;
                let span = self.since(first);
                self.state(query, StateKind::Ttl(ns), span);
            } else {
                return Ok(());
            }
        }
    }

    fn emit(&mut self) -> Parsed<EmitKind> {
        if self.accept_word("CHANGES") {
            return Ok(EmitKind::Changes);
        }
        if self.accept_word("FINAL") {
            return Ok(EmitKind::Final);
        }
        if self.accept_word("EVERY") {
            return Ok(EmitKind::Every(self.length("the interval of EMIT EVERY", 1)?));
        }
        if self.accept_word("ON") {
            if self.accept_word("UPDATE") {
                return Ok(EmitKind::OnUpdate);
            }
            if self.accept_word("WINDOW") {
                self.expect_word("CLOSE").map_err(emit_error)?;
                return Ok(EmitKind::WindowClose);
            }
            return Err(emit_error(self.unexpected("`WINDOW CLOSE` or `UPDATE` after EMIT ON")));
        }
        let mut d =
            self.unexpected("`ON WINDOW CLOSE`, `CHANGES`, `ON UPDATE`, `EVERY` or `FINAL` after EMIT");
        d.help.clear();
        if let Token::Word(w) = self.token(0)
            && let Some(near) = closest(&w.value, EMITS)
        {
            d.help.push(format!("did you mean `{near}`?"));
            *d = d.clone().suggest(self.next_span(), near);
        }
        Err(emit_error(d))
    }

    fn state(&mut self, query: &mut Query, kind: StateKind, span: Span) {
        match query.state {
            Some(first) if first.kind != kind => {
                let what = "STATE TTL and ALLOW UNBOUNDED STATE exclude each other";
                let d = Diagnostic::error(code::EMIT_CLAUSE, span, what)
                    .note(format!("the first is `{}`", self.text.text(first.span)));
                self.diagnostics.push(d);
            }
            first => self.once(first.map(|s| s.span), span, "the bound of state"),
        }
        query.state.get_or_insert(StateClause { kind, span });
    }

    /// Reports the second of two clauses.
    fn once(&mut self, first: Option<Span>, second: Span, what: &str) {
        let Some(first) = first else { return };
        let (line, column) = self.text.line_column(first.start);
        self.diagnostics.push(
            Diagnostic::error(code::EMIT_CLAUSE, second, format!("{what} is given twice"))
                .label("the second")
                .note(format!("the first is at {line}:{column}")),
        );
    }

    /// `INTERVAL '…'` as nanoseconds, at least `least`.
    fn length(&mut self, what: &str, least: i64) -> Parsed<i64> {
        if !self.is_word(0, "INTERVAL") {
            let mut d = self.unexpected("`INTERVAL '…'`");
            d.help = vec!["write `INTERVAL '5' SECOND` or `INTERVAL '1 hour 30 minutes'`".into()];
            return Err(emit_error(d));
        }
        let first = self.index();
        self.advance();
        let expr = self.parse(|p| p.parse_interval())?;
        let span = self.since(first);
        let interval = match interval_of(self.text, &expr) {
            Some(interval) => interval?,
            None => {
                return Err(Box::new(Diagnostic::error(code::BAD_LITERAL, span, "this is not an interval")));
            }
        };
        let ns = length_ns(interval, span, what)?;
        if ns < least {
            let bound = if least == 0 { "cannot be negative" } else { "must be above zero" };
            return Err(Box::new(Diagnostic::error(code::EMIT_CLAUSE, span, format!("{what} {bound}"))));
        }
        Ok(ns)
    }

    fn since(&self, first: usize) -> Span {
        Span::join(self.text.token_span(first), self.so_far_token())
    }
}

fn emit_error(mut d: Box<Diagnostic>) -> Box<Diagnostic> {
    d.code = code::EMIT_CLAUSE;
    d
}
