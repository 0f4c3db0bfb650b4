//! Turns a TOML text into values that know their line and that report every misuse instead of stopping at the first.
//!
//! A [`Table`] remembers which keys it was asked for, so that [`Table::refuse_others`] can refuse the rest and name the
//! known ones. Every reader returns `None` after noting a problem: callers go on and find the next one.

use std::cell::RefCell;
use std::sync::Arc;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::places::Place;
use super::problem::{Problem, ProblemKind};

/// A file's text with its line starts and the list that problems go to.
pub(super) struct Source<'a> {
    file: Arc<str>,
    text: &'a str,
    line_starts: Vec<usize>,
    problems: &'a RefCell<Vec<Problem>>,
}

impl<'a> Source<'a> {
    pub(super) fn new(file: Arc<str>, text: &'a str, problems: &'a RefCell<Vec<Problem>>) -> Self {
        let line_starts = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
        Self { file, text, line_starts, problems }
    }

    /// Parses the text; after syntax errors, which are all noted, there is no tree.
    pub(super) fn parse(&self) -> Option<Spanned<DeTable<'a>>> {
        let (tree, errors) = DeTable::parse_recoverable(self.text);
        for error in &errors {
            let offset = error.span().map_or(0, |span| span.start);
            let message = format!("this is no TOML: {}; correct the line", error.message());
            self.note(self.place(offset), "", ProblemKind::Syntax, message);
        }
        errors.is_empty().then_some(tree)
    }

    pub(super) fn place(&self, offset: usize) -> Place {
        let line = self.line_starts.partition_point(|start| *start <= offset) as u32;
        Place { file: self.file.clone(), line }
    }

    pub(super) fn note(&self, place: Place, field: &str, kind: ProblemKind, message: String) {
        self.problems.borrow_mut().push(Problem {
            file: place.file,
            line: place.line,
            field: field.to_owned(),
            kind,
            message,
        });
    }
}

/// A value with its place.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct At<T> {
    pub(super) value: T,
    pub(super) place: Place,
}

/// A value of the tree.
#[derive(Clone)]
pub(super) struct Value<'a> {
    source: &'a Source<'a>,
    field: String,
    item: &'a Spanned<DeValue<'a>>,
}

impl<'a> Value<'a> {
    pub(super) fn place(&self) -> Place {
        self.source.place(self.item.span().start)
    }

    pub(super) fn fail(&self, kind: ProblemKind, message: impl Into<String>) {
        self.source.note(self.place(), &self.field, kind, message.into());
    }

    fn wrong_type<T>(&self, expected: &str) -> Option<T> {
        self.fail(ProblemKind::WrongType, format!("expected {expected}, found {}", self.item.get_ref().type_str()));
        None
    }

    /// Non-empty text.
    pub(super) fn text(&self) -> Option<At<String>> {
        let Some(text) = self.item.get_ref().as_str() else { return self.wrong_type("text in quotes") };
        if text.trim().is_empty() {
            self.fail(ProblemKind::BadValue, "the text is empty: write it or leave the key out");
            return None;
        }
        Some(At { value: text.trim().to_owned(), place: self.place() })
    }

    pub(super) fn flag(&self) -> Option<bool> {
        self.item.get_ref().as_bool().or_else(|| self.wrong_type("true or false"))
    }

    /// A finite number; whole numbers count.
    pub(super) fn number(&self) -> Option<f32> {
        let value = match self.item.get_ref() {
            DeValue::Float(float) => float.as_str().parse::<f32>().ok(),
            DeValue::Integer(_) => self.whole().map(|whole| whole as f32),
            _ => return self.wrong_type("a number"),
        };
        value.filter(|number| number.is_finite()).or_else(|| self.wrong_type("a finite number"))
    }

    pub(super) fn whole(&self) -> Option<u32> {
        let DeValue::Integer(integer) = self.item.get_ref() else { return self.wrong_type("a whole number") };
        match u32::from_str_radix(integer.as_str(), integer.radix()) {
            Ok(whole) => Some(whole),
            Err(_) => {
                self.fail(ProblemKind::BadValue, format!("expected a whole number from 0 to {}", u32::MAX));
                None
            }
        }
    }

    pub(super) fn list(&self) -> Option<Vec<Value<'a>>> {
        let Some(array) = self.item.get_ref().as_array() else { return self.wrong_type("a list in square brackets") };
        let value = |(position, item)| Value { source: self.source, field: format!("{}[{position}]", self.field), item };
        Some(array.iter().enumerate().map(value).collect())
    }

    pub(super) fn texts(&self) -> Option<Vec<At<String>>> {
        Some(self.list()?.iter().filter_map(Value::text).collect())
    }

    pub(super) fn is_table(&self) -> bool {
        self.item.get_ref().is_table()
    }

    pub(super) fn table(&self) -> Option<Table<'a>> {
        let Some(table) = self.item.get_ref().as_table() else { return self.wrong_type("a table") };
        Some(Table { source: self.source, field: self.field.clone(), start: self.item.span().start, table, asked: RefCell::default() })
    }

    /// One of a closed set of words.
    pub(super) fn choice<T>(&self, choices: &[(&str, T)]) -> Option<T>
    where
        T: Copy,
    {
        let text = self.text()?;
        let found = choices.iter().find(|(name, _)| *name == text.value).map(|(_, value)| *value);
        if found.is_none() {
            let known: Vec<&str> = choices.iter().map(|(name, _)| *name).collect();
            self.fail(ProblemKind::BadValue, format!("{:?} is unknown here: write one of {}", text.value, known.join(", ")));
        }
        found
    }
}

/// A table of the tree.
pub(super) struct Table<'a> {
    source: &'a Source<'a>,
    field: String,
    start: usize,
    table: &'a DeTable<'a>,
    asked: RefCell<Vec<&'static str>>,
}

impl<'a> Table<'a> {
    pub(super) fn root(source: &'a Source<'a>, tree: &'a Spanned<DeTable<'a>>) -> Self {
        Self { source, field: String::new(), start: 0, table: tree.get_ref(), asked: RefCell::default() }
    }

    pub(super) fn place(&self) -> Place {
        self.source.place(self.start)
    }

    pub(super) fn fail(&self, key: &str, kind: ProblemKind, message: impl Into<String>) {
        let place = self.table.get_key_value(key).map_or_else(|| self.place(), |(key, _)| self.source.place(key.span().start));
        self.source.note(place, &self.path(key), kind, message.into());
    }

    fn path(&self, key: &str) -> String {
        match (self.field.as_str(), key) {
            (outer, "") => outer.to_owned(),
            ("", key) => key.to_owned(),
            (outer, key) => format!("{outer}.{key}"),
        }
    }

    pub(super) fn get(&self, key: &'static str) -> Option<Value<'a>> {
        self.asked.borrow_mut().push(key);
        let item = self.table.get(key)?;
        Some(Value { source: self.source, field: self.path(key), item })
    }

    pub(super) fn require(&self, key: &'static str, expected: &str) -> Option<Value<'a>> {
        let found = self.get(key);
        if found.is_none() {
            self.fail(key, ProblemKind::MissingKey, format!("is missing: write {expected}"));
        }
        found
    }

    pub(super) fn text(&self, key: &'static str) -> Option<String> {
        Some(self.get(key)?.text()?.value)
    }

    pub(super) fn text_or_empty(&self, key: &'static str) -> String {
        self.text(key).unwrap_or_default()
    }

    pub(super) fn texts(&self, key: &'static str) -> Option<Vec<String>> {
        Some(self.get(key)?.texts()?.into_iter().map(|at| at.value).collect())
    }

    pub(super) fn table(&self, key: &'static str) -> Option<Table<'a>> {
        self.get(key)?.table()
    }

    /// The tables of a list of tables.
    pub(super) fn tables(&self, key: &'static str) -> Vec<Table<'a>> {
        let list = self.get(key).and_then(|value| value.list()).unwrap_or_default();
        list.iter().filter_map(Value::table).collect()
    }

    /// Every entry, for tables whose keys are data, in the order they are written.
    pub(super) fn entries(&self) -> Vec<(At<String>, Value<'a>)> {
        let mut entries: Vec<_> = self.table.iter().collect();
        entries.sort_by_key(|(key, _)| key.span().start);
        entries
            .into_iter()
            .map(|(key, item)| {
                let name = key.get_ref().to_string();
                let value = Value { source: self.source, field: self.path(&name), item };
                (At { value: name, place: self.source.place(key.span().start) }, value)
            })
            .collect()
    }

    /// Line of every key.
    pub(super) fn lines(&self) -> std::collections::BTreeMap<String, u32> {
        self.entries().into_iter().map(|(key, _)| (key.value, key.place.line)).collect()
    }

    /// Refuses the keys that nothing asked for.
    pub(super) fn refuse_others(&self) {
        let mut known = self.asked.borrow().clone();
        known.sort_unstable();
        known.dedup();
        for (key, _) in self.entries() {
            if !known.contains(&key.value.as_str()) {
                let message = format!("is no key of the format: remove it, or write one of {}", known.join(", "));
                self.fail(&key.value, ProblemKind::UnknownKey, message);
            }
        }
    }
}
