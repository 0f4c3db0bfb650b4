//! Holds what the handlers share: the generation that answers, the figures, the permits, who is let in.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::SystemTime;

use arc_swap::{ArcSwap, ArcSwapOption};
use tokio::sync::Semaphore;

use super::changes::History;
use super::config::{Config, ConfigError};
use super::feedback::Feedback;
use super::generation::{Generation, LoadError};
use super::metrics::Metrics;
use super::rate::Rates;
use super::tokens::Tokens;

/// The service without its sockets; a clone is the same service.
#[derive(Debug, Clone)]
pub struct App(Arc<Inner>);

/// What an [`App`] holds.
#[derive(Debug)]
pub struct Inner {
    current: ArcSwap<Generation>,
    pub(super) config: Config,
    pub(super) history: Mutex<History>,
    pub(super) metrics: Metrics,
    pub(super) tokens: ArcSwap<Tokens>,
    pub(super) rates: Rates,
    pub(super) feedback: Option<Feedback>,
    pub(super) requests: Semaphore,
    pub(super) batches: Arc<Semaphore>,
    pub(super) batch_threads: Arc<Semaphore>,
    last_failure: ArcSwapOption<ReloadFailure>,
    reloading: Mutex<()>,
    draining: AtomicBool,
    next_request: AtomicU64,
    /// Tells the requests of this process from those of another.
    nonce: u32,
}

/// Why the newest files are not the ones that answer.
#[derive(Debug)]
pub(super) struct ReloadFailure {
    pub(super) reason: String,
    pub(super) at: SystemTime,
}

/// How a reload ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reload {
    /// A new generation answers; its number.
    Loaded(u64),
    /// The files say what they said before.
    Unchanged,
    /// The old generation goes on answering; why.
    Failed(String),
}

/// Why a service cannot be made.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// A setting cannot be.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The first generation cannot be loaded.
    #[error(transparent)]
    Load(#[from] LoadError),
}

impl std::ops::Deref for App {
    type Target = Inner;
    fn deref(&self) -> &Inner {
        &self.0
    }
}

impl App {
    /// Loads what the configuration names.
    ///
    /// # Errors
    /// [`StartError`] names the setting or file.
    pub fn open(config: Config) -> Result<Self, StartError> {
        config.check()?;
        let generation = config.source.load(1)?;
        Self::with_generation(config, generation)
    }

    /// Takes a generation that is already loaded.
    ///
    /// # Errors
    /// [`StartError::Config`] names the setting.
    pub fn with_generation(config: Config, generation: Generation) -> Result<Self, StartError> {
        config.check()?;
        let tokens = config.tokens.as_deref().map(Tokens::load).transpose()?.unwrap_or_default();
        let feedback = config.feedback.as_deref().map(Feedback::open).transpose()?;
        let metrics = Metrics::new();
        metrics.answering(&generation);
        let limits = &config.limits;
        let seed = blake3::hash(format!("{:?} {}", SystemTime::now(), std::process::id()).as_bytes());
        Ok(Self(Arc::new(Inner {
            history: Mutex::new(History::starting(&generation.fingerprint)),
            metrics,
            tokens: ArcSwap::from_pointee(tokens),
            rates: Rates::new(limits.requests_per_second),
            feedback,
            requests: Semaphore::new(limits.concurrency),
            batches: Arc::new(Semaphore::new(limits.batches)),
            batch_threads: Arc::new(Semaphore::new(limits.batch_threads)),
            current: ArcSwap::from_pointee(generation),
            last_failure: ArcSwapOption::empty(),
            reloading: Mutex::new(()),
            draining: AtomicBool::new(false),
            next_request: AtomicU64::new(1),
            nonce: u32::from_le_bytes(seed.as_bytes()[..4].try_into().expect("four bytes")),
            config,
        })))
    }
}

impl Inner {
    /// The generation that answers now.
    pub fn current(&self) -> Arc<Generation> {
        self.current.load_full()
    }

    /// Whether requests must bear a token.
    pub fn needs_tokens(&self) -> bool {
        self.tokens.load().are_needed()
    }

    /// Loads the files again. Blocks while it reads them; requests go on being answered by the old generation, and for ever
    /// if the new one cannot be loaded.
    pub fn reload(&self) -> Reload {
        let _one_at_a_time = self.reloading.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let outcome = self.load_again();
        match &outcome {
            Reload::Loaded(number) => {
                self.metrics.reload("loaded");
                tracing::info!(generation = number, fingerprint = self.current().fingerprint, "a new generation answers");
            }
            Reload::Unchanged => {
                self.metrics.reload("unchanged");
                tracing::info!("the files say what they said before");
            }
            Reload::Failed(reason) => {
                self.metrics.reload("failed");
                tracing::error!(reason, "the new files cannot be used; the old generation goes on answering");
            }
        }
        let failure = if let Reload::Failed(reason) = &outcome {
            Some(Arc::new(ReloadFailure { reason: reason.clone(), at: SystemTime::now() }))
        } else {
            None
        };
        self.last_failure.store(failure);
        outcome
    }

    fn load_again(&self) -> Reload {
        if let Some(path) = &self.config.tokens {
            match Tokens::load(path) {
                Ok(tokens) => self.tokens.store(Arc::new(tokens)),
                Err(error) => return Reload::Failed(error.to_string()),
            }
        }
        let before = self.current();
        let after = match self.config.source.load(before.number + 1) {
            Ok(after) => after,
            Err(error) => return Reload::Failed(error.to_string()),
        };
        if after.tag == before.tag {
            return Reload::Unchanged;
        }
        let number = after.number;
        if after.fingerprint != before.fingerprint {
            let mut history = self.history.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
            history.note(before.taxonomy(), after.taxonomy(), &after.fingerprint);
        }
        self.metrics.answering(&after);
        self.current.store(Arc::new(after));
        Reload::Loaded(number)
    }

    pub(super) fn last_failure(&self) -> Option<Arc<ReloadFailure>> {
        self.last_failure.load_full()
    }

    /// Says on `/readyz` that no new request should come.
    pub fn drain(&self) {
        self.draining.store(true, Ordering::Relaxed);
    }

    pub(super) fn is_draining(&self) -> bool {
        self.draining.load(Ordering::Relaxed)
    }

    /// A name for a request that has none.
    pub(super) fn request_name(&self) -> String {
        let number = self.next_request.fetch_add(1, Ordering::Relaxed);
        format!("{:08x}-{number:x}", self.nonce)
    }
}
