//! Turns questions into answers judged right or wrong.

use std::time::Instant;

use serde::Serialize;

use super::{Question, in_parallel};
use crate::decide::Decision;
use crate::engine::{Engine, MAX_LIMIT, MatchOptions, Reading, Tier};

/// Titles timed at most: enough for a stable 99th percentile.
const TIMED_TITLES: usize = 5_000;

/// A question with what one method answered.
#[derive(Debug, Clone, PartialEq)]
pub struct Asked {
    /// Places of the right codes among the candidates, from 0, rising.
    pub places: Vec<usize>,
    /// How many codes are right.
    pub right_codes: usize,
    /// Confidence that the first is right; methods that state none have none.
    pub confidence: Option<f32>,
    /// What to do with the answer.
    pub decision: Option<Decision>,
    /// How the first was found.
    pub tier: Option<Tier>,
    /// Size of the candidate set, and whether a right code is in it.
    pub set: Option<(usize, bool)>,
    /// The first answer, for people.
    pub first: Option<FirstAnswer>,
}

/// A first answer in words.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FirstAnswer {
    /// Its code.
    pub code: String,
    /// Its title.
    pub title: String,
    /// The name that spoke for it.
    pub name: String,
}

impl Asked {
    /// Whether the first answer is right.
    pub fn is_right(&self) -> bool {
        self.places.first() == Some(&0)
    }
}

/// Asks one question. A code of a role or of its specialisation may be right; where only specialisations are, confidence
/// and decision are about the specialisation. Accepts aim at a precision.
pub fn ask(engine: &Engine, question: &Question, accept_precision: f32) -> Asked {
    let taxonomy = &engine.index().taxonomy;
    let answer = engine.classify(&question.text, &MatchOptions { limit: MAX_LIMIT, accept_precision, ..MatchOptions::default() });
    let is_right = |code: &str| question.right.iter().any(|right| right == code);
    let places: Vec<usize> = answer
        .candidates
        .iter()
        .enumerate()
        .filter(|(_, candidate)| is_right(candidate.code.as_str()) || is_right(&taxonomy.specialisation(candidate.specialisation).code))
        .map(|(place, _)| place)
        .collect();
    let first = answer.candidates.first();
    let wants_role = !taxonomy.has_levels() || question.right.iter().any(|code| engine.index().find_role(code).is_some());
    let (mut confidence, mut decision) = (first.map_or(0.0, |first| first.confidence), answer.decision);
    if !wants_role && let Some(first) = first {
        match answer.group.as_ref().filter(|group| group.kind == "specialisation") {
            Some(group) => (confidence, decision) = (group.confidence, group.decision),
            None => {
                let Reading { query, known, .. } = engine.read(&question.text, None);
                let (found, ranking) = engine.rank(&query, known);
                if ranking.scored.first().is_some_and(|scored| scored.specialisation == first.specialisation) {
                    confidence = engine.confidence(&query, &found, &ranking);
                }
            }
        }
    }
    let in_set = |code: &String| {
        is_right(code)
            || engine.index().find_role(code).is_some_and(|role| is_right(&taxonomy.specialisation(taxonomy.role(role).specialisation).code))
            || question.right.iter().any(|right| {
                engine.index().find_role(right).is_some_and(|role| taxonomy.specialisation(taxonomy.role(role).specialisation).code == *code)
            })
    };
    Asked {
        places,
        right_codes: question.right.len(),
        confidence: Some(confidence),
        decision: Some(decision),
        tier: first.map(|first| first.tier),
        set: answer.set.as_ref().map(|set| (set.codes.len(), set.codes.iter().any(in_set))),
        first: first.map(|first| FirstAnswer {
            code: first.code.to_string(),
            title: first.title.clone(),
            name: first.matched.as_ref().map_or_else(String::new, |name| name.text.clone()),
        }),
    }
}

/// Asks every question, in their order.
pub fn ask_all(engine: &Engine, questions: &[Question], accept_precision: f32) -> Vec<Asked> {
    in_parallel(questions, |question| ask(engine, question, accept_precision))
}

/// Time that answers take, in microseconds of one thread, with the usual options.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Speed {
    /// Mean.
    pub mean_us: f64,
    /// Median.
    pub p50_us: f64,
    /// 99th percentile.
    pub p99_us: f64,
    /// Titles timed.
    pub titles: usize,
}

/// Times answers one after another; `None` for no questions.
pub fn time(engine: &Engine, questions: &[Question]) -> Option<Speed> {
    let options = MatchOptions::default();
    for question in questions.iter().take(50) {
        let _warm = engine.classify(&question.text, &options);
    }
    let mut micros: Vec<f64> = questions
        .iter()
        .take(TIMED_TITLES)
        .map(|question| {
            let start = Instant::now();
            let answer = engine.classify(&question.text, &options);
            let elapsed = start.elapsed();
            std::hint::black_box(answer);
            elapsed.as_secs_f64() * 1e6
        })
        .collect();
    micros.sort_by(f64::total_cmp);
    let last = micros.len().checked_sub(1)?;
    let percentile = |share: f64| micros[(share * last as f64).round() as usize];
    Some(Speed { mean_us: micros.iter().sum::<f64>() / micros.len() as f64, p50_us: percentile(0.5), p99_us: percentile(0.99), titles: micros.len() })
}
