//! Rows that were left out, given back as they came: late ones and rejected ones.

use crate::error::RejectReason;
use crate::plan::Site;
use crate::sink::{Late, Rejected, Sink};

/// A row that was left out.
#[derive(Clone, Copy, Debug)]
pub enum LeftOut {
    /// Row so-and-so was late.
    Late(usize),
    /// Row so-and-so failed at this site.
    Rejected(usize, u16),
}

/// Takes the rows of one call that were left out.
pub trait Aside<S> {
    /// This one was.
    fn left_out(&mut self, out: &mut S, row: LeftOut);
}

/// Which rows of `E` that are left out go to a sink `S`.
pub trait AsideKind<S, E> {
    /// Whether any do.
    const ANY: bool = true;
    /// Gives it a late row.
    #[inline(always)]
    fn late(out: &mut S, row: impl FnOnce() -> E) {
        let _ = (out, row);
    }
    /// Gives it a row that failed.
    #[inline(always)]
    fn rejected(out: &mut S, row: impl FnOnce() -> E, sites: &[Site], site: u16) {
        let _ = (out, row, sites, site);
    }
}

/// They are counted and no more.
#[derive(Debug)]
pub enum NoAside {}
/// Late rows go to the sink.
#[derive(Debug)]
pub enum AsideLate {}
/// Rejected rows go to the sink, with the reason.
#[derive(Debug)]
pub enum AsideRejected {}
/// Both go to the sink.
#[derive(Debug)]
pub enum AsideBoth {}

impl<S, E> AsideKind<S, E> for NoAside {
    const ANY: bool = false;
}

impl<S: Sink<Late<E>>, E> AsideKind<S, E> for AsideLate {
    fn late(out: &mut S, row: impl FnOnce() -> E) {
        out.emit(Late { row: row() });
    }
}

impl<S: Sink<Rejected<E>>, E> AsideKind<S, E> for AsideRejected {
    fn rejected(out: &mut S, row: impl FnOnce() -> E, sites: &[Site], site: u16) {
        out.emit(Rejected { row: row(), reason: reason(sites, site) });
    }
}

impl<S: Sink<Late<E>> + Sink<Rejected<E>>, E> AsideKind<S, E> for AsideBoth {
    fn late(out: &mut S, row: impl FnOnce() -> E) {
        out.emit(Late { row: row() });
    }
    fn rejected(out: &mut S, row: impl FnOnce() -> E, sites: &[Site], site: u16) {
        out.emit(Rejected { row: row(), reason: reason(sites, site) });
    }
}

/// Why a row failed at `site`.
#[cold]
pub(crate) fn reason(sites: &[Site], site: u16) -> RejectReason {
    match sites.get(site as usize) {
        Some(s) => RejectReason { what: s.what.clone(), sql: s.sql.clone(), line: s.line, column: s.column },
        None => RejectReason { what: "rejected".into(), sql: "".into(), line: 1, column: 1 },
    }
}
