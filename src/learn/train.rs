//! Turns items (sparse features with their right classes) into a low-rank softmax model.
//!
//! The model is fastText's (Joulin et al., "Bag of tricks for efficient text classification", 2016) with an Adagrad
//! accumulator for each row: a title's place *h* is the weighted sum of its features' rows, a class's logit is its own
//! row times *h*, and the softmax runs within the item's head. One thread a model; the same set, options and build give
//! the same bits on every machine, unless a time cap cuts the epochs.

use super::dense::{self, LANES};
use super::features::SparseVector;
use super::random::Random;
use std::time::{Duration, Instant};

/// Items to learn from. Heads share the feature rows and have their own classes.
#[derive(Clone, Debug)]
pub struct TrainingSet {
    feature_count: usize,
    classes: Vec<usize>,
    entries: Vec<(u32, f32)>,
    targets: Vec<u32>,
    items: Vec<Item>,
}

#[derive(Clone, Copy, Debug)]
struct Item {
    entries_end: usize,
    targets_end: usize,
    head: u32,
    weight: f32,
}

impl TrainingSet {
    /// An empty set over `feature_count` features and one head for each number of classes.
    pub fn new(feature_count: usize, classes_per_head: &[usize]) -> Self {
        Self { feature_count, classes: classes_per_head.to_vec(), entries: Vec::new(), targets: Vec::new(), items: Vec::new() }
    }

    /// Adds a title: its target is spread evenly over `targets` (distinct classes of `head`). A title without features
    /// or targets teaches nothing and is left out.
    ///
    /// # Panics
    /// When the head, a class or a feature lies outside the set's bounds.
    pub fn push(&mut self, vector: &SparseVector, head: usize, targets: &[u32], weight: f32) {
        let classes = self.classes[head];
        assert!(targets.iter().all(|&class| (class as usize) < classes), "a class lies outside its head");
        assert!(vector.entries.iter().all(|entry| (entry.0 as usize) < self.feature_count), "a feature lies outside the vocabulary");
        if vector.entries.is_empty() || targets.is_empty() {
            return;
        }
        self.entries.extend_from_slice(&vector.entries);
        self.targets.extend_from_slice(targets);
        let (entries_end, targets_end) = (self.entries.len(), self.targets.len());
        self.items.push(Item { entries_end, targets_end, head: head as u32, weight });
    }

    /// Number of items that teach something.
    pub fn len(&self) -> usize {
        self.items.len()
    }

    /// True when nothing has been added.
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    fn item(&self, place: usize) -> (Item, &[(u32, f32)], &[u32]) {
        let item = self.items[place];
        let (entries_start, targets_start) = match place.checked_sub(1) {
            Some(before) => (self.items[before].entries_end, self.items[before].targets_end),
            None => (0, 0),
        };
        (item, &self.entries[entries_start..item.entries_end], &self.targets[targets_start..item.targets_end])
    }
}

/// How to train. The default is what was found for O*NET (31 k items, 1,016 classes).
#[derive(Clone, Debug)]
pub struct TrainOptions {
    /// Width of the embedding, rounded up to a multiple of 16. More than 128 brought nothing.
    pub dims: usize,
    /// Passes over the items.
    pub epochs: usize,
    /// Probability of leaving out each feature of an item: the only regularisation.
    pub dropout: f32,
    /// Items of heads but the first are visited in every so-manieth epoch, each time another part of them: auxiliaries
    /// shape the embedding long before they have been seen as often as the taxonomy's own names.
    pub auxiliary_every: usize,
    /// Adagrad step of the first epoch; falls linearly to nothing over the epochs.
    pub learning_rate: f32,
    /// Start values, order and dropout follow from it.
    pub seed: u64,
    /// Epochs are cut so that training ends near this time. A cut makes the model depend on the machine's speed.
    pub time_cap: Option<Duration>,
    /// Share of the items kept out to watch their loss; 0 for none.
    pub held_out: f32,
    /// With items held out: stop after this many epochs without a better loss, and return the best epoch's model.
    pub patience: usize,
}

impl Default for TrainOptions {
    fn default() -> Self {
        Self { dims: 128, epochs: 8, dropout: 0.5, auxiliary_every: 1, learning_rate: 0.1, seed: 1, time_cap: None, held_out: 0.0, patience: 2 }
    }
}

/// What an epoch brought.
#[derive(Clone, Copy, Debug)]
pub struct Progress {
    /// Epochs done, from 1.
    pub epoch: usize,
    /// Epochs planned now; fewer than asked for under a time cap.
    pub epochs: usize,
    /// Mean cross-entropy in nats over the epoch's items, features dropped.
    pub loss: f32,
    /// The same over the held-out items, nothing dropped.
    pub held_out_loss: Option<f32>,
}

/// A trained model in full precision: for measuring, and to be made a [`QuantizedModel`](super::QuantizedModel).
#[derive(Clone, Debug)]
pub struct LowRankModel {
    pub(super) dims: usize,
    pub(super) features: Vec<f32>,
    pub(super) heads: Vec<Vec<f32>>,
}

impl LowRankModel {
    /// Width of the embedding.
    pub fn dims(&self) -> usize {
        self.dims
    }

    /// Number of classes of a head.
    pub fn classes(&self, head: usize) -> usize {
        self.heads[head].len() / self.dims
    }

    /// The title's place: the sum of its features' rows times their values.
    pub fn hidden(&self, vector: &SparseVector) -> Vec<f32> {
        let mut hidden = vec![0.0; self.dims];
        for &(feature, value) in &vector.entries {
            dense::add_scaled(&mut hidden, value, row(&self.features, feature, self.dims));
        }
        hidden
    }

    /// Log-probabilities of a head's classes.
    pub fn log_softmax(&self, head: usize, hidden: &[f32]) -> Vec<f32> {
        let mut out = Vec::new();
        dense::dots(&self.heads[head], hidden, &mut out);
        dense::log_softmax(&mut out);
        out
    }
}

#[inline(always)]
fn row(rows: &[f32], number: u32, dims: usize) -> &[f32] {
    &rows[number as usize * dims..][..dims]
}

/// Squared gradients start from this, so that the first step of a row has the length of the learning rate.
const FIRST_ACCUMULATOR: f32 = 1e-6;

/// Classes with a smaller gradient are left alone: they are most of them. At 1e-5 nothing is lost (0.5719 of hidden O*NET
/// aliases as at 1e-6) and an eighth of the time is saved; 1e-4 loses 0.1 points, 2e-3 one.
const LEAST_GRADIENT: f32 = 1e-5;

/// Trains a model, calling `progress` after every epoch. An empty set gives a model that ranks nothing.
pub fn train(set: &TrainingSet, options: &TrainOptions, progress: &mut dyn FnMut(Progress)) -> LowRankModel {
    let began = Instant::now();
    let mut trainer = Trainer::new(set, options);
    let mut order: Vec<usize> = (0..set.len()).collect();
    trainer.random.shuffle(&mut order);
    let kept_out = (set.len() as f32 * options.held_out.clamp(0.0, 0.9)) as usize;
    let held_out = order.split_off(set.len() - kept_out);
    let mut best: Option<(f32, usize, LowRankModel)> = None;
    let mut epochs = options.epochs;
    let mut epoch = 0;
    while epoch < epochs {
        let rate = options.learning_rate * (1.0 - epoch as f32 / epochs as f32);
        let loss = trainer.epoch(&order, epoch, options.auxiliary_every, rate);
        epoch += 1;
        if let Some(cap) = options.time_cap {
            let affordable = cap.as_secs_f64() / (began.elapsed().as_secs_f64() / epoch as f64).max(1e-9);
            epochs = epochs.min((affordable as usize).max(epoch));
        }
        let held_out_loss = (!held_out.is_empty()).then(|| trainer.loss(&held_out));
        progress(Progress { epoch, epochs, loss, held_out_loss });
        let Some(loss) = held_out_loss else { continue };
        match &best {
            Some((least, at, _)) if loss >= *least => {
                if epoch - at >= options.patience {
                    break;
                }
            }
            _ => best = Some((loss, epoch, trainer.model.clone())),
        }
    }
    best.map_or(trainer.model, |(_, _, model)| model)
}

struct Trainer<'s> {
    set: &'s TrainingSet,
    model: LowRankModel,
    feature_squares: Vec<f32>,
    class_squares: Vec<Vec<f32>>,
    dropout: f32,
    random: Random,
    kept: Vec<(u32, f32)>,
    hidden: Vec<f32>,
    hidden_gradient: Vec<f32>,
    probabilities: Vec<f32>,
}

impl<'s> Trainer<'s> {
    fn new(set: &'s TrainingSet, options: &TrainOptions) -> Self {
        let dims = options.dims.max(1).next_multiple_of(LANES);
        let mut random = Random::new(options.seed);
        let spread = 1.0 / (dims as f32).sqrt();
        let features = (0..set.feature_count * dims).map(|_| random.normal() * spread).collect();
        let heads = set.classes.iter().map(|classes| vec![0.0; classes * dims]).collect();
        Self {
            set,
            model: LowRankModel { dims, features, heads },
            feature_squares: vec![FIRST_ACCUMULATOR; set.feature_count],
            class_squares: set.classes.iter().map(|&classes| vec![FIRST_ACCUMULATOR; classes]).collect(),
            dropout: options.dropout,
            random,
            kept: Vec::new(),
            hidden: vec![0.0; dims],
            hidden_gradient: vec![0.0; dims],
            probabilities: Vec::new(),
        }
    }

    /// One pass over the items in the given order; returns the mean loss of those visited.
    fn epoch(&mut self, order: &[usize], epoch: usize, auxiliary_every: usize, rate: f32) -> f32 {
        let mut loss = 0.0f64;
        let mut visited = 0usize;
        for &place in order {
            let (item, entries, targets) = self.set.item(place);
            if item.head > 0 && (place + epoch) % auxiliary_every.max(1) > 0 {
                continue;
            }
            visited += 1;
            self.drop_features(entries);
            loss += f64::from(dense::wide(Step { trainer: self, head: item.head as usize, targets, weight: item.weight, rate }));
        }
        (loss / visited.max(1) as f64) as f32
    }

    fn loss(&mut self, places: &[usize]) -> f32 {
        let mut loss = 0.0f64;
        for &place in places {
            let (item, entries, targets) = self.set.item(place);
            self.kept.clear();
            self.kept.extend_from_slice(entries);
            loss += f64::from(dense::wide(Forward { trainer: self, head: item.head as usize, targets }));
        }
        (loss / places.len().max(1) as f64) as f32
    }

    /// Keeps a random part of the features (all of them if none were left) and gives it length 1.
    fn drop_features(&mut self, entries: &[(u32, f32)]) {
        self.kept.clear();
        if self.dropout > 0.0 {
            let (random, dropout) = (&mut self.random, self.dropout);
            self.kept.extend(entries.iter().filter(|_| random.unit() >= dropout));
        }
        if self.kept.is_empty() {
            self.kept.extend_from_slice(entries);
        }
        let square: f32 = self.kept.iter().map(|(_, value)| value * value).sum();
        let inverse = 1.0 / square.sqrt();
        self.kept.iter_mut().for_each(|(_, value)| *value *= inverse);
    }

    /// Fills `hidden` and `probabilities` from the kept features; returns the cross-entropy of the targets.
    #[inline(always)]
    fn forward(&mut self, head: usize, targets: &[u32]) -> f32 {
        let dims = self.model.dims;
        self.hidden.fill(0.0);
        for &(feature, value) in &self.kept {
            dense::add_scaled(&mut self.hidden, value, row(&self.model.features, feature, dims));
        }
        dense::dots(&self.model.heads[head], &self.hidden, &mut self.probabilities);
        let logit: f32 = targets.iter().map(|&class| self.probabilities[class as usize]).sum();
        dense::softmax(&mut self.probabilities) - logit / targets.len() as f32
    }

    #[inline(always)]
    fn backward(&mut self, head: usize, targets: &[u32], weight: f32, rate: f32) {
        let dims = self.model.dims;
        let hidden_square = dense::dot(&self.hidden, &self.hidden) / dims as f32;
        let share = 1.0 / targets.len() as f32;
        targets.iter().for_each(|&class| self.probabilities[class as usize] -= share);
        self.hidden_gradient.fill(0.0);
        let rows = self.model.heads[head].chunks_exact_mut(dims);
        for ((row, square), slope) in rows.zip(&mut self.class_squares[head]).zip(&self.probabilities) {
            let gradient = weight * slope;
            if gradient.abs() < LEAST_GRADIENT {
                continue;
            }
            *square += gradient * gradient * hidden_square;
            let step = -rate * gradient / square.sqrt();
            dense::gather_and_step(row, gradient, &mut self.hidden_gradient, step, &self.hidden);
        }
        let gradient_square = dense::dot(&self.hidden_gradient, &self.hidden_gradient) / dims as f32;
        for &(feature, value) in &self.kept {
            let square = &mut self.feature_squares[feature as usize];
            *square += value * value * gradient_square;
            let step = -rate * value / square.sqrt();
            let row = &mut self.model.features[feature as usize * dims..][..dims];
            dense::add_scaled(row, step, &self.hidden_gradient);
        }
    }
}

/// A step down the gradient of one item; gives its loss before.
struct Step<'t, 's> {
    trainer: &'t mut Trainer<'s>,
    head: usize,
    targets: &'t [u32],
    weight: f32,
    rate: f32,
}

impl dense::Work for Step<'_, '_> {
    type Output = f32;

    #[inline(always)]
    fn call(self) -> f32 {
        let loss = self.trainer.forward(self.head, self.targets);
        self.trainer.backward(self.head, self.targets, self.weight, self.rate);
        loss
    }
}

/// The loss of one item.
struct Forward<'t, 's> {
    trainer: &'t mut Trainer<'s>,
    head: usize,
    targets: &'t [u32],
}

impl dense::Work for Forward<'_, '_> {
    type Output = f32;

    #[inline(always)]
    fn call(self) -> f32 {
        self.trainer.forward(self.head, self.targets)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Twelve features, four classes: class c owns the features 3c, 3c+1, 3c+2; a second head splits them in halves.
    fn set() -> TrainingSet {
        let mut set = TrainingSet::new(12, &[4, 2]);
        let mut random = Random::new(3);
        for _ in 0..200 {
            let class = random.below(4) as u32;
            let mut entries: Vec<(u32, f32)> = (0..3).map(|own| (class * 3 + own, 0.5)).collect();
            let noise = random.below(12) as u32;
            if !entries.iter().any(|entry| entry.0 == noise) {
                entries.push((noise, 0.4));
            }
            entries.sort_unstable_by_key(|entry| entry.0);
            let vector = SparseVector { entries };
            set.push(&vector, 0, &[class], 1.0);
            set.push(&vector, 1, &[class / 2], 1.0);
        }
        set
    }

    fn best(model: &LowRankModel, head: usize, features: &[u32]) -> usize {
        let vector = SparseVector { entries: features.iter().map(|&feature| (feature, 0.6)).collect() };
        let logs = model.log_softmax(head, &model.hidden(&vector));
        (0..logs.len()).max_by(|&a, &b| logs[a].total_cmp(&logs[b])).unwrap()
    }

    #[test]
    fn learns_both_heads_and_reports_falling_loss() {
        let mut losses = Vec::new();
        let options = TrainOptions { dims: 10, dropout: 0.2, ..TrainOptions::default() };
        let model = train(&set(), &options, &mut |progress| losses.push(progress.loss));
        assert_eq!((model.dims(), model.classes(0), model.classes(1)), (16, 4, 2));
        for class in 0..4u32 {
            assert_eq!(best(&model, 0, &[class * 3, class * 3 + 1]), class as usize);
            assert_eq!(best(&model, 1, &[class * 3 + 2]), class as usize / 2);
        }
        assert_eq!(losses.len(), options.epochs);
        assert!(losses[7] < losses[0] / 2.0, "{losses:?}");
    }

    #[test]
    fn same_seed_same_bits_other_seed_other_bits() {
        let run = |seed| train(&set(), &TrainOptions { seed, epochs: 2, ..TrainOptions::default() }, &mut |_| ()).features;
        assert_eq!(run(1), run(1));
        assert_ne!(run(1), run(2));
    }

    #[test]
    fn targets_share_the_mass() {
        let mut set = TrainingSet::new(1, &[3]);
        let vector = SparseVector { entries: vec![(0, 1.0)] };
        (0..300).for_each(|_| set.push(&vector, 0, &[0, 2], 1.0));
        let model = train(&set, &TrainOptions::default(), &mut |_| ());
        let logs = model.log_softmax(0, &model.hidden(&vector));
        assert!((logs[0].exp() - 0.5).abs() < 0.05 && (logs[2].exp() - 0.5).abs() < 0.05, "{logs:?}");
    }

    #[test]
    fn gradients_are_those_of_the_loss() {
        // One step from one item with Adagrad's division undone by a huge accumulator is plain gradient descent.
        let mut set = TrainingSet::new(3, &[5]);
        let vector = SparseVector { entries: vec![(0, 0.8), (2, 0.6)] };
        set.push(&vector, 0, &[1, 4], 1.0);
        let options = TrainOptions { dims: 16, dropout: 0.0, ..TrainOptions::default() };
        let mut trainer = Trainer::new(&set, &options);
        let mut random = Random::new(5);
        trainer.model.heads[0].iter_mut().for_each(|weight| *weight = random.normal() * 0.5);
        let huge = 1e8f32;
        trainer.feature_squares.fill(huge);
        trainer.class_squares[0].fill(huge);
        let loss = |model: &LowRankModel| {
            let logs = model.log_softmax(0, &model.hidden(&vector));
            f64::from(-(logs[1] + logs[4]) / 2.0)
        };
        let before = trainer.model.clone();
        trainer.epoch(&[0], 0, 1, huge.sqrt());
        for (feature, dim) in [(0usize, 3usize), (2, 7), (2, 15)] {
            let at = feature * 16 + dim;
            let slope = slope_of(&before, &loss, |model| &mut model.features[at]);
            assert!((f64::from(before.features[at] - trainer.model.features[at]) - slope).abs() < 2e-3);
        }
        for (class, dim) in [(0usize, 0usize), (1, 5), (4, 9)] {
            let at = class * 16 + dim;
            let slope = slope_of(&before, &loss, |model| &mut model.heads[0][at]);
            assert!((f64::from(before.heads[0][at] - trainer.model.heads[0][at]) - slope).abs() < 2e-3);
        }
    }

    fn slope_of(model: &LowRankModel, loss: &dyn Fn(&LowRankModel) -> f64, weight: impl Fn(&mut LowRankModel) -> &mut f32) -> f64 {
        let (mut up, mut down) = (model.clone(), model.clone());
        *weight(&mut up) += 0.01;
        *weight(&mut down) -= 0.01;
        (loss(&up) - loss(&down)) / 0.02
    }

    #[test]
    fn early_stopping_returns_the_best_epoch() {
        let options = TrainOptions { epochs: 40, held_out: 0.3, patience: 2, learning_rate: 0.5, ..TrainOptions::default() };
        let mut losses = Vec::new();
        train(&set(), &options, &mut |progress| losses.push(progress.held_out_loss.unwrap()));
        let least = losses.iter().copied().fold(f32::INFINITY, f32::min);
        let at = losses.iter().position(|&loss| loss == least).unwrap();
        assert!(losses.len() == 40 || losses.len() == at + 3, "{losses:?}");
    }

    #[test]
    fn time_cap_cuts_epochs_and_nothing_teaches_nothing() {
        let mut epochs = 0;
        let options = TrainOptions { time_cap: Some(Duration::ZERO), ..TrainOptions::default() };
        train(&set(), &options, &mut |_| epochs += 1);
        assert_eq!(epochs, 1);
        let mut empty = TrainingSet::new(2, &[3]);
        empty.push(&SparseVector::default(), 0, &[1], 1.0);
        assert!(empty.is_empty());
        let model = train(&empty, &TrainOptions::default(), &mut |_| ());
        assert_eq!(model.log_softmax(0, &model.hidden(&SparseVector::default())), [-(3f32.ln()); 3]);
    }
}
