//! Turns an engine into an HTTP service: matching, finding, records, batches, reconciliation, and the page.
//!
//! `front` stands before every handler; `router` says which path goes where; every other file holds the handlers of a few
//! paths with their requests and answers. Handlers read parameters, ask the engine of the request's generation, and write
//! what it says: they decide nothing. A **generation** is one loaded index with what is laid over it; a request keeps its
//! own from start to end. Sockets and signals are passed in: see [`serve`].

mod batch;
mod body;
mod changes;
mod config;
mod crosswalk;
mod docs;
mod families;
mod feedback;
mod finding;
mod front;
mod generation;
mod info;
mod matching;
mod metrics;
mod page;
mod params;
mod problem;
mod rate;
mod reconcile;
mod records;
mod reload;
mod router;
mod schemas;
mod state;
#[cfg(test)]
mod tests;
mod tokens;

pub use config::{Config, ConfigError, Limits, check_address};
pub use feedback::{OverrideCandidates, override_candidates};
pub use generation::{Generation, LoadError, Source};
pub use reload::watch;
pub use router::router;
pub use state::{App, Reload, StartError};

use std::future::Future;
use std::net::SocketAddr;
use std::time::Duration;

use axum::serve::ListenerExt;
use tokio::net::TcpListener;

/// How long answers that have begun may take once the service shuts down.
const DRAIN: Duration = Duration::from_secs(30);

/// Answers on a listener until `shutdown` is over; then answers what has begun, and returns.
///
/// # Errors
/// When the listener fails.
pub async fn serve(listener: TcpListener, app: App, shutdown: impl Future<Output = ()> + Send + 'static) -> std::io::Result<()> {
    let (told, mut is_told) = tokio::sync::watch::channel(false);
    let draining = app.clone();
    let stop = async move {
        shutdown.await;
        draining.drain();
        // The receiver lives as long as this function.
        let _ = told.send(true);
    };
    let listener = listener.tap_io(|stream| {
        // Without it a small answer may wait for the client's acknowledgement.
        let _ = stream.set_nodelay(true);
    });
    let service = router(app).into_make_service_with_connect_info::<SocketAddr>();
    let serving = axum::serve(listener, service).with_graceful_shutdown(stop);
    let too_long = async move {
        if is_told.wait_for(|told| *told).await.is_ok() {
            tokio::time::sleep(DRAIN).await;
        } else {
            std::future::pending::<()>().await;
        }
    };
    tokio::select! {
        served = async { serving.await } => served,
        () = too_long => {
            tracing::warn!("answers were still being written after {} s; they are cut off", DRAIN.as_secs());
            Ok(())
        }
    }
}
