//! Turns what the service does into figures for Prometheus, at `/metrics`.

use std::sync::atomic::AtomicU64;
use std::time::Duration;

use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;

use super::generation::Generation;
use super::state::App;
use crate::decide::Decision;

/// Upper ends in seconds: a match takes tens of microseconds, a batch minutes.
const BUCKETS: [f64; 15] =
    [0.000_05, 0.000_1, 0.000_2, 0.000_5, 0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 1.0, 10.0, 60.0];

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct RouteLabel {
    route: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct RequestLabels {
    route: String,
    method: &'static str,
    status: u16,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct DecisionLabel {
    decision: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OutcomeLabel {
    outcome: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct GenerationLabels {
    fingerprint: String,
    taxonomy: String,
    version: &'static str,
}

/// The figures.
#[derive(Debug)]
pub(super) struct Metrics {
    registry: Registry,
    seconds: Family<RouteLabel, Histogram, fn() -> Histogram>,
    requests: Family<RequestLabels, Counter>,
    decisions: Family<DecisionLabel, Counter>,
    reloads: Family<OutcomeLabel, Counter>,
    current: Family<GenerationLabels, Gauge>,
    generation: Gauge<i64>,
    loaded: Gauge<f64, AtomicU64>,
    in_flight: Gauge,
    batches: Gauge,
    panics: Counter,
    feedback: Counter,
}

impl Metrics {
    pub(super) fn new() -> Self {
        let seconds: Family<RouteLabel, Histogram, fn() -> Histogram> = Family::new_with_constructor(|| Histogram::new(BUCKETS));
        let mut metrics = Self {
            registry: Registry::with_prefix("rolecall"),
            seconds,
            requests: Family::default(),
            decisions: Family::default(),
            reloads: Family::default(),
            current: Family::default(),
            generation: Gauge::default(),
            loaded: Gauge::default(),
            in_flight: Gauge::default(),
            batches: Gauge::default(),
            panics: Counter::default(),
            feedback: Counter::default(),
        };
        let registry = &mut metrics.registry;
        registry.register("request_duration_seconds", "Time until an answer begins, by route", metrics.seconds.clone());
        registry.register("requests", "Requests, by route, method and status", metrics.requests.clone());
        registry.register("decisions", "Titles answered, by decision, those of batches included", metrics.decisions.clone());
        registry.register("reloads", "Attempts to load a generation, by outcome", metrics.reloads.clone());
        registry.register("index", "1 for the generation that answers", metrics.current.clone());
        registry.register("index_generation", "Number of the generation that answers, counted from 1", metrics.generation.clone());
        registry.register("index_loaded_timestamp_seconds", "When the generation was loaded, in seconds since 1970", metrics.loaded.clone());
        registry.register("requests_in_flight", "Requests that are being answered", metrics.in_flight.clone());
        registry.register("batches_in_flight", "Batches that are being answered", metrics.batches.clone());
        registry.register("panics", "Requests that failed by a fault of the program", metrics.panics.clone());
        registry.register("feedback", "Rows of feedback written", metrics.feedback.clone());
        // Figures that are there from the start can be alarmed on.
        for decision in [Decision::Accept, Decision::Review, Decision::Reject] {
            drop(metrics.decisions.get_or_create(&DecisionLabel { decision: decision.name() }));
        }
        for outcome in ["loaded", "unchanged", "failed"] {
            drop(metrics.reloads.get_or_create(&OutcomeLabel { outcome }));
        }
        metrics
    }

    pub(super) fn request(&self, route: &str, method: &axum::http::Method, status: u16, took: Duration) {
        self.seconds.get_or_create(&RouteLabel { route: route.to_owned() }).observe(took.as_secs_f64());
        // A client may invent methods; each would be a line for ever.
        let method = match method.as_str() {
            "GET" => "GET",
            "POST" => "POST",
            "HEAD" => "HEAD",
            "OPTIONS" => "OPTIONS",
            _ => "other",
        };
        self.requests.get_or_create(&RequestLabels { route: route.to_owned(), method, status }).inc();
    }

    pub(super) fn decided(&self, decision: Decision, count: u64) {
        self.decisions.get_or_create(&DecisionLabel { decision: decision.name() }).inc_by(count);
    }

    pub(super) fn reload(&self, outcome: &'static str) {
        self.reloads.get_or_create(&OutcomeLabel { outcome }).inc();
    }

    pub(super) fn answering(&self, generation: &Generation) {
        self.generation.set(generation.number.cast_signed());
        let since_epoch = generation.loaded_at.duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
        self.loaded.set(since_epoch.as_secs_f64());
        self.current.clear();
        let labels = GenerationLabels {
            fingerprint: generation.fingerprint.clone(),
            taxonomy: generation.engine.index().manifest.taxonomy.clone(),
            version: env!("CARGO_PKG_VERSION"),
        };
        self.current.get_or_create(&labels).set(1);
    }

    pub(super) fn panicked(&self) {
        self.panics.inc();
    }

    pub(super) fn fed_back(&self) {
        self.feedback.inc();
    }

    /// Counts a request as in flight until the guard is dropped.
    pub(super) fn in_flight(&self) -> Held {
        Held::new(&self.in_flight)
    }

    /// Counts a batch as in flight until the guard is dropped.
    pub(super) fn batch(&self) -> Held {
        Held::new(&self.batches)
    }
}

/// One more in a gauge, until dropped.
#[derive(Debug)]
pub(super) struct Held(Gauge);

impl Held {
    fn new(gauge: &Gauge) -> Self {
        gauge.inc();
        Self(gauge.clone())
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        self.0.dec();
    }
}

/// The figures of this process for Prometheus.
#[utoipa::path(get, path = "/metrics", tag = "operations", responses((status = 200, description = "OpenMetrics text", body = String, content_type = "application/openmetrics-text; version=1.0.0; charset=utf-8"), (status = "4XX", description = "A problem", body = super::problem::ProblemBody, content_type = "application/problem+json")))]
pub(super) async fn metrics(State(app): State<App>) -> Response {
    let mut text = String::new();
    prometheus_client::encoding::text::encode(&mut text, &app.metrics.registry).expect("writing to memory cannot fail");
    let kind = HeaderValue::from_static("application/openmetrics-text; version=1.0.0; charset=utf-8");
    ([(header::CONTENT_TYPE, kind)], text).into_response()
}
