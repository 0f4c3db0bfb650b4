//! Turns the lexicons of some languages into tables for quick look-up.

use rustc_hash::{FxHashMap, FxHashSet};

use super::query::NoiseKind;
use crate::taxonomy::lexicon::{ContextualAbbreviation, Ending, GradeRanges, LanguageLexicon};

/// Longest phrase of any table, in words.
pub(super) const MAX_PHRASE_WORDS: usize = 4;

/// What a phrase of the lexicon means.
#[derive(Debug, Clone)]
pub(super) enum Meaning {
    /// Another spelling; the words that stand for it.
    Abbreviation(Vec<String>),
    /// Words written apart; their joined form.
    Compound(Vec<String>),
}

/// A language's tables, or those of several languages merged, the first language winning.
#[derive(Debug, Clone, Default)]
pub(super) struct Tables {
    pub(super) rewrites: FxHashMap<String, Meaning>,
    pub(super) rewrite_starts: FxHashSet<String>,
    pub(super) contextual: FxHashMap<String, ContextualAbbreviation>,
    pub(super) levels: FxHashMap<String, GradeRanges>,
    pub(super) offices: FxHashMap<String, GradeRanges>,
    pub(super) level_starts: FxHashSet<String>,
    pub(super) prefix_only: FxHashSet<String>,
    pub(super) suffix_only: FxHashSet<String>,
    pub(super) grade_blind: FxHashSet<String>,
    pub(super) grade_blind_starts: FxHashSet<String>,
    pub(super) noise: FxHashMap<String, NoiseKind>,
    pub(super) noise_starts: FxHashSet<String>,
    pub(super) places: FxHashSet<String>,
    pub(super) stop: FxHashSet<String>,
    pub(super) linking: FxHashSet<String>,
    pub(super) irregular: FxHashMap<String, String>,
    pub(super) endings: Vec<Ending>,
    pub(super) compound_heads: Vec<String>,
    pub(super) vague: FxHashSet<String>,
    pub(super) headings: FxHashSet<String>,
    pub(super) agents: FxHashMap<String, String>,
}

fn words(text: &str) -> Vec<String> {
    text.split_whitespace().map(str::to_owned).collect()
}

fn first_word(text: &str) -> String {
    text.split_whitespace().next().unwrap_or_default().to_owned()
}

impl Tables {
    /// Merges lexicons; what an earlier one says stands.
    pub(super) fn new<'a>(lexicons: impl IntoIterator<Item = &'a LanguageLexicon>) -> Self {
        let mut tables = Tables::default();
        for lexicon in lexicons {
            tables.add(lexicon);
        }
        tables
    }

    fn add(&mut self, lexicon: &LanguageLexicon) {
        for (from, to) in &lexicon.abbreviations {
            self.add_rewrite(from, Meaning::Abbreviation(words(to)));
        }
        for (from, to) in &lexicon.compounds {
            if from != to {
                self.add_rewrite(from, Meaning::Compound(words(to)));
            }
        }
        for entry in &lexicon.contextual {
            self.contextual.entry(entry.from.clone()).or_insert_with(|| entry.clone());
        }
        for (target, source) in [(&mut self.levels, &lexicon.levels), (&mut self.offices, &lexicon.offices)] {
            for (phrase, ranges) in source {
                self.level_starts.insert(first_word(phrase));
                target.entry(phrase.clone()).or_insert_with(|| ranges.clone());
            }
        }
        self.prefix_only.extend(lexicon.prefix_only.iter().cloned());
        self.suffix_only.extend(lexicon.suffix_only.iter().cloned());
        for phrase in &lexicon.grade_blind {
            self.grade_blind_starts.insert(first_word(phrase));
            self.grade_blind.insert(phrase.clone());
        }
        for (kind, phrases) in &lexicon.noise {
            for phrase in phrases {
                self.noise_starts.insert(first_word(phrase));
                self.noise.entry(phrase.clone()).or_insert_with(|| NoiseKind(kind.clone().into()));
            }
        }
        for (target, source) in [
            (&mut self.places, &lexicon.places),
            (&mut self.stop, &lexicon.stop),
            (&mut self.linking, &lexicon.linking),
            (&mut self.vague, &lexicon.vague),
            (&mut self.headings, &lexicon.headings),
        ] {
            target.extend(source.iter().cloned());
        }
        for (target, source) in [(&mut self.irregular, &lexicon.irregular), (&mut self.agents, &lexicon.agents)] {
            for (from, to) in source {
                target.entry(from.clone()).or_insert_with(|| to.clone());
            }
        }
        self.endings.extend(lexicon.endings.iter().cloned());
        self.compound_heads.extend(lexicon.compound_heads.iter().cloned());
    }

    fn add_rewrite(&mut self, from: &str, meaning: Meaning) {
        self.rewrite_starts.insert(first_word(from));
        self.rewrites.entry(from.to_owned()).or_insert(meaning);
    }

    /// The base form of a word: irregular forms first, then the first ending that applies.
    pub(super) fn base_form<'a>(&'a self, word: &'a str) -> std::borrow::Cow<'a, str> {
        if let Some(base) = self.irregular.get(word) {
            return base.as_str().into();
        }
        if word.chars().any(|letter| letter.is_ascii_digit()) {
            return word.into();
        }
        for ending in &self.endings {
            let Some(stem) = word.strip_suffix(ending.from.as_str()) else { continue };
            if word.chars().count() < ending.min {
                continue;
            }
            if ending.except.iter().any(|except| word.ends_with(except.as_str())) {
                return word.into();
            }
            return format!("{stem}{}", ending.to).into();
        }
        word.into()
    }
}

/// Longest phrase starting at a word that a table knows: its value and its number of words.
///
/// `text_at` gives the words; `scratch` is reused between calls.
pub(super) fn longest<'t, T>(
    table: &'t FxHashMap<String, T>,
    count: usize,
    text_at: impl Fn(usize) -> Option<&'t str>,
    scratch: &mut String,
) -> Option<(&'t T, usize)> {
    let mut found = None;
    scratch.clear();
    for taken in 0..MAX_PHRASE_WORDS.min(count) {
        let Some(word) = text_at(taken) else { break };
        if taken > 0 {
            scratch.push(' ');
        }
        scratch.push_str(word);
        if let Some(value) = table.get(scratch.as_str()) {
            found = Some((value, taken + 1));
        }
    }
    found
}
