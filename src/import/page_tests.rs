//! The page importer on `tests/corpus/page.txt`, which has every trap of a real page and some faults of its own.

use crate::taxonomy::{ConfidenceBand, Status};

use super::*;

fn imported() -> Imported {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus/page.txt");
    page(&path).unwrap_or_else(|error| panic!("{error}"))
}

#[test]
fn chips_story_and_level_are_cut() {
    let taxonomy = imported().taxonomy;
    let record = taxonomy.record(taxonomy.find_role("NUR.ICU.P5").expect("the page's role"));
    assert_eq!(record.title, "Intensive Care Nursing Senior");
    assert_eq!((record.status, record.region.as_str(), record.version), (Status::Review, "EU", 3));
    let confidence = record.record_confidence.expect("on the page");
    assert_eq!((confidence.band, confidence.score), (ConfidenceBand::High, 0.85));
    assert_eq!((record.specialisation.code.as_str(), record.family.expect("from the code").code.as_str()), ("NUR.ICU", "NUR"));
    assert!(record.summary.starts_with("Senior nurses who lead"));
    assert_eq!(taxonomy.manifest.name, "tiny");

    let story = record.story.expect("on the page");
    assert_eq!(story.problem.external, "Patients change within minutes: beds, staff and drugs are short.");
    assert_eq!(story.plan.len(), 3);
    assert_eq!(story.plan[1], "Agree on goals for the shift, and write them where everybody sees them.");
    assert_eq!(story.stakes, "Harm that a second pair of eyes would have prevented.");
    assert!(story.success.ends_with("Families understand what happened."));

    let level = record.level.expect("on the page");
    assert_eq!((level.label.as_str(), level.sentence.as_str()), ("Expert Professional", "Expert in field; key problem solver"));
    assert_eq!((level.scope.as_str(), level.leadership.as_str()), ("A unit", "Leads colleagues without managing them"));
    assert_eq!(level.experience, Some(Experience { min: 8, max: 12 }));
    assert_eq!(record.core_outputs, Some(Vec::new()), "known to be none");
}

#[test]
fn components_aliases_and_mappings_are_cut() {
    let role = imported().taxonomy.roles.remove(0);
    let components: Vec<String> =
        role.components.iter().map(|part| format!("{}|{}|{}|{}", part.kind.name(), part.text, part.commonality, part.basis)).collect();
    let expected = [
        "responsibility|Lead the nursing care of the unit|common|level",
        "responsibility|Teach junior nurses|common|family",
        "task|Wean patients from the ventilator|common|level",
        "task|Titrate drugs to a goal that is common|common|level",
        "skill|Mechanical ventilation|core|specialisation",
        "competency|Calm under alarm|common|level",
        "qualification|3+ years on a unit|common|level",
    ];
    assert_eq!(components, expected);
    let aliases: Vec<(&str, f32, bool)> =
        role.aliases.iter().map(|alias| (alias.text.as_str(), alias.confidence.score, alias.approved)).collect();
    let expected = [("Intensive Care Nursing Senior", 0.60, false), ("Senior ICU Nurse", 0.90, true), ("P5–P6", 0.50, false)];
    assert_eq!(aliases, expected, "a range of levels is never approved");
    let mappings: Vec<String> = role
        .mappings
        .iter()
        .map(|found| format!("{} {} {:?} {} {:?}", found.scheme, found.code, found.relation, found.granularity, found.review_status))
        .collect();
    let expected =
        ["soc 29-0000 Narrow major NeedsReview", "onet 29-1141.03 Exact occupation Reviewed", "isco 2221 Close unit Reviewed"];
    assert_eq!(mappings, expected);
    assert_eq!(role.mappings[0].title, "Healthcare Practitioners & Technical Occupations");
    assert_eq!(role.mappings[0].source, "inferred_from_superfunction");
}

#[test]
fn what_is_not_read_is_noticed_with_its_line() {
    let text = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus/page.txt")).expect("the fixture");
    let line_of = |start: &str| text.lines().position(|line| line.trim().starts_with(start)).expect("in the fixture") as u32 + 1;
    let notices: Vec<(u32, String)> = imported().notices.into_iter().map(|notice| (notice.line, notice.message)).collect();
    let expected = [
        (line_of("Tasks3"), "the heading counts 3 of task and 2 were read"),
        (line_of("• a line whose"), "fits no rule"),
        (line_of("P5–P6"), "is a range of levels and no name"),
        (line_of("Footnotes"), "fits no rule"),
    ];
    assert_eq!(notices.len(), expected.len(), "{notices:?}");
    for ((line, message), (expected_line, expected_message)) in notices.iter().zip(expected) {
        assert_eq!(*line, expected_line);
        assert!(message.contains(expected_message), "{message}");
    }
}

#[test]
fn other_texts_are_refused_or_noticed() {
    for text in ["", "just a line", "A Title\n\nwith a sentence instead of a code"] {
        let message = page_text("p.txt", text).expect_err("refused").to_string();
        assert!(message.contains("p.txt: no title with a code below it"), "{message}");
    }
    let short = page_text("p.txt", "Baker\nB-1\n").expect("title and code are enough");
    assert_eq!(short.taxonomy.roles[0].core_outputs, None, "unknown is not none");
    assert_eq!(short.taxonomy.specialisations[0].code, "B-1");
    assert_eq!(short.notices.len(), 1);
}

proptest::proptest! {
    #[test]
    fn no_text_panics(text in "(.{0,20}\n|Components\n|Skills3\n|Title aliases\n|Level — P5 — x\n|• .{0,9}commonlevel\n|T\nA.B.P5\n){0,12}") {
        let _ = page_text("p.txt", &text);
        for line in text.lines() {
            let _ = (chips::role_chips(line), chips::alias_chips(line), chips::mapping_chips(line));
        }
    }
}
