//! Builds `pipelines/`.

fn main() {
    laminar_codegen::build("pipelines").emit();
}
