//! Turns the words of specialisations into impact-sorted sums: one document a specialisation, scored by BM25.

use serde::{Deserialize, Serialize};

use crate::learn::packed;

/// BM25's saturation: the usual value; names repeat words often, so a higher one changes little.
const K1: f32 = 1.2;
/// BM25's length normalisation: the usual value.
const B: f32 = 0.75;

/// An inverted index over documents with precomputed BM25 impacts.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Postings {
    #[serde(with = "packed::u32s")]
    ends: Vec<u32>,
    #[serde(with = "packed::u32s")]
    documents: Vec<u32>,
    #[serde(with = "packed::f32s")]
    impacts: Vec<f32>,
    #[serde(with = "packed::f32s")]
    rarities: Vec<f32>,
    document_count: u32,
}

impl Postings {
    /// Builds from documents, each a list of word numbers below `word_count`, repetitions included.
    pub fn build(documents: &[Vec<u32>], word_count: usize) -> Self {
        let mut counts: Vec<Vec<(u32, u32)>> = vec![Vec::new(); word_count];
        for (document, words) in documents.iter().enumerate() {
            let mut sorted = words.clone();
            sorted.sort_unstable();
            for run in sorted.chunk_by(|a, b| a == b) {
                counts[run[0] as usize].push((document as u32, run.len() as u32));
            }
        }
        let total: usize = documents.iter().map(Vec::len).sum();
        let mean = (total as f32 / documents.len().max(1) as f32).max(1.0);
        let mut postings = Self { document_count: documents.len() as u32, ..Self::default() };
        for entries in counts {
            let found = entries.len() as f32;
            let rarity = ((documents.len() as f32 - found + 0.5) / (found + 0.5) + 1.0).ln();
            postings.rarities.push(if entries.is_empty() { 0.0 } else { rarity });
            for (document, count) in entries {
                let length = documents[document as usize].len() as f32;
                let count = count as f32;
                postings.documents.push(document);
                postings.impacts.push(rarity * count * (K1 + 1.0) / (count + K1 * (1.0 - B + B * length / mean)));
            }
            postings.ends.push(postings.documents.len() as u32);
        }
        postings
    }

    /// Holds given weights: for each word, documents with their impacts. Rarities are 0.
    pub fn from_weights(words: &[Vec<(u32, f32)>], document_count: usize) -> Self {
        let mut postings = Self { document_count: document_count as u32, ..Self::default() };
        for entries in words {
            postings.rarities.push(0.0);
            postings.documents.extend(entries.iter().map(|entry| entry.0));
            postings.impacts.extend(entries.iter().map(|entry| entry.1));
            postings.ends.push(postings.documents.len() as u32);
        }
        postings
    }

    /// The impact of a word in a document; 0 when it does not occur.
    pub fn impact(&self, word: u32, document: u32) -> f32 {
        let start = if word == 0 { 0 } else { self.ends[word as usize - 1] as usize };
        let range = start..self.ends[word as usize] as usize;
        self.documents[range.clone()].binary_search(&document).map_or(0.0, |at| self.impacts[start + at])
    }

    /// How many documents there are.
    pub fn document_count(&self) -> usize {
        self.document_count as usize
    }

    /// Rarity of a word: its inverse document frequency.
    pub fn rarity(&self, word: u32) -> f32 {
        self.rarities[word as usize]
    }

    /// Documents of a word with their impacts.
    pub fn of(&self, word: u32) -> impl Iterator<Item = (u32, f32)> {
        let start = if word == 0 { 0 } else { self.ends[word as usize - 1] as usize };
        let range = start..self.ends[word as usize] as usize;
        self.documents[range.clone()].iter().copied().zip(self.impacts[range].iter().copied())
    }

    /// Adds the impacts of distinct words into `scores`, one slot a document; returns the sum of the words' rarities.
    pub fn score(&self, words: &[u32], scores: &mut [f32]) -> f32 {
        let mut rarity = 0.0;
        for word in words {
            rarity += self.rarity(*word);
            for (document, impact) in self.of(*word) {
                scores[document as usize] += impact;
            }
        }
        rarity
    }
}
