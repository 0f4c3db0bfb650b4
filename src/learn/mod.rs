//! Turns token lists and codes into numbers that rank: features, trained models, rerankers, calibrators and measures.
//!
//! Numbers only: nothing here reads a file, knows an index or a taxonomy. A *class* is a dense number of a code within a
//! *head* (one taxonomy's softmax), a *feature* a dense number of a word, word pair or character n-gram, an *item* one
//! training title. Everything is deterministic for a seed. What trains and answers does not depend on the processor
//! either: sums are made in a fixed order of sixteen lanes, without fused multiply-add and without the system's `exp`.
//!
//! From titles to a ranking: [`VocabularyBuilder`] → [`Vocabulary::vectorize`] → [`TrainingSet`] → [`train()`] →
//! [`QuantizedModel`] → [`Reranker`]; from a ranking to a decision: [`Calibrator`] → [`Threshold`], and [`CandidateSets`].

mod calibrate;
mod candidate_sets;
mod dense;
mod features;
#[cfg(test)]
mod hidden_aliases;
mod integers;
mod logit;
pub mod measure;
mod model;
mod newton;
pub(crate) mod packed;
mod random;
mod train;

pub use calibrate::{Calibrator, Threshold, entropy, log_odds};
pub use candidate_sets::{CandidateSets, RankedTitle};
pub(crate) use dense::{Work, wide};
pub use features::{FeatureSet, SparseVector, Vocabulary, VocabularyBuilder};
pub use logit::{ChoiceFit, ChoiceSet, Reranker};
pub use model::{Hidden, QuantizedModel};
pub use random::Random;
pub use train::{LowRankModel, Progress, TrainOptions, TrainingSet, train};
