//! Turns a ranking into the evidence that calibrators read: a row of numbers a title, one form for each branch.
//!
//! A title is *novel* (ranked by likeness), *known* (a name, perhaps with words left over) or *misspelt* (a name after edits
//! were undone). Each branch errs in its own way and has a calibrator of its own: with one for known and misspelt titles
//! the many titles that are a name word for word decide what an edit costs, and every misspelt title looks doubtful.

use super::{NEAREST_NAME, Ranking, Scored};
use crate::learn::{entropy, log_odds};
use crate::retrieve::KnownMatch;

/// Features of the novel calibrator, in order:
///
/// - of the order: log-odds of the first, entropy, log-odds of the learned channel for it, its learned log-probability;
/// - of likeness: cosine of the first with its nearest name and with its title, BM25 over its names, share of its names
///   with the title's head noun; how much nearer its name is than that of any other candidate, and how many others have
///   one as near;
/// - of the title: share of its words that are known, and their number.
pub const NOVEL_EVIDENCE: usize = 12;

/// What a title says of itself about how well it can be answered.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct TitleWords {
    /// Share of its content words that stand in names of the taxonomy, by count.
    pub known_share: f32,
    /// Number of its content words.
    pub count: usize,
}

/// Longer titles are no harder.
const MOST_WORDS: usize = 6;
/// Cosines that differ by less are equal: sums of the same words in another order.
const SAME_COSINE: f32 = 1e-4;

/// Evidence about a novel title's first candidate.
pub fn novel_evidence(ranking: &Ranking, words: TitleWords) -> [f32; NOVEL_EVIDENCE] {
    let Some((first, others)) = ranking.scored.split_first() else { return [0.0; NOVEL_EVIDENCE] };
    let logs: Vec<f32> = ranking.scored.iter().map(|entry| entry.probability.max(1e-9).ln()).collect();
    let nearest = first.features[NEAREST_NAME];
    let near_others = others.iter().map(|other| other.features[NEAREST_NAME]);
    let as_near = near_others.clone().filter(|other| *other > nearest - SAME_COSINE).count();
    [
        log_odds(first.probability),
        entropy(&logs),
        log_odds(first.features[1]),
        first.features[0],
        nearest,
        first.features[8],
        first.features[3],
        first.features[6],
        nearest - near_others.fold(0.0, f32::max),
        as_near as f32,
        words.known_share,
        words.count.min(MOST_WORDS) as f32,
    ]
}

/// Evidence about the first candidate of a title for which a name was found, as its branch reads it.
pub fn name_evidence(ranking: &Ranking, known: &KnownMatch) -> Vec<f32> {
    if known.is_misspelt() { misspelt_evidence(ranking, known).to_vec() } else { known_evidence(ranking, known).to_vec() }
}

/// Learned log-probability of a role that is not among the likely ones.
pub(super) const UNLIKELY: f32 = -8.0;

/// Features of the known calibrator: how many specialisations bear the name, probability of the first among them, length
/// of the key, words dropped, learned log-probability of a match that is contested, whether the name has words that the
/// title lacks, whether the title is the name without any of this; of a match that is contested, cosine of the title as
/// typed with the nearest name of the first, and how much nearer any other role's is.
pub const KNOWN_EVIDENCE: usize = 9;

/// Evidence about a known title's first candidate. What only re-spells a name (case, order, short forms) is left out, so
/// that such titles are as certain as the name itself.
fn known_evidence(ranking: &Ranking, known: &KnownMatch) -> [f32; KNOWN_EVIDENCE] {
    [
        (ranking.scored.len() as f32).ln(),
        ranking.scored.first().map_or(0.0, |first| first.probability),
        (known.words as f32).min(4.0),
        (known.unmatched.len() as f32).min(4.0),
        learned(ranking, known),
        truth(known.partial),
        truth(!known.is_contested()),
        nearest(ranking, known),
        overtaken(ranking, known),
    ]
}

/// Features of the misspelt calibrator: bearers, words and learned log-probability as above; edits, edits in ten letters,
/// edits in a single word, words dropped; whether all words are known, so that the title may be another name that is not
/// listed, alone and times the edits in ten letters; how usual the letters as typed are.
pub const MISSPELT_EVIDENCE: usize = 10;

/// Evidence about a misspelt title's first candidate.
fn misspelt_evidence(ranking: &Ranking, known: &KnownMatch) -> [f32; MISSPELT_EVIDENCE] {
    let edits: u32 = known.typos.iter().map(|typo| u32::from(typo.distance)).sum();
    let edits = edits.min(3) as f32;
    let density = 10.0 * edits / known.letters.max(1) as f32;
    let guessed = truth(!known.has_unknown_word);
    [
        (ranking.scored.len() as f32).ln(),
        (known.words as f32).min(4.0),
        learned(ranking, known),
        edits,
        density,
        if known.words == 1 { edits } else { 0.0 },
        (known.unmatched.len() as f32).min(4.0),
        guessed,
        guessed * density,
        known.letter_log_probability,
    ]
}

fn learned(ranking: &Ranking, known: &KnownMatch) -> f32 {
    contested(ranking, known).map_or(0.0, |first| first.features[0].max(UNLIKELY))
}

fn nearest(ranking: &Ranking, known: &KnownMatch) -> f32 {
    contested(ranking, known).map_or(0.0, |first| first.features[NEAREST_NAME])
}

fn overtaken(ranking: &Ranking, known: &KnownMatch) -> f32 {
    let others = ranking.others.iter().map(|other| other.features[NEAREST_NAME]).fold(0.0, f32::max);
    contested(ranking, known).map_or(0.0, |first| (others - first.features[NEAREST_NAME]).max(0.0))
}

/// The first candidate where its name is contested: only then was it scored by likeness.
fn contested<'r>(ranking: &'r Ranking, known: &KnownMatch) -> Option<&'r Scored> {
    ranking.scored.first().filter(|_| known.is_contested())
}

fn truth(holds: bool) -> f32 {
    f32::from(u8::from(holds))
}
