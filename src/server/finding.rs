//! `/v1/suggest` and `/v1/search`: turn what somebody types into roles, while they type and after.

use axum::extract::{Request, State};
use axum::response::Response;
use serde::{Deserialize, Serialize};

use super::body;
use super::front::Current;
use super::generation::Generation;
use super::params::Params;
use super::problem::{Problem, ProblemBody};
use super::records::{self, MAX_CODE_BYTES};
use super::state::App;
use crate::engine::{SearchFilters, SearchResult, Suggestion};
use crate::taxonomy::{Status, Track};

/// Most completions.
const MAX_SUGGESTIONS: usize = 50;
/// Most roles on a page of a search.
const MAX_HITS: usize = 100;
/// Furthest page: deeper ones are made by narrowing.
const MAX_OFFSET: usize = 10_000;

/// What is completed.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "describes what `suggest` reads")]
pub(super) struct SuggestRequest {
    /// What was typed so far; empty for the commonest roles.
    #[param(example = "sr devo")]
    q: Option<String>,
    /// Most completions.
    #[param(minimum = 1, maximum = 50, default = 8)]
    limit: Option<usize>,
}

/// Completions.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct SuggestList {
    /// What was typed.
    q: String,
    /// One row a role, best first.
    suggestions: Vec<Suggestion>,
}

/// What is searched for.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "describes what `search` reads")]
pub(super) struct SearchRequest {
    /// Words of titles, aliases, skills and knowledge; empty to browse.
    #[param(example = "terraform")]
    q: Option<String>,
    /// Code of a superfunction.
    #[param(max_length = 200)]
    superfunction: Option<String>,
    /// Code of a family.
    #[param(max_length = 200)]
    family: Option<String>,
    /// Letter of a track.
    #[param(inline)]
    track: Option<Track>,
    /// A level, as in P5.
    #[param(pattern = "^[PMESpmes][1-9]$")]
    level: Option<String>,
    /// How far the record has come.
    #[param(inline)]
    status: Option<Status>,
    /// Most hits on the page.
    #[param(minimum = 1, maximum = 100, default = 20)]
    limit: Option<usize>,
    /// Hits to leave out at the beginning.
    #[param(minimum = 0, maximum = 10000, default = 0)]
    offset: Option<usize>,
}

const SEARCH_PARAMS: &[&str] = &["q", "superfunction", "family", "track", "level", "status", "limit", "offset"];

fn typed(app: &App, params: &mut Params) -> Result<String, Problem> {
    Ok(params.short("q", app.config.limits.title_bytes)?.unwrap_or_default())
}

/// Complete a title while it is typed
#[utoipa::path(get, path = "/v1/suggest", tag = "finding", params(SuggestRequest), responses(
    (status = 200, description = "Completions", body = SuggestList),
    (status = "4XX", description = "A problem", body = ProblemBody, content_type = "application/problem+json"),
    (status = "5XX", description = "A problem", body = ProblemBody, content_type = "application/problem+json")))]
pub(super) async fn suggest(State(app): State<App>, Current(generation): Current, request: Request) -> Result<Response, Problem> {
    let (parts, _) = request.into_parts();
    let mut params = body::query_params(&parts, &["q", "limit"])?;
    let q = typed(&app, &mut params)?;
    let limit = params.integer("limit", 1..=MAX_SUGGESTIONS, 8)?;
    let suggestions = generation.engine.suggest(&q, limit);
    Ok(body::json(&SuggestList { q, suggestions }))
}

/// Search roles by words
///
/// Titles, aliases, skills and knowledge, with counts by facet; every filter must hold.
#[utoipa::path(get, path = "/v1/search", tag = "finding", params(SearchRequest), responses(
    (status = 200, description = "A page of roles", body = SearchResult),
    (status = "4XX", description = "A problem", body = ProblemBody, content_type = "application/problem+json"),
    (status = "5XX", description = "A problem", body = ProblemBody, content_type = "application/problem+json")))]
pub(super) async fn search(State(app): State<App>, Current(generation): Current, request: Request) -> Result<Response, Problem> {
    let (parts, _) = request.into_parts();
    let mut params = body::query_params(&parts, SEARCH_PARAMS)?;
    let q = typed(&app, &mut params)?;
    let filters = SearchFilters {
        superfunction: params.short("superfunction", MAX_CODE_BYTES)?,
        family: params.short("family", MAX_CODE_BYTES)?,
        track: records::track(&mut params)?.map(|track| track.letter().to_string()),
        level: records::level(&mut params)?.map(|level| level.to_string()),
        status: records::status(&mut params)?.map(|status| status.name().to_owned()),
    };
    let limit = params.integer("limit", 1..=MAX_HITS, 20)?;
    let offset = params.integer("offset", 0..=MAX_OFFSET, 0)?;
    if !can_hold(&generation, &filters) {
        return Ok(body::json(&SearchResult { total: 0, hits: Vec::new(), facets: std::collections::BTreeMap::new() }));
    }
    Ok(body::json(&generation.engine.search(&q, &filters, limit, offset)))
}

/// Whether the groups that a search is narrowed to exist at all.
fn can_hold(generation: &Generation, filters: &SearchFilters) -> bool {
    let taxonomy = generation.taxonomy();
    filters.family.as_ref().is_none_or(|code| taxonomy.families.iter().any(|family| family.code == *code))
        && filters.superfunction.as_ref().is_none_or(|code| taxonomy.superfunctions.iter().any(|known| known.code == *code))
}
