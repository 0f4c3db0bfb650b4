//! Turns a taxonomy into one JSONL file and back: a header, then a line for every group, family, specialisation and role.
//!
//! Records name each other by their number in the file's lists, so lines are not to be reordered. The header counts the
//! lines, so that a truncated file is noticed. A lexicon equal to the built-in one is left out: the taxonomy then keeps up
//! with the library's.

use std::io::{BufWriter, Write};
use std::path::Path;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::taxonomy::lexicon::Lexicon;
use crate::taxonomy::{Family, Group, Level, Manifest, Role, Specialisation, Superfunction, Taxonomy, TrackInfo};

use super::places::{Place, Places, RecordPlaces};
use super::problem::{CorpusErrors, Problem, ProblemKind};
use super::{Loaded, built_in_lexicon};

/// The format this version writes and the newest it reads.
const FORMAT: u32 = 1;

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Header {
    rolecall_taxonomy: u32,
    counts: Counts,
    manifest: Manifest,
    tracks: Vec<TrackInfo>,
    levels: Vec<Level>,
    superfunctions: Vec<Superfunction>,
    #[serde(default)]
    lexicon: Option<Lexicon>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Counts {
    groups: usize,
    families: usize,
    specialisations: usize,
    roles: usize,
}

impl Counts {
    fn of(taxonomy: &Taxonomy) -> Self {
        Self {
            groups: taxonomy.groups.len(),
            families: taxonomy.families.len(),
            specialisations: taxonomy.specialisations.len(),
            roles: taxonomy.roles.len(),
        }
    }

    fn lines(self) -> usize {
        self.groups + self.families + self.specialisations + self.roles
    }
}

/// Reads only the format's number, whatever else the header holds.
#[derive(Deserialize)]
struct FormatProbe {
    rolecall_taxonomy: u32,
}

#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum RecordRef<'a> {
    Group(&'a Group),
    Family(&'a Family),
    Specialisation(&'a Specialisation),
    Role(&'a Role),
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Record {
    Group(Group),
    Family(Box<Family>),
    Specialisation(Box<Specialisation>),
    Role(Box<Role>),
}

/// Writes a taxonomy; the file appears whole or not at all.
///
/// # Errors
/// A problem of kind [`ProblemKind::Io`] when the folder is missing, not writable or full.
pub fn write(taxonomy: &Taxonomy, path: &Path) -> Result<(), CorpusErrors> {
    let name = path.display().to_string();
    write_atomically(taxonomy, path).map_err(|error| {
        let message = format!("cannot be written ({error}): check that the folder exists, is writable and has space");
        CorpusErrors::one(&name, 0, ProblemKind::Io, message)
    })
}

fn write_atomically(taxonomy: &Taxonomy, path: &Path) -> std::io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut builder = tempfile::Builder::new();
    #[cfg(unix)]
    {
        // Readable by all who may read the folder; the process' mask still applies.
        builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    }
    let file = builder.prefix(".rolecall-").suffix(".tmp").tempfile_in(folder)?;
    let mut out = BufWriter::new(file);
    write_lines(taxonomy, &mut out)?;
    let file = out.into_inner().map_err(std::io::IntoInnerError::into_error)?;
    file.as_file().sync_all()?;
    file.persist(path).map_err(|error| error.error)?;
    #[cfg(unix)]
    std::fs::File::open(folder)?.sync_all()?;
    Ok(())
}

/// Writes the lines of a taxonomy to a stream.
///
/// # Errors
/// Those of the stream.
pub fn write_lines(taxonomy: &Taxonomy, out: &mut impl Write) -> std::io::Result<()> {
    let header = Header {
        rolecall_taxonomy: FORMAT,
        counts: Counts::of(taxonomy),
        manifest: taxonomy.manifest.clone(),
        tracks: taxonomy.tracks.clone(),
        levels: taxonomy.levels.clone(),
        superfunctions: taxonomy.superfunctions.clone(),
        lexicon: (taxonomy.lexicon != built_in_lexicon()).then(|| taxonomy.lexicon.clone()),
    };
    write_line(&header, out)?;
    let groups = taxonomy.groups.iter().map(RecordRef::Group);
    let families = taxonomy.families.iter().map(RecordRef::Family);
    let specialisations = taxonomy.specialisations.iter().map(RecordRef::Specialisation);
    let roles = taxonomy.roles.iter().map(RecordRef::Role);
    for record in groups.chain(families).chain(specialisations).chain(roles) {
        write_line(&record, out)?;
    }
    Ok(())
}

fn write_line(value: &impl Serialize, out: &mut impl Write) -> std::io::Result<()> {
    serde_json::to_writer(&mut *out, value)?;
    out.write_all(b"\n")
}

/// Reads a taxonomy that [`write`] wrote.
///
/// # Errors
/// [`CorpusErrors`] lists every bad line; a newer format and a truncated file are refused with the way out.
pub fn read(path: &Path) -> Result<Loaded, CorpusErrors> {
    let name = path.display().to_string();
    let bytes = std::fs::read(path).map_err(|error| {
        let message = format!("cannot be read ({error}): give a taxonomy's folder or a file that `rolecall import` wrote");
        CorpusErrors::one(&name, 0, ProblemKind::Io, message)
    })?;
    parse(&name, &bytes)
}

/// Reads a taxonomy from the bytes of such a file; `name` stands for it in messages and places.
///
/// # Errors
/// As [`read`].
pub fn parse(name: &str, bytes: &[u8]) -> Result<Loaded, CorpusErrors> {
    let mut lines = bytes.strip_suffix(b"\n").unwrap_or(bytes).split(|byte| *byte == b'\n');
    let header = parse_header(name, lines.next().unwrap_or_default())?;
    let mut taxonomy = Taxonomy {
        manifest: header.manifest,
        tracks: header.tracks,
        levels: header.levels,
        superfunctions: header.superfunctions,
        lexicon: header.lexicon.unwrap_or_else(built_in_lexicon),
        ..Taxonomy::default()
    };
    let file: Arc<str> = name.into();
    let at = |line: u32| Place { file: file.clone(), line };
    let mut places = Places {
        manifest: Some(at(1)),
        levels: vec![at(1); taxonomy.levels.len()],
        superfunctions: vec![at(1); taxonomy.superfunctions.len()],
        ..Places::default()
    };
    let problem = |line: u32, kind, message| Problem { file: file.clone(), line, field: String::new(), kind, message };
    let mut problems = Vec::new();
    let mut found = 0;
    for (position, line) in lines.enumerate() {
        let number = position as u32 + 2;
        if line.trim_ascii().is_empty() {
            continue;
        }
        found += 1;
        match serde_json::from_slice::<Record>(line) {
            Ok(record) => add(record, at(number), &mut taxonomy, &mut places),
            Err(error) => {
                let message = format!("this is no record ({error}): import the taxonomy again");
                problems.push(problem(number, ProblemKind::Syntax, message));
            }
        }
    }
    let expected = header.counts.lines();
    if found != expected {
        let message = format!("the file holds {found} records and its first line says {expected}: it was cut off or edited; import the taxonomy again");
        problems.push(problem(0, ProblemKind::Truncated, message));
    } else if problems.is_empty() && Counts::of(&taxonomy) != header.counts {
        let message = "the counts differ from the records that follow: import the taxonomy again".to_owned();
        problems.push(problem(1, ProblemKind::BadValue, message));
    } else if problems.is_empty() {
        let mut fault = |place: &Place, message| problems.push(problem(place.line, ProblemKind::BadValue, message));
        check_references(&taxonomy, &places, &mut fault);
    }
    if problems.is_empty() { Ok(Loaded { taxonomy, places }) } else { Err(CorpusErrors::new(problems)) }
}

fn parse_header(name: &str, line: &[u8]) -> Result<Header, CorpusErrors> {
    let no_header = |error: serde_json::Error| {
        let message = format!("the first line is no taxonomy header ({error}): give a taxonomy's folder or a file that `rolecall import` wrote");
        CorpusErrors::one(name, 1, ProblemKind::Syntax, message)
    };
    let probe: FormatProbe = serde_json::from_slice(line).map_err(no_header)?;
    if probe.rolecall_taxonomy > FORMAT {
        let message = format!(
            "the file has format {} and this version reads up to {FORMAT}: use a newer rolecall, or import the taxonomy again with this one",
            probe.rolecall_taxonomy
        );
        return Err(CorpusErrors::one(name, 1, ProblemKind::NewerFormat, message));
    }
    serde_json::from_slice(line).map_err(no_header)
}

fn add(record: Record, place: Place, taxonomy: &mut Taxonomy, places: &mut Places) {
    match record {
        Record::Group(group) => {
            taxonomy.groups.push(group);
            places.groups.push(place);
        }
        Record::Family(family) => {
            places.families.push(RecordPlaces::on_one_line(place, 0, family.components.len(), family.mappings.len()));
            taxonomy.families.push(*family);
        }
        Record::Specialisation(found) => {
            let counts = (found.aliases.len(), found.components.len(), found.mappings.len());
            places.specialisations.push(RecordPlaces::on_one_line(place, counts.0, counts.1, counts.2));
            taxonomy.specialisations.push(*found);
        }
        Record::Role(found) => {
            let counts = (found.aliases.len(), found.components.len(), found.mappings.len());
            places.roles.push(RecordPlaces::on_one_line(place, counts.0, counts.1, counts.2));
            taxonomy.roles.push(*found);
        }
    }
}

/// Every number that names a record must name one, and roles must stand in the order that lookups rely on.
fn check_references(taxonomy: &Taxonomy, places: &Places, fault: &mut impl FnMut(&Place, String)) {
    for (position, (group, place)) in taxonomy.groups.iter().zip(&places.groups).enumerate() {
        if group.parent.is_some_and(|parent| parent.0 as usize >= position) {
            fault(place, format!("the parent of the group {} does not stand before it: import the taxonomy again", group.code));
        }
    }
    for (found, places) in taxonomy.specialisations.iter().zip(&places.specialisations) {
        if found.family.is_some_and(|id| id.0 as usize >= taxonomy.families.len()) {
            fault(&places.place, format!("the family of {} is not in the file: import the taxonomy again", found.code));
        }
        if found.group.is_some_and(|id| id.0 as usize >= taxonomy.groups.len()) {
            fault(&places.place, format!("the group of {} is not in the file: import the taxonomy again", found.code));
        }
    }
    let mut previous = None;
    for (role, places) in taxonomy.roles.iter().zip(&places.roles) {
        if role.specialisation.0 as usize >= taxonomy.specialisations.len() {
            fault(&places.place, format!("the specialisation of {} is not in the file: import the taxonomy again", role.code));
        }
        let key = (role.specialisation, role.level, &role.code);
        if previous.is_some_and(|previous| previous >= key) {
            fault(&places.place, format!("the role {} is out of order or stands twice: import the taxonomy again", role.code));
        }
        previous = Some(key);
    }
}
