//! Protocol 0.2, as OpenRefine speaks it: manifest, queries, suggestions, flyouts, properties and extension.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::{Path, Request, State};
use axum::http::header;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::answer::{Candidate, FeatureValue};
use super::extend::{self, Column, Proposed};
use super::manifest::Manifest;
use super::property::{Cell, Property};
use super::question::{self, Condition, Question};
use super::run::{self, Answered};
use super::suggest::{self, Rows, Subject};
use super::{MAX_BODY_BYTES, Named, address, pages};
use crate::server::body;
use crate::server::front::Current;
use crate::server::generation::Generation;
use crate::server::params::{Params, quoted};
use crate::server::problem::{Kind, Problem, ProblemBody};
use crate::server::state::App;

/// Candidates of one query.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = ReconcileResult)]
pub(in crate::server) struct QueryResult {
    /// Candidates, best first.
    result: Vec<Line>,
    /// Why the query could not be read.
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
}

/// A candidate.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = ReconcileCandidate)]
struct Line {
    #[serde(flatten)]
    named: Named,
    /// From 0 to 100.
    score: f64,
    /// Whether it may be taken without a look.
    #[serde(rename = "match")]
    is_match: bool,
    #[serde(rename = "type")]
    kinds: Vec<Named>,
    description: String,
    features: Vec<Measure>,
}

/// Something measured about a candidate.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = ReconcileFeature)]
struct Measure {
    id: &'static str,
    value: FeatureValue,
}

/// Columns of an extension.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = ExtendAnswer)]
pub(in crate::server) struct Extended {
    meta: Vec<Column>,
    /// Id → property → cells.
    rows: BTreeMap<String, BTreeMap<&'static str, Vec<Cell>>>,
}

/// What `/reconcile` answers: its manifest, candidates by the keys of the queries, or columns.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[serde(untagged)]
#[schema(as = ReconcileAnswer)]
pub(in crate::server) enum Answer {
    Manifest(Box<Manifest>),
    Extended(Extended),
    Results(BTreeMap<String, QueryResult>),
}

/// What may be asked: nothing for the manifest.
#[derive(Debug, Deserialize, utoipa::IntoParams, utoipa::ToSchema)]
#[into_params(parameter_in = Query)]
#[schema(as = ReconcileRequest)]
#[expect(dead_code, reason = "describes what `root` reads")]
pub(in crate::server) struct RootRequest {
    /// JSON object of queries by keys of the client's own.
    #[param(example = "{\"q0\":{\"query\":\"Senior DevOps Engineer\"}}")]
    #[schema(example = "{\"q0\":{\"query\":\"Senior DevOps Engineer\"}}")]
    queries: Option<String>,
    /// JSON object with `ids` and `properties`.
    #[param(example = "{\"ids\":[\"DEI.GEN.P5\"],\"properties\":[{\"id\":\"level\"}]}")]
    #[schema(example = "{\"ids\":[\"DEI.GEN.P5\"],\"properties\":[{\"id\":\"level\"}]}")]
    extend: Option<String>,
}

const ROOT_PARAMS: &[&str] = &["queries", "extend"];

/// Describe the reconciliation service, or reconcile
///
/// Protocol 0.2: without parameters the manifest, else the answers to `queries` or to `extend`. Other parameters are passed over.
#[utoipa::path(get, path = "/reconcile", operation_id = "reconcile_get", tag = "reconciliation", params(RootRequest), responses(
    (status = 200, description = "The manifest, or answers", body = Answer),
    (status = "4XX", description = "A problem", body = ProblemBody, content_type = "application/problem+json"),
    (status = "5XX", description = "A problem", body = ProblemBody, content_type = "application/problem+json")))]
pub(in crate::server) async fn get_root(State(app): State<App>, Current(generation): Current, request: Request) -> Result<Response, Problem> {
    let (parts, _) = request.into_parts();
    let params = Params::some_of_query(parts.uri.query().unwrap_or_default(), ROOT_PARAMS)?;
    match asked(&app, &generation, params).await? {
        Some(answer) => Ok(body::json(&answer)),
        None => {
            let base = address::base(app.config.public_url.as_deref(), &parts.headers)?;
            Ok(body::json(&Answer::Manifest(Box::new(Manifest::new(&app, &generation, &base)))))
        }
    }
}

/// Reconcile
///
/// Protocol 0.2: `queries` or `extend` as a form.
#[utoipa::path(post, path = "/reconcile", operation_id = "reconcile_post", tag = "reconciliation",
    request_body(content = RootRequest, content_type = "application/x-www-form-urlencoded"), responses(
    (status = 200, description = "Answers", body = Answer),
    (status = "4XX", description = "A problem", body = ProblemBody, content_type = "application/problem+json"),
    (status = "5XX", description = "A problem", body = ProblemBody, content_type = "application/problem+json")))]
pub(in crate::server) async fn post_root(State(app): State<App>, Current(generation): Current, request: Request) -> Result<Response, Problem> {
    let (parts, content) = request.into_parts();
    let form = "application/x-www-form-urlencoded";
    if body::media_type(&parts.headers).as_deref() != Some(form) {
        return Err(Problem::new(Kind::WrongMediaType, "send queries or extend as a form").about(header::CONTENT_TYPE.as_str()).permitting(form));
    }
    let bytes = body::read(&parts.headers, content, MAX_BODY_BYTES).await?;
    let text = std::str::from_utf8(&bytes).map_err(|_| Problem::wrong("body", "the body is not UTF-8", "a form in UTF-8, percent-encoded"))?;
    let params = Params::some_of_query(text, ROOT_PARAMS)?;
    let missing = || Problem::new(Kind::MissingParameter, "queries is missing").about("queries").permitting("a JSON object of queries");
    let answer = asked(&app, &generation, params).await?.ok_or_else(missing)?;
    Ok(body::json(&answer))
}

/// The answer to queries or extension, whichever is asked for.
async fn asked(app: &App, generation: &Arc<Generation>, mut params: Params) -> Result<Option<Answer>, Problem> {
    if let Some(text) = params.text("queries")? {
        return results(app, generation, object("queries", &text)?).await.map(Some);
    }
    let Some(text) = params.text("extend")? else { return Ok(None) };
    let asked = extend::Asked::read(&Value::Object(object("extend", &text)?))?;
    let row = |id: &String| {
        let names = asked.properties.iter().map(|(property, _)| property.id());
        (id.clone(), names.zip(asked.values(generation, id)).collect())
    };
    Ok(Some(Answer::Extended(Extended { meta: asked.columns(), rows: asked.ids.iter().map(row).collect() })))
}

fn object(name: &str, text: &str) -> Result<Map<String, Value>, Problem> {
    let permitted = "a JSON object";
    match serde_json::from_str(text) {
        Ok(Value::Object(members)) => Ok(members),
        Ok(_) => Err(Problem::wrong(name, format!("{name} is no JSON object"), permitted)),
        Err(error) => Err(Problem::new(Kind::Malformed, format!("{name} is no JSON: {error}")).about(name).permitting(permitted)),
    }
}

async fn results(app: &App, generation: &Arc<Generation>, queries: Map<String, Value>) -> Result<Answer, Problem> {
    let most_bytes = app.config.limits.title_bytes;
    let (keys, values): (Vec<String>, Vec<Value>) = queries.into_iter().unzip();
    let questions = values.iter().map(|value| read(generation, value, most_bytes)).collect();
    let answers = run::answer(app, generation, questions).await?;
    let written = keys.into_iter().zip(answers).map(|(key, answer)| (key, QueryResult::of(generation, answer)));
    Ok(Answer::Results(written.collect()))
}

/// Reads one query.
fn read(generation: &Generation, value: &Value, most_bytes: usize) -> Result<Question, Problem> {
    let Value::Object(members) = value else {
        return Err(Problem::wrong("queries", format!("{} is no query", quoted(&value.to_string())), "an object with a query"));
    };
    let texts = match members.get("query") {
        None | Some(Value::Null) => Vec::new(),
        Some(Value::String(text)) => vec![question::text("query", text, most_bytes)?],
        Some(other) => return Err(Problem::wrong("query", format!("{} is no text", quoted(&other.to_string())), "a text")),
    };
    let mut kinds = question::kinds(members.get("type"))?;
    match members.get("type_strict").and_then(Value::as_str) {
        // Types that are only preferred keep nothing out.
        Some("should") => kinds = None,
        // Nothing is a role and a family.
        Some("all") if kinds.as_ref().is_some_and(|kinds| kinds.len() > 1) => kinds = Some(Vec::new()),
        _ => {}
    }
    let properties = match members.get("properties") {
        None | Some(Value::Null) => &[][..],
        Some(Value::Array(properties)) => properties,
        Some(other) => return Err(Problem::wrong("properties", format!("{} is no array", quoted(&other.to_string())), "an array of properties")),
    };
    question::check_count("properties", properties.len())?;
    let mut conditions = Vec::new();
    for property in properties {
        let id = property.get("pid").and_then(Value::as_str);
        let id = id.ok_or_else(|| Problem::wrong("properties", "a property has no pid", "objects with pid and v"))?;
        let values = question::values("v", property.get("v").unwrap_or(&Value::Null))?;
        // Columns of the client's own that mean nothing here say nothing.
        let known = Property::of(id);
        conditions.extend(known.and_then(|property| Condition::read(property, &values, None, generation)));
    }
    let limit = question::limit(members.get("limit"))?;
    Question { texts, kinds, limit, conditions, ..Question::default() }.checked()
}

impl QueryResult {
    fn of(generation: &Generation, answered: Answered) -> Self {
        match answered {
            Ok(candidates) => Self { result: candidates.into_iter().map(|candidate| Line::of(generation, candidate)).collect(), error: None },
            Err(problem) => Self { result: Vec::new(), error: Some(problem.to_string()) },
        }
    }
}

impl Line {
    fn of(generation: &Generation, candidate: Candidate) -> Self {
        Self {
            named: candidate.entity.named(generation),
            score: candidate.score,
            is_match: candidate.is_match,
            kinds: vec![candidate.entity.kind().named()],
            description: candidate.entity.description(generation.taxonomy()),
            features: candidate.features.into_iter().map(|feature| Measure { id: feature.id, value: feature.value }).collect(),
        }
    }
}

/// Suggest while somebody types
#[utoipa::path(get, path = "/reconcile/suggest/{kind}", operation_id = "reconcile_suggest", tag = "reconciliation", params(
    ("kind" = inline(Subject), Path, description = "What is suggested"),
    ("prefix" = Option<String>, Query, description = "What was typed so far", example = "devo"),
    ("type" = Option<String>, Query, description = "Types of the entities"),
    ("limit" = Option<usize>, Query, description = "Most rows", minimum = 1, maximum = 50),
    ("cursor" = Option<usize>, Query, description = "Rows to leave out at the beginning", minimum = 0, maximum = 1000)), responses(
    (status = 200, description = "Rows", body = Rows),
    (status = "4XX", description = "A problem", body = ProblemBody, content_type = "application/problem+json"),
    (status = "5XX", description = "A problem", body = ProblemBody, content_type = "application/problem+json")))]
pub(in crate::server) async fn suggest(State(app): State<App>, Current(generation): Current, Path(subject): Path<String>, request: Request) -> Result<Response, Problem> {
    let subject = Subject::of(&subject)?;
    let mut params = Params::some_of_query(request.uri().query().unwrap_or_default(), &["prefix", "type", "limit", "cursor"])?;
    let asked = suggest::Asked::read(&mut params, "cursor", app.config.limits.title_bytes)?;
    Ok(body::json(&suggest::rows(&generation, subject, &asked)))
}

/// Show an entity, type or property in a few words
#[utoipa::path(get, path = "/reconcile/flyout/{kind}", operation_id = "reconcile_flyout", tag = "reconciliation", params(
    ("kind" = inline(Subject), Path, description = "What is shown"), ("id" = String, Query, description = "Its id", max_length = 300, example = "DEI.GEN.P5")), responses(
    (status = 200, description = "A piece of HTML", body = pages::Flyout),
    (status = "4XX", description = "A problem", body = ProblemBody, content_type = "application/problem+json"),
    (status = "5XX", description = "A problem", body = ProblemBody, content_type = "application/problem+json")))]
pub(in crate::server) async fn flyout(Current(generation): Current, Path(subject): Path<String>, request: Request) -> Result<Response, Problem> {
    let subject = Subject::of(&subject)?;
    let id = pages::id(&request)?;
    Ok(body::json(&pages::Flyout::of(&generation, subject, &id)?))
}

/// Propose properties to extend a column with
#[utoipa::path(get, path = "/reconcile/properties", operation_id = "reconcile_properties", tag = "reconciliation", params(
    ("type" = Option<String>, Query, description = "Type of the entities"),
    ("limit" = Option<usize>, Query, description = "Most properties", minimum = 1, maximum = 100)), responses(
    (status = 200, description = "The properties", body = Proposed),
    (status = "4XX", description = "A problem", body = ProblemBody, content_type = "application/problem+json"),
    (status = "5XX", description = "A problem", body = ProblemBody, content_type = "application/problem+json")))]
pub(in crate::server) async fn properties(Current(generation): Current, request: Request) -> Result<Response, Problem> {
    let mut params = Params::some_of_query(request.uri().query().unwrap_or_default(), &["type", "limit"])?;
    Ok(body::json(&extend::propose(&generation, &mut params)?))
}
