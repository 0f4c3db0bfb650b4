//! `/` and its files: the web page, embedded in the program.

use axum::Router;
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use rust_embed::{EmbeddedFile, RustEmbed};

use super::front::names_tag;
use super::problem::Problem;
use super::state::App;

#[derive(RustEmbed)]
#[folder = "web/"]
struct Web;

/// Nothing from elsewhere, and no page of others around this one.
pub(super) const POLICY: &str = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'self'";

/// A route for each file, and the index for `/`.
pub(super) fn routes() -> Router<App> {
    let index = Router::new().route("/", get(|headers: HeaderMap| async move { file("index.html", &headers) }));
    Web::iter().filter(|name| name != "index.html" && media_type(name).is_some()).fold(index, |router, name| {
        let path = format!("/{name}");
        router.route(&path, get(move |request: Request| async move { file(&name, request.headers()) }))
    })
}

fn file(name: &str, headers: &HeaderMap) -> Response {
    match Web::get(name) {
        Some(file) => written(&file, media_type(name).unwrap_or("application/octet-stream"), headers),
        None => Problem::not_found("the page is not part of this program: use the paths of /docs").into_response(),
    }
}

/// What a file is, by its name; files of other kinds are no part of the page.
fn media_type(name: &str) -> Option<&'static str> {
    let (_, ending) = name.rsplit_once('.')?;
    Some(match ending {
        "html" => "text/html; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "webmanifest" => "application/manifest+json",
        _ => return None,
    })
}

fn written(file: &EmbeddedFile, media_type: &'static str, headers: &HeaderMap) -> Response {
    let digest: String = file.metadata.sha256_hash()[..8].iter().map(|byte| format!("{byte:02x}")).collect();
    let tag = HeaderValue::try_from(format!("W/\"{digest}\"")).expect("hexadecimal digits");
    let is_fresh = headers.get(header::IF_NONE_MATCH).is_some_and(|known| names_tag(known, &tag));
    let mut response = if is_fresh { StatusCode::NOT_MODIFIED.into_response() } else { file.data.to_vec().into_response() };
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type));
    headers.insert(header::ETAG, tag);
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    response
}
