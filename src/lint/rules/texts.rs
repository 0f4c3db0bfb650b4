//! Checks texts for what a page or a form leaves behind: glued chips, sentences of empty states, characters nobody sees.

use crate::corpus::Place;
use crate::lint::finding::Findings;
use crate::lint::source::Source;
use crate::lint::text::spelling;
use crate::taxonomy::{AliasType, ConfidenceBand, Story};

/// Chips that say how usual a component is.
const COMMONALITY_CHIPS: [&str; 7] = ["common", "core", "rare", "occasional", "frequent", "essential", "optional"];
/// Chips that say where a component was stated.
const BASIS_CHIPS: [&str; 4] = ["level", "specialisation", "specialization", "family"];

/// Whole texts that say that there is nothing.
const EMPTY_STATES: [&str; 15] = [
    "none", "n a", "na", "nil", "null", "undefined", "unknown", "tbd", "tba", "tbc", "todo", "to be defined", "to be determined", "to be confirmed",
    "not applicable",
];
/// Last words of sentences that begin with *no* and say that there is nothing.
const EMPTY_ENDS: [&str; 6] = [" yet", " recorded", " available", " defined", " found", " provided"];
/// Most words of such a sentence: longer ones speak of the work.
const EMPTY_WORDS: usize = 8;

/// A text of the taxonomy with its record and place.
struct Text<'a> {
    owner: &'a str,
    place: Place,
    what: &'static str,
    text: &'a str,
}

/// Every text that is searched or shown, levels' facets aside: a level may well lead nobody.
fn texts<'a>(source: &Source<'a>) -> Vec<Text<'a>> {
    let mut all: Vec<Text<'a>> = Vec::new();
    for name in &source.names {
        let what = if name.alias.is_some() { "alias" } else { "title" };
        all.push(Text { owner: source.owner(name), place: name.place.clone(), what, text: name.text });
    }
    for (owner, components, places) in source.component_lists() {
        let found = components.iter().zip(places);
        all.extend(found.map(|(component, place)| Text { owner, place: place.clone(), what: component.kind.name(), text: &component.text }));
    }
    for (record, places) in source.families() {
        add_prose(&mut all, &record.code, places, &record.summary, record.story.as_ref(), record.core_outputs.as_deref());
    }
    for (_, record, places) in source.specialisations() {
        add_prose(&mut all, &record.code, places, &record.summary, None, record.core_outputs.as_deref());
    }
    for (record, places) in source.roles() {
        add_prose(&mut all, record.code.as_str(), places, &record.summary, record.story.as_deref(), record.core_outputs.as_deref());
    }
    all
}

fn add_prose<'a>(
    all: &mut Vec<Text<'a>>,
    owner: &'a str,
    places: &crate::corpus::RecordPlaces,
    summary: &'a str,
    story: Option<&'a Story>,
    outputs: Option<&'a [String]>,
) {
    let mut add = |key: &str, what: &'static str, text: &'a str| all.push(Text { owner, place: places.field(key), what, text });
    if !summary.is_empty() {
        add("summary", "summary", summary);
    }
    for output in outputs.unwrap_or_default() {
        add("core_outputs", "core output", output);
    }
    if let Some(story) = story {
        let problem = &story.problem;
        let parts = [&story.who, &problem.external, &problem.internal, &problem.why, &story.stakes, &story.success];
        for part in parts.into_iter().chain(&story.plan).filter(|part| !part.is_empty()) {
            add("story", "story", part);
        }
    }
}

/// What stands before glued chips, when a text ends with some.
fn before_chips(text: &str) -> Option<&str> {
    let component = BASIS_CHIPS
        .iter()
        .filter_map(|basis| text.strip_suffix(basis))
        .find_map(|rest| COMMONALITY_CHIPS.iter().find_map(|chip| rest.strip_suffix(chip)));
    let alias = || {
        let banded = text.trim_end_matches(|letter: char| letter.is_ascii_digit() || letter == '.');
        let rest = ConfidenceBand::ALL.iter().find_map(|band| banded.strip_suffix(band.name())).filter(|_| banded != text)?;
        AliasType::ALL.iter().find_map(|alias_type| rest.strip_suffix(alias_type.name()))
    };
    component.or_else(alias)
}

/// Reports texts that end with the glued chips of a page (`commonlevel`).
pub(in crate::lint) fn chips(source: &Source<'_>, findings: &mut Findings<'_>) {
    for Text { owner, place, what, text } in texts(source) {
        if let Some(rest) = before_chips(text.trim_end()) {
            let message = format!("the {what} {text:?} ends with the chips of a page: write {:?}", rest.trim_end());
            findings.add(&place, owner, message);
        }
    }
}

/// Whether a text only says that there is nothing.
fn is_empty_state(text: &str) -> bool {
    let plain = spelling(text);
    let sentence = plain.starts_with("no ") && plain.split(' ').count() <= EMPTY_WORDS && EMPTY_ENDS.iter().any(|end| plain.ends_with(end));
    sentence || EMPTY_STATES.contains(&plain.as_str()) || plain.starts_with("lorem ipsum")
}

/// Reports sentences of empty states that stand as content.
pub(in crate::lint) fn empty_states(source: &Source<'_>, findings: &mut Findings<'_>) {
    for Text { owner, place, what, text } in texts(source) {
        if is_empty_state(text) {
            let message = format!("the {what} {text:?} says that there is nothing: write [] when that is known, else leave it out");
            findings.add(&place, owner, message);
        }
    }
}

/// What is wrong with the characters of a name.
fn odd_characters(text: &str) -> Option<String> {
    let hidden = text.chars().find(|letter| {
        letter.is_control()
            || matches!(letter, '\u{ad}' | '\u{a0}' | '\u{202f}' | '\u{2007}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}' | '\u{2066}'..='\u{2069}' | '\u{feff}' | '\u{fffd}' | '\u{e0000}'..='\u{e007f}')
    });
    if let Some(letter) = hidden {
        return Some(format!("holds the character U+{:04X}, which nobody sees", letter as u32));
    }
    if text.trim() != text || text.contains("  ") {
        return Some("has blanks at its ends or two in a row".to_owned());
    }
    let foreign = |letter: char| matches!(letter, '\u{370}'..='\u{3ff}' | '\u{400}'..='\u{52f}');
    let mixed = text.split(|letter: char| !letter.is_alphabetic()).find(|word| {
        word.chars().any(foreign) && word.chars().any(|letter| letter.is_ascii_alphabetic())
    });
    mixed.map(|word| format!("mixes scripts in {word:?}: some of its letters only look Latin"))
}

/// Reports characters in names that nobody sees or that look like others.
pub(in crate::lint) fn invisible(source: &Source<'_>, findings: &mut Findings<'_>) {
    for name in &source.names {
        if let Some(problem) = odd_characters(name.text) {
            findings.add(&name.place, source.owner(name), format!("the name {:?} {problem}: type it anew", name.text));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chips_at_the_end() {
        for (text, expected) in [
            ("Mentor junior engineerscommonlevel", Some("Mentor junior engineers")),
            ("Ventilationcorespecialisation", Some("Ventilation")),
            ("Ward Nursecommonmedium0.60", Some("Ward Nurse")),
            ("Work at sea level", None),
            ("What is common at family level", None),
            ("Uncommon level", None),
            ("ISO medium 0.60", None),
        ] {
            assert_eq!(before_chips(text), expected, "{text}");
        }
    }

    #[test]
    fn empty_sentences() {
        for (text, expected) in [
            ("No core outputs recorded yet.", true),
            ("No skills found", true),
            ("N/A", true),
            ("TBD", true),
            ("—", false),
            ("No-dig pipe laying", false),
            ("No patient is left alone while a bed is available", false),
            ("None of the parts fails", false),
        ] {
            assert_eq!(is_empty_state(text), expected, "{text}");
        }
    }

    #[test]
    fn characters() {
        for (text, odd) in [
            ("Soft\u{ad}ware Engineer", true),
            ("Data\u{a0}Engineer", true),
            ("Data\u{200b}Engineer", true),
            ("\u{202e}Baker", true),
            (" Baker", true),
            ("Pastry  Baker", true),
            ("Bаker", true),
            ("Éducateur spécialisé", false),
            ("R&D Engineer (C++/C#)", false),
            ("Инженер", false),
            ("看護師", false),
        ] {
            assert_eq!(odd_characters(text).is_some(), odd, "{text:?}");
        }
    }
}
