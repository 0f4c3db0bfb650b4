//! `/reconcile` and `/reconcile/v1`: turns cells of a table into candidates, as OpenRefine and the W3C group's protocol ask.
//!
//! An **entity** is a role or a family; a **question** is one cell with what else the row says; a **candidate** is an entity
//! with a score from 0 to 100. `classic` speaks protocol 0.2, `draft` 1.0; both read their requests into the same questions
//! and write the same candidates. Every path may be read by pages of any origin.

mod address;
mod answer;
pub(super) mod classic;
pub(super) mod draft;
mod entity;
mod extend;
mod manifest;
pub(super) mod pages;
mod property;
mod question;
mod run;
mod suggest;

use axum::Router;
use axum::routing::{get, post};
use serde::Serialize;

use super::state::App;
pub(super) use entity::Names;


/// Size of a preview in pixels: as much as OpenRefine's own services take.
const PREVIEW_WIDTH: u32 = 430;
const PREVIEW_HEIGHT: u32 = 300;
/// Largest body: a full batch of long titles with properties.
const MAX_BODY_BYTES: usize = 1024 * 1024;

/// Every path of both protocols.
pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/reconcile", get(classic::get_root).post(classic::post_root))
        .route("/reconcile/", get(classic::get_root).post(classic::post_root))
        .route("/reconcile/properties", get(classic::properties))
        .route("/reconcile/suggest/{kind}", get(classic::suggest))
        .route("/reconcile/flyout/{kind}", get(classic::flyout))
        .route("/reconcile/preview", get(pages::preview))
        .route("/reconcile/view", get(pages::view))
        .route("/reconcile/v1", get(draft::manifest))
        .route("/reconcile/v1/", get(draft::manifest))
        .route("/reconcile/v1/match", post(draft::matches))
        .route("/reconcile/v1/suggest/{kind}", get(draft::suggest))
        .route("/reconcile/v1/preview", get(pages::preview))
        .route("/reconcile/v1/view", get(pages::view))
        .route("/reconcile/v1/extend", post(draft::extend))
        .route("/reconcile/v1/extend/propose", get(draft::propose))
}

/// Something with a name: an entity, a type, a property.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[schema(as = Named)]
pub(super) struct Named {
    /// Its id.
    pub(super) id: String,
    /// Its name.
    pub(super) name: String,
}

impl Named {
    fn new(id: impl Into<String>, name: impl Into<String>) -> Self {
        Self { id: id.into(), name: name.into() }
    }
}
