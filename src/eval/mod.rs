//! Turns titles with known codes into measures of how well an index answers them.
//!
//! A **question** is a title with the codes that are right for it; a **run** asks one list of questions of one index, by the
//! engine and by plain methods on the same rows. Questions come from a labelled task, from a gold list of one's own, or from
//! a taxonomy itself, whose names are hidden and asked. Everything is a function of its input and a seed, times apart.

pub mod baseline;

mod ask;
mod compare;
mod families;
mod floors;
mod gold;
mod leave_out;
mod measures;
mod metamorphic;
mod question;
pub mod report;
mod run;
mod small;
mod table;
mod task;
mod via;

pub use ask::{Asked, FirstAnswer, Speed, ask, ask_all, time};
pub use compare::{Comparison, compare};
pub use families::{FamilyShares, families};
pub use floors::{Fall, Floors};
pub use gold::{GoldColumns, gold};
pub use leave_out::{hidden_names, hidden_roles, indexed_names};
pub use measures::{Bin, ConfidenceMeasures, CoverageAt, CurvePoint, Estimate, Measures, Part, SetMeasures, measure};
pub use metamorphic::{Change, ChangeRate, change_rates};
pub use question::{Question, Questions};
pub use run::{IndexFacts, MethodResult, Miss, Run, RunOptions, build_engine, run};
pub use small::{SmallOptions, small};
pub use task::{Task, TaskOptions, join_auxiliaries, task};
pub use via::{Depth, DepthScore, LevelScore, Scheme, ViaOptions, ViaResult, via};

use std::path::PathBuf;

/// Why nothing could be evaluated.
#[derive(Debug, thiserror::Error)]
pub enum EvalError {
    /// A file cannot be read or written.
    #[error("{path}: {reason}: check the path", path = .path.display())]
    Io {
        /// The path.
        path: PathBuf,
        /// Why.
        reason: String,
    },
    /// A file is not of the form expected.
    #[error("{path}:{line}: {message}", path = .path.display())]
    Form {
        /// The path.
        path: PathBuf,
        /// Line from 1; 0 for the whole file.
        line: usize,
        /// What is wrong and what is expected.
        message: String,
    },
    /// There is nothing to ask.
    #[error("{0}")]
    NothingToAsk(String),
    /// The index cannot be built.
    #[error(transparent)]
    Index(#[from] crate::index::IndexError),
}

/// Maps items to results on every core, in the order of the items.
fn in_parallel<T: Sync, R: Send>(items: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let threads = std::thread::available_parallelism().map_or(1, usize::from).min(8);
    let chunk = items.len().div_ceil(threads).max(1);
    let work = &work;
    std::thread::scope(|scope| {
        let handles: Vec<_> = items.chunks(chunk).map(|part| scope.spawn(move || part.iter().map(work).collect::<Vec<_>>())).collect();
        handles.into_iter().flat_map(|handle| handle.join().expect("evaluating does not panic")).collect()
    })
}
