//! `/v1/crosswalk`: roles and the codes of other schemes, in both directions, with every reason not to take one for the other.

use axum::extract::Request;
use axum::response::Response;
use serde::{Deserialize, Serialize};

use super::body;
use super::front::Current;
use super::generation::Generation;
use super::params::{Params, quoted};
use super::problem::{Kind, Problem, ProblemBody};
use super::records::{MAX_CODE_BYTES, RoleLine};
use crate::taxonomy::{Mapping, Relation, ReviewStatus, RoleId};

/// Most links in one list.
const MAX_LINKS: usize = 1_000;

/// Which links are listed: those of a role, or those to a scheme or to one of its codes.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "describes what `crosswalk` reads")]
pub(super) struct CrosswalkRequest {
    /// Code of a role; or give `scheme`.
    #[param(max_length = 200, example = "DEI.GEN.P5")]
    role: Option<String>,
    /// A scheme: `soc`, `onet`, `isco`, `esco`, or another that the taxonomy has codes of.
    #[param(max_length = 200)]
    scheme: Option<String>,
    /// A code of the scheme.
    #[param(max_length = 200)]
    code: Option<String>,
    /// Most links in the list.
    #[param(minimum = 1, maximum = 1000, default = 100)]
    limit: Option<usize>,
    /// Links to leave out at the beginning.
    #[param(minimum = 0, maximum = 10_000_000, default = 0)]
    offset: Option<usize>,
}

/// Links between roles and codes.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct LinkList {
    /// How many there are in all.
    total: usize,
    /// The page.
    links: Vec<Link>,
}

/// A role and a code.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct Link {
    /// The role.
    role: RoleLine,
    /// The code, and who says so.
    mapping: Mapping,
    /// Whether the two mean the same: reviewed, and the relation is exact.
    equal: bool,
    /// Whether the code may be given out for the role: somebody reviewed it.
    usable: bool,
    /// Why the two are not the same.
    flags: Vec<Flag>,
}

/// Why a role and a code are not the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
enum Flag {
    /// Nobody judged the mapping.
    Unreviewed,
    /// They are nearly the same.
    Close,
    /// The code holds more than the role.
    CodeIsBroader,
    /// The code holds less than the role.
    CodeIsNarrower,
}

impl Link {
    fn of(generation: &Generation, role_id: RoleId, mapping: Mapping) -> Self {
        let usable = mapping.review_status == ReviewStatus::Reviewed;
        let relation = match mapping.relation {
            Relation::Exact => None,
            Relation::Close => Some(Flag::Close),
            Relation::Narrow => Some(Flag::CodeIsBroader),
            Relation::Broad => Some(Flag::CodeIsNarrower),
        };
        let flags: Vec<Flag> = (!usable).then_some(Flag::Unreviewed).into_iter().chain(relation).collect();
        Self { role: RoleLine::of(generation.taxonomy(), role_id), mapping, equal: flags.is_empty(), usable, flags }
    }
}

/// List codes of other schemes
///
/// From a role to its codes, or from a scheme's code to the roles. What nobody reviewed, and what is broader or narrower,
/// says so.
#[utoipa::path(get, path = "/v1/crosswalk", tag = "taxonomy", params(CrosswalkRequest), responses(
    (status = 200, description = "The links", body = LinkList),
    (status = "4XX", description = "A problem", body = ProblemBody, content_type = "application/problem+json"),
    (status = "5XX", description = "A problem", body = ProblemBody, content_type = "application/problem+json")))]
pub(super) async fn crosswalk(Current(generation): Current, request: Request) -> Result<Response, Problem> {
    let (parts, _) = request.into_parts();
    let mut params = body::query_params(&parts, &["role", "scheme", "code", "limit", "offset"])?;
    let role = params.short("role", MAX_CODE_BYTES)?;
    let scheme = scheme(&mut params, &generation)?;
    let code = params.short("code", MAX_CODE_BYTES)?;
    let limit = params.integer("limit", 1..=MAX_LINKS, 100)?;
    let offset = params.integer("offset", 0..=10_000_000, 0)?;
    let found = match (role, scheme) {
        (Some(role), scheme) => of_role(&generation, &role, scheme.as_deref(), code.as_deref())?,
        (None, Some(scheme)) => of_scheme(&generation, &scheme, code.as_deref()),
        (None, None) => {
            let detail = "give a role, or a scheme with or without a code";
            return Err(Problem::new(Kind::MissingParameter, detail).about("role").permitting("code of a role"));
        }
    };
    let total = found.len();
    let links = found.into_iter().skip(offset).take(limit).map(|(role_id, mapping)| Link::of(&generation, role_id, mapping)).collect();
    Ok(body::json(&LinkList { total, links }))
}

fn scheme(params: &mut Params, generation: &Generation) -> Result<Option<String>, Problem> {
    let Some(scheme) = params.short("scheme", MAX_CODE_BYTES)? else { return Ok(None) };
    let scheme = scheme.to_lowercase();
    if generation.schemes().contains(&scheme) {
        return Ok(Some(scheme));
    }
    let known = generation.schemes().join(", ");
    Err(Problem::out_of_range("scheme", format!("there is no scheme {}", quoted(&scheme)), format!("one of {known}")))
}

fn of_role(generation: &Generation, role: &str, scheme: Option<&str>, code: Option<&str>) -> Result<Vec<(RoleId, Mapping)>, Problem> {
    let unknown = || Problem::not_found(format!("there is no role {}: find one with /v1/search", quoted(role))).about("role");
    let role_id = generation.engine.index().find_role(role).ok_or_else(unknown)?;
    let wanted = |mapping: &Mapping| scheme.is_none_or(|scheme| mapping.scheme == scheme) && code.is_none_or(|code| mapping.code == code);
    Ok(generation.taxonomy().mappings(role_id).into_iter().filter(wanted).map(|mapping| (role_id, mapping)).collect())
}

fn of_scheme(generation: &Generation, scheme: &str, code: Option<&str>) -> Vec<(RoleId, Mapping)> {
    let Some(codes) = generation.crosswalk().get(scheme) else { return Vec::new() };
    match code {
        Some(code) => codes.get(code).cloned().unwrap_or_default(),
        None => codes.values().flatten().cloned().collect(),
    }
}
