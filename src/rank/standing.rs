//! Orders the specialisations that bear one name: what a name is to its role counts more than what the words are like.

use crate::analysis::{Query, WordKind, folded_words};
use crate::index::{Index, NameField, letters};

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
        let typed = content.map(|word| (query.input.get(word.raw.clone()).unwrap_or_default(), word.text.as_str()));
        let inflected = typed.clone().any(|(typed, base)| letters(typed) != base);
        Self { typed: if inflected { Vec::new() } else { typed.flat_map(|(typed, _)| folded_words(typed)).collect() } }
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
        let own = folded_words(index.names.texts.get(name));
        if self.typed.iter().all(|word| own.contains(word)) { AS_TYPED } else { 0.0 }
    }
}
