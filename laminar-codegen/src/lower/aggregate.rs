//! From aggregate calls to accumulators.

use super::array::key_form;
use crate::functions;
use crate::plan::expr::{Expr, Kind, Literal};
use crate::plan::{AggregateCall, AggregateFn, OrderKey};
use laminar_runtime::plan::{AccOp, Accumulator, CellColumn, TupleColumn};
use laminar_runtime::schema::{Repr, Ty};

/// How the result of a call comes from accumulators.
#[derive(Clone, Debug)]
pub(super) struct ResultOf {
    pub function: AggregateFn,
    /// Type of the first argument.
    pub arg: Ty,
    pub ty: Ty,
    pub nullable: bool,
    /// Accumulators, by index, in the order in which [`Accumulators::of`] asks for them.
    pub accumulators: Vec<usize>,
    pub span: crate::diagnostic::Span,
}

/// The columns and accumulators of a group node, as far as calls have asked for them.
pub(super) struct Accumulators<'a> {
    /// All columns of the edges, over the input's columns; arguments stand behind time and keys.
    pub columns: Vec<Expr>,
    pub first_arg: usize,
    pub accumulators: Vec<Accumulator>,
    /// Rows can be taken back.
    pub retracts: bool,
    /// Rows come as one append-only source has them: of equal ones the first is the one that came first.
    pub in_arrival_order: bool,
    /// The columns of a row of the input, which decide where nothing else does.
    pub row: &'a [Expr],
}

impl Accumulators<'_> {
    /// The accumulators of a call.
    pub fn of(&mut self, call: &AggregateCall) -> ResultOf {
        use AggregateFn::*;
        let args: Vec<Expr> = call.args.iter().map(|a| filtered(call, a.clone())).collect();
        let arg = args.first();
        let ty = arg.and_then(|a| a.ty).unwrap_or(Ty::Bigint);
        let gate = call.distinct.then(|| self.gate(&args, call.function == StringAgg));
        let exact = self.retracts || gate.is_some();
        let accumulators = match call.function {
            Count | CountIf | RegrCount => {
                let counted = match (call.function, arg) {
                    (Count, None) => call.filter.as_ref().map(|f| filtered(call, truth(f))),
                    (Count, Some(arg)) if args.len() == 1 => Some(arg.clone()),
                    (CountIf, Some(arg)) => Some(where_true(arg)),
                    _ => Some(all_valid(&args)),
                };
                vec![self.count(counted.as_ref(), gate)]
            }
            Sum | Avg => {
                let op = match ty.repr() {
                    Repr::Float if exact => AccOp::SumFloatExact,
                    Repr::Float => AccOp::SumFloat,
                    Repr::Wide => AccOp::SumWide,
                    _ => AccOp::SumInt,
                };
                let mut all = vec![self.plain(op, arg, gate)];
                if call.function == Avg || call.nullable {
                    all.push(self.count(arg, gate));
                }
                all
            }
            Min | Max if self.retracts => {
                let descending = call.function == Max;
                let order: Vec<OrderKey> = args.iter().map(|a| key(a.clone(), descending)).collect();
                vec![self.tuples(AccOp::Least, arg, &order, None)]
            }
            Min | Max => {
                let op = match (call.function, ty.repr()) {
                    (Min, Repr::Float) => AccOp::MinFloat,
                    (Min, Repr::Text) => AccOp::MinText,
                    (Min, Repr::Wide) => AccOp::MinWide,
                    (Min, _) => AccOp::MinInt,
                    (_, Repr::Float) => AccOp::MaxFloat,
                    (_, Repr::Text) => AccOp::MaxText,
                    (_, Repr::Wide) => AccOp::MaxWide,
                    _ => AccOp::MaxInt,
                };
                vec![self.plain(op, arg, None)]
            }
            BoolAnd | BoolOr => {
                let is_true = arg.map(where_true);
                vec![self.count(arg, None), self.count(is_true.as_ref(), None)]
            }
            BitAnd | BitOr | BitXor => {
                let bits = arg.map(|a| if call.function == BitAnd { complement(a) } else { a.clone() });
                let op = match call.function {
                    BitXor => AccOp::BitXor,
                    _ if self.retracts => AccOp::BitCounts,
                    _ => AccOp::BitOr,
                };
                let mut all = vec![self.plain(op, bits.as_ref(), gate)];
                if call.nullable {
                    all.push(self.count(arg, gate));
                }
                all
            }
            VarPop | VarSamp | StddevPop | StddevSamp if ty.is_float() => {
                vec![self.plain(AccOp::Moments, arg, gate), self.count(arg, gate)]
            }
            VarPop | VarSamp | StddevPop | StddevSamp => vec![
                self.plain(AccOp::SumInt, arg, gate),
                self.plain(AccOp::SumSquares, arg, gate),
                self.count(arg, gate),
            ],
            CovarPop | CovarSamp | Corr | RegrSlope | RegrIntercept | RegrR2 => {
                let valid = all_valid(&args);
                // SQL names y first.
                let order: Vec<OrderKey> = args.iter().rev().map(|a| key(a.clone(), false)).collect();
                vec![
                    self.tuples(AccOp::CoMoments, Some(&valid), &order, gate),
                    self.count(Some(&valid), gate),
                ]
            }
            AnyValue | FirstValue | LastValue | ArgMin | ArgMax => vec![self.pick(call, args)],
            Median | PercentileCont | PercentileDisc | Mode => {
                let op = match call.function {
                    PercentileDisc => AccOp::PercentileDisc,
                    Mode => AccOp::Mode,
                    _ => AccOp::PercentileCont,
                };
                let order: Vec<OrderKey> = (call.order.iter())
                    .map(|k| OrderKey { expr: key_form(filtered(call, k.expr.clone())), ..k.clone() })
                    .collect();
                let constant = call.constant;
                let plain = self.tuple_accumulator(op, arg, &order);
                vec![self.accumulator(Accumulator { constant, ..plain })]
            }
            StringAgg | ArrayAgg => {
                let mut order: Vec<OrderKey> = (call.order.iter())
                    .map(|k| OrderKey { expr: key_form(filtered(call, k.expr.clone())), ..k.clone() })
                    .collect();
                // Of equal values that count once, it is not known which one came.
                let value = |a: &Expr| if call.distinct { key_form(a.clone()) } else { a.clone() };
                order.extend(args.iter().map(|a| key(value(a), false)));
                let op = if call.function == StringAgg { AccOp::Concat } else { AccOp::Collect };
                vec![self.tuples(op, arg, &order, gate)]
            }
        };
        let (function, ty_of) = (call.function, call.ty);
        ResultOf { function, arg: ty, ty: ty_of, nullable: call.nullable, accumulators, span: call.span }
    }

    /// The accumulator of the value of one row.
    fn pick(&mut self, call: &AggregateCall, mut args: Vec<Expr>) -> usize {
        use AggregateFn::*;
        let Some(value) = args.pop() else { return 0 };
        let mut order: Vec<OrderKey> = (call.order.iter())
            .map(|k| OrderKey { expr: key_form(filtered(call, k.expr.clone())), ..k.clone() })
            .collect();
        // Which rows take part.
        let arg = match call.function {
            AnyValue => Some(value.clone()),
            ArgMin | ArgMax => order.first().map(|k| k.expr.clone()),
            _ => call.filter.as_ref().map(|f| filtered(call, truth(f))),
        };
        let op = match (self.retracts, call.function) {
            (true, _) => AccOp::Least,
            (false, LastValue) => AccOp::PickLast,
            _ => AccOp::PickFirst,
        };
        if !self.in_arrival_order || self.retracts {
            // Any value will do, if it is always the same.
            let row = if call.function == AnyValue { std::slice::from_ref(&value) } else { self.row };
            let descending = call.function == LastValue;
            let row: Vec<OrderKey> = row.iter().map(|e| key(filtered(call, e.clone()), descending)).collect();
            order.extend(row);
        }
        order.push(key(value, false));
        self.tuples(op, arg.as_ref(), &order, None)
    }

    /// The gate that lets each different row of arguments through once.
    fn gate(&mut self, args: &[Expr], first_decides: bool) -> u32 {
        let order: Vec<OrderKey> = args.iter().map(|a| key(key_form(a.clone()), false)).collect();
        let valid = match args {
            [one] => one.clone(),
            // Where only the first decides whether the row counts, NULL is a value of the others.
            [first, ..] if first_decides => first.clone(),
            _ => all_valid(args),
        };
        self.tuples(AccOp::Distinct, Some(&valid), &order, None) as u32
    }

    /// Number of values that are not NULL; of rows where there is no argument or it never is NULL.
    fn count(&mut self, of: Option<&Expr>, gate: Option<u32>) -> usize {
        self.plain(AccOp::Count, of.filter(|e| e.nullable || gate.is_some()), gate)
    }

    /// An accumulator of one column.
    fn plain(&mut self, op: AccOp, of: Option<&Expr>, gate: Option<u32>) -> usize {
        let arg = of.map(|e| self.column(e));
        let nullable = of.is_some_and(|e| e.nullable);
        self.accumulator(Accumulator { gate, ..Accumulator::new(op, arg, nullable) })
    }

    /// An accumulator of tuples; rows for which `of` is NULL are skipped.
    fn tuples(&mut self, op: AccOp, of: Option<&Expr>, order: &[OrderKey], gate: Option<u32>) -> usize {
        let plain = self.tuple_accumulator(op, of, order);
        self.accumulator(Accumulator { gate, ..plain })
    }

    fn tuple_accumulator(&mut self, op: AccOp, of: Option<&Expr>, order: &[OrderKey]) -> Accumulator {
        let of = of.filter(|e| e.nullable);
        let arg = of.map(|e| self.column(e));
        let tuple: Vec<TupleColumn> = (order.iter())
            .map(|k| TupleColumn {
                column: self.column(&k.expr),
                cell: CellColumn { ty: k.expr.ty.unwrap_or(Ty::Varchar), nullable: k.expr.nullable },
                descending: k.descending,
                nulls_first: k.nulls_first,
            })
            .collect();
        let plain = Accumulator::new(op, arg, of.is_some());
        Accumulator { tuple: tuple.into(), ..plain }
    }

    fn column(&mut self, e: &Expr) -> u32 {
        let found = self.columns[self.first_arg..].iter().position(|c| c == e && c.nullable == e.nullable);
        let column = match found {
            Some(i) => self.first_arg + i,
            None => {
                self.columns.push(e.clone());
                self.columns.len() - 1
            }
        };
        column as u32
    }

    fn accumulator(&mut self, new: Accumulator) -> usize {
        self.accumulators.iter().position(|a| *a == new).unwrap_or_else(|| {
            self.accumulators.push(new);
            self.accumulators.len() - 1
        })
    }
}

fn key(expr: Expr, descending: bool) -> OrderKey {
    OrderKey { expr, descending, nulls_first: false }
}

fn truth(at: &Expr) -> Expr {
    Expr::literal(Literal::Bool(true), Ty::Boolean, at.span)
}

/// `~ x`
fn complement(x: &Expr) -> Expr {
    let not = functions::by_name("~").into_iter().find(|f| f.runtime == "bit_not");
    let not = not.unwrap_or_else(|| unreachable!("`~` of integers is in the table"));
    Expr { kind: Kind::Call(not, vec![x.clone()]), ..x.clone() }
}

/// The expression, but NULL where FILTER does not hold.
fn filtered(call: &AggregateCall, value: Expr) -> Expr {
    let Some(filter) = &call.filter else { return value };
    let (ty, span) = (value.ty, value.span);
    Expr { kind: Kind::Case(vec![(filter.clone(), value)], None), ty, nullable: true, span }
}

/// TRUE where the condition is, else NULL.
fn where_true(condition: &Expr) -> Expr {
    let value = truth(condition);
    let (ty, span) = (value.ty, value.span);
    Expr { kind: Kind::Case(vec![(condition.clone(), value)], None), ty, nullable: true, span }
}

/// TRUE where no expression is NULL, else NULL; not nullable where none can be.
fn all_valid(exprs: &[Expr]) -> Expr {
    let boolean = |kind, span| Expr { kind, ty: Some(Ty::Boolean), nullable: false, span };
    let mut nullable = exprs.iter().filter(|e| e.nullable);
    let some =
        |e: &Expr| boolean(Kind::Not(Box::new(boolean(Kind::IsNull(Box::new(e.clone())), e.span))), e.span);
    let Some(first) = nullable.next() else {
        return Expr::literal(
            Literal::Bool(true),
            Ty::Boolean,
            exprs.first().map_or(Default::default(), |e| e.span),
        );
    };
    let all = nullable.fold(some(first), |all, e| {
        let span = e.span;
        boolean(Kind::And(Box::new(all), Box::new(some(e))), span)
    });
    where_true(&all)
}
