//! Turns confidences with their outcomes into measures of how good they are.
//!
//! Everywhere a pair is (confidence in [0, 1], whether the answer was right). Measures of nothing are not a number.

use super::random::Random;

/// Expected calibration error: the mean gap between confidence and accuracy over `bins` bins of equally many pairs.
pub fn calibration_error(pairs: &[(f32, bool)], bins: usize) -> f64 {
    let mut sorted = pairs.to_vec();
    sorted.sort_by(|left, right| left.0.total_cmp(&right.0));
    let bins = bins.clamp(1, sorted.len().max(1));
    let gap = |bin: usize| {
        let part = &sorted[bin * sorted.len() / bins..(bin + 1) * sorted.len() / bins];
        part.iter().map(|&(confidence, right)| f64::from(confidence) - f64::from(u8::from(right))).sum::<f64>().abs()
    };
    (0..bins).map(gap).sum::<f64>() / sorted.len() as f64
}

/// Probability that a right answer has more confidence than a wrong one; ties count half.
pub fn area_under_curve(pairs: &[(f32, bool)]) -> f64 {
    let mut sorted = pairs.to_vec();
    sorted.sort_by(|left, right| left.0.total_cmp(&right.0));
    let (mut wrong_below, mut won) = (0.0, 0.0);
    for tied in sorted.chunk_by(|left, right| left.0 == right.0) {
        let right = tied.iter().filter(|pair| pair.1).count() as f64;
        let wrong = tied.len() as f64 - right;
        won += right * (wrong_below + wrong / 2.0);
        wrong_below += wrong;
    }
    won / (wrong_below * (sorted.len() as f64 - wrong_below))
}

/// Mean squared difference between confidence and outcome.
pub fn brier(pairs: &[(f32, bool)]) -> f64 {
    let square = |&(confidence, right): &(f32, bool)| (f64::from(confidence) - f64::from(u8::from(right))).powi(2);
    pairs.iter().map(square).sum::<f64>() / pairs.len() as f64
}

/// Mean of −ln of the probability given to what happened, in nats; probabilities are held 1e-6 away from 0 and 1.
pub fn log_loss(pairs: &[(f32, bool)]) -> f64 {
    let surprise = |&(confidence, right): &(f32, bool)| {
        let confidence = f64::from(confidence).clamp(1e-6, 1.0 - 1e-6);
        -(if right { confidence } else { 1.0 - confidence }).ln()
    };
    pairs.iter().map(surprise).sum::<f64>() / pairs.len() as f64
}

/// A mean with the range that 95 of 100 resamples fall into.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Interval {
    /// Mean of the values.
    pub mean: f64,
    /// 2.5th percentile of the resampled means.
    pub low: f64,
    /// 97.5th percentile.
    pub high: f64,
}

/// Percentile bootstrap of a mean. For the difference of two systems pass the differences, one an item: an interval
/// without 0 is a difference.
pub fn bootstrap(values: &[f64], rounds: usize, seed: u64) -> Interval {
    let mean = values.iter().sum::<f64>() / values.len() as f64;
    let mut random = Random::new(seed);
    let resampled = |_| (0..values.len()).map(|_| values[random.below(values.len())]).sum::<f64>() / values.len() as f64;
    let mut means: Vec<f64> = (0..rounds.max(1)).map(resampled).collect();
    means.sort_by(f64::total_cmp);
    let percentile = |share: f64| means[(share * (means.len() - 1) as f64).round() as usize];
    Interval { mean, low: percentile(0.025), high: percentile(0.975) }
}

/// Lower end of Wilson's interval for a share: what `right` of `all` promises at least, `deviations` standard deviations
/// down (Wilson, "Probable inference, the law of succession, and statistical inference", 1927). 0 for none.
pub fn wilson_lower(right: usize, all: usize, deviations: f64) -> f64 {
    if all == 0 {
        return 0.0;
    }
    let (all, square) = (all as f64, deviations * deviations);
    let share = right as f64 / all;
    let centre = share + square / (2.0 * all);
    let spread = deviations * (share * (1.0 - share) / all + square / (4.0 * all * all)).sqrt();
    ((centre - spread) / (1.0 + square / all)).max(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn measures_of_known_pairs() {
        let pairs = [(0.9, true), (0.8, true), (0.7, false), (0.2, false), (0.1, true)];
        assert!((area_under_curve(&pairs) - 4.0 / 6.0).abs() < 1e-9);
        assert!((brier(&pairs) - (0.01 + 0.04 + 0.49 + 0.04 + 0.81) / 5.0).abs() < 1e-6);
        assert!((log_loss(&[(0.5, true), (0.5, false)]) - 2f64.ln()).abs() < 1e-9);
        assert!((calibration_error(&pairs, 1) - (2.7f64 - 3.0).abs() / 5.0).abs() < 1e-6);
        assert!((calibration_error(&pairs, 99) - (0.1 + 0.2 + 0.7 + 0.2 + 0.9) / 5.0).abs() < 1e-6);
        assert!((area_under_curve(&[(0.5, true), (0.5, false)]) - 0.5).abs() < 1e-9);
        assert!(brier(&[]).is_nan() && calibration_error(&[], 10).is_nan() && area_under_curve(&[(1.0, true)]).is_nan());
    }

    #[test]
    fn wilson_is_the_published_value() {
        // 81 of 263 at 95 %: 0.2553 (Newcombe, "Two-sided confidence intervals for the single proportion", 1998).
        assert!((wilson_lower(81, 263, 1.96) - 0.2553).abs() < 1e-4);
        assert_eq!(wilson_lower(0, 0, 1.96), 0.0);
        assert!(wilson_lower(5, 5, 1.64) < 0.7 && wilson_lower(500, 500, 1.64) > 0.99);
    }

    #[test]
    fn bootstrap_covers_as_promised() {
        let mut random = Random::new(1);
        let covered = (0..200).filter(|&seed| {
            let values: Vec<f64> = (0..60).map(|_| f64::from(random.normal())).collect();
            let interval = bootstrap(&values, 200, seed);
            interval.low <= 0.0 && interval.high >= 0.0
        });
        assert!((175..200).contains(&covered.count()));
        assert_eq!(bootstrap(&[1.0, 2.0, 4.0], 99, 3), bootstrap(&[1.0, 2.0, 4.0], 99, 3));
    }

    proptest! {
        #[test]
        fn area_is_the_share_of_won_pairs(pairs in proptest::collection::vec((0u8..8, any::<bool>()), 2..40)) {
            let pairs: Vec<(f32, bool)> = pairs.into_iter().map(|(c, right)| (f32::from(c) / 8.0, right)).collect();
            let (mut won, mut all) = (0.0, 0.0);
            for right in pairs.iter().filter(|pair| pair.1) {
                for wrong in pairs.iter().filter(|pair| !pair.1) {
                    all += 1.0;
                    won += if right.0 > wrong.0 { 1.0 } else if right.0 == wrong.0 { 0.5 } else { 0.0 };
                }
            }
            prop_assume!(all > 0.0);
            prop_assert!((area_under_curve(&pairs) - won / all).abs() < 1e-9);
        }
    }
}
