//! Turns a title's features into log-probabilities of classes with a model of bytes.
//!
//! Each row is 8-bit with its own scale. That costs nothing measurable in accuracy, a quarter of the memory, and lets a
//! logit be an integer dot product.

use super::dense::{self, LANES};
use super::features::SparseVector;
use super::integers;
use super::packed;
use super::train::LowRankModel;
use serde::{Deserialize, Deserializer, Serialize, de::Error};

/// A model for answering. Serialises to about `features × (dims + 4)` bytes and the same for the classes of its heads.
#[derive(Clone, Debug, Serialize)]
pub struct QuantizedModel {
    dims: usize,
    features: Rows,
    heads: Vec<Rows>,
}

/// Byte rows; a row's numbers are its bytes times its scale.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Rows {
    #[serde(with = "packed::i8s")]
    bytes: Vec<i8>,
    #[serde(with = "packed::f32s")]
    scales: Vec<f32>,
}

impl Rows {
    fn quantize(numbers: &[f32], dims: usize) -> Self {
        let mut bytes = Vec::with_capacity(numbers.len());
        let mut scales = Vec::with_capacity(numbers.len() / dims);
        for row in numbers.chunks_exact(dims) {
            let scale = greatest(row) / 127.0;
            let inverse = if scale > 0.0 { 1.0 / scale } else { 0.0 };
            bytes.extend(row.iter().map(|number| (number * inverse).round() as i8));
            scales.push(scale);
        }
        Self { bytes, scales }
    }

    #[inline(always)]
    fn row(&self, number: u32, dims: usize) -> (&[i8], f32) {
        (&self.bytes[number as usize * dims..][..dims], self.scales[number as usize])
    }

    fn sound(&self, dims: usize) -> bool {
        self.bytes.len() == self.scales.len() * dims && self.scales.iter().all(|scale| scale.is_finite())
    }
}

/// The title's place is rounded to ± this: with bytes of ±127 and [`MOST_DIMS`] a dot product stays within 31 bits.
const HIDDEN_STEPS: f32 = 16_383.0;
const MOST_DIMS: usize = 1024;

fn greatest(row: &[f32]) -> f32 {
    row.iter().fold(0.0f32, |most, number| most.max(number.abs()))
}

/// Room for one title's place, to be kept and reused.
#[derive(Clone, Debug, Default)]
pub struct Hidden {
    values: Vec<f32>,
    steps: Vec<i16>,
    scale: f32,
}

impl Hidden {
    fn round(&mut self) {
        self.scale = greatest(&self.values) / HIDDEN_STEPS;
        let inverse = if self.scale > 0.0 { 1.0 / self.scale } else { 0.0 };
        self.steps.clear();
        self.steps.extend(self.values.iter().map(|value| (value * inverse) as i16));
    }
}

impl QuantizedModel {
    /// Rounds a trained model, keeping its first `heads` heads (those used only to train fall away).
    ///
    /// # Panics
    /// When the model is wider than 1,024.
    pub fn new(model: &LowRankModel, heads: usize) -> Self {
        assert!(model.dims <= MOST_DIMS, "a model is at most {MOST_DIMS} wide");
        let quantize = |rows: &[f32]| Rows::quantize(rows, model.dims);
        let heads = model.heads.iter().take(heads).map(|rows| quantize(rows)).collect();
        Self { dims: model.dims, features: quantize(&model.features), heads }
    }

    /// Width of the embedding.
    pub fn dims(&self) -> usize {
        self.dims
    }

    /// Number of features it has rows for: the length of its vocabulary.
    #[inline]
    pub fn features(&self) -> usize {
        self.features.scales.len()
    }

    /// Number of heads kept.
    pub fn heads(&self) -> usize {
        self.heads.len()
    }

    /// Number of classes of a head.
    pub fn classes(&self, head: usize) -> usize {
        self.heads[head].scales.len()
    }

    /// Puts the title's place into `hidden`. Features that the model has no row for count nothing.
    pub fn hidden(&self, vector: &SparseVector, hidden: &mut Hidden) {
        hidden.values.clear();
        hidden.values.resize(self.dims, 0.0);
        let known = |feature: u32| (feature as usize) < self.features();
        // PERF: the rows of a title lie all over the memory. A quick look at each lets the processor fetch many at a time,
        // where adding them up waits for one after another.
        let looks = vector.entries.iter().filter(|entry| known(entry.0)).map(|entry| i32::from(self.features.bytes[entry.0 as usize * self.dims]));
        std::hint::black_box(looks.fold(0, i32::wrapping_add));
        dense::wide(AddRows { model: self, vector, sum: &mut hidden.values });
        hidden.round();
    }

    /// Writes the head's log-probabilities, one a class, into `out`. Without features all classes are equal.
    pub fn log_softmax(&self, head: usize, hidden: &Hidden, out: &mut Vec<f32>) {
        out.clear();
        out.resize(self.classes(head), 0.0);
        let Rows { bytes, scales } = &self.heads[head];
        integers::scaled_dots(bytes, &hidden.steps, scales, hidden.scale, out);
        dense::wide(LogSoftmax(out));
    }

    /// How much each feature of the title speaks for class `better` against `worse`, in logits: (feature, share), in the
    /// vector's order. The shares add up to the difference of the two log-probabilities.
    pub fn contributions(&self, head: usize, vector: &SparseVector, better: u32, worse: u32) -> Vec<(u32, f32)> {
        let rows = &self.heads[head];
        let mut difference = vec![0.0; self.dims];
        for (class, sign) in [(better, 1.0), (worse, -1.0)] {
            let (bytes, scale) = rows.row(class, self.dims);
            dense::add_scaled_bytes(&mut difference, sign * scale, bytes);
        }
        let known = vector.entries.iter().filter(|entry| (entry.0 as usize) < self.features());
        known
            .map(|&(feature, value)| {
                let (bytes, scale) = self.features.row(feature, self.dims);
                let mut row = vec![0.0; self.dims];
                dense::add_scaled_bytes(&mut row, value * scale, bytes);
                (feature, dense::dot(&row, &difference))
            })
            .collect()
    }
}

/// Adds up the rows of a title's features.
struct AddRows<'a> {
    model: &'a QuantizedModel,
    vector: &'a SparseVector,
    sum: &'a mut [f32],
}

impl dense::Work for AddRows<'_> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        let features = self.model.features();
        for &(feature, value) in self.vector.entries.iter().filter(|entry| (entry.0 as usize) < features) {
            let (bytes, scale) = self.model.features.row(feature, self.model.dims);
            dense::add_scaled_bytes(self.sum, value * scale, bytes);
        }
    }
}

struct LogSoftmax<'a>(&'a mut [f32]);

impl dense::Work for LogSoftmax<'_> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        dense::log_softmax(self.0);
    }
}

impl<'de> Deserialize<'de> for QuantizedModel {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        struct Stored {
            dims: usize,
            features: Rows,
            heads: Vec<Rows>,
        }
        let Stored { dims, features, heads } = Stored::deserialize(deserializer)?;
        let width = dims > 0 && dims <= MOST_DIMS && dims.is_multiple_of(LANES);
        if !width || !features.sound(dims) || !heads.iter().all(|rows| rows.sound(dims)) {
            return Err(D::Error::custom("a model's arrays do not fit together"));
        }
        Ok(Self { dims, features, heads })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::learn::{Random, TrainOptions, TrainingSet, train};
    use proptest::prelude::*;

    fn random_model(seed: u64, features: usize, classes: usize, dims: usize) -> LowRankModel {
        let mut random = Random::new(seed);
        let mut rows = |count: usize| (0..count * dims).map(|_| random.normal()).collect::<Vec<f32>>();
        LowRankModel { dims, features: rows(features), heads: vec![rows(classes), rows(3)] }
    }

    fn vector(random: &mut Random, features: usize, length: usize) -> SparseVector {
        let mut entries: Vec<(u32, f32)> = (0..length).map(|_| (random.below(features) as u32, random.unit())).collect();
        entries.sort_unstable_by_key(|entry| entry.0);
        entries.dedup_by_key(|entry| entry.0);
        let length = entries.iter().map(|entry| entry.1 * entry.1).sum::<f32>().sqrt();
        entries.iter_mut().for_each(|entry| entry.1 /= length.max(1e-9));
        SparseVector { entries }
    }

    fn answer(model: &QuantizedModel, head: usize, vector: &SparseVector) -> Vec<f32> {
        let (mut hidden, mut out) = (Hidden::default(), Vec::new());
        model.hidden(vector, &mut hidden);
        model.log_softmax(head, &hidden, &mut out);
        out
    }

    proptest! {
        #[test]
        fn bytes_answer_like_the_plain_reference(seed in 0u64..1000, length in 0usize..20, wide in 1usize..5) {
            let dims = wide * LANES;
            let model = random_model(seed, 40, 30, dims);
            let quantized = QuantizedModel::new(&model, 1);
            let loaded: QuantizedModel = postcard::from_bytes(&postcard::to_allocvec(&quantized).unwrap()).unwrap();
            prop_assert_eq!((loaded.heads(), loaded.classes(0), loaded.features(), loaded.dims()), (1, 30, 40, dims));
            let vector = vector(&mut Random::new(seed), 40, length);
            // Rounding moves a weight by at most half a step of its row; the rest must be the plain sum of the rounded rows.
            let plain = |rows: &Rows, numbers: &[f32]| -> Vec<f64> {
                let scale_of = |at: usize| f64::from(rows.scales[at / dims]);
                let rounded: Vec<f64> = rows.bytes.iter().enumerate().map(|(at, &byte)| f64::from(byte) * scale_of(at)).collect();
                assert!(rounded.iter().zip(numbers).enumerate().all(|(at, (r, &n))| (r - f64::from(n)).abs() < 0.5001 * scale_of(at)));
                rounded
            };
            let (features, classes) = (plain(&loaded.features, &model.features), plain(&loaded.heads[0], &model.heads[0]));
            let mut hidden = vec![0.0f64; dims];
            for &(feature, value) in &vector.entries {
                for dim in 0..dims {
                    hidden[dim] += f64::from(value) * features[feature as usize * dims + dim];
                }
            }
            let logits: Vec<f64> = classes.chunks(dims).map(|row| row.iter().zip(&hidden).map(|(w, h)| w * h).sum()).collect();
            let total = logits.iter().map(|logit| logit.exp()).sum::<f64>().ln();
            let answers = answer(&loaded, 0, &vector);
            prop_assert_eq!(&answers, &answer(&quantized, 0, &vector));
            for (&answer, logit) in answers.iter().zip(&logits) {
                prop_assert!((f64::from(answer) - (logit - total)).abs() < 0.02, "{} is not {}", answer, logit - total);
            }
            prop_assert!((answers.iter().map(|log| log.exp()).sum::<f32>() - 1.0).abs() < 1e-3);
            let shares: f32 = loaded.contributions(0, &vector, 2, 7).iter().map(|share| share.1).sum();
            prop_assert!((shares - (answers[2] - answers[7])).abs() < 0.05, "{} is not {}", shares, answers[2] - answers[7]);
        }

        #[test]
        fn broken_bytes_are_refused_or_read_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..60)) {
            if let Ok(model) = postcard::from_bytes::<QuantizedModel>(&bytes) {
                prop_assert_eq!(model.features.bytes.len(), model.features() * model.dims());
            }
        }
    }

    #[test]
    fn unknown_features_and_no_features_are_data() {
        let quantized = QuantizedModel::new(&random_model(1, 4, 3, 16), 2);
        assert_eq!(quantized.heads(), 2);
        let uniform = answer(&quantized, 0, &SparseVector::default());
        assert!(uniform.iter().all(|log| (log + 3f32.ln()).abs() < 1e-5));
        assert_eq!(answer(&quantized, 0, &SparseVector { entries: vec![(99, 1.0)] }), uniform);
    }

    #[test]
    fn rounding_keeps_the_order_of_a_trained_model() {
        let mut set = TrainingSet::new(60, &[20]);
        let mut random = Random::new(11);
        let class_of = |features: &SparseVector| (features.entries[0].0 / 3) % 20;
        let items: Vec<SparseVector> = (0..1500).map(|_| vector(&mut random, 60, 4)).collect();
        items.iter().for_each(|item| set.push(item, 0, &[class_of(item)], 1.0));
        let model = train(&set, &TrainOptions { dims: 32, ..TrainOptions::default() }, &mut |_| ());
        let quantized = QuantizedModel::new(&model, 1);
        let best = |logs: &[f32]| (0..logs.len()).max_by(|&a, &b| logs[a].total_cmp(&logs[b])).unwrap();
        let same = items.iter().filter(|item| best(&model.log_softmax(0, &model.hidden(item))) == best(&answer(&quantized, 0, item)));
        assert!(same.count() > 1480);
    }
}
