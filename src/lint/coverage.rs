//! Turns a taxonomy's mappings into a report of how much of the labour market it covers, by SOC major group.
//!
//! A specialisation stands in every major group that one of its SOC mappings names; its own mappings count, else its
//! family's, each only when it was reviewed and the role is not broader than the code.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::corpus::granularity;
use crate::import::{MAJOR_GROUPS, broad};
use crate::taxonomy::{ComponentKind, Mapping, Relation, ReviewStatus, SpecialisationId, Taxonomy};

/// Coverage by SOC major group.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Coverage {
    /// One row a major group of the 2018 SOC, those without anything included, in order of code.
    pub groups: Vec<GroupCoverage>,
    /// All of the taxonomy; what stands in several groups counts once.
    pub total: Numbers,
    /// What has no SOC mapping at broad or detailed depth.
    pub unmapped: Numbers,
    /// Specialisations with a reviewed mapping, scheme by scheme.
    pub schemes: BTreeMap<String, usize>,
    /// Names, language by language.
    pub languages: BTreeMap<String, usize>,
    /// Specialisations that are told apart by too little.
    pub thin: Thin,
}

/// Skills and knowledge areas of its own from which a specialisation is told apart from its neighbours.
const OWN_COMPONENTS: usize = 4;
/// Names from which a common kind of work is found as people call it.
const MANY_NAMES: usize = 20;

/// Codes of specialisations that lack something.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Thin {
    /// Fewer than four skills and knowledge areas of their own.
    pub components: Vec<String>,
    /// Fewer than twenty names in the main language.
    pub names: Vec<String>,
    /// Specialisations without a name in a further language of the taxonomy, counted.
    pub languages: BTreeMap<String, usize>,
}

impl Thin {
    fn add(&mut self, taxonomy: &Taxonomy, id: SpecialisationId) {
        let specialisation = taxonomy.specialisation(id);
        let is_own = |kind: &ComponentKind| matches!(kind, ComponentKind::Skill | ComponentKind::Knowledge);
        if specialisation.components.iter().filter(|component| is_own(&component.kind)).count() < OWN_COMPONENTS {
            self.components.push(specialisation.code.clone());
        }
        let (main, further) = taxonomy.manifest.languages.split_first().map_or(("en", &[] as &[String]), |(main, further)| (main.as_str(), further));
        if names(taxonomy, id).filter(|lang| *lang == main).count() < MANY_NAMES {
            self.names.push(specialisation.code.clone());
        }
        for lang in further {
            *self.languages.entry(lang.clone()).or_default() += usize::from(!names(taxonomy, id).any(|own| own == lang));
        }
    }
}

/// What stands in one major group.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct GroupCoverage {
    /// The group's code, as in `15-0000`.
    pub code: String,
    /// Its title.
    pub title: String,
    /// What stands in it.
    #[serde(flatten)]
    pub numbers: Numbers,
}

/// How many of each there are.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Numbers {
    /// Families.
    pub families: usize,
    /// Specialisations.
    pub specialisations: usize,
    /// Roles.
    pub roles: usize,
    /// Names: titles of specialisations, written titles of roles and aliases.
    pub names: usize,
    /// Different SOC broad occupations mapped.
    pub broad_codes: usize,
    /// Different SOC detailed occupations mapped.
    pub detailed_codes: usize,
}

/// What is gathered of a group while its specialisations go by.
#[derive(Default)]
struct Gathered {
    families: BTreeSet<u32>,
    specialisations: BTreeSet<u32>,
    roles: usize,
    names: usize,
    broad_codes: BTreeSet<String>,
    detailed_codes: BTreeSet<String>,
}

impl Gathered {
    fn add(&mut self, taxonomy: &Taxonomy, number: u32, codes: &[&str]) {
        let id = SpecialisationId(number);
        let specialisation = taxonomy.specialisation(id);
        self.families.extend(specialisation.family.map(|family| family.0));
        for code in codes {
            self.broad_codes.insert(broad(code));
            if granularity("soc", code) == "detailed" {
                self.detailed_codes.insert((*code).to_owned());
            }
        }
        if self.specialisations.insert(number) {
            self.roles += taxonomy.roles_of(id).count();
            self.names += names(taxonomy, id).count();
        }
    }

    fn numbers(&self) -> Numbers {
        Numbers {
            families: self.families.len(),
            specialisations: self.specialisations.len(),
            roles: self.roles,
            names: self.names,
            broad_codes: self.broad_codes.len(),
            detailed_codes: self.detailed_codes.len(),
        }
    }
}

/// Languages of the names of a specialisation, one entry a name.
fn names(taxonomy: &Taxonomy, id: SpecialisationId) -> impl Iterator<Item = &str> {
    let main = taxonomy.manifest.languages.first().map_or("en", String::as_str);
    let specialisation = taxonomy.specialisation(id);
    let written = taxonomy.roles_of(id).filter(|(_, role)| role.title_is_written && role.title != specialisation.title);
    let titles = std::iter::once(main).chain(written.map(move |_| main));
    let of_roles = taxonomy.roles_of(id).flat_map(|(_, role)| &role.aliases);
    titles.chain(of_roles.chain(&specialisation.aliases).map(|alias| alias.lang.as_str()))
}

/// Mappings of a specialisation that count, those of its family where it has none of the scheme.
fn mappings(taxonomy: &Taxonomy, id: SpecialisationId) -> Vec<&Mapping> {
    let specialisation = taxonomy.specialisation(id);
    let own = &specialisation.mappings;
    let inherited = specialisation.family.map(|id| &taxonomy.family(id).mappings);
    let of_family = inherited.into_iter().flatten().filter(|mapping| !own.iter().any(|known| known.scheme == mapping.scheme));
    let counts = |mapping: &&Mapping| mapping.review_status == ReviewStatus::Reviewed && mapping.relation != Relation::Broad;
    own.iter().chain(of_family).filter(counts).collect()
}

/// Counts what a taxonomy covers.
pub fn coverage(taxonomy: &Taxonomy) -> Coverage {
    let mut groups: BTreeMap<&str, Gathered> = MAJOR_GROUPS.iter().map(|(prefix, _)| (*prefix, Gathered::default())).collect();
    let (mut total, mut unmapped) = (Gathered::default(), Gathered::default());
    let mut coverage = Coverage::default();
    for number in 0..taxonomy.specialisations.len() as u32 {
        let id = SpecialisationId(number);
        let found = mappings(taxonomy, id);
        let schemes: BTreeSet<&str> = found.iter().map(|mapping| mapping.scheme.as_str()).collect();
        for scheme in schemes {
            *coverage.schemes.entry(scheme.to_owned()).or_default() += 1;
        }
        for lang in names(taxonomy, id) {
            *coverage.languages.entry(lang.to_owned()).or_default() += 1;
        }
        let soc = found.iter().filter(|mapping| mapping.scheme == "soc").map(|mapping| mapping.code.as_str());
        let codes: Vec<&str> = soc.filter(|code| matches!(granularity("soc", code), "broad" | "detailed")).collect();
        coverage.thin.add(taxonomy, id);
        total.add(taxonomy, number, &codes);
        if codes.is_empty() {
            unmapped.add(taxonomy, number, &[]);
        }
        for code in &codes {
            if let Some(group) = groups.get_mut(&code[..2]) {
                group.add(taxonomy, number, &[code]);
            }
        }
    }
    coverage.total = total.numbers();
    coverage.unmapped = unmapped.numbers();
    coverage.groups = MAJOR_GROUPS
        .iter()
        .map(|(prefix, title)| GroupCoverage { code: format!("{prefix}-0000"), title: (*title).to_owned(), numbers: groups[prefix].numbers() })
        .collect();
    coverage
}

impl std::fmt::Display for Coverage {
    /// A table for people.
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let row = |formatter: &mut std::fmt::Formatter<'_>, code: &str, numbers: &Numbers, title: &str| {
            let Numbers { families, specialisations, roles, names, broad_codes, detailed_codes } = numbers;
            writeln!(formatter, "{code:<8} {families:>8} {specialisations:>15} {roles:>7} {names:>7} {broad_codes:>6} {detailed_codes:>9}  {title}")
        };
        writeln!(formatter, "SOC      families specialisations   roles   names  broad  detailed  major group")?;
        for group in &self.groups {
            row(formatter, &group.code, &group.numbers, &group.title)?;
        }
        row(formatter, "all", &self.total, "what stands in several groups counts once")?;
        row(formatter, "none", &self.unmapped, "no SOC mapping at broad or detailed depth")?;
        let list = |entries: &BTreeMap<String, usize>| entries.iter().map(|(name, count)| format!("{name} {count}")).collect::<Vec<_>>().join(", ");
        writeln!(formatter, "specialisations mapped: {}", list(&self.schemes))?;
        writeln!(formatter, "names: {}", list(&self.languages))?;
        let thin = |codes: &[String]| if codes.is_empty() { "none".to_owned() } else { format!("{}: {}", codes.len(), codes.join(" ")) };
        writeln!(formatter, "fewer than {OWN_COMPONENTS} skills and knowledge areas of their own: {}", thin(&self.thin.components))?;
        writeln!(formatter, "fewer than {MANY_NAMES} names: {}", thin(&self.thin.names))?;
        if !self.thin.languages.is_empty() {
            writeln!(formatter, "without a name in: {}", list(&self.thin.languages))?;
        }
        Ok(())
    }
}
