//! Holds what cells are reconciled to: roles and families, by id and by name.

use rustc_hash::FxHashMap;

use super::Named;
use crate::analysis::fold;
use crate::server::generation::Generation;
use crate::taxonomy::{FamilyId, RoleId, SpecialisationId, Taxonomy};

/// Marks the id of a family whose code is also a role's.
const FAMILY_PREFIX: &str = "family:";

/// What an entity is: the types of the protocol.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum EntityKind {
    /// A role: a leaf of the taxonomy.
    Role,
    /// A family: for columns whose titles state no level.
    Family,
}

impl EntityKind {
    pub(super) const ALL: [EntityKind; 2] = [Self::Role, Self::Family];

    pub(super) fn id(self) -> &'static str {
        match self {
            Self::Role => "role",
            Self::Family => "family",
        }
    }

    pub(super) fn named(self) -> Named {
        let name = match self {
            Self::Role => "Role",
            Self::Family => "Family of roles",
        };
        Named::new(self.id(), name)
    }

    pub(super) fn description(self) -> &'static str {
        match self {
            Self::Role => "A job with its level, as a title names it",
            Self::Family => "Roles of one kind of work at every level",
        }
    }

    pub(super) fn of(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.id() == id)
    }

    /// The types that a taxonomy has entities of.
    pub(super) fn of_taxonomy(taxonomy: &Taxonomy) -> Vec<Self> {
        Self::ALL.into_iter().filter(|kind| *kind == Self::Role || !taxonomy.families.is_empty()).collect()
    }
}

/// A role or a family.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Entity {
    Role(RoleId),
    Family(FamilyId),
}

impl Entity {
    pub(super) fn kind(self) -> EntityKind {
        match self {
            Self::Role(_) => EntityKind::Role,
            Self::Family(_) => EntityKind::Family,
        }
    }

    pub(super) fn id(self, generation: &Generation) -> String {
        match self {
            Self::Role(role) => generation.taxonomy().role(role).code.to_string(),
            Self::Family(family) => {
                let code = &generation.taxonomy().family(family).code;
                if generation.engine.index().find_role(code).is_some() { format!("{FAMILY_PREFIX}{code}") } else { code.clone() }
            }
        }
    }

    /// The entity of an id; the case of its letters is ignored when none has it exactly.
    pub(super) fn find(generation: &Generation, id: &str) -> Option<Self> {
        if let Some(role) = generation.engine.index().find_role(id) {
            return Some(Self::Role(role));
        }
        let code = id.strip_prefix(FAMILY_PREFIX).unwrap_or(id);
        let families = &generation.taxonomy().families;
        let exact = families.iter().position(|family| family.code == code);
        let place = exact.or_else(|| families.iter().position(|family| family.code.eq_ignore_ascii_case(code)))?;
        Some(Self::Family(FamilyId(place as u32)))
    }

    pub(super) fn name(self, taxonomy: &Taxonomy) -> &str {
        match self {
            Self::Role(role) => &taxonomy.role(role).title,
            Self::Family(family) => &taxonomy.family(family).title,
        }
    }

    pub(super) fn named(self, generation: &Generation) -> Named {
        Named::new(self.id(generation), self.name(generation.taxonomy()))
    }

    /// One line for a list: where the entity stands.
    pub(super) fn description(self, taxonomy: &Taxonomy) -> String {
        let parts = match self {
            Self::Role(role) => {
                let role = taxonomy.role(role);
                let specialisation = taxonomy.specialisation(role.specialisation);
                let family = specialisation.family.map(|family| taxonomy.family(family).title.clone());
                let group = specialisation.group.filter(|_| family.is_none()).map(|group| taxonomy.group(group).title.clone());
                vec![role.level.map(|level| level.to_string()), family, group]
            }
            Self::Family(family) => {
                let roles = self.roles(taxonomy).len();
                let above = taxonomy.superfunctions.iter().find(|known| known.code == taxonomy.family(family).superfunction);
                vec![above.map(|above| above.title.clone()), Some(format!("{roles} roles"))]
            }
        };
        parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
    }

    /// A role alone, or the roles of a family.
    pub(super) fn roles(self, taxonomy: &Taxonomy) -> Vec<RoleId> {
        match self {
            Self::Role(role) => vec![role],
            Self::Family(family) => specialisations(taxonomy, family).flat_map(|id| taxonomy.roles_of(id).map(|(role, _)| role)).collect(),
        }
    }
}

/// The specialisations of a family.
pub(super) fn specialisations(taxonomy: &Taxonomy, family: FamilyId) -> impl Iterator<Item = SpecialisationId> {
    let all = taxonomy.specialisations.iter().enumerate();
    all.filter(move |(_, specialisation)| specialisation.family == Some(family)).map(|(number, _)| SpecialisationId(number as u32))
}

/// A text as names are compared: folded, with single blanks.
pub(super) fn compared(text: &str) -> String {
    fold(text).text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Entities by the names that they are shown with.
#[derive(Debug, Default)]
pub(in crate::server) struct Names(FxHashMap<String, Vec<Entity>>);

impl Names {
    pub(in crate::server) fn new(taxonomy: &Taxonomy) -> Self {
        let mut names: FxHashMap<String, Vec<Entity>> = FxHashMap::default();
        let roles = (0..taxonomy.roles.len() as u32).map(|number| Entity::Role(RoleId(number)));
        let families = (0..taxonomy.families.len() as u32).map(|number| Entity::Family(FamilyId(number)));
        for entity in roles.chain(families) {
            names.entry(compared(entity.name(taxonomy))).or_default().push(entity);
        }
        Self(names)
    }

    /// The entities whose name is a text.
    pub(super) fn of(&self, text: &str) -> &[Entity] {
        self.0.get(&compared(text)).map_or(&[], Vec::as_slice)
    }
}
