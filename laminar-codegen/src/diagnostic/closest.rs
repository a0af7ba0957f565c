//! "Did you mean …?": the candidate nearest to a misspelt name.

/// The candidate nearest to `name`: the same letters in another case, else the least edit distance, at most
/// 2 or a third of the length.
pub fn closest<'a, S: AsRef<str> + ?Sized + 'a>(
    name: &str,
    candidates: impl IntoIterator<Item = &'a S>,
) -> Option<&'a str> {
    let wanted: Vec<char> = name.chars().flat_map(char::to_lowercase).collect();
    // Of a name of two letters everything is within two edits, of three nearly everything.
    let limit = if wanted.len() <= 3 { 1 } else { (wanted.len() / 3).max(2) };
    let mut best: Option<(usize, &str)> = None;
    for candidate in candidates {
        let candidate = candidate.as_ref();
        let letters: Vec<char> = candidate.chars().flat_map(char::to_lowercase).collect();
        if letters.len().abs_diff(wanted.len()) > limit {
            continue;
        }
        let distance = edits(&wanted, &letters);
        // A name with nothing in common is no suggestion.
        let related = distance < letters.len().max(wanted.len());
        if distance <= limit && related && best.is_none_or(|(d, _)| distance < d) {
            best = Some((distance, candidate));
        }
    }
    best.map(|(_, name)| name)
}

/// Damerau–Levenshtein distance over adjacent swaps.
fn edits(a: &[char], b: &[char]) -> usize {
    let mut before: Vec<usize> = vec![0; b.len() + 1];
    let mut last: Vec<usize> = (0..=b.len()).collect();
    let mut row = vec![0; b.len() + 1];
    for i in 1..=a.len() {
        row[0] = i;
        for j in 1..=b.len() {
            let change = usize::from(a[i - 1] != b[j - 1]);
            row[j] = (last[j] + 1).min(row[j - 1] + 1).min(last[j - 1] + change);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                row[j] = row[j].min(before[j - 2] + 1);
            }
        }
        std::mem::swap(&mut before, &mut last);
        std::mem::swap(&mut last, &mut row);
    }
    last[b.len()]
}

#[cfg(test)]
mod tests {
    use super::closest;

    #[test]
    fn suggests_near_names_only() {
        let columns = ["symbol", "price", "volume", "ts", "window_start"];
        let cases = [
            ("prise", Some("price")),
            ("PRICE", Some("price")),
            ("volum", Some("volume")),
            ("pirce", Some("price")),
            ("windowstrat", Some("window_start")),
            ("st", Some("ts")),
            ("xyz", None),
            ("id", None),
            ("abs", None),
            ("", None),
        ];
        for (name, expected) in cases {
            assert_eq!(closest(name, columns), expected, "{name}");
        }
        assert_eq!(closest("Trade", &["trades".to_string(), "TRADE".to_string()]), Some("TRADE"));
    }
}
