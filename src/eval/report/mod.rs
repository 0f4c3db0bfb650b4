//! Turns runs into a report: JSON for programs, Markdown for a terminal or a document, HTML with pictures.

mod html;
mod markdown;
mod svg;

use std::path::Path;

use serde::Serialize;

use super::{EvalError, Run};

/// Runs of one evaluation.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Report {
    /// Version of the program.
    pub version: String,
    /// The command, to repeat it.
    pub command: String,
    /// The runs, in the order asked.
    pub runs: Vec<Run>,
}

/// A change of a figure since an earlier report.
#[derive(Debug, Clone, PartialEq)]
pub struct Since {
    /// The run.
    pub run: String,
    /// The figure.
    pub figure: String,
    /// Its earlier value.
    pub before: f64,
    /// Its value now.
    pub now: f64,
}

impl Report {
    /// A report of this program.
    pub fn new(command: String, runs: Vec<Run>) -> Self {
        Self { version: env!("CARGO_PKG_VERSION").to_owned(), command, runs }
    }

    /// JSON, with the figures by name beside each run's details.
    pub fn to_json(&self) -> String {
        let mut value = serde_json::to_value(self).expect("a report is plain data");
        for (run, value) in self.runs.iter().zip(value["runs"].as_array_mut().into_iter().flatten()) {
            value["figures"] = serde_json::json!(run.figures());
        }
        serde_json::to_string_pretty(&value).expect("a report is plain data")
    }

    /// Markdown.
    pub fn to_markdown(&self) -> String {
        markdown::write(self)
    }

    /// A page that stands alone, with risk–coverage and calibration curves.
    pub fn to_html(&self) -> String {
        html::write(self)
    }

    /// Figures that differ from an earlier report in JSON, run by run; runs that only one has are passed over.
    ///
    /// # Errors
    /// When the file cannot be read or is no report.
    pub fn since(&self, path: &Path) -> Result<Vec<Since>, EvalError> {
        let text = std::fs::read_to_string(path).map_err(|error| EvalError::Io { path: path.to_owned(), reason: error.to_string() })?;
        let earlier: serde_json::Value = serde_json::from_str(&text).map_err(|error| EvalError::Form {
            path: path.to_owned(),
            line: error.line(),
            message: format!("{error}: give a report written with --report json"),
        })?;
        let mut changes = Vec::new();
        for run in &self.runs {
            let before = earlier["runs"].as_array().into_iter().flatten().find(|value| value["name"] == run.name.as_str());
            let Some(before) = before.and_then(|value| value["figures"].as_object()) else { continue };
            for (figure, now) in run.figures() {
                if let Some(before) = before.get(&figure).and_then(serde_json::Value::as_f64)
                    && before != now
                {
                    changes.push(Since { run: run.name.clone(), figure, before, now });
                }
            }
        }
        Ok(changes)
    }
}

#[cfg(test)]
mod tests;
