//! Where results go: closures, vectors, channels, other pipelines.

use crate::error::RejectReason;
use crate::event::Event;
use crate::types::Timestamp;

/// Number of a checkpoint interval.
pub type Epoch = u64;

/// Takes the rows of a pipeline.
///
/// Every `FnMut(T)` is a sink, and so is `Vec<T>`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not take `{T}`",
    label = "takes no `{T}`",
    note = "a pipeline gives rows, `Change<Row>` or `Upsert<Row>`, as its query says",
    note = "late and rejected rows go to a second sink: `out.with_late(&mut late)`, `out.with_rejected(&mut rejected)`"
)]
pub trait Sink<T> {
    /// Takes one row.
    fn emit(&mut self, row: T);
    /// No later row is older than `w` in the output's time column.
    fn watermark(&mut self, w: Timestamp) {
        let _ = w;
    }
    /// All rows of epoch `e` have been emitted.
    fn barrier(&mut self, e: Epoch) {
        let _ = e;
    }
}

// Who lacks a sink is told of sinks, not of closures.
#[diagnostic::do_not_recommend]
impl<T, F: FnMut(T)> Sink<T> for F {
    #[inline]
    fn emit(&mut self, row: T) {
        self(row)
    }
}

impl<T> Sink<T> for Vec<T> {
    #[inline]
    fn emit(&mut self, row: T) {
        self.push(row)
    }
}

/// A row of a changelog: `weight` copies come (positive) or go (negative).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Change<R> {
    /// The row.
    pub row: R,
    /// +1 for a row that comes, −1 for one that goes.
    pub weight: i64,
}

/// The newest state of a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Upsert<R> {
    /// The key has this row now.
    Put(R),
    /// The key is gone; this was its row.
    Delete(R),
}

/// A row that came after its window was closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Late<E> {
    /// The row as it came.
    pub row: E,
}

/// A row that failed.
#[derive(Clone, Debug, PartialEq)]
pub struct Rejected<E> {
    /// The row as it came.
    pub row: E,
    /// What failed and where in the SQL.
    pub reason: RejectReason,
}

/// Joins sinks, so that one takes the results and another what was left out.
///
/// ```
/// use laminar_runtime::sink::{Change, Late, Sink, SinkExt};
/// let (mut changes, mut late) = (Vec::new(), Vec::new());
/// let mut out = changes.with_late(&mut late);
/// out.emit(Change { row: 1, weight: 1 });
/// out.emit(Late { row: 2 });
/// assert_eq!((changes.len(), late.len()), (1, 1));
/// ```
pub trait SinkExt: Sized {
    /// Late rows go to `late`, all else stays here.
    fn with_late<'a, L>(&'a mut self, late: &'a mut L) -> WithLate<'a, Self, L> {
        WithLate { out: self, late }
    }
    /// Rejected rows go to `rejected`, all else stays here.
    fn with_rejected<'a, L>(&'a mut self, rejected: &'a mut L) -> WithRejected<'a, Self, L> {
        WithRejected { out: self, rejected }
    }
}
impl<S> SinkExt for S {}

/// See [`SinkExt::with_late`].
#[derive(Debug)]
pub struct WithLate<'a, S, L> {
    out: &'a mut S,
    late: &'a mut L,
}

/// See [`SinkExt::with_rejected`].
#[derive(Debug)]
pub struct WithRejected<'a, S, L> {
    out: &'a mut S,
    rejected: &'a mut L,
}

/// What can be given to a sink. Its class decides the way through joined sinks.
pub trait Item {
    /// [`Results`], [`Lates`] or [`Rejects`].
    type Class: Class;
}
impl<E: Event> Item for E {
    type Class = Results;
}
impl<R> Item for Change<R> {
    type Class = Results;
}
impl<R> Item for Upsert<R> {
    type Class = Results;
}
impl<E> Item for Late<E> {
    type Class = Lates;
}
impl<E> Item for Rejected<E> {
    type Class = Rejects;
}

/// Which of two joined sinks takes a class of items.
pub trait Class {
    /// The one of [`WithLate`].
    type IfLate<S, L>;
    /// The one of [`WithRejected`].
    type IfRejected<S, L>;
    /// Chooses in [`WithLate`].
    fn if_late<'a, S, L>(out: &'a mut S, late: &'a mut L) -> &'a mut Self::IfLate<S, L>;
    /// Chooses in [`WithRejected`].
    fn if_rejected<'a, S, L>(out: &'a mut S, rejected: &'a mut L) -> &'a mut Self::IfRejected<S, L>;
}

/// Rows, changes and upserts.
#[derive(Debug)]
pub enum Results {}
/// [`Late`] rows.
#[derive(Debug)]
pub enum Lates {}
/// [`Rejected`] rows.
#[derive(Debug)]
pub enum Rejects {}

impl Class for Results {
    type IfLate<S, L> = S;
    type IfRejected<S, L> = S;
    #[inline(always)]
    fn if_late<'a, S, L>(out: &'a mut S, _: &'a mut L) -> &'a mut S {
        out
    }
    #[inline(always)]
    fn if_rejected<'a, S, L>(out: &'a mut S, _: &'a mut L) -> &'a mut S {
        out
    }
}

impl Class for Lates {
    type IfLate<S, L> = L;
    type IfRejected<S, L> = S;
    #[inline(always)]
    fn if_late<'a, S, L>(_: &'a mut S, late: &'a mut L) -> &'a mut L {
        late
    }
    #[inline(always)]
    fn if_rejected<'a, S, L>(out: &'a mut S, _: &'a mut L) -> &'a mut S {
        out
    }
}

impl Class for Rejects {
    type IfLate<S, L> = S;
    type IfRejected<S, L> = L;
    #[inline(always)]
    fn if_late<'a, S, L>(out: &'a mut S, _: &'a mut L) -> &'a mut S {
        out
    }
    #[inline(always)]
    fn if_rejected<'a, S, L>(_: &'a mut S, rejected: &'a mut L) -> &'a mut L {
        rejected
    }
}

impl<T: Item, S, L> Sink<T> for WithLate<'_, S, L>
where
    <T::Class as Class>::IfLate<S, L>: Sink<T>,
{
    #[inline]
    fn emit(&mut self, row: T) {
        T::Class::if_late(self.out, self.late).emit(row)
    }
    fn watermark(&mut self, w: Timestamp) {
        T::Class::if_late(self.out, self.late).watermark(w)
    }
    fn barrier(&mut self, e: Epoch) {
        T::Class::if_late(self.out, self.late).barrier(e)
    }
}

impl<T: Item, S, L> Sink<T> for WithRejected<'_, S, L>
where
    <T::Class as Class>::IfRejected<S, L>: Sink<T>,
{
    #[inline]
    fn emit(&mut self, row: T) {
        T::Class::if_rejected(self.out, self.rejected).emit(row)
    }
    fn watermark(&mut self, w: Timestamp) {
        T::Class::if_rejected(self.out, self.rejected).watermark(w)
    }
    fn barrier(&mut self, e: Epoch) {
        T::Class::if_rejected(self.out, self.rejected).barrier(e)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Error;
    use crate::event::EventType;
    use crate::stage::Cell;

    #[derive(Clone, Debug, PartialEq)]
    struct Row(i64);

    impl Event for Row {
        const TYPE: EventType = EventType::broken("Row");
        type Columns<'a> = ();
        fn gather(_: &[Self], _: usize, _: &mut dyn FnMut(Cell, bool)) {}
        fn from_cells(_: &[(Cell, bool)]) -> Result<Self, Error> {
            Ok(Row(0))
        }
    }

    fn give<S: Sink<Row> + Sink<Late<Row>> + Sink<Rejected<Row>>>(out: &mut S) {
        out.emit(Row(1));
        out.emit(Late { row: Row(2) });
        let reason = RejectReason { what: "".into(), sql: "".into(), line: 1, column: 1 };
        out.emit(Rejected { row: Row(3), reason });
    }

    #[test]
    fn each_item_finds_its_sink() {
        let (mut rows, mut late, mut rejected) = (Vec::new(), 0, Vec::new());
        let mut count = |l: Late<Row>| late += l.row.0;
        give(&mut rows.with_late(&mut count).with_rejected(&mut rejected));
        assert_eq!((&*rows, late, rejected.len()), (&[Row(1)][..], 2, 1));
        give(&mut rows.with_rejected(&mut rejected).with_late(&mut |_: Late<Row>| late += 100));
        assert_eq!((rows.len(), late, rejected[1].row.0), (2, 102, 3));
    }

    #[test]
    fn a_type_of_its_own_takes_all_by_itself() {
        #[derive(Default)]
        struct All(Vec<i64>);
        impl Sink<Row> for All {
            fn emit(&mut self, row: Row) {
                self.0.push(row.0);
            }
        }
        impl Sink<Late<Row>> for All {
            fn emit(&mut self, late: Late<Row>) {
                self.0.push(late.row.0);
            }
        }
        impl Sink<Rejected<Row>> for All {
            fn emit(&mut self, rejected: Rejected<Row>) {
                self.0.push(rejected.row.0);
            }
        }
        let mut all = All::default();
        give(&mut all);
        assert_eq!(all.0, [1, 2, 3]);
    }
}
