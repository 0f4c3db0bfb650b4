//! Turns token lists and codes into numbers that rank: features, trained models, rerankers, calibrators and measures.
//!
//! Numbers only: nothing here reads a file, knows an index or a taxonomy. A *class* is a dense number of a code within a
//! *head* (one taxonomy's softmax), a *feature* a dense number of a word, word pair or character n-gram, an *item* one
//! training title. Everything is deterministic for a seed and independent of the processor: sums are made in a fixed
//! order of sixteen lanes, and nothing uses fused multiply-add or the system's `exp`.
//!
//! From titles to a ranking: [`VocabularyBuilder`] → [`Vocabulary::vectorize`] → [`TrainingSet`] → [`train`()] →
//! [`QuantizedModel`].

mod dense;
mod features;
mod model;
pub(crate) mod packed;
mod random;
mod train;

pub use features::{FeatureSet, SparseVector, Vocabulary, VocabularyBuilder};
pub use model::{Hidden, QuantizedModel, average_log_probabilities};
pub use random::Random;
pub use train::{LowRankModel, Progress, TrainOptions, TrainingSet, train};
