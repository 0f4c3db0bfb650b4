//! Turns judged answers into measures with intervals.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{Asked, Question};
use crate::decide::Decision;
use crate::learn::measure::{area_under_curve, bootstrap, brier, calibration_error};
use crate::taxonomy::Taxonomy;

/// Candidates that MRR and MAP look at.
const DEPTH: usize = 10;
/// Resamples of an interval.
const ROUNDS: usize = 1_000;
/// Precisions whose coverage is stated.
const PRECISIONS: [f64; 3] = [0.90, 0.95, 0.98];
/// Points of a risk–coverage curve.
const CURVE_POINTS: usize = 50;
/// Bins of a calibration curve.
const BINS: usize = 10;
/// Branches listed: the largest.
const MAX_BRANCHES: usize = 40;

/// A mean with the interval of 95 of 100 resamples.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Estimate {
    /// The mean.
    pub mean: f64,
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

/// Measures of one method on one list of questions.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Measures {
    /// Questions that have a right code.
    pub titles: usize,
    /// Share whose first answer is right.
    pub accuracy: Estimate,
    /// Share with a right code among the first k, for 3, 5, 10 and 20.
    pub recall: BTreeMap<usize, f64>,
    /// Mean reciprocal rank of the first right code, within ten.
    pub mrr: Estimate,
    /// Mean average precision over all right codes, within ten.
    pub map: Estimate,
    /// Of methods that state a confidence.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub confidence: Option<ConfidenceMeasures>,
    /// Of methods that give candidate sets.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sets: Option<SetMeasures>,
    /// By how the first answer was found, by branch and by level of the right code, in that order.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<Part>,
}

/// Measures of a part of the questions.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Part {
    /// `tier`, `branch` or `level`.
    pub by: &'static str,
    /// Which.
    pub name: String,
    /// Questions in it.
    pub titles: usize,
    /// Share whose first answer is right.
    pub accuracy: f64,
    /// Mean reciprocal rank.
    pub mrr: f64,
}

/// How good stated confidences are.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ConfidenceMeasures {
    /// Share of titles accepted.
    pub accepted: f64,
    /// Share of accepted titles that are right; not a number when none is.
    pub accepted_precision: f64,
    /// Most titles that could be accepted at a precision.
    pub coverage_at: Vec<CoverageAt>,
    /// Mean gap between confidence and accuracy over ten equal bins.
    pub calibration_error: f64,
    /// Probability that a right answer has more confidence than a wrong one.
    pub auc: f64,
    /// Mean squared difference between confidence and outcome.
    pub brier: f64,
    /// What that saves against stating the mean accuracy every time, as a share of the latter's.
    pub brier_gain: f64,
    /// Precision of the surest titles, by their share.
    pub curve: Vec<CurvePoint>,
    /// Accuracy by confidence.
    pub bins: Vec<Bin>,
}

/// Coverage at a precision.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct CoverageAt {
    /// The precision.
    pub precision: f64,
    /// The largest share of titles, surest first, that has it.
    pub coverage: f64,
}

/// A point of a risk–coverage curve.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct CurvePoint {
    /// Share of titles, surest first.
    pub coverage: f64,
    /// Share of them that are right.
    pub precision: f64,
}

/// A bin of equally many titles of like confidence.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Bin {
    /// Mean confidence.
    pub confidence: f64,
    /// Share that are right.
    pub accuracy: f64,
    /// Titles in it.
    pub titles: usize,
}

/// How good candidate sets are.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct SetMeasures {
    /// Mean number of codes.
    pub size: f64,
    /// Share of sets with a right code.
    pub coverage: f64,
    /// Length of the shortest fixed list with at least that coverage; `None` when no list that was asked for has it.
    pub fixed_size: Option<usize>,
}

/// Measures judged answers. Questions without a right code are left out of everything.
pub fn measure(questions: &[Question], asked: &[Asked], taxonomy: &Taxonomy, with_parts: bool, seed: u64) -> Measures {
    let rows: Vec<(&Question, &Asked)> = questions.iter().zip(asked).filter(|(question, _)| !question.right.is_empty()).collect();
    let estimate = |value: &dyn Fn(&Asked) -> f64| {
        let values: Vec<f64> = rows.iter().map(|(_, asked)| value(asked)).collect();
        let interval = bootstrap(&values, ROUNDS, seed);
        Estimate { mean: interval.mean, low: interval.low, high: interval.high }
    };
    let answers: Vec<&Asked> = rows.iter().map(|(_, asked)| *asked).collect();
    Measures {
        titles: rows.len(),
        accuracy: estimate(&|asked| f64::from(u8::from(asked.is_right()))),
        recall: [3, 5, 10, 20].into_iter().map(|depth| (depth, recall(&answers, depth))).collect(),
        mrr: estimate(&reciprocal_rank),
        map: estimate(&average_precision),
        confidence: confidence(&answers),
        sets: sets(&answers),
        parts: if with_parts { parts(&rows, taxonomy) } else { Vec::new() },
    }
}

fn share(count: usize, of: usize) -> f64 {
    count as f64 / of as f64
}

fn recall(answers: &[&Asked], depth: usize) -> f64 {
    share(answers.iter().filter(|asked| asked.places.first().is_some_and(|place| *place < depth)).count(), answers.len())
}

fn reciprocal_rank(asked: &Asked) -> f64 {
    asked.places.first().filter(|place| **place < DEPTH).map_or(0.0, |place| 1.0 / (place + 1) as f64)
}

/// Mean precision at the places of the right codes, over as many right codes as ten places can hold.
fn average_precision(asked: &Asked) -> f64 {
    let within = asked.places.iter().filter(|place| **place < DEPTH);
    let sum: f64 = within.enumerate().map(|(found, place)| (found + 1) as f64 / (place + 1) as f64).sum();
    sum / asked.right_codes.clamp(1, DEPTH) as f64
}

fn confidence(answers: &[&Asked]) -> Option<ConfidenceMeasures> {
    let pairs: Vec<(f32, bool)> = answers.iter().filter_map(|asked| Some((asked.confidence?, asked.is_right()))).collect();
    if pairs.is_empty() {
        return None;
    }
    let accepted: Vec<&&Asked> = answers.iter().filter(|asked| asked.decision == Some(Decision::Accept)).collect();
    let right_accepted = accepted.iter().filter(|asked| asked.is_right()).count();
    let mut sorted = pairs.clone();
    sorted.sort_by(|left, right| right.0.total_cmp(&left.0));
    let base = share(pairs.iter().filter(|pair| pair.1).count(), pairs.len());
    let score = brier(&pairs);
    Some(ConfidenceMeasures {
        accepted: share(accepted.len(), answers.len()),
        accepted_precision: share(right_accepted, accepted.len()),
        coverage_at: PRECISIONS.iter().map(|precision| CoverageAt { precision: *precision, coverage: coverage_at(&sorted, *precision) }).collect(),
        calibration_error: calibration_error(&pairs, BINS),
        auc: area_under_curve(&pairs),
        brier: score,
        brier_gain: 1.0 - score / (base * (1.0 - base)),
        curve: curve(&sorted),
        bins: bins(&sorted),
    })
}

/// The largest share, surest first, that is right at least so often. Titles of equal confidence stand or fall together.
fn coverage_at(sorted: &[(f32, bool)], precision: f64) -> f64 {
    let (mut right, mut best) = (0, 0);
    for (place, pair) in sorted.iter().enumerate() {
        right += usize::from(pair.1);
        let ends_tie = sorted.get(place + 1).is_none_or(|next| next.0 < pair.0);
        if ends_tie && share(right, place + 1) >= precision {
            best = place + 1;
        }
    }
    share(best, sorted.len())
}

fn curve(sorted: &[(f32, bool)]) -> Vec<CurvePoint> {
    let mut rights = vec![0];
    rights.extend(sorted.iter().scan(0, |right, pair| {
        *right += usize::from(pair.1);
        Some(*right)
    }));
    let point = |step: usize| (step * sorted.len()).div_ceil(CURVE_POINTS);
    let mut ends: Vec<usize> = (1..=CURVE_POINTS).map(point).collect();
    ends.dedup();
    ends.iter().map(|end| CurvePoint { coverage: share(*end, sorted.len()), precision: share(rights[*end], *end) }).collect()
}

/// Bins from the least confident up.
fn bins(sorted: &[(f32, bool)]) -> Vec<Bin> {
    let count = BINS.min(sorted.len());
    let part = |bin: usize| &sorted[bin * sorted.len() / count..(bin + 1) * sorted.len() / count];
    (0..count)
        .rev()
        .map(|bin| {
            let pairs = part(bin);
            Bin {
                confidence: pairs.iter().map(|pair| f64::from(pair.0)).sum::<f64>() / pairs.len() as f64,
                accuracy: share(pairs.iter().filter(|pair| pair.1).count(), pairs.len()),
                titles: pairs.len(),
            }
        })
        .collect()
}

fn sets(answers: &[&Asked]) -> Option<SetMeasures> {
    let sets: Vec<(usize, bool)> = answers.iter().filter_map(|asked| asked.set).collect();
    if sets.is_empty() {
        return None;
    }
    // A title without an answer has an empty set, which holds no right code.
    let coverage = share(sets.iter().filter(|set| set.1).count(), answers.len());
    Some(SetMeasures {
        size: share(sets.iter().map(|set| set.0).sum(), answers.len()),
        coverage,
        fixed_size: (1..=crate::engine::MAX_LIMIT).find(|depth| recall(answers, *depth) >= coverage),
    })
}

fn parts(rows: &[(&Question, &Asked)], taxonomy: &Taxonomy) -> Vec<Part> {
    let level_of = |question: &Question| {
        let role = question.right.iter().find_map(|code| taxonomy.roles.iter().find(|role| role.code.as_str() == code.as_str()))?;
        role.level.map(|level| level.to_string())
    };
    let tier_of = |asked: &Asked| {
        let tier = asked.tier.map(|tier| format!("{tier:?}").to_lowercase());
        tier.unwrap_or_else(|| "none".to_owned())
    };
    let mut found = gather(rows, "tier", |_, asked| Some(tier_of(asked)));
    let mut branches = gather(rows, "branch", |question, _| question.right.first().map(|code| branch(code).to_owned()));
    branches.sort_by(|a, b| b.titles.cmp(&a.titles).then_with(|| a.name.cmp(&b.name)));
    branches.truncate(MAX_BRANCHES);
    found.extend(branches);
    if taxonomy.has_levels() {
        found.extend(gather(rows, "level", |question, _| level_of(question)));
    }
    found
}

fn gather(rows: &[(&Question, &Asked)], by: &'static str, name: impl Fn(&Question, &Asked) -> Option<String>) -> Vec<Part> {
    let mut groups: BTreeMap<String, Vec<&Asked>> = BTreeMap::new();
    for (question, asked) in rows {
        if let Some(name) = name(question, asked) {
            groups.entry(name).or_default().push(asked);
        }
    }
    let part = |(name, answers): (String, Vec<&Asked>)| Part {
        by,
        name,
        titles: answers.len(),
        accuracy: recall(&answers, 1),
        mrr: answers.iter().map(|asked| reciprocal_rank(asked)).sum::<f64>() / answers.len() as f64,
    };
    groups.into_iter().map(part).collect()
}

/// The first group of a code: `DEI` of `DEI.GEN.P5`, `11` of `11-1011.00`; of a URI the folder, as in `isco`.
fn branch(code: &str) -> &str {
    if let Some((folder, _)) = code.rsplit_once('/') {
        return folder.rsplit('/').next().unwrap_or(folder);
    }
    code.split(['.', '-']).next().unwrap_or(code)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(places: &[usize], right_codes: usize, confidence: f32, decision: Decision, set: (usize, bool)) -> Asked {
        Asked {
            places: places.to_vec(),
            right_codes,
            confidence: Some(confidence),
            decision: Some(decision),
            tier: None,
            set: Some(set),
            first: None,
        }
    }

    #[test]
    fn measures_by_hand() {
        let rows = [
            row(&[0, 2], 2, 0.9, Decision::Accept, (1, true)),
            row(&[1], 1, 0.8, Decision::Accept, (2, true)),
            row(&[0], 1, 0.6, Decision::Review, (3, true)),
            row(&[12], 1, 0.2, Decision::Review, (2, false)),
            row(&[], 0, 0.99, Decision::Accept, (1, false)),
        ];
        let question = |number: usize| Question {
            id: number.to_string(),
            text: String::new(),
            right: if number == 4 { Vec::new() } else { vec![format!("A-{number}")] },
        };
        let questions: Vec<Question> = (0..5).map(question).collect();
        let found = measure(&questions, &rows, &Taxonomy::default(), true, 1);
        assert_eq!(found.titles, 4);
        assert!((found.accuracy.mean - 0.5).abs() < 1e-9);
        assert!((found.recall[&3] - 0.75).abs() < 1e-9 && (found.recall[&20] - 1.0).abs() < 1e-9);
        assert!((found.mrr.mean - (1.0 + 0.5 + 1.0) / 4.0).abs() < 1e-9);
        assert!((found.map.mean - ((1.0 + 2.0 / 3.0) / 2.0 + 0.5 + 1.0) / 4.0).abs() < 1e-9);
        let confidence = found.confidence.expect("stated");
        assert!((confidence.accepted - 0.5).abs() < 1e-9 && (confidence.accepted_precision - 0.5).abs() < 1e-9);
        assert!((confidence.coverage_at[0].coverage - 0.25).abs() < 1e-9);
        assert!((confidence.brier - (0.01 + 0.64 + 0.16 + 0.04) / 4.0).abs() < 1e-6);
        let sets = found.sets.expect("given");
        assert_eq!((sets.size, sets.coverage, sets.fixed_size), (2.0, 0.75, Some(2)));
        assert_eq!(found.parts.iter().map(|part| (part.by, part.name.as_str(), part.titles)).collect::<Vec<_>>(), [("tier", "none", 4), ("branch", "A", 4)]);
    }

    #[test]
    fn coverage_does_not_cut_through_ties() {
        let sorted = [(0.9, true), (0.5, true), (0.5, false), (0.4, true)];
        assert_eq!(coverage_at(&sorted, 0.9), 0.25);
        assert_eq!(coverage_at(&sorted, 0.7), 1.0);
        assert_eq!(coverage_at(&sorted, 1.1), 0.0);
    }

    #[test]
    fn branches_of_codes() {
        for (code, expected) in [("DEI.GEN.P5", "DEI"), ("11-1011.00", "11"), ("http://x/esco/isco/C0", "isco"), ("7", "7")] {
            assert_eq!(branch(code), expected);
        }
    }
}
