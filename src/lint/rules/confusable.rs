//! Lists names of different families that one edit turns into each other, where a slip of the finger changes the answer.

use std::collections::BTreeSet;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::analysis::hash_words;
use crate::lint::finding::Findings;
use crate::lint::source::{Kin, Name, Source};

/// Fewest letters of the longer of two words that differ: among shorter words, and acronyms above all, nearly all are
/// neighbours.
const MIN_LETTERS: usize = 5;

/// Reports pairs of names within one insertion, deletion, replacement or swap.
///
/// Every name is filed under each of its forms with one letter less: two names within one edit share such a form.
pub(in crate::lint) fn names(source: &Source<'_>, findings: &mut Findings<'_>) {
    let mut first: FxHashMap<(&str, &str), usize> = FxHashMap::default();
    let mut kins: FxHashMap<(&str, &str), BTreeSet<Kin>> = FxHashMap::default();
    for (position, name) in source.names.iter().enumerate() {
        if name.spelling.chars().count() >= MIN_LETTERS {
            let id = (name.lang, name.spelling.as_str());
            first.entry(id).or_insert(position);
            kins.entry(id).or_default().insert(source.kin(name.specialisation));
        }
    }
    let mut positions: Vec<usize> = first.into_values().collect();
    positions.sort_unstable();
    let mut filed: Vec<(u64, usize)> = Vec::new();
    for position in positions {
        let name = &source.names[position];
        filed.extend(shorter_forms(name.lang, &name.spelling).map(|form| (form, position)));
    }
    filed.sort_unstable();
    filed.dedup();
    let mut seen: FxHashSet<(usize, usize)> = FxHashSet::default();
    for group in filed.chunk_by(|a, b| a.0 == b.0) {
        for (offset, (_, left)) in group.iter().enumerate() {
            for (_, right) in &group[offset + 1..] {
                let (a, b) = (&source.names[*left], &source.names[*right]);
                if seen.insert((*left, *right)) && is_confusable(a, b) && kins[&(a.lang, a.spelling.as_str())].is_disjoint(&kins[&(b.lang, b.spelling.as_str())]) {
                    let message =
                        format!("{:?} is one letter from {:?} of {} at {}: read both, a slip changes the answer", a.text, b.text, source.owner(b), b.place);
                    findings.add(&a.place, source.owner(a), message);
                }
            }
        }
    }
}

/// Hashes of a text and of it less one letter each.
fn shorter_forms<'t>(lang: &'t str, text: &'t str) -> impl Iterator<Item = u64> + 't {
    let less_one = text.char_indices().map(move |(at, letter)| [&text[..at], &text[at + letter.len_utf8()..]].concat());
    less_one.chain([text.to_owned()]).map(move |form| hash_words(&[lang, &form]))
}

/// Whether two names are one edit apart in letters and do not read the same.
fn is_confusable(a: &Name<'_>, b: &Name<'_>) -> bool {
    a.lang == b.lang
        && a.key != b.key
        && digits(&a.spelling) == digits(&b.spelling)
        && strsim::osa_distance(&a.spelling, &b.spelling) == 1
        && longest_difference(&a.spelling, &b.spelling) >= MIN_LETTERS
}

/// Letters of the longest word that only one of two texts has.
fn longest_difference(a: &str, b: &str) -> usize {
    let alone = |text: &str, other: &str| text.split(' ').filter(|word| !other.split(' ').any(|found| found == *word)).map(|word| word.chars().count()).max();
    alone(a, b).max(alone(b, a)).unwrap_or_default()
}

/// The digits of a text: "Class 1" and "Class 2" are told apart on purpose.
fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}
