//! `/v1/match/batch`: turns a list of titles into a list of answers, streamed in the order of the rows.
//!
//! The body is read whole first, up to its limit: a client that sends everything before it reads anything would otherwise
//! wait for a service that waits for it, and a body that is refused is refused with a status. The answer is streamed:
//! chunks of rows are answered on blocking threads, and no more than a few wait for the client. A row that cannot be read
//! is answered with its problem and costs no other row. All rows are answered by one generation.

mod rows;
mod run;
mod write;

use axum::body::Body;
use axum::extract::{Extension, Request, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use tokio_stream::StreamExt;
use tokio_stream::wrappers::ReceiverStream;

use super::body;
use super::front::{Current, RequestId};
use super::matching;
use super::params::Params;
use super::problem::{Kind, Problem, ProblemBody};
use super::records::MAX_CODE_BYTES;
use super::state::App;
use crate::engine::Classification;
use rows::{Format, Reading};
use run::Run;
use write::Writer;

const BATCH_PARAMS: &[&str] = &["limit", "explain", "lang", "accept_precision", "emit", "title_column", "id_column"];
const FORMATS: &str = "application/json, application/x-ndjson or text/csv";

/// What is asked about every row.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "describes what `batch` reads")]
pub(super) struct BatchRequest {
    /// Most roles in each answer.
    #[param(minimum = 1, maximum = 50, default = 5)]
    limit: Option<usize>,
    /// Whether each role comes with its reasons in words and numbers.
    #[param(default = false)]
    explain: Option<bool>,
    /// Language of titles whose row states none, one of the taxonomy's.
    #[param(max_length = 16)]
    lang: Option<String>,
    /// Precision that accepted answers aim at.
    #[param(minimum = 0.5, maximum = 0.99, default = 0.95)]
    accept_precision: Option<f32>,
    /// Schemes whose reviewed codes are given with each role, separated by commas, none of them blank.
    #[param(style = Form, explode = false, min_items = 1, example = json!(["soc", "isco"]))]
    emit: Option<Vec<String>>,
    /// Column or member that holds the title; guessed when absent.
    #[param(max_length = 200)]
    title_column: Option<String>,
    /// Column or member that holds the row's id; `id` when absent.
    #[param(max_length = 200)]
    id_column: Option<String>,
}

/// A row of a batch.
pub(super) struct BatchRow;

impl utoipa::PartialSchema for BatchRow {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        use utoipa::openapi::schema::{ObjectBuilder, SchemaType};
        // Any value: a row that is none is answered with its problem and costs no other row its answer.
        let about = "A title; or an object with `title` (or the member that `title_column` names) and perhaps `id`, `lang` and others, \
                     which come back under `input_row`. Anything else is answered with its problem.";
        ObjectBuilder::new().schema_type(SchemaType::AnyValue).description(Some(about)).examples([serde_json::json!("Sr. DevOps Eng")]).into()
    }
}
impl utoipa::ToSchema for BatchRow {}

/// One row of the answer: that of `/v1/match` between the row's id and its input, or what is wrong with the row.
#[derive(Debug, serde::Serialize, utoipa::ToSchema)]
#[serde(untagged)]
#[expect(dead_code, reason = "describes what `write` writes")]
pub(super) enum BatchAnswer {
    /// An answer.
    Answered(BatchAnswered),
    /// A bad row.
    Failed(BatchFailed),
}

/// An answer of a batch.
#[derive(Debug, serde::Serialize, utoipa::ToSchema)]
pub(super) struct BatchAnswered {
    /// Id of the row, else its number from 1.
    id: serde_json::Value,
    /// The answer.
    #[serde(flatten)]
    answer: Classification,
    /// What the row held beside its title, when it was an object or a line of CSV.
    #[serde(skip_serializing_if = "Option::is_none")]
    input_row: Option<serde_json::Value>,
}

/// A row that could not be answered.
#[derive(Debug, serde::Serialize, utoipa::ToSchema)]
pub(super) struct BatchFailed {
    /// Id of the row, else its number from 1.
    id: serde_json::Value,
    /// What is wrong with it.
    error: ProblemBody,
}

/// Answer many titles
///
/// JSON, NDJSON or CSV in; the same or another out, as `Accept` says, streamed in the order of the rows. Bad rows are
/// answered with their problem.
#[utoipa::path(post, path = "/v1/match/batch", tag = "titles", params(BatchRequest),
    request_body(content((Vec<BatchRow> = "application/json"), (String = "application/x-ndjson"), (String = "text/csv"))), responses(
    (status = 200, description = "One answer a row, in order", content((Vec<BatchAnswer> = "application/json"), (String = "application/x-ndjson"), (String = "text/csv"))),
    (status = "4XX", description = "A problem", body = ProblemBody, content_type = "application/problem+json"),
    (status = "5XX", description = "A problem", body = ProblemBody, content_type = "application/problem+json")))]
pub(super) async fn batch(
    State(app): State<App>,
    Current(generation): Current,
    Extension(RequestId(request_id)): Extension<RequestId>,
    request: Request,
) -> Result<Response, Problem> {
    let (parts, content) = request.into_parts();
    let mut params = body::query_params(&parts, BATCH_PARAMS)?;
    let options = matching::options(&mut params, &generation)?;
    let reading = reading(&app, &mut params, generation.languages())?;
    let from = input_format(&parts.headers)?;
    let to = output_format(&parts.headers, from)?;
    let Ok(place) = app.batches.clone().try_acquire_owned() else {
        let most = app.config.limits.batches;
        return Err(Problem::new(Kind::Busy, format!("{most} batches are being answered: come back in a second")).retry_after(1));
    };
    let bytes = body::read(&parts.headers, content, app.config.limits.batch_body_bytes).await?;
    let rows = tokio::task::spawn_blocking(move || reading.read(from, &bytes))
        .await
        .map_err(|_| Problem::new(Kind::Internal, "the batch could not be read"))??;
    let writer = Writer::new(to, rows.columns, options.emit.clone());
    let counted = app.metrics.batch();
    let run = Run { app, generation, options, writer, rows: rows.rows, request_id };
    let (sender, receiver) = run::channel();
    tokio::spawn(async move {
        run.send(sender).await;
        drop((place, counted));
    });
    let media_type = HeaderValue::from_static(to.media_type());
    let body = Body::from_stream(ReceiverStream::new(receiver).fuse());
    Ok(([(header::CONTENT_TYPE, media_type)], body).into_response())
}

fn reading(app: &App, params: &mut Params, languages: &[String]) -> Result<Reading, Problem> {
    Ok(Reading {
        title_column: params.short("title_column", MAX_CODE_BYTES)?,
        id_column: params.short("id_column", MAX_CODE_BYTES)?,
        title_bytes: app.config.limits.title_bytes,
        most_rows: app.config.limits.batch_rows,
        languages: languages.to_vec(),
    })
}

fn input_format(headers: &HeaderMap) -> Result<Format, Problem> {
    let format = body::media_type(headers).and_then(|media_type| Format::of(&media_type));
    format.ok_or_else(|| Problem::new(Kind::WrongMediaType, "say how the rows are written").about("content-type").permitting(FORMATS))
}

/// The best format that a client accepts; that of its own rows when it does not say.
fn output_format(headers: &HeaderMap, from: Format) -> Result<Format, Problem> {
    let accepted: Vec<&str> = headers.get_all(header::ACCEPT).iter().filter_map(|value| value.to_str().ok()).collect();
    if accepted.iter().all(|value| value.trim().is_empty()) {
        return Ok(from);
    }
    let mut best: Option<(f32, Format)> = None;
    for range in accepted.iter().flat_map(|value| value.split(',')) {
        let mut parts = range.split(';').map(str::trim);
        let name = parts.next().unwrap_or_default().to_ascii_lowercase();
        let quality = parts.find_map(|part| part.strip_prefix("q=")).map_or(1.0, |quality| quality.parse().unwrap_or(0.0));
        let format = match name.as_str() {
            "*/*" => Some(from),
            "application/*" => Some(if from == Format::Csv { Format::Json } else { from }),
            "text/*" => Some(Format::Csv),
            name => Format::of(name),
        };
        if let Some(format) = format
            && quality > best.map_or(0.0, |(quality, _)| quality)
        {
            best = Some((quality, format));
        }
    }
    let refused = || Problem::new(Kind::NotAcceptable, "no format that you accept is written").about("accept").permitting(FORMATS);
    best.map(|(_, format)| format).ok_or_else(refused)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_best_accepted_format_is_written() {
        for (accept, from, expected) in [
            (None, Format::Csv, Some(Format::Csv)),
            (Some("*/*"), Format::Ndjson, Some(Format::Ndjson)),
            (Some("text/csv"), Format::Json, Some(Format::Csv)),
            (Some("text/html, application/json;q=0.5, text/csv; q=0.4"), Format::Csv, Some(Format::Json)),
            (Some("application/x-ndjson, application/json"), Format::Csv, Some(Format::Ndjson)),
            (Some("text/html"), Format::Json, None),
            (Some("application/json;q=0"), Format::Json, None),
        ] {
            let mut headers = HeaderMap::new();
            if let Some(accept) = accept {
                headers.insert(header::ACCEPT, HeaderValue::from_static(accept));
            }
            assert_eq!(output_format(&headers, from).ok(), expected, "{accept:?}");
        }
    }
}
