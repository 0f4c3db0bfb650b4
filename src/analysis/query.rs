//! Holds what the analyser read out of a title.

use std::ops::Range;

use serde::Serialize;

use crate::taxonomy::lexicon::GradeRanges;

/// Longest title in characters that is read; longer text is refused as no title.
pub const MAX_TITLE_CHARS: usize = 1000;

/// Why a text cannot be read as a title at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum InputProblem {
    /// Nothing but blanks and punctuation.
    Empty,
    /// More than [`MAX_TITLE_CHARS`] characters.
    TooLong,
}

/// A title as it was read.
#[derive(Debug, Clone, Default)]
pub struct Query {
    /// The text as given.
    pub input: String,
    /// Why there is nothing to answer.
    pub problem: Option<InputProblem>,
    /// Words in order, after abbreviations, compounds and inflections; noise words included and marked.
    pub words: Vec<Word>,
    /// What was taken out or marked as noise, in order.
    pub noise: Vec<Noise>,
    /// What was changed, in order.
    pub changes: Vec<Change>,
    /// The level that the title's level words state.
    pub level: Option<LevelReading>,
    /// The level that an office word (*manager*) states; it stays part of the name.
    pub office: Option<LevelReading>,
    /// Whether the title states a level and nothing else.
    pub level_only: bool,
    /// Whether what is left of the title is a word too vague to name a role.
    pub vague: bool,
    /// Whether it is a heading, which names a group of work and no job.
    pub heading: bool,
    /// Places where the title may be cut into several titles: numbers of the words that begin a further one.
    pub cuts: Vec<usize>,
}

/// A word of a title.
#[derive(Debug, Clone, PartialEq)]
pub struct Word {
    /// Its normal form.
    pub text: String,
    /// Its bytes in the input.
    pub raw: Range<usize>,
    /// Number of the segment it stands in, counted over separators.
    pub segment: u16,
    /// Whether it stands in brackets.
    pub bracket: bool,
    /// What it is.
    pub kind: WordKind,
}

/// What a word is to the analyser.
#[derive(Debug, Clone, PartialEq)]
pub enum WordKind {
    /// Part of the name.
    Plain,
    /// A function word.
    Stop,
    /// States a grade and is no part of the name.
    Level(GradeRanges),
    /// States a grade and is part of the name.
    Office(GradeRanges),
    /// A bare number.
    Number,
    /// Neither name nor level.
    Noise(NoiseKind),
}

impl Word {
    /// Whether it is noise.
    pub fn is_noise(&self) -> bool {
        matches!(self.kind, WordKind::Noise(_))
    }

    /// Whether it states a grade and is no part of the name.
    pub fn is_level(&self) -> bool {
        matches!(self.kind, WordKind::Level(_))
    }

    /// Whether it carries meaning for a name: not a function word, noise or level word.
    pub fn is_content(&self) -> bool {
        matches!(self.kind, WordKind::Plain | WordKind::Office(_))
    }
}

/// Kind of noise; `Other` keeps a lexicon's own kind.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct NoiseKind(pub std::borrow::Cow<'static, str>);

impl Serialize for NoiseKind {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

/// Something in a title that is no part of the name.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct Noise {
    /// As typed.
    pub text: String,
    /// Its kind, as in `work_mode`.
    pub kind: NoiseKind,
}

/// A change of a word on the way to its normal form.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct Change {
    /// As typed.
    pub from: String,
    /// Normal form.
    pub to: String,
    /// Kind of the change.
    pub kind: ChangeKind,
}

/// Kind of a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub enum ChangeKind {
    /// A short form was written out, or a spelling unified.
    Abbreviation,
    /// Words were joined or a compound cut.
    Compound,
    /// A gender ending was dropped.
    GenderForm,
    /// The parts around a comma were turned round.
    Inversion,
}

/// The level that a title states.
#[derive(Debug, Clone, PartialEq)]
pub struct LevelReading {
    /// As typed.
    pub text: String,
    /// In normal form.
    pub word: String,
    /// What it says on each track.
    pub ranges: GradeRanges,
}

impl Query {
    /// The words of the name with its level words: noise left out unless nothing else is there.
    pub fn named_words(&self) -> Vec<&Word> {
        let kept: Vec<&Word> = self.words.iter().filter(|word| !word.is_noise()).collect();
        if kept.iter().any(|word| !matches!(word.kind, WordKind::Stop | WordKind::Number)) {
            return kept;
        }
        self.words.iter().collect()
    }

    /// The words of the name alone: noise and level words left out unless nothing else is there.
    pub fn core_words(&self) -> Vec<&Word> {
        let named = self.named_words();
        let core: Vec<&Word> =
            named.iter().copied().filter(|word| !word.is_level() && word.kind != WordKind::Number).collect();
        if core.iter().any(|word| word.is_content()) { core } else { named }
    }

    /// The name in normal form, words separated by one blank, without level words.
    pub fn normalized(&self) -> String {
        join(&self.core_words())
    }
}

/// Joins the normal forms of words with one blank.
pub fn join(words: &[&Word]) -> String {
    let mut text = String::new();
    for word in words {
        if !text.is_empty() {
            text.push(' ');
        }
        text.push_str(&word.text);
    }
    text
}

/// Position of the head noun: the last word before the first linking word, level words and numbers skipped.
pub fn head_position(words: &[&Word], is_linking: impl Fn(&str) -> bool) -> Option<usize> {
    let mut head = None;
    for (position, word) in words.iter().enumerate() {
        if head.is_some() && is_linking(&word.text) {
            break;
        }
        if word.is_content() {
            head = Some(position);
        }
    }
    head
}
