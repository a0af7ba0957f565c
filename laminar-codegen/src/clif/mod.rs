//! Machine code for the expression and update stages of a query, made with Cranelift.
//!
//! One module a query: a function for each edge (`ExprFn`), for each group node whose input is append-only
//! (`UpdateFn`), and for each edge that goes from row to group in one loop (`FusedFn`). Everything else is the engine's. All of Cranelift is named in this folder and nowhere else.
//!
//! Invariants: the code has no instruction that can trap; a function that it calls never unwinds; its
//! memory goes when the [`JitCode`] does, so whoever holds a function pointer holds that too.

mod compare;
mod cursor;
mod fused;
mod host;
mod input;
mod inst;
mod lane;
mod rust_call;
mod stage;
mod store;
mod symbols;
mod update;

use crate::functions::RustFn;
use crate::ir::{Pipeline, has_update_code};
use crate::sir::{Inst, Layout, Op, Program, RowOut};
use cranelift_codegen::Context;
use cranelift_codegen::ir::{AbiParam, Type, UserFuncName, types};
use cranelift_frontend::{FunctionBuilder, FunctionBuilderContext};
use cranelift_jit::{JITBuilder, JITModule};
use cranelift_module::{FuncId, Linkage, Module, ModuleError, default_libcall_names};
use laminar_runtime::fused::FusedFn;
use laminar_runtime::plan::GroupPlan;
use laminar_runtime::stage::{ExprFn, UpdateCode, UpdateFn};
use std::mem::ManuallyDrop;
use std::ops::{Deref, DerefMut};
use std::sync::Arc;
use symbols::Symbols;

/// Addresses and words are held alike; Cranelift makes code for 64-bit machines only.
const POINTER: Type = types::I64;

/// Why there is no machine code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JitError(String);

impl std::fmt::Display for JitError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "no machine code can be made: {}", self.0)
    }
}

impl std::error::Error for JitError {}

impl From<ModuleError> for JitError {
    fn from(e: ModuleError) -> JitError {
        JitError(e.to_string())
    }
}

/// The compiled stages of a query. Its function pointers are valid as long as it lives.
pub struct JitCode {
    edges: Vec<ExprFn>,
    fused: Vec<Option<FusedFn>>,
    updates: Vec<UpdateCode>,
    _memory: CodeMemory,
    _texts: Texts,
    /// The user's functions that the code calls.
    _functions: Vec<Arc<RustFn>>,
}

// SAFETY: after `compile` nobody reads the module; dropping it frees its memory, from whatever thread.
unsafe impl Send for JitCode {}
// SAFETY: as above; shared access only copies function pointers.
unsafe impl Sync for JitCode {}

impl JitCode {
    /// One expression stage an edge.
    pub fn edges(&self) -> &[ExprFn] {
        &self.edges
    }

    /// The fused loop of each edge that has one.
    pub fn fused(&self) -> &[Option<FusedFn>] {
        &self.fused
    }

    /// One update stage a group node.
    pub fn updates(&self) -> &[UpdateCode] {
        &self.updates
    }
}

impl std::fmt::Debug for JitCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "JitCode({} edges, {} updates)", self.edges.len(), self.updates.len())
    }
}

/// Text and BYTEA constants of a query: copies that stay in place while the code lives.
#[derive(Default)]
struct Texts(Vec<Box<[u8]>>);

impl Texts {
    /// Address of a copy.
    fn keep(&mut self, text: &[u8]) -> *const u8 {
        self.0.push(text.into());
        self.0.last().map_or(std::ptr::null(), |t| t.as_ptr())
    }
}

/// The stages to compile.
#[derive(Clone, Copy, Debug)]
pub struct Stages<'a> {
    /// Edges, in order.
    pub edges: &'a [EdgeStage<'a>],
    /// Group nodes, for their update stages.
    pub groups: &'a [GroupPlan],
}

/// An edge, for its expression stage and its fused loop.
#[derive(Clone, Copy, Debug)]
pub struct EdgeStage<'a> {
    /// Its program, verified.
    pub program: &'a Program,
    /// Where that finds its inputs.
    pub layout: &'a Layout,
    /// Where it writes its outputs, if not to columns: to rows of a struct, at the address of the first column.
    pub out: Option<&'a RowOut>,
    /// The group node that a fused loop takes its rows to, if one does.
    pub fused: Option<&'a GroupPlan>,
}

impl<'a> EdgeStage<'a> {
    /// A stage that writes columns, and no loop.
    pub fn new(program: &'a Program, layout: &'a Layout) -> EdgeStage<'a> {
        EdgeStage { program, layout, out: None, fused: None }
    }
}

/// Compiles stages.
///
/// # Errors
/// A machine that Cranelift does not know, or memory that may not be made executable.
pub fn compile(stages: Stages<'_>) -> Result<JitCode, JitError> {
    let mut compiler = Compiler::new()?;
    let Functions { edges, fused, updates } = compiler.stages(stages)?;
    compiler.memory.finalize_definitions()?;
    let address = |id: FuncId| compiler.memory.get_finalized_function(id);
    let edges = edges
        .into_iter()
        // SAFETY: `stage::build` makes functions of this signature, in the calling convention of the host's C.
        .map(|id| unsafe { std::mem::transmute::<*const u8, ExprFn>(address(id)) })
        .collect();
    let fused = fused
        .into_iter()
        // SAFETY: `fused::build` makes functions of this signature.
        .map(|id| id.map(|id| unsafe { std::mem::transmute::<*const u8, FusedFn>(address(id)) }))
        .collect();
    let native = |id| {
        // SAFETY: `update::build` makes functions of this signature.
        UpdateCode::Native(unsafe { std::mem::transmute::<*const u8, UpdateFn>(address(id)) })
    };
    let updates = updates.into_iter().map(|id| id.map_or(UpdateCode::Generic, native)).collect();
    let _functions = functions_of(&stages);
    Ok(JitCode { edges, fused, updates, _memory: compiler.memory, _texts: compiler.texts, _functions })
}

/// The user's functions that stages call.
fn functions_of(stages: &Stages<'_>) -> Vec<Arc<RustFn>> {
    let insts = stages.edges.iter().flat_map(|e| &e.program.insts);
    let function = |inst: &Inst| match &inst.op {
        Op::CallRust(f) => Some(f.clone()),
        _ => None,
    };
    insts.filter_map(function).collect()
}

/// Compiles all stages of a pipeline.
///
/// # Errors
/// As [`compile`].
pub fn compile_pipeline(pipeline: &Pipeline, layouts: &[Layout]) -> Result<JitCode, JitError> {
    all(pipeline, layouts, compile)
}

/// What Cranelift is given for each stage of a pipeline, as EXPLAIN shows it.
///
/// # Errors
/// As [`clif_text`].
pub fn pipeline_text(pipeline: &Pipeline, layouts: &[Layout]) -> Result<String, JitError> {
    all(pipeline, layouts, clif_text)
}

fn all<T>(pipeline: &Pipeline, layouts: &[Layout], f: impl FnOnce(Stages<'_>) -> T) -> T {
    let edges = pipeline.programs.iter().zip(layouts).enumerate();
    let edges: Vec<_> = edges
        .map(|(edge, (program, layout))| EdgeStage {
            fused: pipeline.fused_group(edge),
            ..EdgeStage::new(program, layout)
        })
        .collect();
    f(Stages { edges: &edges, groups: &pipeline.plan.groups })
}

/// What Cranelift is given for each stage.
///
/// # Errors
/// A machine that Cranelift does not know.
pub fn clif_text(stages: Stages<'_>) -> Result<String, JitError> {
    let mut compiler = Compiler::new()?;
    compiler.listing = Some(String::new());
    compiler.stages(stages)?;
    Ok(compiler.listing.unwrap_or_default())
}

/// What has been defined.
#[derive(Default)]
struct Functions {
    /// One an edge.
    edges: Vec<FuncId>,
    /// One an edge that has such a loop.
    fused: Vec<Option<FuncId>>,
    /// One a group node whose input has no weights.
    updates: Vec<Option<FuncId>>,
}

/// A module being filled.
struct Compiler {
    memory: CodeMemory,
    texts: Texts,
    context: Context,
    builder: FunctionBuilderContext,
    /// Instead of code: the text of each function.
    listing: Option<String>,
}

impl Compiler {
    fn new() -> Result<Compiler, JitError> {
        let mut builder = JITBuilder::with_isa(host::isa()?, default_libcall_names());
        builder.symbol_lookup_fn(Box::new(symbols::address));
        let memory = CodeMemory(ManuallyDrop::new(JITModule::new(builder)));
        let context = memory.make_context();
        let texts = Texts::default();
        Ok(Compiler { memory, texts, context, builder: FunctionBuilderContext::new(), listing: None })
    }

    /// The functions of all edges and of the group nodes that have one.
    fn stages(&mut self, stages: Stages<'_>) -> Result<Functions, JitError> {
        if let Some(f) = functions_of(&stages).iter().find(|f| f.code.is_none()) {
            return Err(JitError(format!("the Rust function {f} is not registered here")));
        }
        let mut functions = Functions::default();
        for (i, edge) in stages.edges.iter().enumerate() {
            functions.edges.push(self.define(&format!("edge{i}"), |b, symbols, texts| {
                stage::build(b, symbols, texts, edge);
            })?);
            let fused = edge.fused.map(|group| {
                self.define(&format!("fused{i}"), |b, symbols, texts| {
                    fused::build(b, symbols, texts, edge, group);
                })
            });
            functions.fused.push(fused.transpose()?);
        }
        for (i, group) in stages.groups.iter().enumerate() {
            let name = format!("update{i}");
            functions.updates.push(match has_update_code(group) {
                false => None,
                true => Some(self.define(&name, |b, symbols, _| update::build(b, symbols, group))?),
            });
        }
        Ok(functions)
    }

    /// Adds a function that takes the address of its context and gives nothing.
    fn define(
        &mut self,
        name: &str,
        build: impl FnOnce(&mut FunctionBuilder<'_>, &mut Symbols<'_>, &mut Texts),
    ) -> Result<FuncId, JitError> {
        let mut signature = self.memory.make_signature();
        signature.params.push(AbiParam::new(POINTER));
        let id = self.memory.declare_function(name, Linkage::Export, &signature)?;
        self.context.func.signature = signature;
        self.context.func.name = UserFuncName::testcase(name);
        let config = self.memory.target_config();
        let mut symbols = Symbols::new(&mut self.memory.0);
        let mut b = FunctionBuilder::new(&mut self.context.func, &mut self.builder);
        build(&mut b, &mut symbols, &mut self.texts);
        b.seal_all_blocks();
        b.finalize(config);
        match &mut self.listing {
            Some(text) => text.push_str(&symbols.listing(&self.context.func)),
            None => self.memory.define_function(id, &mut self.context)?,
        }
        self.memory.clear_context(&mut self.context);
        Ok(id)
    }
}

/// A module whose pages are given back when it goes; by itself it would keep them for ever.
struct CodeMemory(ManuallyDrop<JITModule>);

impl Deref for CodeMemory {
    type Target = JITModule;
    fn deref(&self) -> &JITModule {
        &self.0
    }
}

impl DerefMut for CodeMemory {
    fn deref_mut(&mut self) -> &mut JITModule {
        &mut self.0
    }
}

impl Drop for CodeMemory {
    fn drop(&mut self) {
        // SAFETY: taken once, here.
        let module = unsafe { ManuallyDrop::take(&mut self.0) };
        // SAFETY: whoever runs a function of the module keeps this value alive.
        unsafe { module.free_memory() }
    }
}
