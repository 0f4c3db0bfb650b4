//! Joins a role with all it inherits into the record that people read.

use serde::Serialize;

use super::{
    Alias, Component, Level, LevelCode, Mapping, RecordConfidence, RoleCode, RoleId, Status, Story, Taxonomy,
};

/// A role with everything it inherits from its level, specialisation and family.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct RoleRecord {
    /// Its code.
    pub code: RoleCode,
    /// Its title.
    pub title: String,
    /// One sentence.
    pub summary: String,
    /// How far the record has come.
    pub status: Status,
    /// Where it holds.
    pub region: String,
    /// Version of the record.
    pub version: u32,
    /// How sure the editors are.
    pub record_confidence: Option<RecordConfidence>,
    /// Code and title of the superfunction.
    pub superfunction: Option<CodeTitle>,
    /// Code and title of the family.
    pub family: Option<CodeTitle>,
    /// Code and title of the specialisation.
    pub specialisation: CodeTitle,
    /// Groups of the outer scheme, deepest first.
    pub groups: Vec<CodeTitle>,
    /// The level's code.
    pub level_code: Option<LevelCode>,
    /// The level with its facets.
    pub level: Option<Level>,
    /// The story.
    pub story: Option<Story>,
    /// Outputs: absent when unknown, empty when known to be none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub core_outputs: Option<Vec<String>>,
    /// Components, own ones first.
    pub components: Vec<Component>,
    /// Names: those of this level first.
    pub aliases: Vec<Alias>,
    /// Codes in other schemes.
    pub mappings: Vec<Mapping>,
    /// What replaces it.
    pub superseded_by: Option<RoleCode>,
}

/// A code with its title.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct CodeTitle {
    /// The code.
    pub code: String,
    /// The title.
    pub title: String,
}

impl Taxonomy {
    /// The joined record of a role.
    pub fn record(&self, role_id: RoleId) -> RoleRecord {
        let role = self.role(role_id);
        let specialisation = self.specialisation(role.specialisation);
        let family = specialisation.family.map(|id| self.family(id));
        let first_text = |texts: [&str; 3]| texts.into_iter().find(|text| !text.is_empty()).unwrap_or_default().to_owned();
        let mut components = role.components.clone();
        for component in specialisation.components.iter().chain(family.iter().flat_map(|family| &family.components)) {
            if !components.iter().any(|known| known.kind == component.kind && known.text == component.text) {
                components.push(component.clone());
            }
        }
        components.sort_by_key(|component| component.kind);
        let aliases = role.aliases.iter().chain(&specialisation.aliases).cloned().collect();
        RoleRecord {
            code: role.code.clone(),
            title: role.title.clone(),
            summary: first_text([&role.summary, &specialisation.summary, family.map_or("", |family| &family.summary)]),
            status: role.status,
            region: role.region.to_string(),
            version: role.version,
            record_confidence: role.record_confidence,
            superfunction: family.and_then(|family| {
                let found = self.superfunctions.iter().find(|superfunction| superfunction.code == family.superfunction)?;
                Some(CodeTitle { code: found.code.clone(), title: found.title.clone() })
            }),
            family: family.map(|family| CodeTitle { code: family.code.clone(), title: family.title.clone() }),
            specialisation: CodeTitle { code: specialisation.code.clone(), title: specialisation.title.clone() },
            groups: self
                .group_chain(role.specialisation)
                .into_iter()
                .map(|id| CodeTitle { code: self.group(id).code.clone(), title: self.group(id).title.clone() })
                .collect(),
            level_code: role.level,
            level: role.level.and_then(|code| self.levels.iter().find(|level| level.code == code).cloned()),
            story: role.story.as_deref().cloned().or_else(|| family.and_then(|family| family.story.clone())),
            core_outputs: role
                .core_outputs
                .clone()
                .or_else(|| specialisation.core_outputs.clone())
                .or_else(|| family.and_then(|family| family.core_outputs.clone())),
            components,
            aliases,
            mappings: self.mappings(role_id),
            superseded_by: role.superseded_by.clone(),
        }
    }

    /// The codes of a role in other schemes: those of the level, else of the specialisation, else of the family, scheme by
    /// scheme.
    pub fn mappings(&self, role_id: RoleId) -> Vec<Mapping> {
        let role = self.role(role_id);
        let specialisation = self.specialisation(role.specialisation);
        let family = specialisation.family.map(|id| self.family(id));
        let mut found: Vec<Mapping> = role.mappings.clone();
        for layer in [Some(&specialisation.mappings), family.map(|family| &family.mappings)].into_iter().flatten() {
            let settled: Vec<String> = found.iter().map(|mapping| mapping.scheme.clone()).collect();
            found.extend(layer.iter().filter(|mapping| !settled.contains(&mapping.scheme)).cloned());
        }
        found
    }
}
