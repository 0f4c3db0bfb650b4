//! Every rule on the tiny taxonomy of `tests/corpus`: one change that it must find and one that it must leave alone.

mod cases;
mod outputs;

use std::path::{Path, PathBuf};

use crate::corpus::{self, Loaded, Place};
use crate::taxonomy::{Alias, AliasType, Component, ComponentKind, Mapping, Relation, ReviewStatus, Role, Specialisation};

use super::*;

fn tiny_path() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus")
}

fn tiny() -> Loaded {
    corpus::load(&tiny_path()).unwrap_or_else(|errors| panic!("{errors}"))
}

/// What a rule says of a taxonomy.
fn messages(id: &str, loaded: &Loaded, extras: &Extras) -> Vec<String> {
    let rule = rule(id).unwrap_or_else(|| panic!("no rule {id}"));
    check_only(loaded, extras, &[rule]).into_iter().map(|finding| format!("{}: {}", finding.code, finding.message)).collect()
}

/// Changes to a loaded taxonomy that keep the places beside the parts.
trait Change {
    fn spec(&mut self, code: &str) -> &mut Specialisation;
    fn role(&mut self, code: &str) -> &mut Role;
    fn family(&mut self, code: &str) -> &mut crate::taxonomy::Family;
    fn name(&mut self, code: &str, text: &str) -> &mut Alias;
    fn part(&mut self, code: &str, kind: ComponentKind, text: &str);
    fn mapping(&mut self, code: &str, scheme: &str, to: &str) -> &mut Mapping;
}

fn somewhere() -> Place {
    Place { file: "changed.toml".into(), line: 7 }
}

impl Change for Loaded {
    fn spec(&mut self, code: &str) -> &mut Specialisation {
        self.taxonomy.specialisations.iter_mut().find(|found| found.code == code).expect("the specialisation exists")
    }

    fn role(&mut self, code: &str) -> &mut Role {
        self.taxonomy.roles.iter_mut().find(|found| found.code.as_str() == code).expect("the role exists")
    }

    fn family(&mut self, code: &str) -> &mut crate::taxonomy::Family {
        self.taxonomy.families.iter_mut().find(|found| found.code == code).expect("the family exists")
    }

    /// Adds an alias to a role or specialisation.
    fn name(&mut self, code: &str, text: &str) -> &mut Alias {
        let alias = Alias::approved(text, AliasType::Common, "en", "test");
        if let Some(position) = self.taxonomy.roles.iter().position(|found| found.code.as_str() == code) {
            self.places.roles[position].aliases.push(somewhere());
            let aliases = &mut self.taxonomy.roles[position].aliases;
            aliases.push(alias);
            return aliases.last_mut().expect("just added");
        }
        let position = self.taxonomy.specialisations.iter().position(|found| found.code == code).expect("the specialisation exists");
        self.places.specialisations[position].aliases.push(somewhere());
        let aliases = &mut self.taxonomy.specialisations[position].aliases;
        aliases.push(alias);
        aliases.last_mut().expect("just added")
    }

    /// Adds a component to a role, specialisation or family.
    fn part(&mut self, code: &str, kind: ComponentKind, text: &str) {
        let component = Component { kind, text: text.to_owned(), commonality: "common".into(), basis: "test".into() };
        if let Some(position) = self.taxonomy.roles.iter().position(|found| found.code.as_str() == code) {
            self.places.roles[position].components.push(somewhere());
            self.taxonomy.roles[position].components.push(component);
        } else if let Some(position) = self.taxonomy.specialisations.iter().position(|found| found.code == code) {
            self.places.specialisations[position].components.push(somewhere());
            self.taxonomy.specialisations[position].components.push(component);
        } else {
            let position = self.taxonomy.families.iter().position(|found| found.code == code).expect("the family exists");
            self.places.families[position].components.push(somewhere());
            self.taxonomy.families[position].components.push(component);
        }
    }

    /// Adds a mapping to a specialisation.
    fn mapping(&mut self, code: &str, scheme: &str, to: &str) -> &mut Mapping {
        let position = self.taxonomy.specialisations.iter().position(|found| found.code == code).expect("the specialisation exists");
        self.places.specialisations[position].mappings.push(somewhere());
        let mappings = &mut self.taxonomy.specialisations[position].mappings;
        mappings.push(Mapping {
            scheme: scheme.to_owned(),
            scheme_version: self.taxonomy.manifest.schemes.get(scheme).cloned().unwrap_or_default().into(),
            code: to.to_owned(),
            title: String::new(),
            relation: Relation::Close,
            granularity: corpus::granularity(scheme, to).into(),
            source: "test".into(),
            review_status: ReviewStatus::Reviewed,
        });
        mappings.last_mut().expect("just added")
    }
}
