//! Turns a request into its parameters: from the query of a GET, from the JSON body of a POST, both bounded.

use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, header, request::Parts};
use axum::response::{IntoResponse, Response};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use serde::Serialize;

use super::params::Params;
use super::problem::{Kind, Problem};

/// Reads a body of at most so many bytes.
pub(super) async fn read(headers: &HeaderMap, body: Body, limit_bytes: usize) -> Result<Bytes, Problem> {
    let announced = headers.get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<u64>().ok());
    if announced.is_some_and(|bytes| bytes > limit_bytes as u64) {
        return Err(Problem::too_large(limit_bytes));
    }
    if headers.get(header::CONTENT_ENCODING).is_some_and(|coding| coding != "identity") {
        return Err(Problem::new(Kind::WrongMediaType, "compressed bodies are not read: send the body as it is").about("content-encoding"));
    }
    match Limited::new(body, limit_bytes).collect().await {
        Ok(collected) => Ok(collected.to_bytes()),
        Err(error) if error.is::<LengthLimitError>() => Err(Problem::too_large(limit_bytes)),
        Err(error) => Err(Problem::new(Kind::Malformed, format!("the body broke off: {error}")).about("body")),
    }
}

/// The media type of a body, without parameters, in lower case.
pub(super) fn media_type(headers: &HeaderMap) -> Option<String> {
    let value = headers.get(header::CONTENT_TYPE)?.to_str().ok()?;
    Some(value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase())
}

/// Whether a media type is JSON's.
pub(super) fn is_json(media_type: &str) -> bool {
    media_type == "application/json" || (media_type.starts_with("application/") && media_type.ends_with("+json"))
}

/// The parameters of a POST with a JSON object; its query takes none.
pub(super) async fn json_params(parts: &Parts, body: Body, limit_bytes: usize, known: &[&'static str]) -> Result<Params, Problem> {
    let bytes = json_bytes(parts, body, limit_bytes).await?;
    Params::from_json(&bytes, known)
}

/// The bytes of a POST with JSON; its query takes no parameter.
pub(super) async fn json_bytes(parts: &Parts, body: Body, limit_bytes: usize) -> Result<Bytes, Problem> {
    query_params(parts, &[])?;
    match media_type(&parts.headers) {
        Some(media_type) if is_json(&media_type) => read(&parts.headers, body, limit_bytes).await,
        _ => Err(Problem::new(Kind::WrongMediaType, "send the body as JSON with the header `Content-Type: application/json`")
            .about("content-type")
            .permitting("application/json")),
    }
}

/// The parameters of a query string.
pub(super) fn query_params(parts: &Parts, known: &[&'static str]) -> Result<Params, Problem> {
    Params::from_query(parts.uri.query().unwrap_or_default(), known)
}

/// A JSON answer.
pub(super) fn json(value: &impl Serialize) -> Response {
    let bytes = serde_json::to_vec(value).expect("answers are plain data");
    ([(header::CONTENT_TYPE, "application/json")], bytes).into_response()
}
