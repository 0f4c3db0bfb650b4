//! Turns rows with their answers into bytes: JSON, NDJSON or CSV, as `rolecall classify` writes them.

use serde::Serialize;
use serde_json::{Value, json};

use super::rows::{Format, Row};
use crate::batch::{ANSWER_COLUMNS, ERROR_COLUMN, answer_cells};
use crate::engine::Classification;
use crate::server::problem::Problem;

/// Room for an answer in JSON: most take about a kilobyte.
const ANSWER_BYTES: usize = 2 << 10;

/// Writes rows in one format.
#[derive(Debug, Clone)]
pub(super) struct Writer {
    format: Format,
    /// Names of the input's columns.
    columns: Vec<String>,
    emit: Vec<String>,
}

impl Writer {
    pub(super) fn new(format: Format, columns: Vec<String>, emit: Vec<String>) -> Self {
        Self { format, columns, emit }
    }

    /// What stands before the first row.
    pub(super) fn head(&self) -> Vec<u8> {
        match self.format {
            Format::Json => b"[".to_vec(),
            Format::Ndjson => Vec::new(),
            Format::Csv => {
                let schemes = self.emit.iter().map(|scheme| format!("rolecall_{scheme}"));
                // Rows without columns of their own would lose what they asked.
                let own = if self.columns.is_empty() { vec!["title".to_owned()] } else { self.columns.clone() };
                let answer = ANSWER_COLUMNS.iter().map(|name| (*name).to_owned());
                let names: Vec<String> = own.into_iter().chain(answer).chain(schemes).chain([ERROR_COLUMN.to_owned()]).collect();
                csv_line(&names)
            }
        }
    }

    /// What stands after the last row.
    pub(super) fn tail(&self) -> Vec<u8> {
        if self.format == Format::Json { b"]\n".to_vec() } else { Vec::new() }
    }

    /// The part of a row that follows from its answer alone, the same for every row with that title: an object, or the end of a
    /// line of CSV.
    pub(super) fn answer(&self, answer: &Classification) -> Vec<u8> {
        match self.format {
            Format::Json | Format::Ndjson => object(answer),
            Format::Csv => {
                let mut cells = answer_cells(answer, &self.emit);
                cells.push(String::new());
                csv_line(&cells)
            }
        }
    }

    /// The same for a row that could not be answered.
    pub(super) fn problem(&self, problem: &Problem, request_id: &str) -> Vec<u8> {
        match self.format {
            Format::Json | Format::Ndjson => object(&json!({ "decision": null, "error": problem.body(Some(request_id)) })),
            Format::Csv => {
                let mut cells = vec![String::new(); ANSWER_COLUMNS.len() + self.emit.len()];
                cells.push(problem.to_string());
                csv_line(&cells)
            }
        }
    }

    /// Adds a row to `output`; `is_first` of the whole batch.
    pub(super) fn push(&self, output: &mut Vec<u8>, row: &Row, answer: &[u8], is_first: bool) {
        if self.format == Format::Csv {
            let own = csv_line(&self.cells(row));
            // Without its end of line: the answer's cells follow.
            output.extend_from_slice(&own[..own.len() - 1]);
            output.push(b',');
            output.extend_from_slice(answer);
            return;
        }
        if self.format == Format::Json && !is_first {
            output.push(b',');
        }
        output.extend_from_slice(b"{\"id\":");
        push_json(output, &row.id);
        output.push(b',');
        // Its members, without the braces.
        output.extend_from_slice(&answer[1..answer.len() - 1]);
        if !row.cells.is_empty() {
            output.extend_from_slice(b",\"input_row\":{");
            let mut is_first = true;
            for (name, cell) in self.columns.iter().zip(&row.cells).filter(|(_, cell)| !cell.is_null()) {
                if !std::mem::take(&mut is_first) {
                    output.push(b',');
                }
                push_json(output, name);
                output.push(b':');
                push_json(output, cell);
            }
            output.push(b'}');
        }
        output.push(b'}');
        if self.format == Format::Ndjson {
            output.push(b'\n');
        }
    }

    /// The row's own cells of a CSV.
    fn cells(&self, row: &Row) -> Vec<String> {
        if self.columns.is_empty() {
            return vec![row.asked.as_ref().map(|asked| asked.title.clone()).unwrap_or_default()];
        }
        // A JSON row may be a plain text, or of fewer members than later ones.
        let title_only = row.cells.is_empty().then(|| row.asked.as_ref().map(|asked| asked.title.clone()).unwrap_or_default());
        let cell = |(place, name): (usize, &String)| match (row.cells.get(place), &title_only) {
            (Some(Value::String(text)), _) => text.clone(),
            (Some(Value::Null) | None, None) => String::new(),
            (None, Some(title)) => if name == "title" { title.clone() } else { String::new() },
            (Some(other), _) => other.to_string(),
        };
        self.columns.iter().enumerate().map(cell).collect()
    }
}

fn push_json(output: &mut Vec<u8>, value: &impl Serialize) {
    serde_json::to_writer(output, value).expect("plain data can be written to memory");
}

fn object(value: &impl Serialize) -> Vec<u8> {
    let mut text = Vec::with_capacity(ANSWER_BYTES);
    push_json(&mut text, value);
    text
}

/// One line of CSV with its end.
fn csv_line(cells: &[String]) -> Vec<u8> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(cells).expect("writing to memory cannot fail");
    writer.into_inner().expect("writing to memory cannot fail")
}
