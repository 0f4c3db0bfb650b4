//! Turns families as they are written into the lists of a [`Taxonomy`], expanding each specialisation into its roles.

use std::collections::BTreeMap;

use crate::taxonomy::{
    Family, FamilyId, Level, LevelCode, Role, RoleCode, Specialisation, SpecialisationId, Status, Taxonomy, Track,
};

use super::family_file::{FamilyFile, SpecialisationPart};
use super::head::{Beside, RecordFacts};
use super::places::{Places, RecordPlaces};
use super::toml_tree::At;

/// Splits values from their places.
fn unzip<T>(parts: Vec<At<T>>) -> (Vec<T>, Vec<super::places::Place>) {
    parts.into_iter().map(|part| (part.value, part.place)).unzip()
}

/// Adds families, which stand in order of code, with everything below them. `beside` has the patterns of titles beside a
/// usual level.
pub(super) fn families(
    files: Vec<FamilyFile>,
    defaults: &RecordFacts,
    beside: &BTreeMap<LevelCode, Beside>,
    taxonomy: &mut Taxonomy,
    places: &mut Places,
) {
    let mut roles: Vec<(Role, RecordPlaces)> = Vec::new();
    for file in files {
        let family_id = FamilyId(taxonomy.families.len() as u32);
        let facts = file.facts.or(defaults);
        let (components, component_places) = unzip(file.components);
        let (mappings, mapping_places) = unzip(file.mappings);
        let mut specialisations = file.specialisations;
        specialisations.sort_by(|a, b| a.code.value.cmp(&b.code.value));
        for part in specialisations {
            let id = SpecialisationId(taxonomy.specialisations.len() as u32);
            let code = format!("{}.{}", file.code.value, part.code.value);
            let (specialisation, record_places, spec_roles) = specialisation(part, code, family_id, id, &facts, Patterns { levels: &taxonomy.levels, beside });
            taxonomy.specialisations.push(specialisation);
            places.specialisations.push(record_places);
            roles.extend(spec_roles);
        }
        taxonomy.families.push(Family {
            code: file.code.value,
            title: file.title,
            superfunction: file.superfunction,
            summary: file.summary,
            story: file.story,
            core_outputs: file.core_outputs,
            components,
            mappings,
        });
        places.families.push(RecordPlaces {
            place: file.code.place,
            fields: file.lines,
            aliases: Vec::new(),
            components: component_places,
            mappings: mapping_places,
        });
    }
    // The order of Taxonomy::sort_roles, kept here so that the places stay beside their roles.
    roles.sort_by(|(a, _), (b, _)| (a.specialisation, a.level, &a.code).cmp(&(b.specialisation, b.level, &b.code)));
    (taxonomy.roles, places.roles) = roles.into_iter().unzip();
}

/// How titles of levels are made.
#[derive(Clone, Copy)]
struct Patterns<'a> {
    levels: &'a [Level],
    beside: &'a BTreeMap<LevelCode, Beside>,
}

impl Patterns<'_> {
    /// The title at a level. The bare name is the usual level's; others on its side of the tracks, whose own pattern would
    /// repeat it or add a second office to it, have a pattern for that.
    fn title(self, name: &str, level: LevelCode, usual: LevelCode) -> String {
        if level == usual {
            return name.to_owned();
        }
        let own = self.levels.iter().find(|known| known.code == level).map_or("", |known| known.title.as_str());
        let same_side = level.track.is_individual() == usual.track.is_individual();
        // An executive stands above every manager; professional and skilled grades stand side by side.
        let rank = |level: LevelCode| (level.track == Track::E, level.grade);
        let is_above = rank(level) > rank(usual);
        let beside = self.beside.get(&level).filter(|_| same_side).map(|beside| if is_above { &beside.above } else { &beside.below });
        let pattern = beside.filter(|pattern| !pattern.is_empty()).map_or(own, String::as_str);
        if pattern.is_empty() { name.to_owned() } else { pattern.replace("{}", name) }
    }
}

fn specialisation(
    mut part: SpecialisationPart,
    code: String,
    family: FamilyId,
    id: SpecialisationId,
    family_facts: &RecordFacts,
    patterns: Patterns<'_>,
) -> (Specialisation, RecordPlaces, Vec<(Role, RecordPlaces)>) {
    let facts = part.facts.or(family_facts);
    let level_codes = std::mem::take(&mut part.levels);
    let usual = part.usual.or_else(|| LevelCode::usual_of(level_codes.iter().copied()));
    let titled = |level| usual.map_or_else(|| part.title.clone(), |usual| patterns.title(&part.title, level, usual));
    let titles: Vec<(LevelCode, String)> = level_codes.into_iter().map(|level| (level, titled(level))).collect();
    let roles = titles.into_iter().map(|(level, title)| role(&mut part, &code, id, level, title, &facts)).collect();
    let (aliases, alias_places) = unzip(part.aliases);
    let (components, component_places) = unzip(part.components);
    let (mappings, mapping_places) = unzip(part.mappings);
    let specialisation = Specialisation {
        code,
        title: part.title,
        family: Some(family),
        group: None,
        title_is_name: part.title_is_name,
        summary: part.summary,
        aliases,
        components,
        mappings,
        core_outputs: part.core_outputs,
        related: part.related.into_iter().map(Into::into).collect(),
    };
    let record_places = RecordPlaces {
        place: part.place,
        fields: part.lines,
        aliases: alias_places,
        components: component_places,
        mappings: mapping_places,
    };
    (specialisation, record_places, roles)
}

fn role(
    part: &mut SpecialisationPart,
    specialisation_code: &str,
    specialisation: SpecialisationId,
    level: LevelCode,
    mut title: String,
    outer_facts: &RecordFacts,
) -> (Role, RecordPlaces) {
    let mut title_is_written = false;
    let mut place = part.place.clone();
    let mut aliases = Vec::new();
    let level_part = part.level_parts.remove(&level);
    // At the level that is said to be usual the bare name is the title, and what else people are called there are aliases.
    let is_titled = part.usual == Some(level) || level_part.as_ref().is_some_and(|level_part| level_part.title.is_some());
    for (position, name) in part.titles.remove(&level).unwrap_or_default().into_iter().enumerate() {
        if position == 0 && !is_titled {
            title = name.alias.value.text.to_string();
            title_is_written = true;
            place = name.alias.place.clone();
            // Only a plain text says nothing beyond the title; what a table says is kept with an alias of the same words.
            if !name.is_table {
                continue;
            }
        }
        aliases.push(name.alias);
    }
    let mut role = Role {
        code: RoleCode::new(format!("{specialisation_code}.{level}")).expect("short codes of capitals and digits form a code"),
        specialisation,
        level: Some(level),
        title,
        status: Status::default(),
        region: "".into(),
        version: 0,
        record_confidence: None,
        summary: String::new(),
        story: None,
        core_outputs: None,
        components: Vec::new(),
        aliases: Vec::new(),
        mappings: Vec::new(),
        superseded_by: None,
        title_is_written,
    };
    let mut places = RecordPlaces::on_one_line(place, 0, 0, 0);
    let mut facts = outer_facts.clone();
    if let Some(level_part) = level_part {
        if let Some(written) = level_part.title {
            role.title = written;
            role.title_is_written = true;
        }
        facts = level_part.facts.or(&facts);
        role.summary = level_part.summary;
        role.story = level_part.story.map(Box::new);
        role.core_outputs = level_part.core_outputs;
        role.superseded_by = level_part.superseded_by;
        aliases.extend(level_part.aliases);
        (role.components, places.components) = unzip(level_part.components);
        (role.mappings, places.mappings) = unzip(level_part.mappings);
        places.place = level_part.place;
        places.fields = level_part.lines;
    }
    for leading in part.leading.iter().filter(|leading| leading.levels.contains(&level)) {
        if !role.mappings.iter().any(|own| own.scheme == leading.mapping.value.scheme) {
            role.mappings.push(leading.mapping.value.clone());
            places.mappings.push(leading.mapping.place.clone());
        }
    }
    role.status = facts.status.unwrap_or_default();
    role.region = facts.region.unwrap_or_default().into();
    role.version = facts.version.unwrap_or_default();
    role.record_confidence = facts.record_confidence;
    (role.aliases, places.aliases) = unzip(aliases);
    (role, places)
}
