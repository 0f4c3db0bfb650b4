//! Protocol 1.0 as it is drafted: the same service as resources of their own, with JSON bodies.

use axum::body::Bytes;
use axum::extract::{Path, Request, State};
use axum::response::Response;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::answer::{Candidate, FeatureValue};
use super::extend::{self, Column, Proposed};
use super::manifest::DraftManifest;
use super::property::{Cell, Property};
use super::question::{self, Condition, Quantifier, Question};
use super::run::{self, Answered};
use super::suggest::{self, Rows, Subject};
use super::{MAX_BODY_BYTES, Named, address};
use crate::server::body;
use crate::server::front::Current;
use crate::server::generation::Generation;
use crate::server::params::{Params, quoted};
use crate::server::problem::{Kind, Problem, ProblemBody};
use crate::server::state::App;

/// What is asked.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[schema(as = DraftMatchRequest)]
#[expect(dead_code, reason = "describes what `matches` reads")]
pub(in crate::server) struct MatchRequest {
    /// Answered in this order.
    #[schema(example = json!([{ "type": "role", "limit": 3, "conditions": [{ "matchType": "name", "propertyValue": "Senior DevOps Engineer" }] }]))]
    queries: Vec<Value>,
}

/// Answers in the order of the queries.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = DraftMatchAnswer)]
pub(in crate::server) struct Results {
    results: Vec<QueryResult>,
}

/// Candidates of one query.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = DraftResult)]
struct QueryResult {
    /// Candidates, best first.
    candidates: Vec<Line>,
    /// Why the query could not be read.
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
}

/// A candidate.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = DraftCandidate)]
struct Line {
    #[serde(flatten)]
    named: Named,
    description: String,
    #[serde(rename = "type")]
    kinds: Vec<Named>,
    /// From 0 to 100.
    score: f64,
    /// Whether it may be taken without a look.
    #[serde(rename = "match")]
    is_match: bool,
    features: Vec<Measure>,
}

/// Something measured about a candidate.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = DraftFeature)]
struct Measure {
    id: &'static str,
    name: &'static str,
    value: FeatureValue,
}

/// What columns are asked for.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[schema(as = DraftExtendRequest)]
#[expect(dead_code, reason = "describes what `extend` reads")]
pub(in crate::server) struct ExtendRequest {
    /// Ids of entities.
    #[schema(example = json!(["DEI.GEN.P5"]), max_items = 500)]
    ids: Vec<String>,
    /// The columns.
    #[schema(example = json!([{ "id": "level" }]), max_items = 50)]
    properties: Vec<WantedProperty>,
}

/// A column that is asked for.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[schema(as = DraftWantedProperty)]
#[expect(dead_code, reason = "describes what `extend` reads")]
struct WantedProperty {
    /// Id of a property.
    #[schema(inline)]
    id: Property,
    /// Values of the settings in the manifest.
    settings: Option<WantedSettings>,
}

/// What a person set for a column.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[schema(as = DraftWantedSettings)]
#[expect(dead_code, reason = "describes what `extend` reads")]
struct WantedSettings {
    /// Most values; 0 for all.
    limit: Option<u32>,
    /// Whether codes that nobody reviewed are given too.
    unreviewed: Option<bool>,
}

/// Columns of an extension.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = DraftExtendAnswer)]
pub(in crate::server) struct Extended {
    meta: Vec<Column>,
    rows: Vec<ExtendedRow>,
}

/// One id's values.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = DraftExtendedRow)]
struct ExtendedRow {
    id: String,
    properties: Vec<ExtendedProperty>,
}

/// One property's values.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = DraftExtendedProperty)]
struct ExtendedProperty {
    id: &'static str,
    values: Vec<Cell>,
}

/// Describe the reconciliation service
///
/// Protocol 1.0, draft. Open also where tokens are needed, so that a client learns that they are.
#[utoipa::path(get, path = "/reconcile/v1", operation_id = "reconcile_v1_manifest", tag = "reconciliation", responses(
    (status = 200, description = "The manifest", body = DraftManifest),
    (status = "4XX", description = "A problem", body = ProblemBody, content_type = "application/problem+json"),
    (status = "5XX", description = "A problem", body = ProblemBody, content_type = "application/problem+json")))]
pub(in crate::server) async fn manifest(State(app): State<App>, Current(generation): Current, request: Request) -> Result<Response, Problem> {
    let base = address::base(app.config.public_url.as_deref(), request.headers())?;
    Ok(body::json(&DraftManifest::new(&app, &generation, &base)))
}

/// A body that is a JSON object.
async fn object(request: Request) -> Result<Value, Problem> {
    let (parts, content) = request.into_parts();
    let bytes: Bytes = match body::media_type(&parts.headers) {
        Some(media_type) if body::is_json(&media_type) => body::read(&parts.headers, content, MAX_BODY_BYTES).await?,
        _ => return Err(Problem::new(Kind::WrongMediaType, "send the body as JSON").about("content-type").permitting("application/json")),
    };
    let value: Value = serde_json::from_slice(&bytes)
        .map_err(|error| Problem::new(Kind::Malformed, format!("the body is no JSON: {error}")).about("body").permitting("a JSON object"))?;
    if value.is_object() { Ok(value) } else { Err(Problem::wrong("body", "the body is no JSON object", "a JSON object")) }
}

/// Reconcile
///
/// Protocol 1.0, draft.
#[utoipa::path(post, path = "/reconcile/v1/match", operation_id = "reconcile_v1_match", tag = "reconciliation", request_body = MatchRequest, responses(
    (status = 200, description = "Answers in the order of the queries", body = Results),
    (status = "4XX", description = "A problem", body = ProblemBody, content_type = "application/problem+json"),
    (status = "5XX", description = "A problem", body = ProblemBody, content_type = "application/problem+json")))]
pub(in crate::server) async fn matches(State(app): State<App>, Current(generation): Current, request: Request) -> Result<Response, Problem> {
    let value = object(request).await?;
    let queries = value.get("queries").and_then(Value::as_array);
    let queries = queries.ok_or_else(|| Problem::wrong("queries", "queries is no array", "an array of queries"))?;
    let most_bytes = app.config.limits.title_bytes;
    let questions = queries.iter().map(|value| read(&generation, value, most_bytes)).collect();
    let answers = run::answer(&app, &generation, questions).await?;
    Ok(body::json(&Results { results: answers.into_iter().map(|answer| QueryResult::of(&generation, answer)).collect() }))
}

/// Reads one query.
fn read(generation: &Generation, value: &Value, most_bytes: usize) -> Result<Question, Problem> {
    if !value.is_object() {
        return Err(Problem::wrong("queries", format!("{} is no query", quoted(&value.to_string())), "an object with conditions"));
    }
    let lang = value.get("lang").and_then(Value::as_str).map(str::to_lowercase);
    let mut question = Question {
        kinds: question::kinds(value.get("type"))?,
        limit: question::limit(value.get("limit"))?,
        lang: lang.filter(|lang| generation.languages().contains(lang)),
        ..Question::default()
    };
    let conditions = value.get("conditions").and_then(Value::as_array);
    let conditions = conditions.ok_or_else(|| Problem::wrong("conditions", "conditions is no array", "an array of conditions"))?;
    question::check_count("conditions", conditions.len())?;
    for condition in conditions {
        let values = question::values("propertyValue", condition.get("propertyValue").unwrap_or(&Value::Null))?;
        match condition.get("matchType").and_then(Value::as_str) {
            Some("name") => {
                for text in &values {
                    question.texts.push(question::text("propertyValue", text, most_bytes)?);
                }
            }
            Some("id") => question.ids.extend(values),
            Some("property") => question.conditions.extend(property(generation, condition, &values)?),
            _ => return Err(Problem::wrong("matchType", "a condition has no type of match", "name, id or property")),
        }
    }
    question.checked()
}

fn property(generation: &Generation, condition: &Value, values: &[String]) -> Result<Option<Condition>, Problem> {
    let id = condition.get("propertyId").and_then(Value::as_str);
    let id = id.ok_or_else(|| Problem::new(Kind::MissingParameter, "a property has no id").about("propertyId").permitting("a text"))?;
    let required = condition.get("required").and_then(Value::as_bool).unwrap_or(false);
    let quantifier = match condition.get("matchQuantifier").and_then(Value::as_str) {
        None | Some("any") => Quantifier::Any,
        Some("all") => Quantifier::All,
        Some("none") => Quantifier::None,
        Some(other) => return Err(Problem::out_of_range("matchQuantifier", format!("there is no quantifier {}", quoted(other)), "any, all or none")),
    };
    match Property::of(id) {
        Some(property) => Ok(Condition::read(property, values, Some(required), generation).map(|condition| Condition { quantifier, ..condition })),
        None if required => Err(Problem::out_of_range("propertyId", format!("there is no property {}", quoted(id)), Property::ALL.map(Property::id).join(", "))),
        None => Ok(None),
    }
}

impl QueryResult {
    fn of(generation: &Generation, answered: Answered) -> Self {
        match answered {
            Ok(candidates) => Self { candidates: candidates.into_iter().map(|candidate| Line::of(generation, candidate)).collect(), error: None },
            Err(problem) => Self { candidates: Vec::new(), error: Some(problem.to_string()) },
        }
    }
}

impl Line {
    fn of(generation: &Generation, candidate: Candidate) -> Self {
        Self {
            named: candidate.entity.named(generation),
            description: candidate.entity.description(generation.taxonomy()),
            kinds: vec![candidate.entity.kind().named()],
            score: candidate.score,
            is_match: candidate.is_match,
            features: candidate.features.into_iter().map(|feature| Measure { id: feature.id, name: feature.name, value: feature.value }).collect(),
        }
    }
}

/// Suggest while somebody types
#[utoipa::path(get, path = "/reconcile/v1/suggest/{kind}", operation_id = "reconcile_v1_suggest", tag = "reconciliation", params(
    ("kind" = inline(Subject), Path, description = "What is suggested"),
    ("prefix" = Option<String>, Query, description = "What was typed so far", example = "devo"),
    ("type" = Option<String>, Query, description = "Types of the entities"),
    ("limit" = Option<usize>, Query, description = "Most rows", minimum = 1, maximum = 50),
    ("offset" = Option<usize>, Query, description = "Rows to leave out at the beginning", minimum = 0, maximum = 1000)), responses(
    (status = 200, description = "Rows", body = Rows),
    (status = "4XX", description = "A problem", body = ProblemBody, content_type = "application/problem+json"),
    (status = "5XX", description = "A problem", body = ProblemBody, content_type = "application/problem+json")))]
pub(in crate::server) async fn suggest(State(app): State<App>, Current(generation): Current, Path(subject): Path<String>, request: Request) -> Result<Response, Problem> {
    let subject = Subject::of(&subject)?;
    let mut params = Params::some_of_query(request.uri().query().unwrap_or_default(), &["prefix", "type", "limit", "offset"])?;
    let asked = suggest::Asked::read(&mut params, "offset", app.config.limits.title_bytes)?;
    Ok(body::json(&suggest::rows(&generation, subject, &asked)))
}

/// Extend a column
///
/// Protocol 1.0, draft. Ids that there are none of have no values.
#[utoipa::path(post, path = "/reconcile/v1/extend", operation_id = "reconcile_v1_extend", tag = "reconciliation", request_body = ExtendRequest, responses(
    (status = 200, description = "Values in the order of ids and properties", body = Extended),
    (status = "4XX", description = "A problem", body = ProblemBody, content_type = "application/problem+json"),
    (status = "5XX", description = "A problem", body = ProblemBody, content_type = "application/problem+json")))]
pub(in crate::server) async fn extend(Current(generation): Current, request: Request) -> Result<Response, Problem> {
    let asked = extend::Asked::read(&object(request).await?)?;
    let row = |id: &String| {
        let values = asked.properties.iter().zip(asked.values(&generation, id));
        let properties = values.map(|((property, _), values)| ExtendedProperty { id: property.id(), values }).collect();
        ExtendedRow { id: id.clone(), properties }
    };
    Ok(body::json(&Extended { meta: asked.columns(), rows: asked.ids.iter().map(row).collect() }))
}

/// Propose properties to extend a column with
#[utoipa::path(get, path = "/reconcile/v1/extend/propose", operation_id = "reconcile_v1_propose", tag = "reconciliation", params(
    ("type" = Option<String>, Query, description = "Type of the entities"),
    ("limit" = Option<usize>, Query, description = "Most properties", minimum = 1, maximum = 100)), responses(
    (status = 200, description = "The properties", body = Proposed),
    (status = "4XX", description = "A problem", body = ProblemBody, content_type = "application/problem+json"),
    (status = "5XX", description = "A problem", body = ProblemBody, content_type = "application/problem+json")))]
pub(in crate::server) async fn propose(Current(generation): Current, request: Request) -> Result<Response, Problem> {
    let mut params = Params::some_of_query(request.uri().query().unwrap_or_default(), &["type", "limit"])?;
    Ok(body::json(&extend::propose(&generation, &mut params)?))
}
