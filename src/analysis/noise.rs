//! Marks what stands in a title and is no part of it: pay, requisition numbers, gender tags, times, employers, contacts.
//!
//! Works on pieces, before words are looked up. Phrases of the lexicon (*remote*, *full time*) are marked later, on words.

use super::fold::Folded;
use super::query::NoiseKind;
use super::token::{Piece, PieceKind, Separator};

/// Single letters and codes of gender tags such as (m/f/d) or (H/F).
const GENDER_CODES: [&str; 12] = ["m", "f", "w", "d", "h", "x", "v", "i", "gn", "div", "k", "n"];
/// What stands behind a slash, colon, star, middle dot or in brackets, glued to a word, and only marks a gender form or
/// a plural.
const GENDER_ENDINGS: [&str; 62] = [
    "in", "innen", "inn", "erin", "r", "n", "e", "ne", "en", "er", "s", "nnen", "frau", "mann", "a", "o", "as", "os", "es", "ra", "ora", "oras", "era", "iera",
    "dora", "tora", "euse", "teuse", "trice", "rice", "ice", "trices", "rices", "ere", "iere", "eres", "ieres", "se", "le", "lle", "te", "tes", "nne", "enne",
    "ienne", "ve", "esse", "essa", "eure", "eures", "ee", "ees", "i", "x", "ka", "ska", "rka", "czka", "niczka", "yni", "ster", "na",
];
/// Endings that also stand behind a full stop ("chargé.e"), where others would be parts of short forms.
const DOTTED_ENDINGS: [&str; 12] = ["e", "es", "euse", "trice", "rice", "ere", "iere", "ne", "nne", "ienne", "se", "ve"];
/// Fewest letters of a word that has a gender ending behind it: "w/o" and "y/o" are none.
const MIN_GENDERED_LETTERS: usize = 3;
/// Units that follow a number of working hours.
const HOUR_UNITS: [&str; 8] = ["h", "hr", "hrs", "hour", "hours", "std", "stunden", "hpw"];
/// Words that begin a requisition number.
const REQUISITION_WORDS: [&str; 10] = ["req", "requisition", "ref", "reference", "id", "job", "jobid", "vacancy", "posting", "nr"];
/// Codes of currencies.
const CURRENCIES: [&str; 16] =
    ["usd", "eur", "gbp", "rm", "myr", "sgd", "aud", "cad", "inr", "chf", "php", "idr", "zar", "hkd", "lpa", "ctc"];
/// Words that may stand between and after amounts.
const PAY_WORDS: [&str; 26] = [
    "to", "up", "k", "per", "hour", "hr", "hourly", "year", "yr", "annum", "month", "week", "day", "pa", "p", "a", "an", "plus", "ote", "bonus", "sign", "on", "salary",
    "basic", "from", "ph",
];

/// Marks pieces as noise; `None` leaves a piece for the words.
pub(super) fn mark(folded: &Folded, pieces: &[Piece], input: &str) -> Vec<Option<&'static str>> {
    let mut marks = vec![None; pieces.len()];
    let text = |position: usize| pieces.get(position).map_or("", |piece| &folded.text[piece.start..piece.end]);
    mark_contacts(pieces, &text, &mut marks);
    mark_gender(pieces, &text, &mut marks);
    mark_pay(pieces, &text, &mut marks);
    mark_times(pieces, &text, &mut marks);
    mark_requisitions(pieces, &text, &mut marks);
    mark_employer(folded, pieces, input, &text, &mut marks);
    marks
}

/// Marks only the gender endings that a name of a taxonomy writes beside a word ("Lehrer/in", "técnico/a").
pub(super) fn mark_gender_forms(folded: &Folded, pieces: &[Piece]) -> Vec<Option<&'static str>> {
    let mut marks = vec![None; pieces.len()];
    let text = |position: usize| pieces.get(position).map_or("", |piece| &folded.text[piece.start..piece.end]);
    mark_gender_endings(pieces, &text, &mut marks);
    marks
}

/// The kind that a mark stands for.
pub(super) fn kind(mark: &'static str) -> NoiseKind {
    NoiseKind(mark.into())
}

fn is(piece: Option<&Piece>, separator: Separator) -> bool {
    piece.is_some_and(|piece| piece.kind == PieceKind::Separator(separator))
}

fn has_digit(text: &str) -> bool {
    text.bytes().any(|byte| byte.is_ascii_digit())
}

/// Marks e-mail addresses and web addresses: runs without blanks around an @ or behind www and http.
fn mark_contacts<'t>(pieces: &[Piece], text: &impl Fn(usize) -> &'t str, marks: &mut [Option<&'static str>]) {
    for position in 0..pieces.len() {
        let mail = is(pieces.get(position), Separator::At)
            && position > 0
            && !pieces[position].blank_before
            && pieces.get(position + 1).is_some_and(|next| !next.blank_before)
            && text(position + 1) != "";
        let web = matches!(text(position), "www" | "http" | "https") && pieces.get(position + 1).is_some_and(|next| !next.blank_before);
        if !mail && !web {
            continue;
        }
        // "Engineer@Acme" is an employer, "jobs@acme.com" an address: an address has a point behind the sign.
        let mut end = position + 1;
        while end < pieces.len() && !pieces[end].blank_before {
            end += 1;
        }
        if mail && !(position..end).any(|inner| is(pieces.get(inner), Separator::Stop)) && !text(position + 1).contains('.') {
            continue;
        }
        let mut start = position;
        while mail && start > 0 && !pieces[start].blank_before {
            start -= 1;
        }
        marks[start..end].fill(Some("contact"));
    }
}

/// Marks gender tags (m/f/d) and gender endings.
fn mark_gender<'t>(pieces: &[Piece], text: &impl Fn(usize) -> &'t str, marks: &mut [Option<&'static str>]) {
    let mut position = 0;
    while position < pieces.len() {
        let mut end = position;
        let mut codes = 0;
        while end < pieces.len() {
            if GENDER_CODES.contains(&text(end)) {
                codes += 1;
                end += 1;
            } else {
                break;
            }
            let joined = is(pieces.get(end), Separator::Slash)
                || is(pieces.get(end), Separator::Bar)
                || is(pieces.get(end), Separator::Mark)
                || (is(pieces.get(end), Separator::Comma) && GENDER_CODES.contains(&text(end + 1)))
                || (is(pieces.get(end), Separator::Hyphen) && GENDER_CODES.contains(&text(end + 1)));
            if joined && GENDER_CODES.contains(&text(end + 1)) {
                end += 1;
            } else {
                break;
            }
        }
        let alone_in_brackets = codes == 1
            && matches!(text(position), "m" | "f" | "w" | "d" | "x" | "gn" | "h")
            && position > 0
            && is(pieces.get(position - 1), Separator::Open)
            && is(pieces.get(end), Separator::Close);
        if codes >= 2 || alone_in_brackets {
            marks[position..end].fill(Some("gender_marker"));
            position = end;
        } else {
            position += 1;
        }
    }
    mark_gender_endings(pieces, text, marks);
}

/// Marks gender endings that stand behind a word without a blank ("/-in", ":in", "(in)", "·e", ".trice").
fn mark_gender_endings<'t>(pieces: &[Piece], text: &impl Fn(usize) -> &'t str, marks: &mut [Option<&'static str>]) {
    for position in 2..pieces.len() {
        if !GENDER_ENDINGS.contains(&text(position)) || marks[position].is_some() {
            continue;
        }
        let close = |piece: usize| pieces.get(piece).is_some_and(|piece| !piece.blank_before);
        let mut before = position - 1;
        if !close(position) || !close(before) {
            continue;
        }
        if before > 1 && matches!(pieces[before].kind, PieceKind::Separator(Separator::Hyphen | Separator::Dash)) && close(before - 1) {
            before -= 1;
        }
        let in_brackets = is(pieces.get(before), Separator::Open) && is(pieces.get(position + 1), Separator::Close);
        let marker = in_brackets
            || is(pieces.get(before), Separator::Slash)
            || is(pieces.get(before), Separator::Mark)
            || is(pieces.get(before), Separator::Stop) && (DOTTED_ENDINGS.contains(&text(position)) || marks[before - 1].is_some());
        let at_word_end = pieces.get(position + 1).is_none_or(|next| next.blank_before || matches!(next.kind, PieceKind::Separator(_)));
        let behind_word = pieces[before - 1].kind == PieceKind::Word && text(before - 1).chars().count() >= MIN_GENDERED_LETTERS;
        if marker && at_word_end && (behind_word || marks[before - 1] == Some("gender_form")) {
            let end = if in_brackets { position + 2 } else { position + 1 };
            marks[before..end].fill(Some("gender_form"));
        }
    }
}

/// Marks amounts of money with the words around them.
fn mark_pay<'t>(pieces: &[Piece], text: &impl Fn(usize) -> &'t str, marks: &mut [Option<&'static str>]) {
    let thousands = |word: &str| {
        word.len() > 1 && word.ends_with('k') && word[..word.len() - 1].bytes().all(|byte| byte.is_ascii_digit() || byte == b'.' || byte == b',')
    };
    for position in 0..pieces.len() {
        let number = pieces[position].kind == PieceKind::Number || thousands(text(position));
        let glued = CURRENCIES.iter().any(|code| {
            text(position).strip_prefix(code).is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b',' | b'k')))
        });
        let before = position.checked_sub(1);
        let currency = |at: usize| is(pieces.get(at), Separator::Currency) || CURRENCIES.contains(&text(at));
        let amount = glued
            || (number
                && (before.is_some_and(currency)
                    || currency(position + 1)
                    || thousands(text(position))
                    || (matches!(text(position + 1), "per" | "an" | "ph" | "pa") && matches!(text(position + 2), "hour" | "hr" | "annum" | "year" | "week" | "month" | "day"))));
        if !amount {
            continue;
        }
        let mut start = position;
        if before.is_some_and(currency) {
            start = position - 1;
        }
        while start > 0 && (matches!(text(start - 1), "up" | "to" | "from" | "salary" | "pay" | "basic") || marks[start - 1] == Some("pay")) {
            start -= 1;
        }
        let mut end = position + 1;
        while end < pieces.len() {
            let pay_word = PAY_WORDS.contains(&text(end)) || currency(end) || pieces[end].kind == PieceKind::Number || thousands(text(end));
            let joint = matches!(
                pieces[end].kind,
                PieceKind::Separator(Separator::Dash | Separator::Hyphen | Separator::Slash | Separator::And | Separator::Stop | Separator::Currency)
            );
            let joint_goes_on = joint && end + 1 < pieces.len() && (PAY_WORDS.contains(&text(end + 1)) || has_digit(text(end + 1)) || currency(end + 1));
            if !pay_word && !joint_goes_on {
                break;
            }
            end += 1;
        }
        marks[start..end].fill(Some("pay"));
    }
}

/// Marks hours, percentages, clock times, years and counts of posts.
fn mark_times<'t>(pieces: &[Piece], text: &impl Fn(usize) -> &'t str, marks: &mut [Option<&'static str>]) {
    let clock = |word: &str| {
        ["am", "pm", "a", "p"].iter().any(|half| word.strip_suffix(half).is_some_and(|hour| !hour.is_empty() && hour.len() <= 5 && hour.bytes().all(|byte| byte.is_ascii_digit() || byte == b':')))
    };
    for position in 0..pieces.len() {
        if marks[position].is_some() {
            continue;
        }
        let word = text(position);
        let number = pieces[position].kind == PieceKind::Number;
        let glued = HOUR_UNITS.iter().any(|unit| {
            word.strip_suffix(unit).is_some_and(|hours| !hours.is_empty() && hours.bytes().all(|byte| byte.is_ascii_digit()))
        });
        if glued || (number && HOUR_UNITS.contains(&text(position + 1))) {
            let mut end = position + if glued { 1 } else { 2 };
            while matches!(text(end), "per" | "a" | "week" | "wk" | "pw" | "/" | "woche" | "p") {
                end += 1;
            }
            marks[position..end.min(pieces.len())].fill(Some("hours"));
        } else if number && is(pieces.get(position + 1), Separator::Percent) {
            let start = if position >= 2 && pieces[position - 2].kind == PieceKind::Number && !matches!(pieces[position - 1].kind, PieceKind::Word) { position - 2 } else { position };
            marks[start..position + 2].fill(Some("hours"));
        } else if clock(word) && word.bytes().any(|byte| byte.is_ascii_digit()) && !matches!(word, "1a" | "2a" | "1p") {
            marks[position] = Some("shift");
            if position + 1 < pieces.len() && matches!(pieces[position + 1].kind, PieceKind::Separator(Separator::Dash | Separator::Hyphen)) && clock(text(position + 2)) {
                marks[position + 1] = Some("shift");
            }
        } else if number && word.len() == 4 && (word.starts_with("19") || word.starts_with("20")) {
            marks[position] = Some("date");
        } else if (word.starts_with('x') && word.len() <= 3 && word.len() > 1 && word[1..].bytes().all(|byte| byte.is_ascii_digit()))
            || (number && word.len() <= 2 && text(position + 1) == "x" && !pieces[position + 1].blank_before)
            || (number && matches!(text(position + 1), "positions" | "openings" | "posts" | "vacancies"))
        {
            marks[position] = Some("count");
            if number {
                marks[position + 1] = Some("count");
            }
        }
    }
}

/// Marks requisition numbers: long numbers, codes of letters and digits, what follows "req", "ref" and "#".
fn mark_requisitions<'t>(pieces: &[Piece], text: &impl Fn(usize) -> &'t str, marks: &mut [Option<&'static str>]) {
    for position in 0..pieces.len() {
        if marks[position].is_some() {
            continue;
        }
        let word = text(position);
        let digits = word.bytes().filter(u8::is_ascii_digit).count();
        let long_number = pieces[position].kind == PieceKind::Number && digits >= 4;
        let code = pieces[position].kind == PieceKind::Word && digits >= 4 && word.is_ascii();
        let hashed = position > 0 && is(pieces.get(position - 1), Separator::Hash) && digits > 0;
        let introduced = digits > 0 && {
            let mut before = position;
            while before > 0 && matches!(pieces[before - 1].kind, PieceKind::Separator(Separator::Hash | Separator::Mark | Separator::Hyphen | Separator::Stop | Separator::Dash)) {
                before -= 1;
            }
            before > 0 && REQUISITION_WORDS.contains(&text(before - 1)) && digits >= 2
        };
        if !(long_number || code || hashed || introduced) {
            continue;
        }
        let mut start = position;
        while start > 0 {
            let earlier = text(start - 1);
            let joint = matches!(pieces[start - 1].kind, PieceKind::Separator(Separator::Hash | Separator::Mark | Separator::Hyphen | Separator::Stop));
            let short_prefix = matches!(pieces[start - 1].kind, PieceKind::Word) && earlier.len() <= 3 && start >= 1 && is(pieces.get(start), Separator::Hyphen) && !pieces[start].blank_before;
            if REQUISITION_WORDS.contains(&earlier) || joint || short_prefix {
                start -= 1;
            } else {
                break;
            }
        }
        // A joint that does not lead to a requisition word stays a separator.
        while start < position && matches!(pieces[start].kind, PieceKind::Separator(Separator::Hyphen | Separator::Stop | Separator::Mark)) {
            start += 1;
        }
        marks[start..=position].fill(Some("requisition"));
    }
}

/// Marks what follows "@", and "at" before a capitalised word, as the employer.
fn mark_employer<'t>(folded: &Folded, pieces: &[Piece], input: &str, text: &impl Fn(usize) -> &'t str, marks: &mut [Option<&'static str>]) {
    let capital = |piece: &Piece| {
        input[folded.origin[piece.start] as usize..].chars().next().is_some_and(char::is_uppercase)
    };
    let all_caps = !input.chars().any(char::is_lowercase);
    for position in 1..pieces.len() {
        if marks[position].is_some() {
            continue;
        }
        let at_sign = is(pieces.get(position), Separator::At);
        let at_word = text(position) == "at"
            && !all_caps
            && pieces.get(position + 1).is_some_and(|next| next.kind == PieceKind::Word && capital(next))
            && !matches!(text(position + 1), "home" | "risk" | "large" | "sea" | "work" | "law" | "height" | "heights" | "arms");
        if !(at_sign || at_word) || position + 1 >= pieces.len() {
            continue;
        }
        let end = (position + 1..pieces.len())
            .find(|later| {
                matches!(pieces[*later].kind, PieceKind::Separator(Separator::Open | Separator::Dash | Separator::Bar))
                    || (at_word && matches!(pieces[*later].kind, PieceKind::Separator(Separator::Comma)))
            })
            .unwrap_or(pieces.len());
        for slot in &mut marks[position..end] {
            slot.get_or_insert("employer");
        }
    }
}
