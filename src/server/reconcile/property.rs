//! Holds the properties of entities: what a column can be extended with, and what narrows a question.

use serde::Serialize;

use super::Named;
use super::entity::{Entity, compared, specialisations};
use crate::server::generation::Generation;
use crate::taxonomy::{Component, ComponentKind, FamilyId, GradeRange, LevelCode, Mapping, ReviewStatus, Status, Taxonomy, Track};

/// A property of roles and families.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
pub(super) enum Property {
    Family,
    Specialisation,
    Level,
    Track,
    Status,
    Region,
    Skills,
    Knowledge,
    Soc,
    Esco,
    Aliases,
}

/// What a value is given with.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Settings {
    /// Most values; 0 for all.
    pub(super) limit: usize,
    /// Whether codes that nobody reviewed are given too.
    pub(super) unreviewed: bool,
}

/// One value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(untagged)]
#[schema(as = Cell)]
pub(super) enum Cell {
    /// Another entity.
    Entity(Named),
    /// A text.
    Text {
        /// The text.
        str: String,
    },
}

impl Property {
    pub(super) const ALL: [Property; 11] = [
        Self::Family,
        Self::Specialisation,
        Self::Level,
        Self::Track,
        Self::Status,
        Self::Region,
        Self::Skills,
        Self::Knowledge,
        Self::Soc,
        Self::Esco,
        Self::Aliases,
    ];

    pub(super) fn id(self) -> &'static str {
        match self {
            Self::Family => "family",
            Self::Specialisation => "specialisation",
            Self::Level => "level",
            Self::Track => "track",
            Self::Status => "status",
            Self::Region => "region",
            Self::Skills => "skills",
            Self::Knowledge => "knowledge",
            Self::Soc => "soc",
            Self::Esco => "esco",
            Self::Aliases => "aliases",
        }
    }

    /// Name and meaning for people.
    fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Family => ("Family", "The family of roles, by code or title"),
            Self::Specialisation => ("Specialisation", "The kind of work without its level, by code or title"),
            Self::Level => ("Level", "The level: a code as in P5, or a word as in senior"),
            Self::Track => ("Track", "The track: P professional, M management, E executive, S support and skilled"),
            Self::Status => ("Status", "How far the record has come: draft, review, approved or deprecated"),
            Self::Region => ("Region", "Where the record holds"),
            Self::Skills => ("Skills", "What the role can do"),
            Self::Knowledge => ("Knowledge", "What the role knows"),
            Self::Soc => ("SOC code", "Code in the Standard Occupational Classification; reviewed ones only, unless asked"),
            Self::Esco => ("ESCO code", "Code in ESCO; reviewed ones only, unless asked"),
            Self::Aliases => ("Other names", "Other names of the role"),
        }
    }

    pub(super) fn named(self) -> Named {
        Named::new(self.id(), self.words().0)
    }

    pub(super) fn description(self) -> &'static str {
        self.words().1
    }

    pub(super) fn of(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|property| property.id() == id)
    }

    /// Whether entities of a taxonomy can have it.
    pub(super) fn is_of(self, taxonomy: &Taxonomy) -> bool {
        match self {
            Self::Family => !taxonomy.families.is_empty(),
            Self::Level | Self::Track => taxonomy.has_levels(),
            _ => true,
        }
    }

    /// Whether a value that is understood takes every other entity out of an answer.
    pub(super) fn is_filter(self) -> bool {
        matches!(self, Self::Family | Self::Level | Self::Track | Self::Status)
    }

    /// The values of an entity.
    pub(super) fn cells(self, generation: &Generation, entity: Entity, settings: Settings) -> Vec<Cell> {
        let mut cells: Vec<Cell> = if self == Self::Family {
            let families = families(generation.taxonomy(), entity);
            families.into_iter().map(|family| Cell::Entity(Entity::Family(family).named(generation))).collect()
        } else {
            self.texts(generation.taxonomy(), entity, settings.unreviewed).into_iter().map(|str| Cell::Text { str }).collect()
        };
        if settings.limit > 0 {
            cells.truncate(settings.limit);
        }
        cells
    }

    /// The same as texts, each once.
    pub(super) fn texts(self, taxonomy: &Taxonomy, entity: Entity, unreviewed: bool) -> Vec<String> {
        let roles = || entity.roles(taxonomy).into_iter().map(|role| taxonomy.role(role));
        let levels = || roles().filter_map(|role| role.level);
        let mut texts: Vec<String> = match self {
            Self::Family => families(taxonomy, entity).into_iter().map(|family| taxonomy.family(family).title.clone()).collect(),
            Self::Specialisation => match entity {
                Entity::Role(role) => vec![taxonomy.specialisation(taxonomy.role(role).specialisation).title.clone()],
                Entity::Family(family) => specialisations(taxonomy, family).map(|id| taxonomy.specialisation(id).title.clone()).collect(),
            },
            Self::Level => sorted(levels()).map(|level: LevelCode| level.to_string()).collect(),
            Self::Track => sorted(levels().map(|level| level.track)).map(|track: Track| track.letter().to_string()).collect(),
            Self::Status => sorted(roles().map(|role| role.status)).map(|status: Status| status.name().to_owned()).collect(),
            Self::Region => roles().map(|role| role.region.to_string()).collect(),
            Self::Skills => components(taxonomy, entity, ComponentKind::Skill),
            Self::Knowledge => components(taxonomy, entity, ComponentKind::Knowledge),
            Self::Soc | Self::Esco => {
                let wanted = |mapping: &Mapping| mapping.scheme == self.id() && (unreviewed || mapping.review_status == ReviewStatus::Reviewed);
                mappings(taxonomy, entity).into_iter().filter(wanted).map(|mapping| mapping.code).collect()
            }
            Self::Aliases => match entity {
                Entity::Role(role) => {
                    let role = taxonomy.role(role);
                    let aliases = role.aliases.iter().chain(&taxonomy.specialisation(role.specialisation).aliases);
                    aliases.map(|alias| alias.text.to_string()).collect()
                }
                Entity::Family(_) => Vec::new(),
            },
        };
        let mut seen = rustc_hash::FxHashSet::default();
        texts.retain(|text| !text.is_empty() && seen.insert(text.clone()));
        texts
    }
}

fn sorted<T: Ord>(values: impl Iterator<Item = T>) -> std::vec::IntoIter<T> {
    let mut values: Vec<T> = values.collect();
    values.sort_unstable();
    values.dedup();
    values.into_iter()
}

fn families(taxonomy: &Taxonomy, entity: Entity) -> Vec<FamilyId> {
    match entity {
        Entity::Role(role) => taxonomy.specialisation(taxonomy.role(role).specialisation).family.into_iter().collect(),
        Entity::Family(family) => vec![family],
    }
}

fn components(taxonomy: &Taxonomy, entity: Entity, kind: ComponentKind) -> Vec<String> {
    let all: Vec<&Component> = match entity {
        Entity::Role(role) => {
            let role = taxonomy.role(role);
            let specialisation = taxonomy.specialisation(role.specialisation);
            let family = specialisation.family.map(|family| &taxonomy.family(family).components);
            role.components.iter().chain(&specialisation.components).chain(family.into_iter().flatten()).collect()
        }
        Entity::Family(family) => taxonomy.family(family).components.iter().collect(),
    };
    all.into_iter().filter(|component| component.kind == kind).map(|component| component.text.clone()).collect()
}

fn mappings(taxonomy: &Taxonomy, entity: Entity) -> Vec<Mapping> {
    match entity {
        Entity::Role(role) => taxonomy.mappings(role),
        Entity::Family(family) => taxonomy.family(family).mappings.clone(),
    }
}

/// A value that a question names, as far as it is understood.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Wanted {
    Family(FamilyId),
    /// Grades, by track.
    Level(Vec<GradeRange>),
    Track(Track),
    Status(Status),
    /// A text, as names are compared.
    Text(String),
    /// No value of the property.
    Unknown,
}

impl Wanted {
    /// Reads a value of a property.
    pub(super) fn read(property: Property, value: &str, generation: &Generation) -> Self {
        let taxonomy = generation.taxonomy();
        let (value, plain) = (value.trim(), compared(value));
        let found = match property {
            Property::Family => match Entity::find(generation, value) {
                Some(Entity::Family(family)) => Some(Self::Family(family)),
                _ => taxonomy.families.iter().position(|family| compared(&family.title) == plain).map(|place| Self::Family(FamilyId(place as u32))),
            },
            Property::Level => level(value, &plain, generation),
            Property::Track => {
                let named = taxonomy.tracks.iter().find(|track| compared(&track.label) == plain).map(|track| track.code);
                let letter = || Track::ALL.into_iter().find(|track| plain == track.letter().to_ascii_lowercase().to_string());
                named.or_else(letter).map(Self::Track)
            }
            Property::Status => Status::ALL.into_iter().find(|status| status.name() == plain).map(Self::Status),
            _ => Some(plain).filter(|plain| !plain.is_empty()).map(Self::Text),
        };
        found.unwrap_or(Self::Unknown)
    }

    /// Whether an entity has the value; a family has what one of its roles has.
    pub(super) fn is_of(&self, property: Property, taxonomy: &Taxonomy, entity: Entity) -> bool {
        let some_role = |holds: &dyn Fn(&crate::taxonomy::Role) -> bool| entity.roles(taxonomy).into_iter().any(|role| holds(taxonomy.role(role)));
        match self {
            Self::Family(family) => families(taxonomy, entity).contains(family),
            Self::Level(ranges) => some_role(&|role| {
                role.level.is_some_and(|level| ranges.iter().any(|range| range.track == level.track && range.gap(level.grade) == 0))
            }),
            Self::Track(track) => some_role(&|role| role.level.is_some_and(|level| level.track == *track)),
            Self::Status(status) => some_role(&|role| role.status == *status),
            Self::Text(text) if property == Property::Specialisation && self.is_code(taxonomy, entity) => !text.is_empty(),
            Self::Text(text) if matches!(property, Property::Skills | Property::Knowledge) => {
                property.texts(taxonomy, entity, true).iter().any(|own| has_words(&compared(own), text))
            }
            // A code that nobody reviewed is no evidence either way for a person, but it is what the row may well have.
            Self::Text(text) => property.texts(taxonomy, entity, true).iter().any(|own| compared(own) == *text),
            Self::Unknown => false,
        }
    }

    /// Whether the text is the code of the entity's specialisation.
    fn is_code(&self, taxonomy: &Taxonomy, entity: Entity) -> bool {
        let (Self::Text(text), Entity::Role(role)) = (self, entity) else { return false };
        compared(&taxonomy.specialisation(taxonomy.role(role).specialisation).code) == *text
    }
}

/// Whether a text holds another at the bounds of its words.
fn has_words(text: &str, words: &str) -> bool {
    let is_bound = |letter: Option<char>| !letter.is_some_and(char::is_alphanumeric);
    text.match_indices(words).any(|(at, _)| is_bound(text[..at].chars().next_back()) && is_bound(text[at + words.len()..].chars().next()))
}

/// A level by its code, its label, or a word that titles state it with.
fn level(value: &str, plain: &str, generation: &Generation) -> Option<Wanted> {
    let exact = |level: LevelCode| Wanted::Level(vec![GradeRange { track: level.track, min: level.grade, max: level.grade }]);
    if let Some(level) = LevelCode::parse(value) {
        return Some(exact(level));
    }
    if let Some(level) = generation.taxonomy().levels.iter().find(|level| compared(&level.label) == plain) {
        return Some(exact(level.code));
    }
    let query = generation.engine.analyze(value, None);
    // A value that says more than a level is a title in the wrong column.
    let stated = query.level.as_ref().or(query.office.as_ref()).filter(|_| query.level_only)?;
    Some(Wanted::Level(stated.ranges.0.to_vec()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_found_again_and_words_have_bounds() {
        assert!(Property::ALL.into_iter().all(|property| Property::of(property.id()) == Some(property)));
        for (text, words, expected) in [("ci/cd tools", "ci", true), ("ci/cd tools", "tool", false), ("terraform", "terraform", true), ("aa a", "a", true)] {
            assert_eq!(has_words(text, words), expected, "{text} {words}");
        }
    }
}
