//! Holds the seniority coordinate: tracks, grades and the levels that a taxonomy defines on them.

use serde::{Deserialize, Serialize};

/// A career track.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub enum Track {
    /// Professional.
    P,
    /// Management.
    M,
    /// Executive.
    E,
    /// Support and skilled work.
    S,
}

impl Track {
    /// Every track, in the order of their letters on the page.
    pub const ALL: [Track; 4] = [Track::P, Track::M, Track::E, Track::S];

    /// The track's letter.
    pub fn letter(self) -> char {
        match self {
            Track::P => 'P',
            Track::M => 'M',
            Track::E => 'E',
            Track::S => 'S',
        }
    }

    /// The track of a letter, whatever its case.
    pub fn from_letter(letter: char) -> Option<Track> {
        Track::ALL.into_iter().find(|track| track.letter() == letter.to_ascii_uppercase())
    }

    /// Whether people on this track are led by, rather than lead by office: P and S against M and E.
    pub fn is_individual(self) -> bool {
        matches!(self, Track::P | Track::S)
    }
}

/// Grade at which people usually are who state none, on the tracks of individual work.
const USUAL_GRADE: u8 = 3;
/// The same on the management and executive tracks.
const USUAL_LEADING_GRADE: u8 = 2;
/// Tracks in the order in which a title without office is placed: individual work first.
pub const INDIVIDUAL_FIRST: [Track; 4] = [Track::P, Track::S, Track::M, Track::E];

/// A track with a grade: `P5` is track P, grade 5.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct LevelCode {
    /// The track.
    pub track: Track,
    /// The grade, 1 to 9.
    pub grade: u8,
}

impl LevelCode {
    /// Reads `P5` or `p5`.
    pub fn parse(text: &str) -> Option<LevelCode> {
        let mut chars = text.chars();
        let track = Track::from_letter(chars.next()?)?;
        let grade = chars.next()?.to_digit(10)? as u8;
        (chars.next().is_none() && grade > 0).then_some(LevelCode { track, grade })
    }
}

impl LevelCode {
    /// The level, of several, at which people usually are who state none, as long as nobody wrote another down.
    pub fn usual_of(levels: impl IntoIterator<Item = LevelCode>) -> Option<LevelCode> {
        levels.into_iter().min_by_key(|level| {
            let usual = if level.track.is_individual() { USUAL_GRADE } else { USUAL_LEADING_GRADE };
            let track = INDIVIDUAL_FIRST.iter().position(|track| *track == level.track).unwrap_or_default();
            (track, level.grade.abs_diff(usual), level.grade)
        })
    }
}

impl std::fmt::Display for LevelCode {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{}{}", self.track.letter(), self.grade)
    }
}

impl TryFrom<String> for LevelCode {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        LevelCode::parse(&text).ok_or_else(|| format!("{text:?} is no level: write a track letter P, M, E or S and a grade from 1 to 9"))
    }
}

impl From<LevelCode> for String {
    fn from(level: LevelCode) -> String {
        level.to_string()
    }
}

/// Grades from `min` to `max` on a track, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct GradeRange {
    /// The track.
    pub track: Track,
    /// Lowest grade.
    pub min: u8,
    /// Highest grade.
    pub max: u8,
}

impl GradeRange {
    /// How many grades lie between a level and this range; 0 inside it. The track is not compared.
    pub fn gap(&self, grade: u8) -> u8 {
        self.min.saturating_sub(grade).max(grade.saturating_sub(self.max))
    }
}

/// Name of a track.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct TrackInfo {
    /// The track.
    pub code: Track,
    /// Its name for people.
    pub label: String,
}

/// Years of experience that a level usually asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct Experience {
    /// Fewest years.
    pub min: u8,
    /// Most years.
    pub max: u8,
}

/// A level with its seven facets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct Level {
    /// Its code.
    pub code: LevelCode,
    /// Its name for people.
    pub label: String,
    /// Pattern of a role's title at this level; `{}` stands for the specialisation's title.
    #[serde(default)]
    pub title: String,
    /// The level in one sentence.
    #[serde(default)]
    pub sentence: String,
    /// Facet: how much the work spans.
    #[serde(default)]
    pub scope: String,
    /// Facet: how freely it is done.
    #[serde(default)]
    pub autonomy: String,
    /// Facet: what problems it meets.
    #[serde(default)]
    pub complexity: String,
    /// Facet: what it changes.
    #[serde(default)]
    pub impact: String,
    /// Facet: what it may settle.
    #[serde(default)]
    pub decision_rights: String,
    /// Facet: whom it leads.
    #[serde(default)]
    pub leadership: String,
    /// Facet: typical experience in years.
    #[serde(default)]
    pub experience: Option<Experience>,
}

impl Level {
    /// A level of which only its code is known, which is then also its name.
    pub fn bare(code: LevelCode) -> Self {
        Self {
            code,
            label: code.to_string(),
            title: String::new(),
            sentence: String::new(),
            scope: String::new(),
            autonomy: String::new(),
            complexity: String::new(),
            impact: String::new(),
            decision_rights: String::new(),
            leadership: String::new(),
            experience: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn level_codes() {
        for (text, expected) in [("P5", Some("P5")), ("m2", Some("M2")), ("L5", None), ("P", None), ("P55", None), ("P0", None)] {
            assert_eq!(LevelCode::parse(text).map(|level| level.to_string()).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn the_usual_level_is_individual_work_in_the_middle() {
        for (levels, expected) in [("P1 P2 P3 P4", "P3"), ("S1 S2 M1", "S2"), ("M1 M2 M3", "M2"), ("S3 P3", "P3"), ("P4 P2", "P2"), ("E4 E5", "E4")] {
            let levels = levels.split(' ').filter_map(LevelCode::parse);
            assert_eq!(LevelCode::usual_of(levels).map(|level| level.to_string()).as_deref(), Some(expected));
        }
    }

    #[test]
    fn gap_is_zero_inside() {
        let range = GradeRange { track: Track::P, min: 2, max: 4 };
        assert_eq!([1, 2, 3, 4, 6].map(|grade| range.gap(grade)), [1, 0, 0, 0, 2]);
    }
}
