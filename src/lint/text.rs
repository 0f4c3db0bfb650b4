//! Turns texts into the plain forms in which rules compare them.

use crate::analysis::fold;

/// Folded words separated by one blank: punctuation gone, the signs of C++ and C# kept.
pub(super) fn spelling(text: &str) -> String {
    let folded = fold(text).text;
    let mut plain = String::with_capacity(folded.len());
    for letter in folded.chars() {
        if letter.is_alphanumeric() || matches!(letter, '+' | '#') {
            plain.push(letter);
        } else if letter != '\'' && !plain.ends_with(' ') && !plain.is_empty() {
            plain.push(' ');
        }
    }
    plain.truncate(plain.trim_end().len());
    plain
}

/// Names a few things and says how many more there are: "a, b and 3 more".
pub(super) fn listed<T: AsRef<str>>(items: &[T], most: usize) -> String {
    let shown: Vec<&str> = items.iter().take(most).map(AsRef::as_ref).collect();
    match items.len().saturating_sub(most) {
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_forms() {
        for (text, expected) in [
            ("Sr. DevOps-Engineer (m/f/d)", "sr devops engineer m f d"),
            ("C++ / C# Developer", "c++ c# developer"),
            ("Worker’s Café", "workers cafe"),
            ("  –  ", ""),
            ("看護師", "看護師"),
        ] {
            assert_eq!(spelling(text), expected, "{text}");
        }
        assert_eq!(listed(&["a", "b", "c"], 2), "a, b and 1 more");
        assert_eq!(listed(&["a"], 2), "a");
    }
}
