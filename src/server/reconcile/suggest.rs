//! Turns the beginning of a word into entities, types or properties, for the fields that a person types into.

use serde::Serialize;

use super::Named;
use super::entity::{Entity, EntityKind, compared};
use super::property::Property;
use crate::server::generation::Generation;
use crate::server::params::{Params, quoted};
use crate::server::problem::Problem;
use crate::taxonomy::FamilyId;

/// Rows when nothing else is asked.
const DEFAULT_LIMIT: usize = 10;
/// Most rows, and the furthest first row: people read no further.
const MAX_LIMIT: usize = 50;
const MAX_OFFSET: usize = 1_000;

/// What is suggested.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(as = SuggestSubject)]
pub(super) enum Subject {
    /// Roles and families.
    Entity,
    /// Types of entities.
    #[serde(rename = "type")]
    Kind,
    /// What entities have.
    Property,
}

/// Rows that a person chooses from.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = Suggested)]
pub(super) struct Rows {
    /// The rows, best first.
    result: Vec<Row>,
}

/// One row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[schema(as = SuggestedRow)]
pub(super) struct Row {
    #[serde(flatten)]
    named: Named,
    /// What tells it from others.
    description: String,
    /// Types of an entity.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    notable: Vec<Named>,
}

/// What is asked of a suggestion.
pub(super) struct Asked {
    prefix: String,
    limit: usize,
    offset: usize,
    kinds: Option<Vec<EntityKind>>,
}

impl Subject {
    /// The last part of the path.
    pub(super) fn of(path: &str) -> Result<Self, Problem> {
        match path {
            "entity" => Ok(Self::Entity),
            "type" => Ok(Self::Kind),
            "property" => Ok(Self::Property),
            other => Err(Problem::not_found(format!("nothing is known of {}: there are entity, type and property", quoted(other))).about("kind")),
        }
    }
}

impl Asked {
    /// Reads the parameters; `offset_name` is what the protocol calls the number of rows to leave out.
    pub(super) fn read(params: &mut Params, offset_name: &'static str, most_bytes: usize) -> Result<Self, Problem> {
        let kinds = params.text("type")?.filter(|id| !id.is_empty());
        Ok(Self {
            prefix: params.short("prefix", most_bytes)?.unwrap_or_default(),
            limit: params.integer("limit", 1..=MAX_LIMIT, DEFAULT_LIMIT)?,
            offset: params.integer(offset_name, 0..=MAX_OFFSET, 0)?,
            kinds: kinds.map(|ids| ids.split(',').filter_map(|id| EntityKind::of(id.trim())).collect()),
        })
    }
}

pub(super) fn rows(generation: &Generation, subject: Subject, asked: &Asked) -> Rows {
    let wanted = asked.offset + asked.limit;
    let all = match subject {
        Subject::Entity => entities(generation, asked, wanted),
        Subject::Kind => named(&asked.prefix, EntityKind::of_taxonomy(generation.taxonomy()).into_iter().map(|kind| (kind.named(), kind.description()))),
        Subject::Property => {
            let all = Property::ALL.into_iter().filter(|property| property.is_of(generation.taxonomy()));
            named(&asked.prefix, all.map(|property| (property.named(), property.description())))
        }
    };
    Rows { result: all.into_iter().skip(asked.offset).take(asked.limit).collect() }
}

fn entities(generation: &Generation, asked: &Asked, wanted: usize) -> Vec<Row> {
    let taxonomy = generation.taxonomy();
    let wants = |kind: EntityKind| asked.kinds.as_ref().is_none_or(|kinds| kinds.contains(&kind));
    let row = |entity: Entity, description: String| Row { named: entity.named(generation), description, notable: vec![entity.kind().named()] };
    let prefix = compared(&asked.prefix);
    let mut found: Vec<(Entity, Row)> = Vec::new();
    let mut push = |entity: Entity, description: String| {
        if wants(entity.kind()) && !found.iter().any(|(known, _)| *known == entity) {
            found.push((entity, row(entity, description)));
        }
    };
    if let Some(entity) = Entity::find(generation, asked.prefix.trim()) {
        push(entity, entity.description(taxonomy));
    }
    for (number, family) in taxonomy.families.iter().enumerate().filter(|_| !prefix.is_empty() && wants(EntityKind::Family)) {
        if compared(&family.title).starts_with(&prefix) || compared(&family.code).starts_with(&prefix) {
            let entity = Entity::Family(FamilyId(number as u32));
            push(entity, entity.description(taxonomy));
        }
    }
    if wants(EntityKind::Role) {
        for suggestion in generation.engine.suggest(&asked.prefix, wanted) {
            let Some(role) = generation.engine.index().find_role(suggestion.code.as_str()) else { continue };
            let entity = Entity::Role(role);
            let place = entity.description(taxonomy);
            push(entity, if suggestion.name == suggestion.title { place } else { format!("{} · {place}", suggestion.name) });
        }
        let with_code = taxonomy.roles.iter().enumerate().filter(|(_, role)| !prefix.is_empty() && compared(role.code.as_str()).starts_with(&prefix));
        for (number, _) in with_code.take(wanted) {
            let entity = Entity::Role(crate::taxonomy::RoleId(number as u32));
            push(entity, entity.description(taxonomy));
        }
    }
    found.into_iter().map(|(_, row)| row).collect()
}

/// Those whose id or a word of whose name begins with the prefix.
fn named(prefix: &str, all: impl Iterator<Item = (Named, &'static str)>) -> Vec<Row> {
    let prefix = compared(prefix);
    let fits = |named: &Named| compared(&named.id).starts_with(&prefix) || format!(" {}", compared(&named.name)).contains(&format!(" {prefix}"));
    let rows = all.filter(|(named, _)| prefix.is_empty() || fits(named));
    rows.map(|(named, description)| Row { named, description: description.to_owned(), notable: Vec::new() }).collect()
}
