//! Turns a ranking into a decision: accept, review or reject, with the reasons that lowered it.
//!
//! Pure: it knows confidences, levels and what was found, and no index. The rules stand in order of strength; the weakest
//! decision wins and every reason is kept.

use serde::{Deserialize, Serialize};

use crate::rank::LevelMatch;

/// What to do with an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub enum Decision {
    /// Use it.
    Accept,
    /// Let a person look.
    Review,
    /// There is no answer.
    Reject,
}

impl Decision {
    /// Its name in answers.
    pub fn name(self) -> &'static str {
        match self {
            Self::Accept => "accept",
            Self::Review => "review",
            Self::Reject => "reject",
        }
    }
}

/// Why a decision is less than an accept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub enum Reason {
    /// There is no text.
    InputEmpty,
    /// The text is longer than a title can be.
    InputTooLong,
    /// Nothing in the taxonomy is like the title.
    NoCandidates,
    /// The title states a level and nothing else.
    LevelOnly,
    /// The title is a word that many roles share, or does not end like the name of a job.
    TooVague,
    /// The title holds several titles.
    MultipleTitles,
    /// The confidence is below the threshold.
    LowConfidence,
    /// The second candidate is nearly as likely as the first.
    LowMargin,
    /// The roles found differ by level, and the title states none.
    LevelNotStated,
    /// The role's level is another than the title states.
    LevelConflict,
    /// The role's track is another than the title states.
    TrackConflict,
    /// The match rests on an alias that nobody approved.
    UnapprovedAlias,
    /// The match rests on a title made from a level's pattern.
    DerivedNameOnly,
    /// Several roles bear the name, or its editors say that it alone is not enough.
    AmbiguousAlias,
    /// The record is a draft, and the taxonomy wants such answers looked at.
    DraftRole,
    /// The role was deprecated without a successor.
    DeprecatedRole,
}

impl Reason {
    /// Its name in answers.
    pub fn name(self) -> &'static str {
        match self {
            Self::InputEmpty => "input_empty",
            Self::InputTooLong => "input_too_long",
            Self::NoCandidates => "no_candidates",
            Self::LevelOnly => "level_only",
            Self::TooVague => "too_vague",
            Self::MultipleTitles => "multiple_titles",
            Self::LowConfidence => "low_confidence",
            Self::LowMargin => "low_margin",
            Self::LevelNotStated => "level_not_stated",
            Self::LevelConflict => "level_conflict",
            Self::TrackConflict => "track_conflict",
            Self::UnapprovedAlias => "unapproved_alias",
            Self::DerivedNameOnly => "derived_name_only",
            Self::AmbiguousAlias => "ambiguous_alias",
            Self::DraftRole => "draft_role",
            Self::DeprecatedRole => "deprecated_role",
        }
    }

    /// The best decision that a reason leaves possible.
    fn allows(self) -> Decision {
        match self {
            Self::InputEmpty | Self::InputTooLong | Self::NoCandidates | Self::LevelOnly => Decision::Reject,
            _ => Decision::Review,
        }
    }
}

/// Below this confidence in the specialisation there is no answer to review: four of five would be wrong, and a reviewer
/// searches from nothing.
pub const REJECT_BELOW: f32 = 0.20;
/// A novel title whose nearest name has less than this cosine shares next to nothing with it: a word like "no", or none.
const SLIGHT_LIKENESS: f32 = 0.35;
/// Below this confidence such a title is no title of the taxonomy: it is likelier wrong than right, and has no name to show.
const REJECT_SLIGHT_BELOW: f32 = 0.5;
/// A novel title of which less than this share of the words stands in names, and that does not end like one, names no job.
/// No hidden name is like that, so confidence, which is fitted on hidden names, does not know such titles.
pub const NAMELESS_BELOW: f32 = 0.5;
/// A second candidate within this share of the first's probability makes the margin low.
const CLOSE_SHARE: f32 = 0.5;

/// What a decision rests on.
#[derive(Debug, Clone, PartialEq)]
pub struct Findings {
    /// Confidence that the first role is right.
    pub confidence: f32,
    /// Confidence that its specialisation is right.
    pub group_confidence: f32,
    /// Confidence from which an answer is accepted.
    pub threshold: f32,
    /// Level of the first role against the title.
    pub level_match: LevelMatch,
    /// Whether the taxonomy has levels to choose among.
    pub has_levels: bool,
    /// Probability of the second candidate as a share of the first's; 0 when alone.
    pub runner_up: f32,
    /// Roles that bear the name that the title is; 1 for other titles.
    pub bearers: usize,
    /// Whether the title is too vague.
    pub vague: bool,
    /// Whether the title is a role's code.
    pub by_code: bool,
    /// Whether the name's editors hold it for one that other work bears too.
    pub doubtful: bool,
    /// Whether the name was never approved.
    pub unapproved: bool,
    /// Whether the name is only made from a pattern.
    pub derived: bool,
    /// Whether a draft lowers the decision and the role is one.
    pub draft: bool,
    /// Whether the role was deprecated without a successor.
    pub deprecated: bool,
    /// Whether the title holds several titles.
    pub multiple: bool,
    /// Cosine of a novel title with the nearest name of the first role; 0 when the title does not end like a name, 1 for
    /// other titles.
    pub likeness: f32,
    /// Whether a novel title neither ends like a name nor has its words from names.
    pub nameless: bool,
}

/// Decides about the first role.
pub fn decide(findings: &Findings) -> (Decision, Vec<Reason>) {
    let mut reasons = Vec::new();
    let mut note = |holds: bool, reason: Reason| {
        if holds {
            reasons.push(reason);
        }
    };
    note(findings.deprecated, Reason::DeprecatedRole);
    note(findings.draft, Reason::DraftRole);
    if !findings.by_code {
        note(findings.multiple, Reason::MultipleTitles);
        // A department, a tool or a field of work ("Python", "phlebotomy") points to roles, surely even, and names none.
        note(findings.vague || findings.likeness <= 0.0, Reason::TooVague);
        let is_shared = findings.bearers > 1 && findings.runner_up > CLOSE_SHARE;
        note(is_shared || findings.doubtful, Reason::AmbiguousAlias);
        note(findings.unapproved, Reason::UnapprovedAlias);
        note(findings.derived, Reason::DerivedNameOnly);
        match findings.level_match {
            LevelMatch::NotStated => note(findings.has_levels, Reason::LevelNotStated),
            LevelMatch::Conflict => note(true, Reason::LevelConflict),
            LevelMatch::TrackConflict => note(true, Reason::TrackConflict),
            LevelMatch::Match | LevelMatch::Compatible => {}
        }
        note(findings.bearers == 1 && findings.runner_up > CLOSE_SHARE, Reason::LowMargin);
        note(findings.group_confidence < findings.threshold, Reason::LowConfidence);
        note(findings.group_confidence >= findings.threshold && findings.confidence < findings.threshold && reasons_are_silent(findings), Reason::LowConfidence);
    }
    let mut decision = reasons.iter().map(|reason| reason.allows()).max().unwrap_or(Decision::Accept);
    let least = if findings.likeness < SLIGHT_LIKENESS { REJECT_SLIGHT_BELOW } else { REJECT_BELOW };
    if !findings.by_code && (findings.group_confidence < least || findings.nameless) {
        decision = Decision::Reject;
    }
    // A close second candidate is a warning only when confidence is low too: the calibrated confidence has seen it.
    if decision == Decision::Review && reasons == [Reason::LowMargin] {
        return (Decision::Accept, Vec::new());
    }
    (decision, reasons)
}

/// Whether a low confidence of the role is not already explained by its level.
fn reasons_are_silent(findings: &Findings) -> bool {
    !(findings.has_levels && findings.level_match == LevelMatch::NotStated)
}

/// Decides about the specialisation or group alone, as if the level were of no interest.
pub fn decide_group(findings: &Findings) -> Decision {
    let (decision, _) = decide(&Findings { confidence: findings.group_confidence, has_levels: false, level_match: LevelMatch::Match, ..findings.clone() });
    decision
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sure() -> Findings {
        Findings {
            confidence: 0.97,
            group_confidence: 0.97,
            threshold: 0.9,
            level_match: LevelMatch::Match,
            has_levels: true,
            runner_up: 0.0,
            bearers: 1,
            vague: false,
            by_code: false,
            doubtful: false,
            unapproved: false,
            derived: false,
            draft: false,
            deprecated: false,
            multiple: false,
            likeness: 1.0,
            nameless: false,
        }
    }

    #[test]
    fn an_accept_has_no_reasons_and_each_reason_lowers() {
        assert_eq!(decide(&sure()), (Decision::Accept, vec![]));
        let cases: [(Findings, Reason); 10] = [
            (Findings { vague: true, ..sure() }, Reason::TooVague),
            (Findings { likeness: 0.0, ..sure() }, Reason::TooVague),
            (Findings { unapproved: true, ..sure() }, Reason::UnapprovedAlias),
            (Findings { derived: true, ..sure() }, Reason::DerivedNameOnly),
            (Findings { draft: true, ..sure() }, Reason::DraftRole),
            (Findings { multiple: true, ..sure() }, Reason::MultipleTitles),
            (Findings { level_match: LevelMatch::TrackConflict, ..sure() }, Reason::TrackConflict),
            (Findings { bearers: 3, runner_up: 0.9, ..sure() }, Reason::AmbiguousAlias),
            (Findings { doubtful: true, ..sure() }, Reason::AmbiguousAlias),
            (Findings { confidence: 0.5, group_confidence: 0.5, ..sure() }, Reason::LowConfidence),
        ];
        for (findings, reason) in cases {
            let (decision, reasons) = decide(&findings);
            assert_eq!(decision, Decision::Review, "{reason:?}");
            assert!(reasons.contains(&reason), "{reason:?} in {reasons:?}");
        }
    }

    #[test]
    fn without_a_stated_level_the_group_may_still_be_accepted() {
        let findings = Findings { level_match: LevelMatch::NotStated, confidence: 0.2, ..sure() };
        assert_eq!(decide(&findings), (Decision::Review, vec![Reason::LevelNotStated]));
        assert_eq!(decide_group(&findings), Decision::Accept);
    }

    #[test]
    fn next_to_nothing_is_rejected() {
        assert_eq!(decide(&Findings { confidence: 0.01, group_confidence: 0.01, ..sure() }).0, Decision::Reject);
        let slight = Findings { confidence: 0.3, group_confidence: 0.3, likeness: 0.1, ..sure() };
        assert_eq!(decide(&slight).0, Decision::Reject);
        assert_eq!(decide(&Findings { likeness: 0.8, ..slight.clone() }).0, Decision::Review);
        assert_eq!(decide(&Findings { likeness: 0.8, confidence: 0.7, group_confidence: 0.7, nameless: true, ..slight }).0, Decision::Reject);
    }
}
