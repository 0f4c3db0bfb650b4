//! Finds the words of a vocabulary that are a few edits away from a misspelt one.
//!
//! Candidates share letter pairs (the word framed by blanks); they are then measured by optimal string alignment distance.

use std::cell::RefCell;

use rapidfuzz::distance::osa;
use rustc_hash::FxHashMap;
use smallvec::SmallVec;

/// Most candidates measured: the nearest by shared pairs; a word two edits away is practically always among them.
const MAX_MEASURED: usize = 96;
/// An edit breaks at most this many letter pairs (a transposition three).
const PAIRS_PER_EDIT: usize = 3;
/// Letters of a word counted at most: longer ones are one length.
const MAX_LETTERS: usize = 255;

/// Words looked at together.
const CHUNK: usize = 64;

/// Letter pairs of a vocabulary.
///
/// Words are placed by length, so that those of like length stand together in every list of pairs.
#[derive(Debug, Default)]
pub struct Spelling {
    /// For each pair the places of the words that have it, in order.
    pairs: FxHashMap<(char, char), Vec<u32>>,
    /// Number of the word at each place.
    numbers: Vec<u32>,
    /// For each length the place after the last word of that length.
    ends: Vec<u32>,
}

/// A word near a misspelt one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Near {
    /// Its number in the vocabulary.
    pub word: u32,
    /// Edits away.
    pub distance: u8,
}

/// Buffers reused from word to word.
#[derive(Debug, Default)]
struct Scratch {
    /// Pairs shared with each word from the first of the lengths looked at.
    shared: Vec<u8>,
    /// (pairs not shared, number of the word).
    candidates: Vec<(u8, u32)>,
}

thread_local! {
    static SCRATCH: RefCell<Scratch> = RefCell::default();
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

fn length(word: &str) -> usize {
    word.chars().count().min(MAX_LETTERS)
}

impl Spelling {
    /// Reads a vocabulary; a word's number is its place in it.
    pub fn new<'a>(words: impl Iterator<Item = &'a str>) -> Self {
        let words: Vec<(usize, &str)> = words.map(|word| (length(word), word)).collect();
        let mut spelling = Self { ends: vec![0; MAX_LETTERS + 1], ..Self::default() };
        words.iter().for_each(|(letters, _)| spelling.ends[*letters] += 1);
        for letters in 1..spelling.ends.len() {
            spelling.ends[letters] += spelling.ends[letters - 1];
        }
        let mut free: Vec<u32> = std::iter::once(0).chain(spelling.ends.iter().copied()).collect();
        spelling.numbers = vec![0; words.len()];
        for (number, (letters, _)) in words.iter().enumerate() {
            spelling.numbers[free[*letters] as usize] = number as u32;
            free[*letters] += 1;
        }
        for (place, number) in spelling.numbers.iter().enumerate() {
            let (_, word) = words[*number as usize];
            if word.chars().any(|letter| letter.is_ascii_digit()) {
                continue;
            }
            for pair in framed(word) {
                spelling.pairs.entry(pair).or_default().push(place as u32);
            }
        }
        spelling
    }

    /// Words within `max_distance` edits, nearest first, then in order of number.
    pub fn near<'a>(&self, word: &str, max_distance: u8, text_of: impl Fn(u32) -> &'a str) -> Vec<Near> {
        if self.numbers.is_empty() {
            return Vec::new();
        }
        SCRATCH.with(|scratch| {
            let scratch = &mut *scratch.borrow_mut();
            self.collect(word, max_distance, scratch);
            let scorer = osa::BatchComparator::new(word.chars());
            let cutoff = osa::Args::default().score_cutoff(usize::from(max_distance));
            let measured = scratch.candidates.iter().filter_map(|(_, number)| {
                let distance = scorer.distance_with_args(text_of(*number).chars(), &cutoff)?;
                Some(Near { word: *number, distance: distance as u8 })
            });
            let mut near: Vec<Near> = measured.collect();
            near.sort_unstable_by_key(|near| (near.distance, near.word));
            near
        })
    }

    /// Leaves in the scratch the words that share most pairs, at most [`MAX_MEASURED`] of them.
    fn collect(&self, word: &str, max_distance: u8, scratch: &mut Scratch) {
        let letters = length(word);
        let pairs = framed(word);
        let needed = pairs.len().saturating_sub(PAIRS_PER_EDIT * usize::from(max_distance)).max(1);
        let shortest = letters.saturating_sub(usize::from(max_distance));
        let longest = (letters + usize::from(max_distance)).min(MAX_LETTERS);
        let first = shortest.checked_sub(1).map_or(0, |shorter| self.ends[shorter]);
        let end = self.ends[longest];
        let Scratch { shared, candidates } = scratch;
        shared.clear();
        shared.resize((end - first) as usize, 0);
        for pair in &pairs {
            let places = self.pairs.get(pair).map_or(&[] as &[u32], Vec::as_slice);
            let from = places.partition_point(|place| *place < first);
            for place in places[from..].iter().take_while(|place| **place < end) {
                let count = &mut shared[(place - first) as usize];
                *count = count.saturating_add(1);
            }
        }
        candidates.clear();
        let needed = needed.min(usize::from(u8::MAX)) as u8;
        let numbers = self.numbers[first as usize..end as usize].chunks(CHUNK);
        for (counts, numbers) in shared.chunks(CHUNK).zip(numbers) {
            // PERF: nearly all chunks have no such word, which the processor sees for all of them at once.
            if counts.iter().fold(0, |most, count| most.max(*count)) < needed {
                continue;
            }
            let found = counts.iter().zip(numbers).filter(|(count, _)| **count >= needed);
            candidates.extend(found.map(|(count, number)| (u8::MAX - count, *number)));
        }
        if candidates.len() > MAX_MEASURED {
            candidates.select_nth_unstable(MAX_MEASURED);
            candidates.truncate(MAX_MEASURED);
        }
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
