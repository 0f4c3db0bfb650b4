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
    /// Short forms whose written-out form has a word that starts a level phrase.
    level_forms: FxHashSet<String>,
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
    pub(super) compound_heads: FxHashSet<String>,
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
    /// The tables of the first language, with the names of places of all: a place stands in a title of any language.
    pub(super) fn new<'a>(lexicons: impl IntoIterator<Item = &'a LanguageLexicon>) -> Self {
        let lexicons: Vec<&LanguageLexicon> = lexicons.into_iter().collect();
        let mut tables = Tables::default();
        let Some((first, others)) = lexicons.split_first() else { return tables };
        tables.irregular = first.irregular.iter().map(|(from, to)| (from.clone(), to.clone())).collect();
        tables.endings = first.endings.clone();
        tables.compound_heads = first.compound_heads.iter().map(|head| tables.base_form(head).into_owned()).collect();
        tables.add(first);
        let places: Vec<String> = others.iter().flat_map(|lexicon| &lexicon.places).map(|place| tables.base_forms(place)).collect();
        tables.places.extend(places);
        tables.level_forms = tables.forms_of_levels();
        tables
    }

    fn forms_of_levels(&self) -> FxHashSet<String> {
        let states = |word: &str| self.level_starts.contains(self.base_form(word).as_ref());
        let written_out = self.rewrites.iter().filter(|(_, Meaning::Abbreviation(to) | Meaning::Compound(to))| to.iter().any(|word| states(word)));
        let by_context = self.contextual.iter().filter(|(_, entry)| entry.readings.iter().any(|reading| reading.to.split_whitespace().any(states)));
        written_out.map(|(from, _)| first_word(from)).chain(by_context.map(|(from, _)| from.clone())).collect()
    }

    /// Whether a folded word may state a level in some title: false for most words, never for one that does.
    pub(super) fn may_state_level(&self, word: &str) -> bool {
        self.level_forms.contains(word)
            || word.bytes().any(|byte| byte.is_ascii_digit())
            || self.level_starts.contains(self.base_form(word).as_ref())
            || !super::words::compound_parts(word, self).is_empty()
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
        // Levels, offices and what follows are looked up by normal form, whatever form the lexicon writes.
        for (phrase, ranges) in &lexicon.levels {
            let phrase = self.base_forms(phrase);
            self.level_starts.insert(first_word(&phrase));
            self.levels.entry(phrase).or_insert_with(|| ranges.clone());
        }
        for (phrase, ranges) in &lexicon.offices {
            let phrase = self.base_forms(phrase);
            self.level_starts.insert(first_word(&phrase));
            self.offices.entry(phrase).or_insert_with(|| ranges.clone());
        }
        for phrase in &lexicon.grade_blind {
            let phrase = self.base_forms(phrase);
            self.grade_blind_starts.insert(first_word(&phrase));
            self.grade_blind.insert(phrase);
        }
        for (kind, phrases) in &lexicon.noise {
            for phrase in phrases {
                // A single word keeps its ending: "days" is a shift, "day" is none.
                let is_simple = !phrase.contains(' ') && super::words::compound_parts(phrase, self).is_empty();
                let phrase = if is_simple { phrase.clone() } else { self.base_forms(phrase) };
                self.noise_starts.insert(first_word(&phrase));
                self.noise.entry(phrase).or_insert_with(|| NoiseKind(kind.clone().into()));
            }
        }
        let normal = |phrases: &[String]| -> Vec<String> { phrases.iter().map(|phrase| self.base_forms(phrase)).collect() };
        let [prefix_only, suffix_only] = [normal(&lexicon.prefix_only), normal(&lexicon.suffix_only)];
        let [places, stop, linking] = [&lexicon.places, &lexicon.stop, &lexicon.linking].map(|list| normal(list));
        let [vague, headings] = [&lexicon.vague, &lexicon.headings].map(|list| normal(list));
        let agents: Vec<(String, String)> = lexicon.agents.iter().map(|(from, to)| (self.base_forms(from), self.base_forms(to))).collect();
        self.prefix_only.extend(prefix_only);
        self.suffix_only.extend(suffix_only);
        self.places.extend(places);
        self.stop.extend(stop);
        self.linking.extend(linking);
        self.vague.extend(vague);
        self.headings.extend(headings);
        for (from, to) in agents {
            self.agents.entry(from).or_insert(to);
        }
    }

    /// A phrase with each of its words in normal form, compounds cut.
    fn base_forms(&self, phrase: &str) -> String {
        let mut words: Vec<String> = Vec::new();
        for word in phrase.split_whitespace() {
            let bare = super::words::without_possessive(word);
            let base = self.base_form(&bare);
            let parts = super::words::compound_parts(&base, self);
            if parts.is_empty() { words.push(base.into_owned()) } else { words.extend(parts) }
        }
        words.join(" ")
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
