//! Turns a taxonomy into questions about itself: names hidden from the index, titles of roles that are not in it, and
//! names that are.

use rustc_hash::FxHashMap;

use super::{Question, Questions};
use crate::analysis::{Analyzer, key};
use crate::engine::Engine;
use crate::holdout::{self, Hidden, Share};
use crate::index::collect;
use crate::learn::Random;
use crate::taxonomy::Taxonomy;

/// Hides a share of the distinct aliases, each with all codes that list it, and asks them; titles are never hidden. The
/// taxonomy returned is what is left to index.
pub fn hidden_names(taxonomy: &Taxonomy, share: f32, seed: u64) -> (Taxonomy, Questions) {
    let Hidden { taxonomy: left, titles } = holdout::hide(taxonomy, Share { names: share, specialisations: 0.0 }, seed);
    // A spelling of a title is no hidden name: the index still has it.
    let analyzer = Analyzer::new(&left.lexicon, &left.manifest.languages);
    let key_of = |text: &str, lang: &str| key(&analyzer.name(text, Some(lang)).words.iter().collect::<Vec<_>>());
    let kept: rustc_hash::FxHashSet<u64> = collect(&left).iter().filter_map(|name| key_of(&name.text, &name.lang)).collect();
    let list = titles
        .into_iter()
        .filter(|title| !title.right.is_empty() && key_of(&title.text, &title.lang).is_some_and(|key| !kept.contains(&key)))
        .enumerate()
        .map(|(number, title)| Question { id: number.to_string(), text: title.text, right: title.right })
        .collect();
    let name = format!("{}:hidden-names", left.manifest.name);
    (left, Questions { name, list })
}

/// Hides a share of the specialisations with all their names and asks those names, which have no right answer.
pub fn hidden_roles(taxonomy: &Taxonomy, share: f32, seed: u64) -> (Taxonomy, Questions) {
    let Hidden { taxonomy: left, titles } = holdout::hide(taxonomy, Share { names: 0.0, specialisations: share }, seed);
    let list = titles
        .into_iter()
        .filter(|title| title.right.is_empty())
        .enumerate()
        .map(|(number, title)| Question { id: number.to_string(), text: title.text, right: Vec::new() })
        .collect();
    let name = format!("{}:hidden-roles", left.manifest.name);
    (left, Questions { name, list })
}

/// Draws names that the index has, with every specialisation that bears them.
pub fn indexed_names(engine: &Engine, most: usize, seed: u64) -> Questions {
    let index = engine.index();
    let names = &index.names;
    let mut bearers: FxHashMap<u64, Vec<u32>> = FxHashMap::default();
    let mut order: Vec<(u64, u32)> = Vec::new();
    for name in 0..names.len() as u32 {
        let query = index.analyzer.name(names.texts.get(name), names.languages.get(usize::from(names.facts[name as usize].lang)).map(String::as_str));
        let Some(key) = key(&query.words.iter().collect::<Vec<_>>()) else { continue };
        let found = bearers.entry(key).or_default();
        if found.is_empty() {
            order.push((key, name));
        }
        found.push(names.facts[name as usize].specialisation.0);
    }
    Random::new(seed).shuffle(&mut order);
    order.truncate(most);
    let list = order
        .into_iter()
        .map(|(key, name)| {
            let mut right: Vec<String> =
                bearers[&key].iter().map(|number| index.taxonomy.specialisations[*number as usize].code.clone()).collect();
            right.dedup();
            Question { id: name.to_string(), text: names.texts.get(name).to_owned(), right }
        })
        .collect();
    Questions { name: format!("{}:known", index.taxonomy.manifest.name), list }
}
