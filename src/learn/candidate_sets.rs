//! Turns ranked probabilities into the shortest lists that hold a right code as often as promised: conformal sets.
//!
//! A candidate's *depth* is either what its probability lacks of one, which gives the shortest sets on the whole (Sadinle et
//! al., "Least ambiguous set-valued classifiers with bounded error levels", 2019), or the mass before it, of probabilities
//! sharpened by a temperature, plus a penalty for every place beyond a free few, which is fairer to hard titles; the first
//! candidate has depth 0. A set is everything no deeper than a limit, so the first candidate is always in it. The limit is the finite-sample quantile of the right codes' depths on held-out titles (Angelopoulos et al., "Uncertainty sets
//! for image classifiers using conformal prediction", 2021, without their randomisation), so the promise holds for
//! titles like the held-out ones whatever the model is.

use serde::{Deserialize, Serialize};

/// A held-out title: its candidates' probabilities, falling, and the place of the first right one (0 is the first).
#[derive(Clone, Debug)]
pub struct RankedTitle {
    /// Probabilities, falling; they need not sum to one.
    pub probabilities: Vec<f32>,
    /// Place of the first right candidate; none when no candidate is right.
    pub right: Option<usize>,
}

/// Fitted candidate sets.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct CandidateSets {
    /// The promise: how often a set holds a right code.
    pub probability: f64,
    /// Whether depth is what a (sharpened) probability lacks of one; penalty and free places then mean nothing.
    pub by_probability: bool,
    /// Probabilities are raised to 1 / temperature; below 1 sharpens.
    pub temperature: f64,
    /// Depth that each place beyond `free` adds.
    pub penalty: f64,
    /// Places without penalty.
    pub free: usize,
    /// The greatest depth in a set; infinite when right codes are too often missing from the candidates.
    pub limit: f64,
}

/// Temperatures, penalties and free places tried; the combination with the smallest mean set wins.
const TEMPERATURES: [f64; 6] = [0.5, 0.7, 1.0, 1.5, 2.2, 3.3];
const PENALTIES: [f64; 5] = [0.0, 0.01, 0.03, 0.1, 0.3];
const FREE: [usize; 3] = [1, 3, 6];

/// With fewer titles nothing is chosen: half of them would not show which shape is better.
const LEAST_TITLES_TO_CHOOSE: usize = 200;

impl CandidateSets {
    /// Fits sets that hold a right code with the given probability. Shape is chosen on every other title and the limit
    /// fixed on the rest, so that choosing does not weaken the promise.
    pub fn fit(titles: &[RankedTitle], probability: f64) -> Self {
        let shape = |temperature, penalty, free| Self { probability, by_probability: false, temperature, penalty, free, limit: f64::INFINITY };
        if titles.len() < LEAST_TITLES_TO_CHOOSE {
            return shape(1.0, 0.01, 3).limited(&titles.iter().collect::<Vec<_>>());
        }
        let choosing: Vec<&RankedTitle> = titles.iter().step_by(2).collect();
        let limiting: Vec<&RankedTitle> = titles.iter().skip(1).step_by(2).collect();
        let size_of = |sets: &Self| choosing.iter().map(|title| sets.size(&title.probabilities)).sum::<usize>();
        let mut best: Option<(usize, Self)> = None;
        for temperature in TEMPERATURES {
            let least_ambiguous = Self { by_probability: true, ..shape(temperature, 0.0, 0) }.limited(&choosing);
            let size = size_of(&least_ambiguous);
            if best.is_none_or(|(least, _)| size < least) {
                best = Some((size, least_ambiguous));
            }
            for penalty in PENALTIES {
                for free in FREE {
                    let sets = shape(temperature, penalty, free).limited(&choosing);
                    let size = size_of(&sets);
                    if best.is_none_or(|(least, _)| size < least) {
                        best = Some((size, sets));
                    }
                }
            }
        }
        best.map_or(shape(1.0, 0.01, 3), |(_, sets)| sets).limited(&limiting)
    }

    fn limited(self, titles: &[&RankedTitle]) -> Self {
        let depth_of = |title: &&RankedTitle| {
            title.right.and_then(|place| self.depths(&title.probabilities).nth(place)).unwrap_or(f64::INFINITY)
        };
        let mut depths: Vec<f64> = titles.iter().map(depth_of).collect();
        depths.sort_by(f64::total_cmp);
        let wanted = ((depths.len() + 1) as f64 * self.probability).ceil() as usize;
        let limit = wanted.checked_sub(1).and_then(|place| depths.get(place)).copied().unwrap_or(f64::INFINITY);
        Self { limit, ..self }
    }

    /// The depths of candidates, rising from 0.
    fn depths(self, probabilities: &[f32]) -> impl Iterator<Item = f64> {
        let sharpened = move |&probability: &f32| f64::from(probability).max(1e-30).powf(1.0 / self.temperature);
        let total: f64 = probabilities.iter().map(sharpened).sum();
        let mut before = 0.0;
        probabilities.iter().enumerate().map(move |(place, probability)| {
            let share = sharpened(probability) / total;
            let depth = match (self.by_probability, place) {
                (true, 0) => 0.0,
                (true, _) => 1.0 - share,
                (false, _) => before + self.penalty * place.saturating_sub(self.free) as f64,
            };
            before += share;
            depth
        })
    }

    /// How many of the falling probabilities form the set: at least 1, unless there are none.
    pub fn size(&self, probabilities: &[f32]) -> usize {
        self.depths(probabilities).take_while(|&depth| depth <= self.limit).count().max(probabilities.len().min(1))
    }
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
            let total: f32 = weights.iter().sum();
            let sharper: Vec<f32> = weights.iter().map(|weight| weight.powf(1.4)).collect();
            let mut left = random.unit() * sharper.iter().sum::<f32>();
            let right = sharper.iter().position(|weight| {
                left -= weight;
                left <= 0.0
            });
            RankedTitle { probabilities: weights.iter().map(|weight| weight / total).collect(), right }
        };
        (0..count).map(title).collect()
    }

    fn outcome(sets: &CandidateSets, titles: &[RankedTitle]) -> (f64, f64) {
        let sizes: Vec<usize> = titles.iter().map(|title| sets.size(&title.probabilities)).collect();
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
    fn unreachable_promises_give_every_candidate() {
        let missing = vec![RankedTitle { probabilities: vec![0.6, 0.4], right: None }; 50];
        let sets = CandidateSets::fit(&missing, 0.9);
        assert_eq!((sets.limit, sets.size(&[0.5, 0.3, 0.2])), (f64::INFINITY, 3));
        assert_eq!(CandidateSets::fit(&[], 0.9).size(&[]), 0);
        let easy = vec![RankedTitle { probabilities: vec![0.6, 0.4], right: Some(0) }; 50];
        assert_eq!(CandidateSets::fit(&easy, 0.9).size(&[0.5, 0.5]), 1);
    }

    proptest! {
        #[test]
        fn a_higher_promise_never_shortens_a_set(seed in 0u64..50, weights in proptest::collection::vec(0.0f32..1.0, 0..12)) {
            let titles = drawn(seed, 150);
            let mut weights = weights;
            weights.sort_by(|a, b| b.total_cmp(a));
            let sizes: Vec<usize> = [0.5, 0.8, 0.95].iter().map(|&p| CandidateSets::fit(&titles, p).size(&weights)).collect();
            prop_assert!(sizes.windows(2).all(|pair| pair[0] <= pair[1]) && sizes[2] <= weights.len());
            prop_assert!(weights.is_empty() || sizes[0] >= 1);
        }
    }
}
