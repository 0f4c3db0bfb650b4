//! Holds the names of roles, each with its sort, its language and how sure the editors are of it.

use serde::{Deserialize, Serialize};

use super::{NameText, ShortText};

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
