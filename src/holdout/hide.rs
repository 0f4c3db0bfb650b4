//! Hides names, and whole specialisations, of a taxonomy: what is left is indexed, what was hidden is asked.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::analysis::{Analyzer, Word, key};
use crate::learn::Random;
use crate::taxonomy::{SpecialisationId, Taxonomy};

/// How much to hide.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Share {
    /// Share of the distinct names that are hidden with every code that lists them.
    pub names: f32,
    /// Share of the specialisations that are hidden with all their names.
    pub specialisations: f32,
}

/// A hidden title.
#[derive(Debug, Clone, PartialEq)]
pub struct HiddenTitle {
    /// As written.
    pub text: String,
    /// Language.
    pub lang: String,
    /// Codes of the specialisations that list it and are left in the taxonomy; empty when all of them were hidden.
    pub right: Vec<String>,
}

/// A taxonomy without what was hidden.
#[derive(Debug)]
pub struct Hidden {
    /// What is left.
    pub taxonomy: Taxonomy,
    /// What was hidden, in order of the taxonomy; titles of hidden specialisations have no right code.
    pub titles: Vec<HiddenTitle>,
}

/// Hides a share of names and specialisations. Titles of specialisations are never hidden with the names: an official
/// title is what a taxonomy surely has.
pub fn hide(taxonomy: &Taxonomy, share: Share, seed: u64) -> Hidden {
    let mut random = Random::new(seed);
    let analyzer = Analyzer::new(&taxonomy.lexicon, &taxonomy.manifest.languages);
    let hidden_specialisations: FxHashSet<u32> =
        (0..taxonomy.specialisations.len() as u32).filter(|_| random.unit() < share.specialisations).collect();
    let mut drawn: FxHashMap<u64, bool> = FxHashMap::default();
    let mut groups: Vec<(SpecialisationId, usize, u64)> = Vec::new();
    for number in 0..taxonomy.specialisations.len() as u32 {
        let id = SpecialisationId(number);
        for (place, alias) in taxonomy.specialisation(id).aliases.iter().enumerate() {
            let query = analyzer.name(&alias.text, Some(&alias.lang));
            let words: Vec<&Word> = query.words.iter().filter(|word| !word.is_noise()).collect();
            let Some(group) = key(&words) else { continue };
            drawn.entry(group).or_insert_with(|| random.unit() < share.names);
            groups.push((id, place, group));
        }
    }
    let kept: FxHashSet<u64> =
        groups.iter().filter(|(id, _, _)| !hidden_specialisations.contains(&id.0)).map(|(_, _, group)| *group).collect();
    let mut titles: Vec<HiddenTitle> = Vec::new();
    let mut place_of: FxHashMap<u64, usize> = FxHashMap::default();
    let mut left = taxonomy.clone();
    let mut removed: FxHashMap<u32, FxHashSet<usize>> = FxHashMap::default();
    for (id, place, group) in &groups {
        let specialisation = taxonomy.specialisation(*id);
        let alias = &specialisation.aliases[*place];
        let whole = hidden_specialisations.contains(&id.0);
        if !whole && !drawn[group] {
            continue;
        }
        let exact = key(&analyzer.name(&alias.text, Some(&alias.lang)).words.iter().collect::<Vec<_>>()).unwrap_or(*group);
        if !whole {
            removed.entry(id.0).or_default().insert(*place);
        }
        // A name of a hidden specialisation that others keep is no title without a right code.
        if whole && !drawn[group] && kept.contains(group) {
            continue;
        }
        let at = *place_of.entry(exact).or_insert_with(|| {
            titles.push(HiddenTitle { text: alias.text.to_string(), lang: alias.lang.to_string(), right: Vec::new() });
            titles.len() - 1
        });
        if !whole && !titles[at].right.contains(&specialisation.code) {
            titles[at].right.push(specialisation.code.clone());
        }
    }
    for (number, specialisation) in left.specialisations.iter_mut().enumerate() {
        if let Some(places) = removed.get(&(number as u32)) {
            let mut place = 0;
            specialisation.aliases.retain(|_| {
                place += 1;
                !places.contains(&(place - 1))
            });
        }
    }
    remove_specialisations(&mut left, &hidden_specialisations);
    Hidden { taxonomy: left, titles }
}

/// Takes specialisations with their roles out of a taxonomy and renumbers the rest.
fn remove_specialisations(taxonomy: &mut Taxonomy, removed: &FxHashSet<u32>) {
    let mut new_numbers: Vec<Option<u32>> = Vec::with_capacity(taxonomy.specialisations.len());
    let mut next = 0;
    for number in 0..taxonomy.specialisations.len() as u32 {
        if removed.contains(&number) {
            new_numbers.push(None);
        } else {
            new_numbers.push(Some(next));
            next += 1;
        }
    }
    let mut number = 0;
    taxonomy.specialisations.retain(|_| {
        number += 1;
        !removed.contains(&(number - 1))
    });
    taxonomy.roles.retain(|role| new_numbers[role.specialisation.0 as usize].is_some());
    for role in &mut taxonomy.roles {
        if let Some(new) = new_numbers[role.specialisation.0 as usize] {
            role.specialisation = SpecialisationId(new);
        }
    }
}
