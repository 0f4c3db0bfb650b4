//! Watches the files behind a generation, and loads them again when they change or when it is told to.

use std::path::PathBuf;
use std::time::SystemTime;

use tokio::sync::mpsc;
use tokio::time::MissedTickBehavior;

use super::state::App;

/// What tells a changed file: time and length, nothing when it cannot be looked at.
type Stamps = Vec<Option<(SystemTime, u64)>>;

/// Reloads `app` on each message of `asked`, and when a file has changed and then kept still from one look to the next, so
/// that no half-copied file is read. Returns when the sender of `asked` is gone.
pub async fn watch(app: App, mut asked: mpsc::Receiver<()>) {
    let mut files = app.config.source.files();
    files.extend(app.config.tokens.clone());
    let mut loaded = stamps(files.clone()).await;
    let mut last = loaded.clone();
    let watches = !app.config.watch_interval.is_zero() && !files.is_empty();
    let period = if watches { app.config.watch_interval } else { std::time::Duration::from_secs(3_600) };
    let mut ticks = tokio::time::interval(period);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            message = asked.recv() => if message.is_none() { return },
            _ = ticks.tick() => {
                if !watches {
                    continue;
                }
                let now = stamps(files.clone()).await;
                let is_still = now == last;
                last.clone_from(&now);
                if now == loaded || !is_still {
                    continue;
                }
            }
        }
        // Looked at before they are read: a change while they are read is seen at the next look.
        loaded = stamps(files.clone()).await;
        let reloading = app.clone();
        if tokio::task::spawn_blocking(move || reloading.reload()).await.is_err() {
            tracing::error!("loading the new files panicked; the old generation goes on answering");
        }
    }
}

async fn stamps(files: Vec<PathBuf>) -> Stamps {
    let look = move || files.iter().map(|file| std::fs::metadata(file).and_then(|facts| Ok((facts.modified()?, facts.len()))).ok()).collect();
    tokio::task::spawn_blocking(look).await.unwrap_or_default()
}
