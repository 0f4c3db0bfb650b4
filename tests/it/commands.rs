//! Each command's output and exit code.

use crate::util::{WorkDir, root, tiny_index};

#[test]
fn match_answers_a_person_and_a_program() {
    let work = WorkDir::new();
    let page = work.run(&["match", "--index", tiny_index(), "Senior DevOps Engineer (Remote)"]).exits(0).stdout;
    assert!(page.contains("DEI.GEN.P5") && page.contains("P5") && page.contains("ignored: Remote"), "{page}");
    assert!(!page.contains('\u{1b}'), "no colours where nobody sees them");

    let ran = work.run(&["match", "--index", tiny_index(), "--json", "--limit", "2", "DEI.GEN.P5", "Nurse"]).exits(0);
    let answers = ran.json();
    assert_eq!(answers.len(), 2);
    assert_eq!(answers[0]["candidates"][0]["tier"], "code");
    assert_eq!(answers[1]["input"], "Nurse");
    let explained = work.run(&["match", "--index", tiny_index(), "--json", "--explain", "Registered Nurse"]).exits(0).json();
    assert!(explained[0]["candidates"][0]["explanation"]["sentences"][0].is_string());
}

#[test]
fn match_reads_titles_from_stdin() {
    let work = WorkDir::new();
    let arguments = ["match", "--index", tiny_index(), "--json"];
    let answers = work.run_with(&arguments, "\u{feff}Nurse\r\nDEI.GEN.P5\n\nG\u{e4}rtner").exits(0).json();
    let inputs: Vec<&str> = answers.iter().filter_map(|answer| answer["input"].as_str()).collect();
    assert_eq!(inputs, ["Nurse", "DEI.GEN.P5", "", "G\u{e4}rtner"]);
}

#[test]
fn built_in_canon_answers_from_any_directory() {
    let work = WorkDir::new();
    let ran = work.run(&["match", "--json", "Sr DevOps Eng"]).exits(0);
    assert_eq!(ran.json()[0]["candidates"][0]["code"], "DEI.GEN.P5");
    assert_eq!(ran.json()[0]["meta"]["taxonomy"], "canon@1");
}

#[test]
fn exit_codes_say_whose_fault_it_is() {
    let work = WorkDir::new();
    let index = tiny_index();
    work.file("broken.bin", "ROLECALL but no more");
    work.file("bad.toml", "x");
    work.file("codes.csv", "code,title\n,Nurse\n");
    work.file("unknown.csv", "title,code\nNurse,NO.SUCH.P1\n");
    work.file("list.csv", "title\nNurse\n");
    let cases: [(&str, &[&str], i32, &str); 22] = [
        ("found", &["match", "--index", index, "Registered Nurse"], 0, ""),
        ("nothing like it", &["match", "--index", index, "???"], 1, ""),
        ("no such role", &["role", "--index", index, "NO.SUCH.P1"], 1, "rolecall search"),
        ("near codes are offered", &["role", "--index", index, "DEI.GEN.P9"], 1, "DEI.GEN.P1"),
        ("nothing to suggest", &["suggest", "--index", index, "zzzzzz"], 1, ""),
        ("nothing found", &["search", "--index", index, "zzzzzz"], 1, ""),
        ("no command", &["frobnicate"], 2, "unrecognized"),
        ("bad flag", &["match", "--nope", "x"], 2, "--nope"),
        ("bad limit", &["match", "--index", index, "--limit", "0", "x"], 2, "from 1 to 50"),
        ("bad precision", &["match", "--index", index, "--accept-precision", "1.5", "x"], 2, "0.5 to 0.99"),
        ("bad language", &["match", "--index", index, "--lang", "xx", "x"], 2, "it has en"),
        ("bad scheme", &["match", "--index", index, "--emit", "nope", "x"], 2, "it has"),
        ("bad column", &["classify", "--index", index, "--title-col", "x", "list.csv"], 2, "it has title"),
        ("resume without file", &["classify", "--index", index, "--resume", "-"], 2, "--resume"),
        ("over the input", &["classify", "--index", index, "list.csv", "-o", "list.csv"], 2, "at the same time"),
        ("bad rows", &["import", "csv", "codes.csv", "-o", "t.jsonl"], 3, "codes.csv:2"),
        ("unknown code", &["match", "--index", index, "--overrides", "unknown.csv", "x"], 3, "unknown.csv:2"),
        ("no taxonomy", &["index", "list.csv", "-o", "x"], 3, "list.csv"),
        ("no index", &["match", "--index", "nowhere", "x"], 4, "rolecall index"),
        ("broken index", &["match", "--index", "broken.bin", "x"], 4, "rolecall index"),
        ("no file", &["classify", "--index", index, "nowhere.csv"], 5, "nowhere.csv"),
        ("no folder", &["index", "nowhere", "-o", "x"], 5, "nowhere"),
    ];
    for (name, arguments, code, message) in cases {
        let ran = work.run(arguments);
        assert_eq!(ran.code, Some(code), "{name}: {}{}", ran.stdout, ran.stderr);
        assert!(ran.stderr.contains(message), "{name}: stderr lacks {message:?}: {}", ran.stderr);
        if code > 1 {
            assert!(ran.stdout.is_empty(), "{name}: {}", ran.stdout);
        }
    }
}

#[test]
fn unwritable_output_and_broken_pipe() {
    let work = WorkDir::new();
    work.file("list.csv", "title\nNurse\n");
    work.run(&["classify", "--index", tiny_index(), "list.csv", "-o", "no/such/folder.csv"]).exits(5).says("folder.csv");

    // The reader goes away at once: that is its right, and no failure.
    let long = "title\n".to_owned() + &"Senior DevOps Engineer\n".repeat(50_000);
    work.file("long.csv", long);
    let mut child = work
        .command(&["classify", "--index", tiny_index(), "long.csv"])
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .expect("the program starts");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("the program ends");
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn records_are_shown() {
    let work = WorkDir::new();
    let index = tiny_index();
    let page = work.run(&["role", "--index", index, "dei.gen.p5"]).exits(0).stdout;
    for part in ["DEI.GEN.P5", "Level P5", "Skills", "Core outputs"] {
        assert!(page.contains(part), "{part}: {page}");
    }
    let record = work.run(&["role", "--index", index, "--json", "DEI.GEN.P5"]).exits(0).json();
    assert_eq!(record[0]["code"], "DEI.GEN.P5");
    let near = work.run(&["adjacent", "--index", index, "--json", "-n", "3", "DEI.GEN.P5"]).exits(0).json();
    assert_eq!(near.len(), 3);
    assert!(near.windows(2).all(|pair| pair[0]["distance"].as_f64() <= pair[1]["distance"].as_f64()));
    let levels = work.run(&["levels", "--index", index, "--json"]).exits(0).json();
    assert!(levels.iter().any(|level| level["code"] == "P5"));
    let suggested = work.run(&["suggest", "--index", index, "--json", "devo"]).exits(0).json();
    assert!(suggested.iter().any(|found| found["code"].as_str().is_some_and(|code| code.starts_with("DEI."))));
    let found = work.run(&["search", "--index", index, "--json", "--family", "DEI", "engineer"]).exits(0).json();
    assert!(found[0]["total"].as_u64() > Some(0));
    let info = work.run(&["info", "--index", index, "--json"]).exits(0).json();
    assert!(info[0]["index"]["roles"].as_u64() > Some(0));
    assert!(work.run(&["completions", "bash"]).exits(0).stdout.contains("rolecall"));
}

#[test]
fn normalize_reads_and_answers_nothing() {
    let work = WorkDir::new();
    let page = work.run(&["normalize", "--index", tiny_index(), "Sr. DevOps Eng. (Remote, m/f/d)"]).exits(0).stdout;
    assert_eq!(page.lines().next(), Some("devops engineer"));
    assert!(page.contains("level: senior = P5") && page.contains("noise: Remote (work_mode)"), "{page}");
    work.run(&["normalize", "--index", tiny_index(), "???"]).exits(1);
}

#[test]
fn an_imported_list_becomes_an_index() {
    let work = WorkDir::new();
    work.file("list.csv", "code,title,alias\n010,Baker,Pastry Chef\n020,Bus Driver,\n020,,Coach Driver\n");
    work.run(&["import", "csv", "list.csv", "-o", "t.jsonl"]).exits(0).says("2 roles");
    work.run(&["index", "t.jsonl", "-o", "own.bin", "--no-learning"]).exits(0).says("own.bin");
    let answer = work.run(&["match", "--index", "own.bin", "--json", "coach driver"]).exits(0).json();
    assert_eq!(answer[0]["candidates"][0]["code"], "020");
    work.run(&["index", "t.jsonl", "-o", "folder", "--no-learning", "--no-auxiliary"]).exits(0);
    assert!(work.path("folder/index.bin").exists());
    let same = work.run(&["diff", "own.bin", "folder"]).exits(0);
    assert!(same.stdout.is_empty(), "{}", same.stdout);
}

#[test]
fn indexes_are_compared() {
    let work = WorkDir::new();
    for (name, list) in [("a", "code,title\n1,Baker\n2,Driver\n3,Cook\n"), ("b", "code,title\n1,Baker\n3,Chef\n4,Driver\n")] {
        work.file(&format!("{name}.csv"), list);
        work.run(&["import", "csv", &format!("{name}.csv"), "--name", "t", "-o", &format!("{name}.jsonl")]).exits(0);
        work.run(&["index", &format!("{name}.jsonl"), "-o", name, "--no-learning", "--no-auxiliary"]).exits(0);
    }
    work.file("titles.txt", "Driver\nBaker\n");
    let ran = work.run(&["diff", "a", "b", "--titles", "titles.txt"]).exits(0).says("1 roles added, 1 removed, 1 changed; 1 titles");
    let lines: Vec<&str> = ran.stdout.lines().map(|line| line.split("  ").next().unwrap_or_default()).collect();
    assert_eq!(lines[..3], ["+ 4", "- 2", "~ 3"]);
    assert!(lines[3].starts_with("? Driver: ") && lines[3].ends_with(" 4"), "{}", lines[3]);
    let json = work.run(&["diff", "a", "b", "--json"]).exits(0).json();
    assert_eq!(json[0]["difference"], "role_added");
}

#[test]
fn overrides_win_are_checked_and_gathered() {
    let work = WorkDir::new();
    let index = tiny_index();
    work.file("own.csv", "title,code,note\nzebra whisperer,DEI.GEN.P5,agreed\n");
    let answer = work.run(&["match", "--index", index, "--overrides", "own.csv", "--json", "Zebra Whisperer (Remote)"]).exits(0).json();
    assert_eq!(answer[0]["candidates"][0]["tier"], "override");
    work.run(&["overrides", "check", "--index", index, "own.csv"]).exits(0).says("0 problems");
    work.file("bad.csv", "title,code\nzebra whisperer,DEI.GEN.P5\nwhisperer zebra,DEI.GEN.P4\n???,DEI.GEN.P5\nx y,NO.SUCH.P1\n");
    let problems = work.run(&["overrides", "check", "--index", index, "bad.csv"]).exits(3).stdout;
    let lines: Vec<&str> = problems.lines().map(|line| line.split(": ").next().unwrap_or_default()).collect();
    assert_eq!(lines, ["bad.csv:3", "bad.csv:4", "bad.csv:5"], "{problems}");

    work.file("in.csv", "title\nzebra whisperer\nzebra whisperer\nNurse\n");
    work.run(&["classify", "--index", index, "in.csv", "-o", "out.csv", "--review-out", "review.csv"]).exits(0);
    let review = work.read("review.csv").replacen("zebra whisperer,,", "zebra whisperer,dei.gen.p5,", 1);
    work.file("review.csv", review);
    work.file("feedback.jsonl", "{\"at\":1,\"index\":\"x\",\"title\":\"lion tamer\",\"verdict\":\"correct\",\"code\":\"DEI.GEN.P4\",\"by\":\"me\",\"note\":\"\"}\n");
    work.run(&["overrides", "export", "--index", index, "review.csv", "feedback.jsonl", "-o", "new.csv"]).exits(0).says("2 decisions");
    assert_eq!(work.read("new.csv"), "title,code,note\nzebra whisperer,dei.gen.p5,\nlion tamer,DEI.GEN.P4,\"feedback, 1 of 1 agree; me\"\n");
    work.run(&["overrides", "check", "--index", index, "new.csv"]).exits(0);
}

#[test]
fn a_role_page_is_imported() {
    let page = root().join("../shared/seed/canon-role-page.txt");
    let Some(data) = std::env::var_os("ROLECALL_DATA") else {
        eprintln!("SKIPPED a_role_page_is_imported: ROLECALL_DATA is unset");
        return;
    };
    let beside = std::path::Path::new(&data).join("../seed/canon-role-page.txt");
    let Some(path) = [beside, page].into_iter().find(|path| path.exists()) else {
        eprintln!("SKIPPED a_role_page_is_imported: there is no page");
        return;
    };
    let work = WorkDir::new();
    work.run(&["import", "page", &path.display().to_string(), "-o", "page.jsonl"]).exits(0);
    assert!(work.read("page.jsonl").contains("DEI.GEN.P5"));
}
