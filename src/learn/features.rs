//! Turns a token list into a sparse vector of weighted words, word pairs and character n-grams.
//!
//! A *vocabulary* numbers the features that were seen when it was built and weighs them by rarity; features it has not
//! seen are dropped. Numbers go by falling frequency, so the rows that most titles touch lie together in memory.
//! Vectorising is total and pure, and allocates nothing once its output has grown.

use super::random::mix;
use rustc_hash::FxHashMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};
use std::fmt;

/// Which features a vocabulary knows. Two models over different sets err differently, so their average is better.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum FeatureSet {
    /// Character 3–5-grams of `␣word␣`, words, adjacent pairs.
    Mix,
    /// `Mix`, the head noun, the first word, unordered pairs at distance 2–3, prefixes of five letters.
    MixHead,
}

// Weights found on tuning splits of O*NET; grams are many, so each is worth half a word.
const GRAM_WEIGHT: f32 = 0.5;
const WORD_WEIGHT: f32 = 1.0;
const PAIR_WEIGHT: f32 = 1.0;
const HEAD_WEIGHT: f32 = 1.0;
const FIRST_WEIGHT: f32 = 0.5;
const SKIP_WEIGHT: f32 = 0.7;
const PREFIX_WEIGHT: f32 = 0.5;

const SHORTEST_GRAM: usize = 3;
const LONGEST_GRAM: usize = 5;
const PREFIX_LETTERS: usize = 5;

/// One feature as readable text: `word nurse`, `pair registered nurse`, `letters ␣nur`, …
#[derive(Clone, Copy, Debug)]
enum Name<'t> {
    Gram { opens: bool, text: &'t str, closes: bool },
    One(Kind, &'t str),
    Two(Kind, &'t str, &'t str),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Gram = 1,
    Word,
    Pair,
    Head,
    First,
    Skip,
    Prefix,
}

impl fmt::Display for Kind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Kind::Gram => "letters",
            Kind::Word => "word",
            Kind::Pair => "pair",
            Kind::Head => "head",
            Kind::First => "first",
            Kind::Skip => "together",
            Kind::Prefix => "prefix",
        })
    }
}

impl fmt::Display for Name<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let blank = |shown: bool| if shown { "␣" } else { "" };
        match *self {
            Name::Gram { opens, text, closes } => write!(formatter, "{} {}{text}{}", Kind::Gram, blank(opens), blank(closes)),
            Name::One(kind, word) => write!(formatter, "{kind} {word}"),
            Name::Two(kind, first, second) => write!(formatter, "{kind} {first} {second}"),
        }
    }
}

// The hash of a feature is stored in indexes: changing any of this changes their format.
fn start(kind: Kind) -> u64 {
    mix(kind as u64)
}

#[inline(always)]
fn step(hash: u64, letter: char) -> u64 {
    (hash ^ u64::from(u32::from(letter))).wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(29)
}

fn hash_words(kind: Kind, words: &[&str]) -> u64 {
    let hash = words.iter().fold(start(kind), |hash, word| step(word.chars().fold(hash, step), ' '));
    mix(hash)
}

/// Calls `emit(hash, weight, name)` for every occurrence of a feature; a feature may occur several times.
#[inline(always)]
fn each_feature<'t>(set: FeatureSet, tokens: &[&'t str], head: Option<usize>, mut emit: impl FnMut(u64, f32, Name<'t>)) {
    for word in tokens {
        each_gram(word, &mut emit);
        emit(hash_words(Kind::Word, &[word]), WORD_WEIGHT, Name::One(Kind::Word, word));
    }
    for pair in tokens.windows(2) {
        emit(hash_words(Kind::Pair, pair), PAIR_WEIGHT, Name::Two(Kind::Pair, pair[0], pair[1]));
    }
    if set == FeatureSet::Mix {
        return;
    }
    let mut one = |kind, weight, word: &'t str| emit(hash_words(kind, &[word]), weight, Name::One(kind, word));
    if let Some(word) = head.and_then(|head| tokens.get(head)) {
        one(Kind::Head, HEAD_WEIGHT, word);
    }
    if let Some(word) = tokens.first() {
        one(Kind::First, FIRST_WEIGHT, word);
    }
    for word in tokens {
        let mut letters = word.char_indices().skip(PREFIX_LETTERS - 1);
        if let Some((at, letter)) = letters.next() {
            one(Kind::Prefix, PREFIX_WEIGHT, &word[..at + letter.len_utf8()]);
        }
    }
    for distance in 2..=3 {
        for (left, right) in tokens.iter().zip(tokens.iter().skip(distance)) {
            let (first, second) = if left <= right { (left, right) } else { (right, left) };
            emit(hash_words(Kind::Skip, &[first, second]), SKIP_WEIGHT, Name::Two(Kind::Skip, first, second));
        }
    }
}

#[inline(always)]
fn each_gram<'t>(word: &'t str, emit: &mut impl FnMut(u64, f32, Name<'t>)) {
    let starts = std::iter::once((true, 0)).chain(word.char_indices().map(|(at, _)| (false, at)));
    for (opens, from) in starts {
        let mut hash = start(Kind::Gram);
        let mut length = 0;
        if opens {
            hash = step(hash, ' ');
            length = 1;
        }
        let mut rest = word[from..].char_indices();
        while length < LONGEST_GRAM {
            let next = rest.next();
            hash = step(hash, next.map_or(' ', |(_, letter)| letter));
            length += 1;
            if length >= SHORTEST_GRAM {
                let until = next.map_or(word.len(), |(at, letter)| from + at + letter.len_utf8());
                emit(mix(hash), GRAM_WEIGHT, Name::Gram { opens, text: &word[from..until], closes: next.is_none() });
            }
            if next.is_none() {
                break;
            }
        }
    }
}

/// Feature numbers with values, sorted by number, without repetition.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SparseVector {
    /// (feature, value).
    pub entries: Vec<(u32, f32)>,
}

/// Collects the features of titles; [`finish`](Self::finish) numbers them.
#[derive(Debug)]
pub struct VocabularyBuilder {
    set: FeatureSet,
    titles: u32,
    counts: FxHashMap<u64, u32>,
    seen: Vec<u64>,
}

impl VocabularyBuilder {
    /// Nothing seen yet.
    pub fn new(set: FeatureSet) -> Self {
        Self { set, titles: 0, counts: FxHashMap::default(), seen: Vec::new() }
    }

    /// Counts the features of one title, each once. `head` is the place of the head noun in `tokens`.
    pub fn add(&mut self, tokens: &[&str], head: Option<usize>) {
        self.seen.clear();
        each_feature(self.set, tokens, head, |hash, _, _| self.seen.push(hash));
        self.seen.sort_unstable();
        self.seen.dedup();
        self.titles += 1;
        for &hash in &self.seen {
            *self.counts.entry(hash).or_default() += 1;
        }
    }

    /// Numbers the features that at least `min_titles` titles have (1 is best; 2 halves the model and costs a point).
    pub fn finish(self, min_titles: u32) -> Vocabulary {
        let mut counted: Vec<(u32, u64)> =
            self.counts.into_iter().filter(|&(_, count)| count >= min_titles).map(|(hash, count)| (count, hash)).collect();
        counted.sort_unstable_by_key(|&(count, hash)| (std::cmp::Reverse(count), hash));
        counted.truncate(MOST_FEATURES);
        Vocabulary::assemble(self.set, self.titles, counted)
    }
}

/// The lookup table packs a feature's number into this many bits of a slot.
const NUMBER_BITS: u32 = 24;
const MOST_FEATURES: usize = (1 << NUMBER_BITS) - 1;

/// Numbers known features and weighs them by rarity.
#[derive(Clone, Debug)]
pub struct Vocabulary {
    set: FeatureSet,
    titles: u32,
    /// (titles with the feature, hash), most frequent first: the order is the numbering.
    counted: Vec<(u32, u64)>,
    rarities: Vec<f32>,
    /// Open addressing, at most half full: the hash's upper bits and number + 1, or 0 for empty.
    slots: Vec<u64>,
}

impl Vocabulary {
    fn assemble(set: FeatureSet, titles: u32, counted: Vec<(u32, u64)>) -> Self {
        let rarity = |count: u32| (((1.0 + f64::from(titles)) / (1.0 + f64::from(count))).ln() + 1.0) as f32;
        let rarities = counted.iter().map(|&(count, _)| rarity(count)).collect();
        let mut slots = vec![0u64; (counted.len() * 2).next_power_of_two().max(16)];
        let mask = slots.len() - 1;
        for (number, &(_, hash)) in counted.iter().enumerate() {
            let mut place = hash as usize & mask;
            while slots[place] != 0 {
                place = (place + 1) & mask;
            }
            slots[place] = (hash >> NUMBER_BITS << NUMBER_BITS) | (number as u64 + 1);
        }
        Self { set, titles, counted, rarities, slots }
    }

    /// Number of features: the rows of a model over this vocabulary.
    pub fn len(&self) -> usize {
        self.counted.len()
    }

    /// True when no feature is known.
    pub fn is_empty(&self) -> bool {
        self.counted.is_empty()
    }

    /// The features it was built with.
    pub fn feature_set(&self) -> FeatureSet {
        self.set
    }

    fn number(&self, hash: u64) -> Option<u32> {
        let mask = self.slots.len() - 1;
        let mut place = hash as usize & mask;
        loop {
            let slot = self.slots[place];
            if slot == 0 {
                return None;
            }
            if (slot ^ hash) >> NUMBER_BITS == 0 {
                return Some((slot & MOST_FEATURES as u64) as u32 - 1);
            }
            place = (place + 1) & mask;
        }
    }

    /// Writes the title's features into `out`, of length 1 (or empty when nothing is known), and returns the share in
    /// [0, 1] of the title's feature weight that is known.
    pub fn vectorize(&self, tokens: &[&str], head: Option<usize>, out: &mut SparseVector) -> f32 {
        let entries = &mut out.entries;
        entries.clear();
        let (mut all, mut known) = (0.0, 0.0);
        each_feature(self.set, tokens, head, |hash, weight, _| {
            all += weight;
            if let Some(number) = self.number(hash) {
                known += weight;
                entries.push((number, weight));
            }
        });
        entries.sort_unstable_by_key(|&(number, _)| number);
        entries.dedup_by(|later, kept| {
            let same = later.0 == kept.0;
            if same {
                kept.1 += later.1;
            }
            same
        });
        let mut square = 0.0f32;
        for (number, value) in entries.iter_mut() {
            *value = damped(*value) * self.rarities[*number as usize];
            square += *value * *value;
        }
        if square > 0.0 {
            let inverse = 1.0 / square.sqrt();
            entries.iter_mut().for_each(|(_, value)| *value *= inverse);
        }
        if all > 0.0 { known / all } else { 0.0 }
    }

    /// The title's known features as readable text, with number and value, in order of number: for explanations.
    pub fn describe(&self, tokens: &[&str], head: Option<usize>) -> Vec<(String, u32, f32)> {
        let mut names: FxHashMap<u32, String> = FxHashMap::default();
        each_feature(self.set, tokens, head, |hash, _, name| {
            if let Some(number) = self.number(hash) {
                names.entry(number).or_insert_with(|| name.to_string());
            }
        });
        let mut vector = SparseVector::default();
        self.vectorize(tokens, head, &mut vector);
        vector
            .entries
            .into_iter()
            .map(|(number, value)| (names.remove(&number).unwrap_or_default(), number, value))
            .collect()
    }
}

/// Repetition counts less than in proportion; weights below one stay.
fn damped(weight: f32) -> f32 {
    if weight <= 1.0 { weight } else { (1.0 + f64::from(weight).ln()) as f32 }
}

/// Runs of one count, each with the differences of its sorted hashes: about seven bytes a feature.
#[derive(Serialize, Deserialize)]
struct Stored {
    set: FeatureSet,
    titles: u32,
    runs: Vec<(u32, Vec<u64>)>,
}

impl Serialize for Vocabulary {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let runs = self.counted.chunk_by(|left, right| left.0 == right.0).map(|run| {
            let mut previous = 0;
            let differences = run.iter().map(|&(_, hash)| hash - std::mem::replace(&mut previous, hash)).collect();
            (run[0].0, differences)
        });
        Stored { set: self.set, titles: self.titles, runs: runs.collect() }.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Vocabulary {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let stored = Stored::deserialize(deserializer)?;
        let mut counted = Vec::with_capacity(stored.runs.iter().map(|(_, run)| run.len()).sum());
        for (count, differences) in stored.runs {
            let mut hash = 0u64;
            for difference in differences {
                hash = hash.checked_add(difference).ok_or_else(|| D::Error::custom("a vocabulary's hashes overflow"))?;
                counted.push((count, hash));
            }
        }
        if counted.len() > MOST_FEATURES {
            return Err(D::Error::custom("a vocabulary has too many features"));
        }
        Ok(Self::assemble(stored.set, stored.titles, counted))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn vocabulary(set: FeatureSet, titles: &[&[&str]]) -> Vocabulary {
        let mut builder = VocabularyBuilder::new(set);
        titles.iter().for_each(|tokens| builder.add(tokens, tokens.len().checked_sub(1)));
        builder.finish(1)
    }

    fn names(set: FeatureSet, tokens: &[&str]) -> Vec<String> {
        let mut names: Vec<String> =
            vocabulary(set, &[tokens]).describe(tokens, Some(tokens.len() - 1)).into_iter().map(|(name, _, _)| name).collect();
        names.sort();
        names
    }

    #[test]
    fn features_of_a_title() {
        let cases: &[(&str, FeatureSet, &[&str], &[&str])] = &[
            ("one letter", FeatureSet::Mix, &["c"], &["letters ␣c␣", "word c"]),
            (
                "grams of three to five letters",
                FeatureSet::Mix,
                &["dba"],
                &["letters ba␣", "letters dba", "letters dba␣", "letters ␣db", "letters ␣dba", "letters ␣dba␣", "word dba"],
            ),
            (
                "pairs",
                FeatureSet::Mix,
                &["é", "b"],
                &["letters ␣b␣", "letters ␣é␣", "pair é b", "word b", "word é"],
            ),
            (
                "head, first, unordered skip pairs",
                FeatureSet::MixHead,
                &["c", "b", "a"],
                &[
                    "first c", "head a", "letters ␣a␣", "letters ␣b␣", "letters ␣c␣", "pair b a", "pair c b", "together a c",
                    "word a", "word b", "word c",
                ],
            ),
        ];
        for (name, set, tokens, expected) in cases {
            assert_eq!(names(*set, tokens), *expected, "{name}");
        }
        assert!(names(FeatureSet::MixHead, &["nursery"]).contains(&"prefix nurse".to_owned()));
        assert!(!names(FeatureSet::MixHead, &["cook"]).iter().any(|name| name.starts_with("prefix")));
    }

    #[test]
    fn values_follow_rarity_and_repetition() {
        let vocabulary = vocabulary(FeatureSet::Mix, &[&["a"], &["a", "b"], &["a", "c"]]);
        let described = vocabulary.describe(&["a", "b", "b"], None);
        let value = |wanted: &str| described.iter().find(|(name, _, _)| name == wanted).map(|&(_, _, value)| value).unwrap();
        let rarity = |count: f32| (4.0 / (1.0 + count)).ln() + 1.0;
        assert!((value("word b") / value("word a") - (1.0 + 2f32.ln()) * rarity(1.0) / rarity(3.0)).abs() < 1e-5);
        assert!((value("letters ␣a␣") / value("word a") - 0.5).abs() < 1e-5);
        assert_eq!(described[0].1, 0, "the most frequent feature has the first number");
    }

    #[test]
    fn min_titles_prunes() {
        let mut builder = VocabularyBuilder::new(FeatureSet::Mix);
        [["cook", "line"], ["cook", "prep"]].iter().for_each(|tokens| builder.add(tokens, None));
        let vocabulary = builder.finish(2);
        let mut vector = SparseVector::default();
        assert!(vocabulary.vectorize(&["cook"], None, &mut vector) > 0.99);
        assert_eq!(vocabulary.vectorize(&["prep"], None, &mut vector), 0.0);
        assert!(vector.entries.is_empty());
    }

    proptest! {
        #[test]
        fn vectors_are_unit_sorted_and_survive_storage(
            titles in proptest::collection::vec(proptest::collection::vec("[a-zé]{0,7}", 0..6), 1..12),
            query in proptest::collection::vec("\\PC{0,7}", 0..6),
        ) {
            let titles: Vec<Vec<&str>> = titles.iter().map(|title| title.iter().map(String::as_str).collect()).collect();
            let slices: Vec<&[&str]> = titles.iter().map(Vec::as_slice).collect();
            let built = vocabulary(FeatureSet::MixHead, &slices);
            let loaded: Vocabulary = postcard::from_bytes(&postcard::to_allocvec(&built).unwrap()).unwrap();
            let query: Vec<&str> = query.iter().map(String::as_str).collect();
            for tokens in slices.iter().copied().chain([query.as_slice()]) {
                let (mut vector, mut again) = (SparseVector::default(), SparseVector::default());
                let known = built.vectorize(tokens, Some(0), &mut vector);
                prop_assert_eq!(known, loaded.vectorize(tokens, Some(0), &mut again));
                prop_assert_eq!(&vector, &again);
                prop_assert!((0.0..=1.0).contains(&known));
                prop_assert!(vector.entries.windows(2).all(|pair| pair[0].0 < pair[1].0));
                prop_assert!(vector.entries.iter().all(|entry| (entry.0 as usize) < built.len()));
                let length: f32 = vector.entries.iter().map(|entry| entry.1 * entry.1).sum();
                prop_assert!(vector.entries.is_empty() || (length - 1.0).abs() < 1e-4);
                let described = built.describe(tokens, Some(0));
                prop_assert_eq!(described.len(), vector.entries.len());
                prop_assert!(described.iter().all(|(name, _, _)| !name.is_empty()));
            }
        }
    }
}
