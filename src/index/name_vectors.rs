//! Finds the single name nearest to a title by weighted words: cosine of inverse document frequencies.

use super::arena::Lists;
use super::postings::Postings;

/// Weight of a word that nearly every role has: small, but two names that share nothing else are not equal to none.
const LEAST_RARITY: f32 = 0.05;

/// Words of names turned round: for each word, the names that have it.
#[derive(Debug, Default)]
pub struct NameVectors {
    ends: Vec<u32>,
    names: Vec<u32>,
    inverse_lengths: Vec<f32>,
}

/// Sums of one title over all names, to be reused.
#[derive(Debug, Default)]
pub struct NameSums {
    sums: Vec<f32>,
    touched: Vec<u32>,
}

/// Weight of a word.
pub fn weight(rarities: &Postings, word: u32) -> f32 {
    rarities.rarity(word).max(LEAST_RARITY)
}

impl NameVectors {
    /// Turns the word lists of names round.
    pub fn new(word_lists: &Lists, word_count: usize, rarities: &Postings) -> Self {
        let mut counts = vec![0_u32; word_count + 1];
        let mut inverse_lengths = Vec::with_capacity(word_lists.len());
        let mut distinct: Vec<u32> = Vec::new();
        for name in 0..word_lists.len() as u32 {
            distinct_words(word_lists.get(name), &mut distinct);
            let square: f32 = distinct.iter().map(|word| weight(rarities, *word).powi(2)).sum();
            inverse_lengths.push(1.0 / square.sqrt().max(1e-6));
            distinct.iter().for_each(|word| counts[*word as usize + 1] += 1);
        }
        for at in 1..counts.len() {
            counts[at] += counts[at - 1];
        }
        let mut places = counts.clone();
        let mut names = vec![0; *counts.last().unwrap_or(&0) as usize];
        for name in 0..word_lists.len() as u32 {
            distinct_words(word_lists.get(name), &mut distinct);
            for word in &distinct {
                let place = &mut places[*word as usize];
                names[*place as usize] = name;
                *place += 1;
            }
        }
        Self { ends: counts, names, inverse_lengths }
    }

    /// Adds up the squared weights of the title's distinct words over the names that have them.
    pub fn sum(&self, words: &[(u32, f32)], sums: &mut NameSums) {
        if sums.sums.len() == self.inverse_lengths.len() {
            for name in sums.touched.drain(..) {
                sums.sums[name as usize] = 0.0;
            }
        } else {
            sums.touched.clear();
            sums.sums.clear();
            sums.sums.resize(self.inverse_lengths.len(), 0.0);
        }
        for (word, weight) in words {
            let square = weight * weight;
            for name in &self.names[self.ends[*word as usize] as usize..self.ends[*word as usize + 1] as usize] {
                let sum = &mut sums.sums[*name as usize];
                if *sum == 0.0 {
                    sums.touched.push(*name);
                }
                *sum += square;
            }
        }
    }

    /// The name of a range with the highest cosine to a title of the given length; `None` when none shares a word.
    pub fn nearest(&self, sums: &NameSums, range: std::ops::Range<u32>, title_length: f32) -> Option<(u32, f32)> {
        let own = range.start as usize..range.end as usize;
        let cosines = sums.sums[own.clone()].iter().zip(&self.inverse_lengths[own]).map(|(sum, inverse)| sum * inverse);
        // PERF: a maximum without its place is found several names at a time.
        let highest = cosines.clone().fold(0.0f32, |most, cosine| if cosine > most { cosine } else { most });
        if highest <= 0.0 {
            return None;
        }
        let place = { cosines }.position(|cosine| cosine >= highest)?;
        Some((range.start + place as u32, highest / title_length))
    }
}

fn distinct_words(words: &[u32], out: &mut Vec<u32>) {
    out.clear();
    out.extend_from_slice(words);
    out.sort_unstable();
    out.dedup();
}
