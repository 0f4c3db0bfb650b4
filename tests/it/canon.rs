//! The index built into the program follows from `corpus/`.

use crate::util::root;

/// Everybody who clones or installs the program carries the file.
const MAX_BYTES: u64 = 10 << 20;

#[test]
fn the_built_in_index_is_current() {
    let current = rolecall::canon::is_current(&root().join("corpus")).expect("corpus/ loads");
    assert!(current, "index/canon.bin is not made from corpus/ as it is: run scripts/build-canon and commit the file");
    if let Err(error) = rolecall::canon::engine() {
        panic!("{error}");
    }
}

#[test]
fn the_built_in_index_is_small() {
    let bytes = std::fs::metadata(root().join("index/canon.bin")).expect("the file is committed").len();
    assert!(bytes <= MAX_BYTES, "{bytes} bytes: lower DIMS in scripts/build-canon");
}

#[test]
fn nothing_typed_offers_as_many_roles_as_are_asked_for() {
    let engine = rolecall::canon::engine().expect("the built-in Canon opens");
    for wanted in [1, 8, 300] {
        let offered = engine.suggest("", wanted);
        let specialisations: std::collections::HashSet<String> =
            offered.iter().map(|suggestion| suggestion.code.as_str().rsplit_once('.').expect("a code of Canon has a level").0.to_owned()).collect();
        assert_eq!((offered.len(), specialisations.len()), (wanted, wanted));
    }
}

#[test]
fn parts_of_a_title_go_unless_a_role_accounts_for_them() {
    let engine = rolecall::canon::engine().expect("the built-in Canon opens");
    let left_out = |title: &str| -> Vec<String> { engine.analyze(title, None).noise.into_iter().map(|noise| noise.text).collect() };
    assert_eq!(left_out("Roofer - Twin Bridges - golden hello on offer"), ["Twin Bridges", "golden hello on offer"]);
    // By the roles of the part in front, by those of the whole, and a title of one part whatever it holds.
    for title in ["Nurse - Operating Room", "Engineer - Solar Panels", "Engineer - Elevators", "Twin Bridges Roofer"] {
        assert_eq!(left_out(title), [""; 0], "{title}");
    }
}
