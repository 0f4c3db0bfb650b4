//! Holds the note beside a partial output from which an interrupted batch goes on: what was read, how, and how far.

use std::io::Read;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::error::BatchError;
use super::input::{STDIN, name_of};
use super::run::Counts;

/// The form of the note.
const FORMAT: u32 = 1;

/// What must be the same for an output to be continued.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Identity {
    /// Length and digest of every input; `None` when one is stdin, which cannot be read again.
    pub(super) inputs: Option<Vec<String>>,
    /// Digest of everything else that the output follows from.
    pub(super) settings: String,
}

impl Identity {
    /// Reads the inputs for their digests.
    pub(super) fn of(files: &[PathBuf], settings: &str) -> Result<Self, BatchError> {
        let settings = blake3::hash(settings.as_bytes()).to_hex().to_string();
        if files.iter().any(|file| file == Path::new(STDIN)) {
            return Ok(Self { inputs: None, settings });
        }
        let inputs = files.iter().map(|file| digest(file)).collect::<Result<Vec<_>, _>>()?;
        Ok(Self { inputs: Some(inputs), settings })
    }
}

fn digest(path: &Path) -> Result<String, BatchError> {
    let failed = |error: std::io::Error| BatchError::read(name_of(path), &error);
    let mut file = std::fs::File::open(path).map_err(failed)?;
    if !file.metadata().map_err(failed)?.is_file() {
        // A pipe can be read once only.
        return Ok(String::from("not a file"));
    }
    let mut hasher = blake3::Hasher::new();
    let mut block = vec![0; 1 << 17];
    let mut length = 0_u64;
    loop {
        let read = file.read(&mut block).map_err(failed)?;
        if read == 0 {
            return Ok(format!("{length} bytes {}", hasher.finalize().to_hex()));
        }
        length += read as u64;
        hasher.update(&block[..read]);
    }
}

/// How far a partial output has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Resume {
    pub(super) identity: Identity,
    pub(super) bytes: u64,
    pub(super) counts: Counts,
}

#[derive(Serialize, Deserialize)]
struct Note {
    rolecall_resume: u32,
    #[serde(flatten)]
    identity: Identity,
    bytes: u64,
    counts: Counts,
}

impl Resume {
    /// Reads the note of a partial output; `None` when there is nothing to continue.
    pub(super) fn read(notes: &Path, partial: &Path, identity: &Identity) -> Result<Option<Self>, BatchError> {
        let Ok(length) = std::fs::metadata(partial).map(|facts| facts.len()) else { return Ok(None) };
        let refuse = |reason: &str| Err(BatchError::CannotResume { file: partial.to_owned(), reason: reason.to_owned() });
        let Ok(text) = std::fs::read(notes) else { return refuse("the note beside it is missing") };
        let Ok(note) = serde_json::from_slice::<Note>(&text) else { return refuse("the note beside it cannot be read") };
        if note.rolecall_resume != FORMAT {
            return refuse("it was written by another version of the program");
        }
        if note.identity.inputs != identity.inputs {
            return refuse("the input has changed since");
        }
        if note.identity.settings != identity.settings {
            return refuse("it was made with another index, program or options");
        }
        if length < note.bytes {
            return refuse("it is shorter than the note beside it says");
        }
        Ok(Some(Self { identity: note.identity, bytes: note.bytes, counts: note.counts }))
    }

    /// Writes the note in one step.
    pub(super) fn write(self, notes: &Path) -> Result<(), BatchError> {
        let note = Note { rolecall_resume: FORMAT, identity: self.identity, bytes: self.bytes, counts: self.counts };
        let text = serde_json::to_vec_pretty(&note).expect("a note is plain data");
        write_atomically(notes, &text)
    }
}

/// Writes a small file by way of a temporary sibling.
pub(super) fn write_atomically(path: &Path, bytes: &[u8]) -> Result<(), BatchError> {
    let failed = |error: std::io::Error| BatchError::write(path.display().to_string(), &error);
    let mut name = path.as_os_str().to_owned();
    name.push(".tmp");
    let temporary = PathBuf::from(name);
    std::fs::write(&temporary, bytes).map_err(failed)?;
    std::fs::rename(&temporary, path).map_err(failed)
}
