//! Searches roles by words of titles, aliases, skills and knowledge, with filters and counts by facet.

use serde::Serialize;

use super::Engine;
use crate::analysis::WordKind;
use crate::rank;
use crate::taxonomy::{LevelCode, RoleCode, SpecialisationId};

/// What a search is narrowed to; every given field must hold.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct SearchFilters {
    /// Code of a superfunction.
    pub superfunction: Option<String>,
    /// Code of a family.
    pub family: Option<String>,
    /// Letter of a track.
    pub track: Option<String>,
    /// Code of a level.
    pub level: Option<String>,
    /// Status of the record.
    pub status: Option<String>,
}

/// What a search found.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct SearchResult {
    /// How many specialisations match.
    pub total: usize,
    /// The asked page of them, best first.
    pub hits: Vec<SearchHit>,
    /// Counts by facet and value.
    pub facets: std::collections::BTreeMap<String, std::collections::BTreeMap<String, u64>>,
}

/// A specialisation that a search found, shown by its usual role.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct SearchHit {
    /// Code of the usual role.
    pub code: RoleCode,
    /// Its title.
    pub title: String,
    /// Code of the specialisation.
    pub specialisation: String,
    /// Title of the specialisation.
    pub specialisation_title: String,
    /// Code of the family.
    pub family: Option<String>,
    /// Levels that exist.
    pub levels: Vec<LevelCode>,
    /// One sentence.
    pub summary: String,
    /// Ranking value, comparable within this result.
    pub score: f32,
}

impl Engine {
    /// Searches; an empty text with filters browses.
    pub fn search(&self, text: &str, filters: &SearchFilters, limit: usize, offset: usize) -> SearchResult {
        let index = self.index();
        let query = self.analyze(text, None);
        let words: Vec<String> =
            query.words.iter().filter(|word| word.kind != WordKind::Stop && !word.is_level()).map(|word| word.text.clone()).collect();
        let named = [
            ("superfunction", &filters.superfunction),
            ("family", &filters.family),
            ("track", &filters.track),
            ("level", &filters.level),
            ("status", &filters.status),
        ];
        let paths: Vec<String> = named.into_iter().filter_map(|(name, value)| value.as_ref().map(|value| format!("/{name}/{value}"))).collect();
        let found = index.lexical().map(|lexical| lexical.search(&words, &paths, limit, offset)).unwrap_or_default();
        let mut facets: std::collections::BTreeMap<String, std::collections::BTreeMap<String, u64>> = std::collections::BTreeMap::new();
        for (path, count) in found.facets {
            let mut parts = path.trim_start_matches('/').split('/');
            if let (Some(name), Some(value)) = (parts.next(), parts.next()) {
                facets.entry(name.to_owned()).or_default().insert(value.to_owned(), count);
            }
        }
        let hits = found
            .hits
            .into_iter()
            .map(|(number, score)| {
                let id = SpecialisationId(number);
                let specialisation = index.taxonomy.specialisation(id);
                let leaf = rank::choose(index, &self.usual, &query, id, None, true);
                let role = index.taxonomy.role(leaf.role);
                SearchHit {
                    code: role.code.clone(),
                    title: role.title.clone(),
                    specialisation: specialisation.code.clone(),
                    specialisation_title: specialisation.title.clone(),
                    family: self.family_code(id),
                    levels: index.taxonomy.roles_of(id).filter_map(|(_, role)| role.level).collect(),
                    summary: specialisation.summary.clone(),
                    score,
                }
            })
            .collect();
        SearchResult { total: found.total, hits, facets }
    }
}
