//! Turns ids and properties into columns: what both protocols write, each in its own shape.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::Named;
use super::entity::{Entity, EntityKind};
use super::property::{Cell, Property, Settings};
use super::question;
use crate::server::generation::Generation;
use crate::server::params::{Params, quoted};
use crate::server::problem::Problem;

/// Most ids of one request: ten pages of rows in OpenRefine.
const MAX_IDS: usize = 500;
/// Most properties that may be proposed.
const MAX_PROPOSED: usize = 100;

/// What is asked.
pub(super) struct Asked {
    pub(super) ids: Vec<String>,
    pub(super) properties: Vec<(Property, Settings)>,
}

/// Column of an answer.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = ExtendColumn)]
pub(super) struct Column {
    #[serde(flatten)]
    named: Named,
    /// Type of the entities in its cells.
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    kind: Option<Named>,
}

/// Properties that entities of a type have.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = ProposedProperties)]
pub(super) struct Proposed {
    /// The properties.
    properties: Vec<Named>,
    /// The type asked for.
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    kind: Option<String>,
    /// Most properties, as asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    limit: Option<usize>,
}

/// A setting that a person makes for a column.
#[derive(Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = PropertySetting)]
pub(super) struct Setting {
    name: String,
    label: String,
    #[serde(rename = "type")]
    kind: String,
    default: Value,
    help_text: String,
}

/// The settings that there are.
pub(super) fn settings() -> Vec<Setting> {
    let setting = |name: &str, label: &str, kind: &str, default: Value, help: &str| Setting {
        name: name.to_owned(),
        label: label.to_owned(),
        kind: kind.to_owned(),
        default,
        help_text: help.to_owned(),
    };
    vec![
        setting("limit", "Most values", "number", 0.into(), "Most values of a row; 0 for all"),
        setting("unreviewed", "Codes that nobody reviewed too", "checkbox", false.into(), "Gives SOC and ESCO codes that no person has judged"),
    ]
}

impl Asked {
    /// Reads `{ids, properties: [{id, settings?}]}`.
    pub(super) fn read(value: &Value) -> Result<Self, Problem> {
        let shape = "an object with ids and properties";
        let list = |name: &str| value.get(name).and_then(Value::as_array).ok_or_else(|| Problem::wrong(name, format!("{name} is no array"), shape));
        let ids = list("ids")?;
        if ids.len() > MAX_IDS {
            let detail = format!("there are {} ids: send fewer at a time", ids.len());
            return Err(Problem::out_of_range("ids", detail, format!("at most {MAX_IDS} ids")));
        }
        let ids = ids.iter().map(|id| id.as_str().map(str::to_owned).ok_or_else(|| Problem::wrong("ids", format!("{} is no id", quoted(&id.to_string())), "a text")));
        let properties = list("properties")?;
        question::check_count("properties", properties.len())?;
        Ok(Self { ids: ids.collect::<Result<_, _>>()?, properties: properties.iter().map(property).collect::<Result<_, _>>()? })
    }

    /// The columns.
    pub(super) fn columns(&self) -> Vec<Column> {
        let column = |property: Property| Column { named: property.named(), kind: (property == Property::Family).then(|| EntityKind::Family.named()) };
        self.properties.iter().map(|(property, _)| column(*property)).collect()
    }

    /// The values of an id, one list a property; an unknown id has none.
    pub(super) fn values(&self, generation: &Generation, id: &str) -> Vec<Vec<Cell>> {
        let entity = Entity::find(generation, id);
        let cells = |(property, settings): &(Property, Settings)| entity.map(|entity| property.cells(generation, entity, *settings)).unwrap_or_default();
        self.properties.iter().map(cells).collect()
    }
}

fn property(value: &Value) -> Result<(Property, Settings), Problem> {
    let known = || Property::ALL.map(Property::id).join(", ");
    let id = value.get("id").and_then(Value::as_str).ok_or_else(|| Problem::wrong("properties", "a property has no id", "objects with an id"))?;
    let property = Property::of(id).ok_or_else(|| Problem::out_of_range("properties", format!("there is no property {}", quoted(id)), known()))?;
    let given = value.get("settings");
    let settings = Settings {
        limit: given.and_then(|given| given.get("limit")).map_or(Ok(0), most)?,
        unreviewed: given.and_then(|given| given.get("unreviewed")).is_some_and(is_yes),
    };
    Ok((property, settings))
}

/// A number, which clients send as text.
fn most(value: &Value) -> Result<usize, Problem> {
    let number = match value {
        Value::Null => Some(0),
        Value::String(text) if text.trim().is_empty() => Some(0),
        Value::String(text) => text.trim().parse().ok(),
        value => value.as_u64(),
    };
    number.map(|number| number as usize).ok_or_else(|| Problem::wrong("settings", format!("{} is no number of values", quoted(&value.to_string())), "a whole number from 0"))
}

/// Whether a box is ticked, however the client says so.
fn is_yes(value: &Value) -> bool {
    match value {
        Value::Bool(flag) => *flag,
        Value::String(text) => matches!(text.as_str(), "true" | "on" | "1" | "yes"),
        _ => false,
    }
}

/// Proposes properties for a type; none for a type that there is none of.
pub(super) fn propose(generation: &Generation, params: &mut Params) -> Result<Proposed, Problem> {
    let kind = params.text("type")?.filter(|kind| !kind.is_empty());
    let limit = Some(params.integer("limit", 1..=MAX_PROPOSED, 0)?).filter(|limit| *limit > 0);
    let has = |property: &Property| {
        let is_of_kind = match kind.as_deref().map(EntityKind::of) {
            None | Some(Some(EntityKind::Role)) => true,
            Some(Some(EntityKind::Family)) => !matches!(property, Property::Family | Property::Aliases),
            Some(None) => false,
        };
        is_of_kind && property.is_of(generation.taxonomy())
    };
    let properties = Property::ALL.into_iter().filter(has).take(limit.unwrap_or(MAX_PROPOSED)).map(Property::named).collect();
    Ok(Proposed { properties, kind, limit })
}
