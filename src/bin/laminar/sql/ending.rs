//! Whether a text ends a statement: at a `;` that is in no quote and no comment.

/// Whether the last statement of a text is complete, or there is none.
pub fn is_complete(text: &str) -> bool {
    let (mut open, mut rest) = (false, text);
    while let Some(c) = rest.chars().next() {
        let after = &rest[c.len_utf8()..];
        rest = match c {
            ';' => {
                open = false;
                after
            }
            '\'' | '"' => {
                open = true;
                match after.find(c) {
                    Some(i) => &after[i + 1..],
                    None => return false,
                }
            }
            '-' if after.starts_with('-') => after.find('\n').map_or("", |i| &after[i..]),
            '/' if after.starts_with('*') => match comment_end(&after[1..]) {
                Some(rest) => rest,
                None => return false,
            },
            '$' => match dollar_quote(rest) {
                Some(tag) => {
                    open = true;
                    match rest[tag.len()..].find(tag) {
                        Some(i) => &rest[tag.len() + i + tag.len()..],
                        None => return false,
                    }
                }
                None => {
                    open = true;
                    after
                }
            },
            c => {
                open |= !c.is_whitespace();
                after
            }
        };
    }
    !open
}

/// Behind the end of a comment, which may hold others.
fn comment_end(mut text: &str) -> Option<&str> {
    let mut depth = 1;
    while depth > 0 {
        let next = text.find("*/").into_iter().chain(text.find("/*")).min()?;
        depth = if text[next..].starts_with("*/") { depth - 1 } else { depth + 1 };
        text = &text[next + 2..];
    }
    Some(text)
}

/// `$$` or `$tag$` at the start of a text.
fn dollar_quote(text: &str) -> Option<&str> {
    let end = text[1..].find('$')? + 2;
    let tag = &text[1..end - 1];
    let name = tag.chars().all(|c| c.is_alphanumeric() || c == '_')
        && !tag.starts_with(|c: char| c.is_ascii_digit());
    name.then_some(&text[..end])
}

#[cfg(test)]
mod tests {
    use super::is_complete;

    #[test]
    fn ends_of_statements() {
        for text in [
            "",
            "  \n",
            "SELECT 1;",
            "SELECT ';'; ",
            "SELECT 1; -- more",
            "-- ;",
            "/* ; */",
            "SELECT 'it''s';",
            "SELECT \"a;b\";",
            "SELECT /* ; /* */ ; */ 1;",
            "SELECT $$;$$;",
            "SELECT $a$;$$;$a$;",
            "SELECT 1; SELECT 2;\n",
        ] {
            assert!(is_complete(text), "{text}");
        }
        for text in [
            "SELECT 1",
            "SELECT ';",
            "SELECT ';'",
            "SELECT 1; SELECT",
            "SELECT 1 -- ;",
            "/* ;",
            "/* /* */ ;",
            "SELECT $$;",
            "SELECT \";",
            "SELECT $1 ",
        ] {
            assert!(!is_complete(text), "{text}");
        }
    }
}
