//! Reads rows of tab- or comma-separated files.

use std::path::Path;

use super::EvalError;

/// A file with a header.
#[derive(Debug, Default)]
pub(super) struct Table {
    pub(super) header: Vec<String>,
    /// Rows with the line they begin on, from 1.
    pub(super) rows: Vec<(usize, Vec<String>)>,
}

/// Reads a file: `.csv` by commas and quotes, everything else by tabs without quotes.
pub(super) fn read(path: &Path) -> Result<Table, EvalError> {
    let by_commas = path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("csv"));
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(if by_commas { b',' } else { b'\t' })
        .quoting(by_commas)
        .flexible(true)
        .has_headers(false)
        .from_path(path)
        .map_err(|error| EvalError::Io { path: path.to_owned(), reason: error.to_string() })?;
    let mut table = Table::default();
    for record in reader.records() {
        let record = record.map_err(|error| EvalError::Form {
            path: path.to_owned(),
            line: error.position().map_or(0, |position| position.line() as usize),
            message: format!("{error}: save the file as UTF-8 text"),
        })?;
        let line = record.position().map_or(0, |position| position.line() as usize);
        let row: Vec<String> = record.iter().map(|cell| cell.trim_start_matches('\u{feff}').trim().to_owned()).collect();
        if table.header.is_empty() {
            table.header = row;
        } else {
            table.rows.push((line, row));
        }
    }
    Ok(table)
}

impl Table {
    /// Place of a column by name, or by the first of some names that the header has.
    pub(super) fn column(&self, path: &Path, names: &[&str]) -> Result<usize, EvalError> {
        names.iter().find_map(|name| self.header.iter().position(|own| own.eq_ignore_ascii_case(name))).ok_or_else(|| EvalError::Form {
            path: path.to_owned(),
            line: 1,
            message: format!("has no column {:?}: it has {:?}; name one of them", names[0], self.header),
        })
    }

    /// A cell; empty when the row is too short.
    pub(super) fn cell<'t>(row: &'t [String], column: usize) -> &'t str {
        row.get(column).map_or("", String::as_str)
    }
}
