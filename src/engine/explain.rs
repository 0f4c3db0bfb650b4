//! Says why an answer is what it is: the name, what was forgiven, what was left over, the level, the learnt part.

use super::answer::{Explanation, FeatureShare, LearnedShare, MatchedName, Parsed, ParsedLevel, Relaxation, RoleCandidate, Unmatched};
use crate::analysis::{ChangeKind, Query, Word, WordKind, fold};
use crate::index::{Index, NameField};
use crate::learn::SparseVector;
use crate::rank::{FEATURE_NAMES, Leaf, LevelMatch, Ranking};
use crate::retrieve::{KnownMatch, ranking_words};
use crate::taxonomy::Track;

/// Learnt features shown: more are noise to a reader.
const MAX_LEARNED: usize = 6;
/// Learnt features weaker than this share of the strongest are left out.
const LEARNED_SHARE: f32 = 0.1;

/// How a title was read, as it is shown. `track` is the track on which the level is read, when one is chosen.
pub(super) fn parsed(query: &Query, track: Option<Track>, lang: Option<String>) -> Parsed {
    let reading = query.level.as_ref().or(query.office.as_ref());
    let level = reading.map(|reading| {
        let range = track.and_then(|track| reading.ranges.on(track)).or_else(|| reading.ranges.0.first().copied());
        ParsedLevel {
            text: reading.text.to_lowercase(),
            word: reading.word.clone(),
            track: range.map(|range| range.track),
            min: range.map(|range| range.min),
            max: range.map(|range| range.max),
        }
    });
    let normalized = query.normalized();
    Parsed {
        segments: if normalized.is_empty() { Vec::new() } else { vec![normalized.clone()] },
        normalized,
        level,
        noise: query.noise.clone(),
        changes: query.changes.clone(),
        typos: Vec::new(),
        lang,
    }
}

/// A name as it is shown.
pub(super) fn matched_name(index: &Index, name: u32) -> MatchedName {
    let facts = &index.names.facts[name as usize];
    let field = match facts.field {
        NameField::Title => "title",
        NameField::Alias => "alias",
        NameField::Derived => "derived",
    };
    MatchedName {
        text: index.names.texts.get(name).to_owned(),
        field: field.to_owned(),
        approved: facts.approved,
        lang: index.names.languages.get(usize::from(facts.lang)).cloned().unwrap_or_default(),
    }
}

/// What was forgiven between a title and the name that it is; nothing for a title found by likeness.
pub(super) fn relaxations(index: &Index, query: &Query, known: Option<&KnownMatch>, name: Option<u32>) -> Vec<Relaxation> {
    let (Some(known), Some(name)) = (known, name) else { return Vec::new() };
    let text = index.names.texts.get(name);
    let input = query.input.trim();
    if text == input && !known.is_misspelt() {
        return Vec::new();
    }
    if fold(text).text == fold(input).text && !known.is_misspelt() {
        return vec![Relaxation::Case];
    }
    let mut found = Vec::new();
    for change in &query.changes {
        found.push(match change.kind {
            ChangeKind::Abbreviation => Relaxation::Abbreviation,
            ChangeKind::Compound => Relaxation::Compound,
            ChangeKind::GenderForm => Relaxation::GenderForm,
            ChangeKind::Inversion => Relaxation::Order,
        });
    }
    let holds = [
        (known.reordered, Relaxation::Order),
        (inflected(query), Relaxation::Plural),
        (known.is_misspelt(), Relaxation::Typo),
        (known.dropped, Relaxation::TokenDropped),
        (known.level_dropped, Relaxation::LevelDropped),
        (!query.noise.is_empty(), Relaxation::Noise),
    ];
    found.extend(holds.into_iter().filter_map(|(holds, relaxation)| holds.then_some(relaxation)));
    found.sort_unstable();
    found.dedup();
    found
}

/// Whether a word's normal form differs from what was typed without a recorded change.
fn inflected(query: &Query) -> bool {
    query.words.iter().any(|word| {
        let typed = query.input.get(word.raw.clone()).unwrap_or_default();
        let folded = fold(typed).text;
        folded != word.text && folded.starts_with(&word.text[..word.text.len().min(3)]) && !query.changes.iter().any(|change| change.from == typed)
    })
}

/// Words left over on both sides.
pub(super) fn unmatched(index: &Index, query: &Query, known: Option<&KnownMatch>, name: Option<u32>) -> Unmatched {
    let Some(name) = name else {
        let words = query.core_words().iter().filter(|word| word.is_content()).map(|word| word.text.clone()).collect();
        return Unmatched { query: words, name: Vec::new() };
    };
    let name_words: Vec<&str> = index.names.word_lists.get(name).iter().map(|number| index.names.words.get(*number)).collect();
    let own: Vec<&Word> = query.named_words();
    let left = match known {
        Some(known) => known.unmatched.clone(),
        None => own
            .iter()
            .filter(|word| word.is_content() && !name_words.contains(&word.text.as_str()))
            .map(|word| word.text.clone())
            .collect(),
    };
    let name_left = name_words
        .iter()
        .filter(|word| word.len() > 1 && !index.analyzer.is_linking(word) && !own.iter().any(|own| own.text == **word))
        .map(|word| (*word).to_owned())
        .collect();
    Unmatched { query: left, name: name_left }
}

/// The reasons for one candidate in words and numbers.
pub(super) fn explain(
    index: &Index,
    query: &Query,
    known: Option<&KnownMatch>,
    ranking: &Ranking,
    place: usize,
    candidate: &RoleCandidate,
    leaf: &Leaf,
) -> Explanation {
    let (scored, rival) = (ranking.all().nth(place), ranking.all().nth(usize::from(place == 0)));
    let learned = scored.zip(rival).map(|(scored, rival)| learned_shares(index, query, scored.specialisation.0, rival.specialisation.0)).unwrap_or_default();
    let mut sentences = Vec::new();
    if let Some(matched) = &candidate.matched {
        let approved = if matched.approved { "" } else { ", which nobody has approved" };
        sentences.push(match known {
            Some(_) => format!("the title is the {} {:?} of this role{approved}", matched.field, matched.text),
            None => format!("the nearest name of this role is the {} {:?}{approved}", matched.field, matched.text),
        });
    } else {
        sentences.push("no name of this role shares a word with the title; only parts of words speak for it".to_owned());
    }
    if !candidate.relaxations.is_empty() {
        let named: Vec<String> = candidate.relaxations.iter().map(|relaxation| relaxation_words(*relaxation).to_owned()).collect();
        sentences.push(format!("forgiven: {}", named.join(", ")));
    }
    if !candidate.unmatched.query.is_empty() {
        sentences.push(format!("words of the title left over: {}", candidate.unmatched.query.join(", ")));
    }
    if known.is_none() && !candidate.unmatched.name.is_empty() {
        sentences.push(format!("words of the name left over: {}", candidate.unmatched.name.join(", ")));
    }
    sentences.extend(level_sentence(query, candidate, leaf));
    if known.is_some() && ranking.scored.len() > 1 {
        sentences.push(format!("{} kinds of work bear this name", ranking.scored.len()));
    }
    let for_it: Vec<&str> = learned.iter().filter(|share| share.weight > 0.0).map(|share| share.feature.as_str()).take(3).collect();
    if known.is_none() && !for_it.is_empty() {
        let against = if place == 0 { "the runner-up" } else { "the first" };
        sentences.push(format!("learnt from the taxonomy's names, for it against {against}: {}", for_it.join(", ")));
    }
    let features = match (known, scored) {
        (None, Some(scored)) => FEATURE_NAMES.iter().zip(scored.features).map(|(name, value)| FeatureShare { name: (*name).to_owned(), value }).collect(),
        _ => Vec::new(),
    };
    Explanation { sentences, features, learned: if known.is_some() { Vec::new() } else { learned } }
}

fn relaxation_words(relaxation: Relaxation) -> &'static str {
    match relaxation {
        Relaxation::Case => "upper and lower case",
        Relaxation::Order => "order of words",
        Relaxation::Plural => "plural or inflection",
        Relaxation::Abbreviation => "short form",
        Relaxation::Compound => "words joined or cut",
        Relaxation::GenderForm => "gender form",
        Relaxation::Typo => "slip of the keyboard",
        Relaxation::TokenDropped => "words left over",
        Relaxation::LevelDropped => "level words left over",
        Relaxation::Noise => "words that belong to no title",
    }
}

fn level_sentence(query: &Query, candidate: &RoleCandidate, leaf: &Leaf) -> Option<String> {
    let level = candidate.level?;
    let stated = query.level.as_ref().or(query.office.as_ref()).map(|reading| reading.word.clone());
    Some(match (leaf.level_match, stated) {
        (LevelMatch::NotStated, _) => format!("the title states no level; {level} is the usual one of {} possible", leaf.equals),
        (LevelMatch::Match, Some(word)) => format!("{word:?} is level {level}"),
        (LevelMatch::Match, None) => format!("the name itself is of level {level}"),
        (LevelMatch::Compatible, word) => format!("{} is one grade from {level}", quoted(word)),
        (LevelMatch::Conflict, word) => format!("{} is several grades from {level}, the nearest that exists", quoted(word)),
        (LevelMatch::TrackConflict, word) => format!("{} belongs to another track than {level}", quoted(word)),
    })
}

fn quoted(word: Option<String>) -> String {
    word.map_or_else(|| "the level stated".to_owned(), |word| format!("{word:?}"))
}

/// What the learnt models see in the title for one specialisation against another, strongest first.
fn learned_shares(index: &Index, query: &Query, better: u32, worse: u32) -> Vec<LearnedShare> {
    if better == worse {
        return Vec::new();
    }
    let (words, head) = ranking_words(index, query);
    let tokens: Vec<&str> = words.iter().filter(|word| word.kind != WordKind::Number).map(|word| word.text.as_str()).collect();
    let head = head.filter(|head| *head < tokens.len());
    let mut sums: Vec<(String, f32)> = Vec::new();
    for learned in &index.models {
        let described = learned.vocabulary.describe(&tokens, head);
        let mut vector = SparseVector::default();
        vector.entries.extend(described.iter().map(|(_, number, value)| (*number, *value)));
        for ((name, _, _), (_, weight)) in described.iter().zip(learned.model.contributions(0, &vector, better, worse)) {
            match sums.iter_mut().find(|(known, _)| known == name) {
                Some((_, sum)) => *sum += weight,
                None => sums.push((name.clone(), weight)),
            }
        }
    }
    let count = index.models.len().max(1) as f32;
    let mut shares: Vec<LearnedShare> =
        sums.into_iter().map(|(feature, weight)| LearnedShare { feature, weight: weight / count }).collect();
    shares.sort_by(|a, b| b.weight.abs().total_cmp(&a.weight.abs()).then_with(|| a.feature.cmp(&b.feature)));
    let strongest = shares.first().map_or(0.0, |share| share.weight.abs());
    shares.retain(|share| share.weight.abs() >= strongest * LEARNED_SHARE);
    shares.truncate(MAX_LEARNED);
    shares
}
