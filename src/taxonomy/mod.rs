//! Holds a taxonomy in memory: its roles, the tree above them, its levels, its lexicon and the facts about itself.
//!
//! A **role** is what a title is mapped to. A **specialisation** is a role without its level: it carries the names and is
//! what ranking scores; a taxonomy without levels has one specialisation a role. A **family** gathers specialisations, a
//! **superfunction** families. A **group** is a node of an outer scheme's own hierarchy (SOC major group, ISCO unit group).
//!
//! Types only: reading and writing files belongs to `corpus` and `import`, looking at words to `analysis`.

mod alias;
mod code;
mod component;
mod distance;
mod level;
pub mod lexicon;
mod mapping;
mod record;
mod role;
mod texts;

pub use alias::{Alias, AliasType, ConfidenceBand, RecordConfidence};
pub use code::{CodeError, RoleCode};
pub use component::{Component, ComponentKind, Problem, Story};
pub use distance::{Band, DistanceRules};
pub use level::{Experience, GradeRange, INDIVIDUAL_FIRST, Level, LevelCode, Track, TrackInfo};
pub use mapping::{Mapping, Relation, ReviewStatus};
pub use record::RoleRecord;
pub use role::{Family, Group, Role, Specialisation, Status, Superfunction};
pub use texts::{NameText, ShortText};

use serde::{Deserialize, Serialize};
use smallvec::SmallVec;

use lexicon::Lexicon;

/// Names an index into [`Taxonomy::roles`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct RoleId(pub u32);

/// Names an index into [`Taxonomy::specialisations`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct SpecialisationId(pub u32);

/// Names an index into [`Taxonomy::families`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct FamilyId(pub u32);

/// Names an index into [`Taxonomy::groups`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct GroupId(pub u32);

/// What a taxonomy says about itself.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Manifest {
    /// Short machine name, as in `canon`.
    pub name: String,
    /// Name for people.
    #[serde(default)]
    pub title: String,
    /// Version of the content.
    #[serde(default)]
    pub version: String,
    /// One sentence about it.
    #[serde(default)]
    pub description: String,
    /// Licence of the content.
    #[serde(default)]
    pub licence: String,
    /// How codes are shaped; only `FAMILY.SPECIALISATION.LEVEL` is checked, `None` allows any code.
    #[serde(default)]
    pub code_pattern: Option<String>,
    /// Scheme that the codes themselves belong to (`onet`, `soc`, `esco`, `isco`), when they are an outer scheme's.
    #[serde(default)]
    pub scheme: Option<String>,
    /// Languages of the names, most important first.
    #[serde(default)]
    pub languages: Vec<String>,
    /// Whether a draft role lowers an accept to a review.
    #[serde(default)]
    pub draft_lowers_decision: bool,
    /// Current version of each scheme that mappings name.
    #[serde(default)]
    pub schemes: std::collections::BTreeMap<String, String>,
    /// Weights and cut points of the structural distance.
    #[serde(default)]
    pub distance: DistanceRules,
}

/// A whole taxonomy.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Taxonomy {
    /// What the taxonomy says about itself.
    pub manifest: Manifest,
    /// Tracks, in the order of the page.
    pub tracks: Vec<TrackInfo>,
    /// Levels with their facets; empty for a taxonomy without levels.
    pub levels: Vec<Level>,
    /// Top of the tree.
    pub superfunctions: Vec<Superfunction>,
    /// Groups of an outer scheme; a parent stands before its children.
    pub groups: Vec<Group>,
    /// Families in order of code.
    pub families: Vec<Family>,
    /// Specialisations in order of code.
    pub specialisations: Vec<Specialisation>,
    /// Roles in order of code; those of one specialisation stand together.
    pub roles: Vec<Role>,
    /// Words that the analyser reads titles with.
    pub lexicon: Lexicon,
}

impl Taxonomy {
    /// Whether roles differ by level, so that a title's level word chooses among them.
    pub fn has_levels(&self) -> bool {
        self.roles.iter().any(|role| role.level.is_some())
    }

    /// The role of a number handed out by this taxonomy.
    pub fn role(&self, role_id: RoleId) -> &Role {
        &self.roles[role_id.0 as usize]
    }

    /// The specialisation of a number handed out by this taxonomy.
    pub fn specialisation(&self, id: SpecialisationId) -> &Specialisation {
        &self.specialisations[id.0 as usize]
    }

    /// The family of a number handed out by this taxonomy.
    pub fn family(&self, id: FamilyId) -> &Family {
        &self.families[id.0 as usize]
    }

    /// The group of a number handed out by this taxonomy.
    pub fn group(&self, id: GroupId) -> &Group {
        &self.groups[id.0 as usize]
    }

    /// The roles of a specialisation, in order of code.
    pub fn roles_of(&self, id: SpecialisationId) -> impl Iterator<Item = (RoleId, &Role)> {
        let start = self.roles.partition_point(|role| role.specialisation < id);
        self.roles[start..]
            .iter()
            .take_while(move |role| role.specialisation == id)
            .enumerate()
            .map(move |(offset, role)| (RoleId((start + offset) as u32), role))
    }

    /// Finds a role by its code; ASCII case is ignored when no role has the exact code.
    pub fn find_role(&self, code: &str) -> Option<RoleId> {
        let position = self
            .roles
            .iter()
            .position(|role| role.code.as_str() == code)
            .or_else(|| self.roles.iter().position(|role| role.code.as_str().eq_ignore_ascii_case(code)))?;
        Some(RoleId(position as u32))
    }

    /// The chain of groups from the deepest to the top for a specialisation; empty when it has none.
    pub fn group_chain(&self, id: SpecialisationId) -> SmallVec<[GroupId; 8]> {
        let mut chain = SmallVec::new();
        let mut next = self.specialisation(id).group;
        while let Some(group_id) = next {
            if chain.contains(&group_id) {
                break;
            }
            chain.push(group_id);
            next = self.group(group_id).parent;
        }
        chain
    }

    /// Brings roles into the order that the other methods rely on: by specialisation, then code.
    ///
    /// Loaders call it once after filling the lists.
    pub fn sort_roles(&mut self) {
        self.roles.sort_by(|a, b| (a.specialisation, a.level, &a.code).cmp(&(b.specialisation, b.level, &b.code)));
    }

    /// A digest of everything that can change an answer, as 64 hexadecimal digits.
    pub fn fingerprint(&self) -> String {
        let bytes = serde_json::to_vec(self).expect("a taxonomy holds only maps with string keys");
        blake3::hash(&bytes).to_hex().to_string()
    }
}
