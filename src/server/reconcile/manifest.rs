//! Says what the service offers, as each protocol writes it: the first thing that a client asks for.

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Serialize;
use serde_json::{Value, json};

use super::entity::EntityKind;
use super::extend::{self, Setting};
use super::{Named, PREVIEW_HEIGHT, PREVIEW_WIDTH};
use crate::server::generation::Generation;
use crate::server::state::App;

/// What the service offers, by protocol 0.2.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ReconcileManifest)]
pub(in crate::server) struct Manifest {
    versions: [&'static str; 1],
    name: String,
    identifier_space: String,
    schema_space: String,
    default_types: Vec<Named>,
    documentation: String,
    service_version: String,
    batch_size: usize,
    view: View,
    preview: Preview,
    suggest: Suggest,
    extend: Extend,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = ReconcileView)]
struct View {
    url: String,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = ReconcilePreview)]
struct Preview {
    url: String,
    width: u32,
    height: u32,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = ReconcileSuggest)]
struct Suggest {
    entity: Place,
    property: Place,
    #[serde(rename = "type")]
    kind: Place,
}

/// Where something is found.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = ReconcilePlace)]
struct Place {
    service_url: String,
    service_path: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    flyout_service_path: Option<String>,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = ReconcileExtend)]
struct Extend {
    propose_properties: Place,
    property_settings: Vec<Setting>,
}

/// What the service offers, by the draft of 1.0.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = DraftManifest)]
pub(in crate::server) struct DraftManifest {
    versions: [&'static str; 1],
    name: String,
    identifier_space: String,
    schema_space: String,
    default_types: Vec<Named>,
    documentation: String,
    service_version: String,
    view: View,
    preview: DraftSize,
    suggest: DraftSuggest,
    extend: DraftExtend,
    batch_size: usize,
    lang: Vec<String>,
    standardized_score: bool,
    /// How a token is borne, when the service asks for one.
    #[serde(skip_serializing_if = "Option::is_none")]
    authentication: Option<Value>,
}

/// Size of a preview in pixels.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = DraftSize)]
struct DraftSize {
    width: u32,
    height: u32,
}

/// What is suggested.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = DraftSuggest)]
struct DraftSuggest {
    entity: bool,
    property: bool,
    #[serde(rename = "type")]
    kind: bool,
}

/// How columns are made.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = DraftExtend)]
struct DraftExtend {
    propose_properties: bool,
    property_settings: Vec<Setting>,
}

impl Manifest {
    pub(super) fn new(app: &App, generation: &Generation, base: &str) -> Self {
        let place = |path: &str| Place { service_url: base.to_owned(), service_path: path.to_owned(), flyout_service_path: None };
        let suggest = |kind: &str| Place {
            flyout_service_path: Some(format!("/reconcile/flyout/{kind}?id=${{id}}")),
            ..place(&format!("/reconcile/suggest/{kind}"))
        };
        Self {
            versions: ["0.2"],
            name: service_name(generation),
            identifier_space: identifier_space(generation),
            schema_space: "urn:rolecall:schema".to_owned(),
            default_types: types(generation),
            documentation: format!("{base}/docs"),
            service_version: env!("CARGO_PKG_VERSION").to_owned(),
            batch_size: app.config.limits.reconcile_queries,
            view: View { url: format!("{base}/reconcile/view?id={{{{id}}}}") },
            preview: Preview { url: format!("{base}/reconcile/preview?id={{{{id}}}}"), width: PREVIEW_WIDTH, height: PREVIEW_HEIGHT },
            suggest: Suggest { entity: suggest("entity"), property: suggest("property"), kind: suggest("type") },
            extend: Extend { propose_properties: place("/reconcile/properties"), property_settings: extend::settings() },
        }
    }
}

/// What people choose the service by.
fn service_name(generation: &Generation) -> String {
    let manifest = &generation.taxonomy().manifest;
    format!("{} roles (rolecall)", if manifest.title.is_empty() { &manifest.name } else { &manifest.title })
}

/// Names the taxonomy, the same wherever it is served, so that a client knows two services of it as one space of ids.
fn identifier_space(generation: &Generation) -> String {
    let name = utf8_percent_encode(&generation.taxonomy().manifest.name, NON_ALPHANUMERIC);
    format!("urn:rolecall:taxonomy:{name}")
}

fn types(generation: &Generation) -> Vec<Named> {
    EntityKind::of_taxonomy(generation.taxonomy()).into_iter().map(EntityKind::named).collect()
}

impl DraftManifest {
    pub(super) fn new(app: &App, generation: &Generation, base: &str) -> Self {
        Self {
            versions: ["1.0"],
            name: service_name(generation),
            identifier_space: identifier_space(generation),
            schema_space: "urn:rolecall:schema".to_owned(),
            default_types: types(generation),
            documentation: format!("{base}/docs"),
            service_version: env!("CARGO_PKG_VERSION").to_owned(),
            view: View { url: format!("{base}/reconcile/view{{?id}}") },
            preview: DraftSize { width: PREVIEW_WIDTH, height: PREVIEW_HEIGHT },
            suggest: DraftSuggest { entity: true, property: true, kind: true },
            extend: DraftExtend { propose_properties: true, property_settings: extend::settings() },
            batch_size: app.config.limits.reconcile_queries,
            lang: generation.languages().to_vec(),
            standardized_score: true,
            authentication: app.needs_tokens().then(|| json!({ "type": "http", "scheme": "bearer" })),
        }
    }
}
