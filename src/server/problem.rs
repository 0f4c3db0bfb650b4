//! Turns whatever is wrong with a request into a problem of RFC 9457: which parameter, and what would be permitted.
//!
//! A handler returns a [`Problem`]; `front` writes it out, so that every problem bears the request's id, whoever raised it.

use std::borrow::Cow;

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

/// What sort of problem: one a status and way out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Malformed,
    UnknownParameter,
    RepeatedParameter,
    MissingParameter,
    WrongParameter,
    OutOfRange,
    Unauthorized,
    FeedbackOff,
    NotFound,
    WrongMethod,
    NotAcceptable,
    TooLarge,
    WrongMediaType,
    TooManyRequests,
    Internal,
    Busy,
    Deadline,
}

impl Kind {
    /// Every kind, in order of status.
    pub(super) const ALL: [Kind; 17] = [
        Self::Malformed,
        Self::UnknownParameter,
        Self::RepeatedParameter,
        Self::MissingParameter,
        Self::WrongParameter,
        Self::Unauthorized,
        Self::FeedbackOff,
        Self::NotFound,
        Self::WrongMethod,
        Self::NotAcceptable,
        Self::TooLarge,
        Self::WrongMediaType,
        Self::OutOfRange,
        Self::TooManyRequests,
        Self::Internal,
        Self::Busy,
        Self::Deadline,
    ];

    /// Status, name in the type's URI, title.
    fn facts(self) -> (StatusCode, &'static str, &'static str) {
        match self {
            Self::Malformed => (StatusCode::BAD_REQUEST, "malformed", "the request cannot be read"),
            Self::UnknownParameter => (StatusCode::BAD_REQUEST, "unknown-parameter", "there is no such parameter"),
            Self::RepeatedParameter => (StatusCode::BAD_REQUEST, "repeated-parameter", "a parameter stands twice"),
            Self::MissingParameter => (StatusCode::BAD_REQUEST, "missing-parameter", "a parameter is missing"),
            Self::WrongParameter => (StatusCode::BAD_REQUEST, "wrong-parameter", "a parameter is of the wrong type"),
            Self::OutOfRange => (StatusCode::UNPROCESSABLE_ENTITY, "out-of-range", "a parameter is outside of its range"),
            Self::Unauthorized => (StatusCode::UNAUTHORIZED, "unauthorized", "a token is needed"),
            Self::FeedbackOff => (StatusCode::FORBIDDEN, "feedback-off", "feedback is off"),
            Self::NotFound => (StatusCode::NOT_FOUND, "not-found", "there is no such thing"),
            Self::WrongMethod => (StatusCode::METHOD_NOT_ALLOWED, "wrong-method", "this path has no such method"),
            Self::NotAcceptable => (StatusCode::NOT_ACCEPTABLE, "not-acceptable", "no such format is written"),
            Self::TooLarge => (StatusCode::PAYLOAD_TOO_LARGE, "too-large", "the body is too large"),
            Self::WrongMediaType => (StatusCode::UNSUPPORTED_MEDIA_TYPE, "wrong-media-type", "no such format is read"),
            Self::TooManyRequests => (StatusCode::TOO_MANY_REQUESTS, "too-many-requests", "this client asks too often"),
            Self::Internal => (StatusCode::INTERNAL_SERVER_ERROR, "internal", "the service failed"),
            Self::Busy => (StatusCode::SERVICE_UNAVAILABLE, "busy", "the service is busy"),
            Self::Deadline => (StatusCode::SERVICE_UNAVAILABLE, "deadline", "the answer took too long"),
        }
    }

    pub(super) fn status(self) -> StatusCode {
        self.facts().0
    }

    pub(super) fn name(self) -> &'static str {
        self.facts().1
    }

    pub(super) fn title(self) -> &'static str {
        self.facts().2
    }
}

/// Something wrong with a request.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Problem {
    pub(super) kind: Kind,
    detail: String,
    parameter: Option<String>,
    permitted: Option<Cow<'static, str>>,
    known: Vec<&'static str>,
    retry_after_s: Option<u32>,
}

/// A problem as it is written (RFC 9457, `application/problem+json`).
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
#[schema(as = ProblemDetails)]
pub(super) struct ProblemBody {
    /// Names the sort of problem, as in `urn:rolecall:problem:out-of-range`.
    #[serde(rename = "type")]
    type_uri: String,
    /// The sort of problem in words.
    title: &'static str,
    /// The HTTP status again.
    #[schema(minimum = 400, maximum = 599)]
    status: u16,
    /// What is wrong with this request, and the way out.
    detail: String,
    /// Names the request, as in `urn:rolecall:request:6f1c-12`.
    #[serde(skip_serializing_if = "Option::is_none")]
    instance: Option<String>,
    /// The parameter that is wrong.
    #[serde(skip_serializing_if = "Option::is_none")]
    parameter: Option<String>,
    /// What it may be.
    #[serde(skip_serializing_if = "Option::is_none")]
    permitted: Option<Cow<'static, str>>,
    /// Parameters that there are.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    known: Vec<&'static str>,
}

impl Problem {
    pub(super) fn new(kind: Kind, detail: impl Into<String>) -> Self {
        Self { kind, detail: detail.into(), parameter: None, permitted: None, known: Vec::new(), retry_after_s: None }
    }

    /// A parameter that is of the wrong type.
    pub(super) fn wrong(parameter: &str, detail: impl Into<String>, permitted: impl Into<Cow<'static, str>>) -> Self {
        Self::new(Kind::WrongParameter, detail).about(parameter).permitting(permitted)
    }

    /// A parameter that is understood and not permitted.
    pub(super) fn out_of_range(parameter: &str, detail: impl Into<String>, permitted: impl Into<Cow<'static, str>>) -> Self {
        Self::new(Kind::OutOfRange, detail).about(parameter).permitting(permitted)
    }

    pub(super) fn not_found(detail: impl Into<String>) -> Self {
        Self::new(Kind::NotFound, detail)
    }

    /// A body that is too large.
    pub(super) fn too_large(limit_bytes: usize) -> Self {
        Self::new(Kind::TooLarge, format!("the body has more than {limit_bytes} bytes: send less at a time"))
            .about("body")
            .permitting(format!("at most {limit_bytes} bytes"))
    }

    pub(super) fn about(mut self, parameter: &str) -> Self {
        self.parameter = Some(parameter.to_owned());
        self
    }

    pub(super) fn permitting(mut self, permitted: impl Into<Cow<'static, str>>) -> Self {
        self.permitted = Some(permitted.into());
        self
    }

    pub(super) fn knowing(mut self, known: &[&'static str]) -> Self {
        self.known = known.to_vec();
        self
    }

    pub(super) fn retry_after(mut self, seconds: u32) -> Self {
        self.retry_after_s = Some(seconds);
        self
    }

    /// The problem as it is written; `request_id` names the request.
    pub(super) fn body(&self, request_id: Option<&str>) -> ProblemBody {
        let (status, name, title) = self.kind.facts();
        ProblemBody {
            type_uri: format!("urn:rolecall:problem:{name}"),
            title,
            status: status.as_u16(),
            detail: self.detail.clone(),
            instance: request_id.map(|id| format!("urn:rolecall:request:{id}")),
            parameter: self.parameter.clone(),
            permitted: self.permitted.clone(),
            known: self.known.clone(),
        }
    }

    /// The whole response; `allow` is the header of the one that it replaces.
    pub(super) fn written(&self, request_id: Option<&str>, allow: Option<&HeaderValue>) -> Response {
        let body = serde_json::to_vec(&self.body(request_id)).expect("a problem is plain data");
        let mut response = (self.kind.status(), body).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if let Some(seconds) = self.retry_after_s {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if self.kind == Kind::Unauthorized {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer realm=\"rolecall\""));
        }
        if let Some(allow) = allow {
            headers.insert(header::ALLOW, allow.clone());
        }
        response
    }
}

impl std::fmt::Display for Problem {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if let Some(parameter) = &self.parameter {
            write!(formatter, "{parameter}: ")?;
        }
        formatter.write_str(&self.detail)?;
        match &self.permitted {
            Some(permitted) => write!(formatter, " (permitted: {permitted})"),
            None => Ok(()),
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = self.kind.status().into_response();
        response.extensions_mut().insert(Box::new(self));
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_have_names_of_their_own_and_are_errors() {
        let mut names: Vec<&str> = Kind::ALL.iter().map(|kind| kind.name()).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), Kind::ALL.len());
        assert!(Kind::ALL.iter().all(|kind| kind.status().is_client_error() || kind.status().is_server_error()));
    }

    #[test]
    fn what_is_not_known_is_left_out() {
        let plain = serde_json::to_value(Problem::not_found("x").body(None)).expect("plain data");
        let fields: Vec<&str> = plain.as_object().expect("an object").keys().map(String::as_str).collect();
        assert_eq!(fields, ["detail", "status", "title", "type"]);
        let full = Problem::out_of_range("limit", "0 is too few", "1 to 50").knowing(&["limit"]).body(Some("a-1"));
        let full = serde_json::to_value(full).expect("plain data");
        assert_eq!(full["parameter"], "limit");
        assert_eq!(full["permitted"], "1 to 50");
        assert_eq!(full["instance"], "urn:rolecall:request:a-1");
    }
}
