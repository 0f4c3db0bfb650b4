//! Which role answers where several bear a name.

use rolecall::build::{BuildOptions, build};
use rolecall::engine::{Engine, MatchOptions};
use rolecall::import::{CsvOptions, csv_text};
use rolecall::index::Index;

#[test]
fn a_name_goes_to_the_role_that_is_called_so_and_not_to_the_heading_above_it() {
    let rows = "code,title,alias\nG,Journalists,\nJ,Journalist,Reporter\nE,Editor,Journalist|News Editor|Copy Editor\nR,Repairer,\n";
    let taxonomy = csv_text("press.csv", rows, &CsvOptions::default()).expect("the list is sound").taxonomy;
    let options = BuildOptions { learn: false, ..BuildOptions::default() };
    let parts = build(taxonomy, &[], &options, &|_| {}).expect("it is built");
    let engine = Engine::new(Index::assemble(parts)).expect("it opens");
    let codes = |title: &str| -> Vec<String> {
        engine.classify(title, &MatchOptions::default()).candidates.iter().map(|candidate| candidate.code.to_string()).collect()
    };
    // Written as typed goes before an inflected form, and a title goes before an alias.
    assert_eq!(codes("Journalist"), ["J", "G", "E"]);
    assert_eq!(codes("journalist (m/w/d)"), ["J", "G", "E"]);
}
