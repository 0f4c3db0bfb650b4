//! Turns names into training items and items into learned models.

use std::time::Duration;

use rustc_hash::FxHashMap;

use crate::analysis::{Analyzer, Query, Word, WordKind, hash_words};
use crate::index::{LearnedModel, NameField, Names, RawName};
use crate::learn::{FeatureSet, QuantizedModel, SparseVector, TrainOptions, TrainingSet, VocabularyBuilder, train};
use crate::taxonomy::Taxonomy;

/// How models are trained.
#[derive(Debug, Clone)]
pub struct Training {
    /// Width of the embedding.
    pub dims: usize,
    /// Passes over the names.
    pub epochs: usize,
    /// Features found in fewer names are left out.
    pub least_count: u32,
    /// Share of features left out of an item.
    pub dropout: f32,
    /// Feature sets, one model each.
    pub sets: Vec<FeatureSet>,
    /// Most seconds for one model.
    pub time_cap: Option<Duration>,
    /// Seed of the first model; the next ones follow.
    pub seed: u64,
}

/// Names as lists of words, with their classes.
#[derive(Debug, Default, Clone)]
pub(super) struct Items {
    entries: Vec<Item>,
    pub(super) classes: usize,
}

#[derive(Debug, Clone)]
struct Item {
    tokens: Vec<String>,
    head: Option<usize>,
    targets: Vec<u32>,
    weight: f32,
}

/// A taxonomy with fewer names than this needs its auxiliaries in every epoch, and can afford them.
const MANY_OWN_NAMES: usize = 10_000;
/// In larger ones auxiliaries are visited about as often as own names: more visits cost time and gain nothing that shows.
const AUXILIARY_SHARE: f64 = 0.8;

/// In which epochs auxiliary names are visited: 1 for all, 2 for every other, and so on.
fn auxiliary_every(heads: &[Items]) -> usize {
    let own = heads.first().map_or(0, |head| head.entries.len());
    let others: usize = heads.iter().skip(1).map(|head| head.entries.len()).sum();
    if own < MANY_OWN_NAMES { 1 } else { (others as f64 / (own as f64 * AUXILIARY_SHARE)).round().clamp(1.0, 4.0) as usize }
}

/// Weight of an official title beside an alias's 1. More was not found to help.
const TITLE_WEIGHT: f32 = 1.0;

/// One item for each distinct normal form of a name, with every specialisation that bears it.
pub(super) fn items(taxonomy: &Taxonomy, analyzer: &Analyzer, names: &Names, analysed: &[Query]) -> Items {
    let has_levels = taxonomy.has_levels();
    let mut by_words: FxHashMap<u64, usize> = FxHashMap::default();
    let mut entries: Vec<Item> = Vec::new();
    for (facts, query) in names.facts.iter().zip(analysed) {
        let words = training_words(query, has_levels);
        if words.is_empty() {
            continue;
        }
        let texts: Vec<&str> = words.iter().map(|word| word.text.as_str()).collect();
        let class = facts.specialisation.0;
        let weight = if facts.field == NameField::Title { TITLE_WEIGHT } else { 1.0 };
        let place = *by_words.entry(hash_words(&texts)).or_insert_with(|| {
            entries.push(Item {
                tokens: texts.iter().map(|text| (*text).to_owned()).collect(),
                head: analyzer.head(&words),
                targets: Vec::new(),
                weight,
            });
            entries.len() - 1
        });
        let item = &mut entries[place];
        if !item.targets.contains(&class) {
            item.targets.push(class);
        }
        item.weight = item.weight.max(weight);
    }
    Items { entries, classes: taxonomy.specialisations.len() }
}

/// The same words that ranking will use for a title.
fn training_words(query: &Query, has_levels: bool) -> Vec<&Word> {
    if has_levels {
        return query.core_words();
    }
    let named = query.named_words();
    let without: Vec<&Word> = named.iter().copied().filter(|word| word.kind != WordKind::Number).collect();
    if without.is_empty() { named } else { without }
}

/// Items of an auxiliary taxonomy, read as the main taxonomy's titles will be.
pub(super) fn auxiliary_items(auxiliary: &Taxonomy, analyzer: &Analyzer, languages: &[String]) -> Items {
    let raw: Vec<RawName> =
        crate::index::collect(auxiliary).into_iter().filter(|name| languages.is_empty() || languages.contains(&name.lang)).collect();
    let (names, analysed) = Names::build(&raw, analyzer);
    items(auxiliary, analyzer, &names, &analysed)
}

/// Trains one model a feature set, side by side, each on its own thread: the result does not depend on the threads.
pub(super) fn train_all(heads: &[Items], training: &Training, progress: &(dyn Fn(usize, usize, usize, f32) + Sync)) -> Vec<LearnedModel> {
    std::thread::scope(|scope| {
        let handles: Vec<_> = training
            .sets
            .iter()
            .enumerate()
            .map(|(number, set)| scope.spawn(move || train_one(heads, training, *set, number, progress)))
            .collect();
        handles.into_iter().map(|handle| handle.join().expect("training does not panic")).collect()
    })
}

fn train_one(heads: &[Items], training: &Training, set: FeatureSet, number: usize, progress: &(dyn Fn(usize, usize, usize, f32) + Sync)) -> LearnedModel {
    let mut builder = VocabularyBuilder::new(set);
    let mut tokens: Vec<&str> = Vec::new();
    for item in heads.iter().flat_map(|head| &head.entries) {
        tokens.clear();
        tokens.extend(item.tokens.iter().map(String::as_str));
        builder.add(&tokens, item.head);
    }
    let vocabulary = builder.finish(training.least_count);
    let classes: Vec<usize> = heads.iter().map(|head| head.classes).collect();
    let mut training_set = TrainingSet::new(vocabulary.len(), &classes);
    let mut vector = SparseVector::default();
    for (head_number, head) in heads.iter().enumerate() {
        for item in &head.entries {
            tokens.clear();
            tokens.extend(item.tokens.iter().map(String::as_str));
            vocabulary.vectorize(&tokens, item.head, &mut vector);
            training_set.push(&vector, head_number, &item.targets, item.weight);
        }
    }
    let options = TrainOptions {
        dims: training.dims,
        epochs: training.epochs,
        dropout: training.dropout,
        seed: training.seed + number as u64,
        auxiliary_every: auxiliary_every(heads),
        time_cap: training.time_cap,
        ..TrainOptions::default()
    };
    let model = train(&training_set, &options, &mut |done| progress(number, done.epoch, done.epochs, done.loss));
    LearnedModel { vocabulary, model: QuantizedModel::new(&model, 1) }
}
