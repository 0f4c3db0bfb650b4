//! Turns the folder of an O*NET text release into a taxonomy: a role for each occupation, SOC groups above them.
//!
//! Only `Occupation Data.txt` is needed; each other file that is missing costs what it would have brought and a notice.
//! Official titles stay plural as they are: bringing titles and queries to one form is the analyser's work.

use std::path::Path;

use rustc_hash::FxHashMap;

use crate::corpus::built_in_lexicon;
use crate::taxonomy::{
    Alias, AliasType, Component, ComponentKind, GroupId, Manifest, Mapping, Relation, ReviewStatus, Role, RoleCode,
    Specialisation, SpecialisationId, Taxonomy,
};

use super::soc;
use super::table::{Layout, Table};
use super::{AliasList, ImportError, Imported, Notice, RowProblem, name_of};

/// Most technology examples kept for an occupation: some have hundreds, and beyond this they are office software that tells
/// occupations apart no further.
const MAX_TECHNOLOGIES: usize = 30;

/// What the release writes for "no short title".
const NO_SHORT_TITLE: &str = "n/a";

const CODE: &str = "O*NET-SOC Code";

/// An occupation while its parts are gathered.
struct Occupation {
    code: RoleCode,
    title: String,
    summary: String,
    aliases: AliasList,
    components: Vec<Component>,
    related: Vec<(u32, String)>,
}

/// The occupations with what the import has to say so far.
struct Gathering<'a> {
    folder: &'a Path,
    occupations: Vec<Occupation>,
    by_code: FxHashMap<String, usize>,
    notices: Vec<Notice>,
}

/// Imports the folder of an O*NET text release.
///
/// # Errors
/// See [`ImportError`]; `Occupation Data.txt` must be there, and every file that is there must have its columns.
pub fn onet(folder: &Path) -> Result<Imported, ImportError> {
    let mut gathering = read_occupations(folder)?;
    gathering.alternate_titles()?;
    gathering.reported_titles()?;
    gathering.tasks()?;
    gathering.technologies()?;
    gathering.job_zones()?;
    gathering.related()?;
    let version = release(folder);
    Ok(assemble(gathering, version))
}

fn read_occupations(folder: &Path) -> Result<Gathering<'_>, ImportError> {
    let path = folder.join("Occupation Data.txt");
    if !path.is_file() {
        return Err(ImportError::NothingToImport { folder: name_of(folder), expected: "Occupation Data.txt".to_owned() });
    }
    let table = Table::read(&path, Layout::PlainTsv)?;
    let [code_column, title_column] = table.require([CODE, "Title"])?;
    let description = table.optional("Description");
    let mut occupations: Vec<Occupation> = Vec::new();
    let mut by_code = FxHashMap::default();
    let mut problems: Vec<RowProblem> = Vec::new();
    for row in table.rows() {
        let (text, title) = (row.get(code_column), row.get(title_column));
        if !is_occupation_code(text) {
            problems.push(table.problem(row, CODE, format!("{text:?} is no code: expected one like 15-1252.00")));
        } else if title.is_empty() {
            problems.push(table.problem(row, "Title", "the title is empty: expected the occupation's name".to_owned()));
        } else if by_code.insert(text.to_owned(), occupations.len()).is_some() {
            problems.push(table.problem(row, CODE, format!("{text} stands twice: expected each occupation once")));
        } else {
            occupations.push(Occupation {
                code: RoleCode::new(text).expect("digits, a dash and a dot form a code"),
                title: title.to_owned(),
                summary: row.get_or_empty(description).to_owned(),
                aliases: AliasList::without(title, "en"),
                components: Vec::new(),
                related: Vec::new(),
            });
        }
    }
    if !problems.is_empty() {
        return Err(ImportError::Rows(problems));
    }
    if occupations.is_empty() {
        return Err(ImportError::NothingToImport { folder: name_of(&path), expected: "occupations".to_owned() });
    }
    Ok(Gathering { folder, occupations, by_code, notices: Vec::new() })
}

/// Whether a text is shaped like `15-1252.00`.
fn is_occupation_code(text: &str) -> bool {
    text.len() == 10
        && text.bytes().enumerate().all(|(position, byte)| match position {
            2 => byte == b'-',
            7 => byte == b'.',
            _ => byte.is_ascii_digit(),
        })
}

impl Gathering<'_> {
    /// A file of the release; a missing one leaves a notice about what is lost.
    fn optional_file(&mut self, name: &str, lost: &str) -> Result<Option<Table>, ImportError> {
        let path = self.folder.join(name);
        if path.is_file() {
            return Table::read(&path, Layout::PlainTsv).map(Some);
        }
        self.notices.push(Notice { file: name_of(&path), line: 0, message: format!("is not there: roles come without {lost}") });
        Ok(None)
    }

    /// Hands every row to `take` with the number of its occupation; rows of unknown occupations leave one notice a file.
    fn each_row(&mut self, table: &Table, mut take: impl FnMut(&mut Occupation, &super::table::Row)) -> Result<(), ImportError> {
        let [code] = table.require([CODE])?;
        let mut unknown: Option<(u32, String)> = None;
        let mut unknown_count = 0;
        for row in table.rows() {
            if let Some(position) = self.by_code.get(row.get(code)) {
                take(&mut self.occupations[*position], row);
            } else {
                unknown_count += 1;
                unknown.get_or_insert_with(|| (row.line, row.get(code).to_owned()));
            }
        }
        if let Some((line, code)) = unknown {
            let message = format!("{unknown_count} rows name occupations that Occupation Data.txt lacks, first {code:?}: left out");
            self.notices.push(Notice { file: table.file().to_owned(), line, message });
        }
        Ok(())
    }

    fn alternate_titles(&mut self) -> Result<(), ImportError> {
        let Some(table) = self.optional_file("Alternate Titles.txt", "alternate titles")? else { return Ok(()) };
        let [title] = table.require(["Alternate Title"])?;
        let short = table.optional("Short Title");
        self.each_row(&table, |occupation, row| {
            let name = row.get(title);
            occupation.aliases.push(Alias::approved(name, AliasType::Common, "en", "onet alternate title"));
        })?;
        // Short titles come after all full ones, so that a name given both ways counts as the full one.
        self.each_row(&table, |occupation, row| {
            let name = row.get_or_empty(short);
            if !name.eq_ignore_ascii_case(NO_SHORT_TITLE) {
                occupation.aliases.push(Alias::approved(name, AliasType::Abbreviation, "en", "onet short title"));
            }
        })
    }

    fn reported_titles(&mut self) -> Result<(), ImportError> {
        let Some(table) = self.optional_file("Sample of Reported Titles.txt", "reported titles")? else { return Ok(()) };
        let [title] = table.require(["Reported Job Title"])?;
        self.each_row(&table, |occupation, row| {
            occupation.aliases.push(Alias::approved(row.get(title), AliasType::Reported, "en", "onet reported title"));
        })
    }

    fn tasks(&mut self) -> Result<(), ImportError> {
        let Some(table) = self.optional_file("Task Statements.txt", "tasks")? else { return Ok(()) };
        let [task] = table.require(["Task"])?;
        let task_type = table.optional("Task Type");
        for is_core_round in [true, false] {
            self.each_row(&table, |occupation, row| {
                let kind = row.get_or_empty(task_type);
                if kind.eq_ignore_ascii_case("core") == is_core_round {
                    let commonality = if is_core_round { "core".to_owned() } else { kind.to_lowercase() };
                    occupation.add(ComponentKind::Task, row.get(task), commonality);
                }
            })?;
        }
        Ok(())
    }

    fn technologies(&mut self) -> Result<(), ImportError> {
        let Some(table) = self.optional_file("Technology Skills.txt", "technology skills")? else { return Ok(()) };
        let [example] = table.require(["Example"])?;
        let hot = table.optional("Hot Technology");
        let mut counts: FxHashMap<String, usize> = FxHashMap::default();
        for is_hot_round in [true, false] {
            self.each_row(&table, |occupation, row| {
                let is_hot = row.get_or_empty(hot).eq_ignore_ascii_case("y");
                let count = counts.entry(occupation.code.as_str().to_owned()).or_default();
                if is_hot == is_hot_round && *count < MAX_TECHNOLOGIES {
                    let commonality = if is_hot { "hot" } else { "" };
                    *count += usize::from(occupation.add(ComponentKind::Skill, row.get(example), commonality.to_owned()));
                }
            })?;
        }
        Ok(())
    }

    fn job_zones(&mut self) -> Result<(), ImportError> {
        let Some(table) = self.optional_file("Job Zones.txt", "job zones")? else { return Ok(()) };
        let [zone] = table.require(["Job Zone"])?;
        let mut names: FxHashMap<String, String> = FxHashMap::default();
        if let Some(reference) = self.optional_file("Job Zone Reference.txt", "the names of job zones")? {
            let [number, name] = reference.require(["Job Zone", "Name"])?;
            names.extend(reference.rows().iter().map(|row| (row.get(number).to_owned(), row.get(name).to_owned())));
        }
        self.each_row(&table, |occupation, row| {
            let number = row.get(zone);
            let text = names.get(number).cloned().unwrap_or_else(|| format!("Job Zone {number}"));
            occupation.add(ComponentKind::Qualification, &text, String::new());
        })
    }

    fn related(&mut self) -> Result<(), ImportError> {
        let Some(table) = self.optional_file("Related Occupations.txt", "related occupations")? else { return Ok(()) };
        let [related] = table.require(["Related O*NET-SOC Code"])?;
        let index = table.optional("Index");
        self.each_row(&table, |occupation, row| {
            let position = row.get_or_empty(index).parse().unwrap_or(u32::MAX);
            occupation.related.push((position, row.get(related).to_owned()));
        })
    }
}

impl Occupation {
    /// Adds a component unless it is empty or known; whether it was added.
    fn add(&mut self, kind: ComponentKind, text: &str, commonality: String) -> bool {
        let is_new = !text.is_empty() && !self.components.iter().any(|known| known.kind == kind && known.text == text);
        if is_new {
            self.components.push(Component { kind, text: text.to_owned(), commonality: commonality.into(), basis: "onet".into() });
        }
        is_new
    }
}

/// The release's number from its read-me, as in `27.0`; empty when it does not say.
fn release(folder: &Path) -> String {
    let text = std::fs::read_to_string(folder.join("Read Me.txt")).unwrap_or_default();
    let words: Vec<&str> = text.lines().next().unwrap_or_default().split_whitespace().collect();
    let number = words.iter().find(|word| word.starts_with(|first: char| first.is_ascii_digit()));
    number.map(|word| (*word).to_owned()).unwrap_or_default()
}

fn assemble(gathering: Gathering<'_>, version: String) -> Imported {
    let mut occupations = gathering.occupations;
    occupations.sort_by(|a, b| a.code.cmp(&b.code));
    let groups = soc::groups(occupations.iter().map(|occupation| (occupation.code.as_str(), occupation.title.as_str())));
    let group_of: FxHashMap<&str, usize> = groups.iter().enumerate().map(|(position, group)| (group.code.as_str(), position)).collect();
    let deepest = |code: &RoleCode| group_of.get(soc::broad(code.as_str()).as_str()).map(|position| GroupId(*position as u32));
    let mut taxonomy = Taxonomy { manifest: manifest(version), lexicon: built_in_lexicon(), ..Taxonomy::default() };
    for (position, mut occupation) in occupations.into_iter().enumerate() {
        occupation.related.sort();
        occupation.components.sort_by_key(|component| component.kind);
        let code = occupation.code;
        taxonomy.roles.push(Role::plain(code.clone(), SpecialisationId(position as u32), occupation.title.clone(), "US"));
        taxonomy.specialisations.push(Specialisation {
            code: code.as_str().to_owned(),
            title: occupation.title,
            family: None,
            group: deepest(&code),
            title_is_name: true,
            summary: occupation.summary,
            aliases: occupation.aliases.into_vec(),
            components: occupation.components,
            mappings: vec![soc_mapping(code.as_str())],
            core_outputs: None,
            related: occupation.related.into_iter().map(|(_, code)| code.into()).collect(),
        });
    }
    taxonomy.groups = groups;
    Imported { taxonomy, notices: gathering.notices }
}

fn manifest(version: String) -> Manifest {
    Manifest {
        name: "onet".to_owned(),
        title: "O*NET-SOC".to_owned(),
        description: format!(
            "Occupations of the O*NET {version} Database by the U.S. Department of Labor, Employment and Training Administration, \
             used under the CC BY 4.0 licence and changed in form; O*NET is a trademark of USDOL/ETA"
        ),
        licence: "CC BY 4.0".to_owned(),
        scheme: Some("onet".to_owned()),
        languages: vec!["en".to_owned()],
        schemes: [("onet".to_owned(), version.clone()), ("soc".to_owned(), "2018".to_owned())].into(),
        version,
        ..Manifest::default()
    }
}

/// An O*NET-SOC code begins with the SOC code it belongs to; `.00` is that occupation itself, others are parts of it.
fn soc_mapping(code: &str) -> Mapping {
    Mapping {
        scheme: "soc".to_owned(),
        scheme_version: "2018".into(),
        code: code[..7].to_owned(),
        title: String::new(),
        relation: if code.ends_with(".00") { Relation::Exact } else { Relation::Narrow },
        granularity: "detailed".into(),
        source: "first seven characters of the O*NET-SOC code".into(),
        review_status: ReviewStatus::Reviewed,
    }
}
