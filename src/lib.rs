//! Maps free-text job titles onto the codes of a canonical role taxonomy, with a level, a calibrated confidence and the
//! reason.
//!
//! ```text
//! title ─ analyze ─▶ Query ─ retrieve ─▶ candidates ─ rank ─▶ scored ─ decide ─▶ Classification
//! ```
//!
//! Every front (library, command line, HTTP, Python) answers through one [`engine::Engine`].
#![warn(missing_docs)]

pub mod learn;
pub mod analysis;
pub mod corpus;
pub mod import;
pub mod batch;
pub mod build;
pub mod canon;
pub mod decide;
pub mod engine;
pub mod eval;
pub mod holdout;
pub mod index;
pub mod lint;
pub mod rank;
pub mod retrieve;
#[cfg(feature = "server")]
pub mod server;
pub mod taxonomy;
