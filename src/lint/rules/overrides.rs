//! Compares decisions about titles with the taxonomy: those that point nowhere, and those it has meanwhile learnt.

use crate::analysis::{Word, key};
use crate::lint::finding::Findings;
use crate::lint::source::Source;
use crate::taxonomy::Status;

/// Reports overrides of roles that are gone or deprecated, and those that say what the taxonomy says by itself.
pub(in crate::lint) fn stale(source: &Source<'_>, findings: &mut Findings<'_>) {
    for row in &source.extras.overrides {
        let Some(role_id) = source.taxonomy.find_role(&row.code) else {
            let message = format!("{:?} is given the code {}, which the taxonomy does not have: choose another code or remove the row", row.title, row.code);
            findings.add(&row.place, &row.code, message);
            continue;
        };
        let role = source.taxonomy.role(role_id);
        if role.status == Status::Deprecated {
            let instead = role.superseded_by.as_ref().map_or_else(|| "another code".to_owned(), ToString::to_string);
            findings.add(&row.place, &row.code, format!("{:?} is given a deprecated role: choose {instead}", row.title));
            continue;
        }
        let query = source.analyzer.name(&row.title, None);
        let words: Vec<&Word> = query.words.iter().collect();
        let Some(wanted) = key(&words) else { continue };
        let mut bearers = source.names.iter().filter(|name| name.key == Some(wanted));
        let says_the_same = |name: &crate::lint::source::Name<'_>| name.role.is_some_and(|found| found.code == role.code);
        if bearers.next().is_some_and(says_the_same) && bearers.all(says_the_same) {
            findings.add(&row.place, &row.code, format!("{:?} is a name of this very role and of no other: remove the row", row.title));
        }
    }
}
