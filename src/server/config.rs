//! Holds what the service is told at its start: where it may listen, what it refuses, whom it lets in.

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use serde::Serialize;

use super::generation::Source;

/// How the service runs.
#[derive(Debug, Clone, Default)]
pub struct Config {
    /// Which index answers, and what of the user's own is laid over it.
    pub source: Source,
    /// What is refused.
    pub limits: Limits,
    /// File with tokens, one a line; without one nobody is asked for a token.
    pub tokens: Option<PathBuf>,
    /// Address under which clients reach the service, without a slash at the end; else each request's own headers say.
    pub public_url: Option<String>,
    /// Origins whose pages may read answers; `*` stands for any. Reconciliation is open to any origin, as its protocol asks.
    pub cors_origins: Vec<String>,
    /// File that feedback is appended to; without one feedback is refused.
    pub feedback: Option<PathBuf>,
    /// How long a client may use an answer before it asks again.
    pub max_age: Duration,
    /// How often the files are looked at for a change; zero for never.
    pub watch_interval: Duration,
}

/// What is refused, and with which status: published at `/v1/info`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Limits {
    /// Longest title in bytes; a longer one is 422, in a batch an error of its row.
    pub title_bytes: usize,
    /// Largest body in bytes outside of batches; a larger one is 413.
    pub body_bytes: usize,
    /// Largest body of a batch in bytes, after decompression by nobody: compressed bodies are refused with 415.
    pub batch_body_bytes: usize,
    /// Most rows of a batch; more are 413.
    pub batch_rows: usize,
    /// Batches answered at a time; one more is 503 with Retry-After.
    pub batches: usize,
    /// Threads that batches are answered on, all together.
    pub batch_threads: usize,
    /// Requests answered at a time; one more is 503 with Retry-After.
    pub concurrency: usize,
    /// Requests a second and client, with as many at once; more are 429 with Retry-After. 0 for no limit.
    pub requests_per_second: u32,
    /// Longest time in milliseconds until an answer begins; then 503 with Retry-After.
    pub deadline_ms: u64,
    /// The same for a batch, whose body takes longer to arrive.
    pub batch_deadline_ms: u64,
    /// Queries in one reconciliation batch; more are 413.
    pub reconcile_queries: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            // Four times the longest title that is read, in the longest letters.
            title_bytes: 4_000,
            body_bytes: 64 * 1024,
            // Some 500,000 titles of usual length.
            batch_body_bytes: 16 * 1024 * 1024,
            batch_rows: 200_000,
            batches: 8,
            batch_threads: std::thread::available_parallelism().map_or(1, std::num::NonZero::get),
            concurrency: 1_024,
            requests_per_second: 0,
            deadline_ms: 10_000,
            batch_deadline_ms: 120_000,
            reconcile_queries: 100,
        }
    }
}

/// Why the service does not start.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// Anybody could use it.
    #[error(
        "{address} can be reached from other machines: give a file of tokens with --tokens FILE, or --allow-public if something in front of the service keeps strangers out"
    )]
    PublicWithoutTokens {
        /// The address asked for.
        address: SocketAddr,
    },
    /// The tokens cannot be used.
    #[error("{path}: {reason}", path = .path.display())]
    Tokens {
        /// The file.
        path: PathBuf,
        /// What is wrong and the way out.
        reason: String,
    },
    /// The feedback file cannot be used.
    #[error("{path}: {reason}: check the path and its permissions", path = .path.display())]
    Feedback {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        reason: String,
    },
    /// The public URL is none.
    #[error("{url:?} is no public URL: write it as in https://titles.example.org/rolecall")]
    PublicUrl {
        /// What was given.
        url: String,
    },
    /// An origin is none.
    #[error("{origin:?} is no origin: write it as in https://sheets.example.org, or * for any")]
    Origin {
        /// What was given.
        origin: String,
    },
    /// A limit would refuse everything.
    #[error("the limit {name} cannot be 0: leave it out for the default of {default}")]
    Limit {
        /// Its name.
        name: &'static str,
        /// Its default.
        default: usize,
    },
}

/// Whether only this machine reaches an address.
fn is_local(address: IpAddr) -> bool {
    address.to_canonical().is_loopback()
}

/// Refuses an address that strangers reach unless tokens or an explicit word keep or let them in.
///
/// # Errors
/// [`ConfigError::PublicWithoutTokens`].
pub fn check_address(address: SocketAddr, has_tokens: bool, allow_public: bool) -> Result<(), ConfigError> {
    if is_local(address.ip()) || has_tokens || allow_public { Ok(()) } else { Err(ConfigError::PublicWithoutTokens { address }) }
}

impl Config {
    /// Checks what can be checked without touching a file.
    ///
    /// # Errors
    /// [`ConfigError`] names the first setting that cannot be.
    pub fn check(&self) -> Result<(), ConfigError> {
        let limits = &self.limits;
        let defaults = Limits::default();
        for (name, value, default) in [
            ("title_bytes", limits.title_bytes, defaults.title_bytes),
            ("body_bytes", limits.body_bytes, defaults.body_bytes),
            ("batch_body_bytes", limits.batch_body_bytes, defaults.batch_body_bytes),
            ("batch_rows", limits.batch_rows, defaults.batch_rows),
            ("batches", limits.batches, defaults.batches),
            ("batch_threads", limits.batch_threads, defaults.batch_threads),
            ("concurrency", limits.concurrency, defaults.concurrency),
            ("deadline_ms", limits.deadline_ms as usize, defaults.deadline_ms as usize),
            ("batch_deadline_ms", limits.batch_deadline_ms as usize, defaults.batch_deadline_ms as usize),
            ("reconcile_queries", limits.reconcile_queries, defaults.reconcile_queries),
        ] {
            if value == 0 {
                return Err(ConfigError::Limit { name, default });
            }
        }
        if let Some(url) = &self.public_url
            && (!is_http_url(url) || url.ends_with('/'))
        {
            return Err(ConfigError::PublicUrl { url: url.clone() });
        }
        match self.cors_origins.iter().find(|origin| *origin != "*" && (!is_http_url(origin) || origin.matches('/').count() != 2)) {
            Some(origin) => Err(ConfigError::Origin { origin: origin.clone() }),
            None => Ok(()),
        }
    }
}

fn is_http_url(text: &str) -> bool {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    rest.is_some_and(|rest| !rest.is_empty() && !rest.starts_with('/') && rest.chars().all(|letter| letter.is_ascii_graphic() && !"\"<>?#".contains(letter)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses() {
        for (address, has_tokens, allow_public, ok) in [
            ("127.0.0.1:80", false, false, true),
            ("127.9.9.9:80", false, false, true),
            ("[::1]:80", false, false, true),
            ("[::ffff:127.0.0.1]:80", false, false, true),
            ("0.0.0.0:80", false, false, false),
            ("[::]:80", false, false, false),
            ("192.168.1.4:80", false, false, false),
            ("0.0.0.0:80", true, false, true),
            ("0.0.0.0:80", false, true, true),
        ] {
            let address: SocketAddr = address.parse().expect("an address");
            assert_eq!(check_address(address, has_tokens, allow_public).is_ok(), ok, "{address} {has_tokens} {allow_public}");
        }
    }

    #[test]
    fn settings() {
        assert!(Config::default().check().is_ok());
        for url in ["https://x.org", "http://x.org:81/titles"] {
            assert!(Config { public_url: Some(url.into()), ..Config::default() }.check().is_ok(), "{url}");
        }
        for url in ["x.org", "https://", "https://x.org/", "ftp://x.org", "https://x.org/?a", "https://x y"] {
            assert!(Config { public_url: Some(url.into()), ..Config::default() }.check().is_err(), "{url}");
        }
        for (origin, ok) in [("*", true), ("https://x.org", true), ("https://x.org/a", false), ("x.org", false)] {
            assert_eq!(Config { cors_origins: vec![origin.into()], ..Config::default() }.check().is_ok(), ok, "{origin}");
        }
        let none = Limits { batch_rows: 0, ..Limits::default() };
        assert!(matches!(Config { limits: none, ..Config::default() }.check(), Err(ConfigError::Limit { name: "batch_rows", .. })));
    }
}
