//! Finds the words of a vocabulary that are a few edits away from a misspelt one.
//!
//! Candidates share letter pairs (the word framed by blanks); they are then measured by optimal string alignment distance.

use rustc_hash::FxHashMap;
use smallvec::SmallVec;

/// Most candidates measured: the nearest by shared pairs; a word two edits away is practically always among them.
const MAX_MEASURED: usize = 96;
/// An edit breaks at most this many letter pairs (a transposition three).
const PAIRS_PER_EDIT: usize = 3;

/// Letter pairs of a vocabulary.
#[derive(Debug, Default)]
pub struct Spelling {
    pairs: FxHashMap<(char, char), Vec<u32>>,
    lengths: Vec<u8>,
}

/// A word near a misspelt one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Near {
    /// Its number in the vocabulary.
    pub word: u32,
    /// Edits away.
    pub distance: u8,
}

fn framed(word: &str) -> SmallVec<[(char, char); 24]> {
    let mut pairs = SmallVec::new();
    let mut previous = ' ';
    for letter in word.chars().chain(std::iter::once(' ')) {
        pairs.push((previous, letter));
        previous = letter;
    }
    pairs.sort_unstable();
    pairs.dedup();
    pairs
}

impl Spelling {
    /// Reads a vocabulary; a word's number is its place.
    pub fn new<'a>(words: impl Iterator<Item = &'a str>) -> Self {
        let mut spelling = Self::default();
        for (number, word) in words.enumerate() {
            spelling.lengths.push(word.chars().count().min(255) as u8);
            if word.chars().any(|letter| letter.is_ascii_digit()) {
                continue;
            }
            for pair in framed(word) {
                spelling.pairs.entry(pair).or_default().push(number as u32);
            }
        }
        spelling
    }

    /// Words within `max_distance` edits, nearest first, then in order of number.
    pub fn near<'a>(&self, word: &str, max_distance: u8, text_of: impl Fn(u32) -> &'a str) -> Vec<Near> {
        let length = word.chars().count();
        let pairs = framed(word);
        let needed = pairs.len().saturating_sub(PAIRS_PER_EDIT * usize::from(max_distance)).max(1);
        let mut shared: FxHashMap<u32, u8> = FxHashMap::default();
        for pair in &pairs {
            for number in self.pairs.get(pair).into_iter().flatten() {
                if usize::from(self.lengths[*number as usize]).abs_diff(length) <= usize::from(max_distance) {
                    *shared.entry(*number).or_default() += 1;
                }
            }
        }
        let mut candidates: Vec<(u8, u32)> =
            shared.into_iter().filter(|(_, count)| usize::from(*count) >= needed).map(|(number, count)| (count, number)).collect();
        candidates.sort_unstable_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
        candidates.truncate(MAX_MEASURED);
        let mut near: Vec<Near> = candidates
            .into_iter()
            .filter_map(|(_, number)| {
                let distance = strsim::osa_distance(word, text_of(number));
                (distance <= usize::from(max_distance)).then_some(Near { word: number, distance: distance as u8 })
            })
            .collect();
        near.sort_unstable_by_key(|near| (near.distance, near.word));
        near
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_edits() {
        let words = ["engineer", "engine", "nurse", "purse", "designer", "x99"];
        let spelling = Spelling::new(words.iter().copied());
        let near = |word: &str, distance| -> Vec<(&str, u8)> {
            spelling.near(word, distance, |number| words[number as usize]).into_iter().map(|near| (words[near.word as usize], near.distance)).collect()
        };
        assert_eq!(near("enginer", 1), [("engineer", 1), ("engine", 1)]);
        assert_eq!(near("nrue", 1), []);
        assert_eq!(near("nusre", 1), [("nurse", 1)]);
        assert_eq!(near("ngineer", 2), [("engineer", 1)]);
        assert_eq!(near("x98", 1), []);
    }

    proptest::proptest! {
        #[test]
        fn agrees_with_a_full_scan(word in "[a-e]{5,8}", vocabulary in proptest::collection::vec("[a-e]{4,9}", 1..40)) {
            let mut vocabulary = vocabulary;
            vocabulary.sort();
            vocabulary.dedup();
            let spelling = Spelling::new(vocabulary.iter().map(String::as_str));
            let found: Vec<u32> = spelling.near(&word, 1, |number| &vocabulary[number as usize]).iter().map(|near| near.word).collect();
            let mut scan: Vec<(usize, u32)> = vocabulary
                .iter()
                .enumerate()
                .map(|(number, known)| (strsim::osa_distance(&word, known), number as u32))
                .filter(|(distance, _)| *distance <= 1)
                .collect();
            scan.sort();
            proptest::prop_assert_eq!(found, scan.into_iter().map(|(_, number)| number).collect::<Vec<_>>());
        }
    }
}
