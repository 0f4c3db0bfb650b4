//! Completes a title while it is typed: one row a role, with the name that matches.

use serde::Serialize;

use super::Engine;
use crate::analysis::{Query, fold};
use crate::index::{Start, Starts, descending};
use crate::rank;
use crate::taxonomy::{LevelCode, RoleCode, SpecialisationId};

/// Longest text that is completed; longer input is no beginning of a title.
const MAX_PREFIX_CHARS: usize = 120;
/// Letters from which a slip is forgiven.
const MIN_TYPO_LETTERS: usize = 5;

/// How a suggestion was found; earlier kinds go first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub enum SuggestKind {
    /// The text is the name.
    Exact,
    /// The name begins with the text.
    Prefix,
    /// A later word of the name begins with the text.
    Word,
    /// The words stand in another order or apart.
    Inner,
    /// After undoing a slip.
    Typo,
    /// Nothing was typed: the commonest.
    Common,
}

/// A completion.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct Suggestion {
    /// Code of the role, at the level typed or the usual one.
    pub code: RoleCode,
    /// Title of the role.
    pub title: String,
    /// Its level.
    pub level: Option<LevelCode>,
    /// Code of its family.
    pub family: Option<String>,
    /// The name that matches.
    pub name: String,
    /// Ranges of characters of `name` to highlight, as (first, after last).
    pub highlights: Vec<(usize, usize)>,
    /// How it was found.
    pub kind: SuggestKind,
}

#[derive(Debug, Clone, Copy)]
struct Hit {
    name: u32,
    kind: SuggestKind,
}

/// Hits put in order at first; the roles asked for are nearly always among them.
const FIRST_HITS: usize = 64;

impl Engine {
    /// Completes a text: at most `limit` roles, exact names first, then by kind of match and commonness. Words that state a
    /// level are understood ("sr devo").
    pub fn suggest(&self, text: &str, limit: usize) -> Vec<Suggestion> {
        let starts = self.index().starts();
        let text: String = text.chars().take(MAX_PREFIX_CHARS).collect();
        let query = self.read_level(&text);
        let typed = words(&text);
        let mut hits: Vec<Hit> = Vec::new();
        if typed.is_empty() {
            hits.extend(starts.commonest().iter().take(limit).map(|name| Hit { name: *name, kind: SuggestKind::Common }));
        } else {
            self.collect(starts, &typed, limit, &mut hits);
            let core = self.without_level(&query, &typed);
            if hits.is_empty() && !core.is_empty() && core != typed {
                self.collect(starts, &core, limit, &mut hits);
            }
            if hits.is_empty() {
                self.collect_corrected(starts, if core.is_empty() { &typed } else { &core }, limit, &mut hits);
            }
        }
        self.finish(starts, hits, &typed, &query, limit)
    }

    /// Reads what a text says of a level, in the first language that finds one in it.
    fn read_level(&self, text: &str) -> Query {
        let analyzer = &self.index().analyzer;
        if !analyzer.may_state_level(text) {
            return Query::default();
        }
        let states = |query: &Query| query.level.is_some() || query.office.is_some() || query.words.iter().any(|word| word.is_level());
        let others = analyzer.languages().iter().skip(1).map(Some);
        let readings = std::iter::once(None).chain(others).map(|lang| analyzer.query(text, lang.map(String::as_str)));
        { readings }.find(states).unwrap_or_default()
    }

    /// The typed words that state no level; the last, unfinished word is kept.
    fn without_level(&self, query: &Query, typed: &[String]) -> Vec<String> {
        let level_words: Vec<String> = query
            .words
            .iter()
            .filter(|word| word.is_level())
            .flat_map(|word| words(query.input.get(word.raw.clone()).unwrap_or_default()))
            .collect();
        typed.iter().filter(|word| !level_words.contains(word)).cloned().collect()
    }

    fn collect(&self, starts: &Starts, typed: &[String], limit: usize, hits: &mut Vec<Hit>) {
        let whole = typed.join(" ");
        let mut found: Vec<Start> = starts.with_prefix(&whole);
        // Names in which the words stand apart come after all that begin with them together.
        if typed.len() > 1 && self.count_roles(&found, limit) < limit {
            let prefixes: Vec<&str> = typed.iter().map(String::as_str).collect();
            found.extend(starts.with_prefixes(&prefixes, limit));
        }
        for start in found {
            let text = starts.folded(start.name);
            let kind = if text == whole {
                SuggestKind::Exact
            } else if text.starts_with(&whole) {
                SuggestKind::Prefix
            } else if text[usize::from(start.offset)..].starts_with(&whole) {
                SuggestKind::Word
            } else {
                SuggestKind::Inner
            };
            hits.push(Hit { name: start.name, kind });
        }
    }

    /// Number of roles that names belong to, counted up to a limit.
    fn count_roles(&self, found: &[Start], limit: usize) -> usize {
        let mut seen: Vec<SpecialisationId> = Vec::with_capacity(limit);
        for start in found {
            let role = self.index().names.facts[start.name as usize].specialisation;
            if !seen.contains(&role) {
                seen.push(role);
                if seen.len() == limit {
                    break;
                }
            }
        }
        seen.len()
    }

    fn collect_corrected(&self, starts: &Starts, typed: &[String], limit: usize, hits: &mut Vec<Hit>) {
        for (position, word) in typed.iter().enumerate() {
            if word.chars().count() < MIN_TYPO_LETTERS {
                continue;
            }
            for correction in starts.corrections(word) {
                let mut corrected = typed.to_vec();
                corrected[position] = correction;
                let before = hits.len();
                self.collect(starts, &corrected, limit, hits);
                for hit in &mut hits[before..] {
                    hit.kind = SuggestKind::Typo;
                }
            }
            if !hits.is_empty() {
                break;
            }
        }
    }

    fn finish(&self, starts: &Starts, hits: Vec<Hit>, typed: &[String], query: &Query, limit: usize) -> Vec<Suggestion> {
        let mut ordered: Vec<(u64, u32, Hit)> = hits
            .into_iter()
            .map(|hit| ((hit.kind as u64) << 32 | u64::from(descending(starts.weight(hit.name))), hit.name, hit))
            .collect();
        let by_key = |(key, name, _): &(u64, u32, Hit)| (*key, *name);
        let first = FIRST_HITS.min(ordered.len());
        if first < ordered.len() {
            ordered.select_nth_unstable_by_key(first, by_key);
        }
        let (first, rest) = ordered.split_at_mut(first);
        first.sort_unstable_by_key(by_key);
        let mut suggestions = Vec::with_capacity(limit);
        let mut seen = Vec::with_capacity(limit);
        self.fill(first, typed, query, limit, &mut seen, &mut suggestions);
        if suggestions.len() < limit {
            rest.sort_unstable_by_key(by_key);
            self.fill(rest, typed, query, limit, &mut seen, &mut suggestions);
        }
        suggestions
    }

    /// Adds the roles of ordered hits, each role once, until there are enough.
    fn fill(
        &self,
        hits: &[(u64, u32, Hit)],
        typed: &[String],
        query: &Query,
        limit: usize,
        seen: &mut Vec<SpecialisationId>,
        suggestions: &mut Vec<Suggestion>,
    ) {
        let index = self.index();
        for (_, _, hit) in hits {
            let facts = &index.names.facts[hit.name as usize];
            if seen.contains(&facts.specialisation) {
                continue;
            }
            seen.push(facts.specialisation);
            let leaf = rank::choose(index, &self.usual, query, facts.specialisation, Some(hit.name), true);
            let role = index.taxonomy.role(leaf.role);
            let name = index.names.texts.get(hit.name);
            suggestions.push(Suggestion {
                code: role.code.clone(),
                title: role.title.clone(),
                level: role.level,
                family: self.family_code(facts.specialisation),
                name: name.to_owned(),
                highlights: highlights(name, typed),
                kind: hit.kind,
            });
            if suggestions.len() == limit {
                break;
            }
        }
    }
}

/// The folded words of a text.
fn words(text: &str) -> Vec<String> {
    fold(text)
        .text
        .split(|letter: char| !(letter.is_alphanumeric() || matches!(letter, '+' | '#' | '\'')))
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect()
}

/// Ranges of characters in a name where typed words begin words of it.
fn highlights(name: &str, typed: &[String]) -> Vec<(usize, usize)> {
    let folded = fold(name);
    let mut ranges: Vec<(usize, usize)> = Vec::new();
    for word in typed {
        let found = folded
            .text
            .match_indices(word.as_str())
            .find(|(at, _)| !folded.text[..*at].chars().next_back().is_some_and(char::is_alphanumeric));
        if let Some((at, matched)) = found {
            let bytes = folded.input_range(at, at + matched.len(), name);
            let first = name[..bytes.start].chars().count();
            ranges.push((first, first + name[bytes].chars().count()));
        }
    }
    ranges.sort_unstable();
    ranges.dedup();
    ranges
}
