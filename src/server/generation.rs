//! Turns files into one generation: an engine with the name by which clients tell its answers from another generation's.
//!
//! A generation never changes. A request takes the current one at its start and answers from it to the end, whatever is
//! loaded meanwhile.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::time::SystemTime;

use axum::http::HeaderValue;

use super::reconcile::Names;
use crate::canon::{self, CanonError};
use crate::engine::{Engine, MatchOptions, NamedPrior, OverrideError, Overrides, PriorError};
use crate::index::{INDEX_FILE, IndexError};
use crate::taxonomy::{Mapping, RoleId, Taxonomy};

/// Schemes that every taxonomy may be asked about, whether or not it has codes of them.
pub(super) const SCHEMES: [&str; 4] = ["esco", "isco", "onet", "soc"];

/// Which index answers, and what of the user's own is laid over it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Source {
    /// Index folder or file; Canon when absent.
    pub index: Option<PathBuf>,
    /// Decisions that win over every other answer.
    pub overrides: Option<PathBuf>,
    /// Prior over specialisations.
    pub prior: Option<PathBuf>,
}

/// Why a generation cannot be loaded.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// The index cannot be used.
    #[error(transparent)]
    Index(#[from] IndexError),
    /// The built-in index cannot be used.
    #[error(transparent)]
    Canon(#[from] CanonError),
    /// The overrides cannot be used.
    #[error(transparent)]
    Overrides(#[from] OverrideError),
    /// The prior cannot be used.
    #[error(transparent)]
    Prior(#[from] PriorError),
}

impl Source {
    /// The files that are read, for watching them.
    pub(super) fn files(&self) -> Vec<PathBuf> {
        let index = self.index.as_deref().map(index_file);
        index.into_iter().chain(self.overrides.clone()).chain(self.prior.clone()).collect()
    }

    /// Reads the files into a generation, and does what is else done at the first request.
    ///
    /// # Errors
    /// [`LoadError`] says which file is wrong and the way out.
    pub fn load(&self, number: u64) -> Result<Generation, LoadError> {
        let mut engine = match &self.index {
            Some(path) => Engine::open(path)?,
            None => canon::engine()?,
        };
        let mut digest = blake3::Hasher::new();
        let (mut prior_name, mut override_count) = (None, 0);
        if let Some(path) = &self.prior {
            let prior = NamedPrior::load(path, engine.index())?;
            prior_name = Some(prior.name().to_owned());
            engine = engine.with_prior(prior);
            digest.update(b"prior").update(&content(path));
        }
        if let Some(path) = &self.overrides {
            let overrides = Overrides::load(path, engine.index())?;
            override_count = overrides.len();
            engine = engine.with_overrides(overrides);
            digest.update(b"overrides").update(&content(path));
        }
        Ok(Generation { overrides: override_count, prior: prior_name, ..Generation::new(engine, number, digest) })
    }
}

/// The bytes of a file that was just read; a file that went away meanwhile counts as empty and is loaded again.
fn content(path: &Path) -> Vec<u8> {
    std::fs::read(path).unwrap_or_default()
}

fn index_file(path: &Path) -> PathBuf {
    if path.is_dir() { path.join(INDEX_FILE) } else { path.to_owned() }
}

/// An engine with its name.
#[derive(Debug)]
pub struct Generation {
    /// Answers.
    pub engine: Engine,
    /// Counts from 1 in this process.
    pub number: u64,
    /// The first 16 digits of the index's fingerprint, as in `meta.index` of an answer.
    pub fingerprint: String,
    /// When it was loaded.
    pub loaded_at: SystemTime,
    /// ETag of everything that is answered from it: index, overrides, prior and program.
    pub(super) tag: HeaderValue,
    crosswalk: OnceLock<Crosswalk>,
    names: OnceLock<Names>,
    languages: Vec<String>,
    schemes: Vec<String>,
    /// Decisions laid over the index.
    pub(super) overrides: usize,
    /// Name of the prior in use.
    pub(super) prior: Option<String>,
}

/// Scheme → code there → the roles with their mappings to it, in order of the taxonomy.
pub(super) type Crosswalk = BTreeMap<String, BTreeMap<String, Vec<(RoleId, Mapping)>>>;

impl Generation {
    fn new(engine: Engine, number: u64, mut digest: blake3::Hasher) -> Self {
        let index = engine.index();
        digest.update(index.manifest.fingerprint.as_bytes()).update(env!("CARGO_PKG_VERSION").as_bytes());
        let tag = format!("W/\"{}\"", &digest.finalize().to_hex()[..16]);
        let languages = index.taxonomy.manifest.languages.clone();
        let schemes = schemes(&index.taxonomy);
        let fingerprint = index.manifest.fingerprint.chars().take(16).collect();
        warm(&engine);
        Self {
            engine,
            number,
            fingerprint,
            loaded_at: SystemTime::now(),
            tag: HeaderValue::try_from(tag).expect("hexadecimal digits are a header value"),
            crosswalk: OnceLock::new(),
            names: OnceLock::new(),
            languages,
            schemes,
            overrides: 0,
            prior: None,
        }
    }

    /// The first generation of a service over an engine that is already open.
    pub fn of(engine: Engine) -> Self {
        Self::new(engine, 1, blake3::Hasher::new())
    }

    pub(super) fn taxonomy(&self) -> &Taxonomy {
        &self.engine.index().taxonomy
    }

    /// Languages that a title may be said to be in; empty when the taxonomy does not say.
    pub(super) fn languages(&self) -> &[String] {
        &self.languages
    }

    /// Schemes that may be asked for, in order.
    pub(super) fn schemes(&self) -> &[String] {
        &self.schemes
    }

    /// Roles and families by the names that they are shown with; made when first asked for.
    pub(super) fn names(&self) -> &Names {
        self.names.get_or_init(|| Names::new(self.taxonomy()))
    }

    /// Codes of other schemes with the roles that are mapped to them; made when first asked for.
    pub(super) fn crosswalk(&self) -> &Crosswalk {
        self.crosswalk.get_or_init(|| {
            let taxonomy = self.taxonomy();
            let mut crosswalk = Crosswalk::new();
            for role_id in (0..taxonomy.roles.len() as u32).map(RoleId) {
                for mapping in taxonomy.mappings(role_id) {
                    crosswalk.entry(mapping.scheme.clone()).or_default().entry(mapping.code.clone()).or_default().push((role_id, mapping));
                }
            }
            crosswalk
        })
    }
}

/// Makes what is made when first used, so that no client waits for it.
fn warm(engine: &Engine) {
    let options = MatchOptions { explain: true, ..MatchOptions::default() };
    for title in ["software engineer", "softwear enginer of everything"] {
        let _ = engine.classify(title, &options);
        let _ = engine.suggest(title, 1);
        let _ = engine.search(title, &crate::engine::SearchFilters::default(), 1, 0);
    }
}

fn schemes(taxonomy: &Taxonomy) -> Vec<String> {
    let families = taxonomy.families.iter().flat_map(|family| &family.mappings);
    let specialisations = taxonomy.specialisations.iter().flat_map(|specialisation| &specialisation.mappings);
    let roles = taxonomy.roles.iter().flat_map(|role| &role.mappings);
    let used = families.chain(specialisations).chain(roles).map(|mapping| mapping.scheme.clone());
    let all: BTreeSet<String> = used.chain(SCHEMES.map(str::to_owned)).collect();
    all.into_iter().collect()
}
