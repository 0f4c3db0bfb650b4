//! Checks the cards of levels: one a level, complete, different from their neighbours', with years that go on.

use crate::lint::finding::Findings;
use crate::lint::source::Source;
use crate::taxonomy::{Level, Track};

/// The texts of a card with their names.
fn facets(level: &Level) -> [(&'static str, &str); 7] {
    [
        ("sentence", &level.sentence),
        ("scope", &level.scope),
        ("autonomy", &level.autonomy),
        ("complexity", &level.complexity),
        ("impact", &level.impact),
        ("decision_rights", &level.decision_rights),
        ("leadership", &level.leadership),
    ]
}

/// Reports cards that drift apart: a second card of a level, missing facets, texts of another level, years with gaps.
pub(in crate::lint) fn drift(source: &Source<'_>, findings: &mut Findings<'_>) {
    let levels = &source.taxonomy.levels;
    for (position, level) in levels.iter().enumerate() {
        let place = source.level_place(position);
        if levels[..position].iter().any(|earlier| earlier.code == level.code) {
            findings.add(&place, level.code, "the level has a second card: keep one, roles are joined to it when they are read".to_owned());
        }
        for (number, (name, text)) in facets(level).into_iter().enumerate() {
            let of_others = || levels.iter().map(|other| facets(other)[number].1);
            if text.is_empty() && of_others().any(|other| !other.is_empty()) {
                findings.add(&place, level.code, format!("the card has no {name}, as others do: write it"));
            }
            // Low levels may lead nobody alike; everything else tells levels of a track apart.
            let twin = levels[..position].iter().find(|earlier| earlier.code.track == level.code.track && facets(earlier)[number].1 == text);
            if let Some(twin) = twin.filter(|twin| !text.is_empty() && name != "leadership" && twin.code != level.code) {
                findings.add(&place, level.code, format!("its {name} is that of {}: say what differs", twin.code));
            }
        }
        if level.experience.is_none() && levels.iter().any(|other| other.experience.is_some()) {
            findings.add(&place, level.code, "the card has no years of experience, as others do: write them".to_owned());
        }
        if let Some(years) = level.experience.filter(|years| years.min > years.max) {
            findings.add(&place, level.code, format!("its experience runs from {} to {} years: turn them round", years.min, years.max));
        }
    }
    for track in Track::ALL {
        years_go_on(source, track, findings);
    }
    let known = |code| levels.iter().any(|level| level.code == code);
    for (role, places) in source.roles().filter(|(role, _)| !levels.is_empty() && role.level.is_some_and(|code| !known(code))) {
        let code = role.level.map(|code| code.to_string()).unwrap_or_default();
        findings.add(&places.place, &role.code, format!("the level {code} has no card: write one"));
    }
}

/// Years must rise with the grade and leave none out between two grades.
fn years_go_on(source: &Source<'_>, track: Track, findings: &mut Findings<'_>) {
    let mut of_track: Vec<(usize, &Level)> = source.taxonomy.levels.iter().enumerate().filter(|(_, level)| level.code.track == track).collect();
    of_track.sort_by_key(|(_, level)| level.code);
    for pair in of_track.windows(2) {
        let [(_, low), (position, high)] = pair else { continue };
        let (Some(below), Some(above)) = (low.experience, high.experience) else { continue };
        let way_out = if above.min < below.min || above.max < below.max {
            "they fall though the grade rises"
        } else if above.min > below.max {
            "the years between them belong to neither"
        } else {
            continue;
        };
        let message = format!("its experience is {}–{} years and that of {} {}–{}: {way_out}", above.min, above.max, low.code, below.min, below.max);
        findings.add(&source.level_place(*position), high.code, message);
    }
}
