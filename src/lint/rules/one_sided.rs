//! Lists names that are missing beside their twins: *Python Developer* is known, *Python Engineer* is not.
//!
//! A head noun may be replaced by another within a family when most of its names exist with the other too. Only then is the
//! other form of the remaining ones missed, so that *Sales Engineer* is not asked for because of *Sales Developer*.

use std::collections::{BTreeMap, BTreeSet};

use crate::analysis::join;
use crate::lint::finding::Findings;
use crate::lint::source::{Kin, Name, Source};
use crate::lint::text::listed;

/// Fewest names of a family that exist with both heads.
const MIN_SHARED: usize = 5;
/// Share of a head's names that exist with the other head too, so that the remaining ones are missed.
const MIN_SHARE: f32 = 0.6;
/// How many missing names a message lists.
const LISTED: usize = 6;

/// What stands before a head → the name that has it.
type Modifiers<'s, 'a> = BTreeMap<String, &'s Name<'a>>;

/// Reports, pair of heads by pair of heads, the names that exist with one of them only.
pub(in crate::lint) fn names(source: &Source<'_>, findings: &mut Findings<'_>) {
    let mut families: BTreeMap<Kin, BTreeMap<String, Modifiers<'_, '_>>> = BTreeMap::new();
    for name in source.names.iter().filter(|name| name.lang == source.main_language && name.role.is_none()) {
        if let Some((modifier, head)) = parts(source, name) {
            families.entry(source.kin(name.specialisation)).or_default().entry(head).or_default().entry(modifier).or_insert(name);
        }
    }
    for heads in families.values() {
        for (position, (left, with_left)) in heads.iter().enumerate() {
            for (right, with_right) in heads.iter().skip(position + 1) {
                report(source, (left, with_left), (right, with_right), findings);
            }
        }
    }
}

/// The words before a name's last word, and that word, which is its head.
fn parts(source: &Source<'_>, name: &Name<'_>) -> Option<(String, String)> {
    let words = name.query.core_words();
    let head = source.analyzer.head(&words)?;
    let plain = head > 0 && head + 1 == words.len() && !words.iter().any(|word| word.bracket);
    plain.then(|| (join(&words[..head]), words[head].text.clone()))
}

fn report(source: &Source<'_>, left: (&String, &Modifiers<'_, '_>), right: (&String, &Modifiers<'_, '_>), findings: &mut Findings<'_>) {
    let modifiers = |side: &Modifiers<'_, '_>| side.keys().cloned().collect::<BTreeSet<String>>();
    let (of_left, of_right) = (modifiers(left.1), modifiers(right.1));
    let shared = of_left.intersection(&of_right).count();
    if shared < MIN_SHARED {
        return;
    }
    for ((known, with_known), (missing, of_missing)) in [((left.0, left.1), (right.0, &of_right)), ((right.0, right.1), (left.0, &of_left))] {
        if (shared as f32) < with_known.len() as f32 * MIN_SHARE {
            continue;
        }
        let absent: Vec<String> = with_known.keys().filter(|modifier| !of_missing.contains(*modifier)).map(|modifier| format!("{modifier} {missing}")).collect();
        let Some(first) = with_known.iter().find(|(modifier, _)| !of_missing.contains(*modifier)).map(|(_, name)| *name) else { continue };
        let message = format!(
            "{shared} names stand with both {known} and {missing}, these do not: {}; add those that people use",
            listed(&absent, LISTED)
        );
        findings.add(&first.place, &source.taxonomy.specialisation(first.specialisation).code, message);
    }
}
