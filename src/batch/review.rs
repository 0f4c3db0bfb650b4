//! Gathers the titles that nobody but a person can settle into one table, those that settle most rows first.
//!
//! Titles that an override would settle together (the same words, whatever their order, case and noise) are one entry. Filled
//! in at `code`, the table is what `rolecall overrides export` turns into overrides.

use std::path::Path;

use rustc_hash::FxHashMap;

use super::cells::{alternatives, decimals};
use super::error::BatchError;
use super::render::CellStyle;
use super::resume::write_atomically;
use crate::analysis::{Query, Word, key};
use crate::decide::Decision;
use crate::engine::{Classification, Engine};

/// Entries kept at most: about 300 bytes each. Nobody reviews more by hand, and memory stays bounded.
const MAX_ENTRIES: usize = 400_000;

/// Columns of the table.
const COLUMNS: [&str; 12] = [
    "title",
    "code",
    "note",
    "rows",
    "first_row",
    "decision",
    "reasons",
    "suggested_code",
    "suggested_title",
    "confidence",
    "group",
    "alternatives",
];

/// What a person is told about a doubtful title.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Doubt {
    key: u64,
    title: String,
    decision: Decision,
    reasons: String,
    code: String,
    role_title: String,
    confidence: String,
    group: String,
    alternatives: String,
}

impl Doubt {
    /// The doubt about an answer; `None` for an accept and for a text without words, which nobody could settle.
    pub(super) fn of(engine: &Engine, answer: &Classification, lang: Option<&str>) -> Option<Self> {
        if answer.decision == Decision::Accept {
            return None;
        }
        let query: Query = engine.analyze(&answer.input, lang);
        let words: Vec<&Word> = query.words.iter().filter(|word| !word.is_noise()).collect();
        let first = answer.candidates.first();
        let reasons: Vec<&str> = answer.reasons.iter().map(|reason| reason.name()).collect();
        Some(Self {
            key: key(&words)?,
            title: answer.input.trim().to_owned(),
            decision: answer.decision,
            reasons: reasons.join(" | "),
            code: first.map(|first| first.code.to_string()).unwrap_or_default(),
            role_title: first.map(|first| first.title.clone()).unwrap_or_default(),
            confidence: first.map(|first| decimals(first.confidence)).unwrap_or_default(),
            group: answer.group.as_ref().map(|group| format!("{} {}", group.code, group.title)).unwrap_or_default(),
            alternatives: alternatives(answer.candidates.get(1..).unwrap_or_default()),
        })
    }

    /// Bytes that it takes up in memory, about.
    pub(super) fn size(&self) -> usize {
        size_of::<Self>() + self.title.len() + self.reasons.len() + self.role_title.len() + self.group.len() + self.alternatives.len()
    }
}

/// Doubtful titles with the number of their rows.
#[derive(Debug, Default)]
pub(super) struct Review {
    entries: FxHashMap<u64, Entry>,
    /// Rows whose entry found no room.
    pub(super) left_out: u64,
}

#[derive(Debug)]
struct Entry {
    doubt: Doubt,
    rows: u64,
    first_row: u64,
}

impl Review {
    /// Counts a row.
    pub(super) fn add(&mut self, doubt: &Doubt, row: u64) {
        if let Some(entry) = self.entries.get_mut(&doubt.key) {
            entry.rows += 1;
        } else if self.entries.len() < MAX_ENTRIES {
            self.entries.insert(doubt.key, Entry { doubt: doubt.clone(), rows: 1, first_row: row });
        } else {
            self.left_out += 1;
        }
    }

    /// Number of entries.
    pub(super) fn len(&self) -> usize {
        self.entries.len()
    }

    /// Writes the table.
    pub(super) fn write(&self, path: &Path, style: CellStyle) -> Result<(), BatchError> {
        let mut entries: Vec<&Entry> = self.entries.values().collect();
        entries.sort_by_key(|entry| (std::cmp::Reverse(entry.rows), entry.first_row));
        let mut table = style.mark();
        style.push_row(&mut table, &COLUMNS.map(str::to_owned));
        for entry in entries {
            let doubt = &entry.doubt;
            let cells = [
                doubt.title.clone(),
                String::new(),
                String::new(),
                entry.rows.to_string(),
                entry.first_row.to_string(),
                doubt.decision.name().to_owned(),
                doubt.reasons.clone(),
                doubt.code.clone(),
                doubt.role_title.clone(),
                doubt.confidence.clone(),
                doubt.group.clone(),
                doubt.alternatives.clone(),
            ];
            style.push_row(&mut table, &cells);
        }
        write_atomically(path, &table)
    }
}
