//! Holds codes of other schemes, with how a role stands to each and whether a person judged it.

use serde::{Deserialize, Serialize};

use super::ShortText;

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
