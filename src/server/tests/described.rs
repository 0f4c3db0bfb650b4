//! What the service says of itself: the description for programs, and the page made of it.

use serde_json::{Value, json};

use super::support::service;
use crate::server::docs;

#[test]
fn the_wire_shape_is_what_it_was() {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../../../tests/snapshots");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    let mut description = serde_json::to_value(docs::description()).expect("plain data");
    description["info"]["version"] = "VERSION".into();
    let text = serde_json::to_string_pretty(&description).expect("plain data");
    settings.bind(|| insta::assert_snapshot!("openapi", text));
}

#[tokio::test]
async fn the_description_knows_the_languages_and_schemes_of_the_index() {
    let description = service().get("/openapi.json").await.json();
    assert_eq!(description["openapi"], "3.1.0");
    let parameters = description["paths"]["/v1/match"]["get"]["parameters"].as_array().expect("a list").clone();
    let schema = |name: &str| parameters.iter().find(|parameter| parameter["name"] == name).expect("there")["schema"].clone();
    assert_eq!(schema("lang")["enum"], json!(["en", "de", "fr"]));
    assert_eq!(schema("emit")["items"]["enum"], json!(["esco", "isco", "onet", "soc"]));
    assert_eq!(description["components"]["schemas"]["MatchRequest"]["properties"]["lang"]["enum"], json!(["en", "de", "fr", null]));
}

#[test]
fn the_schema_of_a_manifest_is_the_one_described() {
    let schema: Value = serde_json::from_str(include_str!("../../../index/schema.json")).expect("index/schema.json is JSON");
    let description = serde_json::to_value(docs::description()).expect("plain data");
    let described = &description["components"]["schemas"]["IndexManifest"];
    for part in ["type", "description", "properties", "required"] {
        assert_eq!(schema[part], described[part], "index/schema.json is not what the code says of {part}: copy it from /openapi.json");
    }
    let validator = jsonschema::validator_for(&schema).expect("a schema");
    let manifest = serde_json::to_value(&crate::canon::engine().expect("the built-in Canon opens").index().manifest).expect("plain data");
    assert!(validator.is_valid(&manifest), "{:?}", validator.iter_errors(&manifest).map(|error| error.to_string()).collect::<Vec<_>>());
    let broken = |change: &dyn Fn(&mut Value)| {
        let mut other = manifest.clone();
        change(&mut other);
        !validator.is_valid(&other)
    };
    assert!(broken(&|manifest| manifest["seed"] = json!("one")));
    assert!(broken(&|manifest| manifest["more"] = json!(1)));
    assert!(broken(&|manifest| drop(manifest.as_object_mut().expect("an object").remove("fingerprint"))));
}

/// Every reference of a description.
fn references(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            found.extend(members.get("$ref").and_then(Value::as_str).map(str::to_owned));
            members.values().for_each(|member| references(member, found));
        }
        Value::Array(values) => values.iter().for_each(|value| references(value, found)),
        _ => {}
    }
}

#[tokio::test]
async fn every_reference_leads_somewhere_and_every_route_is_described() {
    let client = service();
    let description = client.get("/openapi.json").await.json();
    let mut found = Vec::new();
    references(&description, &mut found);
    assert!(found.len() > 100);
    for reference in found {
        assert!(description.pointer(reference.trim_start_matches('#')).is_some(), "{reference}");
    }
    let mut names = std::collections::BTreeSet::new();
    for (path, methods) in description["paths"].as_object().expect("an object") {
        let asked = path.replace("{code}", "DEI.GEN.P5").replace("{kind}", "entity");
        let answer = client.method(axum::http::Method::DELETE, &asked).await;
        assert_eq!(answer.status, 405, "{path}: {}", answer.text());
        for (method, operation) in methods.as_object().expect("an object") {
            assert!(names.insert(operation["operationId"].as_str().expect("text").to_owned()), "{path}: its name is another's");
            assert!(answer.header("allow").contains(&method.to_uppercase()), "{path} {method}");
        }
    }
}

#[tokio::test]
async fn the_page_needs_nothing_from_elsewhere() {
    let client = service();
    let page = client.get("/docs").await;
    assert_eq!((page.status.as_u16(), page.header("content-type")), (200, "text/html; charset=utf-8"));
    assert!(page.header("content-security-policy").contains("default-src 'self'"));
    let text = page.text();
    assert!(text.contains("/reconcile") && text.contains("urn:rolecall:problem:out-of-range"));
    for path in text.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next()).filter(|path| !path.starts_with('#')) {
        let asked = format!("/{}", path.trim_start_matches("./").split('#').next().unwrap_or_default()).replace("&amp;", "&");
        let answer = client.get_with(&asked, &[("host", "x")]).await;
        assert!(answer.status.is_success() || answer.status.is_redirection(), "{path}: {}", answer.text());
    }
}
