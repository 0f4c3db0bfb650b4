//! Which role of a specialisation answers: the stated level, else the usual one.

use rolecall::build::{BuildOptions, build};
use rolecall::corpus;
use rolecall::engine::{Engine, MatchOptions};
use rolecall::index::Index;

use crate::util::root;

#[test]
fn a_title_without_a_level_is_at_the_usual_one() {
    let taxonomy = corpus::load(&root().join("tests/corpus")).expect("the tiny taxonomy loads").taxonomy;
    let options = BuildOptions { learn: false, ..BuildOptions::default() };
    let parts = build(taxonomy, &[], &options, &|_| {}).expect("it is built");
    let engine = Engine::new(Index::assemble(parts)).expect("it opens");
    let first = |title: &str| engine.classify(title, &MatchOptions::default()).candidates.swap_remove(0);
    for (title, code) in [("Bus Driver", "DRV.BUS.S2"), ("Truck Driver", "DRV.TRK.S3"), ("Senior Bus Driver", "DRV.BUS.S4")] {
        assert_eq!(first(title).code.as_str(), code, "{title}");
    }
    // Of S1 to S4 with S2 usual: 1 of 0.4 + 1 + 0.4 + 0.16.
    let (open, stated) = (first("Bus Driver").confidence, first("Senior Bus Driver").confidence);
    assert!((open / stated - 1.0 / 1.96).abs() < 0.01, "{open} of {stated}");
}
