//! Turns what went wrong into a message on stderr and an exit code.
//!
//! | code | meaning |
//! |---|---|
//! | 0 | done; also when whoever read the output went away (a broken pipe) |
//! | 1 | nothing was found, or a floor was not reached |
//! | 2 | the command line is wrong |
//! | 3 | an input is wrong: a file's content, a row |
//! | 4 | an index cannot be used |
//! | 5 | a file cannot be read or written |

use std::process::ExitCode;

use rolecall::batch::BatchError;
use rolecall::canon::CanonError;
use rolecall::corpus::CorpusErrors;
use rolecall::engine::{OverrideError, PriorError};
use rolecall::index::IndexError;

/// How a command ended that did what it was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// Something was found, or there was nothing to find.
    Done,
    /// Nothing was found, or a floor was not reached.
    Nothing,
}

/// Whose fault a failure is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    /// The command line's.
    Usage,
    /// An input's.
    Input,
    /// An index's.
    Index,
    /// The file system's.
    Io,
}

/// Why a command did not do what it was asked.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The reader of stdout went away, which is its right.
    BrokenPipe,
    /// A fault with its message.
    Fault(Fault, String),
}

impl Failure {
    pub(crate) fn usage(message: impl Into<String>) -> Self {
        Self::Fault(Fault::Usage, message.into())
    }

    pub(crate) fn input(message: impl Into<String>) -> Self {
        Self::Fault(Fault::Input, message.into())
    }

    pub(crate) fn index(message: impl Into<String>) -> Self {
        Self::Fault(Fault::Index, message.into())
    }

    pub(crate) fn io(message: impl Into<String>) -> Self {
        Self::Fault(Fault::Io, message.into())
    }
}

/// Errors of writing to stdout; those of files are reported with their path where they arise.
impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        match error.kind() {
            std::io::ErrorKind::BrokenPipe => Self::BrokenPipe,
            _ => Self::io(format!("the output cannot be written: {error}")),
        }
    }
}

impl From<IndexError> for Failure {
    fn from(error: IndexError) -> Self {
        match error {
            IndexError::Io { .. } => Self::io(error.to_string()),
            _ => Self::index(error.to_string()),
        }
    }
}

impl From<CanonError> for Failure {
    fn from(error: CanonError) -> Self {
        Self::index(error.to_string())
    }
}

impl From<CorpusErrors> for Failure {
    fn from(errors: CorpusErrors) -> Self {
        if errors.is_io() { Self::io(errors.to_string()) } else { Self::input(errors.to_string()) }
    }
}

impl From<OverrideError> for Failure {
    fn from(error: OverrideError) -> Self {
        match error {
            OverrideError::Io { .. } => Self::io(error.to_string()),
            OverrideError::Row { .. } => Self::input(error.to_string()),
        }
    }
}

impl From<PriorError> for Failure {
    fn from(error: PriorError) -> Self {
        Self::input(error.to_string())
    }
}

impl From<BatchError> for Failure {
    fn from(error: BatchError) -> Self {
        match error {
            BatchError::Write { broken_pipe: true, .. } => Self::BrokenPipe,
            BatchError::Read { .. } | BatchError::Write { .. } => Self::io(error.to_string()),
            BatchError::NoTitleColumn { .. }
            | BatchError::NoSuchColumn { .. }
            | BatchError::NoText { .. }
            | BatchError::Unsupported { .. } => {
                Self::usage(error.to_string())
            }
            _ => Self::input(error.to_string()),
        }
    }
}

/// Prints help, version or what is wrong with the arguments.
pub(crate) fn usage(error: &clap::Error) -> ExitCode {
    // Nobody is left to tell when the terminal is gone.
    let _ = error.print();
    if error.use_stderr() { ExitCode::from(2) } else { ExitCode::SUCCESS }
}

/// The exit code of a command, after its message was printed.
pub(crate) fn code(result: Result<Outcome, Failure>) -> ExitCode {
    match result {
        Ok(Outcome::Done) | Err(Failure::BrokenPipe) => ExitCode::SUCCESS,
        Ok(Outcome::Nothing) => ExitCode::from(1),
        Err(Failure::Fault(fault, message)) => {
            eprintln!("rolecall: {message}");
            ExitCode::from(match fault {
                Fault::Usage => 2,
                Fault::Input => 3,
                Fault::Index => 4,
                Fault::Io => 5,
            })
        }
    }
}
