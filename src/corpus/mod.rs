//! Turns a taxonomy's files, a folder of reviewable text or one JSONL file, into a [`Taxonomy`], and back into JSONL.
//!
//! Loading is deterministic (folders are read in order of name), stops at nothing but unreadable files, and reports every
//! problem with file, line, field and the way out. It checks what the format demands; whether the content is any good is
//! lint's matter. The description of the text form is `corpus/README.md`.

mod assemble;
mod family_file;
mod granularity;
mod head;
mod lexicon;
mod parts;
mod places;
mod problem;
pub mod store;
#[cfg(test)]
mod tests;
mod toml_tree;

pub use granularity::granularity;
pub(crate) use granularity::LONG_SOC_MINOR_GROUPS;
pub use lexicon::built_in_lexicon;
pub use places::{Place, Places, RecordPlaces};
pub use problem::{CorpusErrors, Problem, ProblemKind};

use std::cell::RefCell;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::taxonomy::{LevelCode, Taxonomy};

use family_file::{FamilyFile, Known};
use toml_tree::{Source, Table};

/// Language of names in a taxonomy that states none.
const DEFAULT_LANGUAGE: &str = "en";

/// A taxonomy with the places of its parts.
#[derive(Debug, Clone, PartialEq)]
pub struct Loaded {
    /// The taxonomy.
    pub taxonomy: Taxonomy,
    /// Where its parts are written.
    pub places: Places,
}

/// Loads a taxonomy from a folder in the text form or from a JSONL file.
///
/// A folder without lexicon files gets the [built-in ones](built_in_lexicon).
///
/// # Errors
/// [`CorpusErrors`] lists every problem with its place.
pub fn load(path: &Path) -> Result<Loaded, CorpusErrors> {
    if path.is_dir() { load_folder(path) } else { store::read(path) }
}

fn load_folder(root: &Path) -> Result<Loaded, CorpusErrors> {
    let problems = RefCell::new(Vec::new());
    let mut taxonomy = Taxonomy::default();
    let mut places = Places::default();

    let head = with_file(&root.join("taxonomy.toml"), &problems, |table| {
        let place = table.place();
        (head::manifest(table), place)
    });
    let mut defaults = head::RecordFacts::default();
    if let Some(((manifest, facts), place)) = head {
        taxonomy.manifest = manifest;
        defaults = facts;
        places.manifest = Some(place);
    }
    let levels = with_file(&root.join("levels.toml"), &problems, head::levels).unwrap_or_default();
    (taxonomy.tracks, taxonomy.levels, places.levels) = (levels.tracks, levels.levels, levels.places);
    let superfunctions = with_file(&root.join("superfunctions.toml"), &problems, head::superfunctions).unwrap_or_default();
    (taxonomy.superfunctions, places.superfunctions) = superfunctions.into_iter().unzip();

    let files = read_families(root, &taxonomy, &problems);
    assemble::families(files, &defaults, &levels.beside, &mut taxonomy, &mut places);
    read_lexicon(root, &mut taxonomy, &mut places, &problems);

    let problems = problems.into_inner();
    if problems.is_empty() { Ok(Loaded { taxonomy, places }) } else { Err(CorpusErrors::new(problems)) }
}

fn read_families(root: &Path, taxonomy: &Taxonomy, problems: &RefCell<Vec<Problem>>) -> Vec<FamilyFile> {
    let level_codes: Vec<LevelCode> = taxonomy.levels.iter().map(|level| level.code).collect();
    let superfunctions: Vec<String> = taxonomy.superfunctions.iter().map(|known| known.code.clone()).collect();
    let known = Known {
        levels: &level_codes,
        superfunctions: &superfunctions,
        schemes: &taxonomy.manifest.schemes,
        main_language: taxonomy.manifest.languages.first().map_or(DEFAULT_LANGUAGE, String::as_str),
    };
    let folder = root.join("families");
    let paths = toml_files(&folder, problems);
    if paths.as_ref().is_none_or(Vec::is_empty) && problems.borrow().is_empty() {
        let message = "holds no families: write families/CODE.toml, one file a family".to_owned();
        note_whole_file(&folder, ProblemKind::MissingKey, message, problems);
    }
    let read = |(stem, path): (String, PathBuf)| with_file(&path, problems, |table| family_file::read(table, &stem, &known))?;
    let mut families: Vec<FamilyFile> = paths.unwrap_or_default().into_iter().filter_map(read).collect();
    families.sort_by(|a, b| a.code.value.cmp(&b.code.value));
    families
}

fn read_lexicon(root: &Path, taxonomy: &mut Taxonomy, places: &mut Places, problems: &RefCell<Vec<Problem>>) {
    let folder = root.join("lexicon");
    let files = if folder.is_dir() { toml_files(&folder, problems).unwrap_or_default() } else { Vec::new() };
    if files.is_empty() {
        taxonomy.lexicon = built_in_lexicon();
        return;
    }
    for (lang, path) in files {
        let Some(text) = read_text(&path, problems) else { continue };
        if let Some(tables) = lexicon::read(&path.display().to_string(), &lang, &text, problems, places) {
            taxonomy.lexicon.languages.insert(lang, tables);
        }
    }
}

/// The TOML files of a folder by name, with their names less the ending.
fn toml_files(folder: &Path, problems: &RefCell<Vec<Problem>>) -> Option<Vec<(String, PathBuf)>> {
    let entries = std::fs::read_dir(folder).and_then(|entries| entries.collect::<Result<Vec<_>, _>>());
    match entries {
        Ok(entries) => {
            let paths = entries.into_iter().map(|entry| entry.path());
            let mut files: Vec<(String, PathBuf)> =
                paths.filter_map(|path| Some((lexicon::toml_stem(&path)?, path))).collect();
            files.sort();
            Some(files)
        }
        Err(error) => {
            note_whole_file(folder, ProblemKind::Io, format!("cannot be read ({error}): check that the folder exists"), problems);
            None
        }
    }
}

fn note_whole_file(path: &Path, kind: ProblemKind, message: String, problems: &RefCell<Vec<Problem>>) {
    let file: Arc<str> = path.display().to_string().into();
    problems.borrow_mut().push(Problem { file, line: 0, field: String::new(), kind, message });
}

/// A file's text, which must be UTF-8; a byte order mark is dropped.
fn read_text(path: &Path, problems: &RefCell<Vec<Problem>>) -> Option<String> {
    let bytes = match std::fs::read(path) {
        Ok(bytes) => bytes,
        Err(error) => {
            note_whole_file(path, ProblemKind::Io, format!("cannot be read ({error}): check that it exists"), problems);
            return None;
        }
    };
    match String::from_utf8(bytes) {
        Ok(text) => Some(text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text)),
        Err(error) => {
            let offset = error.utf8_error().valid_up_to();
            note_whole_file(path, ProblemKind::Syntax, format!("is not UTF-8 from byte {offset} on: save it as UTF-8"), problems);
            None
        }
    }
}

/// Reads a TOML file and hands its top table to a reader; `None` when it cannot be read or parsed.
fn with_file<T>(path: &Path, problems: &RefCell<Vec<Problem>>, read: impl FnOnce(&Table<'_>) -> T) -> Option<T> {
    let text = read_text(path, problems)?;
    let source = Source::new(path.display().to_string().into(), &text, problems);
    let tree = source.parse()?;
    Some(read(&Table::root(&source, &tree)))
}
