//! Scores names by the cosine of weighted runs of two to four letters within blanked words.

use rustc_hash::FxHashMap;

use super::{Baseline, best_of};
use crate::index::Index;

const LENGTHS: std::ops::RangeInclusive<usize> = 2..=4;

/// Names as weighted runs of letters.
pub(super) struct Letters {
    runs: FxHashMap<String, u32>,
    rarities: Vec<f32>,
    /// Run → (name, weight); weights of a name have length one.
    postings: Vec<Vec<(u32, f32)>>,
    owners: Vec<u32>,
}

impl Letters {
    pub(super) fn new(index: &Index) -> Self {
        let mut runs: FxHashMap<String, u32> = FxHashMap::default();
        let mut held: Vec<u32> = Vec::new();
        let mut names: Vec<Vec<(u32, u32)>> = Vec::new();
        for text in index.names.texts.iter() {
            let mut counts: Vec<(u32, u32)> = Vec::new();
            for (run, count) in counted(text) {
                let next = runs.len() as u32;
                let number = *runs.entry(run).or_insert(next);
                if number == next {
                    held.push(0);
                }
                held[number as usize] += 1;
                counts.push((number, count));
            }
            names.push(counts);
        }
        let documents = names.len() as f32;
        let rarities: Vec<f32> = held.iter().map(|held| ((1.0 + documents) / (1.0 + *held as f32)).ln() + 1.0).collect();
        let mut postings: Vec<Vec<(u32, f32)>> = vec![Vec::new(); rarities.len()];
        for (name, counts) in names.iter().enumerate() {
            let weights: Vec<f32> = counts.iter().map(|(run, count)| (1.0 + (*count as f32).ln()) * rarities[*run as usize]).collect();
            let length = weights.iter().map(|weight| weight * weight).sum::<f32>().sqrt().max(1e-9);
            for ((run, _), weight) in counts.iter().zip(&weights) {
                postings[*run as usize].push((name as u32, weight / length));
            }
        }
        Self { runs, rarities, postings, owners: index.names.facts.iter().map(|facts| facts.specialisation.0).collect() }
    }
}

/// Runs of letters of a text with how often they occur, in order of text.
fn counted(text: &str) -> Vec<(String, u32)> {
    let mut runs: Vec<String> = Vec::new();
    for word in text.to_lowercase().split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty()) {
        let letters: Vec<char> = std::iter::once(' ').chain(word.chars()).chain(std::iter::once(' ')).collect();
        for length in LENGTHS {
            runs.extend(letters.windows(length).map(|window| window.iter().collect::<String>()));
        }
    }
    runs.sort_unstable();
    runs.chunk_by(|left, right| left == right).map(|same| (same[0].clone(), same.len() as u32)).collect()
}

impl Baseline for Letters {
    fn name(&self) -> &'static str {
        "letters 2-4 TF-IDF"
    }

    fn scores(&self, title: &str) -> Vec<(u32, f32)> {
        let mut scores = vec![0.0f32; self.owners.len()];
        for (run, count) in counted(title) {
            let Some(run) = self.runs.get(&run) else { continue };
            let weight = (1.0 + (count as f32).ln()) * self.rarities[*run as usize];
            for (name, other) in &self.postings[*run as usize] {
                scores[*name as usize] += weight * other;
            }
        }
        best_of(scores.iter().zip(&self.owners).filter(|(score, _)| **score > 0.0).map(|(score, owner)| (*owner, *score)))
    }
}
