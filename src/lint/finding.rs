//! Holds what a rule found: severity, place, the record it is about and the message.

use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};

use super::catalogue::Rule;
use crate::corpus::Place;

/// How much a finding weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// A list that is only to be read.
    Info,
    /// To be looked at; does not stop a build.
    Warning,
    /// Would give wrong answers; stops a build.
    Error,
}

impl Severity {
    /// Every severity, lightest first.
    pub const ALL: [Severity; 3] = [Self::Info, Self::Warning, Self::Error];

    /// The severity's name in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// One finding of one rule.
#[derive(Debug, Clone)]
pub struct Finding {
    /// The rule.
    pub rule: &'static Rule,
    /// Where it is written.
    pub place: Place,
    /// Code of the role, specialisation, family or level that it is about; empty for the whole taxonomy.
    pub code: String,
    /// What was found and the way out.
    pub message: String,
}

impl PartialEq for Finding {
    fn eq(&self, other: &Self) -> bool {
        (self.rule.id, &self.place, &self.code, &self.message) == (other.rule.id, &other.place, &other.code, &other.message)
    }
}

impl Finding {
    /// The weight of its rule.
    pub fn severity(&self) -> Severity {
        self.rule.severity
    }
}

impl std::fmt::Display for Finding {
    /// `file:line: severity[rule]: code: message`.
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{}: {}[{}]: ", self.place, self.severity().name(), self.rule.id)?;
        if !self.code.is_empty() {
            write!(formatter, "{}: ", self.code)?;
        }
        formatter.write_str(&self.message)
    }
}

impl Serialize for Finding {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut fields = serializer.serialize_struct("Finding", 6)?;
        fields.serialize_field("rule", self.rule.id)?;
        fields.serialize_field("severity", self.severity().name())?;
        fields.serialize_field("file", &*self.place.file)?;
        fields.serialize_field("line", &self.place.line)?;
        fields.serialize_field("code", &self.code)?;
        fields.serialize_field("message", &self.message)?;
        fields.end()
    }
}

/// How many findings there are of each weight.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Errors.
    pub errors: usize,
    /// Warnings.
    pub warnings: usize,
    /// Notes.
    pub infos: usize,
}

impl Counts {
    /// Counts findings.
    pub fn of(findings: &[Finding]) -> Self {
        let mut counts = Self::default();
        for finding in findings {
            match finding.severity() {
                Severity::Error => counts.errors += 1,
                Severity::Warning => counts.warnings += 1,
                Severity::Info => counts.infos += 1,
            }
        }
        counts
    }
}

impl std::fmt::Display for Counts {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let number = |count: usize, word: &str| format!("{count} {word}{}", if count == 1 { "" } else { "s" });
        write!(formatter, "{}, {}, {}", number(self.errors, "error"), number(self.warnings, "warning"), number(self.infos, "note"))
    }
}

/// Takes the findings of one rule.
pub(super) struct Findings<'f> {
    rule: &'static Rule,
    all: &'f mut Vec<Finding>,
}

impl<'f> Findings<'f> {
    pub(super) fn new(rule: &'static Rule, all: &'f mut Vec<Finding>) -> Self {
        Self { rule, all }
    }

    /// Adds a finding about the record of a code.
    pub(super) fn add(&mut self, place: &Place, code: impl std::fmt::Display, message: String) {
        self.all.push(Finding { rule: self.rule, place: place.clone(), code: code.to_string(), message });
    }
}
