//! Compares names with each other: those that stand twice with one specialisation, and those that several families share.

use std::collections::BTreeSet;

use rustc_hash::FxHashMap;

use crate::lint::finding::Findings;
use crate::lint::source::{Kin, Name, Source};
use crate::lint::text::listed;

/// How many owners a message lists.
const LISTED: usize = 4;

/// Reports aliases that another name of the same specialisation and language repeats.
pub(in crate::lint) fn duplicate(source: &Source<'_>, findings: &mut Findings<'_>) {
    let mut first: FxHashMap<(&str, &str), &Name<'_>> = FxHashMap::default();
    let mut current = None;
    for name in &source.names {
        if current != Some(name.specialisation) {
            current = Some(name.specialisation);
            first.clear();
        }
        if name.spelling.is_empty() {
            continue;
        }
        let Some(earlier) = first.get(&(name.lang, name.spelling.as_str())) else {
            first.insert((name.lang, &name.spelling), name);
            continue;
        };
        // A title repeated by its own alias is alias-self's.
        let repeats_title = name.alias.is_some() && earlier.alias.is_none() && name.level() == earlier.level();
        if repeats_title {
            continue;
        }
        let way_out = match (earlier.level(), name.level()) {
            (a, b) if a == b => "keep one of them".to_owned(),
            (Some(a), Some(b)) => format!("it stands at {a} and {b}, keep one level"),
            _ => "it stands with one level and with all of them, keep one".to_owned(),
        };
        let message = format!("the name {:?} stands also at {}: {way_out}", name.text, earlier.place);
        findings.add(&name.place, source.owner(name), message);
    }
}

/// Reports names whose whole normal form stands in several families without a reason in every place.
pub(in crate::lint) fn ambiguous(source: &Source<'_>, findings: &mut Findings<'_>) {
    let way_out = "keep it in one family, or mark it ambiguous with a reason in every place";
    report(source, &|name| (!name.normal.is_empty()).then(|| name.normal.clone()), &|_, _| true, way_out, findings);
}

/// Reports names of several families that have the same words in another order or with other function words.
pub(in crate::lint) fn same_words(source: &Source<'_>, findings: &mut Findings<'_>) {
    let way_out = "a title in either order finds both: keep one, or mark both ambiguous with a reason";
    report(source, &|name| name.key, &|a, b| a.normal != b.normal, way_out, findings);
}

/// Reports names that share a form with those of another family and give no reason.
///
/// A title cannot give a reason, so it is excused when every alias of the same form gives one; two titles never are.
fn report<F: Ord>(
    source: &Source<'_>,
    form: &dyn Fn(&Name<'_>) -> Option<F>,
    differs: &dyn Fn(&Name<'_>, &Name<'_>) -> bool,
    way_out: &str,
    findings: &mut Findings<'_>,
) {
    let mut formed: Vec<(F, usize)> =
        source.names.iter().enumerate().filter_map(|(position, name)| Some((form(name)?, position))).collect();
    formed.sort_unstable();
    for group in formed.chunk_by(|a, b| a.0 == b.0) {
        let names: Vec<&Name<'_>> = group.iter().map(|(_, position)| &source.names[*position]).collect();
        let titled: BTreeSet<Kin> =
            names.iter().filter(|name| is_bare_title(name, &names)).map(|name| source.kin(name.specialisation)).collect();
        for name in &names {
            let excused = if name.alias.is_some() { name.ambiguous().is_some() } else { titled.len() < 2 || !is_bare_title(name, &names) };
            if excused {
                continue;
            }
            let kin = source.kin(name.specialisation);
            let mut others: Vec<String> = names
                .iter()
                .filter(|other| source.kin(other.specialisation) != kin && differs(name, other))
                .map(|other| format!("{} ({:?})", source.owner(other), other.text))
                .collect();
            others.sort();
            others.dedup();
            if !others.is_empty() {
                let message = format!("the name {:?} is also that of {}: {way_out}", name.text, listed(&others, LISTED));
                findings.add(&name.place, source.owner(name), message);
            }
        }
    }
}

/// Whether a name is a title beside which no alias of the same owner gives the reason.
fn is_bare_title(name: &Name<'_>, names: &[&Name<'_>]) -> bool {
    name.alias.is_none()
        && !names.iter().any(|other| other.ambiguous().is_some() && other.specialisation == name.specialisation && other.level() == name.level())
}
