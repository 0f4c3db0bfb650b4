//! Fits reranker, calibrators, thresholds and candidate sets to what an engine answers to titles hidden from it.

use std::collections::BTreeMap;

use crate::engine::{Engine, GUARD, Reading};
use crate::holdout::HiddenTitle;
use crate::learn::{Calibrator, CandidateSets, ChoiceSet, Random, RankedTitle, Reranker, Threshold};
use crate::rank::{self, FEATURES, Fits, KNOWN_EVIDENCE, MISSPELT_EVIDENCE, NOVEL_EVIDENCE, Ranking, Scored, TitleWords};
use crate::taxonomy::SpecialisationId;

/// Penalty on the reranker's standardised weights.
const RERANKER_L2: f64 = 1e-3;
/// Share of the fixed fusion's weights in the fitted ones. Titles that people write are less like a taxonomy's names than
/// hidden names are, and plain likeness, which the fixed weights trust more, carries further there: titles new to O*NET
/// 0.569 to 0.577, MELO German 0.520 to 0.527, Spanish 0.434 to 0.439, French 0.819 to 0.822, hidden O*NET names 0.614 to
/// 0.609. At a half the latter lose a point more and the others gain nothing.
const FIXED_SHARE: f32 = 0.2;
/// Penalty on the calibrators' weights.
const CALIBRATOR_RIDGE: f64 = 1e-3;
/// Fewest held-out titles from which calibrators are fitted; below, those shipped with Canon are used.
pub const MIN_CALIBRATION_TITLES: usize = 150;
/// Most hidden titles asked: more change no weight's second digit and cost time.
const MAX_TITLES: usize = 8_000;
/// Share of the titles asked whose roles are all hidden. Real lists hold some work that a taxonomy lacks; with more of
/// it every confidence would sink for the sake of titles that are rare.
const WITHOUT_RIGHT_SHARE: f64 = 0.045;
/// Precision whose coverage is among the figures: the engine's default.
const ACCEPT_PRECISION: f64 = 0.95;
/// Probability with which a candidate set holds a right code.
const SET_PROBABILITY: f64 = 0.9;

/// A held-out title as the engine answered it.
struct Asked {
    rows: Vec<[f32; FEATURES]>,
    right: Vec<bool>,
    /// Whether a right one is among the candidates.
    has_right: bool,
    /// Whether the taxonomy has a right one at all.
    answerable: bool,
    known: Option<KnownEvidence>,
    words: TitleWords,
}

/// Evidence about the name found for a title.
struct KnownEvidence {
    misspelt: bool,
    row: Vec<f32>,
    right: bool,
}

/// Fits and what was seen on the way.
#[derive(Debug, Clone)]
pub struct Fitted {
    /// The fits.
    pub fits: Fits,
    /// `fitted` or `fixed`.
    pub ranker: &'static str,
    /// `fitted`, `shipped` or `none`.
    pub calibration: &'static str,
    /// Figures of the hold-out.
    pub figures: BTreeMap<String, f64>,
}

/// Fits everything. `known_titles` are indexed titles as people type them, with the code they have.
pub(super) fn fit(engine: &Engine, hidden: &[HiddenTitle], known_titles: &[HiddenTitle], fallback: Option<&Fits>, seed: u64) -> Fitted {
    let chosen = choose(hidden, seed);
    let asked = ask_all(engine, &chosen);
    let known_titles: Vec<&HiddenTitle> = known_titles.iter().collect();
    let asked_known = ask_all(engine, &known_titles);
    let mut figures = BTreeMap::new();

    let novel: Vec<&Asked> = asked.iter().filter(|title| title.known.is_none() && !title.rows.is_empty()).collect();
    let (fitting, judging): (Vec<_>, Vec<_>) = novel.iter().enumerate().partition(|(number, _)| number % 2 == 0);
    let fitting: Vec<&Asked> = fitting.into_iter().map(|(_, title)| *title).collect();
    let judging: Vec<&Asked> = judging.into_iter().map(|(_, title)| *title).collect();
    let fixed = Fits::default().reranker;
    let half = fit_reranker(&fitting);
    let (fixed_right, fitted_right) = (accuracy(&judging, &fixed), accuracy(&judging, &half));
    figures.insert("hold_out_titles".to_owned(), novel.len() as f64);
    figures.insert("hold_out_fixed_accuracy".to_owned(), fixed_right);
    figures.insert("hold_out_fitted_accuracy".to_owned(), fitted_right);
    let use_fitted = fitted_right >= fixed_right && fitting.len() >= MIN_CALIBRATION_TITLES;
    let reranker = if use_fitted { half } else { fixed };

    let enough = judging.len() >= MIN_CALIBRATION_TITLES;
    // Calibrators learn from every title, each ranked by a reranker that did not see it.
    let other = if use_fitted && enough { fit_reranker(&judging) } else { reranker.clone() };
    let judged: Vec<(&Asked, &Reranker)> =
        judging.iter().map(|title| (*title, &reranker)).chain(fitting.iter().map(|title| (*title, &other))).collect();
    let mut fits = Fits { reranker: reranker.clone(), ..Fits::default() };
    if enough {
        calibrate(&judged, &asked, &asked_known, &mut fits, &mut figures);
        if use_fitted {
            // Now that its worth was judged, the reranker may learn from all.
            fits.reranker = fit_reranker(&novel);
        }
    } else if let Some(shipped) = fallback {
        fits.novel = shipped.novel.clone();
        fits.known = shipped.known.clone();
        fits.misspelt = shipped.misspelt.clone();
        fits.held_out = shipped.held_out.clone();
        fits.sets = shipped.sets;
        fits.reranker = if use_fitted { fits.reranker } else { shipped.reranker.clone() };
    }
    Fitted {
        fits,
        ranker: if use_fitted { "fitted" } else { "fixed" },
        calibration: if enough { "fitted" } else if fallback.is_some() { "shipped" } else { "none" },
        figures,
    }
}

/// A random choice of the hidden titles with a limited share of those that have no right code.
fn choose(hidden: &[HiddenTitle], seed: u64) -> Vec<&HiddenTitle> {
    let mut shuffled: Vec<&HiddenTitle> = hidden.iter().collect();
    Random::new(seed).shuffle(&mut shuffled);
    let (mut chosen, mut without): (Vec<_>, Vec<_>) = shuffled.into_iter().partition(|title| !title.right.is_empty());
    chosen.truncate(MAX_TITLES);
    without.truncate((chosen.len() as f64 * WITHOUT_RIGHT_SHARE) as usize);
    chosen.extend(without);
    Random::new(seed + 1).shuffle(&mut chosen);
    chosen
}

fn ask_all(engine: &Engine, titles: &[&HiddenTitle]) -> Vec<Asked> {
    let threads = std::thread::available_parallelism().map_or(1, usize::from).min(8);
    let chunk = titles.len().div_ceil(threads).max(1);
    std::thread::scope(|scope| {
        let handles: Vec<_> = titles
            .chunks(chunk)
            .map(|part| scope.spawn(move || part.iter().map(|title| ask(engine, title)).collect::<Vec<_>>()))
            .collect();
        handles.into_iter().flat_map(|handle| handle.join().expect("asking does not panic")).collect()
    })
}

fn ask(engine: &Engine, title: &HiddenTitle) -> Asked {
    let Reading { query, known, .. } = engine.read(&title.text, None);
    let (found, ranking) = engine.rank(&query, known);
    let is_right = |scored: &Scored| title.right.contains(&engine.index().taxonomy.specialisation(scored.specialisation).code);
    let right: Vec<bool> = ranking.scored.iter().map(is_right).collect();
    let known = found.known.as_ref().map(|known| {
        // A title that is a name of the taxonomy, word for word, is right wherever the taxonomy lists it.
        let listed = !known.is_contested() && !title.right.is_empty();
        KnownEvidence { misspelt: known.is_misspelt(), row: rank::name_evidence(&ranking, known), right: listed || right.first().copied().unwrap_or(false) }
    });
    Asked {
        rows: ranking.scored.iter().map(|scored| scored.features).collect(),
        answerable: !title.right.is_empty(),
        has_right: right.iter().any(|right| *right),
        right,
        known,
        words: rank::title_words(engine.index(), &query),
    }
}

fn fit_reranker(titles: &[&Asked]) -> Reranker {
    let mut choices = ChoiceSet::new(FEATURES);
    for title in titles.iter().filter(|title| title.has_right) {
        let rows: Vec<f32> = title.rows.iter().flatten().copied().collect();
        choices.push(&rows, &title.right);
    }
    let fixed = Fits::default().reranker;
    let mut weights: Vec<f32> = Reranker::fit(&choices, RERANKER_L2)
        .0
        .weights()
        .iter()
        .zip(fixed.weights())
        .map(|(fitted, fixed)| (1.0 - FIXED_SHARE) * fitted + FIXED_SHARE * fixed)
        .collect();
    // No prior stands in the hold-out, so its weight cannot be fitted: a log-probability adds to the score as it is.
    if let Some(prior) = weights.last_mut() {
        *prior = 1.0;
    }
    Reranker::fixed(weights)
}

/// The order of a novel title's candidates, with the place of the first right one. Their numbers are their places as asked.
fn ranked(title: &Asked, reranker: &Reranker) -> (Ranking, Option<usize>) {
    let mut scores: Vec<(f32, usize)> = title.rows.iter().enumerate().map(|(place, row)| (reranker.score(row), place)).collect();
    scores.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    let most = scores.first().map_or(0.0, |first| first.0);
    let total: f32 = scores.iter().map(|(score, _)| (score - most).exp()).sum();
    let scored = scores.iter().map(|&(score, place)| Scored {
        specialisation: SpecialisationId(place as u32),
        score,
        probability: (score - most).exp() / total,
        name: None,
        features: title.rows[place],
    });
    let ranking = Ranking { scored: scored.collect(), ..Ranking::default() };
    (ranking, scores.iter().position(|(_, place)| title.right[*place]))
}

fn accuracy(titles: &[&Asked], reranker: &Reranker) -> f64 {
    let asked: Vec<_> = titles.iter().filter(|title| title.has_right).collect();
    let right = asked.iter().filter(|title| ranked(title, reranker).1 == Some(0)).count();
    right as f64 / asked.len().max(1) as f64
}

fn calibrate(judged: &[(&Asked, &Reranker)], asked: &[Asked], asked_known: &[Asked], fits: &mut Fits, figures: &mut BTreeMap<String, f64>) {
    let rankings: Vec<(Ranking, Option<usize>)> = judged.iter().map(|(title, reranker)| ranked(title, reranker)).collect();
    let rows: Vec<f32> = judged.iter().zip(&rankings).flat_map(|((title, _), (ranking, _))| rank::novel_evidence(ranking, title.words)).collect();
    let right: Vec<bool> = rankings.iter().map(|(_, place)| *place == Some(0)).collect();
    let pairs = crossed(&rows, &right);
    fits.novel = Some(Calibrator::fit(&rows, &right, NOVEL_EVIDENCE, CALIBRATOR_RIDGE));
    fits.held_out = pairs.iter().map(|(confidence, right)| ((confidence * 10_000.0).round() as u16, *right)).collect();
    fits.held_out.sort_unstable_by(|a, b| b.cmp(a));
    figures.insert("hold_out_calibration_error".to_owned(), crate::learn::measure::calibration_error(&pairs, 10));
    figures.insert("hold_out_auc".to_owned(), crate::learn::measure::area_under_curve(&pairs));
    if let Some(accept) = Threshold::for_precision(&pairs, ACCEPT_PRECISION, GUARD) {
        figures.insert("hold_out_coverage_at_95".to_owned(), accept.coverage);
    }
    fits.known = calibrate_known(asked.iter().chain(asked_known), false, figures);
    fits.misspelt = calibrate_known(asked.iter().chain(asked_known), true, figures);

    let novel = judged.iter().zip(&rankings).zip(&pairs).filter(|(((title, _), _), _)| title.answerable);
    let sets: Vec<RankedTitle> = novel.map(|((_, (ranking, right)), (confidence, _))| RankedTitle { confidence: *confidence, others: ranking.behind(), right: *right }).collect();
    fits.sets = Some(CandidateSets::fit(&sets, SET_PROBABILITY));
}

/// A calibrator of the titles for which a name was found, with edits undone or without; none where they are too few.
fn calibrate_known<'a>(asked: impl Iterator<Item = &'a Asked>, misspelt: bool, figures: &mut BTreeMap<String, f64>) -> Option<Calibrator> {
    let known: Vec<&KnownEvidence> = asked.filter_map(|title| title.known.as_ref()).filter(|known| known.misspelt == misspelt).collect();
    if known.len() < MIN_CALIBRATION_TITLES {
        return None;
    }
    let rows: Vec<f32> = known.iter().flat_map(|known| known.row.iter().copied()).collect();
    let right: Vec<bool> = known.iter().map(|known| known.right).collect();
    let branch = if misspelt { "misspelt" } else { "known" };
    figures.insert(format!("hold_out_{branch}_titles"), known.len() as f64);
    figures.insert(format!("hold_out_{branch}_accuracy"), right.iter().filter(|right| **right).count() as f64 / right.len() as f64);
    let features = if misspelt { MISSPELT_EVIDENCE } else { KNOWN_EVIDENCE };
    Some(Calibrator::fit(&rows, &right, features, CALIBRATOR_RIDGE))
}

/// Confidences of each half by a calibrator fitted on the other half, in the order of the titles.
fn crossed(rows: &[f32], right: &[bool]) -> Vec<(f32, bool)> {
    let half = right.len() / 2;
    let mut pairs = Vec::with_capacity(right.len());
    for (fit, judge) in [(half..right.len(), 0..half), (0..half, half..right.len())] {
        let cut = |range: &std::ops::Range<usize>| range.start * NOVEL_EVIDENCE..range.end * NOVEL_EVIDENCE;
        let calibrator = Calibrator::fit(&rows[cut(&fit)], &right[fit.clone()], NOVEL_EVIDENCE, CALIBRATOR_RIDGE);
        for at in judge {
            pairs.push((calibrator.confidence(&rows[at * NOVEL_EVIDENCE..(at + 1) * NOVEL_EVIDENCE]), right[at]));
        }
    }
    pairs
}
