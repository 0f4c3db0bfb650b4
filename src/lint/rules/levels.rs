//! Compares what names say of a level with the level of their record.

use crate::analysis::{LevelReading, Query};
use crate::lint::finding::Findings;
use crate::lint::source::Source;
use crate::taxonomy::LevelCode;

/// Grades that a name may be away from its level: a manager of an area is still called a manager.
const TOLERATED_GAP: u8 = 1;

/// What a name says of a level that it does not have; `None` when it agrees or says nothing on the track.
///
/// A name may say several things ("Senior Nurse Manager"): one that fits is enough.
fn conflict(query: &Query, level: LevelCode) -> Option<String> {
    let readings: Vec<&LevelReading> = query.level.iter().chain(&query.office).collect();
    let on_track = |reading: &&&LevelReading| reading.ranges.on(level.track).is_some();
    let fits = |reading: &&LevelReading| reading.ranges.on(level.track).is_some_and(|range| range.gap(level.grade) <= TOLERATED_GAP);
    if readings.iter().any(fits) {
        return None;
    }
    let stated = readings.iter().find(on_track)?;
    let range = stated.ranges.on(level.track)?;
    let letter = range.track.letter();
    let grades = if range.min == range.max { format!("{letter}{}", range.min) } else { format!("{letter}{}–{letter}{}", range.min, range.max) };
    Some(format!("{:?} says {grades}", stated.text))
}

/// Reports written titles whose level word or office names another level than the role's.
pub(in crate::lint) fn title_conflict(source: &Source<'_>, findings: &mut Findings<'_>) {
    for name in source.names.iter().filter(|name| name.alias.is_none()) {
        let Some(level) = name.level() else { continue };
        if let Some(stated) = conflict(&name.query, level) {
            let message = format!("in the title {:?} {stated} and the role is {level}: move the title to its level, or add the phrase to the lexicon's grade-blind ones", name.text);
            findings.add(&name.place, source.owner(name), message);
        }
    }
}

/// Reports aliases that say another level than that of their code: at a level, or level words in a name of all levels.
pub(in crate::lint) fn alias_exceeds(source: &Source<'_>, findings: &mut Findings<'_>) {
    for name in source.names.iter().filter(|name| name.alias.is_some()) {
        let message = match name.level() {
            Some(level) => conflict(&name.query, level).map(|stated| {
                format!("in the alias {:?} {stated} and the role is {level}: move it to its level, or remove it", name.text)
            }),
            None => level_word_for_all(source, name).map(|word| {
                format!("the alias {:?} says a level ({word:?}) and stands for all: move it to `titles` at its level, or remove it", name.text)
            }),
        };
        if let Some(message) = message {
            findings.add(&name.place, source.owner(name), message);
        }
    }
}

/// The level word in a name that stands for all levels of its specialisation, unless each of them is meant.
fn level_word_for_all(source: &Source<'_>, name: &crate::lint::source::Name<'_>) -> Option<String> {
    let reading = name.query.level.as_ref()?;
    let levels: Vec<LevelCode> = source.roles_of(name.specialisation).filter_map(|(role, _)| role.level).collect();
    let all_meant = levels.iter().all(|level| reading.ranges.on(level.track).is_some_and(|range| range.gap(level.grade) == 0));
    // A specialisation of helpers is called by the word that states a grade elsewhere.
    let title = source.analyzer.name(&source.taxonomy.specialisation(name.specialisation).title, None);
    let in_title = title.level.is_some_and(|of_title| of_title.word == reading.word);
    (!levels.is_empty() && !all_meant && !in_title).then(|| reading.text.clone())
}
