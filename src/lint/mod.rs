//! Turns a loaded taxonomy into findings: what is wrong or doubtful in it, where it is written, and the way out.
//!
//! Loading checks what the format demands; lint checks whether the content is any good. Every finding belongs to a
//! [`Rule`] with a stable id. An *error* would give wrong answers, so an index is not built from a folder that has one; a
//! *warning* asks for a look; *info* is a list that is only to be read. Findings come in order of file and line and are the
//! same for the same taxonomy.
//!
//! ```text
//! Loaded + Extras ─▶ Source (names analysed once) ─▶ RULES, one check each ─▶ findings ─ report ─▶ text, json, sarif, github
//! ```

mod catalogue;
pub mod coverage;
mod finding;
mod page;
pub mod report;
mod rules;
mod source;
mod text;

pub use catalogue::{RULES, Rule, rule};
pub use finding::{Counts, Finding, Severity};
pub use page::page;

use crate::corpus::{Loaded, Place};
use crate::taxonomy::ComponentKind;

use finding::Findings;
use source::Source;

/// What lint is told beside the taxonomy.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Extras {
    /// Decisions about titles that are laid over the taxonomy's answers, with their places.
    pub overrides: Vec<OverrideRow>,
    /// How many components of a kind a page's headings promise, with their places.
    pub stated_counts: Vec<(ComponentKind, usize, Place)>,
}

/// A row of a file of overrides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OverrideRow {
    /// The title decided about.
    pub title: String,
    /// The role's code.
    pub code: String,
    /// Where the row stands.
    pub place: Place,
}

/// Everything that the rules find, in order of place.
pub fn check(loaded: &Loaded, extras: &Extras) -> Vec<Finding> {
    run(loaded, extras, &|_| true)
}

/// What the given rules find, in order of place.
pub fn check_only(loaded: &Loaded, extras: &Extras, chosen: &[&Rule]) -> Vec<Finding> {
    run(loaded, extras, &|rule| chosen.iter().any(|known| known.id == rule.id))
}

/// The findings that forbid an index of the taxonomy.
pub fn errors(loaded: &Loaded) -> Vec<Finding> {
    run(loaded, &Extras::default(), &|rule| rule.severity == Severity::Error)
}

fn run(loaded: &Loaded, extras: &Extras, wanted: &dyn Fn(&Rule) -> bool) -> Vec<Finding> {
    let source = Source::new(loaded, extras);
    let mut findings = Vec::new();
    for rule in RULES.iter().filter(|rule| wanted(rule)) {
        (rule.check)(&source, &mut Findings::new(rule, &mut findings));
    }
    findings.sort_by(|a, b| (&a.place, a.rule.id, &a.code, &a.message).cmp(&(&b.place, b.rule.id, &b.code, &b.message)));
    findings.dedup();
    findings
}

#[cfg(test)]
mod tests;
