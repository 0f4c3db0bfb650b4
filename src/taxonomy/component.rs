//! Holds what is said of a role beside its names: its story, and what it does, can, knows and has to show.

use serde::{Deserialize, Serialize};

use super::ShortText;

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
