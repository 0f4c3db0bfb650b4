//! Names what stops a whole batch; a single bad row stops nothing.

use std::path::PathBuf;

/// Why a batch cannot begin or go on.
#[derive(Debug, thiserror::Error)]
pub enum BatchError {
    /// A file cannot be read.
    #[error("{file} cannot be read: {reason}: check the path and its permissions")]
    Read {
        /// The file.
        file: String,
        /// What the system says.
        reason: String,
    },
    /// The output cannot be written.
    #[error("{file} cannot be written: {reason}")]
    Write {
        /// The file.
        file: String,
        /// What the system says.
        reason: String,
        /// Whether the reader of the output went away.
        broken_pipe: bool,
    },
    /// There is not a single byte.
    #[error("{file} is empty: give a file with a header and rows, or a title a line")]
    Empty {
        /// The file.
        file: String,
    },
    /// The bytes are not in the encoding that was expected.
    #[error("{file} is not UTF-8 (line {line}), it looks like {likely}: add `--encoding {label}`, or save it as UTF-8")]
    Encoding {
        /// The file.
        file: String,
        /// Line of the first bad byte, from 1.
        line: u64,
        /// What the encoding probably is.
        likely: &'static str,
        /// What to write after `--encoding`.
        label: &'static str,
    },
    /// No column is known to hold titles.
    #[error("{file}: which column holds the titles? add `--title-col` with one of: {}", columns.join(", "))]
    NoTitleColumn {
        /// The file.
        file: String,
        /// Its columns.
        columns: Vec<String>,
    },
    /// A column that was asked for is not there.
    #[error("{file} has no column {wanted:?}: it has {}", columns.join(", "))]
    NoSuchColumn {
        /// The file.
        file: String,
        /// The column asked for.
        wanted: String,
        /// Its columns.
        columns: Vec<String>,
    },
    /// The input already has a column that the answer brings.
    #[error("{file} already has the column {column:?}: remove or rename it, it would stand twice in the output")]
    ColumnTaken {
        /// The file.
        file: String,
        /// The column.
        column: String,
    },
    /// A further file has other columns than the first.
    #[error("{file} has other columns than {first}: classify it by itself")]
    OtherColumns {
        /// The file.
        file: String,
        /// The file before it.
        first: String,
    },
    /// A file is not what its ending says, or is damaged.
    #[error("{file} is no sound Parquet file: {reason}: write it anew, or give its format with `--input-format`")]
    Unsound {
        /// The file.
        file: String,
        /// What is wrong.
        reason: String,
    },
    /// A column of titles or languages holds something else than text.
    #[error("{file}: column {column:?} holds {holds} and no text: choose another with `--title-col` or `--lang-col`")]
    NoText {
        /// The file.
        file: String,
        /// The column.
        column: String,
        /// Its type.
        holds: String,
    },
    /// A row is too long to be one.
    #[error("{file}:{line}: a row of more than {limit_mib} MiB: a list has a row a line; if this is a JSON array, write an object a line")]
    RowTooLong {
        /// The file.
        file: String,
        /// Line on which it begins.
        line: u64,
        /// The limit.
        limit_mib: usize,
    },
    /// A format that this program cannot read or write here.
    #[error("{what}: {way_out}")]
    Unsupported {
        /// What was asked.
        what: String,
        /// What to do instead.
        way_out: &'static str,
    },
    /// An interrupted output cannot be continued.
    #[error("{file} cannot be continued: {reason}: run again without `--resume` to begin anew")]
    CannotResume {
        /// The partial output.
        file: PathBuf,
        /// What differs.
        reason: String,
    },
    /// The caller asked to stop.
    #[error("stopped after {rows} rows: `--resume` continues")]
    Stopped {
        /// Rows written.
        rows: u64,
    },
}

impl BatchError {
    /// An error of writing a file.
    pub(super) fn write(file: impl Into<String>, error: &std::io::Error) -> Self {
        Self::Write { file: file.into(), reason: error.to_string(), broken_pipe: error.kind() == std::io::ErrorKind::BrokenPipe }
    }

    /// An error of reading a file.
    pub(super) fn read(file: impl Into<String>, error: &std::io::Error) -> Self {
        Self::Read { file: file.into(), reason: error.to_string() }
    }
}
