//! Modules depend one way, and heavy dependencies stay where they belong.

use std::path::{Path, PathBuf};

use crate::util::root;

/// Modules from the ground up: one may use those before it and itself. Those of one row do not use each other.
const LAYERS: [&[&str]; 12] = [
    &["taxonomy"],
    &["analysis", "learn"],
    &["corpus"],
    &["import", "holdout"],
    &["index"],
    &["retrieve"],
    &["rank"],
    &["decide"],
    &["engine"],
    &["build", "batch", "lint", "canon"],
    &["eval"],
    &["server"],
];

fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).expect("the folder can be read") {
        let path = entry.expect("the folder can be read").path();
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// The module that a file of `src` belongs to.
fn module_of(path: &Path) -> String {
    let inner = path.strip_prefix(root().join("src")).expect("the file is in src");
    let first = inner.components().next().expect("it has a name").as_os_str().to_string_lossy();
    first.trim_end_matches(".rs").to_owned()
}

/// Code without its comments and its tests, which may look at everything.
fn code(path: &Path) -> String {
    let text = std::fs::read_to_string(path).expect("a source can be read");
    let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
    code.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

fn is_test(path: &Path) -> bool {
    path.components().any(|part| part.as_os_str() == "tests") || path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("tests"))
}

#[test]
fn modules_depend_one_way() {
    let mut wrong = Vec::new();
    let mut seen = 0;
    for path in sources(&root().join("src")).into_iter().filter(|path| !is_test(path)) {
        let module = module_of(&path);
        // Unit tests in files of their own may use what stands above their module.
        let is_test = path.file_stem().is_some_and(|stem| stem.to_string_lossy().starts_with("tests"));
        if is_test || matches!(module.as_str(), "main" | "lib" | "cli") {
            continue;
        }
        let own = LAYERS.iter().position(|layer| layer.contains(&module.as_str()));
        let own = own.unwrap_or_else(|| panic!("{module} is in no layer: place it in LAYERS and in ARCHITECTURE.md"));
        let code = code(&path);
        for (number, layer) in LAYERS.iter().enumerate() {
            for other in layer.iter().filter(|other| **other != module) {
                let used = code.contains(&format!("crate::{other}::")) || code.contains(&format!("crate::{other};"));
                seen += usize::from(used);
                if used && number >= own {
                    wrong.push(format!("{} uses {other}", path.display()));
                }
            }
        }
    }
    assert!(seen > 50, "uses are found");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn heavy_dependencies_stay_where_they_belong() {
    let places: [(&str, &[&str]); 6] = [
        ("axum", &["server", "cli"]),
        ("tokio", &["server", "cli"]),
        ("clap", &["cli"]),
        ("indicatif", &["cli"]),
        ("tantivy", &["index"]),
        ("parquet", &["batch"]),
    ];
    let mut wrong = Vec::new();
    for path in sources(&root().join("src")) {
        let (module, code) = (module_of(&path), code(&path));
        for (name, modules) in places {
            if code.contains(&format!("{name}::")) && !modules.contains(&module.as_str()) {
                wrong.push(format!("{} uses {name}", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
