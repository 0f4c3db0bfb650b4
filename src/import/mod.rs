//! Turns other people's files (O*NET, ESCO, a list of one's own, a role's page) into a [`Taxonomy`] with notices about what
//! was left out or put together.
//!
//! Every importer is deterministic: files are read in a fixed order and records sorted by code. A file that breaks its form
//! is refused with every bad row named; what is merely odd becomes a [`Notice`].

mod chips;
mod csv;
mod esco;
mod gender_pair;
mod onet;
mod page;
mod soc;
mod table;
#[cfg(test)]
mod tests;

pub(crate) use chips::component_heading;
pub use csv::{CsvOptions, csv, csv_text};
pub use esco::{EscoOptions, esco};
pub use onet::onet;
pub use page::{page, page_text};
pub(crate) use soc::{MAJOR_GROUPS, broad};

use std::path::Path;

use rustc_hash::FxHashSet;

use crate::taxonomy::{Alias, ShortText, Taxonomy};

/// How many bad rows a message lists before it only counts them.
const LISTED_ROWS: usize = 20;

/// An imported taxonomy with what is worth knowing about the import.
#[derive(Debug, Clone, PartialEq)]
pub struct Imported {
    /// The taxonomy, with the built-in lexicon.
    pub taxonomy: Taxonomy,
    /// What was left out or put together, in order of the files read.
    pub notices: Vec<Notice>,
}

/// Something odd that did not stop an import.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// The file.
    pub file: String,
    /// Line from 1, of the first case; 0 when it is about the whole file.
    pub line: u32,
    /// What was found and what was done about it.
    pub message: String,
}

impl std::fmt::Display for Notice {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(&self.file)?;
        if self.line > 0 {
            write!(formatter, ":{}", self.line)?;
        }
        write!(formatter, ": {}", self.message)
    }
}

/// A row that a table does not allow.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct RowProblem {
    /// The file.
    pub file: String,
    /// Line from 1 on which the row begins.
    pub line: u32,
    /// The column's name; empty when the fault is of the whole row.
    pub column: String,
    /// What was found and what is expected.
    pub message: String,
}

impl std::fmt::Display for RowProblem {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{}:{}: ", self.file, self.line)?;
        if !self.column.is_empty() {
            write!(formatter, "column {:?}: ", self.column)?;
        }
        formatter.write_str(&self.message)
    }
}

/// Why nothing was imported.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// A file or folder cannot be read.
    #[error("{file} cannot be read ({source}): check the path")]
    Read {
        /// The path.
        file: String,
        /// The reason.
        source: std::io::Error,
    },
    /// A folder lacks the file without which there is nothing to import.
    #[error("{folder} holds no {expected}: give the folder of the unpacked release")]
    NothingToImport {
        /// The folder or folders.
        folder: String,
        /// Name of the file looked for.
        expected: String,
    },
    /// A file is no UTF-8.
    #[error("{file} is not UTF-8 from byte {offset} on, it looks like {likely}: convert it to UTF-8 and import again")]
    NotUtf8 {
        /// The path.
        file: String,
        /// Offset in bytes of the first bad byte.
        offset: usize,
        /// The encoding it probably has.
        likely: &'static str,
    },
    /// A table has no header or lacks a column.
    #[error("{file}: {message}")]
    Header {
        /// The path.
        file: String,
        /// What is missing and what was found.
        message: String,
    },
    /// Rows break the table's form; all of them are listed here.
    #[error("{} to correct before the import:{}", row_count(.0.len()), listed(.0))]
    Rows(Vec<RowProblem>),
    /// The file has none of the parts that the importer looks for.
    #[error("{file}: {message}")]
    NotThisForm {
        /// The path.
        file: String,
        /// What was looked for.
        message: String,
    },
}

fn row_count(number: usize) -> String {
    if number == 1 { "1 row".to_owned() } else { format!("{number} rows") }
}

fn listed(problems: &[RowProblem]) -> String {
    let mut text: String = problems.iter().take(LISTED_ROWS).map(|problem| format!("\n  {problem}")).collect();
    if problems.len() > LISTED_ROWS {
        text.push_str(&format!("\n  and {} more", problems.len() - LISTED_ROWS));
    }
    text
}

/// Gathers aliases of one specialisation, each name once whatever its case, first come first kept.
#[derive(Debug, Default)]
pub(crate) struct AliasList {
    aliases: Vec<Alias>,
    seen: FxHashSet<(ShortText, String)>,
}

impl AliasList {
    /// A list that leaves out names equal to the title, which is in `lang`.
    pub(crate) fn without(title: &str, lang: &str) -> Self {
        let mut list = Self::default();
        list.seen.insert((lang.into(), title.to_lowercase()));
        list
    }

    /// Adds a name unless it is empty or known; whether it was added.
    pub(crate) fn push(&mut self, alias: Alias) -> bool {
        let is_new = !alias.text.is_empty() && self.seen.insert((alias.lang.clone(), alias.text.to_lowercase()));
        if is_new {
            self.aliases.push(alias);
        }
        is_new
    }

    pub(crate) fn into_vec(self) -> Vec<Alias> {
        self.aliases
    }
}

/// A path as people know it.
pub(crate) fn name_of(path: &Path) -> String {
    path.display().to_string()
}
