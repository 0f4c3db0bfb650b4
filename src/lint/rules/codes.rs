//! Checks codes: their shape, that each stands once, and that what they say is what the record says.

use rustc_hash::FxHashMap;

use crate::corpus::Place;
use crate::lint::finding::Findings;
use crate::lint::source::Source;
use crate::taxonomy::LevelCode;

use super::mappings::fits_scheme;

/// The only pattern that is known.
const PATTERN: &str = "FAMILY.SPECIALISATION.LEVEL";

fn is_patterned(source: &Source<'_>) -> bool {
    source.taxonomy.manifest.code_pattern.as_deref() == Some(PATTERN)
}

/// Family and specialisation parts: 2 to 5 capitals or digits.
fn is_short_code(part: &str) -> bool {
    (2..=5).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
}

fn is_level(part: &str) -> bool {
    LevelCode::parse(part).is_some_and(|level| level.to_string() == part)
}

/// Checks the shape that the taxonomy's manifest promises.
pub(in crate::lint) fn format(source: &Source<'_>, findings: &mut Findings<'_>) {
    let scheme = source.taxonomy.manifest.scheme.as_deref();
    for (role, places) in source.roles() {
        let code = role.code.as_str();
        let parts: Vec<&str> = code.split('.').collect();
        if is_patterned(source) {
            let fits = matches!(parts[..], [family, specialisation, level] if is_short_code(family) && is_short_code(specialisation) && is_level(level));
            if !fits {
                let message = format!("the code is not like {PATTERN}, as in DEI.GEN.P5: correct it, or drop code_pattern from the manifest");
                findings.add(&places.place, code, message);
            }
        } else if let Some(scheme) = scheme
            && !fits_scheme(scheme, code)
        {
            findings.add(&places.place, code, format!("the code has not the shape of the scheme {scheme}: correct the code or the manifest's scheme"));
        }
    }
}

/// Checks that no code stands twice, whatever its case: codes are found without regard to it.
pub(in crate::lint) fn duplicate(source: &Source<'_>, findings: &mut Findings<'_>) {
    let families = source.families().map(|(record, places)| ("family", record.code.as_str(), &places.place));
    let specialisations = source.specialisations().map(|(_, record, places)| ("specialisation", record.code.as_str(), &places.place));
    let roles = source.roles().map(|(record, places)| ("role", record.code.as_str(), &places.place));
    let mut first: FxHashMap<(&str, String), &Place> = FxHashMap::default();
    for (kind, code, place) in families.chain(specialisations).chain(roles) {
        if let Some(earlier) = first.insert((kind, code.to_lowercase()), place) {
            findings.add(place, code, format!("the {kind} code stands also at {earlier}: give one of them another code"));
        }
    }
}

/// Checks that the parts of a patterned code are the role's family, specialisation and level.
pub(in crate::lint) fn level_mismatch(source: &Source<'_>, findings: &mut Findings<'_>) {
    if !is_patterned(source) {
        return;
    }
    for (role, places) in source.roles() {
        let code = role.code.as_str();
        let Some((path, level)) = code.rsplit_once('.') else { continue };
        let specialisation = source.taxonomy.specialisation(role.specialisation);
        let stated = role.level.map(|level| level.to_string()).unwrap_or_default();
        if stated != level {
            let found = if stated.is_empty() { "no level".to_owned() } else { format!("the level {stated}") };
            findings.add(&places.place, code, format!("the code says {level} and the record {found}: make them agree"));
        }
        if specialisation.code != path {
            findings.add(&places.place, code, format!("the code says {path} and the record belongs to {}: make them agree", specialisation.code));
        }
        if let Some(family) = specialisation.family.map(|id| source.taxonomy.family(id))
            && path.split('.').next() != Some(&family.code)
        {
            findings.add(&places.place, code, format!("the code is not of the record's family {}: make them agree", family.code));
        }
    }
}
