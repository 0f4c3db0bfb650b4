//! Turns two gender forms written side by side (*Bäcker/Bäckerin*, *director técnico/directora técnica*) into the first.
//!
//! Two forms are told by the lexicon alone: they differ as typed and share their normal form. What the second segment
//! repeats of the earlier ones goes with its form; what it adds behind a slash stays, in one segment with the first form.

use super::fold::fold;
use super::query::{Change, ChangeKind, Word};
use super::token::Separator;
use super::words::Draft;

/// Removes the second form of every pair, with the words that its segment repeats.
pub(super) fn collapse(draft: &mut Draft, input: &str) {
    if draft.segments.len() < 2 {
        return;
    }
    let mut gone = vec![false; draft.words.len()];
    let mut joined: Vec<u16> = Vec::new();
    for segment in 1..draft.segments.len() as u16 {
        let range = range_of(&draft.words, segment);
        let earlier = &draft.words[..range.start];
        let pair = draft.words[range.clone()].iter().find_map(|word| Some((earlier.iter().find(|left| is_pair(left, word, input))?, word)));
        let Some((left, right)) = pair else { continue };
        let repeated: Vec<bool> = draft.words[range.clone()].iter().map(|word| earlier.iter().any(|left| left.text == word.text)).collect();
        if draft.segments[usize::from(segment)] != Separator::Slash && repeated.contains(&false) {
            continue;
        }
        let from = input.get(left.raw.start..right.raw.end).unwrap_or_default().to_owned();
        draft.changes.push(Change { from, to: left.text.clone(), kind: ChangeKind::GenderForm });
        gone[range].copy_from_slice(&repeated);
        joined.push(segment);
    }
    if !joined.is_empty() {
        close_ranks(draft, &gone, &joined);
    }
}

/// Positions of a segment's words, which stand together.
fn range_of(words: &[Word], segment: u16) -> std::ops::Range<usize> {
    let start = words.partition_point(|word| word.segment < segment);
    start..start + words[start..].partition_point(|word| word.segment == segment)
}

/// Whether two words are forms of one: unlike as typed, alike in normal form.
fn is_pair(left: &Word, right: &Word, input: &str) -> bool {
    let typed = |word: &Word| fold(input.get(word.raw.clone()).unwrap_or_default()).text;
    left.text == right.text && typed(left) != typed(right)
}

/// Takes the marked words out and joins the segments of the pairs to the ones before them.
fn close_ranks(draft: &mut Draft, gone: &[bool], joined: &[u16]) {
    let mut moved: Vec<usize> = Vec::with_capacity(gone.len());
    let mut kept: Vec<Word> = Vec::with_capacity(gone.len());
    for (word, gone) in std::mem::take(&mut draft.words).into_iter().zip(gone) {
        moved.push(kept.len());
        if *gone {
            continue;
        }
        let segment = match kept.last() {
            Some(before) if joined.contains(&word.segment) => before.segment,
            _ => word.segment,
        };
        kept.push(Word { segment, ..word });
    }
    let length = kept.len();
    draft.words = kept;
    let stays = |cut: &&usize| gone.get(**cut).is_some_and(|gone| !gone);
    draft.cuts = draft.cuts.iter().filter(stays).map(|cut| moved[*cut]).filter(|cut| *cut > 0 && *cut < length).collect();
    draft.cuts.dedup();
}
