//! Makes seeded splits, typos and noise, for build and evaluation alike.
//!
//! Everything here is a function of its input and a seed.

mod hide;

pub use hide::{Hidden, HiddenTitle, Share, hide};
