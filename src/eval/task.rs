//! Turns a folder of labels, queries and gold codes into a taxonomy and questions.
//!
//! `labels.tsv` (code, label, kind) is the whole taxonomy: the first label of kind `preferred` is the title, the others are
//! aliases. `queries.tsv` (id, text) and `gold.tsv` (id, code) are the questions; several codes may be right.

use std::collections::BTreeMap;
use std::path::Path;

use rustc_hash::FxHashMap;

use super::table::{self, Table};
use super::{EvalError, Question, Questions};
use crate::analysis::guess_language;
use crate::corpus::built_in_lexicon;
use crate::taxonomy::{Alias, AliasType, Manifest, Role, RoleCode, Specialisation, SpecialisationId, Taxonomy};

/// Language of labels of which no lexicon knows a word.
const UNKNOWN_LANGUAGE: &str = "en";

/// A task ready to be indexed and asked.
#[derive(Debug)]
pub struct Task {
    /// The labels.
    pub taxonomy: Taxonomy,
    /// The queries with their gold codes.
    pub questions: Questions,
}

/// What a task is given beside its folder.
#[derive(Debug, Clone, Copy, Default)]
pub struct TaskOptions<'t> {
    /// A taxonomy that has texts (summaries, tasks, skills) for the task's codes.
    pub texts: Option<&'t Taxonomy>,
}

/// Reads a task folder.
///
/// # Errors
/// When a file is missing or a row is broken.
pub fn task(folder: &Path, options: TaskOptions<'_>) -> Result<Task, EvalError> {
    let name = folder.file_name().map_or_else(|| "task".to_owned(), |name| name.to_string_lossy().into_owned());
    let mut taxonomy = labels(&folder.join("labels.tsv"), &name)?;
    if let Some(texts) = options.texts {
        add_texts(&mut taxonomy, texts);
    }
    let questions = queries(folder, name)?;
    Ok(Task { taxonomy, questions })
}

fn labels(path: &Path, name: &str) -> Result<Taxonomy, EvalError> {
    let table = table::read(path)?;
    let (code, label, kind) = (table.column(path, &["code"])?, table.column(path, &["label"])?, table.column(path, &["kind"])?);
    let lexicon = built_in_lexicon();
    let lang = guess_language(&lexicon, table.rows.iter().map(|(_, row)| Table::cell(row, label)));
    let lang = lang.unwrap_or_else(|| UNKNOWN_LANGUAGE.to_owned());
    let mut by_code: BTreeMap<String, (Option<String>, Vec<String>)> = BTreeMap::new();
    for (_, row) in &table.rows {
        let (title, aliases) = by_code.entry(Table::cell(row, code).to_owned()).or_default();
        let text = Table::cell(row, label).to_owned();
        if title.is_none() && Table::cell(row, kind) == "preferred" {
            *title = Some(text);
        } else {
            aliases.push(text);
        }
    }
    let mut taxonomy = Taxonomy {
        manifest: Manifest { name: name.to_owned(), languages: vec![lang.clone()], ..Manifest::default() },
        lexicon,
        ..Taxonomy::default()
    };
    for (code, (title, mut aliases)) in by_code {
        let role_code = RoleCode::new(code.clone()).map_err(|error| EvalError::Form { path: path.to_owned(), line: 0, message: error.to_string() })?;
        let title = title.unwrap_or_else(|| aliases.remove(0));
        let id = SpecialisationId(taxonomy.specialisations.len() as u32);
        taxonomy.roles.push(Role::plain(role_code, id, title.clone(), ""));
        taxonomy.specialisations.push(plain_specialisation(code, title, aliases, &lang));
    }
    Ok(taxonomy)
}

/// A specialisation of nothing but names.
pub(super) fn plain_specialisation(code: String, title: String, aliases: Vec<String>, lang: &str) -> Specialisation {
    Specialisation {
        code,
        title,
        family: None,
        group: None,
        title_is_name: true,
        summary: String::new(),
        aliases: aliases.into_iter().map(|text| Alias::approved(text, AliasType::Common, lang, "")).collect(),
        components: Vec::new(),
        mappings: Vec::new(),
        core_outputs: None,
        related: Vec::new(),
    }
}

fn queries(folder: &Path, name: String) -> Result<Questions, EvalError> {
    let (queries_path, gold_path) = (folder.join("queries.tsv"), folder.join("gold.tsv"));
    let gold = table::read(&gold_path)?;
    let (id, code) = (gold.column(&gold_path, &["id"])?, gold.column(&gold_path, &["code"])?);
    let mut right: FxHashMap<&str, Vec<String>> = FxHashMap::default();
    for (_, row) in &gold.rows {
        right.entry(Table::cell(row, id)).or_default().push(Table::cell(row, code).to_owned());
    }
    let table = table::read(&queries_path)?;
    let (id, text) = (table.column(&queries_path, &["id"])?, table.column(&queries_path, &["text"])?);
    let mut list = Vec::with_capacity(table.rows.len());
    for (line, row) in &table.rows {
        let id = Table::cell(row, id);
        let Some(right) = right.get(id) else {
            let message = format!("query {id:?} has no row in gold.tsv: add one or take the query out");
            return Err(EvalError::Form { path: queries_path, line: *line, message });
        };
        list.push(Question { id: id.to_owned(), text: Table::cell(row, text).to_owned(), right: right.clone() });
    }
    Ok(Questions { name, list })
}

/// Copies texts of the same codes; a code without its own takes that of the code it is the beginning of (`11-1011` that of
/// `11-1011.00`).
fn add_texts(taxonomy: &mut Taxonomy, texts: &Taxonomy) {
    let mut by_code: FxHashMap<&str, &Specialisation> = FxHashMap::default();
    for specialisation in &texts.specialisations {
        if let Some((stem, _)) = specialisation.code.split_once('.') {
            by_code.entry(stem).or_insert(specialisation);
        }
    }
    by_code.extend(texts.specialisations.iter().map(|specialisation| (specialisation.code.as_str(), specialisation)));
    for specialisation in &mut taxonomy.specialisations {
        if let Some(found) = by_code.get(specialisation.code.as_str()) {
            specialisation.summary = found.summary.clone();
            specialisation.components = found.components.clone();
        }
    }
}

/// Adds the names of auxiliaries that share codes with a taxonomy to the same concepts, and returns the auxiliaries that
/// share none, which may train as heads of their own.
///
/// The taxonomy's own language stays first; the languages of added names follow it.
pub fn join_auxiliaries(taxonomy: &mut Taxonomy, auxiliaries: Vec<Taxonomy>) -> Vec<Taxonomy> {
    let place_of: FxHashMap<String, usize> =
        taxonomy.specialisations.iter().enumerate().map(|(place, specialisation)| (specialisation.code.clone(), place)).collect();
    let mut heads = Vec::new();
    for auxiliary in auxiliaries {
        let shared = auxiliary.specialisations.iter().filter(|specialisation| place_of.contains_key(&specialisation.code)).count();
        if shared == 0 {
            heads.push(auxiliary);
            continue;
        }
        let main_lang = auxiliary.manifest.languages.first().cloned().unwrap_or_else(|| UNKNOWN_LANGUAGE.to_owned());
        for found in &auxiliary.specialisations {
            let Some(place) = place_of.get(&found.code) else { continue };
            let own = &mut taxonomy.specialisations[*place];
            let title = Alias::approved(found.title.clone(), AliasType::Preferred, &main_lang, &auxiliary.manifest.name);
            for alias in std::iter::once(title).chain(found.aliases.iter().cloned()) {
                if alias.text != own.title && !own.aliases.iter().any(|known| known.text == alias.text && known.lang == alias.lang) {
                    own.aliases.push(alias);
                }
            }
            if own.summary.is_empty() {
                own.summary.clone_from(&found.summary);
            }
            if own.components.is_empty() {
                own.components.clone_from(&found.components);
            }
        }
        for lang in auxiliary.manifest.languages {
            if !taxonomy.manifest.languages.contains(&lang) {
                taxonomy.manifest.languages.push(lang);
            }
        }
    }
    heads
}

#[cfg(test)]
mod tests {
    use super::*;

    fn write(folder: &Path, labels: &str, queries: &str, gold: &str) {
        for (name, text) in [("labels.tsv", labels), ("queries.tsv", queries), ("gold.tsv", gold)] {
            std::fs::write(folder.join(name), text).expect("a temporary folder can be written");
        }
    }

    #[test]
    fn a_folder_becomes_roles_and_questions() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        write(
            folder.path(),
            "code\tlabel\tkind\n2\tNurse of \"St. Mary\"\talias\n2\tNurses\tpreferred\n1\tWelder\talias\n",
            "id\ttext\nq1\tward nurse\n",
            "id\tcode\nq1\t2\nq1\t1\n",
        );
        let task = task(folder.path(), TaskOptions::default()).expect("a well-formed task");
        assert_eq!(task.taxonomy.specialisations.iter().map(|found| found.title.as_str()).collect::<Vec<_>>(), ["Welder", "Nurses"]);
        assert_eq!(task.taxonomy.specialisations[1].aliases[0].text, "Nurse of \"St. Mary\"");
        assert_eq!(task.questions.list[0].right, ["2", "1"]);
        assert_eq!(task.taxonomy.find_role("2"), Some(crate::taxonomy::RoleId(1)));
    }

    #[test]
    fn a_query_without_gold_is_named() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        write(folder.path(), "code\tlabel\tkind\n1\tWelder\tpreferred\n", "id\ttext\nq1\tnurse\n", "id\tcode\n");
        let error = task(folder.path(), TaskOptions::default()).expect_err("gold is missing").to_string();
        assert!(error.contains("queries.tsv:2") && error.contains("q1"), "{error}");
    }

    #[test]
    fn auxiliaries_with_the_same_codes_add_names() {
        let taxonomy = |code: &str, title: &str, lang: &str| Taxonomy {
            manifest: Manifest { name: lang.to_owned(), languages: vec![lang.to_owned()], ..Manifest::default() },
            specialisations: vec![plain_specialisation(code.to_owned(), title.to_owned(), Vec::new(), lang)],
            ..Taxonomy::default()
        };
        let mut own = taxonomy("1", "welder", "en");
        let heads = join_auxiliaries(&mut own, vec![taxonomy("1", "Schweißer", "de"), taxonomy("9", "Maurer", "de")]);
        assert_eq!(heads.len(), 1);
        assert_eq!(own.specialisations[0].aliases[0].text, "Schweißer");
        assert_eq!(own.manifest.languages, ["en", "de"]);
    }
}
