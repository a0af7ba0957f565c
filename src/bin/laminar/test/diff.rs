//! How two results differ, line by line.

use std::fmt::Write as _;

/// Lines that are shown of each difference.
const SHOWN_MAX: usize = 40;

/// Products of the two lengths up to which common lines are looked for between differences.
const PAIRS_MAX: usize = 1 << 20;

/// The lines that differ, `-` expected and `+` actual, with one or two of those around them.
pub fn diff(expected: &[&str], actual: &[String]) -> String {
    let before = expected.iter().zip(actual).take_while(|(a, b)| *a == b).count();
    let rest = expected.len().min(actual.len()) - before;
    let after =
        expected.iter().rev().zip(actual.iter().rev()).take(rest).take_while(|(a, b)| *a == b).count();
    let mut text = String::new();
    if before > 2 {
        let _ = writeln!(text, "  … {} lines as expected", before - 2);
    }
    for line in &expected[before.saturating_sub(2)..before] {
        let _ = writeln!(text, "  {line}");
    }
    let edits = edits(&expected[before..expected.len() - after], &actual[before..actual.len() - after]);
    for (sign, line) in edits.iter().take(SHOWN_MAX) {
        let _ = writeln!(text, "{sign} {line}");
    }
    if edits.len() > SHOWN_MAX {
        let _ = writeln!(text, "  … and {} lines more", edits.len() - SHOWN_MAX);
    }
    if after > 0 {
        let _ = writeln!(text, "  {}", expected[expected.len() - after]);
    }
    text
}

/// The shortest way from one to the other; of long ones, all lines of each.
fn edits<'a>(expected: &[&'a str], actual: &'a [String]) -> Vec<(char, &'a str)> {
    let (n, m) = (expected.len(), actual.len());
    if n * m > PAIRS_MAX {
        let removed = expected.iter().map(|line| ('-', *line));
        return removed.chain(actual.iter().map(|line| ('+', line.as_str()))).collect();
    }
    // Length of the longest common part of what begins at (i, j).
    let mut common = vec![0_u32; (n + 1) * (m + 1)];
    let at = |i: usize, j: usize| i * (m + 1) + j;
    for i in (0..n).rev() {
        for j in (0..m).rev() {
            common[at(i, j)] = match expected[i] == actual[j] {
                true => common[at(i + 1, j + 1)] + 1,
                false => common[at(i + 1, j)].max(common[at(i, j + 1)]),
            };
        }
    }
    let (mut i, mut j) = (0, 0);
    let mut edits = Vec::new();
    while i < n || j < m {
        if i < n && j < m && expected[i] == actual[j] {
            edits.push((' ', expected[i]));
            (i, j) = (i + 1, j + 1);
        } else if j == m || i < n && common[at(i + 1, j)] >= common[at(i, j + 1)] {
            edits.push(('-', expected[i]));
            i += 1;
        } else {
            edits.push(('+', actual[j].as_str()));
            j += 1;
        }
    }
    edits
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_difference_is_shown_with_its_surroundings() {
        let actual = ["1", "2", "3", "5", "6"].map(String::from);
        assert_eq!(
            diff(&["1", "2", "3", "4", "6"], &actual),
            "  … 1 lines as expected\n  2\n  3\n- 4\n+ 5\n  6\n"
        );
        assert_eq!(diff(&[], &["1".to_string()]), "+ 1\n");
        assert_eq!(diff(&["1", "3", "4"], &["2", "3", "5"].map(String::from)), "- 1\n+ 2\n  3\n- 4\n+ 5\n");
    }
}
