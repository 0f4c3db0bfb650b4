//! Turns titles without codes into the share of them that gets a family.
//!
//! The family is that of the first answer; its confidence is what its candidates have together, whatever their level. Of a
//! title that holds several, the surest part counts. A rejected title has none.

use serde::Serialize;

use super::{Questions, in_parallel};
use crate::decide::Decision;
use crate::engine::{Classification, Engine, MAX_LIMIT, MatchOptions};

/// Confidence from which a family counts as given: more likely right than not.
const LIKELY: f32 = 0.5;

/// How many titles get a family.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct FamilyShares {
    /// Titles asked.
    pub titles: usize,
    /// Share with a family at a confidence of a half.
    pub likely: f64,
    /// Share rejected.
    pub rejected: f64,
}

/// Asks titles for their families.
pub fn families(engine: &Engine, questions: &Questions) -> FamilyShares {
    let options = MatchOptions { limit: MAX_LIMIT, ..MatchOptions::default() };
    let answers = in_parallel(&questions.list, |question| {
        let answer = engine.classify(&question.text, &options);
        (family_confidence(&answer), answer.decision == Decision::Reject)
    });
    let share = |count: usize| count as f64 / answers.len().max(1) as f64;
    FamilyShares {
        titles: answers.len(),
        likely: share(answers.iter().filter(|(confidence, _)| *confidence >= LIKELY).count()),
        rejected: share(answers.iter().filter(|(_, rejected)| *rejected).count()),
    }
}

/// Confidence of the family of an answer's first candidate.
fn family_confidence(answer: &Classification) -> f32 {
    if answer.decision == Decision::Reject {
        return 0.0;
    }
    let of_parts = answer.parts.iter().map(family_confidence).fold(0.0, f32::max);
    let Some(first) = answer.candidates.first() else { return of_parts };
    let inside = answer.candidates.iter().filter(|candidate| candidate.family == first.family);
    inside.map(|candidate| candidate.confidence / candidate.level_share).sum::<f32>().min(1.0).max(of_parts)
}
