//! Turns slices of numbers into dot products, sums and soft maxima, in loops that plain x86-64 vectorises.
//!
//! Every sum runs over [`LANES`] independent lanes that are added in one fixed order at the end, so the result does not
//! depend on the width of the processor's vectors. Slices are whole multiples of [`LANES`] unless said otherwise.

/// A piece of work for [`wide`]. Its `call` and all that it calls is `#[inline(always)]`.
pub(crate) use pulp::NullaryFnOnce as Work;

/// Runs a piece of work as compiled for vectors of 256 bits where the processor has them. Only what is inlined into it gains,
/// so everything here is, and work is a type of its own: a closure that the compiler chooses not to inline would run as plain
/// x86-64 without a word. Vectors of 512 bits are left alone: for them the compiler turns loops over chunks round and gathers
/// their numbers, which trains five times slower. The fixed order of summation gives the same bits in any case.
pub(crate) fn wide<W: Work>(work: W) -> W::Output {
    #[cfg(target_arch = "x86_64")]
    if let Some(simd) = pulp::x86::V3::try_new() {
        return simd.vectorize(work);
    }
    work.call()
}

/// Width of the fixed summation order: four SSE registers, enough to hide the latency of an addition.
pub(super) const LANES: usize = 16;

#[inline(always)]
fn chunks(slice: &[f32]) -> &[[f32; LANES]] {
    slice.as_chunks::<LANES>().0
}

#[inline(always)]
fn chunks_mut(slice: &mut [f32]) -> &mut [[f32; LANES]] {
    slice.as_chunks_mut::<LANES>().0
}

#[inline(always)]
fn fold(lanes: [f32; LANES]) -> f32 {
    let mut four = [0.0f32; 4];
    for (lane, value) in four.iter_mut().enumerate() {
        *value = (lanes[lane] + lanes[lane + 4]) + (lanes[lane + 8] + lanes[lane + 12]);
    }
    (four[0] + four[1]) + (four[2] + four[3])
}

/// Sum of products.
#[inline(always)]
pub(super) fn dot(left: &[f32], right: &[f32]) -> f32 {
    let mut lanes = [0.0f32; LANES];
    for (left, right) in chunks(left).iter().zip(chunks(right)) {
        for lane in 0..LANES {
            lanes[lane] += left[lane] * right[lane];
        }
    }
    fold(lanes)
}

/// The dot product of every row with `vector`: two rows at a time, which share the loads of the vector.
#[inline(always)]
pub(super) fn dots(rows: &[f32], vector: &[f32], out: &mut Vec<f32>) {
    let width = vector.len();
    out.clear();
    out.resize(rows.len() / width, 0.0);
    let mut pairs = rows.chunks_exact(2 * width);
    let mut dots = out.chunks_exact_mut(2);
    for (pair, dots) in (&mut pairs).zip(&mut dots) {
        let (first, second) = pair.split_at(width);
        let (mut left, mut right) = ([0.0f32; LANES], [0.0f32; LANES]);
        for ((first, second), vector) in chunks(first).iter().zip(chunks(second)).zip(chunks(vector)) {
            for lane in 0..LANES {
                left[lane] += first[lane] * vector[lane];
            }
            for lane in 0..LANES {
                right[lane] += second[lane] * vector[lane];
            }
        }
        dots[0] = fold(left);
        dots[1] = fold(right);
    }
    for (row, last) in pairs.remainder().chunks_exact(width).zip(dots.into_remainder()) {
        *last = dot(row, vector);
    }
}

/// `target += factor × source`.
#[inline(always)]
pub(super) fn add_scaled(target: &mut [f32], factor: f32, source: &[f32]) {
    for (target, source) in chunks_mut(target).iter_mut().zip(chunks(source)) {
        // PERF: whole chunks by value, or the compiler has to suppose that a write to one slice changes the other.
        let (mut sum, added) = (*target, *source);
        for lane in 0..LANES {
            sum[lane] += factor * added[lane];
        }
        *target = sum;
    }
}

/// `sum += gradient × row`, then `row += step × direction`: the two uses of a class row in one pass over it.
#[inline(always)]
pub(super) fn gather_and_step(row: &mut [f32], gradient: f32, sum: &mut [f32], step: f32, direction: &[f32]) {
    for ((row, sum), direction) in chunks_mut(row).iter_mut().zip(chunks_mut(sum)).zip(chunks(direction)) {
        // PERF: whole chunks by value; with two targets written in place the compiler falls back to single numbers.
        let (old, ahead, mut total) = (*row, *direction, *sum);
        let mut new = old;
        for lane in 0..LANES {
            total[lane] += gradient * old[lane];
        }
        for lane in 0..LANES {
            new[lane] += step * ahead[lane];
        }
        *sum = total;
        *row = new;
    }
}

/// `target += factor × source` with a source of bytes.
#[inline(always)]
pub(super) fn add_scaled_bytes(target: &mut [f32], factor: f32, source: &[i8]) {
    for (target, source) in chunks_mut(target).iter_mut().zip(source.as_chunks::<LANES>().0) {
        // PERF: whole chunks by value, or the compiler has to suppose that a write to one slice changes the other.
        let (mut sum, bytes) = (*target, *source);
        for lane in 0..LANES {
            sum[lane] += factor * f32::from(bytes[lane]);
        }
        *target = sum;
    }
}

/// `exp(x)` with a relative error below 3e-7 in [-87, 88], clamped outside; the same bits on every machine.
///
/// Cephes' `expf`: x = n ln 2 + r, a polynomial in r, and n put into the exponent's bits.
#[inline(always)]
pub(super) fn exp(x: f32) -> f32 {
    const ROUND: f32 = 12_582_912.0; // 1.5 × 2²³: adding it leaves the nearest integer in the low bits.
    let x = if x < -87.0 { -87.0 } else { x };
    let x = if x > 88.0 { 88.0 } else { x };
    let rounded = x * std::f32::consts::LOG2_E + ROUND;
    let n = rounded - ROUND;
    let r = (x - n * 0.693_359_4) + n * 2.121_944_4e-4;
    let mut sum = 1.987_569_1e-4f32;
    for coefficient in [1.398_2e-3, 8.333_452e-3, 4.166_579_6e-2, 0.166_666_65, 0.5] {
        sum = sum * r + coefficient;
    }
    let fraction = sum * (r * r) + r + 1.0;
    fraction * f32::from_bits((rounded.to_bits() << 23).wrapping_add(0x3F80_0000))
}

/// The greatest value; minus infinity of nothing. Any length.
#[inline(always)]
pub(super) fn maximum(values: &[f32]) -> f32 {
    let (whole, rest) = values.as_chunks::<LANES>();
    let mut lanes = [f32::NEG_INFINITY; LANES];
    for chunk in whole {
        for lane in 0..LANES {
            lanes[lane] = if chunk[lane] > lanes[lane] { chunk[lane] } else { lanes[lane] };
        }
    }
    lanes.iter().chain(rest).fold(f32::NEG_INFINITY, |best, &value| if value > best { value } else { best })
}

/// Turns logits into exponentials less their maximum; returns (maximum, sum of the exponentials). Any length.
#[inline(always)]
fn exponentials(values: &mut [f32]) -> (f32, f32) {
    let greatest = maximum(values);
    let mut lanes = [0.0f32; LANES];
    let (whole, rest) = values.as_chunks_mut::<LANES>();
    for chunk in whole {
        for lane in 0..LANES {
            chunk[lane] = exp(chunk[lane] - greatest);
            lanes[lane] += chunk[lane];
        }
    }
    let mut sum = fold(lanes);
    for value in rest {
        *value = exp(*value - greatest);
        sum += *value;
    }
    (greatest, sum)
}

/// Turns logits into probabilities in place; returns ln Σ exp(logit). Any length.
#[inline(always)]
pub(super) fn softmax(logits: &mut [f32]) -> f32 {
    if logits.is_empty() {
        return f32::NEG_INFINITY;
    }
    let (greatest, sum) = exponentials(logits);
    let inverse = 1.0 / sum;
    logits.iter_mut().for_each(|value| *value *= inverse);
    greatest + f64::from(sum).ln() as f32
}

/// Turns logits into log-probabilities in place. Any length.
#[inline(always)]
pub(super) fn log_softmax(logits: &mut [f32]) {
    if logits.is_empty() {
        return;
    }
    let greatest = maximum(logits);
    let mut lanes = [0.0f32; LANES];
    let (whole, rest) = logits.as_chunks::<LANES>();
    for chunk in whole {
        for lane in 0..LANES {
            lanes[lane] += exp(chunk[lane] - greatest);
        }
    }
    let sum = fold(lanes) + rest.iter().map(|&value| exp(value - greatest)).sum::<f32>();
    let total = greatest + f64::from(sum).ln() as f32;
    logits.iter_mut().for_each(|value| *value -= total);
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn exp_is_accurate_over_its_range() {
        for step in -8700..=8800 {
            let x = step as f32 / 100.0;
            let expected = f64::from(x).exp();
            let error = (f64::from(exp(x)) - expected).abs() / expected;
            assert!(error < 3e-7, "exp({x}) is off by {error}");
        }
        assert!(exp(-1e9) < 1e-37 && exp(1e9).is_finite());
    }

    proptest! {
        #[test]
        fn softmax_is_the_plain_one(logits in proptest::collection::vec(-30.0f32..30.0, 1..80)) {
            let total: f64 = logits.iter().map(|&x| f64::from(x).exp()).sum();
            let mut probabilities = logits.clone();
            let log_total = softmax(&mut probabilities);
            let mut logs = logits.clone();
            log_softmax(&mut logs);
            prop_assert!((f64::from(log_total) - total.ln()).abs() < 1e-4);
            for ((&logit, &probability), &log) in logits.iter().zip(&probabilities).zip(&logs) {
                let expected = f64::from(logit).exp() / total;
                prop_assert!((f64::from(probability) - expected).abs() < 1e-5);
                prop_assert!((f64::from(log) - expected.ln()).abs() < 1e-4);
            }
        }

        #[test]
        fn sums_are_the_plain_ones(left in proptest::collection::vec(-2.0f32..2.0, 64), right in proptest::collection::vec(-2.0f32..2.0, 64)) {
            let plain: f32 = left.iter().zip(&right).map(|(a, b)| a * b).sum();
            prop_assert!((dot(&left, &right) - plain).abs() < 1e-3);
            let mut target = left.clone();
            add_scaled(&mut target, 0.5, &right);
            prop_assert!(target.iter().zip(left.iter().zip(&right)).all(|(t, (a, b))| (t - (a + 0.5 * b)).abs() < 1e-5));
        }
    }
}
