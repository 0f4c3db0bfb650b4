//! Reads the level that a title states: level words are marked and leave the name, office words are marked and stay.

use super::query::{LevelReading, Word, WordKind};
use super::tables::{self, Tables};
use crate::taxonomy::lexicon::GradeRanges;
use crate::taxonomy::{GradeRange, LevelCode};

/// What a title says of level and office.
#[derive(Debug, Default)]
pub(super) struct Reading {
    pub(super) level: Option<LevelReading>,
    pub(super) office: Option<LevelReading>,
    pub(super) level_only: bool,
}

/// Marks level and office words and joins what they say.
pub(super) fn read(words: &mut [Word], tables: &Tables, input: &str) -> Reading {
    let blind = grade_blind(words, tables);
    let mut reading = Reading::default();
    let mut scratch = String::new();
    let mut position = 0;
    while position < words.len() {
        if blind[position] || words[position].is_noise() {
            position += 1;
            continue;
        }
        let segment = words[position].segment;
        let same_segment = words[position..].iter().take_while(|word| word.segment == segment && !word.is_noise()).count();
        let taken = read_at(words, position, same_segment, &blind, tables, input, &mut scratch, &mut reading);
        position += taken.max(1);
    }
    let left: Vec<&Word> = words.iter().filter(|word| word.is_content()).collect();
    reading.level_only = left.is_empty() && words.iter().any(Word::is_level);
    reading
}

/// Marks what starts at a word; returns how many words were used.
#[allow(clippy::too_many_arguments)]
fn read_at(
    words: &mut [Word],
    position: usize,
    same_segment: usize,
    blind: &[bool],
    tables: &Tables,
    input: &str,
    scratch: &mut String,
    reading: &mut Reading,
) -> usize {
    if let Some(ranges) = level_code(words, position) {
        note(&mut reading.level, words, position..position + 1, &ranges, input);
        words[position].kind = WordKind::Level(ranges);
        return 1;
    }
    if !tables.level_starts.contains(&words[position].text) {
        return 0;
    }
    let free = (0..same_segment).take_while(|at| !blind[position + at]).count();
    let text_at = |at: usize| words.get(position + at).map(|word| word.text.as_str());
    let office = tables::longest(&tables.offices, free, text_at, scratch)
        .map(|(ranges, taken)| (ranges.clone(), taken))
        .filter(|(_, taken)| stands_right(words, position, *taken, tables));
    let level = tables::longest(&tables.levels, free, text_at, scratch)
        .map(|(ranges, taken)| (ranges.clone(), taken))
        .filter(|(_, taken)| stands_right(words, position, *taken, tables));
    match (office, level) {
        (Some((ranges, taken)), level) if level.as_ref().is_none_or(|(_, shorter)| *shorter <= taken) => {
            note(&mut reading.office, words, position..position + taken, &ranges, input);
            for word in &mut words[position..position + taken - 1] {
                if let Some(own) = tables.levels.get(&word.text) {
                    word.kind = WordKind::Level(own.clone());
                } else {
                    word.kind = WordKind::Office(ranges.clone());
                }
            }
            words[position + taken - 1].kind = WordKind::Office(ranges);
            taken
        }
        (_, Some((ranges, taken))) => {
            note(&mut reading.level, words, position..position + taken, &ranges, input);
            for word in &mut words[position..position + taken] {
                word.kind = WordKind::Level(ranges.clone());
            }
            taken
        }
        _ => 0,
    }
}

/// Joins a further statement to what was read before: alternatives ("II/III") widen, otherwise the higher grade counts.
fn note(slot: &mut Option<LevelReading>, words: &[Word], range: std::ops::Range<usize>, ranges: &GradeRanges, input: &str) {
    let raw = words[range.start].raw.start..words[range.end - 1].raw.end;
    let word = super::query::join(&words[range.clone()].iter().collect::<Vec<_>>());
    let Some(known) = slot else {
        *slot = Some(LevelReading { text: input[raw].to_owned(), word, ranges: ranges.clone() });
        return;
    };
    let alternative = range.start > 0 && words[range.start - 1].is_level() && words[range.start - 1].segment != words[range.start].segment
        || words[range.start - 1].is_level() && level_code_text(&words[range.start].text);
    let mut joined: Vec<GradeRange> = Vec::new();
    for new in &ranges.0 {
        joined.push(match known.ranges.on(new.track) {
            Some(old) if alternative => GradeRange { track: new.track, min: old.min.min(new.min), max: old.max.max(new.max) },
            Some(old) if old.max > new.max => old,
            _ => *new,
        });
    }
    for old in &known.ranges.0 {
        if !joined.iter().any(|range| range.track == old.track) {
            joined.push(*old);
        }
    }
    joined.sort();
    known.ranges = GradeRanges(joined);
    known.text = format!("{} {}", known.text, &input[raw]);
    known.word = format!("{} {word}", known.word);
}

/// Words inside a phrase in which a level word states no grade.
fn grade_blind(words: &[Word], tables: &Tables) -> Vec<bool> {
    let mut blind = vec![false; words.len()];
    for position in 0..words.len() {
        if !tables.grade_blind_starts.contains(&words[position].text) {
            continue;
        }
        let mut phrase = String::new();
        let mut longest = 0;
        for taken in 0..tables::MAX_PHRASE_WORDS.min(words.len() - position) {
            if taken > 0 {
                phrase.push(' ');
            }
            phrase.push_str(&words[position + taken].text);
            if tables.grade_blind.contains(&phrase) {
                longest = taken + 1;
            }
        }
        blind[position..position + longest].fill(true);
    }
    blind
}

/// Whether a level phrase stands where it can state a grade: some only before the name, some only after it.
fn stands_right(words: &[Word], position: usize, taken: usize, tables: &Tables) -> bool {
    let phrase = super::query::join(&words[position..position + taken].iter().collect::<Vec<_>>());
    let segment = words[position].segment;
    let plain = |word: &Word| word.segment == segment && matches!(word.kind, WordKind::Plain | WordKind::Office(_)) && !tables.stop.contains(&word.text);
    let before = words[..position].iter().any(plain);
    let after = words[position + taken..].iter().any(|word| plain(word) && !tables.suffix_only.contains(&word.text));
    if tables.prefix_only.contains(&phrase) {
        return after && !before;
    }
    if tables.suffix_only.contains(&phrase) {
        let earlier = words[..position].iter().any(|word| word.is_content() || word.is_level());
        return earlier && !after;
    }
    true
}

/// A code such as P5, at the title's end or alone.
fn level_code(words: &[Word], position: usize) -> Option<GradeRanges> {
    let text = &words[position].text;
    if !level_code_text(text) || words[position + 1..].iter().any(|word| !word.is_noise() && !level_code_text(&word.text)) {
        return None;
    }
    let range = LevelCode::parse(text).map(|level| GradeRange { track: level.track, min: level.grade, max: level.grade });
    Some(GradeRanges(range.into_iter().collect()))
}

/// P5, L5, IC4: a letter or two with one digit.
fn level_code_text(text: &str) -> bool {
    let Some(digit) = text.chars().next_back() else { return false };
    let letters = &text[..text.len() - digit.len_utf8()];
    ('1'..='9').contains(&digit) && matches!(letters, "p" | "m" | "e" | "s" | "l" | "ic")
}
