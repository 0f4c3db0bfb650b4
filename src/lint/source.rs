//! Turns a loaded taxonomy into what rules look at: its names read once by the analyser, and its parts with their places.

use crate::analysis::{Analyzer, NamePairs, Query, Word, join, key};
use crate::corpus::{Loaded, Place, Places, RecordPlaces};
use crate::taxonomy::{Alias, Component, FamilyId, LevelCode, Mapping, Role, Specialisation, SpecialisationId, Taxonomy};

use super::Extras;
use super::text::spelling;

/// A taxonomy as rules see it.
pub(super) struct Source<'a> {
    pub(super) taxonomy: &'a Taxonomy,
    pub(super) places: &'a Places,
    pub(super) extras: &'a Extras,
    pub(super) analyzer: Analyzer,
    /// Language of titles.
    pub(super) main_language: &'a str,
    /// Every name that is not made from a pattern; those of a specialisation stand together, its title first.
    pub(super) names: Vec<Name<'a>>,
}

/// A title or alias.
pub(super) struct Name<'a> {
    pub(super) text: &'a str,
    pub(super) lang: &'a str,
    pub(super) specialisation: SpecialisationId,
    /// The role, when it is a name of one level.
    pub(super) role: Option<&'a Role>,
    /// The alias; `None` for a title.
    pub(super) alias: Option<&'a Alias>,
    pub(super) place: Place,
    /// As the analyser reads a name.
    pub(super) query: Query,
    /// Folded words without punctuation.
    pub(super) spelling: String,
    /// The whole normal form in its order, level words included.
    pub(super) normal: String,
    /// Hash of its words without their order and without function words.
    pub(super) key: Option<u64>,
}

impl Name<'_> {
    /// The level of the only role that bears the name.
    pub(super) fn level(&self) -> Option<LevelCode> {
        self.role.and_then(|role| role.level)
    }

    /// Why the name may stand in several families, when that is written.
    pub(super) fn ambiguous(&self) -> Option<&str> {
        self.alias.and_then(|alias| alias.ambiguous.as_deref())
    }
}

impl<'a> Source<'a> {
    pub(super) fn new(loaded: &'a Loaded, extras: &'a Extras) -> Self {
        let taxonomy = &loaded.taxonomy;
        let main_language = taxonomy.manifest.languages.first().map_or("en", String::as_str);
        let analyzer = Analyzer::new(&taxonomy.lexicon, &taxonomy.manifest.languages);
        let mut source = Self { taxonomy, places: &loaded.places, extras, analyzer, main_language, names: Vec::new() };
        source.names = source.collect();
        source.analyzer = Analyzer::new(&taxonomy.lexicon, &taxonomy.manifest.languages)
            .with_name_pairs(NamePairs::collect(source.names.iter().map(|name| &name.query)));
        source
    }

    fn collect(&self) -> Vec<Name<'a>> {
        let mut names = Vec::new();
        for (id, specialisation, places) in self.specialisations() {
            let mut push = |text: &'a str, lang: &'a str, role: Option<&'a Role>, alias: Option<&'a Alias>, place: Place| {
                let query = self.analyzer.name(text, Some(lang));
                let words: Vec<&Word> = query.words.iter().collect();
                let (normal, key) = (join(&words), key(&words));
                names.push(Name { text, lang, specialisation: id, role, alias, place, normal, key, spelling: spelling(text), query });
            };
            push(&specialisation.title, self.main_language, None, None, places.field("title"));
            for (role, places) in self.roles_of(id) {
                if role.title_is_written && role.title != specialisation.title {
                    push(&role.title, self.main_language, Some(role), None, places.field("title"));
                }
                for (alias, place) in role.aliases.iter().zip(&places.aliases) {
                    push(&alias.text, &alias.lang, Some(role), Some(alias), place.clone());
                }
            }
            for (alias, place) in specialisation.aliases.iter().zip(&places.aliases) {
                push(&alias.text, &alias.lang, None, Some(alias), place.clone());
            }
        }
        names
    }

    /// Specialisations with their numbers and places.
    pub(super) fn specialisations(&self) -> impl Iterator<Item = (SpecialisationId, &'a Specialisation, &'a RecordPlaces)> + use<'a> {
        let parts = self.taxonomy.specialisations.iter().zip(&self.places.specialisations);
        parts.enumerate().map(|(number, (record, places))| (SpecialisationId(number as u32), record, places))
    }

    /// Roles with their places.
    pub(super) fn roles(&self) -> impl Iterator<Item = (&'a Role, &'a RecordPlaces)> + use<'a> {
        self.taxonomy.roles.iter().zip(&self.places.roles)
    }

    /// Families with their places.
    pub(super) fn families(&self) -> impl Iterator<Item = (&'a crate::taxonomy::Family, &'a RecordPlaces)> + use<'a> {
        self.taxonomy.families.iter().zip(&self.places.families)
    }

    /// Roles of a specialisation with their places.
    pub(super) fn roles_of(&self, id: SpecialisationId) -> impl Iterator<Item = (&'a Role, &'a RecordPlaces)> + use<'a> {
        let places = &self.places.roles;
        let taxonomy = self.taxonomy;
        taxonomy.roles_of(id).map(move |(role_id, role)| (role, &places[role_id.0 as usize]))
    }

    /// The family of a specialisation; without families each specialisation stands for itself.
    pub(super) fn kin(&self, id: SpecialisationId) -> Kin {
        match self.taxonomy.specialisation(id).family {
            Some(family) => Kin::Family(family),
            None => Kin::Alone(id),
        }
    }

    /// Code for messages of a name's owner.
    pub(super) fn owner(&self, name: &Name<'a>) -> &'a str {
        match name.role {
            Some(role) => role.code.as_str(),
            None => &self.taxonomy.specialisation(name.specialisation).code,
        }
    }

    /// Every list of components with the code of its record and the places of its entries.
    pub(super) fn component_lists(&self) -> impl Iterator<Item = (&'a str, &'a [Component], &'a [Place])> + use<'a> {
        let families = self.families().map(|(record, places)| (record.code.as_str(), &*record.components, &*places.components));
        let specialisations =
            self.specialisations().map(|(_, record, places)| (record.code.as_str(), &*record.components, &*places.components));
        let roles = self.roles().map(|(record, places)| (record.code.as_str(), &*record.components, &*places.components));
        families.chain(specialisations).chain(roles)
    }

    /// Every mapping with the code of its record and its place.
    pub(super) fn mappings(&self) -> impl Iterator<Item = (&'a str, &'a Mapping, &'a Place)> + use<'a> {
        let families = self.families().map(|(record, places)| (record.code.as_str(), &*record.mappings, &*places.mappings));
        let specialisations =
            self.specialisations().map(|(_, record, places)| (record.code.as_str(), &*record.mappings, &*places.mappings));
        let roles = self.roles().map(|(record, places)| (record.code.as_str(), &*record.mappings, &*places.mappings));
        let lists = families.chain(specialisations).chain(roles);
        lists.flat_map(|(code, mappings, places)| mappings.iter().zip(places).map(move |(mapping, place)| (code, mapping, place)))
    }

    /// A level's own place.
    pub(super) fn level_place(&self, position: usize) -> Place {
        self.places.levels.get(position).cloned().unwrap_or_else(|| self.taxonomy_place())
    }

    /// Where the taxonomy speaks of itself.
    pub(super) fn taxonomy_place(&self) -> Place {
        self.places.manifest.clone().unwrap_or_else(|| Place { file: "taxonomy".into(), line: 0 })
    }
}

/// What names may be shared within: a family, or a specialisation that has none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Kin {
    Family(FamilyId),
    Alone(SpecialisationId),
}
