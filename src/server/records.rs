//! `/v1/roles`, `/v1/levels`: the records of the taxonomy, one or many.

use axum::extract::Request;
use axum::response::Response;
use percent_encoding::percent_decode_str;
use rustc_hash::FxHashSet;
use serde::{Deserialize, Serialize};

use super::body;
use super::front::Current;
use super::generation::Generation;
use super::params::{Params, quoted};
use super::problem::{Problem, ProblemBody};
use crate::taxonomy::{DistanceRules, Level, LevelCode, RoleCode, RoleId, RoleRecord, SpecialisationId, Status, Taxonomy, Track, TrackInfo};

/// Most roles in one list.
const MAX_ROLES: usize = 1_000;
/// Most neighbours of a role.
const MAX_ADJACENT: usize = 200;
/// Longest code in a filter: as long as a role's own.
pub(super) const MAX_CODE_BYTES: usize = 200;

/// Which roles are listed; every filter must hold.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "describes what `Filter` reads")]
pub(super) struct RolesRequest {
    /// Code of a superfunction.
    #[param(max_length = 200)]
    superfunction: Option<String>,
    /// Code of a family.
    #[param(max_length = 200)]
    family: Option<String>,
    /// Code of a specialisation.
    #[param(max_length = 200)]
    specialisation: Option<String>,
    /// A level, as in P5.
    #[param(pattern = "^[PMESpmes][1-9]$")]
    level: Option<String>,
    /// Letter of a track.
    #[param(inline)]
    track: Option<Track>,
    /// How far the record has come.
    #[param(inline)]
    status: Option<Status>,
    /// Most roles in the list.
    #[param(minimum = 1, maximum = 1000, default = 100)]
    limit: Option<usize>,
    /// Roles to leave out at the beginning.
    #[param(minimum = 0, maximum = 10_000_000, default = 0)]
    offset: Option<usize>,
}

const ROLES_PARAMS: &[&str] = &["superfunction", "family", "specialisation", "level", "track", "status", "limit", "offset"];

/// A page of roles.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct RoleList {
    /// How many there are in all.
    total: usize,
    /// The page, in the order of the taxonomy.
    roles: Vec<RoleLine>,
}

/// A role in a list.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub(super) struct RoleLine {
    /// Its code.
    pub(super) code: RoleCode,
    /// Its title.
    pub(super) title: String,
    /// Its level.
    pub(super) level: Option<LevelCode>,
    /// How far the record has come.
    pub(super) status: Status,
    /// Its coordinates.
    pub(super) coordinates: Coordinates,
}

/// The place of a role in its taxonomy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub(super) struct Coordinates {
    /// Code of the superfunction.
    superfunction: Option<String>,
    /// Code of the family.
    family: Option<String>,
    /// Code of the specialisation.
    specialisation: String,
    /// Letter of the track.
    track: Option<Track>,
    /// Grade on the track.
    grade: Option<u8>,
}

/// Roles near a role.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct AdjacentList {
    /// The role itself.
    role: RoleLine,
    /// Its neighbours, nearest first.
    adjacent: Vec<AdjacentRole>,
    /// How distances are made.
    rules: DistanceRules,
}

/// A neighbour.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct AdjacentRole {
    /// The role.
    #[serde(flatten)]
    role: RoleLine,
    /// Structural distance from 0 to 1: how far apart the coordinates are.
    distance: f32,
    /// Name of the band that the distance falls in.
    band: String,
    /// Textual similarity from 0 to 1: the share of words that the titles have in common (Dice).
    similarity: f32,
}

/// Tracks, levels and how distances are made.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct LevelList<'a> {
    /// Tracks.
    tracks: &'a [TrackInfo],
    /// Levels with their facets.
    levels: &'a [Level],
}

impl RoleLine {
    pub(super) fn of(taxonomy: &Taxonomy, role_id: RoleId) -> Self {
        let role = taxonomy.role(role_id);
        let specialisation = taxonomy.specialisation(role.specialisation);
        let family = specialisation.family.map(|id| taxonomy.family(id));
        let coordinates = Coordinates {
            superfunction: family.map(|family| family.superfunction.clone()).filter(|code| !code.is_empty()),
            family: family.map(|family| family.code.clone()),
            specialisation: specialisation.code.clone(),
            track: role.level.map(|level| level.track),
            grade: role.level.map(|level| level.grade),
        };
        Self { code: role.code.clone(), title: role.title.clone(), level: role.level, status: role.status, coordinates }
    }
}

/// Filters of a list of roles.
struct Filter {
    superfunction: Option<String>,
    family: Option<String>,
    specialisation: Option<String>,
    level: Option<LevelCode>,
    track: Option<Track>,
    status: Option<Status>,
}

/// A level of the taxonomy, or what levels there are.
pub(super) fn level(params: &mut Params) -> Result<Option<LevelCode>, Problem> {
    let Some(text) = params.short("level", MAX_CODE_BYTES)? else { return Ok(None) };
    let permitted = "a track letter P, M, E or S and a grade from 1 to 9, as in P5";
    LevelCode::parse(&text).map(Some).ok_or_else(|| Problem::out_of_range("level", format!("{} is no level", quoted(&text)), permitted))
}

/// A track by its letter.
pub(super) fn track(params: &mut Params) -> Result<Option<Track>, Problem> {
    let Some(text) = params.short("track", MAX_CODE_BYTES)? else { return Ok(None) };
    let found = Track::ALL.into_iter().find(|track| text.len() == 1 && text.starts_with(track.letter()));
    found.map(Some).ok_or_else(|| Problem::out_of_range("track", format!("{} is no track", quoted(&text)), "P, M, E or S"))
}

/// A status by its name.
pub(super) fn status(params: &mut Params) -> Result<Option<Status>, Problem> {
    let Some(text) = params.short("status", MAX_CODE_BYTES)? else { return Ok(None) };
    let found = Status::ALL.into_iter().find(|status| status.name() == text);
    found.map(Some).ok_or_else(|| Problem::out_of_range("status", format!("{} is no status", quoted(&text)), "draft, review, approved or deprecated"))
}

impl Filter {
    fn read(params: &mut Params) -> Result<Self, Problem> {
        Ok(Self {
            superfunction: params.short("superfunction", MAX_CODE_BYTES)?,
            family: params.short("family", MAX_CODE_BYTES)?,
            specialisation: params.short("specialisation", MAX_CODE_BYTES)?,
            level: level(params)?,
            track: track(params)?,
            status: status(params)?,
        })
    }

    fn holds(&self, taxonomy: &Taxonomy, role_id: RoleId) -> bool {
        let role = taxonomy.role(role_id);
        let specialisation = taxonomy.specialisation(role.specialisation);
        let family = specialisation.family.map(|id| taxonomy.family(id));
        self.status.is_none_or(|status| role.status == status)
            && self.level.is_none_or(|level| role.level == Some(level))
            && self.track.is_none_or(|track| role.level.is_some_and(|level| level.track == track))
            && self.specialisation.as_ref().is_none_or(|code| specialisation.code == *code)
            && self.family.as_ref().is_none_or(|code| family.is_some_and(|family| family.code == *code))
            && self.superfunction.as_ref().is_none_or(|code| family.is_some_and(|family| family.superfunction == *code))
    }
}

/// List roles
#[utoipa::path(get, path = "/v1/roles", tag = "taxonomy", params(RolesRequest), responses(
    (status = 200, description = "A page of roles", body = RoleList),
    (status = "4XX", description = "A problem", body = ProblemBody, content_type = "application/problem+json"),
    (status = "5XX", description = "A problem", body = ProblemBody, content_type = "application/problem+json")))]
pub(super) async fn roles(Current(generation): Current, request: Request) -> Result<Response, Problem> {
    let (parts, _) = request.into_parts();
    let mut params = body::query_params(&parts, ROLES_PARAMS)?;
    let filter = Filter::read(&mut params)?;
    let limit = params.integer("limit", 1..=MAX_ROLES, 100)?;
    let offset = params.integer("offset", 0..=10_000_000, 0)?;
    let taxonomy = generation.taxonomy();
    let found: Vec<RoleId> = (0..taxonomy.roles.len() as u32).map(RoleId).filter(|role_id| filter.holds(taxonomy, *role_id)).collect();
    let page = found.iter().skip(offset).take(limit).map(|role_id| RoleLine::of(taxonomy, *role_id)).collect();
    Ok(body::json(&RoleList { total: found.len(), roles: page }))
}

/// Show a role
///
/// Everything about one role, what it inherits included. The code is percent-encoded, its slashes too.
#[utoipa::path(get, path = "/v1/roles/{code}", tag = "taxonomy", params(("code" = String, Path, description = "Code of the role", max_length = 200, min_length = 1, example = "DEI.GEN.P5")), responses(
    (status = 200, description = "The record", body = RoleRecord),
    (status = "4XX", description = "A problem", body = ProblemBody, content_type = "application/problem+json"),
    (status = "5XX", description = "A problem", body = ProblemBody, content_type = "application/problem+json")))]
#[expect(dead_code, reason = "describes one half of `role_paths`")]
fn describe_role() {}

/// List roles near a role
///
/// Structural distance and textual similarity are two measures and stand side by side.
#[utoipa::path(get, path = "/v1/roles/{code}/adjacent", tag = "taxonomy", params(
    ("code" = String, Path, description = "Code of the role", max_length = 200, min_length = 1, example = "DEI.GEN.P5"),
    ("limit" = Option<usize>, Query, description = "Most neighbours", minimum = 1, maximum = 200)), responses(
    (status = 200, description = "The neighbours", body = AdjacentList),
    (status = "4XX", description = "A problem", body = ProblemBody, content_type = "application/problem+json"),
    (status = "5XX", description = "A problem", body = ProblemBody, content_type = "application/problem+json")))]
#[expect(dead_code, reason = "describes the other half of `role_paths`")]
fn describe_adjacent() {}

/// `/v1/roles/CODE` and `/v1/roles/CODE/adjacent`, where the slashes of a code may be encoded or not: the path is looked at
/// as it was sent, so that `%2Fadjacent` can be the end of a code.
pub(super) async fn role_paths(Current(generation): Current, request: Request) -> Result<Response, Problem> {
    let (parts, _) = request.into_parts();
    let sent = parts.uri.path().strip_prefix("/v1/roles/").unwrap_or_default();
    let (sent, wants_adjacent) = sent.strip_suffix("/adjacent").map_or((sent, false), |sent| (sent, true));
    let role_id = find(&generation, sent)?;
    if wants_adjacent {
        let mut params = body::query_params(&parts, &["limit"])?;
        let limit = params.integer("limit", 1..=MAX_ADJACENT, 20)?;
        return Ok(body::json(&adjacent(&generation, role_id, limit)));
    }
    body::query_params(&parts, &[])?;
    Ok(body::json(&generation.taxonomy().record(role_id)))
}

fn find(generation: &Generation, sent: &str) -> Result<RoleId, Problem> {
    let code = percent_decode_str(sent).decode_utf8().map_err(|_| Problem::wrong("code", "the code is not UTF-8", "text in UTF-8, percent-encoded"))?;
    let unknown = || Problem::not_found(format!("there is no role {}: list them at /v1/roles, or find one with /v1/search", quoted(&code))).about("code");
    generation.engine.index().find_role(&code).ok_or_else(unknown)
}

fn adjacent(generation: &Generation, role_id: RoleId, limit: usize) -> AdjacentList {
    let taxonomy = generation.taxonomy();
    let rules = &taxonomy.manifest.distance;
    let own = taxonomy.role(role_id).specialisation;
    let neighbours = taxonomy.adjacent(role_id, limit).into_iter().map(|(other, distance)| AdjacentRole {
        role: RoleLine::of(taxonomy, other),
        distance,
        band: rules.band(distance).0,
        similarity: similarity(generation, own, taxonomy.role(other).specialisation),
    });
    AdjacentList { role: RoleLine::of(taxonomy, role_id), adjacent: neighbours.collect(), rules: rules.clone() }
}

/// Share of title words that two specialisations have in common, twice the common over all.
fn similarity(generation: &Generation, one: SpecialisationId, other: SpecialisationId) -> f32 {
    let words = |id: SpecialisationId| -> FxHashSet<u32> { generation.engine.index().words.title_words.get(id.0).iter().copied().collect() };
    let (one, other) = (words(one), words(other));
    if one.is_empty() && other.is_empty() {
        return 0.0;
    }
    2.0 * one.intersection(&other).count() as f32 / (one.len() + other.len()) as f32
}

/// List tracks and levels
#[utoipa::path(get, path = "/v1/levels", tag = "taxonomy", responses(
    (status = 200, description = "Tracks, and levels with their facets", body = LevelList),
    (status = "4XX", description = "A problem", body = ProblemBody, content_type = "application/problem+json"),
    (status = "5XX", description = "A problem", body = ProblemBody, content_type = "application/problem+json")))]
pub(super) async fn levels(Current(generation): Current, request: Request) -> Result<Response, Problem> {
    let (parts, _) = request.into_parts();
    body::query_params(&parts, &[])?;
    let taxonomy = generation.taxonomy();
    Ok(body::json(&LevelList { tracks: &taxonomy.tracks, levels: &taxonomy.levels }))
}
