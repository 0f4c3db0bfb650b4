//! Holds a prior over specialisations, learnt from a user's own unlabelled titles.

use serde::{Deserialize, Serialize};

use crate::index::Index;
use crate::rank::Prior;

/// A prior bound to an open index.
#[derive(Debug, Clone)]
pub struct NamedPrior {
    name: String,
    weights: Prior,
}

/// A prior as it is stored: probabilities by code of specialisation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PriorFile {
    /// 1.
    pub rolecall_prior: u32,
    /// Name for answers.
    pub name: String,
    /// Fingerprint of the taxonomy it was learnt for.
    pub taxonomy_fingerprint: String,
    /// Number of titles it was learnt from.
    pub titles: usize,
    /// Code → probability.
    pub probabilities: std::collections::BTreeMap<String, f64>,
}

/// Why a prior cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum PriorError {
    /// The file cannot be read.
    #[error("{path}: {reason}: check the path, or learn a prior with `rolecall adapt TITLES -o FILE`", path = .path.display())]
    Unreadable {
        /// The path.
        path: std::path::PathBuf,
        /// Why.
        reason: String,
    },
    /// It belongs to another taxonomy.
    #[error("{path} was learnt for another taxonomy: learn it again with `rolecall adapt` and this index", path = .path.display())]
    OtherTaxonomy {
        /// The path.
        path: std::path::PathBuf,
    },
}

impl NamedPrior {
    /// Binds probabilities by specialisation code to an index.
    pub fn new(index: &Index, name: &str, probabilities: &std::collections::BTreeMap<String, f64>) -> Self {
        let least = probabilities.values().copied().filter(|value| *value > 0.0).fold(f64::INFINITY, f64::min).min(1.0);
        let logs: Vec<f64> = index
            .taxonomy
            .specialisations
            .iter()
            .map(|specialisation| probabilities.get(&specialisation.code).copied().unwrap_or(least).max(1e-9).ln())
            .collect();
        let mean = logs.iter().sum::<f64>() / logs.len().max(1) as f64;
        Self { name: name.to_owned(), weights: logs.iter().map(|log| (log - mean) as f32).collect() }
    }

    /// Reads a prior file for an index.
    ///
    /// # Errors
    /// When the file cannot be read or belongs to another taxonomy.
    pub fn load(path: &std::path::Path, index: &Index) -> Result<Self, PriorError> {
        let unreadable = |reason: String| PriorError::Unreadable { path: path.to_owned(), reason };
        let text = std::fs::read_to_string(path).map_err(|error| unreadable(error.to_string()))?;
        let file: PriorFile = serde_json::from_str(&text).map_err(|error| unreadable(error.to_string()))?;
        if file.taxonomy_fingerprint != index.manifest.taxonomy_fingerprint {
            return Err(PriorError::OtherTaxonomy { path: path.to_owned() });
        }
        Ok(Self::new(index, &file.name, &file.probabilities))
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Log-probabilities minus their mean, one a specialisation.
    pub fn weights(&self) -> &Prior {
        &self.weights
    }
}
