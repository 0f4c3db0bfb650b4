//! Turns ESCO's occupation and ISCO group files of any number of languages into a taxonomy: a role for each concept.
//!
//! Files are known by name (`occupations_de.csv`, `ISCOGroups_de.csv`) and joined by `conceptUri`, which is also the role's
//! code. English is read first, then the other languages in order of their code; where the editions differ, what was read
//! first holds and later files add names.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use rustc_hash::FxHashMap;

use crate::corpus::built_in_lexicon;
use crate::taxonomy::{
    Alias, AliasType, Group, GroupId, Manifest, Mapping, Relation, ReviewStatus, Role, RoleCode, Specialisation, SpecialisationId,
    Status, Taxonomy,
};

use super::gender_pair::split_gender_pair;
use super::table::{Layout, Row, Table};
use super::{AliasList, ImportError, Imported, Notice, RowProblem, name_of};

/// Language that titles are taken from where a concept has it.
const TITLE_LANGUAGE: &str = "en";

/// What an ESCO import may be asked for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct EscoOptions {
    /// Whether an ISCO group is a role as well, so that a title may be answered with a group.
    pub groups: bool,
}

/// A concept while its labels are gathered.
#[derive(Default)]
struct Concept {
    title: String,
    title_lang: String,
    summary: String,
    isco: String,
    is_retired: bool,
    labels: Vec<Label>,
    /// Languages read and the line it was found on, to notice a second row in one file.
    last_seen: (usize, u32),
}

/// A label with its language and sort.
struct Label {
    text: String,
    lang: String,
    alias_type: AliasType,
}

/// What stands in the files of one kind, by concept.
#[derive(Default)]
struct Concepts {
    by_uri: BTreeMap<String, Concept>,
    problems: Vec<RowProblem>,
    notices: Vec<Notice>,
}

/// Imports every ESCO file found in folders.
///
/// # Errors
/// See [`ImportError`]; at least one `occupations_XX.csv` must be there.
pub fn esco(folders: &[&Path], options: EscoOptions) -> Result<Imported, ImportError> {
    let occupation_files = language_files(folders, "occupations_")?;
    if occupation_files.is_empty() {
        let names: Vec<String> = folders.iter().map(|folder| name_of(folder)).collect();
        return Err(ImportError::NothingToImport { folder: names.join(", "), expected: "occupations_XX.csv".to_owned() });
    }
    let group_files = language_files(folders, "ISCOGroups_")?;
    let mut notices = Vec::new();
    if group_files.is_empty() {
        let message = "ISCOGroups_XX.csv is not there: groups come without titles".to_owned();
        notices.push(Notice { file: name_of(&occupation_files[0].1), line: 0, message });
    }
    let mut occupations = Concepts::default();
    for (number, (lang, path)) in occupation_files.iter().enumerate() {
        occupations.read(number + 1, lang, path, "Occupation", "iscoGroup")?;
    }
    let mut groups = Concepts::default();
    for (number, (lang, path)) in group_files.iter().enumerate() {
        groups.read(number + 1, lang, path, "ISCOGroup", "code")?;
    }
    let problems: Vec<RowProblem> = occupations.problems.drain(..).chain(groups.problems.drain(..)).collect();
    if !problems.is_empty() {
        return Err(ImportError::Rows(problems));
    }
    notices.append(&mut occupations.notices);
    notices.append(&mut groups.notices);
    let mut languages: Vec<String> = occupation_files.into_iter().map(|(lang, _)| lang).collect();
    languages.dedup();
    Ok(Imported { taxonomy: assemble(occupations, groups, languages, options), notices })
}

/// The files `PREFIX_xx.csv` of folders, English first, then by language, then in the order of the folders.
fn language_files(folders: &[&Path], prefix: &str) -> Result<Vec<(String, PathBuf)>, ImportError> {
    let mut files = Vec::new();
    for folder in folders {
        let unreadable = |source| ImportError::Read { file: name_of(folder), source };
        let mut found = Vec::new();
        for entry in std::fs::read_dir(folder).map_err(unreadable)? {
            let path = entry.map_err(unreadable)?.path();
            let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
            let lang = name.strip_prefix(prefix).and_then(|rest| rest.strip_suffix(".csv"));
            if let Some(lang) = lang.filter(|lang| lang.len() == 2 && lang.bytes().all(|byte| byte.is_ascii_lowercase())) {
                found.push((lang.to_owned(), path.clone()));
            }
        }
        found.sort();
        files.extend(found);
    }
    files.sort_by_key(|(lang, _)| (lang != TITLE_LANGUAGE, lang.clone()));
    Ok(files)
}

impl Concepts {
    /// Reads one file; `number` tells it from the others, from 1.
    fn read(&mut self, number: usize, lang: &str, path: &Path, concept_type: &str, isco: &str) -> Result<(), ImportError> {
        let table = Table::read(path, Layout::Csv)?;
        let [uri, preferred, isco] = table.require(["conceptUri", "preferredLabel", isco])?;
        let [kind, status, description] = ["conceptType", "status", "description"].map(|name| table.optional(name));
        let [alternative, hidden] = ["altLabels", "hiddenLabels"].map(|name| table.optional(name));
        let mut repeated: Option<u32> = None;
        let mut repeated_count = 0;
        let mut unlabelled: Option<u32> = None;
        let mut unlabelled_count = 0;
        for row in table.rows() {
            if kind.is_some_and(|kind| row.get(kind) != concept_type) {
                continue;
            }
            if let Err(error) = RoleCode::new(row.get(uri)) {
                self.problems.push(table.problem(row, "conceptUri", error.to_string()));
                continue;
            }
            let concept = self.by_uri.entry(row.get(uri).to_owned()).or_default();
            if concept.last_seen.0 == number {
                repeated_count += 1;
                repeated.get_or_insert(row.line);
            }
            concept.last_seen = (number, row.line);
            concept.add_names(lang, row, preferred, alternative, hidden);
            if concept.title.is_empty() {
                unlabelled_count += 1;
                unlabelled.get_or_insert(row.line);
            }
            if concept.isco.is_empty() {
                concept.isco = row.get(isco).trim_start_matches('C').to_owned();
            }
            if concept.summary.is_empty() {
                concept.summary = row.get_or_empty(description).to_owned();
            }
            concept.is_retired |= matches!(row.get_or_empty(status), "deprecated" | "obsolete" | "retired");
        }
        let mut notice = |line: Option<u32>, message: String| {
            let file = table.file().to_owned();
            self.notices.extend(line.map(|line| Notice { file, line, message }));
        };
        notice(repeated, format!("{repeated_count} rows repeat a concept of this file: their labels were put together"));
        notice(unlabelled, format!("{unlabelled_count} concepts have no label here or in a file read before"));
        Ok(())
    }
}

type OptionalColumn = Option<super::table::Column>;

impl Concept {
    fn add_names(&mut self, lang: &str, row: &Row, preferred: super::table::Column, alternative: OptionalColumn, hidden: OptionalColumn) {
        let title = row.get(preferred);
        if self.title.is_empty() {
            title.clone_into(&mut self.title);
            lang.clone_into(&mut self.title_lang);
        }
        self.add(title, lang, AliasType::Preferred);
        for (column, alias_type) in [(alternative, AliasType::Common), (hidden, AliasType::Hidden)] {
            for text in row.get_or_empty(column).split(['\n', '|']) {
                self.add(text.trim(), lang, alias_type);
            }
        }
    }

    fn add(&mut self, text: &str, lang: &str, alias_type: AliasType) {
        if !text.is_empty() {
            self.labels.push(Label { text: text.to_owned(), lang: lang.to_owned(), alias_type });
        }
    }

    /// The labels as aliases: as written in the order read, then the halves of gender pairs that are no label yet.
    fn aliases(&self) -> Vec<Alias> {
        // A title in another language stays among the aliases, which say what language it is.
        let mut list = if self.title_lang == TITLE_LANGUAGE { AliasList::without(&self.title, TITLE_LANGUAGE) } else { AliasList::default() };
        let alias = |text: &str, label: &Label| Alias::approved(text, label.alias_type, &label.lang, "esco");
        for label in &self.labels {
            list.push(alias(&label.text, label));
        }
        for label in &self.labels {
            for half in split_gender_pair(&label.text).into_iter().flatten() {
                list.push(Alias { provenance: "half of an esco label".into(), ..alias(&half, label) });
            }
        }
        list.into_vec()
    }
}

fn assemble(occupations: Concepts, groups: Concepts, languages: Vec<String>, options: EscoOptions) -> Taxonomy {
    let group_list = isco_groups(&occupations, &groups);
    let id_of: FxHashMap<&str, GroupId> =
        group_list.iter().enumerate().map(|(position, group)| (group.code.as_str(), GroupId(position as u32))).collect();
    let mut taxonomy = Taxonomy { manifest: manifest(languages), lexicon: built_in_lexicon(), ..Taxonomy::default() };
    let answerable = if options.groups { groups.by_uri } else { BTreeMap::new() };
    let mut concepts: Vec<(String, Concept, bool)> = answerable.into_iter().map(|(uri, concept)| (uri, concept, true)).collect();
    concepts.extend(occupations.by_uri.into_iter().map(|(uri, concept)| (uri, concept, false)));
    concepts.sort_by(|a, b| a.0.cmp(&b.0));
    for (uri, concept, is_group) in concepts {
        if concept.title.is_empty() {
            continue;
        }
        let id = SpecialisationId(taxonomy.specialisations.len() as u32);
        let code = RoleCode::new(uri.as_str()).expect("bad codes were refused while reading");
        let mut role = Role::plain(code, id, concept.title.clone(), "EU");
        if concept.is_retired {
            role.status = Status::Deprecated;
        }
        taxonomy.roles.push(role);
        taxonomy.specialisations.push(Specialisation {
            code: uri,
            family: None,
            group: id_of.get(concept.isco.as_str()).copied(),
            title_is_name: true,
            aliases: concept.aliases(),
            components: Vec::new(),
            mappings: isco_mapping(&concept.isco, is_group).into_iter().collect(),
            core_outputs: None,
            related: Vec::new(),
            title: concept.title,
            summary: concept.summary,
        });
    }
    taxonomy.groups = group_list;
    taxonomy
}

/// ESCO places every occupation under one ISCO-08 unit group; a group is that group itself.
fn isco_mapping(code: &str, is_group: bool) -> Option<Mapping> {
    (!code.is_empty()).then(|| Mapping {
        scheme: "isco".to_owned(),
        scheme_version: "08".into(),
        code: code.to_owned(),
        title: String::new(),
        relation: if is_group { Relation::Exact } else { Relation::Narrow },
        granularity: crate::corpus::granularity("isco", code).into(),
        source: "esco".into(),
        review_status: ReviewStatus::Reviewed,
    })
}

/// Every group that a file titles or an occupation needs, with all above it, in order of depth and code.
fn isco_groups(occupations: &Concepts, groups: &Concepts) -> Vec<Group> {
    let mut titles: BTreeMap<(usize, &str), &str> = BTreeMap::new();
    for concept in groups.by_uri.values().filter(|concept| is_isco(&concept.isco) && !concept.title.is_empty()) {
        titles.insert((concept.isco.len(), &concept.isco), &concept.title);
    }
    let codes = occupations.by_uri.values().chain(groups.by_uri.values()).map(|concept| concept.isco.as_str());
    for code in codes.filter(|code| is_isco(code)) {
        for digits in 1..=code.len() {
            titles.entry((digits, &code[..digits])).or_insert(&code[..digits]);
        }
    }
    let position_of: FxHashMap<&str, u32> = titles.keys().enumerate().map(|(position, (_, code))| (*code, position as u32)).collect();
    let group = |((digits, code), title): (&(usize, &str), &&str)| Group {
        code: (*code).to_owned(),
        title: (*title).to_owned(),
        scheme: "isco".to_owned(),
        depth: *digits as u8,
        parent: position_of.get(&code[..digits - 1]).map(|position| GroupId(*position)),
    };
    titles.iter().map(group).collect()
}

fn is_isco(code: &str) -> bool {
    (1..=4).contains(&code.len()) && code.bytes().all(|byte| byte.is_ascii_digit())
}

fn manifest(languages: Vec<String>) -> Manifest {
    Manifest {
        name: "esco".to_owned(),
        title: "ESCO".to_owned(),
        version: String::new(),
        description: "Occupations of ESCO, the classification of European Skills, Competences, Qualifications and Occupations of the \
                      European Commission, changed in form"
            .to_owned(),
        licence: "Reuse permitted with acknowledgement (Commission Decision 2011/833/EU): this product uses the ESCO classification \
                  of the European Commission"
            .to_owned(),
        scheme: Some("esco".to_owned()),
        languages,
        schemes: [("isco".to_owned(), "08".to_owned())].into(),
        ..Manifest::default()
    }
}
