//! Turns the lists that families, specialisations and levels share into aliases, components, mappings and stories.

use crate::taxonomy::{
    Alias, AliasType, Component, ComponentKind, Mapping, Problem as StoryProblem, RecordConfidence, Relation, ReviewStatus, Story,
};

use super::granularity::granularity;
use super::head::share;
use super::problem::ProblemKind;
use super::toml_tree::{At, Table, Value};

const RELATIONS: [(&str, Relation); 4] =
    [("exact", Relation::Exact), ("close", Relation::Close), ("narrow", Relation::Narrow), ("broad", Relation::Broad)];

const REVIEWS: [(&str, ReviewStatus); 2] = [("reviewed", ReviewStatus::Reviewed), ("needs_review", ReviewStatus::NeedsReview)];

/// What a list of names says of its entries unless they say otherwise.
#[derive(Debug, Clone, Copy)]
pub(super) struct NameDefaults<'a> {
    pub(super) alias_type: AliasType,
    pub(super) confidence: f32,
    pub(super) lang: &'a str,
}

/// The lists of a specialisation with their defaults, as the format's description gives them.
pub(super) const NAME_LISTS: [(&str, AliasType, f32); 4] = [
    ("names", AliasType::Common, 0.90),
    ("variants", AliasType::Variant, 0.80),
    ("abbreviations", AliasType::Abbreviation, 0.80),
    ("former", AliasType::Former, 0.70),
];

/// Defaults of titles that people use at one level.
pub(super) const TITLE_CONFIDENCE: f32 = 0.90;

/// Default of names in another language.
pub(super) const LANGUAGE_CONFIDENCE: f32 = 0.85;

/// Who stands behind what the text form says without naming a source.
const EDITORIAL: &str = "editorial";

/// How usual a component is when the text form does not say.
const COMMON: &str = "common";

/// A name with its place, and whether it was written as a table.
pub(super) struct Name {
    pub(super) alias: At<Alias>,
    pub(super) is_table: bool,
}

/// Reads a list of names, each a text or an inline table.
pub(super) fn names(list: &Value<'_>, defaults: NameDefaults<'_>) -> Vec<Name> {
    list.list().unwrap_or_default().iter().filter_map(|value| name(value, defaults)).collect()
}

fn name(value: &Value<'_>, defaults: NameDefaults<'_>) -> Option<Name> {
    let mut alias = Alias {
        text: "".into(),
        alias_type: defaults.alias_type,
        confidence: RecordConfidence::new(defaults.confidence),
        approved: true,
        lang: defaults.lang.into(),
        provenance: EDITORIAL.into(),
        ambiguous: None,
    };
    let is_table = value.is_table();
    if is_table {
        let table = value.table()?;
        let text = table.require("text", "the name").and_then(|text| text.text());
        if let Some(alias_type) = table.get("type").and_then(|value| value.choice(&AliasType::ALL.map(|known| (known.name(), known)))) {
            alias.alias_type = alias_type;
        }
        if let Some(score) = table.get("confidence").and_then(|value| share(&value)) {
            alias.confidence = RecordConfidence::new(score);
        }
        if let Some(approved) = table.get("approved").and_then(|value| value.flag()) {
            alias.approved = approved;
        }
        alias.lang = table.text("lang").map_or(alias.lang, Into::into);
        alias.provenance = table.text("provenance").map_or(alias.provenance, Into::into);
        alias.ambiguous = table.text("ambiguous").map(Into::into);
        table.refuse_others();
        alias.text = text?.value.into();
    } else {
        alias.text = value.text()?.value.into();
    }
    Some(Name { alias: At { value: alias, place: value.place() }, is_table })
}

/// Reads the lists named after the kinds of components.
pub(super) fn components(table: &Table<'_>, basis: &str) -> Vec<At<Component>> {
    let mut found = Vec::new();
    for kind in ComponentKind::ALL {
        let entries = table.get(kind.name()).and_then(|value| value.list()).unwrap_or_default();
        found.extend(entries.iter().filter_map(|entry| component(entry, kind, basis)));
    }
    found
}

fn component(value: &Value<'_>, kind: ComponentKind, basis: &str) -> Option<At<Component>> {
    let (text, commonality) = if value.is_table() {
        let table = value.table()?;
        let text = table.require("text", "the component's words").and_then(|text| text.text());
        let commonality = table.text("commonality");
        table.refuse_others();
        (text?, commonality.unwrap_or_else(|| COMMON.to_owned()))
    } else {
        (value.text()?, COMMON.to_owned())
    };
    let component = Component { kind, text: text.value, commonality: commonality.into(), basis: basis.into() };
    Some(At { value: component, place: value.place() })
}

/// Reads `mappings`; the current version of each scheme is the taxonomy's.
pub(super) fn mappings(table: &Table<'_>, schemes: &std::collections::BTreeMap<String, String>) -> Vec<At<Mapping>> {
    table.tables("mappings").iter().filter_map(|table| Some(At { value: mapping(table, schemes)?, place: table.place() })).collect()
}

/// Reads one mapping.
pub(super) fn mapping(table: &Table<'_>, schemes: &std::collections::BTreeMap<String, String>) -> Option<Mapping> {
    let text = |key, expected| table.require(key, expected).and_then(|value| value.text()).map(|at| at.value);
    let scheme = text("scheme", "the scheme's name, as in \"soc\"").filter(|scheme| {
        let known = schemes.is_empty() || schemes.contains_key(scheme);
        if !known {
            let names: Vec<&str> = schemes.keys().map(String::as_str).collect();
            let message = format!("the scheme {scheme:?} is unknown: write one of {}, or add it to [schemes]", names.join(", "));
            table.fail("scheme", ProblemKind::BadValue, message);
        }
        known
    });
    let code = text("code", "the code in the scheme");
    let relation = table.require("relation", "exact, close, narrow or broad").and_then(|value| value.choice(&RELATIONS));
    let title = table.text_or_empty("title");
    let scheme_version = table.text("scheme_version");
    let written_granularity = table.text("granularity");
    let source = table.text("source").unwrap_or_else(|| EDITORIAL.to_owned());
    let review_status = table.get("review_status").and_then(|value| value.choice(&REVIEWS)).unwrap_or(ReviewStatus::Reviewed);
    table.refuse_others();
    let (scheme, code) = (scheme?, code?);
    Some(Mapping {
        scheme_version: scheme_version.or_else(|| schemes.get(&scheme).cloned()).unwrap_or_default().into(),
        granularity: written_granularity.unwrap_or_else(|| granularity(&scheme, &code).to_owned()).into(),
        scheme,
        code,
        title,
        relation: relation?,
        source: source.into(),
        review_status,
    })
}

/// Reads `story`.
pub(super) fn story(table: &Table<'_>) -> Option<Story> {
    let table = table.table("story")?;
    let story = Story {
        who: table.text_or_empty("who"),
        problem: StoryProblem {
            external: table.text_or_empty("external"),
            internal: table.text_or_empty("internal"),
            why: table.text_or_empty("why"),
        },
        plan: table.texts("plan").unwrap_or_default(),
        stakes: table.text_or_empty("stakes"),
        success: table.text_or_empty("success"),
    };
    table.refuse_others();
    Some(story)
}
