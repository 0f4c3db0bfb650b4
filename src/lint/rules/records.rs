//! Checks records: titles and sections that are missing, confidences that disagree with themselves, drafts.

use crate::corpus::RecordPlaces;
use crate::lint::finding::Findings;
use crate::lint::source::Source;
use crate::lint::text::listed;
use crate::taxonomy::{Component, ComponentKind, ConfidenceBand, RecordConfidence, Status};

/// A section counts as expected when this share of the records of its kind fills it.
const EXPECTED_SHARE: f32 = 0.5;

/// Reports families, specialisations and roles without a title.
pub(in crate::lint) fn title_missing(source: &Source<'_>, findings: &mut Findings<'_>) {
    let families = source.families().map(|(record, places)| (record.code.as_str(), &record.title, places));
    let specialisations = source.specialisations().map(|(_, record, places)| (record.code.as_str(), &record.title, places));
    let roles = source.roles().map(|(record, places)| (record.code.as_str(), &record.title, places));
    for (code, title, places) in families.chain(specialisations).chain(roles) {
        if !title.chars().any(char::is_alphanumeric) {
            findings.add(&places.field("title"), code, "there is no title: write the name that people use".to_owned());
        }
    }
}

/// A record with the names of its sections that are empty.
struct Sections<'a> {
    code: &'a str,
    places: &'a RecordPlaces,
    filled: Vec<(&'static str, bool)>,
}

/// Reports sections that a record leaves empty and most others of its kind fill.
pub(in crate::lint) fn empty_section(source: &Source<'_>, findings: &mut Findings<'_>) {
    let families: Vec<Sections<'_>> = source
        .families()
        .map(|(record, places)| {
            let story = record.story.as_ref();
            let mut filled = vec![("summary", !record.summary.trim().is_empty()), ("story", story.is_some())];
            if let Some(story) = story {
                let problem = &story.problem;
                let parts = [
                    ("story.who", &story.who),
                    ("story.external", &problem.external),
                    ("story.internal", &problem.internal),
                    ("story.why", &problem.why),
                    ("story.stakes", &story.stakes),
                    ("story.success", &story.success),
                ];
                filled.extend(parts.map(|(name, text)| (name, !text.trim().is_empty())));
                filled.push(("story.plan", !story.plan.is_empty()));
            }
            filled.extend(kinds(&record.components));
            Sections { code: &record.code, places, filled }
        })
        .collect();
    report(&families, findings);
    let specialisations: Vec<Sections<'_>> = source
        .specialisations()
        .map(|(_, record, places)| {
            let named = record.aliases.iter().any(|alias| alias.lang == source.main_language);
            let described = record.components.iter().any(|component| matches!(component.kind, ComponentKind::Skill | ComponentKind::Knowledge));
            let filled = vec![("summary", !record.summary.trim().is_empty()), ("names", named), ("skill or knowledge", described)];
            Sections { code: &record.code, places, filled }
        })
        .collect();
    report(&specialisations, findings);
    for (owner, components, places) in source.component_lists() {
        for (component, place) in components.iter().zip(places) {
            if component.text.trim().is_empty() {
                findings.add(place, owner, format!("a {} has no words: write it or remove it", component.kind.name()));
            }
        }
    }
}

fn kinds(components: &[Component]) -> impl Iterator<Item = (&'static str, bool)> {
    ComponentKind::ALL.map(|kind| (kind.name(), components.iter().any(|component| component.kind == kind))).into_iter()
}

fn report(records: &[Sections<'_>], findings: &mut Findings<'_>) {
    let is_expected = |section: &str| {
        let (mut filled, mut all) = (0.0_f32, 0.0_f32);
        for (name, is_filled) in records.iter().flat_map(|record| &record.filled) {
            if *name == section {
                all += 1.0;
                filled += f32::from(u8::from(*is_filled));
            }
        }
        filled > all * EXPECTED_SHARE
    };
    for record in records {
        let empty: Vec<&str> = record.filled.iter().filter(|(_, is_filled)| !is_filled).map(|(name, _)| *name).filter(|name| is_expected(name)).collect();
        if !empty.is_empty() {
            let message = format!("nothing stands under {}, which most others fill: write it", listed(&empty, empty.len()));
            findings.add(&record.places.place, record.code, message);
        }
    }
}

/// Reports confidences whose band is not the one of their score.
pub(in crate::lint) fn band_score(source: &Source<'_>, findings: &mut Findings<'_>) {
    let conflict = |confidence: RecordConfidence| {
        let expected = ConfidenceBand::of(confidence.score);
        (expected != confidence.band).then(|| {
            format!("the band is {} and the score {:.2}, which is {}: make them agree", confidence.band.name(), confidence.score, expected.name())
        })
    };
    for (role, places) in source.roles() {
        if let Some(message) = role.record_confidence.and_then(conflict) {
            findings.add(&places.field("record_confidence"), &role.code, message);
        }
    }
    for name in &source.names {
        if let Some(message) = name.alias.and_then(|alias| conflict(alias.confidence)) {
            findings.add(&name.place, source.owner(name), format!("of the alias {:?} {message}", name.text));
        }
    }
}

/// Lists what is still a draft, one entry a specialisation.
pub(in crate::lint) fn draft(source: &Source<'_>, findings: &mut Findings<'_>) {
    for (id, record, places) in source.specialisations() {
        let drafts: Vec<&str> =
            source.roles_of(id).filter(|(role, _)| role.status == Status::Draft).map(|(role, _)| role.code.as_str()).collect();
        if !drafts.is_empty() {
            let message = format!("{} of its roles are drafts ({}): have them read and set their status", drafts.len(), listed(&drafts, 3));
            findings.add(&places.place, &record.code, message);
        }
    }
}
