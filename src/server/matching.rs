//! `/v1/match` and `/v1/normalize`: turn one title into its answer, or into the way it is read.

use axum::extract::{Request, State};
use axum::response::Response;
use serde::{Deserialize, Serialize};

use super::body;
use super::front::Current;
use super::generation::Generation;
use super::params::{Params, too_long};
use super::problem::{Problem, ProblemBody};
use super::state::App;
use crate::analysis::InputProblem;
use crate::engine::{Classification, DEFAULT_ACCEPT_PRECISION, DEFAULT_LIMIT, MAX_LIMIT, MatchOptions, Parsed};

/// Longest name of a language.
const MAX_LANG_BYTES: usize = 16;
/// Precisions that thresholds are kept for.
const ACCEPT_PRECISIONS: std::ops::RangeInclusive<f64> = 0.5..=0.99;

/// What may be asked of a match.
pub(super) const MATCH_PARAMS: &[&str] = &["title", "limit", "explain", "lang", "accept_precision", "emit"];

/// A title with what is asked about it.
#[derive(Debug, Deserialize, utoipa::IntoParams, utoipa::ToSchema)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "describes what `options` reads")]
pub(super) struct MatchRequest {
    /// The title as somebody typed it; longer than `limits.title_bytes` of `/v1/info` is 422.
    #[schema(example = "Sr. DevOps Eng. (Remote, m/f/d)")]
    #[param(example = "Sr. DevOps Eng. (Remote, m/f/d)")]
    title: String,
    /// Most roles in the answer.
    #[schema(minimum = 1, maximum = 50, default = 5)]
    #[param(minimum = 1, maximum = 50, default = 5)]
    limit: Option<usize>,
    /// Whether each role comes with its reasons in words and numbers.
    #[schema(default = false)]
    #[param(default = false)]
    explain: Option<bool>,
    /// Language of the title, one of the taxonomy's; all when absent.
    #[schema(max_length = 16)]
    #[param(max_length = 16)]
    lang: Option<String>,
    /// Precision that accepted answers aim at.
    #[schema(minimum = 0.5, maximum = 0.99, default = 0.95)]
    #[param(minimum = 0.5, maximum = 0.99, default = 0.95)]
    accept_precision: Option<f32>,
    /// Schemes whose reviewed codes are given with each role; in a query string separated by commas, none of them blank.
    #[schema(example = json!(["soc", "isco"]))]
    #[param(style = Form, explode = false, min_items = 1, example = json!(["soc", "isco"]))]
    emit: Option<Vec<String>>,
}

/// A title to be read.
#[derive(Debug, Deserialize, utoipa::IntoParams, utoipa::ToSchema)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "describes what `normalize` reads")]
pub(super) struct NormalizeRequest {
    /// The title as somebody typed it.
    #[schema(example = "Dir., Sales (EMEA) - 12 mth FTC")]
    title: String,
    /// Language of the title, one of the taxonomy's.
    #[schema(max_length = 16)]
    lang: Option<String>,
}

/// How a title is read.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct Normalized {
    /// The title as given.
    input: String,
    /// How it is read.
    parsed: Parsed,
    /// Why there is nothing to answer: `empty` or `too_long`.
    problem: Option<InputProblem>,
    /// Whether the title states a level and nothing else.
    level_only: bool,
    /// Whether what is left is a word too vague to name a role.
    vague: bool,
}

/// Reads what is asked beside a title.
pub(super) fn options(params: &mut Params, generation: &Generation) -> Result<MatchOptions, Problem> {
    Ok(MatchOptions {
        limit: params.integer("limit", 1..=MAX_LIMIT, DEFAULT_LIMIT)?,
        explain: params.flag("explain")?,
        lang: lang(params, generation)?,
        accept_precision: params.number("accept_precision", ACCEPT_PRECISIONS, DEFAULT_ACCEPT_PRECISION)?,
        emit: emit(params, generation)?,
    })
}

fn lang(params: &mut Params, generation: &Generation) -> Result<Option<String>, Problem> {
    let Some(lang) = params.short("lang", MAX_LANG_BYTES)? else { return Ok(None) };
    let lang = lang.to_lowercase();
    let known = generation.languages();
    if known.is_empty() || known.contains(&lang) {
        return Ok(Some(lang));
    }
    let known = known.join(", ");
    Err(Problem::out_of_range("lang", format!("the taxonomy has no language {lang:?}: it has {known}"), format!("one of {known}")))
}

fn emit(params: &mut Params, generation: &Generation) -> Result<Vec<String>, Problem> {
    let schemes: Vec<String> = params.list("emit")?.into_iter().map(|scheme| scheme.to_lowercase()).collect();
    match schemes.iter().find(|scheme| !generation.schemes().contains(scheme)) {
        None => Ok(schemes),
        Some(unknown) => {
            let known = generation.schemes().join(", ");
            let detail = format!("there is no scheme {}", super::params::quoted(unknown));
            Err(Problem::out_of_range("emit", detail, format!("any of {known}")))
        }
    }
}

fn title(app: &App, params: &mut Params) -> Result<String, Problem> {
    let title = params.required("title")?;
    let most = app.config.limits.title_bytes;
    if title.len() > most { Err(too_long("title", title.len(), most)) } else { Ok(title) }
}

/// Answer one title
///
/// The role, how sure the answer is, and why. No match is an answer too: 200 with `decision: reject`.
#[utoipa::path(get, path = "/v1/match", tag = "titles", params(MatchRequest), responses(
    (status = 200, description = "The answer", body = Classification),
    (status = "4XX", description = "A problem", body = ProblemBody, content_type = "application/problem+json"),
    (status = "5XX", description = "A problem", body = ProblemBody, content_type = "application/problem+json")))]
pub(super) async fn get_match(State(app): State<App>, Current(generation): Current, request: Request) -> Result<Response, Problem> {
    let (parts, _) = request.into_parts();
    let params = body::query_params(&parts, MATCH_PARAMS)?;
    answer(&app, &generation, params)
}

/// Answer one title
///
/// As the GET, with the parameters as a JSON object, so that the title stands in no log of a proxy.
#[utoipa::path(post, path = "/v1/match", tag = "titles", request_body = MatchRequest, responses(
    (status = 200, description = "The answer", body = Classification),
    (status = "4XX", description = "A problem", body = ProblemBody, content_type = "application/problem+json"),
    (status = "5XX", description = "A problem", body = ProblemBody, content_type = "application/problem+json")))]
pub(super) async fn post_match(State(app): State<App>, Current(generation): Current, request: Request) -> Result<Response, Problem> {
    let (parts, content) = request.into_parts();
    let params = body::json_params(&parts, content, app.config.limits.body_bytes, MATCH_PARAMS).await?;
    answer(&app, &generation, params)
}

fn answer(app: &App, generation: &Generation, mut params: Params) -> Result<Response, Problem> {
    let title = title(app, &mut params)?;
    let options = options(&mut params, generation)?;
    let classification = generation.engine.classify(&title, &options);
    app.metrics.decided(classification.decision, 1);
    Ok(body::json(&classification))
}

/// Read one title without answering it
#[utoipa::path(post, path = "/v1/normalize", tag = "titles", request_body = NormalizeRequest, responses(
    (status = 200, description = "How the title is read", body = Normalized),
    (status = "4XX", description = "A problem", body = ProblemBody, content_type = "application/problem+json"),
    (status = "5XX", description = "A problem", body = ProblemBody, content_type = "application/problem+json")))]
pub(super) async fn normalize(State(app): State<App>, Current(generation): Current, request: Request) -> Result<Response, Problem> {
    let (parts, content) = request.into_parts();
    let mut params = body::json_params(&parts, content, app.config.limits.body_bytes, &["title", "lang"]).await?;
    let title = title(&app, &mut params)?;
    let lang = lang(&mut params, &generation)?;
    let query = generation.engine.analyze(&title, lang.as_deref());
    let parsed = generation.engine.parse(&title, lang.as_deref());
    Ok(body::json(&Normalized { input: title, parsed, problem: query.problem, level_only: query.level_only, vague: query.vague }))
}
