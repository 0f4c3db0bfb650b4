//! Writes an output step by step: to a partial sibling that is renamed when it is whole, or to stdout.

use std::fs::{File, OpenOptions};
use std::io::{Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use super::error::BatchError;
use super::resume::{Identity, Resume};
use super::run::Counts;

/// Where the output goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// To stdout, row by row.
    Stdout,
    /// To a file, which appears when it is whole.
    File(PathBuf),
}

/// An output being written.
pub(super) enum Output {
    Stdout(std::io::Stdout),
    File(Box<PartialFile>),
}

/// A file that is not whole yet.
pub(super) struct PartialFile {
    path: PathBuf,
    partial: PathBuf,
    notes: PathBuf,
    file: File,
    bytes: u64,
    identity: Identity,
}

impl Output {
    /// Begins an output, or goes on with an interrupted one; returns what had been done.
    pub(super) fn open(target: &Target, resume: bool, identity: Identity, head: &[u8]) -> Result<(Self, Counts), BatchError> {
        let path = match target {
            Target::Stdout => {
                let mut output = Self::Stdout(std::io::stdout());
                output.write(head)?;
                return Ok((output, Counts::default()));
            }
            Target::File(path) => path,
        };
        let (partial, notes) = (sibling(path, ".partial"), sibling(path, ".partial.json"));
        let before = if resume { Resume::read(&notes, &partial, &identity)? } else { None };
        let failed = |error: std::io::Error| BatchError::write(partial.display().to_string(), &error);
        let mut file = match &before {
            Some(_) => OpenOptions::new().write(true).open(&partial).map_err(failed)?,
            None => File::create(&partial).map_err(failed)?,
        };
        let bytes = before.as_ref().map_or(0, |before| before.bytes);
        // Rows written after the last note would stand twice.
        file.set_len(bytes).map_err(failed)?;
        file.seek(SeekFrom::Start(bytes)).map_err(failed)?;
        let mut output = Self::File(Box::new(PartialFile { path: path.clone(), partial, notes, file, bytes, identity }));
        if before.is_none() {
            output.write(head)?;
            output.note(&Counts::default())?;
        }
        Ok((output, before.map(|before| before.counts).unwrap_or_default()))
    }

    /// Writes whole rows.
    pub(super) fn write(&mut self, rows: &[u8]) -> Result<(), BatchError> {
        match self {
            Self::Stdout(stdout) => {
                let mut stdout = stdout.lock();
                stdout.write_all(rows).and_then(|()| stdout.flush()).map_err(|error| BatchError::write("stdout", &error))
            }
            Self::File(file) => {
                file.bytes += rows.len() as u64;
                file.file.write_all(rows).map_err(|error| BatchError::write(file.partial.display().to_string(), &error))
            }
        }
    }

    /// Notes how far it has come, so that it can be continued from here.
    pub(super) fn note(&mut self, counts: &Counts) -> Result<(), BatchError> {
        let Self::File(file) = self else { return Ok(()) };
        if file.identity.inputs.is_none() {
            return Ok(());
        }
        let failed = |error: std::io::Error| BatchError::write(file.partial.display().to_string(), &error);
        // The rows must be on the disk before a note says so.
        file.file.sync_data().map_err(failed)?;
        Resume { identity: file.identity.clone(), bytes: file.bytes, counts: counts.clone() }.write(&file.notes)
    }

    /// Gives the whole file its name.
    pub(super) fn finish(self) -> Result<(), BatchError> {
        let Self::File(file) = self else { return Ok(()) };
        let failed = |error: std::io::Error| BatchError::write(file.path.display().to_string(), &error);
        file.file.sync_all().map_err(failed)?;
        std::fs::rename(&file.partial, &file.path).map_err(failed)?;
        // A note without its rows is never taken up: a new run begins by comparing lengths.
        let _ = std::fs::remove_file(&file.notes);
        Ok(())
    }
}

/// A path with something appended to its name.
fn sibling(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    PathBuf::from(name)
}
