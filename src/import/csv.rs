//! Turns a list of one's own (CSV or TSV with `code` and `title`) into a taxonomy.
//!
//! **Long form**: a row with a title names the role, further rows of the same code add a name, skill or knowledge each.
//! **Wide form**: one row a role, several values in a cell separated by `|` or `;`. Both may be mixed. Codes are text: no
//! zero is dropped and no dash read as a date. `parent` names the group above; a code that is some row's parent is a group
//! as well as a role.

use std::collections::BTreeMap;
use std::path::Path;

use rustc_hash::FxHashMap;

use crate::corpus::built_in_lexicon;
use crate::taxonomy::{
    Alias, AliasType, Component, ComponentKind, Group, GroupId, Level, LevelCode, Manifest, Role, RoleCode, Specialisation,
    SpecialisationId, Taxonomy, Track, TrackInfo,
};

use super::table::{Column, Layout, Row, Table, read_utf8};
use super::{AliasList, ImportError, Imported, Notice, RowProblem, name_of};

/// What a list does not say of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CsvOptions {
    /// Short machine name of the taxonomy; the file's name without its ending when `None`.
    pub name: Option<String>,
    /// ISO 639-1 language of rows that state none.
    pub lang: String,
}

impl Default for CsvOptions {
    fn default() -> Self {
        Self { name: None, lang: "en".to_owned() }
    }
}

/// Names that a header may use for each column.
const COLUMN_NAMES: [(Field, &[&str]); 10] = [
    (Field::Code, &["code"]),
    (Field::Title, &["title"]),
    (Field::Summary, &["summary", "description"]),
    (Field::Alias, &["alias", "aliases"]),
    (Field::Lang, &["lang", "language"]),
    (Field::AliasType, &["type"]),
    (Field::Skill, &["skill", "skills"]),
    (Field::Knowledge, &["knowledge"]),
    (Field::Level, &["level"]),
    (Field::Parent, &["parent"]),
];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Field {
    Code,
    Title,
    Summary,
    Alias,
    Lang,
    AliasType,
    Skill,
    Knowledge,
    Level,
    Parent,
}

/// What is gathered of one code.
#[derive(Default)]
struct Entry {
    line: u32,
    title: Option<(String, u32)>,
    summary: String,
    lang: String,
    level: Option<LevelCode>,
    parent: Option<(String, u32)>,
    aliases: Vec<Alias>,
    components: Vec<Component>,
}

/// Imports a list.
///
/// # Errors
/// See [`ImportError`]; every row that breaks the form is named with its column and what is expected there.
pub fn csv(path: &Path, options: &CsvOptions) -> Result<Imported, ImportError> {
    let text = read_utf8(path)?;
    let name = options.name.clone().or_else(|| path.file_stem().map(|stem| stem.to_string_lossy().to_lowercase()));
    let named = CsvOptions { name, lang: options.lang.clone() };
    csv_text(&name_of(path), &text, &named)
}

/// Imports a list from text; `file` stands for it in messages.
///
/// # Errors
/// As [`csv`].
pub fn csv_text(file: &str, text: &str, options: &CsvOptions) -> Result<Imported, ImportError> {
    let table = Table::parse(file.to_owned(), text, Layout::Delimited(sniff(text)))?;
    table.require(["code", "title"])?;
    let mut reading = Reading { table: &table, options, entries: BTreeMap::new(), problems: Vec::new(), notices: Vec::new() };
    reading.notice_unknown_columns();
    for row in table.rows() {
        reading.row(row);
    }
    reading.check_titles();
    reading.check_parents();
    if !reading.problems.is_empty() {
        reading.problems.sort();
        return Err(ImportError::Rows(reading.problems));
    }
    if reading.entries.is_empty() {
        return Err(ImportError::NothingToImport { folder: file.to_owned(), expected: "rows below its header".to_owned() });
    }
    let (entries, notices) = (reading.entries, reading.notices);
    Ok(Imported { taxonomy: assemble(entries, options), notices })
}

/// The delimiter with which the header has most columns.
fn sniff(text: &str) -> u8 {
    let header = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let count = |delimiter: u8| header.bytes().filter(|byte| *byte == delimiter).count();
    // The first of equals wins, so that a header of one column reads as CSV.
    [b'\t', b';', b','].into_iter().max_by_key(|delimiter| count(*delimiter)).unwrap_or(b',')
}

struct Reading<'a> {
    table: &'a Table,
    options: &'a CsvOptions,
    entries: BTreeMap<String, Entry>,
    problems: Vec<RowProblem>,
    notices: Vec<Notice>,
}

impl Reading<'_> {
    fn column(&self, field: Field) -> Option<Column> {
        let (_, names) = COLUMN_NAMES.iter().find(|(known, _)| *known == field)?;
        names.iter().find_map(|name| self.table.optional(name))
    }

    fn notice_unknown_columns(&mut self) {
        let known: Vec<&str> = COLUMN_NAMES.iter().flat_map(|(_, names)| names.iter().copied()).collect();
        let is_known = |name: &str| known.iter().any(|known| known.eq_ignore_ascii_case(name));
        let unknown: Vec<&str> = self.table.header().iter().map(String::as_str).filter(|name| !is_known(name)).collect();
        if !unknown.is_empty() {
            let message = format!("the columns {} are ignored; those read are {}", unknown.join(", "), known.join(", "));
            self.notices.push(Notice { file: self.table.file().to_owned(), line: 1, message });
        }
    }

    fn fail(&mut self, row: &Row, field: Field, message: String) {
        let column = self.column(field).map_or("", |column| self.table.name(column));
        let problem = self.table.problem(row, column, message);
        self.problems.push(problem);
    }

    fn row(&mut self, row: &Row) {
        let cell = |field| row.get_or_empty(self.column(field));
        let code = unwrap_formula(cell(Field::Code)).to_owned();
        let (title, summary) = (cell(Field::Title).to_owned(), cell(Field::Summary).to_owned());
        let (aliases, skills, knowledge) = (values(cell(Field::Alias)), values(cell(Field::Skill)), values(cell(Field::Knowledge)));
        let parent = unwrap_formula(cell(Field::Parent)).to_owned();
        let (level_text, lang_text, type_text) = (cell(Field::Level), cell(Field::Lang), cell(Field::AliasType));

        let level = LevelCode::parse(level_text);
        let lang = if lang_text.is_empty() { self.options.lang.clone() } else { lang_text.to_lowercase() };
        let alias_type = AliasType::ALL.into_iter().find(|known| type_text.eq_ignore_ascii_case(known.name()));
        if let Err(error) = RoleCode::new(code.as_str()) {
            return self.fail(row, Field::Code, error.to_string());
        }
        if !level_text.is_empty() && level.is_none() {
            let message = format!("{level_text:?} is no level: expected a track letter P, M, E or S and a grade from 1 to 9");
            self.fail(row, Field::Level, message);
        }
        if lang.len() != 2 || !lang.bytes().all(|byte| byte.is_ascii_lowercase()) {
            self.fail(row, Field::Lang, format!("{lang_text:?} is no language: expected two letters as in de"));
        }
        if !type_text.is_empty() && alias_type.is_none() {
            let known = AliasType::ALL.map(AliasType::name);
            self.fail(row, Field::AliasType, format!("{type_text:?} is no type of alias: expected one of {}", known.join(", ")));
        }
        if looks_mangled(&code) {
            let message = format!("the code {code:?} looks as if a spreadsheet had changed it: check the column, it was kept as it is");
            self.notices.push(Notice { file: self.table.file().to_owned(), line: row.line, message });
        }

        let known_title = self.entries.get(&code).and_then(|entry| entry.title.clone());
        if let Some((known, line)) = known_title.filter(|(known, _)| !title.is_empty() && *known != title) {
            let message = format!("{code} is already {known:?} in line {line}: expected the same title or none, other names go under alias");
            return self.fail(row, Field::Title, message);
        }
        let known_parent = self.entries.get(&code).and_then(|entry| entry.parent.clone());
        if let Some((known, line)) = known_parent.filter(|(known, _)| !parent.is_empty() && *known != parent) {
            let message = format!("{code} already has the parent {known} in line {line}: expected the same parent or none");
            return self.fail(row, Field::Parent, message);
        }
        let entry = self.entries.entry(code).or_insert_with(|| Entry { line: row.line, ..Entry::default() });
        if !title.is_empty() && entry.title.is_none() {
            entry.title = Some((title, row.line));
            entry.lang.clone_from(&lang);
        }
        if entry.summary.is_empty() {
            entry.summary = summary;
        }
        entry.level = entry.level.or(level);
        if !parent.is_empty() {
            entry.parent.get_or_insert((parent, row.line));
        }
        let alias = |text: String| Alias::approved(text, alias_type.unwrap_or_default(), &lang, "import");
        entry.aliases.extend(aliases.into_iter().map(alias));
        for (kind, texts) in [(ComponentKind::Skill, skills), (ComponentKind::Knowledge, knowledge)] {
            for text in texts {
                let component = Component { kind, text, commonality: "".into(), basis: "import".into() };
                if !entry.components.contains(&component) {
                    entry.components.push(component);
                }
            }
        }
    }

    fn check_titles(&mut self) {
        let file = self.table.file();
        let problem = |(code, entry): (&String, &Entry)| RowProblem {
            file: file.to_owned(),
            line: entry.line,
            column: "title".to_owned(),
            message: format!("no row names {code}: expected one row of this code with a title"),
        };
        self.problems.extend(self.entries.iter().filter(|(_, entry)| entry.title.is_none()).map(problem));
    }

    /// Refuses chains of parents that come back to where they began; a parent without rows is a group without a title.
    fn check_parents(&mut self) {
        let mut untitled: BTreeMap<&str, u32> = BTreeMap::new();
        for (code, entry) in &self.entries {
            let mut next = entry.parent.as_ref();
            let mut steps = 0;
            while let Some((parent, line)) = next {
                steps += 1;
                if parent == code || steps > self.entries.len() {
                    if parent == code {
                        let message = format!("the parents of {code} lead back to it: expected a parent further up");
                        self.problems.push(RowProblem { file: self.table.file().to_owned(), line: entry.line, column: "parent".to_owned(), message });
                    }
                    break;
                }
                if !self.entries.contains_key(parent) {
                    untitled.entry(parent).or_insert(*line);
                }
                next = self.entries.get(parent).and_then(|entry| entry.parent.as_ref());
            }
        }
        for (parent, line) in untitled {
            let message = format!("the parent {parent} has no row: it becomes a group called by its code");
            self.notices.push(Notice { file: self.table.file().to_owned(), line, message });
        }
    }
}

/// The values of a cell.
fn values(cell: &str) -> Vec<String> {
    cell.split(['|', ';']).map(str::trim).filter(|value| !value.is_empty()).map(str::to_owned).collect()
}

/// Takes the text out of `="0011"`, by which people keep spreadsheets from reading a code as a number.
fn unwrap_formula(cell: &str) -> &str {
    cell.strip_prefix("=\"").and_then(|rest| rest.strip_suffix('"')).unwrap_or(cell)
}

/// Whether a code looks like `1.1E+09` or `Nov-11`, as spreadsheets write what was another code.
fn looks_mangled(code: &str) -> bool {
    const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let is_scientific = code.split_once("E+").is_some_and(|(mantissa, exponent)| {
        digits(exponent) && mantissa.split('.').count() <= 2 && mantissa.split('.').all(digits)
    });
    let is_date = code.split_once('-').is_some_and(|(a, b)| (MONTHS.contains(&a) && digits(b)) || (MONTHS.contains(&b) && digits(a)));
    is_scientific || is_date
}

fn assemble(entries: BTreeMap<String, Entry>, options: &CsvOptions) -> Taxonomy {
    let groups = groups(&entries);
    let id_of: FxHashMap<&str, GroupId> =
        groups.iter().enumerate().map(|(position, group)| (group.code.as_str(), GroupId(position as u32))).collect();
    let mut taxonomy = Taxonomy { manifest: manifest(&entries, options), lexicon: built_in_lexicon(), ..Taxonomy::default() };
    (taxonomy.tracks, taxonomy.levels) = levels(&entries);
    for (code, entry) in entries {
        let id = SpecialisationId(taxonomy.specialisations.len() as u32);
        let (title, _) = entry.title.expect("codes without a title were refused");
        let mut list = AliasList::without(&title, &entry.lang);
        for alias in entry.aliases {
            list.push(alias);
        }
        let group = id_of.get(code.as_str()).or_else(|| id_of.get(entry.parent.as_ref()?.0.as_str())).copied();
        let role_code = RoleCode::new(code.as_str()).expect("bad codes were refused");
        taxonomy.roles.push(Role { level: entry.level, ..Role::plain(role_code, id, title.clone(), "") });
        taxonomy.specialisations.push(Specialisation {
            code,
            title,
            family: None,
            group,
            title_is_name: true,
            summary: entry.summary,
            aliases: list.into_vec(),
            components: entry.components,
            mappings: Vec::new(),
            core_outputs: None,
            related: Vec::new(),
        });
    }
    taxonomy.groups = groups;
    taxonomy
}

/// A group for every code that is a parent, in order of depth and code.
fn groups(entries: &BTreeMap<String, Entry>) -> Vec<Group> {
    let parent_of = |code: &str| entries.get(code).and_then(|entry| entry.parent.as_ref()).map(|(parent, _)| parent.as_str());
    let mut codes: Vec<&str> = entries.values().filter_map(|entry| Some(entry.parent.as_ref()?.0.as_str())).collect();
    codes.sort_unstable();
    codes.dedup();
    let depth = |code: &str| std::iter::successors(Some(code), |code| parent_of(code)).count();
    codes.sort_by_key(|code| (depth(code), *code));
    let position_of: FxHashMap<&str, u32> = codes.iter().enumerate().map(|(position, code)| (*code, position as u32)).collect();
    let title = |code: &str| entries.get(code).and_then(|entry| Some(entry.title.as_ref()?.0.clone()));
    let group = |code: &&str| Group {
        code: (*code).to_owned(),
        title: title(code).unwrap_or_else(|| (*code).to_owned()),
        scheme: String::new(),
        depth: u8::try_from(depth(code)).unwrap_or(u8::MAX),
        parent: parent_of(code).and_then(|parent| position_of.get(parent)).map(|position| GroupId(*position)),
    };
    codes.iter().map(group).collect()
}

/// The tracks and levels that rows name; a list says nothing of them but their codes.
fn levels(entries: &BTreeMap<String, Entry>) -> (Vec<TrackInfo>, Vec<Level>) {
    let mut codes: Vec<LevelCode> = entries.values().filter_map(|entry| entry.level).collect();
    codes.sort_unstable();
    codes.dedup();
    let tracks = Track::ALL.into_iter().filter(|track| codes.iter().any(|code| code.track == *track));
    let tracks = tracks.map(|code| TrackInfo { code, label: code.letter().to_string() }).collect();
    (tracks, codes.into_iter().map(Level::bare).collect())
}

fn manifest(entries: &BTreeMap<String, Entry>, options: &CsvOptions) -> Manifest {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for entry in entries.values() {
        *counts.entry(&entry.lang).or_default() += 1;
        for alias in &entry.aliases {
            *counts.entry(&alias.lang).or_default() += 1;
        }
    }
    let mut languages: Vec<(&str, usize)> = counts.into_iter().collect();
    languages.sort_by_key(|(lang, count)| (std::cmp::Reverse(*count), *lang));
    let name = options.name.clone().unwrap_or_else(|| "own".to_owned());
    Manifest {
        title: name.clone(),
        name,
        languages: languages.into_iter().map(|(lang, _)| lang.to_owned()).collect(),
        ..Manifest::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn import(text: &str) -> Imported {
        csv_text("own.csv", text, &CsvOptions::default()).unwrap_or_else(|error| panic!("{error}"))
    }

    fn refused(text: &str) -> String {
        csv_text("own.csv", text, &CsvOptions::default()).expect_err("refused").to_string()
    }

    #[test]
    fn long_and_wide_forms_say_the_same() {
        let long = "code,title,alias,lang,type,skill\n\
                    007,Agent,Spy,,,\n007,,Scout,,common,Sums\n007,,Späher,de,hidden,\n007,Agent,Snoop,,former,Maps\n008,Clerk,,,,\n";
        let wide = "code;title;alias;skills\n007;Agent;\"Spy; Scout\";Sums|Maps\n008;Clerk;;\n";
        let (long, wide) = (import(long).taxonomy, import(wide).taxonomy);
        let names = |taxonomy: &Taxonomy, lang: &str| -> Vec<(String, AliasType)> {
            let aliases = taxonomy.specialisations[0].aliases.iter().filter(|alias| alias.lang == lang);
            aliases.map(|alias| (alias.text.to_string(), alias.alias_type)).collect()
        };
        let (spy, scout) = (("Spy".to_owned(), AliasType::Common), ("Scout".to_owned(), AliasType::Common));
        assert_eq!(names(&wide, "en"), [spy.clone(), scout.clone()]);
        assert_eq!(names(&long, "en"), [spy, scout, ("Snoop".to_owned(), AliasType::Former)]);
        assert_eq!(names(&long, "de"), [("Späher".to_owned(), AliasType::Hidden)]);
        assert_eq!(long.specialisations[0].components, wide.specialisations[0].components);
        assert_eq!(long.manifest.languages, ["en", "de"]);
        let codes: Vec<&str> = long.roles.iter().map(|role| role.code.as_str()).collect();
        assert_eq!(codes, ["007", "008"], "codes are text");
    }

    #[test]
    fn codes_are_kept_and_mangled_ones_noticed() {
        let imported = import("\u{feff}Code\tTitle\r\n0011\tA\r\n1.1E+09\tB\r\nNov-11\tC\r\n11-1011\tD\r\n=\"0012\"\tE\r\n".trim_start_matches('\u{feff}'));
        let codes: Vec<&str> = imported.taxonomy.roles.iter().map(|role| role.code.as_str()).collect();
        assert_eq!(codes, ["0011", "0012", "1.1E+09", "11-1011", "Nov-11"]);
        let lines: Vec<u32> = imported.notices.iter().map(|notice| notice.line).collect();
        assert_eq!(lines, [3, 4]);
    }

    #[test]
    fn parents_are_groups_and_levels_are_kept() {
        let imported = import("code,title,parent,level\nA,Everything,,\nA1,Half,A,\nx,Baker,A1,S3\ny,Cook,B,\n");
        let taxonomy = &imported.taxonomy;
        let groups: Vec<(&str, &str, u8)> =
            taxonomy.groups.iter().map(|group| (group.code.as_str(), group.title.as_str(), group.depth)).collect();
        assert_eq!(groups, [("A", "Everything", 1), ("B", "B", 1), ("A1", "Half", 2)]);
        let baker = taxonomy.role(taxonomy.find_role("x").expect("there"));
        assert_eq!(baker.level, LevelCode::parse("S3"));
        let chain: Vec<&str> = taxonomy.group_chain(baker.specialisation).iter().map(|id| taxonomy.group(*id).code.as_str()).collect();
        assert_eq!(chain, ["A1", "A"]);
        assert_eq!(taxonomy.levels.len(), 1);
        assert_eq!(imported.notices.len(), 1);
        assert_eq!(imported.notices[0].line, 5);
    }

    #[test]
    fn bad_rows_are_refused_with_line_column_and_expectation() {
        let text = refused(
            "code,title,alias,lang,type,level\n,Baker,,,,\nb,Baker,x,german,,\nc,Cook,y,,nickname,L5\nd,,z,,,\nb,Other,,,,\n",
        );
        for expected in [
            "own.csv:2: column \"code\": a role code cannot be empty",
            "own.csv:3: column \"lang\": \"german\" is no language",
            "own.csv:4: column \"level\": \"L5\" is no level",
            "own.csv:4: column \"type\": \"nickname\" is no type of alias: expected one of common",
            "own.csv:5: column \"title\": no row names d",
            "own.csv:6: column \"title\": b is already \"Baker\" in line 3",
        ] {
            assert!(text.contains(expected), "{expected}\n{text}");
        }
        assert!(text.starts_with("6 rows to correct"), "{text}");
        assert!(refused("code,title\na,b,c\n").contains("own.csv:2: the row has 3 cells and the header 2"));
        assert!(refused("id,name\n1,x\n").contains("the header lacks \"code\", \"title\"; it has id, name"));
        assert!(refused("code,title\n").contains("rows below its header"));
        assert!(refused("code,title,parent\na,A,b\nb,B,a\n").contains("lead back to it"));
        assert!(refused("code,title,parent\na,A,b\nb,B,c\nc,C,b\n").contains("own.csv:3: column \"parent\""));
    }

    #[test]
    fn unknown_columns_are_noticed() {
        let imported = import("code,title,salary\na,A,1\n");
        assert!(imported.notices[0].message.starts_with("the columns salary are ignored; those read are code, title"));
    }
}
