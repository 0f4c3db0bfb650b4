//! What the paths answer when nothing is wrong.

use serde_json::{Value, json};

use super::support::{Client, service};
use crate::engine::MatchOptions;

async fn ok(client: &Client, path: &str) -> Value {
    let answer = client.get(path).await;
    assert_eq!(answer.status, 200, "{path}: {}", answer.text());
    assert_eq!(answer.header("content-type"), "application/json", "{path}");
    answer.json()
}

#[tokio::test]
async fn get_post_and_library_give_the_same_answer() {
    let client = service();
    let title = "Sr. DevOps Eng. (Remote, m/f/d)";
    let got = ok(&client, "/v1/match?title=Sr.%20DevOps+Eng.%20(Remote,%20m/f/d)&emit=soc,isco&limit=3&explain=true").await;
    let body = json!({ "title": title, "emit": ["soc", "isco"], "limit": 3, "explain": true });
    let posted = client.post_json("/v1/match", &body).await.json();
    let options = MatchOptions { limit: 3, explain: true, emit: vec!["soc".into(), "isco".into()], ..MatchOptions::default() };
    let own = serde_json::to_string(&super::support::engine().classify(title, &options)).expect("plain data");
    let own: Value = serde_json::from_str(&own).expect("it was just written");
    assert_eq!(got, posted);
    assert_eq!(got, own);
    let first = &got["candidates"][0];
    assert_eq!(first["code"], "DEI.GEN.P5");
    let schemes: Vec<&str> = first["mappings"].as_array().expect("a list").iter().filter_map(|mapping| mapping["scheme"].as_str()).collect();
    assert_eq!(schemes, ["isco"], "the SOC code of this level is reviewed by nobody");
}

#[tokio::test]
async fn no_match_is_an_answer() {
    let client = service();
    for title in ["", "%20%20", "senior", "%F0%9F%90%99"] {
        let answer = ok(&client, &format!("/v1/match?title={title}")).await;
        assert_eq!(answer["decision"], "reject", "{title}");
        assert!(!answer["reasons"].as_array().expect("a list").is_empty(), "{title}");
    }
}

#[tokio::test]
async fn normalize_reads_and_answers_nothing() {
    let answer = service().post_json("/v1/normalize", &json!({ "title": "Sr. DevOps Eng. (Remote)" })).await.json();
    assert_eq!(answer["parsed"]["normalized"], "devops engineer");
    assert_eq!(answer["parsed"]["level"]["word"], "senior");
    assert_eq!(answer["parsed"]["noise"][0]["text"], "Remote");
    assert_eq!(answer["problem"], Value::Null);
}

#[tokio::test]
async fn roles_are_found_however_their_code_is_written() {
    let client = service();
    for path in ["/v1/roles/DEI.GEN.P5", "/v1/roles/dei.gen.p5", "/v1/roles/DEI%2EGEN%2EP5"] {
        let role = ok(&client, path).await;
        assert_eq!(role["code"], "DEI.GEN.P5", "{path}");
        assert_eq!(role["core_outputs"], json!([]), "known to be none");
        assert_eq!(role["level"]["code"], "P5");
    }
}

#[tokio::test]
async fn adjacent_roles_come_nearest_first_with_band_and_likeness() {
    let near = ok(&service(), "/v1/roles/DEI.GEN.P5/adjacent?limit=30").await;
    let distances: Vec<f64> = near["adjacent"].as_array().expect("a list").iter().map(|role| role["distance"].as_f64().expect("a number")).collect();
    assert_eq!(distances.len(), 30);
    assert!(distances.is_sorted() && distances[0] > 0.0 && distances[29] <= 1.0, "{distances:?}");
    assert_eq!(near["adjacent"][0]["similarity"], 1.0, "the same specialisation, the next level");
    assert_eq!(near["adjacent"][0]["band"], near["rules"]["bands"][0]);
    assert_eq!(near["role"]["coordinates"]["family"], "DEI");
}

#[tokio::test]
async fn lists_are_filtered_and_paged() {
    let client = service();
    let all = ok(&client, "/v1/roles?family=DEI&limit=1000").await;
    let total = all["total"].as_u64().expect("a number") as usize;
    assert_eq!(all["roles"].as_array().expect("a list").len(), total);
    let mut paged = Vec::new();
    for offset in (0..total).step_by(4) {
        let page = ok(&client, &format!("/v1/roles?family=DEI&limit=4&offset={offset}")).await;
        paged.extend(page["roles"].as_array().expect("a list").clone());
    }
    assert_eq!(paged, *all["roles"].as_array().expect("a list"));
    let managers = ok(&client, "/v1/roles?family=DEI&track=M").await;
    assert!(managers["total"].as_u64() > Some(0) && managers["total"].as_u64() < all["total"].as_u64());
    assert_eq!(ok(&client, "/v1/roles?family=NOPE").await["total"], 0);
}

#[tokio::test]
async fn the_tree_counts_what_is_below() {
    let client = service();
    let tree = ok(&client, "/v1/families?depth=specialisation").await;
    let info = ok(&client, "/v1/info").await;
    let superfunctions = tree["superfunctions"].as_array().expect("a list");
    let roles: u64 = superfunctions.iter().map(|node| node["roles"].as_u64().expect("a number")).sum();
    assert_eq!(json!(roles), info["taxonomy"]["counts"]["roles"]);
    let one = ok(&client, "/v1/families?family=DEI").await;
    let family = &one["superfunctions"][0]["families"][0];
    assert_eq!(family["code"], "DEI");
    assert!(family["story"]["who"].is_string() && family["specialisations"][0]["roles"][0]["code"].is_string());
}

#[tokio::test]
async fn typing_and_searching_find_roles() {
    let client = service();
    let typed = ok(&client, "/v1/suggest?q=sr%20devo&limit=3").await;
    assert_eq!(typed["suggestions"][0]["family"], "DEI", "{typed}");
    assert!(!ok(&client, "/v1/suggest").await["suggestions"].as_array().expect("a list").is_empty(), "the commonest");
    let found = ok(&client, "/v1/search?q=terraform&family=DEI&level=P5").await;
    assert_eq!(found["hits"][0]["family"], "DEI", "{found}");
    assert_eq!(found["facets"]["family"]["DEI"], found["total"]);
    assert_eq!(ok(&client, "/v1/search?q=terraform&family=NOPE").await["total"], 0);
}

#[tokio::test]
async fn a_crosswalk_never_passes_off_one_thing_as_another() {
    let client = service();
    let links = ok(&client, "/v1/crosswalk?role=DEI.GEN.P5&scheme=soc").await;
    let link = &links["links"][0];
    assert_eq!(link["mapping"]["code"], "15-0000");
    assert_eq!((&link["equal"], &link["usable"]), (&json!(false), &json!(false)));
    assert_eq!(link["flags"], json!(["unreviewed", "code_is_broader"]));
    let back = ok(&client, "/v1/crosswalk?scheme=isco&code=2522&limit=1000").await;
    let codes: Vec<&str> = back["links"].as_array().expect("a list").iter().filter_map(|link| link["role"]["code"].as_str()).collect();
    assert!(codes.contains(&"DEI.GEN.P5"), "{codes:?}");
    let every = ok(&client, "/v1/crosswalk?scheme=soc&limit=1000").await;
    for link in every["links"].as_array().expect("a list") {
        assert_eq!(link["equal"] == true, link["flags"] == json!([]), "{link}");
        assert!(link["usable"] == true || link["flags"].as_array().expect("a list").contains(&json!("unreviewed")), "{link}");
    }
}

#[tokio::test]
async fn info_publishes_limits_and_what_confidences_speak_of() {
    let info = ok(&service(), "/v1/info").await;
    let limits = serde_json::to_value(crate::server::Limits::default()).expect("plain data");
    assert_eq!(info["limits"], limits);
    assert!(!info["calibration"]["population"].as_str().expect("text").is_empty());
    assert_eq!(info["features"], json!({ "feedback": false, "tokens": false }));
    assert_eq!(info["taxonomy"]["schemes"], json!(["esco", "isco", "onet", "soc"]));
}

#[tokio::test]
async fn probes_page_and_metrics() {
    let client = service();
    assert_eq!(ok(&client, "/healthz").await, json!({ "status": "ok" }));
    assert_eq!(ok(&client, "/readyz").await["ready"], true);
    let page = client.get("/").await;
    assert_eq!((page.status.as_u16(), page.header("content-type")), (200, "text/html; charset=utf-8"));
    assert!(page.header("content-security-policy").contains("default-src 'self'"));
    let again = client.get_with("/", &[("if-none-match", page.header("etag"))]).await;
    assert_eq!((again.status.as_u16(), again.bytes.len()), (304, 0));
    for title in ["Senior DevOps Engineer", "senior"] {
        ok(&client, &format!("/v1/match?title={}", title.replace(' ', "+"))).await;
    }
    let figures = client.get("/metrics").await.text();
    for line in [
        "rolecall_decisions_total{decision=\"accept\"} 1",
        "rolecall_decisions_total{decision=\"reject\"} 1",
        "rolecall_requests_total{route=\"/v1/match\",method=\"GET\",status=\"200\"} 2",
        "rolecall_request_duration_seconds_count{route=\"/v1/match\"} 2",
        "rolecall_index_generation 1",
        "rolecall_requests_in_flight 0",
    ] {
        assert!(figures.lines().any(|found| found == line || found == line.replace("in_flight 0", "in_flight 1")), "{line}\n{figures}");
    }
}
