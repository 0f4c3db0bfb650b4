//! Turns a taxonomy's titles and aliases into one table of names with the keys under which they are found.
//!
//! A **key** is a hash of the sorted set of a name's content words, so that order, function words, plurals and written-out
//! short forms make no difference. A name has a whole one of all its words (or one for each half of a pair of gender forms)
//! and partial ones without its brackets and without its level words, which count only where no whole one is found.

use serde::{Deserialize, Serialize};

use super::arena::{Lists, TextNumbers, Texts};
use crate::analysis::{Analyzer, NamePairs, Query, Word, key};
use crate::learn::packed;
use crate::taxonomy::{AliasType, RoleId, SpecialisationId, Taxonomy};

/// No role: the name is its specialisation's at every level.
const NO_ROLE: u32 = u32::MAX;

/// Fewest letters that two halves of "Erzieher/Erzieherin" share at their beginning.
const MIN_SHARED_STEM: usize = 4;

/// Marks an entry of the key table whose key leaves out words of the name.
const PARTIAL: u32 = 1 << 31;

/// First step away from where a key is expected: about what evenly spread hashes of large taxonomies stray.
const FIRST_STEP: usize = 64;

/// Names found under a key.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Found {
    /// Their numbers, in order.
    pub names: Vec<u32>,
    /// Whether the key leaves out brackets or level words of these names. Names whose words are all in the key go before
    /// and then stand alone.
    pub partial: bool,
}

/// Where a name stands in its record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum NameField {
    /// Title of the role or specialisation.
    Title,
    /// Alias.
    Alias,
    /// A title made from a level's pattern; nobody wrote it.
    Derived,
}

/// What is known of a name beside its words.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct NameFacts {
    /// Whose name it is.
    pub specialisation: SpecialisationId,
    role: u32,
    /// Where it stands.
    pub field: NameField,
    /// Whether an editor approved it.
    pub approved: bool,
    /// Sort of alias; common for a title.
    pub alias_type: AliasType,
    /// Number of its language in [`Names::languages`].
    pub lang: u8,
    /// Editors' confidence in hundredths.
    pub confidence: u8,
}

impl NameFacts {
    #[cfg(test)]
    pub(super) fn for_tests() -> Self {
        Self {
            specialisation: SpecialisationId(0),
            role: NO_ROLE,
            field: NameField::Alias,
            approved: true,
            alias_type: AliasType::Common,
            lang: 0,
            confidence: 100,
        }
    }

    /// The only role that bears the name, when it is a name of one level.
    pub fn role(&self) -> Option<RoleId> {
        (self.role != NO_ROLE).then_some(RoleId(self.role))
    }
}

/// All names of a taxonomy.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Names {
    /// As written.
    pub texts: Texts,
    /// Facts, in the same order.
    pub facts: Vec<NameFacts>,
    /// Words of the names in order, as numbers of [`Names::words`]: level words included.
    pub word_lists: Lists,
    /// Vocabulary of the names.
    pub words: Texts,
    /// Languages of the names.
    pub languages: Vec<String>,
    /// Pairs of neighbouring words; in an open index the analyser has them.
    pub pairs: NamePairs,
    #[serde(with = "packed::u64s")]
    key_hashes: Vec<u64>,
    #[serde(with = "packed::u32s")]
    key_names: Vec<u32>,
    #[serde(skip)]
    word_numbers: TextNumbers,
    /// For each specialisation the number of the first name after its own.
    #[serde(skip)]
    ends: Vec<u32>,
}

/// A name as it is collected from the taxonomy.
#[derive(Debug, Clone)]
pub struct RawName {
    /// As written.
    pub text: String,
    /// Facts about it.
    pub facts: NameFacts,
    /// Language.
    pub lang: String,
}

/// Lists every name of a taxonomy in a fixed order: titles before aliases, specialisation by specialisation.
pub fn collect(taxonomy: &Taxonomy) -> Vec<RawName> {
    let mut names = Vec::new();
    let main_lang = taxonomy.manifest.languages.first().cloned().unwrap_or_else(|| "en".to_owned());
    for number in 0..taxonomy.specialisations.len() as u32 {
        let id = SpecialisationId(number);
        let specialisation = taxonomy.specialisation(id);
        let facts = |role: Option<RoleId>, field, approved, alias_type, confidence: f32| NameFacts {
            specialisation: id,
            role: role.map_or(NO_ROLE, |role| role.0),
            field,
            approved,
            alias_type,
            lang: 0,
            confidence: (confidence * 100.0).round() as u8,
        };
        let mut push = |text: &str, lang: &str, facts: NameFacts| {
            if !text.trim().is_empty() {
                names.push(RawName { text: text.to_owned(), facts, lang: lang.to_owned() });
            }
        };
        if specialisation.title_is_name {
            push(&specialisation.title, &main_lang, facts(None, NameField::Title, true, AliasType::Common, 1.0));
        }
        for (role_id, role) in taxonomy.roles_of(id) {
            let written = role.title_is_written && role.title != specialisation.title;
            if role.level.is_some() && written {
                push(&role.title, &main_lang, facts(Some(role_id), NameField::Title, true, AliasType::Level, 1.0));
            }
            for alias in &role.aliases {
                push(&alias.text, &alias.lang, facts(Some(role_id), NameField::Alias, alias.approved, alias.alias_type, alias.confidence.score));
            }
        }
        for alias in &specialisation.aliases {
            push(&alias.text, &alias.lang, facts(None, NameField::Alias, alias.approved, alias.alias_type, alias.confidence.score));
        }
    }
    names
}

impl Names {
    /// Builds the table of raw names; returns it with the analysed names, in the same order.
    pub fn build(raw: &[RawName], analyzer: &Analyzer) -> (Self, Vec<Query>) {
        let analysed: Vec<Query> = raw.iter().map(|name| analyzer.name(&name.text, Some(&name.lang))).collect();
        let mut names = Self { pairs: NamePairs::collect(analysed.iter()), ..Self::default() };
        let mut keyed: Vec<(u64, u32)> = Vec::with_capacity(raw.len() * 2);
        for (number, (raw, query)) in raw.iter().zip(&analysed).enumerate() {
            names.texts.push(&raw.text);
            let mut facts = raw.facts;
            facts.lang = names.language_number(&raw.lang);
            names.facts.push(facts);
            let numbers: Vec<u32> = query.words.iter().map(|word| names.word_number_or_new(&word.text)).collect();
            names.word_lists.push(numbers);
            keyed.extend(keys_of_name(query).into_iter().map(|(key, partial)| (key, number as u32 | if partial { PARTIAL } else { 0 })));
        }
        keyed.sort_unstable();
        keyed.dedup();
        (names.key_hashes, names.key_names) = keyed.into_iter().unzip();
        (names, analysed)
    }

    /// Rebuilds what is not stored; called once after loading.
    #[must_use]
    pub fn opened(mut self) -> Self {
        self.word_numbers = TextNumbers::new(&self.words);
        let specialisations = self.facts.last().map_or(0, |facts| facts.specialisation.0 + 1);
        let end = |id| self.facts.partition_point(|facts| facts.specialisation.0 <= id) as u32;
        self.ends = (0..specialisations).map(end).collect();
        self
    }

    /// How many names there are.
    pub fn len(&self) -> usize {
        self.facts.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.facts.is_empty()
    }

    /// Names that bear a key.
    pub fn with_key(&self, key: u64) -> Found {
        let start = first_not_below(&self.key_hashes, key);
        let length = self.key_hashes[start..].iter().take_while(|hash| **hash == key).count();
        let entries = &self.key_names[start..start + length];
        let whole = entries.partition_point(|entry| entry & PARTIAL == 0);
        if whole > 0 {
            return Found { names: entries[..whole].to_vec(), partial: false };
        }
        Found { names: entries.iter().map(|entry| entry & !PARTIAL).collect(), partial: true }
    }

    /// Numbers of a specialisation's names; they stand together.
    pub fn of_specialisation(&self, id: SpecialisationId) -> std::ops::Range<u32> {
        let all = self.facts.len() as u32;
        let end = |at: usize| self.ends.get(at).copied().unwrap_or(all);
        let at = id.0 as usize;
        at.checked_sub(1).map_or(0, end)..end(at)
    }

    /// Number of a word in the vocabulary.
    pub fn word_number(&self, word: &str) -> Option<u32> {
        self.word_numbers.get(&self.words, word)
    }

    fn word_number_or_new(&mut self, word: &str) -> u32 {
        if let Some(number) = self.word_number(word) {
            return number;
        }
        let number = self.words.push(word);
        self.word_numbers.add(&self.words, number);
        number
    }

    fn language_number(&mut self, lang: &str) -> u8 {
        if let Some(number) = self.languages.iter().position(|known| known == lang) {
            return number as u8;
        }
        self.languages.push(lang.to_owned());
        (self.languages.len() - 1) as u8
    }
}

/// Place of the first of sorted hashes that is not below a key: looked for around the place where evenly spread hashes would
/// have it.
fn first_not_below(hashes: &[u64], key: u64) -> usize {
    // PERF: halving touches distant memory some seventeen times, this one or two.
    let guess = ((u128::from(key) * hashes.len() as u128) >> 64) as usize;
    let (mut low, mut high, mut step) = (guess, guess, FIRST_STEP);
    while low > 0 && hashes[low - 1] >= key {
        low = low.saturating_sub(step);
        step *= 2;
    }
    step = FIRST_STEP;
    while high < hashes.len() && hashes[high] < key {
        high = (high + step).min(hashes.len());
        step *= 2;
    }
    low + hashes[low..high].partition_point(|hash| *hash < key)
}

/// The keys under which a name is found, with whether they leave out words of it.
fn keys_of_name(query: &Query) -> Vec<(u64, bool)> {
    let all: Vec<&Word> = query.words.iter().collect();
    let mut keys: Vec<(u64, bool)> = Vec::with_capacity(3);
    let mut add = |words: &[&Word], partial: bool| {
        if let Some(key) = key(words)
            && !keys.iter().any(|known| known.0 == key)
        {
            keys.push((key, partial));
        }
    };
    add(&all, false);
    for half in gender_halves(&all) {
        add(&half, false);
    }
    if all.iter().any(|word| word.bracket) {
        let outside: Vec<&Word> = all.iter().copied().filter(|word| !word.bracket).collect();
        add(&outside, true);
    }
    let core: Vec<&Word> = all.iter().copied().filter(|word| !word.is_level()).collect();
    if core.iter().any(|word| word.is_content()) {
        add(&core, true);
    }
    keys
}

/// The two halves of "Erzieher/Erzieherin": two segments that begin alike.
fn gender_halves<'q>(words: &[&'q Word]) -> Vec<Vec<&'q Word>> {
    let half = |segment: u16| -> Vec<&'q Word> { words.iter().copied().filter(|word| word.segment == segment).collect() };
    let (first, second) = (half(0), half(1));
    let (Some(left), Some(right)) = (first.first(), second.first()) else { return Vec::new() };
    let shared = left.text.chars().zip(right.text.chars()).take_while(|(a, b)| a == b).count();
    if words.iter().all(|word| word.segment < 2) && shared >= MIN_SHARED_STEM { vec![first, second] } else { Vec::new() }
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #[test]
        fn keys_are_found_wherever_they_are_expected(hashes in proptest::collection::vec(proptest::prelude::any::<u64>(), 0..400), crowded in 0u64..60, key: u64) {
            let mut hashes = hashes;
            hashes.extend(0..crowded);
            hashes.sort_unstable();
            for key in [key, crowded / 2, u64::MAX, 0].into_iter().chain(hashes.iter().copied()) {
                proptest::prop_assert_eq!(first_not_below(&hashes, key), hashes.partition_point(|hash| *hash < key));
            }
        }
    }
}
