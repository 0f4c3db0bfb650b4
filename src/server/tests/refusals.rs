//! What the service refuses, and how it says so.

use std::time::Duration;

use axum::http::Method;
use serde_json::json;

use super::support::{Client, app, service};
use crate::server::{Config, Limits, router};

/// (path, status, name of the problem, parameter, part of what is permitted)
const REFUSED: &[(&str, u16, &str, &str, &str)] = &[
    ("/v1/match", 400, "missing-parameter", "title", "a text"),
    ("/v1/match?titel=x", 400, "unknown-parameter", "titel", ""),
    ("/v1/match?title=x&title=y", 400, "repeated-parameter", "title", ""),
    ("/v1/match?title=x&limit=0", 422, "out-of-range", "limit", "from 1 to 50"),
    ("/v1/match?title=x&limit=51", 422, "out-of-range", "limit", "from 1 to 50"),
    ("/v1/match?title=x&limit=many", 400, "wrong-parameter", "limit", "from 1 to 50"),
    ("/v1/match?title=x&explain=yes", 400, "wrong-parameter", "explain", "true or false"),
    ("/v1/match?title=x&accept_precision=1", 422, "out-of-range", "accept_precision", "from 0.5 to 0.99"),
    ("/v1/match?title=x&accept_precision=0.9900000000000001", 422, "out-of-range", "accept_precision", "from 0.5 to 0.99"),
    ("/v1/match?title=x&accept_precision=NaN", 400, "wrong-parameter", "accept_precision", "from 0.5 to 0.99"),
    ("/v1/match?title=x&lang=xx", 422, "out-of-range", "lang", "en, de, fr"),
    ("/v1/match?title=x&emit=soc,noc", 422, "out-of-range", "emit", "esco, isco, onet, soc"),
    ("/v1/match?title=%ff", 400, "wrong-parameter", "title", "UTF-8"),
    ("/v1/suggest?q=x&limit=51", 422, "out-of-range", "limit", "from 1 to 50"),
    ("/v1/search?level=Z9", 422, "out-of-range", "level", "P5"),
    ("/v1/search?track=PM", 422, "out-of-range", "track", "P, M, E or S"),
    ("/v1/search?status=old", 422, "out-of-range", "status", "draft, review, approved or deprecated"),
    ("/v1/roles?limit=1001", 422, "out-of-range", "limit", "from 1 to 1000"),
    ("/v1/roles/NO.SUCH.P1", 404, "not-found", "code", ""),
    ("/v1/roles/NO.SUCH.P1/adjacent", 404, "not-found", "code", ""),
    ("/v1/roles/DEI.GEN.P5?x=1", 400, "unknown-parameter", "x", ""),
    ("/v1/roles/DEI.GEN.P5/adjacent?limit=0", 422, "out-of-range", "limit", "from 1 to 200"),
    ("/v1/families?depth=role", 422, "out-of-range", "depth", "family or specialisation"),
    ("/v1/crosswalk", 400, "missing-parameter", "role", ""),
    ("/v1/crosswalk?scheme=noc", 422, "out-of-range", "scheme", "esco, isco, onet, soc"),
    ("/v1/crosswalk?role=NOPE", 404, "not-found", "role", ""),
    ("/v1/changes", 400, "missing-parameter", "since", ""),
    ("/v1/changes?since=0", 404, "not-found", "since", "one of "),
    ("/v1/nothing", 404, "not-found", "", ""),
    ("/nothing", 404, "not-found", "", ""),
];

#[tokio::test]
async fn problems_name_the_parameter_and_what_is_permitted() {
    let client = service();
    for (path, status, name, parameter, permitted) in REFUSED {
        let answer = client.get(path).await;
        let problem = answer.json();
        assert_eq!(answer.status, *status, "{path}: {problem}");
        assert_eq!(answer.header("content-type"), "application/problem+json", "{path}");
        assert_eq!(answer.header("cache-control"), "no-store", "{path}");
        assert_eq!(problem["type"], format!("urn:rolecall:problem:{name}"), "{path}");
        assert_eq!(problem["status"], *status, "{path}");
        assert_eq!(problem["parameter"].as_str().unwrap_or_default(), *parameter, "{path}");
        assert!(problem["permitted"].as_str().unwrap_or_default().contains(permitted), "{path}: {problem}");
        assert!(problem["instance"].as_str().expect("text").ends_with(answer.header("x-request-id")), "{path}");
    }
}

#[tokio::test]
async fn unknown_parameters_are_answered_with_the_known_ones() {
    let client = service();
    let known = json!(["title", "limit", "explain", "lang", "accept_precision", "emit"]);
    assert_eq!(client.get("/v1/match?titel=x").await.json()["known"], known);
    assert_eq!(client.post_json("/v1/match", &json!({ "titel": "x" })).await.json()["known"], known);
    let query_of_a_post = client.send(
        axum::http::Request::post("/v1/match?limit=3").header("content-type", "application/json").body("{\"title\":\"x\"}".into()).expect("a request"),
    );
    assert_eq!(query_of_a_post.await.json()["type"], "urn:rolecall:problem:unknown-parameter");
}

#[tokio::test]
async fn bodies_are_bounded_and_of_one_kind() {
    let client = service();
    for (media_type, body, status) in [
        ("text/plain", "{\"title\":\"x\"}".to_owned(), 415),
        ("application/json", "{\"title\":".to_owned(), 400),
        ("application/json", "[]".to_owned(), 400),
        ("application/json", format!("{{\"title\":\"{}\"}}", "x".repeat(4_001)), 422),
        ("application/json", format!("{{\"title\":\"{}\"}}", "x".repeat(65_536)), 413),
        ("application/json; charset=utf-8", "{\"title\":\"Nurse\"}".to_owned(), 200),
    ] {
        let answer = client.post("/v1/match", media_type, body).await;
        assert_eq!(answer.status, status, "{media_type}: {}", answer.text());
    }
    // Without a length beforehand, as chunks.
    let chunks = futures_util::stream::iter((0..100).map(|_| Ok::<_, std::io::Error>(vec![b' '; 1_000])));
    let answer = client.post("/v1/match", "application/json", axum::body::Body::from_stream(chunks)).await;
    assert_eq!(answer.status, 413);
}

#[tokio::test]
async fn a_wrong_method_is_told_the_right_ones() {
    let client = service();
    let answer = client.method(Method::DELETE, "/v1/match").await;
    assert_eq!((answer.status.as_u16(), answer.header("content-type")), (405, "application/problem+json"));
    let allowed: Vec<&str> = answer.header("allow").split(',').collect();
    assert!(allowed.contains(&"GET") && allowed.contains(&"POST"), "{allowed:?}");
    assert_eq!(client.method(Method::GET, "/v1/normalize").await.header("allow"), "POST");
}

#[tokio::test]
async fn request_ids_are_kept_when_harmless() {
    let client = service();
    for (given, kept) in [("abc-123.x:Y_z", true), ("bad id", false), ("", false), (&*"x".repeat(65), false)] {
        let answer = client.get_with("/healthz", &[("x-request-id", given)]).await;
        assert_eq!(answer.header("x-request-id") == given, kept, "{given:?}");
        assert!(!answer.header("x-request-id").is_empty());
    }
    let first = client.get("/healthz").await;
    let second = client.get("/healthz").await;
    assert_ne!(first.header("x-request-id"), second.header("x-request-id"));
}

#[tokio::test]
async fn answers_are_kept_by_the_clients_until_the_index_changes() {
    let client = Client(router(app(Config { max_age: Duration::from_secs(60), ..Config::default() })));
    let first = client.get("/v1/match?title=nurse").await;
    assert_eq!(first.header("cache-control"), "private, max-age=60");
    let again = client.get_with("/v1/match?title=nurse", &[("if-none-match", first.header("etag"))]).await;
    assert_eq!((again.status.as_u16(), again.bytes.len(), again.header("etag")), (304, 0, first.header("etag")));
    let other = client.get_with("/v1/match?title=nurse", &[("if-none-match", "W/\"0000000000000000\"")]).await;
    assert_eq!(other.status, 200);
    for path in ["/v1/info", "/healthz", "/metrics"] {
        assert_eq!(client.get(path).await.header("cache-control"), "no-store", "{path}");
    }
    assert_eq!(client.post_json("/v1/match", &json!({ "title": "nurse" })).await.header("cache-control"), "no-store");
}

#[tokio::test]
async fn tokens_guard_answers_and_nothing_else() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("tokens");
    std::fs::write(&path, "0123456789abcdef0123\n").expect("writable");
    let client = Client(router(app(Config { tokens: Some(path), ..Config::default() })));
    for path in ["/", "/healthz", "/readyz", "/openapi.json", "/docs"] {
        assert_eq!(client.get(path).await.status, 200, "{path}");
    }
    for path in ["/v1/match?title=nurse", "/v1/info", "/metrics", "/v1/roles/DEI.GEN.P5"] {
        let answer = client.get(path).await;
        assert_eq!((answer.status.as_u16(), answer.header("www-authenticate")), (401, "Bearer realm=\"rolecall\""), "{path}");
        let answer = client.get_with(path, &[("authorization", "Bearer 0123456789abcdef0124")]).await;
        assert_eq!(answer.status, 401, "{path}");
        let answer = client.get_with(path, &[("authorization", "Bearer 0123456789abcdef0123")]).await;
        assert_eq!(answer.status, 200, "{path}");
    }
}

#[tokio::test]
async fn clients_that_ask_too_often_are_sent_away_for_a_while() {
    let limits = Limits { requests_per_second: 2, ..Limits::default() };
    let client = Client(router(app(Config { limits, ..Config::default() })));
    let mut refused = Vec::new();
    for _ in 0..4 {
        refused.push(client.get("/v1/levels").await);
    }
    let refused: Vec<_> = refused.iter().filter(|answer| answer.status == 429).collect();
    assert!(!refused.is_empty(), "two at once are permitted, four are not");
    assert_eq!(refused[0].header("retry-after"), "1");
    assert_eq!(client.get("/healthz").await.status, 200);
}

#[tokio::test]
async fn a_full_or_slow_service_says_when_to_come_back() {
    let limits = Limits { concurrency: 1, deadline_ms: 50, ..Limits::default() };
    let app = app(Config { limits, ..Config::default() });
    let client = Client(router(app.clone()));
    let slow = futures_util::stream::pending::<Result<Vec<u8>, std::io::Error>>();
    let waiting = client.post("/v1/match", "application/json", axum::body::Body::from_stream(slow));
    let asking = async {
        tokio::time::sleep(Duration::from_millis(10)).await;
        client.get("/v1/levels").await
    };
    let (waited, refused) = tokio::join!(waiting, asking);
    assert_eq!((waited.status.as_u16(), waited.header("retry-after")), (503, "1"));
    assert_eq!(waited.json()["type"], "urn:rolecall:problem:deadline");
    assert_eq!((refused.status.as_u16(), refused.header("retry-after")), (503, "1"));
    assert_eq!(refused.json()["type"], "urn:rolecall:problem:busy");
    assert_eq!(client.get("/v1/levels").await.status, 200, "the place is free again");
}

#[tokio::test]
async fn pages_of_other_origins_read_answers_only_when_told() {
    let origin = ("origin", "https://sheets.example.org");
    let closed = service();
    assert_eq!(closed.get_with("/v1/levels", &[origin]).await.header("access-control-allow-origin"), "");
    let open = Client(router(app(Config { cors_origins: vec!["https://sheets.example.org".into()], ..Config::default() })));
    assert_eq!(open.get_with("/v1/levels", &[origin]).await.header("access-control-allow-origin"), origin.1);
    assert_eq!(open.get_with("/v1/levels", &[("origin", "https://evil.example.org")]).await.header("access-control-allow-origin"), "");
    let preflight = axum::http::Request::options("/v1/match")
        .header("origin", origin.1)
        .header("access-control-request-method", "POST")
        .header("access-control-request-headers", "content-type")
        .body(axum::body::Body::empty())
        .expect("a request");
    let answer = open.send(preflight).await;
    assert_eq!((answer.status.as_u16(), answer.header("access-control-allow-origin")), (200, origin.1));
}

#[tokio::test]
async fn large_answers_are_compressed_for_those_who_read_it() {
    let client = service();
    let plain = client.get("/v1/roles/DEI.GEN.P5").await;
    for coding in ["gzip", "br"] {
        let packed = client.get_with("/v1/roles/DEI.GEN.P5", &[("accept-encoding", coding)]).await;
        assert_eq!(packed.header("content-encoding"), coding);
        assert!(packed.bytes.len() < plain.bytes.len() / 2);
    }
    assert_eq!(plain.header("content-encoding"), "");
}
