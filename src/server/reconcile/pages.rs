//! Turns an id into what a person looks at: a small page, a piece of one, or the way to the whole page.

use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Serialize;

use super::address;
use super::entity::{Entity, EntityKind};
use super::property::Property;
use super::suggest::Subject;
use crate::server::docs::escaped;
use crate::server::front::Current;
use crate::server::generation::Generation;
use crate::server::params::{Params, quoted};
use crate::server::problem::{Problem, ProblemBody};
use crate::server::state::App;
use crate::taxonomy::Taxonomy;

/// Longest id: a code with the mark of a family.
const MAX_ID_BYTES: usize = 300;
/// Names shown in a preview: what fits.
const SHOWN_NAMES: usize = 8;
/// Letters that stand in the fragment of a URL as they are.
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC.remove(b'.').remove(b'-').remove(b'_').remove(b'~');
/// Nothing but the page's own style, and any page may show it in a frame: that is what a preview is for.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors *";

const STYLE: &str = ":root{color-scheme:light dark}body{margin:0;padding:12px 14px;font:14px/1.45 system-ui,sans-serif;background:light-dark(#fff,#11161b);\
color:light-dark(#17212b,#e7ecf0);overflow-wrap:break-word}h1{font-size:17px;margin:0 0 2px}p{margin:0 0 8px}.soft{color:light-dark(#566370,#9fadb9)}\
a{color:light-dark(#0b5d75,#74c5dc)}code{font-size:12.5px}";

/// An entity, type or property in a few words.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct Flyout {
    /// Its id.
    id: String,
    /// A piece of HTML.
    html: String,
}

/// The id that is asked for.
pub(super) fn id(request: &Request) -> Result<String, Problem> {
    let mut params = Params::some_of_query(request.uri().query().unwrap_or_default(), &["id"])?;
    let missing = || Problem::new(crate::server::problem::Kind::MissingParameter, "id is missing").about("id").permitting("id of an entity");
    params.short("id", MAX_ID_BYTES)?.ok_or_else(missing)
}

fn find(generation: &Generation, id: &str) -> Result<Entity, Problem> {
    let unknown = || Problem::not_found(format!("nothing has the id {}: find ids at /reconcile/suggest/entity", quoted(id))).about("id");
    Entity::find(generation, id).ok_or_else(unknown)
}

impl Flyout {
    pub(super) fn of(generation: &Generation, subject: Subject, id: &str) -> Result<Self, Problem> {
        let html = match subject {
            Subject::Entity => {
                let entity = find(generation, id)?;
                piece(entity.name(generation.taxonomy()), &summary(generation.taxonomy(), entity), &entity.description(generation.taxonomy()))
            }
            Subject::Kind => {
                let kind = EntityKind::of(id).ok_or_else(|| Problem::not_found(format!("there is no type {}", quoted(id))).about("id"))?;
                piece(&kind.named().name, kind.description(), "")
            }
            Subject::Property => {
                let property = Property::of(id).ok_or_else(|| Problem::not_found(format!("there is no property {}", quoted(id))).about("id"))?;
                piece(&property.named().name, property.description(), "")
            }
        };
        Ok(Self { id: id.to_owned(), html })
    }
}

fn piece(name: &str, text: &str, place: &str) -> String {
    let place = if place.is_empty() { String::new() } else { format!("<p>{}</p>", escaped(place)) };
    format!("<p><strong>{}</strong></p>{place}<p>{}</p>", escaped(name), escaped(text))
}

fn summary(taxonomy: &Taxonomy, entity: Entity) -> String {
    match entity {
        Entity::Role(role) => taxonomy.record(role).summary,
        Entity::Family(family) => taxonomy.family(family).summary.clone(),
    }
}

/// Show an entity on a small page
#[utoipa::path(get, path = "/reconcile/preview", operation_id = "reconcile_preview", tag = "reconciliation", params(("id" = String, Query, description = "Id of the entity", max_length = 300, example = "DEI.GEN.P5")), responses(
    (status = 200, description = "A page of the size that the manifest states", body = String, content_type = "text/html; charset=utf-8"),
    (status = "4XX", description = "A problem", body = ProblemBody, content_type = "application/problem+json"),
    (status = "5XX", description = "A problem", body = ProblemBody, content_type = "application/problem+json")))]
pub(in crate::server) async fn preview(Current(generation): Current, request: Request) -> Result<Response, Problem> {
    let id = id(&request)?;
    let entity = find(&generation, &id)?;
    let mut response = page(&generation, entity).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    Ok(response)
}

fn page(generation: &Generation, entity: Entity) -> String {
    let taxonomy = generation.taxonomy();
    let name = escaped(entity.name(taxonomy));
    let names = Property::Aliases.texts(taxonomy, entity, false);
    let more = if names.len() > SHOWN_NAMES { ", …" } else { "" };
    let names = names.iter().take(SHOWN_NAMES).map(|name| escaped(name)).collect::<Vec<_>>().join(", ");
    let also = if names.is_empty() { String::new() } else { format!("<p class=\"soft\">Also: {names}{more}</p>") };
    let status = if entity.kind() == EntityKind::Role { Property::Status.texts(taxonomy, entity, false).join("") } else { String::new() };
    let id = entity.id(generation);
    let facts = [entity.description(taxonomy), status].into_iter().filter(|fact| !fact.is_empty()).map(|fact| escaped(&fact)).collect::<Vec<_>>().join(" · ");
    let link = utf8_percent_encode(&id, PLAIN);
    format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>{name}</title><style>{STYLE}</style></head><body>\
         <h1>{name}</h1><p class=\"soft\"><code>{}</code> · {facts}</p><p>{}</p>{also}\
         <p><a href=\"view?id={link}\" target=\"_blank\" rel=\"noopener\">Open the whole page</a></p></body></html>",
        escaped(&id),
        escaped(&summary(taxonomy, entity)),
    )
}

/// Go to the page of an entity
#[utoipa::path(get, path = "/reconcile/view", operation_id = "reconcile_view", tag = "reconciliation", params(("id" = String, Query, description = "Id of the entity", max_length = 300, example = "DEI.GEN.P5")), responses(
    (status = 303, description = "To the page"),
    (status = "4XX", description = "A problem", body = ProblemBody, content_type = "application/problem+json"),
    (status = "5XX", description = "A problem", body = ProblemBody, content_type = "application/problem+json")))]
pub(in crate::server) async fn view(State(app): State<App>, Current(generation): Current, request: Request) -> Result<Response, Problem> {
    let id = id(&request)?;
    let entity = find(&generation, &id)?;
    let base = address::base(app.config.public_url.as_deref(), request.headers())?;
    let fragment = match entity {
        Entity::Role(role) => format!("#/role/{}", utf8_percent_encode(generation.taxonomy().role(role).code.as_str(), PLAIN)),
        Entity::Family(family) => {
            let family = generation.taxonomy().family(family);
            // The page writes a dash where a family stands under nothing.
            let above = if family.superfunction.is_empty() { "-" } else { &family.superfunction };
            format!("#/browse/{}/{}", utf8_percent_encode(above, PLAIN), utf8_percent_encode(&family.code, PLAIN))
        }
    };
    let location = HeaderValue::try_from(format!("{base}/{fragment}")).expect("percent-encoded text is a header value");
    Ok((StatusCode::SEE_OTHER, [(header::LOCATION, location)]).into_response())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_no_markup() {
        assert!(!piece("<script>", "<img>", "<b>").contains("<script"));
    }
}
