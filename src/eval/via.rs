//! Scores answers by the codes of another scheme that they are mapped to.
//!
//! The first answer's reviewed mapping to the scheme (the nearest relation first) is compared with the gold code at every
//! depth. A title without an answer, or whose answer has no reviewed mapping, is a miss at every depth.
//!
//! A column with the name of the code's and `_alternatives` holds further right codes. Columns `level_track`, `level_min` and
//! `level_max` say at which level the first answer must be: on the track, and between the two where they are given. Bounds on
//! two tracks (`P4`, `M1`) leave both open beyond them.

use std::path::Path;

use rustc_hash::FxHashMap;
use serde::Serialize;

use super::table::{self, Table};
use super::{EvalError, in_parallel};
use crate::corpus::granularity;
use crate::decide::Decision;
use crate::engine::{Engine, MatchOptions};
use crate::taxonomy::{LevelCode, ReviewStatus, RoleId, Track};

/// Misses listed.
const LISTED: usize = 200;

/// The scheme of the gold codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Scheme {
    /// SOC 2018; O*NET-SOC codes are cut to it.
    Soc,
    /// ISCO-08.
    Isco,
    /// ESCO occupations.
    Esco,
}

impl Scheme {
    /// Its name in taxonomies.
    pub fn name(self) -> &'static str {
        match self {
            Self::Soc => "soc",
            Self::Isco => "isco",
            Self::Esco => "esco",
        }
    }

    /// Reads its name.
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Soc, Self::Isco, Self::Esco].into_iter().find(|scheme| scheme.name() == name)
    }

    /// The depths at which codes are compared, coarsest first.
    pub fn depths(self) -> &'static [Depth] {
        match self {
            Self::Soc => &[Depth::Major, Depth::Minor, Depth::Broad, Depth::Detailed],
            Self::Isco => &[Depth::Major, Depth::SubMajor, Depth::Minor, Depth::Unit],
            Self::Esco => &[Depth::Occupation],
        }
    }
}

/// A depth of a scheme.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Depth {
    /// SOC's two digits, ISCO's one.
    Major,
    /// ISCO's two digits.
    SubMajor,
    /// SOC's minor group, ISCO's three digits.
    Minor,
    /// SOC's broad occupation.
    Broad,
    /// SOC's detailed occupation.
    Detailed,
    /// ISCO's four digits.
    Unit,
    /// A whole code.
    Occupation,
}

impl Depth {
    /// Its name in figures.
    pub fn name(self) -> &'static str {
        match self {
            Self::Major => "major",
            Self::SubMajor => "sub_major",
            Self::Minor => "minor",
            Self::Broad => "broad",
            Self::Detailed => "detailed",
            Self::Unit => "unit",
            Self::Occupation => "occupation",
        }
    }
}

/// Where titles with codes stand.
#[derive(Debug, Clone, Copy)]
pub struct ViaOptions<'o> {
    /// Scheme of the codes.
    pub scheme: Scheme,
    /// The file, with a header.
    pub titles: &'o Path,
    /// Column of the title.
    pub title_col: &'o str,
    /// Column of the code.
    pub code_col: &'o str,
    /// Precision that accepted answers aim at.
    pub accept_precision: f32,
}

/// Scores through mappings.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ViaResult {
    /// Scheme of the codes.
    pub scheme: Scheme,
    /// Rows asked.
    pub rows: usize,
    /// Share of rows whose answer has a reviewed mapping.
    pub mapped: f64,
    /// Share right, by depth.
    pub depths: Vec<DepthScore>,
    /// Share accepted, the role or its specialisation.
    pub accepted: f64,
    /// The same of rows whose code ends in an odd digit.
    pub accepted_odd: f64,
    /// Share of those accepted that are right at the finest depth that their mapping reaches.
    pub accepted_precision: f64,
    /// Levels, where the file judges them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub levels: Option<LevelScore>,
    /// Rows whose code ends in an even digit that are wrong at the coarsest depth: title, gold codes, answer. Rows with an
    /// odd digit are never listed, so that they stay unseen.
    pub misses: Vec<[String; 3]>,
}

/// Share right at a depth.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct DepthScore {
    /// The depth.
    pub depth: Depth,
    /// Of all rows.
    pub accuracy: f64,
    /// Of rows whose code ends in an odd digit.
    pub odd: f64,
    /// Of rows whose code ends in an even digit.
    pub even: f64,
    /// Of rows accepted.
    pub accepted: f64,
    /// Of rows accepted whose code ends in an odd digit.
    pub accepted_odd: f64,
}

/// How the levels of first answers stand to those judged.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LevelScore {
    /// Rows with a judged level.
    pub rows: usize,
    /// Share of them whose answer is at it.
    pub accuracy: f64,
    /// Rows that are not: title, level judged, answer.
    pub misses: Vec<[String; 3]>,
}

/// A level judged right.
#[derive(Debug, Clone, Copy, PartialEq)]
struct JudgedLevel {
    track: Track,
    bounds: Option<(LevelCode, LevelCode)>,
}

impl JudgedLevel {
    fn parse(track: &str, min: &str, max: &str) -> Option<Self> {
        let track = track.chars().next().and_then(Track::from_letter)?;
        Some(Self { track, bounds: LevelCode::parse(min).zip(LevelCode::parse(max)) })
    }

    fn holds(self, level: LevelCode) -> bool {
        let Some((min, max)) = self.bounds else { return level.track == self.track };
        let from_min = level.track == min.track && level.grade >= min.grade;
        let to_max = level.track == max.track && level.grade <= max.grade;
        if min.track == max.track { from_min && to_max } else { from_min || to_max }
    }
}

impl std::fmt::Display for JudgedLevel {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.bounds {
            None => write!(formatter, "{}", self.track.letter()),
            Some((min, max)) if min == max => write!(formatter, "{min}"),
            Some((min, max)) => write!(formatter, "{min}–{max}"),
        }
    }
}

struct Row {
    title: String,
    own: String,
    gold: Vec<String>,
    level: Option<JudgedLevel>,
}

struct Scored {
    right: Vec<bool>,
    mapped: Option<String>,
    accepted: bool,
    answer: String,
    level: Option<LevelCode>,
}

/// Asks the titles of a file and scores the answers' mappings.
///
/// # Errors
/// When the file cannot be read, lacks a column or holds no code of the scheme.
pub fn via(engine: &Engine, options: ViaOptions<'_>) -> Result<ViaResult, EvalError> {
    let rows = rows(options)?;
    let depths = options.scheme.depths();
    let scored = in_parallel(&rows, |row| score(engine, options, row));
    let is_odd = |row: &Row| row.own.bytes().rfind(u8::is_ascii_digit).is_some_and(|digit| digit % 2 == 1);
    let accuracy = |at: usize, keep: &dyn Fn(&Row) -> bool| {
        let kept: Vec<&Scored> = rows.iter().zip(&scored).filter(|(row, _)| keep(row)).map(|(_, scored)| scored).collect();
        share(kept.iter().filter(|scored| scored.right[at]).count(), kept.len())
    };
    let accepted: Vec<(&Row, &Scored)> = rows.iter().zip(&scored).filter(|(_, scored)| scored.accepted).collect();
    let accepted_odd: Vec<(&Row, &Scored)> = accepted.iter().copied().filter(|(row, _)| is_odd(row)).collect();
    let right_accepted = accepted.iter().filter(|(_, scored)| finest(options.scheme, scored)).count();
    let right_of = |of: &[(&Row, &Scored)], at: usize| share(of.iter().filter(|(_, scored)| scored.right[at]).count(), of.len());
    let miss = |(row, scored): (&Row, &Scored)| [row.title.clone(), row.gold.join(" "), scored.answer.clone()];
    Ok(ViaResult {
        scheme: options.scheme,
        rows: rows.len(),
        mapped: share(scored.iter().filter(|scored| scored.mapped.is_some()).count(), rows.len()),
        depths: depths
            .iter()
            .enumerate()
            .map(|(at, depth)| DepthScore {
                depth: *depth,
                accuracy: accuracy(at, &|_| true),
                odd: accuracy(at, &|row| is_odd(row)),
                even: accuracy(at, &|row| !is_odd(row)),
                accepted: right_of(&accepted, at),
                accepted_odd: right_of(&accepted_odd, at),
            })
            .collect(),
        accepted: share(accepted.len(), rows.len()),
        accepted_odd: share(accepted_odd.len(), rows.iter().filter(|row| is_odd(row)).count()),
        accepted_precision: share(right_accepted, accepted.len()),
        levels: levels(&rows, &scored),
        misses: rows.iter().zip(&scored).filter(|(row, scored)| !is_odd(row) && !scored.right[0]).map(miss).take(LISTED).collect(),
    })
}

/// A share; 0 of nothing.
fn share(count: usize, of: usize) -> f64 {
    count as f64 / of.max(1) as f64
}

fn levels(rows: &[Row], scored: &[Scored]) -> Option<LevelScore> {
    let judged: Vec<(&Row, &Scored, JudgedLevel)> = rows.iter().zip(scored).filter_map(|(row, scored)| Some((row, scored, row.level?))).collect();
    let misses: Vec<[String; 3]> = judged
        .iter()
        .filter(|(_, scored, level)| !scored.level.is_some_and(|own| level.holds(own)))
        .map(|(row, scored, level)| [row.title.clone(), level.to_string(), scored.answer.clone()])
        .collect();
    let rows = judged.len();
    (rows > 0).then(|| LevelScore { rows, accuracy: share(rows - misses.len(), rows), misses })
}

fn rows(options: ViaOptions<'_>) -> Result<Vec<Row>, EvalError> {
    let table = table::read(options.titles)?;
    let title = table.column(options.titles, &[options.title_col])?;
    let code = table.column(options.titles, &[options.code_col])?;
    let optional = |name: &str| table.header.iter().position(|own| own.eq_ignore_ascii_case(name));
    let alternatives = optional(&format!("{}_alternatives", options.code_col));
    let level_columns = [optional("level_track"), optional("level_min"), optional("level_max")];
    let mut gold: FxHashMap<String, Vec<String>> = FxHashMap::default();
    let mut rows: Vec<Row> = Vec::new();
    for (_, row) in &table.rows {
        let text = |column: Option<usize>| column.map_or("", |column| Table::cell(row, column));
        let own = whole_code(options.scheme, text(Some(code)));
        let title = text(Some(title)).to_owned();
        if title.is_empty() || own.is_empty() {
            continue;
        }
        let further = text(alternatives).split(['|', ' ', ';']).map(|code| whole_code(options.scheme, code)).filter(|code| !code.is_empty());
        let codes = gold.entry(title.to_lowercase()).or_default();
        for code in std::iter::once(own.clone()).chain(further) {
            if !codes.contains(&code) {
                codes.push(code);
            }
        }
        let [track, min, max] = level_columns.map(text);
        rows.push(Row { title, own, gold: Vec::new(), level: JudgedLevel::parse(track, min, max) });
    }
    if rows.is_empty() {
        let message = format!("{} holds no titles with codes of {}: check the columns", options.titles.display(), options.scheme.name());
        return Err(EvalError::NothingToAsk(message));
    }
    for row in &mut rows {
        row.gold.clone_from(&gold[&row.title.to_lowercase()]);
    }
    Ok(rows)
}

/// A code of the scheme; O*NET-SOC is cut to SOC, ISCO's URIs to digits. Empty for other texts.
fn whole_code(scheme: Scheme, code: &str) -> String {
    match scheme {
        Scheme::Soc => {
            let cut = code.split('.').next().unwrap_or_default();
            if granularity("soc", cut).is_empty() { String::new() } else { cut.to_owned() }
        }
        Scheme::Isco => {
            let digits = code.rsplit_once("/isco/C").map_or(code, |(_, digits)| digits).trim_start_matches('C');
            if granularity("isco", digits).is_empty() { String::new() } else { digits.to_owned() }
        }
        Scheme::Esco => code.to_owned(),
    }
}

/// A code cut to a depth; `None` when it does not reach so deep.
fn cut(scheme: Scheme, code: &str, depth: Depth) -> Option<String> {
    let digits = |count: usize| (code.len() >= count).then(|| code[..count].to_owned());
    match (scheme, depth) {
        (Scheme::Esco, _) => Some(code.to_owned()),
        (Scheme::Isco, Depth::Major) => digits(1),
        (Scheme::Isco, Depth::SubMajor) => digits(2),
        (Scheme::Isco, Depth::Minor) => digits(3),
        (Scheme::Isco, _) => digits(4),
        (Scheme::Soc, depth) => {
            let own = ["major", "minor", "broad", "detailed"].iter().position(|name| *name == granularity("soc", code))?;
            let wanted = Scheme::Soc.depths().iter().position(|known| *known == depth)?;
            (own >= wanted).then(|| match depth {
                Depth::Major => code[..2].to_owned(),
                Depth::Minor if crate::corpus::LONG_SOC_MINOR_GROUPS.iter().any(|group| group[..5] == code[..5]) => code[..5].to_owned(),
                Depth::Minor => code[..4].to_owned(),
                Depth::Broad => code[..6].to_owned(),
                _ => code.to_owned(),
            })
        }
    }
}

fn score(engine: &Engine, options: ViaOptions<'_>, row: &Row) -> Scored {
    let ViaOptions { scheme, accept_precision, .. } = options;
    let answer = engine.classify(&row.title, &MatchOptions { limit: 1, accept_precision, ..MatchOptions::default() });
    let by_group = answer.group.as_ref().is_some_and(|group| group.kind == "specialisation" && group.decision == Decision::Accept);
    let first = answer.candidates.first().filter(|_| answer.decision != Decision::Reject);
    let mapped = first.and_then(|first| mapping(engine, scheme, first.role));
    let right_at = |depth: Depth| {
        mapped.as_ref().and_then(|code| cut(scheme, code, depth)).is_some_and(|own| {
            row.gold.iter().any(|gold| cut(scheme, gold, depth).as_deref() == Some(own.as_str()))
        })
    };
    Scored {
        right: scheme.depths().iter().map(|depth| right_at(*depth)).collect(),
        accepted: answer.decision == Decision::Accept || by_group,
        answer: first.map_or_else(|| "none".to_owned(), |first| {
            format!("{} {} → {}", first.code, first.title, mapped.as_deref().unwrap_or("no reviewed mapping"))
        }),
        mapped,
        level: first.and_then(|first| first.level),
    }
}

/// Whether an answer is right at the finest depth that its own mapping reaches.
fn finest(scheme: Scheme, scored: &Scored) -> bool {
    let Some(code) = &scored.mapped else { return false };
    let reached = scheme.depths().iter().rposition(|depth| cut(scheme, code, *depth).is_some());
    reached.is_some_and(|at| scored.right[at])
}

/// The code of a scheme for a role: its own when the taxonomy is of the scheme, else its nearest reviewed mapping.
fn mapping(engine: &Engine, scheme: Scheme, role: RoleId) -> Option<String> {
    let taxonomy = &engine.index().taxonomy;
    let is_of_scheme = |name: &str| name == scheme.name() || (scheme == Scheme::Soc && name == "onet");
    if taxonomy.manifest.scheme.as_deref().is_some_and(is_of_scheme) {
        let own = whole_code(scheme, taxonomy.role(role).code.as_str());
        if !own.is_empty() {
            return Some(own);
        }
    }
    let mut found: Vec<_> = taxonomy
        .mappings(role)
        .into_iter()
        .filter(|mapping| is_of_scheme(&mapping.scheme) && mapping.review_status == ReviewStatus::Reviewed)
        .collect();
    found.sort_by_key(|mapping| mapping.relation);
    found.iter().map(|mapping| whole_code(scheme, &mapping.code)).find(|code| !code.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_are_judged_by_track_and_bounds() {
        for (track, min, max, level, expected) in [
            ("S", "", "", "S2", true),
            ("S", "", "", "P2", false),
            ("M", "M1", "M2", "M2", true),
            ("M", "M1", "M2", "M3", false),
            ("P", "P4", "M1", "P5", true),
            ("P", "P4", "M1", "M1", true),
            ("P", "P4", "M1", "P3", false),
            ("P", "P4", "M1", "M2", false),
        ] {
            let judged = JudgedLevel::parse(track, min, max).expect("a track");
            assert_eq!(judged.holds(LevelCode::parse(level).expect("a level")), expected, "{judged} {level}");
        }
        assert_eq!(JudgedLevel::parse("", "", ""), None);
    }

    #[test]
    fn codes_are_cut_to_depths() {
        for (scheme, code, depth, expected) in [
            (Scheme::Soc, "15-1252", Depth::Major, Some("15")),
            (Scheme::Soc, "15-1252", Depth::Minor, Some("15-12")),
            (Scheme::Soc, "15-2051", Depth::Minor, Some("15-2")),
            (Scheme::Soc, "31-1131", Depth::Minor, Some("31-11")),
            (Scheme::Soc, "51-5111", Depth::Minor, Some("51-51")),
            (Scheme::Soc, "15-1252", Depth::Broad, Some("15-125")),
            (Scheme::Soc, "15-1252", Depth::Detailed, Some("15-1252")),
            (Scheme::Soc, "15-1250", Depth::Broad, Some("15-125")),
            (Scheme::Soc, "15-1250", Depth::Detailed, None),
            (Scheme::Soc, "15-0000", Depth::Minor, None),
            (Scheme::Isco, "2522", Depth::Minor, Some("252")),
            (Scheme::Isco, "25", Depth::Minor, None),
        ] {
            assert_eq!(cut(scheme, code, depth).as_deref(), expected, "{code} {depth:?}");
        }
        assert_eq!(whole_code(Scheme::Soc, "15-1252.01"), "15-1252");
        assert_eq!(whole_code(Scheme::Isco, "http://data.europa.eu/esco/isco/C0110"), "0110");
        assert_eq!(whole_code(Scheme::Soc, "other"), "");
    }
}
