//! Turns a large taxonomy into many small ones, to see what little material gives.

use rustc_hash::{FxHashMap, FxHashSet};

use super::run::add_method;
use super::{Asked, EvalError, IndexFacts, Question, Run, ask_all, baseline, build_engine, compare};
use crate::build::BuildOptions;
use crate::learn::Random;
use crate::taxonomy::{Specialisation, SpecialisationId, Taxonomy};

/// Queries asked of one small taxonomy at most.
const MAX_QUERIES: usize = 2_000;

/// What a small taxonomy is made of.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SmallOptions {
    /// Codes in one.
    pub codes: usize,
    /// Aliases kept of each code, beside its title; the others are asked.
    pub aliases: usize,
    /// How many are made.
    pub seeds: u64,
    /// Precision that accepted answers aim at.
    pub accept_precision: f32,
}

/// Builds small taxonomies of random codes, each learning from the auxiliaries as well, and asks the aliases left out, all
/// rows together in one run.
///
/// # Errors
/// When no index can be built, or the taxonomy has too few codes with enough aliases.
pub fn small(
    taxonomy: &Taxonomy,
    auxiliaries: &[Taxonomy],
    options: SmallOptions,
    build: &BuildOptions,
    progress: &dyn Fn(u64),
) -> Result<Run, EvalError> {
    let mut result = Run { name: format!("{}:small-{}x{}", taxonomy.manifest.name, options.codes, options.aliases), ..Run::default() };
    let mut all_questions: Vec<Question> = Vec::new();
    let mut answers: Vec<(&'static str, Vec<Asked>)> = Vec::new();
    let mut engine_of_last = None;
    for seed in 0..options.seeds {
        progress(seed);
        let Some((part, questions)) = part(taxonomy, options, seed) else {
            let message = format!(
                "{} has fewer than {} roles with more than {} aliases: ask for a smaller experiment",
                taxonomy.manifest.name, options.codes, options.aliases
            );
            return Err(EvalError::NothingToAsk(message));
        };
        let (engine, facts) = build_engine(part, auxiliaries, build, None, &|_| {})?;
        let mut add = |name: &'static str, asked: Vec<Asked>| match answers.iter_mut().find(|(known, _)| *known == name) {
            Some((_, all)) => all.extend(asked),
            None => answers.push((name, asked)),
        };
        add("rolecall", ask_all(&engine, &questions, options.accept_precision));
        for method in baseline::all(engine.index()) {
            add(method.name(), baseline::ask_all(&*method, engine.index(), &questions));
        }
        all_questions.extend(questions);
        result.index = IndexFacts { fingerprint: String::new(), ..facts };
        engine_of_last = Some(engine);
    }
    let engine = engine_of_last.ok_or_else(|| EvalError::NothingToAsk("no seeds: ask for one at least".to_owned()))?;
    for (name, asked) in &answers {
        add_method(&mut result, name, &engine, &all_questions, asked, false, 1);
    }
    for (name, asked) in &answers[1..] {
        result.comparisons.push(compare((answers[0].0, &answers[0].1), (name, asked)));
    }
    Ok(result)
}

/// A small taxonomy with its questions; `None` when there are too few codes.
fn part(taxonomy: &Taxonomy, options: SmallOptions, seed: u64) -> Option<(Taxonomy, Vec<Question>)> {
    let mut random = Random::new(seed);
    let mut numbers: Vec<usize> =
        (0..taxonomy.specialisations.len()).filter(|number| taxonomy.specialisations[*number].aliases.len() > options.aliases).collect();
    random.shuffle(&mut numbers);
    if numbers.len() < options.codes {
        return None;
    }
    numbers.truncate(options.codes);
    numbers.sort_unstable();
    let mut left = Taxonomy { specialisations: Vec::new(), roles: Vec::new(), ..taxonomy.clone() };
    let mut asked: Vec<(String, String)> = Vec::new();
    for number in numbers {
        let mut specialisation: Specialisation = taxonomy.specialisations[number].clone();
        random.shuffle(&mut specialisation.aliases);
        let rest = specialisation.aliases.split_off(options.aliases);
        asked.extend(rest.into_iter().map(|alias| (alias.text.to_string(), specialisation.code.clone())));
        let id = SpecialisationId(left.specialisations.len() as u32);
        let roles = taxonomy.roles_of(SpecialisationId(number as u32));
        left.roles.extend(roles.map(|(_, role)| crate::taxonomy::Role { specialisation: id, ..role.clone() }));
        left.specialisations.push(specialisation);
    }
    random.shuffle(&mut asked);
    Some((left.clone(), questions(&left, asked)))
}

fn questions(left: &Taxonomy, asked: Vec<(String, String)>) -> Vec<Question> {
    let indexed: FxHashSet<String> = crate::index::collect(left).into_iter().map(|name| name.text.to_lowercase()).collect();
    let mut place_of: FxHashMap<String, usize> = FxHashMap::default();
    let mut list: Vec<Question> = Vec::new();
    for (text, code) in asked {
        let folded = text.to_lowercase();
        if indexed.contains(&folded) {
            continue;
        }
        let place = *place_of.entry(folded).or_insert_with(|| {
            list.push(Question { id: list.len().to_string(), text, right: Vec::new() });
            list.len() - 1
        });
        if !list[place].right.contains(&code) {
            list[place].right.push(code);
        }
    }
    list.truncate(MAX_QUERIES);
    list
}
