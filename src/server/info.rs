//! `/v1/info`, `/v1/changes`, `/healthz`, `/readyz`: what answers, within which limits, and whether it is well.

use std::collections::BTreeMap;
use std::time::{SystemTime, UNIX_EPOCH};

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use super::body;
use super::changes::Changes;
use super::config::Limits;
use super::front::Current;
use super::generation::Generation;
use super::problem::{Problem, ProblemBody};
use super::state::App;
use crate::engine::DEFAULT_ACCEPT_PRECISION;
use crate::index::IndexManifest;

/// Precisions for which `/v1/info` says from which confidence answers are accepted.
const SHOWN_PRECISIONS: [&str; 4] = ["0.80", "0.90", "0.95", "0.99"];

/// What answers.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct Info<'a> {
    /// Version of the program.
    version: &'static str,
    /// The taxonomy.
    taxonomy: TaxonomyInfo<'a>,
    /// The index, with the figures of its build.
    index: &'a IndexManifest,
    /// The generation that answers.
    generation: GenerationInfo<'a>,
    /// What a confidence speaks of.
    calibration: CalibrationInfo<'a>,
    /// What is refused.
    limits: &'a Limits,
    /// What this service does beside answering.
    features: Features,
}

/// The taxonomy.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct TaxonomyInfo<'a> {
    /// Short name.
    name: &'a str,
    /// Name for people.
    title: &'a str,
    /// Version of the content.
    version: &'a str,
    /// One sentence.
    description: &'a str,
    /// Licence of the content.
    licence: &'a str,
    /// Languages of the names, most important first.
    languages: &'a [String],
    /// Schemes that may be asked for in `emit` and `/v1/crosswalk`.
    schemes: &'a [String],
    /// Whether roles differ by level.
    has_levels: bool,
    /// Numbers of what it holds.
    counts: Counts,
}

/// Numbers of what a taxonomy holds.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct Counts {
    /// Superfunctions.
    superfunctions: usize,
    /// Families.
    families: usize,
    /// Specialisations.
    specialisations: usize,
    /// Roles.
    roles: usize,
    /// Names: titles and aliases.
    names: usize,
}

/// The generation that answers.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct GenerationInfo<'a> {
    /// Counts from 1 in this process.
    number: u64,
    /// Name of the index, as in `meta.index` of an answer.
    fingerprint: &'a str,
    /// When it was loaded, in seconds since 1970.
    loaded_at: u64,
    /// Decisions of the user's own that win over every other answer.
    overrides: usize,
    /// Name of the prior in use.
    prior: Option<&'a str>,
}

/// What a confidence speaks of.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct CalibrationInfo<'a> {
    /// Where the calibrators come from: `fitted`, `shipped` or `none`.
    source: &'a str,
    /// The titles on which confidences hold.
    population: &'a str,
    /// Precision that accepts aim at when nothing else is asked.
    accept_precision: f32,
    /// Precision → confidence from which answers are accepted.
    thresholds: BTreeMap<&'static str, f32>,
}

/// What a service does beside answering.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct Features {
    /// Whether feedback is taken.
    feedback: bool,
    /// Whether requests must bear a token.
    tokens: bool,
}

/// Whether the service is well.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct Health {
    /// `ok`.
    status: &'static str,
}

/// Whether new requests should come.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct Readiness {
    /// Whether new requests should come.
    ready: bool,
    /// Number of the generation that answers.
    generation: u64,
    /// Name of its index.
    index: String,
    /// Why the newest files are not the ones that answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    failed_reload: Option<FailedReload>,
}

/// A reload that failed.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct FailedReload {
    /// What is wrong, and the way out.
    reason: String,
    /// When, in seconds since 1970.
    at: u64,
}

fn seconds(time: SystemTime) -> u64 {
    time.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs()
}

impl<'a> Info<'a> {
    fn of(app: &'a App, generation: &'a Generation) -> Self {
        let index = generation.engine.index();
        let taxonomy = &index.taxonomy;
        let manifest = &taxonomy.manifest;
        let threshold = |name: &&'static str| (*name, generation.engine.threshold(name.parse().unwrap_or(DEFAULT_ACCEPT_PRECISION)));
        Self {
            version: env!("CARGO_PKG_VERSION"),
            taxonomy: TaxonomyInfo {
                name: &manifest.name,
                title: &manifest.title,
                version: &manifest.version,
                description: &manifest.description,
                licence: &manifest.licence,
                languages: &manifest.languages,
                schemes: generation.schemes(),
                has_levels: taxonomy.has_levels(),
                counts: Counts {
                    superfunctions: taxonomy.superfunctions.len(),
                    families: taxonomy.families.len(),
                    specialisations: taxonomy.specialisations.len(),
                    roles: taxonomy.roles.len(),
                    names: index.manifest.names,
                },
            },
            index: &index.manifest,
            generation: GenerationInfo {
                number: generation.number,
                fingerprint: &generation.fingerprint,
                loaded_at: seconds(generation.loaded_at),
                overrides: generation.overrides,
                prior: generation.prior.as_deref(),
            },
            calibration: CalibrationInfo {
                source: &index.manifest.calibration,
                population: &index.manifest.population,
                accept_precision: DEFAULT_ACCEPT_PRECISION,
                thresholds: SHOWN_PRECISIONS.iter().map(threshold).collect(),
            },
            limits: &app.config.limits,
            features: Features { feedback: app.feedback.is_some(), tokens: app.needs_tokens() },
        }
    }
}

/// Say what answers, and within which limits
#[utoipa::path(get, path = "/v1/info", tag = "operations", responses(
    (status = 200, description = "Program, taxonomy, index, calibration and limits", body = Info),
    (status = "4XX", description = "A problem", body = ProblemBody, content_type = "application/problem+json"),
    (status = "5XX", description = "A problem", body = ProblemBody, content_type = "application/problem+json")))]
pub(super) async fn info(State(app): State<App>, Current(generation): Current, request: Request) -> Result<Response, Problem> {
    let (parts, _) = request.into_parts();
    body::query_params(&parts, &[])?;
    Ok(body::json(&Info::of(&app, &generation)))
}

/// List what changed since a generation
///
/// Roles and names added and removed since an index that this process has answered from.
#[utoipa::path(get, path = "/v1/changes", tag = "operations",
    params(("since" = String, Query, description = "Fingerprint of a generation, as in `meta.index` of an answer", max_length = 64)), responses(
    (status = 200, description = "What changed", body = Changes),
    (status = "4XX", description = "A problem", body = ProblemBody, content_type = "application/problem+json"),
    (status = "5XX", description = "A problem", body = ProblemBody, content_type = "application/problem+json")))]
pub(super) async fn changes(State(app): State<App>, request: Request) -> Result<Response, Problem> {
    let (parts, _) = request.into_parts();
    let mut params = body::query_params(&parts, &["since"])?;
    let since = params.required("since")?;
    let history = app.history.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    let unknown = || {
        let known = history.known().join(", ");
        Problem::not_found("this process has not answered from that generation").about("since").permitting(format!("one of {known}"))
    };
    let changes = history.since(&since).ok_or_else(unknown)?;
    Ok(body::json(&changes))
}

/// Say whether the process is alive
#[utoipa::path(get, path = "/healthz", tag = "operations", responses((status = 200, description = "It is", body = Health)))]
pub(super) async fn healthz() -> Response {
    body::json(&Health { status: "ok" })
}

/// Say whether new requests should come
///
/// 503 while the service shuts down. A reload that failed is told here; the old generation goes on answering, so the status
/// stays 200.
#[utoipa::path(get, path = "/readyz", tag = "operations", responses(
    (status = 200, description = "They should", body = Readiness),
    (status = 503, description = "They should not", body = Readiness)))]
pub(super) async fn readyz(State(app): State<App>) -> Response {
    let generation = app.current();
    let failed_reload = app.last_failure().map(|failure| FailedReload { reason: failure.reason.clone(), at: seconds(failure.at) });
    let ready = !app.is_draining();
    let readiness = Readiness { ready, generation: generation.number, index: generation.fingerprint.clone(), failed_reload };
    let status = if ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, body::json(&readiness)).into_response()
}
