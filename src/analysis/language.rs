//! Guesses the language of a list of names from the lexicons' own words.

use rustc_hash::FxHashMap;

use super::fold::fold;
use crate::taxonomy::lexicon::Lexicon;

/// Names read at most: enough to be sure, few enough to be quick.
const MAX_NAMES: usize = 5_000;

/// The language whose function words, level words and gender endings the names hold most often; `None` when no lexicon's
/// words occur.
pub fn guess_language<'a>(lexicon: &Lexicon, names: impl Iterator<Item = &'a str>) -> Option<String> {
    let mut marks: FxHashMap<&str, Vec<&str>> = FxHashMap::default();
    for tables in lexicon.languages.values() {
        let words = tables.stop.iter().chain(&tables.linking).chain(tables.levels.keys()).chain(tables.offices.keys());
        for word in words.chain(&tables.vague) {
            let languages = marks.entry(word.as_str()).or_default();
            if !languages.contains(&tables.lang.as_str()) {
                languages.push(&tables.lang);
            }
        }
    }
    let mut votes: FxHashMap<&str, f32> = FxHashMap::default();
    for name in names.take(MAX_NAMES) {
        for word in fold(name).text.split(|letter: char| !letter.is_alphanumeric()) {
            for lang in marks.get(word).into_iter().flatten() {
                *votes.entry(lang).or_default() += 1.0 / marks[word].len() as f32;
            }
        }
    }
    let best = votes.into_iter().max_by(|a, b| a.1.total_cmp(&b.1).then_with(|| b.0.cmp(a.0)))?;
    Some(best.0.to_owned())
}
