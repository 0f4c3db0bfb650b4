//! Holds the words that titles are read with, a table a language: abbreviations, level words, noise, grade-blind phrases.
//!
//! Keys and phrases are lower case; several words are separated by one blank. The tables are data of the taxonomy (or the
//! built-in ones of `corpus/lexicon`); how they are applied is `analysis`' matter.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{GradeRange, Track};

/// Lexicons by language.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Lexicon {
    /// ISO 639-1 code → tables.
    pub languages: BTreeMap<String, LanguageLexicon>,
}

/// The tables of one language.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LanguageLexicon {
    /// ISO 639-1 code.
    pub lang: String,
    /// Function words that a key leaves out.
    #[serde(default)]
    pub stop: Vec<String>,
    /// Words that end a head noun's phrase ("of" in *director of nursing*).
    #[serde(default)]
    pub linking: Vec<String>,
    /// Short form → full form; both may have several words.
    #[serde(default)]
    pub abbreviations: BTreeMap<String, String>,
    /// Short forms with several readings.
    #[serde(default)]
    pub contextual: Vec<ContextualAbbreviation>,
    /// Words that state a grade and are no part of the name (*senior*, *jr*, *trainee*).
    #[serde(default)]
    pub levels: BTreeMap<String, GradeRanges>,
    /// Level words that state a grade only before the name (*staff* engineer).
    #[serde(default)]
    pub prefix_only: Vec<String>,
    /// Level words that state a grade only after the name (engineer *ii*).
    #[serde(default)]
    pub suffix_only: Vec<String>,
    /// Words that name an office: they state a track and grade, yet belong to the name (*manager*, *director*).
    #[serde(default)]
    pub offices: BTreeMap<String, GradeRanges>,
    /// Phrases in which a level word states no grade (*lead generation*, *chief of staff*).
    #[serde(default)]
    pub grade_blind: Vec<String>,
    /// Kind of noise → phrases (`work_mode`, `contract`, `shift`, `urgency`, `gender_marker`, …).
    #[serde(default)]
    pub noise: BTreeMap<String, Vec<String>>,
    /// Names of places, removed where a place can stand.
    #[serde(default)]
    pub places: Vec<String>,
    /// Irregular plural or inflected form → base form.
    #[serde(default)]
    pub irregular: BTreeMap<String, String>,
    /// Endings of plurals and gender forms with their replacement, tried in order on words of at least `min` letters.
    #[serde(default)]
    pub endings: Vec<Ending>,
    /// Field or action → the person who does it (*engineering* → *engineer*).
    #[serde(default)]
    pub agents: BTreeMap<String, String>,
    /// Words written apart → joined form (*dev ops* → *devops*).
    #[serde(default)]
    pub compounds: BTreeMap<String, String>,
    /// Last parts of closed compounds, which are cut off as words of their own (German *…leiter*).
    #[serde(default)]
    pub compound_heads: Vec<String>,
    /// Head words of headings, which name a group of work and never a job (*computer occupations*).
    #[serde(default)]
    pub headings: Vec<String>,
    /// Words that alone are too vague to name a role (*manager*, *engineer*).
    #[serde(default)]
    pub vague: Vec<String>,
}

/// A short form with several readings.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ContextualAbbreviation {
    /// The short form.
    pub from: String,
    /// Readings in order of commonness.
    pub readings: Vec<Reading>,
}

/// One reading of a short form.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reading {
    /// The full form.
    pub to: String,
    /// Words whose presence in the title chooses this reading; empty: the reading when none is chosen.
    #[serde(default)]
    pub near: Vec<String>,
}

/// An ending and what stands in its place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ending {
    /// The ending.
    pub from: String,
    /// Its replacement.
    pub to: String,
    /// Fewest letters of a word it applies to.
    pub min: usize,
    /// Endings of words that are left alone.
    #[serde(default)]
    pub except: Vec<String>,
}

/// What a word says of the grade on each track; written `"P5 S4 M3"` or `"P1-P2"`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct GradeRanges(pub Vec<GradeRange>);

impl GradeRanges {
    /// The range on a track.
    pub fn on(&self, track: Track) -> Option<GradeRange> {
        self.0.iter().copied().find(|range| range.track == track)
    }

    /// Reads the written form.
    ///
    /// # Errors
    /// Says which part is not like `P5` or `P1-P2`.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut ranges = Vec::new();
        for part in text.split_whitespace() {
            let (low, high) = part.split_once('-').unwrap_or((part, part));
            let (Some(low), Some(high)) = (super::LevelCode::parse(low), super::LevelCode::parse(high)) else {
                return Err(format!("{part:?} is no range of grades: write P5 or P1-P2"));
            };
            if low.track != high.track || low.grade > high.grade {
                return Err(format!("{part:?} is no range of grades: both ends must be of one track, the lower one first"));
            }
            ranges.push(GradeRange { track: low.track, min: low.grade, max: high.grade });
        }
        Ok(Self(ranges))
    }
}

impl std::fmt::Display for GradeRanges {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (position, range) in self.0.iter().enumerate() {
            if position > 0 {
                formatter.write_str(" ")?;
            }
            let letter = range.track.letter();
            write!(formatter, "{letter}{}-{letter}{}", range.min, range.max)?;
        }
        Ok(())
    }
}

impl Serialize for GradeRanges {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for GradeRanges {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        GradeRanges::parse(&text).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grade_ranges_round_trip() {
        let ranges = GradeRanges::parse("P1-P2 S4").expect("well written");
        assert_eq!(ranges.to_string(), "P1-P2 S4-S4");
        assert_eq!(GradeRanges::parse(&ranges.to_string()), Ok(ranges));
        assert!(GradeRanges::parse("P2-P1").is_err());
        assert!(GradeRanges::parse("Q1").is_err());
    }
}
