//! Compares the figures of a report with the floors below which they must not fall.

use std::collections::BTreeMap;
use std::path::Path;

use super::EvalError;
use super::report::Report;

/// Ending of a floor's name that makes it a ceiling.
const CEILING: &str = "_at_most";

/// Floors by run and figure.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Floors(BTreeMap<String, BTreeMap<String, f64>>);

/// A figure on the wrong side of its floor.
#[derive(Debug, Clone, PartialEq)]
pub struct Fall {
    /// The run.
    pub run: String,
    /// The floor's name.
    pub figure: String,
    /// The figure now; not a number when the report lacks it.
    pub found: f64,
    /// The floor or ceiling.
    pub floor: f64,
}

impl std::fmt::Display for Fall {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{}: {} is {:.4}, its floor {:.4}", self.run, self.figure, self.found, self.floor)
    }
}

impl Floors {
    /// Reads a file with a table a run: `["onet_new_titles"]`, `accuracy = 0.58`, `calibration_error_at_most = 0.04`.
    ///
    /// # Errors
    /// When the file cannot be read or holds anything but numbers in tables.
    pub fn load(path: &Path) -> Result<Self, EvalError> {
        let text = std::fs::read_to_string(path).map_err(|error| EvalError::Io { path: path.to_owned(), reason: error.to_string() })?;
        let floors = toml::from_str(&text).map_err(|error| EvalError::Form {
            path: path.to_owned(),
            line: error.span().map_or(0, |span| text[..span.start].matches('\n').count() + 1),
            message: error.message().to_owned(),
        })?;
        Ok(Self(floors))
    }

    /// Every figure of the report's runs that lies on the wrong side. Floors of other runs are passed over.
    pub fn check(&self, report: &Report) -> Vec<Fall> {
        let mut falls = Vec::new();
        for run in &report.runs {
            let figures = run.figures();
            for (name, floor) in self.0.get(&run.name).into_iter().flatten() {
                let (key, is_ceiling) = name.strip_suffix(CEILING).map_or((name.as_str(), false), |key| (key, true));
                let found = figures.get(key).copied().unwrap_or(f64::NAN);
                let holds = if is_ceiling { found <= *floor } else { found >= *floor };
                if !holds {
                    falls.push(Fall { run: run.name.clone(), figure: name.clone(), found, floor: *floor });
                }
            }
        }
        falls
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eval::{Run, Speed};

    #[test]
    fn falls_and_missing_figures_are_found() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("floors.toml");
        std::fs::write(&path, "[\"a+noise\"]\nmean_us_at_most = 50\np50_us_at_most = 10\naccuracy = 0.5\n[other]\nmrr = 1\n").expect("written");
        let floors = Floors::load(&path).expect("well-formed");
        let speed = Some(Speed { mean_us: 40.0, p50_us: 30.0, p99_us: 90.0, titles: 1 });
        let report = Report { runs: vec![Run { name: "a+noise".into(), speed, ..Run::default() }], ..Report::default() };
        let falls: Vec<String> = floors.check(&report).iter().map(|fall| fall.figure.clone()).collect();
        assert_eq!(falls, ["accuracy", "p50_us_at_most"]);
        std::fs::write(&path, "[a]\nx = 1\ny = \"z\"\n").expect("written");
        let error = Floors::load(&path).expect_err("no number").to_string();
        assert!(error.contains(":3"), "{error}");
    }
}
