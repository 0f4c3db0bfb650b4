//! Remembers where every part of a loaded taxonomy was written, so that a finding can name file and line.
//!
//! The lists run in parallel to those of the [`Taxonomy`](crate::taxonomy::Taxonomy): `places.families[3].aliases[0]` is the
//! place of `taxonomy.families[3].aliases[0]`.

use std::collections::BTreeMap;
use std::sync::Arc;

/// A line of a file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// The file, as the caller named the taxonomy plus the path inside it.
    pub file: Arc<str>,
    /// Line from 1.
    pub line: u32,
}

impl std::fmt::Display for Place {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{}:{}", self.file, self.line)
    }
}

/// Where one family, specialisation or role and its parts stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordPlaces {
    /// The record; for a role its level part, else its entry in `titles`, else its specialisation.
    pub place: Place,
    /// Line of every key that the record writes, as in `summary` or `story`.
    pub fields: BTreeMap<String, u32>,
    /// Its aliases; empty for a family.
    pub aliases: Vec<Place>,
    /// Its components.
    pub components: Vec<Place>,
    /// Its mappings.
    pub mappings: Vec<Place>,
}

impl RecordPlaces {
    /// A record whose parts all stand on one line.
    pub(crate) fn on_one_line(place: Place, aliases: usize, components: usize, mappings: usize) -> Self {
        let repeat = |times: usize| vec![place.clone(); times];
        Self {
            aliases: repeat(aliases),
            components: repeat(components),
            mappings: repeat(mappings),
            fields: BTreeMap::new(),
            place,
        }
    }

    /// The place of a key, or of the record when it does not write the key.
    pub fn field(&self, key: &str) -> Place {
        match self.fields.get(key) {
            Some(line) => Place { file: self.place.file.clone(), line: *line },
            None => self.place.clone(),
        }
    }
}

/// Where the parts of a taxonomy stand.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Places {
    /// The facts about the taxonomy itself.
    pub manifest: Option<Place>,
    /// Each level.
    pub levels: Vec<Place>,
    /// Each superfunction.
    pub superfunctions: Vec<Place>,
    /// Each group of an outer scheme.
    pub groups: Vec<Place>,
    /// Each family.
    pub families: Vec<RecordPlaces>,
    /// Each specialisation.
    pub specialisations: Vec<RecordPlaces>,
    /// Each role.
    pub roles: Vec<RecordPlaces>,
    /// Each language's lexicon, when it stands with the taxonomy.
    pub lexicon: BTreeMap<String, Place>,
}
