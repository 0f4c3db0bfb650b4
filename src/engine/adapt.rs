//! Turns unlabelled titles into a prior over specialisations, by expectation maximisation.
//!
//! Each round shares every title out among its candidates by their scores and the prior so far, and takes the shares'
//! means as the next prior. Titles of one's own thus teach which roles one has, without a single label (Saerens, Latinne
//! and Decaestecker, "Adjusting the outputs of a classifier to new a priori probabilities", 2002).

use std::collections::BTreeMap;

use super::{Engine, PriorFile, Reading};
use crate::rank::Ranking;

/// Rounds: later ones move no probability's second digit.
const ROUNDS: usize = 20;
/// Share of the prior that is spread evenly, so that no role becomes impossible.
const SMOOTHING: f64 = 0.02;

/// Learns a prior from titles. Titles without candidates teach nothing and are not counted; the order does not matter.
///
/// A prior that the engine already has is not looked at.
pub fn adapt<'t>(engine: &Engine, name: &str, titles: impl IntoIterator<Item = &'t str>) -> PriorFile {
    let plain = Engine { prior: None, ..engine.clone() };
    let titles: Vec<&str> = titles.into_iter().collect();
    let shared = share_all(&plain, &titles);
    let specialisations = &engine.index().taxonomy.specialisations;
    let even = 1.0 / specialisations.len().max(1) as f64;
    let mut prior = vec![even; specialisations.len()];
    if !shared.is_empty() {
        for _ in 0..ROUNDS {
            prior = round(&shared, &prior, even);
        }
    }
    let probabilities: BTreeMap<String, f64> =
        specialisations.iter().zip(prior).map(|(specialisation, probability)| (specialisation.code.clone(), probability)).collect();
    PriorFile {
        rolecall_prior: 1,
        name: name.to_owned(),
        taxonomy_fingerprint: engine.index().manifest.taxonomy_fingerprint.clone(),
        titles: shared.len(),
        probabilities,
    }
}

/// Candidates of a title with their shares by score alone.
type Shared = Vec<(u32, f64)>;

fn share_all(engine: &Engine, titles: &[&str]) -> Vec<Shared> {
    let threads = std::thread::available_parallelism().map_or(1, usize::from).min(8);
    let chunk = titles.len().div_ceil(threads).max(1);
    let share = |title: &&str| {
        let Reading { query, known, .. } = engine.read(title, None);
        let (_, ranking) = engine.rank(&query, known);
        shares(&ranking)
    };
    std::thread::scope(|scope| {
        let handles: Vec<_> = titles.chunks(chunk).map(|part| scope.spawn(move || part.iter().map(share).collect::<Vec<_>>())).collect();
        handles.into_iter().flat_map(|handle| handle.join().expect("ranking does not panic")).filter(|shares| !shares.is_empty()).collect()
    })
}

fn shares(ranking: &Ranking) -> Shared {
    ranking.scored.iter().map(|scored| (scored.specialisation.0, f64::from(scored.probability))).collect()
}

fn round(titles: &[Shared], prior: &[f64], even: f64) -> Vec<f64> {
    let mut next = vec![0.0; prior.len()];
    for candidates in titles {
        let weight = |(number, share): &(u32, f64)| share * prior[*number as usize];
        let total: f64 = candidates.iter().map(weight).sum();
        if total <= 0.0 {
            continue;
        }
        for candidate in candidates {
            next[candidate.0 as usize] += weight(candidate) / total;
        }
    }
    let total: f64 = next.iter().sum();
    next.iter().map(|sum| (1.0 - SMOOTHING) * sum / total.max(1e-300) + SMOOTHING * even).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rounds_sharpen_towards_what_is_common_and_stay_a_distribution() {
        // Two clear titles for the first role, one that might be either.
        let titles: Vec<Shared> = vec![vec![(0, 1.0)], vec![(0, 1.0)], vec![(0, 0.5), (1, 0.5)]];
        let mut prior = vec![1.0 / 3.0; 3];
        for _ in 0..ROUNDS {
            prior = round(&titles, &prior, 1.0 / 3.0);
            assert!((prior.iter().sum::<f64>() - 1.0).abs() < 1e-9);
        }
        assert!(prior[0] > 0.95 && prior[1] < 0.05, "{prior:?}");
        assert!((prior[2] - SMOOTHING / 3.0).abs() < 1e-9);
    }
}
