//! Turns a [`Query`] into candidates: specialisations with the evidence of each channel.
//!
//! Channels: *code* (the title is a role's code), *known* (a name, see `known`), *lexical* (BM25 over single names by
//! tantivy, and over all names and all texts of a specialisation by sums), *learned* (a low-rank softmax over word and
//! letter features). A title that the code or known channel settles is not asked of the others unless names compete.

mod focus;
mod known;

use std::cell::RefCell;

pub use focus::{ends_like_a_name, focus};
pub use known::{KnownMatch, Typo, correct, find, find_misspelt, is_unknown};

use crate::analysis::{Query, Word, WordKind};
use crate::index::{Index, descending};
use crate::learn::{Hidden, SparseVector};
use crate::taxonomy::{RoleId, SpecialisationId};

/// Candidates taken from the learned channel: the right one is among the first forty for 97 of 100 hidden names.
const LEARNED_CANDIDATES: usize = 40;
/// Names asked of tantivy.
const LEXICAL_NAMES: usize = 50;
/// Specialisations taken from the lexical channel.
const LEXICAL_CANDIDATES: usize = 12;

/// Evidence for one specialisation.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Candidate {
    /// The specialisation.
    pub specialisation: SpecialisationId,
    /// Log-probability of the learned channel; 0 for all without learnt parameters.
    pub learned: f32,
    /// Place in the learned channel's order, from 0.
    pub learned_rank: u32,
    /// BM25 over all its names, as a share of the most that the title's words allow.
    pub names: f32,
    /// BM25 over its texts, likewise.
    pub texts: f32,
    /// BM25 of its best single name, likewise.
    pub best_name: f32,
    /// Number of that name, when the lexical channel proposed it.
    pub best_name_number: Option<u32>,
}

/// What was found for a title.
#[derive(Debug, Default)]
pub struct Candidates {
    /// The role whose code the title is.
    pub code: Option<RoleId>,
    /// Names that the title is.
    pub known: Option<KnownMatch>,
    /// Specialisations with evidence, best learned first; empty when a code or a name settles the title.
    pub scored: Vec<Candidate>,
}

/// Buffers reused from title to title.
#[derive(Debug, Default)]
struct Scratch {
    names: Vec<f32>,
    texts: Vec<f32>,
    best_name: Vec<(f32, u32)>,
    learned: Vec<f32>,
    one: Vec<f32>,
    vector: SparseVector,
    hidden: Hidden,
    order: Vec<u64>,
}

thread_local! {
    static SCRATCH: RefCell<Scratch> = RefCell::default();
}

/// Finds the candidates of a title. `known` are the names that it is: a title that they settle is asked of no other channel.
pub fn retrieve(index: &Index, query: &Query, known: Option<KnownMatch>) -> Candidates {
    let mut candidates = Candidates { known, ..Candidates::default() };
    if query.problem.is_some() {
        return candidates;
    }
    candidates.code = index.find_role(query.input.trim());
    let settled = candidates.code.is_some() || candidates.known.as_ref().is_some_and(|known| !known.is_contested());
    if !settled && !query.level_only {
        candidates.scored = evidence(index, query);
    }
    candidates
}

/// Evidence for all specialisations of a set of names, by every channel; for choosing among names that compete.
pub fn evidence(index: &Index, query: &Query) -> Vec<Candidate> {
    SCRATCH.with(|scratch| score(index, query, &mut scratch.borrow_mut()))
}

/// The words that stand for a title in the learned channel and in word statistics, with the place of the head noun.
///
/// A taxonomy with levels leaves level words out: there they choose among the roles of a specialisation.
pub fn ranking_words<'q>(index: &Index, query: &'q Query) -> (Vec<&'q Word>, Option<usize>) {
    let words: Vec<&Word> = if index.has_levels() {
        query.core_words()
    } else {
        let named = query.named_words();
        let without: Vec<&Word> = named.iter().copied().filter(|word| word.kind != WordKind::Number).collect();
        if without.is_empty() { named } else { without }
    };
    let head = index.analyzer.head(&words);
    (words, head)
}

/// The likeliest specialisations of some words, read as a title of their own, best first.
fn likeliest(index: &Index, words: &[&Word], limit: usize) -> Vec<u32> {
    let head = index.analyzer.head(words);
    SCRATCH.with(|scratch| {
        let scratch = &mut scratch.borrow_mut();
        let rarity = score_classes(index, words, &name_words(index, words), head, scratch);
        best_classes(scratch, rarity, limit)
    })
}

fn score(index: &Index, query: &Query, scratch: &mut Scratch) -> Vec<Candidate> {
    let (words, head) = ranking_words(index, query);
    score_words(index, &words, head, scratch)
}

/// Scores every specialisation by the names channel, asked for words of given `numbers`, and by the learned one; gives the
/// rarity of the words asked.
fn score_classes(index: &Index, words: &[&Word], numbers: &[u32], head: Option<usize>, scratch: &mut Scratch) -> f32 {
    let count = index.taxonomy.specialisations.len();
    let tokens: Vec<&str> = words.iter().map(|word| word.text.as_str()).collect();
    let rarity = sum_scores(&index.words.names, numbers, count, &mut scratch.names);
    learned(index, &tokens, head, count, scratch);
    rarity
}

/// The specialisations of the highest learned log-probability and share of the names, best first.
fn best_classes(scratch: &mut Scratch, rarity: f32, limit: usize) -> Vec<u32> {
    let taken = limit.min(scratch.learned.len());
    let order = &mut scratch.order;
    order.clear();
    order.extend(scratch.learned.iter().zip(&scratch.names).enumerate().map(|(number, (learned, names))| {
        let base = learned + if rarity > 0.0 { names / rarity } else { 0.0 };
        u64::from(descending(base)) << 32 | number as u64
    }));
    if taken > 0 && taken < order.len() {
        order.select_nth_unstable(taken - 1);
    }
    order.truncate(taken);
    order.sort_unstable();
    order.iter().map(|key| *key as u32).collect()
}

/// Numbers of the words of a title that stand in names, function words apart.
fn name_words(index: &Index, words: &[&Word]) -> Vec<u32> {
    distinct(words.iter().filter(|word| word.kind != WordKind::Stop).filter_map(|word| index.names.word_number(&word.text)))
}

fn score_words(index: &Index, words: &[&Word], head: Option<usize>, scratch: &mut Scratch) -> Vec<Candidate> {
    let count = index.taxonomy.specialisations.len();
    if count == 0 {
        return Vec::new();
    }
    let numbers = name_words(index, words);
    let text_numbers = distinct(words.iter().filter(|word| word.kind != WordKind::Stop).filter_map(|word| index.text_word_number(&word.text)));

    let rarity = score_classes(index, words, &numbers, head, scratch);
    let text_rarity = sum_scores(&index.words.texts, &text_numbers, count, &mut scratch.texts);

    scratch.best_name.clear();
    scratch.best_name.resize(count, (0.0, u32::MAX));
    let mut lexical: Vec<u32> = Vec::new();
    let asked: Vec<&str> = numbers.iter().map(|number| index.names.words.get(*number)).collect();
    if let Some(channel) = index.lexical().filter(|_| !asked.is_empty()) {
        for (name, score) in channel.names(&asked, LEXICAL_NAMES) {
            let specialisation = index.names.facts[name as usize].specialisation.0;
            let slot = &mut scratch.best_name[specialisation as usize];
            if slot.1 == u32::MAX {
                *slot = (score, name);
                if lexical.len() < LEXICAL_CANDIDATES {
                    lexical.push(specialisation);
                }
            }
        }
    }

    let mut chosen = best_classes(scratch, rarity, LEARNED_CANDIDATES);
    let taken = chosen.len();
    chosen.extend(lexical.iter().filter(|number| !chosen[..taken].contains(number)).copied().collect::<Vec<_>>());

    let share = |value: f32, of: f32| if of > 0.0 { value / of } else { 0.0 };
    chosen
        .iter()
        .enumerate()
        .map(|(rank, number)| {
            let at = *number as usize;
            let (best, name) = scratch.best_name[at];
            Candidate {
                specialisation: SpecialisationId(*number),
                learned: scratch.learned[at],
                learned_rank: rank as u32,
                names: share(scratch.names[at], rarity),
                texts: share(scratch.texts[at], text_rarity),
                best_name: share(best, rarity),
                best_name_number: (name != u32::MAX).then_some(name),
            }
        })
        .collect()
}

fn distinct(numbers: impl Iterator<Item = u32>) -> Vec<u32> {
    let mut all: Vec<u32> = numbers.collect();
    all.sort_unstable();
    all.dedup();
    all
}

fn sum_scores(postings: &crate::index::Postings, words: &[u32], count: usize, scores: &mut Vec<f32>) -> f32 {
    scores.clear();
    scores.resize(count, 0.0);
    if postings.document_count() == 0 { 0.0 } else { postings.score(words, scores) }
}

/// Writes the mean log-probability of the learned models, one a specialisation, into the scratch.
fn learned(index: &Index, tokens: &[&str], head: Option<usize>, count: usize, scratch: &mut Scratch) {
    scratch.learned.clear();
    scratch.learned.resize(count, 0.0);
    let share = 1.0 / index.models.len().max(1) as f32;
    for model in &index.models {
        model.vocabulary.vectorize(tokens, head, &mut scratch.vector);
        model.model.hidden(&scratch.vector, &mut scratch.hidden);
        model.model.log_softmax(0, &scratch.hidden, &mut scratch.one);
        for (sum, log) in scratch.learned.iter_mut().zip(&scratch.one) {
            *sum += share * log;
        }
    }
}
