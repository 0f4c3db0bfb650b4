//! Turns an answer into the cells of a table.

use crate::decide::Decision;
use crate::engine::{Classification, RoleCandidate};

/// Columns that an answer adds to a row, in order; those of `--emit` follow, and [`ERROR_COLUMN`] is the last.
pub const ANSWER_COLUMNS: [&str; 10] = [
    "rolecall_decision",
    "rolecall_code",
    "rolecall_title",
    "rolecall_level",
    "rolecall_confidence",
    "rolecall_reasons",
    "rolecall_group",
    "rolecall_group_confidence",
    "rolecall_matched",
    "rolecall_alternatives",
];

/// Column of what is wrong with a bad row; empty for all others.
pub const ERROR_COLUMN: &str = "rolecall_error";

/// Separates several values in a cell.
const SEPARATOR: &str = " | ";

/// The cells of an answer, one for each of [`ANSWER_COLUMNS`] and then one for each scheme.
///
/// A rejected title has no code: its candidates stand among the alternatives, where nobody takes them for an answer.
pub fn answer_cells(answer: &Classification, emit: &[String]) -> Vec<String> {
    let rejected = answer.decision == Decision::Reject;
    let first = answer.candidates.first().filter(|_| !rejected);
    let others = if rejected { &answer.candidates[..] } else { answer.candidates.get(1..).unwrap_or_default() };
    let reasons: Vec<&str> = answer.reasons.iter().map(|reason| reason.name()).collect();
    let group = answer.group.as_ref().filter(|_| !rejected);
    let mut cells = vec![
        answer.decision.name().to_owned(),
        first.map(|first| first.code.to_string()).unwrap_or_default(),
        first.map(|first| first.title.clone()).unwrap_or_default(),
        first.and_then(|first| first.level).map(|level| level.to_string()).unwrap_or_default(),
        first.map(|first| decimals(first.confidence)).unwrap_or_default(),
        reasons.join(SEPARATOR),
        group.map(|group| group.code.clone()).unwrap_or_default(),
        group.map(|group| decimals(group.confidence)).unwrap_or_default(),
        first.and_then(|first| first.matched.as_ref()).map(|matched| matched.text.clone()).unwrap_or_default(),
        alternatives(others),
    ];
    for scheme in emit {
        let codes = first.map(|first| {
            let codes = first.mappings.iter().filter(|mapping| mapping.scheme == *scheme).map(|mapping| mapping.code.as_str());
            codes.collect::<Vec<_>>().join(SEPARATOR)
        });
        cells.push(codes.unwrap_or_default());
    }
    cells
}

/// Roles with confidence and title, as in `DEI.GEN.P4 0.12 Senior DevOps Engineer`.
pub(super) fn alternatives(candidates: &[RoleCandidate]) -> String {
    let shown: Vec<String> =
        candidates.iter().map(|role| format!("{} {} {}", role.code, decimals(role.confidence), role.title)).collect();
    shown.join(SEPARATOR)
}

/// Confidences with as many digits as they are worth.
pub(super) fn decimals(confidence: f32) -> String {
    format!("{confidence:.3}")
}
