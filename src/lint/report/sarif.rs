//! Turns findings into a SARIF 2.1.0 log: one run with the rules that were broken and a result a finding.

use serde_json::{Value, json};

use crate::lint::{Finding, RULES, Rule, Severity};

const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "note",
    }
}

/// The log of findings.
pub(super) fn log(findings: &[&Finding]) -> Value {
    let rules: Vec<&Rule> = RULES.iter().filter(|rule| findings.iter().any(|finding| finding.rule.id == rule.id)).collect();
    let descriptors: Vec<Value> = rules
        .iter()
        .map(|rule| {
            json!({
                "id": rule.id,
                "shortDescription": { "text": rule.rationale },
                "defaultConfiguration": { "level": level(rule.severity) },
            })
        })
        .collect();
    let results: Vec<Value> = findings.iter().map(|finding| result(finding, &rules)).collect();
    json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": { "name": "rolecall lint", "version": env!("CARGO_PKG_VERSION"), "rules": descriptors } },
            "results": results,
        }],
    })
}

fn result(finding: &Finding, rules: &[&Rule]) -> Value {
    let text = if finding.code.is_empty() { finding.message.clone() } else { format!("{}: {}", finding.code, finding.message) };
    json!({
        "ruleId": finding.rule.id,
        "ruleIndex": rules.iter().position(|rule| rule.id == finding.rule.id),
        "level": level(finding.severity()),
        "message": { "text": text },
        "locations": [{
            "physicalLocation": {
                "artifactLocation": { "uri": uri(&finding.place.file) },
                "region": { "startLine": finding.place.line.max(1) },
            },
        }],
    })
}

/// A path as a URI reference: slashes forward, what may not stand in one percent-encoded.
fn uri(path: &str) -> String {
    let mut uri = String::with_capacity(path.len());
    for byte in path.replace('\\', "/").bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'.' | b'-' | b'_' | b'~') {
            uri.push(byte as char);
        } else {
            uri.push_str(&format!("%{byte:02X}"));
        }
    }
    uri
}
