//! Finds the names that a title is, but for order, function words, brackets, level words, noise and slips of the keyboard.
//!
//! The longest part of a title that is a name wins: the whole, the whole without brackets, runs of up to three segments,
//! each also without level words. A single word counts only when it is all that the title says.

use std::ops::Range;

use crate::analysis::{Query, Word, WordKind, key};
use crate::index::{Found, Index, letters};
use crate::taxonomy::Track;

/// Longest run of segments tried as a name of its own.
const MAX_RUN: u16 = 3;
/// Titles of fewer letters allow one edit, others two: two edits make most short titles another one.
const LETTERS_FOR_TWO_EDITS: usize = 9;
/// Words of fewer letters are corrected only as part of a longer title, and by one edit.
const MIN_CORRECTED_LETTERS: usize = 5;
/// Fewest letters of a word that is corrected at all.
const MIN_SHORT_LETTERS: usize = 3;
/// Titles of fewer letters allow one edit when they are corrected as a whole. Lower than for words: such a match competes
/// with likeness by a confidence that knows how many edits the letters bear.
const WHOLE_LETTERS_FOR_TWO_EDITS: usize = 6;
/// Fewest letters of a title of known words in which a slip is supposed: *trainee* is no *trainer*.
const MIN_GUESSED_LETTERS: usize = 12;
/// Fewest letters of a title that is corrected as a whole.
const MIN_WHOLE_LETTERS: usize = 5;
/// Corrections of one word that are tried.
const MAX_CORRECTIONS: usize = 6;
/// Corrected titles that are looked up; the likeliest are among the first.
const MAX_COMBINATIONS: usize = 24;
/// Misspelt words in one title: with more it is no misspelt name.
const MAX_UNKNOWN_WORDS: usize = 3;

/// A name found for a title.
#[derive(Debug, Clone, Default)]
pub struct KnownMatch {
    /// Numbers of the names, in order.
    pub names: Vec<u32>,
    /// Whether brackets or level words of the names are not in the title.
    pub partial: bool,
    /// Whether the whole normal form is the name, in its order.
    pub exact: bool,
    /// Words of the title that the name does not use, noise apart.
    pub unmatched: Vec<String>,
    /// Level words that the name does not use.
    pub level_dropped: bool,
    /// Whether the words stand in another order.
    pub reordered: bool,
    /// Words left out beside level words.
    pub dropped: bool,
    /// Edits that were undone.
    pub typos: Vec<Typo>,
    /// Number of content words of the key.
    pub words: usize,
    /// Number of letters of a title that was corrected.
    pub letters: usize,
    /// Whether a word of a title that was corrected is in no vocabulary.
    pub has_unknown_word: bool,
    /// How usual the letters of what was corrected are, by [`crate::index::LetterModel::log_probability`]: a slip makes them unusual.
    pub letter_log_probability: f32,
    /// The title as corrected, when it was.
    pub corrected: Option<Box<Query>>,
}

impl KnownMatch {
    /// Whether edits were undone or words left over, so that the title may be another name that is not known.
    pub fn is_loose(&self) -> bool {
        self.dropped || self.is_misspelt()
    }

    /// Whether the title may well be another name that is not known: a loose match, or a name with words that it lacks. Such
    /// a match competes with what is found by likeness.
    pub fn is_contested(&self) -> bool {
        self.is_loose() || self.partial
    }

    /// Whether edits were undone: such titles err in a way of their own and have a calibrator of their own.
    pub fn is_misspelt(&self) -> bool {
        !self.typos.is_empty()
    }
}

/// A slip that was undone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Typo {
    /// As typed.
    pub from: String,
    /// As corrected.
    pub to: String,
    /// Edits between them.
    pub distance: u8,
}

/// One part of a title to look up.
struct Variant<'q> {
    words: Vec<&'q Word>,
    whole: bool,
    without_level: bool,
}

/// Finds the names that a title is, without correcting anything.
pub fn find(index: &Index, query: &Query) -> Option<KnownMatch> {
    let variants = variants(query, index.has_levels());
    let mut best: Option<(usize, KnownMatch)> = None;
    for variant in &variants {
        let content = variant.words.iter().filter(|word| word.kind != WordKind::Stop).count();
        if content == 0 || (content == 1 && !variant.whole) || best.as_ref().is_some_and(|(longest, _)| *longest >= content) {
            continue;
        }
        let Some(key) = key(&variant.words) else { continue };
        let found = index.names.with_key(key);
        if !found.names.is_empty() {
            best = Some((content, described(index, query, variant, found, content)));
        }
    }
    best.map(|(_, found)| found)
}

fn described(index: &Index, query: &Query, variant: &Variant<'_>, found: Found, content: usize) -> KnownMatch {
    let used: Vec<&str> = variant.words.iter().map(|word| word.text.as_str()).collect();
    let ordered = |name: u32| -> bool {
        let words = index.names.word_lists.get(name);
        words.len() == used.len() && words.iter().zip(&used).all(|(number, word)| index.names.words.get(*number) == *word)
    };
    let reordered = !found.partial && !found.names.iter().any(|name| ordered(*name));
    let left: Vec<&Word> =
        query.words.iter().filter(|word| !word.is_noise() && word.kind != WordKind::Stop && !used.contains(&word.text.as_str())).collect();
    let level_dropped = variant.without_level && query.words.iter().any(Word::is_level);
    let unmatched: Vec<String> = left.iter().filter(|word| !word.is_level() && word.kind != WordKind::Number).map(|word| word.text.clone()).collect();
    let dropped = !unmatched.is_empty();
    let whole_used = left.is_empty() && !query.words.iter().any(Word::is_noise) && query.noise.is_empty();
    KnownMatch {
        partial: found.partial,
        names: found.names,
        exact: whole_used && !found.partial && !reordered && variant.whole && !level_dropped,
        unmatched,
        level_dropped,
        reordered,
        dropped,
        typos: Vec::new(),
        words: content,
        letters: 0,
        has_unknown_word: false,
        letter_log_probability: 0.0,
        corrected: None,
    }
}

/// The parts of a title in the order of preference among equally long ones.
fn variants<'q>(query: &'q Query, has_levels: bool) -> Vec<Variant<'q>> {
    let all: Vec<&'q Word> = query.words.iter().collect();
    let named: Vec<&Word> = all.iter().copied().filter(|word| !word.is_noise()).collect();
    let mut variants: Vec<Variant<'q>> = Vec::with_capacity(8);
    let mut add = |words: Vec<&'q Word>, whole: bool, without_level: bool| {
        if !words.is_empty() {
            variants.push(Variant { words, whole, without_level });
        }
    };
    let has_level = named.iter().any(|word| word.is_level());
    if all.len() > named.len() {
        add(all.clone(), true, false);
    }
    add(named.clone(), true, false);
    let has_number = named.iter().any(|word| word.kind == WordKind::Number);
    if has_level || has_number {
        add(without_level(&named, has_levels), true, true);
    }
    let runs = segments(&named);
    let has_bracket = named.iter().any(|word| word.bracket);
    if has_bracket {
        let outside: Vec<&Word> = named.iter().copied().filter(|word| !word.bracket).collect();
        let only_level_inside = named.iter().all(|word| !word.bracket || word.is_level());
        add(outside.clone(), only_level_inside, false);
        add(without_level(&outside, has_levels), only_level_inside, true);
    }
    if runs.len() > 1 {
        for length in (1..=runs.len().min(usize::from(MAX_RUN))).rev() {
            for start in 0..=runs.len() - length {
                let words = &named[runs[start].start..runs[start + length - 1].end];
                add(words.to_vec(), false, false);
                if words.iter().any(|word| word.is_level() || word.kind == WordKind::Number) {
                    add(without_level(words, has_levels), false, true);
                }
            }
        }
    }
    variants
}

fn without_level<'q>(words: &[&'q Word], has_levels: bool) -> Vec<&'q Word> {
    words.iter().copied().filter(|word| !(word.kind == WordKind::Number || (word.is_level() && (has_levels || is_only_seniority(word))))).collect()
}

/// Whether a level word changes nothing about the work itself. In a taxonomy without levels *helper*, *apprentice* and
/// *assistant* are occupations of their own; *senior* and numerals are not.
fn is_only_seniority(word: &Word) -> bool {
    let WordKind::Level(ranges) = &word.kind else { return false };
    let highest = |track| ranges.on(track).map_or(0, |range| range.max);
    let (professional, skilled) = (highest(Track::P), highest(Track::S));
    word.text.len() <= 3 || professional >= 3 || skilled >= 4 || word.text == "junior"
}

/// Ranges of words between separators and around "in" and "at".
fn segments(words: &[&Word]) -> Vec<Range<usize>> {
    let mut ranges: Vec<Range<usize>> = Vec::new();
    let mut start = 0;
    for position in 0..words.len() {
        let linking = matches!(words[position].text.as_str(), "in" | "at" | "w" | "with");
        let breaks = position > start && words[position].segment != words[position - 1].segment;
        if breaks || linking {
            if position > start {
                ranges.push(start..position);
            }
            start = if linking { position + 1 } else { position };
        }
    }
    if start < words.len() {
        ranges.push(start..words.len());
    }
    ranges
}

/// The names that a title is, undoing edits where it is none as it stands. `found` is what [`find`] gives for it, `misspelt`
/// gives what [`find_misspelt`] does. A part of the title that is a name yields to a name that the whole is after edits.
pub fn correct(index: &Index, query: &Query, found: Option<KnownMatch>, misspelt: impl FnOnce() -> Option<KnownMatch>) -> Option<KnownMatch> {
    match found {
        Some(found) if found.dropped && query.words.iter().any(|word| is_unknown(index, word)) => {
            Some(find_by_letters(index, query, 2, true).unwrap_or(found))
        }
        None => misspelt(),
        found => found,
    }
}

/// Finds the names that a misspelt title is: word by word, or by the letters of the whole where that takes fewer edits
/// (slips at a blank, in several words, in a word that then is another one). A title of known words may be another name
/// that is not listed, so only one edit of the whole is undone there, and the match says so.
pub fn find_misspelt(index: &Index, query: &Query, lang: Option<&str>) -> Option<KnownMatch> {
    let unknown: Vec<usize> = (0..query.words.len()).filter(|position| is_unknown(index, &query.words[*position])).collect();
    if unknown.is_empty() {
        let words = query.words.iter().filter(|word| word.is_content()).count();
        let whole = if words > 1 { find_by_letters(index, query, 1, false) } else { None };
        return whole.filter(|found| found.letters >= MIN_GUESSED_LETTERS);
    }
    let by_words = find_by_words(index, query, &unknown, lang);
    let spent = |found: &KnownMatch| found.typos.iter().map(|typo| typo.distance).sum::<u8>() + u8::from(found.dropped);
    if by_words.as_ref().is_some_and(|found| spent(found) <= 1) {
        return by_words;
    }
    match (by_words, find_by_letters(index, query, 2, true)) {
        (Some(words), Some(letters)) => Some(if spent(&letters) < spent(&words) { letters } else { words }),
        (words, letters) => words.or(letters),
    }
}

/// Edits allowed in a title of so many letters.
fn allowed_edits(letters: usize) -> u8 {
    if letters < LETTERS_FOR_TWO_EDITS { 1 } else { 2 }
}

fn find_by_letters(index: &Index, query: &Query, most_edits: u8, has_unknown_word: bool) -> Option<KnownMatch> {
    let mut typed = String::new();
    let mut done = 0;
    for word in query.words.iter().filter(|word| !word.is_noise()) {
        // A compound that was cut gives several words of the same text.
        if word.raw.end > done {
            typed.push_str(query.input.get(word.raw.start.max(done)..word.raw.end)?);
            done = word.raw.end;
        }
    }
    let letters = letters(&typed);
    let length = letters.chars().count();
    if length < MIN_WHOLE_LETTERS {
        return None;
    }
    let allowed = if length < WHOLE_LETTERS_FOR_TWO_EDITS { 1 } else { most_edits };
    let near = index.near_names().nearest(&index.names.texts, &letters, allowed);
    let first = near.first()?;
    let mut best: Option<KnownMatch> = None;
    for near in &near {
        let text = index.names.texts.get(near.name);
        let language = index.names.languages.get(usize::from(index.names.facts[near.name as usize].lang));
        let name = index.analyzer.name(text, language.map(String::as_str));
        let words: Vec<&Word> = name.words.iter().collect();
        let Some(found) = key(&words).map(|key| index.names.with_key(key)).filter(|found| !found.names.is_empty()) else { continue };
        match &mut best {
            Some(best) => best.names.extend(found.names),
            None => {
                let typos = vec![Typo { from: typed.clone(), to: text.to_owned(), distance: first.distance }];
                best = Some(KnownMatch {
                    names: found.names,
                    words: words.iter().filter(|word| word.is_content()).count(),
                    letters: length,
                    has_unknown_word,
                    letter_log_probability: letter_log_probability(index, &typos),
                    typos,
                    corrected: Some(Box::new(name)),
                    ..KnownMatch::default()
                });
            }
        }
    }
    let mut best = best?;
    best.names.sort_unstable();
    best.names.dedup();
    Some(best)
}

fn find_by_words(index: &Index, query: &Query, unknown: &[usize], lang: Option<&str>) -> Option<KnownMatch> {
    if unknown.len() > MAX_UNKNOWN_WORDS {
        return None;
    }
    let letters: usize = query.words.iter().filter(|word| !word.is_noise()).map(|word| word.text.chars().count()).sum();
    let allowed = allowed_edits(letters);
    let several = query.words.iter().filter(|word| word.is_content() || word.is_level()).count() > 1;
    let mut choices: Vec<Vec<Correction>> = Vec::new();
    for at in unknown {
        let found = corrections(index, query, *at, allowed, several);
        if found.is_empty() {
            return None;
        }
        choices.push(found);
    }
    for combination in combinations(&choices, allowed) {
        let Some(corrected) = rewritten(&query.input, &combination) else { continue };
        let corrected_query = index.analyzer.query(&corrected, lang);
        if let Some(mut found) = find(index, &corrected_query) {
            found.exact = false;
            found.letters = letters;
            found.has_unknown_word = true;
            found.typos = combination
                .iter()
                .map(|correction| Typo {
                    from: query.input.get(correction.raw.clone()).unwrap_or_default().to_owned(),
                    to: correction.to.clone(),
                    distance: correction.distance,
                })
                .collect();
            found.letter_log_probability = letter_log_probability(index, &found.typos);
            found.corrected = Some(Box::new(corrected_query));
            return Some(found);
        }
    }
    None
}

/// How usual the letters are in which slips were found.
fn letter_log_probability(index: &Index, typos: &[Typo]) -> f32 {
    let typed: Vec<&str> = typos.iter().map(|typo| typo.from.as_str()).collect();
    index.letter_model().log_probability(&crate::analysis::fold(&typed.join(" ")).text)
}

/// A correction of the input's bytes.
#[derive(Debug, Clone)]
struct Correction {
    raw: Range<usize>,
    to: String,
    distance: u8,
}

/// Whether a word is in no vocabulary.
pub fn is_unknown(index: &Index, word: &Word) -> bool {
    let letters = word.text.chars().count();
    letters >= MIN_SHORT_LETTERS
        && !word.is_noise()
        && matches!(word.kind, WordKind::Plain)
        && !word.text.chars().any(|letter| letter.is_ascii_digit())
        && index.names.word_number(&word.text).is_none()
        && index.text_word_number(&word.text).is_none()
        && !index.words.other_words_contain(&word.text)
}

/// Ways to read an unknown word: a near word, two words written together, or one word cut in two with its neighbour.
fn corrections(index: &Index, query: &Query, at: usize, allowed: u8, several: bool) -> Vec<Correction> {
    let word = &query.words[at];
    let letters = word.text.chars().count();
    let mut found: Vec<Correction> = Vec::new();
    for (left, right) in splits(&word.text) {
        let known = |part: &str| index.names.word_number(part).is_some();
        if known(left) && known(right) {
            found.push(Correction { raw: word.raw.clone(), to: format!("{left} {right}"), distance: 1 });
        }
    }
    for neighbour in [at.checked_sub(1), Some(at + 1)].into_iter().flatten() {
        let Some(other) = query.words.get(neighbour) else { continue };
        let (left, right) = if neighbour < at { (other, word) } else { (word, other) };
        let joined = format!("{}{}", left.text, right.text);
        if index.names.word_number(&joined).is_some() {
            found.push(Correction { raw: left.raw.start..right.raw.end, to: joined, distance: 1 });
        }
    }
    let most = if letters < MIN_CORRECTED_LETTERS { 1 } else { allowed };
    let raw = query.input.get(word.raw.clone()).unwrap_or_default();
    let acronym = raw.chars().any(char::is_uppercase) && !raw.chars().any(char::is_lowercase);
    if letters >= MIN_CORRECTED_LETTERS || (several && letters > MIN_SHORT_LETTERS && !acronym) {
        let typed = crate::analysis::fold(raw).text;
        let mut near = index.spelling().near(&word.text, most, |number| index.spelling_word(number));
        if typed != word.text && typed.chars().all(char::is_alphabetic) {
            let more = index.spelling().near(&typed, most, |number| index.spelling_word(number));
            near.extend(more);
            near.sort_unstable_by_key(|near| (near.distance, near.word));
            near.dedup();
        }
        found.extend(near.into_iter().take(MAX_CORRECTIONS).map(|near| Correction {
            raw: word.raw.clone(),
            to: index.spelling_word(near.word).to_owned(),
            distance: near.distance,
        }));
    }
    found.sort_by_key(|correction| correction.distance);
    found
}

/// Every way to cut a word in two parts of at least two letters.
fn splits(text: &str) -> impl Iterator<Item = (&str, &str)> {
    text.char_indices().skip(2).filter_map(move |(position, _)| {
        let (left, right) = text.split_at(position);
        (right.chars().count() >= 2).then_some((left, right))
    })
}

/// Combinations of one correction a word with few edits in all, fewest first.
fn combinations(choices: &[Vec<Correction>], allowed: u8) -> Vec<Vec<Correction>> {
    let mut all: Vec<Vec<Correction>> = vec![Vec::new()];
    for choice in choices {
        let mut longer = Vec::new();
        for start in &all {
            for correction in choice {
                let spent: u8 = start.iter().map(|correction| correction.distance).sum();
                if spent + correction.distance <= allowed.max(choices.len() as u8) {
                    let mut next = start.clone();
                    next.push(correction.clone());
                    longer.push(next);
                }
            }
        }
        all = longer;
    }
    all.sort_by_key(|combination| combination.iter().map(|correction| u32::from(correction.distance)).sum::<u32>());
    all.truncate(MAX_COMBINATIONS);
    all
}

/// The input with corrections in place; `None` when two of them overlap.
fn rewritten(input: &str, corrections: &[Correction]) -> Option<String> {
    let mut sorted: Vec<&Correction> = corrections.iter().collect();
    sorted.sort_by_key(|correction| correction.raw.start);
    let mut text = String::with_capacity(input.len() + 8);
    let mut done = 0;
    for correction in sorted {
        if correction.raw.start < done {
            if correction.raw.end <= done {
                continue;
            }
            return None;
        }
        text.push_str(input.get(done..correction.raw.start)?);
        text.push_str(&correction.to);
        done = correction.raw.end;
    }
    text.push_str(input.get(done..)?);
    Some(text)
}
