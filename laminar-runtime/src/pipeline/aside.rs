//! Rows that were left out, given back as they came: late ones and rejected ones.

use crate::error::RejectReason;
use crate::event::EventColumns;
use crate::plan::Site;
use crate::sink::{Late, Rejected, Sink};
use std::marker::PhantomData;

/// Takes the rows of one call that were left out.
pub trait Aside<S> {
    /// Row `row` was late.
    fn late(&mut self, out: &mut S, row: usize);
    /// Row `row` failed at `site`.
    fn rejected(&mut self, out: &mut S, row: usize, site: u16);
}

/// The rows of one call.
pub trait Rows {
    /// Their type.
    type Row;
    /// A copy of one of them.
    fn row(&self, index: usize) -> Self::Row;
}

impl<E: Clone> Rows for &[E] {
    type Row = E;
    fn row(&self, index: usize) -> E {
        self[index].clone()
    }
}

/// They are counted and no more.
#[derive(Debug)]
pub struct NoAside;

impl<S> Aside<S> for NoAside {
    #[inline(always)]
    fn late(&mut self, _: &mut S, _: usize) {}
    #[inline(always)]
    fn rejected(&mut self, _: &mut S, _: usize, _: u16) {}
}

/// Late rows go to the sink.
#[derive(Debug)]
pub struct AsideLate<I>(pub I);

impl<I: Rows, S: Sink<Late<I::Row>>> Aside<S> for AsideLate<I> {
    #[cold]
    fn late(&mut self, out: &mut S, row: usize) {
        out.emit(Late { row: self.0.row(row) });
    }
    #[inline(always)]
    fn rejected(&mut self, _: &mut S, _: usize, _: u16) {}
}

/// Rejected rows go to the sink, with the reason.
#[derive(Debug)]
pub struct AsideRejected<I>(pub I, pub &'static [Site]);

impl<I: Rows, S: Sink<Rejected<I::Row>>> Aside<S> for AsideRejected<I> {
    #[inline(always)]
    fn late(&mut self, _: &mut S, _: usize) {}
    #[cold]
    fn rejected(&mut self, out: &mut S, row: usize, site: u16) {
        out.emit(Rejected { row: self.0.row(row), reason: reason(self.1, site) });
    }
}

/// Both go to the sink.
#[derive(Debug)]
pub struct AsideBoth<I>(pub I, pub &'static [Site]);

impl<I: Rows, S: Sink<Late<I::Row>> + Sink<Rejected<I::Row>>> Aside<S> for AsideBoth<I> {
    #[cold]
    fn late(&mut self, out: &mut S, row: usize) {
        out.emit(Late { row: self.0.row(row) });
    }
    #[cold]
    fn rejected(&mut self, out: &mut S, row: usize, site: u16) {
        out.emit(Rejected { row: self.0.row(row), reason: reason(self.1, site) });
    }
}

/// Why a row failed at `site`.
pub(crate) fn reason(sites: &[Site], site: u16) -> RejectReason {
    match sites.get(site as usize) {
        Some(s) => RejectReason { what: s.what.clone(), sql: s.sql.clone(), line: s.line, column: s.column },
        None => RejectReason { what: "rejected".into(), sql: "".into(), line: 1, column: 1 },
    }
}

/// The rows of one call of `process_columns`.
#[derive(Debug)]
pub struct ColumnRows<'a, E, C>(&'a C, PhantomData<fn() -> E>);

impl<'a, E, C> ColumnRows<'a, E, C> {
    /// The rows of `columns`.
    pub const fn new(columns: &'a C) -> Self {
        ColumnRows(columns, PhantomData)
    }
}

impl<E, C: EventColumns<E>> Rows for ColumnRows<'_, E, C> {
    type Row = E;
    fn row(&self, index: usize) -> E {
        self.0.row(index)
    }
}
