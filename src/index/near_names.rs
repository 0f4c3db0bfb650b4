//! Finds the names whose letters are a few edits away from a whole title's letters, blanks and signs left out.
//!
//! A **letter mask** has a bit for "at least one" and a bit for "at least two" of each letter. An edit changes at most two
//! bits (a letter for another one), so masks that differ in more than two bits an edit are passed over without measuring:
//! a scan over all names of about the same length touches eight bytes a name. The letters of the few left are read from
//! the name.

use rapidfuzz::distance::osa;

use super::arena::Texts;
use super::names::Names;
use crate::analysis::fold;
use crate::learn::{Work, wide};

/// Bits of a letter mask that one edit can change.
const BITS_PER_EDIT: u32 = 2;
/// Longest run of letters kept: longer names are told apart by their words.
const MAX_LETTERS: usize = 60;

/// Masks looked at together: chunks without a near one, nearly all, are passed over at once.
const CHUNK: usize = 32;

/// Letter masks of all names, those of fewest letters first.
#[derive(Debug, Default)]
pub struct NearNames {
    /// `ends[n]` is the number of entries of at most `n` letters.
    ends: Vec<usize>,
    masks: Vec<u64>,
    names: Vec<u32>,
}

/// A name near a title.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NearName {
    /// Its number; the first of those with the same letters.
    pub name: u32,
    /// Edits away.
    pub distance: u8,
}

/// The letters and digits of a text in folded form.
pub fn letters(text: &str) -> String {
    if text.is_ascii() { ascii_letters(text).collect() } else { fold(text).text.chars().filter(|letter| letter.is_alphanumeric()).collect() }
}

/// The same of a text of ASCII alone, without a copy of it.
fn ascii_letters(text: &str) -> impl DoubleEndedIterator<Item = char> + Clone {
    text.chars().filter(char::is_ascii_alphanumeric).map(|letter| letter.to_ascii_lowercase())
}

/// The mask of some letters: bits 0–25 and 26–51 for one and two of a letter, 52–61 for digits, 62–63 for all others.
fn mask(letters: &str) -> u64 {
    letters.chars().fold(0, |mask, letter| match letter {
        'a'..='z' => {
            let bit = u32::from(letter) - u32::from('a');
            mask | if mask >> bit & 1 == 1 { 1 << (bit + 26) } else { 1 << bit }
        }
        '0'..='9' => mask | 1 << (52 + u32::from(letter) - u32::from('0')),
        other => mask | 1 << (62 + u32::from(other) % 2),
    })
}

impl NearNames {
    /// Reads all names.
    pub fn new(names: &Names) -> Self {
        let mut all = Texts::default();
        names.texts.iter().for_each(|text| _ = all.push(&letters(text)));
        let length = |name: u32| all.get(name).chars().count();
        let mut entries: Vec<(usize, u32)> = (0..names.len() as u32).map(|name| (length(name), name)).collect();
        entries.retain(|(length, _)| (1..=MAX_LETTERS).contains(length));
        entries.sort_unstable_by_key(|(length, name)| (*length, all.get(*name), *name));
        entries.dedup_by(|later, kept| all.get(later.1) == all.get(kept.1));
        let mut near = Self { ends: vec![0; MAX_LETTERS + 1], ..Self::default() };
        near.masks = entries.iter().map(|(_, name)| mask(all.get(*name))).collect();
        near.names = entries.iter().map(|(_, name)| *name).collect();
        for (at, (length, _)) in entries.iter().enumerate() {
            near.ends[*length] = at + 1;
        }
        for length in 1..near.ends.len() {
            near.ends[length] = near.ends[length].max(near.ends[length - 1]);
        }
        near
    }

    /// The names nearest to a title's letters: all of the least distance, if that is at most `max_distance`. `texts` are the
    /// names that were read.
    pub fn nearest(&self, texts: &Texts, title: &str, max_distance: u8) -> Vec<NearName> {
        let own = mask(title);
        let length = title.chars().count();
        let edits = usize::from(max_distance);
        let start = self.ends[length.saturating_sub(edits + 1).min(MAX_LETTERS)];
        let end = self.ends[(length + edits).min(MAX_LETTERS)];
        let alike = wide(MasksNear { masks: &self.masks, range: start..end, own, most_bits: BITS_PER_EDIT * u32::from(max_distance) });
        if alike.is_empty() {
            return Vec::new();
        }
        let mut allowed = max_distance;
        let mut found: Vec<NearName> = Vec::new();
        let scorer = osa::BatchComparator::new(title.chars());
        for entry in alike {
            if (self.masks[entry] ^ own).count_ones() > BITS_PER_EDIT * u32::from(allowed) {
                continue;
            }
            let cutoff = osa::Args::default().score_cutoff(usize::from(allowed));
            let text = texts.get(self.names[entry]);
            let distance = if text.is_ascii() {
                scorer.distance_with_args(ascii_letters(text), &cutoff)
            } else {
                scorer.distance_with_args(letters(text).chars(), &cutoff)
            };
            let Some(distance) = distance else { continue };
            let distance = distance as u8;
            if distance < allowed {
                allowed = distance;
                found.clear();
            }
            found.push(NearName { name: self.names[entry], distance });
        }
        found
    }
}

/// Entries of a range whose masks differ from one in few bits.
///
/// PERF: plain x86-64 counts bits in a dozen steps, every processor of the last decade in one.
struct MasksNear<'a> {
    masks: &'a [u64],
    range: std::ops::Range<usize>,
    own: u64,
    most_bits: u32,
}

impl Work for MasksNear<'_> {
    type Output = Vec<usize>;

    #[inline(always)]
    fn call(self) -> Vec<usize> {
        let Self { masks, range, own, most_bits } = self;
        let mut near = Vec::new();
        for (number, masks) in masks[range.clone()].chunks(CHUNK).enumerate() {
            let mut least = u32::MAX;
            for mask in masks {
                least = least.min((mask ^ own).count_ones());
            }
            if least > most_bits {
                continue;
            }
            for (at, mask) in masks.iter().enumerate() {
                if (mask ^ own).count_ones() <= most_bits {
                    near.push(range.start + number * CHUNK + at);
                }
            }
        }
        near
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn of(texts: &[String]) -> (NearNames, Names) {
        let mut names = Names::default();
        for text in texts {
            names.texts.push(text);
            names.facts.push(crate::index::NameFacts::for_tests());
        }
        (NearNames::new(&names), names)
    }

    #[test]
    fn blanks_case_and_signs_do_not_count() {
        let (near, names) = of(&["Registered Nurse".to_owned(), "Bäcker/in".to_owned(), "C++ Developer".to_owned()]);
        let found = |title: &str, edits| near.nearest(&names.texts, &letters(title), edits).iter().map(|near| (near.name, near.distance)).collect::<Vec<_>>();
        assert_eq!(found("registeredn urse", 0), [(0, 0)]);
        assert_eq!(found("Regsiterednurse", 1), [(0, 1)]);
        assert_eq!((found("bäckerin", 2), found("baeckerin", 2)), (vec![(1, 0)], vec![(1, 1)]));
        assert_eq!(found("Roofer", 2), []);
        assert_eq!(found("", 2), []);
    }

    proptest! {
        #[test]
        fn finds_what_a_full_scan_finds(title in "[a-eß1]{1,12}", texts in proptest::collection::vec("[a-eß1]{1,12}", 1..30), edits in 0u8..3) {
            let (near, names) = of(&texts);
            let distances: Vec<usize> = texts.iter().map(|text| strsim::osa_distance(&letters(&title), &letters(text))).collect();
            let least = *distances.iter().min().unwrap();
            let found = near.nearest(&names.texts, &letters(&title), edits);
            prop_assert_eq!(found.is_empty(), least > usize::from(edits));
            for name in &found {
                prop_assert_eq!(usize::from(name.distance), least);
                prop_assert_eq!(distances[name.name as usize], least);
            }
        }
    }
}
