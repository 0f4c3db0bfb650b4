//! Answers a text that holds several titles ("DevOps / SRE Lead"): each of them, and all together.

use super::{CandidateSet, Classification, Engine, MatchOptions, RoleCandidate};
use crate::analysis::{Query, is_joining};
use crate::decide::{Decision, Reason};
use crate::retrieve;

/// Most titles that one text is cut into.
const MAX_PARTS: usize = 4;

impl Engine {
    /// The title's parts, when it holds several titles that are all known.
    pub(super) fn parts(&self, query: &Query, options: &MatchOptions) -> Option<Vec<Classification>> {
        if query.cuts.is_empty() || query.cuts.len() >= MAX_PARTS {
            return None;
        }
        let bounds: Vec<usize> = std::iter::once(0).chain(query.cuts.iter().copied()).chain([query.words.len()]).collect();
        let mut texts = Vec::new();
        for pair in bounds.windows(2) {
            let words: Vec<_> = query.words[pair[0]..pair[1]].iter().filter(|word| !is_joining(&word.text)).collect();
            let (first, last) = (words.first()?, words.last()?);
            texts.push(query.input.get(first.raw.start..last.raw.end)?.to_owned());
        }
        let all_known = texts.iter().all(|text| {
            let part = self.index.analyzer.query(text, options.lang.as_deref());
            retrieve::find(&self.index, &part).is_some_and(|known| !known.dropped)
        });
        if !all_known || texts.len() < 2 {
            return None;
        }
        Some(texts.iter().map(|text| self.classify(text, options)).collect())
    }

    pub(super) fn multiple(&self, title: &str, query: &Query, parts: Vec<Classification>, options: &MatchOptions) -> Classification {
        let mut candidates: Vec<RoleCandidate> = Vec::new();
        for part in &parts {
            for candidate in part.candidates.iter().take(1) {
                if !candidates.iter().any(|known| known.code == candidate.code) {
                    candidates.push(candidate.clone());
                }
            }
        }
        let codes = candidates.iter().map(|candidate| candidate.code.to_string()).collect();
        let mut parsed = self.plain_parsed(query, options);
        parsed.segments = parts.iter().map(|part| part.parsed.normalized.clone()).collect();
        Classification {
            input: title.to_owned(),
            decision: Decision::Review,
            reasons: vec![Reason::MultipleTitles],
            parsed,
            candidates,
            set: Some(CandidateSet { probability: self.set_probability(), codes }),
            group: None,
            parts,
            meta: self.meta(options),
        }
    }
}
