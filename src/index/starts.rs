//! Finds names by the beginnings of their words while a title is being typed.
//!
//! A sorted array of word starts: the names of a prefix stand together in it. For prefixes of many names the best of each
//! role are worked out beforehand. A misspelt beginning is undone by walking down the sorted vocabulary.

use std::ops::Range;

use rustc_hash::{FxHashMap, FxHashSet};

use super::arena::{Texts, descending};
use super::names::{NameField, Names};
use crate::analysis::fold;

/// Prefixes of more names than this have their best kept: reading so many takes some microseconds.
const MANY_NAMES: usize = 512;
/// Roles kept for such a prefix: enough for the longest list of suggestions after filters.
const KEPT_ROLES: usize = 64;
/// Longest prefix whose best names are kept; longer ones have few names.
const KEPT_LETTERS: usize = 24;
/// Letters of a kept prefix from which the names of a longer one are searched.
const NEAR_LETTERS: usize = 3;
/// Names of one word that are read, or searched for the other words typed, at most.
const MAX_RANGE: usize = 4_096;
/// Beginnings that a misspelt one may stand for.
const MAX_CORRECTIONS: usize = 8;

/// Word starts of all names.
#[derive(Debug)]
pub struct Starts {
    folded: Texts,
    /// Sorted by the text from there on.
    starts: Vec<Start>,
    kept: FxHashMap<Box<str>, Kept>,
    weights: Vec<f32>,
    commonest: Vec<u32>,
    /// The words of all names, sorted.
    vocabulary: Texts,
}

/// What is kept of a prefix of many names.
#[derive(Debug)]
struct Kept {
    /// Where its names stand among the starts.
    range: Range<u32>,
    /// The best names of its best roles, and the names that are the prefix and nothing else.
    best: Box<[Start]>,
}

/// Where a prefix was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Start {
    /// Number of the name.
    pub name: u32,
    /// Byte offset of a word in its folded text.
    pub offset: u16,
}

impl Starts {
    /// Reads all names.
    pub fn new(names: &Names) -> Self {
        let mut folded = Texts::default();
        let mut starts: Vec<Start> = Vec::with_capacity(3 * names.len());
        for (number, text) in names.texts.iter().enumerate() {
            let plain = fold(text).text;
            let mut inside = false;
            for (offset, letter) in plain.char_indices() {
                let is_word = letter.is_alphanumeric() || matches!(letter, '+' | '#');
                if is_word && !inside && offset <= usize::from(u16::MAX) {
                    starts.push(Start { name: number as u32, offset: offset as u16 });
                }
                inside = is_word;
            }
            folded.push(&plain);
        }
        starts.shrink_to_fit();
        // PERF: most texts differ within their first eight bytes, which compare as one number. Byte by byte, so that the
        // numbers of all starts never stand in memory at once.
        let first_byte = |start: &Start| text_from(&folded, *start).as_bytes()[0];
        starts.sort_unstable_by_key(first_byte);
        let mut keyed: Vec<(u64, Start)> = Vec::new();
        for group in starts.chunk_by_mut(|a, b| first_byte(a) == first_byte(b)) {
            keyed.clear();
            keyed.extend(group.iter().map(|start| (first_bytes(text_from(&folded, *start)), *start)));
            keyed.sort_unstable_by(|(a_first, a), (b_first, b)| {
                a_first.cmp(b_first).then_with(|| text_from(&folded, *a).cmp(text_from(&folded, *b))).then(a.cmp(b))
            });
            group.iter_mut().zip(&keyed).for_each(|(start, (_, sorted))| *start = *sorted);
        }
        let weights: Vec<f32> = (0..names.len() as u32).map(|name| weight(names, name)).collect();
        folded.shrink_to_fit();
        let mut made = Self { commonest: commonest(names, &weights), folded, starts, kept: FxHashMap::default(), weights, vocabulary: Texts::default() };
        made.vocabulary = made.sorted_words();
        made.keep_best(names);
        made
    }

    fn sorted_words(&self) -> Texts {
        let word = |start: &Start| {
            let text = self.text_from(*start);
            &text[..text.find(|letter: char| !letter.is_alphanumeric()).unwrap_or(text.len())]
        };
        let mut words: Vec<&str> = Vec::new();
        for word in self.starts.iter().map(word).filter(|word| !word.is_empty()) {
            if words.last() != Some(&word) {
                words.push(word);
            }
        }
        words.sort_unstable();
        words.dedup();
        let mut vocabulary = Texts::default();
        for word in words {
            vocabulary.push(word);
        }
        vocabulary
    }

    /// Works out the best names of every prefix that many names have, from short prefixes to longer ones.
    fn keep_best(&mut self, names: &Names) {
        let roles = names.facts.last().map_or(0, |facts| facts.specialisation.0 as usize + 1);
        let mut of_role: Vec<Option<Start>> = vec![None; roles];
        let mut ranges: Vec<Range<usize>> = vec![0..self.starts.len()];
        let mut all = FxHashMap::default();
        for letters in 1..=KEPT_LETTERS {
            let beginning = |start: &Start| beginning(self.text_from(*start), letters);
            let mut longer = Vec::new();
            for range in ranges {
                let mut at = range.start;
                for group in self.starts[range].chunk_by(|a, b| beginning(a) == beginning(b)) {
                    let inside = at..at + group.len();
                    at = inside.end;
                    let Some(prefix) = beginning(&group[0]).filter(|_| group.len() > MANY_NAMES) else { continue };
                    // A name after a slip is taken wherever the corrected word stands in it.
                    let mut best = self.best_of(group, names, &mut of_role, |start| self.rank(start));
                    best.extend(self.best_of(group, names, &mut of_role, |start| self.weight(start.name)));
                    best.extend(group.iter().filter(|start| start.offset == 0 && self.text_from(**start) == prefix));
                    best.sort_unstable_by_key(|start| self.by_rank(*start));
                    best.dedup();
                    all.insert(prefix.into(), Kept { range: inside.start as u32..inside.end as u32, best: best.into() });
                    longer.push(inside);
                }
            }
            ranges = longer;
        }
        self.kept = all;
    }

    /// The best name of each role, for the best roles. `of_role` is empty before and after.
    fn best_of(&self, group: &[Start], names: &Names, of_role: &mut [Option<Start>], worth: impl Fn(Start) -> f32) -> Vec<Start> {
        let mut roles: Vec<usize> = Vec::new();
        for start in group {
            let role = names.facts[start.name as usize].specialisation.0 as usize;
            match &mut of_role[role] {
                Some(known) if worth(*start) <= worth(*known) => {}
                Some(known) => *known = *start,
                empty => {
                    *empty = Some(*start);
                    roles.push(role);
                }
            }
        }
        let mut kept: Vec<Start> = roles.into_iter().filter_map(|role| of_role[role].take()).collect();
        if kept.len() > KEPT_ROLES {
            kept.select_nth_unstable_by_key(KEPT_ROLES, |start| (descending(worth(*start)), *start));
            kept.truncate(KEPT_ROLES);
        }
        kept
    }

    fn text_from(&self, start: Start) -> &str {
        text_from(&self.folded, start)
    }

    /// A name that begins with the prefix goes before one with the prefix inside, then by commonness.
    fn rank(&self, start: Start) -> f32 {
        self.weights[start.name as usize] + if start.offset == 0 { 100.0 } else { 0.0 }
    }

    fn by_rank(&self, start: Start) -> (u32, Start) {
        (descending(self.rank(start)), start)
    }

    /// Commonness of a name.
    pub fn weight(&self, name: u32) -> f32 {
        self.weights[name as usize]
    }

    /// A name in folded form.
    pub fn folded(&self, name: u32) -> &str {
        self.folded.get(name)
    }

    /// Names with a word that begins with a folded prefix; where there are many, the best of each role and those that are
    /// nothing else.
    pub fn with_prefix(&self, prefix: &str) -> Vec<Start> {
        match self.kept.get(prefix) {
            Some(kept) => kept.best.to_vec(),
            None => self.starts[self.range(prefix)].iter().take(MAX_RANGE).copied().collect(),
        }
    }

    /// Where the names with a word that begins with a prefix stand.
    fn range(&self, prefix: &str) -> Range<usize> {
        let known = |prefix: &str| self.kept.get(prefix).map(|kept| kept.range.start as usize..kept.range.end as usize);
        if let Some(range) = known(prefix) {
            return range;
        }
        // PERF: a search through all names touches distant memory some twenty times.
        let near = (1..=NEAR_LETTERS).rev().filter_map(|letters| beginning(prefix, letters)).find_map(known);
        let near = near.unwrap_or(0..self.starts.len());
        let starts = &self.starts[near.clone()];
        let from = starts.partition_point(|start| self.text_from(*start) < prefix);
        let length = starts[from..].partition_point(|start| self.text_from(*start).starts_with(prefix));
        near.start + from..near.start + from + length
    }

    /// Names with words that begin with each of several prefixes, in any order: those of the rarest prefix are read, the
    /// best of them first; all of them when fewer than `enough` of the best do.
    pub fn with_prefixes(&self, prefixes: &[&str], enough: usize) -> Vec<Start> {
        let Some((rarest, range)) = prefixes.iter().map(|prefix| (*prefix, self.range(prefix))).min_by_key(|(_, range)| range.len()) else {
            return Vec::new();
        };
        let has_all = |start: &&Start| prefixes.iter().all(|prefix| *prefix == rarest || self.has_word(start.name, prefix));
        if let Some(kept) = self.kept.get(rarest) {
            let found: Vec<Start> = kept.best.iter().filter(has_all).copied().collect();
            if found.len() >= enough {
                return found;
            }
        }
        self.starts[range].iter().take(MAX_RANGE).filter(has_all).copied().collect()
    }

    /// Whether a word of a name begins with a prefix.
    fn has_word(&self, name: u32, prefix: &str) -> bool {
        let text = self.folded.get(name);
        let Some(first) = prefix.chars().next() else { return true };
        // PERF: bytes beyond ASCII count as letters, which is so but for rare signs, and nothing is decoded.
        let is_letter = |byte: u8| byte.is_ascii_alphanumeric() || !byte.is_ascii();
        text.match_indices(first).any(|(at, _)| text[at..].starts_with(prefix) && (at == 0 || !is_letter(text.as_bytes()[at - 1])))
    }

    /// Beginnings of words, as long as the typed one, that are one edit away from it.
    pub fn corrections(&self, prefix: &str) -> Vec<String> {
        let letters = prefix.chars().count();
        let mut ranges = self.near(prefix);
        ranges.sort_unstable_by_key(|range| range.start);
        let mut found: Vec<String> = Vec::new();
        let mut next = 0;
        for number in ranges.into_iter().flatten() {
            if number < next {
                continue;
            }
            next = number + 1;
            let word = self.vocabulary.get(number);
            let nearest = (letters.saturating_sub(1)..=letters + 1)
                .filter_map(|length| word.char_indices().nth(length).map(|(end, _)| &word[..end]).or_else(|| (word.chars().count() == length).then_some(word)))
                .min_by_key(|start| strsim::osa_distance(prefix, start));
            if let Some(nearest) = nearest
                && !found.iter().any(|known| known == nearest)
            {
                found.push(nearest.to_owned());
                if found.len() >= MAX_CORRECTIONS {
                    break;
                }
            }
        }
        found
    }

    /// Words with a beginning that one letter put in, left out or exchanged turns into the prefix, as ranges of the
    /// vocabulary that may overlap. All goes on from the words that begin with the letters before the edit.
    fn near(&self, prefix: &str) -> Vec<Range<u32>> {
        let mut found = Vec::new();
        let mut same = 0..self.vocabulary.len() as u32;
        for (at, letter) in prefix.char_indices() {
            let after = &prefix[at + letter.len_utf8()..];
            found.push(self.narrowed(same.clone(), at, after));
            let mut next = self.narrowed(same.clone(), at, "").start;
            while next < same.end {
                let Some(other) = self.vocabulary.get(next)[at..].chars().next() else {
                    next += 1;
                    continue;
                };
                let behind = at + other.len_utf8();
                let with_other = self.narrowed(next..same.end, at, other.encode_utf8(&mut [0; 4]));
                found.push(self.narrowed(with_other.clone(), behind, after));
                found.push(self.narrowed(with_other.clone(), behind, &prefix[at..]));
                next = with_other.end;
            }
            same = self.narrowed(same, at, letter.encode_utf8(&mut [0; 4]));
            if same.is_empty() {
                break;
            }
        }
        found.push(same);
        found.retain(|range| !range.is_empty());
        found
    }

    /// The words of a range, which are the same up to a place, that go on from there with a text.
    fn narrowed(&self, range: Range<u32>, at: usize, text: &str) -> Range<u32> {
        let first = |holds: &dyn Fn(&str) -> bool, range: &Range<u32>| -> u32 {
            let (mut low, mut high) = (range.start, range.end);
            while low < high {
                let middle = low + (high - low) / 2;
                if holds(&self.vocabulary.get(middle)[at..]) { low = middle + 1 } else { high = middle }
            }
            low
        };
        let start = first(&|rest| rest < text, &range);
        start..first(&|rest| rest.starts_with(text), &(start..range.end))
    }

    /// The names of greatest commonness, one a specialisation.
    pub fn commonest(&self) -> &[u32] {
        &self.commonest
    }
}

/// The commonest titles, one a specialisation, best first.
fn commonest(names: &Names, weights: &[f32]) -> Vec<u32> {
    let mut titles: Vec<u32> = (0..names.len() as u32).filter(|name| names.facts[*name as usize].field == NameField::Title).collect();
    titles.sort_by(|a, b| weights[*b as usize].total_cmp(&weights[*a as usize]).then(a.cmp(b)));
    let mut seen = FxHashSet::default();
    titles.retain(|name| seen.insert(names.facts[*name as usize].specialisation));
    titles
}

/// The text of a name from a word on.
fn text_from(folded: &Texts, start: Start) -> &str {
    &folded.get(start.name)[usize::from(start.offset)..]
}

/// The first eight bytes of a text as a number that sorts like them.
fn first_bytes(text: &str) -> u64 {
    let mut bytes = [0; 8];
    let length = text.len().min(8);
    bytes[..length].copy_from_slice(&text.as_bytes()[..length]);
    u64::from_be_bytes(bytes)
}

/// The first letters of a text; `None` when it has fewer.
fn beginning(text: &str, letters: usize) -> Option<&str> {
    let (end, last) = text.char_indices().nth(letters - 1)?;
    Some(&text[..end + last.len_utf8()])
}

/// Commonness of a name: roles with many names are common ones, and a title is the name to show. Short names are likelier
/// to be meant than long ones.
fn weight(names: &Names, name: u32) -> f32 {
    let facts = &names.facts[name as usize];
    let bearers = names.of_specialisation(facts.specialisation).len() as f32;
    // A title of one level is shown only when nothing level-free fits.
    let field = match (facts.field, facts.role()) {
        (NameField::Title, None) => 1.0,
        (_, None) => 0.0,
        (_, Some(_)) => -1.0,
    };
    let approved = if facts.approved { 0.0 } else { -1.0 };
    (1.0 + bearers).ln() + field + approved - names.texts.get(name).len() as f32 / 60.0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with_vocabulary(words: &[String]) -> Starts {
        let mut sorted: Vec<&String> = words.iter().collect();
        sorted.sort();
        sorted.dedup();
        let mut vocabulary = Texts::default();
        for word in sorted {
            vocabulary.push(word);
        }
        Starts { folded: Texts::default(), starts: Vec::new(), kept: FxHashMap::default(), weights: Vec::new(), commonest: Vec::new(), vocabulary }
    }

    proptest::proptest! {
        #[test]
        fn walks_to_every_word_with_a_near_beginning(prefix in "[abé]{1,6}", words in proptest::collection::vec("[abé]{1,8}", 0..60)) {
            let starts = with_vocabulary(&words);
            let mut found: Vec<u32> = starts.near(&prefix).into_iter().flatten().collect();
            found.sort_unstable();
            found.dedup();
            let is_near = |word: &str| {
                let ends = word.char_indices().map(|(at, _)| at).chain([word.len()]);
                ends.into_iter().any(|end| strsim::levenshtein(&word[..end], &prefix) <= 1)
            };
            let scan: Vec<u32> = (0..starts.vocabulary.len() as u32).filter(|number| is_near(starts.vocabulary.get(*number))).collect();
            proptest::prop_assert_eq!(found, scan);
        }
    }
}
