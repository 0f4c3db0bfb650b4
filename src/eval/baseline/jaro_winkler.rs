//! Scores every name by Jaro–Winkler similarity (Winkler, "String comparator metrics", 1990).

use super::{Baseline, DEPTH};
use crate::index::Index;

/// How much each of the first four shared letters adds.
const PREFIX: f32 = 0.1;

/// Names in lower case with the counts of their letters.
pub(super) struct JaroWinkler {
    names: Vec<(String, Counts, u32)>,
}

/// How often each letter occurs, by its lowest five bits: equal letters fall together, so shared counts never fall short.
type Counts = [u8; 32];

impl JaroWinkler {
    pub(super) fn new(index: &Index) -> Self {
        let names = index.names.texts.iter().zip(&index.names.facts).map(|(text, facts)| {
            let text = text.to_lowercase();
            let counts = counts(&text);
            (text, counts, facts.specialisation.0)
        });
        Self { names: names.collect() }
    }
}

fn counts(text: &str) -> Counts {
    let mut counts = [0u8; 32];
    for letter in text.chars() {
        let slot = &mut counts[(letter as u32 & 31) as usize];
        *slot = slot.saturating_add(1);
    }
    counts
}

/// The most similar two texts can be, from their letters alone.
fn upper_bound(left: &Counts, right: &Counts) -> f32 {
    let total = |counts: &Counts| counts.iter().map(|count| u32::from(*count)).sum::<u32>().max(1) as f32;
    let shared: u32 = left.iter().zip(right).map(|(left, right)| u32::from(*left.min(right))).sum();
    let shared = shared as f32;
    let jaro = (shared / total(left) + shared / total(right) + 1.0) / 3.0;
    jaro + 4.0 * PREFIX * (1.0 - jaro)
}

impl Baseline for JaroWinkler {
    fn name(&self) -> &'static str {
        "Jaro-Winkler"
    }

    fn scores(&self, title: &str) -> Vec<(u32, f32)> {
        let title = title.to_lowercase();
        let own = counts(&title);
        let mut order: Vec<(f32, u32)> =
            self.names.iter().enumerate().map(|(name, (_, counts, _))| (upper_bound(&own, counts), name as u32)).collect();
        order.sort_unstable_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        let mut best: Vec<(u32, f32)> = Vec::new();
        for (bound, name) in order {
            // PERF: what is left cannot reach the last code that is kept.
            if best.len() >= DEPTH && bound < best[DEPTH - 1].1 {
                break;
            }
            let (text, _, number) = &self.names[name as usize];
            let score = strsim::jaro_winkler(&title, text) as f32;
            match best.iter_mut().find(|(known, _)| known == number) {
                Some((_, known)) => *known = known.max(score),
                None => best.push((*number, score)),
            }
            best.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
            // One code of a tie with the last may have to make room for one of a smaller number that comes later.
            let last = best.get(DEPTH - 1).map_or(0.0, |last| last.1);
            best.retain(|(_, score)| *score >= last && *score > 0.0);
        }
        best
    }

    fn is_slow(&self) -> bool {
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn no_pair_is_more_similar_than_its_bound(left in "[a-eäß ]{0,12}", right in "[a-eäß ]{0,12}") {
            let similarity = strsim::jaro_winkler(&left, &right) as f32;
            prop_assume!(!left.is_empty() && !right.is_empty());
            prop_assert!(similarity <= upper_bound(&counts(&left), &counts(&right)) + 1e-6);
        }
    }
}
