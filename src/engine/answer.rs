//! Holds the answer to a title: the same value for the library, the command line, HTTP, batch and Python.

use serde::Serialize;

use crate::analysis::{Change, Noise};
use crate::decide::{Decision, Reason};
use crate::rank::LevelMatch;
use crate::retrieve::Typo;
use crate::taxonomy::{LevelCode, Mapping, RoleCode, RoleId, SpecialisationId, Status, Track};

/// The answer to a title.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct Classification {
    /// The title as given.
    pub input: String,
    /// What to do with the answer.
    pub decision: Decision,
    /// What lowered the decision; empty for an accept.
    pub reasons: Vec<Reason>,
    /// How the title was read.
    pub parsed: Parsed,
    /// Roles, best first.
    pub candidates: Vec<RoleCandidate>,
    /// Roles among which a right one stands with the stated probability.
    pub set: Option<CandidateSet>,
    /// The deepest group that is sure, when the role itself is open.
    pub group: Option<GroupAnswer>,
    /// Answers to the parts of a title that holds several.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "server", schema(no_recursion))]
    pub parts: Vec<Classification>,
    /// What produced the answer.
    pub meta: Meta,
}

/// How a title was read.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct Parsed {
    /// The name alone, in normal form.
    pub normalized: String,
    /// The level stated.
    pub level: Option<ParsedLevel>,
    /// What is no part of the name.
    pub noise: Vec<Noise>,
    /// What was changed on the way to the normal form.
    pub changes: Vec<Change>,
    /// Slips that were undone.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub typos: Vec<ParsedTypo>,
    /// The titles that the text holds, in normal form.
    pub segments: Vec<String>,
    /// Language whose names and lexicon were preferred; absent when all were used.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lang: Option<String>,
}

/// A level as stated.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct ParsedLevel {
    /// As typed.
    pub text: String,
    /// In normal form.
    pub word: String,
    /// Track.
    pub track: Option<Track>,
    /// Lowest grade.
    pub min: Option<u8>,
    /// Highest grade.
    pub max: Option<u8>,
}

/// A slip that was undone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct ParsedTypo {
    /// As typed.
    pub from: String,
    /// As corrected.
    pub to: String,
    /// Edits between them.
    pub distance: u8,
}

impl From<&Typo> for ParsedTypo {
    fn from(typo: &Typo) -> Self {
        Self { from: typo.from.clone(), to: typo.to.clone(), distance: typo.distance }
    }
}

/// How a role was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub enum Tier {
    /// The title is the role's code.
    Code,
    /// The whole normal form is a title or alias.
    Exact,
    /// The same after recorded relaxations.
    Known,
    /// By likeness.
    Novel,
    /// An override of the user's own.
    Override,
}

/// What was forgiven between title and name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub enum Relaxation {
    /// Upper and lower case.
    Case,
    /// Another order of the words.
    Order,
    /// Plural or another inflection.
    Plural,
    /// A short form.
    Abbreviation,
    /// Words written apart or together.
    Compound,
    /// A gender form.
    GenderForm,
    /// An edit.
    Typo,
    /// Words left over.
    TokenDropped,
    /// Level words left over.
    LevelDropped,
    /// Noise left over.
    Noise,
}

/// A role in an answer.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct RoleCandidate {
    /// Its code.
    pub code: RoleCode,
    /// Its title.
    pub title: String,
    /// Code of its family.
    pub family: Option<String>,
    /// Its level.
    pub level: Option<LevelCode>,
    /// How far its record has come.
    pub status: Status,
    /// Probability that it is right, for the first; for later ones their share of what is left.
    pub confidence: f32,
    /// Ranking value, comparable within this answer.
    pub score: f32,
    /// How it was found.
    pub tier: Tier,
    /// Name that speaks for it.
    pub matched: Option<MatchedName>,
    /// Its level against the title.
    pub level_match: LevelMatch,
    /// What was forgiven.
    pub relaxations: Vec<Relaxation>,
    /// Words left over.
    pub unmatched: Unmatched,
    /// Reviewed codes in other schemes, when asked for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub mappings: Vec<Mapping>,
    /// Reasons in words, when asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub explanation: Option<Explanation>,
    /// Its probability among the levels of its specialisation, for callers in the same process.
    #[serde(skip)]
    pub level_share: f32,
    /// Its number, likewise.
    #[serde(skip)]
    pub role: RoleId,
    /// The number of its specialisation, likewise.
    #[serde(skip)]
    pub specialisation: SpecialisationId,
    /// Roles of its specialisation that are as good, itself included: the specialisation's share of certainty is so many
    /// times `confidence`.
    #[serde(skip)]
    pub equals: usize,
}

/// A name that matched.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct MatchedName {
    /// The name.
    pub text: String,
    /// `title`, `alias` or `derived`.
    pub field: String,
    /// Whether it was approved.
    pub approved: bool,
    /// Its language.
    pub lang: String,
}

/// Words left over on both sides.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct Unmatched {
    /// Of the title.
    pub query: Vec<String>,
    /// Of the name.
    pub name: Vec<String>,
}

/// Why a role was ranked where it is.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct Explanation {
    /// One sentence a reason, most important first.
    pub sentences: Vec<String>,
    /// Named features with value and share of the score.
    pub features: Vec<FeatureShare>,
    /// What of the title spoke for this role against the next, learnt part only: words or letters with their weight.
    pub learned: Vec<LearnedShare>,
}

/// A feature's part of a score.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct FeatureShare {
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: f32,
}

/// What a word or run of letters added for one role against another.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct LearnedShare {
    /// The word or letters.
    pub feature: String,
    /// Weight in logits; positive speaks for the role.
    pub weight: f32,
}

/// Codes that hold a right one with a probability.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct CandidateSet {
    /// The probability.
    pub probability: f64,
    /// The codes: of roles, or of specialisations where only the level is open.
    pub codes: Vec<String>,
}

/// A group of roles as an answer.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct GroupAnswer {
    /// `specialisation`, `family`, `superfunction` or `scheme_group`.
    pub kind: &'static str,
    /// Its code.
    pub code: String,
    /// Its title.
    pub title: String,
    /// Probability that the right role is in it.
    pub confidence: f32,
    /// What to do with the group as an answer.
    pub decision: Decision,
    /// What the title would have to say to settle the role.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub missing: Option<String>,
}

/// What produced an answer.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct Meta {
    /// Name and version of the taxonomy.
    pub taxonomy: String,
    /// Fingerprint of the index.
    pub index: String,
    /// Version of the program.
    pub version: &'static str,
    /// Precision that accepts aim at.
    pub accept_precision: f32,
    /// Confidence from which answers are accepted.
    pub threshold: f32,
    /// Name of the prior, when one is used.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub prior: Option<String>,
}
