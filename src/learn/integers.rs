//! Turns rows of bytes and a vector of 16-bit integers into exact dot products: what a title costs in the learned channel.
//!
//! Sums of integers are exact in any order, so the result does not depend on the processor.

use super::dense::LANES;

/// `out[n] = row n · vector × scales[n] × factor`. Rows and vector are whole multiples of [`LANES`]; the caller keeps the
/// sums within i32.
pub(super) fn scaled_dots(rows: &[i8], vector: &[i16], scales: &[f32], factor: f32, out: &mut [f32]) {
    let dots = Dots { rows, vector, scales, factor, out };
    #[cfg(target_arch = "x86_64")]
    if let Some(simd) = pulp::x86::V3::try_new() {
        return simd.vectorize(Avx2 { simd, dots });
    }
    dots.plain();
}

struct Dots<'a> {
    rows: &'a [i8],
    vector: &'a [i16],
    scales: &'a [f32],
    factor: f32,
    out: &'a mut [f32],
}

impl Dots<'_> {
    fn plain(self) {
        let rows = self.rows.chunks_exact(self.vector.len().max(LANES));
        for ((out, row), scale) in self.out.iter_mut().zip(rows).zip(self.scales) {
            *out = dot(row, self.vector) as f32 * (scale * self.factor);
        }
    }
}

/// Sum of products.
#[inline(always)]
fn dot(row: &[i8], vector: &[i16]) -> i32 {
    // PERF: lanes of their own, added after the loop, are the form that compiles to two `pmaddwd` a chunk on plain x86-64.
    let mut lanes = [0i32; LANES];
    for (row, vector) in row.as_chunks::<LANES>().0.iter().zip(vector.as_chunks::<LANES>().0) {
        for lane in 0..LANES {
            lanes[lane] += i32::from(row[lane]) * i32::from(vector[lane]);
        }
    }
    lanes.iter().sum()
}

/// The same with one instruction for sixteen products, which the compiler does not find by itself with wide vectors.
#[cfg(target_arch = "x86_64")]
struct Avx2<'a> {
    simd: pulp::x86::V3,
    dots: Dots<'a>,
}

#[cfg(target_arch = "x86_64")]
impl pulp::NullaryFnOnce for Avx2<'_> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        let Self { simd, dots: Dots { rows, vector, scales, factor, out } } = self;
        let rows = rows.chunks_exact(vector.len().max(LANES));
        for ((out, row), scale) in out.iter_mut().zip(rows).zip(scales) {
            let mut sums = [pulp::cast::<_, pulp::i32x8>([0i32; 8]); 2];
            for (at, (row, vector)) in row.as_chunks::<LANES>().0.iter().zip(vector.as_chunks::<LANES>().0).enumerate() {
                let products = simd.multiply_wrapping_add_adjacent_i16x16(simd.convert_i8x16_to_i16x16(pulp::cast(*row)), pulp::cast(*vector));
                sums[at % 2] = simd.wrapping_add_i32x8(sums[at % 2], products);
            }
            let lanes: [i32; 8] = pulp::cast(simd.wrapping_add_i32x8(sums[0], sums[1]));
            *out = lanes.iter().sum::<i32>() as f32 * (scale * factor);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn every_way_gives_the_exact_sum(
            rows in proptest::collection::vec(any::<i8>(), 0..40 * LANES),
            vector in proptest::collection::vec(-16_383i16..=16_383, 1..5 * LANES),
        ) {
            let width = vector.len().next_multiple_of(LANES);
            let vector: Vec<i16> = vector.into_iter().chain(std::iter::repeat(7)).take(width).collect();
            let count = rows.len() / width;
            let scales = vec![1.0; count];
            let exact: Vec<f32> = rows
                .chunks_exact(width)
                .map(|row| row.iter().zip(&vector).map(|(&row, &vector)| i64::from(row) * i64::from(vector)).sum::<i64>() as f32)
                .collect();
            let (mut fast, mut plain) = (vec![0.0; count], vec![0.0; count]);
            scaled_dots(&rows, &vector, &scales, 1.0, &mut fast);
            Dots { rows: &rows, vector: &vector, scales: &scales, factor: 1.0, out: &mut plain }.plain();
            prop_assert_eq!(&fast, &exact);
            prop_assert_eq!(&plain, &exact);
        }
    }
}
