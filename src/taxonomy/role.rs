//! Holds the records of a taxonomy: roles, specialisations, families, groups and what hangs on them.

use serde::{Deserialize, Serialize};

use super::{FamilyId, GroupId, LevelCode, NameText, RoleCode, ShortText, SpecialisationId};

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

/// A coarse confidence for people.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub enum ConfidenceBand {
    /// Below 0.50.
    Low,
    /// From 0.50.
    Medium,
    /// From 0.80.
    High,
}

impl ConfidenceBand {
    /// Every band, lowest first.
    pub const ALL: [ConfidenceBand; 3] = [Self::Low, Self::Medium, Self::High];

    /// The band's name in files and answers.
    pub fn name(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
        }
    }

    /// The band that a score belongs to.
    pub fn of(score: f32) -> Self {
        if score >= 0.80 {
            Self::High
        } else if score >= 0.50 {
            Self::Medium
        } else {
            Self::Low
        }
    }
}

/// How sure an editor is of a record or an alias; never the confidence of a match.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct RecordConfidence {
    /// Coarse.
    pub band: ConfidenceBand,
    /// From 0 to 1.
    pub score: f32,
}

impl RecordConfidence {
    /// A score with the band it belongs to.
    pub fn new(score: f32) -> Self {
        Self { band: ConfidenceBand::of(score), score }
    }
}

/// The problem that a role solves.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct Problem {
    /// Out in the world.
    pub external: String,
    /// As it feels.
    pub internal: String,
    /// Why it matters.
    pub why: String,
}

/// The story of a role or family.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct Story {
    /// Who does this work.
    pub who: String,
    /// The problem it solves.
    pub problem: Problem,
    /// Steps.
    pub plan: Vec<String>,
    /// What is at stake.
    pub stakes: String,
    /// What success looks like.
    pub success: String,
}

/// Kind of a component.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub enum ComponentKind {
    /// What the role answers for.
    Responsibility,
    /// What it does.
    Task,
    /// What it can do.
    Skill,
    /// What it knows.
    Knowledge,
    /// How it acts.
    Competency,
    /// What it has to show.
    Qualification,
}

impl ComponentKind {
    /// Every kind, in the order of a role's page.
    pub const ALL: [ComponentKind; 6] =
        [Self::Responsibility, Self::Task, Self::Skill, Self::Knowledge, Self::Competency, Self::Qualification];

    /// The kind's name in files and answers.
    pub fn name(self) -> &'static str {
        match self {
            Self::Responsibility => "responsibility",
            Self::Task => "task",
            Self::Skill => "skill",
            Self::Knowledge => "knowledge",
            Self::Competency => "competency",
            Self::Qualification => "qualification",
        }
    }
}

/// One responsibility, task, skill, knowledge area, competency or qualification.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct Component {
    /// Its kind.
    pub kind: ComponentKind,
    /// Its words.
    pub text: String,
    /// How usual it is in the role, as in `common`.
    #[serde(default)]
    #[cfg_attr(feature = "server", schema(value_type = String))]
    pub commonality: ShortText,
    /// Where it was stated: `level`, `specialisation`, `family`, or a source.
    #[serde(default)]
    #[cfg_attr(feature = "server", schema(value_type = String))]
    pub basis: ShortText,
}

/// What sort of name an alias is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub enum AliasType {
    /// A name in general use.
    #[default]
    Common,
    /// A name of one industry, workplace or employer.
    Variant,
    /// An acronym or clipped form.
    Abbreviation,
    /// An older name.
    Former,
    /// A name of one level.
    Level,
    /// A preferred label in another language or edition.
    Preferred,
    /// A name kept for searching only.
    Hidden,
    /// A title reported by people who hold the job.
    Reported,
}

impl AliasType {
    /// Every type.
    pub const ALL: [AliasType; 8] = [
        Self::Common,
        Self::Variant,
        Self::Abbreviation,
        Self::Former,
        Self::Level,
        Self::Preferred,
        Self::Hidden,
        Self::Reported,
    ];

    /// The type's name in files and answers.
    pub fn name(self) -> &'static str {
        match self {
            Self::Common => "common",
            Self::Variant => "variant",
            Self::Abbreviation => "abbreviation",
            Self::Former => "former",
            Self::Level => "level",
            Self::Preferred => "preferred",
            Self::Hidden => "hidden",
            Self::Reported => "reported",
        }
    }
}

/// Another name of a role.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct Alias {
    /// The name.
    #[cfg_attr(feature = "server", schema(value_type = String))]
    pub text: NameText,
    /// Its sort.
    #[serde(rename = "type", default)]
    pub alias_type: AliasType,
    /// How sure the editors are of it.
    pub confidence: RecordConfidence,
    /// Whether an editor approved it.
    pub approved: bool,
    /// ISO 639-1 language.
    #[cfg_attr(feature = "server", schema(value_type = String))]
    pub lang: ShortText,
    /// Where it comes from.
    #[serde(default)]
    #[cfg_attr(feature = "server", schema(value_type = String))]
    pub provenance: ShortText,
    /// Why the same name may stand with another family.
    #[serde(default)]
    #[cfg_attr(feature = "server", schema(value_type = Option<String>))]
    pub ambiguous: Option<ShortText>,
}

impl Alias {
    /// An approved alias of full confidence, as importers make them.
    pub fn approved(text: impl Into<NameText>, alias_type: AliasType, lang: &str, provenance: &str) -> Self {
        Self {
            text: text.into(),
            alias_type,
            confidence: RecordConfidence::new(0.90),
            approved: true,
            lang: lang.into(),
            provenance: provenance.into(),
            ambiguous: None,
        }
    }
}

/// How a role stands to a code of another scheme, read from the role.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub enum Relation {
    /// The same.
    Exact,
    /// Nearly the same.
    Close,
    /// The role is narrower than the code.
    Narrow,
    /// The role is broader than the code.
    Broad,
}

/// Whether a person judged a mapping.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub enum ReviewStatus {
    /// Judged.
    Reviewed,
    /// Not judged yet: never given out as a code.
    #[default]
    NeedsReview,
}

/// A code of another scheme for a role.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct Mapping {
    /// `soc`, `onet`, `isco` or `esco`.
    pub scheme: String,
    /// Version of the scheme.
    #[serde(default)]
    #[cfg_attr(feature = "server", schema(value_type = String))]
    pub scheme_version: ShortText,
    /// The code there.
    pub code: String,
    /// Its official title there; never a name of the role.
    #[serde(default)]
    pub title: String,
    /// How the role stands to it.
    pub relation: Relation,
    /// Depth of the code in its scheme: `major`, `minor`, `broad`, `detailed`, `unit`, `occupation`…
    #[serde(default)]
    #[cfg_attr(feature = "server", schema(value_type = String))]
    pub granularity: ShortText,
    /// Who said so.
    #[serde(default)]
    #[cfg_attr(feature = "server", schema(value_type = String))]
    pub source: ShortText,
    /// Whether it was judged.
    #[serde(default)]
    pub review_status: ReviewStatus,
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
