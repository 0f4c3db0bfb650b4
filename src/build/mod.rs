//! Turns a taxonomy into an index: tables, learnt models, and fits to what the engine itself answers on a hold-out.
//!
//! Two generations are made side by side: the final one from all names, and one from which names and whole roles were
//! hidden. The latter's answers to the hidden titles fit the reranker, the calibrators, the thresholds and the candidate
//! sets. Everything follows from taxonomy, auxiliaries, options and seed.

mod fit;
mod tables;
mod training;

use std::time::Duration;

pub use fit::{Fitted, MIN_CALIBRATION_TITLES};
pub use training::Training;

use crate::analysis::{ANALYSIS_VERSION, Analyzer};
use crate::engine::Engine;
use crate::holdout::{self, HiddenTitle, Share};
use crate::index::{Index, IndexError, IndexManifest, Parts};
use crate::learn::{FeatureSet, Random};
use crate::rank::Fits;
use crate::taxonomy::Taxonomy;
use tables::Tables;
use training::Items;

/// Version of training and fitting: raised when the same input would give other parameters.
pub const TRAINING_VERSION: u32 = 3;
/// Share of names hidden to fit on.
const HIDDEN_NAMES: f32 = 0.12;
/// Share of specialisations hidden, so that confidence knows the case that the taxonomy has no right code.
const HIDDEN_SPECIALISATIONS: f32 = 0.06;
/// Indexed titles asked to calibrate known titles.
const KNOWN_TITLES: usize = 3_000;
/// Names above which the larger settings for big taxonomies are used.
const MANY_NAMES: usize = 60_000;

/// How to build.
#[derive(Debug, Clone)]
pub struct BuildOptions {
    /// Whether models are learnt.
    pub learn: bool,
    /// Width of the embedding.
    pub dims: usize,
    /// Number of models, one or two.
    pub models: usize,
    /// Words and runs of letters found in fewer names than this are not learnt: 2 halves the models' size.
    pub least_count: u32,
    /// Passes over the names; `None` chooses by size.
    pub epochs: Option<usize>,
    /// Most seconds for one training.
    pub time_cap: Option<Duration>,
    /// Seed of everything drawn at random.
    pub seed: u64,
    /// Fits used where a taxonomy is too small to fit its own.
    pub fallback: Option<Fits>,
    /// Where the hold-out's index is kept, so that [`refit`] can try other fits without training again.
    pub keep_trial: Option<std::path::PathBuf>,
}

impl Default for BuildOptions {
    fn default() -> Self {
        Self { learn: true, dims: 128, models: 2, least_count: 1, epochs: None, time_cap: Some(Duration::from_secs(240)), seed: 1, fallback: None, keep_trial: None }
    }
}

/// What a build is doing.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Step {
    /// Tables are made.
    Tables,
    /// An epoch of a model ended.
    Training {
        /// Number of the model, from 0; those of the hold-out follow the final ones.
        model: usize,
        /// Epoch that ended.
        epoch: usize,
        /// Epochs planned.
        epochs: usize,
        /// Mean loss.
        loss: f32,
    },
    /// The fits are made.
    Fitting,
}

/// Builds an index of a taxonomy, learning from it and from auxiliaries.
///
/// # Errors
/// When tantivy cannot be built.
pub fn build(taxonomy: Taxonomy, auxiliaries: &[Taxonomy], options: &BuildOptions, progress: &(dyn Fn(Step) + Sync)) -> Result<Parts, IndexError> {
    progress(Step::Tables);
    let fingerprint = fingerprint(&taxonomy, auxiliaries, options);
    let hidden = hide(&taxonomy, options.seed);
    let tables = tables::build(&taxonomy)?;
    let hidden_tables = tables::build(&hidden.taxonomy)?;
    let training = training_for(tables.names.len(), options);
    let auxiliary_items = auxiliary_items(&taxonomy, auxiliaries);
    let (models, hidden_models) = if options.learn {
        let learn = |taxonomy: &Taxonomy, tables: &Tables, first: usize| {
            let analyzer = Analyzer::new(&taxonomy.lexicon, &taxonomy.manifest.languages).with_name_pairs(tables.names.pairs.clone());
            let mut heads = vec![training::items(taxonomy, &analyzer, &tables.names, &tables.analysed)];
            heads.extend(auxiliary_items.iter().cloned());
            training::train_all(&heads, &training, &|model, epoch, epochs, loss| {
                progress(Step::Training { model: first + model, epoch, epochs, loss });
            })
        };
        std::thread::scope(|scope| {
            let last = scope.spawn(|| learn(&hidden.taxonomy, &hidden_tables, training.sets.len()));
            let models = learn(&taxonomy, &tables, 0);
            (models, last.join().expect("training does not panic"))
        })
    } else {
        (Vec::new(), Vec::new())
    };
    progress(Step::Fitting);
    let trial_manifest = IndexManifest { analysis_version: ANALYSIS_VERSION, ..IndexManifest::default() };
    let trial = parts(trial_manifest, hidden.taxonomy, hidden_tables, hidden_models);
    if let Some(path) = &options.keep_trial {
        trial.write(path)?;
    }
    let fitted = refit(Index::assemble(trial), &hidden.titles, options);
    let manifest = IndexManifest {
        crate_version: env!("CARGO_PKG_VERSION").to_owned(),
        analysis_version: ANALYSIS_VERSION,
        fingerprint,
        taxonomy_fingerprint: taxonomy.fingerprint(),
        taxonomy: format!("{}@{}", taxonomy.manifest.name, taxonomy.manifest.version),
        auxiliaries: auxiliaries
            .iter()
            .map(|auxiliary| format!("{}@{} {}", auxiliary.manifest.name, auxiliary.manifest.version, &auxiliary.fingerprint()[..16]))
            .collect(),
        seed: options.seed,
        ranker: if models.is_empty() && !options.learn { format!("{} without learnt models", fitted.ranker) } else { fitted.ranker.to_owned() },
        calibration: fitted.calibration.to_owned(),
        population: population(fitted.calibration).to_owned(),
        figures: fitted.figures,
        roles: taxonomy.roles.len(),
        specialisations: taxonomy.specialisations.len(),
        names: tables.names.len(),
    };
    let mut built = parts(manifest, taxonomy, tables, models);
    built.fits = postcard::to_stdvec(&fitted.fits).expect("fits are plain data");
    Ok(built)
}

/// Hides from a taxonomy what a build hides to fit on.
pub fn hide(taxonomy: &Taxonomy, seed: u64) -> holdout::Hidden {
    let share = Share { names: HIDDEN_NAMES, specialisations: HIDDEN_SPECIALISATIONS };
    holdout::hide(taxonomy, share, seed)
}

/// Fits ranking and deciding to what an index without the hidden titles answers to them.
pub fn refit(trial: Index, hidden: &[HiddenTitle], options: &BuildOptions) -> Fitted {
    let known = known_titles(&trial, options.seed);
    let engine = Engine::with_fits(trial, Fits::default());
    fit::fit(&engine, hidden, &known, options.fallback.as_ref(), options.seed)
}

fn population(calibration: &str) -> &'static str {
    match calibration {
        "fitted" => "names of this taxonomy hidden from it, with whole roles hidden too, and its indexed names as people type them",
        "shipped" => "names of Canon hidden from it: this taxonomy has too few names to fit its own",
        _ => "none: confidences are shares of scores",
    }
}

fn parts(manifest: IndexManifest, taxonomy: Taxonomy, tables: Tables, models: Vec<crate::index::LearnedModel>) -> Parts {
    Parts { manifest, taxonomy, names: tables.names, words: tables.words, models, fits: Vec::new(), lexical: tables.lexical }
}

/// Settings by size: a large taxonomy has more items an epoch and needs fewer epochs and less dropout.
fn training_for(names: usize, options: &BuildOptions) -> Training {
    let many = names > MANY_NAMES;
    let sets = if options.models > 1 { vec![FeatureSet::Mix, FeatureSet::MixHead] } else { vec![FeatureSet::MixHead] };
    Training {
        dims: options.dims,
        epochs: options.epochs.unwrap_or(if many { 6 } else { 8 }),
        dropout: if many { 0.4 } else { 0.5 },
        least_count: options.least_count,
        sets,
        time_cap: options.time_cap,
        seed: options.seed,
    }
}

fn auxiliary_items(taxonomy: &Taxonomy, auxiliaries: &[Taxonomy]) -> Vec<Items> {
    let analyzer = Analyzer::new(&taxonomy.lexicon, &taxonomy.manifest.languages);
    auxiliaries.iter().map(|auxiliary| training::auxiliary_items(auxiliary, &analyzer, &taxonomy.manifest.languages)).collect()
}

/// Indexed names as they are typed, for the calibrator of known titles: a third as they stand, a third misspelt, a third
/// in vacancy noise. Right is every specialisation that bears the name.
fn known_titles(index: &Index, seed: u64) -> Vec<HiddenTitle> {
    let mut random = Random::new(seed);
    let mut numbers: Vec<u32> = (0..index.names.len() as u32).collect();
    random.shuffle(&mut numbers);
    numbers.truncate(KNOWN_TITLES);
    let mut titles = Vec::with_capacity(numbers.len());
    for (place, number) in numbers.into_iter().enumerate() {
        let text = index.names.texts.get(number);
        let lang = index.names.languages.get(usize::from(index.names.facts[number as usize].lang));
        let query = index.analyzer.name(text, lang.map(String::as_str));
        let Some(key) = crate::analysis::key(&query.words.iter().collect::<Vec<_>>()) else { continue };
        let code = |name: &u32| index.taxonomy.specialisation(index.names.facts[*name as usize].specialisation).code.clone();
        let mut right: Vec<String> = index.names.with_key(key).names.iter().chain([&number]).map(code).collect();
        right.sort();
        right.dedup();
        let typed = match place % 3 {
            0 => text.to_owned(),
            1 => holdout::misspell(text, &mut random).unwrap_or_else(|| text.to_owned()),
            _ => holdout::wrap(text, &mut random).text,
        };
        titles.push(HiddenTitle { text: typed, lang: String::new(), right });
    }
    titles
}

/// A digest of everything that an index follows from.
fn fingerprint(taxonomy: &Taxonomy, auxiliaries: &[Taxonomy], options: &BuildOptions) -> String {
    let mut hasher = blake3::Hasher::new();
    hasher.update(taxonomy.fingerprint().as_bytes());
    for auxiliary in auxiliaries {
        hasher.update(auxiliary.fingerprint().as_bytes());
    }
    let settings = format!(
        "{} {ANALYSIS_VERSION} {TRAINING_VERSION} {} {} {} {} {:?} {} {:?}",
        env!("CARGO_PKG_VERSION"),
        options.learn,
        options.dims,
        options.models,
        options.least_count,
        options.epochs,
        options.seed,
        options.fallback.as_ref().map(|fits| fits.held_out.len()),
    );
    hasher.update(settings.as_bytes());
    hasher.finalize().to_hex().to_string()
}
