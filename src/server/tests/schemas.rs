//! Holds the shapes that the reconciliation protocol prescribes, and checks answers against them. Each shape is shown to
//! refuse wrong answers, so that a passing check means something.

use serde_json::{Value, json};

/// A shape by its name under `tests/reconcile`.
pub(super) struct Shape {
    pub(super) name: &'static str,
    text: &'static str,
}

macro_rules! shape {
    ($id:ident, $name:literal) => {
        pub(super) const $id: Shape = Shape { name: $name, text: include_str!(concat!("../../../tests/reconcile/", $name)) };
    };
}
shape!(MANIFEST, "0.2/manifest.json");
shape!(RESULTS, "0.2/results.json");
shape!(SUGGEST_ENTITY, "0.2/suggest-entity.json");
shape!(SUGGEST_OTHER, "0.2/suggest-other.json");
shape!(FLYOUT, "0.2/flyout.json");
shape!(PROPOSE, "0.2/propose.json");
shape!(EXTEND, "0.2/extend.json");
shape!(DRAFT_MANIFEST, "1.0/manifest.json");
shape!(DRAFT_RESULTS, "1.0/results.json");
shape!(DRAFT_EXTEND, "1.0/extend.json");

impl Shape {
    fn faults(&self, answer: &Value) -> Vec<String> {
        let schema: Value = serde_json::from_str(self.text).expect("a schema is JSON");
        let validator = jsonschema::draft202012::new(&schema).expect("a schema is a schema");
        validator.iter_errors(answer).map(|error| format!("{}: {error}", error.instance_path())).collect()
    }

    /// Fails unless an answer has the shape.
    #[track_caller]
    pub(super) fn check(&self, answer: &Value) {
        let faults = self.faults(answer);
        assert!(faults.is_empty(), "{}: {faults:#?}\n{answer:#}", self.name);
    }

    /// Fails unless each change makes a right answer wrong.
    #[track_caller]
    fn refuses(&self, right: &Value, changes: &[(impl AsRef<str>, Value)]) {
        self.check(right);
        assert!(changes.len() >= 3, "{}", self.name);
        for (pointer, wrong) in changes {
            let mut answer = right.clone();
            let pointer = pointer.as_ref();
            match pointer.strip_suffix("/-") {
                // Takes a member out.
                Some(parent) => {
                    let removed = answer.pointer_mut(parent).and_then(Value::as_object_mut).and_then(|members| members.remove(wrong.as_str().expect("a name")));
                    assert!(removed.is_some(), "{}: there is no {wrong} at {parent}", self.name);
                }
                None => match answer.pointer_mut(pointer) {
                    Some(place) => *place = wrong.clone(),
                    None => {
                        let (parent, name) = pointer.rsplit_once('/').expect("a pointer");
                        let members = answer.pointer_mut(parent).and_then(Value::as_object_mut).expect("an object");
                        members.insert(name.to_owned(), wrong.clone());
                    }
                },
            }
            assert!(!self.faults(&answer).is_empty(), "{} permits {wrong} at {pointer}", self.name);
        }
    }
}

fn candidate() -> Value {
    json!({
        "id": "A", "name": "Nurse", "score": 50, "match": true, "type": [{ "id": "role", "name": "Role" }],
        "features": [{ "id": "confidence", "value": 0.5 }]
    })
}

#[test]
fn manifests() {
    let place = json!({ "service_url": "http://x", "service_path": "/s" });
    let right = json!({
        "versions": ["0.1", "0.2"], "name": "x", "identifierSpace": "urn:x:y", "schemaSpace": "http://x/s",
        "defaultTypes": [{ "id": "role", "name": "Role" }], "batchSize": 10, "view": { "url": "http://x/{{id}}" },
        "preview": { "url": "http://x/{{id}}", "width": 1, "height": 1 },
        "suggest": { "entity": { "service_url": "http://x", "service_path": "/s", "flyout_service_path": "/f?id=${id}" } },
        "extend": { "propose_properties": place, "property_settings": [{ "name": "a", "label": "b", "type": "number" }] }
    });
    MANIFEST.refuses(&right, &[
        ("/versions", json!(["0.1"])),
        ("/-", json!("identifierSpace")),
        ("/defaultTypes", json!("role")),
        ("/view/url", json!("http://x/{id}")),
        ("/suggest/entity/service_url", json!("/reconcile")),
        ("/suggest/entity/service_url", json!("http://x/")),
        ("/preview/-", json!("width")),
        ("/batchSize", json!(0)),
        ("/extend/property_settings/0/type", json!("tick")),
        ("/defaultType", json!([])),
    ]);
    let right = json!({
        "versions": ["1.0"], "name": "x", "view": { "url": "http://x/view{?id}" }, "suggest": { "entity": true },
        "extend": { "proposeProperties": true }, "preview": { "width": 1, "height": 1 }, "lang": ["en"], "standardizedScore": true
    });
    DRAFT_MANIFEST.refuses(&right, &[
        ("/versions", json!(["0.2"])),
        ("/-", json!("view")),
        ("/view/url", json!("http://x/{{id}}")),
        ("/suggest/entity", json!({ "service_url": "http://x" })),
        ("/extend", json!({ "propose_properties": true })),
        ("/standardizedScore", json!("yes")),
    ]);
}

#[test]
fn results() {
    let wrong = |before: &str| -> Vec<(String, Value)> {
        let at = |rest: &str| format!("{before}{rest}");
        vec![
            (at("/0/match"), json!("true")),
            (at("/0/score"), json!(101)),
            (at("/0/score"), json!("50")),
            (at("/0/type"), json!([])),
            (at("/0/type"), json!("role")),
            (at("/0/-"), json!("name")),
            (at("/0/id"), json!(7)),
            (at("/0/features/0/value"), json!("much")),
            (before.to_owned(), json!([candidate(), candidate()])),
            (before.to_owned(), Value::Null),
        ]
    };
    let right = json!({ "q0": { "result": [candidate()] }, "q1": { "result": [], "error": "query: missing" } });
    let mut changes = wrong("/q0/result");
    changes.push(("/q0".to_owned(), json!([candidate()])));
    changes.push(("/q0/error".to_owned(), json!("with candidates")));
    RESULTS.refuses(&right, &changes);
    let right = json!({ "results": [{ "candidates": [candidate()] }, { "candidates": [] }] });
    let mut changes = wrong("/results/0/candidates");
    changes.push(("/results".to_owned(), json!({ "q0": { "candidates": [] } })));
    changes.push(("/results/0".to_owned(), json!({ "result": [] })));
    DRAFT_RESULTS.refuses(&right, &changes);
}

#[test]
fn suggestions_flyouts_and_proposals() {
    let right = json!({ "result": [{ "id": "A", "name": "Nurse", "description": "", "notable": [{ "id": "role", "name": "Role" }] }] });
    SUGGEST_ENTITY.refuses(&right, &[
        ("/result", json!({})),
        ("/result/0/-", json!("id")),
        ("/result/0/name", json!("")),
        ("/result/0/notable", json!("role")),
        ("/result/0/score", json!(1)),
    ]);
    let right = json!({ "result": [{ "id": "role", "name": "Role", "description": "A job" }] });
    SUGGEST_OTHER.refuses(&right, &[("/result", json!(null)), ("/result/0/-", json!("name")), ("/result/0/notable", json!([]))]);
    let right = json!({ "id": "A", "html": "<p>Nurse</p>" });
    FLYOUT.refuses(&right, &[("/-", json!("id")), ("/html", json!("<script>alert(1)</script>")), ("/html", json!("")), ("/id", json!(1))]);
    let right = json!({ "properties": [{ "id": "level", "name": "Level" }], "type": "role", "limit": 3 });
    PROPOSE.refuses(&right, &[("/properties/0/-", json!("id")), ("/limit", json!("3")), ("/properties", json!(["level"])), ("/type", json!(["role"]))]);
}

#[test]
fn columns() {
    let cells = json!([{}, { "id": "A", "name": "B" }, { "str": "" }, { "float": 1.5 }, { "int": 1 }, { "date": "2026-11-27" }]);
    let wrong_cells = [json!("P5"), json!({ "str": "a", "int": 1 }), json!({ "id": "A" }), json!({ "int": 1.5 }), json!({ "str": null }), json!(null)];
    let meta = json!([{ "id": "family", "name": "Family", "type": { "id": "family", "name": "Family" } }]);
    let right = json!({ "meta": meta, "rows": { "A": { "family": cells }, "B": { "family": [] } } });
    let mut changes: Vec<(&str, Value)> = wrong_cells.iter().map(|cell| ("/rows/A/family", json!([cell]))).collect();
    changes.extend([("/-", json!("meta")), ("/rows/A", json!([])), ("/rows", json!([])), ("/meta/0/type", json!("family"))]);
    EXTEND.refuses(&right, &changes);
    let right = json!({ "meta": meta, "rows": [{ "id": "A", "properties": [{ "id": "family", "values": cells }] }] });
    let mut changes: Vec<(&str, Value)> = wrong_cells.iter().map(|cell| ("/rows/0/properties/0/values", json!([cell]))).collect();
    changes.extend([("/rows", json!({ "A": {} })), ("/rows/0/-", json!("id")), ("/rows/0/properties/0/-", json!("values"))]);
    DRAFT_EXTEND.refuses(&right, &changes);
}
