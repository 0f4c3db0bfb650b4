//! Holds one question of a batch, whichever protocol it came in, and reads the parts that both write alike.

use serde_json::Value;

use super::entity::EntityKind;
use super::property::{Property, Wanted};
use crate::engine::MAX_LIMIT;
use crate::server::generation::Generation;
use crate::server::params::quoted;
use crate::server::problem::{Kind, Problem};

/// Candidates when nothing else is asked: what a person looks through beside a cell.
const DEFAULT_LIMIT: usize = 5;
/// Most texts, values and properties of one question: a row of a table has no more.
const MAX_VALUES: usize = 50;

/// One cell with what else its row says.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Question {
    /// What the cell says; several texts are several names of the same thing.
    pub(super) texts: Vec<String>,
    /// Ids that the entity must have one of.
    pub(super) ids: Vec<String>,
    /// Types to choose from; any when absent.
    pub(super) kinds: Option<Vec<EntityKind>>,
    /// Most candidates.
    pub(super) limit: usize,
    /// What else must or should hold.
    pub(super) conditions: Vec<Condition>,
    /// Language of the texts, when the taxonomy has it.
    pub(super) lang: Option<String>,
}

/// How many of a condition's values must hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Quantifier {
    #[default]
    Any,
    All,
    None,
}

/// A property and its values.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Condition {
    pub(super) property: Property,
    pub(super) wanted: Vec<Wanted>,
    pub(super) quantifier: Quantifier,
    /// Whether entities that do not fulfil it are no candidates.
    pub(super) is_required: bool,
}

impl Condition {
    /// Reads the values of a property; nothing when they are blank, as cells of a table often are,
    /// or when the taxonomy has no such property. Without word from the
    /// client a filter is required as far as it is understood.
    pub(super) fn read(property: Property, values: &[String], required: Option<bool>, generation: &Generation) -> Option<Self> {
        if !property.is_of(generation.taxonomy()) {
            return None;
        }
        let filled = values.iter().filter(|value| !value.trim().is_empty());
        let wanted: Vec<Wanted> = filled.map(|value| Wanted::read(property, value, generation)).collect();
        let is_understood = wanted.iter().any(|wanted| *wanted != Wanted::Unknown);
        let is_required = required.unwrap_or(property.is_filter() && is_understood);
        (!wanted.is_empty()).then_some(Self { property, wanted, quantifier: Quantifier::Any, is_required })
    }
}

/// The types of `type`: a text, an object with an id, or an array of these. Types that there are none of stay away.
pub(super) fn kinds(value: Option<&Value>) -> Result<Option<Vec<EntityKind>>, Problem> {
    let ids = match value {
        None | Some(Value::Null) => return Ok(None),
        Some(value) => values("type", value)?,
    };
    let named: Vec<&String> = ids.iter().filter(|id| !id.is_empty()).collect();
    if named.is_empty() {
        return Ok(None);
    }
    Ok(Some(named.into_iter().filter_map(|id| EntityKind::of(id)).collect()))
}

/// The most candidates asked for; more than there can be are as many as there can be.
pub(super) fn limit(value: Option<&Value>) -> Result<usize, Problem> {
    let permitted = "a whole number from 1";
    match value {
        None | Some(Value::Null) => Ok(DEFAULT_LIMIT),
        Some(value) => match value.as_f64().filter(|number| number.fract() == 0.0) {
            Some(number) if number >= 1.0 => Ok((number as usize).min(MAX_LIMIT)),
            Some(_) => Err(Problem::out_of_range("limit", format!("{value} is outside of the range"), permitted)),
            None => Err(Problem::wrong("limit", format!("{} is no whole number", quoted(&value.to_string())), permitted)),
        },
    }
}

/// A text, number, boolean, object with an id or name, or an array of these, as texts.
pub(super) fn values(name: &str, value: &Value) -> Result<Vec<String>, Problem> {
    let wrong = || Problem::wrong(name, format!("{} is no value", quoted(&value.to_string())), "a text, number, boolean, object with an id, or an array of these");
    let one = |value: &Value| match value {
        Value::String(text) => Ok(text.clone()),
        Value::Number(number) => Ok(number.to_string()),
        Value::Bool(flag) => Ok(flag.to_string()),
        Value::Object(members) => members.get("id").or_else(|| members.get("name")).and_then(Value::as_str).map(str::to_owned).ok_or_else(wrong),
        Value::Null | Value::Array(_) => Err(wrong()),
    };
    match value {
        Value::Null => Ok(Vec::new()),
        Value::Array(all) if all.len() > MAX_VALUES => Err(Problem::out_of_range(name, format!("there are {} values", all.len()), format!("at most {MAX_VALUES}"))),
        Value::Array(all) => all.iter().map(one).collect(),
        value => Ok(vec![one(value)?]),
    }
}

/// A text that the engine may be asked.
pub(super) fn text(name: &str, text: &str, most_bytes: usize) -> Result<String, Problem> {
    if text.len() > most_bytes {
        return Err(crate::server::params::too_long(name, text.len(), most_bytes));
    }
    Ok(text.to_owned())
}

/// Refuses more properties than a row has.
pub(super) fn check_count(name: &str, count: usize) -> Result<(), Problem> {
    if count <= MAX_VALUES { Ok(()) } else { Err(Problem::out_of_range(name, format!("there are {count}"), format!("at most {MAX_VALUES}"))) }
}

impl Question {
    /// Whether entities of a type may answer it.
    pub(super) fn wants(&self, kind: EntityKind) -> bool {
        self.kinds.as_ref().is_none_or(|kinds| kinds.contains(&kind))
    }

    /// Refuses a question that asks nothing.
    pub(super) fn checked(self) -> Result<Self, Problem> {
        let asks = !self.ids.is_empty() || !self.conditions.is_empty() || self.texts.iter().any(|text| !text.trim().is_empty());
        if asks { Ok(self) } else { Err(Problem::new(Kind::MissingParameter, "ask for a name or for a property").about("query").permitting("a text")) }
    }
}
