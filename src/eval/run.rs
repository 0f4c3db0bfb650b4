//! Turns one list of questions and one index into a run: measures of the engine and of plain methods on the same rows.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Instant;

use serde::Serialize;

use super::measures::measure;
use super::{Asked, ChangeRate, Comparison, EvalError, FamilyShares, Measures, Question, Questions, Speed, ViaResult, ask_all, baseline, change_rates, compare, time};
use crate::build::{self, BuildOptions, Step};
use crate::decide::Decision;
use crate::engine::{DEFAULT_ACCEPT_PRECISION, Engine};
use crate::index::Index;
use crate::learn::Random;
use crate::taxonomy::Taxonomy;

/// The engine's name in tables.
const ENGINE: &str = "rolecall";

/// What a run does beside asking the engine.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RunOptions {
    /// Whether plain methods answer the same rows.
    pub baselines: bool,
    /// Titles that are changed in ways that should change no answer; 0 for none.
    pub changes: usize,
    /// Whether answers are timed.
    pub speed: bool,
    /// Wrong first answers listed.
    pub misses: usize,
    /// Seed of resamples and changes.
    pub seed: u64,
    /// Precision that accepted answers aim at.
    pub accept_precision: f32,
}

impl Default for RunOptions {
    fn default() -> Self {
        Self { baselines: true, changes: 1_000, speed: true, misses: 0, seed: 1, accept_precision: DEFAULT_ACCEPT_PRECISION }
    }
}

/// What a run was asked of.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct IndexFacts {
    /// Name and version of the taxonomy.
    pub taxonomy: String,
    /// Digest of the generation.
    pub fingerprint: String,
    /// Roles.
    pub roles: usize,
    /// Names.
    pub names: usize,
    /// How novel titles are ranked.
    pub ranker: String,
    /// Where calibrators come from.
    pub calibration: String,
    /// Bytes of the index file; absent when it was not written out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bytes: Option<usize>,
    /// Seconds that building took; absent when it was opened.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub build_seconds: Option<f64>,
}

impl IndexFacts {
    /// What an open index says of itself.
    pub fn of(index: &Index) -> Self {
        let manifest = &index.manifest;
        Self {
            taxonomy: manifest.taxonomy.clone(),
            fingerprint: manifest.fingerprint.clone(),
            roles: manifest.roles,
            names: manifest.names,
            ranker: manifest.ranker.clone(),
            calibration: manifest.calibration.clone(),
            bytes: None,
            build_seconds: None,
        }
    }
}

/// Measures of one method.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct MethodResult {
    /// The method.
    pub name: String,
    /// Its measures; their number of titles tells a method that was asked a sample only.
    pub measures: Measures,
}

/// A wrong first answer.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Miss {
    /// The title.
    pub text: String,
    /// Right codes with their titles.
    pub right: Vec<String>,
    /// Code and title of the first answer, and the name that spoke for it.
    pub first: String,
    /// Place of the first right code, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<usize>,
    /// Confidence.
    pub confidence: f32,
}

/// One list of questions asked of one index.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Run {
    /// Name, by which floors and earlier reports know it.
    pub name: String,
    /// What was asked.
    pub index: IndexFacts,
    /// The engine first.
    pub methods: Vec<MethodResult>,
    /// The engine against each other method.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub comparisons: Vec<Comparison>,
    /// Answers to changed titles.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub changes: Vec<ChangeRate>,
    /// Times.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub speed: Option<Speed>,
    /// Share accepted of titles that have no right code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub accepted_without_right: Option<f64>,
    /// Shares of titles that get a family.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub families: Option<FamilyShares>,
    /// Scores through mappings.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub via: Option<ViaResult>,
    /// Wrong first answers, drawn evenly.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub misses: Vec<Miss>,
}

/// Builds an index and opens it as if read from a file; `keep` writes it there as well.
///
/// # Errors
/// When it cannot be built or written.
pub fn build_engine(
    taxonomy: Taxonomy,
    heads: &[Taxonomy],
    options: &BuildOptions,
    keep: Option<&Path>,
    progress: &(dyn Fn(Step) + Sync),
) -> Result<(Engine, IndexFacts), EvalError> {
    let start = Instant::now();
    let parts = build::build(taxonomy, heads, options, progress)?;
    let bytes = parts.to_bytes();
    let build_seconds = start.elapsed().as_secs_f64();
    if let Some(path) = keep {
        parts.write(path)?;
    }
    drop(parts);
    let size = bytes.len();
    let engine = Engine::new(Index::from_bytes(bytes.into(), "the index just built")?)?;
    let facts = IndexFacts { bytes: Some(size), build_seconds: Some(build_seconds), ..IndexFacts::of(engine.index()) };
    Ok((engine, facts))
}

/// Asks questions of an engine and of the plain methods.
///
/// # Errors
/// When there are no questions.
pub fn run(engine: &Engine, facts: &IndexFacts, questions: &Questions, options: RunOptions) -> Result<Run, EvalError> {
    let list = &questions.list;
    if list.is_empty() {
        return Err(EvalError::NothingToAsk(format!("{} holds no questions: take another share or another taxonomy", questions.name)));
    }
    let mut result = Run { name: questions.name.clone(), index: facts.clone(), ..Run::default() };
    let asked = ask_all(engine, list, options.accept_precision);
    result.accepted_without_right = accepted_without_right(list, &asked);
    if list.iter().any(|question| !question.right.is_empty()) {
        add_method(&mut result, ENGINE, engine, list, &asked, true, options.seed);
        if options.baselines {
            baselines(&mut result, engine, list, &asked, options.seed);
        }
    }
    result.misses = misses(engine, list, &asked, options);
    if options.changes > 0 {
        result.changes = change_rates(engine, questions, options.changes, options.seed);
    }
    if options.speed {
        result.speed = time(engine, list);
    }
    Ok(result)
}

fn accepted_without_right(list: &[Question], asked: &[Asked]) -> Option<f64> {
    let without: Vec<&Asked> = list.iter().zip(asked).filter(|(question, _)| question.right.is_empty()).map(|(_, asked)| asked).collect();
    let accepted = without.iter().filter(|asked| asked.decision == Some(Decision::Accept)).count();
    (!without.is_empty()).then(|| accepted as f64 / without.len() as f64)
}

pub(super) fn add_method(result: &mut Run, name: &str, engine: &Engine, list: &[Question], asked: &[Asked], parts: bool, seed: u64) {
    let measures = measure(list, asked, &engine.index().taxonomy, parts, seed);
    result.methods.push(MethodResult { name: name.to_owned(), measures });
}

fn baselines(result: &mut Run, engine: &Engine, list: &[Question], asked: &[Asked], seed: u64) {
    for method in baseline::all(engine.index()) {
        let (rows, own) = if method.is_slow() && list.len() > baseline::MOST_SCANNED {
            let mut places: Vec<usize> = (0..list.len()).collect();
            Random::new(seed).shuffle(&mut places);
            places.truncate(baseline::MOST_SCANNED);
            places.sort_unstable();
            (places.iter().map(|place| list[*place].clone()).collect(), places.iter().map(|place| asked[*place].clone()).collect())
        } else {
            (list.to_vec(), asked.to_vec())
        };
        let answers = baseline::ask_all(&*method, engine.index(), &rows);
        add_method(result, method.name(), engine, &rows, &answers, false, seed);
        result.comparisons.push(compare((ENGINE, &own), (method.name(), &answers)));
    }
}

fn misses(engine: &Engine, list: &[Question], asked: &[Asked], options: RunOptions) -> Vec<Miss> {
    // Where nothing is right, only an accept is wrong.
    let is_wrong = |place: &usize| {
        let none_right = list[*place].right.is_empty();
        if none_right { asked[*place].decision == Some(Decision::Accept) } else { !asked[*place].is_right() }
    };
    let mut wrong: Vec<usize> = (0..list.len()).filter(is_wrong).collect();
    Random::new(options.seed).shuffle(&mut wrong);
    wrong.truncate(options.misses);
    wrong.sort_unstable();
    let titled = |code: &String| match engine.index().find_role(code) {
        Some(role) => format!("{code} {}", engine.index().taxonomy.role(role).title),
        None => code.clone(),
    };
    let miss = |place: usize| {
        let (question, answer) = (&list[place], &asked[place]);
        Miss {
            text: question.text.clone(),
            right: question.right.iter().map(titled).collect(),
            first: answer.first.as_ref().map_or_else(String::new, |first| format!("{} {} [{}]", first.code, first.title, first.name)),
            place: answer.places.first().map(|place| place + 1),
            confidence: answer.confidence.unwrap_or(0.0),
        }
    };
    wrong.into_iter().map(miss).collect()
}

impl Run {
    /// Every figure that floors and comparisons may name, by name.
    pub fn figures(&self) -> BTreeMap<String, f64> {
        let mut figures = BTreeMap::new();
        let mut add = |name: &str, value: f64| {
            figures.insert(name.to_owned(), value);
        };
        if let Some(method) = self.methods.first() {
            let measures = &method.measures;
            add("accuracy", measures.accuracy.mean);
            add("mrr", measures.mrr.mean);
            add("map", measures.map.mean);
            measures.recall.iter().for_each(|(depth, recall)| add(&format!("recall_{depth}"), *recall));
            if let Some(confidence) = &measures.confidence {
                add("accepted", confidence.accepted);
                add("accepted_precision", confidence.accepted_precision);
                add("calibration_error", confidence.calibration_error);
                add("auc", confidence.auc);
                add("brier", confidence.brier);
                add("brier_gain", confidence.brier_gain);
                for at in &confidence.coverage_at {
                    add(&format!("coverage_at_{:.0}", at.precision * 100.0), at.coverage);
                }
            }
            if let Some(sets) = &measures.sets {
                add("set_size", sets.size);
                add("set_coverage", sets.coverage);
            }
        }
        for rate in &self.changes {
            add(&format!("unchanged_{}", rate.change.name()), rate.share);
        }
        if let Some(speed) = &self.speed {
            add("mean_us", speed.mean_us);
            add("p50_us", speed.p50_us);
            add("p99_us", speed.p99_us);
        }
        if let Some(share) = self.accepted_without_right {
            add("accepted_without_right", share);
        }
        if let Some(families) = &self.families {
            add("family_likely", families.likely);
            add("rejected", families.rejected);
        }
        if let Some(via) = &self.via {
            via.depths.iter().for_each(|depth| add(&format!("via_{}", depth.depth.name()), depth.accuracy));
            add("via_accepted", via.accepted);
            add("via_accepted_precision", via.accepted_precision);
            if let Some(levels) = &via.levels {
                add("via_level", levels.accuracy);
            }
        }
        if let Some(bytes) = self.index.bytes {
            add("index_bytes", bytes as f64);
        }
        if let Some(seconds) = self.index.build_seconds {
            add("build_seconds", seconds);
        }
        figures
    }
}
