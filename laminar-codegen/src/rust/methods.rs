//! The pipeline's type and its methods: the contract of a pipeline, each method one call of the runtime.

use super::{OutputTy, Unit, pipeline_ident, stage, stateless};
use laminar_runtime::plan::{OnError, OutputKind, Port};
use proc_macro2::{Ident, Literal, TokenStream};
use quote::quote;

/// The type. Its fields are private; its name shows in error messages and documentation.
pub(crate) fn declaration(output: &OutputTy, sql: &str, rt: &TokenStream) -> TokenStream {
    let (name, vis, row) = (pipeline_ident(&output.ident), &output.vis, output.ident.to_string());
    let title = format!("The pipeline that makes [`{row}`]:");
    // No fence of the SQL's own may end the block.
    let fence = if sql.contains("```") { "``````" } else { "```" };
    let open = format!("{fence}sql");
    let lines = sql.trim_matches('\n').lines();
    quote! {
        #[doc = #title]
        #[doc = ""]
        #[doc = #open]
        #(#[doc = #lines])*
        #[doc = #fence]
        #[allow(dead_code, missing_debug_implementations)]
        #vis struct #name {
            engine: #rt::Engine,
        }
    }
}

/// How a row of output is made of cells.
pub(crate) fn output_row(output: &OutputTy) -> TokenStream {
    let ident = &output.ident;
    let fields = output.fields.iter().map(|f| {
        let (field, name, column) = (&f.ident, f.ident.to_string(), Literal::usize_unsuffixed(f.column));
        quote!(#field: rt::cells::take(columns, #column, i, #name)?)
    });
    quote! {
        impl rt::OutputRow for #ident {
            #[inline]
            unsafe fn read(columns: &[rt::ColumnRef], i: usize) -> ::core::result::Result<Self, &'static str> {
                unsafe { ::core::result::Result::Ok(#ident { #(#fields,)* }) }
            }
        }
    }
}

pub(crate) fn methods(unit: &Unit<'_>) -> TokenStream {
    let row = &unit.output.ident;
    let name = pipeline_ident(row);
    let capacity = Literal::usize_unsuffixed(unit.capacity);
    let shape = match unit.pipeline.plan.output {
        OutputKind::Append => quote!(rt::AppendOnly),
        OutputKind::Changes => quote!(rt::Changelog),
        OutputKind::Upsert { .. } => quote!(rt::Upserts),
    };
    let inputs = (0..unit.inputs.len()).map(|source| takes(unit, source));
    let input_of = distinct_inputs(unit).into_iter().map(|source| {
        let (ty, at) = (&unit.inputs[source].ty, Literal::usize_unsuffixed(source));
        quote!(impl rt::InputOf<#ty> for #name { type At = rt::At<#at>; })
    });
    let own = match unit.inputs {
        [one] if one.changelog => single_changelog(unit),
        [_] => single_input(unit),
        _ => several_inputs(unit),
    };
    let common = common(unit);
    quote! {
        impl #row {
            /// The pipeline, without rows.
            pub fn pipeline() -> #name {
                Self::builder().build()
            }
            /// The pipeline with what exists only at run time.
            pub fn builder() -> rt::Builder<#name> {
                rt::Builder::new(#capacity, #name::with_capacity)
            }
        }
        impl rt::Pipeline for #name {
            type Row = #row;
            type Shape = #shape;
            fn engine(&self) -> &rt::Engine {
                &self.engine
            }
            fn engine_mut(&mut self) -> &mut rt::Engine {
                &mut self.engine
            }
        }
        #(#input_of)*
        #(#inputs)*
        impl #name {
            #own
            #common
        }
    }
}

/// The first input of each row type.
fn distinct_inputs(unit: &Unit<'_>) -> Vec<usize> {
    let mut seen = Vec::new();
    (0..unit.inputs.len())
        .filter(|&source| {
            let identity = unit.inputs[source].identity;
            if unit.inputs[source].changelog {
                return false;
            }
            let new = !seen.contains(&identity);
            seen.push(identity);
            new
        })
        .collect()
}

/// What a sink must take: results, and what the query sends aside.
fn sink_bounds(unit: &Unit<'_>, ty: &TokenStream) -> TokenStream {
    let out = out_type(unit);
    let late = has_late(unit).then(|| quote!(+ rt::Sink<rt::Late<#ty>>));
    let rejected = has_dead_letter(unit).then(|| quote!(+ rt::Sink<rt::Rejected<#ty>>));
    quote!(rt::Sink<#out> #late #rejected)
}

fn out_type(unit: &Unit<'_>) -> TokenStream {
    let row = &unit.output.ident;
    match unit.pipeline.plan.output {
        OutputKind::Append => quote!(#row),
        OutputKind::Changes => quote!(rt::Change<#row>),
        OutputKind::Upsert { .. } => quote!(rt::Upsert<#row>),
    }
}

fn has_late(unit: &Unit<'_>) -> bool {
    unit.pipeline.late_to.is_some()
}

fn has_dead_letter(unit: &Unit<'_>) -> bool {
    unit.pipeline.plan.on_error == OnError::DeadLetter
}

/// What takes the rows left out, given how to name a row of the call.
fn aside(unit: &Unit<'_>, rows: &TokenStream) -> TokenStream {
    let sites = quote!(&PLAN.sites);
    match (has_late(unit), has_dead_letter(unit)) {
        (false, false) => quote!(rt::NoAside),
        (true, false) => quote!(rt::AsideLate(#rows)),
        (false, true) => quote!(rt::AsideRejected(#rows, #sites)),
        (true, true) => quote!(rt::AsideBoth(#rows, #sites)),
    }
}

/// The two ways of rows into input `source`.
fn takes(unit: &Unit<'_>, source: usize) -> TokenStream {
    let name = pipeline_ident(&unit.output.ident);
    let ty = &unit.inputs[source].ty;
    let at = Literal::usize_unsuffixed(source);
    let bounds = sink_bounds(unit, ty);
    let aside_rows = aside(unit, &quote!(rows));
    if unit.inputs[source].changelog {
        return quote! {
            impl<S> rt::TakesChanges<rt::At<#at>, #ty, S> for #name
            where
                S: #bounds,
            {
                fn take_changes(
                    &mut self,
                    rows: &[#ty],
                    weights: &[i64],
                    out: &mut S,
                ) -> ::core::result::Result<(), rt::Error> {
                    let weights = &weights[..rows.len()];
                    unsafe {
                        rt::process(self, #at, rows.as_ptr().cast(), rows.len(), Some(weights), None, out, #aside_rows)
                    }
                }
            }
        };
    }
    let aside_columns = aside(unit, &quote!(rt::ColumnRows::<#ty, _>::new(columns)));
    let (rows, columns) = match stateless::edge_of(unit, source) {
        Some(edge) => (
            stateless::over_rows(unit, source, edge, &aside_rows),
            stateless::over_columns(unit, source, edge, &aside_columns),
        ),
        None => through_engine(unit, source, &aside_rows, &aside_columns),
    };
    quote! {
        impl<S> rt::Takes<rt::At<#at>, #ty, S> for #name
        where
            S: #bounds,
        {
            fn take(&mut self, rows: &[#ty], out: &mut S) -> ::core::result::Result<(), rt::Error> {
                unsafe { #rows }
            }
            fn take_columns(
                &mut self,
                columns: &rt::Columns<'_, #ty>,
                out: &mut S,
            ) -> ::core::result::Result<(), rt::Error> {
                unsafe { #columns }
            }
        }
    }
}

fn through_engine(
    unit: &Unit<'_>,
    source: usize,
    aside_rows: &TokenStream,
    aside_columns: &TokenStream,
) -> (TokenStream, TokenStream) {
    let at = Literal::usize_unsuffixed(source);
    let plan = &unit.pipeline.plan;
    let edges = plan.sources[source].edges.iter().map(|&e| stage::columns_ident(e as usize));
    debug_assert!(
        plan.sources[source]
            .edges
            .iter()
            .all(|&e| plan.edges[e as usize].from == Port::Source(source as u32))
    );
    let rows = quote! {
        rt::process(self, #at, rows.as_ptr().cast(), rows.len(), None, None, out, #aside_rows)
    };
    let columns = quote! {
        let edges: &[rt::ExprFn] = &[#(#edges),*];
        let len = rt::EventColumns::rows(columns)?;
        let base = ::core::ptr::from_ref(columns).cast();
        rt::process(self, #at, base, len, None, Some(edges), out, #aside_columns)
    };
    (rows, columns)
}

fn single_input(unit: &Unit<'_>) -> TokenStream {
    let ty = &unit.inputs[0].ty;
    let bounds = sink_bounds(unit, ty);
    quote! {
        /// Takes one row.
        pub fn push<S>(&mut self, row: &#ty, out: &mut S) -> ::core::result::Result<(), rt::Error>
        where
            S: #bounds,
        {
            rt::Takes::<rt::At<0>, #ty, S>::take(self, ::core::slice::from_ref(row), out)
        }
        /// Takes a batch of rows.
        pub fn process<S>(&mut self, rows: &[#ty], out: &mut S) -> ::core::result::Result<(), rt::Error>
        where
            S: #bounds,
        {
            rt::Takes::<rt::At<0>, #ty, S>::take(self, rows, out)
        }
        /// Takes a struct of arrays.
        pub fn process_columns<S>(
            &mut self,
            columns: &rt::Columns<'_, #ty>,
            out: &mut S,
        ) -> ::core::result::Result<(), rt::Error>
        where
            S: #bounds,
        {
            rt::Takes::<rt::At<0>, #ty, S>::take_columns(self, columns, out)
        }
    }
}

fn single_changelog(unit: &Unit<'_>) -> TokenStream {
    let ty = &unit.inputs[0].ty;
    let bounds = sink_bounds(unit, ty);
    quote! {
        /// Takes a batch of changes: `weights[i]` copies of `rows[i]` come or go.
        pub fn process_changes<S>(
            &mut self,
            rows: &[#ty],
            weights: &[i64],
            out: &mut S,
        ) -> ::core::result::Result<(), rt::Error>
        where
            S: #bounds,
        {
            rt::TakesChanges::<rt::At<0>, #ty, S>::take_changes(self, rows, weights, out)
        }
    }
}

fn several_inputs(unit: &Unit<'_>) -> TokenStream {
    let rows = unit.inputs.iter().enumerate().filter(|(_, input)| !input.changelog);
    let handles = rows.map(|(source, input)| {
        let (handle, at): (&Ident, _) = (&input.handle, Literal::usize_unsuffixed(source));
        let doc = format!("The input `{}`.", unit.pipeline.plan.sources[source].name);
        quote! {
            #[doc = #doc]
            pub fn #handle(&mut self) -> rt::Handle<'_, Self, #at> {
                rt::Handle::new(self)
            }
        }
    });
    quote! {
        #(#handles)*
        /// Takes one row; its type decides at which input.
        pub fn push<E: rt::Event, S>(&mut self, row: &E, out: &mut S) -> ::core::result::Result<(), rt::Error>
        where
            Self: rt::InputOf<E> + rt::Takes<<Self as rt::InputOf<E>>::At, E, S>,
        {
            rt::Takes::take(self, ::core::slice::from_ref(row), out)
        }
        /// Takes a batch of rows; their type decides at which input.
        pub fn process<E: rt::Event, S>(&mut self, rows: &[E], out: &mut S) -> ::core::result::Result<(), rt::Error>
        where
            Self: rt::InputOf<E> + rt::Takes<<Self as rt::InputOf<E>>::At, E, S>,
        {
            rt::Takes::take(self, rows, out)
        }
    }
}

/// What does not depend on the inputs.
fn common(unit: &Unit<'_>) -> TokenStream {
    let out = out_type(unit);
    let (sql, explain) = (&unit.pipeline.sql, &unit.pipeline.explain);
    let result = quote!(::core::result::Result<(), rt::Error>);
    quote! {
        fn with_capacity(groups: usize) -> Self {
            Self { engine: rt::Engine::with_capacity(&PLAN, code(), groups) }
        }
        /// No row older than `w` will come.
        pub fn watermark<S: rt::Sink<#out>>(&mut self, w: rt::Timestamp, out: &mut S) -> #result {
            rt::watermark(self, w, out)
        }
        /// Sets the pipeline's clock.
        pub fn tick<S: rt::Sink<#out>>(&mut self, now: rt::Timestamp, out: &mut S) -> #result {
            rt::tick(self, now, out)
        }
        /// Ends all inputs: everything that is left comes out.
        pub fn finish<S: rt::Sink<#out>>(&mut self, out: &mut S) -> #result {
            rt::finish(self, out)
        }
        /// Writes all state.
        pub fn snapshot<W: ::std::io::Write>(&self, w: &mut W) -> #result {
            self.engine.snapshot(w)
        }
        /// Takes the state of a snapshot of the same query. After an error the pipeline is unchanged.
        pub fn restore<R: ::std::io::Read>(&mut self, r: &mut R) -> #result {
            self.engine.restore(r)
        }
        /// A number that, barring chance, two pipelines share only if their snapshots are equal.
        pub fn digest(&self) -> u64 {
            self.engine.digest()
        }
        /// What became of the rows of all inputs together.
        pub fn counters(&self) -> rt::InputCounters {
            rt::counters(&self.engine)
        }
        /// What became of the results.
        pub fn output_counters(&self) -> rt::OutputCounters {
            self.engine.output_counters()
        }
        /// The plan, each node with its properties.
        pub fn explain(&self) -> &'static str {
            #explain
        }
        /// The query.
        pub fn sql(&self) -> &'static str {
            #sql
        }
    }
}
