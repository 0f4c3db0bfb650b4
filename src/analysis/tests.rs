//! Tables of titles and how they are read, with the built-in English lexicon.

use super::*;
use crate::taxonomy::lexicon::LanguageLexicon;

fn analyzer() -> Analyzer {
    let english: LanguageLexicon = toml::from_str(include_str!("../../corpus/lexicon/en.toml")).expect("the English lexicon parses");
    let mut lexicon = Lexicon::default();
    lexicon.languages.insert("en".into(), english);
    Analyzer::new(&lexicon, &["en".to_owned()])
}

fn level(query: &Query) -> String {
    query.level.as_ref().map_or(String::new(), |level| level.ranges.to_string())
}

#[test]
fn normal_forms() {
    let analyzer = analyzer();
    for (title, expected) in [
        ("Sr. DevOps Eng. (Remote)", "devops engineer"),
        ("DevOps Engineer, Senior", "devops engineer"),
        ("DevOps Engineer (Senior)", "devops engineer"),
        ("senior dev-ops enginer", "devops enginer"),
        ("DevOps Engineer - Remote - Berlin (m/f/d) - Req 48213 - up to $150k", "devops engineer"),
        ("Manager, Sales", "sales manager"),
        ("Registered Nurses", "registered nurse"),
        ("Worker's Compensation Adjuster", "worker compensation adjuster"),
        ("Truck Driver - Dallas, TX", "truck driver"),
        ("Truck Driver in Chicago", "truck driver"),
        ("Cook at Joe's Diner", "cook"),
        ("Barista @ Starbucks", "barista"),
        ("C++ Developer", "c++ developer"),
        ("Cashier (Part-Time)", "cashier"),
        ("Warehouse Associate 3rd Shift $18.50/hr", "warehouse associate"),
        ("Programme Manager", "program manager"),
        ("Receptionist 40h/week", "receptionist"),
        ("Driver #R0012345", "driver"),
        ("Pflegekraft (w/m/d)", "pflegekraft"),
        ("Data Analyst | Growth", "data analyst growth"),
    ] {
        assert_eq!(analyzer.query(title, None).normalized(), expected, "{title}");
    }
}

#[test]
fn levels() {
    let analyzer = analyzer();
    for (title, expected) in [
        ("Senior Engineer", "P5-P5 S4-S4 M3-M3 E2-E2"),
        ("Engineer II/III", "S3-S4 P2-P4"),
        ("Engineer 2", "P2-P3 S3-S3"),
        ("Lead Generation Specialist", ""),
        ("Lead time analyst", ""),
        ("Internal Auditor", ""),
        ("International Sales", ""),
        ("Member of Technical Staff", ""),
        ("Chief of Staff", ""),
        ("Staff Nurse", ""),
        ("Middle East Editor", ""),
        ("Staff Engineer", "P6-P6"),
        ("Sales Associate", ""),
        ("Associate Engineer", "P2-P2 S2-S2 M4-M4"),
        ("Electrician Helper", "P1-P1 S1-S1"),
    ] {
        let query = analyzer.query(title, None);
        let mut found: Vec<String> = level(&query).split(' ').map(str::to_owned).collect();
        let mut wanted: Vec<String> = expected.split(' ').map(str::to_owned).collect();
        found.sort();
        wanted.sort();
        assert_eq!(found, wanted, "{title}");
    }
}

#[test]
fn management_of_things_is_no_office() {
    for (title, is_office) in [("Waste Management Operative", false), ("Pest Management Technician", false), ("Property Management", true)] {
        assert_eq!(analyzer().query(title, None).office.is_some(), is_office, "{title}");
    }
}

#[test]
fn offices_stay_in_the_name() {
    let query = analyzer().query("Senior DevOps Manager", None);
    assert_eq!(query.normalized(), "devops manager");
    assert_eq!(query.office.expect("manager is an office").ranges.to_string(), "M2-M2");
    assert!(query.level.is_some());
}

#[test]
fn level_only_and_vague() {
    let analyzer = analyzer();
    for title in ["P5", "P5–P6", "L5", "Senior"] {
        assert!(analyzer.query(title, None).level_only, "{title}");
    }
    for title in ["Engineer", "Manager", "Consultant", "Senior Consultant"] {
        assert!(analyzer.query(title, None).vague, "{title}");
    }
    assert!(!analyzer.query("Baker", None).vague);
}

#[test]
fn noise_is_recorded() {
    let query = analyzer().query("DevOps Engineer - Remote - Berlin (m/f/d) - Req 48213 - up to $150k", None);
    let kinds: Vec<&str> = query.noise.iter().map(|noise| noise.kind.0.as_ref()).collect();
    for kind in ["gender_marker", "requisition", "pay", "work_mode", "location"] {
        assert!(kinds.contains(&kind), "{kind} in {:?}", query.noise);
    }
}

#[test]
fn odd_input_is_data() {
    let analyzer = analyzer();
    for title in ["", "   ", "???", "\u{0}", "🙂🙂", "مهندس برمجيات", "()", "/", "- - -", "a\u{0}b", "P", "&", "@", "'s"] {
        let query = analyzer.query(title, None);
        assert_eq!(query.problem.is_some(), query.words.is_empty(), "{title:?}");
    }
    assert_eq!(analyzer.query(&"x ".repeat(5_000), None).problem, Some(InputProblem::TooLong));
}

proptest::proptest! {
    #[test]
    fn analysis_is_total_and_stable(title in "\\PC{0,60}") {
        let analyzer = analyzer_once();
        let first = analyzer.query(&title, None);
        let again = analyzer.query(&title, None);
        proptest::prop_assert_eq!(&first.words, &again.words);
        for word in &first.words {
            proptest::prop_assert!(title.get(word.raw.clone()).is_some());
        }
    }
}

fn analyzer_once() -> &'static Analyzer {
    static ONCE: std::sync::OnceLock<Analyzer> = std::sync::OnceLock::new();
    ONCE.get_or_init(analyzer)
}

#[test]
fn a_quick_look_overlooks_no_level() {
    let analyzer = analyzer();
    let english: LanguageLexicon = toml::from_str(include_str!("../../corpus/lexicon/en.toml")).expect("the English lexicon parses");
    let phrases = english.levels.keys().chain(english.offices.keys()).chain(english.abbreviations.keys()).cloned();
    let with_work = phrases.flat_map(|phrase| [format!("{phrase} nurse"), format!("Nurse, {phrase}"), phrase]);
    let mut stated = 0;
    for title in with_work {
        let query = analyzer.query(&title, None);
        if query.level.is_some() || query.office.is_some() || query.words.iter().any(Word::is_level) {
            stated += 1;
            assert!(analyzer.may_state_level(&title), "{title}");
        }
    }
    assert!(stated > 100, "only {stated} titles state a level");
    assert!(!analyzer.may_state_level("registered nurse operating room"));
}
