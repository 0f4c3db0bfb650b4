//! Reconciliation by protocol 1.0 as it is drafted: the same answers as by 0.2, as resources of their own.

use serde_json::{Value, json};

use super::reconciling::{HOST, shaped};
use super::schemas::{DRAFT_EXTEND, DRAFT_MANIFEST, DRAFT_RESULTS, PROPOSE, SUGGEST_ENTITY, SUGGEST_OTHER};
use super::support::{Client, app, service};
use crate::server::{Config, Limits, router};

async fn matches(client: &Client, queries: Value) -> Vec<Value> {
    let answer = client.post_json("/reconcile/v1/match", &json!({ "queries": queries })).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert_eq!(answer.header("access-control-allow-origin"), "*");
    let answers = answer.json();
    DRAFT_RESULTS.check(&answers);
    let results = answers["results"].as_array().expect("a list").clone();
    assert_eq!(results.len(), queries.as_array().expect("a list").len());
    results
}

fn name(text: &str) -> Value {
    json!({ "matchType": "name", "propertyValue": text })
}

/// The first candidate of one query, as (id, match).
async fn first(client: &Client, conditions: Value) -> Option<(String, bool)> {
    let result = &matches(client, json!([{ "type": "role", "conditions": conditions }])).await[0];
    let first = result["candidates"].get(0)?;
    Some((first["id"].as_str().expect("text").to_owned(), first["match"] == true))
}

fn found(id: &str, is_match: bool) -> Option<(String, bool)> {
    Some((id.to_owned(), is_match))
}

#[tokio::test]
async fn a_client_goes_through_every_resource() {
    let client = service();
    for path in ["/reconcile/v1", "/reconcile/v1/"] {
        let manifest = shaped(&client, path, &DRAFT_MANIFEST).await;
        assert_eq!((&manifest["view"]["url"], &manifest["lang"]), (&json!("http://titles.example.org/reconcile/view{?id}"), &json!(["en", "de", "fr"])));
    }
    let queries = json!([
        { "type": "family", "limit": 2, "conditions": [name("DevOps Engineer")] },
        { "conditions": [name("Sr. DevOps Eng")] },
        { "type": "role", "lang": "en", "conditions": [name("DevOps Engineer"), { "matchType": "property", "propertyId": "level", "propertyValue": "P5", "required": true }] },
    ]);
    let results = matches(&client, queries).await;
    for (result, (id, kind)) in results.iter().zip([("DEI", "family"), ("DEI.GEN.P5", "role"), ("DEI.GEN.P5", "role")]) {
        let first = &result["candidates"][0];
        assert_eq!((&first["id"], &first["type"][0]["id"], &first["match"]), (&json!(id), &json!(kind), &json!(true)), "{result}");
        assert!(first["features"].as_array().expect("a list").iter().all(|feature| feature["name"].is_string()));
    }
    assert_eq!(shaped(&client, "/reconcile/v1/suggest/entity?prefix=a&limit=2&offset=1", &SUGGEST_ENTITY).await["result"].as_array().expect("a list").len(), 2);
    assert_eq!(shaped(&client, "/reconcile/v1/suggest/type?prefix=fam", &SUGGEST_OTHER).await["result"][0]["id"], "family");
    shaped(&client, "/reconcile/v1/suggest/property?prefix=", &SUGGEST_OTHER).await;
    let preview = client.get("/reconcile/v1/preview?id=DEI.GEN.P5").await;
    assert!(preview.status == 200 && preview.text().contains("view?id=DEI.GEN.P5"), "{}", preview.text());
    let view = client.get_with("/reconcile/v1/view?id=DEI.GEN.P5", &[HOST]).await;
    assert_eq!(view.header("location"), "http://titles.example.org/#/role/DEI.GEN.P5", "the link of the preview leads on");
    let proposed = shaped(&client, "/reconcile/v1/extend/propose?type=family&limit=3", &PROPOSE).await;
    assert_eq!((&proposed["limit"], &proposed["type"]), (&json!(3), &json!("family")));
    let extend = json!({ "ids": ["DEI", "NO.SUCH", "DEI.GEN.P5"], "properties": [{ "id": "level" }, { "id": "family" }] });
    let answer = client.post_json("/reconcile/v1/extend", &extend).await;
    assert_eq!(answer.header("access-control-allow-origin"), "*");
    let extended = answer.json();
    DRAFT_EXTEND.check(&extended);
    let ids: Vec<&Value> = extended["rows"].as_array().expect("a list").iter().map(|row| &row["id"]).collect();
    assert_eq!(ids, ["DEI", "NO.SUCH", "DEI.GEN.P5"]);
    assert_eq!(extended["rows"][1]["properties"], json!([{ "id": "level", "values": [] }, { "id": "family", "values": [] }]));
    assert_eq!(extended["rows"][2]["properties"][0]["values"], json!([{ "str": "P5" }]));
    assert!(extended["rows"][0]["properties"][0]["values"].as_array().expect("a list").contains(&json!({ "str": "P5" })), "the levels of the family");
}

#[tokio::test]
async fn conditions_are_required_or_heard() {
    let client = service();
    let with = |property: Value| json!([name("Sr. DevOps Eng"), property]);
    let property = |id: &str, value: Value| json!({ "matchType": "property", "propertyId": id, "propertyValue": value });
    let required = |id: &str, value: Value| json!({ "matchType": "property", "propertyId": id, "propertyValue": value, "required": true });
    assert_eq!(first(&client, with(property("skills", json!("terraform")))).await, found("DEI.GEN.P5", true));
    assert_eq!(first(&client, with(property("skills", json!("knitting")))).await, found("DEI.GEN.P5", false));
    assert_eq!(first(&client, with(required("skills", json!("knitting")))).await, None);
    assert_eq!(first(&client, with(required("family", json!(["NUR", "DEI"])))).await, found("DEI.GEN.P5", true));
    let quantified = |quantifier: &str| json!({ "matchType": "property", "propertyId": "family", "propertyValue": ["NUR", "DEI"], "matchQuantifier": quantifier, "required": true });
    assert_eq!(first(&client, with(quantified("all"))).await, None, "no role is in two families");
    assert_eq!(first(&client, with(quantified("none"))).await.filter(|(id, _)| id.starts_with("DEI")), None);
    assert_eq!(first(&client, json!([{ "matchType": "id", "propertyValue": "dei.gen.p5" }])).await, found("DEI.GEN.P5", true));
    assert_eq!(first(&client, json!([{ "matchType": "id", "propertyValue": "NO.SUCH" }])).await, None);
    assert_eq!(first(&client, json!([name("Uptime wizard"), name("Sr. DevOps Eng")])).await, found("DEI.GEN.P5", true), "one of its names is enough");
    let two = first(&client, json!([name("Sr. DevOps Eng"), name("DEI.GEN.P1")])).await.expect("something");
    assert!(!two.1, "two names, two roles: a person decides");
}

#[tokio::test]
async fn bad_queries_and_bad_requests() {
    let client = service();
    let queries = json!([
        { "conditions": [name("Sr. DevOps Eng")] }, 7, {}, { "conditions": [] }, { "conditions": [{ "propertyValue": "x" }] },
        { "conditions": [{ "matchType": "property", "propertyValue": "x" }] }, { "limit": -1, "conditions": [name("nurse")] },
        { "conditions": [name("nurse"), { "matchType": "property", "propertyId": "shoe size", "propertyValue": 43, "required": true }] },
    ]);
    let results = matches(&client, queries).await;
    assert_eq!(results[0]["candidates"][0]["match"], true);
    for result in &results[1..] {
        assert!(result["error"].is_string(), "{result}");
    }
    let few = Client(router(app(Config { limits: Limits { reconcile_queries: 1, ..Limits::default() }, ..Config::default() })));
    let two = json!({ "queries": [{ "conditions": [name("a")] }, { "conditions": [name("b")] }] });
    for (status, answer) in [
        (413, few.post_json("/reconcile/v1/match", &two).await),
        (400, client.post_json("/reconcile/v1/match", &json!([])).await),
        (400, client.post_json("/reconcile/v1/match", &json!({ "queries": {} })).await),
        (415, client.post("/reconcile/v1/match", "text/plain", "{}").await),
        (400, client.post("/reconcile/v1/match", "application/json", "{").await),
        (400, client.post_json("/reconcile/v1/extend", &json!({ "ids": "A", "properties": [] })).await),
        (405, client.get("/reconcile/v1/match").await),
    ] {
        assert_eq!(answer.status, status, "{}", answer.text());
        assert_eq!(answer.header("content-type"), "application/problem+json");
    }
}

#[tokio::test]
async fn a_service_with_tokens_says_so_in_its_manifest() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("tokens");
    std::fs::write(&path, "0123456789abcdef0123\n").expect("writable");
    let client = Client(router(app(Config { tokens: Some(path), ..Config::default() })));
    assert_eq!(shaped(&client, "/reconcile/v1", &DRAFT_MANIFEST).await["authentication"], json!({ "type": "http", "scheme": "bearer" }));
    let refused = client.post_json("/reconcile/v1/match", &json!({ "queries": [] })).await;
    assert_eq!((refused.status.as_u16(), refused.header("access-control-allow-origin")), (401, "*"));
    assert_eq!(client.get_with("/reconcile", &[HOST]).await.status, 401);
}
