//! Turns held-out confidences into the threshold for any wanted precision.

use crate::learn::Threshold;
use crate::rank::Fits;

/// Thresholds learnt on hidden names come out a little under their target on other titles: aim this much higher.
pub(crate) const GUARD: f64 = 0.02;
/// Where nothing was held out, or no confidence is high enough for a target, only near certainty is accepted.
const WITHOUT_EVIDENCE: f32 = 0.98;
/// Targets for which thresholds are kept, in hundredths.
const TARGETS: std::ops::RangeInclusive<usize> = 50..=99;

/// Thresholds by target.
#[derive(Debug)]
pub(super) struct Thresholds {
    by_hundredth: Vec<f32>,
}

impl Thresholds {
    pub(super) fn new(fits: &Fits) -> Self {
        let pairs: Vec<(f32, bool)> = fits.held_out.iter().map(|(confidence, right)| (f32::from(*confidence) / 10_000.0, *right)).collect();
        let by_hundredth = TARGETS
            .map(|hundredth| {
                Threshold::for_precision(&pairs, hundredth as f64 / 100.0, GUARD).map_or(WITHOUT_EVIDENCE, |threshold| threshold.confidence)
            })
            .collect();
        Self { by_hundredth }
    }

    /// The threshold of the target's hundredth, rounded up.
    pub(super) fn at(&self, target: f32) -> f32 {
        let hundredth = (f64::from(target) * 100.0 - 1e-6).ceil().max(0.0) as usize;
        let place = hundredth.clamp(*TARGETS.start(), *TARGETS.end()) - TARGETS.start();
        self.by_hundredth[place]
    }
}
