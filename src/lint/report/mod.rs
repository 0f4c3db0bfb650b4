//! Turns findings into text for people, JSON, SARIF 2.1.0 for code scanning, or annotations for GitHub's checks.

mod sarif;

use std::io::Write;

use serde::Serialize;

use super::{Counts, Finding, RULES, Severity};

/// A form of the report.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Format {
    /// `file:line: severity[rule]: code: message`, one finding a line.
    #[default]
    Text,
    /// One object with `counts` and `findings`.
    Json,
    /// A log of the Static Analysis Results Interchange Format 2.1.0.
    Sarif,
    /// Workflow commands that GitHub shows beside the changed lines.
    Github,
}

impl Format {
    /// Every form.
    pub const ALL: [Format; 4] = [Self::Text, Self::Json, Self::Sarif, Self::Github];

    /// The form's name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Json => "json",
            Self::Sarif => "sarif",
            Self::Github => "github",
        }
    }
}

#[derive(Serialize)]
struct JsonReport<'a> {
    counts: Counts,
    findings: Vec<&'a Finding>,
}

/// Writes findings of at least a weight; counts are of all of them.
///
/// # Errors
/// Those of the stream.
pub fn write(findings: &[Finding], least: Severity, format: Format, out: &mut impl Write) -> std::io::Result<()> {
    let shown: Vec<&Finding> = findings.iter().filter(|finding| finding.severity() >= least).collect();
    match format {
        Format::Text => shown.iter().try_for_each(|finding| writeln!(out, "{finding}")),
        Format::Json => {
            serde_json::to_writer_pretty(&mut *out, &JsonReport { counts: Counts::of(findings), findings: shown })?;
            writeln!(out)
        }
        Format::Sarif => {
            serde_json::to_writer_pretty(&mut *out, &sarif::log(&shown))?;
            writeln!(out)
        }
        Format::Github => shown.iter().try_for_each(|finding| github(finding, out)),
    }
}

/// Writes every rule with its weight and reason.
///
/// # Errors
/// Those of the stream.
pub fn write_rules(out: &mut impl Write) -> std::io::Result<()> {
    let width = RULES.iter().map(|rule| rule.id.len()).max().unwrap_or_default();
    RULES.iter().try_for_each(|rule| writeln!(out, "{:<7} {:<width$}  {}", rule.severity.name(), rule.id, rule.rationale))
}

/// One workflow command.
fn github(finding: &Finding, out: &mut impl Write) -> std::io::Result<()> {
    let command = match finding.severity() {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "notice",
    };
    let data = |text: &str| text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A");
    let property = |text: &str| data(text).replace(':', "%3A").replace(',', "%2C");
    let message = if finding.code.is_empty() { finding.message.clone() } else { format!("{}: {}", finding.code, finding.message) };
    // Lines are counted from 1; 0 means the whole file.
    let line = finding.place.line.max(1);
    writeln!(out, "::{command} file={},line={line},title={}::{}", property(&finding.place.file), finding.rule.id, data(&message))
}
