//! Turns named sections into one checksummed file and back.
//!
//! ```text
//! magic 8 bytes │ format u32 │ sections u32 │ { name 24 bytes, offset u64, length u64, blake3 32 bytes }… │ section bytes…
//! ```
//! Written to a temporary sibling, synced and renamed, so that a reader sees the old file or the new one, never a half.

use std::borrow::Cow;
use std::io::Write;
use std::path::Path;

use super::IndexError;

const MAGIC: &[u8; 8] = b"ROLECALL";
/// Format of the container and of what its sections hold; raised when an older reader would misread it.
pub const FORMAT: u32 = 5;
const NAME_BYTES: usize = 24;
const ENTRY_BYTES: usize = NAME_BYTES + 8 + 8 + 32;
const HEADER_BYTES: usize = 16;

/// Sections of a file, checked.
#[derive(Debug)]
pub(super) struct Container {
    bytes: Cow<'static, [u8]>,
    sections: Vec<(String, std::ops::Range<usize>)>,
}

/// Joins sections into the bytes of a file.
pub(super) fn pack(sections: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut bytes = Vec::new();
    bytes.extend_from_slice(MAGIC);
    bytes.extend_from_slice(&FORMAT.to_le_bytes());
    bytes.extend_from_slice(&(sections.len() as u32).to_le_bytes());
    let mut offset = HEADER_BYTES + sections.len() * ENTRY_BYTES;
    for (name, content) in sections {
        let mut padded = [0_u8; NAME_BYTES];
        let shown = name.as_bytes();
        padded[..shown.len().min(NAME_BYTES)].copy_from_slice(&shown[..shown.len().min(NAME_BYTES)]);
        bytes.extend_from_slice(&padded);
        bytes.extend_from_slice(&(offset as u64).to_le_bytes());
        bytes.extend_from_slice(&(content.len() as u64).to_le_bytes());
        bytes.extend_from_slice(blake3::hash(content).as_bytes());
        offset += content.len();
    }
    for (_, content) in sections {
        bytes.extend_from_slice(content);
    }
    bytes
}

/// Writes bytes to a path by way of a temporary sibling.
///
/// # Errors
/// [`IndexError::Io`] naming the path.
pub(super) fn write_atomically(path: &Path, bytes: &[u8]) -> Result<(), IndexError> {
    let fail = |error: std::io::Error| IndexError::Io { path: path.to_owned(), reason: error.to_string() };
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder).map_err(fail)?;
    let mut sibling = tempfile::NamedTempFile::new_in(folder).map_err(fail)?;
    sibling.write_all(bytes).map_err(fail)?;
    sibling.as_file().sync_all().map_err(fail)?;
    let file = sibling.persist(path).map_err(|error| fail(error.error))?;
    readable_by_all(&file).map_err(fail)?;
    if let Ok(folder) = std::fs::File::open(folder) {
        // Best effort: some file systems cannot sync a folder, and the file itself is safe.
        let _ = folder.sync_all();
    }
    Ok(())
}

/// A temporary file is private; an index is not.
#[cfg(unix)]
fn readable_by_all(file: &std::fs::File) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    file.set_permissions(std::fs::Permissions::from_mode(0o644))
}

#[cfg(not(unix))]
fn readable_by_all(_: &std::fs::File) -> std::io::Result<()> {
    Ok(())
}

impl Container {
    /// Reads and checks bytes; `what` names them in messages.
    ///
    /// # Errors
    /// [`IndexError`] says what is wrong and the way out.
    pub(super) fn open(bytes: Cow<'static, [u8]>, what: &str) -> Result<Self, IndexError> {
        let damaged = |reason: &str| IndexError::Damaged { what: what.to_owned(), reason: reason.to_owned() };
        if bytes.len() < HEADER_BYTES || &bytes[..8] != MAGIC {
            return Err(IndexError::NoIndex { what: what.to_owned() });
        }
        let number = |at: usize| u32::from_le_bytes(bytes[at..at + 4].try_into().expect("four bytes were cut out"));
        let found = number(8);
        if found != FORMAT {
            return Err(IndexError::OtherFormat { what: what.to_owned(), found, known: FORMAT });
        }
        let count = number(12) as usize;
        if count > 4096 || bytes.len() < HEADER_BYTES + count * ENTRY_BYTES {
            return Err(damaged("its list of sections is cut off"));
        }
        let mut sections = Vec::with_capacity(count);
        for entry in bytes[HEADER_BYTES..HEADER_BYTES + count * ENTRY_BYTES].chunks_exact(ENTRY_BYTES) {
            let name = String::from_utf8_lossy(&entry[..NAME_BYTES]).trim_end_matches('\0').to_owned();
            let long = |at: usize| u64::from_le_bytes(entry[at..at + 8].try_into().expect("eight bytes were cut out"));
            let (offset, length) = (long(NAME_BYTES), long(NAME_BYTES + 8));
            let end = offset.checked_add(length).filter(|end| *end <= bytes.len() as u64);
            let Some(end) = end else { return Err(damaged(&format!("section {name:?} is cut off"))) };
            let range = offset as usize..end as usize;
            if blake3::hash(&bytes[range.clone()]).as_bytes() != &entry[NAME_BYTES + 16..] {
                return Err(damaged(&format!("section {name:?} does not match its checksum")));
            }
            sections.push((name, range));
        }
        Ok(Self { bytes, sections })
    }

    /// The content of a section.
    pub(super) fn get(&self, name: &str) -> Option<&[u8]> {
        Some(&self.bytes[self.range(name)?])
    }

    /// The content of a section, to be kept: a copy unless the file is part of the program.
    pub(super) fn get_cow(&self, name: &str) -> Option<Cow<'static, [u8]>> {
        let range = self.range(name)?;
        Some(match &self.bytes {
            Cow::Borrowed(bytes) => Cow::Borrowed(&bytes[range]),
            Cow::Owned(bytes) => Cow::Owned(bytes[range].to_vec()),
        })
    }

    fn range(&self, name: &str) -> Option<std::ops::Range<usize>> {
        let (_, range) = self.sections.iter().find(|(known, _)| known == name)?;
        Some(range.clone())
    }
}
