//! Turns a title of several parts into one without the parts that no role accounts for.
//!
//! Vacancy titles carry things that no lexicon lists ("Roofer - Twin Bridges - golden hello on offer"). A **part** is what
//! stands between separators, brackets and words such as *in* and *at*. The part that ends most like a name is the main
//! one; another part stays when it ends like a name too, or when names of the roles that the main part points to have its
//! words ("Nurse - Operating Room"), or those of the roles that the whole title points to. What goes is recorded as noise.
//! Titles of one part are never touched.

use crate::analysis::{Noise, NoiseKind, Query, Word, WordKind};
use crate::index::{Index, weight};

/// Share of a word's roles that use it as head noun, from which a part ends like a name: *engineer* has nearly 1, *package*
/// and names of places next to 0, *assistant* and *service* lie between.
const HEAD_STRENGTH: f32 = 0.5;
/// The main part must end in something that at least sometimes is a head noun, else nothing is known of any part.
const LEAST_STRENGTH: f32 = 0.25;
/// Roles of the main part whose names may account for another part.
const ACCOUNTING_ROLES: usize = 12;
/// Roles of the whole title whose names may account for a part too, where they have the head noun of the main part: "Painter
/// - Aircraft" is no painter of houses. More of them keep more noise.
const JOINT_ROLES: usize = 4;
/// Share of a part's words, by rarity, that names of these roles must have.
const ACCOUNTED_SHARE: f32 = 0.5;
/// Kind under which a part that was left out is recorded.
const KIND: &str = "unrelated";

/// The title without the parts that have nothing to do with its main part; `None` when all of them stay. For titles that
/// are no name.
pub fn focus(index: &Index, query: &Query) -> Option<Query> {
    let parts = parts(&query.words);
    if parts.len() < 2 || query.problem.is_some() {
        return None;
    }
    let strengths: Vec<f32> = parts.iter().map(|part| strength(index, query, part)).collect();
    // The first of equals: people put the title before the rest.
    let main = (0..parts.len()).rev().max_by(|a, b| strengths[*a].total_cmp(&strengths[*b]))?;
    if strengths[main] < LEAST_STRENGTH {
        return None;
    }
    let main_words: Vec<&Word> = words(query, &parts[main]).collect();
    let roles = super::likeliest(index, &main_words, ACCOUNTING_ROLES);
    let others = (0..parts.len()).filter(|part| *part != main && strengths[*part] < HEAD_STRENGTH).map(|part| &parts[part]);
    let mut dropped: Vec<&Vec<usize>> = others.filter(|part| accounted(index, query, part, &roles) < ACCOUNTED_SHARE).collect();
    if let Some(head) = head(index, &main_words)
        && dropped.iter().any(|part| may_be_accounted(index, query, part, head))
    {
        let joint = joint_roles(index, query, &parts, head);
        dropped.retain(|part| accounted(index, query, part, &joint) < ACCOUNTED_SHARE);
    }
    if dropped.is_empty() { None } else { Some(without(index, query, &dropped)) }
}

/// Whether any role has both a word of a part and the main part's head noun in its names. Most parts that go have none, and
/// looking costs a small part of what ranking the whole title does.
fn may_be_accounted(index: &Index, query: &Query, part: &[usize], head: u32) -> bool {
    let content = words(query, part).filter(|word| word.is_content());
    let mut numbers = content.filter_map(|word| index.names.word_number(&word.text));
    numbers.any(|number| index.words.names.of(number).any(|(role, _)| index.words.names.impact(head, role) > 0.0))
}

/// The likeliest roles of the whole title that have the head noun of its main part in a name.
fn joint_roles(index: &Index, query: &Query, parts: &[Vec<usize>], head: u32) -> Vec<u32> {
    let whole: Vec<&Word> = parts.iter().flat_map(|part| words(query, part)).collect();
    let mut roles = super::likeliest(index, &whole, JOINT_ROLES);
    roles.retain(|role| index.words.names.impact(head, *role) > 0.0);
    roles
}

/// Number of the head noun of some words, if names have it.
fn head(index: &Index, words: &[&Word]) -> Option<u32> {
    index.analyzer.head(words).and_then(|at| index.names.word_number(&words[at].text))
}

/// Whether a title ends like a name: in a word that at least sometimes is the head noun of one. Departments, headings and
/// sentences do not.
pub fn ends_like_a_name(index: &Index, query: &Query) -> bool {
    parts(&query.words).iter().any(|part| strength(index, query, part) >= LEAST_STRENGTH)
}

/// Places of the words of each part, noise left out.
fn parts(words: &[Word]) -> Vec<Vec<usize>> {
    let mut parts: Vec<Vec<usize>> = Vec::new();
    let mut last: Option<&Word> = None;
    for (position, word) in words.iter().enumerate() {
        if word.is_noise() {
            last = None;
            continue;
        }
        let joins = last.is_some_and(|last| last.segment == word.segment && last.bracket == word.bracket) && !opens_part(word);
        last = Some(word);
        match parts.last_mut() {
            Some(part) if joins => part.push(position),
            _ => parts.push(vec![position]),
        }
    }
    parts.retain(|part| part.iter().any(|at| words[*at].is_content()));
    parts
}

/// The words of a part.
fn words<'q>(query: &'q Query, part: &'q [usize]) -> impl Iterator<Item = &'q Word> {
    part.iter().map(|at| &query.words[*at])
}

/// Whether a word begins a part of its own: what follows it is a place, an employer or a condition as often as a field.
fn opens_part(word: &Word) -> bool {
    matches!(word.text.as_str(), "in" | "at" | "with" | "w" | "near")
}

/// How much a part ends like a name: the share of its head noun's roles that use it as head noun.
fn strength(index: &Index, query: &Query, part: &[usize]) -> f32 {
    let words: Vec<&Word> = words(query, part).skip_while(|word| opens_part(word)).collect();
    let Some(head) = head(index, &words) else { return 0.0 };
    let (as_head, anywhere) = (index.words.heads.of(head).count(), index.words.names.of(head).count());
    as_head as f32 / anywhere.max(1) as f32
}

/// Share of a part's content words, by rarity, that stand in names of given roles.
fn accounted(index: &Index, query: &Query, part: &[usize], roles: &[u32]) -> f32 {
    let unknown = (index.taxonomy.specialisations.len() as f32 + 1.0).ln();
    let (mut all, mut found) = (0.0, 0.0);
    for word in words(query, part).filter(|word| word.is_content()) {
        let number = index.names.word_number(&word.text);
        let worth = number.map_or(unknown, |number| weight(&index.words.names, number));
        all += worth;
        if number.is_some_and(|number| roles.iter().any(|role| index.words.names.impact(number, *role) > 0.0)) {
            found += worth;
        }
    }
    if all > 0.0 { found / all } else { 0.0 }
}

/// The title with some parts marked as noise.
fn without(index: &Index, query: &Query, dropped: &[&Vec<usize>]) -> Query {
    let mut left = query.clone();
    for part in dropped {
        let (Some(first), Some(last)) = (part.first(), part.last()) else { continue };
        let raw = (*first..=*last).map(|at| &query.words[at].raw).fold(usize::MAX..0, |all, raw| all.start.min(raw.start)..all.end.max(raw.end));
        left.noise.push(Noise { text: query.input.get(raw).unwrap_or_default().to_owned(), kind: NoiseKind(KIND.into()) });
        for at in part.iter() {
            // A level stated anywhere is still the title's level.
            if !left.words[*at].is_level() {
                left.words[*at].kind = WordKind::Noise(NoiseKind(KIND.into()));
            }
        }
    }
    left.vague = index.analyzer.is_vague(&left.normalized());
    left
}
