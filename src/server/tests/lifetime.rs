//! Reloading, changes between generations, feedback, panics, sockets and shutting down.

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use axum::routing::get;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::sync::mpsc;

use super::support::{BYTES, Client, app, index_bytes, service};
use crate::server::{App, Config, Generation, Reload, Source, front, override_candidates, router, serve, watch};

fn write(path: &Path, bytes: &[u8]) {
    // As an index is written: beside it, then renamed.
    let beside = path.with_extension("new");
    std::fs::write(&beside, bytes).expect("writable");
    std::fs::rename(beside, path).expect("writable");
}

fn other_bytes() -> Vec<u8> {
    index_bytes(&[("Infrastructure Engineer", "Cloud Plumber")])
}

fn open(folder: &Path) -> App {
    write(&folder.join("index.bin"), &BYTES);
    let source = Source { index: Some(folder.to_owned()), ..Source::default() };
    App::open(Config { source, ..Config::default() }).expect("it opens")
}

#[tokio::test]
async fn a_reload_changes_answers_tags_and_tells_what_changed() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let app = open(folder.path());
    let client = Client(router(app.clone()));
    let before = client.get("/v1/match?title=cloud+plumber").await;
    assert_eq!(app.reload(), Reload::Unchanged);
    write(&folder.path().join("index.bin"), &other_bytes());
    assert_eq!(app.reload(), Reload::Loaded(2));
    let after = client.get_with("/v1/match?title=cloud+plumber", &[("if-none-match", before.header("etag"))]).await;
    assert_eq!(after.status, 200, "the old answer is no longer fresh");
    assert_ne!(after.header("rolecall-index"), before.header("rolecall-index"));
    assert_eq!(after.json()["candidates"][0]["tier"], "exact");
    assert_ne!(before.json()["candidates"][0]["tier"], "exact");
    let changes = client.get(&format!("/v1/changes?since={}", before.header("rolecall-index"))).await.json();
    assert_eq!(changes["names_added"], json!([{ "specialisation": "DEI.GEN", "name": "Cloud Plumber" }]));
    assert_eq!(changes["names_removed"], json!([{ "specialisation": "DEI.GEN", "name": "Infrastructure Engineer" }]));
    assert_eq!(changes["now"], after.json()["meta"]["index"]);
}

#[tokio::test]
async fn a_bad_index_leaves_the_old_one_and_says_so() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let app = open(folder.path());
    let client = Client(router(app.clone()));
    let mut torn = BYTES.clone();
    torn.truncate(torn.len() / 2);
    for bad in [&b"nonsense"[..], &torn, &[]] {
        write(&folder.path().join("index.bin"), bad);
        assert!(matches!(app.reload(), Reload::Failed(_)));
        assert_eq!(client.get("/v1/match?title=nurse").await.status, 200);
        let ready = client.get("/readyz").await;
        assert_eq!(ready.status, 200);
        let reason = ready.json()["failed_reload"]["reason"].as_str().expect("a reason").to_owned();
        assert!(reason.contains("index.bin"), "{reason}");
    }
    write(&folder.path().join("index.bin"), &BYTES);
    assert_eq!(app.reload(), Reload::Unchanged);
    assert_eq!(client.get("/readyz").await.json()["failed_reload"], Value::Null);
    assert!(client.get("/metrics").await.text().contains("rolecall_reloads_total{outcome=\"failed\"} 3"));
}

#[tokio::test]
async fn overrides_win_say_so_and_are_reloaded() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    write(&folder.path().join("index.bin"), &BYTES);
    let overrides = folder.path().join("overrides.csv");
    std::fs::write(&overrides, "title,code,note\nwizard of uptime,DEI.GEN.P5,by hand\n").expect("writable");
    let source = Source { index: Some(folder.path().to_owned()), overrides: Some(overrides.clone()), prior: None };
    let app = App::open(Config { source, ..Config::default() }).expect("it opens");
    let client = Client(router(app.clone()));
    let answer = client.get("/v1/match?title=Wizard+of+Uptime").await;
    assert_eq!((&answer.json()["candidates"][0]["tier"], &answer.json()["decision"]), (&json!("override"), &json!("accept")));
    assert_eq!(client.get("/v1/info").await.json()["generation"]["overrides"], 1);
    std::fs::write(&overrides, "title,code\nwizard of uptime,DEI.GEN.P6\n").expect("writable");
    assert_eq!(app.reload(), Reload::Loaded(2));
    let again = client.get_with("/v1/match?title=Wizard+of+Uptime", &[("if-none-match", answer.header("etag"))]).await;
    assert_eq!(again.json()["candidates"][0]["code"], "DEI.GEN.P6", "the tag knows overrides too");
    std::fs::write(&overrides, "title,code\nwizard of uptime,NO.SUCH.P6\n").expect("writable");
    assert!(matches!(app.reload(), Reload::Failed(reason) if reason.contains("overrides.csv:2")));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_request_is_lost_and_no_answer_mixes_generations_while_indexes_change() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let app = open(folder.path());
    let client = Client(router(app.clone()));
    let other = other_bytes();
    let done = std::sync::Arc::new(AtomicBool::new(false));
    let asking: Vec<_> = (0..2)
        .map(|_| {
            let (client, done) = (client.clone(), done.clone());
            tokio::spawn(async move {
                let mut asked = 0;
                while !done.load(Ordering::Relaxed) || asked < 20 {
                    let body = json!(vec!["infrastructure engineer"; 300]);
                    let answer = client.post_json("/v1/match/batch", &body).await;
                    assert_eq!(answer.status, 200);
                    let answers = answer.json();
                    let kinds: std::collections::BTreeSet<(String, String)> = answers
                        .as_array()
                        .expect("a list")
                        .iter()
                        .map(|answer| (answer["meta"]["index"].to_string(), answer["candidates"][0]["tier"].to_string()))
                        .collect();
                    assert_eq!(kinds.len(), 1, "{kinds:?}");
                    assert!(kinds.iter().all(|(index, _)| index.contains(answer.header("rolecall-index"))));
                    asked += 1;
                }
            })
        })
        .collect();
    for number in 0..20 {
        write(&folder.path().join("index.bin"), if number % 2 == 0 { &other } else { &BYTES });
        let reloading = app.clone();
        let outcome = tokio::task::spawn_blocking(move || reloading.reload()).await.expect("no panic");
        assert_eq!(outcome, Reload::Loaded(number + 2));
    }
    done.store(true, Ordering::Relaxed);
    for asked in asking {
        asked.await.expect("every answer was whole");
    }
}

#[tokio::test]
async fn a_changed_file_and_a_message_reload() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    write(&folder.path().join("index.bin"), &BYTES);
    let source = Source { index: Some(folder.path().to_owned()), ..Source::default() };
    let app = App::open(Config { source, watch_interval: Duration::from_millis(10), ..Config::default() }).expect("it opens");
    let (ask, asked) = mpsc::channel(1);
    let watching = tokio::spawn(watch(app.clone(), asked));
    tokio::time::sleep(Duration::from_millis(50)).await;
    write(&folder.path().join("index.bin"), &other_bytes());
    wait_for(&app, 2).await;
    write(&folder.path().join("index.bin"), &BYTES);
    ask.send(()).await.expect("it listens");
    wait_for(&app, 3).await;
    drop(ask);
    watching.await.expect("it ends when nobody can ask");
}

async fn wait_for(app: &App, number: u64) {
    for _ in 0..500 {
        if app.current().number >= number {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("generation {number} never came: {:?}", app.current().number);
}

#[tokio::test]
async fn feedback_is_off_until_asked_for_and_then_kept() {
    let row = json!({ "title": "Uptime wizard", "verdict": "correct", "code": "dei.gen.p5", "by": "ann" });
    let off = service().post_json("/v1/feedback", &row).await;
    assert_eq!((off.status.as_u16(), off.json()["type"].as_str()), (403, Some("urn:rolecall:problem:feedback-off")));
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("feedback.jsonl");
    let client = Client(router(app(Config { feedback: Some(path.clone()), ..Config::default() })));
    assert_eq!(client.post_json("/v1/feedback", &row).await.status, 201);
    for (row, status, parameter) in [
        (json!({ "title": "x", "verdict": "correct" }), 400, "code"),
        (json!({ "title": "x", "verdict": "correct", "code": "NO.SUCH" }), 422, "code"),
        (json!({ "title": "x", "verdict": "reject", "code": "DEI.GEN.P5" }), 422, "code"),
        (json!({ "title": "x", "verdict": "maybe" }), 422, "verdict"),
        (json!({ "verdict": "reject" }), 400, "title"),
        (json!({ "title": "x", "verdict": "reject", "mood": "bad" }), 400, "mood"),
    ] {
        let answer = client.post_json("/v1/feedback", &row).await;
        assert_eq!((answer.status.as_u16(), answer.json()["parameter"].as_str()), (status, Some(parameter)), "{row}");
    }
    let found = override_candidates(&path).expect("readable");
    let [(1, decision)] = &found.decisions[..] else { panic!("one decision: {found:?}") };
    assert_eq!((decision.code.as_str(), decision.note.as_str()), ("DEI.GEN.P5", "feedback, 1 of 1 agree; ann"));
}

#[tokio::test]
async fn a_panic_costs_its_own_request_only() {
    async fn boom() -> &'static str {
        panic!("on purpose")
    }
    let app = app(Config::default());
    let routes = axum::Router::new().route("/v1/boom", get(boom)).layer(axum::middleware::from_fn_with_state(app.clone(), front::front));
    let client = Client(routes.with_state(app.clone()));
    let answer = client.get("/v1/boom").await;
    assert_eq!((answer.status.as_u16(), answer.header("content-type")), (500, "application/problem+json"));
    assert!(answer.json()["instance"].as_str().expect("text").ends_with(answer.header("x-request-id")));
    let well = Client(router(app));
    assert_eq!(well.get("/v1/match?title=nurse").await.status, 200);
    assert!(well.get("/metrics").await.text().contains("rolecall_panics_total 1"));
}

#[tokio::test]
async fn a_socket_is_answered_until_the_service_is_told_to_stop() {
    let app = App::with_generation(Config::default(), Generation::of(super::support::engine())).expect("right");
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("bound");
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let serving = tokio::spawn(serve(listener, app.clone(), async {
        let _ = stopped.await;
    }));
    let mut stream = tokio::net::TcpStream::connect(address).await.expect("it listens");
    stream.write_all(b"GET /v1/match?title=nurse HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").await.expect("it reads");
    let mut text = String::new();
    stream.read_to_string(&mut text).await.expect("it writes");
    assert!(text.starts_with("HTTP/1.1 200 OK\r\n") && text.contains("\"decision\""), "{text}");
    stop.send(()).expect("it runs");
    serving.await.expect("no panic").expect("a clean end");
    assert_eq!(Client(router(app)).get("/readyz").await.status, 503);
    assert!(tokio::net::TcpStream::connect(address).await.is_err());
}
