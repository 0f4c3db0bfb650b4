//! Holds many short texts or number lists as one array with ends: one allocation, quick to load.

use std::hash::BuildHasher;

use hashbrown::HashTable;
use hashbrown::hash_table::Entry;
use rustc_hash::FxBuildHasher;
use serde::{Deserialize, Serialize};

use crate::learn::packed;

/// Texts one after another.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Texts {
    all: String,
    #[serde(with = "packed::u32s")]
    ends: Vec<u32>,
}

impl Texts {
    /// Adds a text and returns its number.
    pub fn push(&mut self, text: &str) -> u32 {
        self.all.push_str(text);
        self.ends.push(self.all.len() as u32);
        self.ends.len() as u32 - 1
    }

    /// The text of a number.
    #[inline]
    pub fn get(&self, number: u32) -> &str {
        let number = number as usize;
        let start = if number == 0 { 0 } else { self.ends[number - 1] as usize };
        &self.all[start..self.ends[number] as usize]
    }

    /// How many texts there are.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// Gives back memory that was set aside for more texts.
    pub fn shrink_to_fit(&mut self) {
        self.all.shrink_to_fit();
        self.ends.shrink_to_fit();
    }

    /// Every text in order.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        (0..self.len() as u32).map(|number| self.get(number))
    }
}

/// Numbers of distinct texts by the texts, which stay where they are.
#[derive(Debug, Clone, Default)]
pub(crate) struct TextNumbers(HashTable<u32>);

impl TextNumbers {
    /// Reads all texts; of equal ones the last counts.
    pub(crate) fn new(texts: &Texts) -> Self {
        let mut numbers = Self(HashTable::with_capacity(texts.len()));
        for number in 0..texts.len() as u32 {
            numbers.add(texts, number);
        }
        numbers
    }

    /// Takes a text in.
    pub(crate) fn add(&mut self, texts: &Texts, number: u32) {
        let hash = |number: &u32| FxBuildHasher.hash_one(texts.get(*number));
        match self.0.entry(hash(&number), |known| texts.get(*known) == texts.get(number), hash) {
            Entry::Occupied(mut known) => *known.get_mut() = number,
            Entry::Vacant(free) => _ = free.insert(number),
        }
    }

    /// The number of a text. `texts` are those that were taken in.
    #[inline]
    pub(crate) fn get(&self, texts: &Texts, text: &str) -> Option<u32> {
        self.0.find(FxBuildHasher.hash_one(text), |number| texts.get(*number) == text).copied()
    }
}

/// Number lists one after another.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Lists {
    #[serde(with = "packed::u32s")]
    all: Vec<u32>,
    #[serde(with = "packed::u32s")]
    ends: Vec<u32>,
}

impl Lists {
    /// Adds a list and returns its number.
    pub fn push(&mut self, numbers: impl IntoIterator<Item = u32>) -> u32 {
        self.all.extend(numbers);
        self.ends.push(self.all.len() as u32);
        self.ends.len() as u32 - 1
    }

    /// The list of a number.
    #[inline]
    pub fn get(&self, number: u32) -> &[u32] {
        let number = number as usize;
        let start = if number == 0 { 0 } else { self.ends[number - 1] as usize };
        &self.all[start..self.ends[number] as usize]
    }

    /// How many lists there are.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }
}

/// A number that is the smaller, the greater the value: the order of `f32::total_cmp` turned round.
///
/// PERF: keys of plain numbers are selected several times faster than by a comparison that computes both values.
pub(crate) fn descending(value: f32) -> u32 {
    let bits = value.to_bits();
    if bits >> 31 == 0 { !(bits | 1 << 31) } else { bits }
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #[test]
        fn texts_are_found_by_themselves(words in proptest::collection::hash_set("[a-c]{0,4}", 0..60), other in "[a-d]{0,4}") {
            let mut texts = Texts::default();
            words.iter().for_each(|word| _ = texts.push(word));
            let numbers = TextNumbers::new(&texts);
            for (number, word) in texts.iter().enumerate() {
                proptest::prop_assert_eq!(numbers.get(&texts, word), Some(number as u32));
            }
            proptest::prop_assert_eq!(numbers.get(&texts, &other).is_some(), words.contains(&other));
        }

        #[test]
        fn descending_turns_the_order_round(left: f32, right: f32) {
            proptest::prop_assert_eq!(descending(left).cmp(&descending(right)), right.total_cmp(&left));
        }
    }
}
