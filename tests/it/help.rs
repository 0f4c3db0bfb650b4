//! Snapshots of what `--help` says: whoever changes a flag sees it in the diff.

use crate::util::WorkDir;

const COMMANDS: [&[&str]; 23] = [
    &[],
    &["match"],
    &["classify"],
    &["suggest"],
    &["search"],
    &["role"],
    &["adjacent"],
    &["levels"],
    &["normalize"],
    &["import"],
    &["import", "onet"],
    &["import", "esco"],
    &["import", "csv"],
    &["import", "page"],
    &["index"],
    &["info"],
    &["diff"],
    &["overrides"],
    &["overrides", "check"],
    &["overrides", "export"],
    &["completions"],
    &["lint"],
    &["adapt"],
];

#[test]
fn help_says_what_it_said() {
    let work = WorkDir::new();
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../snapshots");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    for command in COMMANDS {
        let arguments: Vec<&str> = command.iter().copied().chain(["--help"]).collect();
        let help = work.run(&arguments).exits(0).stdout;
        let name = std::iter::once("help").chain(command.iter().copied()).collect::<Vec<_>>().join("-");
        settings.bind(|| insta::assert_snapshot!(name, help));
    }
}
