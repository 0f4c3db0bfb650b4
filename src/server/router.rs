//! Assembles the service in one place: which path goes where, and what stands before all of them.

use axum::Router;
use axum::http::{HeaderName, HeaderValue, Method, header};
use axum::middleware::from_fn_with_state;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use tower_http::CompressionLevel;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{NotForContentType, Predicate, SizeAbove};
use tower_http::cors::{AllowOrigin, CorsLayer};

use super::front::{self, INDEX, REQUEST_ID};
use super::problem::{Kind, Problem};
use super::state::App;
use super::{batch, crosswalk, docs, families, feedback, finding, info, matching, metrics, page, reconcile, records};

/// Answers smaller than a packet gain nothing from compression.
const MIN_COMPRESSED_BYTES: u64 = 1_400;

/// The whole service as a function from request to response.
pub fn router(app: App) -> Router {
    let answers = Router::new()
        .route("/v1/match", get(matching::get_match).post(matching::post_match))
        .route("/v1/match/batch", post(batch::batch))
        .route("/v1/normalize", post(matching::normalize))
        .route("/v1/suggest", get(finding::suggest))
        .route("/v1/search", get(finding::search))
        .route("/v1/roles", get(records::roles))
        .route("/v1/roles/{*code}", get(records::role_paths))
        .route("/v1/levels", get(records::levels))
        .route("/v1/families", get(families::families))
        .route("/v1/crosswalk", get(crosswalk::crosswalk))
        .route("/v1/feedback", post(feedback::feedback))
        .route("/v1/info", get(info::info))
        .route("/v1/changes", get(info::changes))
        .route("/healthz", get(info::healthz))
        .route("/readyz", get(info::readyz))
        .route("/metrics", get(metrics::metrics))
        .route("/openapi.json", get(docs::openapi))
        .route("/docs", get(docs::docs))
        .merge(page::routes())
        .fallback(no_such_path)
        .method_not_allowed_fallback(no_such_method)
        .layer(from_fn_with_state(app.clone(), front::front));
    let answers = match cors(&app.config.cors_origins) {
        Some(cors) => answers.layer(cors),
        None => answers,
    };
    let any_origin = cors(&["*".to_owned()]).expect("any origin is an origin");
    let reconciliation =
        reconcile::routes().method_not_allowed_fallback(no_such_method).layer(from_fn_with_state(app.clone(), front::front)).layer(any_origin);
    let answers = answers.merge(reconciliation);
    let worth_it = SizeAbove::new(MIN_COMPRESSED_BYTES).and(NotForContentType::IMAGES);
    answers.layer(CompressionLayer::new().quality(CompressionLevel::Fastest).compress_when(worth_it)).with_state(app)
}

/// Which pages of other origins may read answers; nothing when none may.
fn cors(origins: &[String]) -> Option<CorsLayer> {
    if origins.is_empty() {
        return None;
    }
    let allowed = if origins.iter().any(|origin| origin == "*") {
        AllowOrigin::any()
    } else {
        AllowOrigin::list(origins.iter().filter_map(|origin| HeaderValue::try_from(origin).ok()))
    };
    let cors = CorsLayer::new()
        .allow_origin(allowed)
        .allow_methods([Method::GET, Method::HEAD, Method::POST])
        .allow_headers([header::ACCEPT, header::AUTHORIZATION, header::CONTENT_TYPE, header::IF_NONE_MATCH, REQUEST_ID.clone()])
        .expose_headers([header::ETAG, header::RETRY_AFTER, REQUEST_ID.clone(), INDEX.clone(), HeaderName::from_static("allow")])
        .max_age(std::time::Duration::from_secs(3_600));
    Some(cors)
}

async fn no_such_path() -> Response {
    Problem::not_found("there is no such path: see /docs").into_response()
}

async fn no_such_method() -> Response {
    Problem::new(Kind::WrongMethod, "this path has no such method: see /docs and the Allow header").into_response()
}
