//! Turns titles into titles as vacancies carry them: wrapped in place, pay, shift, employer and other things.
//!
//! A **part** is one such thing, drawn from `noise_parts.tsv`, which also has wordings that no lexicon would list. The title
//! itself stands in the text unchanged and in one piece.

use std::ops::Range;
use std::sync::OnceLock;

use crate::learn::Random;

const PARTS: &str = include_str!("noise_parts.tsv");
/// Lists that parts are put together from, not parts themselves.
const NAME: &str = "name";
const FIRM: &str = "firm";
/// Fewest and most parts around a title.
const MIN_PARTS: usize = 2;
const MAX_PARTS: usize = 4;
/// Share of parts before the title: most people add behind.
const BEFORE: f32 = 0.25;
/// Share of parts in brackets.
const BRACKETED: f32 = 0.35;
/// Share of parts in capitals.
const SHOUTED: f32 = 0.1;
/// What stands between title and part where there is no bracket.
const SEPARATORS: [&str; 9] = [" - ", " - ", " | ", ", ", " – ", " / ", " * ", "; ", " -- "];
/// The same behind a part that stands first.
const FIRST_SEPARATORS: [&str; 5] = [" - ", ": ", " | ", " – ", "! "];
const BRACKETS: [(&str, &str); 4] = [("(", ")"), ("(", ")"), ("[", "]"), ("**", "**")];

/// One thing around a title.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoisePart {
    /// `place`, `pay`, `contract`, `shift`, `requisition`, `employer`, `urgency`, `gender_tag`, `work_mode` or `requirement`.
    pub kind: &'static str,
    /// As it stands in the text, without brackets and separators.
    pub text: String,
}

/// A title in its wrapping.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoisyTitle {
    /// The whole text.
    pub text: String,
    /// Bytes of the title in it.
    pub title: Range<usize>,
    /// What was put around it, of different kinds.
    pub parts: Vec<NoisePart>,
}

/// Wraps a title in two to four parts.
pub fn wrap(title: &str, random: &mut Random) -> NoisyTitle {
    let mut kinds = kinds();
    random.shuffle(&mut kinds);
    kinds.truncate(MIN_PARTS + random.below(MAX_PARTS - MIN_PARTS + 1));
    let (mut before, mut after) = (String::new(), String::new());
    let mut parts = Vec::with_capacity(kinds.len());
    for kind in kinds {
        let mut text = fill(pick(of_kind(kind), random), random);
        if random.unit() < SHOUTED {
            text = text.to_uppercase();
        }
        let comes_first = random.unit() < BEFORE;
        let bracketed = random.unit() < BRACKETED;
        let (open, close) = pick(&BRACKETS, random);
        match (comes_first, bracketed) {
            (true, true) => before = format!("{open}{text}{close} {before}"),
            (true, false) => before = format!("{text}{}{before}", pick(&FIRST_SEPARATORS, random)),
            (false, true) => after.push_str(&format!(" {open}{text}{close}")),
            (false, false) => {
                after.push_str(joint(kind, &text, random));
                after.push_str(&text);
            }
        }
        parts.push(NoisePart { kind, text });
    }
    let start = before.len();
    NoisyTitle { text: format!("{before}{title}{after}"), title: start..start + title.len(), parts }
}

/// What leads from a title to a part; places and employers often follow a word.
fn joint(kind: &str, text: &str, random: &mut Random) -> &'static str {
    let by_word = random.unit() < 0.4 && text.starts_with(|letter: char| letter.is_uppercase());
    match kind {
        "employer" if by_word => pick(&[" at ", " @ ", " with "], random),
        "place" if by_word => pick(&[" in ", ", ", " - "], random),
        _ => pick(&SEPARATORS, random),
    }
}

/// Puts digits, capitals and names into the places of a wording.
fn fill(wording: &str, random: &mut Random) -> String {
    let mut text = String::with_capacity(wording.len());
    let mut rest = wording;
    while let Some(open) = rest.find('{') {
        let close = open + rest[open..].find('}').expect("a test closes every brace");
        text.push_str(&rest[..open]);
        match &rest[open + 1..close] {
            "9" => text.push(char::from(b'0' + random.below(10) as u8)),
            "1" => text.push(char::from(b'1' + random.below(9) as u8)),
            "A" => text.push(char::from(b'A' + random.below(26) as u8)),
            list => {
                let inner = fill(pick(of_kind(list), random), random);
                text.push_str(&inner);
            }
        }
        rest = &rest[close + 1..];
    }
    text.push_str(rest);
    text
}

fn pick<T: Copy>(choices: &[T], random: &mut Random) -> T {
    choices[random.below(choices.len())]
}

/// Kinds with their wordings, in the order of the file.
fn wordings() -> &'static [(&'static str, Vec<&'static str>)] {
    static WORDINGS: OnceLock<Vec<(&'static str, Vec<&'static str>)>> = OnceLock::new();
    WORDINGS.get_or_init(|| {
        let mut kinds: Vec<(&str, Vec<&str>)> = Vec::new();
        for (kind, text) in PARTS.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once('\t')) {
            match kinds.iter_mut().find(|(known, _)| *known == kind) {
                Some((_, texts)) => texts.push(text),
                None => kinds.push((kind, vec![text])),
            }
        }
        kinds
    })
}

fn of_kind(kind: &str) -> &'static [&'static str] {
    wordings().iter().find(|(known, _)| *known == kind).map(|(_, texts)| texts.as_slice()).expect("a test draws every kind")
}

/// Kinds of parts, in the order of the file.
fn kinds() -> Vec<&'static str> {
    wordings().iter().map(|(kind, _)| *kind).filter(|kind| !matches!(*kind, NAME | FIRM)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::folded_words;
    use proptest::prelude::*;

    #[test]
    fn wordings_are_well_formed_and_many() {
        assert!(kinds().len() >= 8);
        for (kind, texts) in wordings() {
            assert!(texts.len() >= 10, "{kind} has {} wordings", texts.len());
            for wording in texts {
                let filled = fill(wording, &mut Random::new(1));
                assert!(!filled.contains(['{', '}']), "{filled}");
            }
        }
    }

    #[test]
    fn one_part_in_three_is_in_words_that_no_lexicon_has() {
        let lexicon = crate::corpus::built_in_lexicon();
        let english = &lexicon.languages["en"];
        let phrases: Vec<Vec<String>> =
            english.noise.values().flatten().chain(&english.places).map(|phrase| folded_words(phrase)).filter(|phrase| !phrase.is_empty()).collect();
        // A part is outside when it has letters and no phrase that the analyser would remove stands in it.
        let outside = |part: &NoisePart| {
            let own = folded_words(&part.text);
            let has_words = own.iter().any(|word| word.len() > 2 && word.bytes().all(|byte| byte.is_ascii_alphabetic()));
            has_words && !phrases.iter().any(|phrase| own.windows(phrase.len()).any(|window| window == phrase.as_slice()))
        };
        let mut random = Random::new(11);
        let parts: Vec<NoisePart> = (0..3_000).flat_map(|_| wrap("Roofer", &mut random).parts).collect();
        let unlisted = parts.iter().filter(|part| outside(part)).count();
        assert!(unlisted * 3 >= parts.len(), "{unlisted} of {} parts are in words of their own", parts.len());
        assert!(unlisted * 6 <= parts.len() * 5, "usual parts must occur as well: {unlisted} of {}", parts.len());
    }

    #[test]
    fn every_kind_occurs_on_every_side() {
        let mut random = Random::new(5);
        let titles: Vec<NoisyTitle> = (0..2_000).map(|_| wrap("Roofer", &mut random)).collect();
        for kind in kinds() {
            assert!(titles.iter().any(|title| title.parts.iter().any(|part| part.kind == kind)), "{kind}");
        }
        let count = |holds: &dyn Fn(&NoisyTitle) -> bool| titles.iter().filter(|title| holds(title)).count();
        assert!(count(&|title| title.title.start > 0) > 600);
        assert!(count(&|title| title.title.end < title.text.len()) > 1_500);
        assert!(count(&|title| title.text.contains('(') || title.text.contains('[')) > 800);
    }

    proptest! {
        #[test]
        fn the_title_stands_unchanged_among_its_parts(title in "\\PC{0,30}", seed: u64) {
            let noisy = wrap(&title, &mut Random::new(seed));
            prop_assert_eq!(&noisy.text[noisy.title.clone()], title.as_str());
            prop_assert!((MIN_PARTS..=MAX_PARTS).contains(&noisy.parts.len()));
            for (place, part) in noisy.parts.iter().enumerate() {
                prop_assert!(noisy.text.contains(&part.text));
                prop_assert!(noisy.parts[..place].iter().all(|other| other.kind != part.kind));
            }
            prop_assert_eq!(noisy, wrap(&title, &mut Random::new(seed)));
        }
    }
}
