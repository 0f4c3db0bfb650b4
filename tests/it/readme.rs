//! The commands of README.md run as they stand there.

use std::process::{Command, Stdio};

use crate::util::{WorkDir, root};

/// Lines that begin with `$ ` in the `console` blocks.
fn commands(readme: &str) -> Vec<String> {
    let mut inside = false;
    let mut commands = Vec::new();
    for line in readme.lines() {
        match line.trim() {
            "```console" => inside = true,
            "```" => inside = false,
            line if inside => commands.extend(line.strip_prefix("$ ").map(str::to_owned)),
            _ => {}
        }
    }
    commands
}

#[test]
fn the_commands_of_the_readme_run() {
    let readme = std::fs::read_to_string(root().join("README.md")).expect("README.md is there");
    let commands = commands(&readme);
    let own: Vec<&String> = commands.iter().filter(|command| command.starts_with("rolecall ")).collect();
    assert!(own.len() >= 5, "the readme shows the program at work: {commands:?}");
    let work = WorkDir::new();
    std::fs::create_dir(work.path("examples")).expect("the directory can be written");
    std::fs::copy(root().join("examples/titles.csv"), work.path("examples/titles.csv")).expect("the example is there");
    let program = std::path::Path::new(env!("CARGO_BIN_EXE_rolecall"));
    let folder = program.parent().expect("a program is in a folder").display().to_string();
    let path = format!("{folder}:{}", std::env::var("PATH").unwrap_or_default());
    for command in own {
        let output = Command::new("sh")
            .args(["-c", command])
            .env("PATH", &path)
            .env_remove("ROLECALL_INDEX")
            .current_dir(work.path(""))
            .stdin(Stdio::null())
            .output()
            .expect("a shell is there");
        assert!(output.status.success(), "{command}: {}", String::from_utf8_lossy(&output.stderr));
        assert!(!output.stdout.is_empty() || !output.stderr.is_empty(), "{command} says nothing");
    }
}
