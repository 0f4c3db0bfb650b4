//! Scores by BM25 over words in the analyser's normal form (Robertson and Zaragoza, "The probabilistic relevance
//! framework: BM25 and beyond", 2009), a document a name or a code.

use rustc_hash::FxHashMap;

use super::{Baseline, best_of};
use crate::analysis::WordKind;
use crate::index::Index;

/// How quickly repeating a word stops counting.
const K1: f32 = 1.2;
/// How much the length of a document counts.
const B: f32 = 0.75;

/// BM25 over documents.
pub(super) struct Bm25<'i> {
    index: &'i Index,
    name: &'static str,
    /// Specialisation of each document.
    owners: Vec<u32>,
    /// Word number → (document, weight).
    postings: Vec<Vec<(u32, f32)>>,
}

impl<'i> Bm25<'i> {
    /// One document a name.
    pub(super) fn by_name(index: &'i Index) -> Self {
        let owners: Vec<u32> = index.names.facts.iter().map(|facts| facts.specialisation.0).collect();
        let documents: Vec<Vec<u32>> = (0..owners.len() as u32).map(|name| index.names.word_lists.get(name).to_vec()).collect();
        Self::new(index, "BM25 by name", owners, &documents)
    }

    /// One document of all names of a specialisation.
    pub(super) fn by_code(index: &'i Index) -> Self {
        let count = index.taxonomy.specialisations.len();
        let mut documents = vec![Vec::new(); count];
        for (name, facts) in index.names.facts.iter().enumerate() {
            documents[facts.specialisation.0 as usize].extend_from_slice(index.names.word_lists.get(name as u32));
        }
        Self::new(index, "BM25 by code", (0..count as u32).collect(), &documents)
    }

    fn new(index: &'i Index, name: &'static str, owners: Vec<u32>, documents: &[Vec<u32>]) -> Self {
        let mean = documents.iter().map(Vec::len).sum::<usize>() as f32 / documents.len().max(1) as f32;
        let mut postings: Vec<Vec<(u32, f32)>> = vec![Vec::new(); index.names.words.len()];
        let mut counts: FxHashMap<u32, u32> = FxHashMap::default();
        for (document, words) in documents.iter().enumerate() {
            counts.clear();
            words.iter().for_each(|word| *counts.entry(*word).or_default() += 1);
            for (word, count) in &counts {
                let count = *count as f32;
                let length = 1.0 - B + B * words.len() as f32 / mean;
                postings[*word as usize].push((document as u32, count * (K1 + 1.0) / (count + K1 * length)));
            }
        }
        for list in &mut postings {
            let holding = list.len() as f32;
            let rarity = (1.0 + (documents.len() as f32 - holding + 0.5) / (holding + 0.5)).ln();
            list.iter_mut().for_each(|(_, weight)| *weight *= rarity);
        }
        Self { index, name, owners, postings }
    }
}

impl Baseline for Bm25<'_> {
    fn name(&self) -> &'static str {
        self.name
    }

    fn scores(&self, title: &str) -> Vec<(u32, f32)> {
        let query = self.index.analyzer.name(title, None);
        let mut words: Vec<u32> =
            query.words.iter().filter(|word| word.kind != WordKind::Stop).filter_map(|word| self.index.names.word_number(&word.text)).collect();
        words.sort_unstable();
        words.dedup();
        let mut scores: FxHashMap<u32, f32> = FxHashMap::default();
        for (document, weight) in words.iter().flat_map(|word| &self.postings[*word as usize]) {
            *scores.entry(*document).or_default() += weight;
        }
        best_of(scores.into_iter().map(|(document, score)| (self.owners[document as usize], score)))
    }
}
