//! Answers questions by plain methods over the same names, so that what the engine adds can be seen.
//!
//! All score names (or the words of all names of a code together); a code has the score of its best name. They see the
//! title as typed: taking noise out is part of what the engine adds.

mod bm25;
mod exact;
mod jaro_winkler;
mod letters;

use rustc_hash::FxHashMap;

use super::{Asked, Question, in_parallel};
use crate::index::Index;

/// Candidates kept of an answer.
const DEPTH: usize = 20;
/// Rows from which a method that reads every name is asked a sample only, of that size.
pub const MOST_SCANNED: usize = 1_000;

/// A plain method.
pub trait Baseline: Sync {
    /// Its name in tables.
    fn name(&self) -> &'static str;

    /// Numbers of specialisations with scores, in any order, each at most once.
    fn scores(&self, title: &str) -> Vec<(u32, f32)>;

    /// Whether it reads every name for every title.
    fn is_slow(&self) -> bool {
        false
    }
}

/// Every method over the names of an index.
pub fn all(index: &Index) -> Vec<Box<dyn Baseline + '_>> {
    vec![
        Box::new(exact::Exact::new(index)),
        Box::new(bm25::Bm25::by_name(index)),
        Box::new(bm25::Bm25::by_code(index)),
        Box::new(jaro_winkler::JaroWinkler::new(index)),
        Box::new(letters::Letters::new(index)),
    ]
}

/// Answers of a method to questions, in their order.
pub fn ask_all(baseline: &dyn Baseline, index: &Index, questions: &[Question]) -> Vec<Asked> {
    let number_of: FxHashMap<&str, u32> =
        index.taxonomy.specialisations.iter().enumerate().map(|(number, found)| (found.code.as_str(), number as u32)).collect();
    let numbers_of = |codes: &[String]| -> Vec<u32> {
        let specialisation = |code: &String| {
            number_of.get(code.as_str()).copied().or_else(|| index.find_role(code).map(|role| index.taxonomy.role(role).specialisation.0))
        };
        codes.iter().filter_map(specialisation).collect()
    };
    in_parallel(questions, |question| {
        let mut scores = baseline.scores(&question.text);
        let better = |a: &(u32, f32), b: &(u32, f32)| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0));
        if scores.len() > DEPTH {
            scores.select_nth_unstable_by(DEPTH - 1, better);
            scores.truncate(DEPTH);
        }
        scores.sort_unstable_by(better);
        let right = numbers_of(&question.right);
        Asked {
            places: (0..scores.len()).filter(|place| right.contains(&scores[*place].0)).collect(),
            right_codes: question.right.len(),
            confidence: None,
            decision: None,
            tier: None,
            set: None,
            first: None,
        }
    })
}

/// The best score of each specialisation.
fn best_of(scores: impl Iterator<Item = (u32, f32)>) -> Vec<(u32, f32)> {
    let mut best: FxHashMap<u32, f32> = FxHashMap::default();
    for (number, score) in scores {
        let slot = best.entry(number).or_insert(score);
        *slot = slot.max(score);
    }
    let mut best: Vec<(u32, f32)> = best.into_iter().collect();
    best.sort_unstable_by_key(|(number, _)| *number);
    best
}

#[cfg(test)]
mod tests;
