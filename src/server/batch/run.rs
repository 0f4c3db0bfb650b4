//! Answers the rows of a batch in chunks on blocking threads, and hands them on in order, no faster than they are taken.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use axum::body::Bytes;
use futures_util::StreamExt;
use rustc_hash::FxHashMap;
use tokio::sync::mpsc;
use tokio::task::spawn_blocking;

use super::rows::{Asked, Row};
use super::write::Writer;
use crate::decide::Decision;
use crate::engine::MatchOptions;
use crate::server::generation::Generation;
use crate::server::problem::{Kind, Problem};
use crate::server::state::App;

/// Rows in a chunk: enough to make handing over cheap, few enough that the first answers come soon. A small batch is answered
/// on one thread: four clients get a quarter more batches of 100 than in pieces of 16 and more, and one alone waits a tenth
/// longer for his.
const MAX_CHUNK: usize = 256;
const MIN_CHUNK: usize = 128;
/// Chunks that wait for a slow client before answering pauses.
const WAITING: usize = 4;
/// A client that takes nothing for so long is given up, so that it does not keep others from having a batch.
const STALL: Duration = Duration::from_secs(60);

/// A batch that is being answered.
pub(super) struct Run {
    pub(super) app: App,
    pub(super) generation: Arc<Generation>,
    pub(super) options: MatchOptions,
    pub(super) writer: Writer,
    pub(super) rows: Vec<Row>,
    pub(super) request_id: String,
}

/// What several rows share.
struct Shared {
    run: Run,
    /// Place of the answer that a row shares with others; nothing when its title stands once.
    shares: Vec<Option<usize>>,
    /// Written answers of titles that stand several times.
    answers: Vec<OnceLock<(Vec<u8>, Option<Decision>)>>,
}

impl Run {
    /// Answers everything into a channel; ends early when the receiver is gone or takes nothing. An error in the channel
    /// means that the rest is missing.
    pub(super) async fn send(self, sender: mpsc::Sender<std::io::Result<Bytes>>) {
        let threads = self.app.config.limits.batch_threads;
        let chunk = self.rows.len().div_ceil(2 * threads).clamp(MIN_CHUNK, MAX_CHUNK);
        let count = self.rows.len();
        let (head, tail) = (self.writer.head(), self.writer.tail());
        let shared = Arc::new(Shared::new(self));
        let app = shared.run.app.clone();
        let chunks = (0..count).step_by(chunk).map(|start| {
            let (shared, app) = (shared.clone(), app.clone());
            async move {
                let permit = app.batch_threads.clone().acquire_owned().await;
                let answered = spawn_blocking(move || {
                    let _permit = permit;
                    shared.answer(start..(start + chunk).min(count))
                });
                answered.await.map_err(std::io::Error::other)
            }
        });
        let mut answered = futures_util::stream::iter(chunks).buffered(threads);
        let mut waiting = head;
        while let Some(chunk) = answered.next().await {
            match chunk {
                Ok(bytes) => waiting.extend_from_slice(&bytes),
                Err(error) => {
                    tracing::error!(%error, request_id = shared.run.request_id, "a batch broke off");
                    let _ = sender.send(Err(error)).await;
                    return;
                }
            }
            if !hand_over(&sender, std::mem::take(&mut waiting)).await {
                return;
            }
        }
        waiting.extend_from_slice(&tail);
        if !waiting.is_empty() {
            hand_over(&sender, waiting).await;
        }
    }
}

/// Whether the client took the bytes.
async fn hand_over(sender: &mpsc::Sender<std::io::Result<Bytes>>, bytes: Vec<u8>) -> bool {
    match sender.send_timeout(Ok(bytes.into()), STALL).await {
        Ok(()) => true,
        Err(mpsc::error::SendTimeoutError::Closed(_)) => false,
        Err(mpsc::error::SendTimeoutError::Timeout(_)) => {
            tracing::warn!("a client took nothing of its batch for {} s and is given up", STALL.as_secs());
            false
        }
    }
}

/// A channel with room for what may wait.
pub(super) fn channel() -> (mpsc::Sender<std::io::Result<Bytes>>, mpsc::Receiver<std::io::Result<Bytes>>) {
    mpsc::channel(WAITING)
}

impl Shared {
    fn new(run: Run) -> Self {
        let mut counts: FxHashMap<&Asked, (usize, usize)> = FxHashMap::default();
        for asked in run.rows.iter().filter_map(|row| row.asked.as_ref().ok()) {
            counts.entry(asked).or_default().0 += 1;
        }
        let mut places = 0;
        let mut shares = Vec::with_capacity(run.rows.len());
        for row in &run.rows {
            let place = row.asked.as_ref().ok().and_then(|asked| {
                let (count, place) = counts.get_mut(asked)?;
                if *count < 2 {
                    return None;
                }
                if *place == 0 {
                    places += 1;
                    *place = places;
                }
                Some(*place - 1)
            });
            shares.push(place);
        }
        Self { run, shares, answers: (0..places).map(|_| OnceLock::new()).collect() }
    }

    /// The written rows of a range.
    fn answer(&self, range: std::ops::Range<usize>) -> Vec<u8> {
        let mut output = Vec::new();
        let mut decisions = [0; 3];
        for number in range {
            let row = &self.run.rows[number];
            let own;
            let (answer, decision) = match (&row.asked, self.shares[number]) {
                (Err(problem), _) => {
                    own = (self.run.writer.problem(problem, &self.run.request_id), None);
                    &own
                }
                (Ok(asked), Some(place)) => self.answers[place].get_or_init(|| self.one(asked)),
                (Ok(asked), None) => {
                    own = self.one(asked);
                    &own
                }
            };
            if let Some(decision) = decision {
                decisions[*decision as usize] += 1;
            }
            self.run.writer.push(&mut output, row, answer, number == 0);
        }
        for decision in [Decision::Accept, Decision::Review, Decision::Reject] {
            self.run.app.metrics.decided(decision, decisions[decision as usize]);
        }
        output
    }

    /// One title's written answer; a panic costs this row only.
    fn one(&self, asked: &Asked) -> (Vec<u8>, Option<Decision>) {
        let options = match &asked.lang {
            Some(lang) => &MatchOptions { lang: Some(lang.clone()), ..self.run.options.clone() },
            None => &self.run.options,
        };
        let answered = catch_unwind(AssertUnwindSafe(|| self.run.generation.engine.classify(&asked.title, options)));
        match answered {
            Ok(answer) => (self.run.writer.answer(&answer), Some(answer.decision)),
            Err(_) => {
                self.run.app.metrics.panicked();
                let problem = Problem::new(Kind::Internal, "this is a fault of the program: report it with the request's id and the row");
                (self.run.writer.problem(&problem, &self.run.request_id), None)
            }
        }
    }
}
