//! What a query says of itself: traits that its row of output implements. All methods of a pipeline are the runtime's.

use super::{OutputTy, Unit, fused, pipeline_ident, plan, stage, stateless, update};
use laminar_runtime::plan::{OnError, OutputKind};
use proc_macro2::{Ident, Literal, TokenStream};
use quote::{format_ident, quote};

/// The type's name. Documentation shows the query there.
pub(crate) fn declaration(output: &OutputTy, sql: &str, rt: &TokenStream) -> TokenStream {
    let (name, vis, row) = (pipeline_ident(&output.ident), &output.vis, &output.ident);
    // No fence of the SQL's own may end the block.
    let fence = if sql.contains("```") { "``````" } else { "```" };
    let doc =
        format!("The pipeline that makes [`{row}`]:\n\n{fence}sql\n{}\n{fence}", sql.trim_matches('\n'));
    quote! {
        #[doc = #doc]
        #[allow(dead_code)]
        #vis type #name = #rt::Runner<#row>;
    }
}

/// Where there are several inputs: the engine with a method for each.
pub(crate) fn handles(unit: &Unit<'_>, rt: &TokenStream) -> Option<TokenStream> {
    if unit.inputs.len() < 2 {
        return None;
    }
    let (name, vis, row) = (inputs_ident(&unit.output.ident), &unit.output.vis, &unit.output.ident);
    let methods = unit.inputs.iter().enumerate().map(|(source, input)| {
        let (handle, at) = (&input.handle, Literal::usize_unsuffixed(source));
        let doc = format!("The input `{}`.", unit.pipeline.plan.sources[source].name);
        quote! {
            #[doc = #doc]
            pub fn #handle(&mut self) -> #rt::Handle<'_, #row, #at> {
                #rt::Handle::new(#rt::Inputs::engine_mut(&mut self.0))
            }
        }
    });
    let doc = format!("The inputs of the pipeline that makes [`{row}`].");
    Some(quote! {
        #[doc = #doc]
        #[allow(missing_debug_implementations)]
        #vis struct #name(#rt::BareEngine);
        #[allow(dead_code)]
        impl #name {
            #(#methods)*
        }
    })
}

fn inputs_ident(output: &Ident) -> Ident {
    format_ident!("{output}Inputs")
}

/// The traits.
pub(crate) fn query(unit: &Unit<'_>) -> TokenStream {
    let row = &unit.output.ident;
    let plan = &unit.pipeline.plan;
    let shape = match plan.output {
        OutputKind::Append => quote!(AppendOnly),
        OutputKind::Changes => quote!(Changelog),
        OutputKind::Upsert { .. } => quote!(Upserts),
    };
    let aside = match (unit.pipeline.late_to.is_some(), plan.on_error == OnError::DeadLetter) {
        (false, false) => quote!(NoAside),
        (true, false) => quote!(AsideLate),
        (false, true) => quote!(AsideRejected),
        (true, true) => quote!(AsideBoth),
    };
    let (inputs, inputs_impl) = match handles_of(unit) {
        Some((name, tokens)) => (quote!(#name), tokens),
        None => (quote!(rt::BareEngine), TokenStream::new()),
    };
    let edges = (0..plan.edges.len()).map(|edge| {
        let stage = stage::rows_ident(edge);
        match fused::has(unit, edge) {
            true => {
                let fused = fused::ident(edge);
                quote!(rt::stage::ExprCode::Fused { stage: #stage, fused: #fused })
            }
            false => quote!(rt::stage::ExprCode::Native(#stage)),
        }
    });
    let updates = (0..plan.groups.len()).map(|g| match update::is_generic(unit, g) {
        true => quote!(rt::None),
        false => {
            let name = update::ident(g);
            quote!(rt::Some(#name))
        }
    });
    let capacity = Literal::usize_unsuffixed(unit.capacity);
    let (sql, explain) = (plan::text(&unit.pipeline.sql), plan::text(&unit.pipeline.explain));
    let plan = plan::plan(plan);
    let fields = unit.output.fields.iter().map(|f| {
        let (field, name, column) = (&f.ident, f.ident.to_string(), Literal::usize_unsuffixed(f.column));
        quote!(#field: rt::take(columns, #column, i, #name, unfit))
    });
    let reads = (0..unit.inputs.len()).map(|source| reads(unit, source));
    let input_of = distinct_inputs(unit).into_iter().map(|source| {
        let (ty, at) = (&unit.inputs[source].ty, Literal::usize_unsuffixed(source));
        match unit.inputs[source].changelog {
            true => quote!(impl rt::ChangesOf<#ty> for #row { type At = rt::At<#at>; }),
            false => quote!(impl rt::InputOf<#ty> for #row { type At = rt::At<#at>; }),
        }
    });
    quote! {
        #inputs_impl
        unsafe impl rt::Query for #row {
            type Shape = rt::#shape;
            type Aside = rt::#aside;
            type Inputs = #inputs;
            const COMPILED: rt::Compiled = rt::Compiled {
                plan: #plan,
                edges: &[#(#edges),*],
                updates: &[#(#updates),*],
                capacity: #capacity,
            };
            const TEXTS: rt::Texts = rt::Texts {
                sql: #sql,
                explain: #explain,
            };
            #[inline]
            unsafe fn read(columns: *const rt::ColumnRef, i: usize, unfit: &mut rt::UnfitField) -> Self {
                #row { #(#fields,)* }
            }
        }
        #(#input_of)*
        #(#reads)*
        impl #row {
            /// The pipeline, without rows.
            pub fn pipeline() -> rt::Runner<#row> {
                rt::Runner::new()
            }
            /// The pipeline with what exists only at run time.
            pub fn builder() -> rt::Builder<rt::Runner<#row>> {
                rt::Runner::builder()
            }
        }
    }
}

fn handles_of(unit: &Unit<'_>) -> Option<(Ident, TokenStream)> {
    if unit.inputs.len() < 2 {
        return None;
    }
    let name = inputs_ident(&unit.output.ident);
    let tokens = quote! {
        impl rt::Inputs for #name {
            fn new(engine: rt::Engine) -> Self {
                #name(rt::BareEngine::new(engine))
            }
            fn engine(&self) -> &rt::Engine {
                self.0.engine()
            }
            fn engine_mut(&mut self) -> &mut rt::Engine {
                self.0.engine_mut()
            }
        }
    };
    Some((name, tokens))
}

/// The first input of each row type.
fn distinct_inputs(unit: &Unit<'_>) -> Vec<usize> {
    let mut seen = Vec::new();
    (0..unit.inputs.len())
        .filter(|&source| {
            let input = &unit.inputs[source];
            let new = !seen.contains(&input.identity);
            seen.push(input.identity);
            new
        })
        .collect()
}

/// The ways of rows into input `source`.
fn reads(unit: &Unit<'_>, source: usize) -> TokenStream {
    let row = &unit.output.ident;
    let input = &unit.inputs[source];
    let (ty, at) = (&input.ty, Literal::usize_unsuffixed(source));
    if input.changelog {
        return quote!(unsafe impl rt::ReadsChanges<rt::At<#at>, #ty> for #row {});
    }
    let (shared, functions) = match stateless::edge_of(unit, source) {
        Some(edge) => stateless::reads(unit, source, edge),
        None => Default::default(),
    };
    let plan = &unit.pipeline.plan;
    let fields = stage::fields(unit, source);
    let fields = fields.iter().map(|f| Literal::u32_unsuffixed(*f));
    let aside = unit.pipeline.late_to.is_some() || plan.on_error == OnError::DeadLetter;
    let copy = aside.then(|| {
        quote! {
            fn copy(given: &rt::Given<'_, '_, Self, rt::At<#at>, #ty>, row: usize) -> #ty {
                given.row(row)
            }
        }
    });
    quote! {
        #shared
        unsafe impl rt::Reads<rt::At<#at>, #ty> for #row {
            const FIELDS: &'static [u16] = &[#(#fields),*];
            #functions
            #copy
        }
    }
}
