//! Turns groups of candidates with known right ones into weights of their features: a conditional logit.
//!
//! Within a group, p_c = exp(w·x_c) / Σ exp(w·x); the fit makes the mean of −ln Σ_{c right} p_c small, plus an L2 penalty
//! on standardised weights (McFadden, "Conditional logit analysis of qualitative choice behavior", 1974, with sets).

use super::newton::{self, Objective};
use super::packed;
use serde::{Deserialize, Serialize};

/// Groups of candidates to learn from.
#[derive(Clone, Debug)]
pub struct ChoiceSet {
    features: usize,
    rows: Vec<f32>,
    right: Vec<bool>,
    ends: Vec<usize>,
    skipped: usize,
}

impl ChoiceSet {
    /// No groups yet; every candidate will have `features` numbers.
    pub fn new(features: usize) -> Self {
        Self { features, rows: Vec::new(), right: Vec::new(), ends: Vec::new(), skipped: 0 }
    }

    /// Adds a group: `rows` holds the candidates' features one candidate after another, `right` which are right. A group
    /// in which all or none are right teaches nothing and is only counted.
    ///
    /// # Panics
    /// When `rows` is not `right.len() × features` long.
    pub fn push(&mut self, rows: &[f32], right: &[bool]) {
        assert_eq!(rows.len(), right.len() * self.features, "a group has a row of features for each candidate");
        if right.iter().all(|&right| right) || !right.iter().any(|&right| right) {
            self.skipped += 1;
            return;
        }
        self.rows.extend_from_slice(rows);
        self.right.extend_from_slice(right);
        self.ends.push(self.right.len());
    }

    /// Groups that teach something.
    pub fn groups(&self) -> usize {
        self.ends.len()
    }

    /// Groups left out because all or none of their candidates are right.
    pub fn skipped(&self) -> usize {
        self.skipped
    }
}

/// Scores candidates as a weighted sum of their features.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Reranker {
    #[serde(with = "packed::f32s")]
    weights: Vec<f32>,
}

/// How well a reranker fits the groups it was fitted to.
#[derive(Clone, Debug)]
pub struct ChoiceFit {
    /// Mean log-probability of a right candidate, in nats; 0 is perfect.
    pub log_likelihood: f64,
    /// The same without any features: every candidate equally likely.
    pub null_log_likelihood: f64,
    /// Groups it was fitted to.
    pub groups: usize,
    /// Newton steps taken.
    pub rounds: usize,
    /// Weight of each feature for a change of one standard deviation: comparable between features.
    pub standardised: Vec<f64>,
}

impl Reranker {
    /// A reranker with given weights: for fixed fusion.
    pub fn fixed(weights: Vec<f32>) -> Self {
        Self { weights }
    }

    /// Fits weights; `l2` is the penalty on half their standardised squares per group (1e-3 is a good start). Without
    /// groups, or for a constant feature, weights are 0.
    pub fn fit(choices: &ChoiceSet, l2: f64) -> (Self, ChoiceFit) {
        let moments = newton::moments(&choices.rows, choices.features);
        let scaled = |(at, &value): (usize, &f32)| {
            let (mean, deviation) = moments[at % choices.features];
            if deviation > 0.0 { (newton::finite(value) - mean) / deviation } else { 0.0 }
        };
        let objective = Choices { choices, rows: choices.rows.iter().enumerate().map(scaled).collect() };
        let least = newton::minimise(&objective, &vec![l2; choices.features]);
        let unscaled = |(&weight, &(_, deviation)): (&f64, &(f64, f64))| if deviation > 0.0 { (weight / deviation) as f32 } else { 0.0 };
        let penalty: f64 = least.weights.iter().map(|weight| 0.5 * l2 * weight * weight).sum();
        let nothing = vec![0.0; choices.features];
        let null = objective.evaluate(&nothing, &mut nothing.clone(), &mut vec![0.0; choices.features.pow(2)]);
        let fit = ChoiceFit {
            log_likelihood: penalty - least.value,
            null_log_likelihood: -null,
            groups: choices.groups(),
            rounds: least.rounds,
            standardised: least.weights.clone(),
        };
        (Self { weights: least.weights.iter().zip(&moments).map(unscaled).collect() }, fit)
    }

    /// The weights, in the order of the features.
    pub fn weights(&self) -> &[f32] {
        &self.weights
    }

    /// The score of one candidate: comparable only within its group. Missing features (not finite) count as 0.
    pub fn score(&self, row: &[f32]) -> f32 {
        self.weights.iter().zip(row).map(|(&weight, &value)| f64::from(weight) * newton::finite(value)).sum::<f64>() as f32
    }
}

struct Choices<'c> {
    choices: &'c ChoiceSet,
    rows: Vec<f64>,
}

impl Objective for Choices<'_> {
    fn evaluate(&self, weights: &[f64], gradient: &mut [f64], curvature: &mut [f64]) -> f64 {
        let size = weights.len();
        let share = 1.0 / self.choices.groups().max(1) as f64;
        let (mut value, mut start) = (0.0, 0);
        let (mut chances, mut mean) = (Vec::new(), vec![0.0; size]);
        for &end in &self.choices.ends {
            let rows = || self.rows[start * size..end * size].chunks_exact(size.max(1));
            let right = &self.choices.right[start..end];
            chances.clear();
            chances.extend(rows().map(|row| row.iter().zip(weights).map(|(value, weight)| value * weight).sum::<f64>()));
            let greatest = chances.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            chances.iter_mut().for_each(|chance| *chance = (*chance - greatest).exp());
            let total: f64 = chances.iter().sum();
            let right_total: f64 = chances.iter().zip(right).filter(|(_, right)| **right).map(|(chance, _)| chance).sum();
            let right_total = right_total.max(total * 1e-300);
            value -= share * (right_total / total).ln();
            mean.fill(0.0);
            for ((row, chance), right) in rows().zip(&chances).zip(right) {
                let among_all = chance / total;
                let excess = share * (among_all - if *right { chance / right_total } else { 0.0 });
                for (at, &number) in row.iter().enumerate() {
                    gradient[at] += excess * number;
                    mean[at] += among_all * number;
                }
            }
            // The covariance over all candidates bounds the curvature from above, so its steps are never too long.
            for (row, chance) in rows().zip(&chances) {
                let among_all = share * chance / total;
                for (at, &number) in row.iter().enumerate() {
                    let factor = among_all * (number - mean[at]);
                    for (other, sum) in curvature[at * size..=at * size + at].iter_mut().enumerate() {
                        *sum += factor * (row[other] - mean[other]);
                    }
                }
            }
            start = end;
        }
        value
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::learn::Random;

    /// Groups drawn from a conditional logit with the given weights; the third feature is constant.
    fn drawn(truth: [f32; 2], groups: usize) -> ChoiceSet {
        let mut random = Random::new(9);
        let mut choices = ChoiceSet::new(3);
        for _ in 0..groups {
            let rows: Vec<[f32; 3]> = (0..6).map(|_| [random.normal(), random.normal() * 10.0 + 4.0, 7.0]).collect();
            let chances: Vec<f32> = rows.iter().map(|row| (truth[0] * row[0] + truth[1] * row[1]).exp()).collect();
            let mut left = random.unit() * chances.iter().sum::<f32>();
            let chosen = chances.iter().position(|chance| {
                left -= chance;
                left <= 0.0
            });
            let right: Vec<bool> = (0..6).map(|at| Some(at) == chosen).collect();
            choices.push(&rows.concat(), &right);
        }
        choices
    }

    #[test]
    fn recovers_the_weights_it_was_drawn_from() {
        let (reranker, fit) = Reranker::fit(&drawn([1.5, -0.1], 4000), 1e-6);
        let weights = reranker.weights();
        assert!((weights[0] - 1.5).abs() < 0.1 && (weights[1] + 0.1).abs() < 0.01 && weights[2] == 0.0, "{weights:?}");
        assert!((fit.standardised[1] + 1.0).abs() < 0.1, "ten times the weight for ten times the spread");
        assert!((fit.null_log_likelihood + 6f64.ln()).abs() < 1e-9);
        assert!(fit.log_likelihood > fit.null_log_likelihood + 0.5);
        assert!((reranker.score(&[2.0, 0.0, 1.0]) - 2.0 * weights[0]).abs() < 1e-5);
        assert_eq!(reranker.score(&[f32::NAN, 0.0, f32::INFINITY]), 0.0);
    }

    #[test]
    fn gradient_is_the_slope_of_the_value() {
        let mut choices = ChoiceSet::new(2);
        choices.push(&[1.0, 0.5, -1.0, 2.0, 0.3, 0.1, 0.9, -0.7], &[true, false, true, false]);
        choices.push(&[0.2, 0.1, 0.0, 1.0], &[false, true]);
        let objective = Choices { rows: choices.rows.iter().map(|&value| f64::from(value)).collect(), choices: &choices };
        let at = |weights: [f64; 2]| {
            let (mut gradient, mut curvature) = (vec![0.0; 2], vec![0.0; 4]);
            (objective.evaluate(&weights, &mut gradient, &mut curvature), gradient)
        };
        let (_, gradient) = at([0.4, -0.3]);
        assert!((gradient[0] - (at([0.4001, -0.3]).0 - at([0.3999, -0.3]).0) / 2e-4).abs() < 1e-6);
        assert!((gradient[1] - (at([0.4, -0.2999]).0 - at([0.4, -0.3001]).0) / 2e-4).abs() < 1e-6);
    }

    #[test]
    fn separable_and_empty_groups_stay_finite() {
        let mut choices = ChoiceSet::new(1);
        (0..50).for_each(|_| choices.push(&[1.0, 0.0], &[true, false]));
        choices.push(&[1.0, 0.0], &[false, false]);
        assert_eq!((choices.groups(), choices.skipped()), (50, 1));
        let (reranker, fit) = Reranker::fit(&choices, 1e-3);
        assert!(reranker.weights()[0] > 3.0 && reranker.weights()[0].is_finite() && fit.log_likelihood > -0.1);
        let (nothing, _) = Reranker::fit(&ChoiceSet::new(2), 1e-3);
        assert_eq!(nothing.weights(), [0.0, 0.0]);
        let stored: Reranker = postcard::from_bytes(&postcard::to_allocvec(&reranker).unwrap()).unwrap();
        assert_eq!(stored, reranker);
    }
}
