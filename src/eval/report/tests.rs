use std::collections::BTreeMap;

use super::*;
use crate::eval::{Bin, ConfidenceMeasures, CoverageAt, CurvePoint, Estimate, Measures, MethodResult, Miss, SetMeasures};

fn report() -> Report {
    let estimate = Estimate { mean: 0.6, low: 0.55, high: 0.65 };
    let confidence = ConfidenceMeasures {
        accepted: 0.3,
        accepted_precision: 0.96,
        coverage_at: vec![CoverageAt { precision: 0.95, coverage: 0.31 }],
        calibration_error: 0.02,
        auc: 0.8,
        brier: 0.17,
        brier_gain: 0.3,
        curve: vec![CurvePoint { coverage: 0.5, precision: 0.9 }, CurvePoint { coverage: 1.0, precision: 0.6 }],
        bins: vec![Bin { confidence: 0.4, accuracy: 0.35, titles: 2 }, Bin { confidence: 0.8, accuracy: 0.85, titles: 2 }],
    };
    let measures = Measures {
        titles: 1234,
        accuracy: estimate,
        recall: BTreeMap::from([(3, 0.7), (5, 0.75), (10, 0.8), (20, 0.9)]),
        mrr: estimate,
        map: estimate,
        confidence: Some(confidence),
        sets: Some(SetMeasures { size: 3.2, coverage: 0.9, fixed_size: None }),
        parts: Vec::new(),
    };
    let miss = Miss { text: "Cook <a|b>".into(), right: vec!["A".into()], first: "B".into(), place: Some(2), confidence: 0.4 };
    let run = Run { name: "x".into(), methods: vec![MethodResult { name: "rolecall".into(), measures }], misses: vec![miss], ..Run::default() };
    Report::new("rolecall eval x".into(), vec![run])
}

#[test]
fn every_form_states_the_same_figures() {
    let report = report();
    let (markdown, html) = (report.to_markdown(), report.to_html());
    for text in [&markdown, &html] {
        for part in ["1,234", "0.600", "0.550", "0.960", "0.310", "3.20"] {
            assert!(text.contains(part), "{part} in {text}");
        }
    }
    assert!(markdown.contains("Cook <a\\|b>"));
    assert!(html.contains("Cook &lt;a|b&gt;") && html.matches("<svg").count() == 2);
    let json: serde_json::Value = serde_json::from_str(&report.to_json()).expect("JSON");
    assert_eq!(json["runs"][0]["figures"]["accuracy"], 0.6);
    assert_eq!(json["runs"][0]["figures"]["coverage_at_95"], 0.31);
}

#[test]
fn changes_since_an_earlier_report_are_listed() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("earlier.json");
    let mut earlier = report();
    earlier.runs[0].methods[0].measures.accuracy.mean = 0.5;
    std::fs::write(&path, earlier.to_json()).expect("written");
    let changes = report().since(&path).expect("a report");
    assert_eq!(changes, [Since { run: "x".into(), figure: "accuracy".into(), before: 0.5, now: 0.6 }]);
    std::fs::write(&path, "{").expect("written");
    assert!(report().since(&path).is_err());
}
