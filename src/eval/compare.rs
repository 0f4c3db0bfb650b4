//! Compares two methods row by row.

use serde::Serialize;

use super::Asked;

/// What two methods answered to the same rows.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Comparison {
    /// The first method.
    pub first: String,
    /// The second.
    pub second: String,
    /// Rows that both have right.
    pub both: usize,
    /// Rows that only the first has right.
    pub only_first: usize,
    /// Rows that only the second has right.
    pub only_second: usize,
    /// Rows that neither has right.
    pub neither: usize,
    /// Probability of so uneven a split of the rows that only one has right, were both as good: McNemar's test ("Note on the
    /// sampling error of the difference between correlated proportions", 1947), with the normal approximation and continuity
    /// correction from 50 such rows on, exact below.
    pub chance: f64,
}

/// Rows from which the normal approximation is good to the second digit.
const NORMAL_FROM: usize = 50;

/// Compares the first answers of two methods.
///
/// # Panics
/// When they were not asked the same number of rows.
pub fn compare(first: (&str, &[Asked]), second: (&str, &[Asked])) -> Comparison {
    assert_eq!(first.1.len(), second.1.len(), "both methods answer the same rows");
    let mut counts = [0usize; 4];
    for (left, right) in first.1.iter().zip(second.1) {
        counts[usize::from(left.is_right()) * 2 + usize::from(right.is_right())] += 1;
    }
    let [neither, only_second, only_first, both] = counts;
    Comparison {
        first: first.0.to_owned(),
        second: second.0.to_owned(),
        both,
        only_first,
        only_second,
        neither,
        chance: chance(only_first, only_second),
    }
}

fn chance(one: usize, other: usize) -> f64 {
    let all = one + other;
    if all == 0 {
        return 1.0;
    }
    if all < NORMAL_FROM {
        // Both tails of the binomial with even odds.
        let mut term = 0.5f64.powi(all as i32);
        let mut tail = 0.0;
        for count in 0..=one.min(other) {
            tail += term;
            term *= (all - count) as f64 / (count + 1) as f64;
        }
        return (2.0 * tail).min(1.0);
    }
    let gap = (one.abs_diff(other) as f64 - 1.0).max(0.0);
    let deviations = gap / (all as f64).sqrt();
    complementary_error(deviations / std::f64::consts::SQRT_2)
}

/// erfc for x ≥ 0, off by less than 1.5e-7 (Abramowitz and Stegun, "Handbook of mathematical functions", 7.1.26).
fn complementary_error(x: f64) -> f64 {
    let t = 1.0 / (1.0 + 0.327_591_1 * x);
    let sum = [0.254_829_592, -0.284_496_736, 1.421_413_741, -1.453_152_027, 1.061_405_429]
        .iter()
        .rev()
        .fold(0.0, |sum, factor| (sum + factor) * t);
    sum * (-x * x).exp()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(right: &[bool]) -> Vec<Asked> {
        let row = |right: &bool| Asked {
            places: if *right { vec![0] } else { vec![1] },
            right_codes: 1,
            confidence: None,
            decision: None,
            tier: None,
            set: None,
            first: None,
        };
        right.iter().map(row).collect()
    }

    #[test]
    fn rows_are_counted_by_who_has_them() {
        let found = compare(("a", &rows(&[true, true, false, false, true])), ("b", &rows(&[true, false, true, false, false])));
        assert_eq!((found.both, found.only_first, found.only_second, found.neither), (1, 2, 1, 1));
        assert!((found.chance - 1.0).abs() < 1e-9);
    }

    #[test]
    fn chances_are_those_of_the_tables() {
        // Binomial with n = 10: P(X ≤ 1) = 11/1024, twice that.
        assert!((chance(9, 1) - 22.0 / 1024.0).abs() < 1e-9);
        assert!((chance(0, 0) - 1.0).abs() < 1e-9);
        // (|59 − 86| − 1)² / 145 = 4.66 has a chance of 0.0308 with one degree of freedom.
        assert!((chance(59, 86) - 0.0308).abs() < 5e-4);
        assert_eq!(chance(60, 100), chance(100, 60));
    }
}
