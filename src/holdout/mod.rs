//! Makes seeded splits, typos and noise, for build and evaluation alike.
//!
//! Everything here is a function of its input and a seed.

mod hide;
mod noise;
mod typos;

pub use hide::{Hidden, HiddenTitle, Share, hide};
pub use noise::{NoisePart, NoisyTitle, wrap};
pub use typos::{MIN_LETTERS, misspell, misspell_by};
