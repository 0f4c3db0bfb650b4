//! Turns folded text into pieces: words, numbers and separators, with protected tokens kept whole.

use unicode_segmentation::UnicodeSegmentation;

use super::fold::Folded;

/// Tokens that word boundaries would cut; longest first where one begins another.
const PROTECTED: [&str; 24] = [
    "asp.net", "vb.net", ".net", "c++", "c#", "f#", "r&d", "fp&a", "ci/cd", "qa/qc", "a/p", "a/r", "a/c", "a/v", "l&d", "f&b", "m&e", "a&p", "hs&e",
    "node.js", "react.js", "vue.js", "o&m", "i&c",
];

/// Signs of which every protected token has one.
const PROTECTED_SIGNS: [char; 5] = ['+', '#', '&', '.', '/'];

/// What separates two segments of a title.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Separator {
    /// A dash with a blank beside it.
    Dash,
    /// A hyphen between two words, without blanks.
    Hyphen,
    /// A comma.
    Comma,
    /// A slash.
    Slash,
    /// An ampersand or plus sign.
    And,
    /// A vertical bar.
    Bar,
    /// An at sign.
    At,
    /// An opening bracket.
    Open,
    /// A closing bracket.
    Close,
    /// A currency sign.
    Currency,
    /// A per-cent sign.
    Percent,
    /// A number sign.
    Hash,
    /// A full stop.
    Stop,
    /// A colon, asterisk or underscore between letters or elsewhere.
    Mark,
    /// Anything else.
    Other,
}

/// What a piece is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PieceKind {
    /// Letters, perhaps with digits.
    Word,
    /// Digits only, perhaps with inner points and commas.
    Number,
    /// Punctuation.
    Separator(Separator),
}

/// A piece of folded text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Piece {
    /// What it is.
    pub(super) kind: PieceKind,
    /// First byte in the folded text.
    pub(super) start: usize,
    /// Byte after the last.
    pub(super) end: usize,
    /// Whether a blank stands before it.
    pub(super) blank_before: bool,
}

/// Cuts folded text into pieces.
pub(super) fn pieces(folded: &Folded) -> Vec<Piece> {
    let text = folded.text.as_str();
    let mut found: Vec<Piece> = Vec::with_capacity(16);
    let mut skip_to = 0;
    let mut blank_before = true;
    // PERF: most titles have no protected token, and each word would be compared with all of them.
    let may_protect = text.contains(PROTECTED_SIGNS);
    for (start, bound) in text.split_word_bound_indices() {
        if start < skip_to {
            continue;
        }
        if may_protect && let Some(protected) = protected_at(text, start) {
            let end = start + protected.len();
            found.push(Piece { kind: PieceKind::Word, start, end, blank_before });
            skip_to = end;
            blank_before = false;
            continue;
        }
        let first = bound.chars().next().expect("a word bound is not empty");
        if first.is_whitespace() {
            blank_before = true;
            continue;
        }
        let end = start + bound.len();
        let kind = if !first.is_alphanumeric() {
            PieceKind::Separator(separator(first, blank_before, text[end..].chars().next()))
        } else if bound.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.' || byte == b',') {
            PieceKind::Number
        } else {
            PieceKind::Word
        };
        push_split(text, Piece { kind, start, end, blank_before }, &mut found);
        blank_before = false;
    }
    found
}

/// Marks inside a word at which it is cut though word bounds leave it whole.
const INNER_MARKS: [char; 4] = ['.', '_', ':', '·'];

/// Cuts a word that word bounds leave whole at points, underscores and the like ("eng.senior", "st._john", "chargé·e") and
/// pushes the parts.
fn push_split(text: &str, piece: Piece, found: &mut Vec<Piece>) {
    if piece.kind != PieceKind::Word || !text[piece.start..piece.end].contains(INNER_MARKS) {
        found.push(piece);
        return;
    }
    let mut start = piece.start;
    let mut blank_before = piece.blank_before;
    for part in text[piece.start..piece.end].split(INNER_MARKS) {
        if !part.is_empty() {
            let kind = if part.bytes().all(|byte| byte.is_ascii_digit()) { PieceKind::Number } else { PieceKind::Word };
            found.push(Piece { kind, start, end: start + part.len(), blank_before });
            blank_before = false;
        }
        start += part.len();
        if start < piece.end {
            let mark = text[start..].chars().next().expect("a part ends at a mark");
            let kind = PieceKind::Separator(if mark == '.' { Separator::Stop } else { Separator::Mark });
            found.push(Piece { kind, start, end: start + mark.len_utf8(), blank_before: false });
            start += mark.len_utf8();
        }
    }
}

/// The protected token that starts at a place and ends at a word's end.
fn protected_at(text: &str, start: usize) -> Option<&'static str> {
    let rest = &text[start..];
    let inside_word = text[..start].chars().next_back().is_some_and(char::is_alphanumeric);
    if inside_word {
        return None;
    }
    PROTECTED.into_iter().find(|token| {
        rest.starts_with(token) && !rest[token.len()..].chars().next().is_some_and(char::is_alphanumeric)
    })
}

fn separator(first: char, blank_before: bool, next: Option<char>) -> Separator {
    match first {
        '-' if !blank_before && next.is_some_and(|next| next.is_alphanumeric()) => Separator::Hyphen,
        '·' | '•' if !blank_before && next.is_some_and(|next| next.is_alphanumeric()) => Separator::Mark,
        '-' | '~' | '•' | '·' | '>' | '→' | '–' => Separator::Dash,
        ',' | ';' => Separator::Comma,
        '/' | '\\' => Separator::Slash,
        '&' | '+' => Separator::And,
        '|' | '¦' => Separator::Bar,
        '@' => Separator::At,
        '(' | '[' | '{' | '<' => Separator::Open,
        ')' | ']' | '}' => Separator::Close,
        '$' | '£' | '€' | '¥' | '₹' => Separator::Currency,
        '%' => Separator::Percent,
        '#' => Separator::Hash,
        '.' => Separator::Stop,
        ':' | '*' | '_' => Separator::Mark,
        _ => Separator::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::fold::fold;

    fn words(input: &str) -> Vec<String> {
        let folded = fold(input);
        pieces(&folded)
            .iter()
            .filter(|piece| !matches!(piece.kind, PieceKind::Separator(_)))
            .map(|piece| folded.text[piece.start..piece.end].to_owned())
            .collect()
    }

    #[test]
    fn every_protected_token_has_a_sign() {
        assert!(PROTECTED.iter().all(|token| token.contains(PROTECTED_SIGNS)));
    }

    #[test]
    fn protected_tokens_stay_whole() {
        for (input, expected) in [
            ("C++ / C# Developer", vec!["c++", "c#", "developer"]),
            (".NET Engineer", vec![".net", "engineer"]),
            ("R&D Manager", vec!["r&d", "manager"]),
            ("CI/CD Engineer", vec!["ci/cd", "engineer"]),
            ("A/P Clerk", vec!["a/p", "clerk"]),
            ("Node.js dev", vec!["node.js", "dev"]),
            ("dev-ops", vec!["dev", "ops"]),
            ("Sr.Engineer", vec!["sr", "engineer"]),
            ("worker's aide", vec!["worker's", "aide"]),
        ] {
            assert_eq!(words(input), expected, "{input}");
        }
    }

    #[test]
    fn a_dash_separates_and_a_hyphen_joins() {
        let kinds = |input: &str| -> Vec<Separator> {
            pieces(&fold(input))
                .iter()
                .filter_map(|piece| match piece.kind {
                    PieceKind::Separator(separator) => Some(separator),
                    _ => None,
                })
                .collect()
        };
        assert_eq!(kinds("dev-ops"), [Separator::Hyphen]);
        assert_eq!(kinds("dev - ops"), [Separator::Dash]);
        assert_eq!(kinds("dev- ops"), [Separator::Dash]);
        assert_eq!(kinds("dev –ops"), [Separator::Dash]);
    }
}
