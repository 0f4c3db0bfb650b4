//! `rolecall serve`: answers over HTTP until it is told to stop, with its log on stderr.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use rolecall::server::{self, App, Config, ConfigError, Limits, Source, StartError};
use tokio::net::TcpListener;
use tokio::sync::mpsc;

use super::args::EngineArgs;
use super::exit::{Failure, Outcome};

/// Answer over HTTP, with a web page
#[derive(Debug, Args)]
pub(crate) struct ServeArgs {
    /// Address and port to listen on; port 0 takes a free one
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8080", env = "ROLECALL_LISTEN", hide_env_values = true)]
    listen: SocketAddr,
    #[command(flatten)]
    engine: EngineArgs,
    /// Let in only requests that bear a token of this file, one a line
    #[arg(long, value_name = "FILE", env = "ROLECALL_TOKENS", hide_env_values = true, help_heading = "Access")]
    tokens: Option<PathBuf>,
    /// Listen where other machines reach the service without tokens
    #[arg(long, help_heading = "Access")]
    allow_public: bool,
    /// Let pages of this origin read answers, as in https://sheets.example.org, or * for any; may stand several times
    #[arg(long, value_name = "ORIGIN", help_heading = "Access")]
    cors_origin: Vec<String>,
    /// Address under which clients reach the service, for links in reconciliation [default: from each request's headers]
    #[arg(long, value_name = "URL", env = "ROLECALL_PUBLIC_URL", hide_env_values = true, help_heading = "Access")]
    public_url: Option<String>,
    /// Take feedback and append it to this file
    #[arg(long, value_name = "FILE", help_heading = "Service")]
    feedback: Option<PathBuf>,
    /// Seconds for which clients may keep an answer before they ask again
    #[arg(long, value_name = "SECONDS", default_value_t = 60, help_heading = "Service")]
    max_age: u64,
    /// Seconds between looks at the files for a change; 0 for reloading on SIGHUP only
    #[arg(long, value_name = "SECONDS", default_value_t = 2, help_heading = "Service")]
    watch: u64,
    /// Threads that answer [default: one a core]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024), help_heading = "Service")]
    threads: Option<u16>,
    #[command(flatten)]
    limits: LimitArgs,
}

/// What is refused.
#[derive(Debug, Args)]
#[command(next_help_heading = "Limits")]
struct LimitArgs {
    /// Longest title
    #[arg(long, value_name = "BYTES", default_value_t = Limits::default().title_bytes)]
    max_title_bytes: usize,
    /// Largest body outside of batches
    #[arg(long, value_name = "BYTES", default_value_t = Limits::default().body_bytes)]
    max_body_bytes: usize,
    /// Largest body of a batch
    #[arg(long, value_name = "BYTES", default_value_t = Limits::default().batch_body_bytes)]
    max_batch_bytes: usize,
    /// Most rows of a batch
    #[arg(long, value_name = "N", default_value_t = Limits::default().batch_rows)]
    max_batch_rows: usize,
    /// Most batches at a time
    #[arg(long, value_name = "N", default_value_t = Limits::default().batches)]
    max_batches: usize,
    /// Most threads for batches [default: one a core]
    #[arg(long, value_name = "N")]
    batch_threads: Option<usize>,
    /// Most requests at a time
    #[arg(long, value_name = "N", default_value_t = Limits::default().concurrency)]
    max_requests: usize,
    /// Most requests a second of one client; 0 for any number
    #[arg(long, value_name = "N", default_value_t = 0)]
    max_rate: u32,
    /// Longest time until an answer begins
    #[arg(long, value_name = "MS", default_value_t = Limits::default().deadline_ms)]
    deadline_ms: u64,
    /// Longest time until the answer to a batch begins
    #[arg(long, value_name = "MS", default_value_t = Limits::default().batch_deadline_ms)]
    batch_deadline_ms: u64,
    /// Most queries in one reconciliation batch
    #[arg(long, value_name = "N", default_value_t = Limits::default().reconcile_queries)]
    max_reconcile_queries: usize,
}

impl ServeArgs {
    fn config(&self) -> Config {
        let given = &self.limits;
        let limits = Limits {
            title_bytes: given.max_title_bytes,
            body_bytes: given.max_body_bytes,
            batch_body_bytes: given.max_batch_bytes,
            batch_rows: given.max_batch_rows,
            batches: given.max_batches,
            batch_threads: given.batch_threads.unwrap_or(Limits::default().batch_threads),
            concurrency: given.max_requests,
            requests_per_second: given.max_rate,
            deadline_ms: given.deadline_ms,
            batch_deadline_ms: given.batch_deadline_ms,
            reconcile_queries: given.max_reconcile_queries,
        };
        let engine = &self.engine;
        Config {
            source: Source { index: engine.index.clone(), overrides: engine.overrides.clone(), prior: engine.prior.clone() },
            limits,
            tokens: self.tokens.clone(),
            public_url: self.public_url.clone(),
            cors_origins: self.cors_origin.clone(),
            feedback: self.feedback.clone(),
            max_age: Duration::from_secs(self.max_age),
            watch_interval: Duration::from_secs(self.watch),
        }
    }
}

impl From<StartError> for Failure {
    fn from(error: StartError) -> Self {
        use server::LoadError;
        match error {
            StartError::Config(ConfigError::Tokens { .. } | ConfigError::Feedback { .. }) => Self::io(error.to_string()),
            StartError::Config(error) => Self::usage(error.to_string()),
            StartError::Load(LoadError::Index(error)) => error.into(),
            StartError::Load(LoadError::Canon(error)) => error.into(),
            StartError::Load(LoadError::Overrides(error)) => error.into(),
            StartError::Load(LoadError::Prior(error)) => error.into(),
        }
    }
}

pub(crate) fn run(args: ServeArgs) -> Result<Outcome, Failure> {
    let filter = tracing_subscriber::EnvFilter::try_from_env("ROLECALL_LOG").unwrap_or_else(|_| "info".into());
    // A second call in one process keeps the first log.
    let _ = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).with_target(false).try_init();
    server::check_address(args.listen, args.tokens.is_some(), args.allow_public).map_err(|error| Failure::usage(error.to_string()))?;
    let app = App::open(args.config())?;
    let mut runtime = tokio::runtime::Builder::new_multi_thread();
    if let Some(threads) = args.threads {
        runtime.worker_threads(usize::from(threads));
    }
    let runtime = runtime.enable_all().build().map_err(|error| Failure::io(format!("no threads to answer on: {error}")))?;
    runtime.block_on(answer(args.listen, app))
}

async fn answer(address: SocketAddr, app: App) -> Result<Outcome, Failure> {
    let listener = TcpListener::bind(address)
        .await
        .map_err(|error| Failure::io(format!("{address} cannot be listened on: {error}: give another with --listen")))?;
    let bound = listener.local_addr()?;
    let current = app.current();
    eprintln!("rolecall: {} answers on http://{bound}/", current.engine.index().manifest.taxonomy);
    let (ask, asked) = mpsc::channel(1);
    tokio::spawn(server::watch(app.clone(), asked));
    tokio::spawn(hang_ups(ask));
    server::serve(listener, app, stopped()).await.map_err(|error| Failure::io(format!("the service failed: {error}")))?;
    Ok(Outcome::Done)
}

/// Asks for a reload on each SIGHUP.
#[cfg(unix)]
async fn hang_ups(ask: mpsc::Sender<()>) {
    use tokio::signal::unix::{SignalKind, signal};
    let Ok(mut hang_up) = signal(SignalKind::hangup()) else { return ask.closed().await };
    while hang_up.recv().await.is_some() {
        // A reload that is already asked for will see the newest files.
        let _ = ask.try_send(());
    }
}

/// Keeps the watch going where there is no such signal.
#[cfg(not(unix))]
async fn hang_ups(ask: mpsc::Sender<()>) {
    ask.closed().await;
}

/// Over when the process is told to stop.
async fn stopped() {
    let interrupted = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminated) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = interrupted => {}
                _ = terminated.recv() => {}
            }
            return;
        }
    }
    let _ = interrupted.await;
}
