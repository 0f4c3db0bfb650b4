//! Opens the Canon taxonomy that is built into the program: one generation of an index, with nothing to download or train.
//!
//! The bytes are `index/canon.bin`, which `scripts/build-canon` makes from `corpus/`.

use std::borrow::Cow;
use std::path::Path;

use crate::corpus::{self, CorpusErrors};
use crate::engine::Engine;
use crate::index::{Index, IndexError};
use crate::taxonomy::Taxonomy;

/// Name that the Canon taxonomy bears in its manifest.
pub const NAME: &str = "canon";

static BYTES: &[u8] = include_bytes!("../index/canon.bin");

/// Why the built-in Canon cannot be used, which only a program built from an unfinished tree can meet.
#[derive(Debug, thiserror::Error)]
#[error("the Canon taxonomy built into this program cannot be opened ({0}): run `scripts/build-canon` and build the program again, or give another index with `--index`")]
pub struct CanonError(#[from] IndexError);

/// Opens the built-in index.
///
/// # Errors
/// [`CanonError`] when the program was built with an outdated or empty `index/canon.bin`.
pub fn index() -> Result<Index, CanonError> {
    Ok(Index::from_bytes(Cow::Borrowed(BYTES), "index/canon.bin")?)
}

/// An engine that answers with the built-in Canon.
///
/// # Errors
/// As [`index`].
pub fn engine() -> Result<Engine, CanonError> {
    Ok(Engine::new(index()?)?)
}

/// The built-in Canon as a taxonomy, for instance to learn from it for another one.
///
/// # Errors
/// As [`index`].
pub fn taxonomy() -> Result<Taxonomy, CanonError> {
    Ok(index()?.taxonomy)
}

/// Whether the built-in index was made from the taxonomy in a folder as it is now.
///
/// # Errors
/// The problems of the folder; an index that cannot be opened counts as outdated.
pub fn is_current(corpus_folder: &Path) -> Result<bool, CorpusErrors> {
    let fingerprint = corpus::load(corpus_folder)?.taxonomy.fingerprint();
    Ok(index().is_ok_and(|index| index.manifest.taxonomy_fingerprint == fingerprint))
}
