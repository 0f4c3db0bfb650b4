//! Batches: every format in and out, in order, bad rows in their places, the same answers as one by one.

use serde_json::{Value, json};

use super::support::{Answer, Client, app, service};
use crate::server::{Config, Limits, router};

async fn batch(client: &Client, media_type: &str, accept: &str, body: impl Into<String>) -> Answer {
    let request = axum::http::Request::post("/v1/match/batch").header("content-type", media_type).header("accept", accept);
    client.send(request.body(body.into().into()).expect("a request")).await
}

#[tokio::test]
async fn a_batch_answers_as_one_by_one() {
    let client = service();
    let titles = ["Sr. DevOps Eng", "registered nurse", "", "zzzz", "Sr. DevOps Eng", "Truck Driver; Nurse"];
    let answers = batch(&client, "application/json", "application/json", json!(titles).to_string()).await.json();
    let answers = answers.as_array().expect("a list");
    assert_eq!(answers.len(), titles.len());
    for (number, (title, answer)) in titles.iter().zip(answers).enumerate() {
        let mut alone = client.post_json("/v1/match", &json!({ "title": title })).await.json();
        alone["id"] = json!(number + 1);
        assert_eq!(*answer, alone, "{title}");
    }
}

#[tokio::test]
async fn every_format_goes_into_every_format() {
    let client = service();
    let bodies = [
        ("application/json", r#"[{"id":"a","title":"DevOps Engineer, Senior","town":"Ulm"},{"id":"b","title":"nurse, \"night\""}]"#),
        ("application/x-ndjson", "{\"id\":\"a\",\"title\":\"DevOps Engineer, Senior\",\"town\":\"Ulm\"}\n{\"id\":\"b\",\"title\":\"nurse, \\\"night\\\"\"}\n"),
        ("text/csv", "id,title,town\na,\"DevOps Engineer, Senior\",Ulm\nb,\"nurse, \"\"night\"\"\",\n"),
    ];
    let mut tables = Vec::new();
    for (from, body) in bodies {
        let list = batch(&client, from, "application/json", body).await;
        assert_eq!((list.status.as_u16(), list.header("content-type")), (200, "application/json"), "{}", list.text());
        let list = list.json();
        assert_eq!((&list[0]["id"], &list[0]["candidates"][0]["code"]), (&json!("a"), &json!("DEI.GEN.P5")));
        assert_eq!(list[0]["input_row"]["town"], "Ulm");
        let lines = batch(&client, from, "application/x-ndjson", body).await.text();
        let lines: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).expect("a JSON line")).collect();
        assert_eq!(json!(lines), list, "{from}");
        let table = batch(&client, from, "text/csv", body).await;
        assert!(table.header("content-type").starts_with("text/csv"));
        tables.push(table.text());
    }
    for table in &tables {
        let mut reader = csv::Reader::from_reader(table.as_bytes());
        let header = reader.headers().expect("a header").clone();
        let place = |name: &str| header.iter().position(|column| column == name).expect(name);
        let rows: Vec<csv::StringRecord> = reader.records().map(|row| row.expect("a row")).collect();
        assert_eq!(rows.len(), 2);
        assert_eq!(&rows[0][place("town")], "Ulm");
        assert_eq!(&rows[0][place("rolecall_code")], "DEI.GEN.P5");
        assert_eq!(&rows[1][place("title")], "nurse, \"night\"");
    }
    assert_eq!(tables[0], tables[1]);
}

#[tokio::test]
async fn bad_rows_cost_themselves_only() {
    let client = service();
    let long = "x".repeat(5_000);
    let body = format!("\"nurse\"\nnot json\n7\n{{\"id\":\"x\"}}\n\"{long}\"\n{{\"title\":\"nurse\",\"lang\":\"xx\"}}\n\"nurse\"\n");
    let answers: Vec<Value> =
        batch(&client, "application/x-ndjson", "*/*", body.clone()).await.text().lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    let errors: Vec<&str> = answers.iter().map(|answer| answer["error"]["type"].as_str().unwrap_or("").trim_start_matches("urn:rolecall:problem:")).collect();
    assert_eq!(errors, ["", "malformed", "wrong-parameter", "missing-parameter", "out-of-range", "out-of-range", ""]);
    assert_eq!(answers[3]["id"], "x");
    assert_eq!(answers[0]["candidates"], answers[6]["candidates"]);
    let table = batch(&client, "application/x-ndjson", "text/csv", body).await.text();
    let mut reader = csv::Reader::from_reader(table.as_bytes());
    let width = reader.headers().expect("a header").len();
    let rows: Vec<csv::StringRecord> = reader.records().map(|row| row.expect("a row")).collect();
    assert_eq!(rows.iter().filter(|row| row[width - 1].is_empty()).count(), 2);
    assert!(rows[4][width - 1].contains("at most 4000 bytes"));
}

#[tokio::test]
async fn many_rows_come_back_in_order_whatever_the_threads() {
    let titles: Vec<String> = (0..3_000).map(|number| format!("{} nurse {}", ["senior", "lead", "jr"][number % 3], number % 701)).collect();
    let mut texts = Vec::new();
    for batch_threads in [1, 3] {
        let limits = Limits { batch_threads, ..Limits::default() };
        let client = Client(router(app(Config { limits, ..Config::default() })));
        let answer = batch(&client, "application/json", "application/x-ndjson", json!(titles).to_string()).await;
        assert_eq!(answer.status, 200);
        texts.push(answer.text());
    }
    assert_eq!(texts[0], texts[1]);
    let inputs: Vec<String> = texts[0].lines().map(|line| serde_json::from_str::<Value>(line).expect("JSON")["input"].as_str().expect("text").to_owned()).collect();
    assert_eq!(inputs, titles);
}

#[tokio::test]
async fn refused_batches() {
    let limits = Limits { batch_rows: 3, batch_body_bytes: 200, ..Limits::default() };
    let client = Client(router(app(Config { limits, ..Config::default() })));
    for (media_type, accept, body, status, parameter) in [
        ("application/xml", "*/*", "<a/>".to_owned(), 415, "content-type"),
        ("application/json", "text/html", "[]".to_owned(), 406, "accept"),
        ("application/json", "*/*", "[\"a\",\"b\",\"c\",\"d\"]".to_owned(), 413, "body"),
        ("application/json", "*/*", format!("[\"{}\"]", "x".repeat(300)), 413, "body"),
        ("application/json", "*/*", "{}".to_owned(), 400, "body"),
        ("text/csv", "*/*", "a,b\n1,2\n".to_owned(), 400, "title_column"),
    ] {
        let answer = batch(&client, media_type, accept, body).await;
        assert_eq!(answer.status, status, "{media_type}: {}", answer.text());
        assert_eq!(answer.json()["parameter"], parameter);
    }
    assert_eq!(client.post("/v1/match/batch?titel_column=x", "application/json", "[]").await.status, 400);
    assert_eq!(batch(&client, "application/json", "*/*", "[]").await.text(), "[]\n");
    let packed = axum::http::Request::post("/v1/match/batch").header("content-type", "application/json").header("content-encoding", "gzip");
    assert_eq!(client.send(packed.body("x".into()).expect("a request")).await.status, 415);
}

#[tokio::test]
async fn a_batch_too_many_is_told_to_come_back() {
    use futures_util::StreamExt;
    let limits = Limits { batches: 1, ..Limits::default() };
    let app = app(Config { limits, ..Config::default() });
    let client = Client(router(app.clone()));
    let titles: Vec<String> = (0..20_000).map(|number| format!("nurse {number}")).collect();
    let request = axum::http::Request::post("/v1/match/batch").header("content-type", "application/json");
    let request = request.body(axum::body::Body::from(json!(titles).to_string())).expect("a request");
    let first = tower::ServiceExt::oneshot(client.0.clone(), request).await.expect("infallible");
    let mut taken = first.into_body().into_data_stream();
    assert!(taken.next().await.expect("a chunk").is_ok());
    let refused = batch(&client, "application/json", "*/*", "[]").await;
    assert_eq!((refused.status.as_u16(), refused.header("retry-after")), (503, "1"));
    // Whoever goes away frees the place.
    drop(taken);
    for _ in 0..200 {
        if batch(&client, "application/json", "*/*", "[]").await.status == 200 {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    panic!("the place was never freed");
}
