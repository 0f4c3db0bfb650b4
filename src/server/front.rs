//! Stands before every handler: names the request, lets it in or not, bounds its time, survives its panic, counts it, and
//! writes out its problem.

use std::net::SocketAddr;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::extract::{ConnectInfo, FromRequestParts, MatchedPath, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use futures_util::FutureExt;

use super::generation::Generation;
use super::problem::{Kind, Problem};
use super::rate::Client;
use super::state::App;

/// Names a request in headers, problems and logs.
pub(super) static REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// Names the generation that an answer comes from.
pub(super) static INDEX: HeaderName = HeaderName::from_static("rolecall-index");
/// Longest name of a request that is taken from a client.
const MAX_REQUEST_ID_BYTES: usize = 64;

/// What kind of path a request asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Class {
    /// Whether the service is well: always answered.
    Probe,
    /// Answers that only the generation decides.
    Answer,
    /// Answers that change with time, or with the headers of the request.
    Live,
    /// Files that hold nothing of anybody: the page, the description of the paths; and paths that there are none of.
    Open,
}

fn class(route: &str) -> Class {
    match route {
        "/healthz" | "/readyz" => Class::Probe,
        "/metrics" | "/v1/changes" | "/v1/feedback" | "/v1/info" | "/reconcile" | "/reconcile/" | "/reconcile/view" => Class::Live,
        // Says that tokens are needed, so it needs none.
        "/reconcile/v1" | "/reconcile/v1/" => Class::Open,
        route if route.starts_with("/v1/") || route.starts_with("/reconcile") => Class::Answer,
        _ => Class::Open,
    }
}

/// The generation that a request is answered from.
#[derive(Debug, Clone)]
pub(super) struct Current(pub(super) Arc<Generation>);

impl<S: Send + Sync> FromRequestParts<S> for Current {
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Problem> {
        let current = parts.extensions.get::<Current>().cloned();
        Ok(current.expect("the front gives every request its generation"))
    }
}

/// The name of a request, for what is written after its response began.
#[derive(Debug, Clone)]
pub(super) struct RequestId(pub(super) String);

/// See the module.
pub(super) async fn front(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let started = Instant::now();
    let request_id = request_id(&app, request.headers());
    let method = request.method().clone();
    let matched = request.extensions().get::<MatchedPath>().cloned();
    let route = matched.as_ref().map_or("none", MatchedPath::as_str);
    let class = class(route);
    let current = Current(app.current());
    let answered = match admit(&app, class, &request) {
        Err(problem) => problem.into_response(),
        Ok(()) if is_fresh(class, &method, request.headers(), &current.0) => StatusCode::NOT_MODIFIED.into_response(),
        Ok(()) => {
            request.extensions_mut().insert(current.clone());
            request.extensions_mut().insert(RequestId(request_id.clone()));
            answer(&app, class, route, request, next, &request_id).await
        }
    };
    let mut response = match answered.extensions().get::<Box<Problem>>() {
        Some(problem) => problem.written(Some(&request_id), answered.headers().get(header::ALLOW)),
        None => answered,
    };
    finish(&app, class, &method, &current.0, &request_id, &mut response);
    let status = response.status();
    if status.is_server_error() {
        tracing::warn!(request_id, route, status = status.as_u16(), "a request failed");
    }
    app.metrics.request(route, &method, status.as_u16(), started.elapsed());
    response
}

/// Whether a request may go on: its token, its client's rate.
fn admit(app: &App, class: Class, request: &Request) -> Result<(), Problem> {
    if matches!(class, Class::Probe | Class::Open) {
        return Ok(());
    }
    let tokens = app.tokens.load();
    let client = if tokens.are_needed() {
        let authorization = request.headers().get(header::AUTHORIZATION).map(HeaderValue::as_bytes);
        let place = tokens.find(authorization).ok_or_else(|| {
            Problem::new(Kind::Unauthorized, "send the header `Authorization: Bearer TOKEN` with a token of this service")
        })?;
        Client::Token(place)
    } else {
        Client::Address(request.extensions().get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip()))
    };
    app.rates.admit(client, Instant::now()).map_err(|seconds| {
        let rate = app.config.limits.requests_per_second;
        Problem::new(Kind::TooManyRequests, format!("this client asked more than {rate} times a second: come back in {seconds} s"))
            .permitting(format!("at most {rate} requests a second"))
            .retry_after(seconds)
    })
}

/// Whether the client already has the answer of this generation.
fn is_fresh(class: Class, method: &Method, headers: &HeaderMap, generation: &Generation) -> bool {
    let is_read = method == Method::GET || method == Method::HEAD;
    let Some(known) = headers.get(header::IF_NONE_MATCH) else { return false };
    class == Class::Answer && is_read && names_tag(known, &generation.tag)
}

/// Whether a list of entity tags names one, weakly compared.
pub(super) fn names_tag(list: &HeaderValue, tag: &HeaderValue) -> bool {
    let Ok(list) = list.to_str() else { return false };
    let plain = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
    let tag = plain(tag.to_str().unwrap_or_default());
    list.split(',').any(|known| plain(known) == tag)
}

async fn answer(app: &App, class: Class, route: &str, request: Request, next: Next, request_id: &str) -> Response {
    if class == Class::Probe {
        return next.run(request).await;
    }
    let Ok(_permit) = app.requests.try_acquire() else {
        let most = app.config.limits.concurrency;
        return Problem::new(Kind::Busy, format!("{most} requests are being answered: come back in a second")).retry_after(1).into_response();
    };
    let _counted = app.metrics.in_flight();
    let limits = &app.config.limits;
    let deadline_ms = if route == "/v1/match/batch" { limits.batch_deadline_ms } else { limits.deadline_ms };
    // Nothing that a handler touches is left half-changed by a panic: it writes to no shared state but through locks that
    // forgive poison.
    let guarded = AssertUnwindSafe(next.run(request)).catch_unwind();
    match tokio::time::timeout(Duration::from_millis(deadline_ms), guarded).await {
        Ok(Ok(response)) => response,
        Ok(Err(_)) => {
            app.metrics.panicked();
            tracing::error!(request_id, route, "a handler panicked");
            Problem::new(Kind::Internal, "this is a fault of the program: report it with the request's id").into_response()
        }
        Err(_) => Problem::new(Kind::Deadline, format!("no answer within {deadline_ms} ms: send less, or come back later"))
            .permitting(format!("{deadline_ms} ms"))
            .retry_after(1)
            .into_response(),
    }
}

/// Headers that every response bears.
fn finish(app: &App, class: Class, method: &Method, generation: &Generation, request_id: &str, response: &mut Response) {
    let status = response.status();
    let headers = response.headers_mut();
    headers.insert(REQUEST_ID.clone(), HeaderValue::try_from(request_id).expect("names of requests are graphic ASCII"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    if matches!(class, Class::Answer | Class::Live) && (status.is_success() || status == StatusCode::NOT_MODIFIED) {
        headers.insert(INDEX.clone(), HeaderValue::try_from(generation.fingerprint.as_str()).expect("hexadecimal digits"));
        if class == Class::Answer && (method == Method::GET || method == Method::HEAD) {
            headers.insert(header::ETAG, generation.tag.clone());
            // Titles may be personal data, so only the asker's own cache may keep an answer.
            let value = format!("private, max-age={}", app.config.max_age.as_secs());
            headers.insert(header::CACHE_CONTROL, HeaderValue::try_from(value).expect("digits"));
        }
    }
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
}

/// The client's own name for its request when it is harmless, else one of ours.
fn request_id(app: &App, headers: &HeaderMap) -> String {
    headers
        .get(&REQUEST_ID)
        .and_then(|value| value.to_str().ok())
        .filter(|id| (1..=MAX_REQUEST_ID_BYTES).contains(&id.len()))
        .filter(|id| id.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.:".contains(&byte)))
        .map_or_else(|| app.request_name(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entity_tags() {
        let tag = HeaderValue::from_static("W/\"ab\"");
        for (list, expected) in [("W/\"ab\"", true), ("\"ab\"", true), ("\"x\", W/\"ab\"", true), ("\"abc\"", false), ("*", false), ("", false)] {
            assert_eq!(names_tag(&HeaderValue::from_static(list), &tag), expected, "{list}");
        }
    }

    #[test]
    fn classes() {
        for (route, expected) in [
            ("/healthz", Class::Probe),
            ("/", Class::Open),
            ("/v1/match", Class::Answer),
            ("/v1/info", Class::Live),
            ("/metrics", Class::Live),
            ("/reconcile", Class::Live),
            ("/reconcile/v1", Class::Open),
            ("/reconcile/v1/match", Class::Answer),
            ("/style.css", Class::Open),
            ("none", Class::Open),
        ] {
            assert_eq!(class(route), expected, "{route}");
        }
    }
}
