//! The table of changes, rule by rule.

use std::collections::BTreeSet;

use super::*;
use crate::taxonomy::{ConfidenceBand, LevelCode, RecordConfidence, RoleCode, Status};

/// A rule, a change, and how many findings more the rule has after it.
type Case = (&'static str, usize, fn(&mut Loaded));

fn code(text: &str) -> RoleCode {
    RoleCode::new(text).expect("a good code")
}

const CASES: [Case; 86] = [
    ("code-format", 1, |at| at.role("NUR.GEN.P3").code = code("NUR-GEN-P3")),
    ("code-format", 1, |at| at.role("NUR.GEN.P3").code = code("nur.GEN.P3")),
    ("code-format", 0, |at| at.role("NUR.GEN.P3").code = code("N2.AB3DE.P3")),
    ("code-format", 0, |at| {
        at.taxonomy.manifest.code_pattern = None;
        at.role("NUR.GEN.P3").code = code("anything goes");
    }),
    ("code-duplicate", 1, |at| at.role("NUR.GEN.P3").code = code("nur.gen.p4")),
    ("code-duplicate", 1, |at| at.spec("NUR.ICU").code = "NUR.GEN".to_owned()),
    ("code-duplicate", 0, |at| at.role("NUR.GEN.P3").code = code("NUR.GEN.P9")),
    ("code-level-mismatch", 1, |at| at.role("NUR.GEN.P3").level = LevelCode::parse("P4")),
    ("code-level-mismatch", 1, |at| at.role("NUR.GEN.P3").level = None),
    ("code-level-mismatch", 1, |at| at.role("NUR.GEN.P3").code = code("NUR.ICU.P3")),
    ("code-level-mismatch", 0, |at| at.taxonomy.manifest.code_pattern = None),
    ("title-missing", 1, |at| at.role("NUR.GEN.M1").title = "  ".to_owned()),
    ("title-missing", 1, |at| at.family("NUR").title = "–".to_owned()),
    ("title-missing", 0, |at| at.role("NUR.GEN.M1").title = "X".to_owned()),
    ("alias-level-range", 1, |at| _ = at.name("NUR.GEN.P5", "P5–P6")),
    ("alias-level-range", 1, |at| _ = at.name("NUR.GEN", "IC4")),
    ("alias-level-range", 0, |at| _ = at.name("NUR.GEN", "P5 Nurse")),
    ("alias-code-like", 1, |at| _ = at.name("NUR.GEN", "29-1141.00")),
    ("alias-code-like", 1, |at| _ = at.name("NUR.GEN", "NUR.ICU.P3")),
    ("alias-code-like", 1, |at| _ = at.name("NUR.GEN", "https://example.org/nurse")),
    ("alias-code-like", 1, |at| _ = at.name("NUR.GEN", "2221")),
    ("alias-code-like", 0, |at| _ = at.name("NUR.GEN", "68W Combat Medic")),
    ("alias-ambiguous", 2, |at| _ = at.name("NUR.GEN", "Web Developers")),
    ("alias-ambiguous", 1, |at| at.name("NUR.GEN", "Web Developer").ambiguous = Some("a reason on one side only".into())),
    ("alias-ambiguous", 0, |at| at.name("NUR.GEN", "Registered Nurse Intensive").approved = true),
    ("alias-ambiguous", 0, |at| _ = at.name("NUR.GEN", "Critical Care Nurse")),
    ("alias-ambiguous", 1, |at| _ = at.name("NUR.GEN", "Frontend Engineer")),
    ("alias-ambiguous", 0, |at| at.name("NUR.GEN", "Frontend Engineer").ambiguous = Some("excuses the title too".into())),
    ("alias-same-words", 2, |at| _ = at.name("NUR.GEN", "Developer of the Web")),
    ("alias-same-words", 0, |at| _ = at.name("NUR.GEN", "Web Developer")),
    ("alias-same-words", 0, |at| _ = at.name("NUR.ICU", "Nurse for Wards")),
    ("alias-invisible-chars", 1, |at| _ = at.name("NUR.GEN", "Ward\u{200b} Nurse")),
    ("alias-invisible-chars", 1, |at| at.spec("NUR.ICU").title.push(' ')),
    ("alias-invisible-chars", 0, |at| _ = at.name("NUR.GEN", "Infirmière d’État")),
    ("chip-suffix-left", 1, |at| at.part("NUR.GEN", ComponentKind::Task, "Watch the alarmscommonlevel")),
    ("chip-suffix-left", 1, |at| _ = at.name("NUR.GEN", "Shift Nursecommonhigh0.90")),
    ("chip-suffix-left", 0, |at| at.part("NUR.GEN", ComponentKind::Task, "Work at a common level")),
    ("empty-state-indexed", 1, |at| at.spec("NUR.GEN").core_outputs = Some(vec!["No core outputs recorded yet.".to_owned()])),
    ("empty-state-indexed", 1, |at| at.part("NUR.GEN", ComponentKind::Skill, "n/a")),
    ("empty-state-indexed", 0, |at| at.spec("NUR.GEN").core_outputs = Some(Vec::new())),
    ("empty-state-indexed", 0, |at| at.part("NUR.GEN", ComponentKind::Skill, "No-lift patient handling")),
    ("mapping-code-format", 1, |at| _ = at.mapping("NUR.GEN", "soc", "29-11411")),
    ("mapping-code-format", 1, |at| _ = at.mapping("NUR.GEN", "esco", "nurse")),
    ("mapping-code-format", 0, |at| _ = at.mapping("NUR.GEN", "onet", "29-1141.03")),
    ("mapping-code-format", 0, |at| _ = at.mapping("NUR.GEN", "esco", "http://data.europa.eu/esco/isco/C2221")),
    ("alias-self", 1, |at| _ = at.name("NUR.ICU", "Intensive-Care Nurse")),
    ("alias-self", 1, |at| _ = at.name("NUR.GEN.M1", "charge nurse")),
    ("alias-self", 0, |at| _ = at.name("NUR.ICU", "Intensive Care Nurses Aide")),
    ("alias-self", 0, |at| at.name("NUR.ICU", "Intensive Care Nurse").lang = "de".into()),
    ("alias-duplicate", 1, |at| _ = at.name("NUR.GEN", "ward nurse")),
    ("alias-duplicate", 1, |at| _ = at.name("NUR.GEN.M2", "Ward Sister")),
    ("alias-duplicate", 0, |at| at.name("NUR.GEN", "Ward Nurse").lang = "de".into()),
    ("alias-duplicate", 0, |at| _ = at.name("NUR.ICU", "Ward Nurse")),
    ("alias-generic", 1, |at| _ = at.name("NUR.GEN", "Specialist")),
    ("alias-generic", 0, |at| at.name("NUR.GEN", "Specialist").ambiguous = Some("of many kinds".into())),
    ("alias-generic", 0, |at| _ = at.name("NUR.GEN", "Wound Specialist")),
    ("alias-too-short", 1, |at| _ = at.name("NUR.GEN", "N")),
    ("alias-too-short", 1, |at| _ = at.name("NUR.GEN", "EN")),
    ("alias-too-short", 0, |at| at.name("NUR.GEN", "EN").alias_type = AliasType::Abbreviation),
    ("alias-too-short", 0, |at| _ = at.name("NUR.GEN", "Vet")),
    ("alias-unapproved", 1, |at| at.name("NUR.GEN", "Bedside Nurse").approved = false),
    ("alias-unapproved", 0, |at| _ = at.name("NUR.GEN", "Bedside Nurse")),
    ("alias-level-exceeds-code", 1, |at| _ = at.name("NUR.GEN.P3", "Principal Bedside Nurse")),
    ("alias-level-exceeds-code", 1, |at| _ = at.name("NUR.GEN", "Senior Bedside Nurse")),
    ("alias-level-exceeds-code", 0, |at| _ = at.name("NUR.GEN.P5", "Senior Bedside Nurse")),
    ("alias-level-exceeds-code", 0, |at| _ = at.name("NUR.GEN.P4", "Senior Bedside Nurse")),
    ("title-level-conflict", 1, |at| at.role("NUR.GEN.M1").title = "Vice Director of Nursing".to_owned()),
    ("title-level-conflict", 0, |at| at.role("NUR.GEN.M1").title = "Nursing Shift Supervisor".to_owned()),
    ("name-collides", 1, |at| _ = at.name("NUR.GEN", "Trainee")),
    ("name-collides", 1, |at| _ = at.name("NUR.GEN", "Oxford")),
    ("name-collides", 0, |at| _ = at.name("NUR.GEN", "Oxford Nurse")),
    ("component-duplicate", 1, |at| at.part("NUR.GEN.P5", ComponentKind::Knowledge, "wound care")),
    ("component-duplicate", 0, |at| at.part("NUR.GEN.P5", ComponentKind::Knowledge, "Wound care of burns")),
    ("empty-section", 1, |at| at.family("NUR").summary.clear()),
    ("empty-section", 1, |at| at.part("NUR.GEN", ComponentKind::Skill, " ")),
    ("empty-section", 0, |at| at.spec("NUR.GEN").core_outputs = None),
    ("experience-conflict", 1, |at| at.part("NUR.GEN.P5", ComponentKind::Qualification, "5+ years on a ward")),
    ("experience-conflict", 1, |at| at.part("NUR", ComponentKind::Qualification, "2-4 years of experience")),
    ("experience-conflict", 0, |at| at.part("NUR.GEN.P5", ComponentKind::Qualification, "10+ years on a ward")),
    ("mapping-major-group", 1, |at| _ = at.mapping("NUR.GEN", "isco", "22")),
    ("mapping-major-group", 0, |at| _ = at.mapping("NUR.GEN", "isco", "222")),
    ("mapping-unreviewed", 1, |at| at.mapping("NUR.GEN", "isco", "2221").review_status = ReviewStatus::NeedsReview),
    ("mapping-unreviewed", 0, |at| _ = at.mapping("NUR.GEN", "isco", "2221")),
    ("mapping-version-unknown", 1, |at| at.mapping("NUR.GEN", "soc", "29-1141").scheme_version = "2010".into()),
    ("mapping-version-unknown", 1, |at| at.mapping("NUR.GEN", "soc", "29-1141").scheme_version = "".into()),
    ("mapping-version-unknown", 0, |at| _ = at.mapping("NUR.GEN", "soc", "29-1141")),
];

/// Cases of levels, confidences, statuses and lists.
const MORE: [Case; 17] = [
    ("level-card-drift", 1, |at| at.taxonomy.levels[0].scope.clear()),
    ("level-card-drift", 1, |at| at.taxonomy.levels[1].scope = at.taxonomy.levels[0].scope.clone()),
    ("level-card-drift", 1, |at| at.taxonomy.levels[1].experience = None),
    ("level-card-drift", 1, |at| {
        let high = at.taxonomy.levels.iter_mut().find(|level| level.code.to_string() == "P6").expect("P6 exists");
        high.experience = Some(crate::taxonomy::Experience { min: 14, max: 25 });
    }),
    ("level-card-drift", 0, |at| at.taxonomy.levels[1].leadership = at.taxonomy.levels[0].leadership.clone()),
    ("band-score-conflict", 1, |at| at.role("NUR.GEN.P3").record_confidence = Some(RecordConfidence { band: ConfidenceBand::High, score: 0.6 })),
    ("band-score-conflict", 1, |at| at.name("NUR.GEN", "Bedside Nurse").confidence.band = ConfidenceBand::Low),
    ("band-score-conflict", 0, |at| at.role("NUR.GEN.P3").record_confidence = Some(RecordConfidence::new(0.8))),
    ("status-draft", 1, |at| at.role("NUR.GEN.P3").status = Status::Draft),
    ("status-draft", 0, |at| at.role("NUR.GEN.P3").status = Status::Review),
    ("confusable-names", 1, |at| _ = at.name("NUR.GEN", "Web Develope")),
    ("confusable-names", 0, |at| _ = at.name("SWE.GEN", "Web Develope")),
    ("confusable-names", 0, |at| _ = at.name("NUR.GEN", "FB Developer")),
    ("confusable-names", 0, |at| _ = at.name("NUR.GEN", "Webb Developper")),
    ("alias-one-sided-spelling", 1, |at| {
        for language in ["Ruby", "Scala", "Rust", "Kotlin", "Perl", "Swift"] {
            at.name("SWE.GEN", &format!("{language} Craftsman"));
        }
        for language in ["Ruby", "Scala", "Rust", "Kotlin", "Perl"] {
            at.name("SWE.GEN", &format!("{language} Artisan"));
        }
    }),
    ("alias-one-sided-spelling", 0, |at| {
        for language in ["Ruby", "Scala", "Rust", "Kotlin", "Perl"] {
            at.name("SWE.GEN", &format!("{language} Craftsman"));
            at.name("SWE.GEN", &format!("{language} Artisan"));
        }
    }),
    ("alias-one-sided-spelling", 0, |at| _ = at.name("SWE.GEN", "Ruby Craftsman")),
];

#[test]
fn every_rule_finds_what_it_forbids_and_nothing_else() {
    let base = tiny();
    for (number, (id, expected, change)) in CASES.iter().chain(&MORE).enumerate() {
        let before: BTreeSet<String> = messages(id, &base, &Extras::default()).into_iter().collect();
        let mut changed = base.clone();
        change(&mut changed);
        let after = messages(id, &changed, &Extras::default());
        let new: Vec<&String> = after.iter().filter(|message| !before.contains(*message)).collect();
        assert_eq!(new.len(), *expected, "case {number} of {id}: {new:#?}");
    }
}

#[test]
fn every_rule_has_a_case_of_both_kinds() {
    // Overrides and the counts of a page are no part of a taxonomy and have tests of their own.
    let elsewhere = ["override-stale", "component-count-mismatch"];
    for rule in RULES.iter().filter(|rule| !elsewhere.contains(&rule.id)) {
        for found in [true, false] {
            let has_case = CASES.iter().chain(&MORE).any(|(id, expected, _)| *id == rule.id && (*expected > 0) == found);
            assert!(has_case, "{} lacks a case that it must {}", rule.id, if found { "find" } else { "leave alone" });
        }
    }
}

#[test]
fn messages_say_what_and_the_way_out() {
    let mut changed = tiny();
    for (_, _, change) in CASES.iter().chain(&MORE) {
        let mut one = tiny();
        change(&mut one);
        for finding in check(&one, &Extras::default()) {
            assert!(finding.message.contains(": ") || finding.message.contains("; "), "{finding}");
            assert!(!finding.message.ends_with('.'), "{finding}");
            assert!(finding.place.line > 0 || finding.code.is_empty(), "{finding}");
        }
    }
    changed.name("NUR.GEN", "Web Developer");
    let found = check_only(&changed, &Extras::default(), &[rule("alias-ambiguous").expect("a rule")]);
    let own = found.iter().find(|finding| finding.code == "NUR.GEN").expect("both places are named");
    assert_eq!(found.len(), 2);
    assert_eq!(own.to_string(), "changed.toml:7: error[alias-ambiguous]: NUR.GEN: the name \"Web Developer\" is also that of SWE.FRE (\"Web Developer\"): keep it in one family, or mark it ambiguous with a reason in every place");
}

#[test]
fn overrides_go_stale() {
    let loaded = tiny();
    let row = |title: &str, code: &str| OverrideRow { title: title.to_owned(), code: code.to_owned(), place: somewhere() };
    for (title, code, expected) in [
        ("Bedside Hero", "NUR.GEN.P3", None),
        ("Ward Sister", "NUR.GEN.M2", None),
        ("Ward Sister", "NUR.GEN.M1", Some("is a name of this very role")),
        ("Bedside Hero", "NUR.XXX.P3", Some("which the taxonomy does not have")),
        ("Release Person", "DEI.REL.P2", Some("choose DEI.GEN.P2")),
    ] {
        let extras = Extras { overrides: vec![row(title, code)], ..Extras::default() };
        let found = messages("override-stale", &loaded, &extras);
        match expected {
            None => assert_eq!(found, Vec::<String>::new(), "{title}"),
            Some(part) => assert!(found.len() == 1 && found[0].contains(part), "{title}: {found:?}"),
        }
    }
}
