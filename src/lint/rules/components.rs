//! Checks components: that none is said twice on the way from family to level, and that a page's counts were read.

use rustc_hash::FxHashMap;

use crate::corpus::Place;
use crate::lint::finding::Findings;
use crate::lint::source::Source;
use crate::lint::text::spelling;
use crate::taxonomy::Component;

/// Components said so far on the way from a family to a level: words → kind and place.
type Said<'a> = FxHashMap<String, (&'a Component, &'a Place)>;

/// Reports components that the same record or one above it says already, whatever their kind.
pub(in crate::lint) fn duplicate(source: &Source<'_>, findings: &mut Findings<'_>) {
    let families: Vec<Said<'_>> = source
        .families()
        .map(|(record, places)| {
            let mut said = Said::default();
            add(&mut said, &[], &record.components, &places.components, &record.code, findings);
            said
        })
        .collect();
    for (id, record, places) in source.specialisations() {
        let above: Vec<&Said<'_>> = record.family.iter().map(|family| &families[family.0 as usize]).collect();
        let mut said = Said::default();
        add(&mut said, &above, &record.components, &places.components, &record.code, findings);
        for (role, places) in source.roles_of(id) {
            let above: Vec<&Said<'_>> = above.iter().copied().chain([&said]).collect();
            add(&mut Said::default(), &above, &role.components, &places.components, role.code.as_str(), findings);
        }
    }
}

fn add<'a>(
    said: &mut Said<'a>,
    above: &[&Said<'a>],
    components: &'a [Component],
    places: &'a [Place],
    owner: &str,
    findings: &mut Findings<'_>,
) {
    for (component, place) in components.iter().zip(places) {
        let words = spelling(&component.text);
        let earlier = above.iter().find_map(|above| above.get(&words)).or_else(|| said.get(&words));
        if let Some((first, first_place)) = earlier {
            let message = format!("the {} {:?} stands also as {} at {first_place}: keep one", component.kind.name(), component.text, first.kind.name());
            findings.add(place, owner, message);
        } else {
            said.insert(words, (component, place));
        }
    }
}

/// Reports kinds of which a page's heading counts more or fewer than were read.
pub(in crate::lint) fn count_mismatch(source: &Source<'_>, findings: &mut Findings<'_>) {
    let Some((role, places)) = source.roles().next() else { return };
    for (kind, stated, place) in &source.extras.stated_counts {
        let found = role.components.iter().filter(|component| component.kind == *kind).count();
        if found != *stated {
            let message = format!("the heading counts {stated} of {} and {found} were read: look for a line that is cut or of another shape", kind.name());
            findings.add(if place.line > 0 { place } else { &places.place }, &role.code, message);
        }
    }
}
