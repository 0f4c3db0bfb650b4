//! Turns what is wrong in a taxonomy's files into a list that names file, line, field and the way out.

use std::sync::Arc;

/// What sort of fault a problem is; callers treat reading faults unlike faults of content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ProblemKind {
    /// The file or folder cannot be read or written.
    Io,
    /// The text is no TOML, no JSON or no UTF-8.
    Syntax,
    /// The file was written by a newer rolecall.
    NewerFormat,
    /// The file ends before it should.
    Truncated,
    /// A key that the format does not have.
    UnknownKey,
    /// A key that must be there is not.
    MissingKey,
    /// A value of another type than the key takes.
    WrongType,
    /// A value of the right type that the format does not allow.
    BadValue,
    /// A code that stands twice.
    Duplicate,
}

/// One fault with its place.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    /// The file, as the caller named the taxonomy plus the path inside it.
    pub file: Arc<str>,
    /// Line from 1; 0 when the fault is of the whole file.
    pub line: u32,
    /// The field, as in `specialisations[2].titles.P5`; empty when the fault is of the whole file.
    pub field: String,
    /// What sort of fault it is.
    pub kind: ProblemKind,
    /// What was found and what is expected instead.
    pub message: String,
}

impl std::fmt::Display for Problem {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(&self.file)?;
        if self.line > 0 {
            write!(formatter, ":{}", self.line)?;
        }
        formatter.write_str(": ")?;
        if !self.field.is_empty() {
            write!(formatter, "{}: ", self.field)?;
        }
        formatter.write_str(&self.message)
    }
}

/// Everything that is wrong with a taxonomy, in order of file and line; never empty.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{} in the taxonomy; correct what follows and load it again{}", count(.problems.len()), lines(.problems))]
pub struct CorpusErrors {
    /// The problems.
    pub problems: Vec<Problem>,
}

impl CorpusErrors {
    /// Sorts problems by place.
    pub(super) fn new(mut problems: Vec<Problem>) -> Self {
        debug_assert!(!problems.is_empty(), "an error needs a problem");
        problems.sort();
        Self { problems }
    }

    /// A single problem of a whole file or of one line of it.
    pub(super) fn one(file: &str, line: u32, kind: ProblemKind, message: String) -> Self {
        Self::new(vec![Problem { file: file.into(), line, field: String::new(), kind, message }])
    }

    /// Whether every problem is one of reading or writing files.
    pub fn is_io(&self) -> bool {
        self.problems.iter().all(|problem| problem.kind == ProblemKind::Io)
    }
}

fn count(number: usize) -> String {
    if number == 1 { "1 problem".to_owned() } else { format!("{number} problems") }
}

fn lines(problems: &[Problem]) -> String {
    problems.iter().map(|problem| format!("\n  {problem}")).collect()
}
