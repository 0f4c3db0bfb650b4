//! Turns pieces into words in normal form: short forms written out, compounds joined, inflections undone, noise marked.

use super::fold::Folded;
use super::noise;
use super::pairs;
use super::query::{Change, ChangeKind, Noise, NoiseKind, Word, WordKind};
use super::tables::{self, Meaning, Tables};
use super::token::{Piece, PieceKind, Separator};

/// Fewest letters of a compound whose head is cut off: shorter ones are words of their own.
const MIN_COMPOUND_LETTERS: usize = 8;
/// Fewest letters of what stands before a cut-off head.
const MIN_MODIFIER_LETTERS: usize = 3;

/// Articles and prepositions that French and Italian write before an apostrophe.
const ELIDED: [&str; 18] =
    ["l", "d", "un", "qu", "s", "n", "c", "j", "jusqu", "dell", "all", "nell", "dall", "sull", "coll", "quell", "sant", "degl"];

/// Words with what was recorded on the way.
#[derive(Debug, Default)]
pub(super) struct Draft {
    pub(super) words: Vec<Word>,
    pub(super) noise: Vec<Noise>,
    pub(super) changes: Vec<Change>,
    /// Separator before each segment.
    pub(super) segments: Vec<Separator>,
    /// Words before which a slash, ampersand, "and" or "or" stands.
    pub(super) cuts: Vec<usize>,
}

/// Makes words of pieces.
pub(super) fn draft(folded: &Folded, pieces: &[Piece], input: &str, tables: &Tables, remove_noise: bool) -> Draft {
    let marks = if remove_noise { noise::mark(folded, pieces, input) } else { noise::mark_gender_forms(folded, pieces) };
    let mut draft = Draft { segments: vec![Separator::Other], ..Draft::default() };
    let mut bracket = false;
    let mut position = 0;
    while position < pieces.len() {
        if let Some(mark) = marks[position] {
            let end = (position..pieces.len()).find(|later| marks[*later] != Some(mark)).unwrap_or(pieces.len());
            let range = folded.input_range(pieces[position].start, pieces[end - 1].end, input);
            draft.noise.push(Noise { text: input[range].trim().to_owned(), kind: noise::kind(mark) });
            position = end;
            continue;
        }
        let piece = pieces[position];
        match piece.kind {
            PieceKind::Separator(separator) => {
                let blank_after = pieces.get(position + 1).is_none_or(|next| next.blank_before);
                match separator {
                    Separator::Open => bracket = true,
                    Separator::Close => bracket = false,
                    _ => {}
                }
                if separator == Separator::And {
                    draft.cuts.push(draft.words.len() + 1);
                    push_word(&mut draft, "and", folded.input_range(piece.start, piece.end, input), bracket);
                } else if breaks(separator, piece.blank_before || blank_after) {
                    if separator == Separator::Slash {
                        draft.cuts.push(draft.words.len());
                    }
                    draft.segments.push(separator);
                }
            }
            PieceKind::Word | PieceKind::Number => {
                let text = &folded.text[piece.start..piece.end];
                if is_joining(text) {
                    draft.cuts.push(draft.words.len() + 1);
                }
                let range = folded.input_range(piece.start, piece.end, input);
                push_word(&mut draft, without_possessive(text).as_ref(), range, bracket);
                if piece.kind == PieceKind::Number
                    && let Some(word) = draft.words.last_mut()
                {
                    word.kind = WordKind::Number;
                }
            }
        }
        position += 1;
    }
    rewrite(&mut draft, tables, input);
    pairs::collapse(&mut draft, input);
    split_compounds(&mut draft, tables, input);
    draft
}

/// Whether a word joins two titles in one text ("Clerk cum Driver").
pub fn is_joining(word: &str) -> bool {
    matches!(word, "and" | "or" | "und" | "et" | "y" | "oder" | "cum" | "och" | "eller" | "oraz" | "lub" | "ou")
}

/// Whether a separator ends a segment.
fn breaks(separator: Separator, beside_blank: bool) -> bool {
    match separator {
        Separator::Hyphen | Separator::Stop | Separator::Currency | Separator::Percent | Separator::Hash | Separator::And => false,
        Separator::Mark => beside_blank,
        Separator::Other => true,
        _ => true,
    }
}

fn push_word(draft: &mut Draft, text: &str, raw: std::ops::Range<usize>, bracket: bool) {
    let segment = (draft.segments.len() - 1) as u16;
    if !text.is_empty() {
        draft.words.push(Word { text: text.to_owned(), raw, segment, bracket, kind: WordKind::Plain });
    }
}

/// "worker's" and "workers'" without their ending, other apostrophes dropped.
pub(super) fn without_possessive(text: &str) -> std::borrow::Cow<'_, str> {
    if !text.contains('\'') {
        return text.into();
    }
    let stem = text.strip_suffix("'s").unwrap_or(text);
    // French and Italian elision: "l'hotel", "d'affaires".
    if let Some((article, rest)) = stem.split_once('\'')
        && ELIDED.contains(&article)
        && !rest.is_empty()
    {
        return rest.replace('\'', "").into();
    }
    stem.replace('\'', "").into()
}

/// Applies abbreviations, compounds, readings by context and base forms.
fn rewrite(draft: &mut Draft, tables: &Tables, input: &str) {
    let old = std::mem::take(&mut draft.words);
    let mut new: Vec<Word> = Vec::with_capacity(old.len() + 4);
    let mut moved: Vec<usize> = Vec::with_capacity(old.len() + 1);
    let mut scratch = String::new();
    let mut position = 0;
    while position < old.len() {
        let word = &old[position];
        let same_segment = old[position..].iter().take_while(|next| next.segment == word.segment).count();
        let found = tables
            .rewrite_starts
            .contains(&word.text)
            .then(|| tables::longest(&tables.rewrites, same_segment, |at| Some(old[position + at].text.as_str()), &mut scratch))
            .flatten();
        let (replacement, taken, kind) = match found {
            Some((Meaning::Abbreviation(to), taken)) => (Some(to.clone()), taken, ChangeKind::Abbreviation),
            Some((Meaning::Compound(to), taken)) => (Some(to.clone()), taken, ChangeKind::Compound),
            None => (by_context(&old, position, tables), 1, ChangeKind::Abbreviation),
        };
        for _ in 0..taken {
            moved.push(new.len());
        }
        match replacement {
            Some(to) => {
                let raw = word.raw.start..old[position + taken - 1].raw.end;
                draft.changes.push(Change { from: input[raw.clone()].to_owned(), to: to.join(" "), kind });
                for part in &to {
                    let text = tables.base_form(part).into_owned();
                    new.push(Word { text, raw: raw.clone(), kind: WordKind::Plain, segment: word.segment, bracket: word.bracket });
                }
            }
            None => {
                let text = tables.base_form(&word.text).into_owned();
                new.push(Word { text, raw: word.raw.clone(), kind: word.kind.clone(), segment: word.segment, bracket: word.bracket });
            }
        }
        position += taken;
    }
    moved.push(new.len());
    draft.cuts = draft.cuts.iter().filter_map(|cut| moved.get(*cut).copied()).filter(|cut| *cut > 0 && *cut < new.len()).collect();
    draft.cuts.dedup();
    draft.words = new;
}

/// The reading of a short form that its neighbours choose.
fn by_context(words: &[Word], position: usize, tables: &Tables) -> Option<Vec<String>> {
    let entry = tables.contextual.get(&words[position].text)?;
    let near = |hint: &String| words.iter().enumerate().any(|(at, word)| at != position && word.text == *hint);
    let reading = entry
        .readings
        .iter()
        .find(|reading| reading.near.iter().any(near))
        .or_else(|| entry.readings.iter().find(|reading| reading.near.is_empty()))?;
    (reading.to != entry.from).then(|| reading.to.split_whitespace().map(str::to_owned).collect())
}

/// Cuts the heads off closed compounds ("textilproduktionsleiter" → "textil" "produktion" "leiter").
fn split_compounds(draft: &mut Draft, tables: &Tables, input: &str) {
    if tables.compound_heads.is_empty() {
        return;
    }
    let mut new: Vec<Word> = Vec::with_capacity(draft.words.len() + 4);
    let mut moved: Vec<usize> = Vec::with_capacity(draft.words.len());
    for word in &draft.words {
        moved.push(new.len());
        let parts = if word.kind == WordKind::Plain { compound_parts(&word.text, tables) } else { Vec::new() };
        if parts.is_empty() {
            new.push(word.clone());
            continue;
        }
        let from = input[word.raw.clone()].to_owned();
        draft.changes.push(Change { from, to: parts.join(" "), kind: ChangeKind::Compound });
        new.extend(parts.into_iter().map(|text| Word { text, ..word.clone() }));
    }
    draft.cuts = draft.cuts.iter().filter_map(|cut| moved.get(*cut).copied()).collect();
    draft.words = new;
}

/// Parts of a compound in order; none when no head of the lexicon ends it. The longest head is cut off first, then what
/// stands before it is read in the same way.
pub(super) fn compound_parts(word: &str, tables: &Tables) -> Vec<String> {
    let mut parts: Vec<String> = Vec::new();
    let mut rest = word.to_owned();
    while let Some((modifier, head)) = cut_head(&rest, tables) {
        let head = head.to_owned();
        // The linking s of "Vertriebsleiter"; words that end in s by nature lose it on both sides alike.
        let bare = modifier.strip_suffix('s').filter(|left| left.len() >= MIN_MODIFIER_LETTERS).unwrap_or(modifier);
        let bare = tables.base_form(bare).into_owned();
        parts.push(head);
        rest = bare;
    }
    if !parts.is_empty() {
        parts.push(rest);
        parts.reverse();
    }
    parts
}

/// What stands before the longest head that ends a word, and the head; `None` when there is none or the word is a head.
fn cut_head<'w>(word: &'w str, tables: &Tables) -> Option<(&'w str, &'w str)> {
    if word.len() < MIN_COMPOUND_LETTERS || tables.compound_heads.contains(word) {
        return None;
    }
    let starts = word.char_indices().map(|(start, _)| start).filter(|start| *start >= MIN_MODIFIER_LETTERS);
    starts.map(|start| word.split_at(start)).find(|(_, head)| tables.compound_heads.contains(*head))
}

/// Marks phrases of the lexicon and places as noise.
///
/// `is_known_pair` tells whether two words stand side by side in a name of the taxonomy: a noise word that does so with its
/// neighbour is part of the name (*contract administrator*).
pub(super) fn mark_noise(draft: &mut Draft, tables: &Tables, input: &str, is_known_pair: &dyn Fn(&str, &str) -> bool) {
    let mut scratch = String::new();
    let mut position = 0;
    while position < draft.words.len() {
        let (segment, same_segment) = rest_of_segment(&draft.words, position);
        let found = tables.noise_starts.contains(&draft.words[position].text).then(|| {
            tables::longest(&tables.noise, same_segment, |at| draft.words.get(position + at).map(|word| word.text.as_str()), &mut scratch)
        });
        let Some(Some((kind, taken))) = found.map(|found| found.map(|(kind, taken)| (kind.clone(), taken))) else {
            position += 1;
            continue;
        };
        let words = &draft.words;
        let neighbour = |at: Option<usize>| at.and_then(|at| words.get(at)).filter(|word| word.segment == segment && !word.is_noise());
        let known_before = neighbour(position.checked_sub(1)).is_some_and(|before| is_known_pair(&before.text, &words[position].text));
        let known_after = neighbour(Some(position + taken)).is_some_and(|after| is_known_pair(&words[position + taken - 1].text, &after.text));
        if known_before || known_after {
            position += taken;
            continue;
        }
        mark_range(draft, position..position + taken, kind, input);
        position += taken;
    }
    mark_places(draft, tables, input);
}

fn rest_of_segment(words: &[Word], position: usize) -> (u16, usize) {
    let segment = words[position].segment;
    (segment, words[position..].iter().take_while(|word| word.segment == segment).count())
}

fn mark_range(draft: &mut Draft, range: std::ops::Range<usize>, kind: NoiseKind, input: &str) {
    let raw = draft.words[range.start].raw.start..draft.words[range.end - 1].raw.end;
    draft.noise.push(Noise { text: input[raw].to_owned(), kind: kind.clone() });
    for word in &mut draft.words[range] {
        word.kind = WordKind::Noise(kind.clone());
    }
}

/// Marks places: a later segment made of places, "in" with places to the segment's end, and a city before a state's code.
fn mark_places(draft: &mut Draft, tables: &Tables, input: &str) {
    let mut start = 0;
    while start < draft.words.len() {
        let (_, length) = rest_of_segment(&draft.words, start);
        let end = start + length;
        let from = draft.words[start..end]
            .iter()
            .rposition(|word| matches!(word.text.as_str(), "in" | "based" | "near" | "bei"))
            .map_or(if start > 0 { Some(start) } else { None }, |linking| Some(start + linking + 1));
        if let Some(from) = from
            && from < end
            && all_places(&draft.words[from..end], tables)
        {
            let linked = if from > start { from - 1 } else { from };
            mark_range(draft, linked..end, NoiseKind("location".into()), input);
        } else if start > 0 && length <= 2 && is_state_code(&draft.words[start..end], input) {
            mark_range(draft, start..end, NoiseKind("location".into()), input);
            mark_city_before(draft, start, input);
        }
        start = end;
    }
}

/// "Dallas" in "Driver - Dallas, TX": a short segment of its own before a state's code.
fn mark_city_before(draft: &mut Draft, state: usize, input: &str) {
    let Some(last) = state.checked_sub(1) else { return };
    let segment = draft.words[last].segment;
    let first = draft.words.iter().position(|word| word.segment == segment).unwrap_or(last);
    let plain = draft.words[first..=last].iter().all(|word| word.kind == WordKind::Plain);
    if first > 0 && last - first < 3 && plain {
        mark_range(draft, first..last + 1, NoiseKind("location".into()), input);
    }
}

fn all_places(words: &[Word], tables: &Tables) -> bool {
    let mut position = 0;
    let mut any = false;
    while position < words.len() {
        if words[position].is_noise() || matches!(words[position].text.as_str(), "and" | "or" | "area" | "city" | "the" | "greater" | "north" | "south" | "east" | "west" | "central") {
            position += 1;
            continue;
        }
        let taken = (1..=tables::MAX_PHRASE_WORDS.min(words.len() - position)).rev().find(|taken| {
            let phrase: Vec<&str> = words[position..position + taken].iter().map(|word| word.text.as_str()).collect();
            tables.places.contains(&phrase.join(" "))
        });
        let Some(taken) = taken else { return false };
        any = true;
        position += taken;
    }
    any
}

/// Codes of the states of the USA; the few that are words or letters of degrees are read as states only in capitals.
const STATE_CODES: [&str; 51] = [
    "AL", "AK", "AZ", "AR", "CA", "CO", "CT", "DE", "FL", "GA", "HI", "ID", "IL", "IN", "IA", "KS", "KY", "LA", "ME", "MD", "MA", "MI", "MN", "MS", "MO",
    "MT", "NE", "NV", "NH", "NJ", "NM", "NY", "NC", "ND", "OH", "OK", "OR", "PA", "RI", "SC", "SD", "TN", "TX", "UT", "VT", "VA", "WA", "WV", "WI", "WY",
    "DC",
];

fn is_state_code(words: &[Word], input: &str) -> bool {
    STATE_CODES.contains(&&input[words[0].raw.clone()]) && words[1..].iter().all(|word| word.kind == WordKind::Number || word.is_noise())
}
