//! Pages, the forms of the report, coverage, and that the findings are the same every time.

use super::*;
use crate::lint::coverage::coverage;
use crate::lint::report::{self, Format};

fn page_findings() -> Vec<Finding> {
    let (loaded, extras) = page(&tiny_path().join("page.txt")).unwrap_or_else(|error| panic!("{error}"));
    check(&loaded, &extras)
}

#[test]
fn a_page_is_found_with_its_lines() {
    let text = std::fs::read_to_string(tiny_path().join("page.txt")).expect("the fixture");
    let found: Vec<(&str, String)> = page_findings()
        .iter()
        .map(|finding| (finding.rule.id, text.lines().nth(finding.place.line as usize - 1).unwrap_or_default().trim().to_owned()))
        .collect();
    for (id, line) in [
        ("alias-self", "Intensive Care Nursing Seniorcommonmedium0.60"),
        ("alias-unapproved", "Intensive Care Nursing Seniorcommonmedium0.60"),
        ("alias-unapproved", "P5–P6commonmedium0.50yes"),
        ("alias-level-range", "P5–P6commonmedium0.50yes"),
        ("component-count-mismatch", "Tasks3"),
        ("experience-conflict", "• 3+ years on a unitcommonlevel"),
        ("mapping-major-group", "• code=29-0000title=Healthcare Practitioners & Technical Occupationssource=inferred_from_superfunctionreviewStatus=needs_review"),
        ("mapping-unreviewed", "• code=29-0000title=Healthcare Practitioners & Technical Occupationssource=inferred_from_superfunctionreviewStatus=needs_review"),
        ("mapping-version-unknown", "• code=2221title=Nursing professionalssource=editorialreviewStatus=reviewed"),
    ] {
        assert!(found.iter().any(|(found_id, found_line)| *found_id == id && found_line == line), "{id} at {line:?} is missing in {found:#?}");
    }
    let others: Vec<&str> = found.iter().map(|(id, _)| *id).filter(|id| matches!(*id, "chip-suffix-left" | "empty-state-indexed" | "name-collides")).collect();
    assert_eq!(others, Vec::<&str>::new(), "the importer cut chips and empty sentences");
}

#[test]
fn errors_are_the_errors_of_check() {
    let mut loaded = tiny();
    assert!(errors(&loaded).is_empty(), "the tiny taxonomy can be built");
    loaded.name("NUR.GEN", "P5–P6");
    let found = errors(&loaded);
    let of_all: Vec<Finding> = check(&loaded, &Extras::default()).into_iter().filter(|finding| finding.severity() == Severity::Error).collect();
    assert_eq!((found.len(), found), (1, of_all));
}

#[test]
fn findings_are_sorted_and_the_same_every_time() {
    let loaded = tiny();
    let first = check(&loaded, &Extras::default());
    assert!(first.windows(2).all(|pair| pair[0].place <= pair[1].place));
    assert_eq!(first, check(&loaded, &Extras::default()));
}

#[test]
fn rule_ids_are_words_with_hyphens_and_stand_once() {
    for (position, known) in RULES.iter().enumerate() {
        assert!(known.id.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-'), "{}", known.id);
        assert!(RULES[..position].iter().all(|earlier| earlier.id != known.id), "{}", known.id);
        assert!(!known.rationale.is_empty() && !known.rationale.ends_with('.'), "{}", known.id);
    }
    assert!(RULES.is_sorted_by(|a, b| a.severity >= b.severity), "errors first");
}

fn written(findings: &[Finding], least: Severity, format: Format) -> String {
    let mut out = Vec::new();
    report::write(findings, least, format, &mut out).expect("memory takes everything");
    String::from_utf8(out).expect("reports are UTF-8")
}

#[test]
fn text_and_github_have_a_line_a_finding() {
    let findings = page_findings();
    let counts = Counts::of(&findings);
    let text = written(&findings, Severity::Warning, Format::Text);
    assert_eq!(text.lines().count(), counts.errors + counts.warnings);
    assert!(text.lines().all(|line| line.contains("page.txt:") && (line.contains(": error[") || line.contains(": warning["))), "{text}");
    let github = written(&findings, Severity::Error, Format::Github);
    assert_eq!(github.lines().count(), counts.errors);
    let first = github.lines().next().expect("a page has errors");
    assert!(first.starts_with("::error file=") && first.contains(",title=alias-level-range::NUR.ICU.P5: "), "{first}");
}

#[test]
fn annotations_escape_what_ends_them() {
    let place = Place { file: "a,b:c%.toml".into(), line: 0 };
    let finding = Finding { rule: &RULES[0], place, code: String::new(), message: "50 %\nof it".to_owned() };
    let line = written(&[finding], Severity::Info, Format::Github);
    assert_eq!(line, format!("::error file=a%2Cb%3Ac%25.toml,line=1,title={}::50 %25%0Aof it\n", RULES[0].id));
}

#[test]
fn json_and_sarif_hold_every_finding() {
    let findings = page_findings();
    let json: serde_json::Value = serde_json::from_str(&written(&findings, Severity::Info, Format::Json)).expect("JSON");
    assert_eq!(json["findings"].as_array().map(Vec::len), Some(findings.len()));
    assert_eq!(json["findings"][0]["rule"], findings[0].rule.id);
    assert_eq!(json["counts"]["errors"], Counts::of(&findings).errors);

    let sarif: serde_json::Value = serde_json::from_str(&written(&findings, Severity::Info, Format::Sarif)).expect("JSON");
    assert_eq!(sarif["version"], "2.1.0");
    let run = &sarif["runs"][0];
    let results = run["results"].as_array().expect("results");
    assert_eq!(results.len(), findings.len());
    for (result, finding) in results.iter().zip(&findings) {
        let index = result["ruleIndex"].as_u64().expect("every result names its rule") as usize;
        assert_eq!(run["tool"]["driver"]["rules"][index]["id"], finding.rule.id);
        assert_eq!(result["locations"][0]["physicalLocation"]["region"]["startLine"], finding.place.line);
        assert!(matches!(result["level"].as_str(), Some("error" | "warning" | "note")));
    }
}

#[test]
fn coverage_counts_by_major_group() {
    let taxonomy = tiny().taxonomy;
    let report = coverage(&taxonomy);
    assert_eq!(report.groups.len(), 23, "groups without anything are listed too");
    let health = report.groups.iter().find(|group| group.code == "29-0000").expect("listed");
    assert_eq!(health.title, "Healthcare Practitioners and Technical Occupations");
    assert_eq!((health.numbers.families, health.numbers.specialisations, health.numbers.broad_codes, health.numbers.detailed_codes), (1, 3, 1, 1));
    assert_eq!(report.total.specialisations, taxonomy.specialisations.len());
    assert_eq!(report.total.roles, taxonomy.roles.len());
    assert_eq!(report.languages.values().sum::<usize>(), report.total.names);
    assert_eq!(report.unmapped.specialisations, 0);
    assert!(report.thin.components.contains(&"DRV.BUS".to_owned()), "it has no skills of its own: {:?}", report.thin);
    assert!(report.thin.languages.contains_key("de"), "{:?}", report.thin.languages);
    assert!(report.thin.names.contains(&"DRV.BUS".to_owned()));
    let table = report.to_string();
    assert!(table.lines().any(|line| line.starts_with("29-0000 ") && line.ends_with("Technical Occupations")), "{table}");

    let mut unmapped = taxonomy;
    for family in &mut unmapped.families {
        family.mappings.clear();
    }
    assert!(coverage(&unmapped).unmapped.specialisations > 0, "specialisations without own mappings lose their family's");
}

proptest::proptest! {
    #[test]
    fn no_name_panics(text in "\\PC{0,30}") {
        let mut loaded = tiny();
        loaded.name("NUR.GEN", &text);
        loaded.part("NUR.GEN", ComponentKind::Qualification, &text);
        loaded.mapping("NUR.GEN", "esco", &text);
        let found = check(&loaded, &Extras::default());
        proptest::prop_assert!(found.len() < 200);
    }
}
