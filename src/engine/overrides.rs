//! Holds a user's own decisions about titles; they win over every other answer and say so.

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use crate::analysis::{Query, Word, key};
use crate::index::Index;

/// One decision: this title is that role.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Override {
    /// The title.
    pub title: String,
    /// The role's code.
    pub code: String,
    /// Who decided, and why.
    #[serde(default)]
    pub note: String,
}

/// Why overrides cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum OverrideError {
    /// The file cannot be read.
    #[error("{path}: {reason}: check the path and its permissions", path = .path.display())]
    Io {
        /// The path.
        path: std::path::PathBuf,
        /// Why.
        reason: String,
    },
    /// A row is wrong.
    #[error("{path}:{line}: {reason}: write a CSV with the columns title and code, and codes of the index", path = .path.display())]
    Row {
        /// The path.
        path: std::path::PathBuf,
        /// Line, from 1.
        line: u64,
        /// Why.
        reason: String,
    },
}

/// Decisions by the words of their titles.
#[derive(Debug, Clone, Default)]
pub struct Overrides {
    by_key: FxHashMap<u64, Override>,
}

fn whole_key(query: &Query) -> Option<u64> {
    let words: Vec<&Word> = query.words.iter().filter(|word| !word.is_noise()).collect();
    key(&words)
}

impl Overrides {
    /// Takes decisions; a later one about the same title replaces an earlier one.
    pub fn new(index: &Index, all: impl IntoIterator<Item = Override>) -> Self {
        let mut by_key = FxHashMap::default();
        for decision in all {
            if let Some(key) = whole_key(&index.analyzer.query(&decision.title, None)) {
                by_key.insert(key, decision);
            }
        }
        Self { by_key }
    }

    /// Reads a CSV with the columns `title` and `code`, and perhaps `note`.
    ///
    /// # Errors
    /// [`OverrideError`] names the file and line: a missing column, a code that the index does not have.
    pub fn load(path: &std::path::Path, index: &Index) -> Result<Self, OverrideError> {
        let io = |reason: String| OverrideError::Io { path: path.to_owned(), reason };
        let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::Headers).from_path(path).map_err(|error| io(error.to_string()))?;
        let mut all = Vec::new();
        let headers = reader.headers().map_err(|error| io(error.to_string()))?.clone();
        for record in reader.records() {
            let row = |line: u64, reason: String| OverrideError::Row { path: path.to_owned(), line, reason };
            let record = record.map_err(|error| row(error.position().map_or(0, csv::Position::line), error.to_string()))?;
            let line = record.position().map_or(0, csv::Position::line);
            let decision: Override = record.deserialize(Some(&headers)).map_err(|error| row(line, error.to_string()))?;
            if index.find_role(&decision.code).is_none() {
                return Err(row(line, format!("the index has no role {:?}", decision.code)));
            }
            all.push(decision);
        }
        Ok(Self::new(index, all))
    }

    /// The decision about a title.
    pub fn find(&self, index: &Index, query: &Query) -> Option<&Override> {
        let _ = index;
        self.by_key.get(&whole_key(query)?)
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.by_key.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.by_key.is_empty()
    }
}
