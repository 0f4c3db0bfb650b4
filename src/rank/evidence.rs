//! Turns a ranking into the evidence that calibrators read: a row of numbers a title, one form for each branch.
//!
//! A title is *novel* (ranked by likeness), *known* (a name, perhaps with words left over) or *misspelt* (a name after edits
//! were undone). Each branch errs in its own way and has a calibrator of its own: with one for known and misspelt titles
//! the many titles that are a name word for word decide what an edit costs, and every misspelt title looks doubtful.

use super::{NEAREST_NAME, Ranking};
use crate::learn::{entropy, log_odds};
use crate::retrieve::KnownMatch;

/// Features of the novel calibrator: log-odds of the first, entropy, share of the title's words that are known, log
/// probability of the learned channel, cosine with the nearest name and with the title.
pub const NOVEL_EVIDENCE: usize = 6;

/// Evidence about a novel title's first candidate.
pub fn novel_evidence(ranking: &Ranking, known_words: f32) -> [f32; NOVEL_EVIDENCE] {
    let Some(first) = ranking.scored.first() else { return [0.0; NOVEL_EVIDENCE] };
    let logs: Vec<f32> = ranking.scored.iter().map(|entry| entry.probability.max(1e-9).ln()).collect();
    [log_odds(first.probability), entropy(&logs), known_words, first.features[0], first.features[NEAREST_NAME], first.features[8]]
}

/// Learned log-probability of a role that is not among the likely ones.
pub(super) const UNLIKELY: f32 = -8.0;

/// Features of the known calibrator: how many specialisations bear the name, probability of the first among them, length
/// of the key, words dropped, learned log-probability of a loose match, whether the name has words that the title lacks,
/// whether the title is the name without any of this.
pub const KNOWN_EVIDENCE: usize = 7;

/// Evidence about a known title's first candidate. What only re-spells a name (case, order, short forms) is left out, so
/// that such titles are as certain as the name itself.
pub fn known_evidence(ranking: &Ranking, known: &KnownMatch) -> [f32; KNOWN_EVIDENCE] {
    [
        (ranking.scored.len() as f32).ln(),
        ranking.scored.first().map_or(0.0, |first| first.probability),
        (known.words as f32).min(4.0),
        (known.unmatched.len() as f32).min(4.0),
        learned(ranking, known),
        truth(known.partial),
        truth(!known.partial && !known.is_loose()),
    ]
}

/// Features of the misspelt calibrator: bearers, words and learned log-probability as above; edits, edits in ten letters,
/// edits in a single word, words dropped; whether all words are known, so that the title may be another name that is not
/// listed, alone and times the edits in ten letters.
pub const MISSPELT_EVIDENCE: usize = 9;

/// Evidence about a misspelt title's first candidate.
pub fn misspelt_evidence(ranking: &Ranking, known: &KnownMatch) -> [f32; MISSPELT_EVIDENCE] {
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
    ]
}

fn learned(ranking: &Ranking, known: &KnownMatch) -> f32 {
    ranking.scored.first().filter(|_| known.is_loose()).map_or(0.0, |first| first.features[0].max(UNLIKELY))
}

fn truth(holds: bool) -> f32 {
    f32::from(u8::from(holds))
}
