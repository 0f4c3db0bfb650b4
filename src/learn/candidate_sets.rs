//! Turns ranked candidates into the shortest lists that hold a right code as often as promised: conformal sets.
//!
//! The first candidate's share is the confidence that it is right; the others share the rest in proportion to their
//! probabilities, flattened. A set holds the first and every other whose share reaches a limit, which gives the shortest sets
//! on the whole (Sadinle et al., "Least ambiguous set-valued classifiers with bounded error levels", 2019). The limit is the
//! finite-sample quantile of the right codes' shares on held-out titles, so the promise holds for titles like the
//! held-out ones whatever the model is.

use serde::{Deserialize, Serialize};

/// A held-out title.
#[derive(Clone, Debug, Default)]
pub struct RankedTitle {
    /// Confidence that the first candidate is right.
    pub confidence: f32,
    /// Probabilities of the other candidates, falling; they need not sum to one.
    pub others: Vec<f32>,
    /// Place of the first right candidate, 0 for the first; none when no candidate is right.
    pub right: Option<usize>,
}

/// Fitted candidate sets.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct CandidateSets {
    /// The promise: how often a set holds a right code.
    pub probability: f64,
    /// The least share of a candidate in a set; 0 when right codes are too often missing from the candidates.
    pub least: f64,
}

/// Probabilities are raised to 1 / this: right codes lie further down than a reranker fitted for the first place thinks. Sets
/// on the hold-outs of O*NET are shortest at 1.5 to 2; at 1 they are a twentieth longer.
const FLATTENING: f64 = 1.5;

impl CandidateSets {
    /// Fits sets that hold a right code with the given probability.
    pub fn fit(titles: &[RankedTitle], probability: f64) -> Self {
        let right_share = |title: &RankedTitle| match title.right {
            Some(0) => f64::INFINITY,
            Some(place) => shares(title.confidence, &title.others).nth(place - 1).unwrap_or(0.0),
            None => 0.0,
        };
        let mut found: Vec<f64> = titles.iter().map(right_share).collect();
        found.sort_by(|left, right| right.total_cmp(left));
        let wanted = ((found.len() + 1) as f64 * probability).ceil() as usize;
        let least = wanted.checked_sub(1).and_then(|place| found.get(place)).copied().unwrap_or(0.0);
        Self { probability, least }
    }

    /// How many candidates behind the first belong to a title's set, of the falling probabilities of all of them.
    pub fn others(&self, confidence: f32, others: &[f32]) -> usize {
        shares(confidence, others).take_while(|&share| share >= self.least).count()
    }
}

/// Shares of the candidates behind the first.
fn shares(confidence: f32, others: &[f32]) -> impl Iterator<Item = f64> {
    let flattened = |&probability: &f32| f64::from(probability).max(1e-30).powf(1.0 / FLATTENING);
    let total: f64 = others.iter().map(flattened).sum();
    let unit = (1.0 - f64::from(confidence)).max(0.0) / total;
    others.iter().map(move |probability| flattened(probability) * unit)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::learn::Random;
    use proptest::prelude::*;

    /// Titles with twenty candidates, some easy and some hard, the right one drawn from a sharper distribution.
    fn drawn(seed: u64, count: usize) -> Vec<RankedTitle> {
        let mut random = Random::new(seed);
        let title = |_| {
            let steepness = random.unit() * 1.5 + 0.05;
            let weights: Vec<f32> = (0..20).map(|place| (-steepness * place as f32).exp()).collect();
            let sharper: Vec<f32> = weights.iter().map(|weight| weight.powf(1.4)).collect();
            let total: f32 = sharper.iter().sum();
            let mut left = random.unit() * total;
            let right = sharper.iter().position(|weight| {
                left -= weight;
                left <= 0.0
            });
            RankedTitle { confidence: sharper[0] / total, others: weights[1..].to_vec(), right }
        };
        (0..count).map(title).collect()
    }

    fn outcome(sets: &CandidateSets, titles: &[RankedTitle]) -> (f64, f64) {
        let sizes: Vec<usize> = titles.iter().map(|title| 1 + sets.others(title.confidence, &title.others)).collect();
        let held = titles.iter().zip(&sizes).filter(|(title, size)| title.right.is_some_and(|place| place < **size)).count();
        let count = titles.len() as f64;
        (held as f64 / count, sizes.iter().sum::<usize>() as f64 / count)
    }

    #[test]
    fn sets_hold_what_they_promise_and_stay_short() {
        let sets = CandidateSets::fit(&drawn(1, 4000), 0.9);
        let (coverage, size) = outcome(&sets, &drawn(2, 20_000));
        assert!((0.885..0.93).contains(&coverage), "covers {coverage}");
        // The shortest list of one length for all titles that covers as much is longer.
        let fixed = (1..20).find(|&length| drawn(2, 20_000).iter().filter(|t| t.right.is_some_and(|p| p < length)).count() >= 18_000);
        assert!(size < 0.8 * fixed.unwrap() as f64, "{size} against {fixed:?}");
        let few = CandidateSets::fit(&drawn(3, 60), 0.9);
        assert!(outcome(&few, &drawn(4, 5000)).0 > 0.8);
    }

    #[test]
    fn confidence_counts() {
        let title = |right| RankedTitle { confidence: 0.5, others: vec![0.3, 0.1, 0.1], right: Some(right) };
        let sets = CandidateSets::fit(&(0..100).map(|place| title(usize::from(place % 4 == 0))).collect::<Vec<_>>(), 0.9);
        assert_eq!(sets.others(0.5, &[0.3, 0.1, 0.1]), 1);
        assert_eq!(sets.others(0.9, &[0.3, 0.1, 0.1]), 0, "a sure first needs no company");
        assert_eq!(sets.others(0.1, &[0.3, 0.3, 0.0]), 2, "a doubtful one needs more");
        let always_first = CandidateSets::fit(&vec![title(0); 50], 0.9);
        assert_eq!(always_first.others(0.1, &[0.3]), 0);
    }

    #[test]
    fn unreachable_promises_give_every_candidate() {
        let missing = vec![RankedTitle { confidence: 0.6, others: vec![0.4], right: None }; 50];
        let sets = CandidateSets::fit(&missing, 0.9);
        assert_eq!((sets.least, sets.others(0.5, &[0.3, 0.2])), (0.0, 2));
        assert_eq!(CandidateSets::fit(&[], 0.9).others(0.0, &[]), 0);
    }

    proptest! {
        #[test]
        fn a_higher_promise_never_shortens_a_set(seed in 0u64..50, confidence in 0.0f32..1.0, weights in proptest::collection::vec(0.0f32..1.0, 0..12)) {
            let titles = drawn(seed, 150);
            let mut weights = weights;
            weights.sort_by(|a, b| b.total_cmp(a));
            let sizes: Vec<usize> = [0.5, 0.8, 0.95].iter().map(|&p| CandidateSets::fit(&titles, p).others(confidence, &weights)).collect();
            prop_assert!(sizes.windows(2).all(|pair| pair[0] <= pair[1]) && sizes[2] <= weights.len());
        }
    }
}
