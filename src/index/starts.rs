//! Finds names by the beginnings of their words while a title is being typed.
//!
//! A sorted array of word starts; the best names of every prefix of one to three letters are worked out beforehand, since
//! those prefixes have the most names. Misspelt beginnings are found by a Levenshtein automaton over the vocabulary.

use fst::automaton::{Automaton, Levenshtein};
use fst::{IntoStreamer, Set, Streamer};
use rustc_hash::FxHashMap;

use super::arena::Texts;
use super::names::{NameField, Names};
use crate::analysis::fold;

/// Longest prefix whose best names are kept.
const KEPT_LETTERS: usize = 3;
/// Names kept a prefix: enough for ten different roles after filters.
const KEPT_NAMES: usize = 64;
/// Names read of a longer prefix's range at most.
const MAX_RANGE: usize = 4_096;
/// Beginnings that a misspelt one may stand for.
const MAX_CORRECTIONS: usize = 8;

/// Word starts of all names.
#[derive(Debug)]
pub struct Starts {
    folded: Texts,
    /// (name, byte offset of a word in its folded text), sorted by the text from there on.
    starts: Vec<(u32, u16)>,
    best: FxHashMap<String, Vec<(u32, u16)>>,
    weights: Vec<f32>,
    vocabulary: Set<Vec<u8>>,
}

/// Where a prefix was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Start {
    /// Number of the name.
    pub name: u32,
    /// Byte offset in its folded text.
    pub offset: u16,
}

impl Starts {
    /// Reads all names.
    pub fn new(names: &Names) -> Self {
        let mut folded = Texts::default();
        let mut starts: Vec<(u32, u16)> = Vec::new();
        let mut words: Vec<String> = Vec::new();
        for (number, text) in names.texts.iter().enumerate() {
            let plain = fold(text).text;
            let mut inside = false;
            for (offset, letter) in plain.char_indices() {
                let is_word = letter.is_alphanumeric() || matches!(letter, '+' | '#');
                if is_word && !inside && offset <= usize::from(u16::MAX) {
                    starts.push((number as u32, offset as u16));
                    let word: String = plain[offset..].chars().take_while(|letter| letter.is_alphanumeric()).collect();
                    words.push(word);
                }
                inside = is_word;
            }
            folded.push(&plain);
        }
        let weights = (0..names.len() as u32).map(|name| weight(names, name)).collect();
        words.sort_unstable();
        words.dedup();
        let vocabulary = Set::from_iter(words.iter().filter(|word| !word.is_empty())).unwrap_or_default();
        let text_from = |start: &(u32, u16)| &folded.get(start.0)[usize::from(start.1)..];
        starts.sort_unstable_by(|a, b| text_from(a).cmp(text_from(b)).then(a.cmp(b)));
        let mut made = Self { folded, starts, best: FxHashMap::default(), weights, vocabulary };
        made.best = made.best_of_short_prefixes();
        made
    }

    fn text_from(&self, start: (u32, u16)) -> &str {
        &self.folded.get(start.0)[usize::from(start.1)..]
    }

    fn best_of_short_prefixes(&self) -> FxHashMap<String, Vec<(u32, u16)>> {
        let mut best: FxHashMap<String, Vec<(u32, u16)>> = FxHashMap::default();
        for start in &self.starts {
            let text = self.text_from(*start);
            for letters in 1..=KEPT_LETTERS {
                let Some((end, last)) = text.char_indices().nth(letters - 1) else { break };
                let kept = best.entry(text[..end + last.len_utf8()].to_owned()).or_default();
                kept.push(*start);
                if kept.len() >= 4 * KEPT_NAMES {
                    self.keep_best(kept);
                }
            }
        }
        for kept in best.values_mut() {
            self.keep_best(kept);
        }
        best
    }

    fn keep_best(&self, kept: &mut Vec<(u32, u16)>) {
        kept.sort_unstable_by(|a, b| self.rank(*b).total_cmp(&self.rank(*a)).then(a.cmp(b)));
        kept.truncate(KEPT_NAMES);
    }

    /// A name that begins with the prefix goes before one with the prefix inside, then by commonness.
    fn rank(&self, start: (u32, u16)) -> f32 {
        self.weights[start.0 as usize] + if start.1 == 0 { 100.0 } else { 0.0 }
    }

    /// Commonness of a name.
    pub fn weight(&self, name: u32) -> f32 {
        self.weights[name as usize]
    }

    /// A name in folded form.
    pub fn folded(&self, name: u32) -> &str {
        self.folded.get(name)
    }

    /// Names with a word that begins with a folded prefix, best first for short prefixes, in order of text for longer ones.
    pub fn with_prefix(&self, prefix: &str) -> Vec<Start> {
        let made = |start: &(u32, u16)| Start { name: start.0, offset: start.1 };
        if prefix.chars().count() <= KEPT_LETTERS {
            return self.best.get(prefix).map(|kept| kept.iter().map(made).collect()).unwrap_or_default();
        }
        let from = self.starts.partition_point(|start| self.text_from(*start) < prefix);
        self.starts[from..].iter().take(MAX_RANGE).take_while(|start| self.text_from(**start).starts_with(prefix)).map(made).collect()
    }

    /// Names with words that begin with each of several prefixes, in any order.
    pub fn with_prefixes(&self, prefixes: &[&str]) -> Vec<Start> {
        let Some(longest) = prefixes.iter().max_by_key(|prefix| prefix.len()) else { return Vec::new() };
        let from = self.starts.partition_point(|start| self.text_from(*start) < *longest);
        self.starts[from..]
            .iter()
            .take(MAX_RANGE)
            .take_while(|start| self.text_from(**start).starts_with(longest))
            .filter(|start| prefixes.iter().all(|prefix| self.has_word(start.0, prefix)))
            .map(|start| Start { name: start.0, offset: start.1 })
            .collect()
    }

    fn has_word(&self, name: u32, prefix: &str) -> bool {
        let text = self.folded.get(name);
        text.match_indices(prefix).any(|(at, _)| at == 0 || !text[..at].chars().next_back().is_some_and(char::is_alphanumeric))
    }

    /// Beginnings of words, as long as the typed one, that are one edit away from it.
    pub fn corrections(&self, prefix: &str) -> Vec<String> {
        let Ok(automaton) = Levenshtein::new(prefix, 1) else { return Vec::new() };
        let letters = prefix.chars().count();
        let mut stream = self.vocabulary.search(automaton.starts_with()).into_stream();
        let mut found: Vec<String> = Vec::new();
        while let Some(word) = stream.next() {
            let Ok(word) = std::str::from_utf8(word) else { continue };
            let nearest = (letters.saturating_sub(1)..=letters + 1)
                .filter_map(|length| word.char_indices().nth(length).map(|(end, _)| &word[..end]).or_else(|| (word.chars().count() == length).then_some(word)))
                .min_by_key(|start| strsim::osa_distance(prefix, start));
            if let Some(nearest) = nearest
                && !found.iter().any(|known| known == nearest)
            {
                found.push(nearest.to_owned());
                if found.len() >= MAX_CORRECTIONS {
                    break;
                }
            }
        }
        found
    }

    /// The names of greatest commonness, one a specialisation.
    pub fn commonest(&self, names: &Names, limit: usize) -> Vec<u32> {
        let mut titles: Vec<u32> = (0..names.len() as u32).filter(|name| names.facts[*name as usize].field == NameField::Title).collect();
        titles.sort_by(|a, b| self.weights[*b as usize].total_cmp(&self.weights[*a as usize]).then(a.cmp(b)));
        let mut chosen: Vec<u32> = Vec::new();
        for name in titles {
            let specialisation = names.facts[name as usize].specialisation;
            if !chosen.iter().any(|known| names.facts[*known as usize].specialisation == specialisation) {
                chosen.push(name);
                if chosen.len() == limit {
                    break;
                }
            }
        }
        chosen
    }
}

/// Commonness of a name: roles with many names are common ones, and a title is the name to show. Short names are likelier
/// to be meant than long ones.
fn weight(names: &Names, name: u32) -> f32 {
    let facts = &names.facts[name as usize];
    let bearers = names.of_specialisation(facts.specialisation).len() as f32;
    // A title of one level is shown only when nothing level-free fits.
    let field = match (facts.field, facts.role()) {
        (NameField::Title, None) => 1.0,
        (_, None) => 0.0,
        (_, Some(_)) => -1.0,
    };
    let approved = if facts.approved { 0.0 } else { -1.0 };
    (1.0 + bearers).ln() + field + approved - names.texts.get(name).len() as f32 / 60.0
}
