//! `/openapi.json` and `/docs`: the paths as their handlers describe them, for programs and for people.

use std::sync::LazyLock;

use axum::extract::Request;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme};
use utoipa::{Modify, OpenApi};

use super::body;
use super::problem::Problem;
use super::{batch, crosswalk, families, feedback, finding, info, matching, metrics, records};

/// What the service offers, gathered from the handlers.
#[derive(OpenApi)]
#[openapi(
    info(title = "rolecall", description = "Maps free-text job titles onto the codes of a role taxonomy."),
    paths(
        matching::get_match, matching::post_match, batch::batch, matching::normalize,
        finding::suggest, finding::search,
        records::roles, records::describe_role, records::describe_adjacent, records::levels, families::families, crosswalk::crosswalk,
        feedback::feedback,
        info::info, info::changes, info::healthz, info::readyz, metrics::metrics,
    ),
    tags(
        (name = "titles", description = "Titles and their answers"),
        (name = "finding", description = "Finding roles by what somebody types"),
        (name = "taxonomy", description = "The records"),
        (name = "operations", description = "Running the service"),
    ),
    modifiers(&Tokens)
)]
struct Description;

/// Says that a service may ask for tokens.
struct Tokens;

impl Modify for Tokens {
    fn modify(&self, openapi: &mut utoipa::openapi::OpenApi) {
        let components = openapi.components.get_or_insert_with(Default::default);
        let scheme = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).description(Some("Needed when the service was started with tokens")).build();
        components.add_security_scheme("token", SecurityScheme::Http(scheme));
        // Either nothing or a token: which one the service says in `features.tokens` of /v1/info.
        openapi.security = Some(vec![SecurityRequirement::default(), SecurityRequirement::new("token", Vec::<String>::new())]);
    }
}

static WRITTEN: LazyLock<String> = LazyLock::new(|| description().to_pretty_json().expect("a description is plain data"));

/// The description as a value.
pub(super) fn description() -> utoipa::openapi::OpenApi {
    let mut description = Description::openapi();
    description.info.version = env!("CARGO_PKG_VERSION").to_owned();
    description
}

/// `/openapi.json`.
pub(super) async fn openapi() -> Response {
    ([(header::CONTENT_TYPE, "application/json"), (header::CACHE_CONTROL, "no-cache")], WRITTEN.as_str()).into_response()
}

/// `/docs`.
pub(super) async fn page(request: Request) -> Result<Response, Problem> {
    let (parts, _) = request.into_parts();
    body::query_params(&parts, &[])?;
    Ok("see /openapi.json".into_response())
}
