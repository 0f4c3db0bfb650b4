//! `/openapi.json` and `/docs`: the paths as their handlers describe them, for programs and for people.

mod html;
mod page;
mod schema;

pub(super) use html::escaped;

use std::sync::LazyLock;

use axum::extract::Request;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde_json::Value;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme};
use utoipa::{Modify, OpenApi};

use super::front::Current;
use super::generation::Generation;
use super::page::POLICY;
use super::problem::Problem;
use super::{batch, body, crosswalk, families, feedback, finding, info, matching, metrics, reconcile, records};

/// What the service offers, gathered from the handlers.
#[derive(OpenApi)]
#[openapi(
    info(title = "rolecall", description = "Maps free-text job titles onto the codes of a role taxonomy."),
    paths(
        matching::get_match, matching::post_match, batch::batch, matching::normalize,
        finding::suggest, finding::search,
        records::roles, records::describe_role, records::describe_adjacent, records::levels, families::families, crosswalk::crosswalk,
        feedback::feedback,
        reconcile::classic::get_root, reconcile::classic::post_root, reconcile::classic::suggest, reconcile::classic::flyout,
        reconcile::classic::properties, reconcile::pages::preview, reconcile::pages::view,
        reconcile::draft::manifest, reconcile::draft::matches, reconcile::draft::suggest, reconcile::draft::extend, reconcile::draft::propose,
        info::info, info::changes, info::healthz, info::readyz, metrics::metrics,
    ),
    tags(
        (name = "titles", description = "Titles and their answers"),
        (name = "finding", description = "Finding roles by what somebody types"),
        (name = "taxonomy", description = "The records"),
        (name = "reconciliation", description = "Tables in OpenRefine and other clients of the W3C group's protocol, 0.2 and 1.0-draft"),
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

static DESCRIPTION: LazyLock<Value> = LazyLock::new(|| serde_json::to_value(description()).expect("a description is plain data"));

/// The description as the handlers give it, whatever index answers.
pub(super) fn description() -> utoipa::openapi::OpenApi {
    let mut description = Description::openapi();
    description.info.version = env!("CARGO_PKG_VERSION").to_owned();
    description
}

/// The description with the languages and schemes of the index that answers.
fn described(generation: &Generation) -> Value {
    let mut description = DESCRIPTION.clone();
    let (languages, schemes) = (generation.languages(), generation.schemes());
    let operations = description["paths"].as_object_mut().into_iter().flat_map(serde_json::Map::values_mut).filter_map(Value::as_object_mut);
    let parameters = operations.flat_map(serde_json::Map::values_mut).filter_map(|operation| operation.get_mut("parameters")?.as_array_mut()).flatten();
    for parameter in parameters {
        match parameter["name"].as_str() {
            Some("lang") => permit(&mut parameter["schema"], languages),
            Some("scheme") => permit(&mut parameter["schema"], schemes),
            Some("emit") => permit(&mut parameter["schema"]["items"], schemes),
            _ => {}
        }
    }
    for name in ["MatchRequest", "NormalizeRequest"] {
        let members = &mut description["components"]["schemas"][name]["properties"];
        permit(&mut members["lang"], languages);
        if members["emit"].is_object() {
            permit(&mut members["emit"]["items"], schemes);
        }
    }
    description
}

/// Lists what a text may be; a taxonomy that does not say permits any.
fn permit(schema: &mut Value, texts: &[String]) {
    if texts.is_empty() {
        return;
    }
    let may_be_null = schema["type"].as_array().is_some_and(|kinds| kinds.iter().any(|kind| kind == "null"));
    let values = texts.iter().map(|text| Value::from(text.as_str())).chain(may_be_null.then_some(Value::Null));
    schema["enum"] = values.collect();
}

/// `/openapi.json`.
pub(super) async fn openapi(Current(generation): Current) -> Response {
    let text = serde_json::to_string_pretty(&described(&generation)).expect("a description is plain data");
    ([(header::CONTENT_TYPE, "application/json"), (header::CACHE_CONTROL, "no-cache")], text).into_response()
}

/// `/docs`.
pub(super) async fn docs(Current(generation): Current, request: Request) -> Result<Response, Problem> {
    let (parts, _) = request.into_parts();
    body::query_params(&parts, &[])?;
    let headers = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CACHE_CONTROL, "no-cache"),
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::REFERRER_POLICY, "no-referrer"),
    ];
    Ok((headers, page::page(&described(&generation))).into_response())
}
