//! Turns evidence about a first candidate into the probability that it is right, and that into a threshold.

use super::measure::wilson_lower;
use super::newton::{self, Objective};
use super::packed;
use serde::{Deserialize, Serialize};

/// ln(p / (1 − p)) with p held 1e-6 away from 0 and 1: the first calibration feature.
pub fn log_odds(probability: f32) -> f32 {
    let probability = f64::from(probability).clamp(1e-6, 1.0 - 1e-6);
    (probability / (1.0 - probability)).ln() as f32
}

/// Entropy in nats of log-probabilities: the second calibration feature.
pub fn entropy(log_probabilities: &[f32]) -> f32 {
    log_probabilities.iter().map(|&log| -super::dense::exp(log) * log.max(-80.0)).sum()
}

/// A logistic calibrator over any features. Known and novel titles need one each: a mixed one misleads about both.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Calibrator {
    #[serde(with = "packed::f32s")]
    weights: Vec<f32>,
    bias: f32,
}

impl Calibrator {
    /// Fits to row-major evidence (`features` numbers a title) and whether each first candidate was right. `ridge` is the
    /// penalty on half the squared standardised weights, per title (1e-3 is a good start); the bias is free but for one
    /// imagined right and one imagined wrong title, so that all-right data do not promise certainty.
    ///
    /// # Panics
    /// When `rows` is not `right.len() × features` long.
    pub fn fit(rows: &[f32], right: &[bool], features: usize, ridge: f64) -> Self {
        assert_eq!(rows.len(), right.len() * features, "evidence has a row for each title");
        let moments = newton::moments(rows, features);
        let mut scaled = Vec::with_capacity((right.len() + 2) * (features + 1));
        for at in 0..right.len() {
            for (column, &(mean, deviation)) in moments.iter().enumerate() {
                let value = newton::finite(rows[at * features + column]);
                scaled.push(if deviation > 0.0 { (value - mean) / deviation } else { 0.0 });
            }
            scaled.push(1.0);
        }
        for _ in 0..2 {
            scaled.extend(std::iter::repeat_n(0.0, features).chain([1.0]));
        }
        let right: Vec<bool> = right.iter().copied().chain([true, false]).collect();
        let mut penalties = vec![ridge; features + 1];
        penalties[features] = 0.0;
        let least = newton::minimise(&Logistic { rows: &scaled, right: &right }, &penalties);
        let mut bias = least.weights[features];
        let mut weights = Vec::with_capacity(features);
        for (&weight, &(mean, deviation)) in least.weights.iter().zip(&moments) {
            let weight = if deviation > 0.0 { weight / deviation } else { 0.0 };
            bias -= weight * mean;
            weights.push(weight as f32);
        }
        Self { weights, bias: bias as f32 }
    }

    /// The weight of each feature, for the record.
    pub fn weights(&self) -> &[f32] {
        &self.weights
    }

    /// Probability that the first candidate is right. Missing features (not finite) count as 0.
    pub fn confidence(&self, row: &[f32]) -> f32 {
        let sum: f64 = self.weights.iter().zip(row).map(|(&weight, &value)| f64::from(weight) * newton::finite(value)).sum();
        sigmoid(sum + f64::from(self.bias)) as f32
    }
}

fn sigmoid(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}

struct Logistic<'l> {
    rows: &'l [f64],
    right: &'l [bool],
}

impl Objective for Logistic<'_> {
    fn evaluate(&self, weights: &[f64], gradient: &mut [f64], curvature: &mut [f64]) -> f64 {
        let size = weights.len();
        let share = 1.0 / self.right.len() as f64;
        let mut value = 0.0;
        for (row, &right) in self.rows.chunks_exact(size).zip(self.right) {
            let odds: f64 = row.iter().zip(weights).map(|(value, weight)| value * weight).sum();
            let signed = if right { odds } else { -odds };
            value += share * ((-signed.abs()).exp().ln_1p() + (-signed).max(0.0));
            let chance = sigmoid(odds);
            let slope = share * (chance - f64::from(u8::from(right)));
            let bend = share * chance * (1.0 - chance);
            for (at, &number) in row.iter().enumerate() {
                gradient[at] += slope * number;
                for (other, sum) in curvature[at * size..=at * size + at].iter_mut().enumerate() {
                    *sum += bend * number * row[other];
                }
            }
        }
        value
    }
}

/// The least confidence that is enough for a wanted precision, with what it was seen to do.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Threshold {
    /// Accept at this confidence or above.
    pub confidence: f32,
    /// Share of right answers among the held-out titles at or above it.
    pub precision: f64,
    /// Share of the held-out titles at or above it.
    pub coverage: f64,
    /// How many those are.
    pub titles: usize,
}

/// One-sided 95 %: with few titles above it a threshold must do better than its target by this many deviations.
const DEVIATIONS: f64 = 1.645;

impl Threshold {
    /// The lowest confidence with precision of at least `target + guard` above it, of which Wilson's lower bound keeps at
    /// least `target`. The guard (0.02–0.03) pays for learning on titles unlike those to come. `None` when no
    /// confidence is high enough.
    pub fn for_precision(pairs: &[(f32, bool)], target: f64, guard: f64) -> Option<Self> {
        let mut sorted: Vec<(f32, bool)> = pairs.iter().copied().filter(|pair| pair.0.is_finite()).collect();
        sorted.sort_by(|left, right| right.0.total_cmp(&left.0));
        let (mut titles, mut right, mut best) = (0, 0, None);
        for tied in sorted.chunk_by(|left, right| left.0 == right.0) {
            titles += tied.len();
            right += tied.iter().filter(|pair| pair.1).count();
            let precision = right as f64 / titles as f64;
            if precision >= (target + guard).min(1.0) && wilson_lower(right, titles, DEVIATIONS) >= target {
                let coverage = titles as f64 / pairs.len() as f64;
                best = Some(Self { confidence: tied[0].0, precision, coverage, titles });
            }
        }
        best
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::learn::{Random, measure};
    use proptest::prelude::*;

    /// Titles whose true log-odds are `1 + 2a − b`; the third feature is constant, some of the first are missing.
    fn drawn(count: usize) -> (Vec<f32>, Vec<bool>) {
        let mut random = Random::new(4);
        let (mut rows, mut right) = (Vec::new(), Vec::new());
        for _ in 0..count {
            let (a, b) = (random.normal(), random.normal() * 3.0 + 1.0);
            right.push(random.unit() < sigmoid(f64::from(1.0 + 2.0 * a - b)) as f32);
            rows.extend([a, b, 5.0]);
        }
        (rows, right)
    }

    #[test]
    fn logistic_recovers_the_odds_and_is_calibrated() {
        let (rows, right) = drawn(20_000);
        let calibrator = Calibrator::fit(&rows, &right, 3, 1e-6);
        let weights = calibrator.weights();
        assert!((weights[0] - 2.0).abs() < 0.12 && (weights[1] + 1.0).abs() < 0.06 && weights[2] == 0.0, "{weights:?}");
        assert!((calibrator.confidence(&[0.0, 1.0, 5.0]) - 0.5).abs() < 0.03);
        let pairs: Vec<(f32, bool)> = rows.chunks(3).map(|row| calibrator.confidence(row)).zip(right).collect();
        assert!(measure::calibration_error(&pairs, 15) < 0.015);
        let stored: Calibrator = postcard::from_bytes(&postcard::to_allocvec(&calibrator).unwrap()).unwrap();
        assert_eq!(stored, calibrator);
    }

    #[test]
    fn one_sided_separable_and_empty_data_stay_within_bounds() {
        let all_right = Calibrator::fit(&[1.0, 2.0, 3.0], &[true; 3], 1, 1e-3);
        let confidence = all_right.confidence(&[2.0]);
        assert!((0.7..0.9).contains(&confidence), "four of five imagined: {confidence}");
        let separable = Calibrator::fit(&[-1.0, 1.0].repeat(50), &[false, true].repeat(50), 1, 1e-3);
        assert!(separable.confidence(&[1.0]) > 0.95 && separable.confidence(&[-1.0]) < 0.05);
        assert!((Calibrator::fit(&[], &[], 2, 1e-3).confidence(&[9.0, f32::NAN]) - 0.5).abs() < 1e-6);
    }

    #[test]
    fn threshold_is_the_lowest_good_enough() {
        let rung = |confidence: f32, right: usize, wrong: usize| {
            std::iter::repeat_n((confidence, true), right).chain(std::iter::repeat_n((confidence, false), wrong))
        };
        let many: Vec<(f32, bool)> = rung(0.9, 990, 10).chain(rung(0.8, 950, 50)).chain(rung(0.7, 600, 400)).collect();
        let cases: &[(&str, &[(f32, bool)], f64, f64, Option<f32>)] = &[
            ("two rungs reach .97", &many, 0.95, 0.02, Some(0.8)),
            ("a greater guard leaves one", &many, 0.95, 0.03, Some(0.9)),
            ("everything reaches .8", &many, 0.8, 0.03, Some(0.7)),
            ("nothing reaches .995", &many, 0.995, 0.0, None),
            ("five of five prove too little", &[(0.9, true); 5], 0.95, 0.0, None),
            ("no titles", &[], 0.5, 0.0, None),
        ];
        for (name, pairs, target, guard, expected) in cases {
            assert_eq!(Threshold::for_precision(pairs, *target, *guard).map(|found| found.confidence), *expected, "{name}");
        }
        let found = Threshold::for_precision(&many, 0.95, 0.02).unwrap();
        assert_eq!((found.titles, found.precision), (2000, 0.97));
    }

    #[test]
    fn entropy_and_log_odds_of_known_values() {
        assert!((entropy(&[0.5f32.ln(); 2]) - 2f32.ln()).abs() < 1e-5);
        assert!(entropy(&[0.0, -500.0]).abs() < 1e-6);
        assert!((log_odds(0.75) - 3f32.ln()).abs() < 1e-6 && log_odds(1.0).is_finite() && log_odds(0.0) == -log_odds(1.0));
    }

    proptest! {
        #[test]
        fn logistic_rises_with_the_evidence(evidence in proptest::collection::vec(-3.0f32..3.0, 30..80)) {
            let right: Vec<bool> = evidence.iter().map(|&e| e > 0.0).collect();
            let calibrator = Calibrator::fit(&evidence, &right, 1, 1e-2);
            prop_assert!(calibrator.confidence(&[3.0]) + 1e-6 >= calibrator.confidence(&[-3.0]));
        }
    }
}
