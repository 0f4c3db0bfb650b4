//! Turns candidates into an order with probabilities.
//!
//! Novel titles: a listwise reranker, fitted at build on names hidden from the learned channel, or a fixed fusion where the
//! hold-out showed no gain. Known titles: the specialisations that bear the name, in the order of the same score. Scores
//! compare only within one title; ties go by code.

mod evidence;
mod leaf;
mod standing;

use std::cell::RefCell;

use serde::{Deserialize, Serialize};

pub use evidence::{KNOWN_EVIDENCE, MISSPELT_EVIDENCE, NOVEL_EVIDENCE, TitleWords, name_evidence, novel_evidence};
pub use leaf::{Leaf, LevelMatch, UsualRoles, choose};

use crate::analysis::{Query, WordKind};
use crate::index::{Index, NameSums, weight};
use crate::learn::{Calibrator, CandidateSets, Reranker};
use crate::retrieve::{Candidate, KnownMatch, ranking_words};
use crate::taxonomy::SpecialisationId;
use standing::Standing;

/// Number of features of the reranker.
pub const FEATURES: usize = 11;

/// Names of the features, in order.
pub const FEATURE_NAMES: [&str; FEATURES] = [
    "learned log-probability",
    "learned probability",
    "place in the learned order",
    "names of the role",
    "texts of the role",
    "best single name",
    "head noun",
    "number of names",
    "preferred title",
    "nearest single name",
    "prior",
];

/// Place of the cosine with the nearest single name among the features.
pub const NEAREST_NAME: usize = 9;

/// Weights of the fixed fusion, for taxonomies whose hold-out is too easy to fit a reranker on, from tuning on ESCO:
/// learned + 4 names + 2 texts + 2 best name + 4 preferred title + 6 nearest single name.
const FIXED_WEIGHTS: [f32; FEATURES] = [1.0, 0.0, 0.0, 4.0, 2.0, 2.0, 0.0, 0.0, 4.0, 6.0, 1.0];

/// How novel titles are ranked and how sure one can be.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Fits {
    /// Weights of the features.
    pub reranker: Reranker,
    /// Confidence of a novel title's first specialisation.
    pub novel: Option<Calibrator>,
    /// Confidence of a known title's first specialisation.
    pub known: Option<Calibrator>,
    /// The same where edits were undone to find the name.
    pub misspelt: Option<Calibrator>,
    /// Held-out (confidence, right) pairs in ten-thousandths, sorted by falling confidence: thresholds for any precision
    /// follow from them.
    pub held_out: Vec<(u16, bool)>,
    /// Candidate sets of novel titles.
    pub sets: Option<CandidateSets>,
}

impl Default for Fits {
    fn default() -> Self {
        Self { reranker: Reranker::fixed(FIXED_WEIGHTS.to_vec()), novel: None, known: None, misspelt: None, held_out: Vec::new(), sets: None }
    }
}

impl Fits {
    /// The calibrator of a title for which a name was found.
    pub fn of_name(&self, known: &KnownMatch) -> Option<&Calibrator> {
        if known.is_misspelt() { self.misspelt.as_ref() } else { self.known.as_ref() }
    }
}

/// A specialisation with its score.
#[derive(Debug, Clone, PartialEq)]
pub struct Scored {
    /// The specialisation.
    pub specialisation: SpecialisationId,
    /// Score, comparable within the title.
    pub score: f32,
    /// Probability among the candidates.
    pub probability: f32,
    /// Name that speaks for it best.
    pub name: Option<u32>,
    /// Features behind the score.
    pub features: [f32; FEATURES],
}

/// An ordered list.
#[derive(Debug, Clone, Default)]
pub struct Ranking {
    /// Best first.
    pub scored: Vec<Scored>,
    /// Whether the title is a known name.
    pub known: bool,
    /// Candidates by likeness that do not bear the name, best first: what the title may be instead.
    pub others: Vec<Scored>,
}

impl Ranking {
    /// All candidates: those that bear a name first, then the others.
    pub fn all(&self) -> impl Iterator<Item = &Scored> {
        self.scored.iter().chain(&self.others)
    }

    /// Probabilities behind the first.
    pub fn behind(&self) -> Vec<f32> {
        self.scored.iter().skip(1).map(|scored| scored.probability).collect()
    }

    /// Adds the candidates of a ranking by likeness behind those that bear the name, with scores below theirs. Where the
    /// name settles the title they are there to be looked at only and get no probability.
    pub fn add_others(&mut self, likeness: Self, settled: bool) {
        let least = self.scored.last().map_or(0.0, |last| last.score);
        let bears = |scored: &Scored| self.scored.iter().any(|bearer| bearer.specialisation == scored.specialisation);
        let mut others: Vec<Scored> = likeness.scored.into_iter().filter(|scored| !bears(scored)).collect();
        for other in &mut others {
            other.score = least + other.probability.max(1e-9).ln();
            other.probability = if settled { 0.0 } else { other.probability };
        }
        self.others = others;
    }
}

/// Prior over specialisations, as log-probabilities minus their mean; empty for none.
pub type Prior = Vec<f32>;

/// Orders the candidates of a novel title.
pub fn rank_novel(index: &Index, fits: &Fits, query: &Query, candidates: &[Candidate], prior: &Prior) -> Ranking {
    let features = Featurizer::new(index, query, prior);
    let mut scored: Vec<Scored> = candidates.iter().map(|candidate| features.scored(fits, candidate)).collect();
    order(index, &mut scored);
    Ranking { scored, ..Ranking::default() }
}

/// Orders the specialisations that bear the name that a title is.
pub fn rank_known(index: &Index, fits: &Fits, query: &Query, known: &KnownMatch, candidates: &[Candidate], prior: &Prior) -> Ranking {
    let standing = Standing::new(query, &known.names);
    let mut best: Vec<(SpecialisationId, u32, f32)> = Vec::new();
    for &name in &known.names {
        let (specialisation, own) = (index.names.facts[name as usize].specialisation, standing.of(index, name));
        match best.iter_mut().find(|(other, ..)| *other == specialisation) {
            None => best.push((specialisation, name, own)),
            Some(chosen) if own > chosen.2 => *chosen = (specialisation, name, own),
            Some(_) => {}
        }
    }
    // A title that a name settles comes without candidates and needs no features.
    let features = (!candidates.is_empty()).then(|| Featurizer::new(index, query, prior));
    let mut scored: Vec<Scored> = best
        .iter()
        .map(|(specialisation, name, standing)| {
            let candidate = candidates.iter().find(|candidate| candidate.specialisation == *specialisation);
            let mut scored = match features.as_ref().zip(candidate) {
                Some((features, candidate)) if best.len() > 1 => features.scored(fits, candidate),
                Some((features, candidate)) => {
                    let (own, _) = features.features(candidate);
                    Scored { specialisation: *specialisation, score: 0.0, probability: 0.0, name: None, features: own }
                }
                None if known.is_contested() => {
                    let mut unlikely = [0.0; FEATURES];
                    unlikely[0] = evidence::UNLIKELY;
                    Scored { specialisation: *specialisation, score: 0.0, probability: 0.0, name: None, features: unlikely }
                }
                _ => Scored { specialisation: *specialisation, score: 0.0, probability: 0.0, name: None, features: [0.0; FEATURES] },
            };
            scored.score += standing;
            scored.name = Some(*name);
            scored
        })
        .collect();
    order(index, &mut scored);
    Ranking { scored, known: true, ..Ranking::default() }
}

fn order(index: &Index, scored: &mut [Scored]) {
    scored.sort_by(|a, b| {
        b.score.total_cmp(&a.score).then_with(|| {
            index.taxonomy.specialisation(a.specialisation).code.cmp(&index.taxonomy.specialisation(b.specialisation).code)
        })
    });
    let most = scored.first().map_or(0.0, |first| first.score);
    let total: f32 = scored.iter().map(|entry| (entry.score - most).exp()).sum();
    for entry in scored.iter_mut() {
        entry.probability = (entry.score - most).exp() / total;
    }
}

/// Makes the reranker's features of a title's candidates.
struct Featurizer<'i> {
    index: &'i Index,
    prior: &'i Prior,
    words: Vec<(u32, f32)>,
    length: f32,
    head: Option<u32>,
    sums: NameSums,
}

thread_local! {
    static SUMS: RefCell<NameSums> = RefCell::default();
}

impl Drop for Featurizer<'_> {
    /// Gives the buffer back for the next title.
    fn drop(&mut self) {
        SUMS.with(|sums| *sums.borrow_mut() = std::mem::take(&mut self.sums));
    }
}

impl<'i> Featurizer<'i> {
    fn new(index: &'i Index, query: &Query, prior: &'i Prior) -> Self {
        let (words, head) = ranking_words(index, query);
        let mut known: Vec<(u32, f32)> = Vec::with_capacity(words.len());
        let mut length = 0.0;
        let unknown_rarity = (index.taxonomy.specialisations.len() as f32 + 1.0).ln();
        for word in words.iter().filter(|word| word.kind != WordKind::Stop) {
            let number = index.names.word_number(&word.text);
            let weight = number.map_or(unknown_rarity, |number| weight(&index.words.names, number));
            length += weight * weight;
            if let Some(number) = number
                && !known.iter().any(|entry| entry.0 == number)
            {
                known.push((number, weight));
            }
        }
        let head = head.and_then(|at| index.names.word_number(&words[at].text));
        // Another index may have used the buffer on this thread: a buffer of another size starts anew.
        let mut sums = SUMS.with(|sums| std::mem::take(&mut *sums.borrow_mut()));
        index.name_vectors().sum(&known, &mut sums);
        Self { index, prior, words: known, length: length.sqrt().max(1e-6), head, sums }
    }

    fn scored(&self, fits: &Fits, candidate: &Candidate) -> Scored {
        let (features, name) = self.features(candidate);
        Scored { specialisation: candidate.specialisation, score: fits.reranker.score(&features), probability: 0.0, name, features }
    }

    fn features(&self, candidate: &Candidate) -> ([f32; FEATURES], Option<u32>) {
        let index = self.index;
        let number = candidate.specialisation.0;
        let range = index.names.of_specialisation(candidate.specialisation);
        let count = range.len() as f32;
        let nearest = index.name_vectors().nearest(&self.sums, range, self.length);
        let features = [
            candidate.learned,
            candidate.learned.exp(),
            (1.0 + candidate.learned_rank as f32).ln(),
            candidate.names,
            candidate.texts,
            candidate.best_name,
            self.head.map_or(0.0, |head| index.words.heads.impact(head, number)),
            (1.0 + count).ln(),
            self.cosine(index.words.title_words.get(number)),
            nearest.map_or(0.0, |(_, cosine)| cosine),
            self.prior.get(number as usize).copied().unwrap_or(0.0),
        ];
        (features, nearest.map(|(name, _)| name))
    }

    fn cosine(&self, words: &[u32]) -> f32 {
        let (mut shared, mut length) = (0.0, 0.0);
        for (position, word) in words.iter().enumerate() {
            if words[..position].contains(word) {
                continue;
            }
            let weight = weight(&self.index.words.names, *word);
            length += weight * weight;
            if let Some((_, own)) = self.words.iter().find(|entry| entry.0 == *word) {
                shared += weight * own;
            }
        }
        if length > 0.0 { shared / (length.sqrt() * self.length) } else { 0.0 }
    }
}

/// What a title's own words say about how well it can be answered.
pub fn title_words(index: &Index, query: &Query) -> TitleWords {
    let (words, _) = ranking_words(index, query);
    let content = words.iter().filter(|word| word.kind != WordKind::Stop);
    let (mut count, mut known) = (0, 0);
    for word in content {
        count += 1;
        known += usize::from(index.names.word_number(&word.text).is_some());
    }
    TitleWords { known_share: if count > 0 { known as f32 / count as f32 } else { 0.0 }, count }
}

/// Share of a title's content words that stand in names of the taxonomy, by count.
pub fn known_share(index: &Index, query: &Query) -> f32 {
    title_words(index, query).known_share
}
