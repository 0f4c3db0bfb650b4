//! The loader and the JSONL form on the tiny taxonomy of `tests/corpus` and on broken ones made here.

use std::path::{Path, PathBuf};

use crate::taxonomy::{AliasType, ComponentKind, LevelCode, ReviewStatus, Status};

use super::*;

fn tiny_path() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus")
}

fn tiny() -> Loaded {
    load(&tiny_path()).unwrap_or_else(|errors| panic!("{errors}"))
}

/// The lines of a loaded file that a place names.
fn line_at(place: &Place) -> String {
    let text = std::fs::read_to_string(&*place.file).expect("the place names a file");
    text.lines().nth(place.line as usize - 1).expect("the place names a line").to_owned()
}

/// Loads a taxonomy with the given files over a minimal one, and returns its problems as `path in folder:line: field: kind`.
fn problems_of(files: &[(&str, &str)]) -> Vec<String> {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let base = [
        ("taxonomy.toml", "name = \"t\"\n[schemes]\nsoc = \"2018\"\n"),
        ("levels.toml", "[[levels]]\ncode = \"P1\"\nlabel = \"One\"\n[[levels]]\ncode = \"P2\"\nlabel = \"Two\"\ntitle = \"Senior {}\"\n"),
        ("superfunctions.toml", "superfunctions = [{ code = \"TEC\", title = \"Technology\" }]\n"),
        ("families/ABC.toml", GOOD_FAMILY),
    ];
    std::fs::create_dir_all(folder.path().join("families")).expect("a folder can be made");
    for (name, text) in base.iter().chain(files) {
        std::fs::create_dir_all(folder.path().join(name).parent().expect("names are below the folder")).expect("a folder can be made");
        std::fs::write(folder.path().join(name), text).expect("a file can be written");
    }
    let Err(errors) = load(folder.path()) else { return Vec::new() };
    let prefix = format!("{}/", folder.path().display());
    let line = |problem: &Problem| format!("{}:{}: {}: {:?}", problem.file.replace(&prefix, ""), problem.line, problem.field, problem.kind);
    errors.problems.iter().map(line).collect()
}

const GOOD_FAMILY: &str = r#"code = "ABC"
title = "Alphabet"
superfunction = "TEC"
levels = ["P1-P2"]
[[specialisations]]
code = "GEN"
title = "Speller"
"#;

#[test]
fn the_minimal_taxonomy_is_good() {
    assert_eq!(problems_of(&[]), Vec::<String>::new());
}

#[test]
fn roles_are_expanded_and_inherit() {
    let taxonomy = tiny().taxonomy;
    let find = |code: &str| taxonomy.find_role(code).unwrap_or_else(|| panic!("{code} exists"));
    for (code, title, is_written) in [
        ("DEI.GEN.P5", "DevOps Engineering and Infrastructure Senior", true),
        ("DEI.GEN.P3", "DevOps Engineer", false),
        ("DEI.GEN.P1", "Junior DevOps Engineer", false),
        ("NUR.GEN.M1", "Charge Nurse", true),
        ("NUR.ICU.M2", "Intensive Care Nurse Manager", false),
    ] {
        let role = taxonomy.role(find(code));
        assert_eq!((role.title.as_str(), role.title_is_written), (title, is_written), "{code}");
    }
    assert_eq!(taxonomy.find_role("DEI.SRE.P1"), None, "levels of a specialisation narrow those of the family");
    let charge_nurse = taxonomy.role(find("NUR.GEN.M1"));
    assert_eq!(charge_nurse.aliases.len(), 1);
    assert_eq!((charge_nurse.aliases[0].text.as_str(), charge_nurse.aliases[0].alias_type), ("Ward Sister", AliasType::Level));

    let record = taxonomy.record(find("DEI.GEN.P5"));
    assert_eq!(record.status, Status::Draft);
    assert_eq!((record.region.as_str(), record.version), ("global", 1));
    assert_eq!(record.core_outputs, Some(Vec::new()));
    let soc = record.mappings.iter().find(|mapping| mapping.scheme == "soc").expect("mapped");
    assert_eq!((soc.granularity.as_str(), soc.scheme_version.as_str(), soc.review_status), ("major", "2018", ReviewStatus::NeedsReview));
    let isco = record.mappings.iter().find(|mapping| mapping.scheme == "isco").expect("inherited from the family");
    assert_eq!((isco.granularity.as_str(), isco.review_status, isco.source.as_str()), ("unit", ReviewStatus::Reviewed, "editorial"));
    let bases: Vec<&str> =
        record.components.iter().filter(|part| part.kind == ComponentKind::Skill).map(|part| part.basis.as_str()).collect();
    assert_eq!(bases, ["level", "specialisation", "family", "family", "family", "family"]);

    let retired = taxonomy.role(find("DEI.REL.P2"));
    assert_eq!(retired.status, Status::Deprecated);
    assert_eq!(retired.superseded_by.as_ref().map(crate::taxonomy::RoleCode::as_str), Some("DEI.GEN.P2"));
}

#[test]
fn the_usual_level_has_the_bare_title() {
    let levels = "levels = [\"P1-P2\"]\n";
    let family = GOOD_FAMILY.replace(levels, &format!("{levels}usual = \"P2\"\n"));
    assert_eq!(problems_of(&[("families/ABC.toml", &family)]), Vec::<String>::new());
    let wrong = family.replace("usual = \"P2\"", "usual = \"P3\"");
    assert_eq!(problems_of(&[("families/ABC.toml", &wrong)]), ["families/ABC.toml:5: usual: BadValue"]);

    let taxonomy = tiny().taxonomy;
    let title = |code: &str| taxonomy.role(taxonomy.find_role(code).unwrap_or_else(|| panic!("{code} exists"))).title.as_str();
    for (code, expected) in [
        ("DRV.BUS.S2", "Bus Driver"),
        ("DRV.BUS.S3", "Experienced Bus Driver"),
        ("DRV.BUS.S4", "Senior Bus Driver"),
        ("DRV.TRK.S3", "Truck Driver"),
        ("DRV.TRK.S2", "Junior Truck Driver"),
    ] {
        assert_eq!(title(code), expected, "{code}");
    }
}

#[test]
fn leading_levels_have_codes_of_their_own() {
    let taxonomy = tiny().taxonomy;
    let code = |role: &str| {
        let role = taxonomy.find_role(role).unwrap_or_else(|| panic!("{role} exists"));
        taxonomy.mappings(role).into_iter().find(|mapping| mapping.scheme == "soc").map(|mapping| mapping.code)
    };
    assert_eq!(code("DRV.BUS.S3").as_deref(), Some("53-3052"));
    assert_eq!(code("DRV.BUS.M1").as_deref(), Some("53-1043"));
}

#[test]
fn names_have_the_defaults_of_their_list() {
    let taxonomy = tiny().taxonomy;
    let aliases: Vec<_> = taxonomy.specialisations.iter().flat_map(|found| &found.aliases).collect();
    for (text, alias_type, score, lang, approved) in [
        ("Software Developer", AliasType::Common, 0.90, "en", true),
        ("Java Developer", AliasType::Variant, 0.80, "en", true),
        ("SWE", AliasType::Abbreviation, 0.80, "en", true),
        ("Computer Programmer", AliasType::Former, 0.70, "en", true),
        ("Infirmière", AliasType::Common, 0.85, "fr", true),
        ("AM", AliasType::Abbreviation, 0.50, "en", false),
    ] {
        let alias = aliases.iter().find(|alias| alias.text == text).unwrap_or_else(|| panic!("{text} exists"));
        assert_eq!((alias.alias_type, alias.confidence.score, alias.lang.as_str(), alias.approved), (alias_type, score, lang, approved));
    }
    assert_eq!(aliases.iter().filter(|alias| alias.text == "Product Engineer" && alias.ambiguous.is_some()).count(), 2);
}

#[test]
fn lists_are_in_order_and_numbers_agree() {
    let Loaded { taxonomy, places } = tiny();
    assert!(taxonomy.families.is_sorted_by_key(|family| &family.code));
    assert!(taxonomy.specialisations.is_sorted_by_key(|found| &found.code));
    let mut sorted = taxonomy.clone();
    sorted.sort_roles();
    assert_eq!(sorted, taxonomy);
    assert_eq!(places.roles.len(), taxonomy.roles.len());
    assert!(taxonomy.has_levels());
    assert_eq!(taxonomy.lexicon, built_in_lexicon());
    assert_eq!(load(&tiny_path()), Ok(tiny()), "loading twice gives the same");
}

#[test]
fn places_name_the_line_of_each_part() {
    let Loaded { taxonomy, places } = tiny();
    let mut checked = 0;
    for (found, places) in taxonomy.specialisations.iter().zip(&places.specialisations) {
        assert!(line_at(&places.place).contains("[[specialisations]]"));
        assert!(line_at(&places.field("title")).contains(&found.title));
        for (alias, place) in found.aliases.iter().zip(&places.aliases) {
            assert!(line_at(place).contains(alias.text.as_str()), "{place}: {}", alias.text);
            checked += 1;
        }
        for (component, place) in found.components.iter().zip(&places.components) {
            assert!(line_at(place).contains(&component.text), "{place}: {}", component.text);
        }
        assert_eq!(found.mappings.len(), places.mappings.len());
    }
    for (family, places) in taxonomy.families.iter().zip(&places.families) {
        for (mapping, place) in family.mappings.iter().zip(&places.mappings) {
            assert!(line_at(place).contains(&mapping.code), "{place}");
            checked += 1;
        }
    }
    for (role, places) in taxonomy.roles.iter().zip(&places.roles) {
        if role.title_is_written && places.fields.is_empty() {
            assert!(line_at(&places.place).contains(&role.title), "{}", places.place);
            checked += 1;
        }
        for (alias, place) in role.aliases.iter().zip(&places.aliases) {
            assert!(line_at(place).contains(alias.text.as_str()), "{place}");
        }
    }
    assert!(checked > 60, "{checked}");
    assert_eq!(taxonomy.levels[0].code, LevelCode::parse("P1").expect("a level"));
    assert!(line_at(&places.levels[0]).contains("[[levels]]"));
}

#[test]
fn every_problem_is_reported_with_its_place() {
    let broken = r#"code = "ABD"
title = ""
superfunction = "XXX"
levels = ["P1-P3", "Z9"]
colour = "red"
status = "nearly"
mappings = [{ scheme = "noc", code = "1", relation = "same" }]
[[specialisations]]
code = "gen"
title = "Speller"
names = ["Good", { text = "Odd", weight = 1, confidence = 2.0 }, 7]
[specialisations.titles]
P9 = ["Chief Speller"]
[[specialisations]]
code = "TWO"
title = "Second"
levels = ["P2"]
[specialisations.level.P1]
title = "First Second"
[[specialisations]]
code = "TWO"
title = "Third"
"#;
    let expected = [
        "families/ABC.toml:1: code: BadValue",
        "families/ABC.toml:2: title: BadValue",
        "families/ABC.toml:3: superfunction: BadValue",
        "families/ABC.toml:4: levels[0]: BadValue",
        "families/ABC.toml:4: levels[1]: BadValue",
        "families/ABC.toml:5: colour: UnknownKey",
        "families/ABC.toml:6: status: BadValue",
        "families/ABC.toml:7: mappings[0].relation: BadValue",
        "families/ABC.toml:7: mappings[0].scheme: BadValue",
        "families/ABC.toml:9: specialisations[0].code: BadValue",
        "families/ABC.toml:11: specialisations[0].names[1].confidence: BadValue",
        "families/ABC.toml:11: specialisations[0].names[1].weight: UnknownKey",
        "families/ABC.toml:11: specialisations[0].names[2]: WrongType",
        "families/ABC.toml:13: specialisations[0].titles.P9: BadValue",
        "families/ABC.toml:18: specialisations[1].level.P1: BadValue",
        "families/ABC.toml:21: specialisations[2].code: Duplicate",
    ];
    assert_eq!(problems_of(&[("families/ABC.toml", broken)]), expected);
}

#[test]
fn problems_of_the_other_files() {
    for (file, text, expected) in [
        ("taxonomy.toml", "name = \"t\"\n[distance]\ntrack = 0.5\n", "taxonomy.toml:2: distance: BadValue"),
        ("taxonomy.toml", "title = \"t\"\n", "taxonomy.toml:1: name: MissingKey"),
        ("taxonomy.toml", "name = \"t\"\ndefaults = 3\n", "taxonomy.toml:2: defaults: WrongType"),
        ("levels.toml", "[[levels]]\ncode = \"P1\"\nlabel = \"One\"\ntitle = \"Junior\"\n[[levels]]\ncode = \"P2\"\nlabel = \"Two\"\n", "levels.toml:4: levels[0].title: BadValue"),
        ("superfunctions.toml", "superfunctions = [{ code = \"TEC\", title = \"T\" }, { code = \"TEC\", title = \"U\" }]", "superfunctions.toml:1: superfunctions[1].code: Duplicate"),
        ("families/ABC.toml", "code = \n", "families/ABC.toml:1: : Syntax"),
        ("lexicon/en.toml", "lang = \"en\"\nlevles = 3\n", "lexicon/en.toml:2: : BadValue"),
        ("lexicon/en.toml", "lang = \"de\"\n", "lexicon/en.toml:1: lang: BadValue"),
        ("lexicon/en.toml", "lang = \"en\"\n[levels]\nsenior = \"P9-P5\"\n", "lexicon/en.toml:3: : BadValue"),
    ] {
        let found = problems_of(&[(file, text)]);
        assert!(found.contains(&expected.to_owned()), "{file} {text:?}: {found:?}");
    }
}

#[test]
fn unknown_keys_name_the_known_ones() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    std::fs::write(folder.path().join("taxonomy.toml"), "name = \"t\"\nnmae = \"u\"\n").expect("a file can be written");
    let errors = load(folder.path()).expect_err("files are missing and a key is unknown");
    let text = errors.to_string();
    assert!(text.contains("taxonomy.toml:2: nmae: is no key of the format"), "{text}");
    assert!(text.contains("draft_lowers_decision, languages, licence, name"), "{text}");
    assert!(text.contains("levels.toml: cannot be read"), "{text}");
    assert!(!errors.is_io());
}

#[test]
fn jsonl_round_trip() {
    let taxonomy = tiny().taxonomy;
    let folder = tempfile::tempdir().expect("a folder can be made");
    let path = folder.path().join("tiny.jsonl");
    store::write(&taxonomy, &path).expect("the folder is writable");
    let loaded = load(&path).unwrap_or_else(|errors| panic!("{errors}"));
    assert_eq!(loaded.taxonomy, taxonomy);
    assert_eq!(loaded.taxonomy.fingerprint(), taxonomy.fingerprint());
    for (role, places) in taxonomy.roles.iter().zip(&loaded.places.roles) {
        assert!(line_at(&places.place).contains(&format!("\"{}\"", role.code)));
    }
    let left: Vec<_> = std::fs::read_dir(folder.path()).expect("readable").collect();
    assert_eq!(left.len(), 1, "no temporary file stays");
    let mut other = taxonomy.clone();
    other.lexicon.languages.remove("sv");
    store::write(&other, &path).expect("an existing file is replaced");
    assert_eq!(load(&path).expect("just written").taxonomy, other, "a lexicon of its own is kept");
}

#[test]
fn damaged_jsonl_is_refused_with_the_way_out() {
    let mut bytes = Vec::new();
    store::write_lines(&tiny().taxonomy, &mut bytes).expect("memory takes everything");
    let text = String::from_utf8(bytes).expect("JSON is UTF-8");
    let lines: Vec<&str> = text.lines().collect();
    let refused = |text: &str| store::parse("t.jsonl", text.as_bytes()).expect_err("damaged").problems;

    let newer = text.replacen("\"rolecall_taxonomy\":1", "\"rolecall_taxonomy\":2", 1);
    assert_eq!(refused(&newer)[0].kind, ProblemKind::NewerFormat);
    assert!(refused(&newer)[0].to_string().contains("t.jsonl:1: the file has format 2"));
    assert_eq!(refused(&lines[..lines.len() - 1].join("\n"))[0].kind, ProblemKind::Truncated);
    let cut = refused(&text[..text.len() - 40]);
    assert_eq!((cut[0].kind, cut[0].line), (ProblemKind::Syntax, lines.len() as u32));
    let bad_line = text.replacen(lines[2], "{\"role\": 1}", 1);
    assert_eq!((refused(&bad_line)[0].kind, refused(&bad_line)[0].line), (ProblemKind::Syntax, 3));
    for first in ["", "code,title", "{}", "\u{0}"] {
        assert_eq!(refused(first)[0].kind, ProblemKind::Syntax, "{first:?}");
    }
    let last = lines[lines.len() - 1];
    let dangling = text.replace(last, &last.replacen("\"specialisation\":", "\"specialisation\":9", 1));
    assert!(refused(&dangling)[0].message.contains("is not in the file"), "{:?}", refused(&dangling));
    let missing = load(Path::new("/nonexistent/t.jsonl")).expect_err("there is none");
    assert!(missing.is_io());
}

#[test]
fn the_canon_corpus_loads() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus");
    let loaded = load(&corpus).unwrap_or_else(|errors| panic!("{errors}"));
    assert_eq!(loaded.taxonomy.manifest.name, "canon");
    assert!(loaded.taxonomy.find_role("DEI.GEN.P5").is_some());
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(64))]

    #[test]
    fn no_family_panics(at in 0..GOOD_FAMILY.len(), insert in "([\\[\\]{}\"=.\n]|names = |[a-zP-S0-9é]){0,8}") {
        let broken = format!("{}{insert}{}", &GOOD_FAMILY[..at], &GOOD_FAMILY[at..]);
        for problem in problems_of(&[("families/ABC.toml", &broken)]) {
            proptest::prop_assert!(!problem.contains(":0:"), "{problem}");
        }
    }

    #[test]
    fn no_jsonl_panics(text in ".{0,80}", cut in 0usize..4000) {
        let mut bytes = Vec::new();
        store::write_lines(&tiny().taxonomy, &mut bytes).expect("memory takes everything");
        bytes.truncate(bytes.len().saturating_sub(cut + 2));
        proptest::prop_assert!(store::parse("t", &bytes).is_err());
        proptest::prop_assert!(store::parse("t", text.as_bytes()).is_err());
    }
}
