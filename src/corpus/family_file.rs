//! Turns `families/CODE.toml` into the family as it is written, before anything is inherited or expanded.

use std::collections::BTreeMap;

use crate::taxonomy::lexicon::GradeRanges;
use crate::taxonomy::{Alias, AliasType, Component, LevelCode, Mapping, RoleCode, Story};

use super::head::{RecordFacts, level_code};
use super::parts::{self, LANGUAGE_CONFIDENCE, NAME_LISTS, Name, NameDefaults, TITLE_CONFIDENCE};
use super::places::Place;
use super::problem::ProblemKind;
use super::toml_tree::{At, Table, Value};

/// What a family file may refer to.
pub(super) struct Known<'a> {
    pub(super) levels: &'a [LevelCode],
    pub(super) superfunctions: &'a [String],
    pub(super) schemes: &'a BTreeMap<String, String>,
    /// Language of names that state none.
    pub(super) main_language: &'a str,
}

pub(super) struct FamilyFile {
    pub(super) code: At<String>,
    pub(super) lines: BTreeMap<String, u32>,
    pub(super) title: String,
    pub(super) superfunction: String,
    pub(super) facts: RecordFacts,
    pub(super) summary: String,
    pub(super) story: Option<Story>,
    pub(super) core_outputs: Option<Vec<String>>,
    pub(super) components: Vec<At<Component>>,
    pub(super) mappings: Vec<At<Mapping>>,
    pub(super) specialisations: Vec<SpecialisationPart>,
}

pub(super) struct SpecialisationPart {
    pub(super) code: At<String>,
    pub(super) place: Place,
    pub(super) lines: BTreeMap<String, u32>,
    pub(super) title: String,
    pub(super) levels: Vec<LevelCode>,
    /// Level of people whose title is the bare name, when the files say it.
    pub(super) usual: Option<LevelCode>,
    pub(super) facts: RecordFacts,
    pub(super) title_is_name: bool,
    pub(super) summary: String,
    pub(super) core_outputs: Option<Vec<String>>,
    pub(super) aliases: Vec<At<Alias>>,
    pub(super) components: Vec<At<Component>>,
    pub(super) mappings: Vec<At<Mapping>>,
    /// Codes of the levels that lead such work.
    pub(super) leading: Vec<LeadingMapping>,
    pub(super) related: Vec<String>,
    pub(super) titles: BTreeMap<LevelCode, Vec<Name>>,
    pub(super) level_parts: BTreeMap<LevelCode, LevelPart>,
}

/// A code that roles of some levels have instead of their specialisation's: whoever leads roofers is classed with
/// supervisors of construction work.
#[derive(Clone)]
pub(super) struct LeadingMapping {
    pub(super) levels: Vec<LevelCode>,
    pub(super) mapping: At<Mapping>,
}

pub(super) struct LevelPart {
    pub(super) place: Place,
    pub(super) lines: BTreeMap<String, u32>,
    pub(super) title: Option<String>,
    pub(super) facts: RecordFacts,
    pub(super) summary: String,
    pub(super) story: Option<Story>,
    pub(super) core_outputs: Option<Vec<String>>,
    pub(super) aliases: Vec<At<Alias>>,
    pub(super) components: Vec<At<Component>>,
    pub(super) mappings: Vec<At<Mapping>>,
    pub(super) superseded_by: Option<RoleCode>,
}

/// Reads a family; `stem` is the file's name without its ending.
pub(super) fn read(root: &Table<'_>, stem: &str, known: &Known<'_>) -> Option<FamilyFile> {
    let code = root.require("code", "the family's code, which is the file's name").and_then(|value| {
        let code = code(&value)?;
        if code.value != stem {
            value.fail(ProblemKind::BadValue, format!("the code is {:?} and the file's name {stem:?}: make them equal", code.value));
        }
        Some(code)
    });
    let title = root.require("title", "the family's name").and_then(|value| value.text());
    let superfunction = root.require("superfunction", "the code of a superfunction").and_then(|value| {
        let code = value.text()?;
        if !known.superfunctions.contains(&code.value) {
            let message = format!("the superfunction {:?} is unknown: write one of {}", code.value, known.superfunctions.join(", "));
            value.fail(ProblemKind::BadValue, message);
        }
        Some(code.value)
    });
    let levels = root.require("levels", "the levels that exist, as in [\"P1-P6\", \"M2\"]");
    let levels = levels.map(|value| level_list(&value, known.levels, known.levels, "levels.toml")).unwrap_or_default();
    let outer = FamilyLevels { usual: usual(root, &levels), leading: leading(root, &levels, known), levels };
    let components = root.table("components").map(|table| {
        let found = parts::components(&table, "family");
        table.refuse_others();
        found
    });
    let facts = RecordFacts::read(root);
    let summary = root.text_or_empty("summary");
    let story = parts::story(root);
    let core_outputs = root.texts("core_outputs");
    let mappings = parts::mappings(root, known.schemes);
    let mut specialisations: Vec<SpecialisationPart> = Vec::new();
    for table in root.tables("specialisations") {
        let Some(part) = specialisation(&table, &outer, known) else { continue };
        if let Some(first) = specialisations.iter().find(|first| first.code.value == part.code.value) {
            let message = format!("the specialisation {} stands twice, first in line {}: rename one", part.code.value, first.place.line);
            table.fail("code", ProblemKind::Duplicate, message);
        } else {
            specialisations.push(part);
        }
    }
    if specialisations.is_empty() {
        root.fail("specialisations", ProblemKind::MissingKey, "is missing: write at least one [[specialisations]]");
    }
    root.refuse_others();
    Some(FamilyFile {
        code: code?,
        lines: root.lines(),
        title: title?.value,
        superfunction: superfunction?,
        facts,
        summary,
        story,
        core_outputs,
        components: components.unwrap_or_default(),
        mappings,
        specialisations,
    })
}

fn code(value: &Value<'_>) -> Option<At<String>> {
    let code = value.text()?;
    let fits = (2..=5).contains(&code.value.len()) && code.value.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit());
    if !fits {
        value.fail(ProblemKind::BadValue, format!("{:?} is no code: write 2 to 5 capitals or digits", code.value));
    }
    fits.then_some(code)
}

/// Expands `["P2-P6", "M1"]`; every level must be among the allowed ones, which `origin` lists. A level that is not, but that
/// the taxonomy defines, is noted and kept, so that what hangs on it is not noted as well.
fn level_list(value: &Value<'_>, allowed: &[LevelCode], defined: &[LevelCode], origin: &str) -> Vec<LevelCode> {
    let mut levels = Vec::new();
    for entry in value.list().unwrap_or_default() {
        let Some(text) = entry.text() else { continue };
        let ranges = match GradeRanges::parse(&text.value) {
            Ok(ranges) => ranges,
            Err(message) => {
                entry.fail(ProblemKind::BadValue, message);
                continue;
            }
        };
        for range in ranges.0 {
            let codes = (range.min..=range.max).map(|grade| LevelCode { track: range.track, grade });
            let (good, bad): (Vec<LevelCode>, Vec<LevelCode>) = codes.partition(|level| allowed.contains(level));
            levels.extend(good);
            levels.extend(bad.iter().filter(|level| defined.contains(level)));
            if !bad.is_empty() {
                let message = format!("{} missing in {origin}: {}", level_names(&bad), known_levels(allowed));
                entry.fail(ProblemKind::BadValue, message);
            }
        }
    }
    levels.sort_unstable();
    levels.dedup();
    levels
}

fn known_levels(levels: &[LevelCode]) -> String {
    format!("write levels among {}", level_names(levels))
}

fn level_names(levels: &[LevelCode]) -> String {
    levels.iter().map(LevelCode::to_string).collect::<Vec<_>>().join(", ")
}

/// The level that `usual` names, which must be one of the record's.
fn usual(table: &Table<'_>, levels: &[LevelCode]) -> Option<LevelCode> {
    let value = table.get("usual")?;
    let level = level_code(&value)?;
    if !levels.contains(&level) {
        value.fail(ProblemKind::BadValue, format!("{level} is no level here: {}", known_levels(levels)));
    }
    Some(level)
}

/// Codes of leading levels under `leading`: mappings with the levels that they are for.
fn leading(table: &Table<'_>, levels: &[LevelCode], known: &Known<'_>) -> Vec<LeadingMapping> {
    let read = |table: &Table<'_>| {
        let levels = level_list(&table.require("levels", "the levels that have the code, as in [\"M1-M2\"]")?, levels, known.levels, "the levels here");
        Some(LeadingMapping { levels, mapping: At { value: parts::mapping(table, known.schemes)?, place: table.place() } })
    };
    table.tables("leading").iter().filter_map(read).collect()
}

/// What a family says of the levels of its specialisations.
struct FamilyLevels {
    levels: Vec<LevelCode>,
    usual: Option<LevelCode>,
    leading: Vec<LeadingMapping>,
}

fn specialisation(table: &Table<'_>, family: &FamilyLevels, known: &Known<'_>) -> Option<SpecialisationPart> {
    let code = table.require("code", "2 to 5 capitals or digits").and_then(|value| code(&value));
    let title = table.require("title", "the name people use, singular, without a level word").and_then(|value| value.text());
    let levels = match table.get("levels") {
        Some(value) => level_list(&value, &family.levels, known.levels, "the family's levels"),
        None => family.levels.clone(),
    };
    let usual = usual(table, &levels).or(family.usual.filter(|level| levels.contains(level)));
    // Work that is all leading has its code at hand; the family's are for those who lead the others.
    let is_led = levels.iter().any(|level| level.track.is_individual());
    let leading = match table.get("leading") {
        Some(_) => leading(table, &levels, known),
        None if is_led => family.leading.clone(),
        None => Vec::new(),
    };
    let mut aliases = Vec::new();
    for (key, alias_type, confidence) in NAME_LISTS {
        let defaults = NameDefaults { alias_type, confidence, lang: known.main_language };
        let names = table.get(key).map(|value| parts::names(&value, defaults)).unwrap_or_default();
        aliases.extend(names.into_iter().map(|name| name.alias));
    }
    for (lang, list) in table.table("languages").map(|table| table.entries()).unwrap_or_default() {
        let defaults = NameDefaults { alias_type: AliasType::Common, confidence: LANGUAGE_CONFIDENCE, lang: &lang.value };
        aliases.extend(parts::names(&list, defaults).into_iter().map(|name| name.alias));
    }
    let title_defaults = NameDefaults { alias_type: AliasType::Level, confidence: TITLE_CONFIDENCE, lang: known.main_language };
    let mut titles = BTreeMap::new();
    for (level, list) in level_entries(table, "titles", &levels) {
        titles.insert(level, parts::names(&list, title_defaults));
    }
    let mut level_parts = BTreeMap::new();
    for (level, value) in level_entries(table, "level", &levels) {
        let Some(table) = value.table() else { continue };
        level_parts.insert(level, level_part(&table, title_defaults, known));
    }
    let part = |code: At<String>, title: String| SpecialisationPart {
        code,
        place: table.place(),
        lines: table.lines(),
        title,
        levels,
        usual,
        facts: RecordFacts::read(table),
        title_is_name: table.get("title_is_name").and_then(|value| value.flag()).unwrap_or(true),
        summary: table.text_or_empty("summary"),
        core_outputs: table.texts("core_outputs"),
        aliases,
        components: parts::components(table, "specialisation"),
        mappings: parts::mappings(table, known.schemes),
        leading,
        related: table.texts("related").unwrap_or_default(),
        titles,
        level_parts,
    };
    let (is_coded, is_titled) = (code.is_some(), title.is_some());
    let placeholder = At { value: String::new(), place: table.place() };
    let found = part(code.unwrap_or(placeholder), title.map(|title| title.value).unwrap_or_default());
    table.refuse_others();
    (is_coded && is_titled).then_some(found)
}

/// The entries of a table whose keys are levels of the specialisation.
fn level_entries<'a>(table: &Table<'a>, key: &'static str, levels: &[LevelCode]) -> Vec<(LevelCode, Value<'a>)> {
    let mut found = Vec::new();
    for (name, value) in table.table(key).map(|table| table.entries()).unwrap_or_default() {
        match LevelCode::parse(&name.value).filter(|level| level.to_string() == name.value) {
            Some(level) if levels.contains(&level) => found.push((level, value)),
            _ => {
                let message = format!("{:?} is no level of this specialisation: {}", name.value, known_levels(levels));
                value.fail(ProblemKind::BadValue, message);
            }
        }
    }
    found
}

fn level_part(table: &Table<'_>, name_defaults: NameDefaults<'_>, known: &Known<'_>) -> LevelPart {
    let aliases = table.get("aliases").map(|value| parts::names(&value, name_defaults)).unwrap_or_default();
    let superseded_by = table.get("superseded_by").and_then(|value| match RoleCode::new(value.text()?.value) {
        Ok(code) => Some(code),
        Err(error) => {
            value.fail(ProblemKind::BadValue, error.to_string());
            None
        }
    });
    let part = LevelPart {
        place: table.place(),
        lines: table.lines(),
        title: table.text("title"),
        facts: RecordFacts::read(table),
        summary: table.text_or_empty("summary"),
        story: parts::story(table),
        core_outputs: table.texts("core_outputs"),
        aliases: aliases.into_iter().map(|name| name.alias).collect(),
        components: parts::components(table, "level"),
        mappings: parts::mappings(table, known.schemes),
        superseded_by,
    };
    table.refuse_others();
    part
}
