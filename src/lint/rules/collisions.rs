//! Compares names with the lexicon: a name that is a level word or a place, or that reading would shorten as noise.

use crate::lint::finding::Findings;
use crate::lint::source::{Name, Source};
use crate::lint::text::listed;

/// Reports names that the analyser does not read as names.
pub(in crate::lint) fn names(source: &Source<'_>, findings: &mut Findings<'_>) {
    for name in &source.names {
        let Some(problem) = collision(source, name) else { continue };
        let message = format!("{:?} {problem}: write the name out, or add the phrase to the lexicon as part of names", name.text);
        findings.add(&name.place, source.owner(name), message);
    }
}

fn collision(source: &Source<'_>, name: &Name<'_>) -> Option<String> {
    // Ranges of levels have a rule of their own.
    if name.ambiguous().is_some() || super::aliases::is_level_range(name.text) {
        return None;
    }
    if name.query.level_only {
        return Some("is a level word and nothing else".to_owned());
    }
    if is_place(source, name) {
        return Some("is also a place".to_owned());
    }
    let read = source.analyzer.query(name.text, Some(name.lang));
    let kept: Vec<&str> = read.words.iter().filter(|word| !word.is_noise()).map(|word| word.text.as_str()).collect();
    let lost: Vec<&str> = name
        .query
        .words
        .iter()
        .filter(|word| word.is_content() && !kept.contains(&word.text.as_str()))
        .map(|word| word.text.as_str())
        .collect();
    (!lost.is_empty()).then(|| format!("loses {} as noise when it is read as a title", listed(&lost, 3)))
}

fn is_place(source: &Source<'_>, name: &Name<'_>) -> bool {
    let lexicons = &source.taxonomy.lexicon.languages;
    let mut chosen = lexicons.get(name.lang).into_iter().chain(lexicons.get(source.main_language));
    chosen.any(|tables| tables.places.contains(&name.spelling))
}
