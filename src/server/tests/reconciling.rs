//! Reconciliation by protocol 0.2: what OpenRefine sends, in the order in which it sends it, and what else clients may send.

use axum::body::Body;
use axum::http::{Method, Request, header};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};

use super::schemas::{EXTEND, FLYOUT, MANIFEST, PROPOSE, RESULTS, SUGGEST_ENTITY, SUGGEST_OTHER, Shape};
use super::support::{Answer, Client, app, service};
use crate::server::{Config, Limits, router};

pub(super) const HOST: (&str, &str) = ("host", "titles.example.org");

pub(super) fn encoded(text: &str) -> String {
    utf8_percent_encode(text, NON_ALPHANUMERIC).to_string()
}

/// The answer of a path that has a shape.
pub(super) async fn shaped(client: &Client, path: &str, shape: &Shape) -> Value {
    let answer = client.get_with(path, &[HOST]).await;
    assert_eq!(answer.status, 200, "{path}: {}", answer.text());
    assert_eq!(answer.header("access-control-allow-origin"), "*", "{path}");
    let value = answer.json();
    shape.check(&value);
    value
}

async fn form(client: &Client, name: &str, value: &Value) -> Answer {
    client.post("/reconcile", "application/x-www-form-urlencoded; charset=UTF-8", format!("{name}={}", encoded(&value.to_string()))).await
}

async fn queries(client: &Client, value: &Value) -> Value {
    let answer = form(client, "queries", value).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert_eq!(answer.header("access-control-allow-origin"), "*");
    let answers = answer.json();
    RESULTS.check(&answers);
    let keys = |value: &Value| value.as_object().expect("an object").keys().cloned().collect::<Vec<_>>();
    assert_eq!(keys(&answers), keys(value));
    for (key, answer) in answers.as_object().expect("an object") {
        let scores: Vec<f64> = answer["result"].as_array().expect("a list").iter().map(|candidate| candidate["score"].as_f64().expect("a number")).collect();
        assert!(scores.iter().rev().is_sorted(), "{key}: {scores:?}");
        let later = answer["result"].as_array().expect("a list").iter().skip(1);
        assert!(later.into_iter().all(|candidate| candidate["match"] == false), "{key}: only the first may be a match");
    }
    answers
}

/// The candidates of one query, as (id, match).
async fn one(client: &Client, query: Value) -> Vec<(String, bool)> {
    let answers = queries(client, &json!({ "q": query })).await;
    let candidates = answers["q"]["result"].as_array().expect("a list").iter();
    candidates.map(|candidate| (candidate["id"].as_str().expect("text").to_owned(), candidate["match"] == true)).collect()
}

fn pair(id: &str, is_match: bool) -> (String, bool) {
    (id.to_owned(), is_match)
}

#[tokio::test]
async fn openrefine_reconciles_a_column() {
    let client = service();
    // The service is added by its address.
    let manifest = shaped(&client, "/reconcile", &MANIFEST).await;
    assert_eq!(manifest["view"]["url"], "http://titles.example.org/reconcile/view?id={{id}}");
    // Types are guessed from ten cells.
    let titles = [
        "Sr. DevOps Eng", "DevOps Engineer", "registered nurse", "Accountant", "Truck driver", "Infrastructure Engineer", "sales manager", "HR Manager",
        "Senior Software Engineer", "xyzzy",
    ];
    let guess: Value = titles.iter().enumerate().map(|(number, title)| (format!("q{number}"), json!({ "query": title, "limit": 3 }))).collect::<serde_json::Map<_, _>>().into();
    let guessed = queries(&client, &guess).await;
    let kinds = |key: &str| -> Vec<String> {
        guessed[key]["result"].as_array().expect("a list").iter().map(|candidate| candidate["type"][0]["id"].as_str().expect("text").to_owned()).collect()
    };
    assert_eq!(guessed["q0"]["result"][0]["id"], "DEI.GEN.P5");
    assert!(kinds("q1").contains(&"family".to_owned()) && kinds("q1").contains(&"role".to_owned()), "no level: {:?}", kinds("q1"));
    assert_eq!(guessed["q9"]["result"], json!([]));
    // The column is sent with a type and with another column, where that has something to say.
    let typed = json!({
        "q0": { "query": "DevOps Engineer", "type": "role", "type_strict": "should", "limit": 10, "properties": [{ "pid": "level", "v": "P5" }] },
        "q1": { "query": "DevOps Engineer", "type": "role", "type_strict": "should", "properties": [{ "pid": "level", "v": "" }] },
    });
    let typed = queries(&client, &typed).await;
    let (first, without) = (&typed["q0"]["result"][0], &typed["q1"]["result"][0]);
    assert_eq!((&first["id"], &first["match"]), (&json!("DEI.GEN.P5"), &json!(true)), "the column settles the level");
    assert_eq!(without["match"], false, "nothing settles it here");
    // A person searches by hand for one cell, and looks at what was found.
    let place = &manifest["suggest"]["entity"];
    let path = |place: &Value, rest: &str| format!("{}{rest}", place["service_path"].as_str().expect("text"));
    let suggested = shaped(&client, &path(place, "?prefix=devo&cursor=0"), &SUGGEST_ENTITY).await;
    assert_eq!(suggested["result"][0]["id"], "DEI", "the family begins with it too: {suggested}");
    let id = suggested["result"].as_array().expect("a list").iter().find(|row| row["notable"][0]["id"] == "role").expect("a role")["id"].as_str().expect("text");
    let flyout = place["flyout_service_path"].as_str().expect("text").replace("${id}", &encoded(id));
    assert_eq!(shaped(&client, &flyout, &FLYOUT).await["id"], id);
    let preview = manifest["preview"]["url"].as_str().expect("text").replace("{{id}}", &encoded(id));
    let preview = client.get(preview.strip_prefix("http://titles.example.org").expect("an address of the service")).await;
    assert_eq!((preview.status.as_u16(), preview.header("content-type")), (200, "text/html; charset=utf-8"));
    assert!(preview.header("content-security-policy").contains("frame-ancestors *"), "OpenRefine shows it in a frame");
    // Columns are made from what was matched.
    let proposed = shaped(&client, &path(&manifest["extend"]["propose_properties"], "?type=role&limit=20"), &PROPOSE).await;
    let ids: Vec<&str> = proposed["properties"].as_array().expect("a list").iter().filter_map(|property| property["id"].as_str()).collect();
    assert_eq!(ids, ["family", "specialisation", "level", "track", "status", "region", "skills", "knowledge", "soc", "esco", "aliases"]);
    let columns: Vec<Value> = ids.iter().map(|id| json!({ "id": id, "settings": { "limit": "2" } })).collect();
    let extended = form(&client, "extend", &json!({ "ids": ["DEI.GEN.P5", "NO.SUCH"], "properties": columns })).await.json();
    EXTEND.check(&extended);
    let row = &extended["rows"]["DEI.GEN.P5"];
    assert_eq!(row["family"], json!([{ "id": "DEI", "name": "DevOps Engineering and Infrastructure" }]));
    assert_eq!((&row["level"], &row["track"], &row["status"]), (&json!([{ "str": "P5" }]), &json!([{ "str": "P" }]), &json!([{ "str": "draft" }])));
    assert_eq!(row["skills"].as_array().expect("a list").len(), 2, "as many as the person wanted");
    assert_eq!(row["soc"], json!([]), "nobody reviewed the code");
    assert!(extended["rows"]["NO.SUCH"].as_object().expect("an object").values().all(|cells| *cells == json!([])));
    let all = json!({ "ids": ["DEI.GEN.P5"], "properties": [{ "id": "soc", "settings": { "unreviewed": "true" } }] });
    assert_eq!(form(&client, "extend", &all).await.json()["rows"]["DEI.GEN.P5"]["soc"], json!([{ "str": "15-0000" }]));
}

#[tokio::test]
async fn types_choose_what_is_answered() {
    let client = service();
    assert_eq!(one(&client, json!({ "query": "DevOps Engineer", "type": "family" })).await[0], pair("DEI", true), "the level is of no interest");
    let mixed = one(&client, json!({ "query": "Sr. DevOps Eng" })).await;
    assert_eq!(mixed[0], pair("DEI.GEN.P5", true));
    for kinds in [json!("family"), json!(["family"]), json!([{ "id": "family" }])] {
        assert!(one(&client, json!({ "query": "nurse", "type": kinds })).await.iter().all(|(id, _)| !id.contains('.')));
    }
    assert_eq!(one(&client, json!({ "query": "nurse", "type": "colour" })).await, []);
    assert!(!one(&client, json!({ "query": "nurse", "type": "colour", "type_strict": "should" })).await.is_empty());
    assert_eq!(one(&client, json!({ "query": "nurse", "type": ["role", "family"], "type_strict": "all" })).await, []);
}

#[tokio::test]
async fn names_and_ids_return_their_entity() {
    let client = service();
    let app = app(Config::default());
    let current = app.current();
    let taxonomy = current.taxonomy();
    for role in &taxonomy.roles {
        let by_id = one(&client, json!({ "query": role.code, "type": "role" })).await;
        assert!(by_id[..2.min(by_id.len())].iter().any(|(id, _)| id == role.code.as_str()), "{}: {by_id:?}", role.code);
        let by_name = one(&client, json!({ "query": role.title, "type": "role", "limit": 3 })).await;
        assert!(by_name.iter().any(|(id, _)| id == role.code.as_str()), "{}: {by_name:?}", role.title);
    }
    for family in &taxonomy.families {
        for text in [&family.code, &family.title] {
            assert_eq!(one(&client, json!({ "query": text, "type": "family" })).await[0], pair(&family.code, true), "{text}");
        }
    }
}

#[tokio::test]
async fn properties_narrow_and_never_make_a_wrong_match() {
    let client = service();
    let ask = |query: &str, properties: Value| one(&client, json!({ "query": query, "type": "role", "limit": 10, "properties": properties }));
    for level in ["P5", "p5", "Senior", "sr."] {
        assert_eq!(ask("DevOps Engineer", json!([{ "pid": "level", "v": level }])).await[0], pair("DEI.GEN.P5", true), "{level}");
    }
    assert_eq!(ask("Sr. DevOps Eng", json!([{ "pid": "level", "v": "P5" }])).await[0], pair("DEI.GEN.P5", true), "they agree");
    let torn = ask("Sr. DevOps Eng", json!([{ "pid": "level", "v": "P2" }])).await;
    assert_eq!(torn[0], pair("DEI.GEN.P2", false), "the title says another level");
    let unread = ask("Sr. DevOps Eng", json!([{ "pid": "level", "v": "grade nine" }])).await;
    assert_eq!(unread[0], pair("DEI.GEN.P5", false), "what is not understood keeps nothing out and settles nothing");
    assert_eq!(ask("Sr. DevOps Eng", json!([{ "pid": "family", "v": { "id": "NUR" } }])).await, []);
    assert_eq!(ask("Sr. DevOps Eng", json!([{ "pid": "family", "v": ["NUR", "DEI"] }])).await[0], pair("DEI.GEN.P5", true), "one of them");
    assert_eq!(ask("Sr. DevOps Eng", json!([{ "pid": "family", "v": "devops engineering and infrastructure" }])).await[0], pair("DEI.GEN.P5", true));
    assert_eq!(ask("Sr. DevOps Eng", json!([{ "pid": "status", "v": "approved" }])).await, [], "it is a draft");
    assert_eq!(ask("DevOps Engineer", json!([{ "pid": "track", "v": "P" }])).await.len(), 6, "every grade of the track");
    assert_eq!(ask("Sr. DevOps Eng", json!([{ "pid": "skills", "v": "terraform" }])).await[0], pair("DEI.GEN.P5", true));
    assert_eq!(ask("Sr. DevOps Eng", json!([{ "pid": "skills", "v": "knitting" }])).await[0], pair("DEI.GEN.P5", false), "doubtful, not gone");
    assert_eq!(ask("Sr. DevOps Eng", json!([{ "pid": "shoe size", "v": 43 }])).await[0], pair("DEI.GEN.P5", true), "no property of ours");
    let alone = one(&client, json!({ "properties": [{ "pid": "family", "v": "DEI" }, { "pid": "level", "v": "P5" }] })).await;
    assert_eq!(alone, ["DEI.GEN.P5", "DEI.REL.P5", "DEI.SRE.P5"].map(|id| pair(id, false)), "nobody named one");
}

#[tokio::test]
async fn a_bad_query_costs_no_other_its_answer() {
    let client = service();
    let mixed = json!({
        "good": { "query": "Sr. DevOps Eng" }, "number": 5, "blank": { "query": " " }, "none": {}, "limit": { "query": "nurse", "limit": 0 },
        "text": { "query": 7 }, "long": { "query": "x".repeat(4_001) }, "pid": { "query": "nurse", "properties": [{ "v": "P5" }] },
        "value": { "query": "nurse", "properties": [{ "pid": "level", "v": [[]] }] }, "many": { "query": "nurse", "limit": 1_000_000 },
    });
    let answers = queries(&client, &mixed).await;
    assert_eq!(answers["good"]["result"][0]["id"], "DEI.GEN.P5");
    for key in ["number", "blank", "none", "limit", "text", "long", "pid", "value"] {
        assert!(answers[key]["error"].is_string(), "{key}: {}", answers[key]);
    }
    assert!(answers["many"]["error"].is_null() && !answers["many"]["result"].as_array().expect("a list").is_empty());
    assert_eq!(queries(&client, &json!({})).await, json!({}));
}

#[tokio::test]
async fn requests_that_are_none_are_refused() {
    let client = Client(router(app(Config { limits: Limits { reconcile_queries: 3, ..Limits::default() }, ..Config::default() })));
    assert_eq!(client.get_with("/reconcile", &[HOST]).await.json()["batchSize"], 3);
    let many: Value = (0..4).map(|number| (number.to_string(), json!({ "query": "nurse" }))).collect::<serde_json::Map<_, _>>().into();
    let form_type = "application/x-www-form-urlencoded";
    for (status, answer) in [
        (413, form(&client, "queries", &many).await),
        (400, form(&client, "queries", &json!([])).await),
        (400, client.post("/reconcile", form_type, "queries=%7B").await),
        (400, client.post("/reconcile", form_type, "query=nurse").await),
        (400, client.post("/reconcile", form_type, "queries=%ff").await),
        (415, client.post("/reconcile", "application/json", "{}").await),
        (400, form(&client, "extend", &json!({ "ids": ["A"] })).await),
        (422, form(&client, "extend", &json!({ "ids": ["A"], "properties": [{ "id": "shoe size" }] })).await),
        (422, form(&client, "extend", &json!({ "ids": vec!["A"; 501], "properties": [] })).await),
        (404, client.get("/reconcile/suggest/colour?prefix=x").await),
        (404, client.get("/reconcile/flyout/entity?id=NO.SUCH").await),
        (400, client.get("/reconcile/flyout/entity").await),
        (404, client.get("/reconcile/preview?id=%3Cscript%3E").await),
        (422, client.get("/reconcile/suggest/entity?prefix=x&limit=0").await),
        (405, client.method(Method::DELETE, "/reconcile").await),
    ] {
        assert_eq!(answer.status, status, "{}", answer.text());
        assert_eq!(answer.header("content-type"), "application/problem+json", "{}", answer.text());
        assert_eq!(answer.header("access-control-allow-origin"), "*", "a page may read what is wrong: {}", answer.text());
    }
}

#[tokio::test]
async fn queries_may_stand_in_the_address() {
    let client = service();
    let query = encoded(&json!({ "q0": { "query": "Sr. DevOps Eng" } }).to_string());
    let answers = shaped(&client, &format!("/reconcile?queries={query}&callback=f&_=1"), &RESULTS).await;
    assert_eq!(answers["q0"]["result"][0]["match"], true);
    let extend = encoded(&json!({ "ids": ["DEI.GEN.P5"], "properties": [{ "id": "level" }] }).to_string());
    assert_eq!(shaped(&client, &format!("/reconcile?extend={extend}"), &EXTEND).await["rows"]["DEI.GEN.P5"]["level"], json!([{ "str": "P5" }]));
}

#[tokio::test]
async fn pages_of_any_origin_may_ask() {
    let client = service();
    for (method, path) in [("POST", "/reconcile"), ("GET", "/reconcile/suggest/entity"), ("POST", "/reconcile/v1/match"), ("GET", "/reconcile/preview")] {
        let request = Request::options(path)
            .header(header::ORIGIN, "https://refine.example.org")
            .header(header::ACCESS_CONTROL_REQUEST_METHOD, method)
            .header(header::ACCESS_CONTROL_REQUEST_HEADERS, "content-type")
            .body(Body::empty());
        let answer = client.send(request.expect("a request")).await;
        assert_eq!((answer.status.as_u16(), answer.header("access-control-allow-origin")), (200, "*"), "{path}");
        assert!(answer.header("access-control-allow-methods").contains(method), "{path}");
        assert!(answer.header("access-control-allow-headers").contains("content-type"), "{path}");
    }
    assert_eq!(client.get_with("/v1/levels", &[("origin", "https://refine.example.org")]).await.header("access-control-allow-origin"), "", "only here");
}

#[tokio::test]
async fn suggestions_are_paged_and_of_the_types_asked_for() {
    let client = service();
    let ids = |rows: &Value| rows["result"].as_array().expect("a list").iter().map(|row| row["id"].as_str().expect("text").to_owned()).collect::<Vec<_>>();
    let all = ids(&shaped(&client, "/reconcile/suggest/entity?prefix=a&limit=6", &SUGGEST_ENTITY).await);
    let mut paged = Vec::new();
    for cursor in [0, 2, 4] {
        paged.extend(ids(&shaped(&client, &format!("/reconcile/suggest/entity?prefix=a&limit=2&cursor={cursor}"), &SUGGEST_ENTITY).await));
    }
    assert_eq!(paged, all);
    assert!(ids(&shaped(&client, "/reconcile/suggest/entity?prefix=DEI.GEN", &SUGGEST_ENTITY).await).contains(&"DEI.GEN.P5".to_owned()), "codes are found");
    assert_eq!(ids(&shaped(&client, "/reconcile/suggest/entity?prefix=devops&type=family", &SUGGEST_ENTITY).await), ["DEI"]);
    assert_eq!(ids(&shaped(&client, "/reconcile/suggest/type?prefix=", &SUGGEST_OTHER).await), ["role", "family"]);
    assert_eq!(ids(&shaped(&client, "/reconcile/suggest/property?prefix=le&type=role", &SUGGEST_OTHER).await), ["level"]);
    for path in ["/reconcile/flyout/type?id=family", "/reconcile/flyout/property?id=level", "/reconcile/flyout/entity?id=DEI"] {
        shaped(&client, path, &FLYOUT).await;
    }
}

#[tokio::test]
async fn addresses_are_those_that_the_client_sees() {
    let behind = [HOST, ("x-forwarded-host", "jobs.example.org"), ("x-forwarded-proto", "https"), ("x-forwarded-prefix", "/titles")];
    let client = service();
    assert_eq!(client.get_with("/reconcile", &behind).await.json()["suggest"]["entity"]["service_url"], "https://jobs.example.org/titles");
    let view = client.get_with("/reconcile/view?id=dei.gen.p5", &behind).await;
    assert_eq!((view.status.as_u16(), view.header("location")), (303, "https://jobs.example.org/titles/#/role/DEI.GEN.P5"));
    assert_eq!(client.get_with("/reconcile/view?id=DEI", &behind).await.header("location"), "https://jobs.example.org/titles/#/browse/TEC/DEI");
    let told = Client(router(app(Config { public_url: Some("https://told.example.org".into()), ..Config::default() })));
    assert_eq!(told.get_with("/reconcile", &behind).await.json()["documentation"], "https://told.example.org/docs");
    let answer = client.get("/reconcile").await;
    assert_eq!((answer.status.as_u16(), answer.json()["parameter"].as_str()), (400, Some("host")), "without any host there is no address");
    assert_eq!(client.get_with("/reconcile", &[HOST]).await.header("cache-control"), "no-store", "another header may give another address");
}
