//! The functions of the runtime that compiled code calls, by name.

use super::POINTER;
use cranelift_codegen::ir::{AbiParam, FuncRef, Function, Signature, Type, types};
use cranelift_jit::JITModule;
use cranelift_module::{FuncId, Linkage, Module};
use laminar_runtime::aggregate;
use laminar_runtime::scalar::{self, FnId};
use laminar_runtime::stage::reject;
use laminar_runtime::types::{BytesRef, sym_text};

/// A function of the runtime.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Symbol {
    /// [`reject`]
    Reject,
    /// [`sym_text`]
    SymText,
    /// Whether two texts, or BYTEA, are equal.
    TextEq,
    /// Order of two texts, or BYTEA.
    TextCmp,
    /// [`aggregate::min_text_cell`]
    MinText,
    /// [`aggregate::max_text_cell`]
    MaxText,
    /// [`aggregate::sum_wide_cell`]
    SumWide,
    /// [`aggregate::min_wide_cell`]
    MinWide,
    /// [`aggregate::max_wide_cell`]
    MaxWide,
    /// [`aggregate::sum_float_exact_cell`]
    SumFloatExact,
    /// [`aggregate::sum_squares_cell`]
    SumSquares,
    /// [`aggregate::moments`]
    Moments,
    /// [`aggregate::co_moments`]
    CoMoments,
    /// A scalar function.
    Scalar(FnId),
}

impl Symbol {
    fn name(self) -> &'static str {
        match self {
            Symbol::Reject => "laminar.reject",
            Symbol::SymText => "laminar.sym_text",
            Symbol::TextEq => "laminar.text_eq",
            Symbol::TextCmp => "laminar.text_cmp",
            Symbol::MinText => "laminar.min_text",
            Symbol::MaxText => "laminar.max_text",
            Symbol::SumWide => "laminar.sum_wide",
            Symbol::MinWide => "laminar.min_wide",
            Symbol::MaxWide => "laminar.max_wide",
            Symbol::SumFloatExact => "laminar.sum_float_exact",
            Symbol::SumSquares => "laminar.sum_squares",
            Symbol::Moments => "laminar.moments",
            Symbol::CoMoments => "laminar.co_moments",
            Symbol::Scalar(id) => id.def().name,
        }
    }

    fn params(self) -> &'static [Type] {
        use types::{F64, I32, I64};
        match self {
            Symbol::Reject => &[POINTER, I64, I32],
            Symbol::SymText => &[I32, POINTER],
            Symbol::TextEq | Symbol::TextCmp => &[I64, I64, I64, I64],
            Symbol::MinText | Symbol::MaxText => &[POINTER, I64, I64],
            Symbol::SumWide | Symbol::MinWide | Symbol::MaxWide => &[POINTER, I64, I64],
            Symbol::SumFloatExact => &[POINTER, F64, I64],
            Symbol::SumSquares => &[POINTER, I64],
            Symbol::Moments => &[POINTER, F64],
            Symbol::CoMoments => &[POINTER, F64, F64],
            Symbol::Scalar(_) => &[POINTER, POINTER, POINTER],
        }
    }

    fn result(self) -> Option<Type> {
        match self {
            Symbol::Reject | Symbol::Scalar(_) | Symbol::TextEq => Some(types::I32),
            Symbol::TextCmp => Some(types::I64),
            Symbol::SymText | Symbol::MinText | Symbol::MaxText | Symbol::SumFloatExact => None,
            Symbol::SumWide | Symbol::MinWide | Symbol::MaxWide => None,
            Symbol::SumSquares | Symbol::Moments | Symbol::CoMoments => None,
        }
    }
}

/// The address of a symbol; what the module asks when it links.
pub(super) fn address(name: &str) -> Option<*const u8> {
    let Some(own) = name.strip_prefix("laminar.") else {
        return Some(FnId::by_name(name)?.def().cell as *const u8);
    };
    Some(match own {
        "reject" => reject as *const u8,
        "sym_text" => sym_text as *const u8,
        "text_eq" => text_eq as *const u8,
        "text_cmp" => text_cmp as *const u8,
        "min_text" => aggregate::min_text_cell as *const u8,
        "max_text" => aggregate::max_text_cell as *const u8,
        "sum_wide" => aggregate::sum_wide_cell as *const u8,
        "min_wide" => aggregate::min_wide_cell as *const u8,
        "max_wide" => aggregate::max_wide_cell as *const u8,
        "sum_float_exact" => aggregate::sum_float_exact_cell as *const u8,
        "sum_squares" => aggregate::sum_squares_cell as *const u8,
        "moments" => aggregate::moments as *const u8,
        "co_moments" => aggregate::co_moments as *const u8,
        _ => return None,
    })
}

/// # Safety
/// The texts or bytes are alive.
unsafe extern "C" fn text_eq(a: u64, a_len: u64, b: u64, b_len: u64) -> u32 {
    // SAFETY: by contract.
    unsafe { scalar::bytes_eq(BytesRef::from_cell([a, a_len]), BytesRef::from_cell([b, b_len])) as u32 }
}

/// # Safety
/// The texts or bytes are alive.
unsafe extern "C" fn text_cmp(a: u64, a_len: u64, b: u64, b_len: u64) -> i64 {
    // SAFETY: by contract.
    unsafe { scalar::bytes_cmp(BytesRef::from_cell([a, a_len]), BytesRef::from_cell([b, b_len])) }
}

/// The symbols that one function uses.
pub(super) struct Symbols<'a> {
    module: &'a mut JITModule,
    used: Vec<(Symbol, FuncId, FuncRef)>,
}

impl<'a> Symbols<'a> {
    pub(super) fn new(module: &'a mut JITModule) -> Symbols<'a> {
        Symbols { module, used: Vec::new() }
    }

    /// The symbol as `func` calls it.
    pub(super) fn get(&mut self, func: &mut Function, symbol: Symbol) -> FuncRef {
        if let Some((_, _, known)) = self.used.iter().find(|(s, ..)| *s == symbol) {
            return *known;
        }
        let mut signature = self.module.make_signature();
        signature.params.extend(symbol.params().iter().map(|&t| AbiParam::new(t)));
        signature.returns.extend(symbol.result().map(AbiParam::new));
        let id = self
            .module
            .declare_function(symbol.name(), Linkage::Import, &signature)
            .expect("a name always has the same signature");
        let reference = self.module.declare_func_in_func(id, func);
        self.used.push((symbol, id, reference));
        reference
    }

    /// A signature without parameters, in the calling convention of the host's C.
    pub(super) fn signature(&self) -> Signature {
        self.module.make_signature()
    }

    /// The text of a function, with the names of what it calls.
    pub(super) fn listing(&self, func: &Function) -> String {
        let mut text = func.display().to_string();
        for (symbol, id, _) in &self.used {
            text = text.replace(&format!("= u0:{} ", id.as_u32()), &format!("= %{} ", symbol.name()));
        }
        text.push('\n');
        text
    }
}
