//! Turns two taxonomies into what was added and removed between them, and joins several such steps into one.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::taxonomy::Taxonomy;

/// Generations remembered: enough for a day of hourly reloads, small beside an index.
const REMEMBERED: usize = 24;

/// What the generations of this process differ by.
#[derive(Debug, Default)]
pub(super) struct History {
    /// Fingerprints in the order of loading; one more than `steps` once something was loaded.
    fingerprints: Vec<String>,
    steps: Vec<Step>,
}

/// What one generation changed of the one before.
#[derive(Debug, Clone, Default, PartialEq)]
struct Step {
    /// Role code → titles before and after; absent where there was no such role.
    roles: BTreeMap<String, (Option<String>, Option<String>)>,
    /// (Specialisation, name) → whether it is there afterwards.
    names: BTreeMap<(String, String), bool>,
}

/// What is different since a generation.
#[derive(Debug, Clone, Default, PartialEq, Serialize, utoipa::ToSchema)]
pub(super) struct Changes {
    /// Generation that is compared with.
    pub(super) since: String,
    /// Generation that answers now.
    pub(super) now: String,
    /// Roles that are new.
    pub(super) roles_added: Vec<ChangedRole>,
    /// Roles that are gone.
    pub(super) roles_removed: Vec<ChangedRole>,
    /// Roles that have another title, with the new one.
    pub(super) roles_retitled: Vec<ChangedRole>,
    /// Names that are new, roles' titles included.
    pub(super) names_added: Vec<ChangedName>,
    /// Names that are gone.
    pub(super) names_removed: Vec<ChangedName>,
}

/// A role that changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub(super) struct ChangedRole {
    /// Its code.
    pub(super) code: String,
    /// Its title.
    pub(super) title: String,
}

/// A name that changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub(super) struct ChangedName {
    /// Code of the specialisation that bears it.
    pub(super) specialisation: String,
    /// The name.
    pub(super) name: String,
}

impl History {
    /// Begins with the first generation.
    pub(super) fn starting(fingerprint: &str) -> Self {
        Self { fingerprints: vec![fingerprint.to_owned()], steps: Vec::new() }
    }

    /// Notes that a generation replaced another.
    pub(super) fn note(&mut self, before: &Taxonomy, after: &Taxonomy, fingerprint: &str) {
        self.fingerprints.push(fingerprint.to_owned());
        self.steps.push(step(before, after));
        if self.fingerprints.len() > REMEMBERED {
            self.fingerprints.remove(0);
            self.steps.remove(0);
        }
    }

    /// The generations that can be asked about, oldest first.
    pub(super) fn known(&self) -> &[String] {
        &self.fingerprints
    }

    /// What is different since a generation, named by its fingerprint or the first 16 digits of it; nothing when this process
    /// has not seen it.
    pub(super) fn since(&self, fingerprint: &str) -> Option<Changes> {
        // The last time that it was current: a generation may come back.
        let start = self.fingerprints.iter().rposition(|known| fingerprint.starts_with(known.as_str()))?;
        let mut roles: BTreeMap<&String, (Option<String>, Option<String>)> = BTreeMap::new();
        let mut names: BTreeMap<&(String, String), (bool, bool)> = BTreeMap::new();
        for step in &self.steps[start..] {
            for (code, (before, after)) in &step.roles {
                roles.entry(code).or_insert_with(|| (before.clone(), None)).1.clone_from(after);
            }
            for (name, there) in &step.names {
                names.entry(name).or_insert((!there, *there)).1 = *there;
            }
        }
        let mut changes = Changes { since: self.fingerprints[start].clone(), now: self.fingerprints.last()?.clone(), ..Changes::default() };
        for (code, titles) in roles {
            let role = |title: String| ChangedRole { code: code.clone(), title };
            match titles {
                (None, Some(title)) => changes.roles_added.push(role(title)),
                (Some(title), None) => changes.roles_removed.push(role(title)),
                (Some(before), Some(after)) if before != after => changes.roles_retitled.push(role(after)),
                _ => {}
            }
        }
        for ((specialisation, name), (before, after)) in names {
            let name = ChangedName { specialisation: specialisation.clone(), name: name.clone() };
            match (before, after) {
                (false, true) => changes.names_added.push(name),
                (true, false) => changes.names_removed.push(name),
                _ => {}
            }
        }
        Some(changes)
    }
}

fn step(before: &Taxonomy, after: &Taxonomy) -> Step {
    let mut step = Step::default();
    let (old, new) = (titles(before), titles(after));
    for code in old.keys().chain(new.keys()) {
        let (title_before, title_after) = (old.get(code), new.get(code));
        if title_before != title_after {
            step.roles.insert((*code).to_owned(), (title_before.map(|title| (*title).to_owned()), title_after.map(|title| (*title).to_owned())));
        }
    }
    let (old, new) = (names(before), names(after));
    let owned = |(specialisation, name): &(&str, &str)| ((*specialisation).to_owned(), (*name).to_owned());
    step.names.extend(old.difference(&new).map(|name| (owned(name), false)));
    step.names.extend(new.difference(&old).map(|name| (owned(name), true)));
    step
}

fn titles(taxonomy: &Taxonomy) -> BTreeMap<&str, &str> {
    taxonomy.roles.iter().map(|role| (role.code.as_str(), role.title.as_str())).collect()
}

fn names(taxonomy: &Taxonomy) -> BTreeSet<(&str, &str)> {
    let mut names = BTreeSet::new();
    for specialisation in &taxonomy.specialisations {
        let code = specialisation.code.as_str();
        names.insert((code, specialisation.title.as_str()));
        names.extend(specialisation.aliases.iter().map(|alias| (code, alias.text.as_str())));
    }
    for role in &taxonomy.roles {
        let code = taxonomy.specialisation(role.specialisation).code.as_str();
        names.extend(role.aliases.iter().map(|alias| (code, alias.text.as_str())));
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::taxonomy::{Alias, AliasType, Role, RoleCode, Specialisation, SpecialisationId};

    /// A taxonomy of (code, title, aliases).
    fn taxonomy(roles: &[(&str, &str, &[&str])]) -> Taxonomy {
        let mut taxonomy = Taxonomy::default();
        for (number, (code, title, aliases)) in roles.iter().enumerate() {
            let aliases: Vec<Alias> = aliases.iter().map(|alias| Alias::approved(*alias, AliasType::Common, "en", "")).collect();
            let specialisation = serde_json::json!({ "code": code, "title": title, "aliases": aliases });
            taxonomy.specialisations.push(serde_json::from_value::<Specialisation>(specialisation).expect("a specialisation"));
            let code = RoleCode::new(*code).expect("a code");
            taxonomy.roles.push(Role::plain(code, SpecialisationId(number as u32), (*title).to_owned(), ""));
        }
        taxonomy
    }

    #[test]
    fn steps_are_joined_and_cancel() {
        let first = taxonomy(&[("A", "Cook", &["chef"]), ("B", "Clerk", &[])]);
        let second = taxonomy(&[("A", "Cook", &["chef", "line cook"]), ("C", "Baker", &[])]);
        let third = taxonomy(&[("A", "Cooks", &["chef"]), ("B", "Clerk", &[]), ("C", "Baker", &[])]);
        let mut history = History::starting("1");
        history.note(&first, &second, "2");
        history.note(&second, &third, "3");
        let changes = history.since("1").expect("seen");
        let codes = |roles: &[ChangedRole]| roles.iter().map(|role| role.code.clone()).collect::<Vec<_>>();
        assert_eq!(codes(&changes.roles_added), ["C"]);
        assert!(changes.roles_removed.is_empty(), "B went and came back");
        assert_eq!(codes(&changes.roles_retitled), ["A"]);
        assert!(!changes.names_added.iter().any(|name| name.name == "line cook"), "it came and went");
        assert_eq!(history.since("2").expect("seen").names_removed.iter().filter(|name| name.name == "line cook").count(), 1);
        let nothing = history.since("3").expect("seen");
        assert!(nothing.roles_added.is_empty() && nothing.names_added.is_empty());
        assert_eq!(history.since("4"), None);
    }

    #[test]
    fn old_generations_are_forgotten() {
        let empty = taxonomy(&[]);
        let mut history = History::starting("0");
        for number in 1..=REMEMBERED {
            history.note(&empty, &empty, &format!("g{number}"));
        }
        assert_eq!(history.known().len(), REMEMBERED);
        assert!(history.since("0").is_none() && history.since("g1").is_some());
    }
}
