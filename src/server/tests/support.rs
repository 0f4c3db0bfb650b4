//! Gives tests a service over the tiny taxonomy, and requests to it.

use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Method, Request, StatusCode, header};
use http_body_util::BodyExt;
use serde_json::Value;
use tower::ServiceExt;

use crate::build::{self, BuildOptions};
use crate::corpus;
use crate::engine::Engine;
use crate::index::Index;
use crate::server::{App, Config, Generation, router};

/// The index of the tiny taxonomy, built once a run of tests and without learning, which would take seconds.
pub(crate) static BYTES: LazyLock<Vec<u8>> = LazyLock::new(|| index_bytes(&[]));

/// The index of the tiny taxonomy with replacements in the text of its families.
pub(crate) fn index_bytes(replacements: &[(&str, &str)]) -> Vec<u8> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus");
    let copy = tempfile::tempdir().expect("a temporary folder");
    copy_folder(&folder, copy.path(), replacements);
    let taxonomy = corpus::load(copy.path()).expect("the tiny taxonomy is right").taxonomy;
    let options = BuildOptions { learn: false, ..BuildOptions::default() };
    build::build(taxonomy, &[], &options, &|_| {}).expect("it can be built").to_bytes()
}

fn copy_folder(from: &Path, to: &Path, replacements: &[(&str, &str)]) {
    std::fs::create_dir_all(to).expect("writable");
    for entry in std::fs::read_dir(from).expect("readable") {
        let path: PathBuf = entry.expect("readable").path();
        let target = to.join(path.file_name().expect("files have names"));
        if path.is_dir() {
            copy_folder(&path, &target, replacements);
        } else {
            let mut text = std::fs::read_to_string(&path).expect("text");
            for (old, new) in replacements {
                text = text.replace(old, new);
            }
            std::fs::write(target, text).expect("writable");
        }
    }
}

pub(crate) fn engine() -> Engine {
    Engine::new(Index::from_bytes(BYTES.clone().into(), "the tiny index").expect("it opens")).expect("it has fits")
}

/// A service over the tiny taxonomy.
pub(crate) fn app(config: Config) -> App {
    App::with_generation(config, Generation::of(engine())).expect("the configuration is right")
}

pub(crate) fn service() -> Client {
    Client(router(app(Config::default())))
}

/// Asks a service without a socket.
#[derive(Clone)]
pub(crate) struct Client(pub(crate) Router);

/// An answer, read to its end.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) bytes: Vec<u8>,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.bytes).unwrap_or_else(|error| panic!("{error}: {}", self.text()))
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().expect("readable"))
    }
}

impl Client {
    pub(crate) async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.0.clone().oneshot(request).await.expect("infallible");
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.expect("an answer is written to its end").to_bytes().to_vec();
        Answer { status: parts.status, headers: parts.headers, bytes }
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send(Request::get(path).body(Body::empty()).expect("a request")).await
    }

    pub(crate) async fn get_with(&self, path: &str, headers: &[(&str, &str)]) -> Answer {
        let mut request = Request::get(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.send(request.body(Body::empty()).expect("a request")).await
    }

    pub(crate) async fn post(&self, path: &str, media_type: &str, body: impl Into<Body>) -> Answer {
        let request = Request::post(path).header(header::CONTENT_TYPE, media_type).body(body.into()).expect("a request");
        self.send(request).await
    }

    pub(crate) async fn post_json(&self, path: &str, body: &Value) -> Answer {
        self.post(path, "application/json", body.to_string()).await
    }

    pub(crate) async fn method(&self, method: Method, path: &str) -> Answer {
        self.send(Request::builder().method(method).uri(path).body(Body::empty()).expect("a request")).await
    }
}
