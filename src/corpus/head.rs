//! Turns `taxonomy.toml`, `levels.toml` and `superfunctions.toml` into what all families share.

use std::collections::BTreeMap;

use crate::taxonomy::{
    ConfidenceBand, DistanceRules, Experience, Level, LevelCode, Manifest, RecordConfidence, Status, Superfunction, Track,
    TrackInfo,
};

use super::places::Place;
use super::problem::ProblemKind;
use super::toml_tree::{Table, Value};

const TRACKS: [(&str, Track); 4] = [("P", Track::P), ("M", Track::M), ("E", Track::E), ("S", Track::S)];

/// How far the weights of the distance may be from a sum of 1: the rounding of five written decimals.
const WEIGHT_SUM_TOLERANCE: f32 = 0.001;

/// What is said of a record rather than of the work, each part inherited when it is not written.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct RecordFacts {
    pub(super) status: Option<Status>,
    pub(super) region: Option<String>,
    pub(super) version: Option<u32>,
    pub(super) record_confidence: Option<RecordConfidence>,
}

impl RecordFacts {
    pub(super) fn read(table: &Table<'_>) -> Self {
        Self {
            status: table.get("status").and_then(|value| value.choice(&Status::ALL.map(|known| (known.name(), known)))),
            region: table.text("region"),
            version: table.get("version").and_then(|value| value.whole()),
            record_confidence: table.table("record_confidence").and_then(|table| record_confidence(&table)),
        }
    }

    /// These facts, filled up from those of the enclosing record.
    pub(super) fn or(&self, outer: &Self) -> Self {
        Self {
            status: self.status.or(outer.status),
            region: self.region.clone().or_else(|| outer.region.clone()),
            version: self.version.or(outer.version),
            record_confidence: self.record_confidence.or(outer.record_confidence),
        }
    }
}

fn record_confidence(table: &Table<'_>) -> Option<RecordConfidence> {
    let band = table.get("band").and_then(|value| value.choice(&ConfidenceBand::ALL.map(|known| (known.name(), known))));
    let score = table.require("score", "a number from 0 to 1").and_then(|value| share(&value));
    table.refuse_others();
    let score = score?;
    Some(RecordConfidence { band: band.unwrap_or_else(|| ConfidenceBand::of(score)), score })
}

/// A number from 0 to 1.
pub(super) fn share(value: &Value<'_>) -> Option<f32> {
    let number = value.number()?;
    if !(0.0..=1.0).contains(&number) {
        value.fail(ProblemKind::BadValue, format!("expected a number from 0 to 1, found {number}"));
        return None;
    }
    Some(number)
}

/// Reads `taxonomy.toml`.
pub(super) fn manifest(root: &Table<'_>) -> (Manifest, RecordFacts) {
    let defaults = root.table("defaults").map(|table| {
        let facts = RecordFacts::read(&table);
        table.refuse_others();
        facts
    });
    let schemes = root.table("schemes").map(|table| table.entries()).unwrap_or_default();
    let manifest = Manifest {
        name: root.require("name", "a short machine name, as in \"canon\"").and_then(|value| value.text()).map(|at| at.value).unwrap_or_default(),
        title: root.text_or_empty("title"),
        version: root.text_or_empty("version"),
        description: root.text_or_empty("description"),
        licence: root.text_or_empty("licence"),
        code_pattern: root.text("code_pattern"),
        scheme: root.text("scheme"),
        languages: root.texts("languages").unwrap_or_default(),
        draft_lowers_decision: root.get("draft_lowers_decision").and_then(|value| value.flag()).unwrap_or(false),
        schemes: schemes.iter().filter_map(|(key, value)| Some((key.value.clone(), value.text()?.value))).collect(),
        distance: root.table("distance").map(|table| distance(&table)).unwrap_or_default(),
    };
    root.refuse_others();
    (manifest, defaults.unwrap_or_default())
}

fn distance(table: &Table<'_>) -> DistanceRules {
    let standard = DistanceRules::default();
    let weight = |key, standard| table.get(key).and_then(|value| share(&value)).unwrap_or(standard);
    let bands = table.texts("bands").unwrap_or_else(|| standard.bands.to_vec());
    let bands = <[String; 3]>::try_from(bands).unwrap_or_else(|found| {
        table.fail("bands", ProblemKind::BadValue, format!("expected three names of bands, nearest first, found {}", found.len()));
        standard.bands.clone()
    });
    let rules = DistanceRules {
        superfunction: weight("superfunction", standard.superfunction),
        family: weight("family", standard.family),
        specialisation: weight("specialisation", standard.specialisation),
        track: weight("track", standard.track),
        grade: weight("grade", standard.grade),
        near: weight("near", standard.near),
        far: weight("far", standard.far),
        bands,
    };
    let sum = rules.superfunction + rules.family + rules.specialisation + rules.track + rules.grade;
    if (sum - 1.0).abs() > WEIGHT_SUM_TOLERANCE {
        table.fail("", ProblemKind::BadValue, format!("the five weights sum to {sum:.3}: they must sum to 1"));
    }
    if rules.near > rules.far {
        table.fail("near", ProblemKind::BadValue, "is above far: the first cut point must be the lower one");
    }
    table.refuse_others();
    rules
}

/// Patterns of a level's titles where the usual level, which has the bare name, is on the same side of the tracks; empty
/// where the level's own pattern serves.
#[derive(Debug, Default)]
pub(super) struct Beside {
    /// When the level is above the usual one.
    pub(super) above: String,
    /// When it is below.
    pub(super) below: String,
}

/// What `levels.toml` holds.
#[derive(Default)]
pub(super) struct LevelsFile {
    pub(super) tracks: Vec<TrackInfo>,
    pub(super) levels: Vec<Level>,
    pub(super) places: Vec<Place>,
    pub(super) beside: BTreeMap<LevelCode, Beside>,
}

/// Reads `levels.toml`.
pub(super) fn levels(root: &Table<'_>) -> LevelsFile {
    let mut file = LevelsFile { tracks: root.tables("tracks").into_iter().filter_map(|table| track(&table)).collect(), ..LevelsFile::default() };
    for table in root.tables("levels") {
        let beside = Beside { above: pattern(&table, "above"), below: pattern(&table, "below") };
        let Some(level) = level(&table) else { continue };
        if file.levels.iter().any(|known| known.code == level.code) {
            table.fail("code", ProblemKind::Duplicate, format!("the level {} stands twice: keep one of them", level.code));
            continue;
        }
        file.beside.insert(level.code, beside);
        file.levels.push(level);
        file.places.push(table.place());
    }
    root.refuse_others();
    file
}

/// A pattern of titles; empty when there is none.
fn pattern(table: &Table<'_>, key: &'static str) -> String {
    let pattern = table.text_or_empty(key);
    if !pattern.is_empty() && !pattern.contains("{}") {
        table.fail(key, ProblemKind::BadValue, "the pattern has no {}: write it where the specialisation's title goes");
    }
    pattern
}

fn track(table: &Table<'_>) -> Option<TrackInfo> {
    let code = table.require("code", "a track letter").and_then(|value| value.choice(&TRACKS));
    let label = table.text_or_empty("label");
    table.refuse_others();
    Some(TrackInfo { code: code?, label })
}

fn level(table: &Table<'_>) -> Option<Level> {
    let code = table.require("code", "a track letter and a grade, as in \"P5\"").and_then(|value| level_code(&value));
    let experience = table.table("experience").and_then(|table| {
        let years = |key| table.require(key, "a number of years").and_then(|value| value.whole()).map(|years| years.min(99) as u8);
        let (min, max) = (years("min"), years("max"));
        table.refuse_others();
        Some(Experience { min: min?, max: max? })
    });
    let text = |key| table.text_or_empty(key);
    let label = table.require("label", "the level's name").and_then(|value| value.text()).map(|at| at.value);
    let (title, sentence, scope, autonomy) = (pattern(table, "title"), text("sentence"), text("scope"), text("autonomy"));
    let (complexity, impact) = (text("complexity"), text("impact"));
    let (decision_rights, leadership) = (text("decision_rights"), text("leadership"));
    table.refuse_others();
    let label = label.unwrap_or_default();
    Some(Level {
        code: code?,
        label,
        title,
        sentence,
        scope,
        autonomy,
        complexity,
        impact,
        decision_rights,
        leadership,
        experience,
    })
}

pub(super) fn level_code(value: &Value<'_>) -> Option<LevelCode> {
    let text = value.text()?;
    let found = LevelCode::parse(&text.value);
    if found.is_none() {
        let message = format!("{:?} is no level: write a track letter P, M, E or S and a grade from 1 to 9", text.value);
        value.fail(ProblemKind::BadValue, message);
    }
    found
}

/// Reads `superfunctions.toml`.
pub(super) fn superfunctions(root: &Table<'_>) -> Vec<(Superfunction, Place)> {
    let mut found: Vec<(Superfunction, Place)> = Vec::new();
    for table in root.tables("superfunctions") {
        let text = |key, expected| table.require(key, expected).and_then(|value| value.text()).map(|at| at.value);
        let (code, title) = (text("code", "a code in capitals"), text("title", "the area's name"));
        table.refuse_others();
        let (Some(code), Some(title)) = (code, title) else { continue };
        if found.iter().any(|(known, _)| known.code == code) {
            table.fail("code", ProblemKind::Duplicate, format!("the superfunction {code} stands twice: keep one of them"));
        } else {
            found.push((Superfunction { code, title }, table.place()));
        }
    }
    root.refuse_others();
    found
}
