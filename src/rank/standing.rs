//! Orders the specialisations that bear one name: what a name is to its role counts more than what the words are like.

use crate::analysis::{Query, Word, WordKind, fold};
use crate::index::{Index, NameField};

/// A title outweighs an alias by more than word statistics usually differ.
const TITLE: f32 = 8.0;
/// An alias that somebody wrote.
const ALIAS: f32 = 2.0;
/// An alias made from another name.
const DERIVED: f32 = 1.0;
/// An alias that was approved; one that was not comes last among its like.
const APPROVED: f32 = 1.0;
/// The name is written as the title is: *journalist* is the role, *journalists* a heading above it. Only for titles in their
/// base form: a list of work in the plural says nothing by it. The MELO sets are the same from 1 to 4.
const AS_TYPED: f32 = 1.0;
/// Weight of ln(1 + number of names): a role that many names tell of is asked for more often than one with a heading alone.
const NAMES: f32 = 1.0;

/// What a title is compared with names by: its words as typed, none where they are inflected or there is no choice.
pub(super) struct Standing {
    typed: Vec<String>,
}

impl Standing {
    /// Reads a title that is some names; noise and function words are left out.
    pub(super) fn new(query: &Query, names: &[u32]) -> Self {
        if names.len() < 2 {
            return Self { typed: Vec::new() };
        }
        let content = query.words.iter().filter(|word| !word.is_noise() && word.kind != WordKind::Stop);
        let typed = |word: &Word| written(query.input.get(word.raw.clone()).unwrap_or_default());
        let inflected = content.clone().any(|word| typed(word).concat() != word.text);
        Self { typed: if inflected { Vec::new() } else { content.flat_map(typed).collect() } }
    }

    /// What a name's own standing adds to the score of the specialisation that bears it.
    pub(super) fn of(&self, index: &Index, name: u32) -> f32 {
        let facts = &index.names.facts[name as usize];
        let field = match facts.field {
            NameField::Title => TITLE,
            NameField::Alias => ALIAS,
            NameField::Derived => DERIVED,
        };
        let approved = if facts.approved { APPROVED } else { 0.0 };
        let names = index.names.of_specialisation(facts.specialisation).len() as f32;
        field + approved + f32::from(facts.confidence) / 100.0 + self.as_typed(index, name) + NAMES * (1.0 + names).ln()
    }

    fn as_typed(&self, index: &Index, name: u32) -> f32 {
        if self.typed.is_empty() {
            return 0.0;
        }
        let own = written(index.names.texts.get(name));
        if self.typed.iter().all(|word| own.contains(word)) { AS_TYPED } else { 0.0 }
    }
}

/// Words of a text in lower case and without marks, not brought to their base form.
fn written(text: &str) -> Vec<String> {
    fold(text).text.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_owned).collect()
}
