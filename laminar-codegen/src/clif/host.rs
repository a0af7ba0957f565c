//! The machine that the code is for: this one, with all it has.

use super::JitError;
use cranelift_codegen::isa::OwnedTargetIsa;
use cranelift_codegen::settings::{self, Configurable};
use std::sync::OnceLock;

/// The host's instruction set. Made once a process.
pub(super) fn isa() -> Result<OwnedTargetIsa, JitError> {
    static ISA: OnceLock<Result<OwnedTargetIsa, JitError>> = OnceLock::new();
    ISA.get_or_init(make).clone()
}

fn make() -> Result<OwnedTargetIsa, JitError> {
    let mut flags = settings::builder();
    let settings = [
        ("opt_level", "speed"),
        ("is_pic", "false"),
        ("use_colocated_libcalls", "false"),
        ("enable_verifier", if cfg!(debug_assertions) { "true" } else { "false" }),
        ("unwind_info", "false"),
        ("enable_heap_access_spectre_mitigation", "false"),
        ("enable_table_access_spectre_mitigation", "false"),
    ];
    for (name, value) in settings {
        flags.set(name, value).map_err(|e| JitError(format!("{name}: {e}")))?;
    }
    let native = cranelift_native::builder().map_err(|e| JitError(e.into()))?;
    native.finish(settings::Flags::new(flags)).map_err(|e| JitError(e.to_string()))
}
