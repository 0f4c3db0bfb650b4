//! Finds titles that are names but for case and blanks.

use rustc_hash::FxHashMap;

use super::{Baseline, best_of};
use crate::index::Index;

/// Names in lower case.
pub(super) struct Exact {
    names: FxHashMap<String, Vec<u32>>,
}

impl Exact {
    pub(super) fn new(index: &Index) -> Self {
        let mut names: FxHashMap<String, Vec<u32>> = FxHashMap::default();
        for (text, facts) in index.names.texts.iter().zip(&index.names.facts) {
            names.entry(plain(text)).or_default().push(facts.specialisation.0);
        }
        Self { names }
    }
}

fn plain(text: &str) -> String {
    text.split_whitespace().map(str::to_lowercase).collect::<Vec<_>>().join(" ")
}

impl Baseline for Exact {
    fn name(&self) -> &'static str {
        "exact"
    }

    fn scores(&self, title: &str) -> Vec<(u32, f32)> {
        best_of(self.names.get(&plain(title)).into_iter().flatten().map(|number| (*number, 1.0)))
    }
}
