//! The plan as text, which costs the user's build the least; the runtime reads it when a pipeline is made.

use laminar_runtime::plan::Plan;
use proc_macro2::Literal;

pub(crate) fn plan(plan: &Plan) -> Literal {
    text(&plan.to_text())
}

/// A literal that stands over as many lines as its text.
pub(crate) fn text(text: &str) -> Literal {
    let mut literal = String::with_capacity(text.len() + 16);
    literal.push('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => literal.extend(['\\', c]),
            '\n' => literal.push(c),
            c if c.is_control() => literal.extend(c.escape_default()),
            c => literal.push(c),
        }
    }
    literal.push('"');
    literal.parse().unwrap_or_else(|_| Literal::string(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_keep_their_lines() {
        for value in ["", "a", "a\nb\n", "\n\n \"q\" \\ \\n \t \r\n é \0"] {
            let literal: syn::LitStr = syn::parse_str(&text(value).to_string()).unwrap();
            assert_eq!(literal.value(), value);
        }
        assert_eq!(text("a\n\"b\"").to_string(), "\"a\n\\\"b\\\"\"");
    }
}
