//! The cases as the build script compiled them ahead of time.

use crate::rows;
use crate::run::Run;
use crate::value::{Emitted, Value};
use laminar::__rt::{At, Out as OutOf, Pipeline, Takes};
use laminar::{Change, Decimal, Error, Event, Interval, Str, Timestamp, Upsert};
use std::ops::Range;
use std::sync::LazyLock;

laminar::include_pipelines!();

use cases::{E, EColumns, T, TColumns, U, UColumns, V, VColumns};

macro_rules! inputs {
    ($($rows:ident $name:ident $columns:ident $arrays:ident;)*) => {
        /// The rows of all sources, as structs and as arrays.
        #[allow(missing_docs)]
        pub struct Inputs {
            $(pub $rows: Vec<$name>, $arrays: Arrays,)*
        }

        $(
            impl<'a> From<(&'a Arrays, Range<usize>)> for $columns<'a> {
                fn from((a, at): (&'a Arrays, Range<usize>)) -> Self {
                    inputs!(@columns a at id b i n x d s ts p b0 i0 n0 x0 d0 s0 ts0 p0)
                }
            }
        )*

        static INPUTS: LazyLock<Inputs> = LazyLock::new(|| Inputs {
            $($rows: typed(stringify!($rows)), $arrays: Arrays::of(&typed(stringify!($rows))),)*
        });
    };
    (@columns $a:ident $at:ident $($field:ident)*) => {
        Self { $($field: &$a.$field[$at.clone()],)* }
    };
}

inputs! {
    t T TColumns t_arrays;
    u U UColumns u_arrays;
    e E EColumns e_arrays;
    v V VColumns v_arrays;
}

macro_rules! arrays {
    ($($field:ident: $ty:ty,)*) => {
        /// Rows as arrays, one a column.
        struct Arrays {
            $($field: Vec<$ty>,)*
        }

        impl Arrays {
            fn of(rows: &[T]) -> Arrays {
                Arrays { $($field: rows.iter().map(|r| r.$field.clone()).collect(),)* }
            }
        }
    };
}

arrays! {
    id: i64, b: bool, i: i32, n: i64, x: f64, d: Decimal<10, 2>, s: Str, ts: Timestamp, p: Interval,
    b0: Option<bool>, i0: Option<i32>, n0: Option<i64>, x0: Option<f64>, d0: Option<Decimal<10, 2>>, s0: Option<Str>,
    ts0: Option<Timestamp>, p0: Option<Interval>,
}

/// The rows of all sources.
pub fn inputs() -> &'static Inputs {
    &INPUTS
}

fn typed<E: Event>(source: &str) -> Vec<E> {
    let row = |r: &rows::Row| E::from_cells(&r.cells()).unwrap_or_else(|e| panic!("{e}"));
    rows::of(source).iter().map(row).collect()
}

/// Gives rows of a source, by its number in the query, to a pipeline.
trait Feed: Pipeline + Sized {
    fn feed(
        &mut self,
        source: usize,
        rows: Range<usize>,
        form: Form,
        out: &mut Vec<OutOf<Self>>,
    ) -> Result<(), Error>;
}

/// In which form rows come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// An array of structs.
    Structs,
    /// A struct of arrays.
    Columns,
}

/// What a pipeline emits, as values.
trait Emission {
    fn emitted(&self) -> Emitted;
}

/// The values of a row.
fn emitted<E: Event>(row: &E, weight: i64) -> Emitted {
    let mut values = Vec::with_capacity(E::FIELDS.len());
    for (i, field) in E::FIELDS.iter().enumerate() {
        // SAFETY: the cell is of the field's type, and its text is the row's.
        let mut push = |cell, valid| values.push(unsafe { Value::of_cell(cell, valid, field.column.ty) });
        E::gather(std::slice::from_ref(row), i, &mut push);
    }
    Emitted { row: values, weight }
}

impl<R: Event> Emission for Change<R> {
    fn emitted(&self) -> Emitted {
        emitted(&self.row, self.weight)
    }
}

impl<R: Event> Emission for Upsert<R> {
    fn emitted(&self) -> Emitted {
        match self {
            Upsert::Put(row) => emitted(row, 1),
            Upsert::Delete(row) => emitted(row, -1),
        }
    }
}

/// A pipeline compiled ahead of time.
struct Aot<P: Pipeline> {
    pipeline: P,
    form: Form,
    out: Vec<OutOf<P>>,
}

impl<P: Feed> Run for Aot<P>
where
    OutOf<P>: Emission,
{
    fn take(&mut self, source: usize, rows: Range<usize>) {
        self.pipeline.feed(source, rows, self.form, &mut self.out).unwrap_or_else(|e| panic!("{e}"));
    }
    fn finish(&mut self) {
        laminar::__rt::finish(&mut self.pipeline, &mut self.out).unwrap_or_else(|e| panic!("{e}"));
    }
    fn snapshot(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        self.pipeline.engine().snapshot(&mut bytes).unwrap_or_else(|e| panic!("{e}"));
        bytes
    }
    fn restore(&mut self, mut snapshot: &[u8]) {
        self.pipeline.engine_mut().restore(&mut snapshot).unwrap_or_else(|e| panic!("{e}"));
    }
    fn digest(&self) -> u64 {
        self.pipeline.engine().digest()
    }
    fn drain(&mut self) -> Vec<Emitted> {
        self.out.drain(..).map(|row| row.emitted()).collect()
    }
}

/// From the lines of the build script, `name Row RowPipeline rows|changes [0 source, …];`, to [`case`].
macro_rules! table {
    ($($name:ident $row:ident $pipeline:ident $kind:ident [$($at:literal $rows:ident),*];)*) => {
        $(
            impl Feed for cases::$pipeline {
                fn feed(
                    &mut self,
                    source: usize,
                    rows: Range<usize>,
                    form: Form,
                    out: &mut Vec<OutOf<Self>>,
                ) -> Result<(), Error> {
                    // Not all cases have inputs.
                    let _ = (&rows, &out);
                    match (source, form) {
                        $(
                            ($at, Form::Structs) => Takes::<At<$at>, _, _>::take(self, &INPUTS.$rows[rows], out),
                            ($at, Form::Columns) => {
                                table!(@columns self rows out $at $rows)
                            }
                        )*
                        _ => panic!("there is no source {source}"),
                    }
                }
            }
            table!(@emission $kind $row);
        )*

        /// A run of the case of that name, without rows.
        pub fn case(name: &str, form: Form) -> Option<Box<dyn Run>> {
            Some(match name {
                $(stringify!($name) => Box::new(Aot { pipeline: cases::$row::pipeline(), form, out: Vec::new() }),)*
                _ => return None,
            })
        }
    };
    (@columns $p:ident $at:ident $out:ident $number:literal t) => {
        Takes::<At<$number>, T, _>::take_columns($p, &(&INPUTS.t_arrays, $at).into(), $out)
    };
    (@columns $p:ident $at:ident $out:ident $number:literal u) => {
        Takes::<At<$number>, U, _>::take_columns($p, &(&INPUTS.u_arrays, $at).into(), $out)
    };
    (@columns $p:ident $at:ident $out:ident $number:literal e) => {
        Takes::<At<$number>, E, _>::take_columns($p, &(&INPUTS.e_arrays, $at).into(), $out)
    };
    (@columns $p:ident $at:ident $out:ident $number:literal v) => {
        Takes::<At<$number>, V, _>::take_columns($p, &(&INPUTS.v_arrays, $at).into(), $out)
    };
    (@emission rows $row:ident) => {
        impl Emission for cases::$row {
            fn emitted(&self) -> Emitted {
                emitted(self, 1)
            }
        }
    };
    (@emission changes $row:ident) => {};
}

include!(concat!(env!("OUT_DIR"), "/table.rs"));
