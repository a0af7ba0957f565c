//! Mutants: statements whose tokens were cut, moved, repeated, or taken from other statements.

use crate::random::Random;

/// Makes mutants of seeds.
pub struct Mutator {
    seeds: Vec<Vec<String>>,
    /// All tokens, but each once.
    words: Vec<String>,
    /// All bracketed groups with their brackets.
    groups: Vec<Vec<String>>,
}

/// Literals and names that reach into corners.
const CORNERS: [&str; 34] = [
    "0",
    "-1",
    "1",
    "2147483648",
    "9223372036854775807",
    "9223372036854775808",
    "1e308",
    "1e-320",
    "0.000000000000000001",
    "999999999999999999",
    "99999999999999999999999999999999999999",
    "NULL",
    "TRUE",
    "''",
    "'NaN'",
    "'a%_\\'",
    "'\u{0}é'",
    "INTERVAL '1' SECOND",
    "INTERVAL '0' DAY",
    "INTERVAL '-1' HOUR",
    "INTERVAL '1 month'",
    "INTERVAL '106751 days'",
    "TIMESTAMP '1677-09-21 00:12:44'",
    "TIMESTAMP '2262-04-11 23:47:16'",
    "b",
    "i",
    "n0",
    "x",
    "d",
    "s0",
    "ts",
    "p",
    "window_start",
    "*",
];

impl Mutator {
    pub fn new(seeds: &[String]) -> Mutator {
        let seeds: Vec<Vec<String>> = seeds.iter().map(|s| tokens(s)).collect();
        let mut words: Vec<String> = seeds.iter().flatten().cloned().collect();
        words.sort();
        words.dedup();
        let groups = seeds.iter().flat_map(|s| groups(s)).collect();
        Mutator { seeds, words, groups }
    }

    /// The next mutant: half of them only with words changed for their like, which most often compile.
    pub fn mutant(&self, random: &mut Random) -> String {
        let mut tokens = random.pick(&self.seeds).clone();
        let gentle = random.one_in(2);
        for _ in 0..1 + random.below(4) {
            if tokens.is_empty() {
                break;
            }
            match gentle {
                true => exchange(&mut tokens, random),
                false => self.mutate(&mut tokens, random),
            }
        }
        tokens.concat()
    }

    fn mutate(&self, tokens: &mut Vec<String>, random: &mut Random) {
        let at = random.below(tokens.len());
        let end = (at + 1 + random.below(6)).min(tokens.len());
        match random.below(12) {
            0 => drop(tokens.drain(at..end)),
            1 => tokens[at] = random.pick(&self.words).clone(),
            2 => tokens.insert(at, format!(" {} ", random.pick(&self.words))),
            3 | 4 => tokens[at] = format!(" {} ", random.pick(&CORNERS)),
            5 => {
                let other = random.below(tokens.len());
                tokens.swap(at, other);
            }
            6 => {
                let piece = tokens[at..end].to_vec();
                let times = if random.one_in(20) { 300 } else { 1 };
                for _ in 0..times {
                    tokens.splice(at..at, piece.clone());
                }
            }
            7 | 8 => self.swap_group(tokens, random),
            9 => {
                // A value in brackets under something.
                let wrap = random.pick(&[
                    "-(",
                    "NOT (",
                    "abs(",
                    "CAST((",
                    "COALESCE(NULL, ",
                    "SUM(",
                    "COUNT(DISTINCT ",
                ]);
                tokens.insert(at, format!(" {wrap}"));
                tokens.insert((end + 1).min(tokens.len()), ") ".into());
            }
            10 => {
                let other = random.pick(&self.seeds);
                let from = random.below(other.len());
                let to = (from + 1 + random.below(30)).min(other.len());
                tokens.splice(at..end, other[from..to].iter().cloned());
            }
            _ => {
                // One character, wherever it is.
                let word = &mut tokens[at];
                let place =
                    word.char_indices().map(|(i, _)| i).nth(random.below(word.chars().count().max(1)));
                word.insert(
                    place.unwrap_or(0),
                    *random.pick(&['(', ')', '\'', '"', ',', ';', '0', 'é', '\u{0}', '.', '-']),
                );
            }
        }
    }

    /// A bracketed group for another: the text stays well formed.
    fn swap_group(&self, tokens: &mut Vec<String>, random: &mut Random) {
        let opens: Vec<usize> = (0..tokens.len()).filter(|&i| tokens[i] == "(").collect();
        if opens.is_empty() {
            return;
        }
        let at = *random.pick(&opens);
        if let Some(end) = close(tokens, at) {
            tokens.splice(at..end, random.pick(&self.groups).iter().cloned());
        }
    }
}

/// Words that may stand for each other, most often.
const LIKE: [&[&str]; 12] = [
    &["i", "n", "i0", "n0", "id"],
    &["x", "x0", "d", "d0"],
    &["s", "s0", "lower(s)", "substr(s, 2)", "NULLIF(s, 'a')"],
    &["b", "b0", "(i > 3)", "(NOT b0)", "(s LIKE '%a%')", "(x0 IS NULL)"],
    &["ts", "ts0"],
    &["t", "u", "v", "e"],
    &["+", "-", "*", "/", "%"],
    &["=", "<", ">", "<=", ">=", "<>"],
    &["AND", "OR"],
    &["MIN", "MAX", "SUM", "AVG", "COUNT"],
    &["HOUR", "MINUTE", "DAY", "SECOND"],
    &["CHANGES", "FINAL", "ON UPDATE", "ON WINDOW CLOSE"],
];

/// Puts in the place of a word or number another of its kind.
fn exchange(tokens: &mut [String], random: &mut Random) {
    let like = |token: &str| LIKE.iter().find(|words| words.iter().any(|w| w.eq_ignore_ascii_case(token)));
    let is_number = |token: &str| token.starts_with(|c: char| c.is_ascii_digit());
    let places: Vec<usize> =
        (0..tokens.len()).filter(|&i| like(&tokens[i]).is_some() || is_number(&tokens[i])).collect();
    if places.is_empty() {
        return;
    }
    let at = *random.pick(&places);
    tokens[at] = match like(&tokens[at]) {
        Some(words) => random.pick(words).to_string(),
        None => {
            random.pick(&["0", "1", "2", "7", "1000000007", "9223372036854775807", "0.5", "1e10"]).to_string()
        }
    };
}

/// Words, numbers, quoted texts, white space and signs; joined they are the text again.
fn tokens(text: &str) -> Vec<String> {
    let mut tokens: Vec<String> = Vec::new();
    let mut quoted = false;
    let mut last = ' ';
    for c in text.chars() {
        let word = |c: char| c.is_alphanumeric() || c == '_' || c == '.';
        let goes_on = quoted || (word(c) && word(last)) || (c.is_whitespace() && last.is_whitespace());
        match tokens.last_mut() {
            Some(token) if goes_on => token.push(c),
            _ => tokens.push(c.into()),
        }
        if c == '\'' {
            quoted = !quoted;
        }
        // A sign ends its token.
        last = if c == '\'' { ';' } else { c };
    }
    tokens
}

/// One past the bracket that closes the one at `open`.
fn close(tokens: &[String], open: usize) -> Option<usize> {
    let mut depth = 0;
    for (i, token) in tokens.iter().enumerate().skip(open) {
        match token.as_str() {
            "(" => depth += 1,
            ")" => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return Some(i + 1);
        }
    }
    None
}

fn groups(tokens: &[String]) -> Vec<Vec<String>> {
    (0..tokens.len())
        .filter(|&i| tokens[i] == "(")
        .filter_map(|i| close(tokens, i).map(|end| tokens[i..end].to_vec()))
        .collect()
}
