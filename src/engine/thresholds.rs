//! Turns held-out confidences into the threshold for any wanted precision.

use std::sync::OnceLock;

use crate::learn::Threshold;
use crate::rank::Fits;

/// Thresholds learnt on hidden names come out a little under their target on other titles: aim this much higher.
pub(crate) const GUARD: f64 = 0.02;
/// Where nothing was held out, or no confidence is high enough for a target, only near certainty is accepted.
const WITHOUT_EVIDENCE: f32 = 0.98;
/// Targets for which thresholds are kept, in hundredths.
const TARGETS: std::ops::RangeInclusive<usize> = 50..=99;

/// Thresholds by target, each worked out when first asked for.
#[derive(Debug)]
pub(super) struct Thresholds {
    pairs: Vec<(f32, bool)>,
    by_hundredth: Vec<OnceLock<f32>>,
}

impl Thresholds {
    pub(super) fn new(fits: &Fits) -> Self {
        let pairs = fits.held_out.iter().map(|(confidence, right)| (f32::from(*confidence) / 10_000.0, *right)).collect();
        Self { pairs, by_hundredth: TARGETS.map(|_| OnceLock::new()).collect() }
    }

    /// The threshold of the target's hundredth, rounded up.
    pub(super) fn at(&self, target: f32) -> f32 {
        let hundredth = (f64::from(target) * 100.0 - 1e-6).ceil().max(0.0) as usize;
        let hundredth = hundredth.clamp(*TARGETS.start(), *TARGETS.end());
        let found = || {
            let threshold = Threshold::for_precision(&self.pairs, hundredth as f64 / 100.0, GUARD);
            threshold.map_or(WITHOUT_EVIDENCE, |threshold| threshold.confidence)
        };
        *self.by_hundredth[hundredth - TARGETS.start()].get_or_init(found)
    }
}
