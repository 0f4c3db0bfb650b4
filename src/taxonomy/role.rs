//! Holds roles and the tree above them: specialisations, families, superfunctions and the groups of outer schemes.

use serde::{Deserialize, Serialize};

use super::{Alias, Component, FamilyId, GroupId, LevelCode, Mapping, RecordConfidence, RoleCode, ShortText, SpecialisationId, Story};

/// How far a record has come.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub enum Status {
    /// Written, not read by another.
    Draft,
    /// Being read.
    Review,
    /// In force.
    #[default]
    Approved,
    /// Replaced; see `superseded_by`.
    Deprecated,
}

impl Status {
    /// Every status, least settled first.
    pub const ALL: [Status; 4] = [Self::Draft, Self::Review, Self::Approved, Self::Deprecated];

    /// The status' name in files and answers.
    pub fn name(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Review => "review",
            Self::Approved => "approved",
            Self::Deprecated => "deprecated",
        }
    }
}

/// A large area of work.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Superfunction {
    /// Its code.
    pub code: String,
    /// Its name.
    pub title: String,
}

/// A node of an outer scheme's hierarchy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Group {
    /// Its code in the scheme.
    pub code: String,
    /// Its title in the scheme.
    pub title: String,
    /// The scheme.
    pub scheme: String,
    /// Distance from the top, which has 1.
    pub depth: u8,
    /// The group above.
    #[serde(default)]
    pub parent: Option<GroupId>,
}

/// A family of specialisations: the text they share.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Family {
    /// Its code.
    pub code: String,
    /// Its title.
    pub title: String,
    /// Code of its superfunction; empty when the taxonomy has none.
    #[serde(default)]
    pub superfunction: String,
    /// One sentence.
    #[serde(default)]
    pub summary: String,
    /// Its story.
    #[serde(default)]
    pub story: Option<Story>,
    /// Known outputs; `Some(vec![])` is known to be empty.
    #[serde(default)]
    pub core_outputs: Option<Vec<String>>,
    /// What its roles share.
    #[serde(default)]
    pub components: Vec<Component>,
    /// Codes of other schemes, for specialisations without their own of that scheme.
    #[serde(default)]
    pub mappings: Vec<Mapping>,
}

/// A role without its level: the unit that carries names and that ranking scores.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Specialisation {
    /// Its code: `DEI.GEN`, or the role's own code in a taxonomy without levels.
    pub code: String,
    /// Its title, level-free.
    pub title: String,
    /// Its family, when the taxonomy has families.
    #[serde(default)]
    pub family: Option<FamilyId>,
    /// The deepest group of an outer scheme above it.
    #[serde(default)]
    pub group: Option<GroupId>,
    /// Whether `title` is a name that may settle a title by itself; false for a heading nobody uses as a name.
    #[serde(default = "yes")]
    pub title_is_name: bool,
    /// One or more sentences.
    #[serde(default)]
    pub summary: String,
    /// Its names.
    #[serde(default)]
    pub aliases: Vec<Alias>,
    /// What it adds to the family's.
    #[serde(default)]
    pub components: Vec<Component>,
    /// Its own codes in other schemes.
    #[serde(default)]
    pub mappings: Vec<Mapping>,
    /// Known outputs.
    #[serde(default)]
    pub core_outputs: Option<Vec<String>>,
    /// Codes of related specialisations, nearest first, where the source names them.
    #[serde(default)]
    pub related: Vec<ShortText>,
}

fn yes() -> bool {
    true
}

/// A role: what a title is mapped to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Role {
    /// Its public code.
    pub code: RoleCode,
    /// Its specialisation.
    pub specialisation: SpecialisationId,
    /// Its level.
    #[serde(default)]
    pub level: Option<LevelCode>,
    /// Its title.
    pub title: String,
    /// How far the record has come.
    #[serde(default)]
    pub status: Status,
    /// Where it holds.
    #[serde(default)]
    pub region: ShortText,
    /// Version of the record.
    #[serde(default)]
    pub version: u32,
    /// How sure the editors are of the record.
    #[serde(default)]
    pub record_confidence: Option<RecordConfidence>,
    /// What is said at this level only; empty to inherit.
    #[serde(default)]
    pub summary: String,
    /// Story at this level only.
    #[serde(default)]
    pub story: Option<Box<Story>>,
    /// Outputs at this level only.
    #[serde(default)]
    pub core_outputs: Option<Vec<String>>,
    /// Components at this level only.
    #[serde(default)]
    pub components: Vec<Component>,
    /// Names at this level only.
    #[serde(default)]
    pub aliases: Vec<Alias>,
    /// Codes at this level only.
    #[serde(default)]
    pub mappings: Vec<Mapping>,
    /// Code of the role that replaces a deprecated one.
    #[serde(default)]
    pub superseded_by: Option<RoleCode>,
    /// Whether the title was written by an editor, not made from the level's pattern.
    #[serde(default = "yes")]
    pub title_is_written: bool,
}

impl Role {
    /// An approved first version of a role without level, which takes everything but code and title from its
    /// specialisation, as importers make them.
    pub fn plain(code: RoleCode, specialisation: SpecialisationId, title: String, region: &str) -> Self {
        Self {
            code,
            specialisation,
            level: None,
            title,
            status: Status::Approved,
            region: region.into(),
            version: 1,
            record_confidence: None,
            summary: String::new(),
            story: None,
            core_outputs: None,
            components: Vec::new(),
            aliases: Vec::new(),
            mappings: Vec::new(),
            superseded_by: None,
            title_is_written: true,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::taxonomy::{AliasType, ComponentKind, ConfidenceBand};

    #[test]
    fn names_are_those_of_files() {
        let written = |value: serde_json::Value| value.as_str().expect("a unit variant is text").to_owned();
        for kind in ComponentKind::ALL {
            assert_eq!(written(serde_json::json!(kind)), kind.name());
        }
        for alias_type in AliasType::ALL {
            assert_eq!(written(serde_json::json!(alias_type)), alias_type.name());
        }
        for status in Status::ALL {
            assert_eq!(written(serde_json::json!(status)), status.name());
        }
        for band in ConfidenceBand::ALL {
            assert_eq!(written(serde_json::json!(band)), band.name());
        }
    }
}
