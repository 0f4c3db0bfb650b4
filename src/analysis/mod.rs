//! Turns a free-text title into a [`Query`]: words in normal form, the level stated, and a record of all that was removed.
//!
//! Pure and total: any text gives a query, the same text the same query. The analyser is given a lexicon and, for what only
//! a taxonomy can know, the pairs of words that stand side by side in its names. It knows no roles.
//!
//! ```text
//! text ─ fold ─▶ folded ─ token ─▶ pieces ─ noise, words ─▶ words ─ level ─▶ Query
//! ```

mod fold;
mod key;
mod language;
mod level;
mod noise;
mod pairs;
mod query;
mod tables;
mod token;
mod words;

pub use fold::{fold, folded_words};
pub use key::{hash_words, key};
pub use language::guess_language;
pub use query::{
    Change, ChangeKind, InputProblem, LevelReading, MAX_TITLE_CHARS, Noise, NoiseKind, Query, Word, WordKind, head_position, join,
};

use rustc_hash::{FxHashMap, FxHashSet};
use serde::{Deserialize, Serialize};

use crate::taxonomy::lexicon::Lexicon;
use tables::Tables;
use token::Separator;
use words::Draft;
pub use words::is_joining;

/// Version of the analysis: raised when the same text may be read otherwise, so that older indexes are refused.
pub const ANALYSIS_VERSION: u32 = 2;

/// Pairs of words that stand side by side in names of a taxonomy, as hashes.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct NamePairs(Vec<u64>);

impl NamePairs {
    /// Collects the pairs of names that were analysed as names.
    pub fn collect<'a>(names: impl Iterator<Item = &'a Query>) -> Self {
        let mut pairs: FxHashSet<u64> = FxHashSet::default();
        for name in names {
            for (left, right) in name.words.iter().zip(name.words.iter().skip(1)) {
                pairs.insert(pair_hash(&left.text, &right.text));
            }
        }
        let mut sorted: Vec<u64> = pairs.into_iter().collect();
        sorted.sort_unstable();
        Self(sorted)
    }

    fn contains(&self, left: &str, right: &str) -> bool {
        self.0.binary_search(&pair_hash(left, right)).is_ok()
    }
}

fn pair_hash(left: &str, right: &str) -> u64 {
    use std::hash::Hasher;
    let mut hasher = rustc_hash::FxHasher::default();
    hasher.write(left.as_bytes());
    hasher.write_u8(0xff);
    hasher.write(right.as_bytes());
    hasher.finish()
}

/// Reads titles with the lexicons of some languages.
#[derive(Debug)]
pub struct Analyzer {
    merged: Tables,
    languages: Vec<String>,
    by_language: FxHashMap<String, Tables>,
    pairs: NamePairs,
}

impl Analyzer {
    /// Makes an analyser for a taxonomy's languages, most important first; unknown languages are passed over. Without any
    /// known language every language of the lexicon is used.
    pub fn new(lexicon: &Lexicon, languages: &[String]) -> Self {
        let mut chosen: Vec<_> = languages.iter().filter_map(|lang| lexicon.languages.get(lang)).collect();
        if chosen.is_empty() {
            chosen = lexicon.languages.get("en").into_iter().chain(lexicon.languages.values().filter(|tables| tables.lang != "en")).collect();
        }
        let by_language = if chosen.len() > 1 {
            chosen.iter().map(|lexicon| (lexicon.lang.clone(), Tables::new([*lexicon]))).collect()
        } else {
            FxHashMap::default()
        };
        let languages = if chosen.len() > 1 { chosen.iter().map(|lexicon| lexicon.lang.clone()).collect() } else { Vec::new() };
        Self { languages, merged: Tables::new(chosen), by_language, pairs: NamePairs::default() }
    }

    /// The same analyser, told which words belong together in the taxonomy's names.
    #[must_use]
    pub fn with_name_pairs(mut self, pairs: NamePairs) -> Self {
        self.pairs = pairs;
        self
    }

    /// Languages whose names are read with tables of their own, most important first; empty when there is only one.
    pub fn languages(&self) -> &[String] {
        &self.languages
    }

    fn tables(&self, lang: Option<&str>) -> &Tables {
        lang.and_then(|lang| self.by_language.get(lang)).unwrap_or(&self.merged)
    }

    /// Whether a word links a head noun to what follows (*of*, *for*).
    pub fn is_linking(&self, word: &str) -> bool {
        self.merged.linking.contains(word)
    }

    /// The person who does what a word names (*engineering* → *engineer*).
    pub fn agent(&self, word: &str) -> Option<&str> {
        self.merged.agents.get(word).map(String::as_str)
    }

    /// Whether words alone are too vague to name a role.
    pub fn is_vague(&self, normalized: &str) -> bool {
        self.merged.vague.contains(normalized)
    }

    /// Position of the head noun among words.
    pub fn head(&self, words: &[&Word]) -> Option<usize> {
        head_position(words, |word| self.merged.linking.contains(word))
    }

    /// Whether a text may state a level in one of the languages: a quick look before it is read. False for most texts, never
    /// for one that does.
    pub fn may_state_level(&self, text: &str) -> bool {
        let folded = fold(text);
        let pieces = token::pieces(&folded);
        let tables = || std::iter::once(&self.merged).chain(self.by_language.values());
        pieces.iter().filter(|piece| !matches!(piece.kind, token::PieceKind::Separator(_))).any(|piece| {
            let word = words::without_possessive(&folded.text[piece.start..piece.end]);
            tables().any(|tables| tables.may_state_level(&word))
        })
    }

    /// Reads a title as people type it: noise is taken out.
    pub fn query(&self, input: &str, lang: Option<&str>) -> Query {
        if input.len() > MAX_TITLE_CHARS && input.chars().count() > MAX_TITLE_CHARS {
            return Query { input: String::new(), problem: Some(InputProblem::TooLong), ..Query::default() };
        }
        let tables = self.tables(lang);
        let mut draft = draft(input, tables, true);
        words::mark_noise(&mut draft, tables, input, &|left, right| self.pairs.contains(left, right));
        self.finish(draft, input, tables)
    }

    /// Reads a name of a taxonomy: nothing is noise.
    pub fn name(&self, text: &str, lang: Option<&str>) -> Query {
        let cut = text.char_indices().nth(MAX_TITLE_CHARS).map_or(text.len(), |(position, _)| position);
        let tables = self.tables(lang);
        let draft = draft(&text[..cut], tables, false);
        self.finish(draft, &text[..cut], tables)
    }

    fn finish(&self, mut draft: Draft, input: &str, tables: &Tables) -> Query {
        let reading = level::read(&mut draft.words, tables, input);
        for word in &mut draft.words {
            if word.kind == WordKind::Plain && tables.stop.contains(&word.text) {
                word.kind = WordKind::Stop;
            } else if word.kind == WordKind::Plain && word.text.bytes().all(|byte| byte.is_ascii_digit()) {
                word.kind = WordKind::Number;
            }
        }
        turn_comma_round(&mut draft, tables, input);
        let problem = draft.words.is_empty().then_some(InputProblem::Empty);
        let mut query = Query {
            input: input.to_owned(),
            problem,
            words: draft.words,
            noise: draft.noise,
            changes: draft.changes,
            level: reading.level,
            office: reading.office,
            level_only: reading.level_only,
            vague: false,
            heading: false,
            cuts: draft.cuts,
        };
        let core = query.core_words();
        query.heading = head_position(&core, |word| tables.linking.contains(word) && word != "and").is_some_and(|head| tables.headings.contains(&core[head].text));
        query.vague = tables.vague.contains(&query.normalized());
        query
    }
}

fn draft(input: &str, tables: &Tables, remove_noise: bool) -> Draft {
    let folded = fold(input);
    let pieces = token::pieces(&folded);
    words::draft(&folded, &pieces, input, tables, remove_noise)
}

/// Puts "Manager, Sales" into the order "Sales Manager": one vague word or office before the only comma.
fn turn_comma_round(draft: &mut Draft, tables: &Tables, input: &str) {
    let commas = draft.segments.iter().filter(|separator| **separator == Separator::Comma).count();
    if commas != 1 || draft.segments.get(1) != Some(&Separator::Comma) {
        return;
    }
    let first: Vec<usize> = positions(draft, 0);
    let second: Vec<usize> = positions(draft, 1);
    let content = |positions: &[usize]| positions.iter().filter(|position| draft.words[**position].is_content()).count();
    let head_alone = content(&first) == 1
        && first.iter().any(|position| {
            let word = &draft.words[*position];
            word.is_content() && (matches!(word.kind, WordKind::Office(_)) || tables.vague.contains(&word.text))
        });
    let linked = second.first().is_some_and(|position| tables.linking.contains(&draft.words[*position].text));
    if !head_alone || linked || !(1..=3).contains(&content(&second)) || second.is_empty() {
        return;
    }
    let end = first.len() + second.len();
    let raw = draft.words[0].raw.start..draft.words[end - 1].raw.end;
    draft.words[..end].rotate_left(first.len());
    draft.cuts.retain(|cut| *cut >= end);
    let turned: Vec<&Word> = draft.words[..end].iter().collect();
    let change = Change { from: input[raw].to_owned(), to: join(&turned), kind: ChangeKind::Inversion };
    draft.changes.push(change);
}

/// Positions of the words of a segment; they stand together.
fn positions(draft: &Draft, segment: u16) -> Vec<usize> {
    (0..draft.words.len()).filter(|position| draft.words[*position].segment == segment).collect()
}

#[cfg(test)]
mod tests;
#[cfg(test)]
mod tests_languages;
